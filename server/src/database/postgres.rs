//! What is PostgreSQL's own: its settings, the lock of migrations, and the triggers that keep the
//! ledger append-only.

/// The settings of every connection.
pub(super) const SETTINGS: &str = "SET synchronous_commit = on";

/// One server migrates at a time; the lock goes with the transaction.
pub(super) const LOCK_MIGRATIONS: &str = "SELECT pg_advisory_xact_lock(5002178530913)";

/// Entries are never changed or removed, not even all at once.
pub(super) const APPEND_ONLY: &str = "
    CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''ledger entries and checkpoints are append-only''; END';
    CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
    CREATE TRIGGER ledger_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
";

/// Begins a transaction that will write.
pub(super) const BEGIN_WRITE: &str = "BEGIN";

/// Begins a transaction that sees one moment.
pub(super) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How many tables there are in the schema that would be used.
pub(super) const COUNT_TABLES: &str =
    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()";
