//! What the browser gives: clocks, randomness, small memories, and the promises that few browsers
//! keep. What is missing is left out, never an error.

use std::task::{Context, Waker};

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Document, Event, EventTarget, Url, Window};

/// The window that the program runs in.
pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

/// The page's document.
pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// Milliseconds of the page's steady clock.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds since the page opened"
)]
pub(super) fn steady_ms() -> u64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now()) as u64
}

/// Milliseconds since 1970 UTC, by this device's clock.
#[expect(clippy::cast_possible_truncation, reason = "a whole number of milliseconds, far below 2^53")]
pub(super) fn unix_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Closes the menu of the page's head, which would lie over what comes next.
pub(super) fn close_menu() {
    let menu = document().and_then(|page| page.query_selector(".settings[open]").ok().flatten());
    if let Some(menu) = menu {
        let _ = menu.remove_attribute("open");
    }
}

/// `14:05:09`, by this device's clock.
#[expect(clippy::cast_precision_loss, reason = "a whole number of milliseconds, far below 2^53")]
pub(super) fn clock(at_ms: i64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(at_ms as f64));
    // `14:05:09 GMT+0800 (…)`
    String::from(date.to_time_string()).chars().take(8).collect()
}

/// 128 random bits; all 0 where there is no randomness, which no browser lacks.
pub(super) fn random() -> u128 {
    let mut bytes = [0; 16];
    if let Some(crypto) = window().and_then(|window| window.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    u128::from_be_bytes(bytes)
}

/// Listens for as long as the page is open.
pub(super) fn listen(target: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener);
    let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener.forget();
}

/// The same, before anything on the page hears of it.
pub(super) fn listen_first(target: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener);
    let listens = listener.as_ref().unchecked_ref();
    let _ = target.add_event_listener_with_callback_and_bool(event, listens, true);
    listener.forget();
}

/// When an event was made, in milliseconds since the page opened.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since the page opened")]
pub(super) fn made_ms(event: &Event) -> i64 {
    event.time_stamp() as i64
}

/// Loads a part of the program that is not needed at first: the script at the address that the page names
/// in an attribute. A part that runs again changes nothing.
pub(super) fn load_part(attribute: &str) {
    let (Some(document), Some(address)) = (document(), page_data(attribute)) else { return };
    if let (Ok(script), Some(root)) = (document.create_element("script"), document.document_element()) {
        let _ = script.set_attribute("src", &address);
        let _ = root.append_child(&script);
    }
}

/// Loads the page again.
pub(super) fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Calls once after a while; dropped, it does not call.
pub(super) struct Timer {
    handle: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// In that many milliseconds.
    pub(super) fn after(ms: u64, callback: impl FnMut() + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut()>::new(callback);
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        let function = callback.as_ref().unchecked_ref();
        let handle = window()?.set_timeout_with_callback_and_timeout_and_arguments_0(function, ms).ok()?;
        Some(Self { handle, _callback: callback })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = window() {
            window.clear_timeout_with_handle(self.handle);
        }
    }
}

/// Calls again and again for as long as the page is open.
pub(super) fn every(ms: i32, callback: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(callback);
    if let Some(window) = window() {
        let function = callback.as_ref().unchecked_ref();
        let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(function, ms);
    }
    callback.forget();
}

/// A choice that this browser remembers.
pub(super) fn remembered(name: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(name).ok()?
}

/// Remembers a choice.
pub(super) fn remember(name: &str, value: &str) {
    if let Some(storage) = window().and_then(|window| window.local_storage().ok()?) {
        let _ = storage.set_item(name, value);
    }
}

/// Keeps a word for this tab and its reloads.
pub(super) fn note(name: &str, value: &str) {
    if let Some(storage) = window().and_then(|window| window.session_storage().ok()?) {
        let _ = storage.set_item(name, value);
    }
}

/// The word that this tab keeps.
pub(super) fn noted(name: &str) -> Option<String> {
    let value = window()?.session_storage().ok()??.get_item(name).ok()??;
    (!value.is_empty()).then_some(value)
}

/// Whether the browser believes to have a network. It is wrong at times, and only shown.
pub(super) fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// Whether the page is seen.
pub(super) fn is_seen() -> bool {
    document().is_none_or(|document| document.visibility_state() == web_sys::VisibilityState::Visible)
}

/// What stands under a name in an object of the browser's, unless it is missing.
pub(super) fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// Calls a method of the browser's that not every browser has.
pub(super) fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: Function = property(object, method)?.dyn_into().ok()?;
    function.apply(object, &arguments.iter().collect::<Array>()).ok()
}

/// The same, for what promises something.
pub(super) async fn call_and_wait(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let promise: Promise = call(object, method, arguments)?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// Runs something, its first step at once: what it asks of the browser is under way before the screen is
/// drawn anew.
pub(super) fn run_now(task: impl Future<Output = ()> + 'static) {
    let mut task = Box::pin(task);
    // Whoever goes on with it asks to be woken again.
    if task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        wasm_bindgen_futures::spawn_local(task);
    }
}

/// An object of the browser's with one property.
pub(super) fn object(name: &str, value: &JsValue) -> Object {
    let object = Object::new();
    let _ = Reflect::set(&object, &name.into(), value);
    object
}

/// Gives a text to the person as a file of that name; whether the browser takes it.
pub(super) fn download(name: &str, text: &str) -> Option<()> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link: web_sys::HtmlElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_attribute("href", &url).ok()?;
    link.set_attribute("download", name).ok()?;
    link.click();
    Some(())
}

/// What the page says in an attribute of the app's element.
pub(super) fn page_data(name: &str) -> Option<String> {
    document()?.get_element_by_id("judge")?.get_attribute(name)
}

/// How full the battery is, in percent, where the browser tells, and whether it is being charged.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_arithmetic,
    reason = "a battery's level from 0 to 1, and no result"
)]
pub(super) async fn battery() -> (Option<u8>, bool) {
    let Some(navigator) = navigator() else { return (None, false) };
    let Some(battery) = call_and_wait(&navigator, "getBattery", &[]).await else { return (None, false) };
    let level = property(&battery, "level").and_then(|level| level.as_f64());
    let is_charging = property(&battery, "charging").is_some_and(|charging| charging.is_truthy());
    (level.map(|level| (level * 100.0) as u8), is_charging)
}

/// Asks that what is stored is not cleared when space gets short, and whether that was promised.
pub(super) async fn persist() -> bool {
    let Some(storage) = navigator().and_then(|navigator| property(&navigator, "storage")) else {
        return false;
    };
    call_and_wait(&storage, "persist", &[]).await.is_some_and(|is_kept| is_kept.is_truthy())
}

/// Keeps the screen on while the page is seen.
pub(super) fn stay_awake() {
    let ask = || {
        wasm_bindgen_futures::spawn_local(async {
            let lock = navigator().and_then(|navigator| property(&navigator, "wakeLock"));
            if let Some(lock) = lock.filter(|_| is_seen()) {
                // Refused where the battery is low; asked for again at the next return.
                call_and_wait(&lock, "request", &["screen".into()]).await;
            }
        });
    };
    ask();
    if let Some(document) = document() {
        listen(&document, "visibilitychange", move |_| ask());
    }
}

/// The turn to mark, which one tab of a browser has: the one that was opened last. It is told by
/// the small memory that all tabs share, which every browser has, over an unencrypted connection too.
/// What another tab takes is told to this one as the event `storage`.
#[derive(Clone)]
pub(super) struct Turn {
    mine: String,
    /// Whether there is such a memory; where there is none, every tab has the turn.
    is_shared: bool,
}

const TURN: &str = "turn";

impl Turn {
    /// Takes the turn from whoever has it.
    pub(super) fn take() -> Self {
        let mine = format!("{:032x}", random());
        remember(TURN, &mine);
        Self { is_shared: remembered(TURN).as_ref() == Some(&mine), mine }
    }

    /// Whether no other tab took it. A browser that shares no memory between tabs has one.
    pub(super) fn is_here(&self) -> bool {
        !self.is_shared || remembered(TURN).is_none_or(|theirs| theirs == self.mine)
    }
}

fn navigator() -> Option<JsValue> {
    Some(window()?.navigator().into())
}
