//! Which competitions are drills, whose, and of which series (docs/adr/0023). What a drill is made of is said
//! elsewhere.

use std::collections::HashSet;

use serde::Serialize;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{CompetitionError, Kept, KeptSkill, insert, queries};
use crate::database::Database;

/// A competition that is a drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// The competition.
    pub competition: String,
    /// What drills have in common that are held to the same aspects.
    pub series: String,
    /// When it was started, in milliseconds since 1970 UTC.
    pub made_at: i64,
}

/// Keeps a competition of one skill as an account's drill, all or nothing. One that is there already stays
/// as it is.
///
/// # Errors
/// Where the database does not answer, or the id is another competition's.
pub async fn keep_drill<C: Serialize, S: Serialize>(
    database: &Database,
    competition: &Kept<C>,
    skill: KeptSkill<S>,
    (series, account): (&str, &str),
    now: i64,
) -> Result<(), CompetitionError> {
    let mut transaction = database.begin_write().await?;
    let select = sqlx::query(queries::SELECT_COMPETITION).bind(&competition.id);
    if select.fetch_optional(&mut *transaction).await?.is_some() {
        transaction.rollback().await?;
        return Ok(());
    }
    let ledger = skill.ledger.clone();
    insert(&mut transaction, competition, &[skill], now).await?;
    sqlx::query(queries::INSERT_DRILL)
        .bind(&competition.id)
        .bind(ledger.as_str())
        .bind(series)
        .bind(account)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Every drill of an account, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn drills(database: &Database, account: &str) -> Result<Vec<Drill>, CompetitionError> {
    let rows = sqlx::query(queries::SELECT_DRILLS).bind(account).fetch_all(database.pool()).await?;
    let drill = |row: &AnyRow| {
        Ok(Drill { competition: row.try_get(0)?, series: row.try_get(1)?, made_at: row.try_get(2)? })
    };
    rows.iter().map(drill).collect()
}

/// Which competitions are drills.
///
/// # Errors
/// Where the database does not answer.
pub async fn every_drill(database: &Database) -> Result<HashSet<String>, CompetitionError> {
    let rows = sqlx::query(queries::SELECT_EVERY_DRILL).fetch_all(database.pool()).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}
