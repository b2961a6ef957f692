//! What the people of a hall do in a skill, from its package: who does it, and what must have arrived
//! before, so that no result hangs on which of two tablets is the quicker.

use std::collections::HashMap;

use domain::finding::{Finding, Place};
use domain::findings;
use domain::id::{CompetitorCode, EntryId, JudgeCode, LedgerId};
use domain::ledger::Hash;
use domain::marking::{Body, Cell, Mark, Skill};
use domain::scheme::Method;
use server::exchange::package::{self, Player, SkillPackage, Step};
use server::ledger::ReasonText;

findings! {
    /// Why a package cannot be played by people.
    pub(crate) enum PlanFinding {
        NoChief = Error "no_chief_judge",
            "这一行须由裁判长来做，而 judges.csv 里没有 chief_judge；请指定一位。",
            "This is the chief judge's to do, and judges.csv names no chief_judge; name one.";
        UnknownJudge { judge: String } = Error "judge_without_card",
            "裁判“{judge}”不在 judges.csv 里，没有登录卡。",
            "Judge \"{judge}\" is not in judges.csv and gets no card.";
        Unsound { skill: String } = Error "skill_unplayable",
            "赛项 {skill} 的评分标准或规则写不成记录。",
            "Scheme or rules of skill {skill} cannot be written as an entry.";
    }
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum By {
    /// A judge, or the chief judge, at the own tablet.
    Judge(JudgeCode),
    /// An organiser, at the desk.
    Organiser,
}

/// One thing that somebody does.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    /// The row that it comes from.
    pub(crate) place: Place,
    /// Who does it.
    pub(crate) by: By,
    /// What.
    pub(crate) body: Body,
    /// The text behind its reason.
    pub(crate) reason: Option<ReasonText>,
    /// The second person, where there is one: as the package names them, else empty.
    pub(crate) second: Option<String>,
    /// The number by which other deeds of the skill name it.
    pub(crate) id: EntryId,
    /// The deed whose value stood in the cell, by that number.
    pub(crate) base: Option<EntryId>,
    /// Whether it is one judge's score, so that the cell is that judge's alone.
    pub(crate) is_score: bool,
    /// When it happened, in milliseconds since 1970 UTC, as far as the package says.
    pub(crate) at_ms: Option<i64>,
    /// The deeds of others, by their place in the plan, that must have been received before.
    pub(crate) after: Vec<usize>,
}

/// Everything that is done between the opening and the close of a skill, in the package's order.
///
/// # Errors
/// The first row that the rules do not accept, or that nobody in the package may do.
pub(crate) fn plan(skill: &SkillPackage, ledger: &LedgerId) -> Result<Vec<Deed>, Finding> {
    let unsound = || PlanFinding::Unsound { skill: skill.id.clone() }.at(Place::default());
    let salt = Box::new(package::random_salt);
    let mut player = Player::for_ledger(skill, ledger.clone(), salt).ok_or_else(unsound)?;
    let mut planner =
        Planner { package: skill, deeds: Vec::new(), places: HashMap::new(), cells: HashMap::new() };
    while let Some(step) = player.next_step() {
        let place = Place::row(format!("skills/{}/{}", skill.id, step.file), step.row);
        let is_mine =
            !matches!(step.command.as_ref().map(|command| &command.body), Ok(Body::Open(_) | Body::Close(_)));
        if is_mine && let Some(state) = &player.state.skill {
            planner.take(state, &step, place.clone())?;
        }
        player.take(&step).map_err(|problem| problem.at(place))?;
    }
    Ok(planner.deeds)
}

struct Planner<'a> {
    package: &'a SkillPackage,
    deeds: Vec<Deed>,
    /// Where each deed stands, by its number.
    places: HashMap<EntryId, usize>,
    /// What was done in each cell, by row and column.
    cells: HashMap<(usize, usize), Done>,
}

/// What was done in a cell.
#[derive(Default)]
struct Done {
    marks: Vec<usize>,
    /// Before anything more is done in it, these must have been received.
    gates: Vec<usize>,
}

impl Planner<'_> {
    /// Takes a step before it is taken into the state.
    fn take(&mut self, state: &Skill, step: &Step, place: Place) -> Result<(), Finding> {
        let command = step.command.clone().map_err(|problem| problem.at(place.clone()))?;
        let at = self.deeds.len();
        let by = self.doer(&command.body, &place)?;
        let (body, reason) = with_reason(command.body, step.reason.clone(), &place);
        let mut after = match &body {
            Body::Mark(mark) => self.before_mark(state, mark, command.base, at),
            body => self.before_decision(state, body, at),
        };
        // What one person does arrives in its order anyway.
        after.retain(|before| self.deeds.get(*before).is_some_and(|deed| deed.by != by));
        after.sort_unstable();
        after.dedup();
        let is_score = match &body {
            Body::Mark(mark) => cell_of(state, &mark.competitor, mark.aspect.as_str())
                .is_some_and(|(row, column)| matches!(state.cell(row, column), Cell::Scored(_))),
            _ => false,
        };
        let needs_second = matches!(
            body,
            Body::Disqualify(_)
                | Body::Exchange(_)
                | Body::Override(_)
                | Body::Settle(_)
                | Body::VoidAspect(_)
        );
        let second = command.second.or_else(|| needs_second.then(String::new));
        let at_ms = step.at.map(|at| at.ms);
        self.places.insert(command.id, at);
        let (id, base) = (command.id, command.base);
        self.deeds.push(Deed { place, by, body, reason, second, id, base, is_score, at_ms, after });
        Ok(())
    }

    fn doer(&self, body: &Body, place: &Place) -> Result<By, Finding> {
        let judge = match body {
            Body::Mark(mark) => &mark.judge,
            Body::Override(_) => return Ok(By::Organiser),
            _ => {
                let chief = self.package.judges.iter().find(|judge| judge.is_chief);
                return match (chief, body) {
                    (Some(chief), _) => Ok(By::Judge(chief.code.clone())),
                    (None, Body::Withdraw(_) | Body::Disqualify(_) | Body::Settle(_)) => Ok(By::Organiser),
                    (None, _) => Err(PlanFinding::NoChief.at(place.clone())),
                };
            }
        };
        if self.package.judges.iter().any(|known| known.code == *judge) {
            return Ok(By::Judge(judge.clone()));
        }
        Err(PlanFinding::UnknownJudge { judge: judge.to_string() }.at(place.clone()))
    }

    /// A mark comes after the one that its judge saw, after the rounds before, and after what changed
    /// its cell from outside. Where more judges may score than are needed, the first in the package are
    /// the first here too.
    fn before_mark(&mut self, state: &Skill, mark: &Mark, base: Option<EntryId>, at: usize) -> Vec<usize> {
        let mut after: Vec<usize> =
            base.and_then(|base| self.places.get(&base)).copied().into_iter().collect();
        let Some((row, column)) = cell_of(state, &mark.competitor, mark.aspect.as_str()) else {
            return after;
        };
        let deeds = &self.deeds;
        let done = self.cells.entry((row, column)).or_default();
        after.extend(&done.gates);
        let counting = state.seats(column).iter().filter(|seat| seat.counts).count();
        let needed = state.opening.rules.judgement.judges.and_then(|needed| usize::try_from(needed).ok());
        let is_judged = matches!(state.aspect(column).method, Method::Judgement { .. });
        let is_first_come = is_judged && needed.is_some_and(|needed| counting > needed);
        let is_of_earlier_round = |before: &usize| matches!(deeds.get(*before).map(|deed| &deed.body), Some(Body::Mark(other)) if other.round < mark.round);
        after.extend(done.marks.iter().filter(|before| is_first_come || is_of_earlier_round(before)));
        done.marks.push(at);
        after
    }

    /// A decision comes after the marks that it is about and after every decision before.
    fn before_decision(&mut self, state: &Skill, body: &Body, at: usize) -> Vec<usize> {
        let is_decision = |place: &usize| !matches!(self.deeds[*place].body, Body::Mark(_));
        let mut after: Vec<usize> = (0..self.deeds.len()).rev().find(is_decision).into_iter().collect();
        let row = |code: &CompetitorCode| state.row(code);
        let about: Vec<(usize, usize)> = match body {
            Body::Absent(_) | Body::Withdraw(_) | Body::Disqualify(_) => {
                let row = body.competitor().and_then(row);
                self.cells.keys().copied().filter(|(of, _)| Some(*of) == row).collect()
            }
            Body::VoidAspect(body) => {
                let column = state.column(&body.aspect);
                self.cells.keys().copied().filter(|(_, of)| Some(*of) == column).collect()
            }
            Body::Rescore(body) => {
                let cell = cell_of(state, &body.competitor, body.aspect.as_str());
                cell.inspect(|cell| self.cells.entry(*cell).or_default().gates.push(at)).into_iter().collect()
            }
            Body::Exchange(body) => {
                let columns =
                    state.sub(&body.sub_criterion).map(|sub| state.columns_of(sub)).unwrap_or_default();
                let rows: Vec<usize> = [&body.competitor, &body.other].into_iter().filter_map(row).collect();
                let cells: Vec<_> =
                    rows.iter().flat_map(|row| columns.clone().map(move |column| (*row, column))).collect();
                for cell in &cells {
                    self.cells.entry(*cell).or_default().gates.push(at);
                }
                cells
            }
            // Who comes finds the seat as who left it did.
            Body::Reseat(body) => {
                let columns =
                    state.sub(&body.sub_criterion).map(|sub| state.columns_of(sub)).unwrap_or_default();
                let all = 0..state.competitors.len();
                let rows = body.competitor.as_ref().and_then(row).map_or(all, |row| row..row + 1);
                let cells: Vec<_> =
                    rows.flat_map(|row| columns.clone().map(move |column| (row, column))).collect();
                for cell in &cells {
                    self.cells.entry(*cell).or_default().gates.push(at);
                }
                cells
            }
            // Whoever settles a tie or gives an award has seen everything.
            Body::Settle(_) | Body::Override(_) => self.cells.keys().copied().collect(),
            _ => Vec::new(),
        };
        let marks = about.iter().filter_map(|cell| self.cells.get(cell)).flat_map(|done| &done.marks);
        after.extend(marks);
        after
    }
}

fn cell_of(state: &Skill, competitor: &CompetitorCode, aspect: &str) -> Option<(usize, usize)> {
    Some((state.row(competitor)?, state.column(&aspect.into())?))
}

/// A record made elsewhere may leave a reason out; people may not.
fn with_reason(mut body: Body, text: Option<ReasonText>, place: &Place) -> (Body, Option<ReasonText>) {
    let reason = match &mut body {
        Body::Disqualify(body) => &mut body.reason,
        Body::Exchange(body) => &mut body.reason,
        Body::ExtraTime(body) => &mut body.reason,
        Body::Override(body) => &mut body.reason,
        Body::Penalty(body) => &mut body.reason,
        Body::Rescore(body) => &mut body.reason,
        Body::Reseat(body) => &mut body.reason,
        Body::Settle(body) => &mut body.reason,
        Body::VoidAspect(body) => &mut body.reason,
        _ => return (body, text),
    };
    let text = text.unwrap_or_else(|| ReasonText {
        salt: package::random_salt(),
        text: format!("演练 / rehearsal: {place}"),
    });
    *reason = Some(Hash::of_document(format!("{}{}", text.salt, text.text).as_bytes()));
    (body, Some(text))
}

#[cfg(test)]
mod tests;
