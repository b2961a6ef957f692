//! Seats that change hands while a skill is marked, and scores that are taken down for a
//! judge.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use domain::access::Role;
use domain::id::JudgeCode;
use domain::marking::{Body, Lock, Refusal, Reseat, Sign};
use support::{Hall, Plan, averaged, direct, judged, mark_body, number, reason, resolve, seat, trainee};

/// Two competitors; A1.1 is judged for 3.00, A1.2 averaged, A1.3 measured; J4 is a trainee.
fn hall() -> Hall {
    Plan::of(2)
        .sub("A1", vec![judged("A1.1", 300), averaged("A1.2", 1), direct("A1.3", 100)])
        .seats(vec![seat("J1"), seat("J2"), seat("J3"), seat("J5"), trainee("J4")])
        .open()
}

fn reseat(leaves: &str, comes: Option<&str>) -> Body {
    let judge = comes.map(JudgeCode::from);
    Body::Reseat(Reseat { judge, leaves: leaves.into(), reason: reason(), sub_criterion: "A1".into() })
}

fn change(hall: &mut Hall, leaves: &str, comes: Option<&str>) -> String {
    hall.ask(Role::ChiefJudge, "chief", reseat(leaves, comes))
}

fn panel(hall: &mut Hall, judges: &[&str], aspect: &str, value: &str) {
    for judge in judges {
        assert_eq!(hall.mark(judge, "C1", aspect, value), "accepted", "{judge}");
    }
}

///
#[test]
fn who_comes_inherits_the_seat_and_never_a_score() {
    let mut hall = hall();
    panel(&mut hall, &["J1", "J2"], "A1.2", "60");
    assert_eq!(change(&mut hall, "J2", Some("J7")), "accepted");
    // What J2 said stays theirs, and counts.
    assert_eq!(hall.mark("J7", "C1", "A1.2", "90"), "refused seat_has_scored");
    assert_eq!(hall.mark("J2", "C1", "A1.2", "90"), "late judge_left");
    panel(&mut hall, &["J3", "J5"], "A1.2", "80");
    assert_eq!(hall.mark_of("C1", "A1.2"), Some(7_000), "60, 60, 80, 80 without the extremes");
    // What J2 had not said is J7's to say, and the round waits for that.
    panel(&mut hall, &["J1", "J3"], "A1.1", "2");
    assert_eq!(hall.mark_of("C1", "A1.1"), None, "the rules ask for three judges of four");
    assert_eq!(hall.mark("J7", "C1", "A1.1", "2"), "accepted");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(200));
    let (row, column) = (hall.row("C1"), hall.column("A1.1"));
    let revealed = hall.skill().revealed(row, column);
    let judges: Vec<&str> = revealed[0].1.iter().map(|(judge, _)| judge.as_str()).collect();
    assert_eq!(judges, ["J1", "J3", "J7"]);
    // A measurement is the panel's: of who left it waits.
    assert_eq!(hall.mark("J2", "C1", "A1.3", "1"), "late judge_left");
    assert_eq!(hall.mark("J7", "C1", "A1.3", "1"), "accepted");
}

///
#[test]
fn what_a_tablet_kept_from_before_waits_and_counts_once_two_admit_it() {
    let mut hall = hall();
    assert_eq!(change(&mut hall, "J2", Some("J7")), "accepted");
    assert_eq!(hall.mark("J2", "C1", "A1.2", "60"), "late judge_left");
    let kept = hall.entries.last().expect("it").entry.clone();
    assert_eq!(kept.code.as_deref().and_then(Refusal::of_waiting).map(|why| why.code()), Some("judge_left"));
    assert_eq!(hall.decide(resolve(Some(kept.id), None)), "accepted");
    assert_eq!(hall.mark("J7", "C1", "A1.2", "60"), "refused seat_has_scored", "the seat has spoken");
    // The other way round: who came had scored before.
    assert_eq!(hall.mark("J7", "C2", "A1.2", "50"), "accepted");
    assert_eq!(hall.mark("J2", "C2", "A1.2", "60"), "refused seat_has_scored");
}

///
#[test]
fn a_seat_stays_empty_only_where_the_rest_are_enough() {
    let mut hall = hall();
    panel(&mut hall, &["J1", "J2", "J3"], "A1.1", "2");
    panel(&mut hall, &["J1", "J2", "J3"], "A1.2", "60");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(200), "the rules ask for three judges of four");
    assert_eq!(hall.mark_of("C1", "A1.2"), None, "J5 has not said anything");
    assert_eq!(change(&mut hall, "J5", None), "accepted");
    assert_eq!(hall.mark_of("C1", "A1.2"), Some(6_000), "the round waits for nobody any more");
    assert_eq!(change(&mut hall, "J3", None), "refused panel_too_small");
    assert_eq!(change(&mut hall, "J4", None), "accepted", "a trainee may go");
    assert_eq!(change(&mut hall, "J3", Some("J5")), "refused sat_elsewhere", "J5 had a seat of their own");
    // A seat that is empty can be taken again by who left it.
    assert_eq!(change(&mut hall, "J5", Some("J8")), "refused not_on_panel", "nobody sits there");
}

#[test]
fn a_trainee_may_leave_a_panel_of_trainees() {
    let seats = vec![trainee("J4"), trainee("J5")];
    let mut hall = Plan::of(1).sub("A1", vec![direct("A1.1", 100)]).seats(seats).open();
    assert_eq!(change(&mut hall, "J4", None), "accepted");
}

#[test]
fn who_left_may_come_back_and_a_trainee_may_take_a_seat_that_counts() {
    let mut hall = hall();
    assert_eq!(hall.mark("J4", "C1", "A1.1", "0"), "accepted", "as a trainee");
    assert_eq!(change(&mut hall, "J1", Some("J4")), "accepted");
    assert_eq!(hall.mark("J4", "C1", "A1.1", "3"), "accepted", "the trainee's score was another");
    panel(&mut hall, &["J2", "J3"], "A1.1", "3");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(300));
    assert_eq!(change(&mut hall, "J4", Some("J1")), "accepted");
    assert_eq!(change(&mut hall, "J1", Some("J1")), "refused already_so");
    assert_eq!(change(&mut hall, "J1", Some("J2")), "refused already_so");
    panel(&mut hall, &["J1", "J2", "J3"], "A1.2", "10");
    assert_eq!(hall.mark("J4", "C1", "A1.2", "10"), "refused seat_has_scored");
    assert_eq!(hall.mark("J4", "C2", "A1.2", "10"), "late judge_left");
    assert_eq!(change(&mut hall, "J9", Some("J6")), "refused not_on_panel");
    assert_eq!(change(&mut hall, "J1", Some(" ")), "refused not_on_panel");
}

#[test]
fn a_seat_changes_hands_by_a_chief_judge_with_a_reason_and_not_after_the_results() {
    let mut hall = hall();
    let without =
        Body::Reseat(Reseat { judge: None, leaves: "J5".into(), reason: None, sub_criterion: "A1".into() });
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", without), "refused reason_needed");
    for role in [Role::Judge, Role::Organiser, Role::FloorJudge, Role::Scorekeeper, Role::Supervisor] {
        assert_eq!(hall.ask(role, "J1", reseat("J5", None)), "refused not_allowed", "{role:?}");
    }
    assert_eq!(hall.ask(Role::Organiser, "o", support::close()), "accepted");
    assert_eq!(change(&mut hall, "J5", Some("J6")), "accepted", "sheets are still signed");
    let out = support::release(domain::marking::Stage::Provisional);
    assert_eq!(hall.ask(Role::Organiser, "o", out), "accepted");
    assert_eq!(change(&mut hall, "J6", None), "refused results_out");
}

///
#[test]
fn any_of_a_seats_judges_signs_for_it_and_an_empty_one_that_scored_is_signed_for() {
    let mut hall = hall();
    let judges = ["J1", "J2", "J3", "J5"];
    for competitor in ["C1", "C2"] {
        for judge in judges {
            for aspect in ["A1.1", "A1.2"] {
                // The fourth score of a judgement is one too many, and refused.
                hall.mark(judge, competitor, aspect, "2");
            }
        }
        assert_eq!(hall.mark("J1", competitor, "A1.3", "1"), "accepted");
    }
    assert_eq!(hall.sign("J1", "C1", "A1"), "accepted");
    assert_eq!(change(&mut hall, "J1", Some("J6")), "accepted");
    let unsigned = |hall: &Hall, competitor: &str| -> Vec<String> {
        hall.skill().unsigned(hall.row(competitor), 0).map(ToString::to_string).collect()
    };
    assert_eq!(unsigned(&hall, "C1"), ["J2", "J3", "J5"], "the seat's signature is there");
    assert_eq!(unsigned(&hall, "C2"), ["J2", "J3", "J5", "J6"]);
    assert_eq!(hall.sign("J6", "C1", "A1"), "refused already_so");
    assert_eq!(hall.sign("J6", "C2", "A1"), "accepted");
    // J5 scored there and left nobody behind: somebody signs for them.
    assert_eq!(change(&mut hall, "J5", None), "accepted");
    for judge in ["J2", "J3"] {
        assert_eq!(hall.sign(judge, "C1", "A1"), "accepted");
    }
    let lock = || Body::Lock(Lock { competitor: "C1".into(), sub_criterion: "A1".into() });
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", lock()), "refused signatures_missing");
    let signed_for = Sign { reason: reason(), ..hall.signature("J5", "C1", "A1") };
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Sign(signed_for)), "accepted");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", lock()), "accepted");
}

///
#[test]
fn a_chief_judge_takes_a_score_down_only_with_its_judges_own_word() {
    let mut hall = hall();
    let score = || mark_body("J2", "C1", "A1.1", 1, number("2"));
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", score()), "refused second_needed");
    assert_eq!(hall.decide(score()), "refused second_needed", "the supervisor's word is not J2's");
    let command = hall.command(Role::ChiefJudge, "chief", Some("J2"), score());
    assert_eq!(hall.enter(command), "accepted");
    // What the tablet held meanwhile stands beside it.
    assert_eq!(hall.mark_on(None, "J2", "C1", "A1.1", 1, number("3")), "conflict other_value_there");
    assert_eq!(hall.skill().pending.len(), 1);
}
