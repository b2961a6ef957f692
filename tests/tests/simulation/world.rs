//! One simulated session: tablets, a server, the network between them, and what goes wrong.
//!
//! Single-threaded, with a clock and chance of its own: a seed tells everything.

use std::collections::{BTreeMap, VecDeque};

use domain::finding::Severity;
use domain::id::EntryId;
use domain::ledger::Status;
use domain::marking::{Body, Close, Mark, Resolve};
use domain::number::{self};
use domain::scoring::Value;
use judge_client::{Act, Now, Output, Session, Show, Standing};
use protocol::drawing::Drawing;
use protocol::frame::{ClientFrame, Epoch, Nonce, ReasonText, ServerFrame, Versions};
use server::judging::{self, Answer, Identity, Submitted};

use crate::breakage::Breakage;
use crate::journal::Journal;
use crate::random::Random;
use crate::skill;
use crate::tablet::{Tablet, Write};

/// How many steps things go wrong, and how many they may take to come right.
const STORM_STEPS: u64 = 320;
const CALM_STEPS: u64 = 1_500;

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) saved: u64,
    pub(crate) entered: u64,
    pub(crate) conflicts: u64,
    pub(crate) frames: u64,
    pub(crate) faults: [u64; Fault::COUNT],
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Drop,
    Duplicate,
    Reorder,
    Reset,
    HalfOpen,
    ServerCrash,
    CrashAfterCommit,
    UnknownCommit,
    CannotSave,
    Restore,
    TabletRestart,
    TabletDeath,
    StorageFailure,
    Sleep,
    ClockJump,
}

impl Fault {
    pub(crate) const COUNT: usize = 15;
    pub(crate) const NAMES: [&'static str; Self::COUNT] = [
        "drops",
        "duplicates",
        "reorders",
        "resets",
        "half-open",
        "crashes before a commit",
        "crashes after a commit",
        "commits of unknown outcome",
        "refusals to save",
        "restores",
        "tablet restarts",
        "tablet deaths",
        "storage failures",
        "sleeps",
        "clock jumps",
    ];
}

/// How hostile a run is, in thousandths.
struct Weather {
    drop: u64,
    duplicate: u64,
    reorder: u64,
    reset: u64,
    crash: u64,
    restore: u64,
    restart: u64,
    cannot_save: u64,
    acts: u64,
    dies_at: Option<u64>,
    closes_at: Option<u64>,
    /// Frames are written and read as text.
    is_text: bool,
    /// Tablets are woken only when they asked to be.
    is_sparing: bool,
}

enum Message {
    ToServer(u64, ClientFrame),
    ToTablet(usize, ServerFrame),
    /// The server's side of a connection notices that it ended.
    ServerClosed(u64),
    /// The tablet's side does.
    TabletClosed(usize, u64),
}

struct Packet {
    due_ms: u64,
    message: Message,
}

struct Connection {
    tablet: usize,
    session: judging::Session,
    /// The epoch that a server which notices none would still believe in.
    epoch: Epoch,
}

pub(crate) struct World {
    random: Random,
    weather: Weather,
    breakage: Option<Breakage>,
    now_ms: u64,
    /// How wrong the server's clock is.
    clock: i64,
    journal: Journal,
    connections: BTreeMap<u64, Connection>,
    /// Chance of its own for when the chief judge calls somebody, so that the seeds without calls stay what
    /// they were.
    chief: Option<Random>,
    /// The same for judges who score, sign and decline, and for seats and sheets that the chief judge
    /// decides of.
    people: Option<Random>,
    /// The same for what the chief judge does with a second person.
    desk: Option<Random>,
    /// Counts those calls; a restore takes some back.
    calls: i64,
    next_connection: u64,
    queue: VecDeque<(u64, Submitted)>,
    is_up_from_ms: u64,
    tablets: Vec<Tablet>,
    net: Vec<Packet>,
    dead: Option<usize>,
    is_calm: bool,
    tally: Tally,
}

pub(crate) type Checked = Result<(), String>;

/// What somebody enters, and what goes with it.
pub(crate) struct Said {
    pub(crate) body: Body,
    pub(crate) cell: Option<protocol::frame::Cell>,
    pub(crate) base: Option<EntryId>,
    pub(crate) drawing: Option<Drawing>,
    pub(crate) reason: Option<ReasonText>,
}

impl Said {
    pub(crate) fn of(body: Body) -> Self {
        Self { body, cell: None, base: None, drawing: None, reason: None }
    }
}

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
    crate::check::check(&world.tablets, &world.journal, world.dead)?;
    world.tally.entered = world.journal.entries.len() as u64 - 1;
    let is_conflict = |sealed: &&domain::ledger::Sealed| sealed.entry.status == Status::Conflict;
    world.tally.conflicts = world.journal.entries.iter().filter(is_conflict).count() as u64;
    Ok(world.tally)
}

impl World {
    fn new(seed: u64, breakage: Option<Breakage>) -> Result<Self, String> {
        let mut random = Random::new(seed);
        let dies_at = random.chance(400).then(|| 80 + random.below(220));
        let closes_at = random.chance(120).then(|| 200 + random.below(100));
        let weather = Weather {
            drop: random.below(250),
            duplicate: random.below(350),
            reorder: random.below(400),
            reset: random.below(60),
            crash: random.below(40),
            restore: random.below(10),
            restart: random.below(25),
            cannot_save: random.below(100),
            acts: 40 + random.below(240),
            dies_at,
            closes_at,
            is_text: random.chance(250),
            is_sparing: random.chance(500),
        };
        let journal = Journal::new(Epoch(random.wide()), breakage);
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
            let (tablet, outputs) = Tablet::new(number, now);
            world.tablets.push(tablet);
            world.apply(number, outputs)?;
        }
        Ok(world)
    }

    fn step(&mut self, step: u64) -> Checked {
        self.now_ms += if self.is_calm { 250 } else { 20 + self.random.below(900) };
        if !self.is_calm {
            if self.random.chance(self.weather.acts) {
                self.act()?;
            }
            if self.people.as_mut().is_some_and(|people| people.chance(400)) {
                self.act_as_people()?;
            }
            if self.desk.as_mut().is_some_and(|desk| desk.chance(60)) {
                self.act_by_two();
            }
            if self.weather.closes_at == Some(step) {
                self.close_marking()?;
            }
            self.go_wrong(step)?;
        }
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
            tablet.session.as_ref().is_none_or(|session| {
                let is_current = self.breakage.is_some() || session.epoch() == Some(self.journal.epoch);
                session.unsent() == 0 && is_current && tablet.writes.is_empty()
            })
        };
        self.net.is_empty() && self.queue.is_empty() && self.tablets.iter().all(is_done)
    }

    fn fault(&mut self, fault: Fault) {
        self.tally.faults[fault as usize] += 1;
    }

    // What people do.

    /// A judge scores, signs or declines, or the chief judge decides of a sheet or a seat. The judge looks at
    /// what the server has, which a tablet that is offline does not see: then it is stale by its arrival.
    fn act_as_people(&mut self) -> Checked {
        let Some(people) = &mut self.people else { return Ok(()) };
        let number = people.index(self.tablets.len());
        let number = if people.chance(150) { 0 } else { number };
        let id = EntryId((people.wide() >> 2) | 2);
        let Some(session) = &self.tablets[number].session else { return Ok(()) };
        let state = &self.journal.state;
        let said = skill::by_people(people, state, &self.tablets[number].actor, |cell| session.head(cell));
        self.enter(number, id, said)
    }

    /// The chief judge decides with a second person at the desk, beside every connection.
    fn act_by_two(&mut self) {
        let Some(desk) = &mut self.desk else { return };
        let id = EntryId((desk.wide() >> 2) | 2);
        let (body, base) = skill::by_two(desk, &self.journal);
        let time = skill::BEGIN + i64::try_from(self.now_ms).expect("a short run") + self.clock;
        self.journal.decide_by_two(id, body, base, time);
    }

    fn act(&mut self) -> Checked {
        let number = self.random.index(self.tablets.len());
        if self.tablets[number].session.is_none() {
            return Ok(());
        }
        if number == 0 && self.random.chance(150) {
            return self.settle();
        }
        let (competitor, aspect) =
            (self.random.index(skill::COMPETITORS.len()), self.random.index(skill::ASPECTS.len()));
        let cell = skill::cell(competitor, aspect);
        // A value above the maximum is refused, and that is an entry too.
        let value = i32::try_from(self.random.below(3) + u64::from(self.random.chance(50))).expect("small");
        let mark = Mark {
            aspect: cell.aspect.clone(),
            competitor: cell.competitor.clone(),
            judge: self.tablets[number].actor.as_str().into(),
            reason: None,
            round: 1,
            value: Value::Number(number::Decimal::whole(value)),
        };
        let base = self.tablets[number].session.as_ref().and_then(|session| session.head(&cell));
        let id = self.id();
        self.enter(number, id, Said { cell: Some(cell), base, ..Said::of(Body::Mark(mark)) })
    }

    fn id(&mut self) -> EntryId {
        EntryId((self.random.wide() >> 2) | 2)
    }

    /// The chief judge chooses between two marks of a cell, with a reason.
    fn settle(&mut self) -> Checked {
        let Some(skill) = &self.journal.state.skill else { return Ok(()) };
        let Some((id, pending)) = skill.pending.iter().next() else { return Ok(()) };
        let (row, column) = (skill.row(&pending.mark.competitor), skill.column(&pending.mark.aspect));
        let (Some(row), Some(column)) = (row, column) else { return Ok(()) };
        let head = skill::head(&self.journal.state, row, column);
        let (keep, drop) = if self.random.chance(500) { (Some(*id), head) } else { (head, Some(*id)) };
        let text =
            ReasonText { salt: format!("{:032x}", self.random.wide()), text: "looked again".to_owned() };
        let body = Body::Resolve(Resolve { drop, keep, reason: Some(text.commitment()) });
        let id = self.id();
        self.enter(0, id, Said { reason: Some(text), ..Said::of(body) })
    }

    fn close_marking(&mut self) -> Checked {
        let id = self.id();
        self.enter(0, id, Said::of(Body::Close(Close { reason: None })))
    }

    fn enter(&mut self, number: usize, id: EntryId, said: Said) -> Checked {
        let Said { body, cell, base, drawing, reason } = said;
        let tablet = &mut self.tablets[number];
        let wall = i64::try_from(self.now_ms).expect("a short run") + skill::BEGIN + tablet.clock;
        let elapsed_ms = i64::try_from(self.now_ms - tablet.began_ms).expect("a short run");
        let act = Act { id, body, cell, base, client_time: wall, elapsed_ms, drawing, reason };
        let Some(session) = &mut tablet.session else { return Ok(()) };
        let outputs = session.enter(act).map_err(|refusal| format!("ACT REFUSED: {}", refusal.code()))?;
        self.apply(number, outputs)
    }

    fn tell_a_head(&mut self) -> Checked {
        let count = self.connections.len();
        let Some(name) = self.connections.keys().nth(self.random.index(count)).copied() else {
            return Ok(());
        };
        let (competitor, aspect) =
            (self.random.index(skill::COMPETITORS.len()), self.random.index(skill::ASPECTS.len()));
        let id = skill::head(&self.journal.state, competitor, aspect);
        let seq = self.journal.state.head.seq;
        self.with(name, |session, now| session.head_moved(skill::cell(competitor, aspect), id, seq, now))
    }

    /// The chief judge calls somebody: everybody who is connected is told.
    fn call(&mut self) -> Checked {
        self.calls += 1;
        let (number, code) = (self.calls, skill::COMPETITORS[self.random.index(skill::COMPETITORS.len())]);
        let calls = vec![(skill::ASPECTS[0].into(), code.into())];
        let names: Vec<u64> = self.connections.keys().copied().collect();
        names
            .into_iter()
            .try_for_each(|name| self.with(name, |session, now| session.called(calls.clone(), number, now)))
    }

    // What goes wrong.

    fn go_wrong(&mut self, step: u64) -> Checked {
        let tablet = self.random.index(self.tablets.len());
        if self.random.chance(self.weather.crash) {
            self.fault(Fault::ServerCrash);
            self.crash();
        }
        if self.random.chance(self.weather.restore) {
            self.restore();
        }
        if self.random.chance(self.weather.reset) {
            self.fault(Fault::Reset);
            if let Some(name) = self.tablets[tablet].connection {
                self.send(Message::ServerClosed(name));
                self.send(Message::TabletClosed(tablet, name));
            }
        }
        if self.random.chance(self.weather.reset) {
            self.fault(Fault::HalfOpen);
            // One side is gone, and the other is not told.
            if let Some(name) = self.tablets[tablet].connection {
                let message = if self.random.chance(500) {
                    Message::ServerClosed(name)
                } else {
                    Message::TabletClosed(tablet, name)
                };
                self.send(message);
            }
        }
        if self.random.chance(self.weather.restart) && self.tablets[tablet].session.is_some() {
            self.fault(Fault::TabletRestart);
            let random = self.random.next();
            self.tablets[tablet].lose_power(&mut self.random);
            let outputs = self.tablets[tablet].restart(self.now_ms, random)?;
            self.apply(tablet, outputs)?;
        }
        if self.weather.dies_at == Some(step) {
            self.fault(Fault::TabletDeath);
            self.tablets[tablet].lose_power(&mut self.random);
            self.dead = Some(tablet);
        }
        if self.random.chance(8) {
            self.fault(Fault::Sleep);
            self.tablets[tablet].asleep_until_ms = self.now_ms + self.random.below(60_000);
        }
        if self.random.chance(8) {
            self.fault(Fault::ClockJump);
            let day = i64::try_from(self.random.below(172_800_000)).expect("two days") - 86_400_000;
            if self.random.chance(300) {
                self.clock = day;
            } else {
                self.tablets[tablet].clock = day;
            }
        }
        Ok(())
    }

    /// The process ends: nothing that it had in memory is left.
    fn crash(&mut self) {
        self.journal.lose();
        self.queue.clear();
        for (name, connection) in std::mem::take(&mut self.connections) {
            if self.random.chance(500) {
                self.send(Message::TabletClosed(connection.tablet, name));
            }
        }
        self.is_up_from_ms = self.now_ms + self.random.below(6_000);
    }

    /// The last copy takes the ledger's place, under the server or with a new start of it.
    fn restore(&mut self) {
        self.fault(Fault::Restore);
        self.journal.restore(Epoch(self.random.wide()));
        self.calls -= self.calls.min(3);
        if self.random.chance(500) {
            self.crash();
        }
    }

    // The tablets.

    fn now_of(&mut self, number: usize) -> Now {
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
        let epoch = self.journal.epoch;
        let session = judging::Session::new(Versions::OURS, judging::Now { ms: self.now_ms, epoch });
        self.connections.insert(name, Connection { tablet: number, session, epoch });
        let nonce = Nonce(self.random.wide());
        let tablet = &mut self.tablets[number];
        tablet.connection = Some(name);
        tablet.nonce = Some(nonce);
        self.drive(number, |session| session.opened(nonce, "ticket".to_owned(), now))
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

    fn drive(&mut self, number: usize, what: impl FnOnce(&mut Session) -> Vec<Output>) -> Checked {
        let outputs = self.tablets[number].session.as_mut().map(what);
        self.apply(number, outputs.unwrap_or_default())
    }

    /// Does what a tablet's session asks for.
    fn apply(&mut self, number: usize, outputs: Vec<Output>) -> Checked {
        for output in outputs {
            match output {
                Output::Open => {
                    self.drop_socket(number);
                    self.tablets[number].wants_socket = true;
                }
                Output::Close => self.drop_socket(number),
                Output::Send(frame, _) => self.send_put(number, frame)?,
                Output::Store(kept) => self.tablets[number].writes.push_back(Write::Store(kept)),
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

    fn with(
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
                judging::Output::Identify { device, .. } => {
                    let tablet = &self.tablets[number];
                    let (actor, role) = (tablet.actor.clone(), tablet.role);
                    let identity = Identity { actor, role, ledger: skill::LEDGER.into(), key: None };
                    let progress = self.journal.progress(&device);
                    let time = skill::BEGIN + i64::try_from(self.now_ms).expect("short") + self.clock;
                    connection.epoch = progress.epoch;
                    let outputs = connection.session.identified(Ok((identity, progress)), time);
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

    // The network.

    fn send(&mut self, message: Message) {
        let delay_ms = match self.random.below(1_000) {
            _ if self.is_calm => 20,
            0..40 => self.random.below(40_000),
            40..200 => self.random.below(4_000),
            _ => self.random.below(300),
        };
        self.net.push(Packet { due_ms: self.now_ms + delay_ms, message });
    }

    fn deliver(&mut self) -> Checked {
        for packet in &mut self.net {
            // Nothing reaches a tablet that sleeps; it finds it as it wakes.
            if let (Message::ToTablet(number, _), false) = (&packet.message, self.is_calm) {
                packet.due_ms = packet.due_ms.max(self.tablets[*number].asleep_until_ms);
            }
        }
        let due: Vec<Packet> = self.net.extract_if(.., |packet| packet.due_ms <= self.now_ms).collect();
        let mut due: VecDeque<Packet> = due.into();
        while !due.is_empty() {
            let is_reordered = !self.is_calm && due.len() > 1 && self.random.chance(self.weather.reorder);
            let index = if is_reordered { self.random.index(due.len()) } else { 0 };
            let Some(Packet { message, .. }) = due.remove(index) else { break };
            if index > 0 {
                self.fault(Fault::Reorder);
            }
            if !self.is_calm && self.random.chance(self.weather.drop) {
                self.fault(Fault::Drop);
                continue;
            }
            if !self.is_calm && self.random.chance(self.weather.duplicate) {
                match &message {
                    Message::ToServer(name, frame) => {
                        self.fault(Fault::Duplicate);
                        self.send(Message::ToServer(*name, frame.clone()));
                    }
                    Message::ToTablet(number, frame) => {
                        self.fault(Fault::Duplicate);
                        self.send(Message::ToTablet(*number, frame.clone()));
                    }
                    Message::ServerClosed(_) | Message::TabletClosed(..) => {}
                }
            }
            self.arrive(message)?;
        }
        Ok(())
    }

    fn arrive(&mut self, message: Message) -> Checked {
        match message {
            Message::ToServer(name, frame) => self.arrive_at_server(name, frame),
            // It reaches whatever connection the tablet has: only the nonce tells them apart.
            Message::ToTablet(number, frame) => self.arrive_at_tablet(number, frame),
            Message::ServerClosed(name) => {
                self.connections.remove(&name);
                Ok(())
            }
            Message::TabletClosed(number, name) => {
                if self.tablets[number].connection != Some(name) {
                    return Ok(());
                }
                self.tablets[number].connection = None;
                let now = self.now_of(number);
                self.drive(number, |session| session.closed(now))
            }
        }
    }

    fn arrive_at_server(&mut self, name: u64, mut frame: ClientFrame) -> Checked {
        self.tally.frames += 1;
        if let (Some(breakage), Some(connection)) = (self.breakage, self.connections.get(&name)) {
            breakage.put(&mut frame, connection.epoch);
        }
        if !self.weather.is_text {
            return self.with(name, |session, now| session.frame(frame, now));
        }
        let text = frame.encode(1).map_err(|error| format!("UNSENDABLE {}", error.code()))?;
        self.with(name, |session, now| session.text(&text, now))
    }

    fn arrive_at_tablet(&mut self, number: usize, mut frame: ServerFrame) -> Checked {
        if self.tablets[number].connection.is_none() {
            return Ok(());
        }
        self.tally.frames += 1;
        let now = self.now_of(number);
        if let Some(breakage) = self.breakage {
            let tablet = &self.tablets[number];
            breakage.hear(&mut frame, tablet.session.as_ref().and_then(Session::epoch), tablet.nonce);
        }
        if !self.weather.is_text {
            return self.drive(number, |session| session.frame(frame, now));
        }
        let text = frame.encode(1).map_err(|error| format!("UNSENDABLE {}", error.code()))?;
        self.drive(number, |session| session.text(&text, now))
    }
}
