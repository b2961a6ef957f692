//! `cargo xtask browser`: the pages in a real browser, over made-up results and over the real program.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::arguments::Arguments;
use crate::steps::{cargo, run};
use crate::test::target_folder;
use crate::{Outcome, root, tools, web};

/// Where the tests are, and what drives the browser.
const FOLDER: &str = "tests/browser";
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

/// Node beside the programs that drive a browser, which are installed where they are not.
fn driver() -> Result<Command, String> {
    let folder = root().join(FOLDER);
    let written = |name: &str| folder.join(name).metadata().and_then(|metadata| metadata.modified()).ok();
    // npm notes there what it installed.
    if written("node_modules/.package-lock.json") < written("package-lock.json") {
        run(Command::new("npm").arg("ci").current_dir(&folder))?;
    }
    let mut node = Command::new("node");
    node.current_dir(&folder);
    Ok(node)
}

/// `cargo xtask bench tap`: how long after a tap a mark is saved and received.
pub(crate) fn time_taps(words: &[String], program: &Path) -> Outcome {
    tools::node()?;
    let chromium = tools::chromium()?;
    tools::python()?;
    let mut taps = driver()?;
    // No tablet of the tests' own takes part.
    taps.arg("tap.mjs").args(words).env(BINARY, program).env(TABLET, program);
    run(taps.env(CHROMIUM, chromium))
}

/// `cargo xtask screens`: draws the pictures of `docs/screens` that a program can draw.
pub(crate) fn screens(arguments: Arguments) -> Outcome {
    arguments.finish()?;
    tools::node()?;
    let chromium = tools::chromium()?;
    tools::python()?;
    web::build()?;
    run(&mut cargo(&["build", "-p", "leitai"]))?;
    let program = target_folder()?.join("debug").join(format!("leitai{}", std::env::consts::EXE_SUFFIX));
    let mut screens = driver()?;
    screens.arg("screens.mjs").arg(root().join("docs/screens"));
    // No tablet of the tests' own takes part.
    run(screens.env(BINARY, &program).env(TABLET, &program).env(CHROMIUM, chromium))
}

/// Every file of tests, by name: none has to be listed to be run.
fn files() -> Result<Vec<String>, String> {
    let folder = root().join(FOLDER);
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            files.push(name);
        }
    }
    files.sort();
    Ok(files)
}

/// Runs the tests; the browser's side is built already.
pub(crate) fn test(name: Option<&str>) -> Outcome {
    tools::node()?;
    let chromium = tools::chromium()?;
    tools::python()?;
    // Two calls: in one, cargo would build the program with the tests' features too. The second is of the
    // whole workspace, so that what the tests before were built with is not built once more with other
    // features.
    run(&mut cargo(&["build", "-p", "leitai"]))?;
    run(&mut cargo(&["build", "--workspace", "--bin", "browser-pages", "--bin", "marking_tablet"]))?;
    let folder = target_folder()?.join("debug");
    let built = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let (pages, program, tablet) = (built("browser-pages"), built("leitai"), built("marking_tablet"));
    let mut tests = driver()?;
    tests.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    if let Some(name) = name {
        tests.arg(format!("--test-name-pattern={name}"));
    }
    tests.args(files()?);
    run(tests.env(PAGES, pages).env(BINARY, program).env(TABLET, tablet).env(CHROMIUM, chromium))
}
