//! Competition packages: read with findings or whole, never a panic; and a package that is read plays
//! without a refusal, is written, and reads back as it was.
//!
//! The bytes are files one after the other: a byte that picks the name, two for the length, the content.
//! They stand in place of those of the example contest, so that what is not touched is sound.
#![no_main]

use domain::results::standings;
use libfuzzer_sys::fuzz_target;
use server::exchange::Files;
use server::exchange::package::{played, read, write};

macro_rules! example {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../docs/examples/contest/", $name)))),*]
    };
}

const FILES: [(&str, &str); 11] = example![
    "competition.toml",
    "rule_set.toml",
    "skills/welding/skill.toml",
    "skills/welding/aspects.csv",
    "skills/welding/competitors.csv",
    "skills/welding/judges.csv",
    "skills/welding/panels.csv",
    "skills/welding/parts.csv",
    "skills/welding/marks.csv",
    "skills/welding/events.csv",
    "skills/welding/expected.csv",
];

fuzz_target!(|input: &[u8]| {
    let mut files = Files::default();
    for (name, text) in FILES {
        files.put(name, text);
    }
    let mut rest = input;
    while let [which, low, high, after @ ..] = rest {
        let (name, text) = FILES[usize::from(which % 16) % FILES.len()];
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(after.len());
        let (content, next) = after.split_at(length);
        // Appended to what stands there, or in its place.
        let bytes = if which & 16 == 0 { [text.as_bytes(), content].concat() } else { content.to_vec() };
        files.put(name, bytes);
        rest = next;
    }
    let reading = read(&files, &|_, _| ());
    let Some(package) = reading.package else {
        assert!(reading.findings.iter().any(|finding| finding.is_error()));
        return;
    };
    let results: Vec<_> = package
        .skills
        .iter()
        .map(|skill| {
            let state = played(skill).expect("what was read without errors plays");
            standings(&state.skill.expect("it is open"))
        })
        .collect();
    let again = read(&write(&package).expect("what was read is written"), &|_, _| ());
    let again = again.package.unwrap_or_else(|| panic!("what was written is read: {:?}", again.findings));
    for (skill, results) in again.skills.iter().zip(results) {
        let state = played(skill).expect("it plays again");
        assert_eq!(standings(&state.skill.expect("it is open")), results);
    }
});
