//! What an act would come to, before anybody enters it: the same two functions on a copy of the state.

use super::{Stamp, State, decide, evolve};
use crate::finding::Spoken;
use crate::ledger::Command;

/// The state as it would be after a command; the present one stays as it is.
///
/// # Errors
/// Why the rules would not accept it, to stand inside another sentence.
pub fn foresee(state: &State, command: Command, stamp: &Stamp) -> Result<State, Spoken> {
    let decided = decide(state, command, stamp).map_err(|problem| Spoken::of_reader(&problem))?;
    match decided.why {
        Some(why) => Err(why.spoken()),
        None => Ok(evolve(state.clone(), &decided.sealed)),
    }
}
