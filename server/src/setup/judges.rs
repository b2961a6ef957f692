//! The judges of a competition's skills by a list: looked over, taken in and back as a whole, as long as their
//! skills are not open.

use std::collections::HashSet;

use domain::finding::{Finding, Language};
use domain::ledger::Hash;
use protocol::setup::{DryRun, ListOf, Roster, RosterSkill, Who};
use protocol::view::CompetitionRef;

use super::*;
use crate::draw;
use crate::exchange::judges::{self, Column, Entry, KnownSkill, NEEDED, NEEDED_OF_ONE};
use crate::exchange::sheet::Sheet;
use crate::exchange::{
    self,
    list::{Column as _, Format},
};
use crate::list::{self, ListError, Looked, Purpose, unwritable};

/// What its lists are of, as it is kept.
const JUDGES: &str = "judges";

fn of(id: &str) -> Purpose<'_> {
    Purpose { competition: id, word: JUDGES }
}

async fn loaded(app: &App, id: &str) -> Result<(CompetitionRef, Vec<KeptSkill<SkillDocument>>), Failure> {
    let (kept, mut skills) = load(app, id).await?;
    skills.sort_by(|a, b| a.document.number.cmp(&b.document.number));
    Ok((kept.document.reference(id), skills))
}

/// Who judges, in figures, and the lists that they came by.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn look(app: &App, id: &str) -> Result<Roster, Failure> {
    let (competition, kept) = loaded(app, id).await?;
    let mut skills = Vec::with_capacity(kept.len());
    for skill in &kept {
        skills.push(RosterSkill {
            skill: desk::skill_ref(skill),
            people: skill.document.judges.len(),
            is_open: is_open(app, &skill.ledger).await?,
        });
    }
    let batches = list::batches_of(app, of(id)).await?;
    Ok(Roster { who: Who::Judges, competition, skills, batches })
}

/// Who judges, as a list that goes out: in the columns in which it comes in.
///
/// # Errors
/// Where there is no such competition, or the list cannot be written.
pub(crate) async fn out(app: &App, id: &str, language: Language, format: Format) -> Result<Vec<u8>, Failure> {
    let (_, kept) = loaded(app, id).await?;
    let is_chief = match language {
        Language::Chinese => "是",
        Language::English => "yes",
    };
    let rows = kept.iter().flat_map(|skill| {
        skill.document.judges.iter().map(move |judge| {
            let chief = if judge.is_chief { is_chief } else { "" };
            [desk::called(skill, language), judge.name.clone(), judge.organisation.clone(), chief.to_owned()]
        })
    });
    let columns = [Column::Skill, Column::Name, Column::Organisation, Column::Chief];
    let header = columns.map(|column| column.title(language));
    Ok(exchange::list::written(header, rows, format).map_err(unwritable)?)
}

/// The template of a list of judges, with the skills to choose from.
///
/// # Errors
/// Where there is no such competition, or the workbook cannot be written.
pub(crate) async fn template(app: &App, id: &str, language: Language) -> Result<Vec<u8>, Failure> {
    let (_, kept) = loaded(app, id).await?;
    let names: Vec<&str> = kept
        .iter()
        .map(|skill| match language {
            Language::English => skill.document.name.en.as_str(),
            Language::Chinese => skill.document.name.zh.as_str(),
        })
        .collect();
    Ok(judges::template(&names, language).map_err(unwritable)?)
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

/// What taking a list in would do.
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
    let (competition, kept) = loaded(app, id).await?;
    let looked = look_over(app, staff, (id, draft), &kept, chosen).await?;
    let per_skill = looked.checked.per_skill.iter();
    let per_skill =
        per_skill.filter_map(|(at, count)| Some((desk::skill_ref(kept.get(*at)?), *count))).collect();
    let digest = digest(&looked, &kept);
    let whose = ListOf::People { who: Who::Judges, competition };
    Ok(looked.dry_run(whose, None, per_skill, digest, language))
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
    let (_, kept) = loaded(app, id).await?;
    Ok(look_over(app, staff, (id, draft), &kept, chosen).await?.errors(language)?)
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
/// Where it would do something else than was looked at, with nobody taken in.
pub(crate) async fn take_in(
    app: &App,
    staff: &Staff,
    (id, draft): (&str, &str),
    chosen: &[String],
    looked_at: &str,
) -> Result<usize, Failure> {
    // Worked out before it is held: on SQLite marks wait for whoever holds it.
    let changes = competition::changes(&app.database, id).await.map_err(failed)?;
    let (_, kept) = loaded(app, id).await?;
    let looked = look_over(app, staff, (id, draft), &kept, chosen).await?;
    if digest(&looked, &kept) != looked_at {
        return Err(ListError::Changed.into());
    }
    if looked.checked.entries.is_empty() {
        return Err(ListError::NothingGood.into());
    }
    let batch = uuid::Uuid::now_v7().to_string();
    let mut changing = hold(app, id).await?;
    if changing.changes != changes {
        return Err(ListError::Changed.into());
    }
    for (place, known) in kept.iter().enumerate() {
        let of_skill = looked.checked.entries.iter().filter(|entry| entry.skill == place);
        let coming: Vec<Entry> = of_skill.cloned().collect();
        let at = changing.skills.iter().position(|skill| skill.ledger == known.ledger);
        let Some(at) = at.filter(|_| !coming.is_empty()) else { continue };
        // One that is being opened right now was not open yet when the ledger was asked.
        if changing.is_pinned(at) {
            return Err(ListError::Changed.into());
        }
        let Some(skill) = changing.skills.get_mut(at) else { continue };
        let there = &mut skill.document.judges;
        for Entry { name, organisation, is_chief, .. } in coming {
            let code = free_code(there);
            there.push(Judge { code, name, organisation, is_chief, batch: batch.clone() });
        }
        changing.keep(at).await.map_err(failed)?;
    }
    let counts = (looked.checked.entries.len(), looked.checked.rows - looked.checked.entries.len());
    let names = (draft, batch.as_str(), looked.file_name());
    list::taken(changing.connection(), app, staff, of(id), names, counts).await?;
    changing.commit().await.map_err(failed)?;
    Ok(counts.0)
}

/// Takes a list back, everybody of it, with their seats and the interests that were declared of them.
///
/// # Errors
/// Where it was taken back already, or one of them has a card or a device or their skill is open; then nobody is.
pub(crate) async fn take_back(app: &App, staff: &Staff, id: &str, batch: &str) -> Result<(), Failure> {
    let changes = competition::changes(&app.database, id).await.map_err(failed)?;
    let (mut open, mut enrolled) = (HashSet::new(), HashSet::new());
    for skill in loaded(app, id).await?.1 {
        if is_open(app, &skill.ledger).await? {
            open.insert(skill.ledger.clone());
        }
        let enrolments = app.accounts.enrolments(&skill.ledger).await?;
        enrolled.extend(enrolments.into_iter().map(|listed| (skill.ledger.clone(), listed.judge)));
    }
    let mut changing = hold(app, id).await?;
    // Whoever opened a skill since its ledger was asked has changed it.
    if changing.changes != changes {
        return Err(ListError::Changed.into());
    }
    list::taken_back(changing.connection(), app, staff, of(id), batch).await?;
    for at in 0..changing.skills.len() {
        let is_pinned = changing.is_pinned(at);
        let Some(kept) = changing.skills.get_mut(at) else { continue };
        let of_batch = kept.document.judges.iter().filter(|judge| judge.batch == batch);
        let gone: Vec<JudgeCode> = of_batch.map(|judge| judge.code.clone()).collect();
        if gone.is_empty() {
            continue;
        }
        if is_pinned || open.contains(&kept.ledger) {
            return Err(SetupError::Fixed { skill: kept.document.name.zh.clone() }.into());
        }
        for code in gone {
            if enrolled.contains(&(kept.ledger.clone(), code.clone())) {
                let judge = kept.document.judges.iter().find(|judge| judge.code == code);
                let name = judge.map(|judge| judge.name.clone()).unwrap_or_default();
                return Err(SetupError::JudgeHasCard { name }.into());
            }
            forget_judge(kept, &code);
        }
        changing.keep(at).await.map_err(failed)?;
    }
    changing.commit().await.map_err(failed)
}

/// Reads a list that waits and checks every row of it.
async fn look_over(
    app: &App,
    staff: &Staff,
    (id, draft): (&str, &str),
    kept: &[KeptSkill<SkillDocument>],
    chosen: &[String],
) -> Result<Looked<Column, Entry>, Failure> {
    let waiting = list::waiting_for(app, staff, of(id), draft).await?;
    let mut known = Vec::with_capacity(kept.len());
    for skill in kept {
        let SkillDocument { number, name, people, judges, .. } = &skill.document;
        known.push(KnownSkill {
            number: number.clone(),
            zh: name.zh.clone(),
            en: name.en.clone(),
            is_open: skill.draft.is_none() || is_open(app, &skill.ledger).await?,
            judges: judges.iter().map(|judge| (judge.name.clone(), judge.organisation.clone())).collect(),
            chief: judges.iter().find(|judge| judge.is_chief).map(|judge| judge.name.clone()),
            people: people.iter().map(|one| (one.name.clone(), one.organisation.clone())).collect(),
            makers: draw::makers(app, &skill.ledger).await?,
        });
    }
    let needed = if kept.len() == 1 { NEEDED_OF_ONE } else { NEEDED };
    let check = move |sheet: &Sheet, file_name: &str, header: usize, columns: &[Option<Column>]| {
        judges::check(sheet, file_name, header, columns, &known)
    };
    list::look_over(waiting, needed, chosen, check).await
}

/// What would be taken in, and how much would not.
fn digest(looked: &Looked<Column, Entry>, kept: &[KeptSkill<SkillDocument>]) -> String {
    let checked = &looked.checked;
    let errors = checked.findings.iter().filter(|finding| Finding::is_error(finding)).count();
    let mut text = format!("{} {} {errors}\n", checked.rows, checked.bad_rows);
    for Entry { row, skill, name, organisation, is_chief } in &checked.entries {
        let skill = kept.get(*skill).map_or("", |skill| skill.ledger.as_str());
        text += &format!("{row} {skill} {name:?} {organisation:?} {is_chief}\n");
    }
    Hash::of_document(text.as_bytes()).to_string()
}
