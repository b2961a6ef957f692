//! B2, B3 and B4: from a mark to every spectator's screen, what that costs the server, and how much
//! memory a spectator takes; beside a floor that does the least, and what a team would write on Node.
#![expect(clippy::float_arithmetic, reason = "times are shown, never entered into a result")]

use std::process::Command;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tests::TemporaryFolder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

use crate::audience::{Audience, Heard, Programme, Seats};
use crate::contender::{self, Contender};
use crate::judges::{Greeted, greet, put_of};
use crate::marks::{JUDGES_A_SKILL, Judge};
use crate::measure::{Rounds, load, unix_us, version_of};
use crate::stage::{Seated, Stage, disk};

const ROUNDS: usize = 5;
/// How long after everybody sits the first mark is sent.
const LEAD_US: u64 = 500_000;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Floor,
    Leitai,
    Ws,
    SocketIo,
}

/// How often marks are sent, how many at a time, and for how long.
#[derive(Clone, Copy)]
struct Pace {
    events_a_second: u64,
    marks_at_once: u64,
    seconds: u64,
}

/// What one round came to.
struct Round {
    heard: Heard,
    /// CPU seconds of the server from the first mark to the last delivery.
    cpu_s: f64,
}

/// Runs it with as many spectators, 5,000 where nothing is said; with `memory` behind that, B4 alone.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let count = words.first().map_or(Ok(5_000), |word| word.parse().map_err(|_| "how many spectators?"))?;
    // The files of every process here: each spectator is one on either side.
    rlimit::increase_nofile_limit(u64::MAX).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let stage = runtime.block_on(Stage::set(JUDGES_A_SKILL, async |_, _| Ok(())))?;
    println!("B2 to B4: {count} spectators of one skill, open loop, {ROUNDS} rounds; commit before publish");
    println!(
        "leitai {}; node {} with ws 8.23.0, socket.io 4.8.4, better-sqlite3 (WAL, FULL); no compression",
        env!("CARGO_PKG_VERSION"),
        version_of("node", &["--version"]),
    );
    println!("load of the machine before: {}", load());
    let measure = Measure { runtime: &runtime, stage: &stage, count };
    if words.get(1).is_some_and(|word| word == "memory") {
        return measure.memory();
    }
    let quiet = Pace { events_a_second: 4, marks_at_once: 1, seconds: 6 };
    let quiet = measure.compare("4 marks/s", quiet, &[Who::Floor, Who::Leitai])?;
    let busy = Pace { events_a_second: 20, marks_at_once: 1, seconds: 6 };
    let everybody = [Who::Floor, Who::Leitai, Who::Ws, Who::SocketIo];
    let busy = measure.compare("20 marks/s", busy, &everybody)?;
    let flood = Pace { events_a_second: 100, marks_at_once: 2, seconds: 6 };
    let flood = measure.compare("200 marks/s", flood, &[Who::Leitai])?;
    println!("\nB2, 4 marks/s: p99 {} × the floor's", quiet[1].p99.by(&quiet[0].p99).text(2));
    println!(
        "B2, 20 marks/s, conflated: p99 {} ms beyond the floor's; ws's is {} ×, socket.io's {} × as long",
        busy[1].p99.less(&busy[0].p99).text(1),
        busy[2].p99.by(&busy[1].p99).text(2),
        busy[3].p99.by(&busy[1].p99).text(2),
    );
    println!(
        "B3: CPU for a pair of a mark and a spectator, ours at 200 marks/s: ws's at 20 is {} ×, socket.io's {} ×",
        busy[2].cost.by(&flood[0].cost).text(1),
        busy[3].cost.by(&flood[0].cost).text(1),
    );
    measure.memory()?;
    runtime.block_on(stage.strike());
    Ok(())
}

/// Everything that the rounds of one contender told.
struct Figures {
    p50: Rounds,
    p99: Rounds,
    most: Rounds,
    /// CPU seconds for a million pairs.
    cost: Rounds,
    bytes_a_frame: u64,
    frames_a_spectator: u64,
}

struct Measure<'a> {
    runtime: &'a tokio::runtime::Runtime,
    stage: &'a Stage,
    count: u32,
}

impl Measure<'_> {
    fn compare(&self, about: &str, pace: Pace, whom: &[Who]) -> Result<Vec<Figures>, String> {
        println!("\n{about}, {} s a round", pace.seconds);
        let mut all: Vec<Vec<Round>> = whom.iter().map(|_| Vec::new()).collect();
        // A peer tells a mark in as many bytes as a patch of ours has.
        let mut bytes = 300;
        for _ in 0..ROUNDS {
            for (who, rounds) in whom.iter().zip(&mut all) {
                let round = self.round(*who, pace, bytes)?;
                if *who == Who::Leitai {
                    bytes = round.heard.bytes / round.heard.frames.max(1);
                }
                rounds.push(round);
            }
        }
        let figures: Vec<Figures> = all.iter().map(|rounds| Figures::of(rounds, self.count)).collect();
        for (who, figures) in whom.iter().zip(&figures) {
            println!(
                "  {}: p50 {} ms, p99 {} ms, longest {} ms; {} CPU-s for a million pairs; {} frames of {} bytes each",
                who.name(),
                figures.p50.text(1),
                figures.p99.text(1),
                figures.most.text(0),
                figures.cost.text(3),
                figures.frames_a_spectator,
                figures.bytes_a_frame,
            );
        }
        Ok(figures)
    }

    fn round(&self, who: Who, pace: Pace, bytes: u64) -> Result<Round, String> {
        let folder = TemporaryFolder::inside(&disk(), "fanout");
        let address = contender::free_address()?;
        let contender = Contender::start(who.command(self.stage, &folder, address, bytes)?, address)?;
        let mut audience = Audience::seat(&who.seats(address, self.count, false))?;
        let marks = pace.events_a_second * pace.seconds * pace.marks_at_once;
        let programme = Programme {
            begin_us: unix_us() + LEAD_US,
            interval_us: 1_000_000 / pace.events_a_second,
            marks_at_once: pace.marks_at_once,
            marks,
        };
        audience.tell(&programme)?;
        let seated = self.stage.seated(JUDGES_A_SKILL, 1)?;
        let before = contender.cpu();
        self.runtime.block_on(async {
            match who {
                Who::Floor => publish_lines(address, programme, bytes).await,
                _ => publish_marks(address, programme, seated).await,
            }
        })?;
        let heard: Heard = audience.hear()?;
        let cpu_s = (contender.cpu() - before).as_secs_f64();
        if heard.is_whole {
            return Ok(Round { heard, cpu_s });
        }
        Err(format!(
            "{}: the round is void, {} of {} arrived",
            who.name(),
            heard.pairs,
            marks * u64::from(self.count)
        ))
    }

    /// What a spectator who only sits there takes.
    fn memory(&self) -> Result<(), String> {
        println!("\nB4: memory of an idle spectator");
        for count in [5_000, 9_500] {
            for who in [Who::Leitai, Who::Ws, Who::SocketIo] {
                let folder = TemporaryFolder::inside(&disk(), "memory");
                let address = contender::free_address()?;
                let contender = Contender::start(who.command(self.stage, &folder, address, 300)?, address)?;
                // The first one makes what all of them share.
                let one = Audience::seat(&who.seats(address, 1, false))?;
                std::thread::sleep(Duration::from_secs(1));
                let before = contender.memory();
                let all = Audience::seat(&who.seats(address, count, false))?;
                std::thread::sleep(Duration::from_secs(2));
                let each = (contender.memory() - before) as f64 / f64::from(count) / 1_024.0;
                println!("  {}: {count} spectators, {each:.2} KiB each", who.name());
                drop((one, all));
            }
        }
        Ok(())
    }
}

impl Figures {
    fn of(rounds: &[Round], count: u32) -> Self {
        let figure = |of: &dyn Fn(&Round) -> f64| {
            let mut figures = Rounds::default();
            rounds.iter().for_each(|round| figures.push(of(round)));
            figures
        };
        let (frames, bytes) = rounds.iter().fold((0, 0), |(frames, bytes), Round { heard, .. }| {
            (frames + heard.frames, bytes + heard.bytes)
        });
        Self {
            p50: figure(&|round| round.heard.p50_us as f64 / 1e3),
            p99: figure(&|round| round.heard.p99_us as f64 / 1e3),
            most: figure(&|round| round.heard.most_us as f64 / 1e3),
            cost: figure(&|round| round.cpu_s * 1e6 / round.heard.pairs as f64),
            bytes_a_frame: bytes / frames.max(1),
            frames_a_spectator: frames / rounds.len().max(1) as u64 / u64::from(count),
        }
    }
}

impl Who {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Leitai => "leitai",
            Self::Ws => "node, ws",
            Self::SocketIo => "node, socket.io",
        }
    }

    pub(crate) fn command(
        self,
        stage: &Stage,
        folder: &TemporaryFolder,
        address: std::net::SocketAddr,
        bytes: u64,
    ) -> Result<Command, String> {
        let file = folder.join("peer.db").display().to_string();
        let words = [file.as_str(), &bytes.to_string()];
        Ok(match self {
            Self::Floor => contender::floor(address)?,
            Self::Leitai => contender::leitai(
                address,
                &stage.copy(folder)?,
                &["--spectators", "19500", "--spectators-per-address", "40"],
            ),
            Self::Ws => contender::node("websocket/fanout.mjs", address, &words),
            Self::SocketIo => contender::node("socket.io/fanout.mjs", address, &words),
        })
    }

    pub(crate) fn seats(self, address: std::net::SocketAddr, count: u32, is_rush: bool) -> Seats {
        let path = match self {
            Self::Leitai => format!("/api/live-socket?topic=skill/{}", Judge { number: 0 }.skill()),
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket".to_owned(),
            Self::Floor | Self::Ws => "/live".to_owned(),
        };
        Seats { address, path, count, is_socket_io: self == Self::SocketIo, is_rush }
    }
}

/// When each turn of a programme is due.
async fn turns(
    programme: Programme,
    mut turn: impl AsyncFnMut(u64) -> Result<(), String>,
) -> Result<(), String> {
    for number in 0..programme.marks / programme.marks_at_once {
        let due_us = programme.begin_us + number * programme.interval_us;
        sleep(Duration::from_micros(due_us.saturating_sub(unix_us()))).await;
        turn(number).await?;
    }
    Ok(())
}

/// Judges of the skill send the marks, in turn.
async fn publish_marks(
    address: std::net::SocketAddr,
    programme: Programme,
    seated: Vec<Seated>,
) -> Result<(), String> {
    let mut judges = Vec::new();
    for mut seat in seated {
        let greeted = greet(address, &mut seat).await.map_err(|_| "a judge was not let in")?;
        let Greeted { socket, epoch, .. } = greeted;
        let (put, mut receipts) = socket.split();
        // What is not read would one day not be written any more.
        tokio::spawn(async move { while let Some(Ok(_)) = receipts.next().await {} });
        judges.push((put, seat, epoch, 1_i64));
    }
    turns(programme, async |number| {
        let at = usize::try_from(number).unwrap_or_default() % judges.len();
        let (put, seat, epoch, next) = &mut judges[at];
        let until = *next + i64::try_from(programme.marks_at_once).unwrap_or(1) - 1;
        let text = put_of(seat, epoch, *next..=until);
        *next = until + 1;
        put.send(Message::Text(text.into())).await.map_err(|error| error.to_string())
    })
    .await?;
    // Until the last is received.
    sleep(Duration::from_secs(1)).await;
    Ok(())
}

/// The floor is given what it is to tell.
async fn publish_lines(
    address: std::net::SocketAddr,
    programme: Programme,
    bytes: u64,
) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(address).await.map_err(text)?;
    stream.set_nodelay(true).map_err(text)?;
    stream.write_all(b"GET /publish HTTP/1.1\r\n\r\n").await.map_err(text)?;
    let mut head = [0; 256];
    stream.read(&mut head).await.map_err(text)?;
    turns(programme, async |number| {
        let done = (number + 1) * programme.marks_at_once;
        let said =
            format!(r#"{{"type":"patch","rev":{done},"patch":{{"progress":{{"done":{done},"of":8000}}}}"#);
        let room = usize::try_from(bytes).unwrap_or_default().saturating_sub(said.len() + 11);
        let line = format!("{said},\"more\":\"{}\"}}\n", "x".repeat(room));
        stream.write_all(line.as_bytes()).await.map_err(text)
    })
    .await
}
