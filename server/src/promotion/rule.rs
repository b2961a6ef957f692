//! A skill's rule of advancement: which skills below it takes people from, and how.

use std::collections::HashSet;

use domain::access::{Action, Scope};
use domain::advancement::{CutTies, Merge, Quota, Rule, Typed};
use domain::id::LedgerId;
use protocol::circuit::CircuitRef;
use protocol::promotion::{FeederLine, RuleForm};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::source;
use super::{FEEDERS_MAX, PromotionError, begun, failed, queries};
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
/// The rule that is proposed where there is none.
#[must_use]
pub(crate) fn proposed() -> RuleForm {
    typed(None, 0)
}

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

/// A skill of the circuit that people may come from, and whether it is like the one above.
struct Reachable {
    ledger: LedgerId,
    is_alike: bool,
}

/// The skills that people may come from: of the same circuit, of the same tier or a lower one, with results that are
/// theirs to see who asks. No ledger is asked for it: there may be thousands.
async fn reachable(
    app: &App,
    staff: &Staff,
    (competition, circuit): (&Kept<Competition>, Option<&CircuitRef>),
    above: &[&KeptSkill<SkillDocument>],
) -> Result<Vec<Vec<Reachable>>, Failure> {
    let mut reachable: Vec<Vec<Reachable>> = above.iter().map(|_| Vec::new()).collect();
    let Some(circuit) = circuit else { return Ok(reachable) };
    let rank = |tier: &str| TIERS.iter().position(|known| *known == tier);
    for (id, of, _) in circuit::competitions(app, &circuit.id).await? {
        let is_below = rank(&of.tier) <= rank(&competition.document.tier);
        let reach = organisation::reach(&app.database, &Scope::Competition(id.clone())).await?;
        if !is_below || staff.may(Action::Look, &reach).is_none() {
            continue;
        }
        let loaded = competition::load::<Competition, SkillDocument>(&app.database, &id).await;
        for kept in loaded.map_err(setup::failed)?.1 {
            for (own, reachable) in above.iter().zip(&mut reachable) {
                if own.ledger != kept.ledger {
                    // Skills beside it are chosen by whoever means them: a camp's next round.
                    let is_alike = id != competition.id && is_alike(&own.document, &kept.document);
                    reachable.push(Reachable { ledger: kept.ledger.clone(), is_alike });
                }
            }
        }
    }
    Ok(reachable)
}

/// Whether two skills are of one occupation, or have one name.
fn is_alike(one: &SkillDocument, other: &SkillDocument) -> bool {
    let is_same = !one.occupation.is_empty() && one.occupation == other.occupation;
    is_same || one.name.zh.trim() == other.name.zh.trim()
}

/// The skills that people may come from, with their results: those that are alike and those that are named already;
/// all of them where that is asked, or none is alike. And how many are left out.
pub(super) async fn offered(
    app: &App,
    staff: &Staff,
    above: &Above,
    circuit: Option<&CircuitRef>,
    all: bool,
) -> Result<(Vec<FeederLine>, usize), Failure> {
    let mut reachable = reachable(app, staff, (&above.competition, circuit), &[&above.skill]).await?;
    let reachable = reachable.pop().unwrap_or_default();
    let named: Vec<&LedgerId> = above.document.iter().flat_map(|of| &of.feeders).collect();
    let is_all = all || !reachable.iter().any(|one| one.is_alike);
    let is_shown = |one: &&Reachable| is_all || one.is_alike || named.contains(&&one.ledger);
    let left_out = reachable.iter().filter(|one| !is_shown(one)).count();
    let shown = reachable.iter().filter(is_shown).map(|one| &one.ledger);
    let mut shown: Vec<LedgerId> = shown.chain(named.iter().copied()).cloned().collect();
    shown.sort();
    shown.dedup();
    let alike: HashSet<&LedgerId> =
        reachable.iter().filter(|one| one.is_alike).map(|one| &one.ledger).collect();
    let sources = source::load(app, &shown).await?;
    let mut lines: Vec<FeederLine> = sources
        .values()
        .map(|source| FeederLine {
            competition: source.competition.clone(),
            skill: source.skill.clone(),
            tier: source.tier.clone(),
            status: source.status(),
            people: source.entrants(),
            is_alike: alike.contains(&source.ledger),
        })
        .collect();
    let rank = |tier: &str| TIERS.iter().position(|known| *known == tier);
    lines.sort_by_cached_key(|line| {
        let name = line.competition.name.zh.clone();
        (!line.is_alike, std::cmp::Reverse(rank(&line.tier)), name, line.skill.number.clone())
    });
    Ok((lines, left_out))
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
    let reachable = reachable(app, staff, (&above.competition, circuit.as_ref()), &[&above.skill]).await?;
    let mut known: HashSet<&LedgerId> = reachable.iter().flatten().map(|one| &one.ledger).collect();
    known.extend(above.document.iter().flat_map(|of| &of.feeders));
    if !feeders.iter().all(|id| known.contains(id)) {
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

/// Keeps one rule for every skill of a competition that has none and others alike below; gives for how many, and how
/// many have nobody alike.
///
/// # Errors
/// Where it cannot be read, there is no such competition, or the database does not answer.
pub(crate) async fn keep_for_all(
    app: &App,
    staff: &Staff,
    id: &str,
    form: &RuleForm,
) -> Result<(usize, usize), Failure> {
    let rule = read(form)?;
    let loaded = competition::load::<Competition, SkillDocument>(&app.database, id).await;
    let (kept, skills) = loaded.map_err(setup::failed)?;
    let circuit = circuit::of(app, id).await?;
    let own: Vec<&KeptSkill<SkillDocument>> = skills.iter().collect();
    let reachable = reachable(app, staff, (&kept, circuit.as_ref()), &own).await?;
    let mut transaction = app.database.begin_write().await.map_err(begun)?;
    let (mut done, mut without) = (0, 0);
    for (skill, reachable) in skills.iter().zip(reachable) {
        let alike = reachable.into_iter().filter(|one| one.is_alike).map(|one| one.ledger);
        let mut feeders: Vec<LedgerId> = alike.take(FEEDERS_MAX).collect();
        feeders.sort();
        if feeders.is_empty() {
            without += 1;
            continue;
        }
        let document = to_json(&Document { feeders, rule: rule.clone() }).map_err(setup::failed)?;
        // One that somebody wrote stays.
        let insert = sqlx::query(queries::INSERT_RULE).bind(skill.ledger.as_str()).bind(document);
        let insert = insert.execute(&mut *transaction).await.map_err(failed)?;
        done += usize::from(insert.rows_affected() > 0);
    }
    transaction.commit().await.map_err(failed)?;
    Ok((done, without))
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
