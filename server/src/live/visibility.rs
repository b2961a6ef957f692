//! Who may see what: the one rule that every view is made by.

use domain::marking::{Phase, State};
use domain::rules::LivePolicy;
use serde::{Deserialize, Serialize};

use super::SkillSetting;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Anybody: what is public, by the policy, and as it was where it is frozen.
    Public,
    /// Those who hold the competition, signed in: everything but who is behind a sealed code.
    Staff,
}

/// What an audience may see of a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visibility {
    /// Of which entry on nothing is seen; none where it is not frozen for them.
    pub frozen_at: Option<i64>,
    /// What is shown while it is marked; none leaves it to the rule set.
    pub policy: Option<LivePolicy>,
    /// Whether codes are sealed until results are released.
    pub is_anonymous: bool,
}

impl Visibility {
    /// By what the organiser decided.
    #[must_use]
    pub fn of(setting: &SkillSetting, audience: Audience) -> Self {
        let (frozen_at, policy) = match audience {
            Audience::Public => (setting.frozen.as_ref().map(|freeze| freeze.seq), setting.policy),
            Audience::Staff => (None, Some(LivePolicy::Running)),
        };
        Self { frozen_at, policy, is_anonymous: !setting.is_named }
    }

    /// Whether it may be told who is behind a code.
    #[must_use]
    pub fn tells_names(&self, state: &State) -> bool {
        let phase = state.skill.as_ref().map(|skill| skill.phase);
        let is_sealed = state.coding.as_ref().is_some_and(|coding| coding.is_sealed);
        !(self.is_anonymous || is_sealed) || matches!(phase, Some(Phase::Released(_)))
    }
}
