//! Registrations (报名): people whom delegations and enterprises enter for a skill, what they must fulfil, and
//! how a registration goes on until somebody competes.

mod terms;

use crate::finding::Language;

pub use crate::day::Day;
pub use terms::{
    Counted, OwnTerms, Registrant, RegistrationFinding, SkillTerms, Terms, TermsError, adult_on,
};

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Sent by the delegation, and waits for the organiser.
    Waiting,
    /// Given back to the delegation, which is told why.
    Returned,
    /// Approved: the person competes.
    Approved,
    /// Taken back by the delegation, or taken off by the organiser.
    Withdrawn,
    /// Another person competes in this one's place.
    Replaced,
}

/// What is done to a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Changed and sent, again.
    Send,
    /// Approved.
    Approve,
    /// Given back, with why.
    Return,
    /// The approval is taken back.
    Reconsider,
    /// Taken back, with why.
    Withdraw,
    /// The person who replaces this one was approved.
    Replace,
}

/// From where which step leads where; nothing else is allowed.
pub const STEPS: [(State, Step, State); 11] = [
    (State::Waiting, Step::Send, State::Waiting),
    (State::Waiting, Step::Approve, State::Approved),
    (State::Waiting, Step::Return, State::Returned),
    (State::Waiting, Step::Withdraw, State::Withdrawn),
    (State::Returned, Step::Send, State::Waiting),
    (State::Returned, Step::Withdraw, State::Withdrawn),
    (State::Approved, Step::Reconsider, State::Waiting),
    (State::Approved, Step::Withdraw, State::Withdrawn),
    (State::Approved, Step::Replace, State::Replaced),
    // Taken back by mistake.
    (State::Withdrawn, Step::Send, State::Waiting),
    // Who replaced them is withdrawn in their turn.
    (State::Replaced, Step::Send, State::Waiting),
];

impl State {
    /// Every state, with its word in documents and tables.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Waiting, "waiting"),
        (Self::Returned, "returned"),
        (Self::Approved, "approved"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Replaced, "replaced"),
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Waiting => ("待审核", "Waiting"),
            Self::Returned => ("退回修改", "Given back"),
            Self::Approved => ("已通过", "Approved"),
            Self::Withdrawn => ("已撤回", "Withdrawn"),
            Self::Replaced => ("已被替补", "Replaced"),
        };
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// Reads its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(state, _)| *state)
    }

    /// Where a step leads; nowhere where it is not allowed.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        STEPS.iter().find(|(from, by, _)| (*from, *by) == (self, step)).map(|(_, _, to)| *to)
    }

    /// Whether the person takes a place of the delegation's quota, and is in no other skill.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Returned | Self::Approved)
    }
}

impl Step {
    /// Every step, with its word in documents and tables.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Send, "send"),
        (Self::Approve, "approve"),
        (Self::Return, "return"),
        (Self::Reconsider, "reconsider"),
        (Self::Withdraw, "withdraw"),
        (Self::Replace, "replace"),
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(step, _)| *step == self).map_or("", |(_, word)| word)
    }

    /// Reads its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(step, _)| *step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_step_is_read_as_it_is_written_and_steps_are_unambiguous() {
        for (state, word) in State::ALL {
            assert_eq!(State::parse(word), Some(state));
            assert_eq!(state.as_str(), word);
        }
        for (step, word) in Step::ALL {
            assert_eq!(Step::parse(word), Some(step));
            assert_eq!(step.as_str(), word);
        }
        for (at, (from, step, to)) in STEPS.iter().enumerate() {
            assert_eq!(from.after(*step), Some(*to));
            assert!(STEPS[at + 1..].iter().all(|(other, by, _)| (other, by) != (from, step)));
        }
    }

    #[test]
    fn only_what_waits_is_approved_and_nobody_is_stuck() {
        for (state, _) in State::ALL {
            assert_eq!(state.after(Step::Approve).is_some(), state == State::Waiting);
            // From everywhere there is a way to compete.
            let mut reached = vec![state];
            while let Some(next) = STEPS
                .iter()
                .find(|(from, _, to)| reached.contains(from) && !reached.contains(to))
                .map(|(_, _, to)| *to)
            {
                reached.push(next);
            }
            assert!(reached.contains(&State::Approved), "{state:?}");
        }
    }
}
