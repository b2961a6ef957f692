//! A competition's page: its skills, and the delegations with what is released of them.

use leptos::prelude::*;
use protocol::view::{CompetitionView, DelegationLine, SkillCard, Topic};

use crate::format::Reader;
use crate::home::dates;
use crate::live::{Live, Local};
use crate::parts::{address, as_of, award, empty, figure, link_sign, notice, progress_bar, status_word};
use crate::text;

/// The page's live part.
pub(crate) fn competition(live: Live<CompetitionView>, reader: Reader) -> impl IntoView {
    let Live { view, local } = live;
    view! {
        {move || view.with(|view| head(view, local, reader))}
        {move || view.with(|view| content(view, reader))}
        {notice(local, move || view.with(|view| view.as_of), reader)}
    }
}

fn head(view: &CompetitionView, local: Local, reader: Reader) -> impl IntoView + use<> {
    let texts = reader.texts();
    let name = reader.pick(&view.competition.name);
    let tier = text::tier(&view.tier, reader.language).to_owned();
    view! {
        <div class="head">
            <nav class="breadcrumbs" aria-label=texts.breadcrumbs>
                <a href="/">{texts.home}</a>
            </nav>
            <h1 lang=reader.foreign(&name)>{name.clone()}</h1>
            <p class="facts">
                <span>{tier}</span>
                <span lang=reader.foreign(&view.edition)>{view.edition.clone()}</span>
                <span>{dates(&view.dates)}</span>
                <span lang=reader.foreign(&view.host)>{view.host.clone()}</span>
            </p>
            <dl class="figures">
                {figure(texts.progress, progress_bar(view.progress))}
                {figure(texts.as_of, as_of(view.as_of, reader))}
                <div class="figure tools"><dt>{link_sign(local, reader)}</dt><dd></dd></div>
            </dl>
        </div>
    }
}

fn content(view: &CompetitionView, reader: Reader) -> impl IntoView + use<> {
    let texts = reader.texts();
    let skills: Vec<_> =
        view.order.iter().filter_map(|id| view.skills.get(id)).map(|card| skill_card(card, reader)).collect();
    let skills = if skills.is_empty() {
        view! { <p class="about">{texts.no_skills}</p> }.into_any()
    } else {
        view! { <ul class="cards">{skills}</ul> }.into_any()
    };
    let delegations = if view.delegation_order.is_empty() {
        empty(texts.no_delegations, texts.nothing_released).into_any()
    } else {
        delegations(view, reader).into_any()
    };
    view! {
        <section aria-labelledby="skills">
            <h2 id="skills">{texts.skills}</h2>
            {skills}
        </section>
        <section aria-labelledby="delegations">
            <h2 id="delegations">{texts.delegations}</h2>
            {delegations}
        </section>
    }
}

fn skill_card(card: &SkillCard, reader: Reader) -> impl IntoView + use<> {
    let name = reader.pick(&card.skill.name);
    let at = address(&Topic::Skill(card.skill.id.clone()));
    view! {
        <li class="card">
            <span class="number">{card.skill.number.clone()}</span>
            <a href=at lang=reader.foreign(&name)>{name.clone()}</a>
            <p class="of">{text::competitors(card.competitors, reader.language)}</p>
            {status_word(card.status, reader)}
            {progress_bar(card.progress)}
        </li>
    }
}

fn delegations(view: &CompetitionView, reader: Reader) -> impl IntoView + use<> {
    let texts = reader.texts();
    let lines = view.delegation_order.iter().filter_map(|name| Some((name, view.delegations.get(name)?)));
    let rows: Vec<_> =
        lines.map(|(name, line)| delegation_row(&view.competition.id, name, line, reader)).collect();
    let has_points = view.delegations.values().any(|line| line.points.is_some());
    let has_ranks = view.delegations.values().any(|line| line.rank.is_some());
    let class = match (has_ranks, has_points) {
        (false, _) => "delegations",
        (true, false) => "delegations with-rank",
        (true, true) => "delegations with-rank with-points",
    };
    let note = (!has_ranks).then(|| view! { <p class="about">{texts.nothing_released}</p> });
    view! {
        {note}
        <table class=class role="table" aria-labelledby="delegations">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" class="rank">{texts.rank}</th>
                    <th role="columnheader" class="who">{texts.delegation}</th>
                    <th role="columnheader" class="awards">{texts.awards}</th>
                    <th role="columnheader" class="points">{texts.points}</th>
                    <th role="columnheader" class="count">{texts.competitors}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

fn delegation_row(
    competition: &str,
    name: &str,
    line: &DelegationLine,
    reader: Reader,
) -> impl IntoView + use<> {
    let at = address(&Topic::Delegation(competition.to_owned(), name.to_owned()));
    view! {
        <tr role="row" class="row">
            <td role="cell" class="rank">{line.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}</td>
            <th role="rowheader" scope="row" class="who">
                <a href=at lang=reader.foreign(name)>{name.to_owned()}</a>
            </th>
            <td role="cell" class="awards">{awards(line, reader)}</td>
            <td role="cell" class="points">{line.points}</td>
            <td role="cell" class="count">{line.competitors}</td>
        </tr>
    }
}

/// A delegation's awards with how many of each.
pub(crate) fn awards(line: &DelegationLine, reader: Reader) -> impl IntoView + use<> {
    let shown = line.awards.iter().map(|(name, count)| {
        view! { <span class="won">{award(name, reader)}<span class="times">{format!("×{count}")}</span></span> }
    });
    shown.collect::<Vec<_>>()
}
