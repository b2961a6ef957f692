//! What people do in a simulated session.

use domain::id::EntryId;
use domain::marking::{Body, Close, Resolve};
use judge_client::{Act, Session};
use protocol::drawing::Drawing;
use protocol::frame::{Cell, ReasonText};

use crate::skill;
use crate::world::{Checked, World};

/// What somebody enters, and what goes with it.
pub(crate) struct Said {
    pub(crate) body: Body,
    pub(crate) cell: Option<Cell>,
    pub(crate) base: Option<EntryId>,
    pub(crate) drawing: Option<Drawing>,
    pub(crate) reason: Option<ReasonText>,
}

impl Said {
    pub(crate) fn of(body: Body) -> Self {
        Self { body, cell: None, base: None, drawing: None, reason: None }
    }
}

/// What people do besides marking, where it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    AnotherTablet,
    SignedOut,
    CameBack,
    KeyReplaced,
    Forged,
    Helped,
    File,
    FileAgain,
    ChangedFile,
    LeftComesByFile,
    FormLate,
    FormAgain,
    SheetChanged,
    SignedFor,
    Countersigned,
    Locked,
    Confirmed,
    ConfirmedTooLate,
    DifferenceChanged,
}

impl Deed {
    pub(crate) const COUNT: usize = 19;
    pub(crate) const NAMES: [&'static str; Self::COUNT] = [
        "other tablets of a judge",
        "tablets signed out",
        "dead tablets that came back",
        "keys replaced",
        "marks by another key",
        "tablets helped that could not send",
        "files taken in",
        "files taken in again",
        "changed files turned away",
        "tablets whose rest came by a file",
        "forms sent late",
        "forms sent again",
        "forms about a sheet that refused them",
        "judges signed for",
        "words of competitors",
        "sheets locked at a page",
        "confirmed by a second person",
        "confirmed too late",
        "differences that changed",
    ];
}

impl World {
    pub(crate) fn deed(&mut self, deed: Deed) {
        self.tally.deeds[deed as usize] += 1;
    }

    /// The server's clock, milliseconds since 1970 UTC.
    pub(crate) fn time(&self) -> i64 {
        skill::BEGIN + i64::try_from(self.now_ms).expect("a short run") + self.clock
    }

    /// A judge scores, signs or declines, or the chief judge decides of a sheet or a seat. The judge looks at
    /// what the server has, which a tablet that is offline does not see: then it is stale by its arrival.
    pub(crate) fn act_as_people(&mut self) -> Checked {
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
    pub(crate) fn act_by_two(&mut self) {
        let Some(desk) = &mut self.desk else { return };
        let id = EntryId((desk.wide() >> 2) | 2);
        let (body, base) = skill::by_two(desk, &self.journal);
        let time = self.time();
        self.journal.decide_by_two(id, body, base, time);
    }

    pub(crate) fn act(&mut self) -> Checked {
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
        let mark = skill::measured(competitor, aspect, &self.tablets[number].actor, value);
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

    pub(crate) fn close_marking(&mut self) -> Checked {
        let id = self.id();
        self.enter(0, id, Said::of(Body::Close(Close { reason: None })))
    }

    pub(crate) fn enter(&mut self, number: usize, id: EntryId, said: Said) -> Checked {
        let Said { body, cell, base, drawing, reason } = said;
        let tablet = &mut self.tablets[number];
        let wall = i64::try_from(self.now_ms).expect("a short run") + skill::BEGIN + tablet.clock;
        let elapsed_ms = i64::try_from(self.now_ms - tablet.began_ms).expect("a short run");
        let act = Act { id, body, cell, base, client_time: wall, elapsed_ms, drawing, reason };
        let Some(session) = &mut tablet.session else { return Ok(()) };
        let outputs = session.enter(act).map_err(|refusal| format!("ACT REFUSED: {}", refusal.code()))?;
        self.apply(number, outputs)
    }

    pub(crate) fn tell_a_head(&mut self) -> Checked {
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

    /// At the end every tablet is told what is effective in its cells, and agrees.
    pub(crate) fn tell_all_heads(&mut self) -> Checked {
        if self.hall.is_none() {
            return Ok(());
        }
        let seq = self.journal.state.head.seq;
        // An older connection of a tablet is none to it.
        let is_live = |(name, number): &(u64, usize)| self.tablets[*number].connection == Some(*name);
        let names = self.connections.iter().map(|(name, one)| (*name, one.tablet));
        let names: Vec<(u64, usize)> = names.filter(is_live).collect();
        let mut told = Vec::new();
        for (name, number) in names {
            for (cell, id) in skill::heads(&self.journal.state, &self.tablets[number].actor) {
                self.with(name, |session, now| session.head_moved(cell.clone(), id, seq, now))?;
                told.push((number, cell, id));
            }
        }
        self.now_ms += 250;
        self.deliver()?;
        for (number, cell, id) in told {
            let tablet = &self.tablets[number];
            let is_here = |session: &&Session| session.epoch() == Some(self.journal.epoch);
            if tablet.session.as_ref().filter(is_here).is_some_and(|session| session.head(&cell) != id) {
                return Err(format!("{} SEES ANOTHER MARK THAN COUNTS", tablet.actor));
            }
        }
        Ok(())
    }

    /// The chief judge calls somebody: everybody who is connected is told.
    pub(crate) fn call(&mut self) -> Checked {
        self.calls += 1;
        let (number, code) = (self.calls, skill::COMPETITORS[self.random.index(skill::COMPETITORS.len())]);
        let calls = vec![(skill::ASPECTS[0].into(), code.into())];
        let names: Vec<u64> = self.connections.keys().copied().collect();
        names
            .into_iter()
            .try_for_each(|name| self.with(name, |session, now| session.called(calls.clone(), number, now)))
    }
}
