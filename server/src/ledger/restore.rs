//! What only a restore does: entries are written as they were, without deciding them, into a
//! database that holds none. The caller has verified them.

use std::collections::BTreeMap;

use domain::id::{DeviceId, LedgerId};
use domain::ledger::Sealed;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{LedgerError, queries};

/// How many entries one statement inserts.
const AT_ONCE: usize = 100;

/// Inserts the next entries of a ledger.
pub(crate) async fn insert_entries(
    connection: &mut AnyConnection,
    entries: &[Sealed],
) -> Result<(), LedgerError> {
    for some in entries.chunks(AT_ONCE) {
        let sql = queries::insert_entries(some.len());
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for sealed in some {
            let entry = &sealed.entry;
            insert = insert
                .bind(entry.ledger.as_str())
                .bind(entry.seq)
                .bind(entry.id.to_string())
                .bind(&sealed.json);
        }
        insert.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Names a ledger that has entries.
pub(crate) async fn insert_head(
    connection: &mut AnyConnection,
    ledger: &LedgerId,
) -> Result<(), LedgerError> {
    sqlx::query(queries::INSERT_HEAD).bind(ledger.as_str()).execute(connection).await?;
    Ok(())
}

/// Says which ledger each device writes to, and how far it has come. Nothing is safe yet: the new
/// database is the only place that is known.
pub(crate) async fn insert_devices(
    connection: &mut AnyConnection,
    devices: &BTreeMap<DeviceId, (LedgerId, i64)>,
) -> Result<(), LedgerError> {
    for (device, (ledger, last_dseq)) in devices {
        let insert = sqlx::query(queries::INSERT_DEVICE_AT).bind(device.as_str());
        insert.bind(ledger.as_str()).bind(*last_dseq).execute(&mut *connection).await?;
    }
    Ok(())
}

/// A new random epoch in place of whichever was there.
pub(crate) async fn insert_epoch(connection: &mut AnyConnection) -> Result<String, LedgerError> {
    let epoch = super::random_epoch()?;
    sqlx::query(queries::UPSERT_STATE).bind(super::EPOCH).bind(&epoch).execute(connection).await?;
    Ok(epoch)
}
