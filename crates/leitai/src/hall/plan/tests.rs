//! Whatever order the tablets' entries arrive in, as long as each person's stay in theirs and the plan
//! is kept to: everything is accepted, and the result is that of the package.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::access::Role;
use domain::id::DeviceId;
use domain::ledger::Command;
use domain::marking::{Stamp, State, decide, evolve};
use domain::results::{Standing, standings};
use server::exchange::Files;
use server::exchange::package::{EventKind, EventRow, played, read};

use super::*;
use crate::generate::{Generator, Kind, Random};

/// The example of the documentation, with three more decisions at its end.
fn example() -> SkillPackage {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/contest");
    let package = read(&Files::open(&folder).expect("its files"), &|_, _| ()).package;
    let mut skill = package.expect("a sound package").skills.remove(0);
    let sub = skill.scheme.sub_criteria().last().expect("a sub-criterion").1.id.clone();
    let given = EventKind::Override {
        competitor: "A01".into(),
        award: Some("一等奖".to_owned()),
        position: None,
        document: "1".to_owned(),
    };
    for kind in
        [EventKind::Exchange("A02".into(), "A03".into(), sub), EventKind::Disqualified("B01".into()), given]
    {
        let (reason, by, second) = Default::default();
        skill.events.push(EventRow { row: 0, at: None, kind, reason, by, second });
    }
    skill
}

/// A generated skill with disputes, an aspect that is voided, and people who leave.
fn generated() -> SkillPackage {
    Generator::new(Kind::Province, 5).and_then(|generator| generator.skill(1)).expect("a skill")
}

fn deeds(skill: &SkillPackage) -> Vec<Deed> {
    plan(skill, &LedgerId::from(skill.id.as_str())).expect("a plan")
}

/// The state after the opening.
fn opened(skill: &SkillPackage) -> State {
    let mut player = Player::new(skill).expect("an opening");
    let step = player.next_step().expect("the opening");
    player.take(&step).expect("it opens");
    player.state
}

fn command(skill: &SkillPackage, deed: &Deed) -> Command {
    let (actor, role) = match &deed.by {
        By::Judge(judge) => {
            let is_chief = skill.judges.iter().any(|known| known.is_chief && known.code == *judge);
            (judge.to_string(), if is_chief { Role::ChiefJudge } else { Role::Judge })
        }
        By::Organiser => ("organiser".to_owned(), Role::Organiser),
    };
    Command {
        device: DeviceId::from(actor.as_str()),
        actor,
        base: deed.base,
        body: deed.body.clone(),
        client_time: 0,
        dseq: 1,
        id: deed.id,
        role,
        second: deed.second.clone().map(|_| "second".to_owned()),
    }
}

/// Does everything in an order that chance makes; gives the results, or the place of the first deed that
/// was not accepted and its code.
fn results(skill: &SkillPackage, deeds: &[Deed], seed: u64) -> Result<Vec<Standing>, (Place, String)> {
    let mut queues: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, deed) in deeds.iter().enumerate().rev() {
        queues.entry(format!("{:?}", deed.by)).or_default().push(at);
    }
    let (mut state, mut random) = (opened(skill), Random::new(seed, 0));
    let mut done = BTreeSet::new();
    while done.len() < deeds.len() {
        let is_ready = |queue: &&mut Vec<usize>| {
            queue.last().is_some_and(|at| deeds[*at].after.iter().all(|before| done.contains(before)))
        };
        let mut ready: Vec<&mut Vec<usize>> = queues.values_mut().filter(is_ready).collect();
        assert!(!ready.is_empty(), "everybody waits for somebody else");
        let chosen = random.below(ready.len());
        let at = ready[chosen].pop().expect("a deed");
        let stamp = Stamp { ledger: LedgerId::from(skill.id.as_str()), now: 0 };
        let decided = decide(&state, command(skill, &deeds[at]), &stamp).expect("an entry");
        if let Some(why) = decided.why {
            return Err((deeds[at].place.clone(), why.code().to_owned()));
        }
        state = evolve(state, &decided.sealed);
        done.insert(at);
    }
    Ok(standings(state.skill.as_deref().expect("an open skill")))
}

#[test]
fn every_order_that_keeps_to_the_plan_comes_to_the_packages_result() {
    for (skill, seeds) in [(example(), 100), (generated(), 10)] {
        let state = played(&skill).expect("a sound package");
        let expected = standings(state.skill.as_deref().expect("an open skill"));
        let deeds = deeds(&skill);
        assert!(deeds.iter().enumerate().all(|(at, deed)| deed.after.iter().all(|before| *before < at)));
        for seed in 0..seeds {
            assert_eq!(results(&skill, &deeds, seed), Ok(expected.clone()), "{} seed {seed}", skill.id);
        }
    }
}

#[test]
fn without_the_plan_something_comes_too_early() {
    for (skill, seeds) in [(example(), 100), (generated(), 10)] {
        let mut deeds = deeds(&skill);
        deeds.iter_mut().for_each(|deed| deed.after.clear());
        let is_refused = |seed| results(&skill, &deeds, seed).is_err();
        assert!((0..seeds).any(is_refused), "{}: the test could see nothing", skill.id);
    }
}

#[test]
fn people_give_a_reason_where_the_package_gives_none() {
    let mut skill = example();
    skill.events.iter_mut().for_each(|event| event.reason.clear());
    for deed in deeds(&skill) {
        let needs_one = matches!(deed.body, Body::Penalty(_) | Body::ExtraTime(_) | Body::VoidAspect(_));
        assert!(!needs_one || (deed.body.reason().is_some() && deed.reason.is_some()), "{:?}", deed.body);
    }
}
