//! People who come from the results of skills below (docs/adr/0033): each is registered for a delegation, as if it
//! had entered them, and what is missing is for the delegation to give.

use std::collections::{HashMap, HashSet};

use domain::id::LedgerId;
use domain::registration::{State, Step};
use domain::rules::SkillLevel;
use protocol::view::Text;
use sqlx::{AnyConnection, Row as _};

use super::show::All;
use super::{Sheet, failed, note, queries, seal};
use crate::accounts::Staff;
use crate::exchange::package::Person;
use crate::http::{App, Failure};

/// What is said of whoever came without a document's number.
const NO_NUMBER: &str = "晋级名单里没有证件号，请补填 / came without a document's number: please give it";

/// A delegation of the competition that people come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DelegationThere {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) organisation: Option<String>,
}

/// Somebody who comes.
pub(crate) struct Coming<'a> {
    /// As on the list below.
    pub(crate) person: &'a Person,
    /// The number of their document; none where that list has none.
    pub(crate) number: Option<&'a str>,
    /// How their team is called here; empty where they are in none.
    pub(crate) team: &'a str,
    /// From where they come, as it is noted.
    pub(crate) said: &'a str,
}

/// A competition's delegations.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn delegations(
    connection: &mut AnyConnection,
    competition: &str,
) -> Result<Vec<DelegationThere>, Failure> {
    let rows = sqlx::query(queries::SELECT_DELEGATIONS).bind(competition).fetch_all(connection).await;
    let one = |row: &sqlx::any::AnyRow| {
        Ok(DelegationThere { id: row.try_get(0)?, name: row.try_get(1)?, organisation: row.try_get(3)? })
    };
    rows.map_err(failed)?.iter().map(one).collect::<Result<_, sqlx::Error>>().map_err(failed)
}

/// Adds a delegation for people who come.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn add_for(
    connection: &mut AnyConnection,
    app: &App,
    competition: &str,
    name: &str,
) -> Result<DelegationThere, Failure> {
    let id = uuid::Uuid::now_v7().to_string();
    sqlx::query(queries::INSERT_DELEGATION)
        .bind(&id)
        .bind(competition)
        .bind(name)
        .bind(name)
        .bind(None::<String>)
        .bind((app.clock)())
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(DelegationThere { id, name: name.to_owned(), organisation: None })
}

/// Registers somebody who comes, and gives the registration's id: theirs that is there already for that skill, or a
/// new one, which waits; where the number of their document is not known, it is given back for that.
///
/// # Errors
/// Where the database does not answer, or nothing can be sealed.
pub(crate) async fn receive(
    connection: &mut AnyConnection,
    app: &App,
    staff: &Staff,
    (competition, skill, delegation): (&str, &LedgerId, &str),
    coming: &Coming<'_>,
) -> Result<String, Failure> {
    let id = uuid::Uuid::now_v7().to_string();
    let sheet = sheet(coming);
    let (sealed, mut blind) = seal(&app.vault, &id, &sheet)?;
    let is_known = coming.number.is_some();
    if is_known {
        if let Some(there) = theirs(connection, (competition, skill), &blind).await? {
            return Ok(there);
        }
    } else {
        // Nobody is told apart by a number that is not there.
        blind = app.vault.blind(&id);
    }
    sqlx::query(queries::INSERT)
        .bind(&id)
        .bind(competition)
        .bind(delegation)
        .bind(skill.as_str())
        .bind(State::Waiting.as_str())
        .bind(sealed)
        .bind(&blind)
        .bind(None::<String>)
        .bind((app.clock)())
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    note(connection, app, staff, (&id, 1), Step::Send, coming.said).await?;
    if !is_known {
        let update = sqlx::query(queries::UPDATE_STATE).bind(&id).bind(1_i64).bind(State::Returned.as_str());
        update.execute(&mut *connection).await.map_err(failed)?;
        note(connection, app, staff, (&id, 2), Step::Return, NO_NUMBER).await?;
    }
    Ok(id)
}

/// Somebody's registration for a skill, by the number of their document, as long as it stands.
async fn theirs(
    connection: &mut AnyConnection,
    (competition, skill): (&str, &LedgerId),
    blind: &str,
) -> Result<Option<String>, Failure> {
    let select = sqlx::query(queries::SELECT_SAME).bind(competition).bind(skill.as_str()).bind(blind);
    for row in select.fetch_all(connection).await.map_err(failed)? {
        let state: String = row.try_get(1).map_err(failed)?;
        if State::parse(&state).is_some_and(State::is_live) {
            return row.try_get(0).map_err(failed);
        }
    }
    Ok(None)
}

/// Holds a competition's registrations: whoever receives does so alone.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn hold(connection: &mut AnyConnection, competition: &str) -> Result<(), Failure> {
    sqlx::query(queries::HOLD).bind(competition).execute(connection).await.map_err(failed)?;
    Ok(())
}

fn sheet(coming: &Coming<'_>) -> Sheet {
    let person = coming.person;
    Sheet {
        name: person.name.clone(),
        id_number: coming.number.unwrap_or_default().to_owned(),
        organisation: person.organisation.clone(),
        team: coming.team.to_owned(),
        group: person.group.to_string(),
        employment: person.employment.clone(),
        level: SkillLevel::parse(&person.level),
        ..Sheet::default()
    }
}

/// How the registrations of some stand: their changes, and what keeps them from being approved.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn standing(
    app: &App,
    competition: &str,
    of: &HashSet<&str>,
) -> Result<HashMap<String, (State, i64, Vec<Text>)>, Failure> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let all = All::load(app, competition).await?;
    let mut lines = all.lines(app, |one| of.contains(one.id.as_str()))?;
    all.find(app, &mut lines);
    Ok(lines.into_iter().map(|(line, _)| (line.id, (line.state, line.changes, line.found))).collect())
}
