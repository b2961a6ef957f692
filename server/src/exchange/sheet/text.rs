//! CSV as spreadsheets write it: the encoding is found out, and the separator.

use std::borrow::Cow;

use domain::finding::{Finding, Place};

use super::{CELLS_MAX, Cell, Rows, Sheet, SheetFinding};
use crate::exchange::table::{self, Lines, TableFinding};

/// In the order in which they win where a line has as many of one as of another.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The text of a file: UTF-8, UTF-16 with its mark, or GB18030, which is what Excel and WPS write
/// where Windows is Chinese.
///
/// # Errors
/// Where it is none of them, or has the zero bytes of something that is no text.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SheetFinding> {
    let (encoding, bytes) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, bytes.get(mark..).unwrap_or_default()),
        None if std::str::from_utf8(bytes).is_ok() => (encoding_rs::UTF_8, bytes),
        None => (encoding_rs::GB18030, bytes),
    };
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    if has_errors || text.contains('\0') { Err(SheetFinding::EncodingUnknown) } else { Ok(text) }
}

/// What stands between the cells: whichever the first line that has any has most of. A title above
/// the header may have none.
pub(super) fn separator(text: &str) -> char {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut is_quoted = false;
    for character in text.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            '\n' | '\r' if !is_quoted && counts.iter().any(|count| *count > 0) => break,
            _ if is_quoted => {}
            _ => {
                for (count, separator) in counts.iter_mut().zip(SEPARATORS) {
                    *count += usize::from(character == separator);
                }
            }
        }
    }
    // The last of equals would be taken.
    let most = counts.into_iter().zip(SEPARATORS).rev().max_by_key(|(count, _)| *count);
    most.map_or(',', |(_, separator)| separator)
}

/// The rows of a text. A record is a row however many lines it takes, and so is a blank line.
///
/// # Errors
/// The finding that says why it cannot be read.
pub(super) fn read(text: &str, separator: char, file: &str) -> Result<Sheet, Finding> {
    let whole = |finding: SheetFinding| finding.at(Place::file(file));
    if let Some(row) = table::unclosed_quote(text, separator) {
        return Err(TableFinding::QuoteUnclosed.at(Place::row(file, row)));
    }
    // A line of nothing but separators would cost before its cells are counted.
    if text.matches(separator).count() > CELLS_MAX {
        return Err(whole(SheetFinding::FileTooLarge { limit: format!("{CELLS_MAX} cells") }));
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut lines = Lines::new(text);
    let mut inside_cells = 0;
    let mut rows = Rows::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let row = error.position().map_or(0, csv::Position::line);
                return Err(table::malformed(file, row, &error));
            }
        }
        let number = record.position().map_or(0, |at| lines.at(at)).saturating_sub(inside_cells);
        inside_cells += table::line_ends_inside(record.iter());
        rows.take(record.len(), record.as_slice().len()).map_err(whole)?;
        rows.push(number, record.iter().map(Cell::of_text).collect()).map_err(whole)?;
    }
    rows.finish(String::new()).map_err(whole)
}
