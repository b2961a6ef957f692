//! What rows say about each other and about those who are there already.

use std::collections::HashMap;

use domain::finding::{Finding, Place};

use super::check::Draft;
use super::{Column, IdNumber, Known, KnownSkill, PEOPLE_MAX, RosterFinding};
use crate::exchange::list::{ListFinding, fold};

/// Where a finding about a row's column stands.
type At<'a> = &'a dyn Fn(u64, Column) -> Place;

/// Adds to each row what is wrong with it beside the others.
pub(super) fn check(drafts: &mut [Box<Draft>], known: &Known<'_>, at: At<'_>) {
    same_number(drafts, at);
    same_person(drafts, at);
    let mut people: Vec<usize> = known.skills.iter().map(|skill| skill.people).collect();
    for draft in drafts {
        let there = there_already(draft, known, at);
        draft.findings.extend(there);
        let is_good = !draft.findings.iter().any(Finding::is_error);
        let Some((skill, index)) = skill(draft, known).filter(|_| is_good) else { continue };
        let Some(count) = people.get_mut(index) else { continue };
        *count += 1;
        if *count > PEOPLE_MAX {
            let finding = RosterFinding::SkillFull { skill: skill.shown(), most: PEOPLE_MAX };
            draft.findings.push(finding.at(at(draft.row, Column::Skill)));
        }
    }
}

/// One number in several rows. Where these agree, the first is good; where they contradict each other,
/// nobody but their author knows which is right, so that all are named.
fn same_number(drafts: &mut [Box<Draft>], at: At<'_>) {
    let mut first_of: HashMap<&IdNumber, usize> = HashMap::with_capacity(drafts.len());
    let mut again = Vec::new();
    for (later, draft) in drafts.iter().enumerate() {
        let Some(number) = &draft.id_number else { continue };
        let first = *first_of.entry(number).or_insert(later);
        if first != later {
            again.push((first, later));
        }
    }
    for (first, later) in again {
        let Ok([one, other]) = drafts.get_disjoint_mut([first, later]) else { continue };
        let has_other_name = fold(&one.name) != fold(&other.name);
        let has_other_skill = one.skill.zip(other.skill).is_some_and(|(one, other)| one != other);
        if has_other_name {
            contradict(one, other, at, |other| RosterFinding::IdTwoNames { other });
        }
        if has_other_skill {
            contradict(one, other, at, |other| RosterFinding::IdTwoSkills { other });
        }
        if !has_other_name && !has_other_skill {
            let finding = RosterFinding::IdTwice { first: one.row };
            other.findings.push(finding.at(at(other.row, Column::IdNumber)));
        }
    }
}

/// Names each row to the other; the first row once only, however many contradict it.
fn contradict(one: &mut Draft, other: &mut Draft, at: At<'_>, finding: fn(u64) -> RosterFinding) {
    other.findings.push(finding(one.row).at(at(other.row, Column::IdNumber)));
    let to_first = finding(other.row).at(at(one.row, Column::IdNumber));
    if !one.findings.iter().any(|said| said.code == to_first.code) {
        one.findings.push(to_first);
    }
}

/// One name in one organisation and skill twice, where no numbers tell the two apart.
fn same_person(drafts: &mut [Box<Draft>], at: At<'_>) {
    let mut first_of: HashMap<(usize, &str), (u64, bool)> = HashMap::with_capacity(drafts.len());
    let mut again = Vec::new();
    for (later, draft) in drafts.iter().enumerate() {
        let Some(skill) = draft.skill.filter(|_| !draft.name.is_empty()) else { continue };
        let own = (draft.row, draft.id_number.is_some());
        let first = *first_of.entry((skill, draft.folded.as_str())).or_insert(own);
        if first != own && !(own.1 && first.1) {
            again.push((first.0, later));
        }
    }
    for (first, later) in again {
        let Some(draft) = drafts.get_mut(later) else { continue };
        draft.findings.push(RosterFinding::PersonTwice { first }.at(at(draft.row, Column::Name)));
    }
}

/// Whether the skill takes the person at all, and does not have them yet.
fn there_already(draft: &Draft, known: &Known<'_>, at: At<'_>) -> Vec<Finding> {
    let place = |column| at(draft.row, column);
    let there = draft.key.as_ref();
    let there = there.and_then(|key| known.skills.iter().find(|skill| skill.id_numbers.contains(key)));
    let finding = there.map(|skill| RosterFinding::IdThere { skill: skill.shown() });
    let mut found: Vec<Finding> =
        finding.into_iter().map(|finding| finding.at(place(Column::IdNumber))).collect();
    let Some((skill, _)) = skill(draft, known) else { return found };
    if skill.is_open {
        found.push(ListFinding::SkillOpen { skill: skill.shown() }.at(place(Column::Skill)));
    }
    // With its number found, the name adds nothing.
    let is_named = there.is_none()
        && !skill.names.is_empty()
        && skill.names.contains(&(draft.name.clone(), draft.organisation.clone()));
    if is_named {
        let skill = skill.shown();
        let finding = match draft.id_number {
            Some(_) => RosterFinding::MaybeThere { skill },
            None => RosterFinding::PersonThere { skill },
        };
        found.push(finding.at(place(Column::Name)));
    }
    found
}

fn skill<'a>(draft: &Draft, known: &'a Known<'a>) -> Option<(&'a KnownSkill<'a>, usize)> {
    let index = draft.skill?;
    Some((known.skills.get(index)?, index))
}
