//! Reading a workbook: opens it, chooses the sheet and has its rows walked ([`super::walk`]); what
//! is then made of them is left to [`super::verdict`].

use std::collections::HashMap;

use domain::finding::{Finding, Place};
use domain::id::AspectId;
use domain::scheme::Scheme;

use super::cells::{self, Sheet};
use super::layout::{self, Columns, Top};
use super::verdict::{self, Stated};
use super::walk::Walk;
use super::{CisFinding, Reading, calculations};
use crate::exchange::safety;

/// More rows than a scheme of the most aspects has, ladders and empty lines included.
const ROWS_MAX: usize = 10_000;

/// Reads a workbook. It never fails: what cannot be read is among the findings, and with an error
/// there is no scheme. `file_name` is only what findings call the file.
#[must_use]
pub fn read(bytes: &[u8], file_name: &str) -> Reading {
    match draft(bytes, file_name) {
        Ok(draft) => verdict::judge(draft, file_name),
        Err(findings) => Reading { findings, ..Reading::default() },
    }
}

/// What was read, before anything is made of it.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) scheme: Scheme,
    pub(super) top: Top,
    pub(super) calculation_rows: usize,
    /// Where each aspect stands.
    pub(super) spots: HashMap<AspectId, Spot>,
    /// The summary cells, to be compared.
    pub(super) stated: Vec<Stated>,
    /// Aspects whose maximum could not be read, which is already said.
    pub(super) without_max: Vec<AspectId>,
    pub(super) findings: Vec<Finding>,
    /// What is wrong with the sheet "Calculations", whose rows are not the scheme's.
    pub(super) calculation_findings: Vec<Finding>,
}

/// Where an aspect stands, in columns of its header.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) row: u32,
    pub(super) columns: Columns,
}

/// Reads without judging.
///
/// # Errors
/// The findings that kept the sheet from being read at all.
pub(super) fn draft(bytes: &[u8], file: &str) -> Result<Draft, Vec<Finding>> {
    let whole = |finding: &CisFinding| vec![finding.at(Place::file(file))];
    safety::check(bytes).map_err(|unfit| whole(&super::unfit(unfit)))?;
    let sheets = cells::sheets(bytes).map_err(|finding| whole(&finding))?;
    let (sheet, header, warning) = choose(&sheets).map_err(|finding| whole(&finding))?;
    let calculations = sheets.iter().find(|sheet| cells::fold(&sheet.name) == "calculations");
    if [Some(sheet), calculations].into_iter().flatten().any(|sheet| sheet.filled_rows() > ROWS_MAX) {
        return Err(whole(&CisFinding::FileTooLarge { limit: format!("{ROWS_MAX} rows") }));
    }
    let mut walk = Walk::new(file, sheet, header);
    walk.draft.findings.extend(warning.map(|finding| finding.at(Place::file(file))));
    if let Some(sheet) = calculations {
        let (calculations, findings) = calculations::read(sheet, file);
        walk.draft.calculation_rows = calculations.len();
        walk.draft.calculation_findings = findings;
        walk.calculations = calculations;
    }
    walk.open_with_top();
    for (index, row) in sheet.rows().skip_while(|(index, _)| *index < header) {
        if walk.header(index, row).is_err() {
            // A block in unknown columns: whatever follows would be read wrong.
            return Err(walk.draft.findings);
        }
    }
    walk.attach_by_name();
    walk.say_what_is_empty();
    Ok(walk.draft)
}

/// The scheme's sheet, its first header row, and a warning where others look like one too. The
/// first one named like CIS is taken, else like a marking scheme, else the first.
fn choose(sheets: &[Sheet]) -> Result<(&Sheet, u32, Option<CisFinding>), CisFinding> {
    let header_of =
        |sheet: &Sheet| sheet.rows().find(|(_, row)| layout::header(row).is_some()).map(|at| at.0);
    let mut candidates: Vec<(&Sheet, u32)> =
        sheets.iter().filter_map(|sheet| Some((sheet, header_of(sheet)?))).collect();
    candidates.sort_by_key(|(sheet, _)| {
        let name = cells::fold(&sheet.name);
        if name.contains("cis") {
            0
        } else if name.contains("markingscheme") {
            1
        } else {
            2
        }
    });
    let quoted = |names: &mut dyn Iterator<Item = &str>| {
        names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    };
    let Some((sheet, header)) = candidates.first().copied() else {
        let sheets = quoted(&mut sheets.iter().map(|sheet| sheet.name.as_str()));
        return Err(CisFinding::HeaderNotFound { sheets });
    };
    let others = quoted(&mut candidates.iter().skip(1).map(|(sheet, _)| sheet.name.as_str()));
    let warning = CisFinding::SeveralSchemes { chosen: sheet.name.clone(), others };
    Ok((sheet, header, (candidates.len() > 1).then_some(warning)))
}
