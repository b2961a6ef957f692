//! The second verifier (`tests/verify_ledger.py`), held against this crate: on random ledgers both
//! give the same results, and on changed ones both refuse and name the same line.
//!
//! `LEITAI_LEDGERS` says how many ledgers are made; the default keeps the test short.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot do")]

mod ledgers;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::ledger::checkpoint::{Checkpoint, Note};
use domain::ledger::verify::Verifier;
use domain::ledger::{Hash, Sealed, Status, canonical};
use ledgers::random::Random;
use ledgers::{LedgerBuilder, csv_of, example, kind_of, skills};

/// A folder of its own that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("leitai-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What the second verifier said.
struct Answer {
    code: Option<i32>,
    results: String,
    messages: String,
}

fn second_verifier(folder: &Path, more: &[&str]) -> Answer {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/verify_ledger.py");
    let output = Command::new("python3").arg("-B").arg(program).arg(folder).args(more).output();
    let output = output.unwrap_or_else(|error| {
        panic!("This test runs tests/verify_ledger.py and needs python3 (3.9 or newer) on the path: {error}")
    });
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Answer { code: output.status.code(), results: text(output.stdout), messages: text(output.stderr) }
}

/// The first line, from 1, that this crate's verifier refuses; 0 for the checkpoint, none where all
/// of it holds.
fn first_bad_line(data: &[u8], note: &str) -> Option<usize> {
    let mut verifier = Verifier::new();
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    for (at, line) in data.split(|byte| *byte == b'\n').enumerate() {
        let holds = std::str::from_utf8(line).is_ok_and(|line| verifier.line(line).is_ok());
        if !holds {
            return Some(at + 1);
        }
    }
    let checkpoint = Note::parse(note).and_then(|note| Checkpoint::parse(&note.text)).expect("a checkpoint");
    verifier.checkpoint(&checkpoint).is_err().then_some(0)
}

/// The same, as the second verifier's message says it.
fn named_line(answer: &Answer) -> Option<usize> {
    assert!(matches!(answer.code, Some(0 | 1)), "{}", answer.messages);
    let last = answer.messages.lines().last().unwrap_or_default();
    if answer.code == Some(0) {
        None
    } else if last.starts_with("ledger.note: ") {
        Some(0)
    } else {
        let number = last.strip_prefix("line ").and_then(|rest| rest.split(' ').next()?.parse().ok());
        Some(number.unwrap_or_else(|| panic!("no line is named: {}", answer.messages)))
    }
}

/// results are the fold of the ledger and nothing else, whoever folds it.
#[test]
fn both_programs_give_the_same_results() {
    let count = std::env::var("LEITAI_LEDGERS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let first: u64 = std::env::var("LEITAI_FIRST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let folder = Folder::new("results");
    let (mut tally, mut seen) = (HashMap::new(), BTreeMap::<&str, usize>::new());
    for seed in first..first + count {
        let ledger = skills::skill(seed);
        ledger.export(&folder.0);
        let data = ledger.lines().join("\n");
        assert_eq!(first_bad_line(data.as_bytes(), &ledger.note(ledger.entries.len())), None, "seed {seed}");
        let (answer, standings) = (second_verifier(&folder.0, &[]), ledger.standings());
        if answer.code != Some(0) || answer.results != csv_of(&standings) {
            panic!(
                "seed {seed}:\n{}\nours:\n{}theirs:\n{}",
                answer.messages,
                csv_of(&standings),
                answer.results
            );
        }
        skills::tally(&ledger.entries, &mut tally);
        let mut see = |what, is_so: bool| *seen.entry(what).or_insert(0) += usize::from(is_so);
        for row in &standings {
            see("row", true);
            see("total", row.total.is_some());
            see("scale", row.scale.is_some());
            see("position", row.position.is_some());
            see("award", row.award.is_some());
            see("parted by the chain", row.decided_by.as_ref().is_some_and(|key| key != "settled"));
            see("settled", row.decided_by.as_ref().is_some_and(|key| key == "settled"));
            see("open tie", row.open_tie.is_some());
            see("overridden", row.is_overridden);
            see("penalty", row.penalty.0 > 0);
        }
    }
    println!("{seen:?}\n{tally:?}");
    // The generator reaches everything that decides a result; else equal results say little.
    for kind in [
        "absent",
        "disqualify",
        "draw",
        "exchange",
        "extra_time",
        "layer",
        "mark",
        "open",
        "override",
        "penalty",
        "rescore",
        "resolve",
        "settle",
        "start",
        "stop",
        "unseal",
        "void",
        "void_aspect",
        "withdraw",
    ] {
        assert!(tally.contains_key(&(kind.to_owned(), Status::Accepted)), "no {kind} was accepted");
    }
    for status in [Status::Conflict, Status::Late, Status::Refused] {
        assert!(tally.contains_key(&("mark".to_owned(), status)), "no mark was {status:?}");
    }
    assert!(seen.values().all(|count| *count > 0), "{seen:?}");
}

/// whatever is changed in a line is found, and where.
#[test]
fn any_changed_byte_is_found_by_both_at_the_same_line() {
    let folder = Folder::new("bytes");
    let mut random = Random::new(2026);
    for seed in [3, 11] {
        let ledger = skills::skill(seed);
        ledger.export(&folder.0);
        let data = std::fs::read(folder.0.join("ledger.ndjson")).expect("an export");
        for _ in 0..60 {
            let mut changed = data.clone();
            // Half of the positions in the last lines, which no later line protects.
            let from = if random.chance(50) { data.len() * 9 / 10 } else { 0 };
            let at = from + random.index(data.len() - 1 - from);
            changed[at] ^= 1 << random.below(8);
            assert_both_refuse(&folder, &ledger, &changed, &format!("seed {seed}, byte {at}"));
        }
    }
}

/// no line can be removed, repeated or moved, and none is missing at the end.
#[test]
fn removed_repeated_swapped_and_missing_lines_are_found_by_both_at_the_same_line() {
    let folder = Folder::new("lines");
    let mut random = Random::new(7);
    let ledger = skills::skill(5);
    ledger.export(&folder.0);
    let lines = ledger.lines();
    for round in 0..12 {
        let (one, other) = (random.index(lines.len() - 1), random.index(lines.len()));
        let (mut removed, mut repeated, mut swapped) = (lines.clone(), lines.clone(), lines.clone());
        removed.remove(one);
        repeated.insert(other, lines[one].clone());
        swapped.swap(one, (one + 1 + other) % lines.len());
        let cut = lines[..one + 1].to_vec();
        for (what, changed) in
            [("removed", removed), ("repeated", repeated), ("swapped", swapped), ("cut", cut)]
        {
            if changed != lines {
                let changed = changed.join("\n") + "\n";
                assert_both_refuse(&folder, &ledger, changed.as_bytes(), &format!("{what} {round}"));
            }
        }
    }
}

fn assert_both_refuse(folder: &Folder, ledger: &LedgerBuilder, changed: &[u8], what: &str) {
    std::fs::write(folder.0.join("ledger.ndjson"), changed).expect("written");
    let ours = first_bad_line(changed, &ledger.note(ledger.entries.len()));
    let answer = second_verifier(&folder.0, &[]);
    assert!(ours.is_some(), "{what} was not found");
    assert_eq!(named_line(&answer), ours, "{what}: {}", answer.messages);
    assert_eq!(answer.results, "", "{what}: no results of a ledger that does not hold");
}

/// a ledger whose hashes were all made anew is whole in itself; only the checkpoint shows it.
#[test]
fn a_ledger_that_was_rewritten_whole_does_not_fit_the_checkpoint() {
    let folder = Folder::new("rewritten");
    let ledger = example::ledger();
    ledger.export(&folder.0);
    let mut prev = Hash::ZERO;
    let mut lines = Vec::new();
    for sealed in &ledger.entries {
        let mut entry = sealed.entry.clone();
        entry.client_time += i64::from(entry.seq == 9);
        entry.prev = prev;
        let sealed = Sealed::new(entry).expect("canonical");
        prev = sealed.hash;
        lines.push(sealed.line());
    }
    let changed = lines.join("\n") + "\n";
    assert_eq!(first_bad_line(changed.as_bytes(), &ledger.note(ledger.entries.len())), Some(0));
    assert_both_refuse(&folder, &ledger, changed.as_bytes(), "rewritten");
}

/// one entry has one spelling, however well its hash fits.
#[test]
fn another_spelling_with_a_fitting_hash_is_refused_by_both() {
    let folder = Folder::new("spelling");
    let ledger = example::ledger();
    ledger.export(&folder.0);
    let lines = ledger.lines();
    for (from, to) in [
        ("\"v\":1}", "\"v\":1 }"),
        ("\"v\":1}", "\"v\":1.0}"),
        ("\"v\":1}", "\"v\":2}"),
        ("\"v\":1}", "\"v\":1,\"w\":1}"),
        ("\"v\":1}", "\"v\":1,\"v\":1}"),
        ("\"dseq\":1,", "\"dseq\":1e0,"),
        ("\"dseq\":1,", ""),
        ("\"base\":null", "\"base\":NaN"),
        ("chief", "chie\\u0066"),
        ("\"client_time\":1", "\"client_time\":100000000000001"),
        ("\"client_time\":", "\"client_time\":-0"),
        ("\"status\":\"accepted\"", "\"status\":\"fine\""),
    ] {
        let at = lines.iter().position(|line| line.contains(from)).expect(from);
        let json = ledger.entries[at].json.replace(from, to);
        let hash = Hash::of_leaf(json.as_bytes());
        let mut changed = lines.clone();
        changed[at] = format!("{{\"entry\":{json},\"hash\":\"{hash}\"}}");
        let changed = changed.join("\n") + "\n";
        assert_eq!(first_bad_line(changed.as_bytes(), &ledger.note(1)), Some(at + 1), "{from} → {to}");
        assert_both_refuse(&folder, &ledger, changed.as_bytes(), &format!("{from} → {to}"));
    }
}

#[test]
fn the_second_verifier_says_what_differs_from_the_expected_results_and_how_to_call_it() {
    let folder = Folder::new("expected");
    example::ledger().export(&folder.0);
    let expected = folder.0.join("expected.csv");
    std::fs::write(&expected, "competitor,total\nK7,2.130\nM2,0.01\nX,1\n").expect("written");
    let answer = second_verifier(&folder.0, &["--json"]);
    assert_eq!(answer.code, Some(1));
    assert!(answer.messages.contains("total of M2 is '0.01' there"), "{}", answer.messages);
    assert!(answer.messages.contains("total of X"), "{}", answer.messages);
    assert!(!answer.messages.contains("total of K7"), "{}", answer.messages);
    let results: serde_json::Value = serde_json::from_str(&answer.results).expect("JSON");
    assert_eq!(results[0]["competitor"], "K7");
    assert_eq!(results[2]["position"], serde_json::Value::Null);
    assert_eq!(second_verifier(&folder.0.join("nowhere"), &[]).code, Some(2));
    assert_eq!(second_verifier(&folder.0, &["--no-such-option"]).code, Some(2));
}

/// The page shows entries of the example and nothing invented. `LEITAI_BLESS=1` writes them anew.
#[test]
fn the_examples_of_the_ledger_page_are_the_programs_own() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let (page, files) = (docs.join("ledger.md"), docs.join("examples/ledger"));
    let ledger = example::ledger();
    if std::env::var_os("LEITAI_BLESS").is_some() {
        std::fs::create_dir_all(&files).expect("a folder");
        ledger.export(&files);
        let text = std::fs::read_to_string(&page).expect("the page");
        std::fs::write(&page, blessed(&text, &ledger)).expect("written");
    }
    let read = |path: PathBuf| std::fs::read_to_string(&path).expect("the page and its example");
    let text = read(page);
    assert_eq!(text, blessed(&text, &ledger), "run this test with LEITAI_BLESS=1");
    assert_eq!(read(files.join("ledger.ndjson")), ledger.lines().join("\n") + "\n");
    assert_eq!(read(files.join("expected.csv")), csv_of(&ledger.standings()));
    assert_eq!(second_verifier(&files, &[]).code, Some(0));
    for sealed in &ledger.entries {
        let kind = kind_of(&sealed.entry.body);
        assert!(text.contains(&format!("{{\"{kind}\":")), "the page shows no {kind}");
    }
}

/// The page with every example line as the example ledger has it: the first entry of the same kind
/// and status, whole or its body only, and the checkpoint's text.
fn blessed(page: &str, ledger: &LedgerBuilder) -> String {
    let note = ledger.note(ledger.entries.len());
    let mut checkpoint = note.lines().skip(1).take(2);
    let mut lines: Vec<String> = Vec::new();
    let mut is_checkpoint = false;
    for line in page.lines() {
        is_checkpoint =
            note.starts_with(line) && line.starts_with("leitai/") || is_checkpoint && !line.is_empty();
        if is_checkpoint && !line.starts_with("leitai/") {
            lines.extend(checkpoint.next().map(str::to_owned));
            continue;
        }
        let found = ledger.entries.iter().find(|sealed| {
            let kind = kind_of(&sealed.entry.body);
            let status = serde_json::to_string(&sealed.entry.status).expect("a word");
            let is_whole = line.starts_with("{\"entry\":{")
                && line.contains(&format!("\"body\":{{\"{kind}\":"))
                && line.contains(&format!("\"status\":{status}"));
            is_whole || line.starts_with(&format!("{{\"{kind}\":"))
        });
        lines.push(match found {
            Some(sealed) if line.starts_with("{\"entry\":{") => sealed.line(),
            Some(sealed) => {
                String::from_utf8(canonical::to_vec(&sealed.entry.body).expect("canonical")).expect("UTF-8")
            }
            None => line.to_owned(),
        });
    }
    lines.join("\n") + "\n"
}
