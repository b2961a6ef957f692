//! What a judge marks, from a ledger's state. Pure: another feature answers HTTP with it.

use std::collections::BTreeMap;

use domain::finding::Language;
use domain::id::{CompetitorCode, DeviceId, EntryId, JudgeCode};
use domain::ledger::Status;
use domain::marking::{self, Cell, Pending, Phase, Said, Skill, State};
use domain::scheme::Method;
use protocol::frame::Epoch;
use protocol::judge::{Competing, Form, Revealed, Score, Sheet, SheetCell, Sheets};

use super::heads::open_round;

/// The judge's forms and sheets, for one of their devices; none before the skill is open. The epoch
/// is one that had begun when the state was read, and entries up to `safe_seq` have a copy in a second
/// place.
#[must_use]
pub fn sheets(
    state: &State,
    epoch: Epoch,
    safe_seq: i64,
    device: &DeviceId,
    judge: &JudgeCode,
) -> Option<Sheets> {
    let skill = state.skill.as_deref()?;
    let competitors = skill.opening.competitors.iter().enumerate().map(|(row, entrant)| Competing {
        code: entrant.code.clone(),
        is_out: !skill.board.is_competing(row),
    });
    let forms = skill.opening.scheme.sub_criteria().enumerate().filter_map(|(at, (criterion, sub))| {
        let own = skill.panel(at).iter().filter(|seat| seat.judge == *judge);
        // Who stands in is there for single competitors; who was given another seat is there for that.
        let seat = own.clone().find(|seat| !seat.has_left).or_else(|| own.clone().next());
        let seat = seat.filter(|_| skill.sits(at, judge))?;
        Some(Form {
            aspects: sub.aspects.clone(),
            counts: seat.counts,
            criterion: criterion.id.clone(),
            criterion_name: criterion.name.clone(),
            day: sub.day,
            name: sub.name.clone(),
            sheets: (0..skill.competitors.len()).map(|row| sheet(skill, safe_seq, row, at, judge)).collect(),
            sub_criterion: sub.id.clone(),
        })
    });
    Some(Sheets {
        // Who is connected stands in no ledger, either.
        also: String::new(),
        // Who is called stands in no ledger.
        calls: Vec::new(),
        calls_number: 0,
        competitors: competitors.collect(),
        device: device.clone(),
        epoch,
        forms: forms.collect(),
        is_open: skill.phase == Phase::Open,
        judge: judge.clone(),
        seq: state.head.seq,
    })
}

/// Whether somebody who leads a skill is shown what a judge said of the present round of a cell: where they
/// have a seat on its panel themselves, only once the round is complete.
#[must_use]
pub fn may_see(skill: &Skill, leader: &JudgeCode, row: usize, column: usize, judge: &JudgeCode) -> bool {
    let has_seat = skill.seat(row, column, leader).is_some();
    let is_scored = matches!(skill.cell(row, column), Cell::Scored(_));
    !is_scored || !has_seat || judge == leader || skill.is_round_complete(row, column)
}

fn sheet(skill: &Skill, safe_seq: i64, row: usize, sub: usize, judge: &JudgeCode) -> Sheet {
    let kept = skill.sheet(row, sub);
    let marks = skill.marks(row, sub, judge);
    // Whoever does not mark a competitor learns nothing of what others say of them.
    let cells = skill.columns_of(sub).map(|column| match marks {
        true => cell(skill, safe_seq, (row, column), judge, kept),
        false => nothing(),
    });
    let is_complete = skill.missing_on_sheet(row, sub) == 0 && skill.pending_on_sheet(row, sub) == 0;
    let waits_for_competitor = skill.is_signed(row, sub)
        && skill.lacks_competitor(row, sub)
        && skill.board.is_competing(row)
        && marks
        && skill.panel(sub).iter().any(|seat| seat.judge == *judge && seat.counts);
    let of = &skill.opening.competitors[row].code;
    let id = skill.opening.scheme.sub_criteria().nth(sub).map(|(_, sub)| sub.id.as_str());
    Sheet {
        cells: cells.collect(),
        competitor_signs_at: waits_for_competitor
            .then(|| web::countersign_address(of.as_str(), id.unwrap_or_default())),
        digest: (is_complete && marks).then(|| skill.sheet_digest(row, sub)),
        drawn: kept.and_then(|sheet| sheet.drawn.get(judge).copied()),
        empty_seats: String::new(),
        is_declined: kept.is_some_and(|sheet| sheet.declined.contains_key(judge)),
        is_locked: kept.is_some_and(|sheet| sheet.is_locked),
        is_signed: kept.is_some_and(|sheet| sheet.signed.contains(judge)),
        marked_by: (!marks)
            .then(|| skill.instead(row, sub, judge).map(JudgeCode::to_string).unwrap_or_default()),
        signed_by: kept.and_then(|sheet| sheet.signed_for.get(judge).cloned()),
    }
}

fn nothing() -> SheetCell {
    SheetCell {
        asked_unlock: None,
        conflict: Vec::new(),
        entry: None,
        is_corrected: false,
        is_disputed: false,
        is_sealed: false,
        is_unlocked: false,
        mark: None,
        previous: None,
        revealed: Vec::new(),
        round: 1,
        value: None,
        waits_for: String::new(),
    }
}

fn cell(
    skill: &Skill,
    safe_seq: i64,
    (row, column): (usize, usize),
    judge: &JudgeCode,
    sheet: Option<&marking::Sheet>,
) -> SheetCell {
    let round = match skill.cell(row, column) {
        Cell::Measured(_) => 1,
        Cell::Scored(_) => open_round(skill, row, column),
    };
    let said = |round| skill.head(row, column, judge, round);
    let here = said(round);
    let previous = if round > 1 { said(round - 1).map(|said: &Said| said.value.clone()) } else { None };
    let asked = sheet.and_then(|sheet| sheet.asked.get(&(column, judge.clone())));
    SheetCell {
        asked_unlock: asked.map(|asked| asked.is_denied),
        conflict: Vec::new(),
        entry: here.map(|said| said.entry),
        is_corrected: here.is_some_and(|said| said.is_corrected),
        is_disputed: skill.is_disputed(row, column),
        is_sealed: here.is_some_and(|said| said.seq <= safe_seq),
        is_unlocked: sheet.is_some_and(|sheet| sheet.unlocked.contains(&column)),
        mark: skill.shown_mark(row, column).filter(|_| skill.is_round_complete(row, column)),
        previous,
        revealed: revealed(skill, row, column, judge),
        round,
        value: here.map(|said| said.value.clone()),
        waits_for: String::new(),
    }
}

/// What a judge is told of so many other devices of theirs that are connected; nothing of none.
pub(super) fn also(others: usize, language: Language) -> String {
    match (others, language) {
        (0, _) => String::new(),
        (_, Language::Chinese) => {
            format!("另有 {others} 台设备也以您的身份在线；两边录入的都保留。不在您手里的，请告诉裁判长。")
        }
        (1, Language::English) => {
            "Another device is connected as you; what either enters is kept. Is it not in your hands? Tell the chief judge.".to_owned()
        }
        (_, Language::English) => format!(
            "{others} other devices are connected as you; what each enters is kept. Are they not in your hands? Tell the chief judge."
        ),
    }
}

/// Says who marks a competitor instead of this judge, which seats of the panel are empty, and in each cell that
/// its judge has scored who of the panel has still to.
pub(super) fn tell_others(
    sheets: &mut Sheets,
    skill: &Skill,
    is_connected: impl Fn(&JudgeCode) -> bool,
    language: Language,
) {
    let word = |judge: &JudgeCode| match (is_connected(judge), language) {
        (true, _) => judge.to_string(),
        (false, Language::Chinese) => format!("{judge}（离线）"),
        (false, Language::English) => format!("{judge} (offline)"),
    };
    let between = if language == Language::Chinese { "、" } else { ", " };
    for form in &mut sheets.forms {
        let Some(sub) = skill.sub(&form.sub_criterion) else { continue };
        for (row, sheet) in form.sheets.iter_mut().enumerate() {
            // Whoever stands in sees nothing of whom they do not mark.
            let is_seated = skill.panel(sub).iter().any(|seat| seat.judge == sheets.judge && !seat.has_left);
            if let Some(by) = sheet.marked_by.as_mut().filter(|_| is_seated) {
                *by = match (by.as_str(), language) {
                    ("", Language::Chinese) => "您回避，代评的裁判待定".to_owned(),
                    ("", Language::English) => "not yours; who stands in is not named yet".to_owned(),
                    (by, Language::Chinese) => format!("由 {by} 代评"),
                    (by, Language::English) => format!("{by} stands in"),
                };
            }
            if sheet.marked_by.is_none() {
                sheet.empty_seats = empty_seats(&skill.vacant(row, sub), language);
            }
            for (cell, column) in sheet.cells.iter_mut().zip(skill.columns_of(sub)) {
                if cell.value.is_some() {
                    let silent: Vec<String> = skill.silent(row, column).into_iter().map(word).collect();
                    cell.waits_for = silent.join(between);
                }
            }
            if sheet.marked_by.is_none() {
                let competitor = &skill.opening.competitors[row].code;
                tell_undecided(sheet, skill, (competitor, sub), &sheets.judge, language);
            }
        }
    }
}

/// In the cells of a sheet where a mark waits for the chief judge, says so: to everybody where it is the
/// panel's one value, else to the judge whose score it is.
fn tell_undecided(
    sheet: &mut Sheet,
    skill: &Skill,
    (competitor, sub): (&CompetitorCode, usize),
    judge: &JudgeCode,
    language: Language,
) {
    for Pending { mark, .. } in
        skill.pending.values().filter(|pending| pending.mark.competitor == *competitor)
    {
        let Some(column) = skill.column(&mark.aspect).filter(|column| skill.sub_of(*column) == sub) else {
            continue;
        };
        let is_shared = matches!(skill.aspect(column).method, Method::Measurement(_));
        let at = skill.columns_of(sub).position(|one| one == column);
        if let Some(cell) =
            at.and_then(|at| sheet.cells.get_mut(at)).filter(|_| is_shared || mark.judge == *judge)
        {
            cell.waits_for = match language {
                Language::Chinese => format!("裁判长决定 {} 的另一个值是否计入", mark.judge),
                Language::English => format!("the chief judge to decide on another value of {}", mark.judge),
            };
        }
    }
}

/// What the others of a panel are told of its seats in which nobody sits; nothing of none.
fn empty_seats(left: &[&JudgeCode], language: Language) -> String {
    let of = |between| left.iter().map(|judge| judge.as_str()).collect::<Vec<_>>().join(between);
    match (left.len(), language) {
        (0, _) => String::new(),
        (_, Language::Chinese) => {
            format!("{} 的席位空着：不再等其评分，由其余裁判的分数算出。", of("、"))
        }
        (1, Language::English) => format!(
            "The seat of {} is empty: no score is waited for there, and the others' are what counts.",
            of("")
        ),
        (_, Language::English) => format!(
            "The seats of {} are empty: no scores are waited for there, and the others' are what counts.",
            of(", ")
        ),
    }
}

/// The cells where a mark of this judge's waits as a conflict, each with that entry, the newest of them, and
/// the one that stands there.
pub(super) fn conflicts<'a>(
    sheets: &'a mut Sheets,
    skill: &Skill,
) -> impl Iterator<Item = (&'a mut SheetCell, [EntryId; 2])> {
    let Sheets { competitors, forms, judge, .. } = sheets;
    let mut waiting = BTreeMap::new();
    for (id, Pending { status, mark }) in &skill.pending {
        if *status == Status::Conflict && mark.judge == *judge {
            let place = (mark.aspect.clone(), mark.competitor.clone());
            waiting.entry(place).and_modify(|known: &mut EntryId| *known = (*known).max(*id)).or_insert(*id);
        }
    }
    let competitors = &*competitors;
    forms.iter_mut().flat_map(move |form| {
        let mut of_form = Vec::new();
        for (sheet, competitor) in form.sheets.iter_mut().zip(competitors) {
            for (cell, aspect) in sheet.cells.iter_mut().zip(&form.aspects) {
                let waits = waiting.get(&(aspect.id.clone(), competitor.code.clone()));
                if let Some((id, stands)) = waits.copied().zip(cell.entry) {
                    of_form.push((cell, [id, stands]));
                }
            }
        }
        of_form
    })
}

/// The panel's scores of the rounds that are complete. A trainee, whom no round waits for, is told of
/// those in which they have scored themselves.
fn revealed(skill: &Skill, row: usize, column: usize, judge: &JudgeCode) -> Vec<Revealed> {
    let rounds = skill.revealed(row, column).into_iter();
    let own = rounds.filter(|(round, _)| skill.head(row, column, judge, *round).is_some());
    let told = own.map(|(round, scores)| Revealed {
        round,
        scores: scores
            .into_iter()
            .map(|(judge, value)| Score { judge: judge.clone(), value: value.clone() })
            .collect(),
    });
    told.collect()
}
