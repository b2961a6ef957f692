//! The SQL of calls.

/// It also lets one change of a skill's calls wait for another.
pub(super) const COUNT_CHANGE: &str = "INSERT INTO call_number (ledger_id, number) VALUES ($1, 1) \
    ON CONFLICT (ledger_id) DO UPDATE SET number = call_number.number + 1";
pub(super) const SET_CALL: &str = "INSERT INTO competitor_call \
    (ledger_id, sub_criterion, competitor, called_by, called_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (ledger_id, sub_criterion) DO UPDATE SET competitor = excluded.competitor, \
    called_by = excluded.called_by, called_at = excluded.called_at";
pub(super) const END_CALL: &str = "DELETE FROM competitor_call WHERE ledger_id = $1 AND sub_criterion = $2";
/// One number that tells whether anything changed: each of its summands only grows.
pub(super) const SELECT_STAMP: &str = "SELECT CAST(COALESCE(SUM(number), 0) AS BIGINT) FROM call_number";
/// One statement, so that the number is that of the calls.
pub(super) const SELECT_CALLS: &str = "SELECT call_number.number, competitor_call.sub_criterion, \
    competitor_call.competitor, competitor_call.called_by, competitor_call.called_at \
    FROM call_number LEFT JOIN competitor_call ON competitor_call.ledger_id = call_number.ledger_id \
    WHERE call_number.ledger_id = $1";
pub(super) const SELECT_SKILLS: &str = "SELECT ledger_id FROM call_number";
