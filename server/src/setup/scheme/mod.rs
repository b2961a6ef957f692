//! A skill's marking scheme while it is set up: edited as text, looked over, kept in versions, taken from a
//! workbook or from another skill.

mod diff;
mod library;
mod queries;
mod read;
mod show;
#[cfg(test)]
mod tests;
mod version;

use std::collections::{HashMap, HashSet};

use domain::access::{Action, Scope};
use domain::finding::{Finding, Language, Place};
use domain::id::{AspectId, LedgerId, SubCriterionId};
use domain::ledger::canonical;
use domain::marking::Panel;
use domain::rules::SchemeRules;
use domain::scheme::{self, Scheme};
use protocol::scheme::{
    Checked, RowAt, SchemeChange, SchemeEdit, SchemeForm, SchemeNote, SchemeRead, SchemeSource, VersionHow,
    WorkbookNote,
};
use protocol::view::{SkillRef, Text};

use super::{SetupError, failed, hold_skill};
use crate::accounts::Staff;
use crate::competition::{self, Changing, KeptSkill};
use crate::desk;
use crate::exchange::list::Format;
use crate::exchange::package::SkillDocument;
use crate::exchange::{cis, scheme as table, sheet};
use crate::http::{App, Failure};
use crate::organisation;

pub(crate) use version::{forget, noted, versions};

/// What the check of a scheme says of ids: a form's own are told at their rows.
const IDS: [&str; 6] = [
    "repeated_aspect",
    "repeated_sub_criterion",
    "repeated_criterion",
    "repeated_section",
    "repeated_part",
    "unfit_id",
];

/// A skill's scheme, and what is asked of it.
struct Loaded {
    skill: SkillRef,
    competition: String,
    is_fixed: bool,
    scheme: Scheme,
    rules: SchemeRules,
    /// Every skill of the competition.
    all: Vec<KeptSkill<SkillDocument>>,
}

async fn load(app: &App, skill: &LedgerId) -> Result<Loaded, Failure> {
    let competition = competition::of_skill(&app.database, skill).await.map_err(failed)?;
    let (_, all) = super::load(app, &competition).await?;
    let kept = all.iter().find(|kept| kept.ledger == *skill).ok_or_else(Failure::not_found)?;
    let state = app.ledger.state(skill).await;
    let state = state.map_err(|error| SetupError::Failed { problem: error.spoken() })?;
    let reference = desk::skill_ref(kept);
    let (scheme, rules) = match (&state.skill, &kept.draft) {
        // What is pinned holds, whatever the draft says.
        (Some(opened), _) => (opened.opening.scheme.clone(), opened.opening.rules.scheme.clone()),
        (None, Some(draft)) => (draft.scheme.clone(), draft.rules.scheme.clone()),
        (None, None) => return Err(Failure::not_found()),
    };
    let is_fixed = state.skill.is_some();
    Ok(Loaded { skill: reference, competition, is_fixed, scheme, rules, all })
}

/// A skill's scheme to be edited, or to be looked at where it is open.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn edit(
    app: &App,
    staff: &Staff,
    skill: &LedgerId,
    language: Language,
) -> Result<SchemeEdit, Failure> {
    let loaded = load(app, skill).await?;
    let mut form = show::show(&loaded.scheme);
    form.seen = digest(&loaded.scheme);
    editing(app, (staff, skill), loaded, form, language).await
}

/// The same with what was typed, as if it had been kept: what it comes to, and what was found.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn edit_typed(
    app: &App,
    staff: &Staff,
    skill: &LedgerId,
    typed: SchemeForm,
    language: Language,
) -> Result<SchemeEdit, Failure> {
    let loaded = load(app, skill).await?;
    if typed.aspects().count() > scheme::ASPECTS_MAX {
        let findings = read::read(&typed).unreadable.into_iter().map(|(_, finding)| finding).collect();
        return Err(unfit(SetupError::SchemeUnreadable, findings));
    }
    editing(app, (staff, skill), loaded, typed, language).await
}

async fn editing(
    app: &App,
    (staff, skill): (&Staff, &LedgerId),
    mut loaded: Loaded,
    form: SchemeForm,
    language: Language,
) -> Result<SchemeEdit, Failure> {
    let checked = checked(&form, &loaded.rules, language);
    // Schemes are secret: who sets up one skill sees nothing of another's.
    let above = organisation::reach(&app.database, &Scope::Competition(loaded.competition.clone())).await?;
    loaded.all.retain(|kept| staff.may(Action::SetUp, &desk::of_skill(kept, &above)).is_some());
    let drafts = loaded.all.iter().filter_map(|kept| kept.draft.as_ref());
    let used = library::used([&loaded.scheme].into_iter().chain(drafts.map(|draft| &draft.scheme)));
    let mut sources = Vec::new();
    if form.aspects().next().is_none() && !loaded.is_fixed {
        for kept in loaded.all.iter().filter(|kept| kept.ledger != *skill) {
            let aspects = kept.draft.as_ref().map_or(0, |draft| draft.scheme.aspects().count());
            if aspects > 0 {
                sources.push(SchemeSource { skill: desk::skill_ref(kept), aspects });
            }
        }
    }
    Ok(SchemeEdit {
        skill: loaded.skill,
        competition: loaded.competition,
        is_fixed: loaded.is_fixed,
        versions: version::count(app, skill).await.map_err(failed)?,
        of_workbook: version::notes(app, skill).await.map_err(failed)?,
        form,
        checked,
        library: library::library(language),
        used,
        sources,
    })
}

/// What a form comes to, by the rules that its skill will be marked by.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn check(
    app: &App,
    skill: &LedgerId,
    form: &SchemeForm,
    language: Language,
) -> Result<Checked, Failure> {
    Ok(checked(form, &load(app, skill).await?.rules, language))
}

/// Keeps what was typed as the skill's scheme; gives its version. Panels stay with their sub-criteria, and a new
/// sub-criterion gets those of the one before it.
///
/// # Errors
/// Where something cannot be read, somebody else changed it meanwhile, or the skill is open.
pub(crate) async fn save(
    app: &App,
    staff: &Staff,
    skill: &LedgerId,
    form: &SchemeForm,
) -> Result<(i64, String), Failure> {
    let reading = read::read(form);
    if !reading.unreadable.is_empty() {
        let findings = reading.unreadable.into_iter().map(|(_, finding)| finding).collect();
        return Err(unfit(SetupError::SchemeUnreadable, findings));
    }
    let (changing, at) = hold_skill(app, skill).await?;
    put(app, (staff, VersionHow::Edited, &[]), (changing, at), &form.seen, (reading.scheme, None)).await
}

/// What was changed since a form was shown, and what it would have to have seen to be kept.
///
/// # Errors
/// Where there is no such skill, or the database does not answer.
pub(crate) async fn meanwhile(
    app: &App,
    skill: &LedgerId,
    seen: &str,
) -> Result<(Vec<SchemeChange>, String), Failure> {
    let loaded = load(app, skill).await?;
    let earlier = version::seen(app, skill, seen).await.map_err(failed)?.unwrap_or_default();
    Ok((diff::diff(&show::show(&earlier), &show::show(&loaded.scheme)), digest(&loaded.scheme)))
}

/// Takes an earlier version again.
///
/// # Errors
/// Where there is none, somebody else changed it meanwhile, or the skill is open.
pub(crate) async fn restore(
    app: &App,
    staff: &Staff,
    skill: &LedgerId,
    (number, seen): (i64, &str),
) -> Result<(), Failure> {
    let scheme = version::scheme(app, skill, number).await.map_err(failed)?.ok_or_else(Failure::not_found)?;
    let panels = version::panels(app, skill, number).await.map_err(failed)?;
    let held = hold_skill(app, skill).await?;
    put(app, (staff, VersionHow::Restored, &[]), held, seen, (scheme, panels)).await?;
    Ok(())
}

/// Takes another skill's scheme, of the same competition, where this one has none.
///
/// # Errors
/// Where there is no such skill, this one has a scheme by now, or is open.
pub(crate) async fn take(app: &App, staff: &Staff, skill: &LedgerId, from: &LedgerId) -> Result<(), Failure> {
    let above = organisation::reach(&app.database, &Scope::Skill(from.clone())).await?;
    if staff.may(Action::SetUp, &above).is_none() {
        return Err(Failure::not_found());
    }
    let (changing, at) = hold_skill(app, skill).await?;
    let source = changing.skills.iter().find(|kept| kept.ledger == *from);
    let scheme = source.and_then(|kept| kept.draft.as_ref()).map(|draft| draft.scheme.clone());
    let scheme = scheme.ok_or_else(Failure::not_found)?;
    let nothing = digest(&Scheme::default());
    put(app, (staff, VersionHow::Taken, &[]), (changing, at), &nothing, (scheme, None)).await?;
    Ok(())
}

/// What became of a file.
pub(crate) enum Uploaded {
    /// A CIS workbook is the scheme now.
    Kept,
    /// A table was read, to be looked over and saved.
    Read(SchemeForm, SchemeRead),
}

/// A file that was read as what it is.
enum Understood {
    Workbook(cis::Reading),
    Table(table::Reading),
}

/// A workbook in which nothing of CIS is found, and every text, is taken for a table.
fn understand(bytes: &[u8], file_name: &str, there: &SchemeForm) -> Understood {
    let reading = cis::read(bytes, file_name);
    let is_no_cis =
        reading.findings.iter().any(|finding| matches!(finding.code, "header_not_found" | "not_a_workbook"));
    if reading.scheme.is_some() || !is_no_cis {
        return Understood::Workbook(reading);
    }
    match sheet::open(bytes, file_name) {
        Ok(sheet) => Understood::Table(table::read(&sheet, file_name, there)),
        Err(finding) => Understood::Table(table::Reading { findings: vec![finding], ..Default::default() }),
    }
}

/// Takes a CIS workbook as a skill's scheme, in place of an earlier one; what was found in it that is worth a look
/// is kept with the version. A table is read, and nothing is kept yet.
///
/// # Errors
/// Where the file has errors, with all of them, or the skill is open.
pub(crate) async fn upload(
    app: &App,
    staff: &Staff,
    skill: &LedgerId,
    (file_name, bytes): (&str, Vec<u8>),
) -> Result<Uploaded, Failure> {
    let loaded = load(app, skill).await?;
    if loaded.is_fixed {
        return Err(SetupError::Fixed { skill: loaded.skill.name.zh }.into());
    }
    let (name, there) = (file_name.to_owned(), show::show(&loaded.scheme));
    let understood = tokio::task::spawn_blocking(move || understand(&bytes, &name, &there)).await;
    let understood =
        understood.map_err(|error| SetupError::Failed { problem: crate::spoken::of_library(&error) })?;
    let reading = match understood {
        Understood::Workbook(reading) => reading,
        Understood::Table(table::Reading { findings, .. }) if findings.iter().any(Finding::is_error) => {
            return Err(unfit(SetupError::SchemeRefused, findings));
        }
        Understood::Table(table::Reading { mut form, findings }) => {
            form.seen = digest(&loaded.scheme);
            let notes = findings.iter().map(note_of).collect();
            return Ok(Uploaded::Read(form, SchemeRead { file_name: file_name.to_owned(), notes }));
        }
    };
    let Some(scheme) = reading.scheme else {
        return Err(unfit(SetupError::SchemeRefused, reading.findings));
    };
    let (changing, at) = hold_skill(app, skill).await?;
    let there = changing.skills.get(at).and_then(|kept| kept.draft.as_ref());
    let seen = there.map(|draft| digest(&draft.scheme)).unwrap_or_default();
    let notes: Vec<WorkbookNote> = reading.findings.iter().map(note_of).collect();
    put(app, (staff, VersionHow::Uploaded, &notes), (changing, at), &seen, (scheme, None)).await?;
    Ok(Uploaded::Kept)
}

fn note_of(finding: &Finding) -> WorkbookNote {
    let what =
        Text { zh: finding.say(Language::Chinese).to_owned(), en: finding.say(Language::English).to_owned() };
    WorkbookNote { row: finding.place.row, column: finding.place.column.clone(), what }
}

/// A skill's scheme as a table, with the skill's number; the template to fill in where it has none.
///
/// # Errors
/// Where there is no such skill.
pub(crate) async fn table(
    app: &App,
    skill: &LedgerId,
    language: Language,
    format: Format,
) -> Result<(String, Vec<u8>), Failure> {
    let loaded = load(app, skill).await?;
    let form = show::show(&loaded.scheme);
    let written = tokio::task::spawn_blocking(move || match (form.aspects().next(), format) {
        (None, Format::Workbook) => table::template(language),
        _ => table::written(&form, language, format),
    });
    let failed = |problem| Failure::from(SetupError::Failed { problem });
    let written = written.await.map_err(|error| failed(crate::spoken::of_library(&error)))?;
    Ok((loaded.skill.number, written.map_err(|error| failed(crate::spoken::of_library(&error)))?))
}

/// A skill's scheme as a CIS workbook, with the skill's number.
///
/// # Errors
/// Where CIS has no place for something of it, with all of that, or there is no such skill.
pub(crate) async fn workbook(app: &App, skill: &LedgerId) -> Result<(String, Vec<u8>), Failure> {
    let loaded = load(app, skill).await?;
    let number = loaded.skill.number.clone();
    let cover = cis::Skill { number: number.clone(), name: loaded.skill.name.zh };
    let scheme = loaded.scheme;
    let written = tokio::task::spawn_blocking(move || cis::write(&scheme, Some(&cover))).await;
    let written =
        written.map_err(|error| SetupError::Failed { problem: crate::spoken::of_library(&error) })?;
    Ok((number, written.map_err(|findings| unfit(SetupError::NotForCis, findings))?))
}

fn unfit(why: SetupError, findings: Vec<Finding>) -> Failure {
    Failure { findings, ..Failure::from(why) }
}

/// Puts a scheme into what is held, and keeps it as a version; gives that with the scheme's digest. With a version
/// that is taken again the panels of then come back.
async fn put(
    app: &App,
    by: (&Staff, VersionHow, &[WorkbookNote]),
    (mut changing, at): (Changing<SkillDocument>, usize),
    seen: &str,
    (scheme, panels_then): (Scheme, Option<Vec<Panel>>),
) -> Result<(i64, String), Failure> {
    let kept = changing.skills.get_mut(at).ok_or_else(Failure::not_found)?;
    let (skill, name) = (kept.ledger.clone(), kept.document.name.zh.clone());
    let draft = kept.draft.as_mut().ok_or(SetupError::Fixed { skill: name })?;
    // Where it says the same already, an earlier answer was lost on its way.
    if digest(&draft.scheme) != seen && digest(&draft.scheme) != digest(&scheme) {
        return Err(SetupError::SchemeChanged.into());
    }
    let left = std::mem::take(&mut draft.panels);
    draft.panels = panels(panels_then.as_ref().unwrap_or(&left), &scheme);
    let before = std::mem::replace(&mut draft.scheme, scheme.clone());
    let now = (app.clock)();
    let connection = changing.connection();
    let number =
        version::keep(connection, &skill, (&before, &left, &scheme), by, now).await.map_err(failed)?;
    changing.keep(at).await.map_err(failed)?;
    changing.commit().await.map_err(failed)?;
    Ok((number, digest(&scheme)))
}

/// Who marks a changed scheme: each sub-criterion that was there is marked as before, a new one by whoever marks
/// the one before it. Nothing where nothing was set.
fn panels(there: &[Panel], scheme: &Scheme) -> Vec<Panel> {
    let known: HashMap<&SubCriterionId, &Panel> =
        there.iter().map(|panel| (&panel.sub_criterion, panel)).collect();
    let mut panels: Vec<Panel> = Vec::new();
    for (_, sub) in scheme.sub_criteria() {
        let like = known.get(&sub.id).copied().or(panels.last()).or(there.first());
        if let Some(like) = like.cloned() {
            panels.push(Panel { sub_criterion: sub.id.clone(), ..like });
        }
    }
    panels
}

/// What tells one scheme from another.
fn digest(scheme: &Scheme) -> String {
    version::digest_of(&written(scheme))
}

/// A scheme's canonical JSON; a scheme always has one.
fn written(scheme: &Scheme) -> String {
    canonical::to_vec(scheme).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// What a form comes to.
fn checked(form: &SchemeForm, rules: &SchemeRules, language: Language) -> Checked {
    let reading = read::read(form);
    let scheme = &reading.scheme;
    let mut notes: Vec<SchemeNote> =
        reading.unreadable.iter().map(|(at, finding)| note(*at, finding, true, language)).collect();
    let unreadable: HashSet<RowAt> = reading.unreadable.iter().filter_map(|(at, _)| *at).collect();
    let mut places: HashMap<&AspectId, u64> = HashMap::new();
    for (at, aspect) in scheme.aspects().enumerate() {
        places.entry(&aspect.id).or_insert(at as u64);
    }
    let place = |id: &AspectId| Place { row: places.get(id).copied(), ..Place::default() };
    // A scheme that nothing is in yet lacks one thing, and that is plain to see.
    let found = if form.criteria.is_empty() { Vec::new() } else { scheme::check(scheme, rules, &place) };
    for finding in found.iter().filter(|finding| !IDS.contains(&finding.code)) {
        let at = finding.place.row.and_then(|row| usize::try_from(row).ok()).map(RowAt::Aspect);
        // Of a row that cannot be read, the rest is guesswork.
        if at.is_none_or(|at| !unreadable.contains(&at)) {
            notes.push(note(at, finding, false, language));
        }
    }
    notes.sort_by_key(|note| note.at);
    let sections = scheme.sections.iter().map(|section| {
        let sum = scheme.section_total(&section.id);
        let apart = domain::number::Mark(sum.0 - section.target.0);
        let sign = if apart.0 > 0 { "+" } else { "" };
        (sum.to_string(), format!("{sign}{apart}"))
    });
    let parts = scheme.parts.iter().map(|part| {
        let of_part = scheme.aspects().filter(|aspect| aspect.part.as_ref() == Some(&part.id));
        domain::number::Mark(of_part.map(|aspect| aspect.max.0).sum()).to_string()
    });
    let subs = scheme.sub_criteria().map(|(_, sub)| {
        domain::number::Mark(sub.aspects.iter().map(|aspect| aspect.max.0).sum()).to_string()
    });
    Checked {
        total: scheme.total().to_string(),
        wanted: rules.total.filter(|_| scheme.parts.is_empty()).map(|wanted| wanted.to_string()),
        aspects: scheme.aspects().count(),
        criteria: scheme.criteria.iter().map(|criterion| criterion.total().to_string()).collect(),
        subs: subs.collect(),
        sections: sections.collect(),
        parts: parts.collect(),
        notes,
    }
}

fn note(at: Option<RowAt>, finding: &Finding, is_unreadable: bool, language: Language) -> SchemeNote {
    SchemeNote {
        at,
        cell: finding.place.column.clone().unwrap_or_default(),
        is_error: finding.is_error(),
        is_unreadable,
        what: finding.say(language).to_owned(),
    }
}
