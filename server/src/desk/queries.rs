//! The desk's SQL: acts that wait for a second person.

/// A form sent twice proposes once.
pub(super) const INSERT_PROPOSAL: &str = "INSERT INTO proposal \
    (act_id, ledger_id, enrolment_id, actor, body, salt, reason, made_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (act_id) DO NOTHING";
pub(super) const SELECT_PROPOSALS: &str = "SELECT act_id, enrolment_id, actor, body, salt, reason, made_at \
    FROM proposal WHERE ledger_id = $1 ORDER BY made_at, act_id";
pub(super) const SELECT_PROPOSAL: &str = "SELECT act_id, enrolment_id, actor, body, salt, reason, made_at \
    FROM proposal WHERE act_id = $1 AND ledger_id = $2";
pub(super) const DELETE_PROPOSAL: &str = "DELETE FROM proposal WHERE act_id = $1 AND ledger_id = $2";
