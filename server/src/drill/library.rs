//! What drills are held to: the library's templates, lines that a foreman writes, and what an earlier
//! drill was held to; all as rows of a package's `aspects.csv`.

use std::sync::LazyLock;

use domain::finding::Language;
use domain::scheme::{Aspect, Calculation, Method};
use protocol::drill::{ASPECTS_MAX, Template};
use protocol::view::Text;
use serde::Deserialize;

use crate::desk::DeskError;

/// What 0 to 3 mean where nothing else is said.
const RUNGS: [(&str, &str); 4] = [
    ("没有做，或不合格", "Not done, or not good enough"),
    ("基本合格", "Just good enough"),
    ("合格，好于一般", "Good, better than most"),
    ("优秀，可以示范", "Excellent, a model to others"),
];

/// The library, in order.
pub(super) static LIBRARY: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Library {
        template: Vec<Entry>,
    }
    // That it can be read is a test's to show.
    toml::from_str::<Library>(include_str!("library.toml"))
        .map(|library| library.template)
        .unwrap_or_default()
});

/// A template of the library.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) id: String,
    occupation: Both,
    name: Both,
    aspects: Vec<Looked>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Both {
    zh: String,
    en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Looked {
    zh: String,
    en: String,
    max: u32,
    how: String,
}

impl Both {
    fn text(&self) -> Text {
        Text { zh: self.zh.clone(), en: self.en.clone() }
    }
}

impl Entry {
    /// As the form offers it.
    pub(super) fn offered(&self) -> Template {
        let aspects = self.aspects.iter().map(|one| Text { zh: one.zh.clone(), en: one.en.clone() });
        Template {
            id: self.id.clone(),
            occupation: self.occupation.text(),
            name: self.name.text(),
            aspects: aspects.collect(),
        }
    }

    /// What it is called.
    pub(super) fn name(&self, language: Language) -> &str {
        if language == Language::Chinese { &self.name.zh } else { &self.name.en }
    }

    /// Its aspects, in one language.
    pub(super) fn rows(&self, language: Language) -> Result<Vec<Row>, DeskError> {
        let row = |one: &Looked| {
            let what = if language == Language::Chinese { &one.zh } else { &one.en };
            Row::new(what, &one.max.to_string(), &one.how)
        };
        self.aspects.iter().map(row).collect()
    }
}

/// An aspect of a drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) max: String,
    pub(super) how: How,
}

/// How it is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    YesNo,
    Points,
    Count(u32),
    Judged,
}

impl Row {
    fn new(what: &str, max: &str, how: &str) -> Result<Self, DeskError> {
        let how = How::parse(how)
            .ok_or_else(|| DeskError::HowUnknown { what: what.to_owned(), how: how.to_owned() })?;
        Ok(Self { what: what.to_owned(), max: max.to_owned(), how })
    }

    /// An aspect of an earlier drill, as a row; none for what a drill cannot have been made of.
    pub(super) fn of(aspect: &Aspect) -> Option<Self> {
        let how = match &aspect.method {
            Method::Measurement(Calculation::PassFail) => How::YesNo,
            Method::Measurement(Calculation::Direct) => How::Points,
            Method::Measurement(Calculation::NumberCompleted { possible }) => How::Count(*possible),
            Method::Judgement { .. } => How::Judged,
            _ => return None,
        };
        Some(Self { what: aspect.description.clone(), max: aspect.max.to_string(), how })
    }

    /// Its cells from `type` to `rung_3`.
    pub(super) fn cells(&self, language: Language) -> [String; 9] {
        let pick = |(zh, en): (&str, &str)| (if language == Language::Chinese { zh } else { en }).to_owned();
        let (kind, calculation, parameters, rungs) = match self.how {
            How::YesNo => ("measurement", "pass_fail", String::new(), Default::default()),
            How::Points => ("measurement", "direct", String::new(), Default::default()),
            How::Count(of) => {
                ("measurement", "number_completed", format!("{{\"possible\":{of}}}"), Default::default())
            }
            How::Judged => ("judgement", "", String::new(), RUNGS.map(pick)),
        };
        let [none, meets, above, best] = rungs;
        let (what, max) = (self.what.clone(), self.max.clone());
        [kind.to_owned(), what, max, calculation.to_owned(), parameters, none, meets, above, best]
    }
}

impl How {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let (word, of) = text.split_once([':', '：']).unwrap_or((&text, ""));
        match (word.trim(), of.trim()) {
            ("" | "yes_no" | "yes/no" | "是否", "") => Some(Self::YesNo),
            ("points" | "分数", "") => Some(Self::Points),
            ("judged" | "评判", "") => Some(Self::Judged),
            ("count" | "计数", of) => {
                of.parse().ok().filter(|of| (1..=1_000).contains(of)).map(Self::Count)
            }
            _ => None,
        }
    }
}

/// The aspects that a foreman wrote, a line each: what is looked at, its maximum, how it is marked.
///
/// # Errors
/// Where there is none, there are too many, or a line does not say how.
pub(super) fn written(text: &str) -> Result<Vec<Row>, DeskError> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines.len() > ASPECTS_MAX {
        return Err(DeskError::AspectsOfDrill { given: lines.len(), most: ASPECTS_MAX });
    }
    let row = |line: &&str| {
        let mut fields = line.split([',', '，', '\t']).map(str::trim);
        let [what, max, how] = std::array::from_fn(|_| fields.next().unwrap_or_default());
        // Where no maximum is said, ten.
        Row::new(what, if max.is_empty() { "10" } else { max }, how)
    };
    lines.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_of_the_library_is_whole_in_both_languages_and_adds_up_to_a_hundred() {
        assert!(LIBRARY.len() >= 6, "{}", LIBRARY.len());
        for entry in LIBRARY.iter() {
            assert!((1..=ASPECTS_MAX).contains(&entry.aspects.len()), "{}", entry.id);
            assert_eq!(entry.aspects.iter().map(|one| one.max).sum::<u32>(), 100, "{}", entry.id);
            let words = entry.aspects.iter().map(|one| (&one.zh, &one.en));
            let words =
                words.chain([(&entry.name.zh, &entry.name.en), (&entry.occupation.zh, &entry.occupation.en)]);
            for (zh, en) in words {
                assert!(zh.chars().any(|one| ('\u{4e00}'..='\u{9fff}').contains(&one)), "{zh}");
                assert!(en.is_ascii() && !en.is_empty(), "{en}");
            }
            for language in [Language::Chinese, Language::English] {
                assert!(entry.rows(language).is_ok(), "{}", entry.id);
            }
        }
        let mut ids: Vec<&str> = LIBRARY.iter().map(|entry| entry.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), LIBRARY.len());
    }

    #[test]
    fn a_line_says_what_is_looked_at_and_needs_say_no_more() {
        let rows = written("穿戴齐全\n 尺寸 ，20，计数:5\n\n外观,15,评判\n得分\t30\tpoints\n").expect("four");
        let said = |row: &Row| (row.what.clone(), row.max.clone(), row.how);
        let row = |what: &str, max: &str, how| (what.to_owned(), max.to_owned(), how);
        assert_eq!(
            rows.iter().map(said).collect::<Vec<_>>(),
            [
                row("穿戴齐全", "10", How::YesNo),
                row("尺寸", "20", How::Count(5)),
                row("外观", "15", How::Judged),
                row("得分", "30", How::Points),
            ]
        );
        assert!(matches!(written("尺寸，20，看看"), Err(DeskError::HowUnknown { .. })));
        assert!(matches!(written("尺寸，20，计数:0"), Err(DeskError::HowUnknown { .. })));
        assert!(matches!(written(" \n"), Err(DeskError::AspectsOfDrill { given: 0, .. })));
        let thirteen = "一项\n".repeat(ASPECTS_MAX + 1);
        assert!(matches!(written(&thirteen), Err(DeskError::AspectsOfDrill { given: 13, .. })));
    }
}
