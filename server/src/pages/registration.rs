//! The pages of registrations: the organiser's, the terms, a delegation's own, and its people.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use domain::access::Action;
use protocol::list::{self, ListQuery};
use protocol::registration::{
    DelegationForm, DelegationLines, OfDelegation, PersonForm, Registration, Said, TermsForm,
};
use web::{DeskPage, Page, RegistrationPage};

use super::desk::go;
use super::{Pairs, Reader};
use crate::accounts::Staff;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::registration;

pub(super) fn routes(routes: Routes) -> Routes {
    let host = Guard::Staff(Action::SetUp, Over::Competition);
    let own = Guard::Staff(Action::Register, Over::Delegation);
    let somewhere = Guard::Staff(Action::Register, Over::Somewhere);
    routes
        .add(
            Method::GET,
            "/desk/competition/{id}/registrations",
            host,
            "Who is entered, and the delegations.",
            look,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/registrations/approve",
            host,
            "Approves those chosen.",
            approve,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/registrations/{one}/give-back",
            host,
            "Gives a registration back, with why.",
            give_back,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/registrations/{one}/reconsider",
            host,
            "Takes an approval back.",
            reconsider,
        )
        .add(Method::POST, "/desk/competition/{id}/registrations/delegations", host, "Adds delegations.", add)
        .add(
            Method::POST,
            "/desk/competition/{id}/registrations/delegation",
            host,
            "Changes a delegation.",
            change,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/registrations/delegation/remove",
            host,
            "Removes a delegation that nobody is entered for.",
            remove,
        )
        .add(
            Method::GET,
            "/desk/competition/{id}/registrations/terms",
            host,
            "The terms of registration.",
            terms,
        )
        .add(Method::POST, "/desk/competition/{id}/registrations/terms", host, "Keeps the terms.", keep_terms)
        .add(Method::GET, "/desk/delegations", somewhere, "The delegations that one enters people for.", mine)
        .add(Method::GET, "/desk/delegation/{id}", own, "A delegation's people.", delegation)
        .add(Method::GET, "/desk/delegation/{id}/enter", own, "The form that enters somebody.", form)
        .add(Method::POST, "/desk/delegation/{id}/enter", own, "Enters somebody.", enter)
        .add(Method::GET, "/desk/delegation/{id}/person/{one}", own, "Somebody who is entered.", person)
        .add(Method::POST, "/desk/delegation/{id}/person/{one}", own, "Changes what was entered.", mend)
        .add(
            Method::POST,
            "/desk/delegation/{id}/person/{one}/withdraw",
            own,
            "Withdraws somebody, with why.",
            withdraw,
        )
        .add(
            Method::GET,
            "/desk/delegation/{id}/person/{one}/consent",
            own,
            "A guardian's consent, to be printed.",
            consent,
        )
}

fn page(staff: &Staff, reader: &Reader, status: StatusCode, page: RegistrationPage<'_>) -> Response {
    reader.show(status, &Page::Desk(DeskPage::Registration { name: &staff.name, page }))
}

async fn look(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let count = |name: &str| {
        let said = asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        said.and_then(|value| value.parse::<usize>().ok())
    };
    let approved = count("approved").zip(count("left"));
    let query = ListQuery::read(&asked, list::REGISTRATIONS);
    host(&app, &staff, &reader, (&id, &query), ("", approved), None).await
}

async fn host(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, query): (&str, &ListQuery),
    (typed, approved): (&str, Option<(usize, usize)>),
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let shown = registration::look(app, id, query).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let shown = RegistrationPage::Host { shown: &shown, approved, typed, problem: problem.as_ref() };
    Ok(page(staff, reader, status, shown))
}

/// Those who are chosen, each as it was seen: `one=ID:CHANGES`; and where to go back to.
async fn approve(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(pairs): Sent<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let chosen = pairs.iter().filter(|(name, _)| name == "one");
    let chosen: Vec<(String, i64)> = chosen
        .filter_map(|(_, value)| value.rsplit_once(':'))
        .filter_map(|(one, seen)| Some((one.to_owned(), seen.parse().ok()?)))
        .collect();
    let back = pairs.iter().find(|(name, _)| name == "back").map(|(_, back)| back.as_str());
    match registration::approve(&app, &staff, &id, &chosen).await {
        Ok((approved, left)) => {
            let list = format!("/desk/competition/{id}/registrations");
            // Back at the same list, or the person's page, and nowhere else.
            let is_ours = |back: &&str| back.starts_with(&list) || back.starts_with("/desk/delegation/");
            let back = back.filter(is_ours).unwrap_or(&list);
            let and = if back.contains('?') { '&' } else { '?' };
            Ok(go(&format!("{back}{and}approved={approved}&left={left}")))
        }
        Err(failure) => {
            // At the list as it was looked at.
            let uri = back.and_then(|back| back.parse::<Uri>().ok());
            let asked = uri.and_then(|uri| Query::<Pairs>::try_from_uri(&uri).ok());
            let Query(asked) = asked.unwrap_or_default();
            let query = ListQuery::read(&asked, list::REGISTRATIONS);
            host(&app, &staff, &reader, (&id, &query), ("", None), Some(failure)).await
        }
    }
}

/// After something was done to one, or refused: its page.
async fn after(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, one, why): (&str, &str, &str),
    done: Result<(), Failure>,
) -> Result<Response, Failure> {
    let delegation = registration::delegation_of(app, (id, one)).await?;
    match done {
        Ok(()) => Ok(go(&format!("/desk/delegation/{delegation}/person/{one}"))),
        Err(failure) => show_person(app, staff, reader, (&delegation, one), (None, why), Some(failure)).await,
    }
}

async fn give_back(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, one)): Path<(String, String)>,
    Sent(said): Sent<Said>,
) -> Result<Response, Failure> {
    let done = registration::give_back(&app, &staff, (&id, &one), &said).await;
    after(&app, &staff, &reader, (&id, &one, &said.why), done).await
}

async fn reconsider(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, one)): Path<(String, String)>,
    Sent(said): Sent<Said>,
) -> Result<Response, Failure> {
    let done = registration::reconsider(&app, &staff, (&id, &one), &said).await;
    after(&app, &staff, &reader, (&id, &one, &said.why), done).await
}

/// Back at the organiser's page, or there with why it was refused.
async fn led_back(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, typed): (&str, &str),
    done: Result<(), Failure>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(go(&format!("/desk/competition/{id}/registrations#delegations"))),
        Err(failure) => {
            host(app, staff, reader, (id, &ListQuery::default()), (typed, None), Some(failure)).await
        }
    }
}

async fn add(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(lines): Sent<DelegationLines>,
) -> Result<Response, Failure> {
    let done = registration::add(&app, &id, &lines).await.map(|_| ());
    led_back(&app, &staff, &reader, (&id, &lines.delegations), done).await
}

async fn change(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<DelegationForm>,
) -> Result<Response, Failure> {
    let done = registration::change(&app, &id, &typed).await;
    led_back(&app, &staff, &reader, (&id, ""), done).await
}

async fn remove(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<OfDelegation>,
) -> Result<Response, Failure> {
    let done = registration::remove(&app, &id, &typed.id).await;
    led_back(&app, &staff, &reader, (&id, ""), done).await
}

async fn terms(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    show_terms(&app, &staff, &reader, &id, None, query.contains_key("kept"), None).await
}

async fn show_terms(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    id: &str,
    typed: Option<TermsForm>,
    is_kept: bool,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let (competition, skills, there) = registration::terms_form(app, id).await?;
    let is_changed = refused.as_ref().is_some_and(|failure| failure.status == StatusCode::CONFLICT);
    let form = match typed {
        // What was typed goes on from what stands there now, which is told beside it.
        Some(mut typed) if is_changed => {
            typed.put("seen", there.get("seen"));
            typed
        }
        Some(typed) => typed,
        None => there.clone(),
    };
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let shown = RegistrationPage::Terms {
        competition: &competition,
        skills: &skills,
        form: &form,
        there: is_changed.then_some(&there),
        is_kept,
        problem: problem.as_ref(),
    };
    Ok(page(staff, reader, status, shown))
}

async fn keep_terms(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(pairs): Sent<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let typed = TermsForm(pairs);
    match registration::keep_terms(&app, &id, &typed).await {
        Ok(()) => Ok(go(&format!("/desk/competition/{id}/registrations/terms?kept"))),
        Err(failure) => show_terms(&app, &staff, &reader, &id, Some(typed), false, Some(failure)).await,
    }
}

async fn mine(State(app): State<App>, AtDesk(staff): AtDesk, reader: Reader) -> Result<Response, Failure> {
    let mine = registration::mine(&app, &staff).await?;
    Ok(page(&staff, &reader, StatusCode::OK, RegistrationPage::Mine { mine: &mine }))
}

async fn delegation(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let own = registration::own(&app, &staff, &id).await?;
    Ok(page(&staff, &reader, StatusCode::OK, RegistrationPage::Own { own: &own }))
}

/// For which skill somebody is entered, or in whose place.
async fn form(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let get = |name: &str| query.get(name).cloned().unwrap_or_default();
    let mut typed = PersonForm {
        form: uuid::Uuid::now_v7().to_string(),
        skill: get("skill"),
        replaces: get("replaces"),
        ..PersonForm::default()
    };
    let own = registration::own(&app, &staff, &id).await?;
    if let Some(of) = own.lines.iter().find(|line| line.id == typed.replaces) {
        typed.skill.clone_from(&of.skill.id);
    }
    let shown = RegistrationPage::Enter { own: &own, typed: &typed, problem: None };
    Ok(page(&staff, &reader, StatusCode::OK, shown))
}

async fn enter(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(typed): Sent<PersonForm>,
) -> Result<Response, Failure> {
    match registration::enter(&app, &staff, &id, &typed).await {
        Ok(one) => Ok(go(&format!("/desk/delegation/{id}/person/{one}"))),
        Err(failure) => {
            let own = registration::own(&app, &staff, &id).await?;
            let status = failure.status;
            let problem = failure.body(reader.0.language);
            let shown = RegistrationPage::Enter { own: &own, typed: &typed, problem: Some(&problem) };
            Ok(page(&staff, &reader, status, shown))
        }
    }
}

async fn person(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, one)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    // Approving it from here did nothing: it was changed meanwhile, or something speaks against it.
    let is_left = query.get("left").is_some_and(|left| left != "0");
    let refused = is_left.then(registration::not_approved);
    show_person(&app, &staff, &reader, (&id, &one), (None, ""), refused).await
}

async fn show_person(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, which): (&str, &str),
    (typed, why): (Option<PersonForm>, &str),
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let own = registration::own(app, staff, id).await?;
    let one: Registration = registration::one(app, (id, which)).await?;
    // What was typed goes on from what stands there now, which stands above it.
    let seen = one.person.seen;
    let typed = typed.map_or_else(|| one.person.clone(), |typed| PersonForm { seen, ..typed });
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let shown =
        RegistrationPage::Person { own: &own, one: &one, typed: &typed, why, problem: problem.as_ref() };
    Ok(page(staff, reader, status, shown))
}

async fn mend(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, one)): Path<(String, String)>,
    Sent(typed): Sent<PersonForm>,
) -> Result<Response, Failure> {
    match registration::mend(&app, &staff, (&id, &one), &typed).await {
        Ok(()) => Ok(go(&format!("/desk/delegation/{id}/person/{one}"))),
        Err(failure) => {
            show_person(&app, &staff, &reader, (&id, &one), (Some(typed), ""), Some(failure)).await
        }
    }
}

async fn withdraw(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, one)): Path<(String, String)>,
    Sent(said): Sent<Said>,
) -> Result<Response, Failure> {
    match registration::withdraw(&app, &staff, (&id, &one), &said).await {
        Ok(()) => Ok(go(&format!("/desk/delegation/{id}/person/{one}"))),
        Err(failure) => {
            show_person(&app, &staff, &reader, (&id, &one), (None, &said.why), Some(failure)).await
        }
    }
}

async fn consent(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, one)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let own = registration::own(&app, &staff, &id).await?;
    let one = registration::one(&app, (&id, &one)).await?;
    Ok(page(&staff, &reader, StatusCode::OK, RegistrationPage::Consent { own: &own, one: &one }))
}
