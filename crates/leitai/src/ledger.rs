//! `leitai ledger`: verify exported ledgers.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::finding::{Finding, Place};
use domain::ledger::verify::{Verifier, VerifyFinding};
use server::exchange::Files;
use server::exchange::files::FileFinding;
use server::exchange::package::read_expected_folder;
use server::ledger::verify_note;
use server::spoken;

use crate::output::{Outcome, Output};
use crate::package::{Cells, cells, differences, in_order};

/// What can be done with a ledger.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Recompute every hash, every decision, the checkpoint's signature and the results; name the
    /// first bad entry.
    Verify {
        /// A package, a skill's folder, or a ledger.ndjson.
        path: PathBuf,
        /// The server's public key, or a file that holds it: another key than this is refused.
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
    },
}

/// Runs a command.
pub(crate) fn run(command: &Command, output: &Output) -> Outcome {
    let Command::Verify { path, key } = command;
    let key = key.as_ref().map(|key| std::fs::read_to_string(key).unwrap_or_else(|_| key.clone()));
    let ledgers = find_ledgers(path);
    if ledgers.is_empty() {
        let file = path.display().to_string();
        output.findings(&[
            FileFinding::FileMissing { file: format!("{file}/ledger.ndjson") }.at(Place::file(file))
        ]);
        return Outcome::Refused;
    }
    let (mut rows, mut is_whole) = (Vec::new(), true);
    for ledger in &ledgers {
        let mut found = Vec::new();
        if let Some(row) = verify(ledger, key.as_deref(), output, &mut found) {
            rows.push(row);
        }
        is_whole &= !found.iter().any(Finding::is_error);
        output.findings(&found);
    }
    let header = ["file", "ledger", "entries", "head", "root", "signed"];
    let printed = output.table(&header, &rows);
    if is_whole { printed } else { Outcome::Refused }
}

/// Every ledger of a package, a skill's folder, or the one file.
fn find_ledgers(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let of_skills = std::fs::read_dir(path.join("skills")).into_iter().flatten().flatten();
    let mut ledgers: Vec<PathBuf> = of_skills.map(|skill| skill.path().join("ledger.ndjson")).collect();
    ledgers.push(path.join("ledger.ndjson"));
    ledgers.retain(|ledger| ledger.is_file());
    ledgers.sort();
    ledgers
}

/// Verifies one ledger; gives its row where every line holds.
fn verify(path: &Path, key: Option<&str>, output: &Output, found: &mut Vec<Finding>) -> Option<Vec<String>> {
    let file = path.display().to_string();
    let verifier = match verify_lines(path, output) {
        Ok(verifier) => verifier,
        Err(finding) => {
            found.push(finding);
            return None;
        }
    };
    let signed = match verify_checkpoint(path, key, &verifier) {
        Ok(signed) => signed,
        Err((name, finding)) => {
            found.push(finding.at(Place::file(path.with_file_name(name).display().to_string())));
            return None;
        }
    };
    let entries = verifier.leaves().len() as u64;
    match signed {
        None => found.push(VerifyFinding::Unsigned.at(Place::file(file.clone()))),
        Some(size) if size < entries => {
            let finding = VerifyFinding::BeyondCheckpoint { entries: entries - size };
            found.push(finding.at(Place::file(file.clone())));
        }
        Some(_) => {}
    }
    compare(path, &verifier, found);
    let ledger = verifier.ledger().map(ToString::to_string).unwrap_or_default();
    let root = domain::ledger::tree::root(verifier.leaves()).to_string();
    let head = verifier.state().head.hash.to_string();
    let signed = signed.map(|size| size.to_string()).unwrap_or_default();
    Some(vec![file, ledger, entries.to_string(), head, root, signed])
}

fn verify_lines(path: &Path, output: &Output) -> Result<Verifier, Finding> {
    let file = path.display().to_string();
    let unreadable = |row: u64, error: &std::io::Error| {
        FileFinding::Unreadable { problem: spoken::of_system(error) }.at(Place::row(file.clone(), row))
    };
    let opened = std::fs::File::open(path).map_err(|error| unreadable(0, &error))?;
    let length = opened.metadata().map(|about| about.len()).unwrap_or_default();
    let bar = output.progress("核验账本", "Verifying", length);
    let mut reader = BufReader::new(opened);
    let (mut verifier, mut line, mut row) = (Verifier::new(), Vec::new(), 0);
    loop {
        line.clear();
        row += 1;
        let read = reader.read_until(b'\n', &mut line).map_err(|error| unreadable(row, &error))?;
        if read == 0 {
            break;
        }
        bar.inc(read as u64);
        // Every line ends with a line feed; one that does not was cut or changed there.
        let text = line.strip_suffix(b"\n").and_then(|line| std::str::from_utf8(line).ok());
        let taken = text.ok_or(VerifyFinding::NotALine).and_then(|text| verifier.line(text));
        taken.map_err(|finding| finding.at(Place::row(file.clone(), row)))?;
    }
    bar.finish_and_clear();
    Ok(verifier)
}

type Fault = (&'static str, VerifyFinding);

/// How many entries a valid checkpoint beside the ledger covers; none without one.
fn verify_checkpoint(path: &Path, key: Option<&str>, verifier: &Verifier) -> Result<Option<u64>, Fault> {
    let read = |name: &'static str| match std::fs::read_to_string(path.with_file_name(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(_) => Err((name, VerifyFinding::CheckpointUnreadable)),
    };
    let (note, public) = (read("ledger.note")?, read("ledger.pub")?);
    if let (Some(wanted), Some(public)) = (key, &public)
        && wanted.trim() != public.trim()
    {
        return Err(("ledger.pub", VerifyFinding::KeyOther { wanted: wanted.trim().to_owned() }));
    }
    let Some(note) = note else {
        // With a key given, a checkpoint is wanted; without one there may be none.
        let missing = VerifyFinding::CheckpointUnreadable;
        return if key.is_some() || public.is_some() { Err(("ledger.note", missing)) } else { Ok(None) };
    };
    let key = key.or(public.as_deref()).ok_or(("ledger.pub", VerifyFinding::KeyUnreadable))?;
    let checkpoint = verify_note(&note, key).map_err(|finding| ("ledger.note", finding))?;
    verifier.checkpoint(&checkpoint).map_err(|finding| ("ledger.note", finding))?;
    Ok(Some(checkpoint.size))
}

/// The recomputed results against `expected.csv` beside the ledger, where it is there.
fn compare(path: &Path, verifier: &Verifier, found: &mut Vec<Finding>) {
    let Some(skill) = &verifier.state().skill else { return };
    let Some(folder) = path.parent() else { return };
    let Ok(bytes) = std::fs::read(folder.join("expected.csv")) else { return };
    let mut files = Files::default();
    let name = folder.join("expected.csv").display().to_string();
    files.put("expected.csv", bytes);
    let standings = in_order(skill);
    let mut unread = Vec::new();
    let expected = read_expected_folder(&files, &mut unread).unwrap_or_default();
    if !unread.is_empty() {
        for finding in &mut unread {
            finding.place.file = Some(name.clone());
        }
        found.extend(unread);
        found.push(VerifyFinding::ResultsUnfit.at(Place::file(name)));
        return;
    }
    for standing in &standings {
        if !expected.iter().any(|row| row.competitor == standing.competitor) {
            let competitor = standing.competitor.to_string();
            found.push(VerifyFinding::ResultMissing { competitor }.at(Place::file(name.clone())));
        }
    }
    for row in &expected {
        if !standings.iter().any(|standing| standing.competitor == row.competitor) {
            let (competitor, place) =
                (row.competitor.to_string(), Place::row(name.clone(), row.row).column("competitor"));
            found.push(VerifyFinding::ResultUnknown { competitor }.at(place));
        }
    }
    let results: Vec<Cells> = standings.iter().map(cells).collect();
    for (row, column, recomputed, published) in differences(&results, &expected) {
        let (competitor, place) =
            (row.competitor.to_string(), Place::row(name.clone(), row.row).column(column));
        let column = column.to_owned();
        found.push(VerifyFinding::ResultsDiffer { competitor, column, recomputed, published }.at(place));
    }
}
