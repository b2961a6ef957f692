//! Whole marking sessions of arbitrary commands: no panic, no gap, anyone comes to the same, and the
//! board kept up is the board worked out anew.
#![no_main]

use domain::results::standings;
use libfuzzer_sys::fuzz_target;
use support::chaos::{fold, picture, play};

#[path = "../../crates/domain/tests/support/mod.rs"]
#[allow(dead_code, reason = "the builders are the tests'")]
mod support;

fuzz_target!(|bytes: &[u8]| {
    let hall = play(bytes);
    let expected = picture(&hall.state);
    assert_eq!(picture(hall.verify().state()), expected);
    assert_eq!(picture(&fold(&hall.entries)), expected);
    if let Some(skill) = &hall.state.skill {
        let mut anew = (**skill).clone();
        anew.board.rebuild();
        assert_eq!(standings(&anew), standings(skill));
    }
});
