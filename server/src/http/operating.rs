//! What whoever runs the server asks it: is it alive, can it work, what has it counted.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;

use super::guard::Guard;
use super::openapi::openapi;
use super::routes::Routes;
use super::{App, Failure};

const SELECT_ONE: &str = "SELECT 1";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add(Method::GET, "/healthz", Guard::Public, "Whether the process answers.", async || "ok\n")
        .add(
            Method::GET,
            "/readyz",
            Guard::Public,
            "Whether marks can be taken: the database answers.",
            ready,
        )
        .add(Method::GET, "/metrics", Guard::Operator, "Figures for Prometheus.", metrics)
        .add(Method::GET, "/openapi.json", Guard::Operator, "This description.", async || {
            Json(openapi(&super::routes()))
        })
}

async fn ready(State(app): State<App>) -> Result<&'static str, Failure> {
    let select = sqlx::query_scalar::<_, i64>(SELECT_ONE).fetch_one(app.database.pool()).await;
    match select {
        Ok(_) => Ok("ready\n"),
        Err(error) => {
            let error = crate::accounts::AccountError::from(error);
            Err(Failure { status: StatusCode::SERVICE_UNAVAILABLE, ..error.into() })
        }
    }
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let text = app.metrics.text(app.ledger.commits());
    ([("content-type", "text/plain; version=0.0.4")], text)
}
