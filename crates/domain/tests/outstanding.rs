//! What is still to be done: panels that disagree, judges who have not finished, and what a mark that
//! waits would come to.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use domain::marking::{Mark, Refusal, Share};
use domain::number::{self, Decimal};
use domain::scheme::Calculation;
use support::{Hall, Plan, absent, aspect, close, judged, mark_body, number as said, rescore, seat, trainee};

/// Two competitors; A1.1 is judged for 2.00, A1.2 measured for 1.00, A2.1 measured.
fn hall() -> Hall {
    let direct = |id: &str| aspect(id, 100, domain::scheme::Method::Measurement(Calculation::Direct));
    Plan::of(2)
        .sub("A1", vec![judged("A1.1", 200), direct("A1.2")])
        .sub("A2", vec![direct("A2.1")])
        .seats(vec![seat("J1"), seat("J2"), seat("J3"), trainee("J4")])
        .open()
}

fn shares(hall: &Hall) -> Vec<(usize, usize)> {
    hall.skill().shares().iter().map(|share| (share.done, share.of)).collect()
}

///
#[test]
fn a_disagreement_shows_the_complete_round_and_names_who_is_still_to_score_again() {
    let mut hall = hall();
    hall.mark("J1", "C1", "A1.1", "0");
    hall.mark("J2", "C1", "A1.1", "2");
    assert_eq!(hall.skill().disagreements(), [], "a round that is being scored is nobody's to see");
    hall.mark("J3", "C1", "A1.1", "1");
    let [one] = hall.skill().disagreements().try_into().expect("one disagreement");
    assert_eq!((one.round, one.spread, one.was_accepted), (1, Some(Decimal::whole(2)), false));
    assert_eq!(one.scores, [(0, said("0")), (1, said("2")), (2, said("1"))]);
    assert_eq!(one.waits_for, [0, 1, 2]);
    assert_eq!(hall.mark_round("J2", "C1", "A1.1", 2, said("1")), "accepted");
    let [one] = hall.skill().disagreements().try_into().expect("it goes on");
    assert_eq!(one.scores, [(0, said("0")), (1, said("2")), (2, said("1"))], "nothing of the new round");
    assert_eq!(one.waits_for, [0, 2]);
    hall.mark("J1", "C1", "A1.1", "1");
    hall.mark("J3", "C1", "A1.1", "1");
    assert_eq!(hall.skill().disagreements(), []);
    assert_eq!(hall.ask(domain::access::Role::ChiefJudge, "chief", rescore("C1", "A1.1")), "accepted");
    let [one] = hall.skill().disagreements().try_into().expect("another round was asked for");
    assert_eq!((one.round, one.was_accepted, one.waits_for.len()), (2, true, 3));
    assert_eq!(hall.ask(domain::access::Role::ChiefJudge, "chief", absent("C1")), "accepted");
    assert_eq!(hall.skill().disagreements(), [], "who is out is not scored again");
}

#[test]
fn a_judges_share_counts_what_needs_nothing_more_from_them() {
    let mut hall = hall();
    // A1 of J1 to J4, then A2 of J1 to J4.
    assert_eq!(shares(&hall), [(0, 4), (0, 4), (0, 4), (0, 4), (0, 2), (0, 2), (0, 2), (0, 2)]);
    let first = hall.skill().shares()[0];
    assert_eq!(first, Share { sub: 0, seat: 0, done: 0, of: 4 });
    hall.mark("J1", "C1", "A1.2", "1");
    assert_eq!(shares(&hall)[..4], [(1, 4), (1, 4), (1, 4), (1, 4)], "a measurement is the whole panel's");
    hall.mark("J2", "C1", "A1.1", "0");
    assert_eq!(shares(&hall)[..4], [(1, 4), (2, 4), (1, 4), (1, 4)]);
    hall.mark("J1", "C1", "A1.1", "2");
    hall.mark("J3", "C1", "A1.1", "2");
    assert_eq!(shares(&hall)[..4], [(1, 4), (1, 4), (1, 4), (1, 4)], "all score again");
    assert_eq!(hall.mark_round("J2", "C1", "A1.1", 2, said("2")), "accepted");
    assert_eq!(shares(&hall)[..4], [(1, 4), (2, 4), (1, 4), (1, 4)]);
    assert_eq!(hall.ask(domain::access::Role::ChiefJudge, "chief", absent("C2")), "accepted");
    assert_eq!(shares(&hall)[..4], [(1, 2), (2, 2), (1, 2), (1, 2)]);
}

///
#[test]
fn what_a_waiting_mark_would_come_to_is_worked_out_before_it_counts() {
    let mut hall = hall();
    let mark =
        |judge: &str, aspect: &str, round, value| match mark_body(judge, "C1", aspect, round, said(value)) {
            domain::marking::Body::Mark(mark) => mark,
            _ => unreachable!("it is a mark"),
        };
    let worth = |hall: &Hall, mark: &Mark| hall.skill().worth(mark);
    assert_eq!(worth(&hall, &mark("J1", "A1.2", 1, "0.75")), Some(number::Mark(75)));
    assert_eq!(worth(&hall, &mark("J1", "A1.1", 1, "2")), None, "one score of three");
    hall.mark_all("C1", "A1.1", ["2", "2", "2"]);
    assert_eq!(worth(&hall, &mark("J1", "A1.1", 1, "3")), Some(number::Mark(156)));
    assert_eq!(worth(&hall, &mark("J1", "A1.1", 1, "0")), None, "the panel would disagree");
    assert_eq!(worth(&hall, &mark("J9", "A1.1", 1, "2")), None, "no seat");
    assert_eq!(hall.mark_of("C1", "A1.1"), Some(133), "nothing was entered");
    assert_eq!(hall.ask(domain::access::Role::Organiser, "organiser", close()), "accepted");
    assert_eq!(hall.mark("J2", "C1", "A1.2", "0.5"), "late closed");
    let code = hall.entries.last().and_then(|sealed| sealed.entry.code.clone()).expect("a code");
    assert_eq!(Refusal::of_waiting(&code), Some(Refusal::Closed));
    assert_eq!(Refusal::of_waiting("not_allowed"), None);
}
