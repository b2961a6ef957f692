//! Every rule of a skills competition, as pure functions: no IO, no clock, no randomness, no async,
//! no SQL, no HTTP. It runs on the server, on the tablet and in the tests alike.
//!
//! If the rulebook mentions it, it is here, and `docs/rules.md` names its source (`R-030`).

pub mod access;
pub mod advancement;
pub mod calendar;
pub mod day;
pub mod draw;
pub mod finding;
pub mod id;
pub mod ledger;
pub mod marking;
pub mod nomination;
pub mod number;
pub mod registration;
pub mod results;
pub mod rules;
pub mod scheme;
pub mod scoring;
