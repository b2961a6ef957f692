//! `cargo xtask simulate`: the mark protocol under as many simulated networks as asked for.

use crate::Outcome;
use crate::arguments::Arguments;
use crate::steps::{cargo, run};

const SEEDS_DEFAULT: u64 = 1_000_000;

/// Runs the simulation alone, optimised, with its words on the screen.
pub(crate) fn simulate(mut arguments: Arguments) -> Outcome {
    let seeds = arguments.number("--seeds")?.unwrap_or(SEEDS_DEFAULT);
    arguments.finish()?;
    let mut test = cargo(&["test", "--release", "-p", "tests", "--test", "simulation", "--", "--nocapture"]);
    run(test.env("LEITAI_SEEDS", seeds.to_string()))
}
