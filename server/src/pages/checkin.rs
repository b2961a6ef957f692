//! The registration desk's pages: everybody who is expected, one whose card was scanned, and the cards to print.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use domain::access::Action;
use domain::id::LedgerId;
use protocol::checkin::{CheckInFilter, CheckInForm, CheckInUndo};
use web::{ArrivalSaid, DeskPage, Page};

use super::Reader;
use super::desk::go;
use crate::accounts::Staff;
use crate::checkin::{self, Noted};
use crate::competition;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::setup;

/// The most characters of an address that a form leads back to.
const LIST_MAX: usize = 4_000;

pub(super) fn routes(routes: Routes) -> Routes {
    let within = Guard::Staff(Action::CheckIn, Over::Within);
    let of_skill = Guard::Staff(Action::CheckIn, Over::Skill);
    routes
        .add(Method::GET, "/desk/competition/{id}/check-in", within, "Who is here, and who is missing.", list)
        .add(
            Method::GET,
            "/desk/competition/{id}/check-in/cards",
            within,
            "Entry cards, to be printed.",
            cards,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}/check-in/{code}",
            of_skill,
            "Whose entry card was scanned.",
            arrival,
        )
        .add(Method::POST, "/desk/skill/{id}/check-in/{code}", of_skill, "Notes that they are here.", note)
        .add(
            Method::POST,
            "/desk/skill/{id}/check-in/{code}/undo",
            of_skill,
            "Takes back that they are here.",
            take_back,
        )
}

/// Whether an address is one that an entry card leads to: whoever signs in comes back to it.
pub(super) fn is_of_card(path: &str) -> bool {
    let rest = path.strip_prefix("/desk/skill/").map(|rest| rest.split('/').collect::<Vec<_>>());
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte));
    is_plain && matches!(rest.as_deref(), Some([id, "check-in", code]) if !id.is_empty() && !code.is_empty())
}

fn list_of(id: &str) -> String {
    format!("/desk/competition/{id}/check-in")
}

async fn list(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(filter): Query<CheckInFilter>,
    Query(more): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    // A scanner that types puts the card's whole address into the field.
    if let Some(scanned) = filter.find.find("/desk/skill/").and_then(|at| filter.find.get(at..))
        && is_of_card(scanned.trim())
    {
        return Ok(go(scanned.trim()));
    }
    let just = more.get("just").and_then(|just| just.strip_prefix("/desk/skill/")?.split_once("/check-in/"));
    let just = match just {
        Some((skill, code)) => checkin::find(&app, &staff, &LedgerId::from(skill), code).await.ok(),
        None => None,
    };
    let list = checkin::look(&app, &staff, &id, filter).await?;
    let just = just.as_ref().map(|just| &just.one);
    Ok(reader.show(StatusCode::OK, &Page::Desk(DeskPage::CheckIn { name: &staff.name, list: &list, just })))
}

async fn cards(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(filter): Query<CheckInFilter>,
) -> Result<Response, Failure> {
    let cards = checkin::cards(&app, &staff, &id, filter).await?;
    Ok(reader.show(StatusCode::OK, &Page::Desk(DeskPage::EntryCards { name: &staff.name, cards: &cards })))
}

async fn arrival(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, code)): Path<(String, String)>,
    Query(more): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let said = match more.get("said").map(String::as_str) {
        Some("noted") => ArrivalSaid::Noted,
        Some("undone") => ArrivalSaid::TakenBack,
        _ => ArrivalSaid::Nothing,
    };
    show(&app, &staff, &reader, (&LedgerId::from(id), &code), StatusCode::OK, said).await
}

async fn show(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (skill, code): (&LedgerId, &str),
    status: StatusCode,
    said: ArrivalSaid<'_>,
) -> Result<Response, Failure> {
    match checkin::find(app, staff, skill, code).await {
        Ok(arrival) => {
            let page = DeskPage::Arrival { name: &staff.name, arrival: &arrival, said };
            Ok(reader.show(status, &Page::Desk(page)))
        }
        // Whose card leads nowhere is looked for in the list.
        Err(failure) => {
            let id = competition::of_skill(&app.database, skill).await.map_err(setup::failed)?;
            let problem = failure.body(reader.0.language);
            let page = DeskPage::Refused { problem: &problem, back: &list_of(&id) };
            Ok(reader.show(failure.status, &Page::Desk(page)))
        }
    }
}

async fn note(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, code)): Path<(String, String)>,
    uri: Uri,
    Sent(form): Sent<CheckInForm>,
) -> Result<Response, Failure> {
    let which = (&LedgerId::from(id), code.as_str());
    match checkin::note(&app, &staff, which.0, which.1).await {
        Ok(Noted::Here) => led_on(&app, which.0, uri.path(), form.list.as_deref(), "noted").await,
        Ok(Noted::Before) => {
            show(&app, &staff, &reader, which, StatusCode::CONFLICT, ArrivalSaid::Before).await
        }
        Err(failure) => refused(&app, &staff, &reader, which, &failure).await,
    }
}

async fn take_back(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, code)): Path<(String, String)>,
    uri: Uri,
    Sent(form): Sent<CheckInUndo>,
) -> Result<Response, Failure> {
    let which = (&LedgerId::from(id), code.as_str());
    match checkin::take_back(&app, &staff, which, &form.id).await {
        Ok(()) => {
            let card = uri.path().strip_suffix("/undo").unwrap_or_default();
            led_on(&app, which.0, card, form.list.as_deref(), "undone").await
        }
        Err(failure) => refused(&app, &staff, &reader, which, &failure).await,
    }
}

async fn refused(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    which: (&LedgerId, &str),
    failure: &Failure,
) -> Result<Response, Failure> {
    let problem = failure.body(reader.0.language);
    show(app, staff, reader, which, failure.status, ArrivalSaid::Refused(&problem)).await
}

/// Back to the list as it was looked at, or to the one whose card was scanned; what was done is said there.
async fn led_on(
    app: &App,
    skill: &LedgerId,
    card: &str,
    list: Option<&str>,
    said: &str,
) -> Result<Response, Failure> {
    let is_query = |list: &&str| list.len() <= LIST_MAX && list.bytes().all(|byte| byte.is_ascii_graphic());
    let Some(list) = list.filter(is_query) else {
        return Ok(go(&format!("{card}?said={said}")));
    };
    let id = competition::of_skill(&app.database, skill).await.map_err(setup::failed)?;
    let list = if list.is_empty() { String::new() } else { format!("{list}&") };
    Ok(go(&format!("{}?{list}just={card}", list_of(&id))))
}
