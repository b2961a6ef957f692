//! The chief judge's view of one skill: what waits for a decision, who has not finished, and the forms
//! by which the chief acts. What the chief may not see is not in it.

mod form;
mod proposal;

pub use form::{
    Again, AllAtMoment, AtMoment, CallCompetitor, Choice, EndCall, ExchangeSheets, LockAll, LockSheet,
    Moment, OfCompetitor, OfProposal, ReplaceJudge, Settle, SignFor, TakeBack, TakeDown, Undo, UnlockAspect,
    VoidForAll, What, sheets_of, sheets_text,
};
pub use proposal::{Change, Decided, Difference, Foreseen, ForeseenForm, Outcome, Proposal, Proposed};

use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::Hash;
use domain::marking::{Odd, Refusal};
use domain::number::{Decimal, Mark};
use domain::scheme::Aspect;
use domain::scoring::Value;

use crate::note::Note;
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
    /// Who is called, in the scheme's order of sub-criteria.
    pub calls: Vec<Called>,
    /// Whether somebody can be called: the skill is being marked.
    pub may_call: bool,
    /// Judged cells that are scored again.
    pub disagreements: Vec<Disagreement>,
    /// What judges ask for, and who will not sign.
    pub requests: Vec<Request>,
    /// Values that are worth a second look, up to [`ODD_MAX`].
    pub odd: Vec<OddValue>,
    /// How many more of them there are.
    pub more_odd: usize,
    /// What sheets, decisions and competitors are looked for by; empty where all are shown.
    pub find: String,
    /// Sheets that are whole or opened again and not locked, those that everybody has signed first, up to
    /// [`SHEETS_MAX`] of those looked for.
    pub sheets: Vec<WholeSheet>,
    /// How many more of them there are.
    pub more_sheets: usize,
    /// Every sheet that everybody has signed, looked for or not, up to [`LOCKED_AT_ONCE_MAX`].
    pub signed: Vec<(CompetitorCode, SubCriterionId)>,
    /// Locked sheets, up to [`SHEETS_MAX`] of those looked for.
    pub locked_sheets: Vec<WholeSheet>,
    /// How many more of them there are.
    pub more_locked: usize,
    /// How many sheets are locked.
    pub locked: usize,
    /// Decisions that hold, the newest first, up to [`DECISIONS_MAX`] of those looked for.
    pub decisions: Vec<Decision>,
    /// How many more of them there are.
    pub more_decisions: usize,
    /// How many notes and photos of judges this chief judge may see.
    pub notes: usize,
    /// Who marks, the least finished first.
    pub judges: Vec<Judge>,
    /// Competitors for whom somebody has to stand in, up to [`BARRED_MAX`].
    pub barred: Vec<Barred>,
    /// How many more of them there are.
    pub more_barred: usize,
    /// Who left a seat that is empty.
    pub vacant: Vec<JudgeCode>,
    /// Everybody who may be given a seat: the skill's judges, by code and name.
    pub reserves: Vec<(JudgeCode, String)>,
    /// Who competes, in the opening's order.
    pub competitors: Vec<Competitor>,
    /// How many who compete have not started.
    pub to_start: usize,
    /// How many have started and not handed in.
    pub to_hand_in: usize,
    /// The aspects that have scoring rounds.
    pub judged: Vec<(AspectId, String)>,
    /// Every aspect.
    pub aspects: Vec<(AspectId, String)>,
    /// Every sub-criterion.
    pub sub_criteria: Vec<(SubCriterionId, String)>,
    /// The ids of entries that are of no one row.
    pub acts: Acts,
    /// The salt of whatever reason is given on this page.
    pub salt: String,
}

/// The ids of the entries of forms that are of no one row.
#[derive(Clone, Copy, Debug)]
pub struct Acts {
    /// Another scoring round.
    pub rescore: EntryId,
    /// An aspect is voided.
    pub void: EntryId,
    /// Two sheets are exchanged.
    pub exchange: EntryId,
    /// All start.
    pub start: EntryId,
    /// All hand in.
    pub hand_in: EntryId,
    /// A seat changes hands.
    pub reseat: EntryId,
    /// A score is taken down.
    pub spoken: EntryId,
    /// Every signed sheet is locked.
    pub lock: EntryId,
}

/// The most sheets that are shown at once, of either kind.
pub const SHEETS_MAX: usize = 40;
/// The most sheets that one button locks.
pub const LOCKED_AT_ONCE_MAX: usize = 200;
/// The most decisions that are shown at once.
pub const DECISIONS_MAX: usize = 40;

/// The most odd values that are shown at once.
pub const ODD_MAX: usize = 20;

/// A value that is worth a second look.
#[derive(Clone, Debug)]
pub struct OddValue {
    /// Whose work.
    pub competitor: Competing,
    /// What is marked.
    pub aspect: Aspect,
    /// Whose score; none for a measurement.
    pub judge: Option<JudgeCode>,
    /// What was said.
    pub value: Value,
    /// What is odd about it.
    pub why: Odd,
}

/// The most competitors for whom somebody has to stand in that are shown at once.
pub const BARRED_MAX: usize = 20;

/// What somebody asks of the chief judge, or will not sign; nothing of it changes a result.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which judge; none for the competitor.
    pub judge: Option<JudgeCode>,
    /// Whose work.
    pub competitor: Competing,
    /// Which sheet.
    pub sub_criterion: SubCriterionId,
    /// Why, as written; none where the text was erased.
    pub reason: Option<String>,
    /// What is to be opened again; none where a signature is declined.
    pub unlock: Option<ToUnlock>,
}

/// An aspect that a judge asks to be opened again.
#[derive(Clone, Debug)]
pub struct ToUnlock {
    /// The entry that asks.
    pub entry: EntryId,
    /// Which aspect.
    pub aspect: AspectId,
    /// What it looks at.
    pub description: String,
    /// Whether a second person is asked to confirm that it is opened.
    pub is_proposed: bool,
    /// The id that the entry which opens it will have.
    pub open: EntryId,
    /// The id that the entry which turns it down will have.
    pub turn_down: EntryId,
}

/// Seats that were given away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seated {
    /// On so many panels.
    pub panels: usize,
    /// Whose they were.
    pub leaves: JudgeCode,
    /// Who sits there now; nobody where they stay empty.
    pub comes: Option<JudgeCode>,
    /// For whose work alone; for everybody's where none is named.
    pub competitor: Option<CompetitorCode>,
}

/// A judge who may not mark a competitor, on panels where nobody stands in yet.
#[derive(Clone, Debug)]
pub struct Barred {
    /// The id of the entry that lets somebody stand in.
    pub act: EntryId,
    /// Whose work.
    pub competitor: Competing,
    /// Who may not.
    pub judge: JudgeCode,
    /// On which panels.
    pub subs: Vec<SubCriterionId>,
}

/// What a competitor said of a sheet of the own work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompetitorWord {
    /// The rules do not ask for it.
    NotAskedFor,
    /// It is still to come.
    Waits,
    /// They signed, by this entry, which holds what they drew.
    Signed(EntryId),
    /// They refuse, and why; none where the text was erased.
    Refused(Option<String>),
    /// Somebody signed for them.
    For(String),
}

/// A sheet on which nothing is missing, or that was locked before.
#[derive(Clone, Debug)]
pub struct WholeSheet {
    /// The id of the entry that locks it, signs it or opens an aspect.
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
    /// Who declined to sign what stands there now, and why; none where the text was erased.
    pub declined: Vec<(JudgeCode, Option<String>)>,
    /// Who drew the signature that is on what stands there now, and by which entry.
    pub drawn: Vec<(JudgeCode, EntryId)>,
    /// For whom somebody else signed, and who did.
    pub signed_for: Vec<(JudgeCode, String)>,
    /// What the competitor said of it.
    pub competitor_word: CompetitorWord,
    /// Aspects that were opened again.
    pub unlocked: Vec<AspectId>,
    /// Whether it was locked, and changed since.
    pub is_changed: bool,
    /// How many aspects have no result.
    pub missing: usize,
    /// How many marks on it wait for a decision.
    pub undecided: usize,
    /// What judges wrote and photographed on it, the newest first.
    pub notes: Vec<Note>,
    /// The aspects that can be opened again.
    pub to_unlock: Vec<(AspectId, String)>,
}

impl WholeSheet {
    /// Whether it can be locked.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let lacks_competitor =
            matches!(self.competitor_word, CompetitorWord::Waits | CompetitorWord::Refused(_));
        self.unsigned.is_empty() && self.missing == 0 && self.undecided == 0 && !lacks_competitor
    }
}

/// A decision that holds.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The id of the entry that undoes it.
    pub act: EntryId,
    /// Its own entry.
    pub entry: EntryId,
    /// What.
    pub decided: Decided,
    /// Who decided it.
    pub by: String,
    /// The second person, where there was one.
    pub second: Option<String>,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why, as written; none where nothing was, or it was erased.
    pub reason: Option<String>,
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
    /// What judges wrote and photographed on the cell, the newest first.
    pub notes: Vec<Note>,
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
    /// Why it was corrected, where it was; none where it may not be seen.
    pub reason: Option<String>,
}

/// A competitor, by name too where that may be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competing {
    /// The code.
    pub code: CompetitorCode,
    /// The name; none where the codes are sealed.
    pub name: Option<String>,
}

/// Whom the panel of a sub-criterion marks now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// Which.
    pub sub_criterion: SubCriterionId,
    /// What it looks at.
    pub name: String,
    /// Whom.
    pub competitor: CompetitorCode,
    /// By which chief judge.
    pub by: JudgeCode,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
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
    /// The panels that they left, and who sits there now; none where the seat is empty.
    pub left: Vec<(SubCriterionId, Option<JudgeCode>)>,
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
    /// Whether something that it entered is in the ledger.
    pub has_entered: bool,
    /// Whether it signs what it enters.
    pub signs: bool,
    /// What it told of itself last.
    pub state: Option<DeviceState>,
}

/// What a device told of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceState {
    /// How full its battery is, in percent.
    pub battery: Option<u8>,
    /// Whether it is being charged.
    pub is_charging: bool,
    /// How many entries it held that had no receipt.
    pub unsent: u32,
    /// Whether what it stores outlives the page.
    pub is_lasting: bool,
    /// What the program that it runs calls itself.
    pub version: String,
    /// Whether that is the program that this server gives.
    pub is_current: bool,
}

/// A battery below this, and not being charged, wants a charger.
pub const BATTERY_LOW: u8 = 20;

impl DeviceState {
    /// Whether somebody ought to charge it.
    #[must_use]
    pub fn is_low(&self) -> bool {
        !self.is_charging && self.battery.is_some_and(|percent| percent < BATTERY_LOW)
    }
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
    /// Whether they are among those looked for.
    pub is_found: bool,
    /// Whether they compete.
    pub presence: Presence,
    /// What was taken off.
    pub penalty: Mark,
    /// Minutes given back.
    pub extra_minutes: u64,
    /// When they started, milliseconds since 1970 UTC, and by which entry.
    pub start: Option<(EntryId, i64)>,
    /// When they handed in.
    pub hand_in: Option<(EntryId, i64)>,
    /// How long they worked, in milliseconds, without the time given back.
    pub elapsed_ms: Option<i64>,
    /// Who of the panels does not mark them, who does in that seat, where somebody does, and on which
    /// sub-criteria.
    pub instead: Vec<(JudgeCode, Option<JudgeCode>, Vec<SubCriterionId>)>,
    /// The id of the entry that decides something of them.
    pub act: EntryId,
}
