//! The pages of promotions: who goes on to a skill with the rule, and one person's way.

use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use protocol::list::{self, ListQuery};
use protocol::promotion::RuleForm;
use web::{DeskPage, Page, PromotionPage};

use super::desk::go;
use super::{Pairs, Reader};
use crate::accounts::Staff;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::promotion;

/// What a form sends, in its order.
type Typed = Vec<(String, String)>;

pub(super) fn routes(routes: Routes) -> Routes {
    let host = Guard::Staff(Action::SetUp, Over::Competition);
    routes
        .add(
            Method::GET,
            "/desk/competition/{id}/promotions",
            host,
            "A competition's skills with where people come from.",
            overview,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/promotions",
            host,
            "Keeps one rule for every skill that has none.",
            keep_for_all,
        )
        .add(
            Method::GET,
            "/desk/competition/{id}/promotions/{skill}",
            host,
            "Who goes on to a skill, and the rule.",
            look,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/promotions/{skill}/rule",
            host,
            "Keeps the rule by which people go on to a skill.",
            keep,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/promotions/{skill}/confirm",
            host,
            "Confirms promotions and enters those who are promoted.",
            confirm,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/promotions/{skill}/out",
            host,
            "Notes that a promotion is given up or taken away, with why.",
            out,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/promotions/{skill}/back",
            host,
            "Lets the rule decide again of one who gave up.",
            back,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/promotions/{skill}/draw",
            host,
            "Draws a lot among equals.",
            draw,
        )
        .add(
            Method::GET,
            "/desk/competition/{id}/promotions/{skill}/{one}",
            host,
            "One promotion, with where it came from.",
            one,
        )
}

fn value<'a>(pairs: &'a Typed, name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// What is shown besides: what went wrong, and what was typed then.
#[derive(Default)]
struct Refused {
    /// Whether every skill that people may come from is shown.
    all: bool,
    failure: Option<Failure>,
    rule: Option<RuleForm>,
    why: String,
}

async fn overview(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let kept = count(&asked, "kept").zip(count(&asked, "without"));
    show_overview(&app, &staff, &reader, &id, (&promotion::proposed(), kept), None).await
}

async fn show_overview(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    id: &str,
    (typed, kept): (&RuleForm, Option<(usize, usize)>),
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let shown = promotion::overview(app, id).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = PromotionPage::Overview { shown: &shown, typed, kept, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Desk(DeskPage::Promotion { name: &staff.name, page })))
}

/// How many an address says under a name.
fn count(asked: &Pairs, name: &str) -> Option<usize> {
    asked.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.parse().ok())
}

async fn look(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, skill)): Path<(String, String)>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let confirmed = count(&asked, "confirmed").zip(count(&asked, "left"));
    let query = ListQuery::read(&asked, list::PROMOTIONS);
    let all = asked.iter().any(|(name, _)| name == "all");
    let refused = Refused { all, ..Refused::default() };
    show(&app, &staff, &reader, ((&id, &skill), &query), confirmed, refused).await
}

async fn show(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (of, query): ((&str, &str), &ListQuery),
    confirmed: Option<(usize, usize)>,
    refused: Refused,
) -> Result<Response, Failure> {
    let shown = promotion::look(app, staff, of, (query, refused.all)).await?;
    let status = refused.failure.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.failure.map(|failure| failure.body(reader.0.language));
    // What was typed goes over what is there by now, once it was looked at.
    let typed = refused.rule.map(|typed| RuleForm { seen: shown.rule.seen, ..typed });
    let page = PromotionPage::All {
        shown: &shown,
        query,
        typed: typed.as_ref().unwrap_or(&shown.rule),
        confirmed,
        why: &refused.why,
        problem: problem.as_ref(),
    };
    Ok(reader.show(status, &Page::Desk(DeskPage::Promotion { name: &staff.name, page })))
}

async fn one(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, skill, one)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let shown = promotion::one(&app, (&id, &skill), &one).await?;
    let page = PromotionPage::One { shown: &shown };
    Ok(reader.show(StatusCode::OK, &Page::Desk(DeskPage::Promotion { name: &staff.name, page })))
}

async fn keep(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, skill)): Path<(String, String)>,
    Sent(pairs): Sent<Typed>,
) -> Result<Response, Failure> {
    let typed = typed(&pairs);
    match promotion::keep(&app, &staff, (&id, &skill), &typed).await {
        Ok(()) => Ok(go(&at(&id, &skill))),
        Err(failure) => {
            let refused =
                Refused { all: true, failure: Some(failure), rule: Some(typed), why: String::new() };
            show(&app, &staff, &reader, ((&id, &skill), &ListQuery::default()), None, refused).await
        }
    }
}

fn typed(pairs: &Typed) -> RuleForm {
    let text = |name: &str| value(pairs, name).to_owned();
    let feeders = pairs.iter().filter(|(name, _)| name == "feeder").map(|(_, id)| id.clone());
    RuleForm {
        feeders: feeders.collect(),
        quota: text("quota"),
        places: text("places"),
        ties: text("ties"),
        merge: text("merge"),
        per_delegation: text("per_delegation"),
        least_total: text("least_total"),
        employments: text("employments"),
        reserves: text("reserves"),
        seen: value(pairs, "seen").parse().unwrap_or_default(),
    }
}

/// One rule for every skill that has none.
async fn keep_for_all(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(pairs): Sent<Typed>,
) -> Result<Response, Failure> {
    let typed = typed(&pairs);
    match promotion::keep_for_all(&app, &staff, &id, &typed).await {
        Ok((done, without)) => {
            Ok(go(&format!("/desk/competition/{id}/promotions?kept={done}&without={without}")))
        }
        Err(failure) => show_overview(&app, &staff, &reader, &id, (&typed, None), Some(failure)).await,
    }
}

fn at(id: &str, skill: &str) -> String {
    format!("/desk/competition/{id}/promotions/{skill}")
}

/// Those who are chosen, each as it was seen: `one=SEEN KEY`.
async fn confirm(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, skill)): Path<(String, String)>,
    Sent(pairs): Sent<Typed>,
) -> Result<Response, Failure> {
    let chosen = pairs.iter().filter(|(name, _)| name == "one");
    let chosen = chosen.filter_map(|(_, value)| value.split_once(' '));
    let chosen: Vec<(String, String)> = chosen.map(|(seen, key)| (key.to_owned(), seen.to_owned())).collect();
    let why = value(&pairs, "why");
    let query = ListQuery::read(&pairs, list::PROMOTIONS);
    match promotion::confirm(&app, &staff, (&id, &skill), &chosen, why).await {
        Ok((done, left)) => {
            let back = query.address(&at(&id, &skill));
            let and = if back.contains('?') { '&' } else { '?' };
            Ok(go(&format!("{back}{and}confirmed={done}&left={left}")))
        }
        Err(failure) => {
            let refused = Refused { failure: Some(failure), why: why.to_owned(), ..Refused::default() };
            show(&app, &staff, &reader, ((&id, &skill), &query), None, refused).await
        }
    }
}

/// Back at the list, or there with why something was refused.
async fn after(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    of: (&str, &str),
    done: Result<(), Failure>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(go(&at(of.0, of.1))),
        Err(failure) => {
            let refused = Refused { failure: Some(failure), ..Refused::default() };
            show(app, staff, reader, (of, &ListQuery::default()), None, refused).await
        }
    }
}

async fn out(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, skill)): Path<(String, String)>,
    Sent(pairs): Sent<Typed>,
) -> Result<Response, Failure> {
    let which = (value(&pairs, "one"), value(&pairs, "seen"));
    let done = promotion::give_up(&app, &staff, (&id, &skill), which, value(&pairs, "why")).await;
    after(&app, &staff, &reader, (&id, &skill), done).await
}

async fn back(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, skill)): Path<(String, String)>,
    Sent(pairs): Sent<Typed>,
) -> Result<Response, Failure> {
    let which = (value(&pairs, "one"), value(&pairs, "seen"));
    let done = promotion::put_back(&app, &staff, (&id, &skill), which).await;
    after(&app, &staff, &reader, (&id, &skill), done).await
}

async fn draw(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, skill)): Path<(String, String)>,
    Sent(pairs): Sent<Typed>,
) -> Result<Response, Failure> {
    let equals = pairs.into_iter().filter(|(name, _)| name == "one").map(|(_, key)| key);
    let done = promotion::draw(&app, &staff, (&id, &skill), &equals.collect::<Vec<_>>()).await;
    after(&app, &staff, &reader, (&id, &skill), done).await
}
