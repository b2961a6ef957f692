//! The hall screen: one skill's board in type that is read from across a hall, page by page.

use leptos::prelude::*;
use protocol::view::{BoardView, Row, Topic};

use crate::board::{called, is_nothing};
use crate::format::Reader;
use crate::live::{Link, Live, Local};
use crate::parts::{address, award, progress_bar, session_clock, status_word};
use crate::text;

/// How many rows stand on one page: more cannot be read from afar.
pub(crate) const ROWS_A_PAGE: usize = 12;

/// One page of a screen: rows of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ScreenPage {
    group: String,
    codes: Vec<String>,
}

/// The page's live part.
pub(crate) fn screen(live: Live<BoardView>, reader: Reader) -> impl IntoView {
    let Live { view, local } = live;
    let texts = reader.texts();
    let pages = Memo::new(move |_| view.with(pages));
    let page = Memo::new(move |_| {
        pages.with(|pages| pages.get(local.page.get() % pages.len().max(1)).cloned().unwrap_or_default())
    });
    let rows = move || {
        if page.with(|page| page.codes.is_empty()) {
            return view! {
                <div class="empty"><p><strong>{texts.board_is_empty}</strong></p><p>{texts.board_is_empty_next}</p></div>
            }
            .into_any();
        }
        view! {
            <table class="hall" role="table" aria-label=texts.board>
                <thead class="hidden" role="rowgroup">
                    <tr role="row">
                        <th role="columnheader">{texts.rank}</th>
                        <th role="columnheader">{texts.movement}</th>
                        <th role="columnheader">{texts.who}</th>
                        <th role="columnheader">{texts.delegation}</th>
                        <th role="columnheader">{texts.progress}</th>
                        <th role="columnheader">{texts.total}</th>
                        <th role="columnheader">{texts.gap}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For
                        each=move || page.get().codes
                        key=Clone::clone
                        children=move |code| row(code, live, reader)
                    />
                </tbody>
            </table>
        }
        .into_any()
    };
    view! {
        {move || view.with(|view| head(view, local, reader))}
        <div class="rows">{rows}</div>
        <footer class="controls">
            <span class="marked">{move || view.with(|view| progress_bar(view.progress))}</span>
            <span class="as-of">{move || format!("{} {}", texts.as_of, reader.clock(view.with(|view| view.as_of)))}</span>
            <span class=move || if local.link.get() == Link::Lost { "corner is-shown" } else { "corner" } role="status">
                {move || if local.link.get() == Link::Lost { texts.lost } else { "" }}
            </span>
            <span class="group">{move || page.get().group}</span>
            {move || controls(pages.with(Vec::len), view, local, reader)}
        </footer>
    }
}

fn head(view: &BoardView, local: Local, reader: Reader) -> impl IntoView + use<> {
    let competition = reader.pick(&view.competition.name);
    let name = reader.pick(&view.skill.name);
    let session = view.session.as_ref().map(|session| {
        view! { <p class="session">{session_clock(session, local, reader)}</p> }
    });
    view! {
        <header class="hall-head">
            <svg class="seal" viewBox="0 0 16 16" aria-hidden="true"><path d=crate::SEAL></path></svg>
            <div>
                <p lang=reader.foreign(&competition)>{competition.clone()}</p>
                <h1 lang=reader.foreign(&name)>{name.clone()}</h1>
            </div>
            {status_word(view.status, reader)}
            {session}
        </header>
    }
}

fn row(code: String, live: Live<BoardView>, reader: Reader) -> impl IntoView {
    let key = format!("row:{code}");
    let shown = {
        let code = code.clone();
        Memo::new(move |_| live.view.with(|view| view.rows.get(&code).cloned().unwrap_or_default()))
    };
    view! {
        <tr role="row" class="row" data-key=key>{move || shown.with(|row| cells(row, &code, reader))}</tr>
    }
}

fn cells(row: &Row, code: &str, reader: Reader) -> impl IntoView + use<> {
    let rank = match (row.rank, text::presence(row.presence, reader.language)) {
        (Some(rank), _) => text::rank(rank, row.is_tied, reader.language),
        (None, Some(why)) => why.to_owned(),
        (None, None) => "–".to_owned(),
    };
    let moved = match row.moved {
        0 => "moved",
        1.. => "moved up",
        _ => "moved down",
    };
    let called = called(row, code);
    let from = row.delegation.clone().or_else(|| row.organisation.clone()).unwrap_or_default();
    let last = match (&row.award, row.gap.as_deref()) {
        (Some(name), _) => award(name, reader).into_any(),
        (None, Some(gap)) if !is_nothing(gap) => format!("−{gap}").into_any(),
        _ => "".into_any(),
    };
    view! {
        <td role="cell" class="rank">{rank}</td>
        <td role="cell" class=moved>
            <span aria-hidden="true">{text::movement(row.moved)}</span>
            <span class="hidden">{text::movement_said(row.moved, reader.language)}</span>
        </td>
        <th role="rowheader" scope="row" class="who" lang=reader.foreign(&called)>{called.clone()}</th>
        <td role="cell" class="from" lang=reader.foreign(&from)>{from.clone()}</td>
        <td role="cell" class="marked">{progress_bar(row.progress)}</td>
        <td role="cell" class="total">{row.total.clone()}</td>
        <td role="cell" class="gap">{last}</td>
    }
}

/// The paging's buttons; without a script there is nothing to page, and no buttons.
fn controls(pages: usize, view: RwSignal<BoardView>, local: Local, reader: Reader) -> impl IntoView {
    let texts = reader.texts();
    let number = move || text::page_of(local.page.get() % pages.max(1) + 1, pages.max(1), reader.language);
    let board_at = view.with_untracked(|view| address(&Topic::Skill(view.skill.id.clone())));
    let turn = move |by: usize| local.page.update(|page| *page = (*page + by) % pages.max(1));
    let pause_label = move || if local.is_paused.get() { texts.resume } else { texts.pause };
    let pause_shape =
        move || if local.is_paused.get() { "M6 4l10 6-10 6z" } else { "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z" };
    view! {
        <span class="pages">
            <button type="button" class="script" aria-label=texts.previous_page on:click=move |_| turn(pages.max(1) - 1)>
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M14 4v12L5 10z"></path></svg>
            </button>
            <span class="number">{number}</span>
            <button type="button" class="script" aria-label=texts.next_page on:click=move |_| turn(1)>
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M6 4v12l9-6z"></path></svg>
            </button>
            <button
                type="button"
                class="script"
                aria-label=pause_label
                on:click=move |_| local.is_paused.update(|is_paused| *is_paused = !*is_paused)
            >
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d=pause_shape></path></svg>
            </button>
            <a class="leave" href=board_at aria-label=texts.leave_screen>
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M5 4l5 4.6L15 4l1.4 1.4-5 4.6 5 4.6L15 16l-5-4.6L5 16l-1.4-1.4 5-4.6-5-4.6z"></path></svg>
            </a>
        </span>
    }
}

/// The board in pages; a group begins a page of its own.
pub(crate) fn pages(view: &BoardView) -> Vec<ScreenPage> {
    let mut pages: Vec<ScreenPage> = Vec::new();
    for code in &view.order {
        let group = view.rows.get(code).map_or("", |row| row.group.as_str());
        match pages.last_mut() {
            Some(page) if page.group == group && page.codes.len() < ROWS_A_PAGE => {
                page.codes.push(code.clone())
            }
            _ => pages.push(ScreenPage { group: group.to_owned(), codes: vec![code.clone()] }),
        }
    }
    pages
}
