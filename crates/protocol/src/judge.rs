//! What a judge marks and may see: the forms of their sub-criteria, and on each competitor's sheet
//! what is effective in the cells. Another judge's score is in it once everybody of the panel has
//! scored that round, and not before. A tablet with an older program passes over what it does
//! not know of an answer.

use domain::id::{CompetitorCode, CriterionId, DeviceId, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::Hash;
use domain::marking::Body;
use domain::number::Mark;
use domain::scheme::Aspect;
use domain::scoring::Value;
use serde::{Deserialize, Serialize};

use crate::frame::{Call, Epoch};
use crate::view::Text;

/// Everything of one judge in one skill, as of a number of its ledger. The `head` frames of the
/// judge's socket go on from it where the connection was greeted before this was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sheets {
    /// Where another device of this judge is connected, what to know of that, in the reader's language.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub also: String,
    /// Whom the chief judge calls for which of the forms, as `called` frames tell it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// The number that counts the changes of calls in this skill; 0 where nobody was ever called.
    #[serde(default)]
    pub calls_number: i64,
    /// Who competes, in the opening's order.
    pub competitors: Vec<Competing>,
    /// The device that asked: a browser that was enrolled anew elsewhere tells by it that these are
    /// another judge's.
    pub device: DeviceId,
    /// The epoch that the number below counts in: after a restore smaller numbers come again.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub epoch: Epoch,
    /// The judge's sub-criteria, in the scheme's order.
    pub forms: Vec<Form>,
    /// Whether marks are taken; later ones are late.
    pub is_open: bool,
    /// The judge.
    pub judge: JudgeCode,
    /// The number.
    pub seq: i64,
}

/// What a judge is there for, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct About {
    /// The competition's name.
    pub competition: Text,
    /// The judge's own name.
    pub judge: String,
    /// The skill's name.
    pub skill: Text,
}

/// A competitor or team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Competing {
    /// The code, which is all that a judge knows.
    pub code: CompetitorCode,
    /// Absent, withdrawn or taken out: marks wait for a decision.
    pub is_out: bool,
}

/// One sub-criterion that the judge marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Form {
    /// What is marked and how, in order.
    pub aspects: Vec<Aspect>,
    /// Whether the judge's scores count; a trainee's do not, and they enter no measurement.
    pub counts: bool,
    /// The criterion that it belongs to.
    pub criterion: CriterionId,
    /// What that looks at.
    pub criterion_name: String,
    /// The day of marking, from 1.
    pub day: u32,
    /// What it looks at.
    pub name: String,
    /// One for each competitor, in their order.
    pub sheets: Vec<Sheet>,
    /// Its id.
    pub sub_criterion: SubCriterionId,
}

/// One competitor's sheet of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sheet {
    /// One for each aspect, in their order.
    pub cells: Vec<SheetCell>,
    /// The address of the page where the competitor signs it, while it waits for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competitor_signs_at: Option<String>,
    /// What a signature has to name; none while something is missing or undecided.
    pub digest: Option<Hash>,
    /// The entry of this judge's own signature, where they drew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<EntryId>,
    /// Where nobody sits in a seat of the panel, whose it was and what that means, in the reader's language.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub empty_seats: String,
    /// Whether this judge has declined to sign what stands there now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_declined: bool,
    /// Whether it is locked; marks are late then, but for cells that were opened again.
    pub is_locked: bool,
    /// Whether this judge signed what stands there now.
    pub is_signed: bool,
    /// Where this judge does not mark this competitor, who does, in the reader's language; empty
    /// where nothing of it is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked_by: Option<String>,
    /// Who signed it for this judge, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Made {
    /// When the server had it, in milliseconds since 1970 UTC.
    pub at: i64,
    /// The end of the device's name.
    pub device: String,
    /// Who entered it.
    pub judge: JudgeCode,
}

/// What a judge sees of a cell: the panel's measurement, or the own score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SheetCell {
    /// Where this judge asks for it to be opened again: whether that was turned down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_unlock: Option<bool>,
    /// Where a mark of this judge's waits as a conflict: where that comes from, and where what stands
    /// there does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflict: Vec<Made>,
    /// The effective entry of the round: what a mark made now names as its base.
    pub entry: Option<EntryId>,
    /// Whether the round before is complete and its spread not accepted, so that all score again.
    pub is_disputed: bool,
    /// Whether what stands there has a verified copy in a second place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_sealed: bool,
    /// Whether what stands there took the place of another value, with a reason.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_corrected: bool,
    /// Whether it was opened again on a locked sheet.
    pub is_unlocked: bool,
    /// What it comes to; none while something is missing or not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// What the judge said in the round before; none in the first.
    pub previous: Option<Value>,
    /// The panel's scores of each round in which all have scored, the judge among them; never those of
    /// a round before that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revealed: Vec<Revealed>,
    /// The round that a mark belongs to, from 1.
    pub round: u32,
    /// What stands there in this round.
    pub value: Option<Value>,
    /// What waits there, in the reader's language: where the judge has scored and the round is not complete,
    /// who has still to, and of whom no device is connected; a chief judge's decision between two values.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub waits_for: String,
}

/// A round of a judged aspect in which everybody whose score counts has scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revealed {
    /// Its number, from 1.
    pub round: u32,
    /// One score for each of them, in the order of their seats.
    pub scores: Vec<Score>,
}

/// What a judge of the panel said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Score {
    /// The judge.
    pub judge: JudgeCode,
    /// The score.
    pub value: Value,
}

/// A second person's word for an act of two persons, given before the act is entered: by its id, and
/// for exactly this content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirm {
    /// The id that the act's entry will have.
    pub act: EntryId,
    /// What is asked, as `docs/ledger.md` writes it.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub body: Body,
}
