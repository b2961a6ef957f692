//! Titles and skill levels that a result may lead to: proposals for people to approve, never grants
//!

use super::place::field_gate;
use crate::rules::{GateEffect, Promotion, RuleSet, SkillLevel};

/// The titles to propose for a position, in the rule set's order.
///
/// `flags` is what is known of the person and the entry: `employed`, `passed_all_parts`, `single`,
/// …; a title needs all that it names. `field_size` counts all who compete: an exhibition or a void
/// field leads to no title.
#[must_use]
pub fn honours<'a>(rules: &'a RuleSet, field_size: usize, position: u32, flags: &[&str]) -> Vec<&'a str> {
    let gate = field_gate(rules, field_size).map(|gate| &gate.effect);
    if matches!(gate, Some(GateEffect::Exhibition | GateEffect::Void)) {
        return Vec::new();
    }
    let earned = rules.honours.iter().filter(|honour| {
        (honour.first..=honour.last).contains(&position)
            && honour.needs.iter().all(|need| flags.contains(&need.as_str()))
    });
    earned.map(|honour| honour.title.as_str()).collect()
}

/// The level that one promotion rule leads to for awards won, if that is a step up.
///
/// `current` is none for one without any level. Nobody is lowered, and nobody gets beyond
/// 高级技师.
#[must_use]
pub fn promote(current: Option<SkillLevel>, promotion: &Promotion, awards: &[&str]) -> Option<SkillLevel> {
    if !promotion.awards.iter().any(|award| awards.contains(&award.as_str())) {
        return None;
    }
    let is_there_already = current >= Some(promotion.base);
    let level = if is_there_already { promotion.next_if_already } else { promotion.base };
    let level = level.min(SkillLevel::HIGHEST_BY_COMPETITION);
    (Some(level) > current).then_some(level)
}

/// The best step up that any promotion rule of the set leads to, with the rule that it follows from.
#[must_use]
pub fn best_promotion<'a>(
    rules: &'a RuleSet,
    current: Option<SkillLevel>,
    awards: &[&str],
) -> Option<(SkillLevel, &'a Promotion)> {
    let steps = rules.promotions.iter().filter_map(|rule| Some((promote(current, rule, awards)?, rule)));
    // The first of equals: rule sets list the best award first.
    steps.reduce(|best, next| if next.0 > best.0 { next } else { best })
}
