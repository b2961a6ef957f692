//! Notes over HTTP: a judge's own, and a skill's for its organisers.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::access::Action;
use domain::finding::Place as Where;
use domain::id::{EntryId, JudgeCode, LedgerId};
use protocol::note::{Notes, Place, Stored, Whose, Written};

use super::{Held, Looker, NoteRefusal};
use crate::accounts::Enrolled;
use crate::http::{App, AtTablet, Failure, Guard, Over, Routes, Sent};

/// Adds this feature's routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    use Guard::{Staff, Tablet};
    routes
        .add(Method::GET, "/api/judge/notes", Tablet, "The judge's own notes and photos.", own)
        .gives::<Notes>()
        .add(Method::PUT, "/api/judge/notes/{id}", Tablet, "Stores a note of the judge's on a cell.", write)
        .takes::<Written>()
        .gives::<Stored>()
        .add(Method::DELETE, "/api/judge/notes/{id}", Tablet, "Takes an own note or photo back.", take_back)
        .gives::<Stored>()
        .add_picture("/api/judge/photos/{id}", Tablet, "Stores a photo of the judge's on a cell.", attach)
        .gives::<Stored>()
        .add(Method::GET, "/api/judge/photos/{id}", Tablet, "An own photo.", own_photo)
        .add(
            Method::GET,
            "/api/skills/{id}/notes",
            Staff(Action::Read, Over::Skill),
            "A skill's notes and photos.",
            of_skill,
        )
        .gives::<Notes>()
}

async fn own(
    State(app): State<App>,
    AtTablet(judge): AtTablet,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<Json<Notes>, Failure> {
    let Query(whose) = whose.map_err(|error| Failure::unreadable(&error.body_text()))?;
    if !is_of(&judge, &whose.judge, &whose.ledger) {
        return Err(Failure::not_allowed());
    }
    Ok(Json(Notes { notes: super::own(&app, &judge).await? }))
}

async fn write(
    State(app): State<App>,
    AtTablet(judge): AtTablet,
    Path(id): Path<String>,
    place: Result<Query<Place>, QueryRejection>,
    Sent(Written { text }): Sent<Written>,
) -> Result<Json<Stored>, Failure> {
    store(&app, &judge, &id, place, Held::Text(&text)).await
}

async fn attach(
    State(app): State<App>,
    AtTablet(judge): AtTablet,
    Path(id): Path<String>,
    place: Result<Query<Place>, QueryRejection>,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<Stored>, Failure> {
    let bytes = bytes.map_err(|_| Failure::too_large())?;
    store(&app, &judge, &id, place, Held::Photo(&bytes)).await
}

async fn store(
    app: &App,
    judge: &Enrolled,
    id: &str,
    place: Result<Query<Place>, QueryRejection>,
    held: Held<'_>,
) -> Result<Json<Stored>, Failure> {
    let Query(place) = place.map_err(|error| Failure::unreadable(&error.body_text()))?;
    if !is_of(judge, &place.judge, &place.ledger) {
        return Err(Failure::not_allowed());
    }
    let id = parse(id)?;
    super::store(app, judge, id, &place, held).await?;
    Ok(Json(Stored { id }))
}

async fn take_back(
    State(app): State<App>,
    AtTablet(judge): AtTablet,
    Path(id): Path<String>,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<Json<Stored>, Failure> {
    let Query(whose) = whose.map_err(|error| Failure::unreadable(&error.body_text()))?;
    if !is_of(&judge, &whose.judge, &whose.ledger) {
        return Err(Failure::not_allowed());
    }
    let id = parse(&id)?;
    if super::take_back(&app, &judge, id).await? {
        Ok(Json(Stored { id }))
    } else {
        Err(Failure::not_found())
    }
}

async fn own_photo(
    State(app): State<App>,
    AtTablet(judge): AtTablet,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    shown(&app, &judge.ledger, &id, Looker::Writer(&judge.judge)).await
}

async fn of_skill(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Notes>, Failure> {
    let (notes, _) = super::of_skill(&app, &LedgerId::from(id), Looker::Desk).await?;
    Ok(Json(Notes { notes }))
}

/// A photo as an answer, for whoever may see it; nobody keeps it on the way.
pub(crate) async fn shown(
    app: &App,
    ledger: &LedgerId,
    id: &str,
    looker: Looker<'_>,
) -> Result<Response, Failure> {
    let id = EntryId::parse(id).ok_or_else(Failure::not_found)?;
    let bytes = super::photo(app, ledger, id, looker).await?.ok_or_else(Failure::not_found)?;
    let headers = [
        (CONTENT_TYPE, "image/jpeg".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{id}.jpg\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// The browser may be another judge's by now: what one wrote is never stored as another's.
fn is_of(enrolled: &Enrolled, judge: &JudgeCode, ledger: &LedgerId) -> bool {
    enrolled.judge == *judge && enrolled.ledger == *ledger
}

fn parse(id: &str) -> Result<EntryId, NoteRefusal> {
    EntryId::parse(id).ok_or(NoteRefusal::IdUnfit)
}

impl From<NoteRefusal> for Failure {
    fn from(refusal: NoteRefusal) -> Self {
        let status = match refusal {
            NoteRefusal::UsedOtherwise => StatusCode::CONFLICT,
            NoteRefusal::TakenBack => StatusCode::GONE,
            NoteRefusal::TooFast => StatusCode::TOO_MANY_REQUESTS,
            NoteRefusal::NoSpace => StatusCode::INSUFFICIENT_STORAGE,
            NoteRefusal::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
            NoteRefusal::Elsewhere
            | NoteRefusal::IdUnfit
            | NoteRefusal::TextUnfit
            | NoteRefusal::TooMany { .. }
            | NoteRefusal::NotJpeg
            | NoteRefusal::Tells
            | NoteRefusal::TooWide => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, refusal.at(Where::default()))
    }
}
