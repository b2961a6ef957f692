//! Running programs one after the other, and saying at the end what ran and what did not.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::{Outcome, root};

/// Cargo, the same one that runs us, in the repository's root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.args(arguments).current_dir(root());
    command
}

/// Shows the command, runs it to its end, and turns a failure into a sentence.
pub(crate) fn run(command: &mut Command) -> Outcome {
    announce(command);
    let status = command.status().map_err(|error| not_started(command, &error))?;
    succeeded(command, status)
}

/// Runs the command and returns what it printed; what it says on stderr is seen only in a failure.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{}` failed: {}", line_of(command), said.trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{}` printed what is not UTF-8.", line_of(command)))
}

/// Whether the command runs and succeeds, quietly.
pub(crate) fn works(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Shows the command that is about to run.
pub(crate) fn announce(command: &Command) {
    eprintln!("== {}", line_of(command));
}

/// Turns a status into an outcome.
pub(crate) fn succeeded(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status}).", line_of(command))) }
}

/// The sentence for a program that could not be started at all.
pub(crate) fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}.", line_of(command))
}

/// The command as one would type it; cargo by its name rather than by its path.
fn line_of(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or(&program).to_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}

/// What ran, how long it took, and what was skipped and why.
pub(crate) struct Report {
    started: Instant,
    ran: Vec<(String, Duration, bool)>,
    skipped: Vec<(String, String)>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), ran: Vec::new(), skipped: Vec::new() }
    }

    /// Does one step and notes its time and whether it succeeded.
    pub(crate) fn step<T>(
        &mut self,
        name: &str,
        act: impl FnOnce() -> Result<T, String>,
    ) -> Result<T, String> {
        let begun = Instant::now();
        let result = act();
        self.ran.push((name.to_owned(), begun.elapsed(), result.is_ok()));
        result
    }

    /// Notes what is not run, and says so at once.
    pub(crate) fn skip(&mut self, what: &str, why: &str) {
        eprintln!("== skipped: {what}: {why}");
        self.skipped.push((what.to_owned(), why.to_owned()));
    }

    /// The summary, a line each.
    pub(crate) fn summary(&self) -> String {
        let mut text = "\nSummary\n".to_owned();
        for (name, time, succeeded) in &self.ran {
            let word = if *succeeded { "ran" } else { "FAILED" };
            text += &format!("  {word:<8} {name} ({})\n", seconds(*time));
        }
        for (what, why) in &self.skipped {
            text += &format!("  skipped  {what}: {why}\n");
        }
        text + &format!("  in all   {}\n", seconds(self.started.elapsed()))
    }
}

fn seconds(time: Duration) -> String {
    format!("{}.{} s", time.as_secs(), time.subsec_millis() / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_names_what_ran_what_failed_and_what_was_skipped() {
        let mut report = Report::new();
        assert_eq!(report.step("lints", || Ok(7)), Ok(7));
        assert_eq!(report.step("suite", || Err::<(), _>("red".to_owned())), Err("red".to_owned()));
        report.skip("PostgreSQL", "--quick");
        let summary = report.summary();
        assert!(summary.contains("ran      lints ("), "{summary}");
        assert!(summary.contains("FAILED   suite ("), "{summary}");
        assert!(summary.contains("skipped  PostgreSQL: --quick"), "{summary}");
    }

    #[test]
    fn a_failure_names_the_command_without_its_folder() {
        let outcome = run(Command::new("/bin/sh").args(["-c", "exit 3"]));
        assert_eq!(outcome, Err("`sh -c exit 3` failed (exit status: 3).".to_owned()));
    }
}
