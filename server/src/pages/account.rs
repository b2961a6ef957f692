//! The pages of one's own account, and of a new password by a link.

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use domain::id::SessionId;
use protocol::account::{
    AccountAct, FactorBegin, FactorCode, FactorDraft, Mine, NewPassword, OpenSession, Renew,
};
use serde::Deserialize;
use web::{DeskPage, Page, RenewPage};

use super::Reader;
use super::desk::{go, let_in};
use crate::accounts::{AccountError, Staff};
use crate::http::{App, AtDesk, Failure, Guard, Routes, Sent, agent};

pub(super) fn routes(routes: Routes) -> Routes {
    use Guard::{Account, Public};
    routes
        .add(Method::GET, "/desk/me", Account, "One's own account.", home)
        .add(
            Method::POST,
            "/desk/me/factor",
            Account,
            "Begins to set a second factor up, from the page.",
            begin,
        )
        .add(Method::GET, "/desk/me/factor", Account, "The second factor that is being set up.", begun)
        .add(Method::POST, "/desk/me/factor/confirm", Account, "Sets it up, from the page.", confirm)
        .add(Method::POST, "/desk/me/factor/end", Account, "Removes one's second factor.", remove)
        .add(Method::POST, "/desk/me/recovery", Account, "Makes new recovery codes.", renew_recovery)
        .add(Method::POST, "/desk/me/password", Account, "Changes one's password.", change_password)
        .add(
            Method::POST,
            "/desk/me/sessions/end",
            Account,
            "Ends a session of one's own, or all others.",
            end,
        )
        .add(Method::GET, "/password", Public, "Where the link to a new password leads.", door)
        .add(Method::POST, "/password", Public, "Gives an account a new password by a link.", renew)
}

/// What the page shows besides the account.
#[derive(Default)]
struct Shown {
    draft: Option<FactorDraft>,
    recovery: Vec<String>,
    refused: Option<Failure>,
    done: Option<AccountAct>,
}

async fn show(app: &App, staff: &Staff, reader: &Reader, shown: Shown) -> Result<Response, Failure> {
    let mine = mine(app, staff).await?;
    let status = shown.refused.as_ref().map_or(StatusCode::OK, |failure| failure.status);
    let problem = shown.refused.map(|failure| failure.body(reader.0.language));
    let page = DeskPage::Mine {
        mine: &mine,
        draft: shown.draft.as_ref(),
        recovery: &shown.recovery,
        problem: problem.as_ref(),
        done: shown.done,
    };
    Ok(reader.show(status, &Page::Desk(page)))
}

async fn mine(app: &App, staff: &Staff) -> Result<Mine, Failure> {
    let sessions = app.accounts.sessions_of(&staff.account).await?;
    let sessions = sessions.into_iter().map(|one| OpenSession {
        is_own: one.session == staff.session,
        id: one.session.to_string(),
        browser: one.browser,
        made_at: one.made_at,
        seen_at: one.seen_at,
    });
    // Not what this request began with: it may be what was just changed.
    let known = app.accounts.accounts().await?.into_iter().find(|known| known.account == staff.account);
    Ok(Mine {
        name: staff.name.clone(),
        has_factor: known.is_some_and(|known| known.has_factor),
        recovery_left: app.accounts.recovery_left(&staff.account).await?,
        sessions: sessions.collect(),
        done: app.accounts.acts_on(&staff.account).await?,
    })
}

/// What was done, or the page with why it was not.
async fn told(
    app: &App,
    staff: &Staff,
    reader: &Reader,
    done: AccountAct,
    result: Result<Vec<String>, AccountError>,
) -> Result<Response, Failure> {
    let shown = match result {
        Ok(recovery) => Shown { recovery, done: Some(done), ..Shown::default() },
        Err(error) => Shown { refused: Some(error.into()), ..Shown::default() },
    };
    show(app, staff, reader, shown).await
}

async fn home(State(app): State<App>, AtDesk(staff): AtDesk, reader: Reader) -> Result<Response, Failure> {
    show(&app, &staff, &reader, Shown::default()).await
}

async fn begin(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(body): Sent<FactorBegin>,
) -> Result<Response, Failure> {
    match app.accounts.draft_factor(&staff, &body.password).await {
        Ok(_) => Ok(go("/desk/me/factor")),
        Err(error) => {
            show(&app, &staff, &reader, Shown { refused: Some(error.into()), ..Shown::default() }).await
        }
    }
}

async fn begun(State(app): State<App>, AtDesk(staff): AtDesk, reader: Reader) -> Result<Response, Failure> {
    match app.accounts.drafted_factor(&staff).await {
        Ok(draft) => show(&app, &staff, &reader, Shown { draft: Some(draft), ..Shown::default() }).await,
        Err(AccountError::NoFactor) => Ok(go("/desk/me")),
        Err(error) => Err(error.into()),
    }
}

async fn confirm(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(body): Sent<FactorCode>,
) -> Result<Response, Failure> {
    match app.accounts.set_factor(&staff, &body.code).await {
        // The code to be scanned stays there, for another try.
        Err(error @ AccountError::CodeRefused) => {
            let draft = Some(app.accounts.drafted_factor(&staff).await?);
            show(&app, &staff, &reader, Shown { draft, refused: Some(error.into()), ..Shown::default() })
                .await
        }
        result => told(&app, &staff, &reader, AccountAct::FactorSet, result).await,
    }
}

async fn remove(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(body): Sent<FactorCode>,
) -> Result<Response, Failure> {
    let removed = app.accounts.drop_own_factor(&staff, &body.code).await.map(|()| Vec::new());
    told(&app, &staff, &reader, AccountAct::FactorRemoved, removed).await
}

async fn renew_recovery(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(body): Sent<FactorCode>,
) -> Result<Response, Failure> {
    let made = app.accounts.renew_recovery(&staff, &body.code).await;
    told(&app, &staff, &reader, AccountAct::RecoveryMade, made).await
}

async fn change_password(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    reader: Reader,
    Sent(body): Sent<NewPassword>,
) -> Result<Response, Failure> {
    let changed = app.accounts.change_password(&staff, &body.old, &body.new).await.map(|()| Vec::new());
    told(&app, &staff, &reader, AccountAct::PasswordChanged, changed).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    /// Which; every other one where it is empty.
    id: String,
}

async fn end(
    State(app): State<App>,
    AtDesk(staff): AtDesk,
    Sent(body): Sent<End>,
) -> Result<Response, Failure> {
    if body.id.is_empty() {
        app.accounts.end_other_sessions(&staff).await?;
    } else {
        app.accounts.end_session(&staff, &SessionId::from(body.id)).await?;
    }
    Ok(go("/desk/me#sessions"))
}

async fn door(reader: Reader) -> Response {
    reader.show(StatusCode::OK, &Page::Renew(RenewPage::default()))
}

async fn renew(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Sent(body): Sent<Renew>,
) -> Response {
    match app.accounts.renew_password(&body.code, &body.password, &agent(&headers)).await {
        Ok(Some(signed_in)) => let_in(&app, &signed_in),
        // The second factor is shown at the door.
        Ok(None) => go("/desk/sign-in"),
        Err(error) => {
            let name = app.accounts.password_link_of(&body.code).await.ok();
            let failure = Failure::from(error);
            let problem = failure.body(reader.0.language);
            let page = RenewPage { code: &body.code, name: name.as_deref(), problem: Some(&problem) };
            reader.show(failure.status, &Page::Renew(page))
        }
    }
}
