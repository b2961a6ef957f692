//! What is wrong with the clauses that give something: medals, prizes, gates, honours, promotions,
//! team points.

use super::{Found, RuleFinding};
use crate::number::Decimal;
use crate::rules::{
    FieldGate, GateEffect, MedalRule, MedalRules, PositionSharing, Prize, Promotion, RuleSet, SkillLevel,
    Take, TeamPoints,
};

pub(super) fn check(found: &mut Found, rules: &RuleSet) {
    let given = awards_given(rules);
    for (at, (column, award)) in given.iter().enumerate() {
        found.name(column, award);
        let is_repeated = given[..at].iter().any(|(_, earlier)| earlier == award);
        found.when(is_repeated, column, || RuleFinding::RepeatedAward { award: (*award).to_owned() });
    }
    let names: Vec<&str> = given.iter().map(|(_, award)| *award).collect();
    if let Some(clause) = &rules.medals {
        medals(found, clause, rules.scale.is_some());
    }
    prizes(found, &rules.prizes);
    gates(found, &rules.field_gates, &names);
    honours(found, rules);
    for (at, promotion) in rules.promotions.iter().enumerate() {
        promotions(found, &format!("promotions[{}]", at + 1), promotion, &names);
    }
    if let Some(clause) = &rules.team_points {
        team_points(found, clause);
    }
}

/// Every award that the rule set gives, with the clause that gives it.
fn awards_given(rules: &RuleSet) -> Vec<(String, &str)> {
    let mut given = Vec::new();
    if let Some(clause) = &rules.medals {
        given.extend(["Gold", "Silver", "Bronze"].map(|award| ("medals.rule".to_owned(), award)));
        let excellence = clause.excellence.as_ref();
        given.extend(excellence.map(|award| ("medals.excellence.award".to_owned(), award.award.as_str())));
    }
    let prizes = rules.prizes.iter().enumerate();
    given.extend(prizes.map(|(at, prize)| (format!("prizes[{}].award", at + 1), prize.award.as_str())));
    given
}

fn medals(found: &mut Found, clause: &MedalRules, has_scale: bool) {
    found.source("medals", &clause.source);
    let of_rule = match clause.rule {
        MedalRule::WithinMargin { margin } => Some(margin),
        MedalRule::DistinctMarks => None,
    };
    let of_positions = match clause.positions {
        PositionSharing::WithinMargin { margin } => Some(margin),
        PositionSharing::Equal => None,
    };
    for (column, margin) in [("medals.rule", of_rule), ("medals.positions", of_positions)] {
        if let Some(margin) = margin {
            found.when(margin < 0, column, || RuleFinding::NegativeMargin { margin });
        }
    }
    let is_in_scale_points = of_rule.is_some()
        || of_positions.is_some()
        || clause.threshold.is_some()
        || clause.excellence.is_some();
    found.when(is_in_scale_points && !has_scale, "medals", || RuleFinding::MedalsNeedScale);
}

fn prizes(found: &mut Found, prizes: &[Prize]) {
    let mut taken = 0;
    let mut shares: i64 = 0;
    for (at, prize) in prizes.iter().enumerate() {
        let clause = format!("prizes[{}]", at + 1);
        let column = format!("{clause}.take");
        found.source(&clause, &prize.source);
        match &prize.take {
            Take::Positions { first, last } => {
                let (first, last) = (*first, *last);
                found.range(&column, first.into(), last.into());
                found.when(first != 0 && first <= taken, &column, || RuleFinding::PrizeOutOfOrder {
                    award: prize.award.clone(),
                    first,
                    taken,
                });
                taken = taken.max(last);
            }
            Take::Share { percent, .. } => {
                percent_in_range(found, &column, *percent);
                shares = shares.saturating_add(percent.0.max(0));
            }
            Take::Within { percent } => percent_in_range(found, &column, *percent),
        }
    }
    let percent = Decimal(shares);
    found.when(percent > Decimal::whole(100), "prizes", || RuleFinding::SharesAboveWhole { percent });
}

fn percent_in_range(found: &mut Found, column: &str, percent: Decimal) {
    let is_in_range = Decimal(0) <= percent && percent <= Decimal::whole(100);
    found.when(!is_in_range, column, || RuleFinding::PercentOutOfRange { percent });
}

fn gates(found: &mut Found, gates: &[FieldGate], names: &[&str]) {
    for (at, gate) in gates.iter().enumerate() {
        let clause = format!("field_gates[{}]", at + 1);
        let at_most = gate.at_most;
        found.source(&clause, &gate.source);
        let is_reached = gates[..at].iter().all(|earlier| earlier.at_most < at_most);
        found.when(!is_reached, &format!("{clause}.at_most"), || RuleFinding::GatesOutOfOrder { at_most });
        if let GateEffect::Keep(kept) = &gate.effect {
            known(found, &format!("{clause}.effect"), kept, names);
        }
    }
}

fn honours(found: &mut Found, rules: &RuleSet) {
    for (at, honour) in rules.honours.iter().enumerate() {
        let clause = format!("honours[{}]", at + 1);
        found.source(&clause, &honour.source);
        found.name(&format!("{clause}.title"), &honour.title);
        found.range(&format!("{clause}.first"), honour.first.into(), honour.last.into());
        for need in &honour.needs {
            found.name(&format!("{clause}.needs"), need);
        }
    }
}

fn promotions(found: &mut Found, clause: &str, promotion: &Promotion, names: &[&str]) {
    found.source(clause, &promotion.source);
    known(found, &format!("{clause}.awards"), &promotion.awards, names);
    let column = format!("{clause}.next_if_already");
    let highest = promotion.base.max(promotion.next_if_already);
    found.when(promotion.next_if_already < promotion.base, &column, || RuleFinding::LowersLevel);
    found.when(highest > SkillLevel::HIGHEST_BY_COMPETITION, &column, || RuleFinding::LevelTooHigh);
}

fn team_points(found: &mut Found, clause: &TeamPoints) {
    found.source("team_points", &clause.source);
    let column = "team_points.by_position";
    found.when(clause.by_position.is_empty(), column, || RuleFinding::NoTeamPoints);
    let with_rest: Vec<u32> = clause.by_position.iter().copied().chain([clause.rest]).collect();
    for (at, pair) in with_rest.windows(2).enumerate() {
        found.when(pair[1] > pair[0], column, || RuleFinding::TeamPointsRise { position: at + 2 });
    }
}

/// A list of awards holds something, and nothing that the rule set does not give.
fn known(found: &mut Found, column: &str, awards: &[String], names: &[&str]) {
    found.when(awards.is_empty(), column, || RuleFinding::NoAwards);
    for award in awards.iter().filter(|award| !names.contains(&award.as_str())) {
        found.when(true, column, || RuleFinding::UnknownAward { award: award.clone() });
    }
}
