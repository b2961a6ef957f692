//! `cargo xtask test`: the checks, then every test, with what the tests need standing around them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::arguments::Arguments;
use crate::postgres::KeptCluster;
use crate::steps::{Report, cargo, run};
use crate::{Outcome, browser, check, root, tools, web};

/// The URL of a cluster in which tests make databases of their own.
const POSTGRES: &str = "LEITAI_TEST_POSTGRES";
/// The path of the built program.
const BINARY: &str = "LEITAI_BIN";
/// The folder of published data that whole-file checks read.
const SHARED_DATA: &str = "LEITAI_SHARED_DATA";

/// Checks, builds, tests, and prints the summary, whatever came of it.
pub(crate) fn test(mut arguments: Arguments) -> Outcome {
    let is_quick = arguments.flag("--quick");
    let harness = arguments.after_dashes();
    arguments.finish()?;
    let mut report = Report::new();
    let outcome = suite(is_quick, &harness, &mut report);
    eprintln!("{}", report.summary());
    outcome
}

fn suite(is_quick: bool, harness: &[String], report: &mut Report) -> Outcome {
    check::steps(report)?;
    let mut surroundings = Surroundings::prepare(is_quick, report)?;
    // All of the failures at once: a run takes too long to learn of them one by one.
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast", "--"]);
    tests.args(harness);
    let outcome = report.step("tests", || surroundings.run(&mut tests));
    let why_not = if is_quick {
        Some("--quick")
    } else {
        (!harness.is_empty()).then_some("only some tests were asked for")
    };
    match why_not {
        Some(why) => report.skip("the pages in a browser", why),
        None => report.step("the pages in a browser", || browser::test(None))?,
    }
    outcome
}

/// What the tests need: the built program, a PostgreSQL cluster, Python and published data.
pub(crate) struct Surroundings {
    variables: Vec<(&'static str, PathBuf)>,
    cluster: Option<KeptCluster>,
    is_quick: bool,
}

impl Surroundings {
    /// Builds and starts what is needed; without PostgreSQL when it is to be quick.
    pub(crate) fn prepare(is_quick: bool, report: &mut Report) -> Result<Self, String> {
        tools::python()?;
        let mut variables = Vec::new();
        report.step("build of the browser's side", web::build)?;
        let built = report.step("build of the program", || {
            run(&mut cargo(&["build", "-p", "leitai"]))?;
            built_program("debug")
        })?;
        variables.push((BINARY, built));
        match shared_data() {
            Some(folder) => variables.push((SHARED_DATA, folder)),
            None => report.skip(
                "whole-file checks",
                &format!("there is no ../shared/data beside the repository and {SHARED_DATA} is not set"),
            ),
        }
        let cluster = if is_quick {
            report.skip("PostgreSQL", "--quick");
            None
        } else if env::var_os(POSTGRES).is_some() {
            None
        } else {
            Some(report.step("start of PostgreSQL", KeptCluster::start)?)
        };
        Ok(Self { variables, cluster, is_quick })
    }

    /// Runs a command with the variables set.
    pub(crate) fn run(&mut self, command: &mut Command) -> Outcome {
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        match &mut self.cluster {
            Some(cluster) => {
                command.env(POSTGRES, cluster.url());
                cluster.run(command)
            }
            // A cluster that the caller named is not used in a quick run either.
            None if self.is_quick => run(command.env_remove(POSTGRES)),
            None => run(command),
        }
    }
}

/// Cargo's target folder: this program lies in it.
pub(crate) fn target_folder() -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|error| format!("xtask's own path is unknown: {error}."))?;
    Ok(own.parent().and_then(Path::parent).unwrap_or(Path::new("target")).to_path_buf())
}

/// Where cargo put the program of that profile: it lies beside this one, or in the folder beside.
pub(crate) fn built_program(profile: &str) -> Result<PathBuf, String> {
    built("leitai", profile)
}

/// The same of any program of the workspace.
pub(crate) fn built(name: &str, profile: &str) -> Result<PathBuf, String> {
    let program = target_folder()?.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!("{} was not built; run xtask by `cargo xtask`.", program.display()))
    }
}

/// The folder of published data: what the variable says, or `../shared/data` beside the repository.
pub(crate) fn shared_data() -> Option<PathBuf> {
    if let Some(folder) = env::var_os(SHARED_DATA) {
        return Some(folder.into());
    }
    fs::canonicalize(root().join("../shared/data")).ok().filter(|folder| folder.is_dir())
}
