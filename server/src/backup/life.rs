//! The folder of one life of the database, named by its epoch: a restored database begins another,
//! so no copy is ever written over by another history.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use domain::id::LedgerId;
use domain::ledger::verify::read_line;
use domain::ledger::{ENTRY_BYTES_MAX, Hash};

use super::BackupError;
use crate::durable;

/// The other tables.
pub(super) const TABLES: &str = "tables.ndjson";
/// A folder for each ledger, as in a package.
pub(super) const SKILLS: &str = "skills";
/// A file for each photo of a note.
pub(super) const PHOTOS: &str = "photos";
/// A ledger's lines, its newest checkpoint, and the key that signed it.
pub(super) const LEDGER: &str = "ledger.ndjson";
pub(super) const NOTE: &str = "ledger.note";
pub(super) const PUBLIC_KEY: &str = "ledger.pub";
/// Whoever copies holds this.
const LOCK: &str = "lock";
/// How much of a file's end is looked at first; most entries are smaller.
const END_BYTES: u64 = 64 * 1024;

/// The folder, held against other programs.
pub(super) struct Life {
    folder: PathBuf,
    epoch: String,
    /// The lock goes when the file is closed, however the program ends.
    _lock: File,
}

impl Life {
    /// Makes it where it is missing.
    pub(super) fn open(place: &Path, epoch: &str) -> Result<Self, BackupError> {
        let folder = place.join(epoch);
        let unusable = BackupError::place(&folder);
        durable::make_folder(&folder).map_err(&unusable)?;
        durable::make_folder(&folder.join(SKILLS)).map_err(&unusable)?;
        durable::make_folder(&folder.join(PHOTOS)).map_err(&unusable)?;
        let mut options = OpenOptions::new();
        let lock = durable::own(options.write(true).create(true).truncate(false));
        let lock = lock.open(folder.join(LOCK)).map_err(&unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder, epoch: epoch.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(BackupError::Held { path: folder.display().to_string() }),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    pub(super) fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Whether the folder is still where it was: a stick may have been pulled.
    pub(super) fn is_there(&self) -> bool {
        self.folder.join(LOCK).exists()
    }

    pub(super) fn tables(&self) -> PathBuf {
        self.folder.join(TABLES)
    }

    pub(super) fn photos(&self) -> PathBuf {
        self.folder.join(PHOTOS)
    }

    /// A ledger's folder.
    pub(super) fn folder_of(&self, ledger: &LedgerId) -> PathBuf {
        self.folder.join(SKILLS).join(name_of(ledger))
    }
}

/// Whether somebody copies into the folder of a life now.
pub(super) fn is_held(life: &Path) -> bool {
    let lock = File::open(life.join(LOCK));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// A ledger's id as a folder's name on any file system, one that knows no capitals too; where it has
/// other characters, its hash. Nobody reads the id from it: the entries say it.
fn name_of(ledger: &LedgerId) -> String {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let id = ledger.as_str();
    if id.bytes().all(is_plain) { id.to_owned() } else { Hash::of_document(id.as_bytes()).to_string() }
}

/// The ledgers' folders in the folder of a life, in order.
pub(super) fn ledger_folders(life: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(life.join(SKILLS)).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = all.filter(|folder| folder.join(LEDGER).is_file()).collect();
    folders.sort();
    folders
}

/// The last whole entry of each ledger in a life's copy; those that cannot be read are left out.
pub(super) fn ends(place: &Path, epoch: &str) -> Vec<(LedgerId, i64, Hash)> {
    ledger_folders(&place.join(epoch)).iter().filter_map(|folder| end(&folder.join(LEDGER))).collect()
}

fn end(path: &Path) -> Option<(LedgerId, i64, Hash)> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let most = u64::try_from(ENTRY_BYTES_MAX).ok()?.saturating_mul(2);
    for back in [END_BYTES.min(length), most.min(length)] {
        file.seek(SeekFrom::Start(length - back)).ok()?;
        let mut bytes = Vec::new();
        file.by_ref().take(back).read_to_end(&mut bytes).ok()?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n')?;
        let begin = bytes[..whole].iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
        let Some(begin) = begin.or((back == length).then_some(0)) else { continue };
        let sealed = read_line(std::str::from_utf8(&bytes[begin..whole]).ok()?).ok()?;
        return Some((sealed.entry.ledger, sealed.entry.seq, sealed.hash));
    }
    None
}

/// Whether two folders are on different disks; none where that is not known.
#[cfg(unix)]
pub(super) fn are_apart(one: &Path, other: &Path) -> Option<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Some(fs::metadata(one).ok()?.dev() != fs::metadata(other).ok()?.dev())
}

/// Whether two folders are on different disks; none where that is not known.
#[cfg(not(unix))]
pub(super) fn are_apart(_one: &Path, _other: &Path) -> Option<bool> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_a_name_that_any_disk_takes() {
        assert_eq!(name_of(&"0190b1e2-7c5a".into()), "0190b1e2-7c5a");
        for odd in ["..", "a/b", "焊工", "Skill", "skill", "a:b"] {
            let name = name_of(&odd.into());
            assert!(name == "skill" || name.len() == 64, "{odd}: {name}");
        }
        assert_ne!(name_of(&"Skill".into()), name_of(&"skill".into()));
    }
}
