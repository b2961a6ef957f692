//! Who sits on a panel, and what becomes of a seat that changes hands while the skill is marked (R-145 to
//! R-148), for everybody's work or for one competitor's: who comes inherits the seat and what is
//! still to be said there, never a score.

use super::state::{Said, Skill, SubState};
use super::{Opening, Panel, Reseat};
use crate::id::{JudgeCode, SubCriterionId};
use crate::scheme::Method;

/// A judge on a panel: who holds a seat, or held it before somebody else came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seated {
    /// Whether the scores count; a trainee's do not.
    pub counts: bool,
    /// Whether somebody else sits there now, or nobody; single competitors aside.
    pub has_left: bool,
    /// Who.
    pub judge: JudgeCode,
    /// Which of the panel's seats, from 0 in the opening's order.
    pub place: usize,
    /// Whether they sit there for single competitors only.
    pub stands_in: bool,
}

/// A panel at its opening.
pub(super) fn seated(panel: &Panel) -> Vec<Seated> {
    let seats = panel.seats.iter().enumerate();
    let seated = seats.map(|(place, seat)| Seated {
        counts: seat.counts,
        has_left: false,
        judge: seat.judge.clone(),
        place,
        stands_in: false,
    });
    seated.collect()
}

impl Opening {
    /// How many counting judges a sub-criterion needs: as many as the rules say for judgement, one more
    /// than a panel aspect drops, and one to measure.
    pub(super) fn judges_needed(&self, sub: &SubCriterionId) -> usize {
        let found = self.scheme.sub_criteria().find(|(_, known)| known.id == *sub);
        let aspects = found.map(|(_, sub)| sub.aspects.as_slice()).unwrap_or_default();
        let needed = aspects.iter().map(|aspect| match &aspect.method {
            Method::Measurement(_) => 1,
            Method::Judgement { .. } => self.rules.judgement.judges.unwrap_or(1),
            Method::Panel(scoring) => scoring.drop_low.saturating_add(scoring.drop_high).saturating_add(1),
        });
        usize::try_from(needed.max().unwrap_or(1)).unwrap_or(usize::MAX)
    }
}

impl Skill {
    /// The judges of a column's panel, in the order in which they came; who has left is still among them.
    /// A round holds one score for each, and none for who came after its last score.
    #[must_use]
    pub fn seats(&self, column: usize) -> &[Seated] {
        self.panel(self.sub_of(column))
    }

    /// The same, of a sub-criterion by its place in the scheme.
    #[must_use]
    pub fn panel(&self, sub: usize) -> &[Seated] {
        &self.subs[sub].seats
    }

    /// Where a judge stands among a column's panel for one competitor: in the seat that is theirs now,
    /// else in the one that they left last.
    #[must_use]
    pub fn seat(&self, row: usize, column: usize, judge: &JudgeCode) -> Option<usize> {
        let sub = self.sub_of(column);
        let panel = self.panel(sub).iter().enumerate();
        let theirs = panel.filter(|(at, seat)| seat.judge == *judge && self.was_there(row, sub, *at));
        let theirs = theirs.map(|(at, _)| at);
        let held = theirs.clone().find(|at| self.holds(Some(row), sub, *at));
        held.or_else(|| theirs.max_by_key(|at| self.rank(sub, *at)))
    }

    /// Whether a judge sits on a panel now, be it for a single competitor.
    #[must_use]
    pub fn sits(&self, sub: usize, judge: &JudgeCode) -> bool {
        let is_now = |seat: &Seated| seat.judge == *judge && !seat.has_left;
        self.panel(sub).iter().any(is_now) || self.stands_in(sub, judge)
    }

    fn stands_in(&self, sub: usize, judge: &JudgeCode) -> bool {
        let panel = self.panel(sub);
        self.subs[sub]
            .single
            .keys()
            .any(|row| (0..panel.len()).any(|at| panel[at].judge == *judge && self.sits_for(*row, sub, at)))
    }

    /// Whether a judge has a seat on a panel for one competitor and may mark them.
    #[must_use]
    pub fn marks(&self, row: usize, sub: usize, judge: &JudgeCode) -> bool {
        let panel = self.panel(sub);
        (0..panel.len()).any(|at| panel[at].judge == *judge && self.sits_for(row, sub, at))
    }

    /// Who marks a competitor in the seat of a judge who does not; none where nobody does yet.
    #[must_use]
    pub fn instead(&self, row: usize, sub: usize, judge: &JudgeCode) -> Option<&JudgeCode> {
        let panel = self.panel(sub);
        let own = panel.iter().find(|seat| seat.judge == *judge && !seat.has_left)?;
        let holder = self.holder(row, sub, own.place)?;
        self.sits_for(row, sub, holder).then_some(&panel[holder].judge)
    }

    /// Who holds a seat of a panel for one competitor; none where it is empty.
    fn holder(&self, row: usize, sub: usize, place: usize) -> Option<usize> {
        let of_sub = &self.subs[sub];
        match of_sub.said_of(row, place) {
            Some(holder) => holder,
            None => of_sub.seats.iter().position(|seat| seat.place == place && !seat.has_left),
        }
    }

    /// Whether one of the panel's judges holds their seat, for one competitor or in general.
    pub(super) fn holds(&self, row: Option<usize>, sub: usize, at: usize) -> bool {
        let seat = &self.panel(sub)[at];
        match row {
            Some(row) => self.holder(row, sub, seat.place) == Some(at),
            None => !seat.has_left,
        }
    }

    /// Whether who holds a seat may not mark this competitor, and nobody let them do so by name.
    #[must_use]
    pub fn is_barred(&self, row: usize, sub: usize, at: usize) -> bool {
        if self.conflicts.is_empty() {
            return false;
        }
        let seat = &self.panel(sub)[at];
        let is_named = self.subs[sub].said_of(row, seat.place) == Some(Some(at));
        !is_named && self.conflicts.contains(&(row, seat.judge.clone()))
    }

    /// Whether one of the panel's judges marks this competitor now.
    #[must_use]
    pub fn sits_for(&self, row: usize, sub: usize, at: usize) -> bool {
        self.holds(Some(row), sub, at) && !self.is_barred(row, sub, at)
    }

    /// The counting seats whose holder may not mark this competitor: somebody has to stand in.
    #[must_use]
    pub fn barred(&self, row: usize, sub: usize) -> Vec<&Seated> {
        let panel = self.panel(sub).iter().enumerate();
        let of = panel.filter(|(at, seat)| {
            seat.counts && self.holds(Some(row), sub, *at) && self.is_barred(row, sub, *at)
        });
        of.map(|(_, seat)| seat).collect()
    }

    /// Who left the counting seats of a panel in which nobody sits for this competitor.
    #[must_use]
    pub fn vacant(&self, row: usize, sub: usize) -> Vec<&JudgeCode> {
        let panel = self.panel(sub);
        let is_empty = |seat: &Seated| seat.counts && self.holder(row, sub, seat.place).is_none();
        // Of those who sat there, who came last.
        let is_last = |at: usize| {
            let later = at + 1..panel.len();
            later.into_iter().all(|one| panel[one].place != panel[at].place || !self.was_there(row, sub, one))
        };
        let all = panel.iter().enumerate();
        let left = all.filter(|(at, seat)| is_empty(seat) && self.was_there(row, sub, *at) && is_last(*at));
        left.map(|(_, seat)| &seat.judge).collect()
    }

    /// Whether one of the panel's judges has, or had, to do with this competitor's sheet.
    fn was_there(&self, row: usize, sub: usize, at: usize) -> bool {
        let of_sub = &self.subs[sub];
        let is_named =
            || of_sub.single.get(&row).is_some_and(|all| all.iter().any(|(_, who)| *who == Some(at)));
        !of_sub.seats[at].stands_in || is_named() || self.has_said(row, sub, at)
    }

    /// Whether one of the panel's judges has scored something on a sheet.
    pub(super) fn has_said(&self, row: usize, sub: usize, at: usize) -> bool {
        let has_said = |round: &Vec<Option<Said>>| round.get(at).is_some_and(Option::is_some);
        self.columns_of(sub).any(|column| match self.cell(row, column) {
            super::Cell::Measured(_) => false,
            super::Cell::Scored(rounds) => rounds.iter().any(has_said),
        })
    }

    /// Who of a seat's judges has said something in a round: whoever it is has said it for the seat.
    pub(super) fn said_for(&self, column: usize, round: &[Option<Said>], seat: usize) -> Option<&Seated> {
        let place = self.seats(column)[seat].place;
        let said = self.seats(column).iter().zip(round).filter(|(_, said)| said.is_some());
        said.map(|(seat, _)| seat).find(|seat| seat.place == place)
    }

    /// The counting seats of a competitor's round: those that somebody holds, and those of which somebody
    /// spoke in it before they left. One whose holder may not mark is waited for until somebody stands in.
    pub(super) fn seats_of_round(&self, row: usize, column: usize, round: &[Option<Said>]) -> usize {
        let sub = self.sub_of(column);
        let of_sub = &self.subs[sub];
        if of_sub.is_as_opened {
            return of_sub.seats.iter().filter(|seat| seat.counts).count();
        }
        let is_of_round = |at: usize, seat: &Seated| match self.said_for(column, round, at) {
            Some(who) => who.judge == seat.judge,
            None => self.holds(Some(row), sub, at),
        };
        let seats = of_sub.seats.iter().enumerate().filter(|(_, seat)| seat.counts);
        seats.filter(|(at, seat)| is_of_round(*at, seat)).count()
    }

    /// Whose signature a sheet has to bear: of each counting seat who holds it, or, where it is empty,
    /// who left it, if they said something on this sheet. Any of a seat's judges signs for the seat
    ///
    pub(super) fn signers(&self, row: usize, sub: usize) -> impl Iterator<Item = &Seated> {
        let panel = self.panel(sub);
        let of = move |place: usize| {
            (0..panel.len()).filter(move |at| panel[*at].place == place && self.was_there(row, sub, *at))
        };
        let signs = move |(at, seat): &(usize, &Seated)| match self.holder(row, sub, seat.place) {
            Some(holder) => holder == *at && !self.is_barred(row, sub, *at),
            None => {
                let has_spoken = of(seat.place).any(|one| self.has_said(row, sub, one));
                has_spoken && of(seat.place).next_back() == Some(*at)
            }
        };
        panel.iter().enumerate().filter(|(_, seat)| seat.counts).filter(signs).map(|(_, seat)| seat)
    }

    /// Whether one of the panel's judges signs this sheet for their seat: any of a seat's judges does, but
    /// where it was given away, or barred, for this competitor alone, only who marked them.
    pub(super) fn signs_for(&self, row: usize, sub: usize, at: usize) -> bool {
        let is_single = self.subs[sub].said_of(row, self.panel(sub)[at].place).is_some();
        if is_single || self.is_barred(row, sub, at) {
            return self.sits_for(row, sub, at) || self.has_said(row, sub, at);
        }
        self.was_there(row, sub, at)
    }

    /// The seat for which a judge signs a sheet, or does not; that which they hold before another.
    pub(super) fn signing(&self, row: usize, sub: usize, judge: &JudgeCode) -> Option<usize> {
        let panel = self.panel(sub);
        let theirs =
            || (0..panel.len()).filter(|at| panel[*at].judge == *judge && self.signs_for(row, sub, *at));
        theirs().find(|at| self.sits_for(row, sub, *at)).or_else(|| theirs().next())
    }

    /// Which of the panel's judges a seat is taken from, for one competitor or in general: who holds it,
    /// or, where nobody does, who left it.
    #[must_use]
    pub fn leaving(&self, row: Option<usize>, sub: usize, judge: &JudgeCode) -> Option<usize> {
        let panel = self.panel(sub);
        let theirs = || (0..panel.len()).filter(|at| panel[*at].judge == *judge);
        let is_empty = |at: &usize| {
            let of_place = |one: &usize| panel[*one].place == panel[*at].place;
            let could_sit = row.map_or(!panel[*at].stands_in, |row| self.was_there(row, sub, *at));
            could_sit && !(0..panel.len()).filter(of_place).any(|one| self.holds(row, sub, one))
        };
        let left = || theirs().filter(is_empty).max_by_key(|at| self.rank(sub, *at));
        theirs().find(|at| self.holds(row, sub, *at)).or_else(left)
    }

    /// Which of the seats that somebody left is meant: one that counts before a trainee's.
    fn rank(&self, sub: usize, at: usize) -> (bool, usize) {
        let seat = &self.panel(sub)[at];
        (seat.counts, seat.place)
    }

    /// Whether a seat is given, for one competitor, to somebody who may not mark them: what takes two
    /// persons.
    #[must_use]
    pub fn admits_compatriot(&self, body: &Reseat) -> bool {
        let Some(code) = &body.competitor else { return false };
        let is_known = |judge: &JudgeCode| {
            self.row(code).is_some_and(|row| self.conflicts.contains(&(row, judge.clone())))
        };
        body.judge.as_ref().is_some_and(|judge| is_known(judge) || body.conflicts.contains(code))
    }

    /// A seat changes hands. None where nobody of that name holds or held it.
    pub(super) fn reseat(&mut self, row: Option<usize>, body: &Reseat) -> Option<()> {
        let sub = self.sub(&body.sub_criterion)?;
        let left = self.leaving(row, sub, &body.leaves)?;
        if let Some(judge) = &body.judge {
            let rows: Vec<usize> = body.conflicts.iter().filter_map(|code| self.row(code)).collect();
            self.conflicts.extend(rows.into_iter().map(|row| (row, judge.clone())));
        }
        match row {
            Some(row) => self.give_single(row, sub, left, body.judge.as_ref()),
            None => self.give(sub, left, body.judge.as_ref()),
        }
        self.subs[sub].is_as_opened = false;
        // A round that waited for nobody but who left may be complete now.
        let rows = row.map_or(0..self.competitors.len(), |row| row..row + 1);
        for row in rows {
            for column in self.columns_of(sub) {
                self.refresh(row, column);
            }
        }
        Some(())
    }

    fn give(&mut self, sub: usize, left: usize, judge: Option<&JudgeCode>) {
        let (counts, place) = (self.panel(sub)[left].counts, self.panel(sub)[left].place);
        // Nobody speaks for two seats: where they stand in for somebody else already, this seat stays as
        // it is for that competitor.
        let kept: Vec<usize> = judge.map(|judge| self.rows_elsewhere(sub, place, judge)).unwrap_or_default();
        let of_sub = &mut self.subs[sub];
        for row in kept {
            if of_sub.said_of(row, place).is_none() {
                of_sub.single.entry(row).or_default().push((place, Some(left)));
            }
        }
        of_sub.seats[left].has_left = true;
        let Some(judge) = judge else { return };
        // A trainee who is given a seat that counts leaves their own.
        let theirs = of_sub.seats.iter_mut().filter(|seat| seat.judge == *judge);
        theirs.for_each(|seat| seat.has_left = true);
        let at = of_sub.seat_of(judge, place, counts);
        of_sub.seats[at].has_left = false;
        of_sub.seats[at].stands_in = false;
    }

    fn give_single(&mut self, row: usize, sub: usize, left: usize, judge: Option<&JudgeCode>) {
        let (counts, place) = (self.panel(sub)[left].counts, self.panel(sub)[left].place);
        let own: Vec<usize> = match judge {
            // A trainee's own seat is empty for as long as they sit in another.
            Some(judge) => {
                let seats = self.panel(sub).iter().enumerate();
                let own = seats.filter(|(at, seat)| {
                    seat.judge == *judge && seat.place != place && self.holds(Some(row), sub, *at)
                });
                own.map(|(_, seat)| seat.place).collect()
            }
            None => Vec::new(),
        };
        let of_sub = &mut self.subs[sub];
        let holder = judge.map(|judge| of_sub.seat_of(judge, place, counts));
        let changes = of_sub.single.entry(row).or_default();
        changes.extend(own.into_iter().map(|place| (place, None)));
        changes.push((place, holder));
    }

    /// The competitors whom a judge marks, or marked, from another counting seat of the panel.
    fn rows_elsewhere(&self, sub: usize, place: usize, judge: &JudgeCode) -> Vec<usize> {
        let panel = self.panel(sub);
        let others: Vec<usize> = (0..panel.len())
            .filter(|at| panel[*at].judge == *judge && panel[*at].counts && panel[*at].place != place)
            .collect();
        let is_elsewhere = |row: &usize| {
            others.iter().any(|at| self.holds(Some(*row), sub, *at) || self.has_said(*row, sub, *at))
        };
        (0..self.competitors.len()).filter(is_elsewhere).collect()
    }
}

impl SubState {
    /// What was said last of a seat for one competitor alone: which of the judges holds it, or that nobody
    /// does.
    fn said_of(&self, row: usize, place: usize) -> Option<Option<usize>> {
        if self.single.is_empty() {
            return None;
        }
        let changes = self.single.get(&row)?;
        changes.iter().rev().find(|(of, _)| *of == place).map(|(_, holder)| *holder)
    }

    /// A judge's place in the rounds for a seat; a new one where they never sat in it.
    fn seat_of(&mut self, judge: &JudgeCode, place: usize, counts: bool) -> usize {
        let known = self.seats.iter().position(|seat| seat.judge == *judge && seat.place == place);
        known.unwrap_or_else(|| {
            let seat = Seated { counts, has_left: true, judge: judge.clone(), place, stands_in: true };
            self.seats.push(seat);
            self.seats.len() - 1
        })
    }
}
