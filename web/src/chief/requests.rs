//! What judges ask of the chief judge, and who will not sign a sheet as it stands: each with the ways to
//! settle it.

use domain::finding::Language;
use protocol::chief::{ChiefView, Request, ToUnlock};

use super::{chief_address, competing, counted, reasoned};
use crate::desk::{Says, button, confirmed, form, hidden_input, quiet_link};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::name;

pub(super) fn section(view: &ChiefView, reader: Reader) -> Option<Element> {
    if view.requests.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let title = says.say("申请和拒签", "Asked for and not signed");
    let list = view.requests.iter().map(|one| request(one, view, reader));
    let list = el("ul").class("disagreements").add(list.collect::<Vec<_>>());
    Some(counted("requests", title, view.requests.len()).add(list))
}

fn request(one: &Request, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let who = match &one.judge {
        Some(judge) => judge.to_string(),
        None => says.say("选手", "the competitor").to_owned(),
    };
    let what = match (&one.unlock, reader.language) {
        (Some(unlock), Language::Chinese) => format!("申请解锁 {} {}", unlock.aspect, unlock.description),
        (Some(unlock), Language::English) => format!("asks to open {} {}", unlock.aspect, unlock.description),
        (None, Language::Chinese) => "没有签字".to_owned(),
        (None, Language::English) => "declined to sign".to_owned(),
    };
    let head = el("h3")
        .add(competing(&one.competitor, reader))
        .add(" ")
        .add(el("span").class("mono").add(one.sub_criterion.to_string()))
        .add(format!(" · {who} {what}"));
    let reason = one.reason.as_deref().unwrap_or(says.say("理由已删除", "the reason was erased"));
    let reason = el("p").class("note attention").add(name("span", reason, reader));
    let item = el("li").class("disagreement").add(head).add(reason);
    match &one.unlock {
        Some(unlock) => item.add(answers(one, unlock, &who, view, reader)),
        None => {
            let about = says.say(
                "核实后：请其补签；或解锁有误的评分点，改正后全组重签；或附理由代签。在此之前，这张评分表不能锁定。",
                "Once looked into: let them sign after all; or open what is wrong, so that it is corrected and signed anew; or sign for them, with a reason. Until then the sheet cannot be locked.",
            );
            let code = one.competitor.code.as_str();
            let to = format!("{}#sheets", chief_address("/chief", code, None));
            let way = quiet_link(says.say("去这张评分表", "To the sheet"), to);
            item.add(el("p").class("about").add(about)).add(el("p").class("acts").add(way))
        }
    }
}

/// The ways to answer a judge who asks for an aspect to be opened again.
fn answers(one: &Request, unlock: &ToUnlock, who: &str, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let label = |words: &str| format!("{words}: {} {}", one.competitor.code, unlock.aspect);
    let reason = one.reason.clone().unwrap_or_default();
    let why = match reader.language {
        Language::Chinese => format!("{who} 申请：{reason}"),
        Language::English => format!("{who} asks: {reason}"),
    };
    let words = says.say("同意：请第二个人确认解锁", "Agree: ask a second person to open it");
    let open = form(chief_address("/chief/unlock", &view.find, None))
        .class("line")
        .add(hidden_input("act", unlock.open.to_string()))
        .add(hidden_input("competitor", one.competitor.code.to_string()))
        .add(hidden_input("aspect", unlock.aspect.to_string()))
        .add(hidden_input("salt", view.salt.clone()))
        .add(hidden_input("reason", why))
        .add(button("primary", words).set("aria-label", label(words)));
    let words = says.say("不同意", "Turn it down");
    let about = says.say(
        "评分表仍然锁定；这名裁判的平板上会显示没有同意。",
        "The sheet stays locked, and that judge's tablet says that it was turned down.",
    );
    let fields = form(chief_address("/chief/settle", &view.find, None))
        .add(hidden_input("act", unlock.turn_down.to_string()))
        .add(hidden_input("entry", unlock.entry.to_string()))
        .add(hidden_input("stands", String::new()))
        .add(hidden_input("choice", "keep"));
    let fields = reasoned(fields, &view.salt, reader).add(button("primary", words));
    let waits = says.say("已请第二个人确认解锁。", "A second person is asked to confirm it.");
    el("div")
        .class("acts")
        .add(if unlock.is_proposed { el("p").class("waits").add(waits) } else { open })
        .add(confirmed("quiet", words, label(words), about, fields))
}
