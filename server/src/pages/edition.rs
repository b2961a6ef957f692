//! The pages on which another competition is made of one: its next edition, or a rehearsal of it.

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use protocol::edition::{NewRehearsal, NextEdition};
use protocol::view::CompetitionRef;
use web::{DeskPage, Page};

use super::Reader;
use super::desk::go;
use crate::accounts::Staff;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::setup::{edition, rehearsal};

pub(super) fn routes(routes: Routes) -> Routes {
    let of = Guard::Staff(Action::SetUp, Over::Competition);
    routes
        .add(
            Method::GET,
            "/desk/competition/{id}/next",
            of,
            "The form of a competition's next edition.",
            show,
        )
        .add(Method::POST, "/desk/competition/{id}/next", of, "Makes a competition's next edition.", make)
        .add(
            Method::GET,
            "/desk/competition/{id}/rehearsal",
            of,
            "The form of a competition's rehearsal.",
            show_rehearsal,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/rehearsal",
            of,
            "Makes a rehearsal of a competition.",
            rehearse,
        )
}

async fn show(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (competition, offered) = edition::offered(&app, &id).await?;
    Ok(page(&staff, &reader, &competition, &offered, None))
}

fn page(
    staff: &Staff,
    reader: &Reader,
    competition: &CompetitionRef,
    typed: &NextEdition,
    refused: Option<Failure>,
) -> Response {
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::Edition { name: &staff.name, competition, typed, problem: problem.as_ref() };
    reader.show(status, &Page::Desk(page))
}

async fn make(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<NextEdition>,
) -> Result<Response, Failure> {
    match edition::make(&app, &staff, &id, &typed).await {
        Ok(next) => Ok(go(&format!("/desk/competition/{next}#setup"))),
        Err(failure) => {
            let competition = edition::about(&app, &id).await?;
            Ok(page(&staff, &reader, &competition, &typed, Some(failure)))
        }
    }
}

async fn show_rehearsal(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (competition, offered) = rehearsal::offered(&app, &id).await?;
    Ok(rehearsal_page(&staff, &reader, &competition, &offered, None))
}

fn rehearsal_page(
    staff: &Staff,
    reader: &Reader,
    competition: &CompetitionRef,
    typed: &NewRehearsal,
    refused: Option<Failure>,
) -> Response {
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::Rehearsal { name: &staff.name, competition, typed, problem: problem.as_ref() };
    reader.show(status, &Page::Desk(page))
}

async fn rehearse(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<NewRehearsal>,
) -> Result<Response, Failure> {
    match rehearsal::make(&app, &staff, &id, &typed).await {
        Ok(made) => Ok(go(&format!("/desk/competition/{made}"))),
        Err(failure) => {
            let competition = edition::about(&app, &id).await?;
            Ok(rehearsal_page(&staff, &reader, &competition, &typed, Some(failure)))
        }
    }
}
