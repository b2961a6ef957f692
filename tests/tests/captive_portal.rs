//! A hall's network that answers everything itself until somebody signs in: nothing counts as received
//! there, and everything arrives once the server is to be reached.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::net::SocketAddr;
use std::time::Duration;

use domain::access::Role;
use domain::id::EntryId;
use futures_util::future::join_all;
use judge_client::Device;
use judge_client::native::{Storage, Ticketing};
use protocol::account::{Bench, Ticket};
use protocol::frame::Versions;
use tests::http::Browser;
use tests::{Hall, Tablet, TestDatabase};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{interval, timeout};

const PATIENCE: Duration = Duration::from_secs(30);
const PAGE: &str = "<!doctype html><title>Welcome to the hotel</title><p>Sign in to use the network.";

/// What the network does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Answers with its page.
    Page,
    /// Lets plain requests through, and answers an upgrade with its page.
    PageForSockets,
    /// Lets plain requests through, takes every socket, and says its page there.
    PageInSockets,
    /// Takes connections, and never says anything.
    Silence,
    /// Lets everything through.
    Open,
}

/// The network between tablets and a server.
struct Network {
    address: SocketAddr,
    manner: watch::Sender<Manner>,
    /// How many connections were not let through.
    kept: watch::Receiver<usize>,
}

impl Network {
    async fn before(server: SocketAddr, manner: Manner) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let (manner, of_now) = watch::channel(manner);
        let (count, kept) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (of_now, count) = (of_now.clone(), count.clone());
                tokio::spawn(async move { carry(stream, server, of_now, count).await });
            }
        });
        Self { address, manner, kept }
    }

    /// Waits until it has kept more connections to itself than so many.
    async fn keeps_more_than(&self, before: usize) {
        let mut kept = self.kept.clone();
        let waited = timeout(PATIENCE, kept.wait_for(|count| *count > before)).await;
        waited.expect("in time").expect("the network is there");
    }
}

/// Carries one connection, whose first request says what it is for.
async fn carry(
    mut stream: TcpStream,
    server: SocketAddr,
    mut manner: watch::Receiver<Manner>,
    kept: watch::Sender<usize>,
) {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        if stream.read_buf(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let head_text = String::from_utf8_lossy(&head).to_lowercase();
    let is_socket = head_text.contains("upgrade: websocket");
    let now = *manner.borrow_and_update();
    let is_open =
        now == Manner::Open || (!is_socket && matches!(now, Manner::PageForSockets | Manner::PageInSockets));
    if is_open {
        let Ok(mut onward) = TcpStream::connect(server).await else { return };
        // Whoever ends it, it is over.
        let carried = async {
            onward.write_all(&head).await?;
            copy_bidirectional(&mut stream, &mut onward).await
        };
        let _ = carried.await;
        return;
    }
    kept.send_modify(|count| *count += 1);
    let _ = match now {
        Manner::PageInSockets => {
            let Some(key) = socket_key(&head) else { return };
            let accept = tokio_tungstenite::tungstenite::handshake::derive_accept_key(key.as_bytes());
            let length = u8::try_from(PAGE.len()).expect("a short page");
            let answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                 sec-websocket-accept: {accept}\r\n\r\n"
            );
            stream.write_all(&[answer.as_bytes(), &[0x81, length], PAGE.as_bytes()].concat()).await
        }
        Manner::Silence => {
            // Until the network changes its mind; it then lets go of what it held.
            let _ = manner.changed().await;
            Ok(())
        }
        _ => {
            let length = PAGE.len();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length:";
            stream.write_all(format!("{head} {length}\r\n\r\n{PAGE}").as_bytes()).await
        }
    };
    let _ = stream.shutdown().await;
}

/// What a request for a socket has to be answered by.
fn socket_key(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head).into_owned();
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let key = lines.find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"));
    key.map(|(_, value)| value.trim().to_owned())
}

/// A tablet whose every way to the server leads through the network.
async fn tablet_behind(network: &Network, hall: &Hall, place: &TestDatabase) -> Tablet {
    let accounts = &hall.running.app.accounts;
    let card = accounts.make_card(&hall.skill, &"J1".into(), Role::Judge).await.expect("a card");
    let signed_in = accounts.enrol(&card.code, &card.pin).await.expect("it is enrolled");
    let mut browser = Browser::new(hall.address());
    browser.bearer = Some(signed_in.secret);
    let bench: Bench = browser.get("/api/judge").await.json(200);
    let mut behind = Browser::new(network.address);
    behind.bearer = browser.bearer;
    let ticket = move || -> Ticketing {
        let browser = behind.clone();
        Box::pin(async move {
            let answer = browser.attempt("POST", "/api/judge/ticket", Vec::new(), "").await;
            let answer = answer.map_err(|error| error.to_string())?;
            let ticket: Result<Ticket, _> = serde_json::from_slice(&answer.bytes);
            ticket.map(|ticket| ticket.ticket).map_err(|error| error.to_string())
        })
    };
    let device = Device { id: bench.device, ledger: bench.ledger, versions: Versions::OURS };
    let url = format!("ws://{}/api/judge/socket", network.address);
    Tablet::of(device, bench.judge, &url, ticket, Storage::File(place.folder.join("outbox")))
}

/// Waits for something, while somebody presses the button that tries again at once.
async fn pressing(tablet: &Tablet, something: impl Future<Output = ()>) {
    let (mut something, mut pace) = (std::pin::pin!(something), interval(Duration::from_millis(200)));
    loop {
        tokio::select! {
            () = &mut something => return,
            _ = pace.tick() => tablet.player.set_online(true).await.expect("the player runs"),
        }
    }
}

/// Marks behind a network of every manner, and then beyond it.
async fn mark_behind_a_portal(place: &TestDatabase) {
    let hall = Hall::open(place).await;
    let network = Network::before(hall.address(), Manner::Page).await;
    let mut tablet = tablet_behind(&network, &hall, place).await;
    let mut ids: Vec<EntryId> = Vec::new();
    let manners = [Manner::Page, Manner::PageForSockets, Manner::PageInSockets, Manner::Silence];
    for (value, manner) in (1..).zip(manners) {
        network.manner.send_replace(manner);
        let before = *network.kept.borrow();
        ids.push(tablet.mark("C001", "A1.01", value, ids.last().copied()).await);
        pressing(&tablet, network.keeps_more_than(before)).await;
        assert_eq!(tablet.player.unsent(), ids.len(), "{manner:?}: what is entered here is kept");
        assert!(ids.iter().all(|id| tablet.receipt(*id).is_none()), "{manner:?}");
        assert_eq!(hall.marks().await, [], "{manner:?}");
    }
    network.manner.send_replace(Manner::Open);
    timeout(PATIENCE, pressing(&tablet, tablet.received())).await.expect("everything arrives");
    let entered: Vec<EntryId> = hall.marks().await.into_iter().map(|(id, ..)| id).collect();
    assert_eq!(entered, ids, "{}: each once, in order", place.kind);
    tablet.player.stop().await;
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_captive_portal_nothing_counts_as_received_and_later_everything_arrives() {
    // Both at once: most of it is waiting for the next try.
    join_all(TestDatabase::every_kind().iter().map(mark_behind_a_portal)).await;
}
