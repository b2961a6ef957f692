//! The committed state of each ledger, as readers see it. It never holds what is not committed.
//!
//! Readers get a shared snapshot and may keep it as long as they like; the writer copies a state
//! only where a reader still holds the one before. Memory: a state for each ledger that was read or
//! written since the start (about 1 MB for 40 competitors and 200 aspects), and the writer's own
//! copy of those it writes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::LedgerId;
use domain::ledger::tree::Frontier;
use domain::ledger::{Sealed, Status};
use domain::marking::{Body, State, evolve};
use tokio::sync::watch;

use super::recent::Recent;
use super::store::PAGE;
use super::{LedgerError, queries};
use crate::database::Database;

/// Every ledger's committed state.
#[derive(Default)]
pub(super) struct Folds {
    ledgers: Mutex<HashMap<LedgerId, Arc<Fold>>>,
}

/// One ledger's.
#[derive(Default)]
pub(super) struct Fold {
    now: Mutex<Committed>,
    pub(super) recent: Mutex<Recent>,
    seq: watch::Sender<i64>,
    /// The tree as far as checkpoints of it are known; whoever signs holds it.
    pub(super) signed: tokio::sync::Mutex<Frontier>,
}

/// A ledger at one moment.
#[derive(Clone, Default)]
pub(super) struct Committed {
    pub(super) state: Arc<State>,
    pub(super) tree: Frontier,
    /// The number of the last entry after which a checkpoint is made at once.
    sealing: i64,
}

/// How far a ledger has come, for whoever signs it.
pub(super) struct Reached {
    /// The number of its last entry.
    pub(super) seq: i64,
    /// Of the last entry after which a checkpoint is made at once.
    pub(super) sealing: i64,
}

impl Folds {
    /// A ledger's, empty where nothing was loaded yet.
    pub(super) fn of(&self, ledger: &LedgerId) -> Arc<Fold> {
        let mut ledgers = self.ledgers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fold) = ledgers.get(ledger) {
            return Arc::clone(fold);
        }
        Arc::clone(ledgers.entry(ledger.clone()).or_default())
    }

    /// Every ledger that was read or written since the start, and how far it has come.
    pub(super) fn reached(&self) -> Vec<(LedgerId, Reached)> {
        let ledgers = self.ledgers.lock().unwrap_or_else(PoisonError::into_inner);
        ledgers.iter().map(|(ledger, fold)| (ledger.clone(), fold.reached())).collect()
    }

    /// A ledger as the database has it now, also what other servers entered.
    pub(super) async fn read(
        &self,
        database: &Database,
        ledger: &LedgerId,
    ) -> Result<Option<Arc<Fold>>, LedgerError> {
        let select = sqlx::query_scalar(queries::SELECT_HEAD).bind(ledger.as_str());
        let head: Option<i64> = select.fetch_one(database.pool()).await?;
        let Some(head) = head else { return Ok(None) };
        let fold = self.of(ledger);
        loop {
            let seq = fold.committed().state.head.seq;
            if seq >= head {
                return Ok(Some(fold));
            }
            let page = page(database, ledger, seq + 1).await?;
            if page.is_empty() {
                return Err(LedgerError::Damaged { ledger: ledger.to_string(), seq: seq + 1 });
            }
            fold.advance(page.iter())?;
        }
    }
}

impl Fold {
    /// What is committed, as of now.
    pub(super) fn committed(&self) -> Committed {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same without a snapshot: whoever holds one makes the writer copy the state.
    fn reached(&self) -> Reached {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        Reached { seq: now.state.head.seq, sealing: now.sealing }
    }

    /// Takes in the next committed entries; those that are known already change nothing.
    pub(super) fn advance<'a>(&self, entries: impl Iterator<Item = &'a Sealed>) -> Result<(), LedgerError> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let Committed { state, tree, sealing } = &mut *now;
        for sealed in entries {
            if sealed.entry.seq <= state.head.seq {
                continue;
            }
            check_next(state, sealed)?;
            let state = Arc::make_mut(state);
            *state = evolve(std::mem::take(state), sealed);
            tree.push(sealed.hash);
            recent.push(&sealed.entry);
            if is_sealing(sealed) {
                *sealing = sealed.entry.seq;
            }
        }
        let seq = now.state.head.seq;
        drop((recent, now));
        self.seq.send_if_modified(|told| std::mem::replace(told, seq) != seq);
        Ok(())
    }

    /// Tells of every new entry's seq; slow listeners skip some.
    pub(super) fn listen(&self) -> watch::Receiver<i64> {
        self.seq.subscribe()
    }
}

/// Whether a checkpoint is made right after an entry.
fn is_sealing(sealed: &Sealed) -> bool {
    let is_one =
        matches!(sealed.entry.body, Body::Close(_) | Body::Lock(_) | Body::Release(_) | Body::Unlock(_));
    is_one && sealed.entry.status == Status::Accepted
}

/// Whether an entry follows a state.
pub(super) fn check_next(state: &State, sealed: &Sealed) -> Result<(), LedgerError> {
    let entry = &sealed.entry;
    if entry.seq == state.head.seq + 1 && entry.prev == state.head.hash {
        return Ok(());
    }
    Err(LedgerError::Damaged { ledger: entry.ledger.to_string(), seq: entry.seq })
}

/// Reads a stored entry.
pub(super) fn read(ledger: &LedgerId, json: &str, seq: i64) -> Result<Sealed, LedgerError> {
    Sealed::read(json).map_err(|_| LedgerError::Damaged { ledger: ledger.to_string(), seq })
}

/// Up to a page of entries from `seq` on.
pub(super) async fn page(
    database: &Database,
    ledger: &LedgerId,
    seq: i64,
) -> Result<Vec<Sealed>, LedgerError> {
    let select = sqlx::query_scalar(queries::SELECT_PAGE).bind(ledger.as_str()).bind(seq).bind(PAGE);
    let page: Vec<String> = select.fetch_all(database.pool()).await?;
    (seq..).zip(page).map(|(seq, json)| read(ledger, &json, seq)).collect()
}

#[cfg(test)]
mod tests {
    use domain::access::Role;
    use domain::ledger::{Entry, Hash};
    use domain::marking::{Absent, Close, Lock, Release, Stage, Unlock};

    use super::*;

    fn entry(body: Body, status: Status) -> Sealed {
        let entry = Entry {
            actor: "chief".into(),
            base: None,
            body,
            client_time: 0,
            code: None,
            device: "d".into(),
            dseq: 1,
            id: domain::id::EntryId(7 << 76 | 2 << 62),
            ledger: "l".into(),
            prev: Hash::ZERO,
            role: Role::ChiefJudge,
            second: None,
            seq: 1,
            server_time: 0,
            status,
            v: 1,
        };
        Sealed::new(entry).expect("an entry")
    }

    #[test]
    fn a_close_lock_unlock_or_release_is_signed_at_once() {
        let (competitor, sub_criterion) = (|| "C1".into(), "A1".into());
        for body in [
            Body::Close(Close { reason: None }),
            Body::Lock(Lock { competitor: competitor(), sub_criterion }),
            Body::Release(Release { stage: Stage::Provisional }),
            Body::Unlock(Unlock { aspect: "A1.01".into(), competitor: competitor(), reason: None }),
        ] {
            assert!(is_sealing(&entry(body.clone(), Status::Accepted)), "{body:?}");
            assert!(!is_sealing(&entry(body, Status::Refused)));
        }
        let absent = Body::Absent(Absent { competitor: competitor(), reason: None });
        assert!(!is_sealing(&entry(absent, Status::Accepted)));
    }
}
