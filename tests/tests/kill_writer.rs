//! The ledger's writer, in a process of its own, is killed again and again under load, without warning.
//! Afterwards every receipt that left it must be true: the entry is there, once, where the receipt
//! says. `kill_server` does the same to the whole server.
//!
//! `LEITAI_KILLS` says how often (`cargo xtask kill --writer` asks for 200), `LEITAI_SEED` repeats a run. What
//! is shown is that no process need end well; that no power cut loses anything rests on
//! `synchronous = FULL` besides.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::finding::Language;
use domain::id::LedgerId;
use domain::ledger::verify::Verifier;
use server::database::Database;
use server::ledger::{Ledger, Options};
use tests::{Random, TestDatabase};

const TABLETS: usize = 16;
const KILLS_DEFAULT: u64 = 20;
/// A new skill after this many kills, so that a start never has long to read.
const KILLS_A_SKILL: u64 = 5;
/// How long a child lives after it is ready, or for one in four after its start.
const LIFE_MS: std::ops::Range<usize> = 50..500;

/// What the child said was saved: by skill and id, the position and hash it named.
#[derive(Default)]
struct Observer {
    receipts: BTreeMap<(String, String), (String, String)>,
    next: BTreeMap<String, [i64; TABLETS]>,
    wrong: Vec<String>,
}

impl Observer {
    fn next_of(&self, skill: &str) -> [i64; TABLETS] {
        self.next.get(skill).copied().unwrap_or([1; TABLETS])
    }

    fn hear(&mut self, skill: &str, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let ["ack", tablet, dseq, id, seq, hash] = words.as_slice() else {
            if line != "ready" {
                self.wrong.push(format!("the child said: {line}"));
            }
            return;
        };
        let said = ((*seq).to_owned(), (*hash).to_owned());
        let key = (skill.to_owned(), (*id).to_owned());
        if let Some(before) = self.receipts.insert(key, said.clone())
            && before != said
        {
            self.wrong.push(format!("{id} got two receipts: {before:?} and {said:?}"));
        }
        let next = self.next.entry(skill.to_owned()).or_insert([1; TABLETS]);
        let tablet: usize = tablet.parse().expect("a tablet");
        next[tablet] = dseq.parse::<i64>().expect("a number") + 1;
    }

    /// Holds every receipt against what the database has; one line for each that is not true.
    async fn check(mut self, place: &TestDatabase) -> Vec<String> {
        let database = Database::open(&place.url).await.expect("the database opens");
        let options = Options { key: Some(place.folder.join("key")), clock: None };
        let ledger = Ledger::start_with(database.clone(), options).await.expect("the ledger starts");
        let mut ids = std::collections::BTreeSet::new();
        for skill in self.next.keys() {
            let (mut verifier, mut seq) = (Verifier::new(), 0);
            loop {
                let page = ledger.entries(&LedgerId::from(skill.as_str()), seq + 1).await.expect("a page");
                if page.is_empty() {
                    break;
                }
                for sealed in page {
                    seq = sealed.entry.seq;
                    let id = sealed.entry.id.to_string();
                    if let Some((said_seq, said_hash)) = self.receipts.remove(&(skill.clone(), id.clone())) {
                        let is_there = said_seq == seq.to_string() && said_hash == sealed.hash.to_string();
                        if !is_there && said_seq != "-" {
                            self.wrong.push(format!("{skill}: {id} is not where its receipt says"));
                        }
                    }
                    if !ids.insert(id.clone()) {
                        self.wrong.push(format!("{skill}: {id} is there twice"));
                    }
                    if let Err(finding) = verifier.entry(sealed) {
                        self.wrong.push(format!("{skill}: {}", finding.say(Language::English)));
                    }
                }
            }
        }
        let lost =
            self.receipts.keys().map(|(skill, id)| format!("{skill}: {id} was acknowledged and is lost"));
        self.wrong.extend(lost);
        ledger.stop().await;
        database.close().await;
        self.wrong
    }
}

/// Starts a child, hears it, and kills it.
fn live(observer: &mut Observer, place: &TestDatabase, skill: &str, manner: &str, random: &mut Random) {
    let next = observer.next_of(skill).map(|dseq| dseq.to_string()).join(",");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ledger_child"));
    command.arg(&place.url).arg(place.folder.join("key")).args([skill, manner, &next]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the child starts");
    let stdout = child.stdout.take().expect("its output");
    let (say_ready, is_ready) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut lines = Vec::new();
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line == "ready" {
                let _ = say_ready.send(());
            }
            lines.push(line);
        }
        lines
    });
    if random.below(4) > 0 {
        // An error says that it ended before it was ready, which the lines then show.
        let _ = is_ready.recv();
    }
    let life_ms = LIFE_MS.start + random.below(LIFE_MS.len());
    std::thread::sleep(Duration::from_millis(life_ms as u64));
    if let Some(status) = child.try_wait().expect("the child's state") {
        observer.wrong.push(format!("a child ended by itself: {status}"));
    }
    child.kill().expect("the child is killed");
    child.wait().expect("the child has ended");
    for line in reader.join().expect("every line") {
        observer.hear(skill, &line);
    }
}

fn seed() -> u64 {
    let asked = std::env::var("LEITAI_SEED").ok().and_then(|seed| seed.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    asked.unwrap_or_else(now)
}

#[tokio::test]
async fn every_receipt_is_true_after_any_number_of_kills() {
    let asked = std::env::var("LEITAI_KILLS").ok();
    let kills: u64 = asked.map_or(KILLS_DEFAULT, |kills| kills.parse().expect("LEITAI_KILLS is a number"));
    for place in TestDatabase::every_kind() {
        let seed = seed();
        println!("{}: {kills} kills, LEITAI_SEED={seed}", place.kind);
        let (mut random, mut observer) = (Random::new(seed), Observer::default());
        for kill in 0..kills {
            let skill = format!("skill-{}", kill / KILLS_A_SKILL);
            live(&mut observer, &place, &skill, "honest", &mut random);
        }
        let receipts = observer.receipts.len();
        let wrong = observer.check(&place).await;
        println!("{}: {receipts} receipts, {} of them not true", place.kind, wrong.len());
        assert!(wrong.is_empty(), "LEITAI_SEED={seed}\n{}", wrong.join("\n"));
        assert!(receipts > TABLETS, "the load was no load: {receipts} receipts");
    }
}

/// The negative control: the check must see the loss where a server acknowledges before it commits.
#[tokio::test]
async fn a_server_that_acknowledges_before_its_commit_is_found_out() {
    for place in TestDatabase::every_kind() {
        let (mut random, mut observer) = (Random::new(seed()), Observer::default());
        for kill in 0..3 {
            live(&mut observer, &place, &format!("skill-{kill}"), "hasty", &mut random);
        }
        let wrong = observer.check(&place).await;
        assert!(wrong.iter().any(|line| line.ends_with("is lost")), "nothing was found: {wrong:?}");
    }
}
