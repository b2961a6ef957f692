//! The workbooks that go out: the template to fill in, and the bad rows to mend. All cells are texts,
//! so that none can become a formula and no number loses its digits.

use std::collections::BTreeMap;

use domain::finding::{Finding, Language};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError,
};

use super::propose::{ORIGINAL_ROW, WHAT_IS_WRONG, is_added, titles};
use super::{Column, PEOPLE_MAX};
use crate::exchange::sheet::{Cell, Sheet};
use crate::exchange::table::safe;

/// How far down the template's drop-downs reach.
const LIST_ROWS: u32 = 50_000;
/// How wide a column is, in characters.
const COLUMN_WIDTH: f64 = 20.0;
const REASON_WIDTH: f64 = 60.0;
const HELP_WIDTH: f64 = 110.0;
/// The built-in format "Text", `@`.
const TEXT_FORMAT: u8 = 49;
/// The most digits of a number that a spreadsheet keeps.
const DIGITS_KEPT: usize = 15;

/// The template: a sheet to fill in with an example, drop-downs, and an explanation. `skills` are the
/// names to choose from; where there are none, the roster is for one skill and has no such column.
///
/// # Errors
/// What the writer says.
pub fn template(skills: &[&str], language: Language) -> Result<Vec<u8>, String> {
    write_template(skills, language).map_err(|error| error.to_string())
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

fn write_template(skills: &[&str], language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (roster, lists, help) = match language {
        Language::Chinese => ("选手名单", "字典", "说明"),
        Language::English => ("Roster", "Lists", "Help"),
    };
    let employments: &[&str] = match language {
        Language::Chinese => &["职工", "学生"],
        Language::English => &["Employee", "Student"],
    };
    let columns: Vec<Column> =
        Column::ALL.into_iter().filter(|column| *column != Column::Skill || !skills.is_empty()).collect();
    let sheet = workbook.add_worksheet().set_name(roster)?;
    let text = text_format();
    for (at, column) in (0..).zip(&columns) {
        sheet.set_column_format(at, &text)?;
        sheet.set_column_width(at, COLUMN_WIDTH)?;
        sheet.write_string_with_format(0, at, column.title(language), &heading_format())?;
        sheet.write_string_with_format(1, at, example(*column, skills, language), &text)?;
        let list = match column {
            Column::Skill => Some((0, skills.len(), DataValidationErrorStyle::Stop)),
            // Whoever is neither may say so.
            Column::Employment => Some((1, employments.len(), DataValidationErrorStyle::Warning)),
            _ => None,
        };
        if let Some((place, count, style)) = list {
            let letter = if place == 0 { 'A' } else { 'B' };
            let formula = Formula::new(format!("='{lists}'!${letter}$1:${letter}${count}"));
            let choice = DataValidation::new().allow_list_formula(formula).set_error_style(style);
            sheet.add_data_validation(1, at, LIST_ROWS, at, &choice)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let sheet = workbook.add_worksheet().set_name(help)?;
    sheet.set_column_width(0, HELP_WIDTH)?;
    for (row, line) in (0..).zip(help_lines(language)) {
        sheet.write_string_with_format(row, 0, &line, &Format::new().set_text_wrap())?;
    }
    // Names in cells, as a list within a formula ends at 255 characters.
    let sheet = workbook.add_worksheet().set_name(lists)?;
    for (column, names) in [(0, skills), (1, employments)] {
        for (row, name) in (0..).zip(names) {
            sheet.write_string(row, column, *name)?;
        }
    }
    sheet.set_hidden(true);
    workbook.save_to_buffer()
}

/// A person who does not exist, with a number that GB 11643 allows.
fn example<'a>(column: Column, skills: &[&'a str], language: Language) -> &'a str {
    let (chinese, english) = match column {
        Column::Name => ("示例：张三", "Example: San Zhang"),
        Column::IdNumber => return "11010120000101007X",
        Column::Skill => return skills.first().copied().unwrap_or_default(),
        Column::Organisation => ("某某职业技术学院", "Some Vocational College"),
        Column::Delegation => ("某某代表队", "Some Province"),
        Column::Team => ("某某一队", "Team One"),
        Column::Group => ("学生组", "Students"),
        Column::Employment => ("学生", "Student"),
        Column::Level => ("三级/高级工", "Level 3"),
        Column::Member => ("中国", "China"),
    };
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

fn help_lines(language: Language) -> Vec<String> {
    let lines: &[&str] = match language {
        Language::Chinese => &[
            "填写说明",
            "1. 在“选手名单”工作表中每人填一行；不要改动第一行的列标题，不要合并单元格。",
            "2. 示例行可以保留（导入时略过），也可以删去。",
            "3. 姓名必填；有“赛项”列时赛项也必填，请从下拉列表中选择。没有的内容留空。",
            "4. 身份证号列已设为“文本”格式；从别处复制时请“选择性粘贴”为文本，否则 Excel 会丢失后几位。",
            "5. 没有居民身份证的，填护照或通行证号码（5 到 18 位字母和数字，至少一个字母）。",
            "6. 一个人只能参加一个赛项，同一个证件号只能出现一次。",
        ],
        Language::English => &[
            "How to fill this in",
            "1. One row per person in the sheet \"Roster\"; leave the titles in the first row as they are, and merge no cells.",
            "2. The example may stay (it is left out on import) or be deleted.",
            "3. The name is needed, and where there is a column \"Skill\" so is the skill: choose it from the list. Leave empty what there is not.",
            "4. The ID number's column is formatted as text; paste values as text, or the spreadsheet loses the last digits.",
            "5. Whoever has no resident number gives a passport's or permit's (5 to 18 letters and digits, at least one letter).",
            "6. A person takes part in one skill, so that each ID number stands here once.",
        ],
    };
    let most = match language {
        Language::Chinese => format!("7. 一个赛项最多 {PEOPLE_MAX} 人。"),
        Language::English => format!("7. A skill takes {PEOPLE_MAX} people at the most."),
    };
    lines.iter().map(|line| (*line).to_owned()).chain([most]).collect()
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

fn write_text(
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

fn text_format() -> Format {
    Format::new().set_num_format_index(TEXT_FORMAT)
}

fn heading_format() -> Format {
    text_format().set_bold()
}
