//! Published lists that people choose from: the occupations of the national classification and the skills of
//! WorldSkills. They hold codes and names alone, as they were published.

use std::sync::LazyLock;

use domain::finding::Language;

/// The occupations of 《中华人民共和国职业分类大典（2022 年版）》, the smallest class (细类) each, without the marks
/// of green (L) and digital (S) ones.
static OCCUPATIONS: LazyLock<Vec<Entry>> = LazyLock::new(|| entries(include_str!("occupations.csv")));
/// The skills of WorldSkills Shanghai 2026, as worldskills.org names them.
static WORLDSKILLS: LazyLock<Vec<Entry>> = LazyLock::new(|| entries(include_str!("worldskills.csv")));

/// A list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// 职业分类大典
    Occupations,
    /// 世界技能大赛
    WorldSkills,
}

/// A line of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// `6-18-02-04`, `10`
    pub(crate) code: &'static str,
    /// What it is called.
    pub(crate) name: &'static str,
    /// In English; empty where it was published in Chinese alone.
    pub(crate) name_en: &'static str,
}

impl List {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Occupations, Self::WorldSkills];

    /// The word that stands in addresses.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Occupations => "occupations",
            Self::WorldSkills => "worldskills",
        }
    }

    /// All of it, in the order of the codes.
    pub(crate) fn entries(self) -> &'static [Entry] {
        match self {
            Self::Occupations => &OCCUPATIONS,
            Self::WorldSkills => &WORLDSKILLS,
        }
    }

    /// The line of a code.
    pub(crate) fn of(self, code: &str) -> Option<&'static Entry> {
        self.entries().iter().find(|entry| entry.code == code)
    }
}

impl Entry {
    /// Its name in a language; the Chinese one where there is no other.
    pub(crate) const fn name_in(&self, language: Language) -> &'static str {
        match language {
            Language::English if !self.name_en.is_empty() => self.name_en,
            _ => self.name,
        }
    }
}

fn entries(text: &'static str) -> Vec<Entry> {
    let lines = text.lines().skip(1);
    lines
        .filter_map(|line| {
            let (code, names) = line.split_once(',')?;
            let (name, name_en) = names.split_once(',').unwrap_or((names, ""));
            Some(Entry { code, name, name_en })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_are_whole_and_every_code_stands_once() {
        for (list, lines) in [(List::Occupations, 1_632), (List::WorldSkills, 64)] {
            assert_eq!(list.entries().len(), lines, "{list:?}");
            for pair in list.entries().windows(2) {
                assert!(pair[0].code < pair[1].code, "{pair:?}");
            }
            for entry in list.entries() {
                assert!(!entry.name.is_empty() && !entry.name.contains(['"', ',']), "{entry:?}");
                assert_eq!(list.of(entry.code), Some(entry));
            }
        }
        assert!(List::WorldSkills.entries().iter().all(|entry| !entry.name_en.is_empty()));
    }

    #[test]
    fn a_name_is_chinese_where_there_is_no_other() {
        let name = |list: List, code| list.of(code).map(|entry| entry.name_in(Language::English));
        assert_eq!(name(List::WorldSkills, "10"), Some("Welding"));
        assert_eq!(name(List::Occupations, "6-18-02-04"), Some("焊工"));
        assert_eq!(name(List::Occupations, "10"), None);
    }
}
