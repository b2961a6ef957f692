//! What a device has entered and must keep: its entries by their numbers, from the first that may
//! still be needed to the last that was made.

use std::collections::{HashMap, VecDeque};

use domain::findings;
use domain::id::EntryId;
use domain::ledger::{Hash, Status};
use domain::marking::Body;
use protocol::drawing::Drawing;
use protocol::frame::{Cell, Epoch, FrameError, ReasonText, Receipt, SUBMISSION_BYTES_MAX, Submission};
use serde::{Deserialize, Serialize};

use crate::order::in_order;

/// The most entries that a device keeps; beyond it takes no more before some are sealed.
pub const OUTBOX_MAX: usize = 10_000;

/// What a person does at the tablet. Whether the rules allow it may be asked before, with
/// `domain::marking::decide` on the state that the tablet knows; the server's answer is what counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Made for it, never used before: a UUID of version 7.
    pub id: EntryId,
    /// What is asked.
    pub body: Body,
    /// The cell of a mark; none for anything else.
    pub cell: Option<Cell>,
    /// The entry that the person saw in the cell when they began.
    pub base: Option<EntryId>,
    /// The device's clock, milliseconds since 1970 UTC.
    pub client_time: i64,
    /// Milliseconds of the device's steady clock.
    pub elapsed_ms: i64,
    /// The signature as it was drawn, where the body commits to one.
    pub drawing: Option<Drawing>,
    /// The text behind the body's reason.
    pub reason: Option<ReasonText>,
}

/// An entry as the device's storage keeps it, under its `dseq`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// See [`Act::cell`].
    pub cell: Option<Cell>,
    /// The newest receipt, where there is one.
    pub confirmed: Option<Confirmed>,
    /// What is sent, the same at every try.
    pub submission: Submission,
}

/// A receipt and the epoch that it holds in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// Why it was not accepted: a stable code.
    pub code: Option<String>,
    /// The epoch.
    pub epoch: Epoch,
    /// The entry's hash.
    pub hash: Hash,
    /// Its number in the ledger.
    pub seq: i64,
    /// What became of it.
    pub status: Status,
}

findings! {
    /// Why an act is not taken. Nothing was saved.
    pub enum ActRefusal {
        OutboxFull = Error "outbox_full",
            "本机保存的记录已满；请先连接服务器并完成备份。",
            "This device keeps as many entries as it can; connect it to the server and let the copies be made.";
        UsedId = Error "used_id",
            "这个编号本机已用过；请重新录入。",
            "This id was used on this device before; enter it again.";
        ReasonUnfit = Error "reason_unfit",
            "理由最多 2000 个字，并须与记录的承诺值相符。",
            "A reason takes 2,000 characters at the most and has to fit what the entry commits to.";
        DrawingUnfit = Error "drawing_unfit",
            "手写签名读不懂或太长；请清除后重签。",
            "The drawn signature cannot be read or is too long; clear it and sign again.";
        TooLong { bytes: usize } = Error "submission_too_long",
            "内容 {bytes} 字节，超过一条提交的上限。",
            "{bytes} bytes are more than one submission takes.";
        Unfit { problem: String } = Error "submission_unfit",
            "无法发送：{problem}",
            "It cannot be sent: {problem}";
    }
}

findings! {
    /// Why what a storage gave back is no outbox.
    pub enum OutboxProblem {
        Gap { expected: i64, found: i64 } = Error "outbox_gap",
            "本机的记录不连续：应为第 {expected} 条，却是第 {found} 条；请导出后交给组委会。",
            "The entries on this device have a gap: number {found} where {expected} belongs; export them and give them to the organiser.";
        RepeatedId { id: String } = Error "outbox_repeated_id",
            "本机有两条编号同为 {id} 的记录；请导出后交给组委会。",
            "Two entries on this device have the id {id}; export them and give them to the organiser.";
    }
}

/// An entry and where it is on its way.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) kept: Kept,
    /// What it takes in a frame.
    pub(crate) bytes: usize,
    /// Sent on this connection and not answered.
    pub(crate) is_on_its_way: bool,
    /// The server said on this connection that it can never be entered.
    pub(crate) is_stuck: bool,
}

/// Every entry that is kept, in order and without gaps.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    held: VecDeque<Held>,
    places: HashMap<EntryId, i64>,
    /// The newest entry of each cell that has no receipt.
    waiting: HashMap<Cell, EntryId>,
    on_their_way: usize,
    unconfirmed: usize,
}

impl Outbox {
    /// From what was stored, in any order.
    pub(crate) fn open(stored: Vec<Kept>) -> Result<Self, OutboxProblem> {
        let mut outbox = Self::default();
        for kept in in_order(stored, |kept| kept.submission.dseq) {
            let found = kept.submission.dseq;
            let expected = if outbox.held.is_empty() { found } else { outbox.next_dseq() };
            if found != expected {
                return Err(OutboxProblem::Gap { expected, found });
            }
            let id = kept.submission.id;
            if outbox.places.contains_key(&id) {
                return Err(OutboxProblem::RepeatedId { id: id.to_string() });
            }
            outbox.push(kept);
        }
        Ok(outbox)
    }

    pub(crate) fn push(&mut self, kept: Kept) {
        let Submission { id, dseq, .. } = kept.submission;
        self.places.insert(id, dseq);
        if kept.confirmed.is_none() {
            self.unconfirmed += 1;
            if let Some(cell) = &kept.cell {
                self.waiting.insert(cell.clone(), id);
            }
        }
        let bytes = kept.submission.length().unwrap_or(SUBMISSION_BYTES_MAX);
        self.held.push_back(Held { kept, bytes, is_on_its_way: false, is_stuck: false });
    }

    /// The number that the next entry gets.
    pub(crate) fn next_dseq(&self) -> i64 {
        self.held.back().map_or(1, |held| held.kept.submission.dseq + 1)
    }

    /// The first number that is still held; the next one's where nothing is.
    pub(crate) fn first_dseq(&self) -> i64 {
        self.held.front().map_or_else(|| self.next_dseq(), |held| held.kept.submission.dseq)
    }

    pub(crate) fn len(&self) -> usize {
        self.held.len()
    }

    pub(crate) fn holds(&self, id: EntryId) -> bool {
        self.places.contains_key(&id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Held> {
        self.held.iter()
    }

    pub(crate) fn at(&self, dseq: i64) -> Option<&Held> {
        self.held.get(self.index(dseq)?)
    }

    pub(crate) fn find(&self, id: EntryId) -> Option<&Held> {
        self.at(*self.places.get(&id)?)
    }

    /// How many have no receipt.
    pub(crate) fn unconfirmed(&self) -> usize {
        self.unconfirmed
    }

    /// How many are sent and not answered.
    pub(crate) fn on_their_way(&self) -> usize {
        self.on_their_way
    }

    /// The newest entry without a receipt in a cell.
    pub(crate) fn waiting_in(&self, cell: &Cell) -> Option<EntryId> {
        self.waiting.get(cell).copied()
    }

    /// Puts a receipt to its entry; gives the entry as it is now.
    pub(crate) fn confirm(&mut self, id: EntryId, confirmed: Confirmed) -> Option<&Kept> {
        let index = self.index(*self.places.get(&id)?)?;
        let held = self.held.get_mut(index)?;
        if std::mem::take(&mut held.is_on_its_way) {
            self.on_their_way -= 1;
        }
        held.is_stuck = false;
        if held.kept.confirmed.is_none() {
            self.unconfirmed -= 1;
        }
        held.kept.confirmed = Some(confirmed);
        if let Some(cell) = &held.kept.cell
            && self.waiting.get(cell) == Some(&id)
        {
            self.waiting.remove(cell);
        }
        self.held.get(index).map(|held| &held.kept)
    }

    /// What has a receipt of this epoch and is beyond the last number that the server has.
    pub(crate) fn lost(&self, epoch: Epoch, last_dseq: i64) -> Vec<EntryId> {
        let is_lost = |held: &&Held| {
            let confirmed = held.kept.confirmed.as_ref();
            held.kept.submission.dseq > last_dseq && confirmed.is_some_and(|c| c.epoch == epoch)
        };
        self.held.iter().filter(is_lost).map(|held| held.kept.submission.id).collect()
    }

    /// Takes receipts back; gives the entries as they are then.
    pub(crate) fn doubt(&mut self, is_doubtful: impl Fn(&Confirmed, i64) -> bool) -> Vec<Kept> {
        let mut doubted = Vec::new();
        for Held { kept, .. } in &mut self.held {
            let dseq = kept.submission.dseq;
            if kept.confirmed.take_if(|confirmed| is_doubtful(confirmed, dseq)).is_some() {
                self.unconfirmed += 1;
                doubted.push(kept.clone());
            }
        }
        if !doubted.is_empty() {
            self.waiting.clear();
            for Held { kept, .. } in &self.held {
                if let (None, Some(cell)) = (&kept.confirmed, &kept.cell) {
                    self.waiting.insert(cell.clone(), kept.submission.id);
                }
            }
        }
        doubted
    }

    /// Marks an entry as sent; gives what is sent.
    pub(crate) fn send(&mut self, dseq: i64) -> Option<Submission> {
        let index = self.index(dseq)?;
        let held = self.held.get_mut(index)?;
        if !std::mem::replace(&mut held.is_on_its_way, true) {
            self.on_their_way += 1;
        }
        Some(held.kept.submission.clone())
    }

    /// Nothing from this number on is on its way any more.
    pub(crate) fn recall(&mut self, dseq: i64) {
        for held in self.held.iter_mut().rev() {
            if held.kept.submission.dseq < dseq {
                break;
            }
            if std::mem::take(&mut held.is_on_its_way) {
                self.on_their_way -= 1;
            }
        }
    }

    /// Marks an entry as one that the server will not enter.
    pub(crate) fn stick(&mut self, id: EntryId) {
        let Some(index) = self.places.get(&id).and_then(|dseq| self.index(*dseq)) else { return };
        let Some(held) = self.held.get_mut(index) else { return };
        held.is_stuck = true;
        if std::mem::take(&mut held.is_on_its_way) {
            self.on_their_way -= 1;
        }
    }

    /// Whatever another connection was told no longer counts.
    pub(crate) fn unstick(&mut self) {
        self.recall(i64::MIN);
        for held in &mut self.held {
            held.is_stuck = false;
        }
    }

    /// Lets the oldest entries go that have a receipt and a copy in a second place. The newest stays,
    /// so that the next number is known.
    pub(crate) fn forget(&mut self, safe_dseq: i64) -> Vec<Kept> {
        let mut forgotten = Vec::new();
        while self.held.len() > 1 {
            let is_done = |held: &mut Held| {
                held.kept.submission.dseq <= safe_dseq && held.kept.confirmed.is_some() && !held.is_on_its_way
            };
            let Some(held) = self.held.pop_front_if(is_done) else { break };
            self.places.remove(&held.kept.submission.id);
            forgotten.push(held.kept);
        }
        forgotten
    }

    fn index(&self, dseq: i64) -> Option<usize> {
        usize::try_from(dseq.checked_sub(self.first_dseq())?).ok().filter(|index| *index < self.held.len())
    }
}

impl Act {
    /// The act as an entry of that number.
    pub(crate) fn keep(self, dseq: i64) -> Kept {
        let Self { id, body, cell, base, client_time, elapsed_ms, drawing, reason } = self;
        let device_signature = None;
        let submission =
            Submission { base, body, client_time, device_signature, drawing, dseq, elapsed_ms, id, reason };
        Kept { cell, confirmed: None, submission }
    }

    /// Whether the server could enter it at all, whatever it then says of it: what it never could
    /// would stop every later entry of the device.
    pub(crate) fn check(self) -> Result<Self, ActRefusal> {
        let commitment = self.reason.as_ref().map(ReasonText::commitment);
        let is_fit = self.reason.as_ref().is_none_or(ReasonText::is_fit);
        if !is_fit || (commitment.is_some() && commitment != self.body.reason()) {
            return Err(ActRefusal::ReasonUnfit);
        }
        let commitment = self.drawing.as_ref().map(Drawing::commitment);
        let is_fit = self.drawing.as_ref().is_none_or(Drawing::is_fit);
        if !is_fit || (commitment.is_some() && commitment != self.body.drawing()) {
            return Err(ActRefusal::DrawingUnfit);
        }
        let unfit = |error: FrameError| {
            let problem = error.say(domain::finding::Language::English);
            ActRefusal::Unfit { problem }
        };
        // The widest number that it could get.
        let kept = self.clone().keep(domain::ledger::canonical::INTEGER_MAX);
        kept.submission.check().map_err(unfit)?;
        let bytes = kept.submission.length().map_err(unfit)?;
        if bytes > SUBMISSION_BYTES_MAX { Err(ActRefusal::TooLong { bytes }) } else { Ok(self) }
    }
}

impl Confirmed {
    pub(crate) fn new(receipt: Receipt, epoch: Epoch) -> Self {
        let Receipt { code, hash, seq, status, .. } = receipt;
        Self { code, epoch, hash, seq, status }
    }
}
