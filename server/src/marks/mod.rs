//! Marks that come by a list: of a paper that was written and marked outside of Leitai, say. One aspect at a time, by
//! whoever may mark for another; they become ordinary entries of the skill's ledger, whose reason names the file by its
//! digest (docs/adr/0031). What a list says and what is wrong with it is `exchange::marks`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::http::StatusCode;
use domain::access::{Action, Role, Scope};
use domain::finding::{Language, Place, Spoken};
use domain::findings;
use domain::id::{AspectId, CompetitorCode, DeviceId, EntryId, JudgeCode, LedgerId};
use domain::ledger::{self, Command, Hash, Status};
use domain::marking::{self, Body, Cell, Pending, Phase, Said, Skill, Stamp, State};
use domain::number::{Decimal, Mark};
use domain::scheme::{Calculation, Method};
use domain::scoring::Value;
use protocol::frame;
use protocol::setup::{DryRun, ListOf, MarkAspect, MarksHome};

use crate::accounts::{self, AccountError, Staff};
use crate::competition::{self, KeptSkill};
use crate::desk;
use crate::exchange::list::Checked;
use crate::exchange::marks::{self, Column, Entry, Known, NEEDED, Unit};
use crate::exchange::package::{Person, SkillDocument};
use crate::exchange::sheet::Sheet;
use crate::http::{App, Failure};
use crate::ledger::{Origin, ReasonText, Submission};
use crate::list::{self, ListError, Looked, Purpose, unwritable};
use crate::organisation;
use crate::setup;

findings! {
    /// Why marks of a list were not entered.
    pub enum MarksError {
        AspectUnknown = Error "marks_aspect_unknown",
            "请先选评分点：直接给分的那一个。",
            "Choose the aspect first: one whose mark is given directly.";
        NotOpen = Error "marks_not_open",
            "赛项还没有开放评分；开放后再录入成绩。",
            "The skill is not open for marking yet; take the marks in once it is.";
        Partly { done: usize, of: usize, problem: Spoken } = Error "marks_partly",
            "{of} 条里录入了 {done} 条，其余没有：{problem:#}。请看过现在的结果，再传同一份文件，已录入的不会重复。",
            "{done} of {of} were entered and the others not: {problem}. Look at what stands there now and send the same file again; nothing is entered twice.";
        PartlyUndone { done: usize, of: usize, problem: Spoken } = Error "marks_partly_undone",
            "{of} 条里撤回了 {done} 条，其余没有：{problem:#}。请看过现在的结果，再撤销一次，只撤其余的。",
            "{done} of {of} were taken back and the others not: {problem}. Look at what stands there now and take the list back once more; only the others are.";
        NotUndone { code: String, problem: Spoken } = Error "marks_not_undone",
            "编号 {code} 的分不能撤回：{problem:#}。什么都没有改；请让裁判长先处理。",
            "The mark of number {code} cannot be taken back: {problem}. Nothing was changed; the chief judge has to see to it first.";
        NothingStands = Error "marks_nothing_stands",
            "这份成绩里没有一条还有效：都已被更正。什么都没有改。",
            "No mark of this list stands any more: each was corrected since. Nothing was changed.";
        Failed { problem: Spoken } = Error "marks_failed", "{problem:#}。", "{problem}.";
    }
}

/// A skill that is marked, and one of its aspects.
struct There {
    competition: String,
    kept: KeptSkill<SkillDocument>,
    state: Arc<State>,
    /// In which role marks are entered.
    role: Role,
}

impl There {
    async fn load(app: &App, staff: &Staff, id: &LedgerId) -> Result<Self, Failure> {
        let competition = competition::of_skill(&app.database, id).await.map_err(setup::failed)?;
        let kept = desk::find(app, id).await.map_err(setup::failed)?;
        let state = app.ledger.state(id).await.map_err(|error| failed(error.spoken()))?;
        let reach = organisation::reach(&app.database, &Scope::Skill(id.clone())).await?;
        let role = staff.may(Action::MarkForAnother, &reach).ok_or_else(Failure::not_found)?;
        Ok(Self { competition, kept, state, role })
    }

    fn skill(&self) -> Result<&Skill, MarksError> {
        self.state.skill.as_deref().ok_or(MarksError::NotOpen)
    }

    /// The aspects whose marks can be taken in, by their columns: a measurement whose value is the mark itself.
    fn aspects(&self) -> impl Iterator<Item = usize> {
        let skill = self.state.skill.as_deref();
        let all = skill.map_or(0, |skill| skill.opening.scheme.aspects().count());
        (0..all).filter(move |column| {
            let method = skill.map(|skill| &skill.aspect(*column).method);
            matches!(method, Some(Method::Measurement(Calculation::Direct)))
        })
    }

    /// The column of an aspect of which marks can be taken in.
    fn column(&self, aspect: &str) -> Result<usize, MarksError> {
        let column = self.skill()?.column(&AspectId::from(aspect)).ok_or(MarksError::AspectUnknown)?;
        self.aspects().find(|known| *known == column).ok_or(MarksError::AspectUnknown)
    }

    /// Who is marked, as lists may name them. While codes are sealed, nobody is known.
    fn known(&self, skill: &Skill, column: usize) -> Known {
        let coding = self.state.coding.as_deref();
        let drawn = coding.map(|coding| coding.opened());
        let is_sealed = matches!(drawn, Some(None));
        let code_of = |person: &Person| match &drawn {
            None => Some(person.unit()),
            Some(drawn) => drawn.as_ref()?.get(&person.unit()).cloned(),
        };
        let mut people: HashMap<CompetitorCode, Vec<&Person>> = HashMap::new();
        for person in &self.kept.document.people {
            if let Some(code) = code_of(person) {
                people.entry(code).or_default().push(person);
            }
        }
        let units = skill.opening.competitors.iter().enumerate().map(|(row, entrant)| {
            let people = people.get(&entrant.code).map(Vec::as_slice).unwrap_or_default();
            let named = people.iter().map(|one| (one.name.clone(), one.organisation.clone()));
            Unit {
                code: entrant.code.to_string(),
                numbers: people.iter().map(|one| one.code.to_string()).collect(),
                people: named.collect(),
                there: said(skill, row, column).and_then(|said| number(&said.value)),
            }
        });
        Known { units: units.collect(), is_sealed }
    }
}

/// What stands in a cell.
fn said(skill: &Skill, row: usize, column: usize) -> Option<&Said> {
    match skill.cell(row, column) {
        Cell::Measured(said) => said.as_ref(),
        Cell::Scored(_) => None,
    }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Choice(_) | Value::Missing => None,
    }
}

/// Whether something waits in a cell that the chief judge has to decide on.
fn waits(skill: &Skill, row: usize, column: usize) -> bool {
    let (competitor, aspect) = (&skill.opening.competitors[row].code, &skill.aspect(column).id);
    let here = |pending: &Pending| pending.mark.competitor == *competitor && pending.mark.aspect == *aspect;
    skill.pending.values().any(here)
}

/// For whom a mark is entered: the first judge of the panel who counts and may mark that competitor.
fn judge(skill: &Skill, row: usize, column: usize) -> JudgeCode {
    let seats = skill.seats(column);
    let sub = skill.sub_of(column);
    let sits = seats.iter().find(|seat| seat.counts && skill.marks(row, sub, &seat.judge));
    sits.or(seats.first()).map_or_else(|| JudgeCode::from(""), |seat| seat.judge.clone())
}

/// A mark as it is entered, on a device of its own that the list is: numbered from 1, its reason beside it.
fn command(
    there: &There,
    skill: &Skill,
    (row, column): (usize, usize),
    value: Value,
    by: &Author<'_>,
    dseq: i64,
) -> (Command, ReasonText) {
    let reason = frame::ReasonText { salt: format!("{}{dseq}", by.salt), text: by.reason.to_owned() };
    let mark = marking::Mark {
        aspect: skill.aspect(column).id.clone(),
        competitor: skill.opening.competitors[row].code.clone(),
        judge: judge(skill, row, column),
        reason: Some(reason.commitment()),
        round: 1,
        value,
    };
    let command = Command {
        actor: by.staff.account.clone(),
        base: said(skill, row, column).map(|said| said.entry),
        body: Body::Mark(mark),
        client_time: by.now,
        device: by.device.clone(),
        dseq,
        id: EntryId(uuid::Uuid::now_v7().as_u128()),
        role: there.role,
        second: None,
    };
    (command, ReasonText { salt: reason.salt, text: reason.text })
}

/// Who enters, when, and why.
struct Author<'a> {
    staff: &'a Staff,
    device: DeviceId,
    reason: &'a str,
    /// Random, so that nobody guesses a reason from what the ledger holds of it.
    salt: String,
    now: i64,
}

fn salt() -> Result<String, AccountError> {
    let bytes = accounts::bytes::<16>().map_err(|_| AccountError::NoRandomness)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Why the rules would not accept a command now.
fn refusal(state: &State, command: Command, ledger: &LedgerId, now: i64) -> Option<Spoken> {
    let stamp = Stamp { ledger: ledger.clone(), now };
    match marking::decide(state, command, &stamp) {
        Ok(decided) => decided.why.map(|why| why.spoken()),
        Err(problem) => Some(Spoken::of_reader(&problem)),
    }
}

/// How the devices are called that lists are in the ledger.
const LIST: &str = "list:";
/// And those by which they are taken back.
const UNDONE: &str = "undo:";

/// As what a list is a device of the ledger.
fn device(batch: &str) -> DeviceId {
    DeviceId::from(format!("{LIST}{batch}"))
}

fn word(skill: &LedgerId, aspect: &str) -> String {
    format!("marks {skill} {aspect}")
}

/// The aspect of a list of a skill's marks, by the word that is kept.
fn aspect_of<'a>(skill: &LedgerId, word: &'a str) -> Option<&'a str> {
    word.strip_prefix("marks ")?.strip_prefix(skill.as_str())?.strip_prefix(' ')
}

/// What can be taken in for a skill, and the lists that were.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn look(app: &App, staff: &Staff, id: &LedgerId, asked: &str) -> Result<MarksHome, Failure> {
    let there = There::load(app, staff, id).await?;
    let mut aspects = Vec::new();
    if let Some(skill) = there.state.skill.as_deref() {
        for column in there.aspects() {
            let aspect = skill.aspect(column);
            let of = skill.opening.competitors.len();
            aspects.push(MarkAspect {
                id: aspect.id.to_string(),
                description: aspect.description.clone(),
                max: aspect.max,
                marked: (0..of).filter(|row| said(skill, *row, column).is_some_and(stands)).count(),
                of,
            });
        }
    }
    let only = (aspects.len() == 1).then(|| aspects.first()).flatten();
    let chosen = aspects.iter().find(|aspect| aspect.id == asked).or(only);
    let aspect = chosen.map(|aspect| aspect.id.clone()).unwrap_or_default();
    let all = list::batches(app, &there.competition).await?.into_iter();
    let batches = all.filter_map(|(word, mut batch)| {
        batch.file_name = format!("{} · {}", aspect_of(id, &word)?, batch.file_name);
        Some(batch)
    });
    let phase = there.state.skill.as_deref().map(|skill| skill.phase);
    Ok(MarksHome {
        of: ListOf::Marks { skill: desk::skill_ref(&there.kept), aspect },
        competition: there.competition,
        is_open: phase == Some(Phase::Open),
        is_before: phase.is_none(),
        batches: batches.collect(),
        aspects,
    })
}

fn stands(said: &Said) -> bool {
    said.value != Value::Missing
}

/// The template of a list of marks.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn template(language: Language) -> Result<Vec<u8>, ListError> {
    marks::template(language).map_err(unwritable)
}

/// Keeps a list of an aspect's marks to be looked over; gives its id.
///
/// # Errors
/// Where there is no such aspect, or the list cannot be read at all.
pub(crate) async fn send(
    app: &App,
    staff: &Staff,
    (id, aspect): (&LedgerId, &str),
    file_name: &str,
    bytes: Vec<u8>,
) -> Result<String, Failure> {
    let there = There::load(app, staff, id).await?;
    there.column(aspect)?;
    let of = Purpose { competition: &there.competition, word: &word(id, aspect) };
    list::keep::<Column>(app, staff, of, file_name, bytes).await
}

/// A list that waits, looked over against the skill as it stands.
struct Read {
    there: Arc<There>,
    column: usize,
    aspect: String,
    file: Hash,
    looked: Looked<Column, Entry>,
}

impl Read {
    async fn read(
        app: &App,
        staff: &Staff,
        (id, draft): (&LedgerId, &str),
        chosen: &[String],
    ) -> Result<Self, Failure> {
        let there = Arc::new(There::load(app, staff, id).await?);
        let waiting = list::waiting(app, staff, &there.competition, draft).await?;
        let aspect = aspect_of(id, &waiting.word).ok_or(ListError::Gone)?.to_owned();
        let column = there.column(&aspect)?;
        let file = waiting.file();
        let (of_check, staff, id, now) = (Arc::clone(&there), staff.clone(), id.clone(), (app.clock)());
        let check = move |sheet: &Sheet, file_name: &str, header: usize, columns: &[Option<Column>]| {
            let there = of_check;
            let Ok(skill) = there.skill() else { return Checked::default() };
            let by = Author { staff: &staff, device: device("…"), reason: "…", salt: String::new(), now };
            let refuses = |row: usize, mark: Mark| {
                // A mark of the same judge would settle what waits there, which nobody has looked at.
                if waits(skill, row, column) {
                    return Some(Spoken::new(
                        "这里有一条冲突的分等裁判长处理；处理之后再导入这一行",
                        "a conflicting mark waits here for the chief judge; take this row in once that is settled",
                    ));
                }
                let value = Value::Number(mark.into());
                let (command, _) = command(&there, skill, (row, column), value, &by, 1);
                refusal(&there.state, command, &id, now)
            };
            marks::check(sheet, file_name, header, columns, &there.known(skill, column), &refuses)
        };
        let looked = list::look_over(waiting, NEEDED, chosen, check).await?;
        Ok(Self { there, column, aspect, file, looked })
    }

    /// What would be entered, over what.
    fn digest(&self) -> Result<String, MarksError> {
        let skill = self.there.skill()?;
        let checked = &self.looked.checked;
        let mut text = format!("{} {} {}\n", self.file, checked.rows, checked.bad_rows);
        for Entry { row, unit, mark, .. } in &checked.entries {
            let code = skill.opening.competitors.get(*unit).map_or("", |one| one.code.as_str());
            let head = said(skill, *unit, self.column).map(|said| said.entry.to_string());
            text += &format!("{row} {code} {mark} {head:?}\n");
        }
        Ok(Hash::of_document(text.as_bytes()).to_string())
    }
}

/// What taking a list in would do.
///
/// # Errors
/// Where the list is gone, the skill is not open, or the database does not answer.
pub(crate) async fn try_out(
    app: &App,
    staff: &Staff,
    which: (&LedgerId, &str),
    chosen: &[String],
    language: Language,
) -> Result<DryRun, Failure> {
    let read = Read::read(app, staff, which, chosen).await?;
    let of = ListOf::Marks { skill: desk::skill_ref(&read.there.kept), aspect: read.aspect.clone() };
    Ok(read.looked.dry_run(of, None, Vec::new(), read.digest()?, language))
}

/// The rows that are wrong, with why, as a workbook.
///
/// # Errors
/// As [`try_out`].
pub(crate) async fn errors(
    app: &App,
    staff: &Staff,
    which: (&LedgerId, &str),
    chosen: &[String],
    language: Language,
) -> Result<Vec<u8>, Failure> {
    Ok(Read::read(app, staff, which, chosen).await?.looked.errors(language)?)
}

/// Enters every good row of a list; gives the aspect and how many.
///
/// # Errors
/// Where it would do something else than was looked at, with nothing entered; or where the ledger did not accept
/// all of it, with how many it did.
pub(crate) async fn take_in(
    app: &App,
    staff: &Staff,
    (id, draft): (&LedgerId, &str),
    chosen: &[String],
    looked_at: &str,
) -> Result<(String, usize), Failure> {
    let read = Read::read(app, staff, (id, draft), chosen).await?;
    if read.digest()? != looked_at {
        return Err(ListError::Changed.into());
    }
    let entries = &read.looked.checked.entries;
    if entries.is_empty() {
        return Err(ListError::NothingGood.into());
    }
    let batch = uuid::Uuid::now_v7().to_string();
    let reason = format!("成绩表 {} / from a list, SHA-256 {}", read.aspect, read.file);
    let by = Author { staff, device: device(&batch), reason: &reason, salt: salt()?, now: (app.clock)() };
    let skill = read.there.skill()?;
    let mut all = Vec::with_capacity(entries.len());
    for (dseq, entry) in (1..).zip(entries) {
        let value = Value::Number(entry.mark.into());
        all.push(command(&read.there, skill, (entry.unit, read.column), value, &by, dseq));
    }
    // Noted first: of two who take it in at once one does, and what is entered can be found by its list.
    let word = word(id, &read.aspect);
    let of = Purpose { competition: &read.there.competition, word: &word };
    let counts = (entries.len(), read.looked.checked.rows - entries.len());
    let mut transaction = app.database.begin_write().await.map_err(list::database_failed)?;
    let names = (draft, batch.as_str(), read.looked.file_name());
    list::taken(&mut transaction, app, staff, of, names, counts).await?;
    transaction.commit().await.map_err(list::failed)?;
    enter(app, id, all).await.map_err(|Unfinished { done, of, problem }| MarksError::Partly {
        done,
        of,
        problem,
    })?;
    Ok((read.aspect, counts.0))
}

/// How many of some commands were accepted, and why not all.
struct Unfinished {
    done: usize,
    of: usize,
    problem: Spoken,
}

/// Enters commands of one device, in order.
async fn enter(app: &App, id: &LedgerId, all: Vec<(Command, ReasonText)>) -> Result<(), Unfinished> {
    let of = all.len();
    let submissions = all.into_iter().map(|(command, reason)| Submission {
        ledger_id: id.clone(),
        command,
        origin: Origin::Unsigned,
        drawing: None,
        reason: Some(reason),
    });
    let (mut done, mut problem) = (0, None);
    for answer in app.ledger.submit_all(submissions.collect()).await {
        match answer {
            Ok(receipt) if receipt.status == Status::Accepted => done += 1,
            Ok(receipt) => {
                let unsaid = || Spoken::new("已记录为未接受", "it was entered as not accepted");
                problem = Some(receipt.why.map_or_else(unsaid, |why| why.spoken()));
            }
            Err(error) => problem = Some(error.spoken()),
        }
    }
    match problem {
        Some(problem) => Err(Unfinished { done, of, problem }),
        None => Ok(()),
    }
}

/// What was entered before in a cell, and by which lists.
struct Past<'a> {
    app: &'a App,
    id: &'a LedgerId,
    /// The lists that were taken back.
    undone: HashSet<String>,
}

impl Past<'_> {
    async fn entry(&self, of: EntryId) -> Result<Option<ledger::Entry>, Failure> {
        let sealed = self.app.ledger.entry(self.id, of).await.map_err(|error| failed(error.spoken()))?;
        Ok(sealed.map(|sealed| sealed.entry))
    }

    /// What an entry stands for: where it took a list's mark back, what that had taken the place of.
    async fn origin(&self, of: EntryId) -> Result<Option<ledger::Entry>, Failure> {
        let mut at = Some(of);
        while let Some(of) = at {
            let Some(entry) = self.entry(of).await? else { return Ok(None) };
            if !entry.device.as_str().starts_with(UNDONE) {
                return Ok(Some(entry));
            }
            at = match entry.base {
                Some(undone) => self.entry(undone).await?.and_then(|undone| undone.base),
                None => None,
            };
        }
        Ok(None)
    }

    /// What stood there before an entry, without what came by lists that were taken back since.
    async fn before(&self, entry: &ledger::Entry) -> Result<Value, Failure> {
        let mut at = entry.base;
        while let Some(of) = at {
            let Some(earlier) = self.origin(of).await? else { break };
            let list = earlier.device.as_str().strip_prefix(LIST);
            if !list.is_some_and(|list| self.undone.contains(list)) {
                let Body::Mark(mark) = earlier.body else { break };
                return Ok(mark.value);
            }
            at = earlier.base;
        }
        Ok(Value::Missing)
    }
}

/// Takes a list back: each of its marks that still stands is corrected to what stood there before, or to nothing. What
/// other lists that were taken back had put there in between counts for nothing. It can be done again until none
/// stands; only then it is noted as done.
///
/// # Errors
/// Where it was taken back already, or the rules would not accept one of the corrections, then none is entered; or
/// where the ledger did not accept all of it, with how many it did.
pub(crate) async fn take_back(app: &App, staff: &Staff, id: &LedgerId, batch: &str) -> Result<(), Failure> {
    let there = There::load(app, staff, id).await?;
    let all = list::batches(app, &there.competition).await?;
    let known = all.iter().find(|(_, known)| known.id == batch && known.undone_at.is_none());
    let (word, _) = known.ok_or(ListError::BatchGone)?;
    let aspect = aspect_of(id, word).ok_or(ListError::BatchGone)?;
    let (column, skill, own) = (there.column(aspect)?, there.skill()?, device(batch));
    let undone = all.iter().filter(|(_, known)| known.undone_at.is_some());
    let past = Past { app, id, undone: undone.map(|(_, known)| known.id.clone()).collect() };
    let (mut standing, mut is_begun) = (Vec::new(), false);
    for row in 0..skill.opening.competitors.len() {
        let Some(head) = said(skill, row, column).map(|said| said.entry) else { continue };
        let by_undo = format!("{UNDONE}{batch}:");
        is_begun |= past.entry(head).await?.is_some_and(|entry| entry.device.as_str().starts_with(&by_undo));
        if let Some(entry) = past.origin(head).await?.filter(|entry| entry.device == own) {
            standing.push((row, head, past.before(&entry).await?));
        }
    }
    if standing.is_empty() && !is_begun {
        return Err(MarksError::NothingStands.into());
    }
    // By what it takes back: of two at once the second says the same again.
    let heads: String = standing.iter().map(|(_, head, _)| format!("{head}\n")).collect();
    let digest = Hash::of_document(heads.as_bytes()).to_string();
    let device = DeviceId::from(format!("{UNDONE}{batch}:{:.12}", digest));
    let reason = format!("撤销成绩表 {aspect} / list taken back: {batch}");
    let by = Author { staff, device, reason: &reason, salt: salt()?, now: (app.clock)() };
    let mut corrections = Vec::with_capacity(standing.len());
    for (dseq, (row, _, value)) in (1..).zip(standing) {
        let correction = command(&there, skill, (row, column), value, &by, dseq);
        if let Some(problem) = refusal(&there.state, correction.0.clone(), id, by.now) {
            let code = skill.opening.competitors[row].code.to_string();
            return Err(MarksError::NotUndone { code, problem }.into());
        }
        corrections.push(correction);
    }
    enter(app, id, corrections)
        .await
        .map_err(|Unfinished { done, of, problem }| MarksError::PartlyUndone { done, of, problem })?;
    let of = Purpose { competition: &there.competition, word };
    let mut transaction = app.database.begin_write().await.map_err(list::database_failed)?;
    list::taken_back(&mut transaction, app, staff, of, batch).await?;
    transaction.commit().await.map_err(list::failed)
}

fn failed(problem: Spoken) -> Failure {
    MarksError::Failed { problem }.into()
}

impl From<MarksError> for Failure {
    fn from(error: MarksError) -> Self {
        let status = match error {
            MarksError::AspectUnknown => StatusCode::UNPROCESSABLE_ENTITY,
            MarksError::NotOpen
            | MarksError::Partly { .. }
            | MarksError::PartlyUndone { .. }
            | MarksError::NotUndone { .. }
            | MarksError::NothingStands => StatusCode::CONFLICT,
            MarksError::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.at(Place::default()))
    }
}
