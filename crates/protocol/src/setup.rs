//! Setting a competition up: what it is, its skills, and what each of them lacks yet.

use domain::id::{CompetitorCode, JudgeCode};
use domain::number::Mark;
use serde::{Deserialize, Serialize};

use crate::bulk::BulkDone;
use crate::list::Part;
use crate::view::{CompetitionRef, SkillRef, Text};

/// A new competition without skills, or what it is from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct About {
    /// Its name.
    pub name: String,
    /// In English; empty where the name stands for both.
    #[serde(default)]
    pub name_en: String,
    /// `2026`, `第三届`
    #[serde(default)]
    pub edition: String,
    /// `enterprise`, `county`, `city`, `province`, `nation` or `world`
    pub tier: String,
    /// Who holds it.
    #[serde(default)]
    pub host: String,
    /// Its first day, `2026-05-09`; empty where it is not known yet.
    #[serde(default)]
    pub from: String,
    /// Its last day.
    #[serde(default)]
    pub until: String,
    /// Where it is held.
    #[serde(default)]
    pub venue: String,
    /// The rule set of skills that are added.
    pub rule_set: String,
    /// The circuit that it stands in, by its id; empty for none.
    #[serde(default)]
    pub circuit: String,
    /// Whose it becomes: an organisation's id; empty for the one that whoever makes it acts for.
    #[serde(default)]
    pub organisation: String,
    /// The form's own id, a UUID, which becomes the competition's: sent twice, it makes one.
    #[serde(default)]
    pub form: String,
    /// The template that it begins with, by its id, whose rules it takes; empty for none.
    #[serde(default)]
    pub template: String,
    /// What it was like when the form was shown, so that nobody's change is written over unseen.
    #[serde(default)]
    pub seen: String,
}

/// The form that offers a competition as a template, or takes that back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// `yes`, or empty.
    pub offered: String,
}

/// Skills to be added, a line each: number, name, and behind commas or tabs the English name and the
/// occupation's code, where they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewSkills {
    /// The lines.
    pub skills: String,
}

/// What a skill is, and where and when it is held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SkillAbout {
    /// Its number in the competition.
    pub number: String,
    /// Its name.
    pub name: String,
    /// In English; empty where the name stands for both.
    #[serde(default)]
    pub name_en: String,
    /// The occupation, by its code in the national classification or its name there; empty where it has none.
    #[serde(default)]
    pub occupation: String,
    /// Where it is held; empty where it is held at the competition's place.
    #[serde(default)]
    pub venue: String,
    /// Its first day; empty where it has all of the competition's.
    #[serde(default)]
    pub from: String,
    /// Its last day.
    #[serde(default)]
    pub until: String,
    /// What it was like when the form was shown, so that nobody's change is written over unseen.
    #[serde(default)]
    pub seen: String,
}

/// The form that removes a skill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removing {
    /// Whether a scheme is known to go with it: `yes`, or empty.
    #[serde(default)]
    pub scheme: String,
}

/// Published lists, and the skills of templates, from which skills are chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picking {
    /// For which competition.
    pub competition: CompetitionRef,
    /// The lines of the page.
    pub part: Part<PickLine>,
    /// How many skills the competition has.
    pub skills: usize,
}

/// A line of a published list, or a skill of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PickLine {
    /// Which list: `occupations`, `worldskills` or `templates`.
    pub list: &'static str,
    /// Its code, which no other list has.
    pub code: String,
    /// What it is called.
    pub name: Text,
    /// The code as it is published, or its number in the template.
    pub number: String,
    /// The template that it is of.
    pub of: Option<Text>,
    /// Whether it is a skill of the competition already.
    pub is_there: bool,
}

/// Judges to be added, a line each: name, and behind a comma or tab their organisation. Where a skill has no
/// chief judge yet, the first becomes one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JudgeLines {
    /// The lines.
    pub judges: String,
}

/// Of what kind a judge's interest in a competitor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InterestKind {
    /// 近亲
    Kin,
    /// 师徒
    Apprentice,
    /// 同单位
    Employer,
    /// Another.
    Other,
}

/// The form that declares an interest, or takes one back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewInterest {
    /// The judge's code.
    pub judge: String,
    /// The competitor's number, or a name that only one of them has.
    pub competitor: String,
    /// Of what kind; with taking back nothing.
    #[serde(default)]
    pub kind: Option<InterestKind>,
}

/// Judges of a skill who have an interest in somebody who competes, declared or found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interests {
    /// The skill.
    pub skill: SkillRef,
    /// The competition's id.
    pub competition: String,
    /// Who marks: code and name.
    pub judges: Vec<(JudgeCode, String)>,
    /// Who competes: number, or team, and name.
    pub competitors: Vec<(CompetitorCode, String)>,
    /// Those that were declared.
    pub declared: Vec<Interest>,
    /// Those who come from the same place.
    pub found: Vec<Interest>,
    /// How many more of those there are than are told.
    pub more_found: usize,
    /// Whether the rules bar those as well.
    pub bars_compatriots: bool,
    /// Whether codes are sealed, so that nobody is barred.
    pub is_sealed: bool,
    /// Whether it is too late: the skill is open.
    pub is_open: bool,
}

/// A judge and a competitor who should not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interest {
    /// The judge: code and name.
    pub judge: (JudgeCode, String),
    /// The competitor: number, or team, and name.
    pub competitor: (CompetitorCode, String),
    /// Of what kind; none where it was found.
    pub kind: Option<InterestKind>,
    /// The place that both come from, where it was found.
    pub place: String,
}

/// Whether a judge sits on the panel of a sub-criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sits {
    /// They do not.
    #[default]
    No,
    /// Their marks count.
    Counts,
    /// They do, as a trainee whose marks do not count.
    Trainee,
}

/// A judge, as panels are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelJudge {
    /// Their code.
    pub code: JudgeCode,
    /// Their name.
    pub name: String,
    /// Whether they lead the skill.
    pub is_chief: bool,
    /// Whose work they may not mark: number, or team, and name.
    pub barred: Vec<(CompetitorCode, String)>,
}

/// A sub-criterion, as panels are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelRow {
    /// `A1`
    pub sub_criterion: String,
    /// What it looks at.
    pub name: String,
    /// The day of marking.
    pub day: u32,
    /// How many aspects it has.
    pub aspects: usize,
    /// Who sits, in the order of the judges.
    pub sits: Vec<Sits>,
}

/// Who marks which sub-criterion of a skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panels {
    /// The skill.
    pub skill: SkillRef,
    /// The competition's id.
    pub competition: String,
    /// Whether it is too late: the skill is open.
    pub is_open: bool,
    /// Whether they are set one by one; otherwise every judge marks everything.
    pub is_own: bool,
    /// Whether codes are sealed, so that nobody is barred.
    pub is_sealed: bool,
    /// The judges.
    pub judges: Vec<PanelJudge>,
    /// The sub-criteria, in the scheme's order.
    pub rows: Vec<PanelRow>,
    /// What is found in them: whether it keeps the skill from opening, and what, in both languages.
    pub found: Vec<(bool, Text)>,
    /// What they were like, so that nobody's change is written over unseen.
    pub seen: String,
}

/// The list of a skill's competitors, without them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillList {
    /// The skill.
    pub skill: SkillRef,
    /// The competition's id.
    pub competition: String,
    /// Whether nobody can be changed any more: the skill is open, or drawn.
    pub is_fixed: bool,
}

/// Who competes in a skill, one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competitors {
    /// Whose list it is.
    pub of: SkillList,
    /// Those of the page.
    pub part: Part<(CompetitorCode, CompetitorForm)>,
    /// Every delegation of the list, in order.
    pub delegations: Vec<String>,
    /// Every group of the list, in order.
    pub groups: Vec<String>,
    /// The last bulk change, where it can still be undone.
    pub undo: Option<BulkDone>,
}

/// One who competes, as a form says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompetitorForm {
    /// Their name.
    pub name: String,
    /// Their school or enterprise.
    #[serde(default)]
    pub organisation: String,
    /// Whom they compete for.
    #[serde(default)]
    pub delegation: String,
    /// The group they are ranked in.
    #[serde(default)]
    pub group: String,
    /// What they were like when the form was shown, so that nobody's change is written over unseen.
    #[serde(default)]
    pub seen: String,
}

/// The form that names one of a skill, to be taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneOf {
    /// Their number, or a judge's code.
    pub code: String,
}

/// Where something that is missing is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Mending {
    /// The marking scheme.
    Scheme,
    /// Who competes.
    Roster,
    /// Who marks.
    Judges,
    /// Who marks what.
    Panels,
    /// The draw, and its layers of codes.
    Draw,
}

/// Something without which a skill cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Missing {
    /// What, in both languages.
    pub what: Text,
    /// Where it is mended.
    pub at: Mending,
}

/// A list that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// The file's name.
    pub file_name: String,
    /// How many people it brought.
    pub entries: i64,
    /// How many rows were left out.
    pub left_out: i64,
    /// Who took it in, by name.
    pub by: String,
    /// When, in milliseconds since 1970 UTC.
    pub made_at: i64,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

/// A skill, as a list of competitors or judges is taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RosterSkill {
    /// Which.
    pub skill: SkillRef,
    /// How many of them it has.
    pub people: usize,
    /// Whether they are fixed.
    pub is_open: bool,
}

/// Who competes in a competition, or judges there, in figures, and the lists that it came by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Roster {
    /// As what they are there.
    pub who: Who,
    /// Which.
    pub competition: CompetitionRef,
    /// Its skills.
    pub skills: Vec<RosterSkill>,
    /// The lists, the newest first.
    pub batches: Vec<Batch>,
}

/// A column of a list that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListColumn {
    /// Its title, as it was sent.
    pub title: String,
    /// What it is taken for; empty where it is left out.
    pub meaning: String,
    /// What stands in the first row.
    pub example: String,
}

/// A row that is left out, or worth a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BadCell {
    /// Whether the row is left out.
    pub is_error: bool,
    /// The row, as the spreadsheet shows it; none for the whole.
    pub row: Option<u64>,
    /// The column's title.
    pub column: String,
    /// What is wrong and what to do, in the reader's language.
    pub what: String,
}

/// A row that is left out, to be mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BadRow {
    /// The row, as the spreadsheet shows it.
    pub row: u64,
    /// The cells of the columns that mean something, in their order.
    pub cells: Vec<BadRowCell>,
    /// What is wrong, by column, in the reader's language.
    pub what: Vec<String>,
}

/// A cell of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BadRowCell {
    /// The column, from 0.
    pub column: usize,
    /// What stands there; empty where it is a number that nothing is wrong with.
    pub text: String,
    /// Such a number, masked.
    pub masked: Option<String>,
    /// Whether it is what is wrong.
    pub is_wrong: bool,
}

/// As what people are in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Who {
    /// They compete.
    Competitors,
    /// They judge.
    Judges,
}

/// What a list is of, and whose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ListOf {
    /// People of a competition.
    People {
        /// As what.
        who: Who,
        /// Of which.
        competition: CompetitionRef,
    },
    /// The marks of an aspect.
    Marks {
        /// Of which skill.
        skill: SkillRef,
        /// Which aspect; empty where none is chosen.
        aspect: String,
    },
}

/// An aspect whose marks can be taken in from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkAspect {
    /// `A1.01`
    pub id: String,
    /// What it looks at.
    pub description: String,
    /// The most it gives.
    pub max: Mark,
    /// How many have a mark.
    pub marked: usize,
    /// Of how many.
    pub of: usize,
}

/// What marks of a skill can be taken in, and the lists that were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarksHome {
    /// Of which skill, and the aspect that is chosen.
    pub of: ListOf,
    /// The competition's id.
    pub competition: String,
    /// Whether the skill is being marked.
    pub is_open: bool,
    /// Whether it is not opened yet.
    pub is_before: bool,
    /// The aspects whose marks can be taken in.
    pub aspects: Vec<MarkAspect>,
    /// The lists, the newest first.
    pub batches: Vec<Batch>,
}

/// What taking a list in would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DryRun {
    /// The list that waits.
    pub id: String,
    /// What it is of.
    pub of: ListOf,
    /// The file's name.
    pub file_name: String,
    /// Its columns.
    pub columns: Vec<ListColumn>,
    /// What a column may be taken for: its word, and its name in the reader's language.
    pub meanings: Vec<(String, String)>,
    /// How many rows hold something.
    pub rows: usize,
    /// How many would be taken in.
    pub entries: usize,
    /// How many rows would be left out.
    pub bad_rows: usize,
    /// How many would come to each skill that gets some.
    pub per_skill: Vec<(SkillRef, usize)>,
    /// What was found, in the order of the rows; of very many the first.
    pub found: Vec<BadCell>,
    /// How many were found in all.
    pub found_in_all: usize,
    /// The rows that are left out; of very many the first.
    pub mend: Vec<BadRow>,
    /// What of it would be taken in, as a digest: where it is another when it is confirmed, it is shown again.
    pub digest: String,
}
