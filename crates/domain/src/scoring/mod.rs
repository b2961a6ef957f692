//! From what was measured or said to the mark of one aspect.

pub mod judgement;
pub mod measurement;
pub mod panel;

use serde::{Deserialize, Serialize};

use crate::number::{Decimal, Mark, round_half_up};
use crate::scheme::{Aspect, Method};

/// What a judge said or a panel measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Value {
    /// The label of a `choice`.
    Choice(String),
    /// Nothing, and that is stated: a judge without a score, or a measurement taken back.
    Missing,
    /// A number: the measured value, the count, the score, or the mark itself.
    Number(Decimal),
}

/// A mark before its rounding: an exact fraction of hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    /// Hundredths times the denominator.
    pub numerator: i128,
    /// Above 0.
    pub denominator: i128,
}

impl Exact {
    /// Whole hundredths.
    #[must_use]
    pub fn whole(hundredths: i64) -> Self {
        Self { numerator: i128::from(hundredths), denominator: 1 }
    }

    /// Rounded half-up to hundredths.
    #[must_use]
    pub fn rounded(self) -> Mark {
        let hundredths = round_half_up(self.numerator, self.denominator);
        Mark(i64::try_from(hundredths).unwrap_or(i64::MAX))
    }

    /// The same fraction over another denominator, where it comes out even.
    #[must_use]
    pub fn over(self, denominator: i128) -> Option<i128> {
        let scaled = self.numerator.checked_mul(denominator)?;
        (scaled % self.denominator == 0).then_some(scaled / self.denominator)
    }

    /// Not below 0 and not above `max`.
    #[must_use]
    pub fn clamped(self, max: Mark) -> Self {
        if self.numerator < 0 {
            Self::whole(0)
        } else if self.numerator > i128::from(max.0) * self.denominator {
            Self::whole(max.0)
        } else {
            self
        }
    }
}

/// The smallest denominator, in parts of a hundredth, over which every mark of this aspect is
/// whole when nothing is rounded before the total. None beyond exact arithmetic.
#[must_use]
pub fn denominator(aspect: &Aspect, judges: usize) -> Option<i128> {
    match &aspect.method {
        Method::Measurement(calculation) => measurement::denominator(aspect.max, calculation),
        Method::Judgement { .. } => {
            let all = 3 * i128::try_from(judges.max(1)).ok()?;
            Some(all / gcd(i128::from(aspect.max.0), all))
        }
        Method::Panel(scoring) => panel::denominator(scoring, judges),
    }
}

pub(crate) fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs().max(1) } else { gcd(b, a % b) }
}

pub(crate) fn lcm(a: i128, b: i128) -> Option<i128> {
    (a / gcd(a, b)).checked_mul(b)
}
