//! On which terms delegations enter their people, kept and edited as one form.

use domain::id::LedgerId;
use domain::registration::{SkillTerms, Terms, TermsError};
use domain::rules::SkillLevel;
use protocol::registration::TermsForm;
use protocol::view::{CompetitionRef, SkillRef};
use sqlx::Row as _;

use super::{RegistrationError, There, failed, queries};
use crate::desk;
use crate::http::{App, Failure};

/// What separates words of a list.
const BETWEEN: [char; 6] = ['、', ',', '，', ';', '；', '\n'];

/// A competition's terms, and how often they were changed.
pub(super) async fn load(app: &App, id: &str) -> Result<(Terms, i64), Failure> {
    let select = sqlx::query(queries::SELECT_TERMS).bind(id);
    let row = select.fetch_optional(app.database.pool()).await.map_err(failed)?;
    let Some(row) = row else { return Ok((Terms { is_one_skill: true, ..Terms::default() }, 0)) };
    let document: String = row.try_get(0).map_err(failed)?;
    let terms = serde_json::from_str(&document).map_err(|_| RegistrationError::Unreadable)?;
    Ok((terms, row.try_get(1).map_err(failed)?))
}

/// The terms as a form, with the competition and its skills.
///
/// # Errors
/// Where there is no such competition, or the database does not answer.
pub(crate) async fn form(app: &App, id: &str) -> Result<(CompetitionRef, Vec<SkillRef>, TermsForm), Failure> {
    let there = There::load(app, id).await?;
    let (_, changes) = load(app, id).await?;
    let skills = there.skills.iter().map(desk::skill_ref).collect();
    let mut form = TermsForm::default();
    let terms = &there.terms;
    let mut day = |name: &str, day: Option<domain::registration::Day>| {
        form.put(name, day.map(|day| day.to_string()).unwrap_or_default());
    };
    day("opens", terms.opens);
    day("closes", terms.closes);
    day("substitutes_until", terms.substitutes_until);
    form.put("employments", terms.employments.join("、"));
    form.put("regions", terms.regions.join("、"));
    form.put("is_one_skill", if terms.is_one_skill { "yes" } else { "" });
    put(&mut form, "", &terms.every);
    for (skill, own) in &terms.own {
        form.put(&format!("own.{skill}"), "yes");
        put(&mut form, &format!(".{skill}"), own);
    }
    form.put("seen", changes);
    Ok((there.reference, skills, form))
}

fn put(form: &mut TermsForm, of: &str, terms: &SkillTerms) {
    let count = |count: Option<u32>| count.map(|count| count.to_string()).unwrap_or_default();
    let day = |day: Option<domain::registration::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    form.put(&format!("quota{of}"), count(terms.quota));
    form.put(&format!("born_from{of}"), day(terms.born_from));
    form.put(&format!("born_until{of}"), day(terms.born_until));
    form.put(&format!("level{of}"), terms.level.map(SkillLevel::as_str).unwrap_or_default());
    form.put(&format!("least_field{of}"), count(terms.least_field));
}

fn read_own(form: &TermsForm, of: &str) -> Result<SkillTerms, TermsError> {
    let get = |name: &str| form.get(&format!("{name}{of}")).trim();
    let level = match get("level") {
        "" => None,
        word => Some(SkillLevel::parse(word).ok_or(TermsError::LevelUnknown)?),
    };
    Ok(SkillTerms {
        quota: Terms::count(get("quota"))?,
        born_from: Terms::day(get("born_from"))?,
        born_until: Terms::day(get("born_until"))?,
        level,
        least_field: Terms::count(get("least_field"))?,
    })
}

fn read(form: &TermsForm, skills: &[LedgerId]) -> Result<Terms, TermsError> {
    let words = |name: &str| -> Vec<String> {
        let words = form.get(name).split(BETWEEN).map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let own = skills.iter().filter(|skill| form.get(&format!("own.{skill}")) == "yes");
    let own = own.map(|skill| Ok((skill.clone(), read_own(form, &format!(".{skill}"))?)));
    let terms = Terms {
        opens: Terms::day(form.get("opens"))?,
        closes: Terms::day(form.get("closes"))?,
        substitutes_until: Terms::day(form.get("substitutes_until"))?,
        employments: words("employments"),
        regions: words("regions"),
        is_one_skill: form.get("is_one_skill") == "yes",
        every: read_own(form, "")?,
        own: own.collect::<Result<_, TermsError>>()?,
    };
    terms.fit()?;
    Ok(terms)
}

/// Keeps the terms. They hold for whoever is entered or approved from now on; who is approved stays.
///
/// # Errors
/// Where they cannot be read, make no sense, or somebody else changed them meanwhile.
pub(crate) async fn keep(app: &App, id: &str, form: &TermsForm) -> Result<(), Failure> {
    let there = There::load(app, id).await?;
    let skills: Vec<LedgerId> = there.skills.into_iter().map(|kept| kept.ledger).collect();
    let seen: i64 = form.get("seen").trim().parse().unwrap_or(-1);
    let (_, changes) = load(app, id).await?;
    // First: what cannot be read is told to whoever knows what stands there.
    if changes != seen {
        return Err(RegistrationError::TermsChanged.into());
    }
    let terms = read(form, &skills).map_err(RegistrationError::from)?;
    let document = serde_json::to_string(&terms).map_err(|_| RegistrationError::Unreadable)?;
    let upsert = sqlx::query(queries::UPSERT_TERMS).bind(id).bind(document).bind(seen);
    let kept = upsert.execute(app.database.pool()).await.map_err(failed)?.rows_affected();
    if kept == 0 { Err(RegistrationError::TermsChanged.into()) } else { Ok(()) }
}
