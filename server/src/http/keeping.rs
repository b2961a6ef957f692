//! What a running server does besides answering: it signs checkpoints in time, copies to a second
//! place, and looks how much space its disks have left.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::finding::{Finding, Place};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::StartError;
use crate::backup::{Backup, BackupError, Copier, Watched};
use crate::database::Database;
use crate::database::space::Space;
use crate::ledger::{Clock, Ledger, LedgerError, Signing};

/// How often it is looked whether a checkpoint is due.
const SIGN_EVERY: Duration = Duration::from_secs(1);
/// How often the disks are looked at, and a database that took nothing is tried.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What is known of it; clones see the same.
#[derive(Clone, Debug, Default)]
pub struct Keeping {
    backup: Option<Watched>,
    disks: Arc<Mutex<Vec<(&'static str, Space)>>>,
}

impl Keeping {
    /// The second place; none where there is one copy only.
    #[must_use]
    pub fn backup(&self) -> Option<&Watched> {
        self.backup.as_ref()
    }

    /// The disks as last seen: `database` and `backup`.
    #[must_use]
    pub fn disks(&self) -> Vec<(&'static str, Space)> {
        self.disks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// As Prometheus reads it.
    #[must_use]
    pub fn text(&self, ledger: &Ledger) -> String {
        let mut text = String::new();
        let mut gauge = |name: &str, help: &str, values: &[(String, i64)]| {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n");
            for (labels, value) in values {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        let one = |value: i64| vec![(String::new(), value)];
        gauge(
            "leitai_ledger_failing",
            "1 while nothing can be saved.",
            &one(ledger.trouble().is_some().into()),
        );
        gauge(
            "leitai_backup_configured",
            "1 where there is a second place.",
            &one(self.backup.is_some().into()),
        );
        if let Some(progress) = self.backup.as_ref().map(Watched::progress) {
            gauge("leitai_backup_failing", "1 while copying fails.", &one(progress.trouble.is_some().into()));
            gauge("leitai_backup_behind_entries", "Entries without a second copy.", &one(progress.behind));
            let whole = progress.whole_at.unwrap_or(0) / 1_000;
            gauge(
                "leitai_backup_whole_seconds",
                "When everything was last in the second place.",
                &one(whole),
            );
        }
        let disks = self.disks();
        let of = |value: fn(&Space) -> u64| -> Vec<(String, i64)> {
            let row = |(name, space): &(&str, Space)| {
                (format!("{{disk=\"{name}\"}}"), i64::try_from(value(space)).unwrap_or(i64::MAX))
            };
            disks.iter().map(row).collect()
        };
        gauge("leitai_disk_free_bytes", "Space that is left.", &of(|space| space.free));
        gauge("leitai_disk_bytes", "Space in all.", &of(|space| space.total));
        gauge(
            "leitai_disk_low",
            "1 where less than a tenth or 1 GiB is left.",
            &of(|space| space.is_low().into()),
        );
        text
    }
}

/// What runs, until it is stopped.
pub(super) struct Tasks {
    pub(super) keeping: Keeping,
    /// What was noticed at the start.
    pub(super) notices: Vec<Finding>,
    backup: Option<Backup>,
    stop: watch::Sender<bool>,
    signing: JoinHandle<()>,
    looking: JoinHandle<()>,
}

impl Tasks {
    /// Begins, before the first request is taken: a database that lost something is noticed here.
    pub(super) async fn start(
        database: &Database,
        ledger: &Ledger,
        clock: &Clock,
        place: Option<&Path>,
    ) -> Result<Self, StartError> {
        let copier =
            place.map(|place| Copier::new(database.clone(), ledger.clone(), Arc::clone(clock), place));
        if let Some(copier) = &copier {
            copier.check().await.map_err(refused)?;
        }
        let (signing, shorter) = Signing::start(ledger).await?;
        for error in &shorter {
            tracing::error!(code = error.code(), "{error}");
        }
        let notices = shorter.iter().map(|error| error.at(Place::default())).collect();
        let backup = copier.map(Backup::start).transpose().map_err(refused)?;
        let keeping = Keeping { backup: backup.as_ref().map(Backup::watched), disks: Arc::default() };
        let (stop, stopped) = watch::channel(false);
        let signing = tokio::spawn(sign(signing, stopped.clone()));
        let places =
            [("database", database.path().map(Path::to_owned)), ("backup", place.map(Path::to_owned))];
        let places = places.into_iter().filter_map(|(name, path)| Some((name, path?))).collect();
        let looking = tokio::spawn(look(keeping.clone(), places, ledger.clone(), stopped));
        Ok(Self { keeping, notices, backup, stop, signing, looking })
    }

    /// Signs what is unsigned and copies what is not copied, now that nothing more is entered.
    pub(super) async fn stop(self) {
        self.stop.send_replace(true);
        let _ = self.signing.await;
        let _ = self.looking.await;
        if let Some(backup) = &self.backup {
            backup.stop().await;
        }
    }
}

fn refused(error: BackupError) -> StartError {
    StartError::Backup { problem: error.spoken() }
}

async fn sign(mut signing: Signing, mut stopped: watch::Receiver<bool>) {
    let began = Instant::now();
    let mut told: Option<LedgerError> = None;
    loop {
        let pause = stopped.wait_for(|is_stopped| *is_stopped);
        let is_last = tokio::time::timeout(SIGN_EVERY, pause).await.is_ok();
        let now_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let signed = if is_last { signing.finish().await } else { signing.round(now_ms).await };
        let error = signed.err();
        if let Some(error) = error.as_ref().filter(|error| told.as_ref() != Some(error)) {
            tracing::error!(code = error.code(), "a checkpoint is due and not made: {error}");
        }
        told = error;
        if is_last {
            return;
        }
    }
}

async fn look(
    keeping: Keeping,
    places: Vec<(&'static str, PathBuf)>,
    ledger: Ledger,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        let looked = places.clone();
        // A disk that hangs holds up nobody else.
        let seen = tokio::task::spawn_blocking(move || {
            looked.into_iter().filter_map(|(name, path)| Some((name, Space::of(&path)?))).collect::<Vec<_>>()
        });
        let seen = seen.await.unwrap_or_default();
        let before = std::mem::replace(
            &mut *keeping.disks.lock().unwrap_or_else(PoisonError::into_inner),
            seen.clone(),
        );
        for (name, space) in &seen {
            let was_low = before.iter().any(|(other, space)| other == name && space.is_low());
            let (free, total) = (space.free >> 20, space.total >> 20);
            match (was_low, space.is_low()) {
                (false, true) => tracing::warn!(disk = name, free, total, "little space is left (MiB)"),
                (true, false) => tracing::info!(disk = name, free, total, "there is space again (MiB)"),
                _ => {}
            }
        }
        if ledger.trouble().is_some() {
            // Whether work can resume is found out here, not by the next judge.
            let _ = ledger.probe().await;
        }
        let pause = stopped.wait_for(|is_stopped| *is_stopped);
        if tokio::time::timeout(LOOK_EVERY, pause).await.is_ok() {
            return;
        }
    }
}
