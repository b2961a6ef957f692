//! The next edition of a competition: the same skills, schemes, parts and rules, without who competed; with the
//! judges where that is wished.

use domain::access::{Action, Scope};
use domain::id::LedgerId;
use jiff::ToSpan as _;
use jiff::civil::Date;
use protocol::edition::NextEdition;
use protocol::setup::About;
use protocol::view::CompetitionRef;

use super::{SetupError, failed, load, named, read};
use crate::accounts::Staff;
use crate::competition::{self, Draft, Kept, KeptSkill};
use crate::desk;
use crate::exchange::package::{Competition, SkillDocument, unless_everyone};
use crate::http::{App, Failure};
use crate::{organisation, registration};

/// Fifty-two weeks later it is the same day of the week.
const WEEKS: i64 = 52;

/// The form as it is offered, and which competition it is about.
///
/// # Errors
/// Where there is none, or it is a practice or a rehearsal.
pub(crate) async fn offered(app: &App, id: &str) -> Result<(CompetitionRef, NextEdition), Failure> {
    let (competition, document) = real(app, id).await?;
    let Competition { name, edition, dates, .. } = document.document;
    let next = following(&edition);
    let renamed = |name: &str| {
        let by_edition = next.as_ref().and_then(|next| with_next(name, &edition, next));
        by_edition.or_else(|| following(name)).unwrap_or_else(|| name.to_owned())
    };
    let name_en = if name.en == name.zh { String::new() } else { renamed(&name.en) };
    let mut days = dates.iter().map(|day| later(day).unwrap_or_default());
    let (from, until) = (days.next().unwrap_or_default(), days.next().unwrap_or_default());
    let form = uuid::Uuid::now_v7().to_string();
    let offered = NextEdition {
        name: renamed(&name.zh),
        name_en,
        edition: next.unwrap_or_default(),
        from,
        until,
        judges: String::new(),
        registration: String::new(),
        form,
    };
    Ok((competition, offered))
}

/// Which competition it is about, for the form as it was typed.
///
/// # Errors
/// Where there is none, or it is a practice or a rehearsal.
pub(crate) async fn about(app: &App, id: &str) -> Result<CompetitionRef, Failure> {
    Ok(real(app, id).await?.0)
}

pub(super) async fn real(app: &App, id: &str) -> Result<(CompetitionRef, Kept<Competition>), Failure> {
    if desk::practice_of(app, id).await?.is_some() {
        return Err(Failure::not_found());
    }
    let (kept, _) = load(app, id).await?;
    if kept.document.is_rehearsal {
        return Err(Failure::not_found());
    }
    Ok((kept.document.reference(id), kept))
}

/// Makes it, whole or not at all; gives its id.
///
/// # Errors
/// Where the form is not fit, or whoever asks may make none there.
pub(crate) async fn make(app: &App, staff: &Staff, id: &str, typed: &NextEdition) -> Result<String, Failure> {
    real(app, id).await?;
    let (last, skills) = load(app, id).await?;
    named(&typed.name)?;
    let Competition { tier, host, venue, language, rule_set, .. } = last.document;
    let form = About {
        name: typed.name.clone(),
        name_en: typed.name_en.clone(),
        edition: typed.edition.clone(),
        tier,
        host,
        venue,
        from: typed.from.clone(),
        until: typed.until.clone(),
        rule_set: rule_set.clone(),
        ..About::default()
    };
    let document = Competition { language, ..read(&form, &rule_set)? };
    let of = last.organisation.map(|id| id.to_string()).unwrap_or_default();
    let organisation = desk::place(app, staff, &of).await?;
    let next = copies(app, skills, !typed.judges.is_empty()).await?;
    let form = uuid::Uuid::try_parse(typed.form.trim()).unwrap_or_else(|_| uuid::Uuid::now_v7());
    let made = form.to_string();
    keep_copy(app, &Kept { id: made.clone(), organisation, document }, &next).await?;
    if !typed.registration.is_empty() {
        // A form can name a competition that is somebody else's.
        let reach = organisation::reach(&app.database, &Scope::Competition(made.clone())).await?;
        if staff.may(Action::SetUp, &reach).is_some() {
            registration::take_over(app, id, &made).await?;
        }
    }
    Ok(made)
}

/// Keeps what was made of another competition, whole or not at all; whether it was not there before.
pub(super) async fn keep_copy(
    app: &App,
    kept: &Kept<Competition>,
    skills: &[KeptSkill<SkillDocument>],
) -> Result<bool, Failure> {
    let made = competition::keep(&app.database, kept, skills, (app.clock)()).await;
    // Sent twice, the second meets the skills of the first.
    if made.is_err() && competition::changes(&app.database, &kept.id).await.is_ok() {
        return Ok(false);
    }
    made.map_err(failed)
}

/// Skills without who competed, and with the judges where that is wished.
pub(super) async fn copies(
    app: &App,
    skills: Vec<KeptSkill<SkillDocument>>,
    with_judges: bool,
) -> Result<Vec<KeptSkill<SkillDocument>>, Failure> {
    let mut copies = Vec::with_capacity(skills.len());
    for skill in skills {
        copies.push(skill_of(app, skill, with_judges).await?);
    }
    Ok(copies)
}

/// A skill without who competed. Of one that was open by what it was marked, of one that was not by its draft.
pub(super) async fn skill_of(
    app: &App,
    last: KeptSkill<SkillDocument>,
    with_judges: bool,
) -> Result<KeptSkill<SkillDocument>, Failure> {
    let state = app.ledger.state(&last.ledger).await;
    let state = state.map_err(|error| SetupError::Failed { problem: error.spoken() })?;
    let pinned = state.skill.as_deref().map(|skill| {
        let opening = &skill.opening;
        Draft { rules: opening.rules.clone(), scheme: opening.scheme.clone(), panels: opening.panels.clone() }
    });
    let mut draft = pinned.or(last.draft);
    let mut document =
        SkillDocument { people: Vec::new(), interests: Vec::new(), dates: Vec::new(), ..last.document };
    if !with_judges {
        document.judges.clear();
    }
    if let Some(draft) = &mut draft {
        let panels = std::mem::take(&mut draft.panels);
        if with_judges {
            draft.panels = unless_everyone(panels, &draft.scheme, &document.judges);
        }
    }
    let ledger = LedgerId::from(uuid::Uuid::now_v7().to_string());
    Ok(KeptSkill { ledger, name: last.name, document, draft })
}

fn later(day: &str) -> Option<String> {
    let day: Date = day.parse().ok()?;
    day.checked_add(WEEKS.weeks()).ok().map(|day| day.to_string())
}

/// The name with the next edition in place of the last one; none where the last one stands nowhere by itself.
fn with_next(name: &str, edition: &str, next: &str) -> Option<String> {
    let counts = |one: char| one.is_numeric() || one == '十' || DIGITS.contains(&one);
    let found = name.match_indices(edition).find(|(at, _)| {
        let (before, after) = (&name[..*at], &name[at + edition.len()..]);
        let is_apart = |beside: Option<char>| !beside.is_some_and(counts);
        !edition.is_empty() && is_apart(before.chars().next_back()) && is_apart(after.chars().next())
    });
    let (at, _) = found?;
    Some(format!("{}{next}{}", &name[..at], &name[at + edition.len()..]))
}

/// The text with the number that it counts by one higher: the last figures in it, or what stands between 第 and
/// 届; none where it counts by nothing.
fn following(text: &str) -> Option<String> {
    let counted = |before: &str, number: &str, after: &str| {
        let next = match number.parse::<u32>() {
            Ok(number) => number.checked_add(1)?.to_string(),
            Err(_) => chinese(of_chinese(number)? + 1)?,
        };
        Some(format!("{before}{next}{after}"))
    };
    if let Some((before, rest)) = text.split_once('第')
        && let Some((number, after)) = rest.split_once('届')
        && let Some(next) = counted("", number, "")
    {
        return Some(format!("{before}第{next}届{after}"));
    }
    let end = text.rfind(|one: char| one.is_ascii_digit())? + 1;
    let start = text[..end].rfind(|one: char| !one.is_ascii_digit());
    // A character before the figures may have several bytes.
    let start = start.map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
    counted(&text[..start], &text[start..end], &text[end..])
}

const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// What 一 to 九十九 say.
fn of_chinese(text: &str) -> Option<u32> {
    let digit = |text: &str| {
        let mut chars = text.chars();
        let first = chars.next()?;
        let at = DIGITS.iter().position(|known| *known == first)?;
        u32::try_from(at + 1).ok().filter(|_| chars.next().is_none())
    };
    match text.split_once('十') {
        None => digit(text),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens)? };
            Some(10 * tens + if ones.is_empty() { 0 } else { digit(ones)? })
        }
    }
}

/// The same the other way; none beyond 九十九.
fn chinese(number: u32) -> Option<String> {
    let digit = |digit: u32| {
        let at = usize::try_from(digit).ok().and_then(|digit| digit.checked_sub(1));
        at.and_then(|at| DIGITS.get(at)).map(char::to_string).unwrap_or_default()
    };
    match number {
        0..=9 => Some(digit(number)),
        10..=19 => Some(format!("十{}", digit(number - 10))),
        20..=99 => Some(format!("{}十{}", digit(number / 10), digit(number % 10))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_edition_counts_by_is_one_higher() {
        for (text, next) in [
            ("2026", Some("2027")),
            ("第三届", Some("第四届")),
            ("第九届", Some("第十届")),
            ("第十九届", Some("第二十届")),
            ("第二十九届", Some("第三十届")),
            ("第3届", Some("第4届")),
            ("石家庄市第三届职工职业技能大赛", Some("石家庄市第四届职工职业技能大赛")),
            ("技能大赛（2025）", Some("技能大赛（2026）")),
            ("2026 年第二届", Some("2026 年第三届")),
            ("Skills 2026 final", Some("Skills 2027 final")),
            ("第九十九届", None),
            ("春季赛", None),
            ("第次届", None),
            ("4294967295", None),
            ("", None),
        ] {
            assert_eq!(following(text).as_deref(), next, "{text}");
        }
        for number in 1..=99 {
            assert_eq!(chinese(number).as_deref().and_then(of_chinese), Some(number));
        }
    }

    #[test]
    fn an_edition_inside_another_number_is_no_edition() {
        assert_eq!(with_next("2026 年第 2 届", "2", "3").as_deref(), Some("2026 年第 3 届"));
        assert_eq!(with_next("技能大赛（2026）", "2026", "2027").as_deref(), Some("技能大赛（2027）"));
        assert_eq!(with_next("第十三届", "三", "四"), None);
        assert_eq!((with_next("2026", "2", "3"), with_next("春季赛", "", "2")), (None, None));
    }

    #[test]
    fn the_days_are_the_same_days_of_the_week() {
        assert_eq!(later("2026-05-09").as_deref(), Some("2027-05-08"));
        assert_eq!(later("2027-12-31").as_deref(), Some("2028-12-29"));
        assert_eq!((later("soon"), later("")), (None, None));
    }
}
