//! `leitai account`: for whoever looks after the server, where nobody else can let somebody in.

use std::sync::Arc;

use clap::{Args, Subcommand};
use domain::finding::{Finding, Place};
use server::accounts::{AccountError, Accounts, OPERATOR};
use server::database::{self, Database};
use server::exchange::files::FileFinding;
use server::vault::Vault;

use crate::backup::runtime;
use crate::output::{Outcome, Output};
use crate::package::{DatabaseArguments, now_ms};

/// What is done to an account.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print a code by which somebody gives their account a new password, at /password on the server; it is
    /// good once, for a day. The server may run.
    Reset(ResetArguments),
}

/// Whose, and what else.
#[derive(Args)]
pub(crate) struct ResetArguments {
    /// The account's name.
    name: String,
    /// Remove the second factor too: its phone and its recovery codes are lost. Every session ends.
    #[arg(long)]
    second_factor: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

/// Runs a command.
pub(crate) fn run(command: &Command, output: &Output) -> Outcome {
    let Command::Reset(arguments) = command;
    match reset(arguments) {
        Ok((code, until)) => {
            output.say(
                "请本人打开服务器的 /password 页面，输入下面的 code，设新密码；24 小时内有效，只能用一次。",
                "Let them open /password on the server, type the code below and set a new password; it is good once, for 24 hours.",
            );
            output.table(&["name", "code", "good_until_ms"], &[vec![arguments.name.clone(), code, until]])
        }
        Err(finding) => {
            output.findings(&[finding]);
            Outcome::Refused
        }
    }
}

fn reset(arguments: &ResetArguments) -> Result<(String, String), Finding> {
    let url = arguments.database.url();
    if !database::is_there(url) {
        return Err(FileFinding::DatabaseMissing { path: url.to_owned() }.at(Place::default()));
    }
    runtime()?.block_on(async {
        let refused = |error: AccountError| error.at(Place::default());
        let database = Database::open(url).await.map_err(|error| error.at(Place::default()))?;
        // Nothing is sealed or opened here, so the server's own key is not needed.
        let vault = Vault::passing().map_err(|error| error.at(Place::default()))?;
        let accounts =
            Accounts::start(database.clone(), Arc::new(now_ms), Arc::new(vault)).await.map_err(refused)?;
        let account = accounts.named(arguments.name.trim()).await.map_err(refused)?;
        if arguments.second_factor {
            match accounts.drop_factor(&account, OPERATOR, None).await {
                // There was none: what is asked for is so already.
                Ok(()) | Err(AccountError::NoFactor) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        let link = accounts.password_link(&account, OPERATOR).await.map_err(refused)?;
        database.close().await;
        Ok((link.code, link.expires_at.to_string()))
    })
}
