//! The chief judge's view of a skill, and what a chief judge does there: settling conflicts and late
//! marks, asking for another scoring round, deciding of competitors, of sheets and of seats, calling
//! competitors.
//! Each but a call is one entry in the ledger, made by the desk's operation; what two persons are needed for waits as a proposal
//! (docs/adr/0010).

mod calls;
mod competitors;
mod look;
mod results;
mod seats;
mod sheets;

use std::future::Future;

use domain::id::EntryId;
use domain::ledger::{Hash, Status};
use domain::marking::{Body, Reason, Refusal as MarkingRefusal, Rescore, Resolve};
use protocol::chief::{Again, Choice, Foreseen, OfProposal, Seated, Settle, TakeBack};
use protocol::desk::Decide;
use protocol::frame::ReasonText;
use serde::de::DeserializeOwned;

use crate::accounts::Enrolled;
use crate::desk::{self, Refusal};
use crate::http::App;
use crate::ledger::{REASON_LENGTH_MAX, SALT_LENGTH};
use crate::notes::NoteRefusal;

pub(crate) use look::look;

/// What became of a form.
#[derive(Clone, Debug)]
pub enum Done {
    /// It is in the ledger.
    Entered,
    /// So many of so many entries are in the ledger; in the way of the rest came what others did.
    EnteredOf(usize, usize),
    /// Seats are given away.
    Seated(Seated),
    /// It waits for a second person.
    Proposed,
    /// Another's proposal was confirmed.
    Confirmed,
    /// A proposal was taken back.
    Retracted,
    /// A competitor is called.
    Called,
    /// A call is ended.
    CallEnded,
    /// Nothing yet: this is what it would change.
    Foreseen(Box<Foreseen>),
}

/// A form of the chief judge's page. Sending it again does nothing again.
pub trait Form: DeserializeOwned + Send {
    /// Does what it asks.
    ///
    /// # Errors
    /// Where it gives no reason and needs one, the rules refuse it now, somebody else acted since it was
    /// made, or it could not be entered.
    fn send(self, app: &App, chief: &Enrolled) -> impl Future<Output = Result<Done, Refusal>> + Send;
}

/// Settles a conflict or a late mark.
impl Form for Settle {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let stands = match self.stands.as_str() {
            "" => None,
            id => Some(EntryId::parse(id).ok_or(MarkingRefusal::NothingPending)?),
        };
        let (reason, text) = reason(&self.salt, &self.reason)?;
        let (keep, drop) = match self.choice {
            Choice::Take => (Some(self.entry), stands),
            Choice::Keep => (stands, Some(self.entry)),
        };
        let body = Body::Resolve(Resolve { drop, keep, reason });
        let state = app.ledger.state(&chief.ledger).await?;
        let pending = state.skill.as_ref().and_then(|skill| skill.pending.get(&self.entry));
        let is_late = pending.is_some_and(|pending| pending.status == Status::Late);
        let decide = Decide { act: self.act, body, reason: Some(text) };
        // What comes late is admitted by two; it is turned away by one.
        if self.choice == Choice::Take && is_late {
            return propose(app, chief, &decide).await;
        }
        enter(app, chief, decide).await
    }
}

/// Asks for another scoring round.
impl Form for Again {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let (reason, text) = reason(&self.salt, &self.reason)?;
        let body = Body::Rescore(Rescore { aspect: self.aspect, competitor: self.competitor, reason });
        enter(app, chief, Decide { act: self.act, body, reason: Some(text) }).await
    }
}

/// Confirms another chief judge's proposal.
impl Form for OfProposal {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        desk::second(app, &chief.ledger, &self, chief.judge.as_str()).await.map(|()| Done::Confirmed)
    }
}

/// Takes a proposal back.
impl Form for TakeBack {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        desk::retract(app, &chief.ledger, self.act).await.map(|()| Done::Retracted)
    }
}

impl From<NoteRefusal> for Refusal {
    fn from(error: NoteRefusal) -> Self {
        Self::failed(error.spoken())
    }
}

async fn propose(app: &App, chief: &Enrolled, decide: &Decide) -> Result<Done, Refusal> {
    desk::propose(app, chief, decide).await.map(|()| Done::Proposed)
}

/// The id of one entry of many that a form asks for: the same each time it is sent, and of the same
/// moment as the form's own.
fn part_of(act: EntryId, name: &[&str]) -> EntryId {
    let mut bytes = act.to_string().into_bytes();
    for word in name {
        bytes.push(0);
        bytes.extend_from_slice(word.as_bytes());
    }
    let hash = Hash::of_document(&bytes).0;
    let random = hash.iter().take(16).fold(0, |all: u128, byte| (all << 8) | u128::from(*byte));
    EntryId::made_at(u64::try_from(act.0 >> 80).unwrap_or_default(), random)
}

async fn enter(app: &App, chief: &Enrolled, decide: Decide) -> Result<Done, Refusal> {
    let author = desk::chief_author(&chief.judge, &chief.enrolment);
    desk::enter(app, &author, &chief.ledger, decide, None).await.map(|()| Done::Entered)
}

/// A reason as the ledger commits to it, and its text. None is entered without one, so that an empty
/// form leaves nothing in the ledger.
pub(crate) fn reason(salt: &str, text: &str) -> Result<(Reason, ReasonText), Refusal> {
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
