//! Writing a scheme as a CIS workbook: the long layout, both sheets, formulas only where CIS has
//! them. Texts are written as texts, so that none can become a formula.

use domain::finding::{Finding, Place};
use domain::number::Mark;
use domain::scheme::{Aspect, Calculation, Criterion, Method, Scheme};
use rust_xlsxwriter::{Formula, Workbook, Worksheet, XlsxError};

use super::calculations::{self, ACTIVE_COLUMN, KIND_COLUMN, NAME_COLUMN, PARAMETERS_COLUMN};
use super::cells::letter;
use super::{CisFinding, Skill, read};

const SUB_CRITERION: u16 = 0;
const NAME: u16 = 1;
const DAY: u16 = 2;
const KIND: u16 = 3;
const DESCRIPTION: u16 = 4;
const SCORE: u16 = 5;
const EXTRA: u16 = 6;
const REQUIREMENT: u16 = 7;
const SECTION: u16 = 8;
const CALCULATION: u16 = 9;
const MAX: u16 = 10;
const BLOCK: u16 = 11;
const TOTAL_LABEL: u16 = 12;
const TOTAL: u16 = 13;
const ASPECT_ID: u16 = 14;
const MEASURED_IN: u16 = 15;

/// The header row, as CIS spells it, up to the criterion's own cells.
const HEADINGS: [&str; 11] = [
    "Sub\nCriterion\nID",
    "Sub Criterion\nName or Description",
    "Day of Marking",
    "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Calculation Row \n(Export only)",
    "Max\nMark",
];

/// A workbook that [`read`](super::read()) reads back to an equal scheme.
///
/// Aspect ids are CIS's own numbering (`A1.M2`: the second measurement of A1) and not written; a
/// scheme with other ids gets one more column, "Aspect ID", at the far right, and one whose aspects say
/// what they are measured in another, "Measured In".
///
/// # Errors
/// Findings that name what a CIS workbook cannot hold: panel aspects, marks that are given directly,
/// weighted parts, and whatever would not come back unchanged.
pub fn write(scheme: &Scheme, skill: Option<&Skill>) -> Result<Vec<u8>, Vec<Finding>> {
    let refused = refusals(scheme);
    if !refused.is_empty() {
        return Err(refused);
    }
    let not_kept = |what: String| vec![CisFinding::NotKept { what }.at(Place::default())];
    let bytes = workbook(scheme, skill).map_err(|error| not_kept(error.to_string()))?;
    // The proof that nothing is lost is reading it: an id, a label or a character that the layout
    // cannot carry shows here and nowhere else.
    let back = read::draft(&bytes, "").map_err(|_| not_kept("scheme".into()))?;
    if back.scheme != *scheme {
        return Err(not_kept(first_difference(scheme, &back.scheme)));
    }
    Ok(bytes)
}

fn refusals(scheme: &Scheme) -> Vec<Finding> {
    let parts = scheme.parts.iter().map(|part| CisFinding::PartNotInCis { part: part.id.to_string() });
    let aspects = scheme.aspects().filter_map(|aspect| {
        let id = aspect.id.to_string();
        match &aspect.method {
            Method::Panel(_) => Some(CisFinding::PanelNotInCis { id }),
            Method::Measurement(Calculation::Direct) => Some(CisFinding::DirectNotInCis { id }),
            Method::Measurement(_) | Method::Judgement { .. } => None,
        }
    });
    parts.chain(aspects).map(|finding| finding.at(Place::default())).collect()
}

/// The id of the first thing that did not come back unchanged.
fn first_difference(scheme: &Scheme, back: &Scheme) -> String {
    let differing = scheme.aspects().zip(back.aspects()).find(|(aspect, other)| aspect != other);
    if let Some((aspect, _)) = differing {
        return aspect.id.to_string();
    }
    let subs = scheme.sub_criteria().zip(back.sub_criteria());
    if let Some(((_, sub), _)) = subs.into_iter().find(|((_, sub), (_, other))| sub != other) {
        return sub.id.to_string();
    }
    let criterion = scheme.criteria.iter().zip(&back.criteria).find(|(one, other)| one != other);
    if let Some((criterion, _)) = criterion {
        return criterion.id.to_string();
    }
    let section = scheme.sections.iter().zip(&back.sections).find(|(one, other)| one != other);
    section.map_or_else(|| "scheme".into(), |(section, _)| section.id.to_string())
}

fn workbook(scheme: &Scheme, skill: Option<&Skill>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("CIS Marking Scheme Import")?;
    scheme_sheet(sheet, scheme, skill)?;
    let sheet = workbook.add_worksheet().set_name("Calculations")?;
    calculations_sheet(sheet, scheme)?;
    workbook.save_to_buffer()
}

fn scheme_sheet(sheet: &mut Worksheet, scheme: &Scheme, skill: Option<&Skill>) -> Result<(), XlsxError> {
    if let Some(skill) = skill {
        sheet.write_string(0, 0, format!("{} {}", skill.number, skill.name))?;
    }
    let sections_at = 2;
    let mut row = sections_at;
    if !scheme.sections.is_empty() {
        // title, headings, one row each, the total, two rows between
        row += 5 + rows(scheme.sections.len());
    }
    row = criteria(sheet, scheme, row)? + 2;
    let first = row;
    let has_own_ids = scheme.sub_criteria().any(|(_, sub)| {
        sub.aspects.iter().zip(numbered(sub.id.as_str(), &sub.aspects)).any(|(a, id)| a.id.as_str() != id)
    });
    let own = OwnColumns {
        aspect_id: has_own_ids,
        measured_in: scheme.aspects().any(|aspect| !aspect.measured_in.is_empty()),
    };
    for criterion in &scheme.criteria {
        row = block(sheet, criterion, row, own)?;
    }
    sheet.write_string(row + 1, BLOCK, "Competition")?;
    sheet.write_string(row + 1, TOTAL_LABEL, "Total\nMark")?;
    let column = letter(u32::from(TOTAL));
    sum(sheet, (row + 1, TOTAL), &format!("SUM({column}1:{column}{row})"), scheme.total())?;
    if !scheme.sections.is_empty() {
        sections(sheet, scheme, sections_at, (first + 1, row.max(first + 1)))?;
    }
    Ok(())
}

/// The standards table; `aspects` are the first and last row of the aspects, counted from 1.
fn sections(sheet: &mut Worksheet, scheme: &Scheme, at: u32, aspects: (u32, u32)) -> Result<(), XlsxError> {
    sheet.write_string(at, 0, "WorldSkills Occupational Standards")?;
    for (column, heading) in
        [(0, "Section"), (1, "WSOS Marks"), (8, "WSOS Marks"), (9, "Aspect Marks"), (10, "Variation")]
    {
        sheet.write_string(at + 1, column, heading)?;
    }
    let (from, to) = aspects;
    let mut total_variation = 0;
    let mut row = at + 2;
    for section in &scheme.sections {
        let total = scheme.section_total(&section.id);
        let variation = Mark((section.target.0 - total.0).abs());
        total_variation += variation.0;
        let shown = row + 1;
        number_or_text(sheet, (row, 0), section.id.as_str())?;
        sheet.write_string(row, 1, &section.name)?;
        mark(sheet, (row, 8), section.target)?;
        sum(sheet, (row, 9), &format!("SUMIF(I{from}:I{to},A{shown},K{from}:K{to})"), total)?;
        sum(sheet, (row, 10), &format!("ABS(I{shown}-J{shown})"), variation)?;
        row += 1;
    }
    sheet.write_string(row, 8, "Total Variation")?;
    let (from, to) = (at + 3, row);
    sum(sheet, (row, 10), &format!("SUM(K{from}:K{to})"), Mark(total_variation))
}

/// The list of criteria; gives the row after it.
fn criteria(sheet: &mut Worksheet, scheme: &Scheme, at: u32) -> Result<u32, XlsxError> {
    sheet.write_string(at, 0, "Criteria")?;
    sheet.write_string(at + 1, 0, "ID")?;
    sheet.write_string(at + 1, 1, "Name")?;
    sheet.write_string(at + 1, MAX, "Mark")?;
    let mut row = at + 2;
    for criterion in &scheme.criteria {
        sheet.write_string(row, 0, criterion.id.as_str())?;
        sheet.write_string(row, 1, &criterion.name)?;
        mark(sheet, (row, MAX), criterion.total())?;
        row += 1;
    }
    Ok(row)
}

/// Which columns of our own a sheet needs besides those of CIS.
#[derive(Clone, Copy)]
struct OwnColumns {
    aspect_id: bool,
    measured_in: bool,
}

/// A criterion's header row and everything below it; gives the row after it.
fn block(sheet: &mut Worksheet, criterion: &Criterion, at: u32, own: OwnColumns) -> Result<u32, XlsxError> {
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write_string(at, column, heading)?;
    }
    sheet.write_string(at, BLOCK, format!("Criterion {}", criterion.id))?;
    sheet.write_string(at, TOTAL_LABEL, "Total\nMark")?;
    if own.aspect_id {
        sheet.write_string(at, ASPECT_ID, "Aspect ID")?;
    }
    if own.measured_in {
        sheet.write_string(at, MEASURED_IN, "Measured In")?;
    }
    let mut row = at + 1;
    for sub in &criterion.sub_criteria {
        sheet.write_string(row, SUB_CRITERION, sub.id.as_str())?;
        sheet.write_string(row, NAME, &sub.name)?;
        sheet.write_number(row, DAY, sub.day)?;
        row += 1;
        for aspect in &sub.aspects {
            if own.aspect_id {
                sheet.write_string(row, ASPECT_ID, aspect.id.as_str())?;
            }
            if !aspect.measured_in.is_empty() {
                sheet.write_string(row, MEASURED_IN, &aspect.measured_in)?;
            }
            row = aspect_rows(sheet, aspect, row)?;
        }
    }
    let (column, from, to) = (letter(u32::from(MAX)), at + 2, row.max(at + 2));
    sum(sheet, (at, TOTAL), &format!("SUM({column}{from}:{column}{to})"), criterion.total())?;
    Ok(row)
}

fn aspect_rows(sheet: &mut Worksheet, aspect: &Aspect, at: u32) -> Result<u32, XlsxError> {
    sheet.write_string(at, KIND, type_letter(aspect).to_string())?;
    sheet.write_string(at, DESCRIPTION, &aspect.description)?;
    sheet.write_string(at, EXTRA, &aspect.note)?;
    sheet.write_string(at, REQUIREMENT, &aspect.requirement)?;
    if let Some(section) = &aspect.section {
        number_or_text(sheet, (at, SECTION), section.as_str())?;
    }
    mark(sheet, (at, MAX), aspect.max)?;
    match &aspect.method {
        Method::Measurement(Calculation::PassFail) | Method::Panel(_) => Ok(at + 1),
        Method::Measurement(_) => {
            sheet.write_string(at, CALCULATION, aspect.id.as_str())?;
            Ok(at + 1)
        }
        Method::Judgement { rungs } => {
            for ((row, score), text) in (at + 1..).zip(0_u8..).zip(rungs) {
                sheet.write_number(row, SCORE, score)?;
                sheet.write_string(row, EXTRA, text)?;
            }
            Ok(at + 5)
        }
    }
}

/// Each calculation under its aspect's id, as CIS names those that are made for one aspect.
fn calculations_sheet(sheet: &mut Worksheet, scheme: &Scheme) -> Result<(), XlsxError> {
    let spelled = scheme.aspects().filter_map(|aspect| match &aspect.method {
        Method::Measurement(Calculation::PassFail) => None,
        Method::Measurement(calculation) => Some((aspect, calculations::spell(calculation)?)),
        Method::Judgement { .. } | Method::Panel(_) => None,
    });
    let column = |column: u32| u16::try_from(column).unwrap_or_default();
    for (row, (aspect, (kind, parameters))) in (1..).zip(spelled) {
        sheet.write_string(row, column(NAME_COLUMN), aspect.id.as_str())?;
        sheet.write_string(row, column(KIND_COLUMN), kind)?;
        sheet.write_boolean(row, column(ACTIVE_COLUMN), true)?;
        sheet.write_string(row, column(PARAMETERS_COLUMN), parameters)?;
    }
    Ok(())
}

/// The ids that CIS would give the aspects of a sub-criterion.
fn numbered<'a>(sub: &'a str, aspects: &'a [Aspect]) -> impl Iterator<Item = String> + 'a {
    let mut counts = [0_u32; 2];
    aspects.iter().map(move |aspect| {
        let letter = type_letter(aspect);
        let [measurements, judgements] = &mut counts;
        let count = if letter == 'J' { judgements } else { measurements };
        *count += 1;
        format!("{sub}.{letter}{count}")
    })
}

fn type_letter(aspect: &Aspect) -> char {
    if matches!(aspect.method, Method::Judgement { .. }) { 'J' } else { 'M' }
}

/// A mark as a number, made from its text: the nearest float prints as that text again.
fn mark(sheet: &mut Worksheet, at: (u32, u16), mark: Mark) -> Result<(), XlsxError> {
    match mark.to_string().parse::<f64>() {
        Ok(number) => sheet.write_number(at.0, at.1, number)?,
        Err(_) => sheet.write_string(at.0, at.1, mark.to_string())?,
    };
    Ok(())
}

/// A section's number as a number, so that `SUMIF` meets it in either kind of cell; any other id as
/// text.
fn number_or_text(sheet: &mut Worksheet, at: (u32, u16), text: &str) -> Result<(), XlsxError> {
    match text.parse::<u16>() {
        Ok(number) if number.to_string() == text => sheet.write_number(at.0, at.1, number)?,
        _ => sheet.write_string(at.0, at.1, text)?,
    };
    Ok(())
}

/// A formula with its result, for readers that do not calculate.
fn sum(sheet: &mut Worksheet, at: (u32, u16), formula: &str, result: Mark) -> Result<(), XlsxError> {
    let result = domain::number::Decimal::from(result).to_string();
    sheet.write_formula(at.0, at.1, Formula::new(format!("={formula}")).set_result(result))?;
    Ok(())
}

/// How many rows a list takes.
fn rows(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX / 2)
}
