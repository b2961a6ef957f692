//! What a command asks, one kind a struct. The fields of each stand in canonical (alphabetical)
//! order; a test holds them there.
//!
//! Reasons are free text that may name people, and a drawn signature is somebody's hand, so the ledger
//! keeps only a salted commitment to each; the text and the drawing themselves lie beside the
//! ledger and can be erased.

use serde::{Deserialize, Serialize};

use super::Opening;
use crate::draw::Codes;
use crate::id::{AspectId, CompetitorCode, DeviceId, EntryId, JudgeCode, SubCriterionId};
use crate::ledger::Hash;
use crate::number;
use crate::scoring::Value;

/// A commitment to a reason: `SHA-256(salt ‖ text)`.
pub type Reason = Option<Hash>;

/// A commitment to a signature as it was drawn: `SHA-256(salt ‖ strokes)`. Where none was drawn,
/// nothing is written.
pub type Drawn = Option<Hash>;

/// An opening as a body holds it.
#[cfg(not(target_arch = "wasm32"))]
pub type Pinned = Box<Opening>;
/// An opening as a body holds it. A browser holds none; that none is copied saves every tablet 2 KB of its
/// download.
#[cfg(target_arch = "wasm32")]
pub type Pinned = std::sync::Arc<Opening>;

/// Everything that can change a result.
// A browser reads and writes marks, signatures, that there is none, and what a judge asks for, and nothing
// else. Leaving out how the others are written saves every tablet 31 KB of its download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    /// Two bytes under one id or device number: something is wrong with a device.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Alarm(Alarm),
    /// Not there.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Absent(Absent),
    /// A judge asks for an aspect of a locked sheet to be opened again.
    AskUnlock(AskUnlock),
    /// A step of an appeal.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Appeal(Appeal),
    /// Marking is over.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Close(Close),
    /// A competitor signs a sheet, or will not.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Countersign(Countersign),
    /// A judge will not sign a sheet.
    Decline(Decline),
    /// Taken out by decision.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Disqualify(Disqualify),
    /// Codes are drawn by a seed from outside.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Draw(Draw),
    /// Two sheets were swapped; they change places.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Exchange(Exchange),
    /// Time given back.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    ExtraTime(ExtraTime),
    /// A layer of codes is committed to.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Layer(Layer),
    /// A sheet is locked.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Lock(Lock),
    /// A score or measured value.
    Mark(Mark),
    /// Scheme, rules, entrants and panels are pinned.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Open(Pinned),
    /// A decision that breaks the award rule.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Override(Override),
    /// Marks taken off.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Penalty(Penalty),
    /// A draw counts no longer, and another may be made.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Redraw(Redraw),
    /// Results leave the hall.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Release(Release),
    /// Another round is asked for.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Rescore(Rescore),
    /// A seat of a panel changes hands.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Reseat(Reseat),
    /// A choice between conflicting or late marks.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Resolve(Resolve),
    /// How a tie was settled by people.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Settle(Settle),
    /// A signature on a sheet.
    Sign(Sign),
    /// A competitor begins.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Start(Moment),
    /// A competitor hands in.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Stop(Moment),
    /// One aspect of a sheet is opened again.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Unlock(Unlock),
    /// A layer of codes is opened.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Unseal(Unseal),
    /// An earlier decision no longer holds.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Void(Void),
    /// An aspect no longer tells competitors apart.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    VoidAspect(VoidAspect),
    /// A competitor goes.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Withdraw(Withdraw),
}

/// A layer of codes is committed to, before the seed is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// What its codes look like.
    pub codes: Codes,
    /// The commitment to its secret, as [`crate::draw::commitment`] gives it.
    pub commitment: Hash,
    /// Whether who has which code is kept back until marking is over, or told at once.
    pub is_sealed: bool,
    /// Which layer it is, from 1, the outermost.
    pub layer: u32,
    /// The list that is drawn over, as [`crate::draw::list_hash`] gives it.
    pub list: Hash,
    /// How many layers there are.
    pub of: u32,
    /// Where the seed will come from: something that nobody here decides.
    pub source: String,
}

/// Codes are drawn: the seed is known now, and what codes there are; not who has which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// The codes of each layer, the outermost first, each sorted.
    pub codes: Vec<Vec<CompetitorCode>>,
    /// The seed as its source gave it.
    pub seed: String,
}

/// A draw counts no longer, and what was committed to neither: all begins anew. Both stay in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redraw {
    /// Why.
    pub reason: Reason,
}

/// A layer of codes is opened: from here on anybody can say who had which code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unseal {
    /// Which layer, from 1.
    pub layer: u32,
    /// The list that was drawn over, with the outermost layer; else empty, since it is the codes of the layer
    /// outside of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list: Vec<CompetitorCode>,
    /// The secret that was committed to.
    pub secret: String,
}

/// What one judge says of one aspect of one competitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The aspect.
    pub aspect: AspectId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Whose score; for a measurement who entered it for the panel.
    pub judge: JudgeCode,
    /// Why it takes the place of another, where it is a correction. Most marks are none, and a
    /// mark is what a ledger has most of: where there is none, nothing is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Reason,
    /// The scoring round, from 1; measurements have only one.
    pub round: u32,
    /// What was said.
    pub value: Value,
}

/// Another round for one aspect of one competitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rescore {
    /// The aspect.
    pub aspect: AspectId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Why.
    pub reason: Reason,
}

/// A seat of a panel changes hands while the skill is marked, for all competitors or for one
///
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reseat {
    /// For whose work alone; none for everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competitor: Option<CompetitorCode>,
    /// Whom the one who comes may not mark; the opening knew it of those it knew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<CompetitorCode>,
    /// Who sits there from now on; none leaves the seat empty.
    pub judge: Option<JudgeCode>,
    /// Who leaves it.
    pub leaves: JudgeCode,
    /// Why.
    pub reason: Reason,
    /// On which panel.
    pub sub_criterion: SubCriterionId,
}

/// A competitor who is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absent {
    /// Who.
    pub competitor: CompetitorCode,
    /// Why, where known.
    pub reason: Reason,
}

/// When a competitor starts or hands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// Who.
    pub competitor: CompetitorCode,
}

/// Time given back for a fault that was not the competitor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraTime {
    /// Who.
    pub competitor: CompetitorCode,
    /// How much.
    pub minutes: u32,
    /// Why.
    pub reason: Reason,
}

/// A competitor goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Who.
    pub competitor: CompetitorCode,
    /// Why.
    pub reason: Reason,
}

/// A competitor is taken out by decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disqualify {
    /// Who.
    pub competitor: CompetitorCode,
    /// Why.
    pub reason: Reason,
}

/// Marks taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Penalty {
    /// Who.
    pub competitor: CompetitorCode,
    /// How many, in hundredths, above 0.
    pub marks: number::Mark,
    /// Why.
    pub reason: Reason,
}

/// An aspect no longer tells competitors apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidAspect {
    /// Which.
    pub aspect: AspectId,
    /// What takes its place.
    pub how: VoidHow,
    /// Why.
    pub reason: Reason,
}

/// What takes the place of a voided aspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum VoidHow {
    /// Everyone gets the maximum.
    Full,
    /// It leaves both the sum and the maximum.
    Removed,
}

/// Two competitors' sheets of one sub-criterion change places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// One.
    pub competitor: CompetitorCode,
    /// The other.
    pub other: CompetitorCode,
    /// Why.
    pub reason: Reason,
    /// Which sheets.
    pub sub_criterion: SubCriterionId,
}

/// An earlier decision no longer holds. Marks are corrected by marks, not by this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Void {
    /// The decision's entry.
    pub entry: EntryId,
    /// Why.
    pub reason: Reason,
}

/// A choice between two marks of one cell, or what a judge asked for is turned down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// The one that does not count, or what is turned down; none where a late mark meets an empty cell.
    pub drop: Option<EntryId>,
    /// The one that counts from now on; none where a late mark is turned away from an empty cell.
    pub keep: Option<EntryId>,
    /// Why.
    pub reason: Reason,
}

/// A judge's signature on a sheet as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// Whose work.
    pub competitor: CompetitorCode,
    /// The signature as the judge drew it; none where they signed without drawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawing: Drawn,
    /// Whose signature; where that is not the actor, it is signed for.
    pub judge: JudgeCode,
    /// Why it is signed for.
    pub reason: Reason,
    /// The digest of what is signed, as [`super::Skill::sheet_digest`] gives it.
    pub sheet: Hash,
    /// Which sheet.
    pub sub_criterion: SubCriterionId,
}

/// A judge will not sign a sheet as it stands. It stands so until they sign, somebody signs for
/// them, or the sheet changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decline {
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Who will not: the actor.
    pub judge: JudgeCode,
    /// Why.
    pub reason: Reason,
    /// The digest of what was not signed, as [`super::Skill::sheet_digest`] gives it.
    pub sheet: Hash,
    /// Which sheet.
    pub sub_criterion: SubCriterionId,
}

/// A competitor's word on a sheet of the own work that its judges have signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countersign {
    /// Whose work, and whose word.
    pub competitor: CompetitorCode,
    /// The signature as the competitor drew it; none where nothing was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawing: Drawn,
    /// What they say.
    pub how: Countersigned,
    /// Why, where they refuse or somebody signs for them.
    pub reason: Reason,
    /// The digest of what they were shown, as [`super::Skill::sheet_digest`] gives it.
    pub sheet: Hash,
    /// Which sheet.
    pub sub_criterion: SubCriterionId,
}

/// What becomes of a competitor's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Countersigned {
    /// They sign, at the device of whoever enters it.
    Signed,
    /// They refuse; the reason is theirs.
    Refused,
    /// They are gone, or refuse to the end, and the chief judge signs for them.
    For,
}

/// A sheet is locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Which sheet.
    pub sub_criterion: SubCriterionId,
}

/// One aspect of a locked sheet is opened again by two people; its signatures are void.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// Which aspect.
    pub aspect: AspectId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Why.
    pub reason: Reason,
}

/// A judge asks for one aspect of a locked sheet to be opened again. It changes nothing; it stands
/// until the aspect is opened, a chief judge turns it down, or the sheet is locked anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskUnlock {
    /// Which aspect.
    pub aspect: AspectId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Who asks: the actor.
    pub judge: JudgeCode,
    /// Why.
    pub reason: Reason,
}

/// A decision that breaks the award rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The award given; empty takes it away; none leaves the rule's.
    pub award: Option<String>,
    /// Who.
    pub competitor: CompetitorCode,
    /// The document that decides it.
    pub document: String,
    /// The position given; none leaves the rule's.
    pub position: Option<u32>,
    /// Why.
    pub reason: Reason,
}

/// How a tie was settled by people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// From the best to the last of those who were equal.
    pub order: Vec<CompetitorCode>,
    /// Why, and how: the play-off, the draw.
    pub reason: Reason,
}

/// A step of an appeal; what it changes is entered besides, by the entries above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    /// Whose result.
    pub competitor: CompetitorCode,
    /// Why.
    pub reason: Reason,
    /// Which step.
    pub step: AppealStep,
}

/// The steps of an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealStep {
    /// It was filed.
    Filed,
    /// It is taken up.
    Admitted,
    /// It is turned away: late, or not in form.
    Rejected,
    /// It is right.
    Upheld,
    /// It is not.
    Dismissed,
}

/// Marking is over; what comes later is late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Why early, where it is.
    pub reason: Reason,
}

/// Results leave the hall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// As what.
    pub stage: Stage,
}

/// As what results are out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 暂定
    Provisional,
    /// 公示中
    Publicised,
    /// 正式
    Official,
}

/// Other bytes under a used id or device number: refused, and kept here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// What was wrong: a stable code.
    pub code: String,
    /// The device that sent it.
    pub device: DeviceId,
    /// The number it used.
    pub dseq: i64,
    /// The id it used.
    pub entry: EntryId,
}

impl Body {
    /// The competitor it concerns, where it concerns one.
    #[must_use]
    pub fn competitor(&self) -> Option<&CompetitorCode> {
        match self {
            Self::Mark(Mark { competitor, .. })
            | Self::Rescore(Rescore { competitor, .. })
            | Self::Absent(Absent { competitor, .. })
            | Self::AskUnlock(AskUnlock { competitor, .. })
            | Self::Start(Moment { competitor, .. })
            | Self::Stop(Moment { competitor, .. })
            | Self::ExtraTime(ExtraTime { competitor, .. })
            | Self::Withdraw(Withdraw { competitor, .. })
            | Self::Disqualify(Disqualify { competitor, .. })
            | Self::Penalty(Penalty { competitor, .. })
            | Self::Exchange(Exchange { competitor, .. })
            | Self::Countersign(Countersign { competitor, .. })
            | Self::Decline(Decline { competitor, .. })
            | Self::Sign(Sign { competitor, .. })
            | Self::Lock(Lock { competitor, .. })
            | Self::Unlock(Unlock { competitor, .. })
            | Self::Override(Override { competitor, .. })
            | Self::Appeal(Appeal { competitor, .. }) => Some(competitor),
            Self::Reseat(Reseat { competitor, .. }) => competitor.as_ref(),
            _ => None,
        }
    }

    /// The drawn signature it commits to, where there is one.
    #[must_use]
    pub fn drawing(&self) -> Drawn {
        match self {
            Self::Sign(body) => body.drawing,
            Self::Countersign(body) => body.drawing,
            _ => None,
        }
    }

    /// The reason it commits to, where it gives one.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::Absent(body) => body.reason,
            Self::AskUnlock(body) => body.reason,
            Self::Appeal(body) => body.reason,
            Self::Close(body) => body.reason,
            Self::Countersign(body) => body.reason,
            Self::Decline(body) => body.reason,
            Self::Disqualify(body) => body.reason,
            Self::Exchange(body) => body.reason,
            Self::ExtraTime(body) => body.reason,
            Self::Mark(body) => body.reason,
            Self::Override(body) => body.reason,
            Self::Penalty(body) => body.reason,
            Self::Redraw(body) => body.reason,
            Self::Rescore(body) => body.reason,
            Self::Reseat(body) => body.reason,
            Self::Resolve(body) => body.reason,
            Self::Settle(body) => body.reason,
            Self::Sign(body) => body.reason,
            Self::Unlock(body) => body.reason,
            Self::Void(body) => body.reason,
            Self::VoidAspect(body) => body.reason,
            Self::Withdraw(body) => body.reason,
            Self::Alarm(_)
            | Self::Draw(_)
            | Self::Layer(_)
            | Self::Lock(_)
            | Self::Open(_)
            | Self::Release(_)
            | Self::Start(_)
            | Self::Stop(_)
            | Self::Unseal(_) => None,
        }
    }
}
