//! What is sent, with the defaults that most commands have.

use domain::access::Role;
use domain::id::{AspectId, CompetitorCode, DeviceId, EntryId, JudgeCode};
use domain::ledger::Hash;
use domain::marking::{Body, Mark};
use domain::number::Decimal;
use domain::scoring::Value;

/// A command before the ledger numbers it: by the chief judge with the organiser as the second
/// person, from the actor's own device, unless said otherwise.
#[derive(Clone)]
pub(crate) struct Act {
    pub(crate) actor: String,
    pub(crate) role: Role,
    pub(crate) second: Option<String>,
    pub(crate) base: Option<EntryId>,
    pub(crate) device: DeviceId,
    pub(crate) body: Body,
}

impl Act {
    pub(crate) fn new(body: Body) -> Self {
        let (actor, second) = ("chief".to_owned(), Some("organiser".to_owned()));
        Self { actor, role: Role::ChiefJudge, second, base: None, device: "desk".into(), body }
    }

    /// A judge's own mark in the first round.
    pub(crate) fn mark(
        judge: &JudgeCode,
        competitor: &CompetitorCode,
        aspect: &AspectId,
        value: Value,
    ) -> Self {
        let (competitor, aspect) = (competitor.clone(), aspect.clone());
        let mark = Mark { aspect, competitor, judge: judge.clone(), reason: None, round: 1, value };
        let device = DeviceId::from(format!("tablet-{judge}"));
        Self { second: None, device, ..Self::new(Body::Mark(mark)) }.by(judge.as_str(), Role::Judge)
    }

    pub(crate) fn by(self, actor: &str, role: Role) -> Self {
        Self { actor: actor.to_owned(), role, ..self }
    }

    pub(crate) fn base(self, base: Option<EntryId>) -> Self {
        Self { base, ..self }
    }

    pub(crate) fn alone(self) -> Self {
        Self { second: None, ..self }
    }

    pub(crate) fn round(mut self, round: u32) -> Self {
        if let Body::Mark(mark) = &mut self.body {
            mark.round = round;
        }
        self
    }
}

/// A commitment to a reason, as it stands in the ledger.
pub(crate) fn reason(text: &str) -> Option<Hash> {
    Some(Hash::of_document(format!("salt{text}").as_bytes()))
}

pub(crate) fn number(text: &str) -> Value {
    Value::Number(Decimal::parse(text).expect("a number"))
}
