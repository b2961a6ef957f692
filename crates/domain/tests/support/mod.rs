//! Builders with good defaults, and a hall in which a whole marking session is told in sentences.

pub(crate) mod chaos;

use std::collections::HashMap;

use domain::access::Role;
use domain::id::{AspectId, CompetitorCode, EntryId, JudgeCode, LedgerId, SubCriterionId};
use domain::ledger::verify::Verifier;
use domain::ledger::{Command, Hash, Sealed, Status};
use domain::marking::{
    Absent, AskUnlock, Body, Close, Disqualify, Entrant, Exchange, ExtraTime, Lock, Mark, Moment, Opening,
    Panel, Penalty, Reason, Release, Rescore, Resolve, Seat, Sign, Skill, Stage, Stamp, State, Unlock, Void,
    VoidAspect, VoidHow, Withdraw, decide, evolve,
};
use domain::number::{self, Decimal};
use domain::results::{Standing, standings};
use domain::rules::{self, RuleSet};
use domain::scheme::{Aspect, Calculation, Criterion, Method, PanelScoring, Part, Scheme, SubCriterion};
use domain::scoring::Value;

/// Rules as most tests want them: three judges, spread 1, the 700 scale, equals share.
pub(crate) const RULES: &str = r#"
id = "sample"
version = 1
title = { zh = "样例", en = "Sample" }
live_policy = "progress"
rounding = { position = "per_aspect", source = "R-050" }
judgement = { judges = 3, spread_max = 1, source = "R-031, R-033" }
scale = { formula = "median_mad", centre = 700, spread = 30, deviation_factor = "1.4826", source = "R-070" }
ranking = { chain = [], end = "share", source = "R-081" }
"#;

/// Code, total, scale and position.
pub(crate) type Row = (String, Option<i64>, Option<i64>, Option<u32>);

/// A rule set from its text.
pub(crate) fn rules(text: &str) -> RuleSet {
    rules::read(text).expect("a sound rule set")
}

/// The usual rules with one line put in place of the one that begins with the same word.
pub(crate) fn rules_with(lines: &[&str]) -> RuleSet {
    let word = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    let mut text: Vec<String> = RULES
        .lines()
        .filter(|line| !lines.iter().any(|other| word(line) == word(other)))
        .map(str::to_owned)
        .collect();
    text.extend(lines.iter().filter(|line| line.contains(" = ")).map(|line| (*line).to_owned()));
    rules(&text.join("\n"))
}

/// An aspect without anything optional.
pub(crate) fn aspect(id: &str, max: i64, method: Method) -> Aspect {
    Aspect {
        description: "what is looked at".into(),
        id: id.into(),
        max: number::Mark(max),
        measured_in: String::new(),
        method,
        note: String::new(),
        part: None,
        requirement: String::new(),
        section: None,
    }
}

/// A judgement aspect.
pub(crate) fn judged(id: &str, max: i64) -> Aspect {
    aspect(id, max, Method::Judgement { rungs: ["below", "meets", "above", "far above"].map(str::to_owned) })
}

/// A measurement whose value is the mark.
pub(crate) fn direct(id: &str, max: i64) -> Aspect {
    aspect(id, max, Method::Measurement(Calculation::Direct))
}

/// A panel aspect of scores 0 to 100 in steps of 0.5, dropping this many at each end.
pub(crate) fn averaged(id: &str, drop: u32) -> Aspect {
    let scoring = PanelScoring {
        drop_high: drop,
        drop_low: drop,
        factor: Decimal::ONE,
        score_max: Decimal::whole(100),
        score_min: Decimal::whole(0),
        score_step: Decimal(500_000),
    };
    aspect(id, 10_000, Method::Panel(scoring))
}

/// The same aspect in a weighted part.
pub(crate) fn in_part(part: &str, aspect: Aspect) -> Aspect {
    Aspect { part: Some(part.into()), ..aspect }
}

/// A weighted part; the weight in percent.
pub(crate) fn part(id: &str, percent: i64) -> Part {
    Part { id: id.into(), name: id.into(), pass_mark: None, weight: number::Mark(percent * 100) }
}

/// What a skill is opened with.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) rules: RuleSet,
    pub(crate) subs: Vec<(String, Vec<Aspect>)>,
    pub(crate) parts: Vec<Part>,
    pub(crate) competitors: Vec<Entrant>,
    pub(crate) seats: Vec<Seat>,
}

impl Plan {
    /// Competitors C1, C2, …; judges J1 to J3; no aspect yet.
    pub(crate) fn of(competitors: usize) -> Self {
        let entrant = |n: usize| Entrant { code: format!("C{n}").as_str().into(), group: "".into() };
        Self {
            rules: rules(RULES),
            subs: Vec::new(),
            parts: Vec::new(),
            competitors: (1..=competitors).map(entrant).collect(),
            seats: ["J1", "J2", "J3"].map(seat).to_vec(),
        }
    }

    /// With one more sub-criterion.
    pub(crate) fn sub(mut self, id: &str, aspects: Vec<Aspect>) -> Self {
        self.subs.push((id.to_owned(), aspects));
        self
    }

    /// With other rules.
    pub(crate) fn ruled(mut self, rules: RuleSet) -> Self {
        self.rules = rules;
        self
    }

    /// With weighted parts.
    pub(crate) fn parts(mut self, parts: Vec<Part>) -> Self {
        self.parts = parts;
        self
    }

    /// With other seats on every panel.
    pub(crate) fn seats(mut self, seats: Vec<Seat>) -> Self {
        self.seats = seats;
        self
    }

    /// What is pinned.
    pub(crate) fn opening(&self) -> Opening {
        let sub_criteria = self.subs.iter().map(|(id, aspects)| SubCriterion {
            aspects: aspects.clone(),
            day: 1,
            id: id.as_str().into(),
            name: id.clone(),
        });
        let criterion =
            Criterion { id: "A".into(), name: "All".into(), sub_criteria: sub_criteria.collect() };
        let scheme = Scheme { criteria: vec![criterion], parts: self.parts.clone(), sections: Vec::new() };
        let panels = self
            .subs
            .iter()
            .map(|(id, _)| Panel { seats: self.seats.clone(), sub_criterion: id.as_str().into() });
        Opening::new(scheme, self.rules.clone(), self.competitors.clone(), panels.collect())
            .expect("a canonical opening")
    }

    /// The opened skill.
    pub(crate) fn open(&self) -> Hall {
        let mut hall = Hall::default();
        let opened = hall.ask(Role::Organiser, "organiser", Body::Open(Box::new(self.opening())));
        assert_eq!(opened, "accepted");
        hall
    }
}

/// A seat that counts.
pub(crate) fn seat(judge: &str) -> Seat {
    Seat { counts: true, judge: judge.into() }
}

/// A seat that does not.
pub(crate) fn trainee(judge: &str) -> Seat {
    Seat { counts: false, judge: judge.into() }
}

/// A stated reason.
pub(crate) fn reason() -> Reason {
    Some(Hash::of_document(b"why"))
}

/// A number as what was said.
pub(crate) fn number(text: &str) -> Value {
    Value::Number(Decimal::parse(text).expect("a number"))
}

/// A hall: the state of one skill, the ledger behind it, and people who ask.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hall {
    pub(crate) state: State,
    pub(crate) entries: Vec<Sealed>,
    dseqs: HashMap<String, i64>,
}

impl Hall {
    /// A command as the next one of this person's own device.
    pub(crate) fn command(&mut self, role: Role, actor: &str, second: Option<&str>, body: Body) -> Command {
        let device = format!("tablet of {actor}");
        let dseq = self.dseqs.entry(device.clone()).or_insert(0);
        *dseq += 1;
        let id = EntryId(0x0190_b1e2_7c5a_7000_8000_0000_0000_0000 + self.entries.len() as u128 + 1);
        Command {
            actor: actor.to_owned(),
            base: None,
            body,
            client_time: 1_790_000_000_000,
            device: device.as_str().into(),
            dseq: *dseq,
            id,
            role,
            second: second.map(str::to_owned),
        }
    }

    /// Decides and enters a command; gives `accepted`, or the status and the code.
    pub(crate) fn enter(&mut self, command: Command) -> String {
        let now = 1_790_000_000_000 + i64::try_from(self.entries.len()).expect("a short test");
        let stamp = Stamp { ledger: LedgerId::from("skill-1"), now };
        let decided = decide(&self.state, command, &stamp).expect("an entry");
        self.state = evolve(std::mem::take(&mut self.state), &decided.sealed);
        self.entries.push(decided.sealed.clone());
        let entry = decided.sealed.entry;
        let code = entry.code.unwrap_or_default();
        match entry.status {
            Status::Accepted => "accepted".to_owned(),
            Status::Conflict => format!("conflict {code}"),
            Status::Late => format!("late {code}"),
            Status::Refused => format!("refused {code}"),
        }
    }

    /// One person asks.
    pub(crate) fn ask(&mut self, role: Role, actor: &str, body: Body) -> String {
        let command = self.command(role, actor, None, body);
        self.enter(command)
    }

    /// The chief judge decides, with the supervisor as second person.
    pub(crate) fn decide(&mut self, body: Body) -> String {
        let command = self.command(Role::ChiefJudge, "chief", Some("supervisor"), body);
        self.enter(command)
    }

    /// A judge marks in a round, having seen what stands there now.
    pub(crate) fn mark_round(
        &mut self,
        judge: &str,
        competitor: &str,
        aspect: &str,
        round: u32,
        value: Value,
    ) -> String {
        let base = self.head(judge, competitor, aspect, round);
        self.mark_on(base, judge, competitor, aspect, round, value)
    }

    /// A judge marks in the present round, having seen what stands there now.
    pub(crate) fn mark(&mut self, judge: &str, competitor: &str, aspect: &str, value: &str) -> String {
        let (row, column) = (self.row(competitor), self.column(aspect));
        let round = self.skill().round(row, column);
        self.mark_round(judge, competitor, aspect, round, number(value))
    }

    /// A judge marks, having seen this entry in the cell.
    pub(crate) fn mark_on(
        &mut self,
        base: Option<EntryId>,
        judge: &str,
        competitor: &str,
        aspect: &str,
        round: u32,
        value: Value,
    ) -> String {
        let mark = mark_body(judge, competitor, aspect, round, value);
        let command = self.command(Role::Judge, judge, None, mark);
        self.enter(Command { base, ..command })
    }

    /// Three judges mark in the present round.
    pub(crate) fn mark_all(&mut self, competitor: &str, aspect: &str, values: [&str; 3]) {
        let (row, column) = (self.row(competitor), self.column(aspect));
        let round = self.skill().round(row, column);
        self.mark_all_round(competitor, aspect, round, values);
    }

    /// Three judges mark in a round.
    pub(crate) fn mark_all_round(&mut self, competitor: &str, aspect: &str, round: u32, values: [&str; 3]) {
        for (judge, value) in ["J1", "J2", "J3"].iter().zip(values) {
            assert_eq!(self.mark_round(judge, competitor, aspect, round, number(value)), "accepted");
        }
    }

    /// All three judges sign a sheet as it stands.
    pub(crate) fn sign_all(&mut self, competitor: &str, sub: &str) {
        for judge in ["J1", "J2", "J3"] {
            assert_eq!(self.sign(judge, competitor, sub), "accepted");
        }
    }

    /// A judge signs a sheet as it stands.
    pub(crate) fn sign(&mut self, judge: &str, competitor: &str, sub: &str) -> String {
        let sign = self.signature(judge, competitor, sub);
        self.ask(Role::Judge, judge, Body::Sign(sign))
    }

    /// What a judge who looks at the sheet now would sign.
    pub(crate) fn signature(&self, judge: &str, competitor: &str, sub: &str) -> Sign {
        let place = self.skill().sub(&sub.into()).expect("a sub-criterion");
        Sign {
            competitor: competitor.into(),
            drawing: None,
            judge: judge.into(),
            reason: None,
            sheet: self.skill().sheet_digest(self.row(competitor), place),
            sub_criterion: sub.into(),
        }
    }

    /// The chief judge locks a sheet.
    pub(crate) fn lock(&mut self, competitor: &str, sub: &str) -> String {
        self.ask(Role::ChiefJudge, "chief", lock(competitor, sub))
    }

    /// Signed by all and locked.
    pub(crate) fn sign_and_lock(&mut self, competitor: &str, sub: &str) {
        self.sign_all(competitor, sub);
        assert_eq!(self.lock(competitor, sub), "accepted");
    }

    /// The id of the last entry.
    pub(crate) fn last(&self) -> EntryId {
        self.entries.last().expect("an entry").entry.id
    }

    pub(crate) fn skill(&self) -> &Skill {
        self.state.skill.as_ref().expect("an open skill")
    }

    pub(crate) fn row(&self, competitor: &str) -> usize {
        self.skill().row(&CompetitorCode::from(competitor)).expect("a competitor")
    }

    pub(crate) fn column(&self, aspect: &str) -> usize {
        self.skill().column(&AspectId::from(aspect)).expect("an aspect")
    }

    /// What stands in the cell, for this judge.
    pub(crate) fn head(&self, judge: &str, competitor: &str, aspect: &str, round: u32) -> Option<EntryId> {
        let (row, column) = (self.row(competitor), self.column(aspect));
        self.skill().head(row, column, &JudgeCode::from(judge), round).map(|said| said.entry)
    }

    /// The mark in hundredths.
    pub(crate) fn mark_of(&self, competitor: &str, aspect: &str) -> Option<i64> {
        self.skill().board.mark(self.row(competitor), self.column(aspect))
    }

    /// The total in hundredths.
    pub(crate) fn total(&self, competitor: &str) -> Option<i64> {
        self.skill().board.total(self.row(competitor)).map(|total| total.0)
    }

    /// The standing of one competitor.
    pub(crate) fn standing(&self, competitor: &str) -> Standing {
        let all = standings(self.skill());
        all.into_iter().find(|one| one.competitor.as_str() == competitor).expect("a standing")
    }

    /// Code, total, scale and position of each, in the standings' order.
    pub(crate) fn table(&self) -> Vec<Row> {
        let row = |one: Standing| {
            (one.competitor.to_string(), one.total.map(|total| total.0), one.scale, one.position)
        };
        standings(self.skill()).into_iter().map(row).collect()
    }

    /// Verifies the whole ledger from its lines, as anyone may.
    pub(crate) fn verify(&self) -> Verifier {
        let mut verifier = Verifier::new();
        for sealed in &self.entries {
            assert_eq!(verifier.line(&sealed.line()), Ok(()), "{}", sealed.json);
        }
        verifier
    }
}

pub(crate) fn mark_body(judge: &str, competitor: &str, aspect: &str, round: u32, value: Value) -> Body {
    Body::Mark(Mark {
        aspect: aspect.into(),
        competitor: competitor.into(),
        judge: judge.into(),
        reason: None,
        round,
        value,
    })
}

pub(crate) fn absent(competitor: &str) -> Body {
    Body::Absent(Absent { competitor: competitor.into(), reason: None })
}

pub(crate) fn withdraw(competitor: &str) -> Body {
    Body::Withdraw(Withdraw { competitor: competitor.into(), reason: None })
}

pub(crate) fn disqualify(competitor: &str) -> Body {
    Body::Disqualify(Disqualify { competitor: competitor.into(), reason: reason() })
}

pub(crate) fn penalty(competitor: &str, marks: i64) -> Body {
    Body::Penalty(Penalty { competitor: competitor.into(), marks: number::Mark(marks), reason: reason() })
}

pub(crate) fn start(competitor: &str, at: i64) -> Body {
    Body::Start(Moment { at, competitor: competitor.into() })
}

pub(crate) fn stop(competitor: &str, at: i64) -> Body {
    Body::Stop(Moment { at, competitor: competitor.into() })
}

pub(crate) fn extra_time(competitor: &str, minutes: u32) -> Body {
    Body::ExtraTime(ExtraTime { competitor: competitor.into(), minutes, reason: reason() })
}

pub(crate) fn exchange(competitor: &str, other: &str, sub: &str) -> Body {
    Body::Exchange(Exchange {
        competitor: competitor.into(),
        other: other.into(),
        reason: reason(),
        sub_criterion: sub.into(),
    })
}

pub(crate) fn void_aspect(aspect: &str, how: VoidHow) -> Body {
    Body::VoidAspect(VoidAspect { aspect: aspect.into(), how, reason: reason() })
}

pub(crate) fn void(entry: EntryId) -> Body {
    Body::Void(Void { entry, reason: reason() })
}

pub(crate) fn rescore(competitor: &str, aspect: &str) -> Body {
    Body::Rescore(Rescore { aspect: aspect.into(), competitor: competitor.into(), reason: reason() })
}

pub(crate) fn resolve(keep: Option<EntryId>, drop: Option<EntryId>) -> Body {
    Body::Resolve(Resolve { drop, keep, reason: reason() })
}

pub(crate) fn lock(competitor: &str, sub: &str) -> Body {
    Body::Lock(Lock { competitor: competitor.into(), sub_criterion: SubCriterionId::from(sub) })
}

pub(crate) fn unlock(competitor: &str, aspect: &str) -> Body {
    Body::Unlock(Unlock { aspect: aspect.into(), competitor: competitor.into(), reason: reason() })
}

pub(crate) fn ask_unlock(judge: &str, competitor: &str, aspect: &str) -> Body {
    let (aspect, competitor, judge) = (aspect.into(), competitor.into(), judge.into());
    Body::AskUnlock(AskUnlock { aspect, competitor, judge, reason: reason() })
}

pub(crate) fn close() -> Body {
    Body::Close(Close { reason: None })
}

pub(crate) fn release(stage: Stage) -> Body {
    Body::Release(Release { stage })
}

/// Another order, by the seed.
pub(crate) fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for at in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(at, usize::try_from(seed >> 33).expect("64 bits") % (at + 1));
    }
}
