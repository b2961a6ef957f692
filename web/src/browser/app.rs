//! The page as it runs: its state, what the state looks like, and the elements that show it.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::clock::Clock;
use super::{dom, motion};
use crate::format::Reader;
use crate::live::{Local, Shown};
use crate::node::Node;
use crate::screen::page_count;

/// The running page.
pub(super) struct App {
    main: Element,
    pub(super) reader: Reader,
    /// The server's time.
    pub(super) clock: Clock,
    state: RefCell<State>,
}

struct State {
    shown: Shown,
    local: Local,
    /// What the elements show at present.
    nodes: Vec<Node>,
}

impl App {
    /// Takes over the elements that the server made of the same view.
    pub(super) fn new(main: Element, shown: Shown, reader: Reader) -> Rc<Self> {
        let local = Local::default();
        let nodes = shown.body(&local, reader);
        // An extension, or an older cached page, may have left other elements than ours.
        if !dom::matches(&main, &nodes) {
            dom::fill(&main, &nodes);
        }
        Rc::new(Self {
            main,
            reader,
            clock: Clock::default(),
            state: RefCell::new(State { shown, local, nodes }),
        })
    }

    /// Looks at what is shown.
    pub(super) fn with_shown<R>(&self, look: impl FnOnce(&Shown) -> R) -> R {
        look(&self.state.borrow().shown)
    }

    /// Looks at what only this browser knows.
    pub(super) fn with_local<R>(&self, look: impl FnOnce(&Local) -> R) -> R {
        look(&self.state.borrow().local)
    }

    /// Changes the state, and the elements with it; rows that change places are seen to move.
    pub(super) fn change(&self, change: impl FnOnce(&mut Shown, &mut Local)) {
        self.redraw(change, |patch| motion::around(&self.main, patch));
    }

    /// The same for a change that moves no row, which costs much less.
    pub(super) fn note(&self, change: impl FnOnce(&mut Local)) {
        self.redraw(|_, local| change(local), |patch| patch());
    }

    fn redraw(&self, change: impl FnOnce(&mut Shown, &mut Local), show: impl FnOnce(&mut dyn FnMut())) {
        let mut state = self.state.borrow_mut();
        let State { shown, local, nodes } = &mut *state;
        change(shown, local);
        let next = shown.body(local, self.reader);
        if *nodes != next {
            show(&mut || dom::patch(&self.main, nodes, &next));
            *nodes = next;
        }
    }

    /// Does what the page's buttons say.
    pub(super) fn listen(self: &Rc<Self>) {
        let app = self.clone();
        dom::listen(&self.main, "click", move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let button = target.and_then(|target| target.closest("[data-act]").ok().flatten());
            if let Some(act) = button.and_then(|button| button.get_attribute("data-act")) {
                app.act(&act);
            }
        });
    }

    fn act(&self, act: &str) {
        match act {
            "on" => self.turn(1),
            "back" => self.turn(-1),
            "pause" => self.note(|local| local.is_paused = !local.is_paused),
            act => {
                let Some(code) = act.strip_prefix("star:") else { return };
                self.change(|_, local| {
                    if !local.stars.remove(code) {
                        local.stars.insert(code.to_owned());
                    }
                });
                super::stars::write(self);
            }
        }
    }

    /// Turns a hall screen's pages, onward or back, and round.
    pub(super) fn turn(&self, pages: i32) {
        self.change(|shown, local| {
            let Shown::Screen(view) = shown else { return };
            let count = page_count(view);
            let by = if pages < 0 { count - 1 } else { 1 };
            local.page = (local.page + by) % count;
        });
    }
}
