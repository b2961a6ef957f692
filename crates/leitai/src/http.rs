//! A program's HTTP: requests to a server of ours, each over a connection of its own.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use domain::finding::{Finding, Language, Place, Spoken};
use domain::findings;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use judge_client::native::{Authority, reach};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use server::spoken;

/// Within this an answer must be there: longer than any server of ours takes.
const ANSWER_WITHIN: Duration = Duration::from_secs(90);

/// The code of what a server answered and did not do.
pub(crate) const REFUSED: &str = "server_refused";

findings! {
    /// Why a server did not do what it was asked.
    pub(crate) enum HttpFinding {
        UrlUnfit { url: String } = Error "server_url_unfit",
            "“{url}”不是服务器的地址；请写成 http://名称或地址:端口 或 https://名称或地址:端口，后面不带路径。",
            "\"{url}\" is no server's address; write http://name:port or https://name:port, without a path.";
        AuthorityUnsaid { url: String } = Error "server_authority_unsaid",
            "“{url}”用 HTTPS；请用 --authority 给出信任的机构证书，例如服务器的 /trust/leitai-authority.pem。",
            "\"{url}\" speaks HTTPS: say by --authority whose certificate is trusted, such as the server's /trust/leitai-authority.pem.";
        AuthorityUnfit { path: String, problem: Spoken } = Error "server_authority_unfit",
            "机构证书文件 {path} 不可用：{problem:#}。",
            "The authority's file {path} cannot be used: {problem}.";
        Untrusted { server: String } = Error "server_untrusted",
            "没有与服务器 {server} 建立加密连接：它的证书不是所信任的机构签发的，或不适用于这个地址；请核对 --authority 和地址。",
            "No encrypted connection with the server {server}: the trusted authority does not vouch for it, or not for this address; check --authority and the address.";
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
    server: String,
    host: String,
    port: u16,
    /// By which authority it trusts the server; without one it speaks plainly.
    authority: Option<Authority>,
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
    /// Nobody in particular, at `http://name:port`, or at `https://name:port` where an authority is trusted.
    ///
    /// # Errors
    /// Where that is no address of a server, or of one whom nobody vouches for.
    pub(crate) fn new(url: &str, authority: Option<&Authority>, language: Language) -> Result<Self, Finding> {
        let unfit = || HttpFinding::UrlUnfit { url: url.to_owned() }.at(Place::default());
        let uri: Uri = url.trim().parse().map_err(|_| unfit())?;
        let (is_secure, usual) = match uri.scheme_str() {
            Some("http") => (false, 80),
            Some("https") => (true, 443),
            _ => return Err(unfit()),
        };
        let is_whole = matches!(uri.path(), "" | "/") && uri.query().is_none();
        let place = uri.authority().filter(|_| is_whole).ok_or_else(unfit)?;
        if place.as_str().contains('@') {
            return Err(unfit());
        }
        if is_secure && authority.is_none() {
            return Err(HttpFinding::AuthorityUnsaid { url: url.to_owned() }.at(Place::default()));
        }
        let (host, port) = (place.host().to_owned(), place.port_u16().unwrap_or(usual));
        let authority = authority.filter(|_| is_secure).cloned();
        Ok(Self { server: format!("{host}:{port}"), host, port, authority, bearer: None, language })
    }

    /// The same, signed in.
    pub(crate) fn with_bearer(&self, bearer: String) -> Self {
        Self { bearer: Some(bearer), ..self.clone() }
    }

    /// Where a judge's socket is.
    pub(crate) fn socket(&self) -> String {
        let scheme = if self.authority.is_some() { "wss" } else { "ws" };
        format!("{scheme}://{}/api/judge/socket", self.server)
    }

    /// By which authority the server is trusted.
    pub(crate) fn authority(&self) -> Option<&Authority> {
        self.authority.as_ref()
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

    /// Puts something in its place.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) async fn put<B: Serialize>(&self, path: &str, body: &B) -> Result<(), Finding> {
        let bytes = serde_json::to_vec(body).map_err(|error| self.unreadable(&error))?;
        self.send(Method::PUT, path, "application/json", bytes).await.map(|_| ())
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
            return Err(HttpFinding::TooSlow { server: self.server.clone() }.at(Place::default()));
        };
        let (status, bytes) = answer.map_err(|finding| finding.at(Place::default()))?;
        if status.is_success() { Ok(bytes) } else { Err(self.refused(status, &bytes)) }
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Vec<u8>), HttpFinding> {
        let unreachable = |problem| HttpFinding::Unreachable { server: self.server.clone(), problem };
        let broken = |error: hyper::Error| unreachable(Spoken::new("连接中断", error.to_string()));
        let stream = reach(&self.host, self.port, self.authority.as_ref()).await;
        let stream = stream.map_err(|error| match error.kind() {
            ErrorKind::InvalidData if self.authority.is_some() => {
                HttpFinding::Untrusted { server: self.server.clone() }
            }
            _ => unreachable(spoken::of_system(&error)),
        })?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        let driving = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.server)
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
            .map_err(|error| unreachable(Spoken::new("请求写不成", error.to_string())))?;
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
        HttpFinding::Unreadable { server: self.server.clone(), problem }.at(Place::default())
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
        let server = self.server.clone();
        HttpFinding::Refused { server, status: status.as_u16(), problem }.at(Place::default())
    }
}

/// The authority whose certificate stands in a file (PEM).
///
/// # Errors
/// Where the file cannot be read or holds none.
pub(crate) fn authority(file: &Path) -> Result<Authority, Finding> {
    let unfit = |problem| {
        HttpFinding::AuthorityUnfit { path: file.display().to_string(), problem }.at(Place::default())
    };
    let pem = std::fs::read(file).map_err(|error| unfit(spoken::of_system(&error)))?;
    Authority::read(&pem).map_err(|error| unfit(error.spoken()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_servers_address_is_one_and_https_needs_an_authority() {
        let client = |url: &str| Client::new(url, None, Language::English);
        for (url, server) in
            [("http://contest.example", "contest.example:80"), ("http://127.0.0.1:8080/", "127.0.0.1:8080")]
        {
            assert_eq!(client(url).map(|client| client.server).ok().as_deref(), Some(server));
        }
        let refused = |url: &str| client(url).err().map(|finding| finding.code);
        for url in ["contest.example", "ftp://contest.example", "http://a@b", "http://a/b", "http://a/?b", ""]
        {
            assert_eq!(refused(url), Some("server_url_unfit"), "{url}");
        }
        assert_eq!(refused("https://contest.example"), Some("server_authority_unsaid"));
    }
}
