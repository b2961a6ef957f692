//! Values that are worth a second look.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use domain::id::SubCriterionId;
use domain::marking::{Body, Odd, VoidAspect, VoidHow};
use domain::number::Decimal;
use domain::scheme::{Aspect, Calculation, Method, Unit};
use support::{Hall, Plan, averaged, direct, judged, reason};

/// A difference from 10, a mark of 1.00 less 0.1 for every 0.1.
fn off_by(id: &str) -> Aspect {
    let calculation = Calculation::Difference {
        deduction: Decimal(100_000),
        per: Decimal(100_000),
        per_unit: Unit::Unit,
        target: Decimal::whole(10),
        unit: Unit::Unit,
    };
    Aspect { method: Method::Measurement(calculation), ..direct(id, 100) }
}

fn told(hall: &Hall) -> Vec<(String, String, Odd)> {
    let skill = hall.skill();
    let told = skill.odd().into_iter().map(|odd| {
        let judge = odd.seat.map(|seat| skill.seats(odd.column)[seat].judge.to_string());
        let code = skill.opening.competitors[odd.row].code.to_string();
        let aspect = skill.aspect(odd.column).id.to_string();
        (format!("{code} {aspect}"), judge.unwrap_or_default(), odd.why)
    });
    told.collect()
}

#[test]
fn a_measured_value_that_gives_nothing_far_from_its_target_is_told() {
    let mut hall = Plan::of(2).sub("A1", vec![off_by("A1.1"), direct("A1.2", 100)]).open();
    for (competitor, value) in [("C1", "10.3"), ("C2", "100.3")] {
        assert_eq!(hall.mark("J1", competitor, "A1.1", value), "accepted");
        assert_eq!(hall.mark("J1", competitor, "A1.2", "0"), "accepted", "0 of a direct mark is plain");
    }
    let target = Odd::FarFromTarget(Decimal::whole(10));
    assert_eq!(told(&hall), [("C2 A1.1".to_owned(), String::new(), target)]);
    let void = VoidAspect { aspect: "A1.1".into(), how: VoidHow::Full, reason: reason() };
    assert_eq!(hall.decide(Body::VoidAspect(void)), "accepted");
    assert_eq!(told(&hall), [], "nobody's total depends on it any more");
}

/// Scores from 0 to 100: a quarter of that is 25.
#[test]
fn a_panels_score_far_from_the_others_is_told_once_all_have_scored() {
    let mut hall = Plan::of(2).sub("A1", vec![averaged("A1.1", 0)]).open();
    for (judge, value) in [("J1", "60"), ("J2", "80")] {
        assert_eq!(hall.mark(judge, "C1", "A1.1", value), "accepted");
    }
    assert_eq!(told(&hall), [], "J3 has still to score");
    assert_eq!(hall.mark("J3", "C1", "A1.1", "30"), "accepted");
    assert_eq!(told(&hall), [("C1 A1.1".to_owned(), "J3".to_owned(), Odd::FarFromPanel)]);
    for (judge, value) in [("J1", "60"), ("J2", "85"), ("J3", "35")] {
        assert_eq!(hall.mark(judge, "C2", "A1.1", value), "accepted");
    }
    assert_eq!(told(&hall).len(), 1, "exactly a quarter off is not far");
}

#[test]
fn a_sheet_of_nothing_but_threes_is_told_and_three_of_them_are_not() {
    let aspects = ["A1.1", "A1.2", "A1.3", "A1.4"];
    let mut hall = Plan::of(1).sub("A1", aspects.map(|id| judged(id, 100)).to_vec()).open();
    for (at, aspect) in aspects.into_iter().enumerate() {
        let third = if at == 0 { "2" } else { "3" };
        for (judge, value) in [("J1", "3"), ("J2", "2"), ("J3", third)] {
            assert_eq!(told(&hall), [], "before the last aspect is whole");
            assert_eq!(hall.mark(judge, "C1", aspect, value), "accepted");
        }
    }
    assert_eq!(told(&hall), [("C1 A1.1".to_owned(), "J1".to_owned(), Odd::AllTheSame(4))]);
    let sub = hall.skill().sub(&SubCriterionId::from("A1")).expect("it");
    assert_eq!(hall.skill().missing_on_sheet(0, sub), 0, "and all of it counts");
}
