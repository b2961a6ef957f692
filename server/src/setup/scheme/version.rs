//! The versions of a skill's scheme: each that was kept, who kept it, and what differs between two.

use domain::id::LedgerId;
use domain::ledger::Hash;
use domain::marking::Panel;
use domain::number::Mark;
use domain::scheme::Scheme;
use protocol::scheme::{SchemeChange, SchemeVersion, SchemeVersions, VersionHow, WorkbookNote};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::{diff, digest, load, queries, show, written};
use crate::accounts::Staff;
use crate::competition::{self, CompetitionError};
use crate::http::{App, Failure};
use crate::setup::failed;

/// Keeps a scheme as the newest version, where it differs from the one before, of which it says who marked it until
/// then; what was there before versions were kept becomes the first. Gives the version's number.
pub(super) async fn keep(
    connection: &mut AnyConnection,
    skill: &LedgerId,
    (before, left, now): (&Scheme, &[Panel], &Scheme),
    (staff, how, notes): (&Staff, VersionHow, &[WorkbookNote]),
    at: i64,
) -> Result<i64, CompetitionError> {
    let newest = sqlx::query(queries::SELECT_NEWEST).bind(skill.as_str());
    let newest = newest.fetch_optional(&mut *connection).await?;
    let newest = newest.map(|row| Ok::<_, sqlx::Error>((row.try_get(0)?, row.try_get::<String, _>(1)?)));
    let (mut number, known): (i64, String) = newest.transpose()?.unwrap_or_default();
    // Something that keeps no versions may have changed it since the newest.
    if before.aspects().next().is_some() && known != digest(before) {
        number += 1;
        insert(connection, (skill, number), before, (None, VersionHow::There, &[]), at).await?;
    } else if known == digest(now) {
        return Ok(number);
    }
    if digest(before) != digest(now) {
        let leave = sqlx::query(queries::LEAVE).bind(skill.as_str()).bind(competition::to_json(left)?);
        leave.execute(&mut *connection).await?;
        number += 1;
        insert(connection, (skill, number), now, (Some(staff), how, notes), at).await?;
    }
    Ok(number)
}

async fn insert(
    connection: &mut AnyConnection,
    (skill, number): (&LedgerId, i64),
    scheme: &Scheme,
    (staff, how, notes): (Option<&Staff>, VersionHow, &[WorkbookNote]),
    at: i64,
) -> Result<(), CompetitionError> {
    let insert = sqlx::query(queries::INSERT).bind(skill.as_str()).bind(number).bind(at);
    let insert = insert.bind(staff.map(|staff| staff.account.clone())).bind(how.name()).bind(digest(scheme));
    let aspects = i64::try_from(scheme.aspects().count()).unwrap_or(i64::MAX);
    let insert = insert.bind(aspects).bind(scheme.total().0).bind(written(scheme));
    let noted = i64::try_from(notes.len()).unwrap_or(i64::MAX);
    let insert = insert.bind(noted).bind(competition::to_json(notes)?);
    insert.execute(connection).await?;
    Ok(())
}

/// Who marked a version when it was left; none where that is not known.
pub(super) async fn panels(
    app: &App,
    skill: &LedgerId,
    number: i64,
) -> Result<Option<Vec<Panel>>, CompetitionError> {
    let select = sqlx::query_scalar::<_, Option<String>>(queries::SELECT_PANELS);
    let panels =
        select.bind(skill.as_str()).bind(number).fetch_optional(app.database.pool()).await?.flatten();
    panels.map(|panels| serde_json::from_str(&panels).map_err(unreadable)).transpose()
}

/// What was noted of the workbook that a skill's scheme was taken from last; nothing where it was changed since.
pub(super) async fn notes(app: &App, skill: &LedgerId) -> Result<Vec<WorkbookNote>, CompetitionError> {
    let select = sqlx::query(queries::SELECT_NOTED).bind(skill.as_str());
    let Some(row) = select.fetch_optional(app.database.pool()).await? else { return Ok(Vec::new()) };
    let notes: String = row.try_get(1)?;
    serde_json::from_str(&notes).map_err(unreadable)
}

/// How many of those there are.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn noted(app: &App, skill: &LedgerId) -> Result<usize, CompetitionError> {
    let select = sqlx::query(queries::SELECT_NOTED).bind(skill.as_str());
    let Some(row) = select.fetch_optional(app.database.pool()).await? else { return Ok(0) };
    Ok(usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default())
}

/// How many there are.
pub(super) async fn count(app: &App, skill: &LedgerId) -> Result<usize, CompetitionError> {
    let count: i64 =
        sqlx::query_scalar(queries::COUNT).bind(skill.as_str()).fetch_one(app.database.pool()).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The scheme of one of them; none where there is none of that number.
pub(super) async fn scheme(
    app: &App,
    skill: &LedgerId,
    number: i64,
) -> Result<Option<Scheme>, CompetitionError> {
    let select = sqlx::query_scalar(queries::SELECT_ONE).bind(skill.as_str()).bind(number);
    read(select.fetch_optional(app.database.pool()).await?)
}

/// The scheme that a form was shown with; none where no version was like that.
pub(super) async fn seen(
    app: &App,
    skill: &LedgerId,
    digest: &str,
) -> Result<Option<Scheme>, CompetitionError> {
    let select = sqlx::query_scalar(queries::SELECT_BY_DIGEST).bind(skill.as_str()).bind(digest);
    read(select.fetch_optional(app.database.pool()).await?)
}

fn read(text: Option<String>) -> Result<Option<Scheme>, CompetitionError> {
    text.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
}

fn unreadable(error: serde_json::Error) -> CompetitionError {
    CompetitionError::Unreadable { problem: domain::finding::Spoken::of_reader(&error.to_string()) }
}

/// A skill's versions, and two of them held together: those that are asked for, or the newest two.
///
/// # Errors
/// Where there is no such skill or version, or the database does not answer.
pub(crate) async fn versions(
    app: &App,
    skill: &LedgerId,
    (from, to): (Option<i64>, Option<i64>),
) -> Result<SchemeVersions, Failure> {
    let loaded = load(app, skill).await?;
    let rows = sqlx::query(queries::SELECT).bind(skill.as_str()).fetch_all(app.database.pool()).await;
    let rows = rows.map_err(|error| failed(error.into()))?;
    let current = digest(&loaded.scheme);
    let version = |row: &AnyRow| -> Result<SchemeVersion, sqlx::Error> {
        let (how, digest): (String, String) = (row.try_get(3)?, row.try_get(4)?);
        let is_current = digest == current;
        Ok(SchemeVersion {
            number: row.try_get(0)?,
            made_at: row.try_get(1)?,
            by: row.try_get(2)?,
            how: VersionHow::ALL.into_iter().find(|known| known.name() == how).unwrap_or(VersionHow::There),
            aspects: usize::try_from(row.try_get::<i64, _>(5)?).unwrap_or_default(),
            total: Mark(row.try_get(6)?).to_string(),
            is_pinned: is_current && loaded.is_fixed,
            is_current,
        })
    };
    let versions = rows.iter().map(version).collect::<Result<Vec<_>, _>>();
    let mut versions = versions.map_err(|error| failed(error.into()))?;
    // Where two are alike, it is the newer one that holds.
    let mut is_told = false;
    for version in &mut versions {
        (version.is_current, version.is_pinned) =
            (version.is_current && !is_told, version.is_pinned && !is_told);
        is_told |= version.is_current;
    }
    let later = to.or_else(|| versions.first().map(|version| version.number));
    let earlier =
        from.or_else(|| later.and_then(|number| number.checked_sub(1))).filter(|number| *number > 0);
    let (mut between, mut changes) = (None, Vec::new());
    if let (Some(earlier), Some(later)) = (earlier, later) {
        changes = compare(app, skill, earlier, later).await?;
        between = Some((earlier, later));
    }
    let (skill, competition) = (loaded.skill, loaded.competition);
    Ok(SchemeVersions {
        skill,
        competition,
        is_fixed: loaded.is_fixed,
        versions,
        between,
        changes,
        seen: current,
    })
}

async fn compare(
    app: &App,
    skill: &LedgerId,
    earlier: i64,
    later: i64,
) -> Result<Vec<SchemeChange>, Failure> {
    let one = scheme(app, skill, earlier).await.map_err(failed)?.ok_or_else(Failure::not_found)?;
    let other = scheme(app, skill, later).await.map_err(failed)?.ok_or_else(Failure::not_found)?;
    Ok(diff::diff(&show::show(&one), &show::show(&other)))
}

/// Forgets them, with their skill.
pub(crate) async fn forget(connection: &mut AnyConnection, skill: &LedgerId) -> Result<(), CompetitionError> {
    sqlx::query(queries::DELETE_ALL).bind(skill.as_str()).execute(connection).await?;
    Ok(())
}

/// What tells one scheme from another.
pub(super) fn digest_of(text: &str) -> String {
    Hash::of_document(text.as_bytes()).to_string()
}
