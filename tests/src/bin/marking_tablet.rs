//! A judge's tablet as a program: it signs in by the card it is given, over HTTP, and marks over the
//! judge's socket what it is told on its input, a line each. What it has done it says, a line each.
//!
//! `marking_tablet ADDRESS CODE PIN`, then `mark COMPETITOR ASPECT VALUE`, or `rest` for everything
//! that is not marked yet. A line is answered once the server has it.
#![expect(clippy::expect_used, reason = "a child that cannot work is seen by its parent")]

use std::io::{BufRead as _, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;

use domain::id::{AspectId, CompetitorCode, EntryId};
use domain::marking::{Body, Mark};
use domain::number::Decimal;
use domain::scheme::{Aspect, Calculation, Method};
use domain::scoring::Value;
use judge_client::native::{Options, Player, Random, Storage, unix_ms};
use judge_client::{Act, Device};
use protocol::account::{Bench, Enrol, Identity, SignedIn, Ticket};
use protocol::frame::{Cell, Versions};
use protocol::judge::Sheets;
use tests::http::Browser;
use tokio::net::TcpStream;

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [address, code, pin] = words.as_slice() else { return };
    let address: SocketAddr = address.parse().expect("an address");
    let mut tablet = Browser::new(address);
    let enrol = Enrol { code: code.clone(), pin: pin.clone() };
    let signed_in: SignedIn = tablet.post("/api/enrol", &enrol).await.json(200);
    tablet.bearer = signed_in.bearer;
    let Identity::Judge(bench) = signed_in.who else { return };
    let player = start(&tablet, address, &bench);
    let mut random = Random::new(unix_ms());
    say("ready");
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("text");
        let words: Vec<&str> = line.split(' ').collect();
        let sheets: Sheets = tablet.get("/api/judge/sheets").await.json(200);
        let marks = match words.as_slice() {
            ["mark", competitor, aspect, value] => {
                let (base, is_own) = find(&sheets, competitor, aspect).expect("a cell of this judge's");
                vec![((*competitor).to_owned(), (*aspect).to_owned(), number(value), base, is_own)]
            }
            _ => unmarked(&sheets),
        };
        let count = marks.len();
        for cell in marks {
            let act = act(&mut random, &bench, cell);
            player.enter(act).await.expect("it is saved");
        }
        player.wait_until_received().await.expect("the player runs");
        say(&format!("received {count}"));
    }
}

/// Competitor, aspect, value, what stands in the cell, and whether the cell is this judge's own.
type Cells = (String, String, Value, Option<EntryId>, bool);

fn start(tablet: &Browser, address: SocketAddr, bench: &Bench) -> Player {
    let asking = tablet.clone();
    let options = Options {
        device: Device { id: bench.device.clone(), ledger: bench.ledger.clone(), versions: Versions::OURS },
        url: format!("ws://{address}/api/judge/socket"),
        authority: None,
        origin: None,
        ticket: Arc::new(move || {
            let asking = asking.clone();
            Box::pin(async move {
                // The server may be away; then the tablet tries again.
                TcpStream::connect(address).await.map_err(|_| "away".to_owned())?;
                let answer = asking.post("/api/judge/ticket", &()).await;
                if answer.status == 200 { Ok(answer.json::<Ticket>(200).ticket) } else { Err(answer.code()) }
            })
        }),
        storage: Storage::Memory,
        seed: unix_ms(),
        show: Box::new(|_| ()),
    };
    Player::start(options).expect("the player starts")
}

fn find(sheets: &Sheets, competitor: &str, aspect: &str) -> Option<(Option<EntryId>, bool)> {
    let row = sheets.competitors.iter().position(|one| one.code.as_str() == competitor)?;
    sheets.forms.iter().find_map(|form| {
        let column = form.aspects.iter().position(|one| one.id.as_str() == aspect)?;
        Some((form.sheets.get(row)?.cells.get(column)?.entry, is_own(&form.aspects[column])))
    })
}

/// Everything that this judge has not marked yet, with a value each: most of what can be had, less
/// for each competitor after the first.
fn unmarked(sheets: &Sheets) -> Vec<Cells> {
    let mut cells = Vec::new();
    for form in &sheets.forms {
        for (row, (competitor, sheet)) in sheets.competitors.iter().zip(&form.sheets).enumerate() {
            for (aspect, cell) in form.aspects.iter().zip(&sheet.cells) {
                if cell.entry.is_none() && !competitor.is_out {
                    let value = value(aspect, i64::try_from(row).expect("a hall of people"));
                    let (code, id) = (competitor.code.to_string(), aspect.id.to_string());
                    cells.push((code, id, value, None, is_own(aspect)));
                }
            }
        }
    }
    cells
}

/// Whether each judge has a cell of their own; a measurement is the panel's.
fn is_own(aspect: &Aspect) -> bool {
    !matches!(aspect.method, Method::Measurement(_))
}

/// Whole numbers of millionths; a mark is counted in hundredths.
fn value(aspect: &Aspect, row: i64) -> Value {
    let max = aspect.max.0;
    let whole = |number: i64| Value::Number(Decimal(number * 1_000_000));
    match &aspect.method {
        Method::Measurement(Calculation::Direct) => {
            Value::Number(Decimal((max - row % 4 * max / 8) * 10_000))
        }
        Method::Measurement(Calculation::PassFail) => whole(1 - row % 2),
        Method::Measurement(Calculation::NumberCompleted { possible }) => whole(i64::from(*possible)),
        Method::Measurement(Calculation::Choice { choices, .. }) => {
            Value::Choice(choices.first().expect("a choice").label.clone())
        }
        Method::Measurement(Calculation::Ranged { target, .. } | Calculation::Difference { target, .. }) => {
            Value::Number(*target)
        }
        Method::Judgement { .. } => whole(3 - row % 2),
        Method::Panel(scoring) => Value::Number(scoring.score_max),
    }
}

fn act(random: &mut Random, bench: &Bench, (competitor, aspect, value, base, is_own): Cells) -> Act {
    let now = unix_ms();
    let (aspect, competitor) = (AspectId::from(aspect), CompetitorCode::from(competitor));
    let judge = is_own.then(|| bench.judge.clone());
    let cell = Cell { aspect: aspect.clone(), competitor: competitor.clone(), judge, round: 1 };
    Act {
        id: EntryId::made_at(now, random.next_wide()),
        body: Body::Mark(Mark {
            aspect,
            competitor,
            judge: bench.judge.clone(),
            reason: None,
            round: 1,
            value,
        }),
        cell: Some(cell),
        base,
        client_time: i64::try_from(now).expect("a time"),
        elapsed_ms: 0,
        drawing: None,
        reason: None,
    }
}

/// Whole numbers are enough for a test.
fn number(text: &str) -> Value {
    Value::Number(Decimal(text.parse::<i64>().expect("a whole number") * 1_000_000))
}

fn say(words: &str) {
    println!("{words}");
    std::io::stdout().flush().expect("the parent listens");
}
