//! From the text that authors edit to a scheme. It always gives one, for its sums: what cannot be read stands
//! in it as nothing, and is told.

use std::collections::HashMap;

use domain::finding::{Finding, Place};
use domain::findings;
use domain::id::{AspectId, is_fit};
use domain::number::{Decimal, Mark};
use domain::scheme::{
    ASPECTS_MAX, Aspect, Band, Calculation, Choice, Criterion, Method, PanelScoring, Part, Scheme, Section,
    SubCriterion, Unit,
};
use protocol::scheme::{AspectForm, Cell, Kind, RowAt, SchemeForm};

use crate::exchange::table::{Row, Table, TableFinding, number_finding};

findings! {
    /// What cannot be read of a scheme that is edited.
    pub enum SchemeFormFinding {
        ChoiceLine { line: usize } = Error "choice_line_unfit",
            "第 {line} 行读不懂；每行写一个选项：名称，扣分，如“轻微偏差，0.5”。",
            "Line {line} cannot be read; write a choice a line: its label, what is taken off, as \"slightly off, 0.5\".";
        BandLine { line: usize } = Error "band_line_unfit",
            "第 {line} 行读不懂；每行写一个公差带：从，到，扣分，如“-0.05，0.05，0”。",
            "Line {line} cannot be read; write a band a line: from, to, what is taken off, as \"-0.05, 0.05, 0\".";
        KindUnknown { text: String } = Error "kind_unknown",
            "没有评分方式“{text}”；请从列表里选。",
            "There is no way of marking \"{text}\"; choose one of the list.";
        TooManyRows { most: usize } = Error "too_many_scheme_rows",
            "评分点、评分项、子项、章节和部分各最多 {most} 个；请删去一些再保存。",
            "There may be {most} aspects at the most, and as many criteria, sub-criteria, sections and parts; remove some, then save.";
    }
}

/// A scheme that was read, with what could not be.
pub(super) struct Reading {
    /// The scheme.
    pub(super) scheme: Scheme,
    /// What could not be read, with the row; it cannot be kept like that.
    pub(super) unreadable: Vec<(Option<RowAt>, Finding)>,
}

/// Reads a form.
pub(super) fn read(form: &SchemeForm) -> Reading {
    let mut unreadable = Vec::new();
    let counts = [
        form.aspects().count(),
        form.criteria.len(),
        form.subs().count(),
        form.sections.len(),
        form.parts.len(),
    ];
    if counts.iter().any(|count| *count > ASPECTS_MAX) {
        let finding = SchemeFormFinding::TooManyRows { most: ASPECTS_MAX }.at(Place::default());
        return Reading { scheme: Scheme::default(), unreadable: vec![(None, finding)] };
    }
    let ids = form.criteria.iter().map(|criterion| criterion.id.as_str());
    check_ids(ids, RowAt::Criterion, &mut unreadable);
    check_ids(form.subs().map(|sub| sub.id.as_str()), RowAt::Sub, &mut unreadable);
    check_ids(form.aspects().map(|aspect| aspect.id.as_str()), RowAt::Aspect, &mut unreadable);
    check_ids(form.sections.iter().map(|section| section.id.as_str()), RowAt::Section, &mut unreadable);
    check_ids(form.parts.iter().map(|part| part.id.as_str()), RowAt::Part, &mut unreadable);

    let mut days = table(&["s_day"], form.subs().map(|sub| vec![sub.day.as_str()]), RowAt::Sub);
    let days = days.read(&mut unreadable, |row, found| row.whole("s_day", found).unwrap_or(1));
    let names: Vec<&str> = Cell::ALL.iter().map(|cell| cell.name()).collect();
    let rows = form.aspects().map(|aspect| Cell::ALL.iter().map(|cell| aspect.get(*cell)).collect());
    let mut aspects = table(&names, rows, RowAt::Aspect);
    let mut forms = form.aspects();
    let aspects = aspects.read(&mut unreadable, |row, found| {
        forms.next().map(|form| read_aspect(form, row, found)).unwrap_or_else(nothing)
    });
    let targets = form.sections.iter().map(|section| vec![section.target.as_str()]);
    let mut targets = table(&["n_target"], targets, RowAt::Section);
    let targets = targets.read(&mut unreadable, |row, found| row.mark("n_target", found).unwrap_or_default());
    let weights = form.parts.iter().map(|part| vec![part.weight.as_str(), part.pass_mark.as_str()]);
    let mut weights = table(&["p_weight", "p_pass"], weights, RowAt::Part);
    let weights = weights.read(&mut unreadable, |row, found| {
        (row.mark("p_weight", found).unwrap_or_default(), row.mark("p_pass", found))
    });

    let (mut days, mut aspects) = (days.into_iter(), aspects.into_iter());
    let criteria = form.criteria.iter().map(|criterion| Criterion {
        id: criterion.id.trim().into(),
        name: criterion.name.trim().to_owned(),
        sub_criteria: criterion
            .subs
            .iter()
            .map(|sub| SubCriterion {
                aspects: aspects.by_ref().take(sub.aspects.len()).collect(),
                day: days.next().unwrap_or(1),
                id: sub.id.trim().into(),
                name: sub.name.trim().to_owned(),
            })
            .collect(),
    });
    let criteria = criteria.collect();
    let sections = form.sections.iter().zip(targets).map(|(section, target)| Section {
        id: section.id.trim().into(),
        name: section.name.trim().to_owned(),
        target,
    });
    let parts = form.parts.iter().zip(weights).map(|(part, (weight, pass_mark))| Part {
        id: part.id.trim().into(),
        name: part.name.trim().to_owned(),
        pass_mark,
        weight,
    });
    let scheme = Scheme { criteria, parts: parts.collect(), sections: sections.collect() };
    Reading { scheme, unreadable }
}

/// Rows of cells that are read by the same rules as a package's tables.
struct Cells {
    table: Table,
    at: fn(usize) -> RowAt,
}

fn table<'t>(columns: &[&str], rows: impl Iterator<Item = Vec<&'t str>>, at: fn(usize) -> RowAt) -> Cells {
    Cells { table: Table::of_rows("", columns, rows), at }
}

impl Cells {
    fn read<T>(
        &mut self,
        unreadable: &mut Vec<(Option<RowAt>, Finding)>,
        mut one: impl FnMut(&Row<'_>, &mut Vec<Finding>) -> T,
    ) -> Vec<T> {
        let mut read = Vec::new();
        for (at, row) in self.table.rows().enumerate() {
            let mut found = Vec::new();
            read.push(one(&row, &mut found));
            unreadable.extend(found.into_iter().map(|finding| (Some((self.at)(at)), finding)));
        }
        read
    }
}

/// Each id is there, fit, and its row's alone.
fn check_ids<'t>(
    ids: impl Iterator<Item = &'t str>,
    at: fn(usize) -> RowAt,
    unreadable: &mut Vec<(Option<RowAt>, Finding)>,
) {
    let mut seen: HashMap<&str, u64> = HashMap::new();
    for (place, id) in ids.enumerate() {
        let id = id.trim();
        let finding = if id.is_empty() {
            TableFinding::CellEmpty
        } else if !is_fit(id) {
            TableFinding::UnfitCode { code: id.to_owned() }
        } else if let Some(first) = seen.get(id) {
            TableFinding::RepeatedId { id: id.to_owned(), first: *first }
        } else {
            seen.insert(id, place as u64 + 1);
            continue;
        };
        unreadable.push((Some(at(place)), finding.at(Place::default().column("id"))));
    }
}

fn nothing() -> Aspect {
    Aspect {
        description: String::new(),
        id: AspectId::from(""),
        max: Mark::ZERO,
        measured_in: String::new(),
        method: Method::Measurement(Calculation::PassFail),
        note: String::new(),
        part: None,
        requirement: String::new(),
        section: None,
    }
}

fn read_aspect(form: &AspectForm, row: &Row<'_>, found: &mut Vec<Finding>) -> Aspect {
    let text = |cell: Cell| form.get(cell).trim().to_owned();
    let kind = form.get(Cell::Kind).trim();
    if !kind.is_empty() && Kind::parse(kind).is_none() {
        found.push(SchemeFormFinding::KindUnknown { text: kind.to_owned() }.at(row.at(Cell::Kind.name())));
    }
    let method = read_method(form, row, found);
    let optional = |cell: Cell| Some(text(cell)).filter(|text| !text.is_empty());
    let measured_in = if method.is_read_off() { text(Cell::MeasuredIn) } else { String::new() };
    Aspect {
        description: text(Cell::Description),
        id: form.id.trim().into(),
        max: row.mark(Cell::Max.name(), found).unwrap_or_default(),
        measured_in,
        method,
        note: text(Cell::Note),
        part: optional(Cell::Part).map(Into::into),
        requirement: text(Cell::Requirement),
        section: optional(Cell::Section).map(Into::into),
    }
}

/// What its kind has no use for is left out.
fn read_method(form: &AspectForm, row: &Row<'_>, found: &mut Vec<Finding>) -> Method {
    let mut number = |cell: Cell| row.decimal(cell.name(), found);
    let unit = |cell: Cell| if form.get(cell) == "percent" { Unit::Percent } else { Unit::Unit };
    Method::Measurement(match form.kind() {
        Kind::Judgement => {
            return Method::Judgement { rungs: Cell::RUNGS.map(|cell| form.get(cell).trim().to_owned()) };
        }
        Kind::Panel => {
            let [score_min, score_max, score_step] = [Cell::ScoreMin, Cell::ScoreMax, Cell::ScoreStep]
                .map(|cell| number(cell).unwrap_or_default());
            let factor = number(Cell::Factor).unwrap_or(Decimal::ONE);
            let mut whole = |cell: Cell| row.whole(cell.name(), found).unwrap_or(0);
            let (drop_high, drop_low) = (whole(Cell::DropHigh), whole(Cell::DropLow));
            return Method::Panel(PanelScoring {
                drop_high,
                drop_low,
                factor,
                score_max,
                score_min,
                score_step,
            });
        }
        Kind::PassFail => Calculation::PassFail,
        Kind::Direct => Calculation::Direct,
        Kind::NumberCompleted => {
            Calculation::NumberCompleted { possible: row.whole(Cell::Possible.name(), found).unwrap_or(0) }
        }
        Kind::Choice => {
            Calculation::Choice { choices: read_choices(form, row, found), unit: unit(Cell::Unit) }
        }
        Kind::Ranged => {
            let target = number(Cell::Target).unwrap_or_default();
            Calculation::Ranged { bands: read_bands(form, row, found), target, unit: unit(Cell::Unit) }
        }
        Kind::Difference => Calculation::Difference {
            deduction: number(Cell::Deduction).unwrap_or_default(),
            per: number(Cell::Per).unwrap_or_default(),
            per_unit: unit(Cell::PerUnit),
            target: number(Cell::Target).unwrap_or_default(),
            unit: unit(Cell::Unit),
        },
    })
}

/// The lines that hold something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty())
}

const COMMAS: [char; 3] = [',', '，', '\t'];

fn read_choices(form: &AspectForm, row: &Row<'_>, found: &mut Vec<Finding>) -> Vec<Choice> {
    let mut choices = Vec::new();
    for (line, text) in lines(form.get(Cell::Choices)) {
        // A label may hold commas: the last one ends it.
        match text.rsplit_once(COMMAS).map(|(label, taken)| (label.trim(), Decimal::parse(taken), taken)) {
            Some((label, Ok(deduction), _)) if !label.is_empty() => {
                choices.push(Choice { deduction, label: label.to_owned() });
            }
            Some((label, Err(error), taken)) if !label.is_empty() && has_digits(taken) => {
                found.push(number_finding(taken.trim(), error, 6).at(row.at(Cell::Choices.name())));
            }
            _ => found.push(SchemeFormFinding::ChoiceLine { line }.at(row.at(Cell::Choices.name()))),
        }
    }
    choices
}

fn has_digits(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

fn read_bands(form: &AspectForm, row: &Row<'_>, found: &mut Vec<Finding>) -> Vec<Band> {
    let mut bands = Vec::new();
    for (line, text) in lines(form.get(Cell::Bands)) {
        let numbers: Option<Vec<Decimal>> =
            text.split(COMMAS).map(|number| Decimal::parse(number).ok()).collect();
        match numbers.as_deref() {
            Some(&[lower, upper, deduction]) => bands.push(Band { deduction, lower, upper }),
            _ => found.push(SchemeFormFinding::BandLine { line }.at(row.at(Cell::Bands.name()))),
        }
    }
    bands
}
