//! The session of one device with the server: a state machine that is told what happens and says
//! what to send, to store and to show (R-185 to R-197, `docs/protocol.md`).
//!
//! What it holds to: an entry is stored before it is shown or sent; it is kept until it is
//! confirmed and has a copy in a second place; a frame counts only with the live connection's nonce;
//! another epoch ends the connection; what is not known is waiting, never a failure.

mod live;

use std::collections::{HashMap, VecDeque};

use domain::id::{DeviceId, EntryId, LedgerId};
use domain::ledger::DeviceSignature;
use protocol::frame::{
    ANSWER_WITHIN_MS, Cell, ClientFrame, DEAD_AFTER_MS, Ending, Epoch, Failure, FrameError, Hello, Nonce,
    PING_AFTER_MS, PUT_SPACING_MS, RETRY_MS_MAX, RETRY_MS_MIN, ServerFrame, Unsupported, Versions,
};

use crate::outbox::{Act, ActRefusal, Kept, OUTBOX_MAX, Outbox, OutboxProblem};
use crate::show::{Connection, Show, Standing, Trouble};
use live::Live;

/// The most cells whose heads are remembered.
const HEADS_MAX: usize = 100_000;
/// After how many failed tries the wait no longer grows.
const TRIES_MAX: u32 = 5;

/// Who speaks: what enrolment gave the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The device. An enrolment is one judge's in one role; another judge enrols anew.
    pub id: DeviceId,
    /// The ledger that it writes to.
    pub ledger: LedgerId,
    /// The versions of the protocol that the program speaks: [`Versions::OURS`].
    pub versions: Versions,
}

/// When something happens, with what the session may not make itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The device's steady clock, in milliseconds.
    pub ms: u64,
    /// A fresh random number; it spreads the tries of many devices.
    pub random: u64,
}

/// What the session asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Get a ticket and open a socket, then say [`Session::opened`] or [`Session::closed`]. Whatever
    /// socket there was before is dropped.
    Open,
    /// Drop the socket; nothing is said of it any more.
    Close,
    /// Send this, written in that version of the protocol.
    Send(ClientFrame, u32),
    /// Write this under its `dseq`, in place of what stands there, and say [`Session::stored`] only
    /// once it is on the disk; else [`Session::not_stored`].
    Store(Kept),
    /// Write this under its `dseq`, when convenient and in order; nothing is to be said.
    Note(Kept),
    /// Delete what is stored under this number, when convenient and in order.
    Forget(i64),
    /// Show this.
    Show(Show),
}

/// Where the connection stands.
#[derive(Debug)]
enum Link {
    Waiting { until_ms: u64 },
    Opening { since_ms: u64 },
    Greeting { nonce: Nonce, since_ms: u64 },
    Live(Live),
}

/// One device's session.
#[derive(Debug)]
pub struct Session {
    device: Device,
    outbox: Outbox,
    /// What was entered and is not yet given to the storage, which takes one at a time.
    drafts: VecDeque<Act>,
    storing: Option<Kept>,
    link: Link,
    tries: u32,
    /// How far the copies in a second place go, as of the present epoch.
    safe_dseq: i64,
    /// What is effective where, and at which number of the ledger that was so.
    heads: HashMap<Cell, (Option<EntryId>, i64)>,
    /// The epoch of the last greeting: the ledger's numbers of another say nothing of this one's.
    epoch: Option<Epoch>,
    /// Of which change of the calls was told last.
    called: Option<(Epoch, i64)>,
    has_trouble: bool,
}

type Outputs = Vec<Output>;

impl Session {
    /// Starts from what the device's storage holds; the first thing it asks for is a connection.
    ///
    /// # Errors
    /// Where what was stored is no outbox.
    pub fn start(device: Device, stored: Vec<Kept>, now: Now) -> Result<(Self, Outputs), OutboxProblem> {
        let outbox = Outbox::open(stored)?;
        let mut out = Outputs::new();
        let mut heads = HashMap::new();
        for held in outbox.iter() {
            let id = held.kept.submission.id;
            let standing = held.kept.confirmed.clone().map_or(Standing::Saved, Standing::Received);
            out.push(Output::Show(Show::Entry { id, standing }));
            note_own_head(&mut heads, &held.kept);
        }
        out.push(Output::Show(Show::Unsent(outbox.unconfirmed())));
        out.push(Output::Show(Show::Connection(Connection::Opening)));
        out.push(Output::Open);
        let session = Self {
            device,
            outbox,
            drafts: VecDeque::new(),
            storing: None,
            link: Link::Opening { since_ms: now.ms },
            tries: 0,
            safe_dseq: 0,
            heads,
            epoch: None,
            called: None,
            has_trouble: false,
        };
        Ok((session, out))
    }

    /// A person entered something. It is shown and sent once it is stored.
    ///
    /// # Errors
    /// Where it cannot be taken; nothing was saved.
    pub fn enter(&mut self, act: Act) -> Result<Outputs, ActRefusal> {
        let on_the_way_in = self.drafts.len() + usize::from(self.storing.is_some());
        if self.outbox.len() + on_the_way_in >= OUTBOX_MAX {
            return Err(ActRefusal::OutboxFull);
        }
        let is_used = self.outbox.holds(act.id)
            || self.storing.as_ref().is_some_and(|kept| kept.submission.id == act.id)
            || self.drafts.iter().any(|draft| draft.id == act.id);
        if is_used {
            return Err(ActRefusal::UsedId);
        }
        self.drafts.push_back(act.check()?);
        let mut out = Outputs::new();
        self.store_next(&mut out);
        self.show_unsent(&mut out);
        Ok(out)
    }

    /// The device's key has signed what is to be stored under that number; gives it as it is
    /// stored then. A device without a key stores it as it is.
    pub fn signed(&mut self, dseq: i64, signature: DeviceSignature) -> Option<Kept> {
        let kept = self.storing.as_mut().filter(|kept| kept.submission.dseq == dseq)?;
        kept.submission.device_signature = Some(signature);
        Some(kept.clone())
    }

    /// What was to be stored under that number is on the disk.
    pub fn stored(&mut self, dseq: i64, now: Now) -> Outputs {
        let mut out = Outputs::new();
        let Some(kept) = self.storing.take_if(|kept| kept.submission.dseq == dseq) else { return out };
        let id = kept.submission.id;
        self.outbox.push(kept);
        out.push(Output::Show(Show::Entry { id, standing: Standing::Saved }));
        self.store_next(&mut out);
        self.show_unsent(&mut out);
        self.send(now, &mut out);
        out
    }

    /// It could not be stored, and neither is what was entered after it, which may build on it.
    pub fn not_stored(&mut self, dseq: i64) -> Outputs {
        let mut out = Outputs::new();
        let Some(kept) = self.storing.take_if(|kept| kept.submission.dseq == dseq) else { return out };
        let later = self.drafts.drain(..).map(|act| act.id);
        for id in std::iter::once(kept.submission.id).chain(later) {
            out.push(Output::Show(Show::Entry { id, standing: Standing::NotSaved }));
        }
        self.show_unsent(&mut out);
        out
    }

    /// The socket that was asked for is open; `nonce` and `ticket` are made for it and used once.
    pub fn opened(&mut self, nonce: Nonce, ticket: String, now: Now) -> Outputs {
        if !matches!(self.link, Link::Opening { .. }) {
            return vec![Output::Close];
        }
        self.link = Link::Greeting { nonce, since_ms: now.ms };
        let Versions { max: proto_max, min: proto_min } = self.device.versions;
        let hello = Hello { device: self.device.id.clone(), nonce, proto_max, proto_min, ticket };
        vec![Output::Send(ClientFrame::Hello(hello), proto_max)]
    }

    /// The socket closed, or could not be opened.
    pub fn closed(&mut self, now: Now) -> Outputs {
        let mut out = Outputs::new();
        if !matches!(self.link, Link::Waiting { .. }) {
            self.lose(now, &mut out);
        }
        out
    }

    /// A message came.
    pub fn text(&mut self, text: &str, now: Now) -> Outputs {
        let proto = match &self.link {
            Link::Live(live) => live.proto,
            _ => self.device.versions.max,
        };
        match ServerFrame::decode(text, proto) {
            Ok(frame) => self.frame(frame, now),
            Err(FrameError::UnknownType { name }) => {
                vec![Output::Send(ClientFrame::Unsupported(Unsupported { name }), proto)]
            }
            // A captive portal, a proxy, another program: whatever it is, it is no receipt.
            Err(error) => {
                let problem = error.code().to_owned();
                let mut out = vec![Output::Close];
                self.trouble(Trouble::AnswerUnreadable { problem }, &mut out);
                self.lose(now, &mut out);
                out
            }
        }
    }

    /// A frame came. What does not carry the live connection's nonce is of a dead one and nothing.
    pub fn frame(&mut self, frame: ServerFrame, now: Now) -> Outputs {
        let mut out = Outputs::new();
        match (&mut self.link, frame) {
            (Link::Greeting { nonce, .. }, ServerFrame::Welcome(welcome)) if *nonce == welcome.nonce => {
                self.welcome(welcome, now, &mut out);
            }
            (Link::Greeting { .. } | Link::Live(_), ServerFrame::Error(failure)) => {
                self.end(failure, now, &mut out);
            }
            (Link::Live(live), frame) => {
                let Some((nonce, epoch)) = origin(&frame) else { return out };
                if nonce != live.nonce {
                    return out;
                }
                if epoch != live.epoch {
                    self.drop_link(now, &mut out);
                    return out;
                }
                live.heard_ms = now.ms;
                self.tries = 0;
                self.answer(frame, now, &mut out);
            }
            _ => {}
        }
        out
    }

    /// Time passed. To be called when [`Session::wake_at`] says so; more often does no harm.
    pub fn tick(&mut self, now: Now) -> Outputs {
        let mut out = Outputs::new();
        let is_over = |since_ms: u64, limit: u64| now.ms.saturating_sub(since_ms) >= limit;
        match &mut self.link {
            Link::Waiting { until_ms } if now.ms >= *until_ms => {
                self.link = Link::Opening { since_ms: now.ms };
                out.push(Output::Show(Show::Connection(Connection::Opening)));
                out.push(Output::Open);
            }
            Link::Opening { since_ms } | Link::Greeting { since_ms, .. }
                if is_over(*since_ms, ANSWER_WITHIN_MS) =>
            {
                self.drop_link(now, &mut out);
            }
            Link::Live(live) => {
                let is_unanswered = live.unanswered_since_ms.is_some_and(|ms| is_over(ms, ANSWER_WITHIN_MS));
                if is_over(live.heard_ms, DEAD_AFTER_MS) || is_unanswered {
                    self.drop_link(now, &mut out);
                    return out;
                }
                if is_over(live.heard_ms.max(live.pinged_ms), PING_AFTER_MS) {
                    live.pinged_ms = now.ms;
                    out.push(live.ping());
                }
                self.send(now, &mut out);
            }
            _ => {}
        }
        out
    }

    /// The network came back, or a person does not want to wait: the next try is now.
    pub fn hurry(&mut self, now: Now) -> Outputs {
        if let Link::Waiting { until_ms } = &mut self.link {
            *until_ms = now.ms;
        }
        self.tick(now)
    }

    /// When the next tick is due, on the device's steady clock in milliseconds.
    #[must_use]
    pub fn wake_at(&self) -> u64 {
        match &self.link {
            Link::Waiting { until_ms } => *until_ms,
            Link::Opening { since_ms } | Link::Greeting { since_ms, .. } => since_ms + ANSWER_WITHIN_MS,
            Link::Live(live) => {
                let mut at = live.heard_ms.max(live.pinged_ms) + PING_AFTER_MS;
                at = at.min(live.heard_ms + DEAD_AFTER_MS);
                if let Some(since_ms) = live.unanswered_since_ms {
                    at = at.min(since_ms + ANSWER_WITHIN_MS);
                }
                let has_more = live.cursor < self.outbox.next_dseq() && !live.is_blocked;
                if has_more && self.outbox.on_their_way() == 0 {
                    at = at.min(live.paused_until_ms.max(live.put_ms.map_or(0, |ms| ms + PUT_SPACING_MS)));
                }
                at
            }
        }
    }

    /// What a mark in this cell has to name as its base: the device's own newest entry there that
    /// has no receipt yet, else what the server says is effective.
    #[must_use]
    pub fn head(&self, cell: &Cell) -> Option<EntryId> {
        let is_here = |other: &Option<Cell>| other.as_ref() == Some(cell);
        let draft = self.drafts.iter().rev().find(|draft| is_here(&draft.cell)).map(|draft| draft.id);
        let storing = || self.storing.as_ref().filter(|kept| is_here(&kept.cell)).map(|k| k.submission.id);
        let known = || self.heads.get(cell).and_then(|(id, _)| *id);
        draft.or_else(storing).or_else(|| self.outbox.waiting_in(cell)).or_else(known)
    }

    /// How many entries have no receipt. A session does not end before this is 0.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.outbox.unconfirmed() + self.saving()
    }

    /// Whether there is something, and a verified second place has all of it.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        let newest = self.outbox.next_dseq() - 1;
        newest > 0 && newest <= self.safe_dseq && self.unsent() == 0
    }

    /// How many of them the storage has not answered for.
    #[must_use]
    pub fn saving(&self) -> usize {
        self.drafts.len() + usize::from(self.storing.is_some())
    }

    /// Everything that is stored and kept.
    pub fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.outbox.iter().map(|held| &held.kept)
    }

    /// Whether something cannot be sent before a person did something.
    #[must_use]
    pub fn is_held_up(&self) -> bool {
        matches!(&self.link, Link::Live(live) if live.is_blocked)
            || self.outbox.iter().any(|held| held.is_stuck)
    }

    /// The epoch of the live connection; none where there is none.
    #[must_use]
    pub fn epoch(&self) -> Option<Epoch> {
        match &self.link {
            Link::Live(live) => Some(live.epoch),
            _ => None,
        }
    }

    fn store_next(&mut self, out: &mut Outputs) {
        if self.storing.is_none()
            && let Some(act) = self.drafts.pop_front()
        {
            let kept = act.keep(self.outbox.next_dseq());
            self.storing = Some(kept.clone());
            out.push(Output::Store(kept));
        }
    }

    /// The server ended the connection and said why.
    fn end(&mut self, failure: Failure, now: Now, out: &mut Outputs) {
        let ending = Ending::of(&failure.code);
        if ending.as_ref().is_some_and(Ending::needs_a_person) {
            self.tries = TRIES_MAX;
        }
        self.has_trouble = true;
        out.push(Output::Show(Show::Ended { code: failure.code, ending }));
        self.drop_link(now, out);
    }

    fn drop_link(&mut self, now: Now, out: &mut Outputs) {
        out.push(Output::Close);
        self.lose(now, out);
    }

    /// There is no connection any more: its nonce is dead, and what was on its way may or may not
    /// have arrived.
    fn lose(&mut self, now: Now, out: &mut Outputs) {
        self.outbox.unstick();
        let until_ms = now.ms.saturating_add(self.retry_ms(now));
        self.link = Link::Waiting { until_ms };
        out.push(Output::Show(Show::Connection(Connection::Waiting { until_ms })));
    }

    /// How long to wait: at random between the shortest wait and one that doubles.
    fn retry_ms(&mut self, now: Now) -> u64 {
        self.tries = self.tries.saturating_add(1).min(TRIES_MAX);
        let longest = (RETRY_MS_MIN << self.tries).min(RETRY_MS_MAX);
        RETRY_MS_MIN + now.random % (longest - RETRY_MS_MIN + 1)
    }

    fn trouble(&mut self, trouble: Trouble, out: &mut Outputs) {
        self.has_trouble = true;
        out.push(Output::Show(Show::Trouble(trouble)));
    }

    fn trouble_is_over(&mut self, out: &mut Outputs) {
        if std::mem::take(&mut self.has_trouble) {
            out.push(Output::Show(Show::TroubleOver));
        }
    }

    fn show_unsent(&self, out: &mut Outputs) {
        out.push(Output::Show(Show::Unsent(self.unsent())));
    }
}

/// Which connection and which epoch a frame is of.
fn origin(frame: &ServerFrame) -> Option<(Nonce, Epoch)> {
    match frame {
        ServerFrame::Ack(ack) => Some((ack.nonce, ack.epoch)),
        ServerFrame::Called(called) => Some((called.nonce, called.epoch)),
        ServerFrame::Head(head) => Some((head.nonce, head.epoch)),
        ServerFrame::Nack(nack) => Some((nack.nonce, nack.epoch)),
        ServerFrame::Pong(pong) => Some((pong.nonce, pong.epoch)),
        ServerFrame::Welcome(welcome) => Some((welcome.nonce, welcome.epoch)),
        ServerFrame::Error(_) | ServerFrame::Unsupported(_) => None,
    }
}

/// An own mark that was accepted is its cell's head as of its number in the ledger.
fn note_own_head(heads: &mut HashMap<Cell, (Option<EntryId>, i64)>, kept: &Kept) -> bool {
    let (Some(cell), Some(confirmed)) = (&kept.cell, &kept.confirmed) else { return false };
    let is_accepted = confirmed.status == domain::ledger::Status::Accepted;
    is_accepted && note_head(heads, cell.clone(), Some(kept.submission.id), confirmed.seq)
}

/// Remembers a cell's head, where it is newer than what is known. Gives whether it was.
fn note_head(
    heads: &mut HashMap<Cell, (Option<EntryId>, i64)>,
    cell: Cell,
    id: Option<EntryId>,
    seq: i64,
) -> bool {
    let is_newer = heads.get(&cell).map_or(heads.len() < HEADS_MAX, |(_, known)| seq > *known);
    if is_newer {
        heads.insert(cell, (id, seq));
    }
    is_newer
}

#[cfg(test)]
mod tests;
