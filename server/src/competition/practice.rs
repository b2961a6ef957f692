//! Which skill is the practice of which other one (docs/adr/0017). What a practice is made of is said
//! elsewhere; here is only that the two belong together.

use domain::id::LedgerId;
use serde::Serialize;
use sqlx::Row as _;

use super::{CompetitionError, Kept, KeptSkill, insert, queries};
use crate::database::Database;

/// A skill and its practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    /// The skill.
    pub skill: LedgerId,
    /// Its practice, a skill too.
    pub practice: LedgerId,
    /// The competition that the practice is in, alone.
    pub competition: String,
}

/// Keeps a competition of one skill as the practice of another skill, all or nothing: the practice that
/// the other one has afterwards, which is an earlier one where there was one.
///
/// # Errors
/// Where the database does not answer.
pub async fn keep_practice<C: Serialize, S: Serialize>(
    database: &Database,
    of: &LedgerId,
    competition: &Kept<C>,
    practice: KeptSkill<S>,
    now: i64,
) -> Result<LedgerId, CompetitionError> {
    let mut transaction = database.begin_write().await?;
    let kept = practice.ledger.clone();
    insert(&mut transaction, competition, &[practice], now).await?;
    let link = sqlx::query(queries::INSERT_PRACTICE).bind(of.as_str()).bind(kept.as_str()).bind(now);
    if link.execute(&mut *transaction).await?.rows_affected() > 0 {
        transaction.commit().await?;
        return Ok(kept);
    }
    transaction.rollback().await?;
    practice_of(database, of).await?.ok_or_else(|| CompetitionError::UnknownSkill { id: of.to_string() })
}

/// The practice of a skill.
///
/// # Errors
/// Where the database does not answer.
pub async fn practice_of(
    database: &Database,
    skill: &LedgerId,
) -> Result<Option<LedgerId>, CompetitionError> {
    one(database, queries::SELECT_PRACTICE, skill).await
}

/// The skill that a skill is the practice of.
///
/// # Errors
/// Where the database does not answer.
pub async fn practised_by(
    database: &Database,
    practice: &LedgerId,
) -> Result<Option<LedgerId>, CompetitionError> {
    one(database, queries::SELECT_PRACTISED, practice).await
}

/// Every practice, oldest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn practices(database: &Database) -> Result<Vec<Practice>, CompetitionError> {
    let rows = sqlx::query(queries::SELECT_PRACTICES).fetch_all(database.pool()).await?;
    let practice = |row: &sqlx::any::AnyRow| {
        Ok(Practice {
            competition: row.try_get(0)?,
            skill: LedgerId::from(row.try_get::<String, _>(1)?),
            practice: LedgerId::from(row.try_get::<String, _>(2)?),
        })
    };
    rows.iter().map(practice).collect()
}

async fn one(
    database: &Database,
    select: &'static str,
    id: &LedgerId,
) -> Result<Option<LedgerId>, CompetitionError> {
    let found: Option<String> =
        sqlx::query_scalar(select).bind(id.as_str()).fetch_optional(database.pool()).await?;
    Ok(found.map(LedgerId::from))
}
