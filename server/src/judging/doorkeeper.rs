//! Who is signed in: asked at the greeting, answered by another feature.

use std::pin::Pin;

use domain::id::DeviceId;
use protocol::frame::Ending;

use super::Identity;

/// What a doorkeeper answers, some time later.
pub type Identified<'a> = Pin<Box<dyn Future<Output = Result<Identity, Ending>> + Send + 'a>>;

/// Knows the enrolled devices and takes their tickets.
pub trait Doorkeeper: Send + Sync {
    /// Takes a ticket, which is good for once, and says whose device this is: one person's in one
    /// role, for as long as the enrolment lasts. An unknown device, a ticket of another one, of
    /// another time or used before end the connection.
    fn identify<'a>(&'a self, device: &'a DeviceId, ticket: &'a str) -> Identified<'a>;
}
