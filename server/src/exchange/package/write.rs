//! From a package to files again; reading them gives the same package.

use domain::marking::{Panel, VoidHow};
use domain::number::{Decimal, Mark};
use domain::rules::{self, RuleSet};
use domain::scheme::{Aspect, Calculation, Method, Scheme, Unit};
use serde_json::json;

use super::{
    Competition, EventKind, EventRow, ExpectedRow, Judge, MarkRow, Name, Package, Person, SkillPackage,
};
use crate::exchange::Files;
use crate::exchange::table::{Csv, safe};

/// What holds rules that are no preset, of the competition or of one skill.
pub(super) const RULES_FILE: &str = "rule_set.toml";

/// The files of a whole package.
///
/// # Errors
/// Where a rule set cannot be written as TOML.
pub fn write(package: &Package) -> Result<Files, String> {
    let mut files = Files::default();
    files.put("competition.toml", competition_toml(&package.competition));
    for skill in &package.skills {
        skill_folder(skill, &package.competition.rule_set, &mut files)?;
    }
    Ok(files)
}

/// A rule set as TOML.
///
/// # Errors
/// What the TOML writer says.
pub fn rules_toml(rules: &RuleSet) -> Result<String, String> {
    toml::to_string_pretty(rules).map_err(|error| error.to_string())
}

/// The files of one skill, beside those of the skills before it. Rules of its own stand beside the competition
/// where they are the first, and in the skill's folder where others stand there already.
///
/// # Errors
/// Where a table cannot be written.
pub fn skill_folder(skill: &SkillPackage, default_rules: &str, files: &mut Files) -> Result<(), String> {
    let folder = format!("skills/{}/", skill.id);
    if !is_preset(&skill.rules) {
        let text = rules_toml(&skill.rules)?;
        let known = files.get(RULES_FILE).map(|known| known == text.as_bytes());
        match known {
            None => files.put(RULES_FILE, text),
            Some(true) => {}
            Some(false) => files.put(format!("{folder}{RULES_FILE}"), text),
        }
    }
    let mut put = |name: &str, bytes: Vec<u8>| files.put(format!("{folder}{name}"), bytes);
    put("skill.toml", skill_toml(skill, default_rules).into_bytes());
    put("aspects.csv", aspects_csv(&skill.scheme)?);
    put("competitors.csv", competitors_csv(&skill.people)?);
    put("judges.csv", judges_csv(&skill.judges)?);
    put("panels.csv", panels_csv(&skill.panels)?);
    put("marks.csv", marks_csv(&skill.marks)?);
    if !skill.scheme.parts.is_empty() {
        put("parts.csv", parts_csv(&skill.scheme)?);
    }
    if !skill.scheme.sections.is_empty() {
        put("sections.csv", sections_csv(&skill.scheme)?);
    }
    if !skill.events.is_empty() {
        put("events.csv", events_csv(&skill.events)?);
    }
    if let Some(expected) = &skill.expected {
        put("expected.csv", expected_csv(expected)?);
    }
    Ok(())
}

/// A scheme as a skill's folder: the scheme's files, and tables for people, judges and marks with
/// their headers only, ready to be filled.
///
/// # Errors
/// Where a table cannot be written.
pub fn scheme_folder(scheme: &Scheme, number: &str, name: &str) -> Result<Files, String> {
    let mut files = Files::default();
    let both = Name { zh: name.to_owned(), en: name.to_owned() };
    files.put("skill.toml", format!("number = {}\n{}", toml_text(number), name_toml(&both)));
    files.put("aspects.csv", aspects_csv(scheme)?);
    if !scheme.sections.is_empty() {
        files.put("sections.csv", sections_csv(scheme)?);
    }
    files.put("competitors.csv", competitors_csv(&[])?);
    files.put("judges.csv", judges_csv(&[])?);
    files.put("marks.csv", marks_csv(&[])?);
    Ok(files)
}

fn is_preset(rules: &RuleSet) -> bool {
    rules::preset(&rules.id).is_some_and(|preset| preset == *rules)
}

fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn name_toml(name: &Name) -> String {
    format!("\n[name]\nzh = {}\nen = {}\n", toml_text(&name.zh), toml_text(&name.en))
}

fn dates_toml(dates: &[String]) -> String {
    format!("[{}]", dates.iter().map(|day| toml_text(day)).collect::<Vec<_>>().join(", "))
}

fn competition_toml(competition: &Competition) -> String {
    let fields = [
        ("edition", toml_text(&competition.edition)),
        ("tier", toml_text(&competition.tier)),
        ("host", toml_text(&competition.host)),
        ("dates", dates_toml(&competition.dates)),
        ("rule_set", toml_text(&competition.rule_set)),
        ("language", toml_text(&competition.language)),
    ];
    let mut lines: String = fields.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    if !competition.venue.is_empty() {
        lines += &format!("venue = {}\n", toml_text(&competition.venue));
    }
    if competition.is_rehearsal {
        lines += "rehearsal = true\n";
    }
    lines + &name_toml(&competition.name)
}

fn skill_toml(skill: &SkillPackage, default_rules: &str) -> String {
    let mut text = format!("number = {}\n", toml_text(&skill.number));
    if !skill.occupation.is_empty() {
        text += &format!("occupation = {}\n", toml_text(&skill.occupation));
    }
    if !skill.venue.is_empty() {
        text += &format!("venue = {}\n", toml_text(&skill.venue));
    }
    if !skill.dates.is_empty() {
        text += &format!("dates = {}\n", dates_toml(&skill.dates));
    }
    if skill.rules.id != default_rules {
        text += &format!("rule_set = {}\n", toml_text(&skill.rules.id));
    }
    text + &name_toml(&skill.name)
}

fn optional<T: ToString>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

const ASPECT_COLUMNS: [&str; 26] = [
    "id",
    "criterion",
    "criterion_name",
    "sub_criterion",
    "sub_criterion_name",
    "day",
    "type",
    "description",
    "max",
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
];

fn aspects_csv(scheme: &Scheme) -> Result<Vec<u8>, String> {
    let mut table = Csv::new(&ASPECT_COLUMNS)?;
    for (criterion, sub) in scheme.sub_criteria() {
        for aspect in &sub.aspects {
            let mut row = vec![
                aspect.id.to_string(),
                criterion.id.to_string(),
                safe(&criterion.name),
                sub.id.to_string(),
                safe(&sub.name),
                sub.day.to_string(),
                aspect.method.name().to_owned(),
                safe(&aspect.description),
                aspect.max.to_string(),
            ];
            row.extend(method_cells(aspect));
            row.extend([optional(aspect.section.as_ref()), optional(aspect.part.as_ref())]);
            table.row(row)?;
        }
    }
    table.finish()
}

/// The cells from `calculation` to `rung_3`.
fn method_cells(aspect: &Aspect) -> Vec<String> {
    let [measured_in, requirement, note] =
        [&aspect.measured_in, &aspect.requirement, &aspect.note].map(|text| safe(text));
    let empty = |count: usize| vec![String::new(); count];
    let mut cells = Vec::new();
    match &aspect.method {
        Method::Measurement(calculation) => {
            cells.extend([
                calculation.name().to_owned(),
                parameters(calculation),
                measured_in,
                requirement,
                note,
            ]);
            cells.extend(empty(10));
        }
        Method::Judgement { rungs } => {
            cells.extend([String::new(), String::new(), measured_in, requirement, note]);
            cells.extend(empty(6));
            cells.extend(rungs.iter().map(|rung| safe(rung)));
        }
        Method::Panel(panel) => {
            cells.extend([String::new(), String::new(), measured_in, requirement, note]);
            cells.extend(
                [panel.score_min, panel.score_max, panel.score_step].map(|number| number.to_string()),
            );
            cells.extend([panel.drop_high.to_string(), panel.drop_low.to_string(), panel.factor.to_string()]);
            cells.extend(empty(4));
        }
    }
    cells
}

/// Numbers are written as text, so that no JSON reader makes a float of them.
fn parameters(calculation: &Calculation) -> String {
    let number = |value: &Decimal| value.to_string();
    let unit = |unit: &Unit| match unit {
        Unit::Unit => "unit",
        Unit::Percent => "percent",
    };
    let value = match calculation {
        Calculation::PassFail | Calculation::Direct => return String::new(),
        Calculation::NumberCompleted { possible } => json!({ "possible": possible }),
        Calculation::Choice { choices, unit: of } => {
            let choices: Vec<_> = choices
                .iter()
                .map(|c| json!({ "label": c.label, "deduction": number(&c.deduction) }))
                .collect();
            json!({ "choices": choices, "unit": unit(of) })
        }
        Calculation::Ranged { bands, target, unit: of } => {
            let bands: Vec<_> = bands
                .iter()
                .map(|b| {
                    json!({
                        "lower": number(&b.lower),
                        "upper": number(&b.upper),
                        "deduction": number(&b.deduction),
                    })
                })
                .collect();
            json!({ "target": number(target), "bands": bands, "unit": unit(of) })
        }
        Calculation::Difference { deduction, per, per_unit, target, unit: of } => json!({
            "target": number(target),
            "per": number(per),
            "per_unit": unit(per_unit),
            "deduction": number(deduction),
            "unit": unit(of),
        }),
    };
    value.to_string()
}

fn competitors_csv(people: &[Person]) -> Result<Vec<u8>, String> {
    let header =
        ["code", "name", "organisation", "delegation", "team", "member", "group", "employment", "level"];
    let mut table = Csv::new(&header)?;
    for person in people {
        let free = [&person.name, &person.organisation, &person.delegation].map(|text| safe(text));
        table.row([person.code.to_string()].into_iter().chain(free).chain([
            person.team.clone(),
            safe(&person.member),
            person.group.to_string(),
            safe(&person.employment),
            safe(&person.level),
        ]))?;
    }
    table.finish()
}

fn judges_csv(judges: &[Judge]) -> Result<Vec<u8>, String> {
    let mut table = Csv::new(&["code", "name", "organisation", "role"])?;
    for judge in judges {
        let role = if judge.is_chief { "chief_judge" } else { "judge" };
        table.row([judge.code.to_string(), safe(&judge.name), safe(&judge.organisation), role.to_owned()])?;
    }
    table.finish()
}

fn panels_csv(panels: &[Panel]) -> Result<Vec<u8>, String> {
    let mut table = Csv::new(&["sub_criterion", "judge", "seat", "counts"])?;
    for panel in panels {
        for (at, seat) in panel.seats.iter().enumerate() {
            let counts = if seat.counts { "1" } else { "0" };
            let cells = [panel.sub_criterion.to_string(), seat.judge.to_string()];
            table.row(cells.into_iter().chain([(at + 1).to_string(), counts.to_owned()]))?;
        }
    }
    table.finish()
}

fn marks_csv(marks: &[MarkRow]) -> Result<Vec<u8>, String> {
    let mut table = Csv::new(&["competitor", "aspect", "judge", "value", "at", "round"])?;
    for mark in marks {
        table.row([
            mark.competitor.to_string(),
            mark.aspect.to_string(),
            mark.judge.to_string(),
            mark.value.clone(),
            optional(mark.at.as_ref()),
            mark.round.to_string(),
        ])?;
    }
    table.finish()
}

fn parts_csv(scheme: &Scheme) -> Result<Vec<u8>, String> {
    let mut table = Csv::new(&["id", "name", "weight", "pass_mark"])?;
    for part in &scheme.parts {
        let pass = optional(part.pass_mark.as_ref());
        table.row([part.id.to_string(), safe(&part.name), part.weight.to_string(), pass])?;
    }
    table.finish()
}

fn sections_csv(scheme: &Scheme) -> Result<Vec<u8>, String> {
    let mut table = Csv::new(&["id", "name", "target"])?;
    for section in &scheme.sections {
        table.row([section.id.to_string(), safe(&section.name), section.target.to_string()])?;
    }
    table.finish()
}

fn events_csv(events: &[EventRow]) -> Result<Vec<u8>, String> {
    let header =
        ["at", "kind", "competitor", "value", "aspect", "reason", "by", "second", "position", "document"];
    let mut table = Csv::new(&header)?;
    for event in events {
        let [kind, competitor, value, aspect, position, document] = event_cells(&event.kind);
        table.row([
            optional(event.at.as_ref()),
            kind,
            competitor,
            value,
            aspect,
            safe(&event.reason),
            safe(&event.by),
            safe(&event.second),
            position,
            safe(&document),
        ])?;
    }
    table.finish()
}

/// Kind, competitor, value, aspect, position, document.
fn event_cells(kind: &EventKind) -> [String; 6] {
    let cells = |kind: &str, competitor: String, value: String, aspect: String| {
        [kind.to_owned(), competitor, value, aspect, String::new(), String::new()]
    };
    let about = |kind: &str, competitor: &domain::id::CompetitorCode| {
        cells(kind, competitor.to_string(), String::new(), String::new())
    };
    match kind {
        EventKind::Absent(who) => about("absent", who),
        EventKind::Start(who) => about("start", who),
        EventKind::Stop(who) => about("stop", who),
        EventKind::Withdrawn(who) => about("withdrawn", who),
        EventKind::Disqualified(who) => about("disqualified", who),
        EventKind::ExtraTime(who, minutes) => {
            cells("extra_time", who.to_string(), minutes.to_string(), String::new())
        }
        EventKind::Penalty(who, marks) => {
            let marks: &Mark = marks;
            cells("penalty", who.to_string(), marks.to_string(), String::new())
        }
        EventKind::VoidAspect(aspect, how) => {
            let how = match how {
                VoidHow::Full => "full",
                VoidHow::Removed => "removed",
            };
            cells("void_aspect", String::new(), how.to_owned(), aspect.to_string())
        }
        EventKind::Exchange(one, other, sub) => {
            cells("exchange", one.to_string(), other.to_string(), sub.to_string())
        }
        EventKind::Reseat { competitor, leaves, comes, sub_criterion } => {
            let seat = format!("{leaves} > {}", optional(comes.as_ref()));
            let (who, sub) = (optional(competitor.as_ref()), sub_criterion.to_string());
            cells("reseat", who, seat.trim_end().to_owned(), sub)
        }
        EventKind::Override { competitor, award, position, document } => [
            "override".to_owned(),
            competitor.to_string(),
            award
                .clone()
                .map(|award| if award.is_empty() { "-".to_owned() } else { award })
                .unwrap_or_default(),
            String::new(),
            optional(position.as_ref()),
            document.clone(),
        ],
        EventKind::Settled(order) => {
            let order = order.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(" > ");
            cells("settled", String::new(), order, String::new())
        }
    }
}

fn expected_csv(expected: &[ExpectedRow]) -> Result<Vec<u8>, String> {
    let mut table = Csv::new(&["competitor", "total", "scale", "position", "award"])?;
    for row in expected {
        let columns = [&row.total, &row.scale, &row.position, &row.award];
        let cells = columns.into_iter().map(|cell| cell.clone().unwrap_or_default());
        table.row([row.competitor.to_string()].into_iter().chain(cells))?;
    }
    table.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::package::read;

    #[test]
    fn where_and_when_and_that_it_is_a_rehearsal_come_back_as_they_were_written() {
        let days = |days: [&str; 2]| days.map(str::to_owned).to_vec();
        let name = Name { zh: "市赛".to_owned(), en: "City".to_owned() };
        let rules = rules::preset("hebei-2025").expect("a preset");
        let package = Package {
            competition: Competition {
                name: name.clone(),
                dates: days(["2026-12-05", "2026-12-07"]),
                venue: "技师学院 \"东\" 区".to_owned(),
                is_rehearsal: true,
                rule_set: rules.id.clone(),
                ..Competition::default()
            },
            skills: vec![SkillPackage {
                id: "skill-01".to_owned(),
                number: "01".to_owned(),
                name,
                occupation: "6-18-02-04".to_owned(),
                venue: "实训楼".to_owned(),
                dates: days(["2026-12-05", "2026-12-06"]),
                rules,
                scheme: Scheme::default(),
                people: Vec::new(),
                judges: Vec::new(),
                panels: Vec::new(),
                marks: Vec::new(),
                events: Vec::new(),
                expected: None,
            }],
        };
        let files = write(&package).expect("it can be written");
        let toml = |file: &str| files.text(file).expect("readable").expect("there").parse::<toml::Table>();
        let (of, skill) = (toml("competition.toml"), toml("skills/skill-01/skill.toml"));
        let (of, skill) = (of.expect("TOML"), skill.expect("TOML"));
        assert_eq!(of["venue"].as_str(), Some("技师学院 \"东\" 区"));
        assert_eq!(of["rehearsal"].as_bool(), Some(true));
        assert_eq!(skill["venue"].as_str(), Some("实训楼"));
        assert_eq!(skill["dates"].as_array().map(Vec::len), Some(2));
        let found = read(&files, &|_, _| ()).findings;
        assert!(!found.iter().any(|finding| finding.code == "unknown_key"), "{found:?}");
    }
}
