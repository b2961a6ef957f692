//! Drives the session in a browser: a socket, timers and the browser's database do what it asks for.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use domain::id::DeviceId;
use protocol::account::Bench;
use protocol::frame::{ClientFrame, Nonce, Versions};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, MessageEvent, WebSocket};

use super::api::{self, Failure};
use super::browser::{Timer, Turn, random, run_now, steady_ms, window};
use super::key::Key;
use super::left;
use super::store::{Added, Care, Store};
use crate::{Act, ActRefusal, Device, Kept, Now, OutboxProblem, Output, Session, Show};

/// What the tablet tells the screen.
pub(super) enum News {
    /// Something to show.
    Show(Show),
    /// There is no ticket for a socket.
    NoTicket(Failure),
    /// There is one again.
    Ticket,
    /// Another tab marks now.
    TurnLost,
    /// Whether the storage has not answered for long.
    StoreIsSlow(bool),
    /// Another tab wrote under the number: what it wrote has to be read.
    NumberTaken,
}

/// After that long without an answer the judge is told that the storage does not answer.
const STORES_WITHIN_MS: u64 = 5_000;

/// The running session. Clones are the same one.
#[derive(Clone)]
pub(super) struct Tablet {
    inner: Rc<Inner>,
}

struct Inner {
    session: RefCell<Session>,
    store: Store,
    bench: Bench,
    language: &'static str,
    socket: RefCell<Option<Socket>>,
    /// Counts the sockets, so that nothing is heard of one that was dropped.
    opening: Cell<u64>,
    timer: RefCell<Option<Timer>>,
    /// What is copied in a second place, and is deleted here once sheets are stored that tell it.
    sealed: RefCell<Vec<i64>>,
    /// This browser's key.
    key: Option<Key>,
    turn: Turn,
    is_stopped: Cell<bool>,
    tell: Box<dyn Fn(News)>,
}

/// What the store holds of every outbox is kept under names that begin so.
pub(super) const OUTBOXES: &str = "outbox:";

/// What the store holds of a device's outbox is kept under names that begin so.
pub(super) fn outbox(device: &DeviceId) -> String {
    format!("{OUTBOXES}{device}:")
}

impl Tablet {
    /// Starts from what the store holds, and connects.
    ///
    /// # Errors
    /// Where what was stored is no outbox.
    pub(super) fn start(
        bench: &Bench,
        stored: Vec<Kept>,
        store: Store,
        key: Option<Key>,
        turn: Turn,
        language: &'static str,
        tell: impl Fn(News) + 'static,
    ) -> Result<Self, OutboxProblem> {
        let device =
            Device { id: bench.device.clone(), ledger: bench.ledger.clone(), versions: Versions::OURS };
        let (session, outputs) = Session::start(device, stored, now())?;
        let inner = Inner {
            session: RefCell::new(session),
            store,
            bench: bench.clone(),
            language,
            socket: RefCell::new(None),
            opening: Cell::new(0),
            timer: RefCell::new(None),
            sealed: RefCell::default(),
            key,
            turn,
            is_stopped: Cell::new(false),
            tell: Box::new(tell),
        };
        let tablet = Self { inner: Rc::new(inner) };
        tablet.act(outputs);
        Ok(tablet)
    }

    /// Enters an act; how it goes on is told as news.
    ///
    /// # Errors
    /// Where it is not taken; nothing was saved.
    pub(super) fn enter(&self, act: Act) -> Result<(), ActRefusal> {
        let outputs = self.inner.session.borrow_mut().enter(act)?;
        self.act(outputs);
        Ok(())
    }

    /// Another tab, or another sign-in, marks now: nothing is sent or heard here any more. What is
    /// being stored is stored still.
    pub(super) fn stop(&self) {
        self.inner.is_stopped.set(true);
        self.drop_socket();
        self.inner.timer.take();
    }

    /// How many entries the storage has not answered for.
    pub(super) fn saving(&self) -> usize {
        self.inner.session.borrow().saving()
    }

    /// Whether a verified second place has everything that was entered here.
    pub(super) fn is_sealed(&self) -> bool {
        self.inner.session.borrow().is_sealed()
    }

    /// Whether something cannot be sent before a person did something.
    pub(super) fn is_held_up(&self) -> bool {
        self.inner.session.borrow().is_held_up()
    }

    /// Everything that is stored and kept.
    pub(super) fn kept(&self) -> Vec<Kept> {
        self.inner.session.borrow().kept().cloned().collect()
    }

    /// Whether the store holds something of this device that the session does not know: another tab
    /// ended its writing after this one had read.
    pub(super) async fn is_behind(&self) -> bool {
        let next = self.inner.session.borrow().kept().last().map_or(1, |kept| kept.submission.dseq + 1);
        let beyond = self.inner.store.get(&self.name(next)).await;
        let is_same =
            self.inner.session.borrow().kept().last().map_or(1, |kept| kept.submission.dseq + 1) == next;
        is_same && self.saving() == 0 && matches!(beyond, Ok(Some(_)))
    }

    /// How many sealed entries wait for the sheets to be stored.
    pub(super) fn sealed(&self) -> usize {
        self.inner.sealed.borrow().len()
    }

    /// Sheets are stored that were asked for when so many were sealed: those need not be kept.
    pub(super) async fn forget_sealed(&self, count: usize) {
        let (first, last) = {
            let sealed = self.inner.sealed.borrow();
            let last = count.checked_sub(1).and_then(|last| sealed.get(last));
            let (Some(first), Some(last)) = (sealed.first(), last) else { return };
            (self.name(*first), self.name(*last))
        };
        // All at once: one that stayed between others would be a gap.
        if self.inner.store.forget(&first, &last).await {
            self.inner.sealed.borrow_mut().drain(..count);
        }
    }

    /// The network may be back, or somebody does not want to wait.
    pub(super) fn hurry(&self) {
        self.drive(Session::hurry);
    }

    fn drive(&self, step: impl FnOnce(&mut Session, Now) -> Vec<Output>) {
        let outputs = step(&mut self.inner.session.borrow_mut(), now());
        self.act(outputs);
    }

    fn act(&self, outputs: Vec<Output>) {
        if !self.inner.is_stopped.get() && !self.inner.turn.is_here() {
            self.stop();
            (self.inner.tell)(News::TurnLost);
        }
        let is_stopped = self.inner.is_stopped.get();
        let mut outputs = VecDeque::from(outputs);
        while let Some(output) = outputs.pop_front() {
            match output {
                Output::Open | Output::Send(..) | Output::Show(_) if is_stopped => {}
                Output::Open => self.open(),
                Output::Close => self.drop_socket(),
                Output::Send(frame, proto) => {
                    if !self.send(&frame, proto) {
                        self.drop_socket();
                        outputs.extend(self.inner.session.borrow_mut().closed(now()));
                    }
                }
                Output::Store(kept) => self.store(kept),
                Output::Note(kept) => {
                    // A receipt that is not noted is asked for again after the next start.
                    if let Some((name, text)) = self.written(&kept) {
                        drop_later(self.inner.store.put(&name, &text, Care::Relaxed));
                    }
                    // Receipts come in the order of the numbers.
                    let last = left::received(&self.inner.bench.device);
                    let dseq = kept.submission.dseq.to_string();
                    drop_later(self.inner.store.put(&last, &dseq, Care::Relaxed));
                }
                Output::Forget(dseq) => self.inner.sealed.borrow_mut().push(dseq),
                Output::Show(show) => (self.inner.tell)(News::Show(show)),
            }
        }
        if !is_stopped {
            self.wake();
        }
    }

    /// Sets the timer to when the session wants to be woken.
    fn wake(&self) {
        let wake_at = self.inner.session.borrow().wake_at();
        let tablet = self.clone();
        let timer = Timer::after(wake_at.saturating_sub(steady_ms()), move || tablet.drive(Session::tick));
        // The timer that runs out now is dropped only after its own call.
        let old = self.inner.timer.replace(timer);
        if let Some(old) = old {
            spawn_local(async move { drop(old) });
        }
    }

    fn store(&self, kept: Kept) {
        let dseq = kept.submission.dseq;
        let tablet = self.clone();
        run_now(async move {
            let slow = Timer::after(STORES_WITHIN_MS, {
                let tablet = tablet.clone();
                move || (tablet.inner.tell)(News::StoreIsSlow(true))
            });
            let added = match tablet.signed(kept).await.and_then(|kept| tablet.written(&kept)) {
                Some((name, text)) => tablet.inner.store.add(&name, &text).await,
                None => Added::Failed,
            };
            drop(slow);
            (tablet.inner.tell)(News::StoreIsSlow(false));
            let is_kept = added == Added::Kept;
            tablet.drive(
                |session, now| if is_kept { session.stored(dseq, now) } else { session.not_stored(dseq) },
            );
            if added == Added::Taken && !tablet.inner.is_stopped.get() {
                (tablet.inner.tell)(News::NumberTaken);
            }
        });
    }

    /// Signed by this browser's key, where it has one.
    async fn signed(&self, kept: Kept) -> Option<Kept> {
        let Some(key) = &self.inner.key else { return Some(kept) };
        let signature = key.sign(&kept.submission, &self.inner.bench).await?;
        self.inner.session.borrow_mut().signed(kept.submission.dseq, signature)
    }

    /// Tells the server this browser's key, before anything is sent that is signed by it; each time, since
    /// a server that was restored may know an earlier key alone.
    async fn name_key(&self) -> Result<(), Failure> {
        match &self.inner.key {
            Some(key) => api::name_key(key.public, self.inner.language).await,
            None => Ok(()),
        }
    }

    fn name(&self, dseq: i64) -> String {
        // Names are in the order of their numbers.
        format!("{}{dseq:016}", outbox(&self.inner.bench.device))
    }

    fn written(&self, kept: &Kept) -> Option<(String, String)> {
        Some((self.name(kept.submission.dseq), serde_json::to_string(kept).ok()?))
    }

    fn open(&self) {
        self.drop_socket();
        let opening = self.inner.opening.get();
        let tablet = self.clone();
        spawn_local(async move {
            let ticket = match tablet.name_key().await {
                Ok(()) => api::ticket(tablet.inner.language).await,
                Err(failure) => Err(failure),
            };
            if tablet.inner.opening.get() != opening {
                return;
            }
            let socket = match ticket {
                Ok(ticket) => {
                    (tablet.inner.tell)(News::Ticket);
                    Socket::open(&tablet, opening, ticket)
                }
                Err(failure) => {
                    (tablet.inner.tell)(News::NoTicket(failure));
                    None
                }
            };
            let is_opening = socket.is_some();
            *tablet.inner.socket.borrow_mut() = socket;
            if !is_opening {
                tablet.drive(Session::closed);
            }
        });
    }

    fn drop_socket(&self) {
        self.inner.opening.set(self.inner.opening.get() + 1);
        let socket = self.inner.socket.take();
        // Its own callback may be running.
        spawn_local(async move { drop(socket) });
    }

    fn send(&self, frame: &ClientFrame, proto: u32) -> bool {
        let socket = self.inner.socket.borrow();
        let (Some(socket), Ok(text)) = (&*socket, frame.encode(proto)) else { return false };
        socket.socket.send_with_str(&text).is_ok()
    }

    /// Hears of a socket, unless it was dropped.
    fn hear(&self, opening: u64, step: impl FnOnce(&mut Session, Now) -> Vec<Output>) {
        if self.inner.opening.get() == opening {
            self.drive(step);
        }
    }
}

/// A socket and what hears of it.
struct Socket {
    socket: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(Event)>,
}

impl Socket {
    fn open(tablet: &Tablet, opening: u64, ticket: String) -> Option<Self> {
        let location = window()?.location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let url = format!("{scheme}://{}/api/judge/socket", location.host().ok()?);
        let socket = WebSocket::new(&url).ok()?;
        let mut ticket = Some(ticket);
        let opened = Closure::<dyn FnMut()>::new({
            let tablet = tablet.clone();
            move || {
                let Some(ticket) = ticket.take() else { return };
                tablet.hear(opening, |session, now| session.opened(Nonce(random()), ticket, now));
            }
        });
        let message = Closure::<dyn FnMut(MessageEvent)>::new({
            let tablet = tablet.clone();
            move |event: MessageEvent| {
                let Some(text) = event.data().as_string() else { return };
                tablet.hear(opening, |session, now| session.text(&text, now));
            }
        });
        let closed = Closure::<dyn FnMut(Event)>::new({
            let tablet = tablet.clone();
            move |_: Event| tablet.hear(opening, Session::closed)
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { socket, _opened: opened, _message: message, _closed: closed })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

fn now() -> Now {
    #[expect(clippy::cast_possible_truncation, reason = "half of the bits are random, too")]
    Now { ms: steady_ms(), random: random() as u64 }
}

/// Lets a write go on without waiting for it.
fn drop_later(write: impl Future<Output = bool> + 'static) {
    spawn_local(async move {
        let _ = write.await;
    });
}
