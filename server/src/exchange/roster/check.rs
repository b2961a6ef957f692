//! Each row by itself; what rows say about each other is left to [`super::together`].

use domain::finding::Finding;

use super::{
    Checked, Column, Entry, IdNumber, IdNumberError, Key, Known, KnownSkill, RosterFinding, needed, together,
};
use crate::exchange::list::{LONG_TEXT_MAX, Row, Rows, SHORT_TEXT_MAX, Skills, fold};
use crate::exchange::sheet::{Cell, Sheet};

/// A row on its way to become an entry.
pub(super) struct Draft {
    pub(super) row: u64,
    /// None where the row's cell names none.
    pub(super) skill: Option<usize>,
    pub(super) name: String,
    pub(super) id_number: Option<IdNumber>,
    /// By what the number is found among those that are there already, where there are any.
    pub(super) key: Option<String>,
    pub(super) organisation: String,
    /// Name and organisation as they are compared.
    pub(super) folded: String,
    pub(super) findings: Vec<Finding>,
    rest: [String; 6],
}

/// Checks every row below the header. `columns` says what each column is; where two are the same, the
/// first counts.
#[must_use]
pub fn check(
    sheet: &Sheet,
    file_name: &str,
    header: usize,
    columns: &[Option<Column>],
    known: &Known<'_>,
) -> Checked {
    let rows = Rows::new(sheet, file_name, header, columns);
    let skills = Skills::new(known.skills.iter().map(KnownSkill::called).collect(), known.only_skill);
    let mut checked = Checked::default();
    let needed = needed(known.only_skill.is_none());
    let has_numbers = known.skills.iter().any(|skill| !skill.id_numbers.is_empty());
    let key = has_numbers.then_some(known.key);
    let mut drafts = rows.read(needed, &mut checked, |row| Box::new(read(row, &skills, key)));
    together::check(&mut drafts, known, &|row, column| rows.place(row, column));
    let mut per_skill = vec![0_usize; known.skills.len()];
    for draft in drafts {
        let is_bad = draft.findings.iter().any(Finding::is_error);
        let Draft { row, skill, name, id_number, organisation, findings, rest, .. } = *draft;
        checked.findings.extend(findings);
        match skill {
            Some(skill) if !is_bad => {
                if let Some(count) = per_skill.get_mut(skill) {
                    *count += 1;
                }
                let [delegation, team, group, employment, level, member] = rest;
                checked.entries.push(Entry {
                    row,
                    skill,
                    name,
                    id_number,
                    organisation,
                    delegation,
                    team,
                    group,
                    employment,
                    level,
                    member,
                });
            }
            _ => checked.bad_rows += 1,
        }
    }
    checked.per_skill = per_skill.into_iter().enumerate().filter(|(_, count)| *count > 0).collect();
    checked.findings.sort_by_key(|finding| finding.place.row);
    checked
}

fn read(mut row: Row<'_, Column>, skills: &Skills<'_>, key: Option<Key<'_>>) -> Draft {
    let name = row.person(Column::Name);
    let organisation = row.text(Column::Organisation, LONG_TEXT_MAX);
    let rest = [
        row.text(Column::Delegation, LONG_TEXT_MAX),
        row.text(Column::Team, LONG_TEXT_MAX),
        row.text(Column::Group, SHORT_TEXT_MAX),
        row.text(Column::Employment, SHORT_TEXT_MAX),
        row.text(Column::Level, SHORT_TEXT_MAX),
        row.text(Column::Member, SHORT_TEXT_MAX),
    ];
    let id_number = match row.cell(Column::IdNumber).map(id_number) {
        Some(Ok(number)) => Some(number),
        Some(Err(finding)) => {
            row.found(Column::IdNumber, |place| finding.at(place));
            None
        }
        None => None,
    };
    let skill = match skills.find(row.cell(Column::Skill).map(|cell| cell.text.as_str())) {
        Ok(skill) => Some(skill),
        Err(finding) => {
            row.found(Column::Skill, |place| finding.at(place));
            None
        }
    };
    let key = key.zip(id_number.as_ref()).map(|(key, number)| key(number));
    let folded = format!("{}\n{}", fold(&name), fold(&organisation));
    let (row, findings) = (row.number(), row.findings);
    Draft { row, skill, name, id_number, key, organisation, folded, findings, rest }
}

/// The number in a cell, unless the spreadsheet has cut it off.
fn id_number(cell: &Cell) -> Result<IdNumber, RosterFinding> {
    let digits = cell.text.chars().filter(char::is_ascii_digit).count();
    if (cell.is_number && digits > 15) || is_scientific(&cell.text) {
        return Err(RosterFinding::IdAsNumber);
    }
    Ok(IdNumber::parse(&cell.text)?)
}

impl From<IdNumberError> for RosterFinding {
    fn from(error: IdNumberError) -> Self {
        match error {
            IdNumberError::Old => Self::IdOld,
            IdNumberError::Length(length) => Self::IdLength { length },
            IdNumberError::Character => Self::IdCharacter,
            IdNumberError::Province => Self::IdProvince,
            IdNumberError::Date => Self::IdDate,
            IdNumberError::Check => Self::IdCheck,
            IdNumberError::Form => Self::IdForm,
        }
    }
}

/// `1.10101E+17`: how a spreadsheet shows a long number, and so saves it as CSV.
fn is_scientific(text: &str) -> bool {
    let Some((digits, power)) = text.split_once(['E', 'e']) else { return false };
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    power.strip_prefix('+').is_some_and(is_number) && is_number(&digits.replacen('.', "", 1))
}
