//! `cargo xtask browser`: the public pages in a real browser.

use std::process::Command;

use crate::arguments::Arguments;
use crate::steps::{cargo, run};
use crate::test::target_folder;
use crate::{Outcome, root, tools, web};

/// The path of the server of made-up results.
const PAGES: &str = "LEITAI_PAGES";
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
    run(&mut cargo(&["build", "-p", "browser-pages"]))?;
    let pages = target_folder()?.join("debug").join(format!("browser-pages{}", std::env::consts::EXE_SUFFIX));
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
    tests.args(["accessibility.test.mjs", "board.test.mjs", "screen.test.mjs"]);
    run(tests.env(PAGES, pages).env(CHROMIUM, chromium))
}
