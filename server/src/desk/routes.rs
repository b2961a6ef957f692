//! The desk over HTTP.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use domain::finding::{Finding, Place};
use domain::id::{EnrolmentId, LedgerId};
use protocol::desk::{
    Card, CardFor, Competition, CompetitionSettings, Decide, Do, Listed, Made, NewJudge, ResultRow,
    SkillSettings, Small,
};
use protocol::judge::{About, Confirm};

use protocol::view::SessionClock;

use super::{DeskError, Refusal};
use crate::exchange::Files;
use crate::exchange::package::Name;
use crate::http::{App, AtDesk, AtTablet, Failure, Guard, Routes, Sent, Spoke};
use crate::practice;

/// Adds this feature's routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    use Guard::{Desk, Tablet};
    routes
        .add(Method::GET, "/api/competitions", Desk, "Every competition.", list)
        .gives::<Vec<Listed>>()
        .add_upload("/api/competitions", Desk, "Sets a competition up from a package (.zip).", upload_package)
        .gives::<Made>()
        .add(Method::POST, "/api/competitions/small", Desk, "Sets a small one up from a page.", small)
        .takes::<Small>()
        .gives::<Made>()
        .add(Method::GET, "/api/competitions/{id}", Desk, "A competition as its organisers see it.", look)
        .gives::<Competition>()
        .add(Method::GET, "/api/competitions/{id}/results", Desk, "Results as they stand.", results)
        .gives::<Vec<ResultRow>>()
        .add(
            Method::GET,
            "/api/competitions/{id}/export",
            Desk,
            "The package with its ledgers (.zip).",
            export,
        )
        .add(Method::PATCH, "/api/competitions/{id}", Desk, "Makes it public, or freezes every surface.", set)
        .takes::<CompetitionSettings>()
        .add(Method::PATCH, "/api/skills/{id}", Desk, "What the public sees of a skill.", set_skill)
        .takes::<SkillSettings>()
        .add(
            Method::PUT,
            "/api/competitions/{id}/session",
            Desk,
            "Sets the session clock of every skill.",
            set_session_of_all,
        )
        .takes::<SessionClock>()
        .add(
            Method::DELETE,
            "/api/competitions/{id}/session",
            Desk,
            "Takes the session clock off every skill.",
            end_session_of_all,
        )
        .add(Method::PUT, "/api/skills/{id}/session", Desk, "Sets a skill's session clock.", set_session)
        .takes::<SessionClock>()
        .add(Method::DELETE, "/api/skills/{id}/session", Desk, "Takes it off.", end_session)
        .add(Method::POST, "/api/skills/{id}/act", Desk, "Opens, closes or releases a skill.", act)
        .takes::<Do>()
        .add(Method::POST, "/api/skills/{id}/decisions", Desk, "Enters a decision of the organisers.", decide)
        .takes::<Decide>()
        .add(
            Method::POST,
            "/api/skills/{id}/confirmations",
            Desk,
            "The second person's word, as an organiser.",
            confirm,
        )
        .takes::<Confirm>()
        .add(Method::POST, "/api/skills/{id}/judges", Desk, "Adds a judge, who has no seat yet.", add_judge)
        .takes::<NewJudge>()
        .add(Method::POST, "/api/skills/{id}/cards", Desk, "Makes a judge's card.", card)
        .takes::<CardFor>()
        .gives::<Card>()
        .add(Method::GET, "/api/judge/about", Tablet, "What a judge is there for, in words.", about)
        .gives::<About>()
        .add(Method::DELETE, "/api/skills/{id}/enrolments/{enrolment}", Desk, "Ends a device or card.", end)
}

async fn about(State(app): State<App>, AtTablet(enrolled): AtTablet) -> Result<Json<About>, Failure> {
    Ok(Json(super::about(&app, &enrolled.ledger, &enrolled.judge).await?))
}

async fn list(State(app): State<App>) -> Result<Json<Vec<Listed>>, Failure> {
    Ok(Json(super::list(&app).await?))
}

async fn upload_package(
    State(app): State<App>,
    Spoke(language): Spoke,
    request: Request,
) -> Result<impl IntoResponse, Failure> {
    let (id, name, findings) = upload(&app, request).await?;
    Ok((StatusCode::CREATED, Json(Made::new(id, super::text(&name), &findings, language))))
}

/// Sets a competition up from the package in a request: the zip as the body, or as the file of a
/// page's form.
pub(crate) async fn upload(app: &App, request: Request) -> Result<(String, Name, Vec<Finding>), Failure> {
    let bytes = file_of(request, "package").await?;
    let files = tokio::task::spawn_blocking(move || Files::from_zip(&bytes)).await;
    let files = files.map_err(|error| Refusal::failed(crate::spoken::of_library(&error)))?;
    let refused =
        |finding| Refusal { error: DeskError::PackageRefused, findings: vec![finding], is_ours: false };
    Ok(super::set_up(app, files.map_err(refused)?).await?)
}

/// The file in a request: the body, or the file of that name of a page's form.
pub(crate) async fn file_of(request: Request, name: &str) -> Result<Bytes, Failure> {
    let no_file = || Failure::from(Refusal::from(DeskError::NoFile));
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let bytes = Bytes::from_request(request, &()).await.map_err(|_| Failure::too_large())?;
        return if bytes.is_empty() { Err(no_file()) } else { Ok(bytes) };
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| no_file())?;
    while let Some(field) = form.next_field().await.map_err(|_| Failure::too_large())? {
        if field.name() == Some(name) {
            let bytes = field.bytes().await.map_err(|_| Failure::too_large())?;
            return if bytes.is_empty() { Err(no_file()) } else { Ok(bytes) };
        }
    }
    Err(no_file())
}

async fn small(
    State(app): State<App>,
    Spoke(language): Spoke,
    Sent(page): Sent<Small>,
) -> Result<impl IntoResponse, Failure> {
    let (id, name, findings) = super::make_small(&app, &page).await?;
    Ok((StatusCode::CREATED, Json(Made::new(id, super::text(&name), &findings, language))))
}

async fn look(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Competition>, Failure> {
    Ok(Json(super::look(&app, &id).await?))
}

async fn set(
    State(app): State<App>,
    AtDesk(organiser): AtDesk,
    Path(id): Path<String>,
    Sent(settings): Sent<CompetitionSettings>,
) -> Result<StatusCode, Failure> {
    super::set_competition(&app, &organiser, &id, &settings).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_skill(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(settings): Sent<SkillSettings>,
) -> Result<StatusCode, Failure> {
    super::set_skill(&app, &LedgerId::from(id), &settings).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_session_of_all(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(session): Sent<SessionClock>,
) -> Result<StatusCode, Failure> {
    super::set_session_of_all(&app, &id, Some(session)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn end_session_of_all(State(app): State<App>, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    super::set_session_of_all(&app, &id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_session(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(session): Sent<SessionClock>,
) -> Result<StatusCode, Failure> {
    super::set_session(&app, &LedgerId::from(id), Some(session)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn end_session(State(app): State<App>, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    super::set_session(&app, &LedgerId::from(id), None).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn results(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Vec<ResultRow>>, Failure> {
    Ok(Json(super::results(&app, &id).await?))
}

async fn export(State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse, Failure> {
    let files = super::export(&app, &id).await?;
    let zip = files.to_zip().map_err(|error| Refusal::failed(crate::spoken::of_system(&error)))?;
    let headers =
        [(CONTENT_TYPE, "application/zip"), (CONTENT_DISPOSITION, "attachment; filename=\"leitai.zip\"")];
    Ok((headers, zip))
}

async fn act(
    State(app): State<App>,
    AtDesk(organiser): AtDesk,
    Path(id): Path<String>,
    Sent(body): Sent<Do>,
) -> Result<StatusCode, Failure> {
    let skill = LedgerId::from(id);
    practice::may(&app, &skill, body.act).await?;
    super::act(&app, &organiser, &skill, body.act).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn decide(
    State(app): State<App>,
    AtDesk(organiser): AtDesk,
    Path(id): Path<String>,
    Sent(body): Sent<Decide>,
) -> Result<StatusCode, Failure> {
    super::decide(&app, &organiser, &LedgerId::from(id), body).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn confirm(
    State(app): State<App>,
    AtDesk(organiser): AtDesk,
    Path(id): Path<String>,
    Sent(body): Sent<Confirm>,
) -> Result<StatusCode, Failure> {
    super::confirm(&app, &organiser, &LedgerId::from(id), &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_judge(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(body): Sent<NewJudge>,
) -> Result<StatusCode, Failure> {
    super::add_judge(&app, &LedgerId::from(id), &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn card(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(body): Sent<CardFor>,
) -> Result<Json<Card>, Failure> {
    Ok(Json(super::card(&app, &LedgerId::from(id), &body.judge).await?))
}

async fn end(
    State(app): State<App>,
    Path((id, enrolment)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    let ended = app.accounts.end_enrolment(&EnrolmentId::from(enrolment), &LedgerId::from(id)).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Failure::not_found()) }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal.error {
            _ if refusal.is_ours => StatusCode::SERVICE_UNAVAILABLE,
            DeskError::NotEntered { .. }
            | DeskError::NoDraft { .. }
            | DeskError::SaidBefore
            | DeskError::NoProposal
            | DeskError::TooManyProposals
            | DeskError::AskedAlready
            | DeskError::DifferenceChanged
            | DeskError::NotCompeting
            | DeskError::NotMarkedNow
            | DeskError::TimeChanged
            | DeskError::ProposerGone
            | DeskError::OwnScore
            | DeskError::ScoreFirst
            | DeskError::HasScored { .. }
            | DeskError::NotDrawn
            | DeskError::NothingToPractise
            | DeskError::OfPractice
            | DeskError::NotPractised { .. }
            | DeskError::PracticeThere { .. }
            | DeskError::PracticeStaysInside
            | DeskError::OfPanel { .. }
            | DeskError::JudgeThere { .. }
            | DeskError::JudgesFull { .. }
            | DeskError::CardOfChief => StatusCode::CONFLICT,
            DeskError::NoDrill | DeskError::UnknownJudge { .. } | DeskError::Failed { .. } => {
                StatusCode::NOT_FOUND
            }
            DeskError::PackageRefused
            | DeskError::NoFile
            | DeskError::TimeUnreadable { .. }
            | DeskError::FormTooOld
            | DeskError::UnknownTemplate
            | DeskError::AspectsOfDrill { .. }
            | DeskError::HowUnknown { .. }
            | DeskError::NoWorkers
            | DeskError::TooManyWorkers { .. }
            | DeskError::WorkerTwice { .. }
            | DeskError::WorkerNameLong { .. }
            | DeskError::CodeUnfit { .. }
            | DeskError::NameUnfit { .. }
            | DeskError::ScoreUnreadable { .. }
            | DeskError::WordMisplaced
            | DeskError::WordNeeded { .. }
            | DeskError::NumberUnreadable { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self { status, what: refusal.error.at(Place::default()), findings: refusal.findings }
    }
}
