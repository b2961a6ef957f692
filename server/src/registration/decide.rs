//! What the organiser does: approves, by which somebody gets on the list of a skill; gives back; takes an
//! approval back.

use std::collections::{BTreeMap, HashSet};

use domain::id::{CompetitorCode, GroupName, LedgerId};
use domain::registration::{Counted, State, Step};
use domain::rules::SkillLevel;
use protocol::registration::Said;
use protocol::view::Text;
use sqlx::AnyConnection;

use super::person::held;
use super::{
    Kept, RegistrationError, There, begun, counted, delegation, failed, listed, note, queries, reason,
    text_of,
};
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
    let mut all = held(changing.connection(), app, id).await?;
    let mut on_lists = listed(changing.connection(), id).await?;
    let delegations = delegation::list(changing.connection(), id, &[]).await?;
    let mut approved = 0;
    let mut touched = HashSet::new();
    for (which, seen) in chosen {
        let Some(one) = all.iter().find(|one| one.id == *which).cloned() else { continue };
        let name = one.sheet.name.clone();
        if one.changes != *seen || one.state.after(Step::Approve).is_none() {
            continue;
        }
        let Some(at) = changing.skills.iter().position(|kept| kept.ledger == one.skill) else { continue };
        if fixed.contains(&one.skill) || changing.is_pinned(at) {
            continue;
        }
        let replaced =
            one.replaces.as_deref().and_then(|of| all.iter().find(|other| other.id == of)).cloned();
        if one.replaces.is_some() && replaced.as_ref().is_none_or(|of| of.state != State::Approved) {
            continue;
        }
        let counted = counted_of(&all, &on_lists, &there, &one);
        let found = there.terms.check(&one.skill, &one.sheet.registrant(), &counted, there.first_day(app));
        if !found.is_empty() {
            continue;
        }
        let place = match &replaced {
            Some(of) => {
                let place = take_off(&mut changing, at, of).await?;
                step(app, staff, changing.connection(), of, (Step::Replace, None, &name)).await?;
                place
            }
            None => None,
        };
        let of = delegations.iter().find(|known| known.id == one.delegation);
        let named = of.map(|known| known.name.zh.clone()).unwrap_or_default();
        let code = put_on(app, &mut changing, (at, place), &one, &named).await?;
        step(app, staff, changing.connection(), &one, (Step::Approve, Some(&code), "")).await?;
        // What is counted for the next of them.
        on_lists.push(super::Listed {
            skill: one.skill.clone(),
            code: code.clone(),
            blind: one.blind.clone(),
        });
        for known in &mut all {
            if known.id == one.id {
                (known.state, known.code) = (State::Approved, Some(code.clone()));
            } else if replaced.as_ref().is_some_and(|of| of.id == known.id) {
                on_lists.retain(|listed| {
                    listed.skill != known.skill || Some(&listed.code) != known.code.as_ref()
                });
                known.state = State::Replaced;
            }
        }
        touched.insert(at);
        approved += 1;
    }
    for at in touched {
        changing.keep(at).await.map_err(setup::failed)?;
    }
    changing.commit().await.map_err(setup::failed)?;
    Ok((approved, chosen.len() - approved))
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
    let all = held(&mut transaction, app, id).await?;
    let one = all.into_iter().find(|one| one.id == which).ok_or(RegistrationError::Gone)?;
    if one.changes != said.seen {
        return Err(RegistrationError::Changed.into());
    }
    step(app, staff, &mut transaction, &one, (Step::Return, None, why)).await?;
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
pub(super) async fn leave(
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
    let all = held(changing.connection(), app, id).await?;
    let is_meant = |one: &Kept| one.id == which && (delegation.is_empty() || one.delegation == delegation);
    let one = all.into_iter().find(is_meant).ok_or(RegistrationError::Gone)?;
    if one.changes != seen || changing.changes != changes {
        return Err(RegistrationError::Changed.into());
    }
    if one.state == State::Approved {
        let at = changing
            .skills
            .iter()
            .position(|kept| kept.ledger == one.skill)
            .ok_or(RegistrationError::Gone)?;
        if fixed.contains(&one.skill) || changing.is_pinned(at) {
            let skill = changing.skills.get(at).map(|kept| kept.document.name.zh.clone()).unwrap_or_default();
            return Err(RegistrationError::Fixed { skill }.into());
        }
        take_off(&mut changing, at, &one).await?;
        changing.keep(at).await.map_err(setup::failed)?;
    }
    step(app, staff, changing.connection(), &one, (by, None, why)).await?;
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
    (by, code, said): (Step, Option<&str>, &str),
) -> Result<(), Failure> {
    let state = one.state.after(by).ok_or(RegistrationError::NotNow)?;
    let update = sqlx::query(queries::UPDATE_STATE)
        .bind(&one.id)
        .bind(one.changes)
        .bind(state.as_str())
        .bind(code)
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
    one: &Kept,
) -> Result<Option<usize>, Failure> {
    let Some(code) = one.code.as_deref() else { return Ok(None) };
    roster::strike(changing, at, code).await
}

/// Puts somebody on the list of a skill, at a place or at its end; their new code.
async fn put_on(
    app: &App,
    changing: &mut Changing<SkillDocument>,
    (at, place): (usize, Option<usize>),
    one: &Kept,
    delegation: &str,
) -> Result<String, Failure> {
    let Some(kept) = changing.skills.get_mut(at) else { return Err(RegistrationError::Gone.into()) };
    let people = &mut kept.document.people;
    let mut taken: HashSet<String> = people.iter().map(|person| person.code.to_string()).collect();
    let code = desk::fresh_code(&mut taken).map_err(AccountError::from)?;
    let sheet = &one.sheet;
    let level = sheet.level.map(SkillLevel::names).map(|(chinese, _)| chinese.to_owned());
    let person = Person {
        row: u64::try_from(people.len() + 2).unwrap_or(u64::MAX),
        code: CompetitorCode::from(code.as_str()),
        name: sheet.name.clone(),
        organisation: sheet.organisation.clone(),
        delegation: delegation.to_owned(),
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
    Ok(code)
}

fn counted_of(all: &[Kept], on_lists: &[super::Listed], there: &There, one: &Kept) -> Counted {
    let ways = (one.id.as_str(), one.delegation.as_str(), &one.skill);
    counted(all, on_lists, there, ways, (&one.blind, one.replaces.as_deref()))
}

/// What keeps those who wait from being approved as things stand, by their ids.
pub(super) fn found(
    app: &App,
    there: &There,
    all: &[Kept],
    on_lists: &[super::Listed],
    fixed: &HashSet<LedgerId>,
) -> BTreeMap<String, Vec<Text>> {
    let waiting = all.iter().filter(|one| one.state == State::Waiting);
    let of = |one: &Kept| {
        let counted = counted_of(all, on_lists, there, one);
        let found = there.terms.check(&one.skill, &one.sheet.registrant(), &counted, there.first_day(app));
        let mut found: Vec<Text> = found.iter().map(text_of).collect();
        let mut say = |error: RegistrationError| {
            use domain::finding::Language::{Chinese, English};
            found.push(Text { zh: error.say(Chinese), en: error.say(English) });
        };
        if fixed.contains(&one.skill) {
            let skill = there.skill(&one.skill).map(|kept| kept.document.name.zh.clone());
            say(RegistrationError::Fixed { skill: skill.unwrap_or_default() });
        }
        let is_held = |of: &str| all.iter().any(|other| other.id == of && other.state == State::Approved);
        if one.replaces.as_deref().is_some_and(|of| !is_held(of)) {
            say(RegistrationError::ReplacedGone);
        }
        (one.id.clone(), found)
    };
    waiting.map(of).collect()
}
