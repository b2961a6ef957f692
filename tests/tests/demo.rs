//! `leitai demo` as somebody starts it: it says where it is, goes on marking, and stops when told.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use domain::access::Role;
use protocol::account::{Bench, Enrol, SignIn, SignedIn};
use protocol::desk::{Competition, Listed};
use protocol::view::Status;
use tests::http::Browser;
use tests::{TemporaryFolder, leitai};

/// So many looks at a board that does not move are enough.
const LOOKS_MAX: usize = 10_000;

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let found = text.split_once(before).and_then(|(_, rest)| rest.split_once(after));
    found.map(|(found, _)| found).expect(before)
}

/// How much of each skill is marked.
async fn marked(browser: &Browser, competition: &str) -> Vec<(Status, u64, u64)> {
    let shown: Competition = browser.get(&format!("/api/competitions/{competition}")).await.json(200);
    shown.skills.iter().map(|skill| (skill.status, skill.progress.done, skill.progress.of)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_starts_is_marked_as_one_watches_and_stops() {
    let folder = TemporaryFolder::new("demo");
    let database = folder.join("demo.db");
    let words = ["demo", "--listen", "127.0.0.1:0", "--speed", "100", "--database"];
    let mut command = leitai(words.map(AsRef::as_ref).into_iter().chain([database.as_os_str()])).command();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut messages = BufReader::new(child.stderr.take().expect("its messages"));
    let mut said = String::new();
    while !said.contains("Ctrl-C") {
        assert!(messages.read_line(&mut said).expect("a line") > 0, "it ended: {said}");
    }
    let address: SocketAddr = between(&said, "Site: http://", "/\n").parse().expect("an address");
    let mut browser = Browser::new(address);
    assert_eq!(browser.get("/healthz").await.status, 200);
    assert_eq!(said.matches("Hall screen (").count(), 6, "{said}");

    let password = between(&said, "with the password ", "\n").to_owned();
    let sign_in = SignIn { name: "organiser".to_owned(), password, code: None };
    browser.bearer = browser.post("/api/sign-in", &sign_in).await.json::<SignedIn>(200).bearer;
    let listed: Vec<Listed> = browser.get("/api/competitions").await.json(200);
    let competition = listed.first().expect("a competition").competition.id.clone();
    let before = marked(&browser, &competition).await;
    let statuses: Vec<Status> = before.iter().map(|(status, ..)| *status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == Status::InProgress).count(), 6);
    assert!(statuses.contains(&Status::Publicised) && statuses.contains(&Status::Official));
    for (status, done, of) in &before {
        assert!(*done > 0 && (*status == Status::InProgress || done == of), "{before:?}");
    }

    let mut tablet = Browser::new(address);
    for (card, role) in [("Judge ", Role::Judge), ("Chief judge ", Role::ChiefJudge)] {
        let line = said.lines().find(|line| line.starts_with(card)).expect(card);
        let code = between(line, "/judge#", " ").to_owned();
        let pin = line.rsplit(' ').next().expect("a PIN").to_owned();
        tablet.bearer = tablet.post("/api/enrol", &Enrol { code, pin }).await.json::<SignedIn>(200).bearer;
        let bench: Bench = tablet.get("/api/judge").await.json(200);
        assert_eq!(bench.role, role);
    }

    let done = |all: &[(Status, u64, u64)]| all.iter().map(|(_, done, _)| done).sum::<u64>();
    let mut looks = 0;
    while done(&marked(&browser, &competition).await) <= done(&before) {
        looks += 1;
        assert!(looks < LOOKS_MAX, "nothing is marked any more");
    }

    // What was seen to be marked came from judges' own tablets, over their sockets.
    let shown: Competition = browser.get(&format!("/api/competitions/{competition}")).await.json(200);
    let judges = shown.skills.iter().flat_map(|skill| &skill.judges);
    let entries: i64 = judges.flat_map(|judge| &judge.devices).map(|device| device.entries).sum();
    assert!(entries > 0, "no tablet entered anything");

    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(told.success());
    let mut last = String::new();
    messages.read_to_string(&mut last).expect("its last words");
    assert_eq!((child.wait().expect("its end").code(), last.as_str()), (Some(0), "Stopped.\n"));
}

#[test]
fn a_demonstration_replaces_no_database_of_somebody_else() {
    let folder = TemporaryFolder::new("demo");
    let database = folder.join("mine.db");
    tests::folder::put(&database, "mine");
    let words = ["demo", "--listen", "127.0.0.1:0", "--database"];
    let said = leitai(words.map(AsRef::as_ref).into_iter().chain([database.as_os_str()])).run().refused();
    assert!(said.messages.contains("file_there"), "{said}");
    assert_eq!(std::fs::read(&database).expect("the file"), b"mine");
}
