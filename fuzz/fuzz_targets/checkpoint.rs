//! Checkpoints, signed notes and base64 as they come from outside: read or not, never a panic, and
//! each has one spelling.
#![no_main]

use domain::ledger::Hash;
use domain::ledger::checkpoint::{Checkpoint, Note, base64, from_base64};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    assert_eq!(from_base64(&base64(bytes)).as_deref(), Some(bytes));
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(read) = from_base64(text) {
        assert_eq!(base64(&read), text);
    }
    if let Some(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.text(), text);
    }
    if let Some(note) = Note::parse(text) {
        assert_eq!(note.to_text(), text);
        let _ = Checkpoint::parse(&note.text);
    }
    if let Some(hash) = Hash::parse(text) {
        assert_eq!(hash.to_string(), text);
    }
});
