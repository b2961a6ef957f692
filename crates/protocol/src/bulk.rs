//! Bulk changes of a skill's competitors: one act over those who were chosen, shown before it is done, done as a
//! whole and undone as a whole.

use domain::id::CompetitorCode;
use serde::{Deserialize, Serialize};

use crate::list::{COMPETITORS, ListQuery};
use crate::setup::SkillList;

/// What is done to all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAct {
    /// Set their delegation.
    #[default]
    Delegation,
    /// Set their group.
    Group,
    /// Set their organisation.
    Organisation,
    /// Take them off the list.
    Remove,
}

/// What a form says of a bulk change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bulk {
    /// What is done.
    pub act: BulkAct,
    /// What is set; nothing counts where they are taken off.
    pub to: String,
    /// Who was ticked.
    pub codes: Vec<CompetitorCode>,
    /// Whether it is everybody whom the query finds, on whichever page.
    pub is_all: bool,
    /// How the list was looked at, to go back to it.
    pub query: ListQuery,
}

/// One of those concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concerned {
    /// Their number.
    pub code: CompetitorCode,
    /// Their name.
    pub name: String,
    /// What stands now in the column that would be set.
    pub now: String,
}

/// What a bulk change would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkPreview {
    /// Of which skill.
    pub of: SkillList,
    /// What would be done.
    pub bulk: Bulk,
    /// To whom, in the list's order: whose row would change.
    pub concerned: Vec<Concerned>,
    /// How many were chosen who are like that already.
    pub unchanged: usize,
    /// What was shown, as a digest: where it would do something else when it is confirmed, it is shown again.
    pub digest: String,
}

/// The bulk change of a skill that can still be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkDone {
    /// Which.
    pub id: String,
    /// What was done.
    pub act: BulkAct,
    /// What was set.
    pub to: String,
    /// To how many.
    pub count: i64,
    /// Who did it.
    pub by: String,
    /// When, in milliseconds since 1970 UTC.
    pub made_at: i64,
}

impl BulkAct {
    /// Each with its word in forms.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Delegation, "delegation"),
        (Self::Group, "group"),
        (Self::Organisation, "organisation"),
        (Self::Remove, "remove"),
    ];

    /// Its word in forms.
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

impl Bulk {
    /// Reads a form; none where it says nothing that can be done.
    #[must_use]
    pub fn read(pairs: &[(String, String)]) -> Option<Self> {
        let of = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let codes = pairs.iter().filter(|(name, _)| name == "code");
        Some(Self {
            act: BulkAct::parse(of("act").unwrap_or_default())?,
            to: of("to").unwrap_or_default().trim().to_owned(),
            codes: codes.map(|(_, code)| CompetitorCode::from(code.as_str())).collect(),
            is_all: of("all").is_some(),
            query: ListQuery::read(pairs, COMPETITORS),
        })
    }
}
