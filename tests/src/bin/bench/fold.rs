//! What one mark costs before it is stored: decided, sealed with its hash, and folded into the state
//! of a skill of 40 competitors and 200 aspects, a quarter of them judged by three.
#![expect(clippy::float_arithmetic, reason = "times are shown, never entered into a result")]

use std::hint::black_box;

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::Command;
use domain::marking::{Body, Entrant, Mark, Opening, Panel, Seat, Stamp, State, decide, evolve};
use domain::number::{self, Decimal};
use domain::rules::preset;
use domain::scheme::{Aspect, Calculation, Criterion, Method, Scheme, SubCriterion};
use domain::scoring::Value;

use crate::measure::{ROUNDS, Times, time};

const COMPETITORS: usize = 40;
const SUB_CRITERIA: usize = 20;
const ASPECTS_EACH: usize = 10;
const JUDGES: [&str; 3] = ["J1", "J2", "J3"];

pub(crate) fn run() -> Result<(), String> {
    let opened = opened()?;
    let commands = commands();
    let count = u32::try_from(commands.len()).map_err(|error| error.to_string())?;
    let stamp = Stamp { ledger: "skill-1".into(), now: 1_790_000_000_000 };
    let mut times =
        [Times::of("one mark: decide, seal, evolve"), Times::of("one mark: decide and seal only")];
    for _ in 0..ROUNDS {
        let (mut state, fresh) = (opened.clone(), commands.clone());
        let mut accepted = 0;
        let elapsed = time(|| {
            for command in fresh {
                let Ok(decided) = decide(&state, command, &stamp) else { return };
                accepted += u32::from(decided.why.is_none());
                state = evolve(std::mem::take(&mut state), &decided.sealed);
            }
        });
        if accepted != count || !(0..COMPETITORS).all(|row| is_complete(&state, row)) {
            return Err(format!("{accepted} of {count} marks were accepted"));
        }
        times[0].push(elapsed, count);
        let fresh = commands.clone();
        times[1].push(
            time(|| fresh.into_iter().for_each(|c| drop(black_box(decide(&opened, c, &stamp))))),
            count,
        );
    }
    for one in &times {
        one.show(&times[0]);
    }
    println!("{:.0} marks a second; goal: 300000", 1e9 / times[0].median());
    Ok(())
}

fn is_complete(state: &State, row: usize) -> bool {
    state.skill.as_ref().is_some_and(|skill| skill.board.total(row).is_some())
}

fn opened() -> Result<State, String> {
    let sub = |at: usize| SubCriterion {
        aspects: (0..ASPECTS_EACH).map(|aspect| self::aspect(at, aspect)).collect(),
        day: 1,
        id: sub_id(at).as_str().into(),
        name: String::new(),
    };
    let criterion =
        Criterion { id: "A".into(), name: String::new(), sub_criteria: (0..SUB_CRITERIA).map(sub).collect() };
    let scheme = Scheme { criteria: vec![criterion], parts: Vec::new(), sections: Vec::new() };
    let entrant = |n| Entrant { code: competitor(n).as_str().into(), group: "".into() };
    let panel = |at| Panel {
        seats: JUDGES.iter().map(|judge| Seat { counts: true, judge: (*judge).into() }).collect(),
        sub_criterion: sub_id(at).as_str().into(),
    };
    let rules = preset("worldskills-2026").ok_or("the preset is not there")?;
    let opening = Opening::new(
        scheme,
        rules,
        (0..COMPETITORS).map(entrant).collect(),
        (0..SUB_CRITERIA).map(panel).collect(),
    )?;
    let command = command(0, "organiser", Role::Organiser, Body::Open(Box::new(opening)));
    let decided = decide(&State::new(), command, &Stamp { ledger: "skill-1".into(), now: 0 })?;
    match decided.why {
        None => Ok(evolve(State::new(), &decided.sealed)),
        Some(why) => Err(why.say(domain::finding::Language::English)),
    }
}

/// Every mark of the skill, sub-criterion by sub-criterion as a hall enters them.
fn commands() -> Vec<Command> {
    let mut commands = Vec::new();
    for sub in 0..SUB_CRITERIA {
        for row in 0..COMPETITORS {
            for at in 0..ASPECTS_EACH {
                let judges = if is_judged(sub) { 3 } else { 1 };
                for (seat, judge) in JUDGES.iter().enumerate().take(judges) {
                    let score = if is_judged(sub) { Decimal::whole(2) } else { Decimal(250_000) };
                    let body = Body::Mark(Mark {
                        aspect: aspect_id(sub, at).as_str().into(),
                        competitor: competitor(row).as_str().into(),
                        judge: (*judge).into(),
                        reason: None,
                        round: 1,
                        value: Value::Number(score),
                    });
                    let number = commands.len() * 3 + seat + 1;
                    commands.push(command(number, judge, Role::Judge, body));
                }
            }
        }
    }
    commands
}

fn command(number: usize, actor: &str, role: Role, body: Body) -> Command {
    Command {
        actor: actor.to_owned(),
        base: None,
        body,
        client_time: 1_790_000_000_000,
        device: "tablet-of-a-judge".into(),
        dseq: i64::try_from(number).unwrap_or(0),
        id: EntryId(0x0190_b1e2_7c5a_7000_8000_0000_0000_0000 + number as u128),
        role,
        second: None,
    }
}

/// A quarter of the sub-criteria.
fn is_judged(sub: usize) -> bool {
    sub % 4 == 3
}

fn aspect(sub: usize, at: usize) -> Aspect {
    let rungs = ["below", "meets", "above", "far above"].map(str::to_owned);
    Aspect {
        description: "what is looked at".into(),
        id: aspect_id(sub, at).as_str().into(),
        max: number::Mark(50),
        measured_in: String::new(),
        method: if is_judged(sub) {
            Method::Judgement { rungs }
        } else {
            Method::Measurement(Calculation::Direct)
        },
        note: String::new(),
        part: None,
        requirement: String::new(),
        section: None,
    }
}

fn sub_id(sub: usize) -> String {
    format!("A{}", sub + 1)
}

fn aspect_id(sub: usize, at: usize) -> String {
    format!("A{}.{:02}", sub + 1, at + 1)
}

/// A code as long as those that are drawn.
fn competitor(row: usize) -> String {
    format!("K7Q{row:02}XM")
}
