//! The one binary: every command of Leitai.
//!
//! Results go to standard output as CSV (JSON with `--json`), messages to standard error in Chinese
//! or English by locale. Exit code 0: done; 1: the input was refused or a comparison failed; 2: the
//! call was wrong.

mod account;
mod award;
mod backup;
mod demo;
mod draw;
mod generate;
mod hall;
mod http;
mod ledger;
mod output;
mod package;
mod rehearse;
mod scheme;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::finding::Language;

use output::{Outcome, Output};

/// Leitai runs skills competitions from workshop drills to WorldSkills.
#[derive(Parser)]
#[command(name = "leitai", version, about, max_term_width = 100)]
struct Arguments {
    /// Print JSON instead of CSV.
    #[arg(long, global = true)]
    json: bool,
    /// The language of messages; without it the locale decides (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, global = true, value_name = "zh|en", value_parser = ["zh", "en"], env = "LEITAI_LANG")]
    lang: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check, score, import and export competition packages.
    #[command(subcommand)]
    Package(package::Command),
    /// Give positions and awards: rows of skill, competitor and scale (or total and the columns of
    /// the tie-break chain) in, with position and award out.
    Award(award::AwardArguments),
    /// Work out the published scale: rows of skill, competitor and total in, with scale out.
    Scale(award::ScaleArguments),
    /// Check and convert CIS marking scheme workbooks.
    #[command(subcommand)]
    Scheme(scheme::Command),
    /// Let somebody into their account again.
    #[command(subcommand)]
    Account(account::Command),
    /// Verify ledgers.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Repeat published draws.
    #[command(subcommand)]
    Draw(draw::Command),
    /// Copy everything to a second place, whether or not a server runs on the database.
    Backup(backup::BackupArguments),
    /// Make a new database from a backup: verified, decided again, under a new epoch.
    Restore(backup::RestoreArguments),
    /// Run the server: pages, judges' sockets, live boards.
    Serve(Box<serve::ServeArguments>),
    /// Play a package's marks through real judges' tablets against a running server, and compare its
    /// results with the published ones.
    Rehearse(Box<rehearse::RehearseArguments>),
    /// Show it all: a server with a generated competition that is being marked as one watches.
    Demo(demo::DemoArguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let language = match arguments.lang.as_deref() {
        Some("zh") => Language::Chinese,
        Some(_) => Language::English,
        None => output::language_of_locale(),
    };
    let output = Output::new(language, arguments.json);
    let outcome = match arguments.command {
        Command::Package(command) => package::run(&command, &output),
        Command::Award(arguments) => award::award(&arguments, &output),
        Command::Scale(arguments) => award::scale(&arguments, &output),
        Command::Scheme(command) => scheme::run(&command, &output),
        Command::Account(command) => account::run(&command, &output),
        Command::Draw(command) => draw::run(&command, &output),
        Command::Ledger(command) => ledger::run(&command, &output),
        Command::Backup(arguments) => backup::backup(&arguments, &output),
        Command::Restore(arguments) => backup::restore(&arguments, &output),
        Command::Serve(arguments) => serve::serve(*arguments, &output),
        Command::Rehearse(arguments) => rehearse::rehearse(*arguments, &output),
        Command::Demo(arguments) => demo::demo(&arguments, &output),
    };
    match outcome {
        Outcome::Done => ExitCode::SUCCESS,
        Outcome::Refused => ExitCode::from(1),
    }
}
