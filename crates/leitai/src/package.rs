//! `leitai package`: check, score, import and export competition packages.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Subcommand};
use domain::finding::{Finding, Place, Spoken};
use domain::id::CompetitorCode;
use domain::marking::Skill;
use domain::number::Decimal;
use domain::results::{Standing, standings};
use server::database::{self, Database};
use server::exchange::Files;
use server::exchange::files::FileFinding;
use server::exchange::package::{self as exchange, ExpectedRow, Package, PackageFinding, Reading};
use server::ledger::Ledger;
use server::spoken;

use crate::generate::{GenerateFinding, Generator, Kind};
use crate::output::{Outcome, Output};

/// The columns of results.
pub(crate) const COLUMNS: [&str; 6] = ["skill", "competitor", "total", "scale", "position", "award"];

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
    /// Make a whole competition from a seed: a province's for a demonstration, or the national event
    /// of the benchmarks.
    Generate {
        /// Which.
        kind: Kind,
        /// A folder that is not there yet, or empty.
        dir: PathBuf,
        /// The same seed gives the same package.
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        /// Only the first so many skills.
        #[arg(long, value_name = "N")]
        skills: Option<usize>,
    },
    /// Take a package into a database; begun again after a crash it goes on where it stopped.
    Import {
        /// The package: a folder, or a .zip of it.
        dir: PathBuf,
        #[command(flatten)]
        database: DatabaseArguments,
    },
    /// Write a competition with its ledgers as a package.
    Export {
        /// The competition's id, as the import printed it.
        #[arg(long, value_name = "ID")]
        competition: String,
        /// A folder that is not there yet, or empty.
        dir: PathBuf,
        #[command(flatten)]
        database: DatabaseArguments,
    },
}

/// Which database.
#[derive(Args)]
pub(crate) struct DatabaseArguments {
    /// A SQLite file, or postgres://…
    #[arg(
        long,
        value_name = "URL",
        default_value = database::DEFAULT,
        env = "LEITAI_DATABASE",
        hide_env_values = true
    )]
    database: String,
}

impl DatabaseArguments {
    /// The URL or path.
    pub(crate) fn url(&self) -> &str {
        &self.database
    }
}

/// Runs a command.
pub(crate) fn run(command: &Command, output: &Output) -> Outcome {
    match command {
        Command::Check { dir } => check(dir, output),
        Command::Score { dir } => score(dir, output),
        Command::Generate { kind, dir, seed, skills } => {
            ended(generate(*kind, dir, *seed, *skills, output), dir, output)
        }
        Command::Import { dir, database } => import(dir, &database.database, output),
        Command::Export { competition, dir, database } => {
            export(competition, dir, &database.database, output)
        }
    }
}

fn check(dir: &Path, output: &Output) -> Outcome {
    let reading = read(dir, output);
    let printed = output.findings_table(&reading.findings);
    if reading.findings.is_empty() {
        output.say("没有发现问题。", "Nothing found; the package is sound.");
    }
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
    let printed = output.table(&COLUMNS, &rows);
    output.findings(&differences);
    if differences.iter().any(Finding::is_error) { Outcome::Refused } else { printed }
}

fn import(dir: &Path, url: &str, output: &Output) -> Outcome {
    let reading = read(dir, output);
    output.findings(&reading.findings);
    let Some(package) = reading.package else {
        output.say("没有导入任何内容。", "Nothing was imported.");
        return Outcome::Refused;
    };
    let bar = output.progress("导入记录", "Importing rows", 0);
    let imported = with_ledger(url, async |database, ledger| {
        let told = |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        };
        let imported = exchange::import(database, ledger, &package, now_ms(), &told).await;
        imported.map_err(|error| error.finding())
    });
    bar.finish_and_clear();
    match imported {
        Ok(imported) => {
            let rows: Vec<Vec<String>> = imported
                .skills
                .iter()
                .map(|skill| {
                    let ledger = skill.ledger.to_string();
                    vec![imported.competition.clone(), skill.name.clone(), ledger, skill.entries.to_string()]
                })
                .collect();
            output.table(&["competition", "skill", "ledger", "entries"], &rows)
        }
        Err(finding) => refuse(finding, output),
    }
}

fn export(competition: &str, dir: &Path, url: &str, output: &Output) -> Outcome {
    if !database::is_there(url) {
        return refuse(FileFinding::DatabaseMissing { path: url.to_owned() }.at(Place::default()), output);
    }
    if let Err(finding) = must_be_empty(dir) {
        return refuse(finding, output);
    }
    let bar = output.progress("导出赛项", "Exporting skills", 0);
    let files = with_ledger(url, async |database, ledger| {
        let told = |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        };
        let files = exchange::export(database, ledger, competition, &told).await;
        files.map_err(|error| error.finding())
    });
    bar.finish_and_clear();
    ended(files.and_then(|files| write(&files, dir)), dir, output)
}

/// Skill by skill, so that the largest competition needs no more memory than its largest skill.
fn generate(
    kind: Kind,
    dir: &Path,
    seed: u64,
    skills: Option<usize>,
    output: &Output,
) -> Result<(), Finding> {
    must_be_empty(dir)?;
    let generator = Generator::new(kind, seed)?;
    let (most, wanted) = (generator.len(), skills.unwrap_or(generator.len()));
    if wanted > most {
        return Err(GenerateFinding::TooManySkills { wanted, most }.at(Place::default()));
    }
    let bar = output.progress("生成赛项", "Generating skills", wanted as u64);
    for at in 0..wanted {
        let package = Package { competition: generator.competition(), skills: vec![generator.skill(at)?] };
        let files = exchange::write(&package)
            .map_err(|problem| unwritable(dir, Spoken::new("写不成文件", problem)))?;
        write(&files, dir)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

/// Two packages in one folder would be neither.
pub(crate) fn must_be_empty(dir: &Path) -> Result<(), Finding> {
    let has_files = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    let path = dir.display().to_string();
    if has_files { Err(FileFinding::NotEmpty { path }.at(Place::default())) } else { Ok(()) }
}

pub(crate) fn write(files: &Files, dir: &Path) -> Result<(), Finding> {
    files.write(dir).map_err(|error| unwritable(dir, spoken::of_system(&error)))
}

fn unwritable(dir: &Path, problem: Spoken) -> Finding {
    FileFinding::Unwritable { path: dir.display().to_string(), problem }.at(Place::default())
}

/// Says where something was written, or why not.
fn ended(written: Result<(), Finding>, dir: &Path, output: &Output) -> Outcome {
    match written {
        Ok(()) => {
            let shown = dir.display();
            output.say(&format!("已写入 {shown}"), &format!("Written: {shown}"));
            Outcome::Done
        }
        Err(finding) => refuse(finding, output),
    }
}

fn refuse(finding: Finding, output: &Output) -> Outcome {
    output.findings(&[finding]);
    Outcome::Refused
}

/// Opens a database and its ledger, does something with them, and closes them.
fn with_ledger<T>(
    url: &str,
    work: impl AsyncFnOnce(&Database, &Ledger) -> Result<T, Finding>,
) -> Result<T, Finding> {
    let failed = |error| FileFinding::Unreadable { problem: spoken::of_system(&error) }.at(Place::default());
    let runtime = tokio::runtime::Runtime::new().map_err(failed)?;
    runtime.block_on(async {
        let database = Database::open(url).await.map_err(|error| error.at(Place::default()))?;
        let ledger = Ledger::start(database.clone()).await.map_err(|error| error.at(Place::default()))?;
        let done = work(&database, &ledger).await;
        ledger.stop().await;
        database.close().await;
        done
    })
}

/// The system's clock, milliseconds since 1970 UTC.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or_default()
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
        let state = exchange::played(skill)
            .map_err(|problem| Box::new(problem.at(Place::file(format!("skills/{}", skill.id)))))?;
        if let Some(opened) = &state.skill {
            let standings = in_order(opened);
            let of_skill: Vec<Cells> = standings.iter().map(cells).collect();
            if let Some(expected) = &skill.expected {
                differences.extend(differ(&of_skill, expected, &skill.id));
            }
            rows.extend(of_skill.into_iter().map(|cells| row(&skill.id, cells)));
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

/// A row of [`COLUMNS`].
pub(crate) fn row(skill: &str, (competitor, cells): Cells) -> Vec<String> {
    [skill.to_owned(), competitor.to_string()].into_iter().chain(cells).collect()
}

/// A competitor's total, scale, position and award as text; empty for none.
pub(crate) type Cells = (CompetitorCode, [String; 4]);

/// The same of a standing.
pub(crate) fn cells(standing: &Standing) -> Cells {
    let cells = [
        standing.total.map(|total| total.to_string()).unwrap_or_default(),
        standing.scale.map(|scale| scale.to_string()).unwrap_or_default(),
        standing.position.map(|position| position.to_string()).unwrap_or_default(),
        standing.award.clone().unwrap_or_default(),
    ];
    (standing.competitor.clone(), cells)
}

/// Where results and what was published differ: row, column, computed, published. Totals are
/// compared as numbers; one who is published and not there differs in everything.
pub(crate) fn differences<'a>(
    results: &[Cells],
    expected: &'a [ExpectedRow],
) -> Vec<(&'a ExpectedRow, &'static str, String, String)> {
    let as_number = |text: &str| Decimal::parse(text).ok();
    let mut different = Vec::new();
    for row in expected {
        let found = results.iter().find(|(competitor, _)| *competitor == row.competitor);
        let computed = found.map(|(_, cells)| cells.clone()).unwrap_or_default();
        let columns = ["total", "scale", "position", "award"];
        let published = [&row.total, &row.scale, &row.position, &row.award];
        for ((column, published), computed) in columns.into_iter().zip(published).zip(computed) {
            let Some(published) = published else { continue };
            let is_equal_number = as_number(published).is_some_and(|n| as_number(&computed) == Some(n));
            if *published != computed && !is_equal_number {
                different.push((row, column, computed, published.clone()));
            }
        }
    }
    different
}

/// The same as findings in a skill's `expected.csv`.
pub(crate) fn differ(results: &[Cells], expected: &[ExpectedRow], skill: &str) -> Vec<Finding> {
    let file = &format!("skills/{skill}/expected.csv");
    let finding = |(row, column, computed, expected): (&ExpectedRow, &'static str, String, String)| {
        let competitor = row.competitor.to_string();
        let finding = PackageFinding::Differs { competitor, column: column.to_owned(), computed, expected };
        finding.at(Place::row(file, row.row).column(column))
    };
    differences(results, expected).into_iter().map(finding).collect()
}
