//! Measuring: alternating rounds, their median and range, and a small seeded generator.
#![expect(clippy::float_arithmetic, reason = "times are shown, never entered into a result")]

use std::time::{Duration, Instant};

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
