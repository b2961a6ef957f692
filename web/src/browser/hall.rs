//! What a hall screen does by itself: it turns its pages, hides the pointer and stays awake.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, KeyboardEvent};

use super::app::App;
use super::dom::{document, listen, window};
use super::motion::function;
use super::timer;

/// How long a page stands.
const PAGE_STANDS: Duration = Duration::from_secs(10);
/// How long the pointer is seen after it moved.
const POINTER_STAYS: Duration = Duration::from_secs(3);

/// Starts it.
pub(super) fn run(app: &Rc<App>) {
    let Some(window) = window() else { return };
    let paged = app.clone();
    timer::every(PAGE_STANDS, move || {
        if !paged.with_local(|local| local.is_paused) {
            paged.turn(1);
        }
    });
    let keyed = app.clone();
    listen(&window, "keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        match event.key().as_str() {
            "ArrowRight" | "PageDown" => keyed.turn(1),
            "ArrowLeft" | "PageUp" => keyed.turn(-1),
            // On a button the space bar presses it.
            " " if !is_on_button(event) => keyed.note(|local| local.is_paused = !local.is_paused),
            _ => return,
        }
        event.prevent_default();
    });
    hide_pointer();
    stay_awake();
    if let Some(document) = document() {
        listen(&document, "visibilitychange", |_| stay_awake());
    }
}

fn is_on_button(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(target.local_name().as_str(), "button" | "a"))
}

/// Hides the pointer once it rests.
fn hide_pointer() {
    let moves = Rc::new(Cell::new(0_u32));
    let rest = move |moves: &Rc<Cell<u32>>| {
        let (moves, seen) = (moves.clone(), moves.get());
        timer::after(POINTER_STAYS, move || {
            if moves.get() == seen {
                set_idle(true);
            }
        });
    };
    rest(&moves);
    let Some(window) = window() else { return };
    listen(&window, "pointermove", move |_| {
        moves.set(moves.get().wrapping_add(1));
        set_idle(false);
        rest(&moves);
    });
}

fn set_idle(is_idle: bool) {
    if let Some(body) = document().and_then(|document| document.body()) {
        let _ = body.class_list().toggle_with_force("is-idle", is_idle);
    }
}

/// Asks for the screen to stay on; the browser forgets that whenever the page is hidden. Where the
/// page may not ask (over plain HTTP), it is the system's setting that counts.
fn stay_awake() {
    let Some(window) = window() else { return };
    let lock = Reflect::get(&window.navigator(), &JsValue::from_str("wakeLock")).unwrap_or_default();
    let request = function(&lock, "request");
    if let Some(Ok(promise)) = request.map(|request| request.call1(&lock, &JsValue::from_str("screen"))) {
        // A refusal is no failure of the page.
        let refused = Closure::new(|_: JsValue| {});
        let _ = promise.unchecked_into::<Promise>().catch(&refused);
        refused.forget();
    }
}
