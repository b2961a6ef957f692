//! Live views: whole pages as data, and how one revision becomes the next.
//!
//! A view holds what its audience may see and nothing else. What is not there is left out, never
//! `null`, so that a difference of two views is a JSON merge patch (RFC 7396, [`patch`]). Marks are
//! text with two decimals.

pub mod patch;

use std::collections::BTreeMap;
use std::fmt;

use domain::finding::Language;
use serde::{Deserialize, Serialize};

/// A text in both languages; one given once stands for both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Text {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

impl Text {
    /// The text in a language, or in the other where that is all there is.
    #[must_use]
    pub fn pick(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::Chinese => (&self.zh, &self.en),
            Language::English => (&self.en, &self.zh),
        };
        if first.is_empty() { second } else { first }
    }
}

/// Where results stand: the same words on every page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Status {
    /// 未开始: not opened yet.
    #[default]
    Upcoming,
    /// 进行中: being marked.
    InProgress,
    /// 封榜: what is shown is what was known when it was frozen.
    Frozen,
    /// 待复核: marking is over, nothing is released.
    UnderReview,
    /// 暂定
    Provisional,
    /// 公示中
    Publicised,
    /// 正式
    Official,
}

impl Status {
    /// Each with its word in addresses.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Upcoming, "upcoming"),
        (Self::InProgress, "in_progress"),
        (Self::Frozen, "frozen"),
        (Self::UnderReview, "under_review"),
        (Self::Provisional, "provisional"),
        (Self::Publicised, "publicised"),
        (Self::Official, "official"),
    ];

    /// Its word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(status, _)| *status == self).map_or("", |(_, word)| word)
    }
}

/// What the public sees while a skill is being marked (live policy).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Policy {
    /// How far the marking is; no marks, no ranks.
    #[default]
    Progress,
    /// Sub-criteria that are marked for everyone who started.
    Completed,
    /// Every aspect that is marked for everyone who started.
    Running,
}

/// How much of something is marked, in cells: competitor × aspect, of those who compete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Progress {
    /// Marked.
    pub done: u64,
    /// In all.
    pub of: u64,
}

/// What a live page is about. Its text is part of addresses: `circuit`, `competition/ID`,
/// `delegation/ID/NAME`, `skill/ID`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Everything: the tiers and what is live now ([`HomeView`]).
    Circuit,
    /// One competition ([`CompetitionView`]).
    Competition(String),
    /// One delegation in a competition: the competition's id, the delegation's name
    /// ([`DelegationView`]).
    Delegation(String, String),
    /// One skill's board, by its ledger's id ([`BoardView`]).
    Skill(String),
}

impl Topic {
    /// Reads what [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            None => (text == "circuit").then_some(Self::Circuit),
            Some((_, "")) => None,
            Some(("competition", id)) => Some(Self::Competition(id.to_owned())),
            Some(("skill", id)) => Some(Self::Skill(id.to_owned())),
            Some(("delegation", rest)) => {
                let (id, name) = rest.split_once('/')?;
                let is_whole = !id.is_empty() && !name.is_empty();
                is_whole.then(|| Self::Delegation(id.to_owned(), name.to_owned()))
            }
            Some(_) => None,
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Circuit => f.write_str("circuit"),
            Self::Competition(id) => write!(f, "competition/{id}"),
            Self::Delegation(id, name) => write!(f, "delegation/{id}/{name}"),
            Self::Skill(id) => write!(f, "skill/{id}"),
        }
    }
}

/// After this long without any frame a spectator's socket is dead: a [`LiveFrame::Beat`] comes at
/// least every 20 s.
pub const SILENCE_MS_MAX: i64 = 45_000;

/// A message of the spectators' socket. A patch turns the view of the revision before it into this
/// one; whoever holds another revision connects again and gets the whole view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LiveFrame {
    /// The whole view.
    View {
        /// Its revision: counts up by one, from 1 at the server's start.
        rev: u64,
        /// The view of the topic.
        view: serde_json::Value,
    },
    /// What changed since the revision before.
    Patch {
        /// The revision that it leads to.
        rev: u64,
        /// The merge patch.
        patch: serde_json::Value,
    },
    /// That the connection lives, and what time it is: sent after the first view, and at least every
    /// 20 s. A browser is not told of pings, and its clock may be wrong.
    Beat {
        /// The server's time, in milliseconds since 1970 UTC.
        at: i64,
    },
}

/// A competition's name with where to find it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompetitionRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Whether it is a rehearsal, which counts for nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_rehearsal: bool,
}

/// A skill's name with where to find it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SkillRef {
    /// Its id, which is its ledger's.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Its number in the competition.
    pub number: String,
}

/// A skill's board.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BoardView {
    /// The competition that it belongs to.
    pub competition: CompetitionRef,
    /// Which skill.
    pub skill: SkillRef,
    /// Where its results stand.
    pub status: Status,
    /// What is shown while it is marked.
    pub policy: Policy,
    /// Until when it is known, in milliseconds since 1970 UTC: the last entry's server time.
    pub as_of: i64,
    /// How far the marking is.
    pub progress: Progress,
    /// What a row's breakdown is by; empty where no breakdown may be seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<CriterionHead>,
    /// What one row after the other shows: a group's rows from the best, group by group; those
    /// without a rank in code order.
    pub order: Vec<String>,
    /// The rows, by code.
    pub rows: BTreeMap<String, Row>,
    /// The session that runs, where one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionClock>,
}

/// A column of the breakdown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CriterionHead {
    /// `A`
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its maximum.
    pub max: String,
}

/// A span of time that runs in the hall.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionClock {
    /// What it is: `C1`, `模块 A`.
    pub label: String,
    /// When it began, milliseconds since 1970 UTC.
    pub from: i64,
    /// When it ends.
    pub until: i64,
}

/// Whether a competitor is ranked, and why not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Presence {
    /// Competes.
    #[default]
    Competing,
    /// Not there.
    Absent,
    /// Gone.
    Withdrawn,
    /// Taken out.
    Disqualified,
}

/// A competitor or team on a board.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Row {
    /// Who, where that may be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their school or enterprise, where that may be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Whom they compete for, where that may be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<String>,
    /// The group that they are ranked in; empty where there is only one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Whether they are ranked, and why not.
    pub presence: Presence,
    /// The rank in the group, shared by equals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// Whether somebody shares the rank.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_tied: bool,
    /// How many places up (above 0) or down since the ranking changed last.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moved: i32,
    /// What is ranked: the marks that are compared, or the total once results are out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// How much less than the most in the group; none where it is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
    /// The published scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<i64>,
    /// The award's name as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<String>,
    /// How many of the row's aspects are marked.
    pub progress: Progress,
    /// The breakdown, one for each of the board's criteria.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
}

/// A competition's page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompetitionView {
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
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub venue: String,
    /// Until when it is known.
    pub as_of: i64,
    /// How far the marking of all skills is.
    pub progress: Progress,
    /// Its skills, by id.
    pub skills: BTreeMap<String, SkillCard>,
    /// The skills' order on the page.
    pub order: Vec<String>,
    /// Every delegation that takes part, by name, with what is released of it.
    pub delegations: BTreeMap<String, DelegationLine>,
    /// The delegations from the best; equals by name.
    pub delegation_order: Vec<String>,
    /// Whether there is a draw to be repeated, at `/competition/{id}/draw`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_draw: bool,
}

/// A skill in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SkillCard {
    /// Which.
    pub skill: SkillRef,
    /// Where its results stand.
    pub status: Status,
    /// What is shown while it is marked.
    pub policy: Policy,
    /// How far the marking is.
    pub progress: Progress,
    /// How many compete.
    pub competitors: u32,
    /// Its first and last day, as written; empty where it has all of the competition's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<String>,
    /// Where it is held, as written; empty where it is held at the competition's place.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub venue: String,
}

/// What is released of a delegation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DelegationLine {
    /// How many compete for it.
    pub competitors: u32,
    /// Its place by team points or awards; none while nothing is released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// Team points, where the rules give some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u64>,
    /// How many of each award, by the award's name as published.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub awards: BTreeMap<String, u32>,
}

/// A delegation's page. Competitors of a skill whose codes are sealed are not on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DelegationView {
    /// The competition.
    pub competition: CompetitionRef,
    /// The delegation's name.
    pub name: String,
    /// Until when it is known.
    pub as_of: i64,
    /// What is released of it.
    pub line: DelegationLine,
    /// Its competitors, by `SKILL/CODE`.
    pub rows: BTreeMap<String, DelegationRow>,
    /// The rows' order on the page.
    pub order: Vec<String>,
}

/// One competitor of a delegation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DelegationRow {
    /// In which skill.
    pub skill: SkillRef,
    /// Where the skill's results stand.
    pub status: Status,
    /// The public code.
    pub code: String,
    /// The same as on the skill's board, without its movement.
    pub row: Row,
}

/// The first page: the tiers, and what is live now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HomeView {
    /// Until when it is known.
    pub as_of: i64,
    /// Every competition that is public, by id.
    pub competitions: BTreeMap<String, CompetitionCard>,
    /// The competitions' order: the highest tier first, then the newest.
    pub order: Vec<String>,
    /// The skills that are being marked now, by id.
    pub live: BTreeMap<String, LiveCard>,
}

/// A competition in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompetitionCard {
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
    /// How many skills.
    pub skills: u32,
    /// How many of them are being marked now.
    pub live: u32,
    /// How many of them have results out.
    pub released: u32,
    /// How many compete.
    pub competitors: u32,
}

/// A skill that is being marked now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LiveCard {
    /// In which competition.
    pub competition: CompetitionRef,
    /// The skill.
    pub card: SkillCard,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(number: &i32) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_its_text() {
        let topics = [
            Topic::Circuit,
            Topic::Competition("c1".to_owned()),
            Topic::Delegation("c1".to_owned(), "石家庄/a".to_owned()),
            Topic::Skill("s1".to_owned()),
        ];
        for topic in topics {
            assert_eq!(Topic::parse(&topic.to_string()), Some(topic));
        }
        for bad in
            ["", "circuit/", "skill", "skill/", "delegation/c1", "delegation/c1/", "delegation//x", "x/y"]
        {
            assert_eq!(Topic::parse(bad), None, "{bad}");
        }
    }
}
