//! Who is signed in: asked at the greeting and from time to time, answered by another feature.

use std::pin::Pin;

use domain::id::{DeviceId, SessionId};
use protocol::frame::Ending;

use super::Identity;

/// Somebody who was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Who it is.
    pub identity: Identity,
    /// By which session; the connection ends with it.
    pub session: SessionId,
}

/// Who it is, or why nobody is let in; some time later.
pub type Admitting<'a> = Pin<Box<dyn Future<Output = Result<Admitted, Ending>> + Send + 'a>>;
/// Whether somebody may stay; some time later.
pub type Holding<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// Knows the enrolled devices and takes their tickets.
pub trait Doorkeeper: Send + Sync {
    /// Takes a ticket, which is good for once, and says whose device this is: one person's in one
    /// role, for as long as the enrolment lasts. An unknown device, a ticket of another one, of
    /// another time or used before end the connection.
    fn admit<'a>(&'a self, device: &'a DeviceId, ticket: &'a str) -> Admitting<'a>;

    /// Whether the session still holds, and so does the connection.
    fn holds<'a>(&'a self, admitted: &'a Admitted) -> Holding<'a>;
}
