//! A skill's board: ranks, movement, totals, progress, and what a row is made of.

use leptos::prelude::*;
use protocol::view::{BoardView, CriterionHead, Row, Topic};

use crate::format::Reader;
use crate::live::{Live, Local};
use crate::parts::{
    address, as_of, award, empty, figure, link_sign, notice, progress_bar, session_clock, status_line,
};
use crate::text;

/// One line of the table, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Line {
    /// The heading of the rows that the reader follows.
    Starred,
    /// A row that the reader follows, shown once more on top.
    Star(String),
    /// The heading of a group that is ranked apart.
    Group(String),
    /// A competitor, by code.
    Row(String),
}

/// The page's live part.
pub(crate) fn board(live: Live<BoardView>, reader: Reader) -> impl IntoView {
    let Live { view, local } = live;
    let texts = reader.texts();
    let is_empty = Memo::new(move |_| view.with(|view| view.order.is_empty()));
    let table = move || {
        if is_empty.get() {
            empty(texts.board_is_empty, texts.board_is_empty_next).into_any()
        } else {
            table(live, reader).into_any()
        }
    };
    view! {
        {move || view.with(|view| head(view, local, reader))}
        {table}
        <p class="hidden" role="status">{move || local.said.get()}</p>
        {notice(local, move || view.with(|view| view.as_of), reader)}
    }
}

fn head(view: &BoardView, local: Local, reader: Reader) -> impl IntoView + use<> {
    let texts = reader.texts();
    let competition = reader.pick(&view.competition.name);
    let competition_at = address(&Topic::Competition(view.competition.id.clone()));
    let name = reader.pick(&view.skill.name);
    let screen_at = address(&Topic::Skill(view.skill.id.clone())).replacen("/skill/", "/screen/", 1);
    let session =
        view.session.as_ref().map(|session| figure(texts.session, session_clock(session, local, reader)));
    view! {
        <div class="head">
            <nav class="breadcrumbs" aria-label=texts.breadcrumbs>
                <a href="/">{texts.home}</a>
                <a href=competition_at lang=reader.foreign(&competition)>{competition.clone()}</a>
            </nav>
            <h1>
                <span class="number">{view.skill.number.clone()}</span>
                <span lang=reader.foreign(&name)>{name.clone()}</span>
            </h1>
            {status_line(view.status, view.policy, reader)}
            <dl class="figures">
                {figure(texts.progress, progress_bar(view.progress))}
                {figure(texts.as_of, as_of(view.as_of, reader))}
                {session}
                <div class="figure tools">
                    <dt>{link_sign(local, reader)}</dt>
                    <dd><a href=screen_at>{texts.hall_screen}</a></dd>
                </div>
            </dl>
        </div>
    }
}

fn table(live: Live<BoardView>, reader: Reader) -> impl IntoView {
    let Live { view, local } = live;
    let texts = reader.texts();
    // What nobody has stands in no column.
    let class = Memo::new(move |_| {
        view.with(|view| {
            let any = |has: fn(&Row) -> bool| view.rows.values().any(has);
            let columns = [
                (any(|row| row.total.is_some()), " with-total"),
                (any(|row| row.scale.is_some()), " with-scale"),
                (any(|row| row.award.is_some()), " with-award"),
                (any(|row| !row.marks.is_empty()) && !view.criteria.is_empty(), " with-marks"),
            ];
            let shown = columns.iter().filter(|(is_shown, _)| *is_shown);
            shown.fold("board".to_owned(), |class, (_, column)| class + column)
        })
    });
    let lines = Memo::new(move |_| view.with(|view| local.stars.with(|stars| lines(view, stars))));
    let criteria = Memo::new(move |_| view.with(|view| view.criteria.clone()));
    view! {
        <table class=move || class.get() role="table" aria-label=texts.board>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" class="star"><span class="hidden">{texts.star}</span></th>
                    <th role="columnheader" class="rank">{texts.rank}</th>
                    <th role="columnheader" class="moved">{texts.movement}</th>
                    <th role="columnheader" class="who">{texts.who}</th>
                    <th role="columnheader" class="code">{texts.code}</th>
                    <th role="columnheader" class="marked">{texts.progress}</th>
                    <th role="columnheader" class="total">{texts.total}</th>
                    <th role="columnheader" class="gap">{texts.gap}</th>
                    <th role="columnheader" class="scale">{texts.scale}</th>
                    <th role="columnheader" class="prize">{texts.award}</th>
                    <th role="columnheader" class="more"><span class="hidden">{texts.breakdown}</span></th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For
                    each=move || lines.get()
                    key=Clone::clone
                    children=move |line| match line {
                        Line::Starred => heading("starred", texts.starred.to_owned(), reader).into_any(),
                        Line::Group(name) => heading("group", name, reader).into_any(),
                        Line::Star(code) => row(code, true, live, criteria, reader).into_any(),
                        Line::Row(code) => row(code, false, live, criteria, reader).into_any(),
                    }
                />
            </tbody>
        </table>
    }
}

/// The table's lines: who is followed, then every group with its rows.
fn lines(view: &BoardView, stars: &std::collections::BTreeSet<String>) -> Vec<Line> {
    let mut lines = Vec::with_capacity(view.order.len() + 4);
    let starred = view.order.iter().filter(|code| stars.contains(*code));
    lines.extend(starred.cloned().map(Line::Star));
    if !lines.is_empty() {
        lines.insert(0, Line::Starred);
        // Without a heading of its own, the list below would seem to go on from the rows above.
        if view.rows.values().all(|row| row.group.is_empty()) {
            lines.push(Line::Group(String::new()));
        }
    }
    let mut group = "";
    for code in &view.order {
        let of = view.rows.get(code).map_or("", |row| row.group.as_str());
        if of != group {
            group = of;
            lines.push(Line::Group(group.to_owned()));
        }
        lines.push(Line::Row(code.clone()));
    }
    lines
}

fn heading(class: &'static str, name: String, reader: Reader) -> impl IntoView + use<> {
    let lang = reader.foreign(&name);
    let name = if name.is_empty() { reader.texts().board.to_owned() } else { name };
    view! {
        <tr role="row" class=class data-key=format!("{class}:{name}")>
            <th role="rowheader" scope="rowgroup" colspan="11" lang=lang>{name.clone()}</th>
        </tr>
    }
}

fn row(
    code: String,
    is_star: bool,
    live: Live<BoardView>,
    criteria: Memo<Vec<CriterionHead>>,
    reader: Reader,
) -> impl IntoView {
    let Live { view, local } = live;
    let texts = reader.texts();
    let shown = {
        let code = code.clone();
        // A row that is gone is taken out of the list by the same change.
        Memo::new(move |_| view.with(|view| view.rows.get(&code).cloned().unwrap_or_default()))
    };
    let competition = view.with_untracked(|view| view.competition.id.clone());
    let key = format!("{}:{code}", if is_star { "star" } else { "row" });
    let class = move || if shown.with(|row| row.rank.is_some()) { "row" } else { "row unranked" };
    let is_followed = {
        let code = code.clone();
        Memo::new(move |_| local.stars.with(|stars| stars.contains(&code)))
    };
    let toggle = {
        let code = code.clone();
        move |_| local.toggle_star(&code)
    };
    let label = {
        let code = code.clone();
        move || format!("{} {}", texts.star, shown.with(|row| called(row, &code)))
    };
    view! {
        <tr role="row" class=class data-key=key>
            <td role="cell" class="star">
                <button
                    type="button"
                    aria-label=label
                    aria-pressed=move || if is_followed.get() { "true" } else { "false" }
                    on:click=toggle
                >
                    <svg viewBox="0 0 20 20" aria-hidden="true">
                        <path d="M10 2.2l2.4 5 5.4.7-4 3.8 1 5.4-4.8-2.6-4.8 2.6 1-5.4-4-3.8 5.4-.7z"></path>
                    </svg>
                </button>
            </td>
            {move || criteria.with(|criteria| shown.with(|row| cells(row, &code, &competition, criteria, reader)))}
        </tr>
    }
}

fn cells(
    row: &Row,
    code: &str,
    competition: &str,
    criteria: &[CriterionHead],
    reader: Reader,
) -> impl IntoView + use<> {
    let texts = reader.texts();
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
    let from = row.organisation.clone().unwrap_or_default();
    let delegation = row.delegation.clone().map(|name| {
        let at = address(&Topic::Delegation(competition.to_owned(), name.clone()));
        view! { <a href=at lang=reader.foreign(&name)>{name.clone()}</a> }
    });
    let gap = row.gap.as_deref().map(|gap| if is_nothing(gap) { "–".to_owned() } else { format!("−{gap}") });
    let called = called(row, code);
    view! {
        <td role="cell" class="rank">{rank}</td>
        <td role="cell" class=moved>
            <span aria-hidden="true">{text::movement(row.moved)}</span>
            <span class="hidden">{text::movement_said(row.moved, reader.language)}</span>
        </td>
        <th role="rowheader" scope="row" class="who">
            <span class="name" lang=reader.foreign(&called)>{called.clone()}</span>
            <span class="from" lang=reader.foreign(&from)>
                {delegation}
                <span>{from.clone()}</span>
            </span>
        </th>
        <td role="cell" class="code">{code.to_owned()}</td>
        <td role="cell" class="marked">{progress_bar(row.progress)}</td>
        <td role="cell" class="total">{row.total.clone()}</td>
        <td role="cell" class="gap">{gap}</td>
        <td role="cell" class="scale">{row.scale}</td>
        <td role="cell" class="prize">{row.award.as_deref().map(|name| award(name, reader))}</td>
        <td role="cell" class="more">
            {(!row.marks.is_empty() && !criteria.is_empty()).then(|| {
                let label = format!("{} {called}", texts.breakdown);
                view! {
                    <details>
                        <summary aria-label=label>
                            <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M5 8l5 5 5-5"></path></svg>
                        </summary>
                        {breakdown(&row.marks, criteria, reader)}
                    </details>
                }
            })}
        </td>
    }
}

fn breakdown(marks: &[String], criteria: &[CriterionHead], reader: Reader) -> impl IntoView + use<> {
    let parts = criteria.iter().zip(marks).map(|(criterion, mark)| {
        view! {
            <div>
                <dt>
                    <span class="letter">{criterion.id.clone()}</span>
                    " "
                    <span lang=reader.foreign(&criterion.name)>{criterion.name.clone()}</span>
                </dt>
                <dd><strong>{mark.clone()}</strong><span class="max">{format!("/{}", criterion.max)}</span></dd>
            </div>
        }
    });
    view! { <dl class="breakdown">{parts.collect::<Vec<_>>()}</dl> }
}

/// What a competitor is called: by name where that may be known, else by code.
pub(crate) fn called(row: &Row, code: &str) -> String {
    row.name.clone().unwrap_or_else(|| code.to_owned())
}

/// Whether a number in text is zero: the first of a group has no gap.
pub(crate) fn is_nothing(number: &str) -> bool {
    number.chars().all(|c| matches!(c, '0' | '.'))
}
