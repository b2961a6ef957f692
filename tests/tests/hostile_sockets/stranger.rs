//! A program at the judges' socket that says whatever it likes, and hears how that ends.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::frame::{ClientFrame, Epoch, Hello, Nonce, ServerFrame, Versions};
use server::accounts::Enrolled;
use tests::Hall;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Long enough for a slow machine; nothing waits that long where all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// The name of its connections.
pub(crate) const NONCE: Nonce = Nonce(7);

/// A judge's socket of a program that says whatever it likes.
pub(crate) struct Stranger {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// How a connection ended: what the last `error` frame said, and the close frame's code.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) said: Option<String>,
    pub(crate) code: Option<u16>,
}

impl End {
    pub(crate) fn said(code: &str) -> Self {
        Self { said: Some(code.to_owned()), code: Some(1000) }
    }

    pub(crate) fn code(code: u16) -> Self {
        Self { said: None, code: Some(code) }
    }
}

impl Stranger {
    pub(crate) async fn connect(hall: &Hall) -> Self {
        let (socket, _) = connect_async(hall.url()).await.expect("a socket");
        Self { socket }
    }

    /// One that was greeted as a judge's device; gives the epoch.
    pub(crate) async fn greeted(hall: &Hall, enrolled: &Enrolled) -> (Self, Epoch) {
        Self::connect(hall).await.greeted_as(hall, enrolled).await
    }

    pub(crate) async fn greeted_as(mut self, hall: &Hall, enrolled: &Enrolled) -> (Self, Epoch) {
        self.greet(enrolled, hall.ticket(enrolled)).await;
        match self.told().await {
            Some(ServerFrame::Welcome(welcome)) => (self, welcome.epoch),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn greet(&mut self, enrolled: &Enrolled, ticket: String) {
        let Versions { max: proto_max, min: proto_min } = Versions::OURS;
        let device = enrolled.device.clone();
        self.frame(&ClientFrame::Hello(Hello { device, nonce: NONCE, proto_max, proto_min, ticket })).await;
    }

    pub(crate) async fn frame(&mut self, frame: &ClientFrame) {
        self.say(frame.encode(Versions::OURS.max).expect("a frame")).await;
    }

    pub(crate) async fn say(&mut self, text: impl Into<String>) {
        // Whoever is cut off while speaking reads why afterwards.
        let _ = self.socket.send(Message::text(text.into())).await;
    }

    /// Bytes as they are, past the library that would not send them.
    pub(crate) async fn bytes(&mut self, bytes: &[u8]) {
        let _ = self.socket.get_mut().write_all(bytes).await;
    }

    pub(crate) async fn told(&mut self) -> Option<ServerFrame> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("in time")?.ok()? {
                Message::Text(text) => {
                    return Some(ServerFrame::decode(&text, Versions::OURS.max).expect("a frame"));
                }
                Message::Ping(_) | Message::Pong(_) => {}
                _ => return None,
            }
        }
    }

    /// Reads to the end.
    pub(crate) async fn end(mut self) -> End {
        let mut end = End::default();
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("in time") {
                Some(Ok(Message::Text(text))) => {
                    let frame = ServerFrame::decode(&text, Versions::OURS.max).expect("a frame");
                    if let ServerFrame::Error(failure) = frame {
                        end.said = Some(failure.code);
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    end.code = frame.map(|frame| frame.code.into());
                    return end;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return end,
            }
        }
    }
}
