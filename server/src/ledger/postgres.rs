//! The writer on PostgreSQL. Any number of servers write; the row of a ledger's head is their lock.

use std::collections::HashMap;

use domain::id::{DeviceId, EntryId, LedgerId};
use domain::ledger::DeviceSignature;
use serde::Serialize;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions as _, Row as _};

use super::queries;
use super::store::{DeviceRow, Failure, Moved, NewEntry, PAGE, moved};
use super::{EPOCH, LedgerError};
use crate::database::Database;
use crate::spoken;

const BEGIN: &str = "BEGIN";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";
const SETTINGS: &str = "SET synchronous_commit = on";
const INSERT_HEADS: &str = "INSERT INTO ledger_head (ledger_id) \
    SELECT value FROM json_array_elements_text($1::json) ORDER BY value ON CONFLICT DO NOTHING";
/// In the order of their ids, so that two servers never wait for each other in a ring.
const LOCK_HEADS: &str = "SELECT ledger_id FROM ledger_head \
    WHERE ledger_id = ANY (ARRAY(SELECT json_array_elements_text($1::json))) ORDER BY ledger_id FOR UPDATE";
pub(super) const LOCK_HEAD: &str = "SELECT ledger_id FROM ledger_head WHERE ledger_id = $1 FOR UPDATE";
/// A statement of its own after the lock, so that it sees what was committed while we waited.
const SELECT_HEADS: &str = "SELECT value, \
    COALESCE((SELECT MAX(seq) FROM ledger_entry WHERE ledger_entry.ledger_id = value), 0) \
    FROM json_array_elements_text($1::json)";
const SELECT_DEVICES: &str = "SELECT device_id, ledger_id, last_dseq FROM ledger_device \
    WHERE device_id = ANY (ARRAY(SELECT json_array_elements_text($1::json)))";
const SELECT_ENTRIES: &str = "SELECT entry FROM ledger_entry \
    WHERE entry_id = ANY (ARRAY(SELECT json_array_elements_text($1::json)))";
/// A whole group in one statement.
const INSERT_ENTRIES: &str = "INSERT INTO ledger_entry \
    (ledger_id, seq, entry_id, entry) \
    SELECT ledger_id, seq, entry_id, entry FROM json_to_recordset($1::json) AS row \
    (ledger_id TEXT, seq BIGINT, entry_id TEXT, entry TEXT)";
const INSERT_REASONS: &str = "INSERT INTO ledger_reason (entry_id, salt, text) \
    SELECT entry_id, salt, text FROM json_to_recordset($1::json) AS row \
    (entry_id TEXT, salt TEXT, text TEXT)";
const INSERT_DRAWINGS: &str = "INSERT INTO ledger_drawing (entry_id, salt, strokes) \
    SELECT entry_id, salt, strokes FROM json_to_recordset($1::json) AS row \
    (entry_id TEXT, salt TEXT, strokes TEXT)";
const INSERT_SIGNATURES: &str = "INSERT INTO ledger_signature (entry_id, signature) \
    SELECT entry_id, signature FROM json_to_recordset($1::json) AS row (entry_id TEXT, signature TEXT)";
const INSERT_DEVICES: &str = "INSERT INTO ledger_device (device_id, ledger_id, last_dseq, safe_dseq) \
    SELECT device_id, ledger_id, 0, 0 FROM json_to_recordset($1::json) AS row \
    (device_id TEXT, ledger_id TEXT) ORDER BY device_id ON CONFLICT DO NOTHING";
const UPDATE_DEVICES: &str = "UPDATE ledger_device SET last_dseq = row.last_dseq \
    FROM json_to_recordset($1::json) AS row \
    (device_id TEXT, ledger_id TEXT, last_dseq BIGINT, from_dseq BIGINT) \
    WHERE ledger_device.device_id = row.device_id AND ledger_device.ledger_id = row.ledger_id \
    AND ledger_device.last_dseq = row.from_dseq";

pub(super) struct PostgresStore {
    connection: AnyConnection,
}

#[derive(Serialize)]
struct EntryRow<'a> {
    ledger_id: &'a str,
    seq: i64,
    entry_id: EntryId,
    entry: &'a str,
}

#[derive(Serialize)]
struct SignatureRow {
    entry_id: EntryId,
    signature: DeviceSignature,
}

#[derive(Serialize)]
struct ReasonRow<'a> {
    entry_id: EntryId,
    salt: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct DrawingRow<'a> {
    entry_id: EntryId,
    salt: &'a str,
    strokes: &'a str,
}

#[derive(Serialize)]
struct MovedRow<'a> {
    device_id: &'a str,
    ledger_id: &'a str,
    last_dseq: i64,
    from_dseq: i64,
}

impl PostgresStore {
    pub(super) async fn open(database: &Database) -> Result<Self, Failure> {
        let options: AnyConnectOptions = database.url().parse().map_err(failure)?;
        let mut connection = options.connect().await.map_err(failure)?;
        sqlx::raw_sql(SETTINGS).execute(&mut connection).await.map_err(failure)?;
        Ok(Self { connection })
    }

    pub(super) async fn begin(&mut self) -> Result<(), Failure> {
        self.run(BEGIN).await
    }

    pub(super) async fn epoch(&mut self) -> Result<String, Failure> {
        let select = sqlx::query_scalar(queries::SELECT_STATE).bind(EPOCH);
        select.fetch_one(&mut self.connection).await.map_err(failure)
    }

    pub(super) async fn heads(&mut self, ledgers: &[LedgerId]) -> Result<Vec<i64>, Failure> {
        let ids = json(ledgers)?;
        if self.lock_heads(&ids).await? < ledgers.len() {
            sqlx::query(INSERT_HEADS).bind(&ids).execute(&mut self.connection).await.map_err(failure)?;
            self.lock_heads(&ids).await?;
        }
        let select = sqlx::query(SELECT_HEADS).bind(&ids);
        let rows = select.fetch_all(&mut self.connection).await.map_err(failure)?;
        let read = |row: &sqlx::any::AnyRow| Ok((row.try_get::<String, _>(0)?, row.try_get(1)?));
        let heads: HashMap<String, i64> = rows.iter().map(read).collect::<Result<_, _>>().map_err(failure)?;
        let seq = |ledger: &LedgerId| heads.get(ledger.as_str()).copied().ok_or(Failure::Outrun);
        ledgers.iter().map(seq).collect()
    }

    /// Gives how many of them there are.
    async fn lock_heads(&mut self, ids: &str) -> Result<usize, Failure> {
        let lock = sqlx::query(LOCK_HEADS).bind(ids);
        Ok(lock.fetch_all(&mut self.connection).await.map_err(failure)?.len())
    }

    pub(super) async fn devices(&mut self, devices: &[DeviceId]) -> Result<Vec<DeviceRow>, Failure> {
        if devices.is_empty() {
            return Ok(Vec::new());
        }
        let select = sqlx::query(SELECT_DEVICES).bind(json(devices)?);
        let rows = select.fetch_all(&mut self.connection).await.map_err(failure)?;
        let read = |row: &sqlx::any::AnyRow| {
            let device = DeviceId::from(row.try_get::<String, _>(0)?);
            let ledger = LedgerId::from(row.try_get::<String, _>(1)?);
            Ok(DeviceRow { device, ledger, last_dseq: row.try_get(2)? })
        };
        rows.iter().map(read).collect::<Result<_, _>>().map_err(failure)
    }

    pub(super) async fn used(&mut self, ids: &[EntryId]) -> Result<Vec<String>, Failure> {
        let select = sqlx::query_scalar(SELECT_ENTRIES).bind(json(ids)?);
        select.fetch_all(&mut self.connection).await.map_err(failure)
    }

    pub(super) async fn page(&mut self, ledger: &LedgerId, seq: i64) -> Result<Vec<String>, Failure> {
        let select = sqlx::query_scalar(queries::SELECT_PAGE).bind(ledger.as_str()).bind(seq).bind(PAGE);
        select.fetch_all(&mut self.connection).await.map_err(failure)
    }

    pub(super) async fn write(&mut self, new: &[NewEntry]) -> Result<(), Failure> {
        let entries = new.iter().map(|new| EntryRow {
            ledger_id: new.sealed.entry.ledger.as_str(),
            seq: new.sealed.entry.seq,
            entry_id: new.sealed.entry.id,
            entry: &new.sealed.json,
        });
        self.bulk(INSERT_ENTRIES, json(&entries.collect::<Vec<_>>())?).await?;
        let signature = |new: &NewEntry| {
            let entry_id = new.sealed.entry.id;
            new.device_signature.map(|signature| SignatureRow { entry_id, signature })
        };
        let signatures: Vec<_> = new.iter().filter_map(signature).collect();
        if !signatures.is_empty() {
            self.bulk(INSERT_SIGNATURES, json(&signatures)?).await?;
        }
        let drawing = |new: &'_ NewEntry| Some((new.sealed.entry.id, new.drawing.clone()?));
        let drawings: Vec<_> = new.iter().filter_map(drawing).collect();
        if !drawings.is_empty() {
            let rows = drawings.iter().map(|(entry_id, drawing)| DrawingRow {
                entry_id: *entry_id,
                salt: drawing.salt(),
                strokes: drawing.strokes(),
            });
            self.bulk(INSERT_DRAWINGS, json(&rows.collect::<Vec<_>>())?).await?;
        }
        let reason = |new: &'_ NewEntry| Some((new.sealed.entry.id, new.reason.clone()?));
        let reasons: Vec<_> = new.iter().filter_map(reason).collect();
        if !reasons.is_empty() {
            let rows = reasons.iter().map(|(entry_id, reason)| ReasonRow {
                entry_id: *entry_id,
                salt: &reason.salt,
                text: &reason.text,
            });
            self.bulk(INSERT_REASONS, json(&rows.collect::<Vec<_>>())?).await?;
        }
        let devices = moved(new);
        let rows = devices.iter().map(|Moved { ledger, device, from_dseq, last_dseq }| MovedRow {
            device_id: device.as_str(),
            ledger_id: ledger.as_str(),
            last_dseq: *last_dseq,
            from_dseq: *from_dseq,
        });
        let rows = json(&rows.collect::<Vec<_>>())?;
        if devices.iter().any(|moved| moved.from_dseq == 0) {
            self.bulk(INSERT_DEVICES, rows.clone()).await?;
        }
        // Fewer where another server bound or moved one of them meanwhile.
        let count = self.bulk(UPDATE_DEVICES, rows).await?;
        let is_whole = usize::try_from(count).is_ok_and(|count| count == devices.len());
        if is_whole { Ok(()) } else { Err(Failure::Outrun) }
    }

    pub(super) async fn commit(&mut self) -> Result<(), Failure> {
        self.run(COMMIT).await
    }

    pub(super) async fn roll_back(&mut self) -> Result<(), Failure> {
        self.run(ROLLBACK).await
    }

    async fn bulk(&mut self, sql: &'static str, rows: String) -> Result<u64, Failure> {
        let done = sqlx::query(sql).bind(rows).execute(&mut self.connection).await.map_err(failure)?;
        Ok(done.rows_affected())
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), Failure> {
        sqlx::raw_sql(sql).execute(&mut self.connection).await.map_err(failure).map(|_| ())
    }
}

fn json<T: Serialize + ?Sized>(rows: &T) -> Result<String, Failure> {
    serde_json::to_string(rows).map_err(|error| Failure::Lost(spoken::of_library(&error)))
}

/// By PostgreSQL's own codes: its words depend on its language.
fn failure(error: sqlx::Error) -> Failure {
    let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
    match code.as_deref() {
        // A unique value is there already; a serialization failure; a deadlock.
        Some("23505" | "40001" | "40P01") => Failure::Outrun,
        Some("53100") => Failure::Refused(LedgerError::DiskFull),
        Some("25006") => Failure::Refused(LedgerError::ReadOnly),
        _ => Failure::Lost(spoken::of_database(&error)),
    }
}
