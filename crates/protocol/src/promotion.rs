//! Promotions: who goes on from results to a skill above, and the rule by which they do.

use domain::advancement::Fate;
use domain::registration::State;

use crate::list::Part;
use crate::view::{CompetitionRef, SkillRef, Status};

/// The form of a skill's rule of advancement, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleForm {
    /// The skills below, by id.
    pub feeders: Vec<String>,
    /// `first` or `share`.
    pub quota: String,
    /// How many, or how many of a hundred.
    pub places: String,
    /// `all`, `chain` or `draw`.
    pub ties: String,
    /// `each`, `total` or `scale`.
    pub merge: String,
    /// How many of a delegation at most; empty: any number.
    pub per_delegation: String,
    /// The least total; empty: any.
    pub least_total: String,
    /// Kinds of employment, with commas between them; empty: any.
    pub employments: String,
    /// How many reserves; empty: none.
    pub reserves: String,
    /// Which change of the rule was looked at.
    pub seen: i64,
}

/// A skill from which people may come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeederLine {
    /// Its competition.
    pub competition: CompetitionRef,
    /// It.
    pub skill: SkillRef,
    /// The competition's tier.
    pub tier: String,
    /// Where its results stand.
    pub status: Status,
    /// How many compete.
    pub people: usize,
    /// Whether it is of the same occupation, or has the same name.
    pub is_alike: bool,
}

/// What was recorded of somebody's promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Nothing yet.
    Nothing,
    /// It was confirmed by the result as it stands.
    Confirmed,
    /// It was confirmed, by other figures than the result's now; they go on by these as well.
    Changed,
    /// It was confirmed, and the result or the rule leads there no longer.
    Fallen,
    /// It was confirmed though the result or the rule does not lead there, by somebody's decision.
    Kept,
    /// The place was given up, or taken away.
    Out,
}

impl Recorded {
    /// Its word in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Confirmed => "confirmed",
            Self::Changed => "changed",
            Self::Fallen => "fallen",
            Self::Kept => "kept",
            Self::Out => "out",
        }
    }
}

/// Somebody who goes on, stands by, or was to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromotionLine {
    /// Which, in forms: the skill below, a blank, and their code there.
    pub key: String,
    /// The promotion's id, once there is a record of it.
    pub id: Option<String>,
    /// From which skill.
    pub from: SkillRef,
    /// Of which competition.
    pub competition: CompetitionRef,
    /// Where its results stand.
    pub status: Status,
    /// Their names; empty where the codes are sealed, or nobody is known by that code.
    pub name: String,
    /// Their code in the skill below.
    pub code: String,
    /// For which delegation they go on.
    pub delegation: String,
    /// Their position there.
    pub position: Option<u32>,
    /// Their total, as written.
    pub total: String,
    /// Their scale score, where there is one.
    pub scale: Option<i64>,
    /// What the rule makes of it now.
    pub fate: Fate,
    /// What was recorded.
    pub recorded: Recorded,
    /// In whose place they come, by name.
    pub replaces: String,
    /// Their registrations above: delegation, id and state.
    pub entries: Vec<(String, String, State)>,
    /// Why they are not on the list above though they are registered.
    pub waits_for: Vec<crate::view::Text>,
    /// What tells this state of it from another.
    pub seen: String,
}

/// A skill's page of promotions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotions {
    /// Its competition.
    pub competition: CompetitionRef,
    /// The skill that people go on to.
    pub skill: SkillRef,
    /// The circuit that the competition stands in, by name and id; none: it stands in none.
    pub circuit: Option<crate::circuit::CircuitRef>,
    /// The skills that people may come from, those alike first.
    pub feeders: Vec<FeederLine>,
    /// How many others there are, not alike and not named, which are shown where that is asked.
    pub left_out: usize,
    /// The rule as kept; the proposed one where none is.
    pub rule: RuleForm,
    /// Whether one is kept.
    pub has_rule: bool,
    /// Equals for whom a lot is wanted: their names, and their keys.
    pub lots: Vec<Vec<(String, String)>>,
    /// Those who go on, stand by or were to.
    pub part: Part<PromotionLine>,
    /// How many go on by the results as they stand, whether confirmed or not.
    pub going: usize,
    /// How many of them are not confirmed yet.
    pub unconfirmed: usize,
    /// How many were confirmed and need somebody's decision.
    pub fallen: usize,
    /// Whether the list of the skill above is fixed.
    pub is_fixed: bool,
}

/// A competition's skills with where people come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The competition.
    pub competition: CompetitionRef,
    /// The circuit that it stands in; none: in none.
    pub circuit: Option<crate::circuit::CircuitRef>,
    /// Its skills, by number.
    pub skills: Vec<OverviewLine>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverviewLine {
    /// It.
    pub skill: SkillRef,
    /// From how many skills below people come; none: it has no rule.
    pub feeders: Option<usize>,
    /// How many are confirmed.
    pub confirmed: usize,
}

/// How many are confirmed from one tier of a circuit to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// From which tier.
    pub from: String,
    /// To which.
    pub to: String,
    /// How many: people, and teams.
    pub people: usize,
}

/// What was done to a promotion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromotionStep {
    /// `confirm`, `official`, `renew`, `keep`, `out` or `back`.
    pub step: String,
    /// What was said of it.
    pub said: String,
    /// By whom.
    pub by: String,
    /// When, Unix milliseconds.
    pub at: i64,
    /// From which result it was, in words of the page; none where there was none.
    pub lineage: Option<Lineage>,
}

/// From which result, and by which rule, somebody goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    /// The ledger of the skill below, as far as it was folded.
    pub seq: i64,
    /// The hash of its entry at that place.
    pub hash: String,
    /// Where the results stood: `provisional`, `publicised` or `official`.
    pub stage: String,
    /// The position.
    pub position: Option<u32>,
    /// The total, as written.
    pub total: String,
    /// The scale score.
    pub scale: Option<i64>,
    /// As the how manieth of the contest; none: by somebody's decision.
    pub place: Option<u32>,
    /// The rule.
    pub rule: domain::advancement::Rule,
    /// Which change of the rule that is.
    pub rule_changes: i64,
}

/// One promotion with where it came from and where it led.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromotionPage {
    /// The competition above.
    pub competition: CompetitionRef,
    /// The skill above.
    pub skill: SkillRef,
    /// It as it stands.
    pub line: PromotionLine,
    /// What was done to it, the first first.
    pub steps: Vec<PromotionStep>,
    /// The person's way through the circuit as far as it is recorded, from the lowest tier.
    pub path: Vec<PathStep>,
}

/// One step of a person's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The competition.
    pub competition: CompetitionRef,
    /// Its tier.
    pub tier: String,
    /// The skill.
    pub skill: SkillRef,
    /// By what they went on from there; none where the way ends, or nothing was recorded.
    pub lineage: Option<Lineage>,
}
