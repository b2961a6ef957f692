//! Who goes on, as the results and the rule stand now, beside what was recorded of it.

use std::collections::{HashMap, HashSet};

use domain::advancement::{Fate, Key, Outcome, Why, advance};
use domain::id::{CompetitorCode, ID_LENGTH_MAX, LedgerId};
use domain::ledger::Hash;
use domain::registration::State;
use protocol::list::{Cell, ListQuery};
use protocol::promotion::{
    Flow, Lineage, Overview, OverviewLine, PathStep, PromotionLine, PromotionPage, PromotionStep, Promotions,
    Recorded,
};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::rule::{Above, Document, offered, typed};
use super::source::{self, Source};
use super::{PromotionError, Stands, begun, failed, key_text, of_step, queries};
use crate::accounts::Staff;
use crate::circuit;
use crate::competition::{self, KeptSkill, from_json};
use crate::desk;
use crate::exchange::package::{Competition, SkillDocument};
use crate::http::{App, Failure};
use crate::organisation::{self, Tree};
use crate::registration::{self, DelegationThere};
use crate::setup;

/// A promotion as kept.
pub(super) struct Promoted {
    pub(super) id: String,
    pub(super) key: Key,
    pub(super) stands: Stands,
    pub(super) lineage: Option<Lineage>,
    pub(super) replaces: Option<String>,
    pub(super) changes: i64,
    pub(super) entries: Vec<Entry>,
}

/// A registration by which somebody came onto the list above.
pub(super) struct Entry {
    /// Whose: their own code below.
    pub(super) code: CompetitorCode,
    pub(super) registration: String,
    pub(super) delegation: String,
    pub(super) state: State,
    pub(super) changes: i64,
}

/// A skill's promotions at one moment.
pub(super) struct There {
    pub(super) above: Above,
    pub(super) sources: HashMap<LedgerId, Source>,
    pub(super) kept: Vec<Promoted>,
    pub(super) delegations: Vec<DelegationThere>,
    pub(super) tree: Tree,
    pub(super) outcome: Outcome,
    /// How many lots were drawn.
    pub(super) lots: usize,
    fates: HashMap<Key, Fate>,
}

impl There {
    pub(super) async fn load(app: &App, of: (&str, &str)) -> Result<Self, Failure> {
        let above = Above::load(app, of).await?;
        let mut reading = app.database.begin_read().await.map_err(begun)?;
        let kept = kept(&mut reading, &above.skill.ledger).await?;
        let delegations = registration::delegations(&mut reading, &above.competition.id).await?;
        let lots = lots(&mut reading, &above.skill.ledger).await?;
        drop(reading);
        let mut skills: HashSet<LedgerId> = kept.iter().map(|one| one.key.0.clone()).collect();
        skills.extend(above.document.iter().flat_map(|document| document.feeders.clone()));
        let sources = source::load(app, &Vec::from_iter(skills)).await?;
        let tree = organisation::tree(&app.database).await?;
        let out: HashSet<Key> =
            kept.iter().filter(|one| one.stands == Stands::Out).map(|one| one.key.clone()).collect();
        let outcome = above.document.as_ref().map(|document| {
            let feeders = document.feeders.iter().filter_map(|id| sources.get(id));
            let feeders: Vec<_> = feeders.map(|source| source.feeder(&delegations, &tree, &out)).collect();
            advance(&document.rule, &feeders, &lots)
        });
        let outcome = outcome.unwrap_or_default();
        let fates = outcome.rows.iter().cloned().collect();
        Ok(Self { above, sources, kept, delegations, tree, outcome, lots: lots.len(), fates })
    }

    /// Whether somebody confirmed or took away since.
    pub(super) async fn is_behind(&self, connection: &mut AnyConnection) -> Result<bool, Failure> {
        let now = kept(connection, &self.above.skill.ledger).await?;
        let all = |kept: &[Promoted]| {
            let entries =
                |one: &Promoted| one.entries.iter().map(|entry| entry.registration.clone()).collect();
            kept.iter()
                .map(|one| (one.id.clone(), one.changes, entries(one)))
                .collect::<Vec<(_, _, Vec<_>)>>()
        };
        Ok(all(&now) != all(&self.kept))
    }

    pub(super) fn fate(&self, key: &Key) -> Fate {
        self.fates.get(key).copied().unwrap_or(Fate::Stays(Why::Unplaced))
    }

    pub(super) fn promoted(&self, key: &Key) -> Option<&Promoted> {
        self.kept.iter().find(|one| one.key == *key)
    }

    /// The result as it stands, as a promotion would record it.
    pub(super) fn lineage(&self, key: &Key) -> Option<Lineage> {
        let source = self.sources.get(&key.0)?;
        let standing = source.standings.get(&key.1)?;
        let place = match self.fate(key) {
            Fate::Advances(place) => Some(place),
            _ => None,
        };
        Some(Lineage {
            seq: source.state.head.seq,
            hash: source.state.head.hash.to_string(),
            stage: source.status().as_str().to_owned(),
            position: standing.position,
            total: standing.total.map(|total| total.to_string()).unwrap_or_default(),
            scale: standing.scale,
            place,
            rule: self.above.document.as_ref().map(|document| document.rule.clone()).unwrap_or_default(),
            rule_changes: self.above.changes,
        })
    }

    pub(super) fn recorded(&self, key: &Key) -> Recorded {
        let Some(promoted) = self.promoted(key) else { return Recorded::Nothing };
        let now = self.lineage(key);
        // What was entered since, and how far the results were, changes nothing of a promotion.
        let is_same = |then: &Lineage| {
            now.as_ref().is_some_and(|now| {
                (then.position, &then.total, then.scale, &then.rule)
                    == (now.position, &now.total, now.scale, &now.rule)
            })
        };
        let is_same = promoted.lineage.as_ref().is_some_and(is_same);
        let is_by_decision = promoted.lineage.as_ref().is_some_and(|then| then.place.is_none());
        match (promoted.stands, self.fate(key)) {
            (Stands::Open, _) => Recorded::Nothing,
            (Stands::Out, _) => Recorded::Out,
            (Stands::Confirmed, Fate::Advances(_)) if is_same => Recorded::Confirmed,
            (Stands::Confirmed, Fate::Advances(_)) => Recorded::Changed,
            (Stands::Confirmed, _) if is_same && is_by_decision => Recorded::Kept,
            (Stands::Confirmed, _) => Recorded::Fallen,
        }
    }

    /// Whether the result has got further since it was confirmed: from provisional to official.
    pub(super) fn has_new_stage(&self, key: &Key) -> bool {
        let then = self.promoted(key).and_then(|one| one.lineage.as_ref()).map(|lineage| &lineage.stage);
        self.lineage(key).is_some_and(|now| then != Some(&now.stage))
    }

    /// Everybody who goes on, stands by, waits for a lot or was recorded, contest by contest.
    pub(super) fn keys(&self) -> Vec<Key> {
        let shown = self.outcome.rows.iter().filter(|(key, fate)| {
            !matches!(fate, Fate::Stays(_) | Fate::Waits) || self.recorded(key) != Recorded::Nothing
        });
        let mut keys: Vec<Key> = shown.map(|(key, _)| key.clone()).collect();
        let listed: HashSet<Key> = keys.iter().cloned().collect();
        let others = self.kept.iter().filter(|one| one.stands != Stands::Open);
        keys.extend(others.map(|one| one.key.clone()).filter(|key| !listed.contains(key)));
        keys
    }

    pub(super) fn name(&self, key: &Key) -> String {
        self.sources.get(&key.0).map(|source| source.name(&key.1)).unwrap_or_default()
    }

    /// How a team is called above; empty where it is none.
    pub(super) fn team(&self, source: &Source, key: &Key) -> String {
        let team = source.people(&key.1).first().map(|person| person.team.trim()).unwrap_or_default();
        if team.is_empty() {
            return String::new();
        }
        let delegation = source.delegation(&key.1, &self.delegations, &self.tree).name().to_owned();
        let called =
            if team.contains(&delegation) { team.to_owned() } else { format!("{delegation} {team}") };
        // A team's name is its code; a number may follow.
        called.chars().take(ID_LENGTH_MAX - 6).collect::<String>().trim().to_owned()
    }

    /// What tells one state of somebody's promotion from another.
    pub(super) fn seen(&self, key: &Key) -> String {
        let changes = self.promoted(key).map_or(0, |one| one.changes);
        let lineage = self.lineage(key).unwrap_or_default();
        let Lineage { stage, position, total, scale, rule_changes, .. } = lineage;
        let state = (self.fate(key), changes, stage, position, total, scale, rule_changes);
        Hash::of_document(format!("{state:?}").as_bytes()).to_string()
    }

    pub(super) fn line(&self, key: &Key) -> Option<PromotionLine> {
        let source = self.sources.get(&key.0)?;
        let standing = source.standings.get(&key.1);
        let promoted = self.promoted(key);
        let replaced = promoted.and_then(|one| one.replaces.as_deref());
        let replaced = replaced.and_then(|id| self.kept.iter().find(|one| one.id == id));
        let entries = promoted.map(|one| one.entries.as_slice()).unwrap_or_default();
        Some(PromotionLine {
            key: key_text(key),
            id: promoted.map(|one| one.id.clone()),
            from: source.skill.clone(),
            competition: source.competition.clone(),
            status: source.status(),
            name: source.name(&key.1),
            code: key.1.to_string(),
            delegation: source.delegation(&key.1, &self.delegations, &self.tree).name().to_owned(),
            position: standing.and_then(|one| one.position),
            total: standing.and_then(|one| one.total).map(|total| total.to_string()).unwrap_or_default(),
            scale: standing.and_then(|one| one.scale),
            fate: self.fate(key),
            recorded: self.recorded(key),
            replaces: replaced.map(|one| self.name(&one.key)).unwrap_or_default(),
            entries: entries
                .iter()
                .map(|one| (one.delegation.clone(), one.registration.clone(), one.state))
                .collect(),
            waits_for: Vec::new(),
            seen: self.seen(key),
        })
    }
}

async fn kept(connection: &mut AnyConnection, skill: &LedgerId) -> Result<Vec<Promoted>, Failure> {
    let rows = sqlx::query(queries::SELECT_ENTRIES).bind(skill.as_str()).fetch_all(&mut *connection).await;
    let mut entries: HashMap<String, Vec<Entry>> = HashMap::new();
    for row in rows.map_err(failed)? {
        let (promotion, entry) = entry(&row).map_err(failed)?;
        entries.entry(promotion).or_default().extend(entry);
    }
    let rows = sqlx::query(queries::SELECT).bind(skill.as_str()).fetch_all(connection).await;
    let mut kept = Vec::new();
    for row in rows.map_err(failed)? {
        let id: String = row.try_get(0).map_err(failed)?;
        let entries = entries.remove(&id).unwrap_or_default();
        kept.push(promoted(&row, id, entries)?);
    }
    Ok(kept)
}

fn entry(row: &AnyRow) -> Result<(String, Option<Entry>), sqlx::Error> {
    let state: String = row.try_get(4)?;
    let code: String = row.try_get(1)?;
    let (registration, delegation, changes) = (row.try_get(2)?, row.try_get(3)?, row.try_get(5)?);
    let entry = State::parse(&state).map(|state| Entry {
        code: CompetitorCode::from(code),
        registration,
        delegation,
        state,
        changes,
    });
    Ok((row.try_get(0)?, entry))
}

fn promoted(row: &AnyRow, id: String, entries: Vec<Entry>) -> Result<Promoted, PromotionError> {
    let [feeder, code, state, lineage] = [1, 2, 3, 4].map(|at| row.try_get::<String, _>(at));
    Ok(Promoted {
        id,
        key: (LedgerId::from(feeder?), CompetitorCode::from(code?)),
        stands: Stands::parse(&state?).unwrap_or(Stands::Out),
        lineage: read_lineage(&lineage?)?,
        replaces: row.try_get(5)?,
        changes: row.try_get(6)?,
        entries,
    })
}

fn read_lineage(text: &str) -> Result<Option<Lineage>, PromotionError> {
    let read = (!text.is_empty()).then(|| from_json(text)).transpose();
    read.map_err(|error| PromotionError::Failed { problem: error.spoken() })
}

async fn lots(connection: &mut AnyConnection, skill: &LedgerId) -> Result<Vec<Vec<Key>>, Failure> {
    let rows = sqlx::query(queries::SELECT_LOTS).bind(skill.as_str()).fetch_all(connection).await;
    let mut lots = Vec::new();
    for row in rows.map_err(failed)? {
        let text: String = row.try_get(0).map_err(failed)?;
        let lot: super::acts::Lot = from_json(&text).map_err(setup::failed)?;
        lots.push(lot.order);
    }
    Ok(lots)
}

/// Who goes on to a skill, and the rule.
///
/// # Errors
/// Where the competition has no such skill, or the database does not answer.
pub(crate) async fn look(
    app: &App,
    staff: &Staff,
    of: (&str, &str),
    (query, all): (&ListQuery, bool),
) -> Result<Promotions, Failure> {
    let there = There::load(app, of).await?;
    let circuit = circuit::of(app, &there.above.competition.id).await?;
    let (feeders, left_out) = offered(app, staff, &there.above, circuit.as_ref(), all).await?;
    let mut rule = typed(there.above.document.as_ref(), there.above.changes);
    if there.above.document.is_none() {
        let alike = feeders.iter().filter(|line| line.is_alike);
        rule.feeders = alike.map(|line| line.skill.id.clone()).collect();
    }
    let lines: Vec<PromotionLine> = there.keys().iter().filter_map(|key| there.line(key)).collect();
    let count = |is: fn(&PromotionLine) -> bool| lines.iter().filter(|line| is(line)).count();
    let going = count(|line| matches!(line.fate, Fate::Advances(_)));
    let unconfirmed = count(|line| {
        matches!(line.fate, Fate::Advances(_))
            && matches!(line.recorded, Recorded::Nothing | Recorded::Changed)
    });
    let fallen = count(|line| line.recorded == Recorded::Fallen);
    let mut part = query.part(lines, cells);
    say_what_keeps(app, &there, &mut part.rows).await?;
    let lots = there.outcome.open.iter().map(|equals| {
        let of = |key: &Key| {
            let name = there.name(key);
            (if name.is_empty() { key.1.to_string() } else { name }, key_text(key))
        };
        equals.iter().map(of).collect()
    });
    Ok(Promotions {
        competition: there.above.competition.document.reference(&there.above.competition.id),
        skill: desk::skill_ref(&there.above.skill),
        circuit,
        feeders,
        left_out,
        rule,
        has_rule: there.above.document.is_some(),
        lots: lots.collect(),
        going,
        unconfirmed,
        fallen,
        is_fixed: is_fixed(app, &there.above).await?,
        part,
    })
}

/// Whether the list of the skill above is fixed.
pub(super) async fn is_fixed(app: &App, above: &Above) -> Result<bool, Failure> {
    Ok(above.skill.draft.is_none() || setup::is_listed(app, &above.skill.ledger).await?)
}

/// Says of those who are confirmed and not on the list why.
async fn say_what_keeps(app: &App, there: &There, lines: &mut [PromotionLine]) -> Result<(), Failure> {
    let waiting =
        lines.iter().flat_map(|line| &line.entries).filter(|(_, _, state)| *state == State::Waiting);
    let waiting: HashSet<&str> = waiting.map(|(_, id, _)| id.as_str()).collect();
    let mut standing = registration::standing(app, &there.above.competition.id, &waiting).await?;
    for line in lines {
        for (_, id, _) in &line.entries {
            if let Some((_, _, found)) = standing.remove(id) {
                line.waits_for.extend(found);
            }
        }
    }
    Ok(())
}

fn cells(line: &PromotionLine) -> Vec<(&'static str, Cell<'_>)> {
    vec![
        ("name", line.name.as_str().into()),
        ("code", line.code.as_str().into()),
        ("delegation", line.delegation.as_str().into()),
        ("zh", line.competition.name.zh.as_str().into()),
        ("en", line.competition.name.en.as_str().into()),
        ("state", Cell::Key(state_of(line))),
    ]
}

/// By what a list of them is narrowed.
fn state_of(line: &PromotionLine) -> &'static str {
    match (line.recorded, line.fate) {
        (Recorded::Nothing, Fate::Advances(_)) => "going",
        (Recorded::Nothing, Fate::Reserve(_)) => "reserve",
        (Recorded::Nothing, _) => "open",
        (recorded, _) => recorded.as_str(),
    }
}

/// One promotion with everything that was done to it, and the person's way.
///
/// # Errors
/// Where there is none.
pub(crate) async fn one(app: &App, of: (&str, &str), id: &str) -> Result<PromotionPage, Failure> {
    let there = There::load(app, of).await?;
    let promoted = there.kept.iter().find(|one| one.id == id).ok_or_else(Failure::not_found)?;
    let mut lines = vec![there.line(&promoted.key).ok_or_else(Failure::not_found)?];
    say_what_keeps(app, &there, &mut lines).await?;
    let line = lines.pop().ok_or_else(Failure::not_found)?;
    let rows = sqlx::query(queries::SELECT_STEPS).bind(id).fetch_all(app.database.pool()).await;
    let mut steps = Vec::new();
    for row in rows.map_err(failed)? {
        let number: i64 = row.try_get(0).map_err(failed)?;
        let sealed: String = row.try_get(3).map_err(failed)?;
        let said = app.vault.unseal(&of_step(id, number), &sealed);
        let said = said.map_err(|_| PromotionError::Unreadable)?;
        steps.push(PromotionStep {
            step: row.try_get(1).map_err(failed)?,
            lineage: read_lineage(&row.try_get::<String, _>(2).map_err(failed)?)?,
            said: String::from_utf8(said).unwrap_or_default(),
            by: row.try_get(4).map_err(failed)?,
            at: row.try_get(5).map_err(failed)?,
        });
    }
    Ok(PromotionPage {
        competition: there.above.competition.document.reference(&there.above.competition.id),
        skill: desk::skill_ref(&there.above.skill),
        path: path(app, &there, promoted).await?,
        line,
        steps,
    })
}

/// A person's way, from the lowest skill that is known; a team's is that of all its people.
async fn path(app: &App, there: &There, promoted: &Promoted) -> Result<Vec<PathStep>, Failure> {
    let rows = sqlx::query(queries::SELECT_PATH).bind(&promoted.id).fetch_all(app.database.pool()).await;
    let mut ways: HashMap<LedgerId, (LedgerId, Option<Lineage>)> = HashMap::new();
    for row in rows.map_err(failed)? {
        let [from, to, lineage] = [0, 1, 2].map(|at| row.try_get::<String, _>(at));
        let way = (LedgerId::from(to.map_err(failed)?), read_lineage(&lineage.map_err(failed)?)?);
        ways.insert(LedgerId::from(from.map_err(failed)?), way);
    }
    if ways.is_empty() {
        // Nobody of it is registered above: its own step is all there is.
        let own = (there.above.skill.ledger.clone(), promoted.lineage.clone());
        ways.insert(promoted.key.0.clone(), own);
    }
    let mut skills: HashSet<LedgerId> = ways.keys().cloned().collect();
    let ends: HashSet<LedgerId> = ways.values().map(|(to, _)| to.clone()).collect();
    let mut begins: Vec<LedgerId> = skills.difference(&ends).cloned().collect();
    begins.sort();
    skills.extend(ends);
    let sources = source::load(app, &Vec::from_iter(skills)).await?;
    let mut path = Vec::new();
    for begin in begins {
        let mut at = Some(begin);
        while let Some(skill) = at.take() {
            let way = ways.remove(&skill);
            if let Some(source) = sources.get(&skill) {
                path.push(PathStep {
                    competition: source.competition.clone(),
                    tier: source.tier.clone(),
                    skill: source.skill.clone(),
                    lineage: way.as_ref().and_then(|(_, lineage)| lineage.clone()),
                });
            }
            at = way.map(|(to, _)| to);
        }
    }
    Ok(path)
}

/// How many are confirmed from which tier of a circuit to which.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn flows(app: &App, circuit: &str) -> Result<Vec<Flow>, Failure> {
    let tiers: HashMap<String, String> =
        circuit::competitions(app, circuit).await?.into_iter().map(|(id, of, _)| (id, of.tier)).collect();
    let rows = sqlx::query(queries::SELECT_FLOWS).bind(circuit).fetch_all(app.database.pool()).await;
    let mut flows: Vec<Flow> = Vec::new();
    for row in rows.map_err(failed)? {
        let (from, to): (String, String) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
        let people = usize::try_from(row.try_get::<i64, _>(2).map_err(failed)?).unwrap_or_default();
        // What was taken out of the circuit since is on no tier of it.
        let Some((from, to)) = tiers.get(&from).zip(tiers.get(&to)) else { continue };
        match flows.iter_mut().find(|flow| flow.from == *from && flow.to == *to) {
            Some(flow) => flow.people += people,
            None => flows.push(Flow { from: from.clone(), to: to.clone(), people }),
        }
    }
    Ok(flows)
}

/// A competition's skills, each with from how many skills below people come, and how many are confirmed.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn overview(app: &App, id: &str) -> Result<Overview, Failure> {
    let loaded = competition::load::<Competition, SkillDocument>(&app.database, id).await;
    let (kept, mut skills) = loaded.map_err(setup::failed)?;
    skills.sort_by(|one, other| one.document.number.cmp(&other.document.number));
    let mut feeders: HashMap<String, usize> = HashMap::new();
    let rows = sqlx::query(queries::SELECT_RULES).bind(id).fetch_all(app.database.pool()).await;
    for row in rows.map_err(failed)? {
        let document: Document =
            from_json(&row.try_get::<String, _>(1).map_err(failed)?).map_err(setup::failed)?;
        feeders.insert(row.try_get(0).map_err(failed)?, document.feeders.len());
    }
    let mut counts: HashMap<String, i64> = HashMap::new();
    let rows = sqlx::query(queries::SELECT_COUNTS).bind(id).fetch_all(app.database.pool()).await;
    for row in rows.map_err(failed)? {
        counts.insert(row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
    }
    let line = |kept: &KeptSkill<SkillDocument>| OverviewLine {
        skill: desk::skill_ref(kept),
        feeders: feeders.get(kept.ledger.as_str()).copied(),
        confirmed: counts
            .get(kept.ledger.as_str())
            .map_or(0, |count| usize::try_from(*count).unwrap_or_default()),
    };
    Ok(Overview {
        competition: kept.document.reference(id),
        circuit: circuit::of(app, id).await?,
        skills: skills.iter().map(line).collect(),
    })
}
