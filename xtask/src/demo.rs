//! `cargo xtask demo`: builds what a demonstration needs and runs it.

use crate::arguments::Arguments;
use crate::steps::{cargo, run};
use crate::{Outcome, TASKS};

/// Builds the pages and the program, and runs `leitai demo` with the words that are left.
pub(crate) fn demo(mut arguments: Arguments) -> Outcome {
    pages()?;
    // As it is meant to be run: a build without optimisation would show another speed.
    run(&mut cargo(&["build", "--release", "-p", "leitai"]))?;
    let mut demo = cargo(&["run", "--quiet", "--release", "-p", "leitai", "--", "demo"]);
    run(demo.args(arguments.rest()))
}

/// The pages' scripts and styles are built by a command of their own, where there is one.
fn pages() -> Outcome {
    match TASKS.iter().find(|task| task.name == "web") {
        Some(web) => (web.run)(Arguments::new([])),
        None => Ok(()),
    }
}
