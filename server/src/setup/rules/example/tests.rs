//! What the example shows, rule by rule; figures worked out by hand.

use domain::results::StandingStatus;
use domain::rules::form::RuleForm;
use domain::rules::{PRESETS, TieEnd, preset};

use super::*;

/// A preset with some fields changed as on the page.
fn rules(id: &str, changes: &[(&str, &str)]) -> RuleSet {
    let form = RuleForm::of(&preset(id).expect("a preset"));
    let mut typed: Vec<(String, String)> = Vec::new();
    for clause in domain::rules::form::CLAUSES {
        let rows = if clause.is_list { form.rows(clause.path) } else { 1 };
        for row in 1..=rows {
            for field in clause.fields {
                let path = clause.path_of(field).replace("[1]", &format!("[{row}]"));
                let text = form.get(&path).to_owned();
                typed.push((path, text));
            }
        }
    }
    typed.retain(|(path, _)| changes.iter().all(|(changed, _)| changed != path));
    typed.extend(changes.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let form = RuleForm::sent(typed.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    form.read(id, 1).expect("a sound rule set")
}

/// The result of one competitor under rules.
fn of(rules: &RuleSet, code: &str) -> PreviewOutcome {
    let preview = preview(Some(rules), None);
    assert_eq!(preview.problems, []);
    let row = preview.rows.into_iter().find(|row| row.code == code).expect("a competitor");
    row.typed.expect("a result")
}

fn total(rules: &RuleSet, code: &str) -> String {
    of(rules, code).total.expect("a total").to_string()
}

fn award(rules: &RuleSet, code: &str) -> Option<String> {
    of(rules, code).award
}

#[test]
fn the_example_is_worked_out_under_every_preset() {
    for (id, _) in PRESETS {
        let rules = preset(id).expect("a preset");
        let preview = preview(Some(&rules), Some(&rules));
        assert_eq!((&preview.problems, &preview.left_out), (&Vec::new(), &Vec::new()), "{id}");
        assert_eq!(preview.rows.len(), 12, "{id}");
        assert!(preview.rows.iter().all(|row| row.typed.is_some() && !row.differs()), "{id}");
        let out = preview.rows.last().expect("twelve");
        assert_eq!(out.typed.as_ref().map(|out| out.status), Some(StandingStatus::Withdrawn), "{id}");
    }
}

/// 05 stands one point of the scale behind three who share it.
#[test]
fn half_a_mark_is_a_bronze_by_margin_and_none_by_distinct_marks() {
    let (by_margin, distinct) = (rules("worldskills-2019", &[]), rules("worldskills-2026", &[]));
    assert_eq!(of(&by_margin, "05").scale, Some(700));
    assert_eq!(award(&by_margin, "05").as_deref(), Some("Bronze"));
    assert_eq!(award(&distinct, "05").as_deref(), Some("Medal for Excellence"));
    let preview = preview(Some(&distinct), Some(&by_margin));
    let differ: Vec<&str> =
        preview.rows.iter().filter(|row| row.differs()).map(|row| row.code.as_str()).collect();
    assert_eq!(differ, ["05"]);
    assert_eq!(
        award(&rules("worldskills-2019", &[("medals.rule.margin", "0")]), "05").as_deref(),
        Some("Medallion for Excellence")
    );
}

///
#[test]
fn a_tie_at_the_bronze_is_parted_as_the_chain_says_or_left_to_people() {
    let key = |key: &'static str, better: &'static str| {
        rules("hebei-2025", &[("ranking.chain[1].key", key), ("ranking.chain[1].better", better)])
    };
    let places =
        |rules: &RuleSet| [of(rules, "03"), of(rules, "04")].map(|one| (one.position, one.decided_by));
    assert_eq!(places(&rules("hebei-2025", &[])), [(Some(3), None), (Some(3), None)]);
    let by = |key: &str, place| (Some(place), Some(key.to_owned()));
    assert_eq!(places(&key("time", "lower")), [by("time", 3), by("time", 4)]);
    assert_eq!(places(&key("part:practice", "higher")), [by("part:practice", 4), by("part:practice", 3)]);
    assert_eq!(of(&rules("hebei-2025", &[("ranking.end", "draw")]), "04").open_tie, Some(TieEnd::Draw));
}

/// 8.333…, 4.444… and 2.222… are 14.99 rounded one by one, and 15.00 together.
#[test]
fn rounding_at_the_total_parts_two_who_are_equal_aspect_by_aspect() {
    let (apart, together) =
        (rules("hebei-2025", &[]), rules("hebei-2025", &[("rounding.position", "at_total")]));
    assert_eq!(["07", "08"].map(|code| total(&apart, code)), ["71.99", "71.99"]);
    assert_eq!(["07", "08"].map(|code| total(&together, code)), ["72.00", "71.99"]);
    assert_eq!(of(&together, "08").position, Some(10));
}

/// 1 3 3 is scored again as 2 2 2; of the panel's five the 3 and the 12.5 are dropped.
#[test]
fn a_wide_spread_is_scored_again_only_where_the_rules_say_so() {
    let (again, accepted) = (rules("hebei-2025", &[]), rules("hebei-2025", &[("judgement.spread_max", "")]));
    assert_eq!((of(&again, "06").rescored, total(&again, "06")), (1, "78.00".to_owned()));
    assert_eq!((of(&accepted, "06").rescored, total(&accepted, "06")), (0, "79.11".to_owned()));
    // Where no second round is written, everybody says the middle score: 2 2 3 becomes 2 2 2.
    let strict = rules("hebei-2025", &[("judgement.spread_max", "0")]);
    assert_eq!(of(&strict, "09").rescored, 1);
    // Five judges: 2 3 3 is said as 2 3 3 2 3, and 2 2 3 as 2 2 3 2 2.
    assert_eq!(total(&rules("hebei-2025", &[("judgement.judges", "5")]), "03"), "86.34");
}

///
#[test]
fn a_penalty_takes_as_much_as_the_cap_allows() {
    assert_eq!(total(&rules("hebei-2025", &[]), "09"), "77.61");
    let capped = rules("hebei-2025", &[("penalties.cap", "5"), ("penalties.source", "own")]);
    assert_eq!(
        (total(&capped, "09"), of(&capped, "09").penalty.to_string()),
        ("80.61".to_owned(), "5.00".to_owned())
    );
}

/// the fifth of eleven has failed the theory; who follows gets the award only where they lose the
/// place as well.
#[test]
fn a_part_below_its_pass_mark_costs_the_award_or_the_position() {
    let (ranked, out) = (
        rules("hebei-2025", &[]),
        rules("hebei-2025", &[("parts.below_pass", "no_position"), ("parts.source", "own")]),
    );
    assert_eq!(
        (of(&ranked, "10").position, award(&ranked, "10"), award(&ranked, "05")),
        (Some(5), None, None)
    );
    assert_eq!(of(&out, "10").status, StandingStatus::NotPassed);
    assert_eq!((of(&out, "05").position, award(&out, "05").as_deref()), (Some(5), Some("优胜奖")));
}

/// far below the threshold of the scale.
#[test]
fn a_threshold_decides_who_of_the_rest_gets_an_award() {
    let low = |threshold| rules("worldskills-2026", &[("medals.excellence.threshold", threshold)]);
    assert_eq!((of(&low("700"), "11").scale, award(&low("700"), "11")), (Some(609), None));
    assert_eq!(award(&low("609"), "11").as_deref(), Some("Medal for Excellence"));
}

/// eleven compete, since who withdrew is none of the field.
#[test]
fn gates_titles_levels_and_points_are_shown_as_well() {
    let gate = |most| rules("hebei-2025", &[("field_gates[1].at_most", most)]);
    assert_eq!(award(&gate("10"), "01").as_deref(), Some("Gold"));
    assert_eq!(award(&gate("11"), "01"), None);
    let titled = rules(
        "hebei-2025",
        &[
            ("honours[1].title", "技术能手"),
            ("honours[1].first", "1"),
            ("honours[1].last", "3"),
            ("honours[1].needs", "employed"),
            ("honours[1].source", "own"),
            ("team_points.by_position", "10, 8"),
            ("team_points.rest", "1"),
            ("team_points.source", "own"),
        ],
    );
    let (first, second) = (of(&titled, "01"), of(&titled, "02"));
    assert_eq!((first.honours, first.points), (vec!["技术能手".to_owned()], Some(10)));
    assert_eq!((second.honours, second.points), (Vec::new(), Some(8)));
    assert_eq!(
        (first.level, second.level),
        (Some(SkillLevel::Technician), Some(SkillLevel::SeniorTechnician))
    );
}

#[test]
fn a_key_that_the_example_lacks_is_left_out_and_named() {
    let changes = [
        ("ranking.chain[1].key", "part:defence"),
        ("ranking.chain[1].better", "higher"),
        ("ranking.chain[2].key", "time"),
        ("ranking.chain[2].better", "lower"),
    ];
    let preview = preview(Some(&rules("hebei-2025", &changes)), None);
    assert_eq!(preview.left_out, ["part:defence"]);
    assert_eq!(preview.rows[2].typed.as_ref().and_then(|one| one.decided_by.as_deref()), Some("time"));
}

/// the example has parts, of which no total is asked.
#[test]
fn what_the_rules_find_in_the_examples_scheme_is_told_and_stops_nothing() {
    let found = |changes: &[(&str, &str)]| {
        let preview = preview(Some(&rules("hebei-2025", changes)), None);
        assert!(preview.problems.is_empty() && preview.rows.iter().all(|row| row.typed.is_some()));
        preview.of_scheme.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(found(&[]), [""; 0]);
    assert_eq!(found(&[("scheme.total", "60"), ("scheme.source", "own")]), [""; 0]);
    assert_eq!(found(&[("scheme.aspect_max", "29.99"), ("scheme.source", "own")]), ["aspect_above_rule"]);
}

#[test]
fn rules_that_no_skill_could_be_opened_with_say_so() {
    let preview =
        preview(Some(&rules("hebei-2025", &[("judgement.judges", "41")])), Some(&rules("hebei-2025", &[])));
    assert_eq!(
        preview.problems.iter().map(|finding| finding.code).collect::<Vec<_>>(),
        ["rule_example_not_worked_out"]
    );
    assert!(
        preview.rows.len() == 12 && preview.rows.iter().all(|row| row.typed.is_none() && row.now.is_some())
    );
}
