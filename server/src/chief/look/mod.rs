//! What a chief judge sees. A score of a round that is still being scored is in it only where the chief
//! judge has no seat on that panel, a name only where codes are not sealed.

mod decisions;
mod requests;
mod sheets;

use std::cmp::Reverse;
use std::collections::HashMap;

use domain::id::{CompetitorCode, EntryId, JudgeCode, SubCriterionId};
use domain::ledger::{Entry, Status};
use domain::marking::{self, Body, Cell, Coding, Pending, Phase, Refusal as MarkingRefusal, Skill, State};
use domain::number::Mark;
use domain::scheme::Method;
use domain::scoring::Value;
use protocol::chief::{
    Acts, BARRED_MAX, Barred, Called, ChiefView, Competing, Competitor, Device, DeviceState, Disagreement,
    Judge, Moment, ODD_MAX, OddValue, Proposal, Proposed, Said, Share, WAITING_MAX, Waiting,
};
use protocol::note::Note;
use protocol::view::{self, Presence, Progress, SkillRef, Text};

use super::competitors::to_do;
use crate::accounts::{Enrolled, Listed};
use crate::competition;
use crate::desk::{self, Refusal};
use crate::exchange::package::{SkillDocument, behind, named_units};
use crate::http::App;
use crate::judging;
use crate::live::{self, Audience, Visibility};
use crate::notes::{self, Looker};

/// Everything that a chief judge acts on in the skill of their device; of sheets, decisions and
/// competitors those in whose code or name stands what is looked for.
///
/// # Errors
/// Where the skill is gone or the database does not answer.
pub(crate) async fn look(app: &App, chief: &Enrolled, find: &str) -> Result<ChiefView, Refusal> {
    let kept = desk::find(app, &chief.ledger).await?;
    let id = competition::of_skill(&app.database, &chief.ledger).await?;
    let name = desk::name_of(app, &id).await?;
    let state = app.ledger.state(&chief.ledger).await?;
    let setting = app.live.setting(&chief.ledger).await?;
    let tells_names = Visibility::of(&setting, Audience::Staff).tells_names(&state);
    let enrolments = app.accounts.enrolments(&chief.ledger).await?;
    let judge_name = kept.document.judges.iter().find(|known| known.code == chief.judge);
    let mut shown = ChiefView {
        competition: name,
        judge_name: judge_name.map(|known| known.name.clone()).unwrap_or_default(),
        status: live::status(state.skill.as_deref()),
        is_opened: state.skill.is_some(),
        progress: state.skill.as_deref().map(live::shown_progress).unwrap_or_default(),
        ..nothing(desk::skill_ref(&kept), chief, find)
    };
    let Some(skill) = state.skill.as_deref() else { return Ok(shown) };
    let names = if tells_names { names(&kept.document, state.coding.as_deref()) } else { HashMap::new() };
    let (notes, _) = notes::of_skill(app, &chief.ledger, Looker::Chief(&chief.judge)).await?;
    shown.notes = notes.len();
    let looking = Looking { app, chief, skill, names, document: &kept.document, find: folded(find), notes };
    shown.spread_max = skill.opening.rules.judgement.spread_max;
    shown.proposals = looking.proposals(&state).await?;
    shown.waiting = looking.waiting(&shown.proposals).await?;
    shown.more_waiting = skill.pending.len() - shown.waiting.len();
    shown.calls = looking.calls(&app.judging.called(&chief.ledger).await?);
    shown.may_call = skill.phase == Phase::Open;
    shown.disagreements = skill.disagreements().into_iter().map(|one| looking.disagreement(one)).collect();
    shown.requests = looking.requests(&shown.proposals).await?;
    shown.odd = looking.odd();
    shown.more_odd = shown.odd.len().saturating_sub(ODD_MAX);
    shown.odd.truncate(ODD_MAX);
    looking.sheets(&mut shown).await?;
    looking.decisions(&mut shown).await?;
    shown.judges = looking.judges(looking.devices(enrolments).await?);
    let reserves = kept.document.judges.iter().map(|judge| (judge.code.clone(), judge.name.clone()));
    shown.reserves = reserves.collect();
    shown.barred = looking.barred();
    shown.more_barred = shown.barred.len().saturating_sub(BARRED_MAX);
    shown.barred.truncate(BARRED_MAX);
    shown.vacant = looking.vacant();
    shown.competitors = looking.competitors();
    shown.to_start = to_do(skill, Moment::Start).count();
    shown.to_hand_in = to_do(skill, Moment::HandIn).count();
    shown.judged = looking.judged();
    let aspects = skill.opening.scheme.aspects();
    shown.aspects = aspects.map(|aspect| (aspect.id.clone(), aspect.description.clone())).collect();
    let subs = skill.opening.scheme.sub_criteria();
    shown.sub_criteria = subs.map(|(_, sub)| (sub.id.clone(), sub.name.clone())).collect();
    Ok(shown)
}

/// A view of a skill before it is opened.
fn nothing(skill: SkillRef, chief: &Enrolled, find: &str) -> ChiefView {
    ChiefView {
        competition: Text::default(),
        skill,
        judge: chief.judge.clone(),
        judge_name: String::new(),
        status: view::Status::Upcoming,
        is_opened: false,
        progress: Progress::default(),
        spread_max: None,
        waiting: Vec::new(),
        more_waiting: 0,
        proposals: Vec::new(),
        calls: Vec::new(),
        may_call: false,
        disagreements: Vec::new(),
        requests: Vec::new(),
        odd: Vec::new(),
        more_odd: 0,
        find: find.to_owned(),
        sheets: Vec::new(),
        more_sheets: 0,
        signed: Vec::new(),
        locked_sheets: Vec::new(),
        more_locked: 0,
        locked: 0,
        decisions: Vec::new(),
        more_decisions: 0,
        notes: 0,
        judges: Vec::new(),
        barred: Vec::new(),
        more_barred: 0,
        vacant: Vec::new(),
        reserves: Vec::new(),
        competitors: Vec::new(),
        to_start: 0,
        to_hand_in: 0,
        judged: Vec::new(),
        aspects: Vec::new(),
        sub_criteria: Vec::new(),
        acts: Acts {
            rescore: new_id(),
            void: new_id(),
            exchange: new_id(),
            start: new_id(),
            hand_in: new_id(),
            reseat: new_id(),
            spoken: new_id(),
            lock: new_id(),
        },
        salt: uuid::Uuid::now_v7().simple().to_string(),
    }
}

/// What is looked for, whatever its case and the spaces around it.
fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

fn new_id() -> EntryId {
    EntryId(uuid::Uuid::now_v7().as_u128())
}

/// The names of competitors and teams.
fn names(document: &SkillDocument, coding: Option<&Coding>) -> HashMap<CompetitorCode, String> {
    named_units(&behind(&document.people, coding)).into_iter().collect()
}

struct Looking<'a> {
    app: &'a App,
    chief: &'a Enrolled,
    skill: &'a Skill,
    names: HashMap<CompetitorCode, String>,
    document: &'a SkillDocument,
    find: String,
    /// Those that this chief judge may see.
    notes: Vec<Note>,
}

impl Looking<'_> {
    /// The notes of a competitor on some of the columns.
    fn notes(&self, row: usize, columns: std::ops::Range<usize>) -> Vec<Note> {
        let code = &self.skill.opening.competitors[row].code;
        let is_on = |note: &&Note| {
            note.competitor == *code
                && self.skill.column(&note.aspect).is_some_and(|column| columns.contains(&column))
        };
        self.notes.iter().filter(is_on).cloned().collect()
    }

    fn competing(&self, code: &CompetitorCode) -> Competing {
        Competing { code: code.clone(), name: self.names.get(code).cloned() }
    }

    /// Whether a competitor is among those looked for.
    fn is_found(&self, row: usize) -> bool {
        let code = &self.skill.opening.competitors[row].code;
        let name = self.names.get(code).map(|name| folded(name));
        folded(code.as_str()).contains(&self.find) || name.is_some_and(|name| name.contains(&self.find))
    }

    /// Whether this chief judge is shown what others said in the present round of a cell.
    fn may_see(&self, row: usize, column: usize, judge: &JudgeCode) -> bool {
        judging::may_see(self.skill, &self.chief.judge, row, column, judge)
    }

    async fn proposals(&self, state: &State) -> Result<Vec<Proposal>, Refusal> {
        let mut proposals = desk::proposals(self.app, &self.chief.ledger, state).await?;
        for proposal in &mut proposals {
            let Proposed::Admit { competitor, aspect, judge, value, stands, .. } = &mut proposal.what else {
                continue;
            };
            let place = self.skill.row(competitor).zip(self.skill.column(&aspect.id));
            if !place.is_some_and(|(row, column)| self.may_see(row, column, judge)) {
                (*value, *stands) = (None, None);
            }
        }
        Ok(proposals)
    }

    async fn waiting(&self, proposals: &[Proposal]) -> Result<Vec<Waiting>, Refusal> {
        let mut waiting = Vec::new();
        for (id, pending) in self.skill.pending.iter().take(WAITING_MAX) {
            if let Some(one) = self.wait(*id, pending, proposals).await? {
                waiting.push(one);
            }
        }
        Ok(waiting)
    }

    async fn wait(
        &self,
        id: EntryId,
        pending: &Pending,
        proposals: &[Proposal],
    ) -> Result<Option<Waiting>, Refusal> {
        let mark = &pending.mark;
        let Some((row, column)) = self.skill.row(&mark.competitor).zip(self.skill.column(&mark.aspect))
        else {
            return Ok(None);
        };
        let ledger = &self.app.ledger;
        let Some(entered) = ledger.entry(&self.chief.ledger, id).await? else { return Ok(None) };
        let sees = self.may_see(row, column, &mark.judge);
        let reason = if sees { ledger.reason(id).await?.map(|reason| reason.text) } else { None };
        let stands = match self.skill.head(row, column, &mark.judge, mark.round) {
            None => None,
            Some(said) => ledger.entry(&self.chief.ledger, said.entry).await?.map(|sealed| {
                let now = self.skill.mark_of(row, column);
                let now = now.map(|grains| Mark(self.skill.board.rounded_sum(grains)));
                (said.entry, said_by(&sealed.entry, &said.value, now, sees))
            }),
        };
        let is_about =
            |proposal: &Proposal| matches!(&proposal.what, Proposed::Admit { entry, .. } if *entry == id);
        let is_scored = matches!(self.skill.cell(row, column), Cell::Scored(_));
        Ok(Some(Waiting {
            act: new_id(),
            entry: id,
            competitor: self.competing(&mark.competitor),
            aspect: self.skill.aspect(column).clone(),
            round: is_scored.then_some(mark.round),
            why: entered.entry.code.as_deref().and_then(MarkingRefusal::of_waiting),
            needs_second: pending.status == Status::Late,
            is_proposed: proposals.iter().any(is_about),
            entered: Said { reason, ..said_by(&entered.entry, &mark.value, self.skill.worth(mark), sees) },
            stands,
            notes: self.notes(row, column..column + 1),
        }))
    }

    /// Who is called, while the skill is marked.
    fn calls(&self, called: &judging::Called) -> Vec<Called> {
        let kept = |sub: &SubCriterionId| called.calls.iter().find(|kept| kept.call.0 == *sub);
        let subs = self.skill.opening.scheme.sub_criteria().filter(|_| self.skill.phase == Phase::Open);
        let calls = subs.filter_map(|(_, sub)| {
            let kept = kept(&sub.id)?;
            Some(Called {
                sub_criterion: sub.id.clone(),
                name: sub.name.clone(),
                competitor: kept.call.1.clone(),
                by: kept.by.clone(),
                at: kept.at,
            })
        });
        calls.collect()
    }

    fn disagreement(&self, one: marking::Disagreement) -> Disagreement {
        let seats = self.skill.seats(one.column);
        let aspect = self.skill.aspect(one.column);
        Disagreement {
            competitor: self.competing(&self.skill.opening.competitors[one.row].code),
            aspect: aspect.id.clone(),
            description: aspect.description.clone(),
            round: one.round,
            scores: one.scores.into_iter().map(|(seat, value)| (seats[seat].judge.clone(), value)).collect(),
            spread: one.spread,
            waits_for: one.waits_for.into_iter().map(|seat| seats[seat].judge.clone()).collect(),
            was_accepted: one.was_accepted,
        }
    }

    /// What is worth a second look; a chief judge with a seat is told of complete rounds only, as everybody
    /// is.
    fn odd(&self) -> Vec<OddValue> {
        let told = self.skill.odd().into_iter().map(|odd| OddValue {
            competitor: self.competing(&self.skill.opening.competitors[odd.row].code),
            aspect: self.skill.aspect(odd.column).clone(),
            judge: odd.seat.map(|seat| self.skill.seats(odd.column)[seat].judge.clone()),
            value: odd.value,
            why: odd.why,
        });
        told.collect()
    }

    /// The devices that are signed in, by whose they are.
    async fn devices(&self, enrolments: Vec<Listed>) -> Result<HashMap<JudgeCode, Vec<Device>>, Refusal> {
        let mut of: HashMap<JudgeCode, Vec<Device>> = HashMap::new();
        for listed in enrolments {
            let (Some(device), Some(used_at)) = (listed.device, listed.used_at) else { continue };
            let has_entered =
                self.app.ledger.device(&device).await?.is_some_and(|device| device.last_dseq > 0);
            let state = self.app.judging.reported(&device).map(|told| DeviceState {
                battery: told.battery,
                is_charging: told.is_charging,
                unsent: told.unsent,
                is_lasting: told.is_lasting,
                is_current: told.version == web::judge_version(),
                version: told.version,
            });
            of.entry(listed.judge).or_default().push(Device {
                name: judging::tail(&device),
                used_at,
                seen: self.app.judging.seen(&device),
                has_entered,
                signs: listed.signs,
                state,
            });
        }
        Ok(of)
    }

    /// Everybody who has a seat or had one, the least finished first.
    fn judges(&self, mut devices: HashMap<JudgeCode, Vec<Device>>) -> Vec<Judge> {
        let subs: Vec<_> = self.skill.opening.scheme.sub_criteria().map(|(_, sub)| sub).collect();
        let mut of: HashMap<JudgeCode, Vec<Share>> = HashMap::new();
        for marking::Share { sub, seat, done, of: all } in self.skill.shares() {
            let (seat, known) = (&self.skill.panel(sub)[seat], subs[sub]);
            of.entry(seat.judge.clone()).or_default().push(Share {
                sub_criterion: known.id.clone(),
                name: known.name.clone(),
                counts: seat.counts,
                progress: Progress { done: done as u64, of: all as u64 },
            });
        }
        let mut left: HashMap<JudgeCode, Vec<(SubCriterionId, Option<JudgeCode>)>> = HashMap::new();
        for (sub, known) in subs.iter().enumerate() {
            let panel = self.skill.panel(sub);
            for seat in panel.iter().filter(|seat| !self.skill.sits(sub, &seat.judge)) {
                let now = panel.iter().find(|other| other.place == seat.place && !other.has_left);
                let now = now.map(|other| other.judge.clone());
                of.entry(seat.judge.clone()).or_default();
                left.entry(seat.judge.clone()).or_default().push((known.id.clone(), now));
            }
        }
        let judge = |(code, mut shares): (JudgeCode, Vec<Share>)| {
            shares.sort_by_key(|share| most_left(share.progress));
            let known = self.document.judges.iter().find(|known| known.code == code);
            let name = known.map(|known| known.name.clone()).unwrap_or_default();
            let left = left.remove(&code).unwrap_or_default();
            Judge { name, shares, left, devices: devices.remove(&code).unwrap_or_default(), code }
        };
        let mut judges: Vec<Judge> = of.into_iter().map(judge).collect();
        let all = |judge: &Judge| {
            let sum = |of: fn(&Share) -> u64| judge.shares.iter().map(of).sum();
            most_left(Progress { done: sum(|share| share.progress.done), of: sum(|share| share.progress.of) })
        };
        judges.sort_by_cached_key(|judge| (all(judge), judge.code.clone()));
        judges
    }

    /// For whom somebody has to stand in; who is out is left out.
    fn barred(&self) -> Vec<Barred> {
        let skill = self.skill;
        let mut all: Vec<Barred> = Vec::new();
        if matches!(skill.phase, Phase::Released(_)) {
            return all;
        }
        for (row, entrant) in skill.opening.competitors.iter().enumerate() {
            if !skill.board.is_competing(row) {
                continue;
            }
            for (sub, (_, known)) in skill.opening.scheme.sub_criteria().enumerate() {
                for seat in skill.barred(row, sub) {
                    let is_known =
                        |one: &&mut Barred| one.competitor.code == entrant.code && one.judge == seat.judge;
                    match all.iter_mut().find(is_known) {
                        Some(one) => one.subs.push(known.id.clone()),
                        None => all.push(Barred {
                            act: new_id(),
                            competitor: self.competing(&entrant.code),
                            judge: seat.judge.clone(),
                            subs: vec![known.id.clone()],
                        }),
                    }
                }
            }
        }
        all
    }

    /// Who left a seat in which nobody sits.
    fn vacant(&self) -> Vec<JudgeCode> {
        let subs = 0..self.skill.opening.scheme.sub_criteria().count();
        let of_sub = |sub| {
            let panel = self.skill.panel(sub);
            panel.iter().map(|seat| &seat.judge).filter(move |judge| {
                self.skill.leaving(None, sub, judge).is_some_and(|at| panel[at].has_left)
            })
        };
        let mut vacant: Vec<JudgeCode> = subs.flat_map(of_sub).cloned().collect();
        vacant.sort();
        vacant.dedup();
        vacant
    }

    fn competitors(&self) -> Vec<Competitor> {
        let rows = self.skill.opening.competitors.iter().zip(&self.skill.competitors).enumerate();
        rows.map(|(row, (entrant, state))| Competitor {
            competitor: self.competing(&entrant.code),
            is_found: self.is_found(row),
            presence: match (state.disqualified, state.withdrawn, state.absent) {
                (Some(_), ..) => Presence::Disqualified,
                (_, Some(_), _) => Presence::Withdrawn,
                (.., Some(_)) => Presence::Absent,
                (None, None, None) => Presence::Competing,
            },
            penalty: Mark(state.penalties.iter().map(|(_, marks)| marks.0).sum()),
            extra_minutes: state.extra_time.iter().map(|(_, minutes)| u64::from(*minutes)).sum(),
            start: state.start,
            hand_in: state.stop,
            elapsed_ms: self.skill.elapsed(row),
            instead: self.instead(row),
            act: new_id(),
        })
        .collect()
    }

    fn instead(&self, row: usize) -> Vec<(JudgeCode, Option<JudgeCode>, Vec<SubCriterionId>)> {
        let skill = self.skill;
        let mut all: Vec<(JudgeCode, Option<JudgeCode>, Vec<SubCriterionId>)> = Vec::new();
        for (sub, (_, known)) in skill.opening.scheme.sub_criteria().enumerate() {
            for seat in skill.panel(sub).iter().filter(|seat| !seat.has_left && !seat.stands_in) {
                if skill.marks(row, sub, &seat.judge) {
                    continue;
                }
                let by = skill.instead(row, sub, &seat.judge).cloned();
                match all.iter_mut().find(|(judge, other, _)| *judge == seat.judge && *other == by) {
                    Some((.., subs)) => subs.push(known.id.clone()),
                    None => all.push((seat.judge.clone(), by, vec![known.id.clone()])),
                }
            }
        }
        all
    }

    /// What can be scored again; nothing once marking is over.
    fn judged(&self) -> Vec<(domain::id::AspectId, String)> {
        if self.skill.phase != Phase::Open {
            return Vec::new();
        }
        let aspects = self.skill.opening.scheme.aspects();
        let judged = aspects.filter(|aspect| !matches!(aspect.method, Method::Measurement(_)));
        judged.map(|aspect| (aspect.id.clone(), aspect.description.clone())).collect()
    }
}

/// What is left to do, in ten-thousandths; the most comes first.
fn most_left(view::Progress { done, of }: Progress) -> Reverse<u64> {
    Reverse(of.saturating_sub(done).saturating_mul(10_000).checked_div(of).unwrap_or(0))
}

fn said_by(entry: &Entry, value: &Value, mark: Option<Mark>, sees: bool) -> Said {
    let judge = match &entry.body {
        Body::Mark(mark) => mark.judge.clone(),
        _ => JudgeCode::from(entry.actor.as_str()),
    };
    Said {
        typed_by: (entry.actor != judge.as_str()).then(|| entry.actor.clone()),
        judge,
        value: sees.then(|| value.clone()),
        mark: mark.filter(|_| sees),
        entered_at: entry.client_time,
        received_at: entry.server_time,
        device: judging::tail(&entry.device),
        reason: None,
    }
}
