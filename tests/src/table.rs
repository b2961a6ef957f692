//! CSV by column name.

use std::path::Path;

/// A table's header and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The columns' names.
    pub header: Vec<String>,
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl Rows {
    /// Reads CSV.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut rows: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.unwrap_or_else(|error| panic!("{error}: {text}")))
            .map(|record| record.iter().map(str::to_owned).collect())
            .collect();
        let header = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Self { header, rows }
    }

    /// Reads a CSV file.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Self::parse(text.strip_prefix('\u{feff}').unwrap_or(&text))
    }

    /// Where a column stands.
    #[must_use]
    pub fn at(&self, column: &str) -> usize {
        let at = self.header.iter().position(|name| name == column);
        at.unwrap_or_else(|| panic!("no column {column} in {:?}", self.header))
    }

    /// These columns of every row.
    #[must_use]
    pub fn columns<const N: usize>(&self, columns: [&str; N]) -> Vec<[&str; N]> {
        let at = columns.map(|column| self.at(column));
        self.rows.iter().map(|row| at.map(|at| row[at].as_str())).collect()
    }

    /// A cell of the first row in which `column` holds `value`.
    #[must_use]
    pub fn cell(&self, column: &str, value: &str, wanted: &str) -> &str {
        let (at, wanted) = (self.at(column), self.at(wanted));
        let row = self.rows.iter().find(|row| row[at] == value);
        &row.unwrap_or_else(|| panic!("no row with {column} {value}"))[wanted]
    }
}

/// Rows as CSV text.
#[must_use]
pub fn csv_text(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}
