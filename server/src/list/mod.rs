//! Lists that are taken in from a file, whatever they are of: one is kept sealed until it was looked over, shown as
//! what taking it in would do, and remembered once it was, so that it can be taken back as a whole. What a list is
//! of, and what becomes of its rows, is another feature's: `crate::roster`, `crate::setup::judges`, `crate::marks`.

mod held;
mod mending;
mod queries;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use domain::finding::{Finding, Language, Place, Spoken};
use domain::findings;
use domain::ledger::Hash;
use protocol::setup::{BadCell, BadRow, BadRowCell, Batch, DryRun, ListColumn, ListOf};
use protocol::view::SkillRef;
use sqlx::{AnyConnection, Row as _};

use crate::accounts::{AccountError, Staff};
use crate::database::Database;
use crate::exchange::list::{self, Checked, Column};
use crate::exchange::roster::IdNumber;
use crate::exchange::sheet::{self, Sheet};
use crate::http::{App, Failure};

use held::Which;
use mending::Mended;

pub(crate) use held::{Basis, Lists};
pub(crate) use mending::correct;

/// How long a list waits to be taken in.
const DRAFT_MS: i64 = 24 * 3_600_000;
/// How many findings a page shows; the error workbook holds them all.
const SHOWN_MAX: usize = 200;
/// What a pasted list is called.
const PASTED: &str = "粘贴 / pasted";
/// How much of a cell is shown as an example.
const EXAMPLE_CHARACTERS: usize = 24;

findings! {
    /// Why a list was not taken in, or not taken back.
    pub enum ListError {
        Gone = Error "list_gone",
            "这份名单已经导入、被新的上传替代，或放得太久；请重新上传。",
            "This list was taken in, another was uploaded after it, or it waited too long; upload it again.";
        NoHeader { column: Spoken } = Error "list_no_header",
            "前 10 行里没有找到表头；请加一行列标题，至少有“{column:#}”，再上传。",
            "No header was found in the first 10 rows; add a row of column titles with at least \"{column}\", and upload it again.";
        NothingGood = Error "list_nothing_good",
            "没有一行可以导入；请下载错误清单，改好再上传。",
            "No row can be taken in; download what is wrong, mend it and upload it again.";
        Changed = Error "list_changed",
            "在您查看之后，大赛或名单有变动；请看过现在的结果再确认。什么都没有改。",
            "The competition or the list changed after you looked; look at what would happen now, and confirm that. Nothing was changed.";
        NoSkills = Error "list_no_skills",
            "大赛还没有赛项；请先添加赛项，再导入名单。",
            "The competition has no skills yet; add them first, then take a list in.";
        BatchGone = Error "batch_gone",
            "这次导入已经撤销；请刷新页面。",
            "This list was taken back already; load the page again.";
        Failed { problem: Spoken } = Error "list_failed", "{problem:#}。", "{problem}.";
    }
}

/// What a list is of and where it belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purpose<'a> {
    /// The competition's id.
    pub(crate) competition: &'a str,
    /// Its word, as it is kept.
    pub(crate) word: &'a str,
}

/// A list as it was sent.
struct Sent {
    file_name: String,
    bytes: Vec<u8>,
}

/// What was read of a file.
#[derive(Clone)]
struct Content {
    sheet: Arc<Sheet>,
    /// The digest of the file.
    file: Hash,
}

/// A list that waits, read.
pub(crate) struct Waiting {
    which: Which,
    /// The word of its purpose.
    pub(crate) word: String,
    file_name: String,
    content: Content,
}

/// A list that was read and checked.
#[derive(Clone)]
pub(crate) struct Looked<C, E> {
    which: Which,
    file_name: String,
    sheet: Arc<Sheet>,
    header: usize,
    titles: Vec<String>,
    columns: Vec<Option<C>>,
    /// What is said of the columns, then of the rows.
    findings: Vec<Finding>,
    pub(crate) checked: Checked<E>,
}

/// Keeps a list to be looked over; gives its id. An earlier one of the same account and purpose is forgotten.
///
/// # Errors
/// Where it cannot be read at all.
pub(crate) async fn keep<C: Column>(
    app: &App,
    staff: &Staff,
    of: Purpose<'_>,
    file_name: &str,
    bytes: Vec<u8>,
) -> Result<String, Failure> {
    let file_name: String = file_name.chars().filter(|char| !char.is_control()).take(200).collect();
    let file_name = if file_name.is_empty() { PASTED.to_owned() } else { file_name };
    let (draft, now) = (uuid::Uuid::now_v7().to_string(), (app.clock)());
    let sent = Arc::new(Sent { file_name: file_name.clone(), bytes });
    let (vault, sealing, place) = (Arc::clone(&app.vault), Arc::clone(&sent), place(&draft));
    let sealed = tokio::task::spawn_blocking(move || vault.seal(&place, &sealing.bytes));
    // Away from the runtime: a large one takes a while.
    let reading = tokio::task::spawn_blocking(move || read(&sent, None));
    let content = reading.await.map_err(stopped)?.map_err(unreadable)?;
    if list::propose::<C>(&content.sheet, &[]).header.is_none() {
        return Err(ListError::NoHeader { column: C::MAIN.spoken() }.into());
    }
    let sealed = sealed.await.map_err(stopped)?.ok_or(AccountError::NoRandomness)?;
    let mut transaction = app.database.begin_write().await.map_err(database_failed)?;
    let delete = sqlx::query(queries::DELETE_DRAFTS).bind(now - DRAFT_MS).bind(&staff.account);
    let delete = delete.bind(of.competition).bind(of.word);
    delete.execute(&mut *transaction).await.map_err(failed)?;
    sqlx::query(queries::INSERT_DRAFT)
        .bind(&draft)
        .bind(of.competition)
        .bind(&staff.account)
        .bind(file_name)
        .bind(sealed)
        .bind(now)
        .bind(of.word)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    app.lists.hold(Which { draft: draft.clone(), mended: None }, content);
    Ok(draft)
}

/// Which list waits, what its file is called, and the word of its purpose.
async fn entry_of(
    app: &App,
    staff: &Staff,
    competition: &str,
    draft: &str,
) -> Result<(Which, String, String), Failure> {
    let select = sqlx::query(queries::SELECT_DRAFT).bind(draft).bind(competition).bind(&staff.account);
    let select = select.bind((app.clock)() - DRAFT_MS);
    let row = select.fetch_optional(app.database.pool()).await.map_err(failed)?.ok_or(ListError::Gone)?;
    let which = Which { draft: draft.to_owned(), mended: row.try_get(1).map_err(failed)? };
    Ok((which, row.try_get(0).map_err(failed)?, row.try_get(2).map_err(failed)?))
}

/// A list that waits, as it was read before, or opened and read with what was mended of it.
///
/// # Errors
/// Where there is none of that account and competition.
pub(crate) async fn waiting(
    app: &App,
    staff: &Staff,
    competition: &str,
    draft: &str,
) -> Result<Waiting, Failure> {
    let (which, file_name, word) = entry_of(app, staff, competition, draft).await?;
    if let Some(content) = app.lists.content(&which) {
        return Ok(Waiting { which, word, file_name, content });
    }
    let sealed = sqlx::query_scalar(queries::SELECT_CONTENT).bind(draft).fetch_optional(app.database.pool());
    let sealed: String = sealed.await.map_err(failed)?.ok_or(ListError::Gone)?;
    let (vault, mended, place) = (Arc::clone(&app.vault), which.mended.clone(), place(draft));
    let (name, of) = (file_name.clone(), draft.to_owned());
    let opening = tokio::task::spawn_blocking(move || -> Result<Result<Content, Finding>, ListError> {
        let bytes = vault.unseal(&place, &sealed).map_err(|_| ListError::Gone)?;
        drop(sealed);
        let mended = mended.map(|sealed| Mended::open(&vault, &of, &sealed)).transpose()?;
        Ok(read(&Sent { file_name: name, bytes }, mended.as_ref()))
    });
    let content = opening.await.map_err(stopped)??.map_err(unreadable)?;
    app.lists.hold(which.clone(), content.clone());
    Ok(Waiting { which, word, file_name, content })
}

/// The same, of one purpose alone.
///
/// # Errors
/// Where there is none.
pub(crate) async fn waiting_for(
    app: &App,
    staff: &Staff,
    of: Purpose<'_>,
    draft: &str,
) -> Result<Waiting, Failure> {
    let waiting = waiting(app, staff, of.competition, draft).await?;
    if waiting.word == of.word { Ok(waiting) } else { Err(ListError::Gone.into()) }
}

/// A list as it was looked over last, by these columns and against the same; it is held no longer.
///
/// # Errors
/// Where none of that purpose waits.
pub(crate) async fn looked_before<C: Column, E: Send + 'static>(
    app: &App,
    staff: &Staff,
    (of, draft): (Purpose<'_>, &str),
    basis: &Basis,
    chosen: &[String],
) -> Result<Option<Looked<C, E>>, Failure> {
    let (which, _, word) = entry_of(app, staff, of.competition, draft).await?;
    if word != of.word {
        return Err(ListError::Gone.into());
    }
    let columns: Vec<Option<C>> = chosen.iter().map(|word| C::parse(word)).collect();
    let looked: Option<Looked<C, E>> = app.lists.take(&which, basis);
    Ok(looked.filter(|looked| looked.columns == columns))
}

/// Reads a list and lets `check` look at every row of it, by the columns as they were chosen, or as they are
/// proposed where none were.
///
/// # Errors
/// Where it cannot be read.
pub(crate) async fn look_over<C: Column, E: Send + 'static>(
    waiting: Waiting,
    needed: &'static [C],
    chosen: &[String],
    check: impl FnOnce(&Sheet, &str, usize, &[Option<C>]) -> Checked<E> + Send + 'static,
) -> Result<Looked<C, E>, Failure> {
    let chosen = chosen.to_owned();
    let looking = tokio::task::spawn_blocking(move || {
        let Waiting { which, file_name, content: Content { sheet, .. }, .. } = waiting;
        let proposal = list::propose(&sheet, needed);
        let no_header = || ListError::NoHeader { column: C::MAIN.spoken() }.at(Place::default());
        let header = proposal.header.ok_or_else(no_header)?;
        let (mut columns, mut findings) = (proposal.columns, proposal.findings);
        if chosen.len() == columns.len() {
            columns = chosen.iter().map(|word| C::parse(word)).collect();
            // What was proposed counts no more, nor what was said of it.
            findings.clear();
        }
        let checked = check(&sheet, &file_name, header, &columns);
        findings.extend(checked.findings.iter().cloned());
        let titles = proposal.titles;
        Ok(Looked { which, file_name, sheet, header, titles, columns, findings, checked })
    });
    looking.await.map_err(stopped)?.map_err(unreadable)
}

impl Waiting {
    /// The digest of the file.
    pub(crate) fn file(&self) -> Hash {
        self.content.file
    }
}

impl<C: Column, E: Send + 'static> Looked<C, E> {
    /// Holds it for whoever takes it in, as it was checked against what `basis` says.
    pub(crate) fn hold(self, app: &App, basis: Basis) {
        app.lists.checked(&self.which.clone(), basis, self);
    }
}

impl<C: Column, E> Looked<C, E> {
    /// What taking it in would do. Of the column `secret` nothing is shown.
    pub(crate) fn dry_run(
        &self,
        of: ListOf,
        secret: Option<C>,
        per_skill: Vec<(SkillRef, usize)>,
        digest: String,
        language: Language,
    ) -> DryRun {
        let found = self.findings.iter().take(SHOWN_MAX).map(|finding| BadCell {
            is_error: finding.is_error(),
            row: finding.place.row,
            column: finding.place.column.clone().unwrap_or_default(),
            what: finding.say(language).to_owned(),
        });
        let mend = match &of {
            ListOf::People { .. } => self.to_mend(secret, language),
            // Each mark says from which file it came, and that file says the same.
            ListOf::Marks { .. } => Vec::new(),
        };
        let word = |column: &C| (column.as_str().to_owned(), column.title(language).to_owned());
        DryRun {
            id: self.which.draft.clone(),
            of,
            file_name: self.file_name.clone(),
            columns: (0..self.titles.len()).map(|at| self.column(at, secret)).collect(),
            meanings: C::ALL.iter().map(word).collect(),
            rows: self.checked.rows,
            entries: self.checked.entries.len(),
            bad_rows: self.checked.bad_rows,
            per_skill,
            found: found.collect(),
            found_in_all: self.findings.len(),
            mend,
            digest,
        }
    }

    /// The first of the rows that are left out, with the cells that mean something.
    fn to_mend(&self, secret: Option<C>, language: Language) -> Vec<BadRow> {
        let mut wrong: BTreeMap<u64, Vec<&Finding>> = BTreeMap::new();
        for finding in self.findings.iter().filter(|finding| finding.is_error()) {
            let Some(row) = finding.place.row else { continue };
            if wrong.len() < SHOWN_MAX || wrong.contains_key(&row) {
                wrong.entry(row).or_default().push(finding);
            }
        }
        let below = self.sheet.rows.get(self.header + 1..).unwrap_or_default();
        let mut rows = Vec::with_capacity(wrong.len());
        for (row, findings) in wrong {
            // What is wrong with a column stands at the header.
            let Some(at) = below.binary_search_by_key(&row, |row| row.number).ok() else { continue };
            let Some(there) = below.get(at) else { continue };
            let cell = |(column, meaning): (usize, Option<C>)| {
                let meaning = meaning?;
                let title = self.titles.get(column);
                let is_wrong = findings.iter().any(|finding| finding.place.column.as_ref() == title);
                let text = there.text(column);
                // A number is shown where it is to be compared digit by digit, and nowhere else.
                let is_hidden = !is_wrong && (Some(meaning) == secret || is_like_a_number(text));
                let masked = (is_hidden && !text.is_empty()).then(|| masked(text));
                let text = if masked.is_some() { String::new() } else { text.to_owned() };
                Some(BadRowCell { column, text, masked, is_wrong })
            };
            let cells = self.columns.iter().copied().enumerate().filter_map(cell).collect();
            let said = |finding: &&Finding| match (&finding.place.column, language) {
                (Some(column), Language::Chinese) => format!("{column}：{}", finding.say(language)),
                (Some(column), Language::English) => format!("{column}: {}", finding.say(language)),
                (None, _) => finding.say(language).to_owned(),
            };
            rows.push(BadRow { row, cells, what: findings.iter().map(said).collect() });
        }
        rows
    }

    fn column(&self, at: usize, secret: Option<C>) -> ListColumn {
        let meaning = self.columns.get(at).copied().flatten();
        let first = self.sheet.rows.get(self.header + 1);
        let first = first.and_then(|row| row.cells.get(at)).map_or("", |cell| &cell.text);
        // Nobody reads a number over somebody's shoulder, whatever its column is called.
        let is_secret = meaning.is_some() && meaning == secret || is_like_a_number(first);
        ListColumn {
            title: self.titles.get(at).cloned().unwrap_or_default(),
            meaning: meaning.map_or("", Column::as_str).to_owned(),
            example: if is_secret { masked(first) } else { first.chars().take(EXAMPLE_CHARACTERS).collect() },
        }
    }

    /// What the file is called.
    pub(crate) fn file_name(&self) -> &str {
        &self.file_name
    }

    /// What was checked of it, where the sheet is wanted no more.
    pub(crate) fn into_checked(self) -> Checked<E> {
        self.checked
    }

    /// The rows that are left out, with why, as a workbook.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn errors(&self, language: Language) -> Result<Vec<u8>, ListError> {
        list::error_workbook(&self.sheet, self.header, &self.findings, language).map_err(unwritable)
    }
}

/// Remembers a list that is taken in, of so many entries and so many rows that were left out; it waits no more.
///
/// # Errors
/// Where it was taken in already, or the database does not answer.
pub(crate) async fn taken(
    connection: &mut AnyConnection,
    app: &App,
    staff: &Staff,
    of: Purpose<'_>,
    (draft, batch, file_name): (&str, &str, &str),
    (entries, left_out): (usize, usize),
) -> Result<(), Failure> {
    let delete = sqlx::query(queries::DELETE_DRAFT).bind(draft);
    if delete.execute(&mut *connection).await.map_err(failed)?.rows_affected() == 0 {
        return Err(ListError::Gone.into());
    }
    let size = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let insert = sqlx::query(queries::INSERT_BATCH)
        .bind(batch)
        .bind(of.competition)
        .bind(file_name)
        .bind(size(entries))
        .bind(size(left_out))
        .bind(&staff.account)
        .bind((app.clock)())
        .bind(of.word);
    insert.execute(connection).await.map_err(failed)?;
    Ok(())
}

/// Notes that a list is taken back.
///
/// # Errors
/// Where it was taken back already, or there is none.
pub(crate) async fn taken_back(
    connection: &mut AnyConnection,
    app: &App,
    staff: &Staff,
    of: Purpose<'_>,
    batch: &str,
) -> Result<(), Failure> {
    let undo = sqlx::query(queries::UNDO_BATCH).bind(batch).bind(of.competition).bind(of.word);
    let undo = undo.bind(&staff.account).bind((app.clock)()).execute(connection).await.map_err(failed)?;
    if undo.rows_affected() == 0 { Err(ListError::BatchGone.into()) } else { Ok(()) }
}

/// The lists of a competition that were taken in, the newest first, each with the word of its purpose.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn batches(app: &App, competition: &str) -> Result<Vec<(String, Batch)>, Failure> {
    let rows = sqlx::query(queries::SELECT_BATCHES).bind(competition).fetch_all(app.database.pool()).await;
    let rows = rows.map_err(failed)?;
    let batch = |row: &sqlx::any::AnyRow| -> Result<(String, Batch), sqlx::Error> {
        let batch = Batch {
            id: row.try_get(0)?,
            file_name: row.try_get(1)?,
            entries: row.try_get(2)?,
            left_out: row.try_get(3)?,
            by: row.try_get(4)?,
            made_at: row.try_get(5)?,
            undone_at: row.try_get(6)?,
        };
        Ok((row.try_get(7)?, batch))
    };
    rows.iter().map(batch).collect::<Result<_, _>>().map_err(failed)
}

/// Those of one purpose.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn batches_of(app: &App, of: Purpose<'_>) -> Result<Vec<Batch>, Failure> {
    let all = batches(app, of.competition).await?.into_iter();
    Ok(all.filter(|(word, _)| word == of.word).map(|(_, batch)| batch).collect())
}

/// Forgets lists that nobody took in for a day.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn forget_old(database: &Database, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(queries::DELETE_OLD).bind(now - DRAFT_MS).execute(database.pool()).await.map(|_| ())
}

/// Reads a list, with what was mended of it.
fn read(sent: &Sent, mended: Option<&Mended>) -> Result<Content, Finding> {
    let mut sheet = sheet_of(sent)?;
    if let Some(mended) = mended {
        mended.apply(&mut sheet);
    }
    Ok(Content { sheet: Arc::new(sheet), file: Hash::of_document(&sent.bytes) })
}

fn sheet_of(sent: &Sent) -> Result<Sheet, Finding> {
    if sent.file_name == PASTED {
        sheet::paste(&String::from_utf8_lossy(&sent.bytes))
    } else {
        sheet::open(&sent.bytes, &sent.file_name)
    }
}

/// Whether it may be the number of a document, or of a telephone.
fn is_like_a_number(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 8
}

pub(crate) fn masked(number: &str) -> String {
    IdNumber::parse(number).map_or_else(|_| "…".to_owned(), |number| number.masked())
}

/// For what a list is sealed.
fn place(draft: &str) -> String {
    format!("list {draft}")
}

pub(crate) fn failed(error: sqlx::Error) -> Failure {
    ListError::Failed { problem: crate::spoken::of_database(&error) }.into()
}

pub(crate) fn database_failed(error: crate::database::DatabaseError) -> Failure {
    ListError::Failed { problem: error.spoken() }.into()
}

pub(crate) fn stopped(error: tokio::task::JoinError) -> Failure {
    ListError::Failed { problem: crate::spoken::of_library(&error) }.into()
}

/// What a list cannot be read for.
fn unreadable(finding: Finding) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, finding)
}

pub(crate) fn unwritable(problem: String) -> ListError {
    ListError::Failed { problem: Spoken::new("表格写不成文件", problem) }
}

impl From<ListError> for Failure {
    fn from(error: ListError) -> Self {
        let status = match error {
            ListError::Gone => StatusCode::GONE,
            ListError::Changed | ListError::NoSkills | ListError::BatchGone => StatusCode::CONFLICT,
            ListError::NoHeader { .. } | ListError::NothingGood => StatusCode::UNPROCESSABLE_ENTITY,
            ListError::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.at(Place::default()))
    }
}
