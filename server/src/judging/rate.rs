//! How often a connection may send: a bucket that fills evenly.

use protocol::frame::{FRAMES_BURST, FRAMES_PER_SECOND};

/// What a frame takes from the bucket; the bucket fills by [`FRAMES_PER_SECOND`] of these a
/// thousandth of a second, so that nothing is rounded.
const FRAME: u64 = 1_000;
const FULL: u64 = FRAMES_BURST * FRAME;

/// One connection's bucket.
#[derive(Debug)]
pub(super) struct Bucket {
    left: u64,
    filled_ms: u64,
}

impl Bucket {
    /// A full one.
    pub(super) fn new(now_ms: u64) -> Self {
        Self { left: FULL, filled_ms: now_ms }
    }

    /// Takes out one frame, where there is one.
    pub(super) fn take(&mut self, now_ms: u64) -> bool {
        let passed_ms = now_ms.saturating_sub(self.filled_ms);
        self.filled_ms = self.filled_ms.max(now_ms);
        self.left = self.left.saturating_add(passed_ms.saturating_mul(FRAMES_PER_SECOND)).min(FULL);
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
}
