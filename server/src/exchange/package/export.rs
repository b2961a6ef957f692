//! The database into a package: the plain rows, the results, and the whole ledger with its
//! checkpoint, so that anyone can recompute everything.

use std::collections::BTreeSet;

use domain::access::Role;
use domain::id::EntryId;
use domain::ledger::{Entry, Sealed, Status};
use domain::marking::{Body, Mark, Opening, Pending, Skill, State};
use domain::results::standings;
use domain::scoring::Value;

use super::import::{ImportError, SkillDocument, unwritable};
use super::{
    Competition, EventKind, EventRow, ExpectedRow, Files, MarkRow, Moment, Person, SkillPackage, behind,
    skill_folder, write,
};
use crate::competition::{self, KeptSkill};
use crate::database::Database;
use crate::ledger::Ledger;

/// Exports a competition with its ledgers. `progress` is told the skills done and all skills.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub async fn export(
    database: &Database,
    ledger: &Ledger,
    id: &str,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Files, ImportError> {
    let (kept, skills) = competition::load::<Competition, SkillDocument>(database, id).await?;
    let all = skills.len() as u64;
    let empty = super::Package { competition: kept.document.clone(), skills: Vec::new() };
    let mut files = write(&empty).map_err(unwritable)?;
    for (done, skill) in skills.into_iter().enumerate() {
        progress(done as u64, all);
        export_skill(ledger, skill, &kept.document.rule_set, &mut files).await?;
    }
    progress(all, all);
    Ok(files)
}

async fn export_skill(
    ledger: &Ledger,
    kept: KeptSkill<SkillDocument>,
    default_rules: &str,
    files: &mut Files,
) -> Result<(), ImportError> {
    let (mut rows, mut lines) = (Rows::default(), String::new());
    let mut seq = 1;
    loop {
        let page = ledger.entries(&kept.ledger, seq).await?;
        let Some(last) = page.last() else { break };
        seq = last.entry.seq + 1;
        for sealed in &page {
            lines.push_str(&sealed.line());
            lines.push('\n');
            rows.take(sealed);
        }
    }
    for (entry, event) in &mut rows.events {
        event.reason = ledger.reason(*entry).await?.map(|reason| reason.text).unwrap_or_default();
    }
    let state = ledger.state(&kept.ledger).await?;
    let Some(skill) = &state.skill else { return Ok(()) };
    let people = marked_people(&kept, &state, skill);
    let package = skill_package(&kept, skill, people, rows);
    skill_folder(&package, default_rules, files).map_err(unwritable)?;
    let folder = format!("skills/{}/", kept.name);
    files.put(format!("{folder}ledger.ndjson"), lines);
    files.put(format!("{folder}ledger.note"), ledger.checkpoint(&kept.ledger).await?);
    files.put(format!("{folder}ledger.pub"), format!("{}\n", ledger.public_key()));
    Ok(())
}

/// Who competed by the codes that were marked; codes and groups alone while they are sealed.
fn marked_people(kept: &KeptSkill<SkillDocument>, state: &State, skill: &Skill) -> Vec<Person> {
    let coding = state.coding.as_deref();
    match coding.filter(|coding| coding.opened().is_none()) {
        None => behind(&kept.document.people, coding),
        Some(_) => skill.opening.competitors.iter().map(Person::unknown).collect(),
    }
}

fn skill_package(
    kept: &KeptSkill<SkillDocument>,
    skill: &Skill,
    people: Vec<Person>,
    rows: Rows,
) -> SkillPackage {
    let opening: &Opening = &skill.opening;
    let expected = standings(skill)
        .iter()
        .map(|standing| ExpectedRow {
            row: 0,
            competitor: standing.competitor.clone(),
            total: Some(standing.total.map(|total| total.to_string()).unwrap_or_default()),
            scale: Some(standing.scale.map(|scale| scale.to_string()).unwrap_or_default()),
            position: Some(standing.position.map(|position| position.to_string()).unwrap_or_default()),
            award: Some(standing.award.clone().unwrap_or_default()),
        })
        .collect();
    let document = &kept.document;
    SkillPackage {
        id: kept.name.clone(),
        number: document.number.clone(),
        name: document.name.clone(),
        occupation: document.occupation.clone(),
        venue: document.venue.clone(),
        dates: document.dates.clone(),
        rules: opening.rules.clone(),
        scheme: opening.scheme.clone(),
        people,
        judges: document.judges.clone(),
        panels: opening.panels.clone(),
        marks: rows.marks,
        events: rows.events.into_iter().map(|(_, event)| event).collect(),
        expected: Some(expected),
    }
}

/// The rows that lead to the same results as the entries taken.
#[derive(Default)]
struct Rows {
    marks: Vec<MarkRow>,
    events: Vec<(EntryId, EventRow)>,
    /// Marks that wait for a decision.
    pending: std::collections::BTreeMap<EntryId, Pending>,
    /// How many entries stand in the present millisecond, so that rows of one keep their order.
    moment: Option<Moment>,
    /// Decisions of the ledger that no row can say.
    undone: BTreeSet<EntryId>,
}

impl Rows {
    fn take(&mut self, sealed: &Sealed) {
        let entry = &sealed.entry;
        let at = self.at(entry);
        match (&entry.body, entry.status) {
            (Body::Mark(mark), Status::Accepted) => self.marks.push(mark_row(mark, at)),
            (Body::Mark(mark), Status::Conflict | Status::Late) => {
                self.pending.insert(entry.id, Pending { status: entry.status, mark: mark.clone() });
            }
            (Body::Resolve(body), Status::Accepted) => {
                if let Some(drop) = body.drop {
                    self.pending.remove(&drop);
                }
                if let Some(kept) = body.keep.and_then(|keep| self.pending.remove(&keep)) {
                    self.marks.push(mark_row(&kept.mark, at));
                }
            }
            (Body::Void(body), Status::Accepted) => {
                self.undone.insert(body.entry);
                self.events.retain(|(id, _)| *id != body.entry);
            }
            (body, Status::Accepted) => {
                if let Some((kind, own_at)) = event_kind(body) {
                    let event = EventRow {
                        row: 0,
                        at: own_at.or(at),
                        kind,
                        reason: String::new(),
                        by: entry.actor.clone(),
                        second: entry.second.clone().unwrap_or_default(),
                    };
                    self.events.push((entry.id, event));
                }
            }
            _ => {}
        }
    }

    /// When it happened: for a record read in, what the record said; else the server's time.
    fn at(&mut self, entry: &Entry) -> Option<Moment> {
        if entry.role == Role::Importer {
            return (entry.client_time != 0).then_some(Moment { ms: entry.client_time, order: 0 });
        }
        let order = match self.moment {
            Some(last) if last.ms == entry.server_time => last.order + 1,
            _ => 0,
        };
        self.moment = Some(Moment { ms: entry.server_time, order });
        self.moment
    }
}

fn mark_row(mark: &Mark, at: Option<Moment>) -> MarkRow {
    let value = match &mark.value {
        Value::Choice(label) => label.clone(),
        Value::Missing => String::new(),
        Value::Number(number) => number.to_string(),
    };
    MarkRow {
        row: 0,
        competitor: mark.competitor.clone(),
        aspect: mark.aspect.clone(),
        judge: mark.judge.clone(),
        value,
        at,
        round: mark.round,
    }
}

/// The event of a body, with its own time where it has one; none for what is no event.
fn event_kind(body: &Body) -> Option<(EventKind, Option<Moment>)> {
    let own = |ms: i64| Some(Moment { ms, order: 0 });
    let kind = match body {
        Body::Absent(body) => EventKind::Absent(body.competitor.clone()),
        Body::Start(body) => return Some((EventKind::Start(body.competitor.clone()), own(body.at))),
        Body::Stop(body) => return Some((EventKind::Stop(body.competitor.clone()), own(body.at))),
        Body::ExtraTime(body) => EventKind::ExtraTime(body.competitor.clone(), body.minutes),
        Body::Withdraw(body) => EventKind::Withdrawn(body.competitor.clone()),
        Body::Disqualify(body) => EventKind::Disqualified(body.competitor.clone()),
        Body::Penalty(body) => EventKind::Penalty(body.competitor.clone(), body.marks),
        Body::VoidAspect(body) => EventKind::VoidAspect(body.aspect.clone(), body.how),
        Body::Exchange(body) => {
            EventKind::Exchange(body.competitor.clone(), body.other.clone(), body.sub_criterion.clone())
        }
        Body::Reseat(body) => EventKind::Reseat {
            competitor: body.competitor.clone(),
            leaves: body.leaves.clone(),
            comes: body.judge.clone(),
            sub_criterion: body.sub_criterion.clone(),
        },
        Body::Override(body) => EventKind::Override {
            competitor: body.competitor.clone(),
            award: body.award.clone(),
            position: body.position,
            document: body.document.clone(),
        },
        Body::Settle(body) => EventKind::Settled(body.order.clone()),
        _ => return None,
    };
    Some((kind, None))
}
