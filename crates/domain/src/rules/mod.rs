//! A rule set: every rule of a competition that differs between editions, as validated data.
//!
//! It is written in TOML, ships as presets, can be edited by an organiser, and is pinned into the
//! ledger when a skill opens. Each clause names its source.

mod check;
pub mod form;
mod presets;

use serde::{Deserialize, Serialize};

use crate::number::{Decimal, Mark};

pub use check::{RuleFinding, check, read};
pub use presets::{PRESETS, preset};

/// One edition's rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// `worldskills-2019`
    pub id: String,
    /// Counted up whenever a clause changes.
    pub version: u32,
    /// What people call it.
    pub title: Title,
    /// What spectators see while marking goes on, unless the organiser chooses otherwise.
    pub live_policy: LivePolicy,
    /// What is asked of a marking scheme.
    #[serde(default)]
    pub scheme: SchemeRules,
    /// Where rounding happens.
    pub rounding: RoundingRules,
    /// How judgement is marked.
    pub judgement: JudgementRules,
    /// Whether judges mark competitors from where they come from themselves; without it they may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compatriots: Option<CompatriotRules>,
    /// Who signs a sheet besides its judges; without it nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_off: Option<SignOffRules>,
    /// What penalties may take.
    #[serde(default)]
    pub penalties: PenaltyRules,
    /// What failing a weighted part means.
    #[serde(default)]
    pub parts: PartRules,
    /// The published scale, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<ScaleRules>,
    /// How equal results are told apart.
    pub ranking: RankingRules,
    /// Medals by closeness of results, as WorldSkills gives them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medals: Option<MedalRules>,
    /// Prizes by position, in order from the best.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prizes: Vec<Prize>,
    /// What a small field costs; the first gate that holds counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub field_gates: Vec<FieldGate>,
    /// Titles that positions may lead to, after approval.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub honours: Vec<Honour>,
    /// Skill levels that awards may lead to, after approval.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<Promotion>,
    /// Points that positions bring to a delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_points: Option<TeamPoints>,
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

/// What spectators see while marking goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LivePolicy {
    /// How much has been marked, no results.
    Progress,
    /// Results of completed sub-criteria.
    Completed,
    /// Every mark as it arrives.
    Running,
}

/// What the rules ask of a scheme beyond being markable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SchemeRules {
    /// What all maxima must sum to.
    #[serde(with = "mark_text", skip_serializing_if = "Option::is_none")]
    pub total: Option<Mark>,
    /// The most one aspect should give.
    #[serde(with = "mark_text", skip_serializing_if = "Option::is_none")]
    pub aspect_max: Option<Mark>,
    /// The most aspects there should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspects_max: Option<usize>,
    /// The usual number of criteria, least and most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criteria: Option<(usize, usize)>,
    /// How far a standards section may be from its target.
    #[serde(with = "mark_text", skip_serializing_if = "Option::is_none")]
    pub section_variation_max: Option<Mark>,
    /// Document and clause.
    pub source: String,
}

/// Where rounding to hundredths happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundingRules {
    /// The one place.
    pub position: Rounding,
    /// Document and clause.
    pub source: String,
}

/// The one place where a fraction becomes hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Each aspect's mark, half-up; all sums after that are exact.
    PerAspect,
    /// The total only; aspects stay exact fractions.
    AtTotal,
}

/// How judgement aspects are marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgementRules {
    /// How many judges must score; without it, as many as sit on the panel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judges: Option<u32>,
    /// The largest accepted difference between two scores; a larger one opens a re-scoring round.
    /// Without it every spread is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread_max: Option<u32>,
    /// Document and clause.
    pub source: String,
}

/// No judge marks a competitor of the own member, delegation or organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompatriotRules {
    /// Document and clause.
    pub source: String,
}

/// A competitor signs each sheet of the own work, once its judges have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOffRules {
    /// What the competitor is shown of it.
    pub competitor_sees: CompetitorSees,
    /// Document and clause.
    pub source: String,
}

/// What a competitor who signs is shown of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompetitorSees {
    /// Each aspect with its mark, and their sum.
    Marks,
    /// Which aspects were marked; no mark leaves the panel before the release.
    Aspects,
}

/// What penalties may take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PenaltyRules {
    /// The most that all penalties of one competitor take together.
    #[serde(with = "mark_text", skip_serializing_if = "Option::is_none")]
    pub cap: Option<Mark>,
    /// Document and clause.
    pub source: String,
}

/// What failing a weighted part means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartRules {
    /// The consequence.
    pub below_pass: BelowPass,
    /// Document and clause.
    pub source: String,
}

/// The consequence of a part below its pass mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BelowPass {
    /// Ranked, without an award.
    #[default]
    NoAward,
    /// Listed without a position.
    NoPosition,
}

/// The published scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleRules {
    /// Which formula.
    pub formula: ScaleFormula,
    /// What the middle of the field gets.
    pub centre: i64,
    /// Points for one unit of deviation.
    pub spread: i64,
    /// What the median absolute deviation is multiplied by (`median_mad` only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation_factor: Option<Decimal>,
    /// Document and clause.
    pub source: String,
}

/// The two published formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleFormula {
    /// `centre + spread × (x − median) / (factor × MAD)`
    MedianMad,
    /// `centre + spread × (x − mean) / σ`, σ of the whole field
    MeanSigma,
}

/// How equal results are told apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankingRules {
    /// Keys that are tried in order among equals; empty: equals share.
    #[serde(default)]
    pub chain: Vec<TieKey>,
    /// What is left to do with those whom the whole chain leaves equal.
    pub end: TieEnd,
    /// Document and clause.
    pub source: String,
}

/// One key of a tie-break chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TieKey {
    /// `time` (elapsed, milliseconds), `part:ID`, `criterion:ID`, `sub_criterion:ID`,
    /// `judgement`, `measurement`; for a table of results any column's name.
    pub key: String,
    /// Which end wins.
    pub better: Better,
}

/// Which end of a key wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// What happens to those whom the whole chain leaves equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieEnd {
    /// They share the position.
    Share,
    /// They compete once more; a person enters the outcome.
    Playoff,
    /// A lot is drawn; a person enters the outcome.
    Draw,
    /// The chief judge decides.
    ChiefDecides,
}

/// Medals by closeness of results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MedalRules {
    /// How the groups are cut.
    pub rule: MedalRule,
    /// Nobody below this on the scale gets a medal; without a scale it does not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<i64>,
    /// Who shares a position outside the medals.
    pub positions: PositionSharing,
    /// What everyone else at or above a threshold gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excellence: Option<Excellence>,
    /// Document and clause.
    pub source: String,
}

/// How medal groups are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MedalRule {
    /// Groups measured from their top by a margin on the published scale (2015, 2019, 2024).
    WithinMargin {
        /// Scale points.
        margin: i64,
    },
    /// The first three distinct results (2026).
    DistinctMarks,
}

/// Who shares a position outside the medals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PositionSharing {
    /// Equal results only.
    Equal,
    /// Groups measured from their top by a margin.
    WithinMargin {
        /// Scale points.
        margin: i64,
    },
}

/// The award for everyone else who is good enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excellence {
    /// Its name as published.
    pub award: String,
    /// At or above this on the scale.
    pub threshold: i64,
}

/// A prize by position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prize {
    /// Its name as published in tables.
    pub award: String,
    /// Who gets it, among those whom no earlier prize took.
    pub take: Take,
    /// Document and clause.
    pub source: String,
}

/// Which positions a prize takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Take {
    /// From the first position to the last, both included.
    Positions {
        /// The best.
        first: u32,
        /// The last.
        last: u32,
    },
    /// The next places, as many as this share of the field, rounded as said.
    Share {
        /// Percent of the field.
        percent: Decimal,
        /// What becomes of a fraction of a place.
        rounding: PlaceRounding,
    },
    /// Everyone whose position is at most this share of the field (`position ≤ n × percent / 100`).
    Within {
        /// Percent of the field.
        percent: Decimal,
    },
}

/// What becomes of a fraction of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceRounding {
    /// Dropped.
    Down,
    /// Made whole.
    Up,
    /// Half-up.
    Nearest,
}

/// What a small field costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldGate {
    /// It holds when at most this many compete.
    pub at_most: u32,
    /// What follows.
    pub effect: GateEffect,
    /// Document and clause.
    pub source: String,
}

/// What follows from a small field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GateEffect {
    /// Ranked, without awards.
    Exhibition,
    /// No positions and no awards.
    Void,
    /// Only these awards are given.
    Keep(Vec<String>),
}

/// A title that a position may lead to; granted by people, never by the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Honour {
    /// `技术状元`
    pub title: String,
    /// The best position.
    pub first: u32,
    /// The last.
    pub last: u32,
    /// What the person or the entry must be besides: `employed`, `passed_all_parts`, `single`, …
    #[serde(default)]
    pub needs: Vec<String>,
    /// Document and clause.
    pub source: String,
}

/// A skill level that an award may lead to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promotion {
    /// The awards that it follows from.
    pub awards: Vec<String>,
    /// The level that it gives.
    pub base: SkillLevel,
    /// The level for one who is there already.
    pub next_if_already: SkillLevel,
    /// Document and clause.
    pub source: String,
}

/// The eight-level worker scale, low to high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkillLevel {
    /// 学徒工
    Apprentice,
    /// 初级工（五级）
    Junior,
    /// 中级工（四级）
    Intermediate,
    /// 高级工（三级）
    Senior,
    /// 技师（二级）
    Technician,
    /// 高级技师（一级）
    SeniorTechnician,
    /// 特级技师
    SpecialTechnician,
    /// 首席技师
    ChiefTechnician,
}

impl SkillLevel {
    /// The highest level that a competition leads to.
    pub const HIGHEST_BY_COMPETITION: Self = Self::SeniorTechnician;

    /// All of them, low to high, each with its word in documents.
    pub const ALL: [(&'static str, Self); 8] = [
        ("apprentice", Self::Apprentice),
        ("junior", Self::Junior),
        ("intermediate", Self::Intermediate),
        ("senior", Self::Senior),
        ("technician", Self::Technician),
        ("senior_technician", Self::SeniorTechnician),
        ("special_technician", Self::SpecialTechnician),
        ("chief_technician", Self::ChiefTechnician),
    ];

    /// Its word in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, level)| *level == self).map_or("", |(word, _)| word)
    }

    /// Reads its word, or its name in Chinese as lists have it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_meant = |level: Self, word: &str| word == text || level.names().0 == text;
        Self::ALL.iter().find(|(word, level)| is_meant(*level, word)).map(|(_, level)| *level)
    }

    /// Its name in Chinese and in English.
    #[must_use]
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Apprentice => ("学徒工", "Apprentice"),
            Self::Junior => ("初级工", "Junior worker"),
            Self::Intermediate => ("中级工", "Intermediate worker"),
            Self::Senior => ("高级工", "Senior worker"),
            Self::Technician => ("技师", "Technician"),
            Self::SeniorTechnician => ("高级技师", "Senior technician"),
            Self::SpecialTechnician => ("特级技师", "Special-grade technician"),
            Self::ChiefTechnician => ("首席技师", "Chief technician"),
        }
    }
}

/// Points that positions bring to a delegation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamPoints {
    /// Points for the first, second, … position.
    pub by_position: Vec<u32>,
    /// Points for everyone else who is ranked.
    pub rest: u32,
    /// Document and clause.
    pub source: String,
}

/// Marks inside a rule set are written as text, `"100.00"`, so that no reader makes a float of them.
mod mark_text {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::number::Mark;

    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub(super) fn serialize<S: Serializer>(mark: &Option<Mark>, serializer: S) -> Result<S::Ok, S::Error> {
        match mark {
            Some(mark) => serializer.collect_str(mark),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Mark>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        Mark::parse(&text).map(Some).map_err(|error| {
            de::Error::custom(format!("{text} is no mark ({error:?}); write it like \"100.00\""))
        })
    }
}
