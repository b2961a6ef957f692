//! How judges agree, and who of them gives more or less than the others: what each said in first rounds
//! that are complete, held against the rest of the panel. It is advice and changes no
//! result; nothing that makes a result reads it.

use std::fmt;

use crate::id::JudgeCode;
use crate::marking::Skill;
use crate::number::Decimal;
use crate::scheme::Method;
use crate::scoring::{Value, gcd};

/// Which scores are compared: rungs and numbers never in one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scored {
    /// Judgement, 0 to 3.
    Judgement,
    /// A panel's numbers.
    Panel,
}

/// What a panel said of one aspect of one competitor in the first round, with two scores or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstRound {
    /// Whose work.
    pub row: usize,
    /// Which aspect.
    pub column: usize,
    /// What kind of aspect that is.
    pub scored: Scored,
    /// The counting judges' scores, in seat order.
    pub scores: Vec<(JudgeCode, Decimal)>,
    /// The highest minus the lowest of them.
    pub spread: Decimal,
    /// The two in the middle, the lower one first; of an odd number it is the same twice. The median lies
    /// halfway between them.
    pub middle: (Decimal, Decimal),
    /// The range that a score is from: 3 of a judgement, of a panel its highest minus its lowest.
    range: Decimal,
}

/// How one judge's scores of one kind stand to the others'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Who.
    pub judge: JudgeCode,
    /// Of which scores.
    pub scored: Scored,
    /// The sample: how many of the judge's scores were compared.
    pub sample: usize,
    /// How many of them are the median.
    pub at_median: usize,
    /// How much more than the others the judge gives, on the mean; none beyond exact arithmetic.
    pub severity: Option<Severity>,
}

/// How much more than the others a judge gives, as an exact fraction: rungs of judgement, percent of the
/// range of a panel's numbers. Above 0 the judge is generous, below strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Severity {
    numerator: i128,
    /// Above 0.
    denominator: i128,
}

/// The first rounds of these rows that are complete, row by row, in the scheme's order; voided aspects
/// and whoever does not compete aside.
#[must_use]
pub fn first_rounds(skill: &Skill, rows: impl IntoIterator<Item = usize>) -> Vec<FirstRound> {
    let columns = skill.board.columns();
    let counting = |column: &usize| columns.get(*column).is_some_and(|column| column.voided.is_none());
    let judged: Vec<usize> = (0..columns.len()).filter(counting).collect();
    let competing = rows.into_iter().filter(|row| skill.board.is_competing(*row));
    let cells = competing.flat_map(|row| judged.iter().map(move |column| (row, *column)));
    cells.filter_map(|(row, column)| first_round(skill, row, column)).collect()
}

fn first_round(skill: &Skill, row: usize, column: usize) -> Option<FirstRound> {
    let (scored, range) = match &skill.aspect(column).method {
        Method::Measurement(_) => return None,
        Method::Judgement { .. } => (Scored::Judgement, Decimal::whole(3)),
        Method::Panel(panel) => (Scored::Panel, Decimal(panel.score_max.0.checked_sub(panel.score_min.0)?)),
    };
    let revealed = skill.revealed(row, column);
    let (_, told) = revealed.into_iter().find(|(round, _)| *round == 1)?;
    let number = |(judge, value): (&JudgeCode, &Value)| match value {
        Value::Number(number) => Some((judge.clone(), *number)),
        Value::Choice(_) | Value::Missing => None,
    };
    let scores: Vec<(JudgeCode, Decimal)> = told.into_iter().filter_map(number).collect();
    let mut sorted: Vec<Decimal> = scores.iter().map(|(_, score)| *score).collect();
    sorted.sort_unstable();
    let [least, .., most] = sorted[..] else { return None };
    let middle = (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
    Some(FirstRound { row, column, scored, scores, spread: Decimal(most.0 - least.0), middle, range })
}

/// How each judge stands to the others in these rounds: of judgement first, judges in the order in which
/// they come.
#[must_use]
pub fn agreement(rounds: &[FirstRound]) -> Vec<Agreement> {
    let mut all: Vec<Sum> = Vec::new();
    for round in rounds {
        for (judge, score) in &round.scores {
            let at = all.iter().position(|sum| sum.scored == round.scored && sum.judge == *judge);
            let at = at.unwrap_or_else(|| {
                all.push(Sum::of(judge, round.scored));
                all.len() - 1
            });
            all[at].take(round, *score);
        }
    }
    all.sort_by_key(|sum| sum.scored);
    all.into_iter().map(Sum::whole).collect()
}

/// What was compared of one judge so far.
struct Sum {
    judge: JudgeCode,
    scored: Scored,
    sample: usize,
    at_median: usize,
    /// The sum of the differences; none once it was beyond exact arithmetic.
    differences: Option<Severity>,
}

impl Sum {
    fn of(judge: &JudgeCode, scored: Scored) -> Self {
        let differences = Some(Severity { numerator: 0, denominator: 1 });
        Self { judge: judge.clone(), scored, sample: 0, at_median: 0, differences }
    }

    fn take(&mut self, round: &FirstRound, score: Decimal) {
        let (low, high) = round.middle;
        self.sample += 1;
        self.at_median += usize::from(score.0.checked_mul(2) == low.0.checked_add(high.0));
        self.differences = self.differences.and_then(|sum| sum.plus(difference(round, score)?));
    }

    fn whole(self) -> Agreement {
        let Self { judge, scored, sample, at_median, differences } = self;
        let severity = differences.and_then(|sum| {
            Severity::new(sum.numerator, sum.denominator.checked_mul(i128::try_from(sample).ok()?)?)
        });
        Agreement { judge, scored, sample, at_median, severity }
    }
}

/// A score minus the mean of the others in its round: of a judgement in rungs, of a panel in
/// percent of the range.
fn difference(round: &FirstRound, score: Decimal) -> Option<Severity> {
    let others = i128::try_from(round.scores.len().checked_sub(1)?).ok()?;
    let all: i128 = round.scores.iter().map(|(_, score)| i128::from(score.0)).sum();
    // `score − (all − score) / others`, over the number of others.
    let more = i128::from(score.0) * (others + 1) - all;
    let (of, unit) = match round.scored {
        Scored::Judgement => (1, i128::from(Decimal::ONE.0)),
        Scored::Panel => (100, i128::from(round.range.0)),
    };
    Severity::new(more.checked_mul(of)?, others.checked_mul(unit)?)
}

impl Severity {
    /// In its lowest terms; none where the denominator is not above 0.
    fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator <= 0 {
            return None;
        }
        let common = gcd(numerator, denominator);
        Some(Self { numerator: numerator / common, denominator: denominator / common })
    }

    fn plus(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Self::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
    }

    /// In hundredths, halves away from zero: as much for the generous as for the strict.
    #[must_use]
    pub fn hundredths(self) -> i128 {
        let (size, of) = (self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        // Whole ones and the rest apart, so that nothing overflows.
        let (whole, rest) = (size / of, size % of);
        let rounded = rest.saturating_mul(200).saturating_add(of) / of.saturating_mul(2);
        let hundredths = i128::try_from(whole.saturating_mul(100) + rounded).unwrap_or(i128::MAX);
        if self.numerator < 0 { -hundredths } else { hundredths }
    }
}

/// With its sign and two decimals: `+0.33`, `-0.50`, `0.00`.
impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.hundredths();
        let sign = match hundredths.signum() {
            1 => "+",
            0 => "",
            _ => "-",
        };
        let size = hundredths.unsigned_abs();
        write!(f, "{sign}{}.{:02}", size / 100, size % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(scored: Scored, range: i32, scores: &[i64]) -> FirstRound {
        let given = scores.iter().enumerate();
        let scores: Vec<(JudgeCode, Decimal)> = given
            .map(|(at, score)| (format!("J{}", at + 1).as_str().into(), Decimal(*score * 1_000_000)))
            .collect();
        let mut sorted: Vec<Decimal> = scores.iter().map(|(_, score)| *score).collect();
        sorted.sort_unstable();
        FirstRound {
            row: 0,
            column: 0,
            scored,
            spread: Decimal(sorted[sorted.len() - 1].0 - sorted[0].0),
            middle: (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]),
            scores,
            range: Decimal::whole(range),
        }
    }

    fn told(rounds: &[FirstRound]) -> Vec<(String, usize, usize, String)> {
        let of = |one: Agreement| {
            let severity = one.severity.map(|severity| severity.to_string()).unwrap_or_default();
            (one.judge.to_string(), one.sample, one.at_median, severity)
        };
        agreement(rounds).into_iter().map(of).collect()
    }

    fn row(judge: &str, sample: usize, at_median: usize, severity: &str) -> (String, usize, usize, String) {
        (judge.to_owned(), sample, at_median, severity.to_owned())
    }

    /// worked by hand: of 1 2 2 the median is 2; J1 is 1 − 2 = −1, J2 and J3 are
    /// 2 − 1.5 = +0.5. Of 3 2 0 it is 2; J1 is 3 − 1 = +2, J2 2 − 1.5 = +0.5, J3 0 − 2.5 = −2.5.
    #[test]
    fn three_judges_are_compared_as_one_works_it_out_by_hand() {
        let first = round(Scored::Judgement, 3, &[1, 2, 2]);
        assert_eq!(
            told(std::slice::from_ref(&first)),
            [row("J1", 1, 0, "-1.00"), row("J2", 1, 1, "+0.50"), row("J3", 1, 1, "+0.50")]
        );
        let second = round(Scored::Judgement, 3, &[3, 2, 0]);
        assert_eq!(
            told(&[first, second]),
            [row("J1", 2, 0, "+0.50"), row("J2", 2, 2, "+0.50"), row("J3", 2, 1, "-1.00")]
        );
    }

    /// of an even number the median lies between the two in the middle.
    #[test]
    fn of_four_judges_nobody_may_be_at_the_median() {
        let split = round(Scored::Judgement, 3, &[1, 1, 2, 2]);
        assert_eq!(split.middle, (Decimal::whole(1), Decimal::whole(2)));
        // 1 − 5/3 = −2/3, 2 − 4/3 = +2/3.
        assert_eq!(
            told(&[split]),
            [
                row("J1", 1, 0, "-0.67"),
                row("J2", 1, 0, "-0.67"),
                row("J3", 1, 0, "+0.67"),
                row("J4", 1, 0, "+0.67")
            ]
        );
        let same = round(Scored::Judgement, 3, &[2, 2]);
        assert_eq!(told(&[same]), [row("J1", 1, 1, "0.00"), row("J2", 1, 1, "0.00")]);
    }

    /// numbers of different ranges meet as percent of their range, and never with rungs.
    #[test]
    fn panels_numbers_are_compared_by_their_range_and_apart_from_rungs() {
        let hundred = round(Scored::Panel, 100, &[80, 90]);
        let ten = round(Scored::Panel, 10, &[8, 7]);
        let rungs = round(Scored::Judgement, 3, &[3, 2]);
        // J1: −10 % and +10 %.
        assert_eq!(
            told(&[hundred, ten, rungs]),
            [
                row("J1", 1, 0, "+1.00"),
                row("J2", 1, 0, "-1.00"),
                row("J1", 2, 0, "0.00"),
                row("J2", 2, 0, "0.00")
            ]
        );
    }

    /// 1/8 is 0.125.
    #[test]
    fn halves_of_a_hundredth_go_away_from_zero() {
        for (numerator, denominator, text) in [
            (1, 8, "+0.13"),
            (-1, 8, "-0.13"),
            (1, 200, "+0.01"),
            (-1, 200, "-0.01"),
            (1, 201, "0.00"),
            (-1, 201, "0.00"),
            (-7, 2, "-3.50"),
            (0, 5, "0.00"),
        ] {
            let severity = Severity::new(numerator, denominator).expect("a fraction");
            assert_eq!(severity.to_string(), text, "{numerator}/{denominator}");
        }
        assert_eq!(Severity::new(1, 0), None);
    }
}
