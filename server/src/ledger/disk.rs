//! The half of the writer that waits for the disk, on SQLite: while it commits one group, the other
//! half decides the next (docs/adr/0002).

use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::sqlite::SqliteStore;
use super::store::{Failure, NewEntry};
use super::wal::{Mover, Stage};
use super::writer::{Answer, GROUP_MAX, Queue};
use super::{LedgerError, Noted};
use crate::spoken;

/// For this part of the time that the last group took, the next one waits for those who have just been
/// told: many of them send their next mark at once, and a flush costs the same for one or for all.
const PATIENCE: u32 = 4;
/// But never longer, whatever held the last one up.
const PATIENCE_MAX: Duration = Duration::from_millis(2);

/// What was decided and is committed together.
#[derive(Default)]
pub(super) struct Group {
    pub(super) entries: Vec<NewEntry>,
    /// For each entry whom to tell what.
    pub(super) answers: Vec<(Answer, oneshot::Sender<Answer>)>,
}

/// Why a group was not committed, or not known to be.
pub(super) struct Lost {
    pub(super) failure: Failure,
    /// Whether the commit was asked for.
    pub(super) is_committing: bool,
}

/// How far it has come since it was last looked at.
pub(super) struct Progress {
    /// What was committed, in its order.
    pub(super) written: Vec<Group>,
    /// How many entries are decided and wait.
    pub(super) waiting: usize,
    /// Whether the store is not in use and will not be before more is handed over or it is taken back.
    pub(super) is_quiet: bool,
    /// Whether a group failed; nothing is written after it.
    pub(super) is_lost: bool,
}

/// A thread that commits what is handed to it, as much at a time as has gathered.
pub(super) struct Disk {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    /// Tells the thread that there is something to do.
    work: Condvar,
    /// Whose other half is told of every group.
    queue: Arc<Queue>,
    noted: Arc<Noted>,
    mover: Mover,
}

#[derive(Default)]
struct State {
    /// None while it is in use or not lent.
    store: Option<SqliteStore>,
    /// Decided upon all that was decided before.
    next: Group,
    written: Vec<Group>,
    lost: Option<(Group, Lost)>,
    /// How many entries the thread waits for.
    wanted: usize,
    is_stopped: bool,
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.shared.state().is_stopped = true;
        self.shared.work.notify_one();
        if let Some(thread) = self.thread.take() {
            // It does not panic; if it did, there would be nothing left to wait for.
            let _ = thread.join();
        }
    }
}

impl Disk {
    pub(super) fn start(queue: Arc<Queue>, noted: Arc<Noted>, mover: Mover) -> Result<Self, LedgerError> {
        let (state, work) = (Mutex::default(), Condvar::new());
        let shared = Arc::new(Shared { state, work, queue, noted, mover });
        let own = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("ledger-disk".to_owned());
        let started = thread.spawn(move || own.run());
        let thread = started.map_err(|error| LedgerError::Storage { problem: spoken::of_system(&error) })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Gives it the connection; it begins with nothing to write.
    pub(super) fn lend(&self, store: SqliteStore) {
        self.shared.state().store = Some(store);
    }

    /// Puts a group behind what waits already; both are committed together where nothing of it has
    /// begun.
    pub(super) fn push(&self, group: Group) {
        let mut state = self.shared.state();
        state.next.entries.extend(group.entries);
        state.next.answers.extend(group.answers);
        // Where it is writing, it looks again by itself.
        let is_awaited = state.store.is_some() && state.next.entries.len() >= state.wanted;
        drop(state);
        if is_awaited {
            self.shared.work.notify_one();
        }
    }

    pub(super) fn look(&self) -> Progress {
        let mut state = self.shared.state();
        let is_lost = state.lost.is_some();
        Progress {
            written: std::mem::take(&mut state.written),
            waiting: state.next.entries.len(),
            is_quiet: state.store.is_some() && (is_lost || state.next.entries.is_empty()),
            is_lost,
        }
    }

    /// Takes back the connection once it is quiet, what was lost, and what was decided after it.
    pub(super) fn take_back(&self) -> (Option<SqliteStore>, Option<(Group, Lost)>, Group) {
        let mut state = self.shared.state();
        (state.store.take(), state.lost.take(), std::mem::take(&mut state.next))
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut state = self.state();
        // Until when those who have just been told are waited for, and how many there may be then.
        let (mut until, mut expected) = (Instant::now(), 0);
        while !state.is_stopped {
            let is_idle = state.lost.is_some() || state.next.entries.is_empty();
            let patience =
                if is_idle { Duration::ZERO } else { until.saturating_duration_since(Instant::now()) };
            if state.next.entries.len() < expected && !patience.is_zero() {
                state.wanted = expected;
                let woken = self.work.wait_timeout(state, patience);
                state = woken.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            let store = if is_idle { None } else { state.store.take() };
            let Some(mut store) = store else {
                state.wanted = 1;
                state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let group = std::mem::take(&mut state.next);
            self.queue.set_writing(true);
            drop(state);
            let begun = Instant::now();
            let result = write(&mut store, &group.entries);
            let ended = Instant::now();
            state = self.state();
            self.queue.set_writing(false);
            until = ended + ((ended - begun) / PATIENCE).min(PATIENCE_MAX);
            expected = (group.entries.len() + state.next.entries.len()).min(GROUP_MAX);
            match result {
                Ok(()) => {
                    self.noted.commits.fetch_add(1, Ordering::Relaxed);
                    state.written.push(group);
                }
                Err(lost) => state.lost = Some((group, lost)),
            }
            if state.lost.is_none() && store.is_checkpoint_due(false) && self.mover.ask() == Stage::Moved {
                drop(state);
                // The receipts leave first.
                self.queue.wake();
                store.checkpoint();
                state = self.state();
            }
            state.store = Some(store);
            self.queue.wake();
        }
    }
}

/// What was decided holds only where nobody else has written since; otherwise it is decided again.
fn write(store: &mut SqliteStore, entries: &[NewEntry]) -> Result<(), Lost> {
    let before = |failure| Lost { failure, is_committing: false };
    if store.begin(true).map_err(before)? {
        return Err(before(Failure::Outrun));
    }
    store.write(entries).map_err(before)?;
    store.commit().map_err(|failure| Lost { failure, is_committing: true })
}
