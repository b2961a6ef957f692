//! HTTPS of the server's own: with a certificate that was given, or with one that an authority of its
//! own vouches for; and telling TLS from plain HTTP, which come to the same port.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{HOST, LOCATION};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use tokio::net::TcpStream;
use tokio_rustls::rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{CertificateError, Error, RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

use super::authority::{self, Authority};
use super::failure::{Failure, Refused};
use super::{App, Origins, StartError};
use crate::spoken;

/// From here on it is said that a given certificate comes to its end.
const ENDS_SOON: Duration = Duration::from_hours(30 * 24);
/// How TLS begins: a record of the handshake. No method of HTTP does.
const HANDSHAKE: u8 = 22;

/// How a server is reached over TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// Not at all, or a proxy before it does it.
    #[default]
    None,
    /// With a certificate from an authority that devices know.
    Given {
        /// The file of the certificate and of what is between it and the authority (PEM).
        certificate: PathBuf,
        /// The file of its key (PEM).
        key: PathBuf,
    },
    /// With an authority of the server's own, whose certificate `/trust` gives to devices.
    Own {
        /// Its file; beside the database where nothing is said.
        file: Option<PathBuf>,
        /// Names and addresses beside this machine's own.
        names: Vec<String>,
    },
}

/// By what devices come to trust this server.
#[derive(Clone, Debug)]
pub enum Trust {
    /// It speaks plain HTTP, as far as it knows.
    Plain,
    /// An authority that they know, here or at a proxy.
    Known,
    /// An authority of its own.
    Own(Authority),
}

findings! {
    /// What people should know of a certificate that works.
    enum Notice {
        Ended { path: String } = Warning "certificate_ended",
            "证书 {path} 已过期，设备会拒绝连接；请换上新证书并重新启动。",
            "The certificate {path} has ended and devices refuse it; replace it and start again.";
        EndsSoon { path: String, days: u64 } = Warning "certificate_ends_soon",
            "证书 {path} 还有 {days} 天到期；请在比赛前更换并重新启动。",
            "The certificate {path} ends in {days} days; replace it before the competition and start again.";
        OtherName { path: String, host: String } = Warning "certificate_other_name",
            "证书 {path} 不适用于 {host}；用这个地址打开的设备会拒绝连接。",
            "The certificate {path} is not for {host}; devices that come by that address refuse it.";
        NotMadeFor { path: String, host: String } = Warning "authority_narrow",
            "自建证书颁发机构 {path} 建立时未包括 {host}，用这个地址打开的设备会拒绝连接；需要它时，请移走该文件以新建（所有设备须重新安装证书）。",
            "The server's own authority {path} was not made for {host}; devices that come by that address refuse it. Where it is needed, move the file away to have a new one made (every device must then trust anew).";
    }
}

/// A given certificate, read and found to fit its key.
pub(super) struct Given {
    path: String,
    key: CertifiedKey,
    /// The names that it is for.
    pub(super) names: Vec<String>,
}

impl Given {
    /// Reads both files.
    pub(super) fn open(certificate: &Path, key: &Path) -> Result<Self, StartError> {
        let unusable =
            |path: &Path, problem| StartError::Certificate { path: path.display().to_string(), problem };
        let read =
            |path: &Path| std::fs::read(path).map_err(|error| unusable(path, spoken::of_system(&error)));
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(certificate)?).collect();
        let none = || {
            unusable(certificate, Spoken::new("里面没有 PEM 格式的证书", "it holds no certificate as PEM"))
        };
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(none)?;
        let keyless =
            || unusable(key, Spoken::new("里面没有 PEM 格式的私钥", "it holds no private key as PEM"));
        let secret = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| keyless())?;
        let names = webpki::EndEntityCert::try_from(&chain[0])
            .map(|leaf| {
                // What stands for many names is no address to come by.
                let names = leaf.valid_dns_names().filter(|name| !name.contains('*'));
                names.map(str::to_ascii_lowercase).collect()
            })
            .map_err(|error| unusable(certificate, spoken::of_library(&error)))?;
        let fitted = CertifiedKey::from_der(chain, secret, &provider());
        let key = fitted.map_err(|error| match error {
            Error::InconsistentKeys(_) => StartError::KeyOther {
                certificate: certificate.display().to_string(),
                key: key.display().to_string(),
            },
            _ => keyless(),
        })?;
        Ok(Self { path: certificate.display().to_string(), key, names })
    }

    /// What people should know of it.
    fn notices(&self, origins: &Origins, now: UnixTime) -> Vec<Finding> {
        let Some(leaf) = self.key.cert.first() else { return Vec::new() };
        let path = || self.path.clone();
        let soon = UnixTime::since_unix_epoch(Duration::from_secs(now.as_secs()) + ENDS_SOON);
        let end = match (has_ended(leaf, now), has_ended(leaf, soon)) {
            (Some(_), _) => Some(Notice::Ended { path: path() }),
            (None, Some(end)) => {
                let days = end.as_secs().saturating_sub(now.as_secs()) / 86_400;
                Some(Notice::EndsSoon { path: path(), days })
            }
            (None, None) => None,
        };
        let others = origins.hosts().filter(|host| !is_for(leaf, host));
        let others = others.map(|host| Notice::OtherName { path: path(), host: host.to_owned() });
        end.into_iter().chain(others).map(|notice| notice.at(Place::default())).collect()
    }
}

/// What connections are answered with, and what devices trust it by.
pub(super) struct Secured {
    pub(super) config: Option<Arc<ServerConfig>>,
    pub(super) trust: Trust,
    pub(super) notices: Vec<Finding>,
}

impl Secured {
    /// Plain HTTP.
    pub(super) fn plain(origins: &Origins) -> Self {
        let trust = if origins.are_secure() { Trust::Known } else { Trust::Plain };
        Self { config: None, trust, notices: Vec::new() }
    }

    /// TLS with a given certificate.
    pub(super) fn given(given: Given, origins: &Origins) -> Result<Self, StartError> {
        let notices = given.notices(origins, UnixTime::now());
        Ok(Self { config: Some(config(given.key)?), trust: Trust::Known, notices })
    }

    /// TLS with an authority of its own, which vouches for every host that browsers may come by.
    pub(super) fn own(file: &Path, origins: &Origins) -> Result<Self, StartError> {
        let mut hosts: Vec<String> = origins.hosts().map(str::to_owned).collect();
        // This machine's own programs come by these whatever the origins are.
        hosts.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
        hosts.sort();
        hosts.dedup();
        let authority::Opened { authority, vouched: (chain, key), beyond } =
            authority::open(file, &hosts, UnixTime::now())?;
        let path = file.display().to_string();
        let notice = |host| Notice::NotMadeFor { path: path.clone(), host }.at(Place::default());
        let notices = beyond.into_iter().map(notice).collect();
        let key = CertifiedKey::from_der(chain, key, &provider()).map_err(|error| failed(&error))?;
        Ok(Self { config: Some(config(key)?), trust: Trust::Own(authority), notices })
    }
}

fn failed(error: &Error) -> StartError {
    StartError::Failed { problem: spoken::of_library(error) }
}

fn provider() -> CryptoProvider {
    ring::default_provider()
}

fn config(key: CertifiedKey) -> Result<Arc<ServerConfig>, StartError> {
    let builder = ServerConfig::builder_with_provider(Arc::new(provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|error| failed(&error))?;
    let resolver = Arc::new(SingleCertAndKey::from(key));
    let mut config = builder.with_no_client_auth().with_cert_resolver(resolver);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A hall that comes back all at once needs no whole handshake each.
    config.ticketer = ring::Ticketer::new().map_err(|error| failed(&error))?;
    Ok(Arc::new(config))
}

/// When a certificate ended, where it had by then.
pub(super) fn has_ended(certificate: &CertificateDer<'_>, by: UnixTime) -> Option<UnixTime> {
    // The verifier looks at the time before it looks for an authority, of which there is none here.
    match verify(certificate, &[], &RootCertStore::empty(), by) {
        Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => Some(not_after),
        _ => None,
    }
}

/// Whether an authority vouches for a certificate, as devices will ask.
pub(super) fn is_vouched_for(
    chain: &[CertificateDer<'_>],
    authority: &CertificateDer<'static>,
    now: UnixTime,
) -> bool {
    let mut roots = RootCertStore::empty();
    let Some((leaf, between)) = chain.split_first() else { return false };
    roots.add(authority.clone()).is_ok() && verify(leaf, between, &roots, now).is_ok()
}

fn verify(
    leaf: &CertificateDer<'_>,
    between: &[CertificateDer<'_>],
    roots: &RootCertStore,
    at: UnixTime,
) -> Result<(), Error> {
    let algorithms = provider().signature_verification_algorithms.all;
    verify_server_cert_signed_by_trust_anchor(
        &ParsedCertificate::try_from(leaf)?,
        roots,
        between,
        at,
        algorithms,
    )
}

/// Whether a certificate is for a host.
fn is_for(certificate: &CertificateDer<'_>, host: &str) -> bool {
    let (Ok(parsed), Ok(name)) = (ParsedCertificate::try_from(certificate), ServerName::try_from(host))
    else {
        return false;
    };
    verify_server_name(&parsed, &name).is_ok()
}

/// A connection, once it is known what comes over it.
pub(super) enum Opened {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Does the handshake where one is begun.
///
/// # Errors
/// Where it fails, or the other end goes away.
pub(super) async fn open(stream: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<Opened> {
    let mut first = [0];
    // Plain HTTP at the port of HTTPS is somebody who typed the address without its beginning, or a
    // device that does not trust us yet.
    if stream.peek(&mut first).await? == 1 && first == [HANDSHAKE] {
        let stream = tokio_rustls::TlsAcceptor::from(config).accept(stream).await?;
        Ok(Opened::Tls(Box::new(stream)))
    } else {
        Ok(Opened::Plain(stream))
    }
}

/// Marks a request that came in plain where TLS is spoken.
#[derive(Clone, Copy, Debug)]
pub(super) struct InPlain;

/// Of what came in plain where TLS is spoken, answers only what a device needs to trust the server;
/// leads the rest to HTTPS.
pub(super) async fn lead(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.extensions().get::<InPlain>().is_none() {
        return next.run(request).await;
    }
    let path = request.uri().path();
    let is_for_trust = path == "/trust" || path == "/preferences";
    let is_file = ["/trust/", "/assets/"].iter().any(|start| path.starts_with(start));
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    match (is_read, is_for_trust || is_file) {
        (true, true) => next.run(request).await,
        (true, false) => {
            let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
            let origin = app.origins.of_host(host.unwrap_or_default());
            let to = format!("{origin}{}", request.uri().path_and_query().map_or("/", |path| path.as_str()));
            (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)]).into_response()
        }
        (false, _) => Failure::from(Refused::InPlain).into_response(),
    }
}
