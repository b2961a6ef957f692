//! Judgement: each judge says 0 to 3 against four descriptors.

use super::Exact;
use crate::number::Mark;

/// The mark of an accepted panel: `sum / (3 × judges) × max`.
///
/// `scores` holds one score per counting judge, in any order; `spread_max` is the largest accepted
/// difference, none where every spread is accepted. None for an empty panel or a spread
/// that is not accepted: then there is no mark, and a re-scoring round is due.
#[must_use]
pub fn mark(scores: &[u32], max: Mark, spread_max: Option<u32>) -> Option<Exact> {
    let (least, most) = (scores.iter().min()?, scores.iter().max()?);
    if spread_max.is_some_and(|limit| most - least > limit) {
        return None;
    }
    let sum: u32 = scores.iter().sum();
    let judges = i128::try_from(scores.len()).ok()?;
    Some(Exact { numerator: i128::from(sum) * i128::from(max.0), denominator: 3 * judges })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R-032, golden vectors.
    #[test]
    fn three_judges_give_the_published_marks() {
        for (scores, max, mark_hundredths) in [
            ([0, 0, 0], 100, 0),
            ([0, 0, 1], 25, 3),
            ([0, 1, 1], 50, 11),
            ([1, 1, 1], 200, 67),
            ([1, 1, 2], 200, 89),
            ([1, 1, 2], 75, 33),
            ([1, 2, 2], 50, 28),
            ([1, 2, 2], 100, 56),
            ([2, 2, 2], 25, 17),
            ([2, 2, 3], 75, 58),
            ([2, 2, 3], 200, 156),
            ([2, 3, 3], 25, 22),
            ([2, 3, 3], 150, 133),
            ([3, 3, 3], 200, 200),
        ] {
            let exact = mark(&scores, Mark(max), Some(1)).expect("an accepted spread");
            assert_eq!(exact.rounded(), Mark(mark_hundredths), "{scores:?} of {max}");
            let sum: u32 = scores.iter().sum();
            let n = i64::from(sum) * max;
            assert_eq!(exact.rounded().0, (2 * n + 9) / 18, "the integer form of R-032");
        }
    }

    ///
    #[test]
    fn a_spread_above_one_is_not_accepted() {
        for scores in [[0, 1, 2], [0, 0, 2], [1, 1, 3], [0, 3, 3]] {
            assert_eq!(mark(&scores, Mark(100), Some(1)), None, "{scores:?}");
            assert!(mark(&scores, Mark(100), None).is_some());
        }
        for scores in [[0, 0, 1], [2, 3, 3]] {
            assert!(mark(&scores, Mark(100), Some(1)).is_some());
        }
        assert_eq!(mark(&[], Mark(100), Some(1)), None);
    }
}
