//! `leitai package score` and `check` on ten real competitions with published results.
#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tests::folder::{files_below, put};
use tests::package::zip_of;
use tests::shared::real_packages;
use tests::{Rows, Said, TemporaryFolder, leitai};

fn package(command: &str, package: &Path) -> Said {
    leitai(["package".as_ref(), command.as_ref(), package.as_os_str()]).run()
}

fn skills(package: &Path) -> Vec<(String, PathBuf)> {
    let folders = std::fs::read_dir(package.join("skills")).unwrap().map(|entry| entry.unwrap().path());
    let mut skills: Vec<(String, PathBuf)> =
        folders.map(|folder| (folder.file_name().unwrap().to_str().unwrap().to_owned(), folder)).collect();
    skills.sort();
    skills
}

/// Holds a score against every published cell; gives the performances and the marks behind them.
fn assert_published(package: &Path, scored: &Rows) -> (usize, usize) {
    let (mut performances, mut marks) = (0, 0);
    let mut seen = BTreeSet::new();
    for (skill, folder) in skills(package) {
        let rows = scored.rows.iter().filter(|row| row[0] == skill).cloned().collect();
        let of_skill = Rows { header: scored.header.clone(), rows };
        assert_eq!(of_skill.rows.len(), Rows::read(&folder.join("competitors.csv")).rows.len(), "{skill}");
        let expected = Rows::read(&folder.join("expected.csv"));
        for row in &expected.rows {
            let competitor = &row[expected.at("competitor")];
            let cells = expected.header.iter().zip(row).filter(|(column, _)| *column != "competitor");
            for (column, published) in cells {
                let computed = of_skill.cell("competitor", competitor, column);
                assert_eq!(computed, published, "{skill} {competitor} {column}");
            }
            assert!(seen.insert((skill.clone(), competitor.clone())), "{skill} {competitor} stands twice");
            performances += 1;
        }
        marks += Rows::read(&folder.join("marks.csv")).rows.len();
    }
    (performances, marks)
}

#[test]
fn every_published_result_of_ten_competitions_comes_out_of_its_marks() {
    let packages = real_packages();
    let (mut performances, mut marks) = (0, 0);
    for folder in &packages {
        let (of_package, said) = assert_published(folder, &package("score", folder).done().rows());
        performances += of_package;
        marks += said;
    }
    if !packages.is_empty() {
        assert_eq!((packages.len(), performances, marks), (10, 1_143, 51_435));
    }
}

#[test]
fn a_real_package_has_no_errors() {
    for folder in real_packages() {
        let said = package("check", &folder).done();
        let errors: Vec<_> = said.rows().rows.into_iter().filter(|row| row[4] == "error").collect();
        assert!(errors.is_empty(), "{}: {errors:?}", folder.display());
    }
}

#[test]
fn a_zip_of_a_package_scores_as_its_folder_does() {
    let Some(original) = real_packages().into_iter().next() else { return };
    let (files, folder) = (files_below(&original), TemporaryFolder::new("zipped"));
    for (name, inside) in [("whole.zip", ""), ("in-a-folder.zip", "competition/")] {
        let zipped = folder.join(name);
        put(&zipped, zip_of(files.iter().map(|(name, bytes)| (format!("{inside}{name}"), bytes.as_slice()))));
        assert_eq!(package("score", &zipped).done().output, package("score", &original).done().output);
    }
}

#[test]
fn a_result_that_differs_from_the_published_one_is_named() {
    let Some(original) = real_packages().into_iter().next() else { return };
    let copy = TemporaryFolder::new("changed");
    files_below(&original).into_iter().for_each(|(name, bytes)| put(&copy.join(&name), bytes));
    let (skill, _) = skills(&original).remove(0);
    let file = copy.join(&format!("skills/{skill}/expected.csv"));
    let expected = Rows::read(&file);
    let total = &expected.rows[1][expected.at("total")];
    put(&file, std::fs::read_to_string(&file).unwrap().replacen(total.as_str(), "99.99", 1));
    let said = package("score", copy.path()).refused();
    let place = format!("error skills/{skill}/expected.csv:3:total: The total of competitor ");
    assert!(said.messages.contains(&place), "{said}");
    assert!(said.messages.contains("published \"99.99\". [differs]"), "{said}");
}
