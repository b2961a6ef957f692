//! The rows of a list below its header, and their cells by what the columns mean.

use std::collections::HashMap;
use std::num::NonZero;
use std::thread;

use domain::finding::{Finding, Place};

use super::fold::{self, fold_title, half_width};
use super::propose::titles;
use super::{Checked, Column, ListFinding, SHORT_TEXT_MAX};
use crate::exchange::sheet::{Cell, Sheet, SheetRow, is_hidden};

/// How the cell of an example begins, in lower case.
const EXAMPLES: [&str; 2] = ["示例", "example"];
/// So many rows are worth a thread of their own.
const ROWS_OF_THREAD: usize = 2_000;
/// Others wait for the processors, too.
const THREADS_MAX: usize = 4;

/// What is needed to read the rows of a list.
pub struct Rows<'a, C> {
    sheet: &'a Sheet,
    header: usize,
    file_name: &'a str,
    titles: Vec<String>,
    /// The title of the main column, as it is compared.
    main_title: String,
    /// Where each column stands.
    places: HashMap<C, usize>,
}

/// A row that is being read, with what is wrong with it so far.
pub struct Row<'a, C> {
    rows: &'a Rows<'a, C>,
    row: &'a SheetRow,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

impl<'a, C: Column> Rows<'a, C> {
    /// `columns` says what each column is; where two are the same, the first counts.
    #[must_use]
    pub fn new(sheet: &'a Sheet, file_name: &'a str, header: usize, columns: &[Option<C>]) -> Self {
        let mut places = HashMap::new();
        for (at, column) in columns.iter().enumerate() {
            if let Some(column) = column {
                places.entry(*column).or_insert(at);
            }
        }
        let titles = titles(sheet, header);
        let main_title = places.get(&C::MAIN).and_then(|at| titles.get(*at));
        let main_title = main_title.map(|title| fold_title(title)).unwrap_or_default();
        Self { sheet, header, file_name, titles, main_title, places }
    }

    /// Reads every row that is one of the list's own. Where a column that is `needed` is missing, that is said, and
    /// every row is bad.
    pub fn read<E, T: Send>(
        &self,
        needed: &[C],
        checked: &mut Checked<E>,
        read: impl Fn(Row<'_, C>) -> T + Sync,
    ) -> Vec<T> {
        for column in needed.iter().filter(|column| self.at(**column).is_none()) {
            let row = self.sheet.rows.get(self.header).map(|row| row.number);
            let finding = ListFinding::ColumnMissing { column: column.spoken() };
            checked.findings.push(finding.at(Place { row, ..Place::file(self.file_name) }));
        }
        let is_readable = checked.findings.is_empty();
        // None where the row says nothing.
        let look = |row: &SheetRow| {
            self.has_anything(row).then(|| match self.left_out(row) {
                Some(reason) => Look::LeftOut(reason.at(self.place(row.number, C::MAIN))),
                None if is_readable => Look::Own(read(Row { rows: self, row, findings: Vec::new() })),
                None => Look::Unreadable,
            })
        };
        let mut all = Vec::new();
        for look in each(self.sheet.rows.get(self.header + 1..).unwrap_or_default(), &look) {
            checked.rows += usize::from(!matches!(look, Look::LeftOut(_)));
            match look {
                Look::Own(read) => all.push(read),
                Look::LeftOut(finding) => checked.findings.push(finding),
                Look::Unreadable => checked.bad_rows += 1,
            }
        }
        all
    }

    fn at(&self, column: C) -> Option<usize> {
        self.places.get(&column).copied()
    }

    fn cell<'r>(&self, row: &'r SheetRow, column: C) -> Option<&'r Cell> {
        self.at(column).and_then(|at| row.cells.get(at)).filter(|cell| !cell.text.is_empty())
    }

    /// Where a finding about a row's column stands.
    #[must_use]
    pub fn place(&self, row: u64, column: C) -> Place {
        let place = Place::row(self.file_name, row);
        match self.at(column).and_then(|at| self.titles.get(at)) {
            Some(title) => place.column(title.as_str()),
            None => place,
        }
    }

    /// Whether the row says anything that the list is about.
    fn has_anything(&self, row: &SheetRow) -> bool {
        C::ALL.iter().any(|column| self.cell(row, *column).is_some())
    }

    /// Why a row is none of the list's own.
    fn left_out(&self, row: &SheetRow) -> Option<ListFinding> {
        let begins = |text: &str, example: &str| {
            let start = text.chars().take(example.chars().count());
            start.flat_map(char::to_lowercase).eq(example.chars())
        };
        let example = self.cell(row, C::EXAMPLE);
        if example.is_some_and(|cell| EXAMPLES.into_iter().any(|word| begins(&cell.text, word))) {
            return Some(ListFinding::ExampleLeftOut);
        }
        let main = &self.cell(row, C::MAIN)?.text;
        let is_again = !self.main_title.is_empty() && fold_title(main) == self.main_title;
        is_again.then_some(ListFinding::HeaderAgain)
    }
}

/// What a row is.
enum Look<T> {
    /// One of the list's own.
    Own(T),
    /// None of them, and why.
    LeftOut(Finding),
    /// It cannot be told without the columns that are missing.
    Unreadable,
}

/// Looks at each row by itself, long lists on several threads; the order stays.
fn each<T: Send>(rows: &[SheetRow], look: &(impl Fn(&SheetRow) -> Option<Look<T>> + Sync)) -> Vec<Look<T>> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
    let threads = (rows.len() / ROWS_OF_THREAD).clamp(1, processors);
    let read = |rows: &[SheetRow]| -> Vec<Look<T>> { rows.iter().filter_map(look).collect() };
    if threads == 1 {
        return read(rows);
    }
    thread::scope(|scope| {
        let parts = rows.chunks(rows.len().div_ceil(threads));
        let parts: Vec<_> = parts.map(|rows| scope.spawn(move || read(rows))).collect();
        let parts = parts.into_iter().map(thread::ScopedJoinHandle::join);
        parts.flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

impl<'a, C: Column> Row<'a, C> {
    /// Its number, as the spreadsheet shows it.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.row.number
    }

    /// A cell, where it holds anything.
    #[must_use]
    pub fn cell(&self, column: C) -> Option<&'a Cell> {
        self.rows.cell(self.row, column)
    }

    /// Notes what is wrong in a column.
    pub fn found(&mut self, column: C, finding: impl FnOnce(Place) -> Finding) {
        self.findings.push(finding(self.rows.place(self.row.number, column)));
    }

    /// A text, which may be empty and not too long.
    pub fn text(&mut self, column: C, most: usize) -> String {
        let text = self.cell(column).map_or("", |cell| &cell.text);
        if text.chars().any(|c| c.is_control() || is_hidden(c)) {
            self.found(column, |place| ListFinding::ControlCharacter.at(place));
        }
        if text.chars().count() > most {
            self.found(column, |place| ListFinding::TooLong { most }.at(place));
        }
        text.to_owned()
    }

    /// Somebody's name in its one spelling, which has to be there.
    pub fn person(&mut self, column: C) -> String {
        let name = fold::name(&self.text(column, SHORT_TEXT_MAX));
        if name.is_empty() {
            self.found(column, |place| ListFinding::NameMissing.at(place));
        } else if name.chars().any(|c| half_width(c).is_ascii_digit()) {
            self.found(column, |place| ListFinding::NameHasDigits.at(place));
        }
        name
    }
}
