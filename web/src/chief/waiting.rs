//! What needs a decision: conflicts and late marks, two values side by side.

use domain::finding::Language;
use protocol::chief::{ChiefView, Said, Waiting};

use super::{aspect, competing, counted, reasoned, said};
use crate::desk::{Says, button, confirmed, form, hidden_input};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::notes::{Door, beside};
use crate::parts::{empty, moment, name};

/// Device and server clocks that differ by less say nothing.
const CLOCKS_APART_MS: i64 = 60_000;

pub(super) fn section(view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let count = view.waiting.len() + view.more_waiting;
    let list = if view.waiting.is_empty() {
        empty(
            says.say("没有要您决定的值", "No value waits for you"),
            says.say(
                "两位裁判在同一格录入了不同的值，或者锁定、结束之后才到的评分，会并排显示在这里。",
                "Where two judges entered different values in one cell, or a mark came after a lock or the close, both values will stand here side by side.",
            ),
        )
    } else {
        el("ul")
            .class("decisions")
            .add(view.waiting.iter().map(|one| decision(one, view, reader)).collect::<Vec<_>>())
    };
    let more = (view.more_waiting > 0).then(|| {
        el("p").class("about").add(match reader.language {
            Language::Chinese => format!("还有 {} 个，前面的决定之后显示。", view.more_waiting),
            Language::English => format!("{} more are shown once these are decided.", view.more_waiting),
        })
    });
    counted("waiting", says.say("等您决定", "Waits for your decision"), count).add(list).add(more)
}

fn decision(one: &Waiting, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let max = match reader.language {
        Language::Chinese => format!("满分 {}", one.aspect.max),
        Language::English => format!("out of {}", one.aspect.max),
    };
    let round = one.round.map(|round| match reader.language {
        Language::Chinese => format!(" · 第 {round} 轮"),
        Language::English => format!(" · round {round}"),
    });
    let head = el("header")
        .add(el("h3").add(competing(&one.competitor, reader)).add(" ").add(aspect(
            &one.aspect.id,
            &one.aspect.description,
            reader,
        )))
        .add(el("span").class("about").add(max).add(round));
    let why = one.why.as_ref().map(|why| el("p").class("note attention").add(why.say(reader.language)));
    let entered = column("entered", says.say("待决的值", "Entered"), Some(&one.entered), one, reader);
    let stands = one.stands.as_ref().map(|(_, said)| said);
    let stands = column("stands", says.say("现有的值", "Stands there now"), stands, one, reader);
    let choose = (!one.is_proposed)
        .then(|| el("div").class("choose").add(take(one, view, reader)).add(keep(one, view, reader)));
    let proposed = one.is_proposed.then(|| {
        let words = says
            .say("已请第二个人确认采用左边的值。", "A second person was asked to confirm the entered value.");
        let link = el("a").set("href", "#second").add(says.say("去看", "See"));
        el("p").class("note").add(words).add(" ").add(link)
    });
    el("li")
        .class("decision")
        .set("id", format!("waiting-{}", one.entry))
        .add(head)
        .add(why)
        .add(el("div").class("two").add(entered).add(stands))
        .add(beside(&one.notes, Door::Chief, reader))
        .add(choose)
        .add(proposed)
}

/// One of the two values, with who, which device and when.
fn column(
    class: &'static str,
    title: &'static str,
    of: Option<&Said>,
    one: &Waiting,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let side = el("div").class(class).add(el("h4").add(title));
    let Some(of) = of else {
        return side.add(el("p").class("value none").add(says.say("空的", "Nothing")));
    };
    let value = of.value.as_ref().map_or_else(
        || {
            el("p").class("value none").add(says.say("暂不显示", "Not shown yet")).add(el("small").add(
                says.say(
                    "您也在这个评分组里；全组打完分才显示。",
                    "You sit on this panel too; it is shown once everybody has scored.",
                ),
            ))
        },
        |value| {
            let mark = of.mark.map(|mark| match reader.language {
                Language::Chinese => format!("得分 {mark}"),
                Language::English => format!("gives {mark}"),
            });
            let none = says.say("还得不出分", "no mark yet").to_owned();
            let words = said(Some(&one.aspect), value, reader);
            el("p")
                .class("value")
                .add(name("strong", &words, reader))
                .add(" ")
                .add(el("span").class("mark").add(mark.unwrap_or(none)))
        },
    );
    let typed = of.typed_by.as_ref().map(|by| match reader.language {
        Language::Chinese => format!("（由 {by} 录入）"),
        Language::English => format!(" (typed by {by})"),
    });
    let fact = |name: &'static str, value: Element| el("div").add(el("dt").add(name)).add(value);
    let is_apart = (of.received_at - of.entered_at).abs() >= CLOCKS_APART_MS;
    let entered_at = is_apart.then(|| {
        let when = el("dd").add(moment(of.entered_at, reader));
        fact(says.say("设备上录入", "On the device"), when)
    });
    let corrected = of.reason.as_ref().map(|reason| {
        fact(says.say("改正的理由", "Corrected because"), el("dd").add(name("span", reason, reader)))
    });
    let facts = el("dl")
        .class("how")
        .add(fact(says.say("裁判", "Judge"), el("dd").class("mono").add(of.judge.to_string()).add(typed)))
        .add(fact(says.say("设备", "Device"), el("dd").class("mono").add(format!("…{}", of.device))))
        .add(entered_at)
        .add(corrected)
        .add(fact(says.say("服务器收到", "Received"), el("dd").add(moment(of.received_at, reader))));
    side.add(value).add(facts)
}

fn settle(one: &Waiting, choice: &'static str, view: &ChiefView, reader: Reader) -> Element {
    let stands = one.stands.as_ref().map(|(entry, _)| entry.to_string()).unwrap_or_default();
    let fields = form("/chief/settle")
        .add(hidden_input("act", one.act.to_string()))
        .add(hidden_input("entry", one.entry.to_string()))
        .add(hidden_input("stands", stands))
        .add(hidden_input("choice", choice));
    reasoned(fields, &view.salt, reader)
}

fn label(words: &str, one: &Waiting) -> String {
    format!("{words}: {} {}", one.competitor.code, one.aspect.id)
}

fn take(one: &Waiting, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let words = says.say("采用这个值", "Take this one");
    let (act, about) = if one.needs_second {
        (
            says.say("请第二个人确认", "Ask a second person"),
            says.say(
                "迟到的评分须两个人准许：先在这里提出，第二个人在自己的设备上确认之后才计入成绩。",
                "A late mark takes two persons: ask for it here, and it counts once a second person confirms it on a device of their own.",
            ),
        )
    } else {
        (
            words,
            says.say(
                "这个值计入成绩，现有的值不再计入；两个值都留在账本里。决定之后不能撤销，只能由裁判再更正。",
                "This value counts and the one that stands does not; the ledger keeps both. It cannot be undone, only corrected by a judge.",
            ),
        )
    };
    let confirm = settle(one, "take", view, reader).add(button("primary", act));
    confirmed("quiet", words, label(words, one), about, confirm)
}

fn keep(one: &Waiting, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (words, about) = if one.stands.is_some() {
        (
            says.say("保留现有的值", "Keep what stands"),
            says.say(
                "成绩不变；待决的值不计入，留在账本里。决定之后不能撤销，只能由裁判再更正。",
                "The result stays as it is; the other value does not count and stays in the ledger. It cannot be undone, only corrected by a judge.",
            ),
        )
    } else {
        (
            says.say("不采用，保持空白", "Turn it away"),
            says.say(
                "这一格保持空白；待决的值不计入，留在账本里。决定之后不能撤销，只能由裁判再录入。",
                "The cell stays empty; the value does not count and stays in the ledger. It cannot be undone, only entered again by a judge.",
            ),
        )
    };
    let confirm = settle(one, "keep", view, reader).add(button("primary", words));
    confirmed("quiet", words, label(words, one), about, confirm)
}
