//! How often a connection may send: a bucket that fills evenly.

use protocol::frame::{FRAMES_BURST, FRAMES_PER_SECOND};

/// What a frame takes from the bucket; the bucket fills by its rate of these a thousandth of a second,
/// so that nothing is rounded.
const FRAME: u64 = 1_000;

/// One connection's bucket.
#[derive(Debug)]
pub(super) struct Bucket {
    /// Frames a second over time; at once, as many times more as the protocol says.
    rate: u64,
    left: u64,
    filled_ms: u64,
}

impl Bucket {
    /// A full one, by the protocol's rate.
    pub(super) fn new(now_ms: u64) -> Self {
        Self::at(FRAMES_PER_SECOND, now_ms)
    }

    /// A full one, by another rate.
    pub(super) fn at(rate: u64, now_ms: u64) -> Self {
        let mut bucket = Self { rate, left: 0, filled_ms: now_ms };
        bucket.left = bucket.full();
        bucket
    }

    fn full(&self) -> u64 {
        self.rate.saturating_mul(FRAME).saturating_mul(FRAMES_BURST / FRAMES_PER_SECOND)
    }

    /// Takes out one frame, where there is one.
    pub(super) fn take(&mut self, now_ms: u64) -> bool {
        let passed_ms = now_ms.saturating_sub(self.filled_ms);
        self.filled_ms = self.filled_ms.max(now_ms);
        self.left = self.left.saturating_add(passed_ms.saturating_mul(self.rate)).min(self.full());
        match self.left.checked_sub(FRAME) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_taken_and_then_an_even_rate() {
        let mut bucket = Bucket::new(5_000);
        assert!((0..FRAMES_BURST).all(|_| bucket.take(5_000)));
        assert!(!bucket.take(5_000));
        assert!(!bucket.take(4_000), "a clock that jumps back fills nothing");
        let taken = (0..1_000).filter(|ms| bucket.take(5_000 + ms)).count();
        assert_eq!(u64::try_from(taken), Ok(FRAMES_PER_SECOND - 1));
    }

    #[test]
    fn another_rate_is_kept_in_the_same_way() {
        let mut bucket = Bucket::at(3, 0);
        assert_eq!((0..100).filter(|_| bucket.take(0)).count(), 6);
        assert_eq!((0..10_000).filter(|ms| bucket.take(*ms)).count(), 29);
    }
}
