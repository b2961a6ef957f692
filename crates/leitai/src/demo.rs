//! `leitai demo`: a server with a whole provincial competition in a fresh database, two skills of it
//! released and six being marked as one watches.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use domain::access::Role;
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use domain::id::{DeviceId, JudgeCode, LedgerId};
use domain::ledger::Command;
use domain::marking::{Body, Stamp, decide};
use indicatif::ProgressBar;
use protocol::desk::{Act, CompetitionSettings, SkillSettings};
use protocol::view::Policy;
use server::accounts::{AccountError, Organiser, Who};
use server::desk::{self, Refusal};
use server::exchange::files::FileFinding;
use server::exchange::package::{self, Package, Player, SkillPackage, Step};
use server::http::{self, App, Config, Running, StartError};
use server::ledger::{LedgerError, Receipt, Submission};
use server::spoken;

use crate::generate::{Generator, Kind, Random};
use crate::output::{Outcome, Output};
use crate::serve;

/// Where it listens unless told, or on one of the next ports where that one is taken.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
const PORTS: u16 = 20;
const DATABASE: &str = "leitai-demo.db";
/// The organiser's name.
const ORGANISER: &str = "organiser";
/// How many marks a minute, over all skills, at speed 1: as many as some forty judges give.
const MARKS_A_MINUTE: u32 = 120;
/// How much of each skill is marked at the start, in percent, by its place in the programme.
const MARKED: [usize; 8] = [45, 100, 40, 55, 35, 50, 60, 100];
/// How many steps go to the ledger at once.
const BATCH: usize = 256;
/// After a mark could not be entered.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

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
        let (mut hall, secret) = seeded(&running, &package, output).await?;
        greet(&running, &hall, &secret, output).await?;
        let speed = arguments.speed;
        tokio::select! {
            stopped = serve::told_to_stop() => stopped.map_err(failed)?,
            () = hall.mark_live(speed, arguments.seed, output) => {}
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

/// The skills that are being marked, and everyone's devices.
struct Hall {
    app: App,
    skills: Vec<Marked>,
    devices: HashMap<DeviceId, i64>,
}

/// A skill with what is still to be said and done in it, the next last.
struct Marked {
    ledger: LedgerId,
    skill: SkillPackage,
    ahead: Vec<Step>,
}

/// Makes the organiser's account, sets the competition up, opens its skills and marks them as far as
/// they are to be; gives the hall and the organiser's password.
async fn seeded(running: &Running, package: &Package, output: &Output) -> Result<(Hall, String), Finding> {
    let app = running.app.clone();
    // The one-time secret is random, and used up by the first account: it makes a good password.
    let password = running.first_secret.clone().unwrap_or_default();
    let organiser = signed_in(&app, &password).await?;
    let files = package::write(package)
        .map_err(|problem| failed(Spoken::new(format!("赛事包写不成文件：{problem}"), problem)))?;
    let (id, ..) = desk::set_up(&app, files).await.map_err(refused)?;
    let shown = desk::look(&app, &id).await.map_err(refused)?;
    let mut hall = Hall { app, skills: Vec::new(), devices: HashMap::new() };
    let bar = output.progress("评到一半", "Marking up to now", 0);
    for ((skill, shown), marked) in package.skills.iter().zip(&shown.skills).zip(MARKED) {
        let ledger = LedgerId::from(shown.skill.id.as_str());
        show(&hall.app, &ledger, hall.skills.len()).await?;
        desk::act(&hall.app, &organiser, &ledger, Act::Open).await.map_err(refused)?;
        let mut ahead = steps(skill, &ledger)?;
        let already = ahead.len() * marked / 100;
        let rest = ahead.split_off(already);
        hall.enter_all(&ledger, ahead, &bar).await?;
        if rest.is_empty() {
            // One is out for objections, the other is final.
            let is_first = hall.skills.iter().all(|marked| !marked.ahead.is_empty());
            let release = if is_first { Act::ReleaseOfficial } else { Act::ReleasePublicised };
            desk::act(&hall.app, &organiser, &ledger, Act::Close).await.map_err(refused)?;
            desk::act(&hall.app, &organiser, &ledger, release).await.map_err(refused)?;
        }
        hall.skills.push(Marked { ledger, skill: skill.clone(), ahead: rest.into_iter().rev().collect() });
    }
    let public = CompetitionSettings { is_public: Some(true), is_frozen: None };
    desk::set_competition(&hall.app, &organiser, &id, &public).await.map_err(refused)?;
    bar.finish_and_clear();
    Ok((hall, password))
}

/// One after the other the skills show what organisers may choose from: names or codes, completed
/// sub-criteria, running marks, or progress only.
async fn show(app: &App, skill: &LedgerId, at: usize) -> Result<(), Finding> {
    let policy = match at % 4 {
        3 => Policy::Progress,
        0 | 2 => Policy::Running,
        _ => Policy::Completed,
    };
    let settings = SkillSettings { policy: Some(policy), is_anonymous: Some(at % 4 == 2) };
    desk::set_skill(app, skill, &settings).await.map_err(refused)
}

async fn signed_in(app: &App, password: &str) -> Result<Organiser, Finding> {
    let refused = |error: AccountError| error.at(Place::default());
    match app.accounts.set_up(password, ORGANISER, password).await.map_err(refused)?.who {
        Who::Organiser(organiser) => Ok(organiser),
        Who::Judge(_) | Who::Nobody => Err(refused(AccountError::Refused)),
    }
}

/// Every row of a skill as a command, without the opening: that is the organiser's.
fn steps(skill: &SkillPackage, ledger: &LedgerId) -> Result<Vec<Step>, Finding> {
    let unsound = || failed(Spoken::new("评分标准写不成记录", "The scheme cannot be written as an entry"));
    let salt = Box::new(package::random_salt);
    let mut player = Player::for_ledger(skill, ledger.clone(), salt).ok_or_else(unsound)?;
    let mut steps = Vec::with_capacity(player.len());
    while let Some(step) = player.next_step() {
        player.take(&step).map_err(|problem| problem.at(Place::row(step.file, step.row)))?;
        if !matches!(&step.command, Ok(Command { body: Body::Open(_), .. })) {
            steps.push(step);
        }
    }
    Ok(steps)
}

impl Hall {
    /// Enters what was said before the demonstration began.
    async fn enter_all(
        &mut self,
        ledger: &LedgerId,
        steps: Vec<Step>,
        bar: &ProgressBar,
    ) -> Result<(), Finding> {
        bar.inc_length(steps.len() as u64);
        let submissions: Vec<Submission> =
            steps.iter().filter_map(|step| self.submission(ledger, step)).collect();
        for batch in submissions.chunks(BATCH) {
            for receipt in self.app.ledger.submit_all(batch.to_vec()).await {
                receipt.map_err(|error| error.at(Place::default()))?;
            }
            bar.inc(batch.len() as u64);
        }
        Ok(())
    }

    /// What a judge's tablet would send: in the judge's name, from a device of the judge's own.
    fn submission(&mut self, ledger: &LedgerId, step: &Step) -> Option<Submission> {
        let mut command = step.command.clone().ok()?;
        let is_judge = matches!(command.body, Body::Mark(_));
        command.role = if is_judge { Role::Judge } else { Role::ChiefJudge };
        command.device = DeviceId::from(format!("demo:{ledger}:{}", command.actor));
        command.client_time = (self.app.clock)();
        let dseq = self.devices.entry(command.device.clone()).or_default();
        *dseq += 1;
        command.dseq = *dseq;
        Some(Submission { ledger_id: ledger.clone(), command, reason: step.reason.clone() })
    }

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
                (0..self.skills.len()).filter(|at| !self.skills[*at].ahead.is_empty()).collect();
            let Some(at) = ahead.get(random.below(ahead.len())).copied() else { break };
            match self.do_next(at).await {
                Ok(()) => {}
                Err(LedgerError::Stopped) => return,
                Err(error) => output.findings(&[error.at(Place::default())]),
            }
        }
        output.say("所有评分均已完成；网站继续开放。", "Everything is marked; the site stays open.");
        std::future::pending::<()>().await;
    }

    /// The next step of a skill. What people at the demonstration did in its place, or took over, is
    /// left to them.
    async fn do_next(&mut self, at: usize) -> Result<(), LedgerError> {
        let marked = &mut self.skills[at];
        let (ledger, Some(step)) = (marked.ledger.clone(), marked.ahead.pop()) else { return Ok(()) };
        let Ok(command) = &step.command else { return Ok(()) };
        if self.is_taken(&ledger, &JudgeCode::from(command.actor.as_str())).await {
            return Ok(());
        }
        let state = self.app.ledger.state(&ledger).await?;
        let stamp = Stamp { ledger: ledger.clone(), now: (self.app.clock)() };
        let fits = decide(&state, command.clone(), &stamp).is_ok_and(|decided| decided.why.is_none());
        if fits && let Some(submission) = self.submission(&ledger, &step) {
            enter(&self.app, submission).await?;
        }
        Ok(())
    }

    /// Whether somebody has signed in with this judge's card.
    async fn is_taken(&self, ledger: &LedgerId, judge: &JudgeCode) -> bool {
        let enrolments = self.app.accounts.enrolments(ledger).await.unwrap_or_default();
        enrolments.iter().any(|listed| listed.judge == *judge && listed.used_at.is_some())
    }
}

/// Sends one mark until there is a receipt, as a tablet does. It goes to the ledger straight away; this
/// is the one place to change for sending it through a tablet's session over a socket.
async fn enter(app: &App, submission: Submission) -> Result<Receipt, LedgerError> {
    use LedgerError::{Busy, DiskFull, ReadOnly, Storage, Unknown};
    loop {
        match app.ledger.submit(submission.clone()).await {
            Err(Busy | DiskFull | ReadOnly | Storage { .. } | Unknown) => {
                tokio::time::sleep(AGAIN_AFTER).await
            }
            answer => return answer,
        }
    }
}

/// Says where to look, and gives the keys to the desk and to two judges' tablets.
async fn greet(running: &Running, hall: &Hall, password: &str, output: &Output) -> Result<(), Finding> {
    let site = running.app.origins.public();
    output.say(&format!("网站：{site}/"), &format!("Site: {site}/"));
    for marked in hall.skills.iter().filter(|marked| !marked.ahead.is_empty()) {
        let (name, id) = (&marked.skill.name, &marked.ledger);
        output.say(
            &format!("大屏（{}）：{site}/screen/{id}", name.zh),
            &format!("Hall screen ({}): {site}/screen/{id}", name.en),
        );
    }
    output.say(
        &format!("工作台：{site}/desk ，名称 {ORGANISER}，密码 {password}"),
        &format!("Desk: {site}/desk as {ORGANISER} with the password {password}"),
    );
    let Some(marked) = hall.skills.iter().find(|marked| !marked.ahead.is_empty()) else { return Ok(()) };
    let first = marked.skill.judges.iter().find(|judge| !judge.is_chief);
    let chief = marked.skill.judges.iter().find(|judge| judge.is_chief);
    for judge in first.into_iter().chain(chief) {
        let card = desk::card(&running.app, &marked.ledger, &judge.code).await.map_err(refused)?;
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
