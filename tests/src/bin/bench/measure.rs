//! Measuring: alternating rounds, their median and range, and a small seeded generator.
#![expect(clippy::float_arithmetic, reason = "times are shown, never entered into a result")]

use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How many rounds each contender runs, in turn with the others.
pub(crate) const ROUNDS: usize = 7;

/// The times of one contender, one a round, each for this many operations.
pub(crate) struct Times {
    name: &'static str,
    nanoseconds: Vec<f64>,
}

impl Times {
    pub(crate) fn of(name: &'static str) -> Self {
        Self { name, nanoseconds: Vec::new() }
    }

    /// Takes in a round.
    pub(crate) fn push(&mut self, elapsed: Duration, operations: u32) {
        self.nanoseconds.push(elapsed.as_secs_f64() * 1e9 / f64::from(operations));
    }

    /// The middle round, in nanoseconds an operation.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.nanoseconds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// One line: name, median, range, and how many times the first one's median that is.
    pub(crate) fn show(&self, first: &Self) {
        let least = self.nanoseconds.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.nanoseconds.iter().copied().fold(0.0, f64::max);
        let ratio = self.median() / first.median();
        println!(
            "{:<46} {:>10} ({} to {})  {ratio:.2}×",
            self.name,
            text(self.median()),
            text(least),
            text(most)
        );
    }
}

/// Runs once and says how long it took.
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

fn text(nanoseconds: f64) -> String {
    match nanoseconds {
        ns if ns < 1e3 => format!("{ns:.1} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}

/// The same numbers for the same seed.
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // xorshift64*: enough for spreading marks, not for secrets.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap_or(0) % limit
    }
}

/// Microseconds since 1970: the clock that two processes of one machine share.
pub(crate) fn unix_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| u64::try_from(since.as_micros()).ok()).unwrap_or_default()
}

/// One figure of one contender, a value a round, in units of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rounds(Vec<f64>);

impl Rounds {
    /// Takes in a round.
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// The middle round.
    pub(crate) fn median(&self) -> f64 {
        self.sorted().get(self.0.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// `median (least to most)`, to that many places.
    pub(crate) fn text(&self, places: usize) -> String {
        let sorted = self.sorted();
        let (least, most) = (sorted.first().copied(), sorted.last().copied());
        let (least, most) = (least.unwrap_or(f64::NAN), most.unwrap_or(f64::NAN));
        format!("{:.places$} ({least:.places$} to {most:.places$})", self.median())
    }

    /// Each round of these less the same round of those.
    pub(crate) fn less(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(ours, theirs)| ours - theirs).collect())
    }

    /// Each round of these by the same round of those.
    pub(crate) fn by(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(ours, theirs)| ours / theirs).collect())
    }
}

/// How busy the machine is besides: the load of the last minute, as the kernel tells it.
pub(crate) fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

/// What a program says of its version; a word of its own where it says nothing.
pub(crate) fn version_of(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.ok().filter(|text| !text.is_empty()).unwrap_or_else(|| format!("{program} (version unknown)"))
}
