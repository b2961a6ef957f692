//! `leitai demo`: a server with a whole provincial competition in a fresh database, two skills of it
//! released and six being marked as one watches.

mod seed;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use domain::access::Role;
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::id::DeviceId;
use domain::ledger::Command;
use domain::marking::{Stamp, decide};
use server::accounts::Listed;
use server::desk::{self, Refusal};
use server::exchange::files::FileFinding;
use server::exchange::package::{Package, SkillPackage};
use server::http::{self, App, Config, Running, StartError};
use server::spoken;

use crate::generate::{Generator, Kind, Random};
use crate::hall::{By, Deed, Hall, Tablet};
use crate::output::{Outcome, Output};
use crate::serve;
use seed::seeded;

/// Where it listens unless told, or on one of the next ports where that one is taken.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
const PORTS: u16 = 20;
const DATABASE: &str = "leitai-demo.db";
/// The organiser's name.
const ORGANISER: &str = "organiser";
/// How many marks a minute, over all skills, at speed 1: as many as some forty judges give.
const MARKS_A_MINUTE: u32 = 120;

/// How the demonstration is run.
#[derive(Args)]
pub(crate) struct DemoArguments {
    /// Where to listen; port 0 is any free one. [default: 127.0.0.1:8080, or the next free port]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// A SQLite file that is not there yet. [default: leitai-demo.db in the system's temporary folder,
    /// replaced at each start]
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// How many times the pace of people, two marks a second.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    speed: u32,
    /// Another seed gives other people and marks.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

findings! {
    /// Why the demonstration does not begin.
    enum DemoFinding {
        Failed { problem: Spoken } = Error "demo_failed", "{problem:#}。", "{problem}.";
    }
}

/// Runs the demonstration until Ctrl-C or a signal to stop.
pub(crate) fn demo(arguments: &DemoArguments, output: &Output) -> Outcome {
    serve::log(Some("warn"), output.is_json);
    match run(arguments, output) {
        Ok(()) => Outcome::Done,
        Err(finding) => {
            output.findings(&[finding]);
            Outcome::Refused
        }
    }
}

fn run(arguments: &DemoArguments, output: &Output) -> Result<(), Finding> {
    let generator = Generator::new(Kind::Province, arguments.seed)?;
    let skills = (0..generator.len()).map(|at| generator.skill(at)).collect::<Result<_, _>>()?;
    let package = Package { competition: generator.competition(), skills };
    let database = fresh_database(arguments.database.as_deref())?;
    let failed = |error: std::io::Error| failed(spoken::of_system(&error));
    serve::runtime().map_err(failed)?.block_on(async {
        let running = start(arguments.listen, &database).await?;
        output.say(
            &format!("演示数据库：{}", database.display()),
            &format!("Database of the demonstration: {}", database.display()),
        );
        let (mut demonstration, secret) = seeded(&running, &package, arguments.seed, output).await?;
        greet(&running, &demonstration, &secret, output).await?;
        let speed = arguments.speed;
        tokio::select! {
            stopped = serve::told_to_stop() => stopped.map_err(failed)?,
            () = demonstration.mark_live(speed, arguments.seed, output) => {}
        }
        running.stop().await;
        output.say("已停止。", "Stopped.");
        Ok(())
    })
}

/// The file of the database, with nothing in its place. Only our own file is replaced.
fn fresh_database(given: Option<&Path>) -> Result<PathBuf, Finding> {
    if let Some(path) = given {
        let is_there = path.exists();
        let finding = FileFinding::FileThere { path: path.display().to_string() };
        return if is_there { Err(finding.at(Place::default())) } else { Ok(path.to_path_buf()) };
    }
    let path = std::env::temp_dir().join(DATABASE);
    // What stands beside the old one tells of ledgers that are gone with it.
    for ending in ["", "-wal", "-shm", ".head", ".key"] {
        let mut file = path.clone().into_os_string();
        file.push(ending);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let problem = spoken::of_system(&error);
                let path = path.display().to_string();
                return Err(FileFinding::Unwritable { path, problem }.at(Place::default()));
            }
            _ => {}
        }
    }
    Ok(path)
}

/// Starts the server where it was told to listen, else on the first port that is free.
async fn start(listen: Option<SocketAddr>, database: &Path) -> Result<Running, Finding> {
    let last = LISTEN.port() + PORTS;
    let mut address = listen.unwrap_or(LISTEN);
    loop {
        let database = database.display().to_string();
        // Who shows it around may have many screens behind one address.
        let spectators =
            server::live::Limits { sockets_of_address_max: 2_000, ..server::live::Limits::default() };
        let config = Config { listen: address, database, spectators, ..Config::default() };
        match http::start(config).await {
            Err(StartError::Address { .. }) if listen.is_none() && address.port() < last => {
                address.set_port(address.port() + 1);
            }
            started => return started.map_err(|error| error.at(Place::default())),
        }
    }
}

/// The skills that are being marked.
struct Demonstration {
    app: App,
    skills: Vec<Marked>,
}

/// A skill with everything that is said and done in it, and the tablets of its judges.
struct Marked {
    skill: SkillPackage,
    hall: Hall,
    deeds: Vec<Deed>,
    /// The first of them that is still to be done.
    next: usize,
}

/// A deed as its doer's device would send it.
fn command(skill: &SkillPackage, deed: &Deed, now: i64) -> Command {
    let (actor, role) = match &deed.by {
        By::Judge(judge) => {
            let is_chief = skill.judges.iter().any(|known| known.is_chief && known.code == *judge);
            (judge.to_string(), if is_chief { Role::ChiefJudge } else { Role::Judge })
        }
        By::Organiser => (ORGANISER.to_owned(), Role::Organiser),
    };
    Command {
        base: deed.base,
        body: deed.body.clone(),
        client_time: now,
        device: DeviceId::from(format!("demo:{}:{actor}", skill.id)),
        dseq: 1,
        id: deed.id,
        actor,
        role,
        second: deed.second.clone(),
    }
}

impl Demonstration {
    /// Goes on marking at the pace of people, until everything is marked; then waits for ever.
    async fn mark_live(&mut self, speed: u32, seed: u64, output: &Output) {
        let mut random = Random::new(seed, u64::MAX);
        let beat_us = i64::from(60_000_000 / MARKS_A_MINUTE / speed);
        let mut next = tokio::time::Instant::now();
        loop {
            // People do not keep time.
            let pause_us = random.between(beat_us / 2, beat_us * 3 / 2);
            next += Duration::from_micros(u64::try_from(pause_us).unwrap_or(0));
            tokio::time::sleep_until(next).await;
            let ahead: Vec<usize> =
                (0..self.skills.len()).filter(|at| self.skills[*at].is_in_progress()).collect();
            let Some(at) = ahead.get(random.below(ahead.len())).copied() else { break };
            if let Err(finding) = self.do_next(at).await {
                output.findings(&[finding]);
            }
        }
        output.say("所有评分均已完成；网站继续开放。", "Everything is marked; the site stays open.");
        std::future::pending::<()>().await;
    }

    /// The next deed of a skill, at its doer's tablet. What people at the demonstration did in its
    /// place, or took over, is left to them.
    async fn do_next(&mut self, at: usize) -> Result<(), Finding> {
        let marked = &mut self.skills[at];
        let place = marked.next;
        marked.next += 1;
        let marked = &self.skills[at];
        let deed = &marked.deeds[place];
        if self.is_taken(marked, &deed.by).await {
            return Ok(());
        }
        // What it builds on has arrived before it is looked at what stands there.
        let before = deed.after.iter().map(|before| &marked.deeds[*before].by);
        for by in before.chain([&deed.by]) {
            if let By::Judge(judge) = by {
                marked.hall.tablet(judge)?.wait_until_unsent(0).await?;
            }
        }
        let ledger = marked.hall.ledger();
        let state = self.app.ledger.state(ledger).await.map_err(|error| error.at(Place::default()))?;
        let now = (self.app.clock)();
        let mut command = command(&marked.skill, deed, now);
        command.base = deed.base.map(|base| marked.hall.entry_of(base));
        command.second = deed.second.clone().map(|_| ORGANISER.to_owned());
        let decided = decide(&state, command, &Stamp { ledger: ledger.clone(), now });
        if decided.is_ok_and(|decided| decided.why.is_none()) {
            marked.hall.perform(deed, |_| ()).await?;
        }
        Ok(())
    }

    /// Whether somebody has signed in with this judge's card.
    async fn is_taken(&self, marked: &Marked, by: &By) -> bool {
        let By::Judge(judge) = by else { return false };
        let own = marked.hall.tablet(judge).ok().map(Tablet::device);
        let enrolments = self.app.accounts.enrolments(marked.hall.ledger()).await.unwrap_or_default();
        let is_theirs = |listed: &Listed| listed.device.as_ref() != own && listed.used_at.is_some();
        enrolments.iter().any(|listed| listed.judge == *judge && is_theirs(listed))
    }
}

impl Marked {
    fn is_in_progress(&self) -> bool {
        self.next < self.deeds.len()
    }
}

/// Says where to look, and gives the keys to the desk and to two judges' tablets.
async fn greet(
    running: &Running,
    demonstration: &Demonstration,
    password: &str,
    output: &Output,
) -> Result<(), Finding> {
    let site = running.app.origins.public();
    output.say(&format!("网站：{site}/"), &format!("Site: {site}/"));
    for marked in demonstration.skills.iter().filter(|marked| marked.is_in_progress()) {
        let (name, id) = (&marked.skill.name, marked.hall.ledger());
        output.say(
            &format!("大屏（{}）：{site}/screen/{id}", name.zh),
            &format!("Hall screen ({}): {site}/screen/{id}", name.en),
        );
    }
    output.say(
        &format!("工作台：{site}/desk ，名称 {ORGANISER}，密码 {password}"),
        &format!("Desk: {site}/desk as {ORGANISER} with the password {password}"),
    );
    let in_progress = demonstration.skills.iter().find(|marked| marked.is_in_progress());
    let Some(marked) = in_progress else { return Ok(()) };
    let first = marked.skill.judges.iter().find(|judge| !judge.is_chief);
    let chief = marked.skill.judges.iter().find(|judge| judge.is_chief);
    for judge in first.into_iter().chain(chief) {
        let card = desk::card(&running.app, marked.hall.ledger(), &judge.code).await.map_err(refused)?;
        let (zh, en) = if judge.is_chief { ("裁判长", "Chief judge") } else { ("裁判", "Judge") };
        let (name, skill, address, pin) = (&judge.name, &marked.skill.name, &card.address, &card.pin);
        output.say(
            &format!("{zh} {name}（{}）：{address} ，PIN {pin}", skill.zh),
            &format!("{en} {name} ({}): {address} with the PIN {pin}", skill.en),
        );
    }
    output.say(
        "登录卡用过之后，该裁判的评分就留给您来打；按 Ctrl-C 停止。",
        "Once a card is used, that judge's marks are left to you. Ctrl-C stops.",
    );
    Ok(())
}

fn failed(problem: Spoken) -> Finding {
    DemoFinding::Failed { problem }.at(Place::default())
}

fn refused(refusal: Refusal) -> Finding {
    refusal.findings.into_iter().find(Finding::is_error).unwrap_or_else(|| refusal.error.at(Place::default()))
}
