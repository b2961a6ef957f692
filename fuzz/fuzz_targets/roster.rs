//! Lists of people: any bytes as a workbook or CSV, and any rows as pasted; read with findings, never a panic,
//! and each row with a person comes out as an entry or is named.
#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use server::exchange::roster::{self, IdNumber, Known, KnownSkill};
use server::exchange::sheet::{self, Sheet};

const FILE: &str = "fuzz.csv";

fn look_over(sheet: &Sheet) {
    let (id_numbers, names) = (HashSet::new(), HashSet::new());
    let skill = |number, zh, en| KnownSkill {
        number,
        zh,
        en,
        is_open: false,
        people: 0,
        id_numbers: &id_numbers,
        names: &names,
    };
    let key = |number: &IdNumber| number.as_str().to_owned();
    let skills = vec![skill("01", "焊接", "Welding"), skill("02", "电工", "Electrician")];
    let known = Known { skills, only_skill: None, key: &key };
    let proposal = roster::propose(sheet, true);
    let Some(header) = proposal.header else { return };
    let checked = roster::check(sheet, FILE, header, &proposal.columns, &known);
    let wrong: HashSet<Option<u64>> =
        checked.findings.iter().filter(|finding| finding.is_error()).map(|finding| finding.place.row).collect();
    assert!(checked.entries.iter().all(|entry| !wrong.contains(&Some(entry.row))));
    assert_eq!(checked.rows, checked.entries.len() + checked.bad_rows);
}

fuzz_target!(|input: (u8, &[u8])| {
    let (kind, bytes) = input;
    let text = || format!("姓名\t身份证号\t赛项\t工作单位\n{}", String::from_utf8_lossy(bytes));
    let read = match kind % 3 {
        0 => sheet::open(bytes, "fuzz.xlsx"),
        1 => sheet::open(bytes, FILE),
        _ => sheet::paste(&text()),
    };
    if let Ok(sheet) = read {
        look_over(&sheet);
    }
});
