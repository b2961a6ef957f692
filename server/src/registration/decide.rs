//! What the organiser does: approves, by which somebody gets on the list of a skill; gives back; takes an
//! approval back.

use std::collections::{HashMap, HashSet};

use domain::id::{CompetitorCode, GroupName, LedgerId};
use domain::registration::{RegistrationFinding, Step};
use domain::rules::SkillLevel;
use protocol::registration::Said;
use sqlx::AnyConnection;

use super::census::{Census, Kept};
use super::person::held;
use super::{RegistrationError, Sheet, There, begun, failed, note, queries, reason};
use crate::accounts::{AccountError, Staff};
use crate::competition::{self, Changing};
use crate::desk;
use crate::exchange::package::{Person, SkillDocument};
use crate::http::{App, Failure};
use crate::roster;
use crate::setup;

/// Approves those who are chosen, each as it was seen: they get on the lists of their skills. Who does not
/// fulfil the terms any more, was changed since or cannot get on the list is left waiting, and the list says why; the
/// others are approved in one transaction. Gives how many were approved, and how many were not.
///
/// # Errors
/// Where nobody is chosen, or the database does not answer.
pub(crate) async fn approve(
    app: &App,
    staff: &Staff,
    id: &str,
    chosen: &[(String, i64)],
) -> Result<(usize, usize), Failure> {
    if chosen.is_empty() {
        return Err(RegistrationError::NobodyChosen.into());
    }
    let changes = competition::changes(&app.database, id).await.map_err(setup::failed)?;
    let there = There::load(app, id).await?;
    let fixed = fixed(app, &there).await?;
    let mut changing = setup::hold(app, id).await?;
    if changing.changes != changes {
        return Err(RegistrationError::Changed.into());
    }
    let mut approved = 0;
    let mut touched = HashSet::new();
    for (which, seen) in chosen {
        // Anew for each: who was approved before counts.
        let census = held(changing.connection(), id).await?;
        let Some(one) = census.get(which).filter(|one| one.changes == *seen) else { continue };
        let at = changing.skills.iter().position(|kept| kept.ledger == one.skill);
        let Some(at) = at.filter(|at| !fixed.contains(&one.skill) && !changing.is_pinned(*at)) else {
            continue;
        };
        let sheet = one.open(&app.vault)?;
        let is_waiting = one.state.after(Step::Approve).is_some();
        if !is_waiting || !speaks_against(app, &there, &census, &census.places(), one, &sheet).is_empty() {
            continue;
        }
        let place = match census.holder(one.claim()) {
            Some(of) => {
                let place = take_off(&mut changing, at, census.code(of)).await?;
                step(app, staff, changing.connection(), of, (Step::Replace, &sheet.name)).await?;
                place
            }
            None => None,
        };
        put_on(app, &mut changing, (at, place), one, &sheet).await?;
        step(app, staff, changing.connection(), one, (Step::Approve, "")).await?;
        touched.insert(at);
        approved += 1;
    }
    for at in touched {
        changing.keep(at).await.map_err(setup::failed)?;
    }
    changing.commit().await.map_err(setup::failed)?;
    Ok((approved, chosen.len() - approved))
}

/// What of the terms speaks against somebody as things stand.
pub(super) fn speaks_against(
    app: &App,
    there: &There,
    census: &Census,
    places: &HashMap<(&str, &LedgerId), usize>,
    one: &Kept,
    sheet: &Sheet,
) -> Vec<RegistrationFinding> {
    let counted = census.counted(one.claim(), places, there);
    there.terms.check(&one.skill, &sheet.registrant(), &counted, there.first_day(app))
}

/// Gives a registration back to its delegation, with why.
///
/// # Errors
/// Where no reason is said, or it does not wait.
pub(crate) async fn give_back(
    app: &App,
    staff: &Staff,
    (id, which): (&str, &str),
    said: &Said,
) -> Result<(), Failure> {
    let why = reason(&said.why)?;
    let mut transaction = app.database.begin_write().await.map_err(begun)?;
    let census = held(&mut transaction, id).await?;
    let one = census.get(which).ok_or(RegistrationError::Gone)?;
    if one.changes != said.seen {
        return Err(RegistrationError::Changed.into());
    }
    step(app, staff, &mut transaction, one, (Step::Return, why)).await?;
    transaction.commit().await.map_err(failed)
}

/// Takes an approval back: the person is taken off the list and waits again.
///
/// # Errors
/// Where it is not approved, or the skill's list is fixed.
pub(crate) async fn reconsider(
    app: &App,
    staff: &Staff,
    (id, which): (&str, &str),
    said: &Said,
) -> Result<(), Failure> {
    leave(app, staff, id, ("", which), (Step::Reconsider, said.seen, said.why.trim())).await
}

/// Takes somebody off the list of their skill where they are on it, and a step with their registration. An
/// empty delegation is any.
pub(crate) async fn leave(
    app: &App,
    staff: &Staff,
    id: &str,
    (delegation, which): (&str, &str),
    (by, seen, why): (Step, i64, &str),
) -> Result<(), Failure> {
    let changes = competition::changes(&app.database, id).await.map_err(setup::failed)?;
    let there = There::load(app, id).await?;
    let fixed = fixed(app, &there).await?;
    let mut changing = setup::hold(app, id).await?;
    let census = held(changing.connection(), id).await?;
    let is_meant = |one: &&Kept| delegation.is_empty() || one.delegation == delegation;
    let one = census.get(which).filter(is_meant).ok_or(RegistrationError::Gone)?;
    if one.changes != seen {
        return Err(RegistrationError::Changed.into());
    }
    // Who was taken off already competes nowhere, and is free whatever became of the list.
    if let Some(code) = census.code(one) {
        // Whoever opened or drew the skill since its ledger was asked has changed the competition.
        if changing.changes != changes {
            return Err(RegistrationError::Changed.into());
        }
        let at = changing.skills.iter().position(|kept| kept.ledger == one.skill);
        let at = at.ok_or(RegistrationError::Gone)?;
        if fixed.contains(&one.skill) || changing.is_pinned(at) {
            let skill = changing.skills.get(at).map(|kept| kept.document.name.zh.clone()).unwrap_or_default();
            return Err(RegistrationError::Fixed { skill }.into());
        }
        take_off(&mut changing, at, Some(code)).await?;
        changing.keep(at).await.map_err(setup::failed)?;
    }
    step(app, staff, changing.connection(), one, (by, why)).await?;
    changing.commit().await.map_err(setup::failed)
}

/// The skills whose lists are fixed.
pub(super) async fn fixed(app: &App, there: &There) -> Result<HashSet<LedgerId>, Failure> {
    let mut fixed = HashSet::new();
    for kept in &there.skills {
        if kept.draft.is_none() || setup::is_listed(app, &kept.ledger).await? {
            fixed.insert(kept.ledger.clone());
        }
    }
    Ok(fixed)
}

async fn step(
    app: &App,
    staff: &Staff,
    connection: &mut AnyConnection,
    one: &Kept,
    (by, said): (Step, &str),
) -> Result<(), Failure> {
    let state = one.state.after(by).ok_or(RegistrationError::NotNow)?;
    let update = sqlx::query(queries::UPDATE_STATE)
        .bind(&one.id)
        .bind(one.changes)
        .bind(state.as_str())
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    if update.rows_affected() == 0 {
        return Err(RegistrationError::Changed.into());
    }
    note(connection, app, staff, (&one.id, one.changes + 1), by, said).await
}

/// Takes an approved person off the list; the place that they had. Who was taken off already has none.
async fn take_off(
    changing: &mut Changing<SkillDocument>,
    at: usize,
    code: Option<&str>,
) -> Result<Option<usize>, Failure> {
    roster::strike(changing, at, code.unwrap_or_default()).await
}

/// Puts somebody on the list of a skill, at a place or at its end, with a code that nobody there has.
async fn put_on(
    app: &App,
    changing: &mut Changing<SkillDocument>,
    (at, place): (usize, Option<usize>),
    one: &Kept,
    sheet: &Sheet,
) -> Result<(), Failure> {
    let delegation = sqlx::query_scalar(queries::SELECT_DELEGATION_NAME).bind(&one.delegation);
    let delegation: String = delegation.fetch_one(changing.connection()).await.map_err(failed)?;
    let Some(kept) = changing.skills.get_mut(at) else { return Err(RegistrationError::Gone.into()) };
    let people = &mut kept.document.people;
    let mut taken: HashSet<String> = people.iter().map(|person| person.code.to_string()).collect();
    let code = desk::fresh_code(&mut taken).map_err(AccountError::from)?;
    let level = sheet.level.map(SkillLevel::names).map(|(chinese, _)| chinese.to_owned());
    let person = Person {
        row: u64::try_from(people.len() + 2).unwrap_or(u64::MAX),
        code: CompetitorCode::from(code.as_str()),
        name: sheet.name.clone(),
        organisation: sheet.organisation.clone(),
        delegation,
        team: sheet.team.clone(),
        member: String::new(),
        group: GroupName::from(sheet.group.as_str()),
        employment: sheet.employment.clone(),
        level: level.unwrap_or_default(),
        batch: String::new(),
    };
    people.insert(place.unwrap_or(people.len()).min(people.len()), person);
    let sealed = app.vault.seal(&roster::of_person(&one.skill, &code), sheet.id_number.as_bytes());
    sqlx::query(queries::INSERT_IDENTITY)
        .bind(one.skill.as_str())
        .bind(&code)
        .bind(sealed.ok_or(AccountError::NoRandomness)?)
        .bind(&one.blind)
        .execute(changing.connection())
        .await
        .map_err(failed)?;
    Ok(())
}
