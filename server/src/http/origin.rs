//! Where browsers may come from: an exact list, asked before every act and every socket.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Uri};
use tokio_rustls::rustls::pki_types::ServerName;

use super::StartError;

/// The origins that are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins {
    list: Vec<String>,
}

impl Origins {
    /// Those given; without any, the names and addresses of this machine at the port listened on. Where
    /// TLS is spoken, all of them are of HTTPS, and these names are added.
    ///
    /// # Errors
    /// Where one of them is no origin, or no name of a host.
    pub fn new(given: &[String], listen: SocketAddr, tls: Option<&[String]>) -> Result<Self, StartError> {
        if let Some(bad) = given.iter().find(|origin| !is_origin(origin)) {
            return Err(StartError::Origin { origin: bad.clone() });
        }
        let is_plain = |origin: &&String| tls.is_some() && !origin.starts_with("https://");
        if let Some(plain) = given.iter().find(is_plain) {
            return Err(StartError::OriginPlain { origin: plain.clone() });
        }
        let scheme = if tls.is_some() { "https" } else { "http" };
        let list = if given.is_empty() { of_this_machine(scheme, listen) } else { given.to_vec() };
        let mut origins = Self { list };
        for name in tls.unwrap_or_default() {
            let origin = at_port(scheme, name, listen.port());
            if ServerName::try_from(name.as_str()).is_err() || !is_origin(&origin) {
                return Err(StartError::Name { name: name.clone() });
            }
            if !origins.list.contains(&origin) {
                origins.list.push(origin);
            }
        }
        Ok(origins)
    }

    /// Whether a request says that it comes from elsewhere, or hides it. What is no browser says
    /// nothing and is let through: it holds no cookies of others.
    #[must_use]
    pub fn are_foreign_to(&self, headers: &HeaderMap) -> bool {
        let mut said = headers.get_all(ORIGIN).iter();
        match (said.next(), said.next()) {
            (None, _) => {
                headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
            }
            (Some(origin), None) => !self.list.iter().any(|ours| ours.as_bytes() == origin.as_bytes()),
            (Some(_), Some(_)) => true,
        }
    }

    /// Whether browsers come by TLS, so that cookies are for that alone.
    #[must_use]
    pub fn are_secure(&self) -> bool {
        self.list.iter().all(|origin| origin.starts_with("https://"))
    }

    /// The address to give to people: the first that others can reach too.
    #[must_use]
    pub fn public(&self) -> &str {
        let own = ["//127.", "//localhost", "//[::1]"];
        let outside = self.list.iter().find(|origin| !own.iter().any(|own| origin.contains(own)));
        outside.or(self.list.first()).map_or("", String::as_str)
    }

    /// The same in plain HTTP, which comes to the port of HTTPS as well, for who does not trust us yet.
    #[must_use]
    pub fn public_in_plain(&self) -> String {
        let Some(host) = self.public().strip_prefix("https://") else { return self.public().to_owned() };
        let has_port = host.rsplit_once(']').map_or(host, |(_, behind)| behind).contains(':');
        if has_port { format!("http://{host}") } else { format!("http://{host}:443") }
    }

    /// The one whose host and port a browser named; else the public one.
    pub(super) fn of_host(&self, host: &str) -> &str {
        let is_it = |origin: &&String| origin.split_once("://").is_some_and(|(_, known)| known == host);
        self.list.iter().find(is_it).map_or(self.public(), String::as_str)
    }

    /// Their hosts, without ports and brackets.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter_map(|origin| {
            let (_, host) = origin.split_once("://")?;
            match host.strip_prefix('[') {
                Some(address) => Some(address.split_once(']')?.0),
                None => Some(host.split_once(':').map_or(host, |(host, _)| host)),
            }
        })
    }

    /// Every origin.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    /// The same hosts as their sockets' origins. A policy cannot name an address in brackets; browsers
    /// that would need it there take `'self'` for it.
    pub(super) fn sockets(&self) -> impl Iterator<Item = String> {
        self.list.iter().filter(|origin| !origin.contains('[')).map(|origin| origin.replacen("http", "ws", 1))
    }
}

/// `scheme://host` or `scheme://host:port`, as a browser writes it.
fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let Some(authority) = uri.authority() else { return false };
    is_web
        && !authority.host().is_empty()
        && !authority.as_str().contains('@')
        && !text.bytes().any(|byte| byte.is_ascii_uppercase())
        && text.split_once("://").is_some_and(|(_, rest)| rest == authority.as_str())
}

fn of_this_machine(scheme: &str, listen: SocketAddr) -> Vec<String> {
    let mut hosts = Vec::new();
    if listen.ip().is_loopback() || listen.ip().is_unspecified() {
        hosts.extend(["127.0.0.1", "localhost", "::1"].map(str::to_owned));
    }
    if listen.ip().is_unspecified() {
        hosts.extend(addresses().iter().map(IpAddr::to_string));
    } else {
        hosts.push(listen.ip().to_string());
    }
    let mut list: Vec<String> = Vec::new();
    for origin in hosts.iter().map(|host| at_port(scheme, host, listen.port())) {
        if !list.contains(&origin) {
            list.push(origin);
        }
    }
    list
}

fn at_port(scheme: &str, host: &str, port: u16) -> String {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    match (scheme, port) {
        ("http", 80) | ("https", 443) => format!("{scheme}://{host}"),
        _ => format!("{scheme}://{host}:{port}"),
    }
}

/// The addresses under which others in the hall reach this machine: first that of the way out, then
/// those of its other networks, since a hall's own network may lead nowhere.
fn addresses() -> Vec<IpAddr> {
    let way_out = outside_address();
    // Where the system does not tell, the way out is what there is.
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let others = all.iter().map(if_addrs::Interface::ip).filter(|ip| ip.is_ipv4() && Some(*ip) != way_out);
    way_out.into_iter().chain(others).filter(|ip| !ip.is_loopback() && !ip.is_unspecified()).collect()
}

/// The address of the way out. Connecting a datagram socket sends nothing; it only makes the system
/// choose the way.
fn outside_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    // An address of the documentation's range (RFC 5737): any way out will do.
    socket.connect(("192.0.2.1", 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(origin: &str) -> HeaderMap {
        HeaderMap::from_iter([(ORIGIN, origin.parse().expect("a header"))])
    }

    #[test]
    fn only_exactly_our_own_are_let_in() {
        let ours = Origins::new(&["https://contest.example".to_owned()], ([127, 0, 0, 1], 8080).into(), None);
        let ours = ours.expect("an origin");
        assert!(!ours.are_foreign_to(&from("https://contest.example")));
        for foreign in [
            "null",
            "http://contest.example",
            "https://contest.example:8443",
            "https://contest.example.evil.example",
            "https://evil-contest.example",
            "https://CONTEST.example",
            "https://contest.example/",
            "https://contest.example.",
            "",
        ] {
            assert!(ours.are_foreign_to(&from(foreign)), "{foreign}");
        }
        let mut two = from("https://contest.example");
        two.append(ORIGIN, "https://evil.example".parse().expect("a header"));
        assert!(ours.are_foreign_to(&two));
        let hidden = HeaderMap::from_iter([(
            "sec-fetch-site".parse().expect("a name"),
            "cross-site".parse().expect("a value"),
        )]);
        assert!(ours.are_foreign_to(&hidden));
        assert!(!ours.are_foreign_to(&HeaderMap::new()), "a program, not a browser");
    }

    #[test]
    fn what_is_no_origin_is_refused_at_the_start() {
        for bad in [
            "contest.example",
            "https://",
            "https://:8443",
            "ftp://contest.example",
            "https://contest.example/",
            "https://a@b",
            "https://A.example",
            "*",
        ] {
            let made = Origins::new(&[bad.to_owned()], ([127, 0, 0, 1], 8080).into(), None);
            assert_eq!(made, Err(StartError::Origin { origin: bad.to_owned() }), "{bad}");
        }
    }

    #[test]
    fn over_tls_every_origin_is_secure_and_names_are_added() {
        let names = ["leitai.lan".to_owned(), "10.1.2.3".to_owned()];
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let ours = Origins::new(&[], at(8443), Some(&names)).expect("origins");
        assert!(ours.are_secure());
        assert_eq!(ours.public(), "https://leitai.lan:8443");
        let hosts: Vec<&str> = ours.hosts().collect();
        assert_eq!(hosts, ["127.0.0.1", "localhost", "::1", "leitai.lan", "10.1.2.3"]);
        assert_eq!(ours.of_host("[::1]:8443"), "https://[::1]:8443");
        assert_eq!(ours.of_host("evil.example"), "https://leitai.lan:8443");
        let at_443 = Origins::new(&[], at(443), Some(&[])).expect("origins");
        assert_eq!(at_443.public(), "https://127.0.0.1");
        assert_eq!(at_443.public_in_plain(), "http://127.0.0.1:443");
        assert_eq!(ours.public_in_plain(), "http://leitai.lan:8443");
        let given = ["https://contest.example".to_owned()];
        let given = Origins::new(&given, at(8443), Some(&names)).expect("origins");
        let all: Vec<&str> = given.all().collect();
        assert_eq!(all, ["https://contest.example", "https://leitai.lan:8443", "https://10.1.2.3:8443"]);
        let plain = "http://contest.example".to_owned();
        let refused = Origins::new(std::slice::from_ref(&plain), at(8443), Some(&[]));
        assert_eq!(refused, Err(StartError::OriginPlain { origin: plain }));
        for bad in ["leitai.lan:8443", "https://leitai.lan", "a b", "", "*.lan", "LEITAI.lan"] {
            let refused = Origins::new(&[], at(8443), Some(&[bad.to_owned()]));
            assert_eq!(refused, Err(StartError::Name { name: bad.to_owned() }), "{bad}");
        }
    }
}
