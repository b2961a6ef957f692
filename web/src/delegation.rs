//! A delegation's page: what is released of it, and its competitors.

use leptos::prelude::*;
use protocol::view::{DelegationRow, DelegationView, Topic};

use crate::board::called;
use crate::competition::awards;
use crate::format::Reader;
use crate::live::{Live, Local};
use crate::parts::{address, as_of, award, empty, figure, link_sign, notice, progress_bar, status_word};
use crate::text;

/// The page's live part.
pub(crate) fn delegation(live: Live<DelegationView>, reader: Reader) -> impl IntoView {
    let Live { view, local } = live;
    view! {
        {move || view.with(|view| head(view, local, reader))}
        {move || view.with(|view| content(view, reader))}
        {notice(local, move || view.with(|view| view.as_of), reader)}
    }
}

fn head(view: &DelegationView, local: Local, reader: Reader) -> impl IntoView + use<> {
    let texts = reader.texts();
    let competition = reader.pick(&view.competition.name);
    let competition_at = address(&Topic::Competition(view.competition.id.clone()));
    let rank = view.line.rank.map(|rank| figure(texts.rank, rank.to_string()));
    let points = view.line.points.map(|points| figure(texts.points, points.to_string()));
    let awards = (!view.line.awards.is_empty()).then(|| figure(texts.awards, awards(&view.line, reader)));
    view! {
        <div class="head">
            <nav class="breadcrumbs" aria-label=texts.breadcrumbs>
                <a href="/">{texts.home}</a>
                <a href=competition_at lang=reader.foreign(&competition)>{competition.clone()}</a>
            </nav>
            <h1 lang=reader.foreign(&view.name)>{view.name.clone()}</h1>
            <p class="facts"><span>{text::competitors(view.line.competitors, reader.language)}</span></p>
            <dl class="figures">
                {rank}
                {points}
                {awards}
                {figure(texts.as_of, as_of(view.as_of, reader))}
                <div class="figure tools"><dt>{link_sign(local, reader)}</dt><dd></dd></div>
            </dl>
        </div>
    }
}

fn content(view: &DelegationView, reader: Reader) -> impl IntoView + use<> {
    let texts = reader.texts();
    if view.order.is_empty() {
        return empty(texts.no_competitors, texts.nothing_released).into_any();
    }
    let rows: Vec<_> =
        view.order.iter().filter_map(|key| view.rows.get(key)).map(|row| line(row, reader)).collect();
    view! {
        <table class="members" role="table" aria-label=texts.competitors>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" class="rank">{texts.rank}</th>
                    <th role="columnheader" class="who">{texts.who}</th>
                    <th role="columnheader" class="skill">{texts.skill}</th>
                    <th role="columnheader" class="state">{texts.status}</th>
                    <th role="columnheader" class="marked">{texts.progress}</th>
                    <th role="columnheader" class="total">{texts.total}</th>
                    <th role="columnheader" class="prize">{texts.award}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

fn line(line: &DelegationRow, reader: Reader) -> impl IntoView + use<> {
    let row = &line.row;
    let rank = match (row.rank, text::presence(row.presence, reader.language)) {
        (Some(rank), _) => text::rank(rank, row.is_tied, reader.language),
        (None, Some(why)) => why.to_owned(),
        (None, None) => "–".to_owned(),
    };
    let called = called(row, &line.code);
    let skill = reader.pick(&line.skill.name);
    let at = address(&Topic::Skill(line.skill.id.clone()));
    view! {
        <tr role="row" class="row">
            <td role="cell" class="rank">{rank}</td>
            <th role="rowheader" scope="row" class="who">
                <span class="name" lang=reader.foreign(&called)>{called.clone()}</span>
                <span class="from" lang=row.organisation.as_deref().and_then(|name| reader.foreign(name))>
                    {row.organisation.clone()}
                </span>
            </th>
            <td role="cell" class="skill"><a href=at lang=reader.foreign(&skill)>{skill.clone()}</a></td>
            <td role="cell" class="state">{status_word(line.status, reader)}</td>
            <td role="cell" class="marked">{progress_bar(row.progress)}</td>
            <td role="cell" class="total">{row.total.clone()}</td>
            <td role="cell" class="prize">{row.award.as_deref().map(|name| award(name, reader))}</td>
        </tr>
    }
}
