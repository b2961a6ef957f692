//! Judges' cards: a QR code and a PIN each, to be printed or scanned from the screen.

use protocol::desk::Card;

use super::{Says, quiet_link};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::empty;
use crate::qr::qr;
use crate::trust::{TrustPage, fingerprint_view};

pub(super) fn cards_page(cards: &[Card], trust: TrustPage<'_>, back: &str, reader: Reader) -> Vec<Element> {
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
    vec![head, first(trust, reader), body]
}

fn card_view(card: &Card, reader: Reader) -> Element {
    let says = Says(reader.language);
    let code = qr(&card.address, says.say("登录二维码", "QR code for signing in"));
    let skill = format!("{} {}", card.skill.number, reader.pick(&card.skill.name));
    let about = el("div")
        .add(el("p").class("of").add(skill))
        .add(el("h2").add(card.name.clone()))
        .add(el("p").class("mono").add(card.judge.to_string()))
        .add(el("p").add("PIN ").add(el("strong").class("mono pin").add(card.pin.clone())))
        .add(el("p").class("mono address").add(card.address.clone()));
    el("li").class("judge-card").add(code).add(about)
}

/// What comes before the first card: a device that does not trust the server yet, and one that is not
/// ready, are found out before a judge stands there.
fn first(trust: TrustPage<'_>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let ready = el("a").set("href", "/ready").add(says.say("设备检查", "the device test"));
    let test = el("p")
        .class("about")
        .add(says.say("发卡之前，在每台设备上打开", "Before you hand them out, open "))
        .add(ready)
        .add(says.say("：/ready 。", " on each device: /ready."));
    let TrustPage::Own { address, fingerprint, .. } = trust else { return test };
    let code = qr(address, says.say("证书页的二维码", "QR code of the certificate's page"));
    let about = el("div")
        .add(el("h2").add(says.say("每台设备先扫这个", "Each device first")))
        .add(el("p").add(says.say(
            "安装服务器的证书，然后再扫登录卡。指纹须与屏幕上的一致：",
            "Install the server's certificate, then scan a card. The fingerprint must be the one on its screen:",
        )))
        .add(fingerprint_view(fingerprint))
        .add(el("p").class("mono address").add(address.to_owned()));
    el("div").add(test).add(el("div").class("judge-card trust-card").add(code).add(about))
}
