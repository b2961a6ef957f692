//! The ledger that `docs/ledger.md` explains: three competitors, three aspects, and every kind of
//! entry at least once.

use domain::access::Role;
use domain::draw::{Codes, Lot, commitment, list_hash};
use domain::id::{CompetitorCode, EntryId, JudgeCode};
use domain::marking::{
    Absent, Alarm, Appeal, AppealStep, AskUnlock, Body, Close, Conflict, Countersign, Countersigned,
    Disqualify, Draw, Entrant, Exchange, ExtraTime, Layer, Lock, Moment, Opening, Override, Panel, Penalty,
    Redraw, Release, Rescore, Reseat, Resolve, Seat, Settle, Sign, Stage, Unlock, Unseal, Void, VoidAspect,
    VoidHow, Withdraw,
};
use domain::number::{Decimal, Mark};
use domain::rules::{CompetitorSees, SignOffRules, preset};
use domain::scheme::{Aspect, Calculation, Criterion, Method, PanelScoring, Scheme, SubCriterion};
use domain::scoring::Value;

use super::LedgerBuilder;
use super::act::{Act, number, reason};

/// The example, always the same.
pub(crate) fn ledger() -> LedgerBuilder {
    let mut ledger = LedgerBuilder::new("example", 1);
    let ada = |ledger: &mut LedgerBuilder, body| send(ledger, Act::new(body));
    draw_and_throw_away(&mut ledger);
    send(&mut ledger, Act::new(Body::Open(Box::new(opening()))).by("organiser", Role::Organiser).alone());
    for (at, competitor) in ["K7", "M2", "Q4"].map(CompetitorCode::from).into_iter().enumerate() {
        let at = 1_760_000_000_000 + i64::try_from(at).expect("small") * 60_000;
        ada(&mut ledger, Body::Start(Moment { at, competitor: competitor.clone() }));
        ada(&mut ledger, Body::Stop(Moment { at: at + 3_600_000, competitor }));
    }
    let minutes = 5;
    let power_cut = ExtraTime { competitor: "M2".into(), minutes, reason: reason("power cut") };
    ada(&mut ledger, Body::ExtraTime(power_cut));

    // Judgement: round 1 is too far apart, round 2 counts.
    scores(&mut ledger, "K7", 1, ["1", "2", "3"]);
    scores(&mut ledger, "K7", 2, ["2", "2", "3"]);
    scores(&mut ledger, "M2", 1, ["2", "2", "2"]);
    let asked = Rescore { aspect: "A1.01".into(), competitor: "M2".into(), reason: reason("unclear") };
    ada(&mut ledger, Body::Rescore(asked));
    scores(&mut ledger, "M2", 2, ["3", "3", "2"]);

    // Measurement: two judges enter different values, a person chooses.
    let first = say(&mut ledger, "J1", "K7", "A1.02", number("3"), None);
    say(&mut ledger, "J1", "M2", "A1.02", number("4"), None);
    let other = say(&mut ledger, "J2", "K7", "A1.02", number("2"), None); // conflict
    let choice = Resolve { drop: Some(first), keep: Some(other), reason: reason("counted again") };
    ada(&mut ledger, Body::Resolve(choice));
    say(&mut ledger, "J1", "K7", "A1.02", number("9"), Some(other)); // refused

    // A judge goes after the first competitor; another goes on in that seat. Of the second competitor a
    // judge is a relative, and somebody stands in.
    for (judge, value) in [("J1", "8.5"), ("J2", "9"), ("J3", "9.25")] {
        say(&mut ledger, judge, "K7", "B1.01", number(value), None);
    }
    let ill = Reseat {
        competitor: None,
        conflicts: Vec::new(),
        judge: Some("J4".into()),
        leaves: "J3".into(),
        reason: reason("taken ill"),
        sub_criterion: "B1".into(),
    };
    let related = Reseat {
        competitor: Some("M2".into()),
        conflicts: vec!["K7".into()],
        judge: Some("J5".into()),
        leaves: "J2".into(),
        reason: reason("a relative"),
        ..ill.clone()
    };
    ada(&mut ledger, Body::Reseat(ill));
    ada(&mut ledger, Body::Reseat(related));
    for (judge, value) in [("J1", "7"), ("J5", "9"), ("J4", "9.5")] {
        say(&mut ledger, judge, "M2", "B1.01", number(value), None);
    }

    ada(&mut ledger, Body::Absent(Absent { competitor: "Q4".into(), reason: None }));
    let absent = last(&ledger);
    ada(&mut ledger, Body::Void(Void { entry: absent, reason: reason("came late") }));
    ada(&mut ledger, Body::Withdraw(Withdraw { competitor: "Q4".into(), reason: reason("ill") }));
    let found = Disqualify { competitor: "Q4".into(), reason: reason("a phone") };
    ada(&mut ledger, Body::Disqualify(found));
    ada(
        &mut ledger,
        Body::Penalty(Penalty { competitor: "M2".into(), marks: Mark(25), reason: reason("oil") }),
    );
    let swapped = Exchange {
        competitor: "K7".into(),
        other: "M2".into(),
        reason: reason("codes mixed up"),
        sub_criterion: "B1".into(),
    };
    ada(&mut ledger, Body::Exchange(swapped));
    let worn = VoidAspect { aspect: "A1.02".into(), how: VoidHow::Full, reason: reason("worn gauge") };
    ada(&mut ledger, Body::VoidAspect(worn));

    sign_and_lock(&mut ledger, "K7");
    let late = say(&mut ledger, "J1", "K7", "A1.02", number("4"), Some(other)); // late
    let turned_away = Resolve { drop: Some(late), keep: Some(other), reason: reason("not seen in time") };
    ada(&mut ledger, Body::Resolve(turned_away));
    let (aspect, competitor, judge) = ("A1.02".into(), "K7".into(), "J2".into());
    let asks = AskUnlock { aspect, competitor, judge, reason: reason("typed wrongly") };
    send(&mut ledger, Act::new(Body::AskUnlock(asks)).by("J2", Role::Judge).alone());
    let typed = Unlock { aspect: "A1.02".into(), competitor: "K7".into(), reason: reason("typed wrongly") };
    ada(&mut ledger, Body::Unlock(typed));

    ada(&mut ledger, Body::Close(Close { reason: None }));
    let order = ["K7", "M2"].map(CompetitorCode::from).to_vec();
    ada(&mut ledger, Body::Settle(Settle { order, reason: reason("by lot") }));
    let filed = Appeal { competitor: "M2".into(), reason: reason("timing"), step: AppealStep::Filed };
    send(&mut ledger, Act::new(Body::Appeal(filed)).by("arbitrator", Role::Arbitrator).alone());
    let decided = Override {
        award: Some("特别奖".into()),
        competitor: "M2".into(),
        document: "组委会〔2026〕1 号".into(),
        position: None,
        reason: reason("a life saved"),
    };
    let second = Some("chief".to_owned());
    let act = Act { second, ..Act::new(Body::Override(decided)) }.by("organiser", Role::Organiser);
    send(&mut ledger, act);
    let alarm = Alarm { code: "other_bytes".into(), device: "tablet-J2".into(), dseq: 1, entry: first };
    send(&mut ledger, Act::new(Body::Alarm(alarm)).by("server", Role::Server).alone());
    ada(&mut ledger, Body::Release(Release { stage: Stage::Provisional }));
    ledger
}

/// A public draw of the order, which somebody missing makes void.
fn draw_and_throw_away(ledger: &mut LedgerBuilder) {
    let by = |body| Act::new(body).by("organiser", Role::Organiser);
    let list = ["A001", "A002"].map(CompetitorCode::from).to_vec();
    let (secret, seed) = ("0123456789abcdef".repeat(4), "2026138 03 08 12 19 25 31 + 07");
    let layer = Layer {
        codes: Codes::Numbers,
        commitment: commitment(&secret),
        is_sealed: false,
        layer: 1,
        list: list_hash(&list),
        of: 1,
        source: "lottery 2026138".into(),
    };
    send(ledger, by(Body::Layer(layer)).alone());
    let codes = Lot { skill: "example", layer: 1, secret: &secret, seed }.codes(2, Codes::Numbers);
    send(ledger, by(Body::Draw(Draw { codes: vec![codes], seed: seed.into() })).alone());
    send(ledger, by(Body::Unseal(Unseal { layer: 1, list, secret })).alone());
    let second = Some("supervisor".to_owned());
    let missing = Body::Redraw(Redraw { reason: reason("Q4 was not on the list") });
    send(ledger, Act { second, ..by(missing) });
}

fn opening() -> Opening {
    let aspect = |id: &str, max, method, description: &str| Aspect {
        description: description.into(),
        id: id.into(),
        max: Mark(max),
        measured_in: String::new(),
        method,
        note: String::new(),
        part: None,
        requirement: String::new(),
        section: None,
    };
    let rungs = ["rough", "even", "even and clean", "flawless"].map(String::from);
    let panel = PanelScoring {
        drop_high: 0,
        drop_low: 0,
        factor: Decimal(100_000),
        score_max: Decimal::whole(10),
        score_min: Decimal::whole(0),
        score_step: Decimal(250_000),
    };
    let drilled = Method::Measurement(Calculation::NumberCompleted { possible: 4 });
    let form =
        |id: &str, name: &str, aspects| SubCriterion { aspects, day: 1, id: id.into(), name: name.into() };
    let joint = form(
        "A1",
        "Joint",
        vec![
            aspect("A1.01", 100, Method::Judgement { rungs }, "Seam"),
            aspect("A1.02", 50, drilled, "Holes drilled"),
        ],
    );
    let look = form("B1", "Look", vec![aspect("B1.01", 100, Method::Panel(panel), "Impression")]);
    let criterion =
        |id: &str, name: &str, sub| Criterion { id: id.into(), name: name.into(), sub_criteria: vec![sub] };
    let criteria = vec![criterion("A", "Making", joint), criterion("B", "Appearance", look)];
    let scheme = Scheme { criteria, parts: Vec::new(), sections: Vec::new() };
    let mut rules = preset("enterprise-drill").expect("a preset");
    rules.judgement.judges = Some(3);
    rules.judgement.spread_max = Some(1);
    let source = "Leitai's own example [U]".to_owned();
    rules.sign_off = Some(SignOffRules { competitor_sees: CompetitorSees::Aspects, source });
    let competitors = ["K7", "M2", "Q4"].map(|code| Entrant { code: code.into(), group: "".into() }).to_vec();
    let seats = ["J1", "J2", "J3"].map(|judge| Seat { counts: true, judge: judge.into() }).to_vec();
    let panels = ["A1", "B1"].map(|id| Panel { seats: seats.clone(), sub_criterion: id.into() }).to_vec();
    let conflicts = vec![Conflict { competitor: "Q4".into(), judge: "J6".into() }];
    Opening { conflicts, ..Opening::new(scheme, rules, competitors, panels).expect("canonical") }
}

fn send(ledger: &mut LedgerBuilder, act: Act) -> EntryId {
    ledger.send(act).entry.id
}

fn last(ledger: &LedgerBuilder) -> EntryId {
    ledger.entries[ledger.entries.len() - 1].entry.id
}

fn say(
    ledger: &mut LedgerBuilder,
    judge: &str,
    competitor: &str,
    aspect: &str,
    value: Value,
    base: Option<EntryId>,
) -> EntryId {
    send(ledger, Act::mark(&judge.into(), &competitor.into(), &aspect.into(), value).base(base))
}

fn scores(ledger: &mut LedgerBuilder, competitor: &str, round: u32, said: [&str; 3]) {
    for (judge, value) in ["J1", "J2", "J3"].map(JudgeCode::from).iter().zip(said) {
        let act = Act::mark(judge, &competitor.into(), &"A1.01".into(), number(value));
        send(ledger, act.round(round));
    }
}

fn sign_and_lock(ledger: &mut LedgerBuilder, competitor: &str) {
    let skill = ledger.skill();
    let (row, sub) = (skill.row(&competitor.into()), skill.sub(&"A1".into()));
    let sheet = skill.sheet_digest(row.expect("a competitor"), sub.expect("a sub-criterion"));
    let (competitor, sub_criterion) = (CompetitorCode::from(competitor), "A1".into());
    for judge in ["J1", "J2", "J3"] {
        let sign = Sign {
            competitor: competitor.clone(),
            drawing: None,
            judge: judge.into(),
            reason: None,
            sheet,
            sub_criterion: "A1".into(),
        };
        send(ledger, Act::new(Body::Sign(sign)).by(judge, Role::Judge).alone());
    }
    let word = Countersign {
        competitor: competitor.clone(),
        drawing: None,
        how: Countersigned::Signed,
        reason: None,
        sheet,
        sub_criterion: "A1".into(),
    };
    send(ledger, Act::new(Body::Countersign(word)).by("J1", Role::Judge).alone());
    send(ledger, Act::new(Body::Lock(Lock { competitor, sub_criterion })));
}
