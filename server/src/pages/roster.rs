//! The pages of who competes: the roster, lists that wait, taking them in and back.

use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use domain::finding::Language;
use domain::id::LedgerId;
use protocol::bulk::Bulk;
use protocol::list::{COMPETITORS, ListQuery};
use protocol::setup::{CompetitorForm, DryRun, Roster};
use web::{DeskPage, Page};

use super::desk::go;
use super::list::{self, Home, Kind, Mended, Said};
use super::{Pairs, Reader};
use crate::accounts::Staff;
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes, Sent};
use crate::roster::{self, RosterError};

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = list::mended_routes::<Rosters>(routes, Guard::Staff(Action::SetUp, Over::Competition));
    let of_skill = Guard::Staff(Action::SetUp, Over::Skill);
    routes
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
    ListQuery::read(asked, COMPETITORS)
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
        None => Err(RosterError::NobodyChosen.into()),
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
        None => Err(RosterError::NobodyChosen.into()),
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

/// Lists of those who compete.
struct Rosters;

impl Kind for Rosters {
    const ROUTES: [Said; 8] = [
        ("/desk/competition/{id}/roster", "Who competes, and the lists."),
        ("/desk/competition/{id}/roster/template", "The workbook of a roster, to be filled in."),
        ("/desk/competition/{id}/roster", "Sends a list to be looked over."),
        ("/desk/competition/{id}/roster/paste", "The same with pasted rows."),
        ("/desk/competition/{id}/roster/list/{list}", "What taking a list in would do."),
        ("/desk/competition/{id}/roster/list/{list}/errors", "The rows of a list that are wrong, with why."),
        ("/desk/competition/{id}/roster/list/{list}/take", "Takes a list in, as it was looked at."),
        ("/desk/competition/{id}/roster/undo", "Takes a list back."),
    ];
    const FILE: &'static str = "roster";

    fn at(id: &str) -> String {
        format!("/desk/competition/{id}/roster")
    }

    async fn show(
        app: &App,
        staff: &Staff,
        reader: &Reader,
        home: Home<'_>,
        refused: Option<Failure>,
    ) -> Result<Response, Failure> {
        Ok(show_lists(staff, reader, &roster::look(app, home.id).await?, &home, refused))
    }

    async fn template(app: &App, id: &str, language: Language) -> Result<Vec<u8>, Failure> {
        roster::template(app, id, language).await
    }

    async fn send(
        app: &App,
        staff: &Staff,
        home: Home<'_>,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<String, Failure> {
        roster::send(app, staff, home.id, file_name, bytes).await
    }

    async fn try_out(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        chosen: &[String],
        language: Language,
    ) -> Result<DryRun, Failure> {
        roster::try_out(app, staff, which, chosen, language).await
    }

    async fn errors(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        chosen: &[String],
        language: Language,
    ) -> Result<Vec<u8>, Failure> {
        roster::errors(app, staff, which, chosen, language).await
    }

    async fn take_in(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        chosen: &[String],
        looked_at: &str,
    ) -> Result<String, Failure> {
        let count = roster::take_in(app, staff, which, chosen, looked_at).await?;
        Ok(format!("taken={count}"))
    }

    async fn take_back(app: &App, staff: &Staff, id: &str, batch: &str) -> Result<String, Failure> {
        roster::take_back(app, staff, id, batch).await?;
        Ok(String::new())
    }
}

impl Mended for Rosters {
    const MEND: Said = (
        "/desk/competition/{id}/roster/list/{list}/mend",
        "Mends rows of a list that are left out, and looks it over again.",
    );

    async fn correct(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        typed: Vec<(u64, usize, String)>,
    ) -> Result<(), Failure> {
        roster::correct(app, staff, which, typed).await
    }
}

/// The page of lists of competitors or judges.
pub(super) fn show_lists(
    staff: &Staff,
    reader: &Reader,
    roster: &Roster,
    home: &Home<'_>,
    refused: Option<Failure>,
) -> Response {
    let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = refused.map(|failure| failure.body(reader.0.language));
    let (taken, pasted) = (home.taken(), home.pasted);
    let page = DeskPage::Roster { name: &staff.name, roster, taken, pasted, problem: problem.as_ref() };
    reader.show(status, &Page::Desk(page))
}
