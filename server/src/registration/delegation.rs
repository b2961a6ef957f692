//! A competition's delegations, and who may enter people for them.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::access::{Action, Role, Scope, allows};
use domain::registration::State;
use protocol::registration::{Delegation, DelegationForm, DelegationLines, MyDelegation};
use protocol::view::Text;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::census::Census;
use super::{FIELD_MAX, RegistrationError, There, begun, failed, queries, text_of, today};
use crate::accounts::Staff;
use crate::http::{App, Failure};
use crate::organisation;

/// How many delegations a competition has at most.
const DELEGATIONS_MAX: usize = 1_000;

/// A competition's delegations, by name, with how many are in each state.
pub(super) async fn list(
    connection: &mut AnyConnection,
    competition: &str,
    counts: &HashMap<&str, BTreeMap<State, usize>>,
) -> Result<Vec<Delegation>, Failure> {
    let rows = sqlx::query(queries::SELECT_DELEGATIONS).bind(competition).fetch_all(connection).await;
    let one = |row: &AnyRow| -> Result<Delegation, sqlx::Error> {
        let (id, zh): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let organisation: Option<String> = row.try_get(3)?;
        let named: Option<String> = row.try_get(4)?;
        Ok(Delegation {
            name: Text { zh, en: row.try_get(2)? },
            organisation: organisation.zip(named),
            counts: counts.get(id.as_str()).cloned().unwrap_or_default(),
            id,
        })
    };
    rows.map_err(failed)?.iter().map(one).collect::<Result<_, _>>().map_err(failed)
}

/// A delegation's competition, and the organisation whose registrars enter for it.
pub(super) async fn of(app: &App, id: &str) -> Result<Option<(String, Option<String>)>, Failure> {
    let select = sqlx::query(queries::SELECT_DELEGATION).bind(id);
    let row = select.fetch_optional(app.database.pool()).await.map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some((row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?)))
}

/// The delegation that a registration of a competition is of.
///
/// # Errors
/// Where there is no such registration there.
pub(crate) async fn of_registration(app: &App, (competition, id): (&str, &str)) -> Result<String, Failure> {
    let select = sqlx::query_scalar(queries::SELECT_DELEGATION_OF).bind(id).bind(competition);
    let found = select.fetch_optional(app.database.pool()).await.map_err(failed)?;
    Ok(found.ok_or(RegistrationError::Gone)?)
}

/// Whether somebody may enter people for a delegation: by a role over its organisation, or as the organiser of
/// the competition. Who registers for the organisation that holds the competition sees no other delegation's
/// people by that.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn may_register(app: &App, staff: &Staff, id: &str) -> Result<bool, Failure> {
    let Some((competition, organisation)) = of(app, id).await? else { return Ok(false) };
    let own = match organisation {
        Some(id) => organisation::reach(&app.database, &Scope::Organisation(id.as_str().into())).await?,
        None => Vec::new(),
    };
    Ok(is_own(staff, &own) || is_host(app, staff, &competition).await?)
}

/// By a role over the organisation that a delegation is of.
fn is_own(staff: &Staff, reach: &[Scope]) -> bool {
    staff.held.iter().any(|one| allows(one.role, Action::Register) && reach.contains(&one.scope))
}

/// Whether somebody is the organiser of a competition.
pub(super) async fn is_host(app: &App, staff: &Staff, competition: &str) -> Result<bool, Failure> {
    let reach = organisation::reach(&app.database, &Scope::Competition(competition.to_owned())).await?;
    Ok(staff.held.iter().any(|one| one.role == Role::Organiser && reach.contains(&one.scope)))
}

/// The delegations that somebody may enter people for by a role over their organisation, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn mine(app: &App, staff: &Staff) -> Result<Vec<MyDelegation>, Failure> {
    let rows = sqlx::query(queries::SELECT_EVERY_DELEGATION).fetch_all(app.database.pool()).await;
    let (mut reached, mut theirs) = (HashMap::<String, bool>::new(), Vec::new());
    for row in rows.map_err(failed)? {
        let [id, competition, organisation] = [0, 1, 2].map(|at| row.try_get::<String, _>(at));
        let (id, competition, organisation) =
            (id.map_err(failed)?, competition.map_err(failed)?, organisation.map_err(failed)?);
        let is_theirs = match reached.get(&organisation) {
            Some(known) => *known,
            None => {
                let scope = Scope::Organisation(organisation.as_str().into());
                let is_theirs = is_own(staff, &organisation::reach(&app.database, &scope).await?);
                reached.insert(organisation, is_theirs);
                is_theirs
            }
        };
        if is_theirs {
            theirs.push((competition, id));
        }
    }
    let mut known = HashMap::new();
    let mut mine = Vec::new();
    for (competition, id) in theirs {
        if !known.contains_key(&competition) {
            let there = There::load(app, &competition).await?;
            let mut reading = app.database.begin_read().await.map_err(begun)?;
            let census = Census::take(&mut reading, &competition).await?;
            let delegations = list(&mut reading, &competition, &census.counts()).await?;
            known.insert(competition.clone(), (there, delegations));
        }
        let Some((there, delegations)) = known.get(&competition) else { continue };
        let Some(delegation) = delegations.iter().find(|one| one.id == id) else { continue };
        mine.push(MyDelegation {
            competition: there.reference.clone(),
            dates: there.dates.clone(),
            delegation: delegation.clone(),
            closed: there.terms.is_closed(today(app)).as_ref().map(text_of),
        });
    }
    Ok(mine)
}

fn fit(name: &str) -> Result<String, RegistrationError> {
    let name = name.trim();
    let is_fit = !name.is_empty() && name.chars().count() <= FIELD_MAX && !name.chars().any(char::is_control);
    if is_fit { Ok(name.to_owned()) } else { Err(RegistrationError::DelegationUnfit { most: FIELD_MAX }) }
}

/// Adds delegations, all of the lines or none. One that is called as an organisation of the tree is that one's.
///
/// # Errors
/// Where a line cannot be read, or a name is taken.
pub(crate) async fn add(app: &App, id: &str, lines: &DelegationLines) -> Result<usize, Failure> {
    There::load(app, id).await?;
    let organisations = may_choose(app).await?;
    let mut transaction = app.database.begin_write().await.map_err(begun)?;
    let there = list(&mut transaction, id, &HashMap::new()).await?;
    let mut names: HashSet<String> = there.into_iter().map(|one| one.name.zh).collect();
    let mut added = 0;
    for line in lines.delegations.lines().filter(|line| !line.trim().is_empty()) {
        let mut fields = line.split([',', '，', '\t']).map(str::trim);
        let name = fit(fields.next().unwrap_or_default())?;
        let name_en = fields.next().filter(|name| !name.is_empty()).map_or(Ok(name.clone()), fit)?;
        if !names.insert(name.clone()) {
            return Err(RegistrationError::DelegationTwice { name }.into());
        }
        // Two organisations of one name are told apart by the organiser.
        let mut called = organisations.iter().filter(|(_, known)| known.trim() == name);
        let organisation = called.next().filter(|_| called.next().is_none()).map(|(id, _)| id.clone());
        sqlx::query(queries::INSERT_DELEGATION)
            .bind(uuid::Uuid::now_v7().to_string())
            .bind(id)
            .bind(name)
            .bind(name_en)
            .bind(organisation)
            .bind((app.clock)())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        added += 1;
    }
    if added == 0 {
        return Err(RegistrationError::NoDelegations.into());
    }
    if names.len() > DELEGATIONS_MAX {
        return Err(RegistrationError::TooManyDelegations { most: DELEGATIONS_MAX }.into());
    }
    transaction.commit().await.map_err(failed)?;
    Ok(added)
}

/// The organisations that an organiser may let enter people: every one, as delegations come from anywhere.
pub(super) async fn may_choose(app: &App) -> Result<Vec<(String, String)>, Failure> {
    let all = organisation::list(&app.database).await?;
    let named = |one: protocol::people::Organisation| {
        (one.id.to_string(), format!("{}{}", "\u{3000}".repeat(one.depth), one.name))
    };
    Ok(all.into_iter().map(named).collect())
}

/// Gives a delegation another name, or lets another organisation enter for it.
///
/// # Errors
/// Where there is none, its name is unfit or taken, or there is no such organisation.
pub(crate) async fn change(app: &App, id: &str, form: &DelegationForm) -> Result<(), Failure> {
    let name = fit(&form.name)?;
    let name_en = if form.name_en.trim().is_empty() { name.clone() } else { fit(&form.name_en)? };
    let organisation = match form.organisation.trim() {
        "" => None,
        chosen => {
            let known = may_choose(app).await?;
            known.iter().find(|(id, _)| id == chosen).ok_or(RegistrationError::OrganisationUnknown)?;
            Some(chosen.to_owned())
        }
    };
    let update = sqlx::query(queries::UPDATE_DELEGATION)
        .bind(&form.id)
        .bind(id)
        .bind(&name)
        .bind(name_en)
        .bind(organisation)
        .execute(app.database.pool())
        .await;
    match update {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            Err(RegistrationError::DelegationTwice { name }.into())
        }
        Err(error) => Err(failed(error)),
        Ok(done) if done.rows_affected() == 0 => Err(RegistrationError::DelegationGone.into()),
        Ok(_) => Ok(()),
    }
}

/// Removes a delegation that nobody was entered for.
///
/// # Errors
/// Where somebody was, or there is none.
pub(crate) async fn remove(app: &App, id: &str, delegation: &str) -> Result<(), Failure> {
    let mut transaction = app.database.begin_write().await.map_err(begun)?;
    let there = list(&mut transaction, id, &HashMap::new()).await?;
    let one = there.into_iter().find(|one| one.id == delegation).ok_or(RegistrationError::DelegationGone)?;
    let delete = sqlx::query(queries::DELETE_DELEGATION).bind(delegation).bind(id);
    match delete.execute(&mut *transaction).await {
        Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
            return Err(RegistrationError::DelegationInUse { name: one.name.zh }.into());
        }
        done => done.map_err(failed)?,
    };
    transaction.commit().await.map_err(failed)
}
