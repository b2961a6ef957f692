//! The results below, as advancement sees them: whoever has one with who is behind their code, and for which
//! delegation above they would go on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::access::Scope;
use domain::advancement::{Candidate, Feeder, Key};
use domain::id::{CompetitorCode, LedgerId, OrganisationId};
use domain::marking::{Coding, Phase, State};
use domain::results::{Standing, StandingStatus, standings};
use protocol::view::{CompetitionRef, SkillRef, Status};
use sqlx::Row as _;

use super::{PromotionError, failed, queries};
use crate::competition::{self, CompetitionError, KeptSkill};
use crate::desk;
use crate::exchange::package::{Competition, Person, SkillDocument};
use crate::http::{App, Failure};
use crate::live;
use crate::organisation::Tree;
use crate::registration::DelegationThere;
use crate::roster;
use crate::setup;

/// A skill below, with its results.
pub(super) struct Source {
    pub(super) competition: CompetitionRef,
    pub(super) tier: String,
    pub(super) skill: SkillRef,
    pub(super) ledger: LedgerId,
    pub(super) state: Arc<State>,
    pub(super) standings: HashMap<CompetitorCode, Standing>,
    kept: KeptSkill<SkillDocument>,
    /// Of each code that is marked the people behind it; of none while codes are sealed.
    behind: HashMap<CompetitorCode, Vec<usize>>,
    organisation: Option<OrganisationId>,
    host: String,
}

/// A delegation above for which somebody goes on: one that there is, or one that is made for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum For<'a> {
    There(&'a DelegationThere),
    New(String),
}

impl For<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::There(one) => &one.name,
            Self::New(name) => name,
        }
    }
}

/// Skills by their ids, each with its results; those that are gone are left out.
pub(super) async fn load(app: &App, skills: &[LedgerId]) -> Result<HashMap<LedgerId, Source>, Failure> {
    let mut wanted: HashMap<String, HashSet<&LedgerId>> = HashMap::new();
    for skill in skills {
        match competition::of_skill(&app.database, skill).await {
            Ok(of) => {
                wanted.entry(of).or_default().insert(skill);
            }
            Err(CompetitionError::UnknownSkill { .. }) => {}
            Err(error) => return Err(setup::failed(error)),
        }
    }
    let mut sources = HashMap::new();
    for (id, skills) in wanted {
        let loaded = competition::load::<Competition, SkillDocument>(&app.database, &id).await;
        let (of, kept) = loaded.map_err(setup::failed)?;
        for kept in kept.into_iter().filter(|kept| skills.contains(&kept.ledger)) {
            let state = app.ledger.state(&kept.ledger).await;
            let state = state.map_err(|error| PromotionError::Failed { problem: error.spoken() })?;
            let source = Source {
                competition: of.document.reference(&id),
                tier: of.document.tier.clone(),
                skill: desk::skill_ref(&kept),
                ledger: kept.ledger.clone(),
                standings: released(&state),
                behind: behind(&kept, &state),
                state,
                organisation: of.organisation.clone(),
                host: of.document.host.clone(),
                kept,
            };
            sources.insert(source.ledger.clone(), source);
        }
    }
    Ok(sources)
}

fn behind(kept: &KeptSkill<SkillDocument>, state: &State) -> HashMap<CompetitorCode, Vec<usize>> {
    let codes = state.coding.as_deref().map(Coding::opened);
    let mut behind: HashMap<CompetitorCode, Vec<usize>> = HashMap::new();
    for (at, person) in kept.document.people.iter().enumerate() {
        let code = match &codes {
            None => Some(person.unit()),
            Some(codes) => codes.as_ref().and_then(|codes| codes.get(&person.unit())).cloned(),
        };
        behind.entry(code.unwrap_or_default()).or_default().push(at);
    }
    behind
}

/// The results, once they are released.
fn released(state: &State) -> HashMap<CompetitorCode, Standing> {
    let skill = state.skill.as_deref().filter(|skill| matches!(skill.phase, Phase::Released(_)));
    let standings = skill.map(standings).unwrap_or_default();
    standings.into_iter().map(|one| (one.competitor.clone(), one)).collect()
}

impl Source {
    pub(super) fn status(&self) -> Status {
        live::status(self.state.skill.as_deref())
    }

    pub(super) fn is_official(&self) -> bool {
        self.status() == Status::Official
    }

    /// The people behind a code that is marked; nobody while codes are sealed.
    pub(super) fn people(&self, code: &CompetitorCode) -> Vec<&Person> {
        let people = &self.kept.document.people;
        let places = self.behind.get(code).into_iter().flatten();
        places.filter_map(|at| people.get(*at)).collect()
    }

    pub(super) fn name(&self, code: &CompetitorCode) -> String {
        let names = self.people(code).into_iter().map(|person| person.name.as_str());
        names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join("、")
    }

    /// For which delegation above somebody goes on: the one of the organisation that holds the competition below, or
    /// of one above it; else the one that is called as theirs below; else a new one.
    pub(super) fn delegation<'a>(
        &self,
        code: &CompetitorCode,
        there: &'a [DelegationThere],
        tree: &Tree,
    ) -> For<'a> {
        let reach = self.organisation.as_ref().map(|own| tree.reach(own)).unwrap_or_default();
        let of_reach = reach.iter().find_map(|scope| {
            let Scope::Organisation(of) = scope else { return None };
            there.iter().find(|one| one.organisation.as_deref() == Some(of.as_str()))
        });
        if let Some(one) = of_reach {
            return For::There(one);
        }
        let below = self.people(code).first().map(|person| person.delegation.trim().to_owned());
        let below = below.unwrap_or_default();
        if let Some(one) = there.iter().find(|one| !below.is_empty() && one.name == below) {
            return For::There(one);
        }
        let organisation =
            self.organisation.as_ref().and_then(|own| tree.find(own)).map(|one| one.name.clone());
        let names = [
            Some(below),
            organisation,
            Some(self.host.trim().to_owned()),
            Some(self.competition.name.zh.clone()),
        ];
        let name = names.into_iter().flatten().find(|name| !name.is_empty()).unwrap_or_default();
        // One that is called so is there already where several competitions below have the same name for it.
        there.iter().find(|one| one.name == name).map_or(For::New(name), For::There)
    }

    /// Everybody of it as advancement sees them; `out` are those who gave a place up.
    pub(super) fn feeder(&self, there: &[DelegationThere], tree: &Tree, out: &HashSet<Key>) -> Feeder {
        let candidates = self.standings.values().map(|standing| {
            let code = &standing.competitor;
            let employments: Vec<&str> =
                self.people(code).into_iter().map(|person| person.employment.as_str()).collect();
            // A team counts as something where all of it is that.
            let employment = employments.first().copied().unwrap_or_default();
            let is_one = employments.iter().all(|other| *other == employment);
            Candidate {
                code: code.clone(),
                group: standing.group.clone(),
                competes: !matches!(
                    standing.status,
                    StandingStatus::Absent | StandingStatus::Withdrawn | StandingStatus::Disqualified
                ),
                position: standing.position,
                total: standing.total,
                scale: standing.scale,
                delegation: self.delegation(code, there, tree).name().to_owned(),
                employment: if is_one { employment.to_owned() } else { String::new() },
                is_out: out.contains(&(self.ledger.clone(), code.clone())),
            }
        });
        Feeder { skill: self.ledger.clone(), candidates: candidates.collect() }
    }

    /// The numbers of its people's documents, by their own codes.
    pub(super) async fn numbers(&self, app: &App) -> Result<HashMap<CompetitorCode, String>, Failure> {
        let rows = sqlx::query(queries::SELECT_IDENTITIES).bind(self.ledger.as_str());
        let mut numbers = HashMap::new();
        for row in rows.fetch_all(app.database.pool()).await.map_err(failed)? {
            let code: String = row.try_get(0).map_err(failed)?;
            let sealed: String = row.try_get(1).map_err(failed)?;
            let bytes = app.vault.unseal(&roster::of_person(&self.ledger, &code), &sealed);
            let number = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
            numbers.insert(CompetitorCode::from(code), number.ok_or(PromotionError::Unreadable)?);
        }
        Ok(numbers)
    }

    /// How many compete, by its list or, once it is open, by its opening.
    pub(super) fn entrants(&self) -> usize {
        self.state.skill.as_deref().map_or_else(
            || self.kept.document.people.iter().map(Person::unit).collect::<HashSet<_>>().len(),
            |skill| skill.opening.competitors.len(),
        )
    }
}
