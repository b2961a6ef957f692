//! `leitai ledger`: verify exported ledgers.

use std::path::PathBuf;

use clap::Subcommand;

use crate::output::{Outcome, Output};

/// What can be done with a ledger.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Recompute every hash, the checkpoint's signature and the results; name the first bad entry.
    Verify {
        /// A package, a skill's folder, or a ledger.ndjson.
        path: PathBuf,
    },
}

/// Runs a command.
pub(crate) fn run(_command: &Command, _output: &Output) -> Outcome {
    Outcome::WrongCall
}
