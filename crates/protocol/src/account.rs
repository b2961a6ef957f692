//! Signing in: what is asked and what is answered.

use domain::access::Role;
use domain::id::{DeviceId, JudgeCode, LedgerId};
use domain::ledger::DeviceKey;
use serde::{Deserialize, Serialize};

/// Makes the first account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetUp {
    /// The one-time secret that the server printed.
    pub secret: String,
    /// The account's name.
    pub name: String,
    /// Its password.
    pub password: String,
}

/// Signs somebody with an account in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// The account's name.
    pub name: String,
    /// Its password.
    pub password: String,
    /// Where the account has a second factor: its code of this moment, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Begins to set a second factor up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactorBegin {
    /// The account's password.
    pub password: String,
}

/// What an authenticator on a phone is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactorDraft {
    /// To be typed: base 32.
    pub secret: String,
    /// To be read as a QR code: `otpauth://totp/…`
    pub address: String,
}

impl std::fmt::Debug for FactorDraft {
    /// Nothing of it: whoever has the secret has the factor.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("FactorDraft").finish_non_exhaustive()
    }
}

/// A code of the second factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactorCode {
    /// Six digits, as the phone shows them now.
    pub code: String,
}

/// What whoever lost their phone signs in with, each once. They are told once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recovery {
    /// The codes: four groups of four letters and digits.
    pub codes: Vec<String>,
}

/// The other half of a sign-in at a page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtherHalf {
    /// What the first half answered with.
    pub half: String,
    /// The second factor's code, or a recovery code.
    pub code: String,
}

/// Another password for whoever is signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewPassword {
    /// The present one.
    pub old: String,
    /// The new one.
    pub new: String,
}

/// A password that somebody gives themselves by a link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Renew {
    /// What the link said behind its `#`.
    pub code: String,
    /// The new password.
    pub password: String,
}

/// What is done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AccountAct {
    /// Its holder changed the password.
    PasswordChanged,
    /// A link to a new password was made.
    LinkMade,
    /// A new password was given by such a link.
    PasswordByLink,
    /// A second factor was set up.
    FactorSet,
    /// The second factor was removed.
    FactorRemoved,
    /// New recovery codes were made.
    RecoveryMade,
    /// A recovery code was used.
    RecoveryUsed,
    /// A session elsewhere was ended.
    SessionsEnded,
    /// The account was ended.
    Ended,
}

impl AccountAct {
    /// Each with its word in the database.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::PasswordChanged, "password_changed"),
        (Self::LinkMade, "link_made"),
        (Self::PasswordByLink, "password_by_link"),
        (Self::FactorSet, "factor_set"),
        (Self::FactorRemoved, "factor_removed"),
        (Self::RecoveryMade, "recovery_made"),
        (Self::RecoveryUsed, "recovery_used"),
        (Self::SessionsEnded, "sessions_ended"),
        (Self::Ended, "ended"),
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(act, _)| *act == self).map_or("", |(_, word)| word)
    }

    /// Reads its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(act, _)| *act)
    }
}

/// Something that was done to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Done {
    /// What.
    pub act: AccountAct,
    /// When, in milliseconds since 1970 UTC.
    pub at: i64,
    /// Whether its holder did it.
    pub is_own: bool,
    /// Who else did it, by name; none for whoever looks after the server itself.
    pub by: Option<String>,
}

/// Where an account is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenSession {
    /// The session.
    pub id: String,
    /// On what, in a few words; empty where nothing is known of it.
    pub browser: String,
    /// Since when, in milliseconds since 1970 UTC.
    pub made_at: i64,
    /// When it was last heard of, give or take ten minutes.
    pub seen_at: i64,
    /// Whether it is the one that asks.
    pub is_own: bool,
}

/// One's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mine {
    /// Its name.
    pub name: String,
    /// Whether it has a second factor.
    pub has_factor: bool,
    /// How many recovery codes are left.
    pub recovery_left: i64,
    /// Where it is signed in, the newest first.
    pub sessions: Vec<OpenSession>,
    /// What was done to it, the newest first.
    pub done: Vec<Done>,
}

/// Makes a device the judge's whose card it shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enrol {
    /// What the card's QR code says.
    pub code: String,
    /// The card's PIN.
    pub pin: String,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Identity {
    /// Somebody with an account.
    Staff {
        /// The account's name.
        name: String,
    },
    /// A judge's device.
    Judge(Bench),
}

/// A judge's device: whose it is and what for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bench {
    /// The device's name in the mark protocol.
    pub device: DeviceId,
    /// The judge's code.
    pub judge: JudgeCode,
    /// In which role.
    pub role: Role,
    /// The skill's ledger.
    pub ledger: LedgerId,
}

/// The answer to a sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedIn {
    /// Who it is.
    pub who: Identity,
    /// How long the session lasts, in seconds.
    pub seconds: i64,
    /// For programs, which keep no cookies: what goes behind `Authorization: Bearer`. Never told to a
    /// browser, where a script could read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<String>,
    /// For a judge's device: the secret of the key by which it encrypts what it keeps, 64 hexadecimal
    /// digits. A judge's is the same on each of their devices in one skill, so that another card reads
    /// what an earlier one left; it is told with a card and its PIN, and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
}

/// The key by which a device signs from now on what it submits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NameKey {
    /// The public key.
    pub key: DeviceKey,
}

/// What a judge's device tells of itself, so that a chief judge sees which one needs somebody. Nothing is
/// decided by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// How full its battery is, in percent; none where the browser does not tell.
    pub battery: Option<u8>,
    /// Whether what it stores outlives the page.
    pub is_lasting: bool,
    /// Whether it is being charged.
    pub is_charging: bool,
    /// How many entries it holds that have no receipt.
    pub unsent: u32,
    /// Which program runs on it, as the page that began it says; empty where none says.
    pub version: String,
}

/// How many characters the version in a [`Report`] has at most.
pub const VERSION_LENGTH_MAX: usize = 32;

/// Opens one judge's socket, once, within seconds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ticket {
    /// For the greeting.
    pub ticket: String,
}
