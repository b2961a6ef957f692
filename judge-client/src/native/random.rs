//! Random numbers that a seed gives again (splitmix64), so that a rehearsal can be repeated. They are
//! for names and waits, not for secrets.

/// A source of them.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The same seed, the same numbers.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next one.
    pub fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next one of 128 bits.
    pub fn next_wide(&mut self) -> u128 {
        (u128::from(self.next_number()) << 64) | u128::from(self.next_number())
    }

    /// One below a limit; 0 where that is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next_number() % limit.max(1)
    }
}
