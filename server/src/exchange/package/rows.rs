//! The tables of a skill: people, judges, panels, marks, events and published results.

use std::collections::{HashMap, HashSet};

use domain::finding::{Finding, Place};
use domain::id::{CompetitorCode, JudgeCode};
use domain::marking::{Panel, Seat, VoidHow};
use domain::scheme::Scheme;

use super::{EventKind, EventRow, ExpectedRow, Judge, MarkRow, PackageFinding, Person};
use crate::exchange::Files;
use crate::exchange::files::FileFinding;
use crate::exchange::table::{Row, Shape, Table, TableFinding};

const COMPETITORS: Shape = Shape {
    required: &["code"],
    optional: &["name", "organisation", "delegation", "team", "member", "group", "employment", "level"],
};
const JUDGES: Shape = Shape { required: &["code"], optional: &["name", "organisation", "role"] };
const PANELS: Shape = Shape { required: &["sub_criterion", "judge"], optional: &["seat", "counts"] };
const MARKS: Shape =
    Shape { required: &["competitor", "aspect", "judge", "value"], optional: &["at", "round"] };
const EVENTS: Shape = Shape {
    required: &["kind"],
    optional: &["at", "competitor", "value", "aspect", "reason", "by", "second", "position", "document"],
};
const EXPECTED: Shape =
    Shape { required: &["competitor"], optional: &["total", "scale", "position", "award"] };

/// What names a package's rows may use. Where the table that names are in could not be used, that is
/// said once, and not again for each name.
pub(super) struct Names<'a> {
    has_people: bool,
    has_judges: bool,
    /// Codes of people and teams, to the unit that is marked.
    units: HashMap<&'a str, CompetitorCode>,
    judges: HashSet<&'a str>,
    aspects: HashSet<&'a str>,
    subs: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn new(
        people: Option<&'a [Person]>,
        judges: Option<&'a [Judge]>,
        scheme: &'a Scheme,
        rows: &'a HashMap<String, u64>,
    ) -> Self {
        let (has_people, has_judges) = (people.is_some(), judges.is_some());
        let (people, judges) = (people.unwrap_or_default(), judges.unwrap_or_default());
        let mut units: HashMap<&str, CompetitorCode> =
            people.iter().map(|person| (person.code.as_str(), person.unit())).collect();
        for person in people.iter().filter(|person| !person.team.is_empty()) {
            units.insert(&person.team, person.unit());
        }
        Self {
            units,
            judges: judges.iter().map(|judge| judge.code.as_str()).collect(),
            aspects: rows.keys().map(String::as_str).collect(),
            has_people,
            has_judges,
            subs: scheme.sub_criteria().map(|(_, sub)| sub.id.as_str()).collect(),
        }
    }

    fn unit(&self, row: &Row<'_>, column: &str, found: &mut Vec<Finding>) -> Option<CompetitorCode> {
        let text = row.needed(column, found)?;
        let unit = self.units.get(text).cloned();
        if unit.is_none() && self.has_people {
            let finding = PackageFinding::UnknownCompetitor { competitor: text.to_owned() };
            found.push(finding.at(row.at(column)));
        }
        unit
    }

    fn judge<'r>(&self, row: &Row<'r>, found: &mut Vec<Finding>) -> Option<&'r str> {
        let text = row.needed("judge", found)?;
        self.known_judge(row, "judge", text, found)
    }

    fn known_judge<'r>(
        &self,
        row: &Row<'r>,
        column: &str,
        code: &'r str,
        found: &mut Vec<Finding>,
    ) -> Option<&'r str> {
        if self.judges.contains(code) {
            return Some(code);
        }
        if self.has_judges {
            found.push(PackageFinding::UnknownJudge { judge: code.to_owned() }.at(row.at(column)));
        }
        None
    }

    fn aspect<'r>(&self, row: &Row<'r>, found: &mut Vec<Finding>) -> Option<&'r str> {
        let text = row.needed("aspect", found)?;
        if self.aspects.contains(text) {
            return Some(text);
        }
        found.push(PackageFinding::UnknownAspect { aspect: text.to_owned() }.at(row.at("aspect")));
        None
    }

    fn sub<'r>(&self, row: &Row<'r>, column: &str, found: &mut Vec<Finding>) -> Option<&'r str> {
        let text = row.needed(column, found)?;
        if self.subs.contains(text) {
            return Some(text);
        }
        found.push(PackageFinding::UnknownSubCriterion { id: text.to_owned() }.at(row.at(column)));
        None
    }
}

fn required_table(files: &Files, file: String, shape: &Shape, found: &mut Vec<Finding>) -> Option<Table> {
    if files.get(&file).is_none() {
        found.push(FileFinding::FileMissing { file: file.clone() }.at(Place::file(file)));
        return None;
    }
    Table::read(files, &file, shape, found)
}

/// Remembers codes and names the row that used one first.
#[derive(Default)]
struct Seen<'a> {
    rows: HashMap<&'a str, u64>,
}

impl<'a> Seen<'a> {
    fn is_new(&mut self, code: &'a str, row: &Row<'_>, column: &str, found: &mut Vec<Finding>) -> bool {
        let first = *self.rows.entry(code).or_insert(row.number());
        if first == row.number() {
            return true;
        }
        found.push(TableFinding::RepeatedId { id: code.to_owned(), first }.at(row.at(column)));
        false
    }
}

/// None where the table cannot be used.
pub(super) fn read_people(files: &Files, folder: &str, found: &mut Vec<Finding>) -> Option<Vec<Person>> {
    let file = format!("{folder}competitors.csv");
    let table = required_table(files, file, &COMPETITORS, found)?;
    let (mut people, mut seen) = (Vec::new(), Seen::default());
    let mut groups: HashMap<&str, &str> = HashMap::new();
    for row in table.rows() {
        let Some(code) = row.code("code", found) else { continue };
        if !seen.is_new(code, &row, "code", found) {
            continue;
        }
        let (team, group) = (row.text("team"), row.text("group"));
        if !team.is_empty() && *groups.entry(team).or_insert(group) != group {
            found.push(PackageFinding::TeamTwoGroups { team: team.to_owned() }.at(row.at("group")));
        }
        people.push(Person {
            row: row.number(),
            code: code.into(),
            name: row.text("name").to_owned(),
            organisation: row.text("organisation").to_owned(),
            delegation: row.text("delegation").to_owned(),
            team: team.to_owned(),
            member: row.text("member").to_owned(),
            group: group.into(),
            employment: row.text("employment").to_owned(),
            level: row.text("level").to_owned(),
            batch: String::new(),
        });
    }
    Some(people)
}

/// None where the table cannot be used.
pub(super) fn read_judges(files: &Files, folder: &str, found: &mut Vec<Finding>) -> Option<Vec<Judge>> {
    let file = format!("{folder}judges.csv");
    let table = required_table(files, file, &JUDGES, found)?;
    let (mut judges, mut seen) = (Vec::new(), Seen::default());
    for row in table.rows() {
        let Some(code) = row.code("code", found) else { continue };
        let roles = [("judge", false), ("chief_judge", true)];
        let has_role = !row.text("role").is_empty();
        let is_chief = if has_role { row.word("role", &roles, found) } else { Some(false) };
        if !seen.is_new(code, &row, "code", found) {
            continue;
        }
        judges.push(Judge {
            code: code.into(),
            name: row.text("name").to_owned(),
            organisation: row.text("organisation").to_owned(),
            is_chief: is_chief.unwrap_or(false),
            batch: String::new(),
        });
    }
    Some(judges)
}

/// None where the file is not there: then every judge marks everything.
pub(super) fn read_panels(
    files: &Files,
    folder: &str,
    scheme: &Scheme,
    names: &Names<'_>,
    found: &mut Vec<Finding>,
) -> Option<Vec<Panel>> {
    let table = Table::read(files, &format!("{folder}panels.csv"), &PANELS, found)?;
    let mut seats: HashMap<String, Vec<(u32, Seat)>> = HashMap::new();
    for row in table.rows() {
        let (sub, judge) = (names.sub(&row, "sub_criterion", found), names.judge(&row, found));
        let counts = [("1", true), ("0", false), ("", true)];
        let has_counts = !row.text("counts").is_empty();
        let counts = if has_counts { row.word("counts", &counts, found) } else { Some(true) };
        let number: u32 = row.whole("seat", found).unwrap_or(u32::MAX);
        if let (Some(sub), Some(judge), Some(counts)) = (sub, judge, counts) {
            seats.entry(sub.to_owned()).or_default().push((number, Seat { counts, judge: judge.into() }));
        }
    }
    let panels = scheme.sub_criteria().map(|(_, sub)| {
        let mut seats = seats.remove(sub.id.as_str()).unwrap_or_default();
        seats.sort_by_key(|(number, _)| *number);
        Panel { seats: seats.into_iter().map(|(_, seat)| seat).collect(), sub_criterion: sub.id.clone() }
    });
    Some(panels.collect())
}

/// Every judge on every panel; a chief judge only where they gave marks.
pub(super) fn everyone(scheme: &Scheme, judges: &[Judge], marks: &[MarkRow]) -> Vec<Panel> {
    let marking: HashSet<&str> = marks.iter().map(|mark| mark.judge.as_str()).collect();
    let only_chiefs = judges.iter().all(|judge| judge.is_chief);
    let seats: Vec<Seat> = judges
        .iter()
        .filter(|judge| only_chiefs || !judge.is_chief || marking.contains(judge.code.as_str()))
        .map(|judge| Seat { counts: true, judge: judge.code.clone() })
        .collect();
    scheme
        .sub_criteria()
        .map(|(_, sub)| Panel { seats: seats.clone(), sub_criterion: sub.id.clone() })
        .collect()
}

/// Panels, unless they only say that everybody marks everything, in whatever order: then a judge who is added
/// later does so too.
pub(crate) fn unless_everyone(panels: Vec<Panel>, scheme: &Scheme, judges: &[Judge]) -> Vec<Panel> {
    let sorted = |panel: &Panel| {
        let mut seats: Vec<(JudgeCode, bool)> =
            panel.seats.iter().map(|seat| (seat.judge.clone(), seat.counts)).collect();
        seats.sort();
        (panel.sub_criterion.clone(), seats)
    };
    let is_everyone = panels.iter().map(sorted).eq(everyone(scheme, judges, &[]).iter().map(sorted));
    if is_everyone { Vec::new() } else { panels }
}

pub(super) fn read_marks(
    files: &Files,
    folder: &str,
    names: &Names<'_>,
    found: &mut Vec<Finding>,
) -> Vec<MarkRow> {
    let Some(table) = Table::read(files, &format!("{folder}marks.csv"), &MARKS, found) else {
        return Vec::new();
    };
    let mut marks = Vec::new();
    for row in table.rows() {
        let unit = names.unit(&row, "competitor", found);
        let (aspect, judge) = (names.aspect(&row, found), names.judge(&row, found));
        let at = row.moment("at", found);
        let round: u32 = row.whole("round", found).unwrap_or(1);
        let (Some(competitor), Some(aspect), Some(judge)) = (unit, aspect, judge) else { continue };
        marks.push(MarkRow {
            row: row.number(),
            competitor,
            aspect: aspect.into(),
            judge: judge.into(),
            value: row.text("value").to_owned(),
            at,
            round,
        });
    }
    marks
}

pub(super) fn read_events(
    files: &Files,
    folder: &str,
    names: &Names<'_>,
    found: &mut Vec<Finding>,
) -> Vec<EventRow> {
    let Some(table) = Table::read(files, &format!("{folder}events.csv"), &EVENTS, found) else {
        return Vec::new();
    };
    let mut events = Vec::new();
    for row in table.rows() {
        let at = row.moment("at", found);
        let Some(kind) = read_event(&row, names, found) else { continue };
        let needs_second = matches!(
            kind,
            EventKind::Disqualified(_)
                | EventKind::VoidAspect(..)
                | EventKind::Exchange(..)
                | EventKind::Override { .. }
                | EventKind::Settled(_)
        );
        if needs_second && row.text("second").is_empty() {
            found.push(PackageFinding::SecondMissing.at(row.at("second")));
        }
        let needs_time = matches!(kind, EventKind::Start(_) | EventKind::Stop(_) | EventKind::Reseat { .. });
        if needs_time && row.needed("at", found).is_none() {
            continue;
        }
        events.push(EventRow {
            row: row.number(),
            at,
            kind,
            reason: row.text("reason").to_owned(),
            by: row.text("by").to_owned(),
            second: row.text("second").to_owned(),
        });
    }
    events
}

fn read_event(row: &Row<'_>, names: &Names<'_>, found: &mut Vec<Finding>) -> Option<EventKind> {
    let unit = |found: &mut Vec<Finding>| names.unit(row, "competitor", found);
    match row.needed("kind", found)? {
        "absent" => Some(EventKind::Absent(unit(found)?)),
        "start" => Some(EventKind::Start(unit(found)?)),
        "stop" => Some(EventKind::Stop(unit(found)?)),
        "withdrawn" => Some(EventKind::Withdrawn(unit(found)?)),
        "disqualified" => Some(EventKind::Disqualified(unit(found)?)),
        "extra_time" => {
            let has_value = row.needed("value", found).is_some();
            let minutes = row.whole("value", found).filter(|_| has_value);
            Some(EventKind::ExtraTime(unit(found)?, minutes?))
        }
        "penalty" => {
            let has_value = row.needed("value", found).is_some();
            let marks = row.mark("value", found).filter(|_| has_value);
            Some(EventKind::Penalty(unit(found)?, marks?))
        }
        "void_aspect" => {
            let how = row.word("value", &[("full", VoidHow::Full), ("removed", VoidHow::Removed)], found);
            let aspect = names.aspect(row, found)?;
            Some(EventKind::VoidAspect(aspect.into(), how?))
        }
        "exchange" => {
            let (one, other) = (unit(found), names.unit(row, "value", found));
            let sub = names.sub(row, "aspect", found)?;
            Some(EventKind::Exchange(one?, other?, sub.into()))
        }
        "reseat" => {
            let sub = names.sub(row, "aspect", found)?;
            let text = row.needed("value", found)?;
            let (leaves, comes) = text.split_once('>').unwrap_or((text, ""));
            let leaves = names.known_judge(row, "value", leaves.trim(), found)?;
            let comes = match comes.trim() {
                "" => None,
                code => Some(names.known_judge(row, "value", code, found)?.into()),
            };
            let competitor = match row.text("competitor") {
                "" => None,
                _ => Some(unit(found)?),
            };
            let (leaves, sub_criterion) = (leaves.into(), sub.into());
            Some(EventKind::Reseat { competitor, leaves, comes, sub_criterion })
        }
        "override" => {
            let position = row.whole("position", found);
            // An empty award beside a position leaves the rule's; alone, or as `-`, it takes it away.
            let award = match row.text("value") {
                "" if position.is_some() => None,
                "-" => Some(String::new()),
                award => Some(award.to_owned()),
            };
            let document = row.text("document").to_owned();
            Some(EventKind::Override { competitor: unit(found)?, award, position, document })
        }
        "settled" => {
            let text = row.needed("value", found)?;
            let codes: Vec<CompetitorCode> = text
                .split('>')
                .map(|code| names.units.get(code.trim()).cloned())
                .collect::<Option<_>>()
                .or_else(|| {
                    let finding = PackageFinding::UnknownCompetitor { competitor: text.to_owned() };
                    found.push(finding.at(row.at("value")));
                    None
                })?;
            Some(EventKind::Settled(codes))
        }
        other => {
            let known = "absent, start, stop, extra_time, withdrawn, disqualified, penalty, void_aspect, \
                         exchange, reseat, override, settled"
                .to_owned();
            found.push(TableFinding::NotOneOf { text: other.to_owned(), known }.at(row.at("kind")));
            None
        }
    }
}

/// The published results beside a ledger, by the code that stands there. None where the table cannot
/// be used; then `found` says why.
pub fn read_expected_folder(files: &Files, found: &mut Vec<Finding>) -> Option<Vec<ExpectedRow>> {
    let table = Table::read(files, "expected.csv", &EXPECTED, found)?;
    let row = |row: Row<'_>| expected_row(&table, &row, row.text("competitor").into());
    Some(table.rows().map(row).collect())
}

fn expected_row(table: &Table, row: &Row<'_>, competitor: CompetitorCode) -> ExpectedRow {
    let cell = |column: &str| table.has(column).then(|| row.text(column).to_owned());
    ExpectedRow {
        row: row.number(),
        competitor,
        total: cell("total"),
        scale: cell("scale"),
        position: cell("position"),
        award: cell("award"),
    }
}

pub(super) fn read_expected(
    files: &Files,
    folder: &str,
    names: &Names<'_>,
    found: &mut Vec<Finding>,
) -> Option<Vec<ExpectedRow>> {
    let table = Table::read(files, &format!("{folder}expected.csv"), &EXPECTED, found)?;
    let mut expected = Vec::new();
    for row in table.rows() {
        let Some(text) = row.needed("competitor", found) else { continue };
        let Some(competitor) = names.units.get(text).cloned() else {
            if names.has_people {
                let finding = PackageFinding::ExpectedUnknown { competitor: text.to_owned() };
                found.push(finding.at(row.at("competitor")));
            }
            continue;
        };
        expected.push(expected_row(&table, &row, competitor));
    }
    Some(expected)
}
