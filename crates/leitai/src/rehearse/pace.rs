//! When things are done: at the pace of the package's times or of people, times a factor, or as fast
//! as receipts come; and which tablets lose their network when, and for how long.

use std::collections::HashMap;
use std::str::FromStr;

use domain::number::Decimal;

use crate::generate::Random;
use crate::hall::{By, Deed};

/// What people take from one mark to the next where the package says no times.
const HUMAN_MS: (i64, i64) = (10_000, 30_000);
/// The most times that one tablet loses its network.
const CUTS_MAX: i64 = 3;
/// How long a network is away at the pace of people.
const CUT_MS: (i64, i64) = (30_000, 600_000);
/// How long where there is no pace.
const SHORT_CUT_MS: (i64, i64) = (20, 400);
/// A shorter cut would be none.
const CUT_MS_MIN: i64 = 20;
/// One, as a [`Decimal`] counts.
const ONE: i64 = 1_000_000;

/// How fast a rehearsal goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speed {
    /// So many times the pace of the package's times, or of people.
    Times(u32),
    /// As fast as receipts come.
    Max,
}

/// A share from 0 to 1, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share(i64);

/// A time without network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Before which of the judge's own deeds it begins, from 0.
    pub(crate) before: usize,
    /// How long it lasts, in milliseconds.
    pub(crate) ms: u64,
}

impl FromStr for Speed {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "max" => Ok(Self::Max),
            text => text
                .parse()
                .ok()
                .filter(|times| (1..=1_000_000).contains(times))
                .map(Self::Times)
                .ok_or("a whole number from 1 to 1000000, or max"),
        }
    }
}

impl FromStr for Share {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Decimal(share) = Decimal::parse(text).map_err(|_| "a share from 0 to 1")?;
        if (0..=ONE).contains(&share) { Ok(Self(share)) } else { Err("a share from 0 to 1") }
    }
}

impl Share {
    /// So much of a count, rounded up.
    fn of(self, count: usize) -> usize {
        let count = i64::try_from(count).unwrap_or(0).saturating_mul(self.0);
        usize::try_from((count + ONE - 1) / ONE).unwrap_or(0)
    }
}

/// When each deed is due, in milliseconds at the pace of people from the moment that the package calls
/// `origin_ms`. Nobody does a thing before what they did before it.
pub(crate) fn due(deeds: &[Deed], origin_ms: i64, random: &mut Random) -> Vec<u64> {
    let mut last: HashMap<&By, i64> = HashMap::new();
    let mut due = Vec::with_capacity(deeds.len());
    for deed in deeds {
        let before = last.get(&deed.by).copied().unwrap_or(0);
        let at = match deed.at_ms {
            Some(at) => before.max(at - origin_ms),
            None => before + random.between(HUMAN_MS.0, HUMAN_MS.1),
        };
        last.insert(&deed.by, at);
        due.push(u64::try_from(at).unwrap_or(0));
    }
    due
}

/// Which judges lose their network, and when: that share of them, each up to three times. `judges` says
/// how many deeds each has.
pub(crate) fn cuts(judges: &[usize], share: Share, speed: Speed, random: &mut Random) -> Vec<Vec<Cut>> {
    let mut cuts = vec![Vec::new(); judges.len()];
    let mut online: Vec<usize> = (0..judges.len()).filter(|judge| judges[*judge] > 0).collect();
    for _ in 0..share.of(judges.len()).min(online.len()) {
        let judge = online.swap_remove(random.below(online.len()));
        let mut own: Vec<Cut> = (0..random.between(1, CUTS_MAX))
            .map(|_| Cut { before: random.below(judges[judge]), ms: long(speed, random) })
            .collect();
        own.sort_by_key(|cut| cut.before);
        own.dedup_by_key(|cut| cut.before);
        cuts[judge] = own;
    }
    cuts
}

fn long(speed: Speed, random: &mut Random) -> u64 {
    let ms = match speed {
        Speed::Max => random.between(SHORT_CUT_MS.0, SHORT_CUT_MS.1),
        Speed::Times(times) => random.between(CUT_MS.0, CUT_MS.1) / i64::from(times),
    };
    u64::try_from(ms.max(CUT_MS_MIN)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_judges_is_cut_off_and_the_seed_gives_the_same_again() {
        let judges = [40; 10];
        let cut =
            |seed| cuts(&judges, "0.25".parse().expect("a share"), Speed::Max, &mut Random::new(seed, 0));
        let first = cut(7);
        assert_eq!(first.iter().filter(|cuts| !cuts.is_empty()).count(), 3, "a quarter of ten, rounded up");
        assert!(first.iter().flatten().all(|cut| cut.before < 40 && (20..=400).contains(&cut.ms)));
        assert_eq!(first, cut(7));
        assert_ne!(first, cut(8));
    }

    #[test]
    fn a_speed_is_a_whole_number_or_max_and_a_share_lies_between_0_and_1() {
        assert_eq!(("max".parse(), "60".parse()), (Ok(Speed::Max), Ok(Speed::Times(60))));
        for wrong in ["0", "-1", "1.5", "fast", ""] {
            assert!(wrong.parse::<Speed>().is_err(), "{wrong}");
        }
        for wrong in ["1.1", "-0.1", "half", ""] {
            assert!(wrong.parse::<Share>().is_err(), "{wrong}");
        }
        assert_eq!("1".parse::<Share>().map(|share| share.of(9)), Ok(9));
        assert_eq!("0".parse::<Share>().map(|share| share.of(9)), Ok(0));
    }
}
