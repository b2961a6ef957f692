//! Drills on the job (岗位练兵): a foreman starts one from a phone with a template and a list of names. A
//! drill is a competition of one skill, so that marking, boards, the ledger and exports need not know of it
//! (docs/adr/0023).

mod library;
mod names;
mod sheet;
mod slip;

use domain::access::{Action, Role, Scope, allows};
use domain::finding::Language;
use domain::id::{LedgerId, OrganisationId};
use domain::marking::{Opening, Phase, Stage};
use domain::results::standings;
use protocol::desk::Act;
use protocol::drill::{Drill, DrillForm, ListedDrill, NewDrill, OWN, Template, Worker};
use protocol::view::Text;

use crate::accounts::Staff;
use crate::competition::{self, KeptSkill};
use crate::desk::{self, DeskError, Refusal};
use crate::exchange::package::{self, Competition, SkillDocument};
use crate::http::App;
use crate::live;
use library::{LIBRARY, Row};
pub(crate) use slip::slips;

/// Every drill that an account started, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn list(app: &App, staff: &Staff) -> Result<Vec<ListedDrill>, Refusal> {
    let mut listed = Vec::new();
    for kept in competition::drills(&app.database, &staff.account).await? {
        let (competition, skill) = load(app, &kept.competition).await?;
        let state = app.ledger.state(&skill.ledger).await?;
        listed.push(ListedDrill {
            competition: competition.reference(&kept.competition),
            made_at: kept.made_at,
            workers: skill.document.people.len(),
            progress: state.skill.as_deref().map(live::shown_progress).unwrap_or_default(),
            status: live::status(state.skill.as_deref()),
        });
    }
    Ok(listed)
}

/// What the form offers an account, and the names that it begins with: those of the drill before.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn form(app: &App, staff: &Staff) -> Result<(DrillForm, String), Refusal> {
    let mut earlier: Vec<Template> = Vec::new();
    let mut names = None;
    for kept in competition::drills(&app.database, &staff.account).await? {
        let (competition, skill) = load(app, &kept.competition).await?;
        let people = || skill.document.people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>();
        names.get_or_insert_with(|| people().join("\n"));
        let is_known = earlier.iter().any(|known| known.id == kept.series);
        if is_known || LIBRARY.iter().any(|entry| entry.id == kept.series) {
            continue;
        }
        let Some(opening) = opening(app, skill).await? else { continue };
        let text = |said: &str| Text { zh: said.to_owned(), en: said.to_owned() };
        earlier.push(Template {
            id: kept.series,
            occupation: Text::default(),
            name: desk::text(&competition.name),
            aspects: opening.scheme.aspects().map(|aspect| text(&aspect.description)).collect(),
        });
    }
    let library = LIBRARY.iter().map(library::Entry::offered).collect();
    Ok((DrillForm { earlier, library }, names.unwrap_or_default()))
}

/// Starts a drill, open for marking; its id. Sent twice it is started once, and one that a crash left
/// unopened is opened.
///
/// # Errors
/// What is wrong with what was sent; then nothing is kept.
pub(crate) async fn start(
    app: &App,
    staff: &Staff,
    page: &NewDrill,
    language: Language,
) -> Result<String, Refusal> {
    let id = uuid::Uuid::parse_str(page.id.trim()).map_err(|_| DeskError::FormTooOld)?.to_string();
    if find(app, staff, &id).await.is_err() {
        keep(app, staff, page, &id, language).await?;
    }
    let (_, skill) = find(app, staff, &id).await?;
    if app.ledger.state(&skill.ledger).await?.skill.is_none() {
        app.live.set_anonymous(&skill.ledger, page.board == NUMBERS).await?;
        app.live.set_public(&id, true).await?;
        act(app, staff, &skill.ledger, Act::Open).await?;
    }
    Ok(id)
}

/// The board shows numbers in place of names.
const NUMBERS: &str = "numbers";

async fn keep(
    app: &App,
    staff: &Staff,
    page: &NewDrill,
    id: &str,
    language: Language,
) -> Result<(), Refusal> {
    let Held { series, title, work, rows } = template(app, staff, page, id, language).await?;
    let workers = names::parse(&page.names)?;
    let title = if page.title.trim().is_empty() { title.as_str() } else { page.title.trim() };
    let judges = [staff.name.as_str(), page.second.trim()];
    let files = sheet::files([title, &work], &rows, &workers, judges, language);
    let mut reading = package::read(&files, &|_, _| ());
    let Some(package) = reading.package else {
        reading.findings.iter_mut().for_each(desk::place_on_page);
        return Err(Refusal { error: DeskError::PackageRefused, findings: reading.findings, is_ours: false });
    };
    let organisation = place(staff);
    let (competition, skills) = package::prepared(&package, id, organisation)?;
    let skill = skills.into_iter().next().ok_or(DeskError::FormTooOld)?;
    let of = (series.as_str(), staff.account.as_str());
    Ok(competition::keep_drill(&app.database, &competition, skill, of, (app.clock)()).await?)
}

/// A drill's foreman is its organiser.
async fn act(app: &App, staff: &Staff, skill: &LedgerId, act: Act) -> Result<(), Refusal> {
    desk::act_as(app, &desk::author_as(staff, skill, Role::Organiser), skill, act).await
}

/// Whose drill it is: of the organisation that somebody runs drills in.
fn place(staff: &Staff) -> Option<OrganisationId> {
    staff.held.iter().find_map(|one| match &one.scope {
        Scope::Organisation(id) if allows(one.role, Action::Drill) => Some(id.clone()),
        _ => None,
    })
}

/// What a drill is held to.
struct Held {
    series: String,
    /// What the drill is called, where the form says nothing.
    title: String,
    /// What is done in it.
    work: String,
    rows: Vec<Row>,
}

/// What the form says a drill is held to.
async fn template(
    app: &App,
    staff: &Staff,
    page: &NewDrill,
    id: &str,
    language: Language,
) -> Result<Held, Refusal> {
    let chosen = page.template.as_str();
    let pick = |chinese: &str, english: &str| match language {
        Language::Chinese => chinese.to_owned(),
        Language::English => english.to_owned(),
    };
    if chosen == OWN {
        let rows = library::written(&page.aspects)?;
        let (title, work) = (pick("岗位练兵", "Drill on the job"), pick("自定项目", "Own work"));
        return Ok(Held { series: id.to_owned(), title, work, rows });
    }
    if let Some(entry) = LIBRARY.iter().find(|entry| entry.id == chosen) {
        let (series, work) = (entry.id.clone(), entry.name(language).to_owned());
        let title = pick(&format!("{work}练兵"), &format!("{work}: drill"));
        return Ok(Held { series, title, work, rows: entry.rows(language)? });
    }
    for kept in competition::drills(&app.database, &staff.account).await? {
        if kept.series == chosen {
            let (competition, skill) = load(app, &kept.competition).await?;
            let work = skill.document.name.zh.clone();
            let opening = opening(app, skill).await?.ok_or(DeskError::UnknownTemplate)?;
            let rows = opening.scheme.aspects().filter_map(Row::of).collect();
            return Ok(Held { series: kept.series, title: competition.name.zh, work, rows });
        }
    }
    Err(DeskError::UnknownTemplate.into())
}

/// A drill of an account.
///
/// # Errors
/// Where they have no such drill, or the database does not answer.
pub(crate) async fn look(app: &App, staff: &Staff, id: &str) -> Result<Drill, Refusal> {
    let (competition, skill) = find(app, staff, id).await?;
    let state = app.ledger.state(&skill.ledger).await?;
    let of_skill = state.skill.as_deref();
    let standings = of_skill.map(standings).unwrap_or_default();
    let workers = skill.document.people.iter().map(|person| {
        let standing = standings.iter().find(|standing| standing.competitor == person.code);
        let said = |text: Option<String>| text.unwrap_or_default();
        Worker {
            number: person.code.to_string(),
            name: person.name.clone(),
            total: said(standing.and_then(|standing| Some(standing.total?.to_string()))),
            position: said(standing.and_then(|standing| Some(standing.position?.to_string()))),
        }
    });
    Ok(Drill {
        competition: competition.reference(id),
        skill: desk::skill_ref(&skill),
        screen: format!("{}/screen/{}", app.origins.public(), skill.ledger),
        progress: of_skill.map(live::shown_progress).unwrap_or_default(),
        status: live::status(of_skill),
        is_open: of_skill.is_some_and(|skill| skill.phase == Phase::Open),
        judges: skill.document.judges.iter().map(|judge| judge.name.clone()).collect(),
        workers: workers.collect(),
        cards: Vec::new(),
    })
}

/// Ends the marking of a drill and gives its results out.
///
/// # Errors
/// Where they have no such drill, the rules refuse it now, or it could not be entered.
pub(crate) async fn finish(app: &App, staff: &Staff, id: &str) -> Result<(), Refusal> {
    let (_, skill) = find(app, staff, id).await?;
    let phase = async || {
        Ok::<_, Refusal>(app.ledger.state(&skill.ledger).await?.skill.as_ref().map(|skill| skill.phase))
    };
    // A second tap goes on where the first stopped.
    if phase().await? == Some(Phase::Open) {
        act(app, staff, &skill.ledger, Act::Close).await?;
    }
    if phase().await? != Some(Phase::Released(Stage::Official)) {
        act(app, staff, &skill.ledger, Act::ReleaseOfficial).await?;
    }
    Ok(())
}

async fn find(
    app: &App,
    staff: &Staff,
    id: &str,
) -> Result<(Competition, KeptSkill<SkillDocument>), Refusal> {
    let drills = competition::drills(&app.database, &staff.account).await?;
    if drills.iter().any(|kept| kept.competition == id) {
        load(app, id).await
    } else {
        Err(DeskError::NoDrill.into())
    }
}

async fn load(app: &App, id: &str) -> Result<(Competition, KeptSkill<SkillDocument>), Refusal> {
    let (kept, skills) = competition::load::<Competition, SkillDocument>(&app.database, id).await?;
    let skill = skills.into_iter().next().ok_or(DeskError::NoDrill)?;
    Ok((kept.document, skill))
}

/// What a drill was opened with, or waits to be.
async fn opening(app: &App, skill: KeptSkill<SkillDocument>) -> Result<Option<Opening>, Refusal> {
    let state = app.ledger.state(&skill.ledger).await?;
    Ok(state.skill.as_ref().map(|open| open.opening.clone()).or_else(|| skill.opening()))
}
