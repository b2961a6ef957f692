//! Values that are worth a second look. They count as any other, and nothing that makes a result
//! reads this.

use super::state::{Cell, Said, Skill};
use crate::number::Decimal;
use crate::scheme::{Aspect, Calculation, Method};
use crate::scoring::{Value, measurement};

/// From how many scores on a sheet a judge's all being the least, or the most, is told.
const REPEATED_MIN: usize = 4;

/// What is odd about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// A measured value is so far from its target that it gives nothing.
    FarFromTarget(Decimal),
    /// A panel's score is further from the median of its round than a quarter of the scores that could be
    /// given.
    FarFromPanel,
    /// A judge's scores on a sheet, so many, are all the least or all the most that could be given.
    AllTheSame(usize),
}

/// Where something odd stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddValue {
    /// Whose work.
    pub row: usize,
    /// Which aspect; of many the first.
    pub column: usize,
    /// Whose score, by their place among the panel's judges; none for a measurement.
    pub seat: Option<usize>,
    /// What was said.
    pub value: Value,
    /// What is odd about it.
    pub why: Odd,
}

/// Whether a measured number gives nothing because it is far from its target, and which that is.
#[must_use]
pub fn far_from_target(aspect: &Aspect, number: Decimal) -> Option<Decimal> {
    let Method::Measurement(calculation) = &aspect.method else { return None };
    let (Calculation::Ranged { target, .. } | Calculation::Difference { target, .. }) = calculation else {
        return None;
    };
    let mark = measurement::mark(aspect.max, calculation, &Value::Number(number)).ok()?;
    (mark.numerator == 0 && number != *target).then_some(*target)
}

impl Skill {
    /// Everything odd about those who compete, voided aspects aside, competitor by competitor. Of a round
    /// that somebody has still to score nothing is told.
    #[must_use]
    pub fn odd(&self) -> Vec<OddValue> {
        let mut odd = Vec::new();
        for row in self.competing() {
            for sub in 0..self.subs.len() {
                let columns: Vec<usize> =
                    self.columns_of(sub).filter(|column| self.voided(*column).is_none()).collect();
                for column in &columns {
                    self.odd_value(row, *column, &mut odd);
                }
                for seat in 0..self.panel(sub).len() {
                    odd.extend(self.all_the_same(row, &columns, seat));
                }
            }
        }
        odd
    }

    fn odd_value(&self, row: usize, column: usize, odd: &mut Vec<OddValue>) {
        let aspect = self.aspect(column);
        match self.cell(row, column) {
            Cell::Measured(said) => {
                let Some(Said { value: Value::Number(number), .. }) = said else { return };
                if let Some(target) = far_from_target(aspect, *number) {
                    let (seat, value, why) = (None, Value::Number(*number), Odd::FarFromTarget(target));
                    odd.push(OddValue { row, column, seat, value, why });
                }
            }
            Cell::Scored(rounds) => {
                let Method::Panel(scoring) = &aspect.method else { return };
                let Some(round) = rounds.last().filter(|_| self.is_round_complete(row, column)) else {
                    return;
                };
                let scores: Vec<(usize, Decimal)> = self.counting_numbers(column, round).collect();
                let range = i128::from(scoring.score_max.0) - i128::from(scoring.score_min.0);
                let Some(twice_median) = twice_median(scores.iter().map(|(_, score)| score.0)) else {
                    return;
                };
                for (seat, score) in scores {
                    // Off by more than a quarter of the range, without a fraction.
                    let twice_off = (2 * i128::from(score.0) - twice_median).abs();
                    if 2 * twice_off > range {
                        let (seat, value) = (Some(seat), Value::Number(score));
                        odd.push(OddValue { row, column, seat, value, why: Odd::FarFromPanel });
                    }
                }
            }
        }
    }

    fn all_the_same(&self, row: usize, columns: &[usize], seat: usize) -> Option<OddValue> {
        let mut first: Option<(usize, Decimal)> = None;
        let (mut count, mut least, mut most) = (0, true, true);
        for column in columns {
            let Cell::Scored(rounds) = self.cell(row, *column) else { continue };
            let Some(round) = rounds.last().filter(|_| self.is_round_complete(row, *column)) else {
                continue;
            };
            let mut own = self.counting_numbers(*column, round).filter(|(at, _)| *at == seat);
            let Some((_, score)) = own.next() else { continue };
            let (lowest, highest) = match &self.aspect(*column).method {
                Method::Panel(scoring) => (scoring.score_min, scoring.score_max),
                _ => (Decimal::whole(0), Decimal::whole(3)),
            };
            least &= score == lowest;
            most &= score == highest;
            count += 1;
            first = first.or(Some((*column, score)));
        }
        let (column, score) = first.filter(|_| count >= REPEATED_MIN && (least || most))?;
        let value = Value::Number(score);
        Some(OddValue { row, column, seat: Some(seat), value, why: Odd::AllTheSame(count) })
    }

    /// The numbers of a round whose seats count.
    fn counting_numbers<'a>(
        &'a self,
        column: usize,
        round: &'a [Option<Said>],
    ) -> impl Iterator<Item = (usize, Decimal)> + 'a {
        let said = self.seats(column).iter().zip(round).enumerate().filter(|(_, (seat, _))| seat.counts);
        said.filter_map(|(at, (_, said))| match said.as_ref()?.value {
            Value::Number(number) => Some((at, number)),
            _ => None,
        })
    }
}

/// Twice the median, which is whole; none of nothing.
fn twice_median(numbers: impl Iterator<Item = i64>) -> Option<i128> {
    let mut sorted: Vec<i64> = numbers.collect();
    sorted.sort_unstable();
    let (low, high) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    Some(i128::from(*low) + i128::from(*high))
}
