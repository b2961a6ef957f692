//! What the whole-system tests and benchmarks share: databases of their own and skills to mark.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot set up")]

pub mod database;
pub mod random;
pub mod skill;
