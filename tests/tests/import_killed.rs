//! An import that is killed again and again, and begun again, ends with the same results.
#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tests::export::{export, import, import_call, package, verify};
use tests::shared::real_packages;
use tests::{PackageBuilder, Random, Rows, TemporaryFolder, TestDatabase};

const KILLS: u32 = 10;
const SEED: u64 = 20_260_503;

/// How many marks a package holds.
fn marks(package: &std::path::Path) -> usize {
    let skills = std::fs::read_dir(package.join("skills")).unwrap().map(|entry| entry.unwrap().path());
    skills.map(|skill| Rows::read(&skill.join("marks.csv")).rows.len()).sum()
}

/// A package of 20,000 marks by five judges.
fn generated(folder: &TemporaryFolder) -> PathBuf {
    let mut package = PackageBuilder::new("panel-sum").skill("large");
    let mut aspects =
        vec!["id,type,description,max,score_min,score_max,score_step,drop_high,drop_low,factor".to_owned()];
    aspects.extend((1..=40).map(|aspect| format!("A{aspect:02},panel,Part {aspect},10,0,10,0.25,1,1,1")));
    let mut people = vec!["code".to_owned()];
    people.extend((1..=100).map(|person| format!("C{person:03}")));
    let (mut random, mut rows) = (Random::new(7), vec!["competitor,aspect,judge,value".to_owned()]);
    for person in 1..=100 {
        for aspect in 1..=40 {
            for judge in 1..=5 {
                let quarters = random.below(41);
                let (whole, rest) = (quarters / 4, ["0", "25", "5", "75"][quarters % 4]);
                rows.push(format!("C{person:03},A{aspect:02},J{judge},{whole}.{rest}"));
            }
        }
    }
    for (file, lines) in [("aspects.csv", aspects), ("competitors.csv", people), ("marks.csv", rows)] {
        package = package.text(file, &format!("{}\n", lines.join("\n")));
    }
    package.lines("judges.csv", &["code", "J1", "J2", "J3", "J4", "J5"]).write(&folder.join("generated"));
    folder.join("generated")
}

#[test]
fn an_import_that_is_killed_goes_on_and_gives_the_same_results() {
    let folder = TemporaryFolder::new("killed");
    let largest = real_packages().into_iter().max_by_key(|package| marks(package));
    let original = largest.unwrap_or_else(|| generated(&folder));
    let scored = package("score", &original).done().output;
    // How long it takes undisturbed says when it can be killed.
    let undisturbed = TestDatabase::sqlite();
    let begun = Instant::now();
    let id = import(&original, &undisturbed);
    let whole = begun.elapsed();
    let kinds: [fn() -> Option<TestDatabase>; 2] = [|| Some(TestDatabase::sqlite()), TestDatabase::postgres];
    for kind in kinds {
        let (mut random, mut killed, mut round) = (Random::new(SEED), 0, 0);
        // A quick import ends before it was killed often enough; then another database goes on.
        while killed < KILLS {
            let Some(database) = kind() else { break };
            killed += kill_now_and_then(&original, &database, whole, KILLS - killed, &mut random);
            println!("{}: {killed} times, undisturbed {} ms", database.kind, whole.as_millis());
            assert_eq!(import(&original, &database), id);
            // One may end before it was killed at all.
            round += 1;
            let into = folder.join(&format!("{}-{round}", database.kind));
            export(&id, &database, &into);
            let verified = verify(&into).done();
            assert_eq!(verified.messages, "", "{verified}");
            assert_eq!(package("score", &into).done().output, scored, "{}", database.kind);
            assert_eq!(marks(&into), marks(&original), "every mark once");
        }
    }
}

/// Begins an import again and again and kills it, until it was killed that often or came to its end;
/// gives how often it was killed.
fn kill_now_and_then(
    original: &Path,
    database: &TestDatabase,
    whole: Duration,
    times: u32,
    random: &mut Random,
) -> u32 {
    let mut killed = 0;
    while killed < times {
        let mut command = import_call(original, database).command();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // From its first moments to almost all of what is left.
        let moment = whole * u32::try_from(random.below(90)).unwrap() / 100;
        std::thread::sleep(moment.max(Duration::from_millis(5)));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            break;
        }
        killed += 1;
    }
    killed
}
