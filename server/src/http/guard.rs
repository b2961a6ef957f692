//! Who may come to a route: said beside its path, checked before its handler, and handed to it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::header::{AUTHORIZATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::access::{Action, Scope, allows};
use domain::id::LedgerId;

use super::failure::{Failure, Refused};
use super::headers::cookie;
use super::{App, Origins};
use crate::accounts::{Enrolled, SignedIn, Staff, Who};
use crate::{organisation, registration};

/// Who a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// Everybody; nobody is asked who they are.
    Public,
    /// Everybody with an account who is signed in.
    Account,
    /// Those of them whose roles allow this, over what the route is about.
    Staff(Action, Over),
    /// Judges' devices that are enrolled.
    Tablet,
    /// Programs on this machine, and who looks after the server: what tells of the server itself.
    Operator,
}

/// What a route of [`Guard::Staff`] is about: where a role must be held that allows its action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Over {
    /// The whole server.
    Everything,
    /// Anything: the handler narrows what it shows, or asks for what is chosen in the request.
    Somewhere,
    /// The competition that the path's `{id}` names, or a skill of it: the handler leaves the others out.
    Within,
    /// That competition.
    Competition,
    /// The skill that the path's `{id}` names.
    Skill,
    /// The delegation that the path's `{id}` names: for those of its organisation, and the organiser.
    Delegation,
}

impl Guard {
    /// Its word in the list of routes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Account => "account",
            Self::Staff(..) => "staff",
            Self::Tablet => "judge",
            Self::Operator => "operator",
        }
    }

    fn side(self) -> Side {
        match self {
            Self::Tablet => Side::Tablet,
            Self::Public | Self::Account | Self::Staff(..) | Self::Operator => Side::Desk,
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

/// Who is signed in at a route of [`Guard::Account`] or [`Guard::Staff`].
#[derive(Clone, Debug)]
pub struct AtDesk(pub Staff);

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
    match (guard, who) {
        (Guard::Operator, Who::Nobody) if is_local(&request) => {}
        (_, Who::Nobody) => return Failure::from(Refused::NotSignedIn).into_response(),
        (Guard::Account | Guard::Staff(..) | Guard::Operator, Who::Staff(staff)) => {
            let asked = match guard {
                Guard::Staff(action, over) => Some((action, over)),
                Guard::Operator => Some((Action::Operate, Over::Everything)),
                _ => None,
            };
            let (mut parts, body) = request.into_parts();
            if let Some((action, over)) = asked {
                match may(&app, &staff, action, over, &mut parts).await {
                    Ok(true) => {}
                    Ok(false) => return Failure::from(Refused::NotAllowed).into_response(),
                    Err(failure) => return failure.into_response(),
                }
            }
            parts.extensions.insert(AtDesk(staff));
            request = Request::from_parts(parts, body);
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

/// Whether somebody's roles allow an action over what a request's path names. Of what is not there only
/// those are told who may do it to everything: to others it is as what they may not.
async fn may(
    app: &App,
    staff: &Staff,
    action: Action,
    over: Over,
    parts: &mut Parts,
) -> Result<bool, Failure> {
    if over == Over::Somewhere {
        return Ok(staff.may_somewhere(action));
    }
    // Most are asked by those who may do it to everything, and no table is touched for them.
    if staff.may(action, &[Scope::Everything]).is_some() {
        return Ok(true);
    }
    let named = RawPathParams::from_request_parts(parts, &()).await.ok();
    let id = named.iter().flatten().find(|(name, _)| *name == "id").map(|(_, id)| id.to_owned());
    if let (Over::Delegation, Some(id)) = (over, &id) {
        return registration::may_register(app, staff, id).await;
    }
    let scope = match (over, id) {
        (Over::Competition | Over::Within, Some(id)) => Scope::Competition(id),
        (Over::Skill, Some(id)) => Scope::Skill(LedgerId::from(id)),
        _ => return Ok(false),
    };
    if staff.may(action, &organisation::reach(&app.database, &scope).await?).is_some() {
        return Ok(true);
    }
    let Scope::Competition(competition) = scope else { return Ok(false) };
    if over != Over::Within {
        return Ok(false);
    }
    let of_skills = staff.held.iter().filter_map(|one| match &one.scope {
        Scope::Skill(skill) if allows(one.role, action) => Some(skill),
        _ => None,
    });
    for skill in of_skills {
        if organisation::reach(&app.database, &Scope::Skill(skill.clone()))
            .await?
            .contains(&Scope::Competition(competition.clone()))
        {
            return Ok(true);
        }
    }
    Ok(false)
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
