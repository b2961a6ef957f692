//! The frames of the judge's socket: what a tablet and the server say to each other about marks
//! . `docs/protocol.md` tells how they follow each other.
//!
//! A frame is one text message, `{"v":1,"type":"…","body":{…}}`. Who acts and in which role is
//! never in a frame: the server knows it from the connection.

mod limits;

use std::borrow::Cow;

use domain::findings;
use domain::id::{AspectId, CompetitorCode, DeviceId, EntryId, JudgeCode, LedgerId, SubCriterionId};
use domain::ledger::{DeviceSignature, Hash, Statement, Status};
use domain::marking::Body;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::drawing::Drawing;
pub use crate::token::{Epoch, Nonce};
pub use limits::*;

/// The versions of the protocol that a side speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// The newest.
    pub max: u32,
    /// The oldest.
    pub min: u32,
}

/// What a tablet says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientFrame {
    /// The first frame of a connection.
    Hello(Hello),
    /// Is anybody there?
    Ping(Ping),
    /// Submissions, in the device's order.
    Put(Put),
    /// A frame of a type that this side does not know came.
    Unsupported(Unsupported),
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerFrame {
    /// These are entered and committed.
    Ack(Ack),
    /// The chief judge calls others now.
    Called(Called),
    /// The connection ends, and why.
    Error(Failure),
    /// Something else is effective in a cell now.
    Head(Head),
    /// Something was not entered.
    Nack(Nack),
    /// Somebody is there.
    Pong(Pong),
    /// A frame of a type that this side does not know came.
    Unsupported(Unsupported),
    /// The answer to a greeting.
    Welcome(Welcome),
}

/// The greeting. Its shape, and that of its answers `welcome` and `error`, is the same in every
/// version, so that two versions can tell each other that they do not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The device, as enrolled.
    pub device: DeviceId,
    /// The connection's name, made for it; everything that the server answers on it repeats it.
    pub nonce: Nonce,
    /// The newest version that the client speaks.
    pub proto_max: u32,
    /// The oldest.
    pub proto_min: u32,
    /// A one-use proof of who is there, got over the signed-in session.
    pub ticket: String,
}

/// The answer to a greeting: from where on to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// The database's epoch; everything that the client sends on this connection repeats it.
    pub epoch: Epoch,
    /// The last number of this device that is entered and committed; 0 where there is none.
    pub last_dseq: i64,
    /// The ledger that the device writes to.
    pub ledger: LedgerId,
    /// The greeting's.
    pub nonce: Nonce,
    /// The version that both speak from here on.
    pub proto: u32,
    /// The last number that has a verified copy in a second place.
    pub safe_dseq: i64,
    /// The server's clock, milliseconds since 1970 UTC, so that a wrong clock can be shown.
    pub server_time: i64,
}

/// Submissions of one device, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Put {
    /// The welcome's.
    pub epoch: Epoch,
    /// 1 to [`SUBMISSIONS_MAX`].
    pub submissions: Vec<Submission>,
}

/// What a client makes of one act. Every try again sends the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The entry that the person saw in the cell, or none.
    pub base: Option<EntryId>,
    /// What is asked.
    pub body: Body,
    /// The client's clock, milliseconds since 1970 UTC: advice only.
    pub client_time: i64,
    /// The device's own signature over [`Submission::statement`], where the device has a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_signature: Option<DeviceSignature>,
    /// The signature as it was drawn, where the body commits to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawing: Option<Drawing>,
    /// 1, 2, 3… per device, without gaps.
    pub dseq: i64,
    /// Milliseconds of the client's steady clock since its app began: advice only.
    pub elapsed_ms: i64,
    /// Made by the client.
    pub id: EntryId,
    /// The text behind the body's reason, where it has one.
    pub reason: Option<ReasonText>,
}

/// A reason as written. The entry holds `SHA-256(salt ‖ text)` only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReasonText {
    /// Random, so that the text cannot be guessed from the hash; [`SALT_LENGTH`] characters.
    pub salt: String,
    /// Up to [`REASON_LENGTH_MAX`] characters.
    pub text: String,
}

/// What was entered. It leaves only after the commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ack {
    /// Whose.
    pub device: DeviceId,
    /// The epoch in which it was committed.
    pub epoch: Epoch,
    /// The connection's.
    pub nonce: Nonce,
    /// One for each that was entered, now or before.
    pub receipts: Vec<Receipt>,
    /// See [`Welcome::safe_dseq`].
    pub safe_dseq: i64,
    /// The last number of the device that is entered.
    pub upto_dseq: i64,
}

/// That an entry is in the ledger for good, and what became of the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Why it was not accepted: a stable code.
    pub code: Option<String>,
    /// The entry's hash.
    pub hash: Hash,
    /// The entry.
    pub id: EntryId,
    /// Its number in the ledger.
    pub seq: i64,
    /// What became of the command.
    pub status: Status,
}

/// That something was not entered, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nack {
    /// The database's epoch; another than the welcome's ends the connection.
    pub epoch: Epoch,
    /// The one submission that can never be entered as it is; none where the reason may pass.
    pub id: Option<EntryId>,
    /// The connection's.
    pub nonce: Nonce,
    /// Why: a stable code.
    pub reason: String,
    /// The number to send from; none in another epoch.
    pub want_dseq: Option<i64>,
}

/// What is effective in a cell: what a mark made from now on names as its base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Where.
    pub cell: Cell,
    /// The database's epoch.
    pub epoch: Epoch,
    /// The effective entry; none where the cell is empty.
    pub id: Option<EntryId>,
    /// The connection's.
    pub nonce: Nonce,
    /// The ledger's number at which this was so; what is older than what is known changes nothing.
    pub seq: i64,
}

/// A place for one value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The aspect.
    pub aspect: AspectId,
    /// Whose work.
    pub competitor: CompetitorCode,
    /// Whose score; none for a measurement, which is the panel's.
    pub judge: Option<JudgeCode>,
    /// The round, from 1. A head of round 0 says that something else of the sheet changed, as a lock or a
    /// seat: its judges ask for their sheets again.
    pub round: u32,
}

/// Whom the chief judge calls for the sub-criteria that this judge marks: all of it, in place of what was
/// told before. A program that does not know it says so, and nothing else happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// Of which sub-criterion whom; up to [`CALLS_MAX`].
    pub calls: Vec<Call>,
    /// The database's epoch.
    pub epoch: Epoch,
    /// The connection's.
    pub nonce: Nonce,
    /// Counts the changes in this skill; what is older than what is known changes nothing.
    pub number: i64,
}

/// That the panel of a sub-criterion marks a competitor now. It changes no result and stands in no ledger.
/// A pair, since a tablet's program gets longer by each field that it reads by name.
pub type Call = (SubCriterionId, CompetitorCode);

/// Asks for a [`Pong`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ping {
    /// The connection's.
    pub nonce: Nonce,
}

/// Says that the connection lives, and what is safe by now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pong {
    /// The database's epoch.
    pub epoch: Epoch,
    /// The connection's.
    pub nonce: Nonce,
    /// See [`Welcome::safe_dseq`].
    pub safe_dseq: i64,
}

/// Names the type that is not known; nothing else happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsupported {
    /// The type.
    pub name: String,
}

/// Why the server ends a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// A stable code.
    pub code: String,
    /// The newest version that the server speaks.
    pub proto_max: u32,
    /// The oldest.
    pub proto_min: u32,
}

findings! {
    /// Why a text is no frame, or a frame cannot be sent.
    pub enum FrameError {
        TooLong { bytes: usize } = Error "frame_too_long",
            "一帧 {bytes} 字节，超过上限 65536。",
            "A frame of {bytes} bytes; 65,536 is the most.";
        Malformed { problem: String } = Error "frame_malformed",
            "读不懂这一帧：{problem}",
            "The frame cannot be read: {problem}";
        OtherVersion { v: u32 } = Error "frame_other_version",
            "这一帧是第 {v} 版协议，不是双方约定的版本。",
            "The frame is of version {v} of the protocol, not of the one agreed on.";
        UnknownType { name: String } = Error "frame_unknown_type",
            "不认识“{name}”类的帧。",
            "Frames of type \"{name}\" are not known.";
        SubmissionCount { count: usize } = Error "frame_submission_count",
            "一帧含 {count} 条提交；须为 1 到 64 条。",
            "A frame of {count} submissions; it takes 1 to 64.";
        NumberUnfit { number: i64 } = Error "frame_number_unfit",
            "数 {number} 超出可用范围。",
            "The number {number} is out of its range.";
    }
}

findings! {
    /// Why the server ends a connection.
    pub enum Ending {
        VersionTooOld = Error "version_too_old",
            "平板上的程序版本太旧；请重新载入。未发送的内容都保留着。",
            "The program on this tablet is too old; reload it. Nothing unsent is lost.";
        VersionTooNew = Error "version_too_new",
            "服务器的版本比平板旧；请联系组委会。未发送的内容都保留着。",
            "The server is older than this tablet's program; tell the organiser. Nothing unsent is lost.";
        DeviceUnknown = Error "device_unknown",
            "这台设备没有登记；请找裁判长登记。未发送的内容都保留着。",
            "This device is not enrolled; ask the chief judge to enrol it. Nothing unsent is lost.";
        TicketRefused = Error "ticket_refused",
            "请重新登录。未发送的内容都保留着。",
            "Sign in again. Nothing unsent is lost.";
        TooManyFrames = Error "too_many_frames",
            "发送过于频繁，连接已断开；会自动重连。",
            "Too many frames in too short a time; the connection was ended and comes back by itself.";
        FrameUnfit = Error "frame_unfit",
            "服务器读不懂这台平板发来的内容；请重新载入程序。",
            "The server cannot read what this tablet sends; reload the program.";
        OutOfTurn = Error "out_of_turn",
            "连接的次序不对；会自动重连。",
            "A frame came out of turn; the connection comes back by itself.";
        Silent = Error "silent",
            "平板久无应答，连接已断开；会自动重连。",
            "Nothing came from the tablet for too long; the connection comes back by itself.";
        Unavailable = Error "unavailable",
            "服务器暂时不能应答；会自动重连。",
            "The server cannot answer now; the connection comes back by itself.";
    }
}

impl Ending {
    const ALL: [Self; 9] = [
        Self::VersionTooOld,
        Self::VersionTooNew,
        Self::DeviceUnknown,
        Self::TicketRefused,
        Self::TooManyFrames,
        Self::FrameUnfit,
        Self::OutOfTurn,
        Self::Silent,
        Self::Unavailable,
    ];

    /// The ending of that code; none where it is not known here.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.code() == code)
    }

    /// Whether it stays so until a person does something, so that hurrying back is no use.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        matches!(self, Self::VersionTooOld | Self::VersionTooNew | Self::DeviceUnknown | Self::TicketRefused)
    }
}

/// The reasons of a [`Nack`] that this protocol gives itself; the others are the ledger's.
pub mod reason {
    /// The database is of another epoch than the connection.
    pub const OTHER_EPOCH: &str = "other_epoch";
    /// Something before it is missing.
    pub const WANT_DSEQ: &str = "want_dseq";
}

/// The outside of every frame.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    v: u32,
    #[serde(borrow, rename = "type")]
    name: Cow<'a, str>,
    #[serde(borrow)]
    body: &'a RawValue,
}

macro_rules! frames {
    ($frame:ident { $($variant:ident = $name:literal),* $(,)? }) => {
        impl $frame {
            /// Every type, as it is written.
            pub const TYPES: &'static [&'static str] = &[$($name),*];

            /// Its type, as it is written.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $( Self::$variant(_) => $name, )* }
            }

            /// Its text, in that version of the protocol.
            ///
            /// # Errors
            /// Where it breaks a limit.
            pub fn encode(&self, proto: u32) -> Result<String, FrameError> {
                self.check()?;
                let body = match self { $( Self::$variant(body) => to_raw(body), )* }?;
                let envelope = Envelope { v: proto, name: Cow::Borrowed(self.name()), body: &body };
                let text = serde_json::to_string(&envelope).map_err(malformed)?;
                check_length(&text)?;
                Ok(text)
            }

            /// Reads a text of that version of the protocol. What opens a connection is read in any.
            ///
            /// # Errors
            /// [`FrameError`]; an unknown type is one of its own, since it is answered and not fatal.
            pub fn decode(text: &str, proto: u32) -> Result<Self, FrameError> {
                check_length(text)?;
                let envelope: Envelope<'_> = serde_json::from_str(text).map_err(malformed)?;
                let name = envelope.name.as_ref();
                if envelope.v != proto && !OPENING_TYPES.contains(&name) {
                    return Err(FrameError::OtherVersion { v: envelope.v });
                }
                let body = envelope.body.get();
                let frame = match name {
                    $( $name => Self::$variant(serde_json::from_str(body).map_err(malformed)?), )*
                    _ => return Err(FrameError::UnknownType { name: shortened(name) }),
                };
                frame.check()?;
                Ok(frame)
            }
        }
    };
}

frames! { ClientFrame { Hello = "hello", Ping = "ping", Put = "put", Unsupported = "unsupported" } }
frames! {
    ServerFrame {
        Ack = "ack", Called = "called", Error = "error", Head = "head", Nack = "nack", Pong = "pong",
        Unsupported = "unsupported", Welcome = "welcome",
    }
}

/// What is read whatever version it names, since no version is agreed on yet.
const OPENING_TYPES: [&str; 3] = ["hello", "welcome", "error"];

impl Versions {
    /// What this code speaks.
    pub const OURS: Self = Self { max: 1, min: 1 };

    /// The version to speak with somebody else.
    ///
    /// # Errors
    /// Where there is none: whether the other side is too old or too new.
    pub fn agree(self, other: Self) -> Result<u32, Ending> {
        let proto = self.max.min(other.max);
        if proto < self.min {
            Err(Ending::VersionTooOld)
        } else if proto < other.min {
            Err(Ending::VersionTooNew)
        } else {
            Ok(proto)
        }
    }
}

impl ClientFrame {
    fn check(&self) -> Result<(), FrameError> {
        let Self::Put(put) = self else { return Ok(()) };
        let count = put.submissions.len();
        if count == 0 || count > SUBMISSIONS_MAX {
            return Err(FrameError::SubmissionCount { count });
        }
        put.submissions.iter().try_for_each(Submission::check)
    }
}

impl ServerFrame {
    fn check(&self) -> Result<(), FrameError> {
        match self {
            Self::Ack(ack) if ack.receipts.len() > SUBMISSIONS_MAX => {
                Err(FrameError::SubmissionCount { count: ack.receipts.len() })
            }
            _ => Ok(()),
        }
    }
}

impl Submission {
    /// What the device signs of it.
    #[must_use]
    pub fn statement<'a>(&'a self, device: &'a DeviceId, ledger: &'a LedgerId) -> Statement<'a> {
        let Self { base, body, client_time, dseq, id, .. } = self;
        Statement { base: *base, body, client_time: *client_time, device, dseq: *dseq, id: *id, ledger }
    }

    /// Whether its numbers can be entered at all.
    ///
    /// # Errors
    /// [`FrameError::NumberUnfit`].
    pub fn check(&self) -> Result<(), FrameError> {
        let is_whole = domain::ledger::canonical::is_whole;
        for (number, is_fit) in [
            (self.client_time, is_whole(self.client_time)),
            (self.dseq, is_whole(self.dseq) && self.dseq >= 1),
            (self.elapsed_ms, is_whole(self.elapsed_ms) && self.elapsed_ms >= 0),
        ] {
            if !is_fit {
                return Err(FrameError::NumberUnfit { number });
            }
        }
        Ok(())
    }

    /// How many bytes it takes in a frame, signed.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn length(&self) -> Result<usize, FrameError> {
        let unsigned = if self.device_signature.is_none() { SIGNATURE_BYTES } else { 0 };
        Ok(serde_json::to_string(self).map_err(malformed)?.len() + unsigned)
    }
}

impl ReasonText {
    /// What an entry holds of it: `SHA-256(salt ‖ text)`.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        Hash::of_document(format!("{}{}", self.salt, self.text).as_bytes())
    }

    /// Whether its lengths are within their limits.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        self.has_salt() && self.text.chars().count() <= REASON_LENGTH_MAX && !self.text.contains('\0')
    }

    /// Whether its salt is one.
    pub(crate) fn has_salt(&self) -> bool {
        SALT_LENGTH.contains(&self.salt.chars().count()) && !self.salt.contains('\0')
    }
}

fn check_length(text: &str) -> Result<(), FrameError> {
    if text.len() <= FRAME_BYTES_MAX { Ok(()) } else { Err(FrameError::TooLong { bytes: text.len() }) }
}

fn to_raw<T: Serialize>(body: &T) -> Result<Box<RawValue>, FrameError> {
    serde_json::value::to_raw_value(body).map_err(malformed)
}

fn malformed(error: serde_json::Error) -> FrameError {
    FrameError::Malformed { problem: error.to_string() }
}

/// A stranger's word, short enough to be repeated.
fn shortened(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(TYPE_LENGTH_MAX).collect()
}

#[cfg(test)]
mod tests;
