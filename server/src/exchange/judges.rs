//! The judges of a competition as organisers list them: each with the skill, checked against the competition's other
//! judges and those who compete.
//!
//! Nothing is written anywhere: what the competition knows is handed in, what would be added comes out.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use domain::finding::{Finding, Language, Place, Spoken};
use domain::findings;
use domain::marking::JUDGES_MAX;

use super::list::{
    self, Checked, Choice, Column as _, Filling, LONG_TEXT_MAX, ListFinding, Row, Rows, SkillNames, Skills,
    Template, fold,
};
use super::sheet::Sheet;

/// What is needed of a list of judges, where there are several skills.
pub const NEEDED: &[Column] = &[Column::Name, Column::Skill];
/// The same, where there is one.
pub const NEEDED_OF_ONE: &[Column] = &[Column::Name];

/// What people write of one who leads a skill, folded.
const YES: [&str; 12] =
    ["是", "裁判长", "主裁判长", "√", "✓", "1", "y", "yes", "true", "chief", "chiefjudge", "x"];
/// What they write of one who does not.
const NO: [&str; 11] = ["否", "不是", "裁判", "裁判员", "无", "0", "n", "no", "false", "judge", "member"];
/// What they write of one whose marks do not count.
const TRAINEE: [&str; 6] = ["见习", "见习裁判", "见习裁判员", "实习", "trainee", "traineejudge"];

findings! {
    /// What can be wrong with a list of judges.
    pub enum JudgesFinding {
        ChiefUnclear { text: String } = Error "judges_chief_unclear",
            "“{text}”看不出是不是裁判长；是就填“是”，不是就留空。",
            "\"{text}\" does not say whether they lead the skill; write \"yes\", or leave it empty.";
        Trainee = Error "judges_trainee",
            "见习裁判在评分组里设：请把这一格留空再导入，然后到赛项的“评分组”把他设为见习，他的分才不计。",
            "Trainees are set in the panels: leave this cell empty, take the list in, and make them a trainee under the skill's panels, so that their marks do not count.";
        TwoChiefs { skill: Spoken, first: u64 } = Error "judges_two_chiefs",
            "赛项“{skill:#}”在第 {first} 行已有裁判长；一个赛项只有一位，请只保留一处。",
            "Row {first} names a chief judge of \"{skill}\" already; a skill has one, so keep one of the two.";
        ChiefThere { skill: Spoken, name: String } = Error "judges_chief_there",
            "赛项“{skill:#}”的裁判长已经是“{name}”；请把这一格留空，导入后再到大赛页面换裁判长。",
            "\"{name}\" leads \"{skill}\" already; leave this cell empty, and let the other lead on the competition's page afterwards.";
        FirstLeads { skill: Spoken } = Warning "judges_first_leads",
            "赛项“{skill:#}”没有写谁是裁判长，将由这一位担任；不对就在“裁判长”列写明。",
            "No chief judge of \"{skill}\" is named, so this one leads it; if that is wrong, say who does.";
        There { skill: Spoken } = Warning "judges_there",
            "赛项“{skill:#}”的裁判里已有这位，已略过。",
            "This one is among the judges of \"{skill}\" already; left out.";
        Twice { first: u64 } = Warning "judges_twice",
            "与第 {first} 行是同一位裁判、同一个赛项，已略过。",
            "The same judge of the same skill stands in row {first}; left out.";
        Competes { skill: Spoken } = Error "judges_competes",
            "这一位是赛项“{skill:#}”的选手（姓名、单位都相同），不能当这个赛项的裁判；请换人，如不是同一人请写全单位。",
            "This one competes in \"{skill}\" (the same name and organisation) and cannot judge it; name another, or write the organisation in full if it is another person.";
        MayCompete { skill: Spoken } = Warning "judges_may_compete",
            "赛项“{skill:#}”有同名的选手；请核对不是同一人。",
            "Somebody of this name competes in \"{skill}\"; check that it is another person.";
        MadeCodes { skill: Spoken } = Error "judges_made_codes",
            "这一位做了赛项“{skill:#}”的编码，不能评分；请换人。",
            "This one made codes of \"{skill}\" and cannot mark it; name another.";
        TooMany { skill: Spoken, most: usize } = Error "judges_too_many",
            "赛项“{skill:#}”的裁判超过 {most} 名；请删去多余的行。",
            "\"{skill}\" would have more than {most} judges; delete the surplus rows.";
    }
}

/// What a column of a list of judges may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The skill, by name or number.
    Skill,
    /// The judge's name.
    Name,
    /// Their school or enterprise.
    Organisation,
    /// Whether they lead the skill.
    Chief,
}

impl list::Column for Column {
    const ALL: &'static [Self] = &[Self::Skill, Self::Name, Self::Organisation, Self::Chief];
    const MAIN: Self = Self::Name;
    const EXAMPLE: Self = Self::Name;

    fn as_str(self) -> &'static str {
        match self {
            Self::Skill => "skill",
            Self::Name => "name",
            Self::Organisation => "organisation",
            Self::Chief => "chief",
        }
    }

    fn title(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Skill => ("赛项", "Skill"),
            Self::Name => ("姓名", "Name"),
            Self::Organisation => ("工作单位", "Organisation"),
            Self::Chief => ("裁判长", "Chief judge"),
        };
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    fn known_titles(self) -> &'static [&'static str] {
        use super::roster::Column as OfRoster;
        match self {
            Self::Skill => OfRoster::Skill.known_titles(),
            Self::Organisation => OfRoster::Organisation.known_titles(),
            Self::Name => &[
                "姓名",
                "裁判姓名",
                "裁判员姓名",
                "裁判",
                "裁判员",
                "专家姓名",
                "名字",
                "name",
                "fullname",
                "judge",
                "judgename",
                "expert",
            ],
            Self::Chief => &[
                "裁判长",
                "是否裁判长",
                "裁判长否",
                "裁判职务",
                "裁判身份",
                "裁判类别",
                "职务",
                "chief",
                "chiefjudge",
                "role",
                "ischief",
            ],
        }
    }
}

/// A skill that judges may be listed for.
#[derive(Clone, Debug, Default)]
pub struct KnownSkill {
    /// `17`
    pub number: String,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// Whether its judges are fixed.
    pub is_open: bool,
    /// Its judges: name and organisation.
    pub judges: Vec<(String, String)>,
    /// Who of them leads it, by name.
    pub chief: Option<String>,
    /// Who competes there: name and organisation.
    pub people: Vec<(String, String)>,
    /// Who made codes of it, by name.
    pub makers: Vec<String>,
}

impl KnownSkill {
    fn called(&self) -> SkillNames<'_> {
        SkillNames { number: &self.number, zh: &self.zh, en: &self.en }
    }
}

/// A judge who can be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The row, as the spreadsheet shows it.
    pub row: u64,
    /// The place of the skill.
    pub skill: usize,
    /// In its one spelling.
    pub name: String,
    /// As the list has it.
    pub organisation: String,
    /// Whether they lead the skill.
    pub is_chief: bool,
}

/// A row on its way to become an entry.
struct Draft {
    row: u64,
    skill: Option<usize>,
    name: String,
    organisation: String,
    is_chief: bool,
    findings: Vec<Finding>,
    /// Whether they are there already, so that nothing is added and nothing wrong.
    is_there: bool,
}

/// Where a finding about a row's column stands.
type At<'a> = &'a dyn Fn(u64, Column) -> Place;

/// Checks every row below the header.
#[must_use]
pub fn check(
    sheet: &Sheet,
    file_name: &str,
    header: usize,
    columns: &[Option<Column>],
    known: &[KnownSkill],
) -> Checked<Entry> {
    let rows = Rows::new(sheet, file_name, header, columns);
    let only = (known.len() == 1).then_some(0);
    let skills = Skills::new(known.iter().map(KnownSkill::called).collect(), only);
    let needed = if only.is_some() { NEEDED_OF_ONE } else { NEEDED };
    let mut checked = Checked::default();
    let mut drafts = rows.read(needed, &mut checked, |row| read(row, &skills));
    let at = |row, column| rows.place(row, column);
    let mut first_of = HashMap::new();
    let mut chiefs = HashMap::new();
    let mut per_skill = vec![0_usize; known.len()];
    for draft in &mut drafts {
        let Some((place, skill)) = draft.skill.and_then(|place| Some((place, known.get(place)?))) else {
            continue;
        };
        against(draft, skill, &at);
        if draft.is_there {
            continue;
        }
        if let Some(first) = first_of.get(&(place, fold(&draft.name), fold(&draft.organisation))) {
            draft.findings.push(JudgesFinding::Twice { first: *first }.at(at(draft.row, Column::Name)));
            draft.is_there = !draft.findings.iter().any(Finding::is_error);
            continue;
        }
        first_of.insert((place, fold(&draft.name), fold(&draft.organisation)), draft.row);
        if draft.is_chief
            && let Some(first) = chiefs.insert(place, draft.row)
        {
            chiefs.insert(place, first);
            let finding = JudgesFinding::TwoChiefs { skill: skill.called().shown(), first };
            draft.findings.push(finding.at(at(draft.row, Column::Chief)));
        }
        if draft.findings.iter().any(Finding::is_error) {
            continue;
        }
        let count = per_skill.get(place).copied().unwrap_or_default() + 1;
        if skill.judges.len() + count > JUDGES_MAX {
            let finding = JudgesFinding::TooMany { skill: skill.called().shown(), most: JUDGES_MAX };
            draft.findings.push(finding.at(at(draft.row, Column::Skill)));
        } else if let Some(of_skill) = per_skill.get_mut(place) {
            *of_skill = count;
        }
    }
    first_leads(&mut drafts, known, &at);
    for draft in drafts {
        let is_bad = draft.findings.iter().any(Finding::is_error);
        let Draft { row, skill, name, organisation, is_chief, findings, is_there } = draft;
        checked.findings.extend(findings);
        match skill {
            Some(skill) if !is_bad && !is_there => {
                checked.entries.push(Entry { row, skill, name, organisation, is_chief });
            }
            _ => checked.bad_rows += usize::from(is_bad),
        }
    }
    checked.per_skill = per_skill.into_iter().enumerate().filter(|(_, count)| *count > 0).collect();
    checked.findings.sort_by_key(|finding| finding.place.row);
    checked
}

fn read(mut row: Row<'_, Column>, skills: &Skills<'_>) -> Draft {
    let name = row.person(Column::Name);
    let organisation = row.text(Column::Organisation, LONG_TEXT_MAX);
    let said = row.cell(Column::Chief).map(|cell| cell.text.clone()).unwrap_or_default();
    let folded = if said.contains(['√', '✓']) { "√".to_owned() } else { fold(&said) };
    let is_chief = YES.contains(&folded.as_str());
    if TRAINEE.contains(&folded.as_str()) {
        row.found(Column::Chief, |place| JudgesFinding::Trainee.at(place));
    } else if !is_chief && !said.is_empty() && !NO.contains(&folded.as_str()) {
        let text = super::cis::excerpt(&said);
        row.found(Column::Chief, |place| JudgesFinding::ChiefUnclear { text }.at(place));
    }
    let skill = match skills.find(row.cell(Column::Skill).map(|cell| cell.text.as_str())) {
        Ok(skill) => Some(skill),
        Err(finding) => {
            row.found(Column::Skill, |place| finding.at(place));
            None
        }
    };
    let row_number = row.number();
    Draft { row: row_number, skill, name, organisation, is_chief, findings: row.findings, is_there: false }
}

/// What is wrong with a judge beside who is there already.
fn against(draft: &mut Draft, skill: &KnownSkill, at: At<'_>) {
    let is_named = |(name, organisation): &(String, String)| {
        fold(name) == fold(&draft.name) && fold(organisation) == fold(&draft.organisation)
    };
    let shown = || skill.called().shown();
    let mut found = Vec::new();
    let is_listed = skill.judges.iter().any(is_named);
    if is_listed {
        found.push((Column::Name, JudgesFinding::There { skill: shown() }));
    } else if skill.people.iter().any(is_named) {
        found.push((Column::Name, JudgesFinding::Competes { skill: shown() }));
    } else if skill.people.iter().any(|(name, _)| fold(name) == fold(&draft.name)) {
        found.push((Column::Name, JudgesFinding::MayCompete { skill: shown() }));
    }
    if !is_listed && skill.makers.iter().any(|maker| fold(maker) == fold(&draft.name)) {
        found.push((Column::Name, JudgesFinding::MadeCodes { skill: shown() }));
    }
    let leads = skill.chief.as_ref().filter(|_| draft.is_chief && !is_listed);
    found.extend(
        leads.map(|name| (Column::Chief, JudgesFinding::ChiefThere { skill: shown(), name: name.clone() })),
    );
    if skill.is_open && !is_listed {
        let finding = ListFinding::SkillOpen { skill: shown() };
        draft.findings.push(finding.at(at(draft.row, Column::Skill)));
    }
    draft.findings.extend(found.into_iter().map(|(column, finding)| finding.at(at(draft.row, column))));
    draft.is_there = is_listed && !draft.findings.iter().any(Finding::is_error);
}

/// Where nobody is named to lead a skill, the first who comes does; that is said.
fn first_leads(drafts: &mut [Draft], known: &[KnownSkill], at: At<'_>) {
    for (place, skill) in known.iter().enumerate().filter(|(_, skill)| skill.chief.is_none()) {
        let is_good = |draft: &Draft| {
            draft.skill == Some(place) && !draft.is_there && !draft.findings.iter().any(Finding::is_error)
        };
        if drafts.iter().any(|draft| is_good(draft) && draft.is_chief) {
            continue;
        }
        if let Some(first) = drafts.iter_mut().find(|draft| is_good(draft)) {
            first.is_chief = true;
            let finding = JudgesFinding::FirstLeads { skill: skill.called().shown() };
            first.findings.push(finding.at(at(first.row, Column::Chief)));
        }
    }
}

/// The template: a sheet to fill in with an example, drop-downs, and an explanation.
///
/// # Errors
/// What the writer says.
pub fn template(skills: &[&str], language: Language) -> Result<Vec<u8>, String> {
    let is_chinese = language == Language::Chinese;
    let (sheets, answers, help): (_, &[&str], [&str; 6]) = if is_chinese {
        (
            ["裁判名单", "字典", "说明"],
            &["是"],
            [
                "填写说明",
                "1. 在“裁判名单”工作表中每人每个赛项填一行；不要改动第一行的列标题，不要合并单元格。",
                "2. 示例行可以保留（导入时略过），也可以删去。",
                "3. 赛项和姓名必填；赛项请从下拉列表中选择。",
                "4. 每个赛项有一位裁判长：在他那一行的“裁判长”列选“是”，其他人留空。",
                "5. 见习裁判也照填；导入后在赛项的“评分组”里设为见习。",
            ],
        )
    } else {
        (
            ["Judges", "Lists", "Help"],
            &["yes"],
            [
                "How to fill this in",
                "1. One row per judge and skill in the sheet \"Judges\"; leave the titles in the first row as they are, and merge no cells.",
                "2. The example may stay (it is left out on import) or be deleted.",
                "3. Skill and name are needed; choose the skill from the list.",
                "4. Each skill has one chief judge: choose \"yes\" in their row and leave the others empty.",
                "5. List trainees like the others; make them trainees under the skill's panels afterwards.",
            ],
        )
    };
    let most = if is_chinese {
        format!("6. 一个赛项最多 {JUDGES_MAX} 名裁判。")
    } else {
        format!("6. A skill takes {JUDGES_MAX} judges at the most.")
    };
    let example = |column| match (column, is_chinese) {
        (Column::Skill, _) => skills.first().copied().unwrap_or_default(),
        (Column::Name, true) => "示例：李四",
        (Column::Name, false) => "Example: Si Li",
        (Column::Organisation, true) => "某某技师学院",
        (Column::Organisation, false) => "Some College",
        (Column::Chief, _) => answers.first().copied().unwrap_or_default(),
    };
    let columns = Column::ALL.iter().map(|column| Filling {
        title: column.title(language),
        example: example(*column),
        choice: match column {
            Column::Skill => Some(Choice { of: skills, is_open: false }),
            Column::Chief => Some(Choice { of: answers, is_open: true }),
            _ => None,
        },
    });
    let help = help.into_iter().map(str::to_owned).chain([most]).collect();
    list::template(&Template { sheets, columns: columns.collect(), help })
}
