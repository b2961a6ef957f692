//! The registrations' SQL.

pub(super) const SELECT_DELEGATIONS: &str = "SELECT delegation.id, delegation.name, delegation.name_en, \
    delegation.organisation_id, organisation.name FROM delegation \
    LEFT JOIN organisation ON organisation.id = delegation.organisation_id \
    WHERE delegation.competition_id = $1 ORDER BY delegation.name, delegation.id";
pub(super) const SELECT_DELEGATION: &str =
    "SELECT competition_id, organisation_id FROM delegation WHERE id = $1";
/// Of those that some organisation enters for.
pub(super) const SELECT_EVERY_DELEGATION: &str = "SELECT delegation.id, delegation.competition_id, \
    delegation.organisation_id FROM delegation WHERE delegation.organisation_id IS NOT NULL \
    ORDER BY delegation.made_at DESC, delegation.id";
pub(super) const SELECT_DELEGATION_NAME: &str = "SELECT name FROM delegation WHERE id = $1";
pub(super) const INSERT_DELEGATION: &str = "INSERT INTO delegation \
    (id, competition_id, name, name_en, organisation_id, made_at) VALUES ($1, $2, $3, $4, $5, $6)";
pub(super) const UPDATE_DELEGATION: &str = "UPDATE delegation SET name = $3, name_en = $4, organisation_id = $5 \
    WHERE id = $1 AND competition_id = $2";
pub(super) const DELETE_DELEGATION: &str = "DELETE FROM delegation WHERE id = $1 AND competition_id = $2";
/// Holds a competition's registrations: whoever counts them counts alone.
pub(super) const HOLD: &str = "UPDATE competition SET organisation_id = organisation_id WHERE id = $1";

pub(super) const SELECT_TERMS: &str =
    "SELECT document, changes FROM registration_terms WHERE competition_id = $1";
pub(super) const UPSERT_TERMS: &str = "INSERT INTO registration_terms (competition_id, document, changes) \
    VALUES ($1, $2, 1) ON CONFLICT (competition_id) DO UPDATE \
    SET document = excluded.document, changes = registration_terms.changes + 1 \
    WHERE registration_terms.changes = $3";

pub(super) const SELECT_DELEGATION_OF: &str =
    "SELECT delegation_id FROM registration WHERE id = $1 AND competition_id = $2";
pub(super) const SELECT: &str = "SELECT id, delegation_id, skill_id, state, changes, person, blind, replaces \
    FROM registration WHERE competition_id = $1 ORDER BY made_at, id";
/// A person's for a skill.
pub(super) const SELECT_SAME: &str = "SELECT id, state FROM registration \
    WHERE competition_id = $1 AND skill_id = $2 AND blind = $3 ORDER BY made_at, id";
pub(super) const INSERT: &str = "INSERT INTO registration \
    (id, competition_id, delegation_id, skill_id, state, changes, person, blind, replaces, made_at) \
    VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING";
pub(super) const UPDATE: &str = "UPDATE registration \
    SET skill_id = $3, state = $4, person = $5, blind = $6, changes = changes + 1 WHERE id = $1 AND changes = $2";
pub(super) const UPDATE_STATE: &str = "UPDATE registration \
    SET state = $3, changes = changes + 1 WHERE id = $1 AND changes = $2";
pub(super) const INSERT_STEP: &str = "INSERT INTO registration_step \
    (registration_id, number, step, said, made_by, made_at) \
    VALUES ($1, (SELECT changes FROM registration WHERE id = $1), $2, $3, $4, $5)";
pub(super) const SELECT_STEPS: &str = "SELECT registration_step.step, registration_step.said, \
    COALESCE(account.name, ''), registration_step.made_at, registration_step.number FROM registration_step \
    LEFT JOIN account ON account.id = registration_step.made_by \
    WHERE registration_step.registration_id = $1 ORDER BY registration_step.number";
/// What was said last of each that was given back or withdrawn.
pub(super) const SELECT_SAID: &str = "SELECT registration_step.registration_id, registration_step.said, \
    registration_step.number FROM registration_step \
    JOIN registration ON registration.id = registration_step.registration_id \
    WHERE registration.competition_id = $1 AND registration_step.number = registration.changes";

pub(super) const INSERT_IDENTITY: &str =
    "INSERT INTO identity (skill_id, code, number, blind) VALUES ($1, $2, $3, $4)";
pub(super) const SELECT_IDENTITIES: &str = "SELECT identity.skill_id, identity.code, identity.blind FROM identity \
    JOIN skill ON skill.id = identity.skill_id WHERE skill.competition_id = $1";
