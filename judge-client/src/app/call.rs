//! Going to whom the chief judge calls, and to whom a label names: at once where nothing is in the way,
//! else by asking. Nothing moves under a finger, and nothing that was typed is lost.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::browser::{self, Timer, document, remember, remembered, steady_ms};
use super::state::{LABEL, Notice, REPEAT_MS, Stage, Ui, View};
use super::words;
use crate::book::{Book, Spot};

/// Where the sheet that was opened last is remembered: who scans a label comes by another page.
const AT: &str = "at";

/// Whether to go to another competitor's sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// There; none where nothing is asked.
    pub(super) to: Option<Spot>,
    /// Where the judge stays, which a label asks; none where they are.
    pub(super) stay: Option<Spot>,
    /// What the buttons for it and against it say; where nothing is against it, it is told and not asked.
    pub(super) goes: String,
    pub(super) stays: String,
    /// Since when it is asked, on the steady clock.
    pub(super) since_ms: u64,
}

impl View {
    /// Whose sheet it shows, and at what.
    pub(super) fn spot(self) -> Option<Spot> {
        match self {
            Self::Home => None,
            Self::Sheet(spot) | Self::Walk(spot) | Self::Review(spot) => Some(spot),
        }
    }
}

impl Ui {
    /// Goes to whom the chief judge calls, where that is news.
    pub(super) fn follow(self) {
        let here = self.view.get_untracked().spot();
        let mut news = None;
        self.book.update_untracked(|book| {
            let form = here.map_or(0, |here| here.form);
            news = book.as_mut().and_then(|book| book.hear(form));
        });
        // What is no longer called is not asked about.
        let is_over = |asked: &mut Notice| {
            asked
                .asks
                .as_ref()
                .is_some_and(|asks| asks.stay.is_none() && !asks.to.is_some_and(|to| self.calls(to)))
        };
        self.asked.update(|asked| drop(asked.take_if(is_over)));
        if let Some((form, row, is_first)) = news {
            // Who went somewhere before the page knew of the call is not led away.
            self.pursue(Spot { form, row, column: 0 }, is_first && here.is_some());
        }
    }

    fn pursue(self, to: Spot, must_ask: bool) {
        let here = self.view.get_untracked().spot();
        let is_there = here.is_some_and(|here| (here.form, here.row) == (to.form, to.row));
        if self.stage.get_untracked() != Stage::Marking || is_there || !self.calls(to) {
            return;
        }
        let must_ask = must_ask || self.is_in_the_middle();
        let has_undo = self.undo.with_untracked(Option::is_some);
        if must_ask || has_undo {
            self.ask(to, None, false);
        }
        if must_ask {
            return;
        }
        if has_undo || self.is_tapped() {
            // Soon nothing is in the way.
            let again = Timer::after(REPEAT_MS.unsigned_abs(), move || {
                spawn_local(async move {
                    self.pursuing.set_value(None);
                    self.pursue(to, false);
                });
            });
            self.pursuing.set_value(again.map(Rc::new));
        } else {
            self.go(to);
        }
    }

    /// Opens the sheet of the label that was scanned, once there are sheets.
    pub(super) fn open_label(self) {
        match self.stage.get_untracked() {
            Stage::Marking => {}
            Stage::SignIn => return self.promise_label(),
            _ => return,
        }
        let Some(code) = self.label.get_untracked() else { return };
        self.label.set(None);
        browser::note(LABEL, "");
        let view = self.view.get_untracked();
        let found = self.book.with_untracked(|book| {
            let book = book.as_ref().filter(|book| !book.sheets().forms.is_empty())?;
            let row = book.row(&code)?;
            let forms = 0..book.sheets().forms.len();
            let called = |form: usize| book.called(form);
            let here = view.spot().map(|here| here.form);
            let form = here.or_else(|| forms.clone().find(|form| called(*form) == Some(row))).unwrap_or(0);
            Some((form, row, called(form)))
        });
        let Some((form, row, called)) = found else {
            let no_such = words::pick(
                self.language.get_untracked(),
                "：不是您在本赛项评分的选手；请核对标签。",
                ": no competitor that you mark in this skill. Check the label.",
            );
            self.notice.set(Some(Notice::of([&*code, no_such].concat())));
            return;
        };
        let to = Spot { form, row, column: 0 };
        let at_hand = match view.spot() {
            Some(here) => self.is_in_the_middle().then_some(here),
            None => self.left_unfinished(),
        };
        let called = called.map(|row| Spot { row, ..to });
        match (at_hand.filter(|at| at.row != row), called.filter(|called| called.row != row)) {
            (Some(at), _) => self.ask(to, Some(at), true),
            (None, Some(called)) => self.ask(to, Some(called), false),
            (None, None) if view.spot().is_some_and(|here| here.row == row) => {}
            (None, None) => self.go(to),
        }
    }

    /// Says that the sheet of a label that was scanned comes after the sign-in.
    pub(super) fn promise_label(self) {
        if let Some(code) = self.label.get_untracked() {
            let after = words::pick(
                self.language.get_untracked(),
                " 的评分表在登录后打开。",
                ": this sheet opens once you have signed in.",
            );
            self.notice.set(Some(Notice::of([&*code, after].concat())));
        }
    }

    /// Asks whether to go there: because of a call, or of a label where it is said who stays behind.
    fn ask(self, to: Spot, stay: Option<Spot>, is_unfinished: bool) {
        let there = &*self.code(to.row);
        let say = |chinese, english| words::pick(self.language.get_untracked(), chinese, english);
        let here = self.view.get_untracked().spot();
        let stay_at = |at: Spot| [say("留在 ", "Stay at "), &*self.code(at.row)].concat();
        let (text, goes, stays) = match stay {
            None => (
                [say("裁判长叫到 ", "The chief judge calls "), there, say("。", ".")].concat(),
                say("去评", "Go there").to_owned(),
                here.map_or_else(|| say("不去", "Stay").to_owned(), stay_at),
            ),
            Some(stay) => {
                let here = &*self.code(stay.row);
                let why = if is_unfinished {
                    say(" 的评分表还没评完。", "'s sheet is not finished.")
                } else {
                    say(" 是现在叫到的选手。", " is called.")
                };
                (
                    [say("这是 ", "This is "), there, say(" 的标签；", "'s label; "), here, why].concat(),
                    [say("打开 ", "Open "), there].concat(),
                    stay_at(stay),
                )
            }
        };
        let is_same =
            self.asked.with_untracked(|asked| asked.as_ref().is_some_and(|asked| asked.text == text));
        if !is_same {
            let asks = Some(Asked { to: Some(to), stay, goes, stays, since_ms: steady_ms() });
            self.asked.set(Some(Notice { text, asks }));
        }
    }

    /// Goes to a competitor's sheet of a form, and what was asked is answered by it.
    pub(super) fn go(self, to: Spot) {
        self.asked.set(None);
        self.view.set(self.way(to.form, to.row));
    }

    /// A competitor's sheet of a form; who walks that form stays at the aspect.
    fn way(self, form: usize, row: usize) -> View {
        match self.view.get_untracked() {
            View::Walk(spot) if spot.form == form => View::Walk(Spot { row, ..spot }),
            _ => {
                let first = |book: &Option<Book>| book.as_ref().map(|book| book.first_open(form, row));
                View::Sheet(self.book.with_untracked(first).unwrap_or_default())
            }
        }
    }

    fn calls(self, to: Spot) -> bool {
        let called = |book: &Option<Book>| book.as_ref().and_then(|book| book.called(to.form));
        self.book.with_untracked(called) == Some(to.row)
    }

    fn is_half_done(self, at: Spot) -> bool {
        self.book.with_untracked(|book| book.as_ref().is_some_and(|book| book.is_half_done(at.form, at.row)))
    }

    /// Whether the judge is in the middle of something: of typing or a sheet, before a signature, or asked
    /// why. Who walks is in the middle of every sheet, and so of none.
    fn is_in_the_middle(self) -> bool {
        let view = self.view.get_untracked();
        let Some(here) = view.spot() else { return false };
        let is_asked_why =
            || document().and_then(|page| page.query_selector(".why").ok().flatten()).is_some();
        self.has_typed(here)
            || is_asked_why()
            || match view {
                View::Home | View::Walk(_) => false,
                View::Sheet(_) => self.is_half_done(here),
                View::Review(_) => true,
            }
    }

    /// Remembers whose sheet is at hand.
    pub(super) fn remember_at(self, spot: Spot) {
        remember(AT, &self.code(spot.row));
    }

    /// The sheet that was opened last, where it is begun and not finished.
    fn left_unfinished(self) -> Option<Spot> {
        let code = remembered(AT)?;
        self.book.with_untracked(|book| {
            let (book, column) = (book.as_ref()?, 0);
            let row = book.row(&code)?;
            let form = (0..book.sheets().forms.len()).find(|form| book.is_half_done(*form, row))?;
            Some(Spot { form, row, column })
        })
    }

    /// The code of a row.
    pub(super) fn code(self, row: usize) -> String {
        let code = |book: &Option<Book>| Some(book.as_ref()?.sheets().competitors.get(row)?.code.to_string());
        self.book.with_untracked(code).unwrap_or_default()
    }

    /// Goes to the answer to what is asked; none stays.
    pub(super) fn answer(self, to: Option<Spot>, since_ms: u64) {
        // A tap that was meant for what the question came to lie over is no answer.
        if !self.is_fresh_tap() || steady_ms() - since_ms < REPEAT_MS.unsigned_abs() {
            return;
        }
        self.asked.set(None);
        self.pursuing.set_value(None);
        let here = self.view.get_untracked().spot();
        let is_there = |to: &Spot| here.is_some_and(|here| (here.form, here.row) == (to.form, to.row));
        if let Some(to) = to.filter(|to| !is_there(to)) {
            self.go(to);
        }
    }

    /// What is asked; else who is called, while somebody else's sheet is at hand.
    pub(super) fn question(self) -> Option<Notice> {
        let here = self.view.get().spot();
        let is_there = |to: Spot| here.is_some_and(|here| (here.form, here.row) == (to.form, to.row));
        // Whoever went there has answered.
        let is_open = |said: &Notice| !said.asks.as_ref().and_then(|asks| asks.to).is_some_and(is_there);
        self.asked.get().filter(is_open).or_else(|| {
            let to = self.book.with(|book| {
                let (book, here) = (book.as_ref()?, here?);
                let forms = std::iter::once(here.form).chain(0..book.sheets().forms.len());
                let mut called =
                    forms.filter_map(|form| Some(Spot { form, row: book.called(form)?, column: 0 }));
                called.next().filter(|called| called.row != here.row)
            })?;
            let goes = [self.say("叫号：", "Called: "), &self.code(to.row)].concat();
            let asks = Asked { to: Some(to), stay: None, goes, stays: String::new(), since_ms: 0 };
            Some(Notice { text: String::new(), asks: Some(asks) })
        })
    }
}
