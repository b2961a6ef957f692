//! `cargo xtask kill`: the recovery tests with as many kills as asked for.

use crate::Outcome;
use crate::arguments::Arguments;
use crate::steps::{Report, cargo};
use crate::test::Surroundings;

const KILLS_DEFAULT: u64 = 200;

/// Runs one recovery test alone, with its words on the screen: the whole server under tablets that
/// mark over sockets, or with `--writer` the ledger's writer in a process of its own.
pub(crate) fn kill(mut arguments: Arguments) -> Outcome {
    let kills = arguments.number("--kills")?.unwrap_or(KILLS_DEFAULT);
    let test = if arguments.flag("--writer") { "kill_writer" } else { "kill_server" };
    let is_quick = arguments.flag("--quick");
    arguments.finish()?;
    let mut report = Report::new();
    let mut surroundings = Surroundings::prepare(is_quick, &mut report)?;
    let mut test = cargo(&["test", "-p", "tests", "--test", test, "--", "--nocapture"]);
    test.env("LEITAI_KILLS", kills.to_string());
    surroundings.run(&mut test)
}
