//! Spectators over HTTP and sockets, on both databases: what they are told, how it goes on, and how
//! little they can ask of a server.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot do")]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::desk::Listed;
use protocol::view::{LiveFrame, SILENCE_MS_MAX, patch};
use serde_json::Value;
use server::competition::{self, Kept, KeptSkill};
use server::exchange::package::{Competition, Name};
use server::http::{self, Config, Running};
use server::judging;
use server::live::Limits;
use tests::followed::{CELLS, PLAN, keep, mark, submit};
use tests::http::{Browser, narrow_connection};
use tests::{Hall, TestDatabase};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderMap, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

/// Long enough for a slow machine; nothing waits that long where all is well.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many read nothing, unless more are asked for.
const STALLED_DEFAULT: usize = 1_000;
/// How many marks judges make beside them.
const MARKS_BESIDE: usize = 150;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A server with a public competition whose one skill is open.
async fn start(place: &TestDatabase, spectators: Limits) -> Running {
    let config = Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: place.url.clone(),
        key: Some(place.folder.join("key")),
        spectators,
        ..Config::default()
    };
    let running = http::start(config).await.expect("the server starts");
    keep(&running.app.database, "c1", &["shown"]).await;
    keep(&running.app.database, "c2", &["hidden"]).await;
    running.app.live.set_public("c1", true).await.expect("it is public");
    submit(&running.app.ledger, PLAN.open("shown")).await;
    running
}

/// A socket, or the status and headers of the answer that refuses it.
async fn connect(
    running: &Running,
    topic: &str,
    headers: &[(&'static str, &str)],
) -> Result<Socket, (u16, HeaderMap)> {
    let url = format!("ws://{}/api/live-socket?topic={topic}", running.address);
    let mut request = url.into_client_request().expect("a request");
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a value"));
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => Err((answer.status().as_u16(), answer.headers().clone())),
        Err(error) => panic!("{error}"),
    }
}

async fn told(socket: &mut Socket) -> Option<LiveFrame> {
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("in time")?.ok()? {
            Message::Text(text) => match serde_json::from_str(text.as_str()).expect("a frame") {
                LiveFrame::Beat { .. } => {}
                frame => return Some(frame),
            },
            Message::Ping(_) => {}
            _ => return None,
        }
    }
}

/// How a socket was closed.
async fn ended(socket: &mut Socket) -> Option<CloseCode> {
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("in time") {
            Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_read_by_a_plain_request_and_known_again_by_its_tag() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, Limits::default()).await;
        let mut browser = Browser::new(running.address);
        let first = browser.get("/api/live/skill/shown").await;
        let LiveFrame::View { rev, view } = first.json(200) else { panic!("a view") };
        assert_eq!((rev, &view["skill"]["id"]), (1, &Value::from("shown")));
        assert_eq!(first.header("cache-control"), Some("no-cache"));
        assert_eq!(first.header("content-type"), Some("application/json"));
        let tag = first.header("etag").expect("a tag").to_owned();
        let tag: &'static str = Box::leak(tag.into_boxed_str());
        browser.headers = vec![("if-none-match", tag)];
        let again = browser.get("/api/live/skill/shown").await;
        assert_eq!((again.status, again.header("etag"), again.bytes.len()), (304, Some(tag), 0));
        mark(&running.app.ledger, "shown", 1, 1).await;
        let changed = async {
            loop {
                let answer = browser.get("/api/live/skill/shown").await;
                if answer.status != 304 {
                    return answer;
                }
            }
        };
        let changed = timeout(PATIENCE, changed).await.expect("in time");
        let LiveFrame::View { view, .. } = changed.json(200) else { panic!("a view") };
        assert_eq!(view["progress"]["done"], 1);
        assert_ne!(changed.header("etag"), Some(tag));
        browser.headers = vec![("accept-language", "en")];
        for topic in ["skill/hidden", "competition/c2", "skill/none", "nothing", "delegation/c1/none"] {
            let answer = browser.get(&format!("/api/live/{topic}")).await;
            assert_eq!((answer.status, answer.code()), (404, "unknown_board".to_owned()), "{topic}");
            assert!(answer.text.contains("There is no such board"), "{}", answer.text);
        }
        let circuit = browser.get("/api/live/circuit").await;
        assert!(circuit.text.contains("contest c1") && !circuit.text.contains("contest c2"));
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_say_how_many_sockets_are_open() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let figures = async |judges: u32, spectators: u32| {
            let wanted = format!("\nleitai_judges {judges}\n");
            let and = format!("\nleitai_spectators {spectators}\n");
            let moved = async {
                loop {
                    let text = Browser::new(hall.address()).get("/metrics").await.text;
                    if text.contains(&wanted) && text.contains(&and) {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            timeout(PATIENCE, moved).await.expect("the figures move");
        };
        figures(0, 0).await;
        let (one, two) = (hall.tablet("J1").await, hall.tablet("J2").await);
        one.live().await;
        two.live().await;
        let socket = connect(&hall.running, "circuit", &[]).await.expect("a socket");
        figures(2, 1).await;
        drop((socket, two));
        figures(1, 0).await;
        drop(one);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_tells_the_view_and_then_what_changes() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, Limits::default()).await;
        let mut socket = connect(&running, "skill/shown", &[]).await.expect("a socket");
        let Some(LiveFrame::View { mut rev, mut view }) = told(&mut socket).await else { panic!("a view") };
        let (mut patches, mut next) = (0, 1);
        while view["progress"]["done"] != CELLS {
            if next <= CELLS {
                mark(&running.app.ledger, "shown", next, next + 3).await;
                next += 4;
            }
            match told(&mut socket).await.expect("a frame") {
                LiveFrame::View { rev: now, view: whole } => {
                    assert!(now > rev);
                    (rev, view) = (now, whole);
                }
                LiveFrame::Patch { rev: now, patch: change } => {
                    assert_eq!(now, rev + 1);
                    patch::apply(&mut view, change);
                    (rev, patches) = (now, patches + 1);
                }
                LiveFrame::Beat { .. } => {}
            }
        }
        assert!(patches > 0);
        let whole = Browser::new(running.address).get("/api/live/skill/shown").await;
        assert_eq!(whole.json::<LiveFrame>(200), LiveFrame::View { rev, view });
        running.app.live.set_public("c1", false).await.expect("it is hidden");
        assert_eq!(ended(&mut socket).await, Some(CloseCode::Away));
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_hears_that_it_lives_and_what_time_it_is_while_nothing_changes() {
    let usual = Limits::default().beat;
    assert!(usual <= Duration::from_secs(20) && usual.as_millis() * 2 < SILENCE_MS_MAX.unsigned_abs().into());
    for place in TestDatabase::every_kind() {
        let often = Limits { beat: Duration::from_millis(20), ..Limits::default() };
        let running = start(&place, often).await;
        let before = (running.app.clock)();
        let mut socket = connect(&running, "skill/shown", &[]).await.expect("a socket");
        let (mut beats, mut views) = (Vec::new(), 0);
        while beats.len() < 5 {
            match timeout(PATIENCE, socket.next()).await.expect("in time").expect("a frame").expect("text") {
                Message::Text(text) => {
                    assert!(text.len() < 64 || views == 0, "a beat is tiny: {text}");
                    match serde_json::from_str(text.as_str()).expect("a frame") {
                        LiveFrame::Beat { at } => beats.push(at),
                        LiveFrame::View { .. } if beats.is_empty() => views += 1,
                        frame => panic!("nothing changed: {frame:?}"),
                    }
                }
                Message::Ping(_) => {}
                message => panic!("{message:?}"),
            }
        }
        assert_eq!(views, 1);
        assert!(beats.is_sorted() && beats[0] >= before && beats[4] <= (running.app.clock)(), "{beats:?}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_refused_politely() {
    let place = TestDatabase::sqlite();
    let running =
        start(&place, Limits { sockets_max: 3, sockets_of_address_max: 2, ..Limits::default() }).await;
    for topic in ["skill/hidden", "skill/none", "nothing", ""] {
        assert_eq!(connect(&running, topic, &[]).await.map(|_| ()).map_err(|(status, _)| status), Err(404));
    }
    let foreign = [("origin", "https://evil.example")];
    let refused = connect(&running, "skill/shown", &foreign).await.map(|_| ());
    assert_eq!(refused.map_err(|(status, _)| status), Err(403));
    let own = format!("http://{}", running.address);
    let one = connect(&running, "skill/shown", &[("origin", &own)]).await.expect("a socket");
    let two = connect(&running, "circuit", &[]).await.expect("a socket");
    let Err((status, headers)) = connect(&running, "circuit", &[]).await else { panic!("a third place") };
    assert_eq!((status, headers.get("retry-after")), (429, Some(&HeaderValue::from_static("30"))));
    drop((one, two));
    let freed = async {
        while connect(&running, "circuit", &[]).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, freed).await.expect("a place is given back");
    let plain = Browser::new(running.address).get("/api/live-socket?topic=circuit").await;
    assert_eq!((plain.status, plain.code()), (426, "no_upgrade".to_owned()));
    running.stop().await;
    let place = TestDatabase::sqlite();
    let running =
        start(&place, Limits { sockets_max: 0, sockets_of_address_max: 2, ..Limits::default() }).await;
    let Err((status, headers)) = connect(&running, "circuit", &[]).await else { panic!("a place") };
    assert_eq!((status, headers.contains_key("retry-after")), (503, true));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_watches_has_nothing_to_say() {
    let place = TestDatabase::sqlite();
    let running = start(&place, Limits::default()).await;
    for said in [Message::text("hello"), Message::binary(vec![0; 9]), Message::text("x".repeat(5_000))] {
        let is_large = said.len() > 4_096;
        let mut socket = connect(&running, "circuit", &[]).await.expect("a socket");
        assert!(told(&mut socket).await.is_some());
        socket.send(said).await.expect("it is sent");
        let code = ended(&mut socket).await;
        assert!(code == Some(CloseCode::Policy) || is_large, "{code:?}");
    }
    let mut socket = connect(&running, "circuit", &[]).await.expect("a socket");
    assert!(told(&mut socket).await.is_some());
    socket.send(Message::Ping("still there".into())).await.expect("it is sent");
    let answered = async { while !matches!(socket.next().await, Some(Ok(Message::Pong(_)))) {} };
    timeout(PATIENCE, answered).await.expect("a pong");
    running.stop().await;
}

/// A socket whose owner reads nothing, on a connection that takes little before it is read.
async fn connect_deaf(running: &Running, topic: &str) -> Socket {
    let stream = MaybeTlsStream::Plain(narrow_connection(running.address).await);
    let url = format!("ws://{}/api/live-socket?topic={topic}", running.address);
    client_async(url, stream).await.expect("a socket").0
}

/// Reads, and so answers every ping, until it is told more than that it lives or the socket ends.
async fn read_on(socket: &mut Socket) -> Option<Message> {
    let is_beat = |text: &str| matches!(serde_json::from_str(text), Ok(LiveFrame::Beat { .. }));
    loop {
        match socket.next().await {
            Some(Ok(Message::Ping(_))) => {}
            Some(Ok(Message::Text(text))) if is_beat(&text) => {}
            other => return other?.ok(),
        }
    }
}

/// A place, as soon as there is one.
async fn freed(running: &Running, topic: &str) -> Socket {
    let freed = async {
        loop {
            match connect(running, topic, &[]).await {
                Ok(socket) => return socket,
                Err((status, _)) => assert_eq!(status, 503),
            }
        }
    };
    timeout(PATIENCE, freed).await.expect("a place is given back")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_frame_in_time_loses_the_place() {
    for place in TestDatabase::every_kind() {
        let limits = Limits { sockets_max: 1, write_within: Duration::from_secs(1), ..Limits::default() };
        let running = start(&place, limits).await;
        // More than the system takes off a sender's hands: a view of six million bytes.
        let name = "x".repeat(3_000_000);
        let document = Competition { name: Name { zh: name.clone(), en: name }, ..Competition::default() };
        let large = Kept { id: "large".to_owned(), organisation: None, document };
        let none: [KeptSkill<()>; 0] = [];
        competition::keep(&running.app.database, &large, &none, 0).await.expect("it is kept");
        running.app.live.set_public("large", true).await.expect("it is public");
        let mut deaf = connect_deaf(&running, "circuit").await;
        let mut next = freed(&running, "circuit").await;
        let whole = told(&mut next).await;
        assert!(matches!(whole, Some(LiveFrame::View { .. })), "who reads has the whole view");
        assert!(told(&mut deaf).await.is_none(), "what was begun was cut off");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_no_ping_loses_the_place_and_who_does_keeps_it() {
    let place = TestDatabase::sqlite();
    let limits = Limits {
        sockets_max: 2,
        beat: Duration::from_millis(20),
        silence_max: Duration::from_secs(2),
        ..Limits::default()
    };
    let running = start(&place, limits).await;
    let mut answering = connect(&running, "skill/shown", &[]).await.expect("a socket");
    assert!(matches!(told(&mut answering).await, Some(LiveFrame::View { .. })));
    // The library answers pings while it is read.
    let deaf = connect_deaf(&running, "circuit").await;
    tokio::select! {
        end = read_on(&mut answering) => panic!("{end:?}"),
        _ = freed(&running, "circuit") => {}
    }
    mark(&running.app.ledger, "shown", 1, 1).await;
    let next = timeout(PATIENCE, read_on(&mut answering)).await.expect("something is told");
    assert!(matches!(next, Some(Message::Text(_))), "who answers is told on: {next:?}");
    drop(deaf);
    running.stop().await;
}

/// A hall full of spectators who read nothing: every judge's mark is received, and who reads is told of
/// each change to the last. `LEITAI_STALLED` says how many; how long receipts take is told, and no test.
#[tokio::test(flavor = "multi_thread")]
async fn spectators_who_read_nothing_hold_up_neither_judges_nor_who_reads() {
    let asked = std::env::var("LEITAI_STALLED").ok();
    let stalled: usize = asked.map_or(STALLED_DEFAULT, |asked| asked.parse().expect("a number"));
    // Each is two open files here, at either end.
    let files = u64::try_from(2 * stalled).expect("a number") + 500;
    let allowed = rlimit::increase_nofile_limit(files).expect("a limit");
    assert!(allowed >= files, "the system allows {allowed} open files and {files} are needed");
    for place in TestDatabase::every_kind() {
        let limits =
            Limits { sockets_max: stalled + 1, sockets_of_address_max: stalled + 1, ..Limits::default() };
        let hall = Hall::with_every_limit(&place, judging::Limits::default(), limits).await;
        let listed: Vec<Listed> = hall.desk.get("/api/competitions").await.json(200);
        let competition = &listed.first().expect("a competition").competition.id;
        hall.running.app.live.set_public(competition, true).await.expect("it is public");
        let topic = format!("skill/{}", hall.skill);
        let mut deaf = Vec::new();
        for _ in 0..stalled {
            deaf.push(connect_deaf(&hall.running, &topic).await);
        }
        let mut reading = connect(&hall.running, &topic, &[]).await.expect("a socket");
        let mut tablets = [hall.tablet("J1").await, hall.tablet("J2").await, hall.tablet("J3").await];
        let mut took = Vec::new();
        let mut bases = [None; 3];
        for turn in 0..MARKS_BESIDE {
            let at = turn % tablets.len();
            let (tablet, aspect) = (&mut tablets[at], ["A1.01", "A1.02", "A1.03"][at]);
            let value = i64::try_from(turn % 50).expect("hundredths");
            let begun = Instant::now();
            bases[at] = Some(tablet.mark("C001", aspect, value, bases[at]).await);
            timeout(PATIENCE, tablet.received()).await.expect("a receipt");
            took.push(begun.elapsed());
        }
        assert_eq!(hall.marks().await.len(), MARKS_BESIDE);
        let Some(LiveFrame::View { mut rev, mut view }) = told(&mut reading).await else { panic!("a view") };
        let browser = Browser::new(hall.address());
        let whole = async || browser.get(&format!("/api/live/{topic}")).await.json::<LiveFrame>(200);
        // What is read afterwards is never older than what the socket told.
        while whole().await != (LiveFrame::View { rev, view: view.clone() }) {
            match told(&mut reading).await.expect("a frame") {
                LiveFrame::Beat { .. } => {}
                LiveFrame::View { rev: now, view: new } => (rev, view) = (now, new),
                LiveFrame::Patch { rev: now, patch: change } => {
                    patch::apply(&mut view, change);
                    rev = now;
                }
            }
        }
        took.sort();
        let (p50, p99) = (took[took.len() / 2], took[took.len() * 99 / 100]);
        println!("{}: beside {stalled} who read nothing: receipts p50 {p50:?}, p99 {p99:?}", place.kind);
        drop(deaf);
        hall.close().await;
    }
}
