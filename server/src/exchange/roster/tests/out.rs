//! What goes out: the template and the workbook of wrong rows.

use domain::finding::{Finding, Language};
use rust_xlsxwriter::Workbook;

use super::made::{There, checked, name, number, roster, said, sheet};
use crate::exchange::list::error_workbook;
use crate::exchange::roster::{propose, template};
use crate::exchange::sheet::{self, Cell, Sheet};

fn opened(bytes: &[u8]) -> Sheet {
    sheet::open(bytes, "名单.xlsx").unwrap_or_else(|finding| panic!("{finding:?}"))
}

/// The sheet as texts, to be filled in or mended.
fn texts(sheet: &Sheet) -> Vec<Vec<String>> {
    sheet.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.clone()).collect()).collect()
}

/// The same as a workbook again, all cells texts.
fn saved(rows: &[Vec<String>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, row) in (0..).zip(rows) {
        for (column, text) in (0..).zip(row) {
            sheet.write_string(at, column, text).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn the_template_comes_back_as_it_was_filled_in() {
    for (language, name_of, example) in
        [(Language::Chinese, "选手名单", "示例：张三"), (Language::English, "Roster", "Example: San Zhang")]
    {
        let empty = opened(&template(&["焊接", "数控车"], language).unwrap());
        assert_eq!(empty.name, name_of);
        let proposal = propose(&empty, true);
        assert_eq!((proposal.header, proposal.findings), (Some(0), vec![]));
        assert_eq!(proposal.columns.iter().flatten().count(), 10);
        assert_eq!(empty.rows[1].text(0), example);
        let result = checked(&empty, &There::default());
        assert_eq!(said(&result), [(2, empty.rows[0].text(0), "roster_example_left_out")]);

        // The example is sound but for its name.
        let mut rows = texts(&empty);
        let example = rows.pop().unwrap();
        for serial in 0..30 {
            let mut row = example.clone();
            (row[0], row[1]) = (name(serial), number(serial));
            rows.push(row);
        }
        let result = checked(&opened(&saved(&rows)), &There::default());
        assert_eq!((said(&result), result.entries.len()), (vec![], 30));
        assert_eq!(result.per_skill, [(0, 30)]);
    }
}

#[test]
fn the_template_has_long_lists_and_text_columns() {
    let names: Vec<String> = (0..20).map(|at| format!("{}{at}", "很长的赛项名称".repeat(10))).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let bytes = template(&names, Language::Chinese).unwrap();
    let files = crate::exchange::Files::from_zip(&bytes).unwrap();
    let text = |name: &str| String::from_utf8(files.get(name).unwrap().to_vec()).unwrap();
    let roster = text("xl/worksheets/sheet1.xml");
    assert!(roster.contains("<formula1>'字典'!$A$1:$A$20</formula1>"), "{roster}");
    assert!(roster.contains("<formula1>'字典'!$B$1:$B$2</formula1>") && roster.contains("state=\"frozen\""));
    assert!(text("xl/workbook.xml").contains("name=\"字典\" sheetId=\"3\" state=\"hidden\""));
    // 49 is the built-in number of the format "@".
    assert!(text("xl/styles.xml").contains("numFmtId=\"49\""));
    assert!(!roster.contains("<f>"));

    let for_one = opened(&template(&[], Language::Chinese).unwrap());
    let proposal = propose(&for_one, false);
    assert_eq!((proposal.findings, proposal.columns.len()), (vec![], 9));
}

#[test]
fn the_error_workbook_has_the_bad_rows_to_be_mended() {
    let (one, two, three) = (number(1), number(2), number(3));
    let mut rows = roster(&[
        ["张三", &one, "焊接", "甲"],
        ["", &two, "焊接", "=cmd|' /C calc'!A0"],
        ["李四", "", "焊接", "甲"],
        ["王五", "110101200001010071", "没有", "乙"],
    ]);
    rows.rows[3].cells[1] = Cell { text: three.clone(), is_number: true };
    let result = checked(&rows, &There::default());
    assert_eq!(result.bad_rows, 3);
    for (language, titles) in
        [(Language::Chinese, ["错误原因", "原行号"]), (Language::English, ["What is wrong", "Original row"])]
    {
        let bytes = error_workbook(&rows, 0, &result.findings, language).unwrap();
        let files = crate::exchange::Files::from_zip(&bytes).unwrap();
        let written = String::from_utf8(files.get("xl/sharedStrings.xml").unwrap().to_vec()).unwrap();
        assert!(written.contains("<t>'=cmd|") && !written.contains("<t>=cmd|"), "{written}");

        let sheet = opened(&bytes);
        assert_eq!(sheet.rows.len(), 4);
        assert_eq!([sheet.rows[0].text(0), sheet.rows[0].text(1)], titles);
        let numbers: Vec<&str> = sheet.rows.iter().skip(1).map(|row| row.text(1)).collect();
        assert_eq!(numbers, ["3", "4", "5"]);
        assert_eq!(sheet.rows[1].text(5), "=cmd|' /C calc'!A0");
        assert_eq!(sheet.rows[3].text(0).lines().count(), 2);
        let reason = |at: usize| {
            result.findings.iter().filter(move |finding| finding.place.row == Some(at as u64 + 2))
        };
        assert!(
            (1..4).all(|at| reason(at).all(|finding| sheet.rows[at].text(0).contains(finding.say(language))))
        );

        // Sent again as it is, it says the same; what was cut off does not pass for whole.
        assert_eq!(propose(&sheet, true).findings, []);
        let codes = |findings: &[Finding]| findings.iter().map(|finding| finding.code).collect::<Vec<_>>();
        let again = checked(&sheet, &There::default());
        assert_eq!(codes(&again.findings), codes(&result.findings));
        let once_more = opened(&error_workbook(&sheet, 0, &again.findings, language).unwrap());
        assert_eq!(once_more.rows[0].cells.len(), 6);

        let mut mended = texts(&sheet);
        mended[1][2] = "赵六".into();
        mended[2][3] = three.clone();
        mended[3][3] = number(4);
        mended[3][4] = "数控车".into();
        let result = checked(&opened(&saved(&mended)), &There::default());
        assert_eq!((said(&result), result.entries.len()), (vec![], 3));
    }
}

#[test]
fn a_cell_of_any_length_can_be_written() {
    let long = "𬀩".repeat(40_000);
    let rows = sheet(&[vec!["姓名", "赛项"], vec![&long, "焊接"]]);
    let result = checked(&rows, &There::default());
    let bytes = error_workbook(&rows, 0, &result.findings, Language::Chinese).unwrap();
    assert_eq!(opened(&bytes).rows.len(), 2);
}
