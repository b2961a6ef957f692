//! What a tablet holds that no server has received, as a file: another way for marks to arrive where a
//! tablet cannot connect any more. The tablet writes it out of its storage as it is, so that each
//! submission is byte for byte what would have been sent.

use serde::Deserialize;

use crate::account::Bench;
use crate::frame::Submission;

/// What [`OutboxFile::format`] says.
pub const FORMAT: &str = "leitai-outbox";
/// The only version so far.
pub const VERSION: u32 = 1;

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OutboxFile {
    /// [`FORMAT`]
    pub format: String,
    /// [`VERSION`]
    pub v: u32,
    /// One for each sign-in on that tablet that left something.
    pub outboxes: Vec<Outbox>,
}

/// What one sign-in left.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Outbox {
    /// Whose, and on which device.
    pub who: Bench,
    /// All that is kept, in the order of its numbers: what has no receipt, and what a restored server may lack.
    pub kept: Vec<Kept>,
}

/// An entry as the tablet stores it. What else stands there is the tablet's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Kept {
    /// What would have been sent.
    pub submission: Submission,
}
