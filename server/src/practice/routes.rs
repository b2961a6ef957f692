//! Practices over HTTP, for organisers.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use domain::access::Action;
use domain::id::LedgerId;
use protocol::practice::{Practice, PracticeRef};

use crate::http::{App, AtDesk, Failure, Guard, Over, Routes};

/// Adds this feature's routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    use Guard::Staff;
    routes
        .add(
            Method::GET,
            "/api/skills/{id}/practice",
            Staff(Action::Look, Over::Skill),
            "Who has completed a skill's practice, and how its judges agree.",
            look,
        )
        .gives::<Practice>()
        .add(
            Method::POST,
            "/api/skills/{id}/practice",
            Staff(Action::SetUp, Over::Skill),
            "Makes a skill's practice and opens it.",
            make,
        )
        .gives::<PracticeRef>()
}

async fn look(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Practice>, Failure> {
    Ok(Json(super::look(&app, &LedgerId::from(id)).await?))
}

async fn make(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let made = super::make(&app, &staff, &LedgerId::from(id)).await?;
    Ok((StatusCode::CREATED, Json(made)))
}
