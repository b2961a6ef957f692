//! This browser's own key, by which it signs what is entered here. Its private part cannot be
//! read by anybody, not even by this program. Over plain HTTP browsers have no such keys, and nothing
//! is signed.

use domain::ledger::{DeviceKey, DeviceSignature};
use js_sys::{Array, Reflect, Uint8Array};
use protocol::account::Bench;
use protocol::frame::Submission;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use super::browser::{object, window};
use super::store::Store;
use crate::Kept;

/// Where the store keeps the pair.
const PAIR: &str = "key";
const SIGN: &str = "sign";

/// A pair of keys; clones are the same.
#[derive(Clone)]
pub(super) struct Key {
    secret: CryptoKey,
    /// What others check signatures by.
    pub(super) public: DeviceKey,
}

impl Key {
    /// The key that is kept here, or a new one, which is kept before it is used; none where the browser
    /// has none, or cannot keep it.
    pub(super) async fn open(store: &Store) -> Option<Self> {
        let subtle = subtle()?;
        if let Some(pair) = store.get_object(PAIR).await.ok()? {
            return Self::of(&subtle, &pair).await;
        }
        let algorithm = object("name", &"ECDSA".into());
        Reflect::set(&algorithm, &"namedCurve".into(), &"P-256".into()).ok()?;
        let uses = Array::of2(&SIGN.into(), &"verify".into());
        let made = subtle.generate_key_with_object(&algorithm, false, &uses).ok()?;
        let pair = JsFuture::from(made).await.ok()?;
        let is_kept = store.put_object(PAIR, &pair).await;
        if is_kept { Self::of(&subtle, &pair).await } else { None }
    }

    async fn of(subtle: &SubtleCrypto, pair: &JsValue) -> Option<Self> {
        let part = |name: &str| Reflect::get(pair, &name.into()).ok()?.dyn_into::<CryptoKey>().ok();
        let (secret, public) = (part("privateKey")?, part("publicKey")?);
        let raw = JsFuture::from(subtle.export_key("raw", &public).ok()?).await.ok()?;
        let raw = Uint8Array::new(&raw).to_vec();
        Some(Self { secret, public: DeviceKey(raw.try_into().ok()?) })
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
        let bytes = submission.statement(&bench.device, &bench.ledger).bytes().ok()?;
        let algorithm = object("name", &"ECDSA".into());
        Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into()).ok()?;
        let bytes = Uint8Array::from(bytes.as_slice());
        let signed = subtle()?.sign_with_object_and_buffer_source(&algorithm, &self.secret, &bytes).ok()?;
        let signed = Uint8Array::new(&JsFuture::from(signed).await.ok()?).to_vec();
        Some(DeviceSignature(signed.try_into().ok()?))
    }
}

fn subtle() -> Option<SubtleCrypto> {
    let window = window().filter(web_sys::Window::is_secure_context)?;
    Some(window.crypto().ok()?.subtle())
}
