//! What anybody may know of a competition's draws: enough to repeat them, as far as they are told.

use domain::marking::{Coding, Phase, State};
use protocol::draw::{Published, PublishedDraw, PublishedLayer, PublishedThrown};

use super::*;
use crate::desk;
use crate::exchange::package::named_units;
use crate::live::LiveError;

/// What is published of a public competition's draws. Who has which code is told at once where the draw is
/// public, else with the results.
///
/// # Errors
/// Where there is no such competition, or it is not public.
pub(crate) async fn published(app: &App, id: &str) -> Result<Published, Failure> {
    if !app.live.is_public(id).await? {
        return Err(LiveError::Unknown.into());
    }
    let (competition, mut skills) = load(app, id).await?;
    skills.sort_by(|one, other| one.document.number.cmp(&other.document.number));
    let mut published = Vec::new();
    for skill in &skills {
        let state = state(app, &skill.ledger).await?;
        if let Some(coding) = state.coding.as_deref() {
            let is_named = app.live.setting(&skill.ledger).await?.is_named;
            published.push(of(skill, &state, coding, is_named));
        }
    }
    let mut thrown = Vec::new();
    for kept in all(app, id).await? {
        thrown.extend(kept.plan.thrown.iter().map(|one| {
            PublishedThrown {
                at: one.at,
                source: kept.plan.source.clone(),
                seed: kept.plan.seed.clone(),
                reason: one.reason.clone(),
                skills: skills
                    .iter()
                    .filter(|skill| one.skills.contains(&skill.ledger))
                    .map(desk::skill_ref)
                    .collect(),
            }
        }));
    }
    thrown.sort_by_key(|one| one.at);
    let competition = competition.reference(id);
    Ok(Published { competition, skills: published, thrown })
}

fn of(skill: &KeptSkill<SkillDocument>, state: &State, coding: &Coding, is_named: bool) -> PublishedDraw {
    let is_released = matches!(state.skill.as_deref().map(|skill| skill.phase), Some(Phase::Released(_)));
    let is_told = !coding.is_sealed || is_released;
    let is_drawn = coding.seed.is_some();
    let layers = coding.layers.iter().map(|(number, layer)| PublishedLayer {
        layer: *number,
        codes: layer.made.codes,
        commitment: layer.made.commitment,
        committed_at: layer.at,
        entry: layer.entry,
        drawn: is_drawn.then(|| layer.codes.clone()),
        secret: layer.opened.as_ref().filter(|_| is_told).map(|(secret, _)| secret.clone()),
    });
    PublishedDraw {
        skill: skill.ledger.to_string(),
        name: desk::text(&skill.document.name),
        number: skill.document.number.clone(),
        is_sealed: coding.is_sealed,
        source: coding.source.clone(),
        seed: coding.seed.clone(),
        list_hash: coding.list_hash,
        list: coding.list.clone().filter(|_| is_told),
        names: if is_told && (is_named || is_released) {
            named_units(&skill.document.people).into_iter().collect()
        } else {
            BTreeMap::new()
        },
        layers: layers.collect(),
    }
}
