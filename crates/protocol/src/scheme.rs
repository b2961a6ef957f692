//! A marking scheme as its authors edit it: every cell as text, as it was typed, so that what cannot be read
//! yet is lost nowhere; what was found in it; its versions, and what differs between two of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::view::{SkillRef, Text};

/// A scheme as text.
///
/// As a form it is a list of names and values in the order of the page: `c` begins a criterion, `s` a
/// sub-criterion of it, `a` an aspect of that, `n` a standards section and `p` a weighted part, each with its id;
/// what follows belongs to it. So a row that is moved in the page is moved in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeForm {
    /// What the scheme was like when the form was shown, so that nobody's change is written over unseen.
    pub seen: String,
    /// The criteria, in order.
    pub criteria: Vec<CriterionForm>,
    /// The standards sections.
    pub sections: Vec<SectionForm>,
    /// The weighted parts.
    pub parts: Vec<PartForm>,
}

/// A criterion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionForm {
    /// `A`
    pub id: String,
    /// What it looks at.
    pub name: String,
    /// Its sub-criteria.
    pub subs: Vec<SubForm>,
}

/// A sub-criterion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubForm {
    /// `A1`
    pub id: String,
    /// What it looks at.
    pub name: String,
    /// The day of marking.
    pub day: String,
    /// Its aspects.
    pub aspects: Vec<AspectForm>,
}

/// An aspect: its id, and its other cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AspectForm {
    /// Unique in the skill.
    pub id: String,
    /// What stands in it; nothing where it is empty.
    pub cells: BTreeMap<Cell, String>,
}

/// A standards section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionForm {
    /// Its number.
    pub id: String,
    /// What it covers.
    pub name: String,
    /// The marks that the standard gives it.
    pub target: String,
}

/// A weighted part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartForm {
    /// `theory`
    pub id: String,
    /// What people call it.
    pub name: String,
    /// In percent.
    pub weight: String,
    /// The least that passes, out of 100; empty where there is none.
    pub pass_mark: String,
}

macro_rules! cells {
    ($($(#[$meta:meta])* $name:ident = $word:literal,)*) => {
        /// A cell of an aspect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Cell {
            $($(#[$meta])* #[serde(rename = $word)] $name,)*
        }

        impl Cell {
            /// Every cell, in the order in which they are told.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// As forms name it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

cells! {
    /// How it is marked: a [`Kind`].
    Kind = "kind",
    /// What is looked at.
    Description = "description",
    /// The most it can give.
    Max = "max",
    /// The standards section it serves.
    Section = "section",
    /// The weighted part it belongs to.
    Part = "part",
    /// A measurement's benchmark.
    Requirement = "requirement",
    /// Free text for judges.
    Note = "note",
    /// What a measured value is counted in.
    MeasuredIn = "measured_in",
    /// How many there are to complete.
    Possible = "possible",
    /// The labels and their deductions, a line each.
    Choices = "choices",
    /// The value aimed at.
    Target = "target",
    /// The bands, a line each: from, to, deduction.
    Bands = "bands",
    /// The size of a step.
    Per = "per",
    /// What a step is counted in.
    PerUnit = "per_unit",
    /// What is taken off for a step.
    Deduction = "deduction",
    /// What a deduction is counted in.
    Unit = "unit",
    /// The least that a judge may say.
    ScoreMin = "score_min",
    /// The most.
    ScoreMax = "score_max",
    /// The step between.
    ScoreStep = "score_step",
    /// How many of the highest are dropped.
    DropHigh = "drop_high",
    /// How many of the lowest.
    DropLow = "drop_low",
    /// What multiplies the mean.
    Factor = "factor",
    /// What 0 looks like.
    Rung0 = "rung_0",
    /// What 1 looks like.
    Rung1 = "rung_1",
    /// What 2 looks like.
    Rung2 = "rung_2",
    /// What 3 looks like.
    Rung3 = "rung_3",
}

impl Cell {
    /// The four descriptors, from 0 up.
    pub const RUNGS: [Self; 4] = [Self::Rung0, Self::Rung1, Self::Rung2, Self::Rung3];

    /// Reads what [`Cell::name`] writes.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cell| cell.name() == name)
    }
}

/// A scheme that was read from a table and not kept yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeRead {
    /// The file's name.
    pub file_name: String,
    /// What of the table was not used.
    pub notes: Vec<WorkbookNote>,
}

/// How an aspect is marked, as one choice: the type, and of a measurement its calculation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Each judge says 0 to 3.
    Judgement,
    /// The maximum or nothing.
    #[default]
    PassFail,
    /// The value is the mark.
    Direct,
    /// By how many were completed.
    NumberCompleted,
    /// One label of several.
    Choice,
    /// By the band that the deviation lies in.
    Ranged,
    /// By the size of the deviation.
    Difference,
    /// Each judge says a number; extremes are dropped.
    Panel,
}

impl Kind {
    /// Every kind, the common ones first.
    pub const ALL: [Self; 8] = [
        Self::PassFail,
        Self::Judgement,
        Self::Direct,
        Self::NumberCompleted,
        Self::Choice,
        Self::Ranged,
        Self::Difference,
        Self::Panel,
    ];

    /// As forms name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Judgement => "judgement",
            Self::PassFail => "pass_fail",
            Self::Direct => "direct",
            Self::NumberCompleted => "number_completed",
            Self::Choice => "choice",
            Self::Ranged => "ranged",
            Self::Difference => "difference",
            Self::Panel => "panel",
        }
    }

    /// As people call it, in Chinese and in English.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Judgement => ("评判 0–3", "judgement 0–3"),
            Self::PassFail => ("测量：是 / 否", "measured: yes / no"),
            Self::Direct => ("测量：直接给分", "measured: the mark itself"),
            Self::NumberCompleted => ("测量：完成几处", "measured: how many"),
            Self::Choice => ("测量：几选一", "measured: one of several"),
            Self::Ranged => ("测量：公差带", "measured: bands"),
            Self::Difference => ("测量：按偏差扣", "measured: by deviation"),
            Self::Panel => ("打分去极值", "scores, extremes dropped"),
        }
    }

    /// Reads what [`Kind::name`] writes.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The cells that an aspect of this kind has besides those that every aspect has.
    #[must_use]
    pub const fn cells(self) -> &'static [Cell] {
        match self {
            Self::Judgement => &Cell::RUNGS,
            Self::PassFail | Self::Direct => &[],
            Self::NumberCompleted => &[Cell::Possible, Cell::MeasuredIn],
            Self::Choice => &[Cell::Choices, Cell::Unit],
            Self::Ranged => &[Cell::Target, Cell::MeasuredIn, Cell::Bands, Cell::Unit],
            Self::Difference => {
                &[Cell::Target, Cell::MeasuredIn, Cell::Per, Cell::PerUnit, Cell::Deduction, Cell::Unit]
            }
            Self::Panel => &[
                Cell::ScoreMin,
                Cell::ScoreMax,
                Cell::ScoreStep,
                Cell::DropHigh,
                Cell::DropLow,
                Cell::Factor,
            ],
        }
    }
}

impl AspectForm {
    /// A cell's text; empty where there is none.
    #[must_use]
    pub fn get(&self, cell: Cell) -> &str {
        self.cells.get(&cell).map(String::as_str).unwrap_or_default()
    }

    /// Puts a text into a cell; one that is empty is no cell.
    pub fn put(&mut self, cell: Cell, text: impl Into<String>) {
        let text = text.into();
        if text.is_empty() {
            self.cells.remove(&cell);
        } else {
            self.cells.insert(cell, text);
        }
    }

    /// How it is marked; the default where that says nothing known.
    #[must_use]
    pub fn kind(&self) -> Kind {
        Kind::parse(self.get(Cell::Kind)).unwrap_or_default()
    }
}

impl SchemeForm {
    /// Reads a form's names and values, in their order. What belongs to nothing is left out.
    #[must_use]
    pub fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.take(&name, value);
        }
        form
    }

    fn take(&mut self, name: &str, value: String) {
        match name {
            "seen" => self.seen = value,
            "c" => self.criteria.push(CriterionForm { id: value, ..CriterionForm::default() }),
            "n" => self.sections.push(SectionForm { id: value, ..SectionForm::default() }),
            "p" => self.parts.push(PartForm { id: value, ..PartForm::default() }),
            _ => {
                if let Some(place) = self.place_of(name, &value) {
                    *place = value;
                }
            }
        }
    }

    /// Where a value of what was begun last belongs; what begins something itself has no such place.
    fn place_of(&mut self, name: &str, value: &str) -> Option<&mut String> {
        match name {
            "n_name" => return self.sections.last_mut().map(|section| &mut section.name),
            "n_target" => return self.sections.last_mut().map(|section| &mut section.target),
            "p_name" => return self.parts.last_mut().map(|part| &mut part.name),
            "p_weight" => return self.parts.last_mut().map(|part| &mut part.weight),
            "p_pass" => return self.parts.last_mut().map(|part| &mut part.pass_mark),
            _ => {}
        }
        let criterion = self.criteria.last_mut()?;
        match name {
            "c_name" => return Some(&mut criterion.name),
            "s" => {
                criterion.subs.push(SubForm { id: value.to_owned(), ..SubForm::default() });
                return None;
            }
            _ => {}
        }
        let sub = criterion.subs.last_mut()?;
        match name {
            "s_name" => return Some(&mut sub.name),
            "s_day" => return Some(&mut sub.day),
            "a" => {
                sub.aspects.push(AspectForm { id: value.to_owned(), ..AspectForm::default() });
                return None;
            }
            _ => {}
        }
        let (aspect, cell) = (sub.aspects.last_mut()?, Cell::parse(name)?);
        // A browser ends the lines of a text with two signs.
        aspect.put(cell, value.replace("\r\n", "\n"));
        None
    }

    /// Every sub-criterion, in order.
    pub fn subs(&self) -> impl Iterator<Item = &SubForm> {
        self.criteria.iter().flat_map(|criterion| &criterion.subs)
    }

    /// Every aspect, in order.
    pub fn aspects(&self) -> impl Iterator<Item = &AspectForm> {
        self.subs().flat_map(|sub| &sub.aspects)
    }
}

/// What a row of the editor is, with its place among those of its sort, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowAt {
    /// A criterion.
    Criterion(usize),
    /// A sub-criterion, counted through the whole scheme.
    Sub(usize),
    /// An aspect, counted through the whole scheme.
    Aspect(usize),
    /// A standards section.
    Section(usize),
    /// A weighted part.
    Part(usize),
}

/// Something found in a scheme that is edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeNote {
    /// The row; none where it is said of the whole.
    pub at: Option<RowAt>,
    /// The cell, as the form names it; empty where it is said of the row.
    pub cell: String,
    /// Whether it must be mended before the skill opens; otherwise it is worth a look.
    pub is_error: bool,
    /// Whether it cannot even be kept.
    pub is_unreadable: bool,
    /// What is wrong and what to do, in the reader's language.
    pub what: String,
}

/// What a scheme that is edited comes to: sums as text with two decimals, in the form's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The sum of all aspects.
    pub total: String,
    /// What the rules ask that sum to be.
    pub wanted: Option<String>,
    /// How many aspects there are.
    pub aspects: usize,
    /// Each criterion's sum.
    pub criteria: Vec<String>,
    /// Each sub-criterion's sum.
    pub subs: Vec<String>,
    /// Each section's sum, and how far that is from its target: `+1.50`.
    pub sections: Vec<(String, String)>,
    /// Each part's sum.
    pub parts: Vec<String>,
    /// What was found, in the form's order.
    pub notes: Vec<SchemeNote>,
}

/// A scheme that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeKept {
    /// Its version.
    pub version: i64,
    /// What the next form has to have seen.
    pub seen: String,
}

/// Four descriptors to take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptors {
    /// What they are about; of an aspect that has them already what it looks at.
    pub name: String,
    /// From 0 up.
    pub rungs: [String; 4],
}

/// A skill whose scheme may be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeSource {
    /// The skill.
    pub skill: SkillRef,
    /// How many aspects its scheme has.
    pub aspects: usize,
}

/// Something found in the workbook that a scheme was taken from, which is worth a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkbookNote {
    /// The row, as the spreadsheet shows it.
    pub row: Option<u64>,
    /// The column's letter.
    pub column: Option<String>,
    /// What, in both languages.
    pub what: Text,
}

/// A skill's scheme to be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeEdit {
    /// The skill.
    pub skill: SkillRef,
    /// The competition's id.
    pub competition: String,
    /// Whether nothing can be changed any more: the skill is open.
    pub is_fixed: bool,
    /// How many versions there are.
    pub versions: usize,
    /// What was found in the workbook that it was taken from, where it was not changed since.
    pub of_workbook: Vec<WorkbookNote>,
    /// What is edited.
    pub form: SchemeForm,
    /// What it comes to.
    pub checked: Checked,
    /// Descriptors for every trade, in the reader's language.
    pub library: Vec<Descriptors>,
    /// Those that this competition's schemes use.
    pub used: Vec<Descriptors>,
    /// Other skills of the competition that have a scheme; told while this one has none.
    pub sources: Vec<SchemeSource>,
}

/// How a version came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionHow {
    /// It was there before versions were kept of it: it came with a package, or was made with the competition.
    There,
    /// A workbook was uploaded.
    Uploaded,
    /// It was edited.
    Edited,
    /// An earlier version was taken again.
    Restored,
    /// It was taken from another skill.
    Taken,
}

impl VersionHow {
    /// Every way.
    pub const ALL: [Self; 5] = [Self::There, Self::Uploaded, Self::Edited, Self::Restored, Self::Taken];

    /// As it is kept.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::There => "there",
            Self::Uploaded => "uploaded",
            Self::Edited => "edited",
            Self::Restored => "restored",
            Self::Taken => "taken",
        }
    }
}

/// A version of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeVersion {
    /// Counted from 1.
    pub number: i64,
    /// When it was kept, in milliseconds since 1970 UTC.
    pub made_at: i64,
    /// By whom, by name; empty where nobody is known.
    pub by: String,
    /// How it came to be.
    pub how: VersionHow,
    /// How many aspects it has.
    pub aspects: usize,
    /// What they sum to.
    pub total: String,
    /// Whether it is the one that the skill opened with.
    pub is_pinned: bool,
    /// Whether it is what would be opened with.
    pub is_current: bool,
}

/// Something that differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeChange {
    /// Of what: its id, and what it is.
    pub of: ChangedRow,
    /// Its id.
    pub id: String,
    /// What it looks at, in the later one where it is there.
    pub name: String,
    /// What happened to it.
    pub what: Changed,
}

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedRow {
    /// A criterion.
    Criterion,
    /// A sub-criterion.
    Sub,
    /// An aspect.
    Aspect,
    /// A standards section.
    Section,
    /// A weighted part.
    Part,
}

/// How something was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was added.
    Added,
    /// It was removed.
    Removed,
    /// It stands elsewhere: below what it stood, and below what it stands.
    Moved(String, String),
    /// It stands at another place among its siblings.
    Reordered,
    /// A cell says something else: the cell as forms name it, what it said, what it says.
    Cell(&'static str, String, String),
}

/// A skill's versions, and two of them held together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeVersions {
    /// The skill.
    pub skill: SkillRef,
    /// The competition's id.
    pub competition: String,
    /// Whether nothing can be changed any more.
    pub is_fixed: bool,
    /// The versions, the newest first.
    pub versions: Vec<SchemeVersion>,
    /// Which two are held together: the earlier and the later.
    pub between: Option<(i64, i64)>,
    /// What differs, in the order of the later one.
    pub changes: Vec<SchemeChange>,
    /// What the scheme is now, for the form that takes an earlier one again.
    pub seen: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_is_read_by_its_order() {
        let form = SchemeForm::of_pairs(pairs(&[
            ("max", "1"),
            ("seen", "x"),
            ("c", "A"),
            ("c_name", "Work"),
            ("s", "A1"),
            ("s_day", "2"),
            ("a", "A1.1"),
            ("kind", "choice"),
            ("choices", "good, 0\r\nbad, 1"),
            ("a", "A1.2"),
            ("note", ""),
            ("c", "B"),
            ("a", "lost: no sub-criterion"),
            ("n", "1"),
            ("n_target", "5"),
            ("p", "t"),
            ("p_weight", "30"),
        ]));
        assert_eq!(form.seen, "x");
        assert_eq!((form.criteria.len(), form.criteria[0].name.as_str()), (2, "Work"));
        let sub = &form.criteria[0].subs[0];
        assert_eq!((sub.id.as_str(), sub.day.as_str(), sub.aspects.len()), ("A1", "2", 2));
        assert_eq!(sub.aspects[0].get(Cell::Choices), "good, 0\nbad, 1");
        assert_eq!(sub.aspects[0].kind(), Kind::Choice);
        assert!(sub.aspects[1].cells.is_empty());
        assert_eq!(form.aspects().count(), 2);
        assert_eq!(form.sections[0].target, "5");
        assert_eq!(form.parts[0].weight, "30");
    }

    #[test]
    fn cells_and_kinds_are_read_as_they_are_written() {
        for cell in Cell::ALL {
            assert_eq!(Cell::parse(cell.name()), Some(*cell));
        }
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.name()), Some(kind));
        }
    }
}
