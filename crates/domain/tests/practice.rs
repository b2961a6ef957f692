//! What a practice asks of each judge, and how judges agree: told of whole sessions.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use domain::access::Role;
use domain::marking::VoidHow;
use domain::number::Decimal;
use domain::results::agreement::{Agreement, Scored, agreement, first_rounds};
use domain::results::standings;
use domain::scoring::Value;
use proptest::prelude::*;
use support::{
    Hall, Plan, absent, averaged, close, direct, judged, number as said, rescore, seat, trainee, void_aspect,
};

/// Two pieces; A1 has a judged and a measured aspect, A2 a measured one. T is a trainee.
fn hall() -> Hall {
    Plan::of(2)
        .sub("A1", vec![judged("A1.1", 200), direct("A1.2", 100)])
        .sub("A2", vec![direct("A2.1", 100)])
        .seats(vec![seat("J1"), seat("J2"), seat("J3"), trainee("T")])
        .open()
}

/// Judge, turns done, turns, whether a sheet is whole and a score their own.
fn turns(hall: &Hall) -> Vec<(String, usize, usize, bool, bool)> {
    let turns = hall.skill().turns(0).into_iter();
    turns.map(|one| (one.judge.to_string(), one.done, one.of, one.has_whole_sheet, one.has_scored)).collect()
}

fn of(
    judge: &str,
    done: usize,
    of: usize,
    is_whole: bool,
    has_scored: bool,
) -> (String, usize, usize, bool, bool) {
    (judge.to_owned(), done, of, is_whole, has_scored)
}

///
#[test]
fn a_judge_has_practised_once_every_turn_of_theirs_on_one_sheet_is_done() {
    let mut hall = hall();
    let none = |judge: &str| of(judge, 0, 3, false, false);
    assert_eq!(turns(&hall), [none("J1"), none("J2"), none("J3"), of("T", 0, 1, false, false)]);
    hall.mark("J1", "C1", "A1.1", "0");
    assert_eq!(turns(&hall)[0], of("J1", 1, 3, false, true));
    hall.mark("J1", "C1", "A1.2", "1");
    // The measurement is the panel's one value.
    assert_eq!(turns(&hall)[..2], [of("J1", 2, 3, true, true), of("J2", 1, 3, false, false)]);
    hall.mark("T", "C1", "A1.1", "3");
    assert_eq!(turns(&hall)[3], of("T", 1, 1, true, true), "a trainee, by their own scores");
    hall.mark("J2", "C1", "A1.1", "2");
    hall.mark("J3", "C1", "A1.1", "1");
    assert!(hall.skill().is_disputed(0, 0));
    assert_eq!(turns(&hall)[0], of("J1", 2, 3, true, true), "what others say takes nothing from it");
    // Whoever has entered only what was measured by others has done nothing that is theirs.
    hall.mark("J1", "C1", "A2.1", "1");
    assert_eq!(turns(&hall)[1], of("J2", 3, 3, true, true));
    assert_eq!(hall.skill().turns(1)[0].done, 0, "the other piece is another piece");
}

/// an aspect that is voided is nobody's turn.
#[test]
fn a_voided_aspect_is_nobodys_turn() {
    let mut hall = hall();
    assert_eq!(hall.decide(void_aspect("A1.1", VoidHow::Removed)), "accepted");
    assert_eq!(turns(&hall), ["J1", "J2", "J3"].map(|judge| of(judge, 0, 2, false, false)), "no trainee");
}

fn compared(hall: &Hall, rows: &[usize]) -> Vec<Agreement> {
    agreement(&first_rounds(hall.skill(), rows.iter().copied()))
}

/// nothing is told of a round before everybody has scored, and the first round stays the sample
/// whatever is said later.
#[test]
fn only_complete_first_rounds_are_compared() {
    let mut hall = hall();
    hall.mark("J1", "C1", "A1.1", "0");
    hall.mark("J2", "C1", "A1.1", "2");
    assert_eq!(first_rounds(hall.skill(), [0, 1]), [], "one has still to score");
    hall.mark("T", "C1", "A1.1", "3");
    assert_eq!(first_rounds(hall.skill(), [0, 1]), [], "a trainee completes nothing");
    hall.mark("J3", "C1", "A1.1", "1");
    let [round] = first_rounds(hall.skill(), [0, 1]).try_into().expect("one round");
    let scores: Vec<_> = round.scores.iter().map(|(judge, score)| (judge.as_str(), score.0)).collect();
    assert_eq!(scores, [("J1", 0), ("J2", 2_000_000), ("J3", 1_000_000)], "the trainee's is not in it");
    assert_eq!((round.spread, round.middle), (Decimal::whole(2), (Decimal::whole(1), Decimal::whole(1))));
    for judge in ["J1", "J2", "J3"] {
        assert_eq!(hall.mark_round(judge, "C1", "A1.1", 2, said("3")), "accepted");
    }
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", rescore("C1", "A1.1")), "accepted");
    assert_eq!(first_rounds(hall.skill(), [0]), [round]);
    assert_eq!(first_rounds(hall.skill(), [1]), [], "the rows that are asked for");
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", absent("C1")), "accepted");
    assert_eq!(first_rounds(hall.skill(), [0]), [], "who is out is not compared");
}

/// a score that a judge states to be missing is none, and one score alone says nothing.
#[test]
fn of_a_panel_those_who_scored_are_compared() {
    let mut hall = Plan::of(1).sub("A1", vec![averaged("A1.1", 0)]).open();
    assert_eq!(hall.mark("J1", "C1", "A1.1", "80"), "accepted");
    assert_eq!(hall.mark_round("J2", "C1", "A1.1", 1, Value::Missing), "accepted");
    assert_eq!(hall.mark("J3", "C1", "A1.1", "85"), "accepted");
    let told: Vec<_> = compared(&hall, &[0])
        .into_iter()
        .map(|one| (one.judge.to_string(), one.scored, one.sample, one.severity.map(|mean| mean.to_string())))
        .collect();
    let row = |judge: &str, mean: &str| (judge.to_owned(), Scored::Panel, 1, Some(mean.to_owned()));
    assert_eq!(told, [row("J1", "-5.00"), row("J3", "+5.00")]);
    assert_eq!(hall.mark_round("J3", "C1", "A1.1", 1, Value::Missing), "accepted");
    assert_eq!(compared(&hall, &[0]), []);
}

proptest! {
    /// of any scores each judge's sample is the number of complete rounds they are in, at
    /// the median are no more than that, what the judges of equal samples give more or less comes to
    /// nothing, and no result moves.
    #[test]
    fn judges_are_compared_only_with_each_other(
        scores in prop::collection::vec(prop::array::uniform3(0_u32..=3), 1..8),
        cut in 0_usize..24,
    ) {
        let mut hall = Plan::of(scores.len()).sub("A1", vec![judged("A1.1", 200)]).open();
        let mut entered = 0;
        for (at, three) in scores.iter().enumerate() {
            for (judge, score) in ["J1", "J2", "J3"].iter().zip(three) {
                if entered < cut {
                    hall.mark(judge, &format!("C{}", at + 1), "A1.1", &score.to_string());
                    entered += 1;
                }
            }
        }
        let complete = entered / 3;
        let before = standings(hall.skill());
        let rows: Vec<usize> = (0..scores.len()).collect();
        let told = compared(&hall, &rows);
        prop_assert_eq!(told.len(), if complete > 0 { 3 } else { 0 });
        for one in &told {
            prop_assert_eq!(one.sample, complete);
            prop_assert!(one.at_median <= one.sample);
            let own = usize::from(one.judge.as_str().as_bytes()[1] - b'1');
            // In halves of a rung, by the plain definition: three times the own score less all of them.
            let sum: i64 = scores[..complete]
                .iter()
                .map(|three| 3 * i64::from(three[own]) - three.iter().map(|score| i64::from(*score)).sum::<i64>())
                .sum();
            let mean = one.severity.expect("a mean");
            let twice = 2 * i64::try_from(complete).expect("a few");
            let exact = 100 * sum;
            let away = (2 * exact.abs() + twice) / (2 * twice) * exact.signum();
            prop_assert_eq!(mean.hundredths(), i128::from(away));
        }
        for judge in 0..3 {
            let at_median = scores[..complete].iter().filter(|three| {
                let mut sorted = **three;
                sorted.sort_unstable();
                three[judge] == sorted[1]
            });
            if complete > 0 {
                prop_assert_eq!(told[judge].at_median, at_median.count());
            }
        }
        prop_assert_eq!(standings(hall.skill()), before);
        prop_assert_eq!(hall.ask(Role::Organiser, "organiser", close()), "accepted");
        prop_assert_eq!(compared(&hall, &rows), told, "closing changes nothing of it");
    }
}
