//! Where things stand on a scheme sheet, found by the text of headings and never by position
//! the title, the standards sections, the list of criteria, and the header row that is
//! repeated for each criterion.

use domain::id::{CriterionId, SectionId};
use domain::scheme::Section;

use super::cells::{Cell, Row, Sheet, fold};
use super::{CisFinding, Skill};

/// The columns of one header row, counted from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) sub_criterion: u32,
    pub(super) name: Option<u32>,
    pub(super) day: Option<u32>,
    pub(super) kind: u32,
    pub(super) description: u32,
    pub(super) score: Option<u32>,
    pub(super) extra: Option<u32>,
    pub(super) requirement: Option<u32>,
    pub(super) section: Option<u32>,
    pub(super) calculation: Option<u32>,
    pub(super) max: u32,
    /// Our own column, written only where ids are not numbered the way CIS numbers them.
    pub(super) aspect_id: Option<u32>,
    /// Our own column, written only where an aspect says what it is measured in.
    pub(super) measured_in: Option<u32>,
    /// `A` of "Criterion A", where the header names its criterion.
    pub(super) block: Option<CriterionId>,
    /// Where the criterion's total stands in the header row itself.
    pub(super) total: Option<u32>,
}

/// What is wrong with a header row, and in which column.
#[derive(Debug)]
pub(super) struct Misfit {
    pub(super) finding: CisFinding,
    pub(super) column: Option<u32>,
}

/// What stands above the first header row.
#[derive(Debug, Default)]
pub(super) struct Top {
    pub(super) skill: Option<Skill>,
    pub(super) sections: Vec<SectionRow>,
    pub(super) criteria: Vec<CriterionRow>,
}

/// A row of the standards table; `target` is still as written.
#[derive(Debug)]
pub(super) struct SectionRow {
    pub(super) row: u32,
    pub(super) section: Section,
    pub(super) id_column: u32,
    pub(super) target: Option<Cell>,
    pub(super) target_column: u32,
    /// The sum that the sheet states, with its column.
    pub(super) stated: Option<(u32, Cell)>,
}

/// A row of the list of criteria.
#[derive(Debug)]
pub(super) struct CriterionRow {
    pub(super) row: u32,
    pub(super) id_column: u32,
    pub(super) id: CriterionId,
    pub(super) name: String,
    /// The mark that the sheet states, with its column.
    pub(super) stated: Option<(u32, Cell)>,
}

/// The headings of a header row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Heading {
    SubCriterion,
    Name,
    Day,
    Kind,
    Description,
    Score,
    Extra,
    Requirement,
    Section,
    Calculation,
    Max,
    AspectId,
    MeasuredIn,
}

impl Heading {
    /// What a folded heading means, in CIS workbooks of all ages.
    fn of(folded: &str) -> Option<Self> {
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| folded.starts_with(prefix));
        let heading = match folded {
            _ if starts(&["subcriterionname", "subcriterianame", "subcriteriondescription"]) => Self::Name,
            _ if starts(&["subcriterion", "subcriteria"]) => Self::SubCriterion,
            "day" => Self::Day,
            _ if starts(&["dayofmarking", "markingday"]) => Self::Day,
            "aspectid" => Self::AspectId,
            "measuredin" => Self::MeasuredIn,
            _ if starts(&["aspecttype"]) => Self::Kind,
            _ if starts(&["aspectdescription"]) => Self::Description,
            _ if starts(&["judgscore", "judgescore", "judgementscore", "judgmentscore"]) => Self::Score,
            _ if starts(&["extraaspectdescription"]) => Self::Extra,
            _ if starts(&["requirement"]) => Self::Requirement,
            _ if starts(&["wsossection", "wssssection"]) => Self::Section,
            _ if starts(&["calculationrow"]) => Self::Calculation,
            _ if starts(&["maxmark", "maximummark"]) => Self::Max,
            _ => return None,
        };
        Some(heading)
    }

    fn spelling(self) -> &'static str {
        match self {
            Self::SubCriterion => "Sub Criterion ID",
            Self::Name => "Sub Criterion Name or Description",
            Self::Day => "Day of Marking",
            Self::Kind => "Aspect Type",
            Self::Description => "Aspect - Description",
            Self::Score => "Judg Score",
            Self::Extra => "Extra Aspect Description",
            Self::Requirement => "Requirement",
            Self::Section => "WSOS Section",
            Self::Calculation => "Calculation Row",
            Self::Max => "Max Mark",
            Self::AspectId => "Aspect ID",
            Self::MeasuredIn => "Measured In",
        }
    }
}

/// The columns of a row, where it is a header row: it has three known headings or more, the type or
/// the maximum among them. Nothing where it is another row.
///
/// # Errors
/// A [`Misfit`] where a heading that cannot be done without is missing or stands twice.
pub(super) fn header(row: &Row) -> Option<Result<Columns, Misfit>> {
    let found: Vec<(Heading, u32)> =
        row.cells().filter_map(|(column, cell)| Some((Heading::of(&cell.folded())?, column))).collect();
    let at = |heading| found.iter().find(|(known, _)| *known == heading).map(|(_, column)| *column);
    if found.len() < 3 || (at(Heading::Kind).is_none() && at(Heading::Max).is_none()) {
        return None;
    }
    let repeated = found
        .iter()
        .enumerate()
        .find(|(index, (heading, _))| found.iter().take(*index).any(|(earlier, _)| earlier == heading));
    if let Some((_, (heading, column))) = repeated {
        let finding = CisFinding::HeaderRepeated { column: heading.spelling().into() };
        return Some(Err(Misfit { finding, column: Some(*column) }));
    }
    let needed = |heading: Heading| {
        let finding = || CisFinding::HeaderIncomplete { column: heading.spelling().into() };
        at(heading).ok_or_else(|| Misfit { finding: finding(), column: None })
    };
    let columns = || {
        Ok(Columns {
            sub_criterion: needed(Heading::SubCriterion)?,
            name: at(Heading::Name),
            day: at(Heading::Day),
            kind: needed(Heading::Kind)?,
            description: needed(Heading::Description)?,
            score: at(Heading::Score),
            extra: at(Heading::Extra),
            requirement: at(Heading::Requirement),
            section: at(Heading::Section),
            calculation: at(Heading::Calculation),
            max: needed(Heading::Max)?,
            aspect_id: at(Heading::AspectId),
            measured_in: at(Heading::MeasuredIn),
            block: row.cells().find_map(|(_, cell)| block(&cell.text())),
            total: total(row),
        })
    };
    Some(columns())
}

/// `A` of "Criterion A".
fn block(text: &str) -> Option<CriterionId> {
    const WORD: &str = "criterion";
    let (word, id) = text.split_at_checked(WORD.len())?;
    let is_named = word.eq_ignore_ascii_case(WORD) && id.starts_with(char::is_whitespace);
    (is_named && !id.trim().is_empty()).then(|| CriterionId::from(id.trim()))
}

/// The column of the figure that follows the words "Total Mark".
pub(super) fn total(row: &Row) -> Option<u32> {
    let (label, _) = row.cells().find(|(_, cell)| cell.folded() == "totalmark")?;
    row.cells().map(|(column, _)| column).find(|column| *column > label)
}

/// Everything above the first header row, which is at `header`.
pub(super) fn top(sheet: &Sheet, header: u32) -> Top {
    let mut top = Top::default();
    let above = || sheet.rows().take_while(|(index, _)| *index < header);
    for (index, row) in above() {
        if top.skill.is_none() {
            top.skill = skill(row);
        }
        let column = |wanted: &str| row.cells().find(|(_, cell)| cell.folded() == wanted).map(|(at, _)| at);
        if let (Some(id), Some(name), true) = (column("id"), column("name"), top.criteria.is_empty()) {
            let mark = column("mark").or(column("maxmark"));
            top.criteria = criteria(sheet, index, header, (id, name, mark));
        } else if let (Some(id), true) = (column("section"), top.sections.is_empty()) {
            top.sections = sections(sheet, row, index, header, id);
        }
    }
    top
}

/// "17 Web Development", with "Skill:" before it or in the cell to its left.
fn skill(row: &Row) -> Option<Skill> {
    let mut texts = row.cells().map(|(_, cell)| cell.text()).filter(|text| !text.is_empty());
    let first = texts.next()?;
    let title = match first.split_once(':') {
        Some((label, rest)) if fold(label) == "skill" && !rest.trim().is_empty() => rest.to_owned(),
        _ if fold(&first) == "skill" => texts.next()?,
        _ => first,
    };
    let (number, name) = title.trim().split_once(char::is_whitespace)?;
    let is_number = number.len() <= 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Skill { number: number.to_owned(), name: name.trim().to_owned() })
}

/// The rows below a table's heading, down to the first without an id or to the header row.
fn below(sheet: &Sheet, heading: u32, header: u32, id: u32) -> impl Iterator<Item = (u32, &Row, &Cell)> {
    (heading + 1..header).map_while(move |index| {
        let row = sheet.row(index)?;
        Some((index, row, row.cell(id)?))
    })
}

fn criteria(sheet: &Sheet, heading: u32, header: u32, columns: (u32, u32, Option<u32>)) -> Vec<CriterionRow> {
    let (id_column, name, mark) = columns;
    below(sheet, heading, header, id_column)
        .map(|(row, cells, id)| CriterionRow {
            row,
            id_column,
            id: CriterionId::from(id.text()),
            name: cells.verbatim(Some(name)),
            stated: mark.and_then(|column| Some((column, cells.cell(column)?.clone()))),
        })
        .collect()
}

/// "WSOS Marks" stands over the names and over the targets: the last one is the targets'.
fn sections(sheet: &Sheet, heading_row: &Row, heading: u32, header: u32, id_column: u32) -> Vec<SectionRow> {
    let over = |words: &[&str]| -> Vec<u32> {
        let is_one = |cell: &Cell| words.contains(&cell.folded().as_str());
        heading_row.cells().filter(|(_, cell)| is_one(cell)).map(|(column, _)| column).collect()
    };
    let marks = over(&["wsosmarks", "wsssmarks"]);
    let Some(target_column) = marks.last().copied() else { return Vec::new() };
    let name = over(&["name", "description"]).first().copied().unwrap_or_else(|| match marks.first() {
        Some(first) if *first != target_column => *first,
        _ => id_column + 1,
    });
    let stated = over(&["aspectmarks"]).first().copied();
    below(sheet, heading, header, id_column)
        .map(|(row, cells, id)| SectionRow {
            row,
            id_column,
            section: Section {
                id: SectionId::from(id.text()),
                name: cells.verbatim(Some(name)),
                target: domain::number::Mark::ZERO,
            },
            target: cells.cell(target_column).cloned(),
            target_column,
            stated: stated.and_then(|column| Some((column, cells.cell(column)?.clone()))),
        })
        .collect()
}
