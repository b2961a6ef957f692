//! What everybody sees, and the files that pages name.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{Path, Query};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, LOCATION, SET_COOKIE, VARY,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::{Asset, Theme};

use super::THEME;
use crate::http::{Failure, Guard, LANGUAGE, Routes};

const A_YEAR: u32 = 31_536_000;

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::Public;
    routes
        .add(Method::GET, "/preferences", Public, "Keeps the choice of language and theme.", preferences)
        .add(Method::GET, "/assets/{name}", Public, "A file that pages name.", asset)
}

#[derive(Deserialize)]
struct Preferences {
    lang: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

async fn preferences(Query(chosen): Query<Preferences>) -> Response {
    // Only to a path of our own: `//elsewhere` and `/\elsewhere` are other sites to a browser.
    let is_own =
        chosen.back.starts_with('/') && !chosen.back.starts_with("//") && !chosen.back.contains('\\');
    let is_plain = chosen.back.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    let back = if is_own && is_plain { chosen.back.as_str() } else { "/" };
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, back.to_owned())]).into_response();
    let language = chosen.lang.as_deref().filter(|lang| matches!(*lang, "zh" | "en"));
    let theme = chosen.theme.as_deref().and_then(Theme::parse).map(Theme::name);
    for (name, value) in [(LANGUAGE, language), (THEME, theme)] {
        let line = value.map(|value| format!("{name}={value}; Path=/; Max-Age={A_YEAR}; SameSite=Lax"));
        if let Some(line) = line.and_then(|line| line.parse().ok()) {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
    response
}

static ASSETS: LazyLock<HashMap<&'static str, &'static Asset>> =
    LazyLock::new(|| web::assets().iter().map(|asset| (asset.path, asset)).collect());

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let asset = ASSETS.get(format!("/assets/{name}").as_str()).ok_or_else(Failure::not_found)?;
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes_brotli = accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim() == "br" && weight.trim() != "q=0"
    });
    // The address holds the content's hash, so it never means anything else.
    let always = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (VARY, "accept-encoding"),
    ];
    Ok(match asset.brotli.filter(|_| takes_brotli) {
        Some(brotli) => (always, [(CONTENT_ENCODING, "br")], brotli).into_response(),
        None => (always, asset.body).into_response(),
    })
}
