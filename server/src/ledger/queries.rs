//! The ledger's portable SQL.

pub(super) const SELECT_PAGE: &str = "SELECT entry FROM ledger_entry \
    WHERE ledger_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3";
pub(super) const SELECT_ENTRY: &str = "SELECT entry FROM ledger_entry WHERE entry_id = $1 AND ledger_id = $2";
pub(super) const SELECT_LEDGERS: &str = "SELECT ledger_id, \
    (SELECT MAX(seq) FROM ledger_entry WHERE ledger_entry.ledger_id = ledger_head.ledger_id) \
    FROM ledger_head ORDER BY ledger_id";
/// None before the first entry.
pub(super) const SELECT_HEAD: &str = "SELECT MAX(seq) FROM ledger_entry WHERE ledger_id = $1";
pub(super) const SELECT_DEVICE: &str =
    "SELECT ledger_id, last_dseq, safe_dseq FROM ledger_device WHERE device_id = $1";
pub(super) const INSERT_DEVICE: &str = "INSERT INTO ledger_device \
    (device_id, ledger_id, last_dseq, safe_dseq) VALUES ($1, $2, 0, 0) ON CONFLICT (device_id) DO NOTHING";
/// A copy of the entries up to there is in a second place. It never goes back.
pub(super) const UPDATE_SAFE: &str =
    "UPDATE ledger_device SET safe_dseq = $2 WHERE device_id = $1 AND safe_dseq < $2";

pub(super) const UPDATE_SAFE_SEQ: &str =
    "UPDATE ledger_head SET safe_seq = $2 WHERE ledger_id = $1 AND safe_seq < $2";
pub(super) const SELECT_SAFE_SEQ: &str = "SELECT safe_seq FROM ledger_head WHERE ledger_id = $1";

/// Of a restore: entries as they were.
pub(super) fn insert_entries(count: usize) -> String {
    const COLUMNS: [&str; 4] = ["ledger_id", "seq", "entry_id", "entry"];
    let row = |row: usize| {
        let values: Vec<String> =
            (1..=COLUMNS.len()).map(|column| format!("${}", row * COLUMNS.len() + column)).collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<String> = (0..count).map(row).collect();
    format!("INSERT INTO ledger_entry ({}) VALUES {}", COLUMNS.join(", "), rows.join(", "))
}
pub(super) const INSERT_HEAD: &str = "INSERT INTO ledger_head (ledger_id) VALUES ($1)";
pub(super) const ADD_HEAD: &str = "INSERT INTO ledger_head (ledger_id) VALUES ($1) ON CONFLICT DO NOTHING";
pub(super) const INSERT_DEVICE_AT: &str = "INSERT INTO ledger_device \
    (device_id, ledger_id, last_dseq, safe_dseq) VALUES ($1, $2, $3, 0)";

/// Whatever is said of an act first stays.
pub(super) const INSERT_CONFIRMATION: &str = "INSERT INTO confirmation \
    (act_id, ledger_id, body, person, given_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (act_id) DO NOTHING";
pub(super) const SELECT_CONFIRMATION: &str =
    "SELECT ledger_id, body, person FROM confirmation WHERE act_id = $1";

pub(super) const SELECT_SIGNATURE: &str = "SELECT signature FROM ledger_signature WHERE entry_id = $1";
pub(super) const SELECT_REASON: &str = "SELECT salt, text FROM ledger_reason WHERE entry_id = $1";
pub(super) const DELETE_REASON: &str = "DELETE FROM ledger_reason WHERE entry_id = $1";
pub(super) const SELECT_DRAWING: &str = "SELECT salt, strokes FROM ledger_drawing WHERE entry_id = $1";
pub(super) const DELETE_DRAWING: &str = "DELETE FROM ledger_drawing WHERE entry_id = $1";

pub(super) const INSERT_CHECKPOINT: &str = "INSERT INTO ledger_checkpoint \
    (ledger_id, size, root, note, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (ledger_id, size) DO NOTHING";
pub(super) const SELECT_CHECKPOINT: &str =
    "SELECT note FROM ledger_checkpoint WHERE ledger_id = $1 ORDER BY size DESC LIMIT 1";
/// What the newest checkpoint of a ledger says.
pub(super) const SELECT_CHECKPOINT_SIZE: &str =
    "SELECT size, root FROM ledger_checkpoint WHERE ledger_id = $1 ORDER BY size DESC LIMIT 1";

pub(super) const SELECT_STATE: &str = "SELECT value FROM server_state WHERE key = $1";
pub(super) const INSERT_STATE: &str =
    "INSERT INTO server_state (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
pub(super) const UPSERT_STATE: &str = "INSERT INTO server_state (key, value) VALUES ($1, $2) \
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";
