//! The pages on which a skill's marking scheme is edited, with its versions; and what their script asks for.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::access::Action;
use domain::id::LedgerId;
use protocol::scheme::{Checked, SchemeForm, SchemeKept};
use serde::Deserialize;
use web::{DeskPage, Page, SchemeShown};

use super::desk::{back_to, go};
use super::list::XLSX;
use super::{Pairs, Reader, out};
use crate::accounts::Staff;
use crate::desk;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent, Spoke};
use crate::setup::scheme::{self, Uploaded};

pub(super) fn routes(routes: Routes) -> Routes {
    let guard = Guard::Staff(Action::SetUp, Over::Skill);
    routes
        .add(Method::GET, "/desk/skill/{id}/scheme", guard, "A skill's marking scheme, to be edited.", edit)
        .add_upload(
            "/desk/skill/{id}/scheme",
            guard,
            "Keeps a scheme as it was edited, or looks it over.",
            act,
        )
        .add_upload(
            "/desk/skill/{id}/scheme/upload",
            guard,
            "Takes a CIS workbook as the scheme, or reads a table to be looked over.",
            upload,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}/scheme/upload",
            guard,
            "Leads from what a table was read into to the editor.",
            to_editor,
        )
        .add(Method::POST, "/desk/skill/{id}/scheme/take", guard, "Takes the scheme of another skill.", take)
        .add(
            Method::GET,
            "/desk/skill/{id}/scheme/workbook",
            guard,
            "A skill's scheme as a CIS workbook.",
            workbook,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}/scheme/table",
            guard,
            "A skill's scheme as a table, or the template of one.",
            table,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}/scheme/versions",
            guard,
            "The versions of a skill's scheme, and what differs.",
            versions,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/scheme/restore",
            guard,
            "Takes an earlier version of a scheme again.",
            restore,
        )
        .add_upload(
            "/api/skills/{id}/scheme/check",
            guard,
            "What a scheme that is edited comes to, and what is found in it.",
            check,
        )
        .add_upload("/api/skills/{id}/scheme", guard, "Keeps a scheme as it was edited.", save)
}

async fn edit(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let edit = scheme::edit(&app, &staff, &LedgerId::from(id), reader.0.language).await?;
    Ok(show(&staff, &reader, StatusCode::OK, SchemeShown::of(&edit)))
}

fn show(staff: &Staff, reader: &Reader, status: StatusCode, shown: SchemeShown<'_>) -> Response {
    reader.show(status, &Page::Desk(DeskPage::Scheme { name: &staff.name, shown }))
}

/// What is sent is kept, unless the button says that it is to be looked over.
async fn act(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    let language = reader.0.language;
    let is_look = pairs.iter().any(|(name, value)| name == "act" && value == "look");
    let mut form = SchemeForm::of_pairs(pairs);
    if is_look {
        let edit = scheme::edit_typed(&app, &staff, &skill, form, language).await?;
        let shown = SchemeShown { is_unsaved: true, ..SchemeShown::of(&edit) };
        return Ok(show(&staff, &reader, StatusCode::OK, shown));
    }
    let failure = match scheme::save(&app, &staff, &skill, &form).await {
        Ok(_) => return Ok(go(&format!("/desk/skill/{skill}/scheme"))),
        Err(failure) => failure,
    };
    // Nothing that was typed is lost; where somebody else was quicker, what they did is told, and saving
    // once more is knowing it.
    let mut meanwhile = Vec::new();
    if failure.what.code == "scheme_changed" {
        (meanwhile, form.seen) = scheme::meanwhile(&app, &skill, &form.seen).await?;
    }
    let (status, problem) = (failure.status, failure.body(language));
    if failure.what.code == "skill_fixed" {
        // What is shown is what holds; it was opened while this was written.
        let edit = scheme::edit(&app, &staff, &skill, language).await?;
        return Ok(show(
            &staff,
            &reader,
            status,
            SchemeShown { problem: Some(&problem), ..SchemeShown::of(&edit) },
        ));
    }
    let edit = scheme::edit_typed(&app, &staff, &skill, form, language).await?;
    let shown = SchemeShown {
        is_unsaved: true,
        meanwhile: &meanwhile,
        problem: Some(&problem),
        ..SchemeShown::of(&edit)
    };
    Ok(show(&staff, &reader, status, shown))
}

/// Whoever changes the language there, or loads the page again, sees what is kept.
async fn to_editor(Path(id): Path<String>) -> Response {
    go(&format!("/desk/skill/{}/scheme", LedgerId::from(id)))
}

/// From which page a workbook is sent.
#[derive(Deserialize)]
struct Sending {
    from_editor: Option<String>,
}

async fn upload(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(sent): Query<Sending>,
    request: Request,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    let (name, bytes) = desk::named_file_of(request, "file").await?;
    if let Uploaded::Read(form, read) = scheme::upload(&app, &staff, &skill, (&name, bytes.to_vec())).await? {
        let edit = scheme::edit_typed(&app, &staff, &skill, form, reader.0.language).await?;
        let shown = SchemeShown { is_unsaved: true, read: Some(&read), ..SchemeShown::of(&edit) };
        return Ok(show(&staff, &reader, StatusCode::OK, shown));
    }
    if sent.from_editor.is_some() {
        return Ok(go(&format!("/desk/skill/{skill}/scheme")));
    }
    back_to(&app, &skill).await
}

/// The form that names another skill.
#[derive(Deserialize)]
struct From {
    from: String,
}

async fn take(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(From { from }): Sent<From>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    scheme::take(&app, &staff, &skill, &LedgerId::from(from)).await?;
    Ok(go(&format!("/desk/skill/{skill}/scheme")))
}

async fn workbook(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    let (number, bytes) = scheme::workbook(&app, &LedgerId::from(id)).await?;
    let plain: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = format!("attachment; filename=\"marking-scheme-{plain}.xlsx\"");
    Ok(([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

async fn table(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let format = out::format(&asked);
    let (number, bytes) = scheme::table(&app, &LedgerId::from(id), reader.0.language, format).await?;
    let plain: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    Ok(out::file(&format!("marking-table-{plain}"), format, bytes))
}

/// Which two versions are held together.
#[derive(Deserialize)]
struct Between {
    from: Option<i64>,
    to: Option<i64>,
}

async fn versions(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(Between { from, to }): Query<Between>,
) -> Result<Response, Failure> {
    let versions = scheme::versions(&app, &LedgerId::from(id), (from, to)).await?;
    let page = DeskPage::SchemeVersions { name: &staff.name, versions: &versions };
    Ok(reader.show(StatusCode::OK, &Page::Desk(page)))
}

/// The form that takes a version again.
#[derive(Deserialize)]
struct Again {
    number: i64,
    seen: String,
}

async fn restore(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(again): Sent<Again>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    scheme::restore(&app, &staff, &skill, (again.number, &again.seen)).await?;
    Ok(go(&format!("/desk/skill/{skill}/scheme")))
}

async fn check(
    State(app): State<App>,
    Spoke(language): Spoke,
    Path(id): Path<String>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Json<Checked>, Failure> {
    let form = SchemeForm::of_pairs(pairs);
    Ok(Json(scheme::check(&app, &LedgerId::from(id), &form, language).await?))
}

async fn save(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Path(id): Path<String>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Json<SchemeKept>, Failure> {
    let form = SchemeForm::of_pairs(pairs);
    let (version, seen) = scheme::save(&app, &staff, &LedgerId::from(id), &form).await?;
    Ok(Json(SchemeKept { version, seen }))
}
