//! The draw: who gets which code follows from a list, a secret and a seed from outside, so that anybody can
//! repeat it once the secret is out, and nobody could have known or chosen it before.
//! `docs/draw.md` writes it down for other programs.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::CompetitorCode;
use crate::ledger::Hash;

/// The most layers of codes over each other.
pub const LAYERS_MAX: usize = 3;
/// The most characters of a seed, and of what it is taken from.
pub const SEED_LENGTH_MAX: usize = 200;
/// Digits and capitals that nobody reads for one another: 32, so that five bits choose one evenly.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// How many characters a random code has.
const CODE_LENGTH: usize = 4;

/// What the codes of a layer look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Codes {
    /// `01` to as many as there are: an order, or stations.
    Numbers,
    /// Four random characters.
    Random,
}

/// What a layer is drawn by.
#[derive(Clone, Copy, Debug)]
pub struct Lot<'a> {
    /// The skill's id.
    pub skill: &'a str,
    /// Which layer, from 1.
    pub layer: u32,
    /// The layer's secret: a text without line breaks, kept until its codes are opened.
    pub secret: &'a str,
    /// The seed from outside, the same for every layer.
    pub seed: &'a str,
}

impl Lot<'_> {
    /// Draws: who of the list gets which code.
    #[must_use]
    pub fn draw(&self, list: &[CompetitorCode], codes: Codes) -> BTreeMap<CompetitorCode, CompetitorCode> {
        let key = self.key();
        let list: BTreeSet<&CompetitorCode> = list.iter().collect();
        let codes = self.codes(list.len(), codes);
        let mut order: Vec<(Hash, &CompetitorCode)> =
            list.into_iter().map(|one| (digest(&[&key, one.as_str()]), one)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, one)| one.clone()).zip(codes).collect()
    }

    /// The codes of a layer over a list of that length, sorted: they tell nothing of who has which.
    #[must_use]
    pub fn codes(&self, count: usize, codes: Codes) -> Vec<CompetitorCode> {
        match codes {
            Codes::Numbers => {
                let width = count.to_string().len().max(2);
                (1..=count).map(|number| CompetitorCode::from(format!("{number:0width$}"))).collect()
            }
            Codes::Random => {
                let key = self.key();
                let mut made = BTreeSet::new();
                for at in 0_u32.. {
                    if made.len() == count {
                        break;
                    }
                    let Hash(bytes) = digest(&[&key, "code", &at.to_string()]);
                    let letters = bytes.iter().take(CODE_LENGTH);
                    let code: String =
                        letters.map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
                    made.insert(CompetitorCode::from(code));
                }
                made.into_iter().collect()
            }
        }
    }

    fn key(&self) -> String {
        digest(&["leitai-draw-1", self.skill, &self.layer.to_string(), self.secret, self.seed]).to_string()
    }
}

/// What is told of a secret before the seed is known, and binds whoever keeps it.
#[must_use]
pub fn commitment(secret: &str) -> Hash {
    digest(&[secret])
}

/// What is told of the list that is drawn over.
#[must_use]
pub fn list_hash(list: &[CompetitorCode]) -> Hash {
    let sorted: BTreeSet<&str> = list.iter().map(CompetitorCode::as_str).collect();
    digest(&sorted.into_iter().collect::<Vec<_>>())
}

/// The hash of some lines.
fn digest(lines: &[&str]) -> Hash {
    Hash::of_document(lines.join("\n").as_bytes())
}

/// Whether a text may be a seed, or say what it is taken from: one line of 1 to 200 characters.
#[must_use]
pub fn is_seed(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= SEED_LENGTH_MAX
        && text.trim() == text
        && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOT: Lot<'_> = Lot {
        skill: "0190b1e2-7c5a-7000-8000-000000000001",
        layer: 1,
        secret: "6b1f0d3c9a5e47286b1f0d3c9a5e47286b1f0d3c9a5e47286b1f0d3c9a5e4728",
        seed: "双色球 2026138 03 08 12 19 25 31 + 07",
    };

    fn list(count: usize) -> Vec<CompetitorCode> {
        (1..=count).map(|at| CompetitorCode::from(format!("A{at:03}"))).collect()
    }

    /// Golden vectors, the same as in `docs/draw.md`; `tests/draw.py` comes to them as well.
    #[test]
    fn the_examples_of_the_document_come_out() {
        let drawn = |codes| {
            let drawn = LOT.draw(&list(4), codes).into_iter();
            drawn.map(|(from, to)| format!("{from}={to}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(drawn(Codes::Numbers), "A001=03 A002=01 A003=04 A004=02");
        assert_eq!(drawn(Codes::Random), "A001=DWU4 A002=9GKZ A003=JDRT A004=AV2Q");
        let committed = "4dab7ed887d6b42b1bb336e15b006eff0d4ae3f1d0be155e5955e6dbd0eb0501";
        assert_eq!(commitment(LOT.secret).to_string(), committed);
        let listed = "93fcae7d88f8ef379b49927bb6deaa3f11127afe0ed22f9fb97f54c9c2a6872c";
        assert_eq!(list_hash(&list(4)).to_string(), listed);
    }

    #[test]
    fn everybody_gets_a_code_of_their_own_whatever_order_the_list_has() {
        for count in [1, 2, 30, 99, 100, 5_000] {
            for codes in [Codes::Numbers, Codes::Random] {
                let drawn = LOT.draw(&list(count), codes);
                let mut reversed = list(count);
                reversed.reverse();
                assert_eq!(drawn, LOT.draw(&reversed, codes));
                assert_eq!(drawn.len(), count);
                let mut given: Vec<_> = drawn.into_values().collect();
                given.sort();
                assert_eq!(given, LOT.codes(count, codes));
                given.dedup();
                assert_eq!(given.len(), count);
            }
        }
    }

    /// Each of these moves the draw: none of them is left out of it.
    #[test]
    fn skill_layer_secret_seed_and_list_all_count() {
        let drawn = LOT.draw(&list(30), Codes::Numbers);
        let others = [
            Lot { skill: "another", ..LOT },
            Lot { layer: 2, ..LOT },
            Lot { secret: "another", ..LOT },
            Lot { seed: "another", ..LOT },
        ];
        for other in others {
            assert_ne!(drawn, other.draw(&list(30), Codes::Numbers), "{other:?}");
        }
        assert_ne!(list_hash(&list(30)), list_hash(&list(29)));
        assert_ne!(commitment("a"), commitment("b"));
    }

    /// Over 2,000 seeds each of six people gets each of six places about as often. Summed over the 36 pairs this
    /// is 6/5 of a chi-square with 25 degrees of freedom: 30 is to be expected, and 99 of 100 fair draws stay
    /// below 53.2. The seeds are always the same.
    #[test]
    fn no_place_is_likelier_than_another() {
        let (people, seeds) = (6_u64, 2_000_u64);
        let mut often = BTreeMap::new();
        for seed in 0..seeds {
            let seed = seed.to_string();
            for pair in (Lot { seed: &seed, ..LOT }).draw(&list(6), Codes::Numbers) {
                *often.entry(pair).or_insert(0_u64) += 1;
            }
        }
        let squares: u64 = often.values().map(|count| (count * people).abs_diff(seeds).pow(2)).sum();
        // Σ (count − seeds/people)² / (seeds/people), times people and seeds to stay whole.
        assert_eq!(often.len(), 36);
        assert!(squares * 10 < 526 * people * seeds, "{squares}");
    }

    #[test]
    fn a_seed_is_one_line_of_some_length() {
        let long = "年".repeat(SEED_LENGTH_MAX);
        for good in [LOT.seed, "0", long.as_str()] {
            assert!(is_seed(good), "{good}");
        }
        let longer = format!("{long}年");
        for bad in ["", " ", " a", "a\nb", longer.as_str()] {
            assert!(!is_seed(bad), "{bad:?}");
        }
    }
}
