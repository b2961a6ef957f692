//! A device with a key of its own, as a browser has one.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use domain::id::{DeviceId, LedgerId};
use domain::ledger::{DeviceKey, DeviceSignature};
use protocol::frame::Submission;
use server::accounts::Enrolled;

/// A pair of keys.
pub struct Signing {
    pair: EcdsaKeyPair,
}

impl Signing {
    /// A fresh one.
    #[must_use]
    pub fn fresh() -> Self {
        Self { pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a pair") }
    }

    /// What others check its signatures by.
    #[must_use]
    pub fn key(&self) -> DeviceKey {
        DeviceKey(self.pair.public_key().as_ref().try_into().expect("an uncompressed point"))
    }

    /// Its signature of a submission of that device.
    #[must_use]
    pub fn sign(&self, submission: &Submission, enrolled: &Enrolled, ledger: &LedgerId) -> DeviceSignature {
        self.sign_of(submission, &enrolled.device, ledger)
    }

    /// The same, where the device is known by its name alone.
    #[must_use]
    pub fn sign_of(&self, submission: &Submission, device: &DeviceId, ledger: &LedgerId) -> DeviceSignature {
        let bytes = submission.statement(device, ledger).bytes().expect("JSON");
        let signed = self.pair.sign(&SystemRandom::new(), &bytes).expect("signed");
        DeviceSignature(signed.as_ref().try_into().expect("64 bytes"))
    }
}
