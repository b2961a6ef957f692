//! A server under load that is meant to be killed: 16 tablets mark one skill, and every receipt goes
//! to the parent by the pipe, a line each, which the parent keeps whatever becomes of us.
//!
//! ledger_child URL KEY LEDGER honest|hasty DSEQ,DSEQ,… (the next number of each tablet) [BACKUP]
#![expect(clippy::expect_used, reason = "a child that cannot work is seen by its parent")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use server::backup::{Backup, Copier};
use server::database::Database;
use server::ledger::{Ledger, LedgerError, Options};
use tests::skill::{REALISTIC, Tablet};

/// How long a hasty tablet keeps what it has said was saved.
const HASTE: Duration = Duration::from_millis(20);

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, key, skill, manner, next, backup @ ..] = words.as_slice() else { return };
    let database = Database::open(url).await.expect("the database opens");
    let options = Options { key: Some(PathBuf::from(key)), clock: None };
    let ledger = Ledger::start_with(database.clone(), options).await.expect("the ledger starts");
    // The same bytes at every start: the first opens the skill, the others get that receipt again.
    ledger.submit(REALISTIC.open(skill)).await.expect("the skill opens");
    let second = backup.first().map(|place| {
        let copier = Copier::new(database, ledger.clone(), Arc::new(|| 0), Path::new(place));
        Backup::start(copier).expect("a thread")
    });
    say("ready");
    let next: Vec<i64> = next.split(',').map(|dseq| dseq.parse().expect("a number")).collect();
    let count = u32::try_from(next.len()).expect("a number of tablets");
    let mut tasks = Vec::new();
    for (number, dseq) in (0..).zip(next) {
        let (ledger, tablet) = (ledger.clone(), Tablet::new(REALISTIC, skill, number, count));
        let is_hasty = manner == "hasty";
        tasks.push(tokio::spawn(async move {
            if is_hasty {
                mark_hastily(&ledger, &tablet, number, dseq).await;
            } else {
                mark(&ledger, &tablet, number, dseq).await;
            }
        }));
    }
    for task in tasks {
        task.await.expect("no panic");
    }
    drop(second);
}

/// Sends each mark until there is a receipt, and only then says that it was saved.
async fn mark(ledger: &Ledger, tablet: &Tablet, number: u32, first: i64) {
    for dseq in first.. {
        let receipt = loop {
            match ledger.submit(tablet.submission(dseq)).await {
                Ok(receipt) => break receipt,
                Err(LedgerError::Unknown | LedgerError::Storage { .. }) => {}
                Err(error) => {
                    say(&format!("error {error}"));
                    return;
                }
            }
        };
        say(&format!("ack {number} {dseq} {} {} {}", receipt.id, receipt.seq, receipt.hash));
    }
}

/// The negative control: says that a mark was saved before it is.
async fn mark_hastily(ledger: &Ledger, tablet: &Tablet, number: u32, first: i64) {
    for dseq in first.. {
        say(&format!("ack {number} {dseq} {} - -", tablet.id(dseq)));
        tokio::time::sleep(HASTE).await;
        if ledger.submit(tablet.submission(dseq)).await.is_err() {
            return;
        }
    }
}

/// A line to the parent in one write, which a pipe takes whole or not at all.
fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(format!("{line}\n").as_bytes());
    let _ = stdout.flush();
}
