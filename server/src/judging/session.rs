//! One connection of one device: greets, hands submissions to the ledger, and answers with what the
//! ledger committed.
//!
//! The ledger decides what a known id, a known number or a gap means; this session only never says
//! more than the ledger told it, and says nothing of another epoch than the one it greeted in.

use domain::access::Role;
use domain::id::{DeviceId, EntryId, LedgerId};
use domain::ledger::{Command, DeviceKey};
use protocol::drawing::Drawing;
use protocol::frame::{
    Ack, Call, Called, Cell, ClientFrame, Ending, Epoch, Failure, FrameError, HELLO_WITHIN_MS, Head, Hello,
    Nack, Nonce, Pong, Put, ReasonText, Receipt, SILENT_AFTER_MS, SUBMISSIONS_MAX, ServerFrame, Submission,
    Unsupported, Versions, Welcome, reason,
};

use super::origin::origin;
use super::rate::Bucket;
use crate::ledger::Origin;

/// What the server knows as something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// A steady clock, in milliseconds.
    pub ms: u64,
    /// The database's epoch.
    pub epoch: Epoch,
}

/// Who a device's entries are from. An enrolment has one actor in one role for as long as it lasts:
/// these are part of every command, and sending one again must give the same command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// A judge's code or an account.
    pub actor: String,
    /// In which role.
    pub role: Role,
    /// The one ledger that the device writes to.
    pub ledger: LedgerId,
    /// The key by which the device signs; none where it has none, as over plain HTTP.
    pub key: Option<Box<DeviceKey>>,
}

/// How far a device has come in the ledger: what is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The epoch in which this was read.
    pub epoch: Epoch,
    /// The last number that is committed.
    pub last_dseq: i64,
    /// The last number that has a verified copy in a second place.
    pub safe_dseq: i64,
}

/// One submission for the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The command. Its second person is none: a two-person act is confirmed by entry id, beside
    /// the connection.
    pub command: Command,
    /// Whether the device's key signed it.
    pub origin: Origin,
    /// The drawn signature that the command commits to.
    pub drawing: Option<Drawing>,
    /// The text behind the command's reason.
    pub reason: Option<ReasonText>,
    /// The device's steady clock: advice only.
    pub elapsed_ms: i64,
}

/// What the ledger says to one submission, once that is committed or certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is entered and committed, now or before.
    Entered(Receipt),
    /// Something before it is missing, from this number on.
    Want(i64),
    /// It can never be entered as it is: a stable code.
    Refused(String),
    /// It was not entered, or that is not known; sending it again is safe: a stable code.
    Unavailable(String),
}

/// What the session asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Find out who this is, then say [`Session::identified`].
    Identify {
        /// The device that it says it is.
        device: DeviceId,
        /// The proof, good for once.
        ticket: String,
    },
    /// Give these to the ledger in this order, then say [`Session::answered`].
    Submit(Vec<Submitted>),
    /// Send this, written in that version of the protocol.
    Send(ServerFrame, u32),
    /// Close the socket.
    Close,
}

/// Where the connection stands.
#[derive(Debug)]
enum Stage {
    Silent,
    Asked { hello: Hello, proto: u32 },
    Open(Open),
    Closed,
}

#[derive(Debug)]
struct Open {
    identity: Identity,
    device: DeviceId,
    nonce: Nonce,
    proto: u32,
    epoch: Epoch,
    /// The last number that is known to be committed.
    last_dseq: i64,
    safe_dseq: i64,
}

/// One connection.
#[derive(Debug)]
pub struct Session {
    versions: Versions,
    stage: Stage,
    bucket: Bucket,
    began_ms: u64,
    heard_ms: u64,
}

type Outputs = Vec<Output>;

impl Session {
    /// A socket was opened. `versions` are [`Versions::OURS`].
    #[must_use]
    pub fn new(versions: Versions, now: Now) -> Self {
        let Now { ms, .. } = now;
        Self { versions, stage: Stage::Silent, bucket: Bucket::new(ms), began_ms: ms, heard_ms: ms }
    }

    /// The same, where the server takes another number of frames a second than the protocol says.
    #[must_use]
    pub fn at_rate(mut self, frames_per_second: u32) -> Self {
        self.bucket = Bucket::at(frames_per_second.into(), self.began_ms);
        self
    }

    /// A message came.
    pub fn text(&mut self, text: &str, now: Now) -> Outputs {
        let proto = match &self.stage {
            Stage::Open(open) => open.proto,
            _ => self.versions.max,
        };
        match ClientFrame::decode(text, proto) {
            Ok(frame) => self.frame(frame, now),
            Err(FrameError::UnknownType { name }) => self
                .admit(now)
                .unwrap_or_else(|| vec![Output::Send(ServerFrame::Unsupported(Unsupported { name }), proto)]),
            Err(_) => self.end(&Ending::FrameUnfit),
        }
    }

    /// A frame came.
    pub fn frame(&mut self, frame: ClientFrame, now: Now) -> Outputs {
        if let Some(refused) = self.admit(now) {
            return refused;
        }
        match (&self.stage, frame) {
            (Stage::Silent, ClientFrame::Hello(hello)) => self.greeted(hello),
            (Stage::Open(open), _) if open.epoch != now.epoch => self.leave_epoch(now.epoch),
            (Stage::Open(open), ClientFrame::Put(put)) => match open.submit(put) {
                Ok(output) => vec![output],
                Err(OtherEpoch) => self.leave_epoch(now.epoch),
            },
            (Stage::Open(open), ClientFrame::Ping(ping)) if ping.nonce == open.nonce => vec![open.pong()],
            // What of another connection is left in a proxy says nothing here.
            (Stage::Open(_), ClientFrame::Ping(_)) => Vec::new(),
            (Stage::Closed, _) | (_, ClientFrame::Unsupported(_)) => Vec::new(),
            _ => self.end(&Ending::OutOfTurn),
        }
    }

    /// Who it is and how far the device has come, or why not.
    pub fn identified(&mut self, who: Result<(Identity, Progress), Ending>, server_time: i64) -> Outputs {
        let Stage::Asked { hello, proto } = &self.stage else { return Vec::new() };
        let (identity, progress) = match who {
            Ok(known) => known,
            Err(ending) => return self.end(&ending),
        };
        let (device, nonce, proto) = (hello.device.clone(), hello.nonce, *proto);
        let Progress { epoch, last_dseq, safe_dseq } = progress;
        let ledger = identity.ledger.clone();
        self.stage = Stage::Open(Open { identity, device, nonce, proto, epoch, last_dseq, safe_dseq });
        let welcome = Welcome { epoch, last_dseq, ledger, nonce, proto, safe_dseq, server_time };
        vec![Output::Send(ServerFrame::Welcome(welcome), proto)]
    }

    /// What the ledger says to submissions of this connection, and how far the device has come by
    /// then. To be said only after the commit.
    pub fn answered(&mut self, answers: Vec<(EntryId, Answer)>, progress: Progress) -> Outputs {
        let Stage::Open(open) = &mut self.stage else { return Vec::new() };
        if progress.epoch != open.epoch {
            return self.leave_epoch(progress.epoch);
        }
        open.last_dseq = open.last_dseq.max(progress.last_dseq);
        open.safe_dseq = open.safe_dseq.max(progress.safe_dseq);
        open.answer(answers, progress)
    }

    /// The copies in a second place go further now; the next pong says so.
    pub fn sealed(&mut self, safe_dseq: i64) {
        if let Stage::Open(open) = &mut self.stage {
            open.safe_dseq = open.safe_dseq.max(safe_dseq);
        }
    }

    /// Something else is effective in a cell since that entry of the ledger.
    pub fn head_moved(&mut self, cell: Cell, id: Option<EntryId>, seq: i64, now: Now) -> Outputs {
        let Stage::Open(open) = &self.stage else { return Vec::new() };
        if open.epoch != now.epoch {
            return self.leave_epoch(now.epoch);
        }
        let head = Head { cell, epoch: open.epoch, id, nonce: open.nonce, seq };
        vec![Output::Send(ServerFrame::Head(head), open.proto)]
    }

    /// The chief judge calls these competitors now, by that change of the skill's calls.
    pub fn called(&mut self, calls: Vec<Call>, number: i64, now: Now) -> Outputs {
        let Stage::Open(open) = &self.stage else { return Vec::new() };
        if open.epoch != now.epoch {
            return self.leave_epoch(now.epoch);
        }
        let called = Called { calls, epoch: open.epoch, nonce: open.nonce, number };
        vec![Output::Send(ServerFrame::Called(called), open.proto)]
    }

    /// Time passed: a connection without a greeting, or silent for long, ends.
    pub fn tick(&mut self, now: Now) -> Outputs {
        let passed_ms = |since_ms: u64| now.ms.saturating_sub(since_ms);
        let is_over = match self.stage {
            Stage::Silent | Stage::Asked { .. } => passed_ms(self.began_ms) >= HELLO_WITHIN_MS,
            Stage::Open(_) => passed_ms(self.heard_ms) >= SILENT_AFTER_MS,
            Stage::Closed => false,
        };
        if is_over { self.end(&Ending::Silent) } else { Vec::new() }
    }

    /// Something came that is no frame of the protocol, as the ping of a WebSocket: it is counted.
    pub fn control(&mut self, now: Now) -> Outputs {
        self.admit(now).unwrap_or_default()
    }

    /// The server ends the connection.
    pub fn leave(&mut self, ending: &Ending) -> Outputs {
        self.end(ending)
    }

    /// Who is on the connection, once it was greeted.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        match &self.stage {
            Stage::Open(open) => Some(&open.identity),
            _ => None,
        }
    }

    /// The device of a connection that was greeted.
    #[must_use]
    pub fn device(&self) -> Option<&DeviceId> {
        match &self.stage {
            Stage::Open(open) => Some(&open.device),
            _ => None,
        }
    }

    fn admit(&mut self, now: Now) -> Option<Outputs> {
        self.heard_ms = now.ms;
        (!self.bucket.take(now.ms)).then(|| self.end(&Ending::TooManyFrames))
    }

    fn greeted(&mut self, hello: Hello) -> Outputs {
        let theirs = Versions { max: hello.proto_max, min: hello.proto_min };
        match self.versions.agree(theirs) {
            Err(ending) => self.end(&ending),
            Ok(proto) => {
                let (device, ticket) = (hello.device.clone(), hello.ticket.clone());
                self.stage = Stage::Asked { hello, proto };
                vec![Output::Identify { device, ticket }]
            }
        }
    }

    /// The database is of another epoch than the greeting: says so, and the client greets again.
    fn leave_epoch(&mut self, epoch: Epoch) -> Outputs {
        let Stage::Open(open) = std::mem::replace(&mut self.stage, Stage::Closed) else { return Vec::new() };
        let nack = Nack {
            epoch,
            id: None,
            nonce: open.nonce,
            reason: reason::OTHER_EPOCH.to_owned(),
            want_dseq: None,
        };
        vec![Output::Send(ServerFrame::Nack(nack), open.proto), Output::Close]
    }

    fn end(&mut self, ending: &Ending) -> Outputs {
        let proto = match std::mem::replace(&mut self.stage, Stage::Closed) {
            Stage::Open(open) => open.proto,
            Stage::Closed => return Vec::new(),
            _ => self.versions.max,
        };
        let Versions { max: proto_max, min: proto_min } = self.versions;
        let failure = Failure { code: ending.code().to_owned(), proto_max, proto_min };
        vec![Output::Send(ServerFrame::Error(failure), proto), Output::Close]
    }
}

struct OtherEpoch;

impl Open {
    fn submit(&self, put: Put) -> Result<Output, OtherEpoch> {
        if put.epoch != self.epoch {
            return Err(OtherEpoch);
        }
        let submitted = put.submissions.into_iter().map(|submission| self.command(submission));
        Ok(Output::Submit(submitted.collect()))
    }

    /// The command of a submission: what the client made, by who the connection is.
    fn command(&self, submission: Submission) -> Submitted {
        let Submission { base, body, client_time, device_signature, drawing, dseq, elapsed_ms, id, reason } =
            submission;
        let command = Command {
            actor: self.identity.actor.clone(),
            base,
            body,
            client_time,
            device: self.device.clone(),
            dseq,
            id,
            role: self.identity.role,
            second: None,
        };
        let origin = origin(self.identity.key.as_deref(), device_signature, &command, &self.identity.ledger);
        Submitted { command, origin, drawing, reason, elapsed_ms }
    }

    fn pong(&self) -> Output {
        let Self { epoch, nonce, safe_dseq, proto, .. } = *self;
        Output::Send(ServerFrame::Pong(Pong { epoch, nonce, safe_dseq }), proto)
    }

    /// Acks for all that is entered, one nack for each that never can be, and one for the first
    /// thing that holds the others up.
    fn answer(&self, answers: Vec<(EntryId, Answer)>, progress: Progress) -> Outputs {
        let mut receipts = Vec::new();
        let mut refused = Vec::new();
        let mut held_up = None;
        for (id, answer) in answers {
            match answer {
                Answer::Entered(receipt) => receipts.push(receipt),
                Answer::Refused(code) => refused.push(self.nack(Some(id), code, progress.last_dseq + 1)),
                Answer::Want(dseq) => {
                    held_up.get_or_insert_with(|| self.nack(None, reason::WANT_DSEQ.to_owned(), dseq));
                }
                Answer::Unavailable(code) => {
                    held_up.get_or_insert_with(|| self.nack(None, code, progress.last_dseq + 1));
                }
            }
        }
        let acks = receipts.chunks(SUBMISSIONS_MAX).map(|receipts| {
            ServerFrame::Ack(Ack {
                device: self.device.clone(),
                epoch: self.epoch,
                nonce: self.nonce,
                receipts: receipts.to_vec(),
                safe_dseq: self.safe_dseq,
                upto_dseq: self.last_dseq,
            })
        });
        let frames = acks.chain(refused).chain(held_up);
        frames.map(|frame| Output::Send(frame, self.proto)).collect()
    }

    fn nack(&self, id: Option<EntryId>, reason: String, want_dseq: i64) -> ServerFrame {
        let Self { epoch, nonce, .. } = *self;
        ServerFrame::Nack(Nack { epoch, id, nonce, reason, want_dseq: Some(want_dseq) })
    }
}

#[cfg(test)]
mod tests;
