//! The ledger's own rules: entries, their canonical bytes, the chain, the tree, checkpoints and how
//! anyone verifies them.
//!
//! It knows no database; the server keeps what is decided here.

pub mod canonical;
pub mod checkpoint;
mod device;
mod entry;
mod hex;
pub mod tree;
pub mod verify;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use device::{DeviceKey, DeviceSignature, Statement};
pub use entry::{Command, ENTRY_BYTES_MAX, Entry, ReadError, Sealed, Status};

/// A SHA-256 hash; sixty-four lower-case hexadecimal digits as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct Hash(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub [u8; 32]);

impl Hash {
    /// What the first entry of a ledger names as the hash before it.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of a leaf: `SHA-256(0x00 ‖ bytes)`, which is also its place in the tree.
    #[must_use]
    pub fn of_leaf(bytes: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(bytes);
        Self(hasher.finalize().into())
    }

    /// The hash of two subtrees: `SHA-256(0x01 ‖ left ‖ right)`.
    #[must_use]
    pub fn of_node(left: &Self, right: &Self) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([1]);
        hasher.update(left.0);
        hasher.update(right.0);
        Self(hasher.finalize().into())
    }

    /// The plain hash of a document, for pinning it.
    #[must_use]
    pub fn of_document(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads sixty-four lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        hex::parse(text).map(Self)
    }
}

impl Hash {
    /// The first 32 bits as people compare them by eye: `3F9A 12C4`. No proof of anything.
    #[must_use]
    pub fn short(self) -> String {
        let [a, b, c, d, ..] = self.0;
        format!("{a:02X}{b:02X} {c:02X}{d:02X}")
    }

    fn digits(&self) -> [u8; 64] {
        let mut text = [0; 64];
        hex::write(&self.0, &mut text);
        text
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.digits()).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Not through Display: this is written for every entry, and formatting costs more than it.
        serializer.serialize_str(std::str::from_utf8(&self.digits()).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a hash in lower-case hexadecimal"))
    }
}
