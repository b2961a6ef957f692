//! What gets a device ready: how it comes to trust the server, and whether it can be relied on.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use web::{Page, TrustPage};

use super::Reader;
use crate::http::{App, Failure, Guard, Routes, Trust};

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::Public;
    routes
        .add(Method::GET, "/trust", Public, "How a device comes to trust the server.", trust)
        .add(
            Method::GET,
            "/trust/leitai-authority.crt",
            Public,
            "The certificate of the server's own authority, as devices take it.",
            certificate,
        )
        .add(
            Method::GET,
            "/trust/leitai-authority.pem",
            Public,
            "The certificate of the server's own authority, as text.",
            certificate_as_text,
        )
        .add(Method::GET, "/ready", Public, "Whether a device is ready to mark.", ready)
}

/// What pages say of how devices trust this server.
pub(super) struct Trusting<'a> {
    trust: &'a Trust,
    address: String,
    origin: &'a str,
    fingerprint: String,
}

impl<'a> Trusting<'a> {
    pub(super) fn of(app: &'a App) -> Self {
        let fingerprint = match &*app.trust {
            Trust::Own(authority) => authority.fingerprint(),
            Trust::Plain | Trust::Known => String::new(),
        };
        let address = format!("{}/trust", app.origins.public_in_plain());
        Self { trust: &app.trust, address, origin: app.origins.public(), fingerprint }
    }

    pub(super) fn page(&self) -> TrustPage<'_> {
        match self.trust {
            Trust::Plain => TrustPage::Plain,
            Trust::Known => TrustPage::Known,
            Trust::Own(_) => {
                TrustPage::Own { address: &self.address, origin: self.origin, fingerprint: &self.fingerprint }
            }
        }
    }
}

async fn trust(State(app): State<App>, reader: Reader) -> Response {
    reader.show(StatusCode::OK, &Page::Trust(Trusting::of(&app).page()))
}

async fn certificate(State(app): State<App>) -> Result<Response, Failure> {
    // By this type iPadOS offers to install it, and other systems save it under the address's name.
    let kind = [(CONTENT_TYPE, "application/x-x509-ca-cert")];
    match &*app.trust {
        Trust::Own(authority) => Ok((kind, authority.der().to_vec()).into_response()),
        Trust::Plain | Trust::Known => Err(Failure::not_found()),
    }
}

async fn certificate_as_text(State(app): State<App>) -> Result<Response, Failure> {
    let kind = [(CONTENT_TYPE, "application/x-pem-file")];
    match &*app.trust {
        Trust::Own(authority) => Ok((kind, authority.pem().to_owned()).into_response()),
        Trust::Plain | Trust::Known => Err(Failure::not_found()),
    }
}

async fn ready(reader: Reader) -> Response {
    reader.show(StatusCode::OK, &Page::Ready)
}
