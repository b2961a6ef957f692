//! Who competes, as a list that goes out: in the columns in which it comes in, without the numbers of documents.

use domain::finding::Language;
use domain::id::LedgerId;
use protocol::list::ListQuery;

use super::one::cells;
use crate::competition::KeptSkill;
use crate::exchange::list::{self, Column as _, Format};
use crate::exchange::package::{Person, SkillDocument};
use crate::exchange::roster::Column;
use crate::http::{App, Failure};
use crate::list::unwritable;
use crate::{desk, setup};

/// What goes out of a person, in this order.
const COLUMNS: [Column; 9] = [
    Column::Name,
    Column::Skill,
    Column::Organisation,
    Column::Delegation,
    Column::Team,
    Column::Group,
    Column::Employment,
    Column::Level,
    Column::Member,
];

/// Everybody who competes in a competition, skill by skill.
///
/// # Errors
/// Where there is none, or the database does not answer.
pub(crate) async fn out(app: &App, id: &str, language: Language, format: Format) -> Result<Vec<u8>, Failure> {
    let (_, kept) = super::load(app, id).await?;
    let rows =
        kept.iter().flat_map(|skill| skill.document.people.iter().map(move |one| row(skill, one, language)));
    Ok(written(rows, language, format).map_err(unwritable)?)
}

/// Those who compete in a skill and fit what is asked, in its order.
///
/// # Errors
/// Where there is none, or the database does not answer.
pub(crate) async fn out_of_skill(
    app: &App,
    skill: &LedgerId,
    query: &ListQuery,
    language: Language,
    format: Format,
) -> Result<Vec<u8>, Failure> {
    let kept = desk::find(app, skill).await.map_err(setup::failed)?;
    let people = query.fitting(kept.document.people.iter().collect(), |person| cells(person));
    let rows = people.into_iter().map(|one| row(&kept, one, language));
    Ok(written(rows, language, format).map_err(unwritable)?)
}

fn written(
    rows: impl IntoIterator<Item = [String; 10]>,
    language: Language,
    format: Format,
) -> Result<Vec<u8>, String> {
    let number = match language {
        Language::Chinese => "编号",
        Language::English => "Number",
    };
    let [a, b, c, d, e, f, g, h, i] = COLUMNS.map(|column| column.title(language));
    list::written([number, a, b, c, d, e, f, g, h, i], rows, format)
}

fn row(skill: &KeptSkill<SkillDocument>, person: &Person, language: Language) -> [String; 10] {
    [
        person.code.to_string(),
        person.name.clone(),
        desk::called(skill, language),
        person.organisation.clone(),
        person.delegation.clone(),
        person.team.clone(),
        person.group.to_string(),
        person.employment.clone(),
        person.level.clone(),
        person.member.clone(),
    ]
}
