//! `cargo xtask fuzz`: random input, guided by coverage, for a while for each target.

use std::fs;

use crate::arguments::Arguments;
use crate::steps::{cargo, run};
use crate::{Outcome, root, tools};

const SECONDS_DEFAULT: u64 = 60;
const TARGETS: &str = "fuzz/fuzz_targets";

/// Runs one target, or every one in turn; the first that finds something ends the run.
pub(crate) fn fuzz(mut arguments: Arguments) -> Outcome {
    let seconds = arguments.number("--seconds")?.unwrap_or(SECONDS_DEFAULT);
    let wanted = arguments.name();
    arguments.finish()?;
    let mut targets = targets()?;
    if let Some(wanted) = wanted {
        if !targets.contains(&wanted) {
            return Err(format!("there is no fuzz target `{wanted}`; there are: {}.", targets.join(", ")));
        }
        targets = vec![wanted];
    }
    tools::cargo_subcommand("fuzz")?;
    for target in targets {
        let time = format!("-max_total_time={seconds}");
        let mut command = cargo(&["fuzz", "run", &target, "--", &time]);
        // Coverage and sanitizers are unstable flags; this lets the stable compiler take them.
        command.env("RUSTC_BOOTSTRAP", "1");
        run(&mut command).map_err(|sentence| {
            format!("{sentence} What broke it lies in fuzz/artifacts/{target}; make it a test first.")
        })?;
    }
    Ok(())
}

fn targets() -> Result<Vec<String>, String> {
    let entries = fs::read_dir(root().join(TARGETS)).map_err(|error| format!("{TARGETS}: {error}."))?;
    let mut targets: Vec<String> = entries
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
        .collect();
    targets.sort();
    if targets.is_empty() { Err(format!("{TARGETS} holds no targets.")) } else { Ok(targets) }
}
