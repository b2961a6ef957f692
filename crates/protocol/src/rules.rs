//! A competition's rule set as organisers choose and edit it, with what it does to an example.

use std::collections::BTreeMap;

use domain::finding::Finding;
use domain::number::Mark;
use domain::results::StandingStatus;
use domain::rules::form::RuleForm;
use domain::rules::{SkillLevel, TieEnd};

use crate::view::{CompetitionRef, SkillRef, Text};

/// The form as it is sent: each field of a rule set by its path, and beside them [`BASE`], [`BEGUN`], [`SEEN`],
/// [`PRESET`] and [`ACT`].
pub type SentRules = BTreeMap<String, String>;

/// The name of what says with which preset the form is compared.
pub const BASE: &str = "base";
/// The name of what says that the organiser chose it to begin from.
pub const BEGUN: &str = "begun";
/// The name of what says what was there when the form was shown, so that nobody's change is written over unseen.
pub const SEEN: &str = "seen";
/// The name of the choice of a preset.
pub const PRESET: &str = "preset";
/// The name of what is to be done: `save`, `preview`, `begin`, `back`, `back:PATH`, `add:LIST`,
/// `remove:LIST[ROW]` or `raise:LIST[ROW]`.
pub const ACT: &str = "act";

/// The page on which a competition's rules are chosen and edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesPage {
    /// Which competition.
    pub competition: CompetitionRef,
    /// The presets: id and title.
    pub presets: Vec<(String, Text)>,
    /// Its skills, each with its rules.
    pub skills: Vec<RuledSkill>,
    /// What stands in the form.
    pub typed: RuleForm,
    /// The id of the preset that it is compared with.
    pub base: String,
    /// What that preset says.
    pub base_form: RuleForm,
    /// Whether the organiser chose it to begin from.
    pub begun: bool,
    /// Whether something stands in the form that is not kept.
    pub is_unsaved: bool,
    /// Whether what stands there was just kept.
    pub is_saved: bool,
    /// What is wrong or worth a look, each at its field.
    pub found: Vec<Finding>,
    /// What was there when the page was made.
    pub seen: String,
    /// What it does to the example.
    pub preview: RulesPreview,
}

/// A skill with its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuledSkill {
    /// Which.
    pub skill: SkillRef,
    /// What its rules are called.
    pub title: Text,
    /// Their version.
    pub version: u32,
    /// Whether they are pinned: the skill is open, or being opened.
    pub is_fixed: bool,
}

/// The example, worked out under the rules as typed and as they are now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesPreview {
    /// Why it could not be worked out as typed.
    pub problems: Vec<Finding>,
    /// Tie-break keys that name something which the example does not have.
    pub left_out: Vec<String>,
    /// What the rules as typed find in the example's scheme.
    pub of_scheme: Vec<Finding>,
    /// Its competitors, in the order of the results as typed; where these could not be worked out, as they are now.
    pub rows: Vec<PreviewRow>,
}

/// A competitor of the example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewRow {
    /// Their number.
    pub code: String,
    /// What is special about them.
    pub about: Text,
    /// Their result under the rules as typed; none where it could not be worked out.
    pub typed: Option<PreviewOutcome>,
    /// Their result under the rules as they are now.
    pub now: Option<PreviewOutcome>,
}

/// A result of the example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewOutcome {
    /// Whether they are ranked, and why not.
    pub status: StandingStatus,
    /// The total.
    pub total: Option<Mark>,
    /// What penalties took of it.
    pub penalty: Mark,
    /// The published scale.
    pub scale: Option<i64>,
    /// The position.
    pub position: Option<u32>,
    /// The award.
    pub award: Option<String>,
    /// What told them apart from one with an equal result.
    pub decided_by: Option<String>,
    /// What people have to do about a tie.
    pub open_tie: Option<TieEnd>,
    /// How many aspects were scored again.
    pub rescored: usize,
    /// The titles to propose.
    pub honours: Vec<String>,
    /// The skill level to propose.
    pub level: Option<SkillLevel>,
    /// The points that they bring their delegation.
    pub points: Option<u32>,
}

impl PreviewRow {
    /// Whether the result is another one than under the rules as they are now.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.typed.is_some() && self.typed != self.now
    }
}
