//! What an act of two persons would come to: whether the rules would accept it now, what it is in
//! words, and what it would change in the results. The rules themselves say so, on a copy of the state.

use domain::access::Role;
use domain::finding::Spoken;
use domain::id::LedgerId;
use domain::ledger::{Command, Hash, Status, canonical};
use domain::marking::{self, Body, Decision, Resolve, Skill, Stamp, State, foresee};
use domain::results::StandingStatus;
use domain::results::difference;
use protocol::chief::{Change, Decided, Difference, Outcome, Proposed, What};
use protocol::view::Presence;

use super::Author;
use crate::http::App;

/// Who would be the second person, where nobody is yet: another than any actor.
const SOMEBODY: &str = "\u{2026}";

/// An act that the rules would accept now.
pub(crate) struct Foretold {
    /// What it is.
    pub(crate) what: Proposed,
    /// What it would change; none where it changes no result by itself.
    pub(crate) difference: Option<Difference>,
}

/// What an act of a chief judge's would come to now, once a second person confirms it.
///
/// # Errors
/// Why the rules would not accept it.
pub(crate) fn foretell(
    app: &App,
    skill: &LedgerId,
    state: &State,
    author: &Author,
    body: &Body,
) -> Result<Foretold, Spoken> {
    let none = || marking::Refusal::NotOpen.spoken();
    let open = state.skill.as_deref().ok_or_else(none)?;
    let difference = if changes_results(body) {
        let (command, stamp) = supposed(app, skill, author, body);
        let after = foresee(state, command, &stamp)?;
        Some(held_together(open, after.skill.as_deref().ok_or_else(none)?))
    } else {
        is_acceptable(app, skill, state, author, body)?;
        None
    };
    let what = proposed(open, body).ok_or_else(|| marking::Refusal::NothingPending.spoken())?;
    Ok(Foretold { what, difference })
}

/// Whether the rules would accept an act of a chief judge's now, once a second person confirms it where it
/// takes one.
///
/// # Errors
/// Why they would not.
pub(crate) fn is_acceptable(
    app: &App,
    skill: &LedgerId,
    state: &State,
    author: &Author,
    body: &Body,
) -> Result<(), Spoken> {
    let (command, stamp) = supposed(app, skill, author, body);
    let decided = marking::decide(state, command, &stamp).map_err(|problem| Spoken::of_reader(&problem))?;
    decided.why.map_or(Ok(()), |why| Err(why.spoken()))
}

fn supposed(app: &App, skill: &LedgerId, author: &Author, body: &Body) -> (Command, Stamp) {
    let command = Command {
        actor: author.actor.clone(),
        base: None,
        body: body.clone(),
        client_time: (app.clock)(),
        device: author.device.clone(),
        dseq: 1,
        id: domain::id::EntryId(0),
        role: Role::ChiefJudge,
        second: Some(SOMEBODY.to_owned()),
    };
    (command, Stamp { ledger: skill.clone(), now: (app.clock)() })
}

/// Whether it moves more than what is shown of it anyway.
fn changes_results(body: &Body) -> bool {
    matches!(body, Body::Disqualify(_) | Body::VoidAspect(_) | Body::Exchange(_) | Body::Void(_))
}

fn held_together(before: &Skill, after: &Skill) -> Difference {
    let changes: Vec<Change> = difference::difference(before, after)
        .into_iter()
        .map(|change| Change {
            competitor: change.competitor,
            before: outcome(change.before),
            after: outcome(change.after),
        })
        .collect();
    Difference { seen: digest(&changes), changes }
}

fn outcome(of: difference::Outcome) -> Outcome {
    let presence = match of.status {
        StandingStatus::Absent => Presence::Absent,
        StandingStatus::Withdrawn => Presence::Withdrawn,
        StandingStatus::Disqualified => Presence::Disqualified,
        StandingStatus::Complete | StandingStatus::Incomplete | StandingStatus::NotPassed => {
            Presence::Competing
        }
    };
    Outcome { presence, marks: of.marks, is_total: of.is_total, position: of.position, award: of.award }
}

/// What a person saw of a difference. Of somebody who is still being marked only by how much the marks
/// move: each mark that comes would otherwise make it another.
fn digest(changes: &[Change]) -> Hash {
    let seen: Vec<_> = changes
        .iter()
        .map(|Change { competitor, before, after }| {
            let are_totals = before.is_total && after.is_total;
            let by = before.marks.zip(after.marks).map(|(before, after)| after.0 - before.0);
            let rest = |of: &Outcome| {
                let total = of.marks.filter(|_| are_totals);
                (of.presence, of.is_total, total, of.position, of.award.clone())
            };
            (competitor.clone(), by, rest(before), rest(after))
        })
        .collect();
    // Codes, numbers and words are always canonical.
    Hash::of_document(&canonical::to_vec(&seen).unwrap_or_default())
}

/// What a second person is asked; none where it can no longer be done.
fn proposed(skill: &Skill, body: &Body) -> Option<Proposed> {
    let aspect = |id| Some(skill.aspect(skill.column(id)?).clone());
    match body {
        Body::Resolve(Resolve { keep: Some(entry), drop, .. }) => {
            let pending = skill.pending.get(entry).filter(|pending| pending.status == Status::Late)?;
            let mark = &pending.mark;
            let (row, column) = (skill.row(&mark.competitor)?, skill.column(&mark.aspect)?);
            let stands = skill.head(row, column, &mark.judge, mark.round);
            if stands.map(|said| said.entry) != *drop {
                return None;
            }
            Some(Proposed::Admit {
                entry: *entry,
                competitor: mark.competitor.clone(),
                aspect: Box::new(skill.aspect(column).clone()),
                judge: mark.judge.clone(),
                value: Some(mark.value.clone()),
                stands: stands.map(|said| said.value.clone()),
            })
        }
        Body::Disqualify(body) => Some(Proposed::Disqualify { competitor: body.competitor.clone() }),
        Body::Unlock(body) => Some(Proposed::Unlock {
            competitor: body.competitor.clone(),
            aspect: body.aspect.clone(),
            description: aspect(&body.aspect)?.description,
        }),
        Body::VoidAspect(body) => Some(Proposed::VoidAspect {
            aspect: body.aspect.clone(),
            description: aspect(&body.aspect)?.description,
            how: body.how,
        }),
        Body::Exchange(body) => {
            let sub = skill.opening.scheme.sub_criteria().find(|(_, sub)| sub.id == body.sub_criterion);
            Some(Proposed::Exchange {
                competitor: body.competitor.clone(),
                other: body.other.clone(),
                sub_criterion: body.sub_criterion.clone(),
                name: sub?.1.name.clone(),
            })
        }
        Body::Reseat(body) => {
            let sub = skill.opening.scheme.sub_criteria().find(|(_, sub)| sub.id == body.sub_criterion);
            Some(Proposed::Compatriot {
                competitor: body.competitor.clone()?,
                judge: body.judge.clone()?,
                sub_criterion: body.sub_criterion.clone(),
                name: sub?.1.name.clone(),
            })
        }
        Body::Void(body) => {
            let decided = decided(skill, skill.decision(body.entry)?);
            Some(Proposed::Undo { entry: body.entry, decided })
        }
        _ => None,
    }
}

/// A decision in the page's words.
pub(crate) fn decided(skill: &Skill, decision: Decision<'_>) -> Decided {
    let code = |row: usize| skill.opening.competitors[row].code.clone();
    let of = |row, what, amount| Decided::OfCompetitor { competitor: code(row), what, amount };
    match decision {
        Decision::Absent(row) => of(row, What::Absent, None),
        Decision::Withdrawn(row) => of(row, What::Withdraw, None),
        Decision::Disqualified(row) => of(row, What::Disqualify, None),
        Decision::Penalty(row, marks) => of(row, What::Penalty, Some(marks.to_string())),
        Decision::ExtraTime(row, minutes) => of(row, What::ExtraTime, Some(minutes.to_string())),
        Decision::Overridden(row, body) => {
            Decided::Overridden { competitor: code(row), position: body.position, award: body.award.clone() }
        }
        Decision::Voided(column, how) => {
            let aspect = skill.aspect(column);
            Decided::Voided { aspect: aspect.id.clone(), description: aspect.description.clone(), how }
        }
        Decision::Settled(order) => Decided::Settled { order: order.to_vec() },
    }
}
