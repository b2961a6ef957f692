//! A spectator's socket: it only tells. What waits for it is never more than the newest revision.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::Revision;
use super::places::{Limits, Place};

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
    spectators: Handle,
    revisions: watch::Receiver<Arc<Revision>>,
    place: Place,
    limits: Limits,
) -> Response {
    upgrade
        .read_buffer_size(READ_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BYTES_MAX)
        .max_message_size(HEARD_BYTES_MAX)
        .max_frame_size(HEARD_BYTES_MAX)
        .on_upgrade(async move |socket| {
            spectators.spawn(async move {
                tell(socket, revisions, limits).await;
                drop(place);
            });
        })
}

async fn tell(mut socket: WebSocket, mut revisions: watch::Receiver<Arc<Revision>>, limits: Limits) {
    let mut pings = interval_at(Instant::now() + limits.ping_every, limits.ping_every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut told, mut heard) = (None, Instant::now());
    revisions.mark_changed();
    loop {
        let message = tokio::select! {
            // A revision first: it is what a socket is woken for most, and then nothing else is looked at.
            biased;
            changed = revisions.changed() => match changed {
                Ok(()) => {
                    let revision = revisions.borrow_and_update();
                    let message = revision.message(told);
                    told = Some(revision.rev);
                    message
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
            _ = pings.tick() => {
                if heard.elapsed() > limits.silence_max {
                    return;
                }
                Message::Ping(axum::body::Bytes::new())
            }
        };
        if !matches!(timeout(limits.write_within, socket.send(message)).await, Ok(Ok(()))) {
            return;
        }
    }
}

async fn close(mut socket: WebSocket, code: u16, limits: Limits) {
    let frame = CloseFrame { code, reason: axum::extract::ws::Utf8Bytes::default() };
    let _ = timeout(limits.write_within, socket.send(Message::Close(Some(frame)))).await;
}
