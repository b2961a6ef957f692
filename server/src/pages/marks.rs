//! The pages of marks that come by a list: of a written paper, say.

use axum::http::StatusCode;
use axum::response::Response;
use domain::access::Action;
use domain::finding::Language;
use domain::id::LedgerId;
use protocol::list::segment;
use protocol::setup::DryRun;
use web::{DeskPage, Page};

use super::Reader;
use super::list::{self, Home, Kind, Said};
use crate::accounts::Staff;
use crate::http::{App, Failure, Guard, Over, Routes};
use crate::marks;

/// What an address says of the aspect that is chosen.
const ASPECT: &str = "aspect";

pub(super) fn routes(routes: Routes) -> Routes {
    list::routes::<Marks>(routes, Guard::Staff(Action::MarkForAnother, Over::Skill))
}

/// Lists of marks.
struct Marks;

impl Kind for Marks {
    const ROUTES: [Said; 8] = [
        ("/desk/skill/{id}/marks", "Which marks can be taken in, and the lists."),
        ("/desk/skill/{id}/marks/template", "The workbook of a list of marks, to be filled in."),
        ("/desk/skill/{id}/marks", "Sends a list of marks to be looked over."),
        ("/desk/skill/{id}/marks/paste", "The same with pasted rows."),
        ("/desk/skill/{id}/marks/list/{list}", "What taking a list of marks in would do."),
        (
            "/desk/skill/{id}/marks/list/{list}/errors",
            "The rows of a list of marks that are wrong, with why.",
        ),
        ("/desk/skill/{id}/marks/list/{list}/take", "Enters the marks of a list, as it was looked at."),
        ("/desk/skill/{id}/marks/undo", "Takes a list of marks back, by corrections."),
    ];
    const FILE: &'static str = "marks";

    fn at(id: &str) -> String {
        format!("/desk/skill/{id}/marks")
    }

    async fn show(
        app: &App,
        staff: &Staff,
        reader: &Reader,
        home: Home<'_>,
        refused: Option<Failure>,
    ) -> Result<Response, Failure> {
        let marks = marks::look(app, staff, &LedgerId::from(home.id), aspect(&home)).await?;
        let status = refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
        let problem = refused.map(|failure| failure.body(reader.0.language));
        let (taken, pasted) = (home.taken(), home.pasted);
        let page =
            DeskPage::Marks { name: &staff.name, marks: &marks, taken, pasted, problem: problem.as_ref() };
        Ok(reader.show(status, &Page::Desk(page)))
    }

    async fn template(_: &App, _: &str, language: Language) -> Result<Vec<u8>, Failure> {
        Ok(marks::template(language)?)
    }

    async fn send(
        app: &App,
        staff: &Staff,
        home: Home<'_>,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<String, Failure> {
        let which = (&LedgerId::from(home.id), aspect(&home));
        marks::send(app, staff, which, file_name, bytes).await
    }

    async fn try_out(
        app: &App,
        staff: &Staff,
        (id, list): (&str, &str),
        chosen: &[String],
        language: Language,
    ) -> Result<DryRun, Failure> {
        marks::try_out(app, staff, (&LedgerId::from(id), list), chosen, language).await
    }

    async fn errors(
        app: &App,
        staff: &Staff,
        (id, list): (&str, &str),
        chosen: &[String],
        language: Language,
    ) -> Result<Vec<u8>, Failure> {
        marks::errors(app, staff, (&LedgerId::from(id), list), chosen, language).await
    }

    async fn take_in(
        app: &App,
        staff: &Staff,
        (id, list): (&str, &str),
        chosen: &[String],
        looked_at: &str,
    ) -> Result<String, Failure> {
        let which = (&LedgerId::from(id), list);
        let (aspect, count) = marks::take_in(app, staff, which, chosen, looked_at).await?;
        Ok(format!("{ASPECT}={}&taken={count}", segment(&aspect)))
    }

    async fn take_back(app: &App, staff: &Staff, id: &str, batch: &str) -> Result<String, Failure> {
        marks::take_back(app, staff, &LedgerId::from(id), batch).await?;
        Ok(String::new())
    }
}

fn aspect<'a>(home: &Home<'a>) -> &'a str {
    home.asked.get(ASPECT).map_or("", String::as_str)
}
