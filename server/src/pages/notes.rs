//! The pages of a skill's notes, and their photos: for its chief judge, and for the organisers.

use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use domain::access::Action;
use domain::id::LedgerId;
use protocol::note::{NotesView, SHOWN_MAX};
use serde::Deserialize;
use web::{ChiefPage, DeskPage, Page};

use super::Reader;
use super::chief::AtChief;
use crate::competition;
use crate::desk::{self, Refusal};
use crate::http::{App, AtDesk, Failure, Guard, Over, Routes};
use crate::notes::{self, Looker};

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::{Staff, Tablet};
    routes
        .add(Method::GET, "/chief/notes", Tablet, "A skill's notes and photos, as chief judge.", of_chief)
        .add(Method::GET, "/chief/photos/{id}", Tablet, "A judge's photo, as chief judge.", photo_of_chief)
        .add(
            Method::GET,
            "/desk/skill/{id}/notes",
            Staff(Action::Read, Over::Skill),
            "A skill's notes and photos, as a page.",
            at_desk,
        )
        .add(
            Method::GET,
            "/desk/skill/{id}/photos/{photo}",
            Staff(Action::Read, Over::Skill),
            "A judge's photo.",
            photo_at_desk,
        )
}

/// What the page's address says.
#[derive(Deserialize)]
struct Asked {
    /// What is looked for in competitors' codes.
    #[serde(default)]
    find: String,
    /// How many newer ones are passed over.
    #[serde(default)]
    from: usize,
}

async fn of_chief(
    State(app): State<App>,
    AtChief(chief): AtChief,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let view = look(&app, &chief.ledger, Looker::Chief(&chief.judge), asked).await?;
    Ok(reader.show(StatusCode::OK, &Page::Chief(ChiefPage::Notes { view: &view, judge: &chief.judge })))
}

async fn photo_of_chief(
    State(app): State<App>,
    AtChief(chief): AtChief,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    notes::shown(&app, &chief.ledger, &id, Looker::Chief(&chief.judge)).await
}

async fn at_desk(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Path(skill): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let ledger = LedgerId::from(skill);
    let view = look(&app, &ledger, Looker::Desk, asked).await?;
    Ok(reader.show(StatusCode::OK, &Page::Desk(DeskPage::Notes { name: &staff.name, view: &view })))
}

async fn photo_at_desk(
    State(app): State<App>,
    Path((skill, photo)): Path<(String, String)>,
) -> Result<Response, Failure> {
    notes::shown(&app, &LedgerId::from(skill), &photo, Looker::Desk).await
}

async fn look(
    app: &App,
    ledger: &LedgerId,
    looker: Looker<'_>,
    Asked { find, from }: Asked,
) -> Result<NotesView, Failure> {
    let kept = desk::find(app, ledger).await.map_err(Refusal::from)?;
    let id = competition::of_skill(&app.database, ledger).await.map_err(Refusal::from)?;
    let state = app.ledger.state(ledger).await?;
    let scheme = state.skill.as_deref().map(|skill| &skill.opening.scheme);
    let aspects = scheme.into_iter().flat_map(|scheme| scheme.aspects());
    let (mut all, held) = notes::of_skill(app, ledger, looker).await?;
    let folded = find.trim().to_lowercase();
    all.retain(|note| note.competitor.as_str().to_lowercase().contains(&folded));
    let more = all.len().saturating_sub(from.saturating_add(SHOWN_MAX));
    Ok(NotesView {
        competition: desk::name_of(app, &id).await?,
        skill: desk::skill_ref(&kept),
        find,
        from,
        notes: all.into_iter().skip(from).take(SHOWN_MAX).collect(),
        more,
        held,
        aspects: aspects.map(|aspect| (aspect.id.clone(), aspect.description.clone())).collect(),
    })
}
