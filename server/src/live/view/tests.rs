//! Views of small skills that are told entry by entry.

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::{Command, Status as EntryStatus};
use domain::marking::{
    Absent, Body, Close, Entrant, Mark, Opening, Panel, Release, Seat, Stamp, decide, evolve,
};
use domain::number::{self, Decimal};
use domain::rules::{Prize, RuleSet, Take, TeamPoints, preset};
use domain::scheme::{Aspect, Calculation, Criterion, Method, Scheme, SubCriterion};
use domain::scoring::Value;
use protocol::view::SessionClock;

use super::*;
use crate::exchange::package::{self, Person, SkillDocument};
use crate::live::{Audience, Freeze, SkillSetting};

/// First 金奖, second 银奖.
fn rules() -> RuleSet {
    let prize = |award: &str, place| Prize {
        award: award.to_owned(),
        take: Take::Positions { first: place, last: place },
        source: "R-104".to_owned(),
    };
    let mut rules = preset("enterprise-drill").expect("a preset");
    rules.prizes = vec![prize("金奖", 1), prize("银奖", 2)];
    rules
}

/// A skill of aspects A1.1, A1.2, … of 10.00 each, with these people.
fn opening(rules: RuleSet, people: &[Person], aspects: usize) -> Opening {
    let aspect = |at: usize| Aspect {
        description: "what is looked at".to_owned(),
        id: format!("A1.{at}").into(),
        max: number::Mark(1_000),
        measured_in: String::new(),
        method: Method::Measurement(Calculation::Direct),
        note: String::new(),
        part: None,
        requirement: String::new(),
        section: None,
    };
    let sub = SubCriterion {
        aspects: (1..=aspects).map(aspect).collect(),
        day: 1,
        id: "A1".into(),
        name: "A1".into(),
    };
    let criteria = vec![Criterion { id: "A".into(), name: "the work".into(), sub_criteria: vec![sub] }];
    let scheme = Scheme { criteria, parts: Vec::new(), sections: Vec::new() };
    let mut units: Vec<CompetitorCode> = people.iter().map(Person::unit).collect();
    units.dedup();
    let entrants = units.into_iter().map(|code| Entrant { code, group: "".into() }).collect();
    let seats = vec![Seat { counts: true, judge: "J1".into() }];
    let panels = vec![Panel { seats, sub_criterion: "A1".into() }];
    Opening::new(scheme, rules, entrants, panels).expect("an opening")
}

/// The state after one more entry, which must be accepted.
fn after(state: State, role: Role, body: Body) -> State {
    let seq = state.head.seq;
    let command = Command {
        actor: "J1".to_owned(),
        base: None,
        body,
        client_time: 1,
        device: "desk".into(),
        dseq: seq + 1,
        id: EntryId(0x0190_b1e2_7c5a_7000_8000_0000_0000_0000 + u128::from(seq.unsigned_abs())),
        role,
        second: Some("J9".to_owned()),
    };
    let stamp = Stamp { ledger: "s".into(), now: 1_000 + seq };
    let decided = decide(&state, command, &stamp).expect("an entry");
    assert_eq!(decided.sealed.entry.status, EntryStatus::Accepted, "{:?}", decided.sealed.entry.code);
    evolve(state, &decided.sealed)
}

fn marked(state: State, competitor: &str, aspect: usize, marks: i32) -> State {
    let mark = Mark {
        aspect: format!("A1.{aspect}").into(),
        competitor: competitor.into(),
        judge: "J1".into(),
        reason: None,
        round: 1,
        value: Value::Number(Decimal::whole(marks)),
    };
    after(state, Role::Judge, Body::Mark(mark))
}

fn released(state: State, stage: Stage) -> State {
    let is_open = state.skill.as_ref().is_some_and(|skill| skill.phase == Phase::Open);
    let state =
        if is_open { after(state, Role::ChiefJudge, Body::Close(Close { reason: None })) } else { state };
    after(state, Role::Organiser, Body::Release(Release { stage }))
}

fn person(code: &str, delegation: &str) -> Person {
    Person {
        code: code.into(),
        name: format!("name of {code}"),
        organisation: format!("works of {code}"),
        delegation: delegation.to_owned(),
        ..Person::default()
    }
}

/// A skill with these results, each code with its delegation and marks on its one aspect.
fn scored(id: &str, rules: RuleSet, results: &[(&str, &str, i32)], stage: Option<Stage>) -> Seen {
    let people: Vec<Person> = results.iter().map(|(code, delegation, _)| person(code, delegation)).collect();
    let opening = opening(rules, &people, 1);
    let mut state = after(State::new(), Role::Organiser, Body::Open(Box::new(opening)));
    for (code, _, marks) in results {
        state = marked(state, code, 1, *marks);
    }
    seen(id, people, stage.into_iter().fold(state, released))
}

/// Seen by the public, with names.
fn seen(id: &str, people: Vec<Person>, state: State) -> Seen {
    let document = SkillDocument {
        number: "01".to_owned(),
        name: Name { zh: "焊工".to_owned(), en: "Welding".to_owned() },
        occupation: String::new(),
        venue: String::new(),
        dates: Vec::new(),
        people,
        judges: Vec::new(),
        interests: Vec::new(),
    };
    let setting = SkillSetting { is_named: true, ..SkillSetting::default() };
    let visibility = Visibility::of(&setting, Audience::Public);
    let skill = Arc::new(Skill::new(id.into(), document, setting));
    Seen::new(skill, Arc::new(state), visibility)
}

fn contest() -> Arc<Competition> {
    let document = package::Competition { tier: "city".to_owned(), ..package::Competition::default() };
    Arc::new(Competition { id: "c".to_owned(), document, is_public: true, skills: Vec::new() })
}

/// Rank, name, points and awards of each delegation, from the best.
fn told(skills: &[Seen]) -> Vec<String> {
    let page = competition_page(&contest(), skills);
    let line = |name: &String| {
        let DelegationLine { rank, points, awards, competitors } = &page.delegations[name];
        let rank = rank.map_or("-".to_owned(), |rank| rank.to_string());
        let points = points.map(|points| format!(" {points} points")).unwrap_or_default();
        let awards: String = awards.iter().map(|(name, count)| format!(" {count} {name}")).collect();
        format!("{rank} {name} of {competitors}{points}{awards}")
    };
    page.delegation_order.iter().map(line).collect()
}

#[test]
fn a_delegation_stands_by_its_awards_once_they_are_out() {
    let first = [("K1", "east", 9), ("K2", "west", 8), ("K3", "north", 7)];
    let second = [("K1", "west", 9), ("K2", "east", 8), ("K3", "west", 5), ("K4", "", 3)];
    let open = scored("s1", rules(), &first, None);
    assert_eq!(told(std::slice::from_ref(&open)), ["- east of 1", "- north of 1", "- west of 1"]);
    let out = [scored("s1", rules(), &first, Some(Stage::Official)), open];
    assert_eq!(told(&out), ["1 east of 2 1 金奖", "2 west of 2 1 银奖", "- north of 2"]);
    let [out, _] = out;
    let both = [out, scored("s2", rules(), &second, Some(Stage::Provisional))];
    assert_eq!(told(&both), ["1 east of 2 1 金奖 1 银奖", "1 west of 3 1 金奖 1 银奖", "- north of 1"]);
    let page = delegation(&contest(), &both, "west").expect("a delegation");
    assert_eq!(page.order, ["s1/K2", "s2/K1", "s2/K3"]);
    assert_eq!(page.rows["s2/K1"].row.award.as_deref(), Some("金奖"));
    assert_eq!(page.rows["s2/K1"].row.name.as_deref(), Some("name of K1"));
    assert_eq!(page.rows["s1/K2"].status, Status::Official);
    assert!(delegation(&contest(), &both, "south").is_none());
}

#[test]
fn a_delegation_stands_by_points_where_the_rules_give_some() {
    let mut rules = rules();
    rules.team_points = Some(TeamPoints { by_position: vec![5, 3], rest: 1, source: "R-124".to_owned() });
    let results = [("K1", "east", 9), ("K2", "west", 8), ("K3", "west", 7), ("K4", "west", 6)];
    let out = [scored("s1", rules, &results, Some(Stage::Official))];
    // Five points each, and the higher place of one is worth more.
    assert_eq!(told(&out), ["1 east of 1 5 points 1 金奖", "2 west of 3 5 points 1 银奖"]);
}

#[test]
fn a_board_says_its_status() {
    let results = [("K1", "east", 9), ("K2", "west", 8)];
    let people = vec![person("K1", "east"), person("K2", "west")];
    let opened = || {
        let opening = opening(rules(), &people, 1);
        after(State::new(), Role::Organiser, Body::Open(Box::new(opening)))
    };
    let closed = after(opened(), Role::ChiefJudge, Body::Close(Close { reason: None }));
    let mut frozen = scored("s", rules(), &results, Some(Stage::Official));
    frozen.visibility.frozen_at = Some(3);
    for (seen, status, cards) in [
        (seen("s", people.clone(), State::new()), Status::Upcoming, (0, 0)),
        (seen("s", people.clone(), opened()), Status::InProgress, (1, 0)),
        (seen("s", people.clone(), closed), Status::UnderReview, (0, 0)),
        (scored("s", rules(), &results, None), Status::UnderReview, (0, 0)),
        (scored("s", rules(), &results, Some(Stage::Provisional)), Status::Provisional, (0, 1)),
        (scored("s", rules(), &results, Some(Stage::Publicised)), Status::Publicised, (0, 1)),
        (scored("s", rules(), &results, Some(Stage::Official)), Status::Official, (0, 1)),
        (frozen, Status::Frozen, (0, 1)),
    ] {
        assert_eq!(board(&contest(), &seen).status, status);
        let home = home(&[(contest(), vec![seen])]);
        let card = &home.competitions["c"];
        assert_eq!((card.live, card.released, card.competitors), (cards.0, cards.1, 2), "{status:?}");
        assert_eq!(home.live.len(), usize::try_from(cards.0).expect("few"));
    }
}

#[test]
fn what_is_not_there_yet_is_left_out() {
    let people = vec![person("K1", "east"), person("K2", "west")];
    let board = board(&contest(), &seen("s", people, State::new()));
    let text = serde_json::to_string(&View::Board(board)).expect("JSON");
    assert!(!text.contains("null") && !text.contains("session") && !text.contains("criteria"), "{text}");
}

#[test]
fn a_team_is_one_row_with_all_its_names() {
    let member = |code: &str| Person { team: "T1".to_owned(), ..person(code, "east") };
    let people = vec![member("K1"), Person { organisation: "works of K1".to_owned(), ..member("K2") }];
    let opening = opening(rules(), &people, 1);
    let state = after(State::new(), Role::Organiser, Body::Open(Box::new(opening)));
    let board = board(&contest(), &seen("s", people, state));
    let row = &board.rows["T1"];
    assert_eq!(row.name.as_deref(), Some("name of K1、name of K2"));
    assert_eq!(row.organisation.as_deref(), Some("works of K1"));
    assert_eq!(row.delegation.as_deref(), Some("east"));
}

#[test]
fn a_sealed_delegation_counts_nobody_even_when_somebody_leaves() {
    let results = [("K1", "east", 9), ("K2", "east", 8)];
    let mut sealed = scored("s", rules(), &results, None);
    sealed.visibility.is_anonymous = true;
    assert!(told(std::slice::from_ref(&sealed)).is_empty());
    let absent = Body::Absent(Absent { competitor: "K1".into(), reason: None });
    let state = after(State::clone(&sealed.state), Role::ChiefJudge, absent);
    let sealed = Seen { state: Arc::new(state), ..sealed };
    assert!(told(std::slice::from_ref(&sealed)).is_empty());
    let out = Seen { state: Arc::new(released(State::clone(&sealed.state), Stage::Official)), ..sealed };
    assert_eq!(told(&[out]), ["1 east of 1 1 金奖"]);
}

#[test]
fn a_frozen_board_still_shows_its_clock() {
    let mut frozen = scored("s", rules(), &[("K1", "east", 9)], None);
    let session = SessionClock { label: "C1".to_owned(), from: 0, until: 1 };
    let freeze = Freeze { seq: 2, at: 5, by: "organiser".to_owned() };
    let setting =
        SkillSetting { session: Some(session.clone()), frozen: Some(freeze), ..SkillSetting::default() };
    frozen.visibility = Visibility::of(&setting, Audience::Public);
    frozen.skill = Arc::new(Skill { setting, ..Skill::clone(&frozen.skill) });
    let board = board(&contest(), &frozen);
    assert_eq!((board.status, board.session), (Status::Frozen, Some(session)));
    let staff = Visibility::of(&frozen.skill.setting, Audience::Staff);
    assert_eq!(staff.frozen_at, None);
}
