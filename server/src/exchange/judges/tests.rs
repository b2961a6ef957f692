//! Rows of judges, sound and wrong, alone and against each other. Everybody here is made up.

use domain::finding::Language;

use super::*;
use crate::exchange::list::propose;
use crate::exchange::sheet;

fn skill(number: &str, zh: &str) -> KnownSkill {
    KnownSkill { number: number.into(), zh: zh.into(), en: String::new(), ..KnownSkill::default() }
}

fn checked(rows: &str, known: &[KnownSkill]) -> Checked<Entry> {
    let sheet = sheet::paste(rows).unwrap_or_else(|finding| panic!("{finding:?}"));
    let proposal = propose(&sheet, NEEDED);
    check(&sheet, "裁判.csv", proposal.header.unwrap(), &proposal.columns, known)
}

fn said(checked: &Checked<Entry>) -> Vec<(u64, &'static str)> {
    checked.findings.iter().map(|finding| (finding.place.row.unwrap_or_default(), finding.code)).collect()
}

#[test]
fn each_judge_is_an_entry_there_already_or_named() {
    let welding = KnownSkill {
        judges: vec![("老王".into(), "甲厂".into())],
        chief: Some("老王".into()),
        people: vec![("小赵".into(), "乙厂".into()), ("小钱".into(), "丙厂".into())],
        makers: vec!["小孙".into()],
        ..skill("01", "焊接")
    };
    let open = KnownSkill { is_open: true, ..skill("03", "瓦工") };
    let known = [welding, skill("02", "电工"), open];
    let rows = "赛项\t姓名\t工作单位\t裁判长\n\
        焊接\t老 王\t甲厂\t是\n\
        焊接\t老李\t甲厂\t是\n\
        焊接\t小赵\t乙厂\t\n\
        焊接\t小钱\t丁厂\t\n\
        1\t小孙\t\t\n\
        电工\t老周\t甲厂\t裁判员\n\
        电工\t老吴\t甲厂\t见习\n\
        电工\t老郑\t甲厂\t也许\n\
        电工\t老周\t甲 厂\t\n\
        瓦工\t老冯\t\t\n\
        木工\t老陈\t\t\n";
    let result = checked(rows, &known);
    assert_eq!(
        said(&result),
        [
            (2, "judges_there"),
            (3, "judges_chief_there"),
            (4, "judges_competes"),
            (5, "judges_may_compete"),
            (6, "judges_made_codes"),
            (7, "judges_first_leads"),
            (8, "judges_trainee"),
            (9, "judges_chief_unclear"),
            (10, "judges_twice"),
            (11, "roster_skill_open"),
            (12, "roster_skill_unknown"),
        ]
    );
    let names: Vec<(&str, bool)> =
        result.entries.iter().map(|entry| (entry.name.as_str(), entry.is_chief)).collect();
    assert_eq!(names, [("小钱", false), ("老周", true)]);
    assert_eq!((result.rows, result.bad_rows), (11, 7));
    assert_eq!(result.per_skill, [(0, 1), (1, 1)]);
}

#[test]
fn a_skill_has_one_chief_judge_and_forty_judges() {
    let known = [skill("01", "焊接"), skill("02", "电工")];
    let two = checked("赛项\t姓名\t裁判长\n焊接\t甲\t√\n焊接\t乙\t裁判长\n焊接\t丙\t\n", &known);
    assert_eq!(said(&two), [(3, "judges_two_chiefs")]);
    assert_eq!(two.entries.len(), 2);
    let letters: Vec<char> = "甲乙丙丁戊己庚".chars().collect();
    let rows: String = (0..42)
        .map(|at| {
            format!("焊接\t张{}{}\t{}\n", letters[at % 7], letters[at / 7], if at == 0 { "是" } else { "" })
        })
        .collect();
    let many = checked(&format!("赛项\t姓名\t裁判长\n{rows}"), &known);
    assert_eq!((many.entries.len(), many.bad_rows), (JUDGES_MAX, 2));
    assert_eq!(said(&many), [(42, "judges_too_many"), (43, "judges_too_many")]);
}

#[test]
fn the_template_of_judges_comes_back_as_it_was_filled_in() {
    for language in [Language::Chinese, Language::English] {
        let bytes = template(&["焊接", "电工"], language).unwrap();
        let sheet = sheet::open(&bytes, "judges.xlsx").unwrap_or_else(|finding| panic!("{finding:?}"));
        let proposal = propose::<Column>(&sheet, NEEDED);
        assert_eq!((proposal.header, proposal.findings), (Some(0), vec![]));
        assert_eq!(proposal.columns.iter().flatten().count(), Column::ALL.len());
        let known = [skill("01", "焊接"), skill("02", "电工")];
        let result = check(&sheet, "judges.xlsx", 0, &proposal.columns, &known);
        assert_eq!(said(&result), [(2, "roster_example_left_out")]);
    }
}
