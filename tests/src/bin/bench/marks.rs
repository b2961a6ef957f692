//! What the judges of a benchmark mark: the n-th mark of a judge is a pure function of both, so that
//! a load sends the same bytes to every contender, and the same again after a crash.

use std::fmt::Write as _;

use domain::id::EntryId;
use domain::ledger::Command;
use domain::marking::{Body, Opening, Panel, Seat};
use serde::{Deserialize, Serialize};
use server::ledger::{Origin, Submission};
use tests::skill::{BEGINNING, REALISTIC};

/// How many judges a skill has.
pub(crate) const JUDGES_A_SKILL: u32 = 3;
/// How many cells each of them fills before the first is corrected.
pub(crate) const CELLS: i64 = 4_000;

const COMPETITORS: i64 = 40;
const ASPECTS_A_SUB_CRITERION: i64 = 10;
const MEASURED: i64 = 150;
/// Of a judge: five sub-criteria of measurements are theirs alone.
const MEASURED_CELLS: i64 = 2_000;

/// One judge of one skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Judge {
    /// Among all judges, from 0.
    pub(crate) number: u32,
}

impl Judge {
    /// The skill's ledger.
    pub(crate) fn skill(&self) -> String {
        format!("skill-{:03}", self.number / JUDGES_A_SKILL)
    }

    /// The judge's code.
    pub(crate) fn code(&self) -> String {
        format!("J{}", self.number % JUDGES_A_SKILL + 1)
    }

    /// The id of the judge's mark of that number.
    pub(crate) fn id(&self, dseq: i64) -> EntryId {
        let time = u128::from((BEGINNING + dseq).unsigned_abs());
        let tail = (u128::from(self.number + 1) << 32) | u128::from(dseq.unsigned_abs());
        // A UUIDv7: ordered by time, and here by the judge after it.
        EntryId((time << 80) | (7 << 76) | (2 << 62) | tail)
    }

    /// Appends the judge's mark of that number as the frame of a put holds it.
    pub(crate) fn write(&self, dseq: i64, out: &mut String) {
        let (turn, pass) = ((dseq - 1) % CELLS, (dseq - 1) / CELLS);
        let (column, competitor) = (turn / COMPETITORS, turn % COMPETITORS + 1);
        let own = i64::from(self.number % JUDGES_A_SKILL);
        let (aspect, value) = if turn < MEASURED_CELLS {
            let sub = column / ASPECTS_A_SUB_CRITERION * i64::from(JUDGES_A_SKILL) + own;
            let hundredths = (turn + pass) % 41 + 10;
            (sub * ASPECTS_A_SUB_CRITERION + column % ASPECTS_A_SUB_CRITERION, format!("0.{hundredths}"))
        } else {
            // Never further apart than the rules allow, whoever has come how far.
            (MEASURED + column - MEASURED_CELLS / COMPETITORS, (2 + pass % 2).to_string())
        };
        // A fraction has no zero at its end.
        let value = if value.starts_with('0') { value.trim_end_matches('0') } else { &value };
        let (sub, place) = (aspect / ASPECTS_A_SUB_CRITERION + 1, aspect % ASPECTS_A_SUB_CRITERION + 1);
        let (id, judge) = (self.id(dseq), self.code());
        let base = if pass > 0 { format!("\"{}\"", self.id(dseq - CELLS)) } else { "null".to_owned() };
        let time = BEGINNING + dseq;
        // Writing to a string does not fail.
        let _ = write!(
            out,
            r#"{{"base":{base},"body":{{"mark":{{"aspect":"A{sub}.{place:02}","competitor":"C{competitor:03}","judge":"{judge}","round":1,"value":{{"number":"{value}"}}}}}},"client_time":{time},"dseq":{dseq},"elapsed_ms":{dseq},"id":"{id}","reason":null}}"#
        );
    }
}

/// What opens the skill of a judge: measurements have a judge of their own each, everything judged
/// has all three.
pub(crate) fn open(skill: &str) -> Submission {
    let mut submission = REALISTIC.open(skill);
    let Body::Open(opening) = &mut submission.command.body else { return submission };
    let measured = usize::try_from(MEASURED / ASPECTS_A_SUB_CRITERION).unwrap_or_default();
    let subs = opening.scheme.criteria.iter().flat_map(|criterion| &criterion.sub_criteria);
    let panels = subs.enumerate().map(|(at, sub)| {
        let judges = 1..=JUDGES_A_SKILL;
        let is_seated = |judge: &u32| at >= measured || at % 3 == (judge - 1) as usize;
        let seat = |judge: u32| Seat { counts: true, judge: format!("J{judge}").as_str().into() };
        Panel { seats: judges.filter(is_seated).map(seat).collect(), sub_criterion: sub.id.clone() }
    });
    let panels = panels.collect();
    let Opening { scheme, rules, competitors, .. } = opening.as_ref().clone();
    if let Ok(made) = Opening::new(scheme, rules, competitors, panels) {
        **opening = made;
    }
    submission
}

/// The same mark as the ledger takes it without a socket.
pub(crate) fn submission(judge: &Judge, device: &str, dseq: i64) -> Result<Submission, String> {
    let mut text = String::new();
    judge.write(dseq, &mut text);
    let put: protocol::frame::Submission = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let command = Command {
        actor: judge.code(),
        base: put.base,
        body: put.body,
        client_time: put.client_time,
        device: device.into(),
        dseq: put.dseq,
        id: put.id,
        role: domain::access::Role::Judge,
        second: None,
    };
    Ok(Submission {
        ledger_id: judge.skill().as_str().into(),
        command,
        origin: Origin::Unsigned,
        drawing: None,
        reason: None,
    })
}
