//! The desk over HTTP.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use domain::access::Action;
use domain::finding::{Finding, Place};
use domain::id::{EnrolmentId, LedgerId};
use protocol::desk::{
    Card, CardFor, Competition, CompetitionSettings, Decide, Do, Listed, Made, NewJudge, ResultRow,
    SkillSettings, Small,
};
use protocol::judge::{About, Confirm};

use protocol::view::SessionClock;
use serde::Deserialize;

use super::{DeskError, Refusal};
use crate::accounts::Staff;
use crate::exchange::Files;
use crate::exchange::package::Name;
use crate::http::{App, AtDesk, AtTablet, Failure, Guard, Over, Routes, Sent, Spoke};
use crate::practice;

/// Adds this feature's routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    use Guard::{Staff, Tablet};
    routes
        .add(
            Method::GET,
            "/api/competitions",
            Staff(Action::Look, Over::Somewhere),
            "Every competition.",
            list,
        )
        .gives::<Vec<Listed>>()
        .add_upload(
            "/api/competitions",
            Staff(Action::SetUp, Over::Somewhere),
            "Sets a competition up from a package (.zip).",
            upload_package,
        )
        .gives::<Made>()
        .add(
            Method::POST,
            "/api/competitions/small",
            Staff(Action::SetUp, Over::Somewhere),
            "Sets a small one up from a page.",
            small,
        )
        .takes::<Small>()
        .gives::<Made>()
        .add(
            Method::GET,
            "/api/competitions/{id}",
            Staff(Action::Look, Over::Within),
            "A competition as its organisers see it.",
            look,
        )
        .gives::<Competition>()
        .add(
            Method::GET,
            "/api/competitions/{id}/results",
            Staff(Action::Read, Over::Within),
            "Results as they stand.",
            results,
        )
        .gives::<Vec<ResultRow>>()
        .add(
            Method::GET,
            "/api/competitions/{id}/export",
            Staff(Action::Export, Over::Competition),
            "The package with its ledgers (.zip).",
            export,
        )
        .add(
            Method::PATCH,
            "/api/competitions/{id}",
            Staff(Action::Show, Over::Competition),
            "Makes it public, or freezes every surface.",
            set,
        )
        .takes::<CompetitionSettings>()
        .add(
            Method::PATCH,
            "/api/skills/{id}",
            Staff(Action::Show, Over::Skill),
            "What the public sees of a skill.",
            set_skill,
        )
        .takes::<SkillSettings>()
        .add(
            Method::PUT,
            "/api/competitions/{id}/session",
            Staff(Action::Show, Over::Competition),
            "Sets the session clock of every skill.",
            set_session_of_all,
        )
        .takes::<SessionClock>()
        .add(
            Method::DELETE,
            "/api/competitions/{id}/session",
            Staff(Action::Show, Over::Competition),
            "Takes the session clock off every skill.",
            end_session_of_all,
        )
        .add(
            Method::PUT,
            "/api/skills/{id}/session",
            Staff(Action::Show, Over::Skill),
            "Sets a skill's session clock.",
            set_session,
        )
        .takes::<SessionClock>()
        .add(
            Method::DELETE,
            "/api/skills/{id}/session",
            Staff(Action::Show, Over::Skill),
            "Takes it off.",
            end_session,
        )
        .add(
            Method::POST,
            "/api/skills/{id}/act",
            Staff(Action::Release, Over::Skill),
            "Opens, closes or releases a skill.",
            act,
        )
        .takes::<Do>()
        .add(
            Method::POST,
            "/api/skills/{id}/decisions",
            Staff(Action::TakeOut, Over::Skill),
            "Enters a decision of the organisers.",
            decide,
        )
        .takes::<Decide>()
        .add(
            Method::POST,
            "/api/skills/{id}/confirmations",
            Staff(Action::Second, Over::Skill),
            "The second person's word, as an organiser.",
            confirm,
        )
        .takes::<Confirm>()
        .add(
            Method::POST,
            "/api/skills/{id}/judges",
            Staff(Action::Admit, Over::Skill),
            "Adds a judge, who has no seat yet.",
            add_judge,
        )
        .takes::<NewJudge>()
        .add(
            Method::POST,
            "/api/skills/{id}/cards",
            Staff(Action::Admit, Over::Skill),
            "Makes a judge's card.",
            card,
        )
        .takes::<CardFor>()
        .gives::<Card>()
        .add(Method::GET, "/api/judge/about", Tablet, "What a judge is there for, in words.", about)
        .gives::<About>()
        .add(
            Method::DELETE,
            "/api/skills/{id}/enrolments/{enrolment}",
            Staff(Action::Admit, Over::Skill),
            "Ends a device or card.",
            end,
        )
}

async fn about(State(app): State<App>, AtTablet(enrolled): AtTablet) -> Result<Json<About>, Failure> {
    Ok(Json(super::about(&app, &enrolled.ledger, &enrolled.judge).await?))
}

async fn list(State(app): State<App>, AtDesk(staff): AtDesk) -> Result<Json<Vec<Listed>>, Failure> {
    Ok(Json(super::list(&app, &staff).await?))
}

async fn upload_package(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Spoke(language): Spoke,
    request: Request,
) -> Result<impl IntoResponse, Failure> {
    let (id, name, findings) = upload(&app, &staff, request).await?;
    Ok((StatusCode::CREATED, Json(Made::new(id, super::text(&name), &findings, language))))
}

/// Sets a competition up from the package in a request: the zip as the body, or as the file of a
/// page's form. Whose it becomes says the form's `organisation`, or that of the address.
pub(crate) async fn upload(
    app: &App,
    staff: &Staff,
    request: Request,
) -> Result<(String, Name, Vec<Finding>), Failure> {
    let asked = Query::<Whose>::try_from_uri(request.uri()).map(|Query(whose)| whose.organisation);
    let Upload { bytes, organisation, .. } = sent_in(request, "package").await?;
    let chosen = organisation.unwrap_or(asked.unwrap_or_default());
    let organisation = super::place(app, staff, &chosen).await?;
    let files = tokio::task::spawn_blocking(move || Files::from_zip(&bytes)).await;
    let files = files.map_err(|error| Refusal::failed(crate::spoken::of_library(&error)))?;
    let refused =
        |finding| Refusal { error: DeskError::PackageRefused, findings: vec![finding], is_ours: false };
    Ok(super::set_up(app, files.map_err(refused)?, organisation).await?)
}

/// The file in a request: the body, or the file of that name of a page's form.
pub(crate) async fn file_of(request: Request, name: &str) -> Result<Bytes, Failure> {
    Ok(sent_in(request, name).await?.bytes)
}

/// The same with what the file is called where it comes from.
pub(crate) async fn named_file_of(request: Request, name: &str) -> Result<(String, Bytes), Failure> {
    let sent = sent_in(request, name).await?;
    Ok((sent.file_name, sent.bytes))
}

/// Whose a competition becomes, in an address.
#[derive(Default, Deserialize)]
struct Whose {
    #[serde(default)]
    organisation: String,
}

/// A file, and whose it is to be where a form says that.
struct Upload {
    bytes: Bytes,
    file_name: String,
    organisation: Option<String>,
}

async fn sent_in(request: Request, name: &str) -> Result<Upload, Failure> {
    let no_file = || Failure::from(Refusal::from(DeskError::NoFile));
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let bytes = Bytes::from_request(request, &()).await.map_err(|_| Failure::too_large())?;
        let upload = Upload { bytes, file_name: String::new(), organisation: None };
        return if upload.bytes.is_empty() { Err(no_file()) } else { Ok(upload) };
    }
    let (mut found, mut organisation, mut file_name) = (None, None, String::new());
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| no_file())?;
    while let Some(field) = form.next_field().await.map_err(|_| Failure::too_large())? {
        if field.name() == Some(name) {
            field.file_name().unwrap_or_default().clone_into(&mut file_name);
            found = Some(field.bytes().await.map_err(|_| Failure::too_large())?);
        } else if field.name() == Some("organisation") {
            organisation = Some(field.text().await.map_err(|_| Failure::too_large())?);
        }
    }
    let bytes = found.filter(|bytes| !bytes.is_empty()).ok_or_else(no_file)?;
    Ok(Upload { bytes, file_name, organisation })
}

async fn small(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Spoke(language): Spoke,
    Sent(page): Sent<Small>,
) -> Result<impl IntoResponse, Failure> {
    let (id, name, findings) = super::make_small(&app, &staff, &page).await?;
    Ok((StatusCode::CREATED, Json(Made::new(id, super::text(&name), &findings, language))))
}

async fn look(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
) -> Result<Json<Competition>, Failure> {
    Ok(Json(super::look(&app, &staff, &id).await?))
}

async fn set(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(settings): Sent<CompetitionSettings>,
) -> Result<StatusCode, Failure> {
    super::set_competition(&app, &staff, &id, &settings).await?;
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

async fn results(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
) -> Result<Json<Vec<ResultRow>>, Failure> {
    Ok(Json(super::results(&app, &staff, &id).await?))
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
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(body): Sent<Do>,
) -> Result<StatusCode, Failure> {
    let skill = LedgerId::from(id);
    practice::may(&app, &skill, body.act).await?;
    super::act(&app, &staff, &skill, body.act).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn decide(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(body): Sent<Decide>,
) -> Result<StatusCode, Failure> {
    super::decide(&app, &staff, &LedgerId::from(id), body).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn confirm(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(body): Sent<Confirm>,
) -> Result<StatusCode, Failure> {
    super::confirm(&app, &staff, &LedgerId::from(id), &body).await?;
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
            DeskError::FactorNeeded => StatusCode::FORBIDDEN,
            DeskError::NoDrill | DeskError::UnknownJudge { .. } | DeskError::Failed { .. } => {
                StatusCode::NOT_FOUND
            }
            DeskError::PackageRefused
            | DeskError::NoFile
            | DeskError::NoPlace
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
