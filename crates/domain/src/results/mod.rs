//! From marks to results: totals, the published scale, positions, awards.

pub mod honours;
mod medals;
pub mod place;
mod prizes;
pub mod team;
mod ties;
