//! The photos of notes, each a file of its own: they are many bytes that never change, so that they are
//! written once and not with the rows. No result depends on one, so nothing waits for them, and where they
//! cannot be copied it is said and the entries' copy goes on.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use domain::id::EntryId;
use domain::ledger::Hash;

use super::BackupError;
use super::life::{Life, PHOTOS};
use crate::database::Database;
use crate::database::space::Space;
use crate::{durable, notes};

/// How many are copied before entries are looked at again.
const AT_ONCE: usize = 16;
/// How often they are looked at.
const LOOK_MS: i64 = 10_000;
/// Below this much free space in the second place none is copied: entries need it.
const SPACE_MIN: u64 = 256 * 1_024 * 1_024;
const ENDING: &str = ".jpg";

/// When they are looked at next.
#[derive(Default)]
pub(super) struct Photos {
    next_look_at: i64,
}

impl Photos {
    pub(super) fn look_again(&mut self) {
        self.next_look_at = 0;
    }

    /// Copies some of those that are missing there, and erases what was taken back.
    pub(super) async fn take(
        &mut self,
        database: &Database,
        life: &Life,
        now: i64,
        is_last: bool,
    ) -> Result<(), BackupError> {
        if now < self.next_look_at {
            return Ok(());
        }
        self.next_look_at = now.saturating_add(LOOK_MS);
        let folder = life.photos();
        let unusable = BackupError::place(&folder);
        let there = there(&folder).map_err(&unusable)?;
        let wanted: BTreeSet<EntryId> = notes::photos(database).await?.into_iter().collect();
        for id in there.difference(&wanted) {
            fs::remove_file(file(&folder, *id)).map_err(&unusable)?;
        }
        let mut missing = wanted.difference(&there);
        for id in missing.by_ref().take(if is_last { usize::MAX } else { AT_ONCE }) {
            if Space::of(&folder).is_some_and(|space| space.free < SPACE_MIN) {
                let path = folder.display().to_string();
                return Err(BackupError::PhotosWait { path });
            }
            if let Some(bytes) = notes::bytes(database, *id).await? {
                write(&file(&folder, *id), &bytes)?;
            }
        }
        if missing.next().is_some() {
            self.look_again();
        }
        Ok(())
    }
}

/// The photos in a folder, by their ids.
fn there(folder: &Path) -> std::io::Result<BTreeSet<EntryId>> {
    let mut there = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let id = name.to_str().and_then(|name| EntryId::parse(name.strip_suffix(ENDING)?));
        there.extend(id);
    }
    Ok(there)
}

fn file(folder: &Path, id: EntryId) -> PathBuf {
    folder.join(format!("{id}{ENDING}"))
}

/// Writes one, and reads it back.
fn write(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let unusable = BackupError::place(path);
    durable::write(path, bytes).map_err(&unusable)?;
    if fs::read(path).map_err(&unusable)? == bytes {
        Ok(())
    } else {
        Err(BackupError::ReadBack { path: path.display().to_string() })
    }
}

/// A photo of a life's copy; none where it is not there, or is not the one that hashes so.
pub(super) fn read(life: &Path, id: EntryId, hash: &str) -> Option<Vec<u8>> {
    let bytes = fs::read(file(&life.join(PHOTOS), id)).ok()?;
    (Hash::of_document(&bytes).to_string() == hash).then_some(bytes)
}
