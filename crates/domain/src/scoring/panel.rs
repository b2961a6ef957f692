//! Panel aspects: each judge says a number; extremes are dropped, the rest averaged.

use super::{Exact, gcd, lcm};
use crate::number::{Decimal, Mark, round_half_up};
use crate::scheme::PanelScoring;

/// The mark of the scores that are present, in any order; missing ones are left out before
/// dropping. None with fewer than `drop_low + drop_high + 1` scores.
///
/// Rounded in steps, as the checked public data show: the mean to hundredths, then times
/// the factor (rounded by the caller's rule). With `exact`, nothing is rounded here.
#[must_use]
pub fn mark(scores: &[Decimal], panel: &PanelScoring, exact: bool) -> Option<Exact> {
    let mut sorted: Vec<i64> = scores.iter().map(|score| score.0).collect();
    sorted.sort_unstable();
    let low = usize::try_from(panel.drop_low).ok()?;
    let high = usize::try_from(panel.drop_high).ok()?;
    let kept = sorted.get(low..sorted.len().checked_sub(high)?)?;
    if kept.is_empty() {
        return None;
    }
    let sum: i128 = kept.iter().map(|score| i128::from(*score)).sum();
    let count = i128::try_from(kept.len()).ok()?;
    let factor = i128::from(panel.factor.0);
    // Scores and the factor are in millionths; 10,000 millionths are a hundredth.
    if exact {
        return Some(Exact { numerator: sum * factor, denominator: count * 10_000 * 1_000_000 });
    }
    let mean = round_half_up(sum, count * 10_000);
    Some(Exact { numerator: mean * factor, denominator: 1_000_000 })
}

/// The smallest denominator over which every unrounded mean of up to `judges` scores is whole.
#[must_use]
pub(super) fn denominator(panel: &PanelScoring, judges: usize) -> Option<i128> {
    // Every score is a multiple of what its range and step have in common.
    let grain = gcd(i128::from(panel.score_min.0), i128::from(panel.score_step.0));
    let top = grain.checked_mul(i128::from(panel.factor.0))?;
    (1..=i128::try_from(judges).ok()?).try_fold(1, |all, count| {
        let bottom = count * 10_000 * 1_000_000;
        lcm(all, bottom / gcd(top, bottom))
    })
}

/// The most a panel can give, were every score the highest: as much as one such score alone.
#[must_use]
pub fn reach(panel: &PanelScoring) -> Mark {
    let mean = round_half_up(i128::from(panel.score_max.0), 10_000);
    Exact { numerator: mean * i128::from(panel.factor.0), denominator: 1_000_000 }.rounded()
}

/// Whether a judge may say this: within the range and on a step.
#[must_use]
pub fn is_sayable(score: Decimal, panel: &PanelScoring) -> bool {
    score >= panel.score_min
        && score <= panel.score_max
        && panel.score_step.0 > 0
        && (score.0 - panel.score_min.0) % panel.score_step.0 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(drop: u32, factor: Decimal) -> PanelScoring {
        PanelScoring {
            drop_high: drop,
            drop_low: drop,
            factor,
            score_max: Decimal::whole(100),
            score_min: Decimal::whole(0),
            score_step: Decimal(250_000),
        }
    }

    fn scores(values: &[i32]) -> Vec<Decimal> {
        values.iter().map(|value| Decimal::whole(*value)).collect()
    }

    /// golden vectors.
    #[test]
    fn one_extreme_of_each_end_is_dropped_even_when_several_are_equal() {
        let panel = panel(1, Decimal::ONE);
        let given = |values: &[i32]| mark(&scores(values), &panel, false).map(Exact::rounded);
        assert_eq!(given(&[85, 90, 92, 92, 95]), Some(Mark(9133)));
        assert_eq!(given(&[88, 88, 90, 95, 95]), Some(Mark(9100)));
        assert_eq!(given(&[95, 90]), None);
    }

    ///
    #[test]
    fn the_mean_is_rounded_before_the_factor() {
        let panel = panel(0, Decimal(1_600_000));
        let exact = mark(&scores(&[7, 7, 8]), &panel, false).map(Exact::rounded);
        assert_eq!(exact, Some(Mark(1173))); // 7.333… → 7.33; × 1.6 = 11.728 → 11.73
    }

    #[test]
    fn the_reach_of_a_panel_is_known_however_many_scores_it_drops() {
        let most = PanelScoring { drop_low: u32::MAX, ..panel(u32::MAX, Decimal(1_600_000)) };
        assert_eq!(reach(&most), Mark(16_000));
        assert_eq!(reach(&panel(1, Decimal::ONE)), Mark(10_000));
    }

    #[test]
    fn only_steps_inside_the_range_can_be_said() {
        let panel = panel(1, Decimal::ONE);
        assert!(is_sayable(Decimal(5_750_000), &panel));
        assert!(!is_sayable(Decimal(5_700_000), &panel));
        assert!(!is_sayable(Decimal::whole(101), &panel));
        assert!(!is_sayable(Decimal(-250_000), &panel));
    }
}
