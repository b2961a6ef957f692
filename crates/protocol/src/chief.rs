//! The chief judge's view of one skill: what waits for a decision, who has not finished, and the forms
//! by which the chief acts. What the chief may not see is not in it.

use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::Hash;
use domain::marking::Refusal;
use domain::number::{Decimal, Mark};
use domain::scheme::Aspect;
use domain::scoring::Value;
use serde::{Deserialize, Serialize};

use crate::view::{Presence, Progress, SkillRef, Status, Text};

/// Everything that a chief judge acts on.
#[derive(Clone, Debug)]
pub struct ChiefView {
    /// The competition's name.
    pub competition: Text,
    /// Which skill.
    pub skill: SkillRef,
    /// Whose view it is.
    pub judge: JudgeCode,
    /// The chief judge's name.
    pub judge_name: String,
    /// Where the results stand.
    pub status: Status,
    /// Whether it was opened; before that nothing below holds anything.
    pub is_opened: bool,
    /// How far the marking is.
    pub progress: Progress,
    /// The largest accepted spread of a judgement; none where every spread is accepted.
    pub spread_max: Option<u32>,
    /// Conflicts and late marks, oldest first, up to [`WAITING_MAX`].
    pub waiting: Vec<Waiting>,
    /// How many more there are.
    pub more_waiting: usize,
    /// Acts that wait for a second person, oldest first.
    pub proposals: Vec<Proposal>,
    /// Judged cells that are scored again.
    pub disagreements: Vec<Disagreement>,
    /// Whole sheets that are not locked, those that everybody has signed first, up to [`SHEETS_MAX`].
    pub sheets: Vec<WholeSheet>,
    /// How many more there are.
    pub more_sheets: usize,
    /// How many sheets are locked.
    pub locked: usize,
    /// Who marks, the least finished first.
    pub judges: Vec<Judge>,
    /// Who competes, in the opening's order.
    pub competitors: Vec<Competitor>,
    /// The aspects that have scoring rounds.
    pub judged: Vec<(AspectId, String)>,
    /// The id of the entry that asks for another round.
    pub rescore: EntryId,
    /// The salt of whatever reason is given on this page.
    pub salt: String,
}

/// The most sheets that are shown at once.
pub const SHEETS_MAX: usize = 40;

/// A sheet on which nothing is missing.
#[derive(Clone, Debug)]
pub struct WholeSheet {
    /// The id of the entry that locks it.
    pub act: EntryId,
    /// Whose work.
    pub competitor: Competing,
    /// Which sub-criterion.
    pub sub_criterion: SubCriterionId,
    /// What that looks at.
    pub name: String,
    /// What its signatures are for, as judges see it on their tablets.
    pub digest: Hash,
    /// Who has still to sign; nobody where it can be locked.
    pub unsigned: Vec<JudgeCode>,
}

/// The most conflicts and late marks that are shown at once.
pub const WAITING_MAX: usize = 40;

/// A mark that does not count until somebody decides.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The id of the entry that decides it.
    pub act: EntryId,
    /// The mark's own entry.
    pub entry: EntryId,
    /// Whose work.
    pub competitor: Competing,
    /// What is marked.
    pub aspect: Aspect,
    /// The scoring round, where the aspect has rounds.
    pub round: Option<u32>,
    /// Why it waits.
    pub why: Option<Refusal>,
    /// Whether it counts only when a second person admits it too.
    pub needs_second: bool,
    /// Whether somebody asked a second person to admit it.
    pub is_proposed: bool,
    /// What was entered.
    pub entered: Said,
    /// What stands there now, and its entry.
    pub stands: Option<(EntryId, Said)>,
}

/// What somebody said, and how it came.
#[derive(Clone, Debug)]
pub struct Said {
    /// Whose value it is; for a measurement who entered it for the panel.
    pub judge: JudgeCode,
    /// Who typed it, where that is somebody else.
    pub typed_by: Option<String>,
    /// The value; none where this chief judge sits on the panel and its round is not complete.
    pub value: Option<Value>,
    /// What the cell comes to with it; none where that gives no mark, or may not be seen.
    pub mark: Option<Mark>,
    /// When the device says that it was entered, milliseconds since 1970 UTC.
    pub entered_at: i64,
    /// When the server entered it.
    pub received_at: i64,
    /// On which device.
    pub device: String,
}

/// A competitor, by name too where that may be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competing {
    /// The code.
    pub code: CompetitorCode,
    /// The name; none where the codes are sealed.
    pub name: Option<String>,
}

/// A judged cell that is scored again.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// Whose work.
    pub competitor: Competing,
    /// Which aspect.
    pub aspect: AspectId,
    /// What it looks at.
    pub description: String,
    /// The last complete round.
    pub round: u32,
    /// What each counting judge said in it.
    pub scores: Vec<(JudgeCode, Value)>,
    /// The highest minus the lowest.
    pub spread: Option<Decimal>,
    /// Who has not scored again yet.
    pub waits_for: Vec<JudgeCode>,
    /// Whether that round would count, and another was asked for all the same.
    pub was_accepted: bool,
}

/// A judge with the sub-criteria they mark and the devices that are theirs.
#[derive(Clone, Debug)]
pub struct Judge {
    /// The code.
    pub code: JudgeCode,
    /// The name.
    pub name: String,
    /// The least finished first.
    pub shares: Vec<Share>,
    /// Devices that are signed in, oldest first.
    pub devices: Vec<Device>,
}

/// How far a judge is with one sub-criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which.
    pub sub_criterion: SubCriterionId,
    /// What it looks at.
    pub name: String,
    /// Whether the judge's scores count there.
    pub counts: bool,
    /// How much is done.
    pub progress: Progress,
}

/// A device of a judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The end of its id, which tells devices of one judge apart.
    pub name: String,
    /// When its card was used.
    pub used_at: i64,
    /// When it was last connected to this server.
    pub seen: Seen,
}

/// When a device was connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is.
    Now,
    /// Until then, milliseconds since 1970 UTC.
    Until(i64),
    /// Not since this server was started.
    NotSinceStart,
}

/// A competitor with what was decided of them.
#[derive(Clone, Debug)]
pub struct Competitor {
    /// Who.
    pub competitor: Competing,
    /// Whether they compete.
    pub presence: Presence,
    /// What was taken off.
    pub penalty: Mark,
    /// Minutes given back.
    pub extra_minutes: u64,
    /// The id of the entry that decides something of them.
    pub act: EntryId,
}

/// An act of the chief judge's that counts once a second person confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proposal {
    /// The id that its entry will have.
    pub act: EntryId,
    /// The chief judge who asks.
    pub by: JudgeCode,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// What.
    pub what: Proposed,
    /// Why, as written.
    pub reason: String,
}

/// What a second person is asked to confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Proposed {
    /// A late mark is to count.
    Admit {
        /// The mark's entry.
        entry: EntryId,
        /// Whose work.
        competitor: CompetitorCode,
        /// What is marked.
        aspect: Box<Aspect>,
        /// Whose mark.
        judge: JudgeCode,
        /// What it says; none where this reader may not see it.
        value: Option<Value>,
        /// What stands there now; none where nothing does, or this reader may not see it.
        stands: Option<Value>,
    },
    /// Somebody is to be taken out.
    Disqualify {
        /// Who.
        competitor: CompetitorCode,
    },
}

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
    /// The salt of the reason.
    pub salt: String,
    /// Why.
    pub reason: String,
}

/// What is decided of a competitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// The form of a proposal: confirm it, or take it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfProposal {
    /// Which.
    pub act: EntryId,
}
