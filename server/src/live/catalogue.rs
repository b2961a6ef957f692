//! What boards are made of besides ledgers: competitions, skills, people, and what organisers decided
//! about them. It is read whole, and replaced whole when anything of it changes.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use domain::id::{CompetitorCode, LedgerId};
use domain::marking::Coding;
use protocol::view::Topic;
use sqlx::Row as _;

use super::{Audience, LiveError, SkillSetting, queries, setting};
use crate::competition::{self, Kept};
use crate::database::Database;
use crate::exchange::package::{self, SkillDocument};

/// Whether anything changed since a catalogue was read: how many competitions there were, how many changes
/// of what is shown there had been, and how many of what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    competitions: i64,
    changes: i64,
    set_ups: i64,
}

/// Everything, as of one moment.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    /// None before it was read for the first time.
    pub(super) stamp: Option<Stamp>,
    /// The highest tier first, then the newest.
    pub(super) competitions: Vec<Arc<Competition>>,
}

/// A competition.
#[derive(Clone, Debug)]
pub(super) struct Competition {
    pub(super) id: String,
    pub(super) document: package::Competition,
    pub(super) is_public: bool,
    /// By number, then by name.
    pub(super) skills: Vec<Arc<Skill>>,
}

/// A skill.
#[derive(Clone, Debug)]
pub(super) struct Skill {
    pub(super) ledger: LedgerId,
    pub(super) document: SkillDocument,
    pub(super) setting: SkillSetting,
    /// Who is behind the codes that are marked.
    pub(super) people: HashMap<CompetitorCode, Identity>,
}

/// Who is behind a code; a team's members are told together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) name: Option<String>,
    pub(super) organisation: Option<String>,
    pub(super) delegation: Option<String>,
}

impl Stamp {
    pub(super) async fn read(database: &Database) -> Result<Self, LiveError> {
        let row = sqlx::query(queries::SELECT_STAMP).fetch_one(database.pool()).await?;
        Ok(Self { competitions: row.try_get(0)?, changes: row.try_get(1)?, set_ups: row.try_get(2)? })
    }
}

impl Catalogue {
    pub(super) async fn read(database: &Database) -> Result<Self, LiveError> {
        // The stamp first: what changes while the rest is read is noticed the next time.
        let stamp = Some(Stamp::read(database).await?);
        let mut settings = setting::skills(database).await?;
        let public: Vec<String> =
            sqlx::query_scalar(queries::SELECT_PUBLIC).fetch_all(database.pool()).await?;
        let mut competitions = Vec::new();
        for id in competition::list(database).await? {
            let (kept, skills) =
                competition::load::<package::Competition, SkillDocument>(database, &id).await?;
            let Kept { id, document, .. } = kept;
            let mut skills: Vec<(String, Arc<Skill>)> = skills
                .into_iter()
                .map(|kept| {
                    let setting = settings.remove(&kept.ledger).unwrap_or_default();
                    (kept.name, Arc::new(Skill::new(kept.ledger, kept.document, setting)))
                })
                .collect();
            skills.sort_by_cached_key(|(name, skill)| {
                let number = &skill.document.number;
                (number.parse::<u32>().unwrap_or(u32::MAX), number.clone(), name.clone())
            });
            let skills = skills.into_iter().map(|(_, skill)| skill).collect();
            let is_public = public.contains(&id);
            competitions.push(Arc::new(Competition { id, document, is_public, skills }));
        }
        // They come oldest first.
        competitions.reverse();
        competitions.sort_by_key(|competition| Reverse(height(&competition.document.tier)));
        Ok(Self { stamp, competitions })
    }

    /// What a topic is about.
    ///
    /// # Errors
    /// Where there is no such thing, or nothing that this audience may know of.
    pub(super) fn scope(&self, topic: &Topic, audience: Audience) -> Result<Scope, LiveError> {
        let may_see = |of: &&Arc<Competition>| audience == Audience::Staff || of.is_public;
        let mut seen = self.competitions.iter().filter(may_see);
        let whole = |of: &Arc<Competition>| (Arc::clone(of), of.skills.clone());
        let found = match topic {
            // What counts for nothing stands on no list of what does.
            Topic::Circuit => {
                return Ok(Scope(seen.filter(|of| !of.document.is_rehearsal).map(whole).collect()));
            }
            Topic::Competition(id) | Topic::Delegation(id, _) => seen.find(|of| of.id == *id).map(whole),
            Topic::Skill(id) => seen.find_map(|of| {
                let skill = of.skills.iter().find(|skill| skill.ledger.as_str() == id)?;
                Some((Arc::clone(of), vec![Arc::clone(skill)]))
            }),
        };
        found.map(|found| Scope(vec![found])).ok_or(LiveError::Unknown)
    }

    /// A competition, whoever may see it.
    pub(super) fn competition(&self, id: &str) -> Result<&Arc<Competition>, LiveError> {
        self.competitions.iter().find(|of| of.id == id).ok_or(LiveError::Unknown)
    }

    /// A skill, whoever may see it.
    pub(super) fn skill(&self, id: &LedgerId) -> Result<&Arc<Skill>, LiveError> {
        let mut skills = self.competitions.iter().flat_map(|of| &of.skills);
        skills.find(|skill| skill.ledger == *id).ok_or(LiveError::Unknown)
    }
}

/// What a topic is about: competitions, and of each the skills that are looked at.
#[derive(Debug)]
pub(super) struct Scope(pub(super) Vec<(Arc<Competition>, Vec<Arc<Skill>>)>);

impl Scope {
    pub(super) fn skills(&self) -> impl Iterator<Item = &Arc<Skill>> {
        self.0.iter().flat_map(|(_, skills)| skills)
    }
}

impl Skill {
    pub(super) fn new(ledger: LedgerId, document: SkillDocument, setting: SkillSetting) -> Self {
        let people = identities(&document.people);
        Self { ledger, document, setting, people }
    }

    /// Who is behind the drawn codes; nobody while some are sealed.
    pub(super) fn people_of(&self, coding: &Coding) -> HashMap<CompetitorCode, Identity> {
        identities(&package::behind(&self.document.people, Some(coding)))
    }
}

fn identities(people: &[package::Person]) -> HashMap<CompetitorCode, Identity> {
    let mut identities: HashMap<CompetitorCode, Identity> = HashMap::new();
    for person in people {
        let identity = identities.entry(person.unit()).or_default();
        join(&mut identity.name, &person.name);
        join(&mut identity.organisation, &person.organisation);
        // A team competes for one.
        if identity.delegation.is_none() && !person.delegation.is_empty() {
            identity.delegation = Some(person.delegation.clone());
        }
    }
    identities
}

/// One more of a team, each named once.
fn join(known: &mut Option<String>, more: &str) {
    match known {
        _ if more.is_empty() => {}
        None => *known = Some(more.to_owned()),
        Some(text) if text.split('、').any(|part| part == more) => {}
        Some(text) => *text = format!("{text}、{more}"),
    }
}

/// How high a tier is.
fn height(tier: &str) -> usize {
    package::TIERS.iter().position(|known| *known == tier).map_or(0, |at| at + 1)
}
