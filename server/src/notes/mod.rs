//! Notes: what a judge writes of a cell or photographs there. They change no result and are in no ledger,
//! so that they can be erased. A judge sees the own ones, the chief judge of the skill and the organisers
//! all of the skill (docs/adr/0014).

mod jpeg;
mod queries;
mod routes;

use domain::finding::Spoken;
use domain::findings;
use domain::id::{EntryId, JudgeCode, LedgerId};
use domain::ledger::Hash;
use domain::marking::Skill;
use protocol::note::{
    A_MINUTE_MAX, Note, OF_CELL_MAX, OF_JUDGE_MAX, PHOTOS_OF_CELL_MAX, PHOTOS_OF_JUDGE_MAX, Place, TEXT_MAX,
};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::accounts::Enrolled;
use crate::database::{Database, DatabaseError};
use crate::http::App;
use crate::judging::may_see;
use crate::ledger::LedgerError;
use crate::spoken;

pub(crate) use routes::{routes, shown};

/// Below this much free space on the database's disk no photo is taken: marks need it.
const SPACE_MIN: u64 = 256 * 1_024 * 1_024;
const MINUTE_MS: i64 = 60_000;

findings! {
    /// Why a note or a photo was not stored.
    pub enum NoteRefusal {
        Elsewhere = Error "note_elsewhere",
            "这里没有这位选手或评分点，或者您不在它的评分组里；备注没有保存。",
            "There is no such competitor or aspect here, or you are not on its panel; the note was not stored.";
        IdUnfit = Error "note_id_unfit",
            "备注的编号写法不对。",
            "That is no id of a note.";
        TextUnfit = Error "note_text_unfit",
            "备注须为 1 到 500 个字符。",
            "A note has 1 to 500 characters.";
        UsedOtherwise = Error "note_used_otherwise",
            "这个编号已用于另一条备注；请重新写一条。",
            "Another note has this id already; write it anew.";
        TakenBack = Error "note_taken_back",
            "这条备注已经收回。",
            "This note was taken back.";
        TooMany { max: i64 } = Error "note_too_many",
            "这里最多 {max} 条；请先收回不需要的。",
            "There can be {max} here at the most; take back what is not needed first.";
        TooFast = Error "note_too_fast",
            "备注来得太快；请过一分钟再发。",
            "Notes come too fast; send again in a minute.";
        NotJpeg = Error "photo_not_jpeg",
            "这不是完整的 JPEG 照片；请重新拍摄或另选一张。",
            "That is no whole JPEG; take the photo again or choose another.";
        Tells = Error "photo_tells",
            "照片里带有拍摄信息（可能含地点），没有保存；请用评分页面添加照片，它会去掉这些信息。",
            "The photo tells of its camera or place and was not stored; add it from the marking page, which takes that out.";
        TooWide = Error "photo_too_wide",
            "照片的边长须在 1600 像素以内；请用评分页面添加照片，它会缩小。",
            "A photo's sides have 1600 pixels at the most; add it from the marking page, which shrinks it.";
        NoSpace = Error "photo_no_space",
            "服务器的磁盘快满了，暂不收照片，留给评分；请组委会腾出空间。照片仍在本机，之后会再发。",
            "The server's disk is nearly full and keeps what is left for marks; the organisers make room. The photo stays on the device and is sent again.";
        Failed { problem: Spoken } = Error "note_failed", "{problem:#}。", "{problem}.";
    }
}

impl From<sqlx::Error> for NoteRefusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed { problem: spoken::of_database(&error) }
    }
}

impl From<DatabaseError> for NoteRefusal {
    fn from(error: DatabaseError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

impl From<LedgerError> for NoteRefusal {
    fn from(error: LedgerError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

/// What a note holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held<'a> {
    /// A text.
    Text(&'a str),
    /// A photo's bytes.
    Photo(&'a [u8]),
}

/// Who looks at a skill's notes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Looker<'a> {
    /// Whoever wrote them.
    Writer(&'a JudgeCode),
    /// The chief judge, who may have a seat on a panel.
    Chief(&'a JudgeCode),
    /// An organiser.
    Desk,
}

impl Looker<'_> {
    /// Whether this one may see what is on a cell. Whoever has a seat on its panel learns nothing of the
    /// others' there before the round is complete.
    fn may_see(self, note: &Note, skill: Option<&Skill>) -> bool {
        match self {
            Self::Writer(judge) => *judge == note.judge,
            Self::Desk => true,
            Self::Chief(chief) => {
                let place = skill.and_then(|skill| {
                    Some((skill, skill.row(&note.competitor)?, skill.column(&note.aspect)?))
                });
                place.is_some_and(|(skill, row, column)| may_see(skill, chief, row, column, &note.judge))
            }
        }
    }
}

/// Stores a note of a judge's, once, however often it is sent.
///
/// # Errors
/// Where it is not that judge's cell, is unfit or too much, or the database does not answer.
pub(crate) async fn store(
    app: &App,
    judge: &Enrolled,
    id: EntryId,
    place: &Place,
    held: Held<'_>,
) -> Result<(), NoteRefusal> {
    let state = app.ledger.state(&judge.ledger).await?;
    let skill = state.skill.as_deref().ok_or(NoteRefusal::Elsewhere)?;
    let column = skill.column(&place.aspect).ok_or(NoteRefusal::Elsewhere)?;
    let row = skill.row(&place.competitor).ok_or(NoteRefusal::Elsewhere)?;
    if skill.seat(row, column, &judge.judge).is_none() {
        return Err(NoteRefusal::Elsewhere);
    }
    check(app, held)?;
    let now = (app.clock)();
    let (text, photo) = match held {
        Held::Text(text) => (text, None),
        Held::Photo(bytes) => ("", Some(Hash::of_document(bytes).to_string())),
    };
    let mut transaction = app.database.begin_write().await?;
    if was_stored(&mut transaction, judge, id, place, (text, photo.as_deref())).await? {
        return Ok(());
    }
    check_count(&mut transaction, judge, place, photo.is_some(), now).await?;
    let insert = match &photo {
        None => sqlx::query(queries::INSERT_NOTE),
        Some(_) => sqlx::query(queries::INSERT_PHOTO),
    };
    insert
        .bind(id.to_string())
        .bind(judge.ledger.as_str())
        .bind(judge.judge.as_str())
        .bind(place.competitor.as_str())
        .bind(place.aspect.as_str())
        .bind(photo.unwrap_or_else(|| text.to_owned()))
        .bind(place.made_at)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    if let Held::Photo(bytes) = held {
        let insert = sqlx::query(queries::INSERT_BYTES).bind(id.to_string()).bind(bytes.to_vec());
        insert.execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

fn check(app: &App, held: Held<'_>) -> Result<(), NoteRefusal> {
    match held {
        Held::Text(text) => {
            let is_fit = (1..=TEXT_MAX).contains(&text.chars().count());
            let is_blank = text.trim().is_empty();
            if is_fit && !is_blank && !text.contains('\0') { Ok(()) } else { Err(NoteRefusal::TextUnfit) }
        }
        Held::Photo(bytes) => {
            jpeg::check(bytes)?;
            let is_full = |(name, space): &(&str, crate::database::space::Space)| {
                *name == "database" && space.free < SPACE_MIN
            };
            if app.keeping.disks().iter().any(is_full) { Err(NoteRefusal::NoSpace) } else { Ok(()) }
        }
    }
}

/// Whether exactly this note is stored already.
async fn was_stored(
    connection: &mut AnyConnection,
    judge: &Enrolled,
    id: EntryId,
    place: &Place,
    (text, photo): (&str, Option<&str>),
) -> Result<bool, NoteRefusal> {
    let select = sqlx::query(queries::SELECT_KNOWN).bind(id.to_string());
    let Some(row) = select.fetch_optional(connection).await? else { return Ok(false) };
    let known = |at: usize| row.try_get::<String, _>(at);
    if known(0)? != judge.ledger.as_str() || known(1)? != judge.judge.as_str() {
        return Err(NoteRefusal::UsedOtherwise);
    }
    if row.try_get::<Option<i64>, _>(6)?.is_some() {
        return Err(NoteRefusal::TakenBack);
    }
    let is_same = known(2)? == place.competitor.as_str()
        && known(3)? == place.aspect.as_str()
        && known(4)? == text
        && row.try_get::<Option<String>, _>(5)?.as_deref() == photo;
    if is_same { Ok(true) } else { Err(NoteRefusal::UsedOtherwise) }
}

async fn check_count(
    connection: &mut AnyConnection,
    judge: &Enrolled,
    place: &Place,
    is_photo: bool,
    now: i64,
) -> Result<(), NoteRefusal> {
    let row = sqlx::query(queries::COUNT)
        .bind(judge.ledger.as_str())
        .bind(judge.judge.as_str())
        .bind(place.competitor.as_str())
        .bind(place.aspect.as_str())
        .bind(now - MINUTE_MS)
        .fetch_one(connection)
        .await?;
    if row.try_get::<i64, _>(4)? >= A_MINUTE_MAX {
        return Err(NoteRefusal::TooFast);
    }
    let limits = [
        (0, OF_JUDGE_MAX, true),
        (1, PHOTOS_OF_JUDGE_MAX, is_photo),
        (2, OF_CELL_MAX, !is_photo),
        (3, PHOTOS_OF_CELL_MAX, is_photo),
    ];
    for (at, max, is_meant) in limits {
        if is_meant && row.try_get::<i64, _>(at)? >= max {
            return Err(NoteRefusal::TooMany { max });
        }
    }
    Ok(())
}

/// Takes an own note back, and whether there was one: what it said or showed is erased.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn take_back(app: &App, judge: &Enrolled, id: EntryId) -> Result<bool, NoteRefusal> {
    let mut transaction = app.database.begin_write().await?;
    let update = sqlx::query(queries::TAKE_BACK)
        .bind((app.clock)())
        .bind(id.to_string())
        .bind(judge.ledger.as_str())
        .bind(judge.judge.as_str());
    let was_there = update.execute(&mut *transaction).await?.rows_affected() > 0;
    if was_there {
        sqlx::query(queries::DELETE_BYTES).bind(id.to_string()).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(was_there)
}

/// A judge's own notes, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn own(app: &App, judge: &Enrolled) -> Result<Vec<Note>, NoteRefusal> {
    let select = sqlx::query(queries::SELECT_OF_JUDGE).bind(judge.ledger.as_str()).bind(judge.judge.as_str());
    let rows = select.fetch_all(app.database.pool()).await?;
    Ok(rows.iter().map(note).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// What somebody may see of a skill's notes, the newest first, and how many are kept back from them.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn of_skill(
    app: &App,
    ledger: &LedgerId,
    looker: Looker<'_>,
) -> Result<(Vec<Note>, usize), NoteRefusal> {
    let state = app.ledger.state(ledger).await?;
    let select = sqlx::query(queries::SELECT_OF_SKILL).bind(ledger.as_str());
    let rows = select.fetch_all(app.database.pool()).await?;
    let all = rows.iter().map(note).collect::<Result<Vec<_>, _>>()?.into_iter().flatten();
    let (seen, held): (Vec<_>, Vec<_>) = all.partition(|note| looker.may_see(note, state.skill.as_deref()));
    Ok((seen, held.len()))
}

/// A photo of a skill; none where there is none, or whoever looks may not see it.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn photo(
    app: &App,
    ledger: &LedgerId,
    id: EntryId,
    looker: Looker<'_>,
) -> Result<Option<Vec<u8>>, NoteRefusal> {
    let select = sqlx::query(queries::SELECT_BYTES).bind(id.to_string()).bind(ledger.as_str());
    let Some(row) = select.fetch_optional(app.database.pool()).await? else { return Ok(None) };
    let text = |at: usize| row.try_get::<String, _>(at);
    let of = Note {
        judge: text(1)?.into(),
        competitor: text(2)?.into(),
        aspect: text(3)?.into(),
        id,
        is_photo: true,
        made_at: 0,
        received_at: 0,
        text: String::new(),
    };
    let state = app.ledger.state(ledger).await?;
    Ok(if looker.may_see(&of, state.skill.as_deref()) { Some(row.try_get(0)?) } else { None })
}

/// The ids of all photos of a database, oldest first.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn photos(database: &Database) -> Result<Vec<EntryId>, sqlx::Error> {
    let ids: Vec<String> = sqlx::query_scalar(queries::SELECT_PHOTOS).fetch_all(database.pool()).await?;
    Ok(ids.iter().filter_map(|id| EntryId::parse(id)).collect())
}

/// A photo's bytes; none where it was taken back meanwhile.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn bytes(database: &Database, id: EntryId) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let select = sqlx::query_scalar(queries::SELECT_PHOTO).bind(id.to_string());
    select.fetch_optional(database.pool()).await
}

/// Puts a photo's bytes into a database that is being restored.
///
/// # Errors
/// Where the database does not take them.
pub(crate) async fn insert_bytes(
    connection: &mut AnyConnection,
    id: EntryId,
    bytes: Vec<u8>,
) -> Result<(), sqlx::Error> {
    sqlx::query(queries::INSERT_BYTES).bind(id.to_string()).bind(bytes).execute(connection).await?;
    Ok(())
}

/// A row as a note; none where its id is none of ours.
fn note(row: &AnyRow) -> Result<Option<Note>, sqlx::Error> {
    let text = |at: usize| row.try_get::<String, _>(at);
    let Some(id) = EntryId::parse(&text(0)?) else { return Ok(None) };
    Ok(Some(Note {
        id,
        judge: text(1)?.into(),
        competitor: text(2)?.into(),
        aspect: text(3)?.into(),
        text: text(4)?,
        is_photo: row.try_get::<Option<String>, _>(5)?.is_some(),
        made_at: row.try_get(6)?,
        received_at: row.try_get(7)?,
    }))
}
