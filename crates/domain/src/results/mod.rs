//! From marks to results: totals, the published scale, positions, awards.

pub mod board;
pub mod place;
pub mod scale;
mod standing;

pub use standing::{Standing, StandingStatus, standings};
