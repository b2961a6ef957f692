//! How a program comes to a server: plainly, or over TLS where an authority that it was told to trust vouches
//! for the server. No other authority is trusted, those of browsers neither.

use std::io::{Error, ErrorKind};
use std::sync::Arc;

use domain::findings;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

findings! {
    /// Why no authority can be trusted by a text.
    pub enum AuthorityError {
        NoCertificate = Error "authority_no_certificate",
            "里面没有可用的机构证书；请用服务器的 /trust/leitai-authority.pem",
            "it holds no certificate of an authority; take the server's /trust/leitai-authority.pem";
    }
}

/// The authorities by which a program trusts a server.
#[derive(Clone, Debug)]
pub struct Authority(Arc<ClientConfig>);

impl Authority {
    /// Those whose certificates stand in a text (PEM); what else stands there is of no interest.
    ///
    /// # Errors
    /// Where there is none, or one that is none.
    pub fn read(pem: &[u8]) -> Result<Self, AuthorityError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| AuthorityError::NoCertificate)?;
            roots.add(certificate).map_err(|_| AuthorityError::NoCertificate)?;
        }
        if roots.is_empty() {
            return Err(AuthorityError::NoCertificate);
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions();
        let builder = builder.map_err(|_| AuthorityError::NoCertificate)?;
        Ok(Self(Arc::new(builder.with_root_certificates(roots).with_no_client_auth())))
    }
}

/// A connection, encrypted or not.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Duplex for S {}

/// Connects; over TLS where an authority is given. The host is a name or an address, that of IPv6 in brackets
/// or without.
///
/// # Errors
/// What the system says; [`ErrorKind::InvalidData`] where TLS does not come about, most often because the
/// authority does not vouch for this host.
pub async fn reach(host: &str, port: u16, authority: Option<&Authority>) -> Result<Box<dyn Duplex>, Error> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((host, port)).await?;
    // A request of a few bytes is not to wait for more.
    let _ = stream.set_nodelay(true);
    let Some(Authority(config)) = authority else { return Ok(Box::new(stream)) };
    let unfit = |_| Error::from(ErrorKind::InvalidInput);
    let name = ServerName::try_from(host.to_owned()).map_err(unfit)?;
    Ok(Box::new(TlsConnector::from(Arc::clone(config)).connect(name, stream).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_certificate_makes_nobody_trusted() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for text in ["", "leitai", broken] {
            assert!(Authority::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
