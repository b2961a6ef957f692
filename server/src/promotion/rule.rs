//! A skill's rule of advancement: which skills below it takes people from, and how.

use domain::access::{Action, Scope};
use domain::advancement::{CutTies, Merge, Quota, Rule, Typed};
use domain::id::LedgerId;
use protocol::circuit::CircuitRef;
use protocol::promotion::{FeederLine, RuleForm};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::source::{self, Source};
use super::{FEEDERS_MAX, PromotionError, failed, queries};
use crate::accounts::Staff;
use crate::circuit;
use crate::competition::{self, Kept, KeptSkill, from_json, to_json};
use crate::exchange::package::{Competition, SkillDocument, TIERS};
use crate::http::{App, Failure};
use crate::organisation;
use crate::setup;

/// What is kept of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) feeders: Vec<LedgerId>,
    pub(super) rule: Rule,
}

/// The skill that people go on to.
pub(super) struct Above {
    pub(super) competition: Kept<Competition>,
    pub(super) skill: KeptSkill<SkillDocument>,
    pub(super) document: Option<Document>,
    pub(super) changes: i64,
}

impl Above {
    /// # Errors
    /// Where the competition has no such skill.
    pub(super) async fn load(app: &App, (id, skill): (&str, &str)) -> Result<Self, Failure> {
        let loaded = competition::load::<Competition, SkillDocument>(&app.database, id).await;
        let (competition, skills) = loaded.map_err(setup::failed)?;
        let found = skills.into_iter().find(|kept| kept.ledger.as_str() == skill);
        let skill = found.ok_or_else(Failure::not_found)?;
        let select = sqlx::query(queries::SELECT_RULE).bind(skill.ledger.as_str());
        let row = select.fetch_optional(app.database.pool()).await.map_err(failed)?;
        let (document, changes) = match row {
            Some(row) => {
                let text: String = row.try_get(0).map_err(failed)?;
                (Some(from_json(&text).map_err(setup::failed)?), row.try_get(1).map_err(failed)?)
            }
            None => (None, 0),
        };
        Ok(Self { competition, skill, document, changes })
    }
}

/// The rule as its form shows it; where none is kept, the one that is proposed.
pub(super) fn typed(document: Option<&Document>, changes: i64) -> RuleForm {
    let proposed = Document::default();
    let Document { feeders, rule } = document.unwrap_or(&proposed);
    let (quota, places) = match rule.quota {
        Quota::First(places) => ("first", places),
        Quota::Share(percent) => ("share", percent),
    };
    let word = |known: &[(CutTies, &'static str)]| {
        known.iter().find(|(ties, _)| *ties == rule.ties).map_or("", |(_, word)| word).to_owned()
    };
    let merge = Merge::ALL.iter().find(|(merge, _)| *merge == rule.merge).map_or("", |(_, word)| word);
    RuleForm {
        feeders: feeders.iter().map(ToString::to_string).collect(),
        quota: quota.to_owned(),
        places: places.to_string(),
        ties: word(&CutTies::ALL),
        merge: merge.to_owned(),
        per_delegation: rule.per_delegation.map(|cap| cap.to_string()).unwrap_or_default(),
        least_total: rule.least_total.map(|total| total.to_string()).unwrap_or_default(),
        employments: rule.employments.join("、"),
        reserves: if rule.reserves == 0 { String::new() } else { rule.reserves.to_string() },
        seen: changes,
    }
}

/// The skills that people may come from: of the same circuit, of the same tier or a lower one, with results that are
/// theirs to see who asks; the ones that are named already too.
pub(super) async fn offered(
    app: &App,
    staff: &Staff,
    above: &Above,
    circuit: Option<&CircuitRef>,
) -> Result<Vec<FeederLine>, Failure> {
    let mut known: Vec<LedgerId> = above.document.iter().flat_map(|of| of.feeders.clone()).collect();
    if let Some(circuit) = circuit {
        let tier = |tier: &str| TIERS.iter().position(|known| *known == tier);
        for (id, of, _) in circuit::competitions(app, &circuit.id).await? {
            let is_below = tier(&of.tier) <= tier(&above.competition.document.tier);
            let reach = organisation::reach(&app.database, &Scope::Competition(id.clone())).await?;
            if !is_below || staff.may(Action::Look, &reach).is_none() {
                continue;
            }
            let loaded = competition::load::<Competition, SkillDocument>(&app.database, &id).await;
            let skills = loaded.map_err(setup::failed)?.1;
            known.extend(skills.into_iter().map(|kept| kept.ledger).filter(|one| *one != above.skill.ledger));
        }
    }
    known.sort();
    known.dedup();
    let sources = source::load(app, &known).await?;
    let own = &above.skill.document;
    let is_alike = |source: &Source| {
        let other = source.document();
        let is_same = !own.occupation.is_empty() && own.occupation == other.occupation;
        is_same || own.name.zh.trim() == other.name.zh.trim()
    };
    let mut lines: Vec<FeederLine> = sources
        .values()
        .map(|source| FeederLine {
            competition: source.competition.clone(),
            skill: source.skill.clone(),
            tier: source.tier.clone(),
            status: source.status(),
            people: source.entrants(),
            is_alike: is_alike(source),
        })
        .collect();
    let rank = |tier: &str| TIERS.iter().position(|known| *known == tier);
    lines.sort_by(|one, other| {
        let key = |line: &FeederLine| {
            let name = line.competition.name.zh.clone();
            (!line.is_alike, std::cmp::Reverse(rank(&line.tier)), name, line.skill.number.clone())
        };
        key(one).cmp(&key(other))
    });
    Ok(lines)
}

/// Keeps a rule.
///
/// # Errors
/// Where it cannot be read, names a skill that is not offered, or somebody else changed it meanwhile.
pub(crate) async fn keep(app: &App, staff: &Staff, of: (&str, &str), form: &RuleForm) -> Result<(), Failure> {
    let above = Above::load(app, of).await?;
    let rule = read(form)?;
    let mut feeders: Vec<LedgerId> = form.feeders.iter().map(|id| LedgerId::from(id.as_str())).collect();
    feeders.sort();
    feeders.dedup();
    if feeders.is_empty() {
        return Err(PromotionError::NoFeeder.into());
    }
    if feeders.len() > FEEDERS_MAX {
        return Err(PromotionError::TooManyFeeders { most: FEEDERS_MAX }.into());
    }
    let circuit = circuit::of(app, &above.competition.id).await?;
    let offered = offered(app, staff, &above, circuit.as_ref()).await?;
    if !feeders.iter().all(|id| offered.iter().any(|line| line.skill.id == id.as_str())) {
        return Err(PromotionError::FeederUnknown.into());
    }
    let document = to_json(&Document { feeders, rule }).map_err(setup::failed)?;
    let upsert = sqlx::query(queries::UPSERT_RULE).bind(above.skill.ledger.as_str()).bind(document);
    let kept = upsert.bind(form.seen).execute(app.database.pool()).await.map_err(failed)?;
    if kept.rows_affected() == 0 {
        return Err(PromotionError::RuleChanged.into());
    }
    Ok(())
}

fn read(form: &RuleForm) -> Result<Rule, PromotionError> {
    let ties = CutTies::ALL.iter().find(|(_, word)| *word == form.ties);
    let merge = Merge::ALL.iter().find(|(_, word)| *word == form.merge);
    let (Some((ties, _)), Some((merge, _)), "first" | "share") = (ties, merge, form.quota.as_str()) else {
        return Err(PromotionError::ChoiceUnknown);
    };
    Ok(Rule::read(&Typed {
        is_share: form.quota == "share",
        places: &form.places,
        ties: *ties,
        merge: *merge,
        per_delegation: &form.per_delegation,
        least_total: &form.least_total,
        employments: &form.employments,
        reserves: &form.reserves,
    })?)
}
