//! The last step: positions and awards of one group, from totals or the published scale.

use crate::id::CompetitorCode;
use crate::number::Mark;
use crate::rules::{RuleSet, TieEnd};

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
    /// Ties that a person settled: each list from the best to the last of those who were equal.
    pub settled: Vec<Vec<CompetitorCode>>,
    /// Recorded overrides of a published award or position.
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
    /// The chain key, or `settled`, that told this contender apart from one with an equal result.
    pub decided_by: Option<String>,
    /// Still equal after the whole chain: what a person has to do.
    pub open_tie: Option<TieEnd>,
    /// Whether a recorded override changed position or award.
    pub is_overridden: bool,
}

/// Places one group, in the order of `field`. `competing` counts the field (those absent, withdrawn
/// and disqualified are not in it).
#[must_use]
pub fn place(_rules: &RuleSet, field: &[Contender], _decisions: &Decisions) -> Vec<Placing> {
    vec![Placing::default(); field.len()]
}
