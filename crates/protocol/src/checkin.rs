//! The registration desk: who is here before the competition, and the cards by which that is noted.

use domain::id::CompetitorCode;
use serde::{Deserialize, Serialize};

use crate::view::{CompetitionRef, SkillRef};

/// That somebody is here, as it was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// Its id: what is taken back is this one, and not a later one.
    pub id: String,
    /// When, in milliseconds since 1970 UTC.
    pub at: i64,
    /// Who noted it, by name.
    pub by: String,
    /// Where it was taken back: when, and by whom.
    pub undone: Option<(i64, String)>,
}

/// Somebody who is expected at the registration desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// In which skill they compete.
    pub skill: SkillRef,
    /// Their number on the roster, which no draw has changed.
    pub code: CompetitorCode,
    /// Their name.
    pub name: String,
    /// Their school or enterprise.
    pub organisation: String,
    /// Whom they compete for.
    pub delegation: String,
    /// That they are here; none where they are not.
    pub here: Option<CheckIn>,
    /// Whether it is too late to note anything: marking of the skill is over.
    pub is_over: bool,
}

/// One of them, with what was noted of them and taken back before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Of which competition.
    pub competition: CompetitionRef,
    /// Who.
    pub one: Expected,
    /// What was taken back, oldest first.
    pub undone: Vec<CheckIn>,
}

/// Which of them are looked at, as the page's address says it; what is empty leaves nobody out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckInFilter {
    /// A part of the name, number, organisation or delegation.
    pub find: String,
    /// The skill's id.
    pub skill: String,
    /// The delegation's name.
    pub delegation: String,
    /// `missing`, or `here`.
    pub state: String,
}

/// The form that notes that somebody is here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckInForm {
    /// What the list's address said, where it was noted from the list: it is led back there.
    #[serde(default)]
    pub list: Option<String>,
}

/// The form that takes it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckInUndo {
    /// Which.
    pub id: String,
    /// As in [`CheckInForm`].
    #[serde(default)]
    pub list: Option<String>,
}

/// How many are here, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Here {
    /// Those who are.
    pub here: usize,
    /// Those who are expected.
    pub all: usize,
}

/// Everybody who is expected, in the skills that whoever looks may check in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckInList {
    /// Of which competition.
    pub competition: CompetitionRef,
    /// How many are here.
    pub here: Here,
    /// The same for each skill.
    pub skills: Vec<(SkillRef, Here)>,
    /// The same for each delegation, by name; an empty one holds those without.
    pub delegations: Vec<(String, Here)>,
    /// Which of them are looked at.
    pub filter: CheckInFilter,
    /// How many of them there are.
    pub found: usize,
    /// They, as many as are shown.
    pub shown: Vec<Expected>,
}

/// Entry cards (参赛证), to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryCards {
    /// Of which competition.
    pub competition: CompetitionRef,
    /// Where the server is reached.
    pub origin: String,
    /// The skills to choose from.
    pub skills: Vec<SkillRef>,
    /// The delegations to choose from.
    pub delegations: Vec<String>,
    /// Whose cards were asked for.
    pub filter: CheckInFilter,
    /// The cards, a delegation after the other.
    pub cards: Vec<(String, Vec<Expected>)>,
}
