//! What is SQLite's own: its settings, the oldest version we trust, and the triggers that keep the
//! ledger append-only.

use super::DatabaseError;

/// Older ones can corrupt a file when one connection checkpoints while another writes
/// ("WAL-reset", 3.7.0 to 3.51.2).
pub(crate) const VERSION_MIN: (u32, u32, u32) = (3, 51, 3);

/// How long a statement waits for another connection's write to end.
pub(super) const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout = 60000";

/// Every table's name.
pub(super) const SELECT_TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table'";

pub(super) const SELECT_JOURNAL_MODE: &str = "PRAGMA journal_mode";

/// The settings of every connection, in order. The WAL file is kept between checkpoints
/// (`journal_size_limit` stays unlimited): writing over blocks that exist syncs faster than growing.
/// Triggers are recursive, so that `INSERT OR REPLACE` meets the one that forbids removing.
pub(crate) const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA secure_delete = ON;
    PRAGMA recursive_triggers = ON;
";

/// Entries are never changed or removed.
pub(super) const APPEND_ONLY: &str = "
    CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
    CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
    CREATE TRIGGER ledger_checkpoint_no_update BEFORE UPDATE ON ledger_checkpoint
    BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
    CREATE TRIGGER ledger_checkpoint_no_delete BEFORE DELETE ON ledger_checkpoint
    BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
";

/// Begins a transaction that will write: a deferred one could not wait for another writer.
pub(super) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// Begins a transaction that sees one moment.
pub(super) const BEGIN_READ: &str = "BEGIN DEFERRED";

/// How many tables there are, whoever made them.
pub(super) const COUNT_TABLES: &str = "SELECT COUNT(*) FROM sqlite_schema";

/// A path as the URL that sqlx reads; the file is made where it is missing.
pub(super) fn url(path: &str) -> String {
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23").replace(' ', "%20");
    format!("sqlite://{escaped}?mode=rwc")
}

/// Refuses a SQLite that may corrupt a file.
///
/// # Errors
/// [`DatabaseError::SqliteTooOld`].
pub(super) fn check_version(version: &str) -> Result<(), DatabaseError> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    let mut next = || parts.next().flatten();
    match (next(), next(), next()) {
        (Some(major), Some(minor), Some(patch)) if (major, minor, patch) >= VERSION_MIN => Ok(()),
        _ => Err(DatabaseError::SqliteTooOld { found: version.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_that_may_corrupt_its_file_is_refused() {
        for good in ["3.51.3", "3.52.0", "3.100.0", "4.0.0"] {
            assert_eq!(check_version(good), Ok(()), "{good}");
        }
        for bad in ["3.51.2", "3.9.9", "3.40.1", "2.99.99", "3.51", "", "x.y.z"] {
            assert_eq!(check_version(bad), Err(DatabaseError::SqliteTooOld { found: bad.into() }), "{bad}");
        }
    }

    #[test]
    fn a_path_with_url_characters_stays_one_path() {
        assert_eq!(url("a b/50%?#.db"), "sqlite://a%20b/50%25%3f%23.db?mode=rwc");
    }
}
