//! The pages of draws: at the desk, where they are made, and in public, where anybody repeats them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use protocol::draw::{NewDraw, OfLayer, Printed, Published, Seed, Slip, Throw};
use web::{DeskPage, Page};

use super::Reader;
use super::desk::go;
use crate::accounts::Staff;
use crate::draw;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};

pub(super) fn routes(routes: Routes) -> Routes {
    let of = |action| Guard::Staff(action, Over::Competition);
    routes
        .add(
            Method::GET,
            "/competition/{id}/draw",
            Guard::Public,
            "A competition's draws, to be repeated.",
            public,
        )
        .add(
            Method::GET,
            "/api/competitions/{id}/draw",
            Guard::Public,
            "What was published of a competition's draws.",
            published,
        )
        .gives::<Published>()
        .add(
            Method::GET,
            "/desk/competition/{id}/draw",
            of(Action::Look),
            "The draws, and their layers.",
            home,
        )
        .add(Method::POST, "/desk/competition/{id}/draw", of(Action::Redraw), "Begins a draw.", plan)
        .add(
            Method::POST,
            "/desk/competition/{id}/draw/{draw}/commit",
            of(Action::Draw),
            "Commits to a layer as its maker.",
            commit,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/draw/{draw}/seed",
            of(Action::Draw),
            "Enters the seed.",
            seed,
        )
        .add(
            Method::GET,
            "/desk/competition/{id}/draw/{draw}/layer/{layer}",
            of(Action::Draw),
            "A layer's codes, for its maker to print.",
            cards,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/draw/{draw}/seal",
            of(Action::Encode),
            "Makes a layer's slips, which are shown once.",
            seal,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/draw/{draw}/sealed",
            of(Action::Encode),
            "Seals a layer whose slips are on paper.",
            sealed,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/draw/{draw}/open",
            of(Action::Encode),
            "Begins to open a layer by one slip.",
            open,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/draw/{draw}/witness",
            of(Action::Witness),
            "Opens it by another slip, as the witness.",
            witness,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/draw/{draw}/throw",
            of(Action::Redraw),
            "Asks for a draw to be thrown away.",
            throw,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/draw/{draw}/throw/confirm",
            of(Action::Second),
            "Throws it away, as the second person.",
            confirm,
        )
}

async fn published(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Published>, Failure> {
    Ok(Json(draw::published(&app, &id).await?))
}

async fn public(State(app): State<App>, reader: Reader, Path(id): Path<String>) -> Result<Response, Failure> {
    Ok(reader.show(StatusCode::OK, &Page::Draw(&draw::published(&app, &id).await?)))
}

async fn home(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    show(&app, &staff, &reader, &id, &NewDraw::default(), None).await
}

async fn show(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    id: &str,
    typed: &NewDraw,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let draws = draw::look(app, staff, id).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::Draws { name: &staff.name, draws: &draws, typed, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Desk(page)))
}

fn at(id: &str) -> String {
    format!("/desk/competition/{id}/draw")
}

/// Back to the draws: what was done shows there, and so does why it was not.
async fn led_back<T>(
    (app, staff, reader): (&App, &Staff, &Reader),
    id: &str,
    done: Result<T, Failure>,
) -> Result<Response, Failure> {
    match done {
        Ok(_) => Ok(go(&at(id))),
        Err(failure) if failure.status == StatusCode::NOT_FOUND => Err(failure),
        Err(failure) => show(app, staff, reader, id, &NewDraw::default(), Some(failure)).await,
    }
}

async fn plan(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<NewDraw>,
) -> Result<Response, Failure> {
    match draw::plan(&app, &id, &typed).await {
        Ok(_) => Ok(go(&at(&id))),
        Err(failure) => show(&app, &staff, &reader, &id, &typed, Some(failure)).await,
    }
}

async fn commit(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, draw)): Path<(String, String)>,
    Sent(form): Sent<OfLayer>,
) -> Result<Response, Failure> {
    let done = draw::commit(&app, &staff, &id, &draw, form.layer).await;
    led_back((&app, &staff, &reader), &id, done).await
}

async fn seed(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, draw)): Path<(String, String)>,
    Sent(form): Sent<Seed>,
) -> Result<Response, Failure> {
    let done = draw::seed(&app, &staff, &id, &draw, &form.seed).await;
    led_back((&app, &staff, &reader), &id, done).await
}

async fn cards(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, draw, layer)): Path<(String, String, u32)>,
) -> Result<Response, Failure> {
    let cards = draw::cards(&app, &staff, &id, &draw, layer).await?;
    let page = DeskPage::LayerCards { name: &staff.name, cards: &cards, back: &at(&id) };
    Ok(reader.show(StatusCode::OK, &Page::Desk(page)))
}

async fn seal(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, draw)): Path<(String, String)>,
    Sent(form): Sent<OfLayer>,
) -> Result<Response, Failure> {
    match draw::seal(&app, &staff, &id, &draw, form.layer).await {
        Ok(slips) => {
            let page = DeskPage::Slips { name: &staff.name, slips: &slips, back: &at(&id) };
            Ok(reader.show(StatusCode::OK, &Page::Desk(page)))
        }
        Err(failure) => led_back::<()>((&app, &staff, &reader), &id, Err(failure)).await,
    }
}

async fn sealed(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, draw)): Path<(String, String)>,
    Sent(form): Sent<Printed>,
) -> Result<Response, Failure> {
    let done = draw::sealed(&app, &staff, &id, &draw, &form).await;
    led_back((&app, &staff, &reader), &id, done).await
}

async fn open(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, draw)): Path<(String, String)>,
    Sent(form): Sent<Slip>,
) -> Result<Response, Failure> {
    let done = draw::begin_opening(&app, &staff, &id, &draw, &form).await;
    led_back((&app, &staff, &reader), &id, done).await
}

async fn witness(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, draw)): Path<(String, String)>,
    Sent(form): Sent<Slip>,
) -> Result<Response, Failure> {
    let done = draw::witness(&app, &staff, &id, &draw, &form).await;
    led_back((&app, &staff, &reader), &id, done).await
}

async fn throw(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, draw)): Path<(String, String)>,
    Sent(form): Sent<Throw>,
) -> Result<Response, Failure> {
    let done = draw::begin_throwing(&app, &staff, &id, &draw, &form.reason).await;
    led_back((&app, &staff, &reader), &id, done).await
}

async fn confirm(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, draw)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let done = draw::confirm_throwing(&app, &staff, &id, &draw).await;
    led_back((&app, &staff, &reader), &id, done).await
}
