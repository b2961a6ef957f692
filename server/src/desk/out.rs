//! A skill's results as a list that goes out, for those who may read them before the public does.

use domain::finding::Language;
use domain::id::LedgerId;
use domain::results::standings;

use super::{find, text};
use crate::exchange::list::{self, Format};
use crate::exchange::package::behind;
use crate::http::{App, Failure};
use crate::list::unwritable;
use crate::live::{Audience, Visibility};
use crate::setup;

/// The results of a skill as they stand, by position; names where it may be told who is behind a code.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn results_out(
    app: &App,
    skill: &LedgerId,
    language: Language,
    format: Format,
) -> Result<Vec<u8>, Failure> {
    let kept = find(app, skill).await.map_err(setup::failed)?;
    let state = app.ledger.state(skill).await.map_err(super::Refusal::from)?;
    let setting = app.live.setting(skill).await.map_err(super::Refusal::from)?;
    let tells_names = Visibility::of(&setting, Audience::Staff).tells_names(&state);
    let people = behind(&kept.document.people, state.coding.as_deref());
    let mut standings = state.skill.as_deref().map(standings).unwrap_or_default();
    standings.sort_by_key(|one| (one.group.clone(), one.position.is_none(), one.position));
    let header = match language {
        Language::Chinese => ["名次", "编号", "姓名", "工作单位", "代表队", "组别", "总分", "标准分", "奖项"],
        Language::English => {
            ["Position", "Number", "Name", "Organisation", "Delegation", "Group", "Total", "Scale", "Award"]
        }
    };
    let rows = standings.into_iter().map(|one| {
        let of: Vec<_> =
            people.iter().filter(|person| tells_names && person.unit() == one.competitor).collect();
        let joined = |part: fn(&crate::exchange::package::Person) -> &str| {
            let mut parts: Vec<&str> = of.iter().map(|person| part(person)).collect();
            parts.dedup();
            parts.join("、")
        };
        let number = |number: Option<String>| number.unwrap_or_default();
        [
            number(one.position.map(|position| position.to_string())),
            one.competitor.to_string(),
            joined(|person| &person.name),
            joined(|person| &person.organisation),
            joined(|person| &person.delegation),
            one.group.to_string(),
            number(one.total.map(|total| total.to_string())),
            number(one.scale.map(|scale| scale.to_string())),
            number(one.award),
        ]
    });
    Ok(list::written(header, rows, format).map_err(unwritable)?)
}

/// A skill by number and name, as lists know it again.
pub(crate) fn called(
    skill: &crate::competition::KeptSkill<crate::exchange::package::SkillDocument>,
    language: Language,
) -> String {
    let name = text(&skill.document.name);
    format!("{} {}", skill.document.number, name.pick(language)).trim().to_owned()
}
