//! The pages of circuits: those that there are, and one with its ladder.

use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use protocol::circuit::{CircuitForm, OfCircuit};
use protocol::list::{self, ListQuery};
use web::{CircuitPage, DeskPage, Page};

use super::desk::go;
use super::{Pairs, Reader};
use crate::accounts::Staff;
use crate::circuit;
use crate::desk;
use crate::exchange::package::TIERS;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::promotion;

pub(super) fn routes(routes: Routes) -> Routes {
    // Of which circuit what may be seen and done is the operations' to say: they know whose it is.
    let look = Guard::Staff(Action::Look, Over::Somewhere);
    let set_up = Guard::Staff(Action::SetUp, Over::Somewhere);
    routes
        .add(Method::GET, "/desk/circuits", look, "Circuits, and the form that makes one.", circuits)
        .add(Method::POST, "/desk/circuits", set_up, "Makes a circuit.", make)
        .add(Method::GET, "/desk/circuit/{id}", look, "A circuit with its ladder.", look_at)
        .add(Method::POST, "/desk/circuit/{id}", set_up, "Changes what a circuit is.", describe)
        .add(
            Method::POST,
            "/desk/circuit/{id}/take-out",
            set_up,
            "Takes a competition out of a circuit.",
            take_out,
        )
        .add(Method::POST, "/desk/circuit/{id}/remove", set_up, "Removes an empty circuit.", remove)
}

async fn circuits(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
) -> Result<Response, Failure> {
    let offered = CircuitForm {
        lowest: TIERS.first().copied().unwrap_or_default().to_owned(),
        highest: "province".to_owned(),
        form: uuid::Uuid::now_v7().to_string(),
        ..CircuitForm::default()
    };
    show_all(&app, &staff, &reader, &offered, None).await
}

async fn show_all(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    typed: &CircuitForm,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let lines = circuit::list(app, staff).await?;
    let (places, of_none) = desk::places(app, staff).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = CircuitPage::All {
        lines: &lines,
        places: &places,
        of_none,
        tiers: &TIERS,
        typed,
        problem: problem.as_ref(),
    };
    Ok(reader.show(status, &Page::Desk(DeskPage::Circuit { name: &staff.name, page })))
}

async fn make(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(typed): Sent<CircuitForm>,
) -> Result<Response, Failure> {
    match circuit::make(&app, &staff, &typed).await {
        Ok(id) => Ok(go(&format!("/desk/circuit/{id}"))),
        Err(failure) => show_all(&app, &staff, &reader, &typed, Some(failure)).await,
    }
}

async fn look_at(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let query = ListQuery::read(&asked, list::CIRCUIT);
    let typed = circuit::form(&app, &id).await?;
    show_one(&app, &staff, &reader, (&id, &query), &typed, None).await
}

async fn show_one(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, query): (&str, &ListQuery),
    typed: &CircuitForm,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let shown = circuit::look(app, staff, id, query).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let flows = promotion::flows(app, id).await?;
    let page = CircuitPage::One {
        shown: &shown,
        flows: &flows,
        query,
        tiers: &TIERS,
        typed,
        problem: problem.as_ref(),
    };
    Ok(reader.show(status, &Page::Desk(DeskPage::Circuit { name: &staff.name, page })))
}

async fn describe(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<CircuitForm>,
) -> Result<Response, Failure> {
    let Err(failure) = circuit::describe(&app, &staff, &id, &typed).await else {
        return Ok(go(&format!("/desk/circuit/{id}")));
    };
    // What was typed goes over what is there by now, once it was looked at.
    let typed = CircuitForm { seen: circuit::form(&app, &id).await?.seen, ..typed };
    show_one(&app, &staff, &reader, (&id, &ListQuery::default()), &typed, Some(failure)).await
}

async fn take_out(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(one): Sent<OfCircuit>,
) -> Result<Response, Failure> {
    circuit::take_out(&app, &staff, &id, &one.competition).await?;
    Ok(go(&format!("/desk/circuit/{id}#competitions")))
}

async fn remove(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    match circuit::remove(&app, &staff, &id).await {
        Ok(()) => Ok(go("/desk/circuits")),
        Err(failure) => {
            let typed = circuit::form(&app, &id).await?;
            show_one(&app, &staff, &reader, (&id, &ListQuery::default()), &typed, Some(failure)).await
        }
    }
}
