//! Promotions: who goes on to a skill, the rule by which they do, and one person's way.

use domain::advancement::{CutTies, Fate, Merge, Why};
use domain::finding::Language;
use domain::registration::State;
use protocol::Problem;
use protocol::list::ListQuery;
use protocol::promotion::{
    FeederLine, Lineage, Overview, OverviewLine, PathStep, PromotionLine, PromotionPage as Promoted,
    PromotionStep, Promotions, Recorded, RuleForm,
};
use protocol::view::{SkillRef, Status};

use super::list::List;
use super::setup::tier_word;
use super::{Says, button, confirmed, field, form, hidden_input, option, quiet_link, section, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, moment, name, status_word};

/// A page of promotions.
#[derive(Clone, Copy, Debug)]
pub enum PromotionPage<'a> {
    /// Who goes on to a skill, and the rule.
    All {
        /// It.
        shown: &'a Promotions,
        /// What is asked of the list.
        query: &'a ListQuery,
        /// What stands in the rule's form.
        typed: &'a RuleForm,
        /// How many were just confirmed, and how many of those chosen were not.
        confirmed: Option<(usize, usize)>,
        /// What was typed as a reason, where that was refused.
        why: &'a str,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// A competition's skills with where people come from.
    Overview {
        /// They.
        shown: &'a Overview,
        /// What stands in the form of a rule for all that have none.
        typed: &'a RuleForm,
        /// For how many one was just kept, and how many have nobody alike below.
        kept: Option<(usize, usize)>,
        /// Why something was refused.
        problem: Option<&'a Problem>,
    },
    /// One of them.
    One {
        /// It.
        shown: &'a Promoted,
    },
}

impl PromotionPage<'_> {
    pub(super) fn title(&self, reader: Reader) -> String {
        match self {
            Self::All { shown, .. } => {
                format!(
                    "{} – {}",
                    Says(reader.language).say("晋级", "Promotion"),
                    skill_word(&shown.skill, reader)
                )
            }
            Self::Overview { shown, .. } => {
                format!(
                    "{} – {}",
                    Says(reader.language).say("晋级", "Promotion"),
                    reader.pick(&shown.competition.name)
                )
            }
            Self::One { shown } => who(&shown.line),
        }
    }

    pub(super) fn body(self, reader: Reader) -> Vec<Element> {
        match self {
            Self::All { shown, query, typed, confirmed, why, problem } => {
                all((shown, query), typed, confirmed, (why, problem), reader)
            }
            Self::Overview { shown, typed, kept, problem } => overview(shown, (typed, kept), problem, reader),
            Self::One { shown } => one(shown, reader),
        }
    }
}

fn skill_word(skill: &SkillRef, reader: Reader) -> String {
    format!("{} {}", skill.number, reader.pick(&skill.name)).trim().to_owned()
}

/// A name, or the code where nobody's is known.
fn who(line: &PromotionLine) -> String {
    if line.name.is_empty() { line.code.clone() } else { line.name.clone() }
}

fn all(
    (shown, query): (&Promotions, &ListQuery),
    typed: &RuleForm,
    done: Option<(usize, usize)>,
    (why, problem): (&str, Option<&Problem>),
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let competition = format!("/desk/competition/{}", segment(&shown.competition.id));
    let at = format!("{competition}/promotions/{}", segment(&shown.skill.id));
    let back = quiet_link(
        says.say("回到大赛", "Back to the competition"),
        format!("{competition}?skill={}", segment(&shown.skill.id)),
    );
    let entered = quiet_link(says.say("报名", "Registration"), format!("{competition}/registrations"));
    let head = el("div")
        .class("head")
        .add(name(
            "h1",
            &format!("{} · {}", skill_word(&shown.skill, reader), says.say("晋级", "Promotion")),
            reader,
        ))
        .add(name("p", &reader.pick(&shown.competition.name), reader).class("of"))
        .add(shown.has_rule.then(|| el("p").class("facts").add(counts(shown, reader))))
        .add(el("p").class("acts").add(entered).add(back));
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.extend(done.map(|counts| outcome(counts, reader)));
    if shown.has_rule {
        page.extend(shown.lots.iter().map(|equals| lot(equals, &at, reader)));
        page.push(going((shown, query), &at, why, reader));
    }
    page.push(rule(shown, typed, &at, problem, reader));
    page
}

fn counts(shown: &Promotions, reader: Reader) -> String {
    let (going, unconfirmed, fallen) = (shown.going, shown.unconfirmed, shown.fallen);
    let mut words = match reader.language {
        Language::Chinese => format!("按现在的成绩 {going} 名晋级，{unconfirmed} 名待确认"),
        Language::English => {
            format!("{going} go on by the results as they stand, {unconfirmed} to be confirmed")
        }
    };
    if fallen > 0 {
        words.push_str(&match reader.language {
            Language::Chinese => format!("；{fallen} 名已确认的因成绩或规则变化需要处理"),
            Language::English => {
                format!("; {fallen} confirmed ones need a decision, as the results or the rule changed")
            }
        });
    }
    words
}

/// How many were just confirmed, and how many were not.
fn outcome((done, left): (usize, usize), reader: Reader) -> Element {
    let words = match (reader.language, left) {
        (Language::Chinese, 0) => format!("已确认 {done} 名。"),
        (Language::Chinese, _) => format!("已确认 {done} 名；{left} 名刚有变动，没有确认，请再看一次。"),
        (Language::English, 0) => format!("{done} confirmed."),
        (Language::English, _) => {
            format!("{done} confirmed; {left} were just changed and were not: look again.")
        }
    };
    let class = if left == 0 { "note done" } else { "note attention" };
    el("p").class(class).set("role", "status").add(words)
}

/// Equals among whom a lot is to be drawn.
fn lot(equals: &[(String, String)], at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let names: Vec<&str> = equals.iter().map(|(name, _)| name.as_str()).collect();
    let between = if reader.language == Language::Chinese { "、" } else { ", " };
    let words = match reader.language {
        Language::Chinese => format!("并列，需抽签决定先后：{}。", names.join(between)),
        Language::English => format!("Equal; a lot decides who comes first: {}.", names.join(between)),
    };
    let draw = says.say("抽签", "Draw the lot");
    let keys = equals.iter().map(|(_, key)| hidden_input("one", key.clone()));
    let go = form(format!("{at}/draw")).add(keys.collect::<Vec<_>>()).add(button("primary", draw));
    let about = says.say(
        "由系统随机抽签，只抽一次，结果和随机种子都留在记录里；请当着各代表队的面抽。",
        "The system draws at random, once; the outcome and its seed stay on record. Draw it with the delegations looking on.",
    );
    el("div").class("note attention").add(el("p").add(words)).add(confirmed(
        "primary",
        draw,
        draw.to_owned(),
        about,
        go,
    ))
}

fn going((shown, query): (&Promotions, &ListQuery), at: &str, why: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = List { at, place: "", query, unit: "名", reader };
    let whole = section("going", says.say("晋级名单", "Who goes on"));
    if shown.part.all == 0 {
        let about = says.say(
            "下级赛项公布成绩后，晋级的人会自动列在这里，等您确认。",
            "Once the skills below release their results, those who go on are listed here for you to confirm.",
        );
        return whole.add(empty(says.say("还没有人晋级", "Nobody goes on yet"), about));
    }
    let states = ["going", "reserve", "open", "confirmed", "changed", "fallen", "kept", "out"];
    let states = states.map(|state| (state.to_owned(), state_word(state, reader).to_owned()));
    let is_long = shown.part.is_long(query);
    let hint = says.say("姓名、代表队、大赛", "name, delegation, competition");
    let narrowing = vec![("state", says.say("状态", "State"), states.to_vec())];
    let whole = whole
        .add(shown.is_fixed.then(|| {
            let fixed = says
                .say("赛项已经抽签或开放，名单不能再变。", "The skill is drawn or open: its list is fixed.");
            el("p").class("note attention").add(fixed)
        }))
        .add(is_long.then(|| list.search(hint, narrowing)))
        .add(is_long.then(|| list.count(&shown.part)));
    if shown.part.rows.is_empty() {
        return whole.add(list.nothing());
    }
    let columns = [
        ("", says.say("选", "Pick")),
        ("", says.say("晋级", "Place")),
        ("", says.say("选手", "Competitor")),
        ("", says.say("来自", "From")),
        ("", says.say("成绩", "Result")),
        ("", says.say("代表队", "Delegation")),
        ("", says.say("状态", "State")),
    ];
    let rows = shown.part.rows.iter().map(|line| row(line, shown.is_fixed, at, reader));
    let table = el("table")
        .class("registrations promotions is-ticked")
        .add(list.heads(&columns))
        .add(el("tbody").add(rows.collect::<Vec<_>>()));
    let reason = el("input")
        .set("name", "why")
        .set("maxlength", "200")
        .set("value", why.to_owned())
        .set("placeholder", says.say("组委会决定", "decided by the committee"));
    let has_fallen = shown.part.rows.iter().any(|line| line.recorded == Recorded::Fallen);
    let is_any = shown.part.rows.iter().any(may_confirm);
    let bulk = (!shown.is_fixed && is_any).then(|| {
        el("div")
            .class("bulk")
            .add(has_fallen.then(|| {
                field(
                    says.say(
                        "保留已不在晋级范围的人：原因",
                        "Reason, to keep those who are no longer in line",
                    ),
                    reason,
                )
            }))
            .add(button("primary", says.say("确认勾选的并报名", "Confirm those ticked and enter them")))
    });
    let about = says.say(
        "确认后按代表队自动报名。成绩正式公布的，直接进入赛项名单；还是暂定或公示中的，先等待，转为正式后再确认一次。",
        "Those confirmed are registered for their delegations. By official results they come onto the list at once; by others they wait, until you confirm them again once these are official.",
    );
    let several = bulk.map(|bulk| {
        form(format!("{at}/confirm")).class("several").set("id", "confirm").add(list.kept()).add(bulk)
    });
    whole.add(el("p").class("about").add(about)).add(table).add(list.pages(&shown.part)).add(several)
}

/// What a state is called in the list.
fn state_word(state: &str, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match state {
        "going" => says.say("待确认", "To be confirmed"),
        "reserve" => says.say("候补", "Reserve"),
        "open" => says.say("待抽签", "Lot wanted"),
        "confirmed" => says.say("已确认", "Confirmed"),
        "changed" => says.say("成绩或规则有变，仍晋级", "Changed, goes on still"),
        "fallen" => says.say("成绩或规则有变，不再晋级", "Changed, no longer in line"),
        "kept" => says.say("决定保留", "Kept by decision"),
        _ => says.say("放弃", "Given up"),
    }
}

/// Whether there is something to confirm: what was not, what was by other figures, or whose entry waits.
fn may_confirm(line: &PromotionLine) -> bool {
    let is_waiting =
        || line.entries.is_empty() || line.entries.iter().any(|(_, _, state)| *state == State::Waiting);
    match (line.recorded, line.fate) {
        (Recorded::Nothing, Fate::Advances(_)) | (Recorded::Changed | Recorded::Fallen, _) => true,
        (Recorded::Confirmed | Recorded::Kept, _) => is_waiting(),
        _ => false,
    }
}

fn row(line: &PromotionLine, is_fixed: bool, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let name_shown = who(line);
    let ticked = if may_confirm(line) && !is_fixed {
        let chosen = format!("{} {}", line.seen, line.key);
        let input = el("input")
            .set("type", "checkbox")
            .set("name", "one")
            .set("value", chosen)
            // A form of its own stands in the row, and no form stands in another.
            .set("form", "confirm")
            .set_some("checked", (line.recorded == Recorded::Nothing).then_some(""))
            .set("aria-label", format!("{} {name_shown}", says.say("选", "Choose")));
        el("td").class("tick").add(el("label").add(input))
    } else {
        el("td").class("tick")
    };
    let from = el("td")
        .set("data-label", says.say("来自", "From"))
        .add(name("span", &reader.pick(&line.competition.name), reader))
        .add(el("small").add(skill_word(&line.from, reader)))
        .add(status_word(line.status, reader));
    el("tr")
        .set("data-state", line.recorded.as_str())
        .add(ticked)
        .add(el("td").set("data-label", says.say("晋级", "Place")).add(fate_word(line.fate, reader)))
        .add(person(line, &name_shown, at, reader))
        .add(from)
        .add(el("td").set("data-label", says.say("成绩", "Result")).add(result(
            line.position,
            &line.total,
            line.scale,
            reader,
        )))
        .add(name("td", &line.delegation, reader).set("data-label", says.say("代表队", "Delegation")))
        .add(state(line, is_fixed, at, reader))
}

fn person(line: &PromotionLine, shown: &str, at: &str, reader: Reader) -> Element {
    let cell = el("th").set("scope", "row");
    match &line.id {
        Some(id) => cell.add(name("a", shown, reader).set("href", format!("{at}/{}", segment(id)))),
        None => cell.add(name("span", shown, reader)),
    }
}

fn fate_word(fate: Fate, reader: Reader) -> String {
    let says = Says(reader.language);
    match (fate, reader.language) {
        (Fate::Advances(place), Language::Chinese) => format!("第 {place}"),
        (Fate::Advances(place), Language::English) => format!("No. {place}"),
        (Fate::Reserve(place), Language::Chinese) => format!("候补 {place}"),
        (Fate::Reserve(place), Language::English) => format!("Reserve {place}"),
        (Fate::Open, _) => says.say("待抽签", "By lot").to_owned(),
        (Fate::Waits, _) => says.say("待定", "Not known yet").to_owned(),
        (Fate::Stays(why), _) => match why {
            Why::Unplaced => says.say("没有名次", "Not placed"),
            Why::Below => says.say("低于最低总分", "Below the least total"),
            Why::Employment => says.say("身份类别不符", "Other employment"),
            Why::GaveUp => says.say("放弃", "Given up"),
            Why::Delegation => says.say("代表队名额已满", "Delegation full"),
            Why::Cut => says.say("未晋级", "Below the cut"),
        }
        .to_owned(),
    }
}

fn result(position: Option<u32>, total: &str, scale: Option<i64>, reader: Reader) -> String {
    let mut words = Vec::new();
    words.extend(position.map(|position| match reader.language {
        Language::Chinese => format!("第 {position} 名"),
        Language::English => format!("position {position}"),
    }));
    if !total.is_empty() {
        words.push(match reader.language {
            Language::Chinese => format!("{total} 分"),
            Language::English => total.to_owned(),
        });
    }
    words.extend(scale.map(|scale| match reader.language {
        Language::Chinese => format!("标准分 {scale}"),
        Language::English => format!("scale {scale}"),
    }));
    words.join(if reader.language == Language::Chinese { "，" } else { ", " })
}

/// Where it stands, and what can be done with it.
fn state(line: &PromotionLine, is_fixed: bool, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let state = match (line.recorded, line.fate) {
        (Recorded::Nothing, Fate::Advances(_)) => "going",
        (Recorded::Nothing, Fate::Reserve(_)) => "reserve",
        (Recorded::Nothing, _) => "open",
        (recorded, _) => recorded.as_str(),
    };
    let badge = el("span").class("state").set("data-state", state).add(state_word(state, reader));
    let is_provisional =
        matches!(line.recorded, Recorded::Confirmed | Recorded::Kept) && line.status != Status::Official;
    let provisional = is_provisional.then(|| {
        el("small").add(says.say("暂定，成绩正式后再确认一次", "provisional until the result is official"))
    });
    let replaces = (!line.replaces.is_empty()).then(|| {
        el("small").add(match reader.language {
            Language::Chinese => format!("递补 {}", line.replaces),
            Language::English => format!("in place of {}", line.replaces),
        })
    });
    let entries = line.entries.iter().map(|(delegation, id, state)| {
        let to = format!("/desk/delegation/{}/person/{}", segment(delegation), segment(id));
        el("small").add(el("a").set("href", to).add(match reader.language {
            Language::Chinese => format!("报名：{}", state.name(reader.language)),
            Language::English => format!("Registration: {}", state.name(reader.language)),
        }))
    });
    let waits = line.waits_for.iter().map(|text| el("small").class("wrong").add(reader.pick(text)));
    let key = || [hidden_input("one", line.key.clone()), hidden_input("seen", line.seen.clone())];
    let act = match line.recorded {
        _ if is_fixed => None,
        Recorded::Out => {
            let words = says.say("撤销放弃", "Not given up");
            Some(form(format!("{at}/back")).add(Vec::from(key())).add(button("quiet", words)))
        }
        _ if matches!(line.fate, Fate::Open | Fate::Waits) => None,
        _ => {
            let words = if line.recorded == Recorded::Fallen {
                says.say("取消晋级", "Take it away")
            } else {
                says.say("放弃", "Give it up")
            };
            let about = says.say(
                "已有的报名会一并撤回，由下一名递补；原因留在记录里。",
                "A registration is withdrawn as well, and the next in line goes on; the reason stays on record.",
            );
            let why = el("input").set("name", "why").set("required", "").set("maxlength", "200");
            let go = form(format!("{at}/out"))
                .add(Vec::from(key()))
                .add(field(says.say("原因", "Why"), why))
                .add(button("quiet", words));
            Some(confirmed("quiet", words, format!("{words}: {}", who(line)), about, go))
        }
    };
    el("td")
        .set("data-label", says.say("状态", "State"))
        .add(badge)
        .add(provisional)
        .add(replaces)
        .add(entries.collect::<Vec<_>>())
        .add(waits.collect::<Vec<_>>())
        .add(act)
}

/// The rule, and the skills that it takes people from.
fn rule(
    shown: &Promotions,
    typed: &RuleForm,
    at: &str,
    problem: Option<&Problem>,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "从哪些赛项、每项取多少名晋级到这个赛项。规则改了，名单随之重算；已经确认的不会自动撤回。",
        "From which skills, and how many of each, go on to this one. A changed rule works the list out anew; nobody who was confirmed is taken off by it.",
    );
    if shown.feeders.is_empty() {
        let words = match &shown.circuit {
            None => says.say(
                "先在“大赛信息”里把这场大赛放进一个竞赛体系，再把下级大赛放进同一个体系。",
                "Place this competition in a circuit under \"What it is\", and the competitions below in the same one.",
            ),
            Some(_) => says.say(
                "这个竞赛体系里还没有同级或下级的其他赛项（或您看不到它们的成绩）。",
                "There is no other skill of this tier or a lower one in the circuit, or none whose results you may see.",
            ),
        };
        let none = empty(says.say("没有可以晋级上来的赛项", "There is no skill to come from"), words);
        return section("rule", says.say("晋级规则", "The rule")).add(none);
    }
    let rows = shown.feeders.iter().map(|line| feeder(line, typed, reader));
    let heads = [
        says.say("选", "Pick"),
        says.say("大赛", "Competition"),
        says.say("赛项", "Skill"),
        says.say("级别", "Tier"),
        says.say("人数", "People"),
        says.say("成绩", "Results"),
    ];
    let table = el("table")
        .class("of-people is-ticked")
        .add(super::heading_cells(&heads))
        .add(el("tbody").add(rows.collect::<Vec<_>>()));
    let fields = form(format!("{at}/rule"))
        .class("rule-of-advancement")
        .add(hidden_input("seen", typed.seen.to_string()))
        .add(el("h3").add(says.say("从哪些赛项", "From which skills")))
        .add(
            el("div")
                .class("scrolls")
                .set("tabindex", "0")
                .set("role", "region")
                .set("aria-label", says.say("下级赛项", "Skills below"))
                .add(table),
        )
        .add((shown.left_out > 0).then(|| {
            let words = match reader.language {
                Language::Chinese => format!("显示体系里的其他赛项（{} 个）", shown.left_out),
                Language::English => format!("Show the other skills of the circuit ({})", shown.left_out),
            };
            el("p").class("acts").add(el("a").class("quiet").set("href", format!("{at}?all#rule")).add(words))
        }))
        .add(el("h3").add(says.say("取多少名", "How many")))
        .add(numbers(typed, reader))
        .add(button("primary", says.say("保存规则", "Keep the rule")));
    let words = says.say("晋级规则", "The rule");
    let is_open = problem.is_some();
    if !shown.has_rule {
        return section("rule", words).add(el("p").class("about").add(about)).add(fields);
    }
    el("details")
        .class("folded")
        .set_some("open", is_open.then_some(""))
        .set("id", "rule")
        .add(el("summary").add(words))
        .add(el("p").class("about").add(about))
        .add(fields)
}

fn feeder(line: &FeederLine, typed: &RuleForm, reader: Reader) -> Element {
    let says = Says(reader.language);
    let is_chosen = typed.feeders.contains(&line.skill.id);
    let shown = reader.pick(&line.competition.name);
    let input = el("input")
        .set("type", "checkbox")
        .set("name", "feeder")
        .set("value", line.skill.id.clone())
        .set_some("checked", is_chosen.then_some(""))
        .set(
            "aria-label",
            format!("{} {shown} {}", says.say("选", "Choose"), skill_word(&line.skill, reader)),
        );
    el("tr")
        .add(el("td").class("tick").add(el("label").add(input)))
        .add(name("th", &shown, reader).set("scope", "row"))
        .add(name("td", &skill_word(&line.skill, reader), reader))
        .add(el("td").add(tier_word(&line.tier, reader)))
        .add(el("td").add(line.people.to_string()))
        .add(el("td").add(status_word(line.status, reader)))
}

fn numbers(typed: &RuleForm, reader: Reader) -> Element {
    let says = Says(reader.language);
    let choose = |name: &'static str, chosen: &str, of: Vec<(&'static str, &'static str)>| {
        let options = of.into_iter().map(|(word, title)| option(word, word == chosen, title));
        el("select").set("name", name).add(options.collect::<Vec<_>>())
    };
    let number = |name: &'static str, value: &str| {
        el("input")
            .set("name", name)
            .set("inputmode", "numeric")
            .set("maxlength", "8")
            .set("value", value.to_owned())
    };
    let quota = choose(
        "quota",
        &typed.quota,
        vec![
            ("first", says.say("名", "first so many")),
            (
                "share",
                says.say("% （参赛人数的百分之几，舍去小数）", "percent of those who compete, rounded down"),
            ),
        ],
    );
    let ties = CutTies::ALL.map(|(ties, word)| {
        let title = match ties {
            CutTies::All => says.say("全部晋级", "all of them go on"),
            CutTies::Chain => says
                .say("依次比总分、标准分、原名次，仍相同则抽签", "by total, scale and position, then by lot"),
            CutTies::Draw => says.say("抽签", "by lot"),
        };
        (word, title)
    });
    let merge = Merge::ALL.map(|(merge, word)| {
        let title = match merge {
            Merge::Each => says.say("每个赛项各取", "so many of each skill"),
            Merge::Total => says.say(
                "合在一起按总分排（须同题同标准）",
                "all in one ranking by total (same work, same scheme)",
            ),
            Merge::Scale => says.say("合在一起按标准分排", "all in one ranking by scale score"),
        };
        (word, title)
    });
    let employments = el("input")
        .set("name", "employments")
        .set("maxlength", "800")
        .set("value", typed.employments.clone())
        .set("placeholder", says.say("职工、教师", "职工, 教师"));
    el("div")
        .class("sheet of-competition")
        .add(field(says.say("取", "Take"), number("places", &typed.places).set("required", "")))
        .add(field(says.say("单位", "Counted as"), quota))
        .add(field(says.say("多个赛项", "Several skills"), choose("merge", &typed.merge, merge.to_vec())))
        .add(field(says.say("末位并列", "Equals at the cut"), choose("ties", &typed.ties, ties.to_vec())))
        .add(field(
            says.say("每个代表队最多（不写不限）", "Most of a delegation (empty: any number)"),
            number("per_delegation", &typed.per_delegation),
        ))
        .add(field(
            says.say("最低总分（不写不限）", "Least total (empty: any)"),
            number("least_total", &typed.least_total).set("inputmode", "decimal"),
        ))
        .add(field(
            says.say("候补（不写没有）", "Reserves (empty: none)"),
            number("reserves", &typed.reserves),
        ))
        .add(field(
            says.say("只限身份类别（不写不限）", "Kinds of employment alone (empty: any)"),
            employments,
        ))
}

fn overview(
    shown: &Overview,
    (typed, kept): (&RuleForm, Option<(usize, usize)>),
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let competition = format!("/desk/competition/{}", segment(&shown.competition.id));
    let about = says.say(
        "各赛项的选手从哪些下级赛项晋级上来。点赛项进去定规则、确认名单。",
        "From which skills below the people of each skill come. Follow a skill to set its rule and to confirm who goes on.",
    );
    let circuit = shown.circuit.as_ref().map(|circuit| {
        let to = format!("/desk/circuit/{}", segment(&circuit.id));
        el("p").class("facts").add(name("a", &reader.pick(&circuit.name), reader).set("href", to))
    });
    let head = el("div")
        .class("head")
        .add(el("h1").add(says.say("晋级", "Promotion")))
        .add(name("p", &reader.pick(&shown.competition.name), reader).class("of"))
        .add(circuit)
        .add(el("p").class("about").add(about))
        .add(
            el("p")
                .class("acts")
                .add(quiet_link(says.say("回到大赛", "Back to the competition"), competition.clone())),
        );
    if shown.skills.is_empty() {
        let next = says.say("先在大赛页面添加赛项。", "Add skills on the competition's page first.");
        return vec![head, empty(says.say("还没有赛项", "There is no skill yet"), next)];
    }
    let row = |line: &OverviewLine| {
        let to = format!("{competition}/promotions/{}", segment(&line.skill.id));
        let from = match (line.feeders, reader.language) {
            (None, _) => says.say("还没有规则", "no rule yet").to_owned(),
            (Some(count), Language::Chinese) => format!("{count} 个赛项"),
            (Some(1), Language::English) => "one skill".to_owned(),
            (Some(count), Language::English) => format!("{count} skills"),
        };
        el("tr")
            .add(
                el("th")
                    .set("scope", "row")
                    .add(name("a", &skill_word(&line.skill, reader), reader).set("href", to)),
            )
            .add(el("td").add(from))
            .add(el("td").add(line.confirmed.to_string()))
    };
    let heads = [says.say("赛项", "Skill"), says.say("来自", "From"), says.say("已确认", "Confirmed")];
    let rows: Vec<Element> = shown.skills.iter().map(row).collect();
    let table = el("table").class("of-people").add(super::heading_cells(&heads)).add(el("tbody").add(rows));
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.extend(kept.map(|counts| kept_for_all(counts, reader)));
    page.push(table);
    if shown.circuit.is_some() && shown.skills.iter().any(|line| line.feeders.is_none()) {
        let words = says.say("给还没有规则的赛项统一定规则", "One rule for every skill that has none");
        let about = says.say(
            "每个赛项从下级大赛里同名或同职业的赛项取人；已有规则的不动，以后可以逐个改。",
            "Each takes people from the skills below that have its name or its occupation; rules that are there stay, and each can be changed later.",
        );
        let fields = form(format!("{competition}/promotions"))
            .class("rule-of-advancement")
            .add(numbers(typed, reader))
            .add(button("primary", says.say("统一定规则", "Set it for all of them")));
        let open = problem.is_some().then_some("");
        page.push(
            el("details")
                .class("folded")
                .set_some("open", open)
                .add(el("summary").add(words))
                .add(el("p").class("about").add(about))
                .add(fields),
        );
    }
    page
}

/// For how many skills a rule was just kept.
fn kept_for_all((done, without): (usize, usize), reader: Reader) -> Element {
    let words = match (reader.language, without) {
        (Language::Chinese, 0) => format!("{done} 个赛项定了规则。"),
        (Language::Chinese, _) => {
            format!("{done} 个赛项定了规则；{without} 个在下级大赛里没有同名或同职业的赛项，请进去另选。")
        }
        (Language::English, 0) => format!("{done} skills have the rule now."),
        (Language::English, _) => format!(
            "{done} skills have the rule now; {without} have none of their name or occupation below: choose there."
        ),
    };
    el("p").class("note done").set("role", "status").add(words)
}

fn one(shown: &Promoted, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let line = &shown.line;
    let at = format!(
        "/desk/competition/{}/promotions/{}",
        segment(&shown.competition.id),
        segment(&shown.skill.id)
    );
    let to = format!("{} · {}", reader.pick(&shown.competition.name), skill_word(&shown.skill, reader));
    let state = match (line.recorded, line.fate) {
        (Recorded::Nothing, Fate::Advances(_)) => "going",
        (Recorded::Nothing, Fate::Reserve(_)) => "reserve",
        (Recorded::Nothing, _) => "open",
        (recorded, _) => recorded.as_str(),
    };
    let head = el("div")
        .class("head")
        .add(name("h1", &who(line), reader))
        .add(name("p", &to, reader).class("of"))
        .add(
            el("p")
                .class("facts")
                .add(el("span").class("state").set("data-state", state).add(state_word(state, reader))),
        )
        .add(el("p").class("acts").add(quiet_link(says.say("回到晋级名单", "Back to the promotions"), at)));
    let path = shown.path.iter().map(|step| path_step(step, reader));
    let path = section("path", says.say("一路晋级", "The way here"))
        .add(el("ol").class("ladder path").add(path.collect::<Vec<_>>()));
    let steps = shown.steps.iter().map(|step| history(step, reader));
    let steps = section("steps", says.say("记录", "What was done"))
        .add(el("ol").class("history").add(steps.collect::<Vec<_>>()));
    vec![head, path, steps]
}

fn path_step(step: &PathStep, reader: Reader) -> Element {
    let says = Says(reader.language);
    let shown = el("li")
        .class("step")
        .add(el("h3").add(tier_word(&step.tier, reader)))
        .add(name("p", &reader.pick(&step.competition.name), reader))
        .add(name("p", &skill_word(&step.skill, reader), reader).class("of"));
    match &step.lineage {
        Some(lineage) => shown.add(lineage_of(lineage, reader)),
        None => shown.add(el("p").class("about").add(says.say("现在在这里", "Here now"))),
    }
}

/// From which result, by which rule.
fn lineage_of(lineage: &Lineage, reader: Reader) -> Element {
    let says = Says(reader.language);
    let stage = match lineage.stage.as_str() {
        "official" => says.say("正式成绩", "official"),
        "publicised" => says.say("公示中的成绩", "publicised"),
        _ => says.say("暂定成绩", "provisional"),
    };
    let by = match lineage.place {
        Some(_) => rule_words(lineage, reader),
        None => says.say("由组织者决定", "by the organiser's decision").to_owned(),
    };
    let result = result(lineage.position, &lineage.total, lineage.scale, reader);
    let between = if reader.language == Language::Chinese { "；" } else { "; " };
    let entry = match reader.language {
        Language::Chinese => format!("账本第 {} 条", lineage.seq),
        Language::English => format!("ledger entry {}", lineage.seq),
    };
    let hash: String = lineage.hash.chars().take(16).collect();
    el("div")
        .class("lineage")
        .add(el("p").add([result.as_str(), stage].join(between)))
        .add(el("p").add(by))
        .add(el("p").class("of").add(entry).add(" ").add(el("code").add(hash)))
}

fn rule_words(lineage: &Lineage, reader: Reader) -> String {
    use domain::advancement::Quota;
    let rule = &lineage.rule;
    let mut words = match (rule.quota, reader.language) {
        (Quota::First(places), Language::Chinese) => format!("规则：前 {places} 名"),
        (Quota::First(places), Language::English) => format!("rule: the first {places}"),
        (Quota::Share(percent), Language::Chinese) => format!("规则：前 {percent}%"),
        (Quota::Share(percent), Language::English) => format!("rule: the first {percent} percent"),
    };
    if let Some(cap) = rule.per_delegation {
        words.push_str(&match reader.language {
            Language::Chinese => format!("，每个代表队最多 {cap} 名"),
            Language::English => format!(", {cap} of a delegation at the most"),
        });
    }
    if let Some(least) = rule.least_total {
        words.push_str(&match reader.language {
            Language::Chinese => format!("，总分不低于 {least}"),
            Language::English => format!(", with {least} at the least"),
        });
    }
    words
}

fn history(step: &PromotionStep, reader: Reader) -> Element {
    let says = Says(reader.language);
    let words = match step.step.as_str() {
        "confirm" => says.say("确认晋级", "Confirmed"),
        "renew" => says.say("按新的成绩或规则再次确认", "Confirmed again, by the changed result or rule"),
        "official" => says.say("成绩转为正式后再次确认", "Confirmed again, by the official result"),
        "keep" => says.say("决定保留", "Kept by decision"),
        "back" => says.say("撤销放弃", "No longer given up"),
        _ => says.say("放弃或取消", "Given up, or taken away"),
    };
    let said = (!step.said.is_empty()).then(|| name("p", &step.said, reader));
    el("li")
        .add(
            el("p")
                .add(el("strong").add(words))
                .add(" ")
                .add(name("span", &step.by, reader))
                .add(" ")
                .add(moment(step.at, reader)),
        )
        .add(said)
        .add(step.lineage.as_ref().map(|lineage| lineage_of(lineage, reader)))
}
