//! Live boards over HTTP, for everybody: a view by a plain request, and a socket that goes on from it.

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::finding::Place;
use domain::findings;
use protocol::view::{LiveFrame, Topic};
use serde::Deserialize;

use super::places::Full;
use super::{Audience, LiveError, socket};
use crate::http::{App, Failure, Guard, Peer, Routes};

/// When whoever found no place may come again, in seconds.
const AGAIN_AFTER: u32 = 30;

findings! {
    /// Why a spectator gets no socket.
    pub(super) enum SocketRefused {
        NoUpgrade = Error "no_upgrade",
            "这个地址只接受 WebSocket 连接。",
            "This address takes WebSocket connections only.";
        TooMany = Error "spectators_too_many",
            "观众连接已满；页面会改为定时刷新，请稍后再试。",
            "There are no more places for spectators; the page goes on by reloading, try again later.";
        TooManyHere = Error "spectators_too_many_here",
            "来自您所在网络的连接太多；页面会改为定时刷新。",
            "There are too many connections from your network; the page goes on by reloading.";
    }
}

/// Adds this feature's routes.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .add(Method::GET, "/api/live/{*topic}", Guard::Public, "A live view as it is now.", view)
        .gives::<LiveFrame>()
        .add(Method::GET, "/api/live-socket", Guard::Public, "A live view and how it goes on.", follow)
}

/// `circuit`, `competition/ID`, `delegation/ID/NAME` or `skill/ID`.
async fn view(
    State(app): State<App>,
    Path(topic): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let topic = Topic::parse(&topic).ok_or(LiveError::Unknown)?;
    let revision = app.live.view(&topic, Audience::Public).await?;
    let etag = HeaderValue::from_str(&revision.etag).map_err(|_| LiveError::Stopped)?;
    let always = [(ETAG, etag), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    if is_known(&headers, &revision.etag) {
        return Ok((StatusCode::NOT_MODIFIED, always).into_response());
    }
    let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((always, json, revision.json.clone()).into_response())
}

/// Whether whoever asks has it already (RFC 9110, 13.1.2, by weak comparison).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|tag| tag.trim() == "*" || bare(tag) == bare(etag))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    topic: String,
}

async fn follow(
    State(app): State<App>,
    Query(Asked { topic }): Query<Asked>,
    peer: Peer,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    let refused = |refused: SocketRefused, status| Failure::new(status, refused.at(Place::default()));
    let Ok(upgrade) = upgrade else {
        return Err(refused(SocketRefused::NoUpgrade, StatusCode::UPGRADE_REQUIRED));
    };
    let topic = Topic::parse(&topic).ok_or(LiveError::Unknown)?;
    let place = match app.live.places().take(peer.ip()) {
        Ok(place) => place,
        Err(full) => {
            let failure = match full {
                Full::Everywhere => refused(SocketRefused::TooMany, StatusCode::SERVICE_UNAVAILABLE),
                Full::Here => refused(SocketRefused::TooManyHere, StatusCode::TOO_MANY_REQUESTS),
            };
            let mut response = failure.into_response();
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(AGAIN_AFTER));
            return Ok(response);
        }
    };
    let revisions = app.live.subscribe(&topic, Audience::Public).await?;
    Ok(socket::upgrade(upgrade, &app.live, revisions, place))
}
