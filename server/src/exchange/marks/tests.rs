//! Marks in lists, sound and wrong. Everybody here is made up.

use domain::finding::Language;

use super::*;
use crate::exchange::list::propose;
use crate::exchange::sheet;

fn unit(code: &str, number: &str, name: &str, organisation: &str) -> Unit {
    Unit {
        code: code.into(),
        numbers: vec![number.into()],
        people: vec![(name.into(), organisation.into())],
        there: None,
    }
}

fn known() -> Known {
    let units = vec![
        unit("K7", "0007", "李明远", "一分厂"),
        Unit { there: Some(Mark(8_650).into()), ..unit("M2", "0012", "王秀兰", "二分厂") },
        unit("Q4", "0031", "赵强", "一分厂"),
        unit("R5", "0032", "赵强", "三分厂"),
    ];
    Known { units, is_sealed: false }
}

/// No mark above 100 is accepted.
fn refuses(_: usize, mark: Mark) -> Option<Spoken> {
    (mark > Mark(10_000)).then(|| Spoken::new("超出范围", "out of range"))
}

fn checked(rows: &str, known: &Known) -> Checked<Entry> {
    let sheet = sheet::paste(rows).unwrap_or_else(|finding| panic!("{finding:?}"));
    let proposal = propose(&sheet, NEEDED);
    check(&sheet, "成绩.csv", proposal.header.unwrap(), &proposal.columns, known, &refuses)
}

fn said(checked: &Checked<Entry>) -> Vec<(u64, &'static str)> {
    checked.findings.iter().map(|finding| (finding.place.row.unwrap_or_default(), finding.code)).collect()
}

#[test]
fn each_mark_is_an_entry_there_already_or_named() {
    let rows = "准考证号\t姓名\t单位\t理论成绩\n\
        7\t\t\t86.5\n\
        M2\t王 秀兰\t\t86.50\n\
        \t赵强\t三分厂\t70\n\
        \t赵强\t\t60\n\
        0031\t李明远\t\t50\n\
        \t\t\t50\n\
        99\t\t\t50\n\
        q4\t\t\t缺考\n\
        Q4\t\t\t\n\
        0007\t\t\t86.5\n";
    let result = checked(rows, &known());
    assert_eq!(
        said(&result),
        [
            (3, "marks_there"),
            (5, "marks_competitor_ambiguous"),
            (6, "marks_other_name"),
            (7, "marks_nobody_named"),
            (8, "marks_competitor_unknown"),
            (9, "marks_missing"),
            (10, "marks_twice"),
            (11, "marks_twice"),
        ]
    );
    let entries: Vec<(u64, usize, Mark)> =
        result.entries.iter().map(|entry| (entry.row, entry.unit, entry.mark)).collect();
    assert_eq!(entries, [(2, 0, Mark(8_650)), (4, 3, Mark(7_000))]);
    assert_eq!((result.rows, result.bad_rows), (10, 6));
}

#[test]
fn a_mark_that_is_none_is_named_and_one_that_differs_corrects() {
    let rows = "编号\t成绩\nK7\t86.555\nM2\t90\nQ4\t100.01\nR5\t８６\n";
    let result = checked(rows, &known());
    assert_eq!(
        said(&result),
        [(2, "too_many_decimals"), (3, "marks_corrects"), (4, "marks_refused"), (5, "full_width_digits"),]
    );
    assert_eq!(result.entries, [Entry { row: 3, unit: 1, mark: Mark(9_000), is_correction: true }]);
    let refused = result.findings.iter().find(|finding| finding.code == "marks_refused");
    assert_eq!(refused.map(|finding| finding.say(Language::English)), Some("out of range."));
}

#[test]
fn of_sealed_codes_nobody_is_known_by_name() {
    let units = ["K7", "M2"].map(|code| Unit { code: code.into(), ..Unit::default() });
    let known = Known { units: units.to_vec(), is_sealed: true };
    let result = checked("编号\t姓名\t成绩\nK7\t\t50\n\t李明远\t50\nM2\t李明远\t50\n", &known);
    assert_eq!(said(&result), [(3, "marks_sealed"), (4, "marks_sealed_name")]);
    assert_eq!(result.entries.len(), 1);
}

#[test]
fn of_rows_of_one_number_that_differ_none_is_entered() {
    // Of a team as well, whose members are marked as one.
    let mut known = known();
    known.units[0].numbers.push("0008".into());
    known.units[0].people.push(("周红".into(), "一分厂".into()));
    let rows = "编号\t姓名\t成绩\n7\t李明远\t86.5\n8\t周红\t68.5\nQ4\t\t70\nQ4\t\t70\nR5\t\t60\nR5\t\t缺考\n";
    let result = checked(rows, &known);
    assert_eq!(
        said(&result),
        [
            (2, "marks_differ"),
            (3, "marks_differ"),
            (5, "marks_twice"),
            (6, "marks_differ"),
            (7, "marks_differ"),
        ]
    );
    assert_eq!(result.entries.iter().map(|entry| entry.row).collect::<Vec<_>>(), [4]);
}

#[test]
fn the_template_of_marks_comes_back_as_it_was_filled_in() {
    for language in [Language::Chinese, Language::English] {
        let bytes = template(language).unwrap();
        let sheet = sheet::open(&bytes, "marks.xlsx").unwrap_or_else(|finding| panic!("{finding:?}"));
        let proposal = propose::<Column>(&sheet, NEEDED);
        assert_eq!((proposal.header, proposal.findings), (Some(0), vec![]));
        let result = check(&sheet, "marks.xlsx", 0, &proposal.columns, &known(), &refuses);
        assert_eq!(said(&result), [(2, "roster_example_left_out")]);
    }
}
