//! What a delegation does: enters somebody, mends what was entered, withdraws them, replaces them.

use domain::finding::Spoken;
use domain::id::LedgerId;
use domain::registration::{RegistrationFinding, State, Step, Terms};
use domain::rules::SkillLevel;
use protocol::registration::{PersonForm, Said};
use sqlx::AnyConnection;

use super::census::{Census, Claim, Kept};
use super::{
    FIELD_MAX, RegistrationError, Sheet, There, begun, decide, delegation, failed, note, queries, reason,
    seal, today, together,
};
use crate::accounts::Staff;
use crate::exchange::list;
use crate::exchange::roster::{IdNumber, RosterFinding};
use crate::http::{App, Failure};
use crate::setup;

/// What is said of a registration that was sent again with another document's number.
const OTHER_NUMBER: &str = "证件号已更换 / with another document's number";

/// Enters somebody for a delegation; gives the registration's id. Sent twice, a form enters one.
///
/// # Errors
/// Where it is not the time, the person does not fulfil the terms, or the form cannot be read: all that keeps
/// them, at once.
pub(crate) async fn enter(
    app: &App,
    staff: &Staff,
    delegation: &str,
    form: &PersonForm,
) -> Result<String, Failure> {
    let (there, competition, is_host) = of_delegation(app, staff, delegation).await?;
    let id = uuid::Uuid::try_parse(form.form.trim()).unwrap_or_else(|_| uuid::Uuid::now_v7()).to_string();
    let skill = chosen(&there, &form.skill)?;
    let replaces = Some(form.replaces.trim()).filter(|of| !of.is_empty());
    is_time(app, &there.terms, replaces.is_some(), is_host)?;
    is_free(app, &there, &skill).await?;
    let sheet = read(form, None)?;
    let (sealed, blind) = seal(&app.vault, &id, &sheet)?;
    let mut transaction = app.database.begin_write().await.map_err(begun)?;
    let census = held(&mut transaction, &competition).await?;
    if census.get(&id).is_some() {
        return Ok(id);
    }
    let claim = Claim { id: &id, delegation, skill: &skill, blind: &blind, replaces };
    if let Some(of) = replaces {
        find(&census, delegation, of)?;
        census.holder(claim).ok_or(RegistrationError::NotNow)?;
    }
    let counted = census.counted(claim, &census.places(), &there);
    fulfils(&there.terms.check(&skill, &sheet.registrant(), &counted, there.first_day(app)))?;
    sqlx::query(queries::INSERT)
        .bind(&id)
        .bind(&competition)
        .bind(delegation)
        .bind(skill.as_str())
        .bind(State::Waiting.as_str())
        .bind(sealed)
        .bind(&blind)
        .bind(replaces)
        .bind((app.clock)())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    note(&mut transaction, app, staff, (&id, 1), Step::Send, "").await?;
    transaction.commit().await.map_err(failed)?;
    Ok(id)
}

/// Changes what was entered, and sends it again.
///
/// # Errors
/// As [`enter`]; and where somebody else changed it meanwhile, or it does not wait.
pub(crate) async fn mend(
    app: &App,
    staff: &Staff,
    (delegation, id): (&str, &str),
    form: &PersonForm,
) -> Result<(), Failure> {
    let (there, competition, is_host) = of_delegation(app, staff, delegation).await?;
    let skill = chosen(&there, &form.skill)?;
    is_free(app, &there, &skill).await?;
    let mut transaction = app.database.begin_write().await.map_err(begun)?;
    let census = held(&mut transaction, &competition).await?;
    let one = find(&census, delegation, id)?;
    let state = one.state.after(Step::Send).ok_or(RegistrationError::NotNow)?;
    if one.changes != form.seen {
        return Err(RegistrationError::Changed.into());
    }
    // What was given back may be mended after the last day, as it was in time; for the skill that it was for.
    if one.state != State::Returned {
        is_time(app, &there.terms, one.replaces.is_some(), is_host)?;
    }
    let is_late = there.terms.is_closed(today(app)).is_some() && !is_host;
    if is_late && one.skill != skill {
        return Err(RegistrationError::LateSkill.into());
    }
    let sheet = read(form, Some(&one.open(&app.vault)?))?;
    let (sealed, blind) = seal(&app.vault, id, &sheet)?;
    let claim = Claim { skill: &skill, blind: &blind, ..one.claim() };
    let counted = census.counted(claim, &census.places(), &there);
    fulfils(&there.terms.check(&skill, &sheet.registrant(), &counted, there.first_day(app)))?;
    // Whoever approves it sees that it is another person's.
    let said = if one.blind == blind { "" } else { OTHER_NUMBER };
    let update = sqlx::query(queries::UPDATE)
        .bind(id)
        .bind(form.seen)
        .bind(skill.as_str())
        .bind(state.as_str())
        .bind(sealed)
        .bind(&blind);
    if update.execute(&mut *transaction).await.map_err(failed)?.rows_affected() == 0 {
        return Err(RegistrationError::Changed.into());
    }
    note(&mut transaction, app, staff, (id, form.seen + 1), Step::Send, said).await?;
    transaction.commit().await.map_err(failed)
}

/// Withdraws somebody, with why; who was approved is taken off the list of competitors.
///
/// # Errors
/// Where no reason is said, it is too late, or the skill's list is fixed.
pub(crate) async fn withdraw(
    app: &App,
    staff: &Staff,
    (delegation, id): (&str, &str),
    said: &Said,
) -> Result<(), Failure> {
    let why = reason(&said.why)?;
    let (there, competition, is_host) = of_delegation(app, staff, delegation).await?;
    if let Some(settled) = there.terms.is_settled(today(app)).filter(|_| !is_host) {
        return Err(refused(&[settled]).into());
    }
    decide::leave(app, staff, &competition, (delegation, id), (Step::Withdraw, said.seen, why)).await
}

/// A delegation's competition, and whether whoever asks is its organiser, who is bound to no days.
async fn of_delegation(app: &App, staff: &Staff, id: &str) -> Result<(There, String, bool), Failure> {
    let (competition, _) = delegation::of(app, id).await?.ok_or(RegistrationError::DelegationGone)?;
    let is_host = delegation::is_host(app, staff, &competition).await?;
    Ok((There::load(app, &competition).await?, competition, is_host))
}

/// A competition's registrations, which nobody changes until the transaction ends.
pub(super) async fn held(
    connection: &mut AnyConnection,
    competition: &str,
) -> Result<Census, RegistrationError> {
    sqlx::query(queries::HOLD).bind(competition).execute(&mut *connection).await?;
    Census::take(connection, competition).await
}

fn find<'a>(census: &'a Census, delegation: &str, id: &str) -> Result<&'a Kept, RegistrationError> {
    census.get(id).filter(|one| one.delegation == delegation).ok_or(RegistrationError::Gone)
}

fn chosen(there: &There, skill: &str) -> Result<LedgerId, RegistrationError> {
    let skill = LedgerId::from(skill.trim());
    there.skill(&skill).ok_or(RegistrationError::SkillUnknown)?;
    Ok(skill)
}

/// Whether today somebody may be entered, or replaced.
fn is_time(app: &App, terms: &Terms, is_replacing: bool, is_host: bool) -> Result<(), RegistrationError> {
    let today = today(app);
    let late = if is_replacing { terms.is_settled(today) } else { terms.is_closed(today) };
    match late.filter(|_| !is_host) {
        Some(late) => Err(refused(&[late])),
        None => Ok(()),
    }
}

/// Whether a skill's list may still change.
async fn is_free(app: &App, there: &There, skill: &LedgerId) -> Result<(), Failure> {
    let Some(kept) = there.skill(skill) else { return Err(RegistrationError::SkillUnknown.into()) };
    if kept.draft.is_none() || setup::is_listed(app, skill).await? {
        return Err(RegistrationError::Fixed { skill: kept.document.name.zh.clone() }.into());
    }
    Ok(())
}

fn fulfils(found: &[RegistrationFinding]) -> Result<(), RegistrationError> {
    if found.is_empty() { Ok(()) } else { Err(refused(found)) }
}

fn refused(found: &[RegistrationFinding]) -> RegistrationError {
    RegistrationError::NotEntered { problem: together(found) }
}

/// Reads the form; of what was entered before, an empty number leaves that as it is.
fn read(form: &PersonForm, before: Option<&Sheet>) -> Result<Sheet, RegistrationError> {
    let fields = [&form.name, &form.organisation, &form.team, &form.group, &form.employment, &form.guardian];
    let is_fit = |text: &&String| text.chars().count() <= FIELD_MAX && !text.chars().any(char::is_control);
    let name = list::name(&form.name);
    if name.is_empty() || !fields.iter().all(is_fit) {
        return Err(RegistrationError::PersonUnfit { most: FIELD_MAX });
    }
    let id_number = match (form.id_number.trim(), before) {
        ("", Some(before)) if !before.id_number.is_empty() => before.id_number.clone(),
        (text, _) => {
            let number = IdNumber::parse(text).map_err(|error| {
                use domain::finding::Language::{Chinese, English};
                let finding = RosterFinding::from(error);
                let problem = Spoken::new(finding.say(Chinese), finding.say(English));
                RegistrationError::NotEntered { problem }
            })?;
            number.as_str().to_owned()
        }
    };
    let level = match form.level.trim() {
        "" => None,
        word => {
            let level = SkillLevel::parse(word);
            Some(
                level
                    .ok_or_else(|| RegistrationError::from(domain::registration::TermsError::LevelUnknown))?,
            )
        }
    };
    let text = |text: &str| text.trim().to_owned();
    Ok(Sheet {
        name,
        id_number,
        born: Terms::day(&form.born).map_err(RegistrationError::from)?,
        organisation: text(&form.organisation),
        team: text(&form.team),
        group: text(&form.group),
        employment: text(&form.employment),
        level,
        has_residence_proof: form.residence == "yes",
        guardian: text(&form.guardian),
        has_consent: form.consent == "yes",
    })
}
