//! What ties a submission to the device that it was entered on: the device's key and its signature
//! (R-198). The signature is over everything that the entry holds of what the device said, so that it
//! can be checked from the entry alone, by anybody who has the key.

use serde::{Deserialize, Serialize};

use super::{Command, Entry, hex};
use crate::id::{DeviceId, EntryId, LedgerId};
use crate::marking::Body;

/// A device's public key: ECDSA over P-256, as an uncompressed point of SEC 1 (65 bytes, the first 4).
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct DeviceKey(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub [u8; 65]);

/// A device's signature with SHA-256: r and s, each 32 bytes, as IEEE P1363 writes them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DeviceSignature(pub [u8; 64]);

/// What is signed. The fields stand in canonical order, so that writing them one after the other gives
/// canonical JSON (R-184).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Statement<'a> {
    /// See [`Command::base`].
    pub base: Option<EntryId>,
    /// See [`Command::body`].
    pub body: &'a Body,
    /// See [`Command::client_time`].
    pub client_time: i64,
    /// See [`Command::device`].
    pub device: &'a DeviceId,
    /// See [`Command::dseq`].
    pub dseq: i64,
    /// See [`Command::id`].
    pub id: EntryId,
    /// Whose ledger.
    pub ledger: &'a LedgerId,
}

/// What every signed text begins with, so that a signature is good for nothing else.
const CONTEXT: &str = "leitai submission 1\n";

impl Statement<'_> {
    /// The bytes that are signed: the context and the canonical JSON.
    ///
    /// # Errors
    /// Where the body has no JSON.
    pub fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = CONTEXT.as_bytes().to_vec();
        serde_json::to_writer(&mut bytes, self)?;
        Ok(bytes)
    }
}

impl Command {
    /// What the device that it came from signed of it.
    #[must_use]
    pub fn statement<'a>(&'a self, ledger: &'a LedgerId) -> Statement<'a> {
        let Self { base, body, client_time, device, dseq, id, .. } = self;
        Statement { base: *base, body, client_time: *client_time, device, dseq: *dseq, id: *id, ledger }
    }
}

impl Entry {
    /// What the device that it came from signed of it.
    #[must_use]
    pub fn statement(&self) -> Statement<'_> {
        let Self { base, body, client_time, device, dseq, id, ledger, .. } = self;
        Statement { base: *base, body, client_time: *client_time, device, dseq: *dseq, id: *id, ledger }
    }
}

macro_rules! hexadecimal {
    ($name:ident, $length:literal, $what:literal) => {
        impl $name {
            /// Reads lower-case hexadecimal digits, two a byte; no other spelling.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                hex::parse(text).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut digits = [0; 2 * $length];
                hex::write(&self.0, &mut digits);
                f.write_str(std::str::from_utf8(&digits).map_err(|_| std::fmt::Error)?)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom(concat!("not ", $what)))
            }
        }
    };
}

hexadecimal!(DeviceKey, 65, "a key of 130 lower-case hexadecimal digits");
hexadecimal!(DeviceSignature, 64, "a signature of 128 lower-case hexadecimal digits");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marking::Mark;
    use crate::scoring::Value;

    /// The bytes are part of the protocol: a tablet in use and a server after it agree on them.
    #[test]
    fn what_is_signed_is_the_context_and_canonical_json() {
        let body = Body::Mark(Mark {
            aspect: "A1.03".into(),
            competitor: "K7".into(),
            judge: "J2".into(),
            reason: None,
            round: 1,
            value: Value::Choice("无".to_owned()),
        });
        let (device, ledger) = ("tablet-7".into(), "welding".into());
        let statement = Statement {
            base: None,
            body: &body,
            client_time: 1_790_000_000_000,
            device: &device,
            dseq: 1,
            id: EntryId(0x0190_b1e2_7c5a_7000_8000_0000_0000_0001),
            ledger: &ledger,
        };
        let bytes = String::from_utf8(statement.bytes().expect("JSON")).expect("UTF-8");
        let json = r#"{"base":null,"body":{"mark":{"aspect":"A1.03","competitor":"K7","judge":"J2","round":1,"value":{"choice":"无"}}},"client_time":1790000000000,"device":"tablet-7","dseq":1,"id":"0190b1e2-7c5a-7000-8000-000000000001","ledger":"welding"}"#;
        assert_eq!(bytes, format!("leitai submission 1\n{json}"));
        let value: serde_json::Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(super::super::canonical::to_vec(&value).expect("canonical"), json.as_bytes());
    }

    #[test]
    fn keys_and_signatures_are_read_as_they_are_written_and_not_otherwise() {
        let key = DeviceKey([0xa7; 65]);
        assert_eq!(DeviceKey::parse(&key.to_string()), Some(key));
        for text in ["", "a7", &"A7".repeat(65), &"a7".repeat(64), &"g7".repeat(65)] {
            assert_eq!(DeviceKey::parse(text), None, "{text}");
        }
    }
}
