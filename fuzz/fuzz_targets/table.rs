//! CSV tables: read with findings, never a panic; every cell can be asked for as anything; and what is
//! written reads back as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use server::exchange::Files;
use server::exchange::table::{Csv, Shape, Table, safe};

const SHAPE: Shape = Shape { required: &["code"], optional: &["value", "at", "kind"] };

fuzz_target!(|input: (bool, &[u8])| {
    let (is_headed, bytes) = input;
    let header: &[u8] = if is_headed { b"" } else { b"code,value,at,kind\n" };
    let mut files = Files::default();
    files.put("table.csv", [header, bytes].concat());
    let mut found = Vec::new();
    let Some(table) = Table::read(&files, "table.csv", &SHAPE, &mut found) else {
        assert!(found.iter().any(|finding| finding.is_error()));
        return;
    };
    let lines = 1 + header.len() + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    let mut written = Csv::new(&["code", "value"]).expect("a header");
    let (mut texts, mut last) = (Vec::new(), 1);
    for row in table.rows() {
        assert!(row.number() > last && row.number() <= lines as u64, "row {} after {last}", row.number());
        last = row.number();
        row.code("code", &mut found);
        row.decimal("value", &mut found);
        row.mark("value", &mut found);
        row.whole::<u32>("value", &mut found);
        row.moment("at", &mut found);
        row.word("kind", &[("start", 1), ("stop", 2)], &mut found);
        let text = row.verbatim("value").to_owned();
        written.row(["X".to_owned(), safe(&text)]).expect("a row");
        texts.push(text);
    }
    let mut again = Files::default();
    again.put("table.csv", written.finish().expect("the bytes"));
    let table = Table::read(&again, "table.csv", &SHAPE, &mut Vec::new()).expect("it is read back");
    assert_eq!(table.rows().map(|row| row.verbatim("value").to_owned()).collect::<Vec<_>>(), texts);
});
