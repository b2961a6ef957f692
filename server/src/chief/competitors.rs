//! What a chief judge decides of competitors, and when they start and hand in.

use std::sync::LazyLock;

use domain::id::{CompetitorCode, EntryId};
use domain::marking::{self, Absent, Body, Disqualify, ExtraTime, Penalty, Skill, Withdraw};
use domain::number::{Mark, narrow};
use protocol::chief::{AllAtMoment, AtMoment, Moment, OfCompetitor, What};
use protocol::desk::Decide;
use tokio::sync::Mutex;

use super::{Done, Form, enter, part_of, propose, reason};
use crate::accounts::Enrolled;
use crate::desk::{DeskError, Refusal};
use crate::http::App;

/// The most minutes that one entry gives back.
const MINUTES_MAX: u32 = 24 * 60;

/// One form of a moment after the other: its time is the server's when it comes, and the second sending
/// of a form is to find the entry of the first.
static MOMENTS: LazyLock<Mutex<()>> = LazyLock::new(Mutex::default);

/// Decides something of a competitor.
impl Form for OfCompetitor {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let Self { act, competitor, what, amount, word, salt, reason: text } = self;
        // A wrong line of a list is chosen easily, and this one ends somebody's competition.
        let is_named = narrow(word.trim()).eq_ignore_ascii_case(competitor.as_str());
        match (what == What::Disqualify, is_named) {
            (true, false) => return Err(DeskError::WordNeeded { code: competitor.to_string() }.into()),
            (false, _) if !word.trim().is_empty() => return Err(DeskError::WordMisplaced.into()),
            _ => {}
        }
        let amount = narrow(&amount);
        let (reason, text) = reason(&salt, &text)?;
        let unreadable = || Refusal::from(DeskError::NumberUnreadable { text: amount.trim().to_owned() });
        let body = match what {
            What::Absent => Body::Absent(Absent { competitor, reason }),
            What::Withdraw => Body::Withdraw(Withdraw { competitor, reason }),
            What::Disqualify => Body::Disqualify(Disqualify { competitor, reason }),
            What::Penalty => {
                let marks = Mark::parse(amount.trim()).map_err(|_| unreadable())?;
                Body::Penalty(Penalty { competitor, marks, reason })
            }
            What::ExtraTime => {
                let minutes: Option<u32> = amount.trim().parse().ok();
                let minutes =
                    minutes.filter(|minutes| (1..=MINUTES_MAX).contains(minutes)).ok_or_else(unreadable)?;
                Body::ExtraTime(ExtraTime { competitor, minutes, reason })
            }
        };
        let decide = Decide { act, body, reason: Some(text) };
        if what == What::Disqualify {
            propose(app, chief, &decide).await
        } else {
            enter(app, chief, decide).await
        }
    }
}

/// One competitor starts or hands in.
impl Form for AtMoment {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let _one_at_once = MOMENTS.lock().await;
        let Self { act, competitor, what, stands } = self;
        if said_before(app, chief, act, &competitor, what).await? {
            return Ok(Done::Entered);
        }
        let state = app.ledger.state(&chief.ledger).await?;
        let skill = state.skill.as_deref().ok_or(marking::Refusal::NotOpen)?;
        let unknown = || marking::Refusal::UnknownCompetitor { code: competitor.to_string() };
        let row = skill.row(&competitor).ok_or_else(unknown)?;
        if !skill.board.is_competing(row) {
            return Err(DeskError::NotCompeting.into());
        }
        // The last one holds, so that a form made before somebody else's must not move it.
        let there = moment(skill, row, what).map(|(entry, _)| entry.to_string()).unwrap_or_default();
        if there != stands {
            return Err(DeskError::TimeChanged.into());
        }
        let decide = entry(act, competitor.clone(), what, (app.clock)());
        match enter(app, chief, decide).await {
            // Another server was sent the same form at the same moment; the time of the first holds.
            Err(refusal) if said_before(app, chief, act, &competitor, what).await? => {
                tracing::info!(code = refusal.error.code(), "a form came twice at once");
                Ok(Done::Entered)
            }
            done => done,
        }
    }
}

/// All who are to start, start; or all who work hand in. Whoever did before is left alone.
impl Form for AllAtMoment {
    async fn send(self, app: &App, chief: &Enrolled) -> Result<Done, Refusal> {
        let _one_at_once = MOMENTS.lock().await;
        let Self { act, what } = self;
        let state = app.ledger.state(&chief.ledger).await?;
        let skill = state.skill.as_deref().ok_or(marking::Refusal::NotOpen)?;
        let at = (app.clock)();
        let (mut entered, mut of) = (0, 0);
        for row in to_do(skill, what) {
            let competitor = skill.opening.competitors[row].code.clone();
            let act = part_of(act, &[competitor.as_str()]);
            of += 1;
            match enter(app, chief, entry(act, competitor, what, at)).await {
                Ok(_) => entered += 1,
                Err(refusal) if refusal.is_ours => return Err(refusal),
                Err(_) => {}
            }
        }
        Ok(Done::EnteredOf(entered, of))
    }
}

/// Whether a form was sent before: its entry has the time at which it came first.
async fn said_before(
    app: &App,
    chief: &Enrolled,
    act: EntryId,
    competitor: &CompetitorCode,
    what: Moment,
) -> Result<bool, Refusal> {
    let Some(sealed) = app.ledger.entry(&chief.ledger, act).await? else { return Ok(false) };
    let is_same = match (&sealed.entry.body, what) {
        (Body::Start(body), Moment::Start) | (Body::Stop(body), Moment::HandIn) => {
            body.competitor == *competitor && sealed.entry.actor == chief.judge.as_str()
        }
        _ => false,
    };
    if is_same { Ok(true) } else { Err(DeskError::SaidBefore.into()) }
}

/// Who of those who compete has still to start, or works.
pub(super) fn to_do(skill: &Skill, what: Moment) -> impl Iterator<Item = usize> {
    let competing = (0..skill.competitors.len()).filter(|row| skill.board.is_competing(*row));
    competing.filter(move |row| {
        let known = &skill.competitors[*row];
        match what {
            Moment::Start => known.start.is_none(),
            Moment::HandIn => known.start.is_some() && known.stop.is_none(),
        }
    })
}

fn moment(skill: &Skill, row: usize, what: Moment) -> Option<(EntryId, i64)> {
    match what {
        Moment::Start => skill.competitors[row].start,
        Moment::HandIn => skill.competitors[row].stop,
    }
}

fn entry(act: EntryId, competitor: CompetitorCode, what: Moment, at: i64) -> Decide {
    let moment = marking::Moment { at, competitor };
    let body = match what {
        Moment::Start => Body::Start(moment),
        Moment::HandIn => Body::Stop(moment),
    };
    Decide { act, body, reason: None }
}
