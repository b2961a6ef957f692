//! Lists as people keep them in a spreadsheet: which row is the header, which column is what, each row read with
//! findings by row and column, and the workbooks that go out. What a kind of list consists of is its [`Column`].

mod fold;
mod out;
mod propose;
mod rows;
mod skills;
mod workbook;

use std::fmt::Debug;
use std::hash::Hash;

use domain::finding::{Finding, Language, Spoken};
use domain::findings;

pub use fold::name;
pub(super) use fold::{fold, half_width};
pub use out::{Format, written};
pub use propose::{Proposal, propose};
pub use rows::{Row, Rows};
pub use skills::{SkillNames, Skills};
pub use workbook::{Choice, Filling, Template, error_workbook, template};

/// The longest of the short texts: a name, a group, a level.
pub const SHORT_TEXT_MAX: usize = 64;
/// The longest name of an organisation, a delegation or a team.
pub const LONG_TEXT_MAX: usize = 200;

findings! {
    /// What can be wrong with a list of any kind. The codes are older than other lists than rosters.
    pub enum ListFinding {
        HeaderMissing { column: Spoken } = Error "roster_header_missing",
            "前 10 行里没有找到表头；请加一行列标题，至少有“{column:#}”。",
            "No header was found in the first 10 rows; add a row of column titles with at least \"{column}\".";
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
    }
}

/// What a column of a kind of list may be.
pub trait Column: Copy + Debug + Eq + Hash + Send + Sync + 'static {
    /// All of them, in the order of the template.
    const ALL: &'static [Self];
    /// The one whose title makes a row a header by itself.
    const MAIN: Self;
    /// The one whose cell tells an example.
    const EXAMPLE: Self;

    /// As programs write it.
    fn as_str(self) -> &'static str;

    /// As people read it.
    fn title(self, language: Language) -> &'static str;

    /// What people call it, as `fold_title` leaves that.
    fn known_titles(self) -> &'static [&'static str];

    /// What [`Self::as_str`] gave.
    #[must_use]
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.as_str() == text)
    }

    /// The title in both languages.
    fn spoken(self) -> Spoken {
        Spoken::new(self.title(Language::Chinese), self.title(Language::English))
    }
}

/// What a list says, checked; `E` is a good row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<E> {
    /// The good rows, in the file's order.
    pub entries: Vec<E>,
    /// Everything wrong or doubtful, by row.
    pub findings: Vec<Finding>,
    /// How many rows there are with something in them.
    pub rows: usize,
    /// How many of them have an error.
    pub bad_rows: usize,
    /// How many entries each skill would get, for those that get any.
    pub per_skill: Vec<(usize, usize)>,
}

impl<E> Default for Checked<E> {
    fn default() -> Self {
        Self { entries: Vec::new(), findings: Vec::new(), rows: 0, bad_rows: 0, per_skill: Vec::new() }
    }
}
