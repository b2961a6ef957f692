//! The opening: what is pinned into the ledger when a skill opens, and what it must be.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Place};
use crate::findings;
use crate::id::{CompetitorCode, EntryId, GroupName, JudgeCode, SubCriterionId};
use crate::ledger::{Hash, canonical};
use crate::results::board;
use crate::rules::{self, Rounding, RuleSet};
use crate::scheme::{self, Method, Scheme};
use crate::scoring;

/// The most competitors or teams in one skill.
pub(super) const COMPETITORS_MAX: usize = 5_000;
/// The most judges in one skill.
pub const JUDGES_MAX: usize = 40;
/// The finest grain of a hundredth that unrounded aspects may need.
const UNIT_MAX: i128 = 1_000_000_000;

/// Scheme, rules, entrants and panels, as they hold for the whole skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Who competes. Codes only: names stay outside the ledger.
    pub competitors: Vec<Entrant>,
    /// Who may not mark whom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// The entry that drew the competitors' codes; none where there was no draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<EntryId>,
    /// Who marks which sub-criterion: one panel for each, in the scheme's order.
    pub panels: Vec<Panel>,
    /// The rules.
    pub rules: RuleSet,
    /// The hash of the rules' canonical JSON.
    pub rules_hash: Hash,
    /// The marking scheme.
    pub scheme: Scheme,
    /// The hash of the scheme's canonical JSON.
    pub scheme_hash: Hash,
}

/// A competitor or team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entrant {
    /// The random public code.
    pub code: CompetitorCode,
    /// The group it is ranked in; empty where there is only one.
    pub group: GroupName,
}

/// A judge who may not mark a competitor: they come from the same place. Where from stays
/// outside the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Who may not.
    pub judge: JudgeCode,
}

/// The judges of one sub-criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// In seat order.
    pub seats: Vec<Seat>,
    /// What they mark.
    pub sub_criterion: SubCriterionId,
}

/// A place on a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Whether the scores count; a trainee's do not.
    pub counts: bool,
    /// Who sits there.
    pub judge: JudgeCode,
}

findings! {
    /// What can be wrong with an opening, beyond its scheme and its rules.
    pub enum OpeningFinding {
        NoCompetitors = Error "no_competitors",
            "没有选手；请先添加选手。",
            "There are no competitors; add some first.";
        TooManyCompetitors { count: usize } = Error "too_many_competitors",
            "共有 {count} 名选手，一个赛项最多 5000 名。",
            "There are {count} competitors; one skill takes 5,000.";
        RepeatedCompetitor { code: String } = Error "repeated_competitor",
            "选手编号“{code}”重复；请给每名选手唯一的编号。",
            "Competitor code \"{code}\" is used twice; give each their own.";
        UnfitCode { code: String } = Error "unfit_code",
            "编号“{code}”不可用；请用 1 到 64 个字符，首尾不留空格。",
            "Code \"{code}\" cannot be used; use 1 to 64 characters without space at the ends.";
        TooManyJudges { count: usize } = Error "too_many_judges",
            "共有 {count} 名裁判，一个赛项最多 40 名。",
            "There are {count} judges; one skill takes 40.";
        PanelMissing { sub_criterion: String } = Error "panel_missing",
            "子项 {sub_criterion} 没有裁判；请安排评分组。",
            "Sub-criterion {sub_criterion} has no judges; set its panel.";
        RepeatedSeat { sub_criterion: String, judge: String } = Error "repeated_seat",
            "裁判“{judge}”在子项 {sub_criterion} 的评分组里出现了两次。",
            "Judge \"{judge}\" sits twice on the panel of sub-criterion {sub_criterion}.";
        TooFewJudges { sub_criterion: String, judges: usize, needed: u32 } = Error "too_few_judges",
            "子项 {sub_criterion} 有评判项，规则要求 {needed} 名裁判，现在只有 {judges} 名计分。",
            "Sub-criterion {sub_criterion} has judgement aspects; the rules need {needed} judges and {judges} count.";
        TooFewForPanel { aspect: String, judges: usize, needed: u32 } = Error "too_few_for_panel",
            "评分点 {aspect} 去掉最高最低分后没有分数可用：需要 {needed} 名裁判，现在有 {judges} 名。",
            "Aspect {aspect} keeps no score after dropping: it needs {needed} judges and has {judges}.";
        UnknownConflict { competitor: String, judge: String } = Error "unknown_conflict",
            "裁判“{judge}”与选手“{competitor}”的回避关系中，选手不存在或这一条重复；请核对。",
            "Judge \"{judge}\" and competitor \"{competitor}\" may not meet, but there is no such competitor, or it is said twice; check it.";
        SeatBarred { judge: String, competitors: String, sub_criterion: String } = Warning "seat_barred",
            "裁判“{judge}”不评选手 {competitors}（须回避），子项 {sub_criterion} 等；开赛后请裁判长为这些选手安排代评的裁判。",
            "Judge \"{judge}\" does not mark {competitors}, in whom they have an interest or who come from the same place (sub-criterion {sub_criterion} and any others of theirs); let somebody stand in for these competitors once the skill is open.";
        KeyWithoutMeaning { key: String } = Error "key_without_meaning",
            "名次规则中的“{key}”在评分标准里不存在；请修改规则或评分标准。",
            "The tie-break key \"{key}\" names nothing in this scheme; change the rules or the scheme.";
        HashDiffers { what: String } = Error "hash_differs",
            "{what}的哈希值不符；内容在传送中有变动。",
            "The hash of the {what} does not fit it; it changed on the way.";
    }
}

impl Opening {
    /// Pins scheme and rules with their hashes.
    ///
    /// # Errors
    /// Where one of them has no canonical form.
    pub fn new(
        scheme: Scheme,
        rules: RuleSet,
        competitors: Vec<Entrant>,
        panels: Vec<Panel>,
    ) -> Result<Self, String> {
        Ok(Self {
            scheme_hash: Hash::of_document(&canonical::to_vec(&scheme)?),
            rules_hash: Hash::of_document(&canonical::to_vec(&rules)?),
            competitors,
            conflicts: Vec::new(),
            draw: None,
            panels,
            rules,
            scheme,
        })
    }

    /// The groups in order of their first competitor.
    #[must_use]
    pub fn groups(&self) -> Vec<&GroupName> {
        let mut groups = Vec::new();
        for entrant in &self.competitors {
            if !groups.contains(&&entrant.group) {
                groups.push(&entrant.group);
            }
        }
        groups
    }

    /// The panel of a sub-criterion.
    #[must_use]
    pub fn panel(&self, id: &SubCriterionId) -> Option<&Panel> {
        self.panels.iter().find(|panel| panel.sub_criterion == *id)
    }

    /// Grains in a hundredth: 1 with rounding per aspect, else the smallest number over which every
    /// aspect's unrounded mark is whole. None beyond exact arithmetic.
    #[must_use]
    pub fn unit(&self) -> Option<i64> {
        if self.rules.rounding.position == Rounding::PerAspect {
            return Some(1);
        }
        let mut unit = 1;
        for (_, sub) in self.scheme.sub_criteria() {
            let seats = self.panel(&sub.id).map_or(0, |p| p.seats.iter().filter(|s| s.counts).count());
            for aspect in &sub.aspects {
                let judges = match (&aspect.method, self.rules.judgement.judges) {
                    (Method::Judgement { .. }, Some(judges)) => usize::try_from(judges).ok()?,
                    _ => seats,
                };
                unit = scoring::lcm(unit, scoring::denominator(aspect, judges)?)?;
            }
        }
        (unit <= UNIT_MAX).then(|| i64::try_from(unit).ok()).flatten()
    }
}

/// Everything that keeps a skill from opening, or is worth a look: the scheme's, the rules' and the
/// panels' findings together.
#[must_use]
pub fn check(opening: &Opening) -> Vec<Finding> {
    let mut found = scheme::check(&opening.scheme, &opening.rules.scheme, &|_| Place::default());
    found.extend(rules::check(&opening.rules));
    let mut report = |finding: OpeningFinding| found.push(finding.at(Place::default()));
    check_hashes(opening, &mut report);
    check_competitors(opening, &mut report);
    check_panels(opening, &mut report);
    check_conflicts(opening, &mut report);
    check_keys(opening, &mut report);
    if !is_exact(opening) {
        found.push(scheme::SchemeFinding::TooFine.at(Place::default()));
    }
    found
}

/// Whether every total of this skill can be worked out exactly.
fn is_exact(opening: &Opening) -> bool {
    let Some(unit) = opening.unit() else { return false };
    let part_max: Vec<i64> = opening
        .scheme
        .parts
        .iter()
        .map(|part| {
            opening.scheme.aspects().filter(|a| a.part.as_ref() == Some(&part.id)).map(|a| a.max.0).sum()
        })
        .collect();
    board::is_exact(&part_max, unit)
}

fn check_hashes(opening: &Opening, report: &mut dyn FnMut(OpeningFinding)) {
    let fits = |bytes: Result<Vec<u8>, String>, hash| bytes.is_ok_and(|b| Hash::of_document(&b) == hash);
    if !fits(canonical::to_vec(&opening.scheme), opening.scheme_hash) {
        report(OpeningFinding::HashDiffers { what: "scheme".into() });
    }
    if !fits(canonical::to_vec(&opening.rules), opening.rules_hash) {
        report(OpeningFinding::HashDiffers { what: "rules".into() });
    }
}

fn check_competitors(opening: &Opening, report: &mut dyn FnMut(OpeningFinding)) {
    let count = opening.competitors.len();
    if count == 0 {
        report(OpeningFinding::NoCompetitors);
    }
    if count > COMPETITORS_MAX {
        report(OpeningFinding::TooManyCompetitors { count });
    }
    for group in opening.groups().into_iter().filter(|group| !group.as_str().is_empty()) {
        if !crate::id::is_fit(group.as_str()) {
            report(OpeningFinding::UnfitCode { code: group.to_string() });
        }
    }
    let mut seen = HashSet::new();
    for entrant in &opening.competitors {
        let code = entrant.code.to_string();
        if !crate::id::is_fit(&code) {
            report(OpeningFinding::UnfitCode { code: code.clone() });
        }
        if !seen.insert(&entrant.code) {
            report(OpeningFinding::RepeatedCompetitor { code });
        }
    }
}

fn check_panels(opening: &Opening, report: &mut dyn FnMut(OpeningFinding)) {
    let judges: HashSet<_> = opening.panels.iter().flat_map(|p| &p.seats).map(|s| &s.judge).collect();
    if judges.len() > JUDGES_MAX {
        report(OpeningFinding::TooManyJudges { count: judges.len() });
    }
    for judge in judges.iter().filter(|judge| !crate::id::is_fit(judge.as_str())) {
        report(OpeningFinding::UnfitCode { code: judge.to_string() });
    }
    for (_, sub) in opening.scheme.sub_criteria() {
        let sub_criterion = sub.id.to_string();
        let Some(panel) = opening.panel(&sub.id).filter(|panel| !panel.seats.is_empty()) else {
            report(OpeningFinding::PanelMissing { sub_criterion });
            continue;
        };
        let mut seen = HashSet::new();
        for seat in panel.seats.iter().filter(|seat| !seen.insert(&seat.judge)) {
            let judge = seat.judge.to_string();
            report(OpeningFinding::RepeatedSeat { sub_criterion: sub_criterion.clone(), judge });
        }
        check_sizes(opening, sub, panel, report);
    }
}

fn check_sizes(
    opening: &Opening,
    sub: &scheme::SubCriterion,
    panel: &Panel,
    report: &mut dyn FnMut(OpeningFinding),
) {
    let judges = panel.seats.iter().filter(|seat| seat.counts).count();
    let are_fewer = |needed: u32| usize::try_from(needed).is_ok_and(|needed| judges < needed);
    let needed = opening.rules.judgement.judges.unwrap_or(1);
    if sub.aspects.iter().any(|a| matches!(a.method, Method::Judgement { .. })) && are_fewer(needed) {
        report(OpeningFinding::TooFewJudges { sub_criterion: sub.id.to_string(), judges, needed });
    }
    for aspect in &sub.aspects {
        if let Method::Panel(scoring) = &aspect.method {
            let needed = scoring.drop_high.saturating_add(scoring.drop_low).saturating_add(1);
            if are_fewer(needed) {
                report(OpeningFinding::TooFewForPanel { aspect: aspect.id.to_string(), judges, needed });
            }
        }
    }
}

/// Who may not mark whom, by seats that count.
fn check_conflicts(opening: &Opening, report: &mut dyn FnMut(OpeningFinding)) {
    let known: HashSet<_> = opening.competitors.iter().map(|entrant| &entrant.code).collect();
    let mut seen = HashSet::new();
    let mut barred: BTreeMap<&JudgeCode, Vec<&str>> = BTreeMap::new();
    for conflict in &opening.conflicts {
        if !seen.insert(conflict) || !known.contains(&conflict.competitor) {
            let (competitor, judge) = (conflict.competitor.to_string(), conflict.judge.to_string());
            report(OpeningFinding::UnknownConflict { competitor, judge });
        }
        barred.entry(&conflict.judge).or_default().push(conflict.competitor.as_str());
    }
    for (judge, competitors) in barred {
        let sits = |panel: &&Panel| panel.seats.iter().any(|seat| seat.judge == *judge && seat.counts);
        if let Some(panel) = opening.panels.iter().find(sits) {
            let sub_criterion = panel.sub_criterion.to_string();
            let competitors = competitors.join(", ");
            report(OpeningFinding::SeatBarred { judge: judge.to_string(), competitors, sub_criterion });
        }
    }
}

/// A key of the chain that names a part, criterion or sub-criterion must find it.
fn check_keys(opening: &Opening, report: &mut dyn FnMut(OpeningFinding)) {
    for key in &opening.rules.ranking.chain {
        let is_known = match key.key.split_once(':') {
            None => matches!(key.key.as_str(), "time" | "judgement" | "measurement"),
            Some(("part", id)) => opening.scheme.parts.iter().any(|part| part.id.as_str() == id),
            Some(("criterion", id)) => opening.scheme.criteria.iter().any(|c| c.id.as_str() == id),
            Some(("sub_criterion", id)) => opening.scheme.sub_criteria().any(|(_, s)| s.id.as_str() == id),
            Some(_) => false,
        };
        if !is_known {
            report(OpeningFinding::KeyWithoutMeaning { key: key.key.clone() });
        }
    }
}
