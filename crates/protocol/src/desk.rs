//! The organisers' desk: a competition as those see it who run it.

use domain::access::Role;
use domain::finding::Finding;
use domain::id::{CompetitorCode, EnrolmentId, EntryId, JudgeCode};
use domain::marking::{Body, Stage};
use serde::{Deserialize, Serialize};

use crate::FindingBody;
use crate::chief::Proposal;
use crate::frame::ReasonText;
use crate::setup::Missing;
use crate::view::{CompetitionRef, Policy, Progress, SessionClock, SkillRef, Status, Text};

/// A competition in the desk's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Listed {
    /// Which.
    pub competition: CompetitionRef,
    /// How many skills.
    pub skills: usize,
    /// Where it is a practice, the skill that is practised for; practices come last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practice_of: Option<String>,
}

/// A competition with everything that its organisers act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Competition {
    /// Which.
    pub competition: CompetitionRef,
    /// `2026`, `第三届`
    pub edition: String,
    /// enterprise, county, city, province, nation, world
    pub tier: String,
    /// Who holds it.
    pub host: String,
    /// First and last day, as written.
    pub dates: Vec<String>,
    /// Where it is held, as written.
    pub venue: String,
    /// Whether the public sees it.
    pub is_public: bool,
    /// Whether every public page stands still.
    pub is_frozen: bool,
    /// Where it is a practice, the skill that is practised for. It is never public or released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practice_of: Option<String>,
    /// What whoever asks may do with the whole of it.
    pub may: May,
    /// Its skills, by number, as far as whoever asks may see them.
    pub skills: Vec<Skill>,
}

/// What somebody may do at the desk, so that it offers nothing that would be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct May {
    /// Decide what the public sees.
    pub show: bool,
    /// Let judges in.
    pub admit: bool,
    /// Note at the registration desk who is here.
    pub check_in: bool,
    /// Enter marks for another, as from a list.
    pub enter_marks: bool,
    /// Read notes and photos.
    pub read: bool,
    /// Take it out as a package.
    pub export: bool,
    /// Confirm as the second person.
    pub second: bool,
    /// Make a practice.
    pub set_up: bool,
}

/// How many copies of the ledgers there are.
#[derive(Clone, Debug, Serialize)]
pub struct Copies {
    /// Whether there is no second place: the desk says so, and tablets keep what they sent.
    pub is_one_copy_only: bool,
    /// The second place.
    pub second_place: Option<SecondPlace>,
    /// The disks, `database` or `backup`, with little space left.
    pub disks_low: Vec<String>,
}

/// How far the second place has come.
#[derive(Clone, Debug, Serialize)]
pub struct SecondPlace {
    /// The folder.
    pub place: String,
    /// How many entries have no copy there yet.
    pub behind: i64,
    /// When everything was last there: milliseconds since 1970 UTC.
    pub whole_at: Option<i64>,
    /// Why there is no new copy now.
    pub trouble: Option<FindingBody>,
    /// What should be looked at.
    pub notices: Vec<FindingBody>,
}

/// A skill with what can be done to it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Skill {
    /// Which.
    pub skill: SkillRef,
    /// Its name in the package.
    pub folder: String,
    /// Its first and last day, as written; empty where it has all of the competition's.
    pub dates: Vec<String>,
    /// Where it is held, as written; empty where it is held at the competition's place.
    pub venue: String,
    /// Where its results stand.
    pub status: Status,
    /// What the public sees while it is marked.
    pub policy: Policy,
    /// Whether codes stay codes until results are out.
    pub is_anonymous: bool,
    /// How far the marking is.
    pub progress: Progress,
    /// The session that runs, or will.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionClock>,
    /// How many compete.
    pub competitors: usize,
    /// How many aspects.
    pub aspects: usize,
    /// Conflicting and late marks that wait for the chief judge.
    pub pending: usize,
    /// Acts of the chief judge's that wait for a second person.
    pub proposals: Vec<Proposal>,
    /// Who marks.
    pub judges: Vec<Judge>,
    /// Whether its set-up can still be changed.
    pub is_draft: bool,
    /// What it lacks before it can open.
    pub missing: Vec<Missing>,
    /// How much is worth a look in the workbook that its scheme was taken from.
    pub scheme_noted: usize,
    /// What may be done next.
    pub acts: Vec<Act>,
    /// What whoever asks may do with it.
    pub may: May,
}

/// A judge and the devices that are theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Judge {
    /// The judge's code.
    pub code: JudgeCode,
    /// The judge's name.
    pub name: String,
    /// `judge` or `chief_judge`
    pub role: Role,
    /// Cards and devices, oldest first.
    pub devices: Vec<Device>,
}

/// A card that waits to be used, or a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Device {
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// When the card was used; none while it waits.
    pub used_at: Option<i64>,
    /// How many entries came from it.
    pub entries: i64,
}

/// What organisers do to a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Act {
    /// Pin scheme, rules, entrants and panels; marks are taken from then on. Where the skill has a practice,
    /// every judge has completed it.
    Open,
    /// The same although a judge has not.
    OpenUnpractised,
    /// Marking is over.
    Close,
    /// Results are out as provisional ones.
    ReleaseProvisional,
    /// Results are out for objections.
    ReleasePublicised,
    /// Results are final.
    ReleaseOfficial,
}

impl Act {
    /// As what it lets results out.
    #[must_use]
    pub fn stage(self) -> Option<Stage> {
        match self {
            Self::Open | Self::OpenUnpractised | Self::Close => None,
            Self::ReleaseProvisional => Some(Stage::Provisional),
            Self::ReleasePublicised => Some(Stage::Publicised),
            Self::ReleaseOfficial => Some(Stage::Official),
        }
    }
}

/// Does something to a skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Do {
    /// What.
    pub act: Act,
}

/// A decision of the organisers: somebody taken out, an award beside the rule, a tie settled. Where the
/// rules ask for a second person, they confirm it first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decide {
    /// The id that its entry will have: a UUID of version 7, never used before.
    pub act: EntryId,
    /// What is decided, as `docs/ledger.md` writes it.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub body: Body,
    /// The text behind its reason.
    #[serde(default)]
    pub reason: Option<ReasonText>,
}

/// Changes what the public sees of a competition; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompetitionSettings {
    /// Whether the public sees it at all.
    #[serde(default)]
    pub is_public: Option<bool>,
    /// Whether every public page stands still.
    #[serde(default)]
    pub is_frozen: Option<bool>,
}

/// Changes what the public sees of a skill; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SkillSettings {
    /// What is shown while it is marked.
    #[serde(default)]
    pub policy: Option<Policy>,
    /// Whether codes stay codes until results are out; only before it opens.
    #[serde(default)]
    pub is_anonymous: Option<bool>,
}

/// Adds a judge to a skill's list; the chief judge may give them a seat then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewJudge {
    /// The judge's code, nobody else's in this skill.
    pub code: JudgeCode,
    /// The judge's name.
    pub name: String,
    /// The judge's school or enterprise.
    #[serde(default)]
    pub organisation: String,
}

/// Asks for a judge's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CardFor {
    /// Whose.
    pub judge: JudgeCode,
}

/// A judge's card; it is shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Card {
    /// Whose.
    pub judge: JudgeCode,
    /// The judge's name.
    pub name: String,
    /// Which skill.
    pub skill: SkillRef,
    /// The enrolment that it leads to.
    pub enrolment: EnrolmentId,
    /// The address that the QR code says; the code is behind its `#`, which no server is sent.
    pub address: String,
    /// The code alone.
    pub code: String,
    /// To be typed besides.
    pub pin: String,
}

/// The labels of a skill's competitors, for workpieces and workstations: codes, never names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// Which skill.
    pub skill: SkillRef,
    /// Where tablets reach the server: `https://contest.example`.
    pub origin: String,
    /// The codes, in the opening's order.
    pub codes: Vec<CompetitorCode>,
}

/// A small competition of one skill, written on one page; lists are lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Small {
    /// The competition's name.
    pub name: String,
    /// The skill's name.
    pub skill: String,
    /// A rule set of ours.
    pub rule_set: String,
    /// A competitor a line: name, then, behind commas, organisation and delegation.
    pub competitors: String,
    /// A judge a line: name, then, behind a comma, organisation. The first leads the skill.
    pub judges: String,
    /// An aspect a line: what is looked at, its maximum, and `measurement` or `judgement`, behind commas.
    pub aspects: String,
    /// Whose it becomes: an organisation's id; empty for the one that whoever makes it acts for.
    #[serde(default)]
    pub organisation: String,
}

/// The form of the session clock: times as the clocks of the place show them, `2026-05-02T09:00`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPage {
    /// Of which skill; empty for all of the competition.
    pub skill: String,
    /// What it is: `C1`, `模块 A`.
    pub label: String,
    /// When it begins.
    pub from: String,
    /// When it ends.
    pub until: String,
}

/// What came of a package or a page that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Made {
    /// The competition.
    pub competition: CompetitionRef,
    /// Doubtful things that did not stop it.
    pub findings: Vec<FindingBody>,
}

/// A row of results, in the columns of `package score`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResultRow {
    /// The skill's name in the package.
    pub skill: String,
    /// The public code.
    pub competitor: String,
    /// The total; empty where there is none.
    pub total: String,
    /// The scale.
    pub scale: String,
    /// The position.
    pub position: String,
    /// The award.
    pub award: String,
}

/// Without its secrets.
impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Card").field("enrolment", &self.enrolment).finish_non_exhaustive()
    }
}

impl Made {
    /// In a language.
    #[must_use]
    pub fn new(id: String, name: Text, findings: &[Finding], language: domain::finding::Language) -> Self {
        let findings = findings.iter().map(|finding| FindingBody::new(finding, language)).collect();
        Self { competition: CompetitionRef { id, name, ..CompetitionRef::default() }, findings }
    }
}
