//! `cargo xtask web`: the browser's side of the pages, for the program to embed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::arguments::Arguments;
use crate::steps::{cargo, run};
use crate::test::target_folder;
use crate::{Outcome, root, tools};

const WASM: &str = "wasm32-unknown-unknown";
pub(crate) const PROFILE: &str = "wasm-release";

/// Builds it.
pub(crate) fn web(arguments: Arguments) -> Outcome {
    arguments.finish()?;
    build()
}

/// Builds the wasm, and what a browser loads of it, into the target folder; `web`'s build script
/// takes it from there. What did not change is not made again.
pub(crate) fn build() -> Outcome {
    tools::target(WASM)?;
    let wasm = ["--target", WASM, "--profile", PROFILE];
    // A call for each: features that one needs must not reach the other.
    run(cargo(&["build", "-p", "web", "--bin", "live"]).args(wasm))?;
    run(cargo(&["build", "-p", "judge-client", "--bin", "judge", "--features", "app"]).args(wasm))?;
    run(&mut cargo(&["build", "-p", "web-bundle"]))?;
    let target = target_folder()?;
    let built = target.join(WASM).join(PROFILE);
    let mut sources = vec![built.join("live.wasm"), built.join("judge.wasm")];
    for folder in ["web/assets", "judge-client/assets"] {
        sources.extend(files(&root().join(folder))?);
    }
    sources.sort();
    let bundler = target.join("debug").join(format!("web-bundle{}", std::env::consts::EXE_SUFFIX));
    let out = target.join("web-bundle");
    let made_of: Vec<&Path> = sources.iter().chain([&bundler]).map(PathBuf::as_path).collect();
    let last = out.join("made");
    if is_newer(&last, &made_of) {
        eprintln!("== the browser's side is up to date");
        return Ok(());
    }
    run(Command::new(&bundler).arg(&out).args(&sources))?;
    fs::write(&last, "").map_err(|error| format!("{}: {error}.", last.display()))
}

/// Whether the file was written after all that it is made of.
fn is_newer(file: &Path, made_of: &[&Path]) -> bool {
    let written = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let newest: Option<SystemTime> = made_of.iter().filter_map(|path| written(path)).max();
    written(file) >= newest && newest.is_some()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}.", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_never_up_to_date() {
        let known = root().join("Cargo.toml");
        let missing = root().join("no-such-file");
        assert!(!is_newer(&missing, &[&known]));
        assert!(!is_newer(&known, &[&missing]));
        assert!(is_newer(&known, &[&known]));
    }
}
