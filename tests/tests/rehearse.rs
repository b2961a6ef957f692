//! `leitai rehearse`: packages played through real tablets against running servers come to the
//! published results, whatever the network does meanwhile; and what is different is named.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at what it cannot do")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use protocol::account::{SetUp, SignedIn};
use server::http::{self, Authority, Config, Running, Tls, Trust};
use tests::contest::{RESULTS, contest};
use tests::export::{package, verify, verify_again};
use tests::folder::{files_below, put};
use tests::http::Browser;
use tests::secure::Device;
use tests::shared::real_packages;
use tests::{PackageBuilder, Rows, Said, TemporaryFolder, TestDatabase, leitai};

const COLUMNS: [&str; 6] = ["skill", "competitor", "total", "scale", "position", "award"];

/// Plays a package by these further words.
fn rehearse(folder: &Path, words: &[&str]) -> Said {
    leitai(["rehearse", folder.to_str().unwrap()].iter().chain(words)).run()
}

/// The example of the documentation: one skill with every kind of event.
fn example() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/contest")
}

/// The results of a rehearsal are those of the score without a server.
fn assert_scored(folder: &Path, said: &Said) -> usize {
    assert_eq!(said.output, package("score", folder).done().output, "{said}");
    said.rows().rows.len()
}

/// How often tablets lost their network, and how many entries were made meanwhile.
fn offline(said: &Said) -> (u64, u64) {
    let line = said.messages.lines().find(|line| line.starts_with("Tablets lost their network"));
    let numbers = line.unwrap_or_default().split(|c: char| !c.is_ascii_digit());
    let mut numbers = numbers.filter_map(|number| number.parse().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// Two servers of one database, with an organiser's bearer in a file.
struct Pair {
    servers: Vec<Running>,
    token: PathBuf,
}

impl Pair {
    async fn start(place: &TestDatabase) -> Self {
        let mut servers = Vec::new();
        for _ in 0..2 {
            let config = Config {
                listen: SocketAddr::from(([127, 0, 0, 1], 0)),
                database: place.url.clone(),
                key: Some(place.folder.join("key")),
                ..Config::default()
            };
            servers.push(http::start(config).await.expect("the server starts"));
        }
        // The second server's secret took the place of the first one's.
        let secret = servers[1].first_secret.clone().expect("no account yet");
        let set_up =
            SetUp { secret, name: "刘老师".to_owned(), password: "correct horse battery".to_owned() };
        let signed_in: SignedIn =
            Browser::new(servers[0].address).post("/api/set-up", &set_up).await.json(200);
        let token = place.folder.join("bearer");
        let mut desk = Browser::new(servers[0].address);
        desk.bearer = signed_in.bearer;
        desk.set_factor().await;
        put(&token, desk.bearer.expect("a bearer") + "\n");
        Self { servers, token }
    }

    /// Plays a package on both servers, with these further words.
    async fn rehearse(&self, folder: &Path, words: &[&str]) -> Said {
        let mut call = vec!["rehearse".to_owned(), folder.display().to_string()];
        for server in &self.servers {
            call.extend(["--server".to_owned(), format!("http://{}", server.address)]);
        }
        call.extend(["--token-file".to_owned(), self.token.display().to_string()]);
        call.extend(words.iter().map(|word| (*word).to_owned()));
        // The servers run meanwhile.
        tokio::task::spawn_blocking(|| leitai(call).run()).await.expect("the call")
    }

    /// How many transactions each server's ledger made.
    async fn commits(&self) -> Vec<u64> {
        let mut commits = Vec::new();
        for server in &self.servers {
            let text = Browser::new(server.address).get("/metrics").await.text;
            let line = text.lines().find(|line| line.starts_with("leitai_ledger_commits_total "));
            commits.push(line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).expect("a count"));
        }
        commits
    }

    async fn stop(self) {
        for server in self.servers {
            server.stop().await;
        }
    }
}

#[test]
fn ten_real_competitions_come_out_as_published_though_tablets_lose_their_network() {
    let packages = real_packages();
    let (mut performances, mut cuts) = (0, 0);
    for folder in &packages {
        let said = rehearse(folder, &["--speed", "max", "--judges-offline", "0.3"]).done();
        performances += assert_scored(folder, &said);
        let (often, meanwhile) = offline(&said);
        assert!(often >= 24 && meanwhile >= often, "three of nine judges in eight skills or more: {said}");
        cuts += often;
    }
    println!("{} competitions, {performances} performances, {cuts} times without network", packages.len());
    if !packages.is_empty() {
        assert_eq!((packages.len(), performances), (10, 1_143));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_real_competitions_come_out_as_published_of_tablets_at_two_servers_of_one_database() {
    let Some(place) = TestDatabase::postgres() else { return };
    let pair = Pair::start(&place).await;
    let packages = real_packages();
    let mut performances = 0;
    for folder in &packages {
        let before = pair.commits().await;
        let said = pair.rehearse(folder, &["--speed", "max", "--judges-offline", "0.3"]).await.done();
        performances += assert_scored(folder, &said);
        let after = pair.commits().await;
        assert!(
            before.iter().zip(&after).all(|(before, after)| before + 20 < *after),
            "both wrote: {before:?} {after:?}"
        );
        assert!(offline(&said).0 >= 24, "{said}");
    }
    if !packages.is_empty() {
        assert_eq!(performances, 1_143);
    }
    pair.stop().await;
}

/// What an export says of a rehearsal: nothing in it was read in, everybody did their own.
fn assert_exported(folder: &Path) {
    let said = verify(folder).done();
    assert_eq!((said.messages.as_str(), said.rows().rows.len()), ("", 2), "{said}");
    for skill in ["fitting", "welding"] {
        verify_again(&folder.join("skills").join(skill)).done();
    }
    package("check", folder).done();
    let scored = package("score", folder).done();
    assert_eq!(scored.rows().columns(COLUMNS), RESULTS, "{scored}");
    let text = std::fs::read_to_string(folder.join("skills/fitting/ledger.ndjson")).unwrap();
    let entries: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["entry"].take())
        .collect();
    let of = |kind: &str| entries.iter().filter(|entry| !entry["body"][kind].is_null()).collect::<Vec<_>>();
    for entry in &entries {
        assert_eq!(entry["status"], "accepted", "{entry}");
        let device = entry["device"].as_str().unwrap();
        assert!(device.starts_with("tablet:") || device.starts_with("desk:"), "{entry}");
    }
    for mark in of("mark") {
        assert_eq!((&mark["role"], &mark["actor"]), (&"judge".into(), &mark["body"]["mark"]["judge"]));
    }
    for kind in ["exchange", "void_aspect", "disqualify", "withdraw"] {
        assert_eq!((&of(kind)[0]["actor"], &of(kind)[0]["second"]), (&"J9".into(), &"J1".into()), "{kind}");
    }
    for decision in of("override") {
        assert_eq!((&decision["role"], &decision["second"]), (&"organiser".into(), &"J1".into()));
    }
    assert_eq!((of("rescore").len(), of("close").len(), of("release").len()), (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contest_with_every_kind_of_decision_is_played_by_its_people_and_verifies() {
    for place in TestDatabase::every_kind() {
        println!("{}", place.kind);
        let (folder, exported) = (place.folder.join("contest"), place.folder.join("exported"));
        contest().write(&folder);
        let export = exported.display().to_string();
        let words = ["--judges-offline", "1", "--seed", "7", "--export", &export];
        let said = if place.kind == "SQLite" {
            let words: Vec<&str> = words.into_iter().chain(["--database", &place.url]).collect();
            rehearse(&folder, &words)
        } else {
            let pair = Pair::start(&place).await;
            let said = pair.rehearse(&folder, &words).await;
            pair.stop().await;
            said
        };
        let said = said.done();
        assert_eq!(said.rows().columns(COLUMNS), RESULTS, "{said}");
        assert!(offline(&said).0 >= 6, "every judge who marks: {said}");
        assert_exported(&exported);
    }
}

#[test]
fn a_generated_province_comes_out_of_tablets_as_it_is_scored() {
    let folder = TemporaryFolder::new("province");
    let path = folder.join("province");
    let words = ["package", "generate", "province", path.to_str().unwrap(), "--skills", "1", "--seed", "3"];
    leitai(words).run().done();
    let words =
        ["rehearse", "--generate", "province", "--skills", "1", "--seed", "3", "--judges-offline", "0.5"];
    let said = leitai(words).run().done();
    assert_eq!(assert_scored(&path, &said), Rows::parse(&said.output).rows.len());
}

#[test]
fn a_rehearsal_at_the_pace_of_the_package_comes_to_the_same() {
    // Its day of seven hours in less than a second.
    let said = rehearse(&example(), &["--speed", "100000", "--judges-offline", "0.5"]).done();
    assert_scored(&example(), &said);
    // The small one says no times: people take some seconds a mark.
    let folder = TemporaryFolder::new("pace");
    PackageBuilder::small().write(folder.path());
    let said = rehearse(folder.path(), &["--speed", "1000", "--json"]).done();
    assert_eq!(said.json()[0]["total"], "4.94", "{said}");
}

#[test]
fn one_changed_cell_of_the_published_results_is_named() {
    let folder = TemporaryFolder::new("changed");
    for (name, bytes) in files_below(&example()) {
        put(&folder.join(&name), bytes);
    }
    let file = folder.join("skills/welding/expected.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("85.24"), "{text}");
    put(&file, text.replacen("85.24", "85.25", 1));
    let said = rehearse(folder.path(), &[]).refused();
    let line = said.messages.lines().find(|line| line.contains("[differs]")).expect("a difference");
    assert!(line.starts_with("error skills/welding/expected.csv:") && line.contains("B03"), "{said}");
    assert!(line.contains("85.24") && line.contains("85.25"), "{said}");
    assert_eq!(said.messages.matches("[differs]").count(), 1, "{said}");
    assert!(said.output.contains("welding,B03,85.24"), "the results are printed all the same: {said}");
}

#[test]
fn what_nobody_in_the_package_may_do_is_refused_by_its_row() {
    let folder = TemporaryFolder::new("no-chief");
    PackageBuilder::small()
        .lines(
            "events.csv",
            &[
                "at,kind,competitor,value,aspect,reason,by,second",
                "2026-05-02T17:00:00+08:00,penalty,C01,1.00,,迟到,J1,",
            ],
        )
        .write(folder.path());
    let said = rehearse(folder.path(), &[]).refused();
    assert!(said.messages.contains("error skills/bench/events.csv:2: "), "{said}");
    assert!(said.messages.contains("[no_chief_judge]"), "{said}");
    assert!(said.messages.contains("nothing is left"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_know_the_bearer_is_told_from_one_that_is_not_there() {
    let place = TestDatabase::sqlite();
    let pair = Pair::start(&place).await;
    let refused = async |token: &str, words: &[&str], code: &str| {
        put(&pair.token, token);
        let said = pair.rehearse(&example(), words).await.refused();
        assert!(said.messages.contains(&format!("[{code}]")), "{code}: {said}");
        assert_eq!(said.output, "");
        said
    };
    let said = refused("0190b1e2-7c5a-7000-8000-000000000001.secret", &[], "server_refused").await;
    assert!(said.messages.contains("(401)") && said.messages.contains("no competition was set up"), "{said}");
    refused("", &[], "token_unfit").await;
    refused("two words", &[], "token_unfit").await;
    std::fs::remove_file(&pair.token).unwrap();
    assert!(pair.rehearse(&example(), &[]).await.refused().messages.contains("[token_unreadable]"));
    let (token, folder) = (pair.token.display().to_string(), place.folder.join("full"));
    put(&pair.token, "a.b");
    put(&folder.join("file"), "mine");
    for (url, code) in
        [("ftp://contest.example", "server_url_unfit"), ("http://127.0.0.1:1", "server_unreachable")]
    {
        let said = rehearse(&example(), &["--server", url, "--token-file", &token]).refused();
        assert!(said.messages.contains(&format!("[{code}]")), "{said}");
    }
    let said = rehearse(&example(), &["--export", folder.to_str().unwrap()]).refused();
    assert!(said.messages.contains("[folder_not_empty]"), "{said}");
    // Without a bearer, a database of others gives nobody an account.
    let said = rehearse(&example(), &["--database", &place.url]).refused();
    assert!(said.messages.contains("[database_has_accounts]"), "{said}");
    pair.stop().await;
}

/// A server of HTTPS with an authority of its own, whose certificate is put into a file.
async fn secure_server(place: &TestDatabase, pem: &Path) -> Running {
    let config = Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: place.url.clone(),
        key: Some(place.folder.join("key")),
        tls: Tls::Own { file: Some(place.folder.join("authority")), names: Vec::new() },
        ..Config::default()
    };
    let running = http::start(config).await.expect("the server starts");
    put(pem, authority(&running).pem());
    running
}

#[expect(clippy::panic, reason = "a test stops at what it cannot do")]
fn authority(running: &Running) -> &Authority {
    let Trust::Own(authority) = &*running.app.trust else { panic!("an authority of its own") };
    authority
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_an_authority_of_its_own_is_rehearsed_over_https_and_comes_out_as_published() {
    for place in TestDatabase::every_kind() {
        let running = secure_server(&place, &place.folder.join("own.pem")).await;
        let tunnel = Device::trusting(authority(&running).der(), "127.0.0.1").tunnel(running.address).await;
        let secret = running.first_secret.clone().expect("no account yet");
        let password = "correct horse battery".to_owned();
        let set_up = SetUp { secret, name: "刘老师".to_owned(), password };
        let signed_in: SignedIn = Browser::new(tunnel).post("/api/set-up", &set_up).await.json(200);
        let file = |name: &str| place.folder.join(name).display().to_string();
        let mut desk = Browser::new(tunnel);
        desk.bearer = signed_in.bearer;
        desk.set_factor().await;
        put(&place.folder.join("bearer"), desk.bearer.expect("a bearer"));
        put(&place.folder.join("none.pem"), "leitai");
        let elsewhere = TestDatabase::sqlite();
        secure_server(&elsewhere, &place.folder.join("other.pem")).await.stop().await;
        let url = format!("https://{}", running.address);
        let call = async |authority: Option<&str>| {
            let example = example().display().to_string();
            let mut call =
                ["rehearse", &example, "--server", &url, "--judges-offline", "1"].map(str::to_owned).to_vec();
            call.extend(["--token-file".to_owned(), file("bearer")]);
            call.extend(authority.into_iter().flat_map(|name| ["--authority".to_owned(), file(name)]));
            tokio::task::spawn_blocking(|| leitai(call).run()).await.expect("the call")
        };
        for (authority, code) in [
            (None, "server_authority_unsaid"),
            (Some("gone.pem"), "server_authority_unfit"),
            (Some("none.pem"), "server_authority_unfit"),
            (Some("other.pem"), "server_untrusted"),
        ] {
            let said = call(authority).await.refused();
            assert!(said.messages.contains(&format!("[{code}]")) && said.output.is_empty(), "{code}: {said}");
        }
        let said = call(Some("own.pem")).await.done();
        assert_scored(&example(), &said);
        assert!(offline(&said).0 > 0, "tablets came back over TLS too: {said}");
        running.stop().await;
    }
}

#[test]
fn a_wrong_call_of_a_rehearsal_ends_with_2() {
    let example = example().display().to_string();
    for words in [
        &[][..],
        &[&example, "--speed", "fast"],
        &[&example, "--speed", "0"],
        &[&example, "--judges-offline", "1.5"],
        &[&example, "--server", "http://127.0.0.1:1"],
        &[&example, "--authority", "authority.pem"],
        &[&example, "--skills", "1"],
        &[&example, "--generate", "n100"],
    ] {
        let said = leitai(["rehearse"].iter().chain(words)).run();
        assert_eq!((said.code, said.output.as_str()), (Some(2), ""), "{said}");
    }
}

/// Somebody presses Ctrl-C in the middle.
#[cfg(unix)]
#[test]
fn an_interrupted_rehearsal_says_what_it_leaves_behind() {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::{Command, Stdio};
    let folder = TemporaryFolder::new("interrupted");
    let database = folder.join("own.db");
    let example = example();
    // At the pace of the package it would take a day.
    let words =
        ["rehearse", example.to_str().unwrap(), "--speed", "1", "--database", database.to_str().unwrap()];
    for (words, left) in [(&words[..4], "nothing is left"), (&words[..], "stays on the server")] {
        let mut command = leitai(words).command();
        command.env("TMPDIR", folder.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut messages = BufReader::new(child.stderr.take().expect("its messages"));
        let mut said = String::new();
        // The first thing is done at the first moment of the package: it is being marked.
        while !said.contains("Marking has begun") {
            assert!(messages.read_line(&mut said).expect("a line") > 0, "it ended: {said}");
        }
        let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
        assert!(told.success());
        messages.read_to_string(&mut said).expect("its last words");
        assert_eq!(child.wait().expect("its end").code(), Some(1), "{said}");
        assert!(said.contains(left) && said.contains("[rehearsal_interrupted]"), "{said}");
        let names = files_below(folder.path()).into_iter().map(|(name, _)| name);
        let rest: Vec<String> = names.filter(|name| name.contains("leitai-rehearsal")).collect();
        assert!(rest.is_empty(), "{rest:?}");
    }
}
