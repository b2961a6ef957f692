//! The two random numbers that say which connection and which database a frame is of. Neither has
//! an order: another one is only ever *another* one.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! tokens {
    ($($(#[$meta:meta])* $name:ident;)*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, PartialEq, Eq, Hash)]
            pub struct $name(pub u128);

            impl $name {
                /// Reads thirty-two lower-case hexadecimal digits; no other spelling.
                #[must_use]
                pub fn parse(text: &str) -> Option<Self> {
                    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                    (text.len() == 32 && text.bytes().all(is_digit))
                        .then(|| u128::from_str_radix(text, 16).ok().map(Self))?
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{:032x}", self.0)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(self, f)
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                    Self::parse(&text)
                        .ok_or_else(|| serde::de::Error::custom("not 32 lower-case hexadecimal digits"))
                }
            }
        )*
    };
}

tokens! {
    /// A database's random epoch; a restore begins another.
    Epoch;
    /// A connection's random name, made by the client for its greeting; it dies with the connection.
    Nonce;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_one_spelling() {
        let text = "00000000000000000000000000000a5f";
        assert_eq!(Epoch::parse(text), Some(Epoch(0xa5f)));
        assert_eq!(Epoch(0xa5f).to_string(), text);
        assert_eq!(Nonce::parse(&text.to_uppercase()), None);
        assert_eq!(Nonce::parse("+0000000000000000000000000000a5f"), None);
        assert_eq!(Nonce::parse("a5f"), None);
    }
}
