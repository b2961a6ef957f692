//! The pages of lists that are taken in from a file, whatever they are of: sending one, what taking it in would do,
//! its wrong rows, taking it in and back. What a kind of list does with its rows is its [`Kind`].

use std::collections::HashMap;

use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::finding::Language;
use protocol::setup::DryRun;
use serde::Deserialize;
use web::{DeskPage, Page};

use super::desk::go;
use super::{Pairs, Reader};
use crate::accounts::Staff;
use crate::desk;
use crate::http::{App, AtDesk, Failure, Guard, Routes, Sent};

/// The media type of a workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What an address asks.
pub(super) type Asked = HashMap<String, String>;

/// A route: its path and what it is for.
pub(super) type Said = (&'static str, &'static str);

/// Where lists of a kind are taken in, and how the page looks there.
pub(super) struct Home<'a> {
    /// Whose, as the path says.
    pub(super) id: &'a str,
    /// What the address asks.
    pub(super) asked: &'a Asked,
    /// What was pasted, where that was refused.
    pub(super) pasted: &'a str,
}

impl Home<'_> {
    /// How many were just taken in.
    pub(super) fn taken(&self) -> Option<usize> {
        self.asked.get("taken").and_then(|count| count.parse().ok())
    }
}

/// A kind of list: where it is, and its operations.
pub(super) trait Kind: Send + Sync + 'static {
    /// The page, its template, sending a file, sending pasted rows, what a list would do, its wrong rows, taking
    /// it in, taking one back.
    const ROUTES: [Said; 8];
    /// What its workbooks are called.
    const FILE: &'static str;

    /// The page's address.
    fn at(id: &str) -> String;

    /// The page.
    fn show(
        app: &App,
        staff: &Staff,
        reader: &Reader,
        home: Home<'_>,
        refused: Option<Failure>,
    ) -> impl Future<Output = Result<Response, Failure>> + Send;

    /// The workbook to be filled in.
    fn template(
        app: &App,
        id: &str,
        language: Language,
    ) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send;

    /// Keeps a list to be looked over; gives its id.
    fn send(
        app: &App,
        staff: &Staff,
        home: Home<'_>,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> impl Future<Output = Result<String, Failure>> + Send;

    /// What taking one in would do.
    fn try_out(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        chosen: &[String],
        language: Language,
    ) -> impl Future<Output = Result<DryRun, Failure>> + Send;

    /// The wrong rows of one.
    fn errors(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        chosen: &[String],
        language: Language,
    ) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send;

    /// Takes one in as it was looked at; gives what the page is asked then.
    fn take_in(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        chosen: &[String],
        looked_at: &str,
    ) -> impl Future<Output = Result<String, Failure>> + Send;

    /// Takes one back; gives what the page is asked then.
    fn take_back(
        app: &App,
        staff: &Staff,
        id: &str,
        batch: &str,
    ) -> impl Future<Output = Result<String, Failure>> + Send;
}

/// A kind of list whose rows can be mended on the page that says what is wrong with them.
pub(super) trait Mended: Kind {
    /// Where that is done.
    const MEND: Said;

    /// Puts texts into one: each with its row and its column.
    fn correct(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        typed: Vec<(u64, usize, String)>,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// Adds the routes of a kind of list that can be mended.
pub(super) fn mended_routes<K: Mended>(list: Routes, guard: Guard) -> Routes {
    routes::<K>(list, guard).add_upload(K::MEND.0, guard, K::MEND.1, mend::<K>)
}

/// Adds the routes of a kind of list.
pub(super) fn routes<K: Kind>(routes: Routes, guard: Guard) -> Routes {
    let [page, form, file, rows, run, wrong, taking, back] = K::ROUTES;
    routes
        .add(Method::GET, page.0, guard, page.1, home::<K>)
        .add(Method::GET, form.0, guard, form.1, template::<K>)
        .add_upload(file.0, guard, file.1, send::<K>)
        .add_upload(rows.0, guard, rows.1, paste::<K>)
        .add(Method::GET, run.0, guard, run.1, dry_run::<K>)
        .add(Method::GET, wrong.0, guard, wrong.1, errors::<K>)
        .add(Method::POST, taking.0, guard, taking.1, take::<K>)
        .add(Method::POST, back.0, guard, back.1, undo::<K>)
}

fn workbook(bytes: Vec<u8>, name: &str) -> Response {
    let disposition = format!("attachment; filename=\"{name}.xlsx\"");
    ([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// Which columns were chosen, as an address or a form says it: `columns=name,,skill`, or one field each.
fn chosen(asked: &Asked) -> Vec<String> {
    if let Some(columns) = asked.get("columns") {
        return columns.split(',').map(str::to_owned).collect();
    }
    (0..).map_while(|at: usize| asked.get(&format!("c{at}")).cloned()).collect()
}

async fn home<K: Kind>(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    K::show(&app, &staff, &reader, Home { id: &id, asked: &asked, pasted: "" }, None).await
}

async fn template<K: Kind>(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    Ok(workbook(K::template(&app, &id, reader.0.language).await?, K::FILE))
}

async fn send<K: Kind>(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Response, Failure> {
    let home = || Home { id: &id, asked: &asked, pasted: "" };
    let sent = match desk::named_file_of(request, "file").await {
        Ok((name, bytes)) => {
            // A program sends the file alone.
            let plain = if bytes.starts_with(b"PK") { "list.xlsx" } else { "list.csv" };
            let name = if name.is_empty() { plain } else { name.as_str() };
            K::send(&app, &staff, home(), name, bytes.to_vec()).await
        }
        Err(failure) => Err(failure),
    };
    led_on::<K>(&app, &staff, &reader, home(), sent).await
}

/// Rows as they come from a spreadsheet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pasted {
    rows: String,
}

async fn paste<K: Kind>(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Sent(pasted): Sent<Pasted>,
) -> Result<Response, Failure> {
    let home = || Home { id: &id, asked: &asked, pasted: &pasted.rows };
    let sent = K::send(&app, &staff, home(), "", pasted.rows.clone().into_bytes()).await;
    led_on::<K>(&app, &staff, &reader, home(), sent).await
}

/// On to what taking it in would do, or back with why it was not read.
async fn led_on<K: Kind>(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    home: Home<'_>,
    sent: Result<String, Failure>,
) -> Result<Response, Failure> {
    match sent {
        Ok(list) => Ok(go(&format!("{}/list/{list}", K::at(home.id)))),
        Err(failure) => K::show(app, staff, reader, home, Some(failure)).await,
    }
}

async fn dry_run<K: Kind>(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, list)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    show_run::<K>(&app, &staff, &reader, (&id, &list), &chosen(&asked), None).await
}

async fn show_run<K: Kind>(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    (id, list): (&str, &str),
    columns: &[String],
    refused: Option<Failure>,
) -> Result<Response, Failure> {
    let run = match K::try_out(app, staff, (id, list), columns, reader.0.language).await {
        // One that is gone leads back to where another can be sent.
        Err(failure) if failure.status == StatusCode::GONE => {
            let home = Home { id, asked: &Asked::new(), pasted: "" };
            return K::show(app, staff, reader, home, Some(refused.unwrap_or(failure))).await;
        }
        run => run?,
    };
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::DryRun { name: &staff.name, run: &run, problem: problem.as_ref() };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn errors<K: Kind>(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, list)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let bytes = K::errors(&app, &staff, (&id, &list), &chosen(&asked), reader.0.language).await?;
    Ok(workbook(bytes, &format!("{}-errors", K::FILE)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Take {
    columns: String,
    digest: String,
}

async fn take<K: Kind>(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path((id, list)): Path<(String, String)>,
    Sent(take): Sent<Take>,
) -> Result<Response, Failure> {
    let columns: Vec<String> = take.columns.split(',').map(str::to_owned).collect();
    match K::take_in(&app, &staff, (&id, &list), &columns, &take.digest).await {
        Ok(asked) => Ok(go(&format!("{}?{asked}", K::at(&id)))),
        // Shown as it is now, beside why.
        Err(failure) => show_run::<K>(&app, &staff, &reader, (&id, &list), &columns, Some(failure)).await,
    }
}

async fn mend<K: Mended>(
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
    match K::correct(&app, &staff, (&id, &list), typed).await {
        Ok(()) => {
            let columns: String =
                columns.split(',').enumerate().map(|(at, word)| format!("&c{at}={word}")).collect();
            let columns = columns.trim_start_matches('&');
            Ok(go(&format!("{}/list/{list}?{columns}", K::at(&id))))
        }
        // What was typed stands where rows are pasted, to be taken from there.
        Err(failure) => {
            let home = Home { id: &id, asked: &Asked::new(), pasted: &as_pasted(&pairs) };
            K::show(&app, &staff, &reader, home, Some(failure)).await
        }
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

async fn undo<K: Kind>(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Sent(undo): Sent<Undo>,
) -> Result<Response, Failure> {
    match K::take_back(&app, &staff, &id, &undo.id).await {
        Ok(more) => Ok(go(&format!("{}{more}", K::at(&id)))),
        Err(failure) => {
            let home = Home { id: &id, asked: &asked, pasted: "" };
            K::show(&app, &staff, &reader, home, Some(failure)).await
        }
    }
}
