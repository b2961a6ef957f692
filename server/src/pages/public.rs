//! What everybody sees, and the files that pages name.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, LOCATION, SET_COOKIE, VARY,
};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::view::Topic;
use serde::Deserialize;
use web::{Asset, Page, Theme};

use super::kept::{Place, Rendered};
use super::{Reader, THEME};
use crate::http::{App, Failure, Guard, LANGUAGE, Routes, Spoke};
use crate::live::{Audience, LiveError, View};

const A_YEAR: u32 = 31_536_000;

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::Public;
    routes
        .add(Method::GET, "/", Public, "The first page.", home)
        .add(Method::GET, "/competition/{id}", Public, "A competition's page.", competition)
        .add(Method::GET, "/delegation/{id}/{name}", Public, "A delegation's page.", delegation)
        .add(Method::GET, "/skill/{id}", Public, "A skill's board.", board)
        .add(Method::GET, "/screen/{id}", Public, "A skill's board for a hall.", screen)
        .add(Method::GET, "/judge", Public, "The judge's app, which asks for a card.", judge)
        .add(
            Method::GET,
            "/judge/manifest.webmanifest",
            Public,
            "What installs the judge's app.",
            judge_manifest,
        )
        .add(
            Method::GET,
            "/judge/worker.js",
            Public,
            "What opens the judge's app without a network.",
            judge_worker,
        )
        .add(Method::GET, "/preferences", Public, "Keeps the choice of language and theme.", preferences)
        .add(Method::GET, "/assets/{name}", Public, "A file that pages name.", asset)
}

async fn home(State(app): State<App>, asked: Asked) -> Result<Response, Failure> {
    show(&app, asked, Topic::Circuit, false).await
}

async fn competition(
    State(app): State<App>,
    asked: Asked,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    show(&app, asked, Topic::Competition(id), false).await
}

async fn delegation(
    State(app): State<App>,
    asked: Asked,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    show(&app, asked, Topic::Delegation(id, name), false).await
}

async fn board(State(app): State<App>, asked: Asked, Path(id): Path<String>) -> Result<Response, Failure> {
    show(&app, asked, Topic::Skill(id), false).await
}

async fn screen(State(app): State<App>, asked: Asked, Path(id): Path<String>) -> Result<Response, Failure> {
    show(&app, asked, Topic::Skill(id), true).await
}

async fn judge((reader, takes_brotli): Asked) -> Response {
    // A tablet asks for it once for each version; it is too small for compressing it to be felt.
    sent(&Rendered::new(String::new(), web::judge_page(&reader.0)), &takes_brotli)
}

async fn judge_manifest(Spoke(language): Spoke) -> Response {
    ([(CONTENT_TYPE, "application/manifest+json")], web::judge_manifest(language)).into_response()
}

async fn judge_worker() -> Response {
    // A browser asks for it at each start; it may not be kept, or a new version would never come.
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("service-worker-allowed"), "/judge"),
    ];
    (headers, web::judge_worker()).into_response()
}

/// For whom a page is rendered, and whether they take it compressed.
type Asked = (Reader, TakesBrotli);

/// The page of a topic, as the public may see it.
async fn show(
    app: &App,
    (reader, takes_brotli): Asked,
    topic: Topic,
    is_screen: bool,
) -> Result<Response, Failure> {
    let revision = app.live.view(&topic, Audience::Public).await?;
    let context = reader.0;
    let place = Place::new(&context.path, context.language, context.theme);
    let page = match app.pages.get(&place, &revision.etag) {
        Some(page) => page,
        None => {
            // A long board takes milliseconds, which are the spectators' own.
            let rendering = async move {
                let html = web::render(&page_of(&revision.view, is_screen), &context);
                Arc::new(Rendered::new(revision.etag.clone(), html))
            };
            let page = app.live.spectators().spawn(rendering).await.map_err(|_| LiveError::Stopped)?;
            app.pages.keep(place, &page);
            page
        }
    };
    Ok(([(CACHE_CONTROL, "no-store")], sent(&page, &takes_brotli)).into_response())
}

/// A page, compressed for whoever takes that.
fn sent(page: &Rendered, TakesBrotli(takes_brotli): &TakesBrotli) -> Response {
    let always = [(CONTENT_TYPE, "text/html; charset=utf-8"), (VARY, "accept-encoding")];
    if *takes_brotli && !page.brotli.is_empty() {
        (always, [(CONTENT_ENCODING, "br")], page.brotli.clone()).into_response()
    } else {
        (always, page.html.clone()).into_response()
    }
}

fn page_of(view: &View, is_screen: bool) -> Page<'_> {
    match view {
        View::Home(view) => Page::Home(view),
        View::Competition(view) => Page::Competition(view),
        View::Delegation(view) => Page::Delegation(view),
        View::Board(view) if is_screen => Page::Screen(view),
        View::Board(view) => Page::Board(view),
    }
}

/// Whether whoever asks takes brotli.
struct TakesBrotli(bool);

impl<S: Sync> FromRequestParts<S> for TakesBrotli {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let accepted = parts.headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        Ok(Self(accepted.unwrap_or_default().split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim() == "br" && weight.trim() != "q=0"
        })))
    }
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

async fn asset(
    Path(name): Path<String>,
    TakesBrotli(takes_brotli): TakesBrotli,
) -> Result<Response, Failure> {
    let asset = ASSETS.get(format!("/assets/{name}").as_str()).ok_or_else(Failure::not_found)?;
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
