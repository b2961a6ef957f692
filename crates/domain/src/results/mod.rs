//! From marks to results: totals, the published scale, positions, awards.

pub mod place;
