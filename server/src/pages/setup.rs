//! The pages on which a competition is set up piece by piece.

use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use domain::id::LedgerId;
use protocol::list::{self, ListQuery};
use protocol::setup::{About, JudgeLines, NewInterest, NewSkills, Offer, OneOf, Removing, SkillAbout};
use protocol::view::{CompetitionRef, Text};
use web::{Choices, DeskPage, Page, SkillPage};

use super::desk::{back_to, go, home_after, proposed_session, show_competition};
use super::{Pairs, Reader};
use crate::accounts::Staff;
use crate::circuit;
use crate::desk;
use crate::exchange::package::TIERS;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::setup::{self, skill, template};

pub(super) fn routes(routes: Routes) -> Routes {
    let of = |over| Guard::Staff(Action::SetUp, over);
    routes
        .add(Method::POST, "/desk/new", of(Over::Somewhere), "Makes a competition without skills.", make)
        .add(
            Method::GET,
            "/desk/competition/{id}/about",
            of(Over::Competition),
            "What a competition is, to be changed.",
            about,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/about",
            of(Over::Competition),
            "Changes what a competition is.",
            describe,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/template",
            of(Over::Competition),
            "Offers a competition as a template, or takes that back.",
            offer,
        )
        .add(Method::POST, "/desk/competition/{id}/skills", of(Over::Competition), "Adds skills.", add_skills)
        .add(
            Method::GET,
            "/desk/competition/{id}/skills/pick",
            of(Over::Competition),
            "Published lists from which skills are chosen.",
            picking,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/skills/pick",
            of(Over::Competition),
            "Adds skills that were chosen from a published list.",
            pick,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}/about",
            of(Over::Skill),
            "What a skill is, to be changed.",
            about_skill,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/about",
            of(Over::Skill),
            "Changes what a skill is.",
            describe_skill,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/judge-lines",
            of(Over::Skill),
            "Adds judges, a line each.",
            judges,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/judge/remove",
            of(Over::Skill),
            "Takes a judge off a skill's list.",
            remove_judge,
        )
        .add(Method::POST, "/desk/skill/{id}/judge/lead", of(Over::Skill), "Lets a judge lead a skill.", lead)
        .add(
            Method::GET,
            "/desk/skill/{id}/interests",
            of(Over::Skill),
            "Judges with an interest in somebody who competes.",
            interests,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/interests",
            of(Over::Skill),
            "Declares a judge's interest in a competitor.",
            declare,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/interests/undo",
            of(Over::Skill),
            "Takes a declared interest back.",
            take_back,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/remove",
            of(Over::Skill),
            "Removes a skill on which nothing hangs.",
            remove,
        )
}

/// The rule sets to choose from: id and title.
pub(super) fn rule_sets() -> Vec<(String, Text)> {
    domain::rules::PRESETS
        .iter()
        .filter_map(|(id, _)| domain::rules::preset(id))
        .map(|rules| (rules.id, Text { zh: rules.title.zh, en: rules.title.en }))
        .collect()
}

async fn make(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(typed): Sent<About>,
) -> Result<Response, Failure> {
    match setup::make(&app, &staff, &typed).await {
        Ok(id) => Ok(go(&format!("/desk/competition/{id}#setup"))),
        Err(failure) => home_after(&app, &staff, &reader, &typed, failure).await,
    }
}

async fn about(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let typed = setup::about(&app, &id).await?;
    show_about(&app, &staff, &reader, &id, &typed, None).await
}

async fn show_about(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    id: &str,
    typed: &About,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let rule_sets = rule_sets();
    let organisation = circuit::organisation_of(app, id).await?;
    let is_rehearsal = desk::reference(app, id).await?.is_rehearsal;
    let mut circuits = if is_rehearsal { Vec::new() } else { circuit::choices(app, &[organisation]).await? };
    // It stays where it stands, although its organisation has moved since.
    if let Some(circuit) = circuit::of(app, id).await?
        && !circuits.contains(&circuit)
    {
        circuits.push(circuit);
    }
    let offered = if is_rehearsal { None } else { Some(template::is_offered(app, id).await?) };
    let choices = Choices { rule_sets: &rule_sets, tiers: &TIERS, circuits: &circuits, ..Choices::default() };
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::About { name: &staff.name, id, choices, typed, offered, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn describe(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<About>,
) -> Result<Response, Failure> {
    match setup::describe(&app, &staff, &id, &typed).await {
        Ok(()) => Ok(go(&format!("/desk/competition/{id}"))),
        Err(failure) => {
            // What was typed goes over what is there by now, once more looked at.
            let seen = setup::about(&app, &id).await?.seen;
            show_about(&app, &staff, &reader, &id, &About { seen, ..typed }, Some(failure)).await
        }
    }
}

async fn offer(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(typed): Sent<Offer>,
) -> Result<Response, Failure> {
    template::offer(&app, &staff, &id, typed.offered == "yes").await?;
    Ok(go(&format!("/desk/competition/{id}/about#template")))
}

async fn add_skills(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<NewSkills>,
) -> Result<Response, Failure> {
    match skill::add_lines(&app, &id, &typed).await {
        Ok(_) => Ok(go(&format!("/desk/competition/{id}#setup"))),
        Err(failure) => {
            let session = proposed_session((app.clock)());
            let query = ListQuery::default();
            let typed = (&session, typed.skills.as_str());
            show_competition(&app, &staff, &reader, (&id, &query), typed, Some(failure)).await
        }
    }
}

async fn picking(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    show_picking(&app, &staff, &reader, (&id, &asked), None).await
}

/// The lists as they are asked for, with how many were added before, or why none was.
async fn show_picking(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, asked): (&str, &Pairs),
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let query = ListQuery::read(asked, list::PICKS);
    let picking = skill::picking(app, staff, id, &query).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let added = asked.iter().find(|(name, _)| name == "added").and_then(|(_, count)| count.parse().ok());
    let page = SkillPage::Pick { picking: &picking, query: &query, added, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Desk(DeskPage::Skill { name: &staff.name, page })))
}

async fn pick(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(sent): Sent<Pairs>,
) -> Result<Response, Failure> {
    let codes = sent.iter().filter(|(name, _)| name == "code").map(|(_, code)| code.clone());
    match skill::pick(&app, &staff, &id, &codes.collect::<Vec<_>>()).await {
        Ok(added) => {
            let query = ListQuery::read(&sent, list::PICKS);
            let at = query.address(&format!("/desk/competition/{id}/skills/pick"));
            let more = if at.contains('?') { '&' } else { '?' };
            Ok(go(&format!("{at}{more}added={added}")))
        }
        Err(failure) => show_picking(&app, &staff, &reader, (&id, &sent), Some(failure)).await,
    }
}

async fn about_skill(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (competition, typed) = skill::about(&app, &LedgerId::from(id.clone())).await?;
    Ok(show_skill(&staff, &reader, (&competition, &id), &typed, None))
}

fn show_skill(
    staff: &Staff,
    reader: &Reader,
    (competition, id): (&CompetitionRef, &str),
    typed: &SkillAbout,
    refused: Option<Failure>,
) -> Response {
    let occupation = skill::occupation_name(&typed.occupation);
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let occupation = &occupation;
    let page = SkillPage::About { competition, id, typed, occupation, problem: problem.as_ref() };
    reader.show(status, &Page::Desk(DeskPage::Skill { name: &staff.name, page }))
}

async fn describe_skill(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<SkillAbout>,
) -> Result<Response, Failure> {
    let ledger = LedgerId::from(id.clone());
    let Err(failure) = skill::describe(&app, &ledger, &typed).await else {
        return back_to(&app, &ledger).await;
    };
    // What was typed goes over what is there by now, once more looked at.
    let (competition, there) = skill::about(&app, &ledger).await?;
    let typed = SkillAbout { seen: there.seen, ..typed };
    Ok(show_skill(&staff, &reader, (&competition, &id), &typed, Some(failure)))
}

async fn judges(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(lines): Sent<JudgeLines>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    setup::add_judges(&app, &skill, &lines).await?;
    back_to(&app, &skill).await
}

async fn remove_judge(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(one): Sent<OneOf>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    setup::remove_judge(&app, &skill, &one.code).await?;
    back_to(&app, &skill).await
}

async fn lead(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(one): Sent<OneOf>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    setup::lead(&app, &skill, &one.code).await?;
    back_to(&app, &skill).await
}

async fn interests(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    show_interests(&app, &staff, &reader, &LedgerId::from(id), &NewInterest::default(), None).await
}

async fn show_interests(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    skill: &LedgerId,
    typed: &NewInterest,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let interests = setup::interests(app, skill).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page =
        DeskPage::Interests { name: &staff.name, interests: &interests, typed, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn declare(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<NewInterest>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    match setup::declare(&app, &skill, &typed).await {
        Ok(()) => Ok(go(&format!("/desk/skill/{skill}/interests"))),
        Err(failure) => show_interests(&app, &staff, &reader, &skill, &typed, Some(failure)).await,
    }
}

async fn take_back(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<NewInterest>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    match setup::take_back(&app, &skill, &typed).await {
        Ok(()) => Ok(go(&format!("/desk/skill/{skill}/interests"))),
        Err(failure) => {
            show_interests(&app, &staff, &reader, &skill, &NewInterest::default(), Some(failure)).await
        }
    }
}

async fn remove(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(removing): Sent<Removing>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    let competition = desk::competition_of(&app, &skill).await?;
    setup::skill::remove(&app, &staff, &skill, &removing).await?;
    Ok(go(&format!("/desk/competition/{competition}#setup")))
}
