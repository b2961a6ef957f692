//! Organisations, and the people who hold roles over them and over competitions.

use domain::access::Role;
use domain::id::OrganisationId;
use serde::{Deserialize, Serialize};

/// How many characters an organisation's name has at most.
pub const ORGANISATION_NAME_MAX: usize = 100;

/// What sort of organisation it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum OrganisationKind {
    /// 部委
    Ministry,
    /// 省
    Province,
    /// 市
    City,
    /// 县（区）
    County,
    /// 产业工会
    IndustryUnion,
    /// 企业
    #[default]
    Enterprise,
    /// 院校
    School,
}

impl OrganisationKind {
    /// Each with its word in forms and tables.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Ministry, "ministry"),
        (Self::Province, "province"),
        (Self::City, "city"),
        (Self::County, "county"),
        (Self::IndustryUnion, "industry_union"),
        (Self::Enterprise, "enterprise"),
        (Self::School, "school"),
    ];

    /// Its word in forms and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// Reads its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// An organisation of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// The one above it.
    pub parent: Option<OrganisationId>,
    /// What sort it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// How many lie above it.
    pub depth: usize,
}

/// A role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Held {
    /// The appointment.
    pub id: String,
    /// Whose account it is.
    pub account: String,
    /// The account's name.
    pub name: String,
    /// Which role.
    pub role: Role,
    /// Over what: `everything`, `organisation:ID`, `competition:ID`, `skill:ID`.
    pub scope: String,
    /// That by its name; empty for everything.
    pub of: String,
    /// Since when, in milliseconds since 1970 UTC.
    pub made_at: i64,
}

/// An invitation that waits to be taken up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invited {
    /// The invitation.
    pub id: String,
    /// For whom, as was written down.
    pub whom: String,
    /// To which role.
    pub role: Role,
    /// Over what, as in [`Held`].
    pub scope: String,
    /// That by its name; empty for everything.
    pub of: String,
    /// Until when it is good, in milliseconds since 1970 UTC.
    pub expires_at: i64,
}

/// Over what somebody may appoint, and to which roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Offer {
    /// Over what, as in [`Held`].
    pub scope: String,
    /// That by its name; empty for everything.
    pub of: String,
    /// To which roles.
    pub roles: Vec<Role>,
}

/// Who holds which role, and who is invited, as far as somebody may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct People {
    /// The organisations that they look after, each after the one above it.
    pub organisations: Vec<Organisation>,
    /// Whether they may add one at the top.
    pub is_at_top: bool,
    /// Who holds which role.
    pub held: Vec<Held>,
    /// Who is invited.
    pub invited: Vec<Invited>,
    /// What they may appoint to.
    pub offers: Vec<Offer>,
    /// The accounts that they look after: everything that these hold is theirs to give.
    pub accounts: Vec<Account>,
}

/// An account, for whoever looks after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Account {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Since when there is one, in milliseconds since 1970 UTC.
    pub made_at: i64,
    /// Whether it has a second factor.
    pub has_factor: bool,
    /// At how many places it is signed in.
    pub sessions: i64,
}

/// A link to a new password, as it is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkMade {
    /// Whose password it is.
    pub name: String,
    /// What is sent to them: `https://…/password#CODE`
    pub link: String,
    /// Until when it is good, in milliseconds since 1970 UTC.
    pub expires_at: i64,
}

/// Invites somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invite {
    /// To which role, by its word.
    pub role: String,
    /// Over what, as in [`Held`].
    pub scope: String,
    /// For whom, to tell invitations apart.
    pub whom: String,
}

/// An invitation as it is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationMade {
    /// What is sent to whoever is invited: `https://…/join#CODE`
    pub link: String,
    /// The invitation.
    pub invited: Invited,
}

/// Takes an invitation up with a new account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Join {
    /// What the link said behind its `#`.
    pub code: String,
    /// The account's name.
    pub name: String,
    /// Its password.
    pub password: String,
}

/// Takes an invitation up with the account that is signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Accept {
    /// What the link said behind its `#`.
    pub code: String,
}

/// An organisation as a form says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrganisationForm {
    /// The one above it; empty at the top.
    pub parent: String,
    /// What sort it is, by its word.
    pub kind: String,
    /// Its name.
    pub name: String,
}
