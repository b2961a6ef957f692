//! The secrets of the keys by which judges' devices encrypt what they keep (docs/adr/0016). They are not
//! kept: each follows from one key of the database and whose it is.

use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use domain::id::{JudgeCode, LedgerId};

use crate::vault::hex;

/// What every secret is for, so that the key makes nothing else.
const CONTEXT: &str = "leitai outbox 1";

/// Makes the secrets.
pub(super) struct Sealing {
    key: Key,
}

impl Sealing {
    pub(super) fn new(key: &str) -> Self {
        Self { key: Key::new(HMAC_SHA256, key.as_bytes()) }
    }

    /// The secret of a judge in a skill, as 64 hexadecimal digits.
    pub(super) fn secret_of(&self, ledger: &LedgerId, judge: &JudgeCode) -> String {
        // Neither an id nor a code holds a line feed.
        let whose = format!("{CONTEXT}\n{ledger}\n{judge}");
        hex(hmac::sign(&self.key, whose.as_bytes()).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_judge_of_each_skill_has_one_secret_that_follows_from_the_key() {
        let (one, other) = (Sealing::new("one"), Sealing::new("other"));
        let (ledger, judge) = (LedgerId::from("l1"), JudgeCode::from("J1"));
        // HMAC-SHA-256 by another program: printf 'leitai outbox 1\nl1\nJ1' | openssl dgst -sha256 -hmac one
        let expected = "f5b349dba2f8915cf60b7b483f66a57c0ea31f11614423e82b032d6b210e1570";
        assert_eq!(one.secret_of(&ledger, &judge), expected);
        assert_ne!(other.secret_of(&ledger, &judge), expected);
        assert_ne!(one.secret_of(&LedgerId::from("l2"), &judge), expected);
        assert_ne!(one.secret_of(&ledger, &JudgeCode::from("J2")), expected);
    }
}
