//! The session as its tablet drives it, one story a test.

use domain::ledger::{Hash, Status};
use domain::marking::{Body, Mark};
use domain::scoring::Value;
use protocol::frame::{Ack, Called, Epoch, Head, Nack, Pong, Put, Receipt, Welcome, reason};

use super::*;
use crate::outbox::Confirmed;

const EPOCH: Epoch = Epoch(7);
const NONCE: Nonce = Nonce(9);

fn at(ms: u64) -> Now {
    Now { ms, random: 0 }
}

fn device() -> Device {
    Device { id: "tablet".into(), ledger: "skill".into(), versions: Versions::OURS }
}

fn cell() -> Cell {
    Cell { aspect: "A1".into(), competitor: "C1".into(), judge: None, round: 1 }
}

fn act(id: u128) -> Act {
    let mark = Mark {
        aspect: "A1".into(),
        competitor: "C1".into(),
        judge: "J1".into(),
        reason: None,
        round: 1,
        value: Value::Missing,
    };
    let (body, cell) = (Body::Mark(mark), Some(cell()));
    Act {
        id: EntryId(id),
        body,
        cell,
        base: None,
        client_time: 5,
        elapsed_ms: 6,
        drawing: None,
        reason: None,
    }
}

/// A session with entries 1 to `count` stored, not connected.
fn saved(count: i64) -> Session {
    let keep = |dseq: i64| act(u128::try_from(dseq).expect("from 1")).keep(dseq);
    Session::start(device(), (1..=count).map(keep).collect(), at(0)).expect("an outbox").0
}

fn welcome(epoch: Epoch, last_dseq: i64, safe_dseq: i64) -> ServerFrame {
    let ledger = "skill".into();
    ServerFrame::Welcome(Welcome {
        epoch,
        last_dseq,
        ledger,
        nonce: NONCE,
        proto: 1,
        safe_dseq,
        server_time: 0,
    })
}

/// The same, greeted: `last_dseq` of them are on the server.
fn live(count: i64, last_dseq: i64) -> (Session, Vec<Output>) {
    let mut session = saved(count);
    session.opened(NONCE, "ticket".to_owned(), at(0));
    let outputs = session.frame(welcome(EPOCH, last_dseq, 0), at(0));
    (session, outputs)
}

fn receipt(id: u128, seq: i64) -> Receipt {
    Receipt { code: None, hash: Hash([1; 32]), id: EntryId(id), seq, status: Status::Accepted }
}

fn ack(receipts: Vec<Receipt>, upto_dseq: i64, safe_dseq: i64) -> ServerFrame {
    let device = "tablet".into();
    ServerFrame::Ack(Ack { device, epoch: EPOCH, nonce: NONCE, receipts, safe_dseq, upto_dseq })
}

fn nack(epoch: Epoch, id: Option<u128>, reason: &str, want_dseq: Option<i64>) -> ServerFrame {
    let id = id.map(EntryId);
    ServerFrame::Nack(Nack { epoch, id, nonce: NONCE, reason: reason.to_owned(), want_dseq })
}

/// The numbers that are sent.
fn sent(outputs: &[Output]) -> Vec<i64> {
    let mut dseqs = Vec::new();
    for output in outputs {
        if let Output::Send(ClientFrame::Put(Put { submissions, .. }), _) = output {
            dseqs.extend(submissions.iter().map(|submission| submission.dseq));
        }
    }
    dseqs
}

fn standing(outputs: &[Output], of: u128) -> Option<&Standing> {
    outputs.iter().rev().find_map(|output| match output {
        Output::Show(Show::Entry { id, standing }) if *id == EntryId(of) => Some(standing),
        _ => None,
    })
}

fn trouble(outputs: &[Output]) -> Option<&'static str> {
    outputs.iter().find_map(|output| match output {
        Output::Show(Show::Trouble(trouble)) => Some(trouble.code()),
        _ => None,
    })
}

#[test]
fn an_entry_is_stored_before_it_is_shown_or_sent() {
    let (mut session, _) = live(0, 0);
    let entered = session.enter(act(1)).expect("taken");
    assert!(matches!(entered.as_slice(), [Output::Store(_), Output::Show(Show::Unsent(1))]));
    assert_eq!(session.unsent(), 1);
    let stored = session.stored(1, at(10));
    assert_eq!(standing(&stored, 1), Some(&Standing::Saved));
    assert_eq!(sent(&stored), [1]);
}

#[test]
fn what_could_not_be_stored_was_never_saved_and_leaves_no_gap() {
    let (mut session, _) = live(0, 0);
    session.enter(act(1)).expect("taken");
    session.enter(act(2)).expect("taken");
    let failed = session.not_stored(1);
    assert_eq!(standing(&failed, 1), Some(&Standing::NotSaved));
    assert_eq!(standing(&failed, 2), Some(&Standing::NotSaved));
    let entered = session.enter(act(3)).expect("taken");
    let [Output::Store(kept), Output::Show(Show::Unsent(1))] = entered.as_slice() else {
        panic!("{entered:?}")
    };
    assert_eq!(kept.submission.dseq, 1);
}

#[test]
fn everything_without_a_receipt_is_sent_in_batches_that_wait_for_their_turn() {
    let (mut session, outputs) = live(130, 0);
    assert_eq!(sent(&outputs), (1..=64).collect::<Vec<_>>());
    assert_eq!(sent(&session.tick(at(PUT_SPACING_MS - 1))), [0; 0]);
    assert_eq!(sent(&session.tick(at(PUT_SPACING_MS))), (65..=128).collect::<Vec<_>>());
    assert_eq!(sent(&session.tick(at(2 * PUT_SPACING_MS))), [129, 130]);
    assert_eq!(sent(&session.tick(at(3 * PUT_SPACING_MS))), [0; 0]);
}

#[test]
fn a_receipt_is_shown_and_the_entry_kept_until_it_is_safe() {
    let (mut session, _) = live(2, 0);
    let outputs = session.frame(ack(vec![receipt(1, 12), receipt(2, 13)], 2, 0), at(1));
    assert!(matches!(standing(&outputs, 1), Some(Standing::Received(confirmed)) if confirmed.seq == 12));
    assert!(!outputs.iter().any(|output| matches!(output, Output::Forget(_))));
    assert_eq!(session.unsent(), 0);
    let pong = ServerFrame::Pong(Pong { epoch: EPOCH, nonce: NONCE, safe_dseq: 2 });
    let outputs = session.frame(pong, at(2));
    assert!(outputs.contains(&Output::Forget(1)));
    assert!(!outputs.contains(&Output::Forget(2)), "the newest tells the next number");
    assert!(matches!(standing(&outputs, 2), Some(Standing::Sealed(_))));
}

#[test]
fn a_frame_of_a_dead_connection_is_nothing() {
    let (mut session, _) = live(1, 0);
    session.closed(at(1));
    assert_eq!(session.frame(ack(vec![receipt(1, 12)], 1, 0), at(2)), []);
    session.tick(at(60_000));
    session.opened(Nonce(10), "ticket".to_owned(), at(60_000));
    assert_eq!(session.frame(welcome(EPOCH, 1, 1), at(60_001)), []);
    assert_eq!(session.unsent(), 1);
}

#[test]
fn another_epoch_ends_the_connection_and_takes_the_receipts_back() {
    let (mut session, _) = live(1, 0);
    session.frame(ack(vec![receipt(1, 12)], 1, 0), at(1));
    let outputs = session.frame(nack(Epoch(8), None, reason::OTHER_EPOCH, None), at(2));
    assert_eq!(outputs[0], Output::Close);
    session.tick(at(60_000));
    session.opened(NONCE, "ticket".to_owned(), at(60_000));
    let outputs = session.frame(welcome(Epoch(8), 0, 0), at(60_001));
    assert_eq!(standing(&outputs, 1), Some(&Standing::Saved));
    assert_eq!(sent(&outputs), [1]);
}

#[test]
fn a_second_receipt_that_differs_is_an_alarm() {
    let (mut session, _) = live(1, 0);
    session.frame(ack(vec![receipt(1, 12)], 1, 0), at(1));
    assert_eq!(trouble(&session.frame(ack(vec![receipt(1, 12)], 1, 0), at(2))), None);
    assert_eq!(trouble(&session.frame(ack(vec![receipt(1, 13)], 1, 0), at(3))), Some("receipts_differ"));
}

#[test]
fn a_server_that_lost_what_it_confirmed_in_the_same_epoch_is_an_alarm() {
    let (mut session, _) = live(1, 0);
    session.frame(ack(vec![receipt(1, 12)], 1, 0), at(1));
    session.closed(at(2));
    session.tick(at(60_000));
    session.opened(NONCE, "ticket".to_owned(), at(60_000));
    let outputs = session.frame(welcome(EPOCH, 0, 0), at(60_001));
    assert_eq!(trouble(&outputs), Some("receipt_broken"));
    assert_eq!(sent(&outputs), [1]);
}

#[test]
fn numbers_used_elsewhere_stop_the_sending_and_lose_nothing() {
    let (session, outputs) = live(2, 3);
    assert_eq!(trouble(&outputs), Some("numbers_used_elsewhere"));
    assert_eq!((sent(&outputs), session.unsent()), (vec![], 2));
}

#[test]
fn a_gap_is_filled_from_the_number_that_is_wanted() {
    let (mut session, _) = live(3, 0);
    let outputs = session.frame(nack(EPOCH, None, reason::WANT_DSEQ, Some(2)), at(100));
    assert_eq!(sent(&outputs), [2, 3]);
}

#[test]
fn a_server_that_cannot_save_is_left_alone_for_a_while() {
    let (mut session, _) = live(1, 0);
    let outputs = session.frame(nack(EPOCH, None, "disk_full", Some(1)), at(100));
    assert_eq!((trouble(&outputs), sent(&outputs)), (Some("server_cannot_save"), vec![]));
    assert_eq!(sent(&session.tick(at(session.wake_at() - 1))), [0; 0]);
    assert_eq!(sent(&session.tick(at(session.wake_at()))), [1]);
}

#[test]
fn what_can_never_be_entered_is_shown_and_kept() {
    let (mut session, _) = live(2, 2);
    let outputs = session.frame(nack(EPOCH, Some(1), "used_otherwise", Some(3)), at(100));
    assert_eq!(trouble(&outputs), Some("never_enterable"));
    session.frame(ack(vec![receipt(2, 12)], 2, 2), at(101));
    assert_eq!(session.unsent(), 1);
}

#[test]
fn a_silent_connection_is_pinged_and_then_given_up() {
    let (mut session, _) = live(0, 0);
    let outputs = session.tick(at(PING_AFTER_MS));
    assert!(matches!(outputs.as_slice(), [Output::Send(ClientFrame::Ping(_), 1)]));
    let outputs = session.tick(at(DEAD_AFTER_MS));
    assert_eq!(outputs[0], Output::Close);
    assert_eq!(session.epoch(), None);
}

#[test]
fn the_waits_between_tries_grow_up_to_thirty_seconds_with_chance() {
    let mut session = saved(0);
    let mut waits = Vec::new();
    let mut ms = 0;
    for _ in 0..7 {
        session.closed(Now { ms, random: u64::MAX });
        waits.push(session.wake_at() - ms);
        ms = session.wake_at();
        session.tick(Now { ms, random: 0 });
    }
    assert!(waits.iter().all(|wait| (RETRY_MS_MIN..=RETRY_MS_MAX).contains(wait)), "{waits:?}");
    session.closed(at(ms));
    assert_eq!(session.wake_at() - ms, RETRY_MS_MIN);
}

#[test]
fn a_program_that_is_too_old_keeps_its_entries_and_says_so() {
    let mut session = saved(2);
    session.opened(NONCE, "ticket".to_owned(), at(0));
    let code = Ending::VersionTooOld.code().to_owned();
    let failure = Failure { code: code.clone(), proto_max: 3, proto_min: 2 };
    let outputs = session.frame(ServerFrame::Error(failure), at(1));
    let ended = Show::Ended { code, ending: Some(Ending::VersionTooOld) };
    assert!(outputs.contains(&Output::Show(ended)));
    assert_eq!(session.unsent(), 2);
}

#[test]
fn a_captive_portals_page_is_no_receipt() {
    let (mut session, _) = live(1, 0);
    let outputs = session.text("<html>Welcome to the hotel</html>", at(1));
    assert_eq!((trouble(&outputs), session.unsent()), (Some("answer_unreadable"), 1));
    assert_eq!(session.epoch(), None);
}

#[test]
fn a_cells_head_is_the_own_newest_entry_and_then_the_servers() {
    let (mut session, _) = live(0, 0);
    assert_eq!(session.head(&cell()), None);
    session.enter(act(1)).expect("taken");
    assert_eq!(session.head(&cell()), Some(EntryId(1)));
    session.stored(1, at(1));
    let head = |id: u128, seq: i64| {
        let (epoch, nonce) = (EPOCH, NONCE);
        ServerFrame::Head(Head { cell: cell(), epoch, id: Some(EntryId(id)), nonce, seq })
    };
    session.frame(head(5, 11), at(2));
    assert_eq!(session.head(&cell()), Some(EntryId(1)), "its own is not answered yet");
    session.frame(ack(vec![receipt(1, 12)], 1, 0), at(3));
    assert_eq!(session.head(&cell()), Some(EntryId(1)));
    session.frame(head(6, 14), at(4));
    session.frame(head(5, 11), at(5));
    assert_eq!(session.head(&cell()), Some(EntryId(6)), "an older word changes nothing");
}

#[test]
fn what_was_effective_in_another_epoch_hides_nothing_of_this_one() {
    let (mut session, _) = live(0, 0);
    let head = |epoch: Epoch, id: Option<u128>, seq: i64| {
        let (id, nonce) = (id.map(EntryId), NONCE);
        ServerFrame::Head(Head { cell: cell(), epoch, id, nonce, seq })
    };
    session.frame(head(EPOCH, Some(5), 40), at(1));
    session.closed(at(2));
    session.hurry(at(3));
    session.opened(NONCE, "ticket".to_owned(), at(3));
    session.frame(welcome(Epoch(8), 0, 0), at(3));
    assert_eq!(session.head(&cell()), None, "the ledger may have lost it");
    session.frame(head(Epoch(8), Some(6), 11), at(4));
    assert_eq!(session.head(&cell()), Some(EntryId(6)), "its numbers begin again where the copy ended");
}

#[test]
fn an_outbox_with_a_gap_is_refused_with_its_numbers() {
    let keep = |dseq: i64| act(u128::try_from(dseq).expect("from 1")).keep(dseq);
    let problem = Session::start(device(), vec![keep(4), keep(2)], at(0)).expect_err("a gap");
    assert_eq!(problem, OutboxProblem::Gap { expected: 3, found: 4 });
}

#[test]
fn what_is_stored_is_shown_again_after_a_restart() {
    let confirmed =
        Confirmed { code: None, epoch: EPOCH, hash: Hash::ZERO, seq: 12, status: Status::Conflict };
    let kept = Kept { confirmed: Some(confirmed.clone()), ..act(1).keep(1) };
    let (session, outputs) = Session::start(device(), vec![kept], at(0)).expect("an outbox");
    assert_eq!(standing(&outputs, 1), Some(&Standing::Received(confirmed)));
    assert_eq!(session.unsent(), 0);
}

#[test]
fn a_used_id_and_an_unfit_reason_are_refused_before_they_are_saved() {
    let mut session = saved(1);
    assert_eq!(session.enter(act(1)), Err(ActRefusal::UsedId));
    let text = protocol::frame::ReasonText { salt: "short".to_owned(), text: String::new() };
    let unfit = Act { reason: Some(text), ..act(2) };
    assert_eq!(session.enter(unfit), Err(ActRefusal::ReasonUnfit));
    assert_eq!(session.unsent(), 1);
}

/// The simulation found that an old nack held up everything for ever.
#[test]
fn a_nack_that_is_older_than_what_was_let_go_holds_nothing_up() {
    let (mut session, _) = live(2, 0);
    session.frame(ack(vec![receipt(1, 12), receipt(2, 13)], 2, 2), at(1));
    let outputs = session.frame(nack(EPOCH, None, reason::WANT_DSEQ, Some(1)), at(100));
    assert_eq!(trouble(&outputs), None, "it says nothing of what the server lacks");
    session.enter(act(3)).expect("taken");
    assert_eq!(sent(&session.stored(3, at(200))), [3]);
}

#[test]
fn whoever_hurries_is_connected_at_once() {
    let mut session = saved(0);
    let outputs = session.closed(Now { ms: 5, random: 900 });
    assert!(matches!(outputs.as_slice(), [Output::Show(Show::Connection(Connection::Waiting { .. }))]));
    assert!(session.tick(at(6)).is_empty());
    assert!(session.hurry(at(7)).contains(&Output::Open));
    assert!(session.hurry(at(8)).is_empty(), "it is being opened already");
}

#[test]
fn a_call_is_shown_unless_a_newer_one_was_or_it_is_of_another_connection() {
    let (mut session, _) = live(0, 0);
    let called = |nonce: Nonce, number: i64, code: &str| {
        let calls = vec![("A1".into(), code.into())];
        ServerFrame::Called(Called { calls, epoch: EPOCH, nonce, number })
    };
    let shown = |outputs: Vec<Output>| match outputs.as_slice() {
        [Output::Show(Show::Called { number, calls, .. })] => Some((*number, calls[0].1.to_string())),
        _ => None,
    };
    assert_eq!(shown(session.frame(called(NONCE, 3, "C1"), at(1))), Some((3, "C1".to_owned())));
    assert_eq!(shown(session.frame(called(NONCE, 2, "C2"), at(2))), None);
    assert_eq!(shown(session.frame(called(Nonce(1), 5, "C3"), at(3))), None);
    assert_eq!(shown(session.frame(called(NONCE, 4, "C2"), at(4))), Some((4, "C2".to_owned())));
}

#[test]
fn a_frame_that_is_newer_than_the_program_is_answered_and_nothing_else_happens() {
    let (mut session, _) = live(1, 0);
    let text = format!(r#"{{"v":1,"type":"wave","body":{{"epoch":"{EPOCH}","nonce":"{NONCE}"}}}}"#);
    let unsupported = ClientFrame::Unsupported(Unsupported { name: "wave".to_owned() });
    assert_eq!(session.text(&text, at(1)), [Output::Send(unsupported, 1)]);
    assert_eq!((session.epoch(), session.unsent()), (Some(EPOCH), 1), "the connection lives on");
}
