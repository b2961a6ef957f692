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
const PROFILE: &str = "wasm-release";

/// Builds it.
pub(crate) fn web(arguments: Arguments) -> Outcome {
    arguments.finish()?;
    build()
}

/// Builds the wasm, and what a browser loads of it, into the target folder; `web`'s build script
/// takes it from there. What did not change is not made again.
pub(crate) fn build() -> Outcome {
    tools::target(WASM)?;
    let wasm = ["build", "-p", "web", "--bin", "web-live", "--target", WASM, "--profile", PROFILE];
    run(&mut cargo(&wasm))?;
    run(&mut cargo(&["build", "-p", "web-bundle"]))?;
    let target = target_folder()?;
    let wasm = target.join(WASM).join(PROFILE).join("web-live.wasm");
    let bundler = target.join("debug").join(format!("web-bundle{}", std::env::consts::EXE_SUFFIX));
    let mut assets = files(&root().join("web/assets"))?;
    assets.sort();
    let out = target.join("web-bundle");
    let made_of: Vec<&Path> = [&wasm, &bundler].into_iter().chain(&assets).map(PathBuf::as_path).collect();
    if is_newer(&out.join("live.wasm.br"), &made_of) {
        eprintln!("== the browser's side is up to date");
        return Ok(());
    }
    run(Command::new(&bundler).arg(&wasm).arg(&out).args(&assets))
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
