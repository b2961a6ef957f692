//! The skill that every simulated session marks: two competitors, two measured aspects and a judged one,
//! four judges; and what people do there besides measuring.

use std::sync::OnceLock;

use domain::access::Role;
use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::{Command, Hash, Sealed};
use domain::marking::{
    self, Absent, AskUnlock, Body, Decline, Entrant, Exchange, Lock, Opening, Panel, Rescore, Reseat, Seat,
    Sign, Stamp, State, Unlock, Void, VoidAspect, VoidHow, Withdraw, decide, evolve,
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

/// The first entry and the state after it, the same in every run.
pub(crate) fn opened() -> &'static (Sealed, State) {
    static OPENED: OnceLock<(Sealed, State)> = OnceLock::new();
    OPENED.get_or_init(|| {
        let command = Command {
            actor: "organiser".to_owned(),
            base: None,
            body: Body::Open(Box::new(opening())),
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

fn opening() -> Opening {
    let aspect = |id: &str| Aspect {
        description: "what is measured".into(),
        id: id.into(),
        max: Mark(i64::try_from(MARK_MAX).expect("small")),
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
    Opening::new(scheme, rules::read(RULES).expect("rules"), competitors, panels).expect("an opening")
}

/// The cell of a measurement.
pub(crate) fn cell(competitor: usize, aspect: usize) -> Cell {
    Cell { aspect: ASPECTS[aspect].into(), competitor: COMPETITORS[competitor].into(), judge: None, round: 1 }
}

/// What is effective in a cell.
pub(crate) fn head(state: &State, competitor: usize, aspect: usize) -> Option<EntryId> {
    let skill = state.skill.as_ref().expect("an opened skill");
    skill.head(competitor, aspect, &"J0".into(), 1).map(|said| said.entry)
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
