//! The draw and its layers of codes, from the first commitment to the opening in reverse (R-150 to R-157).
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

#[expect(dead_code, reason = "each file of tests uses a part of it")]
mod support;

use std::collections::BTreeMap;

use domain::access::Role;
use domain::draw::{Codes, Lot, commitment, list_hash};
use domain::id::{CompetitorCode, EntryId};
use domain::marking::{
    Body, Close, Coding, Countersign, Countersigned, Draw, Entrant, Layer, Opening, Redraw, Sign, Unseal,
};
use support::{Hall, Plan, direct, judged, reason, rules_with, seat};

const SEED: &str = "双色球 2026138 03 08 12 19 25 31 + 07";
const SIGN_OFF: &str = r#"sign_off = { competitor_sees = "marks", source = "R-158" }"#;

fn secret(layer: u32) -> String {
    format!("{layer:064x}")
}

fn list() -> Vec<CompetitorCode> {
    ["A001", "A002", "A003"].map(CompetitorCode::from).to_vec()
}

fn kind(layer: u32) -> Codes {
    if layer == 2 { Codes::Numbers } else { Codes::Random }
}

fn layer(layer: u32, of: u32) -> Layer {
    Layer {
        codes: kind(layer),
        commitment: commitment(&secret(layer)),
        is_sealed: true,
        layer,
        list: list_hash(&list()),
        of,
        source: "双色球 2026138 期".into(),
    }
}

/// What each layer gives to whom, the outermost first.
fn drawn(of: u32) -> Vec<BTreeMap<CompetitorCode, CompetitorCode>> {
    let (mut from, mut drawn) = (list(), Vec::new());
    for layer in 1..=of {
        let lot = Lot { skill: "skill-1", layer, secret: &secret(layer), seed: SEED };
        let codes = lot.draw(&from, kind(layer));
        from = codes.values().cloned().collect();
        drawn.push(codes);
    }
    drawn
}

fn draw(of: u32) -> Draw {
    let sorted = |codes: BTreeMap<_, CompetitorCode>| {
        let mut codes: Vec<CompetitorCode> = codes.into_values().collect();
        codes.sort();
        codes
    };
    Draw { codes: drawn(of).into_iter().map(sorted).collect(), seed: SEED.into() }
}

fn unseal(layer: u32) -> Unseal {
    Unseal { layer, list: if layer == 1 { list() } else { Vec::new() }, secret: secret(layer) }
}

fn coding(hall: &Hall) -> &Coding {
    hall.state.coding.as_deref().expect("a draw")
}

/// A registrar asks.
fn encode(hall: &mut Hall, who: &str, body: Body) -> String {
    hall.ask(Role::Registrar, who, body)
}

/// Two ask: who opens a layer, and the witness.
fn open(hall: &mut Hall, who: &str, unseal: Unseal) -> String {
    let command = hall.command(Role::Registrar, who, Some("witness"), Body::Unseal(unseal));
    hall.enter(command)
}

/// All layers committed to, and drawn.
fn made(of: u32) -> Hall {
    let mut hall = Hall::default();
    for number in 1..=of {
        let who = format!("registrar-{number}");
        assert_eq!(encode(&mut hall, &who, Body::Layer(layer(number, of))), "accepted");
    }
    assert_eq!(encode(&mut hall, "registrar-1", Body::Draw(draw(of))), "accepted");
    hall
}

/// A sheet is signed by its judges and its competitor, and locked.
fn lock(hall: &mut Hall, code: &str) {
    hall.sign_all(code, "A1");
    let Sign { competitor, drawing, reason, sheet, sub_criterion, .. } = hall.signature("J1", code, "A1");
    let how = Countersigned::Signed;
    let word = Countersign { competitor, drawing, how, reason, sheet, sub_criterion };
    assert_eq!(hall.ask(Role::Judge, "J1", Body::Countersign(word)), "accepted");
    assert_eq!(hall.lock(code, "A1"), "accepted");
}

fn plan(entrants: Vec<CompetitorCode>) -> Plan {
    let mut plan = Plan::of(0).sub("A1", vec![judged("A1.1", 100), direct("A1.2", 100)]);
    plan.competitors = entrants.into_iter().map(|code| Entrant { code, group: "".into() }).collect();
    plan
}

/// The opening of a skill with the codes of the draw that stands.
fn opening(hall: &Hall, plan: &Plan) -> Body {
    let draw = hall.state.coding.as_ref().and_then(|coding| coding.drawn);
    Body::Open(Box::new(Opening { draw, ..plan.opening() }))
}

/// R-151: every layer by another person, all over one list, and the seed after all of them.
#[test]
fn layers_are_made_by_different_people_before_the_seed_is_known() {
    let mut hall = Hall::default();
    assert_eq!(encode(&mut hall, "ann", Body::Draw(draw(3))), "refused layers_missing");
    assert_eq!(hall.ask(Role::Organiser, "org", Body::Layer(layer(1, 3))), "refused not_allowed");
    assert_eq!(hall.ask(Role::Judge, "J1", Body::Layer(layer(1, 3))), "refused not_allowed");
    for unsound in [
        layer(1, 4),
        layer(0, 3),
        layer(3, 2),
        layer(1, 0),
        Layer { source: String::new(), ..layer(1, 3) },
        Layer { source: "two\nlines".into(), ..layer(1, 3) },
    ] {
        assert_eq!(encode(&mut hall, "ann", Body::Layer(unsound)), "refused layer_unsound");
    }
    assert_eq!(encode(&mut hall, "ann", Body::Layer(layer(2, 3))), "accepted");
    assert_eq!(encode(&mut hall, "bob", Body::Layer(layer(2, 3))), "refused already_so");
    assert_eq!(encode(&mut hall, "ann", Body::Layer(layer(1, 3))), "refused same_maker");
    for other in [
        layer(1, 2),
        Layer { list: list_hash(&[]), ..layer(1, 3) },
        Layer { source: "another".into(), ..layer(1, 3) },
    ] {
        assert_eq!(encode(&mut hall, "bob", Body::Layer(other)), "refused layers_differ");
    }
    assert_eq!(encode(&mut hall, "bob", Body::Layer(layer(1, 3))), "accepted");
    assert_eq!(encode(&mut hall, "ann", Body::Draw(draw(3))), "refused layers_missing");
    assert_eq!(encode(&mut hall, "cai", Body::Layer(layer(3, 3))), "accepted");
    let mut unsorted = draw(3);
    unsorted.codes[1].reverse();
    let mut fewer = draw(3);
    fewer.codes[2].pop();
    for unsound in [unsorted, fewer, draw(2), Draw { seed: " ".into(), ..draw(3) }] {
        assert_eq!(encode(&mut hall, "ann", Body::Draw(unsound)), "refused codes_unsound");
    }
    assert_eq!(encode(&mut hall, "ann", Body::Draw(draw(3))), "accepted");
    assert_eq!(encode(&mut hall, "ann", Body::Draw(draw(3))), "refused drawn_already");
    assert_eq!(encode(&mut hall, "dan", Body::Layer(layer(1, 3))), "refused drawn_already");
    assert_eq!(coding(&hall).innermost(), Some(draw(3).codes[2].as_slice()));
    hall.verify();
}

/// R-152, R-151: a skill with a draw opens with the innermost codes, and without a judge who made a layer.
#[test]
fn a_skill_opens_with_the_innermost_codes_alone() {
    let open = |hall: &mut Hall, plan: &Plan| {
        let opening = opening(hall, plan);
        hall.ask(Role::Organiser, "organiser", opening)
    };
    let mut hall = Hall::default();
    assert_eq!(encode(&mut hall, "registrar-1", Body::Layer(layer(1, 1))), "accepted");
    assert_eq!(open(&mut hall, &plan(list())), "refused draw_unfinished");
    let mut hall = made(3);
    assert_eq!(open(&mut hall, &plan(list())), "refused entrants_not_drawn");
    assert_eq!(open(&mut hall, &plan(draw(3).codes[0].clone())), "refused entrants_not_drawn");
    let inner = plan(draw(3).codes[2].clone());
    let with_maker = inner.clone().seats(["J1", "J2", "registrar-2"].map(seat).to_vec());
    assert_eq!(open(&mut hall, &with_maker), "refused layer_marks");
    // Not with the codes of another draw, though they look the same, nor as if there was none.
    let drawn = coding(&hall).drawn;
    for draw in [None, drawn.map(|id| EntryId(id.0 + 1))] {
        let other = Opening { draw, ..inner.opening() };
        let asked = hall.ask(Role::Organiser, "organiser", Body::Open(Box::new(other)));
        assert_eq!(asked, "refused entrants_not_drawn");
    }
    assert_eq!(open(&mut hall, &inner), "accepted");
    assert_eq!(encode(&mut hall, "dan", Body::Layer(layer(1, 3))), "refused already_open");
    let thrown = hall.command(Role::Organiser, "org", Some("sup"), Body::Redraw(Redraw { reason: reason() }));
    assert_eq!(hall.enter(thrown), "refused already_open");
    hall.verify();
}

/// R-155: from the innermost outwards, after every sheet is locked and marking is over, by two, with the
/// secret that was committed to.
#[test]
fn layers_are_opened_in_reverse_by_two_when_everything_is_locked() {
    let mut hall = made(3);
    let plan = plan(draw(3).codes[2].clone()).ruled(rules_with(&[SIGN_OFF]));
    let opening = opening(&hall, &plan);
    assert_eq!(open(&mut hall, "registrar-3", unseal(3)), "refused not_open");
    assert_eq!(hall.ask(Role::Organiser, "organiser", opening), "accepted");
    let codes: Vec<String> = draw(3).codes[2].iter().map(ToString::to_string).collect();
    for code in &codes {
        hall.mark_all(code, "A1.1", ["1", "1", "1"]);
        assert_eq!(hall.mark("J1", code, "A1.2", "1"), "accepted");
    }
    assert_eq!(open(&mut hall, "registrar-3", unseal(3)), "refused marking_still_open");
    for code in &codes[1..] {
        lock(&mut hall, code);
    }
    assert_eq!(hall.ask(Role::ChiefJudge, "chief", Body::Close(Close { reason: None })), "accepted");
    assert_eq!(open(&mut hall, "registrar-3", unseal(3)), "refused sheets_unlocked");
    lock(&mut hall, &codes[0]);
    assert_eq!(open(&mut hall, "registrar-1", unseal(1)), "refused layer_out_of_order");
    let wrong = Unseal { secret: secret(2), ..unseal(3) };
    assert_eq!(open(&mut hall, "registrar-3", wrong), "refused secret_wrong");
    let listed = Unseal { list: list(), ..unseal(3) };
    assert_eq!(open(&mut hall, "registrar-3", listed), "refused secret_wrong");
    assert_eq!(encode(&mut hall, "registrar-3", Body::Unseal(unseal(3))), "refused second_needed");
    let own = hall.command(Role::Registrar, "eve", Some("eve"), Body::Unseal(unseal(3)));
    assert_eq!(hall.enter(own), "refused second_needed");
    for role in [Role::Organiser, Role::ChiefJudge, Role::Supervisor, Role::Judge] {
        let other = hall.command(role, "somebody", Some("witness"), Body::Unseal(unseal(3)));
        assert_eq!(hall.enter(other), "refused not_allowed", "{role:?}");
    }
    assert_eq!(open(&mut hall, "registrar-3", unseal(3)), "accepted");
    assert_eq!(coding(&hall).opened(), None);
    assert_eq!(open(&mut hall, "registrar-2", unseal(2)), "accepted");
    let other_list = Unseal { list: list()[1..].to_vec(), ..unseal(1) };
    assert_eq!(open(&mut hall, "registrar-1", other_list), "refused secret_wrong");
    assert_eq!(open(&mut hall, "registrar-1", unseal(1)), "accepted");
    assert_eq!(open(&mut hall, "registrar-1", unseal(1)), "refused already_so");
    let layers = drawn(3);
    let through = |unit: CompetitorCode| {
        let code = layers.iter().fold(unit.clone(), |code, layer| layer[&code].clone());
        (unit, code)
    };
    assert_eq!(coding(&hall).opened(), Some(list().into_iter().map(through).collect()));
    hall.verify();
}

/// A public draw has one layer and is told at once, by whoever makes it; no two persons, since nothing is
/// kept back.
#[test]
fn a_public_draw_is_told_at_once() {
    let public = Layer { is_sealed: false, ..layer(1, 1) };
    let mut hall = Hall::default();
    let two = Layer { is_sealed: false, ..layer(1, 2) };
    assert_eq!(hall.ask(Role::Organiser, "org", Body::Layer(two)), "refused layer_unsound");
    assert_eq!(hall.ask(Role::Organiser, "org", Body::Layer(public)), "accepted");
    assert_eq!(hall.ask(Role::Organiser, "org", Body::Unseal(unseal(1))), "refused nothing_drawn");
    assert_eq!(hall.ask(Role::Organiser, "org", Body::Draw(draw(1))), "accepted");
    assert_eq!(hall.ask(Role::Organiser, "org", Body::Unseal(unseal(1))), "accepted");
    assert_eq!(coding(&hall).opened().as_ref(), drawn(1).first());
    hall.verify();
}

/// Thrown away by two with a reason, what was committed to counts no longer; the ledger keeps it.
#[test]
fn a_draw_thrown_away_begins_anew() {
    let mut hall = made(2);
    let thrown = |hall: &mut Hall, second, reason| {
        let command = hall.command(Role::Organiser, "org", second, Body::Redraw(Redraw { reason }));
        hall.enter(command)
    };
    assert_eq!(thrown(&mut hall, Some("sup"), None), "refused reason_needed");
    assert_eq!(thrown(&mut hall, None, reason()), "refused second_needed");
    let by_registrar = Body::Redraw(Redraw { reason: reason() });
    assert_eq!(encode(&mut hall, "registrar-1", by_registrar), "refused not_allowed");
    assert_eq!(thrown(&mut hall, Some("sup"), reason()), "accepted");
    assert_eq!(hall.state.coding, None);
    assert_eq!(thrown(&mut hall, Some("sup"), reason()), "refused nothing_drawn");
    let late = Opening { draw: Some(EntryId(1)), ..plan(draw(2).codes[1].clone()).opening() };
    let late = hall.ask(Role::Organiser, "organiser", Body::Open(Box::new(late)));
    assert_eq!(late, "refused entrants_not_drawn", "the codes of a draw that was thrown away");
    assert_eq!(encode(&mut hall, "registrar-2", Body::Layer(layer(1, 1))), "accepted");
    hall.verify();
}
