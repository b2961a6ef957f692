//! Entering something in a ledger for somebody who holds no outbox: an organiser, or a chief judge at
//! a page.

use domain::access::Role;
use domain::finding::Spoken;
use domain::id::{DeviceId, EntryId, LedgerId};
use domain::ledger::{Command, Entry, Status};
use protocol::desk::Decide;
use protocol::drawing::Drawing;
use protocol::frame;

use super::{DeskError, Refusal};
use crate::http::App;
use crate::ledger::{LedgerError, Origin, ReasonText, Submission};

/// How often an entry is tried that another entry of the same device got in the way of.
const TRIES_MAX: usize = 8;

/// Who enters, and as which device of the ledger.
#[derive(Clone, Debug)]
pub(crate) struct Author {
    pub(crate) actor: String,
    pub(crate) role: Role,
    pub(crate) device: DeviceId,
}

/// Enters something once, however often it is asked for: its id is the form's.
///
/// # Errors
/// Where the rules refuse it now, something else stands under its id, or it could not be entered.
pub(crate) async fn enter(
    app: &App,
    author: &Author,
    skill: &LedgerId,
    decide: Decide,
    second: Option<String>,
) -> Result<(), Refusal> {
    enter_drawn(app, author, skill, decide, second, None).await
}

/// The same, with the drawing that the entry commits to.
///
/// # Errors
/// As [`enter`].
pub(crate) async fn enter_drawn(
    app: &App,
    author: &Author,
    skill: &LedgerId,
    decide: Decide,
    second: Option<String>,
    drawing: Option<Drawing>,
) -> Result<(), Refusal> {
    let Decide { act, body, reason } = decide;
    let reason = reason.map(|frame::ReasonText { salt, text }| ReasonText { salt, text });
    for _ in 0..TRIES_MAX {
        // The number first: an entry of that id which is not seen afterwards had not taken it.
        let last = app.ledger.device(&author.device).await?.map_or(0, |device| device.last_dseq);
        let command = Command {
            actor: author.actor.clone(),
            base: None,
            body: body.clone(),
            client_time: made_at(act),
            device: author.device.clone(),
            dseq: last + 1,
            id: act,
            role: author.role,
            second: second.clone(),
        };
        if let Some(sealed) = app.ledger.entry(skill, act).await? {
            return if is_same(&sealed.entry, &command) {
                outcome(sealed.entry.status, None)
            } else {
                Err(DeskError::SaidBefore.into())
            };
        }
        let submission = Submission {
            ledger_id: skill.clone(),
            command,
            origin: Origin::Unsigned,
            drawing: drawing.clone(),
            reason: reason.clone(),
        };
        match app.ledger.submit(submission).await {
            Ok(receipt) => return outcome(receipt.status, receipt.why.map(|why| why.spoken())),
            // Another entry of the same device took the number.
            Err(LedgerError::WantDseq { .. } | LedgerError::UsedOtherwise { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(LedgerError::Busy.into())
}

/// Whether an entry is what was asked for, whatever number it got.
fn is_same(entry: &Entry, command: &Command) -> bool {
    (&entry.actor, &entry.body, &entry.device, entry.role)
        == (&command.actor, &command.body, &command.device, command.role)
}

fn outcome(status: Status, why: Option<Spoken>) -> Result<(), Refusal> {
    if status == Status::Accepted {
        return Ok(());
    }
    let problem = why.unwrap_or_else(|| Spoken::new("已记录为未接受", "it was entered as not accepted"));
    Err(DeskError::NotEntered { problem }.into())
}

/// When an id was made, milliseconds since 1970 UTC: the same at every try, as the bytes must be.
fn made_at(id: EntryId) -> i64 {
    i64::try_from(id.0 >> 80).unwrap_or_default()
}
