//! A marking scheme as a table, a row an aspect: read into the form that its authors edit, and written from it. Where
//! something cannot be read as it stands, the form shows it in its place; what is found here concerns the table.
//!
//! Nothing is written anywhere: what the skill knows is handed in, a form comes out.

#[cfg(test)]
mod tests;

use domain::finding::{Finding, Language};
use domain::findings;
use protocol::scheme::{AspectForm, Cell, CriterionForm, Kind, PartForm, SchemeForm, SectionForm, SubForm};

use super::list::{
    self, Checked, Choice, Column as _, Filling, Format, Proposal, Row, Rows, Template, fold, half_width,
};
use super::sheet::Sheet;

/// What is needed of such a table.
pub const NEEDED: &[Column] = &[Column::Of(Cell::Description), Column::Of(Cell::Max)];

/// What people write of what a deduction is counted in, folded: marks, or hundredths of the maximum.
const UNIT: [&str; 5] = ["unit", "分", "分值", "marks", "points"];
const PERCENT: [&str; 3] = ["percent", "百分比", "百分数"];

findings! {
    /// What can be wrong with a scheme's table.
    pub enum SchemeListFinding {
        KindUnknown { text: String } = Error "scheme_list_kind_unknown",
            "没有评分方式“{text}”；请写：是/否、评判、直接给分、完成几处、几选一、公差带、按偏差扣或去极值。",
            "There is no way of marking \"{text}\"; write one of: yes/no, judgement, direct, how many, one of several, bands, deviation, extremes dropped.";
        UnitUnknown { text: String } = Error "scheme_list_unit_unknown",
            "“{text}”看不出扣的是分还是百分比；请写“分”或“百分比”。",
            "\"{text}\" is neither marks nor percent; write \"marks\" or \"percent\".";
        NoPlace = Error "scheme_list_no_place",
            "不知道这一行属于哪个子项；请写子项编号（如 A1），或评分点编号（如 A1.01）。",
            "It is not said which sub-criterion this row belongs to; give the sub-criterion's id (such as A1) or the aspect's (such as A1.01).";
    }
}

/// What a column of a scheme's table may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The criterion's id.
    Criterion,
    /// Its name.
    CriterionName,
    /// The sub-criterion's id.
    Sub,
    /// Its name.
    SubName,
    /// The day of marking.
    Day,
    /// The aspect's id.
    Aspect,
    /// A cell of the aspect.
    Of(Cell),
}

impl list::Column for Column {
    const ALL: &'static [Self] = &[
        Self::Criterion,
        Self::CriterionName,
        Self::Sub,
        Self::SubName,
        Self::Day,
        Self::Aspect,
        Self::Of(Cell::Description),
        Self::Of(Cell::Kind),
        Self::Of(Cell::Max),
        Self::Of(Cell::Section),
        Self::Of(Cell::Part),
        Self::Of(Cell::Requirement),
        Self::Of(Cell::Note),
        Self::Of(Cell::Rung0),
        Self::Of(Cell::Rung1),
        Self::Of(Cell::Rung2),
        Self::Of(Cell::Rung3),
        Self::Of(Cell::MeasuredIn),
        Self::Of(Cell::Possible),
        Self::Of(Cell::Choices),
        Self::Of(Cell::Target),
        Self::Of(Cell::Bands),
        Self::Of(Cell::Per),
        Self::Of(Cell::PerUnit),
        Self::Of(Cell::Deduction),
        Self::Of(Cell::Unit),
        Self::Of(Cell::ScoreMin),
        Self::Of(Cell::ScoreMax),
        Self::Of(Cell::ScoreStep),
        Self::Of(Cell::DropHigh),
        Self::Of(Cell::DropLow),
        Self::Of(Cell::Factor),
    ];
    const MAIN: Self = Self::Of(Cell::Description);
    const EXAMPLE: Self = Self::Of(Cell::Description);

    fn as_str(self) -> &'static str {
        match self {
            Self::Criterion => "criterion",
            Self::CriterionName => "criterion_name",
            Self::Sub => "sub_criterion",
            Self::SubName => "sub_criterion_name",
            Self::Day => "day",
            Self::Aspect => "aspect",
            Self::Of(cell) => cell.name(),
        }
    }

    fn title(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Criterion => ("评分项编号", "Criterion"),
            Self::CriterionName => ("评分项", "Criterion name"),
            Self::Sub => ("子项编号", "Sub-criterion"),
            Self::SubName => ("子项", "Sub-criterion name"),
            Self::Day => ("评分日", "Day"),
            Self::Aspect => ("评分点编号", "Aspect"),
            Self::Of(Cell::Description) => ("评分点", "What is looked at"),
            Self::Of(Cell::Kind) => ("评分方式", "Way of marking"),
            Self::Of(Cell::Max) => ("满分", "Maximum"),
            Self::Of(Cell::Section) => ("标准章节", "Section"),
            Self::Of(Cell::Part) => ("部分", "Part"),
            Self::Of(Cell::Requirement) => ("要求", "Requirement"),
            Self::Of(Cell::Note) => ("备注", "Note"),
            Self::Of(Cell::Rung0) => ("0档描述", "Descriptor 0"),
            Self::Of(Cell::Rung1) => ("1档描述", "Descriptor 1"),
            Self::Of(Cell::Rung2) => ("2档描述", "Descriptor 2"),
            Self::Of(Cell::Rung3) => ("3档描述", "Descriptor 3"),
            Self::Of(Cell::MeasuredIn) => ("单位", "Measured in"),
            Self::Of(Cell::Possible) => ("共几处", "How many"),
            Self::Of(Cell::Choices) => ("选项", "Choices"),
            Self::Of(Cell::Target) => ("目标值", "Target"),
            Self::Of(Cell::Bands) => ("公差带", "Bands"),
            Self::Of(Cell::Per) => ("每偏差", "For each"),
            Self::Of(Cell::PerUnit) => ("偏差按", "Which is in"),
            Self::Of(Cell::Deduction) => ("扣", "Take off"),
            Self::Of(Cell::Unit) => ("扣分按", "Taken off in"),
            Self::Of(Cell::ScoreMin) => ("最低打分", "Least score"),
            Self::Of(Cell::ScoreMax) => ("最高打分", "Most"),
            Self::Of(Cell::ScoreStep) => ("步长", "Step"),
            Self::Of(Cell::DropHigh) => ("去掉最高几个", "Highest dropped"),
            Self::Of(Cell::DropLow) => ("去掉最低几个", "Lowest dropped"),
            Self::Of(Cell::Factor) => ("系数", "Factor"),
        };
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    fn known_titles(self) -> &'static [&'static str] {
        match self {
            Self::Criterion => &["评分项编号", "一级指标编号", "模块编号", "criterion", "criterionid"],
            Self::CriterionName => {
                &["评分项", "评分项名称", "一级指标", "模块", "模块名称", "criterionname", "module"]
            }
            Self::Sub => &["子项编号", "二级指标编号", "任务编号", "subcriterion", "subcriterionid", "sub"],
            Self::SubName => {
                &["子项", "子项名称", "二级指标", "任务", "任务名称", "subcriterionname", "subname"]
            }
            Self::Day => &["评分日", "评分天", "day", "dayofmarking"],
            Self::Aspect => &["评分点编号", "编号", "评分点序号", "aspect", "aspectid", "id"],
            Self::Of(cell) => of_cell(cell),
        }
    }
}

/// What people call an aspect's cell.
const fn of_cell(cell: Cell) -> &'static [&'static str] {
    match cell {
        Cell::Description => &[
            "评分点",
            "评分点内容",
            "评分点描述",
            "评分内容",
            "考核内容",
            "考核点",
            "评分要点",
            "三级指标",
            "whatislookedat",
            "description",
            "aspectdescription",
        ],
        Cell::Kind => &["评分方式", "方式", "评分类型", "类型", "wayofmarking", "kind", "type", "method"],
        Cell::Max => &["满分", "分值", "配分", "最高分", "maximum", "max", "maxmark", "marks"],
        Cell::Section => &["标准章节", "章节", "section", "wsos", "wsossection"],
        Cell::Part => &["部分", "所属部分", "part"],
        Cell::Requirement => &["要求", "评分标准", "标准", "requirement", "benchmark"],
        Cell::Note => &["备注", "说明", "note", "remarks"],
        Cell::Rung0 => &["0档描述", "0档", "0分描述", "descriptor0", "rung0"],
        Cell::Rung1 => &["1档描述", "1档", "1分描述", "descriptor1", "rung1"],
        Cell::Rung2 => &["2档描述", "2档", "2分描述", "descriptor2", "rung2"],
        Cell::Rung3 => &["3档描述", "3档", "3分描述", "descriptor3", "rung3"],
        Cell::MeasuredIn => &["单位", "计量单位", "measuredin"],
        Cell::Possible => &["共几处", "共有几处", "howmany", "possible"],
        Cell::Choices => &["选项", "choices"],
        Cell::Target => &["目标值", "target"],
        Cell::Bands => &["公差带", "bands"],
        Cell::Per => &["每偏差", "foreach", "per"],
        Cell::PerUnit => &["偏差按", "whichisin"],
        Cell::Deduction => &["扣", "takeoff", "deduction"],
        Cell::Unit => &["扣分按", "takenoffin"],
        Cell::ScoreMin => &["最低打分", "leastscore"],
        Cell::ScoreMax => &["最高打分", "most", "mostscore"],
        Cell::ScoreStep => &["步长", "step"],
        Cell::DropHigh => &["去掉最高几个", "highestdropped"],
        Cell::DropLow => &["去掉最低几个", "lowestdropped"],
        Cell::Factor => &["系数", "factor"],
    }
}

/// What was read of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What it says, to be looked over.
    pub form: SchemeForm,
    /// What is wrong with the table, and what of it is not used.
    pub findings: Vec<Finding>,
}

/// A row of it.
struct Line {
    criterion: String,
    criterion_name: String,
    sub: String,
    sub_name: String,
    day: String,
    aspect: AspectForm,
    findings: Vec<Finding>,
    /// As the spreadsheet shows it.
    row: u64,
}

/// Whether a table seems to be a scheme's.
#[must_use]
pub fn is_table(sheet: &Sheet) -> bool {
    let Proposal { header, columns, .. } = list::propose(sheet, NEEDED);
    header.is_some() && NEEDED.iter().all(|needed| columns.contains(&Some(*needed)))
}

/// Reads a table. The standards sections and the weighted parts that are `there` stay, those that it names besides
/// are added. A row without an id belongs where the one above it does, and is numbered on.
#[must_use]
pub fn read(sheet: &Sheet, file_name: &str, there: &SchemeForm) -> Reading {
    let Proposal { header, columns, mut findings, .. } = list::propose(sheet, NEEDED);
    for finding in &mut findings {
        finding.place.file = Some(file_name.to_owned());
    }
    let Some(header) = header else { return Reading { findings, ..Reading::default() } };
    let rows = Rows::new(sheet, file_name, header, &columns);
    let mut checked = Checked::<()>::default();
    let lines = rows.read(&[], &mut checked, line);
    findings.append(&mut checked.findings);
    let (sections, parts) = (there.sections.clone(), there.parts.clone());
    let mut form = SchemeForm { sections, parts, ..SchemeForm::default() };
    let mut at = (String::new(), String::new());
    for mut line in lines {
        findings.append(&mut line.findings);
        let row = line.row;
        if !put(&mut form, &mut at, line) {
            findings.push(SchemeListFinding::NoPlace.at(rows.place(row, Column::Sub)));
        }
    }
    add_known(&mut form);
    Reading { form, findings }
}

fn line(mut row: Row<'_, Column>) -> Line {
    let text =
        |row: &Row<'_, Column>, column| row.cell(column).map(|cell| cell.text.clone()).unwrap_or_default();
    let mut aspect = AspectForm { id: text(&row, Column::Aspect), ..AspectForm::default() };
    for cell in Cell::ALL {
        let said = text(&row, Column::Of(*cell));
        aspect.put(*cell, if is_number(*cell) { said.chars().map(half_width).collect() } else { said });
    }
    let said = aspect.get(Cell::Kind).to_owned();
    match kind(&said) {
        Some(kind) => aspect.put(Cell::Kind, kind.name()),
        None => {
            row.found(Column::Of(Cell::Kind), |place| SchemeListFinding::KindUnknown { text: said }.at(place))
        }
    }
    for cell in [Cell::Unit, Cell::PerUnit] {
        let said = aspect.get(cell).to_owned();
        match unit(&said) {
            Some(unit) => aspect.put(cell, unit),
            None => {
                row.found(Column::Of(cell), |place| SchemeListFinding::UnitUnknown { text: said }.at(place))
            }
        }
    }
    Line {
        criterion: text(&row, Column::Criterion),
        criterion_name: text(&row, Column::CriterionName),
        sub: text(&row, Column::Sub),
        sub_name: text(&row, Column::SubName),
        day: text(&row, Column::Day).chars().map(half_width).collect(),
        row: row.number(),
        findings: row.findings,
        aspect,
    }
}

/// Whether a number stands in a cell, whose digits may have been typed in full width.
const fn is_number(cell: Cell) -> bool {
    matches!(
        cell,
        Cell::Max
            | Cell::Possible
            | Cell::Target
            | Cell::Per
            | Cell::Deduction
            | Cell::ScoreMin
            | Cell::ScoreMax
            | Cell::ScoreStep
            | Cell::DropHigh
            | Cell::DropLow
            | Cell::Factor
    )
}

/// A way of marking as people write it; the commonest where they write none.
fn kind(text: &str) -> Option<Kind> {
    let text = fold(text);
    if text.is_empty() {
        return Some(Kind::default());
    }
    let is_named = |kind: &Kind| {
        let (chinese, english) = kind.words();
        [kind.name(), chinese, english].into_iter().any(|word| fold(word) == text)
    };
    let named = Kind::ALL.into_iter().find(is_named);
    named.or(match text.as_str() {
        "是否" | "yesno" | "passfail" | "测量" | "客观" | "m" | "measurement" => Some(Kind::PassFail),
        "评判" | "评价" | "主观" | "j" | "judgement" | "judgment" => Some(Kind::Judgement),
        "直接给分" | "直接打分" | "direct" => Some(Kind::Direct),
        "完成几处" | "计数" | "howmany" | "numbercompleted" => Some(Kind::NumberCompleted),
        "几选一" | "选项" | "oneofseveral" | "choice" => Some(Kind::Choice),
        "公差带" | "公差" | "bands" | "ranged" => Some(Kind::Ranged),
        "按偏差扣" | "偏差" | "deviation" | "difference" => Some(Kind::Difference),
        "去极值" | "打分" | "extremesdropped" | "panel" => Some(Kind::Panel),
        _ => None,
    })
}

/// What a deduction is counted in, as forms name it; nothing where nothing is said.
fn unit(text: &str) -> Option<&'static str> {
    if matches!(text.trim(), "%" | "％") {
        return Some("percent");
    }
    let text = fold(text);
    if text.is_empty() {
        return Some("");
    }
    let is_one = |words: &[&str]| words.contains(&text.as_str());
    if is_one(&UNIT) { Some("unit") } else { is_one(&PERCENT).then_some("percent") }
}

/// Puts a row where it belongs, after what is there; false where that is not said. `at` is where the one before it
/// went: its criterion and its sub-criterion.
fn put(form: &mut SchemeForm, at: &mut (String, String), line: Line) -> bool {
    let Line { criterion, criterion_name, sub, sub_name, day, mut aspect, .. } = line;
    let of_aspect = aspect.id.split_once('.').map(|(sub, _)| sub.to_owned());
    let sub = Some(sub).filter(|sub| !sub.is_empty()).or(of_aspect).unwrap_or_else(|| at.1.clone());
    let letters = |id: &str| id.chars().take_while(|c| !c.is_ascii_digit()).collect::<String>();
    let mut criterion = criterion;
    if criterion.is_empty() {
        criterion = if sub == at.1 { at.0.clone() } else { letters(&sub) };
    }
    if criterion.is_empty() {
        criterion.clone_from(&at.0);
    }
    if criterion.is_empty() || sub.is_empty() {
        return false;
    }
    *at = (criterion.clone(), sub.clone());
    let place = form.criteria.iter().position(|one| one.id == criterion).unwrap_or_else(|| {
        form.criteria.push(CriterionForm { id: criterion, ..CriterionForm::default() });
        form.criteria.len() - 1
    });
    let Some(of) = form.criteria.get_mut(place) else { return false };
    fill(&mut of.name, criterion_name);
    let place = of.subs.iter().position(|one| one.id == sub).unwrap_or_else(|| {
        of.subs.push(SubForm { id: sub.clone(), ..SubForm::default() });
        of.subs.len() - 1
    });
    let Some(of) = of.subs.get_mut(place) else { return false };
    fill(&mut of.name, sub_name);
    fill(&mut of.day, day);
    if aspect.id.is_empty() {
        let mut ids = (of.aspects.len() + 1..).map(|number| format!("{sub}.{number:02}"));
        aspect.id = ids.find(|id| of.aspects.iter().all(|one| one.id != *id)).unwrap_or_default();
    }
    of.aspects.push(aspect);
    true
}

/// What was said first stays.
fn fill(place: &mut String, text: String) {
    if place.is_empty() {
        *place = text;
    }
}

/// Adds the days that are not said, and the sections and parts that aspects name.
fn add_known(form: &mut SchemeForm) {
    for sub in form.criteria.iter_mut().flat_map(|criterion| &mut criterion.subs) {
        fill(&mut sub.day, "1".to_owned());
    }
    let named = |cell: Cell| {
        let mut named: Vec<String> = Vec::new();
        for aspect in form.aspects() {
            let id = aspect.get(cell);
            if !id.is_empty() && !named.iter().any(|known| known == id) {
                named.push(id.to_owned());
            }
        }
        named
    };
    let (sections, parts) = (named(Cell::Section), named(Cell::Part));
    for id in sections {
        if !form.sections.iter().any(|one| one.id == id) {
            form.sections.push(SectionForm { id, ..SectionForm::default() });
        }
    }
    for id in parts {
        if !form.parts.iter().any(|one| one.id == id) {
            form.parts.push(PartForm { id, ..PartForm::default() });
        }
    }
}

/// A form as a table, which reads back as it was.
///
/// # Errors
/// What the writer says.
pub fn written(form: &SchemeForm, language: Language, format: Format) -> Result<Vec<u8>, String> {
    let header: [&str; Column::ALL.len()] = std::array::from_fn(|at| Column::ALL[at].title(language));
    let mut rows = Vec::new();
    for criterion in &form.criteria {
        for sub in &criterion.subs {
            for aspect in &sub.aspects {
                rows.push(std::array::from_fn(|at| {
                    cell_of(Column::ALL[at], criterion, sub, aspect, language)
                }));
            }
        }
    }
    list::written(header, rows, format)
}

fn cell_of(
    column: Column,
    criterion: &CriterionForm,
    sub: &SubForm,
    aspect: &AspectForm,
    language: Language,
) -> String {
    let say = |(chinese, english): (&'static str, &'static str)| match language {
        Language::Chinese => chinese.to_owned(),
        Language::English => english.to_owned(),
    };
    match column {
        Column::Criterion => criterion.id.clone(),
        Column::CriterionName => criterion.name.clone(),
        Column::Sub => sub.id.clone(),
        Column::SubName => sub.name.clone(),
        Column::Day => sub.day.clone(),
        Column::Aspect => aspect.id.clone(),
        Column::Of(Cell::Kind) => say(aspect.kind().words()),
        Column::Of(cell @ (Cell::Unit | Cell::PerUnit)) => match aspect.get(cell) {
            "percent" => say(("百分比", "percent")),
            "unit" => say(("分", "marks")),
            other => other.to_owned(),
        },
        Column::Of(cell) => aspect.get(cell).to_owned(),
    }
}

/// The template: a sheet to fill in with an example, drop-downs, and an explanation.
///
/// # Errors
/// What the writer says.
pub fn template(language: Language) -> Result<Vec<u8>, String> {
    let is_chinese = language == Language::Chinese;
    let kinds = Kind::ALL.map(|kind| {
        let (chinese, english) = kind.words();
        if is_chinese { chinese } else { english }
    });
    let units: [&str; 2] = if is_chinese { ["分", "百分比"] } else { ["marks", "percent"] };
    let (sheets, help): (_, &[&str]) = if is_chinese {
        (
            ["评分标准", "字典", "说明"],
            &[
                "填写说明",
                "1. 在“评分标准”工作表中每个评分点填一行；不要改动第一行的列标题。示例行可以保留（读入时略过），也可以删去。",
                "2. 评分点和满分必填；评分方式请从下拉列表中选，不填就是“测量：是 / 否”。",
                "3. 子项编号如 A1；不填就与上一行同属一个子项。评分点编号如 A1.01，不填就自动编号。",
                "4. 评判要写 0 至 3 四档描述。几选一的选项、公差带写在一格里，每行一个：选项写“轻微偏差，0.5”，公差带写“-0.05，0.05，0”。",
                "5. 用不到的列可以删去或空着。上传后先在页面上核对，保存才算数。",
            ],
        )
    } else {
        (
            ["Scheme", "Lists", "Help"],
            &[
                "How to fill this in",
                "1. One row per aspect in the sheet \"Scheme\"; leave the titles in the first row as they are. The example may stay (it is left out) or be deleted.",
                "2. What is looked at and the maximum are needed; choose the way of marking from the list, or leave it empty for yes / no.",
                "3. A sub-criterion's id is as A1; where it is empty, the row belongs where the one above it does. An aspect's id is as A1.01; where it is empty, they are numbered on.",
                "4. A judgement has four descriptors, 0 to 3. Choices and bands are written in one cell, a line each: a choice as \"slightly off, 0.5\", a band as \"-0.05, 0.05, 0\".",
                "5. Columns that are not needed can be deleted or left empty. What was uploaded is looked over on the page and counts once it is saved.",
            ],
        )
    };
    let example = |column| match (column, is_chinese) {
        (Column::Criterion, _) => "A",
        (Column::CriterionName, true) => "焊缝质量",
        (Column::CriterionName, false) => "Weld quality",
        (Column::Sub, _) => "A1",
        (Column::SubName, true) => "外观",
        (Column::SubName, false) => "Appearance",
        (Column::Day, _) => "1",
        (Column::Aspect, _) => "A1.01",
        (Column::Of(Cell::Description), true) => "示例：焊缝余高不超过 2 mm",
        (Column::Of(Cell::Description), false) => "Example: reinforcement of 2 mm at the most",
        (Column::Of(Cell::Kind), _) => kinds.first().copied().unwrap_or_default(),
        (Column::Of(Cell::Max), _) => "2.00",
        _ => "",
    };
    let columns = Column::ALL.iter().map(|column| Filling {
        title: column.title(language),
        example: example(*column),
        choice: match column {
            Column::Of(Cell::Kind) => Some(Choice { of: &kinds, is_open: false }),
            Column::Of(Cell::Unit | Cell::PerUnit) => Some(Choice { of: &units, is_open: false }),
            _ => None,
        },
    });
    let help = help.iter().map(|line| (*line).to_owned()).collect();
    list::template(&Template { sheets, columns: columns.collect(), help })
}
