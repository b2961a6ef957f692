//! What is still to be done before a skill's results can stand: panels that disagree, and judges who
//! have not finished. What waits for a decision is [`Skill::pending`].

use super::Mark;
use super::state::{Cell, Said, Skill};
use crate::id::JudgeCode;
use crate::number::{self, Decimal};
use crate::scheme::Method;
use crate::scoring::Value;

/// A judged cell that is scored again: its last complete round was not accepted, or another was
/// asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Whose work.
    pub row: usize,
    /// Which aspect.
    pub column: usize,
    /// The number of the last complete round, from 1.
    pub round: u32,
    /// What was said in it: the counting seats and their scores. All have scored, so all are revealed
    ///
    pub scores: Vec<(usize, Value)>,
    /// The highest minus the lowest of them.
    pub spread: Option<Decimal>,
    /// The counting seats that have not scored again yet.
    pub waits_for: Vec<usize>,
    /// Whether the round would count, and another was asked for all the same.
    pub was_accepted: bool,
}

/// How far one judge is with one sub-criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The sub-criterion.
    pub sub: usize,
    /// The judge's seat on its panel.
    pub seat: usize,
    /// The cells that need nothing more from this judge; a measurement is the whole panel's.
    pub done: usize,
    /// The cells of those who compete, voided aspects aside.
    pub of: usize,
}

impl Skill {
    /// Every judged cell that is scored again, competitor by competitor; those who are out and voided
    /// aspects aside.
    #[must_use]
    pub fn disagreements(&self) -> Vec<Disagreement> {
        let cells = self.competing().flat_map(|row| self.counting_columns().map(move |column| (row, column)));
        cells.filter_map(|(row, column)| self.disagreement(row, column)).collect()
    }

    /// How far every judge is, in the scheme's order.
    #[must_use]
    pub fn shares(&self) -> Vec<Share> {
        let rows: Vec<usize> = self.competing().collect();
        let mut shares = Vec::new();
        for (sub, of_sub) in self.subs.iter().enumerate() {
            let columns: Vec<usize> =
                self.counting_columns().filter(|column| of_sub.columns.contains(column)).collect();
            for seat in 0..of_sub.seats.len() {
                let rows: Vec<usize> =
                    rows.iter().copied().filter(|row| self.sits_for(*row, sub, seat)).collect();
                // Who has left, or stands in for nobody now, has no share.
                if rows.is_empty() && of_sub.seats[seat].has_left {
                    continue;
                }
                let cells = rows.iter().flat_map(|row| columns.iter().map(move |column| (*row, *column)));
                let done = cells.filter(|(row, column)| self.has_done(*row, *column, seat)).count();
                shares.push(Share { sub, seat, done, of: rows.len() * columns.len() });
            }
        }
        shares
    }

    /// Who has still to say something in the present round of a judged cell; nobody where it is complete.
    pub fn silent(&self, row: usize, column: usize) -> Vec<&JudgeCode> {
        let Cell::Scored(rounds) = self.cell(row, column) else { return Vec::new() };
        let Some(round) = rounds.last().filter(|_| !self.is_round_complete(row, column)) else {
            return Vec::new();
        };
        let sub = self.sub_of(column);
        let seats = self.panel(sub).iter().enumerate();
        let seats = seats.filter(|(at, seat)| seat.counts && self.sits_for(row, sub, *at));
        let silent = seats.filter(|(at, _)| self.said_for(column, round, *at).is_none());
        silent.map(|(_, seat)| &seat.judge).collect()
    }

    /// What a cell would come to, rounded, if this mark stood in it; none where that gives no mark.
    #[must_use]
    pub fn worth(&self, mark: &Mark) -> Option<number::Mark> {
        let (row, column) = (self.row(&mark.competitor)?, self.column(&mark.aspect)?);
        let (entry, value) = (crate::id::EntryId(0), mark.value.clone());
        let said = Some(Said { entry, is_corrected: false, seq: 0, value });
        let mut cell = self.cell(row, column).clone();
        match &mut cell {
            Cell::Measured(value) => *value = said,
            Cell::Scored(rounds) => {
                let round = usize::try_from(mark.round).ok()?.checked_sub(1)?;
                if round == rounds.len() {
                    rounds.push(vec![None; self.seats(column).len()]);
                }
                let (round, seat) = (rounds.get_mut(round)?, self.seat(row, column, &mark.judge)?);
                round.resize(round.len().max(seat + 1), None);
                *round.get_mut(seat)? = said;
            }
        }
        let grains = self.mark_by(row, column, &cell)?;
        Some(number::Mark(self.board.rounded_sum(grains)))
    }

    pub(super) fn competing(&self) -> impl Iterator<Item = usize> {
        (0..self.competitors.len()).filter(|row| self.board.is_competing(*row))
    }

    fn counting_columns(&self) -> impl Iterator<Item = usize> {
        (0..self.aspects.len()).filter(|column| self.aspects[*column].voided.is_empty())
    }

    fn disagreement(&self, row: usize, column: usize) -> Option<Disagreement> {
        let Cell::Scored(rounds) = self.cell(row, column) else { return None };
        let is_disputed = self.is_disputed(row, column);
        let is_again = rounds.len() > 1 && !self.is_round_complete(row, column);
        if !is_disputed && !is_again {
            return None;
        }
        let is_complete = |round: &Vec<Option<Said>>| self.complete_scores(row, column, round).is_some();
        let at = rounds.iter().rposition(is_complete)?;
        let counting = |seat: &usize| self.seats(column)[*seat].counts;
        let seats = (0..self.seats(column).len()).filter(counting);
        let scores: Vec<(usize, Value)> = seats
            .clone()
            .filter_map(|seat| Some((seat, rounds[at].get(seat)?.as_ref()?.value.clone())))
            .collect();
        let is_done = |seat: usize| {
            !self.sits_for(row, self.sub_of(column), seat)
                || is_again && rounds.last().is_some_and(|round| self.said_for(column, round, seat).is_some())
        };
        Some(Disagreement {
            row,
            column,
            round: u32::try_from(at + 1).unwrap_or(u32::MAX),
            spread: spread(&scores),
            scores,
            waits_for: seats.filter(|seat| !is_done(*seat)).collect(),
            was_accepted: self.mark_by(row, column, &Cell::Scored(vec![rounds[at].clone()])).is_some(),
        })
    }

    fn has_done(&self, row: usize, column: usize, seat: usize) -> bool {
        match self.cell(row, column) {
            Cell::Measured(said) => said.as_ref().is_some_and(|said| said.value != Value::Missing),
            Cell::Scored(_) if self.is_disputed(row, column) => false,
            Cell::Scored(rounds) => {
                let has_said =
                    rounds.last().is_some_and(|round| self.said_for(column, round, seat).is_some());
                // Where a panel has more seats than scores are needed, the rest have nothing to say.
                let is_full = matches!(self.aspect(column).method, Method::Judgement { .. })
                    && self.is_round_complete(row, column)
                    && self.seats(column)[seat].counts;
                has_said || is_full
            }
        }
    }
}

fn spread(scores: &[(usize, Value)]) -> Option<Decimal> {
    let numbers = || {
        scores.iter().filter_map(|(_, value)| match value {
            Value::Number(number) => Some(number.0),
            _ => None,
        })
    };
    Some(Decimal(numbers().max()? - numbers().min()?))
}
