//! Competitors who sign the sheets of their own work, at a judge's device and after the judges.

use domain::access::Role;
use domain::id::{CompetitorCode, DeviceId, EntryId, SubCriterionId};
use domain::marking::{Body, Countersign, Countersigned, Refusal as MarkingRefusal, Skill, VoidHow};
use domain::number::Mark;
use domain::rules::CompetitorSees;
use protocol::countersign::{
    CountersignAspect, CountersignSheet, Countersigning, SheetToSign, ToCountersign,
};
use protocol::desk::Decide;
use protocol::drawing::Drawing;

use crate::accounts::Enrolled;
use crate::competition;
use crate::desk::{self, Author, DeskError, Refusal};
use crate::http::App;

/// The most sheets that are listed.
const LISTED_MAX: usize = 200;

/// The sheets that wait for their competitor, of the panels that a judge sits on; a chief judge's of all.
///
/// # Errors
/// Where the skill is gone or the database does not answer.
pub(crate) async fn list(app: &App, judge: &Enrolled) -> Result<ToCountersign, Refusal> {
    let kept = desk::find(app, &judge.ledger).await?;
    let id = competition::of_skill(&app.database, &judge.ledger).await?;
    let competition = desk::name_of(app, &id).await?;
    let state = app.ledger.state(&judge.ledger).await?;
    let skill = state.skill.as_deref();
    let sheets = skill.map(|skill| waiting(skill, judge)).unwrap_or_default();
    let is_asked_for = skill.is_some_and(|skill| skill.opening.rules.sign_off.is_some());
    Ok(ToCountersign { competition, skill: desk::skill_ref(&kept), is_asked_for, sheets })
}

fn waiting(skill: &Skill, judge: &Enrolled) -> Vec<SheetToSign> {
    let mut sheets = Vec::new();
    for (at, (_, sub)) in skill.opening.scheme.sub_criteria().enumerate() {
        let rows = 0..skill.competitors.len();
        let is_due = |row: &usize| {
            is_theirs(skill, *row, at, judge)
                && skill.board.is_competing(*row)
                && skill.is_signed(*row, at)
                && skill.lacks_competitor(*row, at)
        };
        sheets.extend(rows.filter(is_due).map(|row| SheetToSign {
            competitor: skill.opening.competitors[row].code.clone(),
            sub_criterion: sub.id.clone(),
            name: sub.name.clone(),
            is_refused: has_refused(skill, row, at),
        }));
    }
    sheets.truncate(LISTED_MAX);
    sheets
}

/// One sheet, as its competitor is shown it; none where it does not wait for them.
///
/// # Errors
/// As [`list`]; where there is no such sheet, or it is not the judge's to show.
pub(crate) async fn look(
    app: &App,
    judge: &Enrolled,
    competitor: &CompetitorCode,
    sub_criterion: &SubCriterionId,
) -> Result<Option<CountersignSheet>, Refusal> {
    let kept = desk::find(app, &judge.ledger).await?;
    let id = competition::of_skill(&app.database, &judge.ledger).await?;
    let competition = desk::name_of(app, &id).await?;
    let state = app.ledger.state(&judge.ledger).await?;
    let skill = state.skill.as_deref().ok_or(MarkingRefusal::NotOpen)?;
    let unknown = || MarkingRefusal::UnknownCompetitor { code: competitor.to_string() };
    let row = skill.row(competitor).ok_or_else(unknown)?;
    let unknown = || MarkingRefusal::UnknownSubCriterion { id: sub_criterion.to_string() };
    let sub =
        skill.sub(sub_criterion).filter(|sub| is_theirs(skill, row, *sub, judge)).ok_or_else(unknown)?;
    let Some(rules) = &skill.opening.rules.sign_off else { return Ok(None) };
    if !skill.is_signed(row, sub) || !skill.lacks_competitor(row, sub) {
        return Ok(None);
    }
    let sees = rules.competitor_sees == CompetitorSees::Marks;
    let aspects: Vec<CountersignAspect> = skill
        .columns_of(sub)
        .map(|column| {
            let aspect = skill.aspect(column);
            CountersignAspect {
                id: aspect.id.clone(),
                description: aspect.description.clone(),
                max: aspect.max,
                mark: match skill.voided(column) {
                    Some(VoidHow::Full) => Some(aspect.max),
                    Some(VoidHow::Removed) => None,
                    None => skill.shown_mark(row, column),
                }
                .filter(|_| sees),
                voided: skill.voided(column),
            }
        })
        .collect();
    let counting = || aspects.iter().filter(|aspect| aspect.voided != Some(VoidHow::Removed));
    let sum = Mark(counting().filter_map(|aspect| aspect.mark).map(|mark| mark.0).sum());
    let most = Mark(counting().map(|aspect| aspect.max.0).sum());
    let name = skill.opening.scheme.sub_criteria().nth(sub).map(|(_, sub)| sub.name.clone());
    Ok(Some(CountersignSheet {
        competition,
        skill: desk::skill_ref(&kept),
        competitor: competitor.clone(),
        sub_criterion: sub_criterion.clone(),
        name: name.unwrap_or_default(),
        digest: skill.sheet_digest(row, sub),
        sum: sees.then_some((sum, most)),
        aspects,
        judges: skill.sheet(row, sub).map(|sheet| sheet.signed.iter().cloned().collect()).unwrap_or_default(),
        is_refused: has_refused(skill, row, sub),
        act: EntryId(uuid::Uuid::now_v7().as_u128()),
        salt: uuid::Uuid::now_v7().simple().to_string(),
    }))
}

/// Enters what a competitor says. Sending it again does nothing again.
///
/// # Errors
/// Where nothing was drawn, no reason is given where one is needed, the sheet changed, the rules refuse it,
/// or it could not be entered.
pub(crate) async fn enter(app: &App, judge: &Enrolled, form: Countersigning) -> Result<(), Refusal> {
    let Countersigning { act, competitor, sub_criterion, sheet, how, strokes, salt, reason } = form;
    let (reason, text) = match how {
        Countersigned::Signed => (None, None),
        Countersigned::Refused | Countersigned::For => {
            let (reason, text) = crate::chief::reason(&salt, &reason)?;
            (reason, Some(text))
        }
    };
    let drawing = match how {
        Countersigned::Signed => {
            // At this screen somebody stands who can draw, and nothing else tells that it was they.
            let drawing = Drawing::new(salt, strokes);
            if !drawing.is_fit() {
                return Err(DeskError::NotDrawn.into());
            }
            Some(drawing)
        }
        Countersigned::Refused | Countersigned::For => None,
    };
    let body = Body::Countersign(Countersign {
        competitor,
        drawing: drawing.as_ref().map(Drawing::commitment),
        how,
        reason,
        sheet,
        sub_criterion,
    });
    let author = Author {
        actor: judge.judge.to_string(),
        role: judge.role,
        device: DeviceId::from(format!("page:{}", judge.enrolment)),
    };
    let decide = Decide { act, body, reason: text };
    desk::enter_drawn(app, &author, &judge.ledger, decide, None, drawing).await
}

fn is_theirs(skill: &Skill, row: usize, sub: usize, judge: &Enrolled) -> bool {
    judge.role == Role::ChiefJudge || skill.marks(row, sub, &judge.judge)
}

fn has_refused(skill: &Skill, row: usize, sub: usize) -> bool {
    let said = skill.sheet(row, sub).and_then(|sheet| sheet.countersigned.as_ref());
    said.is_some_and(|(how, ..)| *how == Countersigned::Refused)
}
