//! The benchmarks: `cargo xtask bench NAME`, one module each. Only ratios from one run count.

mod audience;
mod contender;
mod fanout;
mod fold;
mod import;
mod judges;
mod marks;
mod measure;
mod ranking;
mod stage;
mod start;
mod submit;
mod writer;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.first().map(String::as_str) {
        Some("fanout") => fanout::run(&words[1..]),
        Some("fold") => fold::run(),
        Some("import") => import::run(),
        // Those that are started by the others.
        Some("importer") => import::importer(&words[1..]),
        Some("audience") => audience::run(),
        Some("judges") => judges::run(),
        Some("ranking") => ranking::run(),
        Some("start") => start::run(&words[1..]),
        Some("submit") => submit::run(&words[1..]),
        Some("writer") => {
            writer::run(&words[1..]);
            Ok(())
        }
        _ => {
            Err("which benchmark? There are: fanout, fold, import, ranking, start, submit, writer".to_owned())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
