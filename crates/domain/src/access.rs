//! Who may do what: one matrix, asked by the server before anything is entered and by the client
//! before a button is offered.

use serde::{Deserialize, Serialize};

use crate::marking::{Body, Countersigned};

/// In which role somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Role {
    /// 组委会: sets the competition up, opens, closes and releases.
    Organiser,
    /// 赛项负责人: the same for one skill.
    SkillManager,
    /// 裁判长
    ChiefJudge,
    /// 裁判员
    Judge,
    /// 现场裁判: attendance, start, hand-in.
    FloorJudge,
    /// 录分员: types what judges said.
    Scorekeeper,
    /// 仲裁: decides appeals.
    Arbitrator,
    /// 监督: reads everything, changes nothing; may be the second person.
    Supervisor,
    /// A record made elsewhere, read in from a package.
    Importer,
    /// The server itself: alarms.
    Server,
}

impl Role {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Organiser, "organiser"),
        (Self::SkillManager, "skill_manager"),
        (Self::ChiefJudge, "chief_judge"),
        (Self::Judge, "judge"),
        (Self::FloorJudge, "floor_judge"),
        (Self::Scorekeeper, "scorekeeper"),
        (Self::Arbitrator, "arbitrator"),
        (Self::Supervisor, "supervisor"),
        (Self::Importer, "importer"),
        (Self::Server, "server"),
    ];

    /// Its word in documents and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(role, _)| *role == self).map_or("", |(_, word)| word)
    }

    /// Reads its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(role, _)| *role)
    }
}

/// What is done to a ledger, as far as permission goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Pin scheme, rules, entrants and panels.
    Open,
    /// Give a mark as the judge whose score it is.
    Mark,
    /// Give a mark for another judge.
    MarkForAnother,
    /// Ask for another round.
    Rescore,
    /// Let a seat change hands.
    Reseat,
    /// Say who is absent, when somebody starts and hands in.
    Attend,
    /// Give back time.
    GiveTime,
    /// Take somebody out: withdrawal, disqualification.
    TakeOut,
    /// Take marks off.
    Penalise,
    /// Void an aspect for all, exchange two sheets, undo a decision.
    Decide,
    /// Choose between conflicting or late marks.
    Resolve,
    /// Sign a sheet as oneself.
    Sign,
    /// Sign for an absent judge, lock a sheet.
    Lock,
    /// Unlock one aspect.
    Unlock,
    /// Break the award rule, with a document.
    Override,
    /// Enter how a tie was settled.
    Settle,
    /// Enter a step of an appeal.
    Appeal,
    /// Close marking, release results.
    Release,
    /// Raise an alarm.
    Alarm,
}

/// Whether a role may do this at all. What it may do it to (its own panel, its own scores) is
/// decided where the state is known.
#[must_use]
pub fn allows(role: Role, action: Action) -> bool {
    use Action as A;
    match role {
        Role::Organiser => matches!(action, A::Open | A::TakeOut | A::Override | A::Settle | A::Release),
        // Signs for an absent judge as well.
        Role::SkillManager => {
            matches!(
                action,
                A::Open | A::TakeOut | A::Override | A::Settle | A::Release | A::Lock | A::Reseat
            )
        }
        Role::ChiefJudge => !matches!(action, A::Open | A::Alarm | A::Override | A::Appeal),
        Role::Judge => matches!(action, A::Mark | A::Sign),
        Role::FloorJudge => matches!(action, A::Attend),
        Role::Scorekeeper => matches!(action, A::MarkForAnother | A::Attend),
        Role::Arbitrator => matches!(action, A::Appeal),
        Role::Supervisor => false,
        Role::Importer => !matches!(action, A::Alarm),
        Role::Server => matches!(action, A::Alarm),
    }
}

impl Action {
    /// What a command asks permission for; `actor` tells one's own mark or signature from another's.
    #[must_use]
    pub fn of(body: &Body, actor: &str) -> Self {
        match body {
            Body::Open(_) => Self::Open,
            Body::Mark(mark) if mark.judge.as_str() == actor => Self::Mark,
            Body::Mark(_) => Self::MarkForAnother,
            Body::Rescore(_) => Self::Rescore,
            Body::Reseat(_) => Self::Reseat,
            Body::Absent(_) | Body::Start(_) | Body::Stop(_) => Self::Attend,
            Body::ExtraTime(_) => Self::GiveTime,
            Body::Withdraw(_) | Body::Disqualify(_) => Self::TakeOut,
            Body::Penalty(_) => Self::Penalise,
            Body::VoidAspect(_) | Body::Exchange(_) | Body::Void(_) => Self::Decide,
            Body::Resolve(_) => Self::Resolve,
            Body::Countersign(body) if body.how == Countersigned::For => Self::Lock,
            // A competitor's own word, at the device of a judge who is there.
            Body::Countersign(_) => Self::Sign,
            // Nobody declines or asks for another, which is asked where the sheet is known.
            Body::AskUnlock(_) | Body::Decline(_) => Self::Sign,
            Body::Sign(sign) if sign.judge.as_str() == actor => Self::Sign,
            Body::Sign(_) | Body::Lock(_) => Self::Lock,
            Body::Unlock(_) => Self::Unlock,
            Body::Override(_) => Self::Override,
            Body::Settle(_) => Self::Settle,
            Body::Appeal(_) => Self::Appeal,
            Body::Close(_) | Body::Release(_) => Self::Release,
            Body::Alarm(_) => Self::Alarm,
        }
    }
}
