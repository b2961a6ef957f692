//! What no server has received, as the file of [`protocol::outbox`]: another way for marks to arrive.
//! It is written out of what the storage holds, as it stands there.

use protocol::outbox::{FORMAT, VERSION};

use crate::Kept;

/// Whether an entry, as it is stored, belongs in the file.
#[must_use]
pub fn is_waiting(stored: &str) -> bool {
    serde_json::from_str::<Kept>(stored).is_ok_and(|kept| kept.confirmed.is_none())
}

/// What one sign-in left, in the order of its numbers: whose it is as its [`protocol::account::Bench`],
/// and its entries as they are stored.
#[must_use]
pub fn outbox(who: &str, stored: &[&str]) -> String {
    format!("{{\"who\":{who},\"kept\":[\n{}\n]}}", stored.join(",\n"))
}

/// The whole file.
#[must_use]
pub fn file(outboxes: &[String]) -> String {
    format!("{{\"format\":\"{FORMAT}\",\"v\":{VERSION},\"outboxes\":[{}]}}\n", outboxes.join(",\n"))
}
