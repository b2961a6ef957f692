//! From what was measured or said to the mark of one aspect.

pub mod judgement;
pub mod measurement;
pub mod panel;

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
    pub fn rounded(self) -> crate::number::Mark {
        let hundredths = crate::number::round_half_up(self.numerator, self.denominator);
        crate::number::Mark(i64::try_from(hundredths).unwrap_or(i64::MAX))
    }

    /// The same fraction over another denominator, where it comes out even.
    #[must_use]
    pub fn over(self, denominator: i128) -> Option<i128> {
        let scaled = self.numerator.checked_mul(denominator)?;
        (scaled % self.denominator == 0).then_some(scaled / self.denominator)
    }

    /// Not below 0 and not above `max`.
    #[must_use]
    pub fn clamped(self, max: crate::number::Mark) -> Self {
        if self.numerator < 0 {
            Self::whole(0)
        } else if self.numerator > i128::from(max.0) * self.denominator {
            Self::whole(max.0)
        } else {
            self
        }
    }
}
