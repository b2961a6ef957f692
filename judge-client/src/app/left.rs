//! What earlier sign-ins on this device entered and never sent. A device's numbers are one sign-in's,
//! so no other sends it: the same judge enters it again, and of another judge nothing but how much
//! there is, is told.

use std::collections::{HashMap, HashSet};

use domain::id::{DeviceId, EntryId, JudgeCode, LedgerId};
use domain::marking::Body;
use domain::scoring::Value;
use protocol::account::Bench;
use protocol::frame::Cell;

use super::store::{Store, Unreadable};
use super::tablet::OUTBOXES;
use crate::{Kept, file};

/// What one sign-in left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// The device that it was.
    pub(super) device: DeviceId,
    /// Whose, where that is known.
    pub(super) judge: Option<JudgeCode>,
    /// The newest of each cell; empty where another judge's or another skill's.
    pub(super) marks: Vec<LeftMark>,
    /// How many entries have no receipt.
    pub(super) count: usize,
}

/// A mark that was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeftMark {
    /// Where.
    pub(super) cell: Cell,
    /// What was entered last.
    pub(super) value: Value,
    /// What the judge saw there before the first of them.
    pub(super) base: Option<EntryId>,
    /// Their numbers.
    pub(super) numbers: Vec<i64>,
}

/// Where the store holds whose a device is.
pub(super) fn who(device: &DeviceId) -> String {
    format!("{WHO_OF}{device}")
}

/// Where the store notes the last number of a device that has a receipt, for who cannot read the entries.
pub(super) fn received(device: &DeviceId) -> String {
    format!("{RECEIVED}{device}")
}

/// Where the store notes that what a device left is dealt with.
pub(super) fn dealt_with(device: &DeviceId) -> String {
    format!("{DEALT_WITH}{device}")
}

/// Where the store notes that one entry of a device was entered again.
pub(super) fn entered_again(device: &DeviceId, dseq: i64) -> String {
    format!("{AGAIN}{device}:{dseq:016}")
}

/// Where the store notes that what a device left was told to the one who is here.
pub(super) fn told(device: &DeviceId, here: &DeviceId) -> String {
    format!("{TOLD}{device}:{here}")
}

const RECEIVED: &str = "received:";
const AGAIN: &str = "again:";
const TOLD: &str = "told:";
const WHO_OF: &str = "who:";
const DEALT_WITH: &str = "dealt-with:";

/// What other devices than this one's left. Before anybody has signed in, what all did.
///
/// # Errors
/// Where the store cannot be read.
pub(super) async fn find(store: &Store, here: Option<&Bench>) -> Result<Vec<Left>, Unreadable> {
    let owners: HashMap<String, (JudgeCode, LedgerId)> = store
        .all(WHO_OF)
        .await?
        .into_iter()
        .filter_map(|(name, text)| {
            let bench: Bench = serde_json::from_str(&text).ok()?;
            Some((name.strip_prefix(WHO_OF)?.to_owned(), (bench.judge, bench.ledger)))
        })
        .collect();
    let dealt_with = store.all(DEALT_WITH).await?;
    let dealt_with: HashSet<&str> =
        dealt_with.iter().filter_map(|(name, _)| name.strip_prefix(DEALT_WITH)).collect();
    let told_before = store.all(TOLD).await?;
    let again = store.all(AGAIN).await?;
    let again: HashSet<&str> = again.iter().filter_map(|(name, _)| name.strip_prefix(AGAIN)).collect();
    let received: HashMap<String, i64> = store
        .all(RECEIVED)
        .await?
        .into_iter()
        .filter_map(|(name, last)| Some((name, last.parse().ok()?)))
        .collect();
    let is_told = |device: &str| {
        here.is_some_and(|here| {
            told_before.iter().any(|(name, _)| *name == told(&device.into(), &here.device))
        })
    };
    let mut all: Vec<Left> = Vec::new();
    for (name, text) in store.all(OUTBOXES).await? {
        let Some(entry) = name.strip_prefix(OUTBOXES) else { continue };
        let Some((device, dseq)) = entry.rsplit_once(':') else { continue };
        if again.contains(entry) || is_told(device) {
            continue;
        }
        if dealt_with.contains(device) || here.is_some_and(|here| here.device.as_str() == device) {
            continue;
        }
        // What cannot be read counts, and cannot be entered again.
        let kept = serde_json::from_str::<Kept>(&text).ok();
        let is_received = match &kept {
            Some(kept) => kept.confirmed.is_some(),
            None => received
                .get(&format!("{RECEIVED}{device}"))
                .is_some_and(|last| dseq.parse::<i64>().is_ok_and(|dseq| dseq <= *last)),
        };
        if is_received {
            continue;
        }
        let owner = owners.get(device);
        let is_own = here.is_some_and(|here| {
            owner.is_some_and(|(judge, ledger)| (judge, ledger) == (&here.judge, &here.ledger))
        });
        if all.last().is_none_or(|left| left.device.as_str() != device) {
            let judge = owner.map(|(judge, _)| judge.clone());
            all.push(Left { device: device.into(), judge, marks: Vec::new(), count: 0 });
        }
        let Some(left) = all.last_mut() else { continue };
        left.count += 1;
        if let Some(kept) = kept.filter(|_| is_own) {
            left.note(kept);
        }
    }
    Ok(all)
}

/// Everything that no server has confirmed, of every sign-in on this device, as the file of
/// [`protocol::outbox`], with what is kept before it, and how many entries have no receipt. What was entered
/// again is not in it.
///
/// # Errors
/// Where the store cannot be read.
pub(super) async fn export(store: &Store) -> Result<(String, usize), Unreadable> {
    let (again, dealt_with) = (store.all(AGAIN).await?, store.all(DEALT_WITH).await?);
    let holds = |all: &[(String, String)], name: &str| all.iter().any(|(known, _)| known == name);
    let entries = store.all(OUTBOXES).await?;
    let (mut outboxes, mut count) = (Vec::new(), 0);
    for (name, who) in store.all(WHO_OF).await? {
        let device = name.strip_prefix(WHO_OF).unwrap_or_default();
        let beginning = format!("{OUTBOXES}{device}:");
        let is_to_go = |(name, _): &&(String, String)| {
            let entry = name.strip_prefix(OUTBOXES).unwrap_or_default();
            name.starts_with(&beginning) && !holds(&again, &format!("{AGAIN}{entry}"))
        };
        let kept: Vec<&str> = entries.iter().filter(is_to_go).map(|(_, text)| text.as_str()).collect();
        if holds(&dealt_with, &format!("{DEALT_WITH}{device}")) {
            continue;
        }
        if let Some((outbox, waiting)) = file::outbox(&who, &kept) {
            count += waiting;
            outboxes.push(outbox);
        }
    }
    Ok((file::file(&outboxes), count))
}

impl Left {
    fn note(&mut self, kept: Kept) {
        let (Some(cell), Body::Mark(mark)) = (kept.cell, kept.submission.body) else { return };
        let (base, dseq) = (kept.submission.base, kept.submission.dseq);
        match self.marks.iter_mut().find(|known| known.cell == cell) {
            Some(known) => {
                known.value = mark.value;
                known.numbers.push(dseq);
            }
            None => self.marks.push(LeftMark { cell, value: mark.value, base, numbers: vec![dseq] }),
        }
    }
}
