//! A tablet without a browser: drives a [`Session`] with a real socket, a real clock, seeded
//! randomness and a storage. What a rehearsal and the whole-system tests mark with.

mod random;
mod reach;
mod storage;

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::finding::Spoken;
use domain::findings;
use domain::id::EntryId;
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::frame::{ANSWER_WITHIN_MS, ClientFrame, FRAME_BYTES_MAX, Nonce};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::error::UrlError;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::{Act, Device, Now, Output, Session, Show, Standing};
pub use random::Random;
pub use reach::{Authority, AuthorityError, Duplex, reach};
pub use storage::Storage;
use storage::Store;

/// How much is read at once, and gathered before it is written.
const BUFFER_BYTES: usize = 4_096;
/// The most that waits to be written: more than everything that may be unanswered.
const WRITE_BYTES_MAX: usize = 1 << 20;
/// How long an opening, or the sending of one frame, may take.
const WITHIN: Duration = Duration::from_millis(ANSWER_WITHIN_MS);
/// How many asks wait.
const ASKS: usize = 64;

/// A fresh ticket, or why there is none.
pub type Ticketing = Pin<Box<dyn Future<Output = Result<String, String>> + Send>>;

/// How a player is started.
pub struct Options {
    /// Which device it is.
    pub device: Device,
    /// `ws://…`, or `wss://…` where an authority is trusted.
    pub url: String,
    /// The authority by which it trusts its server; without one it speaks plainly.
    pub authority: Option<Authority>,
    /// The `Origin` that a page would send; a server may ask for one.
    pub origin: Option<String>,
    /// Gets a ticket, good for one connection.
    pub ticket: Arc<dyn Fn() -> Ticketing + Send + Sync>,
    /// Where it keeps what it has entered.
    pub storage: Storage,
    /// The seed of its nonces and of how long it waits.
    pub seed: u64,
    /// Told of everything there is to show, in order. It must not wait.
    pub show: Box<dyn FnMut(&Show) + Send>,
}

findings! {
    /// Why a player cannot do what was asked.
    pub enum PlayerError {
        StorageUnusable { path: String, problem: String } = Error "outbox_unusable",
            "待发箱文件 {path} 不可用：{problem}",
            "The outbox's file {path} cannot be used: {problem}";
        OutboxBroken { problem: Spoken } = Error "outbox_broken", "{problem:#}", "{problem}";
        Refused { problem: Spoken } = Error "act_refused", "{problem:#}", "{problem}";
        NotSaved = Error "not_saved",
            "本机未能保存；请重新录入。",
            "It could not be saved on this device; enter it again.";
        Stopped = Error "player_stopped",
            "这台设备的程序已停止。",
            "The program of this device has stopped.";
    }
}

/// A running tablet. It ends when it is stopped or dropped.
#[derive(Debug)]
pub struct Player {
    asks: mpsc::Sender<Ask>,
    unsent: watch::Receiver<usize>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
enum Ask {
    Enter(Box<Act>, oneshot::Sender<Result<(), PlayerError>>),
    Online(bool),
    Stop,
}

impl Player {
    /// Starts from what the storage holds, and connects.
    ///
    /// # Errors
    /// Where the storage cannot be used or holds no outbox.
    pub fn start(options: Options) -> Result<Self, PlayerError> {
        let Options { device, url, authority, origin, ticket, storage, seed, show } = options;
        let (store, stored) = Store::open(storage)?;
        let mut random = Random::new(seed);
        let now = Now { ms: 0, random: random.next_number() };
        let started = Session::start(device, stored, now);
        let (session, outputs) =
            started.map_err(|problem| PlayerError::OutboxBroken { problem: problem.spoken() })?;
        let (say_unsent, unsent) = watch::channel(session.unsent());
        let (asks, asked) = mpsc::channel(ASKS);
        let driver = Driver {
            session,
            store,
            random,
            began: Instant::now(),
            url,
            authority,
            origin,
            ticket,
            show,
            link: Link::None,
            is_online: true,
            saving: HashMap::new(),
            unsent: say_unsent,
        };
        let task = tokio::spawn(driver.run(asked, outputs));
        Ok(Self { asks, unsent, task })
    }

    /// Enters an act, and returns once it is stored here.
    ///
    /// # Errors
    /// Where it is not taken or could not be stored; it does not exist then.
    pub async fn enter(&self, act: Act) -> Result<(), PlayerError> {
        let (answer, answered) = oneshot::channel();
        let ask = Ask::Enter(Box::new(act), answer);
        self.asks.send(ask).await.map_err(|_| PlayerError::Stopped)?;
        answered.await.unwrap_or(Err(PlayerError::Stopped))
    }

    /// Waits until everything that was entered has a receipt.
    ///
    /// # Errors
    /// Where the player stops before.
    pub async fn wait_until_received(&self) -> Result<(), PlayerError> {
        self.wait_until_unsent(0).await
    }

    /// Waits until no more than so many entries have no receipt.
    ///
    /// # Errors
    /// Where the player stops before.
    pub async fn wait_until_unsent(&self, most: usize) -> Result<(), PlayerError> {
        let mut unsent = self.unsent.clone();
        unsent.wait_for(|count| *count <= most).await.map(|_| ()).map_err(|_| PlayerError::Stopped)
    }

    /// How many entries have no receipt.
    #[must_use]
    pub fn unsent(&self) -> usize {
        *self.unsent.borrow()
    }

    /// Takes the network away, as when a cable is pulled, or gives it back.
    ///
    /// # Errors
    /// Where the player has stopped.
    pub async fn set_online(&self, is_online: bool) -> Result<(), PlayerError> {
        self.asks.send(Ask::Online(is_online)).await.map_err(|_| PlayerError::Stopped)
    }

    /// Closes the connection and ends, whatever has no receipt yet; the storage keeps it.
    pub async fn stop(self) {
        // An error says that it has ended, which is what is asked for.
        let _ = self.asks.send(Ask::Stop).await;
        let _ = self.task.await;
    }
}

/// Milliseconds since 1970 UTC.
#[must_use]
pub fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| u64::try_from(since.as_millis()).ok()).unwrap_or_default()
}

type Socket = WebSocketStream<Box<dyn Duplex>>;

enum Link {
    None,
    Opening(JoinHandle<Option<(Box<Socket>, String)>>),
    Open(Box<Socket>),
}

struct Driver {
    session: Session,
    store: Store,
    random: Random,
    began: Instant,
    url: String,
    authority: Option<Authority>,
    origin: Option<String>,
    ticket: Arc<dyn Fn() -> Ticketing + Send + Sync>,
    show: Box<dyn FnMut(&Show) + Send>,
    link: Link,
    is_online: bool,
    saving: HashMap<EntryId, oneshot::Sender<Result<(), PlayerError>>>,
    unsent: watch::Sender<usize>,
}

enum News {
    Ask(Option<Ask>),
    Opened(Option<(Box<Socket>, String)>),
    Message(Option<Result<Message, SocketError>>),
    Tick,
}

impl Driver {
    async fn run(mut self, mut asks: mpsc::Receiver<Ask>, outputs: Vec<Output>) {
        self.act(outputs).await;
        loop {
            let wake_at = self.began + Duration::from_millis(self.session.wake_at());
            let news = tokio::select! {
                ask = asks.recv() => News::Ask(ask),
                news = self.link.next() => news,
                () = tokio::time::sleep_until(wake_at.into()) => News::Tick,
            };
            let now = self.now();
            let outputs = match news {
                News::Ask(None | Some(Ask::Stop)) => break,
                News::Ask(Some(Ask::Enter(act, answer))) => self.enter(*act, answer),
                News::Ask(Some(Ask::Online(is_online))) => self.set_online(is_online, now),
                News::Opened(Some((socket, ticket))) => {
                    self.link = Link::Open(socket);
                    let nonce = Nonce(self.random.next_wide());
                    self.session.opened(nonce, ticket, now)
                }
                News::Message(Some(Ok(Message::Text(text)))) => self.session.text(&text, now),
                News::Message(Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)))) => {
                    Vec::new()
                }
                News::Opened(None) | News::Message(_) => {
                    self.link = Link::None;
                    self.session.closed(now)
                }
                News::Tick => self.session.tick(now),
            };
            self.act(outputs).await;
        }
        if let Link::Open(socket) = &mut self.link {
            // It is said where it can be; the server notices by itself otherwise.
            let _ = tokio::time::timeout(Duration::from_secs(1), Socket::close(socket, None)).await;
        }
    }

    fn now(&mut self) -> Now {
        let ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Now { ms, random: self.random.next_number() }
    }

    fn enter(&mut self, act: Act, answer: oneshot::Sender<Result<(), PlayerError>>) -> Vec<Output> {
        let id = act.id;
        match self.session.enter(act) {
            Ok(outputs) => {
                self.saving.insert(id, answer);
                // Before it is said to be saved: whoever then waits for receipts waits for this one.
                self.tell_unsent();
                outputs
            }
            Err(refusal) => {
                // Whoever asked may be gone.
                let _ = answer.send(Err(PlayerError::Refused { problem: refusal.spoken() }));
                Vec::new()
            }
        }
    }

    fn set_online(&mut self, is_online: bool, now: Now) -> Vec<Output> {
        self.is_online = is_online;
        if is_online {
            return self.session.hurry(now);
        }
        match std::mem::replace(&mut self.link, Link::None) {
            Link::None => Vec::new(),
            _ => self.session.closed(now),
        }
    }

    async fn act(&mut self, outputs: Vec<Output>) {
        let mut outputs = VecDeque::from(outputs);
        while let Some(output) = outputs.pop_front() {
            let more = match output {
                Output::Open => self.open(),
                Output::Close => {
                    self.link = Link::None;
                    Vec::new()
                }
                Output::Send(frame, proto) => self.send(&frame, proto).await,
                Output::Store(kept) => {
                    let dseq = kept.submission.dseq;
                    let is_stored = self.store.keep(&kept, true);
                    let now = self.now();
                    if is_stored { self.session.stored(dseq, now) } else { self.session.not_stored(dseq) }
                }
                Output::Note(kept) => {
                    // A receipt that is not noted is asked for again after the next start.
                    let _ = self.store.keep(&kept, false);
                    Vec::new()
                }
                Output::Forget(dseq) => {
                    self.store.forget(dseq);
                    Vec::new()
                }
                Output::Show(show) => {
                    self.tell(&show);
                    Vec::new()
                }
            };
            outputs.extend(more);
        }
        self.tell_unsent();
    }

    fn tell_unsent(&self) {
        let unsent = self.session.unsent();
        self.unsent.send_if_modified(|known| std::mem::replace(known, unsent) != unsent);
    }

    fn tell(&mut self, show: &Show) {
        (self.show)(show);
        let Show::Entry { id, standing } = show else { return };
        let Some(answer) = self.saving.remove(id) else { return };
        let saved = if *standing == Standing::NotSaved { Err(PlayerError::NotSaved) } else { Ok(()) };
        let _ = answer.send(saved);
    }

    fn open(&mut self) -> Vec<Output> {
        if !self.is_online {
            let now = self.now();
            return self.session.closed(now);
        }
        let (ticket, url, origin) = (Arc::clone(&self.ticket), self.url.clone(), self.origin.clone());
        let authority = self.authority.clone();
        self.link = Link::Opening(tokio::spawn(async move {
            let opening = async {
                let ticket = ticket().await.ok()?;
                let socket = connect(&url, authority.as_ref(), origin.as_deref()).await.ok()?;
                Some((Box::new(socket), ticket))
            };
            tokio::time::timeout(WITHIN, opening).await.ok().flatten()
        }));
        Vec::new()
    }

    async fn send(&mut self, frame: &ClientFrame, proto: u32) -> Vec<Output> {
        let Link::Open(socket) = &mut self.link else { return Vec::new() };
        let is_sent = match frame.encode(proto) {
            Ok(text) => {
                let sent = tokio::time::timeout(WITHIN, socket.send(Message::Text(text.into()))).await;
                matches!(sent, Ok(Ok(())))
            }
            Err(_) => false,
        };
        if is_sent {
            return Vec::new();
        }
        self.link = Link::None;
        let now = self.now();
        self.session.closed(now)
    }
}

impl Link {
    /// What comes of the connection next; nothing ever where there is none.
    async fn next(&mut self) -> News {
        match self {
            Self::None => std::future::pending().await,
            Self::Opening(opening) => News::Opened(opening.await.ok().flatten()),
            Self::Open(socket) => News::Message(socket.next().await),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Self::Opening(opening) = self {
            opening.abort();
        }
    }
}

async fn connect(
    url: &str,
    authority: Option<&Authority>,
    origin: Option<&str>,
) -> Result<Socket, SocketError> {
    let mut request = url.into_client_request()?;
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", HeaderValue::from_str(origin)?);
    }
    let uri = request.uri();
    let is_secure = uri.scheme_str() == Some("wss");
    if is_secure && authority.is_none() {
        return Err(UrlError::TlsFeatureNotEnabled.into());
    }
    let host = uri.host().ok_or(UrlError::NoHostName)?;
    let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
    let stream = reach(host, port, authority.filter(|_| is_secure)).await?;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BYTES_MAX)
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX));
    let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
    Ok(socket)
}
