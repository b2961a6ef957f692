//! The competition package: Leitai's interchange format, one folder or `.zip` a competition.
//!
//! [`Files`](super::Files) are its bytes, [`read`] makes a [`Package`] of them and lists everything wrong,
//! [`Player`] turns a skill's rows into the ledger's commands, [`write`] makes files again.

mod aspects;
mod check;
mod export;
mod finding;
mod import;
mod play;
mod read;
mod rows;
mod write;

use std::collections::{HashMap, HashSet};

use domain::id::{AspectId, CompetitorCode, GroupName, JudgeCode, SubCriterionId};
use domain::marking::{Coding, Conflict, Entrant, Opening, Panel};
use domain::number::Mark;
use domain::rules::RuleSet;
use domain::scheme::Scheme;
use protocol::view::{CompetitionRef, Text};
use serde::{Deserialize, Serialize};

use super::{Files, Moment};

pub use export::export;
pub use finding::PackageFinding;
pub(crate) use import::prepared;
pub use import::{
    Declared, ImportError, Imported, ImportedSkill, SkillDocument, import, random_salt, set_up,
};
pub use play::{Player, Problem, Step, played};
pub use read::{Reading, read, read_scheme_folder};
pub use rows::read_expected_folder;
pub(crate) use rows::unless_everyone;
pub use write::{rules_toml, scheme_folder, skill_folder, write};

/// The tiers of the circuit, from the workshop to the world.
pub const TIERS: [&str; 6] = ["enterprise", "county", "city", "province", "nation", "world"];
/// The most skills of a competition.
pub const SKILLS_MAX: usize = 200;

/// A whole competition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// What it is.
    pub competition: Competition,
    /// Its skills, by id.
    pub skills: Vec<SkillPackage>,
}

/// What a competition is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Competition {
    /// Its name.
    pub name: Name,
    /// `2026`, `第三届`
    pub edition: String,
    /// enterprise, county, city, province, nation, world
    pub tier: String,
    /// Who holds it.
    pub host: String,
    /// First and last day, as written.
    pub dates: Vec<String>,
    /// Where it is held, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub venue: String,
    /// Whether it is a rehearsal: played through like any other, and counting for nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_rehearsal: bool,
    /// The language of its texts: `zh` or `en`.
    pub language: String,
    /// The rule set of every skill that names no other.
    pub rule_set: String,
}

impl Competition {
    /// As pages name it.
    #[must_use]
    pub fn reference(&self, id: &str) -> CompetitionRef {
        let name = Text { zh: self.name.zh.clone(), en: self.name.en.clone() };
        CompetitionRef { id: id.to_owned(), name, is_rehearsal: self.is_rehearsal }
    }
}

/// A name, in one or both languages; a name given once stands for both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

/// One skill of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillPackage {
    /// The folder's name.
    pub id: String,
    /// Its number in the competition.
    pub number: String,
    /// Its name.
    pub name: Name,
    /// The occupation's code in the national classification.
    pub occupation: String,
    /// Where it is held, as written; empty where it is held at the competition's place.
    pub venue: String,
    /// Its first and last day, as written; empty where it has all of the competition's.
    pub dates: Vec<String>,
    /// The rules it is marked by.
    pub rules: RuleSet,
    /// The marking scheme.
    pub scheme: Scheme,
    /// Everyone in `competitors.csv`, a row a person.
    pub people: Vec<Person>,
    /// Who marks.
    pub judges: Vec<Judge>,
    /// Who marks which sub-criterion.
    pub panels: Vec<Panel>,
    /// What was said, in the order it was said.
    pub marks: Vec<MarkRow>,
    /// What happened besides, in time order.
    pub events: Vec<EventRow>,
    /// Published results, where there are any.
    pub expected: Option<Vec<ExpectedRow>>,
}

/// A person who competes, alone or in a team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The row in `competitors.csv`.
    pub row: u64,
    /// Their own code.
    pub code: CompetitorCode,
    /// Their name.
    pub name: String,
    /// Their school or enterprise.
    pub organisation: String,
    /// Whom they compete for.
    pub delegation: String,
    /// Their team; its members are marked as one.
    pub team: String,
    /// Country or region code.
    pub member: String,
    /// The group they are ranked in.
    pub group: GroupName,
    /// 职工, 学生…
    pub employment: String,
    /// Skill level before the competition.
    pub level: String,
    /// The list that they came by, which can be taken back; empty where there was none. No package holds it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub batch: String,
}

/// Who marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judge {
    /// The judge's code.
    pub code: JudgeCode,
    /// The judge's name.
    pub name: String,
    /// The judge's school or enterprise.
    pub organisation: String,
    /// Whether they lead the skill.
    pub is_chief: bool,
    /// The list that they came by, which can be taken back; empty where there was none. No package holds it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub batch: String,
}

/// A row of `marks.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkRow {
    /// The row's number.
    pub row: u64,
    /// Whose work, as the marking unit: a team's code for its members.
    pub competitor: CompetitorCode,
    /// The aspect.
    pub aspect: AspectId,
    /// The judge.
    pub judge: JudgeCode,
    /// What was said, as text; empty for a missing mark, stated.
    pub value: String,
    /// When.
    pub at: Option<Moment>,
    /// The scoring round, from 1.
    pub round: u32,
}

/// A row of `events.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The row's number.
    pub row: u64,
    /// When.
    pub at: Option<Moment>,
    /// What happened.
    pub kind: EventKind,
    /// Why.
    pub reason: String,
    /// Who entered it.
    pub by: String,
    /// The second person.
    pub second: String,
}

/// What happened besides marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Not there.
    Absent(CompetitorCode),
    /// Began.
    Start(CompetitorCode),
    /// Handed in.
    Stop(CompetitorCode),
    /// Minutes given back.
    ExtraTime(CompetitorCode, u32),
    /// Gone.
    Withdrawn(CompetitorCode),
    /// Taken out.
    Disqualified(CompetitorCode),
    /// Marks taken off.
    Penalty(CompetitorCode, Mark),
    /// An aspect voided for all.
    VoidAspect(AspectId, domain::marking::VoidHow),
    /// Two sheets that change places.
    Exchange(CompetitorCode, CompetitorCode, SubCriterionId),
    /// A seat that changes hands.
    Reseat {
        /// For whose work alone; none for everybody's.
        competitor: Option<CompetitorCode>,
        /// Who leaves it.
        leaves: JudgeCode,
        /// Who comes.
        comes: Option<JudgeCode>,
        /// On which panel.
        sub_criterion: SubCriterionId,
    },
    /// An award, and perhaps a position, given by decision.
    Override {
        /// Who.
        competitor: CompetitorCode,
        /// The award; empty takes it away, none leaves the rule's.
        award: Option<String>,
        /// The position, where it is given.
        position: Option<u32>,
        /// The document that decides it.
        document: String,
    },
    /// A tie settled by people, best first.
    Settled(Vec<CompetitorCode>),
}

/// A row of `expected.csv`; a column that is not in the file is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedRow {
    /// The row's number.
    pub row: u64,
    /// The marking unit.
    pub competitor: CompetitorCode,
    /// The total, as text.
    pub total: Option<String>,
    /// The scale.
    pub scale: Option<String>,
    /// The position.
    pub position: Option<String>,
    /// The award.
    pub award: Option<String>,
}

impl SkillPackage {
    /// What is pinned when the skill opens. None where scheme or rules have no canonical form, which
    /// their checks refuse.
    #[must_use]
    pub fn opening(&self) -> Option<Opening> {
        opening(&self.scheme, &self.rules, self.panels.clone(), &self.people, &self.judges)
    }
}

/// What is pinned of these.
fn opening(
    scheme: &Scheme,
    rules: &RuleSet,
    panels: Vec<Panel>,
    people: &[Person],
    judges: &[Judge],
) -> Option<Opening> {
    let mut seen = HashSet::new();
    let competitors = people
        .iter()
        .filter(|person| seen.insert(person.unit()))
        .map(|person| Entrant { code: person.unit(), group: person.group.clone() })
        .collect();
    let opening = Opening::new(scheme.clone(), rules.clone(), competitors, panels).ok()?;
    Some(Opening { conflicts: conflicts(rules, people, judges), ..opening })
}

/// Who may not mark whom, where the rules part compatriots.
fn conflicts(rules: &RuleSet, people: &[Person], judges: &[Judge]) -> Vec<Conflict> {
    if rules.compatriots.is_none() {
        return Vec::new();
    }
    let of = |judge: &Judge| {
        let judge_code = judge.code.clone();
        let all = compatriots(&judge.organisation, people).into_iter();
        all.map(move |competitor| Conflict { competitor, judge: judge_code.clone() }).collect::<Vec<_>>()
    };
    judges.iter().flat_map(of).collect()
}

/// Who competes for, or comes from, the place that a judge comes from, each marking unit once. It goes by
/// what people wrote: the same school or enterprise, the delegation or the member.
#[must_use]
pub fn compatriots(organisation: &str, people: &[Person]) -> Vec<CompetitorCode> {
    let own = organisation.trim();
    let is_own = |place: &String| !own.is_empty() && place.trim() == own;
    let of =
        |person: &&Person| [&person.organisation, &person.delegation, &person.member].into_iter().any(is_own);
    let mut seen = HashSet::new();
    people.iter().filter(of).map(Person::unit).filter(|unit| seen.insert(unit.clone())).collect()
}

/// Who is behind the codes that are marked: as they are kept where there was no draw; by their drawn codes once
/// all of those are open; nobody while some are sealed.
#[must_use]
pub fn behind(people: &[Person], coding: Option<&Coding>) -> Vec<Person> {
    let Some(coding) = coding else { return people.to_vec() };
    let Some(codes) = coding.opened() else { return Vec::new() };
    let under = |person: &Person| {
        let code = codes.get(&person.unit())?.clone();
        let person = person.clone();
        Some(if person.team.is_empty() {
            Person { code, ..person }
        } else {
            Person { team: code.to_string(), ..person }
        })
    };
    people.iter().filter_map(under).collect()
}

/// Everybody who is marked, in the list's order, with their names: a team's members together.
#[must_use]
pub fn named_units(people: &[Person]) -> Vec<(CompetitorCode, String)> {
    let mut units: Vec<(CompetitorCode, String)> = Vec::new();
    let mut at = HashMap::new();
    for person in people {
        let place = *at.entry(person.unit()).or_insert_with(|| {
            units.push((person.unit(), String::new()));
            units.len() - 1
        });
        if let Some((_, name)) = units.get_mut(place) {
            if !name.is_empty() {
                name.push('、');
            }
            name.push_str(&person.name);
        }
    }
    units
}

impl Person {
    /// Somebody of whom no more is told than the code and the group.
    #[must_use]
    pub fn unknown(entrant: &Entrant) -> Self {
        Self {
            row: 0,
            code: entrant.code.clone(),
            name: String::new(),
            organisation: String::new(),
            delegation: String::new(),
            team: String::new(),
            member: String::new(),
            group: entrant.group.clone(),
            employment: String::new(),
            level: String::new(),
            batch: String::new(),
        }
    }

    /// What is marked and ranked: the team where there is one, else the person.
    #[must_use]
    pub fn unit(&self) -> CompetitorCode {
        if self.team.is_empty() { self.code.clone() } else { CompetitorCode::from(self.team.as_str()) }
    }
}

impl Name {
    /// The name in a language.
    #[must_use]
    pub fn in_language(&self, language: domain::finding::Language) -> &str {
        match language {
            domain::finding::Language::Chinese => &self.zh,
            domain::finding::Language::English => &self.en,
        }
    }
}
