//! Sheets as people send them: workbooks, CSV in every encoding, pasted rows.

use domain::finding::Finding;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::*;

/// A sheet as its rows: number, then texts.
fn shown(sheet: &Sheet) -> Vec<(u64, Vec<&str>)> {
    let texts = |row: &'_ SheetRow| row.cells.len();
    sheet.rows.iter().map(|row| (row.number, (0..texts(row)).map(|at| row.text(at)).collect())).collect()
}

fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet().set_name("名单").unwrap());
    workbook.save_to_buffer().unwrap()
}

fn opened(bytes: &[u8], name: &str) -> Sheet {
    open(bytes, name).unwrap_or_else(|finding| panic!("{finding:?}"))
}

fn refused(bytes: &[u8], name: &str) -> Finding {
    open(bytes, name).err().expect("it was read")
}

fn csv(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
    let sheet = opened(bytes, "list.csv");
    let own = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    shown(&sheet).into_iter().map(|(number, texts)| (number, own(texts))).collect()
}

fn rows(rows: &[(u64, &[&str])]) -> Vec<(u64, Vec<String>)> {
    rows.iter()
        .map(|(number, texts)| (*number, texts.iter().map(|text| (*text).to_owned()).collect()))
        .collect()
}

#[test]
fn cells_are_texts_as_a_person_reads_them() {
    let bytes = workbook(|sheet| {
        let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        sheet.write_string(0, 0, " 张三\u{3000}").unwrap();
        sheet.write_number(0, 1, 7).unwrap();
        sheet.write_number(0, 2, 5.75).unwrap();
        sheet.write_number(0, 3, 110_101_199_003_070_000_f64).unwrap();
        sheet.write_boolean(0, 4, true).unwrap();
        let day = ExcelDateTime::from_ymd(2004, 5, 6).unwrap();
        sheet.write_datetime_with_format(0, 5, day, &date).unwrap();
        let noon = ExcelDateTime::from_ymd(2004, 5, 6).unwrap().and_hms(12, 30, 0).unwrap();
        sheet.write_datetime_with_format(0, 6, noon, &time).unwrap();
        sheet.write_formula(0, 7, Formula::new("=1+1").set_result("2")).unwrap();
        sheet.write_formula(0, 8, Formula::new("=\"李\"&\"四\"").set_result("李四")).unwrap();
        sheet.write_formula(0, 9, Formula::new("=NA()").set_result("#N/A")).unwrap();
        // Typed into a column that was formatted as dates.
        sheet.write_number_with_format(0, 10, 110_101_199_003_070_000_f64, &date).unwrap();
        sheet.write_number(0, 11, 0.1 + 0.2).unwrap();
    });
    let sheet = opened(&bytes, "名单.xlsx");
    assert_eq!(sheet.name, "名单");
    let long = "110101199003070000";
    let expected = [
        "张三",
        "7",
        "5.75",
        long,
        "TRUE",
        "2004-05-06",
        "2004-05-06 12:30:00",
        "2",
        "李四",
        "#N/A",
        long,
        "0.3",
    ];
    assert_eq!(shown(&sheet), [(1, expected.to_vec())]);
    let numbers: Vec<usize> = (0..12).filter(|at| sheet.rows[0].cells[*at].is_number).collect();
    assert_eq!(numbers, [1, 2, 3, 7, 10, 11]);
}

#[test]
fn empty_rows_are_left_out_and_the_others_keep_their_numbers() {
    let bytes = workbook(|sheet| {
        sheet.write_string(2, 1, "a").unwrap();
        sheet.write_string(3, 0, " \u{3000}").unwrap();
        sheet.write_blank(4, 0, &Format::new().set_bold()).unwrap();
        sheet.write_string(5, 0, "b").unwrap();
        sheet.write_string(5, 3, " ").unwrap();
    });
    assert_eq!(shown(&opened(&bytes, "a.xlsx")), [(3, vec!["", "a"]), (6, vec!["b"])]);
    assert_eq!(csv(b"\r\n,a\r\n,,\r\n\r\nb, ,\r\n"), rows(&[(2, &["", "a"]), (5, &["b"])]));
}

#[test]
fn a_merged_cell_counts_for_each_row_and_for_one_column() {
    let bytes = workbook(|sheet| {
        let format = Format::new();
        sheet.merge_range(0, 0, 0, 2, "2026 年选手名单", &format).unwrap();
        for (row, name) in [(1, "张三"), (2, "李四"), (4, "王五")] {
            sheet.write_string(row, 0, name).unwrap();
        }
        sheet.merge_range(1, 1, 4, 1, "甲代表队", &format).unwrap();
    });
    let expected = [
        (1, vec!["2026 年选手名单"]),
        (2, vec!["张三", "甲代表队"]),
        (3, vec!["李四", "甲代表队"]),
        (5, vec!["王五", "甲代表队"]),
    ];
    // The fourth row has nothing but its share of the merged cell.
    assert_eq!(shown(&opened(&bytes, "a.xlsx")), expected);
}

#[test]
fn the_first_visible_sheet_with_anything_in_it_is_read() {
    let mut workbook = Workbook::new();
    for (name, text, is_hidden) in
        [("旧", "hidden", true), ("空", "", false), ("说明", "help", false), ("help", "help", false)]
    {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        sheet.write_string(0, 0, text).unwrap();
        sheet.set_hidden(is_hidden);
    }
    workbook.add_worksheet().set_name("二").unwrap().write_string(0, 0, "found").unwrap();
    workbook.add_worksheet().set_name("三").unwrap().write_string(0, 0, "later").unwrap();
    workbook.worksheet_from_index(4).unwrap().set_active(true);
    let bytes = workbook.save_to_buffer().unwrap();
    let sheet = opened(&bytes, "a.xlsx");
    assert_eq!((sheet.name.as_str(), shown(&sheet)), ("二", vec![(1, vec!["found"])]));

    assert_eq!(refused(&self::workbook(|_| {}), "a.xlsx").code, "sheet_empty");
    assert_eq!(refused(b"\n , \n", "a.csv").code, "sheet_empty");
}

#[test]
fn csv_is_read_in_every_encoding_that_spreadsheets_write() {
    let text = "姓名,工作单位\r\n张三,某某学院\r\n";
    let expected = rows(&[(1, &["姓名", "工作单位"]), (2, &["张三", "某某学院"])]);
    let utf_16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect::<Vec<u8>>()
    };
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        utf_16(b"\xff\xfe", u16::to_le_bytes),
        utf_16(b"\xfe\xff", u16::to_be_bytes),
        gbk,
    ] {
        assert_eq!(csv(&bytes), expected);
    }
    // GB18030 beyond GBK: a rare character of names.
    assert_eq!(csv(&encoding_rs::GB18030.encode("𬀩,a").0), rows(&[(1, &["𬀩", "a"])]));
}

#[test]
fn the_separator_is_what_the_first_line_has_most_of() {
    for (text, expected) in [
        ("a;b,;c\n1;2;3", &["a", "b,", "c"][..]),
        ("a\tb\tc", &["a", "b", "c"]),
        ("\"x;y;z\",b", &["x;y;z", "b"]),
        ("a,b;c", &["a", "b;c"]),
        ("alone", &["alone"]),
    ] {
        assert_eq!(csv(text.as_bytes())[0].1, expected, "{text}");
    }
    // A title has none, the header below it does.
    assert_eq!(csv("2026 年名单\n姓名;单位\n".as_bytes())[1].1, ["姓名", "单位"]);
}

#[test]
fn quoted_cells_may_have_lines_and_rows_are_counted_by_records() {
    let text = "a,\"one\ntwo\nthree\"\n\n\"say \"\"x\"\"\",b\nlong,1,2,3\n";
    assert_eq!(
        csv(text.as_bytes()),
        rows(&[(1, &["a", "one\ntwo\nthree"]), (3, &["say \"x\"", "b"]), (4, &["long", "1", "2", "3"])])
    );
    let finding = refused(b"a,b\nc,\"d\ne,f\n", "a.csv");
    assert_eq!((finding.code, finding.place.to_string().as_str()), ("quote_unclosed", "a.csv:2"));
}

#[test]
fn what_was_copied_from_a_spreadsheet_is_read() {
    let sheet = paste("姓名\t单位\r\n张三\t\"一\n二\"\r\n\r\n李四, 王五\t丙\r\n").ok().unwrap();
    let expected = [(1, vec!["姓名", "单位"]), (2, vec!["张三", "一\n二"]), (4, vec!["李四, 王五", "丙"])];
    assert_eq!(shown(&sheet), expected);
    assert_eq!(paste(" \t\n").err().unwrap().place, Place::default());
}

#[test]
fn what_was_put_before_a_formula_is_taken_off_again() {
    assert_eq!(csv(b"'=1+1,'x,=2\n"), rows(&[(1, &["=1+1", "'x", "=2"])]));
    let bytes = workbook(|sheet| {
        sheet.write_string(0, 0, table::safe("＝1")).unwrap();
    });
    assert_eq!(shown(&opened(&bytes, "a.xlsx")), [(1, vec!["＝1"])]);
}

#[test]
fn what_is_no_table_is_refused_with_words() {
    let compound = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [safety::COMPOUND_FILE_START, &[0; 64], &name].concat()
    };
    let mut no_workbook = super::super::Files::default();
    no_workbook.put("a.txt", "a");
    let whole = workbook(|sheet| {
        sheet.write_string(0, 0, "a").unwrap();
    });
    let too_many = "x\n".repeat(ROWS_MAX + 1);
    let too_wide = format!("{}x", ",".repeat(COLUMNS_MAX));
    let too_wide_workbook = workbook(|sheet| {
        sheet.write_string(0, 256, "a").unwrap();
    });
    for (bytes, name, code) in [
        (Vec::new(), "a.csv", "file_empty"),
        (Vec::new(), "a.xlsx", "file_empty"),
        (compound("Workbook"), "a.xls", "old_workbook"),
        (compound("EncryptedPackage"), "a.xlsx", "encrypted_workbook"),
        // What some systems call a workbook is a table of text.
        (b"a\tb".to_vec(), "A.XLS", "not_a_workbook"),
        (no_workbook.to_zip().unwrap(), "a.zip", "zip_without_workbook"),
        (whole[..whole.len() / 2].to_vec(), "a.csv", "broken_workbook"),
        (b"\xff\xff\xff\xff".to_vec(), "a.csv", "encoding_unknown"),
        (b"a\0b\0,\0".to_vec(), "a.csv", "encoding_unknown"),
        (vec![b'a'; safety::FILE_BYTES_MAX + 1], "a.csv", "file_too_large"),
        (",".repeat(CELLS_MAX + 1).into_bytes(), "a.csv", "file_too_large"),
        (too_many.into_bytes(), "a.csv", "sheet_too_long"),
        (too_wide.into_bytes(), "a.csv", "sheet_too_wide"),
        (too_wide_workbook, "a.xlsx", "sheet_too_wide"),
    ] {
        let finding = refused(&bytes, name);
        assert_eq!((finding.code, finding.is_error()), (code, true), "{name}");
        assert_eq!(finding.place, Place::file(name));
    }
    let fits = "x\n".repeat(ROWS_MAX);
    assert_eq!(opened(fits.as_bytes(), "a.csv").rows.len(), ROWS_MAX);
}

#[test]
fn every_code_is_its_own() {
    let mut codes = SheetFinding::CODES.to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), SheetFinding::CODES.len());
}

/// A workbook whose one sheet is this XML: what no spreadsheet would write.
fn raw_workbook(sheet: &str) -> Vec<u8> {
    let whole = workbook(|sheet| {
        sheet.write_string(0, 0, "a").unwrap();
    });
    let mut files = super::super::Files::from_zip(&whole).unwrap();
    files.put("xl/worksheets/sheet1.xml", sheet);
    files.to_zip().unwrap()
}

#[test]
fn what_a_workbook_claims_costs_nothing() {
    let row = |at: u32| format!("<row r=\"{at}\"><c r=\"IV{at}\"><v>1</v></c></row>");
    let cells: String = (1..=8_000).map(row).collect();
    let bytes = raw_workbook(&format!("<worksheet><sheetData>{cells}</sheetData></worksheet>"));
    assert_eq!(refused(&bytes, "a.xlsx").code, "file_too_large");

    let merged = "<mergeCell ref=\"A1:A1048576\"/>".repeat(300);
    let cells: String =
        (1..=8_000).map(|at| format!("<row r=\"{at}\"><c r=\"A{at}\"><v>1</v></c></row>")).collect();
    let sheet =
        format!("<worksheet><sheetData>{cells}</sheetData><mergeCells>{merged}</mergeCells></worksheet>");
    assert_eq!(refused(&raw_workbook(&sheet), "a.xlsx").code, "file_too_large");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        name in "[a-z]{0,3}(\\.csv|\\.xlsx|)",
    ) {
        if let Err(finding) = open(&bytes, &name) {
            prop_assert!(finding.is_error());
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([a,;\t\"\r\n']|\\PC){0,60}") {
        for sheet in [paste(&text), open(text.as_bytes(), "a.csv")].into_iter().flatten() {
            let ends_filled = |row: &SheetRow| row.cells.last().is_some_and(|cell| !cell.text.is_empty());
            prop_assert!(sheet.rows.iter().all(ends_filled));
            prop_assert!(sheet.rows.windows(2).all(|two| two[0].number < two[1].number));
        }
    }

    #[test]
    fn any_sheet_of_a_workbook_is_read_or_refused(parts in proptest::collection::vec(
        prop_oneof![
            "</?[cv]>|</row>|1",
            "<row r=\"[0-9]{1,8}\">",
            "<c r=\"[A-Z]{1,3}[0-9]{1,7}\" t=\"(s|b|d|e|str|n)\">",
        ],
        0..30,
    )) {
        let xml = parts.concat();
        let bytes = raw_workbook(&format!("<worksheet><sheetData>{xml}</sheetData></worksheet>"));
        if let Err(finding) = open(&bytes, "a.xlsx") {
            prop_assert!(finding.is_error());
        }
    }
}
