//! The one writer: takes what waits, decides it in order in memory, writes it in one transaction,
//! and only then acknowledges it.
//!
//! What was decided is believed only once it is committed. After any failure everything remembered
//! is forgotten and read again, so that a retry finds what a lost commit may have left.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::access::Role;
use domain::id::{DeviceId, EntryId, LedgerId};
use domain::ledger::{Command, Hash, Sealed};
use domain::marking::{Alarm, Body, Decided, Stamp, State, Why, decide, evolve};
use tokio::sync::{Notify, oneshot};

use super::disk::{Disk, Group, Lost, Progress};
use super::fold::{Folds, check_next, read};
use super::store::{DeviceRow, Failure, NewEntry, Store, last_of_each};
use super::{Clock, LedgerError, Noted, Origin, Receipt, Submission, server_device};
use crate::database::{Database, Kind};
use domain::finding::Spoken;

/// The most submissions in one transaction.
pub(super) const GROUP_MAX: usize = 256;
/// The most submissions that wait; more are turned away and sent again by their devices.
const WAITING_MAX: usize = 16_384;
/// While a group is being committed, the writer decides the next in portions of this many: a turn of its
/// thread for each submission would cost more than deciding it.
const WAKE_EACH: usize = 8;
/// How often a group is tried before its submitters are told to send again.
const TRIES_MAX: u32 = 6;
/// Between tries where the connection was lost.
const BACK_OFF: Duration = Duration::from_millis(50);
/// The code of the alarm for other bytes under a used id or number.
const USED_OTHERWISE: &str = "used_otherwise";
/// The code of the alarm for what a device's key did not sign.
const FORGED: &str = "forged";

pub(super) type Answer = Result<Receipt, LedgerError>;

/// A submission and whom to tell.
pub(super) struct Waiting {
    pub(super) submission: Submission,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// What waits for the writer.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<(VecDeque<Waiting>, bool)>,
    /// Whether the last group had more than one submission, so that the next will hardly be alone.
    is_crowded: AtomicBool,
    /// Whether a group is being committed, so that nothing that comes now goes to the disk before its
    /// end.
    is_writing: AtomicBool,
    wake: Notify,
}

impl Queue {
    /// Puts submissions at the end, all or none.
    pub(super) fn push(&self, more: Vec<Waiting>) -> Result<(), LedgerError> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.1 {
            return Err(LedgerError::Stopped);
        }
        if waiting.0.len() + more.len() > WAITING_MAX {
            return Err(LedgerError::Busy);
        }
        let before = waiting.0.len();
        waiting.0.extend(more);
        let some_more = waiting.0.len() / WAKE_EACH > before / WAKE_EACH;
        drop(waiting);
        // The end of a commit wakes the writer too, after it is said here that there is none: whoever
        // still saw one put their submission where the writer then looks.
        if some_more || !self.is_writing.load(Ordering::Relaxed) {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// Says that a group is being committed, or no longer.
    pub(super) fn set_writing(&self, is_writing: bool) {
        self.is_writing.store(is_writing, Ordering::Relaxed);
    }

    /// Whether a lone submission may go ahead: nothing waits, nobody else is about to come, and the
    /// ledger is not stopping.
    pub(super) fn is_idle(&self) -> bool {
        if self.is_crowded.load(Ordering::Relaxed) {
            return false;
        }
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.0.is_empty() && !waiting.1
    }

    /// Wakes the writer for what there is to do besides.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    fn note_group(&self, count: usize) {
        self.is_crowded.store(count > 1, Ordering::Relaxed);
    }

    /// Takes no more; what waits is still written.
    pub(super) fn stop(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.wake.notify_one();
    }

    /// Up to so many of what waits; none when nothing waits and nothing will come.
    fn take(&self, most: usize) -> Option<Vec<Waiting>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.0.len().min(most);
        (count > 0 || !waiting.1).then(|| waiting.0.drain(..count).collect())
    }
}

/// Writes what waits until the queue stops.
pub(super) async fn run(queue: Arc<Queue>, writer: Arc<tokio::sync::Mutex<Writer>>, disk: Option<Disk>) {
    loop {
        // The lock first: a submission that goes ahead alone must not overtake a taken group.
        let mut writer = writer.lock().await;
        let Some(group) = queue.take(GROUP_MAX) else {
            writer.store = None;
            return;
        };
        if group.is_empty() {
            writer.checkpoint_where_due(true);
            drop(writer);
            queue.wake.notified().await;
            continue;
        }
        queue.note_group(group.len());
        writer.serve(group, None).await;
        writer.checkpoint_where_due(false);
        if let Some(disk) = &disk {
            writer.run_ahead(&queue, disk).await;
        }
    }
}

/// The writer's memory and connection.
pub(super) struct Writer {
    database: Database,
    folds: Arc<Folds>,
    clock: Clock,
    store: Option<Store>,
    chains: HashMap<LedgerId, Chain>,
    devices: HashMap<DeviceId, DeviceRow>,
    /// Counts the times that somebody else may have written.
    generation: u64,
    noted: Arc<Noted>,
    /// Whether the epoch that was noted is still the database's, unless somebody else has written.
    is_epoch_known: bool,
}

/// A ledger as the next entry finds it: the committed state, and during a group what the group has
/// decided so far.
struct Chain {
    state: State,
    generation: u64,
}

impl Writer {
    pub(super) async fn open(
        database: Database,
        folds: Arc<Folds>,
        clock: Clock,
        noted: Arc<Noted>,
    ) -> Result<Self, LedgerError> {
        let store = Store::open(&database).await.map_err(explain)?;
        let (chains, devices) = (HashMap::new(), HashMap::new());
        Ok(Self {
            database,
            folds,
            clock,
            store: Some(store),
            chains,
            devices,
            generation: 0,
            noted,
            is_epoch_known: false,
        })
    }

    /// Enters a group, however long it takes, and tells each submitter.
    async fn serve(&mut self, group: Vec<Waiting>, mut first: Option<Lost>) {
        if group.is_empty() {
            return;
        }
        let (submissions, answers): (Vec<_>, Vec<_>) =
            group.into_iter().map(|waiting| (waiting.submission, waiting.answer)).unzip();
        let mut done = None;
        while done.is_none() {
            done = self.group(&submissions, true, first.take()).await;
        }
        tell(done.unwrap_or_default().into_iter().zip(answers));
    }

    /// While the disk has one group, decides the next from what is remembered; until nothing waits, or
    /// something does that the database must be asked for.
    async fn run_ahead(&mut self, queue: &Queue, disk: &Disk) {
        match self.store.take() {
            Some(Store::Sqlite(store)) => disk.lend(store),
            other => {
                self.store = other;
                return;
            }
        }
        let mut rest = Vec::new();
        loop {
            let Progress { written, waiting, is_quiet, is_lost } = disk.look();
            for group in written {
                queue.note_group(group.entries.len());
                self.publish(&group.entries);
                tell(group.answers.into_iter());
            }
            let more = if rest.is_empty() && !is_lost {
                queue.take(GROUP_MAX.saturating_sub(waiting)).unwrap_or_default()
            } else {
                Vec::new()
            };
            if !more.is_empty() {
                let group;
                (group, rest) = self.decide_ahead(more);
                disk.push(group);
            } else if is_quiet {
                break;
            } else {
                queue.wake.notified().await;
            }
        }
        let (store, lost, next) = disk.take_back();
        self.store = store.map(Store::Sqlite);
        if let Some((group, lost)) = lost {
            // What was decided upon it is decided again, each device's in the order it was sent.
            self.serve(group.into_waiting(), Some(lost)).await;
            self.serve(next.into_waiting(), None).await;
        }
        self.serve(rest, None).await;
    }

    /// Decides these in order, as far as what is remembered suffices; gives the others back.
    fn decide_ahead(&mut self, waiting: Vec<Waiting>) -> (Group, Vec<Waiting>) {
        let now = (self.clock)();
        let mut group = Group::default();
        let mut waiting = waiting.into_iter();
        while let Some(first) = waiting.next() {
            if let Some(first) = self.decide_from_memory(first, now, &mut group) {
                return (group, std::iter::once(first).chain(waiting).collect());
            }
        }
        (group, Vec::new())
    }

    /// Decides a device's next number in a ledger that is known. Where the id was used before, the
    /// insert will fail, and it is decided again with the database. Gives back any other.
    fn decide_from_memory(&mut self, waiting: Waiting, now: i64, group: &mut Group) -> Option<Waiting> {
        let Submission { ledger_id, command, .. } = &waiting.submission;
        let is_next = |row: &&mut DeviceRow| row.ledger == *ledger_id && row.last_dseq + 1 == command.dseq;
        let device_signature = match waiting.submission.origin {
            Origin::Unsigned => None,
            Origin::Signed(signature) => Some(signature),
            Origin::Forged => return Some(waiting),
        };
        let Some(row) = self.devices.get_mut(&command.device).filter(is_next) else { return Some(waiting) };
        let is_fresh = |chain: &&mut Chain| chain.generation == self.generation;
        let Some(chain) = self.chains.get_mut(ledger_id).filter(is_fresh) else { return Some(waiting) };
        let Waiting { submission, answer: to } = waiting;
        let Submission { ledger_id, command, drawing, reason, .. } = submission;
        let dseq = command.dseq;
        match decide(&chain.state, command, &Stamp { ledger: ledger_id, now }) {
            Ok(Decided { sealed, why }) => {
                chain.state = evolve(std::mem::take(&mut chain.state), &sealed);
                row.last_dseq = dseq;
                group.answers.push((Ok(receipt(&sealed, why, false)), to));
                group.entries.push(NewEntry { sealed, device_signature, drawing, reason });
            }
            Err(problem) => tell(std::iter::once((Err(not_enterable(problem)), to))),
        }
        None
    }

    /// Shows readers what is committed.
    fn publish(&self, committed: &[NewEntry]) {
        for last in last_of_each(committed) {
            let ledger = &last.entry.ledger;
            let entries = committed.iter().map(|new| &new.sealed);
            let of_ledger = entries.filter(|sealed| sealed.entry.ledger == *ledger);
            // It is committed, whatever comes of this; a reader that finds a gap reads again.
            let _ = self.folds.of(ledger).advance(of_ledger);
        }
    }

    /// Enters a group and answers each submission in order; none where another process is writing
    /// and this call is not to wait. Where its first try was made elsewhere, it is told how that ended.
    pub(super) async fn group(
        &mut self,
        submissions: &[Submission],
        is_patient: bool,
        mut first: Option<Lost>,
    ) -> Option<Vec<Answer>> {
        let mut is_unknown = false;
        let mut error = LedgerError::Unknown;
        for tries in 0..TRIES_MAX {
            let Lost { failure, is_committing } = match first.take() {
                Some(lost) => lost,
                None => match self.attempt(submissions, is_patient, tries > 0).await {
                    Ok(answers) => return Some(answers),
                    Err(lost) => lost,
                },
            };
            self.forget().await;
            is_unknown |= is_committing;
            match failure {
                Failure::Busy => return None,
                Failure::Outrun => {}
                Failure::Refused(refusal) => {
                    error = refusal;
                    break;
                }
                Failure::Lost(problem) => {
                    error = LedgerError::Storage { problem };
                    self.store = None;
                    if self.database.kind() == Kind::Postgres {
                        tokio::time::sleep(BACK_OFF).await;
                    }
                }
            }
        }
        if is_unknown {
            error = match error {
                error @ (LedgerError::DiskFull | LedgerError::ReadOnly) => error,
                _ => LedgerError::Unknown,
            };
        }
        Some(submissions.iter().map(|_| Err(error.clone())).collect())
    }

    /// Whether the writer has something to do once nothing waits.
    pub(super) fn is_checkpoint_due(&self) -> bool {
        self.store.as_ref().is_some_and(|store| store.is_checkpoint_due(true))
    }

    fn checkpoint_where_due(&mut self, is_idle: bool) {
        if let Some(store) = self.store.as_mut().filter(|store| store.is_checkpoint_due(is_idle)) {
            store.checkpoint();
        }
    }

    async fn attempt(
        &mut self,
        submissions: &[Submission],
        is_patient: bool,
        is_careful: bool,
    ) -> Result<Vec<Answer>, Lost> {
        let mut attempt = Attempt { is_careful, ..Attempt::default() };
        let lost = |failure, attempt: &Attempt| Lost { failure, is_committing: attempt.is_committing };
        let mut store = match self.store.take() {
            Some(store) => store,
            None => Store::open(&self.database).await.map_err(|failure| lost(failure, &attempt))?,
        };
        let result = self.decide_and_write(&mut store, submissions, is_patient, &mut attempt).await;
        self.store = Some(store);
        let answers = result.map_err(|failure| lost(failure, &attempt))?;
        self.publish(&attempt.entries);
        Ok(answers)
    }

    async fn decide_and_write(
        &mut self,
        store: &mut Store,
        submissions: &[Submission],
        is_patient: bool,
        attempt: &mut Attempt,
    ) -> Result<Vec<Answer>, Failure> {
        if store.begin(is_patient).await? {
            self.generation += 1;
            self.devices.clear();
            self.is_epoch_known = false;
        }
        self.load_chains(store, submissions).await?;
        // Under the locks, and before the commit: no receipt ever names a newer epoch than its entry's.
        if !self.is_epoch_known {
            self.noted.set_epoch(&store.epoch().await?).map_err(Failure::Refused)?;
            self.is_epoch_known = true;
        }
        self.load_devices(store, submissions).await?;
        let ids: Vec<EntryId> = submissions
            .iter()
            .filter(|submission| attempt.is_careful || self.may_be_known(submission))
            .map(|submission| submission.command.id)
            .collect();
        if !ids.is_empty() {
            for json in store.used(&ids).await? {
                attempt.remember(&json)?;
            }
        }
        let now = (self.clock)();
        let mut answers = Vec::with_capacity(submissions.len());
        for submission in submissions {
            answers.push(self.answer(store, submission, now, attempt).await?);
        }
        if attempt.entries.is_empty() {
            store.roll_back().await?;
            return Ok(answers);
        }
        store.write(&attempt.entries).await?;
        attempt.is_committing = true;
        store.commit().await?;
        self.noted.commits.fetch_add(1, Ordering::Relaxed);
        Ok(answers)
    }

    /// Forgets everything that may not be committed, or not as remembered.
    async fn forget(&mut self) {
        self.chains.clear();
        self.devices.clear();
        self.is_epoch_known = false;
        if let Some(store) = &mut self.store
            && store.roll_back().await.is_err()
        {
            self.store = None;
        }
    }

    /// Brings the group's ledgers up to what the database has.
    async fn load_chains(&mut self, store: &mut Store, submissions: &[Submission]) -> Result<(), Failure> {
        let generation = self.generation;
        let mut stale: Vec<LedgerId> = Vec::new();
        for Submission { ledger_id, .. } in submissions {
            let is_fresh = self.chains.get(ledger_id).is_some_and(|chain| chain.generation == generation);
            if !is_fresh && !stale.contains(ledger_id) {
                stale.push(ledger_id.clone());
            }
        }
        if stale.is_empty() {
            return Ok(());
        }
        stale.sort();
        let heads = store.heads(&stale).await?;
        for (ledger, head) in stale.into_iter().zip(heads) {
            let fold = self.folds.of(&ledger);
            let known = self.chains.remove(&ledger).map(|chain| chain.state);
            let mut state = known.unwrap_or_else(|| (*fold.committed().state).clone());
            while state.head.seq < head {
                let first = state.head.seq + 1;
                let page = store.page(&ledger, first).await?;
                for (seq, json) in (first..).zip(&page) {
                    let sealed = read(&ledger, json, seq).map_err(Failure::Refused)?;
                    check_next(&state, &sealed).map_err(Failure::Refused)?;
                    state = evolve(state, &sealed);
                    fold.advance(std::iter::once(&sealed)).map_err(Failure::Refused)?;
                }
                if page.is_empty() {
                    return Err(damaged(&ledger, first));
                }
            }
            if state.head.seq > head {
                // The database lost entries that were committed: it was replaced under our feet.
                return Err(damaged(&ledger, head + 1));
            }
            self.chains.insert(ledger, Chain { state, generation });
        }
        Ok(())
    }

    async fn load_devices(&mut self, store: &mut Store, submissions: &[Submission]) -> Result<(), Failure> {
        let mut missing: Vec<DeviceId> = Vec::new();
        for Submission { command, .. } in submissions {
            if !self.devices.contains_key(&command.device) {
                missing.push(command.device.clone());
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        missing.sort();
        missing.dedup();
        for row in store.devices(&missing).await? {
            self.devices.insert(row.device.clone(), row);
        }
        Ok(())
    }

    /// Whether a submission's id may be in the ledger. That of a device's next number is not, unless
    /// a device is at fault: then the insert fails, and the next try looks every id up.
    fn may_be_known(&self, submission: &Submission) -> bool {
        let Command { device, dseq, .. } = &submission.command;
        self.devices.get(device).is_some_and(|row| *dseq <= row.last_dseq)
    }

    /// What becomes of one submission.
    async fn answer(
        &mut self,
        store: &mut Store,
        submission: &Submission,
        now: i64,
        attempt: &mut Attempt,
    ) -> Result<Answer, Failure> {
        let Submission { ledger_id, command, origin, drawing, reason } = submission;
        let known = self.devices.get(&command.device);
        if known.is_some_and(|row| row.ledger != *ledger_id) {
            return Ok(Err(LedgerError::OtherLedger { device: command.device.to_string() }));
        }
        let last = known.map_or(0, |row| row.last_dseq);
        if let Some(original) = attempt.find(command.id) {
            if original.entry.ledger == *ledger_id && original.answers(command) {
                return Ok(Ok(receipt(original, None, true)));
            }
            return self.refuse(USED_OTHERWISE, store, submission, now, attempt).await;
        }
        if command.dseq > last + 1 || command.dseq < 1 {
            return Ok(Err(LedgerError::WantDseq { want: last + 1 }));
        }
        if command.dseq <= last {
            return self.refuse(USED_OTHERWISE, store, submission, now, attempt).await;
        }
        let device_signature = match origin {
            Origin::Unsigned => None,
            Origin::Signed(signature) => Some(*signature),
            Origin::Forged => return self.refuse(FORGED, store, submission, now, attempt).await,
        };
        let answer = self.enter(ledger_id, command.clone(), now, attempt);
        if answer.is_ok()
            && let Some(new) = attempt.entries.last_mut()
        {
            (new.device_signature, new.drawing) = (device_signature, drawing.clone());
            new.reason.clone_from(reason);
        }
        Ok(answer)
    }

    /// Decides a command as the next entry of its ledger.
    fn enter(&mut self, ledger: &LedgerId, command: Command, now: i64, attempt: &mut Attempt) -> Answer {
        let (device, dseq) = (command.device.clone(), command.dseq);
        let Some(chain) = self.chains.get_mut(ledger) else { return Err(LedgerError::Stopped) };
        let stamp = Stamp { ledger: ledger.clone(), now };
        let decided = decide(&chain.state, command, &stamp);
        let Decided { sealed, why } = decided.map_err(not_enterable)?;
        chain.state = evolve(std::mem::take(&mut chain.state), &sealed);
        let ledger = ledger.clone();
        self.devices
            .entry(device)
            .and_modify(|row| row.last_dseq = dseq)
            .or_insert_with_key(|device| DeviceRow { device: device.clone(), ledger, last_dseq: dseq });
        let receipt = receipt(&sealed, why, false);
        attempt.enter(sealed);
        Ok(receipt)
    }

    /// Other bytes under a used id or number, or what the device's key did not sign: refused, and an
    /// alarm is entered, once for each such command however often it is sent.
    async fn refuse(
        &mut self,
        code: &'static str,
        store: &mut Store,
        submission: &Submission,
        now: i64,
        attempt: &mut Attempt,
    ) -> Result<Answer, Failure> {
        let Submission { ledger_id, command, .. } = submission;
        let id = command.id.to_string();
        let refusal =
            Err(if code == FORGED { LedgerError::Forged { id } } else { LedgerError::UsedOtherwise { id } });
        let id = alarm_id(code, ledger_id, command);
        if attempt.find(id).is_none() {
            for json in store.used(&[id]).await? {
                attempt.remember(&json)?;
            }
        }
        if attempt.find(id).is_some() {
            return Ok(refusal);
        }
        let device = server_device(ledger_id);
        if !self.devices.contains_key(&device) {
            for row in store.devices(std::slice::from_ref(&device)).await? {
                self.devices.insert(row.device.clone(), row);
            }
        }
        let dseq = self.devices.get(&device).map_or(0, |row| row.last_dseq) + 1;
        let alarm = Alarm {
            code: code.to_owned(),
            device: command.device.clone(),
            dseq: command.dseq,
            entry: command.id,
        };
        let command = Command {
            actor: device.to_string(),
            base: None,
            body: Body::Alarm(alarm),
            client_time: now,
            device,
            dseq,
            id,
            role: Role::Server,
            second: None,
        };
        // Where not even the alarm can be written, the submitter is still refused.
        let _ = self.enter(ledger_id, command, now, attempt);
        Ok(refusal)
    }
}

/// What one try has found and decided.
#[derive(Default)]
struct Attempt {
    entries: Vec<NewEntry>,
    /// Where in `entries` an id stands.
    new: HashMap<EntryId, usize>,
    /// Entries of the database with ids that were submitted again.
    old: HashMap<EntryId, Sealed>,
    /// Whether every id is looked up before it is taken for new.
    is_careful: bool,
    /// Whether the commit was asked for.
    is_committing: bool,
}

impl Attempt {
    fn find(&self, id: EntryId) -> Option<&Sealed> {
        let new = self.new.get(&id).and_then(|at| self.entries.get(*at));
        new.map(|new| &new.sealed).or_else(|| self.old.get(&id))
    }

    fn enter(&mut self, sealed: Sealed) {
        self.new.insert(sealed.entry.id, self.entries.len());
        self.entries.push(NewEntry { sealed, device_signature: None, drawing: None, reason: None });
    }

    fn remember(&mut self, json: &str) -> Result<(), Failure> {
        let damaged = || damaged(&LedgerId::default(), 0);
        let sealed = Sealed::read(json).map_err(|_| damaged())?;
        self.old.insert(sealed.entry.id, sealed);
        Ok(())
    }
}

impl Group {
    /// As it was before it was decided.
    fn into_waiting(self) -> Vec<Waiting> {
        let undecided = |(new, (_, answer)): (NewEntry, (Answer, oneshot::Sender<Answer>))| {
            let NewEntry { sealed: Sealed { entry, .. }, device_signature, drawing, reason } = new;
            let ledger_id = entry.ledger.clone();
            let command = entry.into_command();
            let origin = device_signature.map_or(Origin::Unsigned, Origin::Signed);
            Waiting { submission: Submission { ledger_id, command, origin, drawing, reason }, answer }
        };
        self.entries.into_iter().zip(self.answers).map(undecided).collect()
    }
}

fn tell(answers: impl Iterator<Item = (Answer, oneshot::Sender<Answer>)>) {
    for (answer, to) in answers {
        // Whoever no longer listens will send again and get the same receipt.
        let _ = to.send(answer);
    }
}

fn receipt(sealed: &Sealed, why: Option<Why>, was_there_before: bool) -> Receipt {
    let entry = &sealed.entry;
    Receipt {
        id: entry.id,
        seq: entry.seq,
        hash: sealed.hash,
        status: entry.status,
        code: entry.code.clone(),
        why,
        was_there_before,
    }
}

/// The id of the alarm about a command: the same for the same command.
fn alarm_id(code: &str, ledger: &LedgerId, command: &Command) -> EntryId {
    let fields = serde_json::to_string(&(code, ledger, command)).unwrap_or_default();
    let Hash(hash) = Hash::of_document(fields.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    // Version 8 and the variant of RFC 9562: a UUID made by a rule of one's own.
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    EntryId(u128::from_be_bytes(bytes))
}

fn damaged(ledger: &LedgerId, seq: i64) -> Failure {
    Failure::Refused(LedgerError::Damaged { ledger: ledger.to_string(), seq })
}

/// What has no place in an entry: a number that JSON cannot hold, or too much text.
fn not_enterable(problem: String) -> LedgerError {
    LedgerError::NotEnterable {
        problem: Spoken::new("数字或文字太长，写不进一条记录", problem)
    }
}

fn explain(failure: Failure) -> LedgerError {
    match failure {
        Failure::Refused(error) => error,
        Failure::Lost(problem) => LedgerError::Storage { problem },
        Failure::Busy | Failure::Outrun => LedgerError::Busy,
    }
}
