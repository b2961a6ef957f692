//! The roster of a competition as organisations send it: which column is what, each person checked,
//! and everything that is wrong named by row and column, so that it can be mended and sent again.
//!
//! Nothing is written anywhere: what the competition knows is handed in, what would be added comes out.

mod check;
mod id_number;
mod template;
#[cfg(test)]
mod tests;
mod together;

use std::collections::HashSet;

use domain::finding::{Language, Spoken};
use domain::findings;

use super::list::{self, Proposal, SkillNames};
use super::sheet::Sheet;

pub use check::check;
pub use id_number::{IdNumber, IdNumberError};
pub use template::template;

/// More people than any skill has.
pub const PEOPLE_MAX: usize = 5_000;

findings! {
    /// What can be wrong with a roster.
    pub enum RosterFinding {
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

impl list::Column for Column {
    const ALL: &'static [Self] = &[
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
    const MAIN: Self = Self::Name;
    const EXAMPLE: Self = Self::Name;

    fn as_str(self) -> &'static str {
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

    fn title(self, language: Language) -> &'static str {
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

    fn known_titles(self) -> &'static [&'static str] {
        match self {
            Self::Name => &[
                "姓名",
                "选手姓名",
                "参赛选手姓名",
                "参赛选手",
                "参赛者",
                "参赛者姓名",
                "选手",
                "学生姓名",
                "队员姓名",
                "人员姓名",
                "名字",
                "name",
                "fullname",
                "competitor",
                "competitorname",
                "nameofcompetitor",
                "participant",
                "participantname",
            ],
            Self::IdNumber => &[
                "身份证号",
                "身份证号码",
                "身份证",
                "居民身份证号",
                "居民身份证号码",
                "公民身份号码",
                "公民身份证号码",
                "证件号",
                "证件号码",
                "有效证件号码",
                "身份证件号",
                "身份证件号码",
                "选手身份证号",
                "选手身份证号码",
                "身份证号护照号",
                "身份证护照号",
                "idnumber",
                "idno",
                "idcard",
                "idcardnumber",
                "idcardno",
                "identitynumber",
                "identitycardnumber",
                "nationalid",
                "nationalidnumber",
                "documentnumber",
                "passport",
                "passportnumber",
                "passportno",
            ],
            Self::Skill => &[
                "赛项",
                "赛项名称",
                "竞赛项目",
                "竞赛项目名称",
                "比赛项目",
                "参赛项目",
                "项目",
                "项目名称",
                "参赛赛项",
                "工种",
                "参赛工种",
                "竞赛工种",
                "职业",
                "职业工种",
                "竞赛职业",
                "赛项编号",
                "skill",
                "skillname",
                "skillnumber",
                "trade",
                "event",
                "competitionskill",
            ],
            Self::Organisation => &[
                "工作单位",
                "工作单位名称",
                "单位",
                "单位名称",
                "所在单位",
                "所属单位",
                "参赛单位",
                "工作单位学校",
                "单位学校",
                "学校单位",
                "所在单位学校",
                "企业",
                "企业名称",
                "所在企业",
                "学校",
                "学校名称",
                "所在学校",
                "院校",
                "院校名称",
                "organisation",
                "organization",
                "company",
                "employer",
                "school",
                "institution",
                "organisationname",
                "organizationname",
                "companyschool",
                "employerschool",
            ],
            Self::Delegation => &[
                "代表队",
                "代表队名称",
                "代表单位",
                "代表团",
                "代表团名称",
                "参赛代表队",
                "所属代表队",
                "所在代表队",
                "参赛代表团",
                "delegation",
                "delegationname",
            ],
            Self::Team => &[
                "队名",
                "团队",
                "团队名称",
                "队伍",
                "队伍名称",
                "参赛队",
                "参赛队名",
                "参赛队名称",
                "参赛队伍",
                "team",
                "teamname",
            ],
            Self::Group => &["组别", "参赛组别", "竞赛组别", "组", "group", "competitiongroup", "division"],
            Self::Employment => &[
                "身份类别",
                "人员类别",
                "选手类别",
                "选手身份",
                "参赛身份",
                "身份",
                "职工学生",
                "employment",
                "employmenttype",
                "employmentstatus",
                "employeestudent",
            ],
            Self::Level => &[
                "技能等级",
                "职业技能等级",
                "职业资格等级",
                "等级",
                "技能级别",
                "现有技能等级",
                "level",
                "skilllevel",
                "qualificationlevel",
            ],
            Self::Member => &[
                "国家或地区",
                "国家地区",
                "国家和地区",
                "国家及地区",
                "国家",
                "地区",
                "国别",
                "member",
                "memberorganisation",
                "country",
                "countryorregion",
                "countryregion",
                "region",
            ],
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
    pub key: Key<'a>,
}

/// How a number is turned into what it is found again by.
pub type Key<'a> = &'a (dyn Fn(&IdNumber) -> String + Sync);

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

impl<'a> KnownSkill<'a> {
    fn called(&self) -> SkillNames<'a> {
        SkillNames { number: self.number, zh: self.zh, en: self.en }
    }

    /// What messages call it.
    fn shown(&self) -> Spoken {
        self.called().shown()
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
pub type Checked = list::Checked<Entry>;

/// Proposes what each column is. `needs_skill` says whether the roster must have a column of skills, as one for a
/// single skill need not.
#[must_use]
pub fn propose(sheet: &Sheet, needs_skill: bool) -> Proposal<Column> {
    list::propose(sheet, needed(needs_skill))
}

/// What every roster needs.
#[must_use]
pub fn needed(needs_skill: bool) -> &'static [Column] {
    if needs_skill { &[Column::Name, Column::Skill] } else { &[Column::Name] }
}
