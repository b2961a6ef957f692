//! The ledger as the simulation has it: in memory, deciding by the domain, with the product's rules
//! for what is sent again, group commit, crashes, copies and restores.

use std::collections::{BTreeMap, HashMap};

use domain::access::Role;
use domain::id::{DeviceId, EntryId};
use domain::ledger::{Command, Entry, Sealed, Status};
use domain::marking::{Body, Decided, Stamp, State, decide, evolve};
use protocol::frame::{Epoch, Receipt};
use server::judging::{Answer, Progress, Submitted};

use crate::breakage::Breakage;
use crate::skill;

/// One ledger.
pub(crate) struct Journal {
    pub(crate) epoch: Epoch,
    pub(crate) entries: Vec<Sealed>,
    pub(crate) state: State,
    /// How many entries are on the disk.
    pub(crate) durable: usize,
    /// How many have a verified copy in a second place.
    pub(crate) copied: usize,
    places: HashMap<EntryId, usize>,
    last: BTreeMap<DeviceId, i64>,
    safe: BTreeMap<DeviceId, i64>,
    /// Whether a submission came without the text or the drawing that it commits to.
    pub(crate) has_lost_what_it_commits_to: bool,
    breakage: Option<Breakage>,
}

impl Journal {
    pub(crate) fn new(epoch: Epoch, breakage: Option<Breakage>) -> Self {
        let (opening, state) = skill::opened();
        Self {
            epoch,
            entries: vec![opening.clone()],
            state: state.clone(),
            durable: 1,
            copied: 1,
            places: HashMap::new(),
            last: BTreeMap::new(),
            safe: BTreeMap::new(),
            has_lost_what_it_commits_to: false,
            breakage,
        }
    }

    /// How far a device has come on the disk.
    pub(crate) fn progress(&self, device: &DeviceId) -> Progress {
        let last_dseq = self.last.get(device).copied().unwrap_or(0);
        let safe_dseq = self.safe.get(device).copied().unwrap_or(0);
        Progress { epoch: self.epoch, last_dseq, safe_dseq }
    }

    /// The entry with a number, once it is on the disk.
    pub(crate) fn committed(&self, seq: i64) -> Option<&Sealed> {
        let index = usize::try_from(seq).ok()?.checked_sub(1)?;
        self.entries[..self.durable].get(index)
    }

    /// Decides a submission as the next of the group that [`Journal::commit`] writes.
    pub(crate) fn submit(&mut self, submitted: Submitted, now: i64) -> Answer {
        let Submitted { command, drawing, reason, .. } = submitted;
        // What an entry commits to comes with it, however often it is sent.
        let comes = (drawing.map(|drawing| drawing.commitment()), reason.map(|reason| reason.commitment()));
        self.has_lost_what_it_commits_to |= comes != (command.body.drawing(), command.body.reason());
        let ignores = |breakage| self.breakage == Some(breakage);
        let last = self.last.get(&command.device).copied().unwrap_or(0);
        if !ignores(Breakage::EntersAgain) {
            if let Some(original) = self.places.get(&command.id).and_then(|at| self.entries.get(*at)) {
                return if original.answers(&command) {
                    Answer::Entered(receipt(original))
                } else {
                    Answer::Refused("used_otherwise".to_owned())
                };
            }
            if !ignores(Breakage::IgnoresNumbers) {
                if command.dseq > last + 1 {
                    return Answer::Want(last + 1);
                }
                if command.dseq <= last {
                    return Answer::Refused("used_otherwise".to_owned());
                }
            }
        }
        let stamp = Stamp { ledger: skill::LEDGER.into(), now };
        let (device, dseq) = (command.device.clone(), command.dseq);
        let mut sealed = match decide(&self.state, command, &stamp) {
            Ok(Decided { sealed, .. }) => sealed,
            Err(_) => return Answer::Refused("not_enterable".to_owned()),
        };
        if ignores(Breakage::IgnoresBase) && sealed.entry.status == Status::Conflict {
            let entry = Entry { code: None, status: Status::Accepted, ..sealed.entry };
            sealed = Sealed::new(entry).expect("an entry");
        }
        let answer = Answer::Entered(receipt(&sealed));
        self.last.insert(device, dseq.max(last));
        self.take(sealed);
        answer
    }

    /// What two persons decide beside every connection, in a commit of its own.
    pub(crate) fn decide_by_two(&mut self, id: EntryId, body: Body, base: Option<EntryId>, now: i64) {
        let device = DeviceId::from("two persons");
        let dseq = self.last.get(&device).copied().unwrap_or(0) + 1;
        let second = match &body {
            // A spoken score is confirmed by who said it.
            Body::Mark(mark) => mark.judge.to_string(),
            _ => "organiser".to_owned(),
        };
        let command = Command {
            actor: "J0".to_owned(),
            base,
            body,
            client_time: now,
            device: device.clone(),
            dseq,
            id,
            role: Role::ChiefJudge,
            second: Some(second),
        };
        let stamp = Stamp { ledger: skill::LEDGER.into(), now };
        let decided = decide(&self.state, command, &stamp).expect("an entry");
        self.last.insert(device, dseq);
        self.take(decided.sealed);
        self.commit();
    }

    fn take(&mut self, sealed: Sealed) {
        self.state = evolve(std::mem::take(&mut self.state), &sealed);
        self.places.insert(sealed.entry.id, self.entries.len());
        self.entries.push(sealed);
    }

    /// Everything decided is on the disk.
    pub(crate) fn commit(&mut self) {
        self.durable = self.entries.len();
    }

    /// What was not on the disk is gone.
    pub(crate) fn lose(&mut self) {
        self.cut(self.durable);
    }

    /// A verified copy is made in a second place.
    pub(crate) fn copy(&mut self) {
        self.copied = self.durable;
        for sealed in &self.entries[..self.copied] {
            let safe = self.safe.entry(sealed.entry.device.clone()).or_insert(0);
            *safe = sealed.entry.dseq.max(*safe);
        }
    }

    /// The copy takes the place of the ledger, under a new epoch.
    pub(crate) fn restore(&mut self, epoch: Epoch) {
        self.durable = self.copied;
        self.cut(self.copied);
        self.epoch = epoch;
    }

    fn cut(&mut self, length: usize) {
        if length == self.entries.len() {
            return;
        }
        let kept = self.entries.drain(..).take(length).skip(1).collect::<Vec<_>>();
        let (opening, state) = skill::opened();
        self.entries.push(opening.clone());
        self.state = state.clone();
        self.places.clear();
        self.last.clear();
        for sealed in kept {
            let last = self.last.entry(sealed.entry.device.clone()).or_insert(0);
            *last = sealed.entry.dseq.max(*last);
            self.take(sealed);
        }
    }
}

fn receipt(sealed: &Sealed) -> Receipt {
    let Entry { code, id, seq, status, .. } = &sealed.entry;
    Receipt { code: code.clone(), hash: sealed.hash, id: *id, seq: *seq, status: *status }
}
