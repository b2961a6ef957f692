//! Marking as two pure functions: [`decide`] says what becomes of a command, [`evolve`] what the
//! state is after an entry. The server runs them for truth, the tablet to refuse early, anyone to
//! recompute a result from an export.

mod body;
mod codes;
mod decide;
mod decision;
mod evolve;
mod foresee;
mod odd;
mod opening;
mod outstanding;
mod practice;
mod refusal;
mod seat;
mod sheet;
mod state;

pub use body::{
    Absent, Alarm, Appeal, AppealStep, AskUnlock, Body, Close, Countersign, Countersigned, Decline,
    Disqualify, Draw, Drawn, Exchange, ExtraTime, Layer, Lock, Mark, Moment, Override, Penalty, Pinned,
    Reason, Redraw, Release, Rescore, Reseat, Resolve, Settle, Sign, Stage, Unlock, Unseal, Void, VoidAspect,
    VoidHow, Withdraw,
};
pub use codes::{Coding, MadeLayer};
pub use decide::{Decided, Stamp, decide};
pub use decision::Decision;
pub use evolve::evolve;
pub use foresee::foresee;
pub use odd::{Odd, OddValue, far_from_target};
pub use opening::{
    Conflict, Entrant, JUDGES_MAX, Opening, OpeningFinding, Panel, Seat, check as check_opening,
};
pub use outstanding::{Disagreement, Share};
pub use practice::Turns;
pub use refusal::{Refusal, Why};
pub use seat::Seated;
pub use sheet::{Asked, Sheet};
pub use state::{Cell, Head, Pending, Phase, Said, Skill, State};
