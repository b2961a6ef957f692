//! The hall screen: one skill's board in type that is read from across a hall, page by page.

use protocol::view::{BoardView, Row, Topic};

use crate::format::Reader;
use crate::live::{Link, Local};
use crate::node::{Content as _, Element, Node, el};
use crate::parts::{
    address, award, called, cell, empty, gap, icon, movement, name, progress_bar, rank, rehearsal,
    row_heading, seal, session_clock, status_word, table, table_row,
};
use crate::text;

/// How many rows stand on one page: more cannot be read from afar.
const ROWS_A_PAGE: usize = 12;

/// One page of a screen: rows of one group.
struct ScreenPage<'a> {
    group: &'a str,
    codes: Vec<&'a String>,
}

/// The page's live part.
pub(crate) fn screen(view: &BoardView, local: &Local, reader: Reader) -> Vec<Node> {
    let texts = reader.texts();
    let pages = pages(view);
    let number = local.page % pages.len().max(1);
    let rows = match pages.get(number) {
        Some(page) => rows(page, view, reader),
        None => empty(texts.board_is_empty, texts.board_is_empty_next),
    };
    let is_lost = local.link == Link::Lost;
    let corner = el("span")
        .class(if is_lost { "corner is-shown" } else { "corner" })
        .set("role", "status")
        .add(is_lost.then_some(texts.lost));
    let footer = el("footer")
        .class("controls")
        .add(el("span").class("marked").add(progress_bar(view.progress)))
        .add(el("span").add(format!("{} {}", texts.as_of, reader.clock(view.as_of))))
        .add(corner)
        .add(controls(number, pages.len().max(1), view, local, reader));
    let mut nodes = Vec::new();
    let group = pages.get(number).map_or("", |page| page.group);
    head(view, group, local, reader).add_to(&mut nodes);
    el("div").class("rows").add(rows).add_to(&mut nodes);
    footer.add_to(&mut nodes);
    nodes
}

fn head(view: &BoardView, group: &str, local: &Local, reader: Reader) -> Element {
    let session = view.session.as_ref();
    let session = session.map(|session| {
        let (state, clock) = session_clock(session, local, reader);
        let label = name("span", &session.label, reader).class("label");
        el("p").class("session").add(label).add(el("span").class("state").add(state)).add(clock)
    });
    let titles = el("div").add(name("p", &reader.pick(&view.competition.name), reader)).add(name(
        "h1",
        &reader.pick(&view.skill.name),
        reader,
    ));
    el("header")
        .class("hall-head")
        .add(seal())
        .add(titles)
        .add(rehearsal(&view.competition, reader))
        .add(name("span", group, reader).class("group"))
        .add(status_word(view.status, reader))
        .add(session)
}

fn rows(page: &ScreenPage<'_>, view: &BoardView, reader: Reader) -> Element {
    let texts = reader.texts();
    let headings = [
        ("rank", texts.rank),
        ("moved", texts.movement),
        ("who", texts.who),
        ("from", texts.delegation),
        ("marked", texts.progress),
        ("total", texts.total),
        ("gap", texts.gap),
    ];
    let rows = page.codes.iter().filter_map(|code| Some(row(view.rows.get(*code)?, code, reader)));
    table(&headings, rows.collect()).class("hall").set("aria-label", texts.board)
}

fn row(row: &Row, code: &str, reader: Reader) -> Element {
    let from = row.delegation.as_deref().or(row.organisation.as_deref()).unwrap_or_default();
    let prize = row.award.as_deref().map(|published| award(published, reader));
    // An award says more than a gap.
    let behind = if prize.is_none() { gap(row) } else { None };
    table_row("row")
        .key(format!("row:{code}"))
        .add(cell("rank").add(rank(row, reader)))
        .add(movement(row, reader))
        .add(row_heading().add(name("span", called(row, code), reader)))
        .add(cell("from").add(name("span", from, reader)))
        .add(cell("marked").add(progress_bar(row.progress)))
        .add(cell("total").add(row.total.as_deref().map(text::padded)))
        .add(cell("gap").add(prize).add(behind))
}

/// The paging's buttons; without a script there is nothing to page, and no buttons.
fn controls(number: usize, count: usize, view: &BoardView, local: &Local, reader: Reader) -> Element {
    let texts = reader.texts();
    let button = |act: &'static str, label: &'static str, shape| {
        el("button")
            .set("type", "button")
            .class("script")
            .set("data-act", act)
            .set("aria-label", label)
            .add(icon("0 0 20 20", shape))
    };
    let (pause, shape) = if local.is_paused {
        (texts.resume, "M6 4l10 6-10 6z")
    } else {
        (texts.pause, "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z")
    };
    let leave = el("a")
        .set("href", address(&Topic::Skill(view.skill.id.clone())))
        .set("aria-label", texts.leave_screen)
        .add(icon(
            "0 0 20 20",
            "M5.4 4L10 8.6 14.6 4 16 5.4 11.4 10l4.6 4.6-1.4 1.4-4.6-4.6L5.4 16 4 14.6 8.6 10 4 5.4z",
        ));
    el("span")
        .class("pages")
        .add(button("back", texts.previous_page, "M14 4v12L5 10z"))
        .add(el("span").class("number").add(text::page_of(number + 1, count, reader.language)))
        .add(button("on", texts.next_page, "M6 4v12l9-6z"))
        .add(button("pause", pause, shape))
        .add(leave)
}

/// How many pages the board has on a screen.
#[cfg(target_arch = "wasm32")]
pub(crate) fn page_count(view: &BoardView) -> usize {
    pages(view).len().max(1)
}

/// The board in pages; a group begins a page of its own.
fn pages(view: &BoardView) -> Vec<ScreenPage<'_>> {
    let mut pages: Vec<ScreenPage<'_>> = Vec::new();
    for code in &view.order {
        let group = view.rows.get(code).map_or("", |row| row.group.as_str());
        match pages.last_mut() {
            Some(page) if page.group == group && page.codes.len() < ROWS_A_PAGE => page.codes.push(code),
            _ => pages.push(ScreenPage { group, codes: vec![code] }),
        }
    }
    pages
}
