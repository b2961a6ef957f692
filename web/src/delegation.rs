//! A delegation's page: what is released of it, and its competitors.

use protocol::view::{DelegationRow, DelegationView, Topic};

use crate::competition::awards;
use crate::format::Reader;
use crate::live::Local;
use crate::node::{Content as _, Element, Node, el};
use crate::parts::{
    award, breadcrumbs, called, cell, empty, figure, link_sign, moment, name, name_link, notice,
    progress_bar, rank, rehearsal, row_heading, status_word, table, table_row,
};
use crate::text;

/// The page's live part.
pub(crate) fn delegation(view: &DelegationView, local: &Local, reader: Reader) -> Vec<Node> {
    let texts = reader.texts();
    let mut nodes = Vec::new();
    head(view, local, reader).add_to(&mut nodes);
    if view.order.is_empty() {
        empty(texts.no_competitors, texts.no_competitors_next).add_to(&mut nodes);
    } else {
        members(view, reader).add_to(&mut nodes);
    }
    notice(local, view.as_of, reader).add_to(&mut nodes);
    nodes
}

fn head(view: &DelegationView, local: &Local, reader: Reader) -> Element {
    let texts = reader.texts();
    let line = &view.line;
    let competition = Topic::Competition(view.competition.id.clone());
    let facts =
        el("p").class("facts").add(el("span").add(text::competitors(line.competitors, reader.language)));
    let figures = el("dl")
        .class("figures")
        .add(line.rank.map(|rank| figure(texts.rank, rank.to_string())))
        .add(line.points.map(|points| figure(texts.points, points.to_string())))
        .add((!line.awards.is_empty()).then(|| figure(texts.awards, awards(line, reader))))
        .add(figure(texts.as_of, moment(view.as_of, reader)))
        .add(el("div").class("figure tools").add(el("dt").add(link_sign(local, reader))).add(el("dd")));
    el("div")
        .class("head")
        .add(rehearsal(&view.competition, reader))
        .add(breadcrumbs(Some((&competition, &reader.pick(&view.competition.name))), reader))
        .add(name("h1", &view.name, reader))
        .add(facts)
        .add(figures)
}

fn members(view: &DelegationView, reader: Reader) -> Element {
    let texts = reader.texts();
    let headings = [
        ("rank", texts.rank),
        ("who", texts.who),
        ("skill", texts.skill),
        ("state", texts.status),
        ("marked", texts.progress),
        ("total", texts.total),
        ("prize", texts.award),
    ];
    let rows = view.order.iter().filter_map(|key| Some(member(key, view.rows.get(key)?, reader)));
    table(&headings, rows.collect()).class("members").set("aria-label", texts.competitors)
}

fn member(key: &str, line: &DelegationRow, reader: Reader) -> Element {
    let row = &line.row;
    let topic = Topic::Skill(line.skill.id.clone());
    let organisation = row.organisation.as_ref();
    let who = row_heading()
        .add(name("span", called(row, &line.code), reader).class("name"))
        .add(organisation.map(|organisation| name("span", organisation, reader).class("from")));
    table_row("row")
        .key(key.to_owned())
        .add(cell("rank").add(rank(row, reader)))
        .add(who)
        .add(cell("skill").add(name_link(&topic, &reader.pick(&line.skill.name), reader)))
        .add(cell("state").add(status_word(line.status, reader)))
        .add(cell("marked").add(progress_bar(row.progress)))
        .add(cell("total").add(row.total.clone()))
        .add(cell("prize").add(row.award.as_deref().map(|published| award(published, reader))))
}
