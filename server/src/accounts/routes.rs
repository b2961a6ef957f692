//! Signing in and out over HTTP.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::account;

use super::{AccountError, Enrolled, Entry, SignedIn, Who};
use crate::http::{
    App, AtDesk, AtTablet, Failure, Guard, Routes, Sent, Side, agent, drop_session, keep_session,
};

/// Adds this feature's routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    use Guard::{Account, Public, Tablet};
    routes
        .add(Method::POST, "/api/set-up", Public, "Makes the first account with the one-time secret.", set_up)
        .takes::<account::SetUp>()
        .gives::<account::SignedIn>()
        .add(Method::POST, "/api/sign-in", Public, "Signs an organiser in.", sign_in)
        .takes::<account::SignIn>()
        .gives::<account::SignedIn>()
        .add(
            Method::POST,
            "/api/me/factor",
            Account,
            "Begins to set a second factor up: what an authenticator is told.",
            draft_factor,
        )
        .takes::<account::FactorBegin>()
        .gives::<account::FactorDraft>()
        .add(
            Method::PUT,
            "/api/me/factor",
            Account,
            "Sets it up with its first code; answers with recovery codes.",
            set_factor,
        )
        .takes::<account::FactorCode>()
        .gives::<account::Recovery>()
        .add(Method::POST, "/api/sign-out", Account, "Ends the organiser's session.", sign_out)
        .add(Method::POST, "/api/enrol", Public, "Makes a device the judge's whose card it shows.", enrol)
        .takes::<account::Enrol>()
        .gives::<account::SignedIn>()
        .add(Method::GET, "/api/judge", Tablet, "Whose device this is.", bench)
        .gives::<account::Bench>()
        .add(
            Method::DELETE,
            "/api/judge",
            Tablet,
            "Signs a device out; its next sign-in takes a new card.",
            leave,
        )
        .gives::<account::Bench>()
        .add(Method::PUT, "/api/judge/key", Tablet, "Names the key by which a device signs.", name_key)
        .takes::<account::NameKey>()
        .gives::<account::NameKey>()
        .add(Method::POST, "/api/judge/ticket", Tablet, "A ticket for one judge's socket.", ticket)
        .gives::<account::Ticket>()
}

async fn set_up(
    State(app): State<App>,
    headers: HeaderMap,
    Sent(body): Sent<account::SetUp>,
) -> Result<Response, Failure> {
    let browser = agent(&headers);
    let signed_in = app.accounts.set_up(&body.secret, body.name.trim(), &body.password, &browser).await?;
    Ok(welcome(&app, &headers, signed_in))
}

async fn sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    Sent(body): Sent<account::SignIn>,
) -> Result<Response, Failure> {
    let browser = agent(&headers);
    let signed_in = match app.accounts.sign_in(body.name.trim(), &body.password, &browser).await? {
        Entry::In(signed_in) => signed_in,
        Entry::Half(half) => {
            let code = body.code.ok_or(AccountError::CodeNeeded)?;
            app.accounts.finish(&half, &code, &browser).await?
        }
    };
    Ok(welcome(&app, &headers, signed_in))
}

async fn draft_factor(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Sent(body): Sent<account::FactorBegin>,
) -> Result<Json<account::FactorDraft>, Failure> {
    Ok(Json(app.accounts.draft_factor(&staff, &body.password).await?))
}

async fn set_factor(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Sent(body): Sent<account::FactorCode>,
) -> Result<Json<account::Recovery>, Failure> {
    let codes = app.accounts.set_factor(&staff, &body.code).await?;
    Ok(Json(account::Recovery { codes }))
}

async fn sign_out(State(app): State<App>, AtDesk(staff): AtDesk) -> Result<Response, Failure> {
    app.accounts.sign_out(&staff.session).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    drop_session(&app.origins, response.headers_mut(), Side::Desk);
    Ok(response)
}

async fn enrol(
    State(app): State<App>,
    headers: HeaderMap,
    Sent(body): Sent<account::Enrol>,
) -> Result<Response, Failure> {
    let signed_in = app.accounts.enrol(&body.code, &body.pin).await?;
    Ok(welcome(&app, &headers, signed_in))
}

async fn bench(AtTablet(enrolled): AtTablet) -> Json<account::Bench> {
    Json(enrolled.bench())
}

async fn leave(State(app): State<App>, AtTablet(enrolled): AtTablet) -> Result<Response, Failure> {
    app.accounts.end_enrolment(&enrolled.enrolment, &enrolled.ledger).await?;
    let mut response = Json(enrolled.bench()).into_response();
    drop_session(&app.origins, response.headers_mut(), Side::Tablet);
    Ok(response)
}

async fn name_key(
    State(app): State<App>,
    AtTablet(enrolled): AtTablet,
    Sent(account::NameKey { key }): Sent<account::NameKey>,
) -> Result<Json<account::NameKey>, Failure> {
    app.accounts.name_key(&enrolled.enrolment, &key).await?;
    Ok(Json(account::NameKey { key }))
}

async fn ticket(
    State(app): State<App>,
    AtTablet(enrolled): AtTablet,
) -> Result<Json<account::Ticket>, Failure> {
    Ok(Json(account::Ticket { ticket: app.accounts.ticket(&enrolled)? }))
}

/// A browser gets cookies that its scripts cannot read; a program gets the secret itself.
fn welcome(app: &App, headers: &HeaderMap, signed_in: SignedIn) -> Response {
    let is_browser = ["origin", "sec-fetch-site"].iter().any(|name| headers.contains_key(*name));
    let who = match &signed_in.who {
        Who::Judge(enrolled) => account::Identity::Judge(enrolled.bench()),
        Who::Staff(staff) => account::Identity::Staff { name: staff.name.clone() },
        // The session was ended in this very moment.
        Who::Nobody => return StatusCode::UNAUTHORIZED.into_response(),
    };
    let bearer = (!is_browser).then(|| signed_in.secret.clone());
    let SignedIn { seconds, ref seal, .. } = signed_in;
    let mut response = Json(account::SignedIn { who, seconds, bearer, seal: seal.clone() }).into_response();
    keep_session(&app.origins, response.headers_mut(), &signed_in);
    response
}

impl Enrolled {
    fn bench(&self) -> account::Bench {
        account::Bench {
            device: self.device.clone(),
            judge: self.judge.clone(),
            role: self.role,
            ledger: self.ledger.clone(),
        }
    }
}
