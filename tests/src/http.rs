//! A small HTTP client of the tests' own: it says exactly what it is told to, hostile things too.

use std::net::SocketAddr;

use protocol::account::{FactorBegin, FactorCode, FactorDraft, Recovery};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// Somebody who calls a server, each call over a connection of its own.
#[derive(Clone, Debug)]
pub struct Browser {
    address: SocketAddr,
    /// What goes behind `Authorization: Bearer`.
    pub bearer: Option<String>,
    /// More headers.
    pub headers: Vec<(&'static str, &'static str)>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, in lower case up to each colon.
    head: Vec<(String, String)>,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as text, as far as it is.
    pub text: String,
}

/// What an authenticator shows so many steps of 30 seconds from now; a server takes one step ahead.
#[must_use]
pub fn code_in(secret: &str, steps: u64) -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    server::accounts::code_at(secret, since.as_secs() + steps * 30).expect("a secret")
}

/// A connection that takes little before it is read: whoever sends more has to wait.
pub async fn narrow_connection(address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small buffer");
    socket.connect(address).await.expect("a connection")
}

impl Browser {
    /// Nobody in particular.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self { address, bearer: None, headers: Vec::new() }
    }

    /// The same person at another server.
    #[must_use]
    pub fn at(self, address: SocketAddr) -> Self {
        Self { address, ..self }
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Vec::new(), "").await
    }

    /// Posts a body as JSON.
    pub async fn post<T: Serialize>(&self, path: &str, body: &T) -> Answer {
        let body = serde_json::to_vec(body).expect("JSON");
        self.send("POST", path, body, "application/json").await
    }

    /// Sets a second factor up, as somebody with an authenticator and the tests' usual password does; gives its
    /// secret.
    pub async fn set_factor(&self) -> String {
        let password = "correct horse battery".to_owned();
        let draft: FactorDraft = self.post("/api/me/factor", &FactorBegin { password }).await.json(200);
        let body = serde_json::to_vec(&FactorCode { code: code_in(&draft.secret, 0) }).expect("JSON");
        let answer = self.send("PUT", "/api/me/factor", body, "application/json").await;
        assert_eq!(answer.json::<Recovery>(200).codes.len(), 8);
        draft.secret
    }

    /// Sends the fields of a page's form.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send("POST", path, body.join("&").into_bytes(), "application/x-www-form-urlencoded").await
    }

    /// Sends anything.
    pub async fn send(&self, method: &str, path: &str, body: Vec<u8>, kind: &str) -> Answer {
        self.attempt(method, path, body, kind).await.expect("an answer")
    }

    /// Sends anything to a server that may be down, or go down meanwhile.
    ///
    /// # Errors
    /// Where no whole head of an answer came back.
    pub async fn attempt(
        &self,
        method: &str,
        path: &str,
        body: Vec<u8>,
        kind: &str,
    ) -> std::io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        if let Some(bearer) = &self.bearer {
            head += &format!("authorization: Bearer {bearer}\r\n");
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !kind.is_empty() {
            head += &format!("content-type: {kind}\r\n");
        }
        head += &format!("content-length: {}\r\n\r\n", body.len());
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(head.as_bytes()).await?;
        // A server that refuses early may close before it has everything.
        let _ = stream.write_all(&body).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        Answer::read(&bytes).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }
}

impl Answer {
    /// None where the head is cut off.
    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let pairs = lines.filter_map(|line| line.split_once(':'));
        let head: Vec<(String, String)> =
            pairs.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
        let is_chunked = head.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let body = &bytes[end + 4..];
        let bytes = if is_chunked { unchunked(body) } else { body.to_vec() };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Some(Self { status: status.expect("a status"), head, bytes, text })
    }

    /// The cookies that it sets, as a browser sends them back; one that is taken away is left out.
    #[must_use]
    pub fn cookies(&self) -> Vec<String> {
        let set = self.head.iter().filter(|(name, _)| name == "set-cookie");
        let pairs = set.filter_map(|(_, value)| value.split(';').next());
        pairs.filter(|pair| !pair.ends_with('=')).map(str::to_owned).collect()
    }

    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON, where the status is as expected.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status, status, "{}", self.text);
        serde_json::from_slice(&self.bytes).expect("JSON of that shape")
    }

    /// The code of a problem; empty where it is none.
    #[must_use]
    pub fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let size =
            std::str::from_utf8(&body[..end]).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        let size = size.expect("a chunk's size");
        if size == 0 {
            break;
        }
        // Of a chunk that is cut off there is nothing.
        let Some(chunk) = body.get(end + 2..end + 2 + size) else { break };
        whole.extend_from_slice(chunk);
        body = body.get(end + 4 + size..).unwrap_or_default();
    }
    whole
}
