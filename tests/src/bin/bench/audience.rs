//! The spectators of a benchmark, in a process of their own: thousands of sockets that only read. Each
//! frame says how many marks it shows; when each of those was to be sent is known beforehand, so what
//! waits anywhere is measured too.
#![expect(clippy::expect_used, reason = "a round that cannot run says why and stops")]

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::measure::unix_us;

/// How many share an address of the loopback: as many as our server lets in from one.
const OF_ONE_ADDRESS: u32 = 20;
/// How many connect at once, unless all are to.
const AT_ONCE: usize = 64;
/// How long after the last mark was due everything must have arrived, in microseconds; what is late is
/// waited for, and told as late.
const ARRIVED_WITHIN_US: u64 = 60_000_000;
/// Says before which number a frame tells how many marks are shown.
const DONE: &[u8] = b"\"progress\":{\"done\":";
/// A bucket of the latencies' histogram, in microseconds, and how many there are.
const BUCKET_US: u64 = 50;
const BUCKETS: usize = 400_000;

/// Who they are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Seats {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) count: u32,
    pub(crate) is_socket_io: bool,
    /// Whether all connect in the same moment.
    pub(crate) is_rush: bool,
}

/// What they are to hear.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Programme {
    /// When the first marks are to be sent, microseconds since 1970.
    pub(crate) begin_us: u64,
    pub(crate) interval_us: u64,
    /// How many marks are sent at a time.
    pub(crate) marks_at_once: u64,
    pub(crate) marks: u64,
}

/// What they heard.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Heard {
    /// Pairs of a mark and a spectator that was shown it.
    pub(crate) pairs: u64,
    pub(crate) frames: u64,
    pub(crate) bytes: u64,
    pub(crate) p50_us: u64,
    pub(crate) p99_us: u64,
    pub(crate) most_us: u64,
    /// Whether every spectator was shown every mark.
    pub(crate) is_whole: bool,
}

/// How an audience that came in one moment got in.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Seating {
    /// Until 99 % had a view, from the first try to connect.
    pub(crate) p99_us: u64,
    pub(crate) last_us: u64,
    /// How many had to try again.
    pub(crate) tried_again: u64,
}

/// An audience in its process.
pub(crate) struct Audience {
    child: Child,
    say: ChildStdin,
    hear: BufReader<ChildStdout>,
    pub(crate) seating: Seating,
}

impl Audience {
    /// Starts it, and waits until all of them are connected.
    pub(crate) fn seat(seats: &Seats) -> Result<Self, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(own);
        command.arg("audience").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let (say, hear) = child.stdin.take().zip(child.stdout.take()).ok_or("no pipes to the audience")?;
        let mut audience = Self { child, say, hear: BufReader::new(hear), seating: Seating::default() };
        audience.tell(seats)?;
        audience.seating = audience.hear()?;
        Ok(audience)
    }

    /// Tells it what will come.
    pub(crate) fn tell<T: Serialize>(&mut self, what: &T) -> Result<(), String> {
        let line = serde_json::to_string(what).map_err(|error| error.to_string())?;
        writeln!(self.say, "{line}").map_err(|error| error.to_string())
    }

    /// What it says next.
    pub(crate) fn hear<T: for<'de> Deserialize<'de>>(&mut self) -> Result<T, String> {
        let mut line = String::new();
        self.hear.read_line(&mut line).map_err(|error| error.to_string())?;
        serde_json::from_str(&line).map_err(|error| format!("the audience said {line:?}: {error}"))
    }
}

impl Drop for Audience {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the sockets share.
struct Hall {
    seats: Seats,
    programme: watch::Receiver<Option<Programme>>,
    scratch: RefCell<Vec<u8>>,
    tally: RefCell<Tally>,
    begun: Instant,
}

struct Tally {
    heard: Heard,
    histogram: Vec<u32>,
    /// When each had its first frame, from the first try on.
    seated_us: Vec<u64>,
    tried_again: u64,
    /// How many are still to be shown the last mark.
    waiting: u32,
}

/// The process itself.
pub(crate) fn run() -> Result<(), String> {
    rlimit::increase_nofile_limit(u64::MAX).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    tokio::task::LocalSet::new().block_on(&runtime, listen())
}

async fn listen() -> Result<(), String> {
    let mut lines = std::io::stdin().lock().lines();
    let mut line = || lines.next().and_then(Result::ok).unwrap_or_default();
    let seats: Seats = serde_json::from_str(&line()).map_err(|error| error.to_string())?;
    let (announce, programme) = watch::channel(None);
    let tally = Tally {
        heard: Heard::default(),
        histogram: vec![0; BUCKETS],
        seated_us: Vec::new(),
        tried_again: 0,
        waiting: seats.count,
    };
    let hall = Rc::new(Hall {
        programme,
        scratch: RefCell::new(vec![0; 256 * 1_024]),
        tally: RefCell::new(tally),
        begun: Instant::now(),
        seats,
    });
    let count = hall.seats.count;
    let doors = Rc::new(Semaphore::new(if hall.seats.is_rush { count as usize } else { AT_ONCE }));
    for number in 0..count {
        let (hall, doors) = (Rc::clone(&hall), Rc::clone(&doors));
        tokio::task::spawn_local(async move { Spectator::sit(&hall, &doors, number).await });
    }
    while hall.tally.borrow().seated_us.len() < count as usize {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    say(&seating(&hall))?;
    // Nothing is to be read meanwhile, and nothing is: the line comes once everybody sits.
    let Ok(programme) = serde_json::from_str::<Programme>(&line()) else { return Ok(()) };
    announce.send_replace(Some(programme));
    let length_us = programme.marks.div_ceil(programme.marks_at_once) * programme.interval_us;
    let end_us = programme.begin_us + length_us;
    while hall.tally.borrow().waiting > 0 && unix_us() < end_us + ARRIVED_WITHIN_US {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    say(&hall.tally.borrow().summary(programme.marks * u64::from(count)))?;
    // Until it is ended, everybody stays.
    line();
    Ok(())
}

fn say<T: Serialize>(what: &T) -> Result<(), String> {
    println!("{}", serde_json::to_string(what).map_err(|error| error.to_string())?);
    Ok(())
}

fn seating(hall: &Hall) -> Seating {
    let tally = hall.tally.borrow();
    let mut times = tally.seated_us.clone();
    times.sort_unstable();
    let at = |hundredths: usize| times.get((times.len() * hundredths / 100).min(times.len() - 1)).copied();
    Seating {
        p99_us: at(99).unwrap_or_default(),
        last_us: times.last().copied().unwrap_or_default(),
        tried_again: tally.tried_again,
    }
}

impl Tally {
    fn note(&mut self, latency_us: u64, marks: u64) {
        let bucket = usize::try_from(latency_us / BUCKET_US).unwrap_or(BUCKETS).min(BUCKETS - 1);
        self.histogram[bucket] += u32::try_from(marks).expect("few marks");
        self.heard.pairs += marks;
        self.heard.most_us = self.heard.most_us.max(latency_us);
    }

    fn summary(&self, pairs: u64) -> Heard {
        let at = |hundredths: u64| {
            let (wanted, mut count) = (self.heard.pairs * hundredths / 100, 0);
            let bucket = self.histogram.iter().position(|more| {
                count += u64::from(*more);
                count > wanted
            });
            bucket.unwrap_or(0) as u64 * BUCKET_US
        };
        Heard { p50_us: at(50), p99_us: at(99), is_whole: self.heard.pairs == pairs, ..self.heard.clone() }
    }
}

/// One of them.
struct Spectator<'a> {
    hall: &'a Hall,
    stream: TcpStream,
    /// What was read and is not yet a whole frame.
    rest: Vec<u8>,
    /// How many marks it was shown.
    shown: u64,
    is_seated: bool,
}

impl<'a> Spectator<'a> {
    /// Connects, however often it takes, and listens to the end.
    async fn sit(hall: &'a Hall, doors: &Semaphore, number: u32) {
        loop {
            let door = doors.acquire().await.expect("the doors stay open");
            let Ok(mut spectator) = Self::enter(hall, number).await else {
                hall.tally.borrow_mut().tried_again += 1;
                drop(door);
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            };
            drop(door);
            // One that is sent away leaves its marks unshown, which voids the round.
            let _ = spectator.listen().await;
            return;
        }
    }

    async fn enter(hall: &'a Hall, number: u32) -> std::io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        let place = number / OF_ONE_ADDRESS;
        let [_, _, high, low] = (place + 256).to_be_bytes();
        socket.bind(SocketAddr::from((Ipv4Addr::new(127, 1, high, low), 0)))?;
        let mut stream = socket.connect(hall.seats.address).await?;
        stream.set_nodelay(true)?;
        let (path, host) = (&hall.seats.path, hall.seats.address);
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        let mut rest = Vec::new();
        loop {
            let mut bytes = [0; 2_048];
            let count = stream.read(&mut bytes).await?;
            rest.extend_from_slice(&bytes[..count]);
            if count == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let Some(end) = rest.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            if !rest.starts_with(b"HTTP/1.1 101") {
                return Err(std::io::Error::other(String::from_utf8_lossy(&rest).into_owned()));
            }
            rest.drain(..end + 4);
            break;
        }
        let mut spectator = Self { hall, stream, rest, shown: 0, is_seated: false };
        let says_first = hall.seats.is_socket_io || hall.seats.path.starts_with("/api/");
        if !says_first {
            spectator.seat();
        }
        Ok(spectator)
    }

    fn seat(&mut self) {
        if !self.is_seated {
            self.is_seated = true;
            let passed = u64::try_from(self.hall.begun.elapsed().as_micros()).expect("a time");
            self.hall.tally.borrow_mut().seated_us.push(passed);
        }
    }

    async fn listen(&mut self) -> std::io::Result<()> {
        let mut answers = self.hear(&[]);
        loop {
            if !answers.is_empty() {
                self.stream.write_all(&answers).await?;
            }
            self.stream.readable().await?;
            answers = match self.read() {
                Ok(answers) => answers,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Vec::new(),
                Err(error) => return Err(error),
            };
        }
    }

    fn read(&mut self) -> std::io::Result<Vec<u8>> {
        let hall = self.hall;
        let mut scratch = hall.scratch.borrow_mut();
        match self.stream.try_read(&mut scratch)? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            count => Ok(self.hear(&scratch[..count])),
        }
    }

    /// Takes in what came; gives what is to be answered.
    fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answers = Vec::new();
        // Most often it is one whole frame, which is looked at where it is.
        if self.rest.is_empty() {
            let used = self.take(bytes, &mut answers);
            self.rest.extend_from_slice(&bytes[used..]);
        } else {
            let mut whole = std::mem::take(&mut self.rest);
            whole.extend_from_slice(bytes);
            let used = self.take(&whole, &mut answers);
            whole.drain(..used);
            self.rest = whole;
        }
        answers
    }

    /// Takes in the whole frames at the beginning, and gives how many bytes those were.
    fn take(&mut self, bytes: &[u8], answers: &mut Vec<u8>) -> usize {
        let mut used = 0;
        while let Some((opcode, head, length)) = frame_of(&bytes[used..]) {
            let Some(payload) = bytes[used..].get(head..head + length) else { break };
            match opcode {
                1 => self.text(payload, answers),
                9 => answer(10, payload, answers),
                _ => {}
            }
            used += head + length;
        }
        used
    }

    fn text(&mut self, payload: &[u8], answers: &mut Vec<u8>) {
        if self.hall.seats.is_socket_io && payload.len() < 300 && !payload.starts_with(b"42") {
            match payload {
                // Engine.io's opening is answered by joining, its ping by a pong.
                [b'0', ..] => answer(1, b"40", answers),
                [b'2'] => answer(1, b"3", answers),
                _ => self.seat(),
            }
            return;
        }
        self.seat();
        let programme = *self.hall.programme.borrow();
        let (Some(programme), Some(done)) = (programme, done_of(payload)) else { return };
        let mut tally = self.hall.tally.borrow_mut();
        tally.heard.frames += 1;
        tally.heard.bytes += payload.len() as u64;
        let now_us = unix_us();
        while self.shown < done {
            // Those that were sent together have one time.
            let turn = self.shown / programme.marks_at_once;
            let until = ((turn + 1) * programme.marks_at_once).min(done);
            let due_us = programme.begin_us + turn * programme.interval_us;
            tally.note(now_us.saturating_sub(due_us), until - self.shown);
            self.shown = until;
        }
        if self.shown == programme.marks {
            tally.waiting -= 1;
        }
    }
}

/// The opcode, the length of the head and that of the payload of the frame at the beginning.
fn frame_of(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let number = |range: std::ops::Range<usize>| {
        Some(bytes.get(range)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    Some(match second {
        126 => (first & 15, 4, number(2..4)?),
        127 => (first & 15, 10, number(2..10)?),
        length => (first & 15, 2, usize::from(length)),
    })
}

/// A short frame, masked by nothing, as a client sends it.
fn answer(opcode: u8, payload: &[u8], out: &mut Vec<u8>) {
    let length = u8::try_from(payload.len()).expect("a short answer");
    out.extend_from_slice(&[0x80 | opcode, 0x80 | length, 0, 0, 0, 0]);
    out.extend_from_slice(payload);
}

fn done_of(payload: &[u8]) -> Option<u64> {
    let at = payload.windows(DONE.len()).position(|some| some == DONE)? + DONE.len();
    let digits = payload[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart_by_their_heads() {
        assert_eq!(frame_of(&[0x81, 3, 1, 2, 3]), Some((1, 2, 3)));
        assert_eq!(frame_of(&[0x81, 126, 1, 0]), Some((1, 4, 256)));
        assert_eq!(frame_of(&[0x89, 0]), Some((9, 2, 0)));
        assert_eq!(frame_of(&[0x81, 126, 1]), None);
        assert_eq!(done_of(br#"{"patch":{"progress":{"done":17,"of":9}}}"#), Some(17));
    }
}
