//! The tidy pass: what no compiler looks at, in every file that git knows or would add.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::steps::output;
use crate::{Outcome, features, root};

/// Folders whose every Rust file begins with a `//!` sentence that says what it is.
const DESCRIBED_FOLDERS: &[&str] = &["crates/", "server/", "tests/", "web/", "xtask/"];

/// First folders of a path that exists on one machine only.
const MACHINE_FOLDERS: &[&str] = &["home", "root", "work", "Users"];

/// Ends of names whose white space may be the point: they hold data, not text of ours.
const DATA_ENDINGS: &[&str] = &[".csv", ".tsv", ".snap", ".patch", ".diff"];

/// One text file of the repository.
pub(crate) struct TextFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Looks at every file, and fails with one line for each thing found.
pub(crate) fn tidy() -> Outcome {
    eprintln!("== tidy");
    let root = root();
    let paths = paths(&root)?;
    let files: Vec<TextFile> = paths.iter().filter_map(|path| read(&root, path)).collect();
    let mut findings: Vec<String> = files.iter().flat_map(findings_in).collect();
    findings.extend(features::findings(&files, &paths));
    if findings.is_empty() {
        return Ok(());
    }
    Err(format!("the tidy pass found {}:\n{}", findings.len(), findings.join("\n")))
}

/// What git tracks, and what it would add: a new file is looked at before it is committed.
fn paths(root: &Path) -> Result<Vec<String>, String> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
    let list = output(Command::new("git").args(arguments).current_dir(root))?;
    Ok(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// The file's text; `None` for what is binary, in another encoding, a link, or no longer there.
fn read(root: &Path, path: &str) -> Option<TextFile> {
    let full = root.join(path);
    if !full.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let text = String::from_utf8(fs::read(full).ok()?).ok()?;
    (!text.contains('\0')).then(|| TextFile { path: path.to_owned(), text })
}

/// Everything wrong in one file, a line each, as `path:line: what`.
fn findings_in(file: &TextFile) -> Vec<String> {
    let path = &file.path;
    let is_rust = path.ends_with(".rs");
    let is_data = DATA_ENDINGS.iter().any(|ending| path.ends_with(ending));
    let mut findings = Vec::new();
    let described = DESCRIBED_FOLDERS.iter().any(|folder| path.starts_with(folder));
    if is_rust && described && !file.text.starts_with("//!") {
        findings.push(format!("{path}:1: a Rust file begins with a `//!` sentence that says what it is"));
    }
    for (number, line) in (1..).zip(file.text.split('\n')) {
        let mut find = |what: &str| findings.push(format!("{path}:{number}: {what}"));
        if !is_data && line.ends_with(char::is_whitespace) {
            find("white space at the end of the line");
        }
        if is_rust && line.contains('\t') {
            find("a tab");
        }
        if is_conflict_marker(line) {
            find("a merge conflict's marker");
        }
        if names_a_machine_path(line) {
            find("a path of one machine");
        }
    }
    findings
}

fn is_conflict_marker(line: &str) -> bool {
    let line = line.trim_end_matches('\r');
    // A bare row of `=` is not looked for: Markdown underlines headings so.
    ["<<<<<<<", ">>>>>>>", "|||||||"]
        .iter()
        .any(|marker| line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

/// Whether the line names something in one machine's own folder: `/`, such a folder, `/`, a name.
///
/// A folder inside another path or address (`../NAME/x`, `host.example/NAME/x`) is none of these.
fn names_a_machine_path(line: &str) -> bool {
    MACHINE_FOLDERS.iter().any(|folder| {
        let start = format!("/{folder}/");
        line.match_indices(&start).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + start.len()..].chars().next();
            let is_inside = before.is_some_and(|c| c.is_alphanumeric() || "./-_~*})]>".contains(c));
            let is_named = after.is_some_and(|c| c.is_alphanumeric() || "._-".contains(c));
            // Three slashes begin a local file's address.
            let is_address = line[..at].ends_with("file://");
            (is_address || !is_inside) && is_named
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        findings_in(&TextFile { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn a_clean_file_has_no_findings() {
        assert_eq!(found("xtask/src/x.rs", "//! What it is.\n\nfn main() {}\n"), [""; 0]);
    }

    #[test]
    fn white_space_at_the_end_is_found_in_text_but_not_in_data() {
        assert_eq!(found("a.md", "x\ny \n"), ["a.md:2: white space at the end of the line"]);
        assert_eq!(found("a.md", "x\r\n"), ["a.md:1: white space at the end of the line"]);
        assert_eq!(found("a.csv", "x, \r\n"), [""; 0]);
    }

    #[test]
    fn tabs_are_found_in_rust_only() {
        assert_eq!(found("fuzz/x.rs", "\tx\n"), ["fuzz/x.rs:1: a tab"]);
        assert_eq!(found("Makefile", "\tx\n"), [""; 0]);
    }

    #[test]
    fn a_rust_file_that_does_not_say_what_it_is_is_found() {
        let rule = "a Rust file begins with a `//!` sentence that says what it is";
        assert_eq!(found("server/src/x.rs", "mod y;\n"), [format!("server/src/x.rs:1: {rule}")]);
        assert_eq!(found("server/src/x.rs", "").len(), 1);
        assert_eq!(found("fuzz/x.rs", "mod y;\n"), [""; 0]);
    }

    #[test]
    fn conflict_markers_are_found_and_headings_are_not() {
        for marker in ["<", ">", "|"] {
            let line = marker.repeat(7);
            assert!(is_conflict_marker(&line));
            assert!(is_conflict_marker(&format!("{line} HEAD")));
            assert!(!is_conflict_marker(&format!("{line}{marker}")));
        }
        assert!(!is_conflict_marker("======="));
    }

    #[test]
    fn a_path_of_one_machine_is_found_wherever_it_begins() {
        for folder in MACHINE_FOLDERS {
            let path = format!("/{folder}/ada/leitai");
            for line in [path.clone(), format!("cd {path}"), format!("\"{path}\""), format!("file://{path}")]
            {
                assert!(names_a_machine_path(&line), "{line}");
            }
            for line in [
                format!("..{path}"),
                format!("docs{path}"),
                format!("https://host.example{path}"),
                format!("{{base}}{path}"),
                format!("under /{folder}/…"),
                format!("/{folder}"),
            ] {
                assert!(!names_a_machine_path(&line), "{line}");
            }
        }
    }
}
