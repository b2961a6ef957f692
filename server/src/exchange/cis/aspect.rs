//! An aspect's own row and the ladder below it: type, maximum, section, calculation and rungs.

use domain::finding::Place;
use domain::id::{AspectId, SectionId};
use domain::number::{Mark, NumberError};
use domain::scheme::{Aspect, Calculation, Method};

use super::CisFinding;
use super::calculations;
use super::cells::{self, Cell, Row, letter, row_number};
use super::read::Spot;
use super::walk::{Last, Walk, unreadable};

impl Walk<'_> {
    pub(super) fn aspect(&mut self, index: u32, row: &Row) {
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
            measured_in: row.verbatim(columns.measured_in),
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

    pub(super) fn rung(&mut self, index: u32, row: &Row) {
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

    /// CIS names a calculation that was made for one aspect after that aspect (`B4.M5`). Where the
    /// aspect's own cell is empty that name is all there is: it counts when it fits. In the UK final
    /// of 2024 none does (one names an aspect that is not there, two take off more than the aspect
    /// gives): such rows stay behind when a scheme is made from another.
    pub(super) fn attach_by_name(&mut self) {
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
}

fn is_pass_fail(aspect: &Aspect) -> bool {
    aspect.method == Method::Measurement(Calculation::PassFail)
}
