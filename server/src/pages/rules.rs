//! The page on which a competition's rules are chosen, edited and tried on an example.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::access::Action;
use protocol::rules::{RulesPage, SentRules};
use web::{DeskPage, Page};

use super::Reader;
use super::desk::go;
use crate::accounts::Staff;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::setup::rules::{self, RulesAct};

pub(super) fn routes(routes: Routes) -> Routes {
    let of = Guard::Staff(Action::SetUp, Over::Competition);
    // What stands behind each clause is text: a form of many rows is longer than most.
    routes
        .add(
            Method::GET,
            "/desk/competition/{id}/rules",
            of,
            "A competition's rules, tried on an example.",
            show,
        )
        .add_upload(
            "/desk/competition/{id}/rules",
            of,
            "Keeps a competition's rules, or shows what they would do.",
            sent,
        )
        .add_upload(
            "/desk/competition/{id}/rules/preview",
            of,
            "The example alone, as the rules typed would have it.",
            preview,
        )
}

async fn show(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let page = rules::show(&app, &id, query.contains_key("saved")).await?;
    Ok(page_of(&staff, &reader, &page, None))
}

fn page_of(staff: &Staff, reader: &Reader, rules: &RulesPage, refused: Option<Failure>) -> Response {
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::Rules { name: &staff.name, rules, problem: problem.as_ref() };
    reader.show(status, &Page::Desk(page))
}

async fn sent(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(sent): Sent<SentRules>,
) -> Result<Response, Failure> {
    let refused = match rules::act(&sent) {
        RulesAct::Preview => None,
        RulesAct::Save => match rules::keep(&app, &id, &sent).await {
            Ok(()) => return Ok(go(&format!("/desk/competition/{id}/rules?saved=1"))),
            Err(failure) => Some(failure),
        },
    };
    let page = rules::typed(&app, &id, &sent).await?;
    Ok(page_of(&staff, &reader, &page, refused))
}

async fn preview(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Sent(sent): Sent<SentRules>,
) -> Result<Response, Failure> {
    let page = rules::typed(&app, &id, &sent).await?;
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    Ok((headers, web::rules_preview(&page, &reader.0)).into_response())
}
