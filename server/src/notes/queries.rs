//! The notes' SQL.

pub(super) const INSERT_NOTE: &str = "INSERT INTO note \
    (id, ledger_id, judge, competitor, aspect, text, photo, made_at, received_at) \
    VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8)";
pub(super) const INSERT_PHOTO: &str = "INSERT INTO note \
    (id, ledger_id, judge, competitor, aspect, text, photo, made_at, received_at) \
    VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8)";
pub(super) const INSERT_BYTES: &str = "INSERT INTO note_photo (note_id, bytes) VALUES ($1, $2)";

/// How many of a judge's in a skill there are: all that ever came, photos now, written ones on a cell,
/// photos on it, and those of the last minute.
pub(super) const COUNT: &str = "SELECT COUNT(*), \
    COUNT(CASE WHEN photo IS NOT NULL AND taken_back_at IS NULL THEN 1 END), \
    COUNT(CASE WHEN photo IS NULL AND taken_back_at IS NULL AND competitor = $3 AND aspect = $4 THEN 1 END), \
    COUNT(CASE WHEN photo IS NOT NULL AND taken_back_at IS NULL AND competitor = $3 AND aspect = $4 THEN 1 END), \
    COUNT(CASE WHEN received_at > $5 THEN 1 END) \
    FROM note WHERE ledger_id = $1 AND judge = $2";

pub(super) const SELECT_KNOWN: &str =
    "SELECT ledger_id, judge, competitor, aspect, text, photo, taken_back_at FROM note WHERE id = $1";
pub(super) const SELECT_OF_JUDGE: &str = "SELECT id, judge, competitor, aspect, text, photo, made_at, received_at \
    FROM note WHERE ledger_id = $1 AND judge = $2 AND taken_back_at IS NULL ORDER BY received_at DESC, id DESC";
pub(super) const SELECT_OF_SKILL: &str = "SELECT id, judge, competitor, aspect, text, photo, made_at, received_at \
    FROM note WHERE ledger_id = $1 AND taken_back_at IS NULL ORDER BY received_at DESC, id DESC";

/// The note alone, whatever it says is gone with it.
pub(super) const TAKE_BACK: &str = "UPDATE note SET text = '', photo = NULL, taken_back_at = $1 \
    WHERE id = $2 AND ledger_id = $3 AND judge = $4 AND taken_back_at IS NULL";
pub(super) const DELETE_BYTES: &str = "DELETE FROM note_photo WHERE note_id = $1";
pub(super) const SELECT_BYTES: &str = "SELECT note_photo.bytes, note.judge, note.competitor, note.aspect \
    FROM note_photo JOIN note ON note.id = note_photo.note_id \
    WHERE note.id = $1 AND note.ledger_id = $2 AND note.taken_back_at IS NULL";

/// The photos that there are, for the copy in a second place.
pub(super) const SELECT_PHOTOS: &str = "SELECT id FROM note WHERE photo IS NOT NULL ORDER BY received_at, id";
pub(super) const SELECT_PHOTO: &str = "SELECT bytes FROM note_photo WHERE note_id = $1";
