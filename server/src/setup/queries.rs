//! The SQL of templates.

pub(super) const OFFER: &str = "INSERT INTO template (competition_id, offered_by, offered_at) \
    VALUES ($1, $2, $3) ON CONFLICT (competition_id) DO NOTHING";
pub(super) const TAKE_BACK: &str = "DELETE FROM template WHERE competition_id = $1";
pub(super) const IS_OFFERED: &str = "SELECT COUNT(*) FROM template WHERE competition_id = $1";
pub(super) const SELECT_OFFERED: &str = "SELECT competition.id, competition.organisation_id, competition.document \
    FROM template JOIN competition ON competition.id = template.competition_id \
    ORDER BY template.offered_at DESC, competition.id";
