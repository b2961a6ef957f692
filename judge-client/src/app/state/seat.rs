//! How a page begins and stays current: whose device it is, the turn to mark, what the store holds, and
//! the sheets as the server tells them.

use std::rc::Rc;

use domain::id::EntryId;
use leptos::prelude::*;
use protocol::account::Bench;
use protocol::judge::Sheets;
use wasm_bindgen_futures::spawn_local;

use super::super::api::{self, Failure};
use super::super::browser::{self, Timer, Turn, unix_ms};
use super::super::key::Key;
use super::super::seal::Seal;
use super::super::store::{Care, Store, Unreadable};
use super::super::tablet::{self, Tablet};
use super::super::{later, left};
use super::{
    ABOUT, ASIDE, CARD, GATHER_MS, LABEL_WAITS_MS, LOOK_MS, Notice, SEEN, SETTLES_MS, SHEETS, Stage, Ui,
    View, WHO,
};
use crate::book::Book;
use crate::{Connection, Kept, Standing};

impl Ui {
    /// Reads what this tablet keeps, and goes on from there.
    pub(in crate::app) async fn open(self) {
        self.watch_taps();
        if let Some(window) = browser::window() {
            browser::listen(&window, "storage", move |_| self.lose_turn());
            // A page that comes back from the browser's memory has missed what other tabs took.
            browser::listen(&window, "pageshow", move |_| self.lose_turn());
        }
        self.begin().await;
    }

    /// Begins, or begins again: in this very page, since another could not be loaded without a
    /// network. Whoever opens or comes back to a page wants to mark there, so it takes the turn.
    pub(in crate::app) async fn begin(self) {
        self.begun.update_value(|begun| *begun += 1);
        self.stop();
        self.stage.set(Stage::Opening);
        self.book.set(None);
        self.view.set(View::Home);
        self.undo.set(None);
        self.asked.set(None);
        self.turn.set_value(Some(Turn::take()));
        if self.read().await.is_err() {
            self.stage.set(Stage::Unreadable);
        }
    }

    pub(super) fn has_turn(self) -> bool {
        self.turn.with_value(|turn| turn.as_ref().is_some_and(Turn::is_here))
    }

    /// Another tab marks now.
    pub(super) fn lose_turn(self) {
        if self.has_turn() {
            return;
        }
        self.stop();
        self.stage.set(Stage::OtherTab);
    }

    pub(super) fn stop(self) {
        if let Some(tablet) = self.tablet.get_value() {
            tablet.stop();
        }
        self.tablet.set_value(None);
        self.link.set(Connection::Opening);
        self.unsent.set(0);
        self.saving.set(0);
    }

    async fn read(self) -> Result<(), Unreadable> {
        // A page that keeps nothing keeps what it has.
        let store = match self.store.get_value().filter(|store| !store.is_lasting()) {
            Some(store) => store,
            None => Store::open().await?,
        };
        self.is_lasting.set(store.is_lasting());
        self.store.set_value(Some(store.clone()));
        let known = store.get(WHO).await?.and_then(|text| serde_json::from_str::<Bench>(&text).ok());
        if let (Some(bench), Some(text)) =
            (&known, known.as_ref().and_then(|bench| serde_json::to_string(bench).ok()))
        {
            // Programs before this one did not keep it.
            let _ = store.put(&left::who(&bench.device), &text, Care::Relaxed).await;
        }
        if self.card.get_untracked().is_some() {
            self.promise_label();
            self.left.set(left::find(&store, None).await?);
            self.bench.set(known);
            self.go_to(Stage::SignIn);
            return Ok(());
        }
        let known = match known {
            Some(bench) => Some(bench),
            // What was stored here is gone, or was never here; a cookie may still say who it is.
            None => api::bench(self.tag()).await.ok(),
        };
        match known {
            Some(bench) => {
                self.remember_seat(&store, &bench).await;
                self.take_seat(bench).await?;
            }
            None => {
                // Who was here before signed out, be it in another tab.
                self.seal.set_value(None);
                self.bench.set(None);
                self.promise_label();
                self.go_to(Stage::SignIn);
            }
        }
        Ok(())
    }

    /// Goes on, unless another tab took the turn meanwhile.
    pub(super) fn go_to(self, stage: Stage) {
        if self.has_turn() {
            self.stage.set(stage);
        } else {
            self.lose_turn();
        }
    }

    /// Signs in by card and PIN.
    ///
    /// # Errors
    /// What the server says to it, or that none answers.
    pub(in crate::app) async fn sign_in(self, code: String, pin: String) -> Result<(), Failure> {
        let (bench, secret) = api::enrol(code, pin.clone(), self.tag()).await?;
        self.drop_card();
        self.notice.set(None);
        let Some(store) = self.store.get_value() else { return Ok(()) };
        self.remember_seat(&store, &bench).await;
        if let Some(secret) = secret {
            self.seal.set_value(Seal::take(&store, &bench, &secret, &pin).await);
        }
        if self.take_seat(bench).await.is_err() {
            self.stage.set(Stage::Unreadable);
        }
        Ok(())
    }

    /// The card that led here is none, or not the one that is meant.
    pub(in crate::app) fn drop_card(self) {
        self.card.set(None);
        browser::note(CARD, "");
    }

    /// Begins to mark as the judge whose device this is.
    pub(super) async fn take_seat(self, bench: Bench) -> Result<(), Unreadable> {
        let begun = self.begun.get_value();
        let Some(store) = self.store.get_value() else { return Ok(()) };
        browser::load_part("data-words");
        if !self.is_unlocked(&store, &bench).await? {
            self.bench.set(Some(bench.clone()));
            self.go_to(Stage::Locked);
            // Another's by now, whose PIN is another.
            if api::bench(self.tag()).await.is_ok_and(|now| now.device != bench.device) {
                self.change_hands().await;
            }
            return Ok(());
        }
        spawn_local(async move { self.is_persistent.set(browser::persist().await) });
        let kept = store.all(&tablet::outbox(&bench.device)).await?;
        let kept: Result<Vec<Kept>, _> = kept.iter().map(|(_, text)| serde_json::from_str(text)).collect();
        let Ok(mut kept) = kept else {
            self.go_to(Stage::Broken);
            return Ok(());
        };
        let key = Key::open(&store).await;
        if let Some(key) = &key {
            key.sign_waiting(&mut kept, &bench).await;
        }
        self.is_signed_out.set(false);
        self.bench.set(Some(bench.clone()));
        self.left.set(left::find(&store, Some(&bench)).await?);
        let sheets = self.recall(&store, &bench).await?;
        if let Some(sheets) = sheets {
            let book = self.fill(Book::new(sheets), &kept, &store, &bench).await?;
            self.book.set(Some(book));
            self.recall_drafts(&store).await;
        }
        if self.begun.get_value() != begun {
            // It was begun anew meanwhile, and two sessions of one device must not be.
            return Ok(());
        }
        let Some(turn) = self.turn.get_value().filter(|_| self.has_turn()) else {
            self.lose_turn();
            return Ok(());
        };
        let started = Tablet::start(&bench, kept, store, key, turn, self.tag(), move |news| self.hear(news));
        let Ok(tablet) = started else {
            self.go_to(Stage::Broken);
            return Ok(());
        };
        self.tablet.set_value(Some(tablet));
        let is_told = self.book.with_untracked(Option::is_some);
        self.go_to(if is_told { Stage::Marking } else { Stage::Waiting });
        if !self.is_watching.get_value() {
            self.is_watching.set_value(true);
            browser::stay_awake();
            self.watch();
        }
        let settled = Timer::after(SETTLES_MS, move || spawn_local(async move { self.look_again().await }));
        self.settling.set_value(settled.map(Rc::new));
        // A label waits for who is called now, but not for a network that does not answer.
        let label = Timer::after(LABEL_WAITS_MS, move || self.open_label());
        spawn_local(self.open_notes(bench));
        self.renew().await;
        self.open_label();
        drop(label);
        Ok(())
    }

    /// Begins again where another tab wrote after this one had read.
    async fn look_again(self) {
        if let Some(tablet) = self.tablet.get_value()
            && tablet.is_behind().await
        {
            self.begin().await;
        }
    }

    /// Keeps whose device this is, and whose what it leaves behind will be; whether it is kept. Where
    /// nothing was kept before, the cookie tells it at the next start.
    async fn remember_seat(self, store: &Store, bench: &Bench) -> bool {
        let Ok(text) = serde_json::to_string(bench) else { return false };
        store.put(&left::who(&bench.device), &text, Care::Strict).await
            && store.put(WHO, &text, Care::Strict).await
    }

    /// The sheets as they were told last, so that marking needs no network.
    async fn recall(self, store: &Store, bench: &Bench) -> Result<Option<Sheets>, Unreadable> {
        let name = |what: &str| format!("{what}:{}", bench.device);
        let about = store.get(&name(ABOUT)).await?;
        self.about.set(about.and_then(|text| serde_json::from_str(&text).ok()));
        // Sheets of an older program that cannot be read are asked for again.
        let sheets = store.get(&name(SHEETS)).await?;
        Ok(sheets.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Puts over the sheets what this device has entered, and what the judge has seen of it.
    async fn fill(
        self,
        mut book: Book,
        kept: &[Kept],
        store: &Store,
        bench: &Bench,
    ) -> Result<Book, Unreadable> {
        // What the outbox has let go is older than all that it keeps.
        let is_kept = |id: EntryId| kept.iter().any(|kept| kept.submission.id == id);
        for (_, text) in store.all(&format!("{ASIDE}:{}:", bench.device)).await? {
            if let Ok((id, cell, value, confirmed)) = serde_json::from_str::<(EntryId, _, _, _)>(&text)
                && !is_kept(id)
            {
                book.enter(id, cell, value);
                book.stand(id, Standing::Received(confirmed));
            }
        }
        for kept in kept {
            book.restore(kept);
            let standing = kept.confirmed.clone().map_or(Standing::Saved, Standing::Received);
            book.stand(kept.submission.id, standing);
        }
        for (_, id) in store.all(&format!("{SEEN}:{}:", bench.device)).await? {
            if let Some(id) = EntryId::parse(&id) {
                book.put_aside(id);
            }
        }
        Ok(book)
    }

    /// Asks for the sheets and takes them in, one answer at a time.
    async fn renew(self) {
        if !self.has_turn() || self.is_renewing.get_value() {
            return;
        }
        self.is_renewing.set_value(true);
        self.ask_for_sheets().await;
        self.is_renewing.set_value(false);
    }

    async fn ask_for_sheets(self) {
        let Some(bench) = self.bench.get_untracked() else { return };
        let sealed = self.tablet.get_value().map_or(0, |tablet| tablet.sealed());
        let (sheets, text) = match api::sheets(self.tag()).await {
            Ok(told) => told,
            Err(Failure::Refused { status: 409, .. }) => return,
            Err(failure) => {
                self.is_outdated.set(failure == Failure::Unreadable);
                self.is_signed_out.update(|is| *is |= failure.is_signed_out());
                return;
            }
        };
        if !self.has_turn() || self.bench.with_untracked(|now| now.as_ref() != Some(&bench)) {
            return;
        }
        if sheets.device != bench.device {
            // This browser was enrolled anew, and this page does not know yet.
            self.change_hands().await;
            return;
        }
        self.is_outdated.set(false);
        self.told_at.set(Some(unix_ms() + api::ahead_ms()));
        self.is_signed_out.set(false);
        let (Some(store), Some(tablet)) = (self.store.get_value(), self.tablet.get_value()) else { return };
        if self.book.with_untracked(Option::is_none) {
            let Ok(book) = self.fill(Book::new(sheets), &tablet.kept(), &store, &bench).await else { return };
            self.book.set(Some(book));
            self.recall_drafts(&store).await;
        } else {
            let has_others =
                |book: &Option<Book>| book.as_ref().is_some_and(|book| book.has_other_forms(&sheets));
            let is_other = self.book.with_untracked(has_others);
            if is_other {
                self.leave_forms();
            }
            let mut is_taken = false;
            self.book.update(|book| is_taken = book.as_mut().is_some_and(|book| book.renew(sheets)));
            if !is_taken {
                return;
            }
            if is_other {
                self.recall_drafts(&store).await;
            }
        }
        let mut denied = None;
        self.book.update_untracked(|book| {
            denied = book.as_mut().and_then(|book| {
                let cell = book.hear_denied().and_then(|spot| book.cell(spot))?;
                Some([cell.competitor.as_str(), cell.aspect.as_str()].join(" · "))
            });
        });
        if let Some(of) = denied {
            let words = later::notice("unlock_denied", self.language.get_untracked());
            self.notice.set(Some(Notice::of(words + &of)));
        }
        if matches!(self.stage.get_untracked(), Stage::Opening | Stage::Waiting) {
            self.go_to(Stage::Marking);
        }
        self.follow();
        self.open_label();
        if store.put(&format!("{SHEETS}:{}", bench.device), &text, Care::Relaxed).await {
            tablet.forget_sealed(sealed).await;
        }
        if self.about.get_untracked().is_none() {
            self.learn_about(&bench).await;
        }
        self.report().await;
    }

    /// Goes home before other forms come: nothing is entered in one that was meant for another.
    fn leave_forms(self) {
        self.undo.set(None);
        self.view.set(View::Home);
        self.tell("other_forms");
    }

    /// Begins again as the judge whose device this browser is by now.
    async fn change_hands(self) {
        let (Some(store), Ok(bench)) = (self.store.get_value(), api::bench(self.tag()).await) else { return };
        if self.remember_seat(&store, &bench).await {
            // Outside of the asking that found it.
            spawn_local(async move { self.begin().await });
        } else {
            self.tell("other_judge");
        }
    }

    /// Whether something waits for this program: what one that is too old keeps waits for the next.
    pub(in crate::app) fn is_unsent(self) -> bool {
        let is_unsent = self.unsent.get() > 0 || self.notes.with(|(unsent, _)| *unsent > 0);
        is_unsent && !self.is_too_old.get()
    }

    /// Whether the page may be loaded again: nothing is being stored, nothing is lost with it.
    pub(in crate::app) fn may_leave(self) -> bool {
        let is_nowhere = self.book.with_untracked(|book| book.as_ref().map_or(0, Book::not_saved)) > 0;
        let is_only_here = !self.is_lasting.get_untracked() && self.unsent.get_untracked() > 0;
        self.saving.get_untracked() == 0 && !is_nowhere && !is_only_here
    }

    async fn learn_about(self, bench: &Bench) {
        let Ok((about, text)) = api::about(self.tag()).await else { return };
        if let Some(store) = self.store.get_value() {
            let _ = store.put(&format!("{ABOUT}:{}", bench.device), &text, Care::Relaxed).await;
        }
        self.about.set(Some(about));
    }

    /// Asks for the sheets again soon; what changes meanwhile is taken in with it.
    pub(in crate::app) fn renew_soon(self) {
        if self.renewing.with_value(Option::is_some) {
            return;
        }
        let timer = Timer::after(GATHER_MS, move || {
            spawn_local(async move {
                self.renewing.set_value(None);
                self.renew().await;
            });
        });
        self.renewing.set_value(timer.map(Rc::new));
    }

    /// Notices what the socket does not tell: locks, the close, the network, and that somebody came
    /// back to the page.
    fn watch(self) {
        let is_live = move || self.link.get_untracked() == Connection::Live && browser::is_seen();
        browser::every(LOOK_MS, move || {
            if is_live() || self.stage.get_untracked() == Stage::Waiting {
                self.renew_soon();
            }
        });
        let hurry = move |_| {
            self.watch_absence();
            if browser::is_seen() {
                self.hurry();
                self.renew_soon();
            }
        };
        if let Some(window) = browser::window() {
            browser::listen(&window, "online", hurry);
        }
        if let Some(document) = browser::document() {
            browser::listen(&document, "visibilitychange", hurry);
        }
        if let Some(window) = browser::window() {
            // Closing with something unsent is asked about; nothing is lost where it is stored.
            browser::listen(&window, "beforeunload", move |event| {
                if self.is_unsent() || !self.may_leave() {
                    event.prevent_default();
                }
            });
        }
    }

    /// Reads what another tab wrote, and goes on behind it. What could not be stored meanwhile is
    /// told, and can be entered again.
    pub(super) async fn join_store(self) {
        let (Some(store), Some(bench)) = (self.store.get_value(), self.bench.get_untracked()) else { return };
        let (Some(turn), Some(before)) = (self.turn.get_value(), self.tablet.get_value()) else { return };
        let Ok(kept) = store.all(&tablet::outbox(&bench.device)).await else { return };
        let kept: Result<Vec<Kept>, _> = kept.iter().map(|(_, text)| serde_json::from_str(text)).collect();
        let Ok(mut kept) = kept else { return };
        let key = Key::open(&store).await;
        if let Some(key) = &key {
            key.sign_waiting(&mut kept, &bench).await;
        }
        before.stop();
        self.book.update(|book| {
            if let Some(book) = book {
                for kept in &kept {
                    if book.entered(kept.submission.id).is_none() {
                        book.restore(kept);
                    }
                }
            }
        });
        let started = Tablet::start(&bench, kept, store, key, turn, self.tag(), move |news| self.hear(news));
        if let Ok(tablet) = started {
            self.tablet.set_value(Some(tablet));
        }
    }
}
