//! The writer on SQLite, through SQLite's own interface: sqlx hands every call to a thread of its
//! own and back, which costs a lone mark as much as its commit (docs/adr/0002).

use std::time::Duration;

use domain::id::{DeviceId, EntryId, LedgerId};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};

use super::store::{DeviceRow, Failure, Moved, NewEntry, PAGE, moved};
use super::{EPOCH, LedgerError};
use crate::database::{Database, sqlite as settings};
use domain::finding::Spoken;

/// How often a waiting writer looks whether it was told to stop waiting.
const PATIENCE: Duration = Duration::from_secs(60);

/// Moves what the WAL holds into the file, as far as readers allow, without waiting for anyone.
const CHECKPOINT: &str = "PRAGMA wal_checkpoint(PASSIVE)";
/// The writer checkpoints by itself, after its receipts have left; SQLite's own way, inside a commit
/// and before its receipt, is left for the case that this never comes to pass (64 MB).
const AUTOCHECKPOINT: &str = "PRAGMA wal_autocheckpoint = 16000";
/// What a commit writes besides its entries, about: the last page of each index, and of the devices.
const COMMIT_BYTES: usize = 24 * 1024;
/// What the WAL may gather before it is moved while nothing waits, and while marks come.
/// What a device's signature takes, with the id of its entry twice.
const SIGNATURE_ROW: usize = 256;
const WAL_IDLE_BYTES: usize = 8 * 1024 * 1024;
const WAL_BYTES: usize = 16 * 1024 * 1024;

/// Changes when another connection has written to the file.
const SELECT_VERSION: &str = "PRAGMA data_version";
const BEGIN: &str = "BEGIN IMMEDIATE";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";
const SELECT_STATE: &str = "SELECT value FROM server_state WHERE key = ?1";
const SELECT_HEAD: &str = "SELECT IFNULL(MAX(seq), 0) FROM ledger_entry WHERE ledger_id = ?1";
const SELECT_DEVICE: &str = "SELECT ledger_id, last_dseq FROM ledger_device WHERE device_id = ?1";
const SELECT_ENTRY: &str = "SELECT entry FROM ledger_entry WHERE entry_id = ?1";
const SELECT_PAGE: &str =
    "SELECT entry FROM ledger_entry WHERE ledger_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3";
const INSERT_ENTRY: &str = "INSERT INTO ledger_entry \
    (ledger_id, seq, entry_id, entry) VALUES (?1, ?2, ?3, ?4)";
const INSERT_REASON: &str = "INSERT INTO ledger_reason (entry_id, salt, text) VALUES (?1, ?2, ?3)";
const INSERT_DRAWING: &str = "INSERT INTO ledger_drawing (entry_id, salt, strokes) VALUES (?1, ?2, ?3)";
const INSERT_SIGNATURE: &str = "INSERT INTO ledger_signature (entry_id, signature) VALUES (?1, ?2)";
const INSERT_HEAD: &str = "INSERT INTO ledger_head (ledger_id) VALUES (?1) ON CONFLICT DO NOTHING";
const UPSERT_DEVICE: &str = "INSERT INTO ledger_device (device_id, ledger_id, last_dseq, safe_dseq) \
    VALUES (?1, ?2, ?3, 0) ON CONFLICT (device_id) DO UPDATE SET last_dseq = excluded.last_dseq \
    WHERE ledger_id = excluded.ledger_id AND last_dseq = ?4";

pub(super) struct SqliteStore {
    connection: Connection,
    /// What [`SELECT_VERSION`] last said; none before the first transaction.
    version: Option<i64>,
    /// What was written since the last checkpoint, about.
    wal_bytes: usize,
}

impl SqliteStore {
    pub(super) fn open(database: &Database) -> Result<Self, Failure> {
        let path =
            database.path().ok_or_else(|| Failure::Lost(Spoken::new("它不是文件", "it is no file")))?;
        let connection = Connection::open(path).map_err(failure)?;
        connection.execute_batch(settings::SETTINGS).map_err(failure)?;
        connection.execute_batch(AUTOCHECKPOINT).map_err(failure)?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(Self { connection, version: None, wal_bytes: 0 })
    }

    pub(super) fn begin(&mut self, is_patient: bool) -> Result<bool, Failure> {
        let patience = if is_patient { PATIENCE } else { Duration::ZERO };
        self.connection.busy_timeout(patience).map_err(failure)?;
        self.run(BEGIN)?;
        let mut select = self.connection.prepare_cached(SELECT_VERSION).map_err(failure)?;
        let version: i64 = select.query_row([], |row| row.get(0)).map_err(failure)?;
        Ok(self.version.replace(version) != Some(version))
    }

    pub(super) fn epoch(&mut self) -> Result<String, Failure> {
        let mut select = self.connection.prepare_cached(SELECT_STATE).map_err(failure)?;
        select.query_row([EPOCH], |row| row.get(0)).map_err(failure)
    }

    pub(super) fn heads(&mut self, ledgers: &[LedgerId]) -> Result<Vec<i64>, Failure> {
        let mut select = self.connection.prepare_cached(SELECT_HEAD).map_err(failure)?;
        let head = |ledger: &LedgerId| select.query_row([ledger.as_str()], |row| row.get(0));
        ledgers.iter().map(head).collect::<Result<_, _>>().map_err(failure)
    }

    pub(super) fn devices(&mut self, devices: &[DeviceId]) -> Result<Vec<DeviceRow>, Failure> {
        let mut select = self.connection.prepare_cached(SELECT_DEVICE).map_err(failure)?;
        let row = |device: &DeviceId| {
            let read = |row: &rusqlite::Row<'_>| {
                let ledger = LedgerId::from(row.get::<_, String>(0)?);
                Ok(DeviceRow { device: device.clone(), ledger, last_dseq: row.get(1)? })
            };
            select.query_row([device.as_str()], read).optional().transpose()
        };
        devices.iter().filter_map(row).collect::<Result<_, _>>().map_err(failure)
    }

    pub(super) fn used(&mut self, ids: &[EntryId]) -> Result<Vec<String>, Failure> {
        let mut select = self.connection.prepare_cached(SELECT_ENTRY).map_err(failure)?;
        let entry =
            |id: &EntryId| select.query_row([id.to_string()], |row| row.get(0)).optional().transpose();
        ids.iter().filter_map(entry).collect::<Result<_, _>>().map_err(failure)
    }

    pub(super) fn page(&mut self, ledger: &LedgerId, seq: i64) -> Result<Vec<String>, Failure> {
        let mut select = self.connection.prepare_cached(SELECT_PAGE).map_err(failure)?;
        let rows =
            select.query_map(params![ledger.as_str(), seq, PAGE], |row| row.get(0)).map_err(failure)?;
        rows.collect::<Result<_, _>>().map_err(failure)
    }

    pub(super) fn write(&mut self, new: &[NewEntry]) -> Result<(), Failure> {
        let devices = moved(new);
        let count = self.insert(new, &devices).map_err(failure)?;
        // An entry stands once with its ids, and its ids once more in the indexes.
        let reason = |new: &NewEntry| new.reason.as_ref().map_or(0, |reason| reason.text.len());
        let drawing = |new: &NewEntry| new.drawing.as_ref().map_or(0, |drawing| drawing.strokes().len());
        let signature = |new: &NewEntry| new.device_signature.map_or(0, |_| SIGNATURE_ROW);
        let beside = |new: &NewEntry| reason(new) + drawing(new) + signature(new);
        let bytes: usize = new.iter().map(|new| new.sealed.json.len() + 128 + beside(new)).sum();
        self.wal_bytes += COMMIT_BYTES + bytes;
        if count == devices.len() { Ok(()) } else { Err(Failure::Outrun) }
    }

    /// Gives how many devices moved from where they were thought to be.
    fn insert(&mut self, new: &[NewEntry], devices: &[Moved<'_>]) -> Result<usize, rusqlite::Error> {
        let mut insert = self.connection.prepare_cached(INSERT_ENTRY)?;
        for new in new {
            let (entry, id) = (&new.sealed.entry, new.sealed.entry.id.to_string());
            insert.execute(params![entry.ledger.as_str(), entry.seq, id, new.sealed.json])?;
            if entry.seq == 1 {
                self.connection.prepare_cached(INSERT_HEAD)?.execute([entry.ledger.as_str()])?;
            }
            if let Some(signature) = &new.device_signature {
                let mut insert = self.connection.prepare_cached(INSERT_SIGNATURE)?;
                insert.execute(params![id, signature.to_string()])?;
            }
            if let Some(drawing) = &new.drawing {
                let mut insert = self.connection.prepare_cached(INSERT_DRAWING)?;
                insert.execute(params![id, drawing.salt(), drawing.strokes()])?;
            }
            if let Some(reason) = &new.reason {
                let mut insert = self.connection.prepare_cached(INSERT_REASON)?;
                insert.execute(params![id, reason.salt, reason.text])?;
            }
        }
        let mut upsert = self.connection.prepare_cached(UPSERT_DEVICE)?;
        let mut moved = 0;
        for Moved { ledger, device, from_dseq, last_dseq } in devices {
            moved += upsert.execute(params![device.as_str(), ledger.as_str(), last_dseq, from_dseq])?;
        }
        Ok(moved)
    }

    pub(super) fn commit(&mut self) -> Result<(), Failure> {
        // A commit that failed on its way to the disk may still be found there by the next
        // connection, so this one is not asked again.
        self.run(COMMIT).map_err(|error| match error {
            Failure::Refused(error) => Failure::Refused(error),
            Failure::Busy | Failure::Outrun => {
                Failure::Lost(Spoken::new("未能提交", "the commit was not possible"))
            }
            Failure::Lost(problem) => Failure::Lost(problem),
        })
    }

    pub(super) fn is_checkpoint_due(&self, is_idle: bool) -> bool {
        self.wal_bytes > if is_idle { WAL_IDLE_BYTES } else { WAL_BYTES }
    }

    pub(super) fn checkpoint(&mut self) {
        self.wal_bytes = 0;
        // One that fails or is kept from it by a reader is made up for by the next.
        if let Ok(mut checkpoint) = self.connection.prepare_cached(CHECKPOINT) {
            let _ = checkpoint.query_row([], |_| Ok(()));
        }
    }

    pub(super) fn roll_back(&mut self) -> Result<(), Failure> {
        // Some errors have ended the transaction already.
        if self.connection.is_autocommit() { Ok(()) } else { self.run(ROLLBACK) }
    }

    fn run(&mut self, sql: &'static str) -> Result<(), Failure> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([]))
            .map_err(failure)?;
        Ok(())
    }
}

fn failure(error: rusqlite::Error) -> Failure {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Failure::Busy,
        Some(ErrorCode::ConstraintViolation) => Failure::Outrun,
        Some(ErrorCode::DiskFull) => Failure::Refused(LedgerError::DiskFull),
        Some(ErrorCode::ReadOnly) => Failure::Refused(LedgerError::ReadOnly),
        _ => Failure::Lost(Spoken::new("数据库内部错误", error.to_string())),
    }
}
