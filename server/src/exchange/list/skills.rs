//! The skills of a competition by each way to write one.

use std::collections::HashMap;

use domain::finding::{Language, Spoken};

use super::ListFinding;
use super::fold::{self, fold};
use crate::exchange::cis::excerpt;

/// How many names of skills a message proposes.
const NEAR_MAX: usize = 3;

/// What a skill is called.
#[derive(Clone, Copy, Debug)]
pub struct SkillNames<'a> {
    /// `17`
    pub number: &'a str,
    /// Its Chinese name.
    pub zh: &'a str,
    /// Its English name.
    pub en: &'a str,
}

/// The skills that a list may name.
pub struct Skills<'a> {
    called: Vec<SkillNames<'a>>,
    /// Where the list is for one skill: its place.
    only: Option<usize>,
    /// The skill by each way to write it; none where that means several.
    spellings: HashMap<String, Option<usize>>,
    /// Each name of a skill by its characters, as they are compared.
    names: Vec<(usize, Vec<char>)>,
}

impl SkillNames<'_> {
    /// What messages call it: by the name in their language where it has one.
    #[must_use]
    pub fn shown(&self) -> Spoken {
        let first = |names: [&str; 2]| {
            let named = names.into_iter().map(str::trim).find(|name| !name.is_empty());
            named.unwrap_or(self.number).to_owned()
        };
        Spoken::new(first([self.zh, self.en]), first([self.en, self.zh]))
    }
}

impl<'a> Skills<'a> {
    /// These, in their order; `only` where the list is for one of them.
    #[must_use]
    pub fn new(called: Vec<SkillNames<'a>>, only: Option<usize>) -> Self {
        let (mut spellings, mut names) = (HashMap::new(), Vec::new());
        for (at, skill) in called.iter().enumerate() {
            let (number, zh, en) = (fold(skill.number), fold(skill.zh), fold(skill.en));
            // A spreadsheet makes 7 of 07.
            let short = number.trim_start_matches('0').to_owned();
            let both = [&zh, &en].map(|name| format!("{number}{name}"));
            for spelling in [number, short, zh, en].into_iter().chain(both).filter(|text| !text.is_empty()) {
                let place = spellings.entry(spelling).or_insert(Some(at));
                if *place != Some(at) {
                    *place = None;
                }
            }
            let shown = [skill.zh, skill.en].into_iter().filter(|name| !name.trim().is_empty());
            names.extend(shown.map(|name| (at, fold::sorted(name))));
        }
        let only = only.filter(|only| *only < called.len());
        Self { called, only, spellings, names }
    }

    /// The place of the skill that a cell names.
    ///
    /// # Errors
    /// Where it names none, several or another than the list is for.
    pub fn find(&self, cell: Option<&str>) -> Result<usize, ListFinding> {
        let Some(cell) = cell else { return self.only.ok_or(ListFinding::SkillMissing) };
        let text = excerpt(cell);
        let named = match self.spellings.get(&fold(cell)) {
            Some(Some(skill)) => *skill,
            Some(None) => return Err(ListFinding::SkillAmbiguous { text }),
            None => return Err(ListFinding::SkillUnknown { near: self.near(cell), text }),
        };
        match self.only.filter(|only| *only != named).and_then(|only| self.called.get(only)) {
            Some(only) => Err(ListFinding::SkillOther { text, expected: only.shown() }),
            None => Ok(named),
        }
    }

    /// The skills whose names are most like a text; the first ones where none is.
    fn near(&self, text: &str) -> Spoken {
        let text = fold::sorted(text);
        let mut near: Vec<(usize, usize)> = self
            .names
            .iter()
            .filter_map(|(skill, characters)| Some((fold::likeness(&text, characters)?, *skill)))
            .collect();
        near.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
        let mut skills: Vec<usize> = Vec::new();
        let all = self.names.iter().map(|(skill, _)| *skill).filter(|_| near.is_empty());
        for skill in near.iter().map(|(_, skill)| *skill).chain(all) {
            if skills.len() < NEAR_MAX && !skills.contains(&skill) {
                skills.push(skill);
            }
        }
        let shown: Vec<Spoken> =
            skills.iter().filter_map(|skill| self.called.get(*skill)).map(SkillNames::shown).collect();
        let joined = |language, comma: &str| {
            shown.iter().map(|name| name.say(language)).collect::<Vec<_>>().join(comma)
        };
        Spoken::new(joined(Language::Chinese, "、"), joined(Language::English, ", "))
    }
}
