//! Positions and awards of small fields, rule by rule. Whole published events: `tests/awards.rs`.

use super::*;
use crate::rules::{preset, read};

/// A rule set without scale and awards; `more` are top-level lines, `ranking` among them.
fn rules(more: &str) -> RuleSet {
    let text = format!(
        "id = \"test\"\nversion = 1\nlive_policy = \"running\"\ntitle = {{ zh = \"测试\", en = \"Test\" }}\n\
         rounding = {{ position = \"per_aspect\", source = \"s\" }}\njudgement = {{ source = \"s\" }}\n{more}"
    );
    read(&text).unwrap_or_else(|found| panic!("{found:?}"))
}

const SHARE: &str = "ranking = { end = \"share\", source = \"s\" }\n";

fn named(name: &str) -> RuleSet {
    preset(name).unwrap()
}

fn contender(at: usize) -> Contender {
    let competitor = CompetitorCode::from(format!("C{}", at + 1));
    Contender { competitor, total: None, scale: None, keys: Vec::new(), may_win: true }
}

/// C1, C2, … with these scale scores.
fn on_scale(scales: &[i64]) -> Vec<Contender> {
    let one =
        |(at, scale): (usize, &i64)| Contender { scale: Some(*scale), total: Some(Mark(0)), ..contender(at) };
    scales.iter().enumerate().map(one).collect()
}

/// C1, C2, … with these totals, in hundredths.
fn on_totals(totals: &[i64]) -> Vec<Contender> {
    let one = |(at, total): (usize, &i64)| Contender { total: Some(Mark(*total)), ..contender(at) };
    totals.iter().enumerate().map(one).collect()
}

/// As many as `count`, all apart: positions 1 to `count`.
fn field_of(count: usize) -> Vec<Contender> {
    let totals: Vec<i64> = (1..=9000).rev().take(count).collect();
    on_totals(&totals)
}

fn placed(rules: &RuleSet, field: &[Contender]) -> Vec<Placing> {
    place(rules, field, &Decisions::default())
}

fn positions(placings: &[Placing]) -> Vec<u32> {
    placings.iter().map(|placing| placing.position.unwrap_or(0)).collect()
}

fn awards(placings: &[Placing]) -> Vec<&str> {
    placings.iter().map(|placing| placing.award.as_deref().unwrap_or("")).collect()
}

/// One letter an award: G, S, B, E for excellence, `-` for none.
fn letters(placings: &[Placing]) -> String {
    let letter = |award: &str| match award {
        "Gold" => 'G',
        "Silver" => 'S',
        "Bronze" => 'B',
        "" => '-',
        _ => 'E',
    };
    awards(placings).into_iter().map(letter).collect()
}

#[test]
fn equals_share_a_position_and_the_next_one_is_skipped() {
    let placings = placed(&rules(SHARE), &on_totals(&[8000, 9000, 8000, 7000]));
    assert_eq!(positions(&placings), [2, 1, 2, 4]);
    assert!(placings.iter().all(|placing| placing.award.is_none() && placing.open_tie.is_none()));
}

#[test]
fn one_without_a_total_has_no_position_and_still_belongs_to_the_field() {
    let mut field = field_of(12);
    for open in &mut field[6..] {
        open.total = None;
    }
    let placings = placed(&named("hebei-2025"), &field);
    assert_eq!(positions(&placings), [1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0]);
    // Half of twelve, not half of the six who have a total.
    assert_eq!(awards(&placings)[3..7], ["优胜奖", "优胜奖", "优胜奖", ""]);
    assert_eq!(placings[6], Placing::default());
}

#[test]
fn an_empty_field_is_placed_as_nobody() {
    for name in ["worldskills-2015", "worldskills-2026", "hebei-2025", "panel-sum"] {
        assert_eq!(placed(&named(name), &[]), []);
    }
}

#[test]
fn a_field_of_one_and_a_field_of_equals_have_no_scale_and_follow_the_total() {
    for name in ["worldskills-2015", "worldskills-2019", "worldskills-2026"] {
        let one = placed(&named(name), &on_totals(&[5000]));
        assert_eq!((positions(&one), letters(&one)), (vec![1], "G".into()), "{name}");
        let equal = placed(&named(name), &on_totals(&[5000; 4]));
        assert_eq!((positions(&equal), letters(&equal)), (vec![1; 4], "GGGG".into()), "{name}");
    }
}

#[test]
fn without_a_scale_only_equal_totals_share_a_medal_and_no_threshold_award_is_given() {
    let placings = placed(&named("worldskills-2015"), &on_totals(&[9000, 8999, 8999, 8998, 8997]));
    assert_eq!(letters(&placings), "GSS--");
    assert_eq!(positions(&placings), [1, 2, 2, 4, 5]);
}

#[test]
fn where_anyone_has_a_scale_score_one_without_it_is_not_placed() {
    let mut field = on_scale(&[720, 680, 700]);
    field[2].scale = None;
    assert_eq!(positions(&placed(&named("worldskills-2019"), &field)), [1, 2, 0]);
}

#[test]
fn two_point_medals_are_cut_from_the_top_of_each_group() {
    let rules = named("worldskills-2019");
    for (scales, medals) in [
        // Four golds; 726 is close to the last of them, 725 is not.
        (vec![730, 729, 729, 728, 726, 725], "GGGGBE"),
        // Never chained: 726 is close to 728, not to 730.
        (vec![730, 728, 726, 724, 721, 699], "GGBBE-"),
        (vec![740, 730, 720, 710, 690], "GSBE-"),
        // Two golds: no silver, and bronze however far below.
        (vec![740, 739, 720, 718, 717], "GGBBE"),
        // Three golds: bronze only within two points of the last.
        (vec![740, 739, 738, 735, 734], "GGGEE"),
        (vec![740, 739, 738, 736, 735], "GGGBE"),
        // Two silvers: the same.
        (vec![740, 730, 728, 725, 724], "GSSEE"),
        (vec![740, 730, 728, 727, 726, 725], "GSSBBE"),
        // No threshold for medals.
        (vec![720, 680], "GS"),
    ] {
        assert_eq!(letters(&placed(&rules, &on_scale(&scales))), medals, "{scales:?}");
    }
}

#[test]
fn a_medal_group_shares_the_position_after_all_better_ones() {
    let scales = [730, 729, 729, 728, 726, 725, 724, 724];
    assert_eq!(positions(&placed(&named("worldskills-2019"), &on_scale(&scales))), [1, 1, 1, 1, 5, 6, 7, 7]);
    // 2015 shares by two-point groups throughout, each from its own top.
    let scales = [540, 530, 520, 510, 509, 508, 507, 500];
    let placings = placed(&named("worldskills-2015"), &on_scale(&scales));
    assert_eq!(positions(&placings), [1, 2, 3, 4, 4, 4, 7, 8]);
    assert_eq!(letters(&placings), "GSBEEEEE");
}

#[test]
fn distinct_results_of_2026_are_medals_down_to_the_threshold() {
    let rules = named("worldskills-2026");
    let placings = placed(&rules, &on_scale(&[743, 743, 742, 739, 738, 699]));
    assert_eq!((letters(&placings), positions(&placings)), ("GGSBE-".into(), vec![1, 1, 3, 4, 5, 6]));
    assert_eq!(placings[4].award.as_deref(), Some("Medal for Excellence"));
    assert_eq!(letters(&placed(&rules, &on_scale(&[740, 701, 699, 660]))), "GS--");
    assert_eq!(letters(&placed(&rules, &on_scale(&[699, 690]))), "--");
}

const CHAIN: &str = "ranking = { end = \"share\", source = \"s\", chain = [\n\
    { key = \"time\", better = \"lower\" }, { key = \"part:practice\", better = \"higher\" } ] }\n";

/// Theory 90, practice 80, 150 min against 76, 86, 155 min: both 83.00 at 30/70.
fn equal_in_total() -> Vec<Contender> {
    let mut field = on_totals(&[8300, 8300]);
    field[0].keys = vec![Some(150 * 60_000), Some(80)];
    field[1].keys = vec![Some(155 * 60_000), Some(86)];
    field
}

#[test]
fn the_order_of_the_chain_decides_who_of_two_equals_leads() {
    let placings = placed(&rules(CHAIN), &equal_in_total());
    assert_eq!(positions(&placings), [1, 2]);
    assert!(placings.iter().all(|placing| placing.decided_by.as_deref() == Some("time")));

    let mut practice_first = rules(CHAIN);
    practice_first.ranking.chain.reverse();
    let mut field = equal_in_total();
    for contender in &mut field {
        contender.keys.reverse();
    }
    let placings = placed(&practice_first, &field);
    assert_eq!(positions(&placings), [2, 1]);
    assert_eq!(placings[0].decided_by.as_deref(), Some("part:practice"));
}

#[test]
fn a_key_that_is_missing_for_any_of_the_tied_decides_nothing_for_them() {
    let mut field = equal_in_total();
    field[0].keys[0] = None;
    let placings = placed(&rules(CHAIN), &field);
    assert_eq!(positions(&placings), [2, 1]);
    assert_eq!(placings[1].decided_by.as_deref(), Some("part:practice"));
    field[1].keys.clear();
    let placings = placed(&rules(CHAIN), &field);
    assert_eq!(positions(&placings), [1, 1]);
    assert_eq!(placings[0].decided_by, None);
}

#[test]
fn what_stays_equal_under_one_key_goes_on_to_the_next() {
    let mut field = on_totals(&[8300, 8300, 8300, 9000]);
    for (contender, keys) in field.iter_mut().zip([[10, 5], [20, 6], [20, 7], [1, 1]]) {
        contender.keys = keys.map(Some).into();
    }
    let placings = placed(&rules(CHAIN), &field);
    assert_eq!(positions(&placings), [2, 4, 3, 1]);
    let decided: Vec<_> = placings.iter().map(|placing| placing.decided_by.as_deref()).collect();
    assert_eq!(decided, [Some("time"), Some("part:practice"), Some("part:practice"), None]);
}

#[test]
fn an_open_tie_names_what_a_person_has_to_do_until_exactly_these_are_settled() {
    let text = SHARE.replace("share", "playoff");
    let rules = rules(&text);
    let field = on_totals(&[8000, 8000, 9000]);
    let code = |at: usize| field[at].competitor.clone();
    let settled = |orders: &[&[usize]]| Decisions {
        settled: orders.iter().map(|order| order.iter().map(|at| code(*at)).collect()).collect(),
        ..Decisions::default()
    };
    for other in [settled(&[]), settled(&[&[1]]), settled(&[&[1, 0, 2]]), settled(&[&[1, 1]])] {
        let placings = place(&rules, &field, &other);
        assert_eq!(positions(&placings), [2, 2, 1]);
        assert_eq!(placings[0].open_tie, Some(TieEnd::Playoff));
        assert_eq!(placings[2].open_tie, None);
    }
    let placings = place(&rules, &field, &settled(&[&[0, 1], &[1, 0]]));
    assert_eq!(positions(&placings), [3, 2, 1]);
    assert_eq!(placings[0].decided_by.as_deref(), Some("settled"));
    assert_eq!(placings[0].open_tie, None);
}

#[test]
fn in_a_group_that_shares_by_margin_nothing_is_left_to_decide() {
    let mut rules = named("worldskills-2019");
    rules.ranking.end = TieEnd::Draw;
    let placings = placed(&rules, &on_scale(&[740, 740, 739, 700, 690, 690]));
    assert_eq!(positions(&placings), [1, 1, 1, 4, 5, 5]);
    assert_eq!(placings[0].open_tie, None);
    assert_eq!(placings[4].open_tie, Some(TieEnd::Draw));
}

#[test]
fn the_merit_prize_of_hebei_goes_to_the_first_half_read_strictly() {
    for count in [12, 13] {
        let placings = placed(&named("hebei-2025"), &field_of(count));
        let expected = ["Gold", "Silver", "Bronze", "优胜奖", "优胜奖", "优胜奖", ""];
        assert_eq!(awards(&placings)[..7], expected, "{count}");
        assert!(awards(&placings)[7..].iter().all(|award| award.is_empty()));
    }
}

#[test]
fn five_teams_in_hebei_are_ranked_as_an_exhibition_and_six_compete_for_medals() {
    let placings = placed(&named("hebei-2025"), &field_of(5));
    assert_eq!((letters(&placings), positions(&placings)), ("-----".into(), vec![1, 2, 3, 4, 5]));
    assert_eq!(letters(&placed(&named("hebei-2025"), &field_of(6))), "GSB---");
}

#[test]
fn the_field_of_moscow_decides_which_medals_are_given() {
    let rules = rules(&format!(
        "{SHARE}prizes = [{}]\nfield_gates = [\n\
         {{ at_most = 3, effect = \"void\", source = \"s\" }},\n\
         {{ at_most = 4, effect = {{ keep = [\"Gold\"] }}, source = \"s\" }},\n\
         {{ at_most = 5, effect = {{ keep = [\"Gold\", \"Silver\"] }}, source = \"s\" }} ]\n",
        ["Gold", "Silver", "Bronze"]
            .iter()
            .zip(1..)
            .map(|(award, at)| format!(
                "{{ award = \"{award}\", take = {{ positions = {{ first = {at}, last = {at} }} }}, source = \"s\" }},"
            ))
            .collect::<String>()
    ));
    for (count, expected) in [(6, "GSB---"), (5, "GS---"), (4, "G---"), (3, "---")] {
        let placings = placed(&rules, &field_of(count));
        assert_eq!(letters(&placings), expected);
        assert_eq!(placings[0].position.is_some(), count > 3);
    }
}

#[test]
fn a_medal_class_that_a_gate_withholds_leaves_the_threshold_award() {
    let mut rules = named("worldskills-2019");
    let keep = ["Gold", "Medallion for Excellence"].map(str::to_owned).into();
    rules.field_gates = vec![FieldGate { at_most: 4, effect: GateEffect::Keep(keep), source: "s".into() }];
    assert_eq!(letters(&placed(&rules, &on_scale(&[740, 720, 699, 690]))), "GE--");
}

/// Prizes by range of positions: 一等奖 1–3, 二等奖 4–9, 三等奖 10–18 (河北建设行业 2018).
fn construction_2018() -> RuleSet {
    let prize = |award: &str, first: u32, last: u32| {
        format!(
            "{{ award = \"{award}\", take = {{ positions = {{ first = {first}, last = {last} }} }}, source = \"s\" }},"
        )
    };
    let prizes = [prize("一等奖", 1, 3), prize("二等奖", 4, 9), prize("三等奖", 10, 18)].concat();
    rules(&format!("{SHARE}prizes = [{prizes}]\n"))
}

#[test]
fn four_trades_of_hebei_2018_give_12_24_and_36_prizes() {
    let placings = placed(&construction_2018(), &field_of(40));
    let count = |name: &str| 4 * awards(&placings).iter().filter(|award| **award == name).count();
    assert_eq!(["一等奖", "二等奖", "三等奖"].map(count), [12, 24, 36]);
}

#[test]
fn a_tie_at_the_end_of_a_prize_gives_one_more_and_takes_it_from_the_next() {
    let totals: Vec<i64> = [9000, 8900, 8800, 8800].into_iter().chain((1..=30).rev()).collect();
    let placings = placed(&construction_2018(), &on_totals(&totals));
    let count = |name: &str| awards(&placings).iter().filter(|award| **award == name).count();
    assert_eq!(["一等奖", "二等奖", "三等奖"].map(count), [4, 5, 9]);
}

#[test]
fn prizes_by_share_follow_one_another_and_drop_make_whole_or_round_a_fraction() {
    let with = |rounding: &str| {
        let prize = |award: &str, percent: u32| {
            format!(
                "{{ award = \"{award}\", take = {{ share = {{ percent = \"{percent}\", rounding = \"{rounding}\" }} }}, source = \"s\" }},"
            )
        };
        rules(&format!(
            "{SHARE}prizes = [{}]\n",
            [prize("一", 10), prize("二", 20), prize("三", 30)].concat()
        ))
    };
    for (rounding, expected) in [("down", [2, 5, 7]), ("up", [3, 5, 8]), ("nearest", [3, 5, 8])] {
        let placings = placed(&with(rounding), &field_of(25));
        let count = |name: &str| awards(&placings).iter().filter(|award| **award == name).count();
        assert_eq!(["一", "二", "三"].map(count), expected, "{rounding}");
    }
}

#[test]
fn one_who_may_not_win_keeps_the_position_and_the_award_is_not_passed_on() {
    let mut field = field_of(12);
    field[1].may_win = false;
    let placings = placed(&named("hebei-2025"), &field);
    assert_eq!(positions(&placings)[..4], [1, 2, 3, 4]);
    assert_eq!(awards(&placings)[..4], ["Gold", "", "Bronze", "优胜奖"]);
    let mut field = on_scale(&[740, 730, 720, 710]);
    field[1].may_win = false;
    assert_eq!(letters(&placed(&named("worldskills-2019"), &field)), "G-BE");
}

#[test]
fn an_override_changes_the_one_it_names_and_nobody_else() {
    let rules = named("worldskills-2019");
    let field = on_scale(&[743, 739, 737, 726]);
    let rule = placed(&rules, &field);
    assert_eq!((letters(&rule), positions(&rule)), ("GSSE".into(), vec![1, 2, 2, 4]));
    let change = |at: usize, position, award: Option<&str>| Override {
        competitor: field[at].competitor.clone(),
        position,
        award: award.map(str::to_owned),
    };
    let overrides = vec![change(1, Some(1), Some("Gold")), change(2, Some(3), None)];
    let placings = place(&rules, &field, &Decisions { overrides, ..Decisions::default() });
    assert_eq!((letters(&placings), positions(&placings)), ("GGSE".into(), vec![1, 1, 3, 4]));
    let changed: Vec<bool> = placings.iter().map(|placing| placing.is_overridden).collect();
    assert_eq!(changed, [false, true, true, false]);

    let overrides = vec![change(0, None, Some("Silver")), change(0, None, Some(""))];
    let placings = place(&rules, &field, &Decisions { overrides, ..Decisions::default() });
    assert_eq!((placings[0].award.as_deref(), placings[0].position), (None, Some(1)));
}
