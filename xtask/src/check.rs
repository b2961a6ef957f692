//! `cargo xtask check`: what must hold before each commit, the cheapest look first.

use crate::arguments::Arguments;
use crate::steps::{Report, cargo, run};
use crate::web::PROFILE;
use crate::{Outcome, tidy, tools};

/// The packages that a browser runs too, each with the feature that only a browser has.
const WASM_PACKAGES: &[(&str, Option<&str>)] = &[
    ("domain", None),
    ("protocol", None),
    ("judge-client", None),
    ("judge-client", Some("app")),
    ("web", None),
];
const WASM: &str = "wasm32-unknown-unknown";

/// Runs every check and prints the summary.
pub(crate) fn check(arguments: Arguments) -> Outcome {
    arguments.finish()?;
    let mut report = Report::new();
    let outcome = steps(&mut report);
    eprintln!("{}", report.summary());
    outcome
}

/// The checks themselves, also the first part of `cargo xtask test`.
pub(crate) fn steps(report: &mut Report) -> Outcome {
    tools::lints()?;
    report.step("format", || {
        run(&mut cargo(&["fmt", "--all", "--check"]))
            .map_err(|sentence| format!("{sentence} To put it right: cargo fmt --all"))
    })?;
    report.step("tidiness", tidy::tidy)?;
    report.step("lints, native", || {
        run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    report.step("lints, wasm", || {
        tools::target(WASM)?;
        // Clippy does all that `cargo check` does, so that one pass shows both. Each package has a
        // call of its own, because features that one needs must not reach another.
        WASM_PACKAGES.iter().try_for_each(|(package, feature)| {
            let mut clippy = cargo(&["clippy", "-p", package, "--target", WASM]);
            if let Some(feature) = feature {
                // In the profile that it is built in: its macros are compiled once for both.
                clippy.args(["--features", feature, "--profile", PROFILE]);
            }
            run(clippy.args(["--", "-D", "warnings"]))
        })
    })
}
