//! Who competes, by lists: one is sent, looked over without changing anything, taken in as a whole and can be
//! taken back as a whole, as long as no skill of it is open. What is read and checked of a list is
//! `exchange::roster`; identity numbers are kept sealed (docs/adr/0025).

mod bulk;
mod held;
mod mending;
mod one;
mod queries;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use axum::http::StatusCode;
use domain::finding::{Finding, Language, Place, Spoken};
use domain::findings;
use domain::id::{CompetitorCode, GroupName, LedgerId};
use domain::ledger::Hash;
use protocol::setup::{BadCell, BadRow, BadRowCell, Batch, DryRun, ListColumn, Roster, RosterSkill};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::accounts::{AccountError, Staff};
use crate::checkin;
use crate::competition::{self, KeptSkill};
use crate::database::Database;
use crate::desk;
use crate::exchange::package::{Competition, Person, SkillDocument};
use crate::exchange::roster::{self, Checked, Column, Entry, IdNumber, Known, KnownSkill};
use crate::exchange::sheet::{self, Sheet};
use crate::http::{App, Failure};
use crate::setup;
use crate::vault::Vault;

use held::{Basis, Which};
use mending::Mended;

pub(crate) use bulk::{change, preview, remove, undo};
pub(crate) use held::Lists;
pub(crate) use mending::correct;
pub(crate) use one::{competitor, competitors, mend, strike};

/// How long a list waits to be taken in.
const DRAFT_MS: i64 = 24 * 3_600_000;
/// How many findings a page shows; the error workbook holds them all.
const SHOWN_MAX: usize = 200;
/// How many identity numbers one statement writes.
const IDENTITIES_AT_ONCE: usize = 1_000;
/// What a pasted list is called.
const PASTED: &str = "粘贴 / pasted";

findings! {
    /// Why a list was not taken in.
    pub enum ListError {
        Gone = Error "list_gone",
            "这份名单已经导入、被新的上传替代，或放得太久；请重新上传。",
            "This list was taken in, another was uploaded after it, or it waited too long; upload it again.";
        NoHeader = Error "list_no_header",
            "前 10 行里没有找到表头；请加一行列标题，至少有“姓名”，再上传。",
            "No header was found in the first 10 rows; add a row of column titles with at least \"Name\", and upload it again.";
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
        BatchFixed { skill: String } = Error "batch_fixed",
            "赛项“{skill}”已经开放或已经抽签，其中有这次导入的选手，不能撤销；先作废抽签，开放了的请逐人退赛。",
            "Skill \"{skill}\" is open or drawn and holds people of this list, so that it cannot be taken back; throw its draw away first, and where it is open let them withdraw one by one.";
        NoSuchPerson = Error "no_such_competitor",
            "没有这名选手，或已被删除；请回到名单。",
            "There is no such competitor, or they were taken off; go back to the list.";
        PersonFixed = Error "competitor_fixed",
            "赛项已经开放或已经抽签，名单不能再改；先作废抽签，开放了的请裁判长登记退赛。什么都没有改。",
            "The skill is open or drawn and its list is fixed: throw its draw away first, or let the chief judge enter a withdrawal. Nothing was changed.";
        PersonChanged = Error "competitor_changed",
            "这名选手的资料在您打开之后被别人改过；请看过现在的内容再改。",
            "Somebody else changed this competitor after you opened the form; look at what stands there now, and change that.";
        PersonUnfit { most: usize } = Error "competitor_unfit",
            "请填写姓名；每一栏不超过 {most} 个字，不换行。",
            "Give a name; each field takes {most} characters at the most, on one line.";
        NobodyChosen = Error "list_nobody_chosen",
            "还没有选人；请勾选几位，或勾选“符合的全部”。什么都没有改。",
            "Nobody is chosen; tick some, or tick all that fit. Nothing was changed.";
        BulkUnfit { most: usize } = Error "bulk_unfit",
            "请选要做什么；改成的内容不超过 {most} 个字，不换行。什么都没有改。",
            "Choose what to do; what is set takes {most} characters at the most, on one line. Nothing was changed.";
        BulkGone = Error "bulk_gone",
            "没有可以撤销的批量修改：已经撤销，过了一天，或之后又做了别的。",
            "There is no bulk change to undo: it was undone, is older than a day, or another was made after it.";
        BulkMoved = Error "bulk_moved",
            "批量修改之后，其中的选手又被改过、删去或重新导入，不能整批撤销；请逐个修改。什么都没有改。",
            "Since the bulk change some of these competitors were changed, taken off or taken in again, so that it cannot be undone as a whole; change them one by one. Nothing was changed.";
        Failed { problem: Spoken } = Error "list_failed", "{problem:#}。", "{problem}.";
    }
}

/// What a competition's skills are to a list, all of it at one moment.
struct There {
    skills: Vec<SkillThere>,
}

struct SkillThere {
    ledger: LedgerId,
    number: String,
    zh: String,
    en: String,
    is_open: bool,
    people: usize,
    id_numbers: HashSet<String>,
    names: HashSet<(String, String)>,
}

/// A list as it was sent.
struct Sent {
    file_name: String,
    bytes: Vec<u8>,
}

/// A list that waits, read.
struct Waiting {
    which: Which,
    file_name: String,
    sheet: Arc<Sheet>,
}

/// A list that was read and checked.
#[derive(Clone)]
struct Looked {
    sheet: Arc<Sheet>,
    header: usize,
    titles: Vec<String>,
    columns: Vec<Option<Column>>,
    /// What is said of the columns, then of the rows.
    findings: Vec<Finding>,
    checked: Checked,
    /// What would be taken in, as a digest.
    digest: String,
}

/// How many identity numbers another key sealed.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn others_numbers(database: &Database, vault: &Vault) -> Result<i64, sqlx::Error> {
    let ours = format!("{}%", vault.mark());
    sqlx::query_scalar(queries::COUNT_OTHERS).bind(ours).fetch_one(database.pool()).await
}

/// Forgets what waited for a day and no longer: lists that nobody took in, and what would undo bulk changes.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn forget_old(database: &Database, now: i64) -> Result<(), sqlx::Error> {
    for delete in queries::DELETE_OLD {
        sqlx::query(delete).bind(now - DRAFT_MS).execute(database.pool()).await?;
    }
    Ok(())
}

/// Forgets what would undo bulk changes of a skill that is removed.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn forget_skill(connection: &mut AnyConnection, skill: &LedgerId) -> Result<(), Failure> {
    let delete = sqlx::query(queries::DELETE_BULKS).bind(skill.as_str()).bind(0_i64);
    delete.execute(connection).await.map_err(failed)?;
    Ok(())
}

/// Who competes, in figures, and the lists that it came by.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn look(app: &App, id: &str) -> Result<Roster, Failure> {
    let (competition, kept) = load(app, id).await?;
    let mut skills = Vec::with_capacity(kept.len());
    for skill in &kept {
        skills.push(RosterSkill {
            skill: desk::skill_ref(skill),
            people: skill.document.people.len(),
            is_open: setup::is_listed(app, &skill.ledger).await?,
        });
    }
    skills.sort_by(|a, b| a.skill.number.cmp(&b.skill.number));
    let rows = sqlx::query(queries::SELECT_BATCHES).bind(id).fetch_all(app.database.pool()).await;
    let batch = |row: &AnyRow| -> Result<Batch, sqlx::Error> {
        Ok(Batch {
            id: row.try_get(0)?,
            file_name: row.try_get(1)?,
            entries: row.try_get(2)?,
            left_out: row.try_get(3)?,
            by: row.try_get(4)?,
            made_at: row.try_get(5)?,
            undone_at: row.try_get(6)?,
        })
    };
    let batches = rows.map_err(failed)?.iter().map(batch).collect::<Result<_, _>>().map_err(failed)?;
    Ok(Roster { competition: competition.reference(id), skills, batches })
}

/// The template of a competition's roster, with its skills to choose from.
///
/// # Errors
/// Where there is no such competition, or the workbook cannot be written.
pub(crate) async fn template(app: &App, id: &str, language: Language) -> Result<Vec<u8>, Failure> {
    let (_, mut kept) = load(app, id).await?;
    kept.sort_by(|a, b| a.document.number.cmp(&b.document.number));
    let names: Vec<String> = kept
        .iter()
        .map(|skill| match language {
            Language::English => skill.document.name.en.clone(),
            Language::Chinese => skill.document.name.zh.clone(),
        })
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    roster::template(&names, language).map_err(unwritable)
}

/// Keeps a list to be looked over; gives its id. An earlier one of the same account is forgotten.
///
/// # Errors
/// Where it cannot be read at all, or there are no skills.
pub(crate) async fn send(
    app: &App,
    staff: &Staff,
    id: &str,
    file_name: &str,
    bytes: Vec<u8>,
) -> Result<String, Failure> {
    if load(app, id).await?.1.is_empty() {
        return Err(ListError::NoSkills.into());
    }
    let file_name: String = file_name.chars().filter(|char| !char.is_control()).take(200).collect();
    let file_name = if file_name.is_empty() { PASTED.to_owned() } else { file_name };
    let (draft, now) = (uuid::Uuid::now_v7().to_string(), (app.clock)());
    let sent = Arc::new(Sent { file_name: file_name.clone(), bytes });
    let (vault, sealing, place) = (Arc::clone(&app.vault), Arc::clone(&sent), place(&draft));
    let sealed = tokio::task::spawn_blocking(move || vault.seal(&place, &sealing.bytes));
    let sheet = read(sent).await?;
    if roster::propose(&sheet, false).header.is_none() {
        return Err(ListError::NoHeader.into());
    }
    let content = sealed.await.map_err(stopped)?.ok_or_else(no_randomness)?;
    let mut transaction = app.database.begin_write().await.map_err(database_failed)?;
    let delete = sqlx::query(queries::DELETE_DRAFTS).bind(now - DRAFT_MS).bind(&staff.account).bind(id);
    delete.execute(&mut *transaction).await.map_err(failed)?;
    sqlx::query(queries::INSERT_DRAFT)
        .bind(&draft)
        .bind(id)
        .bind(&staff.account)
        .bind(file_name)
        .bind(content)
        .bind(now)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    app.lists.hold(Which { draft: draft.clone(), mended: None }, Arc::new(sheet));
    Ok(draft)
}

/// What taking a list in would do, by the columns as they were chosen, or as they are proposed where none
/// were.
///
/// # Errors
/// Where the list is gone, or the database does not answer.
pub(crate) async fn try_out(
    app: &App,
    staff: &Staff,
    (id, draft): (&str, &str),
    chosen: &[String],
    language: Language,
) -> Result<DryRun, Failure> {
    let changes = competition::changes(&app.database, id).await.map_err(setup::failed)?;
    let (competition, kept) = load(app, id).await?;
    let open = open_ones(app, &kept).await?;
    let waiting = waiting(app, staff, id, draft).await?;
    let (which, file_name) = (waiting.which.clone(), waiting.file_name.clone());
    let there = there(app, &kept, &open, id).await?;
    let (looked, there) = look_over(app, waiting, there, chosen).await?;
    let example = |at: usize| {
        let first = looked.sheet.rows.get(looked.header + 1);
        first.and_then(|row| row.cells.get(at)).map(|cell| cell.text.clone()).unwrap_or_default()
    };
    let columns = looked.titles.iter().enumerate().map(|(at, title)| ListColumn {
        title: title.clone(),
        meaning: looked.columns.get(at).copied().flatten().map_or("", Column::as_str).to_owned(),
        // Nobody reads a number over somebody's shoulder, whatever its column is called.
        example: if looked.columns.get(at).copied().flatten() == Some(Column::IdNumber)
            || is_like_a_number(&example(at))
        {
            masked(&example(at))
        } else {
            example(at).chars().take(24).collect()
        },
    });
    let of =
        |at: usize| kept.iter().find(|kept| there.skills.get(at).is_some_and(|t| t.ledger == kept.ledger));
    let per_skill = looked.checked.per_skill.iter();
    let per_skill = per_skill.filter_map(|(at, count)| Some((desk::skill_ref(of(*at)?), *count)));
    let found = looked.findings.iter().take(SHOWN_MAX).map(|finding| BadCell {
        is_error: finding.is_error(),
        row: finding.place.row,
        column: finding.place.column.clone().unwrap_or_default(),
        what: finding.say(language).to_owned(),
    });
    let run = DryRun {
        id: draft.to_owned(),
        competition: competition.reference(id),
        file_name,
        columns: columns.collect(),
        meanings: Column::ALL.map(|one| (one.as_str().to_owned(), one.title(language).to_owned())).into(),
        rows: looked.checked.rows,
        entries: looked.checked.entries.len(),
        bad_rows: looked.checked.bad_rows,
        per_skill: per_skill.collect(),
        found: found.collect(),
        found_in_all: looked.findings.len(),
        mend: to_mend(&looked, language),
        digest: looked.digest.clone(),
    };
    app.lists.checked(&which, Basis { changes, open }, looked);
    Ok(run)
}

/// The first of the rows that are left out, with the cells that mean something.
fn to_mend(looked: &Looked, language: Language) -> Vec<BadRow> {
    let mut wrong: BTreeMap<u64, Vec<&Finding>> = BTreeMap::new();
    for finding in looked.findings.iter().filter(|finding| finding.is_error()) {
        let Some(row) = finding.place.row else { continue };
        if wrong.len() < SHOWN_MAX || wrong.contains_key(&row) {
            wrong.entry(row).or_default().push(finding);
        }
    }
    let below = looked.sheet.rows.get(looked.header + 1..).unwrap_or_default();
    let mut rows = Vec::with_capacity(wrong.len());
    for (row, findings) in wrong {
        // What is wrong with a column stands at the header.
        let Some(at) = below.binary_search_by_key(&row, |row| row.number).ok() else { continue };
        let Some(there) = below.get(at) else { continue };
        let cell = |(column, meaning): (usize, Option<Column>)| {
            let meaning = meaning?;
            let title = looked.titles.get(column);
            let is_wrong = findings.iter().any(|finding| finding.place.column.as_ref() == title);
            let text = there.text(column);
            // A number is shown where it is to be compared digit by digit, and nowhere else.
            let is_hidden = !is_wrong && (meaning == Column::IdNumber || is_like_a_number(text));
            let masked = (is_hidden && !text.is_empty()).then(|| masked(text));
            let text = if masked.is_some() { String::new() } else { text.to_owned() };
            Some(BadRowCell { column, text, masked, is_wrong })
        };
        let cells = looked.columns.iter().copied().enumerate().filter_map(cell).collect();
        let said = |finding: &&Finding| match (&finding.place.column, language) {
            (Some(column), Language::Chinese) => format!("{column}：{}", finding.say(language)),
            (Some(column), Language::English) => format!("{column}: {}", finding.say(language)),
            (None, _) => finding.say(language).to_owned(),
        };
        rows.push(BadRow { row, cells, what: findings.iter().map(said).collect() });
    }
    rows
}

/// The rows that are left out, with why, as a workbook.
///
/// # Errors
/// As [`try_out`].
pub(crate) async fn errors(
    app: &App,
    staff: &Staff,
    (id, draft): (&str, &str),
    chosen: &[String],
    language: Language,
) -> Result<Vec<u8>, Failure> {
    let (_, kept) = load(app, id).await?;
    let waiting = waiting(app, staff, id, draft).await?;
    let there = there(app, &kept, &open_ones(app, &kept).await?, id).await?;
    let (looked, _) = look_over(app, waiting, there, chosen).await?;
    roster::error_workbook(&looked.sheet, looked.header, &looked.findings, language).map_err(unwritable)
}

/// Takes a list in: every good row, in one transaction, and gives how many.
///
/// # Errors
/// Where it would do something else than was looked at, with nothing taken in.
pub(crate) async fn take_in(
    app: &App,
    staff: &Staff,
    (id, draft): (&str, &str),
    chosen: &[String],
    looked_at: &str,
) -> Result<usize, Failure> {
    // Worked out before it is held: on SQLite marks wait for whoever holds it.
    let changes = competition::changes(&app.database, id).await.map_err(setup::failed)?;
    let (_, kept) = load(app, id).await?;
    let open = open_ones(app, &kept).await?;
    let (which, file_name) = entry_of(app, staff, id, draft).await?;
    let columns: Vec<Option<Column>> = chosen.iter().map(|word| Column::parse(word)).collect();
    let basis = Basis { changes, open };
    // What was looked at is what would be found again, unless something changed since.
    let looked = match app.lists.take(&which, &basis, &columns) {
        Some(looked) => looked,
        None => {
            let waiting = waiting(app, staff, id, draft).await?;
            let there = there(app, &kept, &basis.open, id).await?;
            look_over(app, waiting, there, chosen).await?.0
        }
    };
    if looked.digest != looked_at {
        return Err(ListError::Changed.into());
    }
    if looked.checked.entries.is_empty() {
        return Err(ListError::NothingGood.into());
    }
    let batch = uuid::Uuid::now_v7().to_string();
    let (count, left_out) = (looked.checked.entries.len(), looked.checked.bad_rows);
    let (entries, vault, of_batch) = (looked.checked.entries, Arc::clone(&app.vault), batch.clone());
    // The sheet is wanted no more.
    drop(looked.sheet);
    let coming = tokio::task::spawn_blocking(move || coming(&kept, entries, &of_batch, &vault));
    let coming = coming.await.map_err(stopped)??;
    let mut changing = setup::hold(app, id).await?;
    // Whoever opens a skill, or takes another list in, has changed it; one that is being opened right now was
    // not open yet when the ledger was asked.
    let is_pinned = coming.keys().any(|at| changing.is_pinned(*at));
    if changing.changes != changes || is_pinned {
        return Err(ListError::Changed.into());
    }
    for (at, coming) in coming {
        let Some(kept) = changing.skills.get_mut(at) else { continue };
        let (skill, mut identities) = (kept.ledger.clone(), Vec::with_capacity(coming.len()));
        for (person, identity) in coming {
            identities
                .extend(identity.map(|(sealed, blind)| [person.code.as_str().to_owned(), sealed, blind]));
            kept.document.people.push(person);
        }
        changing.keep(at).await.map_err(setup::failed)?;
        keep_identities(app, changing.connection(), &skill, &identities).await?;
    }
    let size = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    sqlx::query(queries::INSERT_BATCH)
        .bind(&batch)
        .bind(id)
        .bind(file_name)
        .bind(size(count))
        .bind(size(left_out))
        .bind(&staff.account)
        .bind((app.clock)())
        .execute(changing.connection())
        .await
        .map_err(failed)?;
    let delete = sqlx::query(queries::DELETE_DRAFT).bind(draft);
    delete.execute(changing.connection()).await.map_err(failed)?;
    changing.commit().await.map_err(setup::failed)?;
    Ok(count)
}

/// Keeps sealed numbers of a skill: each with whose it is, and what it is found again by.
async fn keep_identities<T: Serialize + Sync>(
    app: &App,
    connection: &mut AnyConnection,
    skill: &LedgerId,
    identities: &[[T; 3]],
) -> Result<(), Failure> {
    let insert = queries::insert_identities(app.database.kind());
    for some in identities.chunks(IDENTITIES_AT_ONCE) {
        let rows = competition::to_json(some).map_err(setup::failed)?;
        sqlx::query(insert)
            .bind(skill.as_str())
            .bind(rows)
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
    }
    Ok(())
}

/// Takes a list back, everybody of it.
///
/// # Errors
/// Where it was taken back already, or a skill with people of it is open.
pub(crate) async fn take_back(app: &App, staff: &Staff, id: &str, batch: &str) -> Result<(), Failure> {
    let changes = competition::changes(&app.database, id).await.map_err(setup::failed)?;
    let (_, kept) = load(app, id).await?;
    let open = open_ones(app, &kept).await?;
    let mut changing = setup::hold(app, id).await?;
    // Whoever opened or drew a skill since its ledger was asked has changed it.
    if changing.changes != changes {
        return Err(ListError::Changed.into());
    }
    let undo = sqlx::query(queries::UNDO_BATCH).bind(batch).bind(id).bind(&staff.account).bind((app.clock)());
    if undo.execute(changing.connection()).await.map_err(failed)?.rows_affected() == 0 {
        return Err(ListError::BatchGone.into());
    }
    // Who is taken back with their list comes back with it alone.
    let forget = sqlx::query(queries::DELETE_BULKS_OF).bind(id);
    forget.execute(changing.connection()).await.map_err(failed)?;
    for at in 0..changing.skills.len() {
        let is_fixed = changing.is_pinned(at);
        let Some(kept) = changing.skills.get_mut(at) else { continue };
        let (gone, stay): (Vec<Person>, Vec<Person>) =
            kept.document.people.drain(..).partition(|person| person.batch == batch);
        kept.document.people = stay;
        if gone.is_empty() {
            continue;
        }
        if is_fixed || open.contains(&kept.ledger) {
            return Err(ListError::BatchFixed { skill: kept.document.name.zh.clone() }.into());
        }
        let ledger = kept.ledger.clone();
        for person in gone {
            one::forget(changing.connection(), &ledger, person.code.as_str()).await?;
        }
        changing.keep(at).await.map_err(setup::failed)?;
    }
    changing.commit().await.map_err(setup::failed)
}

/// Who comes to which skill: people with codes that nobody there has, and their sealed numbers with what these
/// are found again by.
type Coming = BTreeMap<usize, Vec<(Person, Identity)>>;

/// A sealed number, and what it is found again by; none where the list gives none.
type Identity = Option<(String, String)>;

fn coming(
    kept: &[KeptSkill<SkillDocument>],
    entries: Vec<Entry>,
    batch: &str,
    vault: &Vault,
) -> Result<Coming, AccountError> {
    let mut taken: Vec<HashSet<String>> = kept
        .iter()
        .map(|kept| kept.document.people.iter().map(|person| person.code.to_string()).collect())
        .collect();
    let mut coming = Coming::new();
    let mut coded = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some(taken) = taken.get_mut(entry.skill) else { continue };
        coded.push((desk::fresh_code(taken)?, entry));
    }
    let identities = sealed_each(kept, &coded, vault)?;
    for ((code, entry), identity) in coded.into_iter().zip(identities) {
        let Some(kept) = kept.get(entry.skill) else { continue };
        let of_skill = coming.entry(entry.skill).or_default();
        let row = kept.document.people.len() + of_skill.len() + 2;
        let person = Person {
            row: u64::try_from(row).unwrap_or(u64::MAX),
            code: CompetitorCode::from(code.as_str()),
            name: entry.name,
            organisation: entry.organisation,
            delegation: entry.delegation,
            team: entry.team,
            member: entry.member,
            group: GroupName::from(entry.group.as_str()),
            employment: entry.employment,
            level: entry.level,
            batch: batch.to_owned(),
        };
        of_skill.push((person, identity));
    }
    Ok(coming)
}

/// Each one's number, sealed, with what it is found again by. Many are sealed on two threads.
fn sealed_each(
    kept: &[KeptSkill<SkillDocument>],
    coded: &[(String, Entry)],
    vault: &Vault,
) -> Result<Vec<Identity>, AccountError> {
    let one = |(code, entry): &(String, Entry)| -> Result<Identity, AccountError> {
        let (Some(number), Some(kept)) = (&entry.id_number, kept.get(entry.skill)) else { return Ok(None) };
        let sealed = vault.seal(&of_person(&kept.ledger, code), number.as_str().as_bytes());
        Ok(Some((sealed.ok_or(AccountError::NoRandomness)?, vault.blind(number.as_str()))))
    };
    let some = |coded: &[(String, Entry)]| coded.iter().map(one).collect::<Result<Vec<_>, _>>();
    let (first, rest) = coded.split_at(coded.len() / 2);
    let (first, rest) = std::thread::scope(|scope| {
        let rest = scope.spawn(|| some(rest));
        (some(first), rest.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut all = first?;
    all.extend(rest?);
    Ok(all)
}

async fn load(app: &App, id: &str) -> Result<(Competition, Vec<KeptSkill<SkillDocument>>), Failure> {
    let loaded = competition::load::<Competition, SkillDocument>(&app.database, id).await;
    let (kept, skills) = loaded.map_err(setup::failed)?;
    Ok((kept.document, skills))
}

async fn open_ones(app: &App, kept: &[KeptSkill<SkillDocument>]) -> Result<HashSet<LedgerId>, Failure> {
    let mut open = HashSet::new();
    for skill in kept {
        if skill.draft.is_none() || setup::is_listed(app, &skill.ledger).await? {
            open.insert(skill.ledger.clone());
        }
    }
    Ok(open)
}

/// What a list is held against.
async fn there(
    app: &App,
    kept: &[KeptSkill<SkillDocument>],
    open: &HashSet<LedgerId>,
    id: &str,
) -> Result<There, Failure> {
    let select = sqlx::query(queries::SELECT_IDENTITIES).bind(id);
    let rows = select.fetch_all(app.database.pool()).await.map_err(failed)?;
    let mut numbers: HashMap<String, HashSet<String>> = HashMap::new();
    for row in &rows {
        let skill: String = row.try_get(0).map_err(failed)?;
        numbers.entry(skill).or_default().insert(row.try_get(1).map_err(failed)?);
    }
    let skills = kept.iter().map(|skill| {
        let document = &skill.document;
        let names = document.people.iter().map(|one| (one.name.clone(), one.organisation.clone()));
        SkillThere {
            ledger: skill.ledger.clone(),
            number: document.number.clone(),
            zh: document.name.zh.clone(),
            en: document.name.en.clone(),
            is_open: open.contains(&skill.ledger),
            people: document.people.len(),
            id_numbers: numbers.remove(skill.ledger.as_str()).unwrap_or_default(),
            names: names.collect(),
        }
    });
    Ok(There { skills: skills.collect() })
}

/// Reads a list away from the runtime: a large one takes a while.
async fn read(sent: Arc<Sent>) -> Result<Sheet, Failure> {
    let reading = tokio::task::spawn_blocking(move || sheet_of(&sent));
    reading.await.map_err(stopped)?.map_err(unreadable)
}

fn sheet_of(sent: &Sent) -> Result<Sheet, Finding> {
    if sent.file_name == PASTED {
        sheet::paste(&String::from_utf8_lossy(&sent.bytes))
    } else {
        sheet::open(&sent.bytes, &sent.file_name)
    }
}

/// Reads a list and checks every row of it.
async fn look_over(
    app: &App,
    waiting: Waiting,
    there: There,
    chosen: &[String],
) -> Result<(Looked, There), Failure> {
    let (vault, chosen) = (Arc::clone(&app.vault), chosen.to_owned());
    let looking = tokio::task::spawn_blocking(move || {
        let looked = check(waiting, &there, &chosen, &vault);
        looked.map(|looked| (looked, there))
    });
    looking.await.map_err(stopped)?.map_err(unreadable)
}

fn check(waiting: Waiting, there: &There, chosen: &[String], vault: &Vault) -> Result<Looked, Finding> {
    let Waiting { file_name, sheet, .. } = waiting;
    let proposal = roster::propose(&sheet, there.skills.len() != 1);
    let header = proposal.header.ok_or_else(|| ListError::NoHeader.at(Place::default()))?;
    let (mut columns, mut findings) = (proposal.columns, proposal.findings);
    if chosen.len() == columns.len() {
        columns = chosen.iter().map(|word| Column::parse(word)).collect();
        // What was proposed counts no more, nor what was said of it.
        findings.clear();
    }
    let skills = there.skills.iter().map(|skill| KnownSkill {
        number: &skill.number,
        zh: &skill.zh,
        en: &skill.en,
        is_open: skill.is_open,
        people: skill.people,
        id_numbers: &skill.id_numbers,
        names: &skill.names,
    });
    let key = |number: &IdNumber| vault.blind(number.as_str());
    let only_skill = (there.skills.len() == 1).then_some(0);
    let known = Known { skills: skills.collect(), only_skill, key: &key };
    let checked = roster::check(&sheet, &file_name, header, &columns, &known);
    findings.extend(checked.findings.iter().cloned());
    let digest = digest(&checked, there);
    Ok(Looked { titles: proposal.titles, sheet, header, columns, findings, checked, digest })
}

/// Which list waits, and what its file is called.
async fn entry_of(app: &App, staff: &Staff, id: &str, draft: &str) -> Result<(Which, String), Failure> {
    let select = sqlx::query(queries::SELECT_DRAFT).bind(draft).bind(id).bind(&staff.account);
    let select = select.bind((app.clock)() - DRAFT_MS);
    let row = select.fetch_optional(app.database.pool()).await.map_err(failed)?.ok_or(ListError::Gone)?;
    let which = Which { draft: draft.to_owned(), mended: row.try_get(1).map_err(failed)? };
    Ok((which, row.try_get(0).map_err(failed)?))
}

/// A list that waits, as it was read before, or opened and read with what was mended of it.
async fn waiting(app: &App, staff: &Staff, id: &str, draft: &str) -> Result<Waiting, Failure> {
    let (which, file_name) = entry_of(app, staff, id, draft).await?;
    if let Some(sheet) = app.lists.sheet(&which) {
        return Ok(Waiting { which, file_name, sheet });
    }
    let content = sqlx::query_scalar(queries::SELECT_CONTENT).bind(draft).fetch_optional(app.database.pool());
    let content: String = content.await.map_err(failed)?.ok_or(ListError::Gone)?;
    let (vault, mended, place) = (Arc::clone(&app.vault), which.mended.clone(), place(draft));
    let (name, of) = (file_name.clone(), draft.to_owned());
    let opening = tokio::task::spawn_blocking(move || -> Result<Result<Sheet, Finding>, ListError> {
        let bytes = vault.unseal(&place, &content).map_err(|_| ListError::Gone)?;
        drop(content);
        let mended = mended.map(|sealed| Mended::open(&vault, &of, &sealed)).transpose()?;
        Ok(sheet_of(&Sent { file_name: name, bytes }).map(|mut sheet| {
            if let Some(mended) = mended {
                mended.apply(&mut sheet);
            }
            sheet
        }))
    });
    let sheet = Arc::new(opening.await.map_err(stopped)??.map_err(unreadable)?);
    app.lists.hold(which.clone(), Arc::clone(&sheet));
    Ok(Waiting { which, file_name, sheet })
}

/// What would be taken in, and how much would not. No text of an entry has a line break in it.
fn digest(checked: &Checked, there: &There) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{} {}\n", checked.rows, checked.bad_rows));
    let mut text = String::new();
    for entry in &checked.entries {
        let skill = there.skills.get(entry.skill).map_or("", |skill| skill.ledger.as_str());
        let number = entry.id_number.as_ref().map_or("", IdNumber::as_str);
        let cells = [skill, &entry.name, number, &entry.organisation, &entry.delegation, &entry.team];
        let more = [entry.group.as_str(), &entry.employment, &entry.level, &entry.member];
        text.clear();
        text += &entry.row.to_string();
        for cell in cells.into_iter().chain(more) {
            text.push('\n');
            text += cell;
        }
        hash.update(&text);
        hash.update("\n");
    }
    Hash(hash.finalize().into()).to_string()
}

/// Whether it may be the number of a document, or of a telephone.
fn is_like_a_number(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 8
}

fn masked(number: &str) -> String {
    IdNumber::parse(number).map_or_else(|_| "…".to_owned(), |number| number.masked())
}

/// For what a list is sealed.
fn place(draft: &str) -> String {
    format!("list {draft}")
}

/// For what a competitor's number is sealed.
pub(crate) fn of_person(skill: &LedgerId, code: &str) -> String {
    format!("identity of {skill} {code}")
}

fn failed(error: sqlx::Error) -> Failure {
    ListError::Failed { problem: crate::spoken::of_database(&error) }.into()
}

fn database_failed(error: crate::database::DatabaseError) -> Failure {
    ListError::Failed { problem: error.spoken() }.into()
}

fn stopped(error: tokio::task::JoinError) -> Failure {
    ListError::Failed { problem: crate::spoken::of_library(&error) }.into()
}

/// What a list cannot be read for.
fn unreadable(finding: Finding) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, finding)
}

fn unwritable(problem: String) -> Failure {
    ListError::Failed { problem: Spoken::new("表格写不成文件", problem) }.into()
}

fn no_randomness() -> Failure {
    AccountError::NoRandomness.into()
}

impl From<ListError> for Failure {
    fn from(error: ListError) -> Self {
        let status = match error {
            ListError::Gone => StatusCode::GONE,
            ListError::Changed
            | ListError::NoSkills
            | ListError::BatchGone
            | ListError::PersonFixed
            | ListError::PersonChanged
            | ListError::BulkGone
            | ListError::BulkMoved
            | ListError::BatchFixed { .. } => StatusCode::CONFLICT,
            ListError::NoSuchPerson => StatusCode::NOT_FOUND,
            ListError::NoHeader
            | ListError::NothingGood
            | ListError::NobodyChosen
            | ListError::BulkUnfit { .. }
            | ListError::PersonUnfit { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            ListError::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error.at(Place::default()))
    }
}
