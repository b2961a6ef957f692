//! A rehearsal of a competition: the same skills, schemes, rules, judges and panels in one that is played through
//! like any other and counts for nothing, with made-up competitors or those of the roster under new codes.

use std::collections::HashSet;

use domain::id::{CompetitorCode, GroupName};
use protocol::edition::{NewRehearsal, RehearsedBy};
use protocol::setup::About;
use protocol::view::CompetitionRef;

use super::edition::{keep_copy, real, skill_of};
use super::{SetupError, load, named, read};
use crate::accounts::{AccountError, Staff};
use crate::competition::Kept;
use crate::desk;
use crate::exchange::package::{Competition, Person};
use crate::http::{App, Failure};

/// How many made-up competitors a skill has at the most.
const MADE_UP_MAX: usize = 60;
/// How many are offered.
const MADE_UP: usize = 5;

/// The form as it is offered, and which competition it is about.
///
/// # Errors
/// Where there is none, or it is a practice or a rehearsal itself.
pub(crate) async fn offered(app: &App, id: &str) -> Result<(CompetitionRef, NewRehearsal), Failure> {
    let (competition, kept) = real(app, id).await?;
    let mut days = kept.document.dates.into_iter();
    let offered = NewRehearsal {
        name: format!("{}（彩排）", kept.document.name.zh),
        from: days.next().unwrap_or_default(),
        until: days.next().unwrap_or_default(),
        people: RehearsedBy::MadeUp,
        count: MADE_UP.to_string(),
        form: uuid::Uuid::now_v7().to_string(),
    };
    Ok((competition, offered))
}

/// Makes it, whole or not at all; gives its id.
///
/// # Errors
/// Where the form is not fit, or whoever asks may make none there.
pub(crate) async fn make(
    app: &App,
    staff: &Staff,
    id: &str,
    typed: &NewRehearsal,
) -> Result<String, Failure> {
    real(app, id).await?;
    let count = typed.count.trim().parse().ok().filter(|count| (1..=MADE_UP_MAX).contains(count));
    let count = match (typed.people, count) {
        (RehearsedBy::Roster, _) => 0,
        (RehearsedBy::MadeUp, Some(count)) => count,
        (RehearsedBy::MadeUp, None) => return Err(SetupError::MadeUpUnfit { most: MADE_UP_MAX }.into()),
    };
    let (of, skills) = load(app, id).await?;
    named(&typed.name)?;
    let Competition { tier, host, edition, venue, language, rule_set, .. } = of.document;
    let form = About {
        name: typed.name.clone(),
        edition,
        tier,
        host,
        venue,
        from: typed.from.clone(),
        until: typed.until.clone(),
        rule_set: rule_set.clone(),
        ..About::default()
    };
    let document = Competition { language, is_rehearsal: true, ..read(&form, &rule_set)? };
    let place = of.organisation.map(|id| id.to_string()).unwrap_or_default();
    let organisation = desk::place(app, staff, &place).await?;
    let mut copies = Vec::with_capacity(skills.len());
    for skill in skills {
        let people = skill.document.people.clone();
        let mut copy = skill_of(app, skill, true).await?;
        copy.document.people = match typed.people {
            RehearsedBy::Roster => under_new_codes(people)?,
            RehearsedBy::MadeUp => made_up(&people, count)?,
        };
        copies.push(copy);
    }
    let form = uuid::Uuid::try_parse(typed.form.trim()).unwrap_or_else(|_| uuid::Uuid::now_v7());
    let made = form.to_string();
    keep_copy(app, &Kept { id: made.clone(), organisation, document }, &copies).await?;
    Ok(made)
}

/// The same people, whose real codes nobody learns by a rehearsal.
fn under_new_codes(people: Vec<Person>) -> Result<Vec<Person>, AccountError> {
    let mut taken: HashSet<String> = people.iter().map(|person| person.code.to_string()).collect();
    let renewed = people.into_iter().map(|person| {
        let code = CompetitorCode::from(desk::fresh_code(&mut taken)?.as_str());
        Ok(Person { code, batch: String::new(), ..person })
    });
    renewed.collect()
}

/// As many made-up people, of two delegations, in the groups and in teams of the size that the real ones have.
fn made_up(real: &[Person], count: usize) -> Result<Vec<Person>, AccountError> {
    let mut groups: Vec<GroupName> = Vec::new();
    for person in real {
        if !groups.contains(&person.group) {
            groups.push(person.group.clone());
        }
    }
    let teams: HashSet<&str> =
        real.iter().map(|person| person.team.as_str()).filter(|team| !team.is_empty()).collect();
    let members = if teams.is_empty() { 1 } else { real.len().div_ceil(teams.len()) };
    let mut taken = HashSet::new();
    let mut people = Vec::with_capacity(count * members);
    for unit in 0..count {
        let group = groups.get(unit % groups.len().max(1)).cloned().unwrap_or_default();
        for member in 0..members {
            let number = unit * members + member + 1;
            people.push(Person {
                row: (number + 1) as u64,
                code: CompetitorCode::from(desk::fresh_code(&mut taken)?.as_str()),
                name: format!("彩排选手{number:02}"),
                delegation: format!("彩排代表队{}", unit % 2 + 1),
                team: if teams.is_empty() { String::new() } else { format!("彩排{:02}队", unit + 1) },
                group: group.clone(),
                ..Person::default()
            });
        }
    }
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(code: &str, team: &str, group: &str) -> Person {
        Person { code: code.into(), team: team.to_owned(), group: group.into(), ..Person::default() }
    }

    #[test]
    fn made_up_people_are_in_the_real_groups_and_in_teams_as_large_as_the_real_ones() {
        let real = [person("A", "", "职工组"), person("B", "", "学生组")];
        let people = made_up(&real, 5).expect("codes");
        let groups: Vec<&str> = people.iter().map(|person| person.group.as_str()).collect();
        assert_eq!(groups, ["职工组", "学生组", "职工组", "学生组", "职工组"]);
        assert!(people.iter().all(|person| person.team.is_empty()));
        let codes: HashSet<String> = people.iter().map(|person| person.code.to_string()).collect();
        assert_eq!(codes.len(), 5);

        let teams = [
            person("A", "一队", ""),
            person("B", "一队", ""),
            person("C", "二队", ""),
            person("D", "二队", ""),
        ];
        let people = made_up(&teams, 3).expect("codes");
        let units: HashSet<String> = people.iter().map(|person| person.unit().to_string()).collect();
        assert_eq!((people.len(), units.len()), (6, 3));
        assert_eq!(made_up(&[], 2).expect("codes").len(), 2);
    }

    #[test]
    fn nobody_of_the_roster_keeps_a_code() {
        let real = vec![person("AB12", "", ""), person("CD34", "", "")];
        let people = under_new_codes(real.clone()).expect("codes");
        assert_eq!(people.len(), 2);
        for person in &people {
            assert!(!real.iter().any(|known| known.code == person.code), "{}", person.code);
        }
    }
}
