//! Who competes in a skill, one by one: found and mended, as long as nothing of it is fixed.

use std::collections::BTreeSet;

use domain::id::{GroupName, LedgerId};
use domain::ledger::Hash;
use protocol::list::{Cell, ListQuery, Part};
use protocol::setup::{CompetitorForm, Competitors, SkillList};

use super::*;
use crate::competition::Changing;

/// The most characters of a field.
pub(super) const FIELD_MAX: usize = 200;

/// Those who compete in a skill, as far as they are asked for.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn competitors(
    app: &App,
    skill: &LedgerId,
    query: &ListQuery,
) -> Result<Competitors, Failure> {
    let kept = desk::find(app, skill).await.map_err(setup::failed)?;
    let of = list_of(app, &kept).await?;
    let people = &kept.document.people;
    let undo = if of.is_fixed { None } else { bulk::last(app, skill).await? };
    let part = query.part(people.iter().collect(), |person| cells(person));
    let Part { rows, before, found, all, page, pages } = part;
    let rows = rows.into_iter().map(|person| (person.code.clone(), form_of(person))).collect();
    let each = |of: fn(&Person) -> &str| {
        let all: BTreeSet<&str> = people.iter().map(of).filter(|text| !text.is_empty()).collect();
        all.into_iter().map(str::to_owned).collect()
    };
    Ok(Competitors {
        of,
        part: Part { rows, before, found, all, page, pages },
        delegations: each(|person| &person.delegation),
        groups: each(|person| person.group.as_str()),
        undo,
    })
}

/// One of them, with whose list it is.
///
/// # Errors
/// Where there is no such one, or the database does not answer.
pub(crate) async fn competitor(
    app: &App,
    skill: &LedgerId,
    code: &str,
) -> Result<(SkillList, CompetitorForm), Failure> {
    let kept = desk::find(app, skill).await.map_err(setup::failed)?;
    let person = kept.document.people.iter().find(|person| person.code.as_str() == code);
    let form = form_of(person.ok_or(RosterError::NoSuchPerson)?);
    Ok((list_of(app, &kept).await?, form))
}

/// Whose list it is.
pub(super) async fn list_of(app: &App, kept: &KeptSkill<SkillDocument>) -> Result<SkillList, Failure> {
    let competition = competition::of_skill(&app.database, &kept.ledger).await.map_err(setup::failed)?;
    let is_fixed = kept.draft.is_none() || setup::is_listed(app, &kept.ledger).await?;
    Ok(SkillList { skill: desk::skill_ref(kept), competition, is_fixed })
}

/// What the list says of one.
pub(super) fn cells(person: &Person) -> Vec<(&'static str, Cell<'_>)> {
    vec![
        ("code", person.code.as_str().into()),
        ("name", person.name.as_str().into()),
        ("organisation", person.organisation.as_str().into()),
        ("delegation", person.delegation.as_str().into()),
        ("group", person.group.as_str().into()),
    ]
}

fn form_of(person: &Person) -> CompetitorForm {
    CompetitorForm {
        name: person.name.clone(),
        organisation: person.organisation.clone(),
        delegation: person.delegation.clone(),
        group: person.group.to_string(),
        seen: seen(person),
    }
}

/// What tells one state of a person from another.
pub(super) fn seen(person: &Person) -> String {
    let fields = [&person.name, &person.organisation, &person.delegation, person.group.as_str()];
    Hash::of_document(fields.join("\n").as_bytes()).to_string()
}

/// Changes what is known of one.
///
/// # Errors
/// Where the form is not fit, somebody else changed them meanwhile, or the list is fixed.
pub(crate) async fn mend(
    app: &App,
    skill: &LedgerId,
    code: &str,
    form: &CompetitorForm,
) -> Result<(), Failure> {
    let fields = [&form.name, &form.organisation, &form.delegation, &form.group];
    let is_fit = |text: &&String| text.chars().count() <= FIELD_MAX && !text.chars().any(char::is_control);
    if form.name.trim().is_empty() || !fields.iter().all(is_fit) {
        return Err(RosterError::PersonUnfit { most: FIELD_MAX }.into());
    }
    let (mut changing, at) = hold(app, skill).await?;
    let kept = changing.skills.get_mut(at).ok_or(RosterError::NoSuchPerson)?;
    let person = kept.document.people.iter_mut().find(|person| person.code.as_str() == code);
    let person = person.ok_or(RosterError::NoSuchPerson)?;
    if seen(person) != form.seen {
        return Err(RosterError::PersonChanged.into());
    }
    form.name.trim().clone_into(&mut person.name);
    form.organisation.trim().clone_into(&mut person.organisation);
    form.delegation.trim().clone_into(&mut person.delegation);
    person.group = GroupName::from(form.group.trim());
    changing.keep(at).await.map_err(setup::failed)?;
    changing.commit().await.map_err(setup::failed)
}

/// Strikes one off a skill's list, with what was declared of them and all that is kept of them elsewhere; the place
/// that they had, or none where they are not on it.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn strike(
    changing: &mut Changing<SkillDocument>,
    at: usize,
    code: &str,
) -> Result<Option<usize>, Failure> {
    let Some(kept) = changing.skills.get_mut(at) else { return Ok(None) };
    let (skill, document) = (kept.ledger.clone(), &mut kept.document);
    let Some(place) = document.people.iter().position(|person| person.code.as_str() == code) else {
        // Taken off by a bulk change, they do not come back by undoing it.
        forget_skill(changing.connection(), &skill).await?;
        return Ok(None);
    };
    let unit = document.people.remove(place).unit();
    if !document.people.iter().any(|person| person.unit() == unit) {
        document.interests.retain(|one| one.competitor != unit);
    }
    forget(changing.connection(), &skill, code).await?;
    Ok(Some(place))
}

/// Forgets what is kept elsewhere of somebody who is taken off a list.
pub(super) async fn forget(
    connection: &mut AnyConnection,
    skill: &LedgerId,
    code: &str,
) -> Result<(), Failure> {
    let delete = sqlx::query(queries::DELETE_IDENTITY).bind(skill.as_str()).bind(code);
    delete.execute(&mut *connection).await.map_err(failed)?;
    checkin::forget(connection, skill, code).await.map_err(failed)
}

/// A skill whose list is not fixed, its competition held.
pub(super) async fn hold(app: &App, skill: &LedgerId) -> Result<(Changing<SkillDocument>, usize), Failure> {
    let id = competition::of_skill(&app.database, skill).await.map_err(setup::failed)?;
    let changes = competition::changes(&app.database, &id).await.map_err(setup::failed)?;
    let is_listed = setup::is_listed(app, skill).await?;
    let changing = setup::hold(app, &id).await?;
    let at =
        changing.skills.iter().position(|kept| kept.ledger == *skill).ok_or(RosterError::NoSuchPerson)?;
    let is_draft = changing.skills.get(at).is_some_and(|kept| kept.draft.is_some());
    // What was opened or drawn since its ledger was asked has changed it.
    if is_listed || !is_draft || changing.is_pinned(at) {
        return Err(RosterError::PersonFixed.into());
    }
    if changing.changes != changes {
        return Err(ListError::Changed.into());
    }
    Ok((changing, at))
}
