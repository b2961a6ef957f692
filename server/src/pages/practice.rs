//! The pages of a skill's practice: for its organisers, and for its chief judge.

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use domain::id::LedgerId;
use protocol::desk::CardFor;
use web::{ChiefPage, DeskPage, Page};

use super::Reader;
use super::chief::AtChief;
use super::desk::{cards_page, go};
use super::device::Trusting;
use crate::accounts::Enrolled;
use crate::competition;
use crate::desk::{self, DeskError, Refusal};
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::practice;

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::{Staff, Tablet};
    routes
        .add(
            Method::GET,
            "/desk/skill/{id}/practice",
            Staff(Action::Look, Over::Skill),
            "Who has completed a skill's practice, and how its judges agree, as a page.",
            at_desk,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/practice",
            Staff(Action::SetUp, Over::Skill),
            "Makes a skill's practice, from the page.",
            make,
        )
        .add(
            Method::GET,
            "/chief/practice",
            Tablet,
            "Who has completed the skill's practice, and how its judges agree, as chief judge.",
            of_chief,
        )
        .add(
            Method::POST,
            "/chief/practice/card",
            Tablet,
            "A card by which a judge signs a device in to the practice, as chief judge.",
            card,
        )
}

async fn at_desk(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let view = practice::look(&app, &LedgerId::from(id)).await?;
    let page = DeskPage::Practice { name: &staff.name, view: &view, now: (app.clock)() };
    Ok(reader.show(StatusCode::OK, &Page::Desk(page)))
}

async fn make(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    match practice::make(&app, &staff, &skill).await {
        // Whoever taps twice is led to what the first tap made.
        Ok(_) | Err(Refusal { error: DeskError::PracticeThere { .. }, .. }) => {
            Ok(go(&format!("/desk/skill/{skill}/practice")))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn of_chief(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
) -> Result<Response, Failure> {
    show(&app, &chief, &reader, None).await
}

/// The chief judge's page, with why something was refused.
async fn show(
    app: &App,
    chief: &Enrolled,
    reader: &Reader,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let mut view = practice::look(app, &chief.ledger).await?;
    if view.skill.id != chief.ledger.as_str() {
        // The card was one of the practice: what is marked in earnest is not for it.
        view.marking = Vec::new();
    }
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = ChiefPage::Practice {
        view: &view,
        judge: &chief.judge,
        now: (app.clock)(),
        problem: problem.as_ref(),
    };
    Ok(reader.show(status, &Page::Chief(page)))
}

/// A judge's practice card, on a page of its own: it is shown once.
async fn card(
    State(app): State<App>,
    AtChief(chief): AtChief,
    mut reader: Reader,
    Sent(body): Sent<CardFor>,
) -> Result<Response, Failure> {
    // Whoever changes the language of an answer is led to the page: a form's address shows nothing.
    reader.0.path = "/chief/practice".to_owned();
    let ledger = practice_of(&app, &chief.ledger).await?;
    match desk::card_by_chief(&app, &ledger, &body.judge).await {
        Ok(card) => {
            let trusting = Trusting::of(&app);
            let page = cards_page(&trusting, std::slice::from_ref(&card), "/chief/practice");
            Ok(reader.show(StatusCode::OK, &page))
        }
        Err(refusal) => show(&app, &chief, &reader, Some(refusal.into())).await,
    }
}

/// The practice of a chief judge's skill, or the one that the device is signed in to.
async fn practice_of(app: &App, ledger: &LedgerId) -> Result<LedgerId, Failure> {
    let failed = Refusal::from;
    if competition::practised_by(&app.database, ledger).await.map_err(failed)?.is_some() {
        return Ok(ledger.clone());
    }
    competition::practice_of(&app.database, ledger).await.map_err(failed)?.ok_or_else(Failure::not_found)
}
