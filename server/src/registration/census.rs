//! A competition's registrations and the numbers on its lists, as counted: whose place somebody takes, how many a
//! delegation has, and whether a person is somewhere already. Nobody is opened for it.

use std::collections::{BTreeMap, HashMap};

use domain::finding::Spoken;
use domain::id::LedgerId;
use domain::registration::{Counted, State};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::{RegistrationError, Sheet, There, of_person, queries};
use crate::vault::Vault;

/// A registration as kept; the person is sealed.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) delegation: String,
    pub(super) skill: LedgerId,
    pub(super) state: State,
    pub(super) changes: i64,
    sealed: String,
    pub(super) blind: String,
    /// Whose place they asked for; see [`Census::holder`].
    pub(super) replaces: Option<String>,
}

/// All of them at one moment.
pub(super) struct Census {
    kept: Vec<Kept>,
    by_id: HashMap<String, usize>,
    by_blind: HashMap<String, Vec<usize>>,
    /// By the document's number: on the list of which skill, under which code.
    listed: HashMap<String, Vec<(LedgerId, String)>>,
}

/// Who is to be counted against the others, whether they are among them or not.
#[derive(Clone, Copy)]
pub(super) struct Claim<'a> {
    pub(super) id: &'a str,
    pub(super) delegation: &'a str,
    pub(super) skill: &'a LedgerId,
    pub(super) blind: &'a str,
    pub(super) replaces: Option<&'a str>,
}

impl Kept {
    fn read(row: &AnyRow) -> Result<Self, RegistrationError> {
        let state: String = row.try_get(3)?;
        Ok(Self {
            id: row.try_get(0)?,
            delegation: row.try_get(1)?,
            skill: LedgerId::from(row.try_get::<String, _>(2)?),
            state: State::parse(&state).ok_or(RegistrationError::Unreadable)?,
            changes: row.try_get(4)?,
            sealed: row.try_get(5)?,
            blind: row.try_get(6)?,
            replaces: row.try_get(7)?,
        })
    }

    /// The person.
    ///
    /// # Errors
    /// Where another key sealed it.
    pub(super) fn open(&self, vault: &Vault) -> Result<Sheet, RegistrationError> {
        let bytes = vault.unseal(&of_person(&self.id), &self.sealed);
        let bytes = bytes.map_err(|_| RegistrationError::Unreadable)?;
        serde_json::from_slice(&bytes).map_err(|_| RegistrationError::Unreadable)
    }

    pub(super) fn claim(&self) -> Claim<'_> {
        Claim {
            id: &self.id,
            delegation: &self.delegation,
            skill: &self.skill,
            blind: &self.blind,
            replaces: self.replaces.as_deref(),
        }
    }
}

impl Census {
    /// Takes it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub(super) async fn take(
        connection: &mut AnyConnection,
        competition: &str,
    ) -> Result<Self, RegistrationError> {
        let rows = sqlx::query(queries::SELECT).bind(competition).fetch_all(&mut *connection).await?;
        let kept: Vec<Kept> = rows.iter().map(Kept::read).collect::<Result<_, _>>()?;
        let mut by_blind: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, one) in kept.iter().enumerate() {
            by_blind.entry(one.blind.clone()).or_default().push(at);
        }
        let by_id = kept.iter().enumerate().map(|(at, one)| (one.id.clone(), at)).collect();
        let mut listed: HashMap<String, Vec<(LedgerId, String)>> = HashMap::new();
        for row in sqlx::query(queries::SELECT_IDENTITIES).bind(competition).fetch_all(connection).await? {
            let (skill, code): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            listed.entry(row.try_get(2)?).or_default().push((LedgerId::from(skill), code));
        }
        Ok(Self { kept, by_id, by_blind, listed })
    }

    /// Everybody, in the order in which they were entered.
    pub(super) fn all(&self) -> &[Kept] {
        &self.kept
    }

    pub(super) fn get(&self, id: &str) -> Option<&Kept> {
        self.by_id.get(id).and_then(|at| self.kept.get(*at))
    }

    /// Whose place somebody takes: an approved person's of the same delegation and skill. Where that one is no
    /// longer in it, whoever asked for it is entered like anybody else.
    pub(super) fn holder(&self, claim: Claim<'_>) -> Option<&Kept> {
        let of = self.get(claim.replaces?)?;
        let is_in =
            of.state == State::Approved && of.skill == *claim.skill && of.delegation == claim.delegation;
        is_in.then_some(of)
    }

    /// Whether they count in their delegation's quota: who waits to replace somebody takes that one's place.
    fn has_place(&self, one: &Kept) -> bool {
        one.state.is_live() && (one.state == State::Approved || self.holder(one.claim()).is_none())
    }

    /// How many places each delegation has taken in each skill.
    pub(super) fn places(&self) -> HashMap<(&str, &LedgerId), usize> {
        let mut places = HashMap::new();
        for one in self.kept.iter().filter(|one| self.has_place(one)) {
            *places.entry((one.delegation.as_str(), &one.skill)).or_default() += 1;
        }
        places
    }

    /// What counts somebody among the others; `places` are [`Census::places`].
    pub(super) fn counted(
        &self,
        claim: Claim<'_>,
        places: &HashMap<(&str, &LedgerId), usize>,
        there: &There,
    ) -> Counted {
        let holder = self.holder(claim);
        let mut of_delegation = places.get(&(claim.delegation, claim.skill)).copied().unwrap_or_default();
        let is_here = |one: &&Kept| one.delegation == claim.delegation && one.skill == *claim.skill;
        let own = self.get(claim.id).filter(is_here).filter(|one| self.has_place(one));
        let not_others = usize::from(own.is_some()) + usize::from(holder.is_some());
        of_delegation = of_delegation.saturating_sub(not_others);
        let same = self.by_blind.get(claim.blind).into_iter().flatten().filter_map(|at| self.kept.get(*at));
        let is_other = |one: &&Kept| {
            one.id != claim.id && one.state.is_live() && holder.is_none_or(|of| of.id != one.id)
        };
        let same = same.filter(is_other).map(|one| &one.skill);
        let on_lists = self.listed.get(claim.blind).into_iter().flatten().map(|(skill, _)| skill);
        let skills: Vec<&LedgerId> = same.chain(on_lists).collect();
        let elsewhere = skills.iter().find(|other| **other != claim.skill);
        Counted {
            of_delegation,
            elsewhere: elsewhere
                .and_then(|other| there.skill(other))
                .map(|kept| Spoken::new(kept.document.name.zh.clone(), kept.document.name.en.clone())),
            is_there: skills.contains(&claim.skill),
        }
    }

    /// The code under which an approved person is on the list of their skill; none where they are not. It is found
    /// by the document's number: a code may be another's by now.
    pub(super) fn code(&self, one: &Kept) -> Option<&str> {
        let listed = self.listed.get(&one.blind)?.iter().find(|(skill, _)| *skill == one.skill)?;
        (one.state == State::Approved).then_some(listed.1.as_str())
    }

    /// How many are in each state, of each delegation.
    pub(super) fn counts(&self) -> HashMap<&str, BTreeMap<State, usize>> {
        let mut counts: HashMap<&str, BTreeMap<State, usize>> = HashMap::new();
        for one in &self.kept {
            *counts.entry(&one.delegation).or_default().entry(one.state).or_default() += 1;
        }
        counts
    }
}
