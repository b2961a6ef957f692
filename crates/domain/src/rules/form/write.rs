//! What stands in the fields of a rule set's form.

use super::words::{BELOW, BETTER, ENDS, FORMULAS, PLACES, POLICIES, ROUNDINGS, SEES, word};
use super::{CLAUSES, RuleForm};
use crate::rules::{
    FieldGate, GateEffect, MedalRule, MedalRules, PositionSharing, Prize, RuleSet, ScaleRules, SchemeRules,
    SkillLevel, Take,
};

pub(super) fn write(rules: &RuleSet) -> RuleForm {
    let mut form = RuleForm::default();
    // A clause that is not there has empty fields, and choices say so.
    for clause in CLAUSES.iter().filter(|clause| !clause.is_list) {
        for field in clause.fields {
            let first = field.choices().first().copied().unwrap_or_default();
            form.put(&clause.path_of(field), first);
        }
    }
    // A clause that is added there is missed here by the compiler.
    let RuleSet {
        id: _,
        version: _,
        title,
        live_policy,
        scheme,
        rounding,
        judgement,
        compatriots,
        sign_off,
        penalties,
        parts,
        scale,
        ranking,
        medals,
        prizes,
        field_gates,
        honours,
        promotions,
        team_points,
    } = rules;
    form.put("title.zh", &title.zh);
    form.put("title.en", &title.en);
    form.put("live_policy", word(&POLICIES, live_policy));
    of_scheme(scheme, &mut form);
    form.put("rounding.position", word(&ROUNDINGS, &rounding.position));
    form.put("rounding.source", &rounding.source);
    form.put("judgement.judges", &text(judgement.judges));
    form.put("judgement.spread_max", &text(judgement.spread_max));
    form.put("judgement.source", &judgement.source);
    if let Some(clause) = compatriots {
        form.put("compatriots.applies", "yes");
        form.put("compatriots.source", &clause.source);
    }
    if let Some(clause) = sign_off {
        form.put("sign_off.competitor_sees", word(&SEES, &clause.competitor_sees));
        form.put("sign_off.source", &clause.source);
    }
    form.put("penalties.cap", &text(penalties.cap));
    form.put("penalties.source", &penalties.source);
    form.put("parts.below_pass", word(&BELOW, &parts.below_pass));
    form.put("parts.source", &parts.source);
    if let Some(clause) = scale {
        of_scale(clause, &mut form);
    }
    for (at, key) in ranking.chain.iter().enumerate() {
        form.put(&format!("ranking.chain[{}].key", at + 1), &key.key);
        form.put(&format!("ranking.chain[{}].better", at + 1), word(&BETTER, &key.better));
    }
    form.put("ranking.end", word(&ENDS, &ranking.end));
    form.put("ranking.source", &ranking.source);
    if let Some(clause) = medals {
        of_medals(clause, &mut form);
    }
    for (at, prize) in prizes.iter().enumerate() {
        of_prize(prize, &format!("prizes[{}]", at + 1), &mut form);
    }
    for (at, gate) in field_gates.iter().enumerate() {
        of_gate(gate, &format!("field_gates[{}]", at + 1), &mut form);
    }
    for (at, honour) in honours.iter().enumerate() {
        let row = format!("honours[{}]", at + 1);
        form.put(&format!("{row}.title"), &honour.title);
        form.put(&format!("{row}.first"), &honour.first.to_string());
        form.put(&format!("{row}.last"), &honour.last.to_string());
        form.put(&format!("{row}.needs"), &honour.needs.join(", "));
        form.put(&format!("{row}.source"), &honour.source);
    }
    for (at, promotion) in promotions.iter().enumerate() {
        let row = format!("promotions[{}]", at + 1);
        form.put(&format!("{row}.awards"), &promotion.awards.join(", "));
        form.put(&format!("{row}.base"), word(&SkillLevel::ALL, &promotion.base));
        form.put(&format!("{row}.next_if_already"), word(&SkillLevel::ALL, &promotion.next_if_already));
        form.put(&format!("{row}.source"), &promotion.source);
    }
    if let Some(clause) = team_points {
        let points: Vec<String> = clause.by_position.iter().map(ToString::to_string).collect();
        form.put("team_points.by_position", &points.join(", "));
        form.put("team_points.rest", &clause.rest.to_string());
        form.put("team_points.source", &clause.source);
    }
    form
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn of_scheme(clause: &SchemeRules, form: &mut RuleForm) {
    form.put("scheme.total", &text(clause.total));
    form.put("scheme.aspect_max", &text(clause.aspect_max));
    form.put("scheme.aspects_max", &text(clause.aspects_max));
    form.put("scheme.criteria.least", &text(clause.criteria.map(|(least, _)| least)));
    form.put("scheme.criteria.most", &text(clause.criteria.map(|(_, most)| most)));
    form.put("scheme.section_variation_max", &text(clause.section_variation_max));
    form.put("scheme.source", &clause.source);
}

fn of_scale(clause: &ScaleRules, form: &mut RuleForm) {
    form.put("scale.formula", word(&FORMULAS, &clause.formula));
    form.put("scale.centre", &clause.centre.to_string());
    form.put("scale.spread", &clause.spread.to_string());
    form.put("scale.deviation_factor", &text(clause.deviation_factor));
    form.put("scale.source", &clause.source);
}

fn of_medals(clause: &MedalRules, form: &mut RuleForm) {
    let (rule, margin) = match clause.rule {
        MedalRule::WithinMargin { margin } => ("within_margin", Some(margin)),
        MedalRule::DistinctMarks => ("distinct_marks", None),
    };
    form.put("medals.rule", rule);
    form.put("medals.rule.margin", &text(margin));
    form.put("medals.threshold", &text(clause.threshold));
    let (positions, margin) = match clause.positions {
        PositionSharing::Equal => ("equal", None),
        PositionSharing::WithinMargin { margin } => ("within_margin", Some(margin)),
    };
    form.put("medals.positions", positions);
    form.put("medals.positions.margin", &text(margin));
    if let Some(excellence) = &clause.excellence {
        form.put("medals.excellence.award", &excellence.award);
        form.put("medals.excellence.threshold", &excellence.threshold.to_string());
    }
    form.put("medals.source", &clause.source);
}

fn of_prize(prize: &Prize, row: &str, form: &mut RuleForm) {
    let (mut bounds, mut percent, mut rounding) = ([String::new(), String::new()], String::new(), "down");
    let take = match &prize.take {
        Take::Positions { first, last } => {
            bounds = [first.to_string(), last.to_string()];
            "positions"
        }
        Take::Share { percent: of, rounding: to } => {
            (percent, rounding) = (of.to_string(), word(&PLACES, to));
            "share"
        }
        Take::Within { percent: of } => {
            percent = of.to_string();
            "within"
        }
    };
    form.put(&format!("{row}.award"), &prize.award);
    form.put(&format!("{row}.take"), take);
    form.put(&format!("{row}.take.first"), &bounds[0]);
    form.put(&format!("{row}.take.last"), &bounds[1]);
    form.put(&format!("{row}.take.percent"), &percent);
    form.put(&format!("{row}.take.rounding"), rounding);
    form.put(&format!("{row}.source"), &prize.source);
}

fn of_gate(gate: &FieldGate, row: &str, form: &mut RuleForm) {
    let (effect, keep) = match &gate.effect {
        GateEffect::Exhibition => ("exhibition", String::new()),
        GateEffect::Void => ("void", String::new()),
        GateEffect::Keep(awards) => ("keep", awards.join(", ")),
    };
    form.put(&format!("{row}.at_most"), &gate.at_most.to_string());
    form.put(&format!("{row}.effect"), effect);
    form.put(&format!("{row}.effect.keep"), &keep);
    form.put(&format!("{row}.source"), &gate.source);
}
