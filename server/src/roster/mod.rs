//! Who competes, by lists: one is sent, looked over without changing anything, taken in as a whole and can be
//! taken back as a whole, as long as no skill of it is open. What is read and checked of a list is
//! `exchange::roster`; identity numbers are kept sealed (docs/adr/0025).

mod bulk;
mod one;
mod out;
mod queries;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use axum::http::StatusCode;
use domain::finding::{Language, Place};
use domain::findings;
use domain::id::{CompetitorCode, GroupName, LedgerId};
use domain::ledger::Hash;
use protocol::setup::{DryRun, ListOf, Roster, RosterSkill, Who};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::{AnyConnection, Row as _};

use crate::accounts::{AccountError, Staff};
use crate::checkin;
use crate::competition::{self, KeptSkill};
use crate::database::Database;
use crate::desk;
use crate::exchange::package::{Competition, Person, SkillDocument};
use crate::exchange::roster::{self, Checked, Column, Entry, IdNumber, Known, KnownSkill};
use crate::exchange::sheet::Sheet;
use crate::http::{App, Failure};
use crate::list::{self, Basis, ListError, Looked, Purpose, failed, unwritable};
use crate::setup;
use crate::vault::Vault;

pub(crate) use bulk::{change, preview, remove, undo};
pub(crate) use one::{competitor, competitors, mend, strike};
pub(crate) use out::{out, out_of_skill};

/// How long a bulk change can be undone.
const UNDONE_MS: i64 = 24 * 3_600_000;
/// What its lists are of, as it is kept.
const ROSTER: &str = "roster";
/// How many identity numbers one statement writes.
const IDENTITIES_AT_ONCE: usize = 1_000;

findings! {
    /// Why somebody was not changed on the list of those who compete, or a list not taken back.
    pub enum RosterError {
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
    }
}

/// What a competition's skills are to a list, all of it at one moment.
struct There {
    skills: Vec<SkillThere>,
}

struct SkillThere {
    number: String,
    zh: String,
    en: String,
    is_open: bool,
    people: usize,
    id_numbers: HashSet<String>,
    names: HashSet<(String, String)>,
}

/// How many identity numbers another key sealed.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn others_numbers(database: &Database, vault: &Vault) -> Result<i64, sqlx::Error> {
    let ours = format!("{}%", vault.mark());
    sqlx::query_scalar(queries::COUNT_OTHERS).bind(ours).fetch_one(database.pool()).await
}

/// Forgets what would undo bulk changes of more than a day ago.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn forget_old(database: &Database, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(queries::DELETE_OLD).bind(now - UNDONE_MS).execute(database.pool()).await.map(|_| ())
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
    let batches = list::batches_of(app, of(id)).await?;
    let competition = competition.reference(id);
    Ok(Roster { who: Who::Competitors, competition, skills, batches })
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
    Ok(roster::template(&names, language).map_err(unwritable)?)
}

/// Keeps a list to be looked over; gives its id.
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
    list::keep::<Column>(app, staff, of(id), file_name, bytes).await
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
    let looked = look_over(app, staff, (id, draft), (&kept, &open), chosen).await?;
    let per_skill = looked.checked.per_skill.iter();
    let per_skill =
        per_skill.filter_map(|(at, count)| Some((desk::skill_ref(kept.get(*at)?), *count))).collect();
    let digest = digest(&looked.checked, &kept);
    let of = ListOf::People { who: Who::Competitors, competition: competition.reference(id) };
    let run = looked.dry_run(of, Some(Column::IdNumber), per_skill, digest, language);
    looked.hold(app, Basis { changes, open });
    Ok(run)
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
    let open = open_ones(app, &kept).await?;
    Ok(look_over(app, staff, (id, draft), (&kept, &open), chosen).await?.errors(language)?)
}

/// Puts texts into a list that waits: each with its row and its column.
///
/// # Errors
/// Where the list is gone, was mended elsewhere in this moment, or the database does not answer.
pub(crate) async fn correct(
    app: &App,
    staff: &Staff,
    (id, draft): (&str, &str),
    typed: Vec<(u64, usize, String)>,
) -> Result<(), Failure> {
    list::correct(app, staff, of(id), draft, typed).await
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
    let basis = Basis { changes, open: open_ones(app, &kept).await? };
    // What was looked at is what would be found again, unless something changed since.
    let looked = match list::looked_before(app, staff, (of(id), draft), &basis, chosen).await? {
        Some(looked) => looked,
        None => look_over(app, staff, (id, draft), (&kept, &basis.open), chosen).await?,
    };
    if digest(&looked.checked, &kept) != looked_at {
        return Err(ListError::Changed.into());
    }
    if looked.checked.entries.is_empty() {
        return Err(ListError::NothingGood.into());
    }
    let batch = uuid::Uuid::now_v7().to_string();
    let counts = (looked.checked.entries.len(), looked.checked.bad_rows);
    let file_name = looked.file_name().to_owned();
    let (entries, vault, of_batch) = (looked.into_checked().entries, Arc::clone(&app.vault), batch.clone());
    let coming = tokio::task::spawn_blocking(move || coming(&kept, entries, &of_batch, &vault));
    let coming = coming.await.map_err(list::stopped)??;
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
    let names = (draft, batch.as_str(), file_name.as_str());
    list::taken(changing.connection(), app, staff, of(id), names, counts).await?;
    changing.commit().await.map_err(setup::failed)?;
    Ok(counts.0)
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
    list::taken_back(changing.connection(), app, staff, of(id), batch).await?;
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
            return Err(RosterError::BatchFixed { skill: kept.document.name.zh.clone() }.into());
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

/// Reads a list that waits and checks every row of it.
async fn look_over(
    app: &App,
    staff: &Staff,
    (id, draft): (&str, &str),
    (kept, open): (&[KeptSkill<SkillDocument>], &HashSet<LedgerId>),
    chosen: &[String],
) -> Result<Looked<Column, Entry>, Failure> {
    let waiting = list::waiting_for(app, staff, of(id), draft).await?;
    let there = there(app, kept, open, id).await?;
    let vault = Arc::clone(&app.vault);
    let only_skill = (kept.len() == 1).then_some(0);
    let check = move |sheet: &Sheet, file_name: &str, header: usize, columns: &[Option<Column>]| {
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
        let known = Known { skills: skills.collect(), only_skill, key: &key };
        roster::check(sheet, file_name, header, columns, &known)
    };
    list::look_over(waiting, roster::needed(only_skill.is_none()), chosen, check).await
}

/// What would be taken in, and how much would not. No text of an entry has a line break in it.
fn digest(checked: &Checked, kept: &[KeptSkill<SkillDocument>]) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{} {}\n", checked.rows, checked.bad_rows));
    let mut text = String::new();
    for entry in &checked.entries {
        let skill = kept.get(entry.skill).map_or("", |skill| skill.ledger.as_str());
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

/// A competition's rosters, among lists.
fn of(id: &str) -> Purpose<'_> {
    Purpose { competition: id, word: ROSTER }
}

/// For what a competitor's number is sealed.
pub(crate) fn of_person(skill: &LedgerId, code: &str) -> String {
    format!("identity of {skill} {code}")
}

impl From<RosterError> for Failure {
    fn from(error: RosterError) -> Self {
        let status = match error {
            RosterError::PersonFixed
            | RosterError::PersonChanged
            | RosterError::BulkMoved
            | RosterError::BulkGone
            | RosterError::BatchFixed { .. } => StatusCode::CONFLICT,
            RosterError::NoSuchPerson => StatusCode::NOT_FOUND,
            RosterError::NobodyChosen | RosterError::BulkUnfit { .. } | RosterError::PersonUnfit { .. } => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
        };
        Self::new(status, error.at(Place::default()))
    }
}
