//! Which row is the header, and what each column is.

use std::collections::HashSet;

use domain::finding::{Finding, Language, Place};

use super::fold::fold_title;
use super::{Column, ListFinding};
use crate::exchange::cis::letter;
use crate::exchange::sheet::Sheet;

/// How far down a header is looked for: titles and notes stand above it.
const HEADER_ROWS: usize = 10;

/// What the two columns are called that an error workbook adds.
pub(super) const WHAT_IS_WRONG: [(Language, &str); 2] =
    [(Language::Chinese, "错误原因"), (Language::English, "What is wrong")];
pub(super) const ORIGINAL_ROW: [(Language, &str); 2] =
    [(Language::Chinese, "原行号"), (Language::English, "Original row")];

/// What a sheet's columns seem to be; a person confirms or changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal<C> {
    /// The place of the header among the sheet's rows.
    pub header: Option<usize>,
    /// The header's cells; a column that has none is called by its letter.
    pub titles: Vec<String>,
    /// What each column is, as long as `titles`.
    pub columns: Vec<Option<C>>,
    /// What is missing, there twice or left out.
    pub findings: Vec<Finding>,
}

/// Finds the header among the first rows and proposes what each column is. Of the columns that are `needed`, it is
/// said which are missing.
#[must_use]
pub fn propose<C: Column>(sheet: &Sheet, needed: &[C]) -> Proposal<C> {
    let Some(header) = header::<C>(sheet) else {
        let missing = ListFinding::HeaderMissing { column: C::MAIN.spoken() };
        let findings = vec![missing.at(Place::default())];
        return Proposal { header: None, titles: Vec::new(), columns: Vec::new(), findings };
    };
    let titles = titles(sheet, header);
    let row = sheet.rows.get(header).map(|row| row.number);
    let place = |title: &str| Place { row, column: Some(title.to_owned()), ..Place::default() };
    let (mut columns, mut findings): (Vec<Option<C>>, Vec<Finding>) = (Vec::new(), Vec::new());
    for (at, title) in titles.iter().enumerate() {
        let meant = recognise::<C>(title);
        let first = columns.iter().position(|column| column.is_some() && *column == meant);
        match (meant, first.and_then(|first| titles.get(first))) {
            (Some(column), Some(first)) => {
                let finding = ListFinding::ColumnTwice {
                    column: column.spoken(),
                    title: title.clone(),
                    first: first.clone(),
                };
                findings.push(finding.at(place(title)));
                columns.push(None);
            }
            (None, _) if !is_added(title) && is_filled(sheet, header, at) => {
                findings.push(ListFinding::ColumnLeftOut { title: title.clone() }.at(place(title)));
                columns.push(None);
            }
            (meant, _) => columns.push(meant),
        }
    }
    for column in needed.iter().filter(|column| !columns.contains(&Some(**column))) {
        let finding = ListFinding::ColumnMissing { column: column.spoken() };
        findings.push(finding.at(Place { row, ..Place::default() }));
    }
    Proposal { header: Some(header), titles, columns, findings }
}

/// The header's cells, with a letter where there is none, as wide as the widest row below it.
pub(super) fn titles(sheet: &Sheet, header: usize) -> Vec<String> {
    let width = sheet.rows.iter().skip(header).map(|row| row.cells.len()).max().unwrap_or_default();
    let title = |at: usize| {
        let text = sheet.rows.get(header).map_or("", |row| row.text(at));
        if text.is_empty() { letter(u32::try_from(at).unwrap_or_default()) } else { text.to_owned() }
    };
    (0..width).map(title).collect()
}

/// Whether an error workbook added this column.
pub(super) fn is_added(title: &str) -> bool {
    let title = fold_title(title);
    WHAT_IS_WRONG.iter().chain(&ORIGINAL_ROW).any(|(_, added)| fold_title(added) == title)
}

/// The row of which most cells are titles: the first of these, as lists that were printed repeat their
/// header. It has the main column's title, or two others.
fn header<C: Column>(sheet: &Sheet) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (at, row) in sheet.rows.iter().take(HEADER_ROWS).enumerate() {
        let columns: HashSet<C> = row.cells.iter().filter_map(|cell| recognise(&cell.text)).collect();
        let is_header = columns.contains(&C::MAIN) || columns.len() > 1;
        if is_header && best.is_none_or(|(_, most)| columns.len() > most) {
            best = Some((at, columns.len()));
        }
    }
    best.map(|(at, _)| at)
}

fn is_filled(sheet: &Sheet, header: usize, column: usize) -> bool {
    sheet.rows.iter().skip(header).any(|row| !row.text(column).is_empty())
}

/// What a title says that its column is.
fn recognise<C: Column>(title: &str) -> Option<C> {
    // No title is as long, and the row looked at may be of texts.
    if title.len() > 400 {
        return None;
    }
    let title = fold_title(title);
    C::ALL.iter().copied().find(|column| column.known_titles().contains(&title.as_str()))
}
