//! Making a rehearsal of a competition.

use protocol::Problem;
use protocol::edition::{NewRehearsal, RehearsedBy};
use protocol::view::CompetitionRef;

use super::{Says, button, field, form, hidden_input, quiet_link, text_input, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::name;

/// The document's title.
pub(super) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("新建彩排", "Make a rehearsal")
}

/// `/desk/competition/{id}/rehearsal`
pub(super) fn page(
    competition: &CompetitionRef,
    typed: &NewRehearsal,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/competition/{}", segment(&competition.id));
    let back = quiet_link(says.say("回到大赛", "Back to the competition"), at.clone());
    let about = says.say(
        "同样的赛项、评分标准、规则、裁判和评分组，从头到尾走一遍：开放、评分、签字、公布。彩排不算数：每一页都标明，不上首页和竞赛体系，成绩哪里都不进。",
        "The same skills, schemes, rules, judges and panels, played through from opening to release. A rehearsal counts for nothing: every page says so, it stands on no list of competitions and in no circuit, and its results go nowhere.",
    );
    let head = el("div")
        .class("head")
        .add(el("h1").add(title(reader)))
        .add(name("p", &reader.pick(&competition.name), reader).class("of"))
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(back));
    let day = |name: &'static str, value: &str| {
        el("input").set("type", "date").set("name", name).set("value", value.to_owned())
    };
    let choice = |value: &'static str, is_chosen: bool, words: &'static str| {
        let radio = el("input")
            .set("type", "radio")
            .set("name", "people")
            .set("value", value)
            .set_some("checked", is_chosen.then_some(""));
        el("label").class("tick").add(radio).add(el("span").add(words))
    };
    let count = el("input")
        .set("type", "number")
        .set("name", "count")
        .set("min", "1")
        .set("max", "60")
        .set("value", typed.count.clone());
    let people = el("fieldset")
        .add(el("legend").add(says.say("选手", "Competitors")))
        .add(choice(
            "made_up",
            typed.people == RehearsedBy::MadeUp,
            says.say("虚构的选手", "Made-up competitors"),
        ))
        .add(field(says.say("每个赛项几名（或几队）", "How many in a skill (or how many teams)"), count))
        .add(choice(
            "roster",
            typed.people == RehearsedBy::Roster,
            says.say("名单上的选手，换成新的编号", "Those of the roster, under new codes"),
        ));
    let fields = form(format!("{at}/rehearsal"))
        .class("sheet of-competition")
        .add(hidden_input("form", typed.form.clone()))
        .add(field(says.say("彩排名称", "Name"), text_input("name", &typed.name).set("maxlength", "200")))
        .add(field(says.say("第一天", "First day"), day("from", &typed.from)))
        .add(field(says.say("最后一天", "Last day"), day("until", &typed.until)))
        .add(people)
        .add(button("primary", says.say("新建彩排", "Make it")));
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.push(fields);
    page
}
