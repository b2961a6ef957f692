//! A table that a person made, in any spreadsheet program: `.xlsx`, CSV in the encodings that
//! spreadsheets write, or text copied from one; read into rows of plain texts.
//!
//! Nothing here knows what the columns mean.

#[cfg(test)]
mod tests;
mod text;
mod xlsx;

use domain::finding::{Finding, Place, Spoken};
use domain::findings;

use super::safety::{self, Unfit};
use super::table;

/// More rows than any list of people has.
const ROWS_MAX: usize = 100_000;
/// More columns than a person would fill.
const COLUMNS_MAX: usize = 256;
/// Empty cells between filled ones are counted as well, as they cost as much.
const CELLS_MAX: usize = 2_000_000;
/// Counted per cell: many cells of a workbook may share one long text.
const TEXT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How the files begin that are read as a workbook, whatever their name says.
const WORKBOOK_STARTS: [&[u8]; 4] =
    [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", safety::COMPOUND_FILE_START];
/// A file that is called a workbook and is none is better refused than read as text.
const WORKBOOK_ENDINGS: [&str; 4] = [".xlsx", ".xlsm", ".xls", ".et"];

findings! {
    /// Why a table cannot be read.
    pub enum SheetFinding {
        FileEmpty = Error "file_empty",
            "文件是空的；请重新保存后再上传。",
            "The file is empty; save it again and upload it.";
        FileTooLarge { limit: String } = Error "file_too_large",
            "文件超出限制（{limit}）；请只保留名单所在的工作表，删去图片和多余的格式。",
            "The file is beyond the limit ({limit}); keep only the sheet with the list, without pictures and surplus formats.";
        NotAWorkbook = Error "not_a_workbook",
            "这不是 Excel 工作簿；请在表格软件中另存为 .xlsx。",
            "This is no Excel workbook; save it as .xlsx in a spreadsheet program.";
        OldWorkbook = Error "old_workbook",
            "这是旧版 Excel 文件（.xls）；请在表格软件中打开并另存为 .xlsx。",
            "This is an old Excel file (.xls); open it in a spreadsheet program and save it as .xlsx.";
        EncryptedWorkbook = Error "encrypted_workbook",
            "工作簿有密码保护；请先去除密码再上传。",
            "The workbook is protected by a password; remove the password first.";
        ZipWithoutWorkbook = Error "zip_without_workbook",
            "这是压缩文件，里面没有 Excel 工作簿；请选择 .xlsx 文件本身。",
            "This is a zip file without an Excel workbook in it; choose the .xlsx file itself.";
        BrokenWorkbook { detail: Spoken } = Error "broken_workbook",
            "工作簿已损坏，无法读取（{detail:#}）；请在表格软件中打开并重新保存。",
            "The workbook is damaged and cannot be read ({detail}); open it in a spreadsheet program and save it again.";
        EncodingUnknown = Error "encoding_unknown",
            "看不出文件的编码（不是 UTF-8、UTF-16，也不是 GB18030）；请另存为 .xlsx 或“CSV UTF-8”。",
            "The file's encoding is not known (neither UTF-8 nor UTF-16 nor GB18030); save it as .xlsx or \"CSV UTF-8\".";
        NothingThere = Error "sheet_empty",
            "没有找到有内容的工作表（隐藏的和名为“说明”“字典”的不算）；请核对是否选对了文件。",
            "No sheet with anything in it was found (hidden ones, \"Help\" and \"Lists\" apart); check that this is the right file.";
        TooManyRows { most: usize } = Error "sheet_too_long",
            "行数超过 {most}；请拆成几个文件。",
            "There are more than {most} rows; split the file.";
        TooManyColumns { most: usize } = Error "sheet_too_wide",
            "第 {most} 列之后还有内容；请删去多余的列。",
            "There is something beyond column {most}; delete the surplus columns.";
    }
}

impl From<Unfit> for SheetFinding {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Empty => Self::FileEmpty,
            Unfit::TooLarge { limit } => Self::FileTooLarge { limit },
            Unfit::NotAWorkbook => Self::NotAWorkbook,
            Unfit::OldWorkbook => Self::OldWorkbook,
            Unfit::Encrypted => Self::EncryptedWorkbook,
            Unfit::ZipWithoutWorkbook => Self::ZipWithoutWorkbook,
            Unfit::Broken { detail } => Self::BrokenWorkbook { detail },
        }
    }
}

/// A table as a person reads it. It does not print itself, as it holds people's numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The worksheet's name; empty for CSV and for copied text.
    pub name: String,
    /// The rows that have anything in them, in order.
    pub rows: Vec<SheetRow>,
}

/// One row of it.
#[derive(Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// As the spreadsheet shows it, from 1.
    pub number: u64,
    /// From the first column to the last filled one.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What it shows, without the space at its ends.
    pub text: String,
    /// Whether the spreadsheet kept it as a number, of which it keeps 15 digits.
    pub is_number: bool,
}

impl SheetRow {
    /// The text of a column from 0; empty where there is none.
    #[must_use]
    pub fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| &cell.text)
    }
}

impl Cell {
    /// A cell of text. What `table::safe` put before a formula is taken off again.
    pub fn of_text(text: &str) -> Self {
        Self { text: table::plain(trim(text)).to_owned(), is_number: false }
    }
}

/// Reads a file. Whether it is a workbook is told by how it begins, as names are often wrong.
///
/// # Errors
/// The one finding that says why nothing could be read; `file_name` is what it calls the file.
pub fn open(bytes: &[u8], file_name: &str) -> Result<Sheet, Finding> {
    let whole = |finding: SheetFinding| finding.at(Place::file(file_name));
    let name = file_name.to_lowercase();
    let is_workbook = WORKBOOK_STARTS.iter().any(|start| bytes.starts_with(start))
        || WORKBOOK_ENDINGS.iter().any(|ending| name.ends_with(ending));
    if is_workbook {
        let seen = safety::check(bytes).map_err(|unfit| whole(unfit.into()))?;
        return xlsx::read(bytes, seen.has_merged).map_err(whole);
    }
    if bytes.is_empty() {
        return Err(whole(SheetFinding::FileEmpty));
    }
    if bytes.len() > safety::FILE_BYTES_MAX {
        return Err(whole(SheetFinding::FileTooLarge { limit: "20 MiB".into() }));
    }
    let text = text::decode(bytes).map_err(whole)?;
    text::read(&text, text::separator(&text), file_name)
}

/// Reads what was copied from a spreadsheet: tabs between cells.
///
/// # Errors
/// The one finding that says why it could not be read; it names no file.
pub fn paste(text: &str) -> Result<Sheet, Finding> {
    text::read(text, '\t', "").map_err(|mut finding| {
        finding.place.file = None;
        finding
    })
}

/// Makes rows of cells, within the limits.
struct Rows {
    rows: Vec<SheetRow>,
    cells_left: usize,
    text_left: usize,
}

impl Rows {
    fn new() -> Self {
        Self { rows: Vec::new(), cells_left: CELLS_MAX, text_left: TEXT_BYTES_MAX }
    }

    /// Pays for cells before they are made.
    fn take(&mut self, cells: usize, text_bytes: usize) -> Result<(), SheetFinding> {
        let limit = |limit: String| SheetFinding::FileTooLarge { limit };
        let left = self.cells_left.checked_sub(cells);
        self.cells_left = left.ok_or_else(|| limit(format!("{CELLS_MAX} cells")))?;
        let left = self.text_left.checked_sub(text_bytes);
        self.text_left = left.ok_or_else(|| limit("64 MiB of text".into()))?;
        Ok(())
    }

    /// Adds a row, unless it is empty.
    fn push(&mut self, number: u64, mut cells: Vec<Cell>) -> Result<(), SheetFinding> {
        let filled = cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
        if filled == 0 {
            return Ok(());
        }
        if filled > COLUMNS_MAX {
            return Err(SheetFinding::TooManyColumns { most: COLUMNS_MAX });
        }
        if self.rows.len() == ROWS_MAX {
            return Err(SheetFinding::TooManyRows { most: ROWS_MAX });
        }
        cells.truncate(filled);
        self.rows.push(SheetRow { number, cells });
        Ok(())
    }

    fn finish(self, name: String) -> Result<Sheet, SheetFinding> {
        if self.rows.is_empty() {
            return Err(SheetFinding::NothingThere);
        }
        Ok(Sheet { name, rows: self.rows })
    }
}

/// Without what cannot be seen at the ends of a text: space of any width, and the marks of writing
/// direction that come along when a number is copied from a web page or a dialog.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_hidden(c))
}

/// Characters that show nothing and change what a text means to a program. The joiners that Persian
/// and Indian names are spelled with are none of them.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}
