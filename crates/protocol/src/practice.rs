//! The practice of a skill: who has completed a sheet of it, and how the judges' scores of the reference
//! piece agree. It tells of no round that somebody has still to score.

use domain::access::Role;
use domain::id::{AspectId, JudgeCode};
use domain::number::Decimal;
use serde::{Deserialize, Serialize};

use crate::view::{CompetitionRef, Progress, SkillRef};

/// The code of the piece that every judge practises on.
pub const TRIAL: &str = "TRIAL";
/// The code of the piece by which the judges are calibrated.
pub const REFERENCE: &str = "REF";

/// A skill's practice, as its organisers and its chief judge see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Practice {
    /// The competition of the skill that is practised for.
    pub competition: CompetitionRef,
    /// That skill.
    pub skill: SkillRef,
    /// The practice; none before it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<PracticeRef>,
    /// Who marks, in the order of the panels.
    pub judges: Vec<Practising>,
    /// What was said of the reference piece.
    pub calibration: Calibration,
    /// How the judges agree in the marking of the skill itself so far.
    pub marking: Vec<Agreement>,
}

/// Which practice: a skill of its own, in a competition of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeRef {
    /// Its skill, by which cards are made and pieces marked.
    pub skill: SkillRef,
    /// Its competition.
    pub competition: CompetitionRef,
    /// Whether it can be marked; where making it was cut off, it is made again.
    pub is_open: bool,
}

/// How far a judge is with the practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Practising {
    /// The judge's code.
    pub code: JudgeCode,
    /// The judge's name.
    pub name: String,
    /// `judge` or `chief_judge`
    pub role: Role,
    /// How many devices are signed in to the practice.
    pub devices: usize,
    /// How much of what is theirs on the trial piece is done.
    pub progress: Progress,
    /// Whether they have completed a whole sheet of it.
    pub has_completed: bool,
}

/// The scores of first rounds that are complete, and how the judges agree in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Calibration {
    /// How many aspects are scored by a panel, of which the rounds below are complete.
    pub aspects: usize,
    /// Each of them, in the scheme's order.
    pub rounds: Vec<FirstRound>,
    /// How the judges agree: advice only.
    pub agreement: Vec<Agreement>,
    /// The largest spread of a judgement that the rules accept; none where every one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread_max: Option<u32>,
}

/// A complete first round of one aspect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirstRound {
    /// The aspect.
    pub aspect: AspectId,
    /// What it looks at.
    pub description: String,
    /// What each counting judge said, in seat order.
    pub scores: Vec<FirstScore>,
    /// The highest minus the lowest.
    pub spread: Decimal,
    /// Whether that is more than the rules accept.
    pub is_wide: bool,
    /// The two scores in the middle, the lower one first; the median lies halfway between them.
    pub middle: [Decimal; 2],
    /// What the scheme says of these rungs; nothing of a panel's numbers.
    pub descriptors: Vec<String>,
}

/// A judge's score in a first round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirstScore {
    /// Who.
    pub judge: JudgeCode,
    /// What they said.
    pub score: Decimal,
}

/// How one judge's scores of one kind stand to the others': advice that changes no result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Agreement {
    /// Who.
    pub judge: JudgeCode,
    /// The judge's name.
    pub name: String,
    /// Which scores.
    pub scored: Scored,
    /// The sample: how many of them were compared.
    pub sample: usize,
    /// How many of those are the median.
    pub at_median: usize,
    /// How much more than the others the judge gives on the mean, `+0.33` or `-0.50`: in rungs of judgement,
    /// in percent of the range of a panel's numbers. None beyond exact arithmetic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
}

/// Which scores are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Scored {
    /// Judgement, 0 to 3.
    Judgement,
    /// A panel's numbers.
    Panel,
}

/// How far the practice of one skill is, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The skill that is practised for.
    pub skill: String,
    /// How many judges have completed a sheet.
    pub completed: usize,
    /// How many there are.
    pub judges: usize,
    /// The names of those who have not.
    pub missing: Vec<String>,
}

impl Stand {
    /// Of these judges.
    #[must_use]
    pub fn of(skill: String, judges: &[Practising]) -> Self {
        let missing = judges.iter().filter(|judge| !judge.has_completed);
        let missing: Vec<String> = missing.map(|judge| judge.name.clone()).collect();
        Self { skill, completed: judges.len() - missing.len(), judges: judges.len(), missing }
    }
}
