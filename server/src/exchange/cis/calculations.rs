//! The sheet "Calculations": per row a name, a type, whether it is active, and its parameters as
//! `KEY:::NUMBER#x~x#TEXT` joined by `#-#`.

use std::collections::BTreeMap;

use domain::finding::{Finding, Place};
use domain::number::{Decimal, Mark};
use domain::scheme::{Band, Calculation, Choice, Unit};

use super::CisFinding;
use super::cells::{Sheet, excerpt, letter, row_number};

pub(super) const NAME_COLUMN: u32 = 0;
pub(super) const KIND_COLUMN: u32 = 1;
pub(super) const ACTIVE_COLUMN: u32 = 2;
pub(super) const PARAMETERS_COLUMN: u32 = 3;

const BETWEEN_PARAMETERS: &str = "#-#";
const AFTER_KEY: &str = ":::";
const BEFORE_TEXT: &str = "#x~x#";

/// A row of the sheet.
#[derive(Debug)]
pub(super) struct Named {
    /// What aspects refer to it by.
    pub(super) name: String,
    /// Its row, counted from 0.
    pub(super) row: u32,
    /// Nothing where it could not be read, which is then among the findings.
    pub(super) calculation: Option<Calculation>,
}

/// Every calculation of the sheet, with what is wrong.
pub(super) fn read(sheet: &Sheet, file: &str) -> (Vec<Named>, Vec<Finding>) {
    let (mut known, mut found) = (Vec::<Named>::new(), Vec::new());
    for (row, cells) in sheet.rows() {
        let Some(kind) = cells.cell(KIND_COLUMN) else { continue };
        let name = cells.cell(NAME_COLUMN).map(|cell| cell.text()).unwrap_or_default();
        if kind.folded() == "type" {
            continue; // a heading, which CIS does not write and people do
        }
        let mut report = |finding: CisFinding, column| {
            found.push(finding.at(Place::row(file, row_number(row)).column(letter(column))));
        };
        if name.is_empty() {
            report(CisFinding::CalculationUnnamed, NAME_COLUMN);
        } else if known.iter().any(|earlier| earlier.name == name) {
            report(CisFinding::CalculationRepeated { name: name.clone() }, NAME_COLUMN);
        }
        let parameters = cells.verbatim(Some(PARAMETERS_COLUMN));
        let (calculation, findings) = calculation(&name, &kind.text(), &parameters);
        for finding in findings {
            let is_kind = matches!(finding, CisFinding::CalculationUnknown { .. });
            report(finding, if is_kind { KIND_COLUMN } else { PARAMETERS_COLUMN });
        }
        known.push(Named { name, row, calculation });
    }
    (known, found)
}

/// A calculation of a type and its parameters; nothing where a finding is an error.
fn calculation(name: &str, kind: &str, parameters: &str) -> (Option<Calculation>, Vec<CisFinding>) {
    let mut parameters = match Parameters::parse(name, parameters) {
        Ok(parameters) => parameters,
        Err(finding) => return (None, vec![finding]),
    };
    let calculation = match kind {
        "PASS_FAIL" => Ok(Calculation::PassFail),
        "NUMBER_COMPLETED" => number_completed(&mut parameters),
        "CHOICE" => choice(&mut parameters),
        "RANGED_SCORE" => ranged(&mut parameters),
        "REGULAR_DIFFERENCE_DEDUCTION" => difference(&mut parameters),
        _ => {
            let finding = CisFinding::CalculationUnknown { name: name.to_owned(), kind: kind.to_owned() };
            return (None, vec![finding]);
        }
    };
    match calculation {
        Ok(calculation) => (Some(calculation), parameters.unused()),
        Err(finding) => (None, vec![finding]),
    }
}

fn number_completed(parameters: &mut Parameters) -> Result<Calculation, CisFinding> {
    let key = "NUM_POSSIBLE";
    let possible = parameters.number(key)?.to_whole().and_then(|whole| u32::try_from(whole).ok());
    let possible = possible.ok_or_else(|| parameters.unreadable(key))?;
    Ok(Calculation::NumberCompleted { possible })
}

fn choice(parameters: &mut Parameters) -> Result<Calculation, CisFinding> {
    let unit = parameters.unit("DEDUCTION_TYPE")?;
    let choices = parameters
        .numbered("CHOICE")
        .into_iter()
        .map(|n| {
            Ok(Choice {
                deduction: parameters.number(&format!("CHOICE{n}_DEDUCTION"))?,
                label: parameters.text(&format!("CHOICE{n}_LABEL"))?,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Calculation::Choice { choices, unit })
}

fn ranged(parameters: &mut Parameters) -> Result<Calculation, CisFinding> {
    let unit = parameters.unit("DEDUCTION_TYPE")?;
    let target = parameters.number("TARGET_VALUE")?;
    let bands = parameters
        .numbered("RANGE")
        .into_iter()
        .map(|n| {
            Ok(Band {
                deduction: parameters.number(&format!("RANGE{n}_DEDUCTION"))?,
                lower: parameters.number(&format!("RANGE{n}_LOWER"))?,
                upper: parameters.number(&format!("RANGE{n}_UPPER"))?,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Calculation::Ranged { bands, target, unit })
}

fn difference(parameters: &mut Parameters) -> Result<Calculation, CisFinding> {
    Ok(Calculation::Difference {
        deduction: parameters.number("DEDUCTION")?,
        per: parameters.number("DIFFERENCE")?,
        per_unit: parameters.unit("DIFFERENCE_TYPE")?,
        target: parameters.number("TARGET_VALUE")?,
        unit: parameters.unit("DEDUCTION_TYPE")?,
    })
}

/// The parameters of one calculation; what was asked for is taken out.
struct Parameters {
    name: String,
    left: BTreeMap<String, Parameter>,
}

struct Parameter {
    number: String,
    text: String,
}

impl Parameters {
    fn parse(name: &str, text: &str) -> Result<Self, CisFinding> {
        let mut left = BTreeMap::new();
        let pieces =
            if text.trim().is_empty() { Vec::new() } else { text.split(BETWEEN_PARAMETERS).collect() };
        for piece in pieces {
            let parameter = piece.split_once(AFTER_KEY).and_then(|(key, value)| {
                let (number, text) = value.split_once(BEFORE_TEXT)?;
                let parameter = Parameter { number: number.trim().to_owned(), text: text.to_owned() };
                (!key.trim().is_empty()).then(|| (key.trim().to_owned(), parameter))
            });
            let unreadable =
                || CisFinding::ParameterUnreadable { name: name.to_owned(), parameter: piece.to_owned() };
            let (key, parameter) = parameter.ok_or_else(unreadable)?;
            if left.insert(key, parameter).is_some() {
                return Err(unreadable());
            }
        }
        Ok(Self { name: name.to_owned(), left })
    }

    /// The numbers that keys like `CHOICE2_LABEL` carry, in ascending order.
    fn numbered(&self, prefix: &str) -> Vec<u32> {
        let number = |key: &String| key.strip_prefix(prefix)?.split_once('_')?.0.parse().ok();
        let mut numbers: Vec<u32> = self.left.keys().filter_map(number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn take(&mut self, key: &str) -> Result<Parameter, CisFinding> {
        let missing = || CisFinding::ParameterMissing { name: self.name.clone(), key: key.to_owned() };
        self.left.remove(key).ok_or_else(missing)
    }

    fn number(&mut self, key: &str) -> Result<Decimal, CisFinding> {
        let Parameter { number, text } = self.take(key)?;
        let written = if number.is_empty() { text } else { number };
        Decimal::parse(&written).map_err(|_| CisFinding::ParameterUnreadable {
            name: self.name.clone(),
            parameter: excerpt(&format!("{key}{AFTER_KEY}{written}")),
        })
    }

    fn text(&mut self, key: &str) -> Result<String, CisFinding> {
        let Parameter { number, text } = self.take(key)?;
        Ok(if text.is_empty() { number } else { text })
    }

    /// Units where nothing else is said.
    fn unit(&mut self, key: &str) -> Result<Unit, CisFinding> {
        if !self.left.contains_key(key) {
            return Ok(Unit::Unit);
        }
        match self.text(key)?.trim() {
            "UNIT" | "" => Ok(Unit::Unit),
            "PERCENT" => Ok(Unit::Percent),
            _ => Err(self.unreadable(key)),
        }
    }

    fn unreadable(&self, key: &str) -> CisFinding {
        CisFinding::ParameterUnreadable { name: self.name.clone(), parameter: key.to_owned() }
    }

    fn unused(self) -> Vec<CisFinding> {
        let finding = |key| CisFinding::ParameterUnknown { name: self.name.clone(), key };
        self.left.into_keys().map(finding).collect()
    }
}

/// The most that a calculation takes off in one go, in marks; nothing where that says nothing about
/// the aspect it is for.
pub(super) fn largest_deduction(calculation: &Calculation, max: Mark) -> Option<Decimal> {
    let (unit, largest) = match calculation {
        Calculation::PassFail | Calculation::Direct | Calculation::NumberCompleted { .. } => return None,
        Calculation::Choice { choices, unit } => (unit, choices.iter().map(|choice| choice.deduction).max()?),
        Calculation::Ranged { bands, unit, .. } => (unit, bands.iter().map(|band| band.deduction).max()?),
        Calculation::Difference { deduction, unit, .. } => (unit, *deduction),
    };
    match unit {
        Unit::Unit => Some(largest),
        Unit::Percent if largest.0 > 100 * Decimal::ONE.0 => Some(largest),
        Unit::Percent => Some(max.into()),
    }
}

/// The type and the parameters as the sheet spells them; nothing for a type that it does not have.
pub(super) fn spell(calculation: &Calculation) -> Option<(&'static str, String)> {
    let mut parameters = Vec::new();
    let mut number = |key: String, value: Decimal| {
        parameters.push(format!("{key}{AFTER_KEY}{}{BEFORE_TEXT}", eight_decimals(value)));
    };
    let kind = match calculation {
        Calculation::PassFail => "PASS_FAIL",
        Calculation::Direct => return None,
        Calculation::NumberCompleted { possible } => {
            parameters.push(format!("NUM_POSSIBLE{AFTER_KEY}{possible}{BEFORE_TEXT}"));
            "NUMBER_COMPLETED"
        }
        Calculation::Choice { choices, unit } => {
            parameters.push(spell_unit("DEDUCTION_TYPE", *unit));
            for (n, choice) in (1..).zip(choices) {
                parameters.push(format!("CHOICE{n}_LABEL{AFTER_KEY}{BEFORE_TEXT}{}", choice.label));
                let deduction = eight_decimals(choice.deduction);
                parameters.push(format!("CHOICE{n}_DEDUCTION{AFTER_KEY}{deduction}{BEFORE_TEXT}"));
            }
            "CHOICE"
        }
        Calculation::Ranged { bands, target, unit } => {
            number("TARGET_VALUE".into(), *target);
            for (n, band) in (1..).zip(bands) {
                number(format!("RANGE{n}_LOWER"), band.lower);
                number(format!("RANGE{n}_UPPER"), band.upper);
                number(format!("RANGE{n}_DEDUCTION"), band.deduction);
            }
            parameters.push(spell_unit("DEDUCTION_TYPE", *unit));
            "RANGED_SCORE"
        }
        Calculation::Difference { deduction, per, per_unit, target, unit } => {
            number("TARGET_VALUE".into(), *target);
            number("DIFFERENCE".into(), *per);
            number("DEDUCTION".into(), *deduction);
            parameters.push(spell_unit("DIFFERENCE_TYPE", *per_unit));
            parameters.push(spell_unit("DEDUCTION_TYPE", *unit));
            "REGULAR_DIFFERENCE_DEDUCTION"
        }
    };
    Some((kind, parameters.join(BETWEEN_PARAMETERS)))
}

fn spell_unit(key: &str, unit: Unit) -> String {
    let unit = if unit == Unit::Percent { "PERCENT" } else { "UNIT" };
    format!("{key}{AFTER_KEY}{BEFORE_TEXT}{unit}")
}

/// As CIS prints numbers: `0.25000000`.
fn eight_decimals(value: Decimal) -> String {
    let text = value.to_string();
    let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let point = if decimals == 0 { "." } else { "" };
    format!("{text}{point}{:0<width$}", "", width = 8_usize.saturating_sub(decimals))
}
