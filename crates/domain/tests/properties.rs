//! What holds for any field, any marks, any order and any command.
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use domain::access::Role;
use domain::finding::Finding;
use domain::ledger::{Sealed, canonical, tree};
use domain::marking::{
    Alarm, Appeal, AppealStep, Body, Override, Settle, Stage, VoidHow, check_opening, evolve,
};
use domain::number::{Decimal, Mark, round_half_up};
use domain::results::board::{Board, Column};
use domain::results::scale::Scale;
use domain::results::{StandingStatus, standings};
use domain::rules::{ScaleFormula, ScaleRules};
use domain::scheme::{Band, Calculation, Choice, Method, PanelScoring, Unit};
use domain::scoring::{Exact, Value, judgement, measurement, panel};
use proptest::prelude::*;
use support::chaos::{fold, picture, play};
use support::*;

/// What one competitor is given: three scores that are accepted, a direct mark in quarters, three
/// panel scores.
#[derive(Clone, Debug)]
struct Given {
    scores: [u32; 3],
    quarters: u32,
    panel: [u32; 3],
}

fn given() -> impl Strategy<Value = Given> {
    let scores = (0_u32..3, prop::array::uniform3(0_u32..2)).prop_map(|(low, up)| up.map(|up| low + up));
    (scores, 0_u32..=40, prop::array::uniform3(0_u32..=100)).prop_map(|(scores, quarters, panel)| Given {
        scores,
        quarters,
        panel,
    })
}

/// The skill in which such competitors are marked, without its marks.
fn skill_of(count: usize) -> Plan {
    Plan::of(count).sub("A1", vec![judged("A1.1", 200), direct("A1.2", 1_000), averaged("A1.3", 1)])
}

/// What is to be entered for them, as (judge, competitor, aspect, value).
fn marks_of(field: &[Given]) -> Vec<(String, String, &'static str, String)> {
    let mut marks = Vec::new();
    for (at, given) in field.iter().enumerate() {
        let competitor = format!("C{}", at + 1);
        for seat in 0..3 {
            let judge = format!("J{}", seat + 1);
            marks.push((judge.clone(), competitor.clone(), "A1.1", given.scores[seat].to_string()));
            marks.push((judge, competitor.clone(), "A1.3", given.panel[seat].to_string()));
        }
        let value = Decimal(i64::from(given.quarters) * 250_000).to_string();
        marks.push(("J1".to_owned(), competitor, "A1.2", value));
    }
    marks
}

fn enter_all(hall: &mut Hall, marks: &[(String, String, &'static str, String)]) {
    for (judge, competitor, aspect, value) in marks {
        assert_eq!(hall.mark(judge, competitor, aspect, value), "accepted");
    }
}

fn marked(field: &[Given]) -> Hall {
    let mut hall = skill_of(field.len()).open();
    enter_all(&mut hall, &marks_of(field));
    hall
}

/// A table without regard to the order of its rows.
fn sorted(mut table: Vec<Row>) -> Vec<Row> {
    table.sort();
    table
}

proptest! {
    /// R-032, R-041, R-051, R-081: results do not depend on who came first.
    #[test]
    fn the_order_of_marks_judges_and_competitors_never_matters(
        field in prop::collection::vec(given(), 1..7),
        seed in any::<u64>(),
    ) {
        let expected = sorted(marked(&field).table());
        let mut plan = skill_of(field.len());
        let mut marks = marks_of(&field);
        shuffle(&mut plan.competitors, seed);
        shuffle(&mut plan.seats, seed ^ 1);
        shuffle(&mut marks, seed ^ 2);
        let mut hall = plan.open();
        enter_all(&mut hall, &marks);
        prop_assert_eq!(sorted(hall.table()), expected);
    }

    /// R-032, R-033: while the panel stays accepted.
    #[test]
    fn a_higher_score_never_lowers_a_judgement(
        scores in prop::collection::vec(0_u32..4, 1..6),
        at in any::<prop::sample::Index>(),
        max in 1_i64..1_000,
        spread_max in prop::option::of(0_u32..4),
    ) {
        let mut raised = scores.clone();
        let at = at.index(scores.len());
        raised[at] = (raised[at] + 1).min(3);
        let mark = |scores: &[u32]| judgement::mark(scores, Mark(max), spread_max).map(Exact::rounded);
        if let (Some(before), Some(after)) = (mark(&scores), mark(&raised)) {
            prop_assert!(after >= before);
            prop_assert!(Mark(0) <= before && after <= Mark(max));
        }
    }

    /// R-042, R-043, R-044: with any drops, in any order, and never beyond the reach.
    #[test]
    fn a_higher_score_never_lowers_a_panel_mark(
        scores in prop::collection::vec(0_i64..=200, 1..9),
        at in any::<prop::sample::Index>(),
        (drop_low, drop_high) in (0_u32..3, 0_u32..3),
        factor in 1_i64..3_000_000,
        is_exact in any::<bool>(),
    ) {
        let scoring = PanelScoring {
            drop_high,
            drop_low,
            factor: Decimal(factor),
            score_max: Decimal::whole(100),
            score_min: Decimal(0),
            score_step: Decimal(500_000),
        };
        let mark = |scores: &[i64]| {
            let scores: Vec<Decimal> = scores.iter().map(|score| Decimal(score * 500_000)).collect();
            panel::mark(&scores, &scoring, is_exact).map(Exact::rounded)
        };
        let mut raised = scores.clone();
        let at = at.index(scores.len());
        raised[at] = (raised[at] + 1).min(200);
        let (before, after) = (mark(&scores), mark(&raised));
        prop_assert!(before <= after);
        prop_assert!(after <= Some(panel::reach(&scoring)));
        let mut reversed = scores.clone();
        reversed.reverse();
        prop_assert_eq!(before, mark(&reversed));
        let is_enough = scores.len() > usize::try_from(drop_low + drop_high).expect("few");
        prop_assert_eq!(before.is_some(), is_enough);
    }

    /// R-021, R-022, R-026: more done is never worth less.
    #[test]
    fn more_completed_never_gives_less(max in 1_i64..1_000, possible in 1_u32..200, done in 0_u32..200) {
        let done = done.min(possible - 1);
        let completed = Calculation::NumberCompleted { possible };
        prop_assert!(measured(max, &completed, whole(done)) <= measured(max, &completed, whole(done + 1)));
        let cent = i64::from(done).min(max - 1);
        let at = |cent: i64| measured(max, &Calculation::Direct, Value::Number(Decimal(cent * 10_000)));
        prop_assert!(at(cent) < at(cent + 1));
        prop_assert!(measured(max, &Calculation::PassFail, whole(0)) < measured(max, &Calculation::PassFail, whole(1)));
    }

    /// R-024, R-025: who is nearer to the target never gets less.
    #[test]
    fn nearer_to_the_target_never_gives_less(
        max in 1_i64..1_000,
        target in -1_000_000_000_i64..1_000_000_000,
        (near, more) in (0_i64..100_000_000, 0_i64..100_000_000),
        (per, deduction) in (1_i64..10_000_000, 0_i64..3_000_000),
        (per_unit, unit) in (prop::bool::ANY, prop::bool::ANY),
        (near_side, far_side) in (prop::bool::ANY, prop::bool::ANY),
        steps in prop::collection::vec((1_i64..50_000_000, 0_i64..1_000_000), 1..5),
    ) {
        let unit_of = |is_percent| if is_percent { Unit::Percent } else { Unit::Unit };
        let difference = Calculation::Difference {
            deduction: Decimal(deduction),
            per: Decimal(per),
            per_unit: unit_of(per_unit && target != 0),
            target: Decimal(target),
            unit: unit_of(unit),
        };
        // Bands that follow one another outwards and deduct ever more.
        let (mut from, mut deducted, mut bands) = (0, 0, Vec::new());
        for (width, more) in steps {
            bands.push(Band { deduction: Decimal(deducted), lower: Decimal(from), upper: Decimal(from + width) });
            (from, deducted) = (from + width, deducted + more);
        }
        let ranged = Calculation::Ranged { bands, target: Decimal(target), unit: unit_of(unit) };
        let value = |off: i64, is_above| Value::Number(Decimal(if is_above { target + off } else { target - off }));
        for calculation in [difference, ranged] {
            let nearer = measured(max, &calculation, value(near, near_side));
            let farther = measured(max, &calculation, value(near + more, far_side));
            prop_assert!(nearer >= farther, "{calculation:?}");
            prop_assert!(Mark(0) <= farther && nearer <= Mark(max));
        }
    }

    /// R-023: who is deducted less never gets less.
    #[test]
    fn a_smaller_deduction_never_gives_less(
        max in 1_i64..1_000,
        deductions in prop::collection::vec(0_i64..200_000_000, 2..5),
        is_percent in any::<bool>(),
    ) {
        let choices = deductions
            .iter()
            .enumerate()
            .map(|(at, deduction)| Choice { deduction: Decimal(*deduction), label: at.to_string() })
            .collect();
        let unit = if is_percent { Unit::Percent } else { Unit::Unit };
        let calculation = Calculation::Choice { choices, unit };
        let mut given: Vec<(i64, Mark)> = deductions
            .iter()
            .enumerate()
            .map(|(at, deduction)| (-deduction, measured(max, &calculation, Value::Choice(at.to_string()))))
            .collect();
        given.sort_unstable();
        prop_assert!(given.is_sorted_by_key(|(_, mark)| *mark));
    }

    /// R-051, R-055, R-058, R-065: whatever is marked, voided and taken off, in any order; and the
    /// board that was kept up is the board that is worked out anew.
    #[test]
    fn a_total_lies_between_nothing_and_the_maximum_and_a_board_kept_up_equals_one_rebuilt(
        maxima in prop::collection::vec(1_i64..500, 1..6),
        weights in prop::option::of(0_i64..=10_000),
        unit in prop::sample::select(vec![1_i64, 3, 18]),
        cap in prop::option::of(0_i64..3_000),
        formula in prop::bool::ANY,
        actions in prop::collection::vec((0_u8..12, any::<u8>(), any::<u8>(), 0_i64..=1_000), 0..120),
    ) {
        let columns: Vec<Column> = maxima
            .iter()
            .enumerate()
            .map(|(at, max)| {
                let part = if weights.is_some() { at % 2 } else { 0 };
                Column { max: Mark(*max), part, voided: None }
            })
            .collect();
        let weights: Vec<Mark> =
            weights.map_or_else(Vec::new, |first| vec![Mark(first), Mark(10_000 - first)]);
        let scale = if formula { median_mad() } else { mean_sigma() };
        let groups = [0, 0, 0, 1, 1];
        let mut board =
            Board::new(columns.clone(), weights.clone(), unit, cap.map(Mark), Some(scale), &groups);
        for (action, row, column, size) in actions {
            let (row, column) = (usize::from(row) % groups.len(), usize::from(column) % columns.len());
            let max = columns[column].max.0 * unit;
            match action {
                0 => board.set_penalty(row, Mark(size * 10)),
                1 => board.set_competing(row, size % 2 == 0),
                2 => {
                    let how = [None, Some(VoidHow::Full), Some(VoidHow::Removed)];
                    board.set_voided(column, how[usize::try_from(size % 3).expect("0 to 2")]);
                }
                3 => board.set_mark(row, column, None),
                _ => board.set_mark(row, column, Some(size * max / 1_000)),
            }
            let mut anew = board.clone();
            anew.rebuild();
            let most: i64 = if weights.is_empty() { board.part_max(0) } else { 10_000 };
            for row in 0..groups.len() {
                let figures = |board: &Board| {
                    (board.total(row), board.position(row), board.scale(row), board.unmarked(row), board.part_sum(row, 0))
                };
                prop_assert_eq!(figures(&board), figures(&anew));
                if let Some(total) = board.total(row) {
                    prop_assert!(Mark(0) <= total && total <= Mark(most), "{total} of {most}");
                }
            }
        }
    }

    /// R-060, R-077: one who does not compete changes nothing for the others, however far they came.
    #[test]
    fn a_no_show_a_withdrawal_and_a_disqualification_change_nobody_else(
        field in prop::collection::vec(given(), 2..7),
        how in 0_u8..3,
        marks_given in 0_usize..8,
    ) {
        let (gone, others) = field.split_last().expect("two at least");
        let without = marked(others).table();
        let mut hall = skill_of(field.len()).open();
        enter_all(&mut hall, &marks_of(others));
        let code = format!("C{}", field.len());
        let theirs: Vec<_> = marks_of(&field).into_iter().filter(|mark| mark.1 == code).collect();
        enter_all(&mut hall, &theirs[..marks_given.min(theirs.len())]);
        let body = [absent(&code), withdraw(&code), disqualify(&code)][usize::from(how)].clone();
        prop_assert_eq!(hall.decide(body), "accepted");
        let entry = hall.last();
        let mut table = hall.table();
        let place = table.iter().position(|row| row.0 == code).expect("listed all the same");
        prop_assert_eq!(table.remove(place), (code.clone(), None, None, None));
        prop_assert_eq!(table, without);
        // Taken back and marked in full, the whole field stands as if nothing had happened.
        prop_assert_eq!(hall.decide(void(entry)), "accepted");
        enter_all(&mut hall, &theirs[marks_given.min(theirs.len())..]);
        let _ = gone;
        prop_assert_eq!(hall.table(), marked(&field).table());
    }

}

proptest! {
    // Whole sessions; the fuzz target `marking` plays many more.
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// R-180, R-181, R-191, R-193: any commands at all are decided and folded without a panic, without
    /// a gap, and so that anyone comes to the same; the fold kept up equals the fold from nothing.
    #[test]
    fn no_command_breaks_the_state_the_chain_or_the_fold(bytes in prop::collection::vec(any::<u8>(), 0..1_500)) {
        let hall = play(&bytes);
        for (at, sealed) in hall.entries.iter().enumerate() {
            prop_assert_eq!(usize::try_from(sealed.entry.seq), Ok(at + 1));
        }
        let verifier = hall.verify();
        let expected = picture(&hall.state);
        prop_assert_eq!(picture(verifier.state()), expected.clone());
        prop_assert_eq!(picture(&fold(&hall.entries)), expected);
        let leaves: Vec<_> = hall.entries.iter().map(|sealed| sealed.hash).collect();
        prop_assert_eq!(tree::root(verifier.leaves()), tree::root(&leaves));
        if let Some(skill) = &hall.state.skill {
            let mut anew = (**skill).clone();
            anew.board.rebuild();
            prop_assert_eq!(standings(&anew), standings(skill));
            for row in 0..skill.competitors.len() {
                for column in 0..skill.board.columns().len() {
                    if skill.board.columns()[column].voided.is_none() {
                        prop_assert_eq!(skill.board.mark(row, column), skill.mark_of(row, column));
                    }
                }
            }
        }
    }

    /// R-193: a prefix folded, then the rest, is the whole.
    #[test]
    fn a_ledger_folded_in_two_goes_is_the_ledger_folded_in_one(
        bytes in prop::collection::vec(any::<u8>(), 0..1_000),
        at in any::<prop::sample::Index>(),
    ) {
        let entries = play(&bytes).entries;
        let (first, rest) = entries.split_at(at.index(entries.len() + 1));
        let state = rest.iter().fold(fold(first), evolve);
        prop_assert_eq!(picture(&state), picture(&fold(&entries)));
    }

}

proptest! {
    /// R-050, R-052: both places of rounding against plain fractions.
    #[test]
    fn both_places_of_rounding_are_exact(
        judged_aspects in prop::collection::vec((1_i64..=200, 0_u32..3, prop::array::uniform3(0_u32..2)), 1..8),
        counted in prop::collection::vec((1_i64..=200, 1_u32..13, 0_u32..13), 0..5),
    ) {
        let mut aspects = Vec::new();
        let mut fractions = Vec::new();
        for (at, (max, low, up)) in judged_aspects.iter().enumerate() {
            aspects.push((judged(&format!("A1.{at}"), *max), up.map(|up| (low + up).to_string())));
            let sum: u32 = up.iter().map(|up| low + up).sum();
            fractions.push((i128::from(sum) * i128::from(*max), 9));
        }
        for (at, (max, possible, done)) in counted.iter().enumerate() {
            let done = done % (possible + 1);
            let method = Method::Measurement(Calculation::NumberCompleted { possible: *possible });
            let value = done.to_string();
            aspects.push((aspect(&format!("A1.c{at}"), *max, method), [value.clone(), value.clone(), value]));
            fractions.push((i128::from(done) * i128::from(*max), i128::from(*possible)));
        }
        let total = |rounding: &str| {
            let line = format!("rounding = {{ position = \"{rounding}\", source = \"R-052\" }}");
            let plan = Plan::of(1)
                .ruled(rules_with(&[&line]))
                .sub("A1", aspects.iter().map(|(aspect, _)| aspect.clone()).collect());
            let mut hall = plan.open();
            for (aspect, values) in &aspects {
                let judges = if matches!(aspect.method, Method::Measurement(_)) { 1 } else { 3 };
                for (judge, value) in ["J1", "J2", "J3"].iter().zip(values).take(judges) {
                    assert_eq!(hall.mark(judge, "C1", aspect.id.as_str(), value), "accepted");
                }
            }
            hall.total("C1").map(i128::from)
        };
        let each: i128 = fractions.iter().map(|(a, b)| halves_up(*a, *b)).sum();
        prop_assert_eq!(total("per_aspect"), Some(each));
        let (a, b) = fractions.iter().fold((0, 1), |(a, b), (c, d)| reduced(a * d + c * b, b * d));
        prop_assert_eq!(total("at_total"), Some(halves_up(a, b)));
    }

    /// R-070, R-076: only the shape of a field matters.
    #[test]
    fn moving_or_stretching_a_field_leaves_its_scale(
        field in prop::collection::vec(0_i64..=10_000, 1..30),
        by in 0_i64..10_000,
        times in 1_i64..20,
        is_old in any::<bool>(),
    ) {
        let rules = if is_old { mean_sigma() } else { median_mad() };
        let changed: Vec<i64> = field.iter().map(|total| total * times + by).collect();
        prop_assert_eq!(scales(&rules, &field), scales(&rules, &changed));
    }

    /// R-070: the one in the middle of an odd field stands at the centre, and two who differ at 680
    /// and 720.
    #[test]
    fn the_median_stands_at_the_centre(field in prop::collection::vec(0_i64..=10_000, 1..30)) {
        let mut sorted = field.clone();
        sorted.sort_unstable();
        if let (Some(scales), false) = (scales(&median_mad(), &sorted), field.len().is_multiple_of(2)) {
            prop_assert_eq!(scales[field.len() / 2], 700);
        }
        if let [first, second, ..] = field[..]
            && first != second
        {
            let expected = if first < second { vec![680, 720] } else { vec![720, 680] };
            prop_assert_eq!(scales(&median_mad(), &[first, second]), Some(expected));
        }
    }

    /// R-080: who has more marks never has fewer points.
    #[test]
    fn the_scale_never_contradicts_the_totals(
        field in prop::collection::vec(0_i64..=10_000, 1..30),
        is_old in any::<bool>(),
    ) {
        let rules = if is_old { mean_sigma() } else { median_mad() };
        if let Some(scales) = scales(&rules, &field) {
            let mut both: Vec<_> = field.iter().zip(&scales).collect();
            both.sort_unstable();
            prop_assert!(both.is_sorted_by_key(|(_, scale)| **scale));
        }
    }

    /// R-071, R-073: the definitions themselves, by fractions and by squares.
    #[test]
    fn both_scales_are_the_exact_formulas_rounded(field in prop::collection::vec(0_i64..=10_000, 1..40)) {
        let n = i128::try_from(field.len()).expect("few");
        let wide: Vec<i128> = field.iter().map(|total| i128::from(*total)).collect();
        let median_2 = median_2(&wide);
        let mad_4 = self::median_2(&wide.iter().map(|x| (2 * x - median_2).abs()).collect::<Vec<_>>());
        let expected: Option<Vec<i128>> = (mad_4 > 0).then(|| {
            wide.iter().map(|x| 700 + halves_up(100_000 * (2 * x - median_2) * 2, 2 * 2_471 * mad_4)).collect()
        });
        let given = scales(&median_mad(), &field);
        prop_assert_eq!(given.map(|all| all.into_iter().map(i128::from).collect::<Vec<_>>()), expected);
        let sum: i128 = wide.iter().sum();
        let variance = n * wide.iter().map(|x| x * x).sum::<i128>() - sum * sum;
        match scales(&mean_sigma(), &field) {
            None => prop_assert_eq!(variance, 0),
            Some(scales) => {
                for (x, scale) in wide.iter().zip(scales) {
                    let (k, right) = (i128::from(scale) - 500, 60 * (n * x - sum));
                    // (2k − 1)·√V ≤ 60·D < (2k + 1)·√V
                    prop_assert!(signed_square(2 * k - 1) * variance <= signed_square(right));
                    prop_assert!(signed_square(right) < signed_square(2 * k + 1) * variance);
                }
            }
        }
    }

    /// R-184: one value has one text, whatever is written into it.
    #[test]
    fn every_body_is_written_canonically_and_read_back_and_no_other_spelling_is_taken(
        text in "\\PC{0,12}|[\\x00-\\x1f\"\\\\/é€😀]{1,6}",
        number in -9_007_199_254_740_991_i64..=9_007_199_254_740_991,
    ) {
        for body in every_body(&text, number) {
            let mut hall = Hall::default();
            let command = hall.command(Role::Importer, &text, Some(&text), body);
            hall.enter(command);
            let sealed = &hall.entries[0];
            let canonical = canonical::to_vec(&sealed.entry).expect("canonical");
            prop_assert_eq!(sealed.json.as_bytes(), &canonical[..]);
            if !matches!(sealed.entry.body, Body::Open(_)) {
                let plain = serde_json::to_vec(&sealed.entry).expect("JSON");
                prop_assert_eq!(&plain, &canonical);
            }
            prop_assert_eq!(&Sealed::read(&sealed.json), &Ok(sealed.clone()));
            for other in other_spellings(&sealed.json) {
                prop_assert!(Sealed::read(&other).is_err(), "{other}");
            }
        }
    }
}

/// The same JSON value, written otherwise.
fn other_spellings(json: &str) -> Vec<String> {
    let inner = json.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).expect("an object");
    vec![
        format!(" {json}"),
        format!("{json}\n"),
        json.replacen(':', ": ", 1),
        json.replacen("\"v\":1", "\"v\":1.0", 1),
        json.replacen("\"v\":1", "\"v\":1e0", 1),
        json.replacen("\"v\":1", "\"v\":01", 1),
        json.replacen("\"ledger\":\"s", "\"ledger\":\"\\u0073", 1),
        json.replacen(",\"v\":1", "", 1).replacen('{', "{\"v\":1,", 1),
        format!("{{{inner},\"v\":1}}"),
        format!("{{{inner},\"w\":1}}"),
        json.replacen("\"base\":null,", "", 1),
    ]
}

/// One of every kind of body.
fn every_body(text: &str, number: i64) -> Vec<Body> {
    let plan = Plan::of(2)
        .sub("A1", vec![in_part("theory", judged("A1.1", 200)), in_part("theory", averaged("A1.2", 1))])
        .sub("A2", vec![in_part("practice", direct("A2.1", 100))])
        .parts(vec![part("theory", 30), part("practice", 70)]);
    let value = Value::Number(Decimal(number % Decimal::LARGEST));
    vec![
        Body::Alarm(Alarm {
            code: text.into(),
            device: text.into(),
            dseq: number,
            entry: domain::id::EntryId(1),
        }),
        absent(text),
        Body::Appeal(Appeal { competitor: text.into(), reason: None, step: AppealStep::Dismissed }),
        close(),
        disqualify(text),
        exchange(text, text, text),
        extra_time(text, u32::MAX),
        lock(text, text),
        mark_body(text, text, text, 1, value),
        mark_body(text, text, text, u32::MAX, Value::Missing),
        mark_body(text, text, text, 0, Value::Choice(text.into())),
        Body::Open(Box::new(plan.opening())),
        Body::Override(Override {
            award: Some(text.into()),
            competitor: text.into(),
            document: text.into(),
            position: Some(1),
            reason: reason(),
        }),
        penalty(text, number % 1_000_000),
        release(Stage::Publicised),
        rescore(text, text),
        resolve(Some(domain::id::EntryId(1)), None),
        Body::Settle(Settle { order: vec![text.into(), "C2".into()], reason: reason() }),
        Body::Decline(domain::marking::Decline {
            competitor: text.into(),
            judge: text.into(),
            reason: reason(),
            sheet: domain::ledger::Hash::ZERO,
            sub_criterion: text.into(),
        }),
        Body::Sign(domain::marking::Sign {
            competitor: text.into(),
            drawing: reason(),
            judge: text.into(),
            reason: None,
            sheet: domain::ledger::Hash::ZERO,
            sub_criterion: text.into(),
        }),
        start(text, number),
        stop(text, number),
        ask_unlock(text, text, text),
        unlock(text, text),
        void(domain::id::EntryId(u128::MAX)),
        void_aspect(text, VoidHow::Removed),
        withdraw(text),
    ]
}

fn row(code: &str, total: Option<i64>, scale: Option<i64>, position: Option<u32>) -> Row {
    (code.to_owned(), total, scale, position)
}

/// R-053.
#[test]
fn a_skill_without_marks_has_nobody_placed() {
    let hall = skill_of(3).open();
    assert_eq!(hall.table(), ["C1", "C2", "C3"].map(|code| row(code, None, None, None)));
    let standing = hall.standing("C1");
    assert_eq!((standing.status, standing.unmarked), (StandingStatus::Incomplete, 3));
    assert_eq!(standing.award, None);
}

/// R-074, R-081.
#[test]
fn one_competitor_is_first_and_has_no_scale() {
    let hall = marked(&[Given { scores: [2, 2, 2], quarters: 10, panel: [50, 60, 70] }]);
    assert_eq!(hall.table(), [row("C1", Some(133 + 250 + 6_000), None, Some(1))]);
}

/// R-074, R-081.
#[test]
fn an_equal_field_shares_the_first_position_and_has_no_scale() {
    let given = Given { scores: [1, 1, 1], quarters: 4, panel: [1, 2, 3] };
    let hall = marked(&[given.clone(), given.clone(), given]);
    assert_eq!(hall.table(), ["C1", "C2", "C3"].map(|code| row(code, Some(67 + 100 + 200), None, Some(1))));
}

/// R-074: half the field equal makes the MAD 0, and positions follow the totals.
#[test]
fn a_field_whose_mad_is_zero_is_placed_by_its_totals() {
    let field = [40, 20, 20, 20, 0].map(|quarters| Given { scores: [0, 0, 0], quarters, panel: [0, 0, 0] });
    let expected = [
        row("C1", Some(1_000), None, Some(1)),
        row("C2", Some(500), None, Some(2)),
        row("C3", Some(500), None, Some(2)),
        row("C4", Some(500), None, Some(2)),
        row("C5", Some(0), None, Some(5)),
    ];
    assert_eq!(marked(&field).table(), expected);
}

/// R-060.
#[test]
fn a_field_that_is_all_absent_is_listed_and_nobody_is_placed() {
    let mut hall = marked(&[1, 2].map(|quarters| Given { scores: [0, 0, 0], quarters, panel: [0, 0, 0] }));
    for code in ["C1", "C2"] {
        assert_eq!(hall.decide(absent(code)), "accepted");
    }
    assert_eq!(hall.table(), ["C1", "C2"].map(|code| row(code, None, None, None)));
    assert_eq!(hall.standing("C1").status, StandingStatus::Absent);
}

/// R-052: a grain so fine that sums would not be exact keeps a skill from opening, with a finding.
#[test]
fn a_skill_whose_sums_could_not_be_exact_does_not_open() {
    let difference = |per| {
        Method::Measurement(Calculation::Difference {
            deduction: Decimal(333_333),
            per: Decimal(per),
            per_unit: Unit::Unit,
            target: Decimal(0),
            unit: Unit::Unit,
        })
    };
    let line = r#"rounding = { position = "at_total", source = "R-052" }"#;
    let aspects = vec![aspect("A1.1", 100, difference(999_983)), aspect("A1.2", 100, difference(999_979))];
    let opening = Plan::of(1).ruled(rules_with(&[line])).sub("A1", aspects).opening();
    let codes: Vec<&str> =
        check_opening(&opening).iter().filter(|finding| Finding::is_error(finding)).map(|f| f.code).collect();
    assert_eq!(codes, ["too_fine"]);
}

fn whole(value: u32) -> Value {
    Value::Number(Decimal(i64::from(value) * 1_000_000))
}

fn measured(max: i64, calculation: &Calculation, value: Value) -> Mark {
    measurement::mark(Mark(max), calculation, &value).expect("a value that it takes").rounded()
}

fn median_mad() -> ScaleRules {
    rules(RULES).scale.expect("the usual scale")
}

fn mean_sigma() -> ScaleRules {
    ScaleRules { formula: ScaleFormula::MeanSigma, centre: 500, deviation_factor: None, ..median_mad() }
}

fn scales(rules: &ScaleRules, field: &[i64]) -> Option<Vec<i64>> {
    let mut sorted: Vec<Mark> = field.iter().map(|total| Mark(*total)).collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let scale = Scale::of(rules, &sorted)?;
    Some(field.iter().map(|total| scale.at(Mark(*total))).collect())
}

/// Twice the median.
fn median_2(values: &[i128]) -> i128 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]
}

fn signed_square(value: i128) -> i128 {
    value * value.abs()
}

/// A fraction's nearest whole number, halves up, by the floor of a + 1/2; and so a check of ours.
fn halves_up(a: i128, b: i128) -> i128 {
    let up = (2 * a + b).div_euclid(2 * b);
    assert_eq!(up, round_half_up(a, b));
    assert!((2 * a - 2 * up * b).abs() <= b, "no farther than a half");
    up
}

fn reduced(a: i128, b: i128) -> (i128, i128) {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    let by = x.abs().max(1);
    (a / by, b / by)
}
