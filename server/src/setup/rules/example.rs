//! The example on which a rule set is tried: its marks are data (`example.toml`), its results come by the same
//! functions as those of any skill.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::access::Role;
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::id::{EntryId, JudgeCode, LedgerId};
use domain::ledger::Command;
use domain::marking::{
    self, Body, Entrant, JUDGES_MAX, Mark, Moment, Opening, Panel, Penalty, Seat, Skill, Stamp, State,
    Withdraw, check_opening, decide, evolve,
};
use domain::number::{self, Decimal};
use domain::results::{honours, standings, team};
use domain::rules::{RuleSet, SkillLevel};
use domain::scheme::{self, Method, Scheme, SubCriterion};
use domain::scoring::Value;
use protocol::rules::{PreviewOutcome, PreviewRow, RulesPreview};
use protocol::view::Text;
use serde::Deserialize;

/// When the example begins, in milliseconds since 1970 UTC: any moment does, so long as it is always the same.
const BEGINS_AT: i64 = 1_767_225_600_000;
/// Whose words the entries are, and the second person's: both by name nobody.
const SOMEBODY: &str = "example";
const ANOTHER: &str = "another";

findings! {
    /// Why the example could not be worked out.
    pub enum ExampleError {
        NotWorkedOut { problem: Spoken } = Error "rule_example_not_worked_out",
            "按这样的规则，示例算不出来：{problem:#}。",
            "Under these rules the example cannot be worked out: {problem}.";
    }
}

/// The example; that it can be read is a test's to show.
static EXAMPLE: LazyLock<Example> =
    LazyLock::new(|| toml::from_str(include_str!("example.toml")).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    scheme: ExampleScheme,
    competitors: Vec<Competitor>,
}

/// A scheme without standards sections.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleScheme {
    criteria: Vec<scheme::Criterion>,
    parts: Vec<scheme::Part>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Competitor {
    code: String,
    about: Text,
    /// How long they worked.
    minutes: i64,
    /// What is known of them, for titles.
    flags: Vec<String>,
    /// The skill level that they have.
    level: Option<SkillLevel>,
    penalty: Option<String>,
    #[serde(default)]
    withdraws: bool,
    /// By aspect the rounds, each with its scores.
    marks: BTreeMap<String, Vec<String>>,
}

/// The example under rules as typed, where they could be read, beside those as they are now.
pub(super) fn preview(typed: Option<&RuleSet>, now: Option<&RuleSet>) -> RulesPreview {
    let mut preview = RulesPreview::default();
    let before = now.and_then(|rules| Some((play(&for_example(rules).0).ok()?, rules)));
    let mut after = None;
    if let Some(rules) = typed {
        preview.of_scheme = of_scheme(rules);
        let (rules, left_out) = for_example(rules);
        preview.left_out = left_out;
        match play(&rules) {
            Ok(skill) => after = Some((skill, rules)),
            Err(problem) => {
                preview.problems.push(ExampleError::NotWorkedOut { problem }.at(Place::default()));
            }
        }
    }
    let outcomes = |of: Option<(&Skill, &RuleSet)>| of.map(|(skill, rules)| outcomes(skill, rules));
    let before = outcomes(before.as_ref().map(|(skill, rules)| (&**skill, *rules)));
    let after = outcomes(after.as_ref().map(|(skill, rules)| (&**skill, rules)));
    let order: Vec<String> =
        after.as_ref().or(before.as_ref()).into_iter().flatten().map(|(code, _)| code.clone()).collect();
    let of = |outcomes: &Option<Vec<(String, PreviewOutcome)>>, code: &str| {
        let known = outcomes.as_ref()?.iter().find(|(known, _)| known == code);
        known.map(|(_, outcome)| outcome.clone())
    };
    let rows = order.iter().filter_map(|code| EXAMPLE.competitors.iter().find(|one| one.code == *code));
    preview.rows = rows
        .map(|one| PreviewRow {
            code: one.code.clone(),
            about: one.about.clone(),
            typed: of(&after, &one.code),
            now: of(&before, &one.code),
        })
        .collect();
    preview
}

/// The rules without the tie-break keys that name something which the example does not have, and these keys: an
/// opening with them would be refused.
fn for_example(rules: &RuleSet) -> (RuleSet, Vec<String>) {
    let mut fit = rules.clone();
    let mut left_out = Vec::new();
    fit.ranking.chain.retain(|key| {
        let mut alone = rules.clone();
        alone.ranking.chain = vec![key.clone()];
        let is_without = |finding: &Finding| finding.code == "key_without_meaning";
        let has_meaning =
            opening(&alone).is_ok_and(|opening| !check_opening(&opening).iter().any(is_without));
        if !has_meaning {
            left_out.push(key.key.clone());
        }
        has_meaning
    });
    (fit, left_out)
}

/// What the rules say of the example's scheme, each once.
fn of_scheme(rules: &RuleSet) -> Vec<Finding> {
    let scheme = whole_scheme();
    let mut found: Vec<Finding> = Vec::new();
    for finding in scheme::check(&scheme, &rules.scheme, &|_| Place::default()) {
        if !found.iter().any(|known| known.code == finding.code) {
            found.push(finding);
        }
    }
    found
}

fn whole_scheme() -> Scheme {
    let ExampleScheme { criteria, parts } = &EXAMPLE.scheme;
    Scheme { criteria: criteria.clone(), parts: parts.clone(), sections: Vec::new() }
}

/// The example as it would be pinned under the rules.
fn opening(rules: &RuleSet) -> Result<Opening, String> {
    let scheme = whole_scheme();
    let seat = |number: usize| Seat { counts: true, judge: JudgeCode::from(format!("J{number}")) };
    let panels: Vec<Panel> = scheme
        .sub_criteria()
        .map(|(_, sub)| Panel {
            seats: (1..=judges(sub, rules)).map(seat).collect(),
            sub_criterion: sub.id.clone(),
        })
        .collect();
    let entrants =
        EXAMPLE.competitors.iter().map(|one| Entrant { code: one.code.as_str().into(), group: "".into() });
    Opening::new(scheme, rules.clone(), entrants.collect(), panels)
}

/// How many judges mark a sub-criterion: of judgement as many as the rules ask for, of a panel aspect as many as
/// have a score in the example.
fn judges(sub: &SubCriterion, rules: &RuleSet) -> usize {
    let of = |aspect: &scheme::Aspect| match &aspect.method {
        Method::Measurement(_) => 1,
        Method::Judgement { .. } => {
            rules.judgement.judges.and_then(|judges| usize::try_from(judges).ok()).unwrap_or(3)
        }
        Method::Panel(_) => {
            let marks = EXAMPLE.competitors.iter().filter_map(|one| one.marks.get(aspect.id.as_str()));
            marks.flatten().map(|round| round.split(' ').count()).max().unwrap_or(1)
        }
    };
    sub.aspects.iter().map(of).max().unwrap_or(1).min(JUDGES_MAX)
}

/// Opens the example and enters all that is said in it.
fn play(rules: &RuleSet) -> Result<Box<Skill>, Spoken> {
    let unwritable = |problem: String| Spoken::of_reader(&problem);
    let opening = opening(rules).map_err(unwritable)?;
    let subs: Vec<SubCriterion> = opening.scheme.sub_criteria().map(|(_, sub)| sub.clone()).collect();
    let mut played = Played::default();
    played.enter(Body::Open(Box::new(opening)))?;
    for one in &EXAMPLE.competitors {
        let competitor = || one.code.as_str().into();
        played.enter(Body::Start(Moment { at: BEGINS_AT, competitor: competitor() }))?;
        for sub in &subs {
            for aspect in &sub.aspects {
                played.mark(one, sub, aspect)?;
            }
        }
        let at = BEGINS_AT + one.minutes * 60_000;
        played.enter(Body::Stop(Moment { at, competitor: competitor() }))?;
        if let Some(marks) = one.penalty.as_deref().and_then(|text| number::Mark::parse(text).ok()) {
            played.enter(Body::Penalty(Penalty { competitor: competitor(), marks, reason: reason() }))?;
        }
        if one.withdraws {
            played.enter(Body::Withdraw(Withdraw { competitor: competitor(), reason: reason() }))?;
        }
    }
    played.state.skill.ok_or_else(|| marking::Refusal::NotOpen.spoken())
}

fn reason() -> marking::Reason {
    Some(domain::ledger::Hash::of_document(SOMEBODY.as_bytes()))
}

/// The example's ledger as far as it was entered.
#[derive(Default)]
struct Played {
    state: State,
    entries: u32,
}

impl Played {
    fn enter(&mut self, body: Body) -> Result<(), Spoken> {
        self.entries += 1;
        let command = Command {
            actor: SOMEBODY.to_owned(),
            base: None,
            body,
            client_time: BEGINS_AT,
            device: SOMEBODY.into(),
            dseq: self.entries.into(),
            id: EntryId(self.entries.into()),
            role: Role::Importer,
            second: Some(ANOTHER.to_owned()),
        };
        let stamp = Stamp { ledger: LedgerId::from(SOMEBODY), now: BEGINS_AT };
        let decided = decide(&self.state, command, &stamp).map_err(|problem| Spoken::of_reader(&problem))?;
        if let Some(why) = decided.why {
            return Err(why.spoken());
        }
        self.state = evolve(std::mem::take(&mut self.state), &decided.sealed);
        Ok(())
    }

    /// Enters what is said of an aspect, round after round as long as the rules ask for another.
    fn mark(&mut self, one: &Competitor, sub: &SubCriterion, aspect: &scheme::Aspect) -> Result<(), Spoken> {
        let none = || marking::Refusal::NotOpen.spoken();
        let rounds = one.marks.get(aspect.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        for round in 1_u32..=2 {
            let skill = self.state.skill.as_deref().ok_or_else(none)?;
            let (row, column) = (skill.row(&one.code.as_str().into()), skill.column(&aspect.id));
            let (Some(row), Some(column)) = (row, column) else { return Err(none()) };
            if round > 1 && !skill.is_disputed(row, column) {
                break;
            }
            let panel = skill.opening.panel(&sub.id).map(|panel| panel.seats.clone()).unwrap_or_default();
            let is_measured = matches!(aspect.method, Method::Measurement(_));
            let seats = if is_measured { &panel[..panel.len().min(1)] } else { &panel[..] };
            let scores = scores(rounds, round);
            for (seat, score) in seats.iter().zip(scores.iter().cycle()) {
                self.enter(Body::Mark(Mark {
                    aspect: aspect.id.clone(),
                    competitor: one.code.as_str().into(),
                    judge: seat.judge.clone(),
                    reason: None,
                    round,
                    value: Value::Number(*score),
                }))?;
            }
        }
        Ok(())
    }
}

/// What is said in a round; where none is written, the middle of what was said in the first.
fn scores(rounds: &[String], round: u32) -> Vec<Decimal> {
    let of =
        |text: &String| text.split(' ').filter_map(|score| Decimal::parse(score).ok()).collect::<Vec<_>>();
    let written = usize::try_from(round).ok().and_then(|round| rounds.get(round - 1));
    written.map_or_else(
        || {
            let mut first = rounds.first().map(of).unwrap_or_default();
            first.sort_unstable();
            first.get(first.len() / 2).copied().into_iter().collect()
        },
        of,
    )
}

/// Everybody's result, in the order of the results.
fn outcomes(skill: &Skill, rules: &RuleSet) -> Vec<(String, PreviewOutcome)> {
    let field = (0..skill.competitors.len()).filter(|row| skill.board.is_competing(*row)).count();
    let mut outcomes = Vec::new();
    for standing in standings(skill) {
        let Some(one) = EXAMPLE.competitors.iter().find(|one| one.code == standing.competitor.as_str())
        else {
            continue;
        };
        let flags: Vec<&str> = one.flags.iter().map(String::as_str).collect();
        let titles = standing.position.map(|position| honours::honours(rules, field, position, &flags));
        let awards: Vec<&str> = standing.award.as_deref().into_iter().collect();
        let step = honours::best_promotion(rules, one.level, &awards);
        let points = rules.team_points.as_ref().zip(standing.position);
        let row = skill.row(&standing.competitor).unwrap_or_default();
        let columns = 0..skill.board.columns().len();
        outcomes.push((
            one.code.clone(),
            PreviewOutcome {
                status: standing.status,
                total: standing.total,
                penalty: standing.penalty,
                scale: standing.scale,
                position: standing.position,
                decided_by: standing.decided_by,
                open_tie: standing.open_tie,
                rescored: columns.filter(|column| skill.round(row, *column) > 1).count(),
                honours: titles.into_iter().flatten().map(str::to_owned).collect(),
                level: step.map(|(level, _)| level),
                points: points.map(|(points, position)| team::points(points, position)),
                award: standing.award,
            },
        ));
    }
    outcomes
}

#[cfg(test)]
mod tests;
