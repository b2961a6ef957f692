//! The key by which what is kept of marks is encrypted, and the PIN's lock around it
//! (`judge-keys.js`, docs/adr/0016). It is one judge's in one skill, on each of their devices the same.

use protocol::account::Bench;
use wasm_bindgen::JsValue;

use super::browser::call;
use super::key::{self, ask};
use super::store::{Store, Unreadable};

/// A key that no program can read; clones are the same.
#[derive(Clone)]
pub(super) struct Seal {
    key: JsValue,
    /// Where the store keeps its lock, which tells whose it is.
    lock: String,
}

/// What is known of a judge's key at the start of a page.
pub(super) enum Lock {
    /// There is none: what is kept here is not encrypted.
    None,
    /// A PIN is needed.
    Closed,
}

impl Seal {
    /// Takes a key at the sign-in, and keeps it under the PIN; none where the browser has no such keys
    /// or does not keep it.
    pub(super) async fn take(store: &Store, bench: &Bench, secret: &str, pin: &str) -> Option<Self> {
        let lock = place(bench);
        let kept = ask("lock", &[secret.into(), pin.into()]).await?;
        if !store.put_object(&lock, &kept).await {
            return None;
        }
        Some(Self { key: ask("take", &[secret.into()]).await?, lock })
    }

    /// Whether a judge's key is kept here.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) async fn look(store: &Store, bench: &Bench) -> Result<Lock, Unreadable> {
        let kept = store.get_object(&place(bench)).await?;
        Ok(if kept.is_some() { Lock::Closed } else { Lock::None })
    }

    /// Unlocks it; none where the PIN is another.
    pub(super) async fn unlock(store: &Store, bench: &Bench, pin: &str) -> Option<Self> {
        let lock = place(bench);
        let kept = store.get_object(&lock).await.ok()??;
        Some(Self { key: ask("unlock", &[kept, pin.into()]).await?, lock })
    }

    /// The key that another tab of this browser has unlocked.
    pub(super) async fn borrow(bench: &Bench) -> Option<Self> {
        let lock = place(bench);
        let key = ask("borrow", &[lock.as_str().into()]).await.filter(|key| !key.is_null())?;
        Some(Self { key, lock })
    }

    /// Lends the key to other tabs from now on.
    pub(super) fn lend(&self) {
        hold(&[self.lock.as_str().into(), self.key.clone()]);
    }

    /// Lends none any more.
    pub(super) fn lend_none() {
        hold(&[]);
    }

    /// The key itself, which no program reads.
    pub(super) fn key(&self) -> JsValue {
        self.key.clone()
    }

    /// Whether it is that judge's.
    pub(super) fn is_of(&self, bench: &Bench) -> bool {
        self.lock == place(bench)
    }

    /// A text as it is kept under a name; none where the browser does not encrypt.
    pub(super) async fn close(&self, name: &str, text: &str) -> Option<JsValue> {
        ask("close", &[self.key.clone(), name.into(), text.into()]).await
    }

    /// The text again; none where it was kept by another key.
    pub(super) async fn open(&self, name: &str, kept: JsValue) -> Option<String> {
        ask("open", &[self.key.clone(), name.into(), kept]).await?.as_string()
    }
}

fn hold(arguments: &[JsValue]) {
    if let Some(keys) = key::keys() {
        call(&keys, "hold", arguments);
    }
}

fn place(bench: &Bench) -> String {
    format!("lock:{}:{}", bench.ledger, bench.judge)
}
