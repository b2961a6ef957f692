//! The organisations' SQL.

pub(super) const INSERT: &str =
    "INSERT INTO organisation (id, parent_id, kind, name, made_at) VALUES ($1, $2, $3, $4, $5)";
pub(super) const SELECT: &str = "SELECT id, parent_id, kind, name FROM organisation ORDER BY made_at, id";
/// Changes nothing and holds every row, so that of two moves at once the second sees what the first did and
/// both together make no ring.
pub(super) const HOLD: &str = "UPDATE organisation SET made_at = made_at";
pub(super) const UPDATE: &str = "UPDATE organisation SET parent_id = $2, kind = $3, name = $4 WHERE id = $1";
pub(super) const DELETE: &str = "DELETE FROM organisation WHERE id = $1";
pub(super) const COUNT_HELD: &str = "SELECT (SELECT COUNT(*) FROM appointment WHERE scope = $1 AND ended_at IS NULL) \
    + (SELECT COUNT(*) FROM invitation WHERE scope = $1 AND used_at IS NULL AND ended_at IS NULL) \
    + (SELECT COUNT(*) FROM circuit WHERE organisation_id = $2)";
/// With `UNION`, and not `UNION ALL`, a ring would end it too.
pub(super) const SELECT_ABOVE: &str = "WITH RECURSIVE above (id, parent_id) AS (\
    SELECT id, parent_id FROM organisation WHERE id = $1 \
    UNION SELECT organisation.id, organisation.parent_id FROM organisation \
    JOIN above ON organisation.id = above.parent_id) SELECT id, parent_id FROM above";
