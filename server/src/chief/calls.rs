//! A chief judge calls a competitor: the panels' tablets follow. It changes no result, and so it is
//! no entry.

use domain::id::SubCriterionId;
use domain::marking::{Phase, Refusal as MarkingRefusal, Skill};
use protocol::chief::{CallCompetitor, EndCall};

use super::{Done, Form};
use crate::accounts::Enrolled;
use crate::desk::{DeskError, Refusal};
use crate::http::App;

impl Form for CallCompetitor {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let state = app.ledger.state(&chief.ledger).await?;
        let skill = state.skill.as_deref().filter(|skill| skill.phase == Phase::Open);
        let skill = skill.ok_or(DeskError::NotMarkedNow)?;
        let unknown = || MarkingRefusal::UnknownCompetitor { code: self.competitor.to_string() };
        let row = skill.row(&self.competitor).ok_or_else(unknown)?;
        if !skill.board.is_competing(row) {
            return Err(DeskError::NotCompeting.into());
        }
        let subs = subs(skill, self.sub_criterion)?;
        app.judging.call(&chief.ledger, &subs, Some(&self.competitor), &chief.judge).await?;
        Ok(Done::Called)
    }
}

impl Form for EndCall {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let state = app.ledger.state(&chief.ledger).await?;
        let skill = state.skill.as_deref().ok_or(DeskError::NotMarkedNow)?;
        let subs = subs(skill, self.sub_criterion)?;
        app.judging.call(&chief.ledger, &subs, None, &chief.judge).await?;
        Ok(Done::CallEnded)
    }
}

/// The sub-criterion that a form names, or all.
fn subs(skill: &Skill, named: SubCriterionId) -> Result<Vec<SubCriterionId>, Refusal> {
    if named.as_str().is_empty() {
        return Ok(skill.opening.scheme.sub_criteria().map(|(_, sub)| sub.id.clone()).collect());
    }
    if skill.sub(&named).is_none() {
        return Err(MarkingRefusal::UnknownSubCriterion { id: named.to_string() }.into());
    }
    Ok(vec![named])
}
