//! The SQL of lists that wait and of those that were taken in.

pub(super) const INSERT_DRAFT: &str = "INSERT INTO import_draft \
    (id, competition_id, account_id, file_name, content, made_at, purpose) VALUES ($1, $2, $3, $4, $5, $6, $7)";
pub(super) const SELECT_DRAFT: &str = "SELECT file_name, mended, purpose FROM import_draft \
    WHERE id = $1 AND competition_id = $2 AND account_id = $3 AND made_at > $4";
pub(super) const SELECT_CONTENT: &str = "SELECT content FROM import_draft WHERE id = $1";
/// Of two who mend one list at once the second is told: what was mended before is as they saw it.
pub(super) const MEND_DRAFT: &str = "UPDATE import_draft SET mended = $2 \
    WHERE id = $1 AND COALESCE(mended, '') = $3";
/// One's own of that competition and purpose that one did not go on with, and everybody's that are too old.
pub(super) const DELETE_DRAFTS: &str = "DELETE FROM import_draft \
    WHERE made_at < $1 OR (account_id = $2 AND competition_id = $3 AND purpose = $4)";
pub(super) const DELETE_DRAFT: &str = "DELETE FROM import_draft WHERE id = $1";
/// Which nobody took in for long.
pub(super) const DELETE_OLD: &str = "DELETE FROM import_draft WHERE made_at < $1";

pub(super) const INSERT_BATCH: &str = "INSERT INTO import_batch \
    (id, competition_id, file_name, entries, left_out, made_by, made_at, purpose) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(super) const SELECT_BATCHES: &str = "SELECT import_batch.id, import_batch.file_name, import_batch.entries, \
    import_batch.left_out, COALESCE(account.name, ''), import_batch.made_at, import_batch.undone_at, \
    import_batch.purpose \
    FROM import_batch LEFT JOIN account ON account.id = import_batch.made_by \
    WHERE import_batch.competition_id = $1 ORDER BY import_batch.made_at DESC, import_batch.id DESC";
pub(super) const UNDO_BATCH: &str = "UPDATE import_batch SET undone_by = $4, undone_at = $5 \
    WHERE id = $1 AND competition_id = $2 AND purpose = $3 AND undone_at IS NULL";
