//! `leitai scheme`: real and made CIS workbooks, checked and converted there and back.
#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use server::exchange::{Files, cis, package};
use tests::folder::put;
use tests::shared::shared;
use tests::workbook::five_rungs;
use tests::{PackageBuilder, Said, TemporaryFolder, leitai};

const EUROSKILLS: &str = "ES2023_marking_scheme_Web_Development_17.xlsx";
const UK_FINAL: &str = "wsuk_nationals_web_development_2024_marking_final_cis.xlsx";
const UK_QUALIFIER: &str = "wsuk_2024_qualifiers_marking_scheme.xlsx";

fn real(name: &str) -> Option<PathBuf> {
    Some(shared("cis-marking-schemes")?.join(name))
}

fn check(file: &Path) -> Said {
    leitai(["scheme".as_ref(), "check".as_ref(), "--json".as_ref(), file.as_os_str()]).run()
}

fn convert(from: &Path, into: &Path, more: &[&str]) -> Said {
    let paths = [from.to_str().unwrap(), into.to_str().unwrap()];
    leitai([&["scheme", "convert"], &paths[..], more].concat()).run()
}

fn totals(value: &Value) -> Vec<(&str, &str)> {
    let list = value.as_array().unwrap();
    list.iter().map(|item| (item["id"].as_str().unwrap(), item["total"].as_str().unwrap())).collect()
}

/// How often each code was found, with its severity.
fn found(value: &Value) -> BTreeMap<(&str, &str), usize> {
    let mut counts = BTreeMap::new();
    for finding in value["findings"].as_array().unwrap() {
        let code = (finding["code"].as_str().unwrap(), finding["severity"].as_str().unwrap());
        *counts.entry(code).or_insert(0) += 1;
    }
    counts
}

/// The exact shape that the package format promises.
fn assert_shape(value: &Value) {
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let wanted =
        ["calculations", "criteria", "findings", "judgement", "measurement", "panel", "sections", "total"];
    assert_eq!(keys(value), wanted);
    for count in ["measurement", "judgement", "panel", "calculations"] {
        assert!(value[count].is_u64(), "{count}: {}", value[count]);
    }
    assert!(value["total"].is_string());
    for list in ["criteria", "sections"] {
        for item in value[list].as_array().unwrap() {
            assert_eq!(keys(item), ["id", "total"]);
        }
    }
    for finding in value["findings"].as_array().unwrap() {
        assert_eq!(keys(finding), ["code", "column", "message", "row", "severity"]);
        assert!(finding["row"].is_null() || finding["row"].is_u64());
        assert!(finding["column"].is_null() || finding["column"].is_string());
    }
}

#[test]
fn the_scheme_of_euroskills_2023_is_whole() {
    let Some(file) = real(EUROSKILLS) else { return };
    let value = check(&file).done().json();
    assert_shape(&value);
    assert_eq!(value["measurement"], 123);
    assert_eq!(value["judgement"], 26);
    assert_eq!(value["panel"], 0);
    assert_eq!(value["total"], "100.00");
    let criteria =
        [("A", "17.00"), ("B", "23.00"), ("C", "17.00"), ("D", "22.00"), ("E", "16.00"), ("F", "5.00")];
    assert_eq!(totals(&value["criteria"]), criteria);
    let sections = [("1", "5.00"), ("2", "5.00"), ("3", "25.00"), ("4", "25.00"), ("5", "40.00")];
    assert_eq!(totals(&value["sections"]), sections);
    assert_eq!(value["calculations"], 0);
    assert_eq!(value["findings"], json!([]));
}

#[test]
fn the_summary_of_the_uk_final_is_contradicted_by_its_aspects() {
    let Some(file) = real(UK_FINAL) else { return };
    let value = check(&file).done().json();
    assert_shape(&value);
    assert_eq!((&value["measurement"], &value["judgement"]), (&json!(201), &json!(19)));
    assert_eq!(value["total"], "100.00");
    assert_eq!(totals(&value["criteria"]), [("A", "30.00"), ("B", "30.00"), ("C", "20.00"), ("D", "20.00")]);
    let sections = [("1", "6.00"), ("2", "1.00"), ("3", "7.00"), ("4", "60.00"), ("5", "26.00")];
    assert_eq!(totals(&value["sections"]), sections);
    assert_eq!(value["calculations"], 5);
    let codes = [
        (("calculation_misfit", "warning"), 2),
        (("calculation_unused", "warning"), 3),
        (("criteria_count", "warning"), 1),
        (("section_variation", "warning"), 3),
        (("summary_disagrees", "warning"), 5),
    ];
    assert_eq!(found(&value), BTreeMap::from(codes));
}

#[test]
fn the_older_layout_of_the_uk_qualifier_is_read() {
    let Some(file) = real(UK_QUALIFIER) else { return };
    let value = check(&file).done().json();
    assert_shape(&value);
    assert_eq!((&value["measurement"], &value["judgement"]), (&json!(80), &json!(8)));
    assert_eq!(value["total"], "50.00");
    assert_eq!(totals(&value["criteria"]), [("A", "50.00")]);
    let codes = [(("criteria_count", "warning"), 1), (("total_not_hundred", "warning"), 1)];
    assert_eq!(found(&value), BTreeMap::from(codes));
}

/// To a skill's folder, back to a workbook, and both read by the library: every aspect is the same.
fn assert_comes_back(file: &Path) {
    let folder = TemporaryFolder::new("scheme");
    let (skill, back) = (folder.join("skill"), folder.join("back/again.xlsx"));
    convert(file, &skill, &[]).done();
    convert(&skill, &back, &["--to", "xlsx"]).done();
    let original = cis::read(&std::fs::read(file).unwrap(), "original");
    let again = cis::read(&std::fs::read(&back).unwrap(), "again");
    let scheme = original.scheme.unwrap();
    let comes_back = again.scheme.unwrap();
    for (aspect, comes_back) in scheme.aspects().zip(comes_back.aspects()) {
        assert_eq!(comes_back, aspect);
    }
    assert!(comes_back == scheme, "criteria, sub-criteria, sections, parts");
    assert_eq!((again.skill, again.total), (original.skill, original.total));
    let mut findings = Vec::new();
    let in_folder = package::read_scheme_folder(&Files::open(&skill).unwrap(), &mut findings);
    assert!(in_folder.is_some_and(|(in_folder, ..)| in_folder == scheme), "{findings:?}");
}

#[test]
fn a_real_scheme_comes_back_from_a_skill_folder_with_every_aspect() {
    for name in [EUROSKILLS, UK_FINAL, UK_QUALIFIER] {
        if let Some(file) = real(name) {
            assert_comes_back(&file);
        }
    }
}

#[test]
fn a_ladder_of_five_rungs_keeps_the_four_and_names_the_fifth() {
    for surplus in ["3", "4"] {
        let folder = TemporaryFolder::new("rungs");
        let file = folder.join("made.xlsx");
        put(&file, five_rungs(surplus));
        let value = check(&file).done().json();
        assert_shape(&value);
        assert_eq!((&value["measurement"], &value["judgement"]), (&json!(1), &json!(1)));
        assert_eq!(value["total"], "3.00");
        let extra: Vec<&Value> =
            value["findings"].as_array().unwrap().iter().filter(|f| f["code"] == "rung_extra").collect();
        assert_eq!(extra.len(), 1, "{value}");
        assert_eq!((&extra[0]["row"], &extra[0]["column"]), (&json!(13), &json!("F")));
        assert_comes_back(&file);
        let aspects = folder.join("skill");
        convert(&file, &aspects, &[]).done();
        let rows = tests::Rows::read(&aspects.join("aspects.csv"));
        let rungs = rows.columns(["type", "rung_0", "rung_1", "rung_2", "rung_3"]);
        assert_eq!(rungs[1], ["judgement", "none", "meets", "above", "best"]);
    }
}

#[test]
fn a_scheme_that_a_workbook_cannot_hold_is_refused_and_nothing_is_written() {
    let folder = TemporaryFolder::new("unfit");
    let (package, workbook) = (folder.join("package"), folder.join("out/scheme.xlsx"));
    PackageBuilder::small().write(&package);
    let said = convert(&package, &workbook, &["--to", "xlsx"]).refused();
    assert!(said.messages.contains("[panel_not_in_cis]"), "{said}");
    assert!(said.messages.contains("[direct_not_in_cis]"), "{said}");
    assert!(!folder.join("out").exists());
}

#[test]
fn a_conversion_never_writes_over_what_is_there() {
    let folder = TemporaryFolder::new("over");
    let (file, skill) = (folder.join("made.xlsx"), folder.join("skill"));
    put(&file, five_rungs("4"));
    put(&skill.join("aspects.csv"), "mine\n");
    let said = convert(&file, &skill, &[]).refused();
    assert!(said.messages.contains("[folder_not_empty]"), "{said}");
    assert_eq!(std::fs::read_to_string(skill.join("aspects.csv")).unwrap(), "mine\n");
    let (other, workbook) = (folder.join("other"), folder.join("there.xlsx"));
    convert(&file, &other, &[]).done();
    put(&workbook, "mine\n");
    let said = convert(&other, &workbook, &["--to", "xlsx"]).refused();
    assert!(said.messages.contains("[file_there]"), "{said}");
    assert_eq!(std::fs::read_to_string(workbook).unwrap(), "mine\n");
}
