//! What people do with promotions: confirm them, by which they are entered above; take a place away or give it up;
//! put somebody back; draw a lot among equals.

use std::collections::{HashMap, HashSet};

use domain::advancement::{Fate, Key, Merge, lot};
use domain::id::{CompetitorCode, LedgerId};
use domain::registration::{State, Step};
use protocol::promotion::{Lineage, Recorded};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::look::{Promoted, There, is_fixed};
use super::source::{For, Source};
use super::{PromotionError, Stands, begun, failed, of_step, queries, read_key, reason};
use crate::accounts::{AccountError, Staff};
use crate::competition::to_json;
use crate::exchange::package::Person;
use crate::http::{App, Failure};
use crate::registration::{self, Coming};
use crate::setup;

/// A lot that was drawn.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lot {
    pub(super) seed: String,
    pub(super) order: Vec<Key>,
}

/// What was chosen to be confirmed: who, by its text in forms, and how it was seen.
type Chosen = [(String, String)];

/// Confirms those who are chosen, each as it was seen, and enters them above; whose result is official is approved
/// there as well, where nothing speaks against it. Of those whom the result no longer leads there each is kept by
/// decision, which needs a reason. Gives how many were confirmed, and how many of those chosen were not.
///
/// # Errors
/// Where nobody is chosen, a reason is missing, the list above is fixed, or the database does not answer.
pub(crate) async fn confirm(
    app: &App,
    staff: &Staff,
    (id, skill): (&str, &str),
    chosen: &Chosen,
    why: &str,
) -> Result<(usize, usize), Failure> {
    if chosen.is_empty() {
        return Err(PromotionError::NobodyChosen.into());
    }
    let there = There::load(app, (id, skill)).await?;
    is_free(app, &there).await?;
    let mut confirming = Vec::new();
    for (key, seen) in chosen {
        let Some(key) = read_key(key).filter(|key| there.seen(key) == *seen) else { continue };
        let step = match (there.recorded(&key), there.fate(&key)) {
            (Recorded::Nothing, Fate::Advances(_)) => Some("confirm"),
            (Recorded::Changed, _) => Some("renew"),
            (Recorded::Fallen, _) => Some("keep"),
            // By a result that has become official since; else what is missing of the entry is made up for.
            (Recorded::Confirmed, _) => there.has_new_stage(&key).then_some("official"),
            (Recorded::Kept, _) => None,
            _ => continue,
        };
        if step == Some("keep") {
            reason(why)?;
        }
        confirming.push((key, step));
    }
    if confirming.is_empty() {
        return Err(PromotionError::Changed.into());
    }
    let mut entering = Entering::begin(app, staff, &there).await?;
    let mut official = Vec::new();
    for (key, step) in &confirming {
        let entered = entering.confirm(key, *step, why.trim()).await?;
        if there.sources.get(&key.0).is_some_and(Source::is_official) {
            official.extend(entered);
        }
    }
    entering.transaction.commit().await.map_err(failed)?;
    approve(app, staff, id, &official).await?;
    Ok((confirming.len(), chosen.len() - confirming.len()))
}

/// Approves those of these registrations that wait, as far as nothing speaks against it.
async fn approve(app: &App, staff: &Staff, competition: &str, entered: &[String]) -> Result<(), Failure> {
    let of: HashSet<&str> = entered.iter().map(String::as_str).collect();
    let standing = registration::standing(app, competition, &of).await?;
    // In the order in which they go on; a person who came by two ways once.
    let mut seen = HashSet::new();
    let once = entered.iter().filter(|id| seen.insert(id.as_str()));
    let waiting = once.filter_map(|id| match standing.get(id)? {
        (State::Waiting, changes, _) => Some((id.clone(), *changes)),
        _ => None,
    });
    let waiting: Vec<(String, i64)> = waiting.collect();
    if waiting.is_empty() {
        return Ok(());
    }
    registration::approve(app, staff, competition, &waiting).await.map(|_| ())
}

async fn is_free(app: &App, there: &There) -> Result<(), Failure> {
    if is_fixed(app, &there.above).await? {
        let skill = there.above.skill.document.name.zh.clone();
        return Err(PromotionError::Fixed { skill }.into());
    }
    Ok(())
}

/// The transaction in which some are confirmed and entered.
struct Entering<'a> {
    app: &'a App,
    staff: &'a Staff,
    there: &'a There,
    transaction: sqlx::Transaction<'static, sqlx::Any>,
    delegations: Vec<registration::DelegationThere>,
    /// Promotions that were given up and in whose place nobody came yet.
    vacant: Vec<(LedgerId, String)>,
    /// Teams that were entered now, each by what it is called and who it is.
    teams: Vec<(String, Key)>,
    /// The numbers of documents, by the skill below and the code there.
    numbers: HashMap<LedgerId, HashMap<CompetitorCode, String>>,
}

impl<'a> Entering<'a> {
    async fn begin(app: &'a App, staff: &'a Staff, there: &'a There) -> Result<Self, Failure> {
        let mut numbers = HashMap::new();
        for (skill, source) in &there.sources {
            numbers.insert(skill.clone(), source.numbers(app).await?);
        }
        let mut transaction = app.database.begin_write().await.map_err(begun)?;
        registration::hold(&mut transaction, &there.above.competition.id).await?;
        // Whoever confirms counts alone: what was confirmed since it was looked at is looked at first.
        if there.is_behind(&mut transaction).await? {
            return Err(PromotionError::Changed.into());
        }
        let taken: HashSet<&str> = there.kept.iter().filter_map(|one| one.replaces.as_deref()).collect();
        let is_vacant = |one: &&Promoted| {
            one.stands == Stands::Out && one.lineage.is_some() && !taken.contains(one.id.as_str())
        };
        let vacant = there.kept.iter().filter(is_vacant).map(|one| (one.key.0.clone(), one.id.clone()));
        let vacant = vacant.collect();
        let delegations = there.delegations.clone();
        Ok(Self { app, staff, there, transaction, delegations, vacant, teams: Vec::new(), numbers })
    }

    /// Confirms one, with a step unless it was confirmed before, and enters its people; their registrations.
    async fn confirm(&mut self, key: &Key, step: Option<&str>, why: &str) -> Result<Vec<String>, Failure> {
        let there = self.there;
        let lineage = there.lineage(key).ok_or(PromotionError::Changed)?;
        let promoted = there.promoted(key);
        let id = promoted.map_or_else(|| uuid::Uuid::now_v7().to_string(), |one| one.id.clone());
        if let Some(step) = step {
            let replaces = match promoted.and_then(|one| one.replaces.clone()) {
                Some(of) => Some(of),
                None if step == "confirm" => self.replaced(key),
                None => None,
            };
            let record = Record { id: &id, key, stands: Stands::Confirmed, lineage: &lineage, replaces };
            record.keep(&mut self.transaction, self.app, self.staff, promoted, (step, why), there).await?;
        }
        let mut registrations = Vec::new();
        let Some(source) = there.sources.get(&key.0) else { return Ok(registrations) };
        for person in source.people(&key.1) {
            let known = promoted.and_then(|one| one.entries.iter().find(|entry| entry.code == person.code));
            if let Some(entry) = known.filter(|entry| entry.state.is_live()) {
                registrations.push(entry.registration.clone());
                continue;
            }
            let registration = self.enter(source, key, person, &lineage).await?;
            sqlx::query(queries::UPSERT_ENTRY)
                .bind(&id)
                .bind(person.code.as_str())
                .bind(&registration)
                .execute(&mut *self.transaction)
                .await
                .map_err(failed)?;
            registrations.push(registration);
        }
        Ok(registrations)
    }

    /// In whose place somebody comes: of the same skill below first.
    fn replaced(&mut self, key: &Key) -> Option<String> {
        let own = self.vacant.iter().position(|(skill, _)| *skill == key.0);
        let is_each =
            self.there.above.document.as_ref().is_none_or(|document| document.rule.merge == Merge::Each);
        let at = own.or((!is_each && !self.vacant.is_empty()).then_some(0))?;
        Some(self.vacant.remove(at).1)
    }

    /// How a team is called above: with its delegation, since teams of several skills below are often called alike and
    /// two of one name would be marked as one; and numbered where that is not enough.
    fn team(&mut self, source: &Source, key: &Key, person: &Person) -> String {
        if person.team.is_empty() {
            return String::new();
        }
        let called = self.there.team(source, key);
        let before = self.there.kept.iter().filter(|one| one.stands == Stands::Confirmed).map(|one| &one.key);
        let before = before.filter(|other| *other != key).filter(|other| {
            let source = self.there.sources.get(&other.0);
            source.is_some_and(|source| self.there.team(source, other) == called)
        });
        let mut alike: HashSet<Key> = before.cloned().collect();
        let now = self.teams.iter().filter(|(known, other)| *known == called && other != key);
        alike.extend(now.map(|(_, other)| other.clone()));
        self.teams.push((called.clone(), key.clone()));
        if alike.is_empty() { called } else { format!("{called} {}", alike.len() + 1) }
    }

    /// Registers one of its people for their delegation, which is made where there is none.
    async fn enter(
        &mut self,
        source: &Source,
        key: &Key,
        person: &Person,
        lineage: &Lineage,
    ) -> Result<String, Failure> {
        let competition = &self.there.above.competition.id;
        let found = match source.delegation(&key.1, &self.delegations, &self.there.tree) {
            For::There(one) => Ok(one.id.clone()),
            For::New(name) => Err(name),
        };
        let delegation = match found {
            Ok(id) => id,
            Err(name) => {
                let made = registration::add_for(&mut self.transaction, self.app, competition, &name).await?;
                self.delegations.push(made.clone());
                made.id
            }
        };
        let said = from_where(source, lineage);
        let team = self.team(source, key, person);
        let numbers = self.numbers.get(&source.ledger);
        let number = numbers.and_then(|numbers| numbers.get(&person.code)).map(String::as_str);
        let skill = &self.there.above.skill.ledger;
        registration::receive(
            &mut self.transaction,
            self.app,
            self.staff,
            (competition, skill, &delegation),
            &Coming { person, number, team: &team, said: &said },
        )
        .await
    }
}

/// From where somebody comes, as it is noted with their registration.
fn from_where(source: &Source, lineage: &Lineage) -> String {
    let place = lineage.position.map(|position| position.to_string()).unwrap_or_default();
    let (zh, en) = (&source.competition.name.zh, &source.competition.name.en);
    format!("由“{zh}”第 {place} 名晋级 / promoted from {en}, position {place}")
}

/// What is kept of a promotion.
struct Record<'a> {
    id: &'a str,
    key: &'a Key,
    stands: Stands,
    lineage: &'a Lineage,
    replaces: Option<String>,
}

impl Record<'_> {
    async fn keep(
        self,
        connection: &mut AnyConnection,
        app: &App,
        staff: &Staff,
        before: Option<&Promoted>,
        (step, said): (&str, &str),
        there: &There,
    ) -> Result<(), Failure> {
        let lineage = to_json(self.lineage).map_err(setup::failed)?;
        let number = before.map_or(1, |one| one.changes + 1);
        let done = match before {
            Some(one) => sqlx::query(queries::UPDATE)
                .bind(self.id)
                .bind(one.changes)
                .bind(self.stands.as_str())
                .bind(&lineage)
                .bind(self.replaces),
            None => sqlx::query(queries::INSERT)
                .bind(self.id)
                .bind(there.above.skill.ledger.as_str())
                .bind(self.key.0.as_str())
                .bind(self.key.1.as_str())
                .bind(self.stands.as_str())
                .bind(&lineage)
                .bind(self.replaces)
                .bind((app.clock)()),
        };
        match done.execute(&mut *connection).await {
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                return Err(PromotionError::Changed.into());
            }
            done if done.as_ref().is_ok_and(|done| done.rows_affected() == 0) => {
                return Err(PromotionError::Changed.into());
            }
            done => done.map_err(failed)?,
        };
        let sealed = app.vault.seal(&of_step(self.id, number), said.as_bytes());
        sqlx::query(queries::INSERT_STEP)
            .bind(self.id)
            .bind(number)
            .bind(step)
            .bind(lineage)
            .bind(sealed.ok_or(AccountError::NoRandomness)?)
            .bind(&staff.account)
            .bind((app.clock)())
            .execute(connection)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

/// Notes that somebody gives a place up, or takes it from them: they are withdrawn above, and the next one goes on.
///
/// # Errors
/// Where no reason is said, it was changed meanwhile, or the list above is fixed while they are on it.
pub(crate) async fn give_up(
    app: &App,
    staff: &Staff,
    (id, skill): (&str, &str),
    (key, seen): (&str, &str),
    why: &str,
) -> Result<(), Failure> {
    let why = reason(why)?;
    let there = There::load(app, (id, skill)).await?;
    let key = read_key(key).filter(|key| there.seen(key) == seen).ok_or(PromotionError::Changed)?;
    let promoted = there.promoted(&key);
    let lineage = there.lineage(&key).or_else(|| promoted.and_then(|one| one.lineage.clone()));
    let lineage = lineage.ok_or(PromotionError::Changed)?;
    if promoted.is_some_and(|one| one.stands == Stands::Out) {
        return Err(PromotionError::Changed.into());
    }
    // Who goes on from another skill as well stays entered.
    let is_held = |registration: &str| {
        let others = there.kept.iter().filter(|one| one.stands == Stands::Confirmed && one.key != key);
        others.flat_map(|one| &one.entries).any(|entry| entry.registration == registration)
    };
    let entries = promoted.into_iter().flat_map(|one| &one.entries);
    for entry in entries.filter(|entry| entry.state.is_live() && !is_held(&entry.registration)) {
        let of = (entry.delegation.as_str(), entry.registration.as_str());
        registration::leave(app, staff, id, of, (Step::Withdraw, entry.changes, why)).await?;
    }
    // Of one who was never confirmed nothing is to be filled by a substitute but their place.
    let fresh = uuid::Uuid::now_v7().to_string();
    let record = Record {
        id: promoted.map_or(fresh.as_str(), |one| one.id.as_str()),
        key: &key,
        stands: Stands::Out,
        lineage: &lineage,
        replaces: promoted.and_then(|one| one.replaces.clone()),
    };
    let mut transaction = app.database.begin_write().await.map_err(begun)?;
    record.keep(&mut transaction, app, staff, promoted, ("out", why), &there).await?;
    transaction.commit().await.map_err(failed)
}

/// Lets the rule decide again of somebody who gave a place up.
///
/// # Errors
/// Where it was changed meanwhile.
pub(crate) async fn put_back(
    app: &App,
    staff: &Staff,
    of: (&str, &str),
    (key, seen): (&str, &str),
) -> Result<(), Failure> {
    let there = There::load(app, of).await?;
    let key = read_key(key).filter(|key| there.seen(key) == seen).ok_or(PromotionError::Changed)?;
    let promoted = there.promoted(&key).filter(|one| one.stands == Stands::Out);
    let promoted = promoted.ok_or(PromotionError::Changed)?;
    let lineage = there.lineage(&key).or_else(|| promoted.lineage.clone()).unwrap_or_default();
    let record = Record {
        id: &promoted.id,
        key: &key,
        stands: Stands::Open,
        lineage: &lineage,
        replaces: promoted.replaces.clone(),
    };
    let mut transaction = app.database.begin_write().await.map_err(begun)?;
    record.keep(&mut transaction, app, staff, Some(promoted), ("back", ""), &there).await?;
    transaction.commit().await.map_err(failed)
}

/// Draws a lot among equals for whom one is wanted. The seed is kept, so that anybody can draw it again.
///
/// # Errors
/// Where none is wanted among these, or there is no randomness.
pub(crate) async fn draw(
    app: &App,
    staff: &Staff,
    of: (&str, &str),
    equals: &[String],
) -> Result<(), Failure> {
    let there = There::load(app, of).await?;
    let asked: HashSet<Key> = equals.iter().filter_map(|key| read_key(key)).collect();
    let is_meant = |open: &&Vec<Key>| open.iter().cloned().collect::<HashSet<Key>>() == asked;
    let open = there.outcome.open.iter().find(is_meant).ok_or(PromotionError::NoLot)?;
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| AccountError::NoRandomness)?;
    let seed: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let order = lot(&seed, open);
    let document = to_json(&Lot { seed, order }).map_err(setup::failed)?;
    let insert = sqlx::query(queries::INSERT_LOT)
        .bind(there.above.skill.ledger.as_str())
        // Of two that are drawn at once the first counts, and nobody is drawn again until it suits.
        .bind(i64::try_from(there.lots + 1).unwrap_or(i64::MAX))
        .bind(document)
        .bind(&staff.account)
        .bind((app.clock)());
    match insert.execute(app.database.pool()).await {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Err(PromotionError::NoLot.into()),
        done => done.map(|_| ()).map_err(failed),
    }
}
