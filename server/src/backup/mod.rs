//! A copy of everything in a second place, kept up to date while marks arrive, and a database made
//! from such a copy. It is all text, the same for both databases: each ledger as its export's lines,
//! and the other tables as one file (docs/backup.md, docs/adr/0006).
//!
//! The copy is made by reading; it never holds up the ledger's writer.

mod files;
mod ledgers;
mod life;
mod photos;
mod reader;
mod restore;
mod tables;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::finding::Spoken;
use domain::findings;
use domain::id::LedgerId;
use tokio::sync::watch;

use crate::database::{Database, DatabaseError};
use crate::ledger::{Clock, Ledger, LedgerError, Safe};
use crate::spoken;
use ledgers::LedgerCopy;
use life::Life;
use photos::Photos;
use tables::Tables;

pub use restore::{RestoreFinding, Restored, RestoredLedger, restore};

/// How often new entries are copied.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the end waits for a last copy; a disk that hangs is not waited for.
const STOP_WITHIN: Duration = Duration::from_secs(30);
/// How many notices are kept.
const NOTICES_MAX: usize = 20;
/// The longest wait before what failed is tried again.
const PAUSE_MAX: Duration = Duration::from_secs(10);

findings! {
    /// Why there is no new copy, or only a part of one.
    pub enum BackupError {
        Place { path: String, problem: Spoken } = Error "backup_place",
            "备份位置 {path} 写不了：{problem:#}。评分照常进行，备份会不断重试。",
            "The backup's place {path} cannot be written: {problem}. Marking goes on, and so do the tries.";
        Held { path: String } = Error "backup_held",
            "另一个程序正在往 {path} 备份；请另选一个位置，或先停掉那一个。",
            "Another program is copying to {path}; choose another place, or stop that one first.";
        Gone { path: String } = Error "backup_gone",
            "备份盘不在了：{path} 现在与数据库在同一块磁盘上；请重新接上备份盘。",
            "The second disk is gone: {path} is now on the database's own; connect it again.";
        ReadBack { path: String } = Error "backup_not_read_back",
            "从 {path} 读回的与写入的不同；请更换备份盘。",
            "What was read back from {path} is not what was written; change the disk.";
        Ahead { ledger: String, entries: i64, copied: i64 } = Error "backup_ahead",
            "账本“{ledger}”在备份中有 {copied} 条记录，数据库只有 {entries} 条：数据库丢失了记录。请停止服务，用 leitai restore 从备份恢复；若决意放弃这些记录，请改用另一个备份位置。",
            "The backup holds {copied} entries of the ledger \"{ledger}\" and the database {entries}: the database lost some. Stop and bring them back with leitai restore; to go on without them, name another place.";
        Differs { ledger: String, seq: i64 } = Error "backup_differs",
            "账本“{ledger}”第 {seq} 条记录在数据库与备份中不同；请停止服务，用 leitai ledger verify 核验两者，或改用另一个备份位置。",
            "Entry {seq} of the ledger \"{ledger}\" is not the same in the database and in the backup; stop and verify both with leitai ledger verify, or name another place.";
        Failed { problem: Spoken } = Error "backup_failed",
            "不能备份：{problem:#}。",
            "No copy can be made: {problem}.";
        SameDisk { path: String } = Warning "backup_same_disk",
            "备份位置 {path} 与数据库在同一块磁盘上；磁盘损坏时两者会一起丢失，请换到另一块磁盘或 U 盘。",
            "The backup's place {path} is on the database's own disk; a broken disk takes both. Choose another disk or a USB stick.";
        Mended { path: String } = Warning "backup_mended",
            "备份文件 {path} 已损坏；已改名保留，并从数据库重新复制。",
            "The backup's file {path} was damaged; it was kept under another name and copied anew from the database.";
        PhotosWait { path: String } = Warning "backup_photos_wait",
            "备份位置 {path} 的空间留给评分，裁判的照片暂不备份；请腾出空间。",
            "What space is left in {path} is for marks: judges' photos are not copied before there is room.";
        PhotosNot { problem: Spoken } = Warning "backup_photos_not",
            "裁判的照片没有全部备份：{problem:#}；评分的备份不受影响，照片会再试。",
            "Not all photos of judges were copied: {problem}. The copy of marks is not affected, and photos are tried again.";
        KeyOther { ledger: String } = Warning "backup_key_other",
            "账本“{ledger}”的检查点不是由这把密钥签的，未一并备份；请用 --key 指明服务器的密钥。",
            "The checkpoint of the ledger \"{ledger}\" was signed by another key and was left out; name the server's with --key.";
    }
}

impl std::fmt::Display for BackupError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.say(domain::finding::Language::English))
    }
}

impl std::error::Error for BackupError {}

impl BackupError {
    fn place(path: &Path) -> impl Fn(std::io::Error) -> Self + use<> {
        let path = path.display().to_string();
        move |error| Self::Place { path: path.clone(), problem: spoken::of_system(&error) }
    }
}

impl From<LedgerError> for BackupError {
    fn from(error: LedgerError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

impl From<DatabaseError> for BackupError {
    fn from(error: DatabaseError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        LedgerError::from(error).into()
    }
}

/// How far the second place has come; without one there is one copy only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The place.
    pub place: PathBuf,
    /// Per ledger the last entry that has a verified copy there.
    pub copied: BTreeMap<LedgerId, i64>,
    /// How many committed entries have none, as of the last look.
    pub behind: i64,
    /// When everything that was committed was last there: milliseconds since 1970 UTC.
    pub whole_at: Option<i64>,
    /// What is wrong now; copying is tried again and again.
    pub trouble: Option<BackupError>,
    /// What was noticed and mended, or should be looked at, the newest last.
    pub notices: Vec<BackupError>,
}

/// Whoever wants to know how far the second place has come.
#[derive(Clone, Debug, Default)]
pub struct Watched(Arc<Mutex<Progress>>);

impl Watched {
    /// As it is now.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn notice(&self, notice: BackupError) {
        self.change(|progress| {
            if progress.notices.contains(&notice) {
                return;
            }
            tracing::warn!(code = notice.code(), "{notice}");
            progress.notices.push(notice);
            if progress.notices.len() > NOTICES_MAX {
                progress.notices.remove(0);
            }
        });
    }
}

/// Copies in passes: each brings the place up to what is committed.
pub struct Copier {
    database: Database,
    ledger: Ledger,
    clock: Clock,
    place: PathBuf,
    watched: Watched,
    open: Option<Open>,
    /// Whether the place was on another disk than the database when it was opened.
    was_apart: bool,
    /// Whether no pass follows.
    is_last: bool,
}

/// One life of the database, as its folder holds it.
struct Open {
    life: Life,
    ledgers: HashMap<LedgerId, LedgerCopy>,
    tables: Tables,
    photos: Photos,
    /// What is in the place and verified, and not yet said to the devices.
    safe: Safe,
}

impl Copier {
    /// Copies to a folder, which is made where it is missing. Nothing is touched before the first
    /// pass.
    #[must_use]
    pub fn new(database: Database, ledger: Ledger, clock: Clock, place: &Path) -> Self {
        let watched = Watched::default();
        watched.change(|progress| progress.place = place.to_owned());
        let place = place.to_owned();
        Self { database, ledger, clock, place, watched, open: None, was_apart: false, is_last: false }
    }

    /// Whoever wants to know how far it is.
    #[must_use]
    pub fn watched(&self) -> Watched {
        self.watched.clone()
    }

    /// Refuses a database that holds less than its own copy: devices no longer have what is safe
    /// there, so going on would lose it. A quick look at the ends of files; nothing is changed.
    ///
    /// # Errors
    /// [`BackupError::Ahead`], [`BackupError::Differs`], or where the database does not answer.
    pub async fn check(&self) -> Result<(), BackupError> {
        let epoch = self.ledger.epoch().await?;
        for (ledger, seq, hash) in life::ends(&self.place, &epoch) {
            ledgers::compare(&self.ledger, &ledger, seq, hash).await?;
        }
        Ok(())
    }

    /// Brings the place up to what is committed now, and says how far it is.
    ///
    /// # Errors
    /// What stood in the way. What was copied by then counts; the next pass goes on from there.
    pub async fn pass(&mut self) -> Result<Progress, BackupError> {
        let done = self.copy().await;
        self.watched.change(|progress| progress.trouble = done.as_ref().err().cloned());
        done.map(|()| self.watched.progress())
    }

    /// The same, and the other tables whenever they were copied last: for the end, or the only pass.
    ///
    /// # Errors
    /// As [`Copier::pass`].
    pub async fn finish(&mut self) -> Result<Progress, BackupError> {
        self.is_last = true;
        if let Some(open) = &mut self.open {
            open.tables.look_again();
            open.photos.look_again();
        }
        self.pass().await
    }

    async fn copy(&mut self) -> Result<(), BackupError> {
        let began_at = (self.clock)();
        let epoch = self.ledger.epoch().await?;
        let heads = self.ledger.ledgers().await?;
        self.tell(&heads);
        let mut open = match self.open.take() {
            Some(open) if open.life.epoch() == epoch && open.life.is_there() => open,
            _ => self.open_life(&epoch)?,
        };
        let done = self.copy_into(&mut open, &heads).await;
        let copied = open.ledgers.iter().map(|(id, copy)| (id.clone(), copy.seq())).collect();
        self.watched.change(|progress| progress.copied = copied);
        self.tell(&heads);
        self.open = Some(open);
        done?;
        self.watched.change(|progress| progress.whole_at = Some(began_at));
        Ok(())
    }

    /// The folder of this life of the database.
    fn open_life(&mut self, epoch: &str) -> Result<Open, BackupError> {
        let home = self.database.path().and_then(Path::parent).filter(|home| !home.as_os_str().is_empty());
        let home = home.unwrap_or(Path::new("."));
        let is_apart = life::are_apart(&self.place, home);
        if self.was_apart && is_apart != Some(true) {
            return Err(BackupError::Gone { path: self.place.display().to_string() });
        }
        let life = Life::open(&self.place, epoch)?;
        // Where the folder was only made now, its disk is known only now.
        let is_apart = life::are_apart(&self.place, home).unwrap_or(true);
        if !is_apart {
            self.watched.notice(BackupError::SameDisk { path: self.place.display().to_string() });
        }
        self.was_apart |= is_apart;
        Ok(Open {
            life,
            ledgers: HashMap::new(),
            tables: Tables::default(),
            photos: Photos::default(),
            safe: Safe::default(),
        })
    }

    async fn copy_into(&self, open: &mut Open, heads: &[(LedgerId, i64)]) -> Result<(), BackupError> {
        if !open.tables.is_taken() {
            // Before any entry, so that a folder with entries always says what it is.
            self.take_tables(open).await?;
            open.tables.look_again();
        }
        for (id, head) in heads {
            if !open.ledgers.contains_key(id) {
                let copy = LedgerCopy::open(&open.life.folder_of(id), id, &self.watched)?;
                ledgers::compare(&self.ledger, id, copy.seq(), copy.hash()).await?;
                open.safe.devices.extend(copy.devices());
                open.safe.ledgers.insert(id.clone(), copy.seq());
                open.ledgers.insert(id.clone(), copy);
            }
            self.copy_ledger(open, id, *head).await?;
        }
        if open.tables.is_due((self.clock)()) {
            self.copy_notes(open).await?;
            self.take_tables(open).await?;
        }
        if !open.safe.is_empty() {
            self.ledger.set_safe(&open.safe).await?;
            open.safe = Safe::default();
        }
        // After what results depend on, and in nobody's way.
        match open.photos.take(&self.database, &open.life, (self.clock)(), self.is_last).await {
            Ok(()) => {}
            Err(error @ BackupError::PhotosWait { .. }) => self.watched.notice(error),
            Err(error) => self.watched.notice(BackupError::PhotosNot { problem: error.spoken() }),
        }
        Ok(())
    }

    async fn copy_ledger(&self, open: &mut Open, id: &LedgerId, head: i64) -> Result<(), BackupError> {
        let Some(copy) = open.ledgers.get_mut(id) else { return Ok(()) };
        if head < copy.seq() {
            let (ledger, entries, copied) = (id.to_string(), head, copy.seq());
            return Err(BackupError::Ahead { ledger, entries, copied });
        }
        while copy.seq() < head {
            let page = self.ledger.entries(id, copy.seq() + 1).await?;
            if page.is_empty() {
                break;
            }
            match copy.append(&page) {
                Ok(moved) => {
                    if moved.values().any(|(first, _)| *first == 1) {
                        // Who a new device is, is to be there with what it entered.
                        open.tables.look_again();
                    }
                    open.safe.devices.extend(moved.into_iter().map(|(device, (_, last))| (device, last)));
                    open.safe.ledgers.insert(id.clone(), copy.seq());
                }
                Err(error) => {
                    if copy.is_doubtful() {
                        // What stands in the file is read from it the next time.
                        open.ledgers.remove(id);
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    async fn take_tables(&self, open: &mut Open) -> Result<(), BackupError> {
        let copied = |ledger: &str| open.ledgers.get(ledger).map_or(0, LedgerCopy::seq);
        let now = (self.clock)();
        open.tables.take(&self.database, &self.ledger, &open.life, &copied, now).await
    }

    /// The newest checkpoint of each ledger, beside its lines.
    async fn copy_notes(&self, open: &mut Open) -> Result<(), BackupError> {
        let key = self.ledger.public_key();
        for (id, copy) in &mut open.ledgers {
            if let Some(note) = self.ledger.last_checkpoint(id).await? {
                copy.keep_note(id, &note, &key, &self.watched)?;
            }
        }
        Ok(())
    }

    fn tell(&self, heads: &[(LedgerId, i64)]) {
        self.watched.change(|progress| {
            let copied = |id| progress.copied.get(id).copied().unwrap_or(0);
            progress.behind = heads.iter().map(|(id, head)| (head - copied(id)).max(0)).sum();
        });
    }
}

/// Copies while a server runs, on a thread of its own: a slow disk holds up nobody.
pub struct Backup {
    watched: Watched,
    stop: watch::Sender<bool>,
    is_finished: watch::Receiver<bool>,
}

impl Backup {
    /// Begins. Needs a tokio runtime.
    ///
    /// # Errors
    /// Where no thread can be had.
    pub fn start(mut copier: Copier) -> Result<Self, BackupError> {
        let watched = copier.watched();
        let (stop, mut stopped) = watch::channel(false);
        let (finished, is_finished) = watch::channel(false);
        let work = async move {
            let mut pause = PAUSE;
            loop {
                let is_last = *stopped.borrow();
                let trouble = copier.watched.progress().trouble;
                let done = if is_last { copier.finish().await } else { copier.pass().await };
                match done {
                    Ok(_) => {
                        if trouble.is_some() {
                            tracing::info!("the backup goes on");
                        }
                        pause = PAUSE;
                    }
                    Err(error) => {
                        if trouble.as_ref() != Some(&error) {
                            tracing::error!(code = error.code(), "{error}");
                        }
                        pause = (pause * 2).min(PAUSE_MAX);
                    }
                }
                if is_last {
                    break;
                }
                // An error says that nobody holds the handle any more, which is an end too.
                let _ = tokio::time::timeout(pause, stopped.wait_for(|is_stopped| *is_stopped)).await;
                if stopped.has_changed().is_err() {
                    break;
                }
            }
            finished.send_replace(true);
        };
        let runtime = tokio::runtime::Handle::current();
        let thread = std::thread::Builder::new().name("backup".to_owned());
        let started = thread.spawn(move || runtime.block_on(work));
        started.map_err(|error| BackupError::Failed { problem: spoken::of_system(&error) })?;
        Ok(Self { watched, stop, is_finished })
    }

    /// Whoever wants to know how far it is.
    #[must_use]
    pub fn watched(&self) -> Watched {
        self.watched.clone()
    }

    /// Copies once more what is committed, and ends.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let mut is_finished = self.is_finished.clone();
        // An error says that the thread is gone, which is what is waited for.
        let end = is_finished.wait_for(|is_finished| *is_finished);
        if tokio::time::timeout(STOP_WITHIN, end).await.is_err() {
            tracing::error!("the last copy did not come to its end");
        }
    }
}
