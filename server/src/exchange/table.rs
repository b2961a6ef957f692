//! A CSV table by column name: rows with their numbers, cells read with findings.

use std::str::FromStr;

use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::id;
use domain::number::{Decimal, Mark, NumberError};

use super::{Files, Moment};
use crate::spoken;

/// What makes a spreadsheet take a text for a formula, full-width forms included.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'];

/// The most rows of one table.
const ROWS_MAX: usize = 1_000_000;

findings! {
    /// What can be wrong with a table and its cells.
    pub enum TableFinding {
        CsvUnreadable { problem: Spoken } = Error "csv_unreadable",
            "这一行不是合格的 CSV：{problem:#}。",
            "This row is not well-formed CSV: {problem}.";
        RowTooLong { cells: usize, columns: usize } = Error "row_too_long",
            "这一行有 {cells} 格，表头只有 {columns} 列；请核对逗号和引号。",
            "This row has {cells} cells and the header {columns} columns; check its commas and quotes.";
        RowTooShort { cells: usize, columns: usize } = Error "row_too_short",
            "这一行只有 {cells} 格，表头有 {columns} 列；请补齐，没有内容的格也要留逗号。",
            "This row has only {cells} cells and the header {columns} columns; complete it, with commas for empty cells too.";
        QuoteUnclosed = Error "quote_unclosed",
            "这里的引号没有闭合；请补上另一半引号。",
            "The quote that begins here is never closed; close it.";
        BelowZero { text: String } = Error "below_zero",
            "“{text}”小于 0；请填 0 或以上的数。",
            "\"{text}\" is below 0; give 0 or more.";
        ColumnMissing { column: String } = Error "column_missing",
            "表头缺少列“{column}”；请补上。",
            "The header lacks the column \"{column}\"; add it.";
        ColumnRepeated { column: String } = Error "column_repeated",
            "列“{column}”出现了两次；请只保留一列。",
            "The column \"{column}\" stands there twice; keep one.";
        ColumnUnknown { column: String } = Warning "column_unknown",
            "不认识列“{column}”，已忽略。",
            "The column \"{column}\" is not known and was left out.";
        TooManyRows { most: usize } = Error "too_many_rows",
            "行数超过 {most}。",
            "There are more than {most} rows.";
        CellEmpty = Error "cell_empty",
            "这一格不能为空；请填写。",
            "This cell may not be empty; fill it in.";
        DecimalComma { text: String, meant: String } = Error "decimal_comma",
            "“{text}”用了逗号作小数点；请写成 {meant}。",
            "\"{text}\" has a decimal comma; write {meant}.";
        FullWidthDigits { text: String, meant: String } = Error "full_width_digits",
            "“{text}”是全角数字；请写成 {meant}。",
            "\"{text}\" has full-width digits; write {meant}.";
        NotANumber { text: String } = Error "not_a_number",
            "“{text}”不是数字；请写成 5.75 这样的形式。",
            "\"{text}\" is not a number; write it like 5.75.";
        TooManyDecimals { text: String, most: u32 } = Error "too_many_decimals",
            "“{text}”的小数位太多；最多 {most} 位。",
            "\"{text}\" has too many decimals; {most} at the most.";
        NumberTooLarge { text: String } = Error "number_too_large",
            "“{text}”太大。",
            "\"{text}\" is too large.";
        NotWhole { text: String } = Error "not_whole",
            "“{text}”须为 0 或以上的整数。",
            "\"{text}\" must be a whole number, 0 or more.";
        NotATime { text: String } = Error "not_a_time",
            "“{text}”不是时间；请写成 2026-05-01T09:30:00+08:00 这样的形式。",
            "\"{text}\" is no time; write it like 2026-05-01T09:30:00+08:00.";
        NotOneOf { text: String, known: String } = Error "not_one_of",
            "“{text}”不可用；可选：{known}。",
            "\"{text}\" is not known here; use one of {known}.";
        UnfitCode { code: String } = Error "unfit_code",
            "编号“{code}”不可用；请用 1 到 64 个字符，首尾不留空格。",
            "Code \"{code}\" cannot be used; use 1 to 64 characters without space at the ends.";
        RepeatedId { id: String, first: u64 } = Error "repeated_id",
            "编号“{id}”已在第 {first} 行出现；请给它唯一的编号。",
            "Id \"{id}\" already stands in row {first}; give this one its own.";
    }
}

/// A table's columns: those that must be there and those that may.
pub struct Shape {
    /// Without one of these the table is refused.
    pub required: &'static [&'static str],
    /// Empty where they are not there.
    pub optional: &'static [&'static str],
}

/// A table that was read.
pub struct Table {
    file: String,
    columns: Vec<(String, usize)>,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// One row of it.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    number: u64,
    cells: &'a csv::StringRecord,
}

impl Table {
    /// Reads a table. None where the file is not there or cannot be used; then `found` says why.
    pub fn read(files: &Files, file: &str, shape: &Shape, found: &mut Vec<Finding>) -> Option<Self> {
        let optional: Vec<String> = shape.optional.iter().map(|column| (*column).to_owned()).collect();
        Self::read_columns(files, file, shape.required, &optional, found)
    }

    /// The same where the columns are known at run time only.
    pub fn read_columns(
        files: &Files,
        file: &str,
        required: &[&str],
        optional: &[String],
        found: &mut Vec<Finding>,
    ) -> Option<Self> {
        let text = match files.text(file) {
            Ok(text) => text?,
            Err(finding) => {
                found.push(finding);
                return None;
            }
        };
        if let Some(row) = unclosed_quote(text, ',') {
            found.push(TableFinding::QuoteUnclosed.at(Place::row(file, row)));
            return None;
        }
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records();
        let header = match records.next() {
            Some(Ok(header)) => header,
            Some(Err(error)) => {
                found.push(malformed(file, 1, &error));
                return None;
            }
            None => csv::StringRecord::new(),
        };
        let columns = read_header(file, &header, required, optional, found)?;
        let mut lines = Lines::new(text);
        // Lines that are no rows: those inside a cell.
        let mut inside_cells = line_ends_inside(header.iter());
        let mut rows = Vec::new();
        for record in records {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let row = error.position().map_or(0, csv::Position::line);
                    found.push(malformed(file, row, &error));
                    return None;
                }
            };
            let number = record.position().map_or(0, |at| lines.at(at)).saturating_sub(inside_cells);
            inside_cells += line_ends_inside(record.iter());
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let (cells, columns) = (record.len(), header.len());
            if cells > columns {
                found.push(TableFinding::RowTooLong { cells, columns }.at(Place::row(file, number)));
            } else if cells < columns {
                // A cell that is not there would read as one that says: nothing.
                found.push(TableFinding::RowTooShort { cells, columns }.at(Place::row(file, number)));
            }
            if rows.len() == ROWS_MAX {
                found.push(TableFinding::TooManyRows { most: ROWS_MAX }.at(Place::row(file, number)));
                return None;
            }
            rows.push((number, record));
        }
        Some(Self { file: file.to_owned(), columns, rows })
    }

    /// A table that is no file's: its rows count from 1.
    pub fn of_rows<'t>(name: &str, columns: &[&str], rows: impl Iterator<Item = Vec<&'t str>>) -> Self {
        let columns = columns.iter().enumerate().map(|(at, column)| ((*column).to_owned(), at)).collect();
        let rows =
            rows.enumerate().map(|(at, cells)| (at as u64 + 1, csv::StringRecord::from(cells))).collect();
        Self { file: name.to_owned(), columns, rows }
    }

    /// Its rows, blank ones left out.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(number, cells)| Row { table: self, number: *number, cells })
    }

    /// Whether it has this column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| *name == column)
    }
}

impl<'a> Row<'a> {
    /// The row's number as a spreadsheet shows it.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Where the row stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::row(self.table.file.clone(), self.number)
    }

    /// Where one of its cells stands.
    #[must_use]
    pub fn at(&self, column: &str) -> Place {
        self.place().column(column)
    }

    /// A cell without the space at its ends; empty where the column is not there.
    pub fn text(&self, column: &str) -> &'a str {
        let at = self.table.columns.iter().find(|(name, _)| *name == column).map(|(_, at)| *at);
        plain(at.and_then(|at| self.cells.get(at)).unwrap_or("").trim())
    }

    /// A cell of free text, as it stands, also with space at its ends.
    pub fn verbatim(&self, column: &str) -> &'a str {
        let at = self.table.columns.iter().find(|(name, _)| *name == column).map(|(_, at)| *at);
        plain(at.and_then(|at| self.cells.get(at)).unwrap_or(""))
    }

    /// A cell that may not be empty.
    pub fn needed(&self, column: &str, found: &mut Vec<Finding>) -> Option<&'a str> {
        let text = self.text(column);
        if text.is_empty() {
            found.push(TableFinding::CellEmpty.at(self.at(column)));
            return None;
        }
        Some(text)
    }

    /// A cell that holds an id or code.
    pub fn code(&self, column: &str, found: &mut Vec<Finding>) -> Option<&'a str> {
        let text = self.needed(column, found)?;
        if id::is_fit(text) {
            return Some(text);
        }
        found.push(TableFinding::UnfitCode { code: text.to_owned() }.at(self.at(column)));
        None
    }

    /// A number; none where the cell is empty or cannot be read.
    pub fn decimal(&self, column: &str, found: &mut Vec<Finding>) -> Option<Decimal> {
        self.number_of(column, Decimal::parse, 6, found)
    }

    /// A mark; none where the cell is empty or cannot be read.
    pub fn mark(&self, column: &str, found: &mut Vec<Finding>) -> Option<Mark> {
        self.number_of(column, Mark::parse, 2, found)
    }

    /// A whole number from 0; none where the cell is empty or cannot be read.
    pub fn whole<N: FromStr>(&self, column: &str, found: &mut Vec<Finding>) -> Option<N> {
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
                found.push(TableFinding::NotWhole { text: text.to_owned() }.at(self.at(column)));
            }
        }
        number
    }

    /// A moment, milliseconds since 1970 UTC; none where the cell is empty or cannot be read.
    pub fn moment(&self, column: &str, found: &mut Vec<Finding>) -> Option<Moment> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let moment = Moment::parse(text);
        if moment.is_none() {
            found.push(TableFinding::NotATime { text: text.to_owned() }.at(self.at(column)));
        }
        moment
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, column: &str, words: &[(&str, T)], found: &mut Vec<Finding>) -> Option<T> {
        let text = self.needed(column, found)?;
        let word = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if word.is_none() {
            let known = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            found.push(TableFinding::NotOneOf { text: text.to_owned(), known }.at(self.at(column)));
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
pub fn number_finding(text: &str, error: NumberError, decimals_max: u32) -> TableFinding {
    let text = text.to_owned();
    match error {
        NumberError::DecimalComma(meant) => TableFinding::DecimalComma { text, meant },
        NumberError::FullWidth(meant) => TableFinding::FullWidthDigits { text, meant },
        NumberError::TooFine => TableFinding::TooManyDecimals { text, most: decimals_max },
        NumberError::TooLarge => TableFinding::NumberTooLarge { text },
        NumberError::Empty => TableFinding::CellEmpty,
        NumberError::NotANumber => TableFinding::NotANumber { text },
    }
}

fn read_header(
    file: &str,
    header: &csv::StringRecord,
    required: &[&str],
    optional: &[String],
    found: &mut Vec<Finding>,
) -> Option<Vec<(String, usize)>> {
    let mut columns: Vec<(String, usize)> = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let name = name.trim();
        let is_known = required.contains(&name) || optional.iter().any(|column| column == name);
        let place = || Place::row(file, 1).column(name);
        if name.is_empty() {
            continue;
        }
        if !is_known {
            found.push(TableFinding::ColumnUnknown { column: name.to_owned() }.at(place()));
        } else if columns.iter().any(|(other, _)| other == name) {
            found.push(TableFinding::ColumnRepeated { column: name.to_owned() }.at(place()));
            return None;
        } else {
            columns.push((name.to_owned(), at));
        }
    }
    let missing: Vec<&&str> =
        required.iter().filter(|column| !columns.iter().any(|(name, _)| name == *column)).collect();
    for column in &missing {
        let finding = TableFinding::ColumnMissing { column: (**column).to_owned() };
        found.push(finding.at(Place::row(file, 1).column(**column)));
    }
    missing.is_empty().then_some(columns)
}

/// Counts lines on the way through a text: by line feed, carriage return, or both together.
pub(super) struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, byte: 0, line: 1 }
    }

    /// The line on which a record begins; the reader's own position stands before blank lines.
    pub(super) fn at(&mut self, position: &csv::Position) -> u64 {
        let bytes = self.text.as_bytes();
        let from = usize::try_from(position.byte()).map_or(bytes.len(), |from| from.min(bytes.len()));
        let blank = bytes[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let to = from + blank;
        self.line += line_ends(bytes.get(self.byte..to).unwrap_or_default());
        self.byte = self.byte.max(to);
        self.line
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
    let returns = bytes.iter().filter(|byte| **byte == b'\r').count();
    let both = bytes.windows(2).filter(|pair| pair == b"\r\n").count();
    (feeds + returns - both) as u64
}

/// How many line ends stand inside these cells.
pub(super) fn line_ends_inside<'a>(cells: impl Iterator<Item = &'a str>) -> u64 {
    cells.map(|cell| line_ends(cell.as_bytes())).sum()
}

/// The line of a quote that opens a cell and is never closed: the reader would take all that follows
/// for one cell.
pub(super) fn unclosed_quote(text: &str, separator: char) -> Option<u64> {
    let (mut opened, mut at_start) = (None, true);
    let mut characters = text.char_indices().peekable();
    while let Some((byte, character)) = characters.next() {
        match (character, opened) {
            ('"', None) if at_start => opened = Some(byte),
            ('"', Some(_)) if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                characters.next();
            }
            ('"', Some(_)) => opened = None,
            _ => {}
        }
        at_start = opened.is_none() && (character == separator || matches!(character, '\n' | '\r'));
    }
    opened.map(|byte| 1 + line_ends(&text.as_bytes()[..byte]))
}

/// What the reader of CSV found wrong with a row.
pub(super) fn malformed(file: &str, row: u64, error: &csv::Error) -> Finding {
    TableFinding::CsvUnreadable { problem: spoken::of_csv(error) }.at(Place::row(file, row))
}

/// A table under construction.
pub struct Csv {
    writer: csv::Writer<Vec<u8>>,
}

impl Csv {
    /// With these columns.
    ///
    /// # Errors
    /// What the writer says.
    pub fn new(header: &[&str]) -> Result<Self, String> {
        let mut table = Self { writer: csv::Writer::from_writer(Vec::new()) };
        table.row(header.iter().map(|name| (*name).to_owned()))?;
        Ok(table)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// What the writer says.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) -> Result<(), String> {
        self.writer.write_record(cells).map_err(|error| error.to_string())
    }

    /// The bytes.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(self) -> Result<Vec<u8>, String> {
        self.writer.into_inner().map_err(|error| error.to_string())
    }
}

/// Free text that a spreadsheet would take for a formula gets an apostrophe before it, as
/// spreadsheets themselves write such text; reading takes it off again.
#[must_use]
pub fn safe(text: &str) -> String {
    let is_formula = text.trim_start_matches('\'').starts_with(FORMULA_STARTS);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`safe`] was given.
pub(super) fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.trim_start_matches('\'').starts_with(FORMULA_STARTS) => text,
        _ => cell,
    }
}
