//! Circuits: the ladder of competitions of one cycle, from drills to the world.

use serde::{Deserialize, Serialize};

use crate::list::Part;
use crate::view::{CompetitionRef, Text};

/// A circuit with where to find it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CircuitRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// What a circuit is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CircuitForm {
    /// Its name.
    pub name: String,
    /// In English; empty where the name stands for both.
    #[serde(default)]
    pub name_en: String,
    /// Which cycle: `2026`, `2026–2027`.
    #[serde(default)]
    pub cycle: String,
    /// The tier with which it begins.
    pub lowest: String,
    /// The tier at which it ends.
    pub highest: String,
    /// Whose it becomes: an organisation's id; empty for the one that whoever makes it acts for.
    #[serde(default)]
    pub organisation: String,
    /// The form's own id, a UUID, which becomes the circuit's: sent twice, it makes one.
    #[serde(default)]
    pub form: String,
    /// What it was like when the form was shown, so that nobody's change is written over unseen.
    #[serde(default)]
    pub seen: String,
}

/// A circuit in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircuitLine {
    /// Which.
    pub circuit: CircuitRef,
    /// `2026`
    pub cycle: String,
    /// Whose it is, by name; empty where it is this server's own.
    pub organisation: String,
    /// How many competitions it has.
    pub competitions: usize,
}

/// A step of a circuit's ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The tier.
    pub tier: &'static str,
    /// How many competitions stand there.
    pub competitions: usize,
    /// How many skills these have.
    pub skills: usize,
}

/// A competition of a circuit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which.
    pub competition: CompetitionRef,
    /// Its tier.
    pub tier: String,
    /// Who holds it.
    pub host: String,
    /// First and last day, as written.
    pub dates: Vec<String>,
    /// How many skills it has.
    pub skills: usize,
    /// Whether whoever asks may look at it at the desk.
    pub is_open_to: bool,
}

/// A circuit's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circuit {
    /// Which.
    pub circuit: CircuitRef,
    /// `2026`
    pub cycle: String,
    /// Whose it is, by name; empty where it is this server's own.
    pub organisation: String,
    /// Its ladder, from the lowest tier.
    pub ladder: Vec<Rung>,
    /// The competitions of the page, as far as whoever asks may know of them.
    pub part: Part<Placed>,
    /// Whether whoever asks may change it, and take competitions out.
    pub may_change: bool,
    /// Whether whoever asks may make competitions for it.
    pub may_make: bool,
}

/// The form that names a competition of a circuit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfCircuit {
    /// The competition's id.
    pub competition: String,
}

/// A tier's name, in Chinese and in English.
#[must_use]
pub fn tier_words(tier: &str) -> (&'static str, &'static str) {
    match tier {
        "county" => ("县（区）级", "County"),
        "city" => ("市级", "City"),
        "province" => ("省级", "Province"),
        "nation" => ("国家级", "Nation"),
        "world" => ("国际", "World"),
        _ => ("企业（单位）", "Enterprise"),
    }
}
