//! Descriptors to take over: a small library for every trade, and those that a competition's schemes use.

use std::collections::HashSet;
use std::sync::LazyLock;

use domain::finding::Language;
use domain::scheme::{Method, Scheme};
use protocol::scheme::Descriptors;
use serde::Deserialize;

/// How many of a competition's own are offered.
const USED_MAX: usize = 200;

static LIBRARY: LazyLock<Vec<Set>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Library {
        set: Vec<Set>,
    }
    // That it can be read is a test's to show.
    toml::from_str::<Library>(include_str!("descriptors.toml")).map(|library| library.set).unwrap_or_default()
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    name: Both,
    rungs: [Both; 4],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Both {
    zh: String,
    en: String,
}

impl Both {
    fn say(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.zh.clone(),
            Language::English => self.en.clone(),
        }
    }
}

/// The library, in a language.
pub(super) fn library(language: Language) -> Vec<Descriptors> {
    let set = |set: &Set| Descriptors {
        name: set.name.say(language),
        rungs: set.rungs.each_ref().map(|rung| rung.say(language)),
    };
    LIBRARY.iter().map(set).collect()
}

/// The whole descriptors that schemes use, each once, by what the first aspect with them looks at.
pub(super) fn used<'s>(schemes: impl Iterator<Item = &'s Scheme>) -> Vec<Descriptors> {
    let mut seen = HashSet::new();
    let mut used = Vec::new();
    for aspect in schemes.flat_map(Scheme::aspects) {
        let Method::Judgement { rungs } = &aspect.method else { continue };
        let is_whole = rungs.iter().all(|rung| !rung.trim().is_empty());
        if is_whole && used.len() < USED_MAX && seen.insert(rungs) {
            used.push(Descriptors { name: aspect.description.clone(), rungs: rungs.clone() });
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_whole_in_both_languages() {
        for language in [Language::Chinese, Language::English] {
            let library = library(language);
            assert!(library.len() >= 15, "{}", library.len());
            let names: HashSet<&str> = library.iter().map(|set| set.name.as_str()).collect();
            assert_eq!(names.len(), library.len(), "a name of its own for each");
            for set in &library {
                let told: HashSet<&str> = set.rungs.iter().map(|rung| rung.trim()).collect();
                assert!(told.len() == 4 && !told.contains(""), "{}", set.name);
            }
        }
    }
}
