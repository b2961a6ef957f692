//! A server of judges' sockets alone, on this machine, for as long as a rehearsal or a test takes.

use std::io::Error;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::judging::Judging;

/// An open hall.
pub struct Hall {
    address: SocketAddr,
    judging: Judging,
    serving: JoinHandle<Result<(), Error>>,
}

impl Hall {
    /// Opens on a port of 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// Where the port cannot be had.
    pub async fn open(judging: Judging, port: u16) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let router = Router::new().route("/judge", get(upgrade)).with_state(judging.clone());
        // An ack must not wait for the acknowledgement of the one before.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, judging, serving })
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a tablet connects to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ws://{}/judge", self.address)
    }

    /// Takes nobody in any more, answers what was taken, and closes.
    pub async fn close(self) {
        self.judging.stop().await;
        self.serving.abort();
        // It ends by being stopped.
        let _ = self.serving.await;
    }
}

async fn upgrade(State(judging): State<Judging>, upgrade: WebSocketUpgrade) -> Response {
    judging.upgrade(upgrade)
}
