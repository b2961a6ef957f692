//! The pages by which a foreman runs drills, made for a phone.

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use protocol::drill::{Drill, DrillForm, NewDrill};
use web::{DrillPage, Page};

use super::Reader;
use super::desk::{go, is_foreman_alone};
use crate::accounts::Staff;
use crate::drill;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::Staff;
    routes
        .add(
            Method::GET,
            "/drill",
            Staff(Action::Drill, Over::Somewhere),
            "Drills on the job that one started.",
            home,
        )
        .add(
            Method::GET,
            "/drill/new",
            Staff(Action::Drill, Over::Somewhere),
            "The form that starts a drill.",
            form,
        )
        .add(
            Method::POST,
            "/drill/new",
            Staff(Action::Drill, Over::Somewhere),
            "Starts a drill, from the page.",
            start,
        )
        .add(
            Method::GET,
            "/drill/{id}",
            Staff(Action::Drill, Over::Somewhere),
            "A drill, as its foreman sees it.",
            look,
        )
        .add(
            Method::POST,
            "/drill/{id}/cards",
            Staff(Action::Drill, Over::Somewhere),
            "Cards of a drill's judges without a device.",
            cards,
        )
        .add(
            Method::GET,
            "/drill/{id}/slips",
            Staff(Action::Drill, Over::Somewhere),
            "A slip for each worker of a drill, to be printed.",
            slips,
        )
        .add(
            Method::GET,
            "/drill/{id}/slips/{number}",
            Staff(Action::Drill, Over::Somewhere),
            "The slip of one worker of a drill.",
            slip,
        )
        .add(
            Method::POST,
            "/drill/{id}/finish",
            Staff(Action::Drill, Over::Somewhere),
            "Ends a drill and gives its results out.",
            finish,
        )
}

async fn home(State(app): State<App>, AtDesk(staff): AtDesk, reader: Reader) -> Result<Response, Failure> {
    let drills = drill::list(&app, &staff).await?;
    let page = DrillPage::Home { name: &staff.name, drills: &drills, has_desk: !is_foreman_alone(&staff) };
    Ok(reader.show(StatusCode::OK, &Page::Drill(page)))
}

async fn form(State(app): State<App>, AtDesk(staff): AtDesk, reader: Reader) -> Result<Response, Failure> {
    let (offered, names) = drill::form(&app, &staff).await?;
    // A form's own id: what is sent twice is one drill.
    let id = uuid::Uuid::now_v7().to_string();
    let typed = NewDrill { id, names, ..NewDrill::default() };
    Ok(show_form(&reader, &offered, &typed, None))
}

fn show_form(reader: &Reader, offered: &DrillForm, typed: &NewDrill, refused: Option<Failure>) -> Response {
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DrillPage::New { offered, typed, problem: problem.as_ref() };
    reader.show(status, &Page::Drill(page))
}

async fn start(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(typed): Sent<NewDrill>,
) -> Result<Response, Failure> {
    match drill::start(&app, &staff, &typed, reader.0.language).await {
        Ok(id) => show(&app, &staff, &reader, &id, true).await,
        Err(refusal) => {
            let (offered, _) = drill::form(&app, &staff).await?;
            Ok(show_form(&reader, &offered, &typed, Some(refusal.into())))
        }
    }
}

async fn look(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    show(&app, &staff, &reader, &id, false).await
}

async fn cards(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    show(&app, &staff, &reader, &id, true).await
}

/// A drill's page, with new cards for who has no device yet.
async fn show(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    id: &str,
    has_cards: bool,
) -> Result<Response, Failure> {
    let shown = drill::look(app, staff, id).await?;
    let cards = if has_cards { crate::desk::missing_cards(app, id).await? } else { Vec::new() };
    let drill = Drill { cards, ..shown };
    Ok(reader.show(StatusCode::OK, &Page::Drill(DrillPage::One { drill: &drill })))
}

async fn finish(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    drill::finish(&app, &staff, &id).await?;
    Ok(go(&format!("/drill/{id}")))
}

async fn slips(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let slips = drill::slips(&app, &staff, &id).await?;
    Ok(reader.show(StatusCode::OK, &Page::Drill(DrillPage::Slips { slips: &slips })))
}

async fn slip(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let mut slips = drill::slips(&app, &staff, &id).await?;
    slips.slips.retain(|slip| slip.number == number);
    if slips.slips.is_empty() {
        return Err(Failure::not_found());
    }
    Ok(reader.show(StatusCode::OK, &Page::Drill(DrillPage::Slips { slips: &slips })))
}
