//! What is printed of a layer: its codes, and the slips that it was sealed under.

use domain::draw::Codes;
use domain::finding::Language;
use protocol::draw::{LayerCard, LayerCards, Slips};
use protocol::view::SkillRef;

use super::titled;
use crate::desk::{Says, button, form, hidden_input, quiet_link};
use crate::draw::layer_name;
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};
use crate::qr::qr;

pub(in crate::desk) fn cards_title(reader: Reader) -> &'static str {
    Says(reader.language).say("本层的编码", "A layer's codes")
}

/// `/desk/competition/{id}/draw/{draw}/layer/{layer}`
pub(in crate::desk) fn cards_page(cards: &LayerCards, back: &str, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    // A public draw is the one that numbers its only layer; codes to be kept are random there.
    let is_public = cards.of == 1 && cards.codes == Codes::Numbers;
    let about = if is_public {
        says.say("每个编码一张卡，用浏览器打印。", "A card for each code; print them from the browser.")
    } else {
        says.say(
            "封存之前只有您看得到：现在打印，收好，再回去封存。",
            "Only you see this, until it is sealed: print it now, keep it safe, then go back and seal it.",
        )
    };
    let back = quiet_link(says.say("返回", "Back"), back.to_owned());
    let head = el("div")
        .class("head")
        .add(el("h1").add(cards_title(reader)))
        .add(el("p").class("of").add(of_layer(cards.layer, cards.of, !is_public, reader)))
        .add(name("p", &reader.pick(&cards.competition.name), reader).class("of"));
    if cards.is_sealed {
        let none = empty(
            says.say("已封存", "Sealed"),
            says.say(
                "本层只有封条上的密语能打开，打开前谁也看不到。",
                "Only the words on its slips open this layer; nobody sees it before.",
            ),
        );
        return vec![head.add(el("p").class("acts").add(back)), none];
    }
    let head = head.add(el("p").class("about").add(about)).add(el("p").class("acts").add(back));
    let skills = cards.skills.iter().map(|(skill, pairs)| skill_view(skill, pairs, reader));
    std::iter::once(head).chain(skills).collect()
}

fn skill_view(skill: &SkillRef, pairs: &[LayerCard], reader: Reader) -> Element {
    let label = format!("skill-{}", segment(&skill.id));
    let title = titled(skill, reader);
    let cards: Vec<Element> = pairs.iter().map(|card| card_view(card, &title, reader)).collect();
    el("section")
        .set("aria-labelledby", label.clone())
        .add(name("h2", &title, reader).set("id", label))
        .add(el("ul").class("judge-cards layer-cards").add(cards))
}

fn card_view(card: &LayerCard, skill: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let code = qr(card.to.as_str(), says.say("编码的二维码", "QR code of the code"));
    let who = (!card.name.is_empty()).then(|| name("p", &card.name, reader));
    let about = el("div")
        .add(name("p", skill, reader).class("of"))
        .add(el("p").class("mono").add(card.from.to_string()))
        .add(who)
        .add(el("p").class("mono drawn-code").add(card.to.to_string()));
    el("li").class("judge-card").add(code).add(about)
}

/// Which layer of how many, and what its codes are.
fn of_layer(layer: u32, of: u32, is_sealed: bool, reader: Reader) -> String {
    let what = layer_name(layer, is_sealed, reader);
    match reader.language {
        Language::Chinese => format!("第 {layer} 层，共 {of} 层：{what}"),
        Language::English => format!("Layer {layer} of {of}: {what}"),
    }
}

pub(in crate::desk) fn slips_title(reader: Reader) -> &'static str {
    Says(reader.language).say("封条", "Slips")
}

/// The slips that a layer was just sealed under.
pub(in crate::desk) fn slips_page(slips: &Slips, back: &str, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let about = says.say(
        "只显示这一次：现在打印或抄下，剪开，各自装入信封，交给三处分别保管。丢了两张，本层就再也打不开。都在纸上了，再点下面的按钮封存；没打印成，返回重做一次就好。",
        "Shown this once: print them now or write them down, cut them apart, and give each to its keeper in an envelope. With two of them lost nothing opens this layer. Once all three are on paper, seal it with the button below; if printing failed, go back and do it again.",
    );
    let sealed = form(format!("{back}/{}/sealed", segment(&slips.draw)))
        .add(hidden_input("layer", slips.layer.to_string()))
        .add(hidden_input("seen", slips.seen.clone()))
        .add(button("primary", says.say("三张都在纸上了，封存", "All three are on paper; seal it")));
    let back = quiet_link(says.say("返回，还不封存", "Go back without sealing"), back.to_owned());
    let head = el("div")
        .class("head")
        .add(el("h1").add(slips_title(reader)))
        .add(el("p").class("about").add(about))
        .add(el("div").class("acts").add(sealed).add(back));
    let [maker, supervision, safe] = &slips.words;
    let keepers = [
        (says.say("编码人", "Maker"), maker),
        (says.say("监督", "Supervision"), supervision),
        (says.say("组委会保险柜", "Organisers' safe"), safe),
    ];
    let shown: Vec<Element> =
        keepers.into_iter().map(|(keeper, words)| slip(slips, keeper, words, reader)).collect();
    vec![head, el("ul").class("slips seal-slips").add(shown)]
}

fn slip(slips: &Slips, keeper: &'static str, words: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let layer = match reader.language {
        Language::Chinese => format!("第 {} 层（{}）", slips.layer, layer_name(slips.layer, true, reader)),
        Language::English => format!("Layer {} ({})", slips.layer, layer_name(slips.layer, true, reader)),
    };
    let about = says.say(
        "三张中的任意两张合起来能打开本层；只显示这一次。",
        "Any two of the three open this layer together; shown this once.",
    );
    el("li")
        .class("slip")
        .add(el("h2").add(keeper))
        .add(name("p", &reader.pick(&slips.competition.name), reader))
        .add(el("p").add(layer))
        .add(el("p").class("mono words").set("translate", "no").add(words.to_owned()))
        .add(el("p").class("about").add(about))
}
