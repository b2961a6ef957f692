//! The last step: positions and awards of one group, from totals or the published scale.

use super::medals::{self, Group, Measure};
use super::prizes;
use super::ties::{self, Rung};
use crate::id::CompetitorCode;
use crate::number::Mark;
use crate::rules::{FieldGate, GateEffect, RuleSet, TieEnd};

/// One of those who compete in a group, as the last step sees them. A team counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contender {
    /// The public code.
    pub competitor: CompetitorCode,
    /// The total; none while an aspect is unmarked.
    pub total: Option<Mark>,
    /// The published scale; none without a total, or where the scale is not available.
    pub scale: Option<i64>,
    /// One value per key of the rule set's tie-break chain, in its order; none where not known.
    pub keys: Vec<Option<i64>>,
    /// Whether the rules let them win an award (a part below its pass mark may forbid it).
    pub may_win: bool,
}

/// What a person decided, as the ledger records it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Ties that a person settled: each list from the best to the last of those who were equal. It
    /// counts while exactly these are equal; of two for the same contenders the later one.
    pub settled: Vec<Vec<CompetitorCode>>,
    /// Recorded overrides of a published award or position, in the order of their entries; a later
    /// one for the same contender stands.
    pub overrides: Vec<Override>,
}

/// A decision that breaks the rule, with who and why kept in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Whose result.
    pub competitor: CompetitorCode,
    /// The position given; none leaves the rule's.
    pub position: Option<u32>,
    /// The award given; empty takes the award away.
    pub award: Option<String>,
}

/// The place of one contender.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placing {
    /// Position, shared by equals; none without a result or where the field is void.
    pub position: Option<u32>,
    /// The award's name as published.
    pub award: Option<String>,
    /// The chain key, or `settled`, that told this contender apart from one with an equal result;
    /// where several did, the last one, which fixed the position.
    pub decided_by: Option<String>,
    /// Still equal after the whole chain: what a person has to do.
    pub open_tie: Option<TieEnd>,
    /// Whether a recorded override set the position or the award.
    pub is_overridden: bool,
}

/// Places one group of a skill, in the order of `field`, which holds all who compete: those without
/// a total too, not those absent, withdrawn or disqualified.
///
/// The published scale decides where there is one, else the total. A contender without the
/// value that decides has no position. The outcome does not depend on the order of `field`.
#[must_use]
pub fn place(rules: &RuleSet, field: &[Contender], decisions: &Decisions) -> Vec<Placing> {
    let gate = field_gate(rules, field.len()).map(|gate| &gate.effect);
    let mut placings = vec![Placing::default(); field.len()];
    if gate != Some(&GateEffect::Void) {
        let (measure, values) = values(rules, field);
        let ladder = ties::ladder(&rules.ranking, field, &values, decisions);
        let awards = Awards { rules, measure, gate, field_size: field.len() };
        let mut better = 0;
        for group in groups(rules, &ladder, measure) {
            let position = better + 1;
            for rung in &ladder[group.rungs.clone()] {
                for &index in &rung.members {
                    placings[index] = placing(&awards, &group, rung, position, &field[index]);
                    better += 1;
                }
            }
        }
    }
    for decision in &decisions.overrides {
        override_placing(decision, field, &mut placings);
    }
    placings
}

/// The gate that a field of this size falls under, if any: the first that holds.
#[must_use]
pub fn field_gate(rules: &RuleSet, field_size: usize) -> Option<&FieldGate> {
    rules.field_gates.iter().find(|gate| usize::try_from(gate.at_most).is_ok_and(|most| field_size <= most))
}

/// The value that decides for each contender. Scale points and hundredths are never compared: where
/// anyone has a scale score, one without it has no value.
fn values(rules: &RuleSet, field: &[Contender]) -> (Measure, Vec<Option<i64>>) {
    if rules.scale.is_some() && field.iter().any(|contender| contender.scale.is_some()) {
        return (Measure::Scale, field.iter().map(|contender| contender.scale).collect());
    }
    (Measure::Total, field.iter().map(|contender| contender.total.map(|total| total.0)).collect())
}

/// Who shares a position.
fn groups(rules: &RuleSet, ladder: &[Rung], measure: Measure) -> Vec<Group> {
    let alone = |at| Group { rungs: at..at + 1, medal: None, is_by_margin: false };
    match &rules.medals {
        Some(medals) => medals::groups(medals, ladder, measure),
        None => (0..ladder.len()).map(alone).collect(),
    }
}

fn placing(awards: &Awards<'_>, group: &Group, rung: &Rung, position: u32, contender: &Contender) -> Placing {
    let award = contender.may_win.then(|| awards.award(group, rung, position)).flatten();
    // In a group that shares by margin nothing was parted, and nothing is left to decide.
    let is_parted = !group.is_by_margin;
    Placing {
        position: Some(position),
        award: award.map(str::to_owned),
        decided_by: is_parted.then(|| rung.decided_by.clone()).flatten(),
        open_tie: is_parted.then_some(rung.open_tie).flatten(),
        is_overridden: false,
    }
}

/// What decides about an award besides the place.
struct Awards<'a> {
    rules: &'a RuleSet,
    measure: Measure,
    gate: Option<&'a GateEffect>,
    field_size: usize,
}

impl<'a> Awards<'a> {
    /// The one award of a place: the medal, else the threshold award, else the prize.
    ///
    /// A medal class that a gate withholds leaves its holder without a medal, so the threshold award
    /// may follow; a prize that a gate withholds still takes its positions.
    fn award(&self, group: &Group, rung: &Rung, position: u32) -> Option<&'a str> {
        let medal = group.medal.map(medals::Medal::name).filter(|name| self.is_given(name));
        let threshold_award = || {
            let medals = self.rules.medals.as_ref()?;
            medals::excellence(medals, rung.value, self.measure).filter(|name| self.is_given(name))
        };
        let prize = || {
            prizes::prize(&self.rules.prizes, self.field_size, position).filter(|name| self.is_given(name))
        };
        medal.or_else(threshold_award).or_else(prize)
    }

    /// Whether a field of this size has this award.
    fn is_given(&self, award: &str) -> bool {
        match self.gate {
            None => true,
            Some(GateEffect::Keep(kept)) => kept.iter().any(|name| name == award),
            Some(GateEffect::Exhibition | GateEffect::Void) => false,
        }
    }
}

/// Applies one override to the contender that it names, and to nobody else.
fn override_placing(decision: &Override, field: &[Contender], placings: &mut [Placing]) {
    let named = |contender: &Contender| contender.competitor == decision.competitor;
    for (_, placing) in field.iter().zip(placings).filter(|(contender, _)| named(contender)) {
        if let Some(position) = decision.position {
            // No longer the rule's position: what the chain said of it no longer holds.
            *placing =
                Placing { position: Some(position), decided_by: None, open_tie: None, ..placing.clone() };
            placing.is_overridden = true;
        }
        if let Some(award) = &decision.award {
            placing.award = (!award.is_empty()).then(|| award.clone());
            placing.is_overridden = true;
        }
    }
}

#[cfg(test)]
mod tests;
