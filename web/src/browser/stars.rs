//! Whom the reader follows, kept in this browser and nowhere else.

use std::collections::BTreeSet;
use std::rc::Rc;

use protocol::view::BoardView;
use web_sys::Storage;

use super::app::App;
use super::{board, dom, timer};

/// Shows what was kept.
pub(super) fn keep(app: &Rc<App>, view: &BoardView) {
    let Some(storage) = storage() else { return };
    let text = storage.get_item(&key(view)).ok().flatten().unwrap_or_default();
    // A code to a line; a code is one line.
    let mut kept = BTreeSet::new();
    for code in text.lines() {
        kept.insert(code.to_owned());
    }
    let app = app.clone();
    // After this turn: the caller is looking at the page still.
    timer::after(std::time::Duration::ZERO, move || app.change(|_, local| local.stars = kept));
}

/// Keeps what is shown. Without storage, stars last as long as the page.
pub(super) fn write(app: &App) {
    let Some(storage) = storage() else { return };
    let Some(key) = app.with_shown(|shown| board(shown).map(key)) else { return };
    let text = app.with_local(|local| local.stars.iter().cloned().collect::<Vec<_>>().join("\n"));
    let _ = storage.set_item(&key, &text);
}

fn key(view: &BoardView) -> String {
    format!("leitai.stars.{}", view.skill.id)
}

fn storage() -> Option<Storage> {
    dom::window()?.local_storage().ok().flatten()
}
