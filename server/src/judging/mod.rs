//! The judge's socket: the server's side of the mark protocol (`docs/protocol.md`). The session is
//! a state machine without IO, so that a simulated network can drive it as the socket does; it knows
//! neither the ledger nor who is signed in, and asks for both.

mod rate;
mod session;

pub use session::{Answer, Identity, Now, Output, Progress, Session, Submitted};
