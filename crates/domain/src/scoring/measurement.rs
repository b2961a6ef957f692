//! Measurement: the panel agrees on one value, a calculation makes a mark of it.

use super::{Exact, Value, gcd, lcm};
use crate::findings;
use crate::number::{Decimal, Mark};
use crate::scheme::{Calculation, Unit};

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
        NotARung = Error "not_a_rung",
            "评判分只能是 0、1、2 或 3。",
            "A judgement score is 0, 1, 2 or 3.";
        WrongKind = Error "wrong_kind_of_value",
            "此评分点的值的种类不对（数字或选项）。",
            "This aspect takes another kind of value (a number, or a choice).";
    }
}

/// The mark of a measured value, clamped to 0..max and not yet rounded.
///
/// # Errors
/// A [`ValueRefusal`] where the value cannot be what was measured.
pub fn mark(aspect_max: Mark, calculation: &Calculation, measured: &Value) -> Result<Exact, ValueRefusal> {
    let value = match (calculation, measured) {
        (Calculation::Choice { choices, unit }, Value::Choice(label)) => {
            let choice = choices.iter().find(|choice| choice.label == *label).ok_or_else(|| {
                let known = choices.iter().map(|c| c.label.as_str()).collect::<Vec<_>>().join(" | ");
                ValueRefusal::UnknownChoice { label: label.clone(), known }
            })?;
            return Ok(less(aspect_max, choice.deduction, *unit));
        }
        (Calculation::Choice { .. }, Value::Number(_)) | (_, Value::Choice(_) | Value::Missing) => {
            return Err(ValueRefusal::WrongKind);
        }
        (_, Value::Number(value)) => *value,
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
            // Bands that all begin at 0 or above measure how far off a value is, whichever way; a band
            // below 0 makes the side matter.
            let is_sided = bands.iter().any(|band| band.lower.0 < 0);
            let off = value.0 - target.0;
            let deviation = Decimal(if is_sided { off } else { off.abs() });
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

/// The smallest denominator, in parts of a hundredth, over which every mark of this calculation is
/// whole. None where it is beyond exact arithmetic.
#[must_use]
pub(super) fn denominator(max: Mark, calculation: &Calculation) -> Option<i128> {
    let of = |Deduction { deducted, denominator }: Deduction| denominator / gcd(deducted, denominator);
    match calculation {
        Calculation::PassFail | Calculation::Direct => Some(1),
        Calculation::NumberCompleted { possible } => {
            let possible = i128::from((*possible).max(1));
            Some(possible / gcd(i128::from(max.0), possible))
        }
        Calculation::Choice { choices, unit } => {
            choices.iter().try_fold(1, |all, c| lcm(all, of(less_parts(max, c.deduction, *unit))))
        }
        Calculation::Ranged { bands, unit, .. } => {
            bands.iter().try_fold(1, |all, b| lcm(all, of(less_parts(max, b.deduction, *unit))))
        }
        Calculation::Difference { deduction, per, per_unit, target, unit } => {
            let steps =
                Steps { deduction: *deduction, per: *per, per_unit: *per_unit, target: *target, unit: *unit };
            let (step, of_step) = steps.size();
            let whole = less_parts(max, *deduction, *unit);
            let (top, bottom) = (of_step.checked_mul(whole.deducted)?, step.checked_mul(whole.denominator)?);
            (bottom > 0).then(|| bottom / gcd(top, bottom))
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

impl Steps {
    /// The size of a step in millionths, as a fraction; in percent of the target it is
    /// `target × per / 100`.
    fn size(&self) -> (i128, i128) {
        match self.per_unit {
            Unit::Unit => (i128::from(self.per.0), 1),
            Unit::Percent => (i128::from(self.per.0) * i128::from(self.target.0.abs()), 100_000_000),
        }
    }
}

/// `max − |value − target| / step × deduction`.
fn difference(max: Mark, value: Decimal, steps: &Steps) -> Exact {
    let off = i128::from((value.0 - steps.target.0).abs());
    let (step_numerator, step_denominator) = steps.size();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::{Band, Choice};

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).expect("a number")
    }

    fn marked(max: i64, calculation: &Calculation, value: &str) -> Result<Mark, ValueRefusal> {
        mark(Mark(max), calculation, &Value::Number(number(value))).map(Exact::rounded)
    }

    ///
    #[test]
    fn pass_or_fail_gives_the_maximum_or_nothing() {
        assert_eq!(marked(50, &Calculation::PassFail, "1"), Ok(Mark(50)));
        assert_eq!(marked(50, &Calculation::PassFail, "0.50"), Ok(Mark(50)));
        assert_eq!(marked(50, &Calculation::PassFail, "0"), Ok(Mark(0)));
        assert_eq!(
            marked(50, &Calculation::PassFail, "0.25"),
            Err(ValueRefusal::NotPassOrFail { max: Mark(50) })
        );
    }

    ///
    #[test]
    fn a_direct_value_is_the_mark() {
        assert_eq!(marked(150, &Calculation::Direct, "1.25"), Ok(Mark(125)));
        assert!(matches!(marked(150, &Calculation::Direct, "1.51"), Err(ValueRefusal::OutOfRange { .. })));
        assert!(matches!(marked(150, &Calculation::Direct, "1.255"), Err(ValueRefusal::OffStep { .. })));
        assert!(matches!(marked(150, &Calculation::Direct, "-0.01"), Err(ValueRefusal::OutOfRange { .. })));
    }

    ///
    #[test]
    fn the_number_completed_counts_in_proportion() {
        let calculation = Calculation::NumberCompleted { possible: 3 };
        assert_eq!(marked(100, &calculation, "2"), Ok(Mark(67)));
        assert!(matches!(marked(100, &calculation, "4"), Err(ValueRefusal::OutOfRange { .. })));
        assert!(matches!(marked(100, &calculation, "1.5"), Err(ValueRefusal::NotWhole { .. })));
    }

    ///
    #[test]
    fn a_choice_deducts_marks_or_percent() {
        let choices = |deduction: &str| {
            ["Full", "Part"]
                .map(|label| Choice {
                    deduction: if label == "Part" { number(deduction) } else { Decimal(0) },
                    label: label.into(),
                })
                .to_vec()
        };
        let given = |calculation: &Calculation, label: &str| {
            mark(Mark(75), calculation, &Value::Choice(label.into())).map(Exact::rounded)
        };
        let marks = Calculation::Choice { choices: choices("0.25"), unit: Unit::Unit };
        assert_eq!((given(&marks, "Full"), given(&marks, "Part")), (Ok(Mark(75)), Ok(Mark(50))));
        assert!(matches!(given(&marks, "None"), Err(ValueRefusal::UnknownChoice { .. })));
        let percent = Calculation::Choice { choices: choices("50"), unit: Unit::Percent };
        assert_eq!(given(&percent, "Part"), Ok(Mark(38))); // 37.5 hundredths, half-up
        assert_eq!(marked(75, &percent, "1"), Err(ValueRefusal::WrongKind));
    }

    ///
    #[test]
    fn the_first_band_that_contains_the_deviation_decides() {
        let band = |lower: &str, upper: &str, deduction: &str| Band {
            deduction: number(deduction),
            lower: number(lower),
            upper: number(upper),
        };
        let ranged = |bands: Vec<Band>| Calculation::Ranged { bands, target: number("10"), unit: Unit::Unit };
        let sizes = ranged(vec![band("0", "0.05", "0"), band("0.05", "0.1", "0.5")]);
        for (value, hundredths) in [("10.05", 100), ("9.95", 100), ("10.06", 50), ("9.9", 50), ("10.11", 0)] {
            assert_eq!(marked(100, &sizes, value), Ok(Mark(hundredths)), "{value}");
        }
        let sided = ranged(vec![band("-0.02", "0", "0"), band("0", "0.1", "0.5")]);
        for (value, hundredths) in [("9.98", 100), ("9.97", 0), ("10", 100), ("10.1", 50)] {
            assert_eq!(marked(100, &sided, value), Ok(Mark(hundredths)), "{value}");
        }
    }

    ///
    #[test]
    fn every_step_from_the_target_deducts_in_proportion_and_never_below_zero() {
        let calculation = |per_unit, unit| Calculation::Difference {
            deduction: number("0.25"),
            per: number("1"),
            per_unit,
            target: number("20"),
            unit,
        };
        let units = calculation(Unit::Unit, Unit::Unit);
        for (value, hundredths) in [("20", 100), ("22", 50), ("18.5", 63), ("24", 0), ("1000000000", 0)] {
            assert_eq!(marked(100, &units, value), Ok(Mark(hundredths)), "{value}");
        }
        // 1 % of 20 is 0.2: two steps; a quarter of a percent of 1.00 each.
        let percent = calculation(Unit::Percent, Unit::Percent);
        assert_eq!(marked(10_000, &percent, "20.4"), Ok(Mark(9950)));
    }
}
