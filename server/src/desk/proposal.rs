//! Acts of a chief judge's that wait for a second person. The chief judge's page keeps
//! one here; an organiser, or another chief judge of the skill, confirms it, and so it is entered. What
//! is confirmed is exactly what was asked for.

use domain::access::Role;
use domain::finding::Spoken;
use domain::id::{DeviceId, EnrolmentId, EntryId, JudgeCode, LedgerId};
use domain::marking::{Body, Refusal as MarkingRefusal, State};
use protocol::chief::{OfProposal, Proposal};
use protocol::desk::Decide;
use protocol::frame::ReasonText;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::foresee::{Foretold, foretell};
use super::{Author, DeskError, Refusal, enter, queries};
use crate::accounts::Enrolled;
use crate::http::App;

/// The most that waits in one skill at once.
const PROPOSALS_MAX: usize = 200;

/// A chief judge's page as a device of the ledger: one for each enrolment, so that its numbers are its
/// own and never the tablet's.
pub(crate) fn author(judge: &JudgeCode, enrolment: &EnrolmentId) -> Author {
    Author {
        actor: judge.to_string(),
        role: Role::ChiefJudge,
        device: DeviceId::from(format!("chief:{enrolment}")),
    }
}

/// A row of the table.
struct Kept {
    act: EntryId,
    enrolment: EnrolmentId,
    actor: JudgeCode,
    body: Body,
    reason: ReasonText,
    at: i64,
}

impl Kept {
    fn foretell(&self, app: &App, skill: &LedgerId, state: &State) -> Result<Foretold, Spoken> {
        foretell(app, skill, state, &author(&self.actor, &self.enrolment), &self.body)
    }
}

/// Keeps an act until a second person confirms it; keeping it again changes nothing.
///
/// # Errors
/// Where it cannot be done now, was entered before, or the database does not answer.
pub(crate) async fn propose(app: &App, chief: &Enrolled, decide: &Decide) -> Result<(), Refusal> {
    let Decide { act, body, reason } = decide;
    let state = app.ledger.state(&chief.ledger).await?;
    let author = author(&chief.judge, &chief.enrolment);
    let asked = foretell(app, &chief.ledger, &state, &author, body)
        .map_err(|problem| DeskError::NotEntered { problem })?;
    if app.ledger.entry(&chief.ledger, *act).await?.is_some() {
        return Err(DeskError::SaidBefore.into());
    }
    drop_undoable(app, &chief.ledger, &state).await?;
    let waiting = proposals(app, &chief.ledger, &state).await?;
    // The same in another form: where both were confirmed, two exchanges would undo each other.
    if waiting.iter().any(|proposal| proposal.act != *act && proposal.what == asked.what) {
        return Err(DeskError::AskedAlready.into());
    }
    if waiting.len() >= PROPOSALS_MAX {
        return Err(DeskError::TooManyProposals.into());
    }
    let text =
        serde_json::to_string(body).map_err(|error| Refusal::failed(crate::spoken::of_library(&error)))?;
    let reason = reason.clone().unwrap_or(ReasonText { salt: String::new(), text: String::new() });
    let inserted = sqlx::query(queries::INSERT_PROPOSAL)
        .bind(act.to_string())
        .bind(chief.ledger.as_str())
        .bind(chief.enrolment.as_str())
        .bind(chief.judge.as_str())
        .bind(text)
        .bind(reason.salt)
        .bind(reason.text)
        .bind((app.clock)())
        .execute(app.database.pool())
        .await?;
    if inserted.rows_affected() == 0 {
        let kept = find(app, &chief.ledger, *act).await?;
        let is_same = kept.is_some_and(|kept| kept.body == *body && kept.enrolment == chief.enrolment);
        return if is_same { Ok(()) } else { Err(DeskError::SaidBefore.into()) };
    }
    Ok(())
}

/// What waits for a second person in a skill and can still be done, oldest first.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn proposals(app: &App, skill: &LedgerId, state: &State) -> Result<Vec<Proposal>, Refusal> {
    let rows =
        sqlx::query(queries::SELECT_PROPOSALS).bind(skill.as_str()).fetch_all(app.database.pool()).await?;
    let mut proposals = Vec::new();
    for row in &rows {
        let Some(kept) = read(row)? else { continue };
        if let Ok(Foretold { what, difference }) = kept.foretell(app, skill, state) {
            let Kept { act, actor, reason, at, .. } = kept;
            proposals.push(Proposal { act, by: actor, at, what, reason: reason.text, difference });
        }
    }
    Ok(proposals)
}

/// Lets go of what can no longer be done, and of the reasons with it.
async fn drop_undoable(app: &App, skill: &LedgerId, state: &State) -> Result<(), Refusal> {
    let rows =
        sqlx::query(queries::SELECT_PROPOSALS).bind(skill.as_str()).fetch_all(app.database.pool()).await?;
    for row in &rows {
        if let Some(kept) = read(row)?
            && kept.foretell(app, skill, state).is_err()
        {
            delete(app, skill, kept.act).await?;
        }
    }
    Ok(())
}

/// A second person's word for a proposal: with it the act is entered as the chief judge's.
///
/// # Errors
/// Where there is none, it is the second person's own, it would change something else than they saw,
/// the rules refuse it now, or it could not be entered.
pub(crate) async fn second(
    app: &App,
    skill: &LedgerId,
    form: &OfProposal,
    person: &str,
) -> Result<(), Refusal> {
    let OfProposal { act, ref seen } = *form;
    let kept = find(app, skill, act).await?.ok_or(DeskError::NoProposal)?;
    if kept.actor.as_str() == person {
        return Err(MarkingRefusal::SecondNeeded.into());
    }
    // Whoever was signed out has no more say.
    let enrolments = app.accounts.enrolments(skill).await?;
    let is_here =
        |of: &crate::accounts::Listed| of.enrolment == kept.enrolment && of.role == Role::ChiefJudge;
    if !enrolments.iter().any(is_here) {
        return Err(DeskError::ProposerGone.into());
    }
    // What can no longer be done is refused by the ledger, which then lets go of it.
    let state = app.ledger.state(skill).await?;
    if let Ok(Foretold { difference: Some(difference), .. }) = kept.foretell(app, skill, &state)
        && difference.seen.to_string() != *seen
    {
        return Err(DeskError::DifferenceChanged.into());
    }
    if !app.ledger.confirm(skill, act, &kept.body, person).await? {
        return Err(DeskError::SaidBefore.into());
    }
    let decide = Decide { act, body: kept.body, reason: Some(kept.reason) };
    let author = author(&kept.actor, &kept.enrolment);
    let entered = enter(app, &author, skill, decide, Some(person.to_owned())).await;
    // What the ledger said of it is final; only where it could not be asked the proposal stays.
    if entered.as_ref().map_or_else(|refusal| !refusal.is_ours, |()| true) {
        delete(app, skill, act).await?;
    }
    entered
}

/// Takes a proposal back.
///
/// # Errors
/// Where there is none any more, or the database does not answer.
pub(crate) async fn retract(app: &App, skill: &LedgerId, act: EntryId) -> Result<(), Refusal> {
    if delete(app, skill, act).await? { Ok(()) } else { Err(DeskError::NoProposal.into()) }
}

async fn find(app: &App, skill: &LedgerId, act: EntryId) -> Result<Option<Kept>, Refusal> {
    let select = sqlx::query(queries::SELECT_PROPOSAL).bind(act.to_string()).bind(skill.as_str());
    let row = select.fetch_optional(app.database.pool()).await?;
    Ok(row.as_ref().map(read).transpose()?.flatten())
}

async fn delete(app: &App, skill: &LedgerId, act: EntryId) -> Result<bool, Refusal> {
    let delete = sqlx::query(queries::DELETE_PROPOSAL).bind(act.to_string()).bind(skill.as_str());
    Ok(delete.execute(app.database.pool()).await?.rows_affected() > 0)
}

fn read(row: &AnyRow) -> Result<Option<Kept>, sqlx::Error> {
    let text = |at: usize| row.try_get::<String, _>(at);
    // Both were written by this program; what it cannot read any more is nothing to confirm.
    let (Some(act), Ok(body)) = (EntryId::parse(&text(0)?), serde_json::from_str(&text(3)?)) else {
        return Ok(None);
    };
    Ok(Some(Kept {
        act,
        enrolment: EnrolmentId::from(text(1)?),
        actor: JudgeCode::from(text(2)?),
        body,
        reason: ReasonText { salt: text(4)?, text: text(5)? },
        at: row.try_get(6)?,
    }))
}
