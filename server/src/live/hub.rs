//! Following: one task for each topic that somebody follows. It learns of this server's entries at
//! once, of other servers' and of settings by a short poll, and publishes whole revisions.
//!
//! What is published was looked at first and confirmed after: a revision is made of ledgers as they
//! are known, and goes out only where the database says that nothing was decided about boards up to
//! then. An entry that is in it was therefore committed before any freeze that it does not obey, and
//! a freeze holds the ledgers while it is entered (`Live::freeze`), so it is part of what was frozen.
//! This holds for any number of servers, however late their poll is.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, RwLock, Weak};
use std::task::Poll;
use std::time::Duration;

use domain::id::LedgerId;
use domain::marking::{State, evolve};
use protocol::view::Topic;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::catalogue::{Catalogue, Scope, Stamp};
use super::pace::{Source, conflate};
use super::view::{self, Seen, SeenCompetition};
use super::{Audience, LiveError, Revision, Visibility, whatever};
use crate::database::Database;
use crate::ledger::{Clock, Ledger};

/// How often other servers' entries and changed settings are looked for while somebody follows
/// anything.
const POLL: Duration = Duration::from_millis(200);
/// How long a topic that nobody listens to any more is kept current.
const LINGER: Duration = Duration::from_secs(10);
/// After this a publishing that failed is tried again.
const RETRY: Duration = Duration::from_millis(500);
/// In how many turns topics are opened: how many at once, at the most.
const OPENING: usize = 16;
/// Up to this many ledgers are asked for one by one where their heads stand.
const FEW: usize = 8;

/// What all topics share.
pub(super) struct Hub {
    pub(super) database: Database,
    pub(super) ledger: Ledger,
    pub(super) clock: Clock,
    pub(super) spectators: Handle,
    catalogue: RwLock<Arc<Catalogue>>,
    /// One reads it at a time.
    reading: tokio::sync::Mutex<()>,
    confirming: Confirming,
    /// Whoever opens a topic holds its turn. So many, and not one for each topic: what is asked for need not
    /// be there, and may be anything.
    opening: [tokio::sync::Mutex<()>; OPENING],
    /// How often the catalogue changed.
    changes: watch::Sender<u64>,
    slots: Mutex<HashMap<(Topic, Audience), Arc<Slot>>>,
    /// The frozen state of each ledger that is shown frozen.
    frozen: Mutex<HashMap<LedgerId, Arc<State>>>,
}

/// Asks whether anything was decided, once for all who wait: a busy server publishes hundreds of
/// revisions a second.
#[derive(Default)]
struct Confirming {
    /// How many have asked.
    asked: AtomicU64,
    /// The newest answer, and how many had asked before it was read.
    answered: tokio::sync::Mutex<(u64, Stamp)>,
}

impl Confirming {
    /// What the database says at some moment after this was called.
    async fn stamp(&self, database: &Database) -> Result<Stamp, LiveError> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut answered = self.answered.lock().await;
        if answered.0 < asked {
            let before = self.asked.load(Ordering::SeqCst);
            *answered = (before, Stamp::read(database).await?);
        }
        Ok(answered.1)
    }
}

/// A topic for one audience. It stays when nobody follows it, so that its revisions only grow.
struct Slot {
    topic: Topic,
    audience: Audience,
    revisions: OnceLock<watch::Sender<Arc<Revision>>>,
    /// One revision is made at a time; holds the catalogue that the last was made with.
    making: tokio::sync::Mutex<Option<Arc<Catalogue>>>,
    use_of: Mutex<Use>,
}

struct Use {
    is_followed: bool,
    /// When somebody listened last.
    heard: Instant,
}

impl Hub {
    pub(super) fn new(database: Database, ledger: Ledger, clock: Clock, spectators: Handle) -> Self {
        Self {
            database,
            ledger,
            clock,
            spectators,
            catalogue: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
            confirming: Confirming::default(),
            opening: Default::default(),
            changes: watch::Sender::default(),
            slots: Mutex::default(),
            frozen: Mutex::default(),
        }
    }

    pub(super) fn catalogue(&self) -> Arc<Catalogue> {
        let catalogue = whatever(self.catalogue.read());
        Arc::clone(&catalogue)
    }

    /// Reads the catalogue again where anything of it changed.
    pub(super) async fn look_for_changes(&self) -> Result<(), LiveError> {
        // A thousand who ask in one moment have one answer, and most often nothing changed.
        if self.catalogue().stamp == Some(self.confirming.stamp(&self.database).await?) {
            return Ok(());
        }
        let _reading = self.reading.lock().await;
        if self.catalogue().stamp == Some(Stamp::read(&self.database).await?) {
            return Ok(());
        }
        let catalogue = Arc::new(Catalogue::read(&self.database).await?);
        *whatever(self.catalogue.write()) = catalogue;
        self.changes.send_modify(|changes| *changes += 1);
        Ok(())
    }

    /// Brings every topic that somebody follows up to date, so that a change of settings is seen
    /// everywhere once it is answered.
    pub(super) async fn refresh_all(&self) -> Result<(), LiveError> {
        for slot in self.followed() {
            match self.refresh(&slot).await {
                // Its own task ends it.
                Ok(_) | Err(LiveError::Unknown) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn followed(&self) -> Vec<Arc<Slot>> {
        let slots = whatever(self.slots.lock());
        slots.values().filter(|slot| whatever(slot.use_of.lock()).is_followed).map(Arc::clone).collect()
    }

    /// Makes the topic's present revision, and whether it is a new one.
    async fn refresh(&self, slot: &Arc<Slot>) -> Result<bool, LiveError> {
        let mut made_with = slot.making.lock().await;
        loop {
            let catalogue = self.catalogue();
            let scope = catalogue.scope(&slot.topic, slot.audience)?;
            if made_with.as_ref().is_none_or(|with| !Arc::ptr_eq(with, &catalogue)) {
                self.catch_up(scope.skills().map(|skill| &skill.ledger).collect()).await?;
            }
            self.load_frozen(&scope, slot.audience).await?;
            let Some(seen) = self.see(&scope, slot.audience) else { continue };
            if catalogue.stamp != Some(self.confirming.stamp(&self.database).await?) {
                // Something was decided meanwhile, perhaps by another server: what may be seen is
                // another now.
                self.look_for_changes().await?;
                continue;
            }
            *made_with = Some(catalogue);
            let slot = Arc::clone(slot);
            // Told from where the sockets are, so that waking them all takes nothing from elsewhere.
            let told = self.spectators.spawn(async move { slot.tell(&seen) });
            return told.await.map_err(|_| LiveError::Stopped)?;
        }
    }

    /// What an audience sees of a scope now; none where a frozen state is not there yet.
    fn see(&self, scope: &Scope, audience: Audience) -> Option<Vec<SeenCompetition>> {
        let mut seen = Vec::with_capacity(scope.0.len());
        for (competition, skills) in &scope.0 {
            let mut of_competition = Vec::with_capacity(skills.len());
            for skill in skills {
                let visibility = Visibility::of(&skill.setting, audience);
                let state = match visibility.frozen_at {
                    Some(seq) => self.frozen_state(&skill.ledger, seq)?,
                    None => self.ledger.known(&skill.ledger),
                };
                of_competition.push(Seen::new(Arc::clone(skill), state, visibility));
            }
            seen.push((Arc::clone(competition), of_competition));
        }
        Some(seen)
    }

    fn frozen_state(&self, ledger: &LedgerId, seq: i64) -> Option<Arc<State>> {
        whatever(self.frozen.lock()).get(ledger).filter(|state| state.head.seq == seq).map(Arc::clone)
    }

    /// Folds what is shown frozen up to where it was frozen, where that is not at hand.
    async fn load_frozen(&self, scope: &Scope, audience: Audience) -> Result<(), LiveError> {
        for skill in scope.skills() {
            let Some(seq) = Visibility::of(&skill.setting, audience).frozen_at else { continue };
            if self.frozen_state(&skill.ledger, seq).is_some() {
                continue;
            }
            let known = self.ledger.known(&skill.ledger);
            let state = if known.head.seq == seq { known } else { self.fold(&skill.ledger, seq).await? };
            whatever(self.frozen.lock()).insert(skill.ledger.clone(), state);
        }
        Ok(())
    }

    async fn fold(&self, ledger: &LedgerId, until: i64) -> Result<Arc<State>, LiveError> {
        let mut state = State::new();
        while state.head.seq < until {
            let page = self.ledger.entries(ledger, state.head.seq + 1).await?;
            let entries = page.iter().take_while(|sealed| sealed.entry.seq <= until);
            let before = state.head.seq;
            state = entries.fold(state, evolve);
            if state.head.seq == before {
                // The ledger is shorter than it was: nothing of it is shown rather than too much.
                return Err(LiveError::Unknown);
            }
        }
        Ok(Arc::new(state))
    }

    /// Takes in what other servers entered.
    async fn catch_up(&self, ledgers: HashSet<&LedgerId>) -> Result<(), LiveError> {
        if ledgers.len() <= FEW {
            for ledger in ledgers {
                self.ledger.state(ledger).await?;
            }
            return Ok(());
        }
        for (ledger, seq) in self.ledger.ledgers().await? {
            if ledgers.contains(&ledger) && self.ledger.known(&ledger).head.seq < seq {
                self.ledger.state(&ledger).await?;
            }
        }
        Ok(())
    }

    /// A topic's revisions, where it is kept current.
    fn listen(&self, topic: &Topic, audience: Audience) -> Option<watch::Receiver<Arc<Revision>>> {
        let slots = whatever(self.slots.lock());
        let slot = slots.get(&(topic.clone(), audience))?;
        let mut use_of = whatever(slot.use_of.lock());
        if !use_of.is_followed {
            return None;
        }
        use_of.heard = Instant::now();
        Some(slot.revisions.get()?.subscribe())
    }

    /// Whether nobody listened to a topic for long; then it is no longer followed.
    fn has_ended(&self, slot: &Slot) -> bool {
        let mut use_of = whatever(slot.use_of.lock());
        if slot.revisions.get().is_some_and(|revisions| revisions.receiver_count() > 0) {
            use_of.heard = Instant::now();
        }
        use_of.is_followed &= use_of.heard.elapsed() < LINGER;
        !use_of.is_followed
    }
}

fn make(
    topic: &Topic,
    seen: &[SeenCompetition],
    previous: Option<&Revision>,
) -> Result<Option<Revision>, LiveError> {
    let view = view::build(topic, seen).ok_or(LiveError::Unknown)?;
    let unwritable = |error: serde_json::Error| LiveError::Failed {
        problem: domain::finding::Spoken::of_reader(&error.to_string()),
    };
    Revision::after(previous, view).map_err(unwritable)
}

/// A topic's revisions; it is followed from now on.
pub(super) async fn subscribe(
    hub: &Arc<Hub>,
    topic: &Topic,
    audience: Audience,
) -> Result<watch::Receiver<Arc<Revision>>, LiveError> {
    if let Some(revisions) = hub.listen(topic, audience) {
        return Ok(revisions);
    }
    let key = (topic.clone(), audience);
    // After a start a whole hall comes at once: one opens the topic, and the others find it open.
    let _opening = hub.opening[turn(&key)].lock().await;
    if let Some(revisions) = hub.listen(topic, audience) {
        return Ok(revisions);
    }
    hub.look_for_changes().await?;
    // What there is not takes no place.
    hub.catalogue().scope(topic, audience)?;
    let known = whatever(hub.slots.lock()).get(&key).map(Arc::clone);
    let slot = known.unwrap_or_else(|| Arc::new(Slot::new(topic, audience)));
    *slot.making.lock().await = None;
    let changes = Changes::of(hub, &slot);
    hub.refresh(&slot).await?;
    let slot = Arc::clone(whatever(hub.slots.lock()).entry(key).or_insert(slot));
    let revisions = slot.revisions.get().ok_or(LiveError::Unknown)?.subscribe();
    let was_followed = {
        let mut use_of = whatever(slot.use_of.lock());
        use_of.heard = Instant::now();
        std::mem::replace(&mut use_of.is_followed, true)
    };
    if !was_followed {
        let mut following = Following { hub: Arc::clone(hub), slot, changes, is_over: false };
        tokio::spawn(async move { conflate(&mut following).await });
    }
    Ok(revisions)
}

/// In which of the turns a topic is opened.
fn turn(key: &(Topic, Audience)) -> usize {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    usize::try_from(hasher.finish() % OPENING as u64).unwrap_or_default()
}

impl Slot {
    /// Makes the revision after the last one and lets everybody know; whether there is one.
    fn tell(&self, seen: &[SeenCompetition]) -> Result<bool, LiveError> {
        let previous = self.revisions.get().map(|revisions| Arc::clone(&revisions.borrow()));
        let Some(revision) = make(&self.topic, seen, previous.as_deref())? else { return Ok(false) };
        let revision = Arc::new(revision);
        self.revisions.get_or_init(|| watch::Sender::new(Arc::clone(&revision))).send_replace(revision);
        Ok(true)
    }

    fn new(topic: &Topic, audience: Audience) -> Self {
        Self {
            topic: topic.clone(),
            audience,
            revisions: OnceLock::new(),
            making: tokio::sync::Mutex::default(),
            use_of: Mutex::new(Use { is_followed: false, heard: Instant::now() }),
        }
    }
}

/// A topic being followed.
struct Following {
    hub: Arc<Hub>,
    slot: Arc<Slot>,
    changes: Changes,
    is_over: bool,
}

impl Source for Following {
    async fn changed(&mut self) -> bool {
        loop {
            if self.is_over || self.hub.has_ended(&self.slot) {
                return false;
            }
            if timeout(LINGER, self.changes.any()).await.is_ok() {
                return true;
            }
        }
    }

    async fn publish(&mut self) -> bool {
        // Before the revision is made: what changes while it is made is told of in the next one.
        self.changes = Changes::of(&self.hub, &self.slot);
        loop {
            match self.hub.refresh(&self.slot).await {
                Ok(is_new) => return is_new,
                Err(LiveError::Unknown | LiveError::Stopped) => {
                    // Whoever listens hears that it has ended when nobody holds it any more.
                    self.is_over = true;
                    let key = (self.slot.topic.clone(), self.slot.audience);
                    whatever(self.hub.slots.lock()).remove(&key);
                    return false;
                }
                Err(_) if self.hub.has_ended(&self.slot) => return false,
                Err(_) => sleep(RETRY).await,
            }
        }
    }
}

/// Everything whose change may change a view, from now on.
struct Changes {
    catalogue: watch::Receiver<u64>,
    entries: Vec<watch::Receiver<i64>>,
}

impl Changes {
    fn of(hub: &Hub, slot: &Slot) -> Self {
        let catalogue = hub.changes.subscribe();
        let scope = hub.catalogue().scope(&slot.topic, slot.audience);
        let ledgers = scope.iter().flat_map(Scope::skills).map(|skill| hub.ledger.listen(&skill.ledger));
        Self { catalogue, entries: ledgers.collect() }
    }

    async fn any(&mut self) {
        type Change<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
        fn change<T: Send + Sync>(of: &mut watch::Receiver<T>) -> Change<'_> {
            Box::pin(async {
                if of.changed().await.is_err() {
                    // Nothing changes any more.
                    std::future::pending::<()>().await;
                }
            })
        }
        let mut changes: Vec<Change<'_>> = vec![change(&mut self.catalogue)];
        changes.extend(self.entries.iter_mut().map(change));
        poll_fn(|context| {
            let is_any = changes.iter_mut().any(|change| change.as_mut().poll(context).is_ready());
            if is_any { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// Looks for what other servers did, as long as there is a hub.
pub(super) async fn poll(hub: Weak<Hub>) {
    let mut ticks = interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        let followed = hub.followed();
        if followed.is_empty() {
            continue;
        }
        // Where the database does not answer, boards stand still until it does.
        if hub.look_for_changes().await.is_err() {
            continue;
        }
        let catalogue = hub.catalogue();
        let scopes: Vec<Scope> =
            followed.iter().filter_map(|slot| catalogue.scope(&slot.topic, slot.audience).ok()).collect();
        let ledgers = scopes.iter().flat_map(Scope::skills).map(|skill| &skill.ledger).collect();
        let _ = hub.catch_up(ledgers).await;
    }
}
