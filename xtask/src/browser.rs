//! `cargo xtask browser`: the pages in a real browser, over made-up results and over the real program.

use std::process::Command;

use crate::arguments::Arguments;
use crate::steps::{cargo, run};
use crate::test::target_folder;
use crate::{Outcome, root, tools, web};

/// The path of the server of made-up results.
const PAGES: &str = "LEITAI_PAGES";
/// The path of the built program.
const BINARY: &str = "LEITAI_BIN";
/// The path of a judge's tablet as a program.
const TABLET: &str = "LEITAI_TABLET";
/// The path of the browser's program.
const CHROMIUM: &str = "LEITAI_CHROMIUM";

/// Builds the pages and runs their tests, or those whose name holds a word.
pub(crate) fn browser(mut arguments: Arguments) -> Outcome {
    let name = arguments.name();
    arguments.finish()?;
    web::build()?;
    test(name.as_deref())
}

/// Runs the tests; the browser's side is built already.
pub(crate) fn test(name: Option<&str>) -> Outcome {
    tools::node()?;
    let chromium = tools::chromium()?;
    tools::python()?;
    // Each its own call: in one call, cargo would build the program with the tests' features too.
    run(&mut cargo(&["build", "-p", "leitai"]))?;
    run(&mut cargo(&["build", "-p", "browser-pages"]))?;
    run(&mut cargo(&["build", "-p", "tests", "--bin", "marking_tablet"]))?;
    let folder = target_folder()?.join("debug");
    let built = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let (pages, program, tablet) = (built("browser-pages"), built("leitai"), built("marking_tablet"));
    let folder = root().join("tests/browser");
    let written = |name: &str| folder.join(name).metadata().and_then(|metadata| metadata.modified()).ok();
    // npm notes there what it installed.
    if written("node_modules/.package-lock.json") < written("package-lock.json") {
        run(Command::new("npm").arg("ci").current_dir(&folder))?;
    }
    let mut tests = Command::new("node");
    tests.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).current_dir(&folder);
    if let Some(name) = name {
        tests.arg(format!("--test-name-pattern={name}"));
    }
    tests.args(
        ["accessibility", "board", "chief", "device", "journey", "judge", "screen"]
            .map(|name| format!("{name}.test.mjs")),
    );
    run(tests.env(PAGES, pages).env(BINARY, program).env(TABLET, tablet).env(CHROMIUM, chromium))
}
