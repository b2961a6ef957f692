//! Random numbers that a seed gives again (splitmix64): what is generated is the same everywhere.

/// A source of them.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The same seed and branch, the same numbers; branches of a seed have nothing in common, so that
    /// one skill more changes no other.
    pub(crate) fn new(seed: u64, branch: u64) -> Self {
        let mut random = Self(branch);
        Self(seed ^ random.number())
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to the limit, which is left out.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // Of no weight here: the remainder favours the lower numbers by less than one in 10^15.
        let number = self.number() % u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(number).unwrap_or(0)
    }

    /// From `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let wide = usize::try_from(most - least).unwrap_or(0).saturating_add(1);
        least + i64::try_from(self.below(wide)).unwrap_or(0)
    }

    /// Around 0, seldom near `reach`: the sum of two throws.
    pub(crate) fn around(&mut self, reach: i64) -> i64 {
        (self.between(-reach, reach) + self.between(-reach, reach)) / 2
    }

    /// Once in so many times.
    pub(crate) fn is_one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of a list; an empty text for an empty list.
    pub(crate) fn pick<'a>(&mut self, list: &'a [String]) -> &'a str {
        list.get(self.below(list.len())).map_or("", String::as_str)
    }
}
