//! Judges who have an interest in somebody who competes: declared, or found by where both come from (R-131,
//!

use domain::id::{CompetitorCode, JudgeCode, LedgerId};
use protocol::setup::{Interest, Interests, NewInterest};

use super::*;
use crate::exchange::package::{Declared, Judge, compatriots, named_units};

/// How many of those found are told.
const FOUND_MAX: usize = 100;

/// The interests of a skill's judges.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn interests(app: &App, skill: &LedgerId) -> Result<Interests, Failure> {
    let id = competition::of_skill(&app.database, skill).await.map_err(failed)?;
    let (_, skills) = load(app, &id).await?;
    let kept = skills.into_iter().find(|kept| kept.ledger == *skill).ok_or_else(Failure::not_found)?;
    let state = app.ledger.state(skill).await;
    let state = state.map_err(|error| SetupError::Failed { problem: error.spoken() })?;
    let document = &kept.document;
    let competitors = named_units(&document.people);
    let name_of = |code: &CompetitorCode| {
        let found = competitors.iter().find(|(known, _)| known == code);
        found.cloned().unwrap_or_else(|| (code.clone(), String::new()))
    };
    let known = |judge: &JudgeCode| document.judges.iter().find(|known| known.code == *judge);
    let declared = document.interests.iter().filter_map(|one| {
        let judge = known(&one.judge)?;
        Some(Interest {
            judge: (judge.code.clone(), judge.name.clone()),
            competitor: name_of(&one.competitor),
            kind: Some(one.kind),
            place: String::new(),
        })
    });
    let declared: Vec<Interest> = declared.collect();
    let of = |judge: &Judge| {
        let judge = judge.clone();
        let all = compatriots(&judge.organisation, &document.people).into_iter();
        let name_of = &name_of;
        all.map(move |code| Interest {
            judge: (judge.code.clone(), judge.name.clone()),
            competitor: name_of(&code),
            kind: None,
            place: judge.organisation.trim().to_owned(),
        })
        .collect::<Vec<_>>()
    };
    let mut found: Vec<Interest> = document.judges.iter().flat_map(of).collect();
    let more_found = found.len().saturating_sub(FOUND_MAX);
    found.truncate(FOUND_MAX);
    let pinned = state.skill.as_deref().map(|skill| &skill.opening.rules);
    let rules = pinned.or(kept.draft.as_ref().map(|draft| &draft.rules));
    Ok(Interests {
        skill: desk::skill_ref(&kept),
        competition: id,
        judges: document.judges.iter().map(|judge| (judge.code.clone(), judge.name.clone())).collect(),
        declared,
        found,
        more_found,
        bars_compatriots: rules.is_some_and(|rules| rules.compatriots.is_some()),
        is_sealed: state.coding.as_ref().is_some_and(|coding| coding.is_sealed),
        is_open: state.skill.is_some(),
        competitors,
    })
}

/// Declares an interest.
///
/// # Errors
/// Where judge or competitor is not known, it is declared already, or the skill is open.
pub(crate) async fn declare(app: &App, skill: &LedgerId, form: &NewInterest) -> Result<(), Failure> {
    let (mut changing, at) = hold_skill(app, skill).await?;
    let Some(kept) = changing.skills.get_mut(at) else { return Err(Failure::not_found()) };
    let document = &mut kept.document;
    let judge = document.judges.iter().find(|judge| judge.code.as_str() == form.judge);
    let judge = judge.ok_or(SetupError::JudgeUnknown)?.code.clone();
    let competitor = meant(&named_units(&document.people), &form.competitor)?;
    let kind = form.kind.unwrap_or(protocol::setup::InterestKind::Other);
    if document.interests.iter().any(|one| one.judge == judge && one.competitor == competitor) {
        return Err(SetupError::InterestThere.into());
    }
    document.interests.push(Declared { judge, competitor, kind });
    changing.keep(at).await.map_err(failed)?;
    changing.commit().await.map_err(failed)
}

/// Who is meant by a number, by `number name`, or by a name that only one has.
fn meant(units: &[(CompetitorCode, String)], text: &str) -> Result<CompetitorCode, SetupError> {
    let text = text.trim();
    let is_code =
        |(code, name): &&(CompetitorCode, String)| code.as_str() == text || format!("{code} {name}") == text;
    if let Some((code, _)) = units.iter().find(is_code) {
        return Ok(code.clone());
    }
    let mut named = units.iter().filter(|(_, name)| name == text && !text.is_empty());
    match (named.next(), named.next()) {
        (Some((code, _)), None) => Ok(code.clone()),
        (Some(_), Some(_)) => Err(SetupError::CompetitorAmbiguous { text: text.to_owned() }),
        (None, _) => Err(SetupError::CompetitorUnknown { text: text.to_owned() }),
    }
}

/// Takes a declaration back.
///
/// # Errors
/// Where there is none, or the skill is open.
pub(crate) async fn take_back(app: &App, skill: &LedgerId, form: &NewInterest) -> Result<(), Failure> {
    let (mut changing, at) = hold_skill(app, skill).await?;
    let Some(kept) = changing.skills.get_mut(at) else { return Err(Failure::not_found()) };
    let interests = &mut kept.document.interests;
    let before = interests.len();
    interests.retain(|one| one.judge.as_str() != form.judge || one.competitor.as_str() != form.competitor);
    if interests.len() == before {
        return Err(SetupError::InterestGone.into());
    }
    changing.keep(at).await.map_err(failed)?;
    changing.commit().await.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_competitor_is_meant_by_number_or_by_a_name_of_their_own() {
        let units: Vec<(CompetitorCode, String)> = [("A1", "李明"), ("A2", "王华"), ("A3", "王华")]
            .map(|(code, name)| (code.into(), name.into()))
            .into();
        for (text, code) in [("A1", "A1"), ("A1 李明", "A1"), ("李明", "A1"), (" A3 王华 ", "A3")] {
            assert_eq!(meant(&units, text).ok(), Some(code.into()), "{text}");
        }
        assert!(matches!(meant(&units, "王华"), Err(SetupError::CompetitorAmbiguous { .. })));
        for text in ["", "A4", "李"] {
            assert!(matches!(meant(&units, text), Err(SetupError::CompetitorUnknown { .. })), "{text}");
        }
    }
}
