//! Who may do what: one matrix, asked by the server before a route is entered and before anything is
//! entered in a ledger, and by a page before it offers a button.

mod role;
mod scope;

pub use role::Role;
pub use scope::{Appointment, Level, Scope, may, may_appoint};

use crate::marking::{Body, Countersigned};

/// What is done, as far as permission goes: first to a ledger, then at the desk.
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
    /// Draw in public: commit to it, enter the seed, tell who got what.
    Draw,
    /// Make a sealed layer of codes, and open it again.
    Encode,
    /// Throw a draw away.
    Redraw,
    /// Raise an alarm.
    Alarm,
    /// See how a competition stands: progress, judges and their devices, what the public sees.
    Look,
    /// Read what is not public yet: results as they stand, notes and photos.
    Read,
    /// Take a competition out as a package, with its people.
    Export,
    /// Make a competition, or change what it is.
    SetUp,
    /// Decide what the public sees and when: public, frozen, live policy, session clock.
    Show,
    /// Let judges in: their cards, their devices, one judge more.
    Admit,
    /// Note at the registration desk who is here.
    CheckIn,
    /// Confirm a chief judge's act as the second person.
    Second,
    /// Be there for the supervision when sealed codes are opened.
    Witness,
    /// Enter the people of one's organisation for a competition, withdraw and replace them.
    Register,
    /// Run drills of one's own.
    Drill,
    /// Appoint people, invite them, and end what they were appointed to.
    Appoint,
    /// Change the tree of organisations.
    Organise,
    /// Look after the server: its figures, its copies, its interface.
    Operate,
}

/// Whether a role may do this at all. What it may do it to (its own panel, its own scores) is
/// decided where the state is known.
#[must_use]
pub fn allows(role: Role, action: Action) -> bool {
    use Action as A;
    match role {
        Role::PlatformAdministrator => matches!(action, A::Appoint | A::Organise | A::Operate),
        Role::Organiser => matches!(
            action,
            A::Open
                | A::TakeOut
                | A::Override
                | A::Settle
                | A::Release
                | A::Draw
                | A::Redraw
                | A::Look
                | A::Read
                | A::Export
                | A::SetUp
                | A::Show
                | A::Admit
                | A::CheckIn
                | A::Second
                | A::Register
                | A::Drill
                | A::Appoint
                | A::Organise
        ),
        // Signs for an absent judge as well.
        Role::SkillManager => matches!(
            action,
            A::Open
                | A::TakeOut
                | A::Override
                | A::Settle
                | A::Release
                | A::Draw
                | A::Redraw
                | A::Lock
                | A::Reseat
                | A::Look
                | A::Read
                | A::SetUp
                | A::Show
                | A::Admit
                | A::CheckIn
                | A::Second
        ),
        Role::ChiefJudge => {
            is_of_ledger(action)
                && !matches!(
                    action,
                    A::Open | A::Alarm | A::Override | A::Appeal | A::Draw | A::Encode | A::Redraw
                )
        }
        Role::Judge => matches!(action, A::Mark | A::Sign),
        Role::FloorJudge => matches!(action, A::Attend | A::Look | A::CheckIn),
        Role::Scorekeeper => matches!(action, A::MarkForAnother | A::Attend | A::Look | A::CheckIn),
        Role::Arbitrator => matches!(action, A::Appeal | A::Look | A::Read),
        // Reads everything and changes nothing; may be the second person.
        Role::Supervisor => matches!(action, A::Look | A::Read | A::Export | A::Second | A::Witness),
        Role::Registrar => matches!(action, A::Draw | A::Encode | A::Look | A::CheckIn),
        Role::Announcer | Role::CeremonyDirector => action == A::Look,
        Role::Foreman => action == A::Drill,
        Role::TeamLeader | Role::DelegationRegistrar => action == A::Register,
        Role::Competitor | Role::TalentOfficer | Role::DepartmentReader => false,
        Role::Importer => is_of_ledger(action) && action != A::Alarm,
        Role::Server => action == A::Alarm,
    }
}

/// Whether it is done to a ledger, and not at the desk alone.
fn is_of_ledger(action: Action) -> bool {
    action <= Action::Alarm
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
            Body::Layer(layer) if layer.is_sealed => Self::Encode,
            // Of a sealed draw the state knows that it is one, and asks for more.
            Body::Draw(_) | Body::Layer(_) | Body::Unseal(_) => Self::Draw,
            Body::Redraw(_) => Self::Redraw,
            Body::Override(_) => Self::Override,
            Body::Settle(_) => Self::Settle,
            Body::Appeal(_) => Self::Appeal,
            Body::Close(_) | Body::Release(_) => Self::Release,
            Body::Alarm(_) => Self::Alarm,
        }
    }
}
