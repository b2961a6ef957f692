//! `leitai award` and `leitai scale`: the last steps alone, on tables of results.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use domain::finding::{Finding, Place};
use domain::findings;
use domain::id::CompetitorCode;
use domain::number::Mark;
use domain::results::place::{Contender, Decisions, Override, Placing, place};
use domain::results::scale::Scale;
use domain::rules::{self, RuleSet, TieEnd};
use server::exchange::Files;
use server::exchange::files::FileFinding;
use server::exchange::package::PackageFinding;
use server::exchange::table::{Row, Shape, Table, TableFinding};
use server::spoken;

use crate::output::{Outcome, Output};

/// `leitai award`
#[derive(Args)]
pub(crate) struct AwardArguments {
    /// A preset's name, or a rule set's TOML file.
    #[arg(long, value_name = "PRESET")]
    rules: String,
    /// Recorded decisions: rows of skill, competitor, position, award, reason, document.
    #[arg(long, value_name = "F")]
    overrides: Option<PathBuf>,
    /// Rows of skill, competitor and scale, or total and the columns of the tie-break chain.
    file: PathBuf,
}

/// `leitai scale`
#[derive(Args)]
pub(crate) struct ScaleArguments {
    /// A preset's name, or a rule set's TOML file.
    #[arg(long, value_name = "PRESET")]
    rules: String,
    /// Rows of skill, competitor, total.
    file: PathBuf,
}

const SCALE: Shape = Shape { required: &["skill", "competitor", "total"], optional: &["group"] };
const OVERRIDES: Shape =
    Shape { required: &["skill", "competitor"], optional: &["position", "award", "reason", "document"] };

/// Runs `leitai award`.
pub(crate) fn award(arguments: &AwardArguments, output: &Output) -> Outcome {
    let mut found = Vec::new();
    let rules = read_rules(&arguments.rules, &mut found);
    let Some(rules) = rules else { return refuse(output, &found) };
    let fields = read_fields(&arguments.file, &rules, &mut found);
    let overrides = match &arguments.overrides {
        Some(file) => read_overrides(file, &fields, &mut found),
        None => HashMap::new(),
    };
    if found.iter().any(Finding::is_error) {
        return refuse(output, &found);
    }
    output.findings(&found);
    let mut rows = Vec::new();
    for field in &fields {
        let overrides = overrides.get(&field.skill).cloned().unwrap_or_default();
        let decisions = Decisions { settled: Vec::new(), overrides };
        let placings = place(&rules, &field.contenders, &decisions);
        rows.extend(field.contenders.iter().zip(placings).map(|(c, p)| award_row(&field.skill, c, &p)));
        rows_of_ties(field, &rules, &decisions, output);
    }
    rows.sort_by(|a, b| {
        let key = |row: &[String]| (row[0].clone(), row[3].parse().unwrap_or(u32::MAX), row[1].clone());
        key(a).cmp(&key(b))
    });
    output.table(&["skill", "competitor", "scale", "position", "award"], &rows)
}

/// Runs `leitai scale`.
pub(crate) fn scale(arguments: &ScaleArguments, output: &Output) -> Outcome {
    let mut found = Vec::new();
    let Some(rules) = read_rules(&arguments.rules, &mut found) else { return refuse(output, &found) };
    let table = read_table(&arguments.file, &SCALE, &mut found);
    let mut results: Vec<(String, String, String, Option<Mark>)> = Vec::new();
    let mut seen = Seen::default();
    for row in table.iter().flat_map(Table::rows) {
        let (skill, competitor) = (row.needed("skill", &mut found), row.code("competitor", &mut found));
        let total = total_of(&row, &mut found);
        if let (Some(skill), Some(competitor)) = (skill, competitor) {
            seen.once(skill, competitor, &row, &mut found);
            let group = row.text("group").to_owned();
            results.push((skill.to_owned(), group, competitor.to_owned(), total));
        }
    }
    if found.iter().any(Finding::is_error) {
        return refuse(output, &found);
    }
    output.findings(&found);
    let mut fields: HashMap<(&str, &str), Vec<Mark>> = HashMap::new();
    for (skill, group, _, total) in &results {
        fields.entry((skill, group)).or_default().extend(total);
    }
    let scales: HashMap<(&str, &str), Option<Scale>> =
        fields.into_iter().map(|(field, totals)| (field, scale_of(&rules, totals))).collect();
    for ((skill, group), _) in scales.iter().filter(|(_, scale)| scale.is_none()) {
        let name = format!("{skill} {group}");
        output.say(
            &format!("{}：没有量表分（离差为 0，或该规则集没有量表），按总分排名。", name.trim()),
            &format!("{}: no scale (no deviation, or the rule set has none); rank by total.", name.trim()),
        );
    }
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|(skill, group, competitor, total)| {
            let scale = scales.get(&(skill.as_str(), group.as_str())).copied().flatten();
            let at = total.and_then(|total| scale.map(|scale| scale.at(total).to_string()));
            let total = total.map(|total| total.to_string()).unwrap_or_default();
            vec![skill.clone(), competitor.clone(), total, at.unwrap_or_default()]
        })
        .collect();
    output.table(&["skill", "competitor", "total", "scale"], &rows)
}

/// A preset by name, or a rule set from a file.
fn read_rules(name: &str, found: &mut Vec<Finding>) -> Option<RuleSet> {
    if let Some(preset) = rules::preset(name) {
        return Some(preset);
    }
    let known = rules::PRESETS.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", ");
    let Ok(text) = std::fs::read_to_string(name) else {
        let finding = PackageFinding::UnknownRuleSet { name: name.to_owned(), known };
        found.push(finding.at(Place::default()));
        return None;
    };
    rules::read(&text)
        .map_err(|findings| {
            found.extend(findings.into_iter().map(|mut finding| {
                finding.place.file = Some(name.to_owned());
                finding
            }));
        })
        .ok()
}

findings! {
    /// What can be wrong with a table of results or decisions.
    enum AwardFinding {
        ChainColumnMissing { key: String } = Warning "chain_column_missing",
            "规则用“{key}”区分同分，而表里没有这一列；同分的人将分不开。",
            "The rules part equals by \"{key}\" and the table has no such column; equals will not be parted.";
        UnknownCompetitor { skill: String, competitor: String } = Error "unknown_competitor",
            "成绩表里没有赛项“{skill}”的选手“{competitor}”；请核对编号。",
            "The table of results has no competitor \"{competitor}\" in skill \"{skill}\"; check the code.";
    }
}

/// Which row named a skill's competitor first.
#[derive(Default)]
struct Seen(HashMap<(String, String), u64>);

impl Seen {
    fn once(&mut self, skill: &str, code: &str, row: &Row<'_>, found: &mut Vec<Finding>) {
        if let Some(first) = self.0.insert((skill.to_owned(), code.to_owned()), row.number()) {
            let finding = TableFinding::RepeatedId { id: code.to_owned(), first };
            found.push(finding.at(row.at("competitor")));
        }
    }
}

/// A total, which is never below 0.
fn total_of(row: &Row<'_>, found: &mut Vec<Finding>) -> Option<Mark> {
    let total = row.mark("total", found)?;
    if total < Mark::ZERO {
        let text = row.text("total").to_owned();
        found.push(TableFinding::BelowZero { text }.at(row.at("total")));
    }
    Some(total)
}

/// Those who are ranked against each other: one skill's group.
struct Field {
    skill: String,
    group: String,
    contenders: Vec<Contender>,
}

fn read_fields(file: &Path, rules: &RuleSet, found: &mut Vec<Finding>) -> Vec<Field> {
    // The chain's columns are the rule set's own; a key `part:practice` may be headed `practice`.
    let keys: Vec<String> = rules.ranking.chain.iter().map(|key| key.key.clone()).collect();
    let short = |key: &str| key.rsplit(':').next().unwrap_or(key).to_owned();
    let mut columns = vec!["group".to_owned(), "scale".to_owned(), "total".to_owned()];
    columns.extend(keys.iter().cloned());
    columns.extend(keys.iter().map(|key| short(key)));
    let Some(table) = read_table_of(file, &["skill", "competitor"], &columns, found) else {
        return Vec::new();
    };
    let mut fields: Vec<Field> = Vec::new();
    if !table.has("scale") && !table.has("total") {
        let place = Place::row(file.display().to_string(), 1).column("scale");
        found.push(TableFinding::ColumnMissing { column: "scale".to_owned() }.at(place));
        return Vec::new();
    }
    for key in keys.iter().filter(|key| !table.has(key) && !table.has(&short(key))) {
        let place = Place::row(file.display().to_string(), 1).column(key.clone());
        found.push(AwardFinding::ChainColumnMissing { key: key.clone() }.at(place));
    }
    let mut seen = Seen::default();
    for row in table.rows() {
        let (skill, code) = (row.needed("skill", found), row.code("competitor", found));
        let (Some(skill), Some(code)) = (skill, code) else { continue };
        seen.once(skill, code, &row, found);
        let contender = Contender {
            competitor: CompetitorCode::from(code),
            total: total_of(&row, found),
            scale: whole(&row, "scale", found),
            keys: keys
                .iter()
                .map(|key| {
                    let column = if table.has(key) { key.clone() } else { short(key) };
                    row.decimal(&column, found).map(|value| value.0)
                })
                .collect(),
            may_win: true,
        };
        let group = row.text("group");
        match fields.iter_mut().find(|field| field.skill == skill && field.group == group) {
            Some(field) => field.contenders.push(contender),
            None => fields.push(Field {
                skill: skill.to_owned(),
                group: group.to_owned(),
                contenders: vec![contender],
            }),
        }
    }
    if !table.has("scale") {
        fields.iter_mut().for_each(|field| add_scale(rules, field));
    }
    fields
}

/// A whole number, which a published scale is; it may be below 0.
fn whole(row: &Row<'_>, column: &str, found: &mut Vec<Finding>) -> Option<i64> {
    let value = row.decimal(column, found)?;
    let whole = value.to_whole();
    if whole.is_none() {
        let text = row.text(column).to_owned();
        let finding = TableFinding::NotWhole { text };
        found.push(finding.at(row.at(column)));
    }
    whole
}

/// Where only totals are given and the rules publish a scale, it is worked out first.
fn add_scale(rules: &RuleSet, field: &mut Field) {
    let totals = field.contenders.iter().filter_map(|contender| contender.total).collect();
    let Some(scale) = scale_of(rules, totals) else { return };
    for contender in &mut field.contenders {
        contender.scale = contender.total.map(|total| scale.at(total));
    }
}

fn scale_of(rules: &RuleSet, mut totals: Vec<Mark>) -> Option<Scale> {
    totals.sort_unstable_by(|a, b| b.cmp(a));
    Scale::of(rules.scale.as_ref()?, &totals)
}

fn read_overrides(file: &Path, fields: &[Field], found: &mut Vec<Finding>) -> HashMap<String, Vec<Override>> {
    let mut overrides: HashMap<String, Vec<Override>> = HashMap::new();
    let Some(table) = read_table(file, &OVERRIDES, found) else { return overrides };
    for row in table.rows() {
        let (skill, code) = (row.needed("skill", found), row.code("competitor", found));
        // A decision without its reason and document is no decision.
        row.needed("reason", found);
        row.needed("document", found);
        let (Some(skill), Some(code)) = (skill, code) else { continue };
        let competitor = CompetitorCode::from(code);
        let is_known = fields
            .iter()
            .any(|field| field.skill == skill && field.contenders.iter().any(|c| c.competitor == competitor));
        if !is_known {
            let (skill, competitor) = (skill.to_owned(), code.to_owned());
            found.push(AwardFinding::UnknownCompetitor { skill, competitor }.at(row.at("competitor")));
        }
        let position = row.whole("position", found);
        if position == Some(0) {
            let text = row.text("position").to_owned();
            found.push(TableFinding::NotWhole { text }.at(row.at("position")));
        }
        overrides.entry(skill.to_owned()).or_default().push(Override {
            competitor,
            position,
            award: table.has("award").then(|| row.text("award").to_owned()),
        });
    }
    overrides
}

fn read_table(file: &Path, shape: &Shape, found: &mut Vec<Finding>) -> Option<Table> {
    let (files, name) = one_file(file, found)?;
    Table::read(&files, &name, shape, found)
}

fn read_table_of(
    file: &Path,
    required: &[&str],
    optional: &[String],
    found: &mut Vec<Finding>,
) -> Option<Table> {
    let (files, name) = one_file(file, found)?;
    Table::read_columns(&files, &name, required, optional, found)
}

fn one_file(file: &Path, found: &mut Vec<Finding>) -> Option<(Files, String)> {
    let name = file.display().to_string();
    match std::fs::read(file) {
        Ok(bytes) => {
            let mut files = Files::default();
            files.put(name.clone(), bytes);
            Some((files, name))
        }
        Err(error) => {
            let finding = FileFinding::Unreadable { problem: spoken::of_system(&error) };
            found.push(finding.at(Place::file(name)));
            None
        }
    }
}

fn award_row(skill: &str, contender: &Contender, placing: &Placing) -> Vec<String> {
    vec![
        skill.to_owned(),
        contender.competitor.to_string(),
        contender.scale.map(|scale| scale.to_string()).unwrap_or_default(),
        placing.position.map(|position| position.to_string()).unwrap_or_default(),
        placing.award.clone().unwrap_or_default(),
    ]
}

/// Says which ties wait for people.
fn rows_of_ties(field: &Field, rules: &RuleSet, decisions: &Decisions, output: &Output) {
    let placings = place(rules, &field.contenders, decisions);
    for (contender, placing) in field.contenders.iter().zip(placings) {
        if let Some(end) = placing.open_tie {
            let (chinese, english) = match end {
                TieEnd::Share => ("共享名次", "they share the position"),
                TieEnd::Playoff => ("须加赛", "they compete once more"),
                TieEnd::Draw => ("须抽签", "a lot is drawn"),
                TieEnd::ChiefDecides => ("由裁判长决定", "the chief judge decides"),
            };
            output.say(
                &format!("{} {}：仍然并列，{chinese}。", field.skill, contender.competitor),
                &format!("{} {}: still tied; {english}.", field.skill, contender.competitor),
            );
        }
    }
}

fn refuse(output: &Output, found: &[Finding]) -> Outcome {
    output.findings(found);
    Outcome::Refused
}
