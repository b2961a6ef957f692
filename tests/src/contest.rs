//! A contest of a Chinese city's shape, with everything that can happen to one, and the results that
//! were worked out by hand.

use crate::PackageBuilder;

/// What its fitting is ranked by: equal totals by time, then by the practical part.
const OWN_RULES: &str = r#"
id = "city-sample"
version = 1
title = { zh = "市赛样例", en = "City sample" }
live_policy = "completed"
rounding = { position = "per_aspect", source = "样例" }
judgement = { judges = 3, spread_max = 1, source = "样例" }
ranking = { chain = [{ key = "time", better = "lower" }, { key = "part:practice", better = "higher" }], end = "chief_decides", source = "样例" }

[[prizes]]
award = "一等奖"
take = { positions = { first = 1, last = 1 } }
source = "样例"

[[prizes]]
award = "二等奖"
take = { positions = { first = 2, last = 3 } }
source = "样例"
"#;

/// A name that a spreadsheet would run.
pub const FORMULA_NAME: &str = "=cmd|' /C calc'!A0";

/// The results, worked out by hand: skill, competitor, total, scale, position, award.
pub const RESULTS: [[&str; 6]; 20] = [
    // 30 % theory + 70 % practice. C01 and C02 have 83.00 both: 150 against 155 minutes.
    ["fitting", "C01", "83.00", "", "1", "一等奖"],
    ["fitting", "S01", "88.00", "", "1", "一等奖"],
    ["fitting", "S02", "70.00", "", "1", "一等奖"], // by decision
    ["fitting", "C02", "83.00", "", "2", "二等奖"],
    ["fitting", "C08", "82.20", "", "3", "二等奖"], // with the sheet that stood under C09
    ["fitting", "S05", "50.50", "", "3", "二等奖"], // one of four scores missing
    ["fitting", "C03", "82.00", "", "4", ""],       // 87.00 less a penalty of 5.00
    ["fitting", "T1", "63.50", "", "5", ""],        // a team of three, scored again
    ["fitting", "C09", "33.20", "", "6", ""],
    ["fitting", "C04", "", "", "", ""], // withdrawn after everything was marked
    ["fitting", "S03", "", "", "", ""], // absent
    ["fitting", "S04", "", "", "", ""], // disqualified
    ["welding", "W1", "10.00", "", "1", "Gold"],
    ["welding", "W2", "9.75", "", "2", "Silver"],
    ["welding", "W3", "9.50", "", "3", "Bronze"],
    ["welding", "W4", "8.25", "", "4", "优胜奖"],
    ["welding", "W5", "7.00", "", "5", ""],
    ["welding", "W6", "6.00", "", "6", ""],
    ["welding", "W7", "0.25", "", "7", ""],
    ["welding", "W8", "", "", "", ""], // not wholly marked
];

/// The package, with its results as `expected.csv`.
#[must_use]
pub fn contest() -> PackageBuilder {
    let contest = PackageBuilder::new("hebei-2025").text("rule_set.toml", OWN_RULES);
    welding(fitting(contest))
}

/// Two parts, two groups, a panel with a trainee, and every kind of decision.
fn fitting(contest: PackageBuilder) -> PackageBuilder {
    let people = [
        format!("C01,\"{FORMULA_NAME}\",一厂,,职工组"),
        "C02,@乙,二厂,,职工组".to_owned(),
        "C03,'丙,三厂,,职工组".to_owned(),
        "C04,\"丁, 小\",四厂,,职工组".to_owned(),
        "C05,戊,五厂,T1,职工组".to_owned(),
        "C06,己,五厂,T1,职工组".to_owned(),
        "C07,庚,五厂,T1,职工组".to_owned(),
        "C08,辛,六厂,,职工组".to_owned(),
        "C09,壬,六厂,,职工组".to_owned(),
        "S01,癸,一校,,学生组".to_owned(),
        "S02,子,一校,,学生组".to_owned(),
        "S03,丑,二校,,学生组".to_owned(),
        "S04,寅,二校,,学生组".to_owned(),
        "S05,卯,二校,,学生组".to_owned(),
    ];
    let mut competitors = vec!["code,name,organisation,team,group"];
    competitors.extend(people.iter().map(String::as_str));
    let contest = contest
        .skill("fitting")
        .swap("skill.toml", "number = \"01\"\n", "number = \"01\"\nrule_set = \"city-sample\"\n")
        .lines(
            "aspects.csv",
            &[
                "id,criterion,sub_criterion,day,type,description,max,calculation,score_min,score_max,score_step,\
                 drop_high,drop_low,rung_0,rung_1,rung_2,rung_3,part",
                "A1.01,A,A1,1,measurement,理论试卷,100,direct,,,,,,,,,,theory",
                "B1.01,B,B1,2,measurement,尺寸,60,direct,,,,,,,,,,practice",
                "B1.02,B,B1,2,judgement,工艺,20,,,,,,,不足,合格,良好,优秀,practice",
                "B2.01,B,B2,2,panel,答辩,10,,0,10,0.5,1,1,,,,,practice",
                "B2.02,B,B2,2,measurement,安全,10,direct,,,,,,,,,,practice",
            ],
        )
        .lines("parts.csv", &["id,name,weight,pass_mark", "theory,理论,30,", "practice,实操,70,"])
        .lines("competitors.csv", &competitors)
        .lines("judges.csv", &["code,name,role", "J1,,", "J2,,", "J3,,", "J4,,", "J5,,", "J9,,chief_judge"])
        .lines(
            "panels.csv",
            &[
                "sub_criterion,judge,seat,counts",
                "A1,J1,1,1",
                "B1,J1,1,1",
                "B1,J2,2,1",
                "B1,J3,3,",
                "B2,J1,1,1",
                "B2,J2,2,1",
                "B2,J3,3,1",
                "B2,J4,4,1",
                "B2,J5,5,0",
            ],
        )
        .lines("events.csv", &EVENTS)
        .lines("marks.csv", &["competitor,aspect,judge,value,at,round"]);
    let contest = FITTING_MARKS.iter().fold(contest, |contest, sheet| add_sheet(contest, sheet));
    with_results(contest, "fitting")
}

/// Code, theory, sizes, judgement by round, defence by seat (`-` is a missing score, stated; the
/// fifth is the trainee's).
type SheetRow<'a> = (&'a str, &'a str, &'a str, &'a [&'a str], &'a str);

const FITTING_MARKS: [SheetRow<'_>; 11] = [
    ("C01", "90", "42", &["3 3 3"], "8 8 7 9 0"),
    ("C02", "76", "46", &["3 3 3"], "10 10 10 10 0"),
    ("C03", "80", "50", &["1 3 3", "3 3 3"], "10 10 10 10 1.5"),
    ("C04", "99", "60", &["3 3 3"], "10 10 10 10 10"),
    // The second round was asked for by the chief judge.
    ("T1", "60", "30", &["2 2 2", "3 3 3"], "5 5 5 5 5"),
    ("C08", "50", "10", &["0 0 0"], "6 6 6 6 6"),
    ("C09", "50", "60", &["3 3 3"], "6 6 6 6 6"),
    ("S01", "88", "50", &["3 3 3"], "8 8 8 8 8"),
    ("S02", "70", "35", &["3 3 3"], "5 5 5 5 5"),
    ("S04", "70", "35", &["3 3 3"], "5 5 5 5 5"),
    ("S05", "40", "20", &["3 3 3"], "4 5 9 - 9"),
];

const EVENTS: [&str; 16] = [
    "at,kind,competitor,value,aspect,reason,by,second,position,document",
    "2026-05-02T08:30:00+08:00,absent,S03,,,未到场,J9,,,",
    "2026-05-02T09:00:00+08:00,start,C01,,,,J9,,,",
    "2026-05-02T09:00:00+08:00,start,C02,,,,J9,,,",
    "2026-05-02T10:00:00+08:00,extra_time,C02,5,,停电五分钟,J9,J1,,",
    "2026-05-02T11:30:00+08:00,stop,C01,,,,J9,,,",
    "2026-05-02T11:40:00+08:00,stop,C02,,,,J9,,,",
    "2026-05-02T15:00:00+08:00,void_aspect,,full,B2.02,考题有误,J9,J1,,",
    "2026-05-02T16:00:00+08:00,exchange,C08,C09,B1,\"评分表拿错, 互换\",J9,J1,,",
    "2026-05-02T17:00:00+08:00,penalty,C03,5.00,,=违规操作,J9,J1,,",
    "2026-05-02T17:10:00+08:00,disqualified,S04,,,作弊,J9,J1,,",
    "2026-05-02T18:00:00+08:00,withdrawn,C04,,,身体不适,J9,J1,,",
    "2026-05-03T09:00:00+08:00,override,S02,二等奖,,先前的裁定,J9,J1,2,样例字〔2026〕6号",
    "2026-05-03T10:00:00+08:00,override,S02,一等奖,,申诉成立,J9,J1,1,样例字〔2026〕7号",
    "2026-05-03T11:00:00+08:00,penalty,S04,1.00,,出局后的扣分,J9,,,",
    "2026-05-03T12:00:00+08:00,extra_time,S01,3,,设备故障,J9,,,",
];

fn add_sheet(
    contest: PackageBuilder,
    (code, theory, sizes, rounds, defence): &SheetRow<'_>,
) -> PackageBuilder {
    let at = "2026-05-02T14:00:00+08:00";
    let theory_at = "2026-05-01T10:00:00+08:00";
    // A team is marked by its own code or by that of any member.
    let person = if *code == "T1" { "C06" } else { code };
    // The first value is mended by the second; safety is marked before it is voided.
    let mut lines = vec![
        format!("{code},A1.01,J1,1,{theory_at},"),
        format!("{code},A1.01,J1,{theory},{theory_at},1"),
        format!("{person},B1.01,J2,{sizes},{at},"),
        format!("{person},B2.02,J1,3,{at},"),
    ];
    for (round, scores) in (1..).zip(*rounds) {
        let scores = (1..).zip(scores.split(' '));
        lines.extend(scores.map(|(judge, score)| format!("{code},B1.02,J{judge},{score},{at},{round}")));
    }
    for (judge, score) in (1..).zip(defence.split(' ')) {
        lines.push(format!("{code},B2.01,J{judge},{},{at},1", score.trim_matches('-')));
    }
    contest.add("marks.csv", &lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// By a preset, with every calculation, and without a single time.
fn welding(contest: PackageBuilder) -> PackageBuilder {
    let contest = contest
        .skill("welding")
        .lines(
            "aspects.csv",
            &[
                "id,type,description,max,calculation,parameters",
                "M1,measurement,焊缝数,2,number_completed,\"{\"\"possible\"\":8}\"",
                "M2,measurement,外观,1,choice,\"{\"\"choices\"\":[{\"\"label\"\":\"\"好\"\",\"\"deduction\"\":0},\
                 {\"\"label\"\":\"\"中\"\",\"\"deduction\"\":0.25},{\"\"label\"\":\"\"差\"\",\"\"deduction\"\":1}]}\"",
                "M3,measurement,长度,1,ranged,\"{\"\"target\"\":50,\"\"bands\"\":[{\"\"lower\"\":0,\"\"upper\"\":0.1,\
                 \"\"deduction\"\":0},{\"\"lower\"\":0.1,\"\"upper\"\":0.5,\"\"deduction\"\":0.5}]}\"",
                "M4,measurement,缺陷,1,difference,\"{\"\"target\"\":0,\"\"per\"\":1,\"\"deduction\"\":0.25}\"",
                "M5,measurement,完成,5,,",
            ],
        )
        .lines("competitors.csv", &["code", "W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8"])
        .lines("judges.csv", &["code", "J1"])
        .lines("marks.csv", &["competitor,aspect,judge,value"])
        .marks("W1", &["M1 J1 8", "M2 J1 好", "M3 J1 50.05", "M4 J1 0", "M5 J1 1"])
        .marks("W2", &["M1 J1 8", "M2 J1 中", "M3 J1 50", "M4 J1 0", "M5 J1 5"])
        .marks("W3", &["M1 J1 7", "M2 J1 中", "M3 J1 49.9", "M4 J1 0", "M5 J1 1"])
        .marks("W4", &["M1 J1 5", "M2 J1 中", "M3 J1 50.3", "M4 J1 1", "M5 J1 1"])
        .marks("W5", &["M1 J1 4", "M2 J1 差", "M3 J1 49.6", "M4 J1 2", "M5 J1 1"])
        .marks("W6", &["M1 J1 3", "M2 J1 差", "M3 J1 51", "M4 J1 3", "M5 J1 1"])
        .marks("W7", &["M1 J1 1", "M2 J1 差", "M3 J1 51", "M4 J1 9", "M5 J1 0"])
        .marks("W8", &["M1 J1 8", "M2 J1 好", "M3 J1 50", "M4 J1 0"]);
    with_results(contest, "welding")
}

fn with_results(contest: PackageBuilder, skill: &str) -> PackageBuilder {
    let rows: Vec<String> =
        RESULTS.iter().filter(|row| row[0] == skill).map(|row| row[1..].join(",")).collect();
    let mut lines = vec!["competitor,total,scale,position,award"];
    lines.extend(rows.iter().map(String::as_str));
    contest.lines("expected.csv", &lines)
}
