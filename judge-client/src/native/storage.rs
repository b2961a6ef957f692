//! What keeps an outbox: memory, or a file to which a line is added for each change. The newest line
//! of a number holds; a last line that was cut off by a crash was never reported as saved.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Error, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::PlayerError;
use crate::Kept;

/// Where an outbox is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In memory: it goes with the player.
    Memory,
    /// In a file that is this player's alone.
    File(PathBuf),
}

/// An open storage.
pub(super) struct Store {
    file: Option<File>,
}

/// One line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Kept(Box<Kept>),
    Forgotten(i64),
}

impl Store {
    /// Opens a storage, with what it holds.
    pub(super) fn open(storage: Storage) -> Result<(Self, Vec<Kept>), PlayerError> {
        let Storage::File(path) = storage else { return Ok((Self { file: None }, Vec::new())) };
        let unusable = |error: Error| PlayerError::StorageUnusable {
            path: path.display().to_string(),
            problem: error.to_string(),
        };
        let kept = read(&path).map_err(unusable)?;
        let file = write_anew(&path, &kept).map_err(unusable)?;
        Ok((Self { file: Some(file) }, kept.into_values().collect()))
    }

    /// Writes an entry, and where it is asked for waits until the disk has it. Gives whether it is
    /// there.
    pub(super) fn keep(&mut self, kept: &Kept, is_flushed: bool) -> bool {
        let Some(file) = &mut self.file else { return true };
        let written = add(file, &Line::Kept(Box::new(kept.clone())));
        written.and_then(|()| if is_flushed { file.sync_data() } else { Ok(()) }).is_ok()
    }

    /// Forgets an entry. Where that cannot be written, it is only held longer.
    pub(super) fn forget(&mut self, dseq: i64) {
        if let Some(file) = &mut self.file {
            let _ = add(file, &Line::Forgotten(dseq));
        }
    }
}

/// Adds a whole line or nothing.
fn add(file: &mut File, line: &Line) -> Result<(), Error> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    let length = file.metadata()?.len();
    file.write_all(&text).inspect_err(|_| {
        // What a full disk took of the line would spoil the next one.
        let _ = file.set_len(length);
    })
}

fn read(path: &Path) -> Result<BTreeMap<i64, Kept>, Error> {
    let mut held = BTreeMap::new();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(held),
        Err(error) => return Err(error),
    };
    let mut lines = BufReader::new(file).split(b'\n').peekable();
    while let Some(line) = lines.next() {
        match serde_json::from_slice(&line?) {
            Ok(Line::Kept(kept)) => {
                held.insert(kept.submission.dseq, *kept);
            }
            Ok(Line::Forgotten(dseq)) => {
                held.remove(&dseq);
            }
            // Only the last line can be one that a crash cut off.
            Err(_) if lines.peek().is_none() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(held)
}

/// Writes what is held into a new file in place of the old one.
fn write_anew(path: &Path, held: &BTreeMap<i64, Kept>) -> Result<File, Error> {
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    for kept in held.values() {
        add(&mut file, &Line::Kept(Box::new(kept.clone())))?;
    }
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    // The name is on the disk only once its folder is.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    OpenOptions::new().append(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_the_newest_of_each_number_and_loses_only_a_line_that_was_cut_off() {
        let path = std::env::temp_dir().join(format!("leitai-outbox-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let text = |dseq: i64, time: i64| {
            format!(
                r#"{{"kept":{{"cell":null,"confirmed":null,"submission":{{"base":null,"body":{{"close":{{"reason":null}}}},"client_time":{time},"dseq":{dseq},"elapsed_ms":0,"id":"0190b1e2-7c5a-7000-8000-00000000000{dseq}","reason":null}}}}}}"#
            )
        };
        let lines =
            format!("{}\n{}\n{}\n{{\"forgotten\":1}}\n{{\"kept\":", text(1, 5), text(2, 5), text(2, 6));
        std::fs::write(&path, lines).expect("a file");
        let open = || Store::open(Storage::File(path.clone())).expect("a storage");
        let (mut store, kept) = open();
        let held: Vec<(i64, i64)> =
            kept.iter().map(|kept| (kept.submission.dseq, kept.submission.client_time)).collect();
        assert_eq!(held, [(2, 6)]);
        assert!(store.keep(&Kept { cell: None, ..kept[0].clone() }, true));
        assert_eq!(open().1, kept);
        std::fs::write(&path, format!("nonsense\n{}\n", text(1, 5))).expect("a file");
        assert!(Store::open(Storage::File(path.clone())).is_err());
        std::fs::remove_file(&path).expect("it was there");
    }
}
