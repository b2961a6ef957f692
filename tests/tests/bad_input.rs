//! Broken packages and files: each is refused with its code, file, row and column, in both languages,
//! and leaves nothing behind; and the odd ones that are sound.

use std::path::Path;

use tests::folder::put;
use tests::package::zip_of;
use tests::{PackageBuilder, Rows, Said, TemporaryFolder, leitai};

/// What is expected: code, file, row, column; an empty text for none.
type Found<'a> = [&'a str; 4];

fn call(command: &str, path: &Path, is_chinese: bool, folder: &Path) -> Said {
    let call = leitai(["package".as_ref(), command.as_ref(), path.as_os_str()]).from_folder(folder);
    if is_chinese { call.in_chinese().run() } else { call.run() }
}

fn found(rows: &Rows, severity: &str) -> Vec<[String; 4]> {
    let rows = rows.columns(["code", "file", "row", "column", "severity"]);
    let of_it = rows.into_iter().filter(|row| row[4] == severity);
    of_it.map(|[code, file, row, column, _]| [code, file, row, column].map(str::to_owned)).collect()
}

/// Text in quotation marks is quoted, and codes and names of files and columns are no words.
fn without_quoted(text: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0;
    for character in text.chars() {
        match character {
            '“' => depth += 1,
            '”' => depth -= 1,
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    plain
}

/// No English words stand in a row in a Chinese sentence, and no Chinese in an English one.
fn assert_language(sentence: &str, is_chinese: bool, data: &str) {
    if is_chinese {
        let plain = without_quoted(sentence);
        let is_word = |word: &&str| word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase());
        let words: Vec<&str> = plain.split([' ', '，', '。', '；', '：']).filter(is_word).collect();
        assert!(words.len() < 3, "English inside Chinese ({words:?}): {sentence}");
        assert!(plain.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "no Chinese: {sentence}");
    } else {
        let is_foreign = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) && !data.contains(c);
        assert!(!sentence.chars().any(is_foreign), "Chinese inside English: {sentence}");
    }
}

/// Checks, scores and imports what must be refused, in both languages.
fn assert_refused(what: &str, path: &Path, expected: &[Found<'_>]) {
    let work = TemporaryFolder::new("refused");
    for is_chinese in [false, true] {
        let said = call("check", path, is_chinese, work.path());
        assert_eq!(said.code, Some(1), "{what}: {said}");
        let rows = said.rows();
        assert_eq!(found(&rows, "error"), expected, "{what}: {said}");
        for [message] in rows.columns(["message"]) {
            assert_language(message, is_chinese, "甲乙丙丁戊职工组学生好中差１２３４５５厂张三");
        }
        for command in ["score", "import"] {
            let said = call(command, path, is_chinese, work.path());
            assert_eq!((said.code, said.output.as_str()), (Some(1), ""), "{what}: {said}");
            for [code, ..] in expected {
                assert!(said.messages.contains(&format!("[{code}]")), "{what}: {said}");
            }
        }
    }
    // Not even an empty database.
    assert_eq!(tests::folder::files_below(work.path()), [], "{what}");
}

fn refused(what: &str, package: &PackageBuilder, expected: &[Found<'_>]) {
    let folder = TemporaryFolder::new("bad");
    package.write(folder.path());
    assert_refused(what, folder.path(), expected);
}

/// Checks and scores what must be taken; gives the warnings and the results.
fn taken(what: &str, package: &PackageBuilder) -> (Vec<[String; 4]>, Rows) {
    let folder = TemporaryFolder::new("sound");
    package.write(folder.path());
    let said = call("check", folder.path(), false, folder.path());
    assert_eq!(said.code, Some(0), "{what}: {said}");
    let warnings = found(&said.rows(), "warning");
    (warnings, call("score", folder.path(), false, folder.path()).done().rows())
}

const ASPECTS: &str = "skills/bench/aspects.csv";
const COMPETITORS: &str = "skills/bench/competitors.csv";
const JUDGES: &str = "skills/bench/judges.csv";
const MARKS: &str = "skills/bench/marks.csv";
const EVENTS: &str = "skills/bench/events.csv";
const PARTS: &str = "skills/bench/parts.csv";

#[test]
fn the_small_package_is_sound() {
    let (warnings, results) = taken("small", &PackageBuilder::small());
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(
        results.columns(["competitor", "total", "position"]),
        [["C01", "4.94", "1"], ["C02", "2.66", "2"]]
    );
}

#[test]
fn ids_that_stand_twice_or_nowhere_are_refused() {
    let small = PackageBuilder::small;
    let again = "A1.02,A,Make,A1,Joint,1,measurement,Gap,1.00,direct,,,,,,,,,,,,,";
    refused("aspect", &small().add("aspects.csv", &[again]), &[["repeated_id", ASPECTS, "6", "id"]]);
    let (competitor, judge) =
        (small().add("competitors.csv", &["C01,己,"]), small().add("judges.csv", &["J3,己,"]));
    refused("competitor", &competitor, &[["repeated_id", COMPETITORS, "4", "code"]]);
    refused("judge", &judge, &[["repeated_id", JUDGES, "5", "code"]]);
    let marks = |mark: &str| small().add("marks.csv", &[mark]);
    refused("unknown judge", &marks("C01,A1.01,J9,1"), &[["unknown_judge", MARKS, "18", "judge"]]);
    refused(
        "unknown competitor",
        &marks("C09,A1.01,J1,1"),
        &[["unknown_competitor", MARKS, "18", "competitor"]],
    );
    refused("unknown aspect", &marks("C01,Z9,J1,1"), &[["unknown_aspect", MARKS, "18", "aspect"]]);
    let expected = small().lines("expected.csv", &["competitor,total", "C77,4.94"]);
    refused("expected", &expected, &[["expected_unknown", "skills/bench/expected.csv", "2", "competitor"]]);
}

#[test]
fn values_that_cannot_be_are_refused() {
    for (mark, code) in [
        ("C01,A1.02,J1,1.01", "value_out_of_range"),
        ("C01,A1.02,J1,-0.25", "value_out_of_range"),
        ("C01,A1.02,J1,0.755", "value_off_step"),
        ("C01,A1.01,J1,1.5", "not_pass_or_fail"),
        ("C01,A1.03,J1,4", "not_a_rung"),
        ("C01,A1.03,J1,1.5", "not_a_rung"),
        ("C01,B1.01,J1,10.25", "value_out_of_range"),
        ("C01,B1.01,J1,6.3", "value_off_step"),
        ("C01,B1.01,J1,\"6,25\"", "decimal_comma"),
        ("C01,B1.01,J1,６．２５", "full_width_digits"),
        ("C01,B1.01,J1,six", "not_a_number"),
        ("C01,B1.01,J1,NaN", "not_a_number"),
        ("C01,B1.01,J1,1e99", "number_too_large"),
        ("C01,B1.01,J1,6.1234567", "too_many_decimals"),
        ("C01,A1.02,J2,0.5", "two_measurements"),
    ] {
        let package = PackageBuilder::small().add("marks.csv", &[mark]);
        refused(mark, &package, &[[code, MARKS, "18", "value"]]);
    }
    let late = "C01,A1.03,J1,2,2026-13-01T00:00:00Z,1";
    let marks = ["competitor,aspect,judge,value,at,round", "C01,A1.01,J1,1,,1", late, "C01,A1.03,J2,2,,x"];
    let expected = [["not_a_time", MARKS, "3", "at"], ["not_a_number", MARKS, "4", "round"]];
    refused("times and rounds", &PackageBuilder::small().lines("marks.csv", &marks), &expected);
}

#[test]
fn schemes_that_cannot_be_are_refused() {
    let small = PackageBuilder::small;
    let aspect = |from: &str, to: &str| small().swap("aspects.csv", from, to);
    refused(
        "cycle",
        &aspect("B1.01,B,Show,B1", "B1.01,A1,Show,A"),
        &[["cycle", ASPECTS, "", "sub_criterion"]],
    );
    refused(
        "two criteria",
        &aspect("A1.02,A,Make", "A1.02,B,Make"),
        &[["two_criteria", ASPECTS, "3", "sub_criterion"]],
    );
    refused("no maximum", &aspect("Gap,1.00", "Gap,"), &[["cell_empty", ASPECTS, "3", "max"]]);
    refused("maximum 0", &aspect("Gap,1.00", "Gap,0"), &[["max_not_positive", ASPECTS, "3", ""]]);
    refused(
        "no rung",
        &aspect("none,meets,above,best", "none,meets,,best"),
        &[["rung_missing", ASPECTS, "4", ""]],
    );
    refused("unknown type", &aspect("panel,Poise", "jury,Poise"), &[["not_one_of", ASPECTS, "5", "type"]]);
    refused(
        "unknown calculation",
        &aspect("1.00,direct", "1.00,guess"),
        &[["not_one_of", ASPECTS, "3", "calculation"]],
    );
    let parameters = aspect("1.00,direct,", "1.00,ranged,{bands}");
    refused("parameters", &parameters, &[["parameters_unreadable", ASPECTS, "3", "parameters"]]);
    let dropped = small()
        .lines("judges.csv", &["code", "J1", "J2"])
        .lines(
            "aspects.csv",
            &[
                "id,type,description,max,score_min,score_max,score_step,drop_high,drop_low",
                "A,panel,P,10,0,10,1,1,1",
            ],
        )
        .lines("marks.csv", &["competitor,aspect,judge,value"]);
    refused("two judges, two dropped", &dropped, &[["too_few_for_panel", JUDGES, "", ""]]);
    let pair = ["id,type,description,max,part", "M1,measurement,M,10,a", "M2,measurement,M,10,b"];
    let parts = |rows: [&str; 2]| {
        let package =
            small().lines("aspects.csv", &pair).lines("parts.csv", &["id,weight", rows[0], rows[1]]);
        package.lines("marks.csv", &["competitor,aspect,judge,value"])
    };
    refused("weights", &parts(["a,30", "b,60"]), &[["weights_sum", PARTS, "", ""]]);
    let unknown = [["unknown_part", ASPECTS, "3", "part"], ["part_empty", PARTS, "", ""]];
    let package = parts(["a,30", "c,70"]);
    refused("unknown part", &package, &[unknown[1], unknown[0]]);
    let short =
        PackageBuilder::new("worldskills-2019").skill("bench").lines("competitors.csv", &["code", "C01"]);
    let rows: Vec<String> = (1..=57).map(|n| format!("A{n:02},measurement,M,1.75")).collect();
    let mut lines = vec!["id,type,description,max"];
    lines.extend(rows.iter().map(String::as_str));
    let short = short.lines("aspects.csv", &lines).lines("judges.csv", &["code", "J1", "J2", "J3"]);
    refused("99.75", &short, &[["total_refused", ASPECTS, "", ""]]);
}

#[test]
fn tables_that_cannot_be_read_are_refused() {
    let small = PackageBuilder::small;
    let names = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    // 张三 in GBK.
    let gbk = b"code,name\nC01,\xd5\xc5\xc8\xfd\nC02,\xd5\xc5\xc8\xfd\n";
    refused("GBK", &small().bytes("competitors.csv", gbk), &[["not_utf8", COMPETITORS, "2", ""]]);
    let utf16 = [b"\xff\xfe".to_vec(), names("code,name\nC01,甲\n")].concat();
    refused("UTF-16", &small().bytes("competitors.csv", &utf16), &[["not_utf8", COMPETITORS, "1", ""]]);
    refused("missing file", &small().without("judges.csv"), &[["file_missing", JUDGES, "", ""]]);
    refused(
        "missing column",
        &small().swap("marks.csv", "judge,", "referee,"),
        &[["column_missing", MARKS, "1", "judge"]],
    );
    let twice = small().swap("competitors.csv", "name,", "code,");
    refused("repeated column", &twice, &[["column_repeated", COMPETITORS, "1", "code"]]);
    refused(
        "too long",
        &small().add("marks.csv", &["C01,A1.01,J1,1,1"]),
        &[["row_too_long", MARKS, "18", ""]],
    );
    refused("too short", &small().add("marks.csv", &["C01,A1.02,J1"]), &[["row_too_short", MARKS, "18", ""]]);
    let open = small().swap("competitors.csv", "C02,乙", "C02,\"乙");
    refused("open quote", &open, &[["quote_unclosed", COMPETITORS, "3", ""]]);
    refused(
        "empty table",
        &small().text("marks.csv", ""),
        &[
            ["column_missing", MARKS, "1", "competitor"],
            ["column_missing", MARKS, "1", "aspect"],
            ["column_missing", MARKS, "1", "judge"],
            ["column_missing", MARKS, "1", "value"],
        ],
    );
    // Rows are those that a spreadsheet shows: blank ones count, a cell of two lines is one row.
    let rows = small().add("marks.csv", &["", "", "C01,A1.01,J9,1"]);
    refused("after blank rows", &rows, &[["unknown_judge", MARKS, "20", "judge"]]);
    // Some spreadsheets end their lines with a carriage return alone.
    let mac = small().add("marks.csv", &["", "C01,A1.01,J9,1"]).read("marks.csv").replace('\n', "\r");
    refused("old line ends", &small().text("marks.csv", &mac), &[["unknown_judge", MARKS, "19", "judge"]]);
    let open = small().read("competitors.csv").replace("C02,乙", "C02,\"乙").replace('\n', "\r");
    let open = small().text("competitors.csv", &open);
    refused("old line ends and a quote", &open, &[["quote_unclosed", COMPETITORS, "3", ""]]);
    let rows = small().lines("competitors.csv", &["code,name", "C01,\"甲", "乙\"", "C02,", "C02,"]);
    refused("after a cell of two lines", &rows, &[["repeated_id", COMPETITORS, "4", "code"]]);
}

#[test]
fn toml_and_rules_that_cannot_be_are_refused() {
    let small = PackageBuilder::small;
    let competition = "competition.toml";
    let broken = small().swap(competition, "tier = \"city\"", "tier = \"city");
    refused("TOML", &broken, &[["toml_unreadable", competition, "3", ""]]);
    let unknown = small().swap(competition, "hebei-2025", "hebei-1925");
    refused("unknown rules", &unknown, &[["unknown_rule_set", competition, "", "rule_set"]]);
    let unknown = small().swap("skill.toml", "number", "rule_set = \"own\"\nnumber");
    refused(
        "unknown rules of a skill",
        &unknown,
        &[["unknown_rule_set", "skills/bench/skill.toml", "", "rule_set"]],
    );
    let missing = small().swap(competition, "rule_set = \"hebei-2025\"\n", "");
    refused("no rules", &missing, &[["key_missing", competition, "", "rule_set"]]);
    refused("no competition", &small().without(competition), &[["file_missing", competition, "", ""]]);
    refused(
        "no skill.toml",
        &small().without("skill.toml"),
        &[["file_missing", "skills/bench/skill.toml", "", ""]],
    );
    for (text, row, column) in
        [("id = \"own\"\nversion = 1\ntitle", "3", ""), ("id = \"own\"\nversions = 1\n", "2", "")]
    {
        let package = small().text("rule_set.toml", text);
        let folder = TemporaryFolder::new("rules");
        package.write(folder.path());
        let rows = call("check", folder.path(), true, folder.path()).refused().rows();
        let errors = found(&rows, "error");
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(
            (errors[0][0].as_str(), errors[0][1].as_str(), errors[0][2].as_str()),
            ("rule_set_unreadable", "rule_set.toml", row)
        );
        let _ = column;
        assert_language(rows.columns(["message"])[0][0], true, "");
    }
}

#[test]
fn events_that_cannot_be_are_refused() {
    let header = "at,kind,competitor,value,aspect,reason,by,second";
    for (event, code, column) in [
        (",party,C01,,,,,", "not_one_of", "kind"),
        (",,C01,,,,,", "cell_empty", "kind"),
        (",absent,,,,,,", "cell_empty", "competitor"),
        (",absent,C77,,,,,", "unknown_competitor", "competitor"),
        (",start,C01,,,,,", "cell_empty", "at"),
        ("9:30,start,C01,,,,,", "not_a_time", "at"),
        (",penalty,C01,,,,,", "cell_empty", "value"),
        (",penalty,C01,-1,,,,", "penalty_not_positive", "kind"),
        (",penalty,C01,0,,,,", "penalty_not_positive", "kind"),
        (",penalty,C01,1.005,,,,", "too_many_decimals", "value"),
        (",extra_time,C01,-5,,,,", "not_whole", "value"),
        (",extra_time,C01,x,,,,", "not_a_number", "value"),
        (",void_aspect,,half,A1.02,,,", "not_one_of", "value"),
        (",void_aspect,,full,Z9,,,", "unknown_aspect", "aspect"),
        (",exchange,C01,C77,A1,,,J9", "unknown_competitor", "value"),
        (",exchange,C01,C02,Z9,,,J9", "unknown_sub_criterion", "aspect"),
        (",exchange,C01,C01,A1,,,J9", "same_competitor", "kind"),
        (",settled,,C01 > C77,,,,J9", "unknown_competitor", "value"),
        (",settled,,C01,,,,J9", "order_unsound", "kind"),
    ] {
        let package = PackageBuilder::small().lines("events.csv", &[header, event]);
        let folder = TemporaryFolder::new("event");
        package.write(folder.path());
        // A time that cannot be read is no time: both are said.
        let rows = call("check", folder.path(), false, folder.path()).refused().rows();
        let errors = found(&rows, "error");
        assert!(errors.contains(&[code, EVENTS, "2", column].map(str::to_owned)), "{event}: {errors:?}");
        if code != "not_a_time" {
            assert_refused(event, folder.path(), &[[code, EVENTS, "2", column]]);
        }
    }
    let twice = [header, ",absent,C01,,,,,", ",absent,C01,,,,,"];
    let package = PackageBuilder::small().lines("events.csv", &twice);
    refused("absent twice", &package, &[["already_so", EVENTS, "3", "kind"]]);
    let long = format!(",penalty,C01,1,,{},,", "长".repeat(2_001));
    let package = PackageBuilder::small().lines("events.csv", &[header, &long]);
    refused("a reason of 2,001 characters", &package, &[["reason_unfit", EVENTS, "2", "reason"]]);
}

#[test]
fn what_is_no_package_is_refused() {
    let folder = TemporaryFolder::new("none");
    let file = |name: &str, bytes: &[u8]| {
        put(&folder.join(name), bytes);
        folder.join(name)
    };
    let whole = |code| [[code, "", "", ""]];
    assert_refused("not there", &folder.join("nowhere"), &whole("package_not_there"));
    assert_refused("a text", &file("text.zip", b"hello"), &whole("not_a_zip"));
    assert_refused("an empty file", &file("empty.zip", b""), &whole("not_a_zip"));
    std::fs::create_dir(folder.join("empty")).unwrap();
    let empty = [["file_missing", "competition.toml", "", ""], ["no_skills", "", "", ""]];
    assert_refused("an empty folder", &folder.join("empty"), &empty);
    let parent = zip_of([("../competition.toml".to_owned(), &b"name = 1"[..])]);
    assert_refused("a name above", &file("parent.zip", &parent), &whole("unsafe_name"));
    let absolute = zip_of([("/etc/competition.toml".to_owned(), &b"name = 1"[..])]);
    assert_refused("a name from the root", &file("root.zip", &absolute), &whole("unsafe_name"));
    let zeros = vec![b' '; 40 * 1024 * 1024];
    let bomb = zip_of([("competition.toml".to_owned(), &zeros[..])]);
    assert!(bomb.len() < 100_000);
    assert_refused("a bomb", &file("bomb.zip", &bomb), &whole("package_too_large"));
    let cut = PackageBuilder::small().zip("bench");
    assert_refused("a cut zip", &file("cut.zip", &cut[..cut.len() / 2]), &whole("not_a_zip"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = TemporaryFolder::new("links");
    PackageBuilder::small().write(folder.path());
    std::os::unix::fs::symlink(folder.path(), folder.join("skills/loop")).unwrap();
    std::os::unix::fs::symlink(folder.join("skills"), folder.join("skills/bench/again")).unwrap();
    let said = call("score", folder.path(), false, folder.path()).done();
    assert_eq!(said.rows().rows.len(), 2);
    std::os::unix::fs::symlink(folder.join("b"), folder.join("a")).unwrap();
    std::os::unix::fs::symlink(folder.join("a"), folder.join("b")).unwrap();
    assert_refused("a loop", &folder.join("a"), &[["package_not_there", "", "", ""]]);
    // A linked table is as if it were not there.
    let marks = folder.join("skills/bench/judges.csv");
    std::fs::rename(&marks, folder.join("elsewhere.csv")).unwrap();
    std::os::unix::fs::symlink(folder.join("elsewhere.csv"), &marks).unwrap();
    assert_refused("a linked table", folder.path(), &[["file_missing", JUDGES, "", ""]]);
}

#[test]
fn what_is_no_workbook_is_refused() {
    let folder = TemporaryFolder::new("workbooks");
    let zip = PackageBuilder::small().zip("bench");
    let old = [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 600]].concat();
    for (name, bytes, code) in [
        ("text.xlsx", &b"hello"[..], "not_a_workbook"),
        ("empty.xlsx", b"", "file_empty"),
        ("package.xlsx", &zip, "zip_without_workbook"),
        ("old.xls", &old, "old_workbook"),
    ] {
        put(&folder.join(name), bytes);
        let file = folder.join(name);
        for is_chinese in [false, true] {
            for more in [&["check", "--json"][..], &["convert"]] {
                let arguments = [&["scheme"], more, &[file.to_str().unwrap()]].concat();
                let into = folder.join("out");
                let arguments = if more.len() == 1 {
                    [&arguments[..], &[into.to_str().unwrap()]].concat()
                } else {
                    arguments
                };
                let call = leitai(arguments);
                let said = if is_chinese { call.in_chinese().run() } else { call.run() }.refused();
                assert!(said.output.contains(code) || said.messages.contains(code), "{name}: {said}");
                assert!(!into.exists());
            }
        }
    }
    let _ = leitai(["scheme", "check", folder.join("nowhere.xlsx").to_str().unwrap()]).run().refused();
    let _ = leitai(["scheme", "check", folder.path().to_str().unwrap()]).run().refused();
}

#[test]
fn more_than_the_limits_is_refused() {
    let many = |header: &str, count: usize, row: &dyn Fn(usize) -> String| {
        (1..=count).fold(format!("{header}\n"), |text, n| text + &row(n) + "\n")
    };
    let small = || PackageBuilder::small().lines("marks.csv", &["competitor,aspect,judge,value"]);
    let people = many("code", 5_001, &|n| format!("C{n:05}"));
    refused(
        "5,001 competitors",
        &small().text("competitors.csv", &people),
        &[["too_many_competitors", COMPETITORS, "", ""]],
    );
    let judges = many("code", 41, &|n| format!("J{n:02}"));
    refused("41 judges", &small().text("judges.csv", &judges), &[["too_many_judges", JUDGES, "", ""]]);
    let aspects = many("id,type,description,max", 401, &|n| format!("A{n:03},measurement,M,1"));
    refused("401 aspects", &small().text("aspects.csv", &aspects), &[["too_many_aspects", ASPECTS, "", ""]]);
}

#[test]
fn a_byte_order_mark_and_an_unknown_column_are_taken() {
    let text = PackageBuilder::small().read("competitors.csv").replace("organisation", "unit");
    let package = PackageBuilder::small().text("competitors.csv", &format!("\u{feff}{text}"));
    let (warnings, results) = taken("BOM", &package);
    assert_eq!(warnings, [["column_unknown", COMPETITORS, "1", "unit"].map(str::to_owned)]);
    assert_eq!(results.rows.len(), 2);
    let crlf = PackageBuilder::small().read("marks.csv").replace('\n', "\r\n");
    let (warnings, again) = taken("CRLF", &PackageBuilder::small().text("marks.csv", &crlf));
    assert_eq!((warnings.len(), again), (0, results));
}

#[test]
fn odd_fields_that_are_sound_have_sensible_results() {
    let none = PackageBuilder::small().lines("marks.csv", &["competitor,aspect,judge,value"]);
    let (_, results) = taken("no marks", &none);
    assert_eq!(results.columns(["competitor", "total", "position"]), [["C01", "", ""], ["C02", "", ""]]);
    let (_, results) = taken("no marks at all", &PackageBuilder::small().without("marks.csv"));
    assert_eq!(results.rows.len(), 2);
    let one =
        PackageBuilder::new("worldskills-2026").skill("bench").lines("competitors.csv", &["code", "C01"]);
    let one = one
        .lines("judges.csv", &["code", "J1", "J2", "J3"])
        .text(
            "aspects.csv",
            &(1..=100)
                .fold("id,type,description,max\n".to_owned(), |t, n| t + &format!("A{n},measurement,M,1\n")),
        )
        .text(
            "marks.csv",
            &(1..=100)
                .fold("competitor,aspect,judge,value\n".to_owned(), |t, n| t + &format!("C01,A{n},J1,1\n")),
        );
    let (_, results) = taken("one competitor", &one);
    assert_eq!(results.columns(["total", "scale", "position"]), [["100.00", "", "1"]]);
    // MAD 0: no scale, ranked by total.
    let people = one.lines("competitors.csv", &["code", "C01", "C02", "C03"]);
    let mut marks = "competitor,aspect,judge,value\n".to_owned();
    for (person, lost) in [("C01", 0), ("C02", 1), ("C03", 1)] {
        (1..=100).for_each(|n| marks += &format!("{person},A{n},J1,{}\n", u8::from(n > lost)));
    }
    let (_, results) = taken("MAD 0", &people.text("marks.csv", &marks));
    let rows = [["C01", "100.00", "", "1"], ["C02", "99.00", "", "2"], ["C03", "99.00", "", "2"]];
    assert_eq!(results.columns(["competitor", "total", "scale", "position"]), rows);
    let absent = ["kind,competitor", "absent,C01", "absent,C02"];
    let (_, results) = taken("all absent", &PackageBuilder::small().lines("events.csv", &absent));
    assert_eq!(results.columns(["total", "position", "award"]), [["", "", ""], ["", "", ""]]);
    let same = PackageBuilder::small()
        .read("marks.csv")
        .lines()
        .filter(|l| !l.starts_with("C02"))
        .collect::<Vec<_>>()
        .join("\n");
    let tied = same.lines().skip(1).map(|line| line.replacen("C01", "C02", 1)).collect::<Vec<_>>().join("\n");
    let (_, results) =
        taken("all tied", &PackageBuilder::small().text("marks.csv", &format!("{same}\n{tied}\n")));
    assert_eq!(results.columns(["total", "position"]), [["4.94", "1"], ["4.94", "1"]]);
}
