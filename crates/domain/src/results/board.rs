//! Marks to totals and ranks, kept up to date mark by mark: the incremental half of the fold.
//!
//! Rows are competitors, columns are aspects, both by index. One mark costs one addition and one
//! move in a sorted list; [`Board::rebuild`] does all of it from the marks, and a test shows that
//! both agree whatever happened.

use super::scale::Scale;
use crate::marking::VoidHow;
use crate::number::{Mark, round_half_up};
use crate::rules::ScaleRules;

/// A mark before the one rounding, in whole grains of `1/unit` of a hundredth; with rounding per
/// aspect a grain is a hundredth.
pub type Grains = i64;

/// One column of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The maximum, in hundredths.
    pub max: Mark,
    /// Which weighted part it belongs to; 0 where there are none.
    pub part: usize,
    /// What took its place, where it is voided.
    pub voided: Option<VoidHow>,
}

/// The marks of one skill with their totals and ranks.
#[derive(Clone, Debug)]
pub struct Board {
    columns: Vec<Column>,
    /// The parts' weights in hundredths of a percent; empty without parts.
    weights: Vec<Mark>,
    /// Grains in a hundredth.
    unit: i64,
    penalty_cap: Option<Mark>,
    scale: Option<ScaleRules>,
    rows: Vec<Row>,
    /// Row by row.
    marks: Marks,
    /// Row by row, one sum a part (at least one).
    sums: Vec<Grains>,
    /// The parts' maxima, without what was removed.
    part_max: Vec<i64>,
    ranks: Vec<Ranks>,
}

/// A table of marks. *Not marked* is its own thing, never a zero.
///
/// Almost every mark of almost every skill is below 655.35 and rounded per aspect, so two bytes hold
/// it, and the marks of a national event stay near the processor; the first mark that does not fit
/// makes the table a wide one.
#[derive(Clone, Debug)]
enum Marks {
    Narrow(Vec<u16>),
    Wide(Vec<Option<Grains>>),
}

#[derive(Clone, Debug)]
struct Row {
    group: usize,
    unmarked: usize,
    penalty: Mark,
    is_competing: bool,
    total: Option<Mark>,
}

/// One group's totals in order, and its scale.
#[derive(Clone, Debug, Default)]
struct Ranks {
    /// Best first.
    sorted: Vec<Mark>,
    scale: Option<Scale>,
}

impl Board {
    /// An empty board: `groups` names the group of each row, from 0.
    #[must_use]
    pub fn new(
        columns: Vec<Column>,
        weights: Vec<Mark>,
        unit: i64,
        penalty_cap: Option<Mark>,
        scale: Option<ScaleRules>,
        groups: &[usize],
    ) -> Self {
        let rows = groups
            .iter()
            .map(|group| Row {
                group: *group,
                unmarked: 0,
                penalty: Mark::ZERO,
                is_competing: true,
                total: None,
            })
            .collect();
        let parts = weights.len().max(1);
        let group_count = groups.iter().max().map_or(0, |last| last + 1);
        let mut board = Self {
            marks: Marks::unmarked(columns.len() * groups.len()),
            sums: vec![0; parts * groups.len()],
            part_max: vec![0; parts],
            columns,
            weights,
            unit,
            penalty_cap,
            scale,
            rows,
            ranks: vec![Ranks::default(); group_count],
        };
        board.rebuild();
        board
    }

    /// Everything anew from the marks.
    pub fn rebuild(&mut self) {
        self.part_max.fill(0);
        for column in self.columns.iter().filter(|c| c.voided != Some(VoidHow::Removed)) {
            self.part_max[column.part] += column.max.0;
        }
        for ranks in &mut self.ranks {
            ranks.sorted.clear();
        }
        for row in 0..self.rows.len() {
            self.sum_row(row);
            self.rows[row].total = self.total_of(row);
            if let Some(total) = self.rows[row].total {
                self.ranks[self.rows[row].group].sorted.push(total);
            }
        }
        for ranks in &mut self.ranks {
            ranks.sorted.sort_unstable_by(|a, b| b.cmp(a));
            ranks.scale = self.scale.as_ref().and_then(|rules| Scale::of(rules, &ranks.sorted));
        }
    }

    /// Gives, changes or takes back the mark of one cell.
    pub fn set_mark(&mut self, row: usize, column: usize, mark: Option<Grains>) {
        let cell = row * self.columns.len() + column;
        let old = self.marks.replace(cell, mark);
        let shape = self.columns[column];
        if old == mark || shape.voided.is_some() {
            return;
        }
        self.sums[row * self.part_max.len() + shape.part] += mark.unwrap_or(0) - old.unwrap_or(0);
        match (old, mark) {
            (None, _) => self.rows[row].unmarked -= 1,
            (_, None) => self.rows[row].unmarked += 1,
            _ => {}
        }
        self.place(row);
    }

    /// Says what a competitor loses by penalties, before the cap.
    pub fn set_penalty(&mut self, row: usize, penalty: Mark) {
        self.rows[row].penalty = penalty;
        self.place(row);
    }

    /// Says whether a competitor competes: neither absent nor withdrawn nor disqualified.
    pub fn set_competing(&mut self, row: usize, is_competing: bool) {
        self.rows[row].is_competing = is_competing;
        self.place(row);
    }

    /// Voids a column, or lets it count again.
    pub fn set_voided(&mut self, column: usize, voided: Option<VoidHow>) {
        self.columns[column].voided = voided;
        self.rebuild();
    }

    /// The mark of a cell in grains; the maximum or nothing where the aspect is voided.
    #[must_use]
    pub fn mark(&self, row: usize, column: usize) -> Option<Grains> {
        match self.columns[column].voided {
            Some(VoidHow::Full) => Some(self.columns[column].max.0 * self.unit),
            Some(VoidHow::Removed) => None,
            None => self.marks.get(row * self.columns.len() + column),
        }
    }

    /// The columns as they stand.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Grains in a hundredth.
    #[must_use]
    pub fn unit(&self) -> i64 {
        self.unit
    }

    /// How many aspects of a row are still unmarked.
    #[must_use]
    pub fn unmarked(&self, row: usize) -> usize {
        self.rows[row].unmarked
    }

    /// Whether a row competes.
    #[must_use]
    pub fn is_competing(&self, row: usize) -> bool {
        self.rows[row].is_competing
    }

    /// The total; none while an aspect is unmarked or for one who does not compete.
    #[must_use]
    pub fn total(&self, row: usize) -> Option<Mark> {
        self.rows[row].total
    }

    /// What the row's penalties take from the total: their sum, at most the cap.
    #[must_use]
    pub fn penalty(&self, row: usize) -> Mark {
        let penalty = self.rows[row].penalty;
        self.penalty_cap.map_or(penalty, |cap| penalty.min(cap))
    }

    /// What a row has in some columns, weighed, rounded and less its penalties as in the total, so that
    /// all columns give the total; what was removed gives nothing. None where one of them is
    /// unmarked, there are none, or the row does not compete.
    #[must_use]
    pub fn total_over(&self, row: usize, columns: &[usize]) -> Option<Mark> {
        if !self.rows[row].is_competing || columns.is_empty() {
            return None;
        }
        let mut sums = vec![0; self.part_max.len()];
        for &column in columns.iter().filter(|column| self.columns[**column].voided != Some(VoidHow::Removed))
        {
            sums[self.columns[column].part] += self.mark(row, column)?;
        }
        Some(self.total_of_sums(row, &sums))
    }

    /// The position by totals among the group, equals sharing; before tie-breaks.
    #[must_use]
    pub fn position(&self, row: usize) -> Option<usize> {
        let total = self.rows[row].total?;
        let sorted = &self.ranks[self.rows[row].group].sorted;
        Some(1 + sorted.partition_point(|other| *other > total))
    }

    /// The published scale of a row; none without a total or where the group has no scale.
    #[must_use]
    pub fn scale(&self, row: usize) -> Option<i64> {
        let total = self.rows[row].total?;
        self.ranks[self.rows[row].group].scale.map(|scale| scale.at(total))
    }

    /// The sum of a row's marks in one part, in grains.
    #[must_use]
    pub fn part_sum(&self, row: usize, part: usize) -> Grains {
        self.sums[row * self.part_max.len() + part]
    }

    /// A part's maxima, without what was removed, in hundredths.
    #[must_use]
    pub fn part_max(&self, part: usize) -> i64 {
        self.part_max[part]
    }

    fn sum_row(&mut self, row: usize) {
        let parts = self.part_max.len();
        let sums = &mut self.sums[row * parts..(row + 1) * parts];
        sums.fill(0);
        let mut unmarked = 0;
        for (cell, column) in (row * self.columns.len()..).zip(&self.columns) {
            match column.voided {
                None => match self.marks.get(cell) {
                    Some(grains) => sums[column.part] += grains,
                    None => unmarked += 1,
                },
                Some(VoidHow::Full) => sums[column.part] += column.max.0 * self.unit,
                Some(VoidHow::Removed) => {}
            }
        }
        self.rows[row].unmarked = unmarked;
    }

    /// Works out a row's total and moves it to its place.
    fn place(&mut self, row: usize) {
        let (old, new) = (self.rows[row].total, self.total_of(row));
        if old == new {
            return;
        }
        self.rows[row].total = new;
        let ranks = &mut self.ranks[self.rows[row].group];
        ranks.move_total(old, new);
        ranks.scale = self.scale.as_ref().and_then(|rules| Scale::of(rules, &ranks.sorted));
    }

    fn total_of(&self, row: usize) -> Option<Mark> {
        let state = &self.rows[row];
        if !state.is_competing || state.unmarked > 0 || self.columns.is_empty() {
            return None;
        }
        let parts = self.part_max.len();
        Some(self.total_of_sums(row, &self.sums[row * parts..(row + 1) * parts]))
    }

    /// A row's total from one sum a part.
    fn total_of_sums(&self, row: usize, sums: &[Grains]) -> Mark {
        let sum = if self.weights.is_empty() { self.rounded_sum(sums[0]) } else { self.weighted(sums) };
        Mark((sum - self.penalty(row).0).max(0))
    }

    /// Grains as hundredths, rounded half-up.
    #[must_use]
    pub fn rounded_sum(&self, grains: Grains) -> i64 {
        if self.unit == 1 {
            return grains;
        }
        narrow(round_half_up(i128::from(grains), i128::from(self.unit)))
    }

    /// `Σ sum / max × weight`, rounded once, half-up. A part whose aspects are all removed
    /// gives nothing.
    fn weighted(&self, sums: &[Grains]) -> i64 {
        let (mut numerator, mut denominator) = (0_i128, i128::from(self.unit));
        let scale = |of: i128, part: usize| of * i128::from(self.part_max[part].max(1));
        for (part, weight) in self.weights.iter().enumerate() {
            // a/b + c/(d·unit), with every fraction over unit × the product of the maxima so far
            let term = i128::from(sums[part]) * i128::from(weight.0) * (denominator / i128::from(self.unit));
            numerator = scale(numerator, part) + term;
            denominator = scale(denominator, part);
        }
        narrow(round_half_up(numerator, denominator))
    }
}

impl Marks {
    const UNMARKED: u16 = u16::MAX;

    fn unmarked(cells: usize) -> Self {
        Self::Narrow(vec![Self::UNMARKED; cells])
    }

    fn get(&self, cell: usize) -> Option<Grains> {
        match self {
            Self::Narrow(marks) => Self::widen(marks[cell]),
            Self::Wide(marks) => marks[cell],
        }
    }

    /// Puts a mark in a cell and gives the one that stood there.
    fn replace(&mut self, cell: usize, mark: Option<Grains>) -> Option<Grains> {
        match self {
            Self::Wide(marks) => std::mem::replace(&mut marks[cell], mark),
            Self::Narrow(marks) => {
                let narrow = mark.map_or(Some(Self::UNMARKED), |grains| {
                    u16::try_from(grains).ok().filter(|grains| *grains != Self::UNMARKED)
                });
                if let Some(narrow) = narrow {
                    return Self::widen(std::mem::replace(&mut marks[cell], narrow));
                }
                let mut wide: Vec<Option<Grains>> = marks.iter().map(|mark| Self::widen(*mark)).collect();
                let old = std::mem::replace(&mut wide[cell], mark);
                *self = Self::Wide(wide);
                old
            }
        }
    }

    fn widen(mark: u16) -> Option<Grains> {
        (mark != Self::UNMARKED).then(|| Grains::from(mark))
    }
}

impl Ranks {
    /// Takes a total out, puts one in, or moves one by shifting only what lies between.
    fn move_total(&mut self, old: Option<Mark>, new: Option<Mark>) {
        let place = |total: Mark| self.sorted.partition_point(|other| *other > total);
        match (old.map(place), new.map(place), new) {
            (Some(from), Some(to), Some(new)) if from < to => {
                self.sorted.copy_within(from + 1..to, from);
                self.sorted[to - 1] = new;
            }
            (Some(from), Some(to), Some(new)) => {
                self.sorted.copy_within(to..from, to + 1);
                self.sorted[to] = new;
            }
            (None, Some(to), Some(new)) => self.sorted.insert(to, new),
            (Some(from), ..) => drop(self.sorted.remove(from)),
            _ => {}
        }
    }
}

/// Whether weights and maxima stay inside exact 128-bit arithmetic, with room to round.
#[must_use]
pub fn is_exact(part_max: &[i64], unit: i64) -> bool {
    let product =
        part_max.iter().try_fold(i128::from(unit), |all, max| all.checked_mul(i128::from((*max).max(1))));
    product.and_then(|all| all.checked_mul(100_000)).is_some()
}

fn narrow(hundredths: i128) -> i64 {
    i64::try_from(hundredths).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_too_large_for_two_bytes_widens_the_table_and_keeps_the_others() {
        let column = Column { max: Mark(100_000), part: 0, voided: None };
        let mut board = Board::new(vec![column; 2], Vec::new(), 1, None, None, &[0, 0]);
        for (row, first) in [(0, 65_534), (1, 3)] {
            board.set_mark(row, 0, Some(first));
            board.set_mark(row, 1, Some(0));
        }
        for large in [65_535, 65_536, 100_000] {
            board.set_mark(1, 1, Some(large));
            assert_eq!((board.mark(0, 0), board.mark(1, 1)), (Some(65_534), Some(large)));
            assert_eq!((board.total(0), board.total(1)), (Some(Mark(65_534)), Some(Mark(large + 3))));
        }
        board.set_mark(0, 1, None);
        assert_eq!((board.mark(0, 1), board.total(0), board.unmarked(0)), (None, None, 1));
    }
}
