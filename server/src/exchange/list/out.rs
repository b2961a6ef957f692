//! A list that goes out, for a spreadsheet: a workbook of texts, or text in UTF-8 that says so.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::workbook::{COLUMN_WIDTH, heading_format, text_format, write_text};
use crate::exchange::table::{Csv, safe};

/// By what a spreadsheet knows that a file is in UTF-8.
const UTF_8: &[u8] = b"\xEF\xBB\xBF";

/// As what a list goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `.xlsx`
    #[default]
    Workbook,
    /// `.csv`
    Csv,
}

impl Format {
    /// By its word in an address; a workbook where it is none.
    #[must_use]
    pub fn read(word: &str) -> Self {
        if word == "csv" { Self::Csv } else { Self::Workbook }
    }

    /// How names of such files end.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Workbook => "xlsx",
            Self::Csv => "csv",
        }
    }
}

/// These rows under this header. What a spreadsheet would take for a formula is text.
///
/// # Errors
/// What the writer says.
pub fn written<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    format: Format,
) -> Result<Vec<u8>, String> {
    match format {
        Format::Csv => {
            let mut table = Csv::new(&header)?;
            for row in rows {
                table.row(row.map(|cell| safe(&cell)))?;
            }
            Ok([UTF_8, &table.finish()?].concat())
        }
        Format::Workbook => workbook(header, rows).map_err(|error| error.to_string()),
    }
}

fn workbook<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let text = text_format();
    for (at, title) in (0..).zip(header) {
        sheet.set_column_format(at, &text)?;
        sheet.set_column_width(at, COLUMN_WIDTH)?;
        sheet.write_string_with_format(0, at, title, &heading_format())?;
    }
    for (at, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            write_text(sheet, (at, column), &safe(&cell), &text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}
