//! A skill's board: ranks, movement, totals, progress, and what a row is made of.

use protocol::view::{BoardView, CriterionHead, Row, Topic};

use crate::format::Reader;
use crate::live::Local;
use crate::node::{Content as _, Element, Node, el};
use crate::parts::{
    address, award, breadcrumbs, called, cell, empty, figure, gap, icon, link_sign, moment, movement, name,
    name_link, notice, progress_bar, rank, rehearsal, row_heading, session_clock, status_line, table,
    table_row,
};
use crate::text;

const STAR: &str = "M10 2.2l2.4 5 5.4.7-4 3.8 1 5.4-4.8-2.6-4.8 2.6 1-5.4-4-3.8 5.4-.7z";
const CHEVRON: &str = "M5 8l5 5 5-5";

/// The page's live part.
pub(crate) fn board(view: &BoardView, local: &Local, reader: Reader) -> Vec<Node> {
    let texts = reader.texts();
    let mut nodes = Vec::new();
    head(view, local, reader).add_to(&mut nodes);
    if view.order.is_empty() {
        empty(texts.board_is_empty, texts.board_is_empty_next).add_to(&mut nodes);
    } else {
        rows(view, local, reader).add_to(&mut nodes);
    }
    el("p").class("hidden").set("role", "status").add(local.said.clone()).add_to(&mut nodes);
    notice(local, view.as_of, reader).add_to(&mut nodes);
    nodes
}

fn head(view: &BoardView, local: &Local, reader: Reader) -> Element {
    let texts = reader.texts();
    let competition = Topic::Competition(view.competition.id.clone());
    let title = el("h1").add(el("span").class("number").add(view.skill.number.clone())).add(name(
        "span",
        &reader.pick(&view.skill.name),
        reader,
    ));
    let session = view.session.as_ref();
    let screen = address(&Topic::Skill(view.skill.id.clone())).replacen("/skill/", "/screen/", 1);
    let tools = el("div")
        .class("figure tools")
        .add(el("dt").add(link_sign(local, reader)))
        .add(el("dd").add(el("a").set("href", screen).add(texts.hall_screen)));
    let figures = el("dl")
        .class("figures")
        .add((view.progress.of > 0).then(|| figure(texts.progress, progress_bar(view.progress))))
        .add(figure(texts.as_of, moment(view.as_of, reader)))
        .add(session.map(|session| {
            let (state, clock) = session_clock(session, local, reader);
            let what = el("span").add(texts.session).add(" ").add(state);
            figure(what, vec![name("span", &session.label, reader).class("label"), clock])
        }))
        .add(tools);
    el("div")
        .class("head")
        .add(rehearsal(&view.competition, reader))
        .add(breadcrumbs(Some((&competition, &reader.pick(&view.competition.name))), reader))
        .add(title)
        .add(status_line(view.status, view.policy, reader))
        .add(figures)
}

fn rows(view: &BoardView, local: &Local, reader: Reader) -> Element {
    let texts = reader.texts();
    // What nobody has stands in no column.
    let any = |has: fn(&Row) -> bool| view.rows.values().any(has);
    let columns = [
        (any(|row| row.name.is_some()), " with-name"),
        (any(|row| row.rank.is_some()), " with-rank"),
        (any(|row| row.total.is_some()), " with-total"),
        (any(|row| row.scale.is_some()), " with-scale"),
        (any(|row| row.award.is_some()), " with-award"),
    ];
    let shown = columns.iter().filter(|(is_shown, _)| *is_shown);
    let class = shown.fold("board".to_owned(), |class, (_, column)| class + column);
    let headings = [
        ("star", texts.star),
        ("rank", texts.rank),
        ("moved", texts.movement),
        ("who", texts.who),
        ("code", texts.code),
        ("marked", texts.progress),
        ("total", texts.total),
        ("gap", texts.gap),
        ("scale", texts.scale),
        ("prize", texts.award),
        ("more", texts.breakdown),
    ];
    let mut lines = Vec::with_capacity(view.order.len() + 4);
    let mut starred = view.order.iter().filter(|code| local.stars.contains(*code)).peekable();
    if starred.peek().is_some() {
        lines.push(heading("starred", texts.starred, reader));
        lines.extend(starred.filter_map(|code| row("star", code, view, local, reader)));
        // Without a heading of its own, the list below would seem to go on from the rows above.
        if view.rows.values().all(|row| row.group.is_empty()) {
            lines.push(heading("group", texts.board, reader));
        }
    }
    let mut group = "";
    for code in &view.order {
        let of = view.rows.get(code).map_or("", |row| row.group.as_str());
        if of != group {
            group = of;
            lines.push(heading("group", group, reader));
        }
        lines.extend(row("row", code, view, local, reader));
    }
    table(&headings, lines).class(class).set("aria-label", texts.board)
}

fn heading(class: &'static str, shown: &str, reader: Reader) -> Element {
    let heading =
        name("th", shown, reader).set("role", "rowheader").set("scope", "rowgroup").set("colspan", "11");
    table_row(class).key(format!("{class}:{shown}")).add(heading)
}

/// A competitor's row; `place` tells the row among the followed from the one in the list.
fn row(place: &str, code: &str, view: &BoardView, local: &Local, reader: Reader) -> Option<Element> {
    let row = view.rows.get(code)?;
    let is_starred = local.stars.contains(code);
    let star = el("button")
        .set("type", "button")
        .set("data-act", format!("star:{code}"))
        .set("aria-label", format!("{} {}", reader.texts().star, called(row, code)))
        .set("aria-pressed", if is_starred { "true" } else { "false" })
        .add(icon("0 0 20 20", STAR));
    let delegation = row.delegation.as_ref().map(|delegation| {
        let topic = Topic::Delegation(view.competition.id.clone(), delegation.clone());
        name_link(&topic, delegation, reader)
    });
    let organisation = row.organisation.as_ref().map(|organisation| name("span", organisation, reader));
    let who = row_heading()
        .add(name("span", called(row, code), reader).class("name"))
        .add(el("span").class("from").add(delegation).add(organisation));
    let is_first = row.rank.is_some() && gap(row).is_none();
    let line = table_row(if row.rank.is_some() { "row" } else { "row unranked" })
        .key(format!("{place}:{code}"))
        .add(cell("star").add(star))
        .add(cell("rank").add(rank(row, reader)))
        .add(movement(row, reader))
        .add(who)
        .add(cell("code").add(code.to_owned()))
        .add(cell("marked").add(progress_bar(row.progress)))
        .add(cell("total").add(row.total.as_deref().map(text::padded)))
        .add(cell("gap").add(if is_first { Some(text::padded("–")) } else { gap(row) }))
        .add(cell("scale").add(row.scale.map(|scale| scale.to_string())))
        .add(cell("prize").add(row.award.as_deref().map(|published| award(published, reader))))
        .add(cell("more").add(breakdown(row, code, &view.criteria, reader)));
    Some(line)
}

/// What a row's total is made of, to be opened.
fn breakdown(row: &Row, code: &str, criteria: &[CriterionHead], reader: Reader) -> Option<Element> {
    if row.marks.is_empty() || criteria.is_empty() {
        return None;
    }
    let parts = criteria.iter().zip(&row.marks).map(|(criterion, mark)| {
        let heading = el("dt").add(el("span").class("letter").add(criterion.id.clone())).add(name(
            "span",
            &criterion.name,
            reader,
        ));
        let mark = el("dd")
            .add(el("strong").add(mark.clone()))
            .add(el("span").class("max").add(format!("/{}", criterion.max)));
        el("div").add(heading).add(mark)
    });
    let summary = el("summary")
        .set("aria-label", format!("{} {}", reader.texts().breakdown, called(row, code)))
        .add(icon("0 0 20 20", CHEVRON));
    let parts = el("dl").class("breakdown").add(parts.collect::<Vec<_>>());
    Some(el("details").add(summary).add(parts))
}
