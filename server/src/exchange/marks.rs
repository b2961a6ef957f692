//! Marks of one aspect as somebody wrote them in a list outside of Leitai, such as those of a written paper: each
//! with a competitor's number or name, checked against who competes and what stands there already.
//!
//! Nothing is written anywhere, and no number is ever a float: a cell is read as the decimal that it shows.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use domain::finding::{Finding, Language, Spoken};
use domain::findings;
use domain::number::{Decimal, Mark};

use super::list::{
    self, Checked, Column as _, Filling, LONG_TEXT_MAX, Row, Rows, SHORT_TEXT_MAX, Template, fold,
};
use super::sheet::Sheet;
use super::table::number_finding;

/// What is needed of a list of marks.
pub const NEEDED: &[Column] = &[Column::Mark];

/// How many decimals a mark has.
const DECIMALS_MAX: u32 = 2;
/// What people write of one who was not there, folded.
const ABSENT: [&str; 8] = ["缺考", "缺席", "未考", "未参加", "弃考", "absent", "abs", "dns"];

findings! {
    /// What can be wrong with a list of marks.
    pub enum MarksFinding {
        NobodyNamed = Error "marks_nobody_named",
            "没有写是谁；请填编号或姓名。",
            "It does not say whose mark this is; give a number or a name.";
        Unknown { text: String } = Error "marks_competitor_unknown",
            "这个赛项没有编号或姓名是“{text}”的选手；请核对，或删去这一行。",
            "Nobody in this skill has the number or name \"{text}\"; check it, or delete the row.";
        Several { text: String } = Error "marks_competitor_ambiguous",
            "“{text}”对应不止一名选手；请填编号，或把单位写全。",
            "More than one competitor may be meant by \"{text}\"; give the number, or the organisation in full.";
        Sealed = Error "marks_sealed",
            "这个赛项的编码是密封的，现在不能按姓名认人；请填评分用的编号。",
            "The codes of this skill are sealed, so that nobody is known by name; give the code that is marked.";
        OtherName { code: String, name: String } = Error "marks_other_name",
            "编号 {code} 不是“{name}”；请核对编号和姓名。",
            "Number {code} is not \"{name}\"; check number and name.";
        Twice { first: u64 } = Error "marks_twice",
            "第 {first} 行是同一名选手；请核对后只留一行。",
            "Row {first} is of the same competitor; check both and keep one.";
        Differs { other: u64 } = Error "marks_differ",
            "第 {other} 行是同一名选手或同一个队，分却不同；一个编号只有一个分，这几行都不录入。请核对后只留一行。",
            "Row {other} is of the same competitor or team with another mark; there is one mark for a number, so that none of these rows is entered. Check them and keep one.";
        SealedName = Error "marks_sealed_name",
            "这个赛项的编码是密封的，没有人知道谁是几号，表里却有姓名：这里的号码多半是准考证号，会录到别人头上。请填评分用的编号；确是编号，就把姓名列设为不导入。",
            "The codes of this skill are sealed, so that nobody knows who has which, yet there is a name: the number is likely one of another kind and would enter the mark for somebody else. Give the code that is marked; if it is that, leave the column of names out.";
        Refused { problem: Spoken } = Error "marks_refused", "{problem:#}。", "{problem}.";
        Missing = Warning "marks_missing",
            "没有成绩，已略过，这一格仍是空的；缺考按 0 分计的，请写 0。",
            "There is no mark, so that the row is left out and the cell stays empty; where somebody absent gets none, write 0.";
        There = Warning "marks_there",
            "已经是这个分，不用再录入。",
            "This mark is there already; nothing is entered.";
        Corrects { before: String } = Warning "marks_corrects",
            "现在是 {before}，将更正为这一行的分，原来的仍留在账本里；请核对。",
            "{before} stands there now and is corrected to this one, and stays in the ledger; check it.";
    }
}

/// What a column of a list of marks may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The competitor's number on the roster, or the code that is marked.
    Code,
    /// The competitor's name.
    Name,
    /// Their school or enterprise, which tells two of one name apart.
    Organisation,
    /// The mark.
    Mark,
}

impl list::Column for Column {
    const ALL: &'static [Self] = &[Self::Code, Self::Name, Self::Organisation, Self::Mark];
    const MAIN: Self = Self::Mark;
    const EXAMPLE: Self = Self::Name;

    fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Name => "name",
            Self::Organisation => "organisation",
            Self::Mark => "mark",
        }
    }

    fn title(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Code => ("编号", "Number"),
            Self::Name => ("姓名", "Name"),
            Self::Organisation => ("工作单位", "Organisation"),
            Self::Mark => ("成绩", "Mark"),
        };
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    fn known_titles(self) -> &'static [&'static str] {
        use super::roster::Column as OfRoster;
        match self {
            Self::Code => &[
                "编号",
                "选手编号",
                "参赛编号",
                "参赛号",
                "参赛证号",
                "准考证号",
                "考号",
                "考生号",
                "密码号",
                "号码",
                "number",
                "code",
                "competitornumber",
                "competitorcode",
                "candidatenumber",
            ],
            Self::Name => OfRoster::Name.known_titles(),
            Self::Organisation => OfRoster::Organisation.known_titles(),
            Self::Mark => &[
                "成绩",
                "分数",
                "得分",
                "理论成绩",
                "理论得分",
                "理论分数",
                "理论",
                "笔试成绩",
                "卷面成绩",
                "卷面分",
                "考试成绩",
                "mark",
                "marks",
                "score",
                "points",
                "result",
                "theory",
                "theorymark",
            ],
        }
    }
}

/// Who is marked in the skill, as lists may name them.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The units in the ledger's order.
    pub units: Vec<Unit>,
    /// Whether codes are sealed, so that nobody is known by name.
    pub is_sealed: bool,
}

/// One of them: a competitor, or a team.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// The code that is marked.
    pub code: String,
    /// Its numbers on the roster, where it may be known who it is.
    pub numbers: Vec<String>,
    /// Its people, name and organisation, likewise.
    pub people: Vec<(String, String)>,
    /// What stands there now.
    pub there: Option<Decimal>,
}

/// A mark that can be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The row, as the spreadsheet shows it.
    pub row: u64,
    /// The place of the unit in [`Known::units`].
    pub unit: usize,
    /// The mark.
    pub mark: Mark,
    /// Whether it takes the place of another.
    pub is_correction: bool,
}

/// A row on its way to become an entry.
struct Draft {
    row: u64,
    unit: Option<usize>,
    /// None where the row gives none.
    mark: Option<Mark>,
    findings: Vec<Finding>,
}

/// Checks every row below the header. `refuses` says why a mark of a unit would not be accepted.
#[must_use]
pub fn check(
    sheet: &Sheet,
    file_name: &str,
    header: usize,
    columns: &[Option<Column>],
    known: &Known,
    refuses: &dyn Fn(usize, Mark) -> Option<Spoken>,
) -> Checked<Entry> {
    let rows = Rows::new(sheet, file_name, header, columns);
    let called = Called::new(known);
    let mut checked = Checked::default();
    let drafts = rows.read(NEEDED, &mut checked, |row| read(row, &called));
    let mut rows_of: HashMap<usize, Vec<(u64, Option<Mark>)>> = HashMap::new();
    for draft in &drafts {
        if let Some(unit) = draft.unit {
            rows_of.entry(unit).or_default().push((draft.row, draft.mark));
        }
    }
    for Draft { row, unit, mark, mut findings } in drafts {
        let found = |column, finding: MarksFinding| finding.at(rows.place(row, column));
        let same = unit.and_then(|unit| rows_of.get(&unit)).map(Vec::as_slice).unwrap_or_default();
        let other = same.iter().find(|(other, _)| *other != row);
        let differing = same.iter().find(|(other, of)| *other != row && *of != mark);
        match (same.first(), other, differing) {
            (_, _, Some((other, _))) => {
                findings.push(found(Column::Code, MarksFinding::Differs { other: *other }))
            }
            (Some((first, _)), Some(_), None) if *first != row => {
                findings.push(found(Column::Code, MarksFinding::Twice { first: *first }));
            }
            _ => {}
        }
        let is_good = !findings.iter().any(Finding::is_error);
        let mut entry = None;
        if let (Some(place), Some(mark), true) = (unit, mark, is_good) {
            let there = known.units.get(place).and_then(|unit| unit.there);
            if there == Some(mark.into()) {
                findings.push(found(Column::Mark, MarksFinding::There));
            } else if let Some(problem) = refuses(place, mark) {
                findings.push(found(Column::Mark, MarksFinding::Refused { problem }));
            } else {
                let corrects = there.map(|before| MarksFinding::Corrects { before: before.to_string() });
                findings.extend(corrects.map(|finding| found(Column::Mark, finding)));
                entry = Some(Entry { row, unit: place, mark, is_correction: there.is_some() });
            }
        } else if is_good {
            findings.push(found(Column::Mark, MarksFinding::Missing));
        }
        checked.bad_rows += usize::from(findings.iter().any(Finding::is_error));
        checked.findings.extend(findings);
        checked.entries.extend(entry);
    }
    checked.findings.sort_by_key(|finding| finding.place.row);
    checked
}

fn read(mut row: Row<'_, Column>, called: &Called<'_>) -> Draft {
    let code = row.text(Column::Code, SHORT_TEXT_MAX);
    let name = row.text(Column::Name, SHORT_TEXT_MAX);
    let organisation = row.text(Column::Organisation, LONG_TEXT_MAX);
    let unit = match called.find(&code, &name, &organisation) {
        Ok(unit) => Some(unit),
        Err(finding) => {
            let column = if code.is_empty() { Column::Name } else { Column::Code };
            row.found(column, |place| finding.at(place));
            None
        }
    };
    let text = row.text(Column::Mark, SHORT_TEXT_MAX);
    let mark = match Mark::parse(&text) {
        _ if text.is_empty() || ABSENT.contains(&fold(&text).as_str()) => None,
        Ok(mark) => Some(mark),
        Err(error) => {
            row.found(Column::Mark, |place| number_finding(&text, error, DECIMALS_MAX).at(place));
            None
        }
    };
    Draft { row: row.number(), unit, mark, findings: row.findings }
}

/// The units by each way to write one; none where that means several.
struct Called<'a> {
    known: &'a Known,
    codes: HashMap<String, Option<usize>>,
    /// Numbers without the zeros before them, as a spreadsheet makes 7 of 07.
    short: HashMap<String, Option<usize>>,
    names: HashMap<String, Vec<(usize, String)>>,
}

impl<'a> Called<'a> {
    fn new(known: &'a Known) -> Self {
        let (mut codes, mut short, mut names) = (HashMap::new(), HashMap::new(), HashMap::new());
        let add = |at: usize, of: &mut HashMap<String, Option<usize>>, text: String| {
            let place = of.entry(text).or_insert(Some(at));
            if *place != Some(at) {
                *place = None;
            }
        };
        for (at, unit) in known.units.iter().enumerate() {
            for code in unit.numbers.iter().chain([&unit.code]) {
                let code = fold(code);
                add(at, &mut short, code.trim_start_matches('0').to_owned());
                add(at, &mut codes, code);
            }
            for (name, organisation) in &unit.people {
                let of_name: &mut Vec<(usize, String)> = names.entry(fold(name)).or_default();
                of_name.push((at, fold(organisation)));
            }
        }
        Self { known, codes, short, names }
    }

    fn find(&self, code: &str, name: &str, organisation: &str) -> Result<usize, MarksFinding> {
        if code.is_empty() && name.is_empty() {
            return Err(MarksFinding::NobodyNamed);
        }
        if code.is_empty() {
            return self.named(name, organisation);
        }
        let folded = fold(code);
        let text = super::cis::excerpt(code);
        let found = self.codes.get(&folded).or_else(|| self.short.get(folded.trim_start_matches('0')));
        let unit = match found {
            Some(Some(unit)) => *unit,
            Some(None) => return Err(MarksFinding::Several { text }),
            None => return Err(MarksFinding::Unknown { text }),
        };
        if self.known.is_sealed && !name.is_empty() {
            return Err(MarksFinding::SealedName);
        }
        let is_other = !name.is_empty()
            && !self.names.get(&fold(name)).is_some_and(|of| of.iter().any(|(at, _)| *at == unit));
        if is_other {
            return Err(MarksFinding::OtherName { code: text, name: super::cis::excerpt(name) });
        }
        Ok(unit)
    }

    fn named(&self, name: &str, organisation: &str) -> Result<usize, MarksFinding> {
        if self.known.is_sealed {
            return Err(MarksFinding::Sealed);
        }
        let text = super::cis::excerpt(name);
        let Some(all) = self.names.get(&fold(name)) else { return Err(MarksFinding::Unknown { text }) };
        let organisation = fold(organisation);
        let mut of = all.iter().filter(|(_, known)| organisation.is_empty() || *known == organisation);
        match (of.next(), of.next(), all.as_slice()) {
            (Some((unit, _)), None, _) => Ok(*unit),
            (None, _, [(unit, known)]) if known.is_empty() => Ok(*unit),
            (None, _, [_]) => Err(MarksFinding::OtherName { code: text, name: organisation }),
            _ => Err(MarksFinding::Several { text }),
        }
    }
}

/// The template: a sheet to fill in with an example, and an explanation.
///
/// # Errors
/// What the writer says.
pub fn template(language: Language) -> Result<Vec<u8>, String> {
    let (sheets, help): (_, [&str; 6]) = match language {
        Language::Chinese => (
            ["成绩", "字典", "说明"],
            [
                "填写说明",
                "1. 在“成绩”工作表中每名选手填一行；不要改动第一行的列标题，不要合并单元格。",
                "2. 示例行可以保留（导入时略过），也可以删去。",
                "3. 编号（参赛证上的编号，或评分用的编号）和姓名至少填一项；同名的请填编号或单位。",
                "4. 成绩填 0 到满分，最多两位小数，例如 86.5。",
                "5. 缺考的写“缺考”或留空：不录入分数；按 0 分计的写 0。",
            ],
        ),
        Language::English => (
            ["Marks", "Lists", "Help"],
            [
                "How to fill this in",
                "1. One row per competitor in the sheet \"Marks\"; leave the titles in the first row as they are, and merge no cells.",
                "2. The example may stay (it is left out on import) or be deleted.",
                "3. Give the number (of the entry card, or the code that is marked) or the name; where two have one name, the number or the organisation.",
                "4. A mark is from 0 to what the aspect is worth, with two decimals at the most, such as 86.5.",
                "5. Write \"absent\" or nothing for whoever was not there: no mark is entered; write 0 where they get none.",
            ],
        ),
    };
    let is_chinese = language == Language::Chinese;
    let columns = Column::ALL.iter().map(|column| Filling {
        title: column.title(language),
        example: match (column, is_chinese) {
            (Column::Code, _) => "0001",
            (Column::Name, true) => "示例：张三",
            (Column::Name, false) => "Example: San Zhang",
            (Column::Organisation, true) => "某某职业技术学院",
            (Column::Organisation, false) => "Some Vocational College",
            (Column::Mark, _) => "86.5",
        },
        choice: None,
    });
    let help = help.into_iter().map(str::to_owned).collect();
    list::template(&Template { sheets, columns: columns.collect(), help })
}
