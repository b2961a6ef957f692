//! What the app knows and does: signals that the screen follows, and the acts of a judge.

use std::collections::HashMap;
use std::rc::Rc;

use domain::finding::Language;
use domain::id::{DeviceId, EntryId};
use domain::marking::Body;
use domain::scoring::Value;
use leptos::prelude::*;
use protocol::account::Bench;
use protocol::judge::{About, Sheets};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;

use super::api::{self, Failure};
use super::browser::{self, Timer, Turn, random, steady_ms, unix_ms};
use super::left::{self, Left};
use super::store::{Care, Store, Unreadable};
use super::tablet::{self, News, Tablet};
use super::words;
use crate::book::{Book, Spot};
use crate::{Act, Connection, Kept, Show, Standing, Trouble};

/// For how long an entry can be taken back by one tap.
const UNDO_MS: u64 = 10_000;
/// A second tap that soon is a glove's or a trembling hand's.
const REPEAT_MS: u64 = 300;
/// How long changes are gathered before the sheets are asked for again.
const GATHER_MS: u64 = 400;
/// How often the sheets are asked for while nothing says that they changed: locks and the close are
/// not told by the socket.
const LOOK_MS: i32 = 20_000;
const WHO: &str = "who";
const ABOUT: &str = "about";
const SHEETS: &str = "sheets";
/// Entries that do not count and that the judge has said to have seen.
const SEEN: &str = "seen";

/// What stands before everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The store is being read.
    Opening,
    /// Nobody is signed in; a card is asked for.
    SignIn,
    /// Another tab of this browser marks now.
    OtherTab,
    /// Signed in, and the skill is not open yet.
    Waiting,
    /// Marking.
    Marking,
    /// What is stored cannot be read.
    Unreadable,
    /// What was stored is no outbox.
    Broken,
}

/// What of the sheets is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// All forms and competitors.
    Home,
    /// One competitor's sheet of a form, at an aspect.
    Sheet(Spot),
    /// One aspect over all competitors, at one of them.
    Walk(Spot),
}

/// An entry that can be taken back by one tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Undo {
    pub(super) id: EntryId,
    pub(super) spot: Spot,
    pub(super) value: Value,
    previous: Option<Value>,
}

/// Something said at the foot of the page until it is put away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) text: String,
}

/// Everything the screen follows. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Ui {
    pub(super) language: RwSignal<Language>,
    pub(super) stage: RwSignal<Stage>,
    pub(super) bench: RwSignal<Option<Bench>>,
    pub(super) about: RwSignal<Option<About>>,
    pub(super) book: RwSignal<Option<Book>>,
    pub(super) view: RwSignal<View>,
    pub(super) link: RwSignal<Connection>,
    pub(super) unsent: RwSignal<usize>,
    /// Alarms: they stay.
    pub(super) alarms: RwSignal<Vec<Trouble>>,
    /// Why the connection is held up, until it no longer is.
    pub(super) trouble: RwSignal<Option<String>>,
    pub(super) is_signed_out: RwSignal<bool>,
    pub(super) undo: RwSignal<Option<Undo>>,
    pub(super) notice: RwSignal<Option<Notice>>,
    /// What is typed on the number pad.
    pub(super) typed: RwSignal<String>,
    /// The code of the card that led here.
    pub(super) card: RwSignal<Option<String>>,
    /// What earlier sign-ins left here unsent: another sign-in does not send it.
    pub(super) left: RwSignal<Vec<Left>>,
    /// Whether what is stored outlives the page, and whether the browser promised to keep it.
    pub(super) is_lasting: RwSignal<bool>,
    pub(super) is_persistent: RwSignal<bool>,
    /// When the sheets were last told by the server, milliseconds since 1970 UTC.
    pub(super) told_at: RwSignal<Option<i64>>,
    /// Whether the click that is being heard is a tap of its own.
    is_fresh: StoredValue<bool>,
    is_leaving: StoredValue<bool>,
    /// What was typed at a place and not given.
    drafts: StoredValue<HashMap<Spot, String>>,
    turn: StoredValue<Option<Turn>, LocalStorage>,
    undo_timer: StoredValue<Option<Rc<Timer>>, LocalStorage>,
    renewing: StoredValue<Option<Rc<Timer>>, LocalStorage>,
    tablet: StoredValue<Option<Tablet>, LocalStorage>,
    store: StoredValue<Option<Store>, LocalStorage>,
}

impl Ui {
    pub(super) fn new(language: Language, card: Option<String>) -> Self {
        Self {
            language: RwSignal::new(language),
            stage: RwSignal::new(Stage::Opening),
            bench: RwSignal::new(None),
            about: RwSignal::new(None),
            book: RwSignal::new(None),
            view: RwSignal::new(View::Home),
            link: RwSignal::new(Connection::Opening),
            unsent: RwSignal::new(0),
            alarms: RwSignal::new(Vec::new()),
            trouble: RwSignal::new(None),
            is_signed_out: RwSignal::new(false),
            undo: RwSignal::new(None),
            notice: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            card: RwSignal::new(card),
            left: RwSignal::new(Vec::new()),
            is_lasting: RwSignal::new(true),
            is_persistent: RwSignal::new(false),
            told_at: RwSignal::new(None),
            is_fresh: StoredValue::new(true),
            is_leaving: StoredValue::new(false),
            drafts: StoredValue::new(HashMap::new()),
            turn: StoredValue::new_local(None),
            undo_timer: StoredValue::new_local(None),
            renewing: StoredValue::new_local(None),
            tablet: StoredValue::new_local(None),
            store: StoredValue::new_local(None),
        }
    }

    /// The text in the language of the screen.
    pub(super) fn say(self, chinese: &'static str, english: &'static str) -> &'static str {
        match self.language.get() {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// What the server is asked to answer in.
    pub(super) fn tag(self) -> &'static str {
        match self.language.get_untracked() {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }

    /// Reads what this tablet keeps, and goes on from there.
    pub(super) async fn open(self) {
        self.watch_taps();
        // Whoever opens a page wants to mark there. What another tab has begun to write is written
        // before anything is read here.
        self.turn.set_value(Some(Turn::take(move || self.stop())));
        if self.read().await.is_err() {
            self.stage.set(Stage::Unreadable);
        }
    }

    async fn read(self) -> Result<(), Unreadable> {
        let store = Store::open().await?;
        self.is_lasting.set(store.is_lasting());
        self.store.set_value(Some(store.clone()));
        let known = store.get(WHO).await?.and_then(|text| serde_json::from_str::<Bench>(&text).ok());
        if self.card.get_untracked().is_some() {
            self.left.set(left::find(&store, None).await?);
            self.bench.set(known);
            self.stage.set(Stage::SignIn);
            return Ok(());
        }
        let known = match known {
            Some(bench) => Some(bench),
            // What was stored here is gone, or was never here; a cookie may still say who it is.
            None => api::bench(self.tag()).await.ok(),
        };
        match known {
            Some(bench) => self.take_seat(bench).await?,
            None => self.stage.set(Stage::SignIn),
        }
        Ok(())
    }

    /// Signs in by card and PIN.
    ///
    /// # Errors
    /// What the server says to it, or that none answers.
    pub(super) async fn sign_in(self, code: String, pin: String) -> Result<(), Failure> {
        let bench = api::enrol(code, pin, self.tag()).await?;
        self.card.set(None);
        if self.take_seat(bench).await.is_err() {
            self.stage.set(Stage::Unreadable);
        }
        Ok(())
    }

    /// Begins to mark as the judge whose device this is.
    async fn take_seat(self, bench: Bench) -> Result<(), Unreadable> {
        let Some(store) = self.store.get_value() else { return Ok(()) };
        self.remember_seat(&store, &bench).await;
        spawn_local(async move { self.is_persistent.set(browser::persist().await) });
        let kept = store.all(&tablet::outbox(&bench.device)).await?;
        let kept: Result<Vec<Kept>, _> = kept.iter().map(|(_, text)| serde_json::from_str(text)).collect();
        let Ok(kept) = kept else {
            self.stage.set(Stage::Broken);
            return Ok(());
        };
        self.is_signed_out.set(false);
        self.bench.set(Some(bench.clone()));
        self.left.set(left::find(&store, Some(&bench)).await?);
        self.recall(&store, &bench, &kept).await?;
        let Some(turn) = self.turn.get_value() else { return Ok(()) };
        let started = Tablet::start(&bench, kept, store, turn, self.tag(), move |news| self.hear(news));
        let Ok(tablet) = started else {
            self.stage.set(Stage::Broken);
            return Ok(());
        };
        self.tablet.set_value(Some(tablet));
        if self.stage.get_untracked() != Stage::Marking {
            self.stage.set(Stage::Waiting);
        }
        browser::stay_awake();
        self.watch();
        self.renew().await;
        Ok(())
    }

    /// Keeps whose device this is, and whose what it leaves behind will be. Where it cannot be kept,
    /// the cookie tells it at the next start.
    async fn remember_seat(self, store: &Store, bench: &Bench) {
        if let Ok(text) = serde_json::to_string(bench) {
            let _ = store.put(&left::who(&bench.device), &text, Care::Strict).await;
            let _ = store.put(WHO, &text, Care::Strict).await;
        }
    }

    /// Another tab marks now.
    fn stop(self) {
        if let Some(tablet) = self.tablet.get_value() {
            tablet.stop();
        }
        self.stage.set(Stage::OtherTab);
    }

    /// Shows the sheets as they were told last, so that marking needs no network.
    async fn recall(self, store: &Store, bench: &Bench, kept: &[Kept]) -> Result<(), Unreadable> {
        let name = |what: &str| format!("{what}:{}", bench.device);
        let about = store.get(&name(ABOUT)).await?;
        self.about.set(about.and_then(|text| serde_json::from_str(&text).ok()));
        let sheets = store.get(&name(SHEETS)).await?;
        // Sheets of an older program that cannot be read are asked for again.
        let Some(sheets) = sheets.and_then(|text| serde_json::from_str::<Sheets>(&text).ok()) else {
            return Ok(());
        };
        let mut book = Book::new(sheets);
        self.restore(&mut book, kept, store, bench).await?;
        self.book.set(Some(book));
        self.stage.set(Stage::Marking);
        Ok(())
    }

    async fn restore(
        self,
        book: &mut Book,
        kept: &[Kept],
        store: &Store,
        bench: &Bench,
    ) -> Result<(), Unreadable> {
        kept.iter().for_each(|kept| book.restore(kept));
        for (_, id) in store.all(&format!("{SEEN}:{}:", bench.device)).await? {
            if let Some(id) = EntryId::parse(&id) {
                book.put_aside(id);
            }
        }
        Ok(())
    }

    /// Asks for the sheets and takes them in.
    async fn renew(self) {
        let Some(bench) = self.bench.get_untracked() else { return };
        let sealed = self.tablet.get_value().map_or(0, |tablet| tablet.sealed());
        let sheets = match api::sheets(self.tag()).await {
            Ok(sheets) => sheets,
            Err(Failure::Refused { status: 409, .. }) => return,
            Err(Failure::Unreadable) => {
                self.trouble.set(Some(words::pick(
                    self.language.get_untracked(),
                    "服务器的版本比平板新：请在评完这张后重新载入本页。已录入的都在本机。",
                    "The server is newer than this program: load this page again after this sheet. What was entered is stored here.",
                ).to_owned()));
                return;
            }
            Err(failure) => {
                self.is_signed_out.update(|is| *is |= failure.is_signed_out());
                return;
            }
        };
        if sheets.device != bench.device {
            // This browser was enrolled anew, and this page does not know yet.
            self.change_hands().await;
            return;
        }
        self.told_at.set(Some(unix_ms()));
        self.is_signed_out.set(false);
        if let (Some(store), Ok(text)) = (self.store.get_value(), serde_json::to_string(&sheets)) {
            let name = format!("{SHEETS}:{}", bench.device);
            spawn_local(async move {
                let is_kept = store.put(&name, &text, Care::Relaxed).await;
                if let (true, Some(tablet)) = (is_kept, self.tablet.get_value()) {
                    tablet.forget_sealed(sealed);
                }
            });
        }
        self.book.update(|book| match book {
            Some(book) => book.renew(sheets),
            None => *book = Some(Book::new(sheets)),
        });
        self.stage.update(|stage| {
            if matches!(stage, Stage::Opening | Stage::Waiting) {
                *stage = Stage::Marking;
            }
        });
        if self.about.get_untracked().is_none() {
            self.learn_about(&bench).await;
        }
    }

    /// Begins again as the judge whose device this browser is by now.
    async fn change_hands(self) {
        let (Some(store), Ok(bench)) = (self.store.get_value(), api::bench(self.tag()).await) else { return };
        self.remember_seat(&store, &bench).await;
        self.leave();
    }

    /// Marks in this tab again. Where the browser keeps nothing, what is unsent is in this very page.
    pub(super) fn come_back(self) {
        if self.is_lasting.get_untracked() {
            self.leave();
        } else if let Some(tablet) = self.tablet.get_value() {
            tablet.go_on();
            self.stage.set(Stage::Marking);
        }
    }

    /// Loads the page again, unless something would be lost with it.
    pub(super) fn leave(self) {
        if self.is_lasting.get_untracked() || self.unsent.get_untracked() == 0 {
            self.is_leaving.set_value(true);
            browser::reload();
        }
    }

    async fn learn_about(self, bench: &Bench) {
        let Ok(about) = api::about(self.tag()).await else { return };
        if let (Some(store), Ok(text)) = (self.store.get_value(), serde_json::to_string(&about)) {
            let _ = store.put(&format!("{ABOUT}:{}", bench.device), &text, Care::Relaxed).await;
        }
        self.about.set(Some(about));
    }

    /// Asks for the sheets again soon; what changes meanwhile is taken in with it.
    pub(super) fn renew_soon(self) {
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
                if self.unsent.get_untracked() > 0 && !self.is_leaving.get_value() {
                    event.prevent_default();
                }
            });
        }
    }

    /// Tries to connect now.
    pub(super) fn hurry(self) {
        if let Some(tablet) = self.tablet.get_value() {
            tablet.hurry();
        }
    }

    /// Notes of each click whether it is a tap of its own, or the second of a glove's or a trembling
    /// hand's: the screen has changed under it by then. A key's click is always meant. Digits are
    /// tapped fast: they are no tap before another one.
    fn watch_taps(self) {
        let Some(window) = browser::window() else { return };
        let mut before = None;
        browser::listen_first(&window, "click", move |event| {
            let Ok(click) = event.dyn_into::<web_sys::MouseEvent>() else { return };
            let now = steady_ms();
            let is_by_key = click.detail() == 0;
            let is_soon = before.is_some_and(|before| now.saturating_sub(before) < REPEAT_MS);
            self.is_fresh.set_value(is_by_key || !is_soon);
            let target = click.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let is_digit =
                target.is_some_and(|target| target.closest(".key, .wholes").ok().flatten().is_some());
            if !is_by_key && !is_digit {
                before = Some(now);
            }
        });
    }

    /// Whether the click that is being heard is a tap of its own, and not the second half of the one
    /// before.
    pub(super) fn is_fresh_tap(self) -> bool {
        self.is_fresh.get_value()
    }

    /// Somebody goes from one place to another: what was typed there and not given is there again
    /// when they come back.
    pub(super) fn go_between(self, from: Option<Spot>, to: Option<Spot>) {
        let typed = self.typed.get_untracked();
        let mut here = String::new();
        self.drafts.update_value(|drafts| {
            if let Some(from) = from {
                drafts.insert(from, typed);
            }
            here = to.and_then(|to| drafts.remove(&to)).unwrap_or_default();
        });
        self.typed.set(here);
    }

    /// Enters a value at a place, and says whether it was taken.
    pub(super) fn enter(self, spot: Spot, value: Value) -> bool {
        let previous = self.book.with_untracked(|book| {
            book.as_ref().and_then(|book| book.seen(spot)).and_then(|seen| seen.value.cloned())
        });
        let Some(id) = self.give(spot, value.clone(), None) else { return false };
        self.undo.set(Some(Undo { id, spot, value, previous }));
        let timer = Timer::after(UNDO_MS, move || {
            self.undo.update(|undo| drop(undo.take_if(|undo| undo.id == id)));
        });
        self.undo_timer.set_value(timer.map(Rc::new));
        self.typed.set(String::new());
        true
    }

    /// Takes the last entry back: what stood there before stands there again, by an entry of its own.
    /// Where something else stands there by now, that is not replaced.
    pub(super) fn take_back(self) {
        let Some(undo) = self.undo.get_untracked() else { return };
        self.undo.set(None);
        let stands = self.book.with_untracked(|book| book.as_ref()?.seen(undo.spot)?.entry);
        if stands == Some(undo.id) {
            self.give(undo.spot, undo.previous.unwrap_or(Value::Missing), None);
        } else {
            self.notice.set(Some(Notice {
                text: words::pick(
                    self.language.get_untracked(),
                    "没有撤销：这里已是别的值。",
                    "Not taken back: something else stands there by now.",
                )
                .to_owned(),
            }));
        }
        self.view.update(|view| match view {
            View::Walk(spot) => *spot = undo.spot,
            _ => *view = View::Sheet(undo.spot),
        });
    }

    /// Enters the own value of a conflict again, over what stands there now.
    pub(super) fn insist(self, spot: Spot, id: EntryId, value: Value) {
        if self.give(spot, value, None).is_some() {
            self.put_aside(id);
        }
    }

    /// Enters what an earlier sign-in of the same judge left unsent, upon what they saw then: where
    /// something else stands by now, it becomes a conflict that both see.
    pub(super) fn enter_left(self, left: &Left) {
        let is_entered = |mark: &left::LeftMark| {
            let spot = self.book.with_untracked(|book| book.as_ref()?.spot(&mark.cell));
            let is_in_round = |spot| {
                self.book.with_untracked(|book| Some(book.as_ref()?.told(spot)?.round))
                    == Some(mark.cell.round)
            };
            spot.filter(|spot| is_in_round(*spot))
                .is_some_and(|spot| self.give(spot, mark.value.clone(), Some(mark.base)).is_some())
        };
        let rest: Vec<_> = left.marks.iter().filter(|mark| !is_entered(mark)).cloned().collect();
        if rest.is_empty() {
            self.dismiss_left(&left.device);
        } else {
            self.left.update(|all| {
                all.iter_mut()
                    .filter(|one| one.device == left.device)
                    .for_each(|one| one.marks.clone_from(&rest));
            });
        }
    }

    /// What a device left is dealt with; it stays in the store, and is not told again.
    pub(super) fn dismiss_left(self, device: &DeviceId) {
        if let Some(store) = self.store.get_value() {
            let name = left::dealt_with(device);
            spawn_local(async move {
                let _ = store.put(&name, "yes", Care::Strict).await;
            });
        }
        self.left.update(|all| all.retain(|one| one.device != *device));
    }

    /// The judge has seen that an own entry does not count.
    pub(super) fn put_aside(self, id: EntryId) {
        if let (Some(store), Some(bench)) = (self.store.get_value(), self.bench.get_untracked()) {
            let name = format!("{SEEN}:{}:{id}", bench.device);
            spawn_local(async move {
                let _ = store.put(&name, &id.to_string(), Care::Relaxed).await;
            });
        }
        self.book.update(|book| {
            if let Some(book) = book {
                book.put_aside(id);
            }
        });
    }

    /// Enters a value, upon what the judge sees there now unless they saw something else.
    fn give(self, spot: Spot, value: Value, base: Option<Option<EntryId>>) -> Option<EntryId> {
        let tablet = self.tablet.get_value()?;
        let id = EntryId::made_at(u64::try_from(unix_ms()).unwrap_or_default(), random());
        let (act, cell) = self.book.with_untracked(|book| {
            let book = book.as_ref()?;
            let cell = book.cell(spot)?;
            let act = Act {
                id,
                body: Body::Mark(book.mark(spot, value.clone())?),
                cell: Some(cell.clone()),
                base: base.unwrap_or(book.seen(spot)?.entry),
                client_time: unix_ms(),
                elapsed_ms: i64::try_from(steady_ms()).unwrap_or_default(),
                reason: None,
            };
            Some((act, cell))
        })?;
        self.book.update(|book| {
            if let Some(book) = book {
                book.enter(id, cell, value);
            }
        });
        if let Err(refusal) = tablet.enter(act) {
            self.stand(id, Standing::NotSaved);
            self.notice.set(Some(Notice { text: refusal.say(self.language.get_untracked()) }));
            return None;
        }
        Some(id)
    }

    fn stand(self, id: EntryId, standing: Standing) {
        if standing == Standing::NotSaved {
            // It says "entered", which it is not; the bar tells, and leads to where it was.
            self.undo.update(|undo| drop(undo.take_if(|undo| undo.id == id)));
        }
        let is_new_trouble = matches!(&standing, Standing::Received(confirmed) if confirmed.code.is_some());
        self.book.update(|book| {
            if let Some(book) = book {
                book.stand(id, standing);
            }
        });
        if is_new_trouble {
            // It says what stands there in its place.
            self.renew_soon();
        }
    }

    fn hear(self, news: News) {
        let language = self.language.get_untracked();
        match news {
            News::Show(Show::Entry { id, standing }) => self.stand(id, standing),
            News::Show(Show::Connection(connection)) => {
                self.link.set(connection);
                if connection == Connection::Live {
                    self.renew_soon();
                }
            }
            News::Show(Show::Unsent(count)) => self.unsent.set(count),
            News::Show(Show::Head { cell, id }) => {
                let is_behind = self
                    .book
                    .with_untracked(|book| book.as_ref().is_some_and(|book| book.is_behind(&cell, id)));
                if is_behind {
                    self.renew_soon();
                }
            }
            News::Show(Show::Trouble(trouble)) => {
                if trouble.severity() == domain::finding::Severity::Error {
                    self.alarms.update(|alarms| {
                        if !alarms.contains(&trouble) {
                            alarms.push(trouble);
                        }
                    });
                } else {
                    self.trouble.set(Some(trouble.say(language)));
                }
            }
            News::Show(Show::Ended { code, ending }) => {
                self.trouble.set(Some(ending.map_or(code, |ending| ending.say(language))));
                // Whether the device is still signed in is known sooner by a plain request.
                self.renew_soon();
            }
            News::Show(Show::TroubleOver) => self.trouble.set(None),
            News::NoTicket(failure) => {
                self.is_signed_out.update(|is| *is |= failure.is_signed_out());
            }
            News::Ticket => self.is_signed_out.set(false),
        }
    }
}
