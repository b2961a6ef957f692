//! Who a skill opens with, where there was a draw: the drawn codes, and who is behind them as far as that is
//! told.

use domain::marking::Coding;
use protocol::setup::{Mending, Missing};
use protocol::view::Text;

use super::*;
use crate::exchange::package::{Declared, behind};

/// What a skill opens with: who competes as kept where there was no draw; by their codes where the draw is
/// public; codes and groups alone where they are sealed, and then nobody is barred, who knows nobody.
///
/// # Errors
/// Where the draw is not finished.
pub(crate) async fn marked(
    app: &App,
    kept: KeptSkill<SkillDocument>,
    coding: Option<&Coding>,
) -> Result<KeptSkill<SkillDocument>, Failure> {
    let Some(coding) = coding else { return Ok(kept) };
    let mut kept = kept;
    if let Some(codes) = coding.opened() {
        kept.document.people = behind(&kept.document.people, Some(coding));
        let interests = kept.document.interests.into_iter();
        let under = |one: Declared| Some(Declared { competitor: codes.get(&one.competitor)?.clone(), ..one });
        kept.document.interests = interests.filter_map(under).collect();
        return Ok(kept);
    }
    let draw = of_skill(app, &kept.ledger).await?.ok_or(DrawError::Gone)?;
    let entrants = draw.plan.entrants.get(&kept.ledger).filter(|_| coding.seed.is_some());
    kept.document.people = entrants.ok_or(DrawError::NotDrawn)?.iter().map(Person::unknown).collect();
    kept.document.interests.clear();
    Ok(kept)
}

/// What a skill's draw lacks before the skill can open; none where there is no draw, or nothing is missing.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn lacks(app: &App, kept: &KeptSkill<SkillDocument>) -> Result<Option<Missing>, Failure> {
    let Some(draw) = of_skill(app, &kept.ledger).await? else { return Ok(None) };
    let plan = &draw.plan;
    let error = if plan.seed.is_none() || !plan.entrants.contains_key(&kept.ledger) {
        let (zh, en) = ("抽签还没有抽完", "The draw is not finished");
        return Ok(Some(Missing { what: Text { zh: zh.to_owned(), en: en.to_owned() }, at: Mending::Draw }));
    } else if let Some((_, maker)) = plan.numbered().find_map(|(number, layer)| {
        let maker = layer.maker.as_ref()?;
        let marks = kept.document.judges.iter().any(|judge| judge.name.trim() == maker.name.trim());
        marks.then_some((number, maker))
    }) {
        DrawError::Marks { name: maker.name.clone(), skill: kept.document.name.zh.clone() }
    } else {
        let open = plan.numbered().filter(|(_, layer)| !layer.is_sealed());
        let layers: Vec<String> = open.map(|(number, _)| number.to_string()).collect();
        if !plan.is_sealed || layers.is_empty() {
            return Ok(None);
        }
        DrawError::NotSealed { layers: layers.join(", ") }
    };
    let finding = error.at(Place::default());
    let text = Text {
        zh: finding.say(domain::finding::Language::Chinese).trim_end_matches('。').to_owned(),
        en: finding.say(domain::finding::Language::English).trim_end_matches('.').to_owned(),
    };
    Ok(Some(Missing { what: text, at: Mending::Draw }))
}

/// That nobody of that name made a layer of a skill's codes.
///
/// # Errors
/// Where somebody did, or the database does not answer.
pub(crate) async fn is_no_maker(app: &App, skill: &LedgerId, name: &str) -> Result<(), Failure> {
    let is_named = |maker: &String| maker.trim() == name.trim();
    match makers(app, skill).await?.into_iter().find(is_named) {
        Some(name) => Err(DrawError::IsMaker { name }.into()),
        None => Ok(()),
    }
}

/// Who made a layer of a skill's codes, by name.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn makers(app: &App, skill: &LedgerId) -> Result<Vec<String>, Failure> {
    let draw = of_skill(app, skill).await?;
    let layers = draw.into_iter().flat_map(|draw| draw.plan.layers);
    Ok(layers.filter_map(|layer| Some(layer.maker?.name)).collect())
}
