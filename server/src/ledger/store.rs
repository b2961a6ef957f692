//! The writer's own connection: what a group reads and writes, on either database.
//!
//! On SQLite nothing here ever waits for another task: every future is ready at its first poll, so
//! that a lone submission is committed where it stands.

use domain::id::{DeviceId, EntryId, LedgerId};
use domain::ledger::{DeviceSignature, Entry, Sealed};

use protocol::drawing::Drawing;

use super::postgres::PostgresStore;
use super::sqlite::SqliteStore;
use super::{LedgerError, ReasonText};
use crate::database::{Database, Kind};
use domain::finding::Spoken;

/// Why a group was not committed.
#[derive(Debug)]
pub(super) enum Failure {
    /// Another process is writing; nothing was begun.
    Busy,
    /// Somebody else entered something first: load it and decide again.
    Outrun,
    /// The connection can no longer be trusted; what it last did may or may not have been done.
    Lost(Spoken),
    /// This is what the submitters are told.
    Refused(LedgerError),
}

/// One entry to be inserted, with what lies beside the ledger.
#[derive(Debug)]
pub(super) struct NewEntry {
    pub(super) sealed: Sealed,
    pub(super) device_signature: Option<DeviceSignature>,
    pub(super) drawing: Option<Drawing>,
    pub(super) reason: Option<ReasonText>,
}

/// How far a device has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DeviceRow {
    pub(super) device: DeviceId,
    pub(super) ledger: LedgerId,
    pub(super) last_dseq: i64,
}

/// A device's way through one group.
#[derive(Debug)]
pub(super) struct Moved<'a> {
    pub(super) ledger: &'a LedgerId,
    pub(super) device: &'a DeviceId,
    /// The `last_dseq` that must still stand there: where it does not, somebody else moved it.
    pub(super) from_dseq: i64,
    pub(super) last_dseq: i64,
}

/// The writer's connection.
pub(super) enum Store {
    Sqlite(SqliteStore),
    Postgres(Box<PostgresStore>),
}

/// The most entries that are loaded at a time.
pub(super) const PAGE: i64 = 1_000;

impl Store {
    pub(super) async fn open(database: &Database) -> Result<Self, Failure> {
        Ok(match database.kind() {
            Kind::Sqlite => Self::Sqlite(SqliteStore::open(database)?),
            Kind::Postgres => Self::Postgres(Box::new(PostgresStore::open(database).await?)),
        })
    }

    /// Begins a transaction that will write. Whether somebody else may have written since the last
    /// one, so that what is remembered of ledgers and devices must be read again.
    pub(super) async fn begin(&mut self, is_patient: bool) -> Result<bool, Failure> {
        match self {
            Self::Sqlite(store) => store.begin(is_patient),
            Self::Postgres(store) => store.begin().await.map(|()| true),
        }
    }

    /// The database's epoch.
    pub(super) async fn epoch(&mut self) -> Result<String, Failure> {
        match self {
            Self::Sqlite(store) => store.epoch(),
            Self::Postgres(store) => store.epoch().await,
        }
    }

    /// Where these ledgers stand, in their order; 0 before the first entry. On PostgreSQL they are
    /// locked until the transaction ends, and with them their devices, since a device belongs to
    /// one ledger.
    pub(super) async fn heads(&mut self, ledgers: &[LedgerId]) -> Result<Vec<i64>, Failure> {
        match self {
            Self::Sqlite(store) => store.heads(ledgers),
            Self::Postgres(store) => store.heads(ledgers).await,
        }
    }

    /// What is known of these devices; those never seen are left out.
    pub(super) async fn devices(&mut self, devices: &[DeviceId]) -> Result<Vec<DeviceRow>, Failure> {
        match self {
            Self::Sqlite(store) => store.devices(devices),
            Self::Postgres(store) => store.devices(devices).await,
        }
    }

    /// The entries, as JSON, that have one of these ids.
    pub(super) async fn used(&mut self, ids: &[EntryId]) -> Result<Vec<String>, Failure> {
        match self {
            Self::Sqlite(store) => store.used(ids),
            Self::Postgres(store) => store.used(ids).await,
        }
    }

    /// Up to a page of entries, as JSON, from `seq` on.
    pub(super) async fn page(&mut self, ledger: &LedgerId, seq: i64) -> Result<Vec<String>, Failure> {
        match self {
            Self::Sqlite(store) => store.page(ledger, seq),
            Self::Postgres(store) => store.page(ledger, seq).await,
        }
    }

    /// Writes a group's entries, and how far they take their devices.
    pub(super) async fn write(&mut self, new: &[NewEntry]) -> Result<(), Failure> {
        match self {
            Self::Sqlite(store) => store.write(new),
            Self::Postgres(store) => store.write(new).await,
        }
    }

    /// Commits; only after this returns may anything be acknowledged.
    pub(super) async fn commit(&mut self) -> Result<(), Failure> {
        match self {
            Self::Sqlite(store) => store.commit(),
            Self::Postgres(store) => store.commit().await,
        }
    }

    /// Whether there is housekeeping to do: now that nothing waits, or even though something does.
    pub(super) fn is_checkpoint_due(&self, is_idle: bool) -> bool {
        match self {
            Self::Sqlite(store) => store.is_checkpoint_due(is_idle),
            Self::Postgres(_) => false,
        }
    }

    /// Does it, between two groups.
    pub(super) fn checkpoint(&mut self) {
        match self {
            Self::Sqlite(store) => store.checkpoint(),
            Self::Postgres(_) => {}
        }
    }

    /// Ends a transaction that wrote nothing, or whose writing failed.
    pub(super) async fn roll_back(&mut self) -> Result<(), Failure> {
        match self {
            Self::Sqlite(store) => store.roll_back(),
            Self::Postgres(store) => store.roll_back().await,
        }
    }
}

/// How far these entries, each device's in the order of its numbers, take their devices.
pub(super) fn moved(new: &[NewEntry]) -> Vec<Moved<'_>> {
    let mut entries: Vec<&Entry> = new.iter().map(|new| &new.sealed.entry).collect();
    entries.sort_by(|a, b| a.device.cmp(&b.device));
    let mut all: Vec<Moved<'_>> = Vec::with_capacity(entries.len());
    for Entry { ledger, device, dseq, .. } in entries {
        match all.last_mut().filter(|last| last.device == device) {
            Some(last) => last.last_dseq = *dseq,
            None => all.push(Moved { ledger, device, from_dseq: dseq - 1, last_dseq: *dseq }),
        }
    }
    all
}

/// The last entry of each ledger among a group's entries.
pub(super) fn last_of_each(entries: &[NewEntry]) -> Vec<&Sealed> {
    let mut last: Vec<&Sealed> = Vec::new();
    for entry in entries {
        let sealed = &entry.sealed;
        match last.iter_mut().find(|other| other.entry.ledger == sealed.entry.ledger) {
            Some(other) => *other = sealed,
            None => last.push(sealed),
        }
    }
    last
}
