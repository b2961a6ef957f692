//! The SQL of a scheme's versions.

pub(super) const SELECT_NEWEST: &str =
    "SELECT number, digest FROM scheme_version WHERE skill_id = $1 ORDER BY number DESC LIMIT 1";
pub(super) const INSERT: &str = "INSERT INTO scheme_version \
    (skill_id, number, made_at, account_id, how, digest, aspects, total, scheme, noted, notes) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
pub(super) const SELECT: &str = "SELECT scheme_version.number, scheme_version.made_at, \
    COALESCE(account.name, ''), scheme_version.how, scheme_version.digest, scheme_version.aspects, \
    scheme_version.total FROM scheme_version LEFT JOIN account ON account.id = scheme_version.account_id \
    WHERE scheme_version.skill_id = $1 ORDER BY scheme_version.number DESC";
/// Of the newest, what was noted of the workbook that it came from.
pub(super) const SELECT_NOTED: &str =
    "SELECT noted, notes FROM scheme_version WHERE skill_id = $1 ORDER BY number DESC LIMIT 1";
pub(super) const COUNT: &str = "SELECT COUNT(*) FROM scheme_version WHERE skill_id = $1";
/// Of the version that is left, who marked it by then.
pub(super) const LEAVE: &str = "UPDATE scheme_version SET panels = $2 WHERE skill_id = $1 \
    AND number = (SELECT MAX(number) FROM scheme_version WHERE skill_id = $1)";
pub(super) const SELECT_PANELS: &str =
    "SELECT panels FROM scheme_version WHERE skill_id = $1 AND number = $2";
pub(super) const SELECT_ONE: &str = "SELECT scheme FROM scheme_version WHERE skill_id = $1 AND number = $2";
pub(super) const SELECT_BY_DIGEST: &str =
    "SELECT scheme FROM scheme_version WHERE skill_id = $1 AND digest = $2 ORDER BY number DESC LIMIT 1";
pub(super) const DELETE_ALL: &str = "DELETE FROM scheme_version WHERE skill_id = $1";
