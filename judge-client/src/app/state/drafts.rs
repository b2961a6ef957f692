//! What is typed and not given: it is there again when the judge comes back to that place, also after the
//! page was closed or the tablet died (F-03). It is no mark: nobody is sent it, and nothing waits for it.

use leptos::prelude::*;
use protocol::frame::Cell;
use wasm_bindgen_futures::spawn_local;

use super::{SHEETS, Ui};
use crate::app::store::{Care, Store};
use crate::book::Spot;

impl Ui {
    /// Somebody goes from one place to another: what was typed there and not given is there again
    /// when they come back.
    pub(in crate::app) fn go_between(self, from: Option<Spot>, to: Option<Spot>) {
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

    /// Whether something is typed on the sheet of a place and not given.
    pub(in crate::app) fn has_typed(self, at: Spot) -> bool {
        let is_of_sheet =
            |(spot, text): (&Spot, &String)| (spot.form, spot.row) == (at.form, at.row) && !text.is_empty();
        self.typed.with_untracked(|typed| !typed.is_empty())
            || self.drafts.with_value(|drafts| drafts.iter().any(is_of_sheet))
    }

    /// Keeps what is typed here and at other places, as it is by now.
    pub(in crate::app) fn keep_drafts(self, here: Spot, typed: String) {
        let (Some(store), Some(name)) = (self.store.get_value(), self.drafts_name()) else { return };
        let drafts = self.book.with_untracked(|book| {
            let book = book.as_ref()?;
            let mut all: Vec<(Cell, String)> = self.drafts.with_value(|drafts| {
                let others = drafts.iter().filter(|(spot, text)| **spot != here && !text.is_empty());
                others.filter_map(|(spot, text)| Some((book.cell(*spot)?, text.clone()))).collect()
            });
            if !typed.is_empty() {
                all.push((book.cell(here)?, typed));
            }
            if all.is_empty() { Some(String::new()) } else { serde_json::to_string(&all).ok() }
        });
        let Some(now) = drafts else { return };
        self.drafts_now.set_value(now);
        if self.is_keeping_drafts.get_value() {
            return;
        }
        self.is_keeping_drafts.set_value(true);
        spawn_local(async move {
            // Encrypted writes may overtake each other, so there is one at a time, and then the newest.
            loop {
                let now = self.drafts_now.get_value();
                if now == self.drafts_kept.get_value() {
                    break;
                }
                // What cannot be kept is there as long as the page is.
                let _ = store.put(&name, &now, Care::Relaxed).await;
                self.drafts_kept.set_value(now);
            }
            self.is_keeping_drafts.set_value(false);
        });
    }

    /// What was typed before this page was opened, or before other forms came. What cannot be read is left.
    pub(super) async fn recall_drafts(self, store: &Store) {
        let Some(name) = self.drafts_name() else { return };
        let Ok(text) = store.get(&name).await else { return };
        let text = text.unwrap_or_default();
        let drafts: Vec<(Cell, String)> = serde_json::from_str(&text).unwrap_or_default();
        self.drafts_kept.set_value(text);
        self.book.with_untracked(|book| {
            let Some(book) = book else { return };
            let placed = drafts.into_iter().filter_map(|(cell, text)| Some((book.spot(&cell)?, text)));
            self.drafts.set_value(placed.collect());
        });
    }

    /// Its name begins as that of the sheets, which are encrypted.
    fn drafts_name(self) -> Option<String> {
        self.bench.with_untracked(|bench| Some(format!("{SHEETS}:{}:typed", bench.as_ref()?.device)))
    }
}
