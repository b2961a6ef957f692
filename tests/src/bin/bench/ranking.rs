//! B5: totals, positions and scale of the national event N100 (100 skills × 40 competitors × 200
//! aspects), all anew and mark by mark; first it shows that both come to the same.

use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use domain::marking::VoidHow;
use domain::number::{Decimal, Mark};
use domain::results::board::{Board, Column};
use domain::rules::{ScaleFormula, ScaleRules};

use crate::measure::{ROUNDS, Seeded, Times, time};

const SKILLS: usize = 100;
const COMPETITORS: usize = 40;
const ASPECTS: usize = 200;
/// The maximum of every aspect, in hundredths; 200 of them are 100.00.
const ASPECT_MAX: i64 = 50;
const OPERATIONS: u32 = 1_000_000;
const MARKS_A_ROUND: u32 = 200_000;
const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/peers/ranking.py");

pub(crate) fn run() -> Result<(), String> {
    let mut seeded = Seeded(0x5EED_0100);
    let mut boards: Vec<Board> = (0..SKILLS).map(|_| marked_board(&mut seeded)).collect();
    let operations = agree(&mut boards, &mut seeded)?;
    println!("incremental = full after {operations} random operations on {SKILLS} skills");
    let mut sheets: Vec<Vec<i64>> = boards.iter().map(sheet).collect();
    let mut peer = Peer::start()?;

    let names =
        ["all anew: Board::rebuild × 100", "all anew: plain recount", "all anew: SQLite window query"];
    let mut all = names.map(Times::of);
    let names = [
        "one mark, any skill: set_mark, position, scale",
        "one mark, one skill: set_mark, position, scale",
        "one mark: plain recount of the skill",
        "one mark: SQLite",
    ];
    let mut one = names.map(Times::of);
    for _ in 0..ROUNDS {
        all[0].push(time(|| boards.iter_mut().for_each(|board| black_box(board).rebuild())), 1);
        all[1].push(time(|| sheets.iter().for_each(|sheet| drop(black_box(recount(sheet))))), 1);
        all[2].push(peer.ask("all")?, 1);
        let marks = random_marks(&mut seeded);
        one[0].push(time(|| mark_by_mark(&mut boards, &marks)), MARKS_A_ROUND);
        let of_one: Vec<_> = marks.iter().map(|(_, row, column, mark)| (0, *row, *column, *mark)).collect();
        one[1].push(time(|| mark_by_mark(&mut boards, &of_one)), MARKS_A_ROUND);
        one[2].push(time(|| recount_by_mark(&mut sheets, &marks[..500])), 500);
        one[3].push(peer.ask("one")?, 1);
    }
    for times in &all {
        times.show(&all[0]);
    }
    for times in &one {
        times.show(&one[0]);
    }
    println!("goals: all anew at most 2 ms, one mark at most 200 ns");
    Ok(())
}

fn marked_board(seeded: &mut Seeded) -> Board {
    let columns = vec![Column { max: Mark(ASPECT_MAX), part: 0, voided: None }; ASPECTS];
    let scale = ScaleRules {
        formula: ScaleFormula::MedianMad,
        centre: 700,
        spread: 30,
        deviation_factor: Some(Decimal(1_482_600)),
        source: String::new(),
    };
    let mut board = Board::new(columns, Vec::new(), 1, Some(Mark(1_000)), Some(scale), &[0; COMPETITORS]);
    for row in 0..COMPETITORS {
        let level = 20 + seeded.below(30);
        for column in 0..ASPECTS {
            board.set_mark(row, column, Some(some_mark(seeded, level)));
        }
    }
    board
}

/// A mark around a competitor's level, 0 to the maximum.
fn some_mark(seeded: &mut Seeded, level: usize) -> i64 {
    let mark = i64::try_from(level + seeded.below(30)).unwrap_or(0) - 15;
    mark.clamp(0, ASPECT_MAX)
}

/// A million marks, corrections, marks taken back, penalties, absences and voided aspects; now and
/// then everything is worked out anew and must be the same.
fn agree(boards: &mut [Board], seeded: &mut Seeded) -> Result<u32, String> {
    for operation in 1..=OPERATIONS {
        let (skill, row, column) = (seeded.below(SKILLS), seeded.below(COMPETITORS), seeded.below(ASPECTS));
        let board = &mut boards[skill];
        let size = i64::try_from(seeded.below(50)).unwrap_or(0);
        match seeded.below(1_000) {
            0..40 => board.set_mark(row, column, None),
            40..60 => board.set_penalty(row, Mark(size * 40)),
            60..80 => board.set_competing(row, size % 4 != 0),
            80 => board.set_voided(column, Some(VoidHow::Full)),
            81 => board.set_voided(column, Some(VoidHow::Removed)),
            82..86 => board.set_voided(column, None),
            // Marks that were taken back come again, so that totals come and go.
            _ => {
                let column = (0..ASPECTS).find(|at| board.mark(row, *at).is_none()).unwrap_or(column);
                board.set_mark(row, column, Some(size));
            }
        }
        if operation % 100 == 0 {
            let mut anew = board.clone();
            anew.rebuild();
            if let Some(row) = (0..COMPETITORS).find(|row| figures(board, *row) != figures(&anew, *row)) {
                return Err(format!("after {operation} operations row {row} of skill {skill} differs"));
            }
        }
    }
    for board in boards {
        for column in 0..ASPECTS {
            board.set_voided(column, None);
        }
        for row in 0..COMPETITORS {
            board.set_competing(row, true);
            (0..ASPECTS).for_each(|column| {
                let mark = board.mark(row, column).unwrap_or(25);
                board.set_mark(row, column, Some(mark));
            });
        }
    }
    Ok(OPERATIONS)
}

fn figures(board: &Board, row: usize) -> (Option<Mark>, Option<usize>, Option<i64>, usize) {
    (board.total(row), board.position(row), board.scale(row), board.unmarked(row))
}

fn random_marks(seeded: &mut Seeded) -> Vec<(usize, usize, usize, i64)> {
    let mark = |_| {
        let place = (seeded.below(SKILLS), seeded.below(COMPETITORS), seeded.below(ASPECTS));
        (place.0, place.1, place.2, some_mark(seeded, 35))
    };
    (0..MARKS_A_ROUND).map(mark).collect()
}

#[inline(never)] // so that its instructions can be counted by name
fn mark_by_mark(boards: &mut [Board], marks: &[(usize, usize, usize, i64)]) {
    for (skill, row, column, mark) in marks {
        let board = &mut boards[*skill];
        board.set_mark(*row, *column, Some(*mark));
        black_box((board.position(*row), board.scale(*row)));
    }
}

/// The marks of a skill as a plain table.
fn sheet(board: &Board) -> Vec<i64> {
    let cells = (0..COMPETITORS).flat_map(|row| (0..ASPECTS).map(move |column| (row, column)));
    cells.map(|(row, column)| board.mark(row, column).unwrap_or(0)).collect()
}

/// What one would write without a board: sums, sorted copies, the scale of everyone.
fn recount(sheet: &[i64]) -> Vec<(i64, usize, i64)> {
    let totals: Vec<i64> = sheet.chunks(ASPECTS).map(|row| row.iter().sum()).collect();
    let median_2 = median_2(&totals);
    let deviations: Vec<i64> = totals.iter().map(|total| (2 * total - median_2).abs()).collect();
    let mad_4 = self::median_2(&deviations).max(1);
    let place = |total: &i64| {
        let position = 1 + totals.iter().filter(|other| *other > total).count();
        let points = (60 * (2 * total - median_2) * 1_000_000).div_euclid(1_482_600 * mad_4);
        (*total, position, 700 + points)
    };
    totals.iter().map(place).collect()
}

fn median_2(values: &[i64]) -> i64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]
}

fn recount_by_mark(sheets: &mut [Vec<i64>], marks: &[(usize, usize, usize, i64)]) {
    for (skill, row, column, mark) in marks {
        sheets[*skill][row * ASPECTS + column] = *mark;
        black_box(recount(&sheets[*skill]));
    }
}

/// The SQLite peer: it times itself, so that no pipe is counted.
struct Peer {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn start() -> Result<Self, String> {
        let sizes = [SKILLS, COMPETITORS, ASPECTS].map(|size| size.to_string());
        let mut child = Command::new("python3")
            .arg(Path::new(PEER))
            .args(sizes)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("python3 could not be started: {error}"))?;
        let (ask, answers) = child.stdin.take().zip(child.stdout.take()).ok_or("no pipes to the peer")?;
        let mut peer = Self { child, ask, answers: BufReader::new(answers) };
        println!("peer: {}", peer.line()?.trim());
        Ok(peer)
    }

    fn ask(&mut self, what: &str) -> Result<Duration, String> {
        writeln!(self.ask, "{what}").map_err(|error| error.to_string())?;
        let line = self.line()?;
        let nanoseconds = line.trim().parse().map_err(|_| format!("the peer said {line:?}"))?;
        Ok(Duration::from_nanos(nanoseconds))
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| error.to_string())?;
        Ok(line)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
