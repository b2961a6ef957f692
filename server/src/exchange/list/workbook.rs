//! The workbooks that go out: the template to fill in, and the bad rows to mend. All cells are texts,
//! so that none can become a formula and no number loses its digits.

use std::collections::BTreeMap;

use domain::finding::{Finding, Language};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError,
};

use super::propose::{ORIGINAL_ROW, WHAT_IS_WRONG, is_added, titles};
use crate::exchange::sheet::{Cell, Sheet};
use crate::exchange::table::safe;

/// How far down the template's drop-downs reach.
const LIST_ROWS: u32 = 50_000;
/// How wide a column is, in characters.
pub(super) const COLUMN_WIDTH: f64 = 20.0;
const REASON_WIDTH: f64 = 60.0;
const HELP_WIDTH: f64 = 110.0;
/// The built-in format "Text", `@`.
const TEXT_FORMAT: u8 = 49;
/// The most digits of a number that a spreadsheet keeps.
const DIGITS_KEPT: usize = 15;

/// A template: what is to be filled in.
pub struct Template<'a> {
    /// The names of its three sheets: the one to fill in, the lists to choose from, the explanation.
    pub sheets: [&'a str; 3],
    /// Its columns.
    pub columns: Vec<Filling<'a>>,
    /// What is explained, a line each.
    pub help: Vec<String>,
}

/// A column of it.
pub struct Filling<'a> {
    /// Its title.
    pub title: &'a str,
    /// What stands there in the example.
    pub example: &'a str,
    /// What is chosen from, where it is.
    pub choice: Option<Choice<'a>>,
}

/// What a column's drop-down offers.
pub struct Choice<'a> {
    /// The values.
    pub of: &'a [&'a str],
    /// Whether something else may be written after all.
    pub is_open: bool,
}

/// The template as a workbook.
///
/// # Errors
/// What the writer says.
pub fn template(template: &Template<'_>) -> Result<Vec<u8>, String> {
    write_template(template).map_err(|error| error.to_string())
}

/// The rows that have an error, as they were sent, each with what is wrong and its number there. It is
/// mended and sent again as it is.
///
/// # Errors
/// What the writer says.
pub fn error_workbook(
    sheet: &Sheet,
    header: usize,
    findings: &[Finding],
    language: Language,
) -> Result<Vec<u8>, String> {
    write_errors(sheet, header, findings, language).map_err(|error| error.to_string())
}

fn write_template(template: &Template<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let [filled, lists, help] = template.sheets;
    let choices: Vec<&Choice<'_>> =
        template.columns.iter().filter_map(|column| column.choice.as_ref()).collect();
    let sheet = workbook.add_worksheet().set_name(filled)?;
    let text = text_format();
    let mut letters = 'A'..='Z';
    for (at, column) in (0..).zip(&template.columns) {
        sheet.set_column_format(at, &text)?;
        sheet.set_column_width(at, COLUMN_WIDTH)?;
        sheet.write_string_with_format(0, at, column.title, &heading_format())?;
        sheet.write_string_with_format(1, at, column.example, &text)?;
        if let Some(choice) = &column.choice
            && let Some(letter) = letters.next()
        {
            let style = if choice.is_open {
                DataValidationErrorStyle::Warning
            } else {
                DataValidationErrorStyle::Stop
            };
            let formula = Formula::new(format!("='{lists}'!${letter}$1:${letter}${}", choice.of.len()));
            let choice = DataValidation::new().allow_list_formula(formula).set_error_style(style);
            sheet.add_data_validation(1, at, LIST_ROWS, at, &choice)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let sheet = workbook.add_worksheet().set_name(help)?;
    sheet.set_column_width(0, HELP_WIDTH)?;
    for (row, line) in (0..).zip(&template.help) {
        sheet.write_string_with_format(row, 0, line, &Format::new().set_text_wrap())?;
    }
    if !choices.is_empty() {
        // Names in cells, as a list within a formula ends at 255 characters.
        let sheet = workbook.add_worksheet().set_name(lists)?;
        for (column, choice) in (0..).zip(choices) {
            for (row, name) in (0..).zip(choice.of) {
                sheet.write_string(row, column, *name)?;
            }
        }
        sheet.set_hidden(true);
    }
    workbook.save_to_buffer()
}

fn write_errors(
    sheet: &Sheet,
    header: usize,
    findings: &[Finding],
    language: Language,
) -> Result<Vec<u8>, XlsxError> {
    let mut reasons: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.is_error()) {
        let Some(row) = finding.place.row else { continue };
        let said = finding.say(language);
        let reason = match (&finding.place.column, language) {
            (Some(column), Language::Chinese) => format!("{column}：{said}"),
            (Some(column), Language::English) => format!("{column}: {said}"),
            (None, _) => said.to_owned(),
        };
        reasons.entry(row).or_default().push(reason);
    }
    // Those that an earlier error workbook added would only be in the way.
    let kept: Vec<(usize, String)> =
        titles(sheet, header).into_iter().enumerate().filter(|(_, title)| !is_added(title)).collect();
    let mut workbook = Workbook::new();
    let out = workbook.add_worksheet();
    let wrapped = text_format().set_text_wrap().set_align(FormatAlign::Top);
    let text = text_format().set_align(FormatAlign::Top);
    for (at, width) in [(0, REASON_WIDTH), (1, COLUMN_WIDTH)] {
        out.set_column_width(at, width)?;
    }
    out.write_string_with_format(0, 0, called(&WHAT_IS_WRONG, language), &heading_format())?;
    out.write_string_with_format(0, 1, called(&ORIGINAL_ROW, language), &heading_format())?;
    for (at, (_, title)) in (2..).zip(&kept) {
        out.set_column_format(at, &text)?;
        out.set_column_width(at, COLUMN_WIDTH)?;
        out.write_string_with_format(0, at, safe(title), &heading_format())?;
    }
    let bad = sheet.rows.iter().skip(header + 1).filter_map(|row| Some((row, reasons.get(&row.number)?)));
    for (at, (row, reasons)) in (1..).zip(bad) {
        write_text(out, (at, 0), &reasons.join("\n"), &wrapped)?;
        write_text(out, (at, 1), &row.number.to_string(), &text)?;
        for (place, (column, _)) in (2..).zip(&kept) {
            if let Some(cell) = row.cells.get(*column).filter(|cell| !cell.text.is_empty()) {
                write_text(out, (at, place), &safe(&as_sent(cell)), &text)?;
            }
        }
    }
    out.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

/// The text of a cell. A number that has lost digits is shown as the spreadsheet shows it: with zeros
/// in their place it could pass for a sound one next time.
fn as_sent(cell: &Cell) -> String {
    let is_cut =
        cell.is_number && cell.text.len() > DIGITS_KEPT && cell.text.chars().all(|c| c.is_ascii_digit());
    match (cell.text.get(..1), cell.text.get(1..6)) {
        (Some(first), Some(next)) if is_cut => format!("{first}.{next}E+{}", cell.text.len() - 1),
        _ => cell.text.clone(),
    }
}

pub(super) fn write_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    // More than a cell holds would refuse the whole workbook.
    let held: String = text.chars().take(CELL_CHARACTERS_MAX).collect();
    sheet.write_string_with_format(row, column, held, format)?;
    Ok(())
}

/// What a cell of a workbook holds: 32,767 UTF-16 units, of which a character may take two.
const CELL_CHARACTERS_MAX: usize = 16_000;

fn called(names: &[(Language, &'static str)], language: Language) -> &'static str {
    names.iter().find(|(of, _)| *of == language).map_or("", |(_, name)| name)
}

pub(super) fn text_format() -> Format {
    Format::new().set_num_format_index(TEXT_FORMAT)
}

pub(super) fn heading_format() -> Format {
    text_format().set_bold()
}
