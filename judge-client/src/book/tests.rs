//! What a judge sees of cells, one story a test.

use domain::id::CriterionId;
use domain::number::{Decimal, Mark};
use domain::scheme::Calculation;
use protocol::frame::Epoch;
use protocol::judge::Competing;

use super::*;

const MEASURED: usize = 0;
const JUDGED: usize = 1;

fn aspect(id: &str, method: Method) -> Aspect {
    Aspect {
        description: String::new(),
        id: id.into(),
        max: Mark(100),
        measured_in: String::new(),
        method,
        note: String::new(),
        part: None,
        requirement: String::new(),
        section: None,
    }
}

fn empty() -> SheetCell {
    SheetCell {
        asked_unlock: None,
        conflict: Vec::new(),
        entry: None,
        is_corrected: false,
        is_disputed: false,
        is_sealed: false,
        is_unlocked: false,
        mark: None,
        previous: None,
        revealed: Vec::new(),
        round: 1,
        value: None,
        waits_for: String::new(),
    }
}

/// Two forms of a measured and a judged aspect, three competitors, nothing marked.
fn sheets(seq: i64) -> Sheets {
    let sheet = Sheet {
        cells: vec![empty(), empty()],
        competitor_signs_at: None,
        digest: None,
        drawn: None,
        empty_seats: String::new(),
        is_declined: false,
        is_locked: false,
        is_signed: false,
        marked_by: None,
        signed_by: None,
    };
    let form = |id: &str| Form {
        aspects: vec![
            aspect(&format!("{id}.1"), Method::Measurement(Calculation::PassFail)),
            aspect(&format!("{id}.2"), Method::Judgement { rungs: Default::default() }),
        ],
        counts: true,
        criterion: CriterionId::from("A"),
        criterion_name: String::new(),
        day: 1,
        name: String::new(),
        sheets: vec![sheet.clone(); 3],
        sub_criterion: id.into(),
    };
    let competing = |code: &str| Competing { code: code.into(), is_out: false };
    Sheets {
        also: String::new(),
        calls: Vec::new(),
        calls_number: 0,
        competitors: ["C1", "C2", "C3"].map(competing).to_vec(),
        device: "tablet".into(),
        epoch: Epoch(1),
        forms: vec![form("A1"), form("A2")],
        is_open: true,
        judge: "J1".into(),
        seq,
    }
}

fn at(form: usize, row: usize, column: usize) -> Spot {
    Spot { form, row, column }
}

fn number(whole: i32) -> Value {
    Value::Number(Decimal::whole(whole))
}

fn confirmed(seq: i64, status: Status, code: Option<&str>) -> Confirmed {
    Confirmed { code: code.map(str::to_owned), epoch: Epoch(1), hash: Hash([0; 32]), seq, status }
}

/// Enters a value, as the app does; gives the entry's id.
fn enter(book: &mut Book, id: u128, spot: Spot, whole: i32) -> EntryId {
    let (id, cell) = (EntryId(id), book.cell(spot).expect("a place"));
    book.enter(id, cell, number(whole));
    id
}

fn value(book: &Book, spot: Spot) -> Option<Value> {
    book.seen(spot).expect("a place").value.cloned()
}

#[test]
fn what_is_entered_stands_at_once_and_tells_how_far_it_has_come() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, MEASURED);
    let id = enter(&mut book, 1, spot, 1);
    let reach = |book: &Book| book.seen(spot).and_then(|seen| seen.reach);
    assert_eq!(reach(&book), Some(Reach::Saving));
    book.stand(id, Standing::Saved);
    assert_eq!(reach(&book), Some(Reach::Saved));
    book.stand(id, Standing::Received(confirmed(6, Status::Accepted, None)));
    assert_eq!(reach(&book), Some(Reach::Received));
    book.stand(id, Standing::Sealed(confirmed(6, Status::Accepted, None)));
    assert_eq!((reach(&book), value(&book, spot)), (Some(Reach::Sealed), Some(number(1))));
}

/// the base of a mark is what the judge saw.
#[test]
fn a_mark_builds_on_the_own_one_before_it_even_before_that_is_received() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, MEASURED);
    let first = enter(&mut book, 1, spot, 1);
    assert_eq!(book.seen(spot).expect("a place").entry, Some(first));
    let second = enter(&mut book, 2, spot, 0);
    assert_eq!(book.seen(spot).expect("a place").entry, Some(second));
}

#[test]
fn newer_sheets_win_over_what_was_received_before_them() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, MEASURED);
    let id = enter(&mut book, 1, spot, 1);
    book.stand(id, Standing::Received(confirmed(6, Status::Accepted, None)));
    let mut newer = sheets(8);
    newer.forms[0].sheets[0].cells[MEASURED] =
        SheetCell { entry: Some(EntryId(77)), value: Some(number(0)), ..empty() };
    book.renew(newer);
    assert_eq!(value(&book, spot), Some(number(0)), "another judge of the panel measured again");
    book.renew(sheets(6));
    assert_eq!(value(&book, spot), Some(number(0)), "older sheets that come late change nothing");
}

#[test]
fn an_unsent_mark_stays_over_newer_sheets() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 1, JUDGED);
    let id = enter(&mut book, 1, spot, 3);
    book.stand(id, Standing::Saved);
    book.renew(sheets(9));
    assert_eq!(value(&book, spot), Some(number(3)));
}

#[test]
fn a_conflict_shows_both_values_until_it_is_put_aside() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, MEASURED);
    let id = enter(&mut book, 1, spot, 1);
    book.stand(id, Standing::Received(confirmed(7, Status::Conflict, Some("other_value_there"))));
    let mut newer = sheets(7);
    newer.forms[0].sheets[0].cells[MEASURED] =
        SheetCell { entry: Some(EntryId(77)), value: Some(number(0)), ..empty() };
    book.renew(newer);
    let seen = book.seen(spot).expect("a place");
    assert_eq!((seen.value, seen.entry), (Some(&number(0)), Some(EntryId(77))));
    assert_eq!(seen.aside, Some(Aside { entry: id, value: &number(1), why: NotCounted::Conflict }));
    assert_eq!(book.asides(), [spot]);
    book.put_aside(id);
    assert_eq!(book.asides(), []);
}

#[test]
fn a_late_mark_that_people_admit_stands() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, MEASURED);
    let id = enter(&mut book, 1, spot, 1);
    book.stand(id, Standing::Received(confirmed(6, Status::Late, Some("sheet_locked"))));
    let aside = book.seen(spot).expect("a place").aside.map(|aside| aside.why);
    assert_eq!(aside, Some(NotCounted::Late("sheet_locked")));
    assert_eq!(value(&book, spot), None);
    let mut newer = sheets(9);
    newer.forms[0].sheets[0].cells[MEASURED] =
        SheetCell { entry: Some(id), value: Some(number(1)), ..empty() };
    book.renew(newer);
    let seen = book.seen(spot).expect("a place");
    assert_eq!((seen.value, seen.aside), (Some(&number(1)), None));
    let mut replaced = sheets(10);
    replaced.forms[0].sheets[0].cells[MEASURED] =
        SheetCell { entry: Some(EntryId(77)), value: Some(number(0)), ..empty() };
    book.renew(replaced);
    assert_eq!(book.asides(), [], "it was admitted once");
}

#[test]
fn what_could_not_be_saved_does_not_stand() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, JUDGED);
    let id = enter(&mut book, 1, spot, 2);
    book.stand(id, Standing::NotSaved);
    let seen = book.seen(spot).expect("a place");
    assert_eq!((seen.value, seen.aside.map(|aside| aside.why)), (None, Some(NotCounted::NotSaved)));
}

#[test]
fn what_is_taken_back_is_not_marked_but_is_built_upon() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, JUDGED);
    enter(&mut book, 1, spot, 2);
    let cell = book.cell(spot).expect("a place");
    book.enter(EntryId(2), cell, Value::Missing);
    let seen = book.seen(spot).expect("a place");
    assert_eq!((seen.value, seen.entry), (None, Some(EntryId(2))));
    assert_eq!(book.progress(0, 0), Progress { done: 0, of: 2 });
}

/// a score of the round before is none of the present one.
#[test]
fn another_round_begins_empty() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, JUDGED);
    let id = enter(&mut book, 1, spot, 3);
    book.stand(id, Standing::Received(confirmed(6, Status::Accepted, None)));
    let mut newer = sheets(8);
    newer.forms[0].sheets[0].cells[JUDGED] =
        SheetCell { round: 2, is_disputed: true, previous: Some(number(3)), ..empty() };
    book.renew(newer);
    assert_eq!(value(&book, spot), None);
    assert_eq!(book.cell(spot).map(|cell| cell.round), Some(2));
    assert!(book.is_due_again(0, 0) && !book.is_due_again(0, 1));
    enter(&mut book, 2, spot, 2);
    assert!(!book.is_due_again(0, 0));
}

#[test]
fn the_next_place_is_on_the_same_sheet_then_with_the_next_competitor_then_on_the_next_form() {
    let mut book = Book::new(sheets(5));
    let mut spot = at(0, 1, MEASURED);
    let mut way = Vec::new();
    for id in 1.. {
        enter(&mut book, id, spot, 1);
        let Some(next) = book.next_open(spot) else { break };
        way.push((next.form, next.row, next.column));
        spot = next;
    }
    let wanted = [
        (0, 1, 1),
        (0, 2, 0),
        (0, 2, 1),
        (0, 0, 0),
        (0, 0, 1), // the form, from there round
        (1, 0, 0),
        (1, 0, 1),
        (1, 1, 0),
        (1, 1, 1),
        (1, 2, 0),
        (1, 2, 1),
    ];
    assert_eq!(way, wanted);
    assert!(book.all_progress().is_whole());
}

#[test]
fn who_is_out_and_what_is_locked_is_no_next_place() {
    let mut told = sheets(5);
    told.competitors[1].is_out = true;
    told.forms[0].sheets[2].is_locked = true;
    let book = Book::new(told);
    let next = book.next_open(at(0, 0, 1)).expect("its own sheet");
    assert_eq!(next, at(0, 0, 0));
    let mut book = book;
    enter(&mut book, 1, at(0, 0, 0), 1);
    enter(&mut book, 2, at(0, 0, 1), 1);
    assert_eq!(book.next_open(at(0, 0, 1)), Some(at(1, 0, 0)));
    assert_eq!(book.form_progress(0), Progress { done: 2, of: 4 }, "who is out is not counted");
    assert!(book.is_late(at(0, 1, 0)) && book.is_late(at(0, 2, 0)) && !book.is_late(at(1, 2, 0)));
}

///
#[test]
fn a_trainee_enters_no_measurement() {
    let mut told = sheets(5);
    told.forms[0].counts = false;
    let book = Book::new(told);
    assert!(!book.takes(at(0, 0, MEASURED)));
    assert!(book.takes(at(0, 0, JUDGED)));
    assert_eq!(book.progress(0, 0), Progress { done: 0, of: 1 });
}

#[test]
fn the_sheets_are_behind_when_another_entry_stands_in_a_cell() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, MEASURED);
    let cell = book.cell(spot).expect("a place");
    let id = enter(&mut book, 1, spot, 1);
    assert!(!book.is_behind(&cell, Some(id)), "the own one");
    assert!(!book.is_behind(&cell, None), "as told");
    assert!(book.is_behind(&cell, Some(EntryId(77))));
    book.stand(id, Standing::Received(confirmed(6, Status::Accepted, None)));
    let later = enter(&mut book, 2, spot, 0);
    book.stand(later, Standing::Received(confirmed(7, Status::Accepted, None)));
    assert!(!book.is_behind(&cell, Some(later)));
    assert!(book.is_behind(&cell, Some(id)), "the later one was voided, the own one before stands again");
    let next_round = Cell { round: 2, ..book.cell(at(0, 0, JUDGED)).expect("a place") };
    assert!(book.is_behind(&next_round, None), "another round was opened");
}

#[test]
fn a_judge_with_other_forms_keeps_what_was_entered_where_it_still_is() {
    let mut book = Book::new(sheets(5));
    enter(&mut book, 1, at(1, 0, MEASURED), 1);
    let mut newer = sheets(9);
    newer.forms.remove(0);
    book.renew(newer);
    assert_eq!(value(&book, at(0, 0, MEASURED)), Some(number(1)));
}

/// after a restore numbers begin lower again.
#[test]
fn sheets_of_another_epoch_are_taken_whatever_their_number() {
    let mut book = Book::new(sheets(90));
    let spot = at(0, 0, MEASURED);
    let id = enter(&mut book, 1, spot, 1);
    book.stand(id, Standing::Received(confirmed(91, Status::Accepted, None)));
    let mut restored = Sheets { epoch: Epoch(2), ..sheets(7) };
    restored.forms[0].sheets[0].cells[MEASURED] =
        SheetCell { entry: Some(EntryId(77)), value: Some(number(0)), ..empty() };
    book.renew(restored);
    book.stand(id, Standing::Saved);
    assert_eq!(value(&book, spot), Some(number(1)), "sent again, and not answered yet");
    let conflict = Confirmed { epoch: Epoch(2), ..confirmed(8, Status::Conflict, Some("other_value_there")) };
    book.stand(id, Standing::Received(conflict));
    let seen = book.seen(spot).expect("a place");
    assert_eq!((seen.value, seen.aside.map(|aside| aside.entry)), (Some(&number(0)), Some(id)));
    assert!(!book.renew(sheets(95)), "a late answer of the epoch before");
}

#[test]
fn what_the_server_calls_sealed_is_so_of_whatever_device_it_came() {
    let spot = at(0, 0, MEASURED);
    let reach = |is_sealed| {
        let mut told = sheets(5);
        told.forms[0].sheets[0].cells[MEASURED] =
            SheetCell { entry: Some(EntryId(77)), is_sealed, value: Some(number(1)), ..empty() };
        Book::new(told).seen(spot).and_then(|seen| seen.reach)
    };
    assert_eq!((reach(false), reach(true)), (Some(Reach::Received), Some(Reach::Sealed)));
}

///
#[test]
fn a_request_that_was_turned_down_is_heard_of_once() {
    let asked = |seq, denied: [Option<bool>; 2]| {
        let mut told = sheets(seq);
        for (row, is_denied) in [0, 2].into_iter().zip(denied) {
            told.forms[1].sheets[row].cells[1].asked_unlock = is_denied;
        }
        told
    };
    let mut book = Book::new(asked(5, [Some(true), Some(false)]));
    assert_eq!(book.hear_denied(), None, "what was known before is no news");
    book.renew(asked(6, [Some(true), Some(false)]));
    assert_eq!(book.hear_denied(), None);
    book.renew(asked(7, [Some(true), Some(true)]));
    assert_eq!(book.hear_denied(), Some(at(1, 2, 1)));
    assert_eq!(book.hear_denied(), None);
    book.renew(asked(8, [Some(true), Some(false)]));
    book.renew(asked(9, [Some(true), None]));
    assert_eq!(book.hear_denied(), None, "an unlocked aspect was not turned down");
}

/// What a server that is gone confirmed and sealed says nothing any more.
#[test]
fn what_was_sealed_in_an_epoch_that_ended_stands_no_longer() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, MEASURED);
    let id = enter(&mut book, 1, spot, 1);
    book.stand(id, Standing::Sealed(confirmed(6, Status::Accepted, None)));
    let mut restored = Sheets { epoch: Epoch(2), ..sheets(7) };
    restored.forms[0].sheets[0].cells[MEASURED] =
        SheetCell { entry: Some(EntryId(77)), value: Some(number(0)), ..empty() };
    assert!(book.renew(restored));
    assert_eq!(value(&book, spot), Some(number(0)));
}

#[test]
fn the_order_of_entries_is_not_the_clocks() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, MEASURED);
    enter(&mut book, 900, spot, 1);
    // The clock was set back: the later entry has the smaller id.
    enter(&mut book, 3, spot, 0);
    book.renew(sheets(6));
    assert_eq!(value(&book, spot), Some(number(0)));
}

#[test]
fn what_is_put_aside_brings_nothing_older_back() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, MEASURED);
    let conflict = |seq| Standing::Received(confirmed(seq, Status::Conflict, Some("other_value_there")));
    let first = enter(&mut book, 1, spot, 1);
    book.stand(first, conflict(6));
    let second = enter(&mut book, 2, spot, 0);
    book.stand(second, conflict(7));
    assert_eq!(book.seen(spot).and_then(|seen| seen.aside).map(|aside| aside.entry), Some(second));
    book.put_aside(second);
    assert_eq!(book.asides(), []);
}

/// a score that came when its round was over is told, and not passed over.
#[test]
fn a_score_for_a_closed_round_is_told_in_the_next() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, JUDGED);
    let id = enter(&mut book, 1, spot, 3);
    book.stand(id, Standing::Received(confirmed(8, Status::Refused, Some("round_closed"))));
    let mut newer = sheets(8);
    newer.forms[0].sheets[0].cells[JUDGED] = SheetCell { round: 2, is_disputed: true, ..empty() };
    book.renew(newer);
    let seen = book.seen(spot).expect("a place");
    assert_eq!(
        (seen.value, seen.aside.map(|aside| aside.why)),
        (None, Some(NotCounted::Refused("round_closed")))
    );
    enter(&mut book, 2, spot, 2);
    assert_eq!(book.asides(), [], "the judge has scored again");
}

#[test]
fn what_could_not_be_saved_is_counted_until_it_is_entered_again() {
    let mut book = Book::new(sheets(5));
    let spot = at(0, 0, JUDGED);
    let id = enter(&mut book, 1, spot, 2);
    book.stand(id, Standing::NotSaved);
    assert_eq!((book.not_saved(), book.asides().len()), (1, 1));
    let again = enter(&mut book, 2, spot, 2);
    book.stand(again, Standing::Saved);
    assert_eq!((book.not_saved(), book.asides().len()), (0, 0));
}

/// a signature is for what the server has, and for nothing that is still on its way.
#[test]
fn a_whole_sheet_waits_for_a_signature_until_it_is_signed_or_something_is_unsent() {
    let mut told = sheets(5);
    told.forms[0].sheets[1].digest = Some(Hash([7; 32]));
    told.forms[0].sheets[2].digest = Some(Hash([8; 32]));
    told.forms[1].sheets[0].digest = Some(Hash([9; 32]));
    told.forms[1].counts = false;
    let mut book = Book::new(told.clone());
    assert_eq!(book.to_sign(0, 1), Some(Hash([7; 32])));
    assert_eq!(book.to_sign(0, 0), None, "something is missing");
    assert_eq!(book.to_sign(1, 0), None, "a trainee signs nothing");
    assert_eq!(book.all_to_sign(), (Some(at(0, 1, 0)), 2));
    let id = enter(&mut book, 1, at(0, 1, MEASURED), 0);
    book.stand(id, Standing::Saved);
    assert_eq!(book.to_sign(0, 1), None, "a correction is on its way");
    book.stand(id, Standing::Received(confirmed(6, Status::Accepted, None)));
    assert!(book.is_untold(0, 1) && !book.is_untold(0, 2));
    assert_eq!(book.to_sign(0, 1), None, "what the sheets say is older than the correction");
    told.seq = 6;
    book.renew(told.clone());
    assert!(!book.is_untold(0, 1));
    assert_eq!(book.to_sign(0, 1), Some(Hash([7; 32])));
    let again = enter(&mut book, 2, at(0, 1, MEASURED), 1);
    book.stand(again, Standing::Received(confirmed(7, Status::Accepted, None)));
    told.seq = 8;
    told.forms[0].sheets[1].is_declined = true;
    book.renew(told.clone());
    assert_eq!(book.all_to_sign(), (Some(at(0, 2, 0)), 1), "one that was declined waits for the chief judge");
    assert_eq!(book.to_sign(0, 1), Some(Hash([7; 32])), "and can still be signed");
    told.seq = 9;
    told.forms[0].sheets[1].is_declined = false;
    told.forms[0].sheets[1].is_signed = true;
    book.renew(told);
    assert_eq!(book.all_to_sign(), (Some(at(0, 2, 0)), 1));
}

#[test]
fn a_sheet_is_whole_with_the_last_of_its_marks_and_not_before() {
    let mut told = sheets(5);
    let open = |sheet: &mut protocol::judge::Sheet| sheet.cells.iter_mut().for_each(|cell| *cell = empty());
    told.forms[0].sheets.iter_mut().for_each(open);
    let mut book = Book::new(told);
    let columns = book.form(at(0, 1, 0)).expect("a form").aspects.len();
    for column in 0..columns {
        let id = enter(&mut book, 1 + column as u128, at(0, 1, column), 1);
        assert_eq!(book.is_whole_with(id), column + 1 == columns, "{column}");
    }
    let other = enter(&mut book, 99, at(0, 0, 0), 1);
    assert!(!book.is_whole_with(other), "another sheet");
    assert!(!book.is_whole_with(EntryId(1_000)), "nothing that was entered here");
}

#[test]
fn a_call_is_news_once_and_a_telling_that_was_overtaken_takes_nothing_back() {
    let mut book = Book::new(sheets(5));
    let call = |sub: &str, code: &str| (sub.into(), code.into());
    assert_eq!((book.hear(0), book.called(0)), (None, None), "nobody was called yet");
    book.call(Epoch(1), 2, vec![call("A1", "C2"), call("A2", "C3")]);
    assert_eq!((book.called(0), book.called(1)), (Some(1), Some(2)));
    assert_eq!(book.hear(1), Some((1, 2, false)), "of the form at hand");
    assert_eq!(book.hear(1), None, "it is no news any more");
    book.call(Epoch(1), 1, vec![call("A1", "C1")]);
    book.call(Epoch(2), 9, vec![call("A1", "C1")]);
    assert_eq!(book.called(0), Some(1), "an older telling, and one of another epoch");
    let told = Sheets { calls: vec![call("A1", "C1")], calls_number: 1, ..sheets(6) };
    assert!(book.renew(told));
    assert_eq!(book.called(0), Some(1), "a frame had overtaken these sheets");
    assert!(book.renew(Sheets {
        calls: vec![call("A1", "C3"), call("A2", "C3")],
        calls_number: 3,
        ..sheets(7)
    }));
    assert_eq!(book.hear(1), Some((0, 2, false)), "the other form's call is the news");
    assert!(book.renew(Sheets { calls_number: 4, ..sheets(8) }));
    assert_eq!((book.called(0), book.hear(0)), (None, None), "the calls are ended");
    let mut fresh = Book::new(Sheets { calls: vec![call("A2", "C9"), call("A1", "C2")], ..sheets(5) });
    assert_eq!(fresh.hear(1), Some((0, 1, true)), "the first look; who is not known is not gone to");
}

#[test]
fn a_sheet_is_half_done_where_a_part_is_marked_and_a_part_can_still_be() {
    let mut book = Book::new(sheets(5));
    assert!(!book.is_half_done(0, 1), "nothing is marked");
    enter(&mut book, 1, at(0, 1, MEASURED), 1);
    assert!(book.is_half_done(0, 1));
    assert_eq!((book.first_open(0, 1), book.first_open(0, 0)), (at(0, 1, JUDGED), at(0, 0, MEASURED)));
    let mut closed = book.clone();
    assert!(closed.renew(Sheets { is_open: false, ..sheets(6) }));
    assert!(!closed.is_half_done(0, 1), "nothing more counts");
    enter(&mut book, 2, at(0, 1, JUDGED), 2);
    assert!(!book.is_half_done(0, 1), "it is whole");
    assert_eq!(book.first_open(0, 1), at(0, 1, MEASURED));
}

/// a word that was given here counts at once, also over a reload; it is asked for again where
/// it came to nothing, and where the signatures were void since.
#[test]
fn a_sheet_signed_on_this_device_waits_for_nothing_more_until_the_server_says_otherwise() {
    let mut told = sheets(5);
    told.forms[0].sheets[1].digest = Some(Hash([7; 32]));
    told.forms[0].sheets[2].digest = Some(Hash([8; 32]));
    let mut book = Book::new(told.clone());
    let (one, two) = (at(0, 1, 0), at(0, 2, 0));
    book.sign_off(EntryId(1), Hash([7; 32]), false, Some("M1,1l2,2".to_owned()));
    assert_eq!(book.to_sign(0, 1), None, "while it is stored");
    book.stand(EntryId(1), Standing::NotSaved);
    assert_eq!(book.to_sign(0, 1), Some(Hash([7; 32])), "it is nowhere");
    assert_eq!(book.signed_off(one).and_then(|word| word.standing.clone()), Some(Standing::NotSaved));
    book.sign_off(EntryId(2), Hash([7; 32]), false, Some("M1,1l2,2".to_owned()));
    book.stand(EntryId(2), Standing::Saved);
    book.sign_off(EntryId(3), Hash([8; 32]), true, None);
    book.stand(EntryId(3), Standing::Saved);
    assert_eq!(book.all_to_sign(), (None, 0), "both words are on their way");
    assert_eq!(book.signing_off(two).map(|word| word.declines), Some(true));
    book.stand(EntryId(2), Standing::Received(confirmed(6, Status::Accepted, None)));
    let strokes = book.signing_off(one).and_then(|word| word.strokes.clone());
    assert_eq!(strokes.as_deref(), Some("M1,1l2,2"), "the sheets do not tell it yet");
    book.stand(EntryId(3), Standing::Received(confirmed(7, Status::Refused, Some("sheet_changed"))));
    assert_eq!(book.to_sign(0, 2), Some(Hash([8; 32])), "it did not count");
    told.seq = 8;
    told.forms[0].sheets[1].is_signed = true;
    book.renew(told.clone());
    assert_eq!((book.signing_off(one), book.to_sign(0, 1)), (None, None));
    // The sheet was opened again and nothing on it has changed yet.
    told.seq = 9;
    told.forms[0].sheets[1].is_signed = false;
    book.renew(told);
    assert_eq!(book.to_sign(0, 1), Some(Hash([7; 32])), "signatures are void, and it is signed anew");
}

/// what somebody else marks is none of this judge's.
#[test]
fn a_competitor_whom_another_marks_is_no_part_of_the_judges_work() {
    let mut told = sheets(1);
    told.forms[1].sheets[0].marked_by = Some("J4".to_owned());
    told.forms[1].sheets[0].digest = Some(Hash::ZERO);
    let book = Book::new(told);
    assert!(!book.is_own(at(1, 0, 0)) && !book.takes(at(1, 0, 1)) && book.takes(at(1, 1, 0)));
    assert_eq!((book.progress(1, 0), book.to_sign(1, 0)), (Progress { done: 0, of: 0 }, None));
    assert_eq!(book.form_progress(1), Progress { done: 0, of: 4 });
    assert_eq!(book.next_open(at(1, 0, 0)), Some(at(1, 1, 0)));
}
