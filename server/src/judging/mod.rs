//! The judge's socket: the server's side of the mark protocol (`docs/protocol.md`). The session is
//! a state machine without IO, so that a simulated network can drive it as the socket does; it knows
//! neither the ledger nor who is signed in, and asks for both. [`Judging`] drives one for each
//! WebSocket, with the ledger's answers and a [`Doorkeeper`]'s.

mod answer;
mod calls;
mod carried;
mod doorkeeper;
mod heads;
mod origin;
mod queries;
mod rate;
mod routes;
mod session;
mod sheets;
mod socket;

use domain::id::DeviceId;

pub use calls::{Called, Kept as KeptCall};
pub use carried::{Carried, CarryRefusal, FILE_BYTES_MAX, carry, outboxes, submissions};
pub use doorkeeper::{Admitted, Admitting, Doorkeeper, Holding};
pub(crate) use heads::open_round;
pub(crate) use routes::routes;
pub use session::{Answer, Identity, Now, Output, Progress, Session, Submitted};
pub use sheets::{may_see, sheets};
pub use socket::{Judging, Limits};

/// The end of a device's id: enough to tell a judge's devices apart.
pub(crate) fn tail(device: &DeviceId) -> String {
    let text = device.as_str();
    text.char_indices().nth_back(3).map_or(text, |(at, _)| &text[at..]).to_owned()
}
