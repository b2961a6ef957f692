//! What judges say and what happens in a generated skill: everyone has an ability, every criterion
//! suits them more or less, and judges differ a little.

use domain::id::CompetitorCode;
use domain::marking::{Panel, VoidHow};
use domain::number::{Decimal, Mark};
use domain::scheme::{Aspect, Calculation, Method};
use server::exchange::Moment;
use server::exchange::package::{EventKind, EventRow, MarkRow, SkillPackage};

use super::people::Reasons;
use super::random::Random;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Marking begins half an hour after the competitors did, at 9:00.
const MARKING_AFTER: i64 = 30 * MINUTE_MS;
/// In the morning and in the afternoon, with an hour and a half between.
const MORNING: i64 = 180 * MINUTE_MS;
const NOON: i64 = 90 * MINUTE_MS;
const AFTERNOON: i64 = 240 * MINUTE_MS;
/// One judgement in so many has a spread that must be settled by another round.
const DISPUTES: usize = 150;

/// What is told of a skill besides its scheme and people.
pub(super) struct Course<'a> {
    /// When the first day begins, 8:30 local time.
    pub(super) begin: i64,
    /// How long competitors may work.
    pub(super) minutes: i64,
    /// What is written of the things that happen; none where nothing happens.
    pub(super) reasons: Option<&'a Reasons>,
    /// Whether an aspect is voided for all.
    pub(super) has_void: bool,
}

/// One who competes, as far as it shows in marks; per mille.
struct Unit {
    code: CompetitorCode,
    ability: i64,
    /// What to add for each criterion.
    strengths: Vec<i64>,
    /// The day from which on they are gone.
    gone: u32,
}

/// Fills in marks and events.
pub(super) fn fill(skill: &mut SkillPackage, course: &Course<'_>, random: &mut Random) {
    let mut units = units(skill, random);
    skill.events = events(skill, &mut units, course, random);
    let mut rows = Vec::new();
    for day in 1..=skill.scheme.sub_criteria().map(|(_, sub)| sub.day).max().unwrap_or(1) {
        // Panels work beside each other, each through its own sheets.
        for first in [true, false] {
            let mut of_panel = sheets(skill, &units, day, first, random);
            let begin = course.begin + i64::from(day - 1) * DAY_MS + MARKING_AFTER;
            set_times(&mut of_panel, begin);
            rows.append(&mut of_panel);
        }
    }
    rows.sort_by_key(|row| row.at);
    for (at, row) in rows.iter_mut().enumerate() {
        row.row = at as u64 + 2;
    }
    skill.marks = rows;
}

fn units(skill: &SkillPackage, random: &mut Random) -> Vec<Unit> {
    let criteria = skill.scheme.criteria.len();
    let mut units: Vec<Unit> = Vec::new();
    for person in &skill.people {
        let code = person.unit();
        if units.last().is_some_and(|unit| unit.code == code) {
            continue; // another member of the team
        }
        units.push(Unit {
            code,
            ability: 720 + random.around(110) + random.around(110),
            strengths: (0..criteria).map(|_| random.around(90)).collect(),
            gone: u32::MAX,
        });
    }
    units
}

/// The rows of a day's sheets that lie with the first panel, or with the others.
fn sheets(skill: &SkillPackage, units: &[Unit], day: u32, first: bool, random: &mut Random) -> Vec<MarkRow> {
    let mut rows = Vec::new();
    for (criterion, (sub, panel)) in with_panels(skill) {
        let is_first = panel.seats.first().is_some_and(|seat| seat.judge.as_str() == "J1");
        if sub.day != day || is_first != first {
            continue;
        }
        for (turn, unit) in units.iter().filter(|unit| day < unit.gone).enumerate() {
            let likely = unit.ability + unit.strengths.get(criterion).copied().unwrap_or(0);
            for aspect in &sub.aspects {
                cell(&mut rows, aspect, unit, panel, (turn, likely), random);
            }
        }
    }
    rows
}

type Sheet<'a> = (usize, (&'a domain::scheme::SubCriterion, &'a Panel));

/// Every sub-criterion with its criterion's place and its panel.
fn with_panels(skill: &SkillPackage) -> impl Iterator<Item = Sheet<'_>> {
    let criteria = skill.scheme.criteria.iter().enumerate();
    let subs = criteria.flat_map(|(at, criterion)| criterion.sub_criteria.iter().map(move |sub| (at, sub)));
    subs.zip(&skill.panels).map(|((at, sub), panel)| (at, (sub, panel)))
}

/// What is said about one aspect of one competitor's work.
fn cell(
    rows: &mut Vec<MarkRow>,
    aspect: &Aspect,
    unit: &Unit,
    panel: &Panel,
    (turn, likely): (usize, i64),
    random: &mut Random,
) {
    let mut say = |seat: usize, value: String, round: u32| {
        let Some(seat) = panel.seats.get(seat) else { return };
        rows.push(MarkRow {
            row: 0,
            competitor: unit.code.clone(),
            aspect: aspect.id.clone(),
            judge: seat.judge.clone(),
            value,
            at: None,
            round,
        });
    };
    match &aspect.method {
        Method::Measurement(calculation) => {
            let reached = (likely + random.around(350)).clamp(0, 1_000);
            // The panel agrees; its members take turns to enter.
            let counting = panel.seats.iter().filter(|seat| seat.counts).count().max(1);
            say(turn % counting, measured(aspect.max, calculation, reached, random), 1);
        }
        Method::Judgement { .. } => {
            let rung = ((likely + random.around(220)) * 3 + 500) / 1_000;
            let rung = rung.clamp(0, 3);
            let higher = |random: &mut Random| (rung + i64::from(random.is_one_in(4))).min(3);
            if (1..=2).contains(&rung) && random.is_one_in(DISPUTES) {
                for (seat, score) in [rung - 1, rung, rung + 1].into_iter().enumerate() {
                    say(seat, score.to_string(), 1);
                }
                for seat in 0..3 {
                    say(seat, higher(random).to_string(), 2);
                }
                return;
            }
            for seat in 0..panel.seats.len() {
                say(seat, higher(random).to_string(), 1);
            }
        }
        Method::Panel(_) => {
            // Quarters from 0 to 10.
            let quarters = (likely + random.around(150)) * 40 / 1_000;
            for seat in 0..panel.seats.len() {
                let said = (quarters + random.around(5)).clamp(0, 40);
                say(seat, Decimal(said * 250_000).to_string(), 1);
            }
        }
    }
}

/// A value that gives about `reached` per mille of the maximum.
fn measured(max: Mark, calculation: &Calculation, reached: i64, random: &mut Random) -> String {
    let lost = 1_000 - reached;
    match calculation {
        Calculation::PassFail => i64::from(reached > 550).to_string(),
        // Steps of 0.05.
        Calculation::Direct => Mark(max.0 * reached / 1_000 / 5 * 5).to_string(),
        Calculation::NumberCompleted { possible } => {
            ((i64::from(*possible) * reached + 500) / 1_000).to_string()
        }
        Calculation::Choice { choices, .. } => {
            let nearest = choices.iter().min_by_key(|choice| (per_mille(choice.deduction) - lost).abs());
            nearest.map(|choice| choice.label.clone()).unwrap_or_default()
        }
        Calculation::Ranged { bands, target, .. } => {
            let outside = bands.last().map_or(0, |band| band.upper.0);
            let all = bands.iter().map(|band| (per_mille(band.deduction), band.lower.0, band.upper.0));
            let all = all.chain([(1_000, outside, outside * 2)]);
            let nearest = all.min_by_key(|(deduction, ..)| (deduction - lost).abs());
            let (_, from, to) = nearest.unwrap_or_default();
            let step = power_below(bands.first().map_or(1, |band| band.upper.0 / 5));
            let off = random.between(from / step, to / step) * step;
            Decimal(target.0 + if random.is_one_in(2) { off } else { -off }).to_string()
        }
        Calculation::Difference { deduction, per, target, .. } => {
            let off = per.0 * lost / per_mille(*deduction).max(1);
            let step = power_below(per.0);
            let off = (off + step / 2) / step * step;
            // Nothing is measured below 0 where 0 is aimed at.
            Decimal(if target.0 > 0 && random.is_one_in(2) { target.0 - off } else { target.0 + off })
                .to_string()
        }
    }
}

/// Percent of the maximum as per mille.
fn per_mille(percent: Decimal) -> i64 {
    percent.0 / 100_000
}

/// The largest power of ten that is not above a number of millionths: how finely one measures.
fn power_below(millionths: i64) -> i64 {
    let mut power = 1;
    while power * 10 <= millionths {
        power *= 10;
    }
    power
}

/// Gives the rows of a panel's day their times, evenly over morning and afternoon.
fn set_times(rows: &mut [MarkRow], begin: i64) {
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX).max(1);
    for (at, row) in (0..).zip(rows) {
        // Whole seconds.
        let worked = (MORNING + AFTERNOON) * at / count / 1_000 * 1_000;
        let noon = if worked < MORNING { 0 } else { NOON };
        row.at = Some(Moment { ms: begin + worked + noon, order: 0 });
    }
}

/// What happens besides marks: everyone starts and hands in; a few things go wrong.
fn events(
    skill: &SkillPackage,
    units: &mut [Unit],
    course: &Course<'_>,
    random: &mut Random,
) -> Vec<EventRow> {
    let Some(reasons) = course.reasons else { return Vec::new() };
    let mut events = Vec::new();
    let mut tell = |minute: i64, kind: EventKind, reason: &str, second: &str| {
        let ms = course.begin + minute * MINUTE_MS;
        events.push(EventRow {
            row: 0,
            at: Some(Moment { ms, order: 0 }),
            kind,
            reason: reason.to_owned(),
            by: "CJ".to_owned(),
            second: second.to_owned(),
        });
    };
    // Five whom something happens to, all of them different.
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < 5.min(units.len()) {
        let at = random.below(units.len());
        if !chosen.contains(&at) {
            chosen.push(at);
        }
    }
    let mut who =
        chosen.into_iter().filter_map(|at| Some((at, units.get(at)?.code.clone()))).collect::<Vec<_>>();
    if let Some((at, code)) = who.pop() {
        units[at].gone = 1;
        tell(-10, EventKind::Absent(code), random.pick(&reasons.absent), "");
    }
    for unit in units.iter().filter(|unit| unit.gone > 1) {
        tell(0, EventKind::Start(unit.code.clone()), "", "");
        let early = random.between(0, course.minutes / 5);
        tell(course.minutes - early, EventKind::Stop(unit.code.clone()), "", "");
    }
    if let Some((_, code)) = who.pop() {
        let minutes = 5 * u32::try_from(random.between(1, 4)).unwrap_or(1);
        tell(150, EventKind::ExtraTime(code, minutes), random.pick(&reasons.extra_time), "");
    }
    if let Some((_, code)) = who.pop() {
        let marks = Mark(100 * random.between(1, 3));
        tell(95, EventKind::Penalty(code, marks), random.pick(&reasons.penalty), "J1");
    }
    if random.is_one_in(3)
        && let Some((at, code)) = who.pop()
    {
        units[at].gone = 2;
        tell(24 * 60 - 15, EventKind::Withdrawn(code), random.pick(&reasons.withdrawn), "");
    }
    let measured = skill
        .scheme
        .aspects()
        .filter(|aspect| matches!(aspect.method, Method::Measurement(Calculation::Ranged { .. })));
    if course.has_void
        && let Some(aspect) = measured.last()
    {
        let void = EventKind::VoidAspect(aspect.id.clone(), VoidHow::Full);
        tell(3 * 24 * 60, void, random.pick(&reasons.void_aspect), "J1");
    }
    events.sort_by_key(|event| event.at);
    for (at, event) in events.iter_mut().enumerate() {
        event.row = at as u64 + 2;
    }
    events
}
