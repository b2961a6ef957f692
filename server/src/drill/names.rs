//! The names of those who are drilled, as people paste them.

use protocol::drill::WORKERS_MAX;

use crate::desk::DeskError;

/// How many characters a name has at the most.
const NAME_MAX: usize = 64;

/// The names in a text: a line each, or parted by commas of any width; numbers before them, as lists have
/// them, are left out.
///
/// # Errors
/// Where there is none, there are too many, one is too long or stands twice.
pub(super) fn parse(text: &str) -> Result<Vec<String>, DeskError> {
    let parted = text.split(['\n', '\r', '\t', ',', '，', '、', ';', '；']);
    let mut names: Vec<String> = Vec::new();
    for name in parted.map(without_number).filter(|name| !name.is_empty()) {
        if name.chars().count() > NAME_MAX {
            return Err(DeskError::WorkerNameLong {
                name: name.chars().take(NAME_MAX).collect(),
                most: NAME_MAX,
            });
        }
        if names.iter().any(|known| known == name) {
            return Err(DeskError::WorkerTwice { name: name.to_owned() });
        }
        names.push(name.to_owned());
    }
    match names.len() {
        0 => Err(DeskError::NoWorkers),
        given if given > WORKERS_MAX => Err(DeskError::TooManyWorkers { given, most: WORKERS_MAX }),
        _ => Ok(names),
    }
}

/// `3. 李明` or `3 李明` is `李明`.
fn without_number(line: &str) -> &str {
    let line = line.trim();
    let rest = line.trim_start_matches(|one: char| one.is_ascii_digit());
    let parted = rest.trim_start_matches(['.', '．', ')', '）', ' ', '\u{3000}']);
    if rest.len() < line.len() && parted.len() < rest.len() { parted.trim() } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_as_people_paste_them() {
        let parsed = |text: &str| parse(text).expect("names");
        assert_eq!(parsed("李明远\n王秀兰\r\n\n 赵国强 "), ["李明远", "王秀兰", "赵国强"]);
        assert_eq!(parsed("李明，王兰、赵强;钱进\t孙梅"), ["李明", "王兰", "赵强", "钱进", "孙梅"]);
        assert_eq!(
            parsed("1. 李明\n2．王兰\n3）赵强\n4 钱进\n10.孙梅"),
            ["李明", "王兰", "赵强", "钱进", "孙梅"]
        );
        assert_eq!(parsed("Li Ming\n007"), ["Li Ming", "007"], "what is no list's number stays");
    }

    #[test]
    fn what_is_wrong_with_a_list_is_said() {
        assert!(matches!(parse(" \n,"), Err(DeskError::NoWorkers)));
        assert!(matches!(parse("李明\n王兰\n李明"), Err(DeskError::WorkerTwice { name }) if name == "李明"));
        let many: String = (0..=WORKERS_MAX).map(|at| format!("工{at}\n")).collect();
        assert!(matches!(parse(&many), Err(DeskError::TooManyWorkers { given: 41, .. })));
        assert!(matches!(parse(&"长".repeat(65)), Err(DeskError::WorkerNameLong { .. })));
    }
}
