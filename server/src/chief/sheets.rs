//! What a chief judge does with sheets: signing for somebody, locking, opening an aspect again.

use domain::marking::{Body, Lock, Refusal as MarkingRefusal, Sign, Unlock};
use protocol::chief::{LOCKED_AT_ONCE_MAX, LockAll, LockSheet, SignFor, UnlockAspect, sheets_of};
use protocol::desk::Decide;

use super::{Done, Form, enter, part_of, propose, reason};
use crate::accounts::Enrolled;
use crate::desk::{DeskError, Refusal};
use crate::http::App;

/// Locks a sheet that everybody has signed.
impl Form for LockSheet {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let Self { act, competitor, sub_criterion } = self;
        let body = Body::Lock(Lock { competitor, sub_criterion });
        enter(app, chief, Decide { act, body, reason: None }).await
    }
}

/// Locks every sheet that everybody had signed when the form was made. What cannot be locked any more is
/// left as it is, without an entry.
impl Form for LockAll {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let unreadable = || DeskError::NumberUnreadable { text: String::new() };
        let sheets = sheets_of(&self.sheets).filter(|sheets| sheets.len() <= LOCKED_AT_ONCE_MAX);
        let sheets = sheets.ok_or_else(unreadable)?;
        let (mut entered, of) = (0, sheets.len());
        for (competitor, sub_criterion) in sheets {
            let act = part_of(self.act, &[competitor.as_str(), sub_criterion.as_str()]);
            let state = app.ledger.state(&chief.ledger).await?;
            let skill = state.skill.as_deref().ok_or(MarkingRefusal::NotOpen)?;
            let place = skill.row(&competitor).zip(skill.sub(&sub_criterion));
            if place.is_some_and(|(row, sub)| skill.is_ready(row, sub))
                || app.ledger.entry(&chief.ledger, act).await?.is_some()
            {
                let body = Body::Lock(Lock { competitor, sub_criterion });
                match enter(app, chief, Decide { act, body, reason: None }).await {
                    Ok(_) => entered += 1,
                    Err(refusal) if refusal.is_ours => return Err(refusal),
                    Err(_) => {}
                }
            }
        }
        Ok(Done::EnteredOf(entered, of))
    }
}

/// Signs for a judge who is absent or refuses.
impl Form for SignFor {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let Self { act, competitor, sub_criterion, judge, sheet, salt, reason: text } = self;
        let (reason, text) = reason(&salt, &text)?;
        let body = Body::Sign(Sign { competitor, drawing: None, judge, reason, sheet, sub_criterion });
        enter(app, chief, Decide { act, body, reason: Some(text) }).await
    }
}

/// Asks a second person to open one aspect of a sheet again.
impl Form for UnlockAspect {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let Self { act, competitor, aspect, salt, reason: text } = self;
        let (reason, text) = reason(&salt, &text)?;
        let body = Body::Unlock(Unlock { aspect, competitor, reason });
        propose(app, chief, &Decide { act, body, reason: Some(text) }).await
    }
}
