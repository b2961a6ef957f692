//! A simulated tablet: the product's session, a storage that can lose what it was not asked to
//! flush, clocks that are wrong, and a judge who sees what is shown.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::{Command, DeviceSignature};
use judge_client::{Confirmed, Device, Kept, Now, Output, Session, Standing};
use protocol::frame::{Cell, Epoch, Nonce, Submission, Versions};

use crate::devices;
use crate::random::Random;
use crate::skill;

/// Something that the storage is still about.
pub(crate) enum Write {
    /// To be flushed and told of.
    Store(Kept),
    /// To be written some time.
    Note(Kept),
    /// To be deleted some time.
    Forget(i64),
}

/// One tablet.
pub(crate) struct Tablet {
    pub(crate) device: Device,
    pub(crate) actor: String,
    pub(crate) role: Role,
    /// The pair of keys by which it signs, where it has one, and all that it had.
    pub(crate) key: Option<usize>,
    pub(crate) keys: BTreeSet<usize>,
    /// None once it is dead.
    pub(crate) session: Option<Session>,
    pub(crate) disk: BTreeMap<i64, Kept>,
    pub(crate) writes: VecDeque<Write>,
    /// The server's name for the present socket.
    pub(crate) connection: Option<u64>,
    pub(crate) wants_socket: bool,
    /// The nonce of the last greeting.
    pub(crate) nonce: Option<Nonce>,
    /// When its steady clock was 0.
    pub(crate) began_ms: u64,
    /// How wrong its clock is, in milliseconds.
    pub(crate) clock: i64,
    pub(crate) asleep_until_ms: u64,
    /// Everything that was shown as saved.
    pub(crate) saved: Vec<Command>,
    /// How each entry was shown last, restarts included.
    pub(crate) shown: BTreeMap<EntryId, Standing>,
    /// Of which change of the calls was shown last.
    pub(crate) called: Option<(Epoch, i64)>,
    /// Up to which number of the ledger it was told what is effective in a cell.
    pub(crate) told: HashMap<Cell, (Epoch, i64)>,
    /// Whether it said that it cannot send something, which the chief judge helps by starting it anew.
    pub(crate) asks_for_help: bool,
    /// Whether it is dead or signed out as all ends, and what it alone held is lost with it.
    pub(crate) is_out: bool,
    pub(crate) is_lost: bool,
}

impl Tablet {
    /// A new one, and what it asks for first.
    pub(crate) fn new(number: usize, judge: usize, now: Now) -> (Self, Vec<Output>) {
        let actor = format!("J{judge}");
        let device = Device {
            id: format!("tablet-{number}").into(),
            ledger: skill::LEDGER.into(),
            versions: Versions::OURS,
        };
        let (session, outputs) = Session::start(device.clone(), Vec::new(), now).expect("an empty outbox");
        let tablet = Self {
            device,
            actor,
            key: None,
            keys: BTreeSet::new(),
            role: if judge == 0 { Role::ChiefJudge } else { Role::Judge },
            session: Some(session),
            disk: BTreeMap::new(),
            writes: VecDeque::new(),
            connection: None,
            wants_socket: false,
            nonce: None,
            began_ms: 0,
            clock: 0,
            asleep_until_ms: 0,
            saved: Vec::new(),
            shown: BTreeMap::new(),
            called: None,
            told: HashMap::new(),
            asks_for_help: false,
            is_out: false,
            is_lost: false,
        };
        (tablet, outputs)
    }

    /// The command that the server makes of a submission of this tablet.
    pub(crate) fn command(&self, submission: Submission) -> Command {
        let Submission { base, body, client_time, dseq, id, .. } = submission;
        Command {
            actor: self.actor.clone(),
            base,
            body,
            client_time,
            device: self.device.id.clone(),
            dseq,
            id,
            role: self.role,
            second: None,
        }
    }

    /// The power goes: of what the storage was about, the first few are there.
    pub(crate) fn lose_power(&mut self, random: &mut Random) {
        let done = random.index(self.writes.len() + 1);
        let writes: Vec<Write> = self.writes.drain(..).take(done).collect();
        for write in writes {
            self.write(write);
        }
        self.session = None;
        self.connection = None;
        self.wants_socket = false;
    }

    /// Starts again from its storage; its steady clock begins anew.
    pub(crate) fn restart(&mut self, now_ms: u64, random: u64) -> Result<Vec<Output>, String> {
        self.began_ms = now_ms;
        let mut stored: Vec<Kept> = self.disk.values().cloned().collect();
        // As the app does: its key may be another one by now.
        for kept in stored.iter_mut().filter(|kept| kept.confirmed.is_none()) {
            kept.submission.device_signature = self.signature(&kept.submission);
        }
        let now = Now { ms: 0, random };
        let (session, outputs) = Session::start(self.device.clone(), stored, now)
            .map_err(|problem| format!("STORAGE: {}", problem.code()))?;
        self.session = Some(session);
        // What is not in the storage was never shown as saved, or is sealed and let go.
        Ok(outputs)
    }

    /// What is to be stored, signed by the tablet's key where it has one.
    pub(crate) fn sign(&mut self, kept: Kept) -> Option<Kept> {
        let Some(signature) = self.signature(&kept.submission) else { return Some(kept) };
        self.session.as_mut()?.signed(kept.submission.dseq, signature)
    }

    fn signature(&mut self, submission: &Submission) -> Option<DeviceSignature> {
        let key = self.key?;
        self.keys.insert(key);
        Some(devices::pair(key).sign_of(submission, &self.device.id, &self.device.ledger))
    }

    /// Does a write; gives the number that is to be told of.
    pub(crate) fn write(&mut self, write: Write) -> Option<i64> {
        match write {
            Write::Store(kept) => {
                let dseq = kept.submission.dseq;
                self.disk.insert(dseq, kept);
                Some(dseq)
            }
            Write::Note(kept) => {
                // A storage that forgets makes nothing anew.
                if let Some(place) = self.disk.get_mut(&kept.submission.dseq) {
                    *place = kept;
                }
                None
            }
            Write::Forget(dseq) => {
                self.disk.remove(&dseq);
                None
            }
        }
    }

    /// The receipt that was shown last of an entry.
    pub(crate) fn receipt(&self, id: EntryId) -> Option<&Confirmed> {
        match self.shown.get(&id) {
            Some(Standing::Received(confirmed) | Standing::Sealed(confirmed)) => Some(confirmed),
            _ => None,
        }
    }
}
