//! Bodies that are sent to us: JSON from programs and scripts, forms from plain pages, one type for
//! both.

use axum::body::Bytes;
use axum::extract::{Form, FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use domain::finding::Spoken;
use serde::de::DeserializeOwned;

use super::failure::{Failure, Refused};

/// A body that was read.
#[derive(Clone, Debug)]
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("application/x-www-form-urlencoded") {
            let form = Form::<T>::from_request(request, state).await;
            let unreadable = |error: axum::extract::rejection::FormRejection| match error.status().as_u16() {
                413 => Refused::TooLarge,
                _ => Refused::Unreadable { problem: Spoken::of_reader(&error.body_text()) },
            };
            return Ok(Self(form.map_err(unreadable)?.0));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Refused::TooLarge)?;
        let unreadable =
            |error: serde_json::Error| Refused::Unreadable { problem: Spoken::of_reader(&error.to_string()) };
        Ok(Self(serde_json::from_slice(&bytes).map_err(unreadable)?))
    }
}
