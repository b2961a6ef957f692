//! `leitai package`: check, score, import and export competition packages.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::finding::{Finding, Place};
use domain::marking::Skill;
use domain::results::{Standing, standings};
use server::exchange::Files;
use server::exchange::package::{self as exchange, ExpectedRow, Package, PackageFinding, Reading};

use crate::output::{Outcome, Output};

/// What can be done with a package.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List every finding: code, file, row, column, severity, message.
    Check {
        /// The package: a folder, or a .zip of it.
        dir: PathBuf,
    },
    /// Fold the marks to results, with no server; compare with expected.csv where it is there.
    Score {
        /// The package: a folder, or a .zip of it.
        dir: PathBuf,
    },
}

/// Runs a command.
pub(crate) fn run(command: &Command, output: &Output) -> Outcome {
    match command {
        Command::Check { dir } => check(dir, output),
        Command::Score { dir } => score(dir, output),
    }
}

fn check(dir: &Path, output: &Output) -> Outcome {
    let reading = read(dir, output);
    let printed = output.findings_table(&reading.findings);
    if reading.has_errors() { Outcome::Refused } else { printed }
}

fn score(dir: &Path, output: &Output) -> Outcome {
    let reading = read(dir, output);
    output.findings(&reading.findings);
    let Some(package) = reading.package else { return Outcome::Refused };
    let (rows, differences) = match results(&package, output) {
        Ok(results) => results,
        Err(finding) => {
            output.findings(&[*finding]);
            return Outcome::Refused;
        }
    };
    let printed = output.table(&["skill", "competitor", "total", "scale", "position", "award"], &rows);
    output.findings(&differences);
    if differences.iter().any(Finding::is_error) { Outcome::Refused } else { printed }
}

/// Reads a package with a progress bar.
pub(crate) fn read(dir: &Path, output: &Output) -> Reading {
    let files = match Files::open(dir) {
        Ok(files) => files,
        Err(finding) => return Reading { package: None, findings: vec![finding] },
    };
    let bar = output.progress("检查赛项", "Checking skills", 0);
    let reading = exchange::read(&files, &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    reading
}

type Results = (Vec<Vec<String>>, Vec<Finding>);

/// The results of every skill as rows, and how they differ from what was published.
fn results(package: &Package, output: &Output) -> Result<Results, Box<Finding>> {
    let bar = output.progress("计算成绩", "Scoring", package.skills.len() as u64);
    let (mut rows, mut differences) = (Vec::new(), Vec::new());
    for skill in &package.skills {
        let state = exchange::played(skill).map_err(|problem| {
            let english = problem.say(domain::finding::Language::English);
            Box::new(PackageFinding::MarkRefused { problem: english }.at(Place::file(skill.id.clone())))
        })?;
        if let Some(opened) = &state.skill {
            let standings = in_order(opened);
            let file = format!("skills/{}/expected.csv", skill.id);
            if let Some(expected) = &skill.expected {
                differences.extend(differ(&standings, expected, &file));
            }
            rows.extend(standings.iter().map(|standing| row(&skill.id, standing)));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok((rows, differences))
}

/// A skill's standings by position and competitor, whatever their group.
pub(crate) fn in_order(skill: &Skill) -> Vec<Standing> {
    let mut standings = standings(skill);
    standings.sort_by(|a, b| {
        let key = |standing: &Standing| (standing.position.is_none(), standing.position);
        key(a).cmp(&key(b)).then_with(|| a.competitor.cmp(&b.competitor))
    });
    standings
}

fn row(skill: &str, standing: &Standing) -> Vec<String> {
    let [total, scale, position, award] = cells(standing);
    vec![skill.to_owned(), standing.competitor.to_string(), total, scale, position, award]
}

/// Total, scale, position, award as text; empty for none.
pub(crate) fn cells(standing: &Standing) -> [String; 4] {
    [
        standing.total.map(|total| total.to_string()).unwrap_or_default(),
        standing.scale.map(|scale| scale.to_string()).unwrap_or_default(),
        standing.position.map(|position| position.to_string()).unwrap_or_default(),
        standing.award.clone().unwrap_or_default(),
    ]
}

/// Where results and what was published differ; totals are compared as numbers.
pub(crate) fn differ(standings: &[Standing], expected: &[ExpectedRow], file: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in expected {
        let Some(standing) = standings.iter().find(|s| s.competitor == row.competitor) else { continue };
        let published = [
            ("total", &row.total),
            ("scale", &row.scale),
            ("position", &row.position),
            ("award", &row.award),
        ];
        for ((column, published), computed) in published.into_iter().zip(cells(standing)) {
            let Some(expected) = published else { continue };
            let is_equal_number = domain::number::Decimal::parse(expected)
                .is_ok_and(|number| domain::number::Decimal::parse(&computed) == Ok(number));
            if *expected != computed && !is_equal_number {
                let finding = PackageFinding::Differs {
                    competitor: row.competitor.to_string(),
                    column: column.to_owned(),
                    computed,
                    expected: expected.clone(),
                };
                found.push(finding.at(Place::row(file, row.row).column(column)));
            }
        }
    }
    found
}
