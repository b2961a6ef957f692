//! What an act would change is foretold by the rules themselves, and the decisions that hold are told.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use domain::access::Role;
use domain::id::{EntryId, LedgerId};
use domain::marking::{Body, Decision, Stamp, VoidHow, foresee};
use domain::number::Mark;
use domain::results::difference::{Change, difference};
use support::*;

/// Three competitors; A1 has a judged aspect of 2.00 and a measured one of 1.00, B1 a measured one.
/// Of C3 B1 is not marked.
fn hall() -> Hall {
    let mut hall = Plan::of(3)
        .sub("A1", vec![judged("A1.1", 200), direct("A1.2", 100)])
        .sub("B1", vec![direct("B1.1", 100)])
        .open();
    for (competitor, rung, value) in [("C1", "3", "0.90"), ("C2", "2", "0.40"), ("C3", "1", "0.10")] {
        hall.mark_all(competitor, "A1.1", [rung; 3]);
        assert_eq!(hall.mark("J1", competitor, "A1.2", value), "accepted");
        if competitor != "C3" {
            assert_eq!(hall.mark("J1", competitor, "B1.1", "0.50"), "accepted");
        }
    }
    hall
}

/// What is foretold of an act; then it is entered, and must come to exactly that.
fn foretold(hall: &mut Hall, body: Body) -> Vec<Change> {
    let command = hall.command(Role::ChiefJudge, "chief", Some("supervisor"), body);
    let stamp = Stamp { ledger: LedgerId::from("skill-1"), now: 1_790_000_000_000 };
    let (before, table) = (hall.skill().clone(), hall.table());
    let after = foresee(&hall.state, command.clone(), &stamp).expect("it would be accepted");
    let told = difference(&before, after.skill.as_deref().expect("it is open"));
    assert_eq!(hall.table(), table, "foretelling changes nothing");
    assert_eq!(hall.enter(command), "accepted");
    assert_eq!(told, difference(&before, hall.skill()));
    told
}

fn codes(changes: &[Change]) -> Vec<&str> {
    changes.iter().map(|change| change.competitor.as_str()).collect()
}

/// Hundredths before and after, and whether either is a total.
fn marks(change: &Change) -> (Option<i64>, Option<i64>, bool) {
    let of = |marks: Option<Mark>| marks.map(|marks| marks.0);
    (of(change.before.marks), of(change.after.marks), change.before.is_total || change.after.is_total)
}

#[test]
fn what_is_foretold_of_an_act_is_what_comes_and_foretelling_changes_nothing() {
    let mut hall = hall();
    // C1 has 2.00 + 0.90 + 0.50, C2 1.33 + 0.40 + 0.50.
    let exchanged = foretold(&mut hall, exchange("C1", "C2", "A1"));
    assert_eq!(codes(&exchanged), ["C2", "C1"], "in the order in which they then stand");
    assert_eq!(marks(&exchanged[0]), (Some(223), Some(340), true));
    assert_eq!((exchanged[0].before.position, exchanged[0].after.position), (Some(2), Some(1)));
    // Exchanging again is the way back.
    let back = foretold(&mut hall, exchange("C1", "C2", "A1"));
    assert_eq!((codes(&back), marks(&back[0])), (vec!["C1", "C2"], (Some(223), Some(340), true)));
    let voided = foretold(&mut hall, void_aspect("A1.2", VoidHow::Full));
    assert_eq!(codes(&voided), ["C1", "C2", "C3"]);
    let void_entry = hall.last();
    foretold(&mut hall, void_aspect("A1.2", VoidHow::Removed));
    foretold(&mut hall, penalty("C1", 200));
    let penalised = hall.last();
    let out = foretold(&mut hall, disqualify("C2"));
    assert!(codes(&out).contains(&"C1"), "who moves up is told");
    let back = foretold(&mut hall, void(penalised));
    assert_eq!(codes(&back), ["C1"]);
    foretold(&mut hall, void(void_entry));
    hall.verify();
}

/// somebody who is still being marked has no total, but is told by what is marked.
#[test]
fn somebody_who_is_not_all_marked_is_told_by_the_marks_so_far() {
    let mut hall = hall();
    let exchanged = foretold(&mut hall, exchange("C1", "C3", "B1"));
    let [up, changes @ ..] = exchanged.as_slice() else { panic!("{exchanged:?}") };
    assert_eq!((up.competitor.as_str(), up.before.position, up.after.position), ("C2", Some(2), Some(1)));
    assert_eq!(codes(changes), ["C3", "C1"]);
    // 0.67 + 0.10, and B1's 0.50 goes to C3, who then has a total; C1's is gone.
    assert_eq!(marks(&changes[0]), (Some(77), Some(127), true));
    assert_eq!((changes[1].before.is_total, changes[1].after.is_total), (true, false));
    assert_eq!(marks(&changes[1]), (Some(340), Some(290), true));
}

/// nothing of a round that somebody has still to score is in a difference.
#[test]
fn a_difference_tells_nothing_of_a_round_that_is_not_complete() {
    let told = |scores: [&str; 2]| {
        let mut hall = hall();
        assert_eq!(hall.decide(rescore("C1", "A1.1")), "accepted");
        for (judge, score) in ["J1", "J2"].into_iter().zip(scores) {
            assert_eq!(hall.mark_round(judge, "C1", "A1.1", 2, number(score)), "accepted");
        }
        [
            exchange("C1", "C2", "A1"),
            void_aspect("A1.2", VoidHow::Full),
            disqualify("C2"),
            exchange("C1", "C3", "A1"),
        ]
        .map(|body| foretold(&mut hall, body))
    };
    assert_eq!(told(["0", "0"]), told(["3", "3"]));
}

#[test]
fn what_the_rules_would_refuse_is_not_foretold_but_refused() {
    let mut hall = hall();
    let stamp = Stamp { ledger: LedgerId::from("skill-1"), now: 1_790_000_000_000 };
    for (body, words) in [
        (void(EntryId(7)), "no such decision"),
        (exchange("C1", "C1", "A1"), "two different competitors"),
        (unlock("C1", "A1.1"), "not locked"),
    ] {
        let command = hall.command(Role::ChiefJudge, "chief", Some("supervisor"), body);
        let refused = foresee(&hall.state, command, &stamp).expect_err("it is refused");
        assert!(refused.to_string().contains(words), "{refused}");
    }
}

/// what can be undone is what holds; an exchange is none of it.
#[test]
fn decisions_are_told_until_they_are_undone() {
    let mut hall = hall();
    for body in [
        absent("C3"),
        penalty("C1", 25),
        extra_time("C2", 10),
        void_aspect("A1.2", VoidHow::Full),
        exchange("C1", "C2", "B1"),
    ] {
        assert_eq!(hall.decide(body), "accepted");
    }
    let told: Vec<Decision<'_>> = hall.skill().decisions().map(|(_, decision)| decision).collect();
    let column = hall.column("A1.2");
    assert_eq!(
        told,
        [
            Decision::Absent(2),
            Decision::Penalty(0, Mark(25)),
            Decision::ExtraTime(1, 10),
            Decision::Voided(column, VoidHow::Full),
        ]
    );
    let all: Vec<EntryId> = hall.skill().decisions().map(|(entry, _)| entry).collect();
    for entry in all {
        assert_eq!(hall.decide(void(entry)), "accepted");
        assert_eq!(hall.skill().decision(entry), None);
        assert_eq!(hall.decide(void(entry)), "refused no_such_decision");
    }
    assert_eq!(hall.skill().decisions().count(), 0);
    hall.verify();
}

///
#[test]
fn a_signature_for_somebody_is_told_as_such_until_the_sheet_changes() {
    let mut hall = hall();
    for judge in ["J1", "J2"] {
        assert_eq!(hall.sign(judge, "C1", "A1"), "accepted");
    }
    let mut sign = hall.signature("J3", "C1", "A1");
    sign.reason = None;
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Sign(sign.clone())), "refused reason_needed");
    sign.reason = reason();
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Sign(sign)), "accepted");
    let place = hall.skill().sub(&"A1".into()).expect("a sheet");
    let row = hall.row("C1");
    let sheet = hall.skill().sheet(row, place).expect("it is signed");
    let signed_for: Vec<_> =
        sheet.signed_for.iter().map(|(judge, by)| (judge.as_str(), by.as_str())).collect();
    assert_eq!(signed_for, [("J3", "chief")], "those who signed themselves are not told");
    assert!(hall.skill().is_ready(row, place));
    assert_eq!(hall.lock("C1", "A1"), "accepted");
    assert!(!hall.skill().is_ready(row, place), "it is locked");
    assert_eq!(hall.decide(unlock("C1", "A1.2")), "accepted");
    let sheet = hall.skill().sheet(row, place).expect("it was locked");
    assert!(sheet.signed.is_empty() && sheet.signed_for.is_empty(), "the unlock voids all of them");
}
