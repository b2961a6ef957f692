//! Rows, sound and wrong, alone and against each other.

use domain::finding::Language;

use super::made::{There, checked, key, name, number, roster, said, sheet, with_known};
use crate::exchange::list::Column as _;
use crate::exchange::roster::{Column, IdNumber, PEOPLE_MAX, check, propose};
use crate::exchange::sheet::{Cell, Sheet};

#[test]
fn columns_are_known_by_what_people_call_them() {
    for (title, column) in [
        ("*姓  名", Column::Name),
        ("参赛选手姓名（必填）", Column::Name),
        ("身份证号码\n(18位)", Column::IdNumber),
        ("身份证号／护照号", Column::IdNumber),
        ("ID No.", Column::IdNumber),
        ("【赛项】", Column::Skill),
        ("职业（工种）", Column::Skill),
        ("工作单位/学校", Column::Organisation),
        ("代表队：", Column::Delegation),
        ("队名", Column::Team),
        ("ＧＲＯＵＰ", Column::Group),
        ("职工/学生", Column::Employment),
        ("职业技能等级", Column::Level),
        ("Country / Region", Column::Member),
    ] {
        let proposal = propose(&sheet(&[vec!["名字", title]]), false);
        // A second column for the name is one too many.
        let expected = if column == Column::Name { None } else { Some(column) };
        assert_eq!(proposal.columns, [Some(Column::Name), expected], "{title}");
    }
    for column in Column::ALL.iter().copied() {
        assert_eq!(Column::parse(column.as_str()), Some(column));
        for language in [Language::Chinese, Language::English] {
            let proposal = propose(&sheet(&[vec![column.title(language), "姓名", "赛项"]]), true);
            assert_eq!(proposal.columns[0], Some(column));
        }
    }
    assert_eq!(Column::parse("nickname"), None);
}

#[test]
fn the_header_is_found_below_a_title() {
    let found = propose(
        &sheet(&[
            vec!["某某大赛选手名单"],
            vec!["填表单位", "某某学院"],
            vec!["序号", "姓名", "", "赛项", "单位", "学校"],
            vec!["1", "张三", "x", "焊接", "甲", "乙"],
        ]),
        true,
    );
    assert_eq!(found.header, Some(2));
    assert_eq!(found.titles, ["序号", "姓名", "C", "赛项", "单位", "学校"]);
    let expected = [None, Some(Column::Name), None, Some(Column::Skill), Some(Column::Organisation), None];
    assert_eq!(found.columns, expected);
    let codes: Vec<(&str, Option<&str>, Option<u64>)> = found
        .findings
        .iter()
        .map(|finding| (finding.code, finding.place.column.as_deref(), finding.place.row))
        .collect();
    let expected = [
        ("roster_column_left_out", Some("序号"), Some(3)),
        ("roster_column_left_out", Some("C"), Some(3)),
        ("roster_column_twice", Some("学校"), Some(3)),
    ];
    assert_eq!(codes, expected);
}

#[test]
fn a_sheet_without_what_is_needed_is_named() {
    let codes = |rows: &[Vec<&str>], needs_skill| {
        let found = propose(&sheet(rows), needs_skill);
        (found.header, found.findings.iter().map(|finding| finding.code).collect::<Vec<_>>())
    };
    let people = vec![vec!["张三", "焊接"]];
    assert_eq!(codes(&people, true), (None, vec!["roster_header_missing"]));
    assert_eq!(codes(&[], true), (None, vec!["roster_header_missing"]));
    assert_eq!(codes(&[vec!["姓名", "单位"]], true), (Some(0), vec!["roster_column_missing"]));
    assert_eq!(codes(&[vec!["姓名", "单位"]], false), (Some(0), vec![]));
    assert_eq!(codes(&[vec!["赛项", "单位"]], true), (Some(0), vec!["roster_column_missing"]));
    let far: Vec<Vec<&str>> = std::iter::repeat_n(vec!["x"], 10).chain([vec!["姓名", "赛项"]]).collect();
    assert_eq!(codes(&far, true).0, None);

    let without_skill = sheet(&[vec!["姓名"], vec!["张三"]]);
    let result = checked(&without_skill, &There::default());
    assert_eq!(said(&result), [(1, "", "roster_column_missing")]);
    assert_eq!((result.rows, result.bad_rows, result.entries.len()), (1, 1, 0));
    let result = checked(&without_skill, &There { only_skill: Some(1), ..There::default() });
    assert_eq!((said(&result), result.entries[0].skill), (vec![], 1));
}

#[test]
fn a_good_row_becomes_an_entry() {
    let id = number(5);
    let rows = sheet(&[
        vec!["姓名", "证件号码", "赛项", "单位", "代表队", "队名", "组别", "身份", "等级", "国家"],
        vec!["张\u{3000}三", &id, "0１ 焊接", "=甲", "＋乙", "@丙", "-组", "职工", "三级", "中国"],
        vec!["Li   Na", "e12345678", "cnc-turning", "", "", "", "", "", "", ""],
        vec!["", "", "", "", "", "", "", "", "", ""],
        vec!["欧阳〇", "", "3", "", "", "", "", "", "", ""],
    ]);
    let result = checked(&rows, &There::default());
    assert_eq!(said(&result), []);
    let [first, second, third] = result.entries.as_slice() else { panic!("{result:?}") };
    assert_eq!((first.row, first.skill, first.name.as_str()), (2, 0, "张三"));
    assert_eq!(first.id_number.as_ref().map(IdNumber::as_str), Some(id.as_str()));
    let texts = [
        &first.organisation,
        &first.delegation,
        &first.team,
        &first.group,
        &first.employment,
        &first.level,
        &first.member,
    ];
    assert_eq!(texts, ["=甲", "＋乙", "@丙", "-组", "职工", "三级", "中国"]);
    assert_eq!((second.row, second.skill, second.name.as_str()), (3, 1, "Li Na"));
    assert_eq!((third.row, third.skill, third.id_number.as_ref()), (5, 2, None));
    assert_eq!((result.rows, result.bad_rows), (3, 0));
    assert_eq!(result.per_skill, [(0, 1), (1, 1), (2, 1)]);
}

#[test]
fn a_row_that_is_nobodys_is_left_out() {
    let result = checked(
        &roster(&[["示例：张三", "1", "x", ""], ["EXAMPLE: Li", "", "", ""], ["姓 名", "", "", ""]]),
        &There::default(),
    );
    let expected = [
        (2, "姓名", "roster_example_left_out"),
        (3, "姓名", "roster_example_left_out"),
        (4, "姓名", "roster_header_again"),
    ];
    assert_eq!(said(&result), expected);
    assert_eq!((result.rows, result.bad_rows), (0, 0));
    assert!(result.findings.iter().all(|finding| !finding.is_error()));
}

/// What is said of one row, given as name, number, skill, organisation.
fn of_row(row: [&str; 4], there: &There) -> Vec<String> {
    let result = checked(&roster(&[row]), there);
    let is_bad = result.findings.iter().any(domain::finding::Finding::is_error);
    assert_eq!((result.entries.len(), result.bad_rows), (usize::from(!is_bad), usize::from(is_bad)));
    result
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.place.column.as_deref().unwrap(), finding.code))
        .collect()
}

#[test]
fn each_cell_is_checked() {
    let long = "长".repeat(65);
    for (row, expected) in [
        (["", "E12345678", "焊接", ""], "姓名 roster_name_missing"),
        (["张三2", "", "焊接", ""], "姓名 roster_name_has_digits"),
        (["张三２", "", "焊接", ""], "姓名 roster_name_has_digits"),
        (["张\u{202e}三", "", "焊接", ""], "姓名 roster_control_character"),
        (["张三", "", "焊接", "甲\n乙"], "工作单位 roster_control_character"),
        ([long.as_str(), "", "焊接", ""], "姓名 roster_text_too_long"),
        (["张三", "1.10101E+17", "焊接", ""], "身份证号 roster_id_as_number"),
        (["张三", "110101000101007", "焊接", ""], "身份证号 roster_id_old"),
        (["张三", "1101012000010100", "焊接", ""], "身份证号 roster_id_length"),
        (["张三", "11010120000101O07X", "焊接", ""], "身份证号 roster_id_character"),
        (["张三", "10010120000101007X", "焊接", ""], "身份证号 roster_id_province"),
        (["张三", "11010120000230007X", "焊接", ""], "身份证号 roster_id_date"),
        (["张三", "110101200001010071", "焊接", ""], "身份证号 roster_id_check"),
        (["张三", "无", "焊接", ""], "身份证号 roster_id_form"),
        (["张三", "", "", "甲"], "赛项 roster_skill_missing"),
        (["张三", "", "烹饪", ""], "赛项 roster_skill_unknown"),
    ] {
        assert_eq!(of_row(row, &There::default()), [expected], "{row:?}");
    }
    let several = of_row(["张3", "1", "x", "\u{1}"], &There::default());
    assert_eq!(several.len(), 4, "{several:?}");

    let only = There { only_skill: Some(1), ..There::default() };
    assert_eq!(of_row(["张三", "", "焊接", ""], &only), ["赛项 roster_skill_other"]);
    assert_eq!(of_row(["张三", "", "", ""], &only), [""; 0]);
    let group = sheet(&[vec!["姓名", "赛项", "组别", "等级"], vec!["张三", "焊接", &long, &long]]);
    let expected = [(2, "组别", "roster_text_too_long"), (2, "等级", "roster_text_too_long")];
    assert_eq!(said(&checked(&group, &There::default())), expected);
}

#[test]
fn a_number_that_the_spreadsheet_cut_off_is_named() {
    let with = |text: &str| {
        let mut roster: Sheet = roster(&[["张三", "", "焊接", ""]]);
        roster.rows[1].cells[1] = Cell { text: text.into(), is_number: true };
        checked(&roster, &There::default()).findings.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    // Sound by chance, and yet not what was typed.
    assert_eq!(with("110101200001010079"), ["roster_id_as_number"]);
    assert_eq!(with(&number(0)), ["roster_id_as_number"]);
    assert_eq!(with("110101000101007"), ["roster_id_old"]);
    assert_eq!(with("12345678"), ["roster_id_length"]);
}

#[test]
fn the_nearest_skills_are_proposed() {
    let said = |text: &str| {
        let result = checked(&roster(&[["张三", "", text, ""]]), &There::default());
        result.findings[0].say(Language::English).to_owned()
    };
    assert_eq!(said("移动机器"), "There is no skill \"移动机器\"; write one of: Mobile Robotics.");
    assert_eq!(
        said("Mobile Robtics"),
        "There is no skill \"Mobile Robtics\"; write one of: Mobile Robotics."
    );
    assert_eq!(
        said("烹饪"),
        "There is no skill \"烹饪\"; write one of: Welding, CNC Turning, Mobile Robotics."
    );
}

#[test]
fn a_name_of_two_skills_asks_for_the_number() {
    let rows = roster(&[["张三", "", "焊接", ""], ["李四", "", "02", ""], ["王五", "", "02焊接", ""]]);
    with_known(&There::default(), |known| {
        let mut skills: Vec<_> = with_skills(known);
        skills[1].zh = "焊接";
        let known = crate::exchange::roster::Known { skills, only_skill: None, key: &key };
        let columns = propose(&rows, true).columns;
        let result = check(&rows, "a", 0, &columns, &known);
        assert_eq!(said(&result), [(2, "赛项", "roster_skill_ambiguous")]);
        assert_eq!(result.entries.iter().map(|entry| entry.skill).collect::<Vec<_>>(), [1, 1]);
    });
}

fn with_skills<'a>(
    known: &crate::exchange::roster::Known<'a>,
) -> Vec<crate::exchange::roster::KnownSkill<'a>> {
    known.skills.iter().map(|skill| crate::exchange::roster::KnownSkill { ..*skill }).collect()
}

#[test]
fn one_number_in_several_rows_is_named_in_each_that_may_be_wrong() {
    let (one, two, three) = (number(1), number(2), number(3));
    let spaced = format!("{} {}", &one[..6], &one[6..]);
    let result = checked(
        &roster(&[
            ["张三", &one, "焊接", "甲"],
            ["张 三", &spaced, "焊接", "甲"],
            ["李四", &two, "焊接", "甲"],
            ["李四", &two, "数控车", "甲"],
            ["王五", &three, "焊接", "甲"],
            ["王武", &three, "焊接", "甲"],
            ["王伍", &three, "焊接", "甲"],
        ]),
        &There::default(),
    );
    let expected = [
        (3, "身份证号", "roster_id_twice"),
        (4, "身份证号", "roster_id_two_skills"),
        (5, "身份证号", "roster_id_two_skills"),
        (6, "身份证号", "roster_id_two_names"),
        (7, "身份证号", "roster_id_two_names"),
        (8, "身份证号", "roster_id_two_names"),
    ];
    assert_eq!(said(&result), expected);
    assert_eq!(result.entries.iter().map(|entry| entry.row).collect::<Vec<_>>(), [2]);
    assert!(result.findings[1].say(Language::Chinese).contains("第 5 行"));
    assert!(result.findings[2].say(Language::Chinese).contains("第 4 行"));
}

#[test]
fn people_without_numbers_are_told_apart_by_name_and_organisation() {
    let (one, two) = (number(1), number(2));
    let result = checked(
        &roster(&[
            ["张三", "", "焊接", "甲"],
            ["张三", "", "焊接", "乙"],
            ["张三", "", "数控车", "甲"],
            ["张 三", "", "焊接", "甲"],
            ["李四", &one, "焊接", "甲"],
            ["李四", &two, "焊接", "甲"],
            ["李四", "", "焊接", "甲"],
        ]),
        &There::default(),
    );
    assert_eq!(said(&result), [(5, "姓名", "roster_person_twice"), (8, "姓名", "roster_person_twice")]);
    assert_eq!(result.entries.len(), 7);
}

#[test]
fn people_who_are_there_already_are_named() {
    let there = There {
        id_numbers: [key(&IdNumber::parse(&number(1)).unwrap())].into(),
        names: [("张三".to_owned(), "甲".to_owned())].into(),
        ..There::default()
    };
    let (one, two) = (number(1), number(2));
    for (row, expected) in [
        (["张三", &one, "焊接", "甲"], &["身份证号 roster_id_there"][..]),
        (["张三", &one, "数控车", "甲"], &["身份证号 roster_id_there"]),
        (["张三", &two, "焊接", "甲"], &["姓名 roster_maybe_there"]),
        (["张三", "", "焊接", "甲"], &["姓名 roster_person_there"]),
        (["张三", "", "焊接", "乙"], &[]),
        (["张三", "", "数控车", "甲"], &[]),
    ] {
        assert_eq!(of_row(row, &there), expected, "{row:?}");
    }
    let open = There { is_open: true, ..There::default() };
    assert_eq!(of_row(["张三", "", "焊接", ""], &open), ["赛项 roster_skill_open"]);
    assert_eq!(of_row(["张三", "", "数控车", ""], &open), [""; 0]);
}

#[test]
fn a_skill_takes_so_many_and_no_more() {
    let people: Vec<(String, String)> = (0..4).map(|serial| (name(serial), number(serial))).collect();
    let mut rows: Vec<[&str; 4]> =
        people.iter().map(|(name, number)| [name.as_str(), number.as_str(), "焊接", ""]).collect();
    // A bad row takes no place.
    rows[1][0] = "";
    let result = checked(&roster(&rows), &There { people: PEOPLE_MAX - 2, ..There::default() });
    assert_eq!(said(&result), [(3, "姓名", "roster_name_missing"), (5, "赛项", "roster_skill_full")]);
    assert_eq!(result.per_skill, [(0, 2)]);
}

#[test]
fn no_message_gives_a_number_away() {
    let (one, two) = (number(1), number(2));
    let wrong = format!("{}0", &one[..17]);
    let rows = [
        ["张三", &one, "焊接", ""],
        ["李四", &one, "焊接", ""],
        ["王五", &two, "焊接", ""],
        ["王五", &two, "焊接", ""],
        ["赵六", &wrong, "焊接", ""],
        ["孙七", &one[..15], "焊接", ""],
    ];
    let result = checked(&roster(&rows), &There::default());
    let everything = format!("{result:?}");
    assert!(result.findings.len() >= 5);
    assert!(!everything.contains(&one[..15]) && !everything.contains(&two[..15]), "{everything}");
}
