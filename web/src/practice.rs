//! The practice of a skill, as the organisers and the chief judge see it: who has completed a sheet, what
//! was said of the reference piece, and how the judges agree.

mod calibration;

use domain::access::Role;
use domain::finding::Language;
use protocol::practice::{Practice, PracticeRef, Practising, Stand};

use crate::desk::{Says, button, field, form, heading_cells, option, quiet_link, section};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name, progress_bar};

/// Who looks, and so what can be done here.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Door {
    /// The chief judge.
    Chief,
    /// An organiser.
    Desk,
}

/// Where a skill's practice is at the desk.
pub(crate) fn address(skill: &str) -> String {
    format!("/desk/skill/{}/practice", segment(skill))
}

/// The page of a skill's practice, without what stands above it.
pub(crate) fn page(view: &Practice, now: i64, door: Door, reader: Reader) -> Vec<Element> {
    let mut page = vec![head(view, now, door, reader)];
    match &view.made {
        Some(made) if made.is_open => {
            page.push(completed(view, made, door, reader));
            page.push(calibration::section_of(view, reader));
        }
        _ => page.push(make(view, door, reader)),
    }
    page.extend(calibration::marking(view, reader));
    page
}

fn head(view: &Practice, now: i64, door: Door, reader: Reader) -> Element {
    let says = Says(reader.language);
    let number = el("span").class("number").add(view.skill.number.clone());
    let skill = el("p")
        .class("facts")
        .add(name("span", &reader.pick(&view.competition.name), reader))
        .add(el("span").add(number).add(" ").add(name("span", &reader.pick(&view.skill.name), reader)));
    let back = match door {
        Door::Chief => "/chief".to_owned(),
        Door::Desk => format!("/desk/skill/{}", segment(&view.skill.id)),
    };
    let as_of = format!("{} {}", reader.texts().as_of, reader.clock(now));
    let links = el("p")
        .class("about")
        .add(as_of)
        .add(" · ")
        .add(el("a").set("href", "").add(says.say("刷新", "Refresh")))
        .add(" · ")
        .add(el("a").set("href", back).add(says.say("返回", "Back")));
    el("div")
        .class("head")
        .add(el("h1").add(says.say("练习与校准", "Practice and calibration")))
        .add(skill)
        .add(el("p").class("about").add(about(reader)))
        .add(links)
}

/// What a practice is, in two sentences.
fn about(reader: Reader) -> &'static str {
    Says(reader.language).say(
        "开赛前，每位裁判用练习登录卡在平板上评一遍练习件，再一起评标准件，看大家的尺度是否一致。练习的评分标准、规则和评分组与正式赛项相同，但账本是分开的：怎么评都进不了正式成绩。",
        "Before day 1 every judge signs a tablet in by a practice card and marks the trial piece, then all mark the reference piece and see whether they use one measure. Scheme, rules and panels are the skill's own; the ledger is another, so nothing of it can reach the results.",
    )
}

/// What stands there before there is a practice.
fn make(view: &Practice, door: Door, reader: Reader) -> Element {
    let says = Says(reader.language);
    let section = section("practice", says.say("谁已完成", "Who has completed it"));
    match door {
        Door::Chief => section.add(empty(
            says.say("还没有练习", "There is no practice yet"),
            says.say(
                "组委会在工作台上建立练习以后，这里会显示谁已完成、大家怎样评标准件。",
                "Once the organisers have made it at the desk, who has completed it and how all scored the reference piece will stand here.",
            ),
        )),
        Door::Desk => {
            let words = if view.made.is_some() {
                says.say("上次没有建完；再点一次就接着建。", "Making it was cut off; once more goes on from there.")
            } else {
                says.say(
                    "建立以后可以打印练习登录卡；正式赛项开放之前、之后都可以建立。",
                    "Once it is made, practice cards can be printed; it can be made before the skill is opened, and after.",
                )
            };
            let make = form(address(&view.skill.id))
                .add(button("primary", says.say("建立练习", "Make the practice")));
            section.add(el("p").class("about").add(words)).add(make)
        }
    }
}

/// Who has completed a whole sheet, and what helps the others.
fn completed(view: &Practice, made: &PracticeRef, door: Door, reader: Reader) -> Element {
    let says = Says(reader.language);
    let stand = Stand::of(view.skill.id.clone(), &view.judges);
    let class = if stand.missing.is_empty() { "note done" } else { "note attention" };
    let missing = (!stand.missing.is_empty()).then(|| names(&stand.missing, reader));
    let missing = missing.map(|names| match reader.language {
        Language::Chinese => format!("；还缺：{names}"),
        Language::English => format!("; still missing: {names}"),
    });
    let about = says.say(
        "练习件上任何一个子项，轮到自己的都评完，就算完成；测量是全组一个值，自己也要录入过。见习裁判看自己的分值。",
        "Whoever has done every turn of theirs on one sub-criterion of the trial piece has completed it; a measurement is the panel's one value, and they must have entered something themselves. A trainee's are their own scores.",
    );
    let rows = view.judges.iter().map(|judge| judge_row(judge, reader)).collect::<Vec<_>>();
    let caption = el("caption").class("unseen").add(says.say("裁判和练习", "Judges and practice"));
    let names = [
        says.say("代码", "Code"),
        says.say("裁判", "Judge"),
        says.say("已登录", "Signed in"),
        says.say("练习件", "Trial piece"),
        says.say("完成一张", "A whole sheet"),
    ];
    let table = el("table").add(caption).add(heading_cells(&names)).add(el("tbody").add(rows));
    section("practice", says.say("谁已完成", "Who has completed it"))
        .add(el("p").class(class).add(counted(&stand, reader)).add(missing))
        .add(el("p").class("about").add(about))
        .add(el("div").class("practising").add(table))
        .add(cards(view, made, door, reader))
}

/// `练习：5 位裁判中 3 位已完成一张评分表`
pub(crate) fn counted(stand: &Stand, reader: Reader) -> String {
    let Stand { completed, judges, .. } = stand;
    match reader.language {
        Language::Chinese => format!("{judges} 位裁判中 {completed} 位已完成一张评分表"),
        Language::English => format!("{completed} of {judges} judges have completed a sheet"),
    }
}

/// Names in a row.
pub(crate) fn names(names: &[String], reader: Reader) -> String {
    names.join(match reader.language {
        Language::Chinese => "、",
        Language::English => ", ",
    })
}

fn judge_row(judge: &Practising, reader: Reader) -> Element {
    let says = Says(reader.language);
    let role = match judge.role {
        Role::ChiefJudge => says.say("裁判长", "Chief judge"),
        _ => says.say("裁判员", "Judge"),
    };
    let (class, state) = if judge.has_completed {
        ("state is-done", says.say("✓ 已完成", "✓ completed"))
    } else {
        ("state attention", says.say("○ 还没完成", "○ not yet"))
    };
    let devices = match (judge.devices, reader.language) {
        (0, Language::Chinese) => "没有设备".to_owned(),
        (0, Language::English) => "no device".to_owned(),
        (count, Language::Chinese) => format!("{count} 台"),
        (1, Language::English) => "1 device".to_owned(),
        (count, Language::English) => format!("{count} devices"),
    };
    el("tr")
        .add(el("td").class("mono").add(judge.code.to_string()))
        .add(
            el("th")
                .set("scope", "row")
                .add(name("span", &judge.name, reader))
                .add(" ")
                .add(el("small").add(role)),
        )
        .add(el("td").class("devices").add(devices))
        .add(el("td").class("trial").add(progress_bar(judge.progress)))
        .add(el("td").class(class).add(state))
}

/// The ways to a practice card: for all at the desk, for one at the chief judge's page.
fn cards(view: &Practice, made: &PracticeRef, door: Door, reader: Reader) -> Element {
    let says = Says(reader.language);
    match door {
        Door::Desk => {
            let competition = segment(&made.competition.id);
            let print = form(format!("/desk/competition/{competition}/cards"))
                .add(button("primary", says.say("打印练习登录卡", "Print practice cards")));
            let desk = quiet_link(
                says.say("练习的工作台", "The practice's own desk"),
                format!("/desk/competition/{competition}"),
            );
            el("div").class("acts line").add(print).add(desk)
        }
        Door::Chief => {
            let judges = view.judges.iter().filter(|judge| judge.role != Role::ChiefJudge);
            let judges = judges
                .map(|judge| option(judge.code.to_string(), false, format!("{} {}", judge.code, judge.name)));
            let judges = el("select").set("name", "judge").add(judges.collect::<Vec<_>>());
            form("/chief/practice/card")
                .class("line")
                .add(field(says.say("裁判", "Judge"), judges))
                .add(button("primary", says.say("出一张练习登录卡", "Make a practice card")))
        }
    }
}

/// What a skill's block at the desk says of its practice.
pub(crate) fn at_skill(skill: &str, stand: Option<&Stand>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let to = el("a").set("href", address(skill));
    let line = el("p").class("practice").add(el("strong").add(says.say("练习", "Practice"))).add(" ");
    match stand {
        None => line
            .add(says.say("还没有建立；", "not made yet; "))
            .add(to.add(says.say("让每位裁判先练一遍", "let every judge practise first"))),
        Some(stand) if stand.judges == 0 => line
            .add(says.say("没有建完；", "making it was cut off; "))
            .add(to.add(says.say("接着建", "go on"))),
        Some(stand) => line
            .add(counted(stand, reader))
            .add(" · ")
            .add(to.add(says.say("练习与校准", "practice and calibration"))),
    }
}

/// What stands beside the button that opens a skill: who has not practised.
pub(crate) fn before_opening(stand: &Stand, reader: Reader) -> Option<Element> {
    if stand.missing.is_empty() {
        return None;
    }
    let names = names(&stand.missing, reader);
    Some(el("p").class("note attention").add(match reader.language {
        Language::Chinese => format!("还没完成练习：{names}。练完再开放；等不了，可以不等练完就开放。"),
        Language::English => format!("Practice not completed by: {names}. Open it once they have; where that cannot be, it can be opened without."),
    }))
}

/// What stands at the top of a practice's own desk.
pub(crate) fn at_own_desk(skill: &str, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let words = says.say(
        "这是练习：账本与正式赛项分开，不公开，也不发布成绩。",
        "This is a practice: its ledger is apart from the skill's, it is never public and its results are never released.",
    );
    let back = quiet_link(says.say("返回练习与校准", "Back to practice and calibration"), address(skill));
    vec![el("p").class("note").add(words), el("p").class("acts").add(back)]
}

/// A table that may be wider than the page: it scrolls by itself, by keys too.
fn scrolls(label: &'static str, table: Element) -> Element {
    el("div").class("scrolls").set("role", "region").set("aria-label", label).set("tabindex", "0").add(table)
}
