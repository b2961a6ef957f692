//! A skill to mark, and tablets that mark it. What a tablet sends as its n-th is a pure function of
//! the tablet and n, so that one that starts again sends the same bytes again.

use domain::access::Role;
use domain::id::{CompetitorCode, DeviceId, EntryId, JudgeCode, LedgerId};
use domain::ledger::Command;
use domain::marking::{Body, Entrant, Mark, Opening, Panel, Seat};
use domain::number::{self, Decimal};
use domain::rules::preset;
use domain::scheme::{Aspect, Calculation, Criterion, Method, Scheme, SubCriterion};
use domain::scoring::Value;
use server::ledger::{Origin, Submission};

/// How large a skill is.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Competitors C001, C002, ….
    pub competitors: u32,
    /// Aspects with one measured value.
    pub measured: u32,
    /// Aspects that each of the three judges scores.
    pub judged: u32,
}

/// A small skill for tests.
pub const SMALL: Plan = Plan { competitors: 4, measured: 3, judged: 1 };
/// 40 competitors, 200 aspects, a quarter of them judgement.
pub const REALISTIC: Plan = Plan { competitors: 40, measured: 150, judged: 50 };

const JUDGES: [&str; 3] = ["J1", "J2", "J3"];
const ASPECTS_A_SUB_CRITERION: u32 = 10;
/// When the first entry is made, milliseconds since 1970 UTC.
pub const BEGINNING: i64 = 1_790_000_000_000;

impl Plan {
    /// What the skill is opened with.
    #[must_use]
    pub fn opening(self) -> Opening {
        let aspects: Vec<Aspect> = (0..self.measured + self.judged).map(|at| self.aspect(at)).collect();
        let sub_criteria: Vec<SubCriterion> = (1..)
            .zip(aspects.chunks(ASPECTS_A_SUB_CRITERION as usize))
            .map(|(number, aspects)| SubCriterion {
                aspects: aspects.to_vec(),
                day: 1,
                id: format!("A{number}").into(),
                name: format!("sub-criterion {number}"),
            })
            .collect();
        let seat = |judge: &str| Seat { counts: true, judge: judge.into() };
        let panels = sub_criteria
            .iter()
            .map(|sub| Panel { seats: JUDGES.map(seat).to_vec(), sub_criterion: sub.id.clone() })
            .collect();
        let criteria = vec![Criterion { id: "A".into(), name: "the work".into(), sub_criteria }];
        let scheme = Scheme { criteria, parts: Vec::new(), sections: Vec::new() };
        let entrant = |number| Entrant { code: competitor(number), group: "".into() };
        let rules = preset("enterprise-drill").expect("a preset");
        Opening::new(scheme, rules, (0..self.competitors).map(entrant).collect(), panels).expect("an opening")
    }

    /// The organiser's command that opens it.
    #[must_use]
    pub fn open(self, ledger: &str) -> Submission {
        let command = Command {
            actor: "organiser".into(),
            base: None,
            body: Body::Open(Box::new(self.opening())),
            client_time: BEGINNING,
            device: format!("desk-{ledger}").into(),
            dseq: 1,
            id: entry_id(BEGINNING, u128::from(salt(ledger)) << 46),
            role: Role::Organiser,
            second: None,
        };
        Submission {
            ledger_id: LedgerId::from(ledger),
            command,
            origin: Origin::Unsigned,
            drawing: None,
            reason: None,
        }
    }

    fn aspect(self, at: u32) -> Aspect {
        let rungs = ["not done", "done", "done well", "outstanding"].map(str::to_owned);
        let method = if at < self.measured {
            Method::Measurement(Calculation::Direct)
        } else {
            Method::Judgement { rungs }
        };
        Aspect {
            description: format!("what is looked at as number {at}"),
            id: aspect_id(at).into(),
            max: number::Mark(50),
            measured_in: String::new(),
            method,
            note: String::new(),
            part: None,
            requirement: String::new(),
            section: None,
        }
    }

    /// How many cells one competitor has.
    fn cells(self) -> u32 {
        self.measured + 3 * self.judged
    }
}

/// One tablet of several, with its own share of a skill's cells.
#[derive(Clone, Debug)]
pub struct Tablet {
    plan: Plan,
    ledger: LedgerId,
    number: u32,
    of: u32,
    /// Apart from others of the same number in other ledgers.
    salt: u64,
}

impl Tablet {
    /// Tablet `number` (from 0) of `of`.
    #[must_use]
    pub fn new(plan: Plan, ledger: &str, number: u32, of: u32) -> Self {
        Self { plan, ledger: ledger.into(), number, of, salt: salt(ledger) }
    }

    /// Its name.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        DeviceId::from(format!("tablet-{}-{}", self.ledger, self.number))
    }

    /// The id of what it sends as number `dseq`; ordered by time, as UUIDv7 are.
    #[must_use]
    pub fn id(&self, dseq: i64) -> EntryId {
        let number = u128::from(self.number + 1) << 32;
        entry_id(BEGINNING + dseq, (u128::from(self.salt) << 46) | number | u128::from(dseq.unsigned_abs()))
    }

    /// What it sends as number `dseq`, from 1: its cells one after the other, then again with other
    /// values.
    #[must_use]
    pub fn submission(&self, dseq: i64) -> Submission {
        let all = self.plan.cells() * self.plan.competitors;
        let share = i64::from((all - self.number).div_ceil(self.of));
        let turn = dseq - 1;
        let cell = u32::try_from(turn % share).expect("a cell") * self.of + self.number;
        let (competitor_at, place) = (cell / self.plan.cells(), cell % self.plan.cells());
        let (aspect, judge) = match place.checked_sub(self.plan.measured) {
            None => (place, 0),
            Some(score) => (self.plan.measured + score / 3, score % 3),
        };
        let judge = JUDGES[judge as usize];
        let value = if aspect < self.plan.measured {
            Decimal((turn * 7 % 51) * 10_000) // hundredths, up to the most of 0.50
        } else {
            Decimal((turn % 4) * 1_000_000)
        };
        let command = Command {
            actor: judge.to_owned(),
            base: (turn >= share).then(|| self.id(dseq - share)),
            body: Body::Mark(Mark {
                aspect: aspect_id(aspect).into(),
                competitor: competitor(competitor_at),
                judge: JudgeCode::from(judge),
                reason: None,
                round: 1,
                value: Value::Number(value),
            }),
            client_time: BEGINNING + dseq,
            device: self.device(),
            dseq,
            id: self.id(dseq),
            role: Role::Judge,
            second: None,
        };
        Submission {
            ledger_id: self.ledger.clone(),
            command,
            origin: Origin::Unsigned,
            drawing: None,
            reason: None,
        }
    }
}

/// A UUIDv7 of that time; its tail, below 2^62, takes the place of the random bits.
fn entry_id(time: i64, tail: u128) -> EntryId {
    EntryId((u128::from(time.unsigned_abs()) << 80) | (7 << 76) | (2 << 62) | tail)
}

/// Sixteen bits that tell ledgers apart.
fn salt(ledger: &str) -> u64 {
    ledger.bytes().fold(7, |salt, byte| (salt * 31 + u64::from(byte)) & 0xffff)
}

fn competitor(number: u32) -> CompetitorCode {
    CompetitorCode::from(format!("C{:03}", number + 1))
}

fn aspect_id(at: u32) -> String {
    format!("A{}.{:02}", at / ASPECTS_A_SUB_CRITERION + 1, at % ASPECTS_A_SUB_CRITERION + 1)
}
