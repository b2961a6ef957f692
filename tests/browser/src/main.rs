//! The public pages over made-up results, with a live socket that says what a test asks for.
//!
//! It prints its address, serves until its input ends, and is steered by `POST /test/…`.
#![expect(clippy::expect_used, reason = "a test's server stops at what it cannot do, and says so")]

mod results;

use std::io::Read as _;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::finding::Language;
use protocol::view::{BoardView, LiveFrame, Topic, patch};
use results::Results;
use serde_json::Value;
use tokio::sync::watch;
use web::{Context, Page, Theme, TrustPage};

/// The headers that the product sends with every page.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; \
                      base-uri 'none'; form-action 'self'";

/// What the server shows, and whether it lets anyone follow it.
#[derive(Clone)]
struct Shown {
    results: Arc<Mutex<Results>>,
    live: watch::Sender<Live>,
}

#[derive(Clone, Debug, Default)]
struct Live {
    rev: u64,
    is_cut: bool,
    /// How far the server's clock is ahead of the browser's.
    ahead_ms: i64,
    /// How many sockets there have been.
    sockets: u32,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let shown = Shown {
        results: Arc::new(Mutex::new(Results::new(now_ms()))),
        live: watch::Sender::new(Live { rev: 1, ..Live::default() }),
    };
    let router = Router::new()
        .route("/api/live-socket", get(socket))
        .route("/preferences", get(preferences))
        .route("/test/sockets", get(sockets))
        .route("/test/{act}", post(act))
        .fallback(get(page))
        .with_state(shown);
    let port = std::env::args().nth(1).unwrap_or_else(|| "0".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("a free port");
    println!("http://{}", listener.local_addr().expect("an address"));
    // The parent's end of the pipe closes when it goes, however it goes.
    tokio::task::spawn_blocking(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    axum::serve(listener, router).await.expect("it serves");
}

/// A server with an authority of its own, as it would show itself in a hall.
const OWN: TrustPage<'static> = TrustPage::Own {
    address: "http://192.168.1.10:8443/trust",
    origin: "https://192.168.1.10:8443",
    fingerprint: "94:0B:60:DA:5B:04:19:71:4B:30:88:F8:33:AC:0F:7A:DD:45:17:A1:82:B1:DA:70:CD:80:AE:63:02:79:EB:B5",
};

async fn page(State(shown): State<Shown>, uri: Uri, headers: HeaderMap) -> Response {
    if let Some(asset) = web::assets().iter().find(|asset| asset.path == uri.path()) {
        let takes_brotli = text(&headers, "accept-encoding").contains("br");
        return match asset.brotli {
            Some(bytes) if takes_brotli => {
                ([(header::CONTENT_TYPE, asset.content_type), (header::CONTENT_ENCODING, "br")], bytes)
                    .into_response()
            }
            _ => ([(header::CONTENT_TYPE, asset.content_type)], asset.body).into_response(),
        };
    }
    let cookies = text(&headers, "cookie");
    let context = Context {
        language: if cookies.contains("lang=en") { Language::English } else { Language::Chinese },
        theme: Theme::ALL
            .into_iter()
            .find(|theme| cookies.contains(&format!("theme={}", theme.name())))
            .unwrap_or_default(),
        path: uri.path().to_owned(),
        utc_offset_minutes: 480,
    };
    let path = decoded(uri.path());
    let results = shown.results.lock().expect("no panic held it");
    let steps: Vec<&str> = path.trim_matches('/').split('/').collect();
    let board = |id: &str| results.boards.get(id);
    let page = match steps.as_slice() {
        [""] => Page::Home(&results.home),
        ["competition", _] => Page::Competition(&results.competition),
        ["competition-upcoming"] => Page::Competition(&results.upcoming),
        ["delegation", _, _] => Page::Delegation(&results.delegation),
        ["skill", id] => board(id).map_or(Page::Problem(404), Page::Board),
        ["screen", id] => board(id).map_or(Page::Problem(404), Page::Screen),
        ["trust"] => Page::Trust(OWN),
        ["trust-known"] => Page::Trust(TrustPage::Known),
        ["trust-plain"] => Page::Trust(TrustPage::Plain),
        ["ready"] => Page::Ready,
        ["broken"] => Page::Problem(503),
        _ => Page::Problem(404),
    };
    let status = match page {
        Page::Problem(status) => StatusCode::from_u16(status).expect("a status"),
        _ => StatusCode::OK,
    };
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (status, headers, Body::from(web::render(&page, &context))).into_response()
}

async fn preferences(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let mut response = Response::builder().status(StatusCode::SEE_OTHER);
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        response = match name {
            "lang" | "theme" => {
                response.header(header::SET_COOKIE, format!("{name}={value}; Path=/; SameSite=Lax"))
            }
            "back" => response.header(header::LOCATION, decoded(value)),
            _ => response,
        };
    }
    response.body(Body::empty()).expect("a response")
}

/// What a test asks for.
async fn act(State(shown): State<Shown>, uri: Uri) -> StatusCode {
    let mut results = shown.results.lock().expect("no panic held it");
    if uri.path() == "/test/reset" {
        *results = Results::new(now_ms());
        drop(results);
        return turn(&shown, |live| *live = Live { rev: live.rev + 1, ..Live::default() });
    }
    let board: &mut BoardView = results.boards.get_mut("s08").expect("the board that moves");
    match uri.path() {
        "/test/overtake" => results::overtake(board),
        "/test/reverse" => results::reverse(board),
        "/test/score" => results::score(board),
        "/test/rewind" => board.as_of -= 60_000,
        "/test/ahead" => return turn(&shown, |live| live.ahead_ms = 3_600_000),
        "/test/begin" => results::begin_session(board, now_ms(), 0),
        "/test/await" => results::begin_session(board, now_ms(), 45 * 60_000),
        "/test/end" => results::begin_session(board, now_ms(), -4 * 3_600_000),
        "/test/cut" => return turn(&shown, |live| live.is_cut = true),
        "/test/heal" => return turn(&shown, |live| live.is_cut = false),
        _ => return StatusCode::NOT_FOUND,
    }
    drop(results);
    turn(&shown, |live| live.rev += 1)
}

fn now_ms() -> i64 {
    let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock runs").as_millis();
    i64::try_from(now_ms).expect("not yet the year 292 million")
}

fn turn(shown: &Shown, change: impl FnOnce(&mut Live)) -> StatusCode {
    shown.live.send_modify(change);
    StatusCode::NO_CONTENT
}

async fn socket(
    State(shown): State<Shown>,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    let query = query.unwrap_or_default();
    let topic = query.strip_prefix("topic=").and_then(|topic| Topic::parse(&decoded(topic)));
    let Some(topic) = topic else { return StatusCode::NOT_FOUND.into_response() };
    if shown.live.borrow().is_cut {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    upgrade.on_upgrade(move |socket| follow(shown, topic, socket))
}

/// How many sockets there have been since the last reset.
async fn sockets(State(shown): State<Shown>) -> String {
    shown.live.borrow().sockets.to_string()
}

/// The whole view, then a patch for each revision, until the link is cut.
async fn follow(shown: Shown, topic: Topic, mut socket: WebSocket) {
    shown.live.send_modify(|live| live.sockets += 1);
    let mut live = shown.live.subscribe();
    let mut rev = live.borrow_and_update().rev;
    let mut known = view(&shown, &topic);
    let mut frame = LiveFrame::View { rev, view: known.clone() };
    let mut is_first = true;
    loop {
        let text = serde_json::to_string(&frame).expect("JSON");
        if socket.send(Message::text(text)).await.is_err() {
            return;
        }
        if std::mem::take(&mut is_first) {
            let beat = LiveFrame::Beat { at: now_ms() + live.borrow().ahead_ms };
            let beat = serde_json::to_string(&beat).expect("JSON");
            if socket.send(Message::text(beat)).await.is_err() {
                return;
            }
        }
        loop {
            tokio::select! {
                changed = live.changed() => if changed.is_err() { return },
                said = socket.recv() => if !matches!(said, Some(Ok(_))) { return },
            }
            let now = live.borrow_and_update().clone();
            if now.is_cut {
                return;
            }
            if now.rev > rev {
                rev = now.rev;
                break;
            }
        }
        let next = view(&shown, &topic);
        frame = LiveFrame::Patch { rev, patch: patch::diff(&known, &next) };
        known = next;
    }
}

fn view(shown: &Shown, topic: &Topic) -> Value {
    let results = shown.results.lock().expect("no panic held it");
    let view = match topic {
        Topic::Circuit => serde_json::to_value(&results.home),
        Topic::Competition(_) => serde_json::to_value(&results.competition),
        Topic::Delegation(..) => serde_json::to_value(&results.delegation),
        Topic::Skill(id) => serde_json::to_value(results.boards.get(id)),
    };
    view.expect("JSON")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// An address without its escapes.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
