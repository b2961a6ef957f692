//! An entry: what was asked, by whom, when, and what became of it.

use serde::{Deserialize, Serialize};

use super::{Hash, canonical};
use crate::access::Role;
use crate::id::{DeviceId, EntryId, LedgerId};
use crate::marking::{Body, Mark};
use crate::scoring::Value;

/// The most bytes one entry may take; only an opening comes near.
pub const ENTRY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What a client asks for. Every try again sends the same bytes under the same id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// Who asks: a judge's code or an account, as the server knows them.
    pub actor: String,
    /// The entry that the actor saw in this cell, if any; anything else there now is a conflict.
    pub base: Option<EntryId>,
    /// What is asked.
    pub body: Body,
    /// The client's clock, milliseconds since 1970 UTC: advice only.
    pub client_time: i64,
    /// The device it was entered on.
    pub device: DeviceId,
    /// 1, 2, 3… per device, without gaps.
    pub dseq: i64,
    /// Made by the client.
    pub id: EntryId,
    /// In which role the actor asks.
    pub role: Role,
    /// The second person, where the rules ask for two.
    pub second: Option<String>,
}

/// One entry of a ledger. The fields stand in canonical order, so that writing them one after the
/// other gives canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// See [`Command::actor`].
    pub actor: String,
    /// See [`Command::base`].
    pub base: Option<EntryId>,
    /// See [`Command::body`].
    pub body: Body,
    /// See [`Command::client_time`].
    pub client_time: i64,
    /// Why it was not accepted: a stable code.
    pub code: Option<String>,
    /// See [`Command::device`].
    pub device: DeviceId,
    /// See [`Command::dseq`].
    pub dseq: i64,
    /// See [`Command::id`].
    pub id: EntryId,
    /// Whose ledger.
    pub ledger: LedgerId,
    /// The hash of the entry before, [`Hash::ZERO`] for the first.
    pub prev: Hash,
    /// See [`Command::role`].
    pub role: Role,
    /// See [`Command::second`].
    pub second: Option<String>,
    /// 1, 2, 3… without gaps.
    pub seq: i64,
    /// The server's clock, milliseconds since 1970 UTC; never earlier than the entry before.
    pub server_time: i64,
    /// What became of it.
    pub status: Status,
    /// The version of this format.
    pub v: u32,
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It counts.
    Accepted,
    /// Another value stood in the cell than the one that the actor saw.
    Conflict,
    /// It came after a lock or the close.
    Late,
    /// The rules refuse it.
    Refused,
}

/// An entry with its canonical bytes and hash: what is stored, exported and acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The entry.
    pub entry: Entry,
    /// Its canonical JSON.
    pub json: String,
    /// `SHA-256(0x00 ‖ json)`.
    pub hash: Hash,
}

/// Why a stored or exported line is no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Not JSON, or not the fields of an entry; what the reader said.
    NotAnEntry(String),
    /// An entry, written otherwise than canonically.
    NotCanonical,
}

impl Entry {
    /// The only version of the format so far.
    pub const VERSION: u32 = 1;

    /// The command that it was made from.
    #[must_use]
    pub fn into_command(self) -> Command {
        Command {
            actor: self.actor,
            base: self.base,
            body: self.body,
            client_time: self.client_time,
            device: self.device,
            dseq: self.dseq,
            id: self.id,
            role: self.role,
            second: self.second,
        }
    }

    /// Its whole numbers that are not small by their type; an opening's are looked at as it is written.
    fn numbers(&self) -> [i64; 5] {
        let own = match &self.body {
            Body::Start(moment) | Body::Stop(moment) => moment.at,
            Body::Alarm(alarm) => alarm.dseq,
            _ => 0,
        };
        [self.client_time, self.dseq, self.seq, self.server_time, own]
    }
}

impl Sealed {
    /// Seals an entry.
    ///
    /// # Errors
    /// Where it cannot be written canonically and read back: a number beyond 2^53 − 1 or beyond what
    /// its kind may be, or too many bytes.
    pub fn new(entry: Entry) -> Result<Self, String> {
        if let Some(number) = entry.numbers().into_iter().find(|n| !canonical::is_whole(*n)) {
            return Err(format!("{number} has no canonical form"));
        }
        // The fields of an entry and of the frequent bodies are declared in canonical order and
        // write canonical text directly; an opening holds maps of its own and takes the general way.
        let json = match &entry.body {
            Body::Open(_) => {
                let json = canonical::to_vec(&entry)?;
                // An opening holds many numbers that have limits; it is rare, and so simply read back.
                serde_json::from_slice::<Entry>(&json).map_err(|error| error.to_string())?;
                json
            }
            Body::Mark(Mark { value: Value::Number(number), .. }) if !number.is_in_limits() => {
                return Err(format!("{number} is beyond what a value may be"));
            }
            Body::Penalty(penalty) if !penalty.marks.is_in_limits() => {
                return Err(format!("{} is beyond what a mark may be", penalty.marks));
            }
            _ => serde_json::to_vec(&entry).map_err(|error| error.to_string())?,
        };
        if json.len() > ENTRY_BYTES_MAX {
            return Err(format!("an entry of {} bytes; {ENTRY_BYTES_MAX} is the most", json.len()));
        }
        let hash = Hash::of_leaf(&json);
        let json = String::from_utf8(json).map_err(|error| error.to_string())?;
        Ok(Self { entry, json, hash })
    }

    /// Reads stored canonical JSON.
    ///
    /// # Errors
    /// [`ReadError`], also where the same entry would be written otherwise.
    pub fn read(json: &str) -> Result<Self, ReadError> {
        let entry: Entry =
            serde_json::from_str(json).map_err(|error| ReadError::NotAnEntry(error.to_string()))?;
        let sealed = Self::new(entry).map_err(ReadError::NotAnEntry)?;
        if sealed.json == json { Ok(sealed) } else { Err(ReadError::NotCanonical) }
    }

    /// The line of an export: `{"entry":{…},"hash":"…"}`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{{\"entry\":{},\"hash\":\"{}\"}}", self.json, self.hash)
    }

    /// Whether this is what became of that command; a used id or device number with anything else
    /// in it is refused and raises an alarm.
    #[must_use]
    pub fn answers(&self, command: &Command) -> bool {
        let entry = &self.entry;
        (&entry.actor, &entry.base, &entry.body, entry.client_time, &entry.device)
            == (&command.actor, &command.base, &command.body, command.client_time, &command.device)
            && (entry.dseq, entry.id, entry.role, &entry.second)
                == (command.dseq, command.id, command.role, &command.second)
    }
}
