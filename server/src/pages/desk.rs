//! The desk's pages and their forms.

use axum::extract::{Path, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use domain::id::{EnrolmentId, LedgerId};
use protocol::account::{SetUp, SignIn};
use protocol::desk::{CardFor, CompetitionSettings, Do, SkillSettings, Small};
use protocol::view::Text;
use serde::Deserialize;
use web::{DeskPage, Page};

use super::Reader;
use crate::accounts::{AccountError, Organiser, SignedIn};
use crate::desk;
use crate::http::{App, AtDesk, Failure, Guard, Routes, Sent, Spoke, drop_session, keep_session};

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::{Desk, Public};
    routes
        .add(Method::GET, "/desk", Desk, "The desk: competitions, and making one.", home)
        .add(Method::GET, "/desk/sign-in", Public, "Signing in, or making the first account.", door)
        .add(Method::POST, "/desk/sign-in", Public, "Signs in from the page.", sign_in)
        .add(Method::POST, "/desk/set-up", Public, "Makes the first account from the page.", set_up)
        .add(Method::POST, "/desk/sign-out", Desk, "Signs out from the page.", sign_out)
        .add_upload(
            "/desk/competitions",
            Desk,
            "Sets a competition up from a package, from the page.",
            upload,
        )
        .add(Method::POST, "/desk/small", Desk, "Sets a small one up, from the page.", small)
        .add(Method::GET, "/desk/competition/{id}", Desk, "A competition's desk.", competition)
        .add(
            Method::POST,
            "/desk/competition/{id}/cards",
            Desk,
            "Cards of all judges without a device.",
            cards,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/settings",
            Desk,
            "Public, frozen: from the page.",
            settings,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/settings",
            Desk,
            "What the public sees, from the page.",
            set_skill,
        )
        .add(Method::POST, "/desk/skill/{id}/act", Desk, "Opens, closes or releases, from the page.", act)
        .add(Method::POST, "/desk/skill/{id}/cards", Desk, "A judge's card, from the page.", card)
        .add(Method::POST, "/desk/skill/{id}/end", Desk, "Ends a device or card, from the page.", end)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    enrolment: EnrolmentId,
}

async fn home(
    State(app): State<App>,
    AtDesk(organiser): AtDesk,
    reader: Reader,
) -> Result<Response, Failure> {
    desk_home(&app, &organiser, &reader, &Small::default(), None).await
}

/// The desk's first page, with what was typed and why it was refused.
async fn desk_home(
    app: &App,
    organiser: &Organiser,
    reader: &Reader,
    typed: &Small,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let competitions = desk::list(app).await?;
    let rule_sets: Vec<(String, Text)> = domain::rules::PRESETS
        .iter()
        .filter_map(|(id, _)| domain::rules::preset(id))
        .map(|rules| (rules.id, Text { zh: rules.title.zh, en: rules.title.en }))
        .collect();
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::Home {
        name: &organiser.name,
        competitions: &competitions,
        rule_sets: &rule_sets,
        typed,
        problem: problem.as_ref(),
    };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn door(State(app): State<App>, reader: Reader) -> Result<Response, Failure> {
    let is_new = app.accounts.is_new().await?;
    let page = DeskPage::Door { is_new, problem: None, name: "" };
    Ok(reader.show(StatusCode::OK, &Page::Desk(page)))
}

async fn sign_in(
    State(app): State<App>,
    reader: Reader,
    Sent(body): Sent<SignIn>,
) -> Result<Response, Failure> {
    let signed_in = app.accounts.sign_in(body.name.trim(), &body.password).await;
    Ok(at_the_door(&app, &reader, false, &body.name, signed_in))
}

async fn set_up(
    State(app): State<App>,
    reader: Reader,
    Sent(body): Sent<SetUp>,
) -> Result<Response, Failure> {
    let signed_in = app.accounts.set_up(&body.secret, body.name.trim(), &body.password).await;
    let is_new = app.accounts.is_new().await?;
    Ok(at_the_door(&app, &reader, is_new, &body.name, signed_in))
}

/// In with a session, or at the door again with what went wrong and what was typed.
fn at_the_door(
    app: &App,
    reader: &Reader,
    is_new: bool,
    name: &str,
    signed_in: Result<SignedIn, AccountError>,
) -> Response {
    match signed_in {
        Ok(signed_in) => {
            let mut response = go("/desk");
            keep_session(&app.origins, response.headers_mut(), &signed_in);
            response
        }
        Err(error) => {
            let failure = Failure::from(error);
            let problem = failure.body(reader.0.language);
            let page = DeskPage::Door { is_new, problem: Some(&problem), name };
            reader.show(failure.status, &Page::Desk(page))
        }
    }
}

async fn sign_out(State(app): State<App>, AtDesk(organiser): AtDesk) -> Result<Response, Failure> {
    app.accounts.sign_out(&organiser.session).await?;
    let mut response = go("/desk/sign-in");
    drop_session(&app.origins, response.headers_mut());
    Ok(response)
}

async fn upload(State(app): State<App>, request: Request) -> Result<Response, Failure> {
    let (id, ..) = desk::upload(&app, request).await?;
    Ok(go(&format!("/desk/competition/{id}")))
}

async fn small(
    State(app): State<App>,
    AtDesk(organiser): AtDesk,
    reader: Reader,
    Sent(page): Sent<Small>,
) -> Result<Response, Failure> {
    match desk::make_small(&app, &page).await {
        Ok((id, ..)) => Ok(go(&format!("/desk/competition/{id}"))),
        // What was typed stays in the form, beside what is wrong with it.
        Err(refusal) => desk_home(&app, &organiser, &reader, &page, Some(refusal.into())).await,
    }
}

async fn competition(
    State(app): State<App>,
    AtDesk(organiser): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let competition = desk::look(&app, &id).await?;
    let page = DeskPage::Competition { name: &organiser.name, competition: &competition };
    Ok(reader.show(StatusCode::OK, &Page::Desk(page)))
}

async fn settings(
    State(app): State<App>,
    AtDesk(organiser): AtDesk,
    Path(id): Path<String>,
    Sent(settings): Sent<CompetitionSettings>,
) -> Result<Response, Failure> {
    desk::set_competition(&app, &organiser, &id, &settings).await?;
    Ok(go(&format!("/desk/competition/{id}")))
}

async fn set_skill(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(settings): Sent<SkillSettings>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    desk::set_skill(&app, &skill, &settings).await?;
    back_to(&app, &skill).await
}

async fn act(
    State(app): State<App>,
    AtDesk(organiser): AtDesk,
    Path(id): Path<String>,
    Sent(body): Sent<Do>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    desk::act(&app, &organiser, &skill, body.act).await?;
    back_to(&app, &skill).await
}

async fn cards(State(app): State<App>, reader: Reader, Path(id): Path<String>) -> Result<Response, Failure> {
    let cards = desk::missing_cards(&app, &id).await?;
    let back = format!("/desk/competition/{id}");
    Ok(reader.show(StatusCode::OK, &Page::Desk(DeskPage::Cards { cards: &cards, back: &back })))
}

async fn card(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Sent(body): Sent<CardFor>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    let card = desk::card(&app, &skill, &body.judge).await?;
    let back = address(&app, &skill).await?;
    let page = DeskPage::Cards { cards: std::slice::from_ref(&card), back: &back };
    Ok(reader.show(StatusCode::OK, &Page::Desk(page)))
}

async fn end(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(body): Sent<End>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    app.accounts.end_enrolment(&body.enrolment, &skill).await?;
    back_to(&app, &skill).await
}

async fn back_to(app: &App, skill: &LedgerId) -> Result<Response, Failure> {
    Ok(go(&address(app, skill).await?))
}

async fn address(app: &App, skill: &LedgerId) -> Result<String, Failure> {
    Ok(format!("/desk/competition/{}", desk::competition_of(app, skill).await?))
}

/// Loads another page, so that loading it again does not send the form again.
fn go(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path.to_owned())]).into_response()
}

/// A failure as a page, where a person asked for one.
pub(crate) fn failure_page(failure: &Failure, headers: &HeaderMap, uri: &Uri) -> Response {
    let reader = Reader::of(headers, uri);
    let is_at_desk = uri.path().starts_with("/desk");
    if is_at_desk && failure.status == StatusCode::UNAUTHORIZED {
        return go("/desk/sign-in");
    }
    if !is_at_desk {
        return reader.show(failure.status, &Page::Problem(failure.status.as_u16()));
    }
    let Spoke(language) = Spoke::of(headers);
    let problem = failure.body(language);
    // A browser that sends a form says where from only as the origin; the desk leads on.
    reader.show(failure.status, &Page::Desk(DeskPage::Refused { problem: &problem, back: "/desk" }))
}
