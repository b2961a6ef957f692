//! The competitions' SQL.

pub(super) const INSERT_COMPETITION: &str = "INSERT INTO competition (id, document, created_at, organisation_id) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
pub(super) const INSERT_SKILL: &str = "INSERT INTO skill (id, competition_id, name, document) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
pub(super) const SELECT_COMPETITION: &str = "SELECT document, organisation_id FROM competition WHERE id = $1";
pub(super) const SELECT_COMPETITIONS: &str = "SELECT id FROM competition ORDER BY created_at, id";
pub(super) const SELECT_SKILLS: &str = "SELECT skill.id, skill.name, skill.document, skill_draft.opening, \
    skill_draft.pinned_at FROM skill \
    LEFT JOIN skill_draft ON skill_draft.skill_id = skill.id \
    WHERE skill.competition_id = $1 ORDER BY skill.name";
pub(super) const INSERT_DRAFT: &str =
    "INSERT INTO skill_draft (skill_id, opening) VALUES ($1, $2) ON CONFLICT (skill_id) DO NOTHING";
pub(super) const SELECT_CHANGES: &str = "SELECT COALESCE(changes, 0) FROM competition WHERE id = $1";
/// Counts a change and holds the row: everything that changes a competition's set-up goes through it.
pub(super) const HOLD_COMPETITION: &str =
    "UPDATE competition SET changes = COALESCE(changes, 0) + 1 WHERE id = $1";
pub(super) const UPDATE_COMPETITION: &str =
    "UPDATE competition SET document = $2, changes = COALESCE(changes, 0) + 1 WHERE id = $1";
pub(super) const PIN_DRAFT: &str = "UPDATE skill_draft SET pinned_at = $2 WHERE skill_id = $1";
/// One's own pin alone.
pub(super) const UNPIN_DRAFT: &str =
    "UPDATE skill_draft SET pinned_at = NULL WHERE skill_id = $1 AND pinned_at = $2";
pub(super) const UPSERT_DRAFT: &str = "INSERT INTO skill_draft (skill_id, opening) VALUES ($1, $2) \
    ON CONFLICT (skill_id) DO UPDATE SET opening = excluded.opening";
pub(super) const DELETE_DRAFT: &str = "DELETE FROM skill_draft WHERE skill_id = $1";
pub(super) const DELETE_SKILL: &str = "DELETE FROM skill WHERE id = $1";
pub(super) const HOLD_COMPETITION_OF: &str = "UPDATE competition SET changes = COALESCE(changes, 0) + 1 \
    WHERE id = (SELECT competition_id FROM skill WHERE id = $1)";
/// Changes nothing and holds the row, so that of two changes the second is made of what the first left.
pub(super) const HOLD_SKILL: &str = "UPDATE skill SET document = document WHERE id = $1";
pub(super) const SELECT_DOCUMENT: &str = "SELECT document FROM skill WHERE id = $1";
pub(super) const UPDATE_DOCUMENT: &str = "UPDATE skill SET document = $2 WHERE id = $1";
pub(super) const SELECT_COMPETITION_OF: &str = "SELECT competition_id FROM skill WHERE id = $1";

pub(super) const SELECT_ORGANISATION: &str = "SELECT organisation_id FROM competition WHERE id = $1";
pub(super) const COUNT_SKILLS: &str = "SELECT COUNT(*) FROM skill WHERE competition_id = $1";
pub(super) const COUNT_OF_ORGANISATION: &str = "SELECT COUNT(*) FROM competition WHERE organisation_id = $1";

/// Of two who make one at once the first does.
pub(super) const INSERT_PRACTICE: &str = "INSERT INTO practice (skill_id, practice_id, made_at) \
    VALUES ($1, $2, $3) ON CONFLICT (skill_id) DO NOTHING";
pub(super) const SELECT_PRACTICE: &str = "SELECT practice_id FROM practice WHERE skill_id = $1";
pub(super) const SELECT_PRACTISED: &str = "SELECT skill_id FROM practice WHERE practice_id = $1";
pub(super) const SELECT_PRACTICES: &str = "SELECT skill.competition_id, practice.skill_id, practice.practice_id \
    FROM practice JOIN skill ON skill.id = practice.practice_id ORDER BY practice.made_at, practice.skill_id";

/// Of one that is sent twice the first is kept.
pub(super) const INSERT_DRILL: &str = "INSERT INTO drill (competition_id, skill_id, series, account_id, made_at) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (competition_id) DO NOTHING";
pub(super) const SELECT_EVERY_DRILL: &str = "SELECT competition_id FROM drill";
pub(super) const SELECT_DRILLS: &str = "SELECT competition_id, series, made_at FROM drill \
    WHERE account_id = $1 ORDER BY made_at DESC, competition_id";
