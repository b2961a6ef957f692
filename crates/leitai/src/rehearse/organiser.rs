//! The organiser's program of a rehearsal: everything over HTTP, as an organiser's own program would.

use std::collections::HashMap;
use std::path::Path;

use domain::finding::{Finding, Place, Spoken};
use domain::id::{CompetitorCode, LedgerId};
use hyper::Method;
use protocol::account::{FactorBegin, FactorCode, FactorDraft, SetUp, SignedIn};
use protocol::desk::{Act, Competition, Do, ResultRow};
use protocol::view::CompetitionRef;
use serde::Deserialize;
use server::accounts;
use server::exchange::Files;
use server::exchange::package::{self, Package};
use server::spoken;

use super::RehearseFinding;
use crate::http::Client;
use crate::package::{Cells, now_ms, write};

/// The name of the account in an embedded server.
pub(crate) const ACCOUNT: &str = "rehearsal";

/// An organiser who is signed in.
#[derive(Clone)]
pub(crate) struct Organiser {
    pub(crate) desk: Client,
}

/// A competition that was set up.
pub(crate) struct Prepared {
    /// Its id.
    pub(crate) competition: String,
    /// Its skills' ledgers, by their names in the package.
    pub(crate) ledgers: HashMap<String, LedgerId>,
}

#[derive(Deserialize)]
struct Made {
    competition: CompetitionRef,
}

impl Organiser {
    /// With a session's secret from a file.
    ///
    /// # Errors
    /// Where the file cannot be read, or the server does not know the secret.
    pub(crate) async fn with_token(server: &Client, file: &Path) -> Result<Self, Finding> {
        let path = file.display().to_string();
        let unreadable = |error: std::io::Error| {
            let problem = spoken::of_system(&error);
            RehearseFinding::TokenUnreadable { path: path.clone(), problem }.at(Place::default())
        };
        let token = std::fs::read_to_string(file).map_err(unreadable)?;
        let token = token.trim();
        // Anything else could not stand in a header.
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(RehearseFinding::TokenUnfit { path }.at(Place::default()));
        }
        Ok(Self { desk: server.with_bearer(token.to_owned()) })
    }

    /// Makes the first account of a server that has none, with its one-time secret.
    ///
    /// # Errors
    /// Where the server refuses.
    pub(crate) async fn first(server: &Client, secret: &str) -> Result<Self, Finding> {
        // The secret is random, and used up by the first account: it makes a good password.
        let (secret, password) = (secret.to_owned(), secret.to_owned());
        let set_up = SetUp { secret, name: ACCOUNT.to_owned(), password: password.clone() };
        let signed_in: SignedIn = server.ask("/api/set-up", &set_up).await?;
        let desk = server.with_bearer(signed_in.bearer.unwrap_or_default());
        // Who releases results has a second factor; of this one's secret nothing is kept.
        let draft: FactorDraft = desk.ask("/api/me/factor", &FactorBegin { password }).await?;
        let now_s = u64::try_from(now_ms().div_euclid(1_000)).unwrap_or_default();
        let code = accounts::code_at(&draft.secret, now_s).unwrap_or_default();
        desk.put("/api/me/factor", &FactorCode { code }).await?;
        Ok(Self { desk })
    }

    /// Uploads what is known before anybody marks, and finds the skills' ledgers.
    ///
    /// # Errors
    /// Where the server refuses the package.
    pub(crate) async fn set_up(&self, unmarked: &Package) -> Result<Prepared, Finding> {
        let unwritable = |problem: Spoken| RehearseFinding::Unwritable { problem }.at(Place::default());
        let files = package::write(unmarked)
            .map_err(|problem| unwritable(Spoken::new("赛事包写不成文件", problem)))?;
        let zip = files.to_zip().map_err(|error| unwritable(spoken::of_system(&error)))?;
        let answer = self.desk.send(Method::POST, "/api/competitions", "application/zip", zip).await?;
        let made: Made =
            serde_json::from_slice(&answer).map_err(|error| unwritable(spoken::of_library(&error)))?;
        let id = made.competition.id;
        let shown: Competition = self.desk.get(&format!("/api/competitions/{id}")).await?;
        let ledgers = shown.skills.into_iter();
        let ledgers = ledgers.map(|skill| (skill.folder, LedgerId::from(skill.skill.id))).collect();
        Ok(Prepared { competition: id, ledgers })
    }

    /// Opens, closes or releases a skill.
    ///
    /// # Errors
    /// Where the server refuses.
    pub(crate) async fn act(&self, skill: &LedgerId, act: Act) -> Result<(), Finding> {
        self.desk.tell(&format!("/api/skills/{skill}/act"), &Do { act }).await
    }

    /// The server's results by skill, position and competitor.
    ///
    /// # Errors
    /// Where the server does not answer.
    pub(crate) async fn results(&self, competition: &str) -> Result<Vec<(String, Cells)>, Finding> {
        let rows: Vec<ResultRow> = self.desk.get(&format!("/api/competitions/{competition}/results")).await?;
        let mut rows: Vec<(String, Cells)> = rows
            .into_iter()
            .map(|row| {
                let cells = [row.total, row.scale, row.position, row.award];
                (row.skill, (CompetitorCode::from(row.competitor), cells))
            })
            .collect();
        rows.sort_by_cached_key(|(skill, (competitor, [_, _, position, _]))| {
            let position: u64 = position.parse().unwrap_or(u64::MAX);
            (skill.clone(), position, competitor.clone())
        });
        Ok(rows)
    }

    /// Writes the competition with its ledgers into a folder.
    ///
    /// # Errors
    /// Where the server does not answer or the folder cannot be written.
    pub(crate) async fn export(&self, competition: &str, dir: &Path) -> Result<(), Finding> {
        let path = format!("/api/competitions/{competition}/export");
        let zip = self.desk.send(Method::GET, &path, "", Vec::new()).await?;
        write(&Files::from_zip(&zip)?, dir)
    }
}
