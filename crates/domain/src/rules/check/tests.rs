//! A rule set that is wrong in one thing is refused for that thing, by its code and at its clause.

use super::*;
use crate::finding::Language;
use crate::rules::{PRESETS, preset};

const GOOD: &str = include_str!("../presets/worldskills-2019.toml");
const HEBEI: &str = include_str!("../presets/hebei-2025.toml");

/// `text` with one thing changed; the change must apply.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// Codes and columns of what is wrong with a text.
fn wrong(text: &str) -> Vec<(&'static str, String)> {
    let rules: RuleSet = toml::from_str(text).unwrap();
    check(&rules).into_iter().map(|found| (found.code, found.place.column.unwrap_or_default())).collect()
}

#[test]
fn every_preset_is_without_any_finding_and_bears_its_own_name() {
    for (name, _) in PRESETS {
        let rules = preset(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(check(&rules), [], "{name}");
        assert_eq!(rules.id, *name);
        let again = read(&toml::to_string(&rules).unwrap()).unwrap();
        assert_eq!(again, rules, "{name} survives being written and read");
    }
}

#[test]
fn what_is_no_rule_set_is_refused_with_row_and_column() {
    let found = read("id = \"x\"\nversion = one\n").unwrap_err();
    assert_eq!(found[0].code, "rule_set_unreadable");
    assert_eq!((found[0].place.row, found[0].place.column.as_deref()), (Some(2), Some("11")));
    let found = read(&changed(GOOD, "centre = 700", "center = 700")).unwrap_err();
    assert!(found[0].say(Language::English).contains("center"), "{found:?}");
    let row = GOOD.lines().position(|line| line == "centre = 700").unwrap() + 1;
    assert_eq!(found[0].place.row, u64::try_from(row).ok());
}

#[test]
fn a_byte_order_mark_is_accepted() {
    assert!(read(&format!("\u{feff}{GOOD}")).is_ok());
}

#[test]
fn each_wrong_scale_margin_or_scheme_clause_is_named() {
    for (from, to, code, column) in [
        ("deviation_factor = \"1.4826\"\n", "", "scale_factor_missing", "scale.deviation_factor"),
        ("\"1.4826\"", "\"0\"", "scale_factor_out_of_range", "scale.deviation_factor"),
        ("median_mad", "mean_sigma", "scale_factor_unused", "scale.deviation_factor"),
        ("spread = 30", "spread = 0", "scale_spread_out_of_range", "scale.spread"),
        ("centre = 700", "centre = 9000000", "scale_centre_out_of_range", "scale.centre"),
        ("margin = 2", "margin = -1", "medal_margin_negative", "medals.rule"),
        ("judges = 3", "judges = 0", "rule_no_judges", "judgement.judges"),
        ("total = \"100.00\"", "total = \"0\"", "rule_nothing_allowed", "scheme.total"),
        ("aspect_max = \"2.00\"", "aspect_max = \"-2\"", "rule_mark_negative", "scheme.aspect_max"),
        ("criteria = [5, 9]", "criteria = [9, 5]", "rule_range_upside_down", "scheme.criteria"),
        ("\"worldskills-2019\"", "\" \"", "rule_name_unfit", "id"),
        ("WorldSkills rules of 2017 to 2024", "", "rule_name_unfit", "title.en"),
        ("version = 2", "version = 0", "rule_version_missing", "version"),
        ("\"Medallion for Excellence\"", "\"Gold\"", "award_repeated", "medals.excellence.award"),
        (
            "[rounding]",
            "[penalties]\ncap = \"-1\"\nsource = \"s\"\n[rounding]",
            "rule_mark_negative",
            "penalties.cap",
        ),
        ("[rounding]", "[penalties]\ncap = \"5\"\n[rounding]", "rule_source_missing", "penalties.source"),
        (
            "[rounding]",
            "[team_points]\nby_position = []\nrest = 1\nsource = \"s\"\n[rounding]",
            "team_points_empty",
            "team_points.by_position",
        ),
        (
            "[rounding]",
            "[team_points]\nby_position = [3, 2]\nrest = 5\nsource = \"s\"\n[rounding]",
            "team_points_rise",
            "team_points.by_position",
        ),
    ] {
        assert_eq!(wrong(&changed(GOOD, from, to)), [(code, column.to_owned())], "{to}");
    }
}

#[test]
fn a_clause_without_a_source_is_refused() {
    let sources = HEBEI.lines().filter(|line| line.starts_with("source = ")).count();
    for at in 0..sources {
        let mut seen = 0;
        let lines = HEBEI.lines().map(|line| {
            let is_meant = line.starts_with("source = ") && seen == at;
            seen += usize::from(line.starts_with("source = "));
            if is_meant { "source = \"  \"" } else { line }
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let found = wrong(&text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "rule_source_missing");
        assert!(read(&text).is_err());
    }
}

#[test]
fn a_tie_break_key_has_a_known_form_and_stands_once() {
    let with = |chain: &str| changed(GOOD, "chain = []", &format!("chain = [{chain}]"));
    let key = |key: &str| format!("{{ key = \"{key}\", better = \"higher\" }}");
    for known in [
        "time",
        "judgement",
        "measurement",
        "part:theory",
        "criterion:A",
        "sub_criterion:A1",
        "short_programme",
    ] {
        assert_eq!(wrong(&with(&key(known))), [], "{known}");
    }
    for unknown in ["", "Time", "part:", "part: x", "aspect:A1", "two words", "理论"] {
        assert_eq!(wrong(&with(&key(unknown)))[0].0, "chain_key_unknown", "{unknown}");
    }
    let twice = with(&[key("time"), key("part:theory"), key("time")].join(", "));
    assert_eq!(wrong(&twice), [("chain_key_repeated", "ranking.chain[3]".to_owned())]);
}

#[test]
fn medals_in_scale_points_need_a_scale() {
    let start = GOOD.find("[scale]").unwrap();
    let end = GOOD.find("[ranking]").unwrap();
    let text = format!("{}{}", &GOOD[..start], &GOOD[end..]);
    assert_eq!(wrong(&text), [("medals_need_scale", "medals".to_owned())]);
}

#[test]
fn each_wrong_prize_gate_promotion_or_honour_is_named() {
    let gate = "[[field_gates]]\nat_most = 5\neffect = \"exhibition\"";
    let keep = "[[field_gates]]\nat_most = 5\neffect = { keep = [\"Gold\", \"Platinum\"] }";
    let two = format!("{gate}\nsource = \"s\"\n{gate}");
    let honour = "[[honours]]\ntitle = \"技术状元\"\nfirst = 2\nlast = 1\nsource = \"s\"\n[[field_gates]]";
    for (from, to, code, column) in [
        ("first = 2, last = 2", "first = 3, last = 2", "rule_range_upside_down", "prizes[2].take"),
        ("first = 1, last = 1", "first = 0, last = 1", "rule_range_upside_down", "prizes[1].take"),
        ("first = 1, last = 1", "first = 1, last = 2", "prize_out_of_order", "prizes[2].take"),
        ("\"50\"", "\"101\"", "prize_percent_out_of_range", "prizes[4].take"),
        ("\"50\"", "\"-1\"", "prize_percent_out_of_range", "prizes[4].take"),
        (gate, keep, "award_unknown", "field_gates[1].effect"),
        (gate, &two, "gate_out_of_order", "field_gates[2].at_most"),
        ("[\"优胜奖\"]", "[]", "award_list_empty", "promotions[2].awards"),
        ("[\"优胜奖\"]", "[\"优秀奖\"]", "award_unknown", "promotions[2].awards"),
        (
            "base = \"technician\"\n",
            "base = \"special_technician\"\n",
            "promotion_lowers",
            "promotions[1].next_if_already",
        ),
        (
            "\"senior_technician\"",
            "\"chief_technician\"",
            "promotion_too_high",
            "promotions[1].next_if_already",
        ),
        ("[[field_gates]]", honour, "rule_range_upside_down", "honours[1].first"),
    ] {
        assert_eq!(wrong(&changed(HEBEI, from, to))[0], (code, column.to_owned()), "{to}");
    }
    let both = format!("{}\n{}", GOOD, &HEBEI[HEBEI.find("[[prizes]]").unwrap()..]);
    let expected = ["prizes[1].award", "prizes[2].award", "prizes[3].award"]
        .map(|column| ("award_repeated", column.to_owned()));
    assert_eq!(wrong(&both), expected);
}

#[test]
fn shares_of_more_than_the_whole_field_are_refused() {
    let share = |award: &str| {
        format!(
            "[[prizes]]\naward = \"{award}\"\ntake = {{ share = {{ percent = \"60\", rounding = \"down\" }} }}\nsource = \"s\"\n"
        )
    };
    let text = format!("{GOOD}\n{}{}", share("一等奖"), share("二等奖"));
    assert_eq!(wrong(&text), [("prize_shares_above_whole", "prizes".to_owned())]);
}
