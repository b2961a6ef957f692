//! The judges of a benchmark, in a process of their own: each sends a put, waits for the receipts of
//! all of it, and sends the next. They speak the mark protocol, to every contender alike.
#![expect(clippy::expect_used, reason = "a round that cannot run says why and stops")]

use std::io::{BufRead as _, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::frame::{ClientFrame, FRAME_BYTES_MAX, Hello, Nonce, ServerFrame, Versions};
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::time::sleep_until;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::stage::Seated;

/// What a load of judges is told to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    pub(crate) judges: Vec<Seated>,
    /// How many marks go in one frame.
    pub(crate) marks_a_put: i64,
    /// The least time between two puts of a judge.
    pub(crate) spacing_ms: u64,
    /// For so long nothing is measured.
    pub(crate) warm_up_ms: u64,
    pub(crate) measured_ms: u64,
    /// Whether a connection that breaks is made again at once, with the next ticket.
    pub(crate) comes_back: bool,
}

/// What they measured.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// Marks that were sent in the measured time.
    pub(crate) marks: u64,
    /// From the beginning of that time to the last of their receipts.
    pub(crate) took_us: u64,
    /// All marks that got one, also in the warm-up.
    pub(crate) received: u64,
    /// When the first were sent, microseconds since 1970.
    pub(crate) begun_us: u64,
    pub(crate) p50_us: u64,
    pub(crate) p99_us: u64,
    pub(crate) bytes_a_put: u64,
    /// When the first receipt came after a connection broke, microseconds since 1970.
    pub(crate) back_at_us: Option<u64>,
    /// How far each judge's receipts go.
    pub(crate) upto: Vec<i64>,
}

/// A load that runs.
pub(crate) struct Judges {
    child: Child,
}

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Judges {
    /// Starts the process and gives it its load.
    pub(crate) fn start(load: &Load) -> Result<Self, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(own);
        command.args(["judges"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let line = serde_json::to_string(load).map_err(|error| error.to_string())?;
        let mut stdin = child.stdin.take().ok_or("no pipe to the judges")?;
        writeln!(stdin, "{line}").map_err(|error| error.to_string())?;
        Ok(Self { child })
    }

    /// Waits for the end, and what came of it.
    pub(crate) fn finish(self) -> Result<Measured, String> {
        let output = self.child.wait_with_output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(format!("the judges stopped: {}", output.status));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
    }
}

/// The process itself: its load comes as a line of JSON, what it measured goes out as one.
pub(crate) fn run() -> Result<(), String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| error.to_string())?;
    let load: Load = serde_json::from_str(&line).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let measured = tokio::task::LocalSet::new().block_on(&runtime, drive(load));
    println!("{}", serde_json::to_string(&measured).map_err(|error| error.to_string())?);
    Ok(())
}

async fn drive(load: Load) -> Measured {
    let barrier = Rc::new(Barrier::new(load.judges.len()));
    let load = Rc::new(load);
    let judges = load.judges.iter().map(|seated| {
        let (load, barrier, seated) = (Rc::clone(&load), Rc::clone(&barrier), seated.clone());
        tokio::task::spawn_local(async move { Driven::new(load, seated).run(&barrier).await })
    });
    let judges: Vec<_> = judges.collect();
    let (mut all, mut measured) = (Vec::new(), Measured::default());
    for judge in judges {
        let driven = judge.await.expect("no panic");
        measured.received += driven.upto.unsigned_abs();
        measured.begun_us = driven.begun_us;
        let measured_from = driven.begun_us + load.warm_up_ms * 1_000;
        measured.took_us = measured.took_us.max(driven.last_us.saturating_sub(measured_from));
        measured.upto.push(driven.upto);
        measured.bytes_a_put = driven.bytes_a_put;
        measured.back_at_us = [measured.back_at_us, driven.back_at_us].into_iter().flatten().min();
        all.extend(driven.latencies);
    }
    all.sort_unstable();
    let share = |hundredths: usize| all.get(all.len() * hundredths / 100).copied().unwrap_or_default();
    (measured.p50_us, measured.p99_us) = (share(50), share(99));
    measured.marks = all.len() as u64 * load.marks_a_put.unsigned_abs();
    measured
}

/// One judge.
struct Driven {
    load: Rc<Load>,
    seated: Seated,
    /// Of each put in the measured time, in microseconds.
    latencies: Vec<u64>,
    upto: i64,
    begun_us: u64,
    /// When the last receipt came, microseconds since 1970.
    last_us: u64,
    bytes_a_put: u64,
    back_at_us: Option<u64>,
}

/// The connection broke.
#[derive(Debug)]
pub(crate) struct Broken;

impl Driven {
    fn new(load: Rc<Load>, seated: Seated) -> Self {
        Self {
            load,
            seated,
            latencies: Vec::new(),
            upto: 0,
            begun_us: 0,
            last_us: 0,
            bytes_a_put: 0,
            back_at_us: None,
        }
    }

    async fn run(mut self, barrier: &Barrier) -> Self {
        let Greeted { mut socket, mut epoch, last_dseq } = self.greet().await.expect("a connection");
        self.upto = last_dseq;
        barrier.wait().await;
        self.begun_us = crate::measure::unix_us();
        let begin = Instant::now() + Duration::from_millis(self.load.warm_up_ms);
        let end = begin + Duration::from_millis(self.load.measured_ms);
        let mut has_broken = false;
        while Instant::now() < end {
            let sent = Instant::now();
            if self.put(&mut socket, &epoch).await.is_ok() {
                self.last_us = crate::measure::unix_us();
                if sent >= begin {
                    self.latencies.push(u64::try_from(sent.elapsed().as_micros()).expect("a latency"));
                }
                if has_broken && self.back_at_us.is_none() {
                    self.back_at_us = Some(crate::measure::unix_us());
                }
                if self.load.spacing_ms > 0 {
                    sleep_until((sent + Duration::from_millis(self.load.spacing_ms)).into()).await;
                }
                continue;
            }
            assert!(self.load.comes_back, "a connection broke");
            has_broken = true;
            Greeted { socket, epoch, .. } = loop {
                match self.greet().await {
                    Ok(greeted) => break greeted,
                    Err(Broken) => sleep_until((Instant::now() + Duration::from_millis(1)).into()).await,
                }
            };
        }
        self
    }

    /// Sends the judge's next marks and waits for all their receipts.
    async fn put(&mut self, socket: &mut Socket, epoch: &str) -> Result<(), Broken> {
        let count = self.load.marks_a_put;
        let text = put_of(&self.seated, epoch, self.upto + 1..=self.upto + count);
        self.bytes_a_put = text.len() as u64;
        socket.send(Message::Text(text.into())).await.map_err(|_| Broken)?;
        let mut received = 0;
        while received < count {
            let Some(Ok(message)) = socket.next().await else { return Err(Broken) };
            let Message::Text(text) = message else { continue };
            if text.starts_with(r#"{"v":1,"type":"ack""#) {
                let accepted = text.matches(r#""status":"accepted""#).count();
                received += i64::try_from(accepted).expect("few receipts");
            } else {
                assert!(text.starts_with(r#"{"v":1,"type":"head""#), "a mark was not entered: {text}");
            }
        }
        self.upto += count;
        Ok(())
    }

    async fn greet(&mut self) -> Result<Greeted, Broken> {
        greet(self.load.address, &mut self.seated).await
    }
}

/// A put of a judge's marks of these numbers.
pub(crate) fn put_of(seated: &Seated, epoch: &str, dseqs: std::ops::RangeInclusive<i64>) -> String {
    let mut text = format!(r#"{{"v":1,"type":"put","body":{{"epoch":"{epoch}","submissions":["#);
    let first = *dseqs.start();
    for dseq in dseqs {
        if dseq > first {
            text.push(',');
        }
        seated.judge.write(dseq, &mut text);
    }
    text.push_str("]}}");
    text
}

/// A connection that was answered.
#[derive(Debug)]
pub(crate) struct Greeted {
    pub(crate) socket: Socket,
    pub(crate) epoch: String,
    /// How far the device is by then.
    pub(crate) last_dseq: i64,
}

/// Connects and greets with the judge's next ticket.
pub(crate) async fn greet(address: SocketAddr, seated: &mut Seated) -> Result<Greeted, Broken> {
    let config = WebSocketConfig::default()
        .read_buffer_size(16 * 1_024)
        .write_buffer_size(0)
        .max_message_size(Some(FRAME_BYTES_MAX));
    let url = format!("ws://{address}/api/judge/socket");
    let opened = tokio_tungstenite::connect_async_with_config(url, Some(config), true).await;
    let (mut socket, _) = opened.map_err(|_| Broken)?;
    let hello = ClientFrame::Hello(Hello {
        device: seated.device.as_str().into(),
        nonce: Nonce(u128::from(seated.judge.number) + 1),
        proto_max: Versions::OURS.max,
        proto_min: Versions::OURS.min,
        ticket: seated.tickets.pop().expect("a ticket for each connection"),
    });
    let hello = hello.encode(Versions::OURS.max).expect("a frame");
    socket.send(Message::Text(hello.into())).await.map_err(|_| Broken)?;
    let Some(Ok(Message::Text(text))) = socket.next().await else { return Err(Broken) };
    match ServerFrame::decode(&text, Versions::OURS.max) {
        Ok(ServerFrame::Welcome(welcome)) => {
            Ok(Greeted { socket, epoch: welcome.epoch.to_string(), last_dseq: welcome.last_dseq })
        }
        // One that was killed while it answered; a refusal is found by the next try, which has no ticket.
        _ => Err(Broken),
    }
}
