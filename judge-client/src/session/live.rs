//! The session while the server answers: what is sent, and what becomes of the answers.

use domain::id::EntryId;
use protocol::frame::{
    Ack, Called, ClientFrame, Epoch, FRAME_BYTES_MAX, Head, Nack, Nonce, PUT_BYTES, PUT_SPACING_MS, Ping,
    Put, Receipt, SUBMISSIONS_MAX, ServerFrame, UNANSWERED_MAX, Welcome, reason,
};

use super::{Now, Output, Outputs, Session, note_head, note_own_head};
use crate::outbox::Confirmed;
use crate::session::Link;
use crate::show::{Connection, Show, Standing, Trouble};

/// After how many nacks without one receipt the connection is taken for hopeless.
const NACKS_MAX: u32 = 8;

/// A connection that the server answered.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) nonce: Nonce,
    pub(super) epoch: Epoch,
    pub(super) proto: u32,
    /// When something came last.
    pub(super) heard_ms: u64,
    pub(super) pinged_ms: u64,
    pub(super) put_ms: Option<u64>,
    /// Since when a put waits for its answer.
    pub(super) unanswered_since_ms: Option<u64>,
    /// Until when nothing is sent, because the server cannot save.
    pub(super) paused_until_ms: u64,
    /// Nothing before this number is left to be sent.
    pub(super) cursor: i64,
    /// Nothing can be sent before a person did something.
    pub(super) is_blocked: bool,
    nacks: u32,
}

impl Live {
    pub(super) fn ping(&self) -> Output {
        Output::Send(ClientFrame::Ping(Ping { nonce: self.nonce }), self.proto)
    }
}

impl Session {
    /// The greeting is answered: everything without a receipt of this epoch is sent, from the first
    /// on. What the server has already gets its original receipt, which is also how each hears of
    /// other bytes under its number.
    pub(super) fn welcome(&mut self, welcome: Welcome, now: Now, out: &mut Outputs) {
        let Welcome { epoch, last_dseq, ledger, nonce, proto, safe_dseq, .. } = welcome;
        let versions = self.device.versions;
        if !(versions.min..=versions.max).contains(&proto) {
            let problem = format!("version {proto}");
            self.trouble(Trouble::AnswerUnreadable { problem }, out);
            self.drop_link(now, out);
            return;
        }
        if ledger != self.device.ledger {
            self.tries = super::TRIES_MAX;
            self.trouble(Trouble::OtherLedger { ledger: ledger.to_string() }, out);
            self.drop_link(now, out);
            return;
        }
        self.trouble_is_over(out);
        out.push(Output::Show(Show::Connection(Connection::Live)));
        self.doubt(epoch, last_dseq, out);
        let first = self.outbox.first_dseq();
        let mut live = Live {
            nonce,
            epoch,
            proto,
            heard_ms: now.ms,
            pinged_ms: now.ms,
            put_ms: None,
            unanswered_since_ms: None,
            paused_until_ms: 0,
            cursor: first,
            is_blocked: false,
            nacks: 0,
        };
        if last_dseq >= self.outbox.next_dseq() {
            live.is_blocked = true;
            self.trouble(Trouble::NumbersUsedElsewhere { last: last_dseq }, out);
        } else if last_dseq + 1 < first {
            live.is_blocked = true;
            self.trouble(Trouble::ServerLacks { first: last_dseq + 1, held: first }, out);
        }
        self.link = Link::Live(live);
        self.safe_dseq = 0;
        self.seal(safe_dseq.min(last_dseq), out);
        self.show_unsent(out);
        self.send(now, out);
    }

    /// Takes back every receipt that no longer says anything: those of another epoch, and those for
    /// what the server in this epoch no longer has, which must not happen.
    fn doubt(&mut self, epoch: Epoch, last_dseq: i64, out: &mut Outputs) {
        let lost = self.outbox.lost(epoch, last_dseq);
        let doubted = self.outbox.doubt(|confirmed, dseq| confirmed.epoch != epoch || dseq > last_dseq);
        let is_other = self.epoch.replace(epoch).is_some_and(|known| known != epoch);
        if is_other || !doubted.is_empty() {
            self.heads.clear();
        }
        for kept in doubted {
            let id = kept.submission.id;
            out.push(Output::Show(Show::Entry { id, standing: Standing::Saved }));
            out.push(Output::Note(kept));
        }
        for id in lost {
            self.trouble(Trouble::ReceiptBroken { id: id.to_string() }, out);
        }
    }

    /// A frame of the live connection and epoch.
    pub(super) fn answer(&mut self, frame: ServerFrame, now: Now, out: &mut Outputs) {
        match frame {
            ServerFrame::Ack(ack) => self.acknowledged(ack, now, out),
            ServerFrame::Nack(nack) => self.not_acknowledged(nack, now, out),
            ServerFrame::Head(head) => self.head_moved(head, out),
            ServerFrame::Called(called) => self.call(called, out),
            ServerFrame::Pong(pong) => self.seal(pong.safe_dseq, out),
            ServerFrame::Welcome(_) | ServerFrame::Error(_) | ServerFrame::Unsupported(_) => {}
        }
    }

    fn acknowledged(&mut self, ack: Ack, now: Now, out: &mut Outputs) {
        if ack.device != self.device.id {
            return;
        }
        for receipt in ack.receipts {
            self.receive(receipt, ack.epoch, out);
        }
        self.trouble_is_over(out);
        self.seal(ack.safe_dseq.min(ack.upto_dseq), out);
        let is_answered = self.outbox.on_their_way() == 0;
        if let Link::Live(live) = &mut self.link {
            live.nacks = 0;
            live.unanswered_since_ms = (!is_answered).then_some(now.ms);
        }
        self.show_unsent(out);
        self.send(now, out);
    }

    fn receive(&mut self, receipt: Receipt, epoch: Epoch, out: &mut Outputs) {
        let id = receipt.id;
        // What is no longer held was confirmed and sealed before.
        let Some(held) = self.outbox.find(id) else { return };
        if let Some(known) = &held.kept.confirmed {
            if (known.seq, known.hash) != (receipt.seq, receipt.hash) {
                self.trouble(Trouble::ReceiptsDiffer { id: id.to_string() }, out);
            }
            return;
        }
        let confirmed = Confirmed::new(receipt, epoch);
        let standing = Standing::Received(confirmed.clone());
        let Some(kept) = self.outbox.confirm(id, confirmed).cloned() else { return };
        note_own_head(&mut self.heads, &kept);
        let cell = kept.cell.clone();
        out.push(Output::Note(kept));
        out.push(Output::Show(Show::Entry { id, standing }));
        if let Some(cell) = cell {
            let id = self.head(&cell);
            out.push(Output::Show(Show::Head { cell, id }));
        }
    }

    fn not_acknowledged(&mut self, nack: Nack, now: Now, out: &mut Outputs) {
        let first = self.outbox.first_dseq();
        let want = nack.want_dseq.unwrap_or(first);
        if let Some(id) = nack.id {
            self.refused_for_good(id, want, nack.reason, out);
        } else if nack.reason != reason::WANT_DSEQ {
            let pause_ms = self.retry_ms(now);
            if let Link::Live(live) = &mut self.link {
                live.paused_until_ms = now.ms.saturating_add(pause_ms);
            }
            self.trouble(Trouble::ServerCannotSave { code: nack.reason }, out);
        }
        // A number that is not here says nothing yet: a nack may be older than an ack. Where the
        // server insists, the next welcome tells.
        self.outbox.recall(want);
        let is_answered = self.outbox.on_their_way() == 0;
        let Link::Live(live) = &mut self.link else { return };
        live.cursor = live.cursor.min(want);
        live.unanswered_since_ms = (!is_answered).then_some(now.ms);
        live.nacks += 1;
        if live.nacks > NACKS_MAX {
            self.drop_link(now, out);
            return;
        }
        self.send(now, out);
    }

    /// One entry can never be entered as it is. It is kept, later ones go on where they can.
    fn refused_for_good(&mut self, id: EntryId, want: i64, code: String, out: &mut Outputs) {
        let Some(held) = self.outbox.find(id) else { return };
        let is_in_the_way = want <= held.kept.submission.dseq;
        self.outbox.stick(id);
        if let Link::Live(live) = &mut self.link {
            live.is_blocked |= is_in_the_way;
        }
        self.trouble(Trouble::NeverEnterable { id: id.to_string(), code }, out);
    }

    fn head_moved(&mut self, head: Head, out: &mut Outputs) {
        if note_head(&mut self.heads, head.cell.clone(), head.id, head.seq) {
            let id = self.head(&head.cell);
            out.push(Output::Show(Show::Head { cell: head.cell, id }));
        }
    }

    /// Others are called, unless that is older than what is known.
    fn call(&mut self, called: Called, out: &mut Outputs) {
        let Called { calls, epoch, number, .. } = called;
        if self.called.is_none_or(|(known, last)| known != epoch || last < number) {
            self.called = Some((epoch, number));
            out.push(Output::Show(Show::Called { epoch, number, calls }));
        }
    }

    /// The copies in a second place go this far; what they cover need not be kept here.
    fn seal(&mut self, safe_dseq: i64, out: &mut Outputs) {
        let before = self.safe_dseq;
        self.safe_dseq = before.max(safe_dseq);
        for kept in self.outbox.forget(self.safe_dseq) {
            let id = kept.submission.id;
            out.push(Output::Forget(kept.submission.dseq));
            if let Some(confirmed) = kept.confirmed {
                out.push(Output::Show(Show::Entry { id, standing: Standing::Sealed(confirmed) }));
            }
        }
        // The newest entry is kept for its number only; it is as sealed as the others.
        let newest = self.outbox.next_dseq() - 1;
        if before >= newest || newest > self.safe_dseq {
            return;
        }
        self.show_unsent(out);
        if let Some(kept) = self.outbox.at(newest).map(|held| &held.kept)
            && let Some(confirmed) = kept.confirmed.clone()
        {
            let standing = Standing::Sealed(confirmed);
            out.push(Output::Show(Show::Entry { id: kept.submission.id, standing }));
        }
    }

    /// Sends the next put, where one may be sent now.
    pub(super) fn send(&mut self, now: Now, out: &mut Outputs) {
        let Link::Live(live) = &mut self.link else { return };
        let is_too_soon = live.put_ms.is_some_and(|ms| now.ms < ms.saturating_add(PUT_SPACING_MS));
        let is_full = self.outbox.on_their_way() + SUBMISSIONS_MAX > UNANSWERED_MAX;
        if live.is_blocked || is_too_soon || is_full || now.ms < live.paused_until_ms {
            return;
        }
        // What was let go by now needs no sending.
        live.cursor = live.cursor.max(self.outbox.first_dseq());
        let mut submissions = Vec::new();
        let mut room = FRAME_BYTES_MAX - PUT_BYTES;
        while submissions.len() < SUBMISSIONS_MAX
            && let Some(held) = self.outbox.at(live.cursor)
        {
            if held.kept.confirmed.is_none() && !held.is_stuck && !held.is_on_its_way {
                // One more byte for the comma.
                let Some(left) = room.checked_sub(held.bytes + 1) else { break };
                room = left;
                submissions.extend(self.outbox.send(live.cursor));
            }
            live.cursor += 1;
        }
        if submissions.is_empty() {
            return;
        }
        live.put_ms = Some(now.ms);
        live.unanswered_since_ms.get_or_insert(now.ms);
        let put = Put { epoch: live.epoch, submissions };
        out.push(Output::Send(ClientFrame::Put(put), live.proto));
    }
}
