//! From marks to results: totals, the published scale, positions, awards.

<<<<<<< HEAD
pub mod board;
pub mod place;
pub mod scale;
mod standing;

pub use standing::{Standing, StandingStatus, standings};
=======
pub mod honours;
mod medals;
pub mod place;
mod prizes;
pub mod team;
mod ties;
>>>>>>> wt-place
