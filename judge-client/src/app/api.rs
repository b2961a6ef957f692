//! What the tablet asks the server for, besides its socket.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::ledger::DeviceKey;
use protocol::account::{Bench, Enrol, NameKey, Report, Ticket};
use protocol::judge::{About, Sheets};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use super::browser::{unix_ms, window};

/// See [`ahead_ms`].
static AHEAD_MS: AtomicI64 = AtomicI64::new(0);

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// None came, or it was not the competition's server that answered.
    NoAnswer,
    /// The server answered, and this program cannot read it: one of the two is newer.
    Unreadable,
    /// The server said no: the status, and its own words in the language asked for.
    Refused { status: u16, detail: String },
}

impl Failure {
    /// Whether nobody is signed in here any more.
    pub(super) fn is_signed_out(&self) -> bool {
        matches!(self, Self::Refused { status: 401 | 403, .. })
    }
}

/// Makes this device the judge's whose card it shows: whose it is now, and the secret of their key for
/// what is kept.
pub(super) async fn enrol(
    code: String,
    pin: String,
    language: &str,
) -> Result<(Bench, Option<String>), Failure> {
    let enrolled: Enrolled = read(&ask("POST", "/api/enrol", Some(&Enrol { code, pin }), language).await?)?;
    Ok((enrolled.who, enrolled.seal))
}

/// What of [`protocol::account::SignedIn`] a tablet needs: a card makes a device a judge's, and nobody
/// else's.
#[derive(Deserialize)]
struct Enrolled {
    who: Bench,
    seal: Option<String>,
}

/// Whose device this is.
pub(super) async fn bench(language: &str) -> Result<Bench, Failure> {
    read(&ask("GET", "/api/judge", None::<&()>, language).await?)
}

/// Signs this device out.
pub(super) async fn leave(language: &str) -> Result<(), Failure> {
    ask("DELETE", "/api/judge", None::<&()>, language).await.map(drop)
}

/// What is marked, in words; and the answer as it came, to be kept.
pub(super) async fn about(language: &str) -> Result<(About, String), Failure> {
    let text = ask("GET", "/api/judge/about", None::<&()>, language).await?;
    Ok((read(&text)?, text))
}

/// What this judge marks; and the answer as it came, to be kept.
pub(super) async fn sheets(language: &str) -> Result<(Sheets, String), Failure> {
    let text = ask("GET", "/api/judge/sheets", None::<&()>, language).await?;
    Ok((read(&text)?, text))
}

/// Names the key by which this device signs.
pub(super) async fn name_key(key: DeviceKey, language: &str) -> Result<(), Failure> {
    ask("PUT", "/api/judge/key", Some(&NameKey { key }), language).await.map(drop)
}

/// Tells of this device.
pub(super) async fn report(report: &Report, language: &str) -> Result<(), Failure> {
    ask("PUT", "/api/judge/report", Some(report), language).await.map(drop)
}

/// A ticket for one socket.
pub(super) async fn ticket(language: &str) -> Result<String, Failure> {
    let ticket: Ticket = read(&ask("POST", "/api/judge/ticket", None::<&()>, language).await?)?;
    Ok(ticket.ticket)
}

/// Whether the server has an authority of its own, whose certificate `/trust` gives to this device.
pub(super) async fn gives_certificate(language: &str) -> bool {
    let answer = send("HEAD", "/trust/leitai-authority.crt", None::<&()>, language).await;
    // A captive portal answers anything with a page of its own.
    let is_certificate = |kind: String| kind == "application/x-x509-ca-cert";
    answer.is_some_and(|answer| {
        answer.ok() && answer.headers().get("content-type").ok().flatten().is_some_and(is_certificate)
    })
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|_| Failure::Unreadable)
}

/// The server's answer; a captive portal's, which answers 200 with a page of its own, is none.
async fn ask(
    method: &str,
    path: &str,
    body: Option<&impl Serialize>,
    language: &str,
) -> Result<String, Failure> {
    let response = send(method, path, body, language).await.ok_or(Failure::NoAnswer)?;
    let text = text(&response).await.ok_or(Failure::NoAnswer)?;
    if response.ok() {
        return if is_ours(&text, &response) { Ok(text) } else { Err(Failure::NoAnswer) };
    }
    let problem: Said = serde_json::from_str(&text).map_err(|_| Failure::NoAnswer)?;
    Err(Failure::Refused { status: response.status(), detail: problem.detail })
}

/// What of a problem's body is shown.
#[derive(Deserialize)]
struct Said {
    detail: String,
}

async fn send(method: &str, path: &str, body: Option<&impl Serialize>, language: &str) -> Option<Response> {
    let headers = Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    headers.set("accept-language", language).ok()?;
    let request = RequestInit::new();
    request.set_method(method);
    if let Some(body) = body {
        headers.set("content-type", "application/json").ok()?;
        request.set_body(&JsValue::from(serde_json::to_string(body).ok()?));
    }
    request.set_headers(&headers);
    request.set_redirect(web_sys::RequestRedirect::Error);
    let answer = JsFuture::from(window()?.fetch_with_str_and_init(path, &request)).await.ok()?;
    answer.dyn_into().ok()
}

/// How far the server's clock is ahead of this device's, as of its last answer.
pub(super) fn ahead_ms() -> i64 {
    AHEAD_MS.load(Ordering::Relaxed)
}

/// Whether the competition's server answered, whose clock is then known.
#[expect(clippy::cast_possible_truncation, reason = "whole seconds, far below 2^53; 0 where it is no date")]
fn is_ours(text: &str, response: &Response) -> bool {
    let header = |name| response.headers().get(name).ok().flatten().unwrap_or_default();
    let is_ours = text.starts_with('{') && header("content-type").starts_with("application/json");
    let at = js_sys::Date::parse(&header("date")) as i64;
    if is_ours && at > 0 {
        AHEAD_MS.store(at - unix_ms(), Ordering::Relaxed);
    }
    is_ours
}

async fn text(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
