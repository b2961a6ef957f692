//! What is looked at before any spreadsheet library sees a byte: whether this is an `.xlsx` at all,
//! and whether unpacking it is bearable.

use std::io::{Cursor, Read};

use domain::finding::Spoken;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::spoken;

/// The most bytes of a spreadsheet file as it was sent.
pub(super) const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
const ENTRIES_MAX: usize = 200;
const UNPACKED_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// How much larger than the file its contents may be. Small files are let be: a page of empty cells
/// packs better than that and does no harm.
const RATIO_MAX: u64 = 100;
const RATIO_FREE_BYTES: u64 = 1024 * 1024;
/// XML tags cost more memory than their bytes; a scheme of 250 aspects has some 20,000, a roster of
/// 50,000 people some 3,000,000.
const TAGS_MAX: u64 = 4_000_000;

/// How a sheet begins to speak of its merged cells.
const MERGED: &[u8] = b"mergeCell";

const ZIP_START: &[u8] = b"PK";
/// The container of `.xls` files and of encrypted `.xlsx` files.
pub(super) const COMPOUND_FILE_START: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// Why a file is not opened. Whoever asked says it in words that fit what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    Empty,
    TooLarge { limit: String },
    NotAWorkbook,
    OldWorkbook,
    Encrypted,
    ZipWithoutWorkbook,
    Broken { detail: Spoken },
}

/// What was seen on the way through a container that is bearable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) bytes: u64,
    tags: u64,
    /// Whether any of its parts speaks of merged cells: asking for them reads a whole sheet once more.
    pub(super) has_merged: bool,
}

/// Looks at the container only.
///
/// Sizes are counted while unpacking, never taken from the directory, which can lie.
///
/// # Errors
/// The one reason why the file is not opened.
pub(super) fn check(bytes: &[u8]) -> Result<Seen, Unfit> {
    if bytes.is_empty() {
        return Err(Unfit::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Unfit::TooLarge { limit: "20 MiB".into() });
    }
    if bytes.starts_with(COMPOUND_FILE_START) {
        return Err(compound_file(bytes));
    }
    if !bytes.starts_with(ZIP_START) {
        return Err(Unfit::NotAWorkbook);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > ENTRIES_MAX {
        return Err(Unfit::TooLarge { limit: format!("{ENTRIES_MAX} zip entries") });
    }
    let mut has_workbook = false;
    let mut seen = Seen::default();
    for index in 0..archive.len() {
        let mut entry = match archive.by_index(index) {
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(Unfit::Encrypted);
            }
            other => other.map_err(broken)?,
        };
        has_workbook |= entry.name().is_ok_and(|name| name.eq_ignore_ascii_case("xl/workbook.xml"));
        count(&mut entry, &mut seen)?;
    }
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if seen.bytes > RATIO_FREE_BYTES && seen.bytes / packed > RATIO_MAX {
        return Err(Unfit::TooLarge { limit: format!("{RATIO_MAX}:1") });
    }
    if has_workbook { Ok(seen) } else { Err(Unfit::ZipWithoutWorkbook) }
}

fn count(entry: &mut impl Read, seen: &mut Seen) -> Result<(), Unfit> {
    let mut buffer = [0_u8; 64 * 1024];
    // The end of a chunk is looked at again with the beginning of the next: a word may stand across.
    let mut kept = 0;
    loop {
        let free = buffer.get_mut(kept..).unwrap_or_default();
        let read = entry.read(free).map_err(|error| broken(ZipError::Io(error)))?;
        if read == 0 {
            return Ok(());
        }
        let chunk = buffer.get(kept..kept + read).unwrap_or_default();
        seen.bytes += u64::try_from(read).unwrap_or(u64::MAX);
        seen.tags += u64::try_from(memchr::memchr_iter(b'<', chunk).count()).unwrap_or(u64::MAX);
        if seen.bytes > UNPACKED_BYTES_MAX {
            return Err(Unfit::TooLarge { limit: "100 MiB unpacked".into() });
        }
        if seen.tags > TAGS_MAX {
            return Err(Unfit::TooLarge { limit: format!("{TAGS_MAX} XML tags") });
        }
        let whole = buffer.get(..kept + read).unwrap_or_default();
        seen.has_merged = seen.has_merged || memchr::memmem::find(whole, MERGED).is_some();
        let end = whole.len();
        let again = end.min(MERGED.len() - 1);
        buffer.copy_within(end - again..end, 0);
        kept = again;
    }
}

/// An encrypted workbook names its stream in UTF-16; an old one has no such stream.
fn compound_file(bytes: &[u8]) -> Unfit {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) { Unfit::Encrypted } else { Unfit::OldWorkbook }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn broken(error: ZipError) -> Unfit {
    Unfit::Broken { detail: spoken::of_library(&error) }
}
