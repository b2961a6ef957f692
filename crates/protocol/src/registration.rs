//! Registrations: delegations and enterprises enter their own people, and the organiser approves them.

use std::collections::BTreeMap;

use domain::registration::{Day, State, Step};
use serde::{Deserialize, Serialize};

use crate::list::{ListQuery, Part};
use crate::view::{CompetitionRef, SkillRef, Text};

/// A delegation of a competition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Whose registrars enter for it: the organisation's id and name; none: the organiser alone.
    pub organisation: Option<(String, String)>,
    /// How many of its people are in each state.
    pub counts: BTreeMap<State, usize>,
}

/// Delegations to be added, a line each: name, and behind a comma or tab the English name. Where an
/// organisation of the tree has that name, it enters for the delegation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegationLines {
    /// The lines.
    pub delegations: String,
}

/// A delegation, as a form says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegationForm {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// In English; empty where the name stands for both.
    #[serde(default)]
    pub name_en: String,
    /// The id of the organisation whose registrars enter for it; empty: the organiser alone.
    #[serde(default)]
    pub organisation: String,
}

/// The form that names one: a delegation to be removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfDelegation {
    /// Which.
    pub id: String,
}

/// The terms of registration, every field by its name, as it was typed; those of a single skill with its id
/// behind a dot: `quota.ID`, and `own.ID` where it has terms of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermsForm(pub BTreeMap<String, String>);

impl TermsForm {
    /// What stands in a field.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Puts something there.
    pub fn put(&mut self, name: &str, value: impl ToString) {
        self.0.insert(name.to_owned(), value.to_string());
    }
}

/// Somebody who is entered, as a form says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    /// The form's own id, a UUID, which becomes the registration's: sent twice, it enters one.
    #[serde(default)]
    pub form: String,
    /// The skill's id.
    pub skill: String,
    /// Their name.
    pub name: String,
    /// The number of their document; where one is changed, empty leaves it as it is.
    #[serde(default)]
    pub id_number: String,
    /// When they were born; empty where the number says it.
    #[serde(default)]
    pub born: String,
    /// Their employer or school.
    #[serde(default)]
    pub organisation: String,
    /// Their team, where teams compete.
    #[serde(default)]
    pub team: String,
    /// The group that they are ranked in.
    #[serde(default)]
    pub group: String,
    /// 职工, 学生…
    #[serde(default)]
    pub employment: String,
    /// The word of their level; empty: none.
    #[serde(default)]
    pub level: String,
    /// `yes` where a proof of residence was seen.
    #[serde(default)]
    pub residence: String,
    /// A minor's guardian: name and relation.
    #[serde(default)]
    pub guardian: String,
    /// `yes` where the guardian's signed consent is there.
    #[serde(default)]
    pub consent: String,
    /// The registration whose place they take; empty: none's.
    #[serde(default)]
    pub replaces: String,
    /// How often it was changed when the form was shown, so that nobody's change is written over unseen.
    #[serde(default)]
    pub seen: i64,
}

/// The form that gives a registration back, or takes one back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Why.
    #[serde(default)]
    pub why: String,
    /// How often it was changed when the form was shown.
    #[serde(default)]
    pub seen: i64,
}

/// Something that was done to a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What.
    pub step: Step,
    /// What was said of it.
    pub said: String,
    /// By whom, by name.
    pub by: String,
    /// When, in milliseconds since 1970 UTC.
    pub at: i64,
}

/// A registration in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// How often it was changed.
    pub changes: i64,
    /// For which skill.
    pub skill: SkillRef,
    /// Of which delegation: id and name.
    pub delegation: (String, Text),
    /// Where it stands.
    pub state: State,
    /// The person's name.
    pub name: String,
    /// Their employer or school.
    pub organisation: String,
    /// Their document's number, masked.
    pub id_number: String,
    /// Their age on the competition's first day.
    pub age: Option<u16>,
    /// Whose place they take, by name.
    pub replaces: Option<String>,
    /// Why it was given back, or withdrawn.
    pub said: String,
    /// What keeps them from being approved as things stand.
    pub found: Vec<Text>,
    /// Approved, and taken off the list of competitors by the organiser since.
    pub is_off: bool,
}

/// A skill, as those who register see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSkill {
    /// Which.
    pub skill: SkillRef,
    /// How many of the delegation are entered, or of all delegations.
    pub entered: usize,
    /// How many compete, by whatever way they came in.
    pub people: usize,
    /// How many a delegation may enter.
    pub quota: Option<u32>,
    /// With fewer the field is too small.
    pub least_field: Option<u32>,
    /// What is asked, in words.
    pub asked: Vec<Text>,
    /// Whether who competes is fixed.
    pub is_fixed: bool,
}

/// A competition's registrations, for the organiser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registrations {
    /// Which competition.
    pub competition: CompetitionRef,
    /// From when to when delegations register.
    pub window: (Option<Day>, Option<Day>),
    /// Why nobody can register today; empty where they can.
    pub closed: Option<Text>,
    /// Its delegations, by name.
    pub delegations: Vec<Delegation>,
    /// Its skills.
    pub skills: Vec<OpenSkill>,
    /// The organisations that may enter for a delegation: id and name, indented as the tree is.
    pub organisations: Vec<(String, String)>,
    /// What is asked of the list.
    pub query: ListQuery,
    /// How many there are, by state.
    pub counts: BTreeMap<State, usize>,
    /// Those that fit, of one page.
    pub part: Part<Line>,
}

/// A delegation's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRegistrations {
    /// Which competition.
    pub competition: CompetitionRef,
    /// Which delegation.
    pub delegation: Delegation,
    /// From when to when it registers.
    pub window: (Option<Day>, Option<Day>),
    /// Until when it withdraws and replaces people.
    pub substitutes_until: Option<Day>,
    /// Why nobody can be entered today.
    pub closed: Option<Text>,
    /// Why nobody can be withdrawn or replaced today.
    pub settled: Option<Text>,
    /// The skills.
    pub skills: Vec<OpenSkill>,
    /// Its people, those to be mended first.
    pub lines: Vec<Line>,
    /// What the employment may be; empty: anything.
    pub employments: Vec<String>,
    /// Whether whoever looks is the organiser, who has no such days.
    pub is_host: bool,
}

/// One registration, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// As it stands in the list.
    pub line: Line,
    /// What is known of the person; the number is left out.
    pub person: PersonForm,
    /// Their number as a competitor, once they are one.
    pub code: Option<String>,
    /// Whose place they take: id and name.
    pub replaces: Option<(String, String)>,
    /// Who takes, or would take, theirs.
    pub replaced_by: Option<(String, String)>,
    /// What was done to it, the oldest first.
    pub steps: Vec<Taken>,
    /// Whether its skill's list is fixed.
    pub is_fixed: bool,
}

/// A delegation that somebody may enter people for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyDelegation {
    /// Which competition.
    pub competition: CompetitionRef,
    /// Its days.
    pub dates: Vec<String>,
    /// Which delegation.
    pub delegation: Delegation,
    /// Why nobody can be entered today.
    pub closed: Option<Text>,
}
