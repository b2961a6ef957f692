//! A skill's marking scheme: parts, criteria, sub-criteria, aspects and standards sections.

mod check;

use serde::{Deserialize, Serialize};

use crate::id::{AspectId, CriterionId, PartId, SectionId, SubCriterionId};
use crate::number::{Decimal, Mark};

pub use check::{SchemeFinding, check};

/// The most aspects one skill may have.
pub const ASPECTS_MAX: usize = 400;

/// A whole marking scheme, in the order in which its author wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// The criteria, in order.
    pub criteria: Vec<Criterion>,
    /// Weighted parts; empty when the aspects are simply summed.
    pub parts: Vec<Part>,
    /// Standards sections and their targets; empty when there are none.
    pub sections: Vec<Section>,
}

/// A lettered criterion; its mark is the sum of its aspects and is never typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// `A`
    pub id: CriterionId,
    /// What it looks at.
    pub name: String,
    /// Its sub-criteria, in order.
    pub sub_criteria: Vec<SubCriterion>,
}

/// One marking form: marked by one panel, on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubCriterion {
    /// Its aspects, in order.
    pub aspects: Vec<Aspect>,
    /// The day of marking, counted from 1.
    pub day: u32,
    /// `A1`
    pub id: SubCriterionId,
    /// What it looks at.
    pub name: String,
}

/// The smallest thing that is marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Aspect {
    /// What is looked at.
    pub description: String,
    /// Unique in the skill.
    pub id: AspectId,
    /// The most it can give.
    pub max: Mark,
    /// What a measured value is counted in, such as `mm`; it changes no mark. Left out where there is none,
    /// so that a scheme without it keeps its hash.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub measured_in: String,
    /// How it is marked.
    pub method: Method,
    /// Free text for judges.
    pub note: String,
    /// The weighted part it belongs to, when the scheme has parts.
    pub part: Option<PartId>,
    /// A measurement's benchmark.
    pub requirement: String,
    /// The standards section it serves.
    pub section: Option<SectionId>,
}

/// How an aspect is marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Method {
    /// The panel agrees on one value.
    Measurement(Calculation),
    /// Each judge says 0 to 3; the four descriptors, from 0 up.
    Judgement {
        /// What each rung looks like.
        rungs: [String; 4],
    },
    /// Each judge says a number; extremes are dropped, the rest averaged.
    Panel(PanelScoring),
}

/// How a measured value becomes a mark; every result is clamped to 0..max, then rounded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Calculation {
    /// The maximum or nothing.
    PassFail,
    /// The value is the mark.
    Direct,
    /// `max × completed / possible`
    NumberCompleted {
        /// How many there are to complete, above 0.
        possible: u32,
    },
    /// The chosen label decides what is deducted.
    Choice {
        /// The labels, in order.
        choices: Vec<Choice>,
        /// What a deduction is counted in.
        unit: Unit,
    },
    /// The first band that contains `value − target` decides what is deducted; outside every band
    /// nothing is given.
    Ranged {
        /// The bands, tried in order.
        bands: Vec<Band>,
        /// The value aimed at.
        target: Decimal,
        /// What a deduction is counted in.
        unit: Unit,
    },
    /// `deduction` for every `per` by which the value differs from the target, fractions of a step
    /// in proportion.
    Difference {
        /// Taken off for each step.
        deduction: Decimal,
        /// The size of a step, above 0.
        per: Decimal,
        /// Whether a step is counted in the value's unit or in percent of the target.
        per_unit: Unit,
        /// The value aimed at.
        target: Decimal,
        /// What the deduction is counted in.
        unit: Unit,
    },
}

/// What a figure of a calculation is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Unit {
    /// Marks (for a deduction), or the value's own unit (for a step).
    #[default]
    Unit,
    /// Percent: of the aspect's maximum (for a deduction), of the target (for a step).
    Percent,
}

/// One answer of a `choice`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Choice {
    /// Taken off the maximum.
    pub deduction: Decimal,
    /// What the judge picks.
    pub label: String,
}

/// One tolerance band of a `ranged` calculation; both ends belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Band {
    /// Taken off the maximum inside this band.
    pub deduction: Decimal,
    /// The smallest deviation in it.
    pub lower: Decimal,
    /// The largest deviation in it.
    pub upper: Decimal,
}

/// How the scores of a panel aspect are taken and averaged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PanelScoring {
    /// How many of the highest scores are dropped, one instance each.
    pub drop_high: u32,
    /// How many of the lowest.
    pub drop_low: u32,
    /// Multiplies the rounded mean.
    pub factor: Decimal,
    /// The most a judge may say.
    pub score_max: Decimal,
    /// The least.
    pub score_min: Decimal,
    /// The step between, above 0.
    pub score_step: Decimal,
}

/// A weighted part of the skill: theory, practice, defence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `theory`
    pub id: PartId,
    /// What people call it.
    pub name: String,
    /// The least that passes, out of 100.00.
    pub pass_mark: Option<Mark>,
    /// Percent, in hundredths (`3000` is 30 %); the parts' weights sum to 100 %.
    pub weight: Mark,
}

/// A section of the occupational standard and the marks it should get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its number.
    pub id: SectionId,
    /// What it covers.
    pub name: String,
    /// The marks that the standard gives it.
    pub target: Mark,
}

impl Scheme {
    /// Every sub-criterion with its criterion, in order.
    pub fn sub_criteria(&self) -> impl Iterator<Item = (&Criterion, &SubCriterion)> {
        self.criteria.iter().flat_map(|c| c.sub_criteria.iter().map(move |s| (c, s)))
    }

    /// Every aspect, in order.
    pub fn aspects(&self) -> impl Iterator<Item = &Aspect> {
        self.sub_criteria().flat_map(|(_, s)| s.aspects.iter())
    }

    /// The sum of all maxima, recomputed from the aspects, whatever a summary cell says.
    #[must_use]
    pub fn total(&self) -> Mark {
        Mark(self.aspects().map(|a| a.max.0).sum())
    }

    /// The maxima's sum of one standards section, recomputed from the aspects.
    #[must_use]
    pub fn section_total(&self, id: &SectionId) -> Mark {
        Mark(self.aspects().filter(|a| a.section.as_ref() == Some(id)).map(|a| a.max.0).sum())
    }
}

impl Criterion {
    /// The sum of its aspects' maxima.
    #[must_use]
    pub fn total(&self) -> Mark {
        Mark(self.sub_criteria.iter().flat_map(|s| &s.aspects).map(|a| a.max.0).sum())
    }
}

impl Method {
    /// `measurement`, `judgement` or `panel`, as packages spell it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Measurement(_) => "measurement",
            Self::Judgement { .. } => "judgement",
            Self::Panel(_) => "panel",
        }
    }

    /// Whether its value is a number that is read off a tool or counted, and so may have a unit.
    #[must_use]
    pub fn is_read_off(&self) -> bool {
        use Calculation::{Difference, NumberCompleted, Ranged};
        matches!(self, Self::Measurement(NumberCompleted { .. } | Ranged { .. } | Difference { .. }))
    }
}

impl Calculation {
    /// As packages spell it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::PassFail => "pass_fail",
            Self::Direct => "direct",
            Self::NumberCompleted { .. } => "number_completed",
            Self::Choice { .. } => "choice",
            Self::Ranged { .. } => "ranged",
            Self::Difference { .. } => "difference",
        }
    }
}
