//! `cargo xtask audit`: licences, banned crates, sources, and known vulnerabilities.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::arguments::Arguments;
use crate::steps::{cargo, run};
use crate::temporary::TemporaryFolder;
use crate::test::shared_data;
use crate::{Outcome, tools};

/// How the archive of the advisory database begins; a date follows.
const ADVISORIES: &str = "rustsec-advisory-db-";

/// Runs both audits; the second also when the first has found something.
pub(crate) fn audit(arguments: Arguments) -> Outcome {
    arguments.finish()?;
    let policy = tools::cargo_subcommand("deny")
        .and_then(|()| run(&mut cargo(&["deny", "check", "bans", "licenses", "sources"])));
    let advisories = tools::cargo_subcommand("audit").and_then(|()| check_advisories());
    match (policy, advisories) {
        (Err(policy), Err(advisories)) => Err(format!("{policy}\n{advisories}")),
        (policy, advisories) => policy.and(advisories),
    }
}

/// Holds the lock file against the advisory database: the archive when there is one, so that the
/// audit needs no network, else the newest, which cargo-audit fetches.
fn check_advisories() -> Outcome {
    let Some(archive) = newest_archive() else { return run(&mut cargo(&["audit"])) };
    let folder = TemporaryFolder::new("advisories")?;
    run(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder.path()))?;
    run(cargo(&["audit", "--no-fetch", "--stale", "--db"]).arg(folder.path()))
}

fn newest_archive() -> Option<PathBuf> {
    let entries = fs::read_dir(shared_data()?).ok()?;
    let archives = entries.flatten().map(|entry| entry.path()).filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(ADVISORIES) && name.ends_with(".tar.gz")
    });
    // The date in the name is written year first, so that the last name is the newest.
    archives.max()
}
