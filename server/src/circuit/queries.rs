//! The circuits' SQL.

pub(super) const SELECT: &str = "SELECT circuit.id, circuit.organisation_id, circuit.document, \
    (SELECT COUNT(*) FROM circuit_competition WHERE circuit_competition.circuit_id = circuit.id) \
    FROM circuit ORDER BY circuit.made_at DESC, circuit.id";
pub(super) const SELECT_ONE: &str = "SELECT circuit.id, circuit.organisation_id, circuit.document, \
    (SELECT COUNT(*) FROM circuit_competition WHERE circuit_competition.circuit_id = circuit.id) \
    FROM circuit WHERE circuit.id = $1";
/// Of one form that is sent twice the first is kept.
pub(super) const INSERT: &str = "INSERT INTO circuit (id, organisation_id, document, made_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
/// Where it still is what it was when its form was shown.
pub(super) const UPDATE: &str = "UPDATE circuit SET document = $2 WHERE id = $1 AND document = $3";
pub(super) const DELETE: &str = "DELETE FROM circuit WHERE id = $1";
pub(super) const SELECT_COMPETITIONS: &str = "SELECT competition.id, competition.document, \
    (SELECT COUNT(*) FROM skill WHERE skill.competition_id = competition.id) \
    FROM circuit_competition JOIN competition ON competition.id = circuit_competition.competition_id \
    WHERE circuit_competition.circuit_id = $1 ORDER BY competition.created_at, competition.id";
pub(super) const SELECT_CIRCUIT_OF: &str =
    "SELECT circuit_id FROM circuit_competition WHERE competition_id = $1";
pub(super) const PLACE: &str = "INSERT INTO circuit_competition (competition_id, circuit_id, placed_by, placed_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (competition_id) DO UPDATE SET circuit_id = excluded.circuit_id, \
    placed_by = excluded.placed_by, placed_at = excluded.placed_at";
pub(super) const TAKE_OUT: &str =
    "DELETE FROM circuit_competition WHERE competition_id = $1 AND circuit_id = $2";
