//! The judges of a skill, as long as it runs: one who comes from outside the list that was uploaded. A seat
//! is not given here; the chief judge gives it.

use domain::id::{self, LedgerId};
use domain::marking::JUDGES_MAX;
use protocol::desk::NewJudge;

use super::{DeskError, Refusal};
use crate::exchange::package::{Judge, SkillDocument};
use crate::http::App;
use crate::{competition, draw};

/// The most characters of a name and of an organisation.
const NAME_LENGTH_MAX: usize = 200;

/// Adds a judge to a skill's list, before it opens and after. Sent again it adds nothing.
///
/// # Errors
/// Where there is no such skill, the code is unfit or somebody else's, the name is unfit, there are as many
/// judges as a skill takes, or the database does not answer.
pub async fn add_judge(app: &App, skill: &LedgerId, new: &NewJudge) -> Result<(), Refusal> {
    let judge = judge_of(new)?;
    competition::of_skill(&app.database, skill).await?;
    // Who made a layer of the skill's codes knows whom they would mark.
    draw::is_no_maker(app, skill, &judge.name).await.map_err(super::refused)?;
    competition::change(&app.database, skill, |document: &mut SkillDocument| {
        if let Some(known) = document.judges.iter().find(|known| known.code == judge.code) {
            let there = DeskError::JudgeThere { judge: judge.code.to_string() };
            let is_same = *known == Judge { batch: known.batch.clone(), ..judge };
            return if is_same { Ok(()) } else { Err(there.into()) };
        }
        if document.judges.len() >= JUDGES_MAX {
            return Err(DeskError::JudgesFull { most: JUDGES_MAX }.into());
        }
        document.judges.push(judge);
        Ok(())
    })
    .await
}

/// What was typed, without the space at its ends, as a package's table is read.
fn judge_of(new: &NewJudge) -> Result<Judge, DeskError> {
    let (code, name, organisation) = (new.code.as_str().trim(), new.name.trim(), new.organisation.trim());
    if !id::is_fit(code) {
        return Err(DeskError::CodeUnfit { code: code.to_owned() });
    }
    let is_fit = |text: &str| text.chars().count() <= NAME_LENGTH_MAX && !text.chars().any(char::is_control);
    // A card is handed to somebody.
    if name.is_empty() || !is_fit(name) || !is_fit(organisation) {
        return Err(DeskError::NameUnfit { most: NAME_LENGTH_MAX });
    }
    let (code, name, organisation) = (code.into(), name.to_owned(), organisation.to_owned());
    Ok(Judge { code, name, organisation, is_chief: false, batch: String::new() })
}
