//! The pages of who competes: the roster, lists that wait, taking them in and back.

use std::collections::HashMap;

use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::access::Action;
use domain::id::LedgerId;
use protocol::bulk::Bulk;
use protocol::list::{self, ListQuery};
use protocol::setup::CompetitorForm;
use serde::Deserialize;
use web::{DeskPage, Page};

use super::desk::go;
use super::{Pairs, Reader};
use crate::accounts::Staff;
use crate::desk;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::roster::{self, ListError};

/// The media type of a workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) fn routes(routes: Routes) -> Routes {
    let guard = Guard::Staff(Action::SetUp, Over::Competition);
    let of_skill = Guard::Staff(Action::SetUp, Over::Skill);
    routes
        .add(Method::GET, "/desk/competition/{id}/roster", guard, "Who competes, and the lists.", home)
        .add(
            Method::GET,
            "/desk/competition/{id}/roster/template",
            guard,
            "The workbook of a roster, to be filled in.",
            template,
        )
        .add_upload("/desk/competition/{id}/roster", guard, "Sends a list to be looked over.", send)
        .add_upload("/desk/competition/{id}/roster/paste", guard, "The same with pasted rows.", paste)
        .add(
            Method::GET,
            "/desk/competition/{id}/roster/list/{list}",
            guard,
            "What taking a list in would do.",
            dry_run,
        )
        .add(
            Method::GET,
            "/desk/competition/{id}/roster/list/{list}/errors",
            guard,
            "The rows of a list that are wrong, with why.",
            errors,
        )
        .add(
            Method::POST,
            "/desk/competition/{id}/roster/list/{list}/take",
            guard,
            "Takes a list in, as it was looked at.",
            take,
        )
        .add_upload(
            "/desk/competition/{id}/roster/list/{list}/mend",
            guard,
            "Mends rows of a list that are left out, and looks it over again.",
            mend_list,
        )
        .add(Method::POST, "/desk/competition/{id}/roster/undo", guard, "Takes a list back.", undo)
        .add(
            Method::GET,
            "/desk/skill/{id}/competitors",
            of_skill,
            "Who competes in a skill, one by one.",
            people,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}/competitors/{code}",
            of_skill,
            "One who competes, to be changed.",
            person,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/competitors/{code}",
            of_skill,
            "Changes what is known of one who competes.",
            mend,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/competitors/{code}/remove",
            of_skill,
            "Takes one off the list.",
            remove,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}/bulk",
            of_skill,
            "What a bulk change of those who compete would do.",
            foresee,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/bulk",
            of_skill,
            "Makes a bulk change, as it was looked at.",
            change,
        )
        .add(
            Method::POST,
            "/desk/skill/{id}/bulk/undo",
            of_skill,
            "Undoes the last bulk change as a whole.",
            undo_bulk,
        )
}

async fn people(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    show_people(&app, &staff, &reader, (&LedgerId::from(id), &asked_of(&asked)), None).await
}

fn asked_of(asked: &Pairs) -> ListQuery {
    ListQuery::read(asked, list::COMPETITORS)
}

/// To the list, as it was looked at.
fn back(skill: &LedgerId, query: &ListQuery) -> Response {
    go(&query.address(&format!("/desk/skill/{skill}/competitors")))
}

async fn show_people(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (skill, query): (&LedgerId, &ListQuery),
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let list = roster::competitors(app, skill, query).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::Competitors { name: &staff.name, list: &list, query, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn person(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, code)): Path<(String, String)>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    show_person(&app, &staff, &reader, (&LedgerId::from(id), &code, &asked_of(&asked)), None, None).await
}

async fn show_person(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (skill, code, query): (&LedgerId, &str, &ListQuery),
    typed: Option<CompetitorForm>,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let (of, known) = roster::competitor(app, skill, code).await?;
    // What was typed goes on from what stands there now, which whoever typed it sees beside it.
    let seen = known.seen.clone();
    let typed = typed.map_or_else(|| known.clone(), |typed| CompetitorForm { seen, ..typed });
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::Competitor {
        name: &staff.name,
        of: &of,
        query,
        code,
        known: &known,
        typed: &typed,
        problem: problem.as_ref(),
    };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn mend(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, code)): Path<(String, String)>,
    Query(asked): Query<Pairs>,
    Sent(typed): Sent<CompetitorForm>,
) -> Result<Response, Failure> {
    let (skill, query) = (LedgerId::from(id), asked_of(&asked));
    match roster::mend(&app, &skill, &code, &typed).await {
        Ok(()) => Ok(back(&skill, &query)),
        Err(failure) => {
            show_person(&app, &staff, &reader, (&skill, &code, &query), Some(typed), Some(failure)).await
        }
    }
}

async fn remove(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, code)): Path<(String, String)>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let (skill, query) = (LedgerId::from(id), asked_of(&asked));
    match roster::remove(&app, &staff, &skill, &code).await {
        Ok(()) => Ok(back(&skill, &query)),
        Err(failure) if failure.status == StatusCode::NOT_FOUND => Err(failure),
        Err(failure) => {
            show_person(&app, &staff, &reader, (&skill, &code, &query), None, Some(failure)).await
        }
    }
}

async fn foresee(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    show_bulk(&app, &staff, &reader, (&LedgerId::from(id), &asked), None).await
}

/// What a bulk change would do; the list again, where it cannot be done.
async fn show_bulk(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (skill, sent): (&LedgerId, &Pairs),
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let preview = match Bulk::read(sent) {
        Some(bulk) => roster::preview(app, skill, &bulk).await,
        None => Err(ListError::NobodyChosen.into()),
    };
    match preview {
        Ok(preview) => {
            let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
            let problem = refused.map(|failure| failure.body(reader.0.language));
            let page = DeskPage::Bulk { name: &staff.name, preview: &preview, problem: problem.as_ref() };
            Ok(reader.show(status, &Page::Desk(page)))
        }
        Err(failure) => {
            let failure = refused.unwrap_or(failure);
            show_people(app, staff, reader, (skill, &asked_of(sent)), Some(failure)).await
        }
    }
}

async fn change(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(sent): Sent<Pairs>,
) -> Result<Response, Failure> {
    let skill = LedgerId::from(id);
    let digest = sent.iter().find(|(name, _)| name == "digest").map(|(_, digest)| digest.as_str());
    let done = match Bulk::read(&sent) {
        Some(bulk) => roster::change(&app, &staff, &skill, &bulk, digest.unwrap_or_default()).await,
        None => Err(ListError::NobodyChosen.into()),
    };
    match done {
        Ok(()) => Ok(back(&skill, &asked_of(&sent))),
        // Shown as it is now, beside why.
        Err(failure) => show_bulk(&app, &staff, &reader, (&skill, &sent), Some(failure)).await,
    }
}

async fn undo_bulk(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(sent): Sent<Pairs>,
) -> Result<Response, Failure> {
    let (skill, query) = (LedgerId::from(id), asked_of(&sent));
    let bulk = sent.iter().find(|(name, _)| name == "id").map(|(_, id)| id.as_str()).unwrap_or_default();
    match roster::undo(&app, &skill, bulk).await {
        Ok(()) => Ok(back(&skill, &query)),
        Err(failure) => show_people(&app, &staff, &reader, (&skill, &query), Some(failure)).await,
    }
}

/// Which columns were chosen, as an address or a form says it: `columns=name,,skill`, or one field each.
fn chosen(query: &HashMap<String, String>) -> Vec<String> {
    if let Some(columns) = query.get("columns") {
        return columns.split(',').map(str::to_owned).collect();
    }
    (0..).map_while(|at: usize| query.get(&format!("c{at}")).cloned()).collect()
}

async fn home(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let taken = query.get("taken").and_then(|count| count.parse().ok());
    show(&app, &staff, &reader, (&id, ""), taken, None).await
}

async fn show(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, pasted): (&str, &str),
    taken: Option<usize>,
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let roster = roster::look(app, id).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page =
        DeskPage::Roster { name: &staff.name, roster: &roster, taken, pasted, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn template(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    Ok(workbook(roster::template(&app, &id, reader.0.language).await?, "roster.xlsx"))
}

fn workbook(bytes: Vec<u8>, name: &str) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

async fn send(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let sent = match desk::named_file_of(request, "file").await {
        Ok((name, bytes)) => {
            // A program sends the file alone.
            let plain = if bytes.starts_with(b"PK") { "list.xlsx" } else { "list.csv" };
            let name = if name.is_empty() { plain } else { name.as_str() };
            roster::send(&app, &staff, &id, name, bytes.to_vec()).await
        }
        Err(failure) => Err(failure),
    };
    led_on(&app, &staff, &reader, (&id, ""), sent).await
}

/// Rows as they come from a spreadsheet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pasted {
    rows: String,
}

async fn paste(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(pasted): Sent<Pasted>,
) -> Result<Response, Failure> {
    let sent = roster::send(&app, &staff, &id, "", pasted.rows.clone().into_bytes()).await;
    led_on(&app, &staff, &reader, (&id, &pasted.rows), sent).await
}

/// On to what taking it in would do, or at the roster again with why it was not read.
async fn led_on(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, pasted): (&str, &str),
    sent: Result<String, Failure>,
) -> Result<Response, Failure> {
    match sent {
        Ok(list) => Ok(go(&format!("/desk/competition/{id}/roster/list/{list}"))),
        Err(failure) => show(app, staff, reader, (id, pasted), None, Some(failure)).await,
    }
}

async fn dry_run(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, list)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    match show_run(&app, &staff, &reader, (&id, &list), &chosen(&query), None).await {
        // One that is gone leads back to where another can be sent.
        Err(failure) if failure.status == StatusCode::GONE => {
            show(&app, &staff, &reader, (&id, ""), None, Some(failure)).await
        }
        shown => shown,
    }
}

async fn show_run(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    which: (&str, &str),
    columns: &[String],
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let run = roster::try_out(app, staff, which, columns, reader.0.language).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::DryRun { name: &staff.name, run: &run, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn errors(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, list)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let bytes = roster::errors(&app, &staff, (&id, &list), &chosen(&query), reader.0.language).await?;
    Ok(workbook(bytes, "roster-errors.xlsx"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Take {
    columns: String,
    digest: String,
}

async fn take(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, list)): Path<(String, String)>,
    Sent(take): Sent<Take>,
) -> Result<Response, Failure> {
    let columns: Vec<String> = take.columns.split(',').map(str::to_owned).collect();
    match roster::take_in(&app, &staff, (&id, &list), &columns, &take.digest).await {
        Ok(count) => Ok(go(&format!("/desk/competition/{id}/roster?taken={count}"))),
        Err(failure) if failure.status == StatusCode::GONE => {
            show(&app, &staff, &reader, (&id, ""), None, Some(failure)).await
        }
        // Shown as it is now, beside why.
        Err(failure) => show_run(&app, &staff, &reader, (&id, &list), &columns, Some(failure)).await,
    }
}

async fn mend_list(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, list)): Path<(String, String)>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Failure> {
    let columns = pairs.iter().find(|(name, _)| name == "columns").map_or("", |(_, columns)| columns);
    let (mut typed, mut row) = (Vec::new(), 0);
    for (name, text) in &pairs {
        let (kind, column) = name.split_at_checked(1).unwrap_or_default();
        match column.parse() {
            // A number that was not shown stays where nothing was typed over it.
            Ok(column) if kind == "c" || (kind == "k" && !text.is_empty()) => {
                typed.push((row, column, text.clone()));
            }
            _ if name == "row" => row = text.parse().unwrap_or_default(),
            _ => {}
        }
    }
    match roster::correct(&app, &staff, (&id, &list), typed).await {
        Ok(()) => {
            let columns: String =
                columns.split(',').enumerate().map(|(at, word)| format!("&c{at}={word}")).collect();
            let columns = columns.trim_start_matches('&');
            Ok(go(&format!("/desk/competition/{id}/roster/list/{list}?{columns}")))
        }
        // What was typed stands where rows are pasted, to be taken from there.
        Err(failure) => show(&app, &staff, &reader, (&id, &as_pasted(&pairs)), None, Some(failure)).await,
    }
}

/// The rows of a grid as they would be copied from a spreadsheet, with their titles.
fn as_pasted(pairs: &Pairs) -> String {
    let mut rows: Vec<Vec<String>> = vec![Vec::new()];
    for (name, cell) in pairs {
        if name == "row" {
            rows.push(Vec::new());
        } else if let Some(row) = rows.last_mut().filter(|_| name != "columns") {
            row.push(cell.replace(['\t', '\n', '\r'], " "));
        }
    }
    rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Undo {
    id: String,
}

async fn undo(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Sent(undo): Sent<Undo>,
) -> Result<Response, Failure> {
    match roster::take_back(&app, &staff, &id, &undo.id).await {
        Ok(()) => Ok(go(&format!("/desk/competition/{id}/roster"))),
        Err(failure) => show(&app, &staff, &reader, (&id, ""), None, Some(failure)).await,
    }
}
