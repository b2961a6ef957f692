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
        MarkTooLarge = Error "scheme_mark_too_large",
            "这里最大可填 10000.00；请核对小数点。",
            "10000.00 is the most that can stand here; check the decimal point.";
        TextTooLong { most: usize } = Error "scheme_text_too_long",
            "这一格太长；最多 {most} 个字。",
            "This cell is too long; {most} characters are the most.";
        TooManyRows { most: usize } = Error "too_many_scheme_rows",
            "评分点、评分项、子项、章节和部分各最多 {most} 个；请删去一些再保存。",
            "There may be {most} aspects at the most, and as many criteria, sub-criteria, sections and parts; remove some, then save.";
    }
}

/// The most characters of a cell.
const CELL_MAX: usize = 4_000;

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
    check_lengths(form, &mut unreadable);

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
    let targets =
        targets.read(&mut unreadable, |row, found| mark(row, "n_target", found).unwrap_or_default());
    let weights = form.parts.iter().map(|part| vec![part.weight.as_str(), part.pass_mark.as_str()]);
    let mut weights = table(&["p_weight", "p_pass"], weights, RowAt::Part);
    let weights = weights.read(&mut unreadable, |row, found| {
        (mark(row, "p_weight", found).unwrap_or_default(), mark(row, "p_pass", found))
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

/// No cell is longer than somebody reads: a whole scheme is kept at each save.
fn check_lengths(form: &SchemeForm, unreadable: &mut Vec<(Option<RowAt>, Finding)>) {
    let mut check = |at, cell: &str, text: &str| {
        if text.chars().count() > CELL_MAX {
            let finding = SchemeFormFinding::TextTooLong { most: CELL_MAX };
            unreadable.push((Some(at), finding.at(Place::default().column(cell))));
        }
    };
    for (at, criterion) in form.criteria.iter().enumerate() {
        check(RowAt::Criterion(at), "c_name", &criterion.name);
    }
    for (at, sub) in form.subs().enumerate() {
        check(RowAt::Sub(at), "s_name", &sub.name);
    }
    for (at, aspect) in form.aspects().enumerate() {
        for (cell, text) in &aspect.cells {
            check(RowAt::Aspect(at), cell.name(), text);
        }
    }
    for (at, section) in form.sections.iter().enumerate() {
        check(RowAt::Section(at), "n_name", &section.name);
    }
    for (at, part) in form.parts.iter().enumerate() {
        check(RowAt::Part(at), "p_name", &part.name);
    }
}

/// A mark that can be kept; what cannot would not be read again.
fn mark(row: &Row<'_>, column: &str, found: &mut Vec<Finding>) -> Option<Mark> {
    let mark = row.mark(column, found)?;
    if mark.is_in_limits() {
        return Some(mark);
    }
    found.push(SchemeFormFinding::MarkTooLarge.at(row.at(column)));
    None
}

/// A number that an empty cell does not stand for: nothing would be taken off, or everything.
fn said(row: &Row<'_>, cell: Cell, found: &mut Vec<Finding>) -> Decimal {
    let is_there = row.needed(cell.name(), found).is_some();
    row.decimal(cell.name(), found).filter(|_| is_there).unwrap_or_default()
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
        max: mark(row, Cell::Max.name(), found).unwrap_or_default(),
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
    let unit = |cell: Cell| if form.get(cell) == "percent" { Unit::Percent } else { Unit::Unit };
    Method::Measurement(match form.kind() {
        Kind::Judgement => {
            return Method::Judgement { rungs: Cell::RUNGS.map(|cell| form.get(cell).trim().to_owned()) };
        }
        Kind::Panel => {
            let mut number = |cell: Cell| row.decimal(cell.name(), found);
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
            let target = said(row, Cell::Target, found);
            Calculation::Ranged { bands: read_bands(form, row, found), target, unit: unit(Cell::Unit) }
        }
        Kind::Difference => Calculation::Difference {
            deduction: said(row, Cell::Deduction, found),
            per: said(row, Cell::Per, found),
            per_unit: unit(Cell::PerUnit),
            target: said(row, Cell::Target, found),
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
        if let Some(finding) = decimal_comma(text) {
            found.push(finding.at(row.at(Cell::Choices.name())));
            continue;
        }
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

/// Two numbers behind one another at the end of a choice are one with a decimal comma, or a label that nobody
/// can tell from it.
fn decimal_comma(text: &str) -> Option<TableFinding> {
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(char::is_numeric);
    let (before, last) = text.rsplit_once([',', '，'])?;
    let (_, first) = before.rsplit_once(COMMAS)?;
    let (first, last) = (first.trim(), last.trim());
    let is_one = is_digits(first) && is_digits(last);
    is_one.then(|| TableFinding::DecimalComma {
        text: format!("{first},{last}"),
        meant: format!("{first}.{last}"),
    })
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
