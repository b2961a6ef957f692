//! Every table but the entries, as one file of rows: a moment of the database, replaced as a whole.
//! Each line carries a hash over itself and all before it, so that a changed, missing or swapped
//! line is found and named.

use std::path::Path;

use domain::ledger::Hash;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AnyConnection, AssertSqlSafe, Column as _, Row as _, TypeInfo as _, ValueRef as _};

use super::BackupError;
use super::life::Life;
use crate::database::Database;
use crate::database::migration::{self, Step};
use crate::durable;
use crate::ledger::Ledger;
use domain::finding::Spoken;

/// The present format.
pub(super) const FORMAT: u32 = 1;
/// What the entries themselves say, photos, which are files, lists that nobody took in yet, and what undoes a bulk
/// change for a day.
pub(super) const ELSEWHERE: [&str; 5] =
    ["ledger_entry", "ledger_head", "note_photo", "import_draft", "bulk_change"];
/// Of it only what no entry says is kept: devices that have entered nothing yet.
pub(super) const DEVICES: &str = "ledger_device";
pub(super) const CHECKPOINTS: &str = "ledger_checkpoint";

const SELECT_DEVICES: &str = "SELECT device_id, ledger_id FROM ledger_device";

/// How often the tables are looked at, unless that takes long.
const LOOK_MS: i64 = 10_000;
/// How many times as long as a look takes there is none.
const REST: i64 = 20;
/// After this they are written even where nothing changed, so that their age says something.
const WRITE_MS: i64 = 60_000;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// When it was taken, milliseconds since 1970 UTC.
    pub(super) at: i64,
    /// The database's epoch.
    pub(super) epoch: String,
    pub(super) format: u32,
    /// The key that verifies the checkpoints.
    pub(super) key: String,
    /// The schema.
    pub(super) steps: Vec<Step>,
}

/// Any other line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Line {
    /// A row.
    Row {
        /// Its values by column.
        row: Map<String, Value>,
        /// Its table.
        table: String,
    },
    /// The last line: how many rows there are.
    End {
        /// The count.
        end: u64,
    },
}

/// What was written last.
#[derive(Default)]
pub(super) struct Tables {
    /// When, and what the rows were.
    written: Option<(i64, Hash)>,
    next_look_at: i64,
}

impl Tables {
    pub(super) fn is_taken(&self) -> bool {
        self.written.is_some()
    }

    /// Makes them due.
    pub(super) fn look_again(&mut self) {
        self.next_look_at = 0;
    }

    pub(super) fn is_due(&self, now: i64) -> bool {
        now >= self.next_look_at
    }

    /// Takes them, and writes them where they changed. Checkpoints beyond what was copied of their
    /// ledger are left for the next time.
    pub(super) async fn take(
        &mut self,
        database: &Database,
        ledger: &Ledger,
        life: &Life,
        copied: &(dyn Fn(&str) -> i64 + Sync),
        now: i64,
    ) -> Result<(), BackupError> {
        let began = std::time::Instant::now();
        let steps = migration::steps();
        let rows = read(database, &steps, copied).await?;
        let content = rows.iter().fold(Hash::ZERO, |hash, row| after(&hash, row));
        let took_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.next_look_at = now.saturating_add(LOOK_MS.max(took_ms.saturating_mul(REST)));
        if self.written.is_some_and(|(at, known)| known == content && now < at + WRITE_MS) {
            return Ok(());
        }
        let (key, epoch) = (ledger.public_key(), life.epoch().to_owned());
        let header = json(&Header { at: now, epoch, format: FORMAT, key, steps })?;
        let end = json(&Line::End { end: rows.len() as u64 })?;
        let (mut text, mut hash) = (String::new(), Hash::ZERO);
        for line in std::iter::once(&header).chain(&rows).chain([&end]) {
            hash = after(&hash, line);
            text.push_str(&format!("{{\"line\":{line},\"hash\":\"{hash}\"}}\n"));
        }
        write(&life.tables(), text.as_bytes())?;
        self.written = Some((now, content));
        Ok(())
    }
}

/// Writes the file, and reads it back.
fn write(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let unusable = BackupError::place(path);
    durable::write(path, bytes).map_err(&unusable)?;
    if std::fs::read(path).map_err(&unusable)? == bytes {
        Ok(())
    } else {
        Err(BackupError::ReadBack { path: path.display().to_string() })
    }
}

/// The hash that a line carries.
pub(super) fn after(before: &Hash, line: &str) -> Hash {
    Hash::of_node(before, &Hash::of_leaf(line.as_bytes()))
}

/// A line's own text, where the hash that it carries is as it must be.
pub(super) fn split<'a>(line: &'a str, before: &Hash) -> Option<(&'a str, Hash)> {
    let inner = line.strip_prefix("{\"line\":")?.strip_suffix("\"}")?;
    let (text, hash) = inner.split_at_checked(inner.len().checked_sub(64)?)?;
    let text = text.strip_suffix(",\"hash\":\"")?;
    let hash = Hash::parse(hash)?;
    (hash == after(before, text)).then_some((text, hash))
}

/// Every row of one moment, as lines without their hashes.
async fn read(
    database: &Database,
    steps: &[Step],
    copied: &(dyn Fn(&str) -> i64 + Sync),
) -> Result<Vec<String>, BackupError> {
    let mut transaction = database.begin_read().await?;
    let mut lines = Vec::new();
    for table in migration::tables(steps) {
        if ELSEWHERE.contains(&table) {
            continue;
        }
        let sql = if table == DEVICES { SELECT_DEVICES.to_owned() } else { format!("SELECT * FROM {table}") };
        // The name is one of our own schema's.
        for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *transaction).await? {
            let row = values(&row)?;
            let size = row.get("size").and_then(Value::as_i64).unwrap_or(0);
            let ledger = row.get("ledger_id").and_then(Value::as_str).unwrap_or_default();
            if table == CHECKPOINTS && size > copied(ledger) {
                continue;
            }
            lines.push(json(&Line::Row { row, table: table.to_owned() })?);
        }
    }
    transaction.rollback().await?;
    Ok(lines)
}

fn values(row: &AnyRow) -> Result<Map<String, Value>, BackupError> {
    let mut values = Map::new();
    for column in row.columns() {
        let (at, name) = (column.ordinal(), column.name().to_owned());
        let raw = row.try_get_raw(at)?;
        let value = match raw.type_info().kind() {
            _ if raw.is_null() => Value::Null,
            AnyTypeInfoKind::BigInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::SmallInt => {
                Value::from(row.try_get::<i64, _>(at)?)
            }
            AnyTypeInfoKind::Text => Value::from(row.try_get::<String, _>(at)?),
            _ => {
                let kind = raw.type_info().name().to_owned();
                let problem =
                    Spoken::new(format!("列 {name} 的类型未知"), format!("column {name} is {kind}"));
                return Err(BackupError::Failed { problem });
            }
        };
        values.insert(name, value);
    }
    Ok(values)
}

/// Inserts a row.
///
/// # Errors
/// What the database says; a row whose columns are not plain names does not get there.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    table: &'static str,
    row: &Map<String, Value>,
) -> Result<(), sqlx::Error> {
    let is_name = |name: &String| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if row.is_empty() || !row.keys().all(is_name) {
        return Err(sqlx::Error::ColumnNotFound(table.to_owned()));
    }
    // A null says no type, and PostgreSQL wants one of what is bound: it stands in the text.
    let mut number = 0;
    let mut place = |value: &Value| {
        if value.is_null() {
            return "NULL".to_owned();
        }
        number += 1;
        format!("${number}")
    };
    let places: Vec<String> = row.values().map(&mut place).collect();
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    let mut insert = sqlx::query(AssertSqlSafe(sql));
    for value in row.values() {
        insert = match value {
            Value::Null => insert,
            Value::Number(number) => insert.bind(number.as_i64().unwrap_or_default()),
            Value::String(text) => insert.bind(text.clone()),
            _ => return Err(sqlx::Error::ColumnNotFound(table.to_owned())),
        };
    }
    insert.execute(connection).await?;
    Ok(())
}

fn json<T: Serialize>(value: &T) -> Result<String, BackupError> {
    let failed = |error| BackupError::Failed { problem: crate::spoken::of_library(&error) };
    serde_json::to_string(value).map_err(failed)
}
