//! The page on which panels are set: who marks which sub-criterion of a skill.

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use domain::id::LedgerId;
use protocol::setup::Panels;
use web::{DeskPage, Page};

use super::Reader;
use super::desk::go;
use crate::accounts::Staff;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::setup::panel::{self, PanelAct, PanelForm};

pub(super) fn routes(routes: Routes) -> Routes {
    let guard = Guard::Staff(Action::SetUp, Over::Skill);
    routes
        .add(Method::GET, "/desk/skill/{id}/panels", guard, "Who marks which sub-criterion of a skill.", look)
        .add(Method::POST, "/desk/skill/{id}/panels", guard, "Sets who marks which sub-criterion.", keep)
}

async fn look(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let panels = panel::panels(&app, &LedgerId::from(id)).await?;
    Ok(show(&staff, &reader, &panels, false, None))
}

fn show(
    staff: &Staff,
    reader: &Reader,
    panels: &Panels,
    is_unsaved: bool,
    refused: Option<Failure>,
) -> Response {
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::Panels { name: &staff.name, panels, is_unsaved, problem: problem.as_ref() };
    reader.show(status, &Page::Desk(page))
}

async fn keep(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(pairs): Sent<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    let (form, act) = PanelForm::of_pairs(&pairs);
    let refused = match act {
        PanelAct::Look => None,
        PanelAct::Save => match panel::keep(&app, &skill, &form).await {
            Ok(()) => return Ok(go(&format!("/desk/skill/{skill}/panels"))),
            Err(failure) => Some(failure),
        },
    };
    let panels = panel::chosen(&app, &skill, &form, refused.is_some()).await?;
    Ok(show(&staff, &reader, &panels, true, refused))
}
