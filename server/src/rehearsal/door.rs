//! Who is signed in at a rehearsal: devices enrolled in memory, with tickets that are good for once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::id::DeviceId;
use protocol::frame::Ending;

use crate::judging::{Doorkeeper, Identified, Identity};

/// How long a ticket is good.
const TICKET_LIFE: Duration = Duration::from_secs(30);

/// Enrolled devices and open tickets.
#[derive(Default)]
pub struct Door {
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    enrolled: HashMap<DeviceId, Identity>,
    tickets: HashMap<String, (DeviceId, Instant)>,
}

impl Door {
    /// Enrols a device for somebody.
    pub fn enrol(&self, device: DeviceId, identity: Identity) {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).enrolled.insert(device, identity);
    }

    /// A ticket for a device; none where there is no randomness.
    #[must_use]
    pub fn ticket(&self, device: &DeviceId) -> Option<String> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok()?;
        let ticket = format!("{:032x}", u128::from_be_bytes(bytes));
        let now = Instant::now();
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.tickets.retain(|_, (_, made)| now.duration_since(*made) < TICKET_LIFE);
        inside.tickets.insert(ticket.clone(), (device.clone(), now));
        Some(ticket)
    }

    fn take(&self, device: &DeviceId, ticket: &str) -> Result<Identity, Ending> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = inside.tickets.remove(ticket);
        let identity = inside.enrolled.get(device).cloned().ok_or(Ending::DeviceUnknown)?;
        match taken {
            Some((of, made)) if of == *device && made.elapsed() < TICKET_LIFE => Ok(identity),
            _ => Err(Ending::TicketRefused),
        }
    }
}

impl Doorkeeper for Door {
    fn identify<'a>(&'a self, device: &'a DeviceId, ticket: &'a str) -> Identified<'a> {
        let identity = self.take(device, ticket);
        Box::pin(async { identity })
    }
}

#[cfg(test)]
mod tests {
    use domain::access::Role;

    use super::*;

    #[test]
    fn a_ticket_is_good_once_and_for_its_device() {
        let door = Door::default();
        let identity = Identity { actor: "J1".to_owned(), role: Role::Judge, ledger: "skill".into() };
        door.enrol("one".into(), identity.clone());
        door.enrol("two".into(), identity.clone());
        let ticket = || door.ticket(&"one".into()).expect("a ticket");
        let good = ticket();
        assert_eq!(door.take(&"one".into(), &good), Ok(identity));
        assert_eq!(door.take(&"one".into(), &good), Err(Ending::TicketRefused));
        assert_eq!(door.take(&"two".into(), &ticket()), Err(Ending::TicketRefused));
        assert_eq!(door.take(&"other".into(), &ticket()), Err(Ending::DeviceUnknown));
        assert_eq!(door.take(&"one".into(), ""), Err(Ending::TicketRefused));
    }
}
