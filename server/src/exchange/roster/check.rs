//! Each row by itself; what rows say about each other is left to [`super::together`].

use std::collections::HashMap;
use std::num::NonZero;
use std::thread;

use domain::finding::{Finding, Language, Place, Spoken};

use super::fold::{self, fold, fold_title, half_width};
use super::propose::titles;
use super::{
    Checked, Column, Entry, IdNumber, IdNumberError, Known, KnownSkill, LONG_TEXT_MAX, RosterFinding,
    SHORT_TEXT_MAX, together,
};
use crate::exchange::cis::excerpt;
use crate::exchange::sheet::{Cell, Sheet, SheetRow, is_hidden};

/// How many names of skills a message proposes.
const NEAR_MAX: usize = 3;
/// How the name of an example begins, in lower case.
const EXAMPLES: [&str; 2] = ["示例", "example"];
/// So many rows are worth a thread of their own.
const ROWS_OF_THREAD: usize = 2_000;
/// Others wait for the processors, too.
const THREADS_MAX: usize = 4;

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
    let reader = Reader::new(sheet, file_name, header, columns, known);
    let mut checked = Checked::default();
    let mut needed = vec![Column::Name];
    if known.only_skill.is_none() {
        needed.push(Column::Skill);
    }
    for column in needed.into_iter().filter(|column| reader.at(*column).is_none()) {
        let row = sheet.rows.get(header).map(|row| row.number);
        let finding = RosterFinding::ColumnMissing { column: column.spoken() };
        checked.findings.push(finding.at(Place { row, ..Place::file(file_name) }));
    }
    let is_readable = checked.findings.is_empty();
    let mut drafts = Vec::new();
    for read in each(sheet.rows.get(header + 1..).unwrap_or_default(), &|row| reader.look(row, is_readable)) {
        match read {
            Look::Person(draft) => drafts.push(draft),
            Look::LeftOut(finding) => checked.findings.push(finding),
            Look::Unreadable => {
                checked.rows += 1;
                checked.bad_rows += 1;
            }
        }
    }
    together::check(&mut drafts, known, &|row, column| reader.place(row, column));
    let mut per_skill = vec![0_usize; known.skills.len()];
    for draft in drafts {
        checked.rows += 1;
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

/// What a row is.
enum Look {
    Person(Box<Draft>),
    LeftOut(Finding),
    /// It cannot be told without the columns that are missing.
    Unreadable,
}

/// Looks at each row by itself, long lists on several threads; the order stays.
fn each(rows: &[SheetRow], look: &(dyn Fn(&SheetRow) -> Option<Look> + Sync)) -> Vec<Look> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
    let threads = (rows.len() / ROWS_OF_THREAD).clamp(1, processors);
    let read = |rows: &[SheetRow]| -> Vec<Look> { rows.iter().filter_map(look).collect() };
    if threads == 1 {
        return read(rows);
    }
    thread::scope(|scope| {
        let parts = rows.chunks(rows.len().div_ceil(threads));
        let parts: Vec<_> = parts.map(|rows| scope.spawn(move || read(rows))).collect();
        let parts = parts.into_iter().map(thread::ScopedJoinHandle::join);
        parts.flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// What is needed to read a row.
struct Reader<'a> {
    file_name: &'a str,
    titles: Vec<String>,
    /// The title of the name, as it is compared.
    name_title: String,
    /// Whether anybody with a number is there already.
    has_numbers: bool,
    /// Where each column stands.
    places: HashMap<Column, usize>,
    known: &'a Known<'a>,
    /// The skill by each way to write it; none where that means several.
    skills: HashMap<String, Option<usize>>,
    /// Each name of a skill by its characters, as they are compared.
    names: Vec<(usize, Vec<char>)>,
}

impl<'a> Reader<'a> {
    fn new(
        sheet: &Sheet,
        file_name: &'a str,
        header: usize,
        columns: &[Option<Column>],
        known: &'a Known<'a>,
    ) -> Self {
        let mut places = HashMap::new();
        for (at, column) in columns.iter().enumerate() {
            if let Some(column) = column {
                places.entry(*column).or_insert(at);
            }
        }
        let (mut skills, mut names) = (HashMap::new(), Vec::new());
        for (at, skill) in known.skills.iter().enumerate() {
            let (number, zh, en) = (fold(skill.number), fold(skill.zh), fold(skill.en));
            // A spreadsheet makes 7 of 07.
            let short = number.trim_start_matches('0').to_owned();
            let both = [&zh, &en].map(|name| format!("{number}{name}"));
            for spelling in [number, short, zh, en].into_iter().chain(both).filter(|text| !text.is_empty()) {
                let place = skills.entry(spelling).or_insert(Some(at));
                if *place != Some(at) {
                    *place = None;
                }
            }
            let shown = [skill.zh, skill.en].into_iter().filter(|name| !name.trim().is_empty());
            names.extend(shown.map(|name| (at, fold::sorted(name))));
        }
        let titles = titles(sheet, header);
        let name_title = places.get(&Column::Name).and_then(|at| titles.get(*at));
        let name_title = name_title.map(|title| fold_title(title)).unwrap_or_default();
        let has_numbers = known.skills.iter().any(|skill| !skill.id_numbers.is_empty());
        Self { file_name, titles, name_title, has_numbers, places, known, skills, names }
    }

    fn at(&self, column: Column) -> Option<usize> {
        self.places.get(&column).copied()
    }

    fn cell<'r>(&self, row: &'r SheetRow, column: Column) -> Option<&'r Cell> {
        self.at(column).and_then(|at| row.cells.get(at)).filter(|cell| !cell.text.is_empty())
    }

    fn place(&self, row: u64, column: Column) -> Place {
        let place = Place::row(self.file_name, row);
        match self.at(column).and_then(|at| self.titles.get(at)) {
            Some(title) => place.column(title.as_str()),
            None => place,
        }
    }

    /// Whether the row says anything about a person.
    fn has_anything(&self, row: &SheetRow) -> bool {
        Column::ALL.into_iter().any(|column| self.cell(row, column).is_some())
    }

    /// Why a row is none of a person's.
    fn left_out(&self, row: &SheetRow) -> Option<RosterFinding> {
        let name = &self.cell(row, Column::Name)?.text;
        let begins = |example: &str| {
            let start = name.chars().take(example.chars().count());
            start.flat_map(char::to_lowercase).eq(example.chars())
        };
        if EXAMPLES.into_iter().any(begins) {
            return Some(RosterFinding::ExampleLeftOut);
        }
        let is_again = !self.name_title.is_empty() && fold_title(name) == self.name_title;
        is_again.then_some(RosterFinding::HeaderAgain)
    }

    /// None where the row says nothing.
    fn look(&self, row: &SheetRow, is_readable: bool) -> Option<Look> {
        if !self.has_anything(row) {
            return None;
        }
        Some(match self.left_out(row) {
            Some(reason) => Look::LeftOut(reason.at(self.place(row.number, Column::Name))),
            None if is_readable => Look::Person(Box::new(self.read(row))),
            None => Look::Unreadable,
        })
    }

    fn read(&self, row: &SheetRow) -> Draft {
        let mut findings = Vec::new();
        let mut found = |column: Column, finding: RosterFinding| {
            findings.push(finding.at(self.place(row.number, column)));
        };
        let mut text = |column: Column, most: usize| {
            let text = self.cell(row, column).map_or("", |cell| &cell.text);
            if text.chars().any(is_control) {
                found(column, RosterFinding::ControlCharacter);
            }
            if text.chars().count() > most {
                found(column, RosterFinding::TooLong { most });
            }
            text.to_owned()
        };
        let name = fold::name(&text(Column::Name, SHORT_TEXT_MAX));
        let organisation = text(Column::Organisation, LONG_TEXT_MAX);
        let rest = [
            text(Column::Delegation, LONG_TEXT_MAX),
            text(Column::Team, LONG_TEXT_MAX),
            text(Column::Group, SHORT_TEXT_MAX),
            text(Column::Employment, SHORT_TEXT_MAX),
            text(Column::Level, SHORT_TEXT_MAX),
            text(Column::Member, SHORT_TEXT_MAX),
        ];
        if name.is_empty() {
            found(Column::Name, RosterFinding::NameMissing);
        } else if name.chars().any(|c| half_width(c).is_ascii_digit()) {
            found(Column::Name, RosterFinding::NameHasDigits);
        }
        let id_number = match self.cell(row, Column::IdNumber).map(id_number) {
            Some(Ok(number)) => Some(number),
            Some(Err(finding)) => {
                found(Column::IdNumber, finding);
                None
            }
            None => None,
        };
        let skill = match self.skill(row) {
            Ok(skill) => Some(skill),
            Err(finding) => {
                found(Column::Skill, finding);
                None
            }
        };
        let key = id_number.as_ref().filter(|_| self.has_numbers).map(|number| (self.known.key)(number));
        let folded = format!("{}\n{}", fold(&name), fold(&organisation));
        Draft { row: row.number, skill, name, id_number, key, organisation, folded, findings, rest }
    }

    fn skill(&self, row: &SheetRow) -> Result<usize, RosterFinding> {
        let only = self.known.only_skill.filter(|only| *only < self.known.skills.len());
        let Some(cell) = self.cell(row, Column::Skill) else {
            return only.ok_or(RosterFinding::SkillMissing);
        };
        let text = excerpt(&cell.text);
        let named = match self.skills.get(&fold(&cell.text)) {
            Some(Some(skill)) => *skill,
            Some(None) => return Err(RosterFinding::SkillAmbiguous { text }),
            None => return Err(RosterFinding::SkillUnknown { near: self.near(&cell.text), text }),
        };
        match only.filter(|only| *only != named).and_then(|only| self.known.skills.get(only)) {
            Some(only) => Err(RosterFinding::SkillOther { text, expected: only.shown() }),
            None => Ok(named),
        }
    }

    /// The skills whose names are most like a text; the first ones where none is.
    fn near(&self, text: &str) -> Spoken {
        let text = fold::sorted(text);
        let mut near: Vec<(usize, usize)> = self
            .names
            .iter()
            .filter_map(|(skill, characters)| Some((fold::likeness(&text, characters)?, *skill)))
            .collect();
        near.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
        let mut skills: Vec<usize> = Vec::new();
        let all = self.names.iter().map(|(skill, _)| *skill).filter(|_| near.is_empty());
        for skill in near.iter().map(|(_, skill)| *skill).chain(all) {
            if skills.len() < NEAR_MAX && !skills.contains(&skill) {
                skills.push(skill);
            }
        }
        let shown: Vec<Spoken> =
            skills.iter().filter_map(|skill| self.known.skills.get(*skill)).map(KnownSkill::shown).collect();
        let joined = |language, comma: &str| {
            shown.iter().map(|name| name.say(language)).collect::<Vec<_>>().join(comma)
        };
        Spoken::new(joined(Language::Chinese, "、"), joined(Language::English, ", "))
    }
}

fn is_control(c: char) -> bool {
    c.is_control() || is_hidden(c)
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
