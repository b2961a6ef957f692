//! From marks to results: totals, the published scale, positions, awards.

pub mod agreement;
pub mod board;
pub mod difference;
pub mod honours;
pub mod live;
mod medals;
pub mod place;
mod prizes;
pub mod scale;
mod standing;
pub mod team;
mod ties;

pub use standing::{Standing, StandingStatus, standings};
