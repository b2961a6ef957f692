//! A competition's page: its skills, and the delegations with what is released of them.

use protocol::view::{CompetitionView, DelegationLine, SkillCard, Topic};

use crate::format::{Reader, segment};
use crate::home::dates;
use crate::live::Local;
use crate::node::{Content as _, Element, Node, el};
use crate::parts::{
    award, breadcrumbs, cell, empty, figure, link_sign, moment, name, name_link, notice, progress_bar,
    rehearsal, row_heading, status_word, table, table_row,
};
use crate::text;

/// The page's live part.
pub(crate) fn competition(view: &CompetitionView, local: &Local, reader: Reader) -> Vec<Node> {
    let mut nodes = Vec::new();
    head(view, local, reader).add_to(&mut nodes);
    skills(view, reader).add_to(&mut nodes);
    delegations(view, reader).add_to(&mut nodes);
    notice(local, view.as_of, reader).add_to(&mut nodes);
    nodes
}

fn head(view: &CompetitionView, local: &Local, reader: Reader) -> Element {
    let texts = reader.texts();
    let facts = el("p")
        .class("facts")
        .add(el("span").add(text::tier(&view.tier, reader.language).to_owned()))
        .add(name("span", &view.edition, reader))
        .add(el("span").add(dates(&view.dates)))
        .add(name("span", &view.venue, reader))
        .add(name("span", &view.host, reader))
        .add(view.has_draw.then(|| {
            let address = format!("/competition/{}/draw", segment(&view.competition.id));
            el("a").set("href", address).add(texts.draw)
        }));
    let figures = el("dl")
        .class("figures")
        .add((view.progress.of > 0).then(|| figure(texts.progress, progress_bar(view.progress))))
        .add(figure(texts.as_of, moment(view.as_of, reader)))
        .add(el("div").class("figure tools").add(el("dt").add(link_sign(local, reader))).add(el("dd")));
    el("div")
        .class("head")
        .add(rehearsal(&view.competition, reader))
        .add(breadcrumbs(None, reader))
        .add(name("h1", &reader.pick(&view.competition.name), reader))
        .add(facts)
        .add(figures)
}

fn skills(view: &CompetitionView, reader: Reader) -> Element {
    let texts = reader.texts();
    let cards = view.order.iter().filter_map(|id| view.skills.get(id)).map(|card| skill_card(card, reader));
    let cards: Vec<Element> = cards.collect();
    let content = if cards.is_empty() {
        empty(texts.no_skills, texts.no_skills_next)
    } else {
        el("ul").class("cards").add(cards)
    };
    el("section")
        .set("aria-labelledby", "skills")
        .add(el("h2").set("id", "skills").add(texts.skills))
        .add(content)
}

fn skill_card(card: &SkillCard, reader: Reader) -> Element {
    let topic = Topic::Skill(card.skill.id.clone());
    let progress = (card.progress.of > 0).then(|| progress_bar(card.progress));
    el("li")
        .class("card")
        .key(card.skill.id.clone())
        .add(el("span").class("number").add(card.skill.number.clone()))
        .add(name_link(&topic, &reader.pick(&card.skill.name), reader))
        .add(el("p").class("of").add(text::competitors(card.competitors, reader.language)))
        .add(where_and_when(&card.dates, &card.venue, reader))
        .add(status_word(card.status, reader))
        .add(progress)
}

/// The days and the place that a skill has for itself; none where it has none.
pub(crate) fn where_and_when(days: &[String], venue: &str, reader: Reader) -> Option<Element> {
    if days.is_empty() && venue.is_empty() {
        return None;
    }
    let days = (!days.is_empty()).then(|| el("span").add(dates(days)));
    Some(el("p").class("of").add(days).add(" ").add((!venue.is_empty()).then(|| name("span", venue, reader))))
}

fn delegations(view: &CompetitionView, reader: Reader) -> Element {
    let texts = reader.texts();
    let has_ranks = view.delegations.values().any(|line| line.rank.is_some());
    let has_points = view.delegations.values().any(|line| line.points.is_some());
    let section = el("section")
        .set("aria-labelledby", "delegations")
        .add(el("h2").set("id", "delegations").add(texts.delegations));
    if view.delegation_order.is_empty() {
        return section.add(empty(texts.no_delegations, texts.no_delegations_next));
    }
    let class = match (has_ranks, has_points) {
        (false, _) => "delegations",
        (true, false) => "delegations with-rank",
        (true, true) => "delegations with-rank with-points",
    };
    let headings = [
        ("rank", texts.rank),
        ("who", texts.delegation),
        ("awards", texts.awards),
        ("points", texts.points),
        ("count", texts.competitors),
    ];
    let lines = view.delegation_order.iter().filter_map(|name| Some((name, view.delegations.get(name)?)));
    let rows = lines.map(|(name, line)| delegation_row(&view.competition.id, name, line, reader));
    let table = table(&headings, rows.collect()).class(class).set("aria-labelledby", "delegations");
    section.add((!has_ranks).then(|| el("p").class("about").add(texts.nothing_released))).add(table)
}

fn delegation_row(competition: &str, name: &str, line: &DelegationLine, reader: Reader) -> Element {
    let topic = Topic::Delegation(competition.to_owned(), name.to_owned());
    let rank = line.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    table_row("row")
        .key(name.to_owned())
        .add(cell("rank").add(rank))
        .add(row_heading().add(name_link(&topic, name, reader)))
        .add(cell("awards").add(awards(line, reader)))
        .add(cell("points").add(line.points.map(|points| points.to_string())))
        .add(cell("count").add(line.competitors.to_string()))
}

/// A delegation's awards with how many of each, the best metals first.
pub(crate) fn awards(line: &DelegationLine, reader: Reader) -> Vec<Element> {
    let order = ["特等", "金", "一等", "银", "二等", "铜", "三等", ""];
    let mut awards: Vec<Element> = Vec::new();
    let place = |published: &str| order.iter().position(|word| published.contains(word));
    for at in 0..order.len() {
        for (published, count) in line.awards.iter().filter(|(published, _)| place(published) == Some(at)) {
            let times = el("span").class("times").add(format!("×{count}"));
            awards.push(el("span").class("won").add(award(published, reader)).add(times));
        }
    }
    awards
}
