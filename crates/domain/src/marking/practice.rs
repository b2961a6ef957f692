//! How far each judge is with one piece, and whether they have done a whole sheet of it: what a practice
//! is for. Unlike a [`Share`](super::Share) it asks for what this judge has done once, whatever
//! the others say afterwards.

use std::ops::Range;

use super::state::{Cell, Said, Skill};
use crate::id::JudgeCode;
use crate::scheme::Method;
use crate::scoring::Value;

/// One judge's turns on one competitor's sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns {
    /// Who.
    pub judge: JudgeCode,
    /// How many cells need nothing more of them.
    pub done: usize,
    /// How many are theirs; a trainee's are those with scores.
    pub of: usize,
    /// Whether all of theirs on one sub-criterion are done.
    pub has_whole_sheet: bool,
    /// Whether a score of their own is among them. A measurement is the panel's one value, and does not
    /// say whose hand was in it.
    pub has_scored: bool,
}

impl Skill {
    /// Every judge who has something to do on a competitor's sheets, in the order of the panels; voided
    /// aspects aside.
    #[must_use]
    pub fn turns(&self, row: usize) -> Vec<Turns> {
        let mut all: Vec<Turns> = Vec::new();
        for sub in 0..self.opening.scheme.sub_criteria().count() {
            let columns = self.columns_of(sub);
            let seats = columns.clone().next().map_or(0, |column| self.seats(column).len());
            for seat in 0..seats {
                if let Some(turns) = self.turns_on(row, columns.clone(), seat) {
                    match all.iter_mut().find(|known| known.judge == turns.judge) {
                        Some(known) => known.join(&turns),
                        None => all.push(turns),
                    }
                }
            }
        }
        all
    }

    /// One seat's turns on one sheet; none where it has none.
    fn turns_on(&self, row: usize, columns: Range<usize>, seat: usize) -> Option<Turns> {
        // Who has left a seat has nothing to do in it any more.
        if !self.sits_for(row, self.sub_of(columns.start), seat) {
            return None;
        }
        let (mut done, mut of, mut has_scored) = (0, 0, false);
        for column in columns.clone().filter(|column| self.aspects[*column].voided.is_empty()) {
            let counts = self.seats(column)[seat].counts;
            let is_done = match self.cell(row, column) {
                Cell::Measured(_) if !counts => continue,
                Cell::Measured(said) => said.as_ref().is_some_and(|said| said.value != Value::Missing),
                Cell::Scored(rounds) => {
                    let is_judgement = matches!(self.aspect(column).method, Method::Judgement { .. });
                    let is_score = |said: &Said| !is_judgement || said.value != Value::Missing;
                    let own = |round: &Vec<Option<Said>>| {
                        round.get(seat).and_then(Option::as_ref).is_some_and(is_score)
                    };
                    let has_said = rounds.iter().any(own);
                    has_scored |= has_said;
                    // Where a panel has more seats than scores are needed, the rest have nothing to say.
                    has_said || (is_judgement && counts && self.is_round_complete(row, column))
                }
            };
            of += 1;
            done += usize::from(is_done);
        }
        let judge = self.seats(columns.start).get(seat)?.judge.clone();
        (of > 0).then_some(Turns { judge, done, of, has_whole_sheet: done == of, has_scored })
    }
}

impl Turns {
    /// The same judge's turns on one more sheet.
    fn join(&mut self, more: &Self) {
        self.done += more.done;
        self.of += more.of;
        self.has_whole_sheet |= more.has_whole_sheet;
        self.has_scored |= more.has_scored;
    }
}
