//! The first page: what is live now, and the ladder of tiers.

use protocol::view::{CompetitionCard, HomeView, LiveCard, Topic};

use crate::format::Reader;
use crate::live::Local;
use crate::node::{Content as _, Element, Node, el};
use crate::parts::{empty, figure, link_sign, moment, name, name_link, notice, progress_bar, status_word};
use crate::text;

/// The page's live part.
pub(crate) fn home(view: &HomeView, local: &Local, reader: Reader) -> Vec<Node> {
    let texts = reader.texts();
    let mut nodes = Vec::new();
    let head = el("div")
        .class("head hero")
        .add(el("h1").add(texts.product))
        .add(el("p").class("tagline").add(texts.tagline));
    head.add_to(&mut nodes);
    live_now(view, local, reader).add_to(&mut nodes);
    ladder(view, reader).add_to(&mut nodes);
    notice(local, view.as_of, reader).add_to(&mut nodes);
    nodes
}

fn live_now(view: &HomeView, local: &Local, reader: Reader) -> Element {
    let texts = reader.texts();
    let cards: Vec<Element> = view.live.values().map(|live| live_card(live, reader)).collect();
    let cards = if cards.is_empty() {
        empty(texts.nothing_live, texts.nothing_live_next)
    } else {
        el("ul").class("cards").add(cards)
    };
    let figures = el("dl").class("aside").add(figure(texts.as_of, moment(view.as_of, reader)));
    let heading = el("div")
        .class("section-head")
        .add(el("h2").set("id", "live-now").add(texts.live_now))
        .add(figures)
        .add(link_sign(local, reader));
    el("section").set("aria-labelledby", "live-now").add(heading).add(cards)
}

fn live_card(live: &LiveCard, reader: Reader) -> Element {
    let topic = Topic::Skill(live.card.skill.id.clone());
    el("li")
        .class("card")
        .key(live.card.skill.id.clone())
        .add(name_link(&topic, &reader.pick(&live.card.skill.name), reader))
        .add(name("p", &reader.pick(&live.competition.name), reader).class("of"))
        .add(status_word(live.card.status, reader))
        .add(progress_bar(live.card.progress))
}

fn ladder(view: &HomeView, reader: Reader) -> Element {
    let texts = reader.texts();
    let mut tiers: Vec<(&str, Vec<&CompetitionCard>)> =
        text::TIERS.iter().map(|(tier, ..)| (*tier, Vec::new())).collect();
    for card in view.order.iter().filter_map(|id| view.competitions.get(id)) {
        match tiers.iter_mut().find(|(tier, _)| *tier == card.tier) {
            Some((_, cards)) => cards.push(card),
            None => tiers.push((&card.tier, vec![card])),
        }
    }
    let steps = tiers.iter().map(|(tier, cards)| step(tier, cards, reader));
    el("section")
        .set("aria-labelledby", "ladder")
        .add(el("h2").set("id", "ladder").add(texts.ladder))
        .add(el("p").class("about").add(texts.ladder_about))
        .add(el("ol").class("ladder").add(steps.collect::<Vec<_>>()))
}

fn step(tier: &str, cards: &[&CompetitionCard], reader: Reader) -> Element {
    let heading = el("h3").add(text::tier(tier, reader.language).to_owned());
    if cards.is_empty() {
        let empty = el("p").class("about").add(reader.texts().tier_is_empty);
        return el("li").class("step is-empty").add(heading).add(empty);
    }
    let is_live = cards.iter().any(|card| card.live > 0);
    let cards = cards.iter().map(|card| competition_card(card, reader)).collect::<Vec<_>>();
    el("li").class(if is_live { "step is-live" } else { "step" }).add(heading).add(el("ul").add(cards))
}

fn competition_card(card: &CompetitionCard, reader: Reader) -> Element {
    let topic = Topic::Competition(card.competition.id.clone());
    let live = (card.live > 0)
        .then(|| el("span").class("status in-progress").add(text::live_skills(card.live, reader.language)));
    let mut figures = vec![
        text::skills(card.skills, reader.language),
        text::competitors(card.competitors, reader.language),
    ];
    if card.released > 0 {
        figures.push(text::released_skills(card.released, reader.language));
    }
    let facts = el("p").add(el("span").add(dates(&card.dates))).add(name("span", &card.host, reader));
    el("li")
        .key(card.competition.id.clone())
        .add(name_link(&topic, &reader.pick(&card.competition.name), reader))
        .add(live)
        .add(facts)
        .add(el("p").add(figures.into_iter().map(|figure| el("span").add(figure)).collect::<Vec<_>>()))
}

/// `2026-11-20 – 2026-11-23`, or the one day.
pub(crate) fn dates(dates: &[String]) -> String {
    match dates {
        [first, .., last] if first != last => format!("{first} – {last}"),
        [first, ..] => first.clone(),
        [] => String::new(),
    }
}
