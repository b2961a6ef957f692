//! What goes wrong in a simulated session.

use protocol::frame::Epoch;

use crate::network::Message;
use crate::random::Random;
use crate::world::{Checked, World};

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
pub(crate) struct Weather {
    pub(crate) drop: u64,
    pub(crate) duplicate: u64,
    pub(crate) reorder: u64,
    pub(crate) reset: u64,
    pub(crate) crash: u64,
    pub(crate) restore: u64,
    pub(crate) restart: u64,
    pub(crate) cannot_save: u64,
    pub(crate) acts: u64,
    pub(crate) dies_at: Option<u64>,
    pub(crate) closes_at: Option<u64>,
    /// Frames are written and read as text.
    pub(crate) is_text: bool,
    /// Tablets are woken only when they asked to be.
    pub(crate) is_sparing: bool,
}

impl Weather {
    pub(crate) fn new(random: &mut Random) -> Self {
        let dies_at = random.chance(400).then(|| 80 + random.below(220));
        let closes_at = random.chance(120).then(|| 200 + random.below(100));
        Self {
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
        }
    }
}

impl World {
    pub(crate) fn fault(&mut self, fault: Fault) {
        self.tally.faults[fault as usize] += 1;
    }

    pub(crate) fn go_wrong(&mut self, step: u64) -> Checked {
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
            self.restart(tablet)?;
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

    /// A tablet starts again, in the midst of whatever it was doing, or once it was dead.
    pub(crate) fn restart(&mut self, tablet: usize) -> Checked {
        let random = self.random.next();
        self.tablets[tablet].lose_power(&mut self.random);
        let outputs = self.tablets[tablet].restart(self.now_ms, random)?;
        self.apply(tablet, outputs)
    }

    /// The process ends: nothing that it had in memory is left.
    pub(crate) fn crash(&mut self) {
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
        self.accounts.restore(&self.copied);
        self.calls -= self.calls.min(3);
        if self.random.chance(500) {
            self.crash();
        }
    }
}
