//! The pages of who judges in a competition: the lists of judges, taken in and back.

use axum::response::Response;
use domain::access::Action;
use domain::finding::Language;
use protocol::setup::DryRun;

use super::Reader;
use super::list::{self, Home, Kind, Mended, Said};
use super::roster::show_lists;
use crate::accounts::Staff;
use crate::http::{App, Failure, Guard, Over, Routes};
use crate::setup::judges;

pub(super) fn routes(routes: Routes) -> Routes {
    list::mended_routes::<Judges>(routes, Guard::Staff(Action::SetUp, Over::Competition))
}

/// Lists of those who judge.
struct Judges;

impl Kind for Judges {
    const ROUTES: [Said; 8] = [
        ("/desk/competition/{id}/judges", "Who judges, and the lists."),
        ("/desk/competition/{id}/judges/template", "The workbook of a list of judges, to be filled in."),
        ("/desk/competition/{id}/judges", "Sends a list of judges to be looked over."),
        ("/desk/competition/{id}/judges/paste", "The same with pasted rows."),
        ("/desk/competition/{id}/judges/list/{list}", "What taking a list of judges in would do."),
        (
            "/desk/competition/{id}/judges/list/{list}/errors",
            "The rows of a list of judges that are wrong, with why.",
        ),
        ("/desk/competition/{id}/judges/list/{list}/take", "Takes a list of judges in, as it was looked at."),
        ("/desk/competition/{id}/judges/undo", "Takes a list of judges back."),
    ];
    const FILE: &'static str = "judges";

    fn at(id: &str) -> String {
        format!("/desk/competition/{id}/judges")
    }

    async fn show(
        app: &App,
        staff: &Staff,
        reader: &Reader,
        home: Home<'_>,
        refused: Option<Failure>,
    ) -> Result<Response, Failure> {
        Ok(show_lists(staff, reader, &judges::look(app, home.id).await?, &home, refused))
    }

    async fn template(app: &App, id: &str, language: Language) -> Result<Vec<u8>, Failure> {
        judges::template(app, id, language).await
    }

    async fn send(
        app: &App,
        staff: &Staff,
        home: Home<'_>,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<String, Failure> {
        judges::send(app, staff, home.id, file_name, bytes).await
    }

    async fn try_out(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        chosen: &[String],
        language: Language,
    ) -> Result<DryRun, Failure> {
        judges::try_out(app, staff, which, chosen, language).await
    }

    async fn errors(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        chosen: &[String],
        language: Language,
    ) -> Result<Vec<u8>, Failure> {
        judges::errors(app, staff, which, chosen, language).await
    }

    async fn take_in(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        chosen: &[String],
        looked_at: &str,
    ) -> Result<String, Failure> {
        let count = judges::take_in(app, staff, which, chosen, looked_at).await?;
        Ok(format!("taken={count}"))
    }

    async fn take_back(app: &App, staff: &Staff, id: &str, batch: &str) -> Result<String, Failure> {
        judges::take_back(app, staff, id, batch).await?;
        Ok(String::new())
    }
}

impl Mended for Judges {
    const MEND: Said = (
        "/desk/competition/{id}/judges/list/{list}/mend",
        "Mends rows of a list of judges that are left out, and looks it over again.",
    );

    async fn correct(
        app: &App,
        staff: &Staff,
        which: (&str, &str),
        typed: Vec<(u64, usize, String)>,
    ) -> Result<(), Failure> {
        judges::correct(app, staff, which, typed).await
    }
}
