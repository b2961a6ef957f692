//! What the app knows and does: signals that the screen follows, and the acts of a judge.

use std::rc::Rc;

use domain::finding::Language;
use domain::id::EntryId;
use domain::marking::Body;
use domain::scoring::Value;
use leptos::prelude::*;
use protocol::account::Bench;
use protocol::judge::{About, Sheets};
use wasm_bindgen_futures::spawn_local;

use super::api::{self, Failure};
use super::browser::{self, Timer, random, steady_ms, unix_ms};
use super::store::{Care, Store};
use super::tablet::{self, News, Tablet};
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

/// What stands before everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The store is being read.
    Opening,
    /// Nobody is signed in; a card is asked for.
    SignIn,
    /// Another tab of this browser marks already.
    OtherTab,
    /// Signed in, and the skill is not open yet.
    Waiting,
    /// Marking.
    Marking,
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
    /// What an earlier sign-in left here unsent, a mark a line: another sign-in does not send it.
    pub(super) left: RwSignal<Vec<String>>,
    /// Whether what is stored outlives the page, and whether the browser promised to keep it.
    pub(super) is_lasting: RwSignal<bool>,
    pub(super) is_persistent: RwSignal<bool>,
    /// When the sheets were last told by the server, milliseconds since 1970 UTC.
    pub(super) told_at: RwSignal<Option<i64>>,
    tapped_ms: StoredValue<Option<u64>>,
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
            tapped_ms: StoredValue::new(None),
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
        let store = Store::open().await;
        self.is_lasting.set(store.is_lasting());
        self.store.set_value(Some(store.clone()));
        let known = store.get(WHO).await.and_then(|text| serde_json::from_str::<Bench>(&text).ok());
        if self.card.get_untracked().is_some() {
            if let Some(bench) = &known {
                self.left.set(left(&store, bench).await);
            }
            self.bench.set(known);
            self.stage.set(Stage::SignIn);
            return;
        }
        let known = match known {
            Some(bench) => Some(bench),
            // What was stored here is gone, or was never here; a cookie may still say who it is.
            None => api::bench(self.tag()).await.ok(),
        };
        match known {
            Some(bench) => self.take_seat(bench).await,
            None => self.stage.set(Stage::SignIn),
        }
    }

    /// Signs in by card and PIN.
    ///
    /// # Errors
    /// What the server says to it, or that none answers.
    pub(super) async fn sign_in(self, code: String, pin: String) -> Result<(), Failure> {
        let bench = api::enrol(code, pin, self.tag()).await?;
        self.card.set(None);
        self.take_seat(bench).await;
        Ok(())
    }

    /// Begins to mark as the judge whose device this is.
    async fn take_seat(self, bench: Bench) {
        let Some(store) = self.store.get_value() else { return };
        if !browser::is_only_tab(&format!("leitai-judge:{}", bench.device)).await {
            self.stage.set(Stage::OtherTab);
            return;
        }
        if let Ok(text) = serde_json::to_string(&bench) {
            // Where it cannot be kept, the cookie tells it at the next start.
            let _ = store.put(WHO, &text, Care::Strict).await;
        }
        spawn_local(async move { self.is_persistent.set(browser::persist().await) });
        let kept = store.all(&tablet::outbox(&bench.device)).await;
        let kept: Result<Vec<Kept>, _> = kept.iter().map(|text| serde_json::from_str(text)).collect();
        let Ok(kept) = kept else {
            self.stage.set(Stage::Broken);
            return;
        };
        self.is_signed_out.set(false);
        self.bench.set(Some(bench.clone()));
        self.recall(&store, &bench, &kept).await;
        let started = Tablet::start(&bench, kept, store, self.tag(), move |news| self.hear(news));
        let Ok(tablet) = started else {
            self.stage.set(Stage::Broken);
            return;
        };
        self.tablet.set_value(Some(tablet));
        if self.stage.get_untracked() != Stage::Marking {
            self.stage.set(Stage::Waiting);
        }
        browser::stay_awake();
        self.watch();
        self.renew().await;
    }

    /// Shows the sheets as they were told last, so that marking needs no network.
    async fn recall(self, store: &Store, bench: &Bench, kept: &[Kept]) {
        let name = |what: &str| format!("{what}:{}", bench.device);
        let about = store.get(&name(ABOUT)).await;
        self.about.set(about.and_then(|text| serde_json::from_str(&text).ok()));
        let sheets = store.get(&name(SHEETS)).await;
        let Some(sheets) = sheets.and_then(|text| serde_json::from_str::<Sheets>(&text).ok()) else { return };
        let mut book = Book::new(sheets);
        kept.iter().for_each(|kept| book.restore(kept));
        self.book.set(Some(book));
        self.stage.set(Stage::Marking);
    }

    /// Asks for the sheets and takes them in.
    async fn renew(self) {
        let Some(bench) = self.bench.get_untracked() else { return };
        let sheets = match api::sheets(self.tag()).await {
            Ok(sheets) => sheets,
            Err(Failure::Refused { status: 409, .. }) => return,
            Err(failure) => {
                self.is_signed_out.update(|is| *is |= failure.is_signed_out());
                return;
            }
        };
        self.told_at.set(Some(unix_ms()));
        self.is_signed_out.set(false);
        if let (Some(store), Ok(text)) = (self.store.get_value(), serde_json::to_string(&sheets)) {
            let name = format!("{SHEETS}:{}", bench.device);
            spawn_local(async move {
                let _ = store.put(&name, &text, Care::Relaxed).await;
            });
        }
        self.book.update(|book| match book {
            Some(book) => book.renew(sheets),
            None => *book = Some(Book::new(sheets)),
        });
        self.stage.set(Stage::Marking);
        if self.about.get_untracked().is_none() {
            self.learn_about(&bench).await;
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
                if self.unsent.get_untracked() > 0 {
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

    /// Whether a tap is one of its own, and not the second half of the one before.
    pub(super) fn is_fresh_tap(self) -> bool {
        let now = steady_ms();
        let before = self.tapped_ms.get_value();
        self.tapped_ms.set_value(Some(now));
        before.is_none_or(|before| now.saturating_sub(before) >= REPEAT_MS)
    }

    /// Enters a value at a place, and says whether it was taken.
    pub(super) fn enter(self, spot: Spot, value: Value) -> bool {
        let previous = self.book.with_untracked(|book| {
            book.as_ref().and_then(|book| book.seen(spot)).and_then(|seen| seen.value.cloned())
        });
        let Some(id) = self.give(spot, value.clone()) else { return false };
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
            self.give(undo.spot, undo.previous.unwrap_or(Value::Missing));
        } else {
            self.put_aside(undo.id);
        }
        self.view.update(|view| match view {
            View::Walk(spot) => *spot = undo.spot,
            _ => *view = View::Sheet(undo.spot),
        });
    }

    /// Enters the own value of a conflict again, over what stands there now.
    pub(super) fn insist(self, spot: Spot, id: EntryId, value: Value) {
        if self.give(spot, value).is_some() {
            self.put_aside(id);
        }
    }

    /// The judge has seen that an own entry does not count.
    pub(super) fn put_aside(self, id: EntryId) {
        self.book.update(|book| {
            if let Some(book) = book {
                book.put_aside(id);
            }
        });
    }

    fn give(self, spot: Spot, value: Value) -> Option<EntryId> {
        let tablet = self.tablet.get_value()?;
        let id = EntryId::made_at(u64::try_from(unix_ms()).unwrap_or_default(), random());
        let (act, cell) = self.book.with_untracked(|book| {
            let book = book.as_ref()?;
            let cell = book.cell(spot)?;
            let act = Act {
                id,
                body: Body::Mark(book.mark(spot, value.clone())?),
                cell: Some(cell.clone()),
                // What the judge sees there now.
                base: book.seen(spot)?.entry,
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

/// The marks of a sign-in that have no receipt.
async fn left(store: &Store, bench: &Bench) -> Vec<String> {
    let kept = store.all(&tablet::outbox(&bench.device)).await;
    let kept = kept.iter().filter_map(|text| serde_json::from_str::<Kept>(text).ok());
    let unsent = kept.filter(|kept| kept.confirmed.is_none()).filter_map(|kept| match kept.submission.body {
        Body::Mark(mark) => Some(mark),
        _ => None,
    });
    let said = |value: &Value| match value {
        Value::Choice(label) => label.clone(),
        Value::Missing => "–".to_owned(),
        Value::Number(number) => number.to_string(),
    };
    unsent.map(|mark| format!("{} · {} = {}", mark.competitor, mark.aspect, said(&mark.value))).collect()
}
