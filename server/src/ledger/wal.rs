//! Moves what SQLite's WAL has gathered into the file, on a thread and a connection of its own, so that
//! commits go on meanwhile. What came while it was at work is left for a checkpoint between two groups,
//! which is short, and after which the WAL is written from its beginning again.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::LedgerError;
use super::sqlite::SqliteStore;
use crate::database::Database;
use crate::spoken;

/// Where the mover is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It waits to be asked.
    Idle,
    /// It was asked, and is not done.
    Moving,
    /// It is done; what came meanwhile is still in the WAL.
    Moved,
}

/// The thread that moves; it ends, and lets its connection go, when this value does.
pub(super) struct Mover {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    /// None once it is to end.
    stage: Mutex<Option<Stage>>,
    asked: Condvar,
}

impl Drop for Mover {
    fn drop(&mut self) {
        *self.shared.stage() = None;
        self.shared.asked.notify_one();
        if let Some(thread) = self.thread.take() {
            // It does not panic; if it did, its connection would be gone as well.
            let _ = thread.join();
        }
    }
}

impl Mover {
    /// Starts it; it opens its connection when it is first asked.
    pub(super) fn start(database: Database) -> Result<Self, LedgerError> {
        let shared = Arc::new(Shared { stage: Mutex::new(Some(Stage::Idle)), asked: Condvar::new() });
        let own = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("ledger-wal".to_owned());
        let started = thread.spawn(move || {
            let mut store = None;
            while own.wait() {
                // Where it cannot be opened now, the checkpoint between two groups moves everything.
                store = store.or_else(|| SqliteStore::open(&database).ok());
                if let Some(store) = &mut store {
                    store.checkpoint();
                }
                own.done();
            }
        });
        let thread = started.map_err(|error| LedgerError::Storage { problem: spoken::of_system(&error) })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Asks it to move, where it is idle, and says where it is. What it has moved is said once.
    pub(super) fn ask(&self) -> Stage {
        let mut stage = self.shared.stage();
        let now = stage.unwrap_or(Stage::Moving);
        match now {
            Stage::Idle => {
                *stage = Some(Stage::Moving);
                self.shared.asked.notify_one();
            }
            Stage::Moving => {}
            Stage::Moved => *stage = Some(Stage::Idle),
        }
        now
    }
}

impl Shared {
    fn stage(&self) -> MutexGuard<'_, Option<Stage>> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is asked; false where it is to end.
    fn wait(&self) -> bool {
        let is_idle = |stage: &mut Option<Stage>| stage.is_some_and(|stage| stage != Stage::Moving);
        let stage = self.asked.wait_while(self.stage(), is_idle).unwrap_or_else(PoisonError::into_inner);
        stage.is_some()
    }

    fn done(&self) {
        let mut stage = self.stage();
        *stage = stage.map(|_| Stage::Moved);
    }
}
