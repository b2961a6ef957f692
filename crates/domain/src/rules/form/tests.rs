//! A form says what its rule set says, and what is typed into it is found fault with where it stands.

use super::*;
use crate::rules::{PRESETS, TieEnd, preset, read};

/// Every clause that there is, each in a shape that no preset has.
const EVERYTHING: &str = r#"
id = "everything"
version = 3
title = { zh = "全部条款", en = "Everything" }
live_policy = "completed"
scheme = { total = "100.00", aspect_max = "2.50", aspects_max = 250, criteria = [5, 9], section_variation_max = "5.00", source = "s1" }
rounding = { position = "at_total", source = "s2" }
judgement = { judges = 5, spread_max = 2, source = "s3" }
compatriots = { source = "s4" }
sign_off = { competitor_sees = "aspects", source = "s5" }
penalties = { cap = "20.00", source = "s6" }
parts = { below_pass = "no_position", source = "s7" }
scale = { formula = "median_mad", centre = 700, spread = 30, deviation_factor = "1.4826", source = "s8" }
ranking = { chain = [{ key = "part:practice", better = "higher" }, { key = "time", better = "lower" }], end = "playoff", source = "s9" }
medals = { rule = { within_margin = { margin = 2 } }, threshold = 600, positions = { within_margin = { margin = 1 } }, excellence = { award = "Medallion", threshold = 700 }, source = "s10" }
prizes = [
    { award = "一等奖", take = { positions = { first = 4, last = 6 } }, source = "s11" },
    { award = "二等奖", take = { share = { percent = "12.5", rounding = "nearest" } }, source = "s12" },
    { award = "优胜奖", take = { within = { percent = "50" } }, source = "s13" },
]
field_gates = [
    { at_most = 3, effect = "void", source = "s14" },
    { at_most = 5, effect = "exhibition", source = "s15" },
    { at_most = 8, effect = { keep = ["Gold", "一等奖"] }, source = "s16" },
]
honours = [{ title = "技术能手", first = 1, last = 3, needs = ["employed", "passed_all_parts"], source = "s17" }]
promotions = [{ awards = ["Gold", "Silver"], base = "technician", next_if_already = "senior_technician", source = "s18" }]
team_points = { by_position = [10, 9, 8], rest = 1, source = "s19" }
"#;

fn everything() -> RuleSet {
    read(EVERYTHING).expect("a sound rule set")
}

fn sent(form: &RuleForm, changes: &[(&str, &str)]) -> RuleForm {
    let kept = form.values.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    RuleForm::sent(
        kept.filter(|(path, _)| changes.iter().all(|(known, _)| known != path))
            .chain(changes.iter().copied()),
    )
}

/// Each fault: its code and where it is shown.
fn faults(form: &RuleForm) -> Vec<(&'static str, String)> {
    let found = form.read("own", 1).expect_err("faults");
    found.into_iter().map(|finding| (finding.code, finding.place.column.unwrap_or_default())).collect()
}

#[test]
fn the_form_of_a_rule_set_says_that_rule_set() {
    let presets = PRESETS.iter().map(|(id, _)| preset(id).expect("a preset"));
    for rules in presets.chain([everything()]) {
        let form = RuleForm::of(&rules);
        assert_eq!(form.read(&rules.id, rules.version), Ok(rules));
        assert_eq!(sent(&form, &[]), form, "and so does the form once it was sent");
        assert_eq!(form.differing(&form), [""; 0]);
    }
}

#[test]
fn every_field_of_every_clause_holds_something_in_a_rule_set_with_every_clause() {
    let form = RuleForm::of(&everything());
    // Which of the fields is filled depends on what the prize takes and what the gate does.
    let varies = |path: &str| path.contains("take.") || path.ends_with("effect.keep");
    for clause in CLAUSES {
        for field in clause.fields {
            let path = clause.path_of(field);
            assert!(varies(&path) || !form.get(&path).is_empty(), "{path}");
        }
    }
    assert_eq!(
        ["ranking.chain", "prizes", "field_gates", "honours", "promotions"].map(|list| form.rows(list)),
        [2, 3, 3, 1, 1]
    );
}

#[test]
fn every_word_of_a_choice_is_read_as_a_value_of_its_own() {
    let form = RuleForm::of(&everything());
    for clause in CLAUSES {
        for field in clause.fields {
            let path = clause.path_of(field);
            let mut read = Vec::new();
            for word in field.choices().iter().filter(|word| !word.is_empty()) {
                // What a choice asks for besides.
                let rest = [
                    ("prizes[1].take.percent", "10"),
                    ("prizes[1].take.first", "4"),
                    ("prizes[1].take.last", "6"),
                    ("field_gates[1].effect.keep", "Gold"),
                    ("promotions[1].base", "apprentice"),
                    ("promotions[1].next_if_already", "senior_technician"),
                    ("prizes[1].take", "share"),
                ];
                let rest = rest.into_iter().filter(|(known, _)| *known != path);
                let typed = sent(&form, &rest.chain([(path.as_str(), *word)]).collect::<Vec<_>>());
                match typed.read("own", 1) {
                    Ok(rules) => read.push(rules),
                    Err(found) => assert!(found[0].code.starts_with("promotion_"), "{path}: {word}"),
                }
            }
            for (at, rules) in read.iter().enumerate() {
                assert!(!read[..at].contains(rules), "{path}");
            }
            assert!(field.choices().is_empty() || !read.is_empty(), "{path}");
        }
    }
}

#[test]
fn what_is_no_value_of_its_field_is_found_there() {
    let form = RuleForm::of(&everything());
    let typed = sent(
        &form,
        &[
            ("judgement.judges", "三"),
            ("scheme.total", "100.005"),
            ("scheme.criteria.least", ""),
            ("scale.spread", ""),
            ("scale.deviation_factor", "1.4.8"),
            ("prizes[2].take.percent", ""),
            ("medals.excellence.threshold", ""),
            ("team_points.by_position", "10, 九, 8"),
            ("ranking.end", "dice"),
        ],
    );
    let mut found = faults(&typed);
    found.sort_unstable();
    let at = |code, path: &str| (code, path.to_owned());
    assert_eq!(
        found,
        [
            at("rule_field_missing", "medals.excellence.threshold"),
            at("rule_field_missing", "prizes[2].take.percent"),
            at("rule_field_missing", "scale.spread"),
            at("rule_field_missing", "scheme.criteria.least"),
            at("rule_field_no_choice", "ranking.end"),
            at("rule_field_not_mark", "scheme.total"),
            at("rule_field_not_number", "scale.deviation_factor"),
            at("rule_field_not_whole", "judgement.judges"),
            at("rule_field_not_whole", "team_points.by_position"),
        ]
    );
}

#[test]
fn full_width_digits_and_chinese_commas_are_read_as_they_are_meant() {
    let form = RuleForm::of(&everything());
    let typed = [
        ("judgement.judges", "３"),
        ("penalties.cap", "１５．５"),
        ("team_points.by_position", "10，9、8"),
        ("promotions[1].awards", "Gold、Silver，Bronze"),
    ];
    let rules = sent(&form, &typed).read("own", 1).expect("a rule set");
    assert_eq!(rules.judgement.judges, Some(3));
    assert_eq!(rules.penalties.cap.map(|cap| cap.to_string()).as_deref(), Some("15.50"));
    assert_eq!(rules.team_points.map(|points| points.by_position), Some(vec![10, 9, 8]));
    assert_eq!(rules.promotions[0].awards, ["Gold", "Silver", "Bronze"]);
}

#[test]
fn what_the_check_finds_is_shown_at_a_field_of_the_form() {
    let form = RuleForm::of(&everything());
    let at = |changes: &[(&str, &str)]| faults(&sent(&form, changes))[0].clone();
    let of = |code, path: &str| (code, path.to_owned());
    assert_eq!(at(&[("scheme.criteria.most", "2")]), of("rule_range_upside_down", "scheme.criteria.least"));
    assert_eq!(at(&[("scale.formula", "")]), of("medals_need_scale", "medals.rule"));
    assert_eq!(at(&[("ranking.chain[2].key", "Zeit!")]), of("chain_key_unknown", "ranking.chain[2].key"));
    assert_eq!(at(&[("rounding.source", " ")]), of("rule_source_missing", "rounding.source"));
    assert_eq!(at(&[("field_gates[3].effect.keep", "Best")]), of("award_unknown", "field_gates[3].effect"));
}

#[test]
fn an_empty_row_says_nothing_and_those_behind_it_keep_their_numbers() {
    let mut form = RuleForm::of(&everything());
    form.add_row("prizes");
    form.add_row("prizes");
    assert_eq!(form.rows("prizes"), 5);
    assert_eq!(form.read("everything", 3), Ok(everything()));
    form.put("prizes[5].award", "鼓励奖");
    assert_eq!(
        faults(&form),
        [
            ("rule_field_missing", "prizes[5].take.first".to_owned()),
            ("rule_field_missing", "prizes[5].take.last".to_owned())
        ]
    );
    form.put("prizes[5].take", "within");
    form.put("prizes[5].take.percent", "80");
    assert_eq!(faults(&form), [("rule_source_missing", "prizes[5].source".to_owned())]);
}

#[test]
fn rows_move_and_go_and_a_list_has_only_so_many() {
    let mut form = RuleForm::of(&everything());
    form.raise_row("prizes", 3);
    form.raise_row("prizes", 1);
    form.remove_row("prizes", 1);
    form.remove_row("prizes", 7);
    let awards = |form: &RuleForm| {
        (1..=form.rows("prizes"))
            .map(|row| form.get(&format!("prizes[{row}].award")).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(awards(&form), ["优胜奖", "二等奖"]);
    for _ in 0..2 * ROWS_MAX {
        form.add_row("prizes");
    }
    assert_eq!(form.rows("prizes"), ROWS_MAX);
    // Rows that a form numbers with gaps, beyond measure, or not at all.
    let names = [
        "prizes[9].award",
        "prizes[4000000000].award",
        "prizes[0].award",
        "prizes[+1].award",
        "prizes[1]award",
        "x",
    ];
    let typed = RuleForm::sent(names.into_iter().zip(["甲", "乙", "丙", "丁", "戊", "己"]));
    assert_eq!(awards(&typed), ["甲", "乙"]);
    assert_eq!(typed.get("x"), "");
}

#[test]
fn what_differs_is_named_and_can_be_put_back() {
    let began = RuleForm::of(&preset("hebei-2025").expect("a preset"));
    let mut form = sent(
        &began,
        &[("judgement.spread_max", "2"), ("prizes[2].award", "银奖"), ("ranking.end", "share ")],
    );
    assert_eq!(form.differing(&began), ["judgement.spread_max", "prizes"]);
    let stale = form.stale_sources(&began);
    let columns: Vec<_> = stale.iter().filter_map(|finding| finding.place.column.as_deref()).collect();
    assert_eq!(columns, ["judgement.source", "prizes[2].source"]);
    assert!(stale.iter().all(|finding| !finding.is_error()));
    form.put("judgement.source", "技术文件第 4 条");
    assert_eq!(form.stale_sources(&began).len(), 1);
    for path in form.differing(&began) {
        form.put_back(&path, &began);
    }
    assert_eq!(form.differing(&began), [""; 0]);
    assert_eq!(form.stale_sources(&began), []);
}

#[test]
fn a_clause_that_is_switched_off_leaves_nothing_behind() {
    let form = RuleForm::of(&everything());
    let off = [
        ("compatriots.applies", ""),
        ("sign_off.competitor_sees", ""),
        ("medals.rule", ""),
        ("scale.formula", ""),
        ("team_points.by_position", ""),
        ("team_points.rest", ""),
        ("promotions[1].awards", "一等奖"),
        ("field_gates[3].effect.keep", "一等奖"),
        ("ranking.end", "chief_decides"),
    ];
    let rules = sent(&form, &off).read("own", 1).expect("a rule set");
    assert_eq!((rules.compatriots, rules.sign_off, rules.medals, rules.scale), (None, None, None, None));
    assert_eq!((rules.team_points, rules.ranking.end), (None, TieEnd::ChiefDecides));
}
