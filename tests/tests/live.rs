//! Live boards on both databases: what is seen of a contest while it is marked, by whom, and how it
//! is kept current.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at what it cannot do")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::id::LedgerId;
use domain::rules::LivePolicy;
use protocol::view::{BoardView, LiveFrame, Policy, SessionClock, Status, Topic, patch};
use server::database::Database;
use server::ledger::{Clock, Ledger, Options};
use server::live::{self, Audience, Live, LiveError, Revision, View};
use tests::followed as contest;
use tests::followed::{CELLS, PLAN};
use tests::skill::BEGINNING;
use tests::{Random, TestDatabase};
use tokio::sync::watch;
use tokio::time::timeout;

/// Long enough for a slow machine; nothing waits that long where all is well.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server's part that boards are made by.
struct Server {
    database: Database,
    ledger: Ledger,
    live: Live,
}

impl Server {
    async fn start(place: &TestDatabase) -> Self {
        let database = Database::open(&place.url).await.expect("the database opens");
        let time = AtomicI64::new(BEGINNING);
        let clock: Clock = Arc::new(move || time.fetch_add(1, Ordering::Relaxed));
        let options = Options { key: Some(place.folder.join("key")), clock: Some(Arc::clone(&clock)) };
        let ledger = Ledger::start_with(database.clone(), options).await.expect("the ledger starts");
        let options = live::Options { clock: Some(clock), ..live::Options::default() };
        let live = Live::start_with(database.clone(), ledger.clone(), options);
        Self { database, ledger, live }
    }

    /// With a public competition of a sealed and a named skill, both open, and one that is not public.
    async fn with_contest(place: &TestDatabase) -> Self {
        let server = Self::start(place).await;
        server.keep("c1", &["sealed", "named"]).await;
        server.keep("c2", &["hidden"]).await;
        server.live.set_public("c1", true).await.expect("it is public");
        server.live.set_anonymous(&"named".into(), false).await.expect("it is not open yet");
        for skill in ["sealed", "named", "hidden"] {
            contest::submit(&server.ledger, PLAN.open(skill)).await;
        }
        server
    }

    async fn keep(&self, id: &str, skills: &[&str]) {
        contest::keep(&self.database, id, skills).await;
    }

    async fn mark(&self, skill: &str, from: i64, until: i64) {
        contest::mark(&self.ledger, skill, from, until).await;
    }

    async fn release(&self, skill: &str) {
        contest::release(&self.ledger, skill).await;
    }

    async fn view(&self, topic: &str, audience: Audience) -> Result<Arc<Revision>, LiveError> {
        self.live.view(&Topic::parse(topic).expect("a topic"), audience).await
    }

    async fn subscribe(&self, topic: &str, audience: Audience) -> watch::Receiver<Arc<Revision>> {
        let topic = Topic::parse(topic).expect("a topic");
        self.live.subscribe(&topic, audience).await.expect("a subscription")
    }

    /// A skill's board once it is as wanted.
    async fn board(&self, skill: &str, audience: Audience, is_so: impl Fn(&BoardView) -> bool) -> BoardView {
        let mut revisions = self.subscribe(&format!("skill/{skill}"), audience).await;
        let wanted = timeout(PATIENCE, revisions.wait_for(|revision| is_so(board(revision)))).await;
        let revision = wanted.expect("in time").expect("it goes on");
        board(&revision).clone()
    }

    async fn stop(self) {
        self.ledger.stop().await;
        self.database.close().await;
    }
}

fn board(revision: &Revision) -> &BoardView {
    let View::Board(board) = &revision.view else { panic!("a board") };
    board
}

/// Every topic that there can be of the contest.
fn topics() -> Vec<String> {
    let mut topics = vec!["circuit".to_owned(), "competition/c1".to_owned(), "competition/c2".to_owned()];
    for (competition, skill) in [("c1", "sealed"), ("c1", "named"), ("c2", "hidden")] {
        topics.push(format!("skill/{skill}"));
        topics.extend([0, 1].map(|side| format!("delegation/{competition}/city-{skill}-{side}")));
    }
    topics
}

/// The frames of every topic that an audience can see.
async fn everything(server: &Server, audience: Audience) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for topic in topics() {
        match server.view(&topic, audience).await {
            Ok(revision) => {
                let mut frames = revision.json.to_vec();
                frames.extend(revision.patch.iter().flatten());
                all.insert(topic, String::from_utf8(frames).expect("text"));
            }
            Err(error) => assert_eq!(error, LiveError::Unknown, "{topic}"),
        }
    }
    all
}

fn holds(text: &str, skill: &str) -> bool {
    ["name", "works", "city"].iter().any(|what| text.contains(&format!("{what}-{skill}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_says_how_far_it_is_and_who_leads_as_its_policy_lets_it() {
    for place in TestDatabase::every_kind() {
        let server = Server::with_contest(&place).await;
        let at = |done| move |board: &BoardView| board.progress.done == done;
        // The drill's rules show every mark that all have; one tablet marks person after person.
        server.mark("named", 1, 37).await;
        let shown = server.board("named", Audience::Public, at(37)).await;
        assert_eq!((shown.status, shown.policy), (Status::InProgress, Policy::Running));
        assert_eq!(shown.progress.of, 48);
        assert_eq!(shown.criteria.len(), 1);
        assert_eq!(shown.criteria[0].max, "0.50");
        assert!(shown.rows.values().all(|row| row.rank.is_some() && row.marks.len() == 1));
        assert_eq!(shown.rows["C004"].progress.done, 1);
        assert_eq!(shown.rows["C001"].name.as_deref(), Some("name-named-1"));
        // By completed sub-criteria there is nothing to compare yet.
        let named = LedgerId::from("named");
        server.live.set_policy(&named, Some(LivePolicy::Completed)).await.expect("another policy");
        let shown = server.board("named", Audience::Public, at(37)).await;
        assert_eq!(shown.policy, Policy::Completed);
        assert!(shown.criteria.is_empty() && shown.rows.values().all(|row| row.rank.is_none()));
        assert_eq!(shown.order, ["C001", "C002", "C003", "C004"]);
        server.mark("named", 38, 46).await;
        let shown = server.board("named", Audience::Public, at(46)).await;
        assert_eq!(shown.criteria[0].max, "5.00");
        // Staff see what can be compared, whatever the public sees.
        server.live.set_policy(&named, Some(LivePolicy::Progress)).await.expect("another policy");
        let shown = server.board("named", Audience::Public, at(46)).await;
        assert!(shown.rows.values().all(|row| row.total.is_none()));
        let staff = server.board("named", Audience::Staff, at(46)).await;
        assert!(staff.rows.values().all(|row| row.total.is_some()));
        server.mark("named", 47, CELLS).await;
        let shown = server.board("named", Audience::Public, at(48)).await;
        assert_eq!(shown.status, Status::UnderReview);
        server.release("named").await;
        let shown =
            server.board("named", Audience::Public, |board| board.status == Status::Provisional).await;
        assert!(shown.criteria.is_empty() && shown.rows.values().all(|row| row.rank.is_some()));
        let session = SessionClock { label: "C1".to_owned(), from: 1, until: 2 };
        server
            .live
            .set_session(std::slice::from_ref(&named), Some(session.clone()))
            .await
            .expect("a session");
        let shown = server.board("named", Audience::Public, |board| board.session.is_some()).await;
        assert_eq!(shown.session, Some(session));
        let unfit = SessionClock { label: "C1".to_owned(), from: 2, until: 2 };
        assert_eq!(
            server.live.set_session(std::slice::from_ref(&named), Some(unfit)).await,
            Err(LiveError::SessionUnfit)
        );
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn until_its_release_nothing_tells_who_is_behind_a_sealed_code() {
    for place in TestDatabase::every_kind() {
        let server = Server::with_contest(&place).await;
        for (from, until) in [(1, 1), (2, 20), (21, 46), (47, CELLS)] {
            server.mark("sealed", from, until).await;
            server.mark("named", from, until).await;
            let all = |board: &BoardView| board.progress.done >= until.unsigned_abs();
            for audience in [Audience::Public, Audience::Staff] {
                server.board("sealed", audience, all).await;
                let shown = everything(&server, audience).await;
                assert!(shown.values().all(|frame| !holds(frame, "sealed")), "{shown:#?}");
                assert!(holds(&shown["skill/named"], "named"));
                assert!(holds(&shown["delegation/c1/city-named-0"], "named"));
                assert!(!shown.contains_key("delegation/c1/city-sealed-0"));
                assert_eq!(shown.contains_key("competition/c2"), audience == Audience::Staff);
            }
        }
        let late = server.live.set_anonymous(&"sealed".into(), false).await;
        assert_eq!(late, Err(LiveError::AlreadyOpened));
        let mut changes = server.subscribe("competition/c1", Audience::Public).await;
        server.release("sealed").await;
        let is_told = |revision: &Arc<Revision>| {
            let View::Competition(page) = &revision.view else { panic!("a competition") };
            page.delegations.contains_key("city-sealed-0")
        };
        timeout(PATIENCE, changes.wait_for(is_told)).await.expect("in time").expect("it goes on");
        server.board("sealed", Audience::Public, |board| board.status == Status::Provisional).await;
        let shown = everything(&server, Audience::Public).await;
        for topic in ["skill/sealed", "competition/c1", "delegation/c1/city-sealed-0"] {
            assert!(holds(&shown[topic], "sealed"), "{topic}: {}", shown[topic]);
        }
        assert!(shown["skill/sealed"].contains("name-sealed-1"));
        assert!(!shown.values().any(|frame| holds(frame, "hidden")));
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_competition_stands_still_everywhere_and_after_a_restart() {
    for place in TestDatabase::every_kind() {
        let mut server = Server::with_contest(&place).await;
        server.mark("named", 1, 40).await;
        server.mark("sealed", 1, 30).await;
        server.board("named", Audience::Public, |board| board.progress.done == 40).await;
        let mut followed = server.subscribe("skill/named", Audience::Public).await;
        server.live.freeze("c1", "organiser").await.expect("it freezes");
        // Whoever follows was told before the freezing was answered.
        assert_eq!(board(&followed.borrow_and_update()).status, Status::Frozen);
        let before = everything(&server, Audience::Public).await;
        let etags = tags(&server).await;
        assert_eq!(before.len(), 6);
        server.mark("named", 41, CELLS).await;
        server.mark("sealed", 31, CELLS).await;
        // A second freezing does not move the first.
        server.live.freeze("c1", "organiser").await.expect("it freezes");
        server.board("named", Audience::Staff, |board| board.progress.done == 48).await;
        server.board("sealed", Audience::Staff, |board| board.progress.done == 48).await;
        server.release("sealed").await;
        server.board("sealed", Audience::Staff, |board| board.status == Status::Provisional).await;
        assert_eq!(everything(&server, Audience::Public).await, before);
        assert!(!followed.has_changed().expect("it goes on"));
        server.stop().await;
        server = Server::start(&place).await;
        assert_eq!(tags(&server).await, etags);
        server.live.unfreeze("c1").await.expect("it thaws");
        let shown =
            server.board("sealed", Audience::Public, |board| board.status == Status::Provisional).await;
        assert_eq!(shown.progress.done, 48);
        server.board("named", Audience::Public, |board| board.status == Status::UnderReview).await;
        server.stop().await;
    }
}

async fn tags(server: &Server) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for topic in topics() {
        if let Ok(revision) = server.view(&topic, Audience::Public).await {
            tags.insert(topic, revision.etag.clone());
        }
    }
    tags
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_leads_from_each_revision_to_the_next() {
    for place in TestDatabase::every_kind() {
        let server = Server::with_contest(&place).await;
        let mut followed = Vec::new();
        for topic in
            ["circuit", "competition/c1", "skill/sealed", "skill/named", "delegation/c1/city-named-1"]
        {
            for audience in [Audience::Public, Audience::Staff] {
                let revisions = server.subscribe(topic, audience).await;
                let last = Arc::clone(&revisions.borrow());
                followed.push((revisions, last));
            }
        }
        let mut random = Random::new(7);
        let (mut next, mut patches) = ([1, 1], 0);
        while next.iter().any(|next| *next <= CELLS) {
            let at = random.below(2);
            let until = CELLS.min(next[at] + i64::try_from(random.below(6)).expect("few"));
            server.mark(["sealed", "named"][at], next[at], until).await;
            next[at] = until + 1;
            // A change of settings publishes at once, so that every step is seen.
            let session = SessionClock { label: "C1".to_owned(), from: 0, until };
            server.live.set_session(&["named".into()], Some(session)).await.expect("a session");
            for (revisions, last) in &mut followed {
                let revision = Arc::clone(&revisions.borrow_and_update());
                patches += usize::from(leads_on(last, &revision));
                *last = revision;
            }
        }
        assert!(patches > 40, "{patches} of {}", place.kind);
        server.stop().await;
    }
}

/// Whether one revision comes right after another; then its patch must say how.
fn leads_on(last: &Revision, revision: &Revision) -> bool {
    if revision.rev != last.rev + 1 {
        return false;
    }
    let frame = |bytes: &[u8]| serde_json::from_slice::<LiveFrame>(bytes).expect("a frame");
    let LiveFrame::View { rev: 1.., view: mut value } = frame(&last.json) else { panic!("a view") };
    let Some(LiveFrame::Patch { rev, patch }) = revision.patch.as_deref().map(frame) else {
        panic!("a patch")
    };
    assert_eq!(rev, revision.rev);
    patch::apply(&mut value, patch);
    assert_eq!(frame(&revision.json), LiveFrame::View { rev, view: value });
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_skips_revisions_and_ends_current() {
    for place in TestDatabase::every_kind() {
        let server = Server::with_contest(&place).await;
        let mut slow = server.subscribe("skill/named", Audience::Public).await;
        let first = slow.borrow_and_update().rev;
        for until in 1..=CELLS {
            server.mark("named", until, until).await;
            if until % 12 == 0 {
                server
                    .board("named", Audience::Public, |board| board.progress.done == until.unsigned_abs())
                    .await;
            }
        }
        slow.changed().await.expect("it goes on");
        let revision = slow.borrow_and_update();
        assert!(revision.rev > first + 1);
        assert_eq!(board(&revision).progress.done, 48);
        drop(revision);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_say_how_far_they_moved_until_the_ranking_changes_again() {
    for place in TestDatabase::every_kind() {
        let server = Server::with_contest(&place).await;
        server.mark("named", 1, 37).await;
        let shown = server.board("named", Audience::Staff, |board| board.progress.done == 37).await;
        let mut ranks = vec![shown.rows.into_iter().map(|(code, row)| (code, row.rank)).collect::<Vec<_>>()];
        // From the 38th on each mark makes one more aspect comparable.
        for turn in 38..=CELLS {
            server.mark("named", turn, turn).await;
            let done = u64::try_from(turn).expect("small");
            let shown = server.board("named", Audience::Staff, |board| board.progress.done == done).await;
            let now: Vec<_> = shown.rows.iter().map(|(code, row)| (code.clone(), row.rank)).collect();
            let before = ranks.last().expect("one").clone();
            if now != before {
                for ((code, now), (_, before)) in now.iter().zip(&before) {
                    let places = i64::from(before.expect("a rank")) - i64::from(now.expect("a rank"));
                    assert_eq!(i64::from(shown.rows[code].moved), places, "{code} at {turn}");
                }
                ranks.push(now);
            } else if ranks.len() > 1 {
                assert!(shown.rows.values().any(|row| row.moved != 0), "forgotten at {turn}");
            }
        }
        assert!(ranks.len() > 1, "the ranking never changed");
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_public_is_not_there_and_ends_when_it_no_longer_is() {
    for place in TestDatabase::every_kind() {
        let server = Server::with_contest(&place).await;
        for topic in
            ["competition/c2", "skill/hidden", "competition/none", "skill/none", "delegation/c1/none"]
        {
            let view = server.view(topic, Audience::Public).await;
            assert_eq!(view.map(|revision| revision.rev), Err(LiveError::Unknown), "{topic}");
        }
        assert!(server.view("skill/hidden", Audience::Staff).await.is_ok());
        let mut followed = server.subscribe("skill/named", Audience::Public).await;
        server.live.set_public("c1", false).await.expect("it is hidden");
        let ended = timeout(PATIENCE, async { while followed.changed().await.is_ok() {} }).await;
        assert!(ended.is_ok(), "it goes on");
        assert!(server.view("skill/named", Audience::Public).await.is_err());
        let circuit = server.view("circuit", Audience::Public).await.expect("the first page");
        assert!(!String::from_utf8_lossy(&circuit.json).contains("contest"));
        server.stop().await;
    }
}

/// Every revision of a board as it is published: how many marks it shows.
struct Watched {
    skill: &'static str,
    shown: Arc<Mutex<Vec<u64>>>,
    revisions: watch::Receiver<Arc<Revision>>,
}

impl Watched {
    async fn start(server: &Server, skill: &'static str) -> Self {
        let revisions = server.subscribe(&format!("skill/{skill}"), Audience::Public).await;
        let (shown, mut each) = (Arc::new(Mutex::new(Vec::new())), revisions.clone());
        let kept = Arc::clone(&shown);
        tokio::spawn(async move {
            while each.changed().await.is_ok() {
                kept.lock().expect("no panic held it").push(board(&each.borrow_and_update()).progress.done);
            }
        });
        Self { skill, shown, revisions }
    }

    /// What is shown now, and forgets what was shown before.
    fn restart(&self) {
        let mut shown = self.shown.lock().expect("no panic held it");
        *shown = vec![board(&self.revisions.borrow()).progress.done];
    }

    fn most(&self) -> u64 {
        self.shown.lock().expect("no panic held it").iter().copied().max().unwrap_or_default()
    }

    async fn until(&mut self, is_so: impl Fn(&BoardView) -> bool) {
        let wanted = self.revisions.wait_for(|revision| is_so(board(revision)));
        timeout(PATIENCE, wanted).await.expect("in time").expect("it goes on");
    }
}

/// In each turn marks go on at both servers while one of them freezes; whatever either publishes once
/// that is answered shows no entry after the frozen one.
#[tokio::test(flavor = "multi_thread")]
async fn once_a_freeze_is_answered_no_server_shows_the_public_a_later_mark() {
    let Some(place) = TestDatabase::postgres() else { return };
    let one = Server::with_contest(&place).await;
    let other = Server::start(&place).await;
    let mut watched = Vec::new();
    for server in [&one, &other] {
        for skill in ["sealed", "named"] {
            watched.push(Watched::start(server, skill).await);
        }
    }
    for turn in 0..6 {
        let next = turn * 8 + 1;
        let marking = async {
            // Each entry is told to those who follow at its own server at once.
            for (at, server) in (0..8).zip([&other, &one, &other, &one, &other, &other, &other, &other]) {
                for skill in ["sealed", "named"] {
                    server.mark(skill, next + at, next + at).await;
                }
            }
        };
        let freezing = async {
            one.live.freeze("c1", "organiser").await.expect("it freezes");
            watched.iter().for_each(Watched::restart);
        };
        tokio::join!(freezing, marking);
        for watched in &mut watched {
            let setting = one.live.setting(&watched.skill.into()).await.expect("a setting");
            let seq = setting.frozen.expect("it is frozen").seq;
            // The opening is the first entry, and each mark is one more.
            let marks = seq.unsigned_abs() - 1;
            watched.until(|board| board.status == Status::Frozen && board.progress.done == marks).await;
            let most = watched.most();
            assert!(most <= marks, "{}: {most} marks were shown, {marks} are frozen", watched.skill);
        }
        one.live.unfreeze("c1").await.expect("it thaws");
        for watched in &mut watched {
            watched.until(|board| i64::try_from(board.progress.done) == Ok(next + 7)).await;
        }
    }
    other.stop().await;
    one.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_of_the_database_notices_entries_settings_and_competitions() {
    let Some(place) = TestDatabase::postgres() else { return };
    let one = Server::with_contest(&place).await;
    let other = Server::start(&place).await;
    let mut followed = other.subscribe("skill/named", Audience::Public).await;
    let mut circuit = other.subscribe("circuit", Audience::Public).await;
    one.mark("named", 1, 5).await;
    let wanted = followed.wait_for(|revision| board(revision).progress.done == 5);
    timeout(PATIENCE, wanted).await.expect("in time").expect("it goes on");
    one.live.freeze("c1", "organiser").await.expect("it freezes");
    let wanted = followed.wait_for(|revision| board(revision).status == Status::Frozen);
    timeout(PATIENCE, wanted).await.expect("in time").expect("it goes on");
    one.keep("c3", &["later"]).await;
    one.live.set_public("c3", true).await.expect("it is public");
    let wanted = circuit.wait_for(|revision| {
        let View::Home(home) = &revision.view else { panic!("the first page") };
        home.competitions.contains_key("c3")
    });
    timeout(PATIENCE, wanted).await.expect("in time").expect("it goes on");
    other.stop().await;
    one.stop().await;
}
