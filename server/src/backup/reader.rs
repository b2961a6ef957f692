//! Reading the file of the tables line by line: none is believed whose hash does not fit.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use domain::finding::{Finding, Place};
use domain::ledger::Hash;
use serde_json::{Map, Value};

use super::files::{Next, next};
use super::restore::{RestoreFinding, unreadable};
use super::tables::{self, FORMAT, Header, Line};

/// A row as it was written.
pub(super) struct Row {
    pub(super) values: Map<String, Value>,
    pub(super) table: String,
    pub(super) place: Place,
}

impl Row {
    /// A text of it; empty where there is none.
    pub(super) fn text(&self, column: &str) -> String {
        self.values.get(column).and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

/// The file, as far as it was read.
pub(super) struct TableReader {
    path: String,
    reader: BufReader<File>,
    line: Vec<u8>,
    row: u64,
    hash: Hash,
    rows: u64,
}

impl TableReader {
    pub(super) fn open(path: &Path) -> Result<Self, Finding> {
        let path_text = path.display().to_string();
        let opened = File::open(path).map_err(|error| unreadable(&error).at(Place::file(path_text.clone())));
        let reader = BufReader::new(opened?);
        Ok(Self { path: path_text, reader, line: Vec::new(), row: 0, hash: Hash::ZERO, rows: 0 })
    }

    pub(super) fn place(&self) -> Place {
        Place::row(self.path.clone(), self.row)
    }

    pub(super) fn header(&mut self) -> Result<Header, Finding> {
        let text = self.text()?.ok_or_else(|| RestoreFinding::NoEnd.at(self.place()))?;
        let value: Value =
            serde_json::from_str(&text).map_err(|_| RestoreFinding::Changed.at(self.place()))?;
        if value["format"].as_u64() != Some(FORMAT.into()) {
            return Err(RestoreFinding::Newer.at(self.place()));
        }
        serde_json::from_value(value).map_err(|_| RestoreFinding::Changed.at(self.place()))
    }

    /// The next row and its table; none at the end, which must be as it was written.
    pub(super) fn row(&mut self) -> Result<Option<Row>, Finding> {
        let text = self.text()?.ok_or_else(|| RestoreFinding::NoEnd.at(self.place()))?;
        match serde_json::from_str(&text) {
            Ok(Line::Row { row, table }) => {
                self.rows += 1;
                Ok(Some(Row { values: row, table, place: self.place() }))
            }
            Ok(Line::End { end }) if end == self.rows && self.text()?.is_none() => Ok(None),
            _ => Err(RestoreFinding::Changed.at(self.place())),
        }
    }

    /// The next line's text; none at the end of the file.
    fn text(&mut self) -> Result<Option<String>, Finding> {
        self.row += 1;
        let read = next(&mut self.reader, &mut self.line);
        match read.map_err(|error| unreadable(&error).at(self.place()))? {
            Next::End => return Ok(None),
            Next::Cut => return Err(RestoreFinding::NoEnd.at(self.place())),
            Next::Line => {}
        }
        let line = std::str::from_utf8(&self.line).ok();
        let split = line.and_then(|line| tables::split(line, &self.hash));
        let (text, hash) = split.ok_or_else(|| RestoreFinding::Changed.at(self.place()))?;
        self.hash = hash;
        Ok(Some(text.to_owned()))
    }
}
