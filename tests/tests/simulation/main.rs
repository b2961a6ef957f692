//! The mark protocol under a hostile network: the product's own client and server cores, driven by
//! a seeded simulation. `LEITAI_SEEDS` runs more seeds than the usual 10,000.

#![expect(clippy::expect_used, reason = "all of this is a test; what is not as expected fails it")]

mod breakage;
mod check;
mod devices;
mod faults;
mod journal;
mod network;
mod pages;
mod people;
mod random;
mod skill;
mod tablet;
mod world;

use std::env;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use breakage::Breakage;
use faults::Fault;
use people::Deed;
use world::{Tally, run};

/// How many seeds each test run takes.
const SEEDS: u64 = 10_000;
/// Every seed that ever found a fault, one a line, with what it found.
const KEPT: &str = include_str!("../../seeds/simulation.txt");

/// Runs seeds on every core; gives what they did, and the first that failed.
fn run_all(first: u64, count: u64) -> (Tally, Option<(u64, String)>, u64) {
    let next = AtomicU64::new(first);
    let failures = AtomicU64::new(0);
    let sum = Mutex::new((Tally::default(), None::<(u64, String)>));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut own = Tally::default();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        break;
                    }
                    match run(seed, None) {
                        Ok(tally) => own.add(&tally),
                        Err(what) => {
                            failures.fetch_add(1, Ordering::Relaxed);
                            let mut sum = sum.lock().expect("no panic");
                            if sum.1.as_ref().is_none_or(|(other, _)| seed < *other) {
                                sum.1 = Some((seed, what));
                            }
                        }
                    }
                }
                sum.lock().expect("no panic").0.add(&own);
            });
        }
    });
    let (tally, failure) = sum.into_inner().expect("no panic");
    (tally, failure, failures.into_inner())
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.saved += other.saved;
        self.entered += other.entered;
        self.conflicts += other.conflicts;
        self.frames += other.frames;
        for (sum, more) in self.faults.iter_mut().zip(other.faults) {
            *sum += more;
        }
        for (sum, more) in self.deeds.iter_mut().zip(other.deeds) {
            *sum += more;
        }
    }
}

fn kept_seeds() -> Vec<u64> {
    let seed = |line: &str| {
        let text = line.split('#').next().unwrap_or_default().trim();
        (!text.is_empty()).then(|| text.parse().expect("a seed"))
    };
    KEPT.lines().filter_map(seed).collect()
}

#[test]
fn every_mark_arrives_once_whatever_the_network_does() {
    let count = env::var("LEITAI_SEEDS").map_or(SEEDS, |text| text.parse().expect("a number of seeds"));
    let begun = Instant::now();
    let (tally, failure, failures) = run_all(0, count);
    let seconds = begun.elapsed().as_secs();
    println!(
        "seeds {count}, {seconds} s: {} marks saved, {} entries, {} conflicts, {} frames",
        tally.saved, tally.entered, tally.conflicts, tally.frames
    );
    for (name, faults) in Fault::NAMES.iter().zip(tally.faults) {
        println!("  {faults} {name}");
    }
    for (name, deeds) in Deed::NAMES.iter().zip(tally.deeds) {
        println!("  {deeds} {name}");
    }
    assert_eq!(
        failure, None,
        "{failures} of {count} seeds failed; keep the first in tests/seeds/simulation.txt"
    );
    assert!(tally.faults.iter().all(|faults| *faults > 0), "every fault was injected");
    assert!(tally.deeds.iter().all(|deeds| *deeds > 0), "people did all that they do");
    assert!(tally.conflicts > 0, "judges met in a cell");
}

#[test]
fn every_seed_that_found_a_fault_passes() {
    for seed in kept_seeds() {
        assert_eq!(run(seed, None).err(), None, "seed {seed}");
    }
}

#[test]
fn the_same_seed_tells_the_same_story() {
    assert_eq!(run(7, None), run(7, None));
}

/// A simulation that cannot fail shows nothing.
#[test]
fn every_named_breakage_is_caught() {
    let mut caught = 0;
    for breakage in Breakage::ALL {
        let found = (0..SEEDS).find_map(|seed| run(seed, Some(breakage)).err().map(|what| (seed, what)));
        println!("{breakage:?}: {found:?}");
        caught += usize::from(found.is_some());
    }
    assert_eq!(caught, Breakage::ALL.len());
}
