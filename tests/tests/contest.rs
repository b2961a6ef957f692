//! A contest of a Chinese city's shape through every command: checked, scored, taken into a
//! database, written out, verified by both verifiers, and read in again.
#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::contest::{FORMULA_NAME, RESULTS, contest};
use tests::folder::files_below;
use tests::{PackageBuilder, Rows, Said, TemporaryFolder, TestDatabase, leitai};

fn package(command: &str, folder: &Path) -> Said {
    leitai(["package".as_ref(), command.as_ref(), folder.as_os_str()]).run()
}

/// Imports a folder; gives the competition's id.
fn import(folder: &Path, database: &TestDatabase) -> String {
    let call = leitai(["package", "import", folder.to_str().unwrap(), "--database", &database.url]);
    let said = call.from_folder(database.folder.path()).run().done();
    said.rows().rows[0][0].clone()
}

fn export(competition: &str, database: &TestDatabase, into: &Path) -> Said {
    let into = into.to_str().unwrap();
    let call = ["package", "export", "--competition", competition, into, "--database", &database.url];
    leitai(call).from_folder(database.folder.path()).run().done()
}

/// Marks as far as they say something: whose, which, by whom, what, in which round.
fn marks(folder: &Path, skill: &str) -> Vec<[String; 5]> {
    let rows = Rows::read(&folder.join(format!("skills/{skill}/marks.csv")));
    let own = |cells: [&str; 5]| cells.map(str::to_owned);
    if rows.header.iter().any(|column| column == "round") {
        let columns = rows.columns(["competitor", "aspect", "judge", "value", "round"]);
        return columns.into_iter().map(own).collect();
    }
    let columns = rows.columns(["competitor", "aspect", "judge", "value"]);
    columns.into_iter().map(|[who, what, by, value]| own([who, what, by, value, "1"])).collect()
}

/// A mark under a member's code is its team's, and an empty round is the first.
fn in_effect(marks: Vec<[String; 5]>) -> Vec<[String; 5]> {
    let mut marks: Vec<[String; 5]> = marks
        .into_iter()
        .map(|[who, what, by, value, round]| {
            let who = if ["C05", "C06", "C07"].contains(&who.as_str()) { "T1".to_owned() } else { who };
            [who, what, by, value, if round.is_empty() { "1".to_owned() } else { round }]
        })
        .collect();
    marks.sort();
    marks
}

/// Both verifiers on every ledger of an export; the second one's results are `expected.csv`.
fn verify(folder: &Path) {
    let said = leitai(["ledger".as_ref(), "verify".as_ref(), folder.as_os_str()]).run().done();
    assert_eq!(said.messages, "", "{said}");
    assert_eq!(said.rows().rows.len(), 2, "{said}");
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("verify_ledger.py");
    for skill in ["fitting", "welding"] {
        let skill = folder.join("skills").join(skill);
        let output = Command::new("python3").arg(&program).arg(&skill).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", skill.display());
        let results = Rows::parse(&String::from_utf8(output.stdout).unwrap());
        let sorted = |rows: Rows| {
            let rows = rows.columns(["competitor", "total", "scale", "position", "award"]);
            rows.into_iter().map(|row| (row[0].to_owned(), row[1..].join("|"))).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(sorted(results), sorted(Rows::read(&skill.join("expected.csv"))));
    }
}

#[test]
fn the_results_are_those_worked_out_by_hand() {
    let folder = TemporaryFolder::new("contest");
    contest().write(folder.path());
    let checked = package("check", folder.path()).done();
    let found: Vec<[&str; 3]> = Vec::new();
    let rows = checked.rows();
    let errors = rows.columns(["severity", "file", "message"]);
    assert_eq!(errors.into_iter().filter(|row| row[0] == "error").collect::<Vec<_>>(), found);
    let scored = package("score", folder.path()).done().rows();
    assert_eq!(scored.columns(["skill", "competitor", "total", "scale", "position", "award"]), RESULTS);
}

#[test]
fn a_contest_goes_into_a_database_and_out_again_and_says_the_same() {
    for (database, second) in TestDatabase::every_kind().into_iter().zip(TestDatabase::every_kind()) {
        println!("{}", database.kind);
        let folder = TemporaryFolder::new("contest");
        let (original, once, twice) = (folder.join("original"), folder.join("once"), folder.join("twice"));
        contest().write(&original);
        let scored = package("score", &original).done().output;
        let id = import(&original, &database);
        assert_eq!(import(&original, &database), id, "importing again changes nothing");
        export(&id, &database, &once);
        verify(&once);
        package("check", &once).done();
        assert_eq!(package("score", &once).done().output, scored);
        for skill in ["fitting", "welding"] {
            assert_eq!(in_effect(marks(&once, skill)), in_effect(marks(&original, skill)), "{skill}");
        }
        let id = import(&once, &second);
        export(&id, &second, &twice);
        verify(&twice);
        assert_eq!(package("score", &twice).done().output, scored);
        // All but the ledgers themselves, which have ids, salts and a key of their own.
        let plain = |folder: &Path| {
            let files = files_below(folder).into_iter().filter(|(name, _)| !name.contains("/ledger."));
            files.map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(plain(&twice), plain(&once));
    }
}

#[test]
fn an_export_is_made_of_what_people_wrote_safe_for_spreadsheets() {
    let (database, folder) = (TestDatabase::sqlite(), TemporaryFolder::new("contest"));
    let (original, exported) = (folder.join("original"), folder.join("export"));
    contest().write(&original);
    let id = import(&original, &database);
    export(&id, &database, &exported);
    let people = Rows::read(&exported.join("skills/fitting/competitors.csv"));
    assert_eq!(people.cell("code", "C01", "name"), format!("'{FORMULA_NAME}"));
    assert_eq!(people.cell("code", "C02", "name"), "'@乙");
    assert_eq!(people.cell("code", "C03", "name"), "'丙", "a plain apostrophe stays as it is");
    assert_eq!(people.cell("code", "C04", "name"), "丁, 小");
    let events = Rows::read(&exported.join("skills/fitting/events.csv"));
    assert_eq!(events.cell("kind", "penalty", "reason"), "'=违规操作");
    assert_eq!(events.cell("kind", "exchange", "reason"), "评分表拿错, 互换");
    let documents: Vec<[&str; 5]> = events
        .columns(["kind", "competitor", "value", "position", "document"])
        .into_iter()
        .filter(|row| row[0] == "override")
        .collect();
    assert_eq!(
        documents,
        [
            ["override", "S02", "二等奖", "2", "样例字〔2026〕6号"],
            ["override", "S02", "一等奖", "1", "样例字〔2026〕7号"]
        ]
    );
    // Read in again by the library, the names are what they were.
    let files = server::exchange::Files::open(&exported).unwrap();
    let package = server::exchange::package::read(&files, &|_, _| ()).package.unwrap();
    let fitting = package.skills.iter().find(|skill| skill.id == "fitting").unwrap();
    let names: Vec<&str> = fitting.people.iter().take(4).map(|person| person.name.as_str()).collect();
    assert_eq!(names, [FORMULA_NAME, "@乙", "'丙", "丁, 小"]);
}

#[test]
fn a_contest_in_progress_goes_on_after_its_export() {
    // Without published results nothing is closed.
    let (database, folder) = (TestDatabase::sqlite(), TemporaryFolder::new("progress"));
    let (original, exported) = (folder.join("original"), folder.join("export"));
    contest().without("expected.csv").skill("welding").write(&original);
    let id = import(&original, &database);
    export(&id, &database, &exported);
    verify(&exported);
    assert_eq!(package("score", &exported).done().output, package("score", &original).done().output);
}

#[test]
fn what_an_aspect_is_measured_in_is_kept_and_means_nothing_where_nothing_is_read_off() {
    let (database, folder) = (TestDatabase::sqlite(), TemporaryFolder::new("contest"));
    let (original, exported) = (folder.join("original"), folder.join("export"));
    PackageBuilder::new("hebei-2025")
        .skill("bench")
        .lines(
            "aspects.csv",
            &[
                "id,type,description,max,calculation,parameters,measured_in,rung_0,rung_1,rung_2,rung_3",
                r#"A1,measurement,Gap,1,difference,"{""target"":0,""per"":""0.01"",""deduction"":""0.1""}",mm,,,,"#,
                r#"A2,measurement,Holes,1,number_completed,"{""possible"":4}",个,,,,"#,
                "A3,measurement,Fits,1,pass_fail,,mm,,,,",
                "A4,judgement,Clean,1,,,mm,none,meets,above,best",
            ],
        )
        .lines("competitors.csv", &["code", "C01"])
        .lines("judges.csv", &["code", "J1", "J2", "J3"])
        .lines("marks.csv", &["competitor,aspect,judge,value"])
        .write(&original);
    let said = leitai(["package".as_ref(), "check".as_ref(), original.as_os_str()]).run().done();
    let warnings = said.rows();
    let warnings = warnings.columns(["code", "row", "column"]);
    assert_eq!(
        warnings,
        [["not_for_this_type", "4", "measured_in"], ["not_for_this_type", "5", "measured_in"]]
    );
    let id = import(&original, &database);
    export(&id, &database, &exported);
    let aspects = Rows::read(&exported.join("skills/bench/aspects.csv"));
    assert_eq!(aspects.columns(["id", "measured_in"]), [["A1", "mm"], ["A2", "个"], ["A3", ""], ["A4", ""]]);
}
