//! Lines of an exported ledger: taken or refused with a finding, never a panic; what is taken is
//! spelt the one way that it can be.
#![no_main]

use domain::ledger::Sealed;
use domain::ledger::verify::Verifier;
use libfuzzer_sys::fuzz_target;

#[path = "../../crates/domain/tests/support/mod.rs"]
#[allow(dead_code, reason = "the builders are the tests'")]
mod support;

fuzz_target!(|input: (&[u8], usize, usize, &str)| {
    // The text itself, and a real ledger with a piece of one line replaced by it.
    let (bytes, line, from, text) = input;
    let _ = Verifier::new().line(text);
    if let Ok(sealed) = Sealed::read(text) {
        assert_eq!(sealed.json, text);
        assert_eq!(Sealed::new(sealed.entry.clone()), Ok(sealed));
    }
    let hall = support::chaos::play(bytes);
    let mut verifier = Verifier::new();
    let changed = line % (hall.entries.len() + 1);
    for (at, sealed) in hall.entries.iter().enumerate() {
        let line = sealed.line();
        if at == changed {
            let from = from % line.len();
            let to = (from + text.len()).min(line.len());
            if let (Some(before), Some(after)) = (line.get(..from), line.get(to..)) {
                let other = format!("{before}{text}{after}");
                if verifier.line(&other).is_ok() {
                    assert_eq!(other, line, "a changed line was taken");
                }
                return;
            }
        }
        assert_eq!(verifier.line(&line), Ok(()));
    }
});
