//! What a frame and a connection may take. Everything beyond is refused with a clear error.

/// The most bytes of a frame.
pub const FRAME_BYTES_MAX: usize = 65_536;
/// The most submissions of a put, and so receipts of an ack.
pub const SUBMISSIONS_MAX: usize = 64;
/// The most calls of a frame, whose codes and ids have 64 characters at the most.
pub const CALLS_MAX: usize = 100;
/// The most bytes of one submission, so that its frame is never too long.
pub const SUBMISSION_BYTES_MAX: usize = 61_440;
/// The most bytes that a put needs around its submissions.
pub const PUT_BYTES: usize = 1_024;
/// The most characters of a type that are repeated to who sent it.
pub const TYPE_LENGTH_MAX: usize = 64;
/// The most characters of a reason.
pub const REASON_LENGTH_MAX: usize = 2_000;
/// How many characters a reason's salt has.
pub const SALT_LENGTH: std::ops::RangeInclusive<usize> = 16..=64;

/// How many frames a client may send in a second, over time.
pub const FRAMES_PER_SECOND: u64 = 40;
/// How many at once.
pub const FRAMES_BURST: u64 = 80;
/// How long a client waits between two puts: half of what it may send is room for everything else.
pub const PUT_SPACING_MS: u64 = 50;
/// The most submissions that a client sends before the first of them is answered.
pub const UNANSWERED_MAX: usize = 256;

/// How long a silent connection is left alone before a ping.
pub const PING_AFTER_MS: u64 = 10_000;
/// How long a client hears nothing before it takes a connection for dead.
pub const DEAD_AFTER_MS: u64 = 25_000;
/// How long a client waits for the answer to a put, a greeting or an opening.
pub const ANSWER_WITHIN_MS: u64 = 20_000;
/// How long a server hears nothing before it ends a connection.
pub const SILENT_AFTER_MS: u64 = 60_000;
/// How long a server waits for the greeting.
pub const HELLO_WITHIN_MS: u64 = 10_000;
/// The shortest wait before a connection is tried again.
pub const RETRY_MS_MIN: u64 = 1_000;
/// The longest.
pub const RETRY_MS_MAX: u64 = 30_000;

/// What a device's signature takes in a submission.
pub const SIGNATURE_BYTES: usize = r#""device_signature":"","#.len() + 128;
