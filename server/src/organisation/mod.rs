//! The tree of organisations (机构), and what lies above what: who holds a role over an organisation holds it
//! over all below it and over their competitions (docs/adr/0024).

mod queries;

use std::collections::HashMap;

use domain::access::Scope;
use domain::finding::Spoken;
use domain::findings;
use domain::id::{LedgerId, OrganisationId};
use protocol::people::{ORGANISATION_NAME_MAX, Organisation, OrganisationKind};
use sqlx::{AnyConnection, Row as _};

use crate::competition::{self, CompetitionError};
use crate::database::{Database, DatabaseError};
use crate::spoken;

/// How many organisations there are at most.
const ORGANISATIONS_MAX: usize = 20_000;
/// How deep the tree is at most.
const DEPTH_MAX: usize = 12;

findings! {
    /// Why something could not be done with an organisation.
    pub enum OrganisationError {
        Unknown = Error "unknown_organisation",
            "没有这个机构；它可能刚被删除，请刷新页面。",
            "There is no such organisation; it may just have been removed: load the page again.";
        NameUnfit { most: usize } = Error "organisation_name_unfit",
            "请填写机构名称；不超过 {most} 个字符，不换行。",
            "Give the organisation's name; {most} characters at the most, on one line.";
        Twice { name: String } = Error "organisation_twice",
            "“{name}”在这一级下已经有了；请核对，或换一个名称。",
            "\"{name}\" is there already at this place; look again, or give it another name.";
        Ring { name: String } = Error "organisation_ring",
            "“{name}”在它自己下面，不能作它的上级；请选别的上级。什么都没有改。",
            "\"{name}\" lies below it and cannot be above it too; choose another. Nothing was changed.";
        TooDeep { most: usize } = Error "organisation_too_deep",
            "机构最多 {most} 级；请选更高一级的上级。",
            "The tree of organisations is {most} deep at the most; choose one further up.";
        TooMany { most: usize } = Error "organisations_full",
            "机构已有 {most} 个，不能再多。",
            "There are {most} organisations, and no more are taken.";
        InUse { name: String } = Error "organisation_in_use",
            "“{name}”还有下级、大赛、竞赛体系、任职或邀请，不能删除；请先移走或结束它们。",
            "\"{name}\" still has organisations below it, competitions, circuits, appointments or invitations; move or end those first.";
        Database { problem: Spoken } = Error "database_failed",
            "数据库没有应答：{problem:#}。",
            "The database does not answer: {problem}.";
    }
}

/// Every organisation, each after the one above it; those beside each other by name.
///
/// # Errors
/// Where the database does not answer.
pub async fn list(database: &Database) -> Result<Vec<Organisation>, OrganisationError> {
    let rows = sqlx::query(queries::SELECT).fetch_all(database.pool()).await?;
    Ok(in_order(read(&rows)?))
}

/// The whole tree at one moment, for who asks of many organisations at once.
pub struct Tree(HashMap<OrganisationId, Organisation>);

/// The whole tree as it is now.
///
/// # Errors
/// Where the database does not answer.
pub async fn tree(database: &Database) -> Result<Tree, OrganisationError> {
    let rows = sqlx::query(queries::SELECT).fetch_all(database.pool()).await?;
    Ok(Tree(read(&rows)?.into_iter().map(|one| (one.id.clone(), one)).collect()))
}

impl Tree {
    /// One of it.
    #[must_use]
    pub fn find(&self, id: &OrganisationId) -> Option<&Organisation> {
        self.0.get(id)
    }

    /// One and all that lies above it, up to everything, as [`reach`] tells it.
    #[must_use]
    pub fn reach(&self, id: &OrganisationId) -> Vec<Scope> {
        let above = std::iter::successors(self.find(id), |one| self.find(one.parent.as_ref()?));
        // No tree is deeper, so that a ring would end as well.
        let above = above.take(DEPTH_MAX + 1).map(|one| Scope::Organisation(one.id.clone()));
        above.chain([Scope::Everything]).collect()
    }
}

/// Adds one below another, or at the top; its id.
///
/// # Errors
/// Where the name is unfit or there already, the one above is unknown, or the tree would be too large.
pub async fn add(
    database: &Database,
    parent: Option<&OrganisationId>,
    (kind, name): (OrganisationKind, &str),
    now: i64,
) -> Result<OrganisationId, OrganisationError> {
    let name = fit(name)?;
    let mut transaction = database.begin_write().await?;
    let there = held(&mut transaction).await?;
    if there.len() >= ORGANISATIONS_MAX {
        return Err(OrganisationError::TooMany { most: ORGANISATIONS_MAX });
    }
    check(&there, None, parent, name)?;
    let id = uuid::Uuid::now_v7().to_string();
    sqlx::query(queries::INSERT)
        .bind(&id)
        .bind(parent.map(OrganisationId::as_str))
        .bind(kind.as_str())
        .bind(name)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(OrganisationId::from(id))
}

/// Gives one another name, kind or place in the tree.
///
/// # Errors
/// As [`add`], and where it would lie below itself.
pub async fn change(
    database: &Database,
    id: &OrganisationId,
    parent: Option<&OrganisationId>,
    (kind, name): (OrganisationKind, &str),
) -> Result<(), OrganisationError> {
    let name = fit(name)?;
    let mut transaction = database.begin_write().await?;
    let there = held(&mut transaction).await?;
    check(&there, Some(id), parent, name)?;
    sqlx::query(queries::UPDATE)
        .bind(id.as_str())
        .bind(parent.map(OrganisationId::as_str))
        .bind(kind.as_str())
        .bind(name)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Removes one that nothing hangs on.
///
/// # Errors
/// Where something does, or there is none.
pub async fn remove(database: &Database, id: &OrganisationId) -> Result<(), OrganisationError> {
    let mut transaction = database.begin_write().await?;
    let there = held(&mut transaction).await?;
    let one = there.iter().find(|one| one.id == *id).ok_or(OrganisationError::Unknown)?;
    let scope = Scope::Organisation(id.clone()).written();
    let count = sqlx::query_scalar::<_, i64>(queries::COUNT_HELD).bind(scope).bind(id.as_str());
    let count = count.fetch_one(&mut *transaction).await?;
    let is_above = there.iter().any(|below| below.parent.as_ref() == Some(id));
    if count > 0 || is_above || competition::count_of(&mut transaction, id).await? > 0 {
        return Err(OrganisationError::InUse { name: one.name.clone() });
    }
    sqlx::query(queries::DELETE).bind(id.as_str()).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// A scope and all that lies above it, up to everything. Of an organisation or a skill that is not there,
/// everything alone.
///
/// # Errors
/// Where the database does not answer.
pub async fn reach(database: &Database, scope: &Scope) -> Result<Vec<Scope>, OrganisationError> {
    let mut reach = Vec::new();
    let mut organisation = None;
    match scope {
        Scope::Everything => {}
        Scope::Organisation(id) => organisation = Some(id.clone()),
        Scope::Competition(id) => {
            reach.push(scope.clone());
            let practices = competition::practices(database).await?;
            if let Some(of) = practices.into_iter().find(|practice| practice.competition == *id) {
                above_practice(database, &of.skill, &mut reach).await?;
            }
            organisation = competition::organisation_of(database, id).await?;
        }
        Scope::Skill(skill) => match competition::of_skill(database, skill).await {
            Ok(id) => {
                reach.push(scope.clone());
                organisation = competition::organisation_of(database, &id).await?;
                reach.push(Scope::Competition(id));
                if let Some(of) = competition::practised_by(database, skill).await? {
                    above_practice(database, &of, &mut reach).await?;
                }
            }
            Err(CompetitionError::UnknownSkill { .. }) => {}
            Err(error) => return Err(error.into()),
        },
    }
    if let Some(id) = organisation {
        let rows = sqlx::query(queries::SELECT_ABOVE).bind(id.as_str()).fetch_all(database.pool()).await?;
        let mut above = HashMap::new();
        for row in rows {
            above.insert(
                OrganisationId::from(row.try_get::<String, _>(0)?),
                row.try_get::<Option<String>, _>(1)?.map(OrganisationId::from),
            );
        }
        let mut next = Some(id);
        while let Some((id, parent)) = next.and_then(|id| above.remove_entry(&id)) {
            reach.push(Scope::Organisation(id));
            next = parent;
        }
    }
    reach.push(Scope::Everything);
    Ok(reach)
}

/// A practice is as its skill: who manages that manages the practice too.
async fn above_practice(
    database: &Database,
    of: &LedgerId,
    reach: &mut Vec<Scope>,
) -> Result<(), OrganisationError> {
    reach.push(Scope::Skill(of.clone()));
    reach.push(Scope::Competition(competition::of_skill(database, of).await?));
    Ok(())
}

/// Every organisation, held until the transaction ends.
async fn held(connection: &mut AnyConnection) -> Result<Vec<Organisation>, OrganisationError> {
    sqlx::query(queries::HOLD).execute(&mut *connection).await?;
    read(&sqlx::query(queries::SELECT).fetch_all(&mut *connection).await?)
}

fn read(rows: &[sqlx::any::AnyRow]) -> Result<Vec<Organisation>, OrganisationError> {
    let one = |row: &sqlx::any::AnyRow| {
        Ok(Organisation {
            id: OrganisationId::from(row.try_get::<String, _>(0)?),
            parent: row.try_get::<Option<String>, _>(1)?.map(OrganisationId::from),
            kind: OrganisationKind::parse(&row.try_get::<String, _>(2)?).unwrap_or_default(),
            name: row.try_get(3)?,
            depth: 0,
        })
    };
    rows.iter().map(one).collect()
}

/// Each after the one above it, with how deep it lies.
fn in_order(all: Vec<Organisation>) -> Vec<Organisation> {
    let mut below: HashMap<Option<OrganisationId>, Vec<Organisation>> = HashMap::new();
    for one in all {
        below.entry(one.parent.clone()).or_default().push(one);
    }
    for beside in below.values_mut() {
        // The last comes off first.
        beside.sort_by(|a, b| (&b.name, &b.id).cmp(&(&a.name, &a.id)));
    }
    let mut ordered = Vec::new();
    let mut path = vec![None];
    while let Some(above) = path.last() {
        match below.get_mut(above).and_then(Vec::pop) {
            Some(mut one) => {
                one.depth = path.len() - 1;
                path.push(Some(one.id.clone()));
                ordered.push(one);
            }
            None => {
                path.pop();
            }
        }
    }
    ordered
}

fn fit(name: &str) -> Result<&str, OrganisationError> {
    let name = name.trim();
    let is_fit = !name.is_empty()
        && name.chars().count() <= ORGANISATION_NAME_MAX
        && !name.chars().any(char::is_control);
    if is_fit { Ok(name) } else { Err(OrganisationError::NameUnfit { most: ORGANISATION_NAME_MAX }) }
}

/// Whether one, a new one or one of `there`, may lie below `parent` under that name.
fn check(
    there: &[Organisation],
    id: Option<&OrganisationId>,
    parent: Option<&OrganisationId>,
    name: &str,
) -> Result<(), OrganisationError> {
    let find = |id: &OrganisationId| there.iter().find(|one| one.id == *id);
    if id.is_some_and(|id| find(id).is_none()) {
        return Err(OrganisationError::Unknown);
    }
    let is_same =
        |one: &&Organisation| one.parent.as_ref() == parent && one.name == name && Some(&one.id) != id;
    if let Some(same) = there.iter().find(is_same) {
        return Err(OrganisationError::Twice { name: same.name.clone() });
    }
    let (mut above, mut depth) = (parent, 1);
    while let Some(at) = above {
        let one = find(at).ok_or(OrganisationError::Unknown)?;
        if Some(at) == id {
            let chosen = parent.and_then(find).unwrap_or(one);
            return Err(OrganisationError::Ring { name: chosen.name.clone() });
        }
        (above, depth) = (one.parent.as_ref(), depth + 1);
        if depth > there.len() + 1 {
            break;
        }
    }
    let below = id.map_or(0, |id| height(there, id));
    if depth + below > DEPTH_MAX { Err(OrganisationError::TooDeep { most: DEPTH_MAX }) } else { Ok(()) }
}

/// How many levels lie below one.
fn height(there: &[Organisation], id: &OrganisationId) -> usize {
    let (mut level, mut height) = (vec![id], 0);
    loop {
        level = there
            .iter()
            .filter(|one| one.parent.as_ref().is_some_and(|parent| level.contains(&parent)))
            .map(|one| &one.id)
            .collect();
        if level.is_empty() || height > DEPTH_MAX {
            return height;
        }
        height += 1;
    }
}

impl From<sqlx::Error> for OrganisationError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database { problem: spoken::of_database(&error) }
    }
}

impl From<DatabaseError> for OrganisationError {
    fn from(error: DatabaseError) -> Self {
        Self::Database { problem: error.spoken() }
    }
}

impl From<CompetitionError> for OrganisationError {
    fn from(error: CompetitionError) -> Self {
        Self::Database { problem: error.spoken() }
    }
}
