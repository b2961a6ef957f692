//! The competitions' SQL.

pub(super) const INSERT_COMPETITION: &str = "INSERT INTO competition (id, document, created_at) \
    VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
pub(super) const INSERT_SKILL: &str = "INSERT INTO skill (id, competition_id, name, document) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
pub(super) const SELECT_COMPETITION: &str = "SELECT document FROM competition WHERE id = $1";
pub(super) const SELECT_COMPETITIONS: &str = "SELECT id FROM competition ORDER BY created_at, id";
pub(super) const SELECT_SKILLS: &str =
    "SELECT id, name, document FROM skill WHERE competition_id = $1 ORDER BY name";
