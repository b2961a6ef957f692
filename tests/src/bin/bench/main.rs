//! The benchmarks: `cargo xtask bench NAME`, one module each. Only ratios from one run count.

mod fold;
mod measure;
mod ranking;
mod writer;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.first().map(String::as_str) {
        Some("fold") => fold::run(),
        Some("ranking") => ranking::run(),
        Some("writer") => {
            writer::run(&words[1..]);
            Ok(())
        }
        _ => Err("which benchmark? There are: fold, ranking, writer".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
