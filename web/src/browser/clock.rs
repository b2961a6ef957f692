//! The server's time, by what its beats say: a device's own clock may be hours wrong, and a session
//! must end in every hall at once.

use std::cell::Cell;

use super::dom::window;

/// How far the server's clock is ahead of this page's own.
#[derive(Default)]
pub(super) struct Clock {
    /// None before the first beat.
    ahead_ms: Cell<Option<i64>>,
}

impl Clock {
    /// Hears what time it is. A beat was under way for a while, so of a connection's beats the one
    /// that puts the server furthest ahead was the quickest; a new connection begins anew.
    pub(super) fn hear(&self, at_ms: i64, is_first: bool) {
        let heard = page_ms().map(|page_ms| at_ms - page_ms);
        let known = self.ahead_ms.get().filter(|_| !is_first);
        self.ahead_ms.set(known.max(heard));
    }

    /// The server's time, in milliseconds since 1970 UTC; none before the first beat.
    pub(super) fn now_ms(&self) -> Option<i64> {
        Some(self.ahead_ms.get()? + page_ms()?)
    }
}

/// How long the page has been open, in milliseconds: nobody sets this clock.
#[expect(clippy::cast_possible_truncation, reason = "a whole number of milliseconds, far below 2^53")]
fn page_ms() -> Option<i64> {
    Some(window()?.performance()?.now() as i64)
}
