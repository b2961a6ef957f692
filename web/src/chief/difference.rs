//! What an act would change in the results, competitor by competitor.

use domain::finding::Language;
use protocol::chief::{Change, Difference, Outcome};
use protocol::view::Presence;

use crate::desk::Says;
use crate::format::Reader;
use crate::node::{Element, el};
use crate::text;

/// Where there is no total, or no rank.
const NONE: &str = "–";
/// From how many on a list is read in a window of its own, so that what confirms it stays near.
const LONG: usize = 10;

/// How many results would be others, in one sentence.
pub(super) fn count(difference: &Difference, reader: Reader) -> String {
    match (reader.language, difference.changes.len()) {
        (Language::Chinese, 0) => "现在不改变任何人的总分和名次。".to_owned(),
        (Language::English, 0) => "Changes nobody's total or rank now.".to_owned(),
        (Language::Chinese, count) => format!("改变 {count} 名选手的成绩。"),
        (Language::English, 1) => "Changes the result of 1 competitor.".to_owned(),
        (Language::English, count) => format!("Changes the results of {count} competitors."),
    }
}

/// Everybody whose result would be another, before and after.
pub(super) fn changes(difference: &Difference, reader: Reader) -> Option<Element> {
    if difference.changes.is_empty() {
        return None;
    }
    let says = Says(reader.language);
    let label = says.say("成绩会怎样变", "What would change");
    let rows = difference.changes.iter().map(|one| change(one, reader)).collect::<Vec<_>>();
    let (class, stop) = if rows.len() < LONG { ("changes", None) } else { ("changes long", Some("0")) };
    // What scrolls must be reached by keys.
    Some(el("ul").class(class).set("aria-label", label).set_some("tabindex", stop).add(rows))
}

fn change(one: &Change, reader: Reader) -> Element {
    let says = Says(reader.language);
    let Change { competitor, before, after } = one;
    let marks = says.say("总分", "Total");
    let rank = says.say("名次", "Rank");
    let award = says.say("奖项", "Award");
    let is_told = before.award.is_some() || after.award.is_some();
    let (old, new) = (place(before, reader), place(after, reader));
    let is_placed = (old.as_str(), new.as_str()) != (NONE, NONE);
    let of_award = |of: &Outcome| of.award.clone().unwrap_or_else(|| NONE.to_owned());
    el("li")
        .add(el("strong").class("mono").add(competitor.to_string()))
        .add(pair(marks, &total(before, reader), &total(after, reader), reader))
        .add(is_placed.then(|| pair(rank, &old, &new, reader)))
        .add(is_told.then(|| pair(award, &of_award(before), &of_award(after), reader)))
}

/// A value before and after; one that stays is said once.
fn pair(name: &'static str, before: &str, after: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    let named = el("span").add(el("small").add(name)).add(" ");
    if before == after {
        return named.add(before.to_owned());
    }
    let arrow = el("span").set("aria-hidden", "true").add(" → ");
    let becomes = el("span").class("unseen").add(says.say("变为", " becomes "));
    named.add(before.to_owned()).add(arrow).add(becomes).add(el("strong").add(after.to_owned()))
}

fn total(of: &Outcome, reader: Reader) -> String {
    match (of.marks, of.is_total) {
        (None, _) => NONE.to_owned(),
        (Some(marks), true) => marks.to_string(),
        (Some(marks), false) => format!("{marks}{}", Says(reader.language).say("（未评完）", " (so far)")),
    }
}

fn place(of: &Outcome, reader: Reader) -> String {
    match of.presence {
        Presence::Competing => of.position.map_or_else(|| NONE.to_owned(), |position| position.to_string()),
        presence => text::presence(presence, reader.language).to_owned(),
    }
}
