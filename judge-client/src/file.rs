//! What no server has received, as the file of [`protocol::outbox`]: another way for marks to arrive.
//! It is written out of what the storage holds, as it stands there.

use protocol::outbox::{FORMAT, VERSION};

use crate::Kept;

/// What one sign-in left, and how much of it waits for a receipt; none where nothing does. `who` is its
/// [`protocol::account::Bench`], `stored` its entries as they are stored, in the order of their numbers.
///
/// What has a receipt goes with the rest: a server that was restored since may lack it, and takes nothing
/// beyond a gap.
#[must_use]
pub fn outbox(who: &str, stored: &[&str]) -> Option<(String, usize)> {
    let (mut texts, mut waiting) = (Vec::new(), 0);
    for text in stored {
        let Ok(kept) = serde_json::from_str::<Kept>(text) else { continue };
        waiting += usize::from(kept.confirmed.is_none());
        texts.push(*text);
    }
    (waiting > 0).then(|| (format!("{{\"who\":{who},\"kept\":[\n{}\n]}}", texts.join(",\n")), waiting))
}

/// The whole file.
#[must_use]
pub fn file(outboxes: &[String]) -> String {
    format!("{{\"format\":\"{FORMAT}\",\"v\":{VERSION},\"outboxes\":[{}]}}\n", outboxes.join(",\n"))
}
