//! Timers that last as long as the page.

use std::time::Duration;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

use super::dom::window;

/// Once, after a while.
pub(super) fn after(pause: Duration, act: impl FnOnce() + 'static) {
    let Some(window) = window() else { return };
    let act = Closure::once_into_js(act);
    let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(act.unchecked_ref(), ms(pause));
}

/// Again and again.
pub(super) fn every(pause: Duration, act: impl FnMut() + 'static) {
    let Some(window) = window() else { return };
    let act = Closure::<dyn FnMut()>::new(act);
    let _ = window
        .set_interval_with_callback_and_timeout_and_arguments_0(act.as_ref().unchecked_ref(), ms(pause));
    act.forget();
}

fn ms(pause: Duration) -> i32 {
    i32::try_from(pause.as_millis()).unwrap_or(i32::MAX)
}
