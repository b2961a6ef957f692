//! Sheets: who has still to sign, signing for somebody, the lock once everybody has, and opening an aspect
//! of a locked one again.

use domain::finding::Language;
use domain::id::{AspectId, EntryId, JudgeCode};
use protocol::chief::{ChiefView, CompetitorWord, WholeSheet, sheets_text};

use super::{chief_address, competing, counted, reasoned};
use crate::countersign::countersign_address;
use crate::desk::{Says, button, confirmed, field, form, hidden_input, option};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::notes::{Door, beside};
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
        let list = view.sheets.iter().map(|one| waiting(one, view, reader));
        el("ul").class("disagreements").add(list.collect::<Vec<_>>())
    };
    let locked = match reader.language {
        Language::Chinese => format!("已锁定 {} 张", view.locked),
        Language::English => format!("Locked: {}", view.locked),
    };
    let title = says.say("签字和锁定", "Signatures and locks");
    let about = el("p").class("about").add(locked).add(not_shown(view.more_sheets, reader));
    counted("sheets", title, view.sheets.len() + view.more_sheets)
        .add(about)
        .add(lock_all(view, reader))
        .add(list)
        .add(locked_sheets(view, reader))
}

fn not_shown(more: usize, reader: Reader) -> Option<String> {
    (more > 0).then(|| match reader.language {
        Language::Chinese => format!("；另有 {more} 张没有显示，请按选手编号查找"),
        Language::English => format!("; not shown: {more}, find them by competitor"),
    })
}

/// The lock of every sheet that everybody has signed, where there is more than one.
fn lock_all(view: &ChiefView, reader: Reader) -> Option<Element> {
    let count = view.signed.len();
    if count < 2 {
        return None;
    }
    let words = match reader.language {
        Language::Chinese => format!("全部锁定：{count} 张全组已签字的评分表"),
        Language::English => format!("Lock all {count} sheets that everybody has signed"),
    };
    let lock = form(chief_address("/chief/lock-all", &view.find, None))
        .class("lock-all")
        .add(hidden_input("act", view.acts.lock.to_string()))
        .add(hidden_input("sheets", sheets_text(&view.signed)))
        .add(el("button").class("primary").add(words));
    Some(lock)
}

/// Locked sheets, folded, each with the way to open one aspect again.
fn locked_sheets(view: &ChiefView, reader: Reader) -> Option<Element> {
    let count = view.locked_sheets.len() + view.more_locked;
    if count == 0 {
        return None;
    }
    let label = match reader.language {
        Language::Chinese => format!("看已锁定的评分表（{count}）"),
        Language::English => format!("See locked sheets ({count})"),
    };
    let list = view.locked_sheets.iter().map(|one| {
        el("li")
            .class("disagreement")
            .add(head(one, reader))
            .add(signed_for(one, reader))
            .add(competitor(one, reader))
            .add(beside(&one.notes, Door::Chief, reader))
            .add(drawn(one, reader))
            .add(unlock(one, view, reader))
    });
    // Whoever looks for somebody wants to see them.
    let is_open = (!view.find.is_empty()).then_some("");
    let more = not_shown(view.more_locked, reader);
    Some(
        el("details")
            .class("folded")
            .set_some("open", is_open)
            .add(el("summary").add(label).add(more))
            .add(el("ul").class("disagreements").add(list.collect::<Vec<_>>())),
    )
}

fn head(one: &WholeSheet, reader: Reader) -> Element {
    el("h3")
        .add(competing(&one.competitor, reader))
        .add(" ")
        .add(el("span").class("mono").add(one.sub_criterion.to_string()))
        .add(" ")
        .add(name("span", &one.name, reader))
}

/// A sheet that waits for marks, signatures or the lock.
fn waiting(one: &WholeSheet, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let code = el("p")
        .class("about")
        .add(says.say("签字内容的校验码", "Code of what is signed"))
        .add(" ")
        .add(el("strong").class("mono").add(one.digest.short()));
    let mut sheet = el("li").class("disagreement").add(head(one, reader)).add(opened(one, reader)).add(code);
    if one.missing > 0 {
        sheet = sheet.add(el("p").class("waits").add(match reader.language {
            Language::Chinese => format!("还有 {} 个评分点没有结果", one.missing),
            Language::English => format!("Aspects without a result: {}", one.missing),
        }));
    } else if one.undecided > 0 {
        sheet = sheet.add(el("p").class("waits").add(match reader.language {
            Language::Chinese => format!("还有 {} 个值等您决定，之后才能签字和锁定", one.undecided),
            Language::English => format!(
                "Values that wait for your decision before it can be signed and locked: {}",
                one.undecided
            ),
        }));
    }
    if !one.unsigned.is_empty() {
        let codes = codes(&one.unsigned, reader);
        let waits = el("p")
            .class("waits")
            .add(says.say("还缺 ", "Waits for "))
            .add(el("strong").class("mono").add(codes))
            .add(says.say(" 签字", " to sign"));
        sheet = sheet.add(waits);
    }
    sheet = sheet.add(declined(one, reader)).add(competitor(one, reader));
    sheet = sheet.add(signed_for(one, reader)).add(drawn(one, reader));
    sheet = sheet.add(beside(&one.notes, Door::Chief, reader));
    if one.is_ready() {
        sheet = sheet.add(lock(one, view, reader));
    } else if one.missing == 0 && one.undecided == 0 && !one.unsigned.is_empty() {
        sheet = sheet.add(sign_for(one, view, reader));
    }
    sheet.add(unlock(one, view, reader))
}

fn codes(judges: &[JudgeCode], reader: Reader) -> String {
    let codes = judges.iter().map(JudgeCode::to_string).collect::<Vec<_>>();
    codes.join(if reader.language == Language::Chinese { "、" } else { ", " })
}

/// Which aspects were opened again, or that something changed after the lock.
fn opened(one: &WholeSheet, reader: Reader) -> Option<Element> {
    let aspects = one.unlocked.iter().map(AspectId::to_string).collect::<Vec<_>>();
    let words = match (aspects.is_empty(), one.is_changed, reader.language) {
        (false, _, Language::Chinese) => {
            format!("已解锁 {}：改好后重新签字和锁定", aspects.join("、"))
        }
        (false, _, Language::English) => {
            format!("Opened again: {}; once put right it is signed and locked anew", aspects.join(", "))
        }
        (true, true, Language::Chinese) => "锁定之后有变动：须重新签字和锁定".to_owned(),
        (true, true, Language::English) => "Changed after its lock: it is signed and locked anew".to_owned(),
        (true, false, _) => return None,
    };
    Some(el("p").class("note attention").add(words))
}

/// Who declined to sign, and why.
fn declined(one: &WholeSheet, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let each = one.declined.iter().map(|(judge, reason)| {
        let reason = reason.as_deref().unwrap_or(says.say("理由已删除", "the reason was erased"));
        el("p")
            .class("note attention declined")
            .add(el("strong").class("mono").add(judge.to_string()))
            .add(says.say(" 没有签：", " declined to sign: "))
            .add(name("span", reason, reader))
    });
    each.collect()
}

/// For whom somebody else signed.
fn signed_for(one: &WholeSheet, reader: Reader) -> Option<Element> {
    if one.signed_for.is_empty() {
        return None;
    }
    let each = one.signed_for.iter().map(|(judge, by)| match reader.language {
        Language::Chinese => format!("{by} 代 {judge} 签字"),
        Language::English => format!("{by} signed for {judge}"),
    });
    let each = each.collect::<Vec<_>>().join(if reader.language == Language::Chinese { "，" } else { ", " });
    Some(el("p").class("signed-for").add(each))
}

/// What the competitor said, where the rules ask for their signature; the way to it, while it is missing
///
fn competitor(one: &WholeSheet, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let link = |words| {
        let to = countersign_address(one.competitor.code.as_str(), one.sub_criterion.as_str());
        el("a").set("href", to).add(words)
    };
    Some(match &one.competitor_word {
        CompetitorWord::NotAskedFor | CompetitorWord::Signed(_) => return None,
        CompetitorWord::Waits if !one.unsigned.is_empty() => return None,
        CompetitorWord::Waits => el("p")
            .class("waits")
            .add(says.say("还缺选手签字：", "Waits for the competitor to sign: "))
            .add(link(says.say("请选手签字", "let them sign"))),
        CompetitorWord::Refused(reason) => el("p")
            .class("note attention declined")
            .add(says.say("选手没有签：", "The competitor refused to sign: "))
            .add(name(
                "span",
                reason.as_deref().unwrap_or(says.say("理由已删除", "the reason was erased")),
                reader,
            ))
            .add(" ")
            .add(link(says.say("再请选手签，或代签", "let them sign after all, or sign for them"))),
        CompetitorWord::For(by) => el("p").class("signed-for").add(match reader.language {
            Language::Chinese => format!("{by} 代选手签字"),
            Language::English => format!("{by} signed for the competitor"),
        }),
    })
}

/// The signatures as they were drawn, each loaded where it is looked at: there may be hundreds.
fn drawn(one: &WholeSheet, reader: Reader) -> Option<Element> {
    let mut drawings: Vec<(String, EntryId)> =
        one.drawn.iter().map(|(judge, entry)| (judge.to_string(), *entry)).collect();
    if let CompetitorWord::Signed(entry) = one.competitor_word {
        drawings.push((one.competitor.code.to_string(), entry));
    }
    if drawings.is_empty() {
        return None;
    }
    let each = drawings.into_iter().map(|(judge, entry)| {
        let label = match reader.language {
            Language::Chinese => format!("{judge} 的手写签名"),
            Language::English => format!("Signature of {judge}"),
        };
        let picture = el("img")
            .set("src", format!("/api/judge/drawings/{entry}"))
            .set("alt", label)
            .set("width", "150")
            .set("height", "60")
            .set("loading", "lazy");
        let caption = el("figcaption").class("mono").add(judge);
        el("figure").add(picture).add(caption)
    });
    Some(el("div").class("drawn").add(each.collect::<Vec<_>>()))
}

fn lock(one: &WholeSheet, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let words = says.say("全组已签字：锁定", "All have signed: lock it");
    let label = format!("{words}: {} {}", one.competitor.code, one.sub_criterion);
    form(chief_address("/chief/lock", &view.find, None))
        .add(hidden_input("act", one.act.to_string()))
        .add(hidden_input("competitor", one.competitor.code.to_string()))
        .add(hidden_input("sub_criterion", one.sub_criterion.to_string()))
        .add(button("primary", words).set("aria-label", label))
}

fn sign_for(one: &WholeSheet, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let judges = one.unsigned.iter().map(|judge| option(judge.to_string(), false, judge.to_string()));
    let judges = el("select").set("name", "judge").add(judges.collect::<Vec<_>>());
    let fields = form(chief_address("/chief/sign", &view.find, None))
        .add(hidden_input("act", one.act.to_string()))
        .add(hidden_input("competitor", one.competitor.code.to_string()))
        .add(hidden_input("sub_criterion", one.sub_criterion.to_string()))
        .add(hidden_input("sheet", one.digest.to_string()))
        .add(field(says.say("代谁签字", "For whom"), judges));
    let words = says.say("代为签字", "Sign for a judge");
    let about = says.say(
        "裁判缺席或拒绝签字时，由裁判长代签；评分表上注明是代签和理由，不能撤销。",
        "Where a judge is absent or refuses, the chief judge signs for them; the sheet says so, with the reason. It cannot be undone.",
    );
    let label = format!("{words}: {} {}", one.competitor.code, one.sub_criterion);
    let confirm = reasoned(fields, &view.salt, reader).add(button("primary", words));
    confirmed("quiet", words, label, about, confirm)
}

fn unlock(one: &WholeSheet, view: &ChiefView, reader: Reader) -> Option<Element> {
    if one.to_unlock.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let aspects = one.to_unlock.iter();
    let aspects = aspects.map(|(id, about)| option(id.to_string(), false, format!("{id} {about}")));
    let aspects = el("select").set("name", "aspect").add(aspects.collect::<Vec<_>>());
    let fields = form(chief_address("/chief/unlock", &view.find, None))
        .add(hidden_input("act", one.act.to_string()))
        .add(hidden_input("competitor", one.competitor.code.to_string()))
        .add(field(says.say("评分点", "Aspect"), aspects));
    let words = says.say("解锁一个评分点", "Open an aspect again");
    let about = says.say(
        "第二个人确认后，裁判可以更正这一个评分点，其余仍然锁定；这张评分表的签字随之全部作废，改好后重新签字和锁定。",
        "Once a second person confirms it, judges can correct this one aspect, and the rest stays locked; all signatures on this sheet are then void, and it is signed and locked anew.",
    );
    let label = format!("{words}: {} {}", one.competitor.code, one.sub_criterion);
    let ask = button("primary", says.say("请第二个人确认", "Ask a second person"));
    let confirm = reasoned(fields, &view.salt, reader).add(ask);
    Some(confirmed("quiet", words, label, about, confirm))
}
