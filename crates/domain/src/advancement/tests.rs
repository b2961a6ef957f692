//! What advancement is held to: worked examples, and what holds whatever the results are.

use proptest::prelude::*;

use super::*;

fn candidate(code: &str, position: u32, total: i64, delegation: &str) -> Candidate {
    Candidate {
        code: CompetitorCode::from(code),
        competes: true,
        position: Some(position),
        total: Some(Mark(total)),
        delegation: delegation.to_owned(),
        employment: "职工".to_owned(),
        ..Candidate::default()
    }
}

/// Of positions as given; each of a delegation of their own.
fn feeder(skill: &str, positions: &[u32]) -> Feeder {
    let candidates = positions.iter().enumerate().map(|(at, position)| {
        let code = format!("{}{:02}", &skill[..1].to_uppercase(), at + 1);
        let total = 9_000 - i64::from(*position) * 100;
        candidate(&code, *position, total, &code)
    });
    Feeder { skill: LedgerId::from(skill), candidates: candidates.collect() }
}

fn fate(outcome: &Outcome, code: &str) -> Fate {
    let found = outcome.rows.iter().find(|((_, of), _)| of.as_str() == code);
    found.unwrap_or_else(|| panic!("nobody is {code}")).1
}

fn going(outcome: &Outcome) -> Vec<&str> {
    let rows = outcome.rows.iter().filter(|(_, fate)| matches!(fate, Fate::Advances(_)));
    rows.map(|((_, code), _)| code.as_str()).collect()
}

/// C17: the first 30 go on, and all who are equal to the 30th.
#[test]
fn all_who_are_equal_at_the_cut_go_on() {
    let mut positions: Vec<u32> = (1..=29).collect();
    positions.extend([30, 30, 30, 33, 34]);
    let rule = Rule { quota: Quota::First(30), ..Rule::default() };
    let outcome = advance(&rule, &[feeder("lift", &positions)], &[]);
    assert_eq!(going(&outcome).len(), 32);
    assert_eq!(fate(&outcome, "L32"), Fate::Advances(30));
    assert_eq!(fate(&outcome, "L33"), Fate::Stays(Why::Cut));
    assert!(outcome.open.is_empty());
}

#[test]
fn a_share_is_rounded_down_and_counts_who_competes() {
    let mut of = feeder("weld", &[1, 2, 3, 4, 5, 6, 7]);
    of.candidates[6] = Candidate { competes: false, position: None, ..of.candidates[6].clone() };
    let rule = Rule { quota: Quota::Share(50), ..Rule::default() };
    let outcome = advance(&rule, &[of], &[]);
    assert_eq!(going(&outcome), ["W01", "W02", "W03"]);
    assert_eq!(fate(&outcome, "W07"), Fate::Stays(Why::Unplaced));
}

#[test]
fn a_tie_at_the_cut_waits_for_a_lot_and_then_follows_it() {
    let feeders = [feeder("weld", &[1, 2, 2, 2, 5])];
    let rule = Rule { quota: Quota::First(3), ties: CutTies::Draw, reserves: 1, ..Rule::default() };
    let open = advance(&rule, &feeders, &[]);
    assert_eq!(going(&open), ["W01"]);
    assert_eq!(open.open.len(), 1);
    assert_eq!((fate(&open, "W03"), fate(&open, "W05")), (Fate::Open, Fate::Waits));
    let mut lot = open.open[0].clone();
    lot.rotate_left(1);
    let drawn = advance(&rule, &feeders, &[lot]);
    assert_eq!(going(&drawn), ["W01", "W03", "W04"]);
    assert_eq!(fate(&drawn, "W02"), Fate::Reserve(1));
    assert_eq!(fate(&drawn, "W05"), Fate::Stays(Why::Cut));
    // A lot for others than these is none.
    let other = vec![vec![open.open[0][0].clone(), open.open[0][1].clone()]];
    assert_eq!(advance(&rule, &feeders, &other), open);
}

#[test]
fn the_chain_parts_equals_by_the_total_that_the_scale_hid() {
    // 28.42 and 28.40 are both published as 759.
    let mut of = feeder("weld", &[1, 2, 2]);
    for (at, total) in [(1, 2_840), (2, 2_842)] {
        of.candidates[at] =
            Candidate { total: Some(Mark(total)), scale: Some(759), ..of.candidates[at].clone() };
    }
    let rule = Rule { quota: Quota::First(2), ties: CutTies::Chain, ..Rule::default() };
    assert_eq!(going(&advance(&rule, &[of], &[])), ["W01", "W03"]);
}

#[test]
fn a_delegation_has_no_more_than_its_cap_and_the_next_go_on_in_their_place() {
    let delegations = ["甲", "甲", "乙", "甲", "丙"];
    let mut of = feeder("weld", &[1, 2, 3, 4, 5]);
    for (one, delegation) in of.candidates.iter_mut().zip(delegations) {
        one.delegation = delegation.to_owned();
    }
    let rule = Rule { quota: Quota::First(3), per_delegation: Some(1), ..Rule::default() };
    let outcome = advance(&rule, &[of], &[]);
    assert_eq!(going(&outcome), ["W01", "W03", "W05"]);
    assert_eq!(fate(&outcome, "W02"), Fate::Stays(Why::Delegation));
}

#[test]
fn equals_of_one_delegation_beyond_its_cap_are_drawn_among_themselves() {
    let mut of = feeder("weld", &[1, 1, 1, 4]);
    for at in [0, 1] {
        of.candidates[at].delegation = "甲".to_owned();
    }
    let rule = Rule { quota: Quota::First(2), per_delegation: Some(1), ..Rule::default() };
    let open = advance(&rule, std::slice::from_ref(&of), &[]);
    assert_eq!(open.open.iter().map(Vec::len).collect::<Vec<_>>(), [2]);
    let mut lot = open.open[0].clone();
    lot.reverse();
    let drawn = advance(&rule, &[of], &[lot]);
    assert_eq!(going(&drawn), ["W02", "W03"]);
    assert_eq!(fate(&drawn, "W01"), Fate::Stays(Why::Delegation));
}

#[test]
fn who_gives_up_makes_room_for_the_reserve() {
    let rule = Rule { quota: Quota::First(1), reserves: 1, ..Rule::default() };
    let mut of = feeder("weld", &[1, 2, 3]);
    let before = advance(&rule, std::slice::from_ref(&of), &[]);
    assert_eq!((fate(&before, "W01"), fate(&before, "W02")), (Fate::Advances(1), Fate::Reserve(1)));
    of.candidates[0].is_out = true;
    let after = advance(&rule, &[of], &[]);
    assert_eq!(fate(&after, "W01"), Fate::Stays(Why::GaveUp));
    assert_eq!((fate(&after, "W02"), fate(&after, "W03")), (Fate::Advances(1), Fate::Reserve(1)));
}

#[test]
fn the_least_total_and_the_employment_narrow_it() {
    let mut of = feeder("weld", &[1, 2, 3]);
    of.candidates[0].employment = "学生".to_owned();
    let rule =
        Rule { least_total: Some(Mark(8_800)), employments: vec!["职工".to_owned()], ..Rule::default() };
    let outcome = advance(&rule, &[of], &[]);
    assert_eq!(fate(&outcome, "W01"), Fate::Stays(Why::Employment));
    assert_eq!(fate(&outcome, "W02"), Fate::Advances(1));
    assert_eq!(fate(&outcome, "W03"), Fate::Stays(Why::Below));
}

#[test]
fn several_skills_have_places_each_or_are_one_ranking() {
    let (mut one, two) = (feeder("a-city", &[1, 2, 3]), feeder("b-city", &[1, 2, 3]));
    for candidate in &mut one.candidates {
        candidate.total = candidate.total.map(|total| Mark(total.0 + 1_000));
    }
    let feeders = [one, two];
    let each = Rule { quota: Quota::First(2), ..Rule::default() };
    assert_eq!(going(&advance(&each, &feeders, &[])), ["A01", "A02", "B01", "B02"]);
    let together = Rule { quota: Quota::First(4), merge: Merge::Total, ..Rule::default() };
    assert_eq!(going(&advance(&together, &feeders, &[])), ["A01", "A02", "A03", "B01"]);
    // Nobody has a scale score.
    let scale = Rule { merge: Merge::Scale, ..together };
    assert!(advance(&scale, &feeders, &[]).rows.iter().all(|row| row.1 == Fate::Stays(Why::Unplaced)));
}

#[test]
fn groups_have_places_of_their_own() {
    let mut of = feeder("weld", &[1, 2, 1, 2]);
    for at in [2, 3] {
        of.candidates[at].group = GroupName::from("学生组");
    }
    let rule = Rule { quota: Quota::First(1), ..Rule::default() };
    assert_eq!(going(&advance(&rule, &[of], &[])), ["W01", "W03"]);
}

#[test]
fn a_lot_is_drawn_again_from_its_seed_alone() {
    let keys: Vec<Key> =
        ["A", "B", "C"].map(|code| (LedgerId::from("weld"), CompetitorCode::from(code))).into();
    let drawn = lot("2026-12-01", &keys);
    let turned: Vec<Key> = keys.iter().rev().cloned().collect();
    assert_eq!(drawn, lot("2026-12-01", &turned));
    let orders: HashSet<Vec<Key>> = (0..50).map(|seed| lot(&seed.to_string(), &keys)).collect();
    assert_eq!(orders.len(), 6, "every order comes up");
}

#[test]
fn a_rule_is_read_as_typed_and_says_what_is_wrong() {
    let typed = Typed {
        is_share: false,
        places: " 5 ",
        ties: CutTies::Draw,
        merge: Merge::Each,
        per_delegation: "",
        least_total: "60",
        employments: "职工、 教师,",
        reserves: "1",
    };
    let rule = Rule::read(&typed).unwrap();
    assert_eq!((rule.quota, rule.per_delegation, rule.reserves), (Quota::First(5), None, 1));
    assert_eq!((rule.least_total, rule.employments), (Some(Mark(6_000)), vec!["职工".into(), "教师".into()]));
    for (typed, code) in [
        (Typed { places: "0", ..typed }, "advancement_quota_unfit"),
        (Typed { places: "5001", ..typed }, "advancement_quota_unfit"),
        (Typed { places: "101", is_share: true, ..typed }, "advancement_share_unfit"),
        (Typed { per_delegation: "-1", ..typed }, "advancement_count_unfit"),
        (Typed { reserves: "two", ..typed }, "advancement_count_unfit"),
        (Typed { least_total: "-3", ..typed }, "advancement_total_unfit"),
        (Typed { employments: &"工".repeat(65), ..typed }, "advancement_employments_unfit"),
    ] {
        assert_eq!(Rule::read(&typed).unwrap_err().code(), code);
    }
}

/// The road to WorldSkills (C20 to C22): ten, five, three, two, one, with the second in reserve.
#[test]
fn camps_narrow_ten_to_one_with_a_reserve() {
    let mut at_camp = 10;
    for (places, reserves) in [(5, 0), (3, 0), (2, 0), (1, 1)] {
        let positions: Vec<u32> = (1..=at_camp).collect();
        let rule = Rule { quota: Quota::First(places), ties: CutTies::Draw, reserves, ..Rule::default() };
        let outcome = advance(&rule, &[feeder("camp", &positions)], &[]);
        assert_eq!(going(&outcome).len(), usize::try_from(places).unwrap());
        let standing_by = outcome.rows.iter().filter(|row| matches!(row.1, Fate::Reserve(_))).count();
        assert_eq!(standing_by, usize::try_from(reserves).unwrap());
        at_camp = places;
    }
    assert_eq!(at_camp, 1);
}

prop_compose! {
    fn any_candidate(at: usize)(
        total in 0_i64..6, delegation in 0_u8..4, is_out in prop::bool::weighted(0.1), ranked in prop::bool::weighted(0.9),
    ) -> (usize, i64, u8, bool, bool) {
        (at, total, delegation, is_out, ranked)
    }
}

fn any_feeder(name: &'static str) -> impl Strategy<Value = Feeder> {
    let people = (0_usize..12).prop_flat_map(|count| (0..count).map(any_candidate).collect::<Vec<_>>());
    people.prop_map(move |people| {
        let position = |total: i64| {
            let better = people.iter().filter(|(_, other, _, _, ranked)| *ranked && *other > total).count();
            u32::try_from(better + 1).unwrap_or(u32::MAX)
        };
        let of = |(at, total, delegation, is_out, ranked): &(usize, i64, u8, bool, bool)| Candidate {
            position: ranked.then(|| position(*total)),
            is_out: *is_out,
            ..candidate(&format!("{name}{at}"), 1, total * 100, &delegation.to_string())
        };
        Feeder { skill: LedgerId::from(name), candidates: people.iter().map(of).collect() }
    })
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let quota = prop_oneof![(1_u32..8).prop_map(Quota::First), (1_u32..=100).prop_map(Quota::Share)];
    let ties = prop_oneof![Just(CutTies::All), Just(CutTies::Chain), Just(CutTies::Draw)];
    let merge = prop_oneof![Just(Merge::Each), Just(Merge::Total)];
    (quota, ties, merge, prop::option::of(1_u32..3), 0_u32..4).prop_map(
        |(quota, ties, merge, per_delegation, reserves)| Rule {
            quota,
            ties,
            merge,
            per_delegation,
            reserves,
            ..Rule::default()
        },
    )
}

/// Draws every lot that is wanted, until none is.
fn drawn(rule: &Rule, feeders: &[Feeder]) -> (Outcome, Vec<Vec<Key>>) {
    let mut lots = Vec::new();
    for _ in 0..100 {
        let outcome = advance(rule, feeders, &lots);
        if outcome.open.is_empty() {
            return (outcome, lots);
        }
        lots.extend(outcome.open.into_iter().map(|mut lot| {
            lot.reverse();
            lot
        }));
    }
    panic!("lots are wanted without end: {:?}", advance(rule, feeders, &lots));
}

proptest! {
    #[test]
    fn everybody_has_one_fate_and_every_bound_holds(
        rule in any_rule(), one in any_feeder("a"), two in any_feeder("b"),
    ) {
        let feeders = [one, two];
        let (outcome, _) = drawn(&rule, &feeders);
        let everybody: usize = feeders.iter().map(|of| of.candidates.len()).sum();
        let keys: HashSet<&Key> = outcome.rows.iter().map(|row| &row.0).collect();
        prop_assert_eq!((keys.len(), outcome.rows.len()), (everybody, everybody));
        prop_assert!(outcome.rows.iter().all(|row| !matches!(row.1, Fate::Open | Fate::Waits)));
        let contests: Vec<Vec<&Feeder>> = match rule.merge {
            Merge::Each => feeders.iter().map(|of| vec![of]).collect(),
            _ => vec![feeders.iter().collect()],
        };
        for contest in contests {
            let candidates: Vec<(&LedgerId, &Candidate)> =
                contest.iter().flat_map(|of| of.candidates.iter().map(|one| (&of.skill, one))).collect();
            let of = |skill: &LedgerId, code: &CompetitorCode| {
                outcome.rows.iter().find(|row| row.0.0 == *skill && row.0.1 == *code).map(|row| row.1)
            };
            let going: Vec<&Candidate> = candidates
                .iter()
                .filter(|(skill, one)| matches!(of(skill, &one.code), Some(Fate::Advances(_))))
                .map(|(_, one)| *one)
                .collect();
            let places = rule.quota.places(candidates.len());
            if rule.ties != CutTies::All {
                prop_assert!(going.len() <= places);
            }
            if let Some(cap) = rule.per_delegation {
                for delegation in 0..4_u8 {
                    let count = going.iter().filter(|one| one.delegation == delegation.to_string()).count();
                    prop_assert!(count <= usize::try_from(cap).unwrap());
                }
            }
            prop_assert!(going.iter().all(|one| one.position.is_some() && !one.is_out));
            // Nobody goes on before somebody better who could have.
            let worst = going.iter().filter_map(|one| one.total).min();
            for (skill, one) in &candidates {
                if matches!(of(skill, &one.code), Some(Fate::Stays(Why::Cut) | Fate::Reserve(_))) {
                    prop_assert!(worst.is_none_or(|worst| one.total <= Some(worst)) || rule.merge == Merge::Each);
                }
            }
        }
    }

    #[test]
    fn the_order_of_the_input_changes_nobodys_fate(
        rule in any_rule(), one in any_feeder("a"), two in any_feeder("b"),
    ) {
        let feeders = [one, two];
        let (outcome, lots) = drawn(&rule, &feeders);
        let mut turned = feeders.clone();
        turned.reverse();
        turned.iter_mut().for_each(|of| of.candidates.reverse());
        let again = advance(&rule, &turned, &lots);
        let sorted = |outcome: &Outcome| {
            let mut rows: Vec<(Key, String)> =
                outcome.rows.iter().map(|(key, fate)| (key.clone(), format!("{fate:?}"))).collect();
            rows.sort();
            rows
        };
        prop_assert_eq!(sorted(&outcome), sorted(&again));
    }
}
