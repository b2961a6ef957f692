//! What the app knows and does: signals that the screen follows, and the acts of a judge.

mod drafts;
mod lock;
mod report;
mod seat;
mod word;

use std::collections::HashMap;
use std::rc::Rc;

use domain::finding::Language;
use domain::id::{DeviceId, EntryId};
use domain::ledger::Status;
use domain::marking::Body;
use domain::scoring::Value;
use leptos::prelude::*;
use protocol::account::{Bench, Report};
use protocol::frame::{Ending, ReasonText};
use protocol::judge::About;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;

use super::browser::{self, Timer, Turn, random, steady_ms, unix_ms};
use super::call::Asked;
use super::later;
use super::left::{self, Left, LeftMark};
use super::seal::Seal;
use super::store::{Care, Store};
use super::tablet::{News, Tablet};
use super::words;
use crate::book::{Book, Spot};
use crate::{Act, Confirmed, Connection, Show, Standing, Trouble};

/// For how long an entry can be taken back by one tap.
const UNDO_MS: u64 = 10_000;
/// A second tap that soon is a glove's or a trembling hand's.
pub(super) const REPEAT_MS: i64 = 300;
/// How long changes are gathered before the sheets are asked for again.
const GATHER_MS: u64 = 400;
/// How often the sheets are asked for while nothing says that they changed: locks and the close are
/// not told by the socket.
const LOOK_MS: i32 = 20_000;
const WHO: &str = "who";
/// The code of a card that nobody has signed in by yet.
pub(super) const CARD: &str = "card";
/// The code of a label whose sheet was not opened yet.
pub(super) const LABEL: &str = "label";
const ABOUT: &str = "about";
const SHEETS: &str = "sheets";
/// Entries that do not count and that the judge has said to have seen.
const SEEN: &str = "seen";
/// Entries that do not count and that the judge has still to see.
const ASIDE: &str = "aside";
/// How long a label waits for the first answer of the server.
const LABEL_WAITS_MS: u64 = 2_000;
/// When what another tab may have written after this one had read is looked for.
const SETTLES_MS: u64 = 3_000;

/// What stands before everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The store is being read.
    Opening,
    /// Nobody is signed in; a card is asked for.
    SignIn,
    /// The PIN is asked for: what is kept is encrypted, or nobody has looked for long.
    Locked,
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
    /// Everything on one competitor's sheet of a form, to look at and to sign.
    Review(Spot),
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
    /// What is asked with it, where that is something.
    pub(super) asks: Option<Asked>,
}

impl Notice {
    pub(super) fn of(text: String) -> Self {
        Self { text, asks: None }
    }
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
    /// Whether a verified second place has everything that was entered here.
    pub(super) is_sealed: RwSignal<bool>,
    /// How many of them the storage has not answered for, and whether it has not for long.
    pub(super) saving: RwSignal<usize>,
    pub(super) is_store_slow: RwSignal<bool>,
    /// Whether something cannot be sent before a person did something.
    pub(super) is_held_up: RwSignal<bool>,
    /// Whether the server takes nothing from this program any more, because it is too old.
    pub(super) is_too_old: RwSignal<bool>,
    /// Whether the server answers what this program cannot read.
    pub(super) is_outdated: RwSignal<bool>,
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
    /// The code of a label whose sheet is to be opened.
    pub(super) label: RwSignal<Option<String>>,
    /// Whether to go to another competitor's sheet, which the judge is asked.
    pub(super) asked: RwSignal<Option<Notice>>,
    /// What earlier sign-ins left here unsent: another sign-in does not send it.
    pub(super) left: RwSignal<Vec<Left>>,
    /// Whether what is stored outlives the page, and whether the browser promised to keep it.
    pub(super) is_lasting: RwSignal<bool>,
    pub(super) is_persistent: RwSignal<bool>,
    /// How many notes and photos no server has received, and how many one did not take.
    pub(super) notes: RwSignal<(u32, u32)>,
    /// What opens and counts them, once it is loaded.
    pub(super) notes_face: StoredValue<Option<JsValue>, LocalStorage>,
    /// When the sheets were last told by the server, by its clock: milliseconds since 1970 UTC.
    pub(super) told_at: RwSignal<Option<i64>>,
    /// When the screen was touched last, on the steady clock.
    touched_ms: StoredValue<u64>,
    pub(super) pursuing: StoredValue<Option<Rc<Timer>>, LocalStorage>,
    /// Whether the click that is being heard is a tap of its own.
    is_fresh: StoredValue<bool>,
    /// Counts the beginnings.
    begun: StoredValue<u32>,
    is_renewing: StoredValue<bool>,
    is_watching: StoredValue<bool>,
    /// What the server was told of this device on this connection.
    told: StoredValue<Option<Report>>,
    /// When the last value was given, on the steady clock; 0 once something is typed.
    given_ms: StoredValue<u64>,
    /// What is entered again, by its new id: the earlier sign-in's device and numbers.
    again: StoredValue<HashMap<EntryId, (DeviceId, Vec<i64>)>>,
    /// What was typed at a place and not given.
    drafts: StoredValue<HashMap<Spot, String>>,
    /// The same as it is kept, and as it is to be; one write at a time.
    drafts_kept: StoredValue<String>,
    drafts_now: StoredValue<String>,
    is_keeping_drafts: StoredValue<bool>,
    turn: StoredValue<Option<Turn>, LocalStorage>,
    undo_timer: StoredValue<Option<Rc<Timer>>, LocalStorage>,
    renewing: StoredValue<Option<Rc<Timer>>, LocalStorage>,
    settling: StoredValue<Option<Rc<Timer>>, LocalStorage>,
    tablet: StoredValue<Option<Tablet>, LocalStorage>,
    store: StoredValue<Option<Store>, LocalStorage>,
    /// The key of what is kept, once the PIN was given.
    seal: StoredValue<Option<Seal>, LocalStorage>,
    /// What stood there before the PIN was asked for again.
    locked_over: StoredValue<Option<Stage>>,
    /// Since when nobody sees the page, on the device's own clock.
    hidden_since_ms: StoredValue<Option<i64>>,
}

impl Ui {
    pub(super) fn new(language: Language, card: Option<String>, label: Option<String>) -> Self {
        Self {
            language: RwSignal::new(language),
            stage: RwSignal::new(Stage::Opening),
            bench: RwSignal::new(None),
            about: RwSignal::new(None),
            book: RwSignal::new(None),
            view: RwSignal::new(View::Home),
            link: RwSignal::new(Connection::Opening),
            unsent: RwSignal::new(0),
            is_sealed: RwSignal::new(false),
            saving: RwSignal::new(0),
            is_store_slow: RwSignal::new(false),
            is_held_up: RwSignal::new(false),
            is_too_old: RwSignal::new(false),
            is_outdated: RwSignal::new(false),
            alarms: RwSignal::new(Vec::new()),
            trouble: RwSignal::new(None),
            is_signed_out: RwSignal::new(false),
            undo: RwSignal::new(None),
            notice: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            card: RwSignal::new(card),
            label: RwSignal::new(label),
            asked: RwSignal::new(None),
            left: RwSignal::new(Vec::new()),
            is_lasting: RwSignal::new(true),
            is_persistent: RwSignal::new(false),
            notes: RwSignal::new((0, 0)),
            notes_face: StoredValue::new_local(None),
            told_at: RwSignal::new(None),
            touched_ms: StoredValue::new(0),
            pursuing: StoredValue::new_local(None),
            is_fresh: StoredValue::new(true),
            begun: StoredValue::new(0),
            is_renewing: StoredValue::new(false),
            is_watching: StoredValue::new(false),
            told: StoredValue::new(None),
            given_ms: StoredValue::new(0),
            again: StoredValue::new(HashMap::new()),
            drafts: StoredValue::new(HashMap::new()),
            drafts_kept: StoredValue::new(String::new()),
            drafts_now: StoredValue::new(String::new()),
            is_keeping_drafts: StoredValue::new(false),
            turn: StoredValue::new_local(None),
            undo_timer: StoredValue::new_local(None),
            renewing: StoredValue::new_local(None),
            settling: StoredValue::new_local(None),
            tablet: StoredValue::new_local(None),
            store: StoredValue::new_local(None),
            seal: StoredValue::new_local(None),
            locked_over: StoredValue::new(None),
            hidden_since_ms: StoredValue::new(None),
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
        browser::listen_first(&window, "pointerdown", move |_| self.touched_ms.set_value(steady_ms()));
        // When the last tap was made that counted, and whether it was on the pad.
        let mut before: Option<(i64, bool)> = None;
        browser::listen_first(&window, "click", move |event| {
            let Ok(click) = event.dyn_into::<web_sys::MouseEvent>() else { return };
            self.touched_ms.set_value(steady_ms());
            // When it was made: on a slow tablet it is heard later.
            let made_ms = browser::made_ms(&click);
            let target = click.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let is_in =
                |place| target.as_ref().is_some_and(|target| target.closest(place).ok().flatten().is_some());
            let is_by_key = click.detail() == 0;
            let is_late =
                before.is_none_or(|(ms, is_pad)| made_ms - ms >= REPEAT_MS || (is_pad && is_in(".key")));
            self.is_fresh.set_value(is_by_key || is_late);
            // Digits are tapped fast, and are no tap before another one.
            if !is_by_key && is_late && !is_in(".key, .wholes") {
                before = Some((made_ms, is_in(".pad")));
            }
        });
    }

    /// Whether the click that is being heard is a tap of its own, and not the second half of the one
    /// before.
    pub(super) fn is_fresh_tap(self) -> bool {
        self.is_fresh.get_value()
    }

    /// Whether a finger may be on the screen, or comes down a second time.
    pub(super) fn is_tapped(self) -> bool {
        steady_ms().saturating_sub(self.touched_ms.get_value()) < REPEAT_MS.unsigned_abs()
    }

    /// Whether Enter is pressed so soon after a value was given that it is the same press.
    pub(super) fn is_same_press(self) -> bool {
        let (now, given) = (steady_ms(), self.given_ms.get_value());
        given > 0 && i64::try_from(now.saturating_sub(given)).is_ok_and(|since| since < REPEAT_MS)
    }

    /// Something is typed: the next Enter is for that.
    pub(super) fn is_typing(self) {
        self.given_ms.set_value(0);
    }

    /// Whether what stands at a place can still be taken back by one tap: changing it is no correction.
    pub(super) fn can_take_back(self, spot: Spot) -> bool {
        self.undo.with_untracked(|undo| undo.as_ref().is_some_and(|undo| undo.spot == spot))
    }

    /// Enters a value at a place, with why where it is a correction, and says whether it was taken.
    pub(super) fn enter(self, spot: Spot, value: Value, reason: Option<String>) -> bool {
        let previous = self.book.with_untracked(|book| {
            book.as_ref().and_then(|book| book.seen(spot)).and_then(|seen| seen.value.cloned())
        });
        let Some(id) = self.give(spot, value.clone(), None, reason) else { return false };
        self.given_ms.set_value(steady_ms());
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
            self.give(undo.spot, undo.previous.unwrap_or(Value::Missing), None, None);
        } else {
            self.tell("not_taken_back");
        }
        self.view.update(|view| match view {
            View::Walk(spot) => *spot = undo.spot,
            _ => *view = View::Sheet(undo.spot),
        });
    }

    /// Enters one of two values again, over what stands there now; where they are a conflict, that settles it
    ///
    pub(super) fn insist(self, spot: Spot, id: EntryId, value: Value, is_conflict: bool) {
        let why = words::pick(self.language.get_untracked(), "两个值并存，选定这个", "Chosen of two values");
        if self.give(spot, value, None, is_conflict.then(|| why.to_owned())).is_some() {
            self.put_aside(id);
        }
    }

    /// Enters what an earlier sign-in of the same judge left unsent, upon what they saw then: where
    /// something else stands by now, it becomes a conflict that both see. It is dealt with once it is
    /// stored.
    pub(super) fn enter_left(self, left: &Left) {
        let is_entered = |mark: &LeftMark| {
            let spot = self.book.with_untracked(|book| {
                let book = book.as_ref()?;
                let spot = book.spot(&mark.cell)?;
                (book.told(spot)?.round == mark.cell.round).then_some(spot)
            });
            let id = spot.and_then(|spot| self.give(spot, mark.value.clone(), Some(mark.base), None));
            if let Some(id) = id {
                self.again.update_value(|again| {
                    again.insert(id, (left.device.clone(), mark.numbers.clone()));
                });
            }
            id.is_some()
        };
        let rest: Vec<_> = left.marks.iter().filter(|mark| !is_entered(mark)).cloned().collect();
        if rest.is_empty() {
            self.left.update(|all| all.retain(|one| one.device != left.device));
            return;
        }
        self.left.update(|all| {
            let it = all.iter_mut().filter(|one| one.device == left.device);
            it.for_each(|one| one.marks.clone_from(&rest));
        });
        self.tell("not_entered_again");
    }

    /// Tells what stands under that name among the words that are loaded later.
    pub(super) fn tell(self, name: &str) {
        self.notice.set(Some(Notice::of(later::notice(name, self.language.get_untracked()))));
    }

    /// What a device left is not told again: to its own judge never, to another for as long as they
    /// are this device's. It stays in the store.
    pub(super) fn dismiss_left(self, left: &Left) {
        let judge = self.bench.with_untracked(|bench| bench.as_ref().map(|bench| bench.device.clone()));
        let name = if left.marks.is_empty() {
            judge.map(|here| left::told(&left.device, &here))
        } else {
            Some(left::dealt_with(&left.device))
        };
        self.keep_notes(name);
        self.left.update(|all| all.retain(|one| one.device != left.device));
    }

    /// Gives what no server has received as a file for the chief judge; it stays here as well, and is
    /// still sent.
    pub(super) async fn export(self) {
        let Some(store) = self.store.get_value() else { return };
        let language = self.language.get_untracked();
        let judge = self.bench.with_untracked(|bench| bench.as_ref().map(|bench| bench.judge.to_string()));
        let name = |count: usize| format!("leitai-{}-{count}.json", judge.unwrap_or_default());
        let text = match left::export(&store).await {
            Ok((text, count)) if browser::download(&name(count), &text).is_some() => match language {
                Language::Chinese => {
                    format!("已导出 {count} 项。请把文件交给裁判长导入；这些评分仍在本机，联网后照常上传。")
                }
                Language::English => {
                    format!(
                        "{count} exported. Give the file to the chief judge; they are still on this device, and are sent as always once it connects."
                    )
                }
            },
            _ => later::notice("not_exported", language),
        };
        self.notice.set(Some(Notice::of(text)));
    }

    fn keep_notes(self, names: impl IntoIterator<Item = String>) {
        let Some(store) = self.store.get_value() else { return };
        for name in names {
            let kept = store.put(&name, "yes", Care::Strict);
            spawn_local(async move {
                let _ = kept.await;
            });
        }
    }

    /// The judge has seen that an own entry does not count.
    pub(super) fn put_aside(self, id: EntryId) {
        if let (Some(store), Some(bench)) = (self.store.get_value(), self.bench.get_untracked()) {
            let name = |what: &str| format!("{what}:{}:{id}", bench.device);
            let seen = store.put(&name(SEEN), &id.to_string(), Care::Relaxed);
            let forgotten = store.forget(&name(ASIDE), &name(ASIDE));
            spawn_local(async move {
                let _ = (seen.await, forgotten.await);
            });
        }
        self.book.update(|book| {
            if let Some(book) = book {
                book.put_aside(id);
            }
        });
    }

    /// Enters a value, upon what the judge sees there now unless they saw something else.
    fn give(
        self,
        spot: Spot,
        value: Value,
        base: Option<Option<EntryId>>,
        reason: Option<String>,
    ) -> Option<EntryId> {
        if !self.has_turn() {
            self.lose_turn();
            return None;
        }
        let tablet = self.tablet.get_value()?;
        let id = EntryId::made_at(u64::try_from(unix_ms()).unwrap_or_default(), random());
        let reason = reason.map(self::reason);
        let (act, cell) = self.book.with_untracked(|book| {
            let book = book.as_ref()?;
            let cell = book.cell(spot)?;
            let act = Act {
                id,
                body: Body::Mark(book.mark(
                    spot,
                    value.clone(),
                    reason.as_ref().map(ReasonText::commitment),
                )?),
                cell: Some(cell.clone()),
                base: base.unwrap_or(book.seen(spot)?.entry),
                client_time: unix_ms(),
                elapsed_ms: i64::try_from(steady_ms()).unwrap_or_default(),
                drawing: None,
                reason,
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
            self.notice.set(Some(Notice::of(refusal.say(self.language.get_untracked()))));
            return None;
        }
        Some(id)
    }

    /// Keeps an entry that does not count until the judge has seen it: once it is sealed, the outbox
    /// lets it go.
    fn keep_aside(self, id: EntryId, confirmed: &Confirmed) {
        let (Some(store), Some(bench)) = (self.store.get_value(), self.bench.get_untracked()) else { return };
        let text = self.book.with_untracked(|book| {
            let (cell, value) = book.as_ref()?.entered(id)?;
            serde_json::to_string(&(id, cell, value, confirmed)).ok()
        });
        if let Some(text) = text {
            let kept = store.put(&format!("{ASIDE}:{}:{id}", bench.device), &text, Care::Relaxed);
            spawn_local(async move {
                let _ = kept.await;
            });
        }
    }

    fn stand(self, id: EntryId, standing: Standing) {
        if !matches!(standing, Standing::NotSaved) {
            let mut again = None;
            self.again.update_value(|all| again = all.remove(&id));
            let numbers = again.into_iter().flat_map(|(device, numbers)| {
                numbers.into_iter().map(move |dseq| left::entered_again(&device, dseq))
            });
            self.keep_notes(numbers);
        }
        if let Standing::Received(confirmed) = &standing
            && confirmed.status != Status::Accepted
        {
            self.keep_aside(id, confirmed);
        }
        if standing == Standing::NotSaved {
            // It says "entered", which it is not; the bar tells, and leads to where it was.
            self.undo.update(|undo| drop(undo.take_if(|undo| undo.id == id)));
        }
        // Once a signature is in the ledger, the sheets say so.
        let is_sign_off = |book: &Option<Book>| book.as_ref().is_some_and(|book| book.entered(id).is_none());
        let is_received = matches!(standing, Standing::Received(_));
        let is_news = match &standing {
            Standing::Received(confirmed) => {
                confirmed.code.is_some() || self.book.with_untracked(is_sign_off)
            }
            _ => false,
        };
        let mut is_whole = false;
        self.book.update(|book| {
            if let Some(book) = book {
                book.stand(id, standing);
                is_whole = book.is_whole_with(id);
            }
        });
        // What a whole sheet comes to, and whether it can be signed, is the sheets' to say.
        if is_news || (is_received && is_whole) {
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
                    self.told.set_value(None);
                    self.is_too_old.set(false);
                    self.renew_soon();
                }
            }
            News::Show(Show::Unsent(count)) => {
                self.unsent.set(count);
                let tablet = self.tablet.get_value();
                self.saving.set(tablet.as_ref().map_or(0, Tablet::saving));
                self.is_sealed.set(tablet.as_ref().is_some_and(Tablet::is_sealed));
                self.is_held_up.set(tablet.is_some_and(|tablet| tablet.is_held_up()));
            }
            News::Show(Show::Head { cell, id }) => {
                let is_behind = self
                    .book
                    .with_untracked(|book| book.as_ref().is_some_and(|book| book.is_behind(&cell, id)));
                if is_behind {
                    self.renew_soon();
                }
            }
            News::Show(Show::Called { epoch, number, calls }) => {
                self.book.update(|book| {
                    if let Some(book) = book {
                        book.call(epoch, number, calls);
                    }
                });
                self.follow();
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
                self.is_too_old.set(ending == Some(Ending::VersionTooOld));
                self.trouble.set(Some(ending.map_or(code, |ending| ending.say(language))));
                // Whether the device is still signed in is known sooner by a plain request.
                self.renew_soon();
            }
            News::Show(Show::TroubleOver) => self.trouble.set(None),
            News::NoTicket(failure) => {
                self.is_signed_out.update(|is| *is |= failure.is_signed_out());
            }
            News::Ticket => self.is_signed_out.set(false),
            News::TurnLost => self.lose_turn(),
            News::StoreIsSlow(is_slow) => self.is_store_slow.set(is_slow),
            News::NumberTaken => spawn_local(async move { self.join_store().await }),
        }
    }
}

/// A reason with a salt of its own.
fn reason(text: String) -> ReasonText {
    ReasonText { salt: salt(), text }
}

fn salt() -> String {
    format!("{:032x}", random())
}
