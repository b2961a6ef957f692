//! From files to a package, listing everything wrong on the way.

use std::collections::{HashMap, HashSet};

use domain::finding::{Finding, Place, Spoken};
use domain::id::CompetitorCode;
use domain::marking::{Entrant, Opening, OpeningFinding, Panel, Seat, VoidHow};
use domain::rules::{self, PRESETS, RuleSet};
use domain::scheme::{self, Scheme};

use super::aspects::{self, SchemeReading};
use super::play::{self, Player};
use super::{
    Competition, EventKind, EventRow, ExpectedRow, Judge, MarkRow, Name, Package, PackageFinding, Person,
    SkillPackage,
};
use crate::exchange::Files;
use crate::exchange::files::FileFinding;
use crate::exchange::table::{Row, Shape, Table, TableFinding};

/// The most skills of a competition.
const SKILLS_MAX: usize = 200;

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

/// A package as far as it could be read, and everything wrong with it.
#[derive(Clone, Debug)]
pub struct Reading {
    /// None where an error makes it unusable.
    pub package: Option<Package>,
    /// Errors and warnings, in the order of the files.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// Whether anything stops the work.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }
}

/// Reads and checks a whole package: files, schemes, rules, panels, and every mark and event by the
/// rules of marking. `progress` is told how many skills of how many are done.
#[must_use]
pub fn read(files: &Files, progress: &dyn Fn(usize, usize)) -> Reading {
    let mut found = Vec::new();
    let competition = read_competition(files, &mut found);
    let own_rules = read_own_rules(files, &mut found);
    let ids = skill_ids(files);
    if ids.is_empty() {
        found.push(PackageFinding::NoSkills.at(Place::default()));
    }
    if ids.len() > SKILLS_MAX {
        found.push(PackageFinding::TooManySkills { count: ids.len() }.at(Place::default()));
    }
    let mut skills = Vec::new();
    for (done, id) in ids.iter().enumerate() {
        progress(done, ids.len());
        let default_rules = competition.as_ref().map_or("", |c| c.rule_set.as_str());
        skills.push(read_skill(files, id, default_rules, own_rules.as_ref(), &mut found));
    }
    progress(ids.len(), ids.len());
    let has_errors = found.iter().any(Finding::is_error);
    let skills: Option<Vec<SkillPackage>> = skills.into_iter().collect();
    let package = competition.zip(skills).filter(|_| !has_errors);
    Reading { package: package.map(|(competition, skills)| Package { competition, skills }), findings: found }
}

/// The scheme of a skill's folder, or of a package with one skill, with the skill's number and name.
/// None where it cannot be used; then `found` says why.
pub fn read_scheme_folder(files: &Files, found: &mut Vec<Finding>) -> Option<(Scheme, String, String)> {
    let ids = skill_ids(files);
    let folder = match ids.as_slice() {
        [only] => format!("skills/{only}/"),
        [] => String::new(),
        several => {
            found.push(PackageFinding::SeveralSkills { skills: several.join(", ") }.at(Place::default()));
            return None;
        }
    };
    let known = ["number", "name", "occupation", "rule_set"];
    let table = read_toml(files, &format!("{folder}skill.toml"), &known, found)?;
    let SchemeReading { scheme, rows } = aspects::read(files, &folder, found)?;
    check_scheme(&scheme, &rules::SchemeRules::default(), &folder, &rows, found);
    let name = name_of(&table);
    let name = if name.en.is_empty() { name.zh } else { name.en };
    Some((scheme, text_of(&table, "number"), name))
}

fn skill_ids(files: &Files) -> Vec<String> {
    let mut ids: Vec<String> = files
        .names()
        .filter_map(|name| name.strip_prefix("skills/")?.split_once('/'))
        .map(|(id, _)| id.to_owned())
        .collect();
    ids.dedup();
    ids
}

fn read_toml(files: &Files, file: &str, known: &[&str], found: &mut Vec<Finding>) -> Option<toml::Table> {
    let text = match files.text(file) {
        Ok(Some(text)) => text,
        Ok(None) => {
            found.push(FileFinding::FileMissing { file: file.to_owned() }.at(Place::file(file)));
            return None;
        }
        Err(finding) => {
            found.push(finding);
            return None;
        }
    };
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            let error: toml::de::Error = error;
            let row = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count() as u64);
            let finding = PackageFinding::TomlUnreadable { problem: Spoken::of_reader(error.message()) };
            found.push(finding.at(Place::row(file, row)));
            return None;
        }
    };
    for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
        found.push(PackageFinding::UnknownKey { key: key.clone() }.at(Place::file(file).column(key.clone())));
    }
    Some(table)
}

fn text_of(table: &toml::Table, key: &str) -> String {
    match table.get(key) {
        Some(toml::Value::String(text)) => text.trim().to_owned(),
        Some(toml::Value::Integer(number)) => number.to_string(),
        Some(toml::Value::Datetime(date)) => date.to_string(),
        _ => String::new(),
    }
}

/// A name is a text, or a table of `zh` and `en`.
fn name_of(table: &toml::Table) -> Name {
    let plain = text_of(table, "name");
    let inner = table.get("name").and_then(toml::Value::as_table);
    let of = |key: &str| inner.map(|inner| text_of(inner, key)).filter(|text| !text.is_empty());
    let (zh, en) = (of("zh"), of("en"));
    let either = zh.clone().or_else(|| en.clone()).unwrap_or(plain);
    Name { zh: zh.unwrap_or_else(|| either.clone()), en: en.unwrap_or(either) }
}

fn read_competition(files: &Files, found: &mut Vec<Finding>) -> Option<Competition> {
    let file = "competition.toml";
    let known = ["name", "edition", "tier", "host", "dates", "rule_set", "language"];
    let table = read_toml(files, file, &known, found)?;
    let (name, rule_set) = (name_of(&table), text_of(&table, "rule_set"));
    let missing = [("name", name.zh.is_empty()), ("rule_set", rule_set.is_empty())];
    for (key, _) in missing.iter().filter(|(_, is_missing)| *is_missing) {
        found.push(PackageFinding::KeyMissing { key: (*key).to_owned() }.at(Place::file(file).column(*key)));
    }
    let dates = match table.get("dates") {
        Some(toml::Value::Array(days)) => {
            days.iter().map(|day| day.as_str().map_or_else(|| day.to_string(), str::to_owned)).collect()
        }
        Some(_) => vec![text_of(&table, "dates")],
        None => Vec::new(),
    };
    Some(Competition {
        name,
        edition: text_of(&table, "edition"),
        tier: text_of(&table, "tier"),
        host: text_of(&table, "host"),
        dates,
        language: text_of(&table, "language"),
        rule_set,
    })
}

fn read_own_rules(files: &Files, found: &mut Vec<Finding>) -> Option<RuleSet> {
    let file = "rule_set.toml";
    let text = match files.text(file) {
        Ok(text) => text?,
        Err(finding) => {
            found.push(finding);
            return None;
        }
    };
    match rules::read(text) {
        Ok(rules) => Some(rules),
        Err(findings) => {
            for mut finding in findings {
                finding.place.file = Some(file.to_owned());
                found.push(finding);
            }
            None
        }
    }
}

fn find_rules(name: &str, own: Option<&RuleSet>, place: Place, found: &mut Vec<Finding>) -> Option<RuleSet> {
    if let Some(own) = own.filter(|own| own.id == name) {
        return Some(own.clone());
    }
    let preset = rules::preset(name);
    if preset.is_none() && !name.is_empty() {
        let known = PRESETS.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", ");
        found.push(PackageFinding::UnknownRuleSet { name: name.to_owned(), known }.at(place));
    }
    preset
}

fn read_skill(
    files: &Files,
    id: &str,
    default_rules: &str,
    own_rules: Option<&RuleSet>,
    found: &mut Vec<Finding>,
) -> Option<SkillPackage> {
    let folder = format!("skills/{id}/");
    let first_of_skill = found.len();
    let file = format!("{folder}skill.toml");
    let table = read_toml(files, &file, &["number", "name", "occupation", "rule_set"], found)?;
    let own_name = text_of(&table, "rule_set");
    let name = if own_name.is_empty() { default_rules } else { &own_name };
    let place = if own_name.is_empty() { Place::file("competition.toml") } else { Place::file(&file) };
    let rules = find_rules(name, own_rules, place.column("rule_set"), found);
    let SchemeReading { scheme, rows } = aspects::read(files, &folder, found)?;
    let people = read_people(files, &folder, found);
    let judges = read_judges(files, &folder, found);
    let names = Names::new(&people, &judges, &scheme);
    let marks = read_marks(files, &folder, &names, found);
    let panels = read_panels(files, &folder, &scheme, &judges, &names, found)
        .unwrap_or_else(|| everyone(&scheme, &judges, &marks));
    let mut events = read_events(files, &folder, &names, found);
    events.sort_by_key(|event| event.at);
    let expected = read_expected(files, &folder, &names, found);
    let skill = SkillPackage {
        id: id.to_owned(),
        number: text_of(&table, "number"),
        name: name_of(&table),
        occupation: text_of(&table, "occupation"),
        rules: rules?,
        scheme,
        people,
        judges,
        panels,
        marks,
        events,
        expected,
    };
    check_skill(&skill, &folder, &rows, found);
    if found[first_of_skill..].iter().any(Finding::is_error) {
        return None;
    }
    check_marks(&skill, &folder, found);
    Some(skill)
}

/// The scheme, the rules and the panels together, each finding at its file and row.
fn check_skill(skill: &SkillPackage, folder: &str, rows: &HashMap<String, u64>, found: &mut Vec<Finding>) {
    check_scheme(&skill.scheme, &skill.rules.scheme, folder, rows, found);
    let Some(opening) = opening(skill) else { return };
    for mut finding in domain::marking::check_opening(&opening) {
        // Scheme and rules were checked above, with their rows.
        if OpeningFinding::CODES.contains(&finding.code) || finding.code == "too_fine" {
            let file = match finding.code {
                "no_competitors" | "too_many_competitors" => "competitors.csv",
                "key_without_meaning" | "too_fine" => "skill.toml",
                _ if skill.judges.is_empty() => "judges.csv",
                _ => "panels.csv",
            };
            finding.place.file.get_or_insert_with(|| format!("{folder}{file}"));
            found.push(finding);
        }
    }
}

/// The scheme, each finding at its file and row.
fn check_scheme(
    scheme: &Scheme,
    rules: &rules::SchemeRules,
    folder: &str,
    rows: &HashMap<String, u64>,
    found: &mut Vec<Finding>,
) {
    let aspects_file = format!("{folder}aspects.csv");
    let place = |id: &domain::id::AspectId| match rows.get(id.as_str()) {
        Some(row) => Place::row(aspects_file.clone(), *row),
        None => Place::file(aspects_file.clone()),
    };
    let from = found.len();
    found.extend(scheme::check(scheme, rules, &place));
    for finding in &mut found[from..] {
        match &finding.place.file {
            None => finding.place.file = Some(aspects_file.clone()),
            Some(file) if !file.starts_with("skills/") => {
                finding.place.file = Some(format!("{folder}{file}"))
            }
            Some(_) => {}
        }
    }
}

/// Every mark and event as the server would take it.
fn check_marks(skill: &SkillPackage, folder: &str, found: &mut Vec<Finding>) {
    let Some(mut player) = Player::new(skill) else { return };
    let mut measured = play::Measured::default();
    while let Some(step) = player.next_step() {
        if let Some(finding) = measured.check(&player.state, &step) {
            found.push(finding.at(Place::row(format!("{folder}marks.csv"), step.row).column("value")));
        }
        if let Err(why) = player.take(&step) {
            let place = Place::row(format!("{folder}{}", step.file), step.row);
            let place = if step.file == "marks.csv" { place.column("value") } else { place.column("kind") };
            found.push(why.at(place));
        }
    }
}

/// The opening of a skill. None where scheme or rules have no canonical form, which their checks
/// refuse.
pub(super) fn opening(skill: &SkillPackage) -> Option<Opening> {
    let mut seen = HashSet::new();
    let competitors = skill
        .people
        .iter()
        .filter(|person| seen.insert(person.unit()))
        .map(|person| Entrant { code: person.unit(), group: person.group.clone() })
        .collect();
    Opening::new(skill.scheme.clone(), skill.rules.clone(), competitors, skill.panels.clone()).ok()
}

/// What names a package's rows may use.
struct Names<'a> {
    /// Codes of people and teams, to the unit that is marked.
    units: HashMap<&'a str, CompetitorCode>,
    judges: HashSet<&'a str>,
    aspects: HashSet<&'a str>,
    subs: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    fn new(people: &'a [Person], judges: &'a [Judge], scheme: &'a Scheme) -> Self {
        let mut units: HashMap<&str, CompetitorCode> =
            people.iter().map(|person| (person.code.as_str(), person.unit())).collect();
        for person in people.iter().filter(|person| !person.team.is_empty()) {
            units.insert(&person.team, person.unit());
        }
        Self {
            units,
            judges: judges.iter().map(|judge| judge.code.as_str()).collect(),
            aspects: scheme.aspects().map(|aspect| aspect.id.as_str()).collect(),
            subs: scheme.sub_criteria().map(|(_, sub)| sub.id.as_str()).collect(),
        }
    }

    fn unit(&self, row: &Row<'_>, column: &str, found: &mut Vec<Finding>) -> Option<CompetitorCode> {
        let text = row.needed(column, found)?;
        let unit = self.units.get(text).cloned();
        if unit.is_none() {
            let finding = PackageFinding::UnknownCompetitor { competitor: text.to_owned() };
            found.push(finding.at(row.at(column)));
        }
        unit
    }

    fn judge<'r>(&self, row: &Row<'r>, found: &mut Vec<Finding>) -> Option<&'r str> {
        let text = row.needed("judge", found)?;
        if self.judges.contains(text) {
            return Some(text);
        }
        found.push(PackageFinding::UnknownJudge { judge: text.to_owned() }.at(row.at("judge")));
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

fn read_people(files: &Files, folder: &str, found: &mut Vec<Finding>) -> Vec<Person> {
    let file = format!("{folder}competitors.csv");
    let Some(table) = required_table(files, file, &COMPETITORS, found) else { return Vec::new() };
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
        });
    }
    people
}

fn read_judges(files: &Files, folder: &str, found: &mut Vec<Finding>) -> Vec<Judge> {
    let file = format!("{folder}judges.csv");
    let Some(table) = required_table(files, file, &JUDGES, found) else { return Vec::new() };
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
        });
    }
    judges
}

/// None where the file is not there: then every judge marks everything.
fn read_panels(
    files: &Files,
    folder: &str,
    scheme: &Scheme,
    judges: &[Judge],
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
    let _ = judges;
    let panels = scheme.sub_criteria().map(|(_, sub)| {
        let mut seats = seats.remove(sub.id.as_str()).unwrap_or_default();
        seats.sort_by_key(|(number, _)| *number);
        Panel { seats: seats.into_iter().map(|(_, seat)| seat).collect(), sub_criterion: sub.id.clone() }
    });
    Some(panels.collect())
}

/// Every judge on every panel; a chief judge only where they gave marks.
fn everyone(scheme: &Scheme, judges: &[Judge], marks: &[MarkRow]) -> Vec<Panel> {
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

fn read_marks(files: &Files, folder: &str, names: &Names<'_>, found: &mut Vec<Finding>) -> Vec<MarkRow> {
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

fn read_events(files: &Files, folder: &str, names: &Names<'_>, found: &mut Vec<Finding>) -> Vec<EventRow> {
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
        let needs_time = matches!(kind, EventKind::Start(_) | EventKind::Stop(_));
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
                         exchange, override, settled"
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

fn read_expected(
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
            let finding = PackageFinding::ExpectedUnknown { competitor: text.to_owned() };
            found.push(finding.at(row.at("competitor")));
            continue;
        };
        expected.push(expected_row(&table, &row, competitor));
    }
    Some(expected)
}
