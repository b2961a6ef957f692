//! When competitors start and hand in: one tap each, or all at once, by the server's clock.

use domain::finding::Language;
use domain::id::EntryId;
use protocol::chief::{ChiefView, Competitor};
use protocol::view::Presence;

use super::chief_address;
use crate::desk::{Says, button, confirmed, form, hidden_input};
use crate::format::{Reader, hours_minutes_seconds};
use crate::node::{Element, el};

/// Everybody's start, and everybody's hand-in: the usual case.
pub(super) fn of_all(view: &ChiefView, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let all = |act: EntryId, what: &'static str, words: String, about: &'static str, go: &'static str| {
        let fields = form(chief_address("/chief/moment-all", &view.find, None))
            .add(hidden_input("act", act.to_string()))
            .add(hidden_input("what", what))
            .add(button("primary", go));
        let ask = el("summary").class("quiet").add(words);
        let what = el("div").class("what").add(el("p").add(about)).add(fields);
        el("details").class("confirm").add(ask).add(what)
    };
    let (start, hand_in) = match reader.language {
        Language::Chinese => {
            (format!("全部开始（{} 名）", view.to_start), format!("全部交件（{} 名）", view.to_hand_in))
        }
        Language::English => {
            (format!("All start ({})", view.to_start), format!("All hand in ({})", view.to_hand_in))
        }
    };
    let mut forms = Vec::new();
    if view.to_start > 0 {
        let about = says.say(
            "所有参赛而还没有开始的选手，开始时间都记为按下的这一刻（服务器的钟）。缺席的人请先记缺席。",
            "Everybody who competes and has not started gets the moment of this tap, by the server's clock. Enter first who is absent.",
        );
        forms.push(all(view.acts.start, "start", start, about, says.say("现在全部开始", "All start now")));
    }
    if view.to_hand_in > 0 {
        let about = says.say(
            "所有已经开始而还没有交件的选手，交件时间都记为按下的这一刻（服务器的钟）。",
            "Everybody who has started and not handed in gets the moment of this tap, by the server's clock.",
        );
        let go = says.say("现在全部交件", "All hand in now");
        forms.push(all(view.acts.hand_in, "hand_in", hand_in, about, go));
    }
    forms
}

/// A competitor's times, and the next tap.
pub(super) fn of_one(one: &Competitor, view: &ChiefView, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let mut parts = Vec::new();
    if let Some(told) = told(one, reader) {
        parts.push(told);
    }
    if one.presence != Presence::Competing {
        return parts;
    }
    let next = match (one.start, one.hand_in) {
        (None, _) => Some(("start", says.say("开始", "Start"))),
        (Some(_), None) => Some(("hand_in", says.say("交件", "Hand in"))),
        (Some(_), Some(_)) => None,
    };
    if let Some((what, words)) = next {
        let stands = if what == "start" { one.start } else { one.hand_in };
        let label = format!("{words}: {}", one.competitor.code);
        let tap = button("quiet", words).set("aria-label", label);
        parts.push(now(one, view, what, stands).add(tap));
    }
    if one.start.is_some() {
        parts.push(correct(one, view, reader));
    }
    parts
}

fn told(one: &Competitor, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let (_, start) = one.start.or(one.hand_in)?;
    let start = one.start.is_some().then(|| format!("{} {}", says.say("开始", "start"), reader.clock(start)));
    let hand_in = one.hand_in.map(|(_, at)| format!("{} {}", says.say("交件", "hand-in"), reader.clock(at)));
    let took = one.elapsed_ms.map(|took| {
        let sign = if took < 0 { "−" } else { "" };
        let clock = hours_minutes_seconds(took.unsigned_abs().cast_signed() / 1000);
        format!("{} {sign}{clock}", says.say("用时", "took"))
    });
    let all: Vec<String> = [start, hand_in, took].into_iter().flatten().collect();
    Some(el("span").class("clocks").add(all.join(" · ")))
}

fn now(one: &Competitor, view: &ChiefView, what: &'static str, stands: Option<(EntryId, i64)>) -> Element {
    let stands = stands.map(|(entry, _)| entry.to_string()).unwrap_or_default();
    form(chief_address("/chief/moment", &view.find, None))
        .add(hidden_input("act", one.act.to_string()))
        .add(hidden_input("competitor", one.competitor.code.to_string()))
        .add(hidden_input("what", what))
        .add(hidden_input("stands", stands))
}

/// A false start, or a hand-in that was none: the time anew, at the moment of the tap.
fn correct(one: &Competitor, view: &ChiefView, reader: Reader) -> Element {
    let says = Says(reader.language);
    let again = says.say("现在重新开始", "Starts anew now");
    let mut forms =
        el("div").class("anew").add(now(one, view, "start", one.start).add(button("quiet", again)));
    if one.hand_in.is_some() {
        let again = says.say("现在才交件", "Hands in only now");
        forms = forms.add(now(one, view, "hand_in", one.hand_in).add(button("quiet", again)));
    }
    let words = says.say("更正", "Correct");
    let about = says.say(
        "以按下的这一刻代替原来的时间；原来的留在账本里。少算的时间用补时。",
        "The moment of the tap takes the place of the time that stands; the ledger keeps that one. Give time back by a decision.",
    );
    confirmed("quiet", words, format!("{words}: {}", one.competitor.code), about, forms)
}
