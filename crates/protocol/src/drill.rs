//! Drills on the job (岗位练兵): what a foreman's phone sends and is shown.

use domain::number::Mark;
use serde::{Deserialize, Serialize};

use crate::desk::Card;
use crate::view::{CompetitionRef, Progress, SkillRef, Status, Text};

/// The most aspects of a drill: what fits on one phone's page and in ten minutes.
pub const ASPECTS_MAX: usize = 12;
/// The most workers in one.
pub const WORKERS_MAX: usize = 40;

/// The form that starts a drill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDrill {
    /// The drill's id, made with the form: sent twice, it starts one drill.
    pub id: String,
    /// What is looked at: a template of the library, a series of earlier drills, or [`OWN`].
    pub template: String,
    /// With [`OWN`]: an aspect a line: what is looked at, its maximum, and how it is marked, behind commas.
    pub aspects: String,
    /// What it is called; empty for what the template is called.
    pub title: String,
    /// Who is drilled: names, a line each or parted by commas.
    pub names: String,
    /// Who marks besides the foreman; empty for nobody.
    pub second: String,
    /// Whether the board shows numbers in place of names: `numbers` or `names`.
    pub board: String,
}

/// The template that is written on the form itself.
pub const OWN: &str = "own";

/// What the form offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrillForm {
    /// What earlier drills were held to, the newest first.
    pub earlier: Vec<Template>,
    /// The library, by occupation.
    pub library: Vec<Template>,
}

/// What is looked at in a drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// By what the form names it.
    pub id: String,
    /// Whose work it is; empty for a series of one's own.
    pub occupation: Text,
    /// What it is called.
    pub name: Text,
    /// What is looked at, in order.
    pub aspects: Vec<Text>,
}

/// A drill in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDrill {
    /// Which.
    pub competition: CompetitionRef,
    /// When it was started, in milliseconds since 1970 UTC.
    pub made_at: i64,
    /// How many are drilled.
    pub workers: usize,
    /// How far it is.
    pub progress: Progress,
    /// What may be said of its results.
    pub status: Status,
}

/// A drill, as its foreman sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// Which.
    pub competition: CompetitionRef,
    /// Its one skill.
    pub skill: SkillRef,
    /// Where the board is, for the wall.
    pub screen: String,
    /// How far it is.
    pub progress: Progress,
    /// What may be said of its results.
    pub status: Status,
    /// Whether marks are taken.
    pub is_open: bool,
    /// Who marks, the foreman first.
    pub judges: Vec<String>,
    /// Who is drilled, by number.
    pub workers: Vec<Worker>,
    /// Cards that were made just now; they are shown once.
    pub cards: Vec<Card>,
}

/// Somebody who is drilled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The number, which the tablet and the board show.
    pub number: String,
    /// The name.
    pub name: String,
    /// What the marks come to once all are there.
    pub total: String,
    /// The position; empty before there is one.
    pub position: String,
}

/// What each worker is told of a drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slips {
    /// Which.
    pub competition: CompetitionRef,
    /// When it was started, in milliseconds since 1970 UTC.
    pub made_at: i64,
    /// How many have a position.
    pub ranked: usize,
    /// One for each worker, by number.
    pub slips: Vec<Slip>,
}

/// What a worker is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
    /// What the marks come to; none while one is missing.
    pub total: Option<Mark>,
    /// The position among all.
    pub position: Option<u32>,
    /// What went best beside the rest, the best first.
    pub best: Vec<Looked>,
    /// What has to be drilled most, the worst first.
    pub worst: Vec<Looked>,
    /// Earlier drills of the series under the same name, the oldest first.
    pub before: Vec<Before>,
    /// How much more it is than the last time.
    pub change: Option<Mark>,
}

/// An aspect and what it gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// What is looked at.
    pub what: String,
    /// What it gave.
    pub mark: Mark,
    /// The most it can give.
    pub max: Mark,
}

/// An earlier drill of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// When it was started, in milliseconds since 1970 UTC.
    pub made_at: i64,
    /// What the marks came to.
    pub total: Mark,
}
