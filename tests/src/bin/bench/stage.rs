//! What a benchmark's server starts from: a database with open skills and enrolled judges, made once
//! and copied for every round.

use std::path::{Path, PathBuf};

use domain::access::Role;
use domain::ledger::Status;
use serde::{Deserialize, Serialize};
use server::accounts::{Accounts, Enrolled, Who};
use server::competition::{Kept, KeptSkill, keep};
use server::database::Database;
use server::exchange::package::{Competition, Name, SkillDocument};
use server::ledger::{Ledger, Signing, Submission};
use server::live::Live;
use server::vault::Vault;
use tests::TemporaryFolder;
use tests::skill::BEGINNING;

use crate::marks::{self, JUDGES_A_SKILL, Judge};

/// A judge's device, ready to greet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Seated {
    pub(crate) judge: Judge,
    pub(crate) device: String,
    /// One for each connection that is to be made within half a minute.
    pub(crate) tickets: Vec<String>,
}

/// The database that every round begins with.
pub(crate) struct Stage {
    folder: TemporaryFolder,
    enrolled: Vec<Enrolled>,
    /// Makes tickets; their key is in the database.
    accounts: Accounts,
    database: Database,
}

/// A folder on a real disk: beside the built programs.
pub(crate) fn disk() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.parent().map(Path::to_path_buf).unwrap_or_default()
}

impl Stage {
    /// As many judges as that, three a skill, with their skills open; and what else is to be done to
    /// the database.
    pub(crate) async fn set(
        judges: u32,
        more: impl AsyncFnOnce(&Database, &Ledger) -> Result<(), String>,
    ) -> Result<Self, String> {
        let folder = TemporaryFolder::inside(&disk(), "stage");
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let path = folder.join("stage.db").display().to_string();
        let database = Database::open(&path).await.map_err(|error| text(&error))?;
        let ledger = Ledger::start(database.clone()).await.map_err(|error| text(&error))?;
        let skills = (0..judges).step_by(JUDGES_A_SKILL as usize).map(|number| Judge { number }.skill());
        let skills: Vec<String> = skills.collect();
        publish(&database, &ledger, &skills).await?;
        for skill in &skills {
            submit(&ledger, marks::open(skill)).await?;
        }
        let clock: server::ledger::Clock =
            std::sync::Arc::new(|| i64::try_from(judge_client::native::unix_ms()).unwrap_or_default());
        let vault = Vault::passing().map_err(|error| error.code().to_owned())?;
        let accounts = Accounts::start(database.clone(), clock, std::sync::Arc::new(vault))
            .await
            .map_err(|error| error.code().to_owned())?;
        let mut enrolled = Vec::new();
        for number in 0..judges {
            enrolled.push(enrol(&accounts, &Judge { number }).await?);
        }
        more(&database, &ledger).await?;
        // As a server leaves it that was stopped: signed, with its heads noted.
        let (mut signing, _) = Signing::start(&ledger).await.map_err(|error| text(&error))?;
        signing.finish().await.map_err(|error| text(&error))?;
        ledger.stop().await;
        // The copies are to hold everything in the one file.
        let checkpoint = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(database.pool()).await;
        checkpoint.map_err(|error| text(&error))?;
        Ok(Self { folder, enrolled, accounts, database })
    }

    /// A copy in a folder of a round's own; gives its path.
    pub(crate) fn copy(&self, folder: &TemporaryFolder) -> Result<PathBuf, String> {
        for ending in ["", ".key", ".head"] {
            let (from, to) = (format!("stage.db{ending}"), format!("bench.db{ending}"));
            std::fs::copy(self.folder.join(&from), folder.join(&to)).map_err(|error| error.to_string())?;
        }
        Ok(folder.join("bench.db"))
    }

    /// The first so many judges, each with so many tickets.
    pub(crate) fn seated(&self, judges: u32, tickets: usize) -> Result<Vec<Seated>, String> {
        let seat = |(number, enrolled): (u32, &Enrolled)| {
            let ticket = |_| self.accounts.ticket(enrolled).map_err(|error| error.code().to_owned());
            let tickets = (0..tickets).map(ticket).collect::<Result<_, _>>()?;
            Ok(Seated { judge: Judge { number }, device: enrolled.device.to_string(), tickets })
        };
        (0..judges).zip(&self.enrolled).map(seat).collect()
    }

    /// Closes the database that was copied.
    pub(crate) async fn strike(self) {
        self.database.close().await;
    }
}

/// Keeps a competition of these skills, which everybody may see.
async fn publish(database: &Database, ledger: &Ledger, skills: &[String]) -> Result<(), String> {
    let name = |text: &str| Name { zh: text.to_owned(), en: text.to_owned() };
    let document = Competition { name: name("bench"), tier: "nation".to_owned(), ..Competition::default() };
    let skill = |(number, skill): (usize, &String)| {
        let number = format!("{:03}", number + 1);
        let document = SkillDocument { number, name: name(skill), ..SkillDocument::default() };
        KeptSkill { ledger: skill.as_str().into(), name: skill.clone(), document, draft: None }
    };
    let skills: Vec<_> = skills.iter().enumerate().map(skill).collect();
    let competition = Kept { id: "bench".to_owned(), organisation: None, document };
    keep(database, &competition, &skills, BEGINNING).await.map_err(|error| format!("{error:?}"))?;
    let live = Live::start(database.clone(), ledger.clone());
    live.set_public("bench", true).await.map_err(|error| error.to_string())
}

/// Enters what must be accepted.
pub(crate) async fn submit(ledger: &Ledger, submission: Submission) -> Result<(), String> {
    let receipt = ledger.submit(submission).await.map_err(|error| error.to_string())?;
    if receipt.status == Status::Accepted { Ok(()) } else { Err(format!("{:?}", receipt.code)) }
}

async fn enrol(accounts: &Accounts, judge: &Judge) -> Result<Enrolled, String> {
    let code = |error: server::accounts::AccountError| error.code().to_owned();
    let skill = judge.skill().as_str().into();
    let card = accounts.make_card(&skill, &judge.code().as_str().into(), Role::Judge).await.map_err(code)?;
    match accounts.enrol(&card.code, &card.pin).await.map_err(code)?.who {
        Who::Judge(enrolled) => Ok(enrolled),
        _ => Err("no judge".to_owned()),
    }
}
