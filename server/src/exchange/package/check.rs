//! What is checked of a skill as a whole, beyond its cells: scheme, rules, panels, and every mark and
//! event by the rules of marking.

use std::collections::HashMap;

use domain::finding::{Finding, Place};
use domain::marking::OpeningFinding;
use domain::rules::SchemeRules;
use domain::scheme::{self, Scheme};

use super::play::{Measured, Player};
use super::{PackageFinding, SkillPackage};
use crate::ledger::REASON_LENGTH_MAX;

/// The scheme, the rules and the panels together, each finding at its file and row.
pub(super) fn check_skill(
    skill: &SkillPackage,
    folder: &str,
    rows: &HashMap<String, u64>,
    has_panels: bool,
    found: &mut Vec<Finding>,
) {
    check_scheme(&skill.scheme, &skill.rules.scheme, folder, rows, found);
    let Some(opening) = skill.opening() else { return };
    for mut finding in domain::marking::check_opening(&opening) {
        // Scheme and rules were checked above, with their rows.
        if OpeningFinding::CODES.contains(&finding.code) || finding.code == "too_fine" {
            let file = match finding.code {
                "no_competitors" | "too_many_competitors" => "competitors.csv",
                "key_without_meaning" | "too_fine" => "skill.toml",
                "too_many_judges" => "judges.csv",
                _ if !has_panels => "judges.csv",
                _ => "panels.csv",
            };
            finding.place.file.get_or_insert_with(|| format!("{folder}{file}"));
            found.push(finding);
        }
    }
}

/// The scheme, each finding at its file and row.
pub(super) fn check_scheme(
    scheme: &Scheme,
    rules: &SchemeRules,
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
pub(super) fn check_marks(skill: &SkillPackage, folder: &str, found: &mut Vec<Finding>) {
    let Some(mut player) = Player::new(skill) else { return };
    let mut measured = Measured::default();
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
/// A reason that the ledger would not keep stops an import in its middle; it is found before.
pub(super) fn check_reasons(skill: &SkillPackage, folder: &str, found: &mut Vec<Finding>) {
    for event in &skill.events {
        let length = event.reason.chars().count();
        if length > REASON_LENGTH_MAX || event.reason.contains('\0') {
            let place = Place::row(format!("{folder}events.csv"), event.row).column("reason");
            found.push(PackageFinding::ReasonUnfit { most: REASON_LENGTH_MAX }.at(place));
        }
    }
}
