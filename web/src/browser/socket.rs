//! The spectators' socket: the whole view first, then patches; lost links are made again.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use protocol::view::SILENCE_MS_MAX;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, MessageEvent, WebSocket};

use super::app::App;
use super::dom::{document, listen, window};
use super::{now_ms, timer};
use crate::format::segment;
use crate::json::Json;
use crate::live::{Link, Shown};

/// For how long a link may be down before anyone is told: most come back within a second.
const TOLD_AFTER: Duration = Duration::from_secs(5);
/// The longest pause between two tries.
const PAUSE_MS_MAX: u64 = 30_000;
/// After so many tries without one success there is no use in sockets here, and the page is loaded
/// again instead, as where no script runs.
const TRIES_BEFORE_RELOADS: u32 = 4;
/// How many times as long as it draws the page rests: on a slow phone, changes to a long board come
/// less often, and the phone stays quick to the touch.
const REST: i64 = 4;
/// How often it is asked whether a connection has fallen silent: a browser is told of no pings, and a
/// network that is gone says nothing.
const LISTENED_EVERY: Duration = Duration::from_secs(5);

/// Reads a view; nothing where it is none.
type Read = Box<dyn Fn(&Json) -> Option<Shown>>;

struct Follower {
    address: String,
    app: Rc<App>,
    read: Read,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// The connection, with what listens to it.
    connection: Option<Connection>,
    /// Which connection is the present one: an older one has nothing to say.
    number: u32,
    rev: i64,
    /// The view of that revision; none before the first.
    view: Option<Json>,
    /// The moment that the view on the page tells of.
    told_ms: Option<i64>,
    /// Whether the view is not on the page yet.
    is_drawing_due: bool,
    /// When it may be drawn again.
    draw_from_ms: i64,
    /// When something was heard last, or the connection was begun.
    heard_ms: i64,
    /// Whether this connection has said yet what time it is.
    has_time: bool,
    /// Failed tries since the last message.
    tries: u32,
    has_been_live: bool,
    /// Whether a try is due already.
    is_waiting: bool,
}

struct Connection {
    socket: WebSocket,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut()>,
}

/// Follows a topic for as long as the page is open.
pub(super) fn follow(topic: &str, app: &Rc<App>, read: Read) {
    let (Some(window), Some(document)) = (window(), document()) else { return };
    let (Ok(protocol), Ok(host)) = (window.location().protocol(), window.location().host()) else { return };
    let scheme = if protocol == "https:" { "wss" } else { "ws" };
    let address = format!("{scheme}://{host}/api/live-socket?topic={}", segment(topic));
    let follower = Rc::new(Follower { address, app: app.clone(), read, state: RefCell::default() });
    follower.connect();
    // A phone that wakes, or that finds its network again, does not wait for the next try.
    let awake = follower.clone();
    listen(&document, "visibilitychange", move |_| awake.connect_if_lost());
    let online = follower.clone();
    listen(&window, "online", move |_| online.connect_if_lost());
    let listened = follower.clone();
    timer::every(LISTENED_EVERY, move || listened.lose_if_silent());
    listen(&window, "offline", move |_| follower.lose());
}

impl Follower {
    fn connect(self: &Rc<Self>) {
        let number = {
            let mut state = self.state.borrow_mut();
            state.is_waiting = false;
            state.has_time = false;
            state.heard_ms = now_ms();
            state.number += 1;
            state.number
        };
        let Ok(socket) = WebSocket::new(&self.address) else { return };
        let follower = self.clone();
        let on_message = Closure::new(move |event: MessageEvent| follower.receive(number, &event));
        let follower = self.clone();
        let on_close = Closure::new(move || follower.closed(number));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        let connection = Connection { socket, _on_message: on_message, _on_close: on_close };
        self.state.borrow_mut().connection = Some(connection);
    }

    fn receive(self: &Rc<Self>, number: u32, event: &MessageEvent) {
        if self.state.borrow().number != number {
            return;
        }
        self.state.borrow_mut().heard_ms = now_ms();
        let frame = event.data().as_string().and_then(|text| Json::parse(&text));
        if let Some(Json::Number(at_ms)) = frame.as_ref().and_then(|frame| frame.get("at")) {
            let had_time = std::mem::replace(&mut self.state.borrow_mut().has_time, true);
            self.app.clock.hear(*at_ms, !had_time);
            return;
        }
        if frame.and_then(|frame| self.follow_up(frame)).is_none() {
            // A revision was missed, or what came is no frame: begin with a whole view again.
            self.lose();
            return;
        }
        let pause = {
            let mut state = self.state.borrow_mut();
            state.tries = 0;
            state.has_been_live = true;
            if std::mem::replace(&mut state.is_drawing_due, true) {
                return;
            }
            state.draw_from_ms - now_ms()
        };
        // The first change of a quiet board is shown at once.
        match u64::try_from(pause) {
            Ok(pause) if pause > 0 => {
                let follower = self.clone();
                timer::after(Duration::from_millis(pause), move || follower.draw());
            }
            _ => self.draw(),
        }
    }

    /// Takes a frame in; nothing where it does not follow from the one before.
    /// (`protocol::view::LiveFrame`)
    fn follow_up(&self, mut frame: Json) -> Option<()> {
        let mut state = self.state.borrow_mut();
        let rev = match frame.get("rev")? {
            Json::Number(rev) => *rev,
            _ => return None,
        };
        let known = state.view.take();
        let view = if let Some(patch) = frame.take("patch") {
            let mut view = known.filter(|_| rev == state.rev + 1)?;
            view.patch(patch);
            view
        } else {
            frame.take("view")?
        };
        state.rev = rev;
        state.view = Some(view);
        Some(())
    }

    /// Shows what is known.
    fn draw(self: &Rc<Self>) {
        let begun_ms = now_ms();
        let (next, told_ms, known_ms) = {
            let mut state = self.state.borrow_mut();
            state.is_drawing_due = false;
            let Some(view) = &state.view else { return };
            let (next, told_ms) = ((self.read)(view), as_of(view));
            (next, told_ms, std::mem::replace(&mut state.told_ms, told_ms))
        };
        let Some(next) = next else {
            // A view of another shape: the server is newer than this page.
            fall_back();
            self.lose();
            return;
        };
        self.app.change(|shown, local| {
            *shown = next;
            local.link = Link::Live;
            // Time goes back only where a database was restored, and that is said, never silent.
            if told_ms != known_ms {
                local.is_rewound = told_ms < known_ms;
            }
        });
        let ended_ms = now_ms();
        self.state.borrow_mut().draw_from_ms = ended_ms + (ended_ms - begun_ms) * REST;
    }

    /// Ends a connection that has said nothing for so long that nobody is there. A clock that was set
    /// looks the same, and costs no more than a new connection.
    fn lose_if_silent(self: &Rc<Self>) {
        let (is_waiting, heard_ms) = {
            let state = self.state.borrow();
            (state.is_waiting, state.heard_ms)
        };
        if !is_waiting && (now_ms() - heard_ms).abs() > SILENCE_MS_MAX {
            self.lose();
        }
    }

    /// Ends the present connection, as if it had ended by itself.
    fn lose(self: &Rc<Self>) {
        let number = self.state.borrow().number;
        if let Some(connection) = &self.state.borrow().connection {
            let _ = connection.socket.close();
        }
        self.closed(number);
    }

    fn closed(self: &Rc<Self>, number: u32) {
        let mut state = self.state.borrow_mut();
        if state.number != number || state.is_waiting {
            return;
        }
        // What a closed connection still says is not listened to.
        state.number += 1;
        state.is_waiting = true;
        state.tries += 1;
        let pause = pause(state.tries);
        let (is_first, has_been_live) = (state.tries == 1, state.has_been_live);
        if !has_been_live && state.tries == TRIES_BEFORE_RELOADS {
            fall_back();
        }
        drop(state);
        let follower = self.clone();
        timer::after(pause, move || follower.connect_if_waiting());
        if is_first && has_been_live {
            let follower = self.clone();
            timer::after(TOLD_AFTER, move || follower.tell_if_lost());
        }
    }

    fn tell_if_lost(&self) {
        if self.state.borrow().tries > 0 {
            self.app.note(|local| local.link = Link::Lost);
        }
    }

    fn connect_if_waiting(self: &Rc<Self>) {
        if self.state.borrow().is_waiting {
            self.connect();
        }
    }

    fn connect_if_lost(self: &Rc<Self>) {
        let is_visible = document().is_some_and(|document| !document.hidden());
        if is_visible {
            self.connect_if_waiting();
        }
    }
}

/// Leaves it to `boot.js` to load the page again.
fn fall_back() {
    if let (Some(window), Ok(event)) = (window(), Event::new("fallback")) {
        let _ = window.dispatch_event(&event);
    }
}

fn as_of(view: &Json) -> Option<i64> {
    match view.get("as_of")? {
        Json::Number(instant_ms) => Some(*instant_ms),
        _ => None,
    }
}

/// The pause before a try: twice as long each time, and by chance somewhat shorter, so that a hall's
/// phones do not all come back in the same moment.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a pause, by chance"
)]
fn pause(tries: u32) -> Duration {
    let longest = PAUSE_MS_MAX.min(1_000 << tries.min(6));
    Duration::from_millis((longest as f64 * (0.25 + 0.75 * js_sys::Math::random())) as u64)
}
