//! The roster of a competition as organisations send it: which column is what, each person checked,
//! and everything that is wrong named by row and column, so that it can be mended and sent again.
//!
//! Nothing is written anywhere: what the competition knows is handed in, what would be added comes out.

mod check;
mod fold;
mod id_number;
mod propose;
#[cfg(test)]
mod tests;
mod together;
mod workbook;

use std::collections::HashSet;

use domain::finding::{Finding, Language, Spoken};
use domain::findings;

pub use check::check;
pub use fold::name;
pub use id_number::{IdNumber, IdNumberError};
pub use propose::{Proposal, propose};
pub use workbook::{error_workbook, template};

/// More people than any skill has.
pub const PEOPLE_MAX: usize = 5_000;
/// The longest of the short texts: a name, a group, a level.
const SHORT_TEXT_MAX: usize = 64;
/// The longest name of an organisation, a delegation or a team.
const LONG_TEXT_MAX: usize = 200;

findings! {
    /// What can be wrong with a roster.
    pub enum RosterFinding {
        HeaderMissing = Error "roster_header_missing",
            "前 10 行里没有找到表头；请加一行列标题，至少有“姓名”。",
            "No header was found in the first 10 rows; add a row of column titles with at least \"Name\".";
        ColumnMissing { column: Spoken } = Error "roster_column_missing",
            "缺少“{column:#}”列；请补上这一列，或指明哪一列是它。",
            "The column \"{column}\" is missing; add it, or say which column it is.";
        ColumnTwice { column: Spoken, title: String, first: String } = Error "roster_column_twice",
            "“{first}”和“{title}”都像是“{column:#}”列；请只保留一列，或指明用哪一列。",
            "Both \"{first}\" and \"{title}\" look like the column \"{column}\"; keep one, or say which one it is.";
        ColumnLeftOut { title: String } = Warning "roster_column_left_out",
            "“{title}”列没有用到，不会导入；如需导入，请指明它是什么。",
            "The column \"{title}\" is not used and will not be imported; if it should be, say what it is.";
        HeaderAgain = Warning "roster_header_again",
            "这一行又是表头，已略过。",
            "This row is the header again; it was left out.";
        ExampleLeftOut = Warning "roster_example_left_out",
            "这一行是示例，已略过。",
            "This row is the example; it was left out.";
        NameMissing = Error "roster_name_missing",
            "没有姓名；请填写，或删去这一行。",
            "There is no name; fill it in, or delete the row.";
        NameHasDigits = Error "roster_name_has_digits",
            "姓名里有数字；请核对是否填错了列，或删去数字。",
            "The name has digits in it; check that it stands in the right column, or remove them.";
        TooLong { most: usize } = Error "roster_text_too_long",
            "内容超过 {most} 个字；请缩短。",
            "The text has more than {most} characters; shorten it.";
        ControlCharacter = Error "roster_control_character",
            "内容里有换行或看不见的控制字符；请删去后重新填写。",
            "There is a line break or an invisible control character in the text; delete it and type the text again.";
        IdAsNumber = Error "roster_id_as_number",
            "Excel 把证件号存成了数字，后几位已丢失；请把这一列设为“文本”格式（或在号码前加 '）后重新填写。",
            "Excel kept the ID number as a number and lost its last digits; format the column as text (or type ' before the number) and fill it in again.";
        IdOld = Error "roster_id_old",
            "这是 15 位的旧身份证号；请填写现在的 18 位号码。",
            "This is an old resident number of 15 digits; give the present one of 18.";
        IdLength { length: usize } = Error "roster_id_length",
            "身份证号应为 18 位，这里有 {length} 位；请核对。",
            "A resident number has 18 digits, this one {length}; check it.";
        IdCharacter = Error "roster_id_character",
            "身份证号里有不是数字的字符（只有最后一位可以是 X）；请核对是否把 0 写成了 O、把 1 写成了 l。",
            "There is a character in the resident number that is no digit (only the last may be X); check for O in place of 0 and l in place of 1.";
        IdProvince = Error "roster_id_province",
            "身份证号的前两位不是省级代码；请核对。",
            "No province has the resident number's first two digits; check them.";
        IdDate = Error "roster_id_date",
            "身份证号第 7 到 14 位不是可能的出生日期；请核对。",
            "Digits 7 to 14 of the resident number are no possible date of birth; check them.";
        IdCheck = Error "roster_id_check",
            "身份证号的校验码不对，至少有一位写错；请逐位核对。",
            "The resident number's check character does not fit, so that a digit is wrong; compare it digit by digit.";
        IdForm = Error "roster_id_form",
            "证件号无法识别；请填 18 位身份证号，或 5 到 18 位字母和数字（至少一个字母）的护照、通行证号码。",
            "The ID number is not understood; give a resident number of 18 digits, or a passport's or permit's of 5 to 18 letters and digits with at least one letter.";
        SkillMissing = Error "roster_skill_missing",
            "没有填写赛项；请填写赛项名称或编号。",
            "There is no skill; give its name or number.";
        SkillUnknown { text: String, near: Spoken } = Error "roster_skill_unknown",
            "没有赛项“{text}”；请改为：{near:#}。",
            "There is no skill \"{text}\"; write one of: {near}.";
        SkillAmbiguous { text: String } = Error "roster_skill_ambiguous",
            "“{text}”对应不止一个赛项；请填写赛项编号。",
            "\"{text}\" names more than one skill; give the skill's number.";
        SkillOther { text: String, expected: Spoken } = Error "roster_skill_other",
            "这份名单只用于赛项“{expected:#}”，这一行写的是“{text}”；请改正，或上传到“{text}”的名单。",
            "This roster is for the skill \"{expected}\" alone and this row says \"{text}\"; mend it, or upload it there.";
        SkillOpen { skill: Spoken } = Error "roster_skill_open",
            "赛项“{skill:#}”已经开赛，人员不能再增加；请删去这一行，或联系赛务负责人。",
            "The skill \"{skill}\" is open already and takes no more people; delete the row, or ask the competition's manager.";
        SkillFull { skill: Spoken, most: usize } = Error "roster_skill_full",
            "赛项“{skill:#}”的人数超过 {most}；请核对名单。",
            "The skill \"{skill}\" would have more than {most} people; check the roster.";
        IdTwice { first: u64 } = Error "roster_id_twice",
            "同一个人已在第 {first} 行；请删去其中一行。",
            "The same person stands in row {first} already; delete one of the two rows.";
        IdTwoSkills { other: u64 } = Error "roster_id_two_skills",
            "第 {other} 行是同一个证件号，却报了另一个赛项；一个人只能参加一个赛项，请只保留一行。",
            "Row {other} has the same ID number in another skill; a person takes part in one skill, so keep one of the rows.";
        IdTwoNames { other: u64 } = Error "roster_id_two_names",
            "第 {other} 行是同一个证件号，姓名却不同；请核对两行的姓名和证件号。",
            "Row {other} has the same ID number and another name; check the names and numbers of both rows.";
        IdThere { skill: Spoken } = Error "roster_id_there",
            "这个证件号的选手已在赛项“{skill:#}”中；请删去这一行。",
            "The person with this ID number is in the skill \"{skill}\" already; delete the row.";
        PersonThere { skill: Spoken } = Error "roster_person_there",
            "赛项“{skill:#}”中已有同单位、同姓名的选手；如是同一人请删去这一行，如是另一人请填写证件号。",
            "The skill \"{skill}\" has a person of this name and organisation already; delete the row, or give the ID number if it is another person.";
        MaybeThere { skill: Spoken } = Warning "roster_maybe_there",
            "赛项“{skill:#}”中已有同单位、同姓名的选手；请核对是否为同一人。",
            "The skill \"{skill}\" has a person of this name and organisation already; check that this is another one.";
        PersonTwice { first: u64 } = Warning "roster_person_twice",
            "与第 {first} 行的姓名、单位和赛项相同；如是两个人，请填写证件号。",
            "Name, organisation and skill are those of row {first}; if these are two people, give their ID numbers.";
    }
}

/// What a column of a roster may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The person's name; the one column that every roster needs.
    Name,
    /// The number of a document.
    IdNumber,
    /// The skill, by name or number.
    Skill,
    /// The employer or school.
    Organisation,
    /// The delegation that the person competes for.
    Delegation,
    /// The team's name, where teams compete.
    Team,
    /// The group, such as students'.
    Group,
    /// Whether employed or student.
    Employment,
    /// The level of a vocational qualification.
    Level,
    /// The country or region.
    Member,
}

impl Column {
    /// All of them, in the order of the template.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::IdNumber,
        Self::Skill,
        Self::Organisation,
        Self::Delegation,
        Self::Team,
        Self::Group,
        Self::Employment,
        Self::Level,
        Self::Member,
    ];

    /// As programs write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::IdNumber => "id_number",
            Self::Skill => "skill",
            Self::Organisation => "organisation",
            Self::Delegation => "delegation",
            Self::Team => "team",
            Self::Group => "group",
            Self::Employment => "employment",
            Self::Level => "level",
            Self::Member => "member",
        }
    }

    /// What [`Self::as_str`] gave.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == text)
    }

    /// The same in both languages.
    fn spoken(self) -> Spoken {
        Spoken::new(self.title(Language::Chinese), self.title(Language::English))
    }

    /// As people read it.
    #[must_use]
    pub fn title(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Name => ("姓名", "Name"),
            Self::IdNumber => ("身份证号", "ID number"),
            Self::Skill => ("赛项", "Skill"),
            Self::Organisation => ("工作单位", "Organisation"),
            Self::Delegation => ("代表队", "Delegation"),
            Self::Team => ("队名", "Team"),
            Self::Group => ("组别", "Group"),
            Self::Employment => ("身份类别", "Employment"),
            Self::Level => ("技能等级", "Skill level"),
            Self::Member => ("国家或地区", "Country or region"),
        };
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

/// What the competition knows.
pub struct Known<'a> {
    /// Its skills.
    pub skills: Vec<KnownSkill<'a>>,
    /// Where the roster is for one skill: its place in `skills`. No skill column is needed then.
    pub only_skill: Option<usize>,
    /// Gives what [`KnownSkill::id_numbers`] holds of a number, such as a keyed hash.
    pub key: &'a (dyn Fn(&IdNumber) -> String + Sync),
}

/// A skill of it.
pub struct KnownSkill<'a> {
    /// `17`
    pub number: &'a str,
    /// Its Chinese name.
    pub zh: &'a str,
    /// Its English name.
    pub en: &'a str,
    /// Whether its people are fixed.
    pub is_open: bool,
    /// How many it has.
    pub people: usize,
    /// The keys of their ID numbers.
    pub id_numbers: &'a HashSet<String>,
    /// Their names, each with the organisation, as [`Entry`] gives them.
    pub names: &'a HashSet<(String, String)>,
}

impl KnownSkill<'_> {
    /// What messages call it: by the name in their language where it has one.
    fn shown(&self) -> Spoken {
        let first = |names: [&str; 2]| {
            let named = names.into_iter().map(str::trim).find(|name| !name.is_empty());
            named.unwrap_or(self.number).to_owned()
        };
        Spoken::new(first([self.zh, self.en]), first([self.en, self.zh]))
    }
}

/// A person who can be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The row, as the spreadsheet shows it.
    pub row: u64,
    /// The place of the skill in [`Known::skills`].
    pub skill: usize,
    /// In its one spelling: no space within a Chinese name.
    pub name: String,
    /// Where the roster gives one.
    pub id_number: Option<IdNumber>,
    /// As the roster has it; empty where it has none, and so are those below.
    pub organisation: String,
    /// The delegation.
    pub delegation: String,
    /// The team.
    pub team: String,
    /// The group.
    pub group: String,
    /// The kind of employment.
    pub employment: String,
    /// The level.
    pub level: String,
    /// The country or region.
    pub member: String,
}

/// What a roster says, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The good rows, in the file's order.
    pub entries: Vec<Entry>,
    /// Everything wrong or doubtful, by row.
    pub findings: Vec<Finding>,
    /// How many rows there are with a person in them.
    pub rows: usize,
    /// How many of them have an error.
    pub bad_rows: usize,
    /// How many entries each skill would get, for those that get any.
    pub per_skill: Vec<(usize, usize)>,
}
