//! Commands made of arbitrary bytes: valid, half valid and absurd ones, in every state.

use domain::access::Role;
use domain::draw::{Codes, Lot, commitment, list_hash};
use domain::id::{CompetitorCode, EntryId};
use domain::ledger::{Command, Hash, Sealed};
use domain::marking::{
    Alarm, Appeal, AppealStep, Body, Countersign, Countersigned, Decline, Draw, Layer, Moment, Override,
    Penalty, Redraw, Reseat, Settle, Sign, Stage, Stamp, Unseal, VoidHow, decide, evolve,
};
use domain::number::{self, Decimal};
use domain::scheme::{Band, Calculation, Choice, Method, Unit};
use domain::scoring::Value;

use super::*;

const ROLES: [Role; 10] = [
    Role::Organiser,
    Role::SkillManager,
    Role::ChiefJudge,
    Role::Judge,
    Role::FloorJudge,
    Role::Scorekeeper,
    Role::Arbitrator,
    Role::Supervisor,
    Role::Importer,
    Role::Server,
];
const COMPETITORS: [&str; 7] = ["C1", "C2", "C3", "C4", "C5", "C9", ""];
const ASPECTS: [&str; 9] = ["A1.1", "A1.2", "A1.3", "A1.4", "A2.1", "A2.2", "A2.3", "A2.4", "Z"];
const JUDGES: [&str; 6] = ["J1", "J2", "J3", "J4", "T", "J9"];
const SUBS: [&str; 5] = ["A1", "A2", "A1", "A2", "Z1"];
const EXTREMES: [i64; 8] =
    [0, 1, -1, i64::MAX, i64::MIN, 9_007_199_254_740_991, -9_007_199_254_740_992, 1_790_000_000_000];

/// Plays the bytes as a whole session in one of several skills. What cannot be written is left out,
/// as a server would answer it without entering it.
pub(crate) fn play(bytes: &[u8]) -> Hall {
    let mut dice = Dice(bytes.iter());
    let mut hall = Hall::default();
    let plan = plan(&mut dice);
    if dice.roll(8) > 0 {
        hall = plan.open();
    }
    while !dice.0.as_slice().is_empty() && hall.entries.len() < 400 {
        match dice.roll(12) {
            0 => dice.fill(&mut hall),
            1 => dice.finish(&mut hall),
            _ => {}
        }
        let command = dice.command(&mut hall, &plan);
        let now = if dice.roll(8) == 0 { dice.extreme() } else { 1_790_000_000_000 };
        try_enter(&mut hall, command, now);
    }
    hall
}

/// Enters a command unless it cannot be written at all.
fn try_enter(hall: &mut Hall, command: Command, now: i64) {
    let stamp = Stamp { ledger: "skill-1".into(), now };
    let device = command.device.to_string();
    match decide(&hall.state, command, &stamp) {
        Ok(decided) => {
            hall.state = evolve(std::mem::take(&mut hall.state), &decided.sealed);
            hall.entries.push(decided.sealed);
        }
        Err(_) => *hall.dseqs.entry(device).or_insert(1) -= 1, // answered, not entered: the number is free
    }
}

/// Folds entries from nothing.
pub(crate) fn fold(entries: &[Sealed]) -> State {
    entries.iter().fold(State::new(), evolve)
}

/// Everything that can be read from a state, as text.
pub(crate) fn picture(state: &State) -> String {
    let Some(skill) = &state.skill else { return format!("{:?}", state.head) };
    let rows = 0..skill.competitors.len();
    let columns = skill.board.columns().len();
    let cells: Vec<_> = rows
        .clone()
        .flat_map(|row| (0..columns).map(move |column| (row, column)))
        .map(|(row, column)| {
            (skill.cell(row, column), skill.mark_of(row, column), skill.board.mark(row, column))
        })
        .collect();
    let sheets: Vec<_> = rows.flat_map(|row| (0..2).map(move |sub| skill.sheet(row, sub))).collect();
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        state.head,
        skill.phase,
        skill.competitors,
        skill.pending,
        skill.settled,
        cells,
        sheets,
        standings(skill)
    )
}

/// A skill of every kind of aspect, with or without parts, rounding here or there.
fn plan(dice: &mut Dice<'_>) -> Plan {
    let measured = |id: &str, calculation| aspect(id, 200, Method::Measurement(calculation));
    let choice = |label: &str, deduction| Choice { deduction: Decimal(deduction), label: label.into() };
    let band = |lower, upper, deduction| Band {
        deduction: Decimal(deduction),
        lower: Decimal(lower),
        upper: Decimal(upper),
    };
    let first = vec![
        judged("A1.1", 200),
        direct("A1.2", 100),
        averaged("A1.3", 1),
        measured("A1.4", Calculation::NumberCompleted { possible: 7 }),
    ];
    let second = vec![
        measured("A2.1", Calculation::PassFail),
        measured(
            "A2.2",
            Calculation::Choice {
                choices: vec![choice("full", 0), choice("part", 333_333)],
                unit: Unit::Unit,
            },
        ),
        measured(
            "A2.3",
            Calculation::Ranged {
                bands: vec![band(0, 50_000, 0), band(50_000, 100_000, 500_000)],
                target: Decimal::whole(10),
                unit: Unit::Unit,
            },
        ),
        measured(
            "A2.4",
            Calculation::Difference {
                deduction: Decimal(250_000),
                per: Decimal::ONE,
                per_unit: Unit::Unit,
                target: Decimal::whole(20),
                unit: Unit::Unit,
            },
        ),
    ];
    let mut seats = ["J1", "J2", "J3", "J4"].map(seat).to_vec();
    seats.push(trainee("T"));
    let mut lines = Vec::new();
    let is_at_total = dice.roll(2) == 1;
    if is_at_total {
        lines.push(r#"rounding = { position = "at_total", source = "R-052" }"#);
    }
    if dice.roll(2) == 1 {
        lines.push(r#"scale = { formula = "mean_sigma", centre = 500, spread = 30, source = "R-072" }"#);
    }
    if dice.roll(2) == 1 {
        lines.push(r#"ranking = { chain = [{ key = "time", better = "lower" }, { key = "judgement", better = "higher" }], end = "draw", source = "R-083" }"#);
    }
    if dice.roll(2) == 1 {
        lines.push(r#"penalties = { cap = "5.00", source = "R-058" }"#);
    }
    // Millionths of a measured difference are too fine for exact sums; such a skill cannot open.
    let second = if is_at_total { second[..3].to_vec() } else { second };
    let mut plan = Plan::of(5).ruled(rules_with(&lines)).seats(seats);
    for (at, entrant) in plan.competitors.iter_mut().enumerate() {
        entrant.group = if at < 3 { "one".into() } else { "two".into() };
    }
    if dice.roll(2) == 1 {
        plan = plan.parts(vec![part("theory", 30), part("practice", 70)]);
        let put = |name: &str, aspects: Vec<_>| aspects.into_iter().map(|a| in_part(name, a)).collect();
        plan.sub("A1", put("theory", first)).sub("A2", put("practice", second))
    } else {
        plan.sub("A1", first).sub("A2", second)
    }
}

/// Choices out of bytes; zeros once they are used up.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn roll(&mut self, sides: u8) -> u8 {
        self.0.next().copied().unwrap_or(0) % sides
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        let sides = u8::try_from(all.len()).expect("a short list");
        all[usize::from(self.roll(sides))].clone()
    }

    fn extreme(&mut self) -> i64 {
        self.pick(&EXTREMES)
    }

    /// An id of the ledger so far, or one that is not there.
    fn entry(&mut self, hall: &Hall) -> EntryId {
        let at = usize::from(self.roll(255));
        let recent = hall.entries.len().checked_sub(1 + at % 12);
        recent.map_or(EntryId(7), |at| hall.entries[at].entry.id)
    }

    fn maybe_entry(&mut self, hall: &Hall) -> Option<EntryId> {
        (self.roll(3) > 0).then(|| self.entry(hall))
    }

    fn value(&mut self) -> Value {
        match self.roll(10) {
            0 => Value::Missing,
            1 => Value::Choice(self.pick(&["full", "part", "", "其他"]).to_owned()),
            2 => Value::Number(Decimal(self.pick(&[Decimal::LARGEST, -Decimal::LARGEST, 1, -1]))),
            3 => number(self.pick(&["0.5", "0.75", "9.95", "10.07", "21.3"])),
            _ => Value::Number(Decimal::whole(i32::from(self.roll(5)))),
        }
    }

    /// A value that this aspect takes.
    fn fitting(&mut self, aspect: &str) -> Value {
        match aspect {
            "A1.1" => number(self.pick(&["1", "2", "1", "2", "2", "0", "3"])),
            "A1.3" => number(self.pick(&["85", "90", "92.5", "0"])),
            "A1.4" => number(self.pick(&["0", "3", "7"])),
            "A2.1" => number(self.pick(&["0", "1"])),
            "A2.2" => Value::Choice(self.pick(&["full", "part"]).to_owned()),
            "A2.3" => number(self.pick(&["10", "10.07", "9.9", "12"])),
            "A2.4" => number(self.pick(&["20", "21.3", "-5"])),
            _ => number(self.pick(&["0", "0.25", "0.75", "1"])),
        }
    }

    /// A whole sheet is marked by those who should, as far as the rules then let them.
    fn fill(&mut self, hall: &mut Hall) {
        let (competitor, sub) = (self.pick(&COMPETITORS[..5]), self.pick(&["A1", "A2"]));
        let Some(skill) = &hall.state.skill else { return };
        let Some(row) = skill.row(&competitor.into()) else { return };
        for aspect in ASPECTS.iter().filter(|aspect| aspect.starts_with(sub)) {
            let Some(column) = hall.skill().column(&(*aspect).into()) else { continue };
            let judges =
                if matches!(hall.skill().aspect(column).method, Method::Measurement(_)) { 1 } else { 4 };
            for judge in &JUDGES[..judges] {
                let round = hall.skill().round(row, column);
                let base = hall.head(judge, competitor, aspect, round);
                let body = mark_body(judge, competitor, aspect, round, self.fitting(aspect));
                let command = hall.command(Role::Judge, judge, None, body);
                try_enter(hall, Command { base, ..command }, 0);
            }
        }
    }

    /// A whole sheet is signed and locked, as far as the rules then let it be.
    fn finish(&mut self, hall: &mut Hall) {
        let (competitor, sub) = (self.pick(&COMPETITORS[..5]), self.pick(&["A1", "A2"]));
        if hall.state.skill.is_none() {
            return;
        }
        for judge in &JUDGES[..4] {
            let sign = Body::Sign(hall.signature(judge, competitor, sub));
            let command = hall.command(Role::Judge, judge, None, sign);
            try_enter(hall, command, 0);
        }
        let command = hall.command(Role::ChiefJudge, "chief", None, lock(competitor, sub));
        try_enter(hall, command, 0);
    }

    fn command(&mut self, hall: &mut Hall, plan: &Plan) -> Command {
        let competitor = self.pick(&COMPETITORS[..5]);
        let competitor = if self.roll(16) == 0 { self.pick(&COMPETITORS) } else { competitor };
        let aspect = self.pick(&ASPECTS);
        let sub = self.pick(&SUBS);
        let judge = self.pick(&JUDGES);
        let mut role = Role::ChiefJudge;
        let mut base = None;
        let mut actor = "chief".to_owned();
        let mut kind = self.roll(64);
        if matches!(kind, 20..=22 | 30) && self.roll(4) > 0 {
            kind = 63; // those that end everything are rare
        }
        let body = match kind {
            0 => penalty(competitor, i64::from(self.roll(100)) * 10),
            1 => Body::Penalty(Penalty {
                competitor: competitor.into(),
                marks: number::Mark(self.extreme()),
                reason: reason(),
            }),
            2 => void_aspect(aspect, if self.roll(2) == 0 { VoidHow::Full } else { VoidHow::Removed }),
            3 => exchange(competitor, self.pick(&COMPETITORS), sub),
            4 | 5 => void(self.entry(hall)),
            6..=9 => {
                let (keep, drop) = (self.maybe_entry(hall), self.maybe_entry(hall));
                let waiting =
                    hall.state.skill.as_ref().and_then(|skill| skill.pending.keys().next().copied());
                if self.roll(2) == 0 { resolve(waiting, drop) } else { resolve(keep, waiting) }
            }
            10..=14 => self.sign(hall, judge, competitor, sub, &mut role, &mut actor),
            15 | 16 => lock(competitor, sub),
            17 => unlock(competitor, aspect),
            18 => {
                if self.roll(4) > 0 {
                    (role, actor) = (Role::Judge, judge.to_owned());
                }
                ask_unlock(judge, competitor, aspect)
            }
            19 => rescore(competitor, aspect),
            20 => absent(competitor),
            21 => withdraw(competitor),
            22 => disqualify(competitor),
            23 => start(competitor, self.extreme()),
            24 => Body::Stop(Moment { at: self.extreme(), competitor: competitor.into() }),
            25 => extra_time(competitor, self.pick(&[0, 1, 90, u32::MAX])),
            26 => Body::Settle(Settle {
                order: (0..self.roll(4)).map(|_| self.pick(&COMPETITORS).into()).collect(),
                reason: reason(),
            }),
            27 => {
                role = Role::Arbitrator;
                let step = self.pick(&[AppealStep::Filed, AppealStep::Admitted, AppealStep::Upheld]);
                Body::Appeal(Appeal { competitor: competitor.into(), reason: None, step })
            }
            28 => {
                role = Role::Organiser;
                Body::Override(Override {
                    award: self.pick(&[None, Some(String::new()), Some("Gold".to_owned())]),
                    competitor: competitor.into(),
                    document: self.pick(&["", "decision 7"]).to_owned(),
                    position: self.pick(&[None, Some(0), Some(1), Some(u32::MAX)]),
                    reason: reason(),
                })
            }
            29 => {
                role = Role::Server;
                Body::Alarm(Alarm {
                    code: "reused".into(),
                    device: "x".into(),
                    dseq: self.extreme(),
                    entry: self.entry(hall),
                })
            }
            30 => close(),
            31 => release(self.pick(&[Stage::Provisional, Stage::Publicised, Stage::Official])),
            34 => Body::Countersign(Countersign {
                competitor: competitor.into(),
                drawing: None,
                how: self.pick(&[Countersigned::Signed, Countersigned::Refused, Countersigned::For]),
                reason: self.pick(&[None, reason()]),
                sheet: hall
                    .state
                    .skill
                    .as_ref()
                    .and_then(|skill| {
                        Some(skill.sheet_digest(skill.row(&competitor.into())?, skill.sub(&sub.into())?))
                    })
                    .unwrap_or(Hash::ZERO),
                sub_criterion: sub.into(),
            }),
            33 => Body::Reseat(Reseat {
                competitor: self.pick(&[None, Some(competitor)]).map(Into::into),
                conflicts: self.pick(&[Vec::new(), Vec::new(), vec![competitor.into()], vec!["?".into()]]),
                judge: self.pick(&[None, Some("J1"), Some("R1"), Some("R2"), Some("")]).map(Into::into),
                leaves: judge.into(),
                reason: reason(),
                sub_criterion: sub.into(),
            }),
            35 => {
                (role, actor) = (Role::Registrar, self.pick(&["ann", "bob"]).to_owned());
                self.coding()
            }
            32 => {
                role = Role::Organiser;
                Body::Open(Box::new(plan.opening()))
            }
            _ => {
                role = Role::Judge;
                actor = judge.to_owned();
                let current = hall.state.skill.as_ref().and_then(|skill| {
                    Some(skill.round(skill.row(&competitor.into())?, skill.column(&aspect.into())?))
                });
                let current = current.unwrap_or(1);
                let round = match self.roll(12) {
                    0 => 0,
                    1 => u32::MAX,
                    2 | 3 => current.saturating_add(1),
                    _ => current,
                };
                base = hall.state.skill.as_ref().and_then(|skill| {
                    let (row, column) = (skill.row(&competitor.into())?, skill.column(&aspect.into())?);
                    Some(skill.head(row, column, &judge.into(), round)?.entry)
                });
                if self.roll(10) == 0 {
                    base = self.maybe_entry(hall);
                }
                let value = if self.roll(3) > 0 { self.fitting(aspect) } else { self.value() };
                mark_body(judge, competitor, aspect, round, value)
            }
        };
        if self.roll(12) == 0 {
            role = self.pick(&ROLES);
        }
        let second = self.pick(&[Some("supervisor"), Some("supervisor"), Some("chief"), Some(""), None]);
        let command = hall.command(role, &actor, second, body);
        let client_time = if self.roll(30) == 0 { self.extreme() } else { command.client_time };
        Command { base, client_time, ..command }
    }

    /// An act of the draw, sound or not.
    fn coding(&mut self) -> Body {
        let list: Vec<CompetitorCode> = COMPETITORS[..3].iter().map(|code| (*code).into()).collect();
        let (secret, seed) = ("0".repeat(64), "seed".to_owned());
        let layer = 1 + u32::from(self.roll(2));
        let is_sealed = self.roll(2) == 1;
        let of = self.pick(&[1, 1, 2, 9]);
        match self.roll(4) {
            0 => Body::Layer(Layer {
                codes: Codes::Numbers,
                commitment: commitment(&secret),
                is_sealed,
                layer,
                list: list_hash(&list),
                of,
                source: self.pick(&["outside", ""]).into(),
            }),
            1 => {
                let count = self.pick(&[3, 3, 2, 0]);
                let lot = Lot { skill: "skill-1", layer, secret: &secret, seed: &seed };
                let codes = lot.codes(count, Codes::Numbers);
                Body::Draw(Draw { codes: vec![codes; self.pick(&[1, 1, 2])], seed })
            }
            2 => Body::Redraw(Redraw { reason: self.pick(&[None, reason()]) }),
            _ => Body::Unseal(Unseal { layer, list, secret: self.pick(&[secret.as_str(), "?"]).to_owned() }),
        }
    }

    fn sign(
        &mut self,
        hall: &Hall,
        judge: &str,
        competitor: &str,
        sub: &str,
        role: &mut Role,
        actor: &mut String,
    ) -> Body {
        if self.roll(4) > 0 {
            (*role, *actor) = (Role::Judge, judge.to_owned());
        }
        let seen = hall.state.skill.as_ref().and_then(|skill| {
            Some(skill.sheet_digest(skill.row(&competitor.into())?, skill.sub(&sub.into())?))
        });
        let (competitor, sub_criterion, judge) = (competitor.into(), sub.into(), judge.into());
        let reason = self.pick(&[None, reason()]);
        let sheet = seen.filter(|_| self.roll(8) > 0).unwrap_or(Hash::ZERO);
        if self.roll(4) == 0 {
            Body::Decline(Decline { competitor, judge, reason, sheet, sub_criterion })
        } else {
            let drawing = self.pick(&[None, super::reason()]);
            Body::Sign(Sign { competitor, drawing, judge, reason, sheet, sub_criterion })
        }
    }
}
