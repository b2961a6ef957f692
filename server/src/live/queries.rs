//! The live boards' SQL.

/// Two numbers that tell whether anything that boards are made of changed, entries aside.
pub(super) const SELECT_STAMP: &str = "SELECT (SELECT COUNT(*) FROM competition), \
    COALESCE((SELECT MAX(number) FROM live_change), 0), \
    (SELECT CAST(COALESCE(SUM(changes), 0) AS BIGINT) FROM competition)";
pub(super) const COUNT_CHANGE: &str = "INSERT INTO live_change (id, number) VALUES ('live', 1) \
    ON CONFLICT (id) DO UPDATE SET number = live_change.number + 1";

pub(super) const SELECT_SKILLS: &str = "SELECT skill_id, policy, named_at, session_label, session_from, \
    session_until, frozen_seq, frozen_at, frozen_by FROM live_skill";
pub(super) const SELECT_PUBLIC: &str =
    "SELECT competition_id FROM live_competition WHERE public_at IS NOT NULL";

pub(super) const SET_POLICY: &str = "INSERT INTO live_skill (skill_id, policy) VALUES ($1, $2) \
    ON CONFLICT (skill_id) DO UPDATE SET policy = excluded.policy";
pub(super) const SET_NAMED: &str = "INSERT INTO live_skill (skill_id, named_at) VALUES ($1, $2) \
    ON CONFLICT (skill_id) DO UPDATE SET named_at = excluded.named_at";
pub(super) const SET_SESSION: &str = "INSERT INTO live_skill \
    (skill_id, session_label, session_from, session_until) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (skill_id) DO UPDATE SET session_label = excluded.session_label, \
    session_from = excluded.session_from, session_until = excluded.session_until";
/// One that is frozen already stays as it is.
pub(super) const FREEZE: &str = "INSERT INTO live_skill (skill_id, frozen_seq, frozen_at, frozen_by) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (skill_id) DO UPDATE SET frozen_seq = excluded.frozen_seq, \
    frozen_at = excluded.frozen_at, frozen_by = excluded.frozen_by WHERE live_skill.frozen_seq IS NULL";
pub(super) const UNFREEZE: &str =
    "UPDATE live_skill SET frozen_seq = NULL, frozen_at = NULL, frozen_by = NULL WHERE skill_id = $1";
pub(super) const SET_PUBLIC: &str = "INSERT INTO live_competition (competition_id, public_at) \
    VALUES ($1, $2) ON CONFLICT (competition_id) DO UPDATE SET public_at = excluded.public_at";
