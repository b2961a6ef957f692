//! What the state is after an entry. Nothing here refuses: what is in the ledger has happened.

use super::sheet::Asked;
use super::state::{Cell, DecisionOn, Pending, Phase, Said, Skill};
use super::{Body, Coding, Mark, State};
use crate::id::EntryId;
use crate::ledger::{Entry, Sealed, Status};
use crate::number;

/// What the state is after an entry.
#[must_use]
pub fn evolve(mut state: State, sealed: &Sealed) -> State {
    let entry = &sealed.entry;
    state.head.seq = entry.seq;
    state.head.hash = sealed.hash;
    state.head.server_time = entry.server_time;
    match (&mut state.skill, &entry.body, entry.status) {
        (None, Body::Open(opening), Status::Accepted) => {
            state.skill = Skill::new((**opening).clone()).map(Box::new);
        }
        (_, Body::Layer(_) | Body::Draw(_) | Body::Redraw(_) | Body::Unseal(_), Status::Accepted) => {
            state.coding = Coding::after(state.coding.take(), entry);
        }
        (Some(skill), Body::Mark(mark), Status::Conflict | Status::Late) => {
            skill.pending.insert(entry.id, Pending { status: entry.status, mark: mark.clone() });
        }
        (Some(skill), _, Status::Accepted) => {
            // None where an entry names what the opening does not know; decide accepts no such.
            let _ = skill.apply(entry);
        }
        _ => {}
    }
    state
}

impl Skill {
    fn apply(&mut self, entry: &Entry) -> Option<()> {
        let id = entry.id;
        let row = match entry.body.competitor() {
            Some(code) => self.row(code)?,
            None => 0,
        };
        let competitor = self.competitors.get_mut(row)?;
        match &entry.body {
            Body::Alarm(_)
            | Body::Draw(_)
            | Body::Layer(_)
            | Body::Open(_)
            | Body::Redraw(_)
            | Body::Unseal(_) => {}
            Body::Mark(mark) => {
                self.put_mark((id, entry.seq), mark)?;
                self.settle_own(mark);
            }
            Body::Rescore(body) => {
                let column = self.column(&body.aspect)?;
                self.open_round(row, column);
            }
            Body::Reseat(body) => self.reseat(body.competitor.as_ref().map(|_| row), body)?,
            Body::Appeal(body) => competitor.appeal = Some(body.step),
            Body::Start(body) => competitor.start = Some((id, body.at)),
            Body::Stop(body) => competitor.stop = Some((id, body.at)),
            Body::ExtraTime(body) => {
                competitor.extra_time.push((id, body.minutes));
                self.decisions.insert(id, DecisionOn::Competitor(row));
            }
            Body::AskUnlock(body) => {
                let column = self.column(&body.aspect)?;
                let sheet = self.sheets.entry((row, self.aspects[column].sub)).or_default();
                let asked = Asked { entry: id, is_denied: false };
                sheet.asked.insert((column, body.judge.clone()), asked);
            }
            Body::Absent(_) => {
                competitor.absent = Some(id);
                self.decided_on(row, id);
            }
            Body::Withdraw(_) => {
                competitor.withdrawn = Some(id);
                self.decided_on(row, id);
            }
            Body::Disqualify(_) => {
                competitor.disqualified = Some(id);
                self.decided_on(row, id);
            }
            Body::Penalty(body) => {
                competitor.penalties.push((id, body.marks));
                self.decided_on(row, id);
            }
            Body::Override(body) => {
                competitor.overridden.push((id, body.clone()));
                self.decided_on(row, id);
            }
            Body::VoidAspect(body) => {
                let column = self.column(&body.aspect)?;
                self.aspects[column].voided.push((id, body.how));
                self.board.set_voided(column, Some(body.how));
                self.decisions.insert(id, DecisionOn::Aspect(column));
            }
            Body::Exchange(body) => {
                let (other, sub) = (self.row(&body.other)?, self.sub(&body.sub_criterion)?);
                self.exchange(row, other, sub);
            }
            Body::Void(body) => self.undo(body.entry)?,
            Body::Resolve(body) => self.resolve(entry.seq, body.keep, body.drop)?,
            Body::Sign(body) => {
                let sub = self.sub(&body.sub_criterion)?;
                let sheet = self.sheets.entry((row, sub)).or_default();
                sheet.declined.remove(&body.judge);
                sheet.signed.insert(body.judge.clone());
                if body.judge.as_str() != entry.actor {
                    sheet.signed_for.insert(body.judge.clone(), entry.actor.clone());
                } else if body.drawing.is_some() {
                    sheet.drawn.insert(body.judge.clone(), id);
                }
            }
            Body::Countersign(body) => {
                let sub = self.sub(&body.sub_criterion)?;
                let sheet = self.sheets.entry((row, sub)).or_default();
                sheet.countersigned = Some((body.how, id, entry.actor.clone()));
            }
            Body::Decline(body) => {
                let sub = self.sub(&body.sub_criterion)?;
                self.sheets.entry((row, sub)).or_default().declined.insert(body.judge.clone(), id);
            }
            Body::Lock(body) => {
                let sub = self.sub(&body.sub_criterion)?;
                let sheet = self.sheets.entry((row, sub)).or_default();
                sheet.is_locked = true;
                sheet.is_current = true;
                sheet.unlocked.clear();
                sheet.asked.clear();
            }
            Body::Unlock(body) => {
                let column = self.column(&body.aspect)?;
                let sheet = self.sheets.entry((row, self.aspects[column].sub)).or_default();
                sheet.unsign();
                sheet.unlocked.insert(column);
                sheet.asked.retain(|(of, _), _| *of != column);
            }
            Body::Settle(body) => {
                self.settled.push((id, body.order.clone()));
                self.decisions.insert(id, DecisionOn::Tie);
            }
            Body::Close(_) => self.phase = Phase::Closed,
            Body::Release(body) => self.phase = Phase::Released(body.stage),
        }
        Some(())
    }

    fn put_mark(&mut self, (id, seq): (EntryId, i64), mark: &Mark) -> Option<()> {
        let (row, column) = (self.row(&mark.competitor)?, self.column(&mark.aspect)?);
        if mark.round > self.round(row, column) {
            self.open_round(row, column);
        }
        let seat = self.seat(row, column, &mark.judge);
        let is_corrected = mark.reason.is_some();
        let said = Some(Said { entry: id, is_corrected, seq, value: mark.value.clone() });
        let round = usize::try_from(mark.round).ok()?.checked_sub(1)?;
        match self.cell_mut(row, column) {
            Cell::Measured(cell) => *cell = said,
            Cell::Scored(rounds) => {
                let round = rounds.get_mut(round)?;
                round.resize(round.len().max(seat? + 1), None);
                *round.get_mut(seat?)? = said;
            }
        }
        self.refresh(row, column);
        // A trainee's score changes nothing that was signed.
        if seat.is_none_or(|seat| self.seats(column)[seat].counts) {
            self.unsign(row, column);
        }
        Some(())
    }

    /// A judge who enters a mark upon what stands there has seen it: what of theirs waits there as a conflict
    /// is settled by it.
    fn settle_own(&mut self, mark: &Mark) {
        self.pending.retain(|_, Pending { status, mark: waits }| {
            let is_own = waits.judge == mark.judge && waits.aspect == mark.aspect;
            let is_here = waits.competitor == mark.competitor && waits.round == mark.round;
            *status != Status::Conflict || !is_own || !is_here
        });
    }

    fn open_round(&mut self, row: usize, column: usize) {
        let seats = self.seats(column).len();
        if let Cell::Scored(rounds) = self.cell_mut(row, column) {
            rounds.push(vec![None; seats]);
        }
        self.refresh(row, column);
        self.unsign(row, column);
    }

    /// Brings the board up to a changed cell.
    pub(super) fn refresh(&mut self, row: usize, column: usize) {
        let mark = self.mark_of(row, column);
        self.board.set_mark(row, column, mark);
    }

    /// Signatures are for what stood there before. A locked sheet stays locked, and is signed and
    /// locked anew.
    fn unsign(&mut self, row: usize, column: usize) {
        let sub = self.sub_of(column);
        if let Some(sheet) = self.sheets.get_mut(&(row, sub)) {
            sheet.unsign();
            sheet.is_current = false;
        }
    }

    fn decided_on(&mut self, row: usize, id: EntryId) {
        self.decisions.insert(id, DecisionOn::Competitor(row));
        self.refresh_competitor(row);
    }

    fn refresh_competitor(&mut self, row: usize) {
        let competitor = &self.competitors[row];
        let is_out = competitor.absent.or(competitor.withdrawn).or(competitor.disqualified).is_some();
        let penalty = competitor.penalties.iter().map(|(_, marks)| marks.0).sum();
        self.board.set_competing(row, !is_out);
        self.board.set_penalty(row, number::Mark(penalty));
    }

    fn exchange(&mut self, row: usize, other: usize, sub: usize) {
        for column in self.columns_of(sub) {
            let width = self.aspects.len();
            self.cells.swap(row * width + column, other * width + column);
            for row in [row, other] {
                self.refresh(row, column);
                self.unsign(row, column);
            }
        }
        self.exchange_pending(row, other, sub);
    }

    /// What waits goes with the sheet that it was written for.
    fn exchange_pending(&mut self, row: usize, other: usize, sub: usize) {
        let code = |row: usize| self.opening.competitors[row].code.clone();
        let (one, two) = (code(row), code(other));
        for pending in self.pending.values_mut() {
            let mark = &mut pending.mark;
            if self.columns.get(&mark.aspect).is_none_or(|column| self.aspects[*column].sub != sub) {
                continue;
            }
            if mark.competitor == one {
                mark.competitor = two.clone();
            } else if mark.competitor == two {
                mark.competitor = one.clone();
            }
        }
    }

    fn undo(&mut self, entry: EntryId) -> Option<()> {
        match self.decisions.remove(&entry)? {
            DecisionOn::Tie => self.settled.retain(|(id, _)| *id != entry),
            DecisionOn::Aspect(column) => {
                let voided = &mut self.aspects.get_mut(column)?.voided;
                voided.retain(|(id, _)| *id != entry);
                let how = voided.last().map(|(_, how)| *how);
                self.board.set_voided(column, how);
            }
            DecisionOn::Competitor(row) => {
                let competitor = self.competitors.get_mut(row)?;
                let clear = |decision: &mut Option<EntryId>| {
                    if *decision == Some(entry) {
                        *decision = None;
                    }
                };
                clear(&mut competitor.absent);
                clear(&mut competitor.withdrawn);
                clear(&mut competitor.disqualified);
                competitor.extra_time.retain(|(id, _)| *id != entry);
                competitor.penalties.retain(|(id, _)| *id != entry);
                competitor.overridden.retain(|(id, _)| *id != entry);
                self.refresh_competitor(row);
            }
        }
        Some(())
    }

    fn resolve(&mut self, seq: i64, keep: Option<EntryId>, drop: Option<EntryId>) -> Option<()> {
        if let Some(drop) = drop
            && self.pending.remove(&drop).is_none()
            && let Some(asked) = self.asked_mut(drop)
        {
            asked.is_denied = true;
        }
        if let Some((id, pending)) = keep.and_then(|id| Some((id, self.pending.remove(&id)?))) {
            self.put_mark((id, seq), &pending.mark)?;
        }
        Some(())
    }
}
