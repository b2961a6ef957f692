//! What would change in a skill's results: two states held against each other.

use super::{Standing, StandingStatus, standings};
use crate::id::CompetitorCode;
use crate::marking::Skill;
use crate::number::Mark;

/// A competitor whose result is another afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who.
    pub competitor: CompetitorCode,
    /// The result as it stands.
    pub before: Outcome,
    /// As it would be.
    pub after: Outcome,
}

/// What a competitor has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether they are ranked, and why not.
    pub status: StandingStatus,
    /// The total; while something is unmarked what the marked aspects come to. None where
    /// nothing is marked, and for one who does not compete.
    pub marks: Option<Mark>,
    /// Whether that is the total.
    pub is_total: bool,
    /// The position, by the whole chain.
    pub position: Option<u32>,
    /// The award's name as published.
    pub award: Option<String>,
}

/// Everybody whose result differs, in the order of the results afterwards.
#[must_use]
pub fn difference(before: &Skill, after: &Skill) -> Vec<Change> {
    let old = standings(before);
    let changes = standings(after).into_iter().filter_map(|standing| {
        let known = old.iter().find(|known| known.competitor == standing.competitor)?;
        let (before, after) = (outcome(before, known), outcome(after, &standing));
        (before != after).then_some(Change { competitor: standing.competitor, before, after })
    });
    changes.collect()
}

fn outcome(skill: &Skill, standing: &Standing) -> Outcome {
    let so_far = || {
        let row = skill.row(&standing.competitor)?;
        let columns = 0..skill.board.columns().len();
        let marked: Vec<usize> = columns.filter(|column| skill.board.mark(row, *column).is_some()).collect();
        skill.board.total_over(row, &marked)
    };
    Outcome {
        status: standing.status,
        marks: standing.total.or_else(so_far),
        is_total: standing.total.is_some(),
        position: standing.position,
        award: standing.award.clone(),
    }
}
