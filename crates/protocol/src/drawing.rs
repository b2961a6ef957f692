//! A signature as it was drawn with a finger or a pen: strokes in whole numbers. It travels beside
//! what commits to it and lies beside the ledger, as the text of a reason does.

use domain::ledger::Hash;
use serde::{Deserialize, Serialize};

use crate::frame::ReasonText;

/// How wide the pad is in the numbers of a drawing, whatever its size on a screen.
pub const DRAWING_WIDTH: i32 = 1_000;
/// How high.
pub const DRAWING_HEIGHT: i32 = 400;
/// The most bytes of a drawing's strokes; a tablet simplifies them until they fit.
pub const DRAWING_BYTES_MAX: usize = 4_096;

/// A drawing with its salt, written as a reason is. Its text is one stroke after the other,
/// `M120,80l3,-2 5,7`: where it begins, and how far it goes from each point to the next. This is also how
/// SVG writes a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Drawing(ReasonText);

impl Drawing {
    /// These strokes; the salt is random, so that they cannot be guessed from the hash, and has
    /// [`SALT_LENGTH`](crate::frame::SALT_LENGTH) characters.
    #[must_use]
    pub fn new(salt: String, strokes: String) -> Self {
        Self(ReasonText { salt, text: strokes })
    }

    /// The salt.
    #[must_use]
    pub fn salt(&self) -> &str {
        &self.0.salt
    }

    /// The strokes.
    #[must_use]
    pub fn strokes(&self) -> &str {
        &self.0.text
    }

    /// What an entry holds of it: `SHA-256(salt ‖ strokes)`.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        self.0.commitment()
    }

    /// Whether it is a drawing at all, and within the limits. A tablet's pad draws nothing else
    /// (`signature-pad.js`), so that its program looks at the length only.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        self.0.has_salt()
            && self.strokes().len() <= DRAWING_BYTES_MAX
            && (cfg!(target_arch = "wasm32") || are_strokes(self.strokes()))
    }
}

/// Whether a text is at least one stroke that stays on the pad.
fn are_strokes(text: &str) -> bool {
    let Some(strokes) = text.strip_prefix('M') else { return false };
    strokes.split('M').all(|stroke| is_stroke(stroke).is_some())
}

fn is_stroke(stroke: &str) -> Option<()> {
    let (start, steps) = stroke.split_once('l')?;
    let is_on_pad =
        |(x, y): (i32, i32)| (0..=DRAWING_WIDTH).contains(&x) && (0..=DRAWING_HEIGHT).contains(&y);
    let mut at = point(start).filter(|start| is_on_pad(*start))?;
    for step in steps.split(' ') {
        let (x, y) = point(step)?;
        at = Some((at.0 + x, at.1 + y)).filter(|at| is_on_pad(*at))?;
    }
    Some(())
}

fn point(text: &str) -> Option<(i32, i32)> {
    let (x, y) = text.split_once(',')?;
    Some((number(x)?, number(y)?))
}

/// A whole number in its shortest spelling, no longer than any on the pad.
fn number(text: &str) -> Option<i32> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_short = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_shortest = !digits.starts_with('0') || text == "0";
    if is_short && is_shortest { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(strokes: &str) -> Drawing {
        Drawing::new("0123456789abcdef".to_owned(), strokes.to_owned())
    }

    #[test]
    fn a_drawing_is_strokes_in_whole_numbers_that_stay_on_the_pad() {
        for strokes in ["M0,0l0,0", "M120,80l3,-2 5,7", "M1000,400l-1000,-400M5,5l1,1 1,1 -2,-2"] {
            assert!(drawing(strokes).is_fit(), "{strokes}");
        }
        for strokes in [
            "",
            "M",
            "M1,1",
            "M1,1l",
            "M1,1l1,1 ",
            "M1,1l1.5,1",
            "M1,1l+1,1",
            "M1,1l01,1",
            "M1,1l-0,1",
            "M1,1L1,1",
            "m1,1l1,1",
            " M1,1l1,1",
            "M1,1l1,1\"/><script>",
            "M990,1l11,0",
            "M1,1l0,-2",
            "M1001,1l-1,0",
            "M1,1l99999999999,0",
            "M1,1l1,1M",
        ] {
            assert!(!drawing(strokes).is_fit(), "{strokes}");
        }
    }

    #[test]
    fn a_drawing_has_limits() {
        let most = format!("M0,0l{}", ["1,0", "-1,0"].repeat(450).join(" "));
        assert!(most.len() <= DRAWING_BYTES_MAX && drawing(&most).is_fit(), "{}", most.len());
        assert!(!drawing(&format!("M0,0l{}", ["0,0"; 1_200].join(" "))).is_fit());
        let salted = |salt: &str| Drawing::new(salt.to_owned(), "M0,0l0,0".to_owned());
        assert!(!salted("short").is_fit() && !salted("0123456789abcde\0").is_fit());
    }

    /// By `printf '%s%s' SALT STROKES | sha256sum`.
    #[test]
    fn a_commitment_is_the_hash_of_salt_and_strokes() {
        assert_eq!(
            drawing("M120,80l3,-2 5,7").commitment().to_string(),
            "8064e139b2a6bc168567218d3329c3dbbc94ba09987e58f9e2762bdb59305cb1"
        );
    }
}
