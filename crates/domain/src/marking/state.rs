//! The state of one skill as its ledger tells it, and what can be read from it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{AppealStep, Coding, Opening, Override, Sheet, Stage, VoidHow};
use crate::id::{AspectId, CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use crate::ledger::{Hash, Status};
use crate::number::{self, Mark};
use crate::results::board::{Board, Column, Grains};
use crate::rules::Rounding;
use crate::scheme::{Aspect, Method};
use crate::scoring::{self, Value};

/// A ledger's state: where its chain stands, and the skill once it is open.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Where the chain stands.
    pub head: Head,
    /// The opened skill; none before its opening.
    pub skill: Option<Box<Skill>>,
    /// The draw and its layers of codes; none where there was none, or it was thrown away.
    pub coding: Option<Box<Coding>>,
}

/// The last entry of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub seq: i64,
    /// The hash of the last one.
    pub hash: Hash,
    /// Its server time.
    pub server_time: i64,
}

/// How far a skill has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Marks are taken.
    Open,
    /// Marking is over.
    Closed,
    /// Results are out.
    Released(Stage),
}

/// An opened skill.
#[derive(Clone, Debug)]
pub struct Skill {
    /// What was pinned.
    pub opening: Opening,
    /// How far it has come.
    pub phase: Phase,
    /// Totals and ranks.
    pub board: Board,
    /// Competitors, in the opening's order.
    pub competitors: Vec<Competitor>,
    /// Conflicting and late marks that wait for a decision.
    pub pending: BTreeMap<EntryId, Pending>,
    /// Ties settled by people, in the order in which they were entered.
    pub settled: Vec<(EntryId, Vec<CompetitorCode>)>,
    pub(super) aspects: Vec<AspectState>,
    pub(super) cells: Vec<Cell>,
    pub(super) sheets: BTreeMap<(usize, usize), Sheet>,
    pub(super) rows: HashMap<CompetitorCode, usize>,
    pub(super) columns: HashMap<AspectId, usize>,
    pub(super) subs: Vec<SubState>,
    /// Who may not mark whom, by row.
    pub(super) conflicts: BTreeSet<(usize, JudgeCode)>,
    pub(super) decisions: BTreeMap<EntryId, DecisionOn>,
}

/// What is known of a competitor besides the marks.
#[derive(Clone, Debug, Default)]
pub struct Competitor {
    /// The entry that says they are absent.
    pub absent: Option<EntryId>,
    /// The entry that says they withdrew.
    pub withdrawn: Option<EntryId>,
    /// The entry that took them out.
    pub disqualified: Option<EntryId>,
    /// When they started, milliseconds since 1970 UTC.
    pub start: Option<(EntryId, i64)>,
    /// When they handed in.
    pub stop: Option<(EntryId, i64)>,
    /// Minutes given back.
    pub extra_time: Vec<(EntryId, u32)>,
    /// Penalties in force.
    pub penalties: Vec<(EntryId, Mark)>,
    /// The overrides in force, oldest first; where two say something, the later one.
    pub overridden: Vec<(EntryId, Override)>,
    /// Where their latest appeal stands.
    pub appeal: Option<AppealStep>,
}

/// A mark that does not count until people decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Conflict or late.
    pub status: Status,
    /// What it says; after an exchange of the competitor who has the sheet now.
    pub mark: super::Mark,
}

/// What stands in a cell, and from which entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The entry.
    pub entry: EntryId,
    /// Whether it took the place of another with a reason.
    pub is_corrected: bool,
    /// The number of the entry with which it came to stand there.
    pub seq: i64,
    /// What it says.
    pub value: Value,
}

/// Everything said of one aspect of one competitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The panel's one value.
    Measured(Option<Said>),
    /// Per round the scores of the panel's judges, in the order of [`Skill::seats`]; there is always at
    /// least one round. Who came after a round's last score has no place in it.
    Scored(Vec<Vec<Option<Said>>>),
}

#[derive(Clone, Debug)]
pub(super) struct AspectState {
    pub(super) aspect: Aspect,
    pub(super) sub: usize,
    /// Every voiding in force, oldest first; the last one holds.
    pub(super) voided: Vec<(EntryId, VoidHow)>,
}

#[derive(Clone, Debug)]
pub(super) struct SubState {
    pub(super) id: SubCriterionId,
    pub(super) seats: Vec<super::Seated>,
    /// Whether no seat has changed hands.
    pub(super) is_as_opened: bool,
    /// What was said of seats for one competitor alone, by row: the place, and which of the seats above
    /// holds it there, or none; oldest first.
    pub(super) single: BTreeMap<usize, Vec<(usize, Option<usize>)>>,
    pub(super) columns: std::ops::Range<usize>,
}

/// What an earlier decision was about, so that it can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecisionOn {
    Competitor(usize),
    Aspect(usize),
    Tie,
}

impl Default for Head {
    fn default() -> Self {
        Self { seq: 0, hash: Hash::ZERO, server_time: 0 }
    }
}

impl State {
    /// Before the first entry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Skill {
    /// A skill as it stands right after its opening. None where totals could not be exact, which
    /// the opening's check refuses with words.
    pub(super) fn new(opening: Opening) -> Option<Self> {
        let scheme = &opening.scheme;
        let unit = opening.unit()?;
        let mut aspects = Vec::new();
        let mut subs = Vec::new();
        for (at, (_, sub)) in scheme.sub_criteria().enumerate() {
            let first = aspects.len();
            aspects.extend(sub.aspects.iter().map(|aspect| AspectState {
                aspect: aspect.clone(),
                sub: at,
                voided: Vec::new(),
            }));
            let seats = opening.panel(&sub.id).map(super::seat::seated).unwrap_or_default();
            let columns = first..aspects.len();
            let id = sub.id.clone();
            subs.push(SubState { id, seats, is_as_opened: true, single: BTreeMap::new(), columns });
        }
        let part = |aspect: &Aspect| {
            let of = |id: &crate::id::PartId| scheme.parts.iter().position(|part| part.id == *id);
            aspect.part.as_ref().and_then(of).unwrap_or(0)
        };
        let columns: Vec<Column> = aspects
            .iter()
            .map(|a| Column { max: a.aspect.max, part: part(&a.aspect), voided: None })
            .collect();
        let names = opening.groups();
        let groups: Vec<usize> = opening
            .competitors
            .iter()
            .map(|entrant| names.iter().position(|name| **name == entrant.group).unwrap_or(0))
            .collect();
        let board = Board::new(
            columns,
            scheme.parts.iter().map(|part| part.weight).collect(),
            unit,
            opening.rules.penalties.cap,
            opening.rules.scale.clone(),
            &groups,
        );
        let row: Vec<Cell> = aspects
            .iter()
            .map(|a| match a.aspect.method {
                Method::Measurement(_) => Cell::Measured(None),
                _ => Cell::Scored(vec![vec![None; subs[a.sub].seats.len()]]),
            })
            .collect();
        let count = opening.competitors.len();
        let rows: HashMap<CompetitorCode, usize> =
            opening.competitors.iter().enumerate().map(|(at, e)| (e.code.clone(), at)).collect();
        let conflicts = opening.conflicts.iter();
        let conflicts = conflicts.filter_map(|of| Some((*rows.get(&of.competitor)?, of.judge.clone())));
        Some(Self {
            phase: Phase::Open,
            board,
            competitors: vec![Competitor::default(); count],
            pending: BTreeMap::new(),
            settled: Vec::new(),
            cells: (0..count).flat_map(|_| row.iter().cloned()).collect(),
            sheets: BTreeMap::new(),
            conflicts: conflicts.collect(),
            rows,
            columns: aspects.iter().enumerate().map(|(at, a)| (a.aspect.id.clone(), at)).collect(),
            subs,
            aspects,
            decisions: BTreeMap::new(),
            opening,
        })
    }

    /// The row of a competitor.
    #[must_use]
    pub fn row(&self, code: &CompetitorCode) -> Option<usize> {
        self.rows.get(code).copied()
    }

    /// The column of an aspect.
    #[must_use]
    pub fn column(&self, id: &AspectId) -> Option<usize> {
        self.columns.get(id).copied()
    }

    /// The place of a sub-criterion in the scheme's order.
    #[must_use]
    pub fn sub(&self, id: &SubCriterionId) -> Option<usize> {
        self.subs.iter().position(|sub| sub.id == *id)
    }

    /// What was said in a cell.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        &self.cells[row * self.aspects.len() + column]
    }

    pub(super) fn cell_mut(&mut self, row: usize, column: usize) -> &mut Cell {
        &mut self.cells[row * self.aspects.len() + column]
    }

    /// The aspect of a column.
    #[must_use]
    pub fn aspect(&self, column: usize) -> &Aspect {
        &self.aspects[column].aspect
    }

    /// What takes the place of a column's marks, where it was voided for all.
    #[must_use]
    pub fn voided(&self, column: usize) -> Option<VoidHow> {
        self.aspects[column].voided.last().map(|(_, how)| *how)
    }

    /// The columns of a sub-criterion.
    #[must_use]
    pub fn columns_of(&self, sub: usize) -> std::ops::Range<usize> {
        self.subs[sub].columns.clone()
    }

    /// The sub-criterion of a column.
    #[must_use]
    pub fn sub_of(&self, column: usize) -> usize {
        self.aspects[column].sub
    }

    /// What is effective for a judge in a round of a cell: the head that a new mark must name as its
    /// base.
    #[must_use]
    pub fn head(&self, row: usize, column: usize, judge: &JudgeCode, round: u32) -> Option<&Said> {
        match self.cell(row, column) {
            Cell::Measured(said) => said.as_ref(),
            Cell::Scored(rounds) => {
                let seat = self.seat(row, column, judge)?;
                let round = usize::try_from(round).ok()?.checked_sub(1)?;
                rounds.get(round)?.get(seat)?.as_ref()
            }
        }
    }

    /// How many judges' scores make a round of a judged cell complete; for a panel aspect every
    /// counting seat must have said something, be it that the score is missing.
    fn scores_needed(&self, row: usize, column: usize, round: &[Option<Said>]) -> usize {
        let seats = self.seats_of_round(row, column, round);
        match (&self.aspects[column].aspect.method, self.opening.rules.judgement.judges) {
            (Method::Judgement { .. }, Some(judges)) => usize::try_from(judges).unwrap_or(seats).min(seats),
            _ => seats,
        }
    }

    /// The counting scores of a round; none while it is not complete.
    #[must_use]
    pub fn complete_scores<'a>(
        &self,
        row: usize,
        column: usize,
        round: &'a [Option<Said>],
    ) -> Option<Vec<&'a Value>> {
        let is_judgement = matches!(self.aspects[column].aspect.method, Method::Judgement { .. });
        let scores: Vec<&Value> = self
            .seats(column)
            .iter()
            .zip(round)
            .filter(|(seat, _)| seat.counts)
            .filter_map(|(_, said)| said.as_ref().map(|said| &said.value))
            .filter(|value| !is_judgement || **value != Value::Missing)
            .collect();
        (!scores.is_empty() && scores.len() >= self.scores_needed(row, column, round)).then_some(scores)
    }

    /// What each counting judge said in the complete rounds of a judged cell, by the round's number,
    /// oldest first. A round that somebody has still to score is not told.
    #[must_use]
    pub fn revealed(&self, row: usize, column: usize) -> Vec<(u32, Vec<(&JudgeCode, &Value)>)> {
        let Cell::Scored(rounds) = self.cell(row, column) else { return Vec::new() };
        let complete =
            (1_u32..).zip(rounds).filter(|(_, round)| self.complete_scores(row, column, round).is_some());
        let told = complete.map(|(number, round)| {
            let said = self.seats(column).iter().zip(round).filter(|(seat, _)| seat.counts);
            let scores = said.filter_map(|(seat, said)| Some((&seat.judge, &said.as_ref()?.value)));
            (number, scores.collect())
        });
        told.collect()
    }

    /// What a cell comes to as people read it: in hundredths, half-up, also where rounding waits for
    /// the total.
    #[must_use]
    pub fn shown_mark(&self, row: usize, column: usize) -> Option<Mark> {
        let unit = self.board.unit();
        let rounded = number::round_half_up(self.board.mark(row, column)?.into(), unit.into());
        i64::try_from(rounded).ok().map(Mark)
    }

    /// The number of the present round of a judged cell, from 1.
    #[must_use]
    pub fn round(&self, row: usize, column: usize) -> u32 {
        match self.cell(row, column) {
            Cell::Measured(_) => 1,
            Cell::Scored(rounds) => u32::try_from(rounds.len()).unwrap_or(u32::MAX),
        }
    }

    /// Whether the present round is complete and its spread is not accepted, so that another is due
    ///
    #[must_use]
    pub fn is_disputed(&self, row: usize, column: usize) -> bool {
        let Cell::Scored(rounds) = self.cell(row, column) else { return false };
        let Some(scores) = rounds.last().and_then(|round| self.complete_scores(row, column, round)) else {
            return false;
        };
        matches!(self.aspect(column).method, Method::Judgement { .. })
            && self.score(column, &scores).is_none()
    }

    /// The mark of a cell in grains, worked out from what was said: by the last complete round
    /// . None while it is unmarked, or while its spread is not accepted.
    #[must_use]
    pub fn mark_of(&self, row: usize, column: usize) -> Option<Grains> {
        self.mark_by(row, column, self.cell(row, column))
    }

    /// The mark that a cell in this place gives by what was said in it.
    pub(super) fn mark_by(&self, row: usize, column: usize, cell: &Cell) -> Option<Grains> {
        let aspect = self.aspect(column);
        match cell {
            Cell::Measured(said) => {
                let Method::Measurement(calculation) = &aspect.method else { return None };
                let exact =
                    scoring::measurement::mark(aspect.max, calculation, &said.as_ref()?.value).ok()?;
                self.grains(exact)
            }
            Cell::Scored(rounds) => {
                let scores =
                    rounds.iter().rev().find_map(|round| self.complete_scores(row, column, round))?;
                self.score(column, &scores)
            }
        }
    }

    fn score(&self, column: usize, scores: &[&Value]) -> Option<Grains> {
        let aspect = self.aspect(column);
        let numbers = scores.iter().filter_map(|value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        });
        let exact = match &aspect.method {
            Method::Measurement(_) => return None,
            Method::Judgement { .. } => {
                let rungs: Option<Vec<u32>> =
                    numbers.map(|number| u32::try_from(number.to_whole()?).ok()).collect();
                scoring::judgement::mark(&rungs?, aspect.max, self.opening.rules.judgement.spread_max)?
            }
            Method::Panel(panel) => {
                let is_exact = self.opening.rules.rounding.position == Rounding::AtTotal;
                scoring::panel::mark(&numbers.collect::<Vec<_>>(), panel, is_exact)?.clamped(aspect.max)
            }
        };
        self.grains(exact)
    }

    fn grains(&self, exact: scoring::Exact) -> Option<Grains> {
        match self.opening.rules.rounding.position {
            Rounding::PerAspect => Some(exact.rounded().0),
            Rounding::AtTotal => Grains::try_from(exact.over(i128::from(self.board.unit()))?).ok(),
        }
    }

    /// Elapsed time in milliseconds: stop − start − extra time; none before both are known.
    #[must_use]
    pub fn elapsed(&self, row: usize) -> Option<i64> {
        let competitor = &self.competitors[row];
        let (_, start) = competitor.start?;
        let (_, stop) = competitor.stop?;
        // Clock times are below 2^53 and so never overflow; the minutes of very many entries could.
        let minutes = competitor.extra_time.iter().fold(0_i64, |all, (_, more)| all + i64::from(*more));
        Some((stop - start).saturating_sub(minutes.saturating_mul(60_000)))
    }

    /// Whether everyone has scored in the present round; a measurement has no rounds to wait for.
    #[must_use]
    pub fn is_round_complete(&self, row: usize, column: usize) -> bool {
        match self.cell(row, column) {
            Cell::Measured(_) => true,
            Cell::Scored(rounds) => {
                rounds.last().is_some_and(|round| self.complete_scores(row, column, round).is_some())
            }
        }
    }
}
