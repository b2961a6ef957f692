//! Calling competitors: who is called for what, the next of each, and the form that calls anybody.

use domain::finding::Language;
use domain::id::{CompetitorCode, SubCriterionId};
use protocol::chief::{Called, ChiefView};
use protocol::view::Presence;

use super::{chief_address, counted};
use crate::desk::{Says, button, field, form, hidden_input, option, quiet_link};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::name;

pub(super) fn section(view: &ChiefView, reader: Reader) -> Option<Element> {
    if !view.may_call {
        return None;
    }
    let says = Says(reader.language);
    let about = says.say(
        "叫到谁，评分组的平板就转到谁的评分表；正在评别人、还没评完的，会先问一声。叫号不影响成绩。",
        "The panel's tablets go to the sheet of whom you call; a judge in the middle of another sheet is asked first. A call changes no result.",
    );
    let labels = quiet_link(says.say("打印选手标签", "Print the competitors' labels"), "/chief/labels");
    let rows = rows(view, reader);
    let list = (!rows.is_empty()).then(|| el("ul").class("called").add(rows));
    Some(
        counted("calls", says.say("叫号", "Call a competitor"), 0)
            .add(el("p").class("about").add(about))
            .add(list)
            .add(call(view, reader))
            .add(el("p").class("acts").add(labels)),
    )
}

/// One line for the whole skill where everybody marks the same competitor, else one for each
/// sub-criterion.
fn rows(view: &ChiefView, reader: Reader) -> Vec<Element> {
    let Some(first) = view.calls.first() else { return Vec::new() };
    let is_of_all = view.calls.len() == view.sub_criteria.len()
        && view.calls.iter().all(|called| called.competitor == first.competitor);
    if is_of_all {
        let latest = view.calls.iter().max_by_key(|called| called.at).unwrap_or(first);
        return vec![row(latest, None, view, reader)];
    }
    view.calls.iter().map(|called| row(called, Some(&called.sub_criterion), view, reader)).collect()
}

fn row(called: &Called, sub: Option<&SubCriterionId>, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let of = match sub {
        None => el("span").add(says.say("整个赛项", "the whole skill")),
        Some(sub) => el("span")
            .class("aspect")
            .add(el("span").class("mono").add(sub.to_string()))
            .add(" ")
            .add(name("span", &called.name, reader)),
    };
    let by = format!("{} · {}", called.by, reader.clock(called.at));
    let sub = sub.map(ToString::to_string).unwrap_or_default();
    let next = after(view, &called.competitor).map(|next| {
        let words = says.say("叫下一位", "Call the next");
        form(chief_address("/chief/call", &view.find, None))
            .add(hidden_input("competitor", next.to_string()))
            .add(hidden_input("sub_criterion", sub.clone()))
            .add(el("button").class("quiet").add(format!("{words} {next}")))
    });
    let end = form(chief_address("/chief/call/end", &view.find, None))
        .add(hidden_input("sub_criterion", sub))
        .add(button("quiet", says.say("结束", "End")).set(
            "aria-label",
            match reader.language {
                Language::Chinese => format!("结束叫号：{}", called.competitor),
                Language::English => format!("End the call of {}", called.competitor),
            },
        ));
    el("li")
        .add(el("strong").class("mono who-code").add(called.competitor.to_string()))
        .add(of)
        .add(el("small").class("about").add(by))
        .add(el("div").class("acts").add(next).add(end))
}

/// Who competes next in the opening's order.
fn after<'a>(view: &'a ChiefView, code: &CompetitorCode) -> Option<&'a CompetitorCode> {
    let later = view.competitors.iter().skip_while(|one| one.competitor.code != *code).skip(1);
    let mut competing = later.filter(|one| one.presence == Presence::Competing);
    competing.next().map(|one| &one.competitor.code)
}

fn call(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let next = view.calls.first().and_then(|called| after(view, &called.competitor));
    let competing = view.competitors.iter().filter(|one| one.presence == Presence::Competing);
    let whom = competing.map(|one| {
        let who = &one.competitor;
        let words =
            who.name.as_ref().map_or_else(|| who.code.to_string(), |name| format!("{} {name}", who.code));
        option(who.code.to_string(), next == Some(&who.code), words)
    });
    let whom = whom.collect::<Vec<_>>();
    let mut subs = vec![option("", true, says.say("整个赛项", "The whole skill"))];
    subs.extend(
        view.sub_criteria.iter().map(|(id, name)| option(id.to_string(), false, format!("{id} {name}"))),
    );
    form(chief_address("/chief/call", &view.find, None))
        .class("line")
        .add(field(says.say("选手", "Competitor"), el("select").set("name", "competitor").add(whom)))
        .add(field(says.say("评什么", "For what"), el("select").set("name", "sub_criterion").add(subs)))
        .add(button("primary", says.say("叫号", "Call")))
}
