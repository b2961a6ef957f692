//! How far a practice is, and how the judges agree. What is told of scores is of complete rounds only,
//! so that whoever looks may sit on a panel.

use std::collections::HashSet;

use domain::id::{CompetitorCode, JudgeCode, LedgerId};
use domain::ledger::Status;
use domain::marking::{Body, Skill};
use domain::results::agreement::{self as rules, agreement, first_rounds};
use domain::scheme::Method;
use protocol::desk::{Act, Competition};
use protocol::practice::{
    Agreement, Calibration, FirstRound, FirstScore, Practice, Practising, REFERENCE, Scored, Stand, TRIAL,
};
use protocol::view::Progress;

use super::made;
use crate::competition;
use crate::desk::{self, DeskError, Refusal, role_of};
use crate::exchange::package::Judge;
use crate::http::App;

/// The practice of a skill; of a practice the one that it is.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn look(app: &App, of: &LedgerId) -> Result<Practice, Refusal> {
    let skill = competition::practised_by(&app.database, of).await?.unwrap_or_else(|| of.clone());
    let kept = desk::find(app, &skill).await?;
    let known = &kept.document.judges;
    let id = competition::of_skill(&app.database, &skill).await?;
    let state = app.ledger.state(&skill).await?;
    let marking = state.skill.as_deref().map(|skill| {
        let rounds = first_rounds(skill, 0..skill.competitors.len());
        told(&agreement(&rounds), known)
    });
    let mut shown = Practice {
        competition: desk::reference(app, &id).await?,
        skill: desk::skill_ref(&kept),
        made: None,
        judges: Vec::new(),
        calibration: Calibration::default(),
        marking: marking.unwrap_or_default(),
    };
    let Some(practice) = competition::practice_of(&app.database, &skill).await? else { return Ok(shown) };
    shown.made = Some(made(app, &practice).await?);
    let state = app.ledger.state(&practice).await?;
    if let Some(practised) = state.skill.as_deref() {
        shown.judges = judges(app, &practice, practised, known).await?;
        shown.calibration = calibration(practised, known);
    }
    Ok(shown)
}

/// How far the practices of a competition's skills are, of those that have one.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn stands(app: &App, of: &Competition) -> Result<Vec<Stand>, Refusal> {
    let practices = competition::practices(&app.database).await?;
    let mut stands = Vec::new();
    for skill in &of.skills {
        let id = &skill.skill.id;
        if let Some(kept) = practices.iter().find(|one| one.skill.as_str() == id) {
            stands.push(stand(app, id, &kept.practice).await?);
        }
    }
    Ok(stands)
}

/// Whether something may be done to a skill, as far as its practice goes: it is opened once every judge has
/// completed a sheet, or by an organiser who says that it is opened without.
///
/// # Errors
/// Where somebody has not, with who, or the database does not answer.
pub(crate) async fn may(app: &App, skill: &LedgerId, act: Act) -> Result<(), Refusal> {
    if act != Act::Open {
        return Ok(());
    }
    let practices = competition::practices(&app.database).await?;
    let Some(kept) = practices.iter().find(|one| one.skill == *skill) else { return Ok(()) };
    let missing = stand(app, skill.as_str(), &kept.practice).await?.missing;
    if missing.is_empty() {
        return Ok(());
    }
    Err(DeskError::NotPractised { judges: missing.join(", ") }.into())
}

async fn stand(app: &App, skill: &str, practice: &LedgerId) -> Result<Stand, Refusal> {
    let state = app.ledger.state(practice).await?;
    let known = desk::find(app, practice).await?.document.judges;
    let judges = match state.skill.as_deref() {
        Some(practised) => judges(app, practice, practised, &known).await?,
        None => Vec::new(),
    };
    Ok(Stand::of(skill.to_owned(), &judges))
}

/// Everybody who has something to do on the trial piece.
async fn judges(
    app: &App,
    practice: &LedgerId,
    skill: &Skill,
    known: &[Judge],
) -> Result<Vec<Practising>, Refusal> {
    let Some(row) = skill.row(&CompetitorCode::from(TRIAL)) else { return Ok(Vec::new()) };
    let turns = skill.turns(row);
    // Whose hand was in a measurement only the entries say; they are read where it matters.
    let is_unsure = turns.iter().any(|one| one.has_whole_sheet && !one.has_scored);
    let entered = if is_unsure { who_entered(app, practice).await? } else { HashSet::new() };
    let enrolments = app.accounts.enrolments(practice).await?;
    let judge = |of: domain::marking::Turns| {
        let judge = known.iter().find(|judge| judge.code == of.judge);
        let is_signed_in =
            |listed: &&crate::accounts::Listed| listed.judge == of.judge && listed.used_at.is_some();
        Practising {
            name: judge.map(|judge| judge.name.clone()).unwrap_or_default(),
            role: judge.map_or(domain::access::Role::Judge, role_of),
            devices: enrolments.iter().filter(is_signed_in).count(),
            progress: Progress { done: of.done as u64, of: of.of as u64 },
            has_completed: of.has_whole_sheet && (of.has_scored || entered.contains(&of.judge)),
            code: of.judge,
        }
    };
    Ok(turns.into_iter().map(judge).collect())
}

/// Of whom a mark was accepted, on either piece.
async fn who_entered(app: &App, practice: &LedgerId) -> Result<HashSet<JudgeCode>, Refusal> {
    let (mut judges, mut next) = (HashSet::new(), 1);
    loop {
        let page = app.ledger.entries(practice, next).await?;
        let Some(last) = page.last() else { return Ok(judges) };
        next = last.entry.seq + 1;
        for sealed in page {
            if let (Body::Mark(mark), Status::Accepted) = (sealed.entry.body, sealed.entry.status) {
                judges.insert(mark.judge);
            }
        }
    }
}

/// What was said of the reference piece.
fn calibration(skill: &Skill, known: &[Judge]) -> Calibration {
    let rounds = first_rounds(skill, skill.row(&CompetitorCode::from(REFERENCE)));
    let spread_max = skill.opening.rules.judgement.spread_max;
    let scored =
        skill.opening.scheme.aspects().filter(|aspect| !matches!(aspect.method, Method::Measurement(_)));
    Calibration {
        aspects: scored.count(),
        agreement: told(&agreement(&rounds), known),
        rounds: rounds.into_iter().map(|round| first_round(skill, round, spread_max)).collect(),
        spread_max,
    }
}

fn first_round(skill: &Skill, round: rules::FirstRound, spread_max: Option<u32>) -> FirstRound {
    let aspect = skill.aspect(round.column);
    let (low, high) = round.middle;
    let middle = if low == high { vec![low] } else { vec![low, high] };
    let descriptors = match &aspect.method {
        Method::Judgement { rungs } => {
            let rung =
                |score: domain::number::Decimal| rungs.get(usize::try_from(score.to_whole()?).ok()?).cloned();
            middle.into_iter().filter_map(rung).collect()
        }
        Method::Measurement(_) | Method::Panel(_) => Vec::new(),
    };
    let is_wide = round.scored == rules::Scored::Judgement
        && spread_max.is_some_and(|most| round.spread.0 > i64::from(most) * 1_000_000);
    FirstRound {
        aspect: aspect.id.clone(),
        description: aspect.description.clone(),
        scores: round.scores.into_iter().map(|(judge, score)| FirstScore { judge, score }).collect(),
        spread: round.spread,
        is_wide,
        middle: [low, high],
        descriptors,
    }
}

fn told(all: &[rules::Agreement], known: &[Judge]) -> Vec<Agreement> {
    let one = |of: &rules::Agreement| Agreement {
        judge: of.judge.clone(),
        name: known
            .iter()
            .find(|judge| judge.code == of.judge)
            .map(|judge| judge.name.clone())
            .unwrap_or_default(),
        scored: match of.scored {
            rules::Scored::Judgement => Scored::Judgement,
            rules::Scored::Panel => Scored::Panel,
        },
        sample: of.sample,
        at_median: of.at_median,
        severity: of.severity.map(|severity| severity.to_string()),
    };
    all.iter().map(one).collect()
}
