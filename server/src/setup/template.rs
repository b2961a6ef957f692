//! Templates (大赛模板): a competition is offered as one, and whoever sets up competitions of its organisation or of one
//! below may begin with its skills, schemes, parts and rules. Who competes, who judges and what was marked are not
//! in it.

use domain::access::{Action, Scope, allows};
use domain::id::OrganisationId;
use protocol::view::CompetitionRef;
use sqlx::Row as _;

use super::edition::{copies, real};
use super::{SetupError, failed, load, queries};
use crate::accounts::Staff;
use crate::competition::{CompetitionError, Kept, KeptSkill, from_json};
use crate::exchange::package::{Competition, SkillDocument};
use crate::http::{App, Failure};
use crate::organisation;

/// Whether a competition is offered as a template.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn is_offered(app: &App, id: &str) -> Result<bool, Failure> {
    let select = sqlx::query_scalar::<_, i64>(queries::IS_OFFERED).bind(id).fetch_one(app.database.pool());
    Ok(select.await.map_err(lost)? > 0)
}

/// Offers a competition as a template, or takes that back; what was begun with it stays as it is.
///
/// # Errors
/// Where there is none, or it is a practice or a rehearsal.
pub(crate) async fn offer(app: &App, staff: &Staff, id: &str, offered: bool) -> Result<(), Failure> {
    real(app, id).await?;
    let change = if offered {
        sqlx::query(queries::OFFER).bind(id).bind(staff.account.as_str()).bind((app.clock)())
    } else {
        sqlx::query(queries::TAKE_BACK).bind(id)
    };
    change.execute(app.database.pool()).await.map_err(lost)?;
    Ok(())
}

/// The templates that somebody may begin with, the newest offer first.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn list(app: &App, staff: &Staff) -> Result<Vec<CompetitionRef>, Failure> {
    let rows = sqlx::query(queries::SELECT_OFFERED).fetch_all(app.database.pool()).await.map_err(lost)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let reach = reach(app, staff).await?;
    let mut templates = Vec::new();
    for row in rows {
        let id: String = row.try_get(0).map_err(lost)?;
        let organisation = row.try_get::<Option<String>, _>(1).map_err(lost)?.map(OrganisationId::from);
        let own = organisation.map(Scope::Organisation);
        // This server's own are offered to everybody; others from above, and to those who may set them up.
        let is_theirs = own.is_none_or(|own| reach.contains(&own))
            || staff
                .may(
                    Action::SetUp,
                    &organisation::reach(&app.database, &Scope::Competition(id.clone())).await?,
                )
                .is_some();
        if is_theirs {
            let document: Competition =
                from_json(&row.try_get::<String, _>(2).map_err(lost)?).map_err(failed)?;
            templates.push(document.reference(&id));
        }
    }
    Ok(templates)
}

/// All that lies at or above where somebody sets competitions up.
async fn reach(app: &App, staff: &Staff) -> Result<Vec<Scope>, Failure> {
    let mut reach = Vec::new();
    for held in staff.held.iter().filter(|held| allows(held.role, Action::SetUp)) {
        reach.extend(organisation::reach(&app.database, &held.scope).await?);
    }
    Ok(reach)
}

/// A template and its skills, without who competes, who judges and where; none where none is chosen.
///
/// # Errors
/// Where it is not offered to whoever asks.
pub(super) async fn chosen(
    app: &App,
    staff: &Staff,
    id: &str,
) -> Result<Option<(Kept<Competition>, Vec<KeptSkill<SkillDocument>>)>, Failure> {
    if id.is_empty() {
        return Ok(None);
    }
    if !list(app, staff).await?.iter().any(|one| one.id == id) {
        return Err(SetupError::NoTemplate.into());
    }
    let (kept, skills) = load(app, id).await?;
    let mut skills = copies(app, skills, false).await?;
    for skill in &mut skills {
        skill.document.venue.clear();
    }
    Ok(Some((kept, skills)))
}

fn lost(error: sqlx::Error) -> Failure {
    failed(CompetitionError::from(error))
}
