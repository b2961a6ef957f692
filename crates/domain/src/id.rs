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
    /// An entry, made by the client (UUID text, lower case); the idempotency key.
    EntryId;
    /// A group ranked apart: `职工组`.
    GroupName;
    /// A judge's code.
    JudgeCode;
    /// A ledger: the skill's id, or the competition's for what concerns the whole of it.
    LedgerId;
    /// A weighted part: `theory`.
    PartId;
    /// A standards section's number.
    SectionId;
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
