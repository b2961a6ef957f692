//! `cargo xtask bench`: one benchmark in release mode, beside the peers that it is held against.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::arguments::Arguments;
use crate::postgres::KeptCluster;
use crate::steps::{cargo, run};
use crate::test::built_program;
use crate::{Outcome, root, tools};

const PEERS: &str = "tests/bench/peers";

/// Builds the program, installs the peers, and runs the benchmark with the words that follow it.
pub(crate) fn bench(mut arguments: Arguments) -> Outcome {
    let words = arguments.rest();
    let asked_for_help = words.first().is_none_or(|word| word.starts_with('-'));
    if asked_for_help {
        return Err("which benchmark? The call is: cargo xtask bench NAME [ARGS]".to_owned());
    }
    install_peers(&root().join(PEERS))?;
    // Its own call: in one call with the tests, cargo would build it with their features too.
    run(&mut cargo(&["build", "--release", "-p", "leitai"]))?;
    let mut bench = cargo(&["run", "--release", "-p", "tests", "--bin", "bench", "--"]);
    bench.args(&words).env("LEITAI_BIN", built_program("release")?);
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
