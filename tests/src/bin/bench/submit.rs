//! B1: from a judge's put to its durable receipts, over real sockets between two processes, beside
//! what a team would write on Node, and beside PostgreSQL's own pgbench.
#![expect(clippy::float_arithmetic, reason = "times are shown, never entered into a result")]

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use tests::TemporaryFolder;

use crate::contender::{self, Contender};
use crate::judges::{Judges, Load, Measured};
use crate::measure::{Rounds, load, version_of};
use crate::stage::{Stage, disk};

const ROUNDS: usize = 5;
const WARM_UP_MS: u64 = 500;
const SECONDS: u64 = 3;
const PEER: &str = "websocket/submit.mjs";

/// How judges send.
#[derive(Clone, Copy)]
struct Manner {
    about: &'static str,
    judges: u32,
    marks_a_put: i64,
    spacing_ms: u64,
    /// What our server is told besides.
    words: &'static [&'static str],
}

/// A mark a frame, the next as soon as its receipt is there. A tablet may send 40 frames a second, so
/// our server is told to take more.
const ONE_BY_ONE: Manner = Manner {
    about: "a mark a frame, the next at its receipt; our limit of frames lifted",
    judges: 1,
    marks_a_put: 1,
    spacing_ms: 0,
    words: &["--judge-frames", "1000000"],
};

/// What a tablet does that has much to send: everything within the protocol's own limits.
const FULL_PUTS: Manner = Manner {
    about: "64 marks a frame, 50 ms apart, within the protocol's limits",
    judges: 128,
    marks_a_put: 64,
    spacing_ms: 50,
    words: &[],
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Leitai,
    Node,
    /// With one transaction for the marks of a put.
    NodeByFrame,
}

/// Runs it with as many judges at the most, 128 where nothing is said, and for so many seconds a round;
/// with `full` behind that, full puts alone.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let most =
        words.first().map_or(Ok(128), |word| word.parse().map_err(|_| "how many judges at the most?"))?;
    let seconds = words.get(1).map_or(Ok(SECONDS), |word| word.parse().map_err(|_| "how many seconds?"))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let stage = runtime.block_on(Stage::set(most, async |_, _| Ok(())))?;
    println!(
        "B1: a mark from a judge's socket to its durable receipt; closed loop, {ROUNDS} rounds of {seconds} s"
    );
    println!(
        "leitai {} and {}, better-sqlite3, ws: SQLite in WAL mode, synchronous = FULL; no compression",
        env!("CARGO_PKG_VERSION"),
        version_of("node", &["--version"])
    );
    println!("load of the machine before: {}; files in {}", load(), disk().display());
    let is_full_only = words.get(2).is_some_and(|word| word == "full");
    for judges in [1, 16, 128, 1_000].into_iter().filter(|judges| *judges <= most && !is_full_only) {
        compare(&stage, Manner { judges, ..ONE_BY_ONE }, &[Who::Leitai, Who::Node], seconds)?;
    }
    for judges in [128, 1_000].into_iter().filter(|judges| *judges <= most) {
        let manner = Manner { judges, ..FULL_PUTS };
        compare(&stage, manner, &[Who::Leitai, Who::Node, Who::NodeByFrame], seconds)?;
    }
    if !is_full_only {
        pgbench(seconds)?;
    }
    runtime.block_on(stage.strike());
    Ok(())
}

fn compare(stage: &Stage, manner: Manner, whom: &[Who], seconds: u64) -> Result<(), String> {
    println!("\n{} judges, {}", manner.judges, manner.about);
    let mut rounds: Vec<Vec<Measured>> = whom.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for (who, rounds) in whom.iter().zip(&mut rounds) {
            rounds.push(round(stage, manner, *who, seconds, None)?);
        }
    }
    let figure = |of: fn(&Measured) -> f64| -> Vec<Rounds> {
        let one = |rounds: &Vec<Measured>| {
            let mut figures = Rounds::default();
            rounds.iter().for_each(|round| figures.push(of(round)));
            figures
        };
        rounds.iter().map(one).collect()
    };
    let marks: Vec<Rounds> = figure(Measured::per_second);
    let (p50, p99) = (figure(|round| round.p50_us as f64 / 1e3), figure(|round| round.p99_us as f64 / 1e3));
    for (at, who) in whom.iter().enumerate() {
        let flushes = match flushes(stage, manner, *who)? {
            Some(flushes) => format!("{flushes:.4} flushes a mark"),
            None => "flushes not counted: no strace".to_owned(),
        };
        println!(
            "  {}: {} receipts/s, p50 {} ms, p99 {} ms, {flushes}, {} bytes a put",
            who.name(),
            marks[at].text(0),
            p50[at].text(2),
            p99[at].text(2),
            rounds[at][0].bytes_a_put,
        );
    }
    for at in 1..whom.len() {
        println!(
            "  against {}: {} × its receipts, its p99 is {} × ours",
            whom[at].name(),
            marks[0].by(&marks[at]).text(2),
            p99[at].by(&p99[0]).text(1),
        );
    }
    Ok(())
}

impl Measured {
    fn per_second(&self) -> f64 {
        self.marks as f64 * 1e6 / self.took_us.max(1) as f64
    }
}

impl Who {
    fn name(self) -> &'static str {
        match self {
            Self::Leitai => "leitai",
            Self::Node => "node, a transaction a mark",
            Self::NodeByFrame => "node, a transaction a frame",
        }
    }

    /// The server on a fresh database.
    fn command(
        self,
        stage: &Stage,
        folder: &TemporaryFolder,
        address: SocketAddr,
        manner: Manner,
    ) -> Result<Command, String> {
        let file = folder.join("peer.db").display().to_string();
        Ok(match self {
            Self::Leitai => contender::leitai(address, &stage.copy(folder)?, manner.words),
            Self::Node => contender::node(PEER, address, &[&file]),
            Self::NodeByFrame => contender::node(PEER, address, &[&file, "frame"]),
        })
    }
}

/// One round: a fresh database, a server and its judges. Where there is a file for it, the server's
/// flushes are written there.
fn round(
    stage: &Stage,
    manner: Manner,
    who: Who,
    seconds: u64,
    trace: Option<&Path>,
) -> Result<Measured, String> {
    let folder = TemporaryFolder::inside(&disk(), "submit");
    let address = contender::free_address()?;
    let command = who.command(stage, &folder, address, manner)?;
    let command = match trace {
        Some(file) => contender::counting_flushes(&command, file),
        None => command,
    };
    let contender = Contender::start(command, address)?;
    let load = Load {
        address,
        judges: stage.seated(manner.judges, 1)?,
        marks_a_put: manner.marks_a_put,
        spacing_ms: manner.spacing_ms,
        warm_up_ms: WARM_UP_MS,
        measured_ms: seconds * 1_000,
        comes_back: false,
    };
    let measured = Judges::start(&load)?.finish()?;
    match trace {
        Some(_) => contender.stop_traced(),
        None => contender.kill(),
    }
    Ok(measured)
}

/// Flushes of the disk for each mark, over a round of its own: a tracer counts them, those of
/// checkpoints and of the end of the server too. None where there is no tracer.
fn flushes(stage: &Stage, manner: Manner, who: Who) -> Result<Option<f64>, String> {
    if Command::new("strace").arg("--version").output().is_err() {
        return Ok(None);
    }
    let folder = TemporaryFolder::inside(&disk(), "flushes");
    let file = folder.join("trace");
    let measured = round(stage, manner, who, 2, Some(&file))?;
    Ok(Some(contender::flushes(&file, measured.begun_us)? as f64 / measured.received.max(1) as f64))
}

/// PostgreSQL's own program, each transaction one row with a unique id: what it makes of the same
/// machine, without rules, hashes or a socket's frames.
fn pgbench(seconds: u64) -> Result<(), String> {
    let Ok(url) = std::env::var("LEITAI_TEST_POSTGRES") else {
        println!("\npgbench: left out, no cluster is named in LEITAI_TEST_POSTGRES");
        return Ok(());
    };
    let folder = TemporaryFolder::inside(&disk(), "pgbench");
    let script = folder.join("mark.sql");
    let mark = "INSERT INTO bench_mark (id, device, entry) VALUES (gen_random_uuid(), :client_id, :entry);\n";
    std::fs::write(&script, mark).map_err(|error| error.to_string())?;
    let said = |command: &mut Command| {
        let output = command.output().map_err(|error| error.to_string())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    };
    let make = "DROP TABLE IF EXISTS bench_mark; CREATE TABLE bench_mark (seq BIGSERIAL PRIMARY KEY, \
        id UUID NOT NULL UNIQUE, device BIGINT NOT NULL, entry TEXT NOT NULL)";
    said(Command::new("psql").arg(&url).args(["-q", "-c", make]))?;
    println!(
        "\n{}: a row of 450 bytes a transaction, prepared, fsync and synchronous_commit on",
        version_of("pgbench", &["--version"])
    );
    for clients in [1, 16, 128] {
        let mut tps = Rounds::default();
        for _ in 0..ROUNDS {
            let mut command = Command::new("pgbench");
            command.args(["-n", "-M", "prepared", "-j", "2", "-T", &seconds.to_string()]);
            command.args(["-c", &clients.to_string(), "-D", &format!("entry={}", "x".repeat(450)), "-f"]);
            let text = said(command.arg(&script).arg(&url))?;
            let line = text.lines().find_map(|line| line.strip_prefix("tps = "));
            let number = line.and_then(|line| line.split(' ').next()).and_then(|word| word.parse().ok());
            tps.push(number.ok_or("pgbench told no tps")?);
        }
        println!("  {clients} clients: {} transactions/s", tps.text(0));
    }
    Ok(())
}
