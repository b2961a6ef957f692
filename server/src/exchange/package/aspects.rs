//! `aspects.csv`, `parts.csv` and `sections.csv`: the marking scheme of a package.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::finding::{Finding, Place, Spoken};
use domain::number::{Decimal, Mark};
use domain::scheme::{
    Aspect, Band, Calculation, Choice, Criterion, Method, PanelScoring, Part, Scheme, Section, SubCriterion,
    Unit,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::PackageFinding;
use crate::exchange::Files;
use crate::exchange::files::FileFinding;
use crate::exchange::table::{Row, Shape, Table, TableFinding};

const ASPECTS: Shape = Shape {
    required: &["id", "type", "description", "max"],
    optional: &[
        "criterion",
        "criterion_name",
        "sub_criterion",
        "sub_criterion_name",
        "day",
        "calculation",
        "parameters",
        "measured_in",
        "requirement",
        "note",
        "score_min",
        "score_max",
        "score_step",
        "drop_high",
        "drop_low",
        "factor",
        "rung_0",
        "rung_1",
        "rung_2",
        "rung_3",
        "section",
        "part",
    ],
};
const PARTS: Shape = Shape { required: &["id", "weight"], optional: &["name", "pass_mark"] };
const SECTIONS: Shape = Shape { required: &["id", "target"], optional: &["name"] };

/// Columns that mean something for one type of aspect only.
const PANEL_COLUMNS: [&str; 6] = ["score_min", "score_max", "score_step", "drop_high", "drop_low", "factor"];
const MEASUREMENT_COLUMNS: [&str; 2] = ["calculation", "parameters"];
const RUNG_COLUMNS: [&str; 4] = ["rung_0", "rung_1", "rung_2", "rung_3"];

#[derive(Clone, Copy)]
enum Type {
    Measurement,
    Judgement,
    Panel,
}

/// A scheme as read, with the row of each aspect by id.
pub(super) struct SchemeReading {
    pub(super) scheme: Scheme,
    pub(super) rows: HashMap<String, u64>,
}

/// Reads a skill's scheme. None where `aspects.csv` cannot be used at all.
pub(super) fn read(files: &Files, folder: &str, found: &mut Vec<Finding>) -> Option<SchemeReading> {
    let file = format!("{folder}aspects.csv");
    if files.get(&file).is_none() {
        found.push(FileFinding::FileMissing { file: file.clone() }.at(Place::file(file)));
        return None;
    }
    let table = Table::read(files, &file, &ASPECTS, found)?;
    let mut builder = Builder::default();
    for row in table.rows() {
        builder.add(&row, found);
    }
    builder.check_levels(&file, found);
    let scheme = Scheme {
        criteria: builder.criteria,
        parts: read_parts(files, folder, found),
        sections: read_sections(files, folder, found),
    };
    Some(SchemeReading { scheme, rows: builder.rows })
}

#[derive(Default)]
struct Builder {
    criteria: Vec<Criterion>,
    /// Where each sub-criterion lies: criterion and place in it.
    subs: HashMap<String, (usize, usize)>,
    rows: HashMap<String, u64>,
    /// Aspects whose row names no level: the levels above them are ours, and no circle of theirs.
    unplaced: HashSet<String>,
}

impl Builder {
    fn add(&mut self, row: &Row<'_>, found: &mut Vec<Finding>) {
        let Some(id) = row.code("id", found) else { return };
        if let Some(first) = self.rows.get(id) {
            let finding = TableFinding::RepeatedId { id: id.to_owned(), first: *first };
            found.push(finding.at(row.at("id")));
            return;
        }
        self.rows.insert(id.to_owned(), row.number());
        let aspect = read_aspect(id, row, found);
        if row.text("criterion").is_empty() && row.text("sub_criterion").is_empty() {
            self.unplaced.insert(id.to_owned());
        }
        // A drill's scheme may leave the levels out: then there is one of each.
        let or =
            |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
        let criterion = or(row.text("criterion"), "A");
        let sub = or(row.text("sub_criterion"), &format!("{criterion}1"));
        let day = row.whole("day", found).unwrap_or(1);
        let Some((criterion_at, sub_at)) = self.place(row, &criterion, &sub, day, found) else { return };
        if let Some(aspect) = aspect {
            self.criteria[criterion_at].sub_criteria[sub_at].aspects.push(aspect);
        }
    }

    /// Finds or makes the sub-criterion of a row.
    fn place(
        &mut self,
        row: &Row<'_>,
        criterion: &str,
        sub: &str,
        day: u32,
        found: &mut Vec<Finding>,
    ) -> Option<(usize, usize)> {
        if let Some((criterion_at, sub_at)) = self.subs.get(sub).copied() {
            let there = &self.criteria[criterion_at];
            if there.id.as_str() != criterion {
                let (one, other) = (there.id.to_string(), criterion.to_owned());
                let finding = PackageFinding::TwoCriteria { sub_criterion: sub.to_owned(), one, other };
                found.push(finding.at(row.at("sub_criterion")));
                return None;
            }
            let one = there.sub_criteria[sub_at].day;
            if one != day {
                let finding = PackageFinding::TwoDays { sub_criterion: sub.to_owned(), one, other: day };
                found.push(finding.at(row.at("day")));
            }
            return Some((criterion_at, sub_at));
        }
        let criterion_at = match self.criteria.iter().position(|c| c.id.as_str() == criterion) {
            Some(at) => at,
            None => {
                let name = row.verbatim("criterion_name").to_owned();
                self.criteria.push(Criterion { id: criterion.into(), name, sub_criteria: Vec::new() });
                self.criteria.len() - 1
            }
        };
        let subs = &mut self.criteria[criterion_at].sub_criteria;
        let name = row.verbatim("sub_criterion_name").to_owned();
        subs.push(SubCriterion { aspects: Vec::new(), day, id: sub.into(), name });
        let at = (criterion_at, subs.len() - 1);
        self.subs.insert(sub.to_owned(), at);
        Some(at)
    }

    /// Criterion above sub-criterion above aspect: no id may stand above itself through another.
    fn check_levels(&self, file: &str, found: &mut Vec<Finding>) {
        let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for criterion in &self.criteria {
            for sub in &criterion.sub_criteria {
                below.entry(criterion.id.as_str()).or_default().push(sub.id.as_str());
                for aspect in sub.aspects.iter().filter(|aspect| !self.unplaced.contains(aspect.id.as_str()))
                {
                    below.entry(sub.id.as_str()).or_default().push(aspect.id.as_str());
                }
            }
        }
        for criterion in &self.criteria {
            let start = criterion.id.as_str();
            let mut path = vec![start];
            if walks_back(start, start, &below, &mut path, 0) {
                let finding = PackageFinding::Cycle { ids: path.join(" → ") };
                found.push(finding.at(Place::file(file).column("sub_criterion")));
                return;
            }
        }
    }
}

/// Whether going down from `at` leads back to `start` through another id. A criterion with one
/// sub-criterion of the same name is common and no circle.
fn walks_back<'a>(
    start: &str,
    at: &str,
    below: &BTreeMap<&'a str, Vec<&'a str>>,
    path: &mut Vec<&'a str>,
    depth: usize,
) -> bool {
    // Three levels: a longer way down repeats itself.
    if depth > 3 {
        return false;
    }
    for next in below.get(at).into_iter().flatten().filter(|next| **next != at) {
        path.push(next);
        if *next == start || walks_back(start, next, below, path, depth + 1) {
            return true;
        }
        path.pop();
    }
    false
}

fn read_aspect(id: &str, row: &Row<'_>, found: &mut Vec<Finding>) -> Option<Aspect> {
    let types = [("measurement", Type::Measurement), ("judgement", Type::Judgement), ("panel", Type::Panel)];
    let kind = row.word("type", &types, found);
    let has_max = row.needed("max", found).is_some();
    let max = row.mark("max", found).filter(|_| has_max);
    let method = match kind? {
        Type::Measurement => {
            not_for(row, "measurement", PANEL_COLUMNS.iter().chain(&RUNG_COLUMNS), found);
            Method::Measurement(read_calculation(row, found)?)
        }
        Type::Judgement => {
            not_for(row, "judgement", PANEL_COLUMNS.iter().chain(&MEASUREMENT_COLUMNS), found);
            Method::Judgement { rungs: RUNG_COLUMNS.map(|column| row.verbatim(column).to_owned()) }
        }
        Type::Panel => {
            not_for(row, "panel", RUNG_COLUMNS.iter().chain(&MEASUREMENT_COLUMNS), found);
            Method::Panel(read_panel(row, found)?)
        }
    };
    let measured_in = if method.is_read_off() {
        row.text("measured_in").to_owned()
    } else {
        let kind = match &method {
            Method::Measurement(calculation) => calculation.name(),
            method => method.name(),
        };
        not_for(row, kind, ["measured_in"].iter(), found);
        String::new()
    };
    let optional = |column: &str| Some(row.text(column)).filter(|text| !text.is_empty());
    Some(Aspect {
        description: row.verbatim("description").to_owned(),
        id: id.into(),
        max: max?,
        measured_in,
        method,
        note: row.verbatim("note").to_owned(),
        part: optional("part").map(Into::into),
        requirement: row.verbatim("requirement").to_owned(),
        section: optional("section").map(Into::into),
    })
}

fn not_for<'a>(
    row: &Row<'_>,
    method: &str,
    columns: impl Iterator<Item = &'a &'a str>,
    found: &mut Vec<Finding>,
) {
    for column in columns.filter(|column| !row.text(column).is_empty()) {
        let finding =
            PackageFinding::NotForThisType { column: (*column).to_owned(), method: method.to_owned() };
        found.push(finding.at(row.at(column)));
    }
}

fn read_panel(row: &Row<'_>, found: &mut Vec<Finding>) -> Option<PanelScoring> {
    let before = found.len();
    for column in ["score_min", "score_max", "score_step"] {
        row.needed(column, found);
    }
    let scoring = PanelScoring {
        drop_high: row.whole("drop_high", found).unwrap_or(0),
        drop_low: row.whole("drop_low", found).unwrap_or(0),
        factor: row.decimal("factor", found).unwrap_or(Decimal::ONE),
        score_max: row.decimal("score_max", found).unwrap_or_default(),
        score_min: row.decimal("score_min", found).unwrap_or_default(),
        score_step: row.decimal("score_step", found).unwrap_or_default(),
    };
    (found.len() == before).then_some(scoring)
}

fn read_calculation(row: &Row<'_>, found: &mut Vec<Finding>) -> Option<Calculation> {
    let text = row.text("parameters");
    let name = match row.text("calculation") {
        "" => "pass_fail",
        name => name,
    };
    let calculation = match name {
        "pass_fail" => Ok(Calculation::PassFail),
        "direct" => Ok(Calculation::Direct),
        "number_completed" => parse(text).and_then(Possible::calculation),
        "choice" => parse(text).and_then(Choices::calculation),
        "ranged" => parse(text).and_then(Bands::calculation),
        "difference" => parse(text).and_then(Difference::calculation),
        other => {
            let known = "pass_fail, direct, number_completed, choice, ranged, difference".to_owned();
            found.push(TableFinding::NotOneOf { text: other.to_owned(), known }.at(row.at("calculation")));
            return None;
        }
    };
    match calculation {
        Ok(calculation) => Some(calculation),
        Err(problem) => {
            found.push(PackageFinding::ParametersUnreadable { problem }.at(row.at("parameters")));
            None
        }
    }
}

/// A number in JSON, written as a number or as text; its digits are read as they stand, so that no
/// float comes between.
struct Exact(Decimal);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get().trim_matches('"');
        Decimal::parse(text)
            .map(Self)
            .map_err(|_| serde::de::Error::custom(format!("{text} is not a number")))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Possible {
    possible: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choices {
    choices: Vec<OneChoice>,
    unit: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneChoice {
    label: String,
    deduction: Exact,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bands {
    target: Exact,
    bands: Vec<OneBand>,
    unit: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneBand {
    lower: Exact,
    upper: Exact,
    deduction: Exact,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    target: Exact,
    per: Exact,
    per_unit: Option<String>,
    deduction: Exact,
    unit: Option<String>,
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Spoken> {
    serde_json::from_str(text).map_err(|error| Spoken::of_reader(&error.to_string()))
}

fn unit(text: Option<&str>) -> Result<Unit, Spoken> {
    match text.map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "unit" | "units" | "mark" | "marks") => Ok(Unit::Unit),
        Some("percent" | "%") => Ok(Unit::Percent),
        Some(other) => Err(Spoken::new(
            format!("不认识单位“{other}”；可用：unit、percent"),
            format!("unit \"{other}\" is not known; use unit or percent"),
        )),
    }
}

impl Possible {
    fn calculation(self) -> Result<Calculation, Spoken> {
        Ok(Calculation::NumberCompleted { possible: self.possible })
    }
}

impl Choices {
    fn calculation(self) -> Result<Calculation, Spoken> {
        let choices = self.choices.into_iter().map(|c| Choice { deduction: c.deduction.0, label: c.label });
        Ok(Calculation::Choice { choices: choices.collect(), unit: unit(self.unit.as_deref())? })
    }
}

impl Bands {
    fn calculation(self) -> Result<Calculation, Spoken> {
        let band = |b: OneBand| Band { deduction: b.deduction.0, lower: b.lower.0, upper: b.upper.0 };
        let bands = self.bands.into_iter().map(band).collect();
        Ok(Calculation::Ranged { bands, target: self.target.0, unit: unit(self.unit.as_deref())? })
    }
}

impl Difference {
    fn calculation(self) -> Result<Calculation, Spoken> {
        Ok(Calculation::Difference {
            deduction: self.deduction.0,
            per: self.per.0,
            per_unit: unit(self.per_unit.as_deref())?,
            target: self.target.0,
            unit: unit(self.unit.as_deref())?,
        })
    }
}

fn read_parts(files: &Files, folder: &str, found: &mut Vec<Finding>) -> Vec<Part> {
    let Some(table) = Table::read(files, &format!("{folder}parts.csv"), &PARTS, found) else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    for row in table.rows() {
        let (id, has_weight) = (row.code("id", found), row.needed("weight", found).is_some());
        let weight = row.mark("weight", found).filter(|_| has_weight);
        let pass_mark = row.mark("pass_mark", found);
        if let (Some(id), Some(weight)) = (id, weight) {
            parts.push(Part { id: id.into(), name: row.verbatim("name").to_owned(), pass_mark, weight });
        }
    }
    parts
}

fn read_sections(files: &Files, folder: &str, found: &mut Vec<Finding>) -> Vec<Section> {
    let Some(table) = Table::read(files, &format!("{folder}sections.csv"), &SECTIONS, found) else {
        return Vec::new();
    };
    let mut sections = Vec::new();
    for row in table.rows() {
        let target: Option<Mark> = row.mark("target", found);
        if let (Some(id), Some(target)) = (row.code("id", found), target) {
            sections.push(Section { id: id.into(), name: row.verbatim("name").to_owned(), target });
        }
    }
    sections
}
