//! What a marking scheme must and should be; every finding with a stable code.
//!
//! It checks a scheme that was read; how a file is read is checked where it is read.

use std::collections::HashSet;

use super::{ASPECTS_MAX, Aspect, Calculation, Method, PanelScoring, Scheme, Unit};
use crate::finding::{Finding, Place};
use crate::findings;
use crate::id::{self, AspectId};
use crate::number::{Decimal, Mark};
use crate::rules::SchemeRules;
use crate::scoring;

findings! {
    /// What can be wrong with a scheme.
    pub enum SchemeFinding {
        Empty = Error "scheme_empty",
            "评分标准里没有评分点；请至少添加一个。",
            "The scheme has no aspect; add at least one.";
        TooManyAspects { count: usize } = Error "too_many_aspects",
            "共有 {count} 个评分点，最多 400 个；请合并或拆分赛项。",
            "There are {count} aspects and 400 at the most; merge some or split the skill.";
        RepeatedAspect { id: String } = Error "repeated_aspect",
            "评分点编号“{id}”重复；请给每个评分点唯一的编号。",
            "Aspect id \"{id}\" is used twice; give each aspect its own.";
        RepeatedSubCriterion { id: String } = Error "repeated_sub_criterion",
            "子项编号“{id}”重复；请给每个子项唯一的编号。",
            "Sub-criterion id \"{id}\" is used twice; give each its own.";
        RepeatedCriterion { id: String } = Error "repeated_criterion",
            "评分项编号“{id}”重复；请给每个评分项唯一的编号。",
            "Criterion id \"{id}\" is used twice; give each its own.";
        UnfitId { id: String } = Error "unfit_id",
            "编号“{id}”不可用；请用 1 到 64 个字符，首尾不留空格。",
            "Id \"{id}\" cannot be used; use 1 to 64 characters without space at the ends.";
        MaxNotPositive { id: String, max: Mark } = Error "max_not_positive",
            "评分点 {id} 的满分是 {max}；满分须大于 0。",
            "Aspect {id} has the maximum {max}; it must be above 0.";
        MaxTooLarge { id: String, max: Mark } = Error "max_too_large",
            "评分点 {id} 的满分 {max} 超过 10000.00。",
            "Aspect {id} has the maximum {max}; 10000.00 is the most.";
        RungMissing { id: String, rung: usize } = Error "rung_missing",
            "评判评分点 {id} 缺少 {rung} 分档的描述；0、1、2、3 四档都要写。",
            "Judgement aspect {id} has no text for rung {rung}; all of 0, 1, 2, 3 are needed.";
        NothingPossible { id: String } = Error "nothing_possible",
            "评分点 {id} 的可完成数量是 0；请填大于 0 的数。",
            "Aspect {id} has 0 possible; give a number above 0.";
        StepNotPositive { id: String } = Error "step_not_positive",
            "评分点 {id} 的步长须大于 0。",
            "Aspect {id} needs a step above 0.";
        DeductionNegative { id: String } = Error "deduction_negative",
            "评分点 {id} 有负的扣分；扣分须为 0 或以上。",
            "Aspect {id} has a negative deduction; a deduction is 0 or more.";
        NoChoices { id: String } = Error "no_choices",
            "评分点 {id} 没有选项；请至少写两个。",
            "Aspect {id} has no choices; give at least two.";
        RepeatedChoice { id: String, label: String } = Error "repeated_choice",
            "评分点 {id} 的选项“{label}”重复；每个选项的名称须不同。",
            "Aspect {id} has the choice \"{label}\" twice; each needs its own label.";
        NoBands { id: String } = Error "no_bands",
            "评分点 {id} 没有公差带；请至少写一个。",
            "Aspect {id} has no bands; give at least one.";
        BandUpsideDown { id: String, lower: Decimal, upper: Decimal } = Error "band_upside_down",
            "评分点 {id} 的公差带下限 {lower} 高于上限 {upper}；请对调。",
            "Aspect {id} has a band whose lower end {lower} is above its upper end {upper}; swap them.";
        PercentOfZero { id: String } = Error "percent_of_zero",
            "评分点 {id} 以目标值的百分比为步长，而目标值是 0；请改用绝对单位。",
            "Aspect {id} steps in percent of a target of 0; use units instead.";
        ScoreRange { id: String } = Error "score_range",
            "评分点 {id} 的打分范围不成立：下限须低于上限，且上限须落在步长上。",
            "Aspect {id} has no usable score range: the least must be below the most, and the most must lie on a step.";
        FactorNotPositive { id: String } = Error "factor_not_positive",
            "评分点 {id} 的系数须大于 0。",
            "Aspect {id} needs a factor above 0.";
        PanelAboveMax { id: String, reach: Mark, max: Mark } = Error "panel_above_max",
            "评分点 {id} 按打分上限和系数可得 {reach}，高于满分 {max}；请改小系数或调高满分。",
            "Aspect {id} could reach {reach} by its top score and factor, above its maximum {max}; lower the factor or raise the maximum.";
        UnknownPart { id: String, part: String } = Error "unknown_part",
            "评分点 {id} 属于未定义的部分“{part}”；请先定义这个部分，或改写。",
            "Aspect {id} belongs to part \"{part}\", which is not defined; define that part, or name another.";
        PartMissing { id: String } = Error "part_missing",
            "评分标准分部分计分，而评分点 {id} 没有写属于哪一部分。",
            "The scheme has weighted parts and aspect {id} names none; name its part.";
        RepeatedPart { part: String } = Error "repeated_part",
            "部分“{part}”重复；每个部分只写一次。",
            "Part \"{part}\" is defined twice; define it once.";
        PartEmpty { part: String } = Error "part_empty",
            "部分“{part}”没有评分点；请添加评分点或删除该部分。",
            "Part \"{part}\" has no aspects; add some or remove the part.";
        PartWeight { part: String } = Error "part_weight",
            "部分“{part}”的权重须在 0 到 100 之间。",
            "Part \"{part}\" needs a weight from 0 to 100.";
        WeightsSum { sum: Mark } = Error "weights_sum",
            "各部分权重合计 {sum}，须为 100.00。",
            "The parts' weights sum to {sum}; they must sum to 100.00.";
        TooFine = Error "too_fine",
            "各部分的满分与取整方式合在一起超出了精确计算的范围；请减少部分的数量或改为逐项取整。",
            "The parts' maxima and the rounding rule together are beyond exact arithmetic; use fewer parts, or round each aspect.";
        RepeatedSection { section: String } = Error "repeated_section",
            "标准章节“{section}”重复。",
            "Section \"{section}\" is defined twice.";
        UnknownSection { id: String, section: String } = Warning "unknown_section",
            "评分点 {id} 指向未定义的标准章节“{section}”。",
            "Aspect {id} names section \"{section}\", which is not defined.";
        SectionMissing { id: String } = Warning "section_missing",
            "评分点 {id} 没有写所属的标准章节。",
            "Aspect {id} names no standards section.";
        SectionVariation { section: String, sum: Mark, target: Mark, most: Mark } = Warning "section_variation",
            "标准章节 {section} 的评分点合计 {sum}，与目标 {target} 相差超过 {most}。",
            "The aspects of section {section} sum to {sum}, more than {most} from the target {target}.";
        TotalNotHundred { total: Mark } = Warning "total_not_hundred",
            "所有评分点合计 {total}，不是 100.00。",
            "All aspects sum to {total}, not to 100.00.";
        TotalRefused { total: Mark, wanted: Mark } = Error "total_refused",
            "所有评分点合计 {total}，而规则集要求 {wanted}；请调整评分点的满分。",
            "All aspects sum to {total} and the rule set asks for {wanted}; adjust the aspects' maxima.";
        AspectAboveRule { id: String, max: Mark, rule: Mark } = Warning "aspect_above_rule",
            "评分点 {id} 的满分 {max} 超过规则的 {rule}。",
            "Aspect {id} gives up to {max}; the rules allow {rule}.";
        ManyAspects { count: usize, rule: usize } = Warning "many_aspects",
            "共有 {count} 个评分点，规则最多 {rule} 个。",
            "There are {count} aspects; the rules allow {rule}.";
        CriteriaCount { count: usize, least: usize, most: usize } = Warning "criteria_count",
            "共有 {count} 个评分项，通常为 {least} 到 {most} 个。",
            "Criteria: {count}; normally there are {least} to {most}.";
        DescriptionMissing { id: String } = Warning "description_missing",
            "评分点 {id} 没有描述；裁判看不到要评什么。",
            "Aspect {id} has no description; judges cannot see what it is about.";
    }
}

/// Everything wrong with a scheme, in its own order.
///
/// `place` names where an aspect was read, so that a finding can point at it.
#[must_use]
pub fn check(scheme: &Scheme, rules: &SchemeRules, place: &dyn Fn(&AspectId) -> Place) -> Vec<Finding> {
    let mut found = Vec::new();
    let count = scheme.aspects().count();
    if count == 0 {
        return vec![SchemeFinding::Empty.at(Place::default())];
    }
    if count > ASPECTS_MAX {
        found.push(SchemeFinding::TooManyAspects { count }.at(Place::default()));
    }
    check_ids(scheme, place, &mut found);
    for aspect in scheme.aspects() {
        check_aspect(aspect, &mut |finding| found.push(finding.at(place(&aspect.id))));
    }
    check_parts(scheme, place, &mut found);
    check_sections(scheme, rules, place, &mut found);
    check_rules(scheme, rules, place, &mut found);
    found
}

fn check_ids(scheme: &Scheme, place: &dyn Fn(&AspectId) -> Place, found: &mut Vec<Finding>) {
    let parts = scheme.parts.iter().map(|part| part.id.as_str());
    let sections = scheme.sections.iter().map(|section| section.id.as_str());
    let levels = scheme.sub_criteria().map(|(_, sub)| sub.id.as_str());
    let criteria = scheme.criteria.iter().map(|criterion| criterion.id.as_str());
    for id in criteria.chain(levels).chain(parts).chain(sections).filter(|id| !id::is_fit(id)) {
        found.push(SchemeFinding::UnfitId { id: id.to_owned() }.at(Place::default()));
    }
    let mut seen = HashSet::new();
    for criterion in &scheme.criteria {
        if !seen.insert(criterion.id.as_str()) {
            found
                .push(SchemeFinding::RepeatedCriterion { id: criterion.id.to_string() }.at(Place::default()));
        }
    }
    let (mut seen, mut seen_aspects) = (HashSet::new(), HashSet::new());
    for (_, sub) in scheme.sub_criteria() {
        if !seen.insert(sub.id.as_str()) {
            found.push(SchemeFinding::RepeatedSubCriterion { id: sub.id.to_string() }.at(Place::default()));
        }
        for aspect in &sub.aspects {
            let id = aspect.id.to_string();
            if !id::is_fit(&id) {
                found.push(SchemeFinding::UnfitId { id: id.clone() }.at(place(&aspect.id).column("id")));
            }
            if !seen_aspects.insert(aspect.id.as_str()) {
                found.push(SchemeFinding::RepeatedAspect { id }.at(place(&aspect.id).column("id")));
            }
        }
    }
}

fn check_aspect(aspect: &Aspect, report: &mut dyn FnMut(SchemeFinding)) {
    let id = aspect.id.to_string();
    if aspect.max <= Mark::ZERO {
        report(SchemeFinding::MaxNotPositive { id: id.clone(), max: aspect.max });
    }
    if aspect.max > Mark::LARGEST {
        report(SchemeFinding::MaxTooLarge { id: id.clone(), max: aspect.max });
    }
    if aspect.description.trim().is_empty() {
        report(SchemeFinding::DescriptionMissing { id: id.clone() });
    }
    match &aspect.method {
        Method::Judgement { rungs } => {
            for rung in (0..4).filter(|rung| rungs[*rung].trim().is_empty()) {
                report(SchemeFinding::RungMissing { id: id.clone(), rung });
            }
        }
        Method::Measurement(calculation) => check_calculation(&id, calculation, report),
        Method::Panel(panel) => check_panel(aspect, panel, report),
    }
}

fn check_calculation(id: &str, calculation: &Calculation, report: &mut dyn FnMut(SchemeFinding)) {
    let id = id.to_owned();
    let is_negative = |deduction: &Decimal| deduction.0 < 0;
    match calculation {
        Calculation::PassFail | Calculation::Direct => {}
        Calculation::NumberCompleted { possible } => {
            if *possible == 0 {
                report(SchemeFinding::NothingPossible { id });
            }
        }
        Calculation::Choice { choices, .. } => {
            if choices.len() < 2 {
                report(SchemeFinding::NoChoices { id: id.clone() });
            }
            let mut seen = HashSet::new();
            for choice in choices.iter().filter(|choice| !seen.insert(choice.label.as_str())) {
                report(SchemeFinding::RepeatedChoice { id: id.clone(), label: choice.label.clone() });
            }
            if choices.iter().any(|choice| is_negative(&choice.deduction)) {
                report(SchemeFinding::DeductionNegative { id });
            }
        }
        Calculation::Ranged { bands, .. } => {
            if bands.is_empty() {
                report(SchemeFinding::NoBands { id: id.clone() });
            }
            for band in bands.iter().filter(|band| band.lower > band.upper) {
                let (lower, upper) = (band.lower, band.upper);
                report(SchemeFinding::BandUpsideDown { id: id.clone(), lower, upper });
            }
            if bands.iter().any(|band| is_negative(&band.deduction)) {
                report(SchemeFinding::DeductionNegative { id });
            }
        }
        Calculation::Difference { deduction, per, per_unit, target, .. } => {
            if per.0 <= 0 {
                report(SchemeFinding::StepNotPositive { id: id.clone() });
            }
            if *per_unit == Unit::Percent && target.0 == 0 {
                report(SchemeFinding::PercentOfZero { id: id.clone() });
            }
            if is_negative(deduction) {
                report(SchemeFinding::DeductionNegative { id });
            }
        }
    }
}

fn check_panel(aspect: &Aspect, panel: &PanelScoring, report: &mut dyn FnMut(SchemeFinding)) {
    let id = aspect.id.to_string();
    if panel.score_step.0 <= 0 {
        report(SchemeFinding::StepNotPositive { id: id.clone() });
    } else if panel.score_min >= panel.score_max
        || panel.score_min.0 < 0
        || (panel.score_max.0 - panel.score_min.0) % panel.score_step.0 != 0
    {
        report(SchemeFinding::ScoreRange { id: id.clone() });
    }
    if panel.factor.0 <= 0 {
        report(SchemeFinding::FactorNotPositive { id: id.clone() });
        return;
    }
    let reach = scoring::panel::reach(panel);
    if reach > aspect.max {
        report(SchemeFinding::PanelAboveMax { id, reach, max: aspect.max });
    }
}

fn check_parts(scheme: &Scheme, place: &dyn Fn(&AspectId) -> Place, found: &mut Vec<Finding>) {
    let in_parts = || Place::file("parts.csv");
    let mut seen = HashSet::new();
    for part in &scheme.parts {
        let name = part.id.to_string();
        if !seen.insert(part.id.as_str()) {
            found.push(SchemeFinding::RepeatedPart { part: name.clone() }.at(in_parts()));
        }
        if !(Mark::ZERO..=Mark(10_000)).contains(&part.weight) {
            found.push(SchemeFinding::PartWeight { part: name.clone() }.at(in_parts()));
        }
        if !scheme.aspects().any(|a| a.part.as_ref() == Some(&part.id)) {
            found.push(SchemeFinding::PartEmpty { part: name }.at(in_parts()));
        }
    }
    let sum = Mark(scheme.parts.iter().map(|p| p.weight.0).sum());
    if !scheme.parts.is_empty() && sum != Mark(10_000) {
        found.push(SchemeFinding::WeightsSum { sum }.at(in_parts()));
    }
    for aspect in scheme.aspects() {
        let id = aspect.id.to_string();
        match &aspect.part {
            Some(part) if !seen.contains(part.as_str()) => {
                let finding = SchemeFinding::UnknownPart { id, part: part.to_string() };
                found.push(finding.at(place(&aspect.id).column("part")));
            }
            None if !scheme.parts.is_empty() => {
                found.push(SchemeFinding::PartMissing { id }.at(place(&aspect.id).column("part")));
            }
            _ => {}
        }
    }
}

fn check_sections(
    scheme: &Scheme,
    rules: &SchemeRules,
    place: &dyn Fn(&AspectId) -> Place,
    found: &mut Vec<Finding>,
) {
    if scheme.sections.is_empty() {
        return;
    }
    let mut seen = HashSet::new();
    for section in &scheme.sections {
        let name = section.id.to_string();
        if !seen.insert(section.id.as_str()) {
            found.push(
                SchemeFinding::RepeatedSection { section: name.clone() }.at(Place::file("sections.csv")),
            );
        }
        let (sum, target) = (scheme.section_total(&section.id), section.target);
        if let Some(most) = rules.section_variation_max
            && (sum.0 - target.0).abs() > most.0
        {
            let finding = SchemeFinding::SectionVariation { section: name, sum, target, most };
            found.push(finding.at(Place::file("sections.csv")));
        }
    }
    for aspect in scheme.aspects() {
        let id = aspect.id.to_string();
        let finding = match &aspect.section {
            None => SchemeFinding::SectionMissing { id },
            Some(section) if !seen.contains(section.as_str()) => {
                SchemeFinding::UnknownSection { id, section: section.to_string() }
            }
            Some(_) => continue,
        };
        found.push(finding.at(place(&aspect.id).column("section")));
    }
}

/// What the rule set asks of a scheme beyond being markable.
fn check_rules(
    scheme: &Scheme,
    rules: &SchemeRules,
    place: &dyn Fn(&AspectId) -> Place,
    found: &mut Vec<Finding>,
) {
    let total = scheme.total();
    if let Some(wanted) = rules.total
        && scheme.parts.is_empty()
        && total != wanted
    {
        found.push(SchemeFinding::TotalRefused { total, wanted }.at(Place::default()));
    }
    let count = scheme.aspects().count();
    if let Some(rule) = rules.aspects_max
        && count > rule
    {
        found.push(SchemeFinding::ManyAspects { count, rule }.at(Place::default()));
    }
    let criteria = scheme.criteria.len();
    if let Some((least, most)) = rules.criteria
        && !(least..=most).contains(&criteria)
    {
        found.push(SchemeFinding::CriteriaCount { count: criteria, least, most }.at(Place::default()));
    }
    if let Some(rule) = rules.aspect_max {
        for aspect in scheme.aspects().filter(|a| a.max > rule) {
            let finding = SchemeFinding::AspectAboveRule { id: aspect.id.to_string(), max: aspect.max, rule };
            found.push(finding.at(place(&aspect.id)));
        }
    }
}
