//! The judge's socket and sheets over HTTP.

use std::collections::HashSet;

use axum::Json;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::access::Role;
use domain::finding::Place;
use domain::findings;
use domain::id::{DeviceId, EntryId, JudgeCode};
use domain::ledger::Entry;
use domain::marking::Body;
use protocol::account::{Report, VERSION_LENGTH_MAX};
use protocol::chief::Seen;
use protocol::frame::Ending;
use protocol::judge::{Confirm, Made, Sheets};

use super::sheets::{also, conflicts, tell_others};
use super::socket::read_epoch;
use super::{Admitted, Admitting, CarryRefusal, Doorkeeper, Holding, Identity, sheets, tail};
use crate::accounts::{Accounts, Enrolled, Listed};
use crate::http::{App, AtTablet, Failure, Guard, Routes, Sent, Spoke};
use crate::ledger::LedgerError;

findings! {
    /// Why there is nothing to mark.
    enum BenchRefusal {
        NotOpen = Error "not_open",
            "赛项还没有开放评分；请稍候，由组委会开放。",
            "The skill is not open for marking yet; the organisers open it.";
        SaidBefore = Error "confirmed_otherwise",
            "这件事已经录入，或已由别人确认；请重新提出。",
            "This was entered before, or somebody else confirmed it; ask for it anew.";
    }
}

/// Adds this feature's routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .add(
            Method::GET,
            "/api/judge/socket",
            // Who is there is said in the greeting, by a ticket: addresses hold no secrets.
            Guard::Public,
            "The mark protocol's WebSocket (docs/protocol.md).",
            socket,
        )
        .add(Method::GET, "/api/judge/sheets", Guard::Tablet, "What this judge marks.", bench)
        .gives::<Sheets>()
        .add(Method::PUT, "/api/judge/report", Guard::Tablet, "What a device tells of itself.", report)
        .takes::<Report>()
        .gives::<Report>()
        .add(
            Method::GET,
            "/api/judge/drawings/{entry}",
            Guard::Tablet,
            "A signature as it was drawn, as a picture, for whose it is and for the chief judge.",
            drawing,
        )
        .add(
            Method::POST,
            "/api/judge/confirmations",
            Guard::Tablet,
            "The second person's word for an act of another judge.",
            confirm,
        )
        .takes::<Confirm>()
}

async fn socket(State(app): State<App>, upgrade: WebSocketUpgrade) -> Response {
    app.judging.upgrade(upgrade)
}

async fn bench(
    State(app): State<App>,
    AtTablet(enrolled): AtTablet,
    Spoke(language): Spoke,
) -> Result<Json<Sheets>, Failure> {
    // Before the state: sheets of a new epoch under an old one's name are asked for once more, and
    // old ones under a new one's name would stay.
    let epoch = read_epoch(&app.ledger).await?;
    let called = app.judging.called(&enrolled.ledger).await?;
    let state = app.ledger.state(&enrolled.ledger).await?;
    let calls = called.of(&state, &enrolled.judge);
    let safe_seq = app.ledger.safe_seq(&enrolled.ledger).await?;
    let sheets = sheets(&state, epoch, safe_seq, &enrolled.device, &enrolled.judge);
    let (Some(skill), Some(sheets)) = (state.skill.as_deref(), sheets) else {
        return Err(Failure::new(StatusCode::CONFLICT, BenchRefusal::NotOpen.at(Place::default())));
    };
    let mut sheets = Sheets { calls, calls_number: called.number, ..sheets };
    let enrolments = app.accounts.enrolments(&enrolled.ledger).await?;
    let is_here =
        |listed: &&Listed| listed.device.as_ref().is_some_and(|device| app.judging.seen(device) == Seen::Now);
    let here: HashSet<&JudgeCode> = enrolments.iter().filter(is_here).map(|listed| &listed.judge).collect();
    let is_other =
        |listed: &&Listed| listed.judge == enrolled.judge && listed.device.as_ref() != Some(&enrolled.device);
    sheets.also = also(enrolments.iter().filter(is_here).filter(is_other).count(), language);
    tell_others(&mut sheets, skill, |judge| here.contains(judge), language);
    for (cell, entries) in conflicts(&mut sheets, skill) {
        for id in entries {
            cell.conflict
                .extend(app.ledger.entry(&enrolled.ledger, id).await?.map(|sealed| made(&sealed.entry)));
        }
    }
    Ok(Json(sheets))
}

fn made(entry: &Entry) -> Made {
    let judge = match &entry.body {
        Body::Mark(mark) => mark.judge.clone(),
        _ => JudgeCode::from(entry.actor.as_str()),
    };
    Made { at: entry.server_time, device: tail(&entry.device), judge }
}

async fn report(
    State(app): State<App>,
    AtTablet(enrolled): AtTablet,
    Sent(mut report): Sent<Report>,
) -> Json<Report> {
    report.version = report.version.chars().take(VERSION_LENGTH_MAX).collect();
    report.battery = report.battery.map(|percent| percent.min(100));
    app.judging.report(&enrolled.device, report.clone());
    Json(report)
}

async fn drawing(
    State(app): State<App>,
    AtTablet(enrolled): AtTablet,
    Path(entry): Path<String>,
) -> Result<Response, Failure> {
    let id = EntryId::parse(&entry).ok_or_else(Failure::not_found)?;
    let sealed = app.ledger.entry(&enrolled.ledger, id).await?.ok_or_else(Failure::not_found)?;
    let may_see = match &sealed.entry.body {
        Body::Sign(sign) => enrolled.role == Role::ChiefJudge || sign.judge == enrolled.judge,
        Body::Countersign(_) => enrolled.role == Role::ChiefJudge,
        _ => false,
    };
    if !may_see {
        return Err(Failure::not_found());
    }
    let drawing = app.ledger.drawing(id).await?.ok_or_else(Failure::not_found)?;
    Ok(([(CONTENT_TYPE, "image/svg+xml")], web::drawing_svg(drawing.strokes())).into_response())
}

async fn confirm(
    State(app): State<App>,
    AtTablet(enrolled): AtTablet,
    Sent(body): Sent<Confirm>,
) -> Result<StatusCode, Failure> {
    let Enrolled { judge, ledger, .. } = enrolled;
    let holds = app.ledger.confirm(&ledger, body.act, &body.body, judge.as_str()).await?;
    let said_before = || Failure::new(StatusCode::CONFLICT, BenchRefusal::SaidBefore.at(Place::default()));
    if holds { Ok(StatusCode::NO_CONTENT) } else { Err(said_before()) }
}

impl Doorkeeper for Accounts {
    fn admit<'a>(&'a self, device: &'a DeviceId, ticket: &'a str) -> Admitting<'a> {
        Box::pin(async move {
            let enrolled = self.redeem(ticket).await.map_err(|_| Ending::Unavailable)?;
            let enrolled = enrolled.ok_or(Ending::TicketRefused)?;
            if enrolled.device != *device {
                return Err(Ending::DeviceUnknown);
            }
            let key = self.key_of(&enrolled.enrolment).await.map_err(|_| Ending::Unavailable)?.map(Box::new);
            let Enrolled { judge, role, ledger, session, .. } = enrolled;
            Ok(Admitted { identity: Identity { actor: judge.to_string(), role, ledger, key }, session })
        })
    }

    fn holds<'a>(&'a self, admitted: &'a Admitted) -> Holding<'a> {
        // A judge is not sent away because the database was slow to answer.
        Box::pin(async move { self.is_alive(&admitted.session).await.unwrap_or(true) })
    }
}

impl From<CarryRefusal> for Failure {
    fn from(error: CarryRefusal) -> Self {
        let status = match error {
            CarryRefusal::NotNow { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.at(Place::default()))
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error.at(Place::default()))
    }
}
