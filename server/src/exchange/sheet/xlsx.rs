//! The one sheet of a workbook that holds the list, as texts.

use std::collections::BTreeMap;
use std::collections::btree_map::OccupiedEntry;
use std::io::Cursor;

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{COLUMNS_MAX, Cell, ROWS_MAX, Rows, Sheet, SheetFinding};
use crate::spoken;

/// Sheets that accompany a list, as our own template has them.
const NOT_LISTS: [&str; 4] = ["说明", "字典", "lists", "help"];
/// The day after the last that a spreadsheet has: a number beyond it is none, whatever its format.
const DATES_END: f64 = 2_958_466.0;
/// More merged areas than a list of [`ROWS_MAX`] would have in all its columns.
const MERGED_MAX: usize = 200_000;

/// The cells of a sheet by row and column, from 0.
type Found = BTreeMap<u32, Vec<Cell>>;

/// Reads a workbook whose container was found bearable: its first visible sheet with anything in it.
/// `has_merged` says whether there may be merged cells in it.
///
/// # Errors
/// The finding that says why nothing can be read.
pub(super) fn read(bytes: &[u8], has_merged: bool) -> Result<Sheet, SheetFinding> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .filter(|sheet| !NOT_LISTS.contains(&sheet.name.trim().to_lowercase().as_str()))
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in names {
        let mut rows = Rows::new();
        let mut found = cells(&mut workbook, &name, &mut rows)?;
        if found.values().flatten().all(|cell| cell.text.is_empty()) {
            continue;
        }
        if has_merged {
            let merged = workbook.merge_cells_by_sheet_name(&name).map_err(|error| broken(&error))?;
            fill_down(&mut found, &merged, &mut rows)?;
        }
        // The texts that cells share take as much memory as the list.
        drop(workbook);
        for (row, cells) in found {
            rows.push(u64::from(row) + 1, cells)?;
        }
        return rows.finish(name);
    }
    Err(SheetFinding::NothingThere)
}

fn cells(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, rows: &mut Rows) -> Result<Found, SheetFinding> {
    let mut found = Found::new();
    let mut cells = match workbook.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A chart or macro sheet that did not say so.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(found),
        Err(error) => return Err(broken(&error)),
    };
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let (row, column) = cell.get_position();
        let text_bytes = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::String(text) => text.len(),
            DataRef::SharedString(text) => text.len(),
            _ => 0,
        };
        rows.take(0, text_bytes)?;
        let read = value(cell.get_value());
        if !read.text.is_empty() {
            put(&mut found, (row, column), read, rows)?;
        }
    }
    Ok(found)
}

/// Puts a cell where it belongs, with empty ones before it.
fn put(
    found: &mut Found,
    (row, column): (u32, u32),
    cell: Cell,
    rows: &mut Rows,
) -> Result<(), SheetFinding> {
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    if column >= COLUMNS_MAX {
        return Err(SheetFinding::TooManyColumns { most: COLUMNS_MAX });
    }
    // Nearly every cell belongs to the last row, which is found without a search.
    let is_last = found.last_entry().is_some_and(|last| *last.key() == row);
    if !is_last && found.len() == ROWS_MAX && !found.contains_key(&row) {
        return Err(SheetFinding::TooManyRows { most: ROWS_MAX });
    }
    let last = if is_last { found.last_entry().map(OccupiedEntry::into_mut) } else { None };
    let cells = match last {
        Some(cells) => cells,
        None => found.entry(row).or_default(),
    };
    if column >= cells.len() {
        rows.take(column + 1 - cells.len(), 0)?;
        cells.resize(column + 1, Cell::default());
    }
    if let Some(place) = cells.get_mut(column) {
        *place = cell;
    }
    Ok(())
}

/// A cell merged over several rows counts for each of them that has anything in it: so lists give a
/// delegation's name. Across columns it counts for the first only.
fn fill_down(found: &mut Found, merged: &[Dimensions], rows: &mut Rows) -> Result<(), SheetFinding> {
    if merged.len() > MERGED_MAX {
        return Err(SheetFinding::FileTooLarge { limit: format!("{MERGED_MAX} merged areas") });
    }
    for area in merged {
        let ((from, column), (to, _)) = (area.start, area.end);
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        let Some(top) = found.get(&from).and_then(|cells| cells.get(at)).cloned() else { continue };
        if top.text.is_empty() || to <= from {
            continue;
        }
        let below: Vec<u32> = found.range(from + 1..=to).map(|(row, _)| *row).collect();
        for row in below {
            rows.take(1, top.text.len())?;
            if found.get(&row).and_then(|cells| cells.get(at)).is_none_or(|cell| cell.text.is_empty()) {
                put(found, (row, column), top.clone(), rows)?;
            }
        }
    }
    Ok(())
}

/// What a cell shows.
fn value(data: &DataRef<'_>) -> Cell {
    let plain = |text: String| Cell { text, is_number: false };
    match data {
        DataRef::String(text) => Cell::of_text(text),
        DataRef::SharedString(text) => Cell::of_text(text),
        DataRef::Int(number) => Cell { text: number.to_string(), is_number: true },
        DataRef::Float(number) => self::number(*number),
        DataRef::DateTime(date) => self::date(*date),
        DataRef::Bool(truth) => plain(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTimeIso(date) => plain(date.trim_end_matches("T00:00:00").trim().to_owned()),
        DataRef::DurationIso(duration) => plain(duration.trim().to_owned()),
        DataRef::Error(error) => plain(error.to_string()),
        DataRef::Empty => Cell::default(),
    }
}

/// A number in full. Spreadsheets show and compare 15 digits of what they calculate; what was typed
/// has no more either, so that a result's binary dust is left out and nothing else.
fn number(number: f64) -> Cell {
    let shown = format!("{number}");
    let is_whole = !shown.contains('.');
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    Cell { text: if is_whole { shown } else { rounded.to_string() }, is_number: true }
}

/// `2004-05-06`, with the time where it has one; a number formatted as a date by mistake stays one.
fn date(date: ExcelDateTime) -> Cell {
    if date.is_duration() || !(0.0..DATES_END).contains(&date.as_f64()) {
        return number(date.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    let text = if date.as_f64() < 1.0 {
        time
    } else if time == "00:00:00" {
        day
    } else {
        format!("{day} {time}")
    };
    Cell { text, is_number: false }
}

fn broken(error: &XlsxError) -> SheetFinding {
    match error {
        XlsxError::Password => SheetFinding::EncryptedWorkbook,
        error => SheetFinding::BrokenWorkbook { detail: spoken::of_library(error) },
    }
}
