//! The chief judge's page and its forms. Every one of them is for the chief judge of the skill that the
//! device was enrolled for, and for nobody else.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Role;
use protocol::chief::{Again, LockSheet, OfCompetitor, OfProposal, Settle};
use serde::Deserialize;
use web::{ChiefDone, ChiefPage, Page};

use super::Reader;
use super::desk::go;
use crate::accounts::Enrolled;
use crate::chief::{self, Done};
use crate::desk::Refusal;
use crate::http::{App, AtTablet, Failure, Guard, Routes, Sent};

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::Tablet;
    routes
        .add(Method::GET, "/chief", Tablet, "The chief judge's view of a skill.", view)
        .add(
            Method::POST,
            "/chief/settle",
            Tablet,
            "Settles a conflict or a late mark, as chief judge.",
            settle,
        )
        .add(Method::POST, "/chief/again", Tablet, "Asks for another scoring round, as chief judge.", again)
        .add(Method::POST, "/chief/lock", Tablet, "Locks a signed sheet, as chief judge.", lock)
        .add(
            Method::POST,
            "/chief/competitor",
            Tablet,
            "Decides something of a competitor, as chief judge.",
            of_competitor,
        )
        .add(Method::POST, "/chief/second", Tablet, "Confirms another chief judge's act.", second)
        .add(Method::POST, "/chief/retract", Tablet, "Takes back what waits for a second person.", retract)
}

/// The chief judge at a route of [`Guard::Tablet`]; any other judge is refused.
struct AtChief(Enrolled);

impl<S: Sync> FromRequestParts<S> for AtChief {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let AtTablet(enrolled) = AtTablet::from_request_parts(parts, state).await?;
        if enrolled.role == Role::ChiefJudge { Ok(Self(enrolled)) } else { Err(Failure::not_allowed()) }
    }
}

/// What the page says of the act before.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    done: String,
}

async fn view(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    Query(Said { done }): Query<Said>,
) -> Result<Response, Failure> {
    show(&app, &chief, &reader, ChiefDone::parse(&done), None).await
}

/// The page, with why something was refused.
async fn show(
    app: &App,
    chief: &Enrolled,
    reader: &Reader,
    done: Option<ChiefDone>,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let view = chief::look(app, chief).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = ChiefPage::View { view: &view, now: (app.clock)(), done, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Chief(page)))
}

/// Back to the page: by another address where it was done, so that loading it again does nothing again.
async fn back(
    app: &App,
    chief: &Enrolled,
    reader: &Reader,
    done: Result<ChiefDone, Refusal>,
) -> Result<Response, Failure> {
    match done {
        Ok(done) => Ok(go(&format!("/chief?done={}", done.word()))),
        Err(refusal) => show(app, chief, reader, None, Some(refusal.into())).await,
    }
}

fn told(done: Done) -> ChiefDone {
    match done {
        Done::Entered => ChiefDone::Entered,
        Done::Proposed => ChiefDone::Proposed,
    }
}

async fn settle(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    Sent(form): Sent<Settle>,
) -> Result<Response, Failure> {
    let done = chief::settle(&app, &chief, &form).await;
    back(&app, &chief, &reader, done.map(told)).await
}

async fn again(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    Sent(form): Sent<Again>,
) -> Result<Response, Failure> {
    let done = chief::again(&app, &chief, form).await;
    back(&app, &chief, &reader, done.map(told)).await
}

async fn lock(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    Sent(form): Sent<LockSheet>,
) -> Result<Response, Failure> {
    let done = chief::lock(&app, &chief, form).await;
    back(&app, &chief, &reader, done.map(told)).await
}

async fn of_competitor(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    Sent(form): Sent<OfCompetitor>,
) -> Result<Response, Failure> {
    let done = chief::of_competitor(&app, &chief, form).await;
    back(&app, &chief, &reader, done.map(told)).await
}

async fn second(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    Sent(form): Sent<OfProposal>,
) -> Result<Response, Failure> {
    let done = chief::second(&app, &chief, form.act).await;
    back(&app, &chief, &reader, done.map(|()| ChiefDone::Confirmed)).await
}

async fn retract(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    Sent(form): Sent<OfProposal>,
) -> Result<Response, Failure> {
    let done = chief::retract(&app, &chief, form.act).await;
    back(&app, &chief, &reader, done.map(|()| ChiefDone::Retracted)).await
}

/// A failure at the chief judge's page, as a page.
pub(super) fn failure(failure: &Failure, reader: &Reader) -> Response {
    let problem = failure.body(reader.0.language);
    let page = match failure.status {
        StatusCode::UNAUTHORIZED => ChiefPage::Door,
        _ => ChiefPage::Refused(&problem),
    };
    reader.show(failure.status, &Page::Chief(page))
}
