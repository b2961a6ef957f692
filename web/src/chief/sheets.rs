//! Whole sheets: who has still to sign, and the lock once everybody has.

use domain::finding::Language;
use domain::id::JudgeCode;
use protocol::chief::{ChiefView, WholeSheet};

use super::{competing, counted};
use crate::desk::{Says, button, form, hidden_input};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::{empty, name};

pub(super) fn section(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = if view.sheets.is_empty() {
        empty(
            says.say("没有等签字或锁定的评分表", "No sheet waits for signatures or the lock"),
            says.say(
                "一张评分表评完后，这里会显示还缺谁签字；全组签完就可以锁定。",
                "Once a sheet is whole, who has still to sign stands here; once all have, it can be locked.",
            ),
        )
    } else {
        let list = view.sheets.iter().map(|one| sheet(one, reader));
        el("ul").class("disagreements").add(list.collect::<Vec<_>>())
    };
    let locked = match reader.language {
        Language::Chinese => format!("已锁定 {} 张", view.locked),
        Language::English => format!("Locked: {}", view.locked),
    };
    let more = (view.more_sheets > 0).then(|| match reader.language {
        Language::Chinese => format!("；另有 {} 张没有显示", view.more_sheets),
        Language::English => format!("; not shown: {}", view.more_sheets),
    });
    let title = says.say("签字和锁定", "Signatures and locks");
    let about = el("p").class("about").add(locked).add(more);
    counted("sheets", title, view.sheets.len() + view.more_sheets).add(about).add(list)
}

fn sheet(one: &WholeSheet, reader: Reader) -> Element {
    let says = Says(reader.language);
    let head = el("h3")
        .add(competing(&one.competitor, reader))
        .add(" ")
        .add(el("span").class("mono").add(one.sub_criterion.to_string()))
        .add(" ")
        .add(name("span", &one.name, reader));
    let code = el("p")
        .class("about")
        .add(says.say("签字内容的校验码", "Code of what is signed"))
        .add(" ")
        .add(el("strong").class("mono").add(one.digest.short()));
    let next = if one.unsigned.is_empty() {
        let label = format!("{}: {} {}", says.say("锁定", "Lock"), one.competitor.code, one.sub_criterion);
        form("/chief/lock")
            .add(hidden_input("act", one.act.to_string()))
            .add(hidden_input("competitor", one.competitor.code.to_string()))
            .add(hidden_input("sub_criterion", one.sub_criterion.to_string()))
            .add(
                button("primary", says.say("全组已签字：锁定", "All have signed: lock it"))
                    .set("aria-label", label),
            )
    } else {
        let codes = one.unsigned.iter().map(JudgeCode::to_string).collect::<Vec<_>>();
        let codes = codes.join(if reader.language == Language::Chinese { "、" } else { ", " });
        el("p")
            .class("waits")
            .add(says.say("还缺 ", "Waits for "))
            .add(el("strong").class("mono").add(codes))
            .add(says.say(" 签字", " to sign"))
    };
    el("li").class("disagreement").add(head).add(code).add(next)
}
