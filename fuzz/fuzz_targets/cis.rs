//! CIS workbooks: any bytes, and sound workbooks of any cells; read with findings, never a panic, and a
//! scheme that is written comes back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rust_xlsxwriter::Workbook;
use server::exchange::cis;

const HEADER: [&str; 11] = [
    "Sub Criterion ID",
    "Sub Criterion Name or Description",
    "Day of Marking",
    "Aspect Type",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description",
    "Requirement",
    "WSOS Section",
    "Calculation Row",
    "Max Mark",
];

/// A line is a row, a tab parts two cells; a line `#` is the header.
fn workbook(text: &str) -> Option<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("CIS Marking Scheme Import").ok()?;
    for (row, line) in (0..).zip(text.lines().take(200)) {
        let cells: Vec<&str> = if line == "#" { HEADER.to_vec() } else { line.split('\t').collect() };
        for (column, cell) in (0..).zip(cells.into_iter().take(20)) {
            sheet.write_string(row, column, cell).ok()?;
        }
    }
    workbook.save_to_buffer().ok()
}

fuzz_target!(|input: (bool, &[u8])| {
    let (is_whole, bytes) = input;
    if is_whole {
        cis::read(bytes, "fuzz.xlsx");
        return;
    }
    let text =
        format!("1 Skill\nCriteria\nID\tName\nA\tMake\n#\nA1\tJoint\t1\n{}", String::from_utf8_lossy(bytes));
    let Some(bytes) = workbook(&text) else { return };
    let reading = cis::read(&bytes, "fuzz.xlsx");
    let Some(scheme) = reading.scheme else {
        assert!(reading.findings.iter().any(|finding| finding.is_error()));
        return;
    };
    if let Ok(written) = cis::write(&scheme, reading.skill.as_ref()) {
        assert_eq!(cis::read(&written, "again.xlsx").scheme, Some(scheme));
    }
});
