//! Finding the programs that the commands need, and installing those that are missing.
//!
//! What may be installed without asking is installed: packages as root on Debian, cargo's and
//! rustup's own parts anywhere. Everything else is asked for by name, with the command to run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::Outcome;
use crate::steps::{cargo, output, run, works};

/// Where Debian keeps PostgreSQL's programs, one folder a version.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";

/// The folder of PostgreSQL's programs (`initdb`, `postgres`, `pg_ctl`), installed when missing.
pub(crate) fn postgres() -> Result<PathBuf, String> {
    if let Some(folder) = find_postgres() {
        return Ok(folder);
    }
    install(&["postgresql", "postgresql-client"], "PostgreSQL 15 or newer")
        .map_err(|sentence| format!("{sentence} Or leave it out: cargo xtask test --quick"))?;
    find_postgres().ok_or_else(|| "PostgreSQL was installed, but its program initdb is not found.".to_owned())
}

/// Makes sure that `python3` is there: an export is verified by a second program, in Python.
pub(crate) fn python() -> Outcome {
    ensure_program("python3", &["python3"])
}

/// Makes sure that `node` and `npm` are there: the browser's tests and the benchmarks' peers run
/// on them.
pub(crate) fn node() -> Outcome {
    ensure_program("node", &["nodejs", "npm"])?;
    ensure_program("npm", &["npm"])
}

/// Makes sure that `strace` is there: it counts what a server asks of its disk.
pub(crate) fn strace() -> Outcome {
    ensure_program("strace", &["strace"])
}

/// Makes sure that `cc` is there, with the C library's headers.
pub(crate) fn c_compiler() -> Outcome {
    ensure_program("cc", &["gcc", "libc6-dev"])
}

/// A Chromium that shows Chinese: the path of its program.
pub(crate) fn chromium() -> Result<PathBuf, String> {
    let known = || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find);
    if known().is_none() {
        install(&["chromium"], "Chromium")?;
    }
    // Without Chinese faces every character is a box, and none has its width.
    let faces = output(Command::new("fc-list").args([":lang=zh", "family"])).unwrap_or_default();
    if faces.trim().is_empty() {
        install(&["fonts-noto-cjk", "fontconfig"], "a Chinese typeface")?;
    }
    known().ok_or_else(|| "Chromium was installed, but its program is not found.".to_owned())
}

/// Makes sure that rustfmt and clippy are there.
pub(crate) fn lints() -> Outcome {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !works(&mut cargo(&[subcommand, "--version"])) {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

/// Makes sure that the standard library for a compilation target is there.
pub(crate) fn target(triple: &str) -> Outcome {
    // The compiler answers, not rustup, so that a Rust from elsewhere is asked rightly too.
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = output(Command::new(rustc).args(["--print", "target-libdir", "--target", triple]))?;
    if Path::new(folder.trim()).is_dir() { Ok(()) } else { rustup(&["target", "add", triple]) }
}

/// Makes sure that `cargo SUBCOMMAND` is there, from the package `cargo-SUBCOMMAND`.
pub(crate) fn cargo_subcommand(subcommand: &str) -> Outcome {
    if works(&mut cargo(&[subcommand, "--version"])) {
        return Ok(());
    }
    let package = format!("cargo-{subcommand}");
    eprintln!("== {package} is missing and is built once now; this takes minutes.");
    run(&mut cargo(&["install", &package, "--locked"]))
}

/// Whether this process is root.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The program's path, if a folder of `PATH` holds it.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn find_postgres() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN_POSTGRES).into_iter().flatten().flatten();
    let names: Vec<String> = versions.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let mut newest_first: Vec<(u32, String)> =
        names.into_iter().filter_map(|name| Some((name.parse().ok()?, name))).collect();
    newest_first.sort_by(|left, right| right.cmp(left));
    let debian = newest_first.iter().map(|(_, name)| Path::new(DEBIAN_POSTGRES).join(name).join("bin"));
    let on_path = find("initdb").and_then(|initdb| Some(initdb.parent()?.to_path_buf()));
    debian.chain(on_path).find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn ensure_program(program: &str, packages: &[&str]) -> Outcome {
    if find(program).is_some() { Ok(()) } else { install(packages, program) }
}

fn install(packages: &[&str], wanted: &str) -> Outcome {
    if !is_root() || find("apt-get").is_none() {
        let list = packages.join(" ");
        return Err(format!(
            "{wanted} is missing; please install it (on Debian: sudo apt-get install {list})."
        ));
    }
    eprintln!("== {wanted} is missing and is installed now.");
    let apt = |arguments: &[&str]| {
        run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
    };
    let install: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].iter().chain(packages).copied().collect();
    // A fresh machine has no package lists, or old ones; only then are they fetched.
    apt(&install).or_else(|_| apt(&["update"]).and_then(|()| apt(&install)))
}

fn rustup(arguments: &[&str]) -> Outcome {
    let line = format!("rustup {}", arguments.join(" "));
    if find("rustup").is_none() {
        let wanted = arguments.last().copied().unwrap_or_default();
        return Err(format!("Rust's part {wanted} is missing; please install it (with rustup: {line})."));
    }
    run(Command::new("rustup").args(arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_on_the_path_or_not_at_all() {
        assert!(find("sh").is_some());
        assert_eq!(find("no-such-program-of-leitai"), None);
    }
}
