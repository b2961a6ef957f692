//! What a server does besides answering: checkpoints in time, a start that notices what is missing,
//! and a disk that is full.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::net::SocketAddr;

use domain::access::Role;
use domain::finding::Language;
use domain::id::EntryId;
use domain::ledger::Command;
use domain::marking::{Body, Close};
use protocol::account::{SetUp, SignedIn};
use server::http::{self, Config, Running};
use server::ledger::{LedgerError, Origin, Signing, Submission, UNSIGNED_MS_MAX, verify_note};
use tests::http::Browser;
use tests::skill::{BEGINNING, SMALL, Tablet};
use tests::{LedgerServer, SmallDisk, TestDatabase};

const SKILL: &str = "skill-1";

fn tablet(number: u32) -> Tablet {
    Tablet::new(SMALL, SKILL, number, 4)
}

fn close() -> Submission {
    let command = Command {
        actor: "organiser".into(),
        base: None,
        body: Body::Close(Close { reason: None }),
        client_time: BEGINNING,
        device: "desk-close".into(),
        dseq: 1,
        id: EntryId((9 << 80) | (7 << 76) | (2 << 62) | 1),
        role: Role::Organiser,
        second: None,
    };
    Submission { ledger_id: SKILL.into(), command, origin: Origin::Unsigned, drawing: None, reason: None }
}

/// How many entries the newest checkpoint covers.
async fn signed(server: &LedgerServer) -> u64 {
    let note = server.ledger.last_checkpoint(&SKILL.into()).await.expect("an answer");
    note.map_or(0, |note| verify_note(&note, &server.ledger.public_key()).expect("a signed note").size)
}

async fn serve(place: &TestDatabase, backup: Option<&str>) -> Result<Running, http::StartError> {
    let config = Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: place.url.clone(),
        key: Some(place.folder.join("key")),
        backup: backup.map(|name| place.folder.join(name)),
        ..Config::default()
    };
    http::start(config).await
}

/// An organiser's program, signed in as the first.
async fn organiser(running: &Running) -> Browser {
    let mut browser = Browser::new(running.address);
    let secret = running.first_secret.clone().expect("no account yet");
    let (name, password) = ("刘老师".to_owned(), "correct horse battery".to_owned());
    let signed_in = browser.post("/api/set-up", &SetUp { secret, name, password }).await;
    browser.bearer = signed_in.json::<SignedIn>(200).bearer;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_is_made_within_a_minute_of_an_entry_and_at_once_after_a_close() {
    for place in TestDatabase::every_kind() {
        let server = LedgerServer::open(&place, SKILL).await;
        let (mut signing, shorter) = Signing::start(&server.ledger).await.expect("it starts");
        assert!(shorter.is_empty());
        // What an earlier run left unsigned is signed first.
        assert_eq!((signing.round(0).await, signed(&server).await), (Ok(1), 1));
        server.mark(&tablet(0), 1..=2).await;
        assert_eq!((signing.round(1_000).await, signed(&server).await), (Ok(0), 1));
        server.mark(&tablet(0), 3..=3).await;
        assert_eq!((signing.round(UNSIGNED_MS_MAX).await, signed(&server).await), (Ok(0), 1));
        assert_eq!((signing.round(1_000 + UNSIGNED_MS_MAX).await, signed(&server).await), (Ok(1), 4));
        // Nothing new, nothing to sign.
        assert_eq!(signing.round(10 * UNSIGNED_MS_MAX).await, Ok(0));
        server.mark(&tablet(0), 4..=4).await;
        server.submit(close()).await;
        assert_eq!((signing.round(10 * UNSIGNED_MS_MAX).await, signed(&server).await), (Ok(1), 6));
        server.mark(&tablet(0), 5..=5).await;
        assert_eq!((signing.finish().await, signed(&server).await), (Ok(1), 7));
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_contradicts_an_earlier_one_is_refused() {
    for place in TestDatabase::every_kind() {
        let server = LedgerServer::open(&place, SKILL).await;
        server.mark(&tablet(0), 1..=5).await;
        server.ledger.checkpoint(&SKILL.into()).await.expect("a checkpoint");
        server.lose_after(4).await;
        server.stop().await;
        let server = LedgerServer::start(&place).await;
        let refused = Err(LedgerError::Contradicts { ledger: SKILL.into(), size: 6 });
        assert_eq!(server.ledger.checkpoint(&SKILL.into()).await, refused);
        // Nor when others have taken the places of those that went.
        server.mark(&tablet(1), 1..=3).await;
        assert_eq!(server.ledger.checkpoint(&SKILL.into()).await, refused);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_with_a_ledger_shorter_than_noted_begins_a_new_epoch_and_says_so() {
    for place in TestDatabase::every_kind() {
        let running = serve(&place, None).await.expect("it starts");
        let ledger = running.app.ledger.clone();
        ledger.submit(SMALL.open(SKILL)).await.expect("a receipt");
        let marks = (1..=5).map(|dseq| tablet(0).submission(dseq)).collect();
        assert!(ledger.submit_all(marks).await.iter().all(Result::is_ok));
        let epoch = ledger.epoch().await.expect("an epoch");
        running.stop().await;
        // As it was left: the same epoch, no notice.
        let running = serve(&place, None).await.expect("it starts");
        assert_eq!((running.app.ledger.epoch().await, running.notices.len()), (Ok(epoch.clone()), 0));
        running.stop().await;
        let server = LedgerServer::start(&place).await;
        server.lose_after(4).await;
        server.stop().await;
        let running = serve(&place, None).await.expect("it starts");
        assert_ne!(running.app.ledger.epoch().await.expect("an epoch"), epoch);
        let notice = running.notices.first().expect("a notice");
        assert_eq!(notice.code, "ledger_shorter");
        assert!(notice.say(Language::English).contains("has 4 entries, and 6 were noted"), "{notice:?}");
        let epoch = running.app.ledger.epoch().await;
        running.stop().await;
        // That was noted: the next start begins none.
        let running = serve(&place, None).await.expect("it starts");
        assert_eq!((running.app.ledger.epoch().await, running.notices.len()), (epoch, 0));
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_with_less_than_the_second_copy_holds_is_refused() {
    for place in TestDatabase::every_kind() {
        let running = serve(&place, Some("second")).await.expect("it starts");
        running.app.ledger.submit(SMALL.open(SKILL)).await.expect("a receipt");
        let marks = (1..=5).map(|dseq| tablet(0).submission(dseq)).collect();
        assert!(running.app.ledger.submit_all(marks).await.iter().all(Result::is_ok));
        running.stop().await;
        let server = LedgerServer::start(&place).await;
        // An orderly end leaves everything in the second place, and the device knows it.
        let device = server.ledger.device(&tablet(0).device()).await.expect("an answer").expect("a device");
        assert_eq!((device.last_dseq, device.safe_dseq), (5, 5));
        server.lose_after(4).await;
        server.stop().await;
        let error = serve(&place, Some("second")).await.err().expect("a refusal");
        assert_eq!(error.code(), "start_backup");
        assert!(error.say(Language::English).contains("leitai restore"), "{error:?}");
        let elsewhere = serve(&place, Some("third")).await.expect("another place is another matter");
        elsewhere.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_server_knows_the_organisers_of_the_old_one() {
    for (place, target) in TestDatabase::every_kind().into_iter().zip(TestDatabase::every_kind()) {
        let running = serve(&place, Some("second")).await.expect("it starts");
        let organiser = organiser(&running).await;
        assert_eq!(organiser.get("/api/competitions").await.status, 200);
        running.stop().await;
        let second = place.folder.join("second");
        server::backup::restore(&second, &target.url, None, &|_, _| {}).await.expect("it is restored");
        let running = serve(&target, None).await.expect("it starts");
        assert!(running.first_secret.is_none() && running.notices.is_empty());
        let mut again = Browser::new(running.address);
        again.bearer = organiser.bearer;
        assert_eq!(again.get("/api/competitions").await.status, 200);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_second_place_the_desk_hears_that_there_is_one_copy_only() {
    for (backup, is_one) in [(None, true), (Some("second"), false)] {
        let place = TestDatabase::sqlite();
        let running = serve(&place, backup).await.expect("it starts");
        let browser = organiser(&running).await;
        let copies: serde_json::Value = browser.get("/api/copies").await.json(200);
        assert_eq!(copies["is_one_copy_only"], is_one);
        assert_eq!(copies["second_place"].is_null(), is_one);
        let metrics = browser.get("/metrics").await.text;
        let configured = format!("leitai_backup_configured {}\n", i32::from(!is_one));
        assert!(metrics.contains(&configured), "{metrics}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_disk_is_full_says_so_loses_nothing_and_goes_on_when_there_is_space() {
    let Some(disk) = SmallDisk::mount(8) else { return };
    let config = Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: disk.join("leitai.db").display().to_string(),
        ..Config::default()
    };
    let running = http::start(config).await.expect("it starts");
    let (ledger, browser) = (running.app.ledger.clone(), Browser::new(running.address));
    ledger.submit(SMALL.open(SKILL)).await.expect("a receipt");
    assert_eq!(browser.get("/readyz").await.status, 200);
    // Less than 1 GiB is said before it is too late.
    while running.app.keeping.disks().is_empty() {
        tokio::task::yield_now().await;
    }
    let metrics = browser.get("/metrics").await.text;
    assert!(metrics.contains("leitai_disk_low{disk=\"database\"} 1\n"), "{metrics}");
    let filler = disk.fill();
    let mut last = 0;
    let error = loop {
        match ledger.submit(tablet(0).submission(last + 1)).await {
            Ok(_) => last += 1,
            Err(error) => break error,
        }
        assert!(last < 100_000, "the disk never gets full");
    };
    assert_eq!(error, LedgerError::DiskFull);
    let answer = browser.get("/readyz").await;
    assert_eq!((answer.status, answer.code()), (503, "disk_full".to_owned()));
    assert_eq!(browser.get("/healthz").await.status, 200);
    std::fs::remove_file(filler).expect("space");
    // Without a restart, and without a mark: it is found out by trying.
    ledger.probe().await.expect("it can be written again");
    assert_eq!(browser.get("/readyz").await.status, 200);
    let more = (last + 1..=last + 20).map(|dseq| tablet(0).submission(dseq)).collect();
    let receipts = ledger.submit_all(more).await;
    assert!(receipts.iter().all(Result::is_ok), "{receipts:?}");
    let device = ledger.device(&tablet(0).device()).await.expect("an answer").expect("a device");
    assert_eq!(device.last_dseq, last + 20);
    assert_eq!(ledger.state(&SKILL.into()).await.expect("a state").head.seq, last + 21);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_may_only_be_read_is_said_and_takes_marks_again_later() {
    let Some(place) = TestDatabase::postgres() else { return };
    let running = serve(&place, None).await.expect("it starts");
    let (ledger, browser) = (running.app.ledger.clone(), Browser::new(running.address));
    ledger.submit(SMALL.open(SKILL)).await.expect("a receipt");
    let pool = running.app.database.pool().clone();
    // As a standby is, or a primary whose disk its keepers have closed.
    let set = async |value: &str| {
        let alter = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {value}', \
             current_database()); END $$"
        );
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let mut connection = pool.acquire().await.expect("a connection");
        for sql in ["SET default_transaction_read_only = off", alter.as_str(), others] {
            let run = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *connection);
            run.await.expect("it is set");
        }
    };
    set("on").await;
    assert_eq!(ledger.submit(tablet(0).submission(1)).await, Err(LedgerError::ReadOnly));
    let answer = browser.get("/readyz").await;
    assert_eq!((answer.status, answer.code()), (503, "read_only".to_owned()));
    set("off").await;
    while ledger.submit(tablet(0).submission(1)).await.is_err() {}
    assert_eq!(browser.get("/readyz").await.status, 200);
    running.stop().await;
}
