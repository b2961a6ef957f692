//! What whoever runs the server asks it: is it alive, can it work, what has it counted.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use domain::access::Action;
use domain::finding::Place;
use protocol::FindingBody;
use protocol::desk::{Copies, SecondPlace};

use super::guard::Guard;
use super::metrics::Others;
use super::openapi::openapi;
use super::routes::Routes;
use super::{App, Failure, Spoke};

const SELECT_ONE: &str = "SELECT 1";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add(Method::GET, "/healthz", Guard::Public, "Whether the process answers.", async || "ok\n")
        .add(
            Method::GET,
            "/readyz",
            Guard::Public,
            "Whether marks can be taken: the database answers, and has space.",
            ready,
        )
        .add(
            Method::GET,
            "/api/copies",
            Guard::Staff(Action::Operate, super::Over::Everything),
            "Whether there is a second copy, and of when.",
            copies,
        )
        .add(Method::GET, "/metrics", Guard::Operator, "Figures for Prometheus.", metrics)
        .add(Method::GET, "/openapi.json", Guard::Operator, "This description.", async || {
            Json(openapi(&super::routes()))
        })
}

async fn ready(State(app): State<App>) -> Result<&'static str, Failure> {
    if let Some(trouble) = app.ledger.trouble() {
        return Err(Failure::new(StatusCode::SERVICE_UNAVAILABLE, trouble.at(Place::default())));
    }
    let select = sqlx::query_scalar::<_, i64>(SELECT_ONE).fetch_one(app.database.pool()).await;
    match select {
        Ok(_) => Ok("ready\n"),
        Err(error) => {
            let error = crate::accounts::AccountError::from(error);
            Err(Failure { status: StatusCode::SERVICE_UNAVAILABLE, ..error.into() })
        }
    }
}

/// What the desk shows of the second place; without one, that there is one copy only.
async fn copies(State(app): State<App>, Spoke(language): Spoke) -> Json<Copies> {
    let said = |error: crate::backup::BackupError| FindingBody::new(&error.at(Place::default()), language);
    let second_place = app.keeping.backup().map(|watched| {
        let progress = watched.progress();
        SecondPlace {
            place: progress.place.display().to_string(),
            behind: progress.behind,
            whole_at: progress.whole_at,
            trouble: progress.trouble.map(said),
            notices: progress.notices.into_iter().map(said).collect(),
        }
    });
    let low = |(name, space): &(&'static str, crate::database::space::Space)| {
        space.is_low().then(|| (*name).to_owned())
    };
    let disks_low = app.keeping.disks().iter().filter_map(low).collect();
    Json(Copies { is_one_copy_only: second_place.is_none(), second_place, disks_low })
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let others = Others {
        commits: app.ledger.commits(),
        judges: app.judging.sockets() as u64,
        spectators: app.live.sockets() as u64,
    };
    let text = app.metrics.text(&others) + &app.keeping.text(&app.ledger);
    ([("content-type", "text/plain; version=0.0.4")], text)
}
