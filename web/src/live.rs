//! The state that a page's parts share: what the server sent, and what only this browser knows.

use std::collections::BTreeSet;

use leptos::prelude::*;

/// A page's state. On the server it never changes.
pub(crate) struct Live<V: 'static> {
    /// What is shown.
    pub(crate) view: RwSignal<V>,
    /// What this browser adds.
    pub(crate) local: Local,
}

/// What only this browser knows.
#[derive(Clone, Copy)]
pub(crate) struct Local {
    /// How the page learns of changes.
    pub(crate) link: RwSignal<Link>,
    /// Whether what is shown is older than what was shown before: a database was restored.
    pub(crate) is_rewound: RwSignal<bool>,
    /// The time in milliseconds since 1970 UTC; none until a clock runs.
    pub(crate) now_ms: RwSignal<Option<i64>>,
    /// The codes that the reader follows on this board.
    pub(crate) stars: RwSignal<BTreeSet<String>>,
    /// What a screen reader hears; set now and then only.
    pub(crate) said: RwSignal<String>,
    /// Which page a hall screen shows, from 0; it wraps around.
    pub(crate) page: RwSignal<usize>,
    /// Whether a hall screen stays on its page.
    pub(crate) is_paused: RwSignal<bool>,
}

/// How a page learns of changes.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser has a live link"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// It is loaded again from time to time; nothing runs in it.
    Refreshing,
    /// Changes arrive as they happen.
    Live,
    /// They did, and now they do not.
    Lost,
}

impl<V> Clone for Live<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Live<V> {}

impl<V: Send + Sync + 'static> Live<V> {
    /// The state as the server renders it.
    pub(crate) fn new(view: V) -> Self {
        let local = Local {
            link: RwSignal::new(Link::Refreshing),
            is_rewound: RwSignal::new(false),
            now_ms: RwSignal::new(None),
            stars: RwSignal::new(BTreeSet::new()),
            said: RwSignal::new(String::new()),
            page: RwSignal::new(0),
            is_paused: RwSignal::new(false),
        };
        Self { view: RwSignal::new(view), local }
    }
}

impl Local {
    /// Follows a competitor, or no longer.
    pub(crate) fn toggle_star(self, code: &str) {
        self.stars.update(|stars| {
            if !stars.remove(code) {
                stars.insert(code.to_owned());
            }
        });
    }
}
