//! Changing what a competition is while it is set up: all its skills are held, so that of two who change at
//! once the second changes what the first left, and what is about to be pinned is not changed any more.

use domain::id::LedgerId;
use serde::{Deserialize, Serialize};
use sqlx::{Any, AnyConnection, Row as _, Transaction};

use super::{CompetitionError, Draft, KeptSkill, queries, to_json};
use crate::database::Database;

/// How long an opening may take; what was about to be pinned and was not by then can be changed again.
const PINNING_MS: i64 = 60_000;

/// A competition's skills, held until [`Changing::commit`]; dropped, nothing was changed.
pub struct Changing<S> {
    transaction: Transaction<'static, Any>,
    competition: String,
    /// The skills, in the order of their names.
    pub skills: Vec<KeptSkill<S>>,
    /// How often it was changed before.
    pub changes: i64,
    pinned: Vec<bool>,
}

/// How often a competition's set-up was changed: what was worked out of it before it was held is good where
/// [`Changing::changes`] is the same.
///
/// # Errors
/// Where there is none, or the database does not answer.
pub async fn changes(database: &Database, id: &str) -> Result<i64, CompetitionError> {
    let select = sqlx::query_scalar(queries::SELECT_CHANGES).bind(id).fetch_optional(database.pool()).await?;
    select.ok_or_else(|| unknown(id))
}

/// Holds a competition.
///
/// # Errors
/// Where there is none, or the database does not answer.
pub async fn hold<S>(database: &Database, id: &str, now: i64) -> Result<Changing<S>, CompetitionError>
where
    S: for<'de> Deserialize<'de>,
{
    let mut transaction = database.begin_write().await?;
    let changes = hold_row(&mut transaction, id).await?;
    let rows = sqlx::query(queries::SELECT_SKILLS).bind(id).fetch_all(&mut *transaction).await?;
    let (mut skills, mut pinned) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for row in &rows {
        pinned.push(row.try_get::<Option<i64>, _>(4)?.is_some_and(|at| now - at < PINNING_MS));
        skills.push(super::skill(row)?);
    }
    Ok(Changing { transaction, competition: id.to_owned(), skills, changes, pinned })
}

/// Says that a skill is about to be pinned, and gives it as it is now: nothing of it changes for a while.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub async fn pin<S>(database: &Database, skill: &LedgerId, now: i64) -> Result<KeptSkill<S>, CompetitionError>
where
    S: for<'de> Deserialize<'de>,
{
    pin_unless(database, skill, now, |_| false).await
}

/// The same, where nobody else is pinning it: of two, one goes on.
///
/// # Errors
/// Where somebody is, there is no such skill, or the database does not answer.
pub async fn pin_alone<S>(
    database: &Database,
    skill: &LedgerId,
    now: i64,
) -> Result<KeptSkill<S>, CompetitionError>
where
    S: for<'de> Deserialize<'de>,
{
    pin_unless(database, skill, now, |is_pinned| is_pinned).await
}

async fn pin_unless<S>(
    database: &Database,
    skill: &LedgerId,
    now: i64,
    is_refused: impl Fn(bool) -> bool + Send,
) -> Result<KeptSkill<S>, CompetitionError>
where
    S: for<'de> Deserialize<'de>,
{
    let id = super::of_skill(database, skill).await?;
    let mut changing = hold::<S>(database, &id, now).await?;
    let at = changing.skills.iter().position(|kept| kept.ledger == *skill);
    if at.is_some_and(|at| is_refused(changing.pinned.get(at).copied().unwrap_or_default())) {
        return Err(CompetitionError::Pinned);
    }
    let pin = sqlx::query(queries::PIN_DRAFT).bind(skill.as_str()).bind(now);
    pin.execute(&mut *changing.transaction).await?;
    let found = changing.skills.iter().position(|kept| kept.ledger == *skill);
    let unknown = || CompetitionError::UnknownSkill { id: skill.to_string() };
    let kept = changing.skills.swap_remove(found.ok_or_else(unknown)?);
    changing.transaction.commit().await?;
    Ok(kept)
}

/// Says that it was not pinned after all by whoever said so at that time.
///
/// # Errors
/// Where the database does not answer.
pub async fn unpin(database: &Database, skill: &LedgerId, at: i64) -> Result<(), CompetitionError> {
    sqlx::query(queries::UNPIN_DRAFT).bind(skill.as_str()).bind(at).execute(database.pool()).await?;
    Ok(())
}

/// Holds it; gives how often it was changed before.
async fn hold_row(connection: &mut AnyConnection, id: &str) -> Result<i64, CompetitionError> {
    let hold = sqlx::query(queries::HOLD_COMPETITION).bind(id);
    if hold.execute(&mut *connection).await?.rows_affected() == 0 {
        return Err(unknown(id));
    }
    let now: i64 = sqlx::query_scalar(queries::SELECT_CHANGES).bind(id).fetch_one(connection).await?;
    Ok(now - 1)
}

fn unknown(id: &str) -> CompetitionError {
    CompetitionError::Unknown { id: id.to_owned(), known: String::new() }
}

impl<S: Serialize> Changing<S> {
    /// Whether a skill is being pinned in this moment.
    #[must_use]
    pub fn is_pinned(&self, at: usize) -> bool {
        self.pinned.get(at).copied().unwrap_or_default()
    }

    /// For what is kept of it elsewhere.
    pub fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Keeps what [`Changing::skills`] says of one.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep(&mut self, at: usize) -> Result<(), CompetitionError> {
        let Some(skill) = self.skills.get(at) else { return Ok(()) };
        let (document, draft) = (to_json(&skill.document)?, skill.draft.as_ref().map(to_json).transpose()?);
        let update = sqlx::query(queries::UPDATE_DOCUMENT).bind(skill.ledger.as_str()).bind(document);
        update.execute(&mut *self.transaction).await?;
        if let Some(draft) = draft {
            let upsert = sqlx::query(queries::UPSERT_DRAFT).bind(skill.ledger.as_str()).bind(draft);
            upsert.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    /// What the competition is, as it is now.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn document<C: for<'de> Deserialize<'de>>(&mut self) -> Result<C, CompetitionError> {
        let select = sqlx::query(queries::SELECT_COMPETITION).bind(&self.competition);
        let row = select.fetch_one(&mut *self.transaction).await?;
        super::from_json(&row.try_get::<String, _>(0)?)
    }

    /// Changes what the competition is.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn describe<C: Serialize + Sync>(&mut self, document: &C) -> Result<(), CompetitionError> {
        let update =
            sqlx::query(queries::UPDATE_COMPETITION).bind(&self.competition).bind(to_json(document)?);
        update.execute(&mut *self.transaction).await?;
        Ok(())
    }

    /// Adds a skill.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn add(&mut self, skill: KeptSkill<S>) -> Result<(), CompetitionError> {
        super::insert_skill(&mut self.transaction, &self.competition, &skill).await?;
        self.skills.push(skill);
        self.pinned.push(false);
        Ok(())
    }

    /// Removes a skill, and whether nothing hung on it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn remove(mut self, skill: &LedgerId) -> Result<bool, CompetitionError> {
        for delete in [queries::DELETE_DRAFT, queries::DELETE_SKILL] {
            match sqlx::query(delete).bind(skill.as_str()).execute(&mut *self.transaction).await {
                Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => return Ok(false),
                done => done?,
            };
        }
        self.transaction.commit().await?;
        Ok(true)
    }

    /// Keeps it all.
    ///
    /// # Errors
    /// Where the database does not answer; then nothing was changed.
    pub async fn commit(self) -> Result<(), CompetitionError> {
        Ok(self.transaction.commit().await?)
    }
}

impl Draft {
    /// With rules alone.
    #[must_use]
    pub fn new(rules: domain::rules::RuleSet) -> Self {
        Self { rules, scheme: domain::scheme::Scheme::default(), panels: Vec::new() }
    }
}
