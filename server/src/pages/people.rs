//! The pages of who holds which role: organisations, people, invitations, and taking one up.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use domain::id::OrganisationId;
use protocol::list::{self, ListQuery};
use protocol::people::{Accept, InvitationMade, Invite, Join, LinkMade, OrganisationForm};
use serde::Deserialize;
use web::{DeskPage, JoinPage, Page};

use super::desk::{go, let_in};
use super::{Pairs, Reader};
use crate::accounts::Staff;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent, agent};
use crate::people;

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::{Account, Public, Staff};
    let appoint = Staff(Action::Appoint, Over::Somewhere);
    let organise = Staff(Action::Organise, Over::Somewhere);
    routes
        .add(Method::GET, "/desk/people", Account, "Who holds which role, and who is invited.", home)
        .add(Method::POST, "/desk/people/invitations", appoint, "Invites somebody to a role.", invite)
        .add(Method::POST, "/desk/people/invitations/end", appoint, "Takes an invitation back.", withdraw)
        .add(Method::POST, "/desk/people/end", Account, "Ends an appointment.", dismiss)
        .add(
            Method::POST,
            "/desk/people/accounts/link",
            appoint,
            "Makes a link to a new password for an account that one looks after.",
            link,
        )
        .add(
            Method::POST,
            "/desk/people/accounts/factor/end",
            appoint,
            "Removes the second factor of an account that one looks after.",
            drop_factor,
        )
        .add(
            Method::POST,
            "/desk/people/accounts/end",
            appoint,
            "Ends an account that one looks after.",
            end_account,
        )
        .add(Method::POST, "/desk/organisations", organise, "Adds an organisation.", add)
        .add(Method::POST, "/desk/organisations/{organisation}", organise, "Changes an organisation.", change)
        .add(
            Method::POST,
            "/desk/organisations/{organisation}/end",
            organise,
            "Removes an organisation that nothing hangs on.",
            remove,
        )
        .add(Method::GET, "/join", Public, "Where the link of an invitation leads.", door)
        .add(Method::POST, "/join", Public, "Takes an invitation up with a new account.", join)
        .add(
            Method::POST,
            "/join/accept",
            Account,
            "Takes an invitation up with the account that is signed in.",
            accept,
        )
}

/// One of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    id: String,
}

/// What is asked of the lists, what stands in the forms, what was just made, and why something was refused.
#[derive(Default)]
struct Shown {
    query: ListQuery,
    invite: Invite,
    organisation: OrganisationForm,
    made: Option<InvitationMade>,
    link: Option<LinkMade>,
    refused: Option<Failure>,
}

async fn home(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    show(&app, &staff, &reader, Shown { query: asked_of(&asked), ..Shown::default() }).await
}

fn asked_of(asked: &Pairs) -> ListQuery {
    ListQuery::read(asked, list::PEOPLE)
}

/// To one of the lists, as it was looked at.
fn back(asked: &Pairs, place: &str) -> Response {
    go(&format!("{}#{place}", asked_of(asked).address("/desk/people")))
}

async fn show(app: &App, staff: &Staff, reader: &Reader, shown: Shown) -> Result<Response, Failure> {
    let people = people::look(app, staff, reader.0.language).await?;
    let Shown { query, invite, organisation, made, link, refused } = shown;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::People {
        name: &staff.name,
        account: &staff.account,
        people: &people,
        query: &query,
        invite: &invite,
        organisation: &organisation,
        made: made.as_ref(),
        link: link.as_ref(),
        problem: problem.as_ref(),
    };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn invite(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(typed): Sent<Invite>,
) -> Result<Response, Failure> {
    let shown = match people::invite(&app, &staff, &typed, reader.0.language).await {
        Ok(made) => Shown { made: Some(made), ..Shown::default() },
        Err(failure) => Shown { invite: typed, refused: Some(failure), ..Shown::default() },
    };
    show(&app, &staff, &reader, shown).await
}

async fn withdraw(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Query(asked): Query<Pairs>,
    Sent(one): Sent<One>,
) -> Result<Response, Failure> {
    people::withdraw(&app, &staff, &one.id).await?;
    Ok(back(&asked, "invited"))
}

async fn dismiss(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Query(asked): Query<Pairs>,
    Sent(one): Sent<One>,
) -> Result<Response, Failure> {
    people::dismiss(&app, &staff, &one.id).await?;
    Ok(back(&asked, "held"))
}

async fn link(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Query(asked): Query<Pairs>,
    Sent(one): Sent<One>,
) -> Result<Response, Failure> {
    let link = people::password_link(&app, &staff, &one.id).await?;
    show(&app, &staff, &reader, Shown { query: asked_of(&asked), link: Some(link), ..Shown::default() }).await
}

async fn drop_factor(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Query(asked): Query<Pairs>,
    Sent(one): Sent<One>,
) -> Result<Response, Failure> {
    people::drop_factor(&app, &staff, &one.id).await?;
    Ok(back(&asked, "accounts"))
}

async fn end_account(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Query(asked): Query<Pairs>,
    Sent(one): Sent<One>,
) -> Result<Response, Failure> {
    people::end_account(&app, &staff, &one.id).await?;
    Ok(back(&asked, "accounts"))
}

async fn add(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(form): Sent<OrganisationForm>,
) -> Result<Response, Failure> {
    match people::add(&app, &staff, &form).await {
        Ok(()) => Ok(go("/desk/people#organisations")),
        Err(failure) => {
            let shown = Shown { organisation: form, refused: Some(failure), ..Shown::default() };
            show(&app, &staff, &reader, shown).await
        }
    }
}

async fn change(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(form): Sent<OrganisationForm>,
) -> Result<Response, Failure> {
    people::change(&app, &staff, &OrganisationId::from(id), &form).await?;
    Ok(go("/desk/people#organisations"))
}

async fn remove(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    people::remove(&app, &staff, &OrganisationId::from(id)).await?;
    Ok(go("/desk/people#organisations"))
}

async fn door(reader: Reader) -> Response {
    reader.show(StatusCode::OK, &Page::Join(JoinPage::default()))
}

async fn join(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Sent(typed): Sent<Join>,
) -> Result<Response, Failure> {
    let browser = agent(&headers);
    let joined = app.accounts.join(&typed.code, typed.name.trim(), &typed.password, &browser).await;
    match joined {
        Ok(signed_in) => Ok(let_in(&app, &signed_in)),
        Err(error) => Ok(refused(&app, &reader, &typed.code, typed.name.trim(), error.into()).await),
    }
}

/// At the door again, with what was typed and why it was refused; what the link led to is said again, where
/// it still does.
async fn refused(app: &App, reader: &Reader, code: &str, name: &str, failure: Failure) -> Response {
    let problem = failure.body(reader.0.language);
    let invited = people::invited(app, code, reader.0.language).await.ok();
    let page = JoinPage { code, name, invited: invited.as_ref(), problem: Some(&problem) };
    reader.show(failure.status, &Page::Join(page))
}

async fn accept(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(typed): Sent<Accept>,
) -> Response {
    match app.accounts.accept(&typed.code, &staff.account).await {
        Ok(_) => go("/desk/people#held"),
        Err(error) => refused(&app, &reader, &typed.code, "", error.into()).await,
    }
}
