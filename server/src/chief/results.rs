//! What moves the results of many at once: an aspect voided for all, two sheets exchanged, a decision
//! undone. Each is shown with what it would change before a second person is asked.

use domain::marking::{Body, Exchange, Void, VoidAspect};
use protocol::chief::{ExchangeSheets, Foreseen, ForeseenForm, Undo, VoidForAll};
use protocol::desk::Decide;

use super::{Done, Form, propose, reason};
use crate::accounts::Enrolled;
use crate::desk::{self, DeskError, Foretold, Refusal};
use crate::http::App;

/// Voids an aspect for all.
impl Form for VoidForAll {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let (reason, text) = reason(&self.salt, &self.reason)?;
        let body = Body::VoidAspect(VoidAspect { aspect: self.aspect.clone(), how: self.how, reason });
        let decide = Decide { act: self.act, body, reason: Some(text) };
        let seen = self.seen.clone();
        ask(app, chief, decide, &seen, |seen| ForeseenForm::Void(Self { seen, ..self })).await
    }
}

/// Exchanges two sheets.
impl Form for ExchangeSheets {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let (reason, text) = reason(&self.salt, &self.reason)?;
        let body = Body::Exchange(Exchange {
            competitor: self.competitor.clone(),
            other: self.other.clone(),
            reason,
            sub_criterion: self.sub_criterion.clone(),
        });
        let decide = Decide { act: self.act, body, reason: Some(text) };
        let seen = self.seen.clone();
        ask(app, chief, decide, &seen, |seen| ForeseenForm::Exchange(Self { seen, ..self })).await
    }
}

/// Undoes an earlier decision.
impl Form for Undo {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let (reason, text) = reason(&self.salt, &self.reason)?;
        let body = Body::Void(Void { entry: self.entry, reason });
        let decide = Decide { act: self.act, body, reason: Some(text) };
        let seen = self.seen.clone();
        ask(app, chief, decide, &seen, |seen| ForeseenForm::Undo(Self { seen, ..self })).await
    }
}

/// Shows what an act would change, until the form says that exactly this was seen; then asks a second
/// person.
async fn ask(
    app: &App,
    chief: &Enrolled,
    decide: Decide,
    seen: &str,
    form: impl FnOnce(String) -> ForeseenForm,
) -> Result<Done, Refusal> {
    let state = app.ledger.state(&chief.ledger).await?;
    let author = desk::chief_author(&chief.judge, &chief.enrolment);
    let Foretold { what, difference } = desk::foretell(app, &chief.ledger, &state, &author, &decide.body)
        .map_err(|problem| DeskError::NotEntered { problem })?;
    let now = difference.as_ref().map(|difference| difference.seen.to_string());
    match difference {
        Some(difference) if now.as_deref() != Some(seen) => Ok(Done::Foreseen(Box::new(Foreseen {
            what,
            form: form(difference.seen.to_string()),
            difference,
            is_another: !seen.is_empty(),
        }))),
        _ => propose(app, chief, &decide).await,
    }
}
