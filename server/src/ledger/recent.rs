//! A ledger's newest entries as they were committed, for a reader who follows it closely: reading them
//! back from the database would cost as much as entering them.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};

use domain::id::LedgerId;
use domain::ledger::Entry;

use super::Ledger;
use super::fold::Fold;

/// How many are kept for a reader who does not come; who is further behind reads the database.
const KEPT_MAX: usize = 1_024;

/// What is kept while anybody follows.
#[derive(Default)]
pub(super) struct Recent {
    readers: usize,
    entries: VecDeque<Arc<Entry>>,
}

impl Recent {
    /// Takes in the next committed entry, where somebody follows.
    pub(super) fn push(&mut self, entry: &Entry) {
        if self.readers == 0 {
            return;
        }
        if self.entries.len() == KEPT_MAX {
            self.entries.pop_front();
        }
        self.entries.push_back(Arc::new(entry.clone()));
    }

    /// Those of these numbers, where all of them are here; what is before is let go.
    fn take(&mut self, from: i64, until: i64) -> Option<Vec<Arc<Entry>>> {
        while self.entries.front().is_some_and(|entry| entry.seq < from) {
            self.entries.pop_front();
        }
        let here = self.entries.iter().take_while(|entry| entry.seq <= until);
        let here: Vec<Arc<Entry>> = here.map(Arc::clone).collect();
        let wanted = usize::try_from(until - from + 1).ok()?;
        (here.len() == wanted && here.first().is_none_or(|entry| entry.seq == from)).then_some(here)
    }
}

/// Somebody who follows a ledger, until this is dropped; there is one at a time.
pub(crate) struct Follower {
    fold: Arc<Fold>,
}

impl Ledger {
    /// Keeps a ledger's newest entries at hand from now on.
    pub(crate) fn keep_recent(&self, ledger: &LedgerId) -> Follower {
        let fold = self.shared.folds.of(ledger);
        fold.recent.lock().unwrap_or_else(PoisonError::into_inner).readers += 1;
        Follower { fold }
    }
}

impl Follower {
    /// The committed entries of these numbers, in order; none where not all of them are at hand, and
    /// [`Ledger::entries`] has them. What is before them is not asked for again.
    pub(crate) fn entries(&self, from: i64, until: i64) -> Option<Vec<Arc<Entry>>> {
        self.fold.recent.lock().unwrap_or_else(PoisonError::into_inner).take(from, until)
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut recent = self.fold.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.readers -= 1;
        if recent.readers == 0 {
            recent.entries = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::access::Role;
    use domain::ledger::{Hash, Status};
    use domain::marking::{Body, Close};

    use super::*;

    fn entry(seq: i64) -> Entry {
        Entry {
            actor: "chief".into(),
            base: None,
            body: Body::Close(Close { reason: None }),
            client_time: 0,
            code: None,
            device: "d".into(),
            dseq: seq,
            id: domain::id::EntryId(u128::from(seq.unsigned_abs())),
            ledger: "l".into(),
            prev: Hash::ZERO,
            role: Role::ChiefJudge,
            second: None,
            seq,
            server_time: 0,
            status: Status::Accepted,
            v: 1,
        }
    }

    fn taken(recent: &mut Recent, from: i64, until: i64) -> Option<Vec<i64>> {
        Some(recent.take(from, until)?.iter().map(|entry| entry.seq).collect())
    }

    #[test]
    fn what_is_at_hand_is_given_once_and_a_gap_never() {
        let mut recent = Recent { readers: 1, ..Recent::default() };
        (5..=9).for_each(|seq| recent.push(&entry(seq)));
        assert_eq!(taken(&mut recent, 4, 6), None, "the first is not here");
        assert_eq!(taken(&mut recent, 5, 7), Some(vec![5, 6, 7]));
        assert_eq!(taken(&mut recent, 8, 9), Some(vec![8, 9]));
        assert_eq!(taken(&mut recent, 8, 10), None, "the last is not here yet");
        let longest = 9 + i64::try_from(KEPT_MAX).expect("a number") + 1;
        (10..=longest).for_each(|seq| recent.push(&entry(seq)));
        assert_eq!(taken(&mut recent, 10, longest), None, "who is far behind reads the database");
        assert_eq!(taken(&mut recent, 11, 12), Some(vec![11, 12]));
    }

    #[test]
    fn nothing_is_kept_where_nobody_follows() {
        let mut recent = Recent::default();
        recent.push(&entry(1));
        assert_eq!(taken(&mut recent, 1, 1), None);
    }
}
