//! Where browsers may come from: an exact list, asked before every act and every socket.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Uri};

use super::StartError;

/// The origins that are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins {
    list: Vec<String>,
}

impl Origins {
    /// Those given; without any, the names and addresses of this machine at the port listened on.
    ///
    /// # Errors
    /// Where one of them is no origin.
    pub fn new(given: &[String], listen: SocketAddr) -> Result<Self, StartError> {
        if let Some(bad) = given.iter().find(|origin| !is_origin(origin)) {
            return Err(StartError::Origin { origin: bad.clone() });
        }
        let list = if given.is_empty() { of_this_machine(listen) } else { given.to_vec() };
        Ok(Self { list })
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
        && !authority.as_str().contains('@')
        && !text.bytes().any(|byte| byte.is_ascii_uppercase())
        && text.split_once("://").is_some_and(|(_, rest)| rest == authority.as_str())
}

fn of_this_machine(listen: SocketAddr) -> Vec<String> {
    let port = listen.port();
    let of =
        |host: String| if port == 80 { format!("http://{host}") } else { format!("http://{host}:{port}") };
    let mut list = Vec::new();
    if listen.ip().is_loopback() || listen.ip().is_unspecified() {
        list.push(of("127.0.0.1".to_owned()));
        list.push(of("localhost".to_owned()));
        list.push(of("[::1]".to_owned()));
    }
    let outside = if listen.ip().is_unspecified() { outside_address() } else { Some(listen.ip()) };
    if let Some(address) = outside.filter(|address| !address.is_loopback()) {
        list.push(of(match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        }));
    }
    list
}

/// The address under which others in the hall reach this machine. Connecting a datagram socket sends
/// nothing; it only makes the system choose the way.
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
        let ours = Origins::new(&["https://contest.example".to_owned()], ([127, 0, 0, 1], 8080).into());
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
            "ftp://contest.example",
            "https://contest.example/",
            "https://a@b",
            "https://A.example",
            "*",
        ] {
            let made = Origins::new(&[bad.to_owned()], ([127, 0, 0, 1], 8080).into());
            assert_eq!(made, Err(StartError::Origin { origin: bad.to_owned() }), "{bad}");
        }
    }
}
