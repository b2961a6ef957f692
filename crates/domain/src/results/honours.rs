//! Titles and skill levels that a result may lead to: proposals for people to approve, never grants
//! (R-110 to R-119).

use super::place::field_gate;
use crate::rules::{GateEffect, Promotion, RuleSet, SkillLevel};

/// The titles to propose for a position, in the rule set's order (R-111, R-112).
///
/// `flags` is what is known of the person and the entry: `employed`, `passed_all_parts`, `single`,
/// …; a title needs all that it names. `field_size` counts all who compete: an exhibition or a void
/// field leads to no title (R-102).
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

/// The level that one promotion rule leads to for awards won, if that is a step up (R-114, R-115).
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{preset, read};

    /// 石家庄 2022 (R-119): per trade one 技术状元, two 技术标兵, seven 技术能手.
    const SHIJIAZHUANG: &str = r#"
id = "city-shijiazhuang-2022"
version = 1
title = { zh = "石家庄市职业技能大赛（2022）", en = "Shijiazhuang city skills competition (2022)" }
live_policy = "completed"
rounding = { position = "per_aspect", source = "test" }
judgement = { source = "test" }
ranking = { end = "share", source = "test" }
honours = [
    { title = "技术状元", first = 1, last = 1, source = "河北新闻网 2023-01-03" },
    { title = "技术标兵", first = 2, last = 3, source = "河北新闻网 2023-01-03" },
    { title = "技术能手", first = 4, last = 10, source = "河北新闻网 2023-01-03" },
    { title = "市五一劳动奖章", first = 1, last = 1, needs = ["employed"], source = "河北新闻网 2023-01-03" },
]
field_gates = [{ at_most = 3, effect = "exhibition", source = "test" }]
"#;

    #[test]
    fn twenty_two_trades_of_shijiazhuang_lead_to_22_44_and_154_titles() {
        let rules = read(SHIJIAZHUANG).unwrap();
        let of_trade: Vec<&str> = (1..=30).flat_map(|position| honours(&rules, 30, position, &[])).collect();
        let count = |title: &str| 22 * of_trade.iter().filter(|earned| **earned == title).count();
        assert_eq!(["技术状元", "技术标兵", "技术能手"].map(count), [22, 44, 154]);
    }

    #[test]
    fn a_title_that_needs_employment_is_for_the_employed_only() {
        let rules = read(SHIJIAZHUANG).unwrap();
        assert_eq!(honours(&rules, 30, 1, &[]), ["技术状元"]);
        assert_eq!(honours(&rules, 30, 1, &["employed"]), ["技术状元", "市五一劳动奖章"]);
    }

    #[test]
    fn an_exhibition_leads_to_no_title() {
        let rules = read(SHIJIAZHUANG).unwrap();
        assert_eq!(honours(&rules, 3, 1, &["employed"]), Vec::<&str>::new());
    }

    #[test]
    fn hebei_2025_leads_one_step_up_and_never_beyond_senior_technician() {
        use SkillLevel::{ChiefTechnician, Intermediate, Senior, SeniorTechnician, Technician};
        let rules = preset("hebei-2025").unwrap();
        for (current, award, expected) in [
            (None, "Gold", Some(Technician)),
            (Some(Senior), "Gold", Some(Technician)),
            (Some(Technician), "Bronze", Some(SeniorTechnician)),
            (Some(SeniorTechnician), "Gold", None),
            (Some(ChiefTechnician), "Gold", None),
            (Some(Intermediate), "优胜奖", Some(Senior)),
            (Some(Senior), "优胜奖", Some(Technician)),
            (Some(Technician), "优胜奖", None),
            (Some(SeniorTechnician), "优胜奖", None),
            (Some(Intermediate), "", None),
        ] {
            let step = best_promotion(&rules, current, &[award]).map(|(level, _)| level);
            assert_eq!(step, expected, "{current:?} with {award}");
        }
    }

    #[test]
    fn of_two_promotions_the_higher_one_is_proposed() {
        let rules = preset("hebei-2025").unwrap();
        let step = best_promotion(&rules, Some(SkillLevel::Intermediate), &["优胜奖", "Silver"]);
        assert_eq!(step.map(|(level, rule)| (level, rule.awards.len())), Some((SkillLevel::Technician, 3)));
    }

    #[test]
    fn a_promotion_rule_beyond_the_cap_is_capped() {
        let mut rule = preset("hebei-2025").unwrap().promotions.remove(0);
        rule.next_if_already = SkillLevel::ChiefTechnician;
        let step = promote(Some(SkillLevel::Technician), &rule, &["Gold"]);
        assert_eq!(step, Some(SkillLevel::SeniorTechnician));
        assert_eq!(promote(Some(SkillLevel::SeniorTechnician), &rule, &["Gold"]), None);
    }
}
