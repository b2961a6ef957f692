//! Serving connections: each with time limits of its own, all of them counted, and an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use domain::finding::{Finding, Place};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::rustls::ServerConfig;
use tower::ServiceExt as _;

use super::failure::{Failure, Refused};
use super::guard::Peer;
use super::keeping::Tasks;
use super::tls::{self, Given, InPlain, Opened, Secured};
use super::{App, Config, Metrics, Origins, Shared, StartError, Tls, routes};
use crate::accounts::Accounts;
use crate::database::Database;
use crate::judging::Judging;
use crate::ledger::{Clock, Ledger, Options, system_time};
use crate::live::{self, Live};
use crate::vault::{Vault, VaultNotice};
use crate::{list, roster, spoken};

/// Within this a request's head must be there.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// Within this TLS must be agreed upon.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// Within this an answer must be there, uploads included; sockets have left by then.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// How long requests that run may go on after the server was told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// Frames are made once and shared, so that writing them is all there is to do.
const SPECTATOR_THREADS: usize = 2;
/// How many connections may wait to be taken. Of a hall that comes back in one moment whoever finds no room
/// is not answered, and tries again after one second, then three; Linux has room for 4,096 at the most
/// unless it is told otherwise (`net.core.somaxconn`).
const WAITING_MAX: u32 = 4_096;
/// After a connection could not be taken: most often there are no file handles left.
const PAUSE: Duration = Duration::from_millis(100);

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its handlers reach.
    pub app: App,
    /// The secret for making the first account, where there is none.
    pub first_secret: Option<String>,
    /// What was noticed at the start and people should know.
    pub notices: Vec<Finding>,
    tasks: Tasks,
    stop: watch::Sender<bool>,
    accepting: tokio::task::JoinHandle<()>,
    spectators: Runtime,
}

impl Running {
    /// Takes no more connections, lets requests that run come to their end, writes what waits for
    /// the ledger, signs and copies it, and lets the database go.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.app.judging.stop().await;
        let _ = self.accepting.await;
        self.spectators.shutdown_background();
        self.app.ledger.stop().await;
        self.tasks.stop().await;
        self.app.database.close().await;
    }
}

/// Opens the database and serves it.
///
/// # Errors
/// Where the address, the origins or the database cannot be used.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let unusable = |error: std::io::Error| StartError::Address {
        address: config.listen.to_string(),
        problem: spoken::of_system(&error),
    };
    let listener = listen(config.listen).map_err(unusable)?;
    let address = listener.local_addr().map_err(unusable)?;
    let given = match &config.tls {
        Tls::Given { certificate, key } => Some(Given::open(certificate, key)?),
        _ => None,
    };
    let names = match (&config.tls, &given) {
        (Tls::Own { names, .. }, _) => Some(names.as_slice()),
        // Of a certificate's names, those that were said count, where any were.
        (_, Some(given)) if config.origins.is_empty() => Some(given.names.as_slice()),
        (_, Some(_)) => Some(&[][..]),
        (_, None) => None,
    };
    let origins = Arc::new(Origins::new(&config.origins, address, names)?);
    let database = Database::open(&config.database).await?;
    let secured = match (config.tls, given) {
        (Tls::Own { file, .. }, _) => {
            Secured::own(&file.unwrap_or_else(|| database.beside("authority")), &origins)?
        }
        (_, Some(given)) => Secured::given(given, &origins)?,
        (_, None) => Secured::plain(&origins),
    };
    let clock: Clock = Arc::new(system_time);
    let of_key = || config.key.as_ref().map(|key| key.with_extension("vault"));
    let vault = config.vault.or_else(of_key).unwrap_or_else(|| database.beside("vault"));
    let vault = Arc::new(Vault::open(&vault)?);
    let options = Options { key: config.key, clock: Some(Arc::clone(&clock)) };
    let ledger = Ledger::start_with(database.clone(), options).await?;
    let accounts = Accounts::start(database.clone(), Arc::clone(&clock), Arc::clone(&vault)).await?;
    forget_old(&database, (clock)())
        .await
        .map_err(|error| StartError::Failed { problem: spoken::of_database(&error) })?;
    let first_secret = accounts.first_secret().await?;
    let mut tasks = Tasks::start(&database, &ledger, &clock, config.backup.as_deref()).await?;
    let (keeping, metrics) = (tasks.keeping.clone(), Arc::new(Metrics::default()));
    let mut notices = secured.notices;
    notices.extend(of_vault(&database, &vault, &accounts).await?);
    notices.append(&mut tasks.notices);
    let judging =
        Judging::start(database.clone(), ledger.clone(), Arc::new(accounts.clone()), config.judging).await?;
    // Nothing fails from here on: a runtime cannot be given up where others run.
    let spectators =
        spectators().map_err(|error| StartError::Failed { problem: spoken::of_system(&error) })?;
    let options = live::Options {
        spectators: Some(spectators.handle().clone()),
        limits: config.spectators,
        clock: Some(Arc::clone(&clock)),
    };
    let live = Live::start_with(database.clone(), ledger.clone(), options);
    let (pages, lists, trust) = (Arc::default(), Arc::default(), Arc::new(secured.trust));
    let shared = Shared {
        database,
        ledger,
        accounts,
        vault,
        live,
        judging,
        origins,
        trust,
        metrics,
        pages,
        lists,
        keeping,
        clock,
    };
    let app = App(Arc::new(shared));
    let router = routes().router(app.clone());
    let front = Front { router, tls: secured.config, metrics: Arc::clone(&app.metrics) };
    let (stop, stopped) = watch::channel(false);
    let places = Arc::new(Semaphore::new(config.connections_max));
    let accepting = tokio::spawn(accept(listener, front, places, stopped));
    Ok(Running { address, app, first_secret, notices, tasks, stop, accepting, spectators })
}

/// Takes the address, as [`TcpListener::bind`] does, with more room for who comes.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Where another program is, that is still said; what the last run left open is no program.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING_MAX)
}

/// Spectators have threads of their own: a hall full of them takes nothing from judges.
fn spectators() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .thread_name("spectators")
        .worker_threads(SPECTATOR_THREADS)
        .enable_all()
        .build()
}

/// What a connection is answered with.
#[derive(Clone)]
struct Front {
    router: Router,
    tls: Option<Arc<ServerConfig>>,
    metrics: Arc<Metrics>,
}

async fn accept(
    listener: TcpListener,
    front: Front,
    places: Arc<Semaphore>,
    mut stopped: watch::Receiver<bool>,
) {
    let all = places.available_permits();
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            _ = stopped.wait_for(|is_stopped| *is_stopped) => break,
        };
        let Ok((stream, peer)) = taken else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            front.metrics.turned_away.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        let (front, stopped) = (front.clone(), stopped.clone());
        let metrics = Arc::clone(&front.metrics);
        tokio::spawn(async move {
            metrics.connections.fetch_add(1, Ordering::Relaxed);
            serve(stream, peer, front, stopped).await;
            metrics.connections.fetch_sub(1, Ordering::Relaxed);
            drop(place);
        });
    }
    drop(listener);
    let all = u32::try_from(all).unwrap_or(u32::MAX);
    // Whoever does not come to an end by then is cut off; what they had no receipt for is sent again.
    let _ = tokio::time::timeout(STOP_WITHIN, places.acquire_many(all)).await;
}

async fn serve(stream: TcpStream, peer: SocketAddr, front: Front, mut stopped: watch::Receiver<bool>) {
    // A receipt of a few bytes is not to wait for more.
    let _ = stream.set_nodelay(true);
    let Front { router, tls, metrics } = front;
    let Some(tls) = tls else { return converse(stream, peer, router, false, stopped).await };
    let opened = tokio::select! {
        opened = tokio::time::timeout(HANDSHAKE_WITHIN, tls::open(stream, tls)) => opened,
        _ = stopped.wait_for(|is_stopped| *is_stopped) => return,
    };
    match opened {
        Ok(Ok(Opened::Tls(stream))) => converse(*stream, peer, router, false, stopped).await,
        Ok(Ok(Opened::Plain(stream))) => converse(stream, peer, router, true, stopped).await,
        // A connection that breaks, or takes too long, tells nobody anything.
        Ok(Err(_)) | Err(_) => {
            metrics.handshakes_failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: Router,
    is_in_plain: bool,
    mut stopped: watch::Receiver<bool>,
) {
    let service =
        service_fn(move |request: Request<Incoming>| answer(router.clone(), request, peer, is_in_plain));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // A connection that breaks tells nobody anything.
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|is_stopped| *is_stopped) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
    is_in_plain: bool,
) -> Result<Response<Body>, std::convert::Infallible> {
    use axum::response::IntoResponse as _;
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer));
    if is_in_plain {
        request.extensions_mut().insert(InPlain);
    }
    match tokio::time::timeout(ANSWER_WITHIN, router.oneshot(request)).await {
        Ok(answer) => answer,
        Err(_) => Ok(Failure::from(Refused::TooSlow).into_response()),
    }
}

/// Whether another key sealed what the database holds: said at the start, not when somebody cannot sign in.
async fn of_vault(
    database: &Database,
    vault: &Vault,
    accounts: &Accounts,
) -> Result<Option<Finding>, StartError> {
    let factors = accounts.others_factors().await?;
    let numbers = roster::others_numbers(database, vault).await;
    let numbers = numbers.map_err(|error| StartError::Failed { problem: spoken::of_database(&error) })?;
    if factors == 0 && numbers == 0 {
        return Ok(None);
    }
    let path = vault.path().display().to_string();
    Ok(Some(VaultNotice::OtherKey { path, factors, numbers }.at(Place::default())))
}

/// Forgets what waited for a day and no longer.
async fn forget_old(database: &Database, now: i64) -> Result<(), sqlx::Error> {
    list::forget_old(database, now).await?;
    roster::forget_old(database, now).await
}
