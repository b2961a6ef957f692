//! The forms that make another competition of one: its next edition, or a rehearsal of it.

use serde::{Deserialize, Serialize};

/// What the next edition is, and what it takes over besides skills, schemes and rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextEdition {
    /// Its name.
    pub name: String,
    /// In English; empty where the name stands for both.
    #[serde(default)]
    pub name_en: String,
    /// `2027`, `第四届`
    #[serde(default)]
    pub edition: String,
    /// Its first day, `2027-05-08`; empty where it is not known yet.
    #[serde(default)]
    pub from: String,
    /// Its last day.
    #[serde(default)]
    pub until: String,
    /// Whether the judges and their panels are taken over: `yes`, or nothing.
    #[serde(default)]
    pub judges: String,
    /// Whether the delegations and the terms of registration are taken over, with days a year later: `yes`, or
    /// nothing.
    #[serde(default)]
    pub registration: String,
    /// The form's own id, a UUID, which becomes the competition's: sent twice, it makes one.
    #[serde(default)]
    pub form: String,
}

/// Who competes in a rehearsal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RehearsedBy {
    /// People who do not exist.
    #[default]
    MadeUp,
    /// Those of the roster, under new codes.
    Roster,
}

/// A rehearsal that is to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewRehearsal {
    /// What it is called.
    pub name: String,
    /// Its first day, `2026-05-08`; empty where it is not known yet.
    #[serde(default)]
    pub from: String,
    /// Its last day.
    #[serde(default)]
    pub until: String,
    /// Who competes.
    #[serde(default)]
    pub people: RehearsedBy,
    /// How many made-up competitors, or teams, each skill gets.
    #[serde(default)]
    pub count: String,
    /// The form's own id, a UUID, which becomes the competition's: sent twice, it makes one.
    #[serde(default)]
    pub form: String,
}
