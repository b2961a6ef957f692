//! People, rosters and competitions for the tests.

use std::collections::HashSet;

use crate::exchange::list::Column as _;
use crate::exchange::roster::{Checked, Column, IdNumber, Known, KnownSkill, check, propose};
use crate::exchange::sheet::{Cell, Sheet, SheetRow};

/// A number that GB 11643 allows, of nobody: the more the greater.
pub(super) fn number(serial: usize) -> String {
    let (day, order) = (serial / 1000, serial % 1000);
    let first = format!("110101{}{:02}{:02}{order:03}", 1960 + day / 300, 1 + day % 300 / 25, 1 + day % 25);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        first.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap() * weight).sum();
    format!("{first}{}", char::from(b"10X98765432"[sum as usize % 11]))
}

/// The name of nobody: as many different ones as there are serials.
pub(super) fn name(serial: usize) -> String {
    let (family, given): (Vec<char>, Vec<char>) =
        ("赵钱孙李周吴郑王冯陈".chars().collect(), "安博晨达恩帆歌涵佳凯".chars().collect());
    let digit = |place: u32| serial / 10_usize.pow(place) % 10;
    [family[digit(0)], given[digit(1)], given[digit(2)], given[digit(3)], given[digit(4)]].iter().collect()
}

/// A sheet of these rows.
pub(super) fn sheet<T: AsRef<str>>(rows: &[Vec<T>]) -> Sheet {
    let cell = |text: &T| Cell { text: text.as_ref().trim().to_owned(), is_number: false };
    let rows =
        (1..).zip(rows).map(|(number, cells)| SheetRow { number, cells: cells.iter().map(cell).collect() });
    Sheet { name: String::new(), rows: rows.collect() }
}

/// What a test's competition has beside its names.
#[derive(Default)]
pub(super) struct There {
    pub(super) id_numbers: HashSet<String>,
    pub(super) names: HashSet<(String, String)>,
    pub(super) people: usize,
    pub(super) is_open: bool,
    pub(super) only_skill: Option<usize>,
}

pub(super) fn key(number: &IdNumber) -> String {
    format!("key of {}", number.as_str())
}

/// Looks at what a competition of 16 skills makes of something; `there` is in its first skill.
pub(super) fn with_known<T>(there: &There, look: impl FnOnce(&Known<'_>) -> T) -> T {
    let (no_numbers, no_names) = (HashSet::new(), HashSet::new());
    let fixed =
        [("01", "焊接", "Welding"), ("02", "数控车", "CNC Turning"), ("03", "移动机器人", "Mobile Robotics")];
    let others: Vec<(String, String)> = (4..=16)
        .map(|at| {
            (
                format!("{at:02}"),
                format!("其他赛项{}", "甲乙丙丁戊己庚辛壬癸子丑寅".chars().nth(at - 4).unwrap()),
            )
        })
        .collect();
    let all = fixed.into_iter().chain(others.iter().map(|(number, zh)| (number.as_str(), zh.as_str(), "")));
    let skills = all
        .enumerate()
        .map(|(at, (number, zh, en))| KnownSkill {
            number,
            zh,
            en,
            is_open: at == 0 && there.is_open,
            people: if at == 0 { there.people } else { 0 },
            id_numbers: if at == 0 { &there.id_numbers } else { &no_numbers },
            names: if at == 0 { &there.names } else { &no_names },
        })
        .collect();
    look(&Known { skills, only_skill: there.only_skill, key: &key })
}

/// Checks a sheet by the columns that are proposed for it.
pub(super) fn checked(sheet: &Sheet, there: &There) -> Checked {
    let proposal = propose(sheet, there.only_skill.is_none());
    with_known(there, |known| check(sheet, "名单.csv", proposal.header.unwrap(), &proposal.columns, known))
}

/// The findings as row, column and code.
pub(super) fn said(checked: &Checked) -> Vec<(u64, &str, &str)> {
    let short = |finding: &'_ domain::finding::Finding| finding.place.row.unwrap_or_default();
    checked
        .findings
        .iter()
        .map(|finding| (short(finding), finding.place.column.as_deref().unwrap_or_default(), finding.code))
        .collect()
}

/// A header, then these rows: name, number, skill, organisation.
pub(super) fn roster(people: &[[&str; 4]]) -> Sheet {
    let header = [Column::Name, Column::IdNumber, Column::Skill, Column::Organisation]
        .map(|column| column.title(domain::finding::Language::Chinese));
    let rows: Vec<Vec<&str>> = [header].iter().chain(people).map(|row| row.to_vec()).collect();
    sheet(&rows)
}
