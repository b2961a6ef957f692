//! Reading and writing schemes as text, and what differs between two.

use domain::marking::Seat;
use proptest::prelude::*;
use protocol::scheme::{AspectForm, Cell, Changed, ChangedRow, SchemeChange};

use super::*;

/// A scheme's text of one criterion, whose sub-criteria have these aspects.
fn form(subs: &[(&str, &[&str])]) -> SchemeForm {
    let mut pairs = vec![("c".to_owned(), "A".to_owned())];
    for (sub, aspects) in subs {
        pairs.push(("s".to_owned(), (*sub).to_owned()));
        for aspect in *aspects {
            pairs.push(("a".to_owned(), (*aspect).to_owned()));
            pairs.push(("max".to_owned(), "1".to_owned()));
            pairs.push(("description".to_owned(), format!("看 {aspect}")));
        }
    }
    SchemeForm::of_pairs(pairs)
}

fn cells(cells: &[(Cell, &str)]) -> SchemeForm {
    let mut form = form(&[("A1", &["A1.1"])]);
    let aspect = &mut form.criteria[0].subs[0].aspects[0];
    for (cell, text) in cells {
        aspect.put(*cell, *text);
    }
    form
}

/// What cannot be read: row, cell and code.
fn unreadable(form: &SchemeForm) -> Vec<(Option<RowAt>, String, &'static str)> {
    let all = read::read(form).unreadable.into_iter();
    all.map(|(at, finding)| (at, finding.place.column.clone().unwrap_or_default(), finding.code)).collect()
}

#[test]
fn a_cell_that_cannot_be_read_is_named_and_costs_no_other() {
    for (list, cell, code) in [
        (&[(Cell::Max, "１２")][..], "max", "full_width_digits"),
        (&[(Cell::Max, "1,5")], "max", "decimal_comma"),
        (&[(Cell::Max, "0.005")], "max", "too_many_decimals"),
        (&[(Cell::Max, "十分")], "max", "not_a_number"),
        (&[(Cell::Kind, "guess")], "kind", "kind_unknown"),
        (&[(Cell::Kind, "number_completed"), (Cell::Possible, "2.5")], "possible", "not_whole"),
        (&[(Cell::Kind, "choice"), (Cell::Choices, "好, 0\n坏")], "choices", "choice_line_unfit"),
        (&[(Cell::Kind, "choice"), (Cell::Choices, "好, 0\n坏, ０.５")], "choices", "full_width_digits"),
        (&[(Cell::Kind, "choice"), (Cell::Choices, ", 1")], "choices", "choice_line_unfit"),
        (&[(Cell::Kind, "choice"), (Cell::Choices, "轻微偏差，0,5")], "choices", "decimal_comma"),
        (&[(Cell::Kind, "ranged"), (Cell::Target, "0"), (Cell::Bands, "0, 1")], "bands", "band_line_unfit"),
        (&[(Cell::Kind, "ranged"), (Cell::Target, "x")], "target", "not_a_number"),
        (&[(Cell::Kind, "ranged"), (Cell::Bands, "0, 1, 0")], "target", "cell_empty"),
        (
            &[(Cell::Kind, "difference"), (Cell::Target, "1"), (Cell::Deduction, "1"), (Cell::Per, "--1")],
            "per",
            "not_a_number",
        ),
        (&[(Cell::Kind, "difference"), (Cell::Target, "1"), (Cell::Per, "1")], "deduction", "cell_empty"),
        (&[(Cell::Max, "10000.01")], "max", "scheme_mark_too_large"),
        (&[(Cell::Kind, "panel"), (Cell::DropHigh, "-1")], "drop_high", "not_whole"),
    ] {
        let form = cells(list);
        assert_eq!(unreadable(&form), [(Some(RowAt::Aspect(0)), cell.to_owned(), code)], "{list:?}");
        assert_eq!(read::read(&form).scheme.aspects().count(), 1);
    }
    // What its kind has no use for is no fault.
    assert!(unreadable(&cells(&[(Cell::Kind, "direct"), (Cell::Bands, "nonsense")])).is_empty());
}

#[test]
fn what_could_not_be_read_again_is_not_kept() {
    let mut form = form(&[("A1", &["A1.1"])]);
    let section = |target: &str| protocol::scheme::SectionForm {
        id: "1".to_owned(),
        name: String::new(),
        target: target.to_owned(),
    };
    form.sections.push(section("10000.01"));
    form.parts.push(protocol::scheme::PartForm {
        id: "t".to_owned(),
        name: String::new(),
        weight: "10000.01".to_owned(),
        pass_mark: "-10000.01".to_owned(),
    });
    form.criteria[0].name = "长".repeat(4001);
    let told: Vec<(Option<RowAt>, String)> =
        unreadable(&form).into_iter().map(|(at, cell, _)| (at, cell)).collect();
    assert_eq!(
        told,
        [
            (Some(RowAt::Criterion(0)), "c_name".to_owned()),
            (Some(RowAt::Section(0)), "n_target".to_owned()),
            (Some(RowAt::Part(0)), "p_weight".to_owned()),
            (Some(RowAt::Part(0)), "p_pass".to_owned()),
        ]
    );
    form.criteria[0].name.clear();
    form.sections = vec![section("10000")];
    form.parts.clear();
    let reading = read::read(&form);
    assert!(reading.unreadable.is_empty());
    assert_eq!(serde_json::from_str::<Scheme>(&written(&reading.scheme)).ok(), Some(reading.scheme));
}

#[test]
fn ids_are_there_fit_and_their_rows_alone() {
    let twice = form(&[("A1", &["x", "x"]), ("A1", &["", "y"])]);
    let place = |at, code| (Some(at), "id".to_owned(), code);
    assert_eq!(
        unreadable(&twice),
        [
            place(RowAt::Sub(1), "repeated_id"),
            place(RowAt::Aspect(1), "repeated_id"),
            place(RowAt::Aspect(2), "cell_empty"),
        ]
    );
    let long = "x".repeat(65);
    assert_eq!(unreadable(&form(&[("A1", &[&long])])), [place(RowAt::Aspect(0), "unfit_code")]);
    let ids: Vec<String> = (0..=scheme::ASPECTS_MAX).map(|at| format!("a{at}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let many = unreadable(&form(&[("A1", &ids)]));
    assert_eq!(many, [(None, String::new(), "too_many_scheme_rows")]);
}

#[test]
fn sums_and_findings_stand_at_their_rows() {
    let rules = domain::rules::preset("worldskills-2026").expect("a preset").scheme;
    let mut form = form(&[("A1", &["A1.1", "A1.2"]), ("A2", &["A2.1"])]);
    form.criteria[0].subs[0].aspects[1].put(Cell::Kind, "judgement");
    form.criteria[0].subs[1].aspects[0].put(Cell::Max, "x");
    form.sections.push(protocol::scheme::SectionForm {
        id: "1".to_owned(),
        name: "组织".to_owned(),
        target: "0.50".to_owned(),
    });
    form.criteria[0].subs[0].aspects[0].put(Cell::Section, "1");
    let checked = checked(&form, &rules, Language::Chinese);
    assert_eq!(
        (checked.total.as_str(), checked.wanted.as_deref(), checked.aspects),
        ("2.00", Some("100.00"), 3)
    );
    assert_eq!(
        (checked.criteria, checked.subs),
        (vec!["2.00".to_owned()], vec!["2.00".to_owned(), "0.00".to_owned()])
    );
    assert_eq!(checked.sections, [("1.00".to_owned(), "+0.50".to_owned())]);
    let told: Vec<(Option<RowAt>, bool, bool)> =
        checked.notes.iter().map(|note| (note.at, note.is_error, note.is_unreadable)).collect();
    // Four descriptors and a section are missing in the second; of the third nothing but what cannot be read.
    let second = checked.notes.iter().filter(|note| note.at == Some(RowAt::Aspect(1)));
    assert_eq!(second.map(|note| note.is_error).collect::<Vec<_>>(), [true, true, true, true, false]);
    assert_eq!(
        told.iter().filter(|(at, ..)| *at == Some(RowAt::Aspect(2))).collect::<Vec<_>>(),
        [&(Some(RowAt::Aspect(2)), true, true)]
    );
    assert!(checked.notes.iter().any(|note| note.at.is_none() && note.what.contains("100.00")), "{told:?}");
}

#[test]
fn a_changed_scheme_keeps_its_panels_and_a_new_sub_criterion_gets_those_before_it() {
    let seat = |judge: &str| Seat { judge: judge.into(), counts: true };
    let panel = |sub: &str, judge: &str| Panel { sub_criterion: sub.into(), seats: vec![seat(judge)] };
    let there = [panel("A1", "J1"), panel("A2", "J2"), panel("A3", "J3")];
    let scheme = read::read(&form(&[("N0", &[]), ("A2", &[]), ("N1", &[]), ("A1", &[])])).scheme;
    let now = panels(&there, &scheme);
    let told: Vec<(&str, &str)> =
        now.iter().map(|panel| (panel.sub_criterion.as_str(), panel.seats[0].judge.as_str())).collect();
    assert_eq!(told, [("N0", "J1"), ("A2", "J2"), ("N1", "J2"), ("A1", "J1")]);
    assert!(panels(&[], &scheme).is_empty(), "where nothing was set, everybody marks everything");
}

fn change(of: ChangedRow, id: &str, name: &str, what: Changed) -> SchemeChange {
    SchemeChange { of, id: id.to_owned(), name: name.to_owned(), what }
}

#[test]
fn what_differs_is_told_row_by_row_and_cell_by_cell() {
    let before = form(&[("A1", &["a", "b", "c", "d"]), ("A2", &["e"])]);
    let mut after = form(&[("A1", &["d", "a", "b", "n"]), ("A2", &["c", "e"])]);
    after.criteria[0].name = "制作".to_owned();
    after.criteria[0].subs[0].aspects[1].put(Cell::Max, "2");
    assert_eq!(
        diff::diff(&before, &after),
        [
            change(
                ChangedRow::Criterion,
                "A",
                "制作",
                Changed::Cell("c_name", String::new(), "制作".to_owned())
            ),
            change(ChangedRow::Aspect, "d", "看 d", Changed::Reordered),
            change(ChangedRow::Aspect, "a", "看 a", Changed::Cell("max", "1".to_owned(), "2".to_owned())),
            change(ChangedRow::Aspect, "n", "看 n", Changed::Added),
            change(ChangedRow::Aspect, "c", "看 c", Changed::Moved("A1".to_owned(), "A2".to_owned())),
        ]
    );
    let gone = diff::diff(&after, &before);
    assert!(gone.contains(&change(ChangedRow::Aspect, "n", "看 n", Changed::Removed)), "{gone:?}");
}

#[test]
fn real_workbooks_become_text_and_the_same_scheme_again() {
    let Some(root) = std::env::var_os("LEITAI_SHARED_DATA") else {
        println!("skipped: LEITAI_SHARED_DATA is not set, so no workbooks are at hand");
        return;
    };
    let folder = std::path::PathBuf::from(root).join("cis-marking-schemes");
    let mut count = 0;
    for file in std::fs::read_dir(folder).expect("the folder").flatten() {
        let path = file.path();
        if path.extension().is_none_or(|ending| ending != "xlsx") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a workbook");
        let scheme = cis::read(&bytes, &file.file_name().to_string_lossy()).scheme.expect("a scheme");
        let reading = read::read(&show::show(&scheme));
        assert!(reading.unreadable.is_empty(), "{}: {:?}", path.display(), reading.unreadable);
        // Space at the ends of texts goes; all else stays.
        assert_eq!(show::show(&reading.scheme), trimmed(show::show(&scheme)), "{}", path.display());
        assert_eq!(read::read(&show::show(&reading.scheme)).scheme, reading.scheme);
        count += 1;
    }
    assert_eq!(count, 3);
}

fn trimmed(mut form: SchemeForm) -> SchemeForm {
    let trim = |text: &mut String| *text = text.trim().to_owned();
    for criterion in &mut form.criteria {
        trim(&mut criterion.name);
        for sub in &mut criterion.subs {
            trim(&mut sub.name);
            for aspect in &mut sub.aspects {
                let cells = std::mem::take(&mut aspect.cells);
                for (cell, text) in cells {
                    aspect.put(cell, text.trim());
                }
            }
        }
    }
    for section in &mut form.sections {
        trim(&mut section.name);
    }
    form
}

fn text() -> impl Strategy<Value = String> {
    "[a-z焊接,，=' -]{0,12}".prop_map(|text| text.trim().to_owned())
}

fn number() -> impl Strategy<Value = String> {
    (-100_000_i64..100_000, 0_usize..4).prop_map(|(number, places)| {
        let scale = 10_i64.pow(u32::try_from(places).unwrap_or(0));
        let sign = if number < 0 { "-" } else { "" };
        let size = number.abs();
        if places == 0 {
            format!("{sign}{size}")
        } else {
            format!("{sign}{}.{:0places$}", size / scale, size % scale)
        }
    })
}

prop_compose! {
    fn any_aspect()(
        kind in 0_usize..8,
        texts in prop::collection::vec(text(), 8),
        numbers in prop::collection::vec(number(), 8),
        max in 0_u32..20_000,
        count in 0_u32..50,
        percent in any::<bool>(),
    ) -> AspectForm {
        let kind = protocol::scheme::Kind::ALL[kind];
        let mut form = AspectForm::default();
        form.put(Cell::Kind, kind.name());
        form.put(Cell::Max, format!("{}.{:02}", max / 100, max % 100));
        form.put(Cell::Description, texts[0].as_str());
        form.put(Cell::Note, texts[1].as_str());
        form.put(Cell::Requirement, texts[2].as_str());
        for (at, cell) in kind.cells().iter().enumerate() {
            let number = numbers[at].as_str();
            match cell {
                Cell::Unit | Cell::PerUnit => form.put(*cell, if percent { "percent" } else { "unit" }),
                Cell::Choices => form.put(*cell, format!("x{}, {number}\ny, {}", texts[3], numbers[7])),
                Cell::Bands => form.put(*cell, format!("{number}, {}, {}", numbers[6], numbers[7])),
                Cell::Possible | Cell::DropHigh | Cell::DropLow => form.put(*cell, count.to_string()),
                Cell::MeasuredIn => form.put(*cell, "mm"),
                Cell::Rung0 | Cell::Rung1 | Cell::Rung2 | Cell::Rung3 => form.put(*cell, texts[4 + at].as_str()),
                _ => form.put(*cell, number),
            }
        }
        form
    }
}

proptest! {
    #[test]
    fn any_scheme_becomes_text_and_the_same_scheme_again(rows in prop::collection::vec(any_aspect(), 0..12)) {
        let mut whole = form(&[("A1", &[]), ("A2", &[])]);
        for (at, mut aspect) in rows.into_iter().enumerate() {
            aspect.id = format!("a{at}");
            whole.criteria[0].subs[at % 2].aspects.push(aspect);
        }
        let reading = read::read(&whole);
        prop_assert!(reading.unreadable.is_empty(), "{:?}", reading.unreadable);
        let again = read::read(&show::show(&reading.scheme));
        prop_assert!(again.unreadable.is_empty(), "{:?}", again.unreadable);
        prop_assert_eq!(&again.scheme, &reading.scheme);
        prop_assert!(diff::diff(&show::show(&reading.scheme), &show::show(&again.scheme)).is_empty());
    }

    #[test]
    fn any_scheme_becomes_a_table_and_the_same_scheme_again(
        rows in prop::collection::vec(any_aspect(), 1..12),
        is_csv in any::<bool>(),
        is_chinese in any::<bool>(),
    ) {
        let subs: &[(&str, &[&str])] = if rows.len() > 1 { &[("A1", &[]), ("A2", &[])] } else { &[("A1", &[])] };
        let mut whole = form(subs);
        whole.criteria[0].name = "焊缝".to_owned();
        for (at, mut aspect) in rows.into_iter().enumerate() {
            aspect.id = format!("a{at}");
            whole.criteria[0].subs[at % subs.len()].aspects.push(aspect);
        }
        let scheme = read::read(&whole).scheme;
        let (format, name) = if is_csv { (Format::Csv, "表.csv") } else { (Format::Workbook, "表.xlsx") };
        let language = if is_chinese { Language::Chinese } else { Language::English };
        let written = table::written(&show::show(&scheme), language, format).expect("a table");
        let Understood::Table(reading) = understand(&written, name, &show::show(&scheme)) else {
            return Err(TestCaseError::fail("taken for a CIS workbook"));
        };
        prop_assert!(reading.findings.is_empty(), "{:?}", reading.findings);
        let again = read::read(&reading.form);
        prop_assert!(again.unreadable.is_empty(), "{:?}", again.unreadable);
        prop_assert_eq!(again.scheme, scheme);
    }

    // Two orders of the same rows differ where they are not equal, and putting the told ones aside leaves the
    // rest in the same order.
    #[test]
    fn those_that_changed_places_explain_the_new_order(order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle()) {
        let ids: Vec<String> = (0..9).map(|at| format!("a{at}")).collect();
        let before: Vec<&str> = ids.iter().map(String::as_str).collect();
        let after: Vec<&str> = order.iter().map(|at| ids[*at].as_str()).collect();
        let changes = diff::diff(&form(&[("A1", &before)]), &form(&[("A1", &after)]));
        prop_assert!(changes.iter().all(|change| change.what == Changed::Reordered));
        let told: Vec<&str> = changes.iter().map(|change| change.id.as_str()).collect();
        let rest = |all: &[&str]| -> Vec<String> {
            all.iter().filter(|id| !told.contains(id)).map(|id| (*id).to_owned()).collect()
        };
        prop_assert_eq!(rest(&before), rest(&after));
        prop_assert_eq!(told.is_empty(), before == after);
    }
}
