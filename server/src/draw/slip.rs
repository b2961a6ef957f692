//! The slips that a layer's secret lies sealed under: three, of which any two open it, so that one lost
//! envelope loses nothing and nobody opens it alone (docs/adr/0027).

use crate::accounts;
use crate::vault::Vault;

/// How many groups of four letters a slip has: 80 bits.
const GROUPS: usize = 4;
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

/// Seals a secret; gives the words of each slip, and what is kept. None where there is no randomness.
pub(super) fn seal(place: &str, secret: &str) -> Option<([String; 3], Vec<String>)> {
    let words = || accounts::words(GROUPS).ok();
    let slips = [words()?, words()?, words()?];
    let under = |(one, other): (usize, usize)| {
        Vault::of_words(&[&slips[one], &slips[other]])?.seal(place, secret.as_bytes())
    };
    let kept = PAIRS.into_iter().map(under).collect::<Option<_>>()?;
    Some((slips, kept))
}

/// Opens it with two of them, in whichever order; none where they are not two of its slips.
pub(super) fn open(place: &str, kept: &[String], one: &str, other: &str) -> Option<String> {
    let (one, other) = (accounts::words_of(one, GROUPS)?, accounts::words_of(other, GROUPS)?);
    for words in [[&*one, &*other], [&*other, &*one]] {
        let vault = Vault::of_words(&words)?;
        if let Some(bytes) = kept.iter().find_map(|kept| vault.unseal(place, kept).ok()) {
            return String::from_utf8(bytes).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_two_slips_open_and_one_alone_does_not() {
        let (slips, kept) = seal("draw/1/1", "secret").expect("randomness");
        for one in 0..3 {
            for other in 0..3 {
                let opened = open("draw/1/1", &kept, &slips[one].to_lowercase(), &slips[other]);
                assert_eq!(opened.as_deref(), (one != other).then_some("secret"), "{one} {other}");
            }
        }
        let (strangers, _) = seal("draw/1/1", "secret").expect("randomness");
        assert_eq!(open("draw/1/1", &kept, &slips[0], &strangers[1]), None);
        assert_eq!(open("draw/1/2", &kept, &slips[0], &slips[1]), None);
        assert_eq!(open("draw/1/1", &kept, &slips[0], "?"), None);
    }
}
