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

#[cfg(test)]
mod tests {
    use domain::id::EntryId;
    use domain::ledger::{Hash, Status};
    use domain::marking::{Body, Close};
    use protocol::frame::{Epoch, Submission};

    use super::*;
    use crate::Confirmed;

    fn stored(dseq: i64, is_received: bool) -> String {
        let confirmed = is_received.then_some(Confirmed {
            code: None,
            epoch: Epoch(7),
            hash: Hash([1; 32]),
            seq: dseq,
            status: Status::Accepted,
        });
        let submission = Submission {
            base: None,
            body: Body::Close(Close { reason: None }),
            client_time: 5,
            device_signature: None,
            drawing: None,
            dseq,
            elapsed_ms: 6,
            id: EntryId(u128::from(dseq.unsigned_abs())),
            reason: None,
        };
        serde_json::to_string(&Kept { cell: None, confirmed, submission }).expect("JSON")
    }

    #[test]
    fn what_has_a_receipt_goes_with_what_waits_and_nothing_goes_where_nothing_waits() {
        let (first, second) = (stored(1, true), stored(2, false));
        let (text, waiting) = outbox("{}", &[&first, "unreadable", &second]).expect("something waits");
        assert_eq!((text, waiting), (format!("{{\"who\":{{}},\"kept\":[\n{first},\n{second}\n]}}"), 1));
        assert_eq!(outbox("{}", &[&first]), None);
    }
}
