//! Golden texts of every frame, and what is refused. The texts also stand in `docs/protocol.md`.

use domain::scoring::Value;

use super::*;

const NONCE: Nonce = Nonce(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
const EPOCH: Epoch = Epoch(0xfeed_0000_0000_0000_0000_0000_0000_0001);
const ID: EntryId = EntryId(0x0190_b1e2_7c5a_7000_8000_0000_0000_0001);

fn submission() -> Submission {
    let mark = domain::marking::Mark {
        aspect: "A1.03".into(),
        competitor: "K7".into(),
        judge: "J2".into(),
        reason: None,
        round: 1,
        value: Value::Number(domain::number::Decimal::whole(2)),
    };
    Submission {
        base: None,
        body: Body::Mark(mark),
        client_time: 1_790_000_000_000,
        device_signature: None,
        drawing: None,
        dseq: 1,
        elapsed_ms: 61_500,
        id: ID,
        reason: None,
    }
}

fn client_frames() -> Vec<ClientFrame> {
    let hello = Hello {
        device: "tablet-07".into(),
        nonce: NONCE,
        proto_max: 1,
        proto_min: 1,
        ticket: "one-use".to_owned(),
    };
    vec![
        ClientFrame::Hello(hello),
        ClientFrame::Put(Put { epoch: EPOCH, submissions: vec![submission()] }),
        ClientFrame::Ping(Ping { nonce: NONCE }),
        ClientFrame::Unsupported(Unsupported { name: "wave".to_owned() }),
    ]
}

fn server_frames() -> Vec<ServerFrame> {
    let welcome = Welcome {
        epoch: EPOCH,
        last_dseq: 0,
        ledger: "welding".into(),
        nonce: NONCE,
        proto: 1,
        safe_dseq: 0,
        server_time: 1_790_000_000_500,
    };
    let receipt = Receipt { code: None, hash: Hash([0xab; 32]), id: ID, seq: 12, status: Status::Accepted };
    let ack = Ack {
        device: "tablet-07".into(),
        epoch: EPOCH,
        nonce: NONCE,
        receipts: vec![receipt],
        safe_dseq: 0,
        upto_dseq: 1,
    };
    let nack = Nack {
        epoch: EPOCH,
        id: None,
        nonce: NONCE,
        reason: reason::WANT_DSEQ.to_owned(),
        want_dseq: Some(1),
    };
    let cell = Cell { aspect: "A1.03".into(), competitor: "K7".into(), judge: Some("J2".into()), round: 1 };
    let head = Head { cell, epoch: EPOCH, id: Some(ID), nonce: NONCE, seq: 12 };
    let called = Called { calls: vec![("A1".into(), "K7".into())], epoch: EPOCH, nonce: NONCE, number: 3 };
    let failure = Failure { code: Ending::VersionTooOld.code().to_owned(), proto_max: 3, proto_min: 2 };
    vec![
        ServerFrame::Welcome(welcome),
        ServerFrame::Ack(ack),
        ServerFrame::Nack(nack),
        ServerFrame::Head(head),
        ServerFrame::Called(called),
        ServerFrame::Pong(Pong { epoch: EPOCH, nonce: NONCE, safe_dseq: 1 }),
        ServerFrame::Unsupported(Unsupported { name: "wave".to_owned() }),
        ServerFrame::Error(failure),
    ]
}

/// One line a frame, as the page shows them.
fn golden() -> Vec<String> {
    let client = client_frames();
    let server = server_frames();
    let client = client.iter().map(|frame| frame.encode(1).expect("a frame"));
    client.chain(server.iter().map(|frame| frame.encode(1).expect("a frame"))).collect()
}

#[test]
fn every_frame_has_its_golden_text_and_the_page_shows_it() {
    let text = golden().join("\n") + "\n";
    assert_eq!(text, include_str!("golden.ndjson"));
    let page = include_str!("../../../../docs/protocol.md");
    for line in golden() {
        assert!(page.contains(&line), "docs/protocol.md lacks {line}");
    }
}

#[test]
fn every_type_is_in_the_golden_texts_and_reads_back() {
    let (client, server) = (client_frames(), server_frames());
    for frame in &client {
        assert_eq!(ClientFrame::decode(&frame.encode(1).expect("text"), 1).as_ref(), Ok(frame));
    }
    for frame in &server {
        assert_eq!(ServerFrame::decode(&frame.encode(1).expect("text"), 1).as_ref(), Ok(frame));
    }
    let mut names: Vec<&str> = client.iter().map(ClientFrame::name).collect();
    names.sort_unstable();
    assert_eq!(names, ClientFrame::TYPES);
    let mut names: Vec<&str> = server.iter().map(ServerFrame::name).collect();
    names.sort_unstable();
    assert_eq!(names, ServerFrame::TYPES);
}

fn code_of(text: &str) -> &'static str {
    ClientFrame::decode(text, 1).expect_err("no frame").code()
}

#[test]
fn what_is_no_frame_is_refused_by_its_code() {
    let nonce = NONCE.to_string();
    let ping = |v: u32, name: &str, more: &str| {
        format!(r#"{{"v":{v},"type":"{name}","body":{{"nonce":"{nonce}"{more}}}}}"#)
    };
    assert!(ClientFrame::decode(&ping(1, "ping", ""), 1).is_ok());
    assert_eq!(code_of(&ping(1, "ping", r#","more":1"#)), "frame_malformed");
    assert_eq!(code_of(&ping(1, "wave", "")), "frame_unknown_type");
    assert_eq!(code_of(&ping(2, "ping", "")), "frame_other_version");
    assert_eq!(code_of(&ping(1, "pong", "")), "frame_unknown_type");
    assert_eq!(code_of(r#"{"v":1,"type":"ping"}"#), "frame_malformed");
    assert_eq!(code_of("<html>sign in to the hotel's network</html>"), "frame_malformed");
    assert_eq!(code_of(&" ".repeat(FRAME_BYTES_MAX + 1)), "frame_too_long");
}

#[test]
fn a_put_takes_one_to_sixty_four_submissions_with_fit_numbers() {
    let put = |submissions| ClientFrame::Put(Put { epoch: EPOCH, submissions }).encode(1);
    assert_eq!(put(vec![]), Err(FrameError::SubmissionCount { count: 0 }));
    assert!(put(vec![submission(); 64]).is_ok());
    assert_eq!(put(vec![submission(); 65]), Err(FrameError::SubmissionCount { count: 65 }));
    let unfit = Submission { dseq: 0, ..submission() };
    assert_eq!(put(vec![unfit]), Err(FrameError::NumberUnfit { number: 0 }));
    let unfit = Submission { client_time: 1 << 60, ..submission() };
    assert_eq!(put(vec![unfit]), Err(FrameError::NumberUnfit { number: 1 << 60 }));
}

#[test]
fn as_many_calls_as_a_frame_takes_fit_into_it_whatever_their_ids_are() {
    let wide = "擂".repeat(domain::id::ID_LENGTH_MAX);
    let calls = vec![(wide.as_str().into(), wide.as_str().into()); CALLS_MAX];
    let called = Called { calls, epoch: EPOCH, nonce: NONCE, number: 1 << 53 };
    assert!(ServerFrame::Called(called).encode(1).is_ok());
}

#[test]
fn a_float_in_a_frame_is_refused() {
    let text = client_frames()[1].encode(1).expect("text").replace("\"dseq\":1", "\"dseq\":1.0");
    assert_eq!(code_of(&text), "frame_malformed");
}

#[test]
fn two_versions_agree_or_say_which_side_is_too_old() {
    let versions = |min, max| Versions { max, min };
    assert_eq!(versions(1, 3).agree(versions(2, 5)), Ok(3));
    assert_eq!(versions(3, 4).agree(versions(1, 2)), Err(Ending::VersionTooOld));
    assert_eq!(versions(1, 2).agree(versions(3, 4)), Err(Ending::VersionTooNew));
}

#[test]
fn a_greeting_and_its_answer_are_read_in_any_version() {
    let text = client_frames()[0].encode(7).expect("text");
    assert!(ClientFrame::decode(&text, 1).is_ok());
    let text = server_frames()[7].encode(7).expect("text");
    assert!(ServerFrame::decode(&text, 1).is_ok());
}

#[test]
fn every_ending_is_known_by_its_code() {
    for code in Ending::CODES {
        assert_eq!(Ending::of(code).map(|ending| ending.code()), Some(*code));
    }
    assert_eq!(Ending::of("something_newer"), None);
}
