//! A spectator's socket: it only tells. What waits for it is never more than the newest revision.
//! While nothing changes it tells that it lives, and what time it is.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use protocol::view::LiveFrame;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::places::{Limits, Place};
use super::{Live, Revision};
use crate::ledger::Clock;

/// How much is read at once: what a socket costs while it is idle, and what is cleared whenever it is
/// looked for something to read. Spectators say pongs.
const READ_BYTES: usize = 256;
/// The most that a spectator may send; they have nothing to say.
const HEARD_BYTES_MAX: usize = 4_096;
/// The most that waits to be written: the largest view, and something beside it.
const WRITE_BYTES_MAX: usize = 8 * 1_024 * 1_024;

/// Answers a request for a spectator's socket; the socket runs on the spectators' runtime.
pub(super) fn upgrade(
    upgrade: WebSocketUpgrade,
    live: &Live,
    revisions: watch::Receiver<Arc<Revision>>,
    place: Place,
) -> Response {
    let spectators: Handle = live.spectators().clone();
    let (clock, limits) = (Arc::clone(&live.hub.clock), live.places.limits());
    upgrade
        .read_buffer_size(READ_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BYTES_MAX)
        .max_message_size(HEARD_BYTES_MAX)
        .max_frame_size(HEARD_BYTES_MAX)
        .on_upgrade(async move |socket| {
            spectators.spawn(async move {
                tell(socket, revisions, &clock, limits).await;
                drop(place);
            });
        })
}

async fn tell(
    mut socket: WebSocket,
    mut revisions: watch::Receiver<Arc<Revision>>,
    clock: &Clock,
    limits: Limits,
) {
    let mut beats = interval_at(Instant::now() + limits.beat, limits.beat);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut told, mut heard) = (None, Instant::now());
    revisions.mark_changed();
    loop {
        let messages = tokio::select! {
            // A revision first: it is what a socket is woken for most, and then nothing else is looked at.
            biased;
            changed = revisions.changed() => match changed {
                Ok(()) => {
                    let revision = revisions.borrow_and_update();
                    let message = revision.message(told);
                    // The first view comes with the time, for the clock of a session.
                    let is_first = told.replace(revision.rev).is_none();
                    [Some(message), is_first.then(|| beat_at(clock))]
                }
                // It is no longer for the public: that there was one is no secret.
                Err(_) => return close(socket, close_code::AWAY, limits).await,
            },
            said = socket.recv() => match said {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                    heard = Instant::now();
                    continue;
                }
                Some(Ok(Message::Text(_) | Message::Binary(_))) => {
                    return close(socket, close_code::POLICY, limits).await;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
            _ = beats.tick() => {
                if heard.elapsed() > limits.silence_max {
                    return;
                }
                [Some(beat_at(clock)), Some(Message::Ping(axum::body::Bytes::new()))]
            }
        };
        for message in messages.into_iter().flatten() {
            if !matches!(timeout(limits.write_within, socket.send(message)).await, Ok(Ok(()))) {
                return;
            }
        }
    }
}

/// That the connection lives, and what time it is.
fn beat_at(clock: &Clock) -> Message {
    let frame = LiveFrame::Beat { at: clock() };
    // A number and a word always become JSON.
    Message::text(serde_json::to_string(&frame).unwrap_or_default())
}

async fn close(mut socket: WebSocket, code: u16, limits: Limits) {
    let frame = CloseFrame { code, reason: axum::extract::ws::Utf8Bytes::default() };
    let _ = timeout(limits.write_within, socket.send(Message::Close(Some(frame)))).await;
}
