//! A skill's rows as the ledger's commands, in the order in which things happened.
//!
//! One path for all who need them: the check that names a refused row, the score without a server,
//! the import into a database.

use std::collections::HashMap;

use domain::access::Role;
use domain::finding::{Finding, Language, Place, Severity, Spoken};
use domain::id::{DeviceId, EntryId, JudgeCode, LedgerId};
use domain::ledger::{Command, Hash, Sealed};
use domain::marking::{
    Absent, Body, Close, Disqualify, Exchange, ExtraTime, Mark, Moment as MomentBody, Override, Penalty,
    Reason, Refusal, Rescore, Reseat, Settle, Skill, Stamp, State, VoidAspect, Why, Withdraw, decide, evolve,
};
use domain::number::Decimal;
use domain::scheme::{Calculation, Method};
use domain::scoring::Value;

use super::{EventKind, EventRow, MarkRow, PackageFinding, SkillPackage};
use crate::exchange::Moment;
use crate::exchange::table::{TableFinding, number_finding};
use crate::ledger::ReasonText;

/// One command with the row that it comes from.
#[derive(Clone, Debug)]
pub struct Step {
    /// `marks.csv`, `events.csv`; empty for the opening and the close.
    pub file: &'static str,
    /// The row in it.
    pub row: u64,
    /// The command, or why the row cannot become one.
    pub command: Result<Command, Problem>,
    /// The text behind its reason, for keeping beside the ledger.
    pub reason: Option<ReasonText>,
    /// When it happened, as far as the package says.
    pub at: Option<Moment>,
}

/// Why a row is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It cannot be read.
    Reading(TableFinding),
    /// The rules of marking.
    Marking(Why),
}

impl Problem {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reading(finding) => finding.code(),
            Self::Marking(why) => why.code(),
        }
    }

    /// The same as a finding at a place.
    #[must_use]
    pub fn at(&self, place: Place) -> Finding {
        let (chinese, english) = (self.say(Language::Chinese), self.say(Language::English));
        Finding::new(self.code(), Severity::Error, place, chinese, english)
    }

    /// What is wrong, to stand inside another sentence.
    #[must_use]
    pub fn spoken(&self) -> Spoken {
        match self {
            Self::Reading(finding) => finding.spoken(),
            Self::Marking(why) => why.spoken(),
        }
    }

    /// What is wrong and what to do.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        match self {
            Self::Reading(finding) => finding.say(language),
            Self::Marking(why) => why.say(language),
        }
    }
}

/// Plays a skill's rows into a state.
pub struct Player<'a> {
    skill: &'a SkillPackage,
    /// The state so far.
    pub state: State,
    /// Whose ledger.
    pub ledger: LedgerId,
    device: DeviceId,
    dseq: i64,
    salt: Box<dyn Fn() -> String + Send>,
    marks: usize,
    events: usize,
    latest: Option<Moment>,
    is_opened: bool,
    is_closed: bool,
}

impl<'a> Player<'a> {
    /// For a score that is not kept. None where the opening has no canonical form.
    #[must_use]
    pub fn new(skill: &'a SkillPackage) -> Option<Self> {
        let ledger = LedgerId::from(skill.id.as_str());
        Self::for_ledger(skill, ledger, Box::new(String::new))
    }

    /// For an import: `salt` makes the random part of the commitment to a reason's text.
    #[must_use]
    pub fn for_ledger(
        skill: &'a SkillPackage,
        ledger: LedgerId,
        salt: Box<dyn Fn() -> String + Send>,
    ) -> Option<Self> {
        skill.opening()?;
        let device = DeviceId::from(format!("import:{ledger}"));
        Some(Self {
            skill,
            state: State::new(),
            ledger,
            device,
            dseq: 0,
            salt,
            marks: 0,
            events: 0,
            latest: None,
            is_opened: false,
            is_closed: false,
        })
    }

    /// How many steps there will be, as far as the rows tell.
    #[must_use]
    pub fn len(&self) -> usize {
        self.skill.marks.len() + self.skill.events.len() + 2
    }

    /// Whether there is nothing to play; never, since a skill at least opens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The next step; it depends on the state, so [`Player::take`] comes between two of them.
    pub fn next_step(&mut self) -> Option<Step> {
        if !self.is_opened {
            self.is_opened = true;
            let opening = self.skill.opening()?;
            return Some(self.step("", 0, Body::Open(Box::new(opening)), None, None));
        }
        let (mark, event) = (self.skill.marks.get(self.marks), self.skill.events.get(self.events));
        match (mark, event) {
            (Some(mark), event) if event.is_none_or(|event| self.is_before(mark, event)) => {
                Some(self.mark_step(mark))
            }
            (_, Some(event)) => {
                self.events += 1;
                Some(self.event_step(event))
            }
            _ if self.is_closed => None,
            _ => {
                self.is_closed = true;
                self.close_step()
            }
        }
    }

    /// Decides a step and takes its entry into the state.
    ///
    /// # Errors
    /// Why the row is not accepted; an import refuses such a package before anything is kept.
    pub fn take(&mut self, step: &Step) -> Result<(), Problem> {
        let command = step.command.clone()?;
        let stamp = Stamp { ledger: self.ledger.clone(), now: step.at.map_or(0, |at| at.ms) };
        let too_large =
            |problem| Problem::Reading(TableFinding::CsvUnreadable { problem: too_large(problem) });
        let decided = decide(&self.state, command, &stamp).map_err(too_large)?;
        self.state = evolve(std::mem::take(&mut self.state), &decided.sealed);
        decided.why.map_or(Ok(()), |why| Err(Problem::Marking(why)))
    }

    /// Takes a step that an earlier import entered already, as its ledger has it.
    pub fn adopt(&mut self, sealed: &Sealed) {
        self.state = evolve(std::mem::take(&mut self.state), sealed);
    }

    /// Marks keep their order; events come between them by time, and after all where no mark says
    /// when it was made.
    fn is_before(&self, mark: &MarkRow, event: &EventRow) -> bool {
        let at = mark.at.max(self.latest);
        match (at, event.at) {
            (Some(at), Some(event)) => at <= event,
            (None, _) => true,
            (Some(_), None) => false,
        }
    }

    fn mark_step(&mut self, mark: &'a MarkRow) -> Step {
        let value = match self.value(mark) {
            Ok(value) => value,
            Err(problem) => {
                self.marks += 1;
                return Step {
                    file: "marks.csv",
                    row: mark.row,
                    command: Err(problem),
                    reason: None,
                    at: mark.at,
                };
            }
        };
        // A round that the rules did not open was asked for by the chief judge.
        if let Some(skill) = &self.state.skill
            && let Some((row, column)) = skill.row(&mark.competitor).zip(skill.column(&mark.aspect))
            && mark.round == skill.round(row, column) + 1
            && !skill.is_disputed(row, column)
            && is_round_complete(skill, row, column)
        {
            let body =
                Rescore { aspect: mark.aspect.clone(), competitor: mark.competitor.clone(), reason: None };
            return self.step("marks.csv", mark.row, Body::Rescore(body), None, mark.at);
        }
        self.marks += 1;
        self.latest = self.latest.max(mark.at);
        let body = Mark {
            aspect: mark.aspect.clone(),
            competitor: mark.competitor.clone(),
            judge: mark.judge.clone(),
            reason: None,
            round: mark.round,
            value,
        };
        let base = self.base(&body);
        let mut step = self.step("marks.csv", mark.row, Body::Mark(body), None, mark.at);
        if let Ok(command) = &mut step.command {
            command.base = base;
            command.actor = mark.judge.to_string();
        }
        step
    }

    /// A later row supersedes an earlier one of the same cell.
    fn base(&self, mark: &Mark) -> Option<EntryId> {
        let skill = self.state.skill.as_ref()?;
        let (row, column) = (skill.row(&mark.competitor)?, skill.column(&mark.aspect)?);
        skill.head(row, column, &mark.judge, mark.round).map(|said| said.entry)
    }

    fn value(&self, mark: &MarkRow) -> Result<Value, Problem> {
        let skill = self.state.skill.as_ref();
        let aspect = skill.and_then(|skill| skill.column(&mark.aspect).map(|column| skill.aspect(column)));
        let is_choice =
            aspect.is_some_and(|a| matches!(a.method, Method::Measurement(Calculation::Choice { .. })));
        match mark.value.as_str() {
            "" => Ok(Value::Missing),
            text if is_choice => Ok(Value::Choice(text.to_owned())),
            text => Decimal::parse(text)
                .map(Value::Number)
                .map_err(|error| Problem::Reading(number_finding(text, error, 6))),
        }
    }

    fn event_step(&mut self, event: &'a EventRow) -> Step {
        let text = Some(&event.reason).filter(|text| !text.is_empty());
        let reason = text.map(|text| ReasonText { salt: (self.salt)(), text: text.clone() });
        let commitment = |r: &ReasonText| Hash::of_document(format!("{}{}", r.salt, r.text).as_bytes());
        let body = event_body(event, reason.as_ref().map(commitment));
        let mut step = self.step("events.csv", event.row, body, reason, event.at);
        if let Ok(command) = &mut step.command {
            if !event.by.is_empty() {
                command.actor.clone_from(&event.by);
            }
            command.second = Some(event.second.clone()).filter(|second| !second.is_empty());
        }
        step
    }

    /// A package with published results is over.
    fn close_step(&mut self) -> Option<Step> {
        self.skill.expected.as_ref()?;
        Some(self.step("", 0, Body::Close(Close { reason: None }), None, None))
    }

    fn step(
        &mut self,
        file: &'static str,
        row: u64,
        body: Body,
        reason: Option<ReasonText>,
        at: Option<Moment>,
    ) -> Step {
        self.dseq += 1;
        let command = Command {
            actor: "import".to_owned(),
            base: None,
            body,
            client_time: at.map_or(0, |at| at.ms),
            device: self.device.clone(),
            dseq: self.dseq,
            id: entry_id(&self.ledger, self.dseq),
            role: Role::Importer,
            second: None,
        };
        Step { file, row, command: Ok(command), reason, at }
    }
}

/// What has no place in an entry (see [`decide`]).
fn too_large(problem: String) -> Spoken {
    Spoken::new("数字或文字太长，写不进一条记录", problem)
}

/// Plays a whole skill that was read without errors.
///
/// # Errors
/// The first row that is not accepted.
pub fn played(skill: &SkillPackage) -> Result<State, Problem> {
    let not_canonical = || Problem::Marking(Refusal::NotOpen.into());
    let mut player = Player::new(skill).ok_or_else(not_canonical)?;
    while let Some(step) = player.next_step() {
        player.take(&step)?;
    }
    Ok(player.state)
}

/// The id of an import's entry: the same package into the same ledger gives the same ids, so that an
/// import that was cut off can be begun again.
fn entry_id(ledger: &LedgerId, dseq: i64) -> EntryId {
    let Hash(hash) = Hash::of_document(format!("leitai import {ledger} {dseq}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80; // version 8: made by a rule of our own
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    EntryId(u128::from_be_bytes(bytes))
}

fn is_round_complete(skill: &Skill, row: usize, column: usize) -> bool {
    match skill.cell(row, column) {
        domain::marking::Cell::Measured(_) => false,
        domain::marking::Cell::Scored(rounds) => {
            rounds.last().is_some_and(|round| skill.complete_scores(row, column, round).is_some())
        }
    }
}

fn event_body(event: &EventRow, reason: Reason) -> Body {
    let at = event.at.map_or(0, |at| at.ms);
    match event.kind.clone() {
        EventKind::Absent(competitor) => Body::Absent(Absent { competitor, reason }),
        EventKind::Start(competitor) => Body::Start(MomentBody { at, competitor }),
        EventKind::Stop(competitor) => Body::Stop(MomentBody { at, competitor }),
        EventKind::ExtraTime(competitor, minutes) => {
            Body::ExtraTime(ExtraTime { competitor, minutes, reason })
        }
        EventKind::Withdrawn(competitor) => Body::Withdraw(Withdraw { competitor, reason }),
        EventKind::Disqualified(competitor) => Body::Disqualify(Disqualify { competitor, reason }),
        EventKind::Penalty(competitor, marks) => Body::Penalty(Penalty { competitor, marks, reason }),
        EventKind::VoidAspect(aspect, how) => Body::VoidAspect(VoidAspect { aspect, how, reason }),
        EventKind::Exchange(competitor, other, sub_criterion) => {
            Body::Exchange(Exchange { competitor, other, reason, sub_criterion })
        }
        // Whom the one who comes may not mark is known from the lists of people.
        EventKind::Reseat { competitor, leaves, comes, sub_criterion } => Body::Reseat(Reseat {
            competitor,
            conflicts: Vec::new(),
            judge: comes,
            leaves,
            reason,
            sub_criterion,
        }),
        EventKind::Override { competitor, award, position, document } => {
            // A package's decision names its document in the reason where it has no column for it.
            let document = if document.is_empty() { "events.csv".to_owned() } else { document };
            Body::Override(Override { award, competitor, document, position, reason })
        }
        EventKind::Settled(order) => Body::Settle(Settle { order, reason }),
    }
}

/// Who gave each measurement, so that two judges with two values are named, never one chosen.
#[derive(Default)]
pub(super) struct Measured {
    by: HashMap<(String, String), (JudgeCode, u64, String)>,
}

impl Measured {
    pub(super) fn check(&mut self, state: &State, step: &Step) -> Option<PackageFinding> {
        let Ok(Command { body: Body::Mark(mark), .. }) = &step.command else { return None };
        let skill = state.skill.as_ref()?;
        if !matches!(skill.aspect(skill.column(&mark.aspect)?).method, Method::Measurement(_)) {
            return None;
        }
        let cell = (mark.competitor.to_string(), mark.aspect.to_string());
        let value = format!("{:?}", mark.value);
        let before = self.by.insert(cell, (mark.judge.clone(), step.row, value.clone()))?;
        let (judge, first, old) = before;
        let is_conflict = judge != mark.judge && old != value;
        is_conflict.then(|| PackageFinding::TwoMeasurements { one: judge.to_string(), first })
    }
}
