//! What became effective in which cells, for the connections of a ledger: one reader a ledger tells
//! all of them, so that forty tablets cost no more than one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use domain::access::Role;
use domain::id::{DeviceId, EntryId, JudgeCode, LedgerId};
use domain::ledger::{Entry, Status};
use domain::marking::{self, AskUnlock, Body, Countersign, Lock, Reseat, Skill, State, Unlock};
use protocol::frame::Cell;
use tokio::sync::{Mutex, broadcast};

use super::Identity;
use crate::ledger::{Follower, Ledger, LedgerError};

/// How long what is entered is gathered before it is told, so that a busy ledger is not copied for
/// each commit.
const GATHER: Duration = Duration::from_millis(200);
/// How often a ledger is looked at for what other servers entered.
const LOOK: Duration = Duration::from_secs(1);
/// How many tellings a slow connection may be behind: more than fit in the time that it has to take
/// a frame.
const BEHIND_MAX: usize = 256;

/// What moved up to a number of the ledger.
#[derive(Debug)]
pub(super) struct Moved {
    /// The number.
    pub(super) seq: i64,
    /// One for each cell.
    pub(super) heads: Vec<Head>,
}

/// What is effective in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) cell: Cell,
    pub(super) id: Option<EntryId>,
    /// Whose entries moved it; none where no entry of its own did.
    devices: BTreeSet<DeviceId>,
    /// The judges who may know, or have to ask anew.
    judges: Vec<JudgeCode>,
}

pub(super) type Following = broadcast::Receiver<Arc<Moved>>;
type Readers = Arc<Mutex<HashMap<LedgerId, broadcast::Sender<Arc<Moved>>>>>;

/// One reader for each ledger that somebody follows.
#[derive(Default)]
pub(super) struct Heads {
    readers: Readers,
}

impl Heads {
    /// Everything that moves in a ledger from now on.
    pub(super) async fn follow(&self, ledger: &Ledger, id: &LedgerId) -> Result<Following, LedgerError> {
        let mut readers = self.readers.lock().await;
        if let Some(reader) = readers.get(id) {
            return Ok(reader.subscribe());
        }
        let seen = ledger.state(id).await?.head.seq;
        let (teller, following) = broadcast::channel(BEHIND_MAX);
        readers.insert(id.clone(), teller.clone());
        tokio::spawn(read(Arc::clone(&self.readers), ledger.clone(), id.clone(), seen, teller));
        Ok(following)
    }
}

/// Tells what moves until nobody follows.
async fn read(
    readers: Readers,
    ledger: Ledger,
    id: LedgerId,
    mut seen: i64,
    teller: broadcast::Sender<Arc<Moved>>,
) {
    let mut news = ledger.listen(&id);
    let recent = ledger.keep_recent(&id);
    loop {
        // Either is a reason to look; an error says that the ledger is gone, and so will be who follows.
        let _ = tokio::time::timeout(LOOK, news.changed()).await;
        {
            let mut readers = readers.lock().await;
            if teller.receiver_count() == 0 {
                readers.remove(&id);
                return;
            }
        }
        // What cannot be read now is read at the next look.
        if let Ok(Some(moved)) = moved(&ledger, &recent, &id, seen).await {
            seen = moved.seq;
            let _ = teller.send(Arc::new(moved));
        }
        tokio::time::sleep(GATHER).await;
    }
}

async fn moved(
    ledger: &Ledger,
    recent: &Follower,
    id: &LedgerId,
    seen: i64,
) -> Result<Option<Moved>, LedgerError> {
    let state = ledger.state(id).await?;
    let seq = state.head.seq;
    let mut touched = Touched::default();
    let mut next = seen + 1;
    if let Some(entries) = recent.entries(next, seq) {
        entries.iter().for_each(|entry| touched.take(&state, entry));
        next = seq + 1;
    }
    while next <= seq {
        let page = ledger.entries(id, next).await?;
        if page.is_empty() {
            return Err(LedgerError::Damaged { ledger: id.to_string(), seq: next });
        }
        next += i64::try_from(page.len()).unwrap_or(i64::MAX - next);
        for sealed in page.iter().filter(|sealed| sealed.entry.seq <= seq) {
            touched.take(&state, &sealed.entry);
        }
    }
    Ok((seq > seen).then(|| Moved { seq, heads: touched.heads(&state) }))
}

/// A cell by its row, its column, and for a judged one its seat and round.
type Place = (usize, usize, Option<(usize, u32)>);

/// The cells that entries touched, and on which devices.
#[derive(Default)]
struct Touched {
    places: BTreeMap<Place, BTreeSet<DeviceId>>,
    /// Sheets of which something else changed than what stands in a cell: a lock, a seat, who competes.
    sheets: BTreeSet<(usize, usize)>,
}

impl Touched {
    fn take(&mut self, state: &State, entry: &Entry) {
        let Some(skill) = state.skill.as_deref().filter(|_| entry.status != Status::Refused) else { return };
        let device = &entry.device;
        match &entry.body {
            Body::Mark(mark) => {
                let Some((row, column)) = skill.row(&mark.competitor).zip(skill.column(&mark.aspect)) else {
                    return;
                };
                // A sheet on which something waits cannot be signed; a correction settles what its judge
                // left waiting there.
                if entry.status != Status::Accepted || mark.reason.is_some() {
                    self.sheets.insert((row, skill.sub_of(column)));
                }
                if entry.status != Status::Accepted {
                    return;
                }
                let seat = skill.seat(row, column, &mark.judge).map(|seat| (seat, mark.round));
                self.touch((row, column, seat.filter(|_| is_scored(skill, row, column))), device);
                self.open_round(skill, row, column);
            }
            Body::Rescore(body) => {
                if let Some((row, column)) = skill.row(&body.competitor).zip(skill.column(&body.aspect)) {
                    self.open_round(skill, row, column);
                }
            }
            Body::Resolve(body) => {
                if let Some(keep) = body.keep {
                    self.find(skill, keep, device);
                }
                self.sheets.extend(body.drop.and_then(|drop| skill.sheet_asked(drop)));
            }
            Body::Exchange(body) => {
                let Some(sub) = skill.sub(&body.sub_criterion) else { return };
                for row in [skill.row(&body.competitor), skill.row(&body.other)].into_iter().flatten() {
                    for column in skill.columns_of(sub) {
                        places(skill, row, column).for_each(|place| self.touch(place, device));
                    }
                }
            }
            body => self.take_sheet(skill, body),
        }
    }

    /// What changes no cell, and what a tablet shows all the same. Where all sheets change, one of each
    /// panel tells it: a tablet asks for all of them.
    fn take_sheet(&mut self, skill: &Skill, body: &Body) {
        let subs = 0..skill.opening.scheme.sub_criteria().count();
        let row = body.competitor().and_then(|code| skill.row(code)).unwrap_or_default();
        match body {
            Body::Lock(Lock { sub_criterion, .. })
            | Body::Countersign(Countersign { sub_criterion, .. })
            | Body::Reseat(Reseat { sub_criterion, .. }) => {
                self.sheets.extend(skill.sub(sub_criterion).map(|sub| (row, sub)));
            }
            Body::AskUnlock(AskUnlock { aspect, .. }) | Body::Unlock(Unlock { aspect, .. }) => {
                self.sheets.extend(skill.column(aspect).map(|column| (row, skill.sub_of(column))));
            }
            Body::Absent(_)
            | Body::Withdraw(_)
            | Body::Disqualify(_)
            | Body::Void(_)
            | Body::VoidAspect(_)
            | Body::Close(_)
            | Body::Release(_) => self.sheets.extend(subs.map(|sub| (row, sub))),
            _ => {}
        }
    }

    fn touch(&mut self, place: Place, device: &DeviceId) {
        self.places.entry(place).or_default().insert(device.clone());
    }

    /// Where another round is open, each judge of the panel has a cell in it, which is news to the
    /// device that opened it too.
    fn open_round(&mut self, skill: &Skill, row: usize, column: usize) {
        let round = open_round(skill, row, column);
        if round > 1 {
            for seat in 0..skill.seats(column).len() {
                self.places.entry((row, column, Some((seat, round)))).or_default();
            }
        }
    }

    /// Where a mark that was waiting stands now.
    fn find(&mut self, skill: &Skill, entry: EntryId, device: &DeviceId) {
        for row in 0..skill.competitors.len() {
            for column in 0..skill.opening.scheme.aspects().count() {
                let is_here = |place: &Place| head(skill, *place) == Some(entry);
                for place in places(skill, row, column).filter(is_here) {
                    self.touch(place, device);
                    // Where it stood there before, what waited beside it does no more.
                    self.sheets.insert((row, skill.sub_of(column)));
                }
            }
        }
    }

    fn heads(self, state: &State) -> Vec<Head> {
        let Some(skill) = state.skill.as_deref() else { return Vec::new() };
        let tell = |(place, devices): (Place, BTreeSet<DeviceId>)| {
            let (row, column, seat) = place;
            let panel = skill.seats(column);
            let judge = match seat {
                Some((seat, _)) => Some(panel.get(seat)?.judge.clone()),
                None => None,
            };
            // Of whom they do not mark, judges are told nothing.
            let marks = |judge: &&JudgeCode| skill.marks(row, skill.sub_of(column), judge);
            let judges = match &judge {
                Some(judge) => vec![judge.clone()],
                None => panel.iter().map(|seat| &seat.judge).filter(marks).cloned().collect(),
            };
            let cell = Cell {
                aspect: skill.aspect(column).id.clone(),
                competitor: skill.opening.competitors.get(row)?.code.clone(),
                judge,
                round: seat.map_or(1, |(_, round)| round),
            };
            Some(Head { cell, id: head(skill, place), devices, judges })
        };
        let ask = |(row, sub): (usize, usize)| {
            let cell = Cell {
                aspect: skill.aspect(skill.columns_of(sub).next()?).id.clone(),
                competitor: skill.opening.competitors.get(row)?.code.clone(),
                judge: None,
                round: 0,
            };
            let judges = skill.panel(sub).iter().map(|seat| seat.judge.clone()).collect();
            Some(Head { cell, id: None, devices: BTreeSet::new(), judges })
        };
        let asked = self.sheets.into_iter().filter_map(ask);
        self.places.into_iter().filter_map(tell).chain(asked).collect()
    }
}

impl Head {
    /// Whether a connection is told: who it is may see the cell, and it does not know yet. A judge
    /// sees the panel's measurements and their own scores, nobody else's.
    pub(super) fn concerns(&self, identity: &Identity, device: &DeviceId) -> bool {
        let may_see = match identity.role {
            Role::Judge => self.judges.iter().any(|judge| judge.as_str() == identity.actor),
            Role::ChiefJudge | Role::Scorekeeper => true,
            _ => false,
        };
        may_see && (self.devices.len() != 1 || !self.devices.contains(device))
    }
}

/// The round that a new score belongs to.
pub(crate) fn open_round(skill: &Skill, row: usize, column: usize) -> u32 {
    skill.round(row, column).saturating_add(u32::from(skill.is_disputed(row, column)))
}

fn is_scored(skill: &Skill, row: usize, column: usize) -> bool {
    matches!(skill.cell(row, column), marking::Cell::Scored(_))
}

/// Every place of a competitor and an aspect.
fn places(skill: &Skill, row: usize, column: usize) -> impl Iterator<Item = Place> {
    let seats = if is_scored(skill, row, column) { skill.seats(column).len() } else { 0 };
    let rounds = 1..=open_round(skill, row, column);
    let scored = rounds.flat_map(move |round| (0..seats).map(move |seat| (row, column, Some((seat, round)))));
    let measured = (seats == 0).then_some((row, column, None));
    scored.chain(measured)
}

fn head(skill: &Skill, (row, column, seat): Place) -> Option<EntryId> {
    match (skill.cell(row, column), seat) {
        (marking::Cell::Measured(said), None) => said.as_ref().map(|said| said.entry),
        (marking::Cell::Scored(rounds), Some((seat, round))) => {
            let round = rounds.get(usize::try_from(round).ok()?.checked_sub(1)?)?;
            round.get(seat)?.as_ref().map(|said| said.entry)
        }
        _ => None,
    }
}
