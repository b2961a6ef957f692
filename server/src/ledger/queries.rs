//! The ledger's portable SQL.

pub(super) const SELECT_PAGE: &str = "SELECT entry FROM ledger_entry \
    WHERE ledger_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3";
pub(super) const SELECT_LEDGERS: &str = "SELECT ledger_id, \
    (SELECT MAX(seq) FROM ledger_entry WHERE ledger_entry.ledger_id = ledger_head.ledger_id) \
    FROM ledger_head ORDER BY ledger_id";
/// None before the first entry.
pub(super) const SELECT_HEAD: &str = "SELECT MAX(seq) FROM ledger_entry WHERE ledger_id = $1";
pub(super) const SELECT_DEVICE: &str =
    "SELECT ledger_id, last_dseq, safe_dseq FROM ledger_device WHERE device_id = $1";
pub(super) const INSERT_DEVICE: &str = "INSERT INTO ledger_device \
    (device_id, ledger_id, last_dseq, safe_dseq) VALUES ($1, $2, 0, 0) ON CONFLICT (device_id) DO NOTHING";

pub(super) const SELECT_REASON: &str = "SELECT salt, text FROM ledger_reason WHERE entry_id = $1";
pub(super) const DELETE_REASON: &str = "DELETE FROM ledger_reason WHERE entry_id = $1";

pub(super) const INSERT_CHECKPOINT: &str = "INSERT INTO ledger_checkpoint \
    (ledger_id, size, root, note, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (ledger_id, size) DO NOTHING";
pub(super) const SELECT_CHECKPOINT: &str =
    "SELECT note FROM ledger_checkpoint WHERE ledger_id = $1 ORDER BY size DESC LIMIT 1";

pub(super) const SELECT_STATE: &str = "SELECT value FROM server_state WHERE key = $1";
pub(super) const INSERT_STATE: &str =
    "INSERT INTO server_state (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
pub(super) const UPSERT_STATE: &str = "INSERT INTO server_state (key, value) VALUES ($1, $2) \
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";
