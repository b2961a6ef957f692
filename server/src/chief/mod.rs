//! The chief judge's view of a skill, and what a chief judge does there: settling conflicts and late
//! marks, asking for another scoring round, deciding of competitors. Each is one entry in the ledger,
//! made by the desk's operation; what two persons are needed for waits as a proposal
//! (docs/adr/0010).

mod look;

use domain::id::EntryId;
use domain::ledger::{Hash, Status};
use domain::marking::{
    Absent, Body, Disqualify, ExtraTime, Lock, Penalty, Reason, Refusal as MarkingRefusal, Rescore, Resolve,
    Withdraw,
};
use domain::number::Mark;
use protocol::chief::{Again, Choice, LockSheet, OfCompetitor, Settle, What};
use protocol::desk::Decide;
use protocol::frame::ReasonText;

use crate::accounts::Enrolled;
use crate::desk::{self, DeskError, Refusal};
use crate::http::App;
use crate::ledger::{REASON_LENGTH_MAX, SALT_LENGTH};

pub(crate) use look::look;

/// The most minutes that one entry gives back.
const MINUTES_MAX: u32 = 24 * 60;

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is in the ledger.
    Entered,
    /// It waits for a second person.
    Proposed,
}

/// Settles a conflict or a late mark.
///
/// # Errors
/// Where no reason is given, the rules refuse it now, or it could not be entered.
pub async fn settle(app: &App, chief: &Enrolled, form: &Settle) -> Result<Done, Refusal> {
    let stands = match form.stands.as_str() {
        "" => None,
        id => Some(EntryId::parse(id).ok_or(MarkingRefusal::NothingPending)?),
    };
    let (reason, text) = reason(&form.salt, &form.reason)?;
    let (keep, drop) = match form.choice {
        Choice::Take => (Some(form.entry), stands),
        Choice::Keep => (stands, Some(form.entry)),
    };
    let body = Body::Resolve(Resolve { drop, keep, reason });
    let state = app.ledger.state(&chief.ledger).await?;
    let pending = state.skill.as_ref().and_then(|skill| skill.pending.get(&form.entry));
    let is_late = pending.is_some_and(|pending| pending.status == Status::Late);
    let decide = Decide { act: form.act, body, reason: Some(text) };
    // What comes late is admitted by two; it is turned away by one.
    if form.choice == Choice::Take && is_late {
        desk::propose(app, chief, &decide).await?;
        return Ok(Done::Proposed);
    }
    enter(app, chief, decide).await
}

/// Asks for another scoring round.
///
/// # Errors
/// As [`settle`].
pub async fn again(app: &App, chief: &Enrolled, form: Again) -> Result<Done, Refusal> {
    let (reason, text) = reason(&form.salt, &form.reason)?;
    let body = Body::Rescore(Rescore { aspect: form.aspect, competitor: form.competitor, reason });
    enter(app, chief, Decide { act: form.act, body, reason: Some(text) }).await
}

/// Locks a sheet that everybody has signed.
///
/// # Errors
/// As [`settle`].
pub async fn lock(app: &App, chief: &Enrolled, form: LockSheet) -> Result<Done, Refusal> {
    let LockSheet { act, competitor, sub_criterion } = form;
    let body = Body::Lock(Lock { competitor, sub_criterion });
    enter(app, chief, Decide { act, body, reason: None }).await
}

/// Decides something of a competitor.
///
/// # Errors
/// As [`settle`], and where the amount is no fit number.
pub async fn of_competitor(app: &App, chief: &Enrolled, form: OfCompetitor) -> Result<Done, Refusal> {
    let OfCompetitor { act, competitor, what, amount, salt, reason: text } = form;
    let (reason, text) = reason(&salt, &text)?;
    let unreadable = || Refusal::from(DeskError::NumberUnreadable { text: amount.trim().to_owned() });
    let body = match what {
        What::Absent => Body::Absent(Absent { competitor, reason }),
        What::Withdraw => Body::Withdraw(Withdraw { competitor, reason }),
        What::Disqualify => Body::Disqualify(Disqualify { competitor, reason }),
        What::Penalty => {
            let marks = Mark::parse(amount.trim()).map_err(|_| unreadable())?;
            Body::Penalty(Penalty { competitor, marks, reason })
        }
        What::ExtraTime => {
            let minutes: Option<u32> = amount.trim().parse().ok();
            let minutes =
                minutes.filter(|minutes| (1..=MINUTES_MAX).contains(minutes)).ok_or_else(unreadable)?;
            Body::ExtraTime(ExtraTime { competitor, minutes, reason })
        }
    };
    let decide = Decide { act, body, reason: Some(text) };
    if what == What::Disqualify {
        desk::propose(app, chief, &decide).await?;
        return Ok(Done::Proposed);
    }
    enter(app, chief, decide).await
}

/// Confirms another chief judge's proposal.
///
/// # Errors
/// Where there is none, it is one's own, or the rules refuse it now.
pub async fn second(app: &App, chief: &Enrolled, act: EntryId) -> Result<(), Refusal> {
    desk::second(app, &chief.ledger, act, chief.judge.as_str()).await
}

/// Takes a proposal back.
///
/// # Errors
/// Where there is none any more.
pub async fn retract(app: &App, chief: &Enrolled, act: EntryId) -> Result<(), Refusal> {
    desk::retract(app, &chief.ledger, act).await
}

async fn enter(app: &App, chief: &Enrolled, decide: Decide) -> Result<Done, Refusal> {
    let author = desk::chief_author(&chief.judge, &chief.enrolment);
    desk::enter(app, &author, &chief.ledger, decide, None).await.map(|()| Done::Entered)
}

/// A reason as the ledger commits to it, and its text. None is entered without one, so that an empty
/// form leaves nothing in the ledger.
fn reason(salt: &str, text: &str) -> Result<(Reason, ReasonText), Refusal> {
    let text = text.trim();
    let (is_fit, salt_length) = (text.chars().count() <= REASON_LENGTH_MAX, salt.chars().count());
    if text.is_empty()
        || !is_fit
        || text.contains('\0')
        || !SALT_LENGTH.contains(&salt_length)
        || salt.contains('\0')
    {
        return Err(MarkingRefusal::ReasonNeeded.into());
    }
    let hash = Hash::of_document(format!("{salt}{text}").as_bytes());
    Ok((Some(hash), ReasonText { salt: salt.to_owned(), text: text.to_owned() }))
}
