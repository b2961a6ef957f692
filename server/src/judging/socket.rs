//! A judge's WebSocket: drives one [`Session`] with what the socket, the ledger and the doorkeeper
//! say. Everything it holds is bounded: frames, what is sent and unanswered, what waits to be
//! written, and the time for each.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use domain::id::{CompetitorCode, DeviceId, EntryId, JudgeCode, LedgerId, SubCriterionId};
use domain::marking::Body;
use futures_util::SinkExt as _;
use protocol::account::Report;
use protocol::chief;
use protocol::frame::{
    Ending, Epoch, FRAME_BYTES_MAX, FRAMES_PER_SECOND, SUBMISSIONS_MAX, UNANSWERED_MAX, Versions,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_tungstenite::tungstenite::Error as SocketError;
use tokio_tungstenite::tungstenite::error::ProtocolError;

use super::answer::{answer, submission};
use super::calls::{Called, Calls, Told};
use super::heads::{Following, Heads, Moved};
use super::{Admitted, Answer, Doorkeeper, Now, Output, Progress, Session, Submitted};
use crate::database::Database;
use crate::ledger::{Ledger, LedgerError};
use crate::spoken;

/// How much is read at once: what a socket costs while it is idle.
const READ_BYTES: usize = 4_096;
/// How much is gathered before it is written.
const WRITE_BYTES: usize = 4_096;
/// The most that waits to be written.
const WRITE_BYTES_MAX: usize = 256 * 1_024;
/// How often a session is told that time passed.
const TICK: Duration = Duration::from_secs(1);
/// How often it is asked whether who is here is still signed in, how far copies go by now, and
/// whether the database is still the one that was greeted.
const LOOK: Duration = Duration::from_secs(3);
/// How long a close waits for the other side's.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// How long a socket that cannot be read any more stays open, so that its close frame arrives before
/// the reset that unread bytes cause.
const LINGER: Duration = Duration::from_millis(500);

/// What the judges' sockets may take together, and each alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most sockets at once; one more is told that the server is unavailable.
    pub sockets: u32,
    /// How long the other side has to take a frame.
    pub write_within: Duration,
    /// How many frames each may send in a second, over time. Tablets keep to what the protocol says;
    /// a load test may be let do more.
    pub frames_per_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        let frames_per_second = u32::try_from(FRAMES_PER_SECOND).unwrap_or(u32::MAX);
        Self { sockets: 2_000, write_within: Duration::from_secs(10), frames_per_second }
    }
}

/// Every judge's socket of one server. Clones are the same.
#[derive(Clone)]
pub struct Judging {
    shared: Arc<Shared>,
}

struct Shared {
    ledger: Ledger,
    doorkeeper: Arc<dyn Doorkeeper>,
    limits: Limits,
    heads: Heads,
    calls: Calls,
    /// The database's epoch, as last read.
    epoch: watch::Sender<Epoch>,
    /// The open connection of each device, by a number of its own, and how to end it.
    devices: Mutex<HashMap<DeviceId, (u64, oneshot::Sender<()>)>>,
    /// When the last connection of a device that has none now ended, milliseconds since 1970 UTC. Only
    /// enrolled devices come here.
    left: Mutex<HashMap<DeviceId, i64>>,
    /// What a device told of itself last. Only enrolled devices come here.
    reports: Mutex<HashMap<DeviceId, Report>>,
    connections: AtomicU64,
    sockets: Arc<Semaphore>,
    is_stopping: watch::Sender<bool>,
    began: Instant,
}

impl Judging {
    /// Judges' sockets for a ledger, which ask a doorkeeper who is there.
    ///
    /// # Errors
    /// Where the database's epoch cannot be read.
    pub async fn start(
        database: Database,
        ledger: Ledger,
        doorkeeper: Arc<dyn Doorkeeper>,
        limits: Limits,
    ) -> Result<Self, LedgerError> {
        let epoch = watch::Sender::new(read_epoch(&ledger).await?);
        let sockets = usize::try_from(limits.sockets).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        let shared = Shared {
            ledger,
            doorkeeper,
            limits,
            heads: Heads::default(),
            calls: Calls::new(database),
            epoch,
            devices: Mutex::default(),
            left: Mutex::default(),
            reports: Mutex::default(),
            connections: AtomicU64::new(0),
            sockets: Arc::new(Semaphore::new(sockets)),
            is_stopping: watch::Sender::new(false),
            began: Instant::now(),
        };
        let shared = Arc::new(shared);
        tokio::spawn(tell_calls(Arc::downgrade(&shared)));
        Ok(Self { shared })
    }

    /// Calls a competitor for sub-criteria of a skill, in place of whom was called for them; where nobody
    /// is named, ends their calls.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub async fn call(
        &self,
        ledger: &LedgerId,
        subs: &[SubCriterionId],
        competitor: Option<&CompetitorCode>,
        by: &JudgeCode,
    ) -> Result<(), LedgerError> {
        self.shared.calls.call(ledger, subs, competitor, (by, self.shared.ledger.now())).await
    }

    /// Who is called in a skill.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn called(&self, ledger: &LedgerId) -> Result<Called, LedgerError> {
        self.shared.calls.of(ledger).await
    }

    /// Answers a request for a judge's socket, with the buffers and sizes that it may have. Where the
    /// request came from is looked at before.
    #[must_use]
    pub fn upgrade(&self, upgrade: WebSocketUpgrade) -> Response {
        let judging = self.clone();
        upgrade
            .read_buffer_size(READ_BYTES)
            .write_buffer_size(WRITE_BYTES)
            .max_write_buffer_size(WRITE_BYTES_MAX)
            .max_message_size(FRAME_BYTES_MAX)
            .max_frame_size(FRAME_BYTES_MAX)
            .on_upgrade(async move |socket| judging.serve(socket).await)
    }

    /// Serves a socket to its end. It must have been made by [`Judging::upgrade`], which bounds it.
    pub async fn serve(&self, socket: WebSocket) {
        let shared = Arc::clone(&self.shared);
        let session = Session::new(Versions::OURS, shared.now()).at_rate(shared.limits.frames_per_second);
        let permit = Arc::clone(&shared.sockets).try_acquire_owned().ok();
        let mut connection = Connection {
            shared,
            socket,
            session,
            work: None,
            waiting: Vec::new(),
            unanswered: 0,
            following: None,
            calls: None,
            calls_told: 0,
            place: None,
            look: Box::pin(std::future::pending()),
            _permit: permit,
        };
        if connection._permit.is_none() || *connection.shared.is_stopping.borrow() {
            // It ends whether it could be told or not.
            let _ = connection.leave(&Ending::Unavailable).await;
        } else {
            connection.run().await;
        }
    }

    /// How many sockets are open.
    #[must_use]
    pub fn sockets(&self) -> usize {
        let limit = usize::try_from(self.shared.limits.sockets).unwrap_or(usize::MAX);
        limit.saturating_sub(self.shared.sockets.available_permits())
    }

    /// When a device was last connected to this server, as far as it knows.
    #[must_use]
    pub fn seen(&self, device: &DeviceId) -> chief::Seen {
        let devices = self.shared.devices.lock().unwrap_or_else(PoisonError::into_inner);
        if devices.contains_key(device) {
            return chief::Seen::Now;
        }
        let left = self.shared.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.get(device).map_or(chief::Seen::NotSinceStart, |at| chief::Seen::Until(*at))
    }

    /// Takes what a device tells of itself, in place of what it told before.
    pub fn report(&self, device: &DeviceId, report: Report) {
        let mut reports = self.shared.reports.lock().unwrap_or_else(PoisonError::into_inner);
        reports.insert(device.clone(), report);
    }

    /// What a device told this server of itself last.
    #[must_use]
    pub fn reported(&self, device: &DeviceId) -> Option<Report> {
        self.shared.reports.lock().unwrap_or_else(PoisonError::into_inner).get(device).cloned()
    }

    /// Reads the database's epoch again, as after a restore beneath a running server: the connections
    /// of another epoch end. It is read besides whenever something was entered.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn refresh_epoch(&self) -> Result<(), LedgerError> {
        self.shared.read_epoch().await.map(|_| ())
    }

    /// Takes no more sockets and no more frames, answers what was taken, and closes every socket.
    pub async fn stop(&self) {
        self.shared.is_stopping.send_replace(true);
        // An error would say that nobody gives permits any more.
        let _ = self.shared.sockets.acquire_many(self.shared.limits.sockets).await;
    }
}

impl Shared {
    fn now(&self) -> Now {
        let ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Now { ms, epoch: *self.epoch.borrow() }
    }

    async fn read_epoch(&self) -> Result<Epoch, LedgerError> {
        let epoch = read_epoch(&self.ledger).await?;
        self.epoch.send_if_modified(|known| std::mem::replace(known, epoch) != epoch);
        Ok(epoch)
    }

    /// How far a device of that ledger has come. The epoch is read last: where it is still the
    /// greeting's, everything that was read or committed before is of it, also with other servers on
    /// the same database.
    async fn progress(&self, device: &DeviceId, ledger: &LedgerId) -> Result<Progress, LedgerError> {
        let known = self.ledger.device(device).await?;
        if known.as_ref().is_some_and(|known| known.ledger_id != *ledger) {
            return Err(LedgerError::OtherLedger { device: device.to_string() });
        }
        let (last_dseq, safe_dseq) = known.map_or((0, 0), |known| (known.last_dseq, known.safe_dseq));
        Ok(Progress { epoch: self.read_epoch().await?, last_dseq, safe_dseq })
    }

    async fn identify(&self, device: &DeviceId, ticket: &str) -> Result<Greeted, Ending> {
        let admitted = self.doorkeeper.admit(device, ticket).await?;
        let ledger = &admitted.identity.ledger;
        let following = self.heads.follow(&self.ledger, ledger).await;
        let progress = self.progress(device, ledger).await;
        let ending = |error| match error {
            LedgerError::OtherLedger { .. } => Ending::DeviceUnknown,
            _ => Ending::Unavailable,
        };
        Ok(Greeted { following: following.map_err(ending)?, progress: progress.map_err(ending)?, admitted })
    }

    /// Enters submissions of one device, and says what the ledger said and how far the device is.
    ///
    /// Where all of them are entered, the writer knows the epoch from their own transactions, and their
    /// numbers say how far the device is: nothing more is asked of the database.
    async fn submit(&self, ledger: LedgerId, device: DeviceId, submitted: Vec<Submitted>) -> Done {
        let ids: Vec<EntryId> = submitted.iter().map(|submitted| submitted.command.id).collect();
        let submitted = match self.with_seconds(&ledger, submitted).await {
            Ok(submitted) => submitted,
            Err(error) => return self.unknown(ids, &error),
        };
        let last_dseq = submitted.iter().map(|submitted| submitted.command.dseq).max().unwrap_or_default();
        let mut submissions: Vec<_> =
            submitted.into_iter().map(|submitted| submission(ledger.clone(), submitted)).collect();
        let said = match (submissions.len(), submissions.pop()) {
            // One alone may be committed where it stands.
            (1, Some(only)) => vec![self.ledger.submit(only).await],
            (_, last) => {
                submissions.extend(last);
                self.ledger.submit_all(submissions).await
            }
        };
        if said.iter().all(Result::is_ok) {
            let progress = Progress { epoch: self.ledger.epoch_of_writer(), last_dseq, safe_dseq: 0 };
            return Done::Submitted((ids.into_iter().zip(said.into_iter().map(answer)).collect(), progress));
        }
        match self.progress(&device, &ledger).await {
            Ok(progress) => {
                Done::Submitted((ids.into_iter().zip(said.into_iter().map(answer)).collect(), progress))
            }
            // Committed or not: what cannot be said of this epoch is not said at all.
            Err(error) => self.unknown(ids, &error),
        }
    }

    /// The same with the second person of every act that somebody confirmed. A mark has none.
    async fn with_seconds(
        &self,
        ledger: &LedgerId,
        mut submitted: Vec<Submitted>,
    ) -> Result<Vec<Submitted>, LedgerError> {
        for Submitted { command, .. } in &mut submitted {
            if !matches!(command.body, Body::Mark(_)) {
                command.second = self.ledger.second_of(ledger, command.id, &command.body).await?;
            }
        }
        Ok(submitted)
    }

    /// Nothing can be said now of these submissions: they are sent again.
    fn unknown(&self, ids: Vec<EntryId>, error: &LedgerError) -> Done {
        let unknown = |id| (id, Answer::Unavailable(error.code().to_owned()));
        let progress = Progress { epoch: *self.epoch.borrow(), last_dseq: 0, safe_dseq: 0 };
        Done::Submitted((ids.into_iter().map(unknown).collect(), progress))
    }
}

pub(super) async fn read_epoch(ledger: &Ledger) -> Result<Epoch, LedgerError> {
    let text = ledger.epoch().await?;
    let no_epoch = || LedgerError::Storage { problem: spoken::of_library(&"no epoch") };
    Epoch::parse(&text).ok_or_else(no_epoch)
}

/// What the ledger and the doorkeeper were asked, and said.
enum Done {
    Identified(Result<Greeted, Ending>),
    Submitted((Vec<(EntryId, Answer)>, Progress)),
}

struct Greeted {
    admitted: Admitted,
    following: Following,
    progress: Progress,
}

/// A device's place in the table of open connections; it is left when this is dropped.
struct Place {
    shared: Arc<Shared>,
    device: DeviceId,
    number: u64,
    /// Speaks, or is dropped, when a newer connection of the device takes the place.
    replaced: oneshot::Receiver<()>,
}

impl Place {
    fn take(shared: &Arc<Shared>, device: DeviceId) -> Self {
        let number = shared.connections.fetch_add(1, Ordering::Relaxed);
        let (replace, replaced) = oneshot::channel();
        let mut devices = shared.devices.lock().unwrap_or_else(PoisonError::into_inner);
        devices.insert(device.clone(), (number, replace));
        drop(devices);
        Self { shared: Arc::clone(shared), device, number, replaced }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut devices = self.shared.devices.lock().unwrap_or_else(PoisonError::into_inner);
        if devices.get(&self.device).is_some_and(|(number, _)| *number == self.number) {
            devices.remove(&self.device);
            let mut left = self.shared.left.lock().unwrap_or_else(PoisonError::into_inner);
            left.insert(self.device.clone(), self.shared.ledger.now());
        }
    }
}

/// Says that nothing more can come of a connection.
struct Over;

type Step = Result<(), Over>;

/// One socket.
struct Connection {
    shared: Arc<Shared>,
    socket: WebSocket,
    session: Session,
    /// What the ledger or the doorkeeper is asked. It goes on when the connection ends: a submission
    /// that was begun is finished.
    work: Option<JoinHandle<Done>>,
    /// What is to be submitted next.
    waiting: Vec<Submitted>,
    /// How many submissions are taken and not answered.
    unanswered: usize,
    following: Option<Following>,
    calls: Option<watch::Receiver<Told>>,
    /// The number of the calls that were told last.
    calls_told: i64,
    place: Option<Place>,
    /// A look at who is here and how far copies go, some time from now.
    look: Pin<Box<dyn Future<Output = Seen> + Send>>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// What a connection waits for.
enum News {
    Message(Option<Result<Message, axum::Error>>),
    Done(Option<Done>),
    Moved(Result<Arc<Moved>, broadcast::error::RecvError>),
    Called,
    Ticked,
    Epoch,
    Replaced,
    Seen(Seen),
    Stopping,
}

impl Connection {
    async fn run(&mut self) {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut epoch = self.shared.epoch.subscribe();
        let mut is_stopping = self.shared.is_stopping.subscribe();
        let mut is_leaving = false;
        loop {
            if is_leaving && self.work.is_none() {
                let _ = self.leave(&Ending::Unavailable).await;
                return;
            }
            // A tablet that sends more than it may have unanswered is not read for so long.
            let has_room = self.unanswered + SUBMISSIONS_MAX <= UNANSWERED_MAX;
            let news = tokio::select! {
                message = self.socket.recv(), if has_room && !is_leaving => News::Message(message),
                done = finished(&mut self.work) => News::Done(done),
                moved = next_of(&mut self.following), if !is_leaving => News::Moved(moved),
                () = called(&mut self.calls), if !is_leaving => News::Called,
                _ = tick.tick() => News::Ticked,
                Ok(()) = epoch.changed() => News::Epoch,
                () = replaced(&mut self.place) => News::Replaced,
                seen = &mut self.look => News::Seen(seen),
                _ = is_stopping.wait_for(|is_so| *is_so), if !is_leaving => News::Stopping,
            };
            let step = match news {
                News::Message(message) => self.message(message).await,
                News::Done(done) => self.done(done).await,
                News::Moved(Ok(moved)) => self.moved(&moved).await,
                // It is too far behind to be told what moved: it comes back and asks for everything.
                News::Moved(Err(_)) => self.leave(&Ending::Unavailable).await,
                News::Called => self.called().await,
                News::Ticked => {
                    let outputs = self.session.tick(self.shared.now());
                    self.act(outputs).await
                }
                News::Epoch => self.other_epoch().await,
                News::Seen(Seen::SignedOut) => self.leave(&Ending::TicketRefused).await,
                News::Seen(Seen::Here { admitted, device, progress }) => {
                    self.look = Box::pin(look(Arc::clone(&self.shared), admitted, device));
                    let outputs = progress.map(|progress| self.session.answered(Vec::new(), progress));
                    self.act(outputs.unwrap_or_default()).await
                }
                News::Replaced => self.close(close_code::NORMAL, "a newer connection of this device").await,
                News::Stopping => {
                    is_leaving = true;
                    Ok(())
                }
            };
            if step.is_err() {
                return;
            }
        }
    }

    async fn message(&mut self, message: Option<Result<Message, axum::Error>>) -> Step {
        let now = self.shared.now();
        let outputs = match message {
            Some(Ok(Message::Text(text))) => self.session.text(&text, now),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => self.session.control(now),
            Some(Ok(Message::Binary(_))) => self.session.leave(&Ending::FrameUnfit),
            // The answer to a close is sent by the library while the socket is read to its end.
            Some(Ok(Message::Close(_))) => Vec::new(),
            None => return Err(Over),
            Some(Err(error)) => return self.unreadable(error).await,
        };
        self.act(outputs).await
    }

    async fn done(&mut self, done: Option<Done>) -> Step {
        self.work = None;
        let outputs = match done {
            Some(Done::Identified(Ok(Greeted { admitted, following, progress }))) => {
                let (identity, server_time) = (admitted.identity.clone(), self.shared.ledger.now());
                let outputs = self.session.identified(Ok((identity, progress)), server_time);
                if let Some(device) = self.session.device().cloned() {
                    self.place = Some(Place::take(&self.shared, device.clone()));
                    self.following = Some(following);
                    // What was called before stands in the sheets, which are asked for after the welcome.
                    self.calls = Some(self.shared.calls.follow());
                    self.look = Box::pin(look(Arc::clone(&self.shared), admitted, device));
                }
                outputs
            }
            Some(Done::Identified(Err(ending))) => {
                self.session.identified(Err(ending), self.shared.ledger.now())
            }
            Some(Done::Submitted((answers, progress))) => {
                self.unanswered = self.unanswered.saturating_sub(answers.len());
                self.submit_next();
                self.session.answered(answers, progress)
            }
            // The task did not come to its end: nothing is known of what it was given.
            None => self.session.leave(&Ending::Unavailable),
        };
        self.act(outputs).await
    }

    async fn moved(&mut self, moved: &Moved) -> Step {
        let Some(device) = self.session.device().cloned() else { return Ok(()) };
        let mut outputs = Vec::new();
        for head in &moved.heads {
            if self.session.identity().is_some_and(|identity| head.concerns(identity, &device)) {
                let now = self.shared.now();
                outputs.extend(self.session.head_moved(head.cell.clone(), head.id, moved.seq, now));
            }
        }
        self.act(outputs).await
    }

    /// Tells whom this judge's panels mark now, where that changed.
    async fn called(&mut self) -> Step {
        let (Some(calls), Some(identity)) = (&mut self.calls, self.session.identity()) else { return Ok(()) };
        let called = calls.borrow_and_update().get(&identity.ledger).cloned();
        let Some(called) = called.filter(|called| called.number != self.calls_told) else { return Ok(()) };
        let Ok(state) = self.shared.ledger.state(&identity.ledger).await else {
            return self.leave(&Ending::Unavailable).await;
        };
        self.calls_told = called.number;
        let of_judge = called.of(&state, &JudgeCode::from(identity.actor.as_str()));
        let outputs = self.session.called(of_judge, called.number, self.shared.now());
        self.act(outputs).await
    }

    async fn other_epoch(&mut self) -> Step {
        let epoch = *self.shared.epoch.borrow();
        let outputs = self.session.answered(Vec::new(), Progress { epoch, last_dseq: 0, safe_dseq: 0 });
        self.act(outputs).await
    }

    async fn leave(&mut self, ending: &Ending) -> Step {
        let outputs = self.session.leave(ending);
        self.act(outputs).await
    }

    /// Does what the session asks for. Frames that go out together are one write, and on a crowded Wi-Fi one
    /// packet.
    async fn act(&mut self, outputs: Vec<Output>) -> Step {
        let mut is_fed = false;
        for output in outputs {
            match output {
                Output::Identify { device, ticket } => {
                    let shared = Arc::clone(&self.shared);
                    let identify = async move { Done::Identified(shared.identify(&device, &ticket).await) };
                    self.work = Some(tokio::spawn(identify));
                }
                Output::Submit(submitted) => {
                    self.unanswered += submitted.len();
                    self.waiting.extend(submitted);
                    self.submit_next();
                }
                Output::Send(frame, proto) => {
                    // What cannot be written breaks a limit of ours; the tablet asks again and is not lied to.
                    let text = frame.encode(proto).map_err(|_| Over)?;
                    let fed = self.socket.feed(Message::Text(text.into()));
                    in_time(self.shared.limits.write_within, fed).await?;
                    is_fed = true;
                }
                Output::Close => return self.close(close_code::NORMAL, "").await,
            }
        }
        if is_fed { in_time(self.shared.limits.write_within, self.socket.flush()).await } else { Ok(()) }
    }

    /// Gives everything that waits to the ledger, where it has nothing of this connection: a device's
    /// entries stay in their order.
    fn submit_next(&mut self) {
        if self.work.is_some() || self.waiting.is_empty() {
            return;
        }
        let (Some(identity), Some(device)) = (self.session.identity(), self.session.device()) else { return };
        let (ledger, device) = (identity.ledger.clone(), device.clone());
        let (shared, submitted) = (Arc::clone(&self.shared), std::mem::take(&mut self.waiting));
        self.work = Some(tokio::spawn(async move { shared.submit(ledger, device, submitted).await }));
    }

    async fn write(&mut self, message: Message) -> Step {
        in_time(self.shared.limits.write_within, self.socket.send(message)).await
    }

    /// Says that it is over, and waits a little for the other side to say so too.
    async fn close(&mut self, code: u16, reason: &'static str) -> Step {
        let frame = CloseFrame { code, reason: reason.into() };
        self.write(Message::Close(Some(frame))).await?;
        let read_to_the_end = async { while let Some(Ok(_)) = self.socket.recv().await {} };
        // Whoever does not answer is left without.
        let _ = timeout(CLOSE_WITHIN, read_to_the_end).await;
        Err(Over)
    }

    /// What came is no message: says why by its code (RFC 6455, 7.4.1).
    async fn unreadable(&mut self, error: axum::Error) -> Step {
        let error = error.into_inner();
        let code = match error.downcast_ref::<SocketError>() {
            Some(SocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => return Err(Over),
            Some(SocketError::Capacity(_)) => close_code::SIZE,
            Some(SocketError::Utf8(_)) => close_code::INVALID,
            Some(SocketError::Protocol(_)) => close_code::PROTOCOL,
            _ => return Err(Over),
        };
        self.write(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await?;
        sleep(LINGER).await;
        Err(Over)
    }
}

/// Whether the other side took what was written, and took it in time.
async fn in_time(within: Duration, written: impl Future<Output = Result<(), axum::Error>>) -> Step {
    match timeout(within, written).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Over),
    }
}

/// What was asked is answered; none where the task did not end well.
async fn finished(work: &mut Option<JoinHandle<Done>>) -> Option<Done> {
    match work {
        Some(work) => work.await.ok(),
        None => std::future::pending().await,
    }
}

/// What a look at a connection shows.
enum Seen {
    /// Who was there is no longer signed in.
    SignedOut,
    Here {
        admitted: Admitted,
        device: DeviceId,
        progress: Option<Progress>,
    },
}

async fn look(shared: Arc<Shared>, admitted: Admitted, device: DeviceId) -> Seen {
    sleep(LOOK).await;
    if !shared.doorkeeper.holds(&admitted).await {
        return Seen::SignedOut;
    }
    // What cannot be read now is read at the next look.
    let progress = shared.progress(&device, &admitted.identity.ledger).await.ok();
    Seen::Here { admitted, device, progress }
}

async fn next_of(following: &mut Option<Following>) -> Result<Arc<Moved>, broadcast::error::RecvError> {
    match following {
        Some(following) => following.recv().await,
        None => std::future::pending().await,
    }
}

/// Somebody may be called; nobody is any more where the reader has ended.
async fn called(calls: &mut Option<watch::Receiver<Told>>) {
    let is_told = match calls {
        Some(calls) => calls.changed().await.is_ok(),
        None => false,
    };
    if !is_told {
        std::future::pending().await
    }
}

/// Tells calls until the sockets stop or are gone.
async fn tell_calls(shared: Weak<Shared>) {
    let mut stamp = 0;
    while let Some(shared) = shared.upgrade().filter(|shared| !*shared.is_stopping.borrow()) {
        stamp = shared.calls.look(stamp).await;
    }
}

async fn replaced(place: &mut Option<Place>) {
    match place {
        Some(place) => {
            let _ = (&mut place.replaced).await;
        }
        None => std::future::pending().await,
    }
}
