//! What a delegation's competitors bring it: points by position, and the reports of WorldSkills
//! International.

use std::cmp::Ordering;
use std::fmt;

use crate::number::round_half_up;
use crate::rules::{RuleSet, TeamPoints};

/// A delegation's place by team points. The order of a list of them is the order of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamStanding {
    /// Sum of the points of its ranked competitors.
    pub points: u64,
    /// Position, shared by those who are equal in points and in every position.
    pub position: u32,
}

/// One result of a delegation, as the WorldSkills reports count it; a team is one result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DelegationResult {
    /// The award's name as published.
    pub award: Option<String>,
    /// The published scale score.
    pub scale: Option<i64>,
}

/// The four figures of a delegation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelegationReport {
    /// Sum of medal points.
    pub medal_points: i64,
    /// Medal points by skill entered; none where nothing was entered.
    pub medal_points_mean: Option<Mean>,
    /// Sum of scale scores.
    pub scale_sum: i64,
    /// Mean of the scale scores; none where there is none.
    pub scale_mean: Option<Mean>,
}

/// An exact mean: ordered by its value, rounded only for display.
#[derive(Clone, Copy, Debug)]
pub struct Mean {
    sum: i64,
    /// Above 0.
    count: u32,
}

/// Points of one position; `TeamPoints::rest` from the end of the table on.
#[must_use]
pub fn points(rules: &TeamPoints, position: u32) -> u32 {
    let place = position.checked_sub(1).and_then(|place| usize::try_from(place).ok());
    place.and_then(|place| rules.by_position.get(place)).copied().unwrap_or(rules.rest)
}

/// Places delegations by their competitors' positions (one list each, in any order): more points
/// first, then more people in the higher positions; what is equal in all of them shares.
#[must_use]
pub fn place_teams(rules: &TeamPoints, teams: &[Vec<u32>]) -> Vec<TeamStanding> {
    let of_team = |positions: &Vec<u32>| {
        let points = positions.iter().map(|&position| u64::from(points(rules, position))).sum();
        (points, positions.clone())
    };
    let figures: Vec<(u64, Vec<u32>)> = teams.iter().map(of_team).collect();
    let places = place_by_points(&figures);
    let standing = |(figure, position): (&(u64, Vec<u32>), u32)| TeamStanding { points: figure.0, position };
    figures.iter().zip(places).map(standing).collect()
}

/// The same where each skill has its own table of points: a delegation's sum of points, and the
/// positions of its competitors in any order.
#[must_use]
pub fn place_by_points(teams: &[(u64, Vec<u32>)]) -> Vec<u32> {
    let mut figures = teams.to_vec();
    figures.iter_mut().for_each(|(_, positions)| positions.sort_unstable());
    places(&figures, by_figure)
}

/// Places delegations by their awards (how many of each class, from the best): more of the best class
/// first, then of the next; what is equal in all of them shares.
#[must_use]
pub fn place_by_awards(teams: &[Vec<u32>]) -> Vec<u32> {
    let classes = teams.iter().map(Vec::len).max().unwrap_or(0);
    let mut figures = teams.to_vec();
    figures.iter_mut().for_each(|awards| awards.resize(classes, 0));
    places(&figures, |one, other| other.cmp(one))
}

/// The awards of a rule set from the best: medals, the threshold award, prizes in their order; the
/// class of an award is its place among them.
#[must_use]
pub fn award_classes(rules: &RuleSet) -> Vec<&str> {
    let mut classes: Vec<&str> = Vec::new();
    if let Some(medals) = &rules.medals {
        classes.extend(["Gold", "Silver", "Bronze"]);
        classes.extend(medals.excellence.as_ref().map(|excellence| excellence.award.as_str()));
    }
    for prize in &rules.prizes {
        if !classes.contains(&prize.award.as_str()) {
            classes.push(&prize.award);
        }
    }
    classes
}

/// One more than how many are better, for each.
fn places<F>(figures: &[F], order: impl Fn(&F, &F) -> Ordering) -> Vec<u32> {
    let better = |own: &F| figures.iter().filter(|other| order(other, own) == Ordering::Less).count();
    figures.iter().map(|own| u32::try_from(better(own) + 1).unwrap_or(u32::MAX)).collect()
}

/// The better one first. Of two sorted lists of positions, more people in the higher positions means:
/// at the first difference the higher position, and where one list ends, the one that goes on.
fn by_figure(one: &(u64, Vec<u32>), other: &(u64, Vec<u32>)) -> Ordering {
    let by_positions = || {
        let difference = one.1.iter().zip(&other.1).map(|(a, b)| a.cmp(b)).find(|order| order.is_ne());
        difference.unwrap_or_else(|| other.1.len().cmp(&one.1.len()))
    };
    other.0.cmp(&one.0).then_with(by_positions)
}

/// Gold 4, silver 3, bronze 2, the rule set's threshold award 1, anything else nothing.
#[must_use]
pub fn medal_points(rules: &RuleSet, award: &str) -> i64 {
    let threshold_award = rules.medals.as_ref().and_then(|medals| medals.excellence.as_ref());
    match award {
        "Gold" => 4,
        "Silver" => 3,
        "Bronze" => 2,
        _ if threshold_award.is_some_and(|excellence| excellence.award == award) => 1,
        _ => 0,
    }
}

/// A delegation's figures from its results, one for each skill that it entered.
#[must_use]
pub fn delegation_report(rules: &RuleSet, results: &[DelegationResult]) -> DelegationReport {
    let award =
        |result: &DelegationResult| result.award.as_deref().map_or(0, |name| medal_points(rules, name));
    let medal_points = results.iter().map(award).sum();
    let scales: Vec<i64> = results.iter().filter_map(|result| result.scale).collect();
    let scale_sum = scales.iter().sum();
    DelegationReport {
        medal_points,
        medal_points_mean: Mean::new(medal_points, results.len()),
        scale_sum,
        scale_mean: Mean::new(scale_sum, scales.len()),
    }
}

impl Mean {
    /// `sum / count`; none for a count of 0.
    #[must_use]
    pub fn new(sum: i64, count: usize) -> Option<Self> {
        let count = u32::try_from(count).ok().filter(|count| *count > 0)?;
        Some(Self { sum, count })
    }

    /// In hundredths, half-up: `175` is 1.75.
    #[must_use]
    pub fn hundredths(self) -> i128 {
        round_half_up(i128::from(self.sum) * 100, i128::from(self.count))
    }
}

impl Ord for Mean {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |one: &Self, other: &Self| i128::from(one.sum) * i128::from(other.count);
        cross(self, other).cmp(&cross(other, self))
    }
}

impl PartialOrd for Mean {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Mean {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Mean {}

/// Two decimals, half-up: `1.75`.
impl fmt::Display for Mean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.hundredths();
        let sign = if hundredths < 0 { "-" } else { "" };
        let size = hundredths.unsigned_abs();
        write!(f, "{sign}{}.{:02}", size / 100, size % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::preset;

    /// 威海市职工职业技能竞赛奖励办法.
    fn weihai() -> TeamPoints {
        let by_position = vec![10, 9, 8, 7, 6, 5, 4, 4, 4, 4];
        TeamPoints { by_position, rest: 1, source: "威海市职工职业技能竞赛奖励办法".into() }
    }

    #[test]
    fn weihai_counts_ten_positions_and_one_point_for_everyone_else() {
        let of: Vec<u32> = [1, 6, 7, 10, 11, 400].map(|position| points(&weihai(), position)).into();
        assert_eq!(of, [10, 5, 4, 4, 1, 1]);
    }

    #[test]
    fn with_equal_points_more_people_in_the_higher_positions_lead() {
        let standing = |points, position| TeamStanding { points, position };
        let teams = [vec![2, 3, 30], vec![12, 4, 1]];
        assert_eq!(place_teams(&weihai(), &teams), [standing(18, 2), standing(18, 1)]);
        let teams = [vec![2, 3, 5], vec![3, 2, 5], vec![1, 1, 1], vec![]];
        assert_eq!(
            place_teams(&weihai(), &teams),
            [standing(23, 2), standing(23, 2), standing(30, 1), standing(0, 4)]
        );
        assert_eq!(place_teams(&weihai(), &[]), []);
    }

    #[test]
    fn delegations_without_points_stand_by_their_best_awards() {
        let teams = [vec![0, 3, 9], vec![1], vec![1, 0, 2], vec![], vec![0, 0, 0], vec![1, 0, 2]];
        assert_eq!(place_by_awards(&teams), [4, 3, 1, 5, 5, 1]);
        let rules = preset("worldskills-2019").expect("a preset");
        assert_eq!(award_classes(&rules), ["Gold", "Silver", "Bronze", "Medallion for Excellence"]);
        let rules = preset("hebei-2025").expect("a preset");
        assert_eq!(award_classes(&rules), ["Gold", "Silver", "Bronze", "优胜奖"]);
    }

    #[test]
    fn with_equal_points_and_equal_heads_the_longer_list_leads() {
        let teams = [vec![7], vec![11, 11, 11, 11], vec![7, 400]];
        let positions: Vec<u32> = place_teams(&weihai(), &teams).iter().map(|team| team.position).collect();
        assert_eq!(positions, [2, 3, 1]);
    }

    #[test]
    fn a_delegation_with_two_golds_a_silver_and_three_medallions_in_eight_skills_has_14_points() {
        let rules = preset("worldskills-2019").unwrap();
        let medallion = "Medallion for Excellence";
        let awards = ["Gold", "Gold", "Silver", medallion, medallion, medallion, "", ""];
        let results = awards.map(|award| DelegationResult { award: Some(award.into()), scale: Some(701) });
        let report = delegation_report(&rules, &results);
        assert_eq!(report.medal_points, 14);
        assert_eq!(report.medal_points_mean.unwrap().to_string(), "1.75");
        assert_eq!((report.scale_sum, report.scale_mean), (5608, Mean::new(701, 1)));
    }

    #[test]
    fn a_delegation_without_results_has_no_mean() {
        let report = delegation_report(&preset("worldskills-2019").unwrap(), &[]);
        assert_eq!((report.medal_points, report.medal_points_mean, report.scale_mean), (0, None, None));
    }

    #[test]
    fn means_compare_exactly() {
        assert!(Mean::new(1, 3) < Mean::new(334, 1000));
        assert_eq!(Mean::new(2, 6), Mean::new(1, 3));
        assert_eq!(Mean::new(-1, 3).unwrap().to_string(), "-0.33");
    }
}
