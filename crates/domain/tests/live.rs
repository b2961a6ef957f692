//! What may be shown of a skill while it is marked, and once its results are out (R-200 to R-206).
#![expect(clippy::expect_used, reason = "a test stops at what is not there")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use std::collections::BTreeMap;

use domain::marking::{Body, Stage, VoidHow};
use domain::number::Mark;
use domain::results::live::{Live, Presence, Progress, live};
use domain::results::{StandingStatus, standings};
use domain::rules::LivePolicy::{self, Completed, Progress as Nothing, Running};
use domain::rules::{PRESETS, preset};
use proptest::prelude::*;
use support::chaos::play;
use support::*;

/// Rank, code and what is compared, row after row.
fn ranking(live: &Live) -> Vec<(Option<u32>, String, Option<String>)> {
    let row = |row: &domain::results::live::Row| {
        (row.rank, row.competitor.to_string(), row.total.map(|total| total.to_string()))
    };
    live.rows.iter().map(row).collect()
}

/// The same in one line: `1 C2 8.00, - C1`.
fn told(live: &Live) -> String {
    let row = |(rank, code, total): (Option<u32>, String, Option<String>)| {
        let rank = rank.map_or("-".to_owned(), |rank| rank.to_string());
        total.map_or(format!("{rank} {code}"), |total| format!("{rank} {code} {total}"))
    };
    ranking(live).into_iter().map(row).collect::<Vec<_>>().join(", ")
}

/// Three competitors, A1 of two aspects and A2 of one, ten marks each, no scale.
fn small() -> Hall {
    let rules = rules_with(&["scale"]);
    let a1 = vec![direct("A1.1", 1_000), direct("A1.2", 1_000)];
    Plan::of(3).ruled(rules).sub("A1", a1).sub("A2", vec![direct("A2.1", 1_000)]).open()
}

fn mark(hall: &mut Hall, competitor: &str, aspect: &str, value: &str) {
    assert_eq!(hall.mark("J1", competitor, aspect, value), "accepted");
}

fn shows(hall: &Hall, policy: LivePolicy) -> String {
    told(&live(hall.skill(), policy))
}

#[test]
fn each_preset_names_the_policy_of_its_tier() {
    let policies: BTreeMap<&str, LivePolicy> =
        PRESETS.iter().map(|(name, _)| (*name, preset(name).expect("a preset").live_policy)).collect();
    let wanted = [
        ("enterprise-drill", Running),
        ("hebei-2025", Completed),
        ("panel-sum", Running),
        ("vocational-2014", Completed),
        ("worldskills-2015", Nothing),
        ("worldskills-2019", Nothing),
        ("worldskills-2026", Nothing),
    ];
    assert_eq!(policies, BTreeMap::from(wanted));
}

#[test]
fn a_rank_waits_until_everyone_has_the_mark() {
    let mut hall = small();
    mark(&mut hall, "C1", "A1.1", "9");
    mark(&mut hall, "C2", "A1.1", "10");
    assert_eq!(shows(&hall, Running), "- C1, - C2, - C3");
    mark(&mut hall, "C3", "A1.1", "9");
    assert_eq!(shows(&hall, Running), "1 C2 10.00, 2 C1 9.00, 2 C3 9.00");
    assert_eq!(shows(&hall, Completed), "- C1, - C2, - C3");
    // Far ahead in what the others have not been marked for, and no further up.
    mark(&mut hall, "C1", "A1.2", "10");
    mark(&mut hall, "C1", "A2.1", "10");
    assert_eq!(shows(&hall, Running), "1 C2 10.00, 2 C1 9.00, 2 C3 9.00");
    mark(&mut hall, "C2", "A1.2", "2");
    mark(&mut hall, "C3", "A1.2", "4");
    assert_eq!(shows(&hall, Completed), "1 C1 19.00, 2 C3 13.00, 3 C2 12.00");
    let completed = live(hall.skill(), Completed);
    assert_eq!(completed.criteria[0].max, Mark(2_000));
    assert_eq!(completed.rows[0].marks, [Mark(1_900)]);
    assert_eq!(completed.rows[2].gap, Some(Mark(700)));
    assert_eq!(completed.progress, Progress { done: 7, of: 9 });
    assert_eq!(completed.rows[0].progress, Progress { done: 3, of: 3 });
}

#[test]
fn progress_shows_no_mark_and_no_rank() {
    let mut hall = small();
    for (competitor, value) in [("C1", "1"), ("C2", "2"), ("C3", "3")] {
        for aspect in ["A1.1", "A1.2", "A2.1"] {
            mark(&mut hall, competitor, aspect, value);
        }
    }
    let shown = live(hall.skill(), Nothing);
    assert_eq!(told(&shown), "- C1, - C2, - C3");
    assert!(
        shown.criteria.is_empty() && shown.rows.iter().all(|row| row.marks.is_empty() && row.gap.is_none())
    );
    assert_eq!(shown.progress, Progress { done: 9, of: 9 });
}

#[test]
fn nobody_waits_for_those_who_do_not_compete_or_have_not_started() {
    let mut hall = small();
    mark(&mut hall, "C1", "A1.1", "5");
    assert_eq!(hall.decide(absent("C2")), "accepted");
    assert_eq!(shows(&hall, Running), "- C1, - C2, - C3");
    let start = |hall: &mut Hall, competitor| {
        hall.ask(domain::access::Role::FloorJudge, "floor", start(competitor, 1_790_000_000_000))
    };
    // From the first start on, those who have not started are not waited for; a mark says as much.
    assert_eq!(start(&mut hall, "C3"), "accepted");
    assert_eq!(shows(&hall, Running), "- C1, - C2, - C3");
    mark(&mut hall, "C3", "A1.1", "7");
    assert_eq!(shows(&hall, Running), "1 C3 7.00, 2 C1 5.00, - C2");
    let shown = live(hall.skill(), Running);
    assert_eq!(shown.rows[2].presence, Presence::Absent);
    assert_eq!(shown.progress, Progress { done: 2, of: 6 });
}

#[test]
fn who_has_not_started_has_no_rank_and_holds_nobody_up() {
    let mut hall = small();
    let start = start("C2", 1_790_000_000_000);
    assert_eq!(hall.ask(domain::access::Role::FloorJudge, "floor", start), "accepted");
    mark(&mut hall, "C2", "A1.1", "4");
    assert_eq!(shows(&hall, Running), "1 C2 4.00, - C1, - C3");
}

#[test]
fn a_voided_aspect_compares_for_all_or_for_none() {
    let mut hall = small();
    for (competitor, value) in [("C1", "1"), ("C2", "2"), ("C3", "3")] {
        mark(&mut hall, competitor, "A1.1", value);
    }
    mark(&mut hall, "C1", "A1.2", "9");
    assert_eq!(hall.decide(void_aspect("A1.2", VoidHow::Removed)), "accepted");
    assert_eq!(shows(&hall, Completed), "1 C3 3.00, 2 C2 2.00, 3 C1 1.00");
    let removed = hall.last();
    assert_eq!(hall.decide(void(removed)), "accepted");
    assert_eq!(hall.decide(void_aspect("A1.2", VoidHow::Full)), "accepted");
    assert_eq!(shows(&hall, Completed), "1 C3 13.00, 2 C2 12.00, 3 C1 11.00");
    assert_eq!(live(hall.skill(), Completed).progress, Progress { done: 3, of: 6 });
}

#[test]
fn a_mark_in_a_weighted_part_weighs_what_it_will_weigh_in_the_total() {
    let theory = vec![in_part("theory", direct("T1", 10_000))];
    let practice = vec![in_part("practice", direct("P1", 4_000)), in_part("practice", direct("P2", 6_000))];
    let mut hall = Plan::of(2)
        .ruled(rules_with(&["scale"]))
        .parts(vec![part("theory", 30), part("practice", 70)])
        .sub("A1", theory)
        .sub("A2", practice)
        .open();
    for (competitor, theory, first) in [("C1", "90", "20"), ("C2", "70", "30")] {
        mark(&mut hall, competitor, "T1", theory);
        mark(&mut hall, competitor, "P1", first);
    }
    // 90 × 30 % + 20 × 70 % = 41 and 70 × 30 % + 30 × 70 % = 42: the whole part is what it is out of.
    assert_eq!(shows(&hall, Running), "1 C2 42.00, 2 C1 41.00");
    assert_eq!(shows(&hall, Completed), "1 C1 27.00, 2 C2 21.00");
    assert_eq!(hall.decide(penalty("C2", 150)), "accepted");
    assert_eq!(shows(&hall, Running), "1 C1 41.00, 2 C2 40.50");
}

#[test]
fn groups_are_ranked_apart() {
    let mut plan = Plan::of(4).ruled(rules_with(&["scale"])).sub("A1", vec![direct("A1.1", 1_000)]);
    for (at, group) in [(0, "students"), (1, "employees"), (2, "employees"), (3, "students")] {
        plan.competitors[at].group = group.into();
    }
    let mut hall = plan.open();
    for (competitor, value) in [("C1", "2"), ("C2", "3"), ("C3", "4"), ("C4", "5")] {
        mark(&mut hall, competitor, "A1.1", value);
    }
    assert_eq!(shows(&hall, Running), "1 C4 5.00, 2 C1 2.00, 1 C3 4.00, 2 C2 3.00");
    assert_eq!(live(hall.skill(), Running).rows[3].gap, Some(Mark(100)));
}

#[test]
fn scale_awards_and_positions_wait_for_the_release() {
    let rules = rules_with(&["scale", "penalties"]);
    let gold = r#"{ award = "Gold", take = { positions = { first = 1, last = 1 } }, source = "R-104" }"#;
    let text = format!("{RULES}\nprizes = [{gold}]");
    for (policy, scale_rules) in
        [(Running, self::rules(&text)), (Nothing, self::rules(&text)), (Running, rules)]
    {
        let has_scale = scale_rules.scale.is_some();
        let mut hall = Plan::of(3).ruled(scale_rules).sub("A1", vec![direct("A1.1", 1_000)]).open();
        for (competitor, value) in [("C1", "2"), ("C2", "3"), ("C3", "8")] {
            mark(&mut hall, competitor, "A1.1", value);
        }
        assert_eq!(hall.ask(domain::access::Role::ChiefJudge, "chief", close()), "accepted");
        let under_review = live(hall.skill(), policy);
        assert!(under_review.stage.is_none());
        assert!(under_review.rows.iter().all(|row| row.scale.is_none() && row.award.is_none()));
        let released = hall.ask(domain::access::Role::Organiser, "organiser", release(Stage::Provisional));
        assert_eq!(released, "accepted");
        let out = live(hall.skill(), policy);
        assert_eq!(out.stage, Some(Stage::Provisional));
        assert_eq!(told(&out), "1 C3 8.00, 2 C2 3.00, 3 C1 2.00");
        assert_eq!(out.rows.iter().all(|row| row.scale.is_some()), has_scale);
        assert_eq!(out.rows[0].award.as_deref(), has_scale.then_some("Gold"));
        // What was never to be seen in parts does not come out in parts.
        assert_eq!(out.rows[0].marks.is_empty(), policy == Nothing);
    }
}

/// A skill of `competitors` with parts and groups as told, four aspects, no scale and no tie-break.
fn plan(competitors: usize, has_parts: bool, has_groups: bool, is_at_total: bool) -> Plan {
    let mut lines = vec!["scale"];
    if is_at_total {
        lines.push(r#"rounding = { position = "at_total", source = "R-052" }"#);
    }
    let aspects = |sub: &str, name: &str| -> Vec<_> {
        let of = |at: i64| direct(&format!("{sub}.{at}"), 1_000 * at);
        (1..=2).map(|at| if has_parts { in_part(name, of(at)) } else { of(at) }).collect()
    };
    let mut plan = Plan::of(competitors).ruled(rules_with(&lines));
    if has_parts {
        plan = plan.parts(vec![part("theory", 37), part("practice", 63)]);
    }
    if has_groups {
        for (at, entrant) in plan.competitors.iter_mut().enumerate() {
            entrant.group = if at % 2 == 0 { "one".into() } else { "two".into() };
        }
    }
    plan.sub("A1", aspects("A1", "theory")).sub("A2", aspects("A2", "practice"))
}

const ASPECTS: [&str; 4] = ["A1.1", "A1.2", "A2.1", "A2.2"];

/// Hundredths given to each competitor for each aspect, or none.
type Marks = Vec<[Option<i64>; 4]>;

fn marks(is_whole: bool) -> impl Strategy<Value = Marks> {
    let cell = move |aspect: usize| {
        let value = (0_i64..=4).prop_map(move |step| step * [250, 500, 250, 500][aspect]);
        if is_whole { value.prop_map(Some).boxed() } else { prop::option::weighted(0.7, value).boxed() }
    };
    prop::collection::vec([cell(0), cell(1), cell(2), cell(3)], 1..7)
}

fn entered(plan: &Plan, marks: &Marks, penalties: &[i64]) -> Hall {
    let mut hall = plan.open();
    for (at, row) in marks.iter().enumerate() {
        let competitor = format!("C{}", at + 1);
        for (aspect, hundredths) in ASPECTS.iter().zip(row) {
            if let Some(hundredths) = hundredths {
                mark(&mut hall, &competitor, aspect, &Mark(*hundredths).to_string());
            }
        }
        if let Some(penalty_of) = penalties.get(at).filter(|marks| **marks > 0) {
            assert_eq!(hall.decide(penalty(&competitor, *penalty_of)), "accepted");
        }
    }
    hall
}

proptest! {
    /// R-202: what somebody has no mark for might as well not be there.
    #[test]
    fn what_is_unmarked_for_somebody_never_influences_a_rank(
        marks in marks(false),
        (has_parts, has_groups, is_at_total) in any::<(bool, bool, bool)>(),
    ) {
        let plan = plan(marks.len(), has_parts, has_groups, is_at_total);
        let mut bare = marks.clone();
        for aspect in 0..4 {
            if marks.iter().any(|row| row[aspect].is_none()) {
                bare.iter_mut().for_each(|row| row[aspect] = None);
            }
        }
        let (full, bare) = (entered(&plan, &marks, &[]), entered(&plan, &bare, &[]));
        let ranking_of = |hall: &Hall| ranking(&live(hall.skill(), Running));
        prop_assert_eq!(ranking_of(&full), ranking_of(&bare));
    }

    /// R-203: where no tie-break and no scale differs, the last live rank is the final one.
    #[test]
    fn once_all_is_marked_the_live_rank_is_the_final_one(
        marks in marks(true),
        penalties in prop::collection::vec(0_i64..500, 0..7),
        (has_parts, has_groups, is_at_total) in any::<(bool, bool, bool)>(),
    ) {
        let plan = plan(marks.len(), has_parts, has_groups, is_at_total);
        let hall = entered(&plan, &marks, &penalties);
        for policy in [Running, Completed] {
            let shown = ranking(&live(hall.skill(), policy));
            let last: Vec<_> = standings(hall.skill())
                .into_iter()
                .map(|one| (one.position, one.competitor.to_string(), one.total.map(|total| total.to_string())))
                .collect();
            prop_assert_eq!(shown, last);
        }
    }

    /// R-204: neither who is listed first nor who was marked first matters.
    #[test]
    fn the_order_of_competitors_and_marks_does_not_matter(marks in marks(false), seed in any::<u64>()) {
        let plan = plan(marks.len(), false, false, false);
        let shown = live(entered(&plan, &marks, &[]).skill(), Running);
        let mut other = plan;
        shuffle(&mut other.competitors, seed);
        let mut cells: Vec<(usize, usize)> =
            (0..marks.len()).flat_map(|row| (0..4).map(move |aspect| (row, aspect))).collect();
        shuffle(&mut cells, seed ^ 1);
        let mut hall = other.open();
        for (row, aspect) in cells {
            if let Some(hundredths) = marks[row][aspect] {
                mark(&mut hall, &format!("C{}", row + 1), ASPECTS[aspect], &Mark(hundredths).to_string());
            }
        }
        prop_assert_eq!(live(hall.skill(), Running), shown);
    }

    /// Whatever happened in a hall: every row is there once, and only what may be shown is.
    #[test]
    fn a_live_board_of_any_session_is_sound(bytes in prop::collection::vec(any::<u8>(), 0..900)) {
        let hall = play(&bytes);
        let Some(skill) = &hall.state.skill else { return Ok(()) };
        let final_rows = standings(skill);
        for policy in [Nothing, Completed, Running] {
            let shown = live(skill, policy);
            let mut codes: Vec<_> = shown.rows.iter().map(|row| &row.competitor).collect();
            codes.sort();
            codes.dedup();
            prop_assert_eq!(codes.len(), skill.competitors.len());
            let is_hidden = shown.stage.is_none() && policy == Nothing;
            for row in &shown.rows {
                let competes = row.presence == Presence::Competing;
                prop_assert!(row.rank.is_none() || shown.stage.is_some() || competes);
                prop_assert!(!is_hidden || (row.rank.is_none() && row.total.is_none()));
                prop_assert!(shown.stage.is_some() || (row.scale.is_none() && row.award.is_none()));
                prop_assert!(row.marks.is_empty() || row.marks.len() == shown.criteria.len());
                prop_assert!(row.progress.done <= row.progress.of);
                let status = final_rows.iter().find(|one| one.competitor == row.competitor).map(|one| one.status);
                let is_out = matches!(
                    status,
                    Some(StandingStatus::Absent | StandingStatus::Withdrawn | StandingStatus::Disqualified)
                );
                prop_assert_eq!(is_out, !competes);
            }
            for pair in shown.rows.windows(2).filter(|pair| pair[0].group == pair[1].group) {
                let key = |at: usize| (pair[at].rank.is_none(), pair[at].rank, &pair[at].competitor);
                prop_assert!(key(0) < key(1));
            }
        }
    }
}

#[test]
fn a_released_skill_can_be_marked_no_more_and_stays_shown() {
    let mut hall = small();
    assert_eq!(hall.ask(domain::access::Role::ChiefJudge, "chief", close()), "accepted");
    let body: Body = release(Stage::Official);
    assert_eq!(hall.ask(domain::access::Role::Organiser, "organiser", body), "accepted");
    assert_eq!(shows(&hall, Running), "- C1, - C2, - C3");
}
