//! Whole rosters.

use std::time::Instant;

use domain::finding::Finding;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

use super::made::{There, checked, name, number, said, with_known};
use crate::exchange::list::{Column as _, ListFinding};
use crate::exchange::roster::{Column, RosterFinding, check, propose};
use crate::exchange::sheet::{self, Cell, Sheet, SheetRow};

const TITLES: [&str; 7] = ["姓名", "身份证号码", "赛项", "工作单位", "代表队", "组别", "技能等级"];

/// A sound row.
fn person(serial: usize) -> [String; 7] {
    let skill = if serial.is_multiple_of(2) { "焊接" } else { "数控车" };
    let organisation = format!("第{}职业学院", serial % 40);
    let delegation = format!("第{}代表队", serial % 30);
    [name(serial), number(serial), skill.into(), organisation, delegation, "学生组".into(), "三级".into()]
}

#[test]
fn among_six_hundred_people_exactly_the_bad_rows_are_named() {
    let mut rows: Vec<[String; 7]> = (0..600).map(person).collect();
    let row = |at: usize| at as u64 + 3;
    let mut set = |at: usize, column: usize, text: &str| text.clone_into(&mut rows[at][column]);
    set(10, 0, "");
    set(50, 0, "张3");
    set(90, 1, "1.10101E+17");
    set(130, 1, &number(130)[..17]);
    set(170, 1, "110101000101007");
    set(210, 1, "11010119601301001X");
    set(250, 1, "00010119600101001X");
    set(290, 1, "110101196OO101001X");
    set(330, 1, "A-1");
    set(370, 2, "");
    set(410, 2, "电焊工程");
    set(450, 3, "甲\u{7}乙");
    set(490, 5, &"组".repeat(65));
    let check_digit = if number(530).ends_with('1') { "2" } else { "1" };
    set(530, 1, &format!("{}{check_digit}", &number(530)[..17]));
    set(570, 0, &name(569 - 1));
    set(570, 1, &number(569 - 1));
    let mut text = format!("2026 年选手名单,,,,,,\r\n{}\r\n", TITLES.join(","));
    for row in &rows {
        text += &format!("{}\r\n", row.join(","));
    }
    let bytes = encoding_rs::GBK.encode(&text).0.into_owned();
    let sheet = sheet::open(&bytes, "名单.csv").ok().unwrap();
    let proposal = propose(&sheet, true);
    assert_eq!((proposal.header, proposal.findings), (Some(1), vec![]));
    let result = checked(&sheet, &There::default());
    let expected = [
        (row(10), "姓名", "roster_name_missing"),
        (row(50), "姓名", "roster_name_has_digits"),
        (row(90), "身份证号码", "roster_id_as_number"),
        (row(130), "身份证号码", "roster_id_length"),
        (row(170), "身份证号码", "roster_id_old"),
        (row(210), "身份证号码", "roster_id_date"),
        (row(250), "身份证号码", "roster_id_province"),
        (row(290), "身份证号码", "roster_id_character"),
        (row(330), "身份证号码", "roster_id_form"),
        (row(370), "赛项", "roster_skill_missing"),
        (row(410), "赛项", "roster_skill_unknown"),
        (row(450), "工作单位", "roster_control_character"),
        (row(490), "组别", "roster_text_too_long"),
        (row(530), "身份证号码", "roster_id_check"),
        (row(570), "身份证号码", "roster_id_twice"),
    ];
    assert_eq!(said(&result), expected);
    assert_eq!((result.rows, result.bad_rows, result.entries.len()), (600, 15, 585));
    let per_skill: usize = result.per_skill.iter().map(|(_, count)| count).sum();
    assert_eq!(per_skill, 585);
}

#[test]
fn fifty_thousand_people_are_read_and_checked() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, title) in (0..).zip(TITLES) {
        sheet.write_string(0, column, title).unwrap();
    }
    for serial in 0..50_000 {
        let mut row = person(serial);
        row[2] = format!("{}", 1 + serial % 16);
        for (column, text) in (0..).zip(&row) {
            sheet.write_string(u32::try_from(serial).unwrap() + 1, column, text).unwrap();
        }
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let begun = Instant::now();
    let sheet = sheet::open(&bytes, "名单.xlsx").unwrap_or_else(|finding| panic!("{finding:?}"));
    let opened = begun.elapsed();
    let result = checked(&sheet, &There::default());
    println!("50,000 rows of 7: opened in {opened:?}, opened and checked in {:?}", begun.elapsed());
    assert_eq!(result.findings.first(), None);
    assert_eq!((result.rows, result.entries.len()), (50_000, 50_000));
}

#[test]
fn every_code_is_its_own() {
    let all = [RosterFinding::CODES, ListFinding::CODES].concat();
    let mut codes = all.clone();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}

/// Its text, and whether it is a number.
fn any_cell() -> impl Strategy<Value = (String, bool)> {
    let text = prop_oneof![
        Just(String::new()),
        Just("焊接".to_owned()),
        Just("示例".to_owned()),
        Just("姓名".to_owned()),
        (0..4_usize).prop_map(number),
        (0..4_usize).prop_map(name),
        "\\PC{0,20}",
        any::<String>(),
        "[0-9Xx]{15,19}",
    ];
    (text, any::<bool>())
}

fn any_columns() -> impl Strategy<Value = Vec<Option<Column>>> {
    proptest::collection::vec(proptest::option::of(proptest::sample::select(Column::ALL)), 0..8)
}

proptest! {
    #[test]
    fn every_row_is_an_entry_or_named(
        cells in proptest::collection::vec(proptest::collection::vec(any_cell(), 0..8), 0..12),
        columns in any_columns(),
        has_usual_columns in any::<bool>(),
        header in 0..3_usize,
        only_skill in proptest::option::of(0..20_usize),
        is_open in any::<bool>(),
    ) {
        let usual = vec![Some(Column::Name), Some(Column::IdNumber), Some(Column::Skill), Some(Column::Organisation)];
        let columns = if has_usual_columns { usual } else { columns };
        let cell = |(text, is_number)| Cell { text, is_number };
        let row = |cells: Vec<_>| cells.into_iter().map(cell).collect();
        let rows = (1..).zip(cells).map(|(number, cells)| SheetRow { number, cells: row(cells) }).collect();
        let sheet = Sheet { name: String::new(), rows };
        let proposal = propose(&sheet, is_open);
        prop_assert_eq!(proposal.columns.len(), proposal.titles.len());
        let there = There { only_skill, is_open, ..There::default() };
        let result = with_known(&there, |known| check(&sheet, "a.csv", header, &columns, known));
        prop_assert_eq!(result.rows, result.entries.len() + result.bad_rows);
        let is_whole_bad = result.findings.iter().any(|finding| finding.code == "roster_column_missing");
        for row in sheet.rows.iter().skip(header + 1) {
            let of_row = |finding: &&Finding| finding.place.row == Some(row.number);
            let is_entry = result.entries.iter().any(|entry| entry.row == row.number);
            let is_bad = result.findings.iter().filter(of_row).any(Finding::is_error);
            let is_left_out = result.findings.iter().filter(of_row).any(|finding| {
                ["roster_example_left_out", "roster_header_again"].contains(&finding.code)
            });
            let is_empty = columns.iter().enumerate().all(|(at, column)| {
                column.is_none() || columns[..at].contains(column) || row.text(at).is_empty()
            });
            let ways = [is_entry, is_bad || (is_whole_bad && !is_left_out && !is_empty), is_left_out, is_empty];
            prop_assert_eq!(ways.iter().filter(|way| **way).count(), 1, "{:?} {:?}", ways, result.findings);
        }
        for language in [domain::finding::Language::Chinese, domain::finding::Language::English] {
            let written = crate::exchange::list::error_workbook(&sheet, header, &result.findings, language);
            prop_assert!(written.is_ok(), "{:?}", written.err());
        }
    }
}
