//! Prizes by position.
//!
//! A prize is a range of positions, so a shared position counts as its own number: a tie at the end
//! of a range gives one prize more, and what a tie or a contender who may not win leaves free is not
//! passed on.

use crate::number::{Decimal, round_half_up};
use crate::rules::{PlaceRounding, Prize, Take};

/// The name of the first prize, in the rule set's order, that this position falls to.
/// `field_size` counts all who compete.
pub(super) fn prize(prizes: &[Prize], field_size: usize, position: u32) -> Option<&str> {
    let mut taken: u32 = 0;
    for prize in prizes {
        let (first, last) = match &prize.take {
            Take::Positions { first, last } => (*first, *last),
            Take::Share { percent, rounding } => {
                (taken.saturating_add(1), taken.saturating_add(places(*percent, field_size, *rounding)))
            }
            Take::Within { percent } => (1, places(*percent, field_size, PlaceRounding::Down)),
        };
        if (first..=last).contains(&position) {
            return Some(&prize.award);
        }
        taken = taken.max(last);
    }
    None
}

/// A share of the field in whole places.
fn places(percent: Decimal, field_size: usize, rounding: PlaceRounding) -> u32 {
    // Millionths of a percent: 100 % is 100 × 1,000,000 of them.
    const WHOLE: i128 = 100_000_000;
    let share = i128::try_from(field_size).unwrap_or(i128::MAX).saturating_mul(i128::from(percent.0.max(0)));
    let places = match rounding {
        PlaceRounding::Down => share / WHOLE,
        PlaceRounding::Up => share / WHOLE + i128::from(share % WHOLE > 0),
        PlaceRounding::Nearest => round_half_up(share, WHOLE),
    };
    u32::try_from(places).unwrap_or(u32::MAX)
}
