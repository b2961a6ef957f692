//! From a scheme to the text that its authors edit; reading that gives the same scheme.

use domain::number::Decimal;
use domain::scheme::{Aspect, Calculation, Method, Scheme, Unit};
use protocol::scheme::{AspectForm, Cell, CriterionForm, Kind, PartForm, SchemeForm, SectionForm, SubForm};

/// The text of a scheme.
pub(super) fn show(scheme: &Scheme) -> SchemeForm {
    let criteria = scheme.criteria.iter().map(|criterion| CriterionForm {
        id: criterion.id.to_string(),
        name: criterion.name.clone(),
        subs: criterion
            .sub_criteria
            .iter()
            .map(|sub| SubForm {
                id: sub.id.to_string(),
                name: sub.name.clone(),
                day: sub.day.to_string(),
                aspects: sub.aspects.iter().map(aspect).collect(),
            })
            .collect(),
    });
    let sections = scheme.sections.iter().map(|section| SectionForm {
        id: section.id.to_string(),
        name: section.name.clone(),
        target: section.target.to_string(),
    });
    let parts = scheme.parts.iter().map(|part| PartForm {
        id: part.id.to_string(),
        name: part.name.clone(),
        weight: part.weight.to_string(),
        pass_mark: part.pass_mark.map(|mark| mark.to_string()).unwrap_or_default(),
    });
    SchemeForm {
        seen: String::new(),
        criteria: criteria.collect(),
        sections: sections.collect(),
        parts: parts.collect(),
    }
}

fn aspect(aspect: &Aspect) -> AspectForm {
    let mut form = AspectForm { id: aspect.id.to_string(), ..AspectForm::default() };
    form.put(Cell::Description, aspect.description.as_str());
    form.put(Cell::Max, aspect.max.to_string());
    form.put(Cell::Section, aspect.section.as_ref().map(ToString::to_string).unwrap_or_default());
    form.put(Cell::Part, aspect.part.as_ref().map(ToString::to_string).unwrap_or_default());
    form.put(Cell::Requirement, aspect.requirement.as_str());
    form.put(Cell::Note, aspect.note.as_str());
    form.put(Cell::MeasuredIn, aspect.measured_in.as_str());
    let kind = match &aspect.method {
        Method::Judgement { rungs } => {
            for (cell, rung) in Cell::RUNGS.into_iter().zip(rungs) {
                form.put(cell, rung.as_str());
            }
            Kind::Judgement
        }
        Method::Measurement(calculation) => show_calculation(calculation, &mut form),
        Method::Panel(panel) => {
            let mut number = |cell, value: Decimal| form.put(cell, value.to_string());
            number(Cell::ScoreMin, panel.score_min);
            number(Cell::ScoreMax, panel.score_max);
            number(Cell::ScoreStep, panel.score_step);
            number(Cell::Factor, panel.factor);
            form.put(Cell::DropHigh, panel.drop_high.to_string());
            form.put(Cell::DropLow, panel.drop_low.to_string());
            Kind::Panel
        }
    };
    form.put(Cell::Kind, kind.name());
    form
}

fn show_calculation(calculation: &Calculation, form: &mut AspectForm) -> Kind {
    match calculation {
        Calculation::PassFail => Kind::PassFail,
        Calculation::Direct => Kind::Direct,
        Calculation::NumberCompleted { possible } => {
            form.put(Cell::Possible, possible.to_string());
            Kind::NumberCompleted
        }
        Calculation::Choice { choices, unit } => {
            // A label of several lines would be several choices.
            let label = |text: &str| text.replace(['\r', '\n'], " ");
            let lines =
                choices.iter().map(|choice| format!("{}, {}", label(&choice.label), choice.deduction));
            form.put(Cell::Choices, lines.collect::<Vec<_>>().join("\n"));
            form.put(Cell::Unit, unit_name(*unit));
            Kind::Choice
        }
        Calculation::Ranged { bands, target, unit } => {
            let lines =
                bands.iter().map(|band| format!("{}, {}, {}", band.lower, band.upper, band.deduction));
            form.put(Cell::Bands, lines.collect::<Vec<_>>().join("\n"));
            form.put(Cell::Target, target.to_string());
            form.put(Cell::Unit, unit_name(*unit));
            Kind::Ranged
        }
        Calculation::Difference { deduction, per, per_unit, target, unit } => {
            form.put(Cell::Deduction, deduction.to_string());
            form.put(Cell::Per, per.to_string());
            form.put(Cell::PerUnit, unit_name(*per_unit));
            form.put(Cell::Target, target.to_string());
            form.put(Cell::Unit, unit_name(*unit));
            Kind::Difference
        }
    }
}

const fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Unit => "unit",
        Unit::Percent => "percent",
    }
}
