//! Making the next edition of a competition.

use protocol::Problem;
use protocol::edition::NextEdition;
use protocol::view::CompetitionRef;

use super::{Says, button, field, form, hidden_input, quiet_link, text_input, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::name;

/// The document's title.
pub(super) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("新建下一届", "Make the next edition")
}

/// `/desk/competition/{id}/next`
pub(super) fn page(
    competition: &CompetitionRef,
    typed: &NextEdition,
    problem: Option<&Problem>,
    reader: Reader,
) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/competition/{}", segment(&competition.id));
    let back = quiet_link(says.say("回到大赛", "Back to the competition"), at.clone());
    let about = says.say(
        "赛项、评分标准、各部分和规则照搬；选手名单、成绩、抽签和公开设置不带过去。新的一届是草案，开放之前都可以改。",
        "Skills, schemes, parts and rules are taken over; people, results, draws and what is public are not. It is a draft: all of it can be changed until it is opened.",
    );
    let head = el("div")
        .class("head")
        .add(el("h1").add(title(reader)))
        .add(name("p", &reader.pick(&competition.name), reader).class("of"))
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(back));
    let free = |name: &'static str, value: &str| {
        el("input").set("name", name).set("maxlength", "200").set("value", value.to_owned())
    };
    let day = |name: &'static str, value: &str| {
        el("input").set("type", "date").set("name", name).set("value", value.to_owned())
    };
    let tick = |name: &'static str, value: &str, words: &'static str| {
        let tick = el("input")
            .set("type", "checkbox")
            .set("name", name)
            .set("value", "yes")
            .set_some("checked", (!value.is_empty()).then_some(""));
        el("label").class("tick").add(tick).add(el("span").add(words))
    };
    let judges = says.say(
        "裁判和评分组也照搬（登录卡要重新做）",
        "Judges and their panels as well (their cards are made anew)",
    );
    let registration = says.say(
        "代表队和报名条件也照搬（日期顺延一年，请核对）",
        "Delegations and terms of registration as well (their days a year later: look them over)",
    );
    let fields = form(format!("{at}/next"))
        .class("sheet of-competition")
        .add(hidden_input("form", typed.form.clone()))
        .add(field(says.say("大赛名称", "Name"), text_input("name", &typed.name).set("maxlength", "200")))
        .add(field(says.say("英文名称", "Name in English"), free("name_en", &typed.name_en)))
        .add(field(says.say("届次", "Edition"), free("edition", &typed.edition)))
        .add(field(says.say("第一天", "First day"), day("from", &typed.from)))
        .add(field(says.say("最后一天", "Last day"), day("until", &typed.until)))
        .add(tick("judges", &typed.judges, judges))
        .add(tick("registration", &typed.registration, registration))
        .add(button("primary", says.say("新建", "Make it")));
    let mut page = vec![head];
    page.extend(problem.map(wrong));
    page.push(fields);
    page
}
