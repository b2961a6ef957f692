//! The registration desk: everybody who is expected, one who stands there, and the cards that are scanned.

use domain::finding::Language;
use protocol::Problem;
use protocol::checkin::{Arrival, CheckIn, CheckInFilter, CheckInList, EntryCards, Expected, Here};
use protocol::view::SkillRef;

use super::{
    Says, button, confirmed, field, form, heading_cells, hidden_input, option, quiet_link, section, wrong,
};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, icon, moment, name};
use crate::qr::qr;

const HERE: &str = "M8 1a7 7 0 1 0 .01 0M7 11.6L3.9 8.5l1.2-1.2L7 9.2l4-4 1.2 1.2z";

/// What is said first of one who stands there.
#[derive(Clone, Copy, Debug, Default)]
pub enum ArrivalSaid<'a> {
    /// Nothing but what is so.
    #[default]
    Nothing,
    /// It was just noted that they are here.
    Noted,
    /// Somebody else had noted it before.
    Before,
    /// It was just taken back.
    TakenBack,
    /// Something was refused.
    Refused(&'a Problem),
}

pub(super) fn list_title(reader: Reader) -> &'static str {
    Says(reader.language).say("报到", "Check-in")
}

pub(super) fn cards_title(reader: Reader) -> &'static str {
    Says(reader.language).say("参赛证", "Entry cards")
}

fn of_competition(id: &str) -> String {
    format!("/desk/competition/{}/check-in", segment(id))
}

fn of_one(one: &Expected) -> String {
    format!("/desk/skill/{}/check-in/{}", segment(&one.skill.id), segment(one.code.as_str()))
}

/// What the address says behind its `?`.
fn query(filter: &CheckInFilter) -> String {
    let CheckInFilter { find, skill, delegation, state } = filter;
    let fields = [("find", find), ("skill", skill), ("delegation", delegation), ("state", state)];
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| format!("{name}={}", segment(value))).collect::<Vec<_>>().join("&")
}

fn titled(skill: &SkillRef, reader: Reader) -> String {
    format!("{} {}", skill.number, reader.pick(&skill.name)).trim().to_owned()
}

fn counted(count: Here, reader: Reader) -> String {
    match reader.language {
        Language::Chinese => format!("{} / {} 人", count.here, count.all),
        Language::English => format!("{} of {}", count.here, count.all),
    }
}

/// When it was noted, and by whom.
fn since(here: &CheckIn, reader: Reader) -> String {
    match reader.language {
        Language::Chinese => format!("{}，{} 登记", reader.day_and_hour(here.at), here.by),
        Language::English => format!("since {}, noted by {}", reader.day_and_hour(here.at), here.by),
    }
}

/// `/desk/competition/{id}/check-in`
pub(super) fn list_page(list: &CheckInList, just: Option<&Expected>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let at = of_competition(&list.competition.id);
    let said = query(&list.filter);
    let title = format!("{} · {}", list_title(reader), reader.pick(&list.competition.name));
    let missing = CheckInFilter { state: "missing".to_owned(), ..list.filter.clone() };
    let competition = format!("/desk/competition/{}", segment(&list.competition.id));
    let back = competition.clone();
    let acts = el("p")
        .class("acts")
        .add(quiet_link(says.say("回到大赛", "Back to the competition"), back))
        .add(quiet_link(says.say("打印参赛证", "Print entry cards"), format!("{at}/cards?{said}")))
        .add(
            quiet_link(
                says.say("下载未报到名单（Excel）", "Download who is missing (Excel)"),
                format!("{competition}/out/check-in?{}&as=xlsx", query(&missing)),
            )
            .set("download", ""),
        )
        .add(
            quiet_link(
                says.say("下载这份名单（Excel）", "Download this list (Excel)"),
                format!("{competition}/out/check-in?{said}&as=xlsx"),
            )
            .set("download", ""),
        );
    let figure = el("p").class("here-count").add(el("strong").add(list.here.here.to_string())).add(
        match reader.language {
            Language::Chinese => format!(" / {} 人已报到", list.here.all),
            Language::English => format!(" of {} are here", list.here.all),
        },
    );
    let head = el("div").class("head").add(el("h1").add(title)).add(figure).add(acts);
    let mut page = vec![head];
    page.extend(just.map(|one| confirmation(one, &said, reader)));
    page.push(filter_form(&list.filter, &skills_of(list), &delegations_of(list), true, reader));
    page.push(el("p").set("role", "status").add(found(list, reader)));
    page.push(rows(list, &said, reader));
    page.extend(counts(list, &at, reader));
    page
}

fn skills_of(list: &CheckInList) -> Vec<SkillRef> {
    list.skills.iter().map(|(skill, _)| skill.clone()).collect()
}

fn delegations_of(list: &CheckInList) -> Vec<String> {
    list.delegations.iter().map(|(name, _)| name.clone()).filter(|name| !name.is_empty()).collect()
}

/// What was just done from the list, with the way to undo it.
fn confirmation(one: &Expected, list: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let who = name("strong", &one.name, reader);
    let Some(here) = &one.here else {
        let words = says.say("：报到已撤销", ": taken back");
        return el("p").class("note attention").set("role", "status").add(who).add(words);
    };
    let words = says.say(" 已报到，", " is here, ");
    el("div")
        .class("note arrived")
        .set("role", "status")
        .add(el("p").add(icon("0 0 16 16", HERE)).add(who).add(words).add(since(here, reader)))
        .add((!one.is_over).then(|| undo(one, here, Some(list), reader)))
}

fn undo(one: &Expected, here: &CheckIn, list: Option<&str>, reader: Reader) -> Element {
    let words = Says(reader.language).say("撤销报到", "Take it back");
    let about = Says(reader.language).say(
        "这位选手又算作未报到；谁在何时撤销，会留在记录里。",
        "This competitor is not here again; who took it back and when stays on record.",
    );
    let list = list.map(|list| hidden_input("list", list.to_owned()));
    let go = form(format!("{}/undo", of_one(one)))
        .add(hidden_input("id", here.id.clone()))
        .add(list)
        .add(button("quiet", words));
    confirmed("quiet", words, format!("{words}: {}", one.name), about, go)
}

fn filter_form(
    filter: &CheckInFilter,
    skills: &[SkillRef],
    delegations: &[String],
    is_list: bool,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let all = says.say("全部", "All");
    let mut of_skill = vec![option("", filter.skill.is_empty(), all)];
    of_skill.extend(
        skills.iter().map(|skill| option(skill.id.clone(), skill.id == filter.skill, titled(skill, reader))),
    );
    let mut of_delegation = vec![option("", filter.delegation.is_empty(), all)];
    of_delegation.extend(delegations.iter().map(|one| {
        option(one.clone(), *one == filter.delegation, one.clone()).set_some("lang", reader.foreign(one))
    }));
    let states =
        [("", all), ("missing", says.say("还没报到", "Not here yet")), ("here", says.say("已报到", "Here"))];
    let states = states.map(|(value, words)| option(value, filter.state == value, words));
    let find = is_list.then(|| {
        let input = el("input")
            .set("type", "search")
            .set("name", "find")
            .set("autofocus", "")
            .set("value", filter.find.clone())
            .set("placeholder", says.say("姓名、编号、单位", "name, number, organisation"));
        field(says.say("查找", "Find"), input)
    });
    let select = |name: &'static str, options: Vec<Element>| el("select").set("name", name).add(options);
    let words = if is_list { says.say("查找", "Find") } else { says.say("显示", "Show") };
    el("form")
        .set("method", "get")
        .set("role", "search")
        .class("line check-in-filter")
        .add(find)
        .add(field(says.say("赛项", "Skill"), select("skill", of_skill)))
        .add(field(says.say("代表队", "Delegation"), select("delegation", of_delegation)))
        .add(field(says.say("状态", "State"), select("state", states.to_vec())))
        .add(button("quiet", words))
}

fn found(list: &CheckInList, reader: Reader) -> String {
    let (found, all, shown) = (list.found, list.here.all, list.shown.len());
    match reader.language {
        Language::Chinese if shown == found && list.filter.state == "missing" => {
            format!("共 {all} 人，列出还没报到的 {found} 人。")
        }
        Language::English if shown == found && list.filter.state == "missing" => {
            format!("{found} of {all} listed, who are not here yet.")
        }
        Language::Chinese if shown < found => {
            format!("共 {all} 人，找到 {found} 人，列出前 {shown} 人；请选赛项或代表队。")
        }
        Language::Chinese => format!("共 {all} 人，列出 {found} 人。"),
        Language::English if shown < found => {
            format!("{found} of {all} found, the first {shown} listed; choose a skill or a delegation.")
        }
        Language::English => format!("{found} of {all} listed."),
    }
}

fn rows(list: &CheckInList, said: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    if list.shown.is_empty() {
        return if list.here.all == 0 {
            empty(
                says.say("还没有选手", "Nobody competes yet"),
                says.say(
                    "导入选手名单之后，这里就能报到。",
                    "Once a roster is taken in, they can be checked in here.",
                ),
            )
        } else {
            empty(
                says.say("没有符合的", "Nothing fits"),
                says.say("换一个词再找，或清除条件。", "Look for something else, or clear the search."),
            )
            .add(quiet_link(says.say("清除条件", "Clear the search"), of_competition(&list.competition.id)))
        };
    }
    let names = [
        says.say("姓名", "Name"),
        says.say("编号", "Number"),
        says.say("代表队", "Delegation"),
        says.say("赛项", "Skill"),
        says.say("报到", "Check-in"),
    ];
    let rows: Vec<Element> = list.shown.iter().map(|one| row(one, reader)).collect();
    let table = el("table").add(heading_cells(&names)).add(el("tbody").add(rows));
    // One form around them all; each button says where it is sent.
    el("form")
        .set("method", "post")
        .class("check-in-list")
        .add(hidden_input("list", said.to_owned()))
        .add(table)
}

fn row(one: &Expected, reader: Reader) -> Element {
    let says = Says(reader.language);
    let at = of_one(one);
    let words = says.say("报到", "Here");
    let state = el("td").add(match &one.here {
        Some(here) => el("span")
            .class("is-here")
            .set("title", since(here, reader))
            .add(icon("0 0 16 16", HERE))
            .add(reader.hour(here.at)),
        None if one.is_over => el("span").class("about").add(says.say("未报到", "missing")),
        None => button("quiet", words)
            .set("aria-label", format!("{words}: {}", one.name))
            .set("formaction", at.clone()),
    });
    let who = el("th").set("scope", "row").add(name("a", &one.name, reader).set("href", at)).add(name(
        "small",
        &one.organisation,
        reader,
    ));
    let skill = reader.pick(&one.skill.name);
    el("tr")
        .add(who)
        .add(el("td").class("mono").add(one.code.to_string()))
        .add(name("td", &one.delegation, reader))
        .add(el("td").add(one.skill.number.clone()).add(" ").add(name("span", &skill, reader)))
        .add(state)
}

/// How many are here of each skill and delegation, each leading to its own.
fn counts(list: &CheckInList, at: &str, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let line = |shown: String, filter: CheckInFilter, count: Here| {
        let at = format!("{at}?{}", query(&filter));
        let is_complete = count.here == count.all;
        el("tr").add(el("th").set("scope", "row").add(name("a", &shown, reader).set("href", at))).add(
            el("td")
                .class(if is_complete { "count is-here" } else { "count" })
                .add(is_complete.then(|| icon("0 0 16 16", HERE)))
                .add(counted(count, reader)),
        )
    };
    let only = CheckInFilter::default;
    let skills = list.skills.iter().filter(|(_, count)| count.all > 0).map(|(skill, count)| {
        line(titled(skill, reader), CheckInFilter { skill: skill.id.clone(), ..only() }, *count)
    });
    let named = list.delegations.iter().filter(|(name, _)| !name.is_empty());
    let delegations = named.map(|(name, count)| {
        line(name.clone(), CheckInFilter { delegation: name.clone(), ..only() }, *count)
    });
    let table = |id, title, of, rows: Vec<Element>| {
        let head = heading_cells(&[of, says.say("已报到", "Here")]);
        let table = el("table").add(head).add(el("tbody").add(rows));
        section(id, title).add(table)
    };
    let (skills, delegations): (Vec<Element>, Vec<Element>) = (skills.collect(), delegations.collect());
    let is_any = !delegations.is_empty();
    let of_delegations = |rows| {
        let title = says.say("各代表队", "By delegation");
        table("by-delegation", title, says.say("代表队", "Delegation"), rows)
    };
    (!skills.is_empty()).then(|| {
        el("div")
            .class("check-in-counts")
            .add(table("by-skill", says.say("各赛项", "By skill"), says.say("赛项", "Skill"), skills))
            .add(is_any.then(|| of_delegations(delegations)))
    })
}

/// `/desk/skill/{id}/check-in/{code}`
pub(super) fn arrival_page(arrival: &Arrival, said: ArrivalSaid<'_>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let one = &arrival.one;
    let list = of_competition(&arrival.competition.id);
    let alert = match said {
        ArrivalSaid::Refused(problem) => Some(wrong(problem)),
        ArrivalSaid::Before => one.here.as_ref().map(|here| before(here, reader)),
        ArrivalSaid::TakenBack => {
            let words = says.say("报到已撤销。", "The check-in was taken back.");
            Some(el("p").class("note attention").set("role", "status").add(words))
        }
        ArrivalSaid::Nothing | ArrivalSaid::Noted => None,
    };
    let from = [&one.organisation, &one.delegation].into_iter().filter(|place| !place.is_empty());
    let from: Vec<Element> = from.map(|place| name("span", place, reader)).collect();
    let who = el("div")
        .class("who-arrives")
        .add(name("p", &titled(&one.skill, reader), reader).class("of"))
        .add(name("h1", &one.name, reader))
        .add(el("p").class("from-where").add(from))
        .add(el("p").class("mono").add(one.code.to_string()));
    let state = match &one.here {
        Some(here) => el("div")
            .class("arrival-state is-here")
            .set_some("role", matches!(said, ArrivalSaid::Noted).then_some("status"))
            .add(icon("0 0 16 16", HERE))
            .add(el("strong").add(match said {
                ArrivalSaid::Noted => says.say("登记好了：已报到", "Noted: here"),
                _ => says.say("已报到", "Here"),
            }))
            .add(el("span").add(since(here, reader))),
        None => el("div").class("arrival-state").add(el("strong").add(says.say("还没报到", "Not here yet"))),
    };
    let act = match &one.here {
        _ if one.is_over => {
            let words =
                says.say("评分已结束，报到只能查看。", "Marking is over; check-in can be looked at only.");
            el("p").class("about").add(words)
        }
        Some(here) => undo(one, here, None, reader),
        None => form(of_one(one)).add(button("primary arrive", says.say("报到", "Here"))),
    };
    let next =
        el("div")
            .class("next-arrival")
            .add(el("p").class("about").add(says.say(
                "下一位：用手机相机扫参赛证，或",
                "Next: scan an entry card with the phone's camera, or",
            )))
            .add(
                el("a")
                    .class(if one.here.is_some() { "primary" } else { "quiet" })
                    .set("href", list)
                    .add(says.say("查找下一位", "Look for the next one")),
            );
    let past: Vec<Element> = arrival.undone.iter().map(|one| past(one, reader)).collect();
    let past = (!past.is_empty()).then(|| el("ul").class("past-arrivals").add(past));
    let body = el("div").class("arrival").add(alert).add(who).add(state).add(act).add(next).add(past);
    vec![body]
}

/// That somebody else was quicker.
fn before(here: &CheckIn, reader: Reader) -> Element {
    let (at, by) = (reader.hour(here.at), &here.by);
    let words = match reader.language {
        Language::Chinese => format!("{by} 已在 {at} 登记过，这次没有重复登记。"),
        Language::English => format!("Checked in already at {at} by {by}; nothing was noted twice."),
    };
    el("p").class("wrong").set("role", "alert").add(words)
}

fn past(one: &CheckIn, reader: Reader) -> Element {
    let (at, by) = one.undone.as_ref().map_or((one.at, ""), |(at, by)| (*at, by.as_str()));
    let entry = el("li").add(moment(one.at, reader));
    let (noted, undone) = match reader.language {
        Language::Chinese => (format!(" {} 登记；", one.by), format!(" {by} 撤销")),
        Language::English => (format!(" noted by {}; ", one.by), format!(" taken back by {by}")),
    };
    entry.add(noted).add(moment(at, reader)).add(undone)
}

/// `/desk/competition/{id}/check-in/cards`
pub(super) fn cards_page(cards: &EntryCards, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let count: usize = cards.cards.iter().map(|(_, cards)| cards.len()).sum();
    let about = match reader.language {
        Language::Chinese => format!(
            "{count} 张，每个代表队从新的一页开始。用浏览器打印：A4 纸，每页八张，沿虚线剪开。二维码只有能登记报到的人登录后才打得开。卡上是名单里的编号；匿名评分请先抽签编码。"
        ),
        Language::English => format!(
            "{count} cards, each delegation on a new page. Print from the browser: A4, eight on a sheet, cut along the dashes. Their QR codes open for those alone who are signed in and may check in. The number is the roster's; where marking is to be anonymous, draw codes first."
        ),
    };
    let list = of_competition(&cards.competition.id);
    let back =
        quiet_link(says.say("回到报到", "Back to check-in"), format!("{list}?{}", query(&cards.filter)));
    let title = format!("{} · {}", cards_title(reader), reader.pick(&cards.competition.name));
    let head = el("div")
        .class("head")
        .add(el("h1").add(title))
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(back));
    let choose = filter_form(&cards.filter, &cards.skills, &cards.delegations, false, reader);
    let mut page = vec![head, choose];
    if cards.cards.is_empty() {
        page.push(empty(
            says.say("没有参赛证", "There are no cards"),
            says.say(
                "名单里没有这样的选手；先导入名单，或换一个选择。",
                "Nobody on the roster fits; take a roster in first, or choose others.",
            ),
        ));
    }
    page.extend(cards.cards.iter().enumerate().map(|(at, (delegation, of))| {
        let id = format!("delegation-{at}");
        let title = if delegation.is_empty() {
            el("h2").add(says.say("没有代表队的选手", "Without a delegation"))
        } else {
            name("h2", delegation, reader)
        };
        let shown: Vec<Element> = of.iter().map(|one| card(one, cards, reader)).collect();
        el("section")
            .class("entry-cards")
            .set("aria-labelledby", id.clone())
            .add(title.set("id", id).add(format!(" · {}", of.len())))
            .add(el("ul").add(shown))
    }));
    page
}

fn card(one: &Expected, cards: &EntryCards, reader: Reader) -> Element {
    let says = Says(reader.language);
    let code =
        qr(&format!("{}{}", cards.origin, of_one(one)), says.say("报到二维码", "QR code for check-in"));
    let of = format!("{} · {}", reader.pick(&cards.competition.name), says.say("参赛证", "Entry card"));
    let size = match one.name.chars().count() {
        ..=8 => "who",
        _ => "who is-long",
    };
    let about = el("div")
        .add(name("p", &one.name, reader).class(size))
        .add(name("p", &one.organisation, reader))
        .add(name("p", &one.delegation, reader))
        .add(name("p", &titled(&one.skill, reader), reader).class("skill"))
        .add(el("p").class("mono").add(one.code.to_string()));
    el("li").class("entry-card").add(name("p", &of, reader).class("of")).add(about).add(code)
}
