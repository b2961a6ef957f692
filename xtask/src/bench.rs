//! `cargo xtask bench`: one benchmark in release mode, beside the peers that it is held against.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::arguments::Arguments;
use crate::postgres::KeptCluster;
use crate::steps::{cargo, run};
use crate::test::{built, built_program, target_folder};
use crate::{Outcome, browser, root, tools, web};

const PEERS: &str = "tests/bench/peers";
const PAGE: &str = "tests/bench/page";

/// Builds the program, installs the peers, and runs the benchmark with the words that follow it.
pub(crate) fn bench(mut arguments: Arguments) -> Outcome {
    let words = arguments.rest();
    let asked_for_help = words.first().is_none_or(|word| word.starts_with('-'));
    if asked_for_help {
        return Err("which benchmark? The call is: cargo xtask bench NAME [ARGS]".to_owned());
    }
    if words[0] == "page" {
        return page(&words[1..]);
    }
    if words[0] == "tap" {
        web::build()?;
        run(&mut cargo(&["build", "--release", "-p", "leitai"]))?;
        return browser::time_taps(&words[1..], &built_program("release")?);
    }
    install_peers(&root().join(PEERS))?;
    // In one call: in two, features that only one of them asks for would have most of it built twice.
    // The program's own are the same as when it is built alone.
    run(&mut cargo(&[
        "build",
        "--release",
        "-p",
        "leitai",
        "-p",
        "tests",
        "--bin",
        "leitai",
        "--bin",
        "bench",
    ]))?;
    let mut bench = Command::new(built("bench", "release")?);
    bench.args(&words).current_dir(root()).env("LEITAI_BIN", built_program("release")?);
    match words[0].as_str() {
        // Its flushes are counted from outside, and one of its peers is PostgreSQL.
        "submit" => {
            tools::strace()?;
            let mut cluster = KeptCluster::start()?;
            bench.env("LEITAI_TEST_POSTGRES", cluster.url());
            cluster.run(&mut bench)
        }
        // The floor that they are held against is a small program in C.
        "fanout" | "start" => {
            tools::c_compiler()?;
            run(&mut bench)
        }
        _ => run(&mut bench),
    }
}

/// What a page costs a phone: Lighthouse drives Chromium over the built program.
fn page(words: &[String]) -> Outcome {
    tools::python()?;
    let chromium = tools::chromium()?;
    install_peers(&root().join(PAGE))?;
    web::build()?;
    run(&mut cargo(&["build", "--release", "-p", "leitai"]))?;
    run(&mut cargo(&["build", "-p", "tests", "--bin", "marking_tablet"]))?;
    let tablet = target_folder()?.join("debug").join(format!("marking_tablet{}", env::consts::EXE_SUFFIX));
    let mut measure = Command::new("node");
    measure.arg("measure.mjs").args(words).current_dir(root().join(PAGE));
    measure.env("LEITAI_BIN", built_program("release")?).env("LEITAI_TABLET", tablet);
    run(measure.env("LEITAI_CHROMIUM", chromium))
}

/// Installs the peers that run on Node, unless they are as new as the list of them.
fn install_peers(folder: &Path) -> Outcome {
    let list = folder.join("package.json");
    if !list.is_file() {
        return Ok(());
    }
    tools::node()?;
    let lock = folder.join("package-lock.json");
    let is_locked = lock.is_file();
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(&list) && (!is_locked || installed >= modified(&lock)) {
        return Ok(());
    }
    let verb = if is_locked { "ci" } else { "install" };
    run(Command::new("npm").args([verb, "--no-audit", "--no-fund", "--prefix"]).arg(folder))
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}
