//! From files to a package, listing everything wrong on the way.

use domain::finding::{Finding, Place, Spoken};
use domain::rules::{self, PRESETS, RuleSet};
use domain::scheme::Scheme;

use super::aspects::{self, SchemeReading};
use super::check::{check_marks, check_reasons, check_scheme, check_skill};
use super::rows::{self, Names};
use super::write::RULES_FILE;
use super::{Competition, Name, Package, PackageFinding, SKILLS_MAX, SkillPackage};
use crate::exchange::Files;
use crate::exchange::files::FileFinding;

/// What `skill.toml` may say.
const SKILL_KEYS: [&str; 6] = ["number", "name", "occupation", "venue", "dates", "rule_set"];

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
    let own_rules = read_own_rules(files, RULES_FILE, &mut found);
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
    let table = read_toml(files, &format!("{folder}skill.toml"), &SKILL_KEYS, found)?;
    let SchemeReading { scheme, rows: aspect_rows } = aspects::read(files, &folder, found)?;
    check_scheme(&scheme, &rules::SchemeRules::default(), &folder, &aspect_rows, found);
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

fn dates_of(table: &toml::Table) -> Vec<String> {
    match table.get("dates") {
        Some(toml::Value::Array(days)) => {
            days.iter().map(|day| day.as_str().map_or_else(|| day.to_string(), str::to_owned)).collect()
        }
        Some(_) => vec![text_of(table, "dates")],
        None => Vec::new(),
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
    let known = ["name", "edition", "tier", "host", "dates", "venue", "rehearsal", "rule_set", "language"];
    let table = read_toml(files, file, &known, found)?;
    let (name, rule_set) = (name_of(&table), text_of(&table, "rule_set"));
    let missing = [("name", name.zh.is_empty()), ("rule_set", rule_set.is_empty())];
    for (key, _) in missing.iter().filter(|(_, is_missing)| *is_missing) {
        found.push(PackageFinding::KeyMissing { key: (*key).to_owned() }.at(Place::file(file).column(*key)));
    }
    Some(Competition {
        name,
        edition: text_of(&table, "edition"),
        tier: text_of(&table, "tier"),
        host: text_of(&table, "host"),
        dates: dates_of(&table),
        venue: text_of(&table, "venue"),
        is_rehearsal: table.get("rehearsal").and_then(toml::Value::as_bool).unwrap_or_default(),
        language: text_of(&table, "language"),
        rule_set,
    })
}

fn read_own_rules(files: &Files, file: &str, found: &mut Vec<Finding>) -> Option<RuleSet> {
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
    let table = read_toml(files, &file, &SKILL_KEYS, found)?;
    let own_name = text_of(&table, "rule_set");
    let name = if own_name.is_empty() { default_rules } else { &own_name };
    let place = if own_name.is_empty() { Place::file("competition.toml") } else { Place::file(&file) };
    // A skill that was opened by other rules of its own has them in its folder.
    let of_skill = read_own_rules(files, &format!("{folder}{RULES_FILE}"), found);
    let own_rules = of_skill.as_ref().filter(|rules| rules.id == name).or(own_rules);
    let rules = find_rules(name, own_rules, place.column("rule_set"), found);
    let SchemeReading { scheme, rows: aspect_rows } = aspects::read(files, &folder, found)?;
    let people = rows::read_people(files, &folder, found);
    let judges = rows::read_judges(files, &folder, found);
    let names = Names::new(people.as_deref(), judges.as_deref(), &scheme, &aspect_rows);
    let marks = rows::read_marks(files, &folder, &names, found);
    let panels = rows::read_panels(files, &folder, &scheme, &names, found)
        .unwrap_or_else(|| rows::everyone(&scheme, judges.as_deref().unwrap_or_default(), &marks));
    let mut events = rows::read_events(files, &folder, &names, found);
    events.sort_by_key(|event| event.at);
    let expected = rows::read_expected(files, &folder, &names, found);
    let has_everyone = people.is_some() && judges.is_some();
    let skill = SkillPackage {
        id: id.to_owned(),
        number: text_of(&table, "number"),
        name: name_of(&table),
        occupation: text_of(&table, "occupation"),
        venue: text_of(&table, "venue"),
        dates: dates_of(&table),
        rules: rules?,
        scheme,
        people: people.unwrap_or_default(),
        judges: judges.unwrap_or_default(),
        panels,
        marks,
        events,
        expected,
    };
    if has_everyone {
        let has_panels = files.get(&format!("{folder}panels.csv")).is_some();
        check_skill(&skill, &folder, &aspect_rows, has_panels, found);
    }
    check_reasons(&skill, &folder, found);
    if found[first_of_skill..].iter().any(Finding::is_error) {
        return None;
    }
    check_marks(&skill, &folder, found);
    Some(skill)
}
