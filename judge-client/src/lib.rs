//! The judge's side of the mark protocol, without IO: what a tablet, a rehearsal's player and the
//! network simulation all drive. It opens no socket, reads no clock and makes no random number.

mod outbox;
mod session;
mod show;

pub use outbox::{Act, ActRefusal, Confirmed, Kept, OUTBOX_MAX, OutboxProblem};
pub use session::{Device, Now, Output, Session};
pub use show::{Connection, Show, Standing, Trouble};
