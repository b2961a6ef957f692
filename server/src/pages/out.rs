//! Lists that go out, each for whoever sees it on its page: as workbooks, or as text.

use axum::extract::{Path, Query, State};
use axum::http::Method;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use domain::access::Action;
use domain::id::LedgerId;
use jiff::Timestamp;
use protocol::checkin::CheckInFilter;
use protocol::list::{self, ListQuery};

use super::desk::place;
use super::list::XLSX;
use super::{Pairs, Reader};
use crate::exchange::list::Format;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes};
use crate::setup::judges;
use crate::{checkin, desk, registration, roster};

pub(super) fn routes(routes: Routes) -> Routes {
    let set_up = |over| Guard::Staff(Action::SetUp, over);
    let check_in = Guard::Staff(Action::CheckIn, Over::Within);
    let read = Guard::Staff(Action::Read, Over::Skill);
    let get = Method::GET;
    let (competition, skill) = (set_up(Over::Competition), set_up(Over::Skill));
    routes
        .add(
            get.clone(),
            "/desk/competition/{id}/out/competitors",
            competition,
            "Who competes, for a spreadsheet.",
            competitors,
        )
        .add(
            get.clone(),
            "/desk/competition/{id}/out/judges",
            competition,
            "Who judges, for a spreadsheet.",
            judges_of,
        )
        .add(
            get.clone(),
            "/desk/competition/{id}/out/registrations",
            competition,
            "Who is registered, for a spreadsheet.",
            registrations,
        )
        .add(
            get.clone(),
            "/desk/competition/{id}/out/check-in",
            check_in,
            "Who is here, and who is missing, for a spreadsheet.",
            checked_in,
        )
        .add(
            get.clone(),
            "/desk/skill/{id}/out/competitors",
            skill,
            "Who competes in a skill, for a spreadsheet.",
            competitors_of_skill,
        )
        .add(
            get,
            "/desk/skill/{id}/out/results",
            read,
            "A skill's results as they stand, for a spreadsheet.",
            results,
        )
}

/// As what a list is asked for: `as=csv`, or a workbook.
pub(super) fn format(asked: &Pairs) -> Format {
    Format::read(asked.iter().find(|(name, _)| name == "as").map_or("", |(_, word)| word))
}

/// A list as a file to be kept.
pub(super) fn file(name: &str, format: Format, bytes: Vec<u8>) -> Response {
    let kind = match format {
        Format::Workbook => XLSX,
        Format::Csv => "text/csv; charset=utf-8",
    };
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.ending());
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

async fn competitors(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let format = format(&asked);
    Ok(file("competitors", format, roster::out(&app, &id, reader.0.language, format).await?))
}

async fn competitors_of_skill(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let (format, skill) = (format(&asked), LedgerId::from(id));
    let query = ListQuery::read(&asked, list::COMPETITORS);
    let bytes = roster::out_of_skill(&app, &skill, &query, reader.0.language, format).await?;
    Ok(file("competitors", format, bytes))
}

async fn judges_of(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let format = format(&asked);
    Ok(file("judges", format, judges::out(&app, &id, reader.0.language, format).await?))
}

async fn registrations(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let format = format(&asked);
    let query = ListQuery::read(&asked, list::REGISTRATIONS);
    let bytes = registration::out(&app, &id, &query, reader.0.language, format).await?;
    Ok(file("registrations", format, bytes))
}

async fn checked_in(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
    Query(filter): Query<CheckInFilter>,
) -> Result<Response, Failure> {
    let format = format(&asked);
    let moment = |at: i64| {
        let at = Timestamp::from_millisecond(at).ok();
        at.map(|at| place().to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    };
    let bytes = checkin::out(&app, &staff, &id, &filter, (reader.0.language, format), moment).await?;
    Ok(file("check-in", format, bytes))
}

async fn results(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<String>,
    Query(asked): Query<Pairs>,
) -> Result<Response, Failure> {
    let format = format(&asked);
    let bytes = desk::results_out(&app, &LedgerId::from(id), reader.0.language, format).await?;
    Ok(file("results", format, bytes))
}
