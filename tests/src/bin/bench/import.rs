//! B9: a roster of 50,000 people and seven columns from Excel, looked over and taken in over HTTP as an organiser
//! does, beside a program that reads it with openpyxl, checks it and writes it to SQLite; then CSV read and checked,
//! and marking workbooks read, both in process.
#![expect(clippy::float_arithmetic, reason = "times are shown, never entered into a result")]

use std::collections::HashSet;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use domain::number::Mark;
use domain::scheme::{Aspect, Calculation, Criterion, Method, Scheme, SubCriterion};
use protocol::account::{SetUp, SignedIn};
use rust_xlsxwriter::Workbook;
use server::exchange::roster::{self, IdNumber, Known, KnownSkill};
use server::exchange::{cis, sheet};
use server::http::{self, Config};
use tests::http::{Answer, Browser};
use tests::{TemporaryFolder, resident_number};

use crate::measure::{Rounds, load, version_of};
use crate::stage::disk;

const ROUNDS: usize = 5;
const ROWS: u32 = 50_000;
/// No skill takes more than 5,000 people.
const SKILLS: u32 = 20;
/// A list has no more than 100,000 rows: as many in twenty lists.
const CSV_ROWS: u32 = 50_000;
const CSV_LISTS: u32 = 20;
const WORKBOOKS: u32 = 100;
const TITLES: [&str; 7] = ["姓名", "身份证号", "赛项", "工作单位", "代表队", "身份类别", "技能等级"];
const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/peers/import.py");

/// What one import took.
struct Took {
    looked_ms: f64,
    committed_ms: f64,
    memory_kib: f64,
}

/// Runs both by turns.
pub(crate) fn run() -> Result<(), String> {
    let folder = TemporaryFolder::inside(&disk(), "import");
    let file = folder.join("roster.xlsx");
    std::fs::write(&file, roster()?).map_err(|error| error.to_string())?;
    println!(
        "B9: {ROWS} rows × 7 columns, {} KiB, {ROUNDS} rounds; leitai {} and {} with openpyxl",
        std::fs::metadata(&file).map_or(0, |known| known.len() / 1_024),
        env!("CARGO_PKG_VERSION"),
        version_of("python3", &["--version"])
    );
    println!("SQLite in WAL mode, synchronous = FULL, in {}; load before: {}", disk().display(), load());
    let names = ["looked over, ms", "committed in all, ms", "most memory, MiB"];
    let (mut ours, mut theirs) = (names.map(|_| Rounds::default()), names.map(|_| Rounds::default()));
    for round in 0..ROUNDS {
        let own = folder.join(&format!("ours-{round}"));
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        push(&mut ours, &took(Command::new(program).arg("importer").arg(&file).arg(&own))?);
        let own = folder.join(&format!("theirs-{round}"));
        push(&mut theirs, &took(Command::new("python3").arg(PEER).arg(&file).arg(&own))?);
    }
    for ((name, ours), theirs) in names.iter().zip(&ours).zip(&theirs) {
        println!(
            "{name:<22} leitai {:>9}  openpyxl {:>9}  ratio {}",
            ours.text(0),
            theirs.text(0),
            theirs.by(ours).text(2)
        );
    }
    let csv = csv();
    let mut rates = Rounds::default();
    for _ in 0..ROUNDS {
        rates.push(csv_rate(&csv)?);
    }
    println!(
        "CSV, {CSV_LISTS} lists of {CSV_ROWS} rows and {} KiB, rows/s {}",
        csv.len() / 1_024,
        rates.text(0)
    );
    let workbooks = folder.join("workbooks");
    std::fs::create_dir(&workbooks).map_err(|error| error.to_string())?;
    for at in 0..WORKBOOKS {
        std::fs::write(workbooks.join(format!("{at}.xlsx")), workbook(at)?)
            .map_err(|error| error.to_string())?;
    }
    let (mut ours, mut theirs) = (Rounds::default(), Rounds::default());
    for _ in 0..ROUNDS {
        ours.push(read_workbooks(&workbooks)?);
        let done = Command::new("python3").arg(PEER).arg(&workbooks).stderr(Stdio::inherit()).output();
        let text = String::from_utf8_lossy(&done.map_err(|error| error.to_string())?.stdout).into_owned();
        let milliseconds: f64 = text.trim().parse().map_err(|_| format!("the peer said {text:?}"))?;
        theirs.push(f64::from(WORKBOOKS) * 1_000.0 / milliseconds);
    }
    println!(
        "{WORKBOOKS} marking workbooks, workbooks/s: leitai {}  openpyxl {}  ratio {}",
        ours.text(0),
        theirs.text(0),
        ours.by(&theirs).text(1)
    );
    Ok(())
}

/// Rows a second, read and checked against a competition in which nobody is yet.
fn csv_rate(csv: &str) -> Result<f64, String> {
    let names: Vec<[String; 2]> = (1..=SKILLS).map(|at| [at.to_string(), format!("赛项{at}")]).collect();
    let (id_numbers, people) = (HashSet::new(), HashSet::new());
    let skills = names.iter().map(|[number, zh]| KnownSkill {
        number,
        zh,
        en: "",
        is_open: false,
        people: 0,
        id_numbers: &id_numbers,
        names: &people,
    });
    let key = |number: &IdNumber| number.as_str().to_owned();
    let known = Known { skills: skills.collect(), only_skill: None, key: &key };
    let begun = Instant::now();
    for _ in 0..CSV_LISTS {
        let sheet = sheet::open(csv.as_bytes(), "list.csv").map_err(|finding| finding.code.to_owned())?;
        let proposal = roster::propose(&sheet, true);
        let header = proposal.header.ok_or("no header")?;
        let checked = roster::check(&sheet, "list.csv", header, &proposal.columns, &known);
        if checked.rows != checked.entries.len()
            || checked.rows != usize::try_from(CSV_ROWS).unwrap_or_default()
        {
            return Err(format!("{} people", checked.entries.len()));
        }
    }
    Ok(f64::from(CSV_ROWS * CSV_LISTS) / begun.elapsed().as_secs_f64())
}

/// Workbooks a second, each read from the disk and made a scheme of.
fn read_workbooks(folder: &Path) -> Result<f64, String> {
    let begun = Instant::now();
    for at in 0..WORKBOOKS {
        let bytes = std::fs::read(folder.join(format!("{at}.xlsx"))).map_err(|error| error.to_string())?;
        let read = cis::read(&bytes, "scheme.xlsx");
        let aspects = read.scheme.map_or(0, |scheme| scheme.aspects().count());
        if aspects != 200 {
            return Err(format!(
                "{aspects} aspects: {:?}",
                read.findings.first().map(|finding| finding.code)
            ));
        }
    }
    Ok(f64::from(WORKBOOKS) / begun.elapsed().as_secs_f64())
}

/// A scheme of five criteria with 200 aspects, a quarter of them judged, as CIS writes it.
fn workbook(at: u32) -> Result<Vec<u8>, String> {
    let aspect = |sub: &str, number: usize| {
        let is_judged = number.is_multiple_of(4);
        let rungs = ["poor", "meets the standard", "above it", "far above it"].map(str::to_owned);
        Aspect {
            description: format!("what is looked at in {sub}, number {number} of workbook {at}"),
            id: format!("{sub}.{number:02}").as_str().into(),
            max: Mark(50),
            measured_in: String::new(),
            method: if is_judged {
                Method::Judgement { rungs }
            } else {
                Method::Measurement(Calculation::PassFail)
            },
            note: String::new(),
            part: None,
            requirement: String::new(),
            section: None,
        }
    };
    let sub = |id: String| {
        let aspects = (1..=8).map(|number| aspect(&id, number)).collect();
        SubCriterion { aspects, day: 1, id: id.as_str().into(), name: format!("part {id}") }
    };
    let criteria = ["A", "B", "C", "D", "E"].map(|id| Criterion {
        id: id.into(),
        name: format!("criterion {id}"),
        sub_criteria: (1..=5).map(|at| sub(format!("{id}{at}"))).collect(),
    });
    let scheme = Scheme { criteria: criteria.into(), ..Scheme::default() };
    cis::write(&scheme, None).map_err(|findings| format!("{findings:?}"))
}

fn push(rounds: &mut [Rounds; 3], took: &Took) {
    rounds[0].push(took.looked_ms);
    rounds[1].push(took.committed_ms);
    rounds[2].push(took.memory_kib / 1_024.0);
}

fn took(command: &mut Command) -> Result<Took, String> {
    let done = command.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match numbers.as_slice() {
        [looked_ms, committed_ms, memory_kib, people, wrong] if *people > 0.0 && *wrong == 0.0 => {
            Ok(Took { looked_ms: *looked_ms, committed_ms: *committed_ms, memory_kib: *memory_kib })
        }
        _ => Err(format!("{command:?} said {text:?}")),
    }
}

/// Everybody made up, with numbers whose check characters are right.
fn roster() -> Result<Vec<u8>, String> {
    let failed = |error: rust_xlsxwriter::XlsxError| error.to_string();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, title) in (0..).zip(TITLES) {
        sheet.write_string(0, column, title).map_err(failed)?;
    }
    for at in 0..ROWS {
        for (column, cell) in (0..).zip(person(at)) {
            sheet.write_string(at + 1, column, cell).map_err(failed)?;
        }
    }
    book.save_to_buffer().map_err(failed)
}

fn person(at: u32) -> [String; 7] {
    [
        name(at),
        number(at),
        format!("赛项{}", at % SKILLS + 1),
        format!("第{}机械厂", at % 97 + 1),
        format!("第{}代表队", at % 14 + 1),
        "职工".to_owned(),
        "高级工".to_owned(),
    ]
}

fn csv() -> String {
    let rows = (0..CSV_ROWS).map(person);
    rows.fold(TITLES.join(","), |text, row| text + "\n" + &row.join(","))
}

fn name(at: u32) -> String {
    let letter = |from: u32, at: u32| char::from_u32(from + at % 400).unwrap_or('人');
    [letter(0x4E00, at), letter(0x5200, at / 400), letter(0x6200, at / 7)].iter().collect()
}

fn number(at: u32) -> String {
    let born = format!("{}{:02}{:02}", 1960 + at % 40, at / 40 % 12 + 1, at / 480 % 28 + 1);
    resident_number("130102", &born, at / 13_440)
}

/// One import by a server of its own: prints what it took, as the peer does.
pub(crate) fn importer(words: &[String]) -> Result<(), String> {
    let [file, database] = words else { return Err("importer FILE DATABASE".to_owned()) };
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let said = runtime.block_on(import(bytes, Path::new(database)))?;
    println!("{said}");
    Ok(())
}

async fn import(bytes: Vec<u8>, database: &Path) -> Result<String, String> {
    let config = Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: database.display().to_string(),
        ..Config::default()
    };
    let running = http::start(config).await.map_err(|error| error.code().to_owned())?;
    let mut desk = Browser::new(running.address);
    let secret = running.first_secret.clone().unwrap_or_default();
    let set_up = SetUp { password: secret.clone(), secret, name: "bench".to_owned() };
    desk.bearer = desk.post("/api/set-up", &set_up).await.json::<SignedIn>(200).bearer;
    desk.headers = vec![("accept", "text/html")];
    let form = "application/x-www-form-urlencoded";
    let made = "name=B9&tier=nation&rule_set=hebei-2025".as_bytes().to_vec();
    let made = led(&desk.send("POST", "/desk/new", made, form).await)?;
    let id = made.split(['/', '#']).nth(3).unwrap_or_default().to_owned();
    let lines: String = (1..=SKILLS).fold(String::new(), |mut lines, at| {
        let _ = write!(lines, "{at}%2C%E8%B5%9B%E9%A1%B9{at}%0A");
        lines
    });
    let skills = format!("skills={lines}").into_bytes();
    led(&desk.send("POST", &format!("/desk/competition/{id}/skills"), skills, form).await)?;

    let begun = Instant::now();
    let list = led(&desk.send("POST", &format!("/desk/competition/{id}/roster"), bytes, "").await)?;
    let page = desk.get(&list).await.text;
    let looked = begun.elapsed();
    let hidden = |name: &str| {
        let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().replace(',', "%2C")
    };
    let take = format!("columns={}&digest={}", hidden("columns"), hidden("digest")).into_bytes();
    let taken = led(&desk.send("POST", &format!("{list}/take"), take, form).await)?;
    let committed = begun.elapsed();
    let people: u32 = taken.rsplit('=').next().and_then(|count| count.parse().ok()).unwrap_or_default();
    running.stop().await;
    let memory = most_memory()?;
    Ok(format!(
        "{} {} {memory} {people} {}",
        looked.as_millis(),
        committed.as_millis(),
        ROWS.abs_diff(people)
    ))
}

fn led(answer: &Answer) -> Result<String, String> {
    let to = answer.header("location").map(str::to_owned);
    to.filter(|_| answer.status == 303).ok_or_else(|| format!("{} {}", answer.status, answer.text))
}

/// The most memory that this process took, in KiB.
fn most_memory() -> Result<u64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().map_err(|_| format!("no figure in {line:?}"))
}
