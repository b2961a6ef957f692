//! The results of a skill: one standing per competitor, from the folded state.

use super::place::{Contender, Decisions, Override, Placing, place};
use crate::id::{CompetitorCode, GroupName};
use crate::marking::Skill;
use crate::number::{Mark, round_half_up};
use crate::rules::{BelowPass, TieEnd};
use crate::scheme::Method;

/// A row of a skill's results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The public code.
    pub competitor: CompetitorCode,
    /// The group it is ranked in; empty where there is only one.
    pub group: GroupName,
    /// Whether it is ranked, and why not.
    pub status: StandingStatus,
    /// The total; none while an aspect is unmarked, and for one who does not compete.
    pub total: Option<Mark>,
    /// The published scale, where there is one.
    pub scale: Option<i64>,
    /// The position, shared by equals.
    pub position: Option<u32>,
    /// The award's name as published.
    pub award: Option<String>,
    /// What told this competitor apart from one with an equal result: a key of the chain, or
    /// `settled`.
    pub decided_by: Option<String>,
    /// Still equal after the whole chain: what a person has to do.
    pub open_tie: Option<TieEnd>,
    /// Whether a recorded override changed position or award.
    pub is_overridden: bool,
    /// How many aspects are still unmarked.
    pub unmarked: usize,
    /// What penalties took, in hundredths.
    pub penalty: Mark,
    /// Each weighted part's score out of 100.00, rounded for showing only; in the scheme's order.
    pub parts: Vec<Option<Mark>>,
}

/// Whether a competitor is ranked, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingStatus {
    /// Everything is marked.
    Complete,
    /// Something is still unmarked.
    Incomplete,
    /// A part is below its pass mark where the rules then give no position.
    NotPassed,
    /// Not there.
    Absent,
    /// Gone.
    Withdrawn,
    /// Taken out.
    Disqualified,
}

/// The results, sorted by group (in the opening's order), position and code; those without a
/// position come last.
#[must_use]
pub fn standings(skill: &Skill) -> Vec<Standing> {
    let decisions = decisions(skill);
    let mut all = Vec::with_capacity(skill.competitors.len());
    for group in skill.opening.groups() {
        let rows: Vec<usize> = (0..skill.competitors.len())
            .filter(|row| skill.opening.competitors[*row].group == *group)
            .collect();
        let competing: Vec<usize> =
            rows.iter().copied().filter(|row| skill.board.is_competing(*row)).collect();
        let field: Vec<Contender> = competing.iter().map(|row| contender(skill, *row)).collect();
        let mut placings = place(&skill.opening.rules, &field, &decisions).into_iter();
        let mut standings: Vec<Standing> = rows
            .iter()
            .map(|row| {
                let placing = if skill.board.is_competing(*row) { placings.next() } else { None };
                standing(skill, *row, placing.unwrap_or_default())
            })
            .collect();
        standings.sort_by(|a, b| {
            let key = |s: &Standing| (s.position.is_none(), s.position);
            key(a).cmp(&key(b)).then_with(|| a.competitor.cmp(&b.competitor))
        });
        all.extend(standings);
    }
    all
}

fn decisions(skill: &Skill) -> Decisions {
    let overrides = skill.opening.competitors.iter().zip(&skill.competitors);
    Decisions {
        settled: skill.settled.iter().map(|(_, order)| order.clone()).collect(),
        overrides: overrides
            .flat_map(|(entrant, state)| {
                state.overridden.iter().map(|(_, body)| Override {
                    competitor: entrant.code.clone(),
                    position: body.position,
                    award: body.award.clone(),
                })
            })
            .collect(),
    }
}

fn contender(skill: &Skill, row: usize) -> Contender {
    let has_passed = has_passed(skill, row);
    let has_place = has_passed || skill.opening.rules.parts.below_pass != BelowPass::NoPosition;
    Contender {
        competitor: skill.opening.competitors[row].code.clone(),
        total: skill.board.total(row).filter(|_| has_place),
        scale: skill.board.scale(row).filter(|_| has_place),
        keys: skill.opening.rules.ranking.chain.iter().map(|key| value_of(skill, row, &key.key)).collect(),
        may_win: has_passed,
    }
}

fn standing(skill: &Skill, row: usize, placing: Placing) -> Standing {
    let (entrant, state, board) = (&skill.opening.competitors[row], &skill.competitors[row], &skill.board);
    let has_place = skill.opening.rules.parts.below_pass != BelowPass::NoPosition;
    let status = match (state.disqualified, state.withdrawn, state.absent, board.total(row)) {
        (Some(_), ..) => StandingStatus::Disqualified,
        (_, Some(_), ..) => StandingStatus::Withdrawn,
        (_, _, Some(_), _) => StandingStatus::Absent,
        (.., None) => StandingStatus::Incomplete,
        _ if !has_place && !has_passed(skill, row) => StandingStatus::NotPassed,
        _ => StandingStatus::Complete,
    };
    Standing {
        competitor: entrant.code.clone(),
        group: entrant.group.clone(),
        status,
        total: board.total(row),
        scale: board.scale(row),
        position: placing.position,
        award: placing.award,
        decided_by: placing.decided_by,
        open_tie: placing.open_tie,
        is_overridden: placing.is_overridden,
        unmarked: board.unmarked(row),
        penalty: board.penalty(row),
        parts: (0..skill.opening.scheme.parts.len()).map(|part| part_score(skill, row, part)).collect(),
    }
}

/// A part's score out of 100.00, as an exact fraction of hundredths: numerator, denominator.
fn part_fraction(skill: &Skill, row: usize, part: usize) -> (i128, i128) {
    let board = &skill.board;
    let denominator = i128::from(board.part_max(part).max(1)) * i128::from(board.unit());
    (i128::from(board.part_sum(row, part)) * 10_000, denominator)
}

fn part_score(skill: &Skill, row: usize, part: usize) -> Option<Mark> {
    skill.board.total(row)?;
    let (numerator, denominator) = part_fraction(skill, row, part);
    i64::try_from(round_half_up(numerator, denominator)).ok().map(Mark)
}

/// Whether every part reaches its pass mark; the exact fraction is compared.
fn has_passed(skill: &Skill, row: usize) -> bool {
    skill.opening.scheme.parts.iter().enumerate().all(|(at, part)| {
        let (numerator, denominator) = part_fraction(skill, row, at);
        part.pass_mark.is_none_or(|pass| numerator >= i128::from(pass.0) * denominator)
    })
}

/// A tie-break key's value: milliseconds for `time`, grains for marks. The unit does not
/// matter, since only competitors of one skill are compared.
fn value_of(skill: &Skill, row: usize, key: &str) -> Option<i64> {
    let sum = |is_in: &dyn Fn(usize) -> bool| {
        let columns = (0..skill.board.columns().len()).filter(|column| is_in(*column));
        Some(columns.filter_map(|column| skill.board.mark(row, column)).sum())
    };
    let is_judgement = |column: usize| !matches!(skill.aspect(column).method, Method::Measurement(_));
    match key.split_once(':') {
        None => match key {
            "time" => skill.elapsed(row),
            "judgement" => sum(&is_judgement),
            "measurement" => sum(&|column| !is_judgement(column)),
            _ => None,
        },
        Some(("part", id)) => {
            let part = skill.opening.scheme.parts.iter().position(|part| part.id.as_str() == id)?;
            Some(skill.board.part_sum(row, part))
        }
        Some(("criterion", id)) => {
            let subs: Vec<bool> = skill
                .opening
                .scheme
                .sub_criteria()
                .map(|(criterion, _)| criterion.id.as_str() == id)
                .collect();
            sum(&|column| subs[skill.sub_of(column)])
        }
        Some(("sub_criterion", id)) => {
            let sub = skill.sub(&id.into())?;
            sum(&|column| skill.sub_of(column) == sub)
        }
        Some(_) => None,
    }
}
