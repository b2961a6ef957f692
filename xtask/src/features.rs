//! The list of capabilities, `docs/features.csv`: what each one says shows it must exist.

use std::collections::HashSet;

use crate::tidy::TextFile;

const PATH: &str = "docs/features.csv";
const COLUMNS: [&str; 4] = ["id", "area", "capability", "shown_by"];

/// Every name in `shown_by` that is neither a function in a Rust file nor a file of the repository.
pub(crate) fn findings(files: &[TextFile], paths: &[String]) -> Vec<String> {
    let Some(list) = files.iter().find(|file| file.path == PATH) else { return Vec::new() };
    let functions: HashSet<&str> = files
        .iter()
        .filter(|file| file.path.ends_with(".rs"))
        .flat_map(|file| functions_in(&file.text))
        .collect();
    let paths: HashSet<&str> = paths.iter().map(String::as_str).collect();
    let is_shown = |name: &str| functions.contains(name) || paths.contains(name);
    findings_in(&list.text, is_shown)
}

fn findings_in(text: &str, is_shown: impl Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    let mut records = records(text).into_iter();
    if records.next().is_none_or(|(_, header)| header != COLUMNS) {
        return vec![format!("{PATH}:1: the columns are {}", COLUMNS.join(","))];
    }
    let mut ids = HashSet::new();
    for (line, cells) in records {
        let [id, _, _, shown_by] = cells.as_slice() else {
            findings.push(format!("{PATH}:{line}: {} cells instead of {}", cells.len(), COLUMNS.len()));
            continue;
        };
        if !ids.insert(id.clone()) {
            findings.push(format!("{PATH}:{line}: the id {id} is there twice"));
        }
        for name in shown_by.split(';').map(str::trim).filter(|name| !name.is_empty()) {
            if !is_shown(name) {
                findings.push(format!("{PATH}:{line}: {id} is shown by `{name}`, which does not exist"));
            }
        }
    }
    findings
}

/// The names after `fn` in one Rust file, comments left out.
fn functions_in(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).filter_map(|line| {
        let (before, after) = line.split_once("fn ")?;
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
        (end > 0).then(|| &after[..end])
    })
}

/// The records of an RFC 4180 text, each with the number of the line that it begins on.
fn records(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut records = Vec::new();
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let (mut line, mut begun) = (1, 1);
    let mut characters = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                cells.push(std::mem::take(&mut cell));
                records.push((begun, std::mem::take(&mut cells)));
                line += 1;
                begun = line;
            }
            _ => {
                line += usize::from(character == '\n');
                cell.push(character);
            }
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        records.push((begun, cells));
    }
    records.retain(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "id,area,capability,shown_by\n";

    fn found(rows: &str) -> Vec<String> {
        findings_in(&format!("{HEADER}{rows}"), |name| ["a_test", "docs/x.md"].contains(&name))
    }

    #[test]
    fn what_is_shown_by_a_test_or_a_file_or_not_yet_is_fine() {
        assert_eq!(
            found("F1,marking,\"marks, with \"\"quotes\"\"\",a_test;docs/x.md\nF2,marking,y,\n"),
            [""; 0]
        );
    }

    #[test]
    fn what_is_shown_by_nothing_that_exists_is_found_with_its_line() {
        assert_eq!(
            found("F1,a,\"two\nlines\",a_test\nF2,a,y,a_test; b_test\n"),
            ["docs/features.csv:4: F2 is shown by `b_test`, which does not exist"]
        );
    }

    #[test]
    fn wrong_columns_missing_cells_and_doubled_ids_are_found() {
        assert_eq!(findings_in("id,name\n", |_| true).len(), 1);
        assert_eq!(findings_in("", |_| true).len(), 1);
        assert_eq!(found("F1,a,b\n").len(), 1);
        assert_eq!(found("F1,a,b,\nF1,a,c,\n"), ["docs/features.csv:3: the id F1 is there twice"]);
    }

    #[test]
    fn a_function_is_known_by_its_declaration_only() {
        let text = "pub async fn first<T>() {}\n// fn second() {}\nlet own_fn = 1;\n    fn third_one() {\n";
        assert_eq!(functions_in(text).collect::<Vec<_>>(), ["first", "third_one"]);
    }

    #[test]
    fn a_list_is_held_against_all_the_files() {
        let file = |path: &str, text: &str| TextFile { path: path.to_owned(), text: text.to_owned() };
        let list = file(PATH, &format!("{HEADER}F1,a,b,a_mark_is_kept;docs/x.md;gone\n"));
        let source = file("tests/src/x.rs", "fn a_mark_is_kept() {}\n");
        let paths = ["docs/x.md".to_owned()];
        assert_eq!(findings(&[list, source], &paths).len(), 1);
        assert_eq!(findings(&[], &paths), [""; 0]);
    }
}
