//! Seats that change hands while a skill is marked, and scores that are taken down for a
//! judge.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use domain::access::Role;
use domain::id::JudgeCode;
use domain::marking::{Body, Conflict, Lock, Opening, Refusal, Reseat, Sign};
use support::{
    Hall, Plan, averaged, direct, exchange, judged, mark_body, number, reason, resolve, seat, trainee,
};

/// Two competitors; A1.1 is judged for 3.00, A1.2 averaged, A1.3 measured; J4 is a trainee.
fn hall() -> Hall {
    Plan::of(2)
        .sub("A1", vec![judged("A1.1", 300), averaged("A1.2", 1), direct("A1.3", 100)])
        .seats(vec![seat("J1"), seat("J2"), seat("J3"), seat("J5"), trainee("J4")])
        .open()
}

fn vacant(hall: &Hall, row: usize) -> Vec<String> {
    hall.skill().vacant(row, 0).into_iter().map(ToString::to_string).collect()
}

fn reseat(leaves: &str, comes: Option<&str>) -> Body {
    Body::Reseat(asked(leaves, comes))
}

fn asked(leaves: &str, comes: Option<&str>) -> Reseat {
    Reseat {
        competitor: None,
        conflicts: Vec::new(),
        judge: comes.map(JudgeCode::from),
        leaves: leaves.into(),
        reason: reason(),
        sub_criterion: "A1".into(),
    }
}

/// For one competitor's work alone.
fn stand_in(hall: &mut Hall, competitor: &str, leaves: &str, comes: Option<&str>) -> String {
    let body = Reseat { competitor: Some(competitor.into()), ..asked(leaves, comes) };
    hall.ask(Role::ChiefJudge, "chief", Body::Reseat(body))
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
    assert_eq!(vacant(&hall, 0), [""; 0]);
    assert_eq!(change(&mut hall, "J5", None), "accepted");
    assert_eq!(vacant(&hall, 0), ["J5"]);
    assert_eq!(hall.mark_of("C1", "A1.2"), Some(6_000), "the round waits for nobody any more");
    assert_eq!(change(&mut hall, "J3", None), "refused panel_too_small");
    assert_eq!(change(&mut hall, "J4", None), "accepted", "a trainee may go");
    assert_eq!(vacant(&hall, 0), ["J5"], "the seat of a trainee is missed by nobody");
    assert_eq!(change(&mut hall, "J3", Some("J5")), "refused sat_elsewhere", "J5 had a seat of their own");
    assert_eq!(change(&mut hall, "J5", None), "refused already_so");
    // A seat that is empty can be taken, by whomever.
    assert_eq!(change(&mut hall, "J5", Some("J8")), "accepted");
    assert_eq!(vacant(&hall, 0), [""; 0]);
    assert_eq!(hall.mark_of("C1", "A1.2"), None, "J8 has not said anything");
    assert_eq!(change(&mut hall, "J8", None), "accepted");
    assert_eq!(vacant(&hall, 0), ["J8"], "who sat there last");
    assert_eq!(change(&mut hall, "J8", Some("J8")), "accepted");
    assert_eq!(change(&mut hall, "J5", Some("J6")), "refused not_on_panel", "J8 sits there");
}

/// enough for each competitor, and not only in general.
#[test]
fn a_seat_that_is_empty_for_one_competitor_counts_where_another_is_left_for_all() {
    let mut hall = hall();
    assert_eq!(stand_in(&mut hall, "C2", "J5", None), "accepted");
    assert_eq!(change(&mut hall, "J3", None), "refused panel_too_small", "two of three were left for C2");
    assert_eq!(stand_in(&mut hall, "C2", "J3", Some("J8")), "accepted");
    assert_eq!(change(&mut hall, "J3", None), "accepted", "who stands in for C2 goes on there");
    assert_eq!((vacant(&hall, 0), vacant(&hall, 1)), (vec!["J3".to_owned()], vec!["J5".to_owned()]));
    assert_eq!(change(&mut hall, "J1", None), "refused panel_too_small");
    assert_eq!(stand_in(&mut hall, "C1", "J1", None), "refused panel_too_small");
    assert_eq!(stand_in(&mut hall, "C1", "J3", Some("J9")), "accepted");
    assert_eq!(stand_in(&mut hall, "C1", "J1", None), "accepted", "J2, J5 and J9 are left");
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
    let without = Body::Reseat(Reseat { reason: None, ..asked("J5", None) });
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

/// Three counting judges as the rules ask for, and two competitors of whom J2 may not mark the first.
fn compatriots() -> Hall {
    let plan = Plan::of(3).sub("A1", vec![judged("A1.1", 300), direct("A1.2", 100)]);
    let conflicts = vec![
        Conflict { competitor: "C1".into(), judge: "J2".into() },
        Conflict { competitor: "C2".into(), judge: "J9".into() },
    ];
    let opening = Opening { conflicts, ..plan.opening() };
    let mut hall = Hall::default();
    assert_eq!(hall.ask(Role::Organiser, "organiser", Body::Open(Box::new(opening))), "accepted");
    hall
}

/// nobody marks a compatriot, and the fourth judge takes the seat for that competitor.
#[test]
fn a_compatriot_marks_nothing_and_who_stands_in_marks_that_competitor_alone() {
    let mut hall = compatriots();
    assert_eq!(hall.mark("J2", "C1", "A1.1", "2"), "refused compatriot");
    assert_eq!(hall.mark("J2", "C1", "A1.2", "1"), "refused compatriot", "a measurement neither");
    panel(&mut hall, &["J1", "J3"], "A1.1", "2");
    assert_eq!(hall.mark_of("C1", "A1.1"), None, "two judges of three");
    let (row, sub) = (hall.row("C1"), 0);
    let barred: Vec<&str> = hall.skill().barred(row, sub).iter().map(|seat| seat.judge.as_str()).collect();
    assert_eq!(barred, ["J2"]);
    let silent = hall.skill().silent(row, hall.column("A1.1"));
    assert!(silent.is_empty(), "nobody waits for who may not: {silent:?}");
    assert_eq!(hall.mark("J4", "C1", "A1.1", "2"), "refused not_on_panel");
    assert_eq!(stand_in(&mut hall, "C1", "J2", Some("J4")), "accepted");
    assert!(hall.skill().barred(row, sub).is_empty());
    assert_eq!(hall.skill().silent(row, hall.column("A1.1")), [&JudgeCode::from("J4")]);
    assert_eq!(hall.mark("J4", "C1", "A1.1", "3"), "accepted");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(233), "2, 2 and 3 of 3.00");
    // For everybody else the panel is as it was.
    assert_eq!(hall.mark("J4", "C2", "A1.1", "2"), "refused not_on_panel");
    assert_eq!(hall.mark("J2", "C2", "A1.1", "2"), "accepted");
    assert_eq!(hall.mark("J2", "C1", "A1.1", "2"), "refused compatriot");
    let shares: Vec<(String, usize)> = hall
        .skill()
        .shares()
        .into_iter()
        .map(|share| (hall.skill().panel(share.sub)[share.seat].judge.to_string(), share.of))
        .collect();
    let shares: Vec<(&str, usize)> = shares.iter().map(|(judge, of)| (judge.as_str(), *of)).collect();
    assert_eq!(shares, [("J1", 6), ("J2", 4), ("J3", 6), ("J4", 2)], "of three sheets of two cells");
}

/// the seat is signed for by who marked.
#[test]
fn who_stands_in_signs_and_who_was_barred_does_not() {
    let mut hall = compatriots();
    assert_eq!(stand_in(&mut hall, "C1", "J2", Some("J4")), "accepted");
    panel(&mut hall, &["J1", "J3", "J4"], "A1.1", "2");
    assert_eq!(hall.mark("J4", "C1", "A1.2", "1"), "accepted");
    let sheet = hall.skill().sheet_digest(hall.row("C1"), 0);
    let sign = |judge: &str| {
        Body::Sign(Sign {
            competitor: "C1".into(),
            drawing: None,
            judge: judge.into(),
            reason: None,
            sheet,
            sub_criterion: "A1".into(),
        })
    };
    assert_eq!(hall.ask(Role::Judge, "J2", sign("J2")), "refused not_on_panel");
    for judge in ["J1", "J3"] {
        assert_eq!(hall.ask(Role::Judge, judge, sign(judge)), "accepted");
    }
    let lock = Body::Lock(Lock { competitor: "C1".into(), sub_criterion: "A1".into() });
    let unsigned: Vec<&str> = hall.skill().unsigned(hall.row("C1"), 0).map(JudgeCode::as_str).collect();
    assert_eq!(unsigned, ["J4"]);
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", lock.clone()), "refused signatures_missing");
    assert_eq!(hall.ask(Role::Judge, "J4", sign("J4")), "accepted");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", lock), "accepted");
}

/// whoever steps back keeps the rest; what was scored before stays.
#[test]
fn one_who_steps_back_for_one_competitor_keeps_the_others() {
    let mut hall = hall();
    panel(&mut hall, &["J1"], "A1.1", "2");
    assert_eq!(stand_in(&mut hall, "C1", "J1", Some("J7")), "accepted");
    assert_eq!(hall.mark("J7", "C1", "A1.1", "1"), "refused seat_has_scored");
    assert_eq!(hall.mark("J7", "C1", "A1.2", "50"), "accepted");
    assert_eq!(hall.mark("J1", "C1", "A1.3", "1"), "late judge_left");
    assert_eq!(hall.mark("J1", "C2", "A1.3", "1"), "accepted");
    // A seat may stay empty for one competitor where the rest are enough.
    assert_eq!(stand_in(&mut hall, "C2", "J5", None), "accepted");
    assert_eq!((vacant(&hall, 0), vacant(&hall, 1)), (vec![], vec!["J5".to_owned()]));
    assert_eq!(stand_in(&mut hall, "C2", "J3", None), "refused panel_too_small");
    assert_eq!(stand_in(&mut hall, "C2", "J5", Some("J5")), "accepted", "they mark them after all");
    assert_eq!(stand_in(&mut hall, "C2", "J5", Some("J5")), "refused already_so");
    assert_eq!(stand_in(&mut hall, "C9", "J5", Some("J8")), "refused unknown_competitor");
}

/// Nobody speaks for two seats of a competitor; the fourth judge stands in for one judge here and for
/// another there.
#[test]
fn one_judge_stands_in_for_several_and_never_twice_for_one_competitor() {
    let mut hall = compatriots();
    assert_eq!(stand_in(&mut hall, "C1", "J2", Some("J4")), "accepted");
    assert_eq!(stand_in(&mut hall, "C1", "J3", Some("J4")), "refused already_so");
    assert_eq!(stand_in(&mut hall, "C2", "J3", Some("J4")), "accepted");
    panel(&mut hall, &["J1", "J3", "J4"], "A1.1", "2");
    for judge in ["J1", "J2", "J4"] {
        assert_eq!(hall.mark(judge, "C2", "A1.1", "1"), "accepted", "{judge}");
    }
    assert_eq!((hall.mark_of("C1", "A1.1"), hall.mark_of("C2", "A1.1")), (Some(200), Some(100)));
    // Now J4 takes J3's seat for good: of C1, whom they mark in J2's, J3 stays.
    assert_eq!(change(&mut hall, "J3", Some("J4")), "accepted");
    assert_eq!(hall.mark("J3", "C1", "A1.2", "1"), "accepted");
    for judge in ["J1", "J2", "J4"] {
        assert_eq!(hall.mark(judge, "C3", "A1.1", "3"), "accepted", "{judge}");
    }
    assert_eq!(hall.mark("J3", "C3", "A1.2", "1"), "late judge_left");
    assert_eq!(hall.mark_of("C3", "A1.1"), Some(300));
    assert_eq!(stand_in(&mut hall, "C1", "J4", Some("J2")), "refused second_needed", "a compatriot");
}

/// an exception is two persons'.
#[test]
fn a_compatriot_is_let_in_by_two_persons_alone_and_who_comes_brings_their_own_conflicts() {
    let mut hall = compatriots();
    let let_in = || Body::Reseat(Reseat { competitor: Some("C1".into()), ..asked("J2", Some("J2")) });
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", let_in()), "refused second_needed");
    assert_eq!(hall.decide(let_in()), "accepted");
    assert_eq!(hall.mark("J2", "C1", "A1.1", "2"), "accepted");
    // J9 was known as a compatriot of C2 before they had a seat, J8 becomes known with theirs.
    assert_eq!(change(&mut hall, "J1", Some("J9")), "accepted");
    assert_eq!(hall.mark("J9", "C2", "A1.1", "2"), "refused compatriot");
    let body = Reseat { conflicts: vec!["C3".into()], ..asked("J3", Some("J8")) };
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Reseat(body)), "accepted");
    assert_eq!(hall.mark("J8", "C3", "A1.1", "2"), "refused compatriot");
    assert_eq!(hall.mark("J8", "C1", "A1.1", "2"), "accepted");
    let unknown = Reseat { conflicts: vec!["C7".into()], ..asked("J8", Some("J3")) };
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Reseat(unknown)), "refused unknown_competitor");
}

/// A sheet that was swapped takes its scores with it, whoever gave them.
#[test]
fn exchanged_sheets_keep_the_scores_of_who_stood_in() {
    let mut hall = compatriots();
    assert_eq!(stand_in(&mut hall, "C1", "J2", Some("J4")), "accepted");
    panel(&mut hall, &["J1", "J3", "J4"], "A1.1", "2");
    for judge in ["J1", "J2", "J3"] {
        assert_eq!(hall.mark(judge, "C2", "A1.1", "3"), "accepted", "{judge}");
    }
    assert_eq!(hall.decide(exchange("C1", "C2", "A1")), "accepted");
    assert_eq!((hall.mark_of("C1", "A1.1"), hall.mark_of("C2", "A1.1")), (Some(300), Some(200)));
}

/// An exchange brings a judge's score beside another seat, in which they sit for that competitor.
#[test]
fn nobody_speaks_for_two_seats_after_an_exchange() {
    let mut hall = hall();
    assert_eq!(stand_in(&mut hall, "C2", "J1", None), "accepted");
    assert_eq!(stand_in(&mut hall, "C2", "J5", Some("J1")), "accepted");
    assert_eq!(hall.mark("J1", "C1", "A1.1", "2"), "accepted");
    assert_eq!(hall.decide(exchange("C1", "C2", "A1")), "accepted");
    assert_eq!(hall.mark("J1", "C2", "A1.1", "3"), "refused sat_elsewhere");
    assert_eq!(hall.mark("J1", "C2", "A1.2", "60"), "accepted", "they have not spoken there");
    // Somebody else takes that seat, and the round goes on.
    assert_eq!(stand_in(&mut hall, "C2", "J1", Some("J8")), "accepted");
    assert_eq!(hall.mark("J8", "C2", "A1.1", "3"), "accepted");
}

#[test]
fn an_opening_names_who_may_not_meet_and_nobody_unknown() {
    let plan = Plan::of(2).sub("A1", vec![judged("A1.1", 300)]);
    let conflict = |competitor: &str| Conflict { competitor: competitor.into(), judge: "J2".into() };
    let of = |conflicts| Opening { conflicts, ..plan.opening() };
    let codes = |opening: &Opening| {
        domain::marking::check_opening(opening).iter().map(|found| found.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&of(vec![conflict("C1")])), ["seat_barred"]);
    assert_eq!(codes(&of(vec![conflict("C1"), conflict("C1")])), ["unknown_conflict", "seat_barred"]);
    assert_eq!(codes(&of(vec![conflict("C7")])), ["unknown_conflict", "seat_barred"]);
    assert!(codes(&plan.opening()).is_empty());
}
