//! The session as its socket drives it.

use domain::ledger::{Hash, Status};
use domain::marking::{Body, Mark};
use domain::scoring::Value;
use protocol::frame::{FRAMES_BURST, Ping};

use super::*;

const EPOCH: Epoch = Epoch(7);
const NONCE: Nonce = Nonce(9);

fn at(ms: u64) -> Now {
    Now { ms, epoch: EPOCH }
}

fn hello(proto_min: u32, proto_max: u32) -> ClientFrame {
    let ticket = "ticket".to_owned();
    ClientFrame::Hello(Hello { device: "tablet".into(), nonce: NONCE, proto_max, proto_min, ticket })
}

fn submission(dseq: i64) -> Submission {
    let mark = Mark {
        aspect: "A1".into(),
        competitor: "C1".into(),
        judge: "J1".into(),
        reason: None,
        round: 1,
        value: Value::Missing,
    };
    let id = EntryId(u128::try_from(dseq).expect("a number from 1"));
    let (base, body, reason) = (None, Body::Mark(mark), None);
    Submission {
        base,
        body,
        client_time: 5,
        device_signature: None,
        drawing: None,
        dseq,
        elapsed_ms: 6,
        id,
        reason,
    }
}

fn put(epoch: Epoch, dseqs: &[i64]) -> ClientFrame {
    ClientFrame::Put(Put { epoch, submissions: dseqs.iter().copied().map(submission).collect() })
}

fn progress(last_dseq: i64) -> Progress {
    Progress { epoch: EPOCH, last_dseq, safe_dseq: 1 }
}

fn identity() -> Identity {
    Identity { actor: "J1".to_owned(), role: Role::Judge, ledger: "skill".into(), key: None }
}

/// A session that was greeted.
fn open() -> Session {
    let mut session = Session::new(Versions::OURS, at(0));
    let asked = session.frame(hello(1, 1), at(0));
    assert!(matches!(asked.as_slice(), [Output::Identify { .. }]));
    let welcomed = session.identified(Ok((identity(), progress(2))), 1_000);
    assert!(matches!(welcomed.as_slice(), [Output::Send(ServerFrame::Welcome(_), 1)]));
    session
}

/// The code with which a connection ended.
fn ending(outputs: &[Output]) -> &str {
    match outputs {
        [Output::Send(ServerFrame::Error(failure), _), Output::Close] => &failure.code,
        other => panic!("no ending: {other:?}"),
    }
}

fn receipt(id: EntryId) -> Receipt {
    Receipt { code: None, hash: Hash::ZERO, id, seq: 4, status: Status::Accepted }
}

#[test]
fn a_program_that_is_too_old_or_too_new_is_told_so() {
    let versions = Versions { max: 3, min: 2 };
    let mut session = Session::new(versions, at(0));
    assert_eq!(ending(&session.frame(hello(1, 1), at(0))), "version_too_old");
    let mut session = Session::new(versions, at(0));
    assert_eq!(ending(&session.frame(hello(4, 5), at(0))), "version_too_new");
    assert_eq!(session.frame(hello(2, 3), at(0)), [], "a closed session says nothing");
}

#[test]
fn an_unknown_device_and_a_bad_ticket_are_refused() {
    for refusal in [Ending::DeviceUnknown, Ending::TicketRefused] {
        let mut session = Session::new(Versions::OURS, at(0));
        session.frame(hello(1, 1), at(0));
        assert_eq!(ending(&session.identified(Err(refusal.clone()), 0)), refusal.code());
    }
}

#[test]
fn the_actor_and_role_of_a_command_are_the_connections() {
    let outputs = open().frame(put(EPOCH, &[3]), at(1));
    let [Output::Submit(submitted)] = outputs.as_slice() else { panic!("{outputs:?}") };
    let command = &submitted[0].command;
    assert_eq!((command.actor.as_str(), command.role), ("J1", Role::Judge));
    assert_eq!((command.device.as_str(), command.dseq), ("tablet", 3));
}

#[test]
fn a_put_of_another_epoch_is_not_entered_and_ends_the_connection() {
    for (put, now) in [
        (put(Epoch(8), &[3]), at(1)),
        (put(EPOCH, &[3]), Now { ms: 1, epoch: Epoch(8) }),
        (ClientFrame::Ping(Ping { nonce: NONCE }), Now { ms: 1, epoch: Epoch(8) }),
    ] {
        let mut session = open();
        let outputs = session.frame(put, now);
        let [Output::Send(ServerFrame::Nack(nack), 1), Output::Close] = outputs.as_slice() else {
            panic!("{outputs:?}")
        };
        assert_eq!((nack.reason.as_str(), nack.epoch, nack.want_dseq), ("other_epoch", now.epoch, None));
    }
}

#[test]
fn receipts_of_another_epoch_are_never_sent() {
    let mut session = open();
    let later = Progress { epoch: Epoch(8), ..progress(3) };
    let outputs = session.answered(vec![(EntryId(3), Answer::Entered(receipt(EntryId(3))))], later);
    assert!(matches!(outputs.as_slice(), [Output::Send(ServerFrame::Nack(_), 1), Output::Close]));
}

#[test]
fn what_is_entered_is_acked_and_the_first_hindrance_is_named() {
    let mut session = open();
    let answers = vec![
        (EntryId(3), Answer::Entered(receipt(EntryId(3)))),
        (EntryId(4), Answer::Refused("used_otherwise".to_owned())),
        (EntryId(6), Answer::Want(5)),
        (EntryId(7), Answer::Want(5)),
    ];
    let outputs = session.answered(answers, progress(4));
    let [
        Output::Send(ServerFrame::Ack(ack), 1),
        Output::Send(ServerFrame::Nack(refused), 1),
        Output::Send(ServerFrame::Nack(want), 1),
    ] = outputs.as_slice()
    else {
        panic!("{outputs:?}")
    };
    assert_eq!((ack.nonce, ack.upto_dseq, ack.safe_dseq), (NONCE, 4, 1));
    assert_eq!((refused.id, refused.reason.as_str()), (Some(EntryId(4)), "used_otherwise"));
    assert_eq!((want.id, want.want_dseq, want.reason.as_str()), (None, Some(5), "want_dseq"));
}

#[test]
fn a_full_disk_is_said_and_the_connection_stays() {
    let mut session = open();
    let answers = vec![(EntryId(3), Answer::Unavailable("disk_full".to_owned()))];
    let outputs = session.answered(answers, progress(2));
    let [Output::Send(ServerFrame::Nack(nack), 1)] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert_eq!((nack.reason.as_str(), nack.want_dseq), ("disk_full", Some(3)));
    assert_eq!(session.device(), Some(&"tablet".into()));
}

#[test]
fn too_many_frames_end_the_connection() {
    let mut session = open();
    let ping = ClientFrame::Ping(Ping { nonce: NONCE });
    for _ in 1..FRAMES_BURST {
        assert!(matches!(session.frame(ping.clone(), at(0)).as_slice(), [Output::Send(..)]));
    }
    assert_eq!(ending(&session.frame(ping, at(0))), "too_many_frames");
}

#[test]
fn an_unknown_type_is_answered_and_what_is_no_frame_ends_the_connection() {
    let mut session = open();
    let outputs = session.text(r#"{"v":1,"type":"wave","body":{}}"#, at(1));
    let unsupported = ServerFrame::Unsupported(Unsupported { name: "wave".to_owned() });
    assert_eq!(outputs, [Output::Send(unsupported, 1)]);
    assert_eq!(ending(&session.text("hello?", at(1))), "frame_unfit");
}

#[test]
fn a_put_before_the_greeting_and_a_second_greeting_are_out_of_turn() {
    let mut session = Session::new(Versions::OURS, at(0));
    assert_eq!(ending(&session.frame(put(EPOCH, &[1]), at(0))), "out_of_turn");
    assert_eq!(ending(&open().frame(hello(1, 1), at(0))), "out_of_turn");
}

#[test]
fn a_silent_connection_ends() {
    let mut session = Session::new(Versions::OURS, at(0));
    assert_eq!(session.tick(at(HELLO_WITHIN_MS - 1)), []);
    assert_eq!(ending(&session.tick(at(HELLO_WITHIN_MS))), "silent");
    let mut session = open();
    session.frame(ClientFrame::Ping(Ping { nonce: NONCE }), at(30_000));
    assert_eq!(session.tick(at(SILENT_AFTER_MS)), []);
    assert_eq!(ending(&session.tick(at(30_000 + SILENT_AFTER_MS))), "silent");
}

#[test]
fn a_pong_says_how_far_the_copies_go() {
    let mut session = open();
    session.sealed(2);
    let outputs = session.frame(ClientFrame::Ping(Ping { nonce: NONCE }), at(1));
    let pong = ServerFrame::Pong(Pong { epoch: EPOCH, nonce: NONCE, safe_dseq: 2 });
    assert_eq!(outputs, [Output::Send(pong, 1)]);
}

#[test]
fn the_limits_of_a_reason_are_the_ledgers() {
    assert_eq!(protocol::frame::REASON_LENGTH_MAX, crate::ledger::REASON_LENGTH_MAX);
    assert_eq!(protocol::frame::SALT_LENGTH, crate::ledger::SALT_LENGTH);
}

#[test]
fn whom_the_chief_judge_calls_is_told_on_an_open_connection_of_this_epoch() {
    let calls = vec![("A1".into(), "C1".into())];
    let mut session = open();
    let told = session.called(calls.clone(), 3, at(1));
    let called = Called { calls: calls.clone(), epoch: EPOCH, nonce: NONCE, number: 3 };
    assert_eq!(told, [Output::Send(ServerFrame::Called(called), 1)]);
    let unsupported = ClientFrame::Unsupported(Unsupported { name: "called".to_owned() });
    assert_eq!(session.frame(unsupported, at(2)), [], "an older program says so, and is not sent away");
    assert_eq!(
        Session::new(Versions::OURS, at(0)).called(calls.clone(), 3, at(1)),
        [],
        "nobody is there yet"
    );
    let other = Now { ms: 3, epoch: Epoch(8) };
    let [Output::Send(ServerFrame::Nack(nack), 1), Output::Close] = &session.called(calls, 4, other)[..]
    else {
        panic!("the epoch is over");
    };
    assert_eq!(nack.reason, reason::OTHER_EPOCH);
}
