//! What goes wrong in a handler, and how it is said: once, in the language of whoever asked, as a
//! problem body.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::finding::{Finding, Language, Place, Spoken};
use domain::findings;
use protocol::{FindingBody, Problem};

use super::language::Spoke;
use crate::accounts::AccountError;
use crate::live::LiveError;
use crate::organisation::OrganisationError;
use crate::pages::failure_page;

findings! {
    /// What the server itself refuses, before any feature is asked.
    pub(super) enum Refused {
        NotFound = Error "not_found",
            "没有这个页面或对象；请核对地址。",
            "There is nothing at this address; check it.";
        NotSignedIn = Error "not_signed_in",
            "请先登录。",
            "Sign in first.";
        NotAllowed = Error "not_allowed",
            "您的身份不能做这件事。",
            "You may not do this in your role.";
        Foreign = Error "foreign_origin",
            "请求来自别的网站，已拒绝；请从本站的页面操作。",
            "The request comes from another site and was refused; act from a page of this one.";
        InPlain = Error "in_plain",
            "这里只用 HTTPS；请用 https:// 开头的地址。",
            "HTTPS only; use the address that begins with https://.";
        TooBusy = Error "too_busy",
            "服务器现在太忙；请稍后再试。",
            "The server is too busy now; try again in a moment.";
        Unreadable { problem: Spoken } = Error "body_unreadable",
            "读不懂发来的内容：{problem:#}。",
            "What was sent cannot be read: {problem}.";
        TooLarge = Error "body_too_large",
            "发来的内容太大；请缩小后再发。",
            "What was sent is too large; send less.";
        TooSlow = Error "too_slow",
            "请求太久没有发完；请检查网络后重试。",
            "The request did not arrive in time; check the network and try again.";
    }
}

/// A refusal with its status.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The HTTP status.
    pub status: StatusCode,
    /// What is wrong and what to do.
    pub what: Finding,
    /// Everything found, where the problem is a document.
    pub findings: Vec<Finding>,
}

impl Failure {
    /// With no findings.
    #[must_use]
    pub fn new(status: StatusCode, what: Finding) -> Self {
        Self { status, what, findings: Vec::new() }
    }

    /// There is nothing at that address.
    #[must_use]
    pub fn not_found() -> Self {
        Refused::NotFound.into()
    }

    /// Whoever asks may not do that.
    #[must_use]
    pub fn not_allowed() -> Self {
        Refused::NotAllowed.into()
    }

    /// What was sent cannot be read, by the words of whatever reads it.
    #[must_use]
    pub fn unreadable(problem: &str) -> Self {
        Refused::Unreadable { problem: Spoken::of_reader(problem) }.into()
    }

    /// More was sent than the route takes.
    #[must_use]
    pub fn too_large() -> Self {
        Refused::TooLarge.into()
    }

    /// The body in a language.
    #[must_use]
    pub fn body(&self, language: Language) -> Problem {
        Problem {
            code: self.what.code,
            detail: self.what.say(language).to_owned(),
            findings: self.findings.iter().map(|finding| FindingBody::new(finding, language)).collect(),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::NotFound => StatusCode::NOT_FOUND,
            Refused::NotSignedIn => StatusCode::UNAUTHORIZED,
            Refused::NotAllowed | Refused::Foreign | Refused::InPlain => StatusCode::FORBIDDEN,
            Refused::TooBusy => StatusCode::SERVICE_UNAVAILABLE,
            Refused::Unreadable { .. } => StatusCode::BAD_REQUEST,
            Refused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refused::TooSlow => StatusCode::REQUEST_TIMEOUT,
        };
        Self::new(status, refused.at(Place::default()))
    }
}

impl From<LiveError> for Failure {
    fn from(error: LiveError) -> Self {
        let status = match error {
            LiveError::Unknown => StatusCode::NOT_FOUND,
            LiveError::AlreadyOpened => StatusCode::CONFLICT,
            LiveError::SessionUnfit => StatusCode::UNPROCESSABLE_ENTITY,
            LiveError::Stopped | LiveError::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.at(Place::default()))
    }
}

impl From<OrganisationError> for Failure {
    fn from(error: OrganisationError) -> Self {
        let status = match error {
            OrganisationError::Unknown => StatusCode::NOT_FOUND,
            OrganisationError::NameUnfit { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            OrganisationError::Twice { .. }
            | OrganisationError::Ring { .. }
            | OrganisationError::TooDeep { .. }
            | OrganisationError::TooMany { .. }
            | OrganisationError::InUse { .. } => StatusCode::CONFLICT,
            OrganisationError::Database { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.at(Place::default()))
    }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        let status = match error {
            AccountError::Refused
            | AccountError::SecretRefused
            | AccountError::CodeNeeded
            | AccountError::CodeRefused
            | AccountError::HalfTooOld
            | AccountError::CardRefused
            | AccountError::PinRefused { .. } => StatusCode::UNAUTHORIZED,
            AccountError::AccountUnknown => StatusCode::NOT_FOUND,
            AccountError::InvitationRefused | AccountError::LinkRefused => StatusCode::GONE,
            AccountError::TooMany => StatusCode::TOO_MANY_REQUESTS,
            AccountError::PasswordUnfit
            | AccountError::PasswordWrong
            | AccountError::NameUnfit
            | AccountError::KeyUnfit => StatusCode::UNPROCESSABLE_ENTITY,
            AccountError::NameTaken
            | AccountError::NoPin
            | AccountError::LastAdministrator
            | AccountError::FactorThere
            | AccountError::NoFactor => StatusCode::CONFLICT,
            AccountError::NoRandomness | AccountError::VaultOther { .. } | AccountError::Database { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        };
        Self::new(status, error.at(Place::default()))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        // Said by the layer below, which knows the reader's language.
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives a failure its words.
pub(super) async fn say(request: Request, next: Next) -> Response {
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    let mut response = next.run(request).await;
    let Some(failure) = response.extensions_mut().remove::<Failure>() else { return response };
    let wanted = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let mut said = if wanted.contains("text/html") {
        failure_page(&failure, &headers, &uri)
    } else {
        let Spoke(language) = Spoke::of(&headers);
        let json = [(CONTENT_TYPE, "application/problem+json")];
        (failure.status, json, Json(failure.body(language))).into_response()
    };
    for (name, value) in response.headers() {
        // Of the empty answer that the failure came in, only what is not its own stays.
        if !said.headers().contains_key(name) {
            said.headers_mut().append(name, value.clone());
        }
    }
    said
}
