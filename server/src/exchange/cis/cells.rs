//! The sheets of a workbook as sparse rows of plain values, read as a stream: a sheet costs what its
//! cells cost, whatever size it claims to have.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use domain::number::{Decimal, Mark, NumberError};

use super::CisFinding;
use crate::spoken;

/// More filled cells than any scheme has (a real one has some 3,000).
const CELLS_MAX: usize = 200_000;
/// Counted per cell: many cells may share one long text.
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How much of a text a finding repeats.
const EXCERPT_CHARACTERS: usize = 60;

/// How much more may be read.
struct Left {
    cells: usize,
    text_bytes: usize,
}

/// A filled cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Number(f64),
    /// A date, a truth value, a formula's error: shown as it is, never calculated with.
    Other(String),
}

/// One worksheet. Rows and columns count from 0 here; people see [`row_number`] and
/// [`letter`].
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    rows: BTreeMap<u32, Row>,
}

/// The filled cells of a row.
#[derive(Clone, Debug, Default)]
pub(super) struct Row(BTreeMap<u32, Cell>);

/// All worksheets of a workbook whose container was found bearable.
///
/// # Errors
/// The one finding that says why it cannot be read.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, CisFinding> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut left = Left { cells: CELLS_MAX, text_bytes: TEXT_BYTES_MAX };
    names.into_iter().map(|name| sheet(&mut workbook, name, &mut left)).collect()
}

fn sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: String, left: &mut Left) -> Result<Sheet, CisFinding> {
    let mut cells = match workbook.worksheet_cells_reader(&name) {
        Ok(cells) => cells,
        // A chart or macro sheet that did not say so.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(Sheet { name, ..Sheet::default() }),
        Err(error) => return Err(broken(&error)),
    };
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        left.take(cell.get_value())?;
        let Some(value) = value(cell.get_value()) else { continue };
        let (row, column) = cell.get_position();
        rows.entry(row).or_default().0.insert(column, value);
    }
    Ok(Sheet { name, rows })
}

impl Left {
    /// Pays for a cell before it is copied.
    fn take(&mut self, data: &DataRef<'_>) -> Result<(), CisFinding> {
        let text_bytes = match data {
            DataRef::Empty => return Ok(()),
            DataRef::String(text) => text.len(),
            DataRef::SharedString(text) => text.len(),
            _ => 0,
        };
        let limit = |limit: String| CisFinding::FileTooLarge { limit };
        self.cells = self.cells.checked_sub(1).ok_or_else(|| limit(format!("{CELLS_MAX} cells")))?;
        let left = self.text_bytes.checked_sub(text_bytes);
        self.text_bytes = left.ok_or_else(|| limit("16 MiB of text".into()))?;
        Ok(())
    }
}

/// What a cell holds; an empty text is no content.
fn value(data: &DataRef<'_>) -> Option<Cell> {
    let text = |text: &str| (!text.is_empty()).then(|| Cell::Text(text.to_owned()));
    match data {
        DataRef::String(string) => text(string),
        DataRef::SharedString(string) => text(string),
        DataRef::Int(number) => Some(Cell::Text(number.to_string())),
        DataRef::Float(number) => Some(Cell::Number(*number)),
        DataRef::Bool(truth) => Some(Cell::Other(if *truth { "TRUE" } else { "FALSE" }.into())),
        DataRef::DateTime(date) => Some(Cell::Other(date.to_string())),
        DataRef::DateTimeIso(date) | DataRef::DurationIso(date) => Some(Cell::Other(date.clone())),
        DataRef::Error(error) => Some(Cell::Other(error.to_string())),
        DataRef::Empty => None,
    }
}

fn broken(error: &XlsxError) -> CisFinding {
    match error {
        XlsxError::Password => CisFinding::EncryptedWorkbook,
        error => CisFinding::BrokenWorkbook { detail: spoken::of_library(&error) },
    }
}

impl Sheet {
    /// The filled rows in order, each with its index from 0.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, &Row)> {
        self.rows.iter().map(|(index, row)| (*index, row))
    }

    /// How many rows have anything in them.
    pub(super) fn filled_rows(&self) -> usize {
        self.rows.len()
    }

    /// The row of that index from 0.
    pub(super) fn row(&self, index: u32) -> Option<&Row> {
        self.rows.get(&index)
    }
}

impl Row {
    /// The filled cells in order, each with its column from 0.
    pub(super) fn cells(&self) -> impl Iterator<Item = (u32, &Cell)> {
        self.0.iter().map(|(column, cell)| (*column, cell))
    }

    /// The cell of that column, unless it is blank.
    pub(super) fn cell(&self, column: u32) -> Option<&Cell> {
        self.0.get(&column).filter(|cell| !cell.is_blank())
    }

    /// The cell of a column that the layout may lack.
    pub(super) fn maybe(&self, column: Option<u32>) -> Option<&Cell> {
        column.and_then(|column| self.cell(column))
    }

    /// The text of that column exactly as written, empty where there is none.
    pub(super) fn verbatim(&self, column: Option<u32>) -> String {
        column.and_then(|column| self.0.get(&column)).map(Cell::verbatim).unwrap_or_default()
    }

    /// Whether nothing but blanks is in it.
    pub(super) fn is_blank(&self) -> bool {
        self.0.values().all(Cell::is_blank)
    }
}

impl Cell {
    fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// The content as text, numbers in their shortest spelling.
    pub(super) fn verbatim(&self) -> String {
        match self {
            // The shortest decimal text that means this very float is what the author typed;
            // arithmetic on it (times 100, rounded) would not be.
            Self::Number(number) => format!("{number}"),
            Self::Text(text) | Self::Other(text) => text.clone(),
        }
    }

    /// The same without white space at its ends.
    pub(super) fn text(&self) -> String {
        self.verbatim().trim().to_owned()
    }

    /// As much of the text as a finding repeats.
    pub(super) fn excerpt(&self) -> String {
        excerpt(&self.text())
    }

    /// The text in lower case, letters and digits only: how headings are compared.
    pub(super) fn folded(&self) -> String {
        fold(&self.verbatim())
    }

    /// The content as a mark.
    ///
    /// # Errors
    /// Whatever [`NumberError`] names.
    pub(super) fn mark(&self) -> Result<Mark, NumberError> {
        if let Self::Other(_) = self {
            return Err(NumberError::NotANumber);
        }
        let text = self.verbatim();
        match (self, Mark::parse(&text)) {
            // A formula's result can carry binary dust (0.1 + 0.2). Spreadsheets show and compare
            // 15 digits; so do we, in text.
            (Self::Number(number), Err(NumberError::TooFine)) => {
                Decimal::parse(&format!("{number:.14e}"))?.to_mark().ok_or(NumberError::TooFine)
            }
            (_, mark) => mark,
        }
    }
}

/// A heading without its white space, line breaks, punctuation and case.
pub(super) fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// As much of a text as a finding repeats.
pub(in crate::exchange) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A row as the spreadsheet shows it.
pub(super) fn row_number(index: u32) -> u64 {
    u64::from(index) + 1
}

/// A column as the spreadsheet shows it: 0 is `A`, 26 is `AA`.
pub(in crate::exchange) fn letter(column: u32) -> String {
    const LETTERS: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        let digit = usize::try_from(rest % 26).unwrap_or_default();
        letters.push(char::from(LETTERS.get(digit).copied().unwrap_or(b'?')));
        rest /= 26;
    }
    letters.into_iter().rev().collect()
}
