//! A competition's rules: which of its skills have which, and the form by which an organiser chooses a preset or
//! writes rules of their own, tried on an example before anything is kept.

mod example;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::id::ID_LENGTH_MAX;
use domain::ledger::{Hash, canonical};
use domain::rules::form::RuleForm;
use domain::rules::{self, RuleSet, Title};
use protocol::rules::{ACT, BASE, BEGUN, PRESET, RuledSkill, RulesPage, SEEN, SentRules};
use protocol::view::Text;

use super::{SetupError, failed, hold, is_open, load};
use crate::competition::{Changing, KeptSkill};
use crate::desk;
use crate::exchange::package::{Competition, SkillDocument};
use crate::http::{App, Failure};

/// What the id of rules ends with that an organiser made of a preset.
const OWN: &str = "-own";

findings! {
    /// Why rules were not kept.
    pub enum RulesError {
        Unfit { count: usize } = Error "rules_unfit",
            "有 {count} 处填写有误，规则没有保存；每一处都写在那一栏下面，填过的内容都还在。",
            "Fields with mistakes: {count}. The rules were not kept; each mistake stands below its field, and what was typed is all there.";
        Changed = Error "rules_changed",
            "您填写的时候，别人改了规则或开放了赛项，所以没有保存。您填的内容都还在，旁边是现在的规则；核对后再按一次保存，就以您的为准。",
            "While you were typing, somebody changed the rules or opened a skill, so nothing was kept. What you typed is all there, beside the rules as they are now; look it over and save again to let yours stand.";
        NoSkill = Error "rules_no_skill",
            "改过的规则保存在尚未开放的赛项里，现在一个也没有；请先添加赛项，或原样选用一套预设规则。",
            "Rules of your own are kept with the skills that are not open yet, and there is none; add a skill first, or take a preset as it is.";
    }
}

/// What is to be done with the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RulesAct {
    /// Keep it.
    Save,
    /// Show what it does.
    Preview,
}

/// A competition's rules as they are kept.
struct Standing {
    document: Competition,
    skills: Vec<Ruled>,
    /// The rules in use: those of the skills that are not open, else the competition's.
    in_use: RuleSet,
    /// What it was, as a digest.
    seen: String,
}

/// A skill, its rules, and whether they are pinned.
struct Ruled {
    kept: KeptSkill<SkillDocument>,
    rules: RuleSet,
    is_fixed: bool,
}

/// The page as it is before anything is typed.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn show(app: &App, id: &str, is_saved: bool) -> Result<RulesPage, Failure> {
    let standing = standing(app, id).await?;
    let base = base_of(&standing.in_use);
    let typed = RuleForm::of(&standing.in_use);
    Ok(RulesPage { is_saved, ..page(id, &standing, typed, base, false) })
}

/// The page with what was typed; what was to be done to the form itself is done.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn typed(app: &App, id: &str, sent: &SentRules) -> Result<RulesPage, Failure> {
    let standing = standing(app, id).await?;
    let (typed, base, begun) = read(sent, &standing);
    Ok(page(id, &standing, typed, base, begun))
}

/// What is to be done with what was sent.
pub(crate) fn act(sent: &SentRules) -> RulesAct {
    if sent.get(ACT).is_some_and(|act| act == "save") { RulesAct::Save } else { RulesAct::Preview }
}

/// Keeps what was typed as the rules of every skill that is not open, and as the competition's; all or nothing.
///
/// # Errors
/// Where the form has errors, all of them; or somebody changed the rules since it was shown.
pub(crate) async fn keep(app: &App, id: &str, sent: &SentRules) -> Result<(), Failure> {
    // Looked at before it is held: what opens in between is pinned by then.
    let before = standing(app, id).await?;
    let mut changing = hold(app, id).await?;
    let document: Competition = changing.document().await.map_err(failed)?;
    let skills = before.held(&changing);
    let standing = Standing::new(document, skills)?;
    let (form, base, begun) = read(sent, &standing);
    let rules = to_keep(&standing, &form, &base, begun).map_err(unfit)?;
    // Where they are so already, an earlier answer was lost on its way.
    let free = || standing.skills.iter().filter(|one| !one.is_fixed);
    let is_named = standing.document.rule_set == rules.id && free().next().is_some();
    let is_so = is_named && free().all(|one| one.rules == rules);
    if sent.get(SEEN) != Some(&standing.seen) && !is_so {
        return Err(RulesError::Changed.into());
    }
    let free: BTreeSet<_> = free().map(|one| one.kept.ledger.clone()).collect();
    if free.is_empty() && rules::preset(&rules.id).as_ref() != Some(&rules) {
        return Err(RulesError::NoSkill.into());
    }
    for at in 0..changing.skills.len() {
        let Some(kept) = changing.skills.get_mut(at).filter(|kept| free.contains(&kept.ledger)) else {
            continue;
        };
        if let Some(draft) = kept.draft.as_mut() {
            draft.rules = rules.clone();
        }
        changing.keep(at).await.map_err(failed)?;
    }
    let document = Competition { rule_set: rules.id, ..standing.document };
    changing.describe(&document).await.map_err(failed)?;
    changing.commit().await.map_err(failed)
}

/// The rules that a form says, under the id and version that they are kept by.
fn to_keep(
    standing: &Standing,
    form: &RuleForm,
    base: &RuleSet,
    begun: bool,
) -> Result<RuleSet, Vec<Finding>> {
    let is_made_of_preset = begun || is_of_preset(&standing.in_use.id);
    let id = if is_made_of_preset { format!("{}{OWN}", base.id) } else { standing.in_use.id.clone() };
    let rules = form.read(&id, 1)?;
    // As it is read, a preset that was not changed is that preset.
    if RuleForm::of(&rules).differing(&RuleForm::of(base)).is_empty() {
        return Ok(base.clone());
    }
    let title = Title {
        zh: titled(&rules.title.zh, &base.title.zh, "（本赛修改）"),
        en: titled(&rules.title.en, &base.title.en, ", changed"),
    };
    let rules = RuleSet { title, ..rules };
    let versions = standing.skills.iter().map(|one| &one.rules).filter(|known| known.id == id);
    let newest = versions.max_by_key(|known| known.version);
    let version = match newest {
        None => 1,
        Some(newest) if (RuleSet { version: newest.version, ..rules.clone() }) == *newest => newest.version,
        Some(newest) => newest.version.saturating_add(1),
    };
    Ok(RuleSet { version, ..rules })
}

/// The title of rules that are not quite those of that name any more: one that was typed, or the old one marked
/// as changed, within what a title may be long.
fn titled(typed: &str, of: &str, more: &str) -> String {
    if typed != of {
        return typed.to_owned();
    }
    let room = ID_LENGTH_MAX - more.chars().count();
    let short: String = of.chars().take(room - 1).collect();
    if of.chars().count() <= room { format!("{of}{more}") } else { format!("{short}…{more}") }
}

fn unfit(findings: Vec<Finding>) -> Failure {
    let what = RulesError::Unfit { count: findings.len() }.at(Place::default());
    Failure { status: StatusCode::UNPROCESSABLE_ENTITY, what, findings }
}

/// What was typed, after what was to be done to the form; what it is compared with, and whether that was chosen.
fn read(sent: &SentRules, standing: &Standing) -> (RuleForm, RuleSet, bool) {
    let field = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
    let act = field(ACT);
    if let Some(chosen) = rules::preset(field(PRESET)).filter(|_| act == "begin") {
        return (RuleForm::of(&chosen), chosen, true);
    }
    let base = rules::preset(field(BASE)).unwrap_or_else(|| base_of(&standing.in_use));
    let began = RuleForm::of(&base);
    let mut form = RuleForm::sent(sent.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let (verb, path) = act.split_once(':').unwrap_or((act, ""));
    let (list, row) = path.trim_end_matches(']').split_once('[').unwrap_or((path, ""));
    let row = row.parse().unwrap_or_default();
    match verb {
        "add" => form.add_row(list),
        "remove" => form.remove_row(list, row),
        "raise" => form.raise_row(list, row),
        "back" if path.is_empty() => form = began,
        "back" => form.put_back(path, &began),
        _ => {}
    }
    (form, base, !field(BEGUN).is_empty())
}

/// Whether rules are a preset, or were made of one.
fn is_of_preset(id: &str) -> bool {
    rules::preset(id.strip_suffix(OWN).unwrap_or(id)).is_some()
}

/// The preset that rules are compared with: the one that they were made of; of a package's own, the nearest.
fn base_of(rules: &RuleSet) -> RuleSet {
    let made_of = rules::preset(rules.id.strip_suffix(OWN).unwrap_or(&rules.id));
    let form = RuleForm::of(rules);
    let nearest = || {
        let presets = rules::PRESETS.iter().filter_map(|(id, _)| rules::preset(id));
        presets.min_by_key(|preset| form.differing(&RuleForm::of(preset)).len())
    };
    made_of.or_else(nearest).unwrap_or_else(|| rules.clone())
}

fn page(id: &str, standing: &Standing, typed: RuleForm, base: RuleSet, begun: bool) -> RulesPage {
    let in_use = RuleForm::of(&standing.in_use);
    let base_form = RuleForm::of(&base);
    let read = typed.read(&standing.in_use.id, standing.in_use.version);
    let mut found = typed.stale_sources(&base_form);
    let preview = example::preview(read.as_ref().ok(), Some(&standing.in_use));
    found.extend(read.err().into_iter().flatten());
    let text = |title: &Title| Text { zh: title.zh.clone(), en: title.en.clone() };
    let presets = rules::PRESETS.iter().filter_map(|(id, _)| rules::preset(id));
    RulesPage {
        competition: standing.document.reference(id),
        presets: presets.map(|preset| (preset.id, text(&preset.title))).collect(),
        skills: standing
            .skills
            .iter()
            .map(|one| RuledSkill {
                skill: desk::skill_ref(&one.kept),
                title: text(&one.rules.title),
                version: one.rules.version,
                is_fixed: one.is_fixed,
            })
            .collect(),
        is_unsaved: !typed.differing(&in_use).is_empty(),
        is_saved: false,
        typed,
        base: base.id,
        base_form,
        begun,
        found,
        seen: standing.seen.clone(),
        preview,
    }
}

async fn standing(app: &App, id: &str) -> Result<Standing, Failure> {
    let (kept, skills) = load(app, id).await?;
    let mut ruled = Vec::with_capacity(skills.len());
    for kept in skills {
        let is_fixed = is_open(app, &kept.ledger).await?;
        let rules = if is_fixed {
            let state = app.ledger.state(&kept.ledger).await;
            let state = state.map_err(|error| SetupError::Failed { problem: error.spoken() })?;
            state.skill.as_ref().map(|skill| skill.opening.rules.clone())
        } else {
            kept.draft.as_ref().map(|draft| draft.rules.clone())
        };
        if let Some(rules) = rules {
            ruled.push(Ruled { kept, rules, is_fixed });
        }
    }
    Ok(Standing::new(kept.document, ruled)?)
}

impl Standing {
    fn new(document: Competition, skills: Vec<Ruled>) -> Result<Self, SetupError> {
        let free = || skills.iter().filter(|one| !one.is_fixed);
        let named = free().find(|one| one.rules.id == document.rule_set).or_else(|| free().next());
        // With the last skill that had them, an organiser's own are gone: what they were made of is not.
        let of_document = || rules::preset(document.rule_set.strip_suffix(OWN).unwrap_or(&document.rule_set));
        let of_open = || skills.iter().find(|one| one.rules.id == document.rule_set);
        let in_use = match named {
            Some(one) => one.rules.clone(),
            None => match of_document().or_else(|| of_open().map(|one| one.rules.clone())) {
                Some(rules) => rules,
                None => return Err(SetupError::RulesUnknown { id: document.rule_set }),
            },
        };
        let seen: Vec<_> = skills.iter().map(|one| (&one.kept.ledger, &one.rules, one.is_fixed)).collect();
        let bytes = canonical::to_vec(&(&document.rule_set, seen));
        let unwritable = |problem: String| SetupError::Failed { problem: Spoken::of_reader(&problem) };
        let seen = Hash::of_document(&bytes.map_err(unwritable)?).to_string();
        Ok(Self { document, skills, in_use, seen })
    }

    /// The skills as they are held, with the rules of those that were open before.
    fn held(&self, changing: &Changing<SkillDocument>) -> Vec<Ruled> {
        let skills = changing.skills.iter().enumerate().filter_map(|(at, kept)| {
            let known = self.skills.iter().find(|one| one.kept.ledger == kept.ledger && one.is_fixed);
            let drafted = || kept.draft.as_ref().map(|draft| &draft.rules);
            let rules = known.map(|one| &one.rules).or_else(drafted)?.clone();
            let is_fixed = known.is_some() || changing.is_pinned(at);
            Some(Ruled { kept: kept.clone(), rules, is_fixed })
        });
        skills.collect()
    }
}

impl From<RulesError> for Failure {
    fn from(error: RulesError) -> Self {
        let status = match error {
            RulesError::Changed => StatusCode::CONFLICT,
            RulesError::Unfit { .. } | RulesError::NoSkill => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.at(Place::default()))
    }
}

#[cfg(test)]
mod tests;
