//! Walking down a scheme sheet, row by row: headers, criteria, sub-criteria, and what each other row
//! belongs to. What an aspect's own row says is read in [`super::aspect`].

use std::collections::{BTreeMap, HashMap};

use domain::finding::Place;
use domain::id::{self, CriterionId, SubCriterionId};
use domain::number::NumberError;
use domain::scheme::{Criterion, SchemeFinding, SubCriterion};

use super::CisFinding;
use super::calculations::Named;
use super::cells::{self, Cell, Row, Sheet, letter, row_number};
use super::layout::{self, Columns};
use super::read::Draft;
use super::verdict::Stated;

/// The highest day of marking that is believed.
const DAY_MAX: u32 = 99;

/// The state of walking down the sheet.
pub(super) struct Walk<'a> {
    pub(super) file: &'a str,
    pub(super) draft: Draft,
    pub(super) calculations: Vec<Named>,
    pub(super) used: Vec<usize>,
    pub(super) columns: Columns,
    /// The criterion of the rows below, as its own row or the header names it.
    pub(super) block: Option<CriterionId>,
    /// The current sub-criterion: its criterion's and its own index.
    pub(super) current: Option<(usize, usize)>,
    /// How many measurements and judgements the sub-criteria have: the number in an aspect's id.
    pub(super) counts: HashMap<(usize, usize, char), u32>,
    /// Sub-criteria whose day was written.
    pub(super) dated: Vec<(usize, usize)>,
    /// Sub-criteria without an aspect so far, readable or not, and where they stand.
    pub(super) bare: BTreeMap<(usize, usize), Place>,
    pub(super) last: Last,
    /// Rungs of the last aspect that were read.
    pub(super) rungs: [bool; 4],
    pub(super) has_criteria: bool,
}

/// What a rung row would belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last {
    Nothing,
    Judgement,
    Measurement,
    /// An aspect that could not be read, which is already said.
    Unreadable,
}

impl<'a> Walk<'a> {
    pub(super) fn new(file: &'a str, sheet: &Sheet, header: u32) -> Self {
        let draft = Draft { top: layout::top(sheet, header), ..Draft::default() };
        Self {
            file,
            draft,
            calculations: Vec::new(),
            used: Vec::new(),
            columns: Columns::default(),
            block: None,
            current: None,
            counts: HashMap::new(),
            dated: Vec::new(),
            bare: BTreeMap::new(),
            last: Last::Nothing,
            rungs: [false; 4],
            has_criteria: false,
        }
    }

    pub(super) fn report(&mut self, finding: &CisFinding, row: u32, column: u32) {
        let place = Place::row(self.file, row_number(row)).column(letter(column));
        self.draft.findings.push(finding.at(place));
    }

    /// Takes over the sections and criteria that stand above the header.
    pub(super) fn open_with_top(&mut self) {
        let mut top = std::mem::take(&mut self.draft.top);
        for row in &mut top.sections {
            match row.target.as_ref().map(|cell| (cell.mark(), cell.excerpt())) {
                Some((Ok(target), _)) => row.section.target = target,
                Some((Err(error), text)) => self.report(&unreadable(error, text), row.row, row.target_column),
                None => {
                    let finding = unreadable(NumberError::Empty, String::new());
                    self.report(&finding, row.row, row.target_column);
                }
            }
            self.draft.scheme.sections.push(row.section.clone());
            if let Some((column, cell)) = row.stated.clone() {
                let stated = Stated::section(row.section.id.clone(), row.row, column, cell);
                self.draft.stated.push(stated);
            }
        }
        for row in &top.criteria {
            self.draft.scheme.criteria.push(Criterion {
                id: row.id.clone(),
                name: row.name.clone(),
                sub_criteria: Vec::new(),
            });
            if let Some((column, cell)) = row.stated.clone() {
                self.draft.stated.push(Stated::criterion(row.id.clone(), row.row, column, cell));
            }
        }
        self.has_criteria = !top.criteria.is_empty();
        self.draft.top = top;
    }

    /// A row at or below the first header row.
    pub(super) fn header(&mut self, index: u32, row: &Row) -> Result<(), ()> {
        match layout::header(row) {
            Some(Ok(columns)) => {
                if let (Some(criterion), Some(column)) = (&columns.block, columns.total)
                    && let Some(cell) = row.cell(column)
                {
                    let stated = Stated::criterion(criterion.clone(), index, column, cell.clone());
                    self.draft.stated.push(stated);
                }
                self.block = columns.block.clone();
                self.columns = columns;
                self.current = None;
                self.last = Last::Nothing;
                Ok(())
            }
            Some(Err(misfit)) => {
                let place = Place::row(self.file, row_number(index));
                let place = match misfit.column {
                    Some(column) => place.column(letter(column)),
                    None => place,
                };
                self.draft.findings.push(misfit.finding.at(place));
                Err(())
            }
            None => {
                self.row(index, row);
                Ok(())
            }
        }
    }

    fn row(&mut self, index: u32, row: &Row) {
        if row.is_blank() {
            return;
        }
        if let Some(column) = layout::total(row) {
            let cell = row.cell(column).cloned();
            self.draft.stated.extend(cell.map(|cell| Stated::total(index, column, cell)));
            return;
        }
        let starts_sub_criterion = match row.cell(self.columns.sub_criterion) {
            Some(id) => {
                if !self.id(index, row, &id.text()) {
                    return;
                }
                true
            }
            None => false,
        };
        let columns = &self.columns;
        let is_described = row.cell(columns.description).is_some();
        if row.cell(columns.kind).is_some() {
            self.aspect(index, row);
        } else if row.maybe(columns.score).is_some() {
            self.rung(index, row);
        } else if let Some(max) = row.cell(columns.max).cloned() {
            let (kind, column) = (columns.kind, columns.max);
            match self.current_id() {
                _ if is_described => self.report(&CisFinding::TypeMissing, index, kind),
                Some(id) if starts_sub_criterion => {
                    self.draft.stated.push(Stated::sub_criterion(id, index, column, max));
                }
                _ => self.report(&CisFinding::RowNotRead { text: max.excerpt() }, index, column),
            }
        } else if !is_described && !starts_sub_criterion {
            // A description alone is a heading between aspects ("Nav + Hero") and says nothing.
            let lost = [columns.extra, columns.requirement].into_iter().flatten();
            let lost = lost.filter_map(|column| Some((column, row.cell(column)?.excerpt()))).next();
            if let Some((column, text)) = lost {
                self.report(&CisFinding::RowNotRead { text }, index, column);
            }
        }
    }

    /// A row with something in the id column; false where the rest of the row is not to be read.
    fn id(&mut self, index: u32, row: &Row, text: &str) -> bool {
        let column = self.columns.sub_criterion;
        let is_listed = self.draft.scheme.criteria.iter().any(|known| known.id.as_str() == text);
        let is_letter = text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_listed || is_letter {
            self.criterion_row(index, row, text);
            return false;
        }
        let belongs = [Some(self.columns.kind), self.columns.day, self.columns.name];
        let is_plain = id::is_fit(text) && !text.contains(char::is_whitespace);
        if !is_plain || (letters(text).is_none() && !belongs.iter().any(|at| row.maybe(*at).is_some())) {
            // Such as the footer "Judgement: (score/3) × Max".
            self.report(&CisFinding::RowNotRead { text: cells::excerpt(text) }, index, column);
            return false;
        }
        self.sub_criterion(index, row, text);
        true
    }

    /// A criterion that has a row of its own among the aspects.
    fn criterion_row(&mut self, index: u32, row: &Row, text: &str) {
        let id = CriterionId::from(text);
        if !self.draft.scheme.criteria.iter().any(|known| known.id == id) {
            let name = row.verbatim(self.columns.name);
            self.draft.scheme.criteria.push(Criterion { id: id.clone(), name, sub_criteria: Vec::new() });
        }
        if let Some(cell) = row.cell(self.columns.max).cloned() {
            self.draft.stated.push(Stated::criterion(id.clone(), index, self.columns.max, cell));
        }
        self.has_criteria = true;
        self.block = Some(id);
        self.current = None;
        self.last = Last::Nothing;
    }

    fn sub_criterion(&mut self, index: u32, row: &Row, text: &str) {
        if self.draft.scheme.sub_criteria().any(|(_, sub)| sub.id.as_str() == text) {
            let finding = SchemeFinding::RepeatedSubCriterion { id: text.to_owned() };
            let place = Place::row(self.file, row_number(index)).column(letter(self.columns.sub_criterion));
            self.draft.findings.push(finding.at(place));
        }
        let criterion = self.criterion_of(index, text);
        let day = row.maybe(self.columns.day).map(|cell| self.day(index, cell));
        let name = row.verbatim(self.columns.name);
        let Some(parent) = self.draft.scheme.criteria.get_mut(criterion) else { return };
        let sub = parent.sub_criteria.len();
        parent.sub_criteria.push(SubCriterion {
            aspects: Vec::new(),
            day: day.unwrap_or(1),
            id: SubCriterionId::from(text),
            name,
        });
        if day.is_some() {
            self.dated.push((criterion, sub));
        }
        self.current = Some((criterion, sub));
        let place = Place::row(self.file, row_number(index)).column(letter(self.columns.sub_criterion));
        self.bare.insert((criterion, sub), place);
        self.last = Last::Nothing;
    }

    /// The index of the criterion that a sub-criterion belongs to: its letter's where the list has
    /// it, else the one whose header it stands under.
    fn criterion_of(&mut self, index: u32, sub: &str) -> usize {
        let column = self.columns.sub_criterion;
        let at = |walk: &Self, id: &str| {
            walk.draft.scheme.criteria.iter().position(|known| known.id.as_str() == id)
        };
        let block = self.block.clone();
        if let Some(letters) = letters(sub) {
            if let Some(found) = at(self, letters) {
                if let Some(block) = block.filter(|block| block.as_str() != letters) {
                    let finding =
                        CisFinding::OtherBlock { sub_criterion: sub.into(), block: block.to_string() };
                    self.report(&finding, index, column);
                }
                return found;
            }
            if letters.len() == 1 || block.is_none() {
                if self.has_criteria {
                    let (sub_criterion, criterion) = (sub.into(), letters.into());
                    self.report(&CisFinding::CriterionMissing { sub_criterion, criterion }, index, column);
                }
                return self.add_criterion(letters);
            }
        }
        match block {
            Some(block) => at(self, block.as_str()).unwrap_or_else(|| {
                if self.has_criteria {
                    let (sub_criterion, criterion) = (sub.into(), block.to_string());
                    self.report(&CisFinding::CriterionMissing { sub_criterion, criterion }, index, column);
                }
                self.add_criterion(block.as_str())
            }),
            None => {
                self.report(&CisFinding::CriterionUnknown { sub_criterion: sub.into() }, index, column);
                self.add_criterion(sub)
            }
        }
    }

    fn add_criterion(&mut self, id: &str) -> usize {
        let criteria = &mut self.draft.scheme.criteria;
        criteria.push(Criterion { id: id.into(), name: String::new(), sub_criteria: Vec::new() });
        criteria.len() - 1
    }

    /// `1`, `"1"` or `C1`.
    pub(super) fn day(&mut self, index: u32, cell: &Cell) -> u32 {
        let text = cell.text();
        let digits = text.strip_prefix(['C', 'c']).unwrap_or(&text);
        let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match digits.parse() {
            Ok(day) if is_plain && (1..=DAY_MAX).contains(&day) => day,
            _ => {
                let column = self.columns.day.unwrap_or_default();
                let text = cells::excerpt(&text);
                self.report(&CisFinding::DayUnreadable { text }, index, column);
                1
            }
        }
    }

    pub(super) fn current_sub(&mut self) -> Option<&mut SubCriterion> {
        let (criterion, sub) = self.current?;
        self.draft.scheme.criteria.get_mut(criterion)?.sub_criteria.get_mut(sub)
    }

    pub(super) fn current_id(&self) -> Option<String> {
        let (criterion, sub) = self.current?;
        Some(self.draft.scheme.criteria.get(criterion)?.sub_criteria.get(sub)?.id.to_string())
    }

    pub(super) fn say_what_is_empty(&mut self) {
        let whole = || Place::file(self.file);
        if !self.has_criteria && !self.draft.scheme.criteria.is_empty() {
            self.draft.findings.push(CisFinding::CriteriaTableMissing.at(whole()));
        }
        for criterion in self.draft.scheme.criteria.iter().filter(|c| c.sub_criteria.is_empty()) {
            let row = self.draft.top.criteria.iter().find(|row| row.id == criterion.id);
            let place = row.map_or_else(whole, |row| {
                Place::row(self.file, row_number(row.row)).column(letter(row.id_column))
            });
            let criterion = criterion.id.to_string();
            self.draft.findings.push(CisFinding::CriterionEmpty { criterion }.at(place));
        }
        for ((criterion, sub), place) in std::mem::take(&mut self.bare) {
            let criterion = self.draft.scheme.criteria.get(criterion);
            if let Some(sub) = criterion.and_then(|criterion| criterion.sub_criteria.get(sub)) {
                let sub_criterion = sub.id.to_string();
                self.draft.findings.push(CisFinding::SubCriterionEmpty { sub_criterion }.at(place));
            }
        }
    }
}

/// `B` of `B4`; nothing where an id is not letters and then a number.
fn letters(id: &str) -> Option<&str> {
    let (letters, number) = id.split_at(id.find(|c: char| !c.is_alphabetic())?);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (is_number && !letters.is_empty()).then_some(letters)
}

/// What is wrong with a figure, with the spelling that is meant.
pub(super) fn unreadable(error: NumberError, text: String) -> CisFinding {
    match error {
        NumberError::DecimalComma(meant) => CisFinding::DecimalComma { text, meant },
        NumberError::FullWidth(meant) => CisFinding::FullWidth { text, meant },
        NumberError::TooFine => CisFinding::TooFine { text },
        NumberError::TooLarge => CisFinding::TooLarge { text },
        NumberError::Empty | NumberError::NotANumber => CisFinding::NotANumber { text },
    }
}
