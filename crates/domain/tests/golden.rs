//! Worked examples with published or derived figures, through the whole fold.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use domain::access::Role;
use domain::finding::Place;
use domain::marking::{Body, Reseat};
use domain::number::{Decimal, Mark};
use domain::results::standings;
use domain::rules::SchemeRules;
use domain::scheme::{Aspect, Criterion, Method, Scheme, Section, SubCriterion, check};
use domain::scoring::Value;
use support::*;

/// A skill of one direct aspect of 100.00, with these marks.
fn totals(marks: &[&str]) -> Hall {
    let mut hall = Plan::of(marks.len()).sub("A1", vec![direct("A1.1", 10_000)]).open();
    for (at, mark) in marks.iter().enumerate() {
        assert_eq!(hall.mark("J1", &format!("C{}", at + 1), "A1.1", mark), "accepted");
    }
    hall
}

/// R-070, R-076, R-081: the published field of five, and two and three.
#[test]
fn the_published_fields_come_out_of_the_fold_with_scale_and_position() {
    let five = totals(&["32", "41", "69", "73", "85"]);
    let row = |n: usize, total, scale, position| (format!("C{n}"), Some(total), Some(scale), Some(position));
    assert_eq!(
        five.table(),
        [
            row(5, 8_500, 720, 1),
            row(4, 7_300, 705, 2),
            row(3, 6_900, 700, 3),
            row(2, 4_100, 665, 4),
            row(1, 3_200, 653, 5)
        ]
    );
    assert_eq!(totals(&["50", "80"]).table(), [row(2, 8_000, 720, 1), row(1, 5_000, 680, 2)]);
    assert_eq!(
        totals(&["10", "20", "40"]).table(),
        [row(3, 4_000, 740, 1), row(2, 2_000, 700, 2), row(1, 1_000, 680, 3)]
    );
}

/// R-080, R-081: 28.42 and 28.40 publish the same points in a wide field, and share the position.
#[test]
fn totals_that_publish_the_same_points_share_the_position() {
    let hall = totals(&["28.42", "28.40", "10", "15", "5"]);
    let (first, second) = (hall.standing("C1"), hall.standing("C2"));
    assert_eq!((first.scale, first.position), (second.scale, second.position));
    assert!(first.total > second.total);
}

/// R-032, R-050, R-051: fourteen triples, each rounded once, then summed exactly.
#[test]
fn fourteen_judged_aspects_sum_to_their_rounded_marks() {
    let table = [
        (["0", "0", "0"], 100, 0),
        (["0", "0", "1"], 25, 3),
        (["0", "1", "1"], 50, 11),
        (["1", "1", "1"], 200, 67),
        (["1", "1", "2"], 200, 89),
        (["1", "1", "2"], 75, 33),
        (["1", "2", "2"], 50, 28),
        (["1", "2", "2"], 100, 56),
        (["2", "2", "2"], 25, 17),
        (["2", "2", "3"], 75, 58),
        (["2", "2", "3"], 200, 156),
        (["2", "3", "3"], 25, 22),
        (["2", "3", "3"], 150, 133),
        (["3", "3", "3"], 200, 200),
    ];
    let total = |rounding: &str| {
        let line = format!("rounding = {{ position = \"{rounding}\", source = \"R-050, R-052\" }}");
        let aspects = table.iter().enumerate().map(|(at, (_, max, _))| judged(&format!("A1.{at}"), *max));
        let mut hall = Plan::of(1).ruled(rules_with(&[&line])).sub("A1", aspects.collect()).open();
        for (at, (scores, _, mark)) in table.iter().enumerate() {
            hall.mark_all("C1", &format!("A1.{at}"), *scores);
            if rounding == "per_aspect" {
                assert_eq!(hall.mark_of("C1", &format!("A1.{at}")), Some(*mark), "{scores:?}");
            }
        }
        hall.total("C1")
    };
    assert_eq!(total("per_aspect"), Some(873));
    // The same triples as one exact sum: 7850/9 = 872.2… hundredths, one hundredth less.
    assert_eq!(total("at_total"), Some(872));
}

/// Criteria with their marks, and sections with what their aspects get and should get, as two real
/// workbooks have them; every aspect an equal share of what is left would do, so each section's
/// marks lie in as few aspects as 2.00 allows.
fn scheme_of(criteria: &[(&str, i64)], sections: &[(i64, i64)]) -> Scheme {
    let mut left: Vec<i64> = sections.iter().map(|(given, _)| given * 100).collect();
    let criteria = criteria.iter().map(|(id, marks)| {
        let mut aspects: Vec<Aspect> = Vec::new();
        let mut wanted = marks * 100;
        while wanted > 0 {
            let at = left.iter().position(|left| *left > 0).expect("sections give as much as criteria");
            let max = wanted.min(left[at]).min(200);
            (wanted, left[at]) = (wanted - max, left[at] - max);
            let id = format!("{id}1.{}", aspects.len() + 1);
            aspects.push(Aspect { section: Some((at + 1).to_string().as_str().into()), ..direct(&id, max) });
        }
        let sub = SubCriterion { aspects, day: 1, id: format!("{id}1").as_str().into(), name: String::new() };
        Criterion { id: (*id).into(), name: String::new(), sub_criteria: vec![sub] }
    });
    let sections = sections.iter().enumerate().map(|(at, (_, target))| Section {
        id: (at + 1).to_string().as_str().into(),
        name: String::new(),
        target: Mark(target * 100),
    });
    Scheme { criteria: criteria.collect(), parts: Vec::new(), sections: sections.collect() }
}

/// The section numbers that a check names.
fn variations(scheme: &Scheme) -> Vec<String> {
    let rules = SchemeRules { section_variation_max: Some(Mark(500)), ..SchemeRules::default() };
    let found = check(scheme, &rules, &|_| Place::default());
    assert!(found.iter().all(|finding| !finding.is_error()));
    let text =
        |finding: &domain::finding::Finding| finding.say(domain::finding::Language::English).to_owned();
    found.iter().filter(|finding| finding.code == "section_variation").map(text).collect()
}

/// R-003, R-006, R-010 to R-012: UK 2024, whose own summary cells say 15/15/27/23/20.
#[test]
fn the_national_scheme_of_2024_sums_to_100_and_leaves_three_sections_far_off() {
    let scheme = scheme_of(
        &[("A", 30), ("B", 30), ("C", 20), ("D", 20)],
        &[(6, 5), (1, 5), (7, 25), (60, 25), (26, 40)],
    );
    assert_eq!(scheme.total(), Mark(10_000));
    let criteria: Vec<i64> = scheme.criteria.iter().map(|criterion| criterion.total().0).collect();
    assert_eq!(criteria, [3_000, 3_000, 2_000, 2_000]);
    let sums: Vec<i64> = scheme.sections.iter().map(|section| scheme.section_total(&section.id).0).collect();
    assert_eq!(sums, [600, 100, 700, 6_000, 2_600]);
    let off: i64 = scheme
        .sections
        .iter()
        .map(|section| (scheme.section_total(&section.id).0 - section.target.0).abs())
        .sum();
    assert_eq!(off, 7_200);
    assert_eq!(variations(&scheme).len(), 3, "sections 3, 4 and 5");
}

/// R-003, R-006, R-010: the European scheme of 2023 is on target everywhere.
#[test]
fn the_european_scheme_of_2023_sums_to_100_on_target() {
    let scheme = scheme_of(
        &[("A", 17), ("B", 23), ("C", 17), ("D", 22), ("E", 16), ("F", 5)],
        &[(5, 5), (5, 5), (25, 25), (25, 25), (40, 40)],
    );
    assert_eq!(scheme.total(), Mark(10_000));
    assert_eq!(variations(&scheme), [""; 0]);
}

/// A skill of weighted parts, each one direct aspect of 100.00.
fn composed(parts: &[(&str, i64)], chain: &str, field: &[&[&str]]) -> Hall {
    let ranking = format!("ranking = {{ chain = [{chain}], end = \"share\", source = \"R-083\" }}");
    // Without a scale: one that publishes the same points for near totals would share the position.
    let mut plan = Plan::of(field.len()).ruled(rules_with(&["scale", &ranking]));
    plan = plan.parts(parts.iter().map(|(id, percent)| part(id, *percent)).collect());
    for (at, (id, _)) in parts.iter().enumerate() {
        plan = plan.sub(&format!("A{at}"), vec![in_part(id, direct(&format!("A{at}.1"), 10_000))]);
    }
    let mut hall = plan.open();
    for (row, marks) in field.iter().enumerate() {
        for (at, mark) in marks.iter().enumerate() {
            assert_eq!(hall.mark("J1", &format!("C{}", row + 1), &format!("A{at}.1"), mark), "accepted");
        }
    }
    hall
}

/// R-055: rounded once, at the weighted total.
#[test]
fn weighted_parts_are_rounded_only_at_the_total() {
    let two = composed(&[("theory", 30), ("practice", 70)], "", &[&["86.5", "91.25"]]);
    assert_eq!(two.total("C1"), Some(8_983));
    assert_eq!(two.standing("C1").parts, [Some(Mark(8_650)), Some(Mark(9_125))]);
    let three = composed(&[("theory", 25), ("practice", 55), ("defence", 20)], "", &[&["80", "92", "75"]]);
    assert_eq!(three.total("C1"), Some(8_560));
}

/// R-061, R-083, R-086, R-087: both at 83.00, 150 and 155 minutes; the order of the chain decides.
#[test]
fn two_at_83_are_parted_by_time_or_by_practice_as_the_chain_says() {
    let (time, practice, theory) = (
        r#"{ key = "time", better = "lower" }"#,
        r#"{ key = "part:practice", better = "higher" }"#,
        r#"{ key = "part:theory", better = "higher" }"#,
    );
    let parts = [("theory", 30), ("practice", 70)];
    let field: [&[&str]; 2] = [&["90", "80"], &["76", "86"]];
    let placed = |chain: &[&str]| {
        let mut hall = composed(&parts, &chain.join(", "), &field);
        for (code, minutes) in [("C1", 150), ("C2", 155)] {
            assert_eq!(hall.ask(Role::FloorJudge, "floor", start(code, 1_000)), "accepted");
            assert_eq!(hall.ask(Role::FloorJudge, "floor", stop(code, 1_000 + minutes * 60_000)), "accepted");
        }
        assert_eq!((hall.total("C1"), hall.total("C2")), (Some(8_300), Some(8_300)));
        ["C1", "C2"].map(|code| {
            let standing = hall.standing(code);
            (standing.position, standing.decided_by)
        })
    };
    let by = |position, key: &str| (Some(position), Some(key.to_owned()));
    assert_eq!(placed(&[time, practice, theory]), [by(1, "time"), by(2, "time")]);
    assert_eq!(placed(&[practice, time]), [by(2, "part:practice"), by(1, "part:practice")]);
    assert_eq!(placed(&[]), [(Some(1), None), (Some(1), None)]);
}

/// R-062, R-083: ten minutes given back turn 155 minutes into 145.
#[test]
fn time_given_back_decides_a_tie() {
    let parts = [("theory", 30), ("practice", 70)];
    let chain = r#"{ key = "time", better = "lower" }"#;
    let mut hall = composed(&parts, chain, &[&["90", "80"], &["76", "86"]]);
    for (code, minutes) in [("C1", 150), ("C2", 155)] {
        assert_eq!(hall.ask(Role::FloorJudge, "floor", start(code, 0)), "accepted");
        assert_eq!(hall.ask(Role::FloorJudge, "floor", stop(code, minutes * 60_000)), "accepted");
    }
    assert_eq!(hall.standing("C1").position, Some(1));
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", extra_time("C2", 10)), "accepted");
    assert_eq!((hall.standing("C1").position, hall.standing("C2").position), (Some(2), Some(1)));
}

/// R-041 to R-044: five judges, one dropped at each end; a missing score is no zero.
#[test]
fn trimmed_means_come_out_of_the_fold() {
    let seats = ["J1", "J2", "J3", "J4", "J5"].map(seat).to_vec();
    let mut hall = Plan::of(3).sub("A1", vec![averaged("A1.1", 1)]).seats(seats).open();
    let given = [
        ("C1", ["85", "90", "92", "92", "95"], Some(9_133)),
        ("C2", ["88", "88", "90", "95", "95"], Some(9_100)),
    ];
    for (code, scores, mark) in given {
        for (judge, score) in ["J1", "J2", "J3", "J4", "J5"].iter().zip(scores) {
            assert_eq!(hall.mark_of(code, "A1.1"), None, "not before every seat has spoken");
            assert_eq!(hall.mark(judge, code, "A1.1", score), "accepted");
        }
        assert_eq!(hall.mark_of(code, "A1.1"), mark);
    }
    for (judge, score) in ["J1", "J2", "J3", "J4"].iter().zip(["85", "90", "92", "95"]) {
        assert_eq!(hall.mark(judge, "C3", "A1.1", score), "accepted");
    }
    let missing = domain::scoring::Value::Missing;
    assert_eq!(hall.mark_round("J5", "C3", "A1.1", 1, missing), "accepted");
    assert_eq!(hall.mark_of("C3", "A1.1"), Some(9_100), "the mean of 90 and 92");
    hall.verify();
}

/// A panel aspect of scores 0 to 100 that drops one at each end and counts by a factor, in millionths.
fn weighed(id: &str, max: i64, factor: i64) -> Aspect {
    let mut aspect = Aspect { max: Mark(max), ..averaged(id, 1) };
    if let Method::Panel(scoring) = &mut aspect.method {
        scoring.factor = Decimal(factor);
    }
    aspect
}

/// `vocational-2014`: five judges, the highest and the lowest dropped, one of them absent now and then.
/// P is 15.00 of 100 (factor 0.15), W is 85.00 (0.85). By hand, with R-041 to R-044 and R-050:
///
/// | | scores | dropped | kept, mean to 0.01 | × factor | mark |
/// |---|---|---|---|---|---|
/// | C1 P | 78 80 80.5 82 85 | 78, 85 | 242.5 / 3 = 80.83 | 12.1245 | 12.12 (in one step it would be 12.125: 12.13) |
/// | C1 W | 85 90 92 92 95 | 85, 95 | 274 / 3 = 91.33 | 77.6305 | 77.63 |
/// | C2 P | 88 88 90 95 95 | one 88, one 95 | 273 / 3 = 91.00 | 13.65 | 13.65 |
/// | C2 W | 80 85.5 90 84 – | 80, 90 | 169.5 / 2 = 84.75 | 72.0375 | 72.04 |
/// | C3 P | 70 75 80 – – | 70, 80 | 75.00 | 11.25 | 11.25 |
/// | C3 W | 70 90 – – – | | two are fewer than 1 + 1 + 1 | | none |
/// | C4 P | 0 76 77 78 100 | 0, 100 | 231 / 3 = 77.00 | 11.55 | 11.55 (a 0 was said, and is dropped) |
/// | C4 W | 91 92 92 92 100 | 91, 100 | 276 / 3 = 92.00 | 78.20 | 78.20 |
/// | C5 P | 70 80 90 100 | 70, 100 | 170 / 2 = 85.00 | 12.75 | 12.75 (J5 has left, R-145) |
/// | C5 W | 60 70 71 90 | 60, 90 | 141 / 2 = 70.50 | 59.925 | 59.93 |
///
/// Totals: C1 12.12 + 77.63 = 89.75, C2 85.69, C4 11.55 + 78.20 = 89.75, C5 72.68; C3 has none. Equals
/// share (R-081): 1, 1, 3, 4.
#[test]
fn a_vocational_panel_of_five_drops_its_extremes_and_does_without_who_is_absent() {
    let rules = domain::rules::preset("vocational-2014").expect("a preset");
    let judges = ["J1", "J2", "J3", "J4", "J5"];
    let mut hall = Plan::of(5)
        .ruled(rules)
        .sub("A1", vec![weighed("P", 1_500, 150_000), weighed("W", 8_500, 850_000)])
        .seats(judges.map(seat).to_vec())
        .open();
    let given = [
        ("C1", "P", vec!["78", "80", "80.5", "82", "85"], Some(1_212)),
        ("C1", "W", vec!["85", "90", "92", "92", "95"], Some(7_763)),
        ("C2", "P", vec!["88", "88", "90", "95", "95"], Some(1_365)),
        ("C2", "W", vec!["80", "85.5", "90", "84", "–"], Some(7_204)),
        ("C3", "P", vec!["70", "75", "80", "–", "–"], Some(1_125)),
        ("C3", "W", vec!["70", "90", "–", "–", "–"], None),
        ("C4", "P", vec!["0", "76", "77", "78", "100"], Some(1_155)),
        ("C4", "W", vec!["91", "92", "92", "92", "100"], Some(7_820)),
        ("C5", "P", vec!["70", "80", "90", "100"], Some(1_275)),
        ("C5", "W", vec!["60", "70", "71", "90"], Some(5_993)),
    ];
    for (code, aspect, scores, mark) in given {
        if (code, aspect) == ("C5", "P") {
            let (leaves, sub_criterion) = ("J5".into(), "A1".into());
            let leaves = Reseat {
                competitor: None,
                conflicts: Vec::new(),
                judge: None,
                leaves,
                reason: reason(),
                sub_criterion,
            };
            assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Reseat(leaves)), "accepted");
        }
        for (judge, score) in judges.iter().zip(&scores) {
            assert_eq!(hall.mark_of(code, aspect), None, "{code} {aspect}: not before every seat has spoken");
            let value = if *score == "–" { Value::Missing } else { number(score) };
            assert_eq!(hall.mark_round(judge, code, aspect, 1, value), "accepted");
        }
        assert_eq!(hall.mark_of(code, aspect), mark, "{code} {aspect}");
    }
    let placed: Vec<_> = standings(hall.skill())
        .into_iter()
        .map(|one| (one.competitor.to_string(), one.total.map(|total| total.0), one.position))
        .collect();
    let row = |code: &str, total, position| (code.to_owned(), total, position);
    assert_eq!(
        placed,
        [
            row("C1", Some(8_975), Some(1)),
            row("C4", Some(8_975), Some(1)),
            row("C2", Some(8_569), Some(3)),
            row("C5", Some(7_268), Some(4)),
            row("C3", None, None),
        ]
    );
    hall.verify();
}

/// R-056: a part below its pass mark keeps the position and takes the award.
#[test]
fn a_part_below_its_pass_mark_keeps_the_position_and_takes_the_award() {
    let prize =
        "prizes = [{ award = \"Best\", take = { positions = { first = 1, last = 2 } }, source = \"x\" }]";
    let mut plan = Plan::of(2).ruled(rules_with(&["scale", prize]));
    plan = plan.parts(vec![part("theory", 30), part("practice", 70)]);
    plan.parts[0].pass_mark = Some(Mark(6_000));
    plan = plan.sub("A0", vec![in_part("theory", direct("A0.1", 700))]);
    plan = plan.sub("A1", vec![in_part("practice", direct("A1.1", 10_000))]);
    let mut hall = plan.open();
    // 4.20 of 7.00 is exactly 60; 4.19 is 59.857…, shown as 59.86.
    for (code, theory, practice) in [("C1", "4.19", "95"), ("C2", "4.20", "60")] {
        assert_eq!(hall.mark("J1", code, "A0.1", theory), "accepted");
        assert_eq!(hall.mark("J1", code, "A1.1", practice), "accepted");
    }
    let (first, second) = (hall.standing("C1"), hall.standing("C2"));
    assert_eq!((first.position, first.award, first.parts[0]), (Some(1), None, Some(Mark(5_986))));
    assert_eq!((second.position, second.award.as_deref()), (Some(2), Some("Best")));
}
