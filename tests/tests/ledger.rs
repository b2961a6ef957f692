//! The ledger's promises, on SQLite and on PostgreSQL: entered once or not at all, in order, whole,
//! and never changed.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::access::Role;
use domain::finding::Language;
use domain::id::{EntryId, LedgerId};
use domain::ledger::checkpoint::Checkpoint;
use domain::ledger::verify::{Verifier, VerifyFinding};
use domain::ledger::{Command, Hash, Sealed, Status};
use domain::marking::{Body, Penalty};
use domain::number::Mark;
use server::database::{Database, DatabaseError, Kind};
use server::ledger::{
    Ledger, LedgerError, Options, Origin, REASON_LENGTH_MAX, ReasonText, Receipt, Submission, verify_note,
};
use sqlx::AssertSqlSafe;
use tests::skill::{BEGINNING, SMALL, Tablet};
use tests::{SmallDisk, TestDatabase};

const SKILL: &str = "skill-1";

/// A server: an open database and its ledger, with a clock that goes by one at each look.
struct Server {
    database: Database,
    ledger: Ledger,
}

impl Server {
    async fn start(place: &TestDatabase) -> Self {
        let database = Database::open(&place.url).await.expect("the database opens");
        let time = AtomicI64::new(BEGINNING);
        let options = Options {
            key: Some(place.folder.join("key")),
            clock: Some(Arc::new(move || time.fetch_add(1, Ordering::Relaxed))),
        };
        let ledger = Ledger::start_with(database.clone(), options).await.expect("the ledger starts");
        Self { database, ledger }
    }

    /// With a skill that is open.
    async fn open(place: &TestDatabase) -> Self {
        let server = Self::start(place).await;
        let receipt = server.submit(SMALL.open(SKILL)).await;
        assert_eq!(receipt.status, Status::Accepted, "{:?}", receipt.why);
        server
    }

    async fn submit(&self, submission: Submission) -> Receipt {
        self.ledger.submit(submission).await.expect("a receipt")
    }

    async fn stop(self) {
        self.ledger.stop().await;
        self.database.close().await;
    }

    async fn entries(&self, ledger: &str) -> Vec<Sealed> {
        let (ledger, mut entries) = (LedgerId::from(ledger), Vec::new());
        loop {
            let next = i64::try_from(entries.len()).expect("a count") + 1;
            let page = self.ledger.entries(&ledger, next).await.expect("a page");
            if page.is_empty() {
                return entries;
            }
            entries.extend(page);
        }
    }

    /// Every entry, after the whole chain was verified.
    async fn verified(&self, ledger: &str) -> Vec<Sealed> {
        let entries = self.entries(ledger).await;
        let mut verifier = Verifier::new();
        for sealed in &entries {
            let taken = verifier.entry(sealed.clone());
            taken
                .map_err(|finding| (sealed.entry.seq, finding.say(Language::English)))
                .expect("a whole chain");
        }
        entries
    }

    async fn run(&self, sql: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self.database.pool()).await.map(|_| ())
    }
}

fn tablet(number: u32) -> Tablet {
    Tablet::new(SMALL, SKILL, number, 4)
}

fn alarms(entries: &[Sealed]) -> usize {
    entries.iter().filter(|sealed| matches!(sealed.entry.body, Body::Alarm(_))).count()
}

/// A penalty by the chief judge, which needs a reason.
fn penalty(dseq: i64, reason: Option<ReasonText>) -> Submission {
    let hash =
        reason.as_ref().map(|reason| Hash::of_document(format!("{}{}", reason.salt, reason.text).as_bytes()));
    let command = Command {
        actor: "chief".into(),
        base: None,
        body: Body::Penalty(Penalty { competitor: "C001".into(), marks: Mark(25), reason: hash }),
        client_time: BEGINNING,
        device: "chief-tablet".into(),
        dseq,
        id: EntryId((9 << 80) | (7 << 76) | (2 << 62) | u128::from(dseq.unsigned_abs())),
        role: Role::ChiefJudge,
        second: None,
    };
    Submission { ledger_id: SKILL.into(), command, origin: Origin::Unsigned, drawing: None, reason }
}

fn reason(text: &str) -> ReasonText {
    ReasonText { salt: "0123456789abcdef".into(), text: text.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_is_entered_once_however_often_it_is_sent() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let mark = tablet(0).submission(1);
        let first = server.submit(mark.clone()).await;
        assert_eq!((first.seq, first.status, first.was_there_before), (2, Status::Accepted, false));
        let again = server.submit(mark.clone()).await;
        assert_eq!(again, Receipt { was_there_before: true, ..first.clone() });
        // Also in one group, also twice in it.
        let twice = vec![mark.clone(), tablet(0).submission(2), tablet(0).submission(2), mark];
        let receipts: Vec<Receipt> = server.ledger.submit_all(twice).await.into_iter().flatten().collect();
        let seqs: Vec<_> = receipts.iter().map(|receipt| (receipt.seq, receipt.was_there_before)).collect();
        assert_eq!(seqs, [(2, true), (3, false), (3, true), (2, true)]);
        assert_eq!(server.verified(SKILL).await.len(), 3);
        assert_eq!(server.entries(SKILL).await[1].hash, first.hash);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_bytes_under_a_used_id_or_number_are_refused_and_raise_one_alarm() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let mark = tablet(0).submission(1);
        let original = server.submit(mark.clone()).await;
        let mut other_bytes = mark.clone();
        other_bytes.command.client_time += 1;
        let mut other_id = mark.clone();
        other_id.command.id = tablet(0).id(99);
        let refused = Err(LedgerError::UsedOtherwise { id: mark.command.id.to_string() });
        for _ in 0..3 {
            assert_eq!(server.ledger.submit(other_bytes.clone()).await, refused);
        }
        let both = server.ledger.submit_all(vec![other_id.clone(), other_id.clone()]).await;
        assert!(both.iter().all(|answer| {
            answer == &Err(LedgerError::UsedOtherwise { id: other_id.command.id.to_string() })
        }));
        let entries = server.verified(SKILL).await;
        assert_eq!((entries.len(), alarms(&entries)), (4, 2));
        let alarm = &entries[2].entry;
        assert_eq!((alarm.role, alarm.device.as_str(), alarm.dseq), (Role::Server, "server:skill-1", 1));
        let Body::Alarm(body) = &alarm.body else { panic!("an alarm") };
        assert_eq!((body.entry, body.dseq, &body.device), (mark.command.id, 1, &mark.command.device));
        // The device itself goes on as if nothing had been.
        assert_eq!(server.submit(mark).await.hash, original.hash);
        assert_eq!(server.submit(tablet(0).submission(2)).await.seq, 5);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_is_answered_with_the_number_wanted_and_not_entered() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let want = |want| Err(LedgerError::WantDseq { want });
        assert_eq!(server.ledger.submit(tablet(0).submission(2)).await, want(1));
        server.submit(tablet(0).submission(1)).await;
        assert_eq!(server.ledger.submit(tablet(0).submission(3)).await, want(2));
        let several = [2, 4, 3].map(|dseq| tablet(0).submission(dseq)).to_vec();
        let answers = server.ledger.submit_all(several).await;
        assert_eq!(answers[1], want(3));
        assert!(answers[0].is_ok() && answers[2].is_ok());
        assert_eq!(server.verified(SKILL).await.len(), 4);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_rules_refuse_is_entered_and_does_not_block_its_device() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let refused = server.submit(penalty(1, None)).await;
        assert_eq!((refused.status, refused.code.as_deref()), (Status::Refused, Some("reason_needed")));
        assert!(refused.why.is_some_and(|why| !why.say(Language::Chinese).is_empty()));
        assert_eq!(server.submit(penalty(2, Some(reason("late")))).await.status, Status::Accepted);
        server.verified(SKILL).await;
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_belongs_to_one_ledger() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let device = tablet(0).device();
        let other = Err(LedgerError::OtherLedger { device: device.to_string() });
        server.submit(tablet(0).submission(1)).await;
        let mut elsewhere = tablet(0).submission(2);
        elsewhere.ledger_id = "skill-2".into();
        assert_eq!(server.ledger.submit(elsewhere).await, other.clone());
        assert_eq!(server.ledger.enrol(&device, &"skill-2".into()).await.map(|_| ()), other.map(|_| ()));
        let known = server.ledger.device(&device).await.expect("an answer").expect("a device");
        assert_eq!((known.ledger_id.as_str(), known.last_dseq, known.safe_dseq), (SKILL, 1, 0));
        let fresh = server.ledger.enrol(&"new".into(), &SKILL.into()).await.expect("enrolled");
        assert_eq!(fresh.last_dseq, 0);
        let mut first = tablet(1).submission(1);
        first.command.device = "new".into();
        first.ledger_id = "skill-2".into();
        let other = Err(LedgerError::OtherLedger { device: "new".into() });
        assert_eq!(server.ledger.submit(first).await, other);
        assert!(server.entries("skill-2").await.is_empty());
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_that_are_unfit_or_the_servers_own_are_answered_and_not_entered() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        for bad in ["", " x", "a\0b", "server:skill-1"] {
            let mut submission = tablet(0).submission(1);
            submission.command.device = bad.into();
            let answer = server.ledger.submit(submission).await;
            assert_eq!(answer, Err(LedgerError::Unfit { id: bad.into() }));
        }
        let mut submission = tablet(0).submission(1);
        submission.ledger_id = "x".repeat(58).into();
        assert!(matches!(server.ledger.submit(submission).await, Err(LedgerError::Unfit { .. })));
        assert_eq!(server.entries(SKILL).await.len(), 1);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_refuse_to_change_or_remove_an_entry() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
        let mut attempts = vec![
            "UPDATE ledger_entry SET entry = '{}'",
            "DELETE FROM ledger_entry",
            "UPDATE ledger_checkpoint SET size = 9",
            "DELETE FROM ledger_checkpoint",
        ];
        attempts.extend(match server.database.kind() {
            Kind::Postgres => ["TRUNCATE ledger_entry", "TRUNCATE ledger_checkpoint CASCADE"],
            Kind::Sqlite => [
                "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry",
                "INSERT OR REPLACE INTO ledger_checkpoint SELECT * FROM ledger_checkpoint",
            ],
        });
        for sql in attempts {
            let error = server.run(sql).await.expect_err(sql).to_string();
            assert!(error.contains("append-only"), "{sql}: {error}");
        }
        assert_eq!(server.verified(SKILL).await.len(), 1);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_write_one_ledger_without_gap_or_double() {
    const EACH: i64 = 60;
    for place in TestDatabase::every_kind() {
        let servers = [Server::open(&place).await, Server::start(&place).await];
        let mut work = Vec::new();
        for number in 0..4 {
            let ledgers = [servers[0].ledger.clone(), servers[1].ledger.clone()];
            work.push(tokio::spawn(async move {
                let tablet = tablet(number);
                for dseq in 1..=EACH {
                    // From server to server, and sent to both: the second answer is the first.
                    let at = usize::from((dseq + i64::from(number)) % 2 == 0);
                    let first = ledgers[at].submit(tablet.submission(dseq)).await.expect("a receipt");
                    let again = ledgers[1 - at].submit(tablet.submission(dseq)).await.expect("a receipt");
                    assert_eq!(again, Receipt { was_there_before: true, why: None, ..first });
                }
            }));
        }
        for task in work {
            task.await.expect("no panic");
        }
        let entries = servers[0].verified(SKILL).await;
        assert_eq!(entries.len(), 1 + 4 * usize::try_from(EACH).expect("a count"));
        let heads = [
            servers[0].ledger.state(&SKILL.into()).await.expect("a state").head,
            servers[1].ledger.state(&SKILL.into()).await.expect("a state").head,
        ];
        assert_eq!(heads[0], heads[1]);
        assert_eq!(Some(heads[0].hash), entries.last().map(|sealed| sealed.hash));
        for server in servers {
            server.stop().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_id_among_many_marks_holds_up_none_of_the_others() {
    const TABLETS: u32 = 16;
    const EACH: i64 = 50;
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let mut work = Vec::new();
        for number in 0..TABLETS {
            let ledger = server.ledger.clone();
            let (tablet, other) =
                (Tablet::new(SMALL, SKILL, number, TABLETS), Tablet::new(SMALL, SKILL, 0, TABLETS));
            work.push(tokio::spawn(async move {
                for dseq in 1..=EACH {
                    if number > 0 && dseq % 20 == 0 {
                        // Whatever is decided in one group with it, or upon it, is decided again.
                        let mut wrong = tablet.submission(dseq);
                        wrong.command.id = other.id(dseq % 3 + 1);
                        let refused = ledger.submit(wrong).await;
                        assert!(matches!(refused, Err(LedgerError::UsedOtherwise { .. })), "{refused:?}");
                    }
                    ledger.submit(tablet.submission(dseq)).await.expect("a receipt");
                }
            }));
        }
        for task in work {
            task.await.expect("no panic");
        }
        let entries = server.verified(SKILL).await;
        let marks = i64::from(TABLETS) * EACH;
        assert_eq!(entries.len() - 1 - alarms(&entries), usize::try_from(marks).expect("a count"));
        assert_eq!(alarms(&entries), (TABLETS as usize - 1) * 2);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_at_once_is_entered_in_its_order_also_past_a_device_never_seen() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let of = |number: u32, dseqs: std::ops::RangeInclusive<i64>| {
            dseqs.map(move |dseq| tablet(number).submission(dseq))
        };
        let all = of(0, 1..=400).chain(of(1, 1..=1)).chain(of(0, 401..=500)).chain(of(2, 1..=300));
        let receipts = server.ledger.submit_all(all.collect()).await;
        let seqs: Vec<i64> = receipts.into_iter().map(|receipt| receipt.expect("a receipt").seq).collect();
        assert_eq!(seqs, (2..=802).collect::<Vec<_>>());
        assert_eq!(server.verified(SKILL).await.len(), 802);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_two_servers_meet_first_at_once_gets_one_ledger() {
    for place in TestDatabase::every_kind() {
        let servers = [Server::start(&place).await, Server::start(&place).await];
        for round in 0..20 {
            let submission = |ledger: &str| {
                let mut submission = tablet(round).submission(1);
                submission.ledger_id = ledger.into();
                submission
            };
            let (one, other) = tokio::join!(
                servers[0].ledger.submit(submission("skill-1")),
                servers[1].ledger.submit(submission("skill-2")),
            );
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        }
        for server in servers {
            server.verified("skill-1").await;
            server.verified("skill-2").await;
            server.stop().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_opened_again_folds_to_the_same_state() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let marks = (1..=9).map(|dseq| tablet(0).submission(dseq)).collect();
        assert!(server.ledger.submit_all(marks).await.iter().all(Result::is_ok));
        let before = server.ledger.state(&SKILL.into()).await.expect("a state");
        let (epoch, key) = (server.ledger.epoch().await, server.ledger.public_key());
        server.stop().await;
        let server = Server::start(&place).await;
        let after = server.ledger.state(&SKILL.into()).await.expect("a state");
        assert_eq!(format!("{:?}", after.head), format!("{:?}", before.head));
        let board = |state: &domain::marking::State| {
            let skill = state.skill.as_ref().expect("an open skill");
            let marks = |row| (0..4).map(move |column| format!("{:?}", skill.cell(row, column)));
            (0..4).flat_map(marks).collect::<Vec<_>>()
        };
        assert_eq!(board(&after), board(&before));
        assert_eq!((server.ledger.epoch().await, server.ledger.public_key()), (epoch.clone(), key));
        server.ledger.begin_epoch().await.expect("a new epoch");
        assert_ne!(server.ledger.epoch().await, epoch);
        assert_eq!(server.submit(tablet(0).submission(10)).await.seq, 11);
        assert_eq!(server.ledger.ledgers().await, Ok(vec![(SKILL.into(), 11)]));
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_keep_what_they_read_and_hear_of_what_comes() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let seen = server.ledger.state(&SKILL.into()).await.expect("a state");
        let mut seq = server.ledger.listen(&SKILL.into());
        seq.mark_unchanged();
        server.submit(tablet(0).submission(1)).await;
        assert_eq!(*seq.wait_for(|seq| *seq == 2).await.expect("news"), 2);
        assert_eq!(seen.head.seq, 1);
        assert_eq!(server.ledger.state(&SKILL.into()).await.expect("a state").head.seq, 2);
        assert_eq!(server.ledger.state(&"nowhere".into()).await.expect("a state").head.seq, 0);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_is_kept_beside_the_ledger_and_can_be_erased() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let submission = penalty(1, Some(reason("the safety glasses of 张三")));
        let mut other = submission.clone();
        other.reason = Some(reason("something else"));
        assert_eq!(server.ledger.submit(other).await, Err(LedgerError::ReasonDiffers));
        let mut unfit = submission.clone();
        unfit.reason = Some(ReasonText { salt: "short".into(), text: String::new() });
        assert_eq!(server.ledger.submit(unfit).await, Err(LedgerError::ReasonUnfit));
        let receipt = server.submit(submission.clone()).await;
        assert_eq!(receipt.status, Status::Accepted);
        assert_eq!(server.ledger.reason(receipt.id).await, Ok(submission.reason.clone()));
        let note = server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
        assert_eq!(server.ledger.erase_reason(receipt.id).await, Ok(true));
        assert_eq!(server.ledger.erase_reason(receipt.id).await, Ok(false));
        // A device that sends it again does not bring it back.
        assert!(server.submit(submission).await.was_there_before);
        assert_eq!(server.ledger.reason(receipt.id).await, Ok(None));
        let entries = server.verified(SKILL).await;
        assert!(entries.iter().all(|sealed| !sealed.json.contains("张三")));
        let checkpoint = verify_note(&note, &server.ledger.public_key()).expect("a signed note");
        assert_eq!(check(&entries, &checkpoint), Ok(()));
        server.stop().await;
    }
}

fn check(entries: &[Sealed], checkpoint: &Checkpoint) -> Result<(), VerifyFinding> {
    let mut verifier = Verifier::new();
    for sealed in entries {
        verifier.entry(sealed.clone())?;
    }
    verifier.checkpoint(checkpoint)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_holds_for_what_it_covers_and_for_nothing_else() {
    for place in TestDatabase::every_kind() {
        let server = Server::open(&place).await;
        let empty = server.ledger.checkpoint(&"nowhere".into()).await;
        assert_eq!(empty, Err(LedgerError::NothingThere { ledger: "nowhere".into() }));
        server.submit(tablet(0).submission(1)).await;
        let note = server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
        server.submit(tablet(0).submission(2)).await;
        let key = server.ledger.public_key();
        let checkpoint = verify_note(&note, &key).expect("a signed note");
        assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("leitai/skill-1", 2));
        let entries = server.entries(SKILL).await;
        assert_eq!(check(&entries, &checkpoint), Ok(()));
        assert!(matches!(check(&entries[..1], &checkpoint), Err(VerifyFinding::CheckpointLonger { .. })));
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 4;
            let is_sound = String::from_utf8(bytes).is_ok_and(|note| verify_note(&note, &key).is_ok());
            assert!(!is_sound, "byte {at} of the note");
        }
        assert_eq!(server.ledger.last_checkpoint(&SKILL.into()).await, Ok(Some(note)));
        server.stop().await;
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_signing_key_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = TestDatabase::sqlite();
    let server = Server::start(&place).await;
    let mode = std::fs::metadata(place.folder.join("key")).expect("a key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    server.stop().await;
}

/// What is written while marks keep coming is moved from the WAL into the file meanwhile, and the WAL
/// is begun again: it does not grow with the ledger.
#[tokio::test(flavor = "multi_thread")]
async fn the_wal_stays_small_while_marks_keep_coming() {
    let place = TestDatabase::sqlite();
    let server = Server::open(&place).await;
    let text = "很".repeat(REASON_LENGTH_MAX);
    let (mut dseq, mut longest) = (0, 0);
    let wal = format!("{}-wal", server.database.path().expect("a file").display());
    while dseq < 8_192 {
        let some = (dseq + 1..=dseq + 512).map(|dseq| penalty(dseq, Some(reason(&text))));
        for receipt in server.ledger.submit_all(some.collect()).await {
            receipt.expect("a receipt");
        }
        dseq += 512;
        longest = longest.max(std::fs::metadata(&wal).expect("a WAL").len());
    }
    let file = std::fs::metadata(server.database.path().expect("a file")).expect("its size").len();
    assert!(file > 3 * longest / 2, "{file} bytes in the file, up to {longest} in the WAL");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_another_process_writes_a_receipt_is_late_and_not_lost() {
    let place = TestDatabase::sqlite();
    let server = Server::open(&place).await;
    let hostile = Database::open(&place.url).await.expect("the same file");
    let transaction = hostile.begin_write().await.expect("the write lock");
    let ledger = server.ledger.clone();
    let alone = tokio::spawn(async move { ledger.submit(tablet(0).submission(1)).await });
    let ledger = server.ledger.clone();
    let group = tokio::spawn(async move { ledger.submit_all(vec![tablet(1).submission(1)]).await });
    // Readers are not held up.
    assert_eq!(server.entries(SKILL).await.len(), 1);
    assert!(!alone.is_finished() && !group.is_finished());
    transaction.commit().await.expect("the lock is let go");
    assert!(alone.await.expect("no panic").is_ok());
    assert!(group.await.expect("no panic")[0].is_ok());
    assert_eq!(server.verified(SKILL).await.len(), 3);
    hostile.close().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_that_was_acknowledged_and_work_resumes_when_it_has_space() {
    let Some(disk) = SmallDisk::mount(4) else { return };
    let path = disk.join("leitai.db").to_string_lossy().into_owned();
    let database = Database::open(&path).await.expect("the database opens");
    let ledger = Ledger::start(database.clone()).await.expect("the ledger starts");
    let server = Server { database, ledger };
    server.submit(SMALL.open(SKILL)).await;
    let filler = disk.join("filler");
    std::fs::write(&filler, vec![1; 1 << 20]).expect("a file that takes the space");
    let mut last = 0;
    let error = loop {
        match server.ledger.submit(tablet(0).submission(last + 1)).await {
            Ok(receipt) => {
                last += 1;
                assert_eq!(receipt.seq, last + 1);
            }
            Err(error) => break error,
        }
        assert!(last < 100_000, "the disk never gets full");
    };
    assert_eq!(error, LedgerError::DiskFull);
    // Nothing of what failed is believed.
    let count = usize::try_from(last).expect("a count") + 1;
    assert_eq!(server.verified(SKILL).await.len(), count);
    assert_eq!(server.ledger.state(&SKILL.into()).await.expect("a state").head.seq, last + 1);
    assert_eq!(server.ledger.submit(tablet(0).submission(last + 1)).await, Err(LedgerError::DiskFull));
    std::fs::remove_file(filler).expect("space");
    let more = (last + 1..last + 30).map(|dseq| tablet(0).submission(dseq)).collect();
    let receipts = server.ledger.submit_all(more).await;
    assert!(receipts.iter().all(Result::is_ok), "{receipts:?}");
    assert_eq!(server.verified(SKILL).await.len(), count + 29);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_loses_and_doubles_nothing() {
    const EACH: i64 = 120;
    const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let Some(place) = TestDatabase::postgres() else { return };
    let server = Server::open(&place).await;
    let mut work = Vec::new();
    for number in 0..4 {
        let (ledger, pool) = (server.ledger.clone(), server.database.pool().clone());
        work.push(tokio::spawn(async move {
            let tablet = tablet(number);
            for dseq in 1..=EACH {
                if number == 0 && dseq % 10 == 0 {
                    // It may hit the very connection that asks.
                    let _ = sqlx::raw_sql(END).execute(&pool).await;
                }
                while let Err(error) = ledger.submit(tablet.submission(dseq)).await {
                    let is_open = matches!(error, LedgerError::Unknown | LedgerError::Storage { .. });
                    assert!(is_open, "{error}");
                }
            }
        }));
    }
    for task in work {
        task.await.expect("no panic");
    }
    assert_eq!(server.verified(SKILL).await.len(), 1 + 4 * usize::try_from(EACH).expect("a count"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_that_start_at_once_migrate_once() {
    for place in TestDatabase::every_kind() {
        let open = || Database::open(&place.url);
        let (one, two, three) = tokio::join!(open(), open(), open());
        for database in [one, two, three] {
            let database = database.expect("the database opens");
            let select = "SELECT COUNT(*) FROM schema_migration WHERE number = 1";
            let count: i64 = sqlx::query_scalar(select).fetch_one(database.pool()).await.expect("a count");
            assert_eq!(count, 1);
            database.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_another_program_is_refused() {
    for place in TestDatabase::every_kind() {
        let server = Server::start(&place).await;
        server
            .run("INSERT INTO schema_migration (number, name, hash) VALUES (9999, 'x', '')")
            .await
            .expect("ok");
        assert_eq!(Database::open(&place.url).await.map(|_| ()), Err(DatabaseError::Newer { number: 9999 }));
        server.run("DELETE FROM schema_migration WHERE number = 9999").await.expect("ok");
        server.run("UPDATE schema_migration SET hash = 'x' WHERE number = 1").await.expect("ok");
        assert_eq!(
            Database::open(&place.url).await.map(|_| ()),
            Err(DatabaseError::OtherMigration { number: 1 })
        );
        server.stop().await;
    }
}
