//! Judges with an interest in somebody who competes: declared here, or found by where both come from.

use domain::finding::Language;
use protocol::Problem;
use protocol::setup::{Interest, InterestKind, Interests, NewInterest};

use super::{
    Says, button, field, form, heading_cells, hidden_input, option, quiet_link, section, text_input, wrong,
};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};

pub(super) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("回避", "Conflicts of interest")
}

fn kind_word(kind: InterestKind, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match kind {
        InterestKind::Kin => says.say("近亲属", "kin"),
        InterestKind::Apprentice => says.say("师徒", "master and apprentice"),
        InterestKind::Employer => says.say("同单位", "the same employer"),
        InterestKind::Other => says.say("其他利害关系", "another interest"),
    }
}

/// Its word in a form.
fn kind_value(kind: InterestKind) -> &'static str {
    match kind {
        InterestKind::Kin => "kin",
        InterestKind::Apprentice => "apprentice",
        InterestKind::Employer => "employer",
        InterestKind::Other => "other",
    }
}

/// `/desk/skill/{id}/interests`
pub(super) fn page(
    interests: &Interests,
    typed: &NewInterest,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/skill/{}/interests", segment(&interests.skill.id));
    let skill = format!("{} {}", interests.skill.number, reader.pick(&interests.skill.name));
    let back = format!("/desk/competition/{}", segment(&interests.competition));
    let about = says.say(
        "声明了的裁判不能给这名选手打分：平板上提交也会被拒绝，由裁判长安排代评。",
        "A judge with a declared interest cannot score that competitor: a tablet's mark is refused as well, and the chief judge lets somebody stand in.",
    );
    let head = el("div")
        .class("head")
        .add(el("h1").add(format!("{} · {}", title(reader), skill.trim())))
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(quiet_link(says.say("回到大赛", "Back to the competition"), back)));
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.extend(late(interests, reader));
    page.push(declared(interests, &at, reader));
    if !interests.is_open {
        page.push(declare(interests, typed, at, reader));
    }
    page.push(found(interests, reader));
    page
}

/// Why declaring something here does nothing any more, or nothing at all.
fn late(interests: &Interests, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let words = if interests.is_open {
        says.say(
            "赛项已经开放，这里不能再改；请裁判长在“换裁判”里为这名选手安排代评。",
            "The skill is open and nothing can be changed here any more; let the chief judge have somebody stand in, by \"Replace a judge\".",
        )
    } else if interests.is_sealed {
        says.say(
            "这个赛项的编码是密封的：裁判不知道评的是谁，声明不起作用。",
            "The codes of this skill are sealed: no judge knows whom they mark, and declarations bar nobody.",
        )
    } else {
        return None;
    };
    Some(el("p").class("note").add(words))
}

fn person((code, who): &(impl ToString, String), reader: Reader) -> Element {
    el("span").add(name("span", who, reader)).add(" ").add(el("span").class("mono").add(code.to_string()))
}

fn declared(interests: &Interests, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows: Vec<Element> = interests
        .declared
        .iter()
        .map(|one| {
            let words = says.say("撤回", "Take back");
            let undo = (!interests.is_open).then(|| {
                form(format!("{at}/undo"))
                    .add(hidden_input("judge", one.judge.0.to_string()))
                    .add(hidden_input("competitor", one.competitor.0.to_string()))
                    .add(
                        button("quiet", words)
                            .set("aria-label", format!("{words}: {}, {}", one.judge.1, one.competitor.1)),
                    )
            });
            let kind = one.kind.map(|kind| kind_word(kind, reader));
            row(one, kind.unwrap_or_default().to_owned(), reader).add(el("td").add(undo))
        })
        .collect();
    let body = if rows.is_empty() {
        empty(
            says.say("还没有声明", "Nothing is declared yet"),
            says.say(
                "近亲属、师徒、同单位和其他利害关系，都请在开放之前声明。",
                "Declare kin, masters and apprentices, shared employers and other interests before the skill opens.",
            ),
        )
    } else {
        let names = [
            says.say("裁判", "Judge"),
            says.say("选手和关系", "Competitor and relation"),
            says.say("操作", "Act"),
        ];
        el("table").add(heading_cells(&names)).add(el("tbody").add(rows))
    };
    section("declared", says.say("已声明", "Declared")).add(body)
}

fn row(one: &Interest, why: String, reader: Reader) -> Element {
    el("tr")
        .add(el("th").set("scope", "row").add(person(&one.judge, reader)))
        .add(el("td").add(person(&one.competitor, reader)).add(" ").add(el("small").add(why)))
}

fn declare(interests: &Interests, typed: &NewInterest, at: String, reader: Reader) -> Element {
    let says = Says(reader.language);
    let judges: Vec<Element> = interests
        .judges
        .iter()
        .map(|(code, who)| option(code.to_string(), code.as_str() == typed.judge, format!("{who} ({code})")))
        .collect();
    let people: Vec<Element> = interests
        .competitors
        .iter()
        .map(|(code, who)| el("option").set("value", format!("{code} {who}").trim().to_owned()))
        .collect();
    let competitor = text_input("competitor", &typed.competitor)
        .set("list", "people")
        .set("autocomplete", "off")
        .set("placeholder", says.say("编号或姓名", "number or name"));
    let kinds = [InterestKind::Kin, InterestKind::Apprentice, InterestKind::Employer, InterestKind::Other];
    let kinds: Vec<Element> = kinds
        .into_iter()
        .map(|kind| option(kind_value(kind), typed.kind == Some(kind), kind_word(kind, reader)))
        .collect();
    let fields = form(at)
        .class("sheet")
        .add(field(says.say("裁判", "Judge"), el("select").set("name", "judge").add(judges)))
        .add(field(says.say("选手", "Competitor"), competitor))
        .add(field(says.say("关系", "Relation"), el("select").set("name", "kind").add(kinds)))
        .add(button("primary", says.say("声明", "Declare")))
        .add(el("datalist").set("id", "people").add(people));
    section("declare", says.say("声明回避", "Declare an interest")).add(fields)
}

fn found(interests: &Interests, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = if interests.bars_compatriots {
        says.say(
            "单位、代表队或成员写得一样的，按本规则自动回避。",
            "Whose places are written alike are barred by the rules of this skill.",
        )
    } else {
        says.say(
            "单位、代表队或成员写得一样的；本规则不要求自动回避，要回避请在上面声明。",
            "Whose places are written alike. The rules of this skill do not bar them; declare those above who should not meet.",
        )
    };
    let rows: Vec<Element> = interests.found.iter().map(|one| row(one, one.place.clone(), reader)).collect();
    let more = (interests.more_found > 0).then(|| {
        let words = match reader.language {
            Language::Chinese => format!("另有 {} 对没有列出。", interests.more_found),
            Language::English => format!("{} more pairs are not listed.", interests.more_found),
        };
        el("p").class("about").add(words)
    });
    let body = if rows.is_empty() {
        el("p")
            .class("about")
            .add(says.say("没有发现同单位的裁判和选手。", "No judge comes from a competitor's place."))
    } else {
        let names = [says.say("裁判", "Judge"), says.say("选手和单位", "Competitor and place")];
        el("table").add(heading_cells(&names)).add(el("tbody").add(rows))
    };
    section("found", says.say("系统发现的", "Found"))
        .add(el("p").class("about").add(about))
        .add(body)
        .add(more)
}
