//! `leitai ledger verify` beside the second verifier: every changed byte is found, and both name the
//! same line.
#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

use std::path::{Path, PathBuf};

use tests::contest::contest;
use tests::export::{export, import, verify, verify_again};
use tests::folder::{files_below, put};
use tests::shared::real_packages;
use tests::{Random, Rows, Said, TemporaryFolder, TestDatabase, leitai};

/// An export with its ledgers: of a real package where one is at hand, else of the contest. Gives the
/// folder of its first skill.
fn exported(folder: &TemporaryFolder) -> PathBuf {
    let (database, into) = (TestDatabase::sqlite(), folder.join("export"));
    let original = real_packages().into_iter().next().unwrap_or_else(|| {
        contest().write(&folder.join("original"));
        folder.join("original")
    });
    export(&import(&original, &database), &database, &into);
    let mut skills: Vec<PathBuf> =
        std::fs::read_dir(into.join("skills")).unwrap().map(|entry| entry.unwrap().path()).collect();
    skills.sort();
    skills.remove(0)
}

/// The same skill elsewhere, to be changed.
fn copy(skill: &Path, into: &Path) -> PathBuf {
    files_below(skill).into_iter().for_each(|(name, bytes)| put(&into.join(&name), bytes));
    into.to_owned()
}

/// The line of `ledger.ndjson` that our verifier names.
fn line(said: &Said) -> Option<usize> {
    let (_, after) = said.messages.split_once("ledger.ndjson:")?;
    after.split(':').next()?.parse().ok()
}

/// The line that the second verifier names.
fn line_again(said: &Said) -> Option<usize> {
    let (_, after) = said.messages.split_once("line ")?;
    after.split(' ').next()?.parse().ok()
}

#[test]
fn every_flipped_byte_of_a_ledger_is_found_and_both_verifiers_name_its_line() {
    let folder = TemporaryFolder::new("flips");
    let skill = exported(&folder);
    let _ = verify(&skill).done();
    assert_eq!(verify_again(&skill).code, Some(0));
    let changed = copy(&skill, &folder.join("changed"));
    let ledger = std::fs::read(skill.join("ledger.ndjson")).unwrap();
    let seed = 20_260_501;
    let mut random = Random::new(seed);
    for flip in 0..100 {
        let at = random.below(ledger.len());
        let mut bytes = ledger.clone();
        bytes[at] ^= 1 << random.below(8);
        let expected = 1 + ledger[..at].iter().filter(|byte| **byte == b'\n').count();
        put(&changed.join("ledger.ndjson"), bytes);
        let (said, again) = (verify(&changed).refused(), verify_again(&changed).refused());
        let what = format!("seed {seed}, flip {flip}, byte {at}: {said}{again}");
        assert_eq!(line(&said), Some(expected), "{what}");
        assert_eq!(line_again(&again), Some(expected), "{what}");
    }
}

#[test]
fn lines_taken_away_swapped_or_doubled_are_found() {
    let folder = TemporaryFolder::new("lines");
    let skill = exported(&folder);
    let changed = copy(&skill, &folder.join("changed"));
    let text = std::fs::read_to_string(skill.join("ledger.ndjson")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let write = |lines: &[&str]| {
        put(&changed.join("ledger.ndjson"), lines.iter().map(|line| format!("{line}\n")).collect::<String>());
    };
    // The last entry is gone: the chain holds, and only the checkpoint knows.
    write(&lines[..lines.len() - 1]);
    let (said, again) = (verify(&changed).refused(), verify_again(&changed).refused());
    assert!(
        said.messages.contains("ledger.note: ") && said.messages.contains("[checkpoint_longer]"),
        "{said}"
    );
    assert!(again.messages.contains("ledger.note"), "{again}");
    let mut others = Vec::new();
    let mut swapped = lines.clone();
    swapped.swap(3, 4);
    others.push((swapped, 4));
    let mut doubled = lines.clone();
    doubled.insert(5, lines[4]);
    others.push((doubled, 6));
    let mut missing = lines.clone();
    missing.remove(6);
    others.push((missing, 7));
    let mut blank = lines.clone();
    blank.insert(2, "");
    others.push((blank, 3));
    for (lines, expected) in others {
        write(&lines);
        let (said, again) = (verify(&changed).refused(), verify_again(&changed).refused());
        assert_eq!((line(&said), line_again(&again)), (Some(expected), Some(expected)), "{said}{again}");
    }
    // Without its last line feed the last line may have been cut.
    put(&changed.join("ledger.ndjson"), text.trim_end());
    let said = verify(&changed).refused();
    assert_eq!(line(&said), Some(lines.len()), "{said}");
    put(&changed.join("ledger.ndjson"), "");
    let said = verify(&changed).refused();
    assert!(said.messages.contains("[checkpoint_longer]"), "{said}");
}

#[test]
fn a_flipped_byte_beside_the_ledger_is_named_by_its_file() {
    let folder = TemporaryFolder::new("beside");
    let skill = exported(&folder);
    let changed = copy(&skill, &folder.join("changed"));
    let mut random = Random::new(20_260_502);
    for name in ["ledger.note", "ledger.pub"] {
        let original = std::fs::read(skill.join(name)).unwrap();
        for _ in 0..25 {
            // The last line feed is the one byte that says nothing.
            let at = random.below(original.len() - 1);
            let mut bytes = original.clone();
            bytes[at] ^= 1 << random.below(7);
            put(&changed.join(name), &bytes);
            let said = verify(&changed).refused();
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            let is_named = said.messages.contains("ledger.note: ") || said.messages.contains("ledger.pub: ");
            assert!(is_named, "{name} byte {at}: {shown}{said}");
        }
        put(&changed.join(name), &original);
    }
    let expected = Rows::read(&skill.join("expected.csv"));
    let total = &expected.rows[0][expected.at("total")];
    let text = std::fs::read_to_string(skill.join("expected.csv")).unwrap();
    let other = if total.ends_with('1') { "2" } else { "1" };
    let forged = text.replacen(total.as_str(), &format!("{}{other}", &total[..total.len() - 1]), 1);
    put(&changed.join("expected.csv"), forged);
    let said = verify(&changed).refused();
    assert!(
        said.messages.contains("expected.csv:2:total: ") && said.messages.contains("[results_differ]"),
        "{said}"
    );
    assert_eq!(verify_again(&changed).code, Some(1));
    let results = text.as_bytes();
    for _ in 0..50 {
        let at = random.below(results.len() - 1);
        let mut bytes = results.to_vec();
        bytes[at] ^= 1 << random.below(8);
        put(&changed.join("expected.csv"), &bytes);
        let said = verify(&changed).refused();
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        assert!(said.messages.contains("expected.csv"), "byte {at}: {shown}{said}");
    }
    // One who is not listed is missed.
    let lines: Vec<&str> = text.lines().collect();
    put(&changed.join("expected.csv"), format!("{}\n", lines[..lines.len() - 1].join("\n")));
    let said = verify(&changed).refused();
    assert!(said.messages.contains("expected.csv: ") && said.messages.contains("[result_missing]"), "{said}");
}

#[test]
fn another_key_is_refused_and_no_signature_is_a_warning() {
    let folder = TemporaryFolder::new("keys");
    let skill = exported(&folder);
    let path = |folder: &Path, name: &str| folder.join(name).to_str().unwrap().to_owned();
    let with_key = |key: &str| leitai(["ledger", "verify", skill.to_str().unwrap(), "--key", key]).run();
    let own = path(&skill, "ledger.pub");
    let _ = with_key(&own).done();
    let _ = with_key(&std::fs::read_to_string(&own).unwrap()).done();
    let said = with_key(&std::fs::read_to_string(&own).unwrap().replacen("leitai", "foreign", 1)).refused();
    assert!(said.messages.contains("ledger.pub: ") && said.messages.contains("[key_other]"), "{said}");
    let _ = with_key("nonsense").refused();
    // Another server's key, as a file.
    let elsewhere = TemporaryFolder::new("elsewhere");
    let said = with_key(&path(&exported(&elsewhere), "ledger.pub")).refused();
    assert!(said.messages.contains("[key_other]"), "{said}");
    let unsigned = copy(&skill, &folder.join("unsigned"));
    for name in ["ledger.note", "ledger.pub"] {
        std::fs::remove_file(unsigned.join(name)).unwrap();
    }
    let said = verify(&unsigned).done();
    assert!(said.messages.starts_with("warning ") && said.messages.contains("[ledger_unsigned]"), "{said}");
    let said = leitai(["ledger", "verify", unsigned.to_str().unwrap(), "--key", &own]).run().refused();
    assert!(said.messages.contains("ledger.note: "), "a key asks for a signature: {said}");
    // The note without the key, and the key without the note, are both refused.
    put(&unsigned.join("ledger.note"), std::fs::read(skill.join("ledger.note")).unwrap());
    let said = verify(&unsigned).refused();
    assert!(said.messages.contains("ledger.pub: "), "{said}");
}

#[test]
fn a_ledger_is_verified_as_a_file_a_skill_or_a_package() {
    let folder = TemporaryFolder::new("paths");
    let skill = exported(&folder);
    let count = |path: &Path| verify(path).done().rows().rows.len();
    let skills = std::fs::read_dir(skill.parent().unwrap()).unwrap().count();
    assert_eq!(count(&skill.join("ledger.ndjson")), 1);
    assert_eq!(count(&skill), 1);
    assert_eq!(count(&folder.join("export")), skills);
    let said = verify(&folder.join("nothing")).refused();
    assert!(said.messages.contains("nothing"), "{said}");
}
