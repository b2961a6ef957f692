//! Typed ids: a competitor's code can never stand where a judge's belongs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest id or code that any document may hold, in characters.
pub const ID_LENGTH_MAX: usize = 64;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(transparent)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            pub struct $name(String);

            impl $name {
                /// The text itself.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl From<&str> for $name {
                fn from(text: &str) -> Self {
                    Self(text.to_owned())
                }
            }

            impl From<String> for $name {
                fn from(text: String) -> Self {
                    Self(text)
                }
            }

            impl std::borrow::Borrow<str> for $name {
                fn borrow(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }
        )*
    };
}

ids! {
    /// An aspect, unique in its skill: `A1.03`.
    AspectId;
    /// A competitor's or team's random public code.
    CompetitorCode;
    /// A criterion's letter.
    CriterionId;
    /// A device, as enrolled; everything it sends is numbered by its `dseq`.
    DeviceId;
    /// A judge's device, from card to end.
    EnrolmentId;
    /// A group ranked apart: `职工组`.
    GroupName;
    /// A judge's code.
    JudgeCode;
    /// A ledger: the skill's id, or the competition's for what concerns the whole of it.
    LedgerId;
    /// An organisation of the tree.
    OrganisationId;
    /// A weighted part: `theory`.
    PartId;
    /// A standards section's number.
    SectionId;
    /// Somebody's signing in.
    SessionId;
    /// A sub-criterion: `A1`.
    SubCriterionId;
}

/// Whether a text is fit to be an id or code: 1 to 64 characters, no control characters, no white
/// space at its ends.
#[must_use]
pub fn is_fit(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= ID_LENGTH_MAX
        && text.trim() == text
        && !text.chars().any(char::is_control)
}

/// An entry's id, made by the client before it shows or sends anything: the idempotency key
/// . A UUID, written in lower case with hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct EntryId(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub u128);

impl EntryId {
    /// Reads `0190b1e2-7c5a-7000-8000-000000000001`; no other spelling, so that one id has one text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hyphens = [8, 13, 18, 23];
        let mut value: u128 = 0;
        if text.len() != 36 {
            return None;
        }
        for (at, byte) in text.bytes().enumerate() {
            let digit = match byte {
                b'-' if hyphens.contains(&at) => continue,
                b'0'..=b'9' if !hyphens.contains(&at) => byte - b'0',
                b'a'..=b'f' if !hyphens.contains(&at) => byte - b'a' + 10,
                _ => return None,
            };
            value = (value << 4) | u128::from(digit);
        }
        Some(Self(value))
    }

    /// A UUID of version 7: milliseconds since 1970 UTC, and 74 of the random bits (RFC 9562).
    #[must_use]
    pub fn made_at(unix_ms: u64, random: u128) -> Self {
        let tail = random & !((0xffff << 112) | (0xffff_ffff << 80) | (0xf << 76) | (0b11 << 62));
        Self((u128::from(unix_ms) << 80) | (7 << 76) | (0b10 << 62) | tail)
    }
}

impl EntryId {
    fn digits(&self) -> [u8; 36] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let bytes = self.0.to_be_bytes();
        let mut text = [b'-'; 36];
        let mut at = 0;
        for (index, byte) in bytes.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                at += 1;
            }
            text[at] = DIGITS[usize::from(byte >> 4)];
            text[at + 1] = DIGITS[usize::from(byte & 15)];
            at += 2;
        }
        text
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.digits()).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for EntryId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.digits()).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for EntryId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a UUID in lower case"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_id_has_one_spelling() {
        let text = "0190b1e2-7c5a-7000-8000-0000000000ff";
        let id = EntryId::parse(text).expect("a UUID");
        assert_eq!(id.to_string(), text);
        assert_eq!(EntryId::parse(&text.to_uppercase()), None);
        assert_eq!(EntryId::parse("0190b1e27c5a70008000-0000000000ff----"), None);
    }
    #[test]
    fn a_made_entry_id_is_a_uuid_of_version_7_in_the_order_of_time() {
        let text = "0190b1e2-7c5a-7fff-bfff-ffffffffffff";
        let id = EntryId::made_at(0x0190_b1e2_7c5a, u128::MAX);
        assert_eq!(id.to_string(), text);
        assert_eq!(EntryId::made_at(0x0190_b1e2_7c5a, 0).to_string(), "0190b1e2-7c5a-7000-8000-000000000000");
        assert!(id < EntryId::made_at(0x0190_b1e2_7c5b, 0));
    }
}
