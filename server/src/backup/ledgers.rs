//! One ledger's copy: the lines of its export, appended, flushed, read back and verified.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use domain::id::{DeviceId, LedgerId};
use domain::ledger::verify::{VerifyFinding, read_line};
use domain::ledger::{Hash, Sealed};

use super::files::{Next, next};
use super::life::{LEDGER, NOTE, PUBLIC_KEY};
use super::{BackupError, Watched};
use crate::durable;
use crate::ledger::{Ledger, verify_note};

/// A file and what is known to stand in it.
pub(super) struct LedgerCopy {
    folder: PathBuf,
    ledger: LedgerId,
    /// How long the file is as far as it was verified; what follows is nothing.
    bytes: u64,
    seq: i64,
    hash: Hash,
    devices: BTreeMap<DeviceId, i64>,
    /// How many entries the note covers.
    noted: u64,
    /// Whether the file is no longer what is known of it.
    is_doubtful: bool,
}

/// The first and the last number of each device among some entries.
pub(super) type Moved = BTreeMap<DeviceId, (i64, i64)>;

impl LedgerCopy {
    /// Takes up a copy where it was left, after verifying it from its first line; begins one where
    /// there is none. A line that was never finished is cut off. A damaged file is put aside, and
    /// the copy begins anew: the database is right there.
    pub(super) fn open(folder: &Path, ledger: &LedgerId, watched: &Watched) -> Result<Self, BackupError> {
        durable::make_folder(folder).map_err(BackupError::place(folder))?;
        let path = folder.join(LEDGER);
        let unusable = BackupError::place(&path);
        let mut copy = Self::nothing(folder, ledger);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(copy),
            Err(error) => return Err(unusable(error)),
        };
        if copy.read_on(&file, true).map_err(&unusable)?.is_some() {
            let aside = folder.join(format!("{LEDGER}.damaged"));
            fs::rename(&path, &aside).map_err(&unusable)?;
            watched.notice(BackupError::Mended { path: aside.display().to_string() });
            return Ok(Self::nothing(folder, ledger));
        }
        // Whoever wrote this may have been stopped before it was flushed.
        let file = OpenOptions::new().write(true).open(&path).map_err(&unusable)?;
        file.set_len(copy.bytes).and_then(|()| file.sync_all()).map_err(&unusable)?;
        Ok(copy)
    }

    fn nothing(folder: &Path, ledger: &LedgerId) -> Self {
        let (folder, ledger, devices) = (folder.to_owned(), ledger.clone(), BTreeMap::new());
        Self { folder, ledger, bytes: 0, seq: 0, hash: Hash::ZERO, devices, noted: 0, is_doubtful: false }
    }

    pub(super) fn seq(&self) -> i64 {
        self.seq
    }

    pub(super) fn hash(&self) -> Hash {
        self.hash
    }

    /// Whether the file must be opened anew.
    pub(super) fn is_doubtful(&self) -> bool {
        self.is_doubtful
    }

    /// How far each device's entries are copied.
    pub(super) fn devices(&self) -> impl Iterator<Item = (DeviceId, i64)> + '_ {
        self.devices.iter().map(|(device, dseq)| (device.clone(), *dseq))
    }

    /// Appends entries. Once it returns they are on the disk and were read back from there.
    pub(super) fn append(&mut self, entries: &[Sealed]) -> Result<Moved, BackupError> {
        let path = self.folder.join(LEDGER);
        let unusable = BackupError::place(&path);
        let mut options = OpenOptions::new();
        let options = durable::own(options.read(true).write(true).create(true).truncate(false));
        let mut file = options.open(&path).map_err(&unusable)?;
        if file.metadata().map_err(&unusable)?.len() < self.bytes {
            // Somebody took away from it.
            self.is_doubtful = true;
            return Err(BackupError::ReadBack { path: path.display().to_string() });
        }
        let mut text = String::new();
        let mut before = (self.seq, self.hash);
        for sealed in entries {
            if (sealed.entry.seq, sealed.entry.prev) != (before.0 + 1, before.1) {
                let (ledger, seq) = (self.ledger.to_string(), sealed.entry.seq);
                return Err(BackupError::Differs { ledger, seq });
            }
            before = (sealed.entry.seq, sealed.hash);
            text.push_str(&sealed.line());
            text.push('\n');
        }
        // What a try before left behind goes first, and is written again: bytes that could not be
        // flushed once are not believed to be on the disk.
        let mut write = || {
            file.set_len(self.bytes)?;
            file.seek(SeekFrom::Start(self.bytes))?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        if let Err(error) = write() {
            let _ = file.set_len(self.bytes);
            return Err(unusable(error));
        }
        if self.bytes == 0 {
            durable::sync_folder(&self.folder).map_err(&unusable)?;
        }
        let begin = self.devices.clone();
        file.seek(SeekFrom::Start(self.bytes)).map_err(&unusable)?;
        let wrong = self.read_on(&file, false).map_err(&unusable)?;
        if wrong.is_some() || (self.seq, self.hash) != before {
            self.is_doubtful = true;
            return Err(BackupError::ReadBack { path: path.display().to_string() });
        }
        let has_moved = |(device, last): (&DeviceId, &i64)| {
            let first = begin.get(device).copied().unwrap_or(0) + 1;
            (first <= *last).then(|| (device.clone(), (first, *last)))
        };
        Ok(self.devices.iter().filter_map(has_moved).collect())
    }

    /// Reads and verifies what comes after what is known; gives the first thing that is wrong. An
    /// unfinished last line is not, where it may be there.
    fn read_on(&mut self, file: &File, may_be_cut: bool) -> std::io::Result<Option<VerifyFinding>> {
        let (mut reader, mut line) = (BufReader::new(file), Vec::new());
        loop {
            match next(&mut reader, &mut line)? {
                Next::End => return Ok(None),
                Next::Cut => return Ok((!may_be_cut).then_some(VerifyFinding::NotALine)),
                Next::Line => {}
            }
            if let Err(finding) = self.take(&line) {
                return Ok(Some(finding));
            }
            self.bytes += line.len() as u64 + 1;
        }
    }

    fn take(&mut self, line: &[u8]) -> Result<(), VerifyFinding> {
        let sealed = read_line(std::str::from_utf8(line).map_err(|_| VerifyFinding::NotALine)?)?;
        let entry = sealed.entry;
        if entry.ledger != self.ledger {
            return Err(VerifyFinding::OtherLedger { seq: entry.seq });
        }
        if entry.seq != self.seq + 1 {
            return Err(VerifyFinding::SeqGap { seq: entry.seq, expected: self.seq + 1 });
        }
        if entry.prev != self.hash {
            return Err(VerifyFinding::ChainBroken { seq: entry.seq });
        }
        (self.seq, self.hash) = (entry.seq, sealed.hash);
        self.devices.insert(entry.device, entry.dseq);
        Ok(())
    }

    /// Keeps the newest checkpoint and its key beside the lines, once all that it covers is there.
    pub(super) fn keep_note(
        &mut self,
        ledger: &LedgerId,
        note: &str,
        key: &str,
        watched: &Watched,
    ) -> Result<(), BackupError> {
        let Ok(checkpoint) = verify_note(note, key) else {
            watched.notice(BackupError::KeyOther { ledger: ledger.to_string() });
            return Ok(());
        };
        let is_covered = i64::try_from(checkpoint.size).is_ok_and(|size| size <= self.seq);
        if checkpoint.size <= self.noted || !is_covered {
            return Ok(());
        }
        for (name, text) in [(PUBLIC_KEY, &format!("{key}\n")), (NOTE, &note.to_owned())] {
            let path = self.folder.join(name);
            durable::write(&path, text.as_bytes()).map_err(BackupError::place(&path))?;
        }
        self.noted = checkpoint.size;
        Ok(())
    }
}

/// Whether the database still holds what the copy ends with.
pub(super) async fn compare(
    database: &Ledger,
    ledger: &LedgerId,
    seq: i64,
    hash: Hash,
) -> Result<(), BackupError> {
    if seq == 0 {
        return Ok(());
    }
    match database.entries(ledger, seq).await?.first() {
        Some(sealed) if sealed.hash == hash => Ok(()),
        Some(_) => Err(BackupError::Differs { ledger: ledger.to_string(), seq }),
        None => {
            let heads = database.ledgers().await?;
            let entries = heads.iter().find(|(id, _)| id == ledger).map_or(0, |(_, head)| *head);
            Err(BackupError::Ahead { ledger: ledger.to_string(), entries, copied: seq })
        }
    }
}
