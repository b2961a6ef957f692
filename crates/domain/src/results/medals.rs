//! Medal groups by closeness of results, as WorldSkills cuts them.

use std::ops::Range;

use super::ties::Rung;
use crate::rules::{MedalRule, MedalRules, PositionSharing};

/// The three classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Medal {
    Gold,
    Silver,
    Bronze,
}

/// Those who share a position: neighbouring rungs of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Indices into the ladder.
    pub(super) rungs: Range<usize>,
    /// The class, where it is a medal group.
    pub(super) medal: Option<Medal>,
    /// Shared because the results are close: then neither chain nor decision parts its members.
    pub(super) is_by_margin: bool,
}

/// What the values of a ladder are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Published scale points.
    Scale,
    /// Totals, because there is no scale. A margin or threshold in scale points means
    /// nothing for them: only equal totals share, and no threshold applies. Our default.
    Total,
}

impl Medal {
    /// The name as published.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gold => "Gold",
            Self::Silver => "Silver",
            Self::Bronze => "Bronze",
        }
    }
}

/// The whole ladder as groups that share a position: medal groups first, then everyone else.
pub(super) fn groups(rules: &MedalRules, ladder: &[Rung], measure: Measure) -> Vec<Group> {
    let is_good_enough = |rung: &Rung| match (measure, rules.threshold) {
        (Measure::Scale, Some(threshold)) => rung.value >= threshold,
        _ => true,
    };
    let medal_rungs = ladder.iter().take_while(|rung| is_good_enough(rung)).count();
    let mut groups = match rules.rule {
        MedalRule::WithinMargin { margin } => within_margin(&ladder[..medal_rungs], on(measure, margin)),
        MedalRule::DistinctMarks => distinct(medal_rungs),
    };
    let mut at = groups.last().map_or(0, |group| group.rungs.end);
    while at < ladder.len() {
        let (end, is_by_margin) = match rules.positions {
            PositionSharing::Equal => (at + 1, false),
            PositionSharing::WithinMargin { margin } => {
                (reach(ladder, at, ladder[at].value, on(measure, margin)), true)
            }
        };
        groups.push(Group { rungs: at..end, medal: None, is_by_margin });
        at = end;
    }
    groups
}

/// The name of the threshold award, for one without a medal whose scale score earns it.
pub(super) fn excellence(rules: &MedalRules, value: i64, measure: Measure) -> Option<&str> {
    let excellence = rules.excellence.as_ref()?;
    (measure == Measure::Scale && value >= excellence.threshold).then_some(excellence.award.as_str())
}

/// Gold, silver and bronze by margin, each group measured from its top, never chained.
fn within_margin(ladder: &[Rung], margin: i64) -> Vec<Group> {
    let Some(top) = ladder.first() else { return Vec::new() };
    let gold = 0..reach(ladder, 0, top.value, margin);
    let golds = heads(ladder, &gold);
    let silver = match ladder.get(gold.end) {
        Some(next) if golds == 1 => gold.end..reach(ladder, gold.end, next.value, margin),
        _ => gold.end..gold.end,
    };
    let silvers = heads(ladder, &silver);
    let bronze_from = match ladder.get(silver.end) {
        // the next result opens a group of its own.
        Some(next) if golds == 2 || (golds == 1 && silvers == 1) => next.value,
        // only those close to the last medallist.
        _ => ladder[silver.end - 1].value,
    };
    let bronze = silver.end..reach(ladder, silver.end, bronze_from, margin);
    [(gold, Medal::Gold), (silver, Medal::Silver), (bronze, Medal::Bronze)]
        .into_iter()
        .filter(|(rungs, _)| !rungs.is_empty())
        .map(|(rungs, medal)| Group { rungs, medal: Some(medal), is_by_margin: true })
        .collect()
}

/// The first three distinct results. Equals that the chain parted are distinct.
fn distinct(medal_rungs: usize) -> Vec<Group> {
    [Medal::Gold, Medal::Silver, Medal::Bronze]
        .into_iter()
        .take(medal_rungs)
        .enumerate()
        .map(|(at, medal)| Group { rungs: at..at + 1, medal: Some(medal), is_by_margin: false })
        .collect()
}

/// The end of the rungs from `at` on whose value is within `margin` of `top`.
fn reach(ladder: &[Rung], at: usize, top: i64, margin: i64) -> usize {
    let least = top.saturating_sub(margin);
    at + ladder[at..].iter().take_while(|rung| rung.value >= least).count()
}

/// How many contenders stand on these rungs.
fn heads(ladder: &[Rung], rungs: &Range<usize>) -> usize {
    ladder[rungs.clone()].iter().map(|rung| rung.members.len()).sum()
}

/// A margin in scale points, as far as the measure knows one.
fn on(measure: Measure, margin: i64) -> i64 {
    match measure {
        Measure::Scale => margin.max(0),
        Measure::Total => 0,
    }
}
