//! The desk's pages and their forms.

use std::sync::LazyLock;

use axum::extract::{Path, Query, Request, State};
use axum::http::header::{LOCATION, REFRESH};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use domain::access::{Action, Role, Scope};
use domain::id::{EnrolmentId, LedgerId};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use protocol::account::{OtherHalf, SetUp, SignIn};
use protocol::chief::OfProposal;
use protocol::desk::{Card, CardFor, CompetitionSettings, Do, NewJudge, SessionPage, SkillSettings, Small};
use protocol::list::{self, ListQuery};
use protocol::setup::About;
use protocol::view::SessionClock;
use serde::Deserialize;
use serde_json::Value;
use web::{Choices, CompetitionDesk, DeskPage, HomeMay, LabelsPage, Page};

use super::checkin::is_of_card;
use super::device::Trusting;
use super::setup::rule_sets;
use super::{Pairs, Reader, UTC_OFFSET_MINUTES};
use crate::accounts::{AccountError, Entry, SignedIn, Staff};
use crate::circuit;
use crate::competition::{self, CompetitionError};
use crate::desk::{self, DeskError};
use crate::exchange::package::TIERS;
use crate::http::{
    App, AtDesk, Failure, Guard, Over, Routes, Sent, Side, Spoke, agent, drop_session, keep_session, openapi,
};
use crate::practice;
use crate::setup::{self, template};

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::{Account, Public, Staff};
    routes
        .add(Method::GET, "/desk", Account, "The desk: competitions, and making one.", home)
        .add(Method::GET, "/desk/sign-in", Public, "Signing in, or making the first account.", door)
        .add(Method::POST, "/desk/sign-in", Public, "Signs in from the page.", sign_in)
        .add(
            Method::POST,
            "/desk/sign-in/code",
            Public,
            "Signs in with the second factor, from the page.",
            code,
        )
        .add(Method::POST, "/desk/set-up", Public, "Makes the first account from the page.", set_up)
        .add(Method::POST, "/desk/sign-out", Account, "Signs out from the page.", sign_out)
        .add_upload(
            "/desk/competitions",
            Staff(Action::SetUp, Over::Somewhere),
            "Sets a competition up from a package, from the page.",
            upload,
        )
        .add(
            Method::POST,
            "/desk/small",
            Staff(Action::SetUp, Over::Somewhere),
            "Sets a small one up, from the page.",
            small,
        )
        .add(
            Method::GET,
            "/desk/competition/{id}",
            Staff(Action::Look, Over::Within),
            "A competition's desk.",
            competition,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/cards",
            Staff(Action::Admit, Over::Competition),
            "Cards of all judges without a device.",
            cards,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/settings",
            Staff(Action::Show, Over::Competition),
            "Public, frozen: from the page.",
            settings,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/session",
            Staff(Action::Show, Over::Competition),
            "Sets the session clock, from the page.",
            session,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/session/end",
            Staff(Action::Show, Over::Competition),
            "Takes every session clock off, from the page.",
            end_session_of_all,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}",
            Staff(Action::Look, Over::Skill),
            "Leads to a skill at its competition's desk.",
            skill,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}/labels",
            Staff(Action::Admit, Over::Skill),
            "Labels with the competitors' codes, whose QR codes open their sheets.",
            labels,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/session/end",
            Staff(Action::Show, Over::Skill),
            "Takes a session clock off, from the page.",
            end_session,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/settings",
            Staff(Action::Show, Over::Skill),
            "What the public sees, from the page.",
            set_skill,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/act",
            Staff(Action::Release, Over::Skill),
            "Opens, closes or releases, from the page.",
            act,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/judges",
            Staff(Action::Admit, Over::Skill),
            "Adds a judge, from the page.",
            add_judge,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/cards",
            Staff(Action::Admit, Over::Skill),
            "A judge's card, from the page.",
            card,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/end",
            Staff(Action::Admit, Over::Skill),
            "Ends a device or card, from the page.",
            end,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/second",
            Staff(Action::Second, Over::Skill),
            "Confirms a chief judge's act as the second person, from the page.",
            second,
        )
        // It names every address that an attacker could try: those who run the competition read it.
        .add(
            Method::GET,
            "/api/docs",
            Staff(Action::Operate, Over::Everything),
            "This description, for people.",
            interface,
        )
}

/// Where somebody goes on to who signs in, as the form's address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct On {
    on: String,
}

impl On {
    /// That, where it is one of those to which people are led back; else nothing.
    fn checked(&self) -> &str {
        if is_of_card(&self.on) { &self.on } else { "" }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    enrolment: EnrolmentId,
}

async fn home(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    if is_foreman_alone(&staff) {
        return Ok(go("/drill"));
    }
    if registers(&staff) && !staff.may_somewhere(Action::Look) && !staff.may_somewhere(Action::Appoint) {
        return Ok(go("/desk/delegations"));
    }
    let query = ListQuery::read(&asked, list::COMPETITIONS);
    // A circuit leads here with the tier of which one is to be made.
    let said = |name: &str| asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let new = About {
        tier: said("tier").unwrap_or_default(),
        circuit: said("circuit").unwrap_or_default(),
        template: said("template").unwrap_or_default(),
        ..About::default()
    };
    desk_home(&app, &staff, &reader, Typed { query, new, ..Typed::default() }).await
}

/// Whether somebody enters the people of an organisation.
fn registers(staff: &Staff) -> bool {
    staff.held.iter().any(|one| matches!(one.role, Role::TeamLeader | Role::DelegationRegistrar))
}

/// Whether somebody's work is drills alone: then these are where they are at home.
pub(super) fn is_foreman_alone(staff: &Staff) -> bool {
    let has = |action| staff.may_somewhere(action);
    has(Action::Drill) && !has(Action::Look) && !has(Action::Appoint)
}

/// What was asked and typed at the desk's first page, and why which of the two was refused.
#[derive(Default)]
struct Typed {
    query: ListQuery,
    small: Small,
    new: About,
    refused_small: Option<Failure>,
    refused_new: Option<Failure>,
}

/// The desk's first page after making a competition was refused.
pub(super) async fn home_after(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    new: &About,
    refused: Failure,
) -> Result<Response, Failure> {
    let typed = Typed { new: new.clone(), refused_new: Some(refused), ..Typed::default() };
    desk_home(app, staff, reader, typed).await
}

async fn desk_home(app: &App, staff: &Staff, reader: &Reader, typed: Typed) -> Result<Response, Failure> {
    let mut typed = typed;
    if typed.new.form.is_empty() {
        typed.new.form = uuid::Uuid::now_v7().to_string();
    }
    let competitions = desk::list(app, staff).await?;
    let (organisations, is_of_none) = desk::places(app, staff).await?;
    let rule_sets = rule_sets();
    let refused = typed.refused_small.as_ref().or(typed.refused_new.as_ref());
    let status = refused.map_or(StatusCode::OK, |failure| failure.status);
    let said = |failure: Option<Failure>| failure.map(|failure| failure.body(reader.0.language));
    let (of_small, of_new) = (said(typed.refused_small), said(typed.refused_new));
    let none = is_of_none.then_some(None);
    let of: Vec<_> = organisations.iter().map(|one| Some(one.id.clone())).chain(none).collect();
    let circuits = circuit::choices(app, &of).await?;
    let templates = template::list(app, staff).await?;
    let choices = Choices {
        rule_sets: &rule_sets,
        tiers: &TIERS,
        circuits: &circuits,
        templates: &templates,
        places: &organisations,
        of_none: is_of_none,
    };
    let page = DeskPage::Home {
        name: &staff.name,
        competitions: &competitions,
        query: &typed.query,
        may: HomeMay {
            look: staff.may_somewhere(Action::Look),
            set_up: is_of_none || !organisations.is_empty(),
            of_none: is_of_none,
            drill: staff.may_somewhere(Action::Drill),
            register: registers(staff),
            appoint: staff.may_somewhere(Action::Appoint),
            operate: staff.may(Action::Operate, &[Scope::Everything]).is_some(),
        },
        choices,
        typed: &typed.small,
        problem: of_small.as_ref(),
        new: &typed.new,
        refused: of_new.as_ref(),
    };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn door(State(app): State<App>, reader: Reader) -> Result<Response, Failure> {
    let is_new = app.accounts.is_new().await?;
    let page = DeskPage::Door { is_new, problem: None, name: "", on: "" };
    Ok(reader.show(StatusCode::OK, &Page::Desk(page)))
}

async fn sign_in(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Query(on): Query<On>,
    Sent(body): Sent<SignIn>,
) -> Result<Response, Failure> {
    let on = on.checked();
    let signed_in = match app.accounts.sign_in(body.name.trim(), &body.password, &agent(&headers)).await {
        Ok(Entry::Half(half)) => {
            let page = DeskPage::Code { half: &half, on, problem: None };
            return Ok(reader.show(StatusCode::OK, &Page::Desk(page)));
        }
        Ok(Entry::In(signed_in)) => Ok(signed_in),
        Err(error) => Err(error),
    };
    Ok(at_the_door(&app, &reader, false, (&body.name, on), signed_in))
}

async fn code(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Query(on): Query<On>,
    Sent(body): Sent<OtherHalf>,
) -> Response {
    let on = on.checked();
    match app.accounts.finish(&body.half, &body.code, &agent(&headers)).await {
        Ok(signed_in) => let_in_to(&app, &signed_in, on),
        // The first half is to be gone again.
        Err(error @ AccountError::HalfTooOld) => at_the_door(&app, &reader, false, ("", on), Err(error)),
        Err(error) => {
            let failure = Failure::from(error);
            let problem = failure.body(reader.0.language);
            let page = DeskPage::Code { half: &body.half, on, problem: Some(&problem) };
            reader.show(failure.status, &Page::Desk(page))
        }
    }
}

async fn set_up(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Sent(body): Sent<SetUp>,
) -> Result<Response, Failure> {
    let browser = agent(&headers);
    let signed_in = app.accounts.set_up(&body.secret, body.name.trim(), &body.password, &browser).await;
    let is_new = app.accounts.is_new().await?;
    Ok(at_the_door(&app, &reader, is_new, (&body.name, ""), signed_in))
}

/// In with a session, or at the door again with what went wrong and what was typed.
fn at_the_door(
    app: &App,
    reader: &Reader,
    is_new: bool,
    (name, on): (&str, &str),
    signed_in: Result<SignedIn, AccountError>,
) -> Response {
    match signed_in {
        Ok(signed_in) => let_in_to(app, &signed_in, on),
        Err(error) => {
            let failure = Failure::from(error);
            let problem = failure.body(reader.0.language);
            let page = DeskPage::Door { is_new, problem: Some(&problem), name, on };
            reader.show(failure.status, &Page::Desk(page))
        }
    }
}

pub(super) fn let_in(app: &App, signed_in: &SignedIn) -> Response {
    let_in_to(app, signed_in, "")
}

fn let_in_to(app: &App, signed_in: &SignedIn, on: &str) -> Response {
    let mut response = go(if on.is_empty() { "/desk" } else { on });
    keep_session(&app.origins, response.headers_mut(), signed_in);
    response
}

async fn sign_out(State(app): State<App>, AtDesk(staff): AtDesk) -> Result<Response, Failure> {
    app.accounts.sign_out(&staff.session).await?;
    let mut response = go("/desk/sign-in");
    drop_session(&app.origins, response.headers_mut(), Side::Desk);
    Ok(response)
}

async fn upload(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    request: Request,
) -> Result<Response, Failure> {
    let (id, ..) = desk::upload(&app, &staff, request).await?;
    Ok(go(&format!("/desk/competition/{id}")))
}

async fn small(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(page): Sent<Small>,
) -> Result<Response, Failure> {
    match desk::make_small(&app, &staff, &page).await {
        Ok((id, ..)) => Ok(go(&format!("/desk/competition/{id}"))),
        // What was typed stays in the form, beside what is wrong with it.
        Err(refusal) => {
            let typed = Typed { small: page, refused_small: Some(refusal.into()), ..Typed::default() };
            desk_home(&app, &staff, &reader, typed).await
        }
    }
}

async fn competition(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let typed = proposed_session((app.clock)());
    let query = ListQuery::read(&asked, list::SKILLS);
    show_competition(&app, &staff, &reader, (&id, &query), (&typed, ""), None).await
}

/// A competition's desk, with what was typed for its session clock or as its new skills, and why that was
/// refused.
pub(super) async fn show_competition(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, query): (&str, &ListQuery),
    (session, skills): (&SessionPage, &str),
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let competition = desk::look(app, staff, id).await?;
    let practices = practice::stands(app, &competition).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let desk = CompetitionDesk {
        competition: &competition,
        query,
        now: (app.clock)(),
        is_one_copy_only: app.keeping.backup().is_none(),
        practices: &practices,
        needs_factor: !staff.has_factor,
        session,
        skills,
        problem: problem.as_ref(),
    };
    let page = DeskPage::Competition { name: &staff.name, desk };
    Ok(reader.show(status, &Page::Desk(page)))
}

/// What stands in the form at first: from the next full five minutes on, for two hours.
pub(super) fn proposed_session(now_ms: i64) -> SessionPage {
    const STEP_MS: i64 = 5 * 60_000;
    let from = now_ms + STEP_MS - now_ms.rem_euclid(STEP_MS);
    let written = |at: i64| {
        let local = Timestamp::from_millisecond(at).ok().map(|at| place().to_datetime(at));
        local.map(|local| local.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
    };
    let until = from + 2 * 3_600_000;
    SessionPage { from: written(from), until: written(until), ..SessionPage::default() }
}

/// Reads a time as the clocks of the place show it.
fn moment(text: &str) -> Result<i64, DeskError> {
    let unreadable = || DeskError::TimeUnreadable { text: text.to_owned() };
    let written = text.trim().replacen(' ', "T", 1);
    let local: DateTime = written.parse().map_err(|_| unreadable())?;
    let at = place().to_timestamp(local).map_err(|_| unreadable())?;
    Ok(at.as_millisecond())
}

pub(super) fn place() -> Offset {
    Offset::from_seconds(UTC_OFFSET_MINUTES * 60).unwrap_or(Offset::UTC)
}

async fn session(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<SessionPage>,
) -> Result<Response, Failure> {
    let set = async {
        let label = typed.label.trim().to_owned();
        let session = SessionClock { label, from: moment(&typed.from)?, until: moment(&typed.until)? };
        let skill = LedgerId::from(typed.skill.as_str());
        if typed.skill.is_empty() {
            desk::set_session_of_all(&app, &id, Some(session)).await
        } else if desk::competition_of(&app, &skill).await? == id {
            desk::set_session(&app, &skill, Some(session)).await
        } else {
            // Another competition's was not asked about at the door.
            Err(CompetitionError::UnknownSkill { id: skill.to_string() }.into())
        }
    };
    match set.await {
        Ok(()) => Ok(go(&format!("/desk/competition/{id}#session"))),
        Err(refusal) => {
            let query = ListQuery::default();
            show_competition(&app, &staff, &reader, (&id, &query), (&typed, ""), Some(refusal.into())).await
        }
    }
}

async fn end_session_of_all(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    desk::set_session_of_all(&app, &id, None).await?;
    Ok(go(&format!("/desk/competition/{id}#session")))
}

async fn end_session(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    desk::set_session(&app, &skill, None).await?;
    back_to(&app, &skill).await
}

async fn skill(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    back_to(&app, &LedgerId::from(id)).await
}

async fn labels(State(app): State<App>, reader: Reader, Path(id): Path<String>) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    let labels = desk::labels(&app, &skill).await?;
    let back = address(&app, &skill).await?;
    Ok(reader.show(StatusCode::OK, &Page::Labels(LabelsPage { labels: &labels, back: &back })))
}

async fn interface(AtDesk(staff): AtDesk, reader: Reader) -> Response {
    static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| openapi(&crate::http::routes()));
    let page = DeskPage::Interface { name: &staff.name, description: &DESCRIPTION };
    reader.show(StatusCode::OK, &Page::Desk(page))
}

async fn settings(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(settings): Sent<CompetitionSettings>,
) -> Result<Response, Failure> {
    desk::set_competition(&app, &staff, &id, &settings).await?;
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
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(body): Sent<Do>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    practice::may(&app, &skill, body.act).await?;
    desk::act(&app, &staff, &skill, body.act).await?;
    back_to(&app, &skill).await
}

async fn second(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(body): Sent<OfProposal>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    desk::second(&app, &skill, &body, &staff.account).await?;
    back_to(&app, &skill).await
}

async fn cards(State(app): State<App>, reader: Reader, Path(id): Path<String>) -> Result<Response, Failure> {
    let cards = desk::missing_cards(&app, &id).await?;
    let back = match desk::practice_of(&app, &id).await? {
        Some(skill) => format!("/desk/skill/{skill}/practice"),
        None => format!("/desk/competition/{id}"),
    };
    Ok(reader.show(StatusCode::OK, &cards_page(&Trusting::of(&app), &cards, &back)))
}

pub(super) fn cards_page<'a>(trusting: &'a Trusting<'_>, cards: &'a [Card], back: &'a str) -> Page<'a> {
    Page::Desk(DeskPage::Cards { cards, trust: trusting.page(), back })
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
    Ok(reader.show(StatusCode::OK, &cards_page(&Trusting::of(&app), std::slice::from_ref(&card), &back)))
}

async fn add_judge(
    State(app): State<App>,
    Path(id): Path<String>,
    Sent(body): Sent<NewJudge>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    desk::add_judge(&app, &skill, &body).await?;
    back_to(&app, &skill).await
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

pub(super) async fn back_to(app: &App, skill: &LedgerId) -> Result<Response, Failure> {
    Ok(go(&address(app, skill).await?))
}

async fn address(app: &App, skill: &LedgerId) -> Result<String, Failure> {
    let id = desk::competition_of(app, skill).await?;
    let count = competition::count_skills(&app.database, &id).await.map_err(setup::failed)?;
    // Where there are pages of them it is asked for by itself. Its place on the page: `web` names it so.
    let asked = if count > list::PAGE_ROWS { format!("?skill={skill}") } else { String::new() };
    Ok(format!("/desk/competition/{id}{asked}#skill-{skill}"))
}

/// Loads another page, so that loading it again does not send the form again.
pub(super) fn go(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path.to_owned())]).into_response()
}

/// A failure as a page, where a person asked for one.
pub(crate) fn failure_page(failure: &Failure, headers: &HeaderMap, uri: &Uri) -> Response {
    let reader = Reader::of(headers, uri);
    if uri.path() == "/chief" || uri.path().starts_with("/chief/") {
        return super::chief::failure(failure, &reader);
    }
    let of_desk = ["/desk", "/api/docs", "/drill", "/join", "/password"];
    let is_at_desk = of_desk.iter().any(|page| uri.path().starts_with(page));
    if failure.status == StatusCode::UNAUTHORIZED && is_of_card(uri.path()) {
        return card_door(&reader, uri);
    }
    if is_at_desk && failure.status == StatusCode::UNAUTHORIZED {
        return go("/desk/sign-in");
    }
    if !is_at_desk {
        return reader.show(failure.status, &Page::Problem(failure.status.as_u16()));
    }
    let Spoke(language) = Spoke::of(headers);
    let problem = failure.body(language);
    reader
        .show(failure.status, &Page::Desk(DeskPage::Refused { problem: &problem, back: before(uri.path()) }))
}

/// The door before what an entry card leads to. A phone's camera is another program, and what it opens may come
/// without the session's cookies, which are for our own pages alone; asked for once more from here it comes with
/// them, so that only those see the door for longer who are not signed in.
fn card_door(reader: &Reader, uri: &Uri) -> Response {
    let page = DeskPage::Door { is_new: false, problem: None, name: "", on: uri.path() };
    let mut response = reader.show(StatusCode::UNAUTHORIZED, &Page::Desk(page));
    let again = format!("0; url={}?again", uri.path());
    if uri.query() != Some("again")
        && let Ok(again) = again.parse()
    {
        response.headers_mut().insert(REFRESH, again);
    }
    response
}

/// The page whose form was sent there: a browser says where from only as the origin.
fn before(path: &str) -> &str {
    if path.starts_with("/drill") {
        return "/drill";
    }
    if path.starts_with("/desk/me/") {
        return "/desk/me";
    }
    if path.starts_with("/desk/people/") || path.starts_with("/desk/organisations") {
        return "/desk/people";
    }
    if let Some((roster, _)) = path.split_once("/roster/") {
        return &path[..roster.len() + "/roster".len()];
    }
    let is_of_one = path.starts_with("/desk/competition/") || path.starts_with("/desk/skill/");
    let end = path.match_indices('/').nth(3).map_or(path.len(), |(at, _)| at);
    if is_of_one && end < path.len() { &path[..end] } else { "/desk" }
}
