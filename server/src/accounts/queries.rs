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
pub(super) const SELECT_ACCOUNT: &str = "SELECT id, password, CASE WHEN factor IS NULL THEN 0 ELSE 1 END FROM account \
    WHERE name = $1 AND ended_at IS NULL";
pub(super) const SELECT_PASSWORD: &str =
    "SELECT name, password FROM account WHERE id = $1 AND ended_at IS NULL";
/// Which another key sealed; its own begin with its name.
pub(super) const COUNT_OTHERS_FACTORS: &str = "SELECT COUNT(*) FROM account \
    WHERE factor IS NOT NULL AND ended_at IS NULL AND factor NOT LIKE $1";
pub(super) const SELECT_SETTLED: &str = "SELECT password, CASE WHEN factor IS NULL THEN 0 ELSE 1 END \
    FROM account WHERE id = $1 AND ended_at IS NULL";
pub(super) const UPDATE_PASSWORD: &str =
    "UPDATE account SET password = $2 WHERE id = $1 AND ended_at IS NULL";
pub(super) const SELECT_ACCOUNTS: &str = "SELECT id, name, made_at, CASE WHEN factor IS NULL THEN 0 ELSE 1 END, \
    (SELECT COUNT(*) FROM session WHERE session.account_id = account.id AND session.ended_at IS NULL \
    AND session.expires_at > $1) FROM account WHERE ended_at IS NULL ORDER BY name";
pub(super) const END_ACCOUNT: &str = "UPDATE account SET ended_at = $2, factor = NULL, factor_draft = NULL \
    WHERE id = $1 AND ended_at IS NULL";
pub(super) const END_APPOINTMENTS_OF: &str =
    "UPDATE appointment SET ended_by = $2, ended_at = $3 WHERE account_id = $1 AND ended_at IS NULL";
pub(super) const END_INVITATIONS_OF: &str =
    "UPDATE invitation SET ended_at = $2 WHERE made_by = $1 AND used_at IS NULL AND ended_at IS NULL";

pub(super) const SELECT_FACTOR: &str = "SELECT name, factor_draft, factor FROM account \
    WHERE id = $1 AND ended_at IS NULL";
pub(super) const DRAFT_FACTOR: &str = "UPDATE account SET factor_draft = $2 \
    WHERE id = $1 AND factor IS NULL AND ended_at IS NULL";
/// The draft as it was read, so that of two who begin at once one is told.
pub(super) const SET_FACTOR: &str = "UPDATE account SET factor = factor_draft, factor_draft = NULL, factor_step = $3 \
    WHERE id = $1 AND factor_draft = $2 AND factor IS NULL AND ended_at IS NULL";
/// A step whose code was taken is taken once, and none before it after it.
pub(super) const USE_STEP: &str = "UPDATE account SET factor_step = $2 \
    WHERE id = $1 AND ended_at IS NULL AND (factor_step IS NULL OR factor_step < $2)";
pub(super) const DROP_FACTOR: &str = "UPDATE account SET factor = NULL, factor_draft = NULL, factor_step = NULL \
    WHERE id = $1 AND factor IS NOT NULL";
pub(super) const INSERT_RECOVERY: &str =
    "INSERT INTO recovery_code (code, account_id, used_at) VALUES ($1, $2, NULL)";
pub(super) const USE_RECOVERY: &str =
    "UPDATE recovery_code SET used_at = $3 WHERE code = $1 AND account_id = $2 AND used_at IS NULL";
pub(super) const DELETE_RECOVERY: &str = "DELETE FROM recovery_code WHERE account_id = $1";
pub(super) const COUNT_RECOVERY: &str =
    "SELECT COUNT(*) FROM recovery_code WHERE account_id = $1 AND used_at IS NULL";

pub(super) const INSERT_LINK: &str = "INSERT INTO password_link \
    (id, code, account_id, made_by, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
pub(super) const SELECT_LINK: &str = "SELECT password_link.id, account.id, account.name FROM password_link \
    JOIN account ON account.id = password_link.account_id \
    WHERE password_link.code = $1 AND password_link.used_at IS NULL AND password_link.expires_at > $2 \
    AND account.ended_at IS NULL";
/// With it every other link of the account, so that an earlier one is of no use to whoever finds it.
pub(super) const USE_LINKS: &str =
    "UPDATE password_link SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL";
pub(super) const USE_LINK: &str = "UPDATE password_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL";

pub(super) const INSERT_ACT: &str =
    "INSERT INTO account_act (id, account_id, act, made_by, made_at) VALUES ($1, $2, $3, $4, $5)";
pub(super) const SELECT_ACTS: &str = "SELECT account_act.act, account_act.made_at, account_act.made_by, \
    (SELECT name FROM account WHERE account.id = account_act.made_by) FROM account_act \
    WHERE account_act.account_id = $1 ORDER BY account_act.made_at DESC, account_act.id DESC LIMIT 20";

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
/// And the links to new passwords.
pub(super) const END_LINKS_BY: &str = "UPDATE password_link SET used_at = $2 WHERE used_at IS NULL \
    AND made_by = (SELECT account_id FROM appointment WHERE appointment.id = $1)";
pub(super) const END_LINKS_OF: &str =
    "UPDATE password_link SET used_at = $2 WHERE made_by = $1 AND used_at IS NULL";
pub(super) const END_APPOINTMENTS_OVER: &str =
    "UPDATE appointment SET ended_by = $2, ended_at = $3 WHERE scope = $1 AND ended_at IS NULL";
pub(super) const END_INVITATIONS_OVER: &str =
    "UPDATE invitation SET ended_at = $2 WHERE scope = $1 AND used_at IS NULL AND ended_at IS NULL";
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
    (id, account_id, enrolment_id, secret, made_at, expires_at, browser) VALUES ($1, $2, $3, $4, $5, $6, $7)";
pub(super) const SELECT_SESSION: &str = "SELECT session.secret, session.expires_at, account.id, account.name, \
    enrolment.id, enrolment.device_id, enrolment.judge, enrolment.role, enrolment.skill_id, \
    CASE WHEN account.factor IS NULL THEN 0 ELSE 1 END \
    FROM session \
    LEFT JOIN account ON account.id = session.account_id AND account.ended_at IS NULL \
    LEFT JOIN enrolment ON enrolment.id = session.enrolment_id AND enrolment.ended_at IS NULL \
    WHERE session.id = $1 AND session.ended_at IS NULL";
pub(super) const SEE_SESSION: &str = "UPDATE session SET seen_at = $1 WHERE id = $2 AND ended_at IS NULL";
pub(super) const SELECT_SESSIONS_OF: &str = "SELECT id, browser, made_at, seen_at FROM session \
    WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY made_at DESC, id DESC";
pub(super) const END_SESSION_OF: &str =
    "UPDATE session SET ended_at = $1 WHERE id = $2 AND account_id = $3 AND ended_at IS NULL";
pub(super) const END_SESSIONS_OF: &str =
    "UPDATE session SET ended_at = $1 WHERE account_id = $2 AND id <> $3 AND ended_at IS NULL";
pub(super) const END_SESSION: &str = "UPDATE session SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";

pub(super) const USE_TICKET: &str =
    "INSERT INTO ticket_used (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
pub(super) const DELETE_TICKETS: &str = "DELETE FROM ticket_used WHERE expires_at < $1";
