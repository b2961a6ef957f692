//! A rule set as the fields of a form, and back: each field stands at the path by which findings name its
//! clause, `prizes[2].take`, and holds a text.
//!
//! What it reads is checked as a rule set from a file is ([`super::check`]); its own findings are of texts that
//! are no value of their field.

mod fields;
mod read;
mod words;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Place};
use crate::findings;

use super::RuleSet;

pub use fields::{CLAUSES, Clause, Field, Kind};

/// The most rows that a list of clauses has in a form.
pub const ROWS_MAX: usize = 40;

findings! {
    /// What can be wrong with what stands in a field.
    pub enum FormFinding {
        Missing = Error "rule_field_missing",
            "这里还空着；请填写。",
            "Nothing stands here; fill it in.";
        NotWhole { text: String } = Error "rule_field_not_whole",
            "“{text}”不是这里能用的整数；请只写数字，例如 3。",
            "\"{text}\" is no whole number that fits here; write digits only, such as 3.";
        NotMark { text: String } = Error "rule_field_not_mark",
            "“{text}”不是分值；请写成 2 或 2.50 这样，最多两位小数。",
            "\"{text}\" is no mark; write it like 2 or 2.50, with two decimals at the most.";
        NotNumber { text: String } = Error "rule_field_not_number",
            "“{text}”不是数；请写成 50 或 33.3 这样，最多六位小数。",
            "\"{text}\" is no number; write it like 50 or 33.3, with six decimals at the most.";
        NoChoice { text: String } = Error "rule_field_no_choice",
            "“{text}”不在列表里；请从列表里选。",
            "\"{text}\" is not in the list; choose one of it.";
        SourceOfAnother = Warning "rule_source_of_another",
            "这一条已经改了，依据写的还是原来的；请写明改动的依据，例如本次大赛技术文件第几条。",
            "This clause was changed, and its source is still that of the rules it began from; write where the change comes from, such as a clause of your own technical document.";
    }
}

/// What stands in the form of a rule set. Of lists the rows are numbered from 1 without gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleForm {
    values: BTreeMap<String, String>,
}

impl RuleForm {
    /// The form of a rule set.
    #[must_use]
    pub fn of(rules: &RuleSet) -> Self {
        write::write(rules)
    }

    /// The form that was sent: names and what was typed. What is no field of a rule set is left out, and of a
    /// list what stands behind its [`ROWS_MAX`]th row.
    #[must_use]
    pub fn sent<'a>(typed: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = Self::default();
        let mut rows: BTreeMap<(&str, u32), Vec<(&str, &str)>> = BTreeMap::new();
        for (path, text) in typed {
            match fields::row_of(path) {
                Some((list, row, name)) => rows.entry((list, row)).or_default().push((name, text)),
                None if fields::find(path).is_some() => form.put(path, text),
                None => {}
            }
        }
        for ((list, _), values) in rows {
            let row = form.rows(list) + 1;
            if row <= ROWS_MAX {
                for (name, text) in values {
                    form.put(&format!("{list}[{row}].{name}"), text);
                }
            }
        }
        form
    }

    /// The rule set that it says, under this id and version.
    ///
    /// # Errors
    /// Every finding of severity *error*, at the field that it is about.
    pub fn read(&self, id: &str, version: u32) -> Result<RuleSet, Vec<Finding>> {
        read::read(self, id, version)
    }

    /// What stands in a field; nothing where there is no such field.
    #[must_use]
    pub fn get(&self, path: &str) -> &str {
        self.values.get(path).map(String::as_str).unwrap_or_default()
    }

    /// How many rows a list has.
    #[must_use]
    pub fn rows(&self, list: &str) -> usize {
        let rows = self.values.keys().filter_map(|path| fields::row_of(path));
        rows.filter(|(known, ..)| *known == list).map(|(_, row, _)| row).collect::<BTreeSet<_>>().len()
    }

    /// Adds an empty row to a list, where there is room.
    pub fn add_row(&mut self, list: &str) {
        let row = self.rows(list) + 1;
        let Some(clause) = fields::list_of(list).filter(|_| row <= ROWS_MAX) else { return };
        for field in clause.fields {
            let first = field.choices().first().copied().unwrap_or_default();
            self.put(&format!("{list}[{row}].{}", field.name), first);
        }
    }

    /// Takes a row out of a list; those behind it move up.
    pub fn remove_row(&mut self, list: &str, row: usize) {
        let rows = self.rows(list);
        for at in row..rows {
            self.exchange(list, at, at + 1);
        }
        if (1..=rows).contains(&row) {
            self.clear_row(list, rows);
        }
    }

    /// Lets a row of a list change places with the one before it.
    pub fn raise_row(&mut self, list: &str, row: usize) {
        if (2..=self.rows(list)).contains(&row) {
            self.exchange(list, row - 1, row);
        }
    }

    /// Puts back what another form has in a field, or in all rows of a list.
    pub fn put_back(&mut self, path: &str, from: &Self) {
        if fields::list_of(path).is_some() {
            for row in (1..=self.rows(path)).rev() {
                self.clear_row(path, row);
            }
            let of_list = |known: &str| fields::row_of(known).is_some_and(|(list, ..)| list == path);
            let rows = from.values.iter().filter(|(known, _)| of_list(known));
            self.values.extend(rows.map(|(known, text)| (known.clone(), text.clone())));
        } else if fields::find(path).is_some() {
            self.put(path, from.get(path));
        }
    }

    /// The fields that hold something else than another form's, and the lists that have other rows, in the order
    /// in which a form shows them.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<String> {
        let mut differing = Vec::new();
        for clause in CLAUSES {
            if clause.is_list {
                let rows = self.rows(clause.path).max(other.rows(clause.path));
                let is_same = (1..=rows).all(|row| self.is_same_row(clause, row, other, row));
                if !is_same || self.rows(clause.path) != other.rows(clause.path) {
                    differing.push(clause.path.to_owned());
                }
                continue;
            }
            let paths = clause.fields.iter().map(|field| clause.path_of(field));
            differing.extend(paths.filter(|path| self.get(path).trim() != other.get(path).trim()));
        }
        differing
    }

    /// Clauses that were changed while their source is the one that they began with.
    #[must_use]
    pub fn stale_sources(&self, began: &Self) -> Vec<Finding> {
        let mut stale = Vec::new();
        let differs = self.differing(began);
        for clause in CLAUSES.iter().filter(|clause| clause.has_source()) {
            if !clause.is_list {
                let source = format!("{}.source", clause.path);
                let is_changed = clause.fields.iter().any(|field| differs.contains(&clause.path_of(field)));
                // What was there and is taken out needs no source any more.
                let is_there = !self.get(&source).trim().is_empty();
                if is_changed && is_there && !differs.contains(&source) {
                    stale.push(source);
                }
                continue;
            }
            for row in 1..=self.rows(clause.path) {
                let source = self.get(&format!("{}[{row}].source", clause.path)).trim();
                let earlier = 1..=began.rows(clause.path);
                let is_earlier = earlier.clone().any(|at| self.is_same_row(clause, row, began, at));
                let is_theirs =
                    earlier.clone().any(|at| began.get(&format!("{}[{at}].source", clause.path)) == source);
                if !is_earlier && is_theirs && !source.is_empty() {
                    stale.push(format!("{}[{row}].source", clause.path));
                }
            }
        }
        stale.into_iter().map(|path| FormFinding::SourceOfAnother.at(Place::default().column(path))).collect()
    }

    fn put(&mut self, path: &str, text: &str) {
        self.values.insert(path.to_owned(), text.to_owned());
    }

    fn clear_row(&mut self, list: &str, row: usize) {
        self.values.retain(|path, _| {
            fields::row_of(path).is_none_or(|(known, at, _)| known != list || usize::try_from(at) != Ok(row))
        });
    }

    fn exchange(&mut self, list: &str, one: usize, other: usize) {
        let Some(clause) = fields::list_of(list) else { return };
        for field in clause.fields {
            let [one, other] = [one, other].map(|row| format!("{list}[{row}].{}", field.name));
            let (first, second) = (self.get(&one).to_owned(), self.get(&other).to_owned());
            self.put(&one, &second);
            self.put(&other, &first);
        }
    }

    fn is_same_row(&self, clause: &Clause, row: usize, other: &Self, at: usize) -> bool {
        clause.fields.iter().all(|field| {
            let own = format!("{}[{row}].{}", clause.path, field.name);
            let theirs = format!("{}[{at}].{}", clause.path, field.name);
            self.get(&own).trim() == other.get(&theirs).trim()
        })
    }
}

/// The field at which what is said of a clause is shown: findings name some clauses as a whole.
#[must_use]
pub fn field_of(column: &str) -> String {
    match column {
        "scheme.criteria" => "scheme.criteria.least".to_owned(),
        "medals" => "medals.rule".to_owned(),
        _ if column.starts_with("ranking.chain[") && column.ends_with(']') => format!("{column}.key"),
        _ => column.to_owned(),
    }
}

#[cfg(test)]
mod tests;
