//! One simulated session: tablets, a server, the network between them, and what goes wrong.
//!
//! Single-threaded, with a clock and chance of its own: a seed tells everything.

use std::collections::{BTreeMap, VecDeque};

use domain::finding::Severity;
use domain::id::EntryId;
use domain::ledger::Status;
use judge_client::{Now, Output, Session, Show, Standing, Trouble};
use protocol::frame::{ClientFrame, Ending, Epoch, Nonce, Versions};
use server::judging::{self, Answer, Identity, Submitted};

use crate::breakage::Breakage;
use crate::devices::{self, Accounts, Hall};
use crate::faults::{Fault, Weather};
use crate::journal::Journal;
use crate::network::{Message, Packet};
use crate::pages::Pages;
use crate::people::Deed;
use crate::random::Random;
use crate::skill;
use crate::tablet::{Tablet, Write};

/// How many steps things go wrong, and how many they may take to come right.
const STORM_STEPS: u64 = 320;
const CALM_STEPS: u64 = 1_500;
/// From which step on people rather finish sheets than mark, where they sign them at pages.
const MARKED_FROM: u64 = 120;

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) saved: u64,
    pub(crate) entered: u64,
    pub(crate) conflicts: u64,
    pub(crate) frames: u64,
    pub(crate) faults: [u64; Fault::COUNT],
    pub(crate) deeds: [u64; Deed::COUNT],
}

pub(crate) struct Connection {
    pub(crate) tablet: usize,
    pub(crate) session: judging::Session,
    /// The epoch that a server which notices none would still believe in.
    pub(crate) epoch: Epoch,
}

pub(crate) struct World {
    pub(crate) random: Random,
    pub(crate) weather: Weather,
    pub(crate) breakage: Option<Breakage>,
    pub(crate) now_ms: u64,
    /// How wrong the server's clock is.
    pub(crate) clock: i64,
    pub(crate) journal: Journal,
    pub(crate) connections: BTreeMap<u64, Connection>,
    /// Chance of its own for when the chief judge calls somebody, so that the seeds without calls stay what
    /// they were.
    pub(crate) chief: Option<Random>,
    /// The same for judges who score, sign and decline, and for seats and sheets that the chief judge
    /// decides of.
    pub(crate) people: Option<Random>,
    /// The same for what the chief judge does with a second person.
    pub(crate) desk: Option<Random>,
    /// The same for files, keys and other tablets.
    pub(crate) hall: Option<Hall>,
    /// The same for forms at pages.
    pub(crate) pages: Option<Pages>,
    /// What the server knows of devices, and what the copy in a second place has of that.
    pub(crate) accounts: Accounts,
    pub(crate) copied: Accounts,
    /// Counts those calls; a restore takes some back.
    pub(crate) calls: i64,
    pub(crate) next_connection: u64,
    pub(crate) queue: VecDeque<(u64, Submitted)>,
    pub(crate) is_up_from_ms: u64,
    pub(crate) tablets: Vec<Tablet>,
    pub(crate) net: Vec<Packet>,
    pub(crate) dead: Option<usize>,
    pub(crate) is_calm: bool,
    pub(crate) tally: Tally,
}

pub(crate) type Checked = Result<(), String>;

/// Runs a seed to its end.
pub(crate) fn run(seed: u64, breakage: Option<Breakage>) -> Result<Tally, String> {
    let mut world = World::new(seed, breakage)?;
    for step in 0..STORM_STEPS {
        world.step(step)?;
    }
    world.is_calm = true;
    world.is_up_from_ms = 0;
    for step in 0..CALM_STEPS {
        world.step(STORM_STEPS + step)?;
        if world.is_quiet() {
            break;
        }
    }
    world.take_in_what_is_left()?;
    world.tell_all_heads()?;
    crate::check::check(&world.tablets, &world.journal)?;
    world.tally.entered = world.journal.entries.len() as u64 - 1;
    let is_conflict = |sealed: &&domain::ledger::Sealed| sealed.entry.status == Status::Conflict;
    world.tally.conflicts = world.journal.entries.iter().filter(is_conflict).count() as u64;
    Ok(world.tally)
}

impl World {
    fn new(seed: u64, breakage: Option<Breakage>) -> Result<Self, String> {
        let mut random = Random::new(seed);
        let weather = Weather::new(&mut random);
        // Seeds with more that can happen; the others stay what they were.
        let has_more = breakage.is_none() && seed % 8 >= 5 && !seed.is_multiple_of(2);
        let has_pages = has_more && seed % 4 == 1;
        let journal = Journal::new(Epoch(random.wide()), breakage, skill::opened(has_pages));
        let hall = has_more.then(|| Hall::new(Random::new(seed.rotate_left(16)), weather.dies_at));
        let count = if random.chance(300) { 4 } else { 3 };
        let mut world = Self {
            random,
            weather,
            breakage,
            now_ms: 1_000,
            clock: 0,
            journal,
            connections: BTreeMap::new(),
            chief: (breakage.is_none() && seed.is_multiple_of(2)).then(|| Random::new(!seed)),
            people: (breakage.is_none() && seed % 4 == 1).then(|| Random::new(!seed)),
            desk: (breakage.is_none() && seed % 4 == 1).then(|| Random::new(seed.rotate_left(32))),
            hall,
            pages: has_pages.then(|| Pages::new(Random::new(seed.rotate_left(48)))),
            accounts: Accounts::default(),
            copied: Accounts::default(),
            calls: 0,
            next_connection: 1,
            queue: VecDeque::new(),
            is_up_from_ms: 0,
            tablets: Vec::new(),
            net: Vec::new(),
            dead: None,
            is_calm: false,
            tally: Tally::default(),
        };
        for number in 0..count {
            let now = Now { ms: world.now_ms, random: world.random.next() };
            let (tablet, outputs) = Tablet::new(number, number, now);
            world.accounts.enrol(&tablet);
            world.tablets.push(tablet);
            world.apply(number, outputs)?;
        }
        world.give_keys();
        world.copied = world.accounts.clone();
        Ok(world)
    }

    fn step(&mut self, step: u64) -> Checked {
        self.now_ms += if self.is_calm { 250 } else { 20 + self.random.below(900) };
        if !self.is_calm {
            // Where sheets are to be signed, there comes a time when all is marked.
            if step >= MARKED_FROM && self.pages.is_some() {
                self.finish()?;
            } else {
                if self.random.chance(self.weather.acts) {
                    self.act()?;
                }
                if self.people.as_mut().is_some_and(|people| people.chance(400)) {
                    self.act_as_people()?;
                }
            }
            if self.desk.as_mut().is_some_and(|desk| desk.chance(60)) {
                self.act_by_two();
            }
            if self.weather.closes_at == Some(step) {
                self.close_marking()?;
            }
            self.go_wrong(step)?;
            self.act_on_devices(step)?;
            self.act_at_pages()?;
        }
        self.help()?;
        if self.random.chance(300) {
            self.tell_a_head()?;
        }
        if let Some(chief) = &mut self.chief
            && chief.chance(60)
        {
            self.call()?;
        }
        if self.random.chance(if self.is_calm { 100 } else { 40 }) {
            self.journal.copy();
            if self.hall.is_some() {
                self.copied = self.accounts.clone();
            }
            for connection in self.connections.values_mut() {
                let device = &self.tablets[connection.tablet].device.id;
                connection.session.sealed(self.journal.progress(device).safe_dseq);
            }
        }
        for tablet in 0..self.tablets.len() {
            self.storage(tablet)?;
            self.socket(tablet)?;
            self.wake(tablet)?;
        }
        self.tick_server()?;
        if self.random.chance(500) {
            self.group()?;
        }
        self.deliver()
    }

    fn is_quiet(&self) -> bool {
        let is_done = |tablet: &Tablet| {
            if self.accounts.has_ended(&tablet.device.id) {
                return true;
            }
            tablet.session.as_ref().is_none_or(|session| {
                let is_current = self.breakage.is_some() || session.epoch() == Some(self.journal.epoch);
                session.unsent() == 0 && is_current && tablet.writes.is_empty()
            })
        };
        self.net.is_empty() && self.queue.is_empty() && self.tablets.iter().all(is_done)
    }

    // The tablets.

    pub(crate) fn now_of(&mut self, number: usize) -> Now {
        Now { ms: self.now_ms - self.tablets[number].began_ms, random: self.random.next() }
    }

    fn is_asleep(&self, number: usize) -> bool {
        !self.is_calm && self.tablets[number].asleep_until_ms > self.now_ms
    }

    /// The storage does some of what it was asked.
    fn storage(&mut self, number: usize) -> Checked {
        while !self.tablets[number].writes.is_empty() && (self.is_calm || self.random.chance(600)) {
            let Some(write) = self.tablets[number].writes.pop_front() else { break };
            if let Write::Store(kept) = &write
                && !self.is_calm
                && self.random.chance(10)
            {
                self.fault(Fault::StorageFailure);
                let dseq = kept.submission.dseq;
                let outputs = self.tablets[number].session.as_mut().map(|s| s.not_stored(dseq));
                self.apply(number, outputs.unwrap_or_default())?;
            } else if let Some(dseq) = self.tablets[number].write(write) {
                let now = self.now_of(number);
                let outputs = self.tablets[number].session.as_mut().map(|s| s.stored(dseq, now));
                self.apply(number, outputs.unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// A socket that is wanted opens, or does not.
    fn socket(&mut self, number: usize) -> Checked {
        if !self.tablets[number].wants_socket || self.is_asleep(number) || !self.random.chance(300) {
            return Ok(());
        }
        self.tablets[number].wants_socket = false;
        let now = self.now_of(number);
        if self.now_ms < self.is_up_from_ms {
            return self.drive(number, |session| session.closed(now));
        }
        let name = self.next_connection;
        self.next_connection += 1;
        // As the app does, before it asks for a ticket; who was signed out gets none, or is let in no more.
        let device = self.tablets[number].device.id.clone();
        if self.accounts.has_ended(&device) && self.random.chance(500) {
            return self.drive(number, |session| session.closed(now));
        }
        if let Some(key) = self.tablets[number].key {
            self.accounts.name_key(&device, devices::pair(key).key());
        }
        let epoch = self.journal.epoch;
        let session = judging::Session::new(Versions::OURS, judging::Now { ms: self.now_ms, epoch });
        self.connections.insert(name, Connection { tablet: number, session, epoch });
        let nonce = Nonce(self.random.wide());
        let tablet = &mut self.tablets[number];
        tablet.connection = Some(name);
        tablet.nonce = Some(nonce);
        self.drive(number, |session| session.opened(nonce, epoch.to_string(), now))
    }

    fn wake(&mut self, number: usize) -> Checked {
        if self.is_asleep(number) {
            return Ok(());
        }
        let now = self.now_of(number);
        let is_due = |session: &Session| now.ms >= session.wake_at();
        if self.weather.is_sparing && !self.tablets[number].session.as_ref().is_some_and(is_due) {
            return Ok(());
        }
        self.drive(number, |session| session.tick(now))
    }

    pub(crate) fn drive(&mut self, number: usize, what: impl FnOnce(&mut Session) -> Vec<Output>) -> Checked {
        let outputs = self.tablets[number].session.as_mut().map(what);
        self.apply(number, outputs.unwrap_or_default())
    }

    /// Does what a tablet's session asks for.
    pub(crate) fn apply(&mut self, number: usize, outputs: Vec<Output>) -> Checked {
        for output in outputs {
            match output {
                Output::Open => {
                    self.drop_socket(number);
                    self.tablets[number].wants_socket = true;
                }
                Output::Close => self.drop_socket(number),
                Output::Send(frame, _) => self.send_put(number, frame)?,
                Output::Store(kept) => {
                    let tablet = &mut self.tablets[number];
                    let kept = tablet.sign(kept).ok_or("STORED WHAT IT IS NOT STORING")?;
                    tablet.writes.push_back(Write::Store(kept));
                }
                Output::Note(kept) => self.tablets[number].writes.push_back(Write::Note(kept)),
                Output::Forget(dseq) => self.tablets[number].writes.push_back(Write::Forget(dseq)),
                Output::Show(show) => self.shown(number, show)?,
            }
        }
        Ok(())
    }

    fn drop_socket(&mut self, number: usize) {
        self.tablets[number].wants_socket = false;
        // The server may hear of it now, or only by the silence.
        if let Some(name) = self.tablets[number].connection.take()
            && (self.is_calm || self.random.chance(700))
        {
            self.send(Message::ServerClosed(name));
        }
    }

    fn send_put(&mut self, number: usize, frame: ClientFrame) -> Checked {
        let tablet = &mut self.tablets[number];
        if let ClientFrame::Put(put) = &frame {
            let is_stored = |dseq: i64| tablet.disk.contains_key(&dseq);
            let breaks_storage = self.breakage == Some(Breakage::ForgetsWhatIsSent);
            if !breaks_storage && !put.submissions.iter().all(|submission| is_stored(submission.dseq)) {
                return Err("SENT BEFORE IT WAS STORED".to_owned());
            }
        }
        if let Some(breakage) = self.breakage {
            breakage.sent(&frame, &mut tablet.disk);
        }
        if let Some(name) = tablet.connection {
            self.send(Message::ToServer(name, frame));
        }
        Ok(())
    }

    /// What a person sees, held against what is so.
    fn shown(&mut self, number: usize, show: Show) -> Checked {
        let tablet = &mut self.tablets[number];
        match show {
            Show::Entry { id, standing } => {
                if let Standing::Received(confirmed) | Standing::Sealed(confirmed) = &standing
                    && confirmed.epoch == self.journal.epoch
                {
                    let entry = self.journal.committed(confirmed.seq);
                    if entry.is_none_or(|e| e.entry.id != id || e.hash != confirmed.hash) {
                        return Err("FALSE RECEIPT".to_owned());
                    }
                }
                if standing == Standing::Saved && !tablet.shown.contains_key(&id) {
                    let stored = tablet.disk.values().find(|kept| kept.submission.id == id);
                    let Some(kept) = stored else { return Err("SHOWN BEFORE IT WAS STORED".to_owned()) };
                    let command = tablet.command(kept.submission.clone());
                    tablet.saved.push(command);
                    self.tally.saved += 1;
                }
                if standing != Standing::NotSaved {
                    tablet.shown.insert(id, standing);
                }
            }
            Show::Called { epoch, number, .. } => {
                // Whatever the network does, a tablet never goes back to whom was called before.
                if tablet.called.is_some_and(|(known, last)| known == epoch && last >= number) {
                    return Err("AN OLDER CALL AFTER A NEWER ONE".to_owned());
                }
                tablet.called = Some((epoch, number));
            }
            // What was confirmed under an earlier key and comes again after a restore is signed by that key
            // until the tablet starts anew.
            Show::Trouble(Trouble::NeverEnterable { code, .. })
                if code == "forged" && tablet.keys.len() > 1 =>
            {
                tablet.asks_for_help = true;
            }
            Show::Trouble(trouble) if trouble.severity() == Severity::Error => {
                return Err(format!("FALSE ALARM {}", trouble.code()));
            }
            _ => {}
        }
        Ok(())
    }

    // The server.

    fn server_now(&self, connection: &Connection) -> judging::Now {
        let stays = self.breakage.is_some_and(Breakage::makes_the_server_stay);
        let epoch = if stays { connection.epoch } else { self.journal.epoch };
        judging::Now { ms: self.now_ms, epoch }
    }

    pub(crate) fn with(
        &mut self,
        name: u64,
        what: impl FnOnce(&mut judging::Session, judging::Now) -> Vec<judging::Output>,
    ) -> Checked {
        let Some(connection) = self.connections.get(&name) else { return Ok(()) };
        let now = self.server_now(connection);
        let outputs = self.connections.get_mut(&name).map(|connection| what(&mut connection.session, now));
        self.serve(name, outputs.unwrap_or_default())
    }

    /// Does what a server's session asks for.
    fn serve(&mut self, name: u64, outputs: Vec<judging::Output>) -> Checked {
        for output in outputs {
            let Some(connection) = self.connections.get_mut(&name) else { return Ok(()) };
            let number = connection.tablet;
            match output {
                judging::Output::Identify { device, ticket } => {
                    let held = self.accounts.holder_of(&device).ok_or("A DEVICE THAT NOBODY ENROLLED")?;
                    let identity = Identity {
                        actor: held.judge.to_string(),
                        role: held.role,
                        ledger: skill::LEDGER.into(),
                        key: held.keys.first().copied().map(Box::new),
                    };
                    let progress = self.journal.progress(&device);
                    let time = skill::BEGIN + i64::try_from(self.now_ms).expect("short") + self.clock;
                    connection.epoch = progress.epoch;
                    // A ticket holds for seconds, and a restore takes longer.
                    let is_stale = self.tablets[number].key.is_some() && ticket != progress.epoch.to_string();
                    let is_let_in = !is_stale && !self.accounts.has_ended(&device);
                    let who = if is_let_in { Ok((identity, progress)) } else { Err(Ending::TicketRefused) };
                    let outputs = connection.session.identified(who, time);
                    self.serve(name, outputs)?;
                }
                judging::Output::Submit(submitted) => {
                    self.queue.extend(submitted.into_iter().map(|submitted| (name, submitted)));
                }
                judging::Output::Send(frame, _) => self.send(Message::ToTablet(number, frame)),
                judging::Output::Close => {
                    self.connections.remove(&name);
                    if self.is_calm || self.random.chance(700) {
                        self.send(Message::TabletClosed(number, name));
                    }
                }
            }
        }
        Ok(())
    }

    fn tick_server(&mut self) -> Checked {
        let names: Vec<u64> = self.connections.keys().copied().collect();
        names.into_iter().try_for_each(|name| self.with(name, judging::Session::tick))
    }

    /// Writes what waits as one group; receipts leave after the commit.
    fn group(&mut self) -> Checked {
        let is_early = self.breakage == Some(Breakage::AckBeforeCommit);
        if is_early && self.random.chance(500) {
            self.journal.commit();
        }
        if self.queue.is_empty() || self.now_ms < self.is_up_from_ms {
            return Ok(());
        }
        let fate = if self.is_calm { 1_000 } else { self.random.below(1_000) };
        let count = self.queue.len().min(1 + self.random.index(256));
        let group: Vec<(u64, Submitted)> = self.queue.drain(..count).collect();
        let unavailable = |code: &str| Answer::Unavailable(code.to_owned());
        if fate < self.weather.cannot_save {
            self.fault(Fault::CannotSave);
            let code = if fate % 2 == 0 { "disk_full" } else { "busy" };
            return self
                .answer(group.iter().map(|(name, s)| (*name, s.command.id, unavailable(code))).collect());
        }
        let time = skill::BEGIN + i64::try_from(self.now_ms).expect("a short run") + self.clock;
        let mut answers = Vec::with_capacity(group.len());
        for (name, submitted) in group {
            let id = submitted.command.id;
            answers.push((name, id, self.journal.submit(submitted, time)));
        }
        match fate.saturating_sub(self.weather.cannot_save) {
            0..20 => {
                self.fault(Fault::ServerCrash);
                self.crash();
                return Ok(());
            }
            20..40 => {
                self.fault(Fault::CrashAfterCommit);
                self.journal.commit();
                self.crash();
                return Ok(());
            }
            chance @ 40..60 => {
                self.fault(Fault::UnknownCommit);
                if chance % 2 == 0 {
                    self.journal.commit()
                } else {
                    self.journal.lose()
                }
                for (_, _, answer) in &mut answers {
                    *answer = unavailable("unknown");
                }
            }
            _ if is_early => {}
            _ => self.journal.commit(),
        }
        self.answer(answers)
    }

    /// Tells each connection what became of its submissions.
    fn answer(&mut self, answers: Vec<(u64, EntryId, Answer)>) -> Checked {
        let mut by_connection: BTreeMap<u64, Vec<(EntryId, Answer)>> = BTreeMap::new();
        for (name, id, answer) in answers {
            by_connection.entry(name).or_default().push((id, answer));
        }
        for (name, answers) in by_connection {
            let Some(connection) = self.connections.get(&name) else { continue };
            let mut progress = self.journal.progress(&self.tablets[connection.tablet].device.id);
            progress.epoch = self.server_now(connection).epoch;
            self.with(name, |session, _| session.answered(answers, progress))?;
        }
        Ok(())
    }
}
