//! What can be done about a draw, each act only where it would not be refused.

use domain::finding::Language;
use protocol::draw::{Drawing, DrawingLayer, MayDraw};

use super::stand::{is_to_seal, to_open};
use crate::desk::{Says, button, confirmed, field, form, hidden_input, quiet_link, text_input};
use crate::draw::layer_name;
use crate::format::Reader;
use crate::node::{Element, el};

/// What is done to the whole draw: the seed, and the next layer to be opened.
pub(super) fn of_drawing(drawing: &Drawing, may: MayDraw, at: &str, reader: Reader) -> Vec<Element> {
    if drawing.layers.iter().any(|layer| layer.maker.is_none()) {
        return Vec::new();
    }
    if drawing.seed.is_none() {
        return may.draw.then(|| seed(at, reader)).into_iter().collect();
    }
    match &drawing.opening {
        Some(waits) if may.witness && !waits.is_mine => vec![witness(waits.layer, at, reader)],
        None if may.encode => to_open(drawing).into_iter().map(|layer| open(layer, at, reader)).collect(),
        Some(_) | None => Vec::new(),
    }
}

fn seed(at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "照来源公布的原样填写，包括空格；填入后就抽签，不能再改。",
        "Exactly as its source gave it, spaces included; entering it draws, and it cannot be changed.",
    );
    form(format!("{at}/seed"))
        .class("line")
        .add(
            field(
                says.say("种子", "Seed"),
                text_input("seed", "").set("maxlength", "200").set("autocomplete", "off"),
            )
            .add(el("small").add(about)),
        )
        .add(button("primary", says.say("填入种子并抽签", "Enter the seed and draw")))
}

fn open(layer: u32, at: &str, reader: Reader) -> Element {
    let words = match reader.language {
        Language::Chinese => format!("打开第 {layer} 层"),
        Language::English => format!("Open layer {layer}"),
    };
    slip(format!("{at}/open"), layer, words, reader)
}

fn witness(layer: u32, at: &str, reader: Reader) -> Element {
    let words = match reader.language {
        Language::Chinese => format!("见证并打开第 {layer} 层"),
        Language::English => format!("Witness the opening of layer {layer}"),
    };
    slip(format!("{at}/witness"), layer, words, reader)
}

/// A form that takes the words of a slip.
fn slip(action: String, layer: u32, words: String, reader: Reader) -> Element {
    let says = Says(reader.language);
    let input = text_input("words", "")
        .class("mono")
        .set("autocomplete", "off")
        .set("autocapitalize", "none")
        .set("spellcheck", "false");
    form(action)
        .class("line")
        .add(hidden_input("layer", layer.to_string()))
        .add(field(says.say("封条上的密语", "Words on the slip"), input))
        .add(el("button").class("primary").add(words))
}

/// What is done to one layer: committing to it, printing and sealing it.
pub(super) fn of_layer(
    drawing: &Drawing,
    layer: &DrawingLayer,
    may: MayDraw,
    at: &str,
    reader: Reader,
) -> Vec<Element> {
    if drawing.is_thrown {
        return Vec::new();
    }
    let says = Says(reader.language);
    let number = layer.layer;
    let label = layer_name(number, drawing.is_sealed, reader);
    if layer.maker.is_none() {
        let may_make = if drawing.is_sealed { may.encode } else { may.draw };
        // Each layer is made by another person.
        let has_one = drawing.layers.iter().any(|layer| layer.is_mine);
        let words = says.say("我来做这一层", "I make this layer");
        let commit = form(format!("{at}/commit"))
            .add(hidden_input("layer", number.to_string()))
            .add(button("primary", words).set("aria-label", format!("{words}: {label}")));
        return (may_make && !has_one).then_some(commit).into_iter().collect();
    }
    if drawing.seed.is_none() {
        return Vec::new();
    }
    let cards = format!("{at}/layer/{number}");
    if !drawing.is_sealed {
        return vec![quiet_link(says.say("打印结果", "Print the result"), cards)];
    }
    if !layer.is_mine || !is_to_seal(layer) {
        return Vec::new();
    }
    let words = says.say("封存本层", "Seal this layer");
    let about = says.say(
        "封存后谁也看不到本层，包括您；只有封条上的密语能打开。先打印再封存。",
        "Once sealed nobody sees this layer, you neither; only the words on its slips open it. Print it first, then seal it.",
    );
    let seal = form(format!("{at}/seal"))
        .add(hidden_input("layer", number.to_string()))
        .add(button("primary", words));
    vec![
        quiet_link(says.say("打印本层的编码", "Print this layer's codes"), cards),
        confirmed("quiet", words, format!("{words}: {label}"), about, seal),
    ]
}

/// Throwing the draw away, before any of its skills is open.
pub(super) fn throwing(drawing: &Drawing, may: MayDraw, at: &str, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    if drawing.skills.iter().all(|skill| skill.is_open) {
        return None;
    }
    if let Some(waits) = &drawing.throwing {
        let words = says.say("确认作废", "Confirm that it is thrown away");
        let about = says.say(
            "还没有开放的赛项，这次抽签作废，可以重抽；公开页会列出这次作废和它的理由。",
            "Of the skills that are not open this draw counts no longer, and they can be drawn anew; the public page lists that, with the reason.",
        );
        let confirm = form(format!("{at}/throw/confirm")).add(button("primary", words));
        let may_confirm = may.second && !waits.is_mine;
        return may_confirm.then(|| confirmed("quiet", words, words.to_owned(), about, confirm));
    }
    if !may.plan {
        return None;
    }
    let words = says.say("作废这次抽签", "Throw this draw away");
    let about = says.say(
        "须另一个人确认；已开放的赛项不受影响。作废的抽签和理由会在公开页列出，理由里请不要写姓名。",
        "Somebody else must confirm it; skills that are open keep theirs. The public page lists the draw with its reason, so write no names in it.",
    );
    let reason = text_input("reason", "").set("maxlength", "200").set("autocomplete", "off");
    let ask = form(format!("{at}/throw"))
        .add(field(says.say("理由", "Reason"), reason))
        .add(button("quiet", words));
    Some(confirmed("quiet", words, words.to_owned(), about, ask))
}
