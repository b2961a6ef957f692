//! A new database from a copy: everything verified and decided again on the way, in one
//! transaction, under a new epoch.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::id::{DeviceId, EntryId, LedgerId};
use domain::ledger::checkpoint::{Checkpoint, origin};
use domain::ledger::tree::Frontier;
use domain::ledger::verify::{Verifier, VerifyFinding, read_line};
use domain::ledger::{Hash, Sealed};
use serde_json::Value;
use sqlx::AnyConnection;

use super::files::{Next, next};
use super::life::{LEDGER, NOTE, PHOTOS, PUBLIC_KEY, TABLES, is_held, ledger_folders};
use super::photos;
use super::reader::{Row, TableReader};
use super::tables::{self, CHECKPOINTS, DEVICES, ELSEWHERE};
use crate::database::migration::{self, Step};
use crate::database::{Database, Kind};
use crate::ledger::{EPOCH, LedgerError, restore as ledger, verify_note};
use crate::{notes, spoken};

/// How many entries are inserted at a time.
const AT_ONCE: usize = 1_000;

findings! {
    /// What is wrong with a backup, or worth knowing of it.
    pub enum RestoreFinding {
        NotThere { path: String } = Error "backup_not_there",
            "“{path}”里没有备份；请给出 leitai backup 或 serve --backup 用的文件夹。",
            "There is no backup in \"{path}\"; name the folder of leitai backup or serve --backup.";
        Unreadable { problem: Spoken } = Error "backup_unreadable",
            "读不了：{problem:#}。",
            "It cannot be read: {problem}.";
        Changed = Error "backup_changed",
            "这一行被改动过，或前面有行被改动、删除或调换；没有恢复任何内容。",
            "This line was changed, or one before it was changed, removed or swapped; nothing was restored.";
        NoEnd = Error "backup_no_end",
            "文件不完整：缺少最后一行；没有恢复任何内容。",
            "The file is not whole: its last line is missing; nothing was restored.";
        Newer = Error "backup_newer",
            "备份由更新的版本写成；请使用更新的程序。",
            "The backup was written by a newer program; use that one.";
        RowUnfit { table: String, problem: Spoken } = Error "backup_row_unfit",
            "表 {table} 的这一行放不进数据库：{problem:#}；没有恢复任何内容。",
            "This row of the table {table} does not go into the database: {problem}; nothing was restored.";
        DeviceTwice { device: String } = Error "backup_device_twice",
            "设备“{device}”出现在两个账本里；没有恢复任何内容。",
            "Device \"{device}\" is in two ledgers; nothing was restored.";
        LedgerMissing { ledger: String, size: u64 } = Error "backup_ledger_missing",
            "备份缺少账本“{ledger}”，它至少有 {size} 条记录；没有恢复任何内容。",
            "The ledger \"{ledger}\" of at least {size} entries is missing from the backup; nothing was restored.";
        Cut = Warning "backup_cut",
            "最后一行没有写完；已恢复到它之前的最后一条完整记录。",
            "The last line was never finished; what is before it was restored, up to the last whole entry.";
        EntriesMissing { ledger: String, size: u64, entries: i64 } = Warning "backup_entries_missing",
            "检查点包含账本“{ledger}”的 {size} 条记录，备份只有 {entries} 条：结尾的记录不见了；仍留有它们的设备会补发。",
            "A checkpoint covers {size} entries of the ledger \"{ledger}\" and the backup has {entries}: entries at the end are missing. Devices that still hold them will send them again.";
        PhotosMissing { count: usize } = Warning "backup_photos_missing",
            "备份里缺少 {count} 张裁判照片，或已损坏；其余都已恢复，成绩不受影响。",
            "{count} photos of judges are missing from the copy or damaged; all else was restored, and no result depends on them.";
        InUse = Warning "backup_in_use",
            "有程序正在往这里备份：原来的服务还在运行。请先停掉它，否则两台服务器会各记各的。",
            "A program is copying to this place: the server that it belongs to still runs. Stop it first, or two servers will each have their own truth.";
        KeyFromBackup = Warning "backup_key_unpinned",
            "检查点是用备份自带的公钥核验的；要确知签名者，请用 --key 给出服务器的公钥。",
            "The checkpoints were verified with the key that came with the backup; to know who signed, give the server's with --key.";
    }
}

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The folder that it came from.
    pub life: PathBuf,
    /// Other lives of the same place, which were left alone.
    pub others: Vec<PathBuf>,
    /// Of when the tables are: milliseconds since 1970 UTC.
    pub tables_at: i64,
    /// The new epoch.
    pub epoch: String,
    /// Each ledger.
    pub ledgers: Vec<RestoredLedger>,
    /// Warnings.
    pub findings: Vec<Finding>,
}

/// One ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoredLedger {
    /// Which.
    pub ledger: LedgerId,
    /// The skill's name in its competition; empty for a ledger of no skill.
    pub skill: String,
    /// How many entries.
    pub entries: i64,
    /// How many of them a checkpoint covers.
    pub signed: u64,
    /// The hash of the last one.
    pub head: Hash,
    /// When the last one was entered, by the server's clock: milliseconds since 1970 UTC.
    pub last_at: i64,
}

/// Restores a backup into a database that holds nothing yet, all of it or nothing. `key` is the
/// public key that must have signed; without it, the one that came with the backup. `told` hears how
/// many bytes of how many are done.
///
/// # Errors
/// What is wrong and where; the database is then as it was.
pub async fn restore(
    place: &Path,
    url: &str,
    key: Option<&str>,
    told: &(dyn Fn(u64, u64) + Sync),
) -> Result<Restored, Finding> {
    let (life, others) = find_life(place)?;
    let was_there = crate::database::is_there(url);
    let database = Database::open_empty(url).await.map_err(|error| error.at(Place::default()))?;
    let restored = fill(&database, life, others, key, told).await;
    database.close().await;
    if restored.is_err()
        && !was_there
        && let Some(path) = database.path()
    {
        // An empty file that nobody asked for.
        let _ = std::fs::remove_file(path);
    }
    restored
}

async fn fill(
    database: &Database,
    life: PathBuf,
    others: Vec<PathBuf>,
    key: Option<&str>,
    told: &(dyn Fn(u64, u64) + Sync),
) -> Result<Restored, Finding> {
    let failed = |error: sqlx::Error| LedgerError::from(error).at(Place::default());
    let begun = database.begin_write().await.map_err(|error| error.at(Place::default()));
    let mut transaction = begun?;
    let mut reader = TableReader::open(&life.join(TABLES))?;
    let header = reader.header()?;
    migrate(&mut transaction, database.kind(), Some(&header.steps)).await?;
    let mut work = Work {
        key: key.unwrap_or(&header.key).trim().to_owned(),
        life: life.clone(),
        photos_missing: 0,
        skills: HashMap::new(),
        devices: BTreeMap::new(),
        checkpoints: HashMap::new(),
        findings: Vec::new(),
    };
    if is_held(&life) {
        work.findings.push(RestoreFinding::InUse.at(Place::file(life.display().to_string())));
    }
    if key.is_none() {
        work.findings.push(RestoreFinding::KeyFromBackup.at(Place::default()));
    }
    work.insert_rows(&mut transaction, &mut reader, &header.steps).await?;
    let folders = ledger_folders(&life);
    let length = |folder: &PathBuf| folder.join(LEDGER).metadata().map_or(0, |about| about.len());
    let (all, mut done) = (folders.iter().map(length).sum(), 0);
    let mut ledgers = Vec::with_capacity(folders.len());
    for folder in &folders {
        told(done, all);
        ledgers.extend(work.insert_ledger(&mut transaction, folder).await?);
        done += length(folder);
    }
    work.refuse_checkpoints_without_ledger()?;
    let error = |error: LedgerError| error.at(Place::default());
    ledger::insert_devices(&mut transaction, &work.devices).await.map_err(error)?;
    let epoch = ledger::insert_epoch(&mut transaction).await.map_err(error)?;
    migrate(&mut transaction, database.kind(), None).await?;
    transaction.commit().await.map_err(failed)?;
    told(all, all);
    Ok(Restored { life, others, tables_at: header.at, epoch, ledgers, findings: work.findings })
}

async fn migrate(connection: &mut AnyConnection, kind: Kind, only: Option<&[Step]>) -> Result<(), Finding> {
    let done = migration::migrate_in(connection, kind, only).await;
    done.map_err(|error| error.at(Place::default()))
}

/// The newest life in a place, or the one that was named itself; and the others.
fn find_life(place: &Path) -> Result<(PathBuf, Vec<PathBuf>), Finding> {
    if place.join(TABLES).is_file() {
        return Ok((place.to_owned(), Vec::new()));
    }
    let folders = std::fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut lives = Vec::new();
    for folder in folders.filter(|folder| folder.join(TABLES).is_file()) {
        // One whose age cannot be told may be the newest: nothing is guessed.
        let header = TableReader::open(&folder.join(TABLES))?.header()?;
        lives.push((header.at, folder));
    }
    lives.sort();
    let path = place.display().to_string();
    let newest = lives.pop().ok_or_else(|| RestoreFinding::NotThere { path }.at(Place::default()))?;
    Ok((newest.1, lives.into_iter().map(|(_, folder)| folder).collect()))
}

/// A ledger's checkpoints by size, each with its row.
type Checkpoints = BTreeMap<u64, (Checkpoint, Row)>;

/// What is gathered on the way.
struct Work {
    key: String,
    /// The folder that is restored.
    life: PathBuf,
    /// How many photos are not whole in it.
    photos_missing: usize,
    /// The names of the skills, by ledger.
    skills: HashMap<String, String>,
    /// The ledger of each device, and its last number.
    devices: BTreeMap<DeviceId, (LedgerId, i64)>,
    checkpoints: HashMap<String, Checkpoints>,
    findings: Vec<Finding>,
}

impl Work {
    /// Every row but the checkpoints, which wait for their ledgers.
    async fn insert_rows(
        &mut self,
        connection: &mut AnyConnection,
        reader: &mut TableReader,
        steps: &[Step],
    ) -> Result<(), Finding> {
        let tables = migration::tables(steps);
        while let Some(row) = reader.row()? {
            let changed = || RestoreFinding::Changed.at(row.place.clone());
            let known = tables.iter().find(|known| **known == row.table && !ELSEWHERE.contains(known));
            let table = *known.ok_or_else(changed)?;
            match table {
                DEVICES => {
                    let device = (LedgerId::from(row.text("ledger_id")), 0);
                    self.devices.insert(row.text("device_id").into(), device);
                    continue;
                }
                CHECKPOINTS => {
                    let checkpoint = verify_note(&row.text("note"), &self.key);
                    let checkpoint = checkpoint.map_err(|finding| finding.at(row.place.clone()))?;
                    let is_same = row.values.get("size").and_then(Value::as_u64) == Some(checkpoint.size)
                        && row.text("root") == checkpoint.root.to_string();
                    if !is_same {
                        return Err(changed());
                    }
                    let of_ledger = self.checkpoints.entry(row.text("ledger_id")).or_default();
                    of_ledger.insert(checkpoint.size, (checkpoint, row));
                    continue;
                }
                "server_state" if row.text("key") == EPOCH => continue,
                "skill" => {
                    self.skills.insert(row.text("id"), row.text("name"));
                }
                "note" if row.values.get("photo").is_some_and(Value::is_string) => {
                    self.insert_photo(connection, &row).await?;
                    continue;
                }
                _ => {}
            }
            let inserted = tables::insert(connection, table, &row.values).await;
            inserted.map_err(|error| unfit(table, &error).at(row.place.clone()))?;
        }
        if self.photos_missing > 0 {
            let missing = RestoreFinding::PhotosMissing { count: self.photos_missing };
            self.findings.push(missing.at(Place::file(self.life.join(PHOTOS).display().to_string())));
        }
        Ok(())
    }

    /// A photo with its bytes; one that is not whole in the copy is left out and counted.
    async fn insert_photo(&mut self, connection: &mut AnyConnection, row: &Row) -> Result<(), Finding> {
        let id = EntryId::parse(&row.text("id"));
        let photo = id.and_then(|id| Some((id, photos::read(&self.life, id, &row.text("photo"))?)));
        let Some((id, bytes)) = photo else {
            self.photos_missing += 1;
            return Ok(());
        };
        let unfit = |error: sqlx::Error| unfit("note", &error).at(row.place.clone());
        tables::insert(connection, "note", &row.values).await.map_err(unfit)?;
        notes::insert_bytes(connection, id, bytes).await.map_err(unfit)
    }

    /// A ledger's entries as they were, each verified and decided again, and its checkpoints.
    async fn insert_ledger(
        &mut self,
        connection: &mut AnyConnection,
        folder: &Path,
    ) -> Result<Option<RestoredLedger>, Finding> {
        let path = folder.join(LEDGER);
        let at = |row: u64| Place::row(path.display().to_string(), row);
        let file = File::open(&path).map_err(|error| unreadable(&error).at(at(0)))?;
        let (mut reader, mut line, mut row) = (BufReader::new(file), Vec::new(), 0);
        let mut verifier = Verifier::new();
        let (mut tree, mut group): (Frontier, Vec<Sealed>) = (Frontier::default(), Vec::new());
        let mut checkpoints: Option<Checkpoints> = None;
        loop {
            row += 1;
            match next(&mut reader, &mut line).map_err(|error| unreadable(&error).at(at(row)))? {
                Next::Line => {}
                Next::Cut => {
                    self.findings.push(RestoreFinding::Cut.at(at(row)));
                    break;
                }
                Next::End => break,
            }
            let text = std::str::from_utf8(&line).map_err(|_| VerifyFinding::NotALine.at(at(row)))?;
            let sealed = read_line(text).map_err(|finding| finding.at(at(row)))?;
            verifier.entry(sealed.clone()).map_err(|finding| finding.at(at(row)))?;
            tree.push(sealed.hash);
            let known = checkpoints.get_or_insert_with(|| {
                self.checkpoints.remove(sealed.entry.ledger.as_str()).unwrap_or_default()
            });
            if let Some((checkpoint, row)) = known.get(&tree.size()) {
                check(checkpoint, &sealed.entry.ledger, &tree)
                    .map_err(|finding| finding.at(row.place.clone()))?;
            }
            self.see_device(&sealed).map_err(|finding| finding.at(at(row)))?;
            group.push(sealed);
            if group.len() == AT_ONCE {
                insert_group(connection, &mut group).await?;
            }
        }
        insert_group(connection, &mut group).await?;
        let Some(id) = verifier.ledger().cloned() else { return Ok(None) };
        let error = |error: LedgerError| error.at(Place::default());
        ledger::insert_head(connection, &id).await.map_err(error)?;
        let head = &verifier.state().head;
        let mut signed = self.check_note(folder, &verifier)?;
        for (size, (_, row)) in checkpoints.unwrap_or_default() {
            signed = signed.max(size);
            if size > tree.size() {
                continue;
            }
            let inserted = tables::insert(connection, CHECKPOINTS, &row.values).await;
            inserted.map_err(|error| unfit(CHECKPOINTS, &error).at(row.place))?;
        }
        if signed > tree.size() {
            let missing =
                RestoreFinding::EntriesMissing { ledger: id.to_string(), size: signed, entries: head.seq };
            self.findings.push(missing.at(Place::file(path.display().to_string())));
        }
        let skill = self.skills.get(id.as_str()).cloned().unwrap_or_default();
        let (entries, hash, last_at) = (head.seq, head.hash, head.server_time);
        let signed = signed.min(tree.size());
        Ok(Some(RestoredLedger { ledger: id, skill, entries, signed, head: hash, last_at }))
    }

    /// Numbers without gaps were verified, so the last one is how many there are.
    fn see_device(&mut self, sealed: &Sealed) -> Result<(), RestoreFinding> {
        let entry = &sealed.entry;
        let fresh = || (entry.ledger.clone(), 0);
        let (ledger, last) = self.devices.entry(entry.device.clone()).or_insert_with(fresh);
        if *ledger != entry.ledger {
            return Err(RestoreFinding::DeviceTwice { device: entry.device.to_string() });
        }
        *last = entry.dseq;
        Ok(())
    }

    /// The note beside the ledger; gives how many entries it covers, 0 without one.
    fn check_note(&self, folder: &Path, verifier: &Verifier) -> Result<u64, Finding> {
        let read = |name: &str| {
            let (path, at) = (folder.join(name), Place::file(folder.join(name).display().to_string()));
            match std::fs::read_to_string(path) {
                Ok(text) => Ok((Some(text), at)),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok((None, at)),
                Err(error) => Err(unreadable(&error).at(at)),
            }
        };
        let (Some(note), at) = read(NOTE)? else { return Ok(0) };
        let (key, key_at) = read(PUBLIC_KEY)?;
        if key.as_deref().map(str::trim) != Some(&self.key) {
            return Err(VerifyFinding::KeyOther { wanted: self.key.clone() }.at(key_at));
        }
        let checkpoint = verify_note(&note, &self.key).map_err(|finding| finding.at(at.clone()))?;
        match verifier.checkpoint(&checkpoint) {
            Ok(()) | Err(VerifyFinding::CheckpointLonger { .. }) => Ok(checkpoint.size),
            Err(finding) => Err(finding.at(at)),
        }
    }

    /// A whole ledger may be missing.
    fn refuse_checkpoints_without_ledger(&self) -> Result<(), Finding> {
        let left = self.checkpoints.iter().min_by_key(|(ledger, _)| ledger.as_str());
        let Some((ledger, (size, _))) = left.and_then(|(ledger, of)| Some((ledger, of.last_key_value()?)))
        else {
            return Ok(());
        };
        let (ledger, size) = (ledger.clone(), *size);
        Err(RestoreFinding::LedgerMissing { ledger, size }.at(Place::default()))
    }
}

/// Whether a checkpoint is the one over a tree.
fn check(checkpoint: &Checkpoint, ledger: &LedgerId, tree: &Frontier) -> Result<(), VerifyFinding> {
    if checkpoint.origin != origin(ledger) {
        return Err(VerifyFinding::CheckpointOther { origin: checkpoint.origin.clone() });
    }
    let is_same = checkpoint.root == tree.root();
    if is_same { Ok(()) } else { Err(VerifyFinding::RootDiffers { size: checkpoint.size }) }
}

async fn insert_group(connection: &mut AnyConnection, group: &mut Vec<Sealed>) -> Result<(), Finding> {
    let inserted = ledger::insert_entries(connection, group).await;
    group.clear();
    inserted.map_err(|error| error.at(Place::default()))
}

fn unfit(table: &str, error: &sqlx::Error) -> RestoreFinding {
    RestoreFinding::RowUnfit { table: table.to_owned(), problem: spoken::of_database(error) }
}

pub(super) fn unreadable(error: &std::io::Error) -> RestoreFinding {
    RestoreFinding::Unreadable { problem: spoken::of_system(error) }
}
