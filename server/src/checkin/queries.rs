//! The registration desk's SQL.

/// Of two who note the same one at once, the second notes nothing.
pub(super) const INSERT: &str = "INSERT INTO check_in (id, skill_id, code, made_at, made_by) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (skill_id, code) WHERE undone_at IS NULL DO NOTHING";
pub(super) const UNDO: &str = "UPDATE check_in SET undone_at = $4, undone_by = $5 \
    WHERE id = $1 AND skill_id = $2 AND code = $3 AND undone_at IS NULL";
pub(super) const SELECT_HELD: &str = "SELECT check_in.id, check_in.made_at, account.name, \
    check_in.undone_at, '', check_in.made_by, check_in.skill_id, check_in.code FROM check_in \
    JOIN skill ON skill.id = check_in.skill_id JOIN account ON account.id = check_in.made_by \
    WHERE skill.competition_id = $1 AND check_in.undone_at IS NULL";
pub(super) const SELECT_OF: &str = "SELECT check_in.id, check_in.made_at, account.name, \
    check_in.undone_at, COALESCE(undoer.name, ''), check_in.made_by FROM check_in \
    JOIN account ON account.id = check_in.made_by LEFT JOIN account undoer ON undoer.id = check_in.undone_by \
    WHERE check_in.skill_id = $1 AND check_in.code = $2 ORDER BY check_in.made_at, check_in.id";
pub(super) const DELETE: &str = "DELETE FROM check_in WHERE skill_id = $1 AND code = $2";
