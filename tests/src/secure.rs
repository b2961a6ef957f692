//! A device that trusts an authority, and reaches a server by TLS alone.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A device that trusts one authority and nobody else.
#[derive(Clone)]
pub struct Device {
    connector: TlsConnector,
    host: ServerName<'static>,
}

impl Device {
    /// One that was given this certificate (DER), and comes to a host by this name or address.
    #[must_use]
    pub fn trusting(authority: &[u8], host: &str) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(authority.to_vec())).expect("an authority");
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().expect("versions of TLS");
        let config = builder.with_root_certificates(roots).with_no_client_auth();
        let host = ServerName::try_from(host.to_owned()).expect("a host");
        Self { connector: TlsConnector::from(Arc::new(config)), host }
    }

    /// A connection that is agreed upon.
    ///
    /// # Errors
    /// Where the server is away, or the device does not trust it.
    pub async fn connect(&self, server: SocketAddr) -> io::Result<TlsStream<TcpStream>> {
        self.connector.connect(self.host.clone(), TcpStream::connect(server).await?).await
    }

    /// An address of this machine behind which everything goes to the server by TLS, so that whoever
    /// speaks plain HTTP there speaks HTTPS with the server.
    pub async fn tunnel(&self, server: SocketAddr) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let device = self.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let device = device.clone();
                tokio::spawn(async move {
                    // What cannot be trusted ends for the near side, too.
                    let Ok(mut far) = device.connect(server).await else { return };
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        address
    }
}
