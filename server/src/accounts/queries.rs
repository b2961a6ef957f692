//! The accounts' SQL.

pub(super) const INSERT_STATE: &str =
    "INSERT INTO server_state (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
pub(super) const UPSERT_STATE: &str = "INSERT INTO server_state (key, value) VALUES ($1, $2) \
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";
pub(super) const SELECT_STATE: &str = "SELECT value FROM server_state WHERE key = $1";
pub(super) const DELETE_STATE: &str = "DELETE FROM server_state WHERE key = $1 AND value = $2";

pub(super) const COUNT_ACCOUNTS: &str = "SELECT COUNT(*) FROM account";
pub(super) const INSERT_ACCOUNT: &str = "INSERT INTO account (id, name, password, made_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING";
pub(super) const SELECT_ACCOUNT: &str =
    "SELECT id, password FROM account WHERE name = $1 AND ended_at IS NULL";

pub(super) const SELECT_APPOINTMENTS: &str = "SELECT appointment.id, account.id, account.name, appointment.role, \
    appointment.scope, appointment.made_at FROM appointment JOIN account ON account.id = appointment.account_id \
    WHERE appointment.ended_at IS NULL AND account.ended_at IS NULL ORDER BY account.name, appointment.made_at";
pub(super) const SELECT_APPOINTMENTS_OF: &str =
    "SELECT role, scope FROM appointment WHERE account_id = $1 AND ended_at IS NULL ORDER BY made_at, id";
pub(super) const INSERT_APPOINTMENT: &str =
    "INSERT INTO appointment (id, account_id, role, scope, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)";
pub(super) const HOLD_APPOINTMENTS: &str = "UPDATE appointment SET role = role WHERE ended_at IS NULL";
pub(super) const END_APPOINTMENT: &str =
    "UPDATE appointment SET ended_by = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL";
/// Those that whoever held an appointment made and nobody took up yet.
pub(super) const END_INVITATIONS_BY: &str = "UPDATE invitation SET ended_at = $2 \
    WHERE used_at IS NULL AND ended_at IS NULL \
    AND made_by = (SELECT account_id FROM appointment WHERE appointment.id = $1)";
pub(super) const COUNT_HOLDERS: &str = "SELECT COUNT(*) FROM appointment \
    JOIN account ON account.id = appointment.account_id \
    WHERE appointment.role = $1 AND appointment.ended_at IS NULL AND account.ended_at IS NULL";

pub(super) const INSERT_INVITATION: &str = "INSERT INTO invitation \
    (id, code, role, scope, whom, made_by, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(super) const SELECT_INVITATIONS: &str = "SELECT id, whom, role, scope, expires_at FROM invitation \
    WHERE used_at IS NULL AND ended_at IS NULL AND expires_at > $1 ORDER BY made_at, id";
pub(super) const SELECT_INVITATION: &str = "SELECT id, whom, role, scope, expires_at FROM invitation \
    WHERE code = $1 AND used_at IS NULL AND ended_at IS NULL AND expires_at > $2";
pub(super) const USE_INVITATION: &str =
    "UPDATE invitation SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND ended_at IS NULL";
pub(super) const END_INVITATION: &str =
    "UPDATE invitation SET ended_at = $2 WHERE id = $1 AND used_at IS NULL AND ended_at IS NULL";

pub(super) const END_CARDS: &str = "UPDATE enrolment SET ended_at = $1 \
    WHERE skill_id = $2 AND judge = $3 AND used_at IS NULL AND ended_at IS NULL";
pub(super) const INSERT_CARD: &str = "INSERT INTO enrolment \
    (id, skill_id, judge, role, code, pin, failures, made_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
pub(super) const SELECT_CARD: &str = "SELECT id, skill_id, judge, role, pin, failures FROM enrolment \
    WHERE code = $1 AND used_at IS NULL AND ended_at IS NULL";
pub(super) const FAIL_CARD: &str = "UPDATE enrolment SET failures = failures + 1 WHERE id = $1";
pub(super) const USE_CARD: &str = "UPDATE enrolment SET device_id = $1, used_at = $2 \
    WHERE id = $3 AND used_at IS NULL AND ended_at IS NULL";
pub(super) const SELECT_PINS: &str = "SELECT id, pin, failures FROM enrolment \
    WHERE skill_id = $1 AND judge = $2 AND used_at IS NOT NULL AND ended_at IS NULL ORDER BY used_at DESC, id";
pub(super) const FORGET_FAILURES: &str = "UPDATE enrolment SET failures = 0 WHERE id = $1";
pub(super) const END_ENROLMENT: &str =
    "UPDATE enrolment SET ended_at = $1 WHERE id = $2 AND skill_id = $3 AND ended_at IS NULL";
pub(super) const SELECT_ENROLMENTS: &str = "SELECT id, judge, role, device_id, made_at, used_at, \
    (SELECT COUNT(*) FROM device_key WHERE device_key.enrolment_id = enrolment.id) \
    FROM enrolment WHERE skill_id = $1 AND ended_at IS NULL ORDER BY judge, made_at, id";

pub(super) const UPSERT_KEY: &str = "INSERT INTO device_key (enrolment_id, key, since) VALUES ($1, $2, $3) \
    ON CONFLICT (enrolment_id, key) DO UPDATE SET since = excluded.since";
pub(super) const SELECT_HOLDER: &str =
    "SELECT id, judge, role FROM enrolment WHERE device_id = $1 AND skill_id = $2";
pub(super) const SELECT_KEYS: &str =
    "SELECT key FROM device_key WHERE enrolment_id = $1 ORDER BY since DESC, key";
pub(super) const SELECT_KEY: &str =
    "SELECT key FROM device_key WHERE enrolment_id = $1 ORDER BY since DESC, key LIMIT 1";

pub(super) const INSERT_SESSION: &str = "INSERT INTO session \
    (id, account_id, enrolment_id, secret, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
pub(super) const SELECT_SESSION: &str = "SELECT session.secret, session.expires_at, account.id, account.name, \
    enrolment.id, enrolment.device_id, enrolment.judge, enrolment.role, enrolment.skill_id \
    FROM session \
    LEFT JOIN account ON account.id = session.account_id AND account.ended_at IS NULL \
    LEFT JOIN enrolment ON enrolment.id = session.enrolment_id AND enrolment.ended_at IS NULL \
    WHERE session.id = $1 AND session.ended_at IS NULL";
pub(super) const END_SESSION: &str = "UPDATE session SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";

pub(super) const USE_TICKET: &str =
    "INSERT INTO ticket_used (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
pub(super) const DELETE_TICKETS: &str = "DELETE FROM ticket_used WHERE expires_at < $1";
