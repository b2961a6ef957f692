//! A CSV table by column name: rows with their numbers, cells read with findings.

use std::str::FromStr;

use domain::finding::{Finding, Place};
use domain::id;
use domain::number::{Decimal, Mark, NumberError};

use super::{Files, PackageFinding};

/// The most rows of one table.
const ROWS_MAX: usize = 1_000_000;

/// A table's columns: those that must be there and those that may.
pub(super) struct Shape {
    pub(super) required: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
}

/// A table that was read.
pub(super) struct Table {
    file: String,
    columns: Vec<(&'static str, usize)>,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// One row of it.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    number: u64,
    cells: &'a csv::StringRecord,
}

impl Table {
    /// Reads a table. None where the file is not there or cannot be used; then `found` says why.
    pub(super) fn read(files: &Files, file: &str, shape: &Shape, found: &mut Vec<Finding>) -> Option<Self> {
        let text = match files.text(file) {
            Ok(text) => text?,
            Err(finding) => {
                found.push(finding);
                return None;
            }
        };
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records();
        let header = match records.next() {
            Some(Ok(header)) => header,
            Some(Err(error)) => {
                found.push(malformed(file, 1, &error.to_string()));
                return None;
            }
            None => csv::StringRecord::new(),
        };
        let columns = read_header(file, &header, shape, found)?;
        let mut rows = Vec::new();
        for record in records {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let row = error.position().map_or(0, csv::Position::line);
                    found.push(malformed(file, row, &error.to_string()));
                    return None;
                }
            };
            let number = record.position().map_or(0, csv::Position::line);
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if record.len() > header.len() {
                let problem = format!("{} / {}", record.len(), header.len());
                found.push(malformed(file, number, &problem));
            }
            if rows.len() == ROWS_MAX {
                found.push(PackageFinding::TooManyRows { most: ROWS_MAX }.at(Place::row(file, number)));
                return None;
            }
            rows.push((number, record));
        }
        Some(Self { file: file.to_owned(), columns, rows })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(number, cells)| Row { table: self, number: *number, cells })
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| *name == column)
    }
}

impl<'a> Row<'a> {
    /// The row's number as a spreadsheet shows it.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn place(&self) -> Place {
        Place::row(self.table.file.clone(), self.number)
    }

    pub(super) fn at(&self, column: &str) -> Place {
        self.place().column(column)
    }

    /// A cell without the space at its ends; empty where the column is not there.
    pub(super) fn text(&self, column: &str) -> &'a str {
        let at = self.table.columns.iter().find(|(name, _)| *name == column).map(|(_, at)| *at);
        super::write::plain(at.and_then(|at| self.cells.get(at)).unwrap_or("").trim())
    }

    /// A cell that may not be empty.
    pub(super) fn needed(&self, column: &str, found: &mut Vec<Finding>) -> Option<&'a str> {
        let text = self.text(column);
        if text.is_empty() {
            found.push(PackageFinding::CellEmpty.at(self.at(column)));
            return None;
        }
        Some(text)
    }

    /// A cell that holds an id or code.
    pub(super) fn code(&self, column: &str, found: &mut Vec<Finding>) -> Option<&'a str> {
        let text = self.needed(column, found)?;
        if id::is_fit(text) {
            return Some(text);
        }
        found.push(PackageFinding::UnfitCode { code: text.to_owned() }.at(self.at(column)));
        None
    }

    /// A number; none where the cell is empty or cannot be read.
    pub(super) fn decimal(&self, column: &str, found: &mut Vec<Finding>) -> Option<Decimal> {
        self.number_of(column, Decimal::parse, 6, found)
    }

    /// A mark; none where the cell is empty or cannot be read.
    pub(super) fn mark(&self, column: &str, found: &mut Vec<Finding>) -> Option<Mark> {
        self.number_of(column, Mark::parse, 2, found)
    }

    /// A whole number from 0; none where the cell is empty or cannot be read.
    pub(super) fn whole<N: FromStr>(&self, column: &str, found: &mut Vec<Finding>) -> Option<N> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() {
            // A number in another spelling is told apart from nonsense.
            let before = found.len();
            self.decimal(column, found);
            if found.len() == before {
                found.push(PackageFinding::NotWhole { text: text.to_owned() }.at(self.at(column)));
            }
        }
        number
    }

    /// A moment, milliseconds since 1970 UTC; none where the cell is empty or cannot be read.
    pub(super) fn moment(&self, column: &str, found: &mut Vec<Finding>) -> Option<super::Moment> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let moment = super::Moment::parse(text);
        if moment.is_none() {
            found.push(PackageFinding::NotATime { text: text.to_owned() }.at(self.at(column)));
        }
        moment
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(
        &self,
        column: &str,
        words: &[(&str, T)],
        found: &mut Vec<Finding>,
    ) -> Option<T> {
        let text = self.needed(column, found)?;
        let word = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if word.is_none() {
            let known = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            found.push(PackageFinding::NotOneOf { text: text.to_owned(), known }.at(self.at(column)));
        }
        word
    }

    fn number_of<N>(
        &self,
        column: &str,
        parse: impl Fn(&str) -> Result<N, NumberError>,
        decimals_max: u32,
        found: &mut Vec<Finding>,
    ) -> Option<N> {
        let text = self.text(column);
        match parse(text) {
            Ok(number) => Some(number),
            Err(NumberError::Empty) => None,
            Err(error) => {
                found.push(number_finding(text, error, decimals_max).at(self.at(column)));
                None
            }
        }
    }
}

/// What is wrong with a text that should be a number.
pub(super) fn number_finding(text: &str, error: NumberError, decimals_max: u32) -> PackageFinding {
    let text = text.to_owned();
    match error {
        NumberError::DecimalComma(meant) => PackageFinding::DecimalComma { text, meant },
        NumberError::FullWidth(meant) => PackageFinding::FullWidthDigits { text, meant },
        NumberError::TooFine => PackageFinding::TooManyDecimals { text, most: decimals_max },
        NumberError::TooLarge => PackageFinding::NumberTooLarge { text },
        NumberError::Empty => PackageFinding::CellEmpty,
        NumberError::NotANumber => PackageFinding::NotANumber { text },
    }
}

fn read_header(
    file: &str,
    header: &csv::StringRecord,
    shape: &Shape,
    found: &mut Vec<Finding>,
) -> Option<Vec<(&'static str, usize)>> {
    let mut columns: Vec<(&'static str, usize)> = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let name = name.trim().trim_start_matches('\u{feff}');
        let known = shape.required.iter().chain(shape.optional).find(|known| **known == name);
        let place = || Place::row(file, 1).column(name);
        match known {
            Some(known) if columns.iter().any(|(other, _)| other == known) => {
                found.push(PackageFinding::ColumnRepeated { column: name.to_owned() }.at(place()));
                return None;
            }
            Some(known) => columns.push((known, at)),
            None if name.is_empty() => {}
            None => found.push(PackageFinding::ColumnUnknown { column: name.to_owned() }.at(place())),
        }
    }
    let mut is_whole = true;
    for column in shape.required {
        if !columns.iter().any(|(name, _)| name == column) {
            let finding = PackageFinding::ColumnMissing { column: (*column).to_owned() };
            found.push(finding.at(Place::row(file, 1).column(*column)));
            is_whole = false;
        }
    }
    is_whole.then_some(columns)
}

fn malformed(file: &str, row: u64, problem: &str) -> Finding {
    PackageFinding::CsvUnreadable { problem: problem.to_owned() }.at(Place::row(file, row))
}
