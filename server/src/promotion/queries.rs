//! The promotions' SQL.

pub(super) const SELECT_RULE: &str = "SELECT document, changes FROM advancement WHERE skill_id = $1";
pub(super) const UPSERT_RULE: &str = "INSERT INTO advancement (skill_id, document, changes) VALUES ($1, $2, 1) \
    ON CONFLICT (skill_id) DO UPDATE SET document = excluded.document, changes = advancement.changes + 1 \
    WHERE advancement.changes = $3";
pub(super) const INSERT_RULE: &str = "INSERT INTO advancement (skill_id, document, changes) VALUES ($1, $2, 1) \
    ON CONFLICT (skill_id) DO NOTHING";
pub(super) const DELETE_RULE: &str = "DELETE FROM advancement WHERE skill_id = $1";

pub(super) const SELECT_LOTS: &str =
    "SELECT document FROM advancement_lot WHERE skill_id = $1 ORDER BY number";
pub(super) const INSERT_LOT: &str = "INSERT INTO advancement_lot (skill_id, number, document, made_by, made_at) \
    VALUES ($1, $2, $3, $4, $5)";
pub(super) const DELETE_LOTS: &str = "DELETE FROM advancement_lot WHERE skill_id = $1";

pub(super) const SELECT: &str = "SELECT id, feeder_id, code, state, lineage, replaces, changes FROM promotion \
    WHERE skill_id = $1 ORDER BY made_at, id";
pub(super) const INSERT: &str = "INSERT INTO promotion \
    (id, skill_id, feeder_id, code, state, lineage, replaces, changes, made_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)";
pub(super) const UPDATE: &str = "UPDATE promotion SET state = $3, lineage = $4, replaces = $5, \
    changes = changes + 1 WHERE id = $1 AND changes = $2";
pub(super) const INSERT_STEP: &str = "INSERT INTO promotion_step \
    (promotion_id, number, step, lineage, said, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
pub(super) const SELECT_STEPS: &str = "SELECT promotion_step.number, promotion_step.step, promotion_step.lineage, \
    promotion_step.said, COALESCE(account.name, ''), promotion_step.made_at FROM promotion_step \
    LEFT JOIN account ON account.id = promotion_step.made_by \
    WHERE promotion_step.promotion_id = $1 ORDER BY promotion_step.number";
pub(super) const COUNT: &str = "SELECT COUNT(*) FROM promotion WHERE skill_id = $1";

pub(super) const SELECT_ENTRIES: &str = "SELECT promotion_entry.promotion_id, promotion_entry.code, \
    registration.id, registration.delegation_id, registration.state, registration.changes FROM promotion_entry \
    JOIN promotion ON promotion.id = promotion_entry.promotion_id \
    JOIN registration ON registration.id = promotion_entry.registration_id \
    WHERE promotion.skill_id = $1 ORDER BY promotion_entry.code";
pub(super) const UPSERT_ENTRY: &str = "INSERT INTO promotion_entry (promotion_id, code, registration_id) \
    VALUES ($1, $2, $3) ON CONFLICT (promotion_id, code) DO UPDATE SET registration_id = excluded.registration_id";

/// The promotions of whoever one promotion is of, by the numbers of their documents, as far as they are confirmed.
pub(super) const SELECT_PATH: &str = "SELECT DISTINCT promotion.feeder_id, promotion.skill_id, promotion.lineage \
    FROM promotion_entry JOIN promotion ON promotion.id = promotion_entry.promotion_id \
    JOIN registration ON registration.id = promotion_entry.registration_id \
    WHERE promotion.state = 'confirmed' AND registration.blind IN (SELECT own.blind FROM promotion_entry AS mine \
    JOIN registration AS own ON own.id = mine.registration_id WHERE mine.promotion_id = $1)";
/// The rules of a competition's skills.
pub(super) const SELECT_RULES: &str = "SELECT advancement.skill_id, advancement.document FROM advancement \
    JOIN skill ON skill.id = advancement.skill_id WHERE skill.competition_id = $1";
/// How many are confirmed to each skill of a competition.
pub(super) const SELECT_COUNTS: &str = "SELECT promotion.skill_id, COUNT(*) FROM promotion \
    JOIN skill ON skill.id = promotion.skill_id WHERE skill.competition_id = $1 AND promotion.state = 'confirmed' \
    GROUP BY promotion.skill_id";
/// How many went from which competition to which, of a circuit.
pub(super) const SELECT_FLOWS: &str = "SELECT below.competition_id, above.competition_id, COUNT(*) FROM promotion \
    JOIN skill AS below ON below.id = promotion.feeder_id JOIN skill AS above ON above.id = promotion.skill_id \
    JOIN circuit_competition ON circuit_competition.competition_id = above.competition_id \
    WHERE promotion.state = 'confirmed' AND circuit_competition.circuit_id = $1 \
    GROUP BY below.competition_id, above.competition_id";
pub(super) const SELECT_IDENTITIES: &str = "SELECT code, number FROM identity WHERE skill_id = $1";
