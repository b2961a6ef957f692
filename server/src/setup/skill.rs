//! A competition's skills: adding them by lines or from a published list, what one is and where and when it is
//! held, and removing one that is empty.

use std::collections::HashSet;

use domain::access::Scope;
use domain::finding::Language;
use domain::id::LedgerId;
use domain::ledger::Hash;
use domain::rules::RuleSet;
use domain::scheme::Scheme;
use jiff::civil::Date;
use protocol::list::{Cell, ListQuery};
use protocol::setup::{NewSkills, PickLine, Picking, Removing, SkillAbout};
use protocol::view::{CompetitionRef, Text};

use super::edition::skill_of;
use super::{SetupError, failed, hold, hold_skill, load, named, rule_set, scheme, template};
use crate::accounts::Staff;
use crate::competition::{self, Changing, Draft, KeptSkill};
use crate::exchange::package::{Competition, Name, SKILLS_MAX, SkillDocument};
use crate::http::{App, Failure};
use crate::reference::{Entry, List};
use crate::{promotion, roster};

/// How the skills of templates are called among the lists.
const TEMPLATES: &str = "templates";
/// The most characters of a skill's number.
const NUMBER_MAX: usize = 16;

/// A skill that is added.
struct NewSkill {
    number: String,
    name: Name,
    occupation: String,
    scheme: Scheme,
}

/// Adds skills, all of the lines or none; they are marked by the competition's rule set.
///
/// # Errors
/// Where a line cannot be read, or a number is taken.
pub(crate) async fn add_lines(app: &App, id: &str, new: &NewSkills) -> Result<usize, Failure> {
    let mut skills = Vec::new();
    for (at, line) in new.skills.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let mut fields = line.split([',', '，', '\t']).map(str::trim);
        let mut field = || fields.next().unwrap_or_default();
        let (number, zh, en, of) = (field(), field(), field(), field());
        if number.is_empty() || number.chars().count() > NUMBER_MAX || named(zh).is_err() {
            return Err(SetupError::SkillLine { line: at + 1 }.into());
        }
        let en = if en.is_empty() { zh } else { en };
        let name = Name { zh: zh.to_owned(), en: en.to_owned() };
        let (number, occupation) = (number.to_owned(), occupation(of)?);
        skills.push(NewSkill { number, name, occupation, scheme: Scheme::default() });
    }
    if skills.is_empty() {
        return Err(SetupError::NoSkills.into());
    }
    let (changing, rules) = begin(app, id).await?;
    add(changing, &rules, skills).await
}

/// Holds a competition, with the rules that a skill more of it gets.
async fn begin(app: &App, id: &str) -> Result<(Changing<SkillDocument>, RuleSet), Failure> {
    let rules_id = load(app, id).await?.0.document.rule_set;
    let changing = hold(app, id).await?;
    let drafts = changing.skills.iter().filter_map(|skill| skill.draft.as_ref());
    // A package's own, and an organiser's, are known by its skills; of those that are open they may be older.
    let known = drafts.map(|draft| &draft.rules).filter(|rules| rules.id == rules_id);
    let rules = match known.max_by_key(|rules| rules.version) {
        Some(rules) => rules.clone(),
        None => rule_set(&rules_id)?,
    };
    Ok((changing, rules))
}

async fn add(
    mut changing: Changing<SkillDocument>,
    rules: &RuleSet,
    skills: Vec<NewSkill>,
) -> Result<usize, Failure> {
    let mut numbers = numbers(&changing);
    let mut folders: HashSet<String> = changing.skills.iter().map(|skill| skill.name.clone()).collect();
    let added = skills.len();
    for NewSkill { number, name, occupation, scheme } in skills {
        if !numbers.insert(number.clone()) {
            return Err(SetupError::SkillTwice { number }.into());
        }
        let folder = folder(&number, &mut folders);
        let document = SkillDocument { number, name, occupation, ..SkillDocument::default() };
        let ledger = LedgerId::from(uuid::Uuid::now_v7().to_string());
        let draft = Some(Draft { scheme, ..Draft::new(rules.clone()) });
        changing.add(KeptSkill { ledger, name: folder, document, draft }).await.map_err(failed)?;
    }
    if changing.skills.len() > SKILLS_MAX {
        return Err(SetupError::TooManySkills { most: SKILLS_MAX }.into());
    }
    changing.commit().await.map_err(failed)?;
    Ok(added)
}

fn numbers(changing: &Changing<SkillDocument>) -> HashSet<String> {
    changing.skills.iter().map(|skill| skill.document.number.clone()).collect()
}

/// A folder's name in the package: the number where it can be one, and nobody else's.
fn folder(number: &str, taken: &mut HashSet<String>) -> String {
    let plain: String =
        number.chars().filter(|char| char.is_ascii_alphanumeric()).collect::<String>().to_lowercase();
    let mut name = format!("skill-{plain}");
    for more in 2_u32.. {
        if taken.insert(name.clone()) {
            break;
        }
        name = format!("skill-{plain}-{more}");
    }
    name
}

/// The lines of the published lists and the skills of templates, and which of them are skills already.
///
/// # Errors
/// Where there is no such competition.
pub(crate) async fn picking(
    app: &App,
    staff: &Staff,
    id: &str,
    query: &ListQuery,
) -> Result<Picking, Failure> {
    let (kept, skills) = load(app, id).await?;
    let lines = List::ALL.into_iter().flat_map(|list| list.entries().iter().map(move |entry| (list, entry)));
    let lines = lines.map(|(list, entry)| {
        let (zh, en) = (entry.name_in(Language::Chinese), entry.name_in(Language::English));
        PickLine {
            list: list.word(),
            code: entry.code.to_owned(),
            name: Text { zh: zh.to_owned(), en: en.to_owned() },
            number: entry.code.to_owned(),
            of: None,
            is_there: skills.iter().any(|skill| is_of(&skill.document, list, entry)),
        }
    });
    let mut lines: Vec<PickLine> = lines.collect();
    for template in template::list(app, staff).await?.into_iter().filter(|template| template.id != id) {
        for of in load(app, &template.id).await?.1 {
            let SkillDocument { number, name: Name { zh, en }, .. } = of.document;
            let is_there = skills.iter().any(|skill| skill.document.name.zh == zh);
            let (code, name) = (of.ledger.to_string(), Text { zh, en });
            let of = Some(template.name.clone());
            lines.push(PickLine { list: TEMPLATES, code, name, number, of, is_there });
        }
    }
    let part = query.part(lines, |line: &PickLine| {
        vec![
            ("list", Cell::Key(line.list)),
            ("code", line.number.as_str().into()),
            ("of", line.of.as_ref().map_or("", |of| of.zh.as_str()).into()),
            ("zh", line.name.zh.as_str().into()),
            ("en", line.name.en.as_str().into()),
        ]
    });
    Ok(Picking { competition: kept.document.reference(id), part, skills: skills.len() })
}

/// Whether a skill was chosen from this line.
fn is_of(document: &SkillDocument, list: List, entry: &Entry) -> bool {
    match list {
        List::Occupations => document.occupation == entry.code,
        List::WorldSkills => document.name.zh == entry.name,
    }
}

/// Adds lines of the published lists and skills of templates, with their schemes, numbered on from what is there; a
/// skill of WorldSkills or of a template keeps its number where that is free. How many were added; what is a skill
/// already is left out.
///
/// # Errors
/// Where nothing was chosen, or there would be too many.
pub(crate) async fn pick(app: &App, staff: &Staff, id: &str, codes: &[String]) -> Result<usize, Failure> {
    let of = |code: &String| List::ALL.into_iter().find_map(|list| Some((list, list.of(code)?)));
    let chosen: Vec<_> = codes.iter().filter_map(of).collect();
    let templates = of_templates(app, staff, id, codes).await?;
    if chosen.is_empty() && templates.is_empty() {
        return Err(SetupError::NothingPicked.into());
    }
    let (changing, rules) = begin(app, id).await?;
    let mut taken = numbers(&changing);
    let mut skills = Vec::with_capacity(chosen.len());
    for (list, entry) in chosen {
        if changing.skills.iter().any(|skill| is_of(&skill.document, list, entry)) {
            continue;
        }
        let (occupation, own) = match list {
            List::Occupations => (entry.code, None),
            List::WorldSkills => ("", Some(entry.code.to_owned())),
        };
        let number = own.filter(|own| !taken.contains(own)).unwrap_or_else(|| following(&taken));
        taken.insert(number.clone());
        let name = Name { zh: entry.name.to_owned(), en: entry.name_in(Language::English).to_owned() };
        skills.push(NewSkill { number, name, occupation: occupation.to_owned(), scheme: Scheme::default() });
    }
    for KeptSkill { document, draft, .. } in templates {
        let SkillDocument { number: own, name, occupation, .. } = document;
        if changing.skills.iter().any(|skill| skill.document.name.zh == name.zh) {
            continue;
        }
        let number = if taken.contains(&own) { following(&taken) } else { own };
        taken.insert(number.clone());
        let scheme = draft.map(|draft| draft.scheme).unwrap_or_default();
        skills.push(NewSkill { number, name, occupation, scheme });
    }
    add(changing, &rules, skills).await
}

/// Those skills of templates that were chosen, without who competes and judges in them.
async fn of_templates(
    app: &App,
    staff: &Staff,
    id: &str,
    codes: &[String],
) -> Result<Vec<KeptSkill<SkillDocument>>, Failure> {
    let mut chosen = Vec::new();
    for template in template::list(app, staff).await?.into_iter().filter(|template| template.id != id) {
        for skill in load(app, &template.id).await?.1 {
            if codes.iter().any(|code| *code == skill.ledger.as_str()) {
                chosen.push(skill_of(app, skill, false).await?);
            }
        }
    }
    Ok(chosen)
}

/// The first number after all that are taken.
fn following(taken: &HashSet<String>) -> String {
    let most = taken.iter().filter_map(|number| number.parse::<u32>().ok()).max().unwrap_or_default();
    (most.saturating_add(1)..)
        .map(|number| format!("{number:02}"))
        .find(|number| !taken.contains(number))
        .unwrap_or_default()
}

/// What a skill is, as its form says it, and which competition it is of.
///
/// # Errors
/// Where there is none.
pub(crate) async fn about(app: &App, skill: &LedgerId) -> Result<(CompetitionRef, SkillAbout), Failure> {
    let id = competition::of_skill(&app.database, skill).await.map_err(failed)?;
    let (kept, skills) = load(app, &id).await?;
    let found = skills.into_iter().find(|kept| kept.ledger == *skill).ok_or_else(Failure::not_found)?;
    Ok((kept.document.reference(&id), form_of(&found.document)))
}

fn form_of(document: &SkillDocument) -> SkillAbout {
    let SkillDocument { number, name, occupation, venue, dates, .. } = document;
    let mut days = dates.iter().cloned();
    let form = SkillAbout {
        number: number.clone(),
        name: name.zh.clone(),
        name_en: if name.en == name.zh { String::new() } else { name.en.clone() },
        occupation: occupation.clone(),
        venue: venue.clone(),
        from: days.next().unwrap_or_default(),
        until: days.next().unwrap_or_default(),
        seen: String::new(),
    };
    SkillAbout { seen: seen(&form), ..form }
}

/// What tells one state of a skill from another.
fn seen(form: &SkillAbout) -> String {
    let SkillAbout { number, name, name_en, occupation, venue, from, until, .. } = form;
    let fields = [number, name, name_en, occupation, venue, from, until].map(String::as_str);
    Hash::of_document(fields.join("\n").as_bytes()).to_string()
}

/// Changes what a skill is; of one that is open as well: nothing that is pinned says any of it.
///
/// # Errors
/// Where the form is not fit, its number is another's, or somebody else changed it meanwhile.
pub(crate) async fn describe(app: &App, skill: &LedgerId, form: &SkillAbout) -> Result<(), Failure> {
    let zh = named(&form.name)?;
    let number = form.number.trim();
    if number.is_empty() || number.chars().count() > NUMBER_MAX || number.chars().any(char::is_control) {
        return Err(SetupError::NumberUnfit { most: NUMBER_MAX }.into());
    }
    let en = if form.name_en.trim().is_empty() { zh.clone() } else { named(&form.name_en)? };
    let occupation = occupation(&form.occupation)?;
    let venue = super::free(&form.venue)?;
    let id = competition::of_skill(&app.database, skill).await.map_err(failed)?;
    let mut changing = hold(app, &id).await?;
    let of: Competition = changing.document().await.map_err(failed)?;
    let dates = super::days([&form.from, &form.until])?;
    if let Some([from, until]) = super::span(&of.dates)
        && !dates.iter().all(|day| (from..=until).contains(day))
    {
        return Err(SetupError::DaysOutside { from, until }.into());
    }
    let at = changing.skills.iter().position(|kept| kept.ledger == *skill).ok_or_else(Failure::not_found)?;
    let is_taken = |(other, kept): (usize, &KeptSkill<_>)| other != at && number_of(kept) == number;
    if changing.skills.iter().enumerate().any(is_taken) {
        return Err(SetupError::SkillTwice { number: number.to_owned() }.into());
    }
    let Some(kept) = changing.skills.get_mut(at) else { return Err(Failure::not_found()) };
    if form_of(&kept.document).seen != form.seen {
        return Err(SetupError::SkillChanged.into());
    }
    let document = &mut kept.document;
    number.clone_into(&mut document.number);
    document.name = Name { zh, en };
    document.occupation = occupation;
    document.venue = venue;
    document.dates = dates.iter().map(Date::to_string).collect();
    changing.keep(at).await.map_err(failed)?;
    changing.commit().await.map_err(failed)
}

fn number_of(kept: &KeptSkill<SkillDocument>) -> &str {
    &kept.document.number
}

/// An occupation as it is called; empty where the code is none.
pub(crate) fn occupation_name(code: &str) -> Text {
    let entry = List::Occupations.of(code.trim());
    entry.map_or_else(Text::default, |entry| Text { zh: entry.name.to_owned(), en: entry.name.to_owned() })
}

/// An occupation's code, which may be given with its name behind it or by its name alone.
fn occupation(text: &str) -> Result<String, SetupError> {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    if text.is_empty() || List::Occupations.of(first).is_some() {
        return Ok(first.to_owned());
    }
    let named = List::Occupations.entries().iter().find(|entry| entry.name == text);
    named
        .map(|entry| entry.code.to_owned())
        .ok_or_else(|| SetupError::OccupationUnknown { text: text.to_owned() })
}

/// Removes a skill on which nothing hangs yet but, where that was said, its scheme.
///
/// # Errors
/// Where it is open, or something hangs on it.
pub(crate) async fn remove(
    app: &App,
    staff: &Staff,
    skill: &LedgerId,
    removing: &Removing,
) -> Result<(), Failure> {
    let (mut changing, at) = hold_skill(app, skill).await?;
    let Some(kept) = changing.skills.get(at) else { return Err(Failure::not_found()) };
    let name = kept.document.name.zh.clone();
    // Not what its page showed: somebody may have filled it since.
    let has_scheme = kept.draft.as_ref().is_some_and(|draft| draft.scheme.aspects().next().is_some());
    let has_more = has_scheme && removing.scheme != "yes";
    if has_more || !kept.document.people.is_empty() || !kept.document.judges.is_empty() {
        return Err(SetupError::InUse { skill: name }.into());
    }
    let scope = Scope::Skill(skill.clone());
    app.accounts.end_over(changing.connection(), &scope, &staff.account).await?;
    scheme::forget(changing.connection(), skill).await.map_err(failed)?;
    roster::forget_skill(changing.connection(), skill).await?;
    let is_free = promotion::forget_skill(changing.connection(), skill).await?;
    if is_free && changing.remove(skill).await.map_err(failed)? {
        Ok(())
    } else {
        Err(SetupError::InUse { skill: name }.into())
    }
}
