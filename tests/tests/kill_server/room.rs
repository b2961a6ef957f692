//! Judges' tablets that mark a competition of two skills on a server that comes and goes, each with its
//! outbox in a file and a journal of its own.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::id::{EntryId, JudgeCode};
use judge_client::native::{self, Options, Player, Storage};
use judge_client::{Connection, Device, Show, Standing, Trouble};
use protocol::account::{Bench, Enrol, SetUp, SignedIn, Ticket};
use protocol::desk::{Act, Card, CardFor, Competition, Do};
use protocol::frame::Versions;
use tests::hall::mark;
use tests::http::Browser;
use tests::{Journal, PackageBuilder, Random, Serving, TemporaryFolder, TestDatabase};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The skills, by their names in the package.
pub(crate) const SKILLS: [&str; 2] = ["north", "south"];
const JUDGES_A_SKILL: usize = 14;
/// How many tablets there are, one of each judge.
pub(crate) const TABLETS: usize = SKILLS.len() * JUDGES_A_SKILL;
const ASPECTS: usize = 12;
/// A judge's marks are of one competitor; one in so many is of the last, whom all mark, and may meet
/// another's mark there.
const MEET_ONE_IN: usize = 16;
/// How long a judge looks before the next mark.
const PAUSE_MS: std::ops::Range<usize> = 50..250;
/// With so many marks that have no receipt a judge waits.
const UNSENT_MAX: usize = 64;

/// The competition, its tablets, and what they heard.
pub(crate) struct Room<'a> {
    /// The competition's id.
    pub(crate) competition: String,
    /// What the tablets hear.
    pub(crate) ears: Arc<Ears>,
    place: &'a TestDatabase,
    address: SocketAddr,
    folder: TemporaryFolder,
    is_marking: watch::Sender<bool>,
    tablets: JoinSet<()>,
}

impl<'a> Room<'a> {
    /// Sets a competition up on a server that is stopped again, and lets every tablet begin: nothing
    /// answers yet.
    pub(crate) async fn open(place: &'a TestDatabase, random: &mut Random) -> Self {
        let address = Serving::free_address();
        let serving = Serving::start(place, address);
        let mut desk = Browser::new(address);
        let secret = serving.first_secret();
        let set_up = SetUp { secret, name: "desk".to_owned(), password: "correct horse battery".to_owned() };
        desk.bearer = desk.post("/api/set-up", &set_up).await.json::<SignedIn>(200).bearer;
        let made = desk.send("POST", "/api/competitions", package().zip("room"), "application/zip").await;
        let made: serde_json::Value = made.json(201);
        let competition = made["competition"]["id"].as_str().expect("an id").to_owned();
        let shown: Competition = desk.get(&format!("/api/competitions/{competition}")).await.json(200);
        let mut benches = Vec::new();
        for skill in &shown.skills {
            let id = &skill.skill.id;
            let opened = desk.post(&format!("/api/skills/{id}/act"), &Do { act: Act::Open }).await;
            assert_eq!(opened.status, 204, "{}", opened.text);
            for judge in &skill.judges {
                benches.push(sign_in(&desk, id, &judge.code).await);
            }
        }
        assert_eq!(benches.len(), TABLETS);
        serving.stop();
        let mut room = Self {
            competition,
            ears: Arc::new(Ears::new()),
            place,
            address,
            folder: TemporaryFolder::new("room"),
            is_marking: watch::Sender::new(true),
            tablets: JoinSet::new(),
        };
        std::fs::create_dir(room.journals()).expect("a folder");
        for (number, (browser, bench)) in benches.into_iter().enumerate() {
            room.begin(number, browser, bench, random.next_number());
        }
        room
    }

    /// Where the tablets keep their journals.
    pub(crate) fn journals(&self) -> PathBuf {
        self.folder.join("journals")
    }

    /// Begins a life of the server; gives the moment of it.
    pub(crate) fn start(&self) -> (Serving, Instant) {
        let started = self.ears.begin_life();
        (Serving::start(self.place, self.address), started)
    }

    /// Lets nobody mark any more, and waits until every outbox is empty.
    pub(crate) async fn finish_marking(&mut self) {
        self.is_marking.send_replace(false);
        while let Some(ended) = self.tablets.join_next().await {
            ended.expect("a tablet comes to its end");
        }
    }

    /// Takes every tablet away, whatever it holds.
    pub(crate) async fn give_up(&mut self) {
        self.tablets.shutdown().await;
    }

    /// Begins a tablet, and its judge's marking.
    fn begin(&mut self, number: usize, browser: Browser, bench: Bench, seed: u64) {
        let device = Device { id: bench.device, ledger: bench.ledger, versions: Versions::OURS };
        let path = self.journals().join(format!("tablet-{number:02}.ndjson"));
        let journal = Arc::new(Journal::begin(&path, &device));
        let options = Options {
            device,
            url: format!("ws://{}/api/judge/socket", self.address),
            authority: None,
            origin: None,
            ticket: Arc::new(move || Box::pin(ticket(browser.clone()))),
            storage: Storage::File(self.folder.join(&format!("outbox-{number:02}"))),
            seed,
            show: self.ears.listen(Arc::clone(&journal)),
        };
        let player = Player::start(options).expect("the player starts");
        let judge = Judge { code: bench.judge, number: number % JUDGES_A_SKILL, player, journal };
        self.tablets.spawn(judge.mark(seed, self.is_marking.subscribe()));
    }
}

/// Two skills; in each a competitor for every judge, and one more, whom all mark.
fn package() -> PackageBuilder {
    let aspects =
        (1..=ASPECTS).map(|aspect| format!("{},measurement,Part {aspect},0.50,direct", name(aspect)));
    let list = |head: &str, rows: &mut dyn Iterator<Item = String>| {
        rows.fold(format!("{head}\n"), |text, row| text + &row + "\n")
    };
    let aspects = list("id,type,description,max,calculation", &mut aspects.into_iter());
    let competitors = list("code", &mut (0..=JUDGES_A_SKILL).map(competitor));
    let judges = list("code,name", &mut (1..=JUDGES_A_SKILL).map(|judge| format!("J{judge:02},评委{judge}")));
    SKILLS.iter().fold(PackageBuilder::new("hebei-2025"), |package, skill| {
        let package = package.skill(skill).text("aspects.csv", &aspects).text("judges.csv", &judges);
        let package = package.text("competitors.csv", &competitors);
        package.lines("marks.csv", &["competitor,aspect,judge,value"])
    })
}

fn name(aspect: usize) -> String {
    format!("M{aspect:02}")
}

fn competitor(number: usize) -> String {
    format!("C{number:02}")
}

/// Makes a device the judge's by card and PIN.
async fn sign_in(desk: &Browser, skill: &str, judge: &JudgeCode) -> (Browser, Bench) {
    let asked = CardFor { judge: judge.clone() };
    let card: Card = desk.post(&format!("/api/skills/{skill}/cards"), &asked).await.json(200);
    let mut browser = desk.clone();
    browser.bearer = None;
    let enrol = Enrol { code: card.code, pin: card.pin };
    browser.bearer = browser.post("/api/enrol", &enrol).await.json::<SignedIn>(200).bearer;
    let bench = browser.get("/api/judge").await.json(200);
    (browser, bench)
}

/// A ticket, where the server is there to give one.
async fn ticket(browser: Browser) -> Result<String, String> {
    let answer = browser.attempt("POST", "/api/judge/ticket", Vec::new(), "").await;
    let answer = answer.map_err(|error| error.to_string())?;
    let ticket: Result<Ticket, _> = serde_json::from_slice(&answer.bytes);
    ticket.map(|ticket| ticket.ticket).map_err(|_| format!("{}: {}", answer.status, answer.text))
}

/// A judge with a tablet.
struct Judge {
    code: JudgeCode,
    number: usize,
    player: Player,
    journal: Arc<Journal>,
}

impl Judge {
    /// Marks, and mends marks, until nobody marks any more and everything has its receipt.
    async fn mark(self, seed: u64, is_marking: watch::Receiver<bool>) {
        let (mut random, mut ids) = (Random::new(seed), native::Random::new(seed));
        let mut own: HashMap<usize, EntryId> = HashMap::new();
        while *is_marking.borrow() {
            let pause_ms = PAUSE_MS.start + random.below(PAUSE_MS.len());
            tokio::time::sleep(Duration::from_millis(pause_ms as u64)).await;
            if self.player.unsent() >= UNSENT_MAX {
                continue;
            }
            let (aspect, is_meeting) = (1 + random.below(ASPECTS), random.below(MEET_ONE_IN) == 0);
            let whom = competitor(if is_meeting { JUDGES_A_SKILL } else { self.number });
            let base = if is_meeting { None } else { own.get(&aspect).copied() };
            let value = i64::try_from(random.below(51)).expect("hundredths");
            let act = mark(&mut ids, &self.code, &whom, &name(aspect), value, base);
            if !is_meeting {
                own.insert(aspect, act.id);
            }
            self.journal.entered(&act);
            self.player.enter(act).await.expect("it is saved on the tablet");
        }
        self.player.wait_until_received().await.expect("the tablet runs");
        self.player.stop().await;
    }
}

/// What is heard of all tablets together.
pub(crate) struct Ears {
    /// When this life of the server began, and when its first receipt was there.
    life: Mutex<(Instant, Option<Instant>)>,
    /// How many receipts there were in this life.
    receipts: watch::Sender<usize>,
    troubles: watch::Sender<Vec<Trouble>>,
}

impl Ears {
    fn new() -> Self {
        Self {
            life: Mutex::new((Instant::now(), None)),
            receipts: watch::Sender::new(0),
            troubles: watch::Sender::new(Vec::new()),
        }
    }

    /// Hears a tablet, and lets it keep its journal.
    fn listen(self: &Arc<Self>, journal: Arc<Journal>) -> Box<dyn FnMut(&Show) + Send> {
        let (ears, mut live_since) = (Arc::clone(self), None);
        Box::new(move |show| match show {
            Show::Entry { id, standing } => {
                journal.shown(*id, standing);
                if let (Standing::Received(_), Some(since)) = (standing, live_since) {
                    ears.receipt(since);
                }
            }
            Show::Connection(Connection::Live) => live_since = Some(Instant::now()),
            Show::Connection(_) => live_since = None,
            // An alarm is for people; that a server is starting or gone is what the test is about.
            Show::Trouble(trouble) => ears.troubles.send_modify(|all| all.push(trouble.clone())),
            Show::Unsent(_)
            | Show::Head { .. }
            | Show::Called { .. }
            | Show::Ended { .. }
            | Show::TroubleOver => {}
        })
    }

    /// A receipt over a connection that is live since then: one that was made before this life began
    /// only brings what the life before had sent.
    fn receipt(&self, live_since: Instant) {
        let mut life = self.life.lock().expect("nobody stopped while listening");
        if live_since >= life.0 {
            life.1.get_or_insert_with(Instant::now);
            self.receipts.send_modify(|count| *count += 1);
        }
    }

    fn begin_life(&self) -> Instant {
        let mut life = self.life.lock().expect("nobody stopped while listening");
        *life = (Instant::now(), None);
        self.receipts.send_replace(0);
        life.0
    }

    /// When the first receipt of this life was there, if one was.
    pub(crate) fn heard_first(&self) -> Option<Instant> {
        self.life.lock().expect("nobody stopped while listening").1
    }

    /// Waits for so many receipts in this life.
    pub(crate) async fn receipts(&self, count: usize) {
        let mut receipts = self.receipts.subscribe();
        receipts.wait_for(|heard| *heard >= count).await.expect("the ears are there");
    }

    /// Waits for the first receipt of this life; gives its moment.
    pub(crate) async fn first_receipt(&self) -> Instant {
        self.receipts(1).await;
        self.heard_first().expect("it was heard")
    }

    /// Waits until a tablet has something to tell.
    pub(crate) async fn trouble(&self) {
        let mut troubles = self.troubles.subscribe();
        troubles.wait_for(|all| !all.is_empty()).await.expect("the ears are there");
    }

    /// What the tablets had to tell.
    pub(crate) fn troubles(&self) -> Vec<Trouble> {
        self.troubles.borrow().clone()
    }
}
