//! What every command prints: results, findings and progress.

use std::io::{IsTerminal, Write};

use domain::finding::{Finding, Language, Severity};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use protocol::FindingBody;
use serde::Serialize;
use serde_json::{Value, json};
use server::spoken;

/// How a command ended; a wrong call never gets this far (exit code 2, from the reader of arguments).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done; exit code 0.
    Done,
    /// The input was refused or a comparison failed; exit code 1.
    Refused,
}

/// Where and how a command prints.
pub(crate) struct Output {
    pub(crate) language: Language,
    pub(crate) is_json: bool,
}

impl Output {
    pub(crate) fn new(language: Language, is_json: bool) -> Self {
        Self { language, is_json }
    }

    /// The text of the language in force.
    pub(crate) fn text<'a>(&self, chinese: &'a str, english: &'a str) -> &'a str {
        match self.language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// A message on standard error.
    pub(crate) fn say(&self, chinese: &str, english: &str) {
        eprintln!("{}", self.text(chinese, english));
    }

    /// Findings on standard error, a line each: severity, place, sentence, code; and how many they are
    /// where any is an error.
    pub(crate) fn findings(&self, findings: &[Finding]) {
        for finding in findings {
            let severity = match finding.severity {
                Severity::Error => self.text("错误", "error"),
                Severity::Warning => self.text("注意", "warning"),
            };
            let place = finding.place.to_string();
            let separator = if place.is_empty() { "" } else { " " };
            let sentence = finding.say(self.language);
            eprintln!("{severity}{separator}{place}: {sentence} [{}]", finding.code);
        }
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        if errors > 0 {
            let warnings = findings.len() - errors;
            let count =
                |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
            self.say(
                &format!("{errors} 处错误，{warnings} 处提醒。"),
                &format!("{}, {}.", count(errors, "error"), count(warnings, "warning")),
            );
        }
    }

    /// A table of text on standard output: CSV, or a JSON list of objects where an empty cell is
    /// null.
    pub(crate) fn table(&self, header: &[&str], rows: &[Vec<String>]) -> Outcome {
        let written = if self.is_json {
            let rows: Vec<Value> = rows
                .iter()
                .map(|row| {
                    let cells = header.iter().zip(row).map(|(name, cell)| {
                        ((*name).to_owned(), if cell.is_empty() { Value::Null } else { json!(cell) })
                    });
                    Value::Object(cells.collect())
                })
                .collect();
            self.write_json(&Value::Array(rows))
        } else {
            self.write_csv(header, rows)
        };
        self.ended(written)
    }

    /// One JSON value on standard output.
    pub(crate) fn json<T: Serialize>(&self, value: &T) -> Outcome {
        let written = self.write_json(value);
        self.ended(written)
    }

    /// A list of findings on standard output, for the commands whose result they are.
    pub(crate) fn findings_table(&self, findings: &[Finding]) -> Outcome {
        if self.is_json {
            let bodies: Vec<_> = findings.iter().map(|f| FindingBody::new(f, self.language)).collect();
            return self.json(&bodies);
        }
        let rows: Vec<Vec<String>> = findings
            .iter()
            .map(|finding| {
                let place = &finding.place;
                vec![
                    finding.code.to_owned(),
                    place.file.clone().unwrap_or_default(),
                    place.row.map(|row| row.to_string()).unwrap_or_default(),
                    place.column.clone().unwrap_or_default(),
                    severity_word(finding.severity).to_owned(),
                    finding.say(self.language).to_owned(),
                ]
            })
            .collect();
        self.table(&["code", "file", "row", "column", "severity", "message"], &rows)
    }

    /// A progress bar on standard error; nothing where that is no terminal.
    pub(crate) fn progress(&self, chinese: &str, english: &str, length: u64) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let template = "{msg} {wide_bar} {pos}/{len} {eta}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(self.text(chinese, english).to_owned());
        bar
    }

    fn write_csv(&self, header: &[&str], rows: &[Vec<String>]) -> Result<(), std::io::Error> {
        let mut writer = csv::Writer::from_writer(std::io::stdout().lock());
        writer.write_record(header)?;
        for row in rows {
            writer.write_record(row)?;
        }
        writer.flush()
    }

    fn write_json<T: Serialize>(&self, value: &T) -> Result<(), std::io::Error> {
        let mut out = std::io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, value)?;
        out.write_all(b"\n")?;
        out.flush()
    }

    fn ended(&self, written: Result<(), std::io::Error>) -> Outcome {
        match written {
            Ok(()) => Outcome::Done,
            // The reader of a pipe that has seen enough is no failure of ours.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Outcome::Done,
            Err(error) => {
                let problem = spoken::of_system(&error);
                self.say(&format!("输出失败：{problem:#}。"), &format!("The output failed: {problem}."));
                Outcome::Refused
            }
        }
    }
}

/// The language of the locale, as POSIX orders the variables.
pub(crate) fn language_of_locale() -> Language {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default();
    if locale.starts_with("zh") { Language::Chinese } else { Language::English }
}

fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
