//! Earlier decisions that hold, and can be undone.

use super::state::DecisionOn;
use super::{Override, Skill, VoidHow};
use crate::id::{CompetitorCode, EntryId};
use crate::number::Mark;

/// A decision that holds. A competitor is told by row, an aspect by column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    /// Somebody is not there.
    Absent(usize),
    /// Somebody went.
    Withdrawn(usize),
    /// Somebody was taken out.
    Disqualified(usize),
    /// Marks were taken off.
    Penalty(usize, Mark),
    /// Minutes were given back.
    ExtraTime(usize, u32),
    /// The award rule was broken.
    Overridden(usize, &'a Override),
    /// An aspect was voided.
    Voided(usize, VoidHow),
    /// People settled a tie, from the best to the last.
    Settled(&'a [CompetitorCode]),
}

impl Decision<'_> {
    /// The competitor's row, where it is of one.
    #[must_use]
    pub fn row(&self) -> Option<usize> {
        match self {
            Self::Absent(row)
            | Self::Withdrawn(row)
            | Self::Disqualified(row)
            | Self::Penalty(row, _)
            | Self::ExtraTime(row, _)
            | Self::Overridden(row, _) => Some(*row),
            Self::Voided(..) | Self::Settled(_) => None,
        }
    }
}

impl Skill {
    /// Every decision that holds, by its entry's id. An exchange is none: exchanging again is the way
    /// back.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = (EntryId, Decision<'_>)> {
        self.decisions.keys().filter_map(|entry| Some((*entry, self.decision(*entry)?)))
    }

    /// The decision of an entry; none where it decided nothing, or was undone.
    #[must_use]
    pub fn decision(&self, entry: EntryId) -> Option<Decision<'_>> {
        match *self.decisions.get(&entry)? {
            DecisionOn::Competitor(row) => self.decision_of(row, entry),
            DecisionOn::Aspect(column) => {
                Some(Decision::Voided(column, *of(&self.aspects.get(column)?.voided, entry)?))
            }
            DecisionOn::Tie => Some(Decision::Settled(of(&self.settled, entry)?)),
        }
    }

    fn decision_of(&self, row: usize, entry: EntryId) -> Option<Decision<'_>> {
        let competitor = self.competitors.get(row)?;
        let is_it = |decision: Option<EntryId>| decision == Some(entry);
        match competitor {
            known if is_it(known.absent) => Some(Decision::Absent(row)),
            known if is_it(known.withdrawn) => Some(Decision::Withdrawn(row)),
            known if is_it(known.disqualified) => Some(Decision::Disqualified(row)),
            known => {
                let penalty = of(&known.penalties, entry).map(|marks| Decision::Penalty(row, *marks));
                let time = of(&known.extra_time, entry).map(|minutes| Decision::ExtraTime(row, *minutes));
                let overridden = of(&known.overridden, entry).map(|body| Decision::Overridden(row, body));
                penalty.or(time).or(overridden)
            }
        }
    }
}

fn of<T>(kept: &[(EntryId, T)], entry: EntryId) -> Option<&T> {
    kept.iter().find(|(id, _)| *id == entry).map(|(_, what)| what)
}
