//! The service worker: it opens the page without a network, where the browser allows one, and lets a
//! new version of the program take over when nobody is on a sheet.

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::EventTarget;

use super::browser::{call, call_and_wait, listen, object, page_data, property, reload, window};
use super::state::{Stage, Ui, View};

/// Registers it, and keeps the program current.
pub(super) fn register(ui: Ui) {
    let path = page_data("data-worker");
    let navigator = window().map(|window| window.navigator());
    // Missing over plain HTTP; the page then says what is lacking.
    let container = navigator.and_then(|navigator| property(&navigator, "serviceWorker"));
    let (Some(path), Some(container)) = (path, container) else { return };
    let waiting = RwSignal::new_local(None::<JsValue>);
    let has_changed = RwSignal::new(false);
    // The first worker that a page gets is no new version.
    let is_controlled = property(&container, "controller").is_some();
    if let Some(target) = container.dyn_ref::<EventTarget>() {
        listen(target, "controllerchange", move |_| {
            has_changed.set(is_controlled);
        });
    }
    spawn_local(async move {
        let options = object("scope", &"/judge".into());
        let registered = call_and_wait(&container, "register", &[path.into(), options.into()]).await;
        let Some(registration) = registered else { return };
        waiting.set(property(&registration, "waiting"));
        let Some(target) = registration.dyn_ref::<EventTarget>().cloned() else { return };
        listen(&target, "updatefound", move |_| {
            let Some(installing) = property(&registration, "installing") else { return };
            let registration = registration.clone();
            if let Some(target) = installing.dyn_ref::<EventTarget>() {
                listen(target, "statechange", move |_| waiting.set(property(&registration, "waiting")));
            }
        });
    });
    // Between sheets, with nothing being stored, and not while somebody signs in or another tab marks.
    let is_between = move || {
        let is_home = ui.stage.get() == Stage::Marking && ui.view.get() == View::Home;
        // With something unsent the browser would ask whether to leave.
        (is_home || ui.stage.get() == Stage::Waiting) && !ui.is_unsent() && ui.may_leave()
    };
    Effect::new(move |_| {
        if !is_between() {
            return;
        }
        if has_changed.get() {
            reload();
        } else if let Some(worker) = waiting.get().filter(|_| is_controlled) {
            call(&worker, "postMessage", &["take over".into()]);
        }
    });
}
