//! Marking sessions from the first mark to the release, told through the public doors only.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use domain::access::{Action, Role, allows};
use domain::id::JudgeCode;
use domain::ledger::Status;
use domain::marking::{
    Appeal, AppealStep, AskUnlock, Asked, Body, Decline, Moment, Override, Phase, Rescore, Settle, Sheet,
    Sign, Stage, VoidHow,
};
use domain::number::{Decimal, Mark};
use domain::results::StandingStatus;
use domain::scoring::Value;
use support::*;

/// Two competitors, one sheet with a judgement aspect of 2.00 and a measurement of 1.00.
fn small() -> Hall {
    Plan::of(2).sub("A1", vec![judged("A1.1", 200), direct("A1.2", 100)]).open()
}

/// The same with everything of C1 marked.
fn marked() -> Hall {
    let mut hall = small();
    hall.mark_all("C1", "A1.1", ["2", "2", "2"]);
    assert_eq!(hall.mark("J1", "C1", "A1.2", "0.75"), "accepted");
    hall
}

///
#[test]
fn a_mark_counts_when_every_counting_seat_has_scored() {
    let mut hall = small();
    assert_eq!(hall.mark("J1", "C1", "A1.1", "2"), "accepted");
    assert_eq!(hall.mark("J2", "C1", "A1.1", "2"), "accepted");
    assert_eq!((hall.mark_of("C1", "A1.1"), hall.total("C1")), (None, None));
    assert_eq!(hall.mark("J3", "C1", "A1.1", "2"), "accepted");
    assert_eq!((hall.mark_of("C1", "A1.1"), hall.total("C1")), (Some(133), None));
    assert_eq!(hall.mark("J2", "C1", "A1.2", "0.75"), "accepted");
    assert_eq!(hall.total("C1"), Some(208));
    hall.verify();
}

///
#[test]
fn a_locked_sheet_takes_no_mark_and_keeps_it_as_late() {
    let mut hall = marked();
    hall.sign_and_lock("C1", "A1");
    assert_eq!(hall.mark("J1", "C1", "A1.2", "1"), "late sheet_locked");
    assert_eq!(hall.total("C1"), Some(208));
    let late = hall.last();
    assert_eq!(hall.skill().pending[&late].status, Status::Late);
    // One person cannot admit it, not even twice.
    let head = hall.head("J1", "C1", "A1.2", 1);
    let admit = || resolve(Some(late), head);
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", admit()), "refused second_needed");
    let command = hall.command(Role::ChiefJudge, "chief", Some("chief"), admit());
    assert_eq!(hall.enter(command), "refused second_needed");
    assert_eq!(hall.decide(admit()), "accepted");
    assert_eq!((hall.total("C1"), hall.skill().pending.len()), (Some(233), 0));
    hall.verify();
}

/// what is turned away stays in the ledger and waits no more.
#[test]
fn a_late_mark_that_is_turned_away_changes_nothing() {
    let mut hall = marked();
    assert_eq!(hall.ask(Role::Organiser, "organiser", close()), "accepted");
    assert_eq!(hall.mark("J1", "C2", "A1.2", "1"), "late closed");
    let late = hall.last();
    assert_eq!(hall.decide(resolve(None, Some(late))), "accepted");
    assert_eq!((hall.mark_of("C2", "A1.2"), hall.skill().pending.len()), (None, 0));
    assert_eq!(hall.decide(resolve(None, Some(late))), "refused nothing_pending");
}

///
#[test]
fn two_values_for_one_cell_are_a_conflict_until_resolved() {
    let mut hall = small();
    assert_eq!(hall.mark_on(None, "J1", "C1", "A1.2", 1, number("0.5")), "accepted");
    let first = hall.last();
    assert_eq!(hall.mark_on(None, "J2", "C1", "A1.2", 1, number("0.75")), "conflict other_value_there");
    let second = hall.last();
    assert_eq!(hall.mark_of("C1", "A1.2"), Some(50));
    hall.mark_all("C1", "A1.1", ["2", "2", "2"]);
    assert_eq!(hall.sign("J1", "C1", "A1"), "refused conflicts_open");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", resolve(Some(second), Some(first))), "accepted");
    assert_eq!((hall.mark_of("C1", "A1.2"), hall.head("J1", "C1", "A1.2", 1)), (Some(75), Some(second)));
    assert_eq!(hall.sign("J1", "C1", "A1"), "accepted");
    hall.verify();
}

/// a correction names what it corrects.
#[test]
fn a_correction_that_saw_the_value_is_accepted_and_one_that_did_not_is_a_conflict() {
    let mut hall = marked();
    let head = hall.head("J1", "C1", "A1.2", 1);
    assert_eq!(hall.mark_on(head, "J3", "C1", "A1.2", 1, number("1")), "accepted");
    assert_eq!(hall.mark_on(head, "J2", "C1", "A1.2", 1, number("0")), "conflict other_value_there");
    assert_eq!(hall.mark_of("C1", "A1.2"), Some(100));
}

///
#[test]
fn a_spread_above_one_opens_a_second_round() {
    let mut hall = small();
    assert_eq!(hall.mark_round("J1", "C1", "A1.1", 2, number("1")), "refused round_not_open");
    hall.mark_all("C1", "A1.1", ["0", "1", "2"]);
    let (row, column) = (hall.row("C1"), hall.column("A1.1"));
    assert!(hall.skill().is_disputed(row, column));
    assert_eq!(hall.mark_of("C1", "A1.1"), None);
    assert_eq!(hall.mark_round("J1", "C1", "A1.1", 2, number("1")), "accepted");
    assert_eq!(hall.mark_round("J1", "C1", "A1.1", 1, number("1")), "refused round_closed");
    assert_eq!(hall.mark_of("C1", "A1.1"), None, "the first round still has no mark");
    assert_eq!(hall.mark_round("J2", "C1", "A1.1", 2, number("1")), "accepted");
    assert_eq!(hall.mark_round("J3", "C1", "A1.1", 2, number("2")), "accepted");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(89));
    hall.verify();
}

/// a round asked for keeps the mark of the last complete one until it is complete.
#[test]
fn a_rescore_needs_a_complete_round_and_a_reason() {
    let mut hall = small();
    assert_eq!(hall.decide(rescore("C1", "A1.1")), "refused round_incomplete");
    hall.mark_all("C1", "A1.1", ["2", "2", "2"]);
    assert_eq!(hall.decide(rescore("C1", "A1.2")), "refused not_judged");
    assert_eq!(hall.decide(rescore("C1", "A1.1")), "accepted");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(133));
    hall.mark_all("C1", "A1.1", ["3", "3", "3"]);
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(200));
}

/// a conflict of a round that is over can still be turned away, never be taken.
#[test]
fn a_conflict_of_a_round_that_is_over_can_be_settled() {
    let mut hall = small();
    hall.mark_all("C1", "A1.1", ["0", "2", "2"]);
    assert_eq!(hall.mark_on(None, "J1", "C1", "A1.1", 1, number("2")), "conflict other_value_there");
    let conflict = hall.last();
    hall.mark_all_round("C1", "A1.1", 2, ["2", "2", "2"]);
    let head = hall.head("J1", "C1", "A1.1", 1);
    assert_eq!(hall.decide(resolve(Some(conflict), head)), "refused round_closed");
    assert_eq!(hall.decide(resolve(head, Some(conflict))), "accepted");
    assert_eq!((hall.mark_of("C1", "A1.1"), hall.skill().pending.len()), (Some(133), 0));
    hall.verify();
}

///
#[test]
fn an_unlock_needs_two_people_and_voids_the_signatures() {
    let mut hall = marked();
    assert_eq!(hall.decide(unlock("C1", "A1.2")), "refused not_locked");
    hall.sign_and_lock("C1", "A1");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", unlock("C1", "A1.2")), "refused second_needed");
    let command = hall.command(Role::ChiefJudge, "chief", Some(" "), unlock("C1", "A1.2"));
    assert_eq!(hall.enter(command), "refused second_needed", "nobody is no second person");
    assert_eq!(hall.ask(Role::Judge, "J1", unlock("C1", "A1.2")), "refused not_allowed");
    assert_eq!(hall.decide(unlock("C1", "A1.2")), "accepted");
    assert_eq!(hall.decide(unlock("C1", "A1.2")), "refused already_so");
    // Only that aspect is open again.
    assert_eq!(hall.mark("J1", "C1", "A1.1", "3"), "late sheet_locked");
    let late = hall.last();
    assert_eq!(hall.mark("J1", "C1", "A1.2", "1"), "accepted");
    assert_eq!(hall.lock("C1", "A1"), "refused conflicts_open");
    assert_eq!(hall.decide(resolve(hall.head("J1", "C1", "A1.1", 1), Some(late))), "accepted");
    assert_eq!(hall.lock("C1", "A1"), "refused signatures_missing");
    hall.sign_and_lock("C1", "A1");
    assert_eq!(hall.mark("J1", "C1", "A1.2", "0"), "late sheet_locked");
    assert_eq!(hall.total("C1"), Some(233));
    hall.verify();
}

///
#[test]
fn signing_a_sheet_that_changed_is_refused() {
    let mut hall = marked();
    let seen = hall.signature("J1", "C1", "A1");
    assert_eq!(hall.mark("J2", "C1", "A1.2", "1"), "accepted");
    assert_eq!(hall.ask(Role::Judge, "J1", Body::Sign(seen)), "refused sheet_changed");
    assert_eq!(hall.sign("J1", "C1", "A1"), "accepted");
    assert_eq!(hall.sign("J1", "C1", "A1"), "refused already_so");
    // A later mark voids what was signed.
    assert_eq!(hall.mark("J2", "C1", "A1.2", "0.75"), "accepted");
    assert_eq!(hall.sign("J1", "C1", "A1"), "accepted");
}

///
#[test]
fn an_incomplete_sheet_is_neither_signed_nor_locked() {
    let mut hall = small();
    hall.mark_all("C1", "A1.1", ["1", "1", "1"]);
    assert_eq!(hall.sign("J1", "C1", "A1"), "refused sheet_incomplete");
    assert_eq!(hall.lock("C1", "A1"), "refused sheet_incomplete");
    assert_eq!(hall.mark("J1", "C1", "A1.2", "0"), "accepted");
    assert_eq!(hall.lock("C1", "A1"), "refused signatures_missing");
}

/// a drawn signature holds as any other, and for its own judge only; one that was not drawn is written
/// as before there were any.
#[test]
fn a_drawn_signature_stands_until_the_sheet_changes() {
    let mut hall = marked();
    let drawn = |hall: &Hall| {
        let sheet = hall.skill().sheet(hall.row("C1"), 0).cloned().unwrap_or_default();
        sheet.drawn.into_iter().map(|(judge, entry)| (judge.to_string(), entry)).collect::<Vec<_>>()
    };
    let sign = |hall: &Hall, judge: &str| Sign { drawing: reason(), ..hall.signature(judge, "C1", "A1") };
    assert_eq!(hall.sign("J2", "C1", "A1"), "accepted");
    let plain = hall.entries.last().expect("an entry").json.clone();
    assert!(!plain.contains("drawing"), "{plain}");
    let of_judge = Body::Sign(sign(&hall, "J1"));
    assert_eq!(hall.ask(Role::Judge, "J1", of_judge), "accepted");
    assert_eq!(drawn(&hall), [("J1".to_owned(), hall.last())]);
    let for_judge = Body::Sign(Sign { reason: reason(), ..sign(&hall, "J3") });
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", for_judge), "accepted");
    assert_eq!(drawn(&hall).len(), 1, "nobody draws another's signature");
    assert_eq!(hall.mark("J2", "C1", "A1.2", "1"), "accepted");
    assert_eq!(drawn(&hall), []);
    hall.verify();
}

///
#[test]
fn the_chief_judge_signs_for_one_who_refuses_with_a_reason() {
    let mut hall = marked();
    let mut sign = hall.signature("J3", "C1", "A1");
    assert_eq!(hall.ask(Role::Judge, "J1", Body::Sign(sign.clone())), "refused not_allowed");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Sign(sign.clone())), "refused reason_needed");
    sign.reason = reason();
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Sign(sign)), "accepted");
    for judge in ["J1", "J2"] {
        assert_eq!(hall.sign(judge, "C1", "A1"), "accepted");
    }
    assert_eq!(hall.lock("C1", "A1"), "accepted");
    assert_eq!(hall.lock("C1", "A1"), "refused already_so");
}

///
#[test]
fn a_judge_asks_for_an_aspect_of_a_locked_sheet_until_it_is_opened_or_turned_down() {
    let mut hall = marked();
    let ask = |hall: &mut Hall, judge: &str, aspect: &str| {
        hall.ask(Role::Judge, judge, ask_unlock(judge, "C1", aspect))
    };
    let asked = |hall: &Hall| {
        let sheet = hall.skill().sheet(hall.row("C1"), 0).cloned().unwrap_or_default();
        let of = |((column, judge), asked): ((usize, JudgeCode), Asked)| {
            format!("{judge} {}{}", hall.skill().aspect(column).id, if asked.is_denied { " no" } else { "" })
        };
        sheet.asked.into_iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(ask(&mut hall, "J1", "A1.2"), "refused not_locked");
    hall.sign_and_lock("C1", "A1");
    let digest = hall.signature("J1", "C1", "A1").sheet;
    let Body::AskUnlock(body) = ask_unlock("J1", "C1", "A1.2") else { panic!("one") };
    let without = Body::AskUnlock(AskUnlock { reason: None, ..body });
    assert_eq!(hall.ask(Role::Judge, "J1", without), "refused reason_needed");
    assert_eq!(ask(&mut hall, "J8", "A1.2"), "refused not_on_panel");
    assert_eq!(hall.ask(Role::Judge, "J2", ask_unlock("J1", "C1", "A1.2")), "refused not_allowed");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", ask_unlock("J1", "C1", "A1.2")), "refused not_allowed");
    assert_eq!(ask(&mut hall, "J1", "A1.2"), "accepted");
    let first = hall.last();
    assert_eq!(ask(&mut hall, "J1", "A1.2"), "refused already_so");
    assert_eq!(ask(&mut hall, "J2", "A1.2"), "accepted");
    assert_eq!(ask(&mut hall, "J2", "A1.1"), "accepted");
    assert_eq!(asked(&hall), ["J2 A1.1", "J1 A1.2", "J2 A1.2"]);
    assert_eq!(hall.signature("J1", "C1", "A1").sheet, digest, "nothing is changed by it");
    assert!(hall.skill().sheet(hall.row("C1"), 0).is_some_and(Sheet::is_done));
    // A chief judge turns one down, for a reason; it can be asked again.
    assert_eq!(hall.ask(Role::Judge, "J2", resolve(None, Some(first))), "refused not_allowed");
    assert_eq!(hall.decide(resolve(None, Some(first))), "accepted");
    assert_eq!(hall.decide(resolve(None, Some(first))), "refused nothing_pending");
    assert_eq!(asked(&hall), ["J2 A1.1", "J1 A1.2 no", "J2 A1.2"]);
    assert_eq!(ask(&mut hall, "J1", "A1.2"), "accepted");
    assert_eq!(hall.decide(unlock("C1", "A1.2")), "accepted");
    assert_eq!(asked(&hall), ["J2 A1.1"]);
    assert_eq!(ask(&mut hall, "J1", "A1.2"), "refused already_so");
    // Once it is locked anew, nothing is asked for any more.
    assert_eq!(hall.mark("J1", "C1", "A1.2", "1"), "accepted");
    hall.sign_and_lock("C1", "A1");
    assert_eq!(asked(&hall), [""; 0]);
    hall.verify();
}

///
#[test]
fn a_judge_settles_a_conflict_of_their_own_by_a_mark_that_saw_what_stands_and_no_other() {
    let mut hall = marked();
    let pending = |hall: &Hall| hall.skill().pending.len();
    let base = hall.head("J1", "C1", "A1.2", 1);
    assert_eq!(hall.mark_on(None, "J2", "C1", "A1.2", 1, number("0")), "conflict other_value_there");
    assert_eq!(hall.mark_on(None, "J2", "C1", "A1.2", 1, number("1")), "conflict other_value_there");
    assert_eq!(hall.mark_on(None, "J3", "C1", "A1.2", 1, number("0")), "conflict other_value_there");
    assert_eq!(pending(&hall), 3);
    // A colleague's mark settles nothing of theirs, nor does one elsewhere.
    assert_eq!(hall.mark_on(base, "J1", "C1", "A1.2", 1, number("1")), "accepted");
    assert_eq!(hall.mark("J2", "C2", "A1.2", "1"), "accepted");
    assert_eq!(pending(&hall), 3);
    assert_eq!(hall.mark("J2", "C1", "A1.2", "1"), "accepted");
    assert_eq!(pending(&hall), 1, "J3's still waits");
    assert_eq!(hall.sign("J1", "C1", "A1"), "refused conflicts_open");
    assert_eq!(hall.mark("J3", "C1", "A1.2", "1"), "accepted");
    assert_eq!(hall.sign("J1", "C1", "A1"), "accepted");
    hall.verify();
}

///
#[test]
fn one_who_declines_says_why_and_it_stands_until_somebody_signs_or_the_sheet_changes() {
    let mut hall = marked();
    let Sign { competitor, judge, sheet, sub_criterion, .. } = hall.signature("J3", "C1", "A1");
    let mut decline = Decline { competitor, judge, reason: None, sheet, sub_criterion };
    let ask = |hall: &mut Hall, judge: &str, decline: &Decline| {
        hall.ask(Role::Judge, judge, Body::Decline(decline.clone()))
    };
    let declined = |hall: &Hall| {
        let sheet = hall.skill().sheet(hall.row("C1"), 0).cloned().unwrap_or_default();
        sheet.declined.into_keys().map(|judge| judge.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ask(&mut hall, "J3", &decline), "refused reason_needed");
    decline.reason = reason();
    assert_eq!(ask(&mut hall, "J1", &decline), "refused not_allowed");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Decline(decline.clone())), "refused not_allowed");
    assert_eq!(ask(&mut hall, "J3", &decline), "accepted");
    assert_eq!(ask(&mut hall, "J3", &decline), "refused already_so");
    assert_eq!(declined(&hall), ["J3"]);
    assert_eq!(hall.lock("C1", "A1"), "refused signatures_missing");
    // A change makes another sheet of it, about which nobody has said anything.
    assert_eq!(hall.mark("J2", "C1", "A1.2", "1"), "accepted");
    assert_eq!(declined(&hall), [""; 0]);
    assert_eq!(ask(&mut hall, "J3", &decline), "refused sheet_changed");
    decline.sheet = hall.signature("J3", "C1", "A1").sheet;
    assert_eq!(ask(&mut hall, "J3", &decline), "accepted");
    assert_eq!(hall.sign("J3", "C1", "A1"), "accepted");
    assert_eq!(declined(&hall), [""; 0]);
    assert_eq!(ask(&mut hall, "J3", &decline), "refused already_so");
    hall.verify();
}

///
#[test]
fn an_exchange_gives_each_the_others_sheet_and_twice_gives_it_back() {
    let mut hall = marked();
    hall.mark_all("C2", "A1.1", ["1", "1", "1"]);
    assert_eq!(hall.mark("J1", "C2", "A1.2", "0"), "accepted");
    assert_eq!((hall.total("C1"), hall.total("C2")), (Some(208), Some(67)));
    assert_eq!(hall.decide(exchange("C1", "C1", "A1")), "refused same_competitor");
    assert_eq!(hall.decide(exchange("C1", "C2", "A1")), "accepted");
    assert_eq!((hall.total("C1"), hall.total("C2")), (Some(67), Some(208)));
    // A correction of what now stands at C1 names the entry that was written for C2.
    assert_eq!(hall.mark("J1", "C1", "A1.2", "1"), "accepted");
    assert_eq!(hall.decide(exchange("C1", "C2", "A1")), "accepted");
    assert_eq!((hall.total("C1"), hall.total("C2")), (Some(208), Some(167)));
    hall.verify();
}

/// a mark that waits belongs to the sheet that it was written for.
#[test]
fn an_exchange_takes_waiting_marks_along() {
    let mut hall = small();
    assert_eq!(hall.mark("J1", "C1", "A1.2", "0.5"), "accepted");
    let first = hall.last();
    assert_eq!(hall.mark_on(None, "J2", "C1", "A1.2", 1, number("0.75")), "conflict other_value_there");
    let second = hall.last();
    assert_eq!(hall.decide(exchange("C1", "C2", "A1")), "accepted");
    assert_eq!(hall.decide(resolve(Some(second), Some(first))), "accepted");
    assert_eq!((hall.mark_of("C1", "A1.2"), hall.mark_of("C2", "A1.2")), (None, Some(75)));
    hall.verify();
}

///
#[test]
fn a_voided_aspect_gives_everyone_the_maximum_or_leaves_sum_and_maximum_and_can_come_back() {
    let mut hall = marked();
    assert_eq!(hall.decide(void_aspect("A1.2", VoidHow::Full)), "accepted");
    let full = hall.last();
    assert_eq!((hall.total("C1"), hall.mark_of("C2", "A1.2")), (Some(233), Some(100)));
    assert_eq!(hall.decide(void_aspect("A1.2", VoidHow::Removed)), "accepted");
    let removed = hall.last();
    assert_eq!((hall.total("C1"), hall.skill().board.part_max(0)), (Some(133), 200));
    // C2 has no measurement, and needs none now.
    hall.mark_all("C2", "A1.1", ["1", "1", "1"]);
    assert_eq!(hall.total("C2"), Some(67));
    assert_eq!(hall.decide(void(removed)), "accepted");
    assert_eq!((hall.total("C1"), hall.total("C2")), (Some(233), Some(167)), "the earlier voiding holds");
    assert_eq!(hall.decide(void(full)), "accepted");
    assert_eq!((hall.total("C1"), hall.total("C2")), (Some(208), None));
    assert_eq!(hall.decide(void(full)), "refused no_such_decision");
    hall.verify();
}

///
#[test]
fn extra_time_shortens_the_elapsed_time_and_can_be_undone() {
    let mut hall = small();
    let row = hall.row("C1");
    for body in [start("C1", 1_000_000), stop("C1", 10_000_000)] {
        assert_eq!(hall.skill().elapsed(row), None);
        assert_eq!(hall.ask(Role::FloorJudge, "floor", body), "accepted");
    }
    assert_eq!(hall.skill().elapsed(row), Some(9_000_000));
    assert_eq!(hall.ask(Role::FloorJudge, "floor", extra_time("C1", 10)), "refused not_allowed");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", extra_time("C1", 10)), "accepted");
    let extra = hall.last();
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", extra_time("C1", 5)), "accepted");
    assert_eq!(hall.skill().elapsed(row), Some(8_100_000));
    assert_eq!(hall.decide(void(extra)), "accepted");
    assert_eq!(hall.skill().elapsed(row), Some(8_700_000));
    hall.verify();
}

/// whatever a clock says, there is no overflow.
#[test]
fn times_at_the_ends_of_the_world_give_an_elapsed_time() {
    let mut hall = small();
    let end = 9_007_199_254_740_991;
    for body in [start("C1", -end), stop("C1", end)] {
        assert_eq!(hall.ask(Role::FloorJudge, "floor", body), "accepted");
    }
    for _ in 0..3 {
        assert_eq!(hall.ask(Role::ChiefJudge, "chief", extra_time("C1", u32::MAX)), "accepted");
    }
    let extra = 3 * i64::from(u32::MAX) * 60_000;
    assert_eq!(hall.skill().elapsed(hall.row("C1")), Some(2 * end - extra));
}

/// a number that canonical JSON cannot hold is answered, never entered.
#[test]
fn a_number_that_could_not_be_read_back_is_never_entered() {
    let mut hall = small();
    for at in [i64::MIN, -9_007_199_254_740_992, 9_007_199_254_740_992, i64::MAX] {
        let body = Body::Start(Moment { at, competitor: "C1".into() });
        let command = hall.command(Role::FloorJudge, "floor", None, body);
        let stamp = domain::marking::Stamp { ledger: "skill-1".into(), now: 0 };
        assert!(domain::marking::decide(&hall.state, command, &stamp).is_err(), "{at}");
    }
    let beyond = Value::Number(Decimal(Decimal::LARGEST + 1));
    let mut plan = Plan::of(1).sub("A1", vec![direct("A1.1", 1_000_001)]);
    plan.competitors.clear();
    for body in [
        penalty("C1", 1_000_001),
        penalty("C1", -1_000_001),
        mark_body("J1", "C1", "A1.2", 1, beyond),
        Body::Open(Box::new(plan.opening())),
    ] {
        let command = hall.command(Role::Importer, "package", None, body);
        let stamp = domain::marking::Stamp { ledger: "skill-1".into(), now: 0 };
        assert!(domain::marking::decide(&hall.state, command, &stamp).is_err());
    }
}

///
#[test]
fn a_late_withdrawal_keeps_the_marks_and_takes_the_rank() {
    let mut hall = marked();
    hall.mark_all("C2", "A1.1", ["3", "3", "3"]);
    assert_eq!(hall.mark("J1", "C2", "A1.2", "1"), "accepted");
    hall.sign_and_lock("C2", "A1");
    assert_eq!(hall.ask(Role::Organiser, "organiser", close()), "accepted");
    assert_eq!(hall.standing("C1").position, Some(2));
    assert_eq!(hall.ask(Role::Organiser, "organiser", withdraw("C2")), "accepted");
    let withdrawal = hall.last();
    assert_eq!(hall.ask(Role::Organiser, "organiser", withdraw("C2")), "refused already_so");
    let gone = hall.standing("C2");
    assert_eq!((gone.status, gone.total, gone.position), (StandingStatus::Withdrawn, None, None));
    assert_eq!((hall.mark_of("C2", "A1.1"), hall.standing("C1").position), (Some(200), Some(1)));
    assert_eq!(hall.mark("J1", "C2", "A1.2", "0.5"), "late competitor_out");
    assert_eq!(hall.decide(void(withdrawal)), "accepted");
    assert_eq!(hall.standing("C2").position, Some(1));
    hall.verify();
}

///
#[test]
fn a_trainee_changes_nothing() {
    let mut seats = ["J1", "J2", "J3"].map(seat).to_vec();
    seats.push(trainee("T"));
    let plan = Plan::of(2).sub("A1", vec![judged("A1.1", 200), direct("A1.2", 100)]).seats(seats);
    let mut hall = plan.open();
    assert_eq!(hall.mark("T", "C1", "A1.1", "0"), "accepted");
    hall.mark_all("C1", "A1.1", ["3", "3", "3"]);
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(200), "neither spread nor mean");
    assert_eq!(hall.mark("T", "C1", "A1.1", "1"), "accepted", "recorded all the same");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(200));
    // The panel's one value is not a trainee's to give.
    assert_eq!(hall.mark("T", "C1", "A1.2", "1"), "refused seat_does_not_count");
    assert_eq!(hall.mark("J1", "C1", "A1.2", "0.5"), "accepted");
    hall.sign_and_lock("C1", "A1");
    assert_eq!(hall.total("C1"), Some(250));
    hall.verify();
}

/// the fourth judge takes the place of one who may not score, and never makes it four.
#[test]
fn the_fourth_judge_steps_in() {
    let seats = ["J1", "J2", "J3", "J4"].map(seat).to_vec();
    let mut hall = Plan::of(2).sub("A1", vec![judged("A1.1", 200)]).seats(seats).open();
    assert_eq!(hall.mark("J1", "C1", "A1.1", "3"), "accepted");
    assert_eq!(hall.mark("J2", "C1", "A1.1", "2"), "accepted");
    assert_eq!(hall.mark("J4", "C1", "A1.1", "2"), "accepted");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(156));
    assert_eq!(hall.mark("J3", "C1", "A1.1", "3"), "refused panel_full");
    // One who scored may correct, and may step back for the fourth.
    assert_eq!(hall.mark("J1", "C1", "A1.1", "2"), "accepted");
    assert_eq!(hall.mark_round("J1", "C1", "A1.1", 1, Value::Missing), "accepted");
    assert_eq!(hall.mark_of("C1", "A1.1"), None);
    assert_eq!(hall.mark("J3", "C1", "A1.1", "3"), "accepted");
    assert_eq!(hall.mark("J1", "C1", "A1.1", "2"), "refused panel_full", "stepping back in makes four");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(156));
    hall.verify();
}

/// nor does a mark that waited make it four.
#[test]
fn a_late_fourth_score_is_not_admitted_to_a_full_panel() {
    let seats = ["J1", "J2", "J3", "J4"].map(seat).to_vec();
    let mut hall = Plan::of(2).sub("A1", vec![judged("A1.1", 200)]).seats(seats).open();
    assert_eq!(hall.ask(Role::Organiser, "organiser", close()), "accepted");
    assert_eq!(hall.mark("J4", "C1", "A1.1", "2"), "late closed");
    let late = hall.last();
    assert_eq!(hall.decide(unlock("C1", "A1.1")), "accepted");
    hall.mark_all("C1", "A1.1", ["2", "2", "2"]);
    assert_eq!(hall.decide(resolve(Some(late), None)), "refused panel_full");
    assert_eq!(hall.decide(resolve(None, Some(late))), "accepted");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(133));
}

/// undoing a decision leaves the one before it standing.
#[test]
fn an_override_that_is_undone_leaves_the_earlier_one() {
    let mut hall = marked();
    let give = |position, award: Option<&str>| {
        Body::Override(Override {
            award: award.map(str::to_owned),
            competitor: "C1".into(),
            document: "decision 7".into(),
            position,
            reason: reason(),
        })
    };
    let ask = |hall: &mut Hall, body| {
        let command = hall.command(Role::Organiser, "organiser", Some("supervisor"), body);
        hall.enter(command)
    };
    assert_eq!(ask(&mut hall, give(None, None)), "refused nothing_overridden");
    assert_eq!(ask(&mut hall, give(Some(5), None)), "accepted");
    assert_eq!(ask(&mut hall, give(None, Some("Special"))), "accepted");
    let second = hall.last();
    let standing = hall.standing("C1");
    assert_eq!((standing.position, standing.award.as_deref()), (Some(5), Some("Special")));
    assert_eq!(hall.decide(void(second)), "accepted");
    let standing = hall.standing("C1");
    assert_eq!((standing.position, standing.award), (Some(5), None));
}

///
#[test]
fn a_release_goes_forward_stage_by_stage_and_never_back() {
    let mut hall = marked();
    let out = |hall: &mut Hall, stage| hall.ask(Role::Organiser, "organiser", release(stage));
    assert_eq!(out(&mut hall, Stage::Provisional), "refused marking_still_open");
    assert_eq!(hall.ask(Role::Organiser, "organiser", close()), "accepted");
    assert_eq!(hall.ask(Role::Organiser, "organiser", close()), "refused already_so");
    assert_eq!(out(&mut hall, Stage::Provisional), "accepted");
    assert_eq!(out(&mut hall, Stage::Provisional), "refused already_so");
    assert_eq!(out(&mut hall, Stage::Official), "accepted");
    assert_eq!(out(&mut hall, Stage::Publicised), "refused stage_backwards");
    assert_eq!(hall.skill().phase, Phase::Released(Stage::Official));
    hall.verify();
}

/// nothing happens before the opening, and nothing opens twice.
#[test]
fn a_skill_opens_once_and_before_everything_else() {
    let plan = Plan::of(1).sub("A1", vec![direct("A1.1", 100)]);
    let mut hall = Hall::default();
    let mark = mark_body("J1", "C1", "A1.1", 1, number("1"));
    assert_eq!(hall.ask(Role::Judge, "J1", mark), "refused not_open");
    let open = |plan: &Plan| Body::Open(Box::new(plan.opening()));
    assert_eq!(hall.ask(Role::Judge, "J1", open(&plan)), "refused not_allowed");
    assert_eq!(hall.ask(Role::Organiser, "organiser", open(&Plan::of(0))), "refused opening_unsound");
    assert_eq!(hall.ask(Role::Organiser, "organiser", open(&plan)), "accepted");
    assert_eq!(hall.ask(Role::Organiser, "organiser", open(&plan)), "refused already_open");
    hall.verify();
}

/// R-131 as far as the ledger knows: only the panel's own judges, and each for themselves.
#[test]
fn only_the_panels_judges_mark_and_only_as_themselves() {
    let mut hall = small();
    assert_eq!(hall.mark_on(None, "J9", "C1", "A1.2", 1, number("1")), "refused not_on_panel");
    let mark = || mark_body("J1", "C1", "A1.2", 1, number("1"));
    assert_eq!(hall.ask(Role::Judge, "J2", mark()), "refused not_allowed");
    assert_eq!(hall.ask(Role::Supervisor, "supervisor", mark()), "refused not_allowed");
    assert_eq!(hall.ask(Role::Scorekeeper, "typist", mark()), "accepted");
    assert_eq!(hall.mark_on(None, "J1", "C9", "A1.2", 1, number("1")), "refused unknown_competitor");
    assert_eq!(hall.mark_on(None, "J1", "C1", "Z9", 1, number("1")), "refused unknown_aspect");
    assert_eq!(hall.mark_on(None, "J1", "C2", "A1.2", 2, number("1")), "refused not_judged");
    assert_eq!(hall.mark_on(None, "J1", "C2", "A1.2", 1, number("1.01")), "refused value_out_of_range");
    assert_eq!(hall.mark_on(None, "J1", "C2", "A1.1", 1, number("4")), "refused not_a_rung");
    assert_eq!(hall.mark_on(None, "J1", "C2", "A1.1", 1, number("1.5")), "refused not_a_rung");
    hall.verify();
}

/// what people decide besides marks is kept, and refused where it cannot be.
#[test]
fn settlements_and_appeals_name_known_competitors() {
    let mut hall = small();
    let settle = |codes: &[&str]| {
        Body::Settle(Settle { order: codes.iter().map(|code| (*code).into()).collect(), reason: reason() })
    };
    assert_eq!(hall.decide(settle(&["C1", "C9"])), "refused unknown_competitor");
    assert_eq!(hall.decide(settle(&["C1", "C1"])), "refused order_unsound");
    assert_eq!(hall.decide(settle(&["C2", "C1"])), "accepted");
    let appeal = |step| Body::Appeal(Appeal { competitor: "C1".into(), reason: reason(), step });
    assert_eq!(hall.ask(Role::Judge, "J1", appeal(AppealStep::Filed)), "refused not_allowed");
    assert_eq!(hall.ask(Role::Arbitrator, "arbitrator", appeal(AppealStep::Filed)), "accepted");
    let competitor = &hall.skill().competitors[hall.row("C1")];
    assert_eq!(competitor.appeal, Some(AppealStep::Filed));
}

/// several penalties sum, can be undone one by one, and need a size and a reason.
#[test]
fn penalties_sum_and_can_be_undone_one_by_one() {
    let mut hall = marked();
    assert_eq!(hall.decide(penalty("C1", 0)), "refused penalty_not_positive");
    assert_eq!(hall.decide(penalty("C1", 50)), "accepted");
    let first = hall.last();
    assert_eq!(hall.decide(penalty("C1", 1_000)), "accepted");
    assert_eq!((hall.total("C1"), hall.standing("C1").penalty), (Some(0), Mark(1_050)));
    assert_eq!(hall.decide(void(hall.last())), "accepted");
    assert_eq!(hall.total("C1"), Some(158));
    assert_eq!(hall.decide(void(first)), "accepted");
    assert_eq!(hall.total("C1"), Some(208));
}

/// Who may do what, in full: a change of the matrix is a change of this table.
#[test]
fn every_role_may_do_exactly_this() {
    use Action as A;
    let actions = [
        A::Open,
        A::Mark,
        A::MarkForAnother,
        A::Rescore,
        A::Attend,
        A::GiveTime,
        A::TakeOut,
        A::Penalise,
        A::Decide,
        A::Resolve,
        A::Sign,
        A::Lock,
        A::Unlock,
        A::Override,
        A::Settle,
        A::Appeal,
        A::Release,
        A::Draw,
        A::Encode,
        A::Redraw,
        A::Alarm,
        A::Look,
        A::Read,
        A::Export,
        A::SetUp,
        A::Show,
        A::Admit,
        A::CheckIn,
        A::Second,
        A::Witness,
        A::Register,
        A::Drill,
        A::Appoint,
        A::Organise,
        A::Operate,
    ];
    let table = [
        (Role::PlatformAdministrator, "..................... ...........xxx"),
        (Role::Organiser, "x.....x......xx.xx.x. xxxxxxxx.xxxx."),
        (Role::SkillManager, "x.....x....x.xx.xx.x. xx.xxxxx......"),
        (Role::ChiefJudge, ".xxxxxxxxxxxx.x.x.... .............."),
        (Role::Judge, ".x........x.......... .............."),
        (Role::FloorJudge, "....x................ x.....x......."),
        (Role::Scorekeeper, "..x.x................ x.....x......."),
        (Role::Arbitrator, "...............x..... xx............"),
        (Role::Supervisor, "..................... xxx....xx....."),
        (Role::Registrar, ".................xx.. x.....x......."),
        (Role::TeamLeader, "..................... .........x...."),
        (Role::DelegationRegistrar, "..................... .........x...."),
        (Role::Announcer, "..................... x............."),
        (Role::CeremonyDirector, "..................... x............."),
        (Role::Competitor, "..................... .............."),
        (Role::Foreman, "..................... ..........x..."),
        (Role::TalentOfficer, "..................... .............."),
        (Role::DepartmentReader, "..................... .............."),
        (Role::Importer, "xxxxxxxxxxxxxxxxxxxx. .............."),
        (Role::Server, "....................x .............."),
    ];
    assert_eq!(table.map(|(role, _)| role), Role::ALL.map(|(role, _)| role));
    for (role, may) in table {
        let row: String =
            actions.iter().map(|action| if allows(role, *action) { 'x' } else { '.' }).collect();
        assert_eq!(row, may.replace(' ', ""), "{role:?}");
    }
}

/// two people may admit a late mark to a locked sheet; it is then signed and locked anew.
#[test]
fn a_locked_sheet_that_changed_is_signed_and_locked_anew() {
    let mut hall = marked();
    hall.sign_and_lock("C1", "A1");
    assert_eq!(hall.lock("C1", "A1"), "refused already_so");
    assert_eq!(hall.mark("J1", "C1", "A1.2", "1"), "late sheet_locked");
    let (late, head) = (hall.last(), hall.head("J1", "C1", "A1.2", 1));
    assert_eq!(hall.decide(resolve(Some(late), head)), "accepted");
    assert_eq!(hall.lock("C1", "A1"), "refused signatures_missing");
    hall.sign_and_lock("C1", "A1");
    assert_eq!(hall.lock("C1", "A1"), "refused already_so");
    hall.verify();
}

/// a round that was asked for is waited for.
#[test]
fn a_sheet_whose_round_is_being_scored_is_not_complete() {
    let mut hall = marked();
    let rescore = Rescore { aspect: "A1.1".into(), competitor: "C1".into(), reason: reason() };
    assert_eq!(hall.decide(Body::Rescore(rescore)), "accepted");
    assert_eq!(hall.lock("C1", "A1"), "refused sheet_incomplete");
    assert!(hall.total("C1").is_some(), "the last complete round counts meanwhile");
}

///
#[test]
fn the_steps_of_an_appeal_go_in_order() {
    use AppealStep::{Admitted, Dismissed, Filed, Rejected, Upheld};
    let mut hall = marked();
    let mut step = |step| {
        let body = Appeal { competitor: "C1".into(), reason: reason(), step };
        hall.ask(Role::Arbitrator, "arbitrator", Body::Appeal(body))
    };
    assert_eq!(step(Admitted), "refused appeal_out_of_order");
    assert_eq!(step(Filed), "accepted");
    assert_eq!(step(Upheld), "refused appeal_out_of_order");
    assert_eq!(step(Rejected), "accepted");
    assert_eq!(step(Filed), "accepted", "the second instance");
    assert_eq!(step(Admitted), "accepted");
    assert_eq!(step(Filed), "refused appeal_out_of_order");
    assert_eq!(step(Dismissed), "accepted");
}

///
#[test]
fn a_competitor_signs_after_the_judges_and_before_the_lock_where_the_rules_ask_for_it() {
    use domain::marking::{Countersign, Countersigned};
    use domain::rules::{CompetitorSees, SignOffRules};
    let mut rules = support::rules(support::RULES);
    let asked = SignOffRules { competitor_sees: CompetitorSees::Marks, source: "the contest's".into() };
    rules.sign_off = Some(asked);
    let plan = Plan::of(2).sub("A1", vec![judged("A1.1", 200)]);
    let word = |hall: &Hall, how, reason| {
        let sheet = hall.signature("J1", "C1", "A1").sheet;
        let (competitor, sub_criterion) = ("C1".into(), "A1".into());
        Body::Countersign(Countersign { competitor, drawing: None, how, reason, sheet, sub_criterion })
    };
    let mut hall = plan.clone().ruled(rules).open();
    let signed = |hall: &Hall| word(hall, Countersigned::Signed, None);
    let body = signed(&hall);
    assert_eq!(hall.ask(Role::Judge, "J1", body), "refused sheet_incomplete");
    hall.mark_all("C1", "A1.1", ["2", "2", "3"]);
    let body = signed(&hall);
    assert_eq!(hall.ask(Role::Judge, "J1", body), "refused signatures_missing");
    hall.sign_all("C1", "A1");
    assert_eq!(hall.lock("C1", "A1"), "refused competitor_unsigned");
    assert!(!hall.skill().is_ready(0, 0) && hall.skill().is_signed(0, 0));
    // At the tablet of a judge of that panel.
    let body = signed(&hall);
    assert_eq!(hall.ask(Role::Judge, "J9", body), "refused not_on_panel");
    // Who refuses says why, and may still sign.
    let body = word(&hall, Countersigned::Refused, None);
    assert_eq!(hall.ask(Role::Judge, "J1", body), "refused reason_needed");
    let body = word(&hall, Countersigned::Refused, reason());
    assert_eq!(hall.ask(Role::Judge, "J1", body.clone()), "accepted");
    assert_eq!(hall.ask(Role::Judge, "J2", body), "refused already_so");
    assert_eq!(hall.lock("C1", "A1"), "refused competitor_unsigned");
    // Nobody but a chief judge signs for them.
    let body = word(&hall, Countersigned::For, reason());
    assert_eq!(hall.ask(Role::Judge, "J1", body.clone()), "refused not_allowed");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", body), "accepted");
    let body = signed(&hall);
    assert_eq!(hall.ask(Role::Judge, "J1", body), "refused already_so");
    assert_eq!(hall.lock("C1", "A1"), "accepted");
    // What is opened again is signed again by all.
    assert_eq!(hall.decide(unlock("C1", "A1.1")), "accepted");
    hall.mark_round("J3", "C1", "A1.1", 1, number("2"));
    hall.sign_all("C1", "A1");
    let old = word(&hall, Countersigned::Signed, None);
    assert_eq!(hall.lock("C1", "A1"), "refused competitor_unsigned");
    assert_eq!(hall.ask(Role::Judge, "J1", old), "accepted");
    assert_eq!(hall.lock("C1", "A1"), "accepted");
    // Where the rules say nothing of it, nobody else signs.
    let mut hall = plan.open();
    hall.mark_all("C1", "A1.1", ["2", "2", "3"]);
    hall.sign_all("C1", "A1");
    let body = signed(&hall);
    assert_eq!(hall.ask(Role::Judge, "J1", body), "refused not_asked_for");
    assert_eq!(hall.lock("C1", "A1"), "accepted");
}
