//! One skill played: opened, marked at its judges' tablets as the plan and the pace say, closed and
//! released once everything that was entered has its receipt.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use domain::finding::{Finding, Place};
use domain::id::{EntryId, JudgeCode, LedgerId};
use domain::ledger::Status;
use indicatif::ProgressBar;
use judge_client::Confirmed;
use protocol::desk::Act;
use server::exchange::package::SkillPackage;
use tokio::sync::{Barrier, Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::RehearseFinding;
use super::organiser::Organiser;
use super::pace::{Cut, Share, Speed, cuts, due};
use crate::generate::Random;
use crate::hall::{By, Deed, Hall, HallFinding, Heard, plan};
use crate::http::Client;
use crate::output::Output;

/// How many entries a tablet may have without a receipt where there is no pace: two puts.
const WINDOW: usize = 128;
/// How long a judge without network takes for a mark where there is no pace.
const OFFLINE_PAUSE: Duration = Duration::from_millis(2);
/// After so long without a receipt it is said that the tablets wait.
const SILENCE: Duration = Duration::from_secs(30);

/// What all skills of a rehearsal share.
pub(crate) struct Rehearsal {
    pub(crate) organiser: Organiser,
    /// The servers of the database; tablets are spread over them.
    pub(crate) servers: Vec<Client>,
    pub(crate) speed: Speed,
    pub(crate) offline: Share,
    pub(crate) seed: u64,
    /// The earliest time that the package says.
    pub(crate) origin_ms: i64,
    /// How many judges are enrolled at once.
    pub(crate) queue: Arc<Semaphore>,
    /// Where there is a pace, everybody begins together.
    pub(crate) start: Barrier,
    pub(crate) began: OnceLock<Instant>,
    pub(crate) bar: ProgressBar,
    pub(crate) tally: Arc<Tally>,
    pub(crate) output: Output,
}

/// What happened so far.
#[derive(Default)]
pub(crate) struct Tally {
    /// Whether the server was asked to set the competition up.
    pub(crate) is_asked: AtomicBool,
    /// The competition's id, once it is set up.
    pub(crate) competition: OnceLock<String>,
    /// How many entries have a receipt.
    pub(crate) received: AtomicU64,
    /// How many skills are closed.
    pub(crate) closed: AtomicU64,
    /// How many tablets there were.
    pub(crate) tablets: AtomicU64,
    /// How often a tablet lost its network.
    pub(crate) cuts: AtomicU64,
    /// How many entries were made without network.
    pub(crate) offline: AtomicU64,
}

/// A skill that is being marked.
struct Course {
    rehearsal: Arc<Rehearsal>,
    hall: Hall,
    deeds: Vec<Deed>,
    due: Vec<u64>,
    /// Which deeds have their receipt.
    received: Mutex<Vec<bool>>,
    /// How many have.
    count: watch::Sender<usize>,
    /// The deeds by their entries' ids.
    entries: Mutex<HashMap<EntryId, usize>>,
}

/// Plays a skill to its release.
///
/// # Errors
/// Where the package cannot be played, a server refuses, or something is not accepted.
pub(crate) async fn play(
    rehearsal: Arc<Rehearsal>,
    skill: SkillPackage,
    ledger: LedgerId,
    branch: u64,
) -> Result<(), Finding> {
    let judges: Vec<JudgeCode> = skill.judges.iter().map(|judge| judge.code.clone()).collect();
    let name = skill.id.clone();
    let (deeds, ledger) = planned(skill, ledger).await?;
    rehearsal.organiser.act(&ledger, Act::Open).await?;
    let (hear, mut heard) = mpsc::unbounded_channel();
    let seats = judges.iter().zip(rehearsal.servers.iter().cycle());
    let seats: Vec<(JudgeCode, Client)> =
        seats.map(|(judge, server)| (judge.clone(), server.clone())).collect();
    rehearsal.tally.tablets.fetch_add(seats.len() as u64, Ordering::Relaxed);
    let desk = rehearsal.organiser.desk.clone();
    // Whoever no longer hears has ended.
    let told = move |news| drop(hear.send(news));
    let (mut random, seed) = (Random::new(rehearsal.seed, branch), rehearsal.seed ^ (branch << 32));
    let hall = Hall::gather(ledger, desk, seats, &rehearsal.queue, seed, told).await?;
    if let Speed::Times(_) = rehearsal.speed {
        rehearsal.start.wait().await;
        rehearsal.began.get_or_init(|| rehearsal.begin());
    }
    let course = Course {
        due: due(&deeds, rehearsal.origin_ms, &mut random),
        received: Mutex::new(vec![false; deeds.len()]),
        count: watch::Sender::new(0),
        entries: Mutex::default(),
        rehearsal: Arc::clone(&rehearsal),
        hall,
        deeds,
    };
    let course = Arc::new(course);
    let mut people = course.people(&judges, &mut random);
    course.listen(&mut people, &mut heard, &name).await?;
    let organiser = &rehearsal.organiser;
    organiser.act(course.hall.ledger(), Act::Close).await?;
    organiser.act(course.hall.ledger(), Act::ReleaseOfficial).await?;
    rehearsal.tally.closed.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// Planning takes a while, and tablets are not to wait for it.
async fn planned(skill: SkillPackage, ledger: LedgerId) -> Result<(Vec<Deed>, LedgerId), Finding> {
    let planning = tokio::task::spawn_blocking(move || plan(&skill, &ledger).map(|deeds| (deeds, ledger)));
    planning.await.map_err(|_| RehearseFinding::Interrupted.at(Place::default()))?
}

impl Rehearsal {
    /// Everybody is there.
    fn begin(&self) -> Instant {
        self.output.say("各台平板就位，评分开始。", "Every tablet is there. Marking has begun.");
        Instant::now()
    }
}

impl Course {
    /// Everybody who does something, at work.
    fn people(self: &Arc<Self>, judges: &[JudgeCode], random: &mut Random) -> JoinSet<Result<(), Finding>> {
        let mut deeds: HashMap<&By, Vec<usize>> = HashMap::new();
        for (at, deed) in self.deeds.iter().enumerate() {
            deeds.entry(&deed.by).or_default().push(at);
        }
        let of = |judge: &JudgeCode| deeds.get(&By::Judge(judge.clone())).cloned().unwrap_or_default();
        let own: Vec<Vec<usize>> = judges.iter().map(of).collect();
        let counts: Vec<usize> = own.iter().map(Vec::len).collect();
        let rehearsal = &self.rehearsal;
        let cuts = cuts(&counts, rehearsal.offline, rehearsal.speed, random);
        let mut people = JoinSet::new();
        for ((judge, own), cuts) in judges.iter().zip(own).zip(cuts) {
            people.spawn(Arc::clone(self).judge(judge.clone(), own, cuts));
        }
        people.spawn(Arc::clone(self).organiser(deeds.remove(&By::Organiser).unwrap_or_default()));
        people
    }

    /// A judge at the own tablet: one deed after the other, with network or without.
    async fn judge(
        self: Arc<Self>,
        judge: JudgeCode,
        own: Vec<usize>,
        cuts: Vec<Cut>,
    ) -> Result<(), Finding> {
        let tally = &self.rehearsal.tally;
        let mut cuts = cuts.into_iter().peekable();
        let is_online = Arc::new(AtomicBool::new(true));
        let mut repairs = JoinSet::new();
        for (at, deed) in own.into_iter().enumerate() {
            self.may_begin(deed).await?;
            let tablet = self.hall.tablet(&judge)?;
            if let Some(cut) = cuts.next_if(|cut| cut.before == at) {
                // One time without network follows another.
                while let Some(repaired) = repairs.join_next().await {
                    repaired.map_err(|_| RehearseFinding::Interrupted.at(Place::default()))??;
                }
                is_online.store(false, Ordering::Relaxed);
                tablet.set_online(false).await?;
                tally.cuts.fetch_add(1, Ordering::Relaxed);
                repairs.spawn(Arc::clone(&self).repair(judge.clone(), cut, Arc::clone(&is_online)));
            }
            let has_pace = self.rehearsal.speed != Speed::Max;
            if !is_online.load(Ordering::Relaxed) {
                tally.offline.fetch_add(1, Ordering::Relaxed);
                if !has_pace {
                    sleep(OFFLINE_PAUSE).await;
                }
            } else if !has_pace {
                tablet.wait_until_unsent(WINDOW).await?;
            }
            self.perform(deed).await?;
        }
        while let Some(repaired) = repairs.join_next().await {
            repaired.map_err(|_| RehearseFinding::Interrupted.at(Place::default()))??;
        }
        Ok(())
    }

    /// Gives a tablet its network back after a while.
    async fn repair(
        self: Arc<Self>,
        judge: JudgeCode,
        cut: Cut,
        is_online: Arc<AtomicBool>,
    ) -> Result<(), Finding> {
        sleep(Duration::from_millis(cut.ms)).await;
        is_online.store(true, Ordering::Relaxed);
        self.hall.tablet(&judge)?.set_online(true).await
    }

    /// An organiser at the desk, who has an answer to each deed before the next.
    async fn organiser(self: Arc<Self>, own: Vec<usize>) -> Result<(), Finding> {
        for deed in own {
            self.may_begin(deed).await?;
            self.perform(deed).await?;
            self.receive(deed);
        }
        Ok(())
    }

    /// Waits until it is time for a deed, and what must have arrived before has.
    async fn may_begin(&self, deed: usize) -> Result<(), Finding> {
        if let (Speed::Times(times), Some(began)) = (self.rehearsal.speed, self.rehearsal.began.get()) {
            sleep_until(*began + Duration::from_millis(self.due[deed] / u64::from(times))).await;
        }
        let mut count = self.count.subscribe();
        loop {
            count.borrow_and_update();
            if self.are_received(&self.deeds[deed].after) {
                return Ok(());
            }
            count.changed().await.map_err(|_| RehearseFinding::Interrupted.at(Place::default()))?;
        }
    }

    async fn perform(&self, at: usize) -> Result<(), Finding> {
        let deed = &self.deeds[at];
        let told = |id| {
            self.entries.lock().unwrap_or_else(PoisonError::into_inner).insert(id, at);
        };
        self.hall.perform(deed, told).await.map(|_| ()).map_err(|finding| placed(finding, deed))
    }

    /// Hears the tablets until everybody has done everything and has every receipt.
    async fn listen(
        &self,
        people: &mut JoinSet<Result<(), Finding>>,
        heard: &mut mpsc::UnboundedReceiver<Heard>,
        skill: &str,
    ) -> Result<(), Finding> {
        let interrupted = || RehearseFinding::Interrupted.at(Place::default());
        let mut is_told = false;
        while !people.is_empty() || *self.count.borrow() < self.deeds.len() {
            let news = async {
                tokio::select! {
                    Some(ended) = people.join_next() => ended.map_err(|_| interrupted())?.map(|()| None),
                    news = heard.recv() => news.map(Some).ok_or_else(interrupted),
                }
            };
            match timeout(SILENCE, news).await {
                Ok(news) => match news? {
                    Some(Heard::Received(id, confirmed)) => self.confirmed(id, &confirmed)?,
                    Some(Heard::Alarm(finding)) => return Err(finding),
                    None => {}
                },
                Err(_) if self.is_waiting() && !is_told => {
                    is_told = true;
                    let finding = RehearseFinding::Silent { skill: skill.to_owned() };
                    self.rehearsal.output.findings(&[finding.at(Place::default())]);
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// Whether something was entered that has no receipt.
    fn is_waiting(&self) -> bool {
        *self.count.borrow() < self.entries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn confirmed(&self, id: EntryId, confirmed: &Confirmed) -> Result<(), Finding> {
        let at = self.entries.lock().unwrap_or_else(PoisonError::into_inner).get(&id).copied();
        let Some(at) = at else { return Ok(()) };
        if confirmed.status == Status::Accepted {
            self.receive(at);
            return Ok(());
        }
        let status = match confirmed.status {
            Status::Accepted => "accepted",
            Status::Conflict => "conflict",
            Status::Late => "late",
            Status::Refused => "refused",
        };
        let code = confirmed.code.clone().unwrap_or_default();
        Err(HallFinding::NotAccepted { status: status.to_owned(), code }.at(self.deeds[at].place.clone()))
    }

    /// Notes a receipt; a second one of the same entry is nothing new.
    fn receive(&self, at: usize) {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut received[at], true) {
            drop(received);
            self.rehearsal.tally.received.fetch_add(1, Ordering::Relaxed);
            self.rehearsal.bar.inc(1);
            self.count.send_modify(|count| *count += 1);
        }
    }

    fn are_received(&self, deeds: &[usize]) -> bool {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        deeds.iter().all(|deed| received[*deed])
    }
}

/// The same at the deed's row, where it says no place of its own.
fn placed(mut finding: Finding, deed: &Deed) -> Finding {
    if finding.place == Place::default() {
        finding.place = deed.place.clone();
    }
    finding
}
