//! The chief judge's page and its forms. Every one of them is for the chief judge of the skill that the
//! device was enrolled for, and for nobody else.

use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use domain::access::Role;
use protocol::chief::{
    Again, AllAtMoment, AtMoment, CallCompetitor, EndCall, ExchangeSheets, LockAll, LockSheet, OfCompetitor,
    OfProposal, ReplaceJudge, Settle, SignFor, TakeBack, TakeDown, Undo, UnlockAspect, VoidForAll,
};
use protocol::desk::CardFor;
use serde::{Deserialize, Serialize};
use web::{ChiefDone, ChiefPage, LabelsPage, Page, SentForm, chief_address};

use super::Reader;
use super::desk::{cards_page, go};
use super::device::Trusting;
use crate::accounts::Enrolled;
use crate::chief::{self, Done, Form};
use crate::desk;
use crate::http::{App, AtTablet, Failure, Guard, Routes, Sent};
use crate::judging::{self, Carried};

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::Tablet;
    let routes = routes.add(Method::GET, "/chief", Tablet, "The chief judge's view of a skill.", view);
    let routes = add::<Settle>(routes, "/chief/settle", "Settles a conflict or a late mark, as chief judge.");
    let routes = add::<Again>(routes, "/chief/again", "Asks for another scoring round, as chief judge.");
    let routes = add::<ReplaceJudge>(
        routes,
        "/chief/seat",
        "Gives a judge's seats to another, or leaves them empty, as chief judge.",
    );
    let routes = add::<TakeDown>(
        routes,
        "/chief/spoken",
        "Takes down what a judge says, who confirms it by their PIN, as chief judge.",
    );
    let routes = add::<SignFor>(routes, "/chief/sign", "Signs for a judge, as chief judge.");
    let routes = add::<LockSheet>(routes, "/chief/lock", "Locks a signed sheet, as chief judge.");
    let routes = add::<LockAll>(routes, "/chief/lock-all", "Locks every signed sheet, as chief judge.");
    let routes = add::<UnlockAspect>(
        routes,
        "/chief/unlock",
        "Asks a second person to open an aspect of a sheet again, as chief judge.",
    );
    let routes = add::<VoidForAll>(
        routes,
        "/chief/void",
        "Shows what voiding an aspect would change, then asks a second person for it, as chief judge.",
    );
    let routes = add::<ExchangeSheets>(
        routes,
        "/chief/exchange",
        "Shows what exchanging two sheets would change, then asks a second person for it, as chief judge.",
    );
    let routes = add::<Undo>(
        routes,
        "/chief/undo",
        "Shows what undoing a decision would change, then asks a second person for it, as chief judge.",
    );
    let routes = add::<OfCompetitor>(
        routes,
        "/chief/competitor",
        "Decides something of a competitor, as chief judge.",
    );
    let routes = add::<AtMoment>(
        routes,
        "/chief/moment",
        "Enters that a competitor starts or hands in, as chief judge.",
    );
    let routes =
        add::<AllAtMoment>(routes, "/chief/moment-all", "Enters that all start or hand in, as chief judge.");
    let routes = add::<CallCompetitor>(
        routes,
        "/chief/call",
        "Calls a competitor, whom the panels' tablets then show, as chief judge.",
    );
    let routes = add::<EndCall>(routes, "/chief/call/end", "Ends a call, as chief judge.");
    let routes = routes
        .add(
            Method::GET,
            "/chief/labels",
            Tablet,
            "Labels with the competitors' codes, whose QR codes open their sheets.",
            labels,
        )
        .add(
            Method::POST,
            "/chief/card",
            Tablet,
            "A card by which a judge signs another device in, as chief judge.",
            card,
        )
        .add_upload(
            "/chief/outbox",
            Tablet,
            "Enters what a tablet could not send, from the file that it wrote, as chief judge.",
            outbox,
        );
    let routes = add::<OfProposal>(routes, "/chief/second", "Confirms another chief judge's act.");
    add::<TakeBack>(routes, "/chief/retract", "Takes back what waits for a second person.")
}

/// One of the page's forms.
fn add<F: Form + Serialize + 'static>(routes: Routes, path: &'static str, purpose: &'static str) -> Routes {
    routes.add(Method::POST, path, Guard::Tablet, purpose, send::<F>)
}

/// The chief judge at a route of [`Guard::Tablet`]; any other judge is refused.
pub(super) struct AtChief(pub(super) Enrolled);

impl<S: Sync> FromRequestParts<S> for AtChief {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let AtTablet(enrolled) = AtTablet::from_request_parts(parts, state).await?;
        if enrolled.role == Role::ChiefJudge { Ok(Self(enrolled)) } else { Err(Failure::not_allowed()) }
    }
}

/// What the page's address says.
#[derive(Deserialize)]
struct Asked {
    /// What was done before.
    #[serde(default)]
    done: String,
    /// What is looked for.
    #[serde(default)]
    find: String,
}

async fn view(
    State(app): State<App>,
    AtChief(chief): AtChief,
    mut reader: Reader,
    Query(Asked { done, find }): Query<Asked>,
) -> Result<Response, Failure> {
    reader.0.path = chief_address("/chief", &find, None);
    show(&app, &chief, &reader, &find, ChiefDone::parse(&done).as_ref(), None).await
}

/// The page, with why something was refused.
async fn show(
    app: &App,
    chief: &Enrolled,
    reader: &Reader,
    find: &str,
    done: Option<&ChiefDone>,
    refused: Option<(Failure, SentForm)>,
) -> Result<Response, Failure> {
    let view = chief::look(app, chief, find).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |(failure, _)| failure.status);
    let (problem, sent) = refused.map(|(failure, sent)| (failure.body(reader.0.language), sent)).unzip();
    let (problem, sent) = (problem.as_ref(), sent.as_ref());
    let page = ChiefPage::View { view: &view, now: (app.clock)(), done, problem, sent };
    Ok(reader.show(status, &Page::Chief(page)))
}

/// A judge's card, on a page of its own: it is shown once.
async fn card(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    Sent(body): Sent<CardFor>,
) -> Result<Response, Failure> {
    match desk::card_by_chief(&app, &chief.ledger, &body.judge).await {
        Ok(card) => {
            let trusting = Trusting::of(&app);
            let page = cards_page(&trusting, std::slice::from_ref(&card), "/chief#judges");
            Ok(reader.show(StatusCode::OK, &page))
        }
        Err(refusal) => {
            show(&app, &chief, &reader, "", None, Some((refusal.into(), SentForm::default()))).await
        }
    }
}

async fn labels(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
) -> Result<Response, Failure> {
    let labels = desk::labels(&app, &chief.ledger).await?;
    Ok(reader.show(StatusCode::OK, &Page::Labels(LabelsPage { labels: &labels, back: "/chief#calls" })))
}

async fn outbox(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    request: Request,
) -> Result<Response, Failure> {
    let carried = match desk::file_of(request, "outbox").await {
        Ok(file) => judging::carry((&app.accounts, &app.ledger), &chief.ledger, &file).await,
        Err(failure) => {
            return show(&app, &chief, &reader, "", None, Some((failure, SentForm::default()))).await;
        }
    };
    match carried {
        Ok(Carried { entered, was_there_before, waits, refused }) => {
            let done = ChiefDone::Carried { entered, was_there_before, waits, refused };
            Ok(go(&chief_address("/chief", "", Some(&done))))
        }
        Err(refusal) => {
            show(&app, &chief, &reader, "", None, Some((refusal.into(), SentForm::default()))).await
        }
    }
}

/// Does what a form asks, and leads back to the page: by another address where it was done, so that
/// loading it again does nothing again.
async fn send<F: Form + Serialize>(
    State(app): State<App>,
    AtChief(chief): AtChief,
    uri: Uri,
    mut reader: Reader,
    Query(Asked { find, .. }): Query<Asked>,
    Sent(form): Sent<F>,
) -> Result<Response, Failure> {
    // Whoever changes the language of an answer is led to the page: a form's address shows nothing.
    reader.0.path = chief_address("/chief", &find, None);
    let sent = SentForm { path: uri.path().to_owned(), fields: fields(&form) };
    let done = match form.send(&app, &chief).await {
        Ok(Done::Foreseen(foreseen)) => {
            let page = ChiefPage::Foreseen { foreseen: &foreseen, find: &find };
            return Ok(reader.show(StatusCode::OK, &Page::Chief(page)));
        }
        Err(refusal) => {
            return show(&app, &chief, &reader, &find, None, Some((refusal.into(), sent))).await;
        }
        Ok(Done::Entered) => ChiefDone::Entered,
        Ok(Done::EnteredOf(entered, of)) => ChiefDone::EnteredOf(entered, of),
        Ok(Done::Seated(seated)) => ChiefDone::Seated(seated),
        Ok(Done::Proposed) => ChiefDone::Proposed,
        Ok(Done::Confirmed) => ChiefDone::Confirmed,
        Ok(Done::Retracted) => ChiefDone::Retracted,
        Ok(Done::Called) => ChiefDone::Called,
        Ok(Done::CallEnded) => ChiefDone::CallEnded,
    };
    // Who calls one after the other stays at the calls.
    let place = if matches!(done, ChiefDone::Called | ChiefDone::CallEnded) { "#calls" } else { "" };
    Ok(go(&format!("{}{place}", chief_address("/chief", &find, Some(&done)))))
}

/// What a form held, by its fields' names: all of them are plain texts or words.
fn fields(form: &impl Serialize) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(form) else { return Vec::new() };
    let text = |value| match value {
        serde_json::Value::String(text) => Some(text),
        _ => None,
    };
    fields.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()
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
