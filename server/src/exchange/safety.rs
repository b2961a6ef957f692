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

/// Looks at the container only.
///
/// Sizes are counted while unpacking, never taken from the directory, which can lie.
///
/// # Errors
/// The one reason why the file is not opened.
pub(super) fn check(bytes: &[u8]) -> Result<(), Unfit> {
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
    let (mut unpacked, mut tags) = (0, 0);
    for index in 0..archive.len() {
        let mut entry = match archive.by_index(index) {
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(Unfit::Encrypted);
            }
            other => other.map_err(broken)?,
        };
        has_workbook |= entry.name().is_ok_and(|name| name.eq_ignore_ascii_case("xl/workbook.xml"));
        count(&mut entry, &mut unpacked, &mut tags)?;
    }
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if unpacked > RATIO_FREE_BYTES && unpacked / packed > RATIO_MAX {
        return Err(Unfit::TooLarge { limit: format!("{RATIO_MAX}:1") });
    }
    if has_workbook { Ok(()) } else { Err(Unfit::ZipWithoutWorkbook) }
}

fn count(entry: &mut impl Read, unpacked: &mut u64, tags: &mut u64) -> Result<(), Unfit> {
    let mut buffer = [0_u8; 16 * 1024];
    loop {
        let read = entry.read(&mut buffer).map_err(|error| broken(ZipError::Io(error)))?;
        let Some(chunk) = buffer.get(..read).filter(|chunk| !chunk.is_empty()) else { return Ok(()) };
        for byte in chunk {
            *unpacked += 1;
            *tags += u64::from(*byte == b'<');
        }
        if *unpacked > UNPACKED_BYTES_MAX {
            return Err(Unfit::TooLarge { limit: "100 MiB unpacked".into() });
        }
        if *tags > TAGS_MAX {
            return Err(Unfit::TooLarge { limit: format!("{TAGS_MAX} XML tags") });
        }
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
