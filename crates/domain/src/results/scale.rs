//! The two published scales, in whole numbers.

use crate::number::{Mark, round_half_up, round_half_up_64};
use crate::rules::{ScaleFormula, ScaleRules};

/// Below this a number can be doubled, and half as much again added, in 64 bits.
const HALF: u64 = 1 << 61;

/// A field's scale, ready to be asked for any total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    centre: i64,
    spread: i64,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    MedianMad {
        /// Twice the median, in hundredths.
        median_2: i64,
        /// Four times the median absolute deviation, in hundredths.
        mad_4: i64,
        /// What the deviation is multiplied by, in millionths.
        factor: i64,
    },
    MeanSigma {
        /// How many there are.
        n: i128,
        /// Their sum, in hundredths.
        sum: i128,
        /// `n·Σx² − (Σx)²`
        variance: i128,
    },
}

impl Scale {
    /// The scale of a field of totals sorted from the best down. None where half or more of the
    /// field is equal (MAD 0) or the whole of it (σ 0), and for an empty field: then there is no
    /// scale, never a made-up number.
    #[must_use]
    pub fn of(rules: &ScaleRules, sorted: &[Mark]) -> Option<Self> {
        let shape = match rules.formula {
            ScaleFormula::MedianMad => {
                let (median_2, mad_4) = median_and_mad(sorted)?;
                Shape::MedianMad { median_2, mad_4, factor: rules.deviation_factor?.0 }
            }
            ScaleFormula::MeanSigma => {
                let n = i128::try_from(sorted.len()).ok()?;
                let sum: i128 = sorted.iter().map(|x| i128::from(x.0)).sum();
                let squares: i128 = sorted.iter().map(|x| i128::from(x.0) * i128::from(x.0)).sum();
                let variance = n * squares - sum * sum;
                if variance == 0 {
                    return None;
                }
                Shape::MeanSigma { n, sum, variance }
            }
        };
        Some(Self { centre: rules.centre, spread: rules.spread, shape })
    }

    /// The published integer for a total, half-up; no floor and no ceiling.
    #[must_use]
    pub fn at(&self, total: Mark) -> i64 {
        match self.shape {
            Shape::MedianMad { median_2, mad_4, factor } => {
                // spread × (x − m) / (factor × MAD), with x and m doubled and MAD four times itself.
                let wide = i128::from(2 * self.spread) * i128::from(2 * total.0 - median_2) * 1_000_000;
                let denominator = i128::from(factor) * i128::from(mad_4);
                self.centre + divide(wide, denominator)
            }
            Shape::MeanSigma { n, sum, variance } => {
                self.centre
                    + steps_from_mean(i128::from(self.spread), n * i128::from(total.0) - sum, variance)
            }
        }
    }
}

/// Half-up; by the processor's own division where both fit, as they do for every usual rule set.
fn divide(numerator: i128, denominator: i128) -> i64 {
    match (i64::try_from(numerator), i64::try_from(denominator)) {
        (Ok(small), Ok(by)) if small.unsigned_abs() < HALF && by.unsigned_abs() < HALF / 2 => {
            round_half_up_64(small, by)
        }
        _ => i64::try_from(round_half_up(numerator, denominator)).unwrap_or(i64::MAX),
    }
}

/// Twice the median and four times the MAD of totals sorted from the best down, in hundredths; none
/// where the MAD is 0. For an even number the median is the mean of the two in the middle.
fn median_and_mad(sorted: &[Mark]) -> Option<(i64, i64)> {
    let n = sorted.len();
    if n == 0 {
        return None;
    }
    let (low, high) = ((n - 1) / 2, n / 2);
    let median_2 = sorted[low].0 + sorted[high].0;
    // The totals nearest to the median, as many as the deviation's rank asks for, stand side by side:
    // this window moves down while the total above it is farther off than the one below its end.
    let (near, mut start, mut end) = (low + 1, 0, n - low - 1);
    while start < end {
        let middle = start.midpoint(end);
        if sorted[middle].0 + sorted[middle + near].0 > median_2 {
            start = middle + 1;
        } else {
            end = middle;
        }
    }
    let above = |at: usize| 2 * sorted[at].0 - median_2;
    let below = |at: usize| median_2 - 2 * sorted[at].0;
    let farthest = above(start).max(below(start + near - 1));
    let mad_4 = if low == high {
        2 * farthest
    } else {
        let next_above = if start > 0 { above(start - 1) } else { i64::MAX };
        let next_below = if start + near < n { below(start + near) } else { i64::MAX };
        farthest + next_above.min(next_below)
    };
    (mad_4 > 0).then_some((median_2, mad_4))
}

/// The largest whole k with `(2k − 1)·√variance ≤ 2·spread·difference`: the rounded number
/// of scale points, compared by sign and square so that no root is taken.
fn steps_from_mean(spread: i128, difference: i128, variance: i128) -> i64 {
    let holds = |k: i128| {
        let (left, right) = (2 * k - 1, 2 * spread * difference);
        let squares = (left * left).checked_mul(variance).zip(right.checked_mul(right));
        let Some((left_square, right_square)) = squares else { return left < right };
        match (left >= 0, right >= 0) {
            (true, true) => left_square <= right_square,
            (false, true) => true,
            (true, false) => false,
            (false, false) => left_square >= right_square,
        }
    };
    // |x − mean| ≤ √(n−1)·σ, and a field has 5,000 at the most: √4,999 is below 71.
    let (mut least, mut most) = (-71 * spread - 1, 71 * spread + 1);
    while least < most {
        let middle = least + (most - least + 1) / 2;
        if holds(middle) {
            least = middle;
        } else {
            most = middle - 1;
        }
    }
    i64::try_from(least).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Decimal;

    fn median_mad() -> ScaleRules {
        ScaleRules {
            formula: ScaleFormula::MedianMad,
            centre: 700,
            spread: 30,
            deviation_factor: Some(Decimal(1_482_600)),
            source: String::new(),
        }
    }

    fn mean_sigma() -> ScaleRules {
        ScaleRules {
            formula: ScaleFormula::MeanSigma,
            centre: 500,
            spread: 30,
            deviation_factor: None,
            source: String::new(),
        }
    }

    fn scales(rules: &ScaleRules, totals: &[i64]) -> Option<Vec<i64>> {
        let mut sorted: Vec<Mark> = totals.iter().map(|total| Mark(*total)).collect();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        let scale = Scale::of(rules, &sorted)?;
        Some(totals.iter().map(|total| scale.at(Mark(*total))).collect())
    }

    /// R-070, golden vectors.
    #[test]
    fn the_median_scale_gives_the_published_figures() {
        let given = |totals: &[i64]| scales(&median_mad(), totals);
        assert_eq!(given(&[3200, 4100, 6900, 7300, 8500]), Some(vec![653, 665, 700, 705, 720]));
        assert_eq!(given(&[5000, 8000]), Some(vec![680, 720]));
        assert_eq!(given(&[1000, 2000, 4000]), Some(vec![680, 700, 740]));
    }

    /// the largest spread, centre and factor that a rule set may hold, and the largest totals.
    #[test]
    fn the_largest_rules_and_totals_have_a_scale_without_overflow() {
        let rules = ScaleRules {
            spread: 100_000,
            centre: 1_000_000,
            deviation_factor: Some(Decimal::whole(1000)),
            ..median_mad()
        };
        // MAD 2·10⁸: 100,000 × 2·10⁸ / (1000 × 2·10⁸) = 100
        assert_eq!(scales(&rules, &[0, 400_000_000]), Some(vec![999_900, 1_000_100]));
    }

    ///
    #[test]
    fn an_equal_field_has_no_scale() {
        for totals in [&[][..], &[5000], &[5000, 5000], &[1000, 5000, 5000, 5000]] {
            assert_eq!(scales(&median_mad(), totals), None, "{totals:?}");
        }
        assert_eq!(scales(&mean_sigma(), &[5000, 5000, 5000]), None);
        assert_eq!(scales(&mean_sigma(), &[5000]), None);
        assert_eq!(scales(&mean_sigma(), &[]), None);
    }

    /// for 2, 4, 4, 4, 5, 5, 7, 9 the mean is 5 and σ is 2.
    #[test]
    fn the_mean_scale_counts_thirty_points_a_sigma() {
        let totals = [2, 4, 4, 4, 5, 5, 7, 9].map(|x| x * 100);
        assert_eq!(scales(&mean_sigma(), &totals), Some(vec![455, 485, 485, 485, 500, 500, 530, 560]));
    }

    /// The quick median of deviations against the plain one.
    #[test]
    fn deviations_are_picked_as_a_sort_would() {
        let mut seed = 7_u64;
        for n in 1..60 {
            let mut totals: Vec<i64> = (0..n)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    i64::try_from(seed >> 33).unwrap_or(0) % 40
                })
                .collect();
            totals.sort_unstable_by(|a, b| b.cmp(a));
            let sorted: Vec<Mark> = totals.iter().map(|total| Mark(*total)).collect();
            let count = totals.len();
            let median_2 = totals[(count - 1) / 2] + totals[count / 2];
            let mut off: Vec<i64> = totals.iter().map(|total| (2 * total - median_2).abs()).collect();
            off.sort_unstable();
            let mad_4 = off[(count - 1) / 2] + off[count / 2];
            assert_eq!(median_and_mad(&sorted), (mad_4 > 0).then_some((median_2, mad_4)), "{totals:?}");
        }
    }
}
