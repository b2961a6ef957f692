//! Circuits (竞赛体系): one cycle of the ladder of tiers each, and the competitions on its steps. A competition is
//! placed by whoever sets it up, in a circuit of its own organisation or of one above (docs/adr/0030).

mod queries;

use std::collections::HashSet;

use domain::access::{Action, Scope};
use domain::finding::{Place, Spoken};
use domain::findings;
use domain::id::OrganisationId;
use domain::ledger::Hash;
use protocol::circuit::{Circuit, CircuitForm, CircuitLine, CircuitRef, Placed, Rung, tier_words};
use protocol::list::{Cell, ListQuery};
use protocol::view::Text;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::accounts::Staff;
use crate::competition::{CompetitionError, from_json, to_json};
use crate::desk;
use crate::exchange::package::{Competition, Name, TIERS};
use crate::http::{App, Failure};
use crate::setup::{failed, named};
use crate::{competition, organisation, spoken};

findings! {
    /// Why something was not done with a circuit.
    pub enum CircuitError {
        NameUnfit { problem: Spoken } = Error "circuit_name_unfit", "{problem:#}", "{problem}";
        TiersTurned = Error "circuit_tiers_turned",
            "最高一级低于最低一级；请对调。",
            "The highest tier is below the lowest; exchange them.";
        TierUnknown = Error "circuit_tier_unknown",
            "请从列表里选级别。",
            "Choose tiers of the list.";
        CycleUnfit = Error "circuit_cycle_unfit",
            "周期不超过 40 个字，不换行，例如 2026。",
            "The cycle is 40 characters at the most on one line, such as 2026.";
        Changed = Error "circuit_changed",
            "您打开之后，别人改了这个竞赛体系；还没有保存，您写的都还在，请核对后再保存。",
            "Somebody else changed this circuit after you opened it; nothing was saved. What you typed is still here: look it over, then save.";
        LeavesOut { tier: Spoken } = Error "circuit_leaves_out",
            "体系里有“{tier:#}”的大赛，不能把这一级去掉；请先把那些大赛移出。",
            "There are competitions of the tier \"{tier}\" in it; take those out before that tier is left out.";
        NotYours = Error "circuit_not_yours",
            "您不能改这个竞赛体系；请找它的主办机构。",
            "This circuit is not yours to change; ask the organisation that it is of.";
        OutOfReach = Error "circuit_out_of_reach",
            "大赛只能放进本机构或上级机构的竞赛体系；请另选一个，或不选。",
            "A competition stands in a circuit of its own organisation or of one above; choose another, or none.";
        WrongTier { circuit: Spoken } = Error "circuit_wrong_tier",
            "竞赛体系“{circuit:#}”没有这场大赛的级别；请改级别，或另选体系。",
            "The circuit \"{circuit}\" has no such tier; change the competition's tier, or choose another circuit.";
        Rehearsed = Error "circuit_rehearsal",
            "彩排不算数，不能放进竞赛体系。",
            "A rehearsal counts for nothing and stands in no circuit.";
        InUse { count: i64 } = Error "circuit_in_use",
            "体系里还有 {count} 场大赛，不能删除；请先移出。",
            "There are {count} competitions in it still; take those out first.";
        Failed { problem: Spoken } = Error "circuit_failed", "{problem:#}。", "{problem}.";
    }
}

/// What a circuit is, as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Document {
    name: Name,
    cycle: String,
    /// Its first and its last tier.
    lowest: String,
    highest: String,
}

/// A circuit.
struct Kept {
    id: String,
    organisation: Option<OrganisationId>,
    document: Document,
    /// As the database holds it.
    text: String,
    competitions: i64,
}

impl Kept {
    fn read(row: &AnyRow) -> Result<Self, CircuitError> {
        let text: String = row.try_get(2).map_err(lost)?;
        Ok(Self {
            id: row.try_get(0).map_err(lost)?,
            organisation: row.try_get::<Option<String>, _>(1).map_err(lost)?.map(OrganisationId::from),
            document: from_json(&text).map_err(unread)?,
            text,
            competitions: row.try_get(3).map_err(lost)?,
        })
    }

    fn reference(&self) -> CircuitRef {
        let Name { zh, en } = self.document.name.clone();
        CircuitRef { id: self.id.clone(), name: Text { zh, en } }
    }

    fn has(&self, tier: &str) -> bool {
        tiers(&self.document.lowest, &self.document.highest).is_some_and(|tiers| tiers.contains(&tier))
    }

    /// What lies above it, itself left out.
    async fn reach(&self, app: &App) -> Result<Vec<Scope>, Failure> {
        let scope = self.organisation.clone().map_or(Scope::Everything, Scope::Organisation);
        Ok(organisation::reach(&app.database, &scope).await?)
    }

    /// Whether a competition may stand in it that lies below all of these.
    fn takes(&self, above: &[Scope]) -> bool {
        self.organisation.as_ref().is_none_or(|own| above.contains(&Scope::Organisation(own.clone())))
    }

    /// Whether somebody is to know of it who holds roles below it, or above.
    async fn is_known_to(&self, app: &App, staff: &Staff, above: &[Scope]) -> Result<bool, Failure> {
        let is_below = !staff.held.is_empty() && self.takes(above);
        Ok(is_below || staff.may(Action::Look, &self.reach(app).await?).is_some())
    }
}

/// The tiers from one to another; none where one of them is none, or they are turned.
fn tiers(lowest: &str, highest: &str) -> Option<&'static [&'static str]> {
    let at = |tier: &str| TIERS.iter().position(|known| *known == tier);
    TIERS.get(at(lowest)?..=at(highest)?).filter(|tiers| !tiers.is_empty())
}

async fn every(app: &App) -> Result<Vec<Kept>, Failure> {
    let rows = sqlx::query(queries::SELECT).fetch_all(app.database.pool()).await.map_err(lost)?;
    Ok(rows.iter().map(Kept::read).collect::<Result<_, CircuitError>>()?)
}

async fn find(app: &App, id: &str) -> Result<Kept, Failure> {
    let row = sqlx::query(queries::SELECT_ONE).bind(id).fetch_optional(app.database.pool()).await;
    Ok(Kept::read(&row.map_err(lost)?.ok_or_else(Failure::not_found)?)?)
}

/// All that lies at or above where somebody holds a role.
async fn above(app: &App, staff: &Staff) -> Result<Vec<Scope>, Failure> {
    let mut above = Vec::new();
    for held in staff.held.iter() {
        above.extend(organisation::reach(&app.database, &held.scope).await?);
    }
    Ok(above)
}

/// One that whoever asks may change.
async fn theirs(app: &App, staff: &Staff, id: &str) -> Result<Kept, Failure> {
    let kept = find(app, id).await?;
    if !kept.is_known_to(app, staff, &above(app, staff).await?).await? {
        return Err(Failure::not_found());
    }
    let may = staff.may(Action::SetUp, &kept.reach(app).await?).is_some();
    if may { Ok(kept) } else { Err(CircuitError::NotYours.into()) }
}

async fn name_of(app: &App, organisation: Option<&OrganisationId>) -> Result<String, Failure> {
    let Some(id) = organisation else { return Ok(String::new()) };
    let tree = organisation::tree(&app.database).await?;
    Ok(tree.find(id).map(|one| one.name.clone()).unwrap_or_default())
}

/// Every circuit that whoever asks is to know of, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn list(app: &App, staff: &Staff) -> Result<Vec<CircuitLine>, Failure> {
    let (above, tree) = (above(app, staff).await?, organisation::tree(&app.database).await?);
    let mut lines = Vec::new();
    for kept in every(app).await? {
        if kept.is_known_to(app, staff, &above).await? {
            let organisation = kept.organisation.as_ref().and_then(|id| tree.find(id));
            lines.push(CircuitLine {
                circuit: kept.reference(),
                organisation: organisation.map(|one| one.name.clone()).unwrap_or_default(),
                competitions: usize::try_from(kept.competitions).unwrap_or_default(),
                cycle: kept.document.cycle,
            });
        }
    }
    Ok(lines)
}

/// The circuits that competitions of some organisations may stand in; `None` among them stands for competitions
/// that are no organisation's.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn choices(app: &App, of: &[Option<OrganisationId>]) -> Result<Vec<CircuitRef>, Failure> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let tree = organisation::tree(&app.database).await?;
    let above: HashSet<Scope> = of.iter().flatten().flat_map(|one| tree.reach(one)).collect();
    let above: Vec<Scope> = above.into_iter().collect();
    let taking = every(app).await?.into_iter().filter(|kept| kept.takes(&above));
    Ok(taking.map(|kept| kept.reference()).collect())
}

/// Makes a circuit without competitions; gives its id.
///
/// # Errors
/// Where the form is not fit, or none may be made there.
pub(crate) async fn make(app: &App, staff: &Staff, form: &CircuitForm) -> Result<String, Failure> {
    let document = read(form)?;
    let organisation = desk::place(app, staff, &form.organisation).await?;
    let id = uuid::Uuid::try_parse(form.form.trim()).unwrap_or_else(|_| uuid::Uuid::now_v7()).to_string();
    let insert = sqlx::query(queries::INSERT)
        .bind(&id)
        .bind(organisation.as_ref().map(OrganisationId::as_str))
        .bind(to_json(&document).map_err(failed)?)
        .bind((app.clock)());
    insert.execute(app.database.pool()).await.map_err(lost)?;
    Ok(id)
}

fn read(form: &CircuitForm) -> Result<Document, CircuitError> {
    let named = |name: &str| named(name).map_err(|error| CircuitError::NameUnfit { problem: error.spoken() });
    let zh = named(&form.name)?;
    let en = if form.name_en.trim().is_empty() { zh.clone() } else { named(&form.name_en)? };
    let cycle = form.cycle.trim().to_owned();
    if cycle.chars().count() > 40 || cycle.chars().any(char::is_control) {
        return Err(CircuitError::CycleUnfit);
    }
    if !TIERS.contains(&form.lowest.as_str()) || !TIERS.contains(&form.highest.as_str()) {
        return Err(CircuitError::TierUnknown);
    }
    if tiers(&form.lowest, &form.highest).is_none() {
        return Err(CircuitError::TiersTurned);
    }
    let (lowest, highest) = (form.lowest.clone(), form.highest.clone());
    Ok(Document { name: Name { zh, en }, cycle, lowest, highest })
}

/// What a circuit is, as its form says it.
///
/// # Errors
/// Where there is none.
pub(crate) async fn form(app: &App, id: &str) -> Result<CircuitForm, Failure> {
    let Kept { document, text, .. } = find(app, id).await?;
    let Document { name, cycle, lowest, highest } = document;
    let name_en = if name.en == name.zh { String::new() } else { name.en };
    let seen = Hash::of_document(text.as_bytes()).to_string();
    Ok(CircuitForm { name: name.zh, name_en, cycle, lowest, highest, seen, ..CircuitForm::default() })
}

/// Changes what a circuit is; whose it is stays.
///
/// # Errors
/// Where the form is not fit, it is not theirs, somebody else changed it meanwhile, or a competition's tier would
/// be left out.
pub(crate) async fn describe(app: &App, staff: &Staff, id: &str, form: &CircuitForm) -> Result<(), Failure> {
    let kept = theirs(app, staff, id).await?;
    let document = read(form)?;
    if Hash::of_document(kept.text.as_bytes()).to_string() != form.seen {
        return Err(CircuitError::Changed.into());
    }
    let left = tiers(&document.lowest, &document.highest).unwrap_or_default();
    for (_, of, _) in competitions(app, id).await? {
        if !left.contains(&of.tier.as_str()) {
            let (chinese, english) = tier_words(&of.tier);
            return Err(CircuitError::LeavesOut { tier: Spoken::new(chinese, english) }.into());
        }
    }
    let update =
        sqlx::query(queries::UPDATE).bind(id).bind(to_json(&document).map_err(failed)?).bind(&kept.text);
    if update.execute(app.database.pool()).await.map_err(lost)?.rows_affected() == 0 {
        return Err(CircuitError::Changed.into());
    }
    Ok(())
}

/// Removes a circuit in which nothing stands.
///
/// # Errors
/// Where it is not theirs, or competitions stand in it.
pub(crate) async fn remove(app: &App, staff: &Staff, id: &str) -> Result<(), Failure> {
    theirs(app, staff, id).await?;
    match sqlx::query(queries::DELETE).bind(id).execute(app.database.pool()).await {
        Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
            Err(CircuitError::InUse { count: find(app, id).await?.competitions }.into())
        }
        done => Ok(done.map(|_| ()).map_err(lost)?),
    }
}

/// The competitions of a circuit, the oldest first: id, what it is, and how many skills it has.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn competitions(app: &App, id: &str) -> Result<Vec<(String, Competition, usize)>, Failure> {
    let rows = sqlx::query(queries::SELECT_COMPETITIONS).bind(id).fetch_all(app.database.pool()).await;
    let read = |row: &AnyRow| {
        let document = from_json(&row.try_get::<String, _>(1).map_err(lost)?).map_err(unread)?;
        let skills = row.try_get::<i64, _>(2).map_err(lost)?;
        Ok((row.try_get(0).map_err(lost)?, document, usize::try_from(skills).unwrap_or_default()))
    };
    let read: Result<Vec<_>, CircuitError> = rows.map_err(lost)?.iter().map(read).collect();
    Ok(read?)
}

/// A circuit: its ladder with everything that stands there, and the competitions that whoever asks may know of.
///
/// # Errors
/// Where there is none that they are to know of.
pub(crate) async fn look(app: &App, staff: &Staff, id: &str, query: &ListQuery) -> Result<Circuit, Failure> {
    let kept = find(app, id).await?;
    if !kept.is_known_to(app, staff, &above(app, staff).await?).await? {
        return Err(Failure::not_found());
    }
    let mut ladder: Vec<Rung> = tiers(&kept.document.lowest, &kept.document.highest)
        .unwrap_or_default()
        .iter()
        .map(|tier| Rung { tier, competitions: 0, skills: 0 })
        .collect();
    let may_change = staff.may(Action::SetUp, &kept.reach(app).await?).is_some();
    // What stands in it lies below it, so that nothing has to be asked of each.
    let may_look = staff.may(Action::Look, &kept.reach(app).await?).is_some();
    let mut placed = Vec::new();
    for (competition, of, skills) in competitions(app, id).await? {
        if let Some(rung) = ladder.iter_mut().find(|rung| rung.tier == of.tier) {
            rung.competitions += 1;
            rung.skills += skills;
        }
        let is_open_to = may_look || {
            let scope = Scope::Competition(competition.clone());
            staff.may(Action::Look, &organisation::reach(&app.database, &scope).await?).is_some()
        };
        if is_open_to || app.live.is_public(&competition).await? {
            let reference = of.reference(&competition);
            let Competition { tier, host, dates, .. } = of;
            placed.push(Placed { competition: reference, tier, host, dates, skills, is_open_to });
        }
    }
    placed.sort_by_key(|one| TIERS.iter().position(|tier| *tier == one.tier));
    let part = query.part(placed, |one: &Placed| {
        vec![
            ("tier", Cell::Key(&one.tier)),
            ("zh", one.competition.name.zh.as_str().into()),
            ("en", one.competition.name.en.as_str().into()),
            ("host", one.host.as_str().into()),
        ]
    });
    Ok(Circuit {
        circuit: kept.reference(),
        organisation: name_of(app, kept.organisation.as_ref()).await?,
        cycle: kept.document.cycle,
        ladder,
        part,
        may_change,
        may_make: staff.may_somewhere(Action::SetUp),
    })
}

/// The circuit that a competition stands in; none where in none.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn of(app: &App, competition: &str) -> Result<Option<CircuitRef>, Failure> {
    let select = sqlx::query_scalar(queries::SELECT_CIRCUIT_OF).bind(competition);
    let id: Option<String> = select.fetch_optional(app.database.pool()).await.map_err(lost)?;
    match id {
        Some(id) => Ok(Some(find(app, &id).await?.reference())),
        None => Ok(None),
    }
}

/// Whether a competition may stand in a circuit, before it is made or changed; empty stands for none.
///
/// # Errors
/// Where it may not.
pub(crate) async fn check(
    app: &App,
    circuit: &str,
    organisation: Option<&OrganisationId>,
    document: &Competition,
) -> Result<(), Failure> {
    if circuit.is_empty() {
        return Ok(());
    }
    if document.is_rehearsal {
        return Err(CircuitError::Rehearsed.into());
    }
    // What is not there is out of reach as well.
    let select = sqlx::query(queries::SELECT_ONE).bind(circuit).fetch_optional(app.database.pool()).await;
    let row = select.map_err(lost)?.ok_or(CircuitError::OutOfReach)?;
    let kept = Kept::read(&row)?;
    let own = organisation.cloned().map_or(Scope::Everything, Scope::Organisation);
    if !kept.takes(&organisation::reach(&app.database, &own).await?) {
        return Err(CircuitError::OutOfReach.into());
    }
    if !kept.has(&document.tier) {
        let Name { zh, en } = kept.document.name;
        return Err(CircuitError::WrongTier { circuit: Spoken::new(zh, en) }.into());
    }
    Ok(())
}

/// Places a competition in a circuit that was [checked](check), or in none.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn place(app: &App, staff: &Staff, competition: &str, circuit: &str) -> Result<(), Failure> {
    let now = of(app, competition).await?.map(|circuit| circuit.id).unwrap_or_default();
    if now == circuit {
        return Ok(());
    }
    let query = if circuit.is_empty() {
        sqlx::query(queries::TAKE_OUT).bind(competition).bind(now)
    } else {
        let place = sqlx::query(queries::PLACE).bind(competition).bind(circuit.to_owned());
        place.bind(staff.account.as_str()).bind((app.clock)())
    };
    query.execute(app.database.pool()).await.map_err(lost)?;
    Ok(())
}

/// Takes a competition out of a circuit, as whoever the circuit is of.
///
/// # Errors
/// Where it is not theirs.
pub(crate) async fn take_out(app: &App, staff: &Staff, id: &str, competition: &str) -> Result<(), Failure> {
    theirs(app, staff, id).await?;
    let take = sqlx::query(queries::TAKE_OUT).bind(competition).bind(id);
    take.execute(app.database.pool()).await.map_err(lost)?;
    Ok(())
}

/// The organisation of a competition, as [`choices`] asks for it.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn organisation_of(app: &App, competition: &str) -> Result<Option<OrganisationId>, Failure> {
    competition::organisation_of(&app.database, competition).await.map_err(failed)
}

fn lost(error: sqlx::Error) -> CircuitError {
    CircuitError::Failed { problem: spoken::of_database(&error) }
}

fn unread(error: CompetitionError) -> CircuitError {
    CircuitError::Failed { problem: error.spoken() }
}

impl From<CircuitError> for Failure {
    fn from(error: CircuitError) -> Self {
        use axum::http::StatusCode;
        let status = match error {
            CircuitError::Changed | CircuitError::InUse { .. } | CircuitError::LeavesOut { .. } => {
                StatusCode::CONFLICT
            }
            CircuitError::NotYours => StatusCode::FORBIDDEN,
            CircuitError::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.at(Place::default()))
    }
}
