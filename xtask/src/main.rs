//! Every developer command: what is run before a commit, by the continuous run and for a release.

mod arguments;
mod audit;
mod bench;
mod browser;
mod check;
mod demo;
mod features;
mod fuzz;
mod kill;
mod postgres;
mod simulate;
mod steps;
mod temporary;
mod test;
mod tidy;
mod tools;
mod web;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arguments::Arguments;

/// What every command ends with: nothing, or a sentence that says what failed and what to do.
type Outcome = Result<(), String>;

struct Task {
    name: &'static str,
    arguments: &'static str,
    /// One line for the help; `None` for what only xtask itself starts.
    about: Option<&'static str>,
    run: fn(Arguments) -> Outcome,
}

const TASKS: &[Task] = &[
    Task {
        name: "check",
        arguments: "",
        about: Some("format, tidiness and lints; native and wasm (before each commit)"),
        run: check::check,
    },
    Task {
        name: "test",
        arguments: "[--quick] [-- HARNESS ARGS]",
        about: Some(
            "check, then every test on both databases; --quick leaves PostgreSQL and the browser out",
        ),
        run: test::test,
    },
    Task {
        name: "web",
        arguments: "",
        about: Some("build the browser's side of the pages, which the program embeds"),
        run: web::web,
    },
    Task {
        name: "browser",
        arguments: "[NAME]",
        about: Some("test the public pages in Chromium, or the tests whose name holds NAME"),
        run: browser::browser,
    },
    Task {
        name: "screens",
        arguments: "",
        about: Some("draw the judge's and the chief judge's screens for docs/screens, in both languages"),
        run: browser::screens,
    },
    Task {
        name: "postgres",
        arguments: "",
        about: Some("start a throw-away PostgreSQL, print its URL, stop it on Enter"),
        run: postgres::serve,
    },
    Task {
        name: "kill",
        arguments: "[--kills N] [--writer] [--quick]",
        about: Some(
            "kill the server N times (default 200) on each database under tablets that mark over sockets, \
             and count what was lost; --writer kills the ledger's writer alone",
        ),
        run: kill::kill,
    },
    Task {
        name: "simulate",
        arguments: "[--seeds N]",
        about: Some("run N simulated networks (default 1,000,000) against the mark protocol"),
        run: simulate::simulate,
    },
    Task {
        name: "fuzz",
        arguments: "[TARGET] [--seconds N]",
        about: Some("run one or every fuzz target, N seconds each (default 60)"),
        run: fuzz::fuzz,
    },
    Task {
        name: "bench",
        arguments: "NAME [ARGS]",
        about: Some("run one benchmark in release mode, beside its peers"),
        run: bench::bench,
    },
    Task {
        name: "demo",
        arguments: "[DEMO ARGS]",
        about: Some("build everything and run a competition that is being marked as one watches"),
        run: demo::demo,
    },
    Task {
        name: "audit",
        arguments: "",
        about: Some("licences, banned and vulnerable dependencies"),
        run: audit::audit,
    },
    Task { name: postgres::KEEP, arguments: "", about: None, run: postgres::keep },
];

fn main() -> ExitCode {
    let mut words = env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "help".to_owned());
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let outcome = match TASKS.iter().find(|task| task.name == name) {
        Some(task) => (task.run)(Arguments::new(words)),
        None => Err(format!("there is no command `{name}`.\n\n{}", help())),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = "The developer commands of Leitai:\n\n".to_owned();
    for task in TASKS {
        if let Some(about) = task.about {
            let call = format!("{} {}", task.name, task.arguments);
            text += &format!("  cargo xtask {call:<34} {about}\n");
        }
    }
    text
}

/// The repository's root folder.
///
/// Cargo names this package's folder when it runs us; the folder at compile time is for a binary
/// that is started by hand.
fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let package = Path::new(&package);
    package.parent().unwrap_or(package).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_command_but_the_inner_ones() {
        let help = help();
        for task in TASKS {
            assert_eq!(help.contains(&format!("cargo xtask {} ", task.name)), task.about.is_some());
        }
    }

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
    }
}
