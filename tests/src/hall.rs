//! A skill that is open, a server of judges' sockets, and tablets that mark over real ones.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use domain::access::Role;
use domain::id::{DeviceId, EntryId, JudgeCode, LedgerId};
use domain::marking::{Body, Mark, Opening};
use domain::number::Decimal;
use domain::scoring::Value;
use judge_client::native::{Options, Player, Random, Storage, unix_ms};
use judge_client::{Act, Confirmed, Device, Show, Standing};
use protocol::frame::{Cell, Versions};
use server::database::Database;
use server::judging::{Identity, Judging, Limits};
use server::ledger::{self, Ledger, Submission};
use server::rehearsal::{self, Door};
use tokio::sync::watch;

use crate::TestDatabase;
use crate::skill::SMALL;

/// The ledger of every hall.
pub const LEDGER: &str = "skill";

/// A server with judges' sockets and one open skill, [`SMALL`].
pub struct Hall {
    /// The database.
    pub database: Database,
    /// The ledger.
    pub ledger: Ledger,
    /// The sockets.
    pub judging: Judging,
    /// Who is enrolled.
    pub door: Arc<Door>,
    open: rehearsal::Hall,
}

impl Hall {
    /// Opens a hall on a database, and the skill where it is not open yet.
    pub async fn open(place: &TestDatabase) -> Self {
        Self::with_limits(place, Limits::default()).await
    }

    /// The same with other limits.
    pub async fn with_limits(place: &TestDatabase, limits: Limits) -> Self {
        let database = Database::open(&place.url).await.expect("the database opens");
        let options = ledger::Options { key: Some(place.folder.join("key")), clock: None };
        let ledger = Ledger::start_with(database.clone(), options).await.expect("the ledger starts");
        ledger.submit(opening()).await.expect("the skill opens");
        let door = Arc::new(Door::default());
        let judging = Judging::start(ledger.clone(), door.clone(), limits).await.expect("the sockets start");
        let open = rehearsal::Hall::open(judging.clone(), 0).await.expect("a port");
        Self { database, ledger, judging, door, open }
    }

    /// What a tablet connects to.
    #[must_use]
    pub fn url(&self) -> String {
        self.open.url()
    }

    /// `127.0.0.1:…`
    #[must_use]
    pub fn address(&self) -> std::net::SocketAddr {
        self.open.address()
    }

    /// Enrols a judge's device.
    pub fn enrol(&self, device: &str, judge: &str) {
        let ledger = LedgerId::from(LEDGER);
        let identity = Identity { actor: judge.to_owned(), role: Role::Judge, ledger };
        self.door.enrol(DeviceId::from(device), identity);
    }

    /// A ticket for a device.
    #[must_use]
    pub fn ticket(&self, device: &str) -> String {
        self.door.ticket(&DeviceId::from(device)).expect("a ticket")
    }

    /// A judge's tablet that keeps its outbox in memory.
    #[must_use]
    pub fn tablet(&self, device: &str, judge: &str) -> Tablet {
        self.enrol(device, judge);
        Tablet::start(&self.url(), &self.door, device, judge, Storage::Memory)
    }

    /// The same with its outbox in a file.
    #[must_use]
    pub fn tablet_with_file(&self, device: &str, judge: &str, file: PathBuf) -> Tablet {
        self.enrol(device, judge);
        Tablet::start(&self.url(), &self.door, device, judge, Storage::File(file))
    }

    /// Every entry of the skill that is a mark: its id, number and effect.
    pub async fn marks(&self) -> Vec<(EntryId, i64, domain::ledger::Status)> {
        let page = self.ledger.entries(&LedgerId::from(LEDGER), 1).await.expect("a page");
        let marks = page.iter().filter(|sealed| matches!(sealed.entry.body, Body::Mark(_)));
        marks.map(|sealed| (sealed.entry.id, sealed.entry.seq, sealed.entry.status)).collect()
    }

    /// Closes the sockets, the ledger and the database.
    pub async fn close(self) {
        self.open.close().await;
        self.ledger.stop().await;
        self.database.close().await;
    }
}

/// [`SMALL`], with a spread that is not accepted.
fn opening() -> Submission {
    let mut submission = SMALL.open(LEDGER);
    let Opening { competitors, panels, mut rules, scheme, .. } = SMALL.opening();
    (rules.judgement.judges, rules.judgement.spread_max) = (Some(3), Some(1));
    let opening = Opening::new(scheme, rules, competitors, panels).expect("an opening");
    submission.command.body = Body::Open(Box::new(opening));
    submission
}

/// A judge's tablet over a real socket, and everything it has shown.
pub struct Tablet {
    /// The tablet itself.
    pub player: Player,
    /// The judge.
    pub judge: JudgeCode,
    random: Random,
    shown: watch::Receiver<usize>,
    shows: Arc<Mutex<Vec<Show>>>,
}

impl Tablet {
    /// Starts one that is enrolled at a door.
    #[must_use]
    pub fn start(url: &str, door: &Arc<Door>, device: &str, judge: &str, storage: Storage) -> Self {
        let shows = Arc::new(Mutex::new(Vec::new()));
        let (count, shown) = watch::channel(0);
        let (door, id) = (Arc::clone(door), DeviceId::from(device));
        let seed = device.bytes().fold(1, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        let kept = Arc::clone(&shows);
        let options = Options {
            device: Device { id: id.clone(), ledger: LEDGER.into(), versions: Versions::OURS },
            url: url.to_owned(),
            origin: None,
            ticket: Arc::new(move || {
                let ticket = door.ticket(&id).ok_or_else(|| "no ticket".to_owned());
                Box::pin(async { ticket })
            }),
            storage,
            seed,
            show: Box::new(move |show| {
                let mut shows = kept.lock().unwrap();
                shows.push(show.clone());
                count.send_replace(shows.len());
            }),
        };
        let player = Player::start(options).expect("the player starts");
        Self { player, judge: judge.into(), random: Random::new(seed ^ unix_ms()), shown, shows }
    }

    /// Enters a mark; gives its id.
    pub async fn mark(
        &mut self,
        competitor: &str,
        aspect: &str,
        value: i64,
        base: Option<EntryId>,
    ) -> EntryId {
        let act = mark(&mut self.random, &self.judge, competitor, aspect, value, base);
        let id = act.id;
        self.player.enter(act).await.expect("it is saved");
        id
    }

    /// Waits until everything has a receipt.
    pub async fn received(&self) {
        self.player.wait_until_received().await.expect("the player runs");
    }

    /// Everything shown so far.
    #[must_use]
    pub fn shows(&self) -> Vec<Show> {
        self.shows.lock().unwrap().clone()
    }

    /// The newest receipt shown of an entry.
    #[must_use]
    pub fn receipt(&self, id: EntryId) -> Option<Confirmed> {
        self.shows().into_iter().rev().find_map(|show| match show {
            Show::Entry { id: of, standing: Standing::Received(confirmed) | Standing::Sealed(confirmed) }
                if of == id =>
            {
                Some(confirmed)
            }
            _ => None,
        })
    }

    /// Waits until something was shown.
    pub async fn shown(&self, is_it: impl Fn(&Show) -> bool) -> Show {
        let mut shown = self.shown.clone();
        loop {
            if let Some(show) = self.shows().into_iter().find(|show| is_it(show)) {
                return show;
            }
            shown.changed().await.expect("the player runs");
        }
    }

    /// The heads shown, newest last.
    #[must_use]
    pub fn heads(&self) -> Vec<(Cell, Option<EntryId>)> {
        let head = |show| match show {
            Show::Head { cell, id } => Some((cell, id)),
            _ => None,
        };
        self.shows().into_iter().filter_map(head).collect()
    }
}

/// A mark of [`SMALL`] in hundredths, or a rung where the aspect is judged.
#[must_use]
pub fn mark(
    random: &mut Random,
    judge: &JudgeCode,
    competitor: &str,
    aspect: &str,
    value: i64,
    base: Option<EntryId>,
) -> Act {
    let is_judged = aspect == JUDGED;
    let value = if is_judged { Decimal(value * 1_000_000) } else { Decimal(value * 10_000) };
    let now = unix_ms();
    Act {
        id: EntryId::made_at(now, random.next_wide()),
        body: Body::Mark(Mark {
            aspect: aspect.into(),
            competitor: competitor.into(),
            judge: judge.clone(),
            round: 1,
            value: Value::Number(value),
        }),
        cell: Some(Cell {
            aspect: aspect.into(),
            competitor: competitor.into(),
            judge: is_judged.then(|| judge.clone()),
            round: 1,
        }),
        base,
        client_time: i64::try_from(now).expect("a time"),
        elapsed_ms: 0,
        reason: None,
    }
}

/// The judged aspect of [`SMALL`]; A1.01 to A1.03 are measured.
pub const JUDGED: &str = "A1.04";
