//! CIS marking scheme workbooks (`.xlsx`), as WorldSkills and its members use them: read into a
//! [`Scheme`] with everything that is doubtful named by row and column, and written back (R-012 to
//!
//!
//! A layout that is not understood is refused, never read in part; a summary cell is compared and
//! never used.

mod aspect;
mod calculations;
mod cells;
mod layout;
mod read;
mod verdict;
mod walk;
mod write;

use domain::finding::{Finding, Spoken};
use domain::findings;
use domain::id::{CriterionId, SectionId};
use domain::number::{Decimal, Mark};
use domain::rules::SchemeRules;
use domain::scheme::Scheme;

use super::safety::Unfit;

pub(super) use cells::{excerpt, letter};
pub use read::read;
pub use write::write;

/// What a workbook says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The scheme; nothing where an error makes it unusable.
    pub scheme: Option<Scheme>,
    /// The skill, from the first cell.
    pub skill: Option<Skill>,
    /// How many measurement aspects were read, errors or not.
    pub measurement: usize,
    /// How many judgement aspects.
    pub judgement: usize,
    /// How many panel aspects: none, as the layout has no such thing.
    pub panel: usize,
    /// The sum of all maxima, recomputed from the aspects.
    pub total: Mark,
    /// The criteria in order, each with its recomputed total.
    pub criteria: Vec<CriterionTotal>,
    /// The standards sections in order, each with its recomputed total.
    pub sections: Vec<SectionTotal>,
    /// How many calculations the sheet "Calculations" defines.
    pub calculation_rows: usize,
    /// Everything doubtful or wrong, in the sheet's order. Rows count as the spreadsheet shows them,
    /// columns are its letters.
    pub findings: Vec<Finding>,
}

/// The skill that a workbook belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    /// Its number as written: `17`.
    pub number: String,
    /// Its name.
    pub name: String,
}

/// A criterion and what its aspects sum to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriterionTotal {
    /// `A`
    pub id: CriterionId,
    /// The sum of its aspects' maxima.
    pub total: Mark,
}

/// A standards section, what it should get and what its aspects sum to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionTotal {
    /// Its number.
    pub id: SectionId,
    /// The marks that the standard gives it.
    pub target: Mark,
    /// The sum of its aspects' maxima.
    pub total: Mark,
}

findings! {
    /// What can be wrong with a workbook, beyond what can be wrong with any scheme.
    pub enum CisFinding {
        FileEmpty = Error "file_empty",
            "文件是空的；请重新导出 CIS 评分表（.xlsx）。",
            "The file is empty; export the CIS marking scheme (.xlsx) again.";
        FileTooLarge { limit: String } = Error "file_too_large",
            "文件超出限制（{limit}）；请只保留评分表所需的工作表和内容。",
            "The file is beyond the limit ({limit}); keep only the sheets and contents that the scheme needs.";
        NotAWorkbook = Error "not_a_workbook",
            "这不是 Excel 工作簿；请在 Excel 中另存为 .xlsx。",
            "This is no Excel workbook; save it as .xlsx in a spreadsheet program.";
        OldWorkbook = Error "old_workbook",
            "这是旧版 Excel 文件（.xls）；请在 Excel 中打开并另存为 .xlsx。",
            "This is an old Excel file (.xls); open it in a spreadsheet program and save it as .xlsx.";
        EncryptedWorkbook = Error "encrypted_workbook",
            "工作簿有密码保护；请先去除密码再导入。",
            "The workbook is protected by a password; remove the password first.";
        ZipWithoutWorkbook = Error "zip_without_workbook",
            "这是压缩文件，里面没有 Excel 工作簿；请选择 .xlsx 文件本身。",
            "This is a zip file without an Excel workbook in it; choose the .xlsx file itself.";
        BrokenWorkbook { detail: Spoken } = Error "broken_workbook",
            "工作簿已损坏，无法读取（{detail:#}）；请在 Excel 中打开并重新保存。",
            "The workbook is damaged and cannot be read ({detail}); open it in a spreadsheet program and save it again.";
        HeaderNotFound { sheets: String } = Error "header_not_found",
            "没有找到表头行；在工作表 {sheets} 中查找了“Sub Criterion ID”“Aspect Type”“Aspect - Description”“Max Mark”。",
            "No header row was found; looked for \"Sub Criterion ID\", \"Aspect Type\", \"Aspect - Description\" and \"Max Mark\" in the sheets {sheets}.";
        HeaderIncomplete { column: String } = Error "header_incomplete",
            "表头行缺少“{column}”列；请补上这一列的标题。",
            "The header row lacks the column \"{column}\"; add its heading.";
        HeaderRepeated { column: String } = Error "header_repeated",
            "表头行有两列都是“{column}”；请只保留一列。",
            "The header row has the column \"{column}\" twice; keep one of them.";
        SeveralSchemes { chosen: String, others: String } = Warning "several_schemes",
            "多个工作表都像评分表；读取了“{chosen}”，没有读取：{others}。",
            "Several sheets look like a marking scheme; \"{chosen}\" was read, not read: {others}.";
        CriteriaTableMissing = Warning "criteria_table_missing",
            "没有评分项列表（Criteria：ID、Name、Mark）；评分项按子项编号的字母推定，没有名称。",
            "There is no list of criteria (ID, Name, Mark); they were taken from the sub-criteria's letters and have no names.";
        CriterionMissing { sub_criterion: String, criterion: String } = Error "criterion_missing",
            "子项 {sub_criterion} 属于评分项 {criterion}，而评分项列表中没有它；请补上。",
            "Sub-criterion {sub_criterion} belongs to criterion {criterion}, which the list of criteria lacks; add it there.";
        CriterionUnknown { sub_criterion: String } = Error "criterion_unknown",
            "看不出子项 {sub_criterion} 属于哪个评分项；请用 A1、B2 这样的编号。",
            "It cannot be told to which criterion sub-criterion {sub_criterion} belongs; number it like A1 or B2.";
        OtherBlock { sub_criterion: String, block: String } = Warning "sub_criterion_in_other_block",
            "子项 {sub_criterion} 写在评分项 {block} 的表头下面；按编号的字母归类。",
            "Sub-criterion {sub_criterion} stands below the heading of criterion {block}; its letter was followed.";
        SubCriterionEmpty { sub_criterion: String } = Warning "sub_criterion_empty",
            "子项 {sub_criterion} 没有评分点。",
            "Sub-criterion {sub_criterion} has no aspects.";
        CriterionEmpty { criterion: String } = Warning "criterion_empty",
            "评分项 {criterion} 没有评分点。",
            "Criterion {criterion} has no aspects.";
        DayUnreadable { text: String } = Error "day_unreadable",
            "评分日“{text}”无法识别；请写 1、2 或 C1、C2。",
            "The day of marking \"{text}\" is not understood; write 1, 2 or C1, C2.";
        DayDiffers { sub_criterion: String, day: u32, other: u32 } = Warning "day_differs",
            "子项 {sub_criterion} 的评分日是 {day}，这一行写的是 {other}；一个子项只有一天，采用 {day}。",
            "Sub-criterion {sub_criterion} is marked on day {day} and this row says {other}; a sub-criterion has one day, {day} was kept.";
        AspectBeforeCriterion = Error "aspect_before_sub_criterion",
            "评分点前面没有子项；请在它上方添加子项行（如 A1）。",
            "This aspect stands before any sub-criterion; add a sub-criterion row (such as A1) above it.";
        TypeUnknown { text: String } = Error "unknown_type",
            "评分点类型“{text}”无法识别；测量写 M，评判写 J。",
            "Aspect type \"{text}\" is not known; write M for measurement, J for judgement.";
        TypeMissing = Error "type_missing",
            "这一行有满分而没有类型；测量写 M，评判写 J。",
            "This row has a maximum and no type; write M for measurement, J for judgement.";
        TypeBefore2016 { text: String, read_as: String } = Warning "type_before_2016",
            "类型“{text}”是 2016 年以前的写法；按 {read_as} 读取，请改写。",
            "Type \"{text}\" is the spelling from before 2016; it was read as {read_as}, write that.";
        TypeLookalike { text: String, read_as: String } = Warning "type_lookalike",
            "类型“{text}”用的不是拉丁字母；按 {read_as} 读取，请改写。",
            "Type \"{text}\" is not written in Latin letters; it was read as {read_as}, write that.";
        MaxMissing = Error "max_missing",
            "评分点没有满分；请填写。",
            "This aspect has no maximum mark; give one.";
        DecimalComma { text: String, meant: String } = Error "decimal_comma",
            "“{text}”用逗号作小数点；请改写为 {meant}。",
            "\"{text}\" has a decimal comma; write {meant}.";
        FullWidth { text: String, meant: String } = Error "full_width_digits",
            "“{text}”是全角字符；请改写为 {meant}。",
            "\"{text}\" has full-width digits; write {meant}.";
        TooFine { text: String } = Error "number_too_fine",
            "“{text}”的小数位太多；分数最多两位小数。",
            "\"{text}\" has too many decimals; a mark has at most two.";
        TooLarge { text: String } = Error "number_too_large",
            "“{text}”太大。",
            "\"{text}\" is too large.";
        NotANumber { text: String } = Error "not_a_number",
            "“{text}”不是数字；请写如 0.50 的数字。",
            "\"{text}\" is not a number; write it like 0.50.";
        RungExtra { score: String } = Warning "rung_extra",
            "多出的评判分档（{score}）没有读取；每个评分点只保留最先出现的 0、1、2、3。",
            "A surplus rung ({score}) was not read; an aspect keeps its first 0, 1, 2 and 3.";
        RungUnreadable { text: String } = Error "rung_unreadable",
            "评判分档“{text}”无法识别；请写 0、1、2 或 3。",
            "Judgement score \"{text}\" is not understood; write 0, 1, 2 or 3.";
        RungWithoutAspect = Error "rung_without_aspect",
            "评判分档前面没有评分点；请把它移到所属的评分点下面。",
            "This rung stands below no aspect; move it below the aspect it belongs to.";
        RungOfMeasurement = Warning "rung_of_measurement",
            "测量评分点没有评判分档；这一行没有读取。若应为评判，请把类型改为 J。",
            "A measurement has no rungs; this row was not read. If it is judgement, set its type to J.";
        RowNotRead { text: String } = Warning "row_not_read",
            "这一行的内容“{text}”不属于任何评分点，没有读取。",
            "The text \"{text}\" in this row belongs to no aspect and was not read.";
        SummaryDisagrees { what: String, stated: String, computed: Mark } = Warning "summary_disagrees",
            "{what} 写的是 {stated}，按评分点计算是 {computed}；采用计算值。",
            "{what} is stated as {stated} and its aspects sum to {computed}; the sum counts.";
        CalculationUnknown { name: String, kind: String } = Error "unknown_calculation",
            "工作表 Calculations 中“{name}”的计算类型“{kind}”不受支持。",
            "Calculation \"{name}\" in the sheet Calculations has the type \"{kind}\", which is not known.";
        CalculationUnnamed = Error "calculation_unnamed",
            "工作表 Calculations 的这一行没有名称；请在第一列填写。",
            "This row of the sheet Calculations has no name; give one in its first column.";
        CalculationRepeated { name: String } = Error "repeated_calculation",
            "工作表 Calculations 中有两个“{name}”；名称须不同。",
            "The sheet Calculations has \"{name}\" twice; each needs its own name.";
        ParameterUnreadable { name: String, parameter: String } = Error "unreadable_parameter",
            "工作表 Calculations 中“{name}”的参数“{parameter}”无法读取；应写成 KEY:::VALUE#x~x#TEXT。",
            "Parameter \"{parameter}\" of calculation \"{name}\" in the sheet Calculations cannot be read; it should look like KEY:::VALUE#x~x#TEXT.";
        ParameterMissing { name: String, key: String } = Error "missing_parameter",
            "工作表 Calculations 中“{name}”缺少参数 {key}。",
            "Calculation \"{name}\" in the sheet Calculations lacks the parameter {key}.";
        ParameterUnknown { name: String, key: String } = Warning "unknown_parameter",
            "工作表 Calculations 中“{name}”有未知参数 {key}，没有采用。",
            "Calculation \"{name}\" in the sheet Calculations has the unknown parameter {key}, which was not used.";
        CalculationNotFound { text: String } = Error "calculation_not_found",
            "工作表 Calculations 中没有“{text}”。",
            "The sheet Calculations has no \"{text}\".";
        CalculationOfJudgement { text: String } = Warning "calculation_of_judgement",
            "评判评分点不用计算；“{text}”没有采用。",
            "A judgement aspect has no calculation; \"{text}\" was not used.";
        CalculationByName { name: String } = Warning "calculation_by_name",
            "评分点没有写计算行，而计算“{name}”与它同名；已采用，请核对。",
            "This aspect names no calculation and calculation \"{name}\" bears its id; it was used, have a look.";
        CalculationMisfit { name: String, deduction: Decimal, max: Mark } = Warning "calculation_misfit",
            "工作表 Calculations 中“{name}”最多扣 {deduction}，而同名评分点的满分是 {max}，看来属于另一份评分表；没有采用。",
            "Calculation \"{name}\" in the sheet Calculations takes off up to {deduction} and the aspect of that id gives {max}: it seems left over from another scheme and was not used.";
        CalculationUnused { name: String } = Warning "calculation_unused",
            "工作表 Calculations 中的“{name}”没有评分点使用。",
            "No aspect uses the calculation \"{name}\" of the sheet Calculations.";
        PanelNotInCis { id: String } = Error "panel_not_in_cis",
            "评分点 {id} 是多裁判打分；CIS 表没有这种类型，请改为测量或评判。",
            "Aspect {id} is a panel aspect, which a CIS workbook cannot hold; make it measurement or judgement.";
        DirectNotInCis { id: String } = Error "direct_not_in_cis",
            "评分点 {id} 直接录入分数；CIS 表没有这种计算，请改用差值计算。",
            "Aspect {id} takes its mark directly, which a CIS workbook cannot hold; use a difference calculation instead.";
        PartNotInCis { part: String } = Error "part_not_in_cis",
            "评分标准有加权部分“{part}”；CIS 表没有加权部分，请按部分分别导出。",
            "The scheme has the weighted part \"{part}\", which a CIS workbook cannot hold; export each part by itself.";
        NotKept { what: String } = Error "not_kept_by_cis",
            "{what} 写进 CIS 表后读回来会不一样，因此没有写出；请换用较简单的编号或文字。",
            "{what} would not come back unchanged from a CIS workbook, so none was written; use a plainer id or text.";
    }
}

/// No `From`, as a second one would leave `?` to guess in closures.
fn unfit(unfit: Unfit) -> CisFinding {
    match unfit {
        Unfit::Empty => CisFinding::FileEmpty,
        Unfit::TooLarge { limit } => CisFinding::FileTooLarge { limit },
        Unfit::NotAWorkbook => CisFinding::NotAWorkbook,
        Unfit::OldWorkbook => CisFinding::OldWorkbook,
        Unfit::Encrypted => CisFinding::EncryptedWorkbook,
        Unfit::ZipWithoutWorkbook => CisFinding::ZipWithoutWorkbook,
        Unfit::Broken { detail } => CisFinding::BrokenWorkbook { detail },
    }
}

/// What WorldSkills asks of a scheme. The total is no error here but the warning
/// `total_not_hundred`, as qualifiers and single modules are real schemes too.
fn worldskills_rules() -> SchemeRules {
    let rules = domain::rules::preset("worldskills-2019").map(|preset| preset.scheme);
    SchemeRules { total: None, ..rules.unwrap_or_default() }
}
