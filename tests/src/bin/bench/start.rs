//! B7: from the start of the program to the first receipt, on an empty database and on one of the size
//! of the national event; after a kill under load; and 5,000 spectators who come back in one moment.
#![expect(clippy::float_arithmetic, reason = "times are shown, never entered into a result")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use domain::id::EntryId;
use futures_util::{SinkExt as _, StreamExt as _};
use server::database::Database;
use server::ledger::{Ledger, Options, Submission};
use tests::TemporaryFolder;
use tokio_tungstenite::tungstenite::Message;

use crate::audience::Audience;
use crate::contender::{self, Contender};
use crate::fanout;
use crate::judges::{Greeted, Judges, Load, greet, put_of};
use crate::marks::{self, CELLS, JUDGES_A_SKILL, Judge};
use crate::measure::{Rounds, load, unix_us, version_of};
use crate::stage::{Seated, Stage, disk, submit};

const ROUNDS: usize = 5;
const PEER: &str = "websocket/submit.mjs";
/// Of the national event.
const SKILLS: u32 = 100;
const JUDGES: u32 = 128;
const SPECTATORS: u32 = 5_000;
/// How many marks are given to the ledger at a time.
const FILL: i64 = 250;

/// Runs it with as many skills of the national event, 100 where nothing is said.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let skills = words.first().map_or(Ok(SKILLS), |word| word.parse().map_err(|_| "how many skills?"))?;
    rlimit::increase_nofile_limit(u64::MAX).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    println!(
        "B7: cold starts and recoveries, {ROUNDS} rounds; leitai {} and {} with ws and better-sqlite3",
        env!("CARGO_PKG_VERSION"),
        version_of("node", &["--version"])
    );
    println!("SQLite in WAL mode, synchronous = FULL, in {}; load before: {}", disk().display(), load());
    let empty = runtime.block_on(Stage::set(JUDGES, async |_, _| Ok(())))?;
    cold(&runtime, &empty)?;
    killed(&runtime, &empty)?;
    rush(&empty)?;
    runtime.block_on(empty.strike());
    let begun = Instant::now();
    let national = runtime.block_on(Stage::set(JUDGES_A_SKILL, async |database, ledger| {
        fill(database, ledger, skills).await
    }))?;
    println!(
        "\nN100: {skills} skills, {} entries, filled in {} s",
        i64::from(skills * JUDGES_A_SKILL) * CELLS,
        begun.elapsed().as_secs()
    );
    first_receipts(&runtime, "  leitai, exec to first receipt", |folder, address| {
        Ok((contender::leitai(address, &national.copy(folder)?, &[]), national.seated(1, 1)?.remove(0)))
    })?;
    runtime.block_on(national.strike());
    Ok(())
}

/// A file that is not there yet, and one with an open skill and no mark.
fn cold(runtime: &tokio::runtime::Runtime, stage: &Stage) -> Result<(), String> {
    println!("\nAn empty database");
    let (mut ours, mut theirs) = (Rounds::default(), Rounds::default());
    for _ in 0..ROUNDS {
        let folder = TemporaryFolder::inside(&disk(), "start");
        for (is_ours, rounds) in [(true, &mut ours), (false, &mut theirs)] {
            let (address, file) =
                (contender::free_address()?, folder.join(if is_ours { "ours" } else { "theirs" }));
            let command = if is_ours {
                contender::leitai(address, &file, &[])
            } else {
                contender::node(PEER, address, &[&file.display().to_string()])
            };
            let begun = Instant::now();
            let contender = Contender::start(command, address)?;
            rounds.push(begun.elapsed().as_secs_f64() * 1e3);
            contender.kill();
        }
    }
    println!("  leitai, exec to /readyz on a new file: {} ms", ours.text(1));
    println!("  node, exec to /readyz on a new file: {} ms", theirs.text(1));
    first_receipts(runtime, "  leitai, exec to first receipt", |folder, address| {
        Ok((contender::leitai(address, &stage.copy(folder)?, &[]), stage.seated(1, 1)?.remove(0)))
    })?;
    first_receipts(runtime, "  node, exec to first receipt", |folder, address| {
        let file = folder.join("peer.db").display().to_string();
        Ok((contender::node(PEER, address, &[&file]), stage.seated(1, 1)?.remove(0)))
    })
}

/// From the start of a program to the first receipt of a judge who tries from then on.
fn first_receipts(
    runtime: &tokio::runtime::Runtime,
    about: &str,
    prepare: impl Fn(&TemporaryFolder, SocketAddr) -> Result<(Command, Seated), String>,
) -> Result<(), String> {
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let folder = TemporaryFolder::inside(&disk(), "start");
        let address = contender::free_address()?;
        let (command, mut seated) = prepare(&folder, address)?;
        let begun = Instant::now();
        let contender = Contender::begin(command, address)?;
        runtime.block_on(first_receipt(address, &mut seated))?;
        rounds.push(begun.elapsed().as_secs_f64() * 1e3);
        contender.kill();
    }
    println!("{about}: {} ms", rounds.text(1));
    Ok(())
}

async fn first_receipt(address: SocketAddr, seated: &mut Seated) -> Result<(), String> {
    let Greeted { mut socket, epoch, last_dseq } = loop {
        match greet(address, seated).await {
            Ok(greeted) => break greeted,
            Err(_) => tokio::time::sleep(Duration::from_micros(200)).await,
        }
    };
    let text = put_of(seated, &epoch, last_dseq + 1..=last_dseq + 1);
    socket.send(Message::Text(text.into())).await.map_err(|error| error.to_string())?;
    match socket.next().await {
        Some(Ok(Message::Text(text))) if text.contains(r#""status":"accepted""#) => Ok(()),
        other => Err(format!("no receipt: {other:?}")),
    }
}

/// Killed under load and started again at once: how long until the first receipt, and whether what was
/// received is there, once.
fn killed(runtime: &tokio::runtime::Runtime, stage: &Stage) -> Result<(), String> {
    let (mut back, mut received, mut wrong) = (Rounds::default(), 0, Vec::new());
    for _ in 0..ROUNDS {
        let folder = TemporaryFolder::inside(&disk(), "killed");
        let address = contender::free_address()?;
        let database = stage.copy(&folder)?;
        let command = || contender::leitai(address, &database, &["--judge-frames", "1000000"]);
        let contender = Contender::start(command(), address)?;
        let load = Load {
            address,
            judges: stage.seated(JUDGES, 3)?,
            marks_a_put: 1,
            spacing_ms: 0,
            warm_up_ms: 0,
            measured_ms: 4_000,
            comes_back: true,
        };
        let judges = Judges::start(&load)?;
        std::thread::sleep(Duration::from_millis(2_000));
        let killed_us = unix_us();
        contender.kill();
        let contender = Contender::begin(command(), address)?;
        let measured = judges.finish()?;
        contender.kill();
        let back_us = measured.back_at_us.ok_or("nobody came back")?.saturating_sub(killed_us);
        back.push(back_us as f64 / 1e3);
        received += measured.received;
        wrong.extend(runtime.block_on(check(&database, &measured.upto))?);
    }
    println!(
        "\nKilled under the load of {JUDGES} judges, started again at once, judges try each millisecond"
    );
    println!("  leitai, kill to first receipt: {} ms", back.text(0));
    println!("  {received} receipts, {} of them not true", wrong.len());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// What of the receipts is not in the database, or more than once.
async fn check(database: &Path, upto: &[i64]) -> Result<Vec<String>, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let opened = Database::open(&database.display().to_string()).await.map_err(|error| text(&error))?;
    let options = Options { key: Some(database.with_extension("db.key")), clock: None };
    let ledger = Ledger::start_with(opened.clone(), options).await.map_err(|error| text(&error))?;
    let mut counts: HashMap<EntryId, u32> = HashMap::new();
    for (id, seq) in ledger.ledgers().await.map_err(|error| text(&error))? {
        let mut next = 1;
        while next <= seq {
            let page = ledger.entries(&id, next).await.map_err(|error| text(&error))?;
            next += i64::try_from(page.len()).unwrap_or_default();
            page.iter().for_each(|sealed| *counts.entry(sealed.entry.id).or_default() += 1);
        }
    }
    ledger.stop().await;
    opened.close().await;
    let judges = (0..).zip(upto).map(|(number, upto)| (Judge { number }, *upto));
    let receipts = judges.flat_map(|(judge, upto)| (1..=upto).map(move |dseq| judge.id(dseq)));
    let count = |id: &EntryId| counts.get(id).copied().unwrap_or(0);
    let wrong = receipts.filter(|id| count(id) != 1).map(|id| format!("{id} is there {} times", count(&id)));
    Ok(wrong.collect())
}

/// Five thousand spectators in one moment, on a server that has just been killed and started again.
fn rush(stage: &Stage) -> Result<(), String> {
    use fanout::Who::{Floor, Leitai, Ws};
    println!("\n{SPECTATORS} spectators in one moment, on a server that was killed and started again");
    for who in [Floor, Leitai, Ws] {
        let (mut p99, mut last, mut again) = (Rounds::default(), Rounds::default(), Rounds::default());
        for _ in 0..ROUNDS {
            let folder = TemporaryFolder::inside(&disk(), "rush");
            let address = contender::free_address()?;
            let command = || who.command(stage, &folder, address, 300);
            let before = Contender::start(command()?, address)?;
            drop(Audience::seat(&who.seats(address, SPECTATORS, false))?);
            before.kill();
            let _server = Contender::start(command()?, address)?;
            let seating = Audience::seat(&who.seats(address, SPECTATORS, true))?.seating;
            p99.push(seating.p99_us as f64 / 1e3);
            last.push(seating.last_us as f64 / 1e3);
            again.push(seating.tried_again as f64);
        }
        println!(
            "  {}: 99 % current after {} ms, the last after {} ms; {} tries failed",
            who.name(),
            p99.text(0),
            last.text(0),
            again.text(0)
        );
    }
    Ok(())
}

/// Every cell of every skill, judge by judge; those of the first skill on the judges' own devices.
async fn fill(database: &Database, ledger: &Ledger, skills: u32) -> Result<(), String> {
    let select = "SELECT device_id FROM enrolment ORDER BY used_at";
    let devices: Vec<String> =
        sqlx::query_scalar(select).fetch_all(database.pool()).await.map_err(|error| error.to_string())?;
    for number in 0..skills * JUDGES_A_SKILL {
        let judge = Judge { number };
        if number >= JUDGES_A_SKILL && number % JUDGES_A_SKILL == 0 {
            submit(ledger, marks::open(&judge.skill())).await?;
        }
        let device = devices.get(number as usize).cloned().unwrap_or_else(|| format!("tablet-{number}"));
        for first in (1..=CELLS).step_by(usize::try_from(FILL).unwrap_or(1)) {
            let some = (first..first + FILL).map(|dseq| marks::submission(&judge, &device, dseq));
            let some = some.collect::<Result<Vec<Submission>, String>>()?;
            for receipt in ledger.submit_all(some).await {
                receipt.map_err(|error| error.to_string())?;
            }
        }
    }
    Ok(())
}
