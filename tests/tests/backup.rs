//! A copy in a second place and a database from it, on SQLite and on PostgreSQL: what is called safe
//! is there, what is damaged is found and named, and devices bring back what a restore lacks.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domain::finding::{Finding, Language};
use domain::id::LedgerId;
use domain::ledger::{Hash, Status};
use domain::marking::{Cell, Said};
use server::backup::{BackupError, Restored, restore};
use server::database::Database;
use server::ledger::{LedgerError, Receipt};
use sqlx::AssertSqlSafe;
use tests::folder::files_below;
use tests::skill::{REALISTIC, SMALL, Tablet};
use tests::{LedgerServer, Random, SmallDisk, TemporaryFolder, TestDatabase, leitai};

const SKILL: &str = "skill-1";
const TABLETS: u32 = 4;
/// What stands for a photo: the copy looks at none.
const PHOTO: &[u8] = &[0xff, 0xd8, 0, 1, 2, 0xff, 0xd9];

fn tablet(number: u32) -> Tablet {
    Tablet::new(SMALL, SKILL, number, TABLETS)
}

async fn run(server: &LedgerServer, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(server.database.pool()).await;
    done.expect(sql);
}

/// A row in every table that a feature writes.
async fn furnish(server: &LedgerServer) {
    for sql in [
        "INSERT INTO competition VALUES ('c1', '{\"name\":\"练兵 \\ \"\"x\"\"\"}', 7, 'o2', 3)",
        "INSERT INTO skill VALUES ('skill-1', 'c1', '焊工', '{}')",
        "INSERT INTO skill VALUES ('skill-2', 'c1', '练习', '{}')",
        "INSERT INTO practice VALUES ('skill-1', 'skill-2', 8)",
        "INSERT INTO account VALUES ('a1', '刘老师', 'hash', 1, NULL, NULL, 'name.00ff', 59)",
        "INSERT INTO organisation VALUES ('o2', 'o1', 'enterprise', '焊接厂', 2)",
        "INSERT INTO organisation VALUES ('o1', NULL, 'city', '石家庄市', 3)",
        "INSERT INTO appointment VALUES ('p1', 'a1', 'organiser', 'organisation:o2', 'a1', 4, NULL, NULL)",
        "INSERT INTO recovery_code VALUES ('hash', 'a1', NULL)",
        "INSERT INTO password_link VALUES ('l1', 'hash', 'a1', 'a1', 5, 6, NULL)",
        "INSERT INTO account_act VALUES ('t1', 'a1', 'link_made', 'operator', 5)",
        "INSERT INTO invitation VALUES ('i1', 'hash', 'foreman', 'organisation:o2', '陈师傅', 'a1', 5, 6, NULL, NULL)",
        "INSERT INTO drill VALUES ('c1', 'skill-1', 'welder-fillet', 'a1', 9)",
        "INSERT INTO enrolment VALUES ('e1', 'skill-1', 'J1', 'judge', 'code', 'pin', 0, 'tablet', 1, 2, NULL)",
        "INSERT INTO session VALUES ('s1', 'a1', NULL, 'secret', 1, 9007199254740993, NULL, 'Edge · Windows', 8)",
        "INSERT INTO session VALUES ('s2', NULL, 'e1', 'it''s; DROP TABLE x --', 1, 2, 3, NULL, NULL)",
        "INSERT INTO server_state VALUES ('a key', 'kept')",
        "INSERT INTO live_skill VALUES ('skill-1', 'running', NULL, '上午', 1, NULL, 3, 4, 'a1')",
        "INSERT INTO live_competition VALUES ('c1', NULL)",
        "INSERT INTO live_change VALUES ('live', 7)",
        "INSERT INTO ticket_used VALUES ('t1', -5)",
        "INSERT INTO skill_draft VALUES ('skill-1', '', NULL)",
        "INSERT INTO import_batch VALUES ('b1', 'c1', '名单.xlsx', 600, 2, 'a1', 5, NULL, NULL, 'roster')",
        "INSERT INTO scheme_version VALUES ('skill-1', 1, 7, 'a1', 'edited', 'digest', 1, 10000, '{\"criteria\":[]}', 0, '[]', '[]')",
        "INSERT INTO circuit VALUES ('k1', 'o1', '{\"cycle\":\"2026\"}', 5)",
        "INSERT INTO circuit_competition VALUES ('c1', 'k1', 'a1', 6)",
        "INSERT INTO template VALUES ('c1', 'a1', 6)",
        "INSERT INTO draw VALUES ('d1', 'c1', 5, '{}')",
        "INSERT INTO delegation VALUES ('l1', 'c1', '石家庄市', 'Shijiazhuang', NULL, 5)",
        "INSERT INTO registration_terms VALUES ('c1', '{\"is_one_skill\":true}', 2)",
        "INSERT INTO registration VALUES ('r1', 'c1', 'l1', 'skill-1', 'approved', 2, 'name.00ff', 'blind', NULL, 6)",
        "INSERT INTO registration_step VALUES ('r1', 2, 'approve', 'name.00ff', 'a1', 7)",
        "INSERT INTO advancement VALUES ('skill-2', '{\"feeders\":[\"skill-1\"]}', 3)",
        "INSERT INTO advancement_lot VALUES ('skill-2', 1, '{\"seed\":\"00ff\"}', 'a1', 6)",
        "INSERT INTO promotion VALUES ('m1', 'skill-2', 'skill-1', 'K01', 'confirmed', '{}', NULL, 1, 7)",
        "INSERT INTO promotion_step VALUES ('m1', 1, 'confirm', '{}', 'name.00ff', 'a1', 7)",
        "INSERT INTO promotion_entry VALUES ('m1', 'K01', 'r1')",
        "INSERT INTO identity VALUES ('skill-1', 'K01', 'name.00ff', 'blind')",
        "INSERT INTO check_in VALUES ('h1', 'skill-1', 'K01', 5, 'a1', 6, 'a1')",
        "INSERT INTO check_in VALUES ('h2', 'skill-1', 'K01', 7, 'a1', NULL, NULL)",
        "INSERT INTO confirmation VALUES ('0190b1e2-7c5a-7000-8000-000000000002', 'skill-1', 'hash', NULL, 9)",
        "INSERT INTO proposal VALUES ('0190b1e2-7c5a-7000-8000-000000000003', 'skill-1', 'e1', 'J1', '{}', 'salt', '迟到', 9)",
        "INSERT INTO ledger_reason VALUES ('0190b1e2-7c5a-7000-8000-000000000001', 'salt', '护目镜\n')",
        "INSERT INTO ledger_drawing VALUES ('0190b1e2-7c5a-7000-8000-000000000001', 'salt', 'M1,1l2,3')",
        "INSERT INTO device_key VALUES ('e1', '04', 7)",
        "INSERT INTO competitor_call VALUES ('skill-1', 'A1', 'K7', 'J9', 8)",
        "INSERT INTO call_number VALUES ('skill-1', 4)",
        "INSERT INTO note VALUES ('0190b1e2-7c5a-7000-8000-000000000004', 'skill-1', 'J1', 'C1', 'A1', '焊缝\n偏移', NULL, 1, 2, NULL)",
        &format!(
            "INSERT INTO note VALUES ('0190b1e2-7c5a-7000-8000-000000000005', 'skill-1', 'J1', 'C1', 'A1', '', '{}', 1, 2, NULL)",
            Hash::of_document(PHOTO)
        ),
        "INSERT INTO note VALUES ('0190b1e2-7c5a-7000-8000-000000000006', 'skill-1', 'J1', 'C1', 'A1', '', NULL, 1, 2, 3)",
        "INSERT INTO ledger_signature VALUES ('0190b1e2-7c5a-7000-8000-000000000001', 'a7')",
    ] {
        run(server, sql).await;
    }
    let photo = "INSERT INTO note_photo VALUES ('0190b1e2-7c5a-7000-8000-000000000005', $1)";
    let bytes = sqlx::query(photo).bind(PHOTO.to_vec()).execute(server.database.pool()).await;
    bytes.expect("a photo");
    server.ledger.enrol(&"fresh".into(), &SKILL.into()).await.expect("enrolled");
}

/// The one life in a place.
fn life(place: &Path) -> PathBuf {
    let mut lives = std::fs::read_dir(place).expect("a folder").map(|entry| entry.expect("an entry").path());
    let life = lives.next().expect("a life");
    assert!(lives.next().is_none(), "more than one life");
    life
}

fn ledger_file(place: &Path) -> PathBuf {
    life(place).join("skills").join(SKILL).join("ledger.ndjson")
}

/// The rows of a copy, as text without their hashes; those that a restore makes anew are left out.
fn rows(place: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(life(place).join("tables.ndjson")).expect("the tables");
    let line = |line: &str| line.rsplit_once(",\"hash\"").expect("a line with its hash").0.to_owned();
    let mut rows: Vec<String> = text.lines().skip(1).map(line).collect();
    rows.retain(|row| !row.contains("\"key\":\"epoch\""));
    rows.sort();
    rows
}

/// The photos of a copy.
fn photos(place: &Path) -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(life(place).join("photos")).expect("the photos");
    files.map(|file| std::fs::read(file.expect("a file").path()).expect("a photo")).collect()
}

async fn restored(place: &Path, url: &str) -> Result<Restored, Finding> {
    restore(place, url, None, &|_, _| {}).await
}

async fn safe(server: &LedgerServer, tablet: &Tablet) -> (i64, i64) {
    let device = server.ledger.device(&tablet.device()).await.expect("an answer").expect("a device");
    (device.last_dseq, device.safe_dseq)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_while_marks_arrive_restores_to_the_same_on_either_database() {
    for place in TestDatabase::every_kind() {
        let server = LedgerServer::open(&place, SKILL).await;
        furnish(&server).await;
        let second = place.folder.join("second");
        let mut work = Vec::new();
        for number in 0..TABLETS {
            let server = server.clone();
            work.push(tokio::spawn(async move {
                for dseq in 1..=80 {
                    server.submit(tablet(number).submission(dseq)).await;
                }
            }));
        }
        let mut copier = server.copier(&second);
        let mut passes = 0;
        while passes < 3 || work.iter().any(|task| !task.is_finished()) {
            copier.pass().await.expect("a copy");
            passes += 1;
            // What is called safe is never more than what is entered.
            for number in 0..TABLETS {
                if let Ok(Some(device)) = server.ledger.device(&tablet(number).device()).await {
                    assert!(device.safe_dseq <= device.last_dseq, "{device:?}");
                }
            }
        }
        for task in work {
            task.await.expect("no panic");
        }
        server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
        let progress = copier.finish().await.expect("a copy");
        assert_eq!((progress.behind, progress.copied.get(SKILL)), (0, Some(&321)));
        for number in 0..TABLETS {
            assert_eq!(safe(&server, &tablet(number)).await, (80, 80));
        }
        let before = server.verified(SKILL).await;
        for target in TestDatabase::every_kind() {
            let done = restored(&second, &target.url).await.expect("it is restored");
            let ledger = &done.ledgers[0];
            assert_eq!((ledger.entries, ledger.signed, ledger.skill.as_str()), (321, 321, "焊工"));
            let other = LedgerServer::start(&target).await;
            assert_eq!(other.verified(SKILL).await, before);
            let epoch = other.ledger.epoch().await.expect("an epoch");
            assert_eq!(epoch, done.epoch);
            assert_ne!(Ok(epoch), server.ledger.epoch().await);
            let fresh = other.ledger.device(&"fresh".into()).await.expect("an answer").expect("a device");
            assert_eq!((fresh.ledger_id.as_str(), fresh.last_dseq), (SKILL, 0));
            assert_eq!(safe(&other, &tablet(1)).await, (80, 0));
            // A copy of the copy says the same, in every row and every line.
            let third = target.folder.join("third");
            other.copier(&third).finish().await.expect("a copy");
            assert_eq!(rows(&third), rows(&second));
            assert_eq!((photos(&third), photos(&second)), (vec![PHOTO.to_vec()], vec![PHOTO.to_vec()]));
            let read = |place: &Path| std::fs::read(ledger_file(place)).expect("the lines");
            assert_eq!(read(&third), read(&second));
            other.stop().await;
        }
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_devices_send_again_what_is_missing_and_nothing_is_lost_or_doubled() {
    for (place, target) in TestDatabase::every_kind().into_iter().zip(TestDatabase::every_kind()) {
        let server = LedgerServer::open(&place, SKILL).await;
        let second = place.folder.join("second");
        let mut copier = server.copier(&second);
        let first: Vec<Vec<Receipt>> =
            [server.mark(&tablet(0), 1..=30).await, server.mark(&tablet(1), 1..=12).await].into();
        copier.pass().await.expect("a copy");
        // These have receipts too, and the server's disk goes before they are copied.
        server.mark(&tablet(0), 31..=50).await;
        server.mark(&tablet(2), 1..=9).await;
        server.mark(&tablet(1), 13..=20).await;
        let state = server.ledger.state(&SKILL.into()).await.expect("a state");
        let held: Vec<(u32, i64, i64)> = {
            let mut held = Vec::new();
            for number in 0..3 {
                let (last, safe) = safe(&server, &tablet(number)).await;
                // What is safe a tablet has let go of.
                held.push((number, safe + 1, last));
            }
            held
        };
        assert_eq!(held, [(0, 31, 50), (1, 13, 20), (2, 1, 9)]);
        drop(copier);
        server.clone().stop().await;
        let done = restored(&second, &target.url).await.expect("it is restored");
        assert_eq!(done.ledgers[0].entries, 43);
        let other = LedgerServer::start(&target).await;
        for (number, first, last) in &held {
            let progress = other.ledger.device(&tablet(*number).device()).await.expect("an answer");
            let known = progress.map_or(0, |device| device.last_dseq);
            assert!(known >= first - 1, "tablet {number} has let go of what the restore lacks");
            let receipts = other.mark(&tablet(*number), *first..=*last).await;
            assert!(receipts.iter().all(|receipt| !receipt.was_there_before));
            assert!(receipts.iter().all(|receipt| receipt.status == Status::Accepted));
        }
        // What it had keeps its place, and sending it again changes nothing.
        for (number, receipts) in (0..).zip(&first) {
            let last = i64::try_from(receipts.len()).expect("a count");
            let again = other.mark(&tablet(number), 1..=last).await;
            let original: Vec<_> = receipts.iter().map(|receipt| (receipt.seq, receipt.hash)).collect();
            assert_eq!(again.iter().map(|receipt| (receipt.seq, receipt.hash)).collect::<Vec<_>>(), original);
        }
        assert_eq!(other.verified(SKILL).await.len(), 80);
        let after = other.ledger.state(&SKILL.into()).await.expect("a state");
        // All of it but the numbers, which what was sent again got anew.
        let said = |said: &Option<Said>| {
            said.as_ref().map(|said| (said.entry, said.is_corrected, said.value.clone()))
        };
        let cells = |state: &domain::marking::State| {
            let skill = state.skill.as_ref().expect("an open skill");
            let places = (0..4).flat_map(|row| (0..4).map(move |column| (row, column)));
            places
                .map(|(row, column)| match skill.cell(row, column) {
                    Cell::Measured(one) => vec![vec![said(one)]],
                    Cell::Scored(rounds) => {
                        rounds.iter().map(|round| round.iter().map(said).collect()).collect()
                    }
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(cells(&after), cells(&state));
        other.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_anywhere_in_a_copy_is_found_and_nothing_damaged_is_restored() {
    let place = TestDatabase::sqlite();
    let server = LedgerServer::open(&place, SKILL).await;
    furnish(&server).await;
    let second = place.folder.join("second");
    server.mark(&tablet(0), 1..=6).await;
    server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
    server.mark(&tablet(1), 1..=3).await;
    server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
    server.copier(&second).finish().await.expect("a copy");
    server.stop().await;
    let life = life(&second);
    let mut random = Random::new(20_261_123);
    let mut flips = 0;
    for (name, bytes) in files_below(&life) {
        if name == "lock" {
            continue;
        }
        for _ in 0..40 {
            let at = random.below(bytes.len());
            let mut changed = bytes.clone();
            changed[at] ^= 1 << random.below(8);
            std::fs::write(life.join(&name), &changed).expect("a changed file");
            flips += 1;
            if name.starts_with("photos/") {
                // No result depends on a photo: it is left out and counted, and all else restores.
                let target = place.folder.join(&format!("without-{flips}.db"));
                let done = restored(&second, &target.display().to_string()).await.expect("it is restored");
                let is_told = done.findings.iter().any(|finding| finding.code == "backup_photos_missing");
                assert!(is_told && target.exists(), "{name} byte {at}: {:?}", done.findings);
                continue;
            }
            let target = place.folder.join("new.db");
            let found = restored(&second, &target.display().to_string()).await;
            let finding = found.map(|done| done.findings).expect_err(&format!("{name} byte {at}"));
            // The signed text stands in the note, so a changed size or origin is the note's fault too.
            let file = finding.place.file.clone().unwrap_or_default();
            assert!(file.ends_with(&name), "{name} byte {at}: {finding:?}");
            if name.ends_with(".ndjson") {
                let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
                let named = finding.place.row.expect("a row");
                // A line feed that is gone joins two lines; the first of them is named.
                assert_eq!(usize::try_from(named).expect("a row"), line, "{name} byte {at}: {finding:?}");
            }
            assert!(!target.exists(), "{name} byte {at} left a database");
        }
        std::fs::write(life.join(&name), &bytes).expect("as it was");
    }
    assert_eq!(flips, 5 * 40);
    // The same copy, as it was, restores.
    let target = TestDatabase::sqlite();
    restored(&second, &target.url).await.expect("it is restored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_cut_restores_up_to_the_last_whole_entry_and_says_so() {
    for target in TestDatabase::every_kind() {
        let place = TestDatabase::sqlite();
        let server = LedgerServer::open(&place, SKILL).await;
        server.mark(&tablet(0), 1..=6).await;
        server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
        let second = place.folder.join("second");
        server.copier(&second).finish().await.expect("a copy");
        server.stop().await;
        let path = ledger_file(&second);
        let bytes = std::fs::read(&path).expect("the lines");
        std::fs::write(&path, &bytes[..bytes.len() - 10]).expect("a cut file");
        let done = restored(&second, &target.url).await.expect("it is restored");
        assert_eq!((done.ledgers[0].entries, done.ledgers[0].signed), (6, 6));
        let codes: Vec<_> = done.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["backup_key_unpinned", "backup_cut", "backup_entries_missing"]);
        assert_eq!(done.findings[1].place.row, Some(7));
        assert!(done.findings[2].say(Language::English).contains("covers 7 entries"));
        let other = LedgerServer::start(&target).await;
        assert_eq!(other.mark(&tablet(0), 6..=6).await[0].seq, 7);
        // No checkpoint that was left out stands in the way of the next.
        other.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
        other.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_or_rows_that_are_missing_from_a_copy_are_missed() {
    let place = TestDatabase::sqlite();
    let server = LedgerServer::open(&place, SKILL).await;
    server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
    let second = place.folder.join("second");
    server.copier(&second).finish().await.expect("a copy");
    server.stop().await;
    let target = place.folder.join("new.db").display().to_string();
    let code = async |place: &Path| restored(place, &target).await.err().map(|finding| finding.code);
    let tables = life(&second).join("tables.ndjson");
    let text = std::fs::read_to_string(&tables).expect("the tables");
    let lines: Vec<&str> = text.lines().collect();
    for (kept, wanted) in [
        (lines[..lines.len() - 1].to_vec(), "backup_no_end"),
        (Vec::new(), "backup_no_end"),
        ([&lines[..1], &lines[2..]].concat(), "backup_changed"),
    ] {
        let cut: String = kept.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(&tables, cut).expect("a cut file");
        assert_eq!(code(&second).await, Some(wanted));
    }
    std::fs::write(&tables, text).expect("as it was");
    std::fs::remove_file(ledger_file(&second)).expect("the ledger goes");
    assert_eq!(code(&second).await, Some("backup_ledger_missing"));
    assert_eq!(code(&place.folder.join("nowhere")).await, Some("backup_not_there"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_leaves_a_database_that_holds_something_as_it_is() {
    for target in TestDatabase::every_kind() {
        let place = TestDatabase::sqlite();
        let server = LedgerServer::open(&place, SKILL).await;
        let second = place.folder.join("second");
        server.copier(&second).finish().await.expect("a copy");
        let other = LedgerServer::start(&target).await;
        let epoch = other.ledger.epoch().await;
        let refused = restored(&second, &target.url).await.err().map(|finding| finding.code);
        assert_eq!(refused, Some("database_not_empty"));
        assert_eq!(other.ledger.epoch().await, epoch);
        assert_eq!(other.ledger.ledgers().await, Ok(Vec::new()));
        other.stop().await;
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_has_a_life_of_its_own_in_the_same_place() {
    let (place, target, third) = (TestDatabase::sqlite(), TestDatabase::sqlite(), TestDatabase::sqlite());
    let server = LedgerServer::open(&place, SKILL).await;
    let second = place.folder.join("second");
    server.mark(&tablet(0), 1..=3).await;
    server.copier(&second).finish().await.expect("a copy");
    server.stop().await;
    restored(&second, &target.url).await.expect("it is restored");
    let other = LedgerServer::start(&target).await;
    other.mark(&tablet(0), 4..=5).await;
    // Its clock began anew; the newest life is the one that was written last.
    for _ in 0..10_000 {
        (other.clock)();
    }
    other.copier(&second).finish().await.expect("a copy");
    assert_eq!(safe(&other, &tablet(0)).await, (5, 5));
    other.stop().await;
    let done = restored(&second, &third.url).await.expect("it is restored");
    assert_eq!((done.ledgers[0].entries, done.others.len()), (6, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_second_disk_full_marking_goes_on_and_nothing_more_is_called_safe() {
    for place in TestDatabase::every_kind() {
        let Some(disk) = SmallDisk::mount(4) else { return };
        let server = LedgerServer::open(&place, SKILL).await;
        let mut copier = server.copier(disk.path());
        server.mark(&tablet(0), 1..=5).await;
        let progress = copier.pass().await.expect("a copy");
        assert_eq!((progress.behind, safe(&server, &tablet(0)).await), (0, (5, 5)));
        let filler = disk.fill();
        server.mark(&tablet(0), 6..=200).await;
        for _ in 0..3 {
            let error = copier.pass().await.expect_err("there is no space");
            assert!(matches!(&error, BackupError::Place { .. }), "{error:?}");
            assert!(error.say(Language::English).contains("the disk is full"), "{error}");
        }
        let progress = copier.watched().progress();
        assert!(progress.trouble.is_some() && progress.behind > 0, "{progress:?}");
        let (last, safe_dseq) = safe(&server, &tablet(0)).await;
        assert_eq!((last, safe_dseq), (200, 5));
        // The copy is whole as far as it goes, whatever was half written.
        let target = TestDatabase::sqlite();
        assert_eq!(restored(disk.path(), &target.url).await.expect("restored").ledgers[0].entries, 6);
        std::fs::remove_file(filler).expect("space");
        let progress = copier.pass().await.expect("a copy");
        assert_eq!((progress.behind, progress.trouble), (0, None));
        assert_eq!(safe(&server, &tablet(0)).await, (200, 200));
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_is_put_aside_and_made_anew_and_an_unfinished_line_is_cut_off() {
    let place = TestDatabase::sqlite();
    let server = LedgerServer::open(&place, SKILL).await;
    let second = place.folder.join("second");
    server.mark(&tablet(0), 1..=6).await;
    server.copier(&second).finish().await.expect("a copy");
    let path = ledger_file(&second);
    let whole = std::fs::read(&path).expect("the lines");
    // Killed while it wrote.
    std::fs::write(&path, &whole[..whole.len() - 7]).expect("a cut file");
    let progress = server.copier(&second).finish().await.expect("a copy");
    assert_eq!(std::fs::read(&path).expect("the lines"), whole);
    assert!(!progress.notices.iter().any(|notice| notice.code() == "backup_mended"));
    // A disk that forgets.
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 4;
    std::fs::write(&path, &damaged).expect("a damaged file");
    let progress = server.copier(&second).finish().await.expect("a copy");
    assert!(progress.notices.iter().any(|notice| notice.code() == "backup_mended"), "{progress:?}");
    assert_eq!(std::fs::read(&path).expect("the lines"), whole);
    assert_eq!(std::fs::read(path.with_extension("ndjson.damaged")).expect("kept"), damaged);
    // While it runs.
    let mut copier = server.copier(&second);
    copier.finish().await.expect("a copy");
    std::fs::write(&path, &whole[..20]).expect("a file that was cut");
    server.mark(&tablet(0), 7..=7).await;
    assert!(matches!(copier.pass().await, Err(BackupError::ReadBack { .. })));
    assert_eq!(copier.pass().await.map(|progress| progress.behind), Ok(0));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_do_not_copy_to_one_place() {
    let place = TestDatabase::sqlite();
    let server = LedgerServer::open(&place, SKILL).await;
    let second = place.folder.join("second");
    let mut one = server.copier(&second);
    one.pass().await.expect("a copy");
    let mut other = server.copier(&second);
    assert!(matches!(other.pass().await, Err(BackupError::Held { .. })));
    // Whoever restores is told that the server lives.
    let target = TestDatabase::sqlite();
    let done = restored(&second, &target.url).await.expect("it is restored");
    assert!(done.findings.iter().any(|finding| finding.code == "backup_in_use"));
    drop(one);
    other.pass().await.expect("a copy");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_history_is_never_appended_to_a_copy() {
    for place in TestDatabase::every_kind() {
        let server = LedgerServer::open(&place, SKILL).await;
        server.mark(&tablet(0), 1..=5).await;
        let second = place.folder.join("second");
        let mut copier = server.copier(&second);
        copier.pass().await.expect("a copy");
        let before = std::fs::read(ledger_file(&second)).expect("the lines");
        server.lose_after(3).await;
        let ahead = BackupError::Ahead { ledger: SKILL.into(), entries: 3, copied: 6 };
        assert_eq!(copier.pass().await, Err(ahead.clone()));
        assert_eq!(server.copier(&second).check().await, Err(ahead));
        server.stop().await;
        let server = LedgerServer::start(&place).await;
        server.mark(&tablet(1), 1..=9).await;
        let differs = BackupError::Differs { ledger: SKILL.into(), seq: 6 };
        assert_eq!(server.copier(&second).check().await, Err(differs.clone()));
        drop(copier);
        assert_eq!(server.copier(&second).pass().await, Err(differs));
        assert_eq!(std::fs::read(ledger_file(&second)).expect("the lines"), before);
        server.stop().await;
    }
}

/// What a killed server's tablets heard: each one's receipts, by number.
fn live_and_die(place: &TestDatabase, second: &Path, next: &[i64]) -> Vec<i64> {
    let next: Vec<String> = next.iter().map(ToString::to_string).collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ledger_child"));
    command
        .arg(&place.url)
        .arg(place.folder.join("key"))
        .args([SKILL, "honest", &next.join(",")])
        .arg(second);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut last = vec![0; next.len()];
    let mut heard = 0;
    for line in lines.map_while(Result::ok) {
        let words: Vec<&str> = line.split(' ').collect();
        if let ["ack", tablet, dseq, ..] = words.as_slice() {
            let tablet: usize = tablet.parse().expect("a tablet");
            last[tablet] = dseq.parse().expect("a number");
            heard += 1;
        }
        if heard == 2_500 {
            child.kill().expect("the child is killed");
        }
    }
    child.wait().expect("the child has ended");
    last
}

/// The devices that have let go of what a restored database does not have.
async fn lacking(restored: &LedgerServer, safes: &[(String, i64)]) -> Vec<String> {
    let mut lacking = Vec::new();
    for (device, safe_dseq) in safes {
        let known = restored.ledger.device(&device.as_str().into()).await.expect("an answer");
        let last_dseq = known.map_or(0, |device| device.last_dseq);
        if last_dseq < *safe_dseq {
            lacking.push(format!("{device}: {safe_dseq} was safe, {last_dseq} came back"));
        }
    }
    lacking
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_while_it_copies_restores_elsewhere_and_its_tablets_bring_back_the_rest() {
    for (place, target) in TestDatabase::every_kind().into_iter().zip(TestDatabase::every_kind()) {
        let second = place.folder.join("second");
        std::fs::create_dir_all(&second).expect("a folder");
        let mut last = vec![0; 8];
        for _ in 0..2 {
            // The second life goes on where the first was cut off.
            let next: Vec<i64> = last.iter().map(|dseq| dseq + 1).collect();
            last = live_and_die(&place, &second, &next);
        }
        let tablets: Vec<Tablet> = (0..8).map(|number| Tablet::new(REALISTIC, SKILL, number, 8)).collect();
        let safes = {
            let old = Database::open(&place.url).await.expect("the old database");
            let sql = "SELECT device_id, safe_dseq FROM ledger_device";
            let safes: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(old.pool()).await.expect("rows");
            old.close().await;
            safes
        };
        let done = restored(&second, &target.url).await.expect("it is restored");
        let other = LedgerServer::start(&target).await;
        assert_eq!(lacking(&other, &safes).await, Vec::<String>::new());
        assert!(safes.iter().any(|(_, safe)| *safe > 0), "nothing was safe: {safes:?}");
        let mut brought = 0;
        for (tablet, last) in tablets.iter().zip(&last) {
            let safe_dseq = safes.iter().find(|(device, _)| *device == tablet.device().to_string());
            let first = safe_dseq.map_or(1, |(_, safe)| safe + 1);
            for receipt in other.mark(tablet, first..=*last).await {
                brought += usize::from(!receipt.was_there_before);
            }
        }
        let entries = other.verified(SKILL).await;
        println!("{}: {} restored, {brought} brought back", place.kind, done.ledgers[0].entries);
        // The control: a copy that is called safe before it is on the disk would be seen here.
        let path = ledger_file(&second);
        let bytes = std::fs::read(&path).expect("the lines");
        let opening = bytes.iter().position(|byte| *byte == b'\n').expect("a line");
        std::fs::write(&path, &bytes[..=opening]).expect("no mark of it");
        let control = TestDatabase::sqlite();
        restored(&second, &control.url).await.expect("it is restored");
        let control = LedgerServer::start(&control).await;
        assert!(!lacking(&control, &safes).await.is_empty(), "nothing would be noticed");
        control.stop().await;
        for (tablet, last) in tablets.iter().zip(&last) {
            let (of, ids) = (tablet.device(), (1..=*last).map(|dseq| tablet.id(dseq)));
            let there: Vec<_> = entries
                .iter()
                .filter(|sealed| sealed.entry.device == of)
                .map(|sealed| sealed.entry.id)
                .collect();
            assert!(there.len() >= usize::try_from(*last).expect("a count"));
            assert!(ids.zip(&there).all(|(id, there)| id == *there), "{of}");
        }
        other.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_back_up_and_restore_and_say_what_and_how_old() {
    for (place, target) in TestDatabase::every_kind().into_iter().zip(TestDatabase::every_kind()) {
        let server = LedgerServer::start(&place).await;
        server.submit(SMALL.open(SKILL)).await;
        furnish(&server).await;
        server.mark(&tablet(0), 1..=6).await;
        server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
        let key = server.ledger.public_key();
        let folder = TemporaryFolder::new("backup");
        let second = folder.join("second").display().to_string();
        let key_file = place.folder.join("key").display().to_string();
        // The server runs on.
        let said = leitai(["backup", &second, "--database", &place.url, "--key", &key_file]);
        let said = said.from_folder(folder.path()).run().done();
        assert_eq!(said.rows().rows.len(), 1, "{said}");
        assert!(said.messages.contains("backup_same_disk") || !said.messages.contains("error"), "{said}");
        server.stop().await;
        // Whoever has the copy can verify it as any export.
        let life = life(Path::new(&second)).display().to_string();
        let verified = leitai(["ledger", "verify", &life, "--key", &key]).run().done();
        assert!(verified.output.contains(SKILL), "{verified}");
        let other_key = key.replace("leitai+", "another+");
        let refused = leitai(["restore", &second, "--database", &target.url, "--key", &other_key]).run();
        assert!(refused.refused().messages.contains("key_unreadable"));
        let said = leitai(["restore", &second, "--database", &target.url, "--key", &key]);
        let said = said.from_folder(folder.path()).run().done();
        assert!(said.output.contains("焊工") && said.output.contains(",7,7,"), "{said}");
        assert!(said.messages.contains("New epoch"), "{said}");
        let again = leitai(["restore", &second, "--database", &target.url]).run().refused();
        assert!(again.messages.contains("database_not_empty"), "{again}");
        let missing = leitai(["backup", &second, "--database", "nowhere.db"]).from_folder(folder.path());
        assert!(missing.run().refused().messages.contains("database_missing"));
        let wrong = leitai(["restore", &second]).run();
        assert_eq!(wrong.code, Some(2), "{wrong}");
        let restored = LedgerServer::start(&target).await;
        assert_eq!(restored.verified(SKILL).await.len(), 7);
        assert_eq!(
            restored.ledger.submit(tablet(0).submission(9)).await,
            Err(LedgerError::WantDseq { want: 7 })
        );
        restored.stop().await;
    }
}

/// The tables of a copy with some lines changed, and the hashes made to fit again.
fn rewrite(tables: &Path, change: impl Fn(&str) -> Option<String>) {
    let text = std::fs::read_to_string(tables).expect("the tables");
    let inner = |line: &str| {
        let inner = line.strip_prefix("{\"line\":").expect("a line");
        inner.rsplit_once(",\"hash\"").expect("a line with its hash").0.to_owned()
    };
    let mut lines: Vec<String> = text.lines().filter_map(|line| change(&inner(line))).collect();
    lines.pop();
    lines.push(format!("{{\"end\":{}}}", lines.len() - 1));
    let (mut hash, mut written) = (Hash::ZERO, String::new());
    for line in lines {
        hash = Hash::of_node(&hash, &Hash::of_leaf(line.as_bytes()));
        written += &format!("{{\"line\":{line},\"hash\":\"{hash}\"}}\n");
    }
    std::fs::write(tables, written).expect("the tables are written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_by_an_older_program_is_migrated_and_one_by_a_newer_is_refused() {
    for target in TestDatabase::every_kind() {
        let place = TestDatabase::sqlite();
        let server = LedgerServer::open(&place, SKILL).await;
        furnish(&server).await;
        let second = place.folder.join("second");
        server.copier(&second).finish().await.expect("a copy");
        server.stop().await;
        let tables = life(&second).join("tables.ndjson");
        let original = std::fs::read_to_string(&tables).expect("the tables");
        rewrite(&tables, |line| Some(line.replace("\"steps\":[[1,", "\"steps\":[[9999,\"\"],[1,")));
        let refused = restored(&second, &target.url).await.err().map(|finding| finding.code);
        assert_eq!(refused, Some("database_newer"));
        rewrite(&tables, |line| Some(line.replace("\"format\":1", "\"format\":2")));
        let refused = restored(&second, &target.url).await.err().map(|finding| finding.code);
        assert_eq!(refused, Some("backup_newer"));
        // Before there were drills, whose table no later step changed.
        std::fs::write(&tables, original).expect("as it was");
        rewrite(&tables, |line| {
            let at = line.find(",[38,");
            let older = match at {
                Some(at) => {
                    format!("{}{}", &line[..at], &line[line[at..].find(']').expect("its end") + at + 1..])
                }
                None => line.to_owned(),
            };
            (!line.contains("\"table\":\"drill\"")).then_some(older)
        });
        restored(&second, &target.url).await.expect("it is restored");
        let other = LedgerServer::start(&target).await;
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM drill")
            .fetch_one(other.database.pool())
            .await
            .expect("the table that came later");
        assert_eq!((count, other.verified(SKILL).await.len()), (0, 1));
        other.stop().await;
    }
}

#[tokio::test]
async fn every_table_is_in_a_copy() {
    let place = TestDatabase::sqlite();
    let server = LedgerServer::open(&place, SKILL).await;
    furnish(&server).await;
    server.ledger.checkpoint(&LedgerId::from(SKILL)).await.expect("a checkpoint");
    let second = place.folder.join("second");
    server.copier(&second).finish().await.expect("a copy");
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(server.database.pool()).await.expect("names");
    let rows = rows(&second).join("\n");
    for table in tables {
        // A list that waits is in no copy: it is sent again; nor is what undoes a bulk change for a day.
        let elsewhere =
            ["schema_migration", "ledger_entry", "ledger_head", "note_photo", "import_draft", "bulk_change"];
        let is_elsewhere = elsewhere.contains(&table.as_str());
        // A new table needs a row in `furnish`, and is then known to go to a copy and back.
        assert!(is_elsewhere || rows.contains(&format!("\"table\":\"{table}\"")), "{table} is left out");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_goes_to_a_copy_and_back_and_one_that_was_taken_back_leaves_it() {
    for (place, target) in TestDatabase::every_kind().into_iter().zip(TestDatabase::every_kind()) {
        let server = LedgerServer::open(&place, SKILL).await;
        furnish(&server).await;
        let second = place.folder.join("second");
        let mut copier = server.copier(&second);
        copier.finish().await.expect("a copy");
        assert_eq!(photos(&second), [PHOTO], "{}", place.kind);
        let file = life(&second).join("photos/0190b1e2-7c5a-7000-8000-000000000005.jpg");
        std::fs::write(&file, b"another").expect("it is damaged");
        let done = restored(&second, &target.url).await.expect("it is restored without it");
        assert!(done.findings.iter().any(|finding| finding.code == "backup_photos_missing"));
        let other = LedgerServer::start(&target).await;
        let count = async |sql: &'static str| -> i64 {
            sqlx::query_scalar(sql).fetch_one(other.database.pool()).await.expect("a count")
        };
        assert_eq!(count("SELECT COUNT(*) FROM note").await, 2, "the written one, and what is left of one");
        assert_eq!(count("SELECT COUNT(*) FROM note_photo").await, 0);
        other.stop().await;
        run(&server, "DELETE FROM note_photo").await;
        run(&server, "UPDATE note SET photo = NULL, taken_back_at = 4").await;
        copier.finish().await.expect("a copy");
        assert!(photos(&second).is_empty(), "what was taken back is erased there too");
        server.stop().await;
    }
}
