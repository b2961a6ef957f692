//! Whole skills from a seed: a sound scheme with every method and calculation, a rule set (a preset
//! or one put together), and a day of marking on which everything happens that may happen.

use std::collections::HashMap;

use domain::access::Role;
use domain::draw::{Codes, Lot, commitment, list_hash};
use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::{Entry, Hash, Sealed, Status};
use domain::marking::{
    Absent, Alarm, Appeal, AppealStep, Body, Cell, Close, Disqualify, Draw, Entrant, Exchange, ExtraTime,
    Layer, Lock, Mark, Moment, Opening, Override, Panel, Penalty, Release, Rescore, Reseat, Resolve, Seat,
    Settle, Sign, Stage, Unlock, Unseal, Void, VoidAspect, VoidHow, Withdraw, check_opening,
};
use domain::number::{self, Decimal};
use domain::rules::{
    BelowPass, Better, Excellence, FieldGate, GateEffect, MedalRule, MedalRules, PRESETS, PlaceRounding,
    PositionSharing, Prize, Rounding, RuleSet, ScaleFormula, ScaleRules, SchemeRules, Take, TieEnd, TieKey,
    preset,
};
use domain::scheme::{
    Aspect, Band, Calculation, Choice, Criterion, Method, PanelScoring, Part, Scheme, SubCriterion, Unit,
};
use domain::scoring::Value;

use super::LedgerBuilder;
use super::act::{Act, number, reason};
use super::random::Random;

/// A ledger of one skill, from its opening to its release.
pub(crate) fn skill(seed: u64) -> LedgerBuilder {
    let mut random = Random::new(seed);
    let opening = opening(&mut random);
    let mut day =
        Day { ledger: LedgerBuilder::new(&format!("skill-{seed}"), seed), random, decisions: Vec::new() };
    day.play(opening);
    day.ledger
}

/// A sound opening. What cannot be opened (an inexact total, say) is drawn again.
pub(crate) fn opening(random: &mut Random) -> Opening {
    for _ in 0..1000 {
        let mut scheme = scheme(random);
        let rules = if random.chance(50) { a_preset(random) } else { own_rules(random, &scheme) };
        if let (Some(total), true) = (rules.scheme.total, scheme.parts.is_empty()) {
            let rest: i64 = scheme.total().0;
            let mut last = aspect("Z1.99".into(), 1, Method::Measurement(Calculation::Direct), None);
            last.max = number::Mark(total.0 - rest);
            scheme.criteria.push(criterion("Z", vec![sub_criterion("Z1", vec![last])]));
        }
        let competitors = competitors(random);
        let panels = panels(random, &scheme, &rules);
        let opening = Opening::new(scheme, rules, competitors, panels).expect("canonical");
        if !check_opening(&opening).iter().any(domain::finding::Finding::is_error) {
            return opening;
        }
    }
    panic!("no sound opening in a thousand tries");
}

fn a_preset(random: &mut Random) -> RuleSet {
    let (name, _) = random.pick(PRESETS);
    preset(name).expect("a preset that can be read")
}

/// A rule set put together from every clause that decides a result.
fn own_rules(random: &mut Random, scheme: &Scheme) -> RuleSet {
    let source = || "made for a test".to_owned();
    let mut rules = preset("enterprise-drill").expect("a preset");
    rules.id = "own".into();
    rules.scheme = SchemeRules::default();
    rules.rounding.position = *random.pick(&[Rounding::PerAspect, Rounding::AtTotal]);
    rules.judgement.judges = *random.pick(&[None, Some(2), Some(3)]);
    rules.judgement.spread_max = *random.pick(&[None, Some(1), Some(2)]);
    rules.penalties.cap = *random.pick(&[None, Some(number::Mark(250)), Some(number::Mark(1_000))]);
    rules.penalties.source = source();
    rules.parts.below_pass = *random.pick(&[BelowPass::NoAward, BelowPass::NoPosition]);
    rules.parts.source = source();
    rules.scale = match random.below(4) {
        0 => None,
        1 => Some(ScaleRules {
            formula: ScaleFormula::MeanSigma,
            centre: random.between(-1_000_000, 1_000_000),
            spread: random.between(1, 100_000),
            deviation_factor: None,
            source: source(),
        }),
        _ => Some(ScaleRules {
            formula: ScaleFormula::MedianMad,
            centre: random.between(0, 1_000),
            spread: *random.pick(&[3, 30, 31, 100_000]),
            deviation_factor: Some(*random.pick(&[Decimal(1_482_600), Decimal(1), Decimal::whole(1_000)])),
            source: source(),
        }),
    };
    rules.ranking.chain = chain(random, scheme);
    rules.ranking.end = *random.pick(&[TieEnd::Share, TieEnd::Playoff, TieEnd::Draw, TieEnd::ChiefDecides]);
    rules.medals = random.chance(60).then(|| medals(random, rules.scale.as_ref()));
    let mut taken = 0;
    for award in ["一等奖", "二等奖", "三等奖", "优胜奖"].into_iter().take(random.index(5)) {
        let percent = Decimal(random.between(0, 30_000_000));
        let take = match random.below(3) {
            0 => {
                let first = taken + 1 + u32::try_from(random.below(2)).expect("small");
                taken = first + u32::try_from(random.below(3)).expect("small");
                Take::Positions { first, last: taken }
            }
            1 => Take::Share {
                percent: if random.chance(50) { Decimal::whole(25) } else { percent },
                rounding: *random.pick(&[PlaceRounding::Down, PlaceRounding::Up, PlaceRounding::Nearest]),
            },
            _ => Take::Within { percent: if random.chance(50) { Decimal::whole(50) } else { percent } },
        };
        rules.prizes.push(Prize { award: award.into(), take, source: source() });
    }
    let prizes: Vec<String> = rules.prizes.iter().map(|prize| prize.award.clone()).collect();
    let mut at_most = 0;
    for _ in 0..random.below(3) {
        at_most += 1 + u32::try_from(random.below(5)).expect("small");
        let keep = prizes.iter().take(1).cloned().collect::<Vec<_>>();
        let effect = match random.below(3) {
            0 => GateEffect::Void,
            1 if !keep.is_empty() => GateEffect::Keep(keep),
            _ => GateEffect::Exhibition,
        };
        rules.field_gates.push(FieldGate { at_most, effect, source: source() });
    }
    rules
}

fn chain(random: &mut Random, scheme: &Scheme) -> Vec<TieKey> {
    let mut names: Vec<String> = ["time", "judgement", "measurement"].map(String::from).to_vec();
    names.extend(scheme.parts.iter().map(|part| format!("part:{}", part.id)));
    names.extend(scheme.criteria.iter().map(|criterion| format!("criterion:{}", criterion.id)));
    names.extend(scheme.sub_criteria().map(|(_, sub)| format!("sub_criterion:{}", sub.id)));
    let mut chain = Vec::new();
    for _ in 0..random.below(4) {
        let key = names.swap_remove(random.index(names.len()));
        chain.push(TieKey { key, better: *random.pick(&[Better::Higher, Better::Lower]) });
    }
    chain
}

fn medals(random: &mut Random, scale: Option<&ScaleRules>) -> MedalRules {
    let Some(scale) = scale else {
        let (rule, positions) = (MedalRule::DistinctMarks, PositionSharing::Equal);
        return MedalRules {
            rule,
            threshold: None,
            positions,
            excellence: None,
            source: "made for a test".into(),
        };
    };
    let margin = *random.pick(&[0, 2, 2, scale.spread]);
    let within = random.chance(60);
    let award = "Medallion for Excellence".to_owned();
    MedalRules {
        rule: if within { MedalRule::WithinMargin { margin } } else { MedalRule::DistinctMarks },
        threshold: random.chance(50).then_some(scale.centre),
        positions: *random.pick(&[PositionSharing::Equal, PositionSharing::WithinMargin { margin }]),
        excellence: random.chance(50).then_some(Excellence { award, threshold: scale.centre }),
        source: "made for a test".into(),
    }
}

/// A small scheme, with the same few maxima again and again so that equal totals happen.
fn scheme(random: &mut Random) -> Scheme {
    let parts: &[(&str, i64)] = match random.below(4) {
        0 => &[("theory", 3_000), ("practice", 7_000)],
        1 => &[("理论", 3_333), ("b", 0), ("c", 6_667)],
        _ => &[],
    };
    let parts: Vec<Part> = parts
        .iter()
        .map(|(id, weight)| Part {
            id: (*id).into(),
            name: format!("部分 {id}"),
            pass_mark: random.chance(30).then(|| number::Mark(random.between(0, 6_000))),
            weight: number::Mark(*weight),
        })
        .collect();
    let huge = random.chance(4);
    let mut criteria = Vec::new();
    let mut count = 0;
    for letter in ["A", "B", "C"].into_iter().take(1 + random.index(3)) {
        let mut subs = Vec::new();
        for at in 1..=1 + random.index(2) {
            let id = format!("{letter}{at}");
            let aspects = (1..=1 + random.index(3))
                .map(|row| {
                    count += 1;
                    let part = (!parts.is_empty()).then(|| parts[count % parts.len()].id.clone());
                    let max = if huge { 1_000_000 } else { *random.pick(&[25, 50, 100, 100, 150, 200, 333]) };
                    aspect(format!("{id}.{row:02}").into(), max, method(random, max), part)
                })
                .collect();
            subs.push(sub_criterion(&id, aspects));
        }
        criteria.push(criterion(letter, subs));
    }
    Scheme { criteria, parts, sections: Vec::new() }
}

fn criterion(id: &str, sub_criteria: Vec<SubCriterion>) -> Criterion {
    Criterion { id: id.into(), name: format!("Criterion \"{id}\"\t\u{1f600}"), sub_criteria }
}

fn sub_criterion(id: &str, aspects: Vec<Aspect>) -> SubCriterion {
    SubCriterion { aspects, day: 1, id: id.into(), name: format!("子项 {id} / \\ \u{7f}\u{2028}") }
}

fn aspect(id: AspectId, max: i64, method: Method, part: Option<domain::id::PartId>) -> Aspect {
    Aspect {
        description: format!("what {id} is about\n\u{1}"),
        id,
        max: number::Mark(max),
        measured_in: String::new(),
        method,
        note: String::new(),
        part,
        requirement: "±0.05 mm".into(),
        section: None,
    }
}

fn method(random: &mut Random, max: i64) -> Method {
    let unit = *random.pick(&[Unit::Unit, Unit::Percent]);
    let decimal = |text: &str| Decimal::parse(text).expect("a number");
    match random.below(9) {
        0 | 1 => Method::Judgement { rungs: ["poor", "fair", "good", "best"].map(String::from) },
        2 => {
            let drop = u32::try_from(random.below(2)).expect("small");
            let score_max = *random.pick(&[10, 100]);
            // The top score times the factor is at most the maximum.
            let factor = Decimal((max * 10_000 / i64::from(score_max)).max(1));
            Method::Panel(PanelScoring {
                drop_high: drop,
                drop_low: if random.chance(50) { drop } else { 0 },
                factor,
                score_max: Decimal::whole(score_max),
                score_min: Decimal::whole(0),
                score_step: Decimal(250_000),
            })
        }
        3 => Method::Measurement(Calculation::PassFail),
        4 => Method::Measurement(Calculation::Direct),
        5 => {
            let possible = 1 + u32::try_from(random.below(8)).expect("small");
            Method::Measurement(Calculation::NumberCompleted { possible })
        }
        6 => {
            let choices = [("全部", "0"), ("a \"part\"", "0.175"), ("none", "100")];
            let choices = choices
                .map(|(label, deduction)| Choice { deduction: decimal(deduction), label: label.into() });
            Method::Measurement(Calculation::Choice { choices: choices.to_vec(), unit })
        }
        7 => {
            let sides = *random.pick(&[("0", "0.05"), ("-0.02", "0.05")]);
            let bands = [(sides.0, sides.1, "0"), ("0.05", "0.1", "0.335"), ("0.1", "0.5", "12.5")];
            let bands = bands.map(|(lower, upper, deduction)| Band {
                deduction: decimal(deduction),
                lower: decimal(lower),
                upper: decimal(upper),
            });
            Method::Measurement(Calculation::Ranged { bands: bands.to_vec(), target: decimal("10"), unit })
        }
        _ => Method::Measurement(Calculation::Difference {
            deduction: decimal(random.pick::<&str>(&["0.1", "0.3", "7"])),
            per: decimal(random.pick::<&str>(&["0.05", "0.3"])),
            per_unit: *random.pick(&[Unit::Unit, Unit::Percent]),
            target: decimal(random.pick::<&str>(&["10", "-10"])),
            unit,
        }),
    }
}

fn competitors(random: &mut Random) -> Vec<Entrant> {
    let groups: &[&str] = match random.below(4) {
        0 => &["职工组", "学生组"],
        1 => &["a", "", "B"],
        _ => &[""],
    };
    (0..1 + random.index(9))
        .map(|at| Entrant {
            // Codes are random: their order is not the opening's.
            code: format!("{}-{:03}{at}", random.pick(&["X", "选手", "z\"q\\", "É"]), random.below(1_000))
                .into(),
            group: (*random.pick(groups)).into(),
        })
        .collect()
}

fn panels(random: &mut Random, scheme: &Scheme, rules: &RuleSet) -> Vec<Panel> {
    let needed = rules.judgement.judges.unwrap_or(1).max(3);
    scheme
        .sub_criteria()
        .map(|(_, sub)| {
            let count = usize::try_from(needed).expect("small") + random.index(2);
            let mut seats: Vec<Seat> =
                (1..=count).map(|at| Seat { counts: true, judge: format!("J{at}").into() }).collect();
            if random.chance(40) {
                seats.insert(random.index(count), Seat { counts: false, judge: "实习".into() });
            }
            Panel { seats, sub_criterion: sub.id.clone() }
        })
        .collect()
}

/// A day of marking.
struct Day {
    ledger: LedgerBuilder,
    random: Random,
    /// Whatever a void may name, and some that it may not.
    decisions: Vec<EntryId>,
}

impl Day {
    fn play(&mut self, mut opening: Opening) {
        let sealed = if self.random.chance(40) { self.draw(&mut opening) } else { Vec::new() };
        if self.random.chance(30) {
            let stray = Act::new(Body::Close(Close { reason: None }));
            self.ledger.send(stray.clone());
            let mut unsound = opening.clone();
            unsound.rules_hash = Hash::ZERO;
            self.ledger
                .send(Act::new(Body::Open(Box::new(unsound))).by("organiser", Role::Organiser).alone());
        }
        self.ledger.send(Act::new(Body::Open(Box::new(opening))).by("organiser", Role::Organiser).alone());
        for row in 0..self.competitors().len() {
            self.attend(row);
        }
        let mut cells: Vec<(usize, usize)> = Vec::new();
        for row in 0..self.competitors().len() {
            cells.extend((0..self.aspect_count()).map(|column| (row, column)));
        }
        while !cells.is_empty() {
            let (row, column) = cells.swap_remove(self.random.index(cells.len()));
            // A few aspects stay unmarked.
            if !self.random.chance(1) {
                self.mark_cell(row, column);
            }
            if self.random.chance(25) {
                self.something();
            }
        }
        self.close(sealed);
    }

    /// Draws codes for those who compete, in one to three layers; gives what opens them, outermost first.
    fn draw(&mut self, opening: &mut Opening) -> Vec<Unseal> {
        let of = u32::try_from(1 + self.random.below(3)).expect("small");
        let skill = self.ledger.ledger.to_string();
        let seed = format!("seed {}", self.random.below(1_000));
        let mut list: Vec<CompetitorCode> =
            opening.competitors.iter().map(|entrant| entrant.code.clone()).collect();
        let list_hash = list_hash(&list);
        let (mut codes, mut sealed) = (Vec::new(), Vec::new());
        for layer in 1..=of {
            let secret = format!("{:064x}", self.random.next());
            let kind = *self.random.pick(&[Codes::Numbers, Codes::Random]);
            let made = Layer {
                codes: kind,
                commitment: commitment(&secret),
                is_sealed: true,
                layer,
                list: list_hash,
                of,
                source: "outside".into(),
            };
            let by = format!("registrar-{layer}");
            self.ledger.send(Act::new(Body::Layer(made)).by(&by, Role::Registrar).alone());
            let drawn = Lot { skill: &skill, layer, secret: &secret, seed: &seed }.draw(&list, kind);
            let units = if layer == 1 { list.clone() } else { Vec::new() };
            sealed.push(Unseal { layer, list: units, secret });
            for entrant in &mut opening.competitors {
                entrant.code = drawn[&entrant.code].clone();
            }
            list = drawn.into_values().collect();
            list.sort();
            codes.push(list.clone());
        }
        let draw = Body::Draw(Draw { codes, seed });
        let drawn = self.ledger.send(Act::new(draw).by("registrar-1", Role::Registrar).alone());
        opening.draw = Some(drawn.entry.id);
        opening.competitors.sort_by(|one, other| one.code.cmp(&other.code));
        sealed
    }

    fn close(&mut self, sealed: Vec<Unseal>) {
        for _ in 0..4 {
            self.sign_and_lock();
            self.something();
        }
        self.act(Body::Close(Close { reason: None }));
        for _ in 0..3 {
            // These come too late.
            let (row, column) = self.any_cell();
            self.mark_cell(row, column);
            self.settle_pending();
            self.unlock();
        }
        for unseal in sealed.into_iter().rev() {
            self.ledger.send(Act::new(Body::Unseal(unseal)).by("registrar-1", Role::Registrar));
        }
        self.settle_ties();
        if self.random.chance(50) {
            self.overrule();
        }
        for stage in [Stage::Provisional, Stage::Publicised, Stage::Official] {
            self.act(Body::Release(Release { stage }));
        }
    }

    fn something(&mut self) {
        match self.random.below(17) {
            16 => self.reseat(),
            0 => self.penalise(),
            1 => self.void_aspect(),
            2 => self.exchange(),
            3 | 4 => self.void_decision(),
            5 => self.overrule(),
            6 => self.take_out(),
            7 => self.rescore(),
            8 => self.sign_and_lock(),
            9 => self.unlock(),
            10 => self.settle_ties(),
            11 => self.nonsense(),
            12 => self.appeal(),
            13 => {
                let (row, column) = self.any_cell();
                self.correct(row, column);
            }
            _ => self.settle_pending(),
        }
    }

    fn attend(&mut self, row: usize) {
        let competitor = self.competitors()[row].clone();
        let at = 1_760_000_000_000 + self.random.between(0, 3) * 60_000;
        if self.random.chance(90) {
            self.act(Body::Start(Moment { at, competitor: competitor.clone() }));
        }
        if self.random.chance(90) {
            let at = at + self.random.between(50, 53) * 60_000;
            self.act(Body::Stop(Moment { at, competitor: competitor.clone() }));
        }
        if self.random.chance(20) {
            let minutes = u32::try_from(self.random.below(4)).expect("small");
            self.decide(Body::ExtraTime(ExtraTime { competitor, minutes, reason: reason("power cut") }));
        }
    }

    fn mark_cell(&mut self, row: usize, column: usize) {
        let seats = self.ledger.skill().seats(column).to_vec();
        let is_measured = matches!(self.ledger.skill().cell(row, column), Cell::Measured(_));
        if is_measured {
            let judge = self.random.pick(&seats).judge.clone();
            self.say(row, column, &judge, 1, true);
            if self.random.chance(8) {
                // Another judge who has not seen that value.
                let other = self.random.pick(&seats).judge.clone();
                self.say(row, column, &other, 1, false);
            }
            return;
        }
        let round = self.ledger.skill().round(row, column);
        for seat in &seats {
            if !self.random.chance(2) {
                self.say(row, column, &seat.judge, round, true);
            }
            if self.random.chance(4) {
                self.say(row, column, &seat.judge, round, false);
            }
        }
        for _ in 0..4 {
            if self.ledger.skill().is_disputed(row, column) {
                let round = self.ledger.skill().round(row, column) + 1;
                for seat in &seats {
                    self.say(row, column, &seat.judge, round, true);
                }
            }
        }
    }

    fn correct(&mut self, row: usize, column: usize) {
        let seats = self.ledger.skill().seats(column).to_vec();
        let judge = self.random.pick(&seats).judge.clone();
        let round = self.ledger.skill().round(row, column);
        self.say(row, column, &judge, round, true);
    }

    /// One mark; `knows_head` is false for a judge who has not seen what stands there.
    fn say(&mut self, row: usize, column: usize, judge: &JudgeCode, round: u32, knows_head: bool) {
        let value = self.value(column);
        let skill = self.ledger.skill();
        let competitor = &self.competitors()[row];
        let head = skill.head(row, column, judge, round).map(|said| said.entry);
        let mut act = Act::mark(judge, competitor, &skill.aspect(column).id, value).round(round);
        if knows_head {
            act = act.base(head);
        }
        if self.random.chance(15) {
            act = act.by("typist", Role::Scorekeeper);
        }
        self.ledger.send(act);
    }

    fn value(&mut self, column: usize) -> Value {
        let (skill, random) = (self.ledger.skill(), &mut self.random);
        let aspect = skill.aspect(column);
        if random.chance(2) {
            return Value::Missing;
        }
        let millionths = match &aspect.method {
            // Mostly alike, so that most rounds are accepted.
            Method::Judgement { .. } => *random.pick(&[1, 2, 2, 2, 2, 2, 2, 3, 0]) * 1_000_000,
            Method::Panel(panel) => {
                let steps = panel.score_max.0 / panel.score_step.0;
                random.between(steps * 3 / 4, steps) * panel.score_step.0
            }
            Method::Measurement(Calculation::PassFail) => random.between(0, 1) * 1_000_000,
            Method::Measurement(Calculation::Direct) => {
                (aspect.max.0 - random.between(0, 3) * (aspect.max.0 / 4)) * 10_000
            }
            Method::Measurement(Calculation::NumberCompleted { possible }) => {
                random.between(0, i64::from(*possible)) * 1_000_000
            }
            Method::Measurement(Calculation::Choice { choices, .. }) => {
                return Value::Choice(random.pick(choices).label.clone());
            }
            Method::Measurement(
                Calculation::Ranged { target, .. } | Calculation::Difference { target, .. },
            ) => {
                target.0
                    + *random
                        .pick(&[0, 0, 20_000, -20_000, -20_001, 50_000, 70_000, 100_000, -333_333, 600_000])
            }
        };
        Value::Number(Decimal(millionths))
    }

    fn penalise(&mut self) {
        let (competitor, marks) = (self.anyone(), number::Mark(self.random.between(0, 300)));
        self.decide(Body::Penalty(Penalty { competitor, marks, reason: reason("late") }));
    }

    fn void_aspect(&mut self) {
        let (_, column) = self.any_cell();
        let aspect = self.ledger.skill().aspect(column).id.clone();
        let how = *self.random.pick(&[VoidHow::Full, VoidHow::Removed]);
        self.decide(Body::VoidAspect(VoidAspect { aspect, how, reason: reason("faulty part") }));
    }

    fn exchange(&mut self) {
        let (competitor, other, sub_criterion) = (self.anyone(), self.anyone(), self.any_sub());
        self.decide(Body::Exchange(Exchange { competitor, other, reason: reason("swapped"), sub_criterion }));
    }

    fn void_decision(&mut self) {
        if self.decisions.is_empty() {
            return;
        }
        let entry = *self.random.pick(&self.decisions);
        self.act(Body::Void(Void { entry, reason: reason("mistaken") }));
    }

    fn overrule(&mut self) {
        let award =
            self.random.pick(&[None, Some("Gold"), Some(""), Some("特别奖, \"α\"")]).map(String::from);
        let position = *self.random.pick(&[None, Some(1), Some(3)]);
        let (competitor, document) = (self.anyone(), "文件 2026-1".to_owned());
        let body = Override { award, competitor, document, position, reason: reason("decided") };
        let entry = self
            .ledger
            .send(Act::new(Body::Override(body)).by("organiser", Role::Organiser).alone())
            .entry
            .id;
        self.decisions.push(entry); // refused: the organiser is alone
        if let Some(again) = self.last_body() {
            let act =
                Act { second: Some("chief".into()), ..Act::new(again) }.by("organiser", Role::Organiser);
            let entry = self.ledger.send(act).entry.id;
            self.decisions.push(entry);
        }
    }

    fn last_body(&self) -> Option<Body> {
        self.ledger.entries.last().map(|sealed| sealed.entry.body.clone())
    }

    fn take_out(&mut self) {
        let competitor = self.anyone();
        let reason = reason("personal");
        let body = match self.random.below(3) {
            0 => Body::Absent(Absent { competitor, reason }),
            1 => Body::Withdraw(Withdraw { competitor, reason }),
            _ => Body::Disqualify(Disqualify { competitor, reason }),
        };
        self.decide(body);
        // Most come back, so that results remain.
        if self.random.chance(70) {
            let entry = self.decisions[self.decisions.len() - 1];
            if self.random.chance(50) {
                let (row, column) = self.any_cell();
                self.mark_cell(row, column);
            }
            self.act(Body::Void(Void { entry, reason: self::reason("mistaken") }));
        }
    }

    fn rescore(&mut self) {
        let (row, column) = self.any_cell();
        let (competitor, aspect) =
            (self.competitors()[row].clone(), self.ledger.skill().aspect(column).id.clone());
        self.act(Body::Rescore(Rescore { aspect, competitor, reason: reason("unclear") }));
        if self.random.chance(80) {
            self.mark_cell(row, column);
        }
    }

    /// A judge goes; somebody comes, comes back, or nobody does.
    fn reseat(&mut self) {
        let sub_criterion = self.any_sub();
        let sub = self.ledger.skill().sub(&sub_criterion).expect("a sub-criterion");
        let panel = self.ledger.skill().panel(sub).to_vec();
        let leaves = self.random.pick(&panel).judge.clone();
        let judge = match self.random.below(4) {
            0 => None,
            1 => Some(self.random.pick(&panel).judge.clone()),
            _ => Some(JudgeCode::from(format!("R{}", self.random.below(3)))),
        };
        let competitor = self.random.chance(60).then(|| self.anyone());
        let conflicts = if self.random.chance(20) { vec![self.anyone()] } else { Vec::new() };
        let reason = reason("ill");
        self.act(Body::Reseat(Reseat { competitor, conflicts, judge, leaves, reason, sub_criterion }));
        if self.random.chance(80) {
            let (row, column) = self.any_cell();
            self.mark_cell(row, column);
        }
    }

    fn settle_pending(&mut self) {
        let skill = self.ledger.skill();
        let waiting: Vec<(EntryId, Mark)> =
            skill.pending.iter().map(|(id, pending)| (*id, pending.mark.clone())).collect();
        if waiting.is_empty() {
            return;
        }
        let (id, mark) = self.random.pick(&waiting).clone();
        let row = skill.row(&mark.competitor).expect("a competitor");
        let column = skill.column(&mark.aspect).expect("an aspect");
        let head = skill.head(row, column, &mark.judge, mark.round).map(|said| said.entry);
        let (keep, drop) = if self.random.chance(50) { (Some(id), head) } else { (head, Some(id)) };
        self.act(Body::Resolve(Resolve { drop, keep, reason: reason("the second is right") }));
    }

    fn sign_and_lock(&mut self) {
        let (competitor, sub_criterion) = (self.anyone(), self.any_sub());
        let skill = self.ledger.skill();
        let row = skill.row(&competitor).expect("a competitor");
        let sub = skill.sub(&sub_criterion).expect("a sub-criterion");
        let sheet = skill.sheet_digest(row, sub);
        let seats = skill.opening.panel(&sub_criterion).expect("a panel").seats.clone();
        for seat in seats {
            let judge = seat.judge;
            let (competitor, sub_criterion) = (competitor.clone(), sub_criterion.clone());
            let body = Sign {
                competitor,
                drawing: None,
                judge: judge.clone(),
                reason: reason("ill"),
                sheet,
                sub_criterion,
            };
            let act = Act::new(Body::Sign(body)).alone();
            let is_own = self.random.chance(80);
            self.ledger.send(if is_own { act.by(judge.as_str(), Role::Judge) } else { act });
        }
        self.act(Body::Lock(Lock { competitor: competitor.clone(), sub_criterion }));
        if self.random.chance(50) {
            for column in self.ledger.skill().columns_of(sub) {
                self.correct(row, column);
            }
        }
    }

    fn unlock(&mut self) {
        let (competitor, (_, column)) = (self.anyone(), self.any_cell());
        let aspect = self.ledger.skill().aspect(column).id.clone();
        self.act(Body::Unlock(Unlock { aspect, competitor, reason: reason("typed wrongly") }));
    }

    /// Settles equals as the standings show them, and now and then some who are not equal.
    fn settle_ties(&mut self) {
        let standings = self.ledger.standings();
        let mut open: Vec<CompetitorCode> = Vec::new();
        for row in standings.iter().filter(|row| row.open_tie.is_some()) {
            let is_same = open.first().is_none_or(|first| {
                let other = standings.iter().find(|other| other.competitor == *first);
                other.is_some_and(|other| (other.position, &other.group) == (row.position, &row.group))
            });
            if is_same {
                open.push(row.competitor.clone());
            }
        }
        if open.len() < 2 || self.random.chance(10) {
            open = vec![self.anyone(), self.anyone()];
        }
        if self.random.chance(50) {
            open.reverse();
        }
        self.decide(Body::Settle(Settle { order: open, reason: reason("by lot") }));
    }

    fn appeal(&mut self) {
        let competitor = self.anyone();
        let step = *self.random.pick(&[AppealStep::Filed, AppealStep::Admitted, AppealStep::Upheld]);
        let body = Appeal { competitor, reason: reason("unfair"), step };
        self.ledger.send(Act::new(Body::Appeal(body)).by("arbitrator", Role::Arbitrator));
    }

    /// What the rules refuse, and an alarm.
    fn nonsense(&mut self) {
        let (row, column) = self.any_cell();
        let competitor = self.competitors()[row].clone();
        let aspect = self.ledger.skill().aspect(column).id.clone();
        let judge = JudgeCode::from("J1");
        for value in [number("7.5"), number("-1"), Value::Choice("no such".into()), number("1000000000")] {
            self.ledger.send(Act::mark(&judge, &competitor, &aspect, value));
        }
        self.ledger.send(Act::mark(&judge, &"nobody".into(), &aspect, number("1")));
        self.ledger.send(Act::mark(&judge, &competitor, &aspect, number("1")).round(9));
        self.ledger
            .send(Act::mark(&"J9".into(), &competitor, &aspect, number("1")).by("eve", Role::Supervisor));
        let alarm =
            Alarm { code: "other_bytes".into(), device: "tablet-J1".into(), dseq: 1, entry: EntryId(7) };
        self.ledger.send(Act::new(Body::Alarm(alarm)).by("server", Role::Server).alone());
    }

    /// By the chief judge, with a second person.
    fn act(&mut self, body: Body) -> &Sealed {
        self.ledger.send(Act::new(body))
    }

    /// The same, for what a void may undo.
    fn decide(&mut self, body: Body) {
        let entry = self.act(body).entry.id;
        self.decisions.push(entry);
    }

    fn competitors(&self) -> Vec<CompetitorCode> {
        self.ledger.skill().opening.competitors.iter().map(|entrant| entrant.code.clone()).collect()
    }

    fn anyone(&mut self) -> CompetitorCode {
        let competitors = self.competitors();
        self.random.pick(&competitors).clone()
    }

    fn any_sub(&mut self) -> SubCriterionId {
        let subs: Vec<SubCriterionId> =
            self.ledger.skill().opening.scheme.sub_criteria().map(|(_, sub)| sub.id.clone()).collect();
        self.random.pick(&subs).clone()
    }

    fn any_cell(&mut self) -> (usize, usize) {
        let (rows, columns) = (self.competitors().len(), self.aspect_count());
        (self.random.index(rows), self.random.index(columns))
    }

    fn aspect_count(&self) -> usize {
        self.ledger.skill().opening.scheme.aspects().count()
    }
}

/// How often each kind of body ended in each status, for a test that nothing is left out.
pub(crate) fn tally(entries: &[Sealed], into: &mut HashMap<(String, Status), usize>) {
    for Entry { body, status, .. } in entries.iter().map(|sealed| &sealed.entry) {
        *into.entry((super::kind_of(body), *status)).or_insert(0) += 1;
    }
}
