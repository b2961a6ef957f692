//! The draws' SQL.

pub(super) const INSERT: &str =
    "INSERT INTO draw (id, competition_id, made_at, document) VALUES ($1, $2, $3, $4)";
pub(super) const SELECT_ALL: &str =
    "SELECT id, made_at, document FROM draw WHERE competition_id = $1 ORDER BY made_at DESC, id DESC";
/// Changes nothing and holds the row: of two who change at once the second changes what the first left.
pub(super) const HOLD: &str = "UPDATE draw SET document = document WHERE id = $1 AND competition_id = $2";
pub(super) const SELECT: &str =
    "SELECT id, made_at, document FROM draw WHERE id = $1 AND competition_id = $2";
pub(super) const UPDATE: &str = "UPDATE draw SET document = $2 WHERE id = $1";
