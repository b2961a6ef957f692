//! The skill that every simulated session marks: two competitors, two measured aspects and a judged one,
//! four judges; and what people do there besides measuring.

use std::sync::OnceLock;

use domain::access::Role;
use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::{Command, Hash, Sealed};
use domain::marking::{
    self, Absent, AskUnlock, Body, Decline, Entrant, Exchange, Lock, Opening, Panel, Pending, Rescore,
    Reseat, Resolve, Seat, Sign, Skill, Stamp, State, Unlock, Void, VoidAspect, VoidHow, Withdraw, decide,
    evolve,
};
use domain::number::{self, Mark};
use domain::rules;
use domain::scheme::{Aspect, Calculation, Criterion, Method, Scheme, SubCriterion};
use domain::scoring::Value;
use protocol::drawing::Drawing;
use protocol::frame::{Cell, ReasonText};

use crate::journal::Journal;
use crate::people::Said;
use crate::random::Random;

pub(crate) const LEDGER: &str = "skill";
pub(crate) const COMPETITORS: [&str; 2] = ["C1", "C2"];
pub(crate) const ASPECTS: [&str; 2] = ["A1.1", "A1.2"];
/// The one that each judge scores.
pub(crate) const JUDGED: &str = "A1.3";
/// The maximum of any aspect, in hundredths.
pub(crate) const MARK_MAX: u64 = 200;
/// When every simulated server was started, milliseconds since 1970 UTC.
pub(crate) const BEGIN: i64 = 1_790_000_000_000;

const RULES: &str = r#"
id = "sample"
version = 1
title = { zh = "样例", en = "Sample" }
live_policy = "progress"
rounding = { position = "per_aspect", source = "R-050" }
judgement = { judges = 3, spread_max = 1, source = "R-031, R-033" }
ranking = { chain = [], end = "share", source = "R-081" }
"#;

/// The rules of some sessions ask for the competitors' signatures besides.
const SIGN_OFF: &str = r#"
[sign_off]
competitor_sees = "marks"
source = "R-158"
"#;

/// The first entry and the state after it, the same in every run, where competitors sign and where not.
pub(crate) fn opened(with_sign_off: bool) -> &'static (Sealed, State) {
    static OPENED: [OnceLock<(Sealed, State)>; 2] = [const { OnceLock::new() }; 2];
    OPENED[usize::from(with_sign_off)].get_or_init(|| {
        let command = Command {
            actor: "organiser".to_owned(),
            base: None,
            body: Body::Open(Box::new(opening(with_sign_off))),
            client_time: BEGIN,
            device: "desk".into(),
            dseq: 1,
            id: EntryId(1),
            role: Role::Organiser,
            second: None,
        };
        let stamp = Stamp { ledger: LEDGER.into(), now: BEGIN };
        let decided = decide(&State::new(), command, &stamp).expect("an entry");
        assert_eq!(decided.why, None);
        let state = evolve(State::new(), &decided.sealed);
        (decided.sealed, state)
    })
}

fn opening(with_sign_off: bool) -> Opening {
    let aspect = |id: &str| Aspect {
        description: "what is measured".into(),
        id: id.into(),
        max: Mark(i64::try_from(MARK_MAX).expect("small")),
        measured_in: String::new(),
        method: Method::Measurement(Calculation::Direct),
        note: String::new(),
        part: None,
        requirement: String::new(),
        section: None,
    };
    let rungs = ["below", "meets", "above", "best"].map(String::from);
    let judged = Aspect { method: Method::Judgement { rungs }, ..aspect(JUDGED) };
    let measured = ASPECTS.map(aspect).into_iter();
    let sub = SubCriterion {
        aspects: measured.chain([judged]).collect(),
        day: 1,
        id: "A1".into(),
        name: "Measured".into(),
    };
    let criterion = Criterion { id: "A".into(), name: "All".into(), sub_criteria: vec![sub] };
    let scheme = Scheme { criteria: vec![criterion], parts: Vec::new(), sections: Vec::new() };
    let competitors = COMPETITORS.map(|code| Entrant { code: code.into(), group: "".into() }).to_vec();
    let seats = ["J0", "J1", "J2", "J3"].map(|judge| Seat { counts: true, judge: judge.into() }).to_vec();
    let panels = vec![Panel { seats, sub_criterion: "A1".into() }];
    let rules = if with_sign_off { RULES.to_owned() + SIGN_OFF } else { RULES.to_owned() };
    Opening::new(scheme, rules::read(&rules).expect("rules"), competitors, panels).expect("an opening")
}

/// The cell of a measurement.
pub(crate) fn cell(competitor: usize, aspect: usize) -> Cell {
    Cell { aspect: ASPECTS[aspect].into(), competitor: COMPETITORS[competitor].into(), judge: None, round: 1 }
}

/// What a judge measured.
pub(crate) fn measured(competitor: usize, aspect: usize, judge: &str, value: i32) -> marking::Mark {
    let Cell { aspect, competitor, round, .. } = cell(competitor, aspect);
    let value = Value::Number(number::Decimal::whole(value));
    marking::Mark { aspect, competitor, judge: judge.into(), reason: None, round, value }
}

/// What is effective in a cell.
pub(crate) fn head(state: &State, competitor: usize, aspect: usize) -> Option<EntryId> {
    let skill = state.skill.as_ref().expect("an opened skill");
    skill.head(competitor, aspect, &"J0".into(), 1).map(|said| said.entry)
}

/// What is effective in each cell that a judge sees: the measurements, and the own scores of the round.
pub(crate) fn heads(state: &State, judge: &str) -> Vec<(Cell, Option<EntryId>)> {
    let skill = state.skill.as_deref().expect("an opened skill");
    let scored = skill.column(&JUDGED.into()).expect("the judged one");
    let mut heads = Vec::new();
    for (row, competitor) in COMPETITORS.into_iter().enumerate() {
        heads.extend((0..ASPECTS.len()).map(|column| (cell(row, column), head(state, row, column))));
        let (judge, round) = (JudgeCode::from(judge), skill.round(row, scored));
        let said = skill.head(row, scored, &judge, round).map(|said| said.entry);
        let (aspect, competitor) = (JUDGED.into(), competitor.into());
        heads.push((Cell { aspect, competitor, judge: Some(judge), round }, said));
    }
    heads
}

/// What the chief judge decides with a second person: an aspect opened or voided, sheets exchanged, somebody
/// absent or gone, one of those undone, or a score that a judge says, upon what stands there.
pub(crate) fn by_two(desk: &mut Random, journal: &Journal) -> (Body, Option<EntryId>) {
    let reason = Some(Hash([7; 32]));
    let code = |desk: &mut Random| CompetitorCode::from(COMPETITORS[desk.index(COMPETITORS.len())]);
    let (competitor, aspect) = (code(desk), AspectId::from(ASPECTS[desk.index(ASPECTS.len())]));
    let body = match desk.below(10) {
        0..=2 => Body::Unlock(Unlock { aspect, competitor, reason }),
        3 => Body::VoidAspect(VoidAspect { aspect, how: VoidHow::Full, reason }),
        4 => Body::Exchange(Exchange { competitor, other: code(desk), reason, sub_criterion: "A1".into() }),
        5 => Body::Absent(Absent { competitor, reason }),
        6 => Body::Withdraw(Withdraw { competitor, reason }),
        7 | 8 => {
            let is_decision = |sealed: &&Sealed| {
                matches!(sealed.entry.body, Body::Absent(_) | Body::Withdraw(_) | Body::VoidAspect(_))
            };
            let last = journal.entries.iter().rev().find(is_decision);
            Body::Void(Void { entry: last.map_or(EntryId(0), |sealed| sealed.entry.id), reason })
        }
        _ => {
            let skill = journal.state.skill.as_deref().expect("an opened skill");
            let judge = JudgeCode::from(["J1", "J2", "J3"][desk.index(3)]);
            let (row, column) = (desk.index(COMPETITORS.len()), skill.column(&JUDGED.into()).expect("it"));
            let round = skill.round(row, column);
            let base = skill.head(row, column, &judge, round).map(|said| said.entry);
            let value = Value::Number(number::Decimal::whole(i32::try_from(desk.below(4)).expect("small")));
            let (aspect, competitor) = (JUDGED.into(), COMPETITORS[row].into());
            let mark = marking::Mark { aspect, competitor, judge, reason: None, round, value };
            return (Body::Mark(mark), base);
        }
    };
    (body, None)
}

/// What ends that something waits on a sheet: what stands there stays.
pub(crate) fn waiting(skill: &Skill, row: usize) -> Option<Body> {
    let is_here = |pending: &&Pending| skill.row(&pending.mark.competitor) == Some(row);
    let (id, Pending { mark, .. }) = skill.pending.iter().find(|(_, pending)| is_here(pending))?;
    let column = skill.column(&mark.aspect)?;
    let keep = skill.head(row, column, &mark.judge, mark.round).map(|said| said.entry);
    Some(Body::Resolve(Resolve { drop: Some(*id), keep, reason: Some(Hash([7; 32])) }))
}

/// A score that somebody says who has given none in the round.
pub(crate) fn spoken(random: &mut Random, skill: &Skill, row: usize) -> Option<(String, Body)> {
    let column = skill.column(&JUDGED.into())?;
    let judge = JudgeCode::from(["J1", "J2", "J3", "J4"][random.index(4)]);
    let round = skill.round(row, column) + u32::from(skill.is_disputed(row, column));
    if skill.missing_on_sheet(row, 0) == 0 || skill.head(row, column, &judge, round).is_some() {
        return None;
    }
    let value = Value::Number(number::Decimal::whole(2));
    let (aspect, competitor) = (JUDGED.into(), COMPETITORS[row].into());
    let mark = marking::Mark { aspect, competitor, judge: judge.clone(), reason: None, round, value };
    Some((judge.to_string(), Body::Mark(mark)))
}

/// What a sheet lacks that a judge can do: a measurement, their own score, their signature.
pub(crate) fn lacking(
    random: &mut Random,
    skill: &Skill,
    (row, actor): (usize, &str),
    head: impl Fn(&Cell) -> Option<EntryId>,
) -> Option<Said> {
    let judge = JudgeCode::from(actor);
    let competitor = CompetitorCode::from(COMPETITORS[row]);
    let mark = |cell: Cell| {
        let Cell { aspect, competitor, round, .. } = cell.clone();
        let value = Value::Number(number::Decimal::whole(2));
        let mark = marking::Mark { aspect, competitor, judge: judge.clone(), reason: None, round, value };
        Said { base: head(&cell), cell: Some(cell), ..Said::of(Body::Mark(mark)) }
    };
    let is_unmarked = |column: &usize| skill.board.mark(row, *column).is_none();
    if let Some(column) = (0..ASPECTS.len()).find(is_unmarked) {
        return Some(mark(cell(row, column)));
    }
    if skill.missing_on_sheet(row, 0) > 0 {
        let column = skill.column(&JUDGED.into())?;
        let round = skill.round(row, column) + u32::from(skill.is_disputed(row, column));
        let has_scored = skill.head(row, column, &judge, round).is_some();
        let own = Cell { aspect: JUDGED.into(), competitor, judge: Some(judge.clone()), round };
        return (!has_scored).then(|| mark(own));
    }
    if !skill.unsigned(row, 0).any(|other| *other == judge) {
        return None;
    }
    let drawing = Drawing::new(format!("{:032x}", random.wide()), "M120,80l3,-2 5,7".to_owned());
    let sign = Sign {
        competitor,
        drawing: Some(drawing.commitment()),
        judge,
        reason: None,
        sheet: skill.sheet_digest(row, 0),
        sub_criterion: "A1".into(),
    };
    Some(Said { drawing: Some(drawing), ..Said::of(Body::Sign(sign)) })
}

/// What a judge does besides measuring: a score, a signature that is drawn, a refusal to sign; and the chief
/// judge besides, who locks sheets, gives seats to others and asks for rounds.
pub(crate) fn by_people(
    people: &mut Random,
    state: &State,
    actor: &str,
    head: impl Fn(&Cell) -> Option<EntryId>,
) -> Said {
    let skill = state.skill.as_deref().expect("an opened skill");
    let row = people.index(COMPETITORS.len());
    let (competitor, sub_criterion): (CompetitorCode, SubCriterionId) =
        (COMPETITORS[row].into(), "A1".into());
    let (judge, sheet) = (JudgeCode::from(actor), skill.sheet_digest(row, 0));
    let mut text =
        |words: &str| ReasonText { salt: format!("{:032x}", people.wide()), text: words.to_owned() };
    let why = text("because");
    let reason = Some(why.commitment());
    let drawing = Drawing::new(text("").salt, "M120,80l3,-2 5,7M700,300l-40,12".to_owned());
    let with_reason = |body| Said { reason: Some(why.clone()), ..Said::of(body) };
    match (people.below(10), actor == "J0") {
        (0, true) => Said::of(Body::Lock(Lock { competitor, sub_criterion })),
        (1 | 2, true) => {
            let names = ["J1", "J2", "J3", "J4"];
            let (leaves, comes) = (names[people.index(4)].into(), names[people.index(4)].into());
            let judge = Some(comes).filter(|_| people.chance(800));
            // In every other one for one competitor alone, of whom who comes may be a compatriot.
            let one = people.chance(500).then(|| competitor.clone());
            let conflicts = if people.chance(100) { vec![competitor] } else { Vec::new() };
            let body = Reseat { competitor: one, conflicts, judge, leaves, reason, sub_criterion };
            with_reason(Body::Reseat(body))
        }
        (3, true) => with_reason(Body::Rescore(Rescore { aspect: JUDGED.into(), competitor, reason })),
        (0..=2, _) => {
            let sign = Sign {
                competitor,
                drawing: Some(drawing.commitment()),
                judge,
                reason: None,
                sheet,
                sub_criterion,
            };
            Said { drawing: Some(drawing), ..Said::of(Body::Sign(sign)) }
        }
        (3, _) => with_reason(Body::Decline(Decline { competitor, judge, reason, sheet, sub_criterion })),
        (4, false) => {
            with_reason(Body::AskUnlock(AskUnlock { aspect: JUDGED.into(), competitor, judge, reason }))
        }
        _ => {
            let column = skill.column(&JUDGED.into()).expect("the judged one");
            let round = skill.round(row, column) + u32::from(skill.is_disputed(row, column));
            let (aspect, of) = (JUDGED.into(), Some(judge.clone()));
            let cell = Cell { aspect, competitor: competitor.clone(), judge: of, round };
            let rung = i32::try_from(people.below(4)).expect("small");
            let value = Value::Number(number::Decimal::whole(rung));
            let mark = marking::Mark { aspect: JUDGED.into(), competitor, judge, reason: None, round, value };
            Said { base: head(&cell), cell: Some(cell), ..Said::of(Body::Mark(mark)) }
        }
    }
}
