//! `leitai award` and `leitai scale`, the last steps alone, on published and on made results.
#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use tests::folder::put;
use tests::shared::shared;
use tests::table::csv_text;
use tests::{Rows, Said, TemporaryFolder, leitai};

/// Position and award by skill and competitor.
type Placed = BTreeMap<(String, String), (String, String)>;

/// A folder with one table in it, which the commands read.
struct Table {
    folder: TemporaryFolder,
    file: PathBuf,
}

impl Table {
    fn new(text: &str) -> Self {
        let folder = TemporaryFolder::new("award");
        let file = folder.join("results.csv");
        put(&file, text);
        Self { folder, file }
    }

    /// Another file beside it, and its path.
    fn beside(&self, name: &str, text: &str) -> String {
        put(&self.folder.join(name), text);
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    fn run(&self, command: &str, arguments: &[&str]) -> Said {
        leitai([&[command], arguments, &[self.file.to_str().unwrap()]].concat()).run()
    }

    fn award(&self, rules: &str) -> Said {
        self.run("award", &["--rules", rules])
    }
}

fn placed(rows: &Rows) -> Placed {
    let rows = rows.columns(["skill", "competitor", "position", "award"]);
    let own = |[skill, code, position, award]: [&str; 4]| {
        ((skill.to_owned(), code.to_owned()), (position.to_owned(), award.to_owned()))
    };
    rows.into_iter().map(own).collect()
}

/// An edition's published marks as our table, and what was published of each. A member with two
/// entries in a skill stands under two codes.
fn published(file: &str) -> Option<(Table, Placed)> {
    let rows = Rows::read(&shared("worldskills-results")?.join(file));
    let (mut table, mut official) = (Vec::new(), Placed::new());
    for [skill, member, position, medal, mark] in
        rows.columns(["skill", "member_code", "position", "medal", "mark"])
    {
        let earlier = official.keys().filter(|(of, code)| of == skill && code.starts_with(member)).count();
        let code = if earlier == 0 { member.to_owned() } else { format!("{member}-{earlier}") };
        table.push(vec![skill.to_owned(), code.clone(), mark.to_owned()]);
        official.insert((skill.to_owned(), code), (position.to_owned(), medal.to_owned()));
    }
    Some((Table::new(&csv_text(&["skill", "competitor", "scale"], &table)), official))
}

fn differing(official: &Placed, computed: &Placed) -> Vec<(String, String)> {
    assert_eq!(official.len(), computed.len());
    official.iter().filter(|(key, place)| computed[*key] != **place).map(|(key, _)| key.clone()).collect()
}

#[test]
fn every_position_and_medal_of_2015_comes_out_of_the_published_marks() {
    let Some((table, official)) = published("wsc2015_results.csv") else { return };
    let said = table.award("worldskills-2015").done();
    assert_eq!(official.len(), 130);
    assert_eq!(differing(&official, &placed(&said.rows())), []);
}

#[test]
fn every_position_and_medal_of_2024_comes_out_except_where_it_was_decided_otherwise() {
    let Some((table, official)) = published("wsc2024_results.csv") else { return };
    assert_eq!(official.len(), 1_156);
    let computed = placed(&table.award("worldskills-2019").done().rows());
    let others = differing(&official, &computed);
    assert!(!others.is_empty() && others.iter().all(|(skill, _)| skill == "38"), "{others:?}");
    // What the published table says of skill 38, as decisions with their document.
    let decided: Vec<Vec<String>> = others
        .iter()
        .map(|key| {
            let (position, award) = &official[key];
            let why = ["decided after the competition", "published results of WorldSkills 2024"];
            [&key.0, &key.1, position, award].into_iter().cloned().chain(why.map(str::to_owned)).collect()
        })
        .collect();
    let header = ["skill", "competitor", "position", "award", "reason", "document"];
    let overrides = table.beside("overrides.csv", &csv_text(&header, &decided));
    let said = table.run("award", &["--rules", "worldskills-2019", "--overrides", &overrides]).done();
    assert_eq!(differing(&official, &placed(&said.rows())), []);
}

#[test]
fn the_scale_of_the_worked_examples_comes_out() {
    // R-070: 653, 665, 700, 705, 720; two are always 680 and 720; the middle of three is 700.
    let table = Table::new(
        "skill,competitor,total\nfive,A,32\nfive,B,41\nfive,C,69\nfive,D,73\nfive,E,85\n\
         two,A,50\ntwo,B,80\nthree,A,10\nthree,B,20\nthree,C,40\n",
    );
    let rows = table.run("scale", &["--rules", "worldskills-2019"]).done().rows();
    assert_eq!(rows.header, ["skill", "competitor", "total", "scale"]);
    let scales: BTreeMap<(&str, &str), &str> = rows
        .columns(["skill", "competitor", "scale"])
        .into_iter()
        .map(|[s, c, scale]| ((s, c), scale))
        .collect();
    let expected = [
        (("five", "A"), "653"),
        (("five", "B"), "665"),
        (("five", "C"), "700"),
        (("five", "D"), "705"),
        (("five", "E"), "720"),
        (("three", "A"), "680"),
        (("three", "B"), "700"),
        (("three", "C"), "740"),
        (("two", "A"), "680"),
        (("two", "B"), "720"),
    ];
    assert_eq!(scales, BTreeMap::from(expected));
}

#[test]
fn without_deviation_there_is_no_scale_and_a_message_says_so() {
    let table = Table::new("skill,competitor,total\n01,A,50\n01,B,50\n01,C,70\n");
    let said = table.run("scale", &["--rules", "worldskills-2019"]).done();
    assert!(said.rows().columns(["scale"]).iter().all(|[scale]| scale.is_empty()), "{said}");
    assert!(said.messages.contains("01: no scale"), "{said}");
    let chinese = leitai(["scale", "--rules", "worldskills-2019", table.file.to_str().unwrap()]);
    assert!(chinese.in_chinese().run().done().messages.contains("01：没有量表分"));
}

const OWN_RULES: &str = r#"
id = "own"
version = 1
title = { zh = "自定", en = "Own" }
live_policy = "completed"
rounding = { position = "per_aspect", source = "own" }
judgement = { source = "own" }
ranking = { chain = [CHAIN], end = "END", source = "own" }

[[prizes]]
award = "一等奖"
take = { positions = { first = 1, last = 1 } }
source = "own"
"#;

const TIME_FIRST: &str =
    "{ key = \"time\", better = \"lower\" }, { key = \"part:practice\", better = \"higher\" }";
const PRACTICE_FIRST: &str =
    "{ key = \"part:practice\", better = \"higher\" }, { key = \"time\", better = \"lower\" }";

#[test]
fn a_rule_set_of_ones_own_parts_equal_totals_by_its_chain() {
    // A (90, 80, 150 minutes) and B (76, 86, 155 minutes) both have 83.00 at 30/70 (R-083).
    for (chain, first, header) in [
        (TIME_FIRST, "A", "skill,competitor,total,time,practice,theory"),
        (PRACTICE_FIRST, "B", "skill,competitor,total,time,practice,theory"),
        (PRACTICE_FIRST, "B", "skill,competitor,total,time,part:practice,part:theory"),
    ] {
        let rows = "01,A,83.00,150,80,90\n01,B,83.00,155,86,76\n01,C,70,100,90,20\n";
        let table = Table::new(&format!("{header}\n{rows}"));
        let rules = table.beside("rules.toml", &OWN_RULES.replace("CHAIN", chain).replace("END", "share"));
        let rows = table.award(&rules).done().rows();
        assert_eq!(rows.header, ["skill", "competitor", "scale", "position", "award"]);
        assert_eq!(rows.cell("position", "1", "competitor"), first, "{chain}");
        assert_eq!(rows.cell("position", "1", "award"), "一等奖");
        assert_eq!(rows.columns(["position"]), [["1"], ["2"], ["3"]]);
    }
}

#[test]
fn equals_whom_people_must_part_are_named_in_plain_words() {
    let table = Table::new("skill,competitor,total,time,practice\n01,A,83,150,80\n01,B,83,150,80\n");
    let mut heard = Vec::new();
    for (end, english, chinese) in [
        ("playoff", "they compete once more", "加赛"),
        ("draw", "a lot is drawn", "抽签"),
        ("chief_decides", "the chief judge decides", "裁判长"),
    ] {
        let rules = table.beside("rules.toml", &OWN_RULES.replace("CHAIN", TIME_FIRST).replace("END", end));
        let said = table.award(&rules).done();
        assert!(said.messages.contains(english), "{said}");
        let call = leitai(["award", "--rules", &rules, table.file.to_str().unwrap()]);
        let said = call.in_chinese().run().done();
        assert!(said.messages.contains(chinese), "{said}");
        heard.push(said.rows().columns(["position"]).concat().join(","));
    }
    assert_eq!(heard, ["1,1", "1,1", "1,1"]);
}

#[test]
fn a_chain_without_its_column_is_said() {
    let table = Table::new("skill,competitor,total\n01,A,83\n01,B,83\n");
    let rules = table.beside("rules.toml", &OWN_RULES.replace("CHAIN", TIME_FIRST).replace("END", "share"));
    let said = table.award(&rules).done();
    for key in ["time", "part:practice"] {
        let place = format!("warning {}:1:{key}: ", table.file.display());
        assert!(said.messages.contains(&place) && said.messages.contains("[chain_column_missing]"), "{said}");
    }
}

#[test]
fn one_without_a_result_has_no_position_and_stands_last() {
    let table = Table::new("skill,competitor,scale\n01,A,\n01,B,701\n01,C,720\n");
    let rows = table.award("worldskills-2019").done().rows();
    assert_eq!(rows.columns(["competitor", "position"]), [["C", "1"], ["B", "2"], ["A", ""]]);
}

#[test]
fn what_is_wrong_with_a_table_is_named_by_file_row_and_column() {
    for (command, text, place, code) in [
        ("award", "skill,competitor\n01,A\n", ":1:scale", "column_missing"),
        ("award", "skill,scale\n01,700\n", ":1:competitor", "column_missing"),
        ("award", "skill,competitor,scale\n01,A,700\n01,A,690\n", ":3:competitor", "repeated_id"),
        ("award", "skill,competitor,scale\n01,A,700.5\n", ":2:scale", "not_whole"),
        ("award", "skill,competitor,scale\n01,A,7OO\n", ":2:scale", "not_a_number"),
        ("award", "skill,competitor,scale\n01,A,７００\n", ":2:scale", "full_width_digits"),
        ("award", "skill,competitor,scale\n01,,700\n", ":2:competitor", "cell_empty"),
        ("award", "skill,competitor,scale\n,A,700\n", ":2:skill", "cell_empty"),
        ("award", "skill,competitor,total\n01,A,\"83,5\"\n", ":2:total", "decimal_comma"),
        ("award", "skill,competitor,total\n01,A,83.555\n", ":2:total", "too_many_decimals"),
        ("award", "skill,competitor,total\n01,A,-1\n", ":2:total", "below_zero"),
        ("scale", "skill,competitor,total\n01,A,-1\n", ":2:total", "below_zero"),
        ("scale", "skill,competitor,total\n01,A,1\n01,A,2\n", ":3:competitor", "repeated_id"),
        ("scale", "skill,competitor,scale\n01,A,700\n", ":1:total", "column_missing"),
    ] {
        let table = Table::new(text);
        let said = table.run(command, &["--rules", "worldskills-2019"]).refused();
        let wanted = format!("error {}{place}: ", table.file.display());
        assert!(said.messages.contains(&wanted) && said.messages.contains(&format!("[{code}]")), "{said}");
        assert_eq!(said.output, "");
    }
}

#[test]
fn an_override_needs_a_reason_a_document_and_a_competitor_who_is_there() {
    let table = Table::new("skill,competitor,scale\n01,A,700\n01,B,690\n");
    for (row, column, code) in [
        ("01,A,2,Silver,,letter 7", "reason", "cell_empty"),
        ("01,A,2,Silver,appeal,", "document", "cell_empty"),
        ("01,Z,2,Silver,appeal,letter 7", "competitor", "unknown_competitor"),
        ("01,A,x,Silver,appeal,letter 7", "position", "not_a_number"),
        ("01,A,-2,Silver,appeal,letter 7", "position", "not_whole"),
        ("01,A,0,Silver,appeal,letter 7", "position", "not_whole"),
    ] {
        let text = format!("skill,competitor,position,award,reason,document\n{row}\n");
        let overrides = table.beside("overrides.csv", &text);
        let said = table.run("award", &["--rules", "worldskills-2019", "--overrides", &overrides]).refused();
        let wanted = format!("error {overrides}:2:{column}: ");
        assert!(said.messages.contains(&wanted) && said.messages.contains(&format!("[{code}]")), "{said}");
        assert!(!said.messages.contains("competitors.csv"), "there is no such file here: {said}");
    }
}

#[test]
fn rules_that_are_not_there_or_broken_are_refused() {
    let table = Table::new("skill,competitor,scale\n01,A,700\n");
    let said = table.award("worldskills-1950").refused();
    assert!(said.messages.contains("no rule set \"worldskills-1950\""), "{said}");
    assert!(said.messages.contains("worldskills-2019"), "{said}");
    let broken = table.beside("broken.toml", "id = \"x\"\nversion = \n");
    let said = table.award(&broken).refused();
    assert!(said.messages.contains("broken.toml:2"), "{said}");
    assert!(said.messages.contains("[rule_set_unreadable]"), "{said}");
}

#[test]
fn a_wrong_call_ends_with_2_and_says_how_to_call() {
    let table = Table::new("skill,competitor,scale\n01,A,700\n");
    let file = table.file.to_str().unwrap();
    for call in [
        vec![],
        vec!["award"],
        vec!["award", file],
        vec!["award", "--rules"],
        vec!["award", "--rule", "worldskills-2019", file],
        vec!["award", "--rules", "worldskills-2019", file, file],
        vec!["scale", file],
        vec!["no-such-command"],
        vec!["package"],
        vec!["package", "score"],
        vec!["package", "export", "out"],
        vec!["scheme", "convert", file],
        vec!["scheme", "convert", file, "out", "--to", "pdf"],
        vec!["ledger", "verify"],
        vec!["--lang", "fr", "award", "--rules", "worldskills-2019", file],
    ] {
        let said = leitai(call.clone()).run();
        assert_eq!((said.code, said.output.as_str()), (Some(2), ""), "{said}");
        assert!(said.messages.contains("Usage: leitai") || said.messages.contains("--help"), "{said}");
    }
}

#[test]
fn results_come_as_json_too() {
    let table = Table::new("skill,competitor,scale\n01,A,720\n01,B,\n");
    let said = table.run("award", &["--json", "--rules", "worldskills-2019"]).done();
    let expected = serde_json::json!([
        { "skill": "01", "competitor": "A", "scale": "720", "position": "1", "award": "Gold" },
        { "skill": "01", "competitor": "B", "scale": null, "position": null, "award": null },
    ]);
    assert_eq!(said.json(), expected);
}
