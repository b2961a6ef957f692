//! `leitai rehearse`: plays a package through real judges' tablets against a running server, and holds
//! what the server makes of it against the published results.

mod organiser;
mod pace;
mod play;
mod source;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::Args;
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use server::http::{self, Config, Running};
use server::spoken;
use tokio::sync::{Barrier, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::generate::Kind;
use crate::hall::QUEUE;
use crate::http::{Client, REFUSED, authority};
use crate::output::{Outcome, Output};
use crate::package::{COLUMNS, Cells, differ, must_be_empty, row};
use crate::serve;
use organiser::{ACCOUNT, Organiser, Prepared};
use pace::{Share, Speed};
use play::{Rehearsal, Tally, play};
use source::Source;

/// How many skills are played at once where there is no pace.
const SKILLS_AT_ONCE: usize = 16;

/// What is played, where, and how.
#[derive(Args)]
pub(crate) struct RehearseArguments {
    /// The package: a folder, or a .zip of it.
    #[arg(required_unless_present = "generate")]
    dir: Option<PathBuf>,
    /// Play a generated competition instead of a package.
    #[arg(long, value_name = "KIND", conflicts_with = "dir")]
    generate: Option<Kind>,
    /// Of a generated one only the first so many skills.
    #[arg(long, value_name = "N", requires = "generate", conflicts_with = "dir")]
    skills: Option<usize>,
    /// A running server, http://name:port or https://name:port. Given more than once, the servers share
    /// one database, and the tablets are spread over them. [default: a server of its own on a free port]
    #[arg(long, value_name = "URL", requires = "token_file", conflicts_with = "database")]
    server: Vec<String>,
    /// The certificate (PEM) of the authority that vouches for servers of https; a server with an authority
    /// of its own gives it at /trust/leitai-authority.pem. No other authority is trusted.
    #[arg(long, value_name = "FILE", requires = "server")]
    authority: Option<PathBuf>,
    /// A file with an organiser's bearer, as a sign-in by a program gives it
    /// (`curl -d '{"name":…,"password":…}' -H 'content-type: application/json' …/api/sign-in`).
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The database of the server of its own: a SQLite file, or postgres://… [default: a temporary one]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// How many times the pace of the package's times, of people where it says none; or as fast as
    /// receipts come.
    #[arg(long, value_name = "N|max", default_value = "max")]
    speed: Speed,
    /// A share of the judges, 0 to 1, whose tablets lose their network at random moments.
    #[arg(long, value_name = "P", default_value = "0")]
    judges_offline: Share,
    /// Another seed: other moments without network, another generated competition.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Write the competition with its ledgers into a folder that is not there yet, or empty.
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
}

findings! {
    /// Why a rehearsal does not come to its end.
    pub(crate) enum RehearseFinding {
        TokenUnreadable { path: String, problem: Spoken } = Error "token_unreadable",
            "登录凭据文件 {path} 读不了：{problem:#}。",
            "The bearer's file {path} cannot be read: {problem}.";
        TokenUnfit { path: String } = Error "token_unfit",
            "{path} 里不是登录凭据；请放入程序登录（/api/sign-in）所得的 bearer。",
            "{path} holds no bearer; put there the one that a sign-in by a program gives (/api/sign-in).";
        HasAccounts { database: String } = Error "database_has_accounts",
            "数据库 {database} 已有账号；请用 --token-file 给出组织者的登录凭据，或换一个新的数据库。",
            "The database {database} has accounts; give an organiser's bearer with --token-file, or a new database.";
        Unwritable { problem: Spoken } = Error "rehearsal_unwritable",
            "无法准备演练：{problem:#}。",
            "The rehearsal cannot be prepared: {problem}.";
        SkillMissing { skill: String } = Error "skill_missing",
            "服务器上没有赛项 {skill}。",
            "The server has no skill {skill}.";
        Silent { skill: String } = Warning "no_receipts",
            "赛项 {skill} 已有半分钟没有收到回执；平板会继续等待并重发。",
            "Skill {skill} has had no receipt for half a minute; the tablets wait and send again.";
        Interrupted = Error "rehearsal_interrupted",
            "演练被中断。",
            "The rehearsal was interrupted.";
    }
}

/// Plays it.
pub(crate) fn rehearse(arguments: RehearseArguments, output: &Output) -> Outcome {
    serve::log(Some("error"), output.is_json);
    serve::files_limit();
    let refuse = |finding| {
        output.findings(&[finding]);
        Outcome::Refused
    };
    let source = match Source::open(&arguments, output) {
        Ok(source) => source,
        Err(findings) => {
            output.findings(&findings);
            return Outcome::Refused;
        }
    };
    if let Some(finding) = arguments.export.as_deref().and_then(|dir| must_be_empty(dir).err()) {
        return refuse(finding);
    }
    let played = match serve::runtime() {
        Ok(runtime) => runtime.block_on(run(&arguments, &source, output)),
        Err(error) => Err(unprepared(&error)),
    };
    match played {
        Ok((rows, differences)) => {
            let printed = output.table(&COLUMNS, &rows);
            output.findings(&differences);
            if differences.is_empty() { printed } else { Outcome::Refused }
        }
        Err(finding) => refuse(finding),
    }
}

type Results = (Vec<Vec<String>>, Vec<Finding>);

async fn run(arguments: &RehearseArguments, source: &Source, output: &Output) -> Result<Results, Finding> {
    let tally = Arc::new(Tally::default());
    // Whatever happens from here on, somebody who presses Ctrl-C is told what is left.
    let mut stopped = std::pin::pin!(serve::told_to_stop());
    let folder = match (arguments.server.is_empty(), &arguments.database) {
        (true, None) => Some(temporary()?),
        _ => None,
    };
    let own = tokio::select! {
        started = start(arguments, folder.as_deref()) => started,
        told = &mut stopped => Err(interrupted(told)),
    };
    let played = match &own {
        Ok(own) => tokio::select! {
            played = course(arguments, source, own.as_ref(), &tally, output) => played,
            told = &mut stopped => Err(interrupted(told)),
        },
        Err(finding) => Err(finding.clone()),
    };
    if let Ok(Some(running)) = own {
        running.stop().await;
    }
    if let Some(folder) = &folder {
        // What cannot be deleted now is deleted with everything temporary.
        let _ = std::fs::remove_dir_all(folder);
    }
    if played.is_err() {
        say_what_is_left(&tally, folder.is_some(), output);
    }
    played
}

fn interrupted(told: std::io::Result<()>) -> Finding {
    match told {
        Ok(()) => RehearseFinding::Interrupted.at(Place::default()),
        Err(error) => unprepared(&error),
    }
}

fn unprepared(error: &std::io::Error) -> Finding {
    RehearseFinding::Unwritable { problem: spoken::of_system(error) }.at(Place::default())
}

/// A server of the rehearsal's own on a free port, where no other is named.
async fn start(arguments: &RehearseArguments, folder: Option<&Path>) -> Result<Option<Running>, Finding> {
    let temporary = folder.map(|folder| folder.join("rehearsal.db").display().to_string());
    let Some(database) = temporary.or_else(|| arguments.database.clone()) else { return Ok(None) };
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let running = http::start(Config { listen, database, ..Config::default() }).await;
    running.map(Some).map_err(|error| error.at(Place::default()))
}

/// A new folder for a database that goes away.
fn temporary() -> Result<PathBuf, Finding> {
    let folder = std::env::temp_dir().join(format!("leitai-rehearsal-{}", std::process::id()));
    make_private(&folder).map_err(|error| unprepared(&error))?;
    Ok(folder)
}

/// Makes a folder that nobody else on this machine looks into: it holds a competition.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

async fn course(
    arguments: &RehearseArguments,
    source: &Source,
    own: Option<&Running>,
    tally: &Arc<Tally>,
    output: &Output,
) -> Result<Results, Finding> {
    let (servers, organiser) = sign_in(arguments, own, output).await?;
    let unmarked = source.unmarked(output)?;
    tally.is_asked.store(true, Ordering::Relaxed);
    let prepared = organiser.set_up(&unmarked.package).await.inspect_err(|finding| {
        // A refusal says that nothing was kept; silence says nothing.
        tally.is_asked.store(finding.code != REFUSED, Ordering::Relaxed);
    })?;
    let _ = tally.competition.set(prepared.competition.clone());
    let began = Instant::now();
    let bar = output.progress("评分", "Marking", unmarked.rows);
    let rehearsal = Arc::new(Rehearsal {
        organiser,
        servers,
        speed: arguments.speed,
        offline: arguments.judges_offline,
        seed: arguments.seed,
        origin_ms: unmarked.origin_ms,
        queue: Arc::new(Semaphore::new(QUEUE)),
        start: Barrier::new(source.len().max(1)),
        began: OnceLock::new(),
        bar: bar.clone(),
        tally: Arc::clone(tally),
        output: Output::new(output.language, output.is_json),
    });
    let played = play_all(source, &prepared, &rehearsal).await;
    bar.finish_and_clear();
    played?;
    say_what_was_done(tally, began.elapsed(), output);
    let results = rehearsal.organiser.results(&prepared.competition).await?;
    if let Some(dir) = &arguments.export {
        rehearsal.organiser.export(&prepared.competition, dir).await?;
        let shown = dir.display();
        output.say(&format!("已写入 {shown}"), &format!("Written: {shown}"));
    }
    let differences = unmarked.expected.iter().flat_map(|(skill, expected)| {
        let of_skill: Vec<Cells> =
            results.iter().filter(|(of, _)| of == skill).map(|(_, cells)| cells.clone()).collect();
        differ(&of_skill, expected, skill)
    });
    let differences = differences.collect();
    Ok((results.into_iter().map(|(skill, cells)| row(&skill, cells)).collect(), differences))
}

/// The servers, and the organiser at the first of them.
async fn sign_in(
    arguments: &RehearseArguments,
    own: Option<&Running>,
    output: &Output,
) -> Result<(Vec<Client>, Organiser), Finding> {
    let urls = match own {
        Some(own) => vec![format!("http://{}", own.address)],
        None => arguments.server.clone(),
    };
    let authority = arguments.authority.as_deref().map(authority).transpose()?;
    let client = |url: &String| Client::new(url, authority.as_ref(), output.language);
    let servers: Vec<Client> = urls.iter().map(client).collect::<Result<_, _>>()?;
    // There is at least one: clap asks for it where there is no server of our own.
    let first = servers.first().ok_or_else(|| RehearseFinding::Interrupted.at(Place::default()))?;
    let secret = own.and_then(|own| own.first_secret.as_ref());
    let organiser = match (&arguments.token_file, secret) {
        (Some(file), _) => Organiser::with_token(first, file).await?,
        (None, Some(secret)) => {
            let organiser = Organiser::first(first, secret).await?;
            output.say(
                &format!("演练服务器：{}/desk ，名称 {ACCOUNT}，密码 {secret}", urls[0]),
                &format!("Server of the rehearsal: {}/desk as {ACCOUNT} with the password {secret}", urls[0]),
            );
            organiser
        }
        (None, None) => {
            let database = arguments.database.clone().unwrap_or_default();
            return Err(RehearseFinding::HasAccounts { database }.at(Place::default()));
        }
    };
    Ok((servers, organiser))
}

async fn play_all(source: &Source, prepared: &Prepared, rehearsal: &Arc<Rehearsal>) -> Result<(), Finding> {
    let mut playing: JoinSet<Result<(), Finding>> = JoinSet::new();
    for at in 0..source.len() {
        // Only so many skills are held at once where they are played one after the other.
        while rehearsal.speed == Speed::Max && playing.len() >= SKILLS_AT_ONCE {
            ended(playing.join_next().await)?;
        }
        let skill = source.skill(at)?;
        let ledger = prepared.ledgers.get(&skill.id).cloned();
        let ledger = ledger
            .ok_or_else(|| RehearseFinding::SkillMissing { skill: skill.id.clone() }.at(Place::default()))?;
        playing.spawn(play(Arc::clone(rehearsal), skill, ledger, at as u64));
    }
    while !playing.is_empty() {
        ended(playing.join_next().await)?;
    }
    Ok(())
}

fn ended(ended: Option<Result<Result<(), Finding>, tokio::task::JoinError>>) -> Result<(), Finding> {
    match ended {
        Some(Ok(played)) => played,
        Some(Err(_)) => Err(RehearseFinding::Interrupted.at(Place::default())),
        None => Ok(()),
    }
}

fn say_what_was_done(tally: &Tally, took: Duration, output: &Output) {
    let of = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    let (received, tablets) = (of(&tally.received), of(&tally.tablets));
    let seconds = took.as_secs_f32();
    output.say(
        &format!("{tablets} 台平板录入 {received} 条，用时 {seconds:.1} 秒。"),
        &format!("{received} entries from {tablets} tablets in {seconds:.1} s."),
    );
    let (cuts, offline) = (of(&tally.cuts), of(&tally.offline));
    if cuts > 0 {
        output.say(
            &format!("平板断网 {cuts} 次，其间录入 {offline} 条，均已送达。"),
            &format!("Tablets lost their network {cuts} times, made {offline} entries meanwhile, and delivered them all."),
        );
    }
}

/// What a rehearsal that did not come to its end leaves behind.
fn say_what_is_left(tally: &Tally, is_temporary: bool, output: &Output) {
    let (received, closed) = (tally.received.load(Ordering::Relaxed), tally.closed.load(Ordering::Relaxed));
    match tally.competition.get() {
        _ if is_temporary => output.say(
            &format!("已停止：收到 {received} 条；临时数据库已删除，什么也没有留下。"),
            &format!("Stopped after {received} entries; the temporary database is deleted, and nothing is left."),
        ),
        None if tally.is_asked.load(Ordering::Relaxed) => output.say(
            "已停止：上传赛事包时中断；服务器上可能已建立一个大赛，请在工作台查看。",
            "Stopped while the package was uploaded; the server may have a competition of it: look at its desk.",
        ),
        None => output.say("已停止：没有建立任何大赛。", "Stopped: no competition was set up."),
        Some(id) => output.say(
            &format!("已停止：收到 {received} 条，{closed} 个赛项已结束；大赛 {id} 停在半途，仍留在服务器上，未公开。再次演练会另建一个。"),
            &format!("Stopped after {received} entries, with {closed} skills closed. The competition {id} stays on the server as it is, not public; another rehearsal makes another one."),
        ),
    }
}
