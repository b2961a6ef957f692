//! The page where a competitor signs a sheet, at a judge's device.

use axum::extract::{Query, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Role;
use domain::id::{CompetitorCode, SubCriterionId};
use domain::marking::Countersigned;
use protocol::countersign::Countersigning;
use serde::Deserialize;
use web::{CountersignPage, Page};

use super::Reader;
use super::desk::go;
use crate::accounts::Enrolled;
use crate::countersign;
use crate::http::{App, AtTablet, Failure, Guard, Routes, Sent};

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::Tablet;
    routes
        .add(
            Method::GET,
            "/countersign",
            Tablet,
            "The sheets that wait for their competitor's signature, or one of them.",
            view,
        )
        .add(
            Method::POST,
            "/countersign",
            Tablet,
            "Enters that a competitor signs a sheet or refuses, at a judge's device.",
            enter,
        )
}

/// What the page's address says.
#[derive(Deserialize)]
struct Asked {
    /// Whose sheet.
    #[serde(default)]
    competitor: CompetitorCode,
    /// Which.
    #[serde(default)]
    sub: SubCriterionId,
    /// What was said before.
    #[serde(default)]
    done: String,
}

async fn view(
    State(app): State<App>,
    AtTablet(judge): AtTablet,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    show(&app, &judge, &reader, asked, None).await
}

async fn show(
    app: &App,
    judge: &Enrolled,
    reader: &Reader,
    Asked { competitor, sub, done }: Asked,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let is_chief = judge.role == Role::ChiefJudge;
    if !competitor.as_str().is_empty() {
        let sheet = countersign::look(app, judge, &competitor, &sub).await?;
        if let Some(sheet) = &sheet {
            let page = CountersignPage::Sheet { sheet, is_chief, problem: problem.as_ref() };
            return Ok(reader.show(status, &Page::Countersign(page)));
        }
    }
    let waiting = countersign::list(app, judge).await?;
    let said = match done.as_str() {
        "signed" => Some(Countersigned::Signed),
        "refused" => Some(Countersigned::Refused),
        "for" => Some(Countersigned::For),
        _ => None,
    };
    let page = match said {
        Some(said) => CountersignPage::Said(said),
        None => CountersignPage::List { waiting: &waiting, is_chief, problem: problem.as_ref() },
    };
    Ok(reader.show(status, &Page::Countersign(page)))
}

async fn enter(
    State(app): State<App>,
    AtTablet(judge): AtTablet,
    reader: Reader,
    Sent(form): Sent<Countersigning>,
) -> Result<Response, Failure> {
    let (competitor, sub) = (form.competitor.clone(), form.sub_criterion.clone());
    let done = match form.how {
        Countersigned::Signed => "signed",
        Countersigned::Refused => "refused",
        Countersigned::For => "for",
    };
    match countersign::enter(&app, &judge, form).await {
        // By another address, so that loading it again does nothing again, and without the sheet.
        Ok(()) => Ok(go(&format!("/countersign?done={done}"))),
        Err(refusal) => {
            let asked = Asked { competitor, sub, done: String::new() };
            show(&app, &judge, &reader, asked, Some(refusal.into())).await
        }
    }
}
