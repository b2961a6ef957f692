//! The template of a roster, with an example and an explanation.

use domain::finding::Language;

use super::{Column, PEOPLE_MAX};
use crate::exchange::list::{self, Choice, Column as _, Filling, Template};

/// The template: a sheet to fill in with an example, drop-downs, and an explanation. `skills` are the
/// names to choose from; where there are none, the roster is for one skill and has no such column.
///
/// # Errors
/// What the writer says.
pub fn template(skills: &[&str], language: Language) -> Result<Vec<u8>, String> {
    let (sheets, employments): (_, &[&str]) = match language {
        Language::Chinese => (["选手名单", "字典", "说明"], &["职工", "学生"]),
        Language::English => (["Roster", "Lists", "Help"], &["Employee", "Student"]),
    };
    let columns = Column::ALL.iter().filter(|column| **column != Column::Skill || !skills.is_empty());
    let columns = columns.map(|column| Filling {
        title: column.title(language),
        example: example(*column, skills, language),
        choice: match column {
            Column::Skill => Some(Choice { of: skills, is_open: false }),
            // Whoever is neither may say so.
            Column::Employment => Some(Choice { of: employments, is_open: true }),
            _ => None,
        },
    });
    list::template(&Template { sheets, columns: columns.collect(), help: help_lines(language) })
}

/// A person who does not exist, with a number that GB 11643 allows.
fn example<'a>(column: Column, skills: &[&'a str], language: Language) -> &'a str {
    let (chinese, english) = match column {
        Column::Name => ("示例：张三", "Example: San Zhang"),
        Column::IdNumber => return "11010120000101007X",
        Column::Skill => return skills.first().copied().unwrap_or_default(),
        Column::Organisation => ("某某职业技术学院", "Some Vocational College"),
        Column::Delegation => ("某某代表队", "Some Province"),
        Column::Team => ("某某一队", "Team One"),
        Column::Group => ("学生组", "Students"),
        Column::Employment => ("学生", "Student"),
        Column::Level => ("三级/高级工", "Level 3"),
        Column::Member => ("中国", "China"),
    };
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

fn help_lines(language: Language) -> Vec<String> {
    let lines: &[&str] = match language {
        Language::Chinese => &[
            "填写说明",
            "1. 在“选手名单”工作表中每人填一行；不要改动第一行的列标题，不要合并单元格。",
            "2. 示例行可以保留（导入时略过），也可以删去。",
            "3. 姓名必填；有“赛项”列时赛项也必填，请从下拉列表中选择。没有的内容留空。",
            "4. 身份证号列已设为“文本”格式；从别处复制时请“选择性粘贴”为文本，否则 Excel 会丢失后几位。",
            "5. 没有居民身份证的，填护照或通行证号码（5 到 18 位字母和数字，至少一个字母）。",
            "6. 一个人只能参加一个赛项，同一个证件号只能出现一次。",
        ],
        Language::English => &[
            "How to fill this in",
            "1. One row per person in the sheet \"Roster\"; leave the titles in the first row as they are, and merge no cells.",
            "2. The example may stay (it is left out on import) or be deleted.",
            "3. The name is needed, and where there is a column \"Skill\" so is the skill: choose it from the list. Leave empty what there is not.",
            "4. The ID number's column is formatted as text; paste values as text, or the spreadsheet loses the last digits.",
            "5. Whoever has no resident number gives a passport's or permit's (5 to 18 letters and digits, at least one letter).",
            "6. A person takes part in one skill, so that each ID number stands here once.",
        ],
    };
    let most = match language {
        Language::Chinese => format!("7. 一个赛项最多 {PEOPLE_MAX} 人。"),
        Language::English => format!("7. A skill takes {PEOPLE_MAX} people at the most."),
    };
    lines.iter().map(|line| (*line).to_owned()).chain([most]).collect()
}
