//! The ledger: everything that can change a result, appended once and never changed (R-180 to
//! It decides by `domain::marking`, writes in groups, and gives a receipt only after the
//! commit that holds the entry. It knows no other feature.

mod confirmation;
mod disk;
mod error;
mod fold;
mod head;
mod postgres;
mod queries;
mod recent;
pub(crate) mod restore;
mod sign;
mod signing;
mod sqlite;
mod store;
mod wal;
mod writer;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::id::{DeviceId, EntryId, LedgerId, is_fit};
use domain::ledger::{Command, DeviceSignature, Hash, Sealed, Status};
use domain::marking::{State, Why};
use protocol::drawing::Drawing;
use protocol::frame::Epoch;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Row as _, Transaction};
use tokio::sync::{oneshot, watch};

pub use error::LedgerError;
pub(crate) use recent::Follower;
pub use sign::{KEY_NAME, verify_note};
pub use signing::{Signing, UNSIGNED_MS_MAX};

use crate::database::{Database, Kind};
use crate::spoken;
use disk::Disk;
use domain::finding::Spoken;
use fold::Folds;
use sign::Signer;
use wal::Mover;
use writer::{Answer, Queue, Waiting, Writer};

/// The most characters of a reason.
pub const REASON_LENGTH_MAX: usize = 2_000;
/// How many characters a reason's salt has.
pub const SALT_LENGTH: std::ops::RangeInclusive<usize> = 16..=64;

/// The server's own device in each ledger is named with this and the ledger's id.
const SERVER_DEVICE: &str = "server:";
/// How the random epoch is named in the database.
pub(crate) const EPOCH: &str = "epoch";
/// What is written to see whether anything can be.
const PROBE: &str = "probe";

/// Milliseconds since 1970 UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// A command for a ledger, with the free text that it only commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Which ledger.
    pub ledger_id: LedgerId,
    /// What is asked. Who asks has been authenticated by the caller.
    pub command: Command,
    /// What the caller found of the device's own signature.
    pub origin: Origin,
    /// The drawn signature that the command commits to; kept beside the ledger, and can be erased.
    pub drawing: Option<Drawing>,
    /// The text behind the command's reason; kept beside the ledger, and can be erased.
    pub reason: Option<ReasonText>,
}

/// Whether a submission is known to be the device's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The device has no key: a program, the server's own pages, a browser over plain HTTP.
    Unsigned,
    /// The device's key signed it. The signature is kept beside the ledger.
    Signed(DeviceSignature),
    /// The device has a key, and it did not sign this. It is never entered, and an alarm is.
    Forged,
}

/// A reason as written. An entry holds `SHA-256(salt ‖ text)` only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonText {
    /// Random, made by the client, so that the text cannot be guessed from the hash.
    pub salt: String,
    /// What was written.
    pub text: String,
}

/// That an entry is in the ledger for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The entry.
    pub id: EntryId,
    /// Its number in the ledger.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
    /// What became of the command.
    pub status: Status,
    /// Why it was not accepted: a stable code.
    pub code: Option<String>,
    /// The same with its sentence; only with the first receipt.
    pub why: Option<Why>,
    /// Whether it was entered by an earlier submission of the same bytes.
    pub was_there_before: bool,
}

/// How far a device has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The one ledger it writes to.
    pub ledger_id: LedgerId,
    /// The last number that is entered.
    pub last_dseq: i64,
    /// The last number that has a verified copy in a second place.
    pub safe_dseq: i64,
}

/// How a ledger is started.
#[derive(Clone, Default)]
pub struct Options {
    /// The file of the signing key; beside the database where nothing is said.
    pub key: Option<PathBuf>,
    /// The clock; the system's where nothing is said.
    pub clock: Option<Clock>,
}

/// Every ledger of one database. Clones share one writer; it ends when the last of them is dropped.
#[derive(Clone)]
pub struct Ledger {
    shared: Arc<Shared>,
}

struct Shared {
    database: Database,
    folds: Arc<Folds>,
    queue: Arc<Queue>,
    writer: Arc<tokio::sync::Mutex<Writer>>,
    signer: Signer,
    /// Where the heads are noted.
    heads: PathBuf,
    clock: Clock,
    noted: Arc<Noted>,
    trouble: Trouble,
    is_finished: watch::Receiver<bool>,
}

/// What the writer notes as it goes.
pub(super) struct Noted {
    /// How many transactions it committed.
    commits: AtomicU64,
    /// The epoch, as of its newest transaction.
    epoch: Mutex<Epoch>,
}

impl Noted {
    /// Takes the epoch as the database has it.
    fn set_epoch(&self, text: &str) -> Result<(), LedgerError> {
        let no_epoch = || LedgerError::Storage { problem: spoken::of_library(&"no epoch") };
        let epoch = Epoch::parse(text).ok_or_else(no_epoch)?;
        *self.epoch.lock().unwrap_or_else(PoisonError::into_inner) = epoch;
        Ok(())
    }
}

/// Why the last group was not saved, where it was not.
#[derive(Default)]
struct Trouble {
    is_there: AtomicBool,
    error: Mutex<Option<LedgerError>>,
}

impl Trouble {
    /// Learns from what became of a submission.
    fn hear(&self, answer: &Answer) {
        match answer {
            Ok(_) if self.is_there.load(Ordering::Relaxed) => self.set(None),
            Err(error @ (LedgerError::DiskFull | LedgerError::ReadOnly | LedgerError::Storage { .. })) => {
                self.set(Some(error.clone()))
            }
            _ => {}
        }
    }

    fn set(&self, error: Option<LedgerError>) {
        let mut known = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_there.store(error.is_some(), Ordering::Relaxed);
        if *known != error {
            match &error {
                Some(error) => tracing::error!(code = error.code(), "nothing can be saved: {error}"),
                None => tracing::info!("marks are saved again"),
            }
            *known = error;
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.queue.stop();
    }
}

/// What has a verified copy in a second place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Safe {
    /// The last number of each device.
    pub(crate) devices: BTreeMap<DeviceId, i64>,
    /// The last entry of each ledger.
    pub(crate) ledgers: BTreeMap<LedgerId, i64>,
}

impl Safe {
    /// Whether there is nothing to say.
    pub(crate) fn is_empty(&self) -> bool {
        self.devices.is_empty() && self.ledgers.is_empty()
    }
}

impl Ledger {
    /// Starts the writer, with the key beside the database and the system's clock. Needs a tokio
    /// runtime.
    ///
    /// # Errors
    /// Where the database does not answer or the key cannot be used.
    pub async fn start(database: Database) -> Result<Self, LedgerError> {
        Self::start_with(database, Options::default()).await
    }

    /// The same with another key or clock.
    ///
    /// # Errors
    /// As [`Ledger::start`].
    pub async fn start_with(database: Database, options: Options) -> Result<Self, LedgerError> {
        let key = options.key.unwrap_or_else(|| database.beside("key"));
        let signer = Signer::open(&key)?;
        let heads = head::place(&database, &key);
        let clock = options.clock.unwrap_or_else(|| Arc::new(system_time));
        make_epoch(&database, queries::INSERT_STATE).await?;
        let folds = Arc::new(Folds::default());
        let noted = Arc::new(Noted { commits: AtomicU64::new(0), epoch: Mutex::new(Epoch(0)) });
        let select = sqlx::query_scalar::<_, String>(queries::SELECT_STATE).bind(EPOCH);
        noted.set_epoch(&select.fetch_one(database.pool()).await?)?;
        let (own, by, notes) = (Arc::clone(&folds), Arc::clone(&clock), Arc::clone(&noted));
        let writer = Writer::open(database.clone(), own, by, notes).await?;
        let writer = Arc::new(tokio::sync::Mutex::new(writer));
        let queue = Arc::new(Queue::default());
        let disk = match database.kind() {
            Kind::Sqlite => {
                let mover = Mover::start(database.clone())?;
                Some(Disk::start(Arc::clone(&queue), Arc::clone(&noted), mover)?)
            }
            Kind::Postgres => None,
        };
        let (finished, is_finished) = watch::channel(false);
        let work = {
            let (queue, writer) = (Arc::clone(&queue), Arc::clone(&writer));
            async move {
                writer::run(queue, writer, disk).await;
                let _ = finished.send(true);
            }
        };
        match database.kind() {
            // A commit holds its thread until the disk has it, so it gets one of its own.
            Kind::Sqlite => {
                let runtime = tokio::runtime::Handle::current();
                let thread = std::thread::Builder::new().name("ledger-writer".to_owned());
                let started = thread.spawn(move || runtime.block_on(work));
                started.map_err(|error| LedgerError::Storage { problem: spoken::of_system(&error) })?;
            }
            Kind::Postgres => {
                tokio::spawn(work);
            }
        }
        let trouble = Trouble::default();
        let shared =
            Shared { database, folds, queue, writer, signer, heads, clock, noted, trouble, is_finished };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Enters a command, and returns once its entry is committed. Sending the same bytes again is
    /// always safe: they get the original receipt. A command that the rules refuse is entered too,
    /// and its receipt says so.
    ///
    /// # Errors
    /// Where there is no entry, or that is not known: see [`LedgerError`].
    pub async fn submit(&self, submission: Submission) -> Result<Receipt, LedgerError> {
        check(&submission)?;
        let shared = &self.shared;
        // Alone, it is committed where it stands: handing it to the writer's thread and back would
        // cost as much as the commit.
        if shared.database.kind() == Kind::Sqlite
            && let Ok(mut writer) = shared.writer.try_lock()
            && shared.queue.is_idle()
            && let Some(mut answers) = writer.group(std::slice::from_ref(&submission), false, None).await
        {
            if writer.is_checkpoint_due() {
                shared.queue.wake();
            }
            let answer = answers.pop().unwrap_or(Err(LedgerError::Unknown));
            shared.trouble.hear(&answer);
            return answer;
        }
        let (answer, receipt) = oneshot::channel();
        shared.queue.push(vec![Waiting { submission, answer }])?;
        let answer = receipt.await.unwrap_or(Err(LedgerError::Unknown));
        shared.trouble.hear(&answer);
        answer
    }

    /// Enters commands in their order, as many at once as fit a group. Where one has no receipt, the
    /// later ones of its device have none either.
    pub async fn submit_all(&self, submissions: Vec<Submission>) -> Vec<Result<Receipt, LedgerError>> {
        let mut receipts: Vec<Result<oneshot::Receiver<Answer>, LedgerError>> = Vec::new();
        let mut waiting = Vec::with_capacity(submissions.len());
        for submission in submissions {
            receipts.push(check(&submission).map(|()| {
                let (answer, receipt) = oneshot::channel();
                waiting.push(Waiting { submission, answer });
                receipt
            }));
        }
        let pushed = self.shared.queue.push(waiting);
        let mut answers = Vec::with_capacity(receipts.len());
        // From the last one on: once it is told the others are, and this task is woken once for all.
        for receipt in receipts.into_iter().rev() {
            answers.push(match (receipt, &pushed) {
                (Err(error), _) => Err(error),
                (Ok(_), Err(error)) => Err(error.clone()),
                (Ok(receipt), Ok(())) => receipt.await.unwrap_or(Err(LedgerError::Unknown)),
            });
        }
        answers.reverse();
        answers.iter().for_each(|answer| self.shared.trouble.hear(answer));
        answers
    }

    /// Binds a device to a ledger before its first entry. A first entry does the same.
    ///
    /// # Errors
    /// Where it belongs to another ledger already.
    pub async fn enrol(&self, device: &DeviceId, ledger: &LedgerId) -> Result<Device, LedgerError> {
        check_ids(device, ledger)?;
        let insert = sqlx::query(queries::INSERT_DEVICE).bind(device.as_str()).bind(ledger.as_str());
        insert.execute(self.shared.database.pool()).await?;
        match self.device(device).await? {
            Some(known) if known.ledger_id == *ledger => Ok(known),
            _ => Err(LedgerError::OtherLedger { device: device.to_string() }),
        }
    }

    /// How far a device has come; none where it was never seen.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn device(&self, device: &DeviceId) -> Result<Option<Device>, LedgerError> {
        let select = sqlx::query(queries::SELECT_DEVICE).bind(device.as_str());
        let Some(row) = select.fetch_optional(self.shared.database.pool()).await? else { return Ok(None) };
        let ledger_id = LedgerId::from(row.try_get::<String, _>(0)?);
        Ok(Some(Device { ledger_id, last_dseq: row.try_get(1)?, safe_dseq: row.try_get(2)? }))
    }

    /// Says up to where the entries of each ledger and of each device have a verified copy in a second
    /// place.
    pub(crate) async fn set_safe(&self, safe: &Safe) -> Result<(), LedgerError> {
        let database = &self.shared.database;
        let devices = safe.devices.iter().map(|(id, dseq)| (queries::UPDATE_SAFE, id.to_string(), *dseq));
        let ledgers = safe.ledgers.iter().map(|(id, seq)| (queries::UPDATE_SAFE_SEQ, id.to_string(), *seq));
        let all =
            devices.chain(ledgers).map(|(update, id, number)| sqlx::query(update).bind(id).bind(number));
        match database.kind() {
            // One flush for all of them.
            Kind::Sqlite => {
                let mut transaction = database.begin_write().await?;
                for update in all {
                    update.execute(&mut *transaction).await?;
                }
                transaction.commit().await?;
            }
            // Each by itself: a writer that moves the same rows can then never wait in a ring.
            Kind::Postgres => {
                for update in all {
                    update.execute(database.pool()).await?;
                }
            }
        }
        Ok(())
    }

    /// Up to where a ledger's entries have a verified copy in a second place; 0 where none has.
    ///
    /// # Errors
    /// [`LedgerError`] where the database does not answer.
    pub async fn safe_seq(&self, ledger: &LedgerId) -> Result<i64, LedgerError> {
        let select = sqlx::query_scalar(queries::SELECT_SAFE_SEQ).bind(ledger.as_str());
        Ok(select.fetch_optional(self.shared.database.pool()).await?.unwrap_or_default())
    }

    /// A ledger's committed state, with what other servers entered; the empty one where there is no
    /// entry. The snapshot does not change.
    ///
    /// # Errors
    /// Where the database does not answer, or its entries do not follow each other.
    pub async fn state(&self, ledger: &LedgerId) -> Result<Arc<State>, LedgerError> {
        let fold = self.shared.folds.read(&self.shared.database, ledger).await?;
        Ok(fold.map_or_else(Arc::default, |fold| fold.committed().state))
    }

    /// A ledger's committed state as this server last saw it, without asking the database: what other
    /// servers entered since is not in it.
    #[must_use]
    pub fn known(&self, ledger: &LedgerId) -> Arc<State> {
        self.shared.folds.of(ledger).committed().state
    }

    /// Tells the seq of a ledger's newest entry as it changes; slow listeners skip some. Entries of
    /// other servers are told of once somebody here has read or written the ledger.
    #[must_use]
    pub fn listen(&self, ledger: &LedgerId) -> watch::Receiver<i64> {
        self.shared.folds.of(ledger).listen()
    }

    /// Begins a transaction of the features' own during which nothing is entered in these ledgers, by
    /// any server.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub(crate) async fn hold(&self, ledgers: &[LedgerId]) -> Result<Hold, LedgerError> {
        let database = &self.shared.database;
        // On SQLite the transaction itself is the lock.
        if database.kind() == Kind::Sqlite {
            return Ok(Hold { transaction: database.begin_write().await? });
        }
        // In the order of their ids, as writers do, so that nobody waits in a ring. What is missing is
        // added before: it would be a lock out of order.
        let mut ordered: Vec<&LedgerId> = ledgers.iter().collect();
        ordered.sort();
        for ledger in &ordered {
            sqlx::query(queries::ADD_HEAD).bind(ledger.as_str()).execute(database.pool()).await?;
        }
        let mut transaction = database.begin_write().await?;
        for ledger in ordered {
            sqlx::query(postgres::LOCK_HEAD).bind(ledger.as_str()).execute(&mut *transaction).await?;
        }
        Ok(Hold { transaction })
    }

    /// Up to 1,000 entries in order, from `seq` on (the first is 1); an empty page is the end.
    ///
    /// # Errors
    /// Where the database does not answer, or holds what is no entry.
    pub async fn entries(&self, ledger: &LedgerId, seq: i64) -> Result<Vec<Sealed>, LedgerError> {
        fold::page(&self.shared.database, ledger, seq).await
    }

    /// One entry of a ledger by its id; none where there is no such entry.
    ///
    /// # Errors
    /// Where the database does not answer, or holds what is no entry.
    pub async fn entry(&self, ledger: &LedgerId, id: EntryId) -> Result<Option<Sealed>, LedgerError> {
        let select = sqlx::query(queries::SELECT_ENTRY).bind(id.to_string()).bind(ledger.as_str());
        let row = select.fetch_optional(self.shared.database.pool()).await?;
        let Some(row) = row else { return Ok(None) };
        let damaged = || LedgerError::Damaged { ledger: ledger.to_string(), seq: 0 };
        Sealed::read(&row.try_get::<String, _>(0)?).map(Some).map_err(|_| damaged())
    }

    /// Every ledger that has entries, and its last seq.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn ledgers(&self) -> Result<Vec<(LedgerId, i64)>, LedgerError> {
        let rows = sqlx::query(queries::SELECT_LEDGERS).fetch_all(self.shared.database.pool()).await?;
        let mut ledgers = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(seq) = row.try_get::<Option<i64>, _>(1)? {
                ledgers.push((LedgerId::from(row.try_get::<String, _>(0)?), seq));
            }
        }
        Ok(ledgers)
    }

    /// The signature of the device that an entry came from; none where it has no key.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn device_signature(&self, entry: EntryId) -> Result<Option<DeviceSignature>, LedgerError> {
        let select = sqlx::query_scalar(queries::SELECT_SIGNATURE).bind(entry.to_string());
        let text: Option<String> = select.fetch_optional(self.shared.database.pool()).await?;
        Ok(text.as_deref().and_then(DeviceSignature::parse))
    }

    /// The free text behind an entry's reason; none where there was none or it was erased.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn reason(&self, entry: EntryId) -> Result<Option<ReasonText>, LedgerError> {
        let select = sqlx::query(queries::SELECT_REASON).bind(entry.to_string());
        let Some(row) = select.fetch_optional(self.shared.database.pool()).await? else { return Ok(None) };
        Ok(Some(ReasonText { salt: row.try_get(0)?, text: row.try_get(1)? }))
    }

    /// Erases the text behind an entry's reason, and whether there was one. The entry and every
    /// proof stay as they are.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn erase_reason(&self, entry: EntryId) -> Result<bool, LedgerError> {
        let delete = sqlx::query(queries::DELETE_REASON).bind(entry.to_string());
        Ok(delete.execute(self.shared.database.pool()).await?.rows_affected() > 0)
    }

    /// The drawn signature that an entry commits to; none where there was none or it was erased.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn drawing(&self, entry: EntryId) -> Result<Option<Drawing>, LedgerError> {
        let select = sqlx::query(queries::SELECT_DRAWING).bind(entry.to_string());
        let Some(row) = select.fetch_optional(self.shared.database.pool()).await? else { return Ok(None) };
        Ok(Some(Drawing::new(row.try_get(0)?, row.try_get(1)?)))
    }

    /// Erases the drawn signature that an entry commits to, and whether there was one. The entry and every
    /// proof stay as they are.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn erase_drawing(&self, entry: EntryId) -> Result<bool, LedgerError> {
        let delete = sqlx::query(queries::DELETE_DRAWING).bind(entry.to_string());
        Ok(delete.execute(self.shared.database.pool()).await?.rows_affected() > 0)
    }

    /// The newest checkpoint that was made of a ledger.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn last_checkpoint(&self, ledger: &LedgerId) -> Result<Option<String>, LedgerError> {
        let select = sqlx::query_scalar(queries::SELECT_CHECKPOINT).bind(ledger.as_str());
        Ok(select.fetch_optional(self.shared.database.pool()).await?)
    }

    /// The key that verifies this server's checkpoints: `name+id+base64`.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.shared.signer.public()
    }

    /// The random epoch of this database.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn epoch(&self) -> Result<String, LedgerError> {
        let select = sqlx::query_scalar(queries::SELECT_STATE).bind(EPOCH);
        Ok(select.fetch_one(self.shared.database.pool()).await?)
    }

    /// Begins a new epoch, as after a restore: devices greet again and resend what is missing.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn begin_epoch(&self) -> Result<(), LedgerError> {
        make_epoch(&self.shared.database, queries::UPSERT_STATE).await
    }

    /// What the ledger's clock says: milliseconds since 1970 UTC.
    #[must_use]
    pub fn now(&self) -> i64 {
        (self.shared.clock)()
    }

    /// Why nothing can be saved at present; none while all is well.
    #[must_use]
    pub fn trouble(&self) -> Option<LedgerError> {
        self.shared.trouble.error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes a little, to see whether anything can be saved; [`Ledger::trouble`] then says it.
    ///
    /// # Errors
    /// Where it cannot be.
    pub async fn probe(&self) -> Result<(), LedgerError> {
        let upsert = sqlx::query(queries::UPSERT_STATE).bind(PROBE).bind((self.shared.clock)().to_string());
        let done = upsert.execute(self.shared.database.pool()).await.map_err(LedgerError::from);
        self.shared.trouble.set(done.as_ref().err().cloned());
        done.map(|_| ())
    }

    /// How many transactions the writer has committed since the start.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.shared.noted.commits.load(Ordering::Relaxed)
    }

    /// The epoch as the writer saw it in the transaction of the newest receipt, or in one before that
    /// nobody else has written since; at the start, as the database has it.
    #[must_use]
    pub fn epoch_of_writer(&self) -> Epoch {
        *self.shared.noted.epoch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes no more submissions, writes those that wait, and lets the database go.
    pub async fn stop(&self) {
        self.shared.queue.stop();
        let mut is_finished = self.shared.is_finished.clone();
        // An error says that the writer is gone, which is what is waited for.
        let _ = is_finished.wait_for(|is_finished| *is_finished).await;
    }
}

/// Ledgers that stand still until the transaction ends ([`Ledger::hold`]).
pub(crate) struct Hold {
    /// The transaction.
    pub(crate) transaction: Transaction<'static, Any>,
}

impl Hold {
    /// The number of a ledger's last entry; 0 where there is none.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub(crate) async fn seq(&mut self, ledger: &LedgerId) -> Result<i64, LedgerError> {
        let select = sqlx::query_scalar(queries::SELECT_HEAD).bind(ledger.as_str());
        let seq: Option<i64> = select.fetch_one(&mut *self.transaction).await?;
        Ok(seq.unwrap_or(0))
    }
}

async fn make_epoch(database: &Database, query: &'static str) -> Result<(), LedgerError> {
    let epoch = random_epoch()?;
    sqlx::query(query).bind(EPOCH).bind(epoch).execute(database.pool()).await?;
    Ok(())
}

fn random_epoch() -> Result<String, LedgerError> {
    let mut bytes = [0; 16];
    let no_randomness = |error: getrandom::Error| LedgerError::Storage {
        problem: Spoken::new("系统没有给出随机数", format!("no randomness: {error}")),
    };
    getrandom::fill(&mut bytes).map_err(no_randomness)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// What is wrong with a submission whatever the ledger holds.
fn check(submission: &Submission) -> Result<(), LedgerError> {
    check_ids(&submission.command.device, &submission.ledger_id)?;
    check_drawing(submission)?;
    let Some(ReasonText { salt, text }) = &submission.reason else { return Ok(()) };
    let is_fit = SALT_LENGTH.contains(&salt.chars().count()) && text.chars().count() <= REASON_LENGTH_MAX;
    // PostgreSQL's text cannot hold it.
    if !is_fit || salt.contains('\0') || text.contains('\0') {
        return Err(LedgerError::ReasonUnfit);
    }
    let hash = Hash::of_document(format!("{salt}{text}").as_bytes());
    if submission.command.body.reason() == Some(hash) { Ok(()) } else { Err(LedgerError::ReasonDiffers) }
}

/// A drawing is one, and the one that the command commits to.
fn check_drawing(submission: &Submission) -> Result<(), LedgerError> {
    let Some(drawing) = &submission.drawing else { return Ok(()) };
    if !drawing.is_fit() {
        return Err(LedgerError::DrawingUnfit);
    }
    let is_meant = submission.command.body.drawing() == Some(drawing.commitment());
    if is_meant { Ok(()) } else { Err(LedgerError::DrawingDiffers) }
}

/// Ids that both databases can hold, and that leave the server's own devices to it.
fn check_ids(device: &DeviceId, ledger: &LedgerId) -> Result<(), LedgerError> {
    if !is_fit(server_device(ledger).as_str()) || !is_fit(ledger.as_str()) {
        return Err(LedgerError::Unfit { id: ledger.to_string() });
    }
    if !is_fit(device.as_str()) || device.as_str().starts_with(SERVER_DEVICE) {
        return Err(LedgerError::Unfit { id: device.to_string() });
    }
    Ok(())
}

/// The device on which the server itself enters alarms.
fn server_device(ledger: &LedgerId) -> DeviceId {
    DeviceId::from(format!("{SERVER_DEVICE}{ledger}"))
}

/// The system's clock.
pub(crate) fn system_time() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or_default()
}
