//! A skill that is open, the server that it is marked on, and tablets that mark over real sockets.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use domain::access::Role;
use domain::id::{EntryId, JudgeCode, LedgerId};
use domain::ledger::{Sealed, Status};
use domain::marking::{Body, Mark};
use domain::number::Decimal;
use domain::scoring::Value;
use judge_client::native::{Options, Player, Random, Storage, Ticketing, unix_ms};
use judge_client::{Act, Confirmed, Device, Show, Standing, Trouble};
use protocol::account::{SetUp, SignedIn};
use protocol::desk::{self, Competition, Do};
use protocol::drawing::Drawing;
use protocol::frame::{Cell, ReasonText, Versions};
use server::accounts::{Accounts, Enrolled, Who};
use server::http::{self, Config, Running, Tls, Trust};
use server::judging::Limits;
use server::live;
use tokio::sync::watch;

use crate::http::Browser;
use crate::secure;
use crate::{PackageBuilder, TestDatabase};

/// The competitors of the hall's skill.
pub const COMPETITORS: [&str; 4] = ["C001", "C002", "C003", "C004"];
/// Its judged aspect; A1.01 to A1.03 and B1.01 are measured. J1 to J3 mark A1, J1 alone marks B1.
pub const JUDGED: &str = "A1.04";

/// A server with one open skill.
pub struct Hall {
    /// The server.
    pub running: Running,
    /// The skill's ledger.
    pub skill: LedgerId,
    /// The organiser's program.
    pub desk: Browser,
    address: SocketAddr,
}

impl Hall {
    /// Starts a server on an empty database, sets the skill up and opens it.
    pub async fn open(place: &TestDatabase) -> Self {
        Self::with_limits(place, Limits::default()).await
    }

    /// The same with other limits of its judges' sockets.
    pub async fn with_limits(place: &TestDatabase, limits: Limits) -> Self {
        Self::with_every_limit(place, limits, live::Limits::default()).await
    }

    /// The same with other limits of its spectators' sockets too.
    pub async fn with_every_limit(place: &TestDatabase, judging: Limits, spectators: live::Limits) -> Self {
        let running = start(Config { judging, spectators, ..config(place) }).await;
        let address = running.address;
        Self::with(running, address, package("hebei-2025")).await
    }

    /// The same with another package's only skill.
    pub async fn of(place: &TestDatabase, package: PackageBuilder) -> Self {
        let running = start(config(place)).await;
        let address = running.address;
        Self::with(running, address, package).await
    }

    /// The same over HTTPS with an authority of the server's own, which everybody here trusts.
    pub async fn over_tls(place: &TestDatabase) -> Self {
        let tls = Tls::Own { file: Some(place.folder.join("authority")), names: Vec::new() };
        let running = start(Config { tls, ..config(place) }).await;
        let Trust::Own(authority) = &*running.app.trust else { panic!("an authority of its own") };
        let address = secure::Device::trusting(authority.der(), "127.0.0.1").tunnel(running.address).await;
        Self::with(running, address, package("hebei-2025")).await
    }

    async fn with(running: Running, address: SocketAddr, package: PackageBuilder) -> Self {
        let mut desk = Browser::new(address);
        let secret = running.first_secret.clone().expect("no account yet");
        let set_up = SetUp { secret, name: "desk".to_owned(), password: "correct horse battery".to_owned() };
        desk.bearer = desk.post("/api/set-up", &set_up).await.json::<SignedIn>(200).bearer;
        desk.set_factor().await;
        let zip = package.zip("hall");
        let made = desk.send("POST", "/api/competitions", zip, "application/zip").await;
        let made: serde_json::Value = made.json(201);
        let id = made["competition"]["id"].as_str().expect("an id");
        let shown: Competition = desk.get(&format!("/api/competitions/{id}")).await.json(200);
        let skill = LedgerId::from(shown.skills[0].skill.id.as_str());
        let hall = Self { running, skill, desk, address };
        hall.act(desk::Act::Open).await;
        hall
    }

    /// Another server on the same database.
    pub async fn beside(&self, place: &TestDatabase) -> Self {
        let running = start(config(place)).await;
        let address = running.address;
        Self { running, skill: self.skill.clone(), desk: self.desk.clone(), address }
    }

    /// Does something to the skill.
    pub async fn act(&self, act: desk::Act) {
        let answer = self.desk.post(&format!("/api/skills/{}/act", self.skill), &Do { act }).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
    }

    /// Where everybody reaches it: `127.0.0.1:…`
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a tablet connects to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ws://{}/api/judge/socket", self.address())
    }

    /// Makes a device of a judge's, by card and PIN.
    pub async fn enrol(&self, judge: &str) -> Enrolled {
        self.enrol_as(judge, Role::Judge).await
    }

    /// The same in another role.
    pub async fn enrol_as(&self, judge: &str, role: Role) -> Enrolled {
        let accounts = &self.running.app.accounts;
        let card = accounts.make_card(&self.skill, &judge.into(), role).await;
        let card = card.expect("a card");
        match accounts.enrol(&card.code, &card.pin).await.expect("it is enrolled").who {
            Who::Judge(enrolled) => enrolled,
            other => panic!("{other:?}"),
        }
    }

    /// A ticket for a device.
    #[must_use]
    pub fn ticket(&self, enrolled: &Enrolled) -> String {
        self.running.app.accounts.ticket(enrolled).expect("a ticket")
    }

    /// A judge's new tablet, which keeps its outbox in memory.
    pub async fn tablet(&self, judge: &str) -> Tablet {
        self.tablet_of(&self.enrol(judge).await, Storage::Memory)
    }

    /// A tablet of an enrolled device.
    #[must_use]
    pub fn tablet_of(&self, enrolled: &Enrolled, storage: Storage) -> Tablet {
        Tablet::start(&self.url(), &self.running.app.accounts, enrolled, storage)
    }

    /// The same with its outbox in a file.
    #[must_use]
    pub fn tablet_with_file(&self, enrolled: &Enrolled, file: PathBuf) -> Tablet {
        self.tablet_of(enrolled, Storage::File(file))
    }

    /// Every entry of the skill.
    pub async fn entries(&self) -> Vec<Sealed> {
        let (mut entries, mut next) = (Vec::new(), 1);
        loop {
            let page = self.running.app.ledger.entries(&self.skill, next).await.expect("a page");
            let Some(last) = page.last() else { return entries };
            next = last.entry.seq + 1;
            entries.extend(page);
        }
    }

    /// Every mark of the skill: its id, number and what became of it.
    pub async fn marks(&self) -> Vec<(EntryId, i64, Status)> {
        let entries = self.entries().await;
        let marks = entries.iter().filter(|sealed| matches!(sealed.entry.body, Body::Mark(_)));
        marks.map(|sealed| (sealed.entry.id, sealed.entry.seq, sealed.entry.status)).collect()
    }

    /// Stops the server.
    pub async fn close(self) {
        self.running.stop().await;
    }
}

async fn start(config: Config) -> Running {
    http::start(config).await.expect("the server starts")
}

fn config(place: &TestDatabase) -> Config {
    Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: place.url.clone(),
        key: Some(place.folder.join("key")),
        ..Config::default()
    }
}

/// Four competitors, three judges, five aspects.
#[must_use]
pub fn package(rule_set: &str) -> PackageBuilder {
    PackageBuilder::new(rule_set)
        .skill("bench")
        .lines(
            "aspects.csv",
            &[
                "id,criterion,criterion_name,sub_criterion,sub_criterion_name,type,description,max,calculation,\
                 rung_0,rung_1,rung_2,rung_3",
                "A1.01,A,Make,A1,Joint,measurement,Gap,0.50,direct,,,,",
                "A1.02,A,Make,A1,Joint,measurement,Length,0.50,direct,,,,",
                "A1.03,A,Make,A1,Joint,measurement,Angle,0.50,direct,,,,",
                "A1.04,A,Make,A1,Joint,judgement,Clean,0.50,,none,meets,above,best",
                "B1.01,B,Tidy,B1,Bench,measurement,Bench,0.50,direct,,,,",
            ],
        )
        .lines("competitors.csv", &["code,name", "C001,甲", "C002,乙", "C003,丙", "C004,丁"])
        .lines("judges.csv", &["code,name,role", "J1,戊,judge", "J2,己,judge", "J3,庚,judge"])
        .lines(
            "panels.csv",
            &["sub_criterion,judge,seat,counts", "A1,J1,1,1", "A1,J2,2,1", "A1,J3,3,1", "B1,J1,1,1"],
        )
        .lines("marks.csv", &["competitor,aspect,judge,value"])
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
    /// Starts one that is enrolled.
    #[must_use]
    pub fn start(url: &str, accounts: &Accounts, enrolled: &Enrolled, storage: Storage) -> Self {
        let Enrolled { device, judge, ledger, .. } = enrolled.clone();
        let device = Device { id: device, ledger, versions: Versions::OURS };
        let (accounts, enrolled) = (accounts.clone(), enrolled.clone());
        let ticket = move || -> Ticketing {
            let ticket = accounts.ticket(&enrolled).map_err(|error| error.code().to_owned());
            Box::pin(async { ticket })
        };
        Self::of(device, judge, url, ticket, storage)
    }

    /// The same, with a device of any version that gets its tickets anywhere.
    #[must_use]
    pub fn of(
        device: Device,
        judge: JudgeCode,
        url: &str,
        ticket: impl Fn() -> Ticketing + Send + Sync + 'static,
        storage: Storage,
    ) -> Self {
        let shows = Arc::new(Mutex::new(Vec::new()));
        let (count, shown) = watch::channel(0);
        let seed = device.id.as_str().bytes();
        let seed = seed.fold(1, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        let kept = Arc::clone(&shows);
        let options = Options {
            device,
            url: url.to_owned(),
            authority: None,
            origin: None,
            ticket: Arc::new(ticket),
            storage,
            seed,
            show: Box::new(move |show| {
                let mut shows = kept.lock().unwrap();
                shows.push(show.clone());
                count.send_replace(shows.len());
            }),
        };
        let player = Player::start(options).expect("the player starts");
        Self { player, judge, random: Random::new(seed ^ unix_ms()), shown, shows }
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

    /// Enters something that is no mark; gives its id.
    pub async fn enter(&mut self, body: Body) -> EntryId {
        self.enter_because(body, None).await
    }

    /// The same with the text of the reason that it commits to.
    pub async fn enter_because(&mut self, body: Body, reason: Option<ReasonText>) -> EntryId {
        self.enter_with(body, None, reason).await
    }

    /// The same with the drawn signature that it commits to, too.
    pub async fn enter_with(
        &mut self,
        body: Body,
        drawing: Option<Drawing>,
        reason: Option<ReasonText>,
    ) -> EntryId {
        let now = unix_ms();
        let id = EntryId::made_at(now, self.random.next_wide());
        let client_time = i64::try_from(now).expect("a time");
        let act = Act { id, body, cell: None, base: None, client_time, elapsed_ms: 0, drawing, reason };
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
        let receipt = |show| match show {
            Show::Entry { id: of, standing: Standing::Received(confirmed) | Standing::Sealed(confirmed) }
                if of == id =>
            {
                Some(confirmed)
            }
            _ => None,
        };
        self.shows().into_iter().rev().find_map(receipt)
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

    /// Waits until the server has answered it.
    pub async fn live(&self) {
        self.shown(|show| *show == Show::Connection(judge_client::Connection::Live)).await;
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

    /// What went wrong.
    #[must_use]
    pub fn troubles(&self) -> Vec<Trouble> {
        let trouble = |show| match show {
            Show::Trouble(trouble) => Some(trouble),
            _ => None,
        };
        self.shows().into_iter().filter_map(trouble).collect()
    }
}

/// A mark of the hall's skill: hundredths, or a rung where the aspect is judged.
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
            reason: None,
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
        drawing: None,
        reason: None,
    }
}
