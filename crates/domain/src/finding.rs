//! What is wrong with a document, where, and what to do: one shape for every check.
//!
//! A check lists all that it finds; it never stops at the first.

use std::fmt;

use serde::Serialize;

/// The two languages that Leitai speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// 简体中文
    Chinese,
    /// English
    English,
}

/// Whether a finding stops the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Severity {
    /// Refused until mended.
    Error,
    /// Worth a look; the work goes on.
    Warning,
}

/// Where a finding stands. Rows count from 1 as a spreadsheet shows them, the header included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, relative to the document's root.
    pub file: Option<String>,
    /// The row.
    pub row: Option<u64>,
    /// The column: a header's name, or a letter where the layout is not known.
    pub column: Option<String>,
}

/// One thing that a check found, with its sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable code, the same in every version: `repeated_id`.
    pub code: &'static str,
    /// Whether it stops the work.
    pub severity: Severity,
    /// Where it stands.
    pub place: Place,
    /// Boxed, since a finding is often the error of a result that mostly is none.
    said: Box<Spoken>,
}

impl Place {
    /// A whole file.
    #[must_use]
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..Self::default() }
    }

    /// A row of a file.
    #[must_use]
    pub fn row(file: impl Into<String>, row: u64) -> Self {
        Self { file: Some(file.into()), row: Some(row), column: None }
    }

    /// The same place, narrowed to a column.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }
}

impl Finding {
    /// Made by the enums that [`findings!`](crate::findings) declares; rarely by hand.
    #[must_use]
    pub fn new(
        code: &'static str,
        severity: Severity,
        place: Place,
        chinese: String,
        english: String,
    ) -> Self {
        Self { code, severity, place, said: Box::new(Spoken::new(chinese, english)) }
    }

    /// The sentence: what is wrong and what to do. The place is said by [`Finding::place`].
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        self.said.say(language)
    }

    /// Whether it stops the work.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// What another program or a lower part said, in both languages, to stand inside a sentence:
/// `{problem}` is the English, `{problem:#}` the Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    chinese: String,
    english: String,
}

impl Spoken {
    /// In both languages.
    #[must_use]
    pub fn new(chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { chinese: chinese.into(), english: english.into() }
    }

    /// What a reader of TOML or JSON says of a document. Its own words are English, so the Chinese
    /// says of the common faults what they are, and of the rest where to look.
    #[must_use]
    pub fn of_reader(message: &str) -> Self {
        let message = message.trim().trim_end_matches('.');
        let quoted = |at: usize| message.split('`').nth(at).unwrap_or_default();
        let expected = message.split_once("expected ").map_or("", |(_, after)| after);
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let known =
            if known.is_empty() { String::new() } else { format!("；可用：{}", known.join("、")) };
        let chinese = if message.starts_with("missing field") {
            format!("缺少“{}”", quoted(1))
        } else if message.starts_with("unknown field") || message.starts_with("unknown variant") {
            format!("不认识“{}”{known}", quoted(1))
        } else if message.starts_with("duplicate") {
            "同一个键出现了两次".to_owned()
        } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
            "值的类型不对，请核对它应是文字、数字还是列表".to_owned()
        } else {
            "写法不对，请核对引号、括号、逗号和等号".to_owned()
        };
        Self::new(chinese, message)
    }

    /// In one of them.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }
}

/// A sentence inside another loses its full stop.
impl From<&Finding> for Spoken {
    fn from(finding: &Finding) -> Self {
        Self::new(finding.said.chinese.trim_end_matches('。'), finding.said.english.trim_end_matches('.'))
    }
}

impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if f.alternate() { &self.chinese } else { &self.english })
    }
}

/// `marks.csv:12:value`, as editors understand it; empty for a finding about the whole.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(file) = &self.file {
            f.write_str(file)?;
            separator = ":";
        }
        if let Some(row) = self.row {
            write!(f, "{separator}{row}")?;
            separator = ":";
        }
        match &self.column {
            Some(column) => write!(f, "{separator}{column}"),
            None => Ok(()),
        }
    }
}

/// Declares an enum of findings or refusals: per variant its fields, severity, stable code and the
/// sentence in Chinese and English, so that no code can lack a translation.
///
/// Gives `code()`, `severity()`, `say(Language)` and `at(Place) -> Finding`.
#[macro_export]
macro_rules! findings {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident $({ $($field:ident : $type:ty),* $(,)? })?
                = $severity:ident $code:literal, $chinese:literal, $english:literal;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        $vis enum $name {
            $(
                $(#[$variant_meta])*
                #[doc = $english]
                $variant $({ $(
                    #[doc = "Named in the sentence."]
                    $field: $type
                ),* })?,
            )*
        }

        impl $name {
            /// Every code of this enum, in order; tests and the generated list of codes read it.
            $vis const CODES: &'static [&'static str] = &[$($code),*];

            /// The stable code.
            #[must_use]
            $vis fn code(&self) -> &'static str {
                match self { $( Self::$variant $({ $($field: _),* })? => $code, )* }
            }

            /// Whether it stops the work.
            #[must_use]
            $vis fn severity(&self) -> $crate::finding::Severity {
                match self { $( Self::$variant $({ $($field: _),* })? => $crate::finding::Severity::$severity, )* }
            }

            /// What is wrong and what to do.
            #[must_use]
            $vis fn say(&self, language: $crate::finding::Language) -> String {
                match (self, language) {
                    $(
                        (Self::$variant $({ $($field),* })?, $crate::finding::Language::Chinese) => {
                            format!($chinese)
                        }
                        (Self::$variant $({ $($field),* })?, $crate::finding::Language::English) => {
                            format!($english)
                        }
                    )*
                }
            }

            /// What is wrong and what to do, to stand inside another sentence.
            #[must_use]
            $vis fn spoken(&self) -> $crate::finding::Spoken {
                $crate::finding::Spoken::from(&self.at($crate::finding::Place::default()))
            }

            /// The same as a finding at a place.
            #[must_use]
            $vis fn at(&self, place: $crate::finding::Place) -> $crate::finding::Finding {
                use $crate::finding::Language::{Chinese, English};
                $crate::finding::Finding::new(
                    self.code(), self.severity(), place, self.say(Chinese), self.say(English),
                )
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_says_is_said_in_both_languages() {
        for (message, chinese) in [
            ("missing field `id`", "缺少“id”"),
            ("unknown field `x`, expected one of `a`, `b`", "不认识“x”；可用：a、b"),
            ("unknown variant `x`, expected `a` or `b`", "不认识“x”；可用：a、b"),
            ("duplicate key", "同一个键出现了两次"),
            ("invalid type: string \"1\", expected u32", "值的类型不对，请核对它应是文字、数字还是列表"),
            ("unclosed table", "写法不对，请核对引号、括号、逗号和等号"),
        ] {
            let spoken = Spoken::of_reader(message);
            assert_eq!((format!("{spoken:#}"), spoken.to_string()), (chinese.to_owned(), message.to_owned()));
        }
    }

    findings! {
        /// For the tests only.
        enum Sample {
            Whole = Warning "whole", "整个文件", "the whole file";
            Repeated { id: String, row: u64 } = Error "repeated_id",
                "编号“{id}”已在第 {row} 行出现", "id \"{id}\" already stands in row {row}";
        }
    }

    #[test]
    fn a_finding_says_what_and_where_in_both_languages() {
        let found =
            Sample::Repeated { id: "A1".into(), row: 3 }.at(Place::row("aspects.csv", 9).column("id"));
        assert_eq!(found.say(Language::Chinese), "编号“A1”已在第 3 行出现");
        assert_eq!(found.say(Language::English), "id \"A1\" already stands in row 3");
        assert_eq!(found.place.to_string(), "aspects.csv:9:id");
        assert!(found.is_error());
        assert!(!Sample::Whole.at(Place::default()).is_error());
        assert_eq!(Sample::CODES, ["whole", "repeated_id"]);
        let inside = Sample::Whole.spoken();
        assert_eq!((inside.to_string(), format!("{inside:#}")), ("the whole file".into(), "整个文件".into()));
    }
}
