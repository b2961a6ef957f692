//! What hostile, broken and outdated programs do at the judges' socket: each is told or cut off as
//! `docs/protocol.md` says, nothing of it is entered, and a judge beside them notices nothing.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot do")]

mod signatures;
mod stranger;

use std::sync::Arc;
use std::time::Duration;

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::Status;
use domain::marking::{Body, Lock, Sign};
use futures_util::SinkExt as _;
use futures_util::future::join_all;
use judge_client::native::{Storage, Ticketing};
use judge_client::{Device, Show};
use protocol::desk::Act;
use protocol::frame::{
    ClientFrame, Epoch, FRAME_BYTES_MAX, FRAMES_BURST, FRAMES_PER_SECOND, Ping, ServerFrame, Versions,
};
use serde_json::{Value, json};
use server::accounts::{Accounts, Enrolled, Who};
use server::judging::Limits;
use server::vault::Vault;
use stranger::{End, NONCE, PATIENCE, Stranger};
use tests::hall::{COMPETITORS, JUDGED};
use tests::http::{Browser, narrow_connection};
use tests::{Hall, Tablet, TestDatabase};
use tokio::time::{MissedTickBehavior, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, client_async, connect_async};

/// How many frames a flood has: more than a slow machine lets through while it is sent.
const FLOOD: usize = 1_000;

/// One submission of a device's first number, as JSON.
fn submission(dseq: i64) -> Value {
    let id = EntryId::made_at(1_790_000_000_000, 99 + u128::from(dseq.unsigned_abs()));
    json!({"base": null, "client_time": 0, "dseq": dseq, "elapsed_ms": 0, "id": id, "reason": null,
        "body": {"mark": {"aspect": "A1.01", "competitor": "C002", "judge": "J2", "round": 1,
            "value": {"number": "0.1"}}}})
}

fn put(epoch: Epoch, submissions: &[Value]) -> Value {
    json!({"v": 1, "type": "put", "body": {"epoch": epoch, "submissions": submissions}})
}

/// What a WebSocket frame begins with, from a client, with a mask that changes nothing.
fn masked(first: u8, length: u8) -> [u8; 6] {
    [first, 0x80 | length, 0, 0, 0, 0]
}

/// A judge beside all of it marks, and is not disturbed: everything arrives, and nothing else does.
async fn is_undisturbed(hall: &Hall, beside: &mut Tablet, ids: &mut Vec<EntryId>) {
    ids.push(beside.mark("C001", "A1.01", 1, ids.last().copied()).await);
    timeout(PATIENCE, beside.received()).await.expect("in time");
    let entered: Vec<EntryId> = hall.marks().await.into_iter().map(|(id, ..)| id).collect();
    assert_eq!(entered, *ids);
    assert_eq!(beside.troubles(), []);
    assert!(!beside.shows().iter().any(|show| matches!(show, Show::Ended { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_is_expired_forged_foreign_or_used_opens_no_socket() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let other_place = TestDatabase::sqlite();
        let other = Hall::open(&other_place).await;
        let (enrolled, others) = (hall.enrol("J2").await, other.enrol("J2").await);
        let app = &hall.running.app;
        let vault = || Arc::new(Vault::passing().expect("randomness"));
        let at = async |ahead_ms: i64| {
            let clock = Arc::clone(&app.clock);
            let accounts =
                Accounts::start(app.database.clone(), Arc::new(move || clock() + ahead_ms), vault());
            accounts.await.expect("the accounts").ticket(&enrolled).expect("a ticket")
        };
        let (used, good) = (hall.ticket(&enrolled), hall.ticket(&enrolled));
        assert!(app.accounts.redeem(&used).await.expect("an answer").is_some());
        let (rest, signature) = good.rsplit_once('.').expect("a token of three parts");
        let turned: String = signature.chars().rev().collect();
        let card = app.accounts.make_card(&hall.skill, &"J2".into(), Role::Judge).await.expect("a card");
        let access = app.accounts.enrol(&card.code, &card.pin).await.expect("it is enrolled").access;
        for (what, ticket) in [
            ("expired", at(-120_000).await),
            ("of the future", at(600_000).await),
            ("used", used),
            ("with another signature", format!("{rest}.{turned}")),
            ("without a signature", format!("{rest}.")),
            ("of another server", other.ticket(&others)),
            ("an access token", access),
            ("no token at all", "open sesame".to_owned()),
            ("nothing", String::new()),
            ("far too long", "x".repeat(60_000)),
        ] {
            let mut stranger = Stranger::connect(&hall).await;
            stranger.greet(&enrolled, ticket).await;
            assert_eq!(stranger.end().await, End::said("ticket_refused"), "{}: {what}", place.kind);
        }
        let mut stranger = Stranger::connect(&hall).await;
        stranger.greet(&hall.enrol("J3").await, hall.ticket(&enrolled)).await;
        assert_eq!(stranger.end().await, End::said("device_unknown"), "a ticket of another device");
        let (stranger, _) = Stranger::greeted(&hall, &enrolled).await;
        drop(stranger);
        hall.close().await;
        other.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_forged_foreign_or_ended_gets_no_ticket() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let other_place = TestDatabase::sqlite();
        let other = Hall::open(&other_place).await;
        let sign_in = async |hall: &Hall| {
            let accounts = &hall.running.app.accounts;
            let card = accounts.make_card(&hall.skill, &"J2".into(), Role::Judge).await.expect("a card");
            (accounts.enrol(&card.code, &card.pin).await.expect("it is enrolled"), card.enrolment)
        };
        let ((own, enrolment), (others, _)) = (sign_in(&hall).await, sign_in(&other).await);
        let asks = async |bearer: &str| {
            let mut browser = Browser::new(hall.address());
            browser.bearer = Some(bearer.to_owned());
            browser.post("/api/judge/ticket", &()).await.status
        };
        let Who::Judge(enrolled) = &own.who else { panic!("a judge") };
        let ticket = hall.ticket(enrolled);
        let (id, _) = own.secret.split_once('.').expect("an id and a secret");
        let (_, secret) = others.secret.split_once('.').expect("an id and a secret");
        assert_eq!((asks(&own.secret).await, asks(&own.access).await), (200, 200));
        for (what, bearer) in [
            ("of another server", others.secret.as_str()),
            ("an access token of another server", others.access.as_str()),
            ("a known id with another secret", &format!("{id}.{secret}")),
            ("a ticket", &ticket),
            ("an access token cut short", &own.access[..own.access.len() - 2]),
            ("nothing", ""),
            ("words", "let me in"),
        ] {
            assert_eq!(asks(bearer).await, 401, "{}: {what}", place.kind);
        }
        let path = format!("/api/skills/{}/enrolments/{enrolment}", hall.skill);
        assert_eq!(hall.desk.send("DELETE", &path, Vec::new(), "").await.status, 204);
        assert_eq!((asks(&own.secret).await, asks(&own.access).await), (401, 401), "ended");
        hall.close().await;
        other.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_gets_no_judges_socket() {
    let place = TestDatabase::sqlite();
    let hall = Hall::open(&place).await;
    let own = format!("http://{}", hall.address());
    let connect = async |origins: &[&str]| {
        let mut request = hall.url().into_client_request().expect("a request");
        for origin in origins {
            request.headers_mut().append("origin", HeaderValue::from_str(origin).expect("a value"));
        }
        match connect_async(request).await {
            Ok((_, answer)) => answer.status().as_u16(),
            Err(Error::Http(answer)) => answer.status().as_u16(),
            Err(error) => panic!("{error}"),
        }
    };
    for foreign in [
        "https://evil.example",
        "null",
        "",
        &format!("{own}.evil.example"),
        &format!("{own}/"),
        "http://127.0.0.1",
    ] {
        assert_eq!(connect(&[foreign]).await, 403, "{foreign}");
    }
    assert_eq!(connect(&[&own, "https://evil.example"]).await, 403, "two at once");
    assert_eq!(connect(&[&own]).await, 101);
    hall.close().await;
}

/// What a greeted connection sends, and how it ends.
fn unfit(epoch: Epoch) -> Vec<(&'static str, Vec<u8>, End)> {
    let text = |text: String| {
        let length = u16::try_from(text.len()).expect("a short text");
        let head = if length < 126 {
            masked(0x81, u8::try_from(length).expect("below 126")).to_vec()
        } else {
            [&[0x81, 0xfe][..], &length.to_be_bytes(), &[0; 4]].concat()
        };
        [head, text.into_bytes()].concat()
    };
    let unfit = || End::said("frame_unfit");
    let with = |name: &str, value: Value| {
        let mut one = submission(1);
        one[name] = value;
        text(put(epoch, &[one]).to_string())
    };
    let many: Vec<Value> = (1..=65).map(submission).collect();
    let hello = json!({"v": 1, "type": "hello", "body": {"device": "d", "nonce": NONCE, "proto_max": 1,
        "proto_min": 1, "ticket": ""}});
    vec![
        ("no JSON", text("hello".to_owned()), unfit()),
        ("nothing", text(String::new()), unfit()),
        ("half a frame", text(put(epoch, &[submission(1)]).to_string()[..90].to_owned()), unfit()),
        (
            "another version",
            text(json!({"v": 2, "type": "ping", "body": {"nonce": NONCE}}).to_string()),
            unfit(),
        ),
        ("an unknown field", with("note", json!("x")), unfit()),
        ("a fraction", with("dseq", json!(1.5)), unfit()),
        ("a number below 1", with("dseq", json!(0)), unfit()),
        ("another type of value", with("id", json!(17)), unfit()),
        ("no submission", text(put(epoch, &[]).to_string()), unfit()),
        ("65 submissions", text(put(epoch, &many).to_string()), unfit()),
        ("deep nesting", text(format!("{}{}", "[".repeat(20_000), "]".repeat(20_000))), unfit()),
        ("a second greeting", text(hello.to_string()), End::said("out_of_turn")),
        ("a binary message", [&masked(0x82, 2)[..], b"hi"].concat(), unfit()),
        (
            "65,537 bytes, of which none came",
            [&[0x81, 0xff][..], &65_537_u64.to_be_bytes(), &[0; 4]].concat(),
            End::code(1009),
        ),
        (
            "a frame of 2^62 bytes",
            [&[0x81, 0xff][..], &(1_u64 << 62).to_be_bytes(), &[0; 4]].concat(),
            End::code(1009),
        ),
        (
            "fragments of 65,537 bytes together",
            [
                [&[0x01, 0xfe][..], &40_000_u16.to_be_bytes(), &[0; 4], &[b'x'; 40_000]].concat(),
                [&[0x80, 0xfe][..], &25_537_u16.to_be_bytes(), &[0; 4], &[b'x'; 25_537]].concat(),
            ]
            .concat(),
            End::code(1009),
        ),
        ("no UTF-8", [&masked(0x81, 2)[..], &[0xc3, 0x28]].concat(), End::code(1007)),
        ("an unmasked frame", [&[0x81, 2][..], b"hi"].concat(), End::code(1002)),
        ("a reserved bit", [&masked(0xc1, 2)[..], b"hi"].concat(), End::code(1002)),
        ("a reserved type", [&masked(0x83, 2)[..], b"hi"].concat(), End::code(1002)),
        (
            "a long control frame",
            [&[0x89, 0xfe, 0, 126, 0, 0, 0, 0][..], &[b'x'; 126]].concat(),
            End::code(1002),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_or_no_frame_ends_its_connection_and_disturbs_nobody() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (mut beside, mut ids) = (hall.tablet("J1").await, Vec::new());
        let enrolled = hall.enrol("J2").await;
        let (_, epoch) = Stranger::greeted(&hall, &enrolled).await;
        for (what, bytes, expected) in unfit(epoch) {
            let (mut stranger, _) = Stranger::greeted(&hall, &enrolled).await;
            stranger.bytes(&bytes).await;
            assert_eq!(stranger.end().await, expected, "{}: {what}", place.kind);
        }
        let mut stranger = Stranger::connect(&hall).await;
        stranger.say(put(epoch, &[submission(1)]).to_string()).await;
        assert_eq!(stranger.end().await, End::said("out_of_turn"), "before any greeting");
        // The longest that may be is read, and is no frame for what it says.
        let (mut stranger, _) = Stranger::greeted(&hall, &enrolled).await;
        stranger.say("x".repeat(FRAME_BYTES_MAX)).await;
        assert_eq!(stranger.end().await, End::said("frame_unfit"));
        // What is not known is said so, and the connection goes on.
        let (mut stranger, _) = Stranger::greeted(&hall, &enrolled).await;
        stranger.say(json!({"v": 1, "type": "wave", "body": {}}).to_string()).await;
        let Some(ServerFrame::Unsupported(named)) = stranger.told().await else { panic!("an answer") };
        assert_eq!(named.name, "wave");
        stranger.frame(&ClientFrame::Ping(Ping { nonce: NONCE })).await;
        assert!(matches!(stranger.told().await, Some(ServerFrame::Pong(_))));
        is_undisturbed(&hall, &mut beside, &mut ids).await;
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_ends_its_connection_and_disturbs_nobody() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let (mut beside, mut ids) = (hall.tablet("J1").await, Vec::new());
        let enrolled = hall.enrol("J2").await;
        let ping = ClientFrame::Ping(Ping { nonce: NONCE }).encode(Versions::OURS.max).expect("a frame");
        for flood in [Message::text(ping), Message::Ping(Vec::new().into()), Message::Pong(Vec::new().into())]
        {
            let (mut stranger, _) = Stranger::greeted(&hall, &enrolled).await;
            for _ in 0..FLOOD {
                // The other side may have closed by now.
                let _ = stranger.socket.feed(flood.clone()).await;
            }
            let _ = stranger.socket.flush().await;
            assert_eq!(stranger.end().await.said.as_deref(), Some("too_many_frames"), "{flood:?}");
            is_undisturbed(&hall, &mut beside, &mut ids).await;
        }
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_socket_more_than_the_server_takes_is_told_so_and_comes_in_later() {
    let place = TestDatabase::sqlite();
    let hall = Hall::with_limits(&place, Limits { sockets: 1, ..Limits::default() }).await;
    let enrolled = hall.enrol("J2").await;
    let (only, _) = Stranger::greeted(&hall, &enrolled).await;
    assert_eq!(Stranger::connect(&hall).await.end().await, End::said("unavailable"));
    let mut later = hall.tablet("J1").await;
    later.mark("C001", "A1.01", 1, None).await;
    later.shown(|show| matches!(show, Show::Ended { code, .. } if code == "unavailable")).await;
    drop(only);
    timeout(PATIENCE, later.received()).await.expect("it comes in by itself");
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_of_other_versions_is_told_so_and_keeps_what_it_holds_until_it_is_reloaded() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let enrolled = hall.enrol("J1").await;
        let outbox = Storage::File(place.folder.join("outbox"));
        let tablet = |versions: Versions| {
            let Enrolled { device, ledger, judge, .. } = enrolled.clone();
            let (accounts, enrolled) = (hall.running.app.accounts.clone(), enrolled.clone());
            let ticket = move || -> Ticketing {
                let ticket = accounts.ticket(&enrolled).map_err(|error| error.code().to_owned());
                Box::pin(async { ticket })
            };
            let device = Device { id: device, ledger, versions };
            Tablet::of(device, judge, &hall.url(), ticket, outbox.clone())
        };
        let Versions { max, min } = Versions::OURS;
        let mut ids: Vec<EntryId> = Vec::new();
        // There is one version so far: two before it is none that ever was.
        let old = Versions { max: min - 1, min: min.saturating_sub(2) };
        for (versions, code) in
            [(old, "version_too_old"), (Versions { max: max + 2, min: max + 1 }, "version_too_new")]
        {
            let mut tablet = tablet(versions);
            ids.push(tablet.mark("C001", "A1.01", 5, ids.last().copied()).await);
            let ended = tablet.shown(|show| matches!(show, Show::Ended { .. }));
            let Show::Ended { code: said, ending } = timeout(PATIENCE, ended).await.expect("in time") else {
                panic!("an end")
            };
            assert!(said == code && ending.is_some(), "{said}");
            assert_eq!(tablet.player.unsent(), ids.len(), "{code}: nothing is lost");
            tablet.player.stop().await;
            assert_eq!(hall.marks().await, []);
        }
        let tablet = tablet(Versions::OURS);
        timeout(PATIENCE, tablet.received()).await.expect("everything arrives");
        let entered: Vec<EntryId> = hall.marks().await.into_iter().map(|(id, ..)| id).collect();
        assert_eq!(entered, ids, "{}", place.kind);
        hall.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_judge_may_not_mark_is_refused_over_a_socket_and_nothing_is_held_up() {
    for place in TestDatabase::every_kind() {
        let hall = Hall::open(&place).await;
        let mut tablets = [hall.tablet("J1").await, hall.tablet("J2").await, hall.tablet("J3").await];
        let mut chief = hall.tablet_of(&hall.enrol_as("J9", Role::ChiefJudge).await, Storage::Memory);
        let mut stranger = hall.tablet("J8").await;
        let mut told = Vec::new();
        // B1 is J1's alone; J8 is on no panel; Z9 and C999 are another skill's.
        told.push((tablets[1].mark("C001", "B1.01", 5, None).await, 1, "not_on_panel"));
        told.push((stranger.mark("C001", "A1.01", 5, None).await, 3, "not_on_panel"));
        told.push((tablets[1].mark("C001", "Z9.01", 5, None).await, 1, "unknown_aspect"));
        told.push((tablets[1].mark("C999", "A1.01", 5, None).await, 1, "unknown_competitor"));
        told.push((tablets[1].mark("C001", "A1.01", 9_999, None).await, 1, "value_out_of_range"));
        for (number, tablet) in tablets.iter_mut().enumerate() {
            told.push((tablet.mark("C001", JUDGED, 2, None).await, number, ""));
        }
        for aspect in ["A1.01", "A1.02", "A1.03"] {
            told.push((tablets[0].mark("C001", aspect, 5, None).await, 0, ""));
        }
        for tablet in &tablets {
            tablet.received().await;
        }
        let state = hall.running.app.ledger.state(&hall.skill).await.expect("its state");
        let skill = state.skill.as_ref().expect("it is open");
        let (competitor, sub_criterion) = (COMPETITORS[0].into(), "A1".into());
        let row = skill.row(&competitor).expect("a competitor");
        let sheet = skill.sheet_digest(row, skill.sub(&sub_criterion).expect("a sub-criterion"));
        let lock = Lock { competitor, sub_criterion };
        for (number, tablet) in tablets.iter_mut().enumerate() {
            let Lock { competitor, sub_criterion } = lock.clone();
            let sign = Sign {
                competitor,
                drawing: None,
                judge: tablet.judge.clone(),
                reason: None,
                sheet,
                sub_criterion,
            };
            told.push((tablet.enter(Body::Sign(sign)).await, number, ""));
            tablet.received().await;
        }
        told.push((chief.enter(Body::Lock(lock)).await, 4, ""));
        chief.received().await;
        told.push((tablets[2].mark("C001", JUDGED, 3, Some(told[7].0)).await, 2, "sheet_locked"));
        told.push((tablets[2].mark("C002", JUDGED, 3, None).await, 2, ""));
        tablets[2].received().await;
        hall.act(Act::Close).await;
        told.push((tablets[2].mark("C003", JUDGED, 3, None).await, 2, "closed"));
        let [one, two, three] = &tablets;
        let everyone = [one, two, three, &stranger, &chief];
        for tablet in everyone {
            tablet.received().await;
            assert_eq!(tablet.troubles(), []);
        }
        for (id, tablet, code) in told {
            let receipt = everyone[tablet].receipt(id).expect("a receipt");
            let status = match code {
                "" => Status::Accepted,
                "sheet_locked" | "closed" => Status::Late,
                _ => Status::Refused,
            };
            let said = receipt.code.unwrap_or_default();
            assert_eq!((receipt.status, said.as_str()), (status, code), "{}: {id}", place.kind);
        }
        hall.close().await;
    }
}

/// A program sends what is long since entered again and again, and reads no answer.
async fn read_no_answer(place: &TestDatabase) {
    let limits = Limits { write_within: Duration::from_millis(100), ..Limits::default() };
    let hall = Hall::with_limits(place, limits).await;
    let mut beside = hall.tablet("J1").await;
    beside.live().await;
    let enrolled = hall.enrol("J2").await;
    let stream = MaybeTlsStream::Plain(narrow_connection(hall.address()).await);
    let (socket, _) = client_async(hall.url(), stream).await.expect("a socket");
    let (mut deaf, epoch) = Stranger { socket }.greeted_as(&hall, &enrolled).await;
    let again = put(epoch, &(1..=64).map(submission).collect::<Vec<_>>()).to_string();
    // As often as is allowed, until the other side is gone: a burst, then evenly.
    let period = Duration::from_millis(1_000 / FRAMES_PER_SECOND + 5);
    let mut pace = tokio::time::interval(period);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let speak = async {
        for number in 0.. {
            if deaf.socket.send(Message::text(again.clone())).await.is_err() {
                return;
            }
            if number > FRAMES_BURST / 2 {
                pace.tick().await;
            }
        }
    };
    timeout(PATIENCE * 3, speak).await.expect("it is let go");
    assert_eq!(deaf.end().await, End::default(), "it could not be told");
    beside.mark("C001", "A1.02", 1, None).await;
    timeout(PATIENCE, beside.received()).await.expect("in time");
    assert_eq!(beside.troubles(), []);
    assert_eq!(hall.marks().await.len(), 65, "what it sent is entered once");
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judges_socket_that_takes_no_answer_is_let_go_and_disturbs_nobody() {
    // Both at once: most of it is waiting until the system takes no more off the server's hands.
    join_all(TestDatabase::every_kind().iter().map(read_no_answer)).await;
}
