//! CIS workbooks: three real ones, every kind of bad one, and schemes that go out and come back.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper that fails ends its test")]

use std::path::PathBuf;

use domain::finding::{Language, Severity};
use domain::number::{Decimal, Mark};
use domain::scheme::{
    Aspect, Band, Calculation, Choice, Criterion, Method, PanelScoring, Part, Scheme, Section, SubCriterion,
    Unit,
};
use proptest::prelude::*;
use rust_xlsxwriter::{Formula, Workbook, Worksheet};
use server::exchange::cis::{self, CisFinding, Reading, Skill};

// Real workbooks, published by others and not part of this repository.

/// A workbook of the shared data, or nothing, said aloud, where there is none.
fn real(name: &str) -> Option<Vec<u8>> {
    let Some(root) = std::env::var_os("LEITAI_SHARED_DATA") else {
        println!("skipped: LEITAI_SHARED_DATA is not set, so {name} is not at hand");
        return None;
    };
    let path = PathBuf::from(root).join("cis-marking-schemes").join(name);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

const EUROSKILLS: &str = "ES2023_marking_scheme_Web_Development_17.xlsx";
const UK_FINAL: &str = "wsuk_nationals_web_development_2024_marking_final_cis.xlsx";
const UK_QUALIFIER: &str = "wsuk_2024_qualifiers_marking_scheme.xlsx";

fn codes(reading: &Reading) -> Vec<(&'static str, Option<u64>, Option<&str>)> {
    reading.findings.iter().map(|f| (f.code, f.place.row, f.place.column.as_deref())).collect()
}

fn criteria(reading: &Reading) -> Vec<(&str, i64)> {
    reading.criteria.iter().map(|c| (c.id.as_str(), c.total.0)).collect()
}

fn sections(reading: &Reading) -> Vec<(&str, i64, i64)> {
    reading.sections.iter().map(|s| (s.id.as_str(), s.target.0, s.total.0)).collect()
}

#[test]
fn euroskills_2023_is_read_whole() {
    let Some(bytes) = real(EUROSKILLS) else { return };
    let reading = cis::read(&bytes, EUROSKILLS);
    println!("{:#?}", codes(&reading));
    assert_eq!((reading.measurement, reading.judgement, reading.panel), (123, 26, 0));
    assert_eq!(reading.total, Mark(10_000));
    assert_eq!(
        criteria(&reading),
        [("A", 1700), ("B", 2300), ("C", 1700), ("D", 2200), ("E", 1600), ("F", 500)]
    );
    let expected =
        [("1", 500, 500), ("2", 500, 500), ("3", 2500, 2500), ("4", 2500, 2500), ("5", 4000, 4000)];
    assert_eq!(sections(&reading), expected);
    assert_eq!(reading.skill, Some(Skill { number: "17".into(), name: "Web Development".into() }));
    assert_eq!(reading.calculation_rows, 0);
    assert_eq!(codes(&reading), []);
    let scheme = reading.scheme.expect("no error");
    let days: Vec<u32> = scheme.sub_criteria().map(|(_, sub)| sub.day).collect();
    assert_eq!((days.first(), days.last()), (Some(&1), Some(&3)));
    let first: Vec<&str> = scheme.aspects().take(3).map(|aspect| aspect.id.as_str()).collect();
    assert_eq!(first, ["A1.J1", "A1.J2", "A1.M1"]);
}

#[test]
fn the_uk_final_of_2024_is_recomputed_and_its_typed_sums_are_named() {
    let Some(bytes) = real(UK_FINAL) else { return };
    let reading = cis::read(&bytes, UK_FINAL);
    println!("{:#?}", codes(&reading));
    assert_eq!((reading.measurement, reading.judgement), (201, 19));
    assert_eq!(reading.total, Mark(10_000));
    assert_eq!(criteria(&reading), [("A", 3000), ("B", 3000), ("C", 2000), ("D", 2000)]);
    let expected = [("1", 500, 600), ("2", 500, 100), ("3", 2500, 700), ("4", 2500, 6000), ("5", 4000, 2600)];
    assert_eq!(sections(&reading), expected);
    assert_eq!(reading.calculation_rows, 5);
    let disagreeing: Vec<_> = reading.findings.iter().filter(|f| f.code == "summary_disagrees").collect();
    let places: Vec<_> = disagreeing.iter().map(|f| (f.place.row, f.place.column.as_deref())).collect();
    let expected: Vec<_> = (5..=9).map(|row| (Some(row), Some("J"))).collect();
    assert_eq!(places, expected);
    let figures = [["15", "6.00"], ["15", "1.00"], ["27", "7.00"], ["23", "60.00"], ["20", "26.00"]];
    for (finding, figures) in disagreeing.iter().zip(figures) {
        let said = finding.say(Language::English);
        assert!(figures.iter().all(|figure| said.contains(figure)), "{said}");
    }
    // The names in its sheet "Calculations" are those of another scheme's aspects.
    let calculations = reading.findings.iter().filter(|f| f.code.starts_with("calculation_"));
    let left_over: Vec<_> = calculations.map(|f| (f.code, f.place.row)).collect();
    assert_eq!(
        left_over,
        [
            ("calculation_unused", Some(2)),
            ("calculation_misfit", Some(3)),
            ("calculation_unused", Some(4)),
            ("calculation_misfit", Some(5)),
            ("calculation_unused", Some(6)),
        ]
    );
    assert!(reading.findings.iter().all(|finding| finding.severity == Severity::Warning));
    assert!(reading.scheme.is_some());
}

#[test]
fn the_uk_qualifier_of_2024_has_the_older_layout_and_half_the_marks() {
    let Some(bytes) = real(UK_QUALIFIER) else { return };
    let reading = cis::read(&bytes, UK_QUALIFIER);
    println!("{:#?}", codes(&reading));
    assert_eq!((reading.measurement, reading.judgement), (80, 8));
    assert_eq!(reading.total, Mark(5000));
    assert_eq!(criteria(&reading), [("A", 5000)]);
    assert_eq!(sections(&reading), []);
    assert_eq!(
        codes(&reading),
        [("criteria_count", None, None), ("total_not_hundred", Some(166), Some("J"))]
    );
    let scheme = reading.scheme.expect("no error");
    assert_eq!(scheme.criteria[0].sub_criteria[0].name, "Layout");
}

#[test]
fn real_workbooks_come_back_from_ours_unchanged() {
    for name in [EUROSKILLS, UK_FINAL, UK_QUALIFIER] {
        let Some(bytes) = real(name) else { return };
        let reading = cis::read(&bytes, name);
        let scheme = reading.scheme.as_ref().expect("no error");
        let written = cis::write(scheme, reading.skill.as_ref()).expect("CIS can hold what CIS held");
        let back = cis::read(&written, name);
        assert_eq!(back.scheme.as_ref(), Some(scheme), "{name}");
        assert_eq!(back.skill, reading.skill);
        // What was said of the scheme itself is said again; what was said of its old workbook is not.
        let of_the_scheme = |reading: &Reading| -> Vec<&str> {
            let codes = reading.findings.iter().map(|f| f.code);
            codes.filter(|code| !code.starts_with("calculation_") && *code != "summary_disagrees").collect()
        };
        assert_eq!(of_the_scheme(&back), of_the_scheme(&reading), "{name}");
        assert_eq!(of_the_scheme(&back).len(), back.findings.len(), "{name}");
    }
}

// Made workbooks: what is wrong is named at its row and column.

const LONG: [&str; 11] = [
    "Sub\nCriterion\nID",
    "Sub Criterion\nName or Description",
    "Day of Marking",
    "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Calculation Row \n(Export only)",
    "Max\nMark",
];
const A1: &[&str] = &["A1", "Layout", "1"];
const M: &[&str] = &["", "", "", "M", "It loads", "", "", "", "", "", "1"];

/// A workbook of sheets whose cells are given as texts.
struct Sheets(Workbook);

impl Sheets {
    fn new() -> Self {
        Self(Workbook::new())
    }

    fn sheet(mut self, name: &str, rows: &[&[&str]]) -> Self {
        fill(self.0.add_worksheet().set_name(name).unwrap(), rows);
        self
    }

    fn read(mut self) -> Reading {
        cis::read(&self.0.save_to_buffer().unwrap(), "scheme.xlsx")
    }
}

/// A text that is a plain number becomes a number, unless an apostrophe stands before it.
fn fill(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            if let Some(text) = text.strip_prefix('\'') {
                sheet.write_string(row, column, text).unwrap();
            } else if let Ok(number) = text.parse::<f64>() {
                sheet.write_number(row, column, number).unwrap();
            } else if !text.is_empty() {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
}

/// Criteria A and B, then the given rows below one header in row 5: the first of them is row 6.
fn long(rows: &[&[&str]]) -> Reading {
    long_with(rows, &[])
}

fn long_with(rows: &[&[&str]], calculations: &[&[&str]]) -> Reading {
    let mut all: Vec<&[&str]> = vec![
        &["17 Web Development"],
        &["ID", "Name", "", "", "", "", "", "", "", "", "Mark"],
        &["A", "Design"],
        &["B", "Building"],
        &LONG,
    ];
    all.extend(rows);
    Sheets::new().sheet("CIS Marking Scheme Import", &all).sheet("Calculations", calculations).read()
}

/// The findings without those about how much a scheme should hold.
fn particular(reading: &Reading) -> Vec<(&'static str, Option<u64>, Option<&str>)> {
    const GENERAL: [&str; 3] = ["criteria_count", "total_not_hundred", "criterion_empty"];
    codes(reading).into_iter().filter(|(code, ..)| !GENERAL.contains(code)).collect()
}

#[track_caller]
fn assert_found(reading: &Reading, expected: &[(&str, u64, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(code, row, column)| (*code, Some(*row), Some(*column))).collect();
    assert_eq!(particular(reading), expected, "{:#?}", reading.findings);
    assert!(reading.findings.iter().all(|f| f.place.file.as_deref() == Some("scheme.xlsx")));
    assert_eq!(reading.scheme.is_none(), reading.findings.iter().any(|f| f.is_error()));
}

#[test]
fn a_small_scheme_is_read_whole() {
    let reading = long(&[
        &["A1", "Layout", "'C2"],
        &["", "", "", "M", "It loads", "", "in time", "under 1 s", "3", "", "0.5"],
        &[],
        &["", "", "", "J", "It looks good", "", "", "", "'3", "", "'1.25"],
        &["", "", "", "", "", "0", "not"],
        &["", "", "", "", "", "'1", "a bit"],
        &["", "", "", "", "", "2", "well"],
        &["", "", "", "", "", "3", "very"],
        &["", "", "", "", "Navigation"],
        &["B1", "Code", "'1", "M", "On one row", "", "", "", "", "PASS_FAIL", "2"],
    ]);
    assert_found(&reading, &[]);
    assert_eq!((reading.measurement, reading.judgement, reading.total), (2, 1, Mark(375)));
    let scheme = reading.scheme.unwrap();
    let ids: Vec<&str> = scheme.aspects().map(|aspect| aspect.id.as_str()).collect();
    assert_eq!(ids, ["A1.M1", "A1.J1", "B1.M1"]);
    let days: Vec<u32> = scheme.sub_criteria().map(|(_, sub)| sub.day).collect();
    assert_eq!(days, [2, 1]);
    let aspects: Vec<&Aspect> = scheme.aspects().collect();
    assert_eq!((aspects[0].note.as_str(), aspects[0].requirement.as_str()), ("in time", "under 1 s"));
    let rungs = ["not", "a bit", "well", "very"].map(String::from);
    assert_eq!(aspects[1].method, Method::Judgement { rungs });
    assert_eq!(aspects[1].section.as_ref().map(|s| s.as_str()), Some("3"));
}

#[test]
fn figures_that_are_almost_numbers_are_named_with_the_spelling_that_is_meant() {
    let max = |text: &str| long(&[A1, &["", "", "", "M", "It loads", "", "", "", "", "", text]]);
    for (text, code, meant) in [
        ("'0,5", "decimal_comma", "0.5"),
        ("'０.５", "full_width_digits", "0.5"),
        ("'0.125", "number_too_fine", "two"),
        ("0.125", "number_too_fine", "two"),
        ("'99999999999999", "number_too_large", "large"),
        ("'half", "not_a_number", "half"),
    ] {
        let reading = max(text);
        assert_found(&reading, &[(code, 7, "K")]);
        let said = reading.findings.iter().find(|f| f.code == code).unwrap().say(Language::English);
        assert!(said.contains(meant), "{said}");
    }
    assert_found(&max(""), &[("max_missing", 7, "K")]);
    assert_found(&max("0"), &[("max_not_positive", 7, "K")]);
    assert_found(&max("2.25"), &[("aspect_above_rule", 7, "K")]);
    let section = long(&[A1, &["", "", "", "M", "It loads", "", "", "", "'1,5", "", "1"]]);
    assert_found(&section, &[("decimal_comma", 7, "I")]);
    let day = long(&[&["A1", "Layout", "C+1"], M]);
    assert_found(&day, &[("day_unreadable", 6, "C")]);
}

#[test]
fn a_sum_with_binary_dust_is_the_number_that_the_sheet_shows() {
    let reading = long(&[A1, &["", "", "", "M", "It loads", "", "", "", "", "", "0.30000000000000004"]]);
    assert_found(&reading, &[]);
    assert_eq!(reading.total, Mark(30));
}

#[test]
fn types_of_other_years_and_alphabets_are_read_with_a_warning_and_others_refused() {
    let with = |text: &str| long(&[A1, &["", "", "", text, "It loads", "", "", "", "", "", "1"]]);
    for (text, code, measurement) in [
        ("O", "type_before_2016", 1),
        ("S", "type_before_2016", 0),
        ("\u{41E}", "type_lookalike", 1),
        ("\u{41C}", "type_lookalike", 1),
        ("\u{421}", "type_lookalike", 0),
    ] {
        let reading = with(text);
        assert_eq!((reading.measurement, reading.judgement), (measurement, 1 - measurement), "{text}");
        assert!(codes(&reading).contains(&(code, Some(7), Some("D"))), "{text}");
    }
    let reading = with("X");
    assert_eq!(particular(&reading), [("scheme_empty", None, None), ("unknown_type", Some(7), Some("D"))]);
    let reading = long(&[A1, M, &["", "", "", "", "It runs", "", "", "", "", "", "1"]]);
    assert_found(&reading, &[("type_missing", 8, "D")]);
    assert_found(&with("m2"), &[]);
}

#[test]
fn a_ladder_keeps_its_first_four_rungs_and_needs_them() {
    let j: &[&str] = &["", "", "", "J", "It looks good", "", "", "", "", "", "1"];
    let rung = |score: &'static str, text: &'static str| ["", "", "", "", "", score, text];
    let rungs =
        [rung("0", "a"), rung("1", "b"), rung("1", "again"), rung("2", "c"), rung("3", "d"), rung("4", "e")];
    let rows: Vec<&[&str]> = [A1, j].into_iter().chain(rungs.iter().map(|rung| rung.as_slice())).collect();
    let reading = long(&rows);
    assert_found(&reading, &[("rung_extra", 10, "F"), ("rung_extra", 13, "F")]);
    let scheme = reading.scheme.unwrap();
    let kept = Method::Judgement { rungs: ["a", "b", "c", "d"].map(String::from) };
    assert_eq!(scheme.aspects().next().unwrap().method, kept);

    let (none, half) = (rung("0", "a"), rung("1.5", "b"));
    let missing = ("rung_missing", 7, "F");
    let reading = long(&[A1, j, &none, &half]);
    assert_found(&reading, &[missing, missing, missing, ("rung_unreadable", 9, "F")]);
    assert_found(&long(&[A1, M, &none]), &[("rung_of_measurement", 8, "F")]);
    assert_found(&long(&[A1, &none, M]), &[("rung_without_aspect", 7, "F")]);
}

#[test]
fn what_stands_in_no_criterion_is_an_error() {
    assert!(codes(&long(&[M])).contains(&("aspect_before_sub_criterion", Some(6), Some("D"))));
    assert_found(&long(&[A1, M, &["C1", "Other", "1"], M]), &[("criterion_missing", 8, "A")]);
    let twice = long(&[A1, M, A1, M]);
    assert!(codes(&twice).contains(&("repeated_sub_criterion", Some(8), Some("A"))));
    assert!(twice.scheme.is_none());
    let bare = long(&[A1, M, &["A2", "Nothing"]]);
    assert_found(&bare, &[("sub_criterion_empty", 8, "A")]);
    assert!(codes(&bare).contains(&("criterion_empty", Some(4), Some("A"))));
    assert_eq!(particular(&long(&[])), [("scheme_empty", None, None)]);
}

#[test]
fn text_that_belongs_to_nothing_is_named() {
    let reading = long(&[A1, M, &["", "", "", "", "", "", "by the way"], &["Judgement: (score/3) × Max"]]);
    assert_found(&reading, &[("row_not_read", 8, "G"), ("row_not_read", 9, "A")]);
}

#[test]
fn calculations_attach_by_the_aspects_cell() {
    let m = |reference: &'static str| ["", "", "", "M", "Errors", "", "", "", "", reference, "1"];
    let rows = [m("Deduct .25"), m("Pick"), m("4"), m("Count"), m("")];
    let rows: Vec<&[&str]> = std::iter::once(A1).chain(rows.iter().map(|row| row.as_slice())).collect();
    let deduct = "DEDUCTION_TYPE:::#x~x#UNIT#-#TARGET_VALUE:::0E-8#x~x##-#DIFFERENCE:::1.00000000#x~x##-#\
                  DIFFERENCE_TYPE:::#x~x#UNIT#-#DEDUCTION:::0.25000000#x~x#";
    let pick = "DEDUCTION_TYPE:::#x~x#PERCENT#-#CHOICE2_DEDUCTION:::100.00000000#x~x##-#\
                CHOICE2_LABEL:::#x~x#None#-#CHOICE1_DEDUCTION:::0E-8#x~x##-#CHOICE1_LABEL:::#x~x#All";
    let near = "TARGET_VALUE:::5.00000000#x~x##-#RANGE1_LOWER:::-0.10000000#x~x##-#\
                RANGE1_UPPER:::0.10000000#x~x##-#RANGE1_DEDUCTION:::0E-8#x~x#";
    let reading = long_with(
        &rows,
        &[
            &[],
            &["Deduct .25", "REGULAR_DIFFERENCE_DEDUCTION", "TRUE", deduct],
            &["Pick", "CHOICE", "TRUE", pick],
            &["Near", "RANGED_SCORE", "TRUE", near],
            &["Count", "NUMBER_COMPLETED", "TRUE", "NUM_POSSIBLE:::8#x~x#"],
            &["A1.M5", "NUMBER_COMPLETED", "TRUE", "NUM_POSSIBLE:::4#x~x#"],
        ],
    );
    assert_found(&reading, &[("calculation_by_name", 11, "J")]);
    assert_eq!(reading.calculation_rows, 5);
    let scheme = reading.scheme.unwrap();
    let methods: Vec<&Method> = scheme.aspects().map(|aspect| &aspect.method).collect();
    let expected = [
        Calculation::Difference {
            deduction: Decimal(250_000),
            per: Decimal::ONE,
            per_unit: Unit::Unit,
            target: Decimal(0),
            unit: Unit::Unit,
        },
        Calculation::Choice {
            choices: vec![
                Choice { deduction: Decimal(0), label: "All".into() },
                Choice { deduction: Decimal::whole(100), label: "None".into() },
            ],
            unit: Unit::Percent,
        },
        Calculation::Ranged {
            bands: vec![Band { deduction: Decimal(0), lower: Decimal(-100_000), upper: Decimal(100_000) }],
            target: Decimal::whole(5),
            unit: Unit::Unit,
        },
        Calculation::NumberCompleted { possible: 8 },
        Calculation::NumberCompleted { possible: 4 },
    ]
    .map(Method::Measurement);
    assert_eq!(methods, expected.iter().collect::<Vec<_>>());
}

#[test]
fn calculations_that_are_not_understood_are_refused_at_their_row() {
    let with = |reference: &'static str, calculation: &[&str]| {
        let m: &[&str] = &["", "", "", "M", "Errors", "", "", "", "", reference, "1"];
        long_with(&[A1, m], &[&[], calculation])
    };
    for (kind, parameters, code, column) in [
        ("PYTHON_SCRIPT", "", "unknown_calculation", "B"),
        ("NUMBER_COMPLETED", "NUM_POSSIBLE=8", "unreadable_parameter", "D"),
        ("NUMBER_COMPLETED", "NUM_POSSIBLE:::8,5#x~x#", "unreadable_parameter", "D"),
        ("NUMBER_COMPLETED", "NUM_POSSIBLE:::8.5#x~x#", "unreadable_parameter", "D"),
        ("NUMBER_COMPLETED", "", "missing_parameter", "D"),
        ("NUMBER_COMPLETED", "NUM_POSSIBLE:::8#x~x##-#Y:::1#x~x#", "unknown_parameter", "D"),
        ("CHOICE", "CHOICE1_LABEL:::#x~x#All", "missing_parameter", "D"),
        ("CHOICE", "DEDUCTION_TYPE:::#x~x#POINTS", "unreadable_parameter", "D"),
    ] {
        assert_found(&with("X", &["X", kind, "TRUE", parameters]), &[(code, 2, column)]);
    }
    assert_found(&with("Y", &[]), &[("calculation_not_found", 7, "J")]);
    assert_found(&with("", &["Z", "PASS_FAIL", "TRUE", ""]), &[("calculation_unused", 2, "A")]);
    let unknown = with("X", &["X", "PYTHON_SCRIPT"]);
    assert!(unknown.findings.iter().any(|f| f.say(Language::English).contains("PYTHON_SCRIPT")));
}

#[test]
fn summary_cells_that_contradict_the_aspects_are_named_with_both_figures() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    fill(
        sheet,
        &[
            &["Section", "WSOS Marks", "", "", "", "", "", "", "WSOS Marks", "Aspect Marks", "Variation"],
            &["1", "All", "", "", "", "", "", "", "7", "5", ""],
            &[],
            &["ID", "Name", "", "", "", "", "", "", "", "", "Mark"],
            &["A", "Design", "", "", "", "", "", "", "", "", "3"],
            &[],
            &LONG,
            &["A1", "Layout", "1", "", "", "", "", "", "", "", "4"],
            &["", "", "", "M", "It loads", "", "", "", "1", "", "1"],
            &["", "", "", "", "", "", "", "", "", "", "", "Competition", "Total\nMark"],
        ],
    );
    for (column, text) in [(11, "Criterion A"), (12, "Total\nMark")] {
        sheet.write_string(6, column, text).unwrap();
    }
    sheet.write_formula(6, 13, Formula::new("=SUM(K8:K9)").set_result("2")).unwrap();
    sheet.write_formula(9, 13, Formula::new("=SUM(N1:N9)").set_result("6")).unwrap();
    let reading = cis::read(&workbook.save_to_buffer().unwrap(), "scheme.xlsx");
    assert_found(
        &reading,
        &[
            ("summary_disagrees", 2, "J"),
            ("section_variation", 2, "I"),
            ("summary_disagrees", 5, "K"),
            ("summary_disagrees", 7, "N"),
            ("summary_disagrees", 8, "K"),
            ("summary_disagrees", 10, "N"),
        ],
    );
}

#[test]
fn the_variant_with_title_rows_and_a_footer_is_read() {
    let rows: [&[&str]; 8] = [
        &["Skill:", "17 Web Technologies"],
        &["Test Project:", "Module A"],
        &[],
        &LONG,
        &["A", "Design", "", "", "", "", "", "", "", "", "1"],
        A1,
        M,
        &["Judgement: (score/3) × Max"],
    ];
    let reading = Sheets::new().sheet("Sheet1", &rows).read();
    assert_found(&reading, &[("row_not_read", 8, "A")]);
    assert_eq!(reading.skill, Some(Skill { number: "17".into(), name: "Web Technologies".into() }));
    assert_eq!(reading.scheme.unwrap().criteria[0].name, "Design");
}

#[test]
fn a_workbook_without_a_list_of_criteria_is_read_with_a_warning() {
    let reading = Sheets::new().sheet("Sheet1", &[&LONG, A1, M]).read();
    assert_eq!(particular(&reading), [("criteria_table_missing", None, None)]);
    assert_eq!(criteria(&reading), [("A", 100)]);
}

#[test]
fn a_layout_that_is_not_understood_is_refused() {
    let reading = Sheets::new().sheet("Prices", &[&["Item", "Price"], &["Nail", "1"]]).read();
    assert_eq!(codes(&reading), [("header_not_found", None, None)]);
    assert!(reading.findings[0].say(Language::English).contains("Prices"));

    let mut headings = LONG;
    headings[10] = "Points";
    let reading = Sheets::new().sheet("CIS", &[&[], &headings, A1, M]).read();
    assert_eq!(codes(&reading), [("header_incomplete", Some(2), None)]);
    headings[10] = "Max Mark";
    headings[9] = "Max Mark";
    let reading = Sheets::new().sheet("CIS", &[&headings, A1, M]).read();
    assert_eq!(codes(&reading), [("header_repeated", Some(1), Some("K"))]);

    let reading = Sheets::new()
        .sheet("Draft", &[&LONG, &["B1", "Old"], M])
        .sheet("CIS Marking Scheme Import", &[&LONG, A1, M])
        .read();
    assert!(codes(&reading).contains(&("several_schemes", None, None)));
    assert_eq!(criteria(&reading), [("A", 100)]);
}

// Files that are no workbook, or that no one should open.

#[track_caller]
fn refused(bytes: &[u8], code: &str) {
    let reading = cis::read(bytes, "scheme.xlsx");
    assert_eq!(codes(&reading), [(code, None, None)]);
    assert!(reading.scheme.is_none());
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn files_that_are_no_workbook_are_told_apart() {
    refused(b"", "file_empty");
    refused("id,type\nA1,M\n".as_bytes(), "not_a_workbook");
    refused(b"PK\x03\x04 and then nothing", "broken_workbook");
    refused(&zipped(&[("readme.txt", b"hello")]), "zip_without_workbook");
    refused(&zipped(&[("xl/workbook.xml", b"<workbook")]), "broken_workbook");
    let mut old = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    old.extend([0; 600]);
    refused(&old, "old_workbook");
    old.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    refused(&old, "encrypted_workbook");
}

#[test]
fn files_that_unpack_to_too_much_are_not_opened() {
    refused(&vec![b'P'; 20 * 1024 * 1024 + 1], "file_too_large");
    refused(&zipped(&[("xl/workbook.xml", &vec![b' '; 2 * 1024 * 1024])]), "file_too_large");
    let names: Vec<String> = (0..201).map(|n| format!("xl/{n}.xml")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    refused(&zipped(&entries), "file_too_large");
    refused(&zipped(&[("xl/workbook.xml", &vec![b'a'; 101 * 1024 * 1024])]), "file_too_large");
    refused(&zipped(&[("xl/workbook.xml", &b"<a/>".repeat(4_000_001))]), "file_too_large");
}

#[test]
fn a_text_that_every_cell_repeats_is_counted_every_time() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let text = "x".repeat(32_000);
    for row in 0..1_000 {
        sheet.write_string(row, 0, &text).unwrap(); // one shared string, a thousand references
    }
    refused(&workbook.save_to_buffer().unwrap(), "file_too_large");

    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    fill(sheet, &[&LONG]);
    for row in 1..=10_000 {
        sheet.write_number(row, 5, 1).unwrap();
    }
    refused(&workbook.save_to_buffer().unwrap(), "file_too_large");
}

#[test]
fn a_sheet_that_claims_millions_of_rows_costs_what_its_cells_cost() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("CIS").unwrap();
    fill(sheet, &[&["ID", "Name", "Mark"], &["A", "Design"], &LONG, A1, M]);
    sheet.write_string(1_048_575, 16_383, "far").unwrap();
    let reading = cis::read(&workbook.save_to_buffer().unwrap(), "scheme.xlsx");
    assert_found(&reading, &[]);
    assert_eq!(reading.measurement, 1);
}

// Out and back.

fn small() -> Scheme {
    let aspect = |id: &str, method| Aspect {
        description: "=1+1".into(),
        id: id.into(),
        max: Mark(75),
        measured_in: String::new(),
        method,
        note: "+note".into(),
        part: None,
        requirement: "@here".into(),
        section: Some("1".into()),
    };
    let aspects = vec![
        aspect("A1.M1", Method::Measurement(Calculation::PassFail)),
        aspect("A1.J1", Method::Judgement { rungs: ["a", "b", "c", "d"].map(String::from) }),
    ];
    let sub = SubCriterion { aspects, day: 2, id: "A1".into(), name: "=cmd()".into() };
    Scheme {
        criteria: vec![Criterion { id: "A".into(), name: "Design".into(), sub_criteria: vec![sub] }],
        parts: Vec::new(),
        sections: vec![Section { id: "1".into(), name: "All".into(), target: Mark(150) }],
    }
}

/// The small scheme with its first aspect changed.
fn with_first(change: impl FnOnce(&mut Aspect)) -> Scheme {
    let mut scheme = small();
    change(&mut scheme.criteria[0].sub_criteria[0].aspects[0]);
    scheme
}

#[test]
fn a_text_never_becomes_a_formula() {
    let bytes = cis::write(&small(), Some(&Skill { number: "17".into(), name: "=Web".into() })).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut xml)
        .unwrap();
    let formulas: Vec<&str> = xml.split("<f>").skip(1).filter_map(|rest| rest.split("</f>").next()).collect();
    assert!(formulas.iter().all(|f| ["SUM(", "SUMIF(", "ABS("].iter().any(|known| f.starts_with(known))));
    assert_eq!(formulas.len(), 5, "{formulas:?}");
}

#[test]
fn what_an_aspect_is_measured_in_has_a_column_where_one_says_it() {
    let bands = vec![Band { deduction: Decimal(0), lower: Decimal(0), upper: Decimal::ONE }];
    let ranged = Calculation::Ranged { bands, target: Decimal::whole(40), unit: Unit::Unit };
    for measured_in in ["", "mm", "N·m", "℃"] {
        let scheme = with_first(|aspect| {
            aspect.method = Method::Measurement(ranged.clone());
            aspect.measured_in = measured_in.into();
        });
        let bytes = cis::write(&scheme, None).unwrap();
        assert_eq!(cis::read(&bytes, "x").scheme, Some(scheme), "{measured_in:?}");
    }
}

#[test]
fn unusual_text_is_kept_or_refused_but_never_changed() {
    let texts = ["a\tb", " a ", "_x0041_", "a\n\nb", "<&>\"'", "中文 😀", "a\r\nb", "a\rb", "\u{1}"];
    for (index, text) in texts.into_iter().enumerate() {
        let scheme = with_first(|aspect| aspect.description = text.into());
        match cis::write(&scheme, None) {
            Ok(bytes) => assert_eq!(cis::read(&bytes, "x").scheme, Some(scheme), "{text:?}"),
            Err(findings) => {
                println!("refused: {text:?}");
                assert_eq!(findings[0].code, "not_kept_by_cis");
                assert!(index > 5, "{text:?} is plain text");
            }
        }
    }
}

#[test]
fn ids_that_cis_does_not_give_get_a_column_of_their_own() {
    let scheme = with_first(|aspect| aspect.id = "布局-01".into());
    let back = cis::read(&cis::write(&scheme, None).unwrap(), "x");
    assert_eq!(back.scheme, Some(scheme));
}

#[test]
fn what_cis_cannot_hold_is_refused_by_name() {
    let refusal = |scheme: &Scheme| {
        let findings = cis::write(scheme, None).unwrap_err();
        (findings[0].code, findings[0].say(Language::English).to_owned())
    };
    let panel = PanelScoring {
        drop_high: 1,
        drop_low: 1,
        factor: Decimal::ONE,
        score_max: Decimal::whole(10),
        score_min: Decimal(0),
        score_step: Decimal::ONE,
    };
    let (code, said) = refusal(&with_first(|aspect| aspect.method = Method::Panel(panel)));
    assert_eq!(code, "panel_not_in_cis");
    assert!(said.contains("A1.M1"));
    let direct = with_first(|aspect| aspect.method = Method::Measurement(Calculation::Direct));
    assert_eq!(refusal(&direct).0, "direct_not_in_cis");
    let mut in_parts = small();
    let part = Part { id: "theory".into(), name: String::new(), pass_mark: None, weight: Mark(10_000) };
    in_parts.parts.push(part);
    assert_eq!(refusal(&in_parts).0, "part_not_in_cis");
    let choices = vec![Choice { deduction: Decimal(0), label: "a#-#b".into() }];
    let choice = Calculation::Choice { choices, unit: Unit::Unit };
    let (code, said) = refusal(&with_first(|aspect| aspect.method = Method::Measurement(choice)));
    assert_eq!(code, "not_kept_by_cis");
    assert!(said.contains("A1.M1"));
    let mut lettered = small();
    lettered.criteria[0].sub_criteria[0].id = "A".into();
    assert_eq!(refusal(&lettered).0, "not_kept_by_cis");
}

#[test]
fn every_code_is_its_own() {
    let mut codes = CisFinding::CODES.to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), CisFinding::CODES.len());
}

fn text() -> impl Strategy<Value = String> {
    "[ -~\n中文擂台，。é]{0,30}"
}

fn number() -> impl Strategy<Value = Decimal> {
    (-5_000_000_i64..5_000_000).prop_map(Decimal)
}

fn unit() -> impl Strategy<Value = Unit> {
    prop_oneof![Just(Unit::Unit), Just(Unit::Percent)]
}

fn calculation() -> impl Strategy<Value = Calculation> {
    let choice = ("[a-zA-Z 中文]{1,12}", number()).prop_map(|(label, deduction)| Choice { deduction, label });
    let band =
        (number(), number(), number()).prop_map(|(deduction, lower, upper)| Band { deduction, lower, upper });
    prop_oneof![
        4 => Just(Calculation::PassFail),
        1 => any::<u32>().prop_map(|possible| Calculation::NumberCompleted { possible: possible % 1_000_000 }),
        1 => (prop::collection::vec(choice, 0..12), unit())
            .prop_map(|(choices, unit)| Calculation::Choice { choices, unit }),
        1 => (prop::collection::vec(band, 0..12), number(), unit())
            .prop_map(|(bands, target, unit)| Calculation::Ranged { bands, target, unit }),
        1 => (number(), number(), unit(), number(), unit()).prop_map(
            |(deduction, per, per_unit, target, unit)| {
                Calculation::Difference { deduction, per, per_unit, target, unit }
            }
        ),
    ]
}

fn aspect() -> impl Strategy<Value = Aspect> {
    let method = prop_oneof![
        2 => calculation().prop_map(Method::Measurement),
        1 => [text(), text(), text(), text()].prop_map(|rungs| Method::Judgement { rungs }),
    ];
    let section = prop::option::of(1_u32..6);
    (text(), text(), text(), method, 0_i64..300, section).prop_map(
        |(description, note, requirement, method, max, section)| Aspect {
            description,
            id: String::new().into(),
            max: Mark(max),
            measured_in: if max % 3 == 0 { "mm".into() } else { String::new() },
            method,
            note,
            part: None,
            requirement,
            section: section.map(|section| section.to_string().into()),
        },
    )
}

prop_compose! {
    fn scheme()(
        criteria in prop::collection::vec(
            (text(), prop::collection::vec(
                (text(), 1_u32..5, prop::collection::vec(aspect(), 0..6)), 0..4)), 0..5),
        sections in prop::collection::vec((text(), 0_i64..5000), 0..5),
        has_own_ids in prop::bool::weighted(0.2),
    ) -> Scheme {
        let mut scheme = Scheme::default();
        for (letter, (name, subs)) in ('A'..).zip(criteria) {
            let mut sub_criteria = Vec::new();
            for (n, (name, day, mut aspects)) in (1..).zip(subs) {
                let (mut measurements, mut judgements) = (0, 0);
                for (position, aspect) in (1..).zip(&mut aspects) {
                    let is_judgement = matches!(aspect.method, Method::Judgement { .. });
                    let (kind, count) =
                        if is_judgement { ('J', &mut judgements) } else { ('M', &mut measurements) };
                    *count += 1;
                    aspect.id = if has_own_ids {
                        format!("{letter}{n}.{position:02}").into()
                    } else {
                        format!("{letter}{n}.{kind}{count}").into()
                    };
                }
                sub_criteria.push(SubCriterion { aspects, day, id: format!("{letter}{n}").into(), name });
            }
            scheme.criteria.push(Criterion { id: letter.to_string().into(), name, sub_criteria });
        }
        for (n, (name, target)) in (1..).zip(sections) {
            scheme.sections.push(Section { id: n.to_string().into(), name, target: Mark(target) });
        }
        scheme
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// `write` proves by reading that nothing is lost, so here it must not refuse; and reading in
    /// full must find no contradiction in our own sums.
    #[test]
    fn a_generated_scheme_comes_back_equal(mut scheme in scheme()) {
        if scheme.criteria.is_empty() {
            // Without a criterion there is no header row, and so no scheme to find.
            scheme.criteria.push(Criterion { id: "A".into(), name: String::new(), sub_criteria: Vec::new() });
        }
        let written = cis::write(&scheme, None);
        let bytes = written.map_err(|findings| TestCaseError::fail(format!("{findings:?}")))?;
        let reading = cis::read(&bytes, "scheme.xlsx");
        prop_assert!(reading.findings.iter().all(|finding| finding.code != "summary_disagrees"));
        if let Some(back) = reading.scheme {
            prop_assert_eq!(back, scheme);
        }
    }

    /// Whatever stands in a workbook's parts, reading ends with findings and never with a panic.
    #[test]
    fn damaged_workbooks_are_refused_or_read(
        part in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..9, "[ -~]{0,9}"), 1..4),
    ) {
        let whole = cis::write(&small(), None).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
        let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
        for index in 0..archive.len() {
            let mut bytes = Vec::new();
            let mut entry = archive.by_index(index).unwrap();
            std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
            parts.push((entry.name().unwrap().into_owned(), bytes));
        }
        let damaged = &mut part.get_mut(&mut parts).1;
        for (at, length, instead) in cuts {
            let from = at.index(damaged.len().max(1)).min(damaged.len());
            let to = (from + length).min(damaged.len());
            damaged.splice(from..to, instead.into_bytes());
        }
        let entries: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let reading = cis::read(&zipped(&entries), "scheme.xlsx");
        prop_assert!(reading.scheme.is_some() || !reading.findings.is_empty());
    }
}
