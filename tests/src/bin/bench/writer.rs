//! From a submitted mark to its durable receipt (B1): closed loop, SQLite with `synchronous = FULL`,
//! beside a peer that commits each mark by itself. Each round is a process of its own with a fresh
//! file; rounds alternate.
#![expect(clippy::expect_used, reason = "a round that cannot run says why and stops")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::ledger::Status;
use serde::{Deserialize, Serialize};
use server::database::Database;
use server::ledger::Ledger;
use tests::TemporaryFolder;
use tests::skill::{REALISTIC, Tablet};
use tokio::sync::Barrier;

const SUBMITTERS: [u32; 3] = [1, 16, 128];
const ROUNDS: usize = 5;
const SECONDS: u64 = 3;
const WARM_UP: Duration = Duration::from_millis(300);
const SKILL: &str = "skill-1";
const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/peers/better-sqlite3/writer.mjs");

/// What one round measured.
#[derive(Debug, Serialize, Deserialize)]
struct Round {
    entries: u64,
    entries_per_s: u64,
    p50_us: u64,
    p99_us: u64,
    commits: u64,
    bytes_per_entry: u64,
    version: String,
}

/// Runs every round, or with `round FILE SUBMITTERS SECONDS` one of ours.
pub(crate) fn run(words: &[String]) {
    if let [word, file, submitters, seconds] = words
        && word == "round"
    {
        let submitters = submitters.parse().expect("a number of submitters");
        let round = ours(file, submitters, seconds.parse().expect("seconds"));
        println!("{}", serde_json::to_string(&round).expect("JSON"));
        return;
    }
    let seconds = words.first().and_then(|word| word.parse().ok()).unwrap_or(SECONDS);
    println!(
        "B1: a mark from submission to durable receipt; closed loop, {ROUNDS} rounds of {seconds} s each"
    );
    println!(
        "skill: 40 competitors, 200 aspects, 3 judges; WAL, synchronous = FULL, on {}",
        disk().display()
    );
    for submitters in SUBMITTERS {
        let (mut leitai, mut peer) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            leitai.push(round(&own_program(), &["writer", "round"], submitters, seconds));
            peer.push(round(Path::new("node"), &[PEER], submitters, seconds));
        }
        report(submitters, &leitai, &peer);
    }
}

/// A folder on a real disk: beside the built programs.
fn disk() -> PathBuf {
    own_program().parent().expect("a folder").to_path_buf()
}

fn own_program() -> PathBuf {
    std::env::current_exe().expect("our own path")
}

fn round(program: &Path, words: &[&str], submitters: u32, seconds: u64) -> Round {
    let folder = TemporaryFolder::inside(&disk(), "bench");
    let mut command = Command::new(program);
    command.args(words).arg(folder.join("bench.db"));
    command.args([submitters.to_string(), seconds.to_string()]);
    let output = command.output().expect("the round starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the round's figures")
}

fn ours(file: &str, submitters: u32, seconds: u64) -> Round {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let database = Database::open(file).await.expect("the database opens");
        let ledger = Ledger::start(database.clone()).await.expect("the ledger starts");
        ledger.submit(REALISTIC.open(SKILL)).await.expect("the skill opens");
        let barrier = Arc::new(Barrier::new(submitters as usize));
        let mut tasks = Vec::new();
        for number in 0..submitters {
            let (ledger, barrier) = (ledger.clone(), Arc::clone(&barrier));
            tasks.push(tokio::spawn(async move {
                barrier.wait().await;
                submit(&ledger, &Tablet::new(REALISTIC, SKILL, number, submitters), seconds).await
            }));
        }
        let mut latencies = Vec::new();
        for task in tasks {
            latencies.extend(task.await.expect("no panic"));
        }
        let commits = ledger.commits();
        let entered = ledger.state(&SKILL.into()).await.expect("a state").head.seq;
        let page = ledger.entries(&SKILL.into(), entered / 2).await.expect("a page");
        let bytes: usize = page.iter().map(|sealed| sealed.json.len()).sum();
        ledger.stop().await;
        let select = "SELECT sqlite_version()";
        let sqlite: String = sqlx::query_scalar(select).fetch_one(database.pool()).await.expect("a version");
        database.close().await;
        latencies.sort_unstable();
        let share =
            |hundredths: usize| latencies[(latencies.len() * hundredths / 100).min(latencies.len() - 1)];
        let entries = latencies.len() as u64;
        Round {
            entries,
            entries_per_s: entries / seconds,
            p50_us: share(50),
            p99_us: share(99),
            // The warm-up's share is left out.
            commits: commits * entries / entered.unsigned_abs(),
            bytes_per_entry: (bytes / page.len().max(1)) as u64,
            version: format!("leitai {}, SQLite {sqlite}", env!("CARGO_PKG_VERSION")),
        }
    })
}

/// One submitter: the next mark as soon as the receipt for the last is there.
async fn submit(ledger: &Ledger, tablet: &Tablet, seconds: u64) -> Vec<u64> {
    let begin = Instant::now() + WARM_UP;
    let end = begin + Duration::from_secs(seconds);
    let mut latencies = Vec::new();
    for dseq in 1.. {
        let submission = tablet.submission(dseq);
        let sent = Instant::now();
        if sent >= end {
            break;
        }
        let receipt = ledger.submit(submission).await.expect("a receipt");
        assert_eq!(receipt.status, Status::Accepted, "{:?}", receipt.code);
        if sent >= begin {
            latencies.push(u64::try_from(sent.elapsed().as_micros()).expect("a latency"));
        }
    }
    latencies
}

fn report(submitters: u32, leitai: &[Round], peer: &[Round]) {
    println!("\n{submitters} submitters");
    for rounds in [leitai, peer] {
        let line = |name: &str, of: fn(&Round) -> u64| {
            let (least, median, most) = spread(rounds.iter().map(of));
            format!("{name} {median} ({least}–{most})")
        };
        println!(
            "  {}: {}, {}, {}; {}; {} bytes an entry",
            rounds[0].version,
            line("entries/s", |round| round.entries_per_s),
            line("p50 µs", |round| round.p50_us),
            line("p99 µs", |round| round.p99_us),
            line("commits per 1,000 entries", |round| round.commits * 1_000 / round.entries.max(1)),
            rounds[0].bytes_per_entry,
        );
    }
    let pairs = || leitai.iter().zip(peer);
    let (least, median, most) = spread(pairs().map(|(a, b)| hundredfold(a.entries_per_s, b.entries_per_s)));
    println!("  throughput: {} × the peer ({}–{})", ratio(median), ratio(least), ratio(most));
    let (least, median, most) = spread(pairs().map(|(a, b)| hundredfold(b.p99_us, a.p99_us)));
    println!("  p99: the peer's is {} × as long ({}–{})", ratio(median), ratio(least), ratio(most));
}

/// Least, median and most.
fn spread(values: impl Iterator<Item = u64>) -> (u64, u64, u64) {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    (values[0], values[values.len() / 2], values[values.len() - 1])
}

fn hundredfold(a: u64, b: u64) -> u64 {
    a * 100 / b.max(1)
}

fn ratio(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
