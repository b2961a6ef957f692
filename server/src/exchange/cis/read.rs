//! Reading a workbook: opens it, chooses the sheet, walks the rows below the header and builds the
//! scheme; what it says in sums is left to [`super::verdict`].

use std::collections::{BTreeMap, HashMap};

use domain::finding::{Finding, Place};
use domain::id::{self, AspectId, CriterionId, SectionId, SubCriterionId};
use domain::number::{Mark, NumberError};
use domain::scheme::{Aspect, Calculation, Criterion, Method, Scheme, SchemeFinding, SubCriterion};

use super::calculations::{self, Named};
use super::cells::{self, Cell, Row, Sheet, letter, row_number};
use super::layout::{self, Columns, Top};
use super::verdict::{self, Stated};
use super::{CisFinding, Reading, safety};

/// More rows than a scheme of the most aspects has, ladders and empty lines included.
const ROWS_MAX: usize = 10_000;
/// The highest day of marking that is believed.
const DAY_MAX: u32 = 99;

/// Reads a workbook. It never fails: what cannot be read is among the findings, and with an error
/// there is no scheme. `file_name` is only what findings call the file.
#[must_use]
pub fn read(bytes: &[u8], file_name: &str) -> Reading {
    match draft(bytes, file_name) {
        Ok(draft) => verdict::judge(draft, file_name),
        Err(findings) => Reading { findings, ..Reading::default() },
    }
}

/// What was read, before anything is made of it.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) scheme: Scheme,
    pub(super) top: Top,
    pub(super) calculation_rows: usize,
    /// Where each aspect stands.
    pub(super) spots: HashMap<AspectId, Spot>,
    /// The summary cells, to be compared.
    pub(super) stated: Vec<Stated>,
    /// Aspects whose maximum could not be read, which is already said.
    pub(super) without_max: Vec<AspectId>,
    pub(super) findings: Vec<Finding>,
    /// What is wrong with the sheet "Calculations", whose rows are not the scheme's.
    pub(super) calculation_findings: Vec<Finding>,
}

/// Where an aspect stands, in columns of its header.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) row: u32,
    pub(super) columns: Columns,
}

/// Reads without judging.
///
/// # Errors
/// The findings that kept the sheet from being read at all.
pub(super) fn draft(bytes: &[u8], file: &str) -> Result<Draft, Vec<Finding>> {
    let whole = |finding: &CisFinding| vec![finding.at(Place::file(file))];
    safety::check(bytes).map_err(|finding| whole(&finding))?;
    let sheets = cells::sheets(bytes).map_err(|finding| whole(&finding))?;
    let (sheet, header, warning) = choose(&sheets).map_err(|finding| whole(&finding))?;
    let calculations = sheets.iter().find(|sheet| cells::fold(&sheet.name) == "calculations");
    if [Some(sheet), calculations].into_iter().flatten().any(|sheet| sheet.filled_rows() > ROWS_MAX) {
        return Err(whole(&CisFinding::FileTooLarge { limit: format!("{ROWS_MAX} rows") }));
    }
    let mut walk = Walk::new(file, sheet, header);
    walk.draft.findings.extend(warning.map(|finding| finding.at(Place::file(file))));
    if let Some(sheet) = calculations {
        let (calculations, findings) = calculations::read(sheet, file);
        walk.draft.calculation_rows = calculations.len();
        walk.draft.calculation_findings = findings;
        walk.calculations = calculations;
    }
    walk.open_with_top();
    for (index, row) in sheet.rows().skip_while(|(index, _)| *index < header) {
        if walk.header(index, row).is_err() {
            // A block in unknown columns: whatever follows would be read wrong.
            return Err(walk.draft.findings);
        }
    }
    walk.attach_by_name();
    walk.say_what_is_empty();
    Ok(walk.draft)
}

/// The scheme's sheet, its first header row, and a warning where others look like one too. The
/// first one named like CIS is taken, else like a marking scheme, else the first.
fn choose(sheets: &[Sheet]) -> Result<(&Sheet, u32, Option<CisFinding>), CisFinding> {
    let header_of =
        |sheet: &Sheet| sheet.rows().find(|(_, row)| layout::header(row).is_some()).map(|at| at.0);
    let mut candidates: Vec<(&Sheet, u32)> =
        sheets.iter().filter_map(|sheet| Some((sheet, header_of(sheet)?))).collect();
    candidates.sort_by_key(|(sheet, _)| {
        let name = cells::fold(&sheet.name);
        if name.contains("cis") {
            0
        } else if name.contains("markingscheme") {
            1
        } else {
            2
        }
    });
    let quoted = |names: &mut dyn Iterator<Item = &str>| {
        names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    };
    let Some((sheet, header)) = candidates.first().copied() else {
        let sheets = quoted(&mut sheets.iter().map(|sheet| sheet.name.as_str()));
        return Err(CisFinding::HeaderNotFound { sheets });
    };
    let others = quoted(&mut candidates.iter().skip(1).map(|(sheet, _)| sheet.name.as_str()));
    let warning = CisFinding::SeveralSchemes { chosen: sheet.name.clone(), others };
    Ok((sheet, header, (candidates.len() > 1).then_some(warning)))
}

/// The state of walking down the sheet.
struct Walk<'a> {
    file: &'a str,
    draft: Draft,
    calculations: Vec<Named>,
    used: Vec<usize>,
    columns: Columns,
    /// The criterion of the rows below, as its own row or the header names it.
    block: Option<CriterionId>,
    /// The current sub-criterion: its criterion's and its own index.
    current: Option<(usize, usize)>,
    /// How many measurements and judgements the sub-criteria have: the number in an aspect's id.
    counts: HashMap<(usize, usize, char), u32>,
    /// Sub-criteria whose day was written.
    dated: Vec<(usize, usize)>,
    /// Sub-criteria without an aspect so far, readable or not, and where they stand.
    bare: BTreeMap<(usize, usize), Place>,
    last: Last,
    /// Rungs of the last aspect that were read.
    rungs: [bool; 4],
    has_criteria: bool,
}

/// What a rung row would belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    Judgement,
    Measurement,
    /// An aspect that could not be read, which is already said.
    Unreadable,
}

impl<'a> Walk<'a> {
    fn new(file: &'a str, sheet: &Sheet, header: u32) -> Self {
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

    fn report(&mut self, finding: &CisFinding, row: u32, column: u32) {
        let place = Place::row(self.file, row_number(row)).column(letter(column));
        self.draft.findings.push(finding.at(place));
    }

    /// Takes over the sections and criteria that stand above the header.
    fn open_with_top(&mut self) {
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
    fn header(&mut self, index: u32, row: &Row) -> Result<(), ()> {
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
    fn day(&mut self, index: u32, cell: &Cell) -> u32 {
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

    fn aspect(&mut self, index: u32, row: &Row) {
        self.last = Last::Unreadable;
        if let Some(current) = &self.current {
            self.bare.remove(current);
        }
        let columns = self.columns.clone();
        let kind = row.cell(columns.kind).map(Cell::text).unwrap_or_default();
        let Some(letter) = self.kind(index, &kind) else { return };
        let Some((criterion, sub)) = self.current else {
            return self.report(&CisFinding::AspectBeforeCriterion, index, columns.kind);
        };
        if let Some(cell) = row.maybe(columns.day)
            && row.cell(columns.sub_criterion).is_none()
        {
            self.day_of_aspect(index, cell);
        }
        let sub_criterion = self.current_id().unwrap_or_default();
        let count = self.counts.entry((criterion, sub, letter)).or_default();
        *count += 1;
        let numbered = format!("{sub_criterion}.{letter}{count}");
        let id = row.maybe(columns.aspect_id).map_or(numbered, Cell::text);
        let max = self.max(index, row, &id);
        let method = self.method(index, row, letter);
        let section = row.maybe(columns.section).and_then(|cell| self.section(index, cell));
        let mut aspect = Aspect {
            description: row.verbatim(Some(columns.description)),
            id: AspectId::from(id),
            max,
            method,
            note: row.verbatim(columns.extra),
            part: None,
            requirement: row.verbatim(columns.requirement),
            section,
        };
        self.rungs = [false; 4];
        self.last = if letter == 'J' { Last::Judgement } else { Last::Measurement };
        let has_rung = self.last == Last::Judgement && row.maybe(columns.score).is_some();
        if has_rung {
            aspect.note.clear(); // the text beside a rung is the rung's
        }
        self.draft.spots.entry(aspect.id.clone()).or_insert(Spot { row: index, columns });
        if let Some(sub) = self.current_sub() {
            sub.aspects.push(aspect);
        }
        if has_rung {
            self.rung(index, row);
        }
    }

    /// `M` or `J`, whatever the author's year or alphabet calls it; nothing where it is neither.
    fn kind(&mut self, index: u32, text: &str) -> Option<char> {
        let column = self.columns.kind;
        let mut characters = text.chars();
        let first = characters.next().map(|c| c.to_uppercase().next().unwrap_or(c));
        // The shorter layout numbers the aspects in this cell (M1, J2); the number is ours to give.
        let is_numbered = characters.all(|c| c.is_ascii_digit());
        let (read_as, is_latin, is_old) = match first.filter(|_| is_numbered) {
            Some('M') => ('M', true, false),
            Some('J') => ('J', true, false),
            Some('O') => ('M', true, true),
            Some('S') => ('J', true, true),
            // Cyrillic М, О (objective), full-width М and О
            Some('\u{041C}' | '\u{041E}' | '\u{FF2D}' | '\u{FF2F}') => ('M', false, false),
            // Cyrillic С (subjective), Ѕ, Ј, full-width J and S
            Some('\u{0421}' | '\u{0405}' | '\u{0408}' | '\u{FF2A}' | '\u{FF33}') => ('J', false, false),
            _ => {
                self.report(&CisFinding::TypeUnknown { text: cells::excerpt(text) }, index, column);
                return None;
            }
        };
        let text = text.to_owned();
        if !is_latin {
            self.report(&CisFinding::TypeLookalike { text, read_as: read_as.into() }, index, column);
        } else if is_old {
            self.report(&CisFinding::TypeBefore2016 { text, read_as: read_as.into() }, index, column);
        }
        Some(read_as)
    }

    /// A day that stands beside an aspect counts for its sub-criterion, which has only one.
    fn day_of_aspect(&mut self, index: u32, cell: &Cell) {
        let other = self.day(index, cell);
        let Some(current) = self.current else { return };
        let is_dated = self.dated.contains(&current);
        let Some(sub) = self.current_sub() else { return };
        if !is_dated {
            sub.day = other;
            self.dated.push(current);
        } else if sub.day != other {
            let finding = CisFinding::DayDiffers { sub_criterion: sub.id.to_string(), day: sub.day, other };
            self.report(&finding, index, self.columns.day.unwrap_or_default());
        }
    }

    fn max(&mut self, index: u32, row: &Row, id: &str) -> Mark {
        let column = self.columns.max;
        let finding = match row.cell(column).map(|cell| (cell.mark(), cell.excerpt())) {
            Some((Ok(mark), _)) => return mark,
            Some((Err(error), text)) => unreadable(error, text),
            None => CisFinding::MaxMissing,
        };
        self.report(&finding, index, column);
        self.draft.without_max.push(AspectId::from(id));
        Mark::ZERO
    }

    fn method(&mut self, index: u32, row: &Row, letter: char) -> Method {
        let column = self.columns.calculation.unwrap_or_default();
        let reference = row.maybe(self.columns.calculation).map(Cell::text);
        if letter == 'J' {
            if let Some(text) = reference {
                self.report(&CisFinding::CalculationOfJudgement { text }, index, column);
            }
            return Method::Judgement { rungs: Default::default() };
        }
        let Some(text) = reference.filter(|text| text != "PASS_FAIL") else {
            return Method::Measurement(Calculation::PassFail);
        };
        let by_name = self.calculations.iter().position(|known| known.name == text);
        let by_row = || {
            let row: u64 = text.parse().ok()?;
            self.calculations.iter().position(|known| row_number(known.row) == row)
        };
        match by_name.or_else(by_row) {
            Some(found) => {
                self.used.push(found);
                let calculation = self.calculations.get(found).and_then(|known| known.calculation.clone());
                Method::Measurement(calculation.unwrap_or(Calculation::PassFail))
            }
            None => {
                let text = cells::excerpt(&text);
                self.report(&CisFinding::CalculationNotFound { text }, index, column);
                Method::Measurement(Calculation::PassFail)
            }
        }
    }

    /// A section's number as written. Text that is almost a number is named, never guessed.
    fn section(&mut self, index: u32, cell: &Cell) -> Option<SectionId> {
        let text = cell.text();
        let column = self.columns.section.unwrap_or_default();
        match domain::number::Decimal::parse(&text) {
            Err(error @ (NumberError::DecimalComma(_) | NumberError::FullWidth(_))) => {
                self.report(&unreadable(error, cells::excerpt(&text)), index, column);
                None
            }
            _ => Some(SectionId::from(text)),
        }
    }

    fn rung(&mut self, index: u32, row: &Row) {
        let column = self.columns.score.unwrap_or_default();
        match self.last {
            Last::Judgement => {}
            Last::Measurement => return self.report(&CisFinding::RungOfMeasurement, index, column),
            Last::Nothing => return self.report(&CisFinding::RungWithoutAspect, index, column),
            Last::Unreadable => return,
        }
        let Some(cell) = row.cell(column) else { return };
        let score = cell.mark().ok().filter(|mark| mark.0 % 100 == 0).map(|mark| mark.0 / 100);
        let Some(score) = score else {
            return self.report(&CisFinding::RungUnreadable { text: cell.excerpt() }, index, column);
        };
        let rung = usize::try_from(score).unwrap_or(usize::MAX);
        match self.rungs.get_mut(rung) {
            Some(is_read) if !*is_read => *is_read = true,
            _ => return self.report(&CisFinding::RungExtra { score: score.to_string() }, index, column),
        }
        let text = row.verbatim(self.columns.extra);
        let aspect = self.current_sub().and_then(|sub| sub.aspects.last_mut());
        if let Some(Aspect { method: Method::Judgement { rungs }, .. }) = aspect
            && let Some(place) = rungs.get_mut(rung)
        {
            *place = text;
        }
    }

    fn current_sub(&mut self) -> Option<&mut SubCriterion> {
        let (criterion, sub) = self.current?;
        self.draft.scheme.criteria.get_mut(criterion)?.sub_criteria.get_mut(sub)
    }

    fn current_id(&self) -> Option<String> {
        let (criterion, sub) = self.current?;
        Some(self.draft.scheme.criteria.get(criterion)?.sub_criteria.get(sub)?.id.to_string())
    }

    /// CIS names a calculation that was made for one aspect after that aspect (`B4.M5`). Where the
    /// aspect's own cell is empty that name is all there is: it counts when it fits. In the UK final
    /// of 2024 none does (one names an aspect that is not there, two take off more than the aspect
    /// gives): such rows stay behind when a scheme is made from another.
    fn attach_by_name(&mut self) {
        for (index, named) in self.calculations.iter().enumerate() {
            let Some(calculation) = named.calculation.clone().filter(|_| !self.used.contains(&index)) else {
                continue;
            };
            let in_calculations =
                || Place::row(self.file, row_number(named.row)).column(letter(calculations::NAME_COLUMN));
            let name = named.name.clone();
            let aspects = self.draft.scheme.criteria.iter_mut().flat_map(|c| &mut c.sub_criteria);
            let aspect = aspects.flat_map(|sub| &mut sub.aspects).find(|aspect| aspect.id.as_str() == name);
            let Some(aspect) = aspect.filter(|aspect| is_pass_fail(aspect)) else {
                let finding = CisFinding::CalculationUnused { name };
                self.draft.calculation_findings.push(finding.at(in_calculations()));
                continue;
            };
            match calculations::largest_deduction(&calculation, aspect.max) {
                Some(deduction) if deduction > aspect.max.into() => {
                    let finding = CisFinding::CalculationMisfit { name, deduction, max: aspect.max };
                    self.draft.calculation_findings.push(finding.at(in_calculations()));
                }
                _ => {
                    aspect.method = Method::Measurement(calculation);
                    if let Some(spot) = self.draft.spots.get(&aspect.id) {
                        let column = spot.columns.calculation.unwrap_or(spot.columns.kind);
                        let place = Place::row(self.file, row_number(spot.row)).column(letter(column));
                        self.draft.findings.push(CisFinding::CalculationByName { name }.at(place));
                    }
                }
            }
        }
    }

    fn say_what_is_empty(&mut self) {
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

fn is_pass_fail(aspect: &Aspect) -> bool {
    aspect.method == Method::Measurement(Calculation::PassFail)
}

/// `B` of `B4`; nothing where an id is not letters and then a number.
fn letters(id: &str) -> Option<&str> {
    let (letters, number) = id.split_at(id.find(|c: char| !c.is_alphabetic())?);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (is_number && !letters.is_empty()).then_some(letters)
}

fn unreadable(error: NumberError, text: String) -> CisFinding {
    match error {
        NumberError::DecimalComma(meant) => CisFinding::DecimalComma { text, meant },
        NumberError::FullWidth(meant) => CisFinding::FullWidth { text, meant },
        NumberError::TooFine => CisFinding::TooFine { text },
        NumberError::TooLarge => CisFinding::TooLarge { text },
        NumberError::Empty | NumberError::NotANumber => CisFinding::NotANumber { text },
    }
}
