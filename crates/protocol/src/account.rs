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
