//! Judges' cards: a QR code and a PIN each, to be printed or scanned from the screen.

use protocol::desk::Card;

use super::{Says, quiet_link};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::empty;

pub(super) fn cards_page(cards: &[Card], back: &str, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let about = says.say(
        "只显示这一次：现在打印，或让裁判当面扫码。每张卡只能登录一台设备。",
        "Shown this once: print them now, or let the judges scan them here. Each card signs one device in.",
    );
    let head = el("div")
        .class("head")
        .add(el("h1").add(says.say("裁判登录卡", "Judges' cards")))
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(quiet_link(says.say("返回", "Back"), back.to_owned())));
    let shown: Vec<Element> = cards.iter().map(|card| card_view(card, reader)).collect();
    let body = if shown.is_empty() {
        empty(
            says.say("没有要打印的登录卡", "There are no cards to print"),
            says.say(
                "每位裁判都已登录；需要换设备时，在名单里点“新登录卡”。",
                "Every judge is signed in; for another device use New card in the list.",
            ),
        )
    } else {
        el("ul").class("judge-cards").add(shown)
    };
    vec![head, body]
}

fn card_view(card: &Card, reader: Reader) -> Element {
    let says = Says(reader.language);
    let (size, path) = qr(&card.address);
    // A scanner needs four empty squares around the code.
    let whole = (size + 8).to_string();
    let ground = el("rect")
        .class("ground")
        .set("x", "-4")
        .set("y", "-4")
        .set("width", whole.clone())
        .set("height", whole.clone());
    let code = el("svg")
        .class("qr")
        .set("viewBox", format!("-4 -4 {whole} {whole}"))
        .set("role", "img")
        .set("aria-label", says.say("登录二维码", "QR code for signing in"))
        .add(ground)
        .add(el("path").set("d", path));
    let skill = format!("{} {}", card.skill.number, reader.pick(&card.skill.name));
    let about = el("div")
        .add(el("p").class("of").add(skill))
        .add(el("h2").add(card.name.clone()))
        .add(el("p").class("mono").add(card.judge.to_string()))
        .add(el("p").add("PIN ").add(el("strong").class("mono pin").add(card.pin.clone())))
        .add(el("p").class("mono address").add(card.address.clone()));
    el("li").class("judge-card").add(code).add(about)
}

/// A QR code as one path of unit squares, and how many stand in a row.
fn qr(text: &str) -> (usize, String) {
    // An address of ours is far shorter than what a code holds.
    let Ok(code) = fast_qr::QRBuilder::new(text).build() else { return (0, String::new()) };
    let dark = |row: usize, column: usize| code[row][column].value();
    let cells = (0..code.size).flat_map(|row| (0..code.size).map(move |column| (row, column)));
    let path = cells
        .filter(|(row, column)| dark(*row, *column))
        .map(|(row, column)| format!("M{column} {row}h1v1h-1z"))
        .collect();
    (code.size, path)
}
