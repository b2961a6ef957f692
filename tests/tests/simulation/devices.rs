//! Devices in a simulated session: their keys, who else gets one, who is signed out, and the files that the
//! chief judge takes in of tablets that cannot connect.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use domain::id::{DeviceId, EntryId};
use domain::ledger::DeviceKey;
use domain::marking::Body;
use judge_client::{Now, file};
use protocol::account::Bench;
use protocol::frame::{ClientFrame, Ending, Put, Submission};
use server::accounts::Held;
use server::judging::{self, Answer, CarryRefusal};
use tests::signing::Signing;

use crate::network::Message;
use crate::people::Deed;
use crate::random::Random;
use crate::skill;
use crate::tablet::Tablet;
use crate::world::{Checked, Connection, World};

/// How many pairs of keys there are: two for each tablet.
const PAIRS: usize = 16;

/// A pair of keys. They are made once: no story depends on them.
pub(crate) fn pair(number: usize) -> &'static Signing {
    static PAIRS_MADE: OnceLock<Vec<Signing>> = OnceLock::new();
    &PAIRS_MADE.get_or_init(|| (0..PAIRS).map(|_| Signing::fresh()).collect())[number % PAIRS]
}

/// What the server knows of devices.
#[derive(Clone, Default)]
pub(crate) struct Accounts {
    held: BTreeMap<DeviceId, Held>,
    ended: BTreeSet<DeviceId>,
}

impl Accounts {
    pub(crate) fn enrol(&mut self, tablet: &Tablet) {
        let held = Held { judge: tablet.actor.as_str().into(), role: tablet.role, keys: Vec::new() };
        self.held.insert(tablet.device.id.clone(), held);
    }

    pub(crate) fn holder_of(&self, device: &DeviceId) -> Option<&Held> {
        self.held.get(device)
    }

    pub(crate) fn has_ended(&self, device: &DeviceId) -> bool {
        self.ended.contains(device)
    }

    /// The key by which a device signs from now on; the earlier ones stay.
    pub(crate) fn name_key(&mut self, device: &DeviceId, key: DeviceKey) {
        if let Some(held) = self.held.get_mut(device) {
            held.keys.retain(|known| *known != key);
            held.keys.insert(0, key);
        }
    }

    /// The copy takes their place. Who was enrolled since gets another card, which is not told here.
    pub(crate) fn restore(&mut self, copy: &Self) {
        for (device, held) in &mut self.held {
            held.keys = copy.held.get(device).map(|held| held.keys.clone()).unwrap_or_default();
        }
        self.ended.clone_from(&copy.ended);
    }
}

/// What the chief judge has of files, and when who gets another tablet.
pub(crate) struct Hall {
    random: Random,
    files: Vec<File>,
    /// When a judge gets another tablet, and whether the first is signed out.
    replaces_at: Option<(u64, bool)>,
    /// When the dead tablet starts again, where it does.
    revives_at: Option<u64>,
    /// Whether the storage of a dead tablet can be read.
    is_readable: bool,
    /// What was sent by somebody who has no tablet's key.
    forged: Vec<EntryId>,
}

/// What a tablet wrote out.
#[derive(Clone)]
struct File {
    tablet: usize,
    text: String,
    is_taken_in: bool,
}

impl Hall {
    pub(crate) fn new(mut random: Random, dies_at: Option<u64>) -> Self {
        let replaces_at = random.chance(600).then(|| (20 + random.below(200), random.chance(500)));
        let revives_at = dies_at.filter(|_| random.chance(300)).map(|step| step + 20 + random.below(60));
        let is_readable = random.chance(700);
        Self { random, files: Vec::new(), replaces_at, revives_at, is_readable, forged: Vec::new() }
    }
}

impl World {
    /// Some tablets have a key of their own, as browsers have over HTTPS.
    pub(crate) fn give_keys(&mut self) {
        let Some(hall) = &mut self.hall else { return };
        for (number, tablet) in self.tablets.iter_mut().enumerate() {
            tablet.key = hall.random.chance(200).then_some(2 * number);
        }
    }

    /// What happens to devices in one step.
    pub(crate) fn act_on_devices(&mut self, step: u64) -> Checked {
        let Some(hall) = &mut self.hall else { return Ok(()) };
        let (replaces_at, revives_at) = (hall.replaces_at, hall.revives_at);
        let mut chance = |per_mille| hall.random.chance(per_mille);
        let (writes, takes, changes, forges) = (chance(25), chance(25), chance(20), chance(10));
        if let Some((at, ends)) = replaces_at
            && at == step
        {
            self.replace(ends)?;
        }
        if revives_at == Some(step)
            && let Some(number) = self.dead.take()
        {
            self.deed(Deed::CameBack);
            self.restart(number)?;
        }
        if writes {
            self.write_file();
        }
        if forges {
            self.forge();
        }
        if takes {
            self.take_in_some()?;
        }
        if changes { self.change_key() } else { Ok(()) }
    }

    /// A tablet that says it cannot send something is started anew.
    pub(crate) fn help(&mut self) -> Checked {
        for number in 0..self.tablets.len() {
            let asks = self.tablets[number].asks_for_help && self.tablets[number].session.is_some();
            if asks && self.hall_random().chance(100) {
                self.deed(Deed::Helped);
                self.tablets[number].asks_for_help = false;
                self.restart(number)?;
            }
        }
        Ok(())
    }

    fn hall_random(&mut self) -> &mut Random {
        &mut self.hall.as_mut().expect("a session with these").random
    }

    /// A judge gets another tablet, by a card of the chief judge's. The first one is signed out, or both
    /// are used.
    fn replace(&mut self, ends: bool) -> Checked {
        let count = self.tablets.len();
        let first = 1 + self.hall_random().index(count - 1);
        let now = Now { ms: 0, random: self.hall_random().next() };
        let (mut tablet, outputs) = Tablet::new(count, first, now);
        tablet.began_ms = self.now_ms;
        tablet.key = self.hall_random().chance(200).then_some(2 * count);
        self.accounts.enrol(&tablet);
        self.tablets.push(tablet);
        self.apply(count, outputs)?;
        self.deed(Deed::AnotherTablet);
        if !ends {
            return Ok(());
        }
        self.deed(Deed::SignedOut);
        let device = self.tablets[first].device.id.clone();
        self.accounts.ended.insert(device.clone());
        let names = self.connections.iter();
        let of_device = names.filter(|(_, one)| one.session.device() == Some(&device));
        let names: Vec<u64> = of_device.map(|(name, _)| *name).collect();
        names
            .into_iter()
            .try_for_each(|name| self.with(name, |session, _| session.leave(&Ending::TicketRefused)))
    }

    /// A browser lost its key and made another one. What waits is signed anew as it starts.
    fn change_key(&mut self) -> Checked {
        let count = self.tablets.len();
        let number = self.hall_random().index(count);
        let tablet = &mut self.tablets[number];
        let Some(key) = tablet.key.filter(|_| tablet.session.is_some()) else { return Ok(()) };
        tablet.key = Some(key ^ 1);
        tablet.keys.extend([key, key ^ 1]);
        self.deed(Deed::KeyReplaced);
        self.restart(number)
    }

    /// Somebody who stole a judge's session sends a mark as the judge's tablet, signed by another key.
    fn forge(&mut self) {
        let signs = |one: &&Connection| one.session.identity().is_some_and(|who| who.key.is_some());
        let Some((name, one)) = self.connections.iter().find(|(_, one)| signs(one)) else { return };
        let (name, tablet) = (*name, &self.tablets[one.tablet]);
        let device = tablet.device.id.clone();
        let body = Body::Mark(skill::measured(0, 0, &tablet.actor, 2));
        let client_time = self.time();
        let id = EntryId((self.hall_random().wide() >> 2) | 2);
        let dseq = self.journal.progress(&device).last_dseq + 1;
        let mut submission = Submission {
            base: skill::head(&self.journal.state, 0, 0),
            body,
            client_time,
            device_signature: None,
            drawing: None,
            dseq,
            elapsed_ms: 0,
            id,
            reason: None,
        };
        let signature = pair(PAIRS - 1).sign_of(&submission, &device, &skill::LEDGER.into());
        submission.device_signature = Some(signature);
        self.deed(Deed::Forged);
        self.hall.as_mut().expect("it is one").forged.push(id);
        let put = Put { epoch: self.journal.epoch, submissions: vec![submission] };
        self.send(Message::ToServer(name, ClientFrame::Put(put)));
    }

    /// What no server has received of a tablet, as its app writes it out of the storage.
    fn file_of(&self, number: usize) -> String {
        let tablet = &self.tablets[number];
        let who = Bench {
            device: tablet.device.id.clone(),
            judge: tablet.actor.as_str().into(),
            ledger: skill::LEDGER.into(),
            role: tablet.role,
        };
        let text = |kept| serde_json::to_string(kept).expect("JSON");
        let stored: Vec<String> = tablet.disk.values().map(text).collect();
        let stored: Vec<&str> = stored.iter().map(String::as_str).collect();
        let outbox = file::outbox(&serde_json::to_string(&who).expect("JSON"), &stored);
        file::file(&outbox.map(|(outbox, _)| outbox).into_iter().collect::<Vec<_>>())
    }

    fn write_file(&mut self) {
        let count = self.tablets.len();
        let mut number = self.hall_random().index(count);
        // Rather of a tablet with a key: of another the file is turned away.
        if self.tablets[number].key.is_none() {
            number = self.hall_random().index(count);
        }
        if self.dead == Some(number) && !self.is_readable() {
            return;
        }
        let text = self.file_of(number);
        let hall = self.hall.as_mut().expect("it is one");
        hall.files.push(File { tablet: number, text, is_taken_in: false });
    }

    fn is_readable(&self) -> bool {
        self.hall.as_ref().is_some_and(|hall| hall.is_readable)
    }

    /// The chief judge takes in one of the files, which may be old, or taken in before, or changed on its way.
    fn take_in_some(&mut self) -> Checked {
        if self.now_ms < self.is_up_from_ms {
            return Ok(());
        }
        let Some(hall) = self.hall.as_mut().filter(|hall| !hall.files.is_empty()) else { return Ok(()) };
        let at = hall.random.index(hall.files.len());
        let File { tablet, text, is_taken_in } = hall.files[at].clone();
        if hall.random.chance(150) {
            let changed = text.replacen("\"client_time\":17", "\"client_time\":16", 1);
            // What nobody signed is turned away as it is.
            let is_nothing = changed == text || self.tablets[tablet].key.is_none();
            return if is_nothing { Ok(()) } else { self.take_in_changed(&changed) };
        }
        // The server may end in the midst of it; then it is taken in again some other time.
        let most = if hall.random.chance(200) { hall.random.index(4) } else { usize::MAX };
        hall.files[at].is_taken_in = true;
        self.deed(if is_taken_in { Deed::FileAgain } else { Deed::File });
        self.take_in(tablet, &text, most).map(|_| ())
    }

    fn take_in_changed(&mut self, text: &str) -> Checked {
        self.deed(Deed::ChangedFile);
        match self.read_file(text) {
            Ok(_) => Err("A CHANGED FILE WAS TAKEN IN".to_owned()),
            Err(_) => Ok(()),
        }
    }

    /// What a file holds, by the product's own rules for it.
    fn read_file(&self, text: &str) -> Result<Vec<judging::Submitted>, CarryRefusal> {
        let mut all = Vec::new();
        for outbox in judging::outboxes(text.as_bytes())? {
            let held = self.accounts.holder_of(&outbox.who.device).cloned();
            all.extend(judging::submissions(outbox, &skill::LEDGER.into(), held)?);
        }
        Ok(all)
    }

    /// Takes a file of that tablet in, up to so many entries, and whether it was one to be taken in.
    fn take_in(&mut self, number: usize, text: &str, most: usize) -> Result<bool, String> {
        let submitted = match self.read_file(text) {
            Ok(submitted) => submitted,
            // Nobody could tell whether it was changed.
            Err(CarryRefusal::Unsigned { .. }) if self.tablets[number].key.is_none() => return Ok(false),
            // A restore took away that the key was named.
            Err(CarryRefusal::Forged { .. } | CarryRefusal::Unsigned { .. }) if !self.knows_keys(number) => {
                return Ok(false);
            }
            Err(refusal) => return Err(format!("A TRUE FILE WAS REFUSED {}", refusal.code())),
        };
        let now = self.time();
        for submitted in submitted.into_iter().take(most) {
            match self.journal.submit(submitted, now) {
                Answer::Entered(_) => {}
                Answer::Want(dseq) => return Err(format!("A FILE WITH A GAP BEFORE {dseq}")),
                Answer::Refused(code) | Answer::Unavailable(code) => {
                    return Err(format!("OF A FILE WAS REFUSED {code}"));
                }
            }
        }
        self.journal.commit();
        Ok(true)
    }

    /// Whether the server has every key by which a tablet signed.
    fn knows_keys(&self, number: usize) -> bool {
        let tablet = &self.tablets[number];
        let held = self.accounts.holder_of(&tablet.device.id);
        let is_known = |key: &usize| held.is_some_and(|held| held.keys.contains(&pair(*key).key()));
        tablet.key.iter().chain(&tablet.keys).all(is_known)
    }

    /// Once all is calm, what is left on tablets that do not connect comes by their files, each twice.
    pub(crate) fn take_in_what_is_left(&mut self) -> Checked {
        if self
            .hall
            .as_ref()
            .is_some_and(|hall| hall.forged.iter().any(|id| self.journal.find(*id).is_some()))
        {
            return Err("A FORGED MARK WAS ENTERED".to_owned());
        }
        for number in 0..self.tablets.len() {
            let is_dead = self.dead == Some(number);
            let is_out = is_dead || self.accounts.has_ended(&self.tablets[number].device.id);
            self.tablets[number].is_out = is_out;
            self.tablets[number].is_lost = is_out;
            if !is_out || (is_dead && !self.is_readable()) {
                continue;
            }
            // What it was still about to store is stored before somebody comes.
            while let Some(write) = self.tablets[number].writes.pop_front() {
                if let Some(dseq) = self.tablets[number].write(write) {
                    let now = self.now_of(number);
                    self.drive(number, |session| session.stored(dseq, now))?;
                }
            }
            // Where all has a receipt there is no file, also where a restore took that away.
            let is_waiting = self.tablets[number].disk.values().any(|kept| kept.confirmed.is_none());
            let text = self.file_of(number);
            let is_taken_in = self.take_in(number, &text, usize::MAX)? && is_waiting;
            self.take_in(number, &text, usize::MAX)?;
            self.tablets[number].is_lost = !is_taken_in;
            if is_taken_in {
                self.deed(Deed::LeftComesByFile);
            }
        }
        Ok(())
    }
}
