//! A page's state: what the server sent, and what only this browser knows.

use std::collections::BTreeSet;

use protocol::view::{BoardView, CompetitionView, DelegationView, HomeView};

use crate::format::Reader;
use crate::node::Node;
use crate::{board, competition, delegation, home, screen};

/// What a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Home(HomeView),
    Competition(CompetitionView),
    Delegation(DelegationView),
    Board(BoardView),
    Screen(BoardView),
}

/// What only this browser knows; on the server, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Local {
    /// How the page learns of changes.
    pub(crate) link: Link,
    /// Whether what is shown is older than what was shown before: a database was restored.
    pub(crate) is_rewound: bool,
    /// The time in milliseconds since 1970 UTC; none until a clock runs.
    pub(crate) now_ms: Option<i64>,
    /// The codes that the reader follows on this board.
    pub(crate) stars: BTreeSet<String>,
    /// What a screen reader hears; set now and then only.
    pub(crate) said: String,
    /// Which page a hall screen shows, from 0; beyond the last the first comes again.
    pub(crate) page: usize,
    /// Whether a hall screen stays on its page.
    pub(crate) is_paused: bool,
}

/// How a page learns of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only a browser has a live link"))]
pub(crate) enum Link {
    /// It is loaded again from time to time; nothing runs in it.
    #[default]
    Refreshing,
    /// Changes arrive as they happen.
    Live,
    /// They did, and now they do not.
    Lost,
}

impl Shown {
    /// The part of the page that changes.
    pub(crate) fn body(&self, local: &Local, reader: Reader) -> Vec<Node> {
        match self {
            Self::Home(view) => home::home(view, local, reader),
            Self::Competition(view) => competition::competition(view, local, reader),
            Self::Delegation(view) => delegation::delegation(view, local, reader),
            Self::Board(view) => board::board(view, local, reader),
            Self::Screen(view) => screen::screen(view, local, reader),
        }
    }
}
