//! The practice of a skill: another skill with the same scheme, rules, panels and judges, and two pieces
//! in place of the competitors. It is of a competition and has a ledger of its own, so that everything
//! works in it and nothing of it reaches the results (docs/adr/0017).

mod look;
mod routes;

use domain::id::{CompetitorCode, LedgerId};
use domain::marking::{Entrant, Opening};
use protocol::desk::Act;
use protocol::practice::{PracticeRef, REFERENCE, TRIAL};

use crate::accounts::Staff;
use crate::competition::{self, Draft, Kept, KeptSkill};
use crate::desk::{self, DeskError, Refusal};
use crate::exchange::package::{Competition, Name, Person, SkillDocument};
use crate::http::App;

pub(crate) use look::{look, may, stands};
pub(crate) use routes::routes;

/// Makes the practice of a skill and opens it. One that was made and, by a crash, not opened is opened.
///
/// # Errors
/// Where there is nothing to practise yet, the skill is a practice itself, it has one already, or it
/// could not be kept or opened.
pub async fn make(app: &App, staff: &Staff, skill: &LedgerId) -> Result<PracticeRef, Refusal> {
    let practice = keep(app, skill).await?;
    let there = || Refusal::from(DeskError::PracticeThere { practice: practice.to_string() });
    if is_open(app, &practice).await? {
        return Err(there());
    }
    if let Err(refusal) = desk::act(app, staff, &practice, Act::Open).await {
        // Somebody else made it at the same moment.
        return Err(if is_open(app, &practice).await? { there() } else { refusal });
    }
    made(app, &practice).await
}

/// Keeps the practice of a skill without opening it: the first half of [`make`]. One that is there
/// already stays as it is.
///
/// # Errors
/// As [`make`].
pub async fn keep(app: &App, skill: &LedgerId) -> Result<LedgerId, Refusal> {
    let kept = desk::find(app, skill).await?;
    if competition::practised_by(&app.database, skill).await?.is_some() {
        return Err(DeskError::OfPractice.into());
    }
    if let Some(practice) = competition::practice_of(&app.database, skill).await? {
        return Ok(practice);
    }
    let state = app.ledger.state(skill).await?;
    let opening = state.skill.as_deref().map(|skill| skill.opening.clone()).or_else(|| kept.opening());
    let opening = opening.filter(|opening| opening.scheme.aspects().next().is_some());
    let opening = practised(&opening.ok_or(DeskError::NothingToPractise)?);
    let id = competition::of_skill(&app.database, skill).await?;
    let (real, _) = competition::load::<Competition, SkillDocument>(&app.database, &id).await?;
    let competition = Kept {
        id: uuid::Uuid::now_v7().to_string(),
        organisation: real.organisation,
        document: Competition { name: named(&real.document.name), ..real.document },
    };
    let people = pieces(&opening);
    let practice = KeptSkill {
        ledger: LedgerId::from(uuid::Uuid::now_v7().to_string()),
        name: kept.name,
        document: SkillDocument {
            name: named(&kept.document.name),
            people,
            interests: Vec::new(),
            ..kept.document
        },
        draft: Some(Draft { rules: opening.rules, scheme: opening.scheme, panels: opening.panels }),
    };
    let now = (app.clock)();
    Ok(competition::keep_practice(&app.database, skill, &competition, practice, now).await?)
}

async fn is_open(app: &App, practice: &LedgerId) -> Result<bool, Refusal> {
    Ok(app.ledger.state(practice).await?.skill.is_some())
}

async fn made(app: &App, practice: &LedgerId) -> Result<PracticeRef, Refusal> {
    let kept = desk::find(app, practice).await?;
    let id = competition::of_skill(&app.database, practice).await?;
    Ok(PracticeRef {
        skill: desk::skill_ref(&kept),
        competition: desk::reference(app, &id).await?,
        is_open: is_open(app, practice).await?,
    })
}

/// The opening of a practice: the skill's own, with the two pieces in place of the competitors.
fn practised(opening: &Opening) -> Opening {
    let group = opening.competitors.first().map(|first| first.group.clone()).unwrap_or_default();
    let piece = |code: &str| Entrant { code: code.into(), group: group.clone() };
    // What of it is pinned by hashes stays as it is.
    let competitors = vec![piece(TRIAL), piece(REFERENCE)];
    // Pieces come from nobody's home.
    Opening { competitors, conflicts: Vec::new(), ..opening.clone() }
}

/// The pieces as who competes.
fn pieces(opening: &Opening) -> Vec<Person> {
    let name = |code: &CompetitorCode| {
        if code.as_str() == TRIAL { "练习件 Trial piece" } else { "标准件 Reference piece" }
    };
    let pieces = (2..).zip(&opening.competitors).map(|(row, entrant)| Person {
        row,
        code: entrant.code.clone(),
        name: name(&entrant.code).to_owned(),
        group: entrant.group.clone(),
        ..Person::default()
    });
    pieces.collect()
}

/// What a practice is called.
fn named(name: &Name) -> Name {
    Name { zh: format!("{} · 练习", name.zh), en: format!("{} · practice", name.en) }
}
