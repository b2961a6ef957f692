//! What becomes of a command: accepted, refused, late or a conflict. One command, one entry.
//!
//! Whether a command was here before is not asked here: the ledger answers a repeated id with the
//! original entry.

use std::collections::BTreeSet;

use super::codes;
use super::refusal::Why;
use super::state::{Cell, Phase, Skill};
use super::{AppealStep, Body, Countersigned, Mark, Opening, Refusal, Sheet, State, check_opening};
use crate::access::{self, Action, Role};
use crate::finding::Spoken;
use crate::id::{AspectId, CompetitorCode, EntryId, JudgeCode, LedgerId, SubCriterionId};
use crate::ledger::{Command, Entry, Sealed, Status};
use crate::number;
use crate::scheme::Method;
use crate::scoring::measurement::{self, ValueRefusal};
use crate::scoring::{Value, panel};

/// What the server knows when it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Whose ledger.
    pub ledger: LedgerId,
    /// The server's clock, milliseconds since 1970 UTC. Where it stands behind the entry before, as
    /// after a clock jump, that entry's time is taken: order is by `seq`.
    pub now: i64,
}

/// The entry that a command became, and why it was not accepted.
#[derive(Clone, Debug)]
pub struct Decided {
    /// To be stored, and acknowledged once it is.
    pub sealed: Sealed,
    /// For the person who sent it.
    pub why: Option<Why>,
}

type Verdict = Result<(), (Status, Why)>;

/// What becomes of a command.
///
/// # Errors
/// Where no entry can be written at all: a number beyond 2^53 − 1 or beyond what its kind may be, or
/// more bytes than an entry may have. Such a command is answered, never entered.
pub fn decide(state: &State, command: Command, stamp: &Stamp) -> Result<Decided, String> {
    let verdict = judge(state, &command, stamp.ledger.as_str());
    let (status, why) = match verdict {
        Ok(()) => (Status::Accepted, None),
        Err((status, why)) => (status, Some(why)),
    };
    let head = &state.head;
    let entry = Entry {
        actor: command.actor,
        base: command.base,
        body: command.body,
        client_time: command.client_time,
        code: why.as_ref().map(|why| why.code().to_owned()),
        device: command.device,
        dseq: command.dseq,
        id: command.id,
        ledger: stamp.ledger.clone(),
        prev: head.hash,
        role: command.role,
        second: command.second,
        seq: head.seq + 1,
        server_time: stamp.now.max(head.server_time),
        status,
        v: Entry::VERSION,
    };
    Ok(Decided { sealed: Sealed::new(entry)?, why })
}

fn refuse(refusal: Refusal) -> (Status, Why) {
    (Status::Refused, refusal.into())
}

fn late(refusal: Refusal) -> (Status, Why) {
    (Status::Late, refusal.into())
}

fn judge(state: &State, command: &Command, ledger: &str) -> Verdict {
    let body = &command.body;
    if !access::allows(command.role, Action::of(body, &command.actor)) {
        return Err(refuse(Refusal::NotAllowed));
    }
    if let Body::Alarm(_) = body {
        return Ok(());
    }
    if let Body::Layer(_) | Body::Draw(_) | Body::Redraw(_) | Body::Unseal(_) = body {
        return codes::judge(state, command, ledger).map_err(refuse);
    }
    let skill = match (&state.skill, body) {
        (None, Body::Open(opening)) => {
            codes::judge_opening(state.coding.as_deref(), opening).map_err(refuse)?;
            return judge_opening(opening);
        }
        (None, _) => return Err(refuse(Refusal::NotOpen)),
        (Some(_), Body::Open(_)) => return Err(refuse(Refusal::AlreadyOpen)),
        (Some(skill), _) => skill,
    };
    let row = match body.competitor() {
        Some(code) => Some(skill.find_row(code)?),
        None => None,
    };
    judge_people(skill, command)?;
    skill.judge_body(command, row.unwrap_or(0))
}

fn judge_opening(opening: &Opening) -> Verdict {
    match check_opening(opening).into_iter().find(crate::finding::Finding::is_error) {
        None => Ok(()),
        Some(finding) => {
            let problem = Spoken::from(&finding);
            Err(refuse(Refusal::OpeningUnsound { problem }))
        }
    }
}

/// Whether somebody else than who acts stands by it.
pub(super) fn has_second(command: &Command) -> bool {
    command.second.as_ref().is_some_and(|second| !second.trim().is_empty() && *second != command.actor)
}

/// Two people and a reason where the rules ask for them. A
/// record made elsewhere says what it says.
fn judge_people(skill: &Skill, command: &Command) -> Verdict {
    if command.role == Role::Importer {
        return Ok(());
    }
    let (needs_second, reason) = match &command.body {
        Body::AskUnlock(body) => (false, Some(&body.reason)),
        Body::Countersign(body) if body.how != Countersigned::Signed => (false, Some(&body.reason)),
        Body::Decline(body) => (false, Some(&body.reason)),
        Body::Disqualify(body) => (true, Some(&body.reason)),
        Body::Exchange(body) => (true, Some(&body.reason)),
        Body::ExtraTime(body) => (false, Some(&body.reason)),
        Body::Override(body) => (true, Some(&body.reason)),
        Body::Penalty(body) => (false, Some(&body.reason)),
        Body::Rescore(body) => (false, Some(&body.reason)),
        Body::Reseat(body) => (skill.admits_compatriot(body), Some(&body.reason)),
        Body::Resolve(body) => {
            let is_late = |id: &EntryId| skill.pending.get(id).is_some_and(|p| p.status == Status::Late);
            (body.keep.as_ref().is_some_and(is_late), Some(&body.reason))
        }
        Body::Settle(body) => (true, Some(&body.reason)),
        Body::Sign(body) if body.judge.as_str() != command.actor => (false, Some(&body.reason)),
        Body::Unlock(body) => (true, Some(&body.reason)),
        Body::Void(body) => (true, Some(&body.reason)),
        Body::VoidAspect(body) => (true, Some(&body.reason)),
        _ => (false, None),
    };
    if reason.is_some_and(Option::is_none) {
        return Err(refuse(Refusal::ReasonNeeded));
    }
    // What a chief judge takes down for another is what that judge says.
    if let Body::Mark(mark) = &command.body
        && command.role == Role::ChiefJudge
        && mark.judge.as_str() != command.actor
        && command.second.as_deref() != Some(mark.judge.as_str())
    {
        return Err(refuse(Refusal::SecondNeeded));
    }
    if needs_second && !has_second(command) { Err(refuse(Refusal::SecondNeeded)) } else { Ok(()) }
}

impl Skill {
    fn judge_body(&self, command: &Command, row: usize) -> Verdict {
        let competitor = &self.competitors[row];
        let unless = |is_so: bool, refusal| if is_so { Err(refuse(refusal)) } else { Ok(()) };
        match &command.body {
            Body::Appeal(body) => unless(!follows(competitor.appeal, body.step), Refusal::AppealOutOfOrder),
            Body::Alarm(_)
            | Body::Draw(_)
            | Body::ExtraTime(_)
            | Body::Layer(_)
            | Body::Open(_)
            | Body::Redraw(_)
            | Body::Start(_)
            | Body::Stop(_)
            | Body::Unseal(_) => Ok(()),
            Body::Mark(mark) => self.judge_mark(command, mark, row),
            Body::AskUnlock(body) => self.judge_ask(row, body, command),
            Body::Rescore(body) => self.judge_rescore(row, &body.aspect),
            Body::Reseat(body) => {
                let row = body.competitor.as_ref().map(|_| row);
                self.judge_reseat(row, body)
            }
            Body::Absent(_) => unless(competitor.absent.is_some(), Refusal::AlreadySo),
            Body::Withdraw(_) => unless(competitor.withdrawn.is_some(), Refusal::AlreadySo),
            Body::Disqualify(_) => unless(competitor.disqualified.is_some(), Refusal::AlreadySo),
            Body::Penalty(body) => {
                let is_sound = number::Mark::ZERO < body.marks && body.marks <= number::Mark::LARGEST;
                unless(!is_sound, Refusal::PenaltyNotPositive { marks: body.marks })
            }
            Body::VoidAspect(body) => self.find_column(&body.aspect).map(|_| ()),
            Body::Exchange(body) => {
                self.find_sub(&body.sub_criterion)?;
                unless(row == self.find_row(&body.other)?, Refusal::SameCompetitor)
            }
            Body::Void(body) => unless(!self.decisions.contains_key(&body.entry), Refusal::NoSuchDecision),
            Body::Resolve(body) => self.judge_resolve(body.keep, body.drop),
            Body::Countersign(body) => self.judge_countersign(row, body, command),
            Body::Decline(body) => self.judge_decline(row, body, command),
            Body::Sign(body) => self.judge_sign(row, body),
            Body::Lock(body) => self.judge_lock(row, &body.sub_criterion),
            Body::Unlock(body) => self.judge_unlock(row, &body.aspect),
            Body::Override(body) => {
                let is_empty = body.award.is_none() && body.position.is_none();
                unless(is_empty || body.document.trim().is_empty(), Refusal::NothingOverridden)
            }
            Body::Settle(body) => {
                for code in &body.order {
                    self.find_row(code)?;
                }
                let distinct: BTreeSet<_> = body.order.iter().collect();
                unless(distinct.len() < 2 || distinct.len() < body.order.len(), Refusal::OrderUnsound)
            }
            Body::Close(_) => unless(self.phase != Phase::Open, Refusal::AlreadySo),
            Body::Release(body) => match self.phase {
                Phase::Open => Err(refuse(Refusal::MarkingStillOpen)),
                Phase::Released(stage) if stage > body.stage => Err(refuse(Refusal::StageBackwards)),
                Phase::Released(stage) if stage == body.stage => Err(refuse(Refusal::AlreadySo)),
                Phase::Closed | Phase::Released(_) => Ok(()),
            },
        }
    }

    fn judge_mark(&self, command: &Command, mark: &Mark, row: usize) -> Verdict {
        let column = self.find_column(&mark.aspect)?;
        let Some(seat) = self.seat(row, column, &mark.judge) else {
            return Err(refuse(Refusal::NotOnPanel { judge: mark.judge.to_string() }));
        };
        let sub = self.sub_of(column);
        if self.is_barred(row, sub, seat) {
            return Err(refuse(Refusal::Compatriot { judge: mark.judge.to_string() }));
        }
        let is_measured = matches!(self.aspect(column).method, Method::Measurement(_));
        if is_measured && !self.seats(column)[seat].counts {
            return Err(refuse(Refusal::SeatDoesNotCount { judge: mark.judge.to_string() }));
        }
        self.judge_value(column, &mark.value).map_err(|refusal| (Status::Refused, refusal.into()))?;
        self.judge_round(row, column, seat, mark)?;
        // What a tablet kept from before is not lost, and is not slipped in. A record made
        // elsewhere holds what was admitted there.
        if !self.sits_for(row, sub, seat) && command.role != Role::Importer {
            return Err(late(Refusal::JudgeLeft { judge: mark.judge.to_string() }));
        }
        self.judge_time(row, column)?;
        let head = self.head(row, column, &mark.judge, mark.round).map(|said| said.entry);
        if head == command.base { Ok(()) } else { Err((Status::Conflict, Refusal::OtherValueThere.into())) }
    }

    fn judge_value(&self, column: usize, value: &Value) -> Result<(), ValueRefusal> {
        let aspect = self.aspect(column);
        match (&aspect.method, value) {
            (_, Value::Missing) => Ok(()),
            (Method::Measurement(calculation), value) => {
                measurement::mark(aspect.max, calculation, value).map(|_| ())
            }
            (_, Value::Choice(_)) => Err(ValueRefusal::WrongKind),
            (Method::Judgement { .. }, Value::Number(number)) => {
                let is_rung = number.to_whole().is_some_and(|rung| (0..=3).contains(&rung));
                if is_rung { Ok(()) } else { Err(ValueRefusal::NotARung) }
            }
            (Method::Panel(scoring), Value::Number(number)) => {
                let (least, most, value) = (scoring.score_min, scoring.score_max, *number);
                if value < least || value > most {
                    Err(ValueRefusal::OutOfRange { value, least, most })
                } else if panel::is_sayable(value, scoring) {
                    Ok(())
                } else {
                    Err(ValueRefusal::OffStep { value, step: scoring.score_step })
                }
            }
        }
    }

    /// A score belongs to the present round, or opens the next where that is due.
    fn judge_round(&self, row: usize, column: usize, seat: usize, mark: &Mark) -> Verdict {
        let current = self.round(row, column);
        let Cell::Scored(rounds) = self.cell(row, column) else {
            return if mark.round == 1 { Ok(()) } else { Err(refuse(Refusal::NotJudged)) };
        };
        if mark.round < current || mark.round == 0 {
            return Err(refuse(Refusal::RoundClosed { current }));
        }
        if mark.round > current {
            let is_due = mark.round == current + 1 && self.is_disputed(row, column);
            return if is_due { Ok(()) } else { Err(refuse(Refusal::RoundNotOpen { current })) };
        }
        let Some(round) = rounds.last() else { return Ok(()) };
        // A score stays the score of who gave it, whoever sits there now.
        let of_seat = self.said_for(column, round, seat);
        if let Some(other) = of_seat.filter(|said| said.judge != mark.judge) {
            return Err(refuse(Refusal::SeatHasScored { judge: other.judge.to_string() }));
        }
        // Nobody speaks for two seats of a competitor, also where an exchange brought their score there.
        let panel = self.seats(column);
        let is_said = |at: usize| matches!(round.get(at), Some(Some(said)) if said.value != Value::Missing);
        let speaks_twice = (0..panel.len())
            .any(|at| at != seat && panel[at].judge == mark.judge && panel[at].counts && is_said(at));
        if speaks_twice && panel[seat].counts {
            return Err(refuse(Refusal::SatElsewhere { judge: mark.judge.to_string() }));
        }
        let has_score = round.get(seat).is_some_and(|said| {
            said.as_ref().is_some_and(|said| said.value != Value::Missing) // one who stepped back has none
        });
        let takes_all = !matches!(self.aspect(column).method, Method::Judgement { .. });
        if takes_all || has_score || !self.seats(column)[seat].counts {
            return Ok(());
        }
        match self.complete_scores(row, column, round) {
            Some(scores) => {
                let judges = u32::try_from(scores.len()).unwrap_or(u32::MAX);
                Err(refuse(Refusal::PanelFull { judges }))
            }
            None => Ok(()),
        }
    }

    /// What comes after a lock, the close or a competitor's going is kept and waits.
    fn judge_time(&self, row: usize, column: usize) -> Verdict {
        if !self.board.is_competing(row) {
            return Err(late(Refusal::CompetitorOut));
        }
        let sheet = self.sheet(row, self.sub_of(column));
        let is_unlocked = sheet.is_some_and(|sheet| sheet.unlocked.contains(&column));
        if is_unlocked {
            return Ok(());
        }
        if sheet.is_some_and(|sheet| sheet.is_locked) {
            return Err(late(Refusal::SheetLocked));
        }
        if self.phase == Phase::Open { Ok(()) } else { Err(late(Refusal::Closed)) }
    }

    fn judge_rescore(&self, row: usize, aspect: &AspectId) -> Verdict {
        let column = self.find_column(aspect)?;
        let Cell::Scored(rounds) = self.cell(row, column) else {
            return Err(refuse(Refusal::NotJudged));
        };
        let is_complete =
            rounds.last().is_some_and(|round| self.complete_scores(row, column, round).is_some());
        if !is_complete {
            return Err(refuse(Refusal::RoundIncomplete));
        }
        self.judge_time(row, column).map_err(|(_, why)| (Status::Refused, why))
    }

    /// One of the two stands in the cell (or the cell is empty), the other waits.
    fn judge_resolve(&self, keep: Option<EntryId>, drop: Option<EntryId>) -> Verdict {
        let nothing = || refuse(Refusal::NothingPending);
        if let (None, Some(id)) = (keep, drop)
            && self.asked(id).is_some()
        {
            return Ok(());
        }
        let waiting = [keep, drop].into_iter().flatten().find_map(|id| Some((id, self.pending.get(&id)?)));
        let Some((id, pending)) = waiting else { return Err(nothing()) };
        let mark = &pending.mark;
        let (row, column) = (self.find_row(&mark.competitor)?, self.find_column(&mark.aspect)?);
        let head = self.head(row, column, &mark.judge, mark.round).map(|said| said.entry);
        let is_kept = keep == Some(id);
        let other = if is_kept { drop } else { keep };
        if other != head {
            return Err(nothing());
        }
        // It can be turned away at any time; to be taken it must fit as a new mark would.
        match self.seat(row, column, &mark.judge) {
            Some(seat) if is_kept => self.judge_round(row, column, seat, mark),
            _ => Ok(()),
        }
    }

    /// Who comes can take the seat, and who is left is enough.
    fn judge_reseat(&self, row: Option<usize>, body: &super::Reseat) -> Verdict {
        let sub = self.find_sub(&body.sub_criterion)?;
        for code in &body.conflicts {
            self.find_row(code)?;
        }
        if matches!(self.phase, Phase::Released(_)) {
            return Err(refuse(Refusal::ResultsOut));
        }
        let Some(left) = self.leaving(row, sub, &body.leaves) else {
            return Err(refuse(Refusal::NotOnPanel { judge: body.leaves.to_string() }));
        };
        match &body.judge {
            None => self.judge_empty(row, sub, left),
            Some(judge) => self.judge_coming(row, sub, left, judge),
        }
    }

    /// A seat stays empty where the rest are enough.
    fn judge_empty(&self, row: Option<usize>, sub: usize, left: usize) -> Verdict {
        if !self.holds(row, sub, left) {
            return Err(refuse(Refusal::AlreadySo));
        }
        let panel = self.panel(sub);
        let without = |row: Option<usize>| {
            let rest = (0..panel.len()).filter(|at| *at != left && panel[*at].counts);
            rest.filter(|at| self.holds(row, sub, *at)).count()
        };
        // Where another seat is empty for one competitor alone, that competitor has fewer than the rest.
        let rows = (0..self.competitors.len()).filter(|_| row.is_none());
        let rows = rows.filter(|row| self.holds(Some(*row), sub, left));
        let judges = rows.map(|row| without(Some(row))).fold(without(row), usize::min);
        // A panel may consist of trainees alone, where nothing is judged.
        let needed = self.opening.judges_needed(&self.subs[sub].id);
        let is_too_few = panel[left].counts && judges < needed;
        if is_too_few { Err(refuse(Refusal::PanelTooSmall { judges, needed })) } else { Ok(()) }
    }

    fn judge_coming(&self, row: Option<usize>, sub: usize, left: usize, judge: &JudgeCode) -> Verdict {
        let panel = self.panel(sub);
        if !crate::id::is_fit(judge.as_str()) || panel.len() >= super::opening::JUDGES_MAX {
            return Err(refuse(Refusal::NotOnPanel { judge: judge.to_string() }));
        }
        let place = panel[left].place;
        let theirs = || (0..panel.len()).filter(|at| panel[*at].judge == *judge);
        let is_there = theirs().any(|at| {
            // One who was barred can be let in by name.
            let is_in = row.is_none_or(|row| !self.is_barred(row, sub, at));
            // A trainee who is given a seat that counts leaves their own.
            self.holds(row, sub, at) && is_in && (panel[at].counts || !panel[left].counts)
        });
        // What they said elsewhere counts there; nobody speaks for two seats.
        let is_elsewhere = |at: usize| match row {
            _ if !panel[at].counts || panel[at].place == place => false,
            None => !panel[at].stands_in,
            Some(row) => self.holds(Some(row), sub, at) || self.has_said(row, sub, at),
        };
        if is_there {
            Err(refuse(Refusal::AlreadySo))
        } else if theirs().any(is_elsewhere) {
            Err(refuse(Refusal::SatElsewhere { judge: judge.to_string() }))
        } else {
            Ok(())
        }
    }

    fn judge_sign(&self, row: usize, body: &super::Sign) -> Verdict {
        let super::Sign { judge, sheet, sub_criterion, .. } = body;
        let sub = self.judge_signer(row, (judge, sub_criterion, sheet))?;
        // Any of a seat's judges signs for it.
        let seat = self.signing(row, sub, judge).map(|at| &self.panel(sub)[at]).filter(|seat| seat.counts);
        let is_signed = match seat {
            Some(seat) => self.has_signed(row, sub, seat.place),
            None => self.sheet(row, sub).is_some_and(|sheet| sheet.signed.contains(judge)),
        };
        if is_signed { Err(refuse(Refusal::AlreadySo)) } else { Ok(()) }
    }

    fn judge_decline(&self, row: usize, body: &super::Decline, command: &Command) -> Verdict {
        let super::Decline { judge, sheet, sub_criterion, .. } = body;
        if judge.as_str() != command.actor && command.role != Role::Importer {
            return Err(refuse(Refusal::NotAllowed));
        }
        let sub = self.judge_signer(row, (judge, sub_criterion, sheet))?;
        let is_said =
            |sheet: &super::Sheet| sheet.signed.contains(judge) || sheet.declined.contains_key(judge);
        if self.sheet(row, sub).is_some_and(is_said) { Err(refuse(Refusal::AlreadySo)) } else { Ok(()) }
    }

    /// The competitor's word comes after the judges', for what they signed.
    fn judge_countersign(&self, row: usize, body: &super::Countersign, command: &Command) -> Verdict {
        let sub = self.find_sub(&body.sub_criterion)?;
        if self.opening.rules.sign_off.is_none() {
            return Err(refuse(Refusal::NotAskedFor));
        }
        let is_of_panel = self.signing(row, sub, &JudgeCode::from(command.actor.as_str())).is_some();
        if command.role == Role::Judge && !is_of_panel {
            return Err(refuse(Refusal::NotOnPanel { judge: command.actor.clone() }));
        }
        self.judge_complete(row, sub)?;
        self.judge_signatures(row, sub)?;
        if self.sheet_digest(row, sub) != body.sheet {
            return Err(refuse(Refusal::SheetChanged));
        }
        let said = self.sheet(row, sub).and_then(|sheet| sheet.countersigned.as_ref());
        // Whoever refused may still sign; a signature is not taken back.
        let is_said = said
            .is_some_and(|(how, ..)| *how != Countersigned::Refused || body.how == Countersigned::Refused);
        if is_said { Err(refuse(Refusal::AlreadySo)) } else { Ok(()) }
    }

    fn judge_signatures(&self, row: usize, sub: usize) -> Verdict {
        let unsigned: Vec<&JudgeCode> = self.unsigned(row, sub).collect();
        if unsigned.is_empty() {
            return Ok(());
        }
        let judges = unsigned.iter().map(|judge| judge.as_str()).collect::<Vec<_>>().join(", ");
        Err(refuse(Refusal::SignaturesMissing { judges }))
    }

    /// Whether a judge of the panel has something to say about exactly this sheet, and which it is.
    fn judge_signer(
        &self,
        row: usize,
        (judge, id, sheet): (&JudgeCode, &SubCriterionId, &crate::ledger::Hash),
    ) -> Result<usize, (Status, Why)> {
        let sub = self.find_sub(id)?;
        if self.signing(row, sub, judge).is_none() {
            return Err(refuse(Refusal::NotOnPanel { judge: judge.to_string() }));
        }
        self.judge_complete(row, sub)?;
        if self.sheet_digest(row, sub) != *sheet {
            return Err(refuse(Refusal::SheetChanged));
        }
        Ok(sub)
    }

    fn judge_lock(&self, row: usize, id: &SubCriterionId) -> Verdict {
        let sub = self.find_sub(id)?;
        self.judge_complete(row, sub)?;
        self.judge_signatures(row, sub)?;
        if self.lacks_competitor(row, sub) {
            return Err(refuse(Refusal::CompetitorUnsigned));
        }
        if self.sheet(row, sub).is_some_and(Sheet::is_done) {
            Err(refuse(Refusal::AlreadySo))
        } else {
            Ok(())
        }
    }

    /// Nothing unmarked and nothing undecided.
    fn judge_complete(&self, row: usize, sub: usize) -> Verdict {
        let missing = self.missing_on_sheet(row, sub);
        if missing > 0 {
            return Err(refuse(Refusal::SheetIncomplete { missing }));
        }
        let count = self.pending_on_sheet(row, sub);
        if count > 0 { Err(refuse(Refusal::ConflictsOpen { count })) } else { Ok(()) }
    }

    /// Whoever signs a sheet may ask for an aspect of it, as themselves.
    fn judge_ask(&self, row: usize, body: &super::AskUnlock, command: &Command) -> Verdict {
        let super::AskUnlock { aspect, judge, .. } = body;
        if judge.as_str() != command.actor && command.role != Role::Importer {
            return Err(refuse(Refusal::NotAllowed));
        }
        let column = self.find_column(aspect)?;
        let sub = self.sub_of(column);
        if self.signing(row, sub, judge).is_none() {
            return Err(refuse(Refusal::NotOnPanel { judge: judge.to_string() }));
        }
        self.judge_unlock(row, aspect)?;
        let asked = self.sheet(row, sub).and_then(|sheet| sheet.asked.get(&(column, judge.clone())));
        if asked.is_some_and(|asked| !asked.is_denied) { Err(refuse(Refusal::AlreadySo)) } else { Ok(()) }
    }

    fn judge_unlock(&self, row: usize, aspect: &AspectId) -> Verdict {
        let column = self.find_column(aspect)?;
        let sheet = self.sheet(row, self.sub_of(column));
        let is_locked = sheet.is_some_and(|sheet| sheet.is_locked) || self.phase != Phase::Open;
        if !is_locked {
            return Err(refuse(Refusal::NotLocked));
        }
        let is_unlocked = sheet.is_some_and(|sheet| sheet.unlocked.contains(&column));
        if is_unlocked { Err(refuse(Refusal::AlreadySo)) } else { Ok(()) }
    }

    fn find_row(&self, code: &CompetitorCode) -> Result<usize, (Status, Why)> {
        self.row(code).ok_or_else(|| refuse(Refusal::UnknownCompetitor { code: code.to_string() }))
    }

    fn find_column(&self, id: &AspectId) -> Result<usize, (Status, Why)> {
        self.column(id).ok_or_else(|| refuse(Refusal::UnknownAspect { id: id.to_string() }))
    }

    fn find_sub(&self, id: &SubCriterionId) -> Result<usize, (Status, Why)> {
        self.sub(id).ok_or_else(|| refuse(Refusal::UnknownSubCriterion { id: id.to_string() }))
    }
}

/// The order of an appeal's steps; after its end another may be filed, as in a second
/// instance.
fn follows(before: Option<AppealStep>, step: AppealStep) -> bool {
    use AppealStep::{Admitted, Dismissed, Filed, Rejected, Upheld};
    match step {
        Filed => matches!(before, None | Some(Rejected | Upheld | Dismissed)),
        Admitted | Rejected => before == Some(Filed),
        Upheld | Dismissed => before == Some(Admitted),
    }
}
