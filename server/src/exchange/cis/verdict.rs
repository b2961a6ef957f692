//! What is made of a workbook once it is read: the totals, the summary cells that contradict them
//! and everything that holds for any scheme.

use std::collections::HashSet;

use domain::finding::{Finding, Place};
use domain::id::{AspectId, CriterionId, SectionId};
use domain::number::Mark;
use domain::scheme::{self, Method, Scheme, SchemeFinding};

use super::cells::{Cell, letter, row_number};
use super::read::Draft;
use super::{CisFinding, CriterionTotal, Reading, SectionTotal, worldskills_rules};

/// A summary cell: what it sums, where it stands and what it says.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    what: What,
    row: u32,
    column: u32,
    cell: Cell,
}

#[derive(Clone, Debug)]
enum What {
    Criterion(CriterionId),
    SubCriterion(String),
    Section(SectionId),
    Total,
}

impl Stated {
    pub(super) fn criterion(id: CriterionId, row: u32, column: u32, cell: Cell) -> Self {
        Self { what: What::Criterion(id), row, column, cell }
    }

    pub(super) fn sub_criterion(id: String, row: u32, column: u32, cell: Cell) -> Self {
        Self { what: What::SubCriterion(id), row, column, cell }
    }

    pub(super) fn section(id: SectionId, row: u32, column: u32, cell: Cell) -> Self {
        Self { what: What::Section(id), row, column, cell }
    }

    pub(super) fn total(row: u32, column: u32, cell: Cell) -> Self {
        Self { what: What::Total, row, column, cell }
    }

    /// In the workbook's own words, which both languages leave as they are.
    fn name(&self) -> String {
        match &self.what {
            What::Criterion(id) => format!("Criterion {id}"),
            What::SubCriterion(id) => format!("Sub Criterion {id}"),
            What::Section(id) => format!("WSOS Section {id}"),
            What::Total => "Competition Total Mark".into(),
        }
    }

    fn computed(&self, scheme: &Scheme) -> Mark {
        match &self.what {
            What::Criterion(id) => {
                let criteria = scheme.criteria.iter().filter(|criterion| criterion.id == *id);
                Mark(criteria.map(|criterion| criterion.total().0).sum())
            }
            What::SubCriterion(id) => {
                let subs = scheme.sub_criteria().filter(|(_, sub)| sub.id.as_str() == id);
                Mark(subs.flat_map(|(_, sub)| &sub.aspects).map(|aspect| aspect.max.0).sum())
            }
            What::Section(id) => scheme.section_total(id),
            What::Total => scheme.total(),
        }
    }

    /// Whether it says `computed`. A cached float sum is compared as it is shown, with two decimals.
    fn agrees(&self, computed: Mark) -> bool {
        match &self.cell {
            Cell::Number(number) => format!("{number:.2}") == computed.to_string(),
            cell => cell.mark() == Ok(computed),
        }
    }
}

/// The reading of a draft; with any error there is no scheme.
pub(super) fn judge(mut draft: Draft, file: &str) -> Reading {
    let mut findings = std::mem::take(&mut draft.findings);
    findings.extend(summaries(&draft, file));
    findings.extend(repeated(&draft, file));
    findings.extend(sections(&draft, file));
    findings.extend(general(&draft, file));
    findings.extend(total(&draft, file));
    findings.sort_by_key(|finding| finding.place.row);
    findings.append(&mut draft.calculation_findings);
    let scheme = draft.scheme;
    let counted = |name| scheme.aspects().filter(|aspect| aspect.method.name() == name).count();
    let (measurement, judgement) = (counted("measurement"), counted("judgement"));
    debug_assert!(!scheme.aspects().any(|aspect| matches!(aspect.method, Method::Panel(_))));
    let criterion_total =
        |criterion: &scheme::Criterion| CriterionTotal { id: criterion.id.clone(), total: criterion.total() };
    let section_total = |section: &scheme::Section| SectionTotal {
        id: section.id.clone(),
        target: section.target,
        total: scheme.section_total(&section.id),
    };
    Reading {
        skill: draft.top.skill,
        measurement,
        judgement,
        panel: 0,
        total: scheme.total(),
        criteria: scheme.criteria.iter().map(criterion_total).collect(),
        sections: scheme.sections.iter().map(section_total).collect(),
        calculation_rows: draft.calculation_rows,
        scheme: (!findings.iter().any(Finding::is_error)).then_some(scheme),
        findings,
    }
}

fn at(file: &str, row: u32, column: u32) -> Place {
    Place::row(file, row_number(row)).column(letter(column))
}

fn summaries(draft: &Draft, file: &str) -> Vec<Finding> {
    let disagreement = |stated: &Stated| {
        let computed = stated.computed(&draft.scheme);
        let finding =
            CisFinding::SummaryDisagrees { what: stated.name(), stated: stated.cell.excerpt(), computed };
        (!stated.agrees(computed)).then(|| finding.at(at(file, stated.row, stated.column)))
    };
    draft.stated.iter().filter_map(disagreement).collect()
}

/// Ids that stand twice, each at its second place.
fn repeated(draft: &Draft, file: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for row in draft.top.criteria.iter().filter(|row| !seen.insert(row.id.as_str())) {
        let finding = SchemeFinding::RepeatedCriterion { id: row.id.to_string() };
        found.push(finding.at(at(file, row.row, row.id_column)));
    }
    let mut seen = HashSet::new();
    for row in draft.top.sections.iter().filter(|row| !seen.insert(row.section.id.as_str())) {
        let finding = SchemeFinding::RepeatedSection { section: row.section.id.to_string() };
        found.push(finding.at(at(file, row.row, row.id_column)));
    }
    found
}

/// Sections that are too far from their targets, at their row of the standards table.
fn sections(draft: &Draft, file: &str) -> Vec<Finding> {
    let Some(most) = worldskills_rules().section_variation_max else { return Vec::new() };
    let too_far = |row: &super::layout::SectionRow| {
        let (sum, target) = (draft.scheme.section_total(&row.section.id), row.section.target);
        let section = row.section.id.to_string();
        let finding = SchemeFinding::SectionVariation { section, sum, target, most };
        ((sum.0 - target.0).abs() > most.0).then(|| finding.at(at(file, row.row, row.target_column)))
    };
    draft.top.sections.iter().filter_map(too_far).collect()
}

/// What holds for any scheme, with places as the sheet counts them. What is said above with a
/// better place is not said again.
fn general(draft: &Draft, file: &str) -> Vec<Finding> {
    const SAID_ELSEWHERE: [&str; 3] = ["repeated_criterion", "repeated_sub_criterion", "repeated_section"];
    let rules = domain::rules::SchemeRules { section_variation_max: None, ..worldskills_rules() };
    let place = |id: &AspectId| match draft.spots.get(id) {
        Some(spot) => Place::row(file, row_number(spot.row)),
        None => Place::file(file),
    };
    let without_max: HashSet<u64> = draft
        .without_max
        .iter()
        .filter_map(|id| draft.spots.get(id))
        .map(|spot| row_number(spot.row))
        .collect();
    let mut found = scheme::check(&draft.scheme, &rules, &place);
    found.retain(|finding| {
        let is_said = finding.code == "max_not_positive"
            && finding.place.row.is_some_and(|row| without_max.contains(&row));
        !is_said && !SAID_ELSEWHERE.contains(&finding.code)
    });
    for finding in &mut found {
        finding.place.file = Some(file.to_owned());
        finding.place.column = column_of(draft, finding);
    }
    found
}

/// The letter of the column that a general finding is about.
fn column_of(draft: &Draft, finding: &Finding) -> Option<String> {
    let row = finding.place.row?;
    let columns = &draft.spots.values().find(|spot| row_number(spot.row) == row)?.columns;
    let column = match (finding.code, finding.place.column.as_deref()) {
        (_, Some("section")) => columns.section?,
        (_, Some("id")) => columns.aspect_id.unwrap_or(columns.sub_criterion),
        ("max_not_positive" | "max_too_large" | "aspect_above_rule", _) => columns.max,
        ("description_missing", _) => columns.description,
        ("rung_missing", _) => columns.score.unwrap_or(columns.kind),
        _ => columns.calculation.unwrap_or(columns.kind),
    };
    Some(letter(column))
}

/// The total that WorldSkills asks for, where the sheet states its own.
fn total(draft: &Draft, file: &str) -> Option<Finding> {
    let total = draft.scheme.total();
    let stated = draft.stated.iter().find(|stated| matches!(stated.what, What::Total));
    let place = stated.map_or_else(|| Place::file(file), |stated| at(file, stated.row, stated.column));
    let is_other = total != Mark(10_000) && draft.scheme.aspects().next().is_some();
    is_other.then(|| SchemeFinding::TotalNotHundred { total }.at(place))
}
