//! Measurement: the panel agrees on one value, a calculation makes a mark of it.

use serde::{Deserialize, Serialize};

use super::Exact;
use crate::findings;
use crate::number::{Decimal, Mark};
use crate::scheme::{Aspect, Calculation, Unit};

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Measured {
    /// The label of a `choice`.
    Choice(String),
    /// A number: the value, the count, or the mark itself.
    Number(Decimal),
}

findings! {
    /// Why a value cannot be what was measured.
    pub enum ValueRefusal {
        NotPassOrFail { max: Mark } = Error "not_pass_or_fail",
            "此评分点只接受 1（通过）、0（不通过）或满分 {max}。",
            "This aspect takes 1 (passed), 0 (failed) or its maximum {max}.";
        OutOfRange { value: Decimal, least: Decimal, most: Decimal } = Error "value_out_of_range",
            "{value} 超出范围；可填 {least} 到 {most}。",
            "{value} is out of range; give {least} to {most}.";
        OffStep { value: Decimal, step: Decimal } = Error "value_off_step",
            "{value} 不在步长 {step} 上。",
            "{value} is not on a step of {step}.";
        NotWhole { value: Decimal } = Error "value_not_whole",
            "{value} 不是整数；此评分点计数。",
            "{value} is not a whole number; this aspect counts.";
        UnknownChoice { label: String, known: String } = Error "unknown_choice",
            "没有选项“{label}”；可选：{known}。",
            "There is no choice \"{label}\"; choose from: {known}.";
        WrongKind = Error "wrong_kind_of_value",
            "此评分点的值的种类不对（数字或选项）。",
            "This aspect takes another kind of value (a number, or a choice).";
    }
}

/// The mark of a measured value, clamped to 0..max and not yet rounded.
///
/// # Errors
/// A [`ValueRefusal`] where the value cannot be what was measured.
pub fn mark(aspect_max: Mark, calculation: &Calculation, measured: &Measured) -> Result<Exact, ValueRefusal> {
    let value = match (calculation, measured) {
        (Calculation::Choice { choices, unit }, Measured::Choice(label)) => {
            let choice = choices.iter().find(|choice| choice.label == *label).ok_or_else(|| {
                let known = choices.iter().map(|c| c.label.as_str()).collect::<Vec<_>>().join(" | ");
                ValueRefusal::UnknownChoice { label: label.clone(), known }
            })?;
            return Ok(less(aspect_max, choice.deduction, *unit));
        }
        (Calculation::Choice { .. }, Measured::Number(_)) | (_, Measured::Choice(_)) => {
            return Err(ValueRefusal::WrongKind);
        }
        (_, Measured::Number(value)) => *value,
    };
    match calculation {
        Calculation::Choice { .. } => Err(ValueRefusal::WrongKind),
        Calculation::PassFail => match value {
            Decimal(0) => Ok(Exact::whole(0)),
            value if value == Decimal::ONE || value == aspect_max.into() => Ok(Exact::whole(aspect_max.0)),
            _ => Err(ValueRefusal::NotPassOrFail { max: aspect_max }),
        },
        Calculation::Direct => {
            in_range(value, Decimal(0), aspect_max.into())?;
            let mark = value.to_mark().ok_or(ValueRefusal::OffStep { value, step: Decimal(10_000) })?;
            Ok(Exact::whole(mark.0))
        }
        Calculation::NumberCompleted { possible } => {
            let most = Decimal(i64::from(*possible) * 1_000_000);
            in_range(value, Decimal(0), most)?;
            let completed = value.to_whole().ok_or(ValueRefusal::NotWhole { value })?;
            let numerator = i128::from(aspect_max.0) * i128::from(completed);
            Ok(Exact { numerator, denominator: i128::from((*possible).max(1)) }.clamped(aspect_max))
        }
        Calculation::Ranged { bands, target, unit } => {
            let deviation = Decimal(value.0 - target.0);
            let band = bands.iter().find(|band| band.lower <= deviation && deviation <= band.upper);
            Ok(band.map_or(Exact::whole(0), |band| less(aspect_max, band.deduction, *unit)))
        }
        Calculation::Difference { deduction, per, per_unit, target, unit } => Ok(difference(
            aspect_max,
            value,
            &Steps { deduction: *deduction, per: *per, per_unit: *per_unit, target: *target, unit: *unit },
        )),
    }
}

/// The exact denominator, in hundredths of a mark, that every mark of this calculation fits.
#[must_use]
pub fn denominator(aspect: &Aspect, calculation: &Calculation) -> Option<i128> {
    let of_deduction = |unit: Unit| if unit == Unit::Percent { 100_000_000 } else { 10_000 };
    match calculation {
        Calculation::PassFail | Calculation::Direct => Some(1),
        Calculation::NumberCompleted { possible } => Some(i128::from(*possible)),
        Calculation::Choice { unit, .. } | Calculation::Ranged { unit, .. } => Some(of_deduction(*unit)),
        Calculation::Difference { per, per_unit, target, unit, .. } => {
            let _ = aspect;
            let step = if *per_unit == Unit::Percent {
                i128::from(per.0).checked_mul(i128::from(target.0.abs()))?
            } else {
                i128::from(per.0)
            };
            step.checked_mul(of_deduction(*unit))
        }
    }
}

struct Steps {
    deduction: Decimal,
    per: Decimal,
    per_unit: Unit,
    target: Decimal,
    unit: Unit,
}

/// `max − |value − target| / step × deduction`.
fn difference(max: Mark, value: Decimal, steps: &Steps) -> Exact {
    let off = i128::from((value.0 - steps.target.0).abs());
    // A step in millionths; in percent of the target it is target × per / 100.
    let (step_numerator, step_denominator) = match steps.per_unit {
        Unit::Unit => (i128::from(steps.per.0), 1),
        Unit::Percent => (i128::from(steps.per.0) * i128::from(steps.target.0.abs()), 100_000_000),
    };
    if step_numerator <= 0 {
        return Exact::whole(0);
    }
    let whole = less_parts(max, steps.deduction, steps.unit);
    // deducted = off × step_denominator / step_numerator × deduction
    let Some(deducted) =
        off.checked_mul(step_denominator).and_then(|steps| steps.checked_mul(whole.deducted))
    else {
        return Exact::whole(0); // so far off that nothing is left
    };
    let Some(denominator) = step_numerator.checked_mul(whole.denominator) else { return Exact::whole(0) };
    match i128::from(max.0).checked_mul(denominator) {
        Some(full) => Exact { numerator: full - deducted, denominator }.clamped(max),
        None => Exact::whole(0),
    }
}

struct Deduction {
    deducted: i128,
    denominator: i128,
}

fn less_parts(max: Mark, deduction: Decimal, unit: Unit) -> Deduction {
    match unit {
        Unit::Unit => Deduction { deducted: i128::from(deduction.0), denominator: 10_000 },
        Unit::Percent => {
            Deduction { deducted: i128::from(deduction.0) * i128::from(max.0), denominator: 100_000_000 }
        }
    }
}

/// The maximum less a deduction.
fn less(max: Mark, deduction: Decimal, unit: Unit) -> Exact {
    let Deduction { deducted, denominator } = less_parts(max, deduction, unit);
    Exact { numerator: i128::from(max.0) * denominator - deducted, denominator }.clamped(max)
}

fn in_range(value: Decimal, least: Decimal, most: Decimal) -> Result<(), ValueRefusal> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(ValueRefusal::OutOfRange { value, least, most })
    }
}
