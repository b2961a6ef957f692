//! What each worker is told of a drill: what it came to, what went best and what has to be drilled most, and
//! how it went before.

use std::collections::BTreeMap;

use domain::marking::Skill;
use domain::number::Mark;
use domain::results::standings;
use protocol::drill::{Before, Looked, Slip, Slips};

use super::{App, Refusal, Staff, find, load};
use crate::competition;
use crate::desk::DeskError;

/// How many aspects are named as the best, and as the worst.
const NAMED_MAX: usize = 2;
/// How many earlier drills are told.
const BEFORE_MAX: usize = 5;

/// The slips of a drill, in the order of its numbers.
///
/// # Errors
/// Where they have no such drill, or the database does not answer.
pub(crate) async fn slips(app: &App, staff: &Staff, id: &str) -> Result<Slips, Refusal> {
    let drills = competition::drills(&app.database, &staff.account).await?;
    let this = drills.iter().find(|kept| kept.competition == id).ok_or(DeskError::NoDrill)?;
    // Of the same series, the newest first.
    let earlier = drills.iter().filter(|kept| kept.series == this.series && kept.made_at < this.made_at);
    let mut before: Vec<(i64, BTreeMap<String, Mark>)> = Vec::new();
    for kept in earlier.take(BEFORE_MAX) {
        let (_, skill) = load(app, &kept.competition).await?;
        let state = app.ledger.state(&skill.ledger).await?;
        let totals = state.skill.as_deref().map(totals).unwrap_or_default();
        let people = skill.document.people.into_iter();
        let named = people.filter_map(|person| Some((person.name, *totals.get(person.code.as_str())?)));
        before.push((kept.made_at, named.collect()));
    }
    before.reverse();
    let (competition, skill) = find(app, staff, id).await?;
    let state = app.ledger.state(&skill.ledger).await?;
    let opened = state.skill.as_deref();
    let standings = opened.map(standings).unwrap_or_default();
    let ranked = standings.iter().filter(|standing| standing.position.is_some()).count();
    let slip = |(row, person): (usize, &crate::exchange::package::Person)| {
        let standing = standings.iter().find(|standing| standing.competitor == person.code);
        let [best, worst] = opened.map(|skill| best_and_worst(&marked(skill, row))).unwrap_or_default();
        let total = standing.and_then(|standing| standing.total);
        let earlier = before.iter().filter_map(|(made_at, totals)| {
            Some(Before { made_at: *made_at, total: *totals.get(&person.name)? })
        });
        let before: Vec<Before> = earlier.collect();
        let change = total.zip(before.last()).map(|(total, last)| Mark(total.0 - last.total.0));
        Slip {
            number: person.code.to_string(),
            name: person.name.clone(),
            total,
            position: standing.and_then(|standing| standing.position),
            best,
            worst,
            before,
            change,
        }
    };
    let people = skill.document.people.iter().enumerate();
    Ok(Slips {
        competition: competition.reference(id),
        made_at: this.made_at,
        ranked,
        slips: people.map(slip).collect(),
    })
}

/// What each competitor's marks come to, of those who are wholly marked.
fn totals(skill: &Skill) -> BTreeMap<String, Mark> {
    let standings = standings(skill).into_iter();
    standings.filter_map(|standing| Some((standing.competitor.to_string(), standing.total?))).collect()
}

/// The aspects of a competitor that have a mark, in the scheme's order.
fn marked(skill: &Skill, row: usize) -> Vec<Looked> {
    let aspects = skill.opening.scheme.aspects().enumerate();
    let looked = aspects.filter_map(|(column, aspect)| {
        let mark = skill.shown_mark(row, column)?;
        Some(Looked { what: aspect.description.clone(), mark, max: aspect.max })
    });
    looked.collect()
}

/// What went best and what worst: the aspects that gave a larger, and a smaller, part of their maximum than
/// all of them together, the furthest first. Parts are compared exactly. Where all went alike there are none.
fn best_and_worst(marked: &[Looked]) -> [Vec<Looked>; 2] {
    let all = (marked.iter().map(|one| one.mark.0).sum::<i64>(), marked.iter().map(|one| one.max.0).sum());
    let part = |one: &Looked| (one.mark.0, one.max.0);
    // How a/b stands to c/d, with b and d above 0.
    let held = |(a, b): (i64, i64), (c, d): (i64, i64)| {
        (i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b)))
    };
    let mut best: Vec<&Looked> = marked.iter().filter(|one| held(part(one), all).is_gt()).collect();
    best.sort_by(|one, other| held(part(other), part(one)));
    let mut worst: Vec<&Looked> = marked.iter().filter(|one| held(part(one), all).is_lt()).collect();
    worst.sort_by(|one, other| held(part(one), part(other)));
    [best, worst].map(|named| named.into_iter().take(NAMED_MAX).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(of: &[(&str, i64, i64)]) -> Vec<Looked> {
        let one = |(what, mark, max): &(&str, i64, i64)| Looked {
            what: (*what).to_owned(),
            mark: Mark(*mark),
            max: Mark(*max),
        };
        of.iter().map(one).collect()
    }

    fn named(of: &[(&str, i64, i64)]) -> [Vec<String>; 2] {
        best_and_worst(&looked(of)).map(|named| named.into_iter().map(|one| one.what).collect())
    }

    #[test]
    fn the_parts_of_the_maximum_say_what_went_best_and_worst_and_not_the_marks() {
        let of =
            [("a", 1_000, 1_000), ("b", 900, 1_500), ("c", 500, 500), ("d", 0, 1_000), ("e", 333, 1_000)];
        assert_eq!(
            named(&of),
            [["a", "c"].map(String::from).to_vec(), ["d", "e"].map(String::from).to_vec()]
        );
        // A third and 0.333 are not the same.
        let of = [("third", 1, 3), ("less", 333, 1_000)];
        assert_eq!(named(&of), [vec!["third".to_owned()], vec!["less".to_owned()]]);
    }

    #[test]
    fn where_all_went_alike_nothing_is_named() {
        assert_eq!(named(&[("a", 500, 1_000), ("b", 750, 1_500)]), [vec![""; 0], vec![""; 0]]);
        assert_eq!(named(&[("a", 0, 1_000)]), [vec![""; 0], vec![""; 0]]);
        assert_eq!(named(&[]), [vec![""; 0], vec![""; 0]]);
    }
}
