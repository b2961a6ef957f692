//! What may be shown of a skill: while it is marked only what is fair to compare, and its results
//! once they are released.

use std::collections::HashMap;

use super::{Standing, standings};
use crate::id::{CompetitorCode, CriterionId, GroupName};
use crate::marking::{Phase, Skill, Stage, VoidHow};
use crate::number::Mark;
use crate::rules::LivePolicy;

/// A skill as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// As what its results are out; none while it is marked.
    pub stage: Option<Stage>,
    /// How far the marking of those who compete is.
    pub progress: Progress,
    /// What a row's breakdown is by, in the scheme's order; empty where there is none.
    pub criteria: Vec<Compared>,
    /// Everyone: group by group in the opening's order, each from the best, those without a rank last
    /// and in the order of their codes.
    pub rows: Vec<Row>,
}

/// How much is marked: cells, voided aspects aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Marked.
    pub done: usize,
    /// In all.
    pub of: usize,
}

/// What is shown of a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Which.
    pub criterion: CriterionId,
    /// The maxima of what is shown of it.
    pub max: Mark,
}

/// Whether a competitor competes, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Competes.
    Competing,
    /// Not there.
    Absent,
    /// Gone.
    Withdrawn,
    /// Taken out.
    Disqualified,
}

/// A competitor or team as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The public code.
    pub competitor: CompetitorCode,
    /// The group it is ranked in; empty where there is only one.
    pub group: GroupName,
    /// Whether it competes.
    pub presence: Presence,
    /// The rank in the group, or the position once results are released; equals share it.
    pub rank: Option<u32>,
    /// Whether somebody shares the rank.
    pub is_tied: bool,
    /// What is compared, or the total once results are released.
    pub total: Option<Mark>,
    /// How much less that is than the most in the group.
    pub gap: Option<Mark>,
    /// The published scale; only of released results.
    pub scale: Option<i64>,
    /// The award's name as published; only of released results.
    pub award: Option<String>,
    /// How much of it is marked.
    pub progress: Progress,
    /// One for each of the criteria shown, rounded for showing only; empty without a total.
    pub marks: Vec<Mark>,
}

/// What may be shown of a skill by this policy.
#[must_use]
pub fn live(skill: &Skill, policy: LivePolicy) -> Live {
    let counting = counting(skill);
    let (stage, columns) = match skill.phase {
        // A breakdown that was never to be seen does not come out with the results.
        Phase::Released(stage) if policy == LivePolicy::Progress => (Some(stage), Vec::new()),
        Phase::Released(stage) => (Some(stage), compared(skill)),
        Phase::Open | Phase::Closed => (None, comparable(skill, &counting, policy)),
    };
    let shown = Shown::of(skill, &columns);
    let mut rows = match stage {
        Some(_) => standings(skill).into_iter().filter_map(|standing| shown.released(standing)).collect(),
        None => shown.ranked(&counting, &columns),
    };
    measure(&mut rows);
    Live { stage, progress: progress(skill), criteria: shown.compared(), rows }
}

/// How far the marking of those who compete is.
#[must_use]
pub fn progress(skill: &Skill) -> Progress {
    let open = open_columns(skill);
    let competing = (0..skill.competitors.len()).filter(|row| skill.board.is_competing(*row));
    competing.fold(Progress::default(), |all, row| Progress {
        done: all.done + open - skill.board.unmarked(row),
        of: all.of + open,
    })
}

/// How many aspects are marked of each competitor: those that are not voided.
fn open_columns(skill: &Skill) -> usize {
    skill.board.columns().iter().filter(|column| column.voided.is_none()).count()
}

/// Who counts, row by row: who competes and has started.
fn counting(skill: &Skill) -> Vec<bool> {
    let are_starts_recorded = skill.competitors.iter().any(|competitor| competitor.start.is_some());
    let open = open_columns(skill);
    let rows = skill.competitors.iter().enumerate();
    rows.map(|(row, competitor)| {
        let unmarked = skill.board.unmarked(row);
        let has_mark = unmarked == 0 || unmarked < open;
        let has_started = !are_starts_recorded || has_mark || competitor.start.is_some();
        skill.board.is_competing(row) && has_started
    })
    .collect()
}

/// The columns that go into totals.
fn compared(skill: &Skill) -> Vec<usize> {
    let columns = skill.board.columns().iter().enumerate();
    columns.filter(|(_, column)| column.voided != Some(VoidHow::Removed)).map(|(at, _)| at).collect()
}

/// The columns that are marked for everyone who counts, as far as the policy lets them be seen
///
fn comparable(skill: &Skill, counting: &[bool], policy: LivePolicy) -> Vec<usize> {
    let rows: Vec<usize> = (0..counting.len()).filter(|row| counting[*row]).collect();
    let is_marked = |column: &usize| rows.iter().all(|row| skill.board.mark(*row, *column).is_some());
    let columns = compared(skill);
    match policy {
        _ if rows.is_empty() => Vec::new(),
        LivePolicy::Progress => Vec::new(),
        LivePolicy::Running => columns.into_iter().filter(is_marked).collect(),
        LivePolicy::Completed => {
            let sheets = columns.chunk_by(|one, other| skill.sub_of(*one) == skill.sub_of(*other));
            sheets.filter(|sheet| sheet.iter().all(is_marked)).flatten().copied().collect()
        }
    }
}

/// Says who shares a rank, and how much less each has than the most in the group.
fn measure(rows: &mut [Row]) {
    for group in rows.chunk_by_mut(|one, other| one.group == other.group) {
        let most = group.iter().filter_map(|row| row.total).max();
        let mut sharing: HashMap<Option<u32>, usize> = HashMap::new();
        for row in group.iter() {
            *sharing.entry(row.rank).or_default() += 1;
        }
        for row in group {
            row.gap = most.zip(row.total).map(|(most, total)| Mark(most.0 - total.0));
            row.is_tied = row.rank.is_some() && sharing[&row.rank] > 1;
        }
    }
}

/// What of a skill is shown: some of its columns, by criterion.
struct Shown<'a> {
    skill: &'a Skill,
    open: usize,
    /// A criterion's place in the scheme, and its columns.
    criteria: Vec<(usize, Vec<usize>)>,
}

impl<'a> Shown<'a> {
    fn of(skill: &'a Skill, columns: &[usize]) -> Self {
        let places = skill.opening.scheme.criteria.iter().enumerate();
        let of_sub: Vec<usize> =
            places.flat_map(|(at, criterion)| criterion.sub_criteria.iter().map(move |_| at)).collect();
        let criterion = |column: usize| of_sub[skill.sub_of(column)];
        let chunks = columns.chunk_by(|one, other| criterion(*one) == criterion(*other));
        let criteria = chunks.map(|chunk| (criterion(chunk[0]), chunk.to_vec())).collect();
        Self { skill, open: open_columns(skill), criteria }
    }

    fn compared(&self) -> Vec<Compared> {
        let max = |columns: &[usize]| columns.iter().map(|at| self.skill.board.columns()[*at].max.0).sum();
        let compared = |(at, columns): &(usize, Vec<usize>)| Compared {
            criterion: self.skill.opening.scheme.criteria[*at].id.clone(),
            max: Mark(max(columns)),
        };
        self.criteria.iter().map(compared).collect()
    }

    /// Everyone while the skill is marked, ranked by what is compared.
    fn ranked(&self, counting: &[bool], columns: &[usize]) -> Vec<Row> {
        let competitors = &self.skill.opening.competitors;
        let mut all = Vec::with_capacity(competitors.len());
        for group in self.skill.opening.groups() {
            let of_group = (0..competitors.len()).filter(|row| competitors[*row].group == *group);
            let mut rows: Vec<Row> = of_group
                .map(|row| {
                    let compares = counting[row].then(|| self.skill.board.total_over(row, columns));
                    self.row(row, compares.flatten())
                })
                .collect();
            rows.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.competitor.cmp(&b.competitor)));
            let mut last = (None, 0);
            for (place, row) in (1..).zip(&mut rows).filter(|(_, row)| row.total.is_some()) {
                if row.total != last.0 {
                    last = (row.total, place);
                }
                row.rank = Some(last.1);
            }
            all.extend(rows);
        }
        all
    }

    /// One competitor's released result.
    fn released(&self, standing: Standing) -> Option<Row> {
        let row = self.row(self.skill.row(&standing.competitor)?, standing.total);
        let Standing { position: rank, scale, award, .. } = standing;
        Some(Row { rank, scale, award, ..row })
    }

    /// What is shown of a competitor who has this total, without any rank.
    fn row(&self, row: usize, total: Option<Mark>) -> Row {
        let (entrant, state) = (&self.skill.opening.competitors[row], &self.skill.competitors[row]);
        let presence = match (state.disqualified, state.withdrawn, state.absent) {
            (Some(_), ..) => Presence::Disqualified,
            (_, Some(_), _) => Presence::Withdrawn,
            (.., Some(_)) => Presence::Absent,
            (None, None, None) => Presence::Competing,
        };
        let sum = |(_, columns): &(usize, Vec<usize>)| {
            let grains = columns.iter().filter_map(|column| self.skill.board.mark(row, *column)).sum();
            Mark(self.skill.board.rounded_sum(grains))
        };
        Row {
            competitor: entrant.code.clone(),
            group: entrant.group.clone(),
            presence,
            rank: None,
            is_tied: false,
            total,
            gap: None,
            scale: None,
            award: None,
            progress: Progress { done: self.open - self.skill.board.unmarked(row), of: self.open },
            marks: total.map(|_| self.criteria.iter().map(sum).collect()).unwrap_or_default(),
        }
    }
}
