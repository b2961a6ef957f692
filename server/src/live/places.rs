//! How many spectators' sockets there may be, in all and from one address, and how patient they are.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::whatever;

/// How many sockets of spectators, how often each hears that it lives, and how long it waits for the
/// other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// At once.
    pub sockets_max: usize,
    /// At once from one address, or from one network of IPv6. A hall behind one address needs more; who
    /// is turned away reads the view by plain requests.
    pub sockets_of_address_max: usize,
    /// How long the other side has to take a frame.
    pub write_within: Duration,
    /// How often a socket is told that it lives and what time it is, and asked whether anybody is
    /// there. A browser gives a silent one up after [`protocol::view::SILENCE_MS_MAX`].
    pub beat: Duration,
    /// After this silence nobody is.
    pub silence_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sockets_max: 20_000,
            sockets_of_address_max: 20,
            write_within: Duration::from_secs(10),
            beat: Duration::from_secs(20),
            silence_max: Duration::from_secs(60),
        }
    }
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// There are too many in all.
    Everywhere,
    /// There are too many of this address.
    Here,
}

/// The places that are taken.
#[derive(Debug)]
pub(super) struct Places {
    limits: Limits,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// A place that is taken until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    of: IpAddr,
}

impl Places {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, taken: Mutex::default() }
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// How many places are taken.
    pub(super) fn taken(&self) -> usize {
        whatever(self.taken.lock()).values().sum()
    }

    /// Takes a place for somebody at an address.
    ///
    /// # Errors
    /// Where there is none.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Result<Place, Full> {
        let of = network(address);
        let mut taken = whatever(self.taken.lock());
        if taken.values().sum::<usize>() >= self.limits.sockets_max {
            return Err(Full::Everywhere);
        }
        let here = taken.entry(of).or_insert(0);
        if *here >= self.limits.sockets_of_address_max {
            return Err(Full::Here);
        }
        *here += 1;
        Ok(Place { places: Arc::clone(self), of })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = whatever(self.places.taken.lock());
        if let Some(here) = taken.get_mut(&self.of) {
            *here -= 1;
            if *here == 0 {
                taken.remove(&self.of);
            }
        }
    }
}

/// What counts as one address: of IPv6 the network, since one machine has all of it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = u128::from(address) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(bits))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_all_and_by_address_and_given_back() {
        let places =
            Arc::new(Places::new(Limits { sockets_max: 3, sockets_of_address_max: 2, ..Limits::default() }));
        let take = |address: &str| places.take(address.parse().expect("an address"));
        let one = take("192.0.2.1").expect("a place");
        let two = take("::ffff:192.0.2.1").expect("the same address");
        assert_eq!(take("192.0.2.1").map(drop), Err(Full::Here));
        drop(one);
        let _three = take("192.0.2.1").expect("it was given back");
        let _four = take("2001:db8::1").expect("another address");
        assert_eq!(take("192.0.2.9").map(drop), Err(Full::Everywhere));
        drop(two);
        let _five = take("2001:db8::2").expect("a place");
        assert_eq!(take("2001:db8:0:1::1").map(drop), Err(Full::Everywhere));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let places =
            Arc::new(Places::new(Limits { sockets_max: 9, sockets_of_address_max: 1, ..Limits::default() }));
        let _one = places.take("2001:db8::1".parse().expect("an address")).expect("a place");
        assert_eq!(places.take("2001:db8::ffff".parse().expect("an address")).map(drop), Err(Full::Here));
        assert!(places.take("2001:db8:0:1::1".parse().expect("an address")).is_ok());
    }
}
