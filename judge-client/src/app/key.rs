//! This browser's own key, by which it signs what is entered here. Its private part cannot be
//! read by anybody, not even by this program. Over plain HTTP browsers have no such keys, and nothing
//! is signed.

use domain::ledger::{DeviceKey, DeviceSignature};
use js_sys::Uint8Array;
use protocol::account::Bench;
use protocol::frame::Submission;
use wasm_bindgen::JsValue;

use super::browser::{call_and_wait, property, window};
use super::store::Store;
use crate::Kept;

/// Where the store keeps the pair.
const PAIR: &str = "key";

/// A pair of keys; clones are the same.
#[derive(Clone)]
pub(super) struct Key {
    pair: JsValue,
    /// What others check signatures by.
    pub(super) public: DeviceKey,
}

impl Key {
    /// The key that is kept here, or a new one, which is kept before it is used; none where the browser
    /// has none, or cannot keep it.
    pub(super) async fn open(store: &Store) -> Option<Self> {
        let pair = match store.get_object(PAIR).await.ok()? {
            Some(pair) => pair,
            None => {
                let pair = ask("pair", &[]).await?;
                if !store.put_object(PAIR, &pair).await {
                    return None;
                }
                pair
            }
        };
        let public = bytes(ask("publicPart", std::slice::from_ref(&pair)).await?);
        Some(Self { pair, public: DeviceKey(public.try_into().ok()?) })
    }

    /// Signs what the server has not confirmed, as it is sent from here on: it may have been stored
    /// before there was this key.
    pub(super) async fn sign_waiting(&self, stored: &mut [Kept], bench: &Bench) {
        for kept in stored.iter_mut().filter(|kept| kept.confirmed.is_none()) {
            if let Some(signature) = self.sign(&kept.submission, bench).await {
                kept.submission.device_signature = Some(signature);
            }
        }
    }

    /// Signs a submission of that device; none where the browser does not.
    pub(super) async fn sign(&self, submission: &Submission, bench: &Bench) -> Option<DeviceSignature> {
        let statement = submission.statement(&bench.device, &bench.ledger).bytes().ok()?;
        let statement = Uint8Array::from(statement.as_slice()).into();
        let signed = bytes(ask("sign", &[self.pair.clone(), statement]).await?);
        Some(DeviceSignature(signed.try_into().ok()?))
    }
}

fn bytes(value: JsValue) -> Vec<u8> {
    Uint8Array::new(&value).to_vec()
}

/// What `judge-keys.js` offers; none where the browser has no keys.
pub(super) fn keys() -> Option<JsValue> {
    property(&window()?.into(), "leitaiKeys")
}

/// Asks something of it.
pub(super) async fn ask(method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    call_and_wait(&keys()?, method, arguments).await
}
