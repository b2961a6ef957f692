//! The PIN's lock: over what is kept at the start of a page, and over the screen when nobody has looked
//! at it for long. Marks that wait go on being sent under it.

use leptos::prelude::*;
use protocol::account::Bench;
use wasm_bindgen::JsValue;

use super::super::api::{self, Failure};
use super::super::browser::{self, unix_ms};
use super::super::later;
use super::super::seal::{Lock, Seal};
use super::super::store::{Store, Unreadable};
use super::{Notice, Stage, Ui, WHO};

/// After so long without anybody looking, whoever comes gives the PIN: a tablet may have been taken away.
const ABSENT_MS: i64 = 5 * 60_000;

impl Ui {
    /// Whether what is kept of a judge can be read: there is no key for it, or it was unlocked.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) async fn is_unlocked(self, store: &Store, bench: &Bench) -> Result<bool, Unreadable> {
        let own = self.seal.get_value().filter(|seal| seal.is_of(bench));
        if own.is_none() && matches!(Seal::look(store, bench).await?, Lock::None) {
            return Ok(true);
        }
        let seal = match own {
            Some(seal) => Some(seal),
            None => Seal::borrow(bench).await,
        };
        let is_unlocked = seal.is_some();
        if let Some(seal) = seal {
            seal.lend();
            store.seal_by(seal.clone());
            self.seal.set_value(Some(seal));
        }
        Ok(is_unlocked)
    }

    /// Unlocks with the PIN; whether it is the right one.
    pub(in crate::app) async fn unlock(self, pin: &str) -> bool {
        let (Some(store), Some(bench)) = (self.store.get_value(), self.bench.get_untracked()) else {
            return false;
        };
        let Some(seal) = Seal::unlock(&store, &bench, pin).await else { return false };
        seal.lend();
        self.seal.set_value(Some(seal));
        if let Some(stage) = self.locked_over.get_value() {
            self.locked_over.set_value(None);
            self.go_to(stage);
        } else if self.take_seat(bench).await.is_err() {
            self.stage.set(Stage::Unreadable);
        }
        true
    }

    /// Asks for the PIN before anything more is shown; what is typed and what is sent goes on beneath.
    pub(in crate::app) fn lock(self) {
        let stage = self.stage.get_untracked();
        if self.has_lock() && matches!(stage, Stage::Marking | Stage::Waiting) {
            if let Some(notes) = self.notes_face.get_value() {
                browser::call(&notes, "close", &[]);
            }
            browser::close_menu();
            Seal::lend_none();
            self.locked_over.set_value(Some(stage));
            self.stage.set(Stage::Locked);
        }
    }

    /// Nobody knows the PIN: another card is asked for. What waits is kept, and opens by the same judge's.
    pub(in crate::app) fn use_another_card(self) {
        self.stop();
        self.locked_over.set_value(None);
        self.go_to(Stage::SignIn);
    }

    /// Signs out. What no server has received stays here, sealed, for the same judge's next sign-in.
    pub(in crate::app) async fn sign_out(self) {
        browser::close_menu();
        // What was said of an earlier try is over.
        self.notice.set(None);
        match api::leave(self.tag()).await {
            Ok(()) => {}
            Err(failure) if failure.is_signed_out() => {}
            Err(failure) => {
                let why = match failure {
                    Failure::Refused { detail, .. } => detail,
                    _ => later::notice("still_signed_in", self.language.get_untracked()),
                };
                return self.notice.set(Some(Notice::of(why)));
            }
        }
        self.lock();
        self.locked_over.set_value(None);
        if let Some(store) = self.store.get_value() {
            store.forget(WHO, WHO).await;
        }
        self.begin().await;
    }

    /// The key of what is kept, for what keeps things of its own; null where there is none.
    pub(in crate::app) fn seal_key(self) -> JsValue {
        self.seal.with_value(|seal| seal.as_ref().map_or(JsValue::NULL, Seal::key))
    }

    /// Whether there is a PIN to ask for.
    pub(in crate::app) fn has_lock(self) -> bool {
        self.seal.with_value(Option::is_some)
    }

    /// The page is seen or hidden now; after a long absence it is locked.
    pub(super) fn watch_absence(self) {
        let (now, hidden_since) = (unix_ms(), self.hidden_since_ms.get_value());
        if !browser::is_seen() {
            // The network comes and goes meanwhile.
            self.hidden_since_ms.set_value(hidden_since.or(Some(now)));
            return;
        }
        self.hidden_since_ms.set_value(None);
        if hidden_since.is_some_and(|since| now - since > ABSENT_MS) {
            self.lock();
        }
    }
}
