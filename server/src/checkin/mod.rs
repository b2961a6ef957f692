//! The registration desk before the competition: who is here is noted once, by the code on an entry card or from
//! the list, and taken back where it was a mistake. It is no entry of a ledger, since no result depends on it: that
//! somebody is absent on the day is the floor judge's word. The code is the roster's own, and nothing here knows
//! what a draw made of it.

mod queries;

use std::collections::{BTreeMap, HashMap};

use axum::http::StatusCode;
use domain::access::{Action, Scope};
use domain::finding::{Language, Place, Spoken};
use domain::findings;
use domain::id::LedgerId;
use domain::marking::Phase;
use protocol::checkin::{Arrival, CheckIn, CheckInFilter, CheckInList, EntryCards, Expected, Here};
use protocol::view::CompetitionRef;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::accounts::Staff;
use crate::competition::{self, KeptSkill};
use crate::database::DatabaseError;
use crate::desk;
use crate::exchange::list::{self, Format};
use crate::exchange::package::{Competition, Person, SkillDocument};
use crate::http::{App, Failure};
use crate::list::unwritable;
use crate::organisation;
use crate::setup;

/// How many are shown at once.
const SHOWN_MAX: usize = 1_000;

findings! {
    /// Why nothing was noted or taken back.
    pub enum CheckInError {
        NotListed { code: String, skill: String } = Error "check_in_not_listed",
            "赛项“{skill}”的名单里没有编号 {code}：可能已从名单里删除，或者是别的大赛的参赛证。请按姓名查找，查不到就问组委会。",
            "Nobody on the list of skill \"{skill}\" has number {code}: they may have been taken off, or the card is of another competition. Look for their name; where that is not found, ask the organisers.";
        OfAnother { code: String, skill: String, other: String } = Error "check_in_other_skill",
            "编号 {code} 不在赛项“{skill}”的名单里，“{other}”的名单里有这个编号。请核对参赛证，或按姓名查找。",
            "Number {code} is not on the list of skill \"{skill}\"; there is one on that of \"{other}\". Look at the card again, or look for their name.";
        Over { skill: String } = Error "check_in_over",
            "赛项“{skill}”的评分已经结束，报到不能再改，只能查看。",
            "Marking of skill \"{skill}\" is over; check-in can be looked at and no longer changed.";
        NothingToUndo = Error "check_in_undone",
            "这次报到已经撤销，或之后又重新报到了；请看现在的记录。什么都没有改。",
            "This check-in was taken back already, or made anew since; look at what stands there now. Nothing was changed.";
        Failed { problem: Spoken } = Error "check_in_failed", "{problem:#}。", "{problem}.";
    }
}

/// What became of noting that somebody is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noted {
    /// They are, by whoever asked.
    Here,
    /// Somebody else had noted it before.
    Before,
}

/// A competition's skills that somebody may check in, and who was noted there.
struct Desk {
    competition: CompetitionRef,
    skills: Vec<KeptSkill<SkillDocument>>,
    over: Vec<LedgerId>,
    here: HashMap<(String, String), CheckIn>,
}

impl Desk {
    async fn load(app: &App, staff: &Staff, id: &str) -> Result<Self, Failure> {
        let loaded = competition::load::<Competition, SkillDocument>(&app.database, id).await;
        let (kept, mut skills) = loaded.map_err(setup::failed)?;
        let reach = organisation::reach(&app.database, &Scope::Competition(id.to_owned())).await?;
        skills.retain(|skill| staff.may(Action::CheckIn, &desk::of_skill(skill, &reach)).is_some());
        skills.sort_by(|a, b| (&a.document.number, &a.ledger).cmp(&(&b.document.number, &b.ledger)));
        let mut over = Vec::new();
        for skill in &skills {
            let state = app.ledger.state(&skill.ledger).await;
            let state = state.map_err(|error| CheckInError::Failed { problem: error.spoken() })?;
            if state.skill.as_deref().is_some_and(|skill| skill.phase != Phase::Open) {
                over.push(skill.ledger.clone());
            }
        }
        let rows = sqlx::query(queries::SELECT_HELD).bind(id).fetch_all(app.database.pool()).await;
        let held = |row: &AnyRow| Ok(((row.try_get(6)?, row.try_get(7)?), read(row)?.0));
        let here = rows.and_then(|rows| rows.iter().map(held).collect()).map_err(failed)?;
        let competition = kept.document.reference(id);
        Ok(Self { competition, skills, over, here })
    }

    /// Everybody, skill by skill, in the order of the rosters.
    fn everybody(&self) -> impl Iterator<Item = Expected> {
        let of_skill = move |kept| people_of(kept).iter().map(move |person| self.expected(kept, person));
        self.skills.iter().flat_map(of_skill)
    }

    fn expected(&self, kept: &KeptSkill<SkillDocument>, person: &Person) -> Expected {
        let place = (kept.ledger.to_string(), person.code.to_string());
        Expected {
            skill: desk::skill_ref(kept),
            code: person.code.clone(),
            name: person.name.clone(),
            organisation: person.organisation.clone(),
            delegation: person.delegation.clone(),
            here: self.here.get(&place).cloned(),
            is_over: self.over.contains(&kept.ledger),
        }
    }

    /// The one with this code on a skill's list.
    fn one(&self, skill: &LedgerId, code: &str) -> Result<Expected, CheckInError> {
        let mut with_code = self.skills.iter().filter_map(|kept| {
            let person = people_of(kept).iter().find(|person| person.code.as_str() == code)?;
            Some((kept, person))
        });
        if let Some((kept, person)) = with_code.clone().find(|(kept, _)| kept.ledger == *skill) {
            return Ok(self.expected(kept, person));
        }
        let asked = self.skills.iter().find(|kept| kept.ledger == *skill);
        let (code, skill) =
            (code.to_owned(), asked.map(|kept| kept.document.name.zh.clone()).unwrap_or_default());
        Err(match with_code.next() {
            Some((other, _)) => {
                CheckInError::OfAnother { code, skill, other: other.document.name.zh.clone() }
            }
            None => CheckInError::NotListed { code, skill },
        })
    }
}

fn people_of(kept: &KeptSkill<SkillDocument>) -> &[Person] {
    &kept.document.people
}

/// Whether somebody is among those who are looked at.
fn fits(one: &Expected, filter: &CheckInFilter) -> bool {
    let sought = filter.find.trim().to_lowercase();
    let fields = [one.code.as_str(), &one.name, &one.organisation, &one.delegation];
    (sought.is_empty() || fields.iter().any(|field| field.to_lowercase().contains(&sought)))
        && (filter.skill.is_empty() || filter.skill == one.skill.id)
        && (filter.delegation.is_empty() || filter.delegation == one.delegation)
        && match filter.state.as_str() {
            "missing" => one.here.is_none(),
            "here" => one.here.is_some(),
            _ => true,
        }
}

/// Everybody who is expected, and those of them who are looked at.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn look(
    app: &App,
    staff: &Staff,
    id: &str,
    filter: CheckInFilter,
) -> Result<CheckInList, Failure> {
    let desk = Desk::load(app, staff, id).await?;
    let mut here = Here::default();
    let mut skills: Vec<_> =
        desk.skills.iter().map(|kept| (desk::skill_ref(kept), Here::default())).collect();
    let mut delegations = BTreeMap::<String, Here>::new();
    let mut found = 0;
    let mut shown = Vec::new();
    for one in desk.everybody() {
        let of_skill = skills.iter_mut().find(|(skill, _)| *skill == one.skill).map(|(_, here)| here);
        let of_delegation = delegations.entry(one.delegation.clone()).or_default();
        for count in of_skill.into_iter().chain([of_delegation, &mut here]) {
            count.all += 1;
            count.here += usize::from(one.here.is_some());
        }
        if fits(&one, &filter) {
            found += 1;
            if shown.len() < SHOWN_MAX {
                shown.push(one);
            }
        }
    }
    let delegations = delegations.into_iter().collect();
    Ok(CheckInList { competition: desk.competition, here, skills, delegations, filter, found, shown })
}

/// One who is expected, by the code on their card.
///
/// # Errors
/// Where nobody on the skill's list has it, or the database does not answer.
pub(crate) async fn find(app: &App, staff: &Staff, skill: &LedgerId, code: &str) -> Result<Arrival, Failure> {
    let desk = desk_of(app, staff, skill).await?;
    let one = desk.one(skill, code)?;
    let rows = sqlx::query(queries::SELECT_OF).bind(skill.as_str()).bind(code);
    let rows = rows.fetch_all(app.database.pool()).await.map_err(failed)?;
    let all = rows.iter().map(|row| Ok(read(row)?.0)).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let undone = all.into_iter().filter(|one| one.undone.is_some()).collect();
    Ok(Arrival { competition: desk.competition, one, undone })
}

/// Notes that somebody is here. Whoever notes it again, as a form sent twice does, is answered as at first.
///
/// # Errors
/// Where nobody on the skill's list has that code, marking is over, or the database does not answer.
pub(crate) async fn note(app: &App, staff: &Staff, skill: &LedgerId, code: &str) -> Result<Noted, Failure> {
    let desk = desk_of(app, staff, skill).await?;
    may_change(&desk, skill, code)?;
    let mut transaction = app.database.begin_write().await.map_err(database_failed)?;
    let insert = sqlx::query(queries::INSERT)
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(skill.as_str())
        .bind(code)
        .bind((app.clock)())
        .bind(&staff.account);
    let is_first = insert.execute(&mut *transaction).await.map_err(failed)?.rows_affected() > 0;
    transaction.commit().await.map_err(failed)?;
    if is_first {
        return Ok(Noted::Here);
    }
    let rows = sqlx::query(queries::SELECT_OF).bind(skill.as_str()).bind(code);
    let rows = rows.fetch_all(app.database.pool()).await.map_err(failed)?;
    let all = rows.iter().map(read).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let is_own = all.iter().any(|(one, by)| one.undone.is_none() && *by == staff.account);
    Ok(if is_own { Noted::Here } else { Noted::Before })
}

/// Takes back that somebody is here; who did that, and when, is kept.
///
/// # Errors
/// Where it was taken back already, marking is over, or the database does not answer.
pub(crate) async fn take_back(
    app: &App,
    staff: &Staff,
    (skill, code): (&LedgerId, &str),
    id: &str,
) -> Result<(), Failure> {
    let desk = desk_of(app, staff, skill).await?;
    may_change(&desk, skill, code)?;
    let mut transaction = app.database.begin_write().await.map_err(database_failed)?;
    let undo = sqlx::query(queries::UNDO).bind(id).bind(skill.as_str()).bind(code);
    let undo = undo.bind((app.clock)()).bind(&staff.account).execute(&mut *transaction).await;
    let is_undone = undo.map_err(failed)?.rows_affected() > 0;
    transaction.commit().await.map_err(failed)?;
    if is_undone { Ok(()) } else { Err(CheckInError::NothingToUndo.into()) }
}

/// Forgets what was noted of somebody who is taken off the list: who gets their code later is not here by it.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn forget(
    connection: &mut AnyConnection,
    skill: &LedgerId,
    code: &str,
) -> Result<(), sqlx::Error> {
    let delete = sqlx::query(queries::DELETE).bind(skill.as_str()).bind(code);
    delete.execute(connection).await.map(|_| ())
}

/// The entry cards of those who are looked at, a delegation after the other.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn cards(
    app: &App,
    staff: &Staff,
    id: &str,
    filter: CheckInFilter,
) -> Result<EntryCards, Failure> {
    let desk = Desk::load(app, staff, id).await?;
    let mut all = BTreeMap::<String, Vec<Expected>>::new();
    for one in desk.everybody() {
        let of_delegation = all.entry(one.delegation.clone()).or_default();
        if fits(&one, &filter) {
            of_delegation.push(one);
        }
    }
    let delegations = all.keys().filter(|name| !name.is_empty()).cloned().collect();
    Ok(EntryCards {
        origin: app.origins.public().to_owned(),
        skills: desk.skills.iter().map(desk::skill_ref).collect(),
        competition: desk.competition,
        delegations,
        filter,
        cards: all.into_iter().filter(|(_, cards)| !cards.is_empty()).collect(),
    })
}

/// Those who are looked at, as a list that goes out; `moment` says when somebody was noted.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn out(
    app: &App,
    staff: &Staff,
    id: &str,
    filter: &CheckInFilter,
    (language, format): (Language, Format),
    moment: impl Fn(i64) -> String,
) -> Result<Vec<u8>, Failure> {
    let desk = Desk::load(app, staff, id).await?;
    let header = match language {
        Language::Chinese => ["赛项编号", "赛项", "编号", "姓名", "工作单位", "代表队", "报到时间", "登记人"],
        Language::English => [
            "Skill number",
            "Skill",
            "Number",
            "Name",
            "Organisation",
            "Delegation",
            "Here since",
            "Noted by",
        ],
    };
    let rows = desk.everybody().filter(|one| fits(one, filter)).map(|one| {
        let (at, by) = one.here.map(|here| (moment(here.at), here.by)).unwrap_or_default();
        let skill = one.skill.name.pick(language).to_owned();
        let code = one.code.to_string();
        [one.skill.number, skill, code, one.name, one.organisation, one.delegation, at, by]
    });
    Ok(list::written(header, rows, format).map_err(unwritable)?)
}

/// The desk of the competition that a skill is of.
async fn desk_of(app: &App, staff: &Staff, skill: &LedgerId) -> Result<Desk, Failure> {
    let id = competition::of_skill(&app.database, skill).await.map_err(setup::failed)?;
    Desk::load(app, staff, &id).await
}

fn may_change(desk: &Desk, skill: &LedgerId, code: &str) -> Result<(), CheckInError> {
    let one = desk.one(skill, code)?;
    if one.is_over { Err(CheckInError::Over { skill: one.skill.name.zh }) } else { Ok(()) }
}

/// A row, and the account that noted it.
fn read(row: &AnyRow) -> Result<(CheckIn, String), sqlx::Error> {
    let undone_at: Option<i64> = row.try_get(3)?;
    let undone_by: String = row.try_get(4)?;
    let one = CheckIn {
        id: row.try_get(0)?,
        at: row.try_get(1)?,
        by: row.try_get(2)?,
        undone: undone_at.map(|at| (at, undone_by)),
    };
    Ok((one, row.try_get(5)?))
}

fn failed(error: sqlx::Error) -> CheckInError {
    CheckInError::Failed { problem: crate::spoken::of_database(&error) }
}

fn database_failed(error: DatabaseError) -> CheckInError {
    CheckInError::Failed { problem: error.spoken() }
}

impl From<CheckInError> for Failure {
    fn from(error: CheckInError) -> Self {
        let status = match error {
            CheckInError::NotListed { .. } | CheckInError::OfAnother { .. } => StatusCode::NOT_FOUND,
            CheckInError::Over { .. } | CheckInError::NothingToUndo => StatusCode::CONFLICT,
            CheckInError::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.at(Place::default()))
    }
}
