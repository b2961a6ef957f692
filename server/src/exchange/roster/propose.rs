//! Which row is the header, and what each column is.

use std::collections::HashSet;

use domain::finding::{Finding, Language, Place};

use super::fold::fold_title;
use super::{Column, RosterFinding};
use crate::exchange::cis::letter;
use crate::exchange::sheet::Sheet;

/// How far down a header is looked for: titles and notes stand above it.
const HEADER_ROWS: usize = 10;

/// What the two columns are called that an error workbook adds.
pub(super) const WHAT_IS_WRONG: [(Language, &str); 2] =
    [(Language::Chinese, "错误原因"), (Language::English, "What is wrong")];
pub(super) const ORIGINAL_ROW: [(Language, &str); 2] =
    [(Language::Chinese, "原行号"), (Language::English, "Original row")];

/// What a sheet's columns seem to be; a person confirms or changes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The place of the header among the sheet's rows.
    pub header: Option<usize>,
    /// The header's cells; a column that has none is called by its letter.
    pub titles: Vec<String>,
    /// What each column is, as long as `titles`.
    pub columns: Vec<Option<Column>>,
    /// What is missing, there twice or left out.
    pub findings: Vec<Finding>,
}

/// Finds the header among the first rows and proposes what each column is. `needs_skill` says whether
/// the roster must have a column of skills, as one for a single skill need not.
#[must_use]
pub fn propose(sheet: &Sheet, needs_skill: bool) -> Proposal {
    let Some(header) = header(sheet) else {
        return Proposal {
            findings: vec![RosterFinding::HeaderMissing.at(Place::default())],
            ..Proposal::default()
        };
    };
    let titles = titles(sheet, header);
    let row = sheet.rows.get(header).map(|row| row.number);
    let place = |title: &str| Place { row, column: Some(title.to_owned()), ..Place::default() };
    let (mut columns, mut findings): (Vec<Option<Column>>, Vec<Finding>) = (Vec::new(), Vec::new());
    for (at, title) in titles.iter().enumerate() {
        let meant = recognise(title);
        let first = columns.iter().position(|column| column.is_some() && *column == meant);
        match (meant, first.and_then(|first| titles.get(first))) {
            (Some(column), Some(first)) => {
                let finding = RosterFinding::ColumnTwice {
                    column: column.spoken(),
                    title: title.clone(),
                    first: first.clone(),
                };
                findings.push(finding.at(place(title)));
                columns.push(None);
            }
            (None, _) if !is_added(title) && is_filled(sheet, header, at) => {
                findings.push(RosterFinding::ColumnLeftOut { title: title.clone() }.at(place(title)));
                columns.push(None);
            }
            (meant, _) => columns.push(meant),
        }
    }
    let needed = [Some(Column::Name), needs_skill.then_some(Column::Skill)];
    for column in needed.into_iter().flatten().filter(|column| !columns.contains(&Some(*column))) {
        let finding = RosterFinding::ColumnMissing { column: column.spoken() };
        findings.push(finding.at(Place { row, ..Place::default() }));
    }
    Proposal { header: Some(header), titles, columns, findings }
}

/// The header's cells, with a letter where there is none, as wide as the widest row below it.
pub(super) fn titles(sheet: &Sheet, header: usize) -> Vec<String> {
    let width = sheet.rows.iter().skip(header).map(|row| row.cells.len()).max().unwrap_or_default();
    let title = |at: usize| {
        let text = sheet.rows.get(header).map_or("", |row| row.text(at));
        if text.is_empty() { letter(u32::try_from(at).unwrap_or_default()) } else { text.to_owned() }
    };
    (0..width).map(title).collect()
}

/// Whether an error workbook added this column.
pub(super) fn is_added(title: &str) -> bool {
    let title = fold_title(title);
    WHAT_IS_WRONG.iter().chain(&ORIGINAL_ROW).any(|(_, added)| fold_title(added) == title)
}

/// The row of which most cells are titles: the first of these, as lists that were printed repeat their
/// header. It has a title for the name, or for two other things.
fn header(sheet: &Sheet) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (at, row) in sheet.rows.iter().take(HEADER_ROWS).enumerate() {
        let columns: HashSet<Column> = row.cells.iter().filter_map(|cell| recognise(&cell.text)).collect();
        let is_header = columns.contains(&Column::Name) || columns.len() > 1;
        if is_header && best.is_none_or(|(_, most)| columns.len() > most) {
            best = Some((at, columns.len()));
        }
    }
    best.map(|(at, _)| at)
}

fn is_filled(sheet: &Sheet, header: usize, column: usize) -> bool {
    sheet.rows.iter().skip(header).any(|row| !row.text(column).is_empty())
}

/// What a title says that its column is.
fn recognise(title: &str) -> Option<Column> {
    // No title is as long, and the row looked at may be of texts.
    if title.len() > 400 {
        return None;
    }
    let title = fold_title(title);
    Column::ALL.into_iter().find(|column| known_titles(*column).contains(&title.as_str()))
}

/// As [`fold_title`] leaves them.
fn known_titles(column: Column) -> &'static [&'static str] {
    match column {
        Column::Name => &[
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
        Column::IdNumber => &[
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
        Column::Skill => &[
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
        Column::Organisation => &[
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
        Column::Delegation => &[
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
        Column::Team => &[
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
        Column::Group => &["组别", "参赛组别", "竞赛组别", "组", "group", "competitiongroup", "division"],
        Column::Employment => &[
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
        Column::Level => &[
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
        Column::Member => &[
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
