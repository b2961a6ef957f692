//! Judges who go while the skill is marked, and judges whose tablet is away: a seat changes hands
//! and the chief judge takes down what a judge says.

use domain::id::{CompetitorCode, JudgeCode, SubCriterionId};
use domain::marking::{Body, Coding, Mark, Refusal as MarkingRefusal, Reseat, Skill};
use domain::number::{Decimal, narrow};
use domain::scoring::Value;
use protocol::chief::{ReplaceJudge, Seated, TakeDown};
use protocol::desk::Decide;

use super::{Done, Form, enter, part_of, reason};
use crate::accounts::Enrolled;
use crate::desk::{self, DeskError, Refusal};
use crate::exchange::package::{SkillDocument, behind, compatriots};
use crate::http::App;
use crate::judging::open_round;

impl Form for ReplaceJudge {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let (reason, text) = reason(&self.salt, &self.reason)?;
        let judge = Some(self.judge).filter(|judge| !judge.as_str().is_empty());
        let kept = desk::find(app, &chief.ledger).await?;
        if let Some(judge) = &judge {
            // A seat is for somebody who can be given a card.
            if !kept.document.judges.iter().any(|known| known.code == *judge) {
                return Err(DeskError::UnknownJudge { judge: judge.to_string() }.into());
            }
        }
        let state = app.ledger.state(&chief.ledger).await?;
        let skill = state.skill.as_deref().ok_or(MarkingRefusal::NotOpen)?;
        let competitor = Some(self.competitor).filter(|code| !code.as_str().is_empty());
        let row = match &competitor {
            Some(code) => {
                let unknown = || MarkingRefusal::UnknownCompetitor { code: code.to_string() };
                Some(skill.row(code).ok_or_else(unknown)?)
            }
            None => None,
        };
        let panels = panels(skill, row, &self.leaves, &self.sub_criterion);
        let conflicts = conflicts((skill, state.coding.as_deref()), &kept.document, judge.as_ref());
        let reseat = |sub_criterion: SubCriterionId| Reseat {
            competitor: competitor.clone(),
            conflicts: conflicts.clone(),
            judge: judge.clone(),
            leaves: self.leaves.clone(),
            reason,
            sub_criterion,
        };
        let entry = |sub: &SubCriterionId| part_of(self.act, &[sub.as_str()]);
        // A form that is sent again finds the seats as it left them.
        let mut of = Vec::new();
        for (_, sub) in skill.opening.scheme.sub_criteria() {
            if panels.contains(&sub.id) || app.ledger.entry(&chief.ledger, entry(&sub.id)).await?.is_some() {
                of.push(sub.id.clone());
            }
        }
        if of.is_empty() {
            return Err(MarkingRefusal::NotOnPanel { judge: self.leaves.to_string() }.into());
        }
        // All of it or nothing: a panel that the rules let nobody leave is known before another is left.
        let author = desk::chief_author(&chief.judge, &chief.enrolment);
        for sub in of.iter().filter(|sub| panels.contains(sub)) {
            let body = Body::Reseat(reseat(sub.clone()));
            if let Err(problem) = desk::is_acceptable(app, &chief.ledger, &state, &author, &body) {
                let panel = sub.to_string();
                return Err(DeskError::OfPanel { panel, problem }.into());
            }
        }
        for (at, sub) in of.iter().enumerate() {
            let reseat = reseat(sub.clone());
            let takes_two = skill.admits_compatriot(&reseat);
            let decide = Decide { act: entry(sub), body: Body::Reseat(reseat), reason: Some(text.clone()) };
            let done = if takes_two {
                super::propose(app, chief, &decide).await
            } else {
                enter(app, chief, decide).await
            };
            match done {
                Ok(_) if takes_two && at + 1 == of.len() => return Ok(Done::Proposed),
                Ok(_) => {}
                // The panels before hold; the page says how many, and shows the seats as they are.
                Err(refusal) if at > 0 && !refusal.is_ours => return Ok(Done::EnteredOf(at, of.len())),
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(Done::Seated(Seated {
            panels: of.len(),
            leaves: self.leaves.clone(),
            comes: judge.clone(),
            competitor: competitor.clone(),
        }))
    }
}

impl Form for TakeDown {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let unreadable = || DeskError::ScoreUnreadable { text: self.score.clone() };
        // As the judge's own pad takes it: full-width digits, and a comma for a point.
        let score = narrow(self.score.trim()).replace(',', ".");
        let number = Decimal::parse(&score).map_err(|_| unreadable())?;
        if self.judge == chief.judge {
            return Err(DeskError::OwnScore.into());
        }
        let state = app.ledger.state(&chief.ledger).await?;
        let skill = state.skill.as_deref().ok_or(MarkingRefusal::NotOpen)?;
        let unknown = || MarkingRefusal::UnknownCompetitor { code: self.competitor.to_string() };
        let row = skill.row(&self.competitor).ok_or_else(unknown)?;
        let unknown = || MarkingRefusal::UnknownAspect { id: self.aspect.to_string() };
        let column = skill.column(&self.aspect).ok_or_else(unknown)?;
        if app.ledger.entry(&chief.ledger, self.act).await?.is_none() {
            let round = open_round(skill, row, column);
            let is_scored = skill.head(row, column, &chief.judge, round).is_some();
            // Whoever scores there too scores first, so that nobody hears another's score before.
            if !is_scored && skill.sits(skill.sub_of(column), &chief.judge) {
                return Err(DeskError::ScoreFirst.into());
            }
            if skill.head(row, column, &self.judge, round).is_some() {
                return Err(DeskError::HasScored { judge: self.judge.to_string() }.into());
            }
        }
        app.accounts.confirm(&chief.ledger, &self.judge, &self.pin).await?;
        let body = Body::Mark(Mark {
            aspect: self.aspect,
            competitor: self.competitor,
            judge: self.judge.clone(),
            reason: None,
            round: open_round(skill, row, column),
            value: Value::Number(number),
        });
        let author = desk::chief_author(&chief.judge, &chief.enrolment);
        let decide = Decide { act: self.act, body, reason: None };
        let second = Some(self.judge.to_string());
        desk::enter(app, &author, &chief.ledger, decide, second).await.map(|()| Done::Entered)
    }
}

/// The panels of which somebody's seat can be given away, for one competitor or for all: the named one, or
/// every one.
fn panels(
    skill: &Skill,
    row: Option<usize>,
    judge: &JudgeCode,
    named: &SubCriterionId,
) -> Vec<SubCriterionId> {
    let subs = skill.opening.scheme.sub_criteria().enumerate();
    let is_asked = |id: &SubCriterionId| named.as_str().is_empty() || named == id;
    let of = subs.filter(|(at, (_, sub))| is_asked(&sub.id) && skill.leaving(row, *at, judge).is_some());
    of.map(|(_, (_, sub))| sub.id.clone()).collect()
}

/// Whom somebody who comes may not mark, where the opening did not know it: they were not in its
/// list of judges.
fn conflicts(
    (skill, coding): (&Skill, Option<&Coding>),
    document: &SkillDocument,
    judge: Option<&JudgeCode>,
) -> Vec<CompetitorCode> {
    let known = document.judges.iter().find(|known| judge == Some(&known.code));
    let Some(known) = known.filter(|_| skill.opening.rules.compatriots.is_some()) else {
        return Vec::new();
    };
    let is_told = skill.opening.conflicts.iter().any(|conflict| conflict.judge == known.code);
    let all = compatriots(&known.organisation, &behind(&document.people, coding));
    let competes = |code: &CompetitorCode| skill.row(code).is_some();
    if is_told { Vec::new() } else { all.into_iter().filter(competes).collect() }
}
