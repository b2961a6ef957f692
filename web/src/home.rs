//! The first page: what is live now, and the ladder of tiers.

use leptos::prelude::*;
use protocol::view::{CompetitionCard, HomeView, LiveCard, Topic};

use crate::format::Reader;
use crate::live::Live;
use crate::parts::{address, as_of, empty, figure, link_sign, notice, progress_bar, status_word};
use crate::text;

/// The page's live part.
pub(crate) fn home(live: Live<HomeView>, reader: Reader) -> impl IntoView {
    let Live { view, local } = live;
    let texts = reader.texts();
    view! {
        <div class="head hero">
            <h1>{texts.product}</h1>
            <p class="tagline">{texts.tagline}</p>
            <dl class="figures">
                {figure(texts.as_of, move || as_of(view.with(|view| view.as_of), reader))}
                <div class="figure tools"><dt>{link_sign(local, reader)}</dt><dd></dd></div>
            </dl>
        </div>
        {move || view.with(|view| content(view, reader))}
        {notice(local, move || view.with(|view| view.as_of), reader)}
    }
}

fn content(view: &HomeView, reader: Reader) -> impl IntoView + use<> {
    let texts = reader.texts();
    let cards = if view.live.is_empty() {
        empty(texts.nothing_live, texts.nothing_live_next).into_any()
    } else {
        let cards: Vec<_> = view.live.values().map(|live| live_card(live, reader)).collect();
        view! { <ul class="cards">{cards}</ul> }.into_any()
    };
    let mut tiers: Vec<(&str, Vec<&CompetitionCard>)> =
        text::TIERS.iter().map(|(tier, ..)| (*tier, Vec::new())).collect();
    for card in view.order.iter().filter_map(|id| view.competitions.get(id)) {
        match tiers.iter_mut().find(|(tier, _)| *tier == card.tier) {
            Some((_, cards)) => cards.push(card),
            None => tiers.push((&card.tier, vec![card])),
        }
    }
    let steps: Vec<_> = tiers.iter().map(|(tier, cards)| step(tier, cards, reader)).collect();
    view! {
        <section class="live-now" aria-labelledby="live-now">
            <h2 id="live-now">{texts.live_now}</h2>
            {cards}
        </section>
        <section aria-labelledby="ladder">
            <h2 id="ladder">{texts.ladder}</h2>
            <p class="about">{texts.ladder_about}</p>
            <ol class="ladder">{steps}</ol>
        </section>
    }
}

fn live_card(live: &LiveCard, reader: Reader) -> impl IntoView + use<> {
    let name = reader.pick(&live.card.skill.name);
    let competition = reader.pick(&live.competition.name);
    let at = address(&Topic::Skill(live.card.skill.id.clone()));
    view! {
        <li class="card">
            <a href=at lang=reader.foreign(&name)>{name.clone()}</a>
            <p class="of" lang=reader.foreign(&competition)>{competition.clone()}</p>
            {status_word(live.card.status, reader)}
            {progress_bar(live.card.progress)}
        </li>
    }
}

fn step(tier: &str, cards: &[&CompetitionCard], reader: Reader) -> impl IntoView + use<> {
    let class = if cards.is_empty() { "step is-empty" } else { "step" };
    let cards: Vec<_> = cards.iter().map(|card| competition_card(card, reader)).collect();
    let content = if cards.is_empty() {
        view! { <p class="about">{reader.texts().tier_is_empty}</p> }.into_any()
    } else {
        view! { <ul>{cards}</ul> }.into_any()
    };
    view! {
        <li class=class>
            <h3>{text::tier(tier, reader.language).to_owned()}</h3>
            {content}
        </li>
    }
}

fn competition_card(card: &CompetitionCard, reader: Reader) -> impl IntoView + use<> {
    let name = reader.pick(&card.competition.name);
    let at = address(&Topic::Competition(card.competition.id.clone()));
    let mut about = vec![text::skills(card.skills, reader.language)];
    about.push(text::competitors(card.competitors, reader.language));
    if card.released > 0 {
        about.push(text::released_skills(card.released, reader.language));
    }
    let live = (card.live > 0).then(|| {
        view! { <span class="status in-progress">{text::live_skills(card.live, reader.language)}</span> }
    });
    let dates = dates(&card.dates);
    view! {
        <li>
            <a href=at lang=reader.foreign(&name)>{name.clone()}</a>
            {live}
            <p>
                <span>{dates}</span>
                <span lang=reader.foreign(&card.host)>{card.host.clone()}</span>
            </p>
            <p>{about.join(" · ")}</p>
        </li>
    }
}

/// `2026-11-20 – 2026-11-23`, or the one day.
pub(crate) fn dates(dates: &[String]) -> String {
    match dates {
        [first, .., last] if first != last => format!("{first} – {last}"),
        [first, ..] => first.clone(),
        [] => String::new(),
    }
}
