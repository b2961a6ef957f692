//! Bulk changes of a skill's competitors: what one would do, doing it as a whole with the refusals of single
//! changes, and undoing it as a whole for a day.

use std::collections::{HashMap, HashSet};

use domain::id::{CompetitorCode, GroupName, LedgerId};
use domain::ledger::Hash;
use protocol::bulk::{Bulk, BulkAct, BulkDone, BulkPreview, Concerned};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;

use super::one::{self, FIELD_MAX};
use super::*;
use crate::competition::Changing;
use crate::exchange::package::Declared;

/// How long one can be undone.
const UNDO_MS: i64 = 24 * 3_600_000;

/// What undoes one.
#[derive(Default, Serialize, Deserialize)]
struct Undoing {
    /// What stood in the column that was set, of each.
    before: Vec<(CompetitorCode, String)>,
    /// Who was taken off.
    gone: Vec<Gone>,
    /// What was declared of those.
    interests: Vec<Declared>,
}

/// One who was taken off.
#[derive(Serialize, Deserialize)]
struct Gone {
    /// Their place in the list.
    at: usize,
    person: Person,
    /// Their sealed identity number, and what it is found again by.
    identity: Option<(String, String)>,
}

/// What a bulk change would do.
///
/// # Errors
/// Where nobody is chosen, what would be set is not fit, or the list is fixed.
pub(crate) async fn preview(app: &App, skill: &LedgerId, bulk: &Bulk) -> Result<BulkPreview, Failure> {
    let kept = desk::find(app, skill).await.map_err(setup::failed)?;
    let of = one::list_of(app, &kept).await?;
    if of.is_fixed {
        return Err(RosterError::PersonFixed.into());
    }
    let (concerned, unchanged) = concerned(&kept.document, bulk)?;
    let digest = digest(bulk, &concerned);
    let shown = concerned.iter().map(|person| Concerned {
        code: person.code.clone(),
        name: person.name.clone(),
        now: stands(person, bulk.act).to_owned(),
    });
    Ok(BulkPreview { of, bulk: bulk.clone(), concerned: shown.collect(), unchanged, digest })
}

/// Does what was shown, in one transaction.
///
/// # Errors
/// Where it would do something else than was shown, or as [`preview`]; then nothing was changed.
pub(crate) async fn change(
    app: &App,
    staff: &Staff,
    skill: &LedgerId,
    bulk: &Bulk,
    shown: &str,
) -> Result<(), Failure> {
    let (changing, at) = one::hold(app, skill).await?;
    let document = &changing.skills.get(at).ok_or(RosterError::NoSuchPerson)?.document;
    let (concerned, _) = concerned(document, bulk)?;
    if digest(bulk, &concerned) != shown || concerned.is_empty() {
        return Err(ListError::Changed.into());
    }
    let codes = concerned.iter().map(|person| person.code.clone()).collect();
    carry_out(app, staff, (changing, at), bulk, &codes).await
}

/// Takes one off the list, with their identity number and what was declared of them: a bulk change of one.
///
/// # Errors
/// Where there is no such one, or the list is fixed.
pub(crate) async fn remove(app: &App, staff: &Staff, skill: &LedgerId, code: &str) -> Result<(), Failure> {
    let (changing, at) = one::hold(app, skill).await?;
    let document = &changing.skills.get(at).ok_or(RosterError::NoSuchPerson)?.document;
    if !document.people.iter().any(|person| person.code.as_str() == code) {
        return Err(RosterError::NoSuchPerson.into());
    }
    let bulk = Bulk { act: BulkAct::Remove, ..Bulk::default() };
    carry_out(app, staff, (changing, at), &bulk, &HashSet::from([CompetitorCode::from(code)])).await
}

/// The last bulk change of a skill, where it can still be undone.
pub(super) async fn last(app: &App, skill: &LedgerId) -> Result<Option<BulkDone>, Failure> {
    let select = sqlx::query(queries::SELECT_LAST_BULK).bind(skill.as_str()).bind((app.clock)() - UNDO_MS);
    let row = select.fetch_optional(app.database.pool()).await.map_err(failed)?;
    let done = |row: &AnyRow| -> Result<BulkDone, sqlx::Error> {
        Ok(BulkDone {
            id: row.try_get(0)?,
            act: BulkAct::parse(row.try_get(1)?).unwrap_or_default(),
            to: row.try_get(2)?,
            count: row.try_get(3)?,
            by: row.try_get(4)?,
            made_at: row.try_get(5)?,
        })
    };
    row.as_ref().map(done).transpose().map_err(failed)
}

/// Undoes a bulk change as a whole: everybody is as they were before it.
///
/// # Errors
/// Where it is gone, somebody of it was changed since, or the list is fixed; then nothing was changed.
pub(crate) async fn undo(app: &App, skill: &LedgerId, id: &str) -> Result<(), Failure> {
    let (mut changing, at) = one::hold(app, skill).await?;
    let select = sqlx::query(queries::SELECT_BULK).bind(id).bind(skill.as_str());
    let select = select.bind((app.clock)() - UNDO_MS).fetch_optional(changing.connection());
    let row = select.await.map_err(failed)?.ok_or(RosterError::BulkGone)?;
    let (act, to): (String, String) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
    let sealed: String = row.try_get(2).map_err(failed)?;
    let undoing = app.vault.unseal(&of_undoing(id), &sealed).map_err(|_| RosterError::BulkGone)?;
    let undoing: Undoing =
        competition::from_json(&String::from_utf8_lossy(&undoing)).map_err(setup::failed)?;
    // Whoever was taken in elsewhere meanwhile is not put back here beside.
    let of = competition::of_skill(&app.database, skill).await.map_err(setup::failed)?;
    let rows = sqlx::query(queries::SELECT_IDENTITIES).bind(of).fetch_all(changing.connection()).await;
    let taken: HashSet<String> =
        rows.map_err(failed)?.iter().map(|row| row.try_get(1)).collect::<Result<_, _>>().map_err(failed)?;
    let numbered = undoing.gone.iter().filter_map(|gone| {
        let (sealed, blind) = gone.identity.as_ref()?;
        Some([gone.person.code.as_str(), sealed, blind])
    });
    let identities: Vec<[&str; 3]> = numbered.collect();
    if identities.iter().any(|[.., blind]| taken.contains(*blind)) {
        return Err(RosterError::BulkMoved.into());
    }
    keep_identities(app, changing.connection(), skill, &identities).await?;
    let document = &mut changing.skills.get_mut(at).ok_or(RosterError::NoSuchPerson)?.document;
    restore(document, BulkAct::parse(&act).unwrap_or_default(), &to, undoing)?;
    let delete = sqlx::query(queries::DELETE_BULKS).bind(skill.as_str()).bind((app.clock)() - UNDO_MS);
    delete.execute(changing.connection()).await.map_err(failed)?;
    changing.keep(at).await.map_err(setup::failed)?;
    changing.commit().await.map_err(setup::failed)
}

/// Those whose row would change, in the list's order, and how many were chosen who are like that already.
fn concerned<'a>(document: &'a SkillDocument, bulk: &Bulk) -> Result<(Vec<&'a Person>, usize), RosterError> {
    if bulk.to.chars().count() > FIELD_MAX || bulk.to.chars().any(char::is_control) {
        return Err(RosterError::BulkUnfit { most: FIELD_MAX });
    }
    let ticked: HashSet<&CompetitorCode> = bulk.codes.iter().collect();
    let everybody = document.people.iter();
    let chosen: Vec<&Person> = if bulk.is_all {
        bulk.query.fitting(everybody.collect(), |person| one::cells(person))
    } else {
        everybody.filter(|person| ticked.contains(&person.code)).collect()
    };
    if chosen.is_empty() {
        return Err(RosterError::NobodyChosen);
    }
    let count = chosen.len();
    let is_other = |person: &&Person| bulk.act == BulkAct::Remove || stands(person, bulk.act) != bulk.to;
    let concerned: Vec<&Person> = chosen.into_iter().filter(is_other).collect();
    let unchanged = count - concerned.len();
    Ok((concerned, unchanged))
}

/// What would be done to whom, as they are now.
fn digest(bulk: &Bulk, concerned: &[&Person]) -> String {
    let mut text = format!("{} {:?}\n", bulk.act.as_str(), bulk.to);
    for person in concerned {
        text += &format!("{} {}\n", person.code, one::seen(person));
    }
    Hash::of_document(text.as_bytes()).to_string()
}

/// What stands in the column that would be set.
fn stands(person: &Person, act: BulkAct) -> &str {
    match act {
        BulkAct::Delegation => &person.delegation,
        BulkAct::Group => person.group.as_str(),
        BulkAct::Organisation => &person.organisation,
        BulkAct::Remove => "",
    }
}

fn set(person: &mut Person, act: BulkAct, to: &str) {
    match act {
        BulkAct::Delegation => to.clone_into(&mut person.delegation),
        BulkAct::Group => person.group = GroupName::from(to),
        BulkAct::Organisation => to.clone_into(&mut person.organisation),
        BulkAct::Remove => {}
    }
}

async fn carry_out(
    app: &App,
    staff: &Staff,
    (mut changing, at): (Changing<SkillDocument>, usize),
    bulk: &Bulk,
    codes: &HashSet<CompetitorCode>,
) -> Result<(), Failure> {
    let kept = changing.skills.get_mut(at).ok_or(RosterError::NoSuchPerson)?;
    let skill = kept.ledger.clone();
    let mut undoing = alter(&mut kept.document, bulk, codes);
    if !undoing.gone.is_empty() {
        let mut numbers = numbers(&mut changing, &skill).await?;
        for gone in &mut undoing.gone {
            gone.identity = numbers.remove(gone.person.code.as_str());
            one::forget(changing.connection(), &skill, gone.person.code.as_str()).await?;
        }
    }
    let now = (app.clock)();
    let forget = sqlx::query(queries::DELETE_BULKS).bind(skill.as_str()).bind(now - UNDO_MS);
    forget.execute(changing.connection()).await.map_err(failed)?;
    let id = uuid::Uuid::now_v7().to_string();
    let text = competition::to_json(&undoing).map_err(setup::failed)?;
    let sealed = app.vault.seal(&of_undoing(&id), text.as_bytes()).ok_or(AccountError::NoRandomness)?;
    sqlx::query(queries::INSERT_BULK)
        .bind(&id)
        .bind(skill.as_str())
        .bind(bulk.act.as_str())
        .bind(&bulk.to)
        .bind(i64::try_from(codes.len()).unwrap_or(i64::MAX))
        .bind(sealed)
        .bind(&staff.account)
        .bind(now)
        .execute(changing.connection())
        .await
        .map_err(failed)?;
    changing.keep(at).await.map_err(setup::failed)?;
    changing.commit().await.map_err(setup::failed)
}

/// For what that is sealed by which a change is undone.
fn of_undoing(id: &str) -> String {
    format!("bulk {id}")
}

/// Does it to these, and gives what undoes it.
fn alter(document: &mut SkillDocument, bulk: &Bulk, codes: &HashSet<CompetitorCode>) -> Undoing {
    let mut undoing = Undoing::default();
    if bulk.act != BulkAct::Remove {
        for person in document.people.iter_mut().filter(|person| codes.contains(&person.code)) {
            undoing.before.push((person.code.clone(), stands(person, bulk.act).to_owned()));
            set(person, bulk.act, &bulk.to);
        }
        return undoing;
    }
    let mut stay = Vec::with_capacity(document.people.len());
    for (at, person) in document.people.drain(..).enumerate() {
        if codes.contains(&person.code) {
            undoing.gone.push(Gone { at, person, identity: None });
        } else {
            stay.push(person);
        }
    }
    document.people = stay;
    // What was declared of a team stays as long as somebody of it does.
    let units: HashSet<CompetitorCode> = document.people.iter().map(Person::unit).collect();
    let gone: HashSet<CompetitorCode> = undoing.gone.iter().map(|gone| gone.person.unit()).collect();
    let is_gone = |one: &Declared| gone.contains(&one.competitor) && !units.contains(&one.competitor);
    (undoing.interests, document.interests) = document.interests.drain(..).partition(is_gone);
    undoing
}

/// Undoes it, where everybody concerned is as it left them.
fn restore(
    document: &mut SkillDocument,
    act: BulkAct,
    to: &str,
    undoing: Undoing,
) -> Result<(), RosterError> {
    let places: HashMap<CompetitorCode, usize> =
        document.people.iter().enumerate().map(|(at, person)| (person.code.clone(), at)).collect();
    let is_there = |gone: &Gone| {
        let is_same =
            |one: &Person| one.name == gone.person.name && one.organisation == gone.person.organisation;
        // Two with a number each may be called alike.
        places.contains_key(&gone.person.code)
            || gone.identity.is_none() && document.people.iter().any(is_same)
    };
    if undoing.gone.iter().any(is_there) {
        return Err(RosterError::BulkMoved);
    }
    for (code, was) in undoing.before {
        let person = places.get(&code).and_then(|at| document.people.get_mut(*at));
        let person = person.filter(|person| stands(person, act) == to).ok_or(RosterError::BulkMoved)?;
        set(person, act, &was);
    }
    for gone in undoing.gone {
        document.people.insert(gone.at.min(document.people.len()), gone.person);
    }
    for one in undoing.interests {
        if document.judges.iter().any(|judge| judge.code == one.judge) && !document.interests.contains(&one) {
            document.interests.push(one);
        }
    }
    Ok(())
}

/// The sealed identity numbers of a skill, by whose they are.
async fn numbers(
    changing: &mut Changing<SkillDocument>,
    skill: &LedgerId,
) -> Result<HashMap<String, (String, String)>, Failure> {
    let select = sqlx::query(queries::SELECT_NUMBERS).bind(skill.as_str());
    let rows = select.fetch_all(changing.connection()).await.map_err(failed)?;
    let number = |row: &AnyRow| Ok((row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?)));
    rows.iter().map(number).collect::<Result<_, _>>().map_err(failed)
}
