//! Who sits on a panel, and what becomes of a seat that changes hands while the skill is marked (R-145 to
//! who comes inherits the seat and what is still to be said there, never a score.

use super::state::{Said, Skill};
use super::{Opening, Panel, Reseat};
use crate::id::{JudgeCode, SubCriterionId};
use crate::scheme::Method;

/// A judge on a panel: who holds a seat, or held it before somebody else came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seated {
    /// Whether the scores count; a trainee's do not.
    pub counts: bool,
    /// Whether somebody else sits there now, or nobody.
    pub has_left: bool,
    /// Who.
    pub judge: JudgeCode,
    /// Which of the panel's seats, from 0 in the opening's order.
    pub place: usize,
}

/// A panel at its opening.
pub(super) fn seated(panel: &Panel) -> Vec<Seated> {
    let seats = panel.seats.iter().enumerate();
    let seated = seats.map(|(place, seat)| Seated {
        counts: seat.counts,
        has_left: false,
        judge: seat.judge.clone(),
        place,
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

    /// Where a judge stands among a column's panel: in the seat that is theirs now, else in the one that
    /// they left last.
    #[must_use]
    pub fn seat(&self, column: usize, judge: &JudgeCode) -> Option<usize> {
        let seats = self.seats(column);
        let is_now = |seat: &Seated| seat.judge == *judge && !seat.has_left;
        seats.iter().position(is_now).or_else(|| seats.iter().rposition(|seat| seat.judge == *judge))
    }

    /// Whether a judge sits on a panel now.
    #[must_use]
    pub fn sits(&self, sub: usize, judge: &JudgeCode) -> bool {
        self.panel(sub).iter().any(|seat| seat.judge == *judge && !seat.has_left)
    }

    /// Who of a seat's judges has said something in a round: whoever it is has said it for the seat.
    pub(super) fn said_for(&self, column: usize, round: &[Option<Said>], seat: usize) -> Option<&Seated> {
        let place = self.seats(column)[seat].place;
        let said = self.seats(column).iter().zip(round).filter(|(_, said)| said.is_some());
        said.map(|(seat, _)| seat).find(|seat| seat.place == place)
    }

    /// The counting seats of a round: those in which somebody sits, and those of which somebody spoke
    /// in it before they left.
    pub(super) fn seats_of_round(&self, column: usize, round: &[Option<Said>]) -> usize {
        let sub = &self.subs[self.sub_of(column)];
        if sub.is_as_opened {
            return sub.seats.iter().filter(|seat| seat.counts).count();
        }
        let is_of_round = |at: usize, seat: &Seated| match self.said_for(column, round, at) {
            Some(who) => who.judge == seat.judge,
            None => !seat.has_left,
        };
        let seats = sub.seats.iter().enumerate().filter(|(_, seat)| seat.counts);
        seats.filter(|(at, seat)| is_of_round(*at, seat)).count()
    }

    /// Whose signature a sheet has to bear: of each counting seat who sits there, or, where it is empty,
    /// who left it, if they said something on this sheet. Any of a seat's judges signs for the seat
    ///
    pub(super) fn signers(&self, row: usize, sub: usize) -> impl Iterator<Item = &Seated> {
        let panel = self.panel(sub);
        let is_last = |at: usize| panel.iter().skip(at + 1).all(|later| later.place != panel[at].place);
        let sits_on = |place: usize| panel.iter().any(|seat| seat.place == place && !seat.has_left);
        let signs = move |(at, seat): &(usize, &Seated)| {
            !seat.has_left || (!sits_on(seat.place) && is_last(*at) && self.has_spoken(row, sub, seat.place))
        };
        panel.iter().enumerate().filter(|(_, seat)| seat.counts).filter(signs).map(|(_, seat)| seat)
    }

    /// Whether somebody of a seat scored something on a sheet.
    fn has_spoken(&self, row: usize, sub: usize, place: usize) -> bool {
        let of_place: Vec<usize> =
            (0..self.panel(sub).len()).filter(|at| self.panel(sub)[*at].place == place).collect();
        let has_said =
            |round: &Vec<Option<Said>>| of_place.iter().any(|at| round.get(*at).is_some_and(Option::is_some));
        self.columns_of(sub).any(|column| match self.cell(row, column) {
            super::Cell::Measured(_) => false,
            super::Cell::Scored(rounds) => rounds.iter().any(has_said),
        })
    }

    /// A seat changes hands. None where nobody of that name sits there.
    pub(super) fn reseat(&mut self, body: &Reseat) -> Option<()> {
        let sub = self.sub(&body.sub_criterion)?;
        let seats = &mut self.subs[sub].seats;
        let left = seats.iter_mut().find(|seat| seat.judge == body.leaves && !seat.has_left)?;
        left.has_left = true;
        let (counts, place) = (left.counts, left.place);
        if let Some(judge) = &body.judge {
            // A trainee who is given a seat that counts leaves their own.
            seats.iter_mut().filter(|seat| seat.judge == *judge).for_each(|seat| seat.has_left = true);
            match seats.iter_mut().find(|seat| seat.judge == *judge && seat.place == place) {
                Some(back) => back.has_left = false,
                None => seats.push(Seated { counts, has_left: false, judge: judge.clone(), place }),
            }
        }
        self.subs[sub].is_as_opened = false;
        // A round that waited for nobody but who left may be complete now.
        for row in 0..self.competitors.len() {
            for column in self.columns_of(sub) {
                self.refresh(row, column);
            }
        }
        Some(())
    }
}
