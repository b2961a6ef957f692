//! The forms of the chief judge's page.

use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::Hash;
use domain::marking::VoidHow;
use serde::{Deserialize, Serialize};

/// The form that settles a conflict or a late mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// The id that the entry will have.
    pub act: EntryId,
    /// The mark that waits.
    pub entry: EntryId,
    /// The entry that stood in the cell when the form was made; empty where none did.
    pub stands: String,
    /// What is chosen.
    pub choice: Choice,
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
}

/// Which of two values counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The one that waits.
    Take,
    /// What stands there.
    Keep,
}

/// The form that asks for another scoring round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// The id that the entry will have.
    pub act: EntryId,
    /// Of whose work.
    pub competitor: CompetitorCode,
    /// Of what.
    pub aspect: AspectId,
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
}

/// The form by which a seat changes hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaceJudge {
    /// The id that the entry will have; where a judge leaves several panels, what their ids are made of.
    pub act: EntryId,
    /// Who leaves.
    pub leaves: JudgeCode,
    /// Who comes; empty leaves the seat empty.
    #[serde(default)]
    pub judge: JudgeCode,
    /// Of which panel; empty for every panel of theirs.
    #[serde(default)]
    pub sub_criterion: SubCriterionId,
    /// For whose work alone; empty for everybody's.
    #[serde(default)]
    pub competitor: CompetitorCode,
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
}

/// The form by which a chief judge takes down what a judge says whose tablet is away.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeDown {
    /// The id that the entry will have.
    pub act: EntryId,
    /// Whose score.
    pub judge: JudgeCode,
    /// Of whose work.
    pub competitor: CompetitorCode,
    /// Of what.
    pub aspect: AspectId,
    /// The score, as typed.
    pub score: String,
    /// The judge's PIN, by which they confirm it.
    pub pin: String,
}

/// Without the PIN.
impl std::fmt::Debug for TakeDown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TakeDown").field("act", &self.act).finish_non_exhaustive()
    }
}

/// The form that locks a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockSheet {
    /// The id that the entry will have.
    pub act: EntryId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Which sheet.
    pub sub_criterion: SubCriterionId,
}

/// The form that decides something of a competitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfCompetitor {
    /// The id that the entry will have.
    pub act: EntryId,
    /// Who.
    pub competitor: CompetitorCode,
    /// What.
    pub what: What,
    /// Marks to take off or minutes to give back, as typed.
    #[serde(default)]
    pub amount: String,
    /// The competitor's code once more, typed by whoever disqualifies.
    #[serde(default)]
    pub word: String,
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
}

/// The form that calls a competitor: the panel marks that one now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallCompetitor {
    /// Whom.
    pub competitor: CompetitorCode,
    /// For which sub-criterion; empty for all.
    #[serde(default)]
    pub sub_criterion: SubCriterionId,
}

/// The form that ends a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndCall {
    /// Of which sub-criterion; empty for all.
    #[serde(default)]
    pub sub_criterion: SubCriterionId,
}

/// What is decided of a competitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum What {
    /// Not there.
    Absent,
    /// Gone.
    Withdraw,
    /// Taken out; a second person confirms it.
    Disqualify,
    /// Marks are taken off.
    Penalty,
    /// Minutes are given back.
    ExtraTime,
}

/// When somebody starts or hands in: now, by the server's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtMoment {
    /// The id that the entry will have.
    pub act: EntryId,
    /// Who.
    pub competitor: CompetitorCode,
    /// Which.
    pub what: Moment,
    /// The entry of the time that stood there when the form was made; empty where none did.
    #[serde(default)]
    pub stands: String,
}

/// The same for everybody who is to start, or who works, at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllAtMoment {
    /// What the ids of its entries are made of.
    pub act: EntryId,
    /// Which.
    pub what: Moment,
}

/// Of which moment a form tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// A competitor begins.
    Start,
    /// A competitor hands in.
    HandIn,
}

/// The form that locks every sheet that all have signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockAll {
    /// What the ids of its entries are made of.
    pub act: EntryId,
    /// Which sheets those were when the form was made, as [`sheets_text`] writes them.
    pub sheets: String,
}

/// Sheets in a form's field: JSON, since codes may hold any sign.
#[must_use]
pub fn sheets_text(sheets: &[(CompetitorCode, SubCriterionId)]) -> String {
    // Pairs of text are always JSON.
    serde_json::to_string(sheets).unwrap_or_default()
}

/// Reads what [`sheets_text`] writes.
#[must_use]
pub fn sheets_of(text: &str) -> Option<Vec<(CompetitorCode, SubCriterionId)>> {
    serde_json::from_str(text).ok()
}

/// The form that signs for a judge who is absent or refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignFor {
    /// The id that the entry will have.
    pub act: EntryId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Which sheet.
    pub sub_criterion: SubCriterionId,
    /// For whom.
    pub judge: JudgeCode,
    /// What is signed, as it stood when the form was made.
    pub sheet: Hash,
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
}

/// The form that opens one aspect of a locked sheet again; a second person confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnlockAspect {
    /// The id that the entry will have.
    pub act: EntryId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Which aspect.
    pub aspect: AspectId,
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
}

/// The form that voids an aspect for all; a second person confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidForAll {
    /// The id that the entry will have.
    pub act: EntryId,
    /// Which aspect.
    pub aspect: AspectId,
    /// What takes its place.
    pub how: VoidHow,
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
    /// The [`Difference::seen`](super::Difference::seen) that was shown; empty asks for it first.
    #[serde(default)]
    pub seen: String,
}

/// The form that exchanges two sheets; a second person confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeSheets {
    /// The id that the entry will have.
    pub act: EntryId,
    /// One competitor.
    pub competitor: CompetitorCode,
    /// The other.
    pub other: CompetitorCode,
    /// Which sheets.
    pub sub_criterion: SubCriterionId,
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
    /// As in [`VoidForAll`].
    #[serde(default)]
    pub seen: String,
}

/// The form that undoes an earlier decision; a second person confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// The id that the entry will have.
    pub act: EntryId,
    /// The decision.
    pub entry: EntryId,
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
    /// As in [`VoidForAll`].
    #[serde(default)]
    pub seen: String,
}

/// The form by which a second person confirms a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfProposal {
    /// Which.
    pub act: EntryId,
    /// The [`Difference::seen`](super::Difference::seen) that was shown with it; empty where none was.
    #[serde(default)]
    pub seen: String,
}

/// The form by which a proposal is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {
    /// Which.
    pub act: EntryId,
}
