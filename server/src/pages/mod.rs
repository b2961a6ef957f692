//! The pages: each loads what it shows by the same operation as the interface does, and hands it to
//! `web`, which renders and knows nothing of the server.

mod account;
mod checkin;
mod chief;
mod circuit;
mod countersign;
mod desk;
mod device;
mod draw;
mod drill;
mod edition;
mod judges;
mod kept;
mod list;
mod marks;
mod notes;
mod out;
mod panel;
mod people;
mod practice;
mod promotion;
mod public;
mod registration;
mod roster;
mod rules;
mod scheme;
mod setup;

use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use web::{Context, Page, Theme};

pub(crate) use desk::failure_page;
pub(crate) use kept::KeptPages;

use crate::http::{Routes, Spoke, cookie};

/// What an address or a form says, name by name; a name may come more than once.
type Pairs = Vec<(String, String)>;

/// The cookie that keeps the choice of theme.
const THEME: &str = "theme";
/// China's clocks, all year round.
const UTC_OFFSET_MINUTES: i32 = 480;

/// Adds the pages.
pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = chief::routes(desk::routes(device::routes(public::routes(routes))));
    let routes = panel::routes(setup::routes(account::routes(people::routes(routes))));
    let routes = roster::routes(judges::routes(marks::routes(scheme::routes(routes))));
    let routes = draw::routes(routes);
    let routes = out::routes(routes);
    let routes =
        promotion::routes(circuit::routes(registration::routes(edition::routes(rules::routes(routes)))));
    checkin::routes(countersign::routes(drill::routes(practice::routes(notes::routes(routes)))))
}

/// For whom a page is rendered.
pub(crate) struct Reader(pub(crate) Context);

impl Reader {
    /// By the choices and wishes in a request's headers.
    pub(crate) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let Spoke(language) = Spoke::of(headers);
        let theme = cookie(headers, THEME).and_then(Theme::parse).unwrap_or_default();
        Self(Context { language, theme, path: uri.path().to_owned(), utc_offset_minutes: UTC_OFFSET_MINUTES })
    }

    /// A page as an answer.
    pub(crate) fn show(&self, status: StatusCode, page: &Page<'_>) -> Response {
        let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")];
        (status, headers, web::render(page, &self.0)).into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers, &parts.uri))
    }
}
