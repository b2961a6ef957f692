//! Schemes as people keep them in spreadsheets.

use super::*;
use crate::exchange::sheet;

fn of(text: &str) -> Reading {
    let sheet = sheet::open(text.as_bytes(), "评分表.csv").expect("a table");
    assert!(is_table(&sheet), "{text}");
    read(&sheet, "评分表.csv", &SchemeForm::default())
}

fn codes(reading: &Reading) -> Vec<(&'static str, Option<u64>)> {
    reading.findings.iter().map(|finding| (finding.code, finding.place.row)).collect()
}

#[test]
fn rows_belong_where_they_say_or_where_the_one_above_does_and_are_numbered_on() {
    let reading = of("某厂焊工比武评分表\n\
        模块,二级指标编号,任务名称,考核内容,类型,配分（分）,评分标准,备注,章节,序号\n\
        准备,A1,安全,穿戴齐全,客观,２,缺一件不得分,,1,1\n\
        ,,,工具摆放,评判,1.5,,看三处,1,2\n\
        焊接,B1,外观,余高,M,3,,,2,3\n\
        ,,,成形,J,4,,,2,4\n\
        准备,A2,图纸,识图,,5,,,,5\n");
    assert_eq!(codes(&reading), [("roster_column_left_out", Some(2))], "{:?}", reading.findings);
    let told: Vec<(&str, &str, &str, &str, &str)> = reading
        .form
        .criteria
        .iter()
        .flat_map(|criterion| criterion.subs.iter().map(move |sub| (criterion, sub)))
        .flat_map(|(criterion, sub)| {
            let row = move |aspect: &'_ AspectForm| {
                (aspect.id.clone(), aspect.kind().name(), aspect.get(Cell::Max).to_owned())
            };
            sub.aspects.iter().map(row).map(|(id, kind, max)| {
                let leak = |text: String| -> &'static str { text.leak() };
                (criterion.id.as_str(), sub.id.as_str(), leak(id), kind, leak(max))
            })
        })
        .collect();
    assert_eq!(
        told,
        [
            ("A", "A1", "A1.01", "pass_fail", "2"),
            ("A", "A1", "A1.02", "judgement", "1.5"),
            ("A", "A2", "A2.01", "pass_fail", "5"),
            ("B", "B1", "B1.01", "pass_fail", "3"),
            ("B", "B1", "B1.02", "judgement", "4"),
        ]
    );
    let names: Vec<&str> = reading.form.criteria.iter().map(|criterion| criterion.name.as_str()).collect();
    assert_eq!(names, ["准备", "焊接"]);
    assert!(reading.form.subs().all(|sub| sub.day == "1"));
    let sections: Vec<&str> = reading.form.sections.iter().map(|section| section.id.as_str()).collect();
    assert_eq!(sections, ["1", "2"], "those that are named are there to be filled in");
}

#[test]
fn what_cannot_be_understood_is_told_by_its_row() {
    let reading = of("编号,评分点,方式,满分,扣分按\n,没有位置,,1,\nA1.01,怪,看心情,1,\nA1.02,对,评判,1,斤\n");
    assert_eq!(
        codes(&reading),
        [
            ("scheme_list_no_place", Some(2)),
            ("scheme_list_kind_unknown", Some(3)),
            ("scheme_list_unit_unknown", Some(4)),
        ]
    );
    let sheet = sheet::open("姓名,单位\n李明,一厂\n".as_bytes(), "名单.csv").expect("a table");
    assert!(!is_table(&sheet));
    let reading = read(&sheet, "名单.csv", &SchemeForm::default());
    assert_eq!(codes(&reading), [("roster_header_missing", None)]);
    let sheet = sheet::open("编号,评分点,方式\nA1.01,外观,评判\n".as_bytes(), "缺.csv").expect("a table");
    let reading = read(&sheet, "缺.csv", &SchemeForm::default());
    assert_eq!(codes(&reading), [("roster_column_missing", Some(1))]);
}

#[test]
fn the_template_is_read_back_with_nothing_in_it_and_knows_its_own_words() {
    for language in [Language::Chinese, Language::English] {
        let template = template(language).expect("a workbook");
        let sheet = sheet::open(&template, "模板.xlsx").expect("a sheet");
        assert!(is_table(&sheet));
        let reading = read(&sheet, "模板.xlsx", &SchemeForm::default());
        assert_eq!(codes(&reading), [("roster_example_left_out", Some(2))]);
        assert!(reading.form.criteria.is_empty());
        let mut titles: Vec<&str> = Column::ALL.iter().map(|column| column.title(language)).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), Column::ALL.len(), "no title stands twice");
    }
    for each in Kind::ALL {
        let (chinese, english) = each.words();
        assert_eq!([kind(chinese), kind(english), kind(each.name())], [Some(each); 3]);
    }
    assert_eq!(
        (unit("%"), unit("百分比"), unit("分"), unit("斤")),
        (Some("percent"), Some("percent"), Some("unit"), None)
    );
}
