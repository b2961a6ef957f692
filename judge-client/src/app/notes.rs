//! The way to a judge's notes and photos. What they are, how they are kept and how they are sent is in
//! `assets/judge-notes.js`, which is loaded once somebody is signed in.

use leptos::prelude::*;
use protocol::account::Bench;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;

use super::browser::{call, call_and_wait, window};
use super::state::Ui;
use crate::Connection;
use crate::book::Spot;

/// What `judge-boot.js` offers to open them by.
const OPEN: &str = "openNotes";

impl Ui {
    /// Opens the notes of whose device this is, and says so where they cannot be read.
    pub(super) async fn open_notes(self, bench: Bench) {
        let Some(window) = window() else { return };
        let tell = Closure::<dyn FnMut(u32, u32)>::new(move |unsent, refused| {
            self.notes.set((unsent, refused));
        });
        let (ledger, judge) = (bench.ledger.as_str().into(), bench.judge.as_str().into());
        let is_lasting = self.is_lasting.get_untracked().into();
        let seal = self.seal_key();
        let face =
            call_and_wait(&window, OPEN, &[ledger, judge, is_lasting, seal, tell.into_js_value()]).await;
        if face.is_none() {
            self.tell("notes_closed");
        }
        self.notes_face.set_value(face);
        // The button counts anew, and they may be sent.
        self.notes.notify();
    }

    /// Lets them be sent while no mark waits.
    pub(super) fn watch_notes(self) {
        Effect::new(move |_| {
            self.notes.track();
            let is_free = self.link.get() == Connection::Live && self.unsent.get() == 0;
            if let Some(face) = self.notes_face.get_value() {
                call(&face, "may", &[is_free.into()]);
            }
        });
    }

    /// Asks for something of a cell's notes.
    fn of_notes(self, method: &str, spot: Spot) -> Option<JsValue> {
        let face = self.notes_face.get_value()?;
        let (code, aspect, about) = self.book.with_untracked(|book| {
            let book = book.as_ref()?;
            let (aspect, code) = (book.aspect(spot)?, &book.sheets().competitors.get(spot.row)?.code);
            let text = |text: &str| JsValue::from(text);
            Some((text(code.as_str()), text(aspect.id.as_str()), text(&aspect.description)))
        })?;
        call(&face, method, &[code, aspect, about])
    }
}

/// The button that opens the notes of a cell, with how many there are.
pub(super) fn button(ui: Ui, spot: Spot) -> AnyView {
    let count = move || {
        ui.notes.track();
        ui.of_notes("count", spot).and_then(|count| count.as_string())
    };
    let show = move |_| {
        if !ui.is_fresh_tap() {
            return;
        }
        if ui.notes_face.with_value(Option::is_some) {
            ui.of_notes("show", spot);
        } else if let Some(bench) = ui.bench.get_untracked() {
            spawn_local(ui.open_notes(bench));
        }
    };
    view! {
        <button class="notes-of" on:click=show>
            "✎ " {move || ui.say("备注", "Note")} " " <strong>{count}</strong>
        </button>
    }
    .into_any()
}

/// What of the notes is not received, beside how marks are saved.
pub(super) fn waiting(ui: Ui) -> Option<String> {
    let (unsent, refused) = ui.notes.get();
    let (count, words) = if unsent > 0 {
        (unsent, ui.say("待上传备注 ", "notes to send: "))
    } else {
        (refused, ui.say("⚠ 没收下的备注 ", "⚠ notes not taken: "))
    };
    (count > 0).then(|| format!(" · ✎ {words}{count}"))
}
