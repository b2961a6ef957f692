//! What a competitor is shown who signs a sheet of the own work, and the form that says it.

use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::Hash;
use domain::marking::{Countersigned, VoidHow};
use domain::number::Mark;
use serde::{Deserialize, Serialize};

use crate::view::{SkillRef, Text};

/// The sheets that a competitor has still to sign.
#[derive(Clone, Debug)]
pub struct ToCountersign {
    /// The competition's name.
    pub competition: Text,
    /// Which skill.
    pub skill: SkillRef,
    /// Whether the rules ask for competitors' signatures at all.
    pub is_asked_for: bool,
    /// Signed by all their judges, and not by their competitor.
    pub sheets: Vec<SheetToSign>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct SheetToSign {
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Which sub-criterion.
    pub sub_criterion: SubCriterionId,
    /// What that looks at.
    pub name: String,
    /// Whether the competitor refused to sign it.
    pub is_refused: bool,
}

/// One sheet, as its competitor is shown it.
#[derive(Clone, Debug)]
pub struct CountersignSheet {
    /// The competition's name.
    pub competition: Text,
    /// Which skill.
    pub skill: SkillRef,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Which sub-criterion.
    pub sub_criterion: SubCriterionId,
    /// What that looks at.
    pub name: String,
    /// What the signature is for.
    pub digest: Hash,
    /// Each aspect with its most and, where the rules let competitors see it, its mark.
    pub aspects: Vec<CountersignAspect>,
    /// The sum of those marks, and the most it could be.
    pub sum: Option<(Mark, Mark)>,
    /// The judges whose signatures are on it.
    pub judges: Vec<JudgeCode>,
    /// Whether the competitor refused before.
    pub is_refused: bool,
    /// The id that the entry will have.
    pub act: EntryId,
    /// The salt of the drawing and of a reason.
    pub salt: String,
}

/// An aspect on a sheet that a competitor signs.
#[derive(Clone, Debug)]
pub struct CountersignAspect {
    /// Which.
    pub id: AspectId,
    /// What it looks at.
    pub description: String,
    /// The most it gives.
    pub max: Mark,
    /// What it came to; none where competitors are not shown it.
    pub mark: Option<Mark>,
    /// What takes its place, where it was voided for all.
    pub voided: Option<VoidHow>,
}

/// The form by which a competitor signs or refuses to, and by which the chief judge signs for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countersigning {
    /// The id that the entry will have.
    pub act: EntryId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Which sheet.
    pub sub_criterion: SubCriterionId,
    /// What was shown.
    pub sheet: Hash,
    /// What they say.
    pub how: Countersigned,
    /// The signature as drawn; empty where nothing was.
    #[serde(default)]
    pub strokes: String,
    /// The salt of the drawing and of the reason.
    pub salt: String,
    /// Why, where it is refused or signed for.
    #[serde(default)]
    pub reason: String,
}
