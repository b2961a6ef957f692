//! Who stands above whom: equal results are parted by the tie-break chain.
//!
//! It knows neither positions nor awards; those are cut from the ladder that it makes.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::place::{Contender, Decisions};
use crate::id::CompetitorCode;
use crate::rules::{Better, RankingRules, TieEnd, TieKey};

/// What `decided_by` says where a person's recorded decision parted equals.
const SETTLED: &str = "settled";

/// Those who are equal in everything that counts; a ladder lists them from the best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rung {
    /// The result that decides: scale points, or hundredths of a mark where there is no scale.
    pub(super) value: i64,
    /// Indices into the field.
    pub(super) members: Vec<usize>,
    /// The last key of the chain (or `settled`) that parted these from others with the same value.
    pub(super) decided_by: Option<String>,
    /// Still several after the whole chain, and the rules want a person to part them.
    pub(super) open_tie: Option<TieEnd>,
}

/// The ladder of all who have a value. `values` runs beside `field`.
pub(super) fn ladder(
    rules: &RankingRules,
    field: &[Contender],
    values: &[Option<i64>],
    decisions: &Decisions,
) -> Vec<Rung> {
    let mut ranked: Vec<(i64, usize)> =
        values.iter().enumerate().filter_map(|(index, value)| Some(((*value)?, index))).collect();
    ranked.sort_by_key(|&(value, index)| (Reverse(value), index));
    ranked
        .chunk_by(|one, next| one.0 == next.0)
        .flat_map(|equals| part(rules, field, equals))
        .flat_map(|rung| end(rules.end, rung, field, decisions))
        .collect()
}

/// Parts equals key by key. A key that was passed over is not tried again on what a later key left.
fn part(rules: &RankingRules, field: &[Contender], equals: &[(i64, usize)]) -> Vec<Rung> {
    let Some(&(value, _)) = equals.first() else { return Vec::new() };
    let members = equals.iter().map(|&(_, index)| index).collect();
    let mut rungs = vec![Rung { value, members, decided_by: None, open_tie: None }];
    for (at, key) in rules.chain.iter().enumerate() {
        rungs = rungs.into_iter().flat_map(|rung| split(rung, at, key, field)).collect();
    }
    rungs
}

/// Splits one rung by one key. A key that is missing for any member decides nothing.
fn split(rung: Rung, at: usize, key: &TieKey, field: &[Contender]) -> Vec<Rung> {
    let known: Option<Vec<(i64, usize)>> =
        rung.members.iter().map(|&index| Some(((*field[index].keys.get(at)?)?, index))).collect();
    let Some(mut keyed) = known else { return vec![rung] };
    match key.better {
        Better::Higher => keyed.sort_by_key(|&(value, index)| (Reverse(value), index)),
        Better::Lower => keyed.sort_unstable(),
    }
    let parts: Vec<&[(i64, usize)]> = keyed.chunk_by(|one, next| one.0 == next.0).collect();
    if parts.len() < 2 {
        return vec![rung];
    }
    let decided_by = Some(key.key.clone());
    let to_rung = |part: &[(i64, usize)]| Rung {
        members: part.iter().map(|&(_, index)| index).collect(),
        decided_by: decided_by.clone(),
        ..rung
    };
    parts.into_iter().map(to_rung).collect()
}

/// What becomes of those whom the whole chain left equal.
fn end(end: TieEnd, mut rung: Rung, field: &[Contender], decisions: &Decisions) -> Vec<Rung> {
    if end == TieEnd::Share || rung.members.len() < 2 {
        return vec![rung];
    }
    let Some(order) = settled_order(&rung.members, field, decisions) else {
        rung.open_tie = Some(end);
        return vec![rung];
    };
    let alone = |index| Rung { members: vec![index], decided_by: Some(SETTLED.to_owned()), ..rung };
    order.into_iter().map(alone).collect()
}

/// The recorded order of exactly these members, the latest where there are several.
fn settled_order(members: &[usize], field: &[Contender], decisions: &Decisions) -> Option<Vec<usize>> {
    let tied: BTreeSet<&CompetitorCode> = members.iter().map(|&index| &field[index].competitor).collect();
    let is_meant = |order: &&Vec<CompetitorCode>| {
        order.len() == members.len() && order.iter().collect::<BTreeSet<_>>() == tied
    };
    let order = decisions.settled.iter().rev().find(is_meant)?;
    let index_of =
        |code: &CompetitorCode| members.iter().copied().find(|&index| field[index].competitor == *code);
    order.iter().map(index_of).collect()
}
