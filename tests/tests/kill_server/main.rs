//! `leitai serve` is killed again and again under load, without warning, and started again at the same
//! address; tablets that mark over real sockets come back by themselves. Afterwards the tablets' own
//! journals are held against the exported ledgers by a program that shares no code with ours: nothing
//! that had a receipt is lost, nothing is there twice, nothing is there that nobody entered.
//!
//! `LEITAI_KILLS` says how often (`cargo xtask kill` asks for more), `LEITAI_SEED` repeats a run. How
//! long it takes from a start to the first receipt is told, and is no test.
#![cfg(unix)]
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot do")]

mod room;

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use room::{Room, SKILLS, TABLETS};
use tests::export::{check_journals, export, package, verify, verify_again};
use tests::folder::{files_below, put};
use tests::{Random, TemporaryFolder, TestDatabase};

const KILLS_DEFAULT: usize = 20;
/// A new database after this many kills, so that a start never has long to read.
const KILLS_A_ROUND: usize = 50;
/// How long a server lives after the first receipt of its life.
const LIFE_MS: std::ops::Range<usize> = 50..1_000;
/// How long one in four lives after its start, whether it has come to receipts or not.
const BLIND_LIFE_MS: std::ops::Range<usize> = 50..3_000;
/// Until a receipt, or every receipt, is there. Nothing takes that long where all is well.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came of all lives on one database.
#[derive(Default)]
struct Told {
    entered: u64,
    received: u64,
    entries: u64,
    kills: usize,
    blind: usize,
    /// From each start to the first receipt of that life, where it came to one.
    firsts: Vec<Duration>,
}

impl Told {
    /// The time within which that many of a hundred lives had their first receipt, in milliseconds.
    fn first_ms(&self, of_100: usize) -> u128 {
        let mut firsts = self.firsts.clone();
        firsts.sort();
        let at = (firsts.len() * of_100).div_ceil(100).max(1) - 1;
        firsts.get(at).map_or(0, Duration::as_millis)
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { entered, received, entries, kills, blind, firsts } = self;
        let (p50, p99, most) = (self.first_ms(50), self.first_ms(99), self.first_ms(100));
        write!(
            f,
            "{kills} kills ({blind} before a receipt), {entered} marks entered, {received} received, \
             {entries} entries; first receipt after {} starts: p50 {p50} ms, p99 {p99} ms, most {most} ms",
            firsts.len()
        )
    }
}

/// Waits for the first receipt of a life; gives how long that took from its start.
async fn first_receipt(room: &Room<'_>, started: Instant) -> Duration {
    let first = tokio::time::timeout(PATIENCE, room.ears.first_receipt()).await;
    first.expect("a receipt after a start").duration_since(started)
}

/// One life of the server: started, marked on, killed at a moment of chance.
async fn live(room: &Room<'_>, random: &mut Random, told: &mut Told) {
    let (serving, started) = room.start();
    let is_blind = random.below(4) == 0;
    let life = if is_blind { BLIND_LIFE_MS } else { LIFE_MS };
    let life = Duration::from_millis((life.start + random.below(life.len())) as u64);
    if !is_blind {
        first_receipt(room, started).await;
    }
    tokio::time::sleep(life).await;
    let ended = serving.kill();
    assert!(ended.is_none(), "the server ended by itself: {ended:?}");
    match room.ears.heard_first() {
        Some(at) => told.firsts.push(at.duration_since(started)),
        None => told.blind += 1,
    }
    told.kills += 1;
}

/// Exports, and lets three programs look: each chain and checkpoint, each chain and the results again,
/// and the journals.
fn check(room: &Room<'_>, place: &TestDatabase, into: &Path, told: &mut Told) {
    export(&room.competition, place, into);
    let scored = package("score", into).done().rows();
    let scored = scored.columns(["skill", "competitor", "total", "scale", "position", "award"]);
    for skill in SKILLS {
        let folder = into.join("skills").join(skill);
        let _ = verify(&folder).done();
        let again = verify_again(&folder).done().rows();
        let mut again = again.columns(["competitor", "total", "scale", "position", "award"]);
        let of_skill = scored.iter().filter(|row| row[0] == skill);
        let mut ours: Vec<[&str; 5]> = of_skill
            .map(|[_, competitor, total, scale, position, award]| {
                [*competitor, *total, *scale, *position, *award]
            })
            .collect();
        again.sort_unstable();
        ours.sort_unstable();
        assert!(!ours.is_empty() && ours == again, "{skill}: {ours:?} and {again:?}");
    }
    let said = check_journals(into, &room.journals()).done();
    let figures = said.output.split(|letter: char| !letter.is_ascii_digit());
    let figures: Vec<u64> = figures.filter_map(|figure| figure.parse().ok()).collect();
    let [tablets, entered, received, unknown, _, of_tablets] = figures[..] else { panic!("{said}") };
    assert_eq!((tablets, unknown), (TABLETS as u64, 0), "{said}");
    assert_eq!((entered, entered), (received, of_tablets), "{said}");
    told.entered += entered;
    told.received += received;
    told.entries += of_tablets;
}

/// A database, its tablets, and so many lives of its server; then one more, in which everything comes
/// to its receipt.
async fn round(place: &TestDatabase, kills: usize, random: &mut Random, told: &mut Told) {
    let mut room = Room::open(place, random).await;
    for _ in 0..kills {
        live(&room, random, told).await;
    }
    let (serving, started) = room.start();
    told.firsts.push(first_receipt(&room, started).await);
    let done = tokio::time::timeout(PATIENCE, room.finish_marking()).await;
    done.expect("every outbox becomes empty");
    assert_eq!(room.ears.troubles(), [], "no tablet has anything to tell");
    serving.stop();
    let exported = TemporaryFolder::new("exported");
    check(&room, place, exported.path(), told);
}

fn seed() -> u64 {
    let asked = std::env::var("LEITAI_SEED").ok().and_then(|seed| seed.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    asked.unwrap_or_else(now)
}

/// As many kills as asked for, on one database after the other; none where there is no such kind.
async fn kill_again_and_again(kind: fn() -> Option<TestDatabase>) {
    let asked = std::env::var("LEITAI_KILLS").ok();
    let kills: usize = asked.map_or(KILLS_DEFAULT, |kills| kills.parse().expect("LEITAI_KILLS is a number"));
    let seed = seed();
    let (mut random, mut told) = (Random::new(seed), Told::default());
    while told.kills < kills {
        let Some(place) = kind() else { break };
        println!("{}: {} of {kills} kills, LEITAI_SEED={seed}", place.kind, told.kills);
        round(&place, KILLS_A_ROUND.min(kills - told.kills), &mut random, &mut told).await;
        println!("{}: {told}", place.kind);
        let is_load = told.kills < KILLS_DEFAULT || told.blind * 2 < told.kills;
        assert!(is_load, "most kills met no load: {told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn every_receipt_is_true_however_often_a_server_on_sqlite_is_killed() {
    kill_again_and_again(|| Some(TestDatabase::sqlite())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn every_receipt_is_true_however_often_a_server_on_postgres_is_killed() {
    kill_again_and_again(TestDatabase::postgres).await;
}

/// The negative control: one life of the server leaves nothing on the disk, as where receipts leave
/// before the commit that they speak of is kept. The tablets notice, and so does the checker.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_server_whose_disk_kept_nothing_of_what_it_acknowledged_is_found_out() {
    let place = TestDatabase::sqlite();
    let mut random = Random::new(seed());
    let mut room = Room::open(&place, &mut random).await;
    let (serving, started) = room.start();
    first_receipt(&room, started).await;
    assert_eq!(serving.kill(), None);
    let kept = files_below(place.folder.path());
    let (serving, started) = room.start();
    first_receipt(&room, started).await;
    room.ears.receipts(TABLETS).await;
    assert_eq!(serving.kill(), None);
    for (name, _) in files_below(place.folder.path()) {
        std::fs::remove_file(place.folder.join(&name)).expect("it was there");
    }
    for (name, bytes) in kept {
        put(&place.folder.join(&name), bytes);
    }
    let (serving, _) = room.start();
    let noticed = tokio::time::timeout(PATIENCE, room.ears.trouble()).await;
    noticed.expect("a tablet raises an alarm");
    // What is not taken back by the tablets themselves would otherwise be waited for without end.
    room.give_up().await;
    serving.stop();
    let exported = TemporaryFolder::new("exported");
    export(&room.competition, &place, exported.path());
    let said = check_journals(exported.path(), &room.journals()).refused();
    let is_found =
        |line: &str| line.ends_with("is lost") || line.ends_with("is not where or what its receipt says");
    assert!(said.messages.lines().any(is_found), "{said}");
}
