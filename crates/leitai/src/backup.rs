//! `leitai backup` and `leitai restore`: a copy in a second place, and a database from it.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use domain::finding::{Finding, Place};
use server::backup::{self, Copier, Progress, Restored};
use server::database::{self, Database};
use server::exchange::Moment;
use server::exchange::files::FileFinding;
use server::ledger::{Ledger, Options};
use server::spoken;

use crate::output::{Outcome, Output};
use crate::package::{DatabaseArguments, now_ms};
use crate::serve::told_to_stop;

/// How often a copy that is watched over is brought up to date.
const PAUSE: Duration = Duration::from_secs(1);

/// What is copied, and where to.
#[derive(Args)]
pub(crate) struct BackupArguments {
    /// A folder, best on another disk; it is made where it is missing.
    dir: PathBuf,
    #[command(flatten)]
    database: DatabaseArguments,
    /// The file of the key that signs checkpoints. [default: beside the database]
    #[arg(long, value_name = "FILE", env = "LEITAI_KEY")]
    key: Option<PathBuf>,
    /// Go on copying what is entered, until Ctrl-C.
    #[arg(long)]
    watch: bool,
}

/// What is restored, and where to.
#[derive(Args)]
pub(crate) struct RestoreArguments {
    /// The folder of a backup; of several lives in it the newest, or the folder of one.
    dir: PathBuf,
    /// A SQLite file that is not there yet, or an empty database postgres://…
    #[arg(long, value_name = "URL")]
    database: String,
    /// The server's public key, or a file that holds it: checkpoints by another are refused.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

/// Copies once, or until told to stop.
pub(crate) fn backup(arguments: &BackupArguments, output: &Output) -> Outcome {
    match run(arguments, output) {
        Ok(progress) => {
            let place = progress.place.display().to_string();
            output.findings(&progress.notices.iter().map(|n| n.at(Place::default())).collect::<Vec<_>>());
            let row = |(ledger, seq): (&_, &i64)| vec![place.clone(), format!("{ledger}"), seq.to_string()];
            let rows: Vec<Vec<String>> =
                progress.copied.iter().map(|(ledger, seq)| row((ledger, seq))).collect();
            output.table(&["place", "ledger", "entries"], &rows)
        }
        Err(finding) => {
            output.findings(&[finding]);
            Outcome::Refused
        }
    }
}

fn run(arguments: &BackupArguments, output: &Output) -> Result<Progress, Finding> {
    let url = arguments.database.url();
    if !database::is_there(url) {
        return Err(FileFinding::DatabaseMissing { path: url.to_owned() }.at(Place::default()));
    }
    runtime()?.block_on(async {
        let database = Database::open(url).await.map_err(|error| error.at(Place::default()))?;
        let options = Options { key: arguments.key.clone(), clock: None };
        let ledger = Ledger::start_with(database.clone(), options).await;
        let ledger = ledger.map_err(|error| error.at(Place::default()))?;
        let clock = Arc::new(now_ms);
        let mut copier = Copier::new(database.clone(), ledger.clone(), clock, &arguments.dir);
        let mut done = copier.finish().await;
        if arguments.watch {
            done = watch(&mut copier, output).await;
        }
        ledger.stop().await;
        database.close().await;
        done.map_err(|error| error.at(Place::default()))
    })
}

/// Passes until told to stop; what goes wrong is said and tried again.
async fn watch(copier: &mut Copier, output: &Output) -> Result<Progress, backup::BackupError> {
    output.say("正在持续备份；按 Ctrl-C 结束。", "Copying what is entered; Ctrl-C ends it.");
    let stopped = told_to_stop();
    let mut stopped = std::pin::pin!(stopped);
    let mut told = None;
    while tokio::time::timeout(PAUSE, stopped.as_mut()).await.is_err() {
        let trouble = copier.pass().await.err();
        if trouble != told {
            match &trouble {
                Some(error) => output.findings(&[error.at(Place::default())]),
                None => output.say("备份恢复正常。", "The backup goes on."),
            }
            told = trouble;
        }
    }
    copier.finish().await
}

/// Restores, and says what and how old it is.
pub(crate) fn restore(arguments: &RestoreArguments, output: &Output) -> Outcome {
    let key = arguments.key.as_ref();
    let key = key.map(|key| std::fs::read_to_string(key).unwrap_or_else(|_| key.clone()));
    let bar = output.progress("恢复账本", "Restoring ledgers", 0);
    let told = |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let restored = runtime().and_then(|runtime| {
        runtime.block_on(backup::restore(&arguments.dir, &arguments.database, key.as_deref(), &told))
    });
    bar.finish_and_clear();
    match restored {
        Ok(restored) => print(&restored, output),
        Err(finding) => {
            output.findings(&[finding]);
            Outcome::Refused
        }
    }
}

fn print(restored: &Restored, output: &Output) -> Outcome {
    output.findings(&restored.findings);
    let life = restored.life.display();
    output.say(&format!("已从 {life} 恢复。"), &format!("Restored from {life}."));
    for other in &restored.others {
        let other = other.display();
        output.say(&format!("较早的一份未用：{other}"), &format!("An earlier life was left alone: {other}"));
    }
    let now = now_ms();
    let (at, age) = (moment(restored.tables_at), age(now, restored.tables_at));
    output.say(
        &format!("账号、设备和竞赛资料截至 {at}（{age} 秒前）。"),
        &format!("Accounts, devices and competitions as of {at} ({age} s ago)."),
    );
    let epoch = &restored.epoch;
    output.say(
        &format!("新的纪元：{epoch}；各设备连上后会自动补发缺少的条目。"),
        &format!("New epoch: {epoch}. Devices send again what is missing once they connect."),
    );
    let rows: Vec<Vec<String>> = restored
        .ledgers
        .iter()
        .map(|ledger| {
            vec![
                ledger.ledger.to_string(),
                ledger.skill.clone(),
                ledger.entries.to_string(),
                ledger.signed.to_string(),
                ledger.head.to_string(),
                moment(ledger.last_at),
                self::age(now, ledger.last_at).to_string(),
            ]
        })
        .collect();
    output.table(&["ledger", "skill", "entries", "signed", "head", "last_at", "age_s"], &rows)
}

/// RFC 3339; empty for a time beyond the calendar.
fn moment(ms: i64) -> String {
    let mut text = String::new();
    let _ = write!(text, "{}", Moment { ms, order: 0 });
    text
}

/// Whole seconds; none where a clock was put back.
fn age(now: i64, at: i64) -> i64 {
    (now - at).max(0) / 1_000
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Finding> {
    let failed = |error| FileFinding::Unreadable { problem: spoken::of_system(&error) }.at(Place::default());
    tokio::runtime::Runtime::new().map_err(failed)
}
