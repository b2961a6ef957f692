//! `leitai scheme`: check and convert CIS marking scheme workbooks.

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use domain::finding::{Finding, Place, Spoken};
use protocol::{FindingBody, SchemeSummary, SumOf};
use server::exchange::Files;
use server::exchange::cis::{self, Reading};
use server::exchange::files::FileFinding;
use server::exchange::package;
use server::spoken;

use crate::output::{Outcome, Output};

/// What can be done with a workbook.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Count and check: aspects, totals, sections, calculations, findings.
    Check {
        /// The workbook (.xlsx).
        file: PathBuf,
    },
    /// Write a workbook as a package's skill folder, or with `--to xlsx` a skill folder as a workbook.
    Convert {
        /// The workbook; with `--to xlsx` the skill's folder.
        from: PathBuf,
        /// The skill's folder; with `--to xlsx` the workbook.
        into: PathBuf,
        /// What to write.
        #[arg(long, value_enum, default_value_t = Format::Package)]
        to: Format,
    },
}

/// What a scheme is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A skill folder of a competition package.
    Package,
    /// A CIS workbook.
    Xlsx,
}

/// Runs a command.
pub(crate) fn run(command: &Command, output: &Output) -> Outcome {
    match command {
        Command::Check { file } => check(file, output),
        Command::Convert { from, into, to: Format::Package } => to_package(from, into, output),
        Command::Convert { from, into, to: Format::Xlsx } => to_workbook(from, into, output),
    }
}

fn read_workbook(file: &Path) -> Result<Reading, Finding> {
    let name = file.display().to_string();
    let unreadable = |error: std::io::Error| {
        FileFinding::Unreadable { problem: spoken::of_system(&error) }.at(Place::file(name.clone()))
    };
    Ok(cis::read(&std::fs::read(file).map_err(unreadable)?, &name))
}

fn check(file: &Path, output: &Output) -> Outcome {
    let reading = match read_workbook(file) {
        Ok(reading) => reading,
        Err(finding) => Reading { findings: vec![finding], ..Reading::default() },
    };
    let printed = if output.is_json {
        output.json(&summary(&reading, output))
    } else {
        output.findings(&reading.findings);
        output.table(&["what", "id", "value"], &summary_rows(&reading))
    };
    if reading.findings.iter().any(Finding::is_error) { Outcome::Refused } else { printed }
}

fn summary(reading: &Reading, output: &Output) -> SchemeSummary {
    let finding = |finding: &Finding| {
        // There is only the one file.
        FindingBody { file: None, ..FindingBody::new(finding, output.language) }
    };
    SchemeSummary {
        measurement: reading.measurement,
        judgement: reading.judgement,
        panel: reading.panel,
        total: reading.total,
        criteria: reading.criteria.iter().map(|c| SumOf { id: c.id.clone(), total: c.total }).collect(),
        sections: reading.sections.iter().map(|s| SumOf { id: s.id.clone(), total: s.total }).collect(),
        calculations: reading.calculation_rows,
        findings: reading.findings.iter().map(finding).collect(),
    }
}

fn summary_rows(reading: &Reading) -> Vec<Vec<String>> {
    let row = |what: &str, id: &str, value: String| vec![what.to_owned(), id.to_owned(), value];
    let mut rows = vec![
        row("measurement", "", reading.measurement.to_string()),
        row("judgement", "", reading.judgement.to_string()),
        row("panel", "", reading.panel.to_string()),
        row("total", "", reading.total.to_string()),
    ];
    rows.extend(reading.criteria.iter().map(|c| row("criterion", c.id.as_str(), c.total.to_string())));
    rows.extend(reading.sections.iter().map(|s| row("section", s.id.as_str(), s.total.to_string())));
    rows.push(row("calculations", "", reading.calculation_rows.to_string()));
    rows
}

fn to_package(from: &Path, into: &Path, output: &Output) -> Outcome {
    let reading = match read_workbook(from) {
        Ok(reading) => reading,
        Err(finding) => return refuse(&[finding], output),
    };
    output.findings(&reading.findings);
    let Some(scheme) = reading.scheme else { return Outcome::Refused };
    // A skill of two schemes would be neither.
    if std::fs::read_dir(into).is_ok_and(|mut entries| entries.next().is_some()) {
        let path = into.display().to_string();
        return refuse(&[FileFinding::NotEmpty { path }.at(Place::default())], output);
    }
    let (number, name) = reading.skill.map(|skill| (skill.number, skill.name)).unwrap_or_default();
    let written = package::scheme_folder(&scheme, &number, &name)
        .map_err(|problem| Spoken::new("评分标准写不成文件", problem))
        .and_then(|files| files.write(into).map_err(|error| spoken::of_system(&error)));
    ended(written, into, output)
}

fn to_workbook(from: &Path, into: &Path, output: &Output) -> Outcome {
    let files = match Files::open(from) {
        Ok(files) => files,
        Err(finding) => return refuse(&[finding], output),
    };
    let mut found = Vec::new();
    let read = package::read_scheme_folder(&files, &mut found);
    let Some((scheme, number, name)) = read.filter(|_| !found.iter().any(Finding::is_error)) else {
        return refuse(&found, output);
    };
    output.findings(&found);
    let bytes = match cis::write(&scheme, Some(&cis::Skill { number, name })) {
        Ok(bytes) => bytes,
        Err(findings) => return refuse(&findings, output),
    };
    if std::fs::metadata(into).is_ok_and(|about| about.is_dir() || about.len() > 0) {
        let path = into.display().to_string();
        return refuse(&[FileFinding::FileThere { path }.at(Place::default())], output);
    }
    let mut workbook = Files::default();
    let (folder, file) = (into.parent().unwrap_or(Path::new("")), into.file_name().unwrap_or_default());
    workbook.put(file.to_string_lossy(), bytes);
    ended(workbook.write(folder).map_err(|error| spoken::of_system(&error)), into, output)
}

fn ended(written: Result<(), Spoken>, into: &Path, output: &Output) -> Outcome {
    let path = into.display().to_string();
    match written {
        Ok(()) => {
            output.say(&format!("已写入 {path}"), &format!("Written: {path}"));
            Outcome::Done
        }
        Err(problem) => refuse(&[FileFinding::Unwritable { path, problem }.at(Place::default())], output),
    }
}

fn refuse(found: &[Finding], output: &Output) -> Outcome {
    output.findings(found);
    Outcome::Refused
}
