//! Who may come to a route: said beside its path, checked before its handler, and handed to it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::failure::{Failure, Refused};
use super::headers::cookie;
use super::{App, Origins};
use crate::accounts::{Enrolled, Organiser, SignedIn, Who};

/// Who a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// Everybody; nobody is asked who they are.
    Public,
    /// Organisers who are signed in.
    Desk,
    /// Judges' devices that are enrolled.
    Tablet,
    /// Programs on this machine, and organisers: what tells of the server itself.
    Operator,
}

impl Guard {
    /// Its word in the list of routes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Desk => "organiser",
            Self::Tablet => "judge",
            Self::Operator => "operator",
        }
    }

    fn side(self) -> Side {
        match self {
            Self::Tablet => Side::Tablet,
            Self::Public | Self::Desk | Self::Operator => Side::Desk,
        }
    }
}

/// As what a browser is signed in. It can be both: a foreman runs a drill and marks in it, on one phone
/// (docs/adr/0022).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// As an account.
    Desk,
    /// As a judge's device.
    Tablet,
}

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(super) SocketAddr);

impl Peer {
    /// Its address.
    pub(crate) fn ip(self) -> IpAddr {
        self.0.ip()
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // Every request is given one as it comes in.
        parts.extensions.get::<Self>().copied().ok_or_else(|| Refused::NotAllowed.into())
    }
}

/// The organiser at a route of [`Guard::Desk`].
#[derive(Clone, Debug)]
pub struct AtDesk(pub Organiser);

/// The judge's device at a route of [`Guard::Tablet`].
#[derive(Clone, Debug)]
pub struct AtTablet(pub Enrolled);

/// Lets a request through to its handler, or not.
pub(super) async fn check(
    State((app, guard)): State<(App, Guard)>,
    mut request: Request,
    next: Next,
) -> Response {
    // What changes something comes from our own pages, whoever asks; so does every socket.
    let is_act = !matches!(*request.method(), Method::GET | Method::HEAD);
    let is_socket = request.headers().contains_key("upgrade");
    if (is_act || is_socket) && app.origins.are_foreign_to(request.headers()) {
        return Failure::from(Refused::Foreign).into_response();
    }
    if guard == Guard::Public {
        return next.run(request).await;
    }
    let names = Names::of(&app.origins, guard.side());
    let (who, renewed) = match who(&app, &names, request.headers()).await {
        Ok(known) => known,
        Err(failure) => return failure.into_response(),
    };
    let is_local = is_local(&request);
    match (guard, who) {
        (Guard::Operator, Who::Nobody) if is_local => {}
        (_, Who::Nobody) => return Failure::from(Refused::NotSignedIn).into_response(),
        (Guard::Desk | Guard::Operator, Who::Organiser(organiser)) => {
            request.extensions_mut().insert(AtDesk(organiser));
        }
        (Guard::Tablet, Who::Judge(enrolled)) => {
            request.extensions_mut().insert(AtTablet(enrolled));
        }
        _ => return Failure::from(Refused::NotAllowed).into_response(),
    }
    let mut response = next.run(request).await;
    if let Some(access) = renewed {
        set_cookie(response.headers_mut(), &names.set(names.access, &access, ACCESS_SECONDS));
    }
    response
}

/// Whether a request comes from this machine. Behind a proxy everybody seems to, so that does not
/// count.
fn is_local(request: &Request) -> bool {
    let is_relayed =
        ["forwarded", "x-forwarded-for"].iter().any(|name| request.headers().contains_key(*name));
    let peer = request.extensions().get::<Peer>();
    !is_relayed && peer.is_some_and(|Peer(peer)| peer.ip().is_loopback())
}

/// How long a browser keeps the access token; the token itself says how long it is good for.
const ACCESS_SECONDS: i64 = 600;

async fn who(app: &App, names: &Names, headers: &HeaderMap) -> Result<(Who, Option<String>), Failure> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    match bearer.map(|bearer| bearer.strip_prefix("Bearer ").unwrap_or_default().trim()) {
        // A session's secret has one dot, a token two.
        Some(bearer) if bearer.matches('.').count() == 1 => {
            Ok((app.accounts.who(None, Some(bearer)).await?.0, None))
        }
        Some(bearer) => Ok((app.accounts.who(Some(bearer), None).await?.0, None)),
        None => Ok(app.accounts.who(cookie(headers, names.access), cookie(headers, names.session)).await?),
    }
}

/// Puts the session's cookies on an answer, beside those of the other side.
pub fn keep_session(origins: &Origins, headers: &mut HeaderMap, signed_in: &SignedIn) {
    let side = if matches!(signed_in.who, Who::Judge(_)) { Side::Tablet } else { Side::Desk };
    let names = Names::of(origins, side);
    set_cookie(headers, &names.set(names.session, &signed_in.secret, signed_in.seconds));
    set_cookie(headers, &names.set(names.access, &signed_in.access, ACCESS_SECONDS));
}

/// Takes those of a side away.
pub fn drop_session(origins: &Origins, headers: &mut HeaderMap, side: Side) {
    let names = Names::of(origins, side);
    for name in [names.session, names.access] {
        set_cookie(headers, &names.set(name, "", 0));
    }
}

fn set_cookie(headers: &mut HeaderMap, line: &str) {
    if let Ok(value) = HeaderValue::from_str(line) {
        headers.append(SET_COOKIE, value);
    }
}

/// The cookies' names, of each side their own: over TLS those that a browser keeps for this host and TLS alone.
struct Names {
    session: &'static str,
    access: &'static str,
    attributes: &'static str,
}

impl Names {
    fn of(origins: &Origins, side: Side) -> Self {
        let (session, access, attributes) = match (side, origins.are_secure()) {
            (Side::Desk, true) => ("__Host-desk", "__Host-desk-access", "; Secure"),
            (Side::Desk, false) => ("desk", "desk-access", ""),
            (Side::Tablet, true) => ("__Host-session", "__Host-access", "; Secure"),
            (Side::Tablet, false) => ("session", "access", ""),
        };
        Self { session, access, attributes }
    }

    fn set(&self, name: &str, value: &str, seconds: i64) -> String {
        let attributes = self.attributes;
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{attributes}")
    }
}

impl<S: Sync> FromRequestParts<S> for AtDesk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Refused::NotSignedIn.into())
    }
}

impl<S: Sync> FromRequestParts<S> for AtTablet {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Refused::NotSignedIn.into())
    }
}
