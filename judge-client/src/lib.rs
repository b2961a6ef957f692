//! The judge's side of the mark protocol, without IO: what a tablet, a rehearsal's player and the
//! network simulation all drive. It opens no socket, reads no clock and makes no random number; what
//! does, for a program without a browser, is [`native`], a feature of its own.

#[cfg(all(feature = "app", target_arch = "wasm32"))]
pub mod app;
pub mod book;
#[cfg(any(feature = "app", feature = "native", test))]
pub mod file;
#[cfg(feature = "native")]
pub mod native;
mod order;
mod outbox;
mod session;
mod show;

pub use outbox::{Act, ActRefusal, Confirmed, Kept, OUTBOX_MAX, OutboxProblem};
pub use session::{Device, Now, Output, Session};
pub use show::{Connection, Show, Standing, Trouble};
