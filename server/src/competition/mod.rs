//! Competitions and their skills: what they are and who takes part. Results are not here; they are
//! folded from the ledger.

mod draft;
mod drill;
mod practice;
mod queries;

use domain::finding::Spoken;
use domain::findings;
use domain::id::{LedgerId, OrganisationId};
use domain::marking::Panel;
use domain::rules::RuleSet;
use domain::scheme::Scheme;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::database::{Database, DatabaseError};
use crate::spoken;

pub use draft::{Changing, changes, hold, pin, pin_alone, unpin};
pub use drill::{Drill, drills, every_drill, keep_drill};
pub use practice::{Practice, keep_practice, practice_of, practices, practised_by};

findings! {
    /// Why something could not be done with a competition.
    pub enum CompetitionError {
        Unknown { id: String, known: String } = Error "unknown_competition",
            "没有编号为“{id}”的大赛；现有：{known}。",
            "There is no competition \"{id}\"; there are: {known}.";
        UnknownSkill { id: String } = Error "unknown_skill",
            "没有编号为“{id}”的赛项；请核对地址。",
            "There is no skill \"{id}\"; check the address.";
        Pinned = Error "skill_pinned",
            "这个赛项正在开放或抽签；请过一分钟再试。",
            "The skill is being opened or drawn right now; try again in a minute.";
        Unreadable { problem: Spoken } = Error "competition_unreadable",
            "数据库里的大赛资料读不懂：{problem:#}。",
            "What the database holds of the competition cannot be read: {problem}.";
        Database { problem: Spoken } = Error "database_failed",
            "数据库没有应答：{problem:#}。",
            "The database does not answer: {problem}.";
    }
}

/// A competition as kept; `D` is what is known of it, as a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<D> {
    /// Its id.
    pub id: String,
    /// Whose it is; this server's own where none is named.
    pub organisation: Option<OrganisationId>,
    /// What is known of it.
    pub document: D,
}

/// A skill as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSkill<D> {
    /// Its id, which is its ledger's.
    pub ledger: LedgerId,
    /// Its name in the competition, unique there: the package's folder.
    pub name: String,
    /// What is known of it.
    pub document: D,
    /// By what it will be marked, where it was not imported with its marks.
    pub draft: Option<Draft>,
}

/// By what a skill will be marked, as long as it is set up: what is pinned when it opens is made of it and of
/// who takes part. Of drafts that an earlier program kept, who took part then is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The rules.
    pub rules: RuleSet,
    /// The marking scheme; empty until there is one.
    pub scheme: Scheme,
    /// Who marks which sub-criterion; empty where every judge marks everything.
    pub panels: Vec<Panel>,
}

/// Keeps a competition and its skills, all or nothing, and says whether it did; one that is there already stays as
/// it is.
///
/// # Errors
/// Where the database does not answer.
pub async fn keep<C: Serialize, S: Serialize>(
    database: &Database,
    competition: &Kept<C>,
    skills: &[KeptSkill<S>],
    now: i64,
) -> Result<bool, CompetitionError> {
    let mut transaction = database.begin_write().await?;
    let is_new = insert(&mut transaction, competition, skills, now).await?;
    transaction.commit().await?;
    Ok(is_new)
}

async fn insert<C: Serialize, S: Serialize>(
    connection: &mut AnyConnection,
    competition: &Kept<C>,
    skills: &[KeptSkill<S>],
    now: i64,
) -> Result<bool, CompetitionError> {
    let insert = sqlx::query(queries::INSERT_COMPETITION)
        .bind(&competition.id)
        .bind(to_json(&competition.document)?)
        .bind(now)
        .bind(competition.organisation.as_ref().map(OrganisationId::as_str));
    if insert.execute(&mut *connection).await?.rows_affected() == 0 {
        // It was made whole, or is somebody else's: nothing is put into it.
        return Ok(false);
    }
    for skill in skills {
        insert_skill(connection, &competition.id, skill).await?;
    }
    Ok(true)
}

async fn insert_skill<S: Serialize>(
    connection: &mut AnyConnection,
    competition: &str,
    skill: &KeptSkill<S>,
) -> Result<(), CompetitionError> {
    sqlx::query(queries::INSERT_SKILL)
        .bind(skill.ledger.as_str())
        .bind(competition)
        .bind(&skill.name)
        .bind(to_json(&skill.document)?)
        .execute(&mut *connection)
        .await?;
    if let Some(draft) = &skill.draft {
        let insert = sqlx::query(queries::INSERT_DRAFT).bind(skill.ledger.as_str());
        insert.bind(to_json(draft)?).execute(&mut *connection).await?;
    }
    Ok(())
}

/// A row of `SELECT_SKILLS`.
fn skill<S: for<'de> Deserialize<'de>>(row: &AnyRow) -> Result<KeptSkill<S>, CompetitionError> {
    let ledger = LedgerId::from(row.try_get::<String, _>(0)?);
    let document = from_json(&row.try_get::<String, _>(2)?)?;
    let draft = row.try_get::<Option<String>, _>(3)?.map(|draft| from_json(&draft)).transpose()?;
    Ok(KeptSkill { ledger, name: row.try_get(1)?, document, draft })
}

/// A competition with its skills in the order of their names.
///
/// # Errors
/// Where there is none of that id, with those that there are; or the database does not answer.
pub async fn load<C, S>(
    database: &Database,
    id: &str,
) -> Result<(Kept<C>, Vec<KeptSkill<S>>), CompetitionError>
where
    C: for<'de> Deserialize<'de>,
    S: for<'de> Deserialize<'de>,
{
    let row = sqlx::query(queries::SELECT_COMPETITION).bind(id).fetch_optional(database.pool()).await?;
    let Some(row) = row else {
        let known = list(database).await?.join(", ");
        return Err(CompetitionError::Unknown { id: id.to_owned(), known });
    };
    let document = from_json(&row.try_get::<String, _>(0)?)?;
    let organisation = row.try_get::<Option<String>, _>(1)?.map(OrganisationId::from);
    let rows = sqlx::query(queries::SELECT_SKILLS).bind(id).fetch_all(database.pool()).await?;
    let skills = rows.iter().map(skill).collect::<Result<Vec<_>, CompetitionError>>()?;
    Ok((Kept { id: id.to_owned(), organisation, document }, skills))
}

/// Changes what is known of a skill. Changes come one after the other; where `change` refuses, everything
/// stays as it is.
///
/// # Errors
/// Where there is no such skill, `change` refuses, or the database does not answer.
pub async fn change<S, E>(
    database: &Database,
    skill: &LedgerId,
    change: impl FnOnce(&mut S) -> Result<(), E> + Send,
) -> Result<(), E>
where
    S: Serialize + for<'de> Deserialize<'de> + Send,
    E: From<CompetitionError>,
{
    let failed = |error: sqlx::Error| CompetitionError::from(error);
    let mut transaction = database.begin_write().await.map_err(CompetitionError::from)?;
    // In the order in which a set-up is held: the competition first.
    let hold = sqlx::query(queries::HOLD_COMPETITION_OF).bind(skill.as_str());
    hold.execute(&mut *transaction).await.map_err(failed)?;
    let hold = sqlx::query(queries::HOLD_SKILL).bind(skill.as_str());
    if hold.execute(&mut *transaction).await.map_err(failed)?.rows_affected() == 0 {
        return Err(CompetitionError::UnknownSkill { id: skill.to_string() }.into());
    }
    let select = sqlx::query_scalar(queries::SELECT_DOCUMENT).bind(skill.as_str());
    let text: String = select.fetch_one(&mut *transaction).await.map_err(failed)?;
    let mut document: S = from_json(&text)?;
    change(&mut document)?;
    let update = sqlx::query(queries::UPDATE_DOCUMENT).bind(skill.as_str()).bind(to_json(&document)?);
    update.execute(&mut *transaction).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    Ok(())
}

/// The competition that a skill belongs to.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub async fn of_skill(database: &Database, skill: &LedgerId) -> Result<String, CompetitionError> {
    let select = sqlx::query_scalar(queries::SELECT_COMPETITION_OF).bind(skill.as_str());
    let found: Option<String> = select.fetch_optional(database.pool()).await?;
    found.ok_or_else(|| CompetitionError::UnknownSkill { id: skill.to_string() })
}

/// How many skills a competition has.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_skills(database: &Database, id: &str) -> Result<usize, CompetitionError> {
    let count: i64 = sqlx::query_scalar(queries::COUNT_SKILLS).bind(id).fetch_one(database.pool()).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The organisation that a competition is of; none where it is this server's own, or there is none.
///
/// # Errors
/// Where the database does not answer.
pub async fn organisation_of(
    database: &Database,
    id: &str,
) -> Result<Option<OrganisationId>, CompetitionError> {
    let select = sqlx::query_scalar(queries::SELECT_ORGANISATION).bind(id);
    let found: Option<Option<String>> = select.fetch_optional(database.pool()).await?;
    Ok(found.flatten().map(OrganisationId::from))
}

/// How many competitions are an organisation's.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_of(
    connection: &mut AnyConnection,
    organisation: &OrganisationId,
) -> Result<i64, CompetitionError> {
    let count = sqlx::query_scalar(queries::COUNT_OF_ORGANISATION).bind(organisation.as_str());
    Ok(count.fetch_one(connection).await?)
}

/// The ids of every competition, oldest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn list(database: &Database) -> Result<Vec<String>, CompetitionError> {
    let rows = sqlx::query(queries::SELECT_COMPETITIONS).fetch_all(database.pool()).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<_>, _>>()?)
}

pub(crate) fn to_json<T: Serialize + ?Sized>(document: &T) -> Result<String, CompetitionError> {
    serde_json::to_string(document)
        .map_err(|error| CompetitionError::Unreadable { problem: Spoken::of_reader(&error.to_string()) })
}

pub(crate) fn from_json<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, CompetitionError> {
    serde_json::from_str(text)
        .map_err(|error| CompetitionError::Unreadable { problem: Spoken::of_reader(&error.to_string()) })
}

impl From<sqlx::Error> for CompetitionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database { problem: spoken::of_database(&error) }
    }
}

impl From<DatabaseError> for CompetitionError {
    fn from(error: DatabaseError) -> Self {
        Self::Database { problem: error.spoken() }
    }
}
