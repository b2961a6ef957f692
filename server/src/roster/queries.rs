//! The rosters' SQL.

use crate::database::Kind;

/// Rows of code, number and blind index as one text of JSON: binding each by itself costs the square of how many
/// they are.
pub(super) fn insert_identities(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => {
            "INSERT INTO identity (skill_id, code, number, blind) \
            SELECT $1, value ->> 0, value ->> 1, value ->> 2 FROM json_each($2)"
        }
        Kind::Postgres => {
            "INSERT INTO identity (skill_id, code, number, blind) \
            SELECT $1, value ->> 0, value ->> 1, value ->> 2 FROM json_array_elements(CAST($2 AS json))"
        }
    }
}
pub(super) const SELECT_IDENTITIES: &str = "SELECT identity.skill_id, identity.blind FROM identity \
    JOIN skill ON skill.id = identity.skill_id WHERE skill.competition_id = $1";
/// Which another key sealed; its own begin with its name.
pub(super) const COUNT_OTHERS: &str = "SELECT COUNT(*) FROM identity WHERE number NOT LIKE $1";
pub(super) const DELETE_IDENTITY: &str = "DELETE FROM identity WHERE skill_id = $1 AND code = $2";
/// Of a skill alone, with whose they are.
pub(super) const SELECT_NUMBERS: &str = "SELECT code, number, blind FROM identity WHERE skill_id = $1";

pub(super) const INSERT_BULK: &str = "INSERT INTO bulk_change \
    (id, skill_id, act, value, people, undoing, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
/// A skill's earlier one, and everybody's that are too old.
pub(super) const DELETE_BULKS: &str = "DELETE FROM bulk_change WHERE skill_id = $1 OR made_at < $2";
/// What would undo changes of long ago.
pub(super) const DELETE_OLD: &str = "DELETE FROM bulk_change WHERE made_at < $1";
pub(super) const DELETE_BULKS_OF: &str = "DELETE FROM bulk_change \
    WHERE skill_id IN (SELECT id FROM skill WHERE competition_id = $1)";
pub(super) const SELECT_BULK: &str =
    "SELECT act, value, undoing FROM bulk_change WHERE id = $1 AND skill_id = $2 AND made_at > $3";
pub(super) const SELECT_LAST_BULK: &str = "SELECT bulk_change.id, bulk_change.act, bulk_change.value, \
    bulk_change.people, COALESCE(account.name, ''), bulk_change.made_at \
    FROM bulk_change LEFT JOIN account ON account.id = bulk_change.made_by \
    WHERE bulk_change.skill_id = $1 AND bulk_change.made_at > $2 ORDER BY bulk_change.made_at DESC LIMIT 1";
