//! A program's HTTP: requests to a server of ours, each over a connection of its own.

use std::time::Duration;

use domain::finding::{Finding, Language, Place, Spoken};
use domain::findings;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use server::spoken;
use tokio::net::TcpStream;

/// Within this an answer must be there: longer than any server of ours takes.
const ANSWER_WITHIN: Duration = Duration::from_secs(90);

/// The code of what a server answered and did not do.
pub(crate) const REFUSED: &str = "server_refused";

findings! {
    /// Why a server did not do what it was asked.
    pub(crate) enum HttpFinding {
        UrlUnfit { url: String } = Error "server_url_unfit",
            "“{url}”不是服务器的地址；请写成 http://名称或地址:端口，后面不带路径。不支持 https：请用服务器自己的地址。",
            "\"{url}\" is no server's address; write http://name:port, without a path. TLS is not spoken: give the server's own address.";
        Unreachable { server: String, problem: Spoken } = Error "server_unreachable",
            "连不上服务器 {server}：{problem:#}。",
            "The server {server} cannot be reached: {problem}.";
        TooSlow { server: String } = Error "server_silent",
            "服务器 {server} 没有及时应答。",
            "The server {server} did not answer in time.";
        Refused { server: String, status: u16, problem: Spoken } = Error "server_refused",
            "服务器 {server} 拒绝了请求（{status}）：{problem:#}",
            "The server {server} refused ({status}): {problem}";
        Unreadable { server: String, problem: Spoken } = Error "server_answer_unreadable",
            "服务器 {server} 的应答读不懂：{problem:#}。",
            "The answer of the server {server} cannot be read: {problem}.";
    }
}

/// Somebody who calls one server.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// `name:port`
    authority: String,
    bearer: Option<String>,
    language: Language,
}

/// A problem body as it comes.
#[derive(Deserialize)]
struct Problem {
    detail: String,
    #[serde(default)]
    findings: Vec<ProblemFinding>,
}

#[derive(Deserialize)]
struct ProblemFinding {
    #[serde(default)]
    file: String,
    message: String,
}

impl Client {
    /// Nobody in particular, at `http://name:port`.
    ///
    /// # Errors
    /// Where that is no address of a server.
    pub(crate) fn new(url: &str, language: Language) -> Result<Self, Finding> {
        let unfit = || HttpFinding::UrlUnfit { url: url.to_owned() }.at(Place::default());
        let uri: Uri = url.trim().parse().map_err(|_| unfit())?;
        let is_plain = uri.scheme_str() == Some("http") && matches!(uri.path(), "" | "/");
        let authority = uri.authority().filter(|_| is_plain && uri.query().is_none()).ok_or_else(unfit)?;
        if authority.as_str().contains('@') {
            return Err(unfit());
        }
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self { authority: format!("{}:{port}", authority.host()), bearer: None, language })
    }

    /// The same, signed in.
    pub(crate) fn with_bearer(&self, bearer: String) -> Self {
        Self { bearer: Some(bearer), ..self.clone() }
    }

    /// Where a judge's socket is.
    pub(crate) fn socket(&self) -> String {
        format!("ws://{}/api/judge/socket", self.authority)
    }

    /// Reads something.
    ///
    /// # Errors
    /// Where the server does not answer, refuses, or says something else.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Finding> {
        let bytes = self.send(Method::GET, path, "", Vec::new()).await?;
        self.read(&bytes)
    }

    /// Asks for something, and reads the answer.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) async fn ask<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
    ) -> Result<T, Finding> {
        let bytes = self.post(path, body).await?;
        self.read(&bytes)
    }

    /// Asks for something that is answered with nothing.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) async fn tell<B: Serialize>(&self, path: &str, body: &B) -> Result<(), Finding> {
        self.post(path, body).await.map(|_| ())
    }

    async fn post<B: Serialize>(&self, path: &str, body: &B) -> Result<Vec<u8>, Finding> {
        let unreadable = |error: serde_json::Error| self.unreadable(&error);
        let bytes = serde_json::to_vec(body).map_err(unreadable)?;
        self.send(Method::POST, path, "application/json", bytes).await
    }

    /// Sends bytes of a kind; gives the bytes of a good answer.
    ///
    /// # Errors
    /// Where the server does not answer or refuses.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, Finding> {
        let answering = self.exchange(method, path, kind, body);
        let Ok(answer) = tokio::time::timeout(ANSWER_WITHIN, answering).await else {
            return Err(HttpFinding::TooSlow { server: self.authority.clone() }.at(Place::default()));
        };
        let (status, bytes) = answer.map_err(|problem| {
            HttpFinding::Unreachable { server: self.authority.clone(), problem }.at(Place::default())
        })?;
        if status.is_success() { Ok(bytes) } else { Err(self.refused(status, &bytes)) }
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Vec<u8>), Spoken> {
        let broken = |error: hyper::Error| Spoken::new("连接中断", error.to_string());
        let stream = TcpStream::connect(&self.authority).await.map_err(|error| spoken::of_system(&error))?;
        // A request of a few bytes is not to wait for more.
        let _ = stream.set_nodelay(true);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        let driving = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.authority)
            .header(CONNECTION, "close")
            .header(ACCEPT_LANGUAGE, if self.language == Language::Chinese { "zh" } else { "en" });
        if let Some(bearer) = &self.bearer {
            request = request.header(AUTHORIZATION, format!("Bearer {bearer}"));
        }
        if !kind.is_empty() {
            request = request.header(CONTENT_TYPE, kind);
        }
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| Spoken::new("请求写不成", error.to_string()))?;
        let answer = sender.send_request(request).await.map_err(broken)?;
        let status = answer.status();
        let bytes = answer.into_body().collect().await.map_err(broken)?.to_bytes().to_vec();
        drop(sender);
        // It has said everything by now; how it ends is of no interest.
        driving.abort();
        Ok((status, bytes))
    }

    fn read<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, Finding> {
        serde_json::from_slice(bytes).map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &serde_json::Error) -> Finding {
        let problem = spoken::of_library(error);
        HttpFinding::Unreadable { server: self.authority.clone(), problem }.at(Place::default())
    }

    /// What the server said is wrong, in the language that it was asked in.
    fn refused(&self, status: StatusCode, bytes: &[u8]) -> Finding {
        let said = match serde_json::from_slice::<Problem>(bytes) {
            Ok(Problem { detail, findings }) => {
                let more =
                    findings.into_iter().map(|finding| format!(" {} {}", finding.file, finding.message));
                std::iter::once(detail).chain(more).collect()
            }
            Err(_) => String::from_utf8_lossy(bytes).chars().take(200).collect::<String>(),
        };
        let problem = Spoken::new(said.clone(), said);
        let server = self.authority.clone();
        HttpFinding::Refused { server, status: status.as_u16(), problem }.at(Place::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_servers_address_is_one() {
        let client = |url: &str| Client::new(url, Language::English);
        for (url, authority) in
            [("http://contest.example", "contest.example:80"), ("http://127.0.0.1:8080/", "127.0.0.1:8080")]
        {
            assert_eq!(client(url).map(|client| client.authority).ok().as_deref(), Some(authority));
        }
        for url in
            ["contest.example", "https://contest.example", "http://a@b", "http://a/b", "http://a/?b", ""]
        {
            assert_eq!(client(url).err().map(|finding| finding.code), Some("server_url_unfit"), "{url}");
        }
    }
}
