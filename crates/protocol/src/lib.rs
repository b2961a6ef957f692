//! The wire: the bodies that commands print with `--json` and that the server answers with, one
//! shape for both, and the frames of the judge's socket.

pub mod account;
pub mod bulk;
pub mod checkin;
pub mod chief;
pub mod circuit;
pub mod countersign;
pub mod desk;
pub mod draw;
pub mod drawing;
pub mod drill;
pub mod edition;
pub mod frame;
pub mod judge;
pub mod list;
pub mod note;
pub mod outbox;
pub mod people;
pub mod practice;
pub mod promotion;
pub mod registration;
pub mod rules;
pub mod scheme;
pub mod setup;
pub mod token;
pub mod view;

use domain::finding::{Finding, Language, Severity};
use domain::id::{CriterionId, SectionId};
use domain::number::Mark;
use serde::{Serialize, Serializer};

/// What went wrong, for a program and for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// Stable code.
    pub code: &'static str,
    /// A sentence in the reader's language.
    pub detail: String,
    /// Everything found, where the problem is a document.
    pub findings: Vec<FindingBody>,
}

/// One thing that a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FindingBody {
    /// Stable code.
    pub code: &'static str,
    /// `error` or `warning`
    pub severity: Severity,
    /// The file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The row as a spreadsheet shows it.
    pub row: Option<u64>,
    /// The column's name or letter.
    pub column: Option<String>,
    /// A sentence in the reader's language.
    pub message: String,
}

/// A marking scheme in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SchemeSummary {
    /// How many measurement aspects.
    pub measurement: usize,
    /// How many judgement aspects.
    pub judgement: usize,
    /// How many panel aspects.
    pub panel: usize,
    /// The sum of all maxima.
    #[serde(serialize_with = "as_text")]
    pub total: Mark,
    /// The criteria's sums.
    pub criteria: Vec<SumOf<CriterionId>>,
    /// The standards sections' sums.
    pub sections: Vec<SumOf<SectionId>>,
    /// How many calculations the document defines.
    pub calculations: usize,
    /// Everything doubtful or wrong.
    pub findings: Vec<FindingBody>,
}

/// What the aspects of something sum to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SumOf<I> {
    /// Of what.
    pub id: I,
    /// The sum of the maxima.
    #[serde(serialize_with = "as_text")]
    pub total: Mark,
}

impl FindingBody {
    /// A finding in a language.
    #[must_use]
    pub fn new(finding: &Finding, language: Language) -> Self {
        Self {
            code: finding.code,
            severity: finding.severity,
            file: finding.place.file.clone(),
            row: finding.place.row,
            column: finding.place.column.clone(),
            message: finding.say(language).to_owned(),
        }
    }
}

/// Marks on the wire are text with two decimals, so that no reader makes a float of them.
fn as_text<S: Serializer>(mark: &Mark, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::finding::Place;

    #[test]
    fn a_finding_keeps_its_place_and_speaks_the_readers_language() {
        let place = Place { file: None, row: Some(7), column: Some("K".to_owned()) };
        let finding = Finding::new("a_code", Severity::Error, place, "中文".to_owned(), "English".to_owned());
        let text = serde_json::to_string(&FindingBody::new(&finding, Language::Chinese)).expect("JSON");
        let wanted = r#"{"code":"a_code","severity":"error","row":7,"column":"K","message":"中文"}"#;
        assert_eq!(text, wanted);
    }

    #[test]
    fn marks_travel_as_text() {
        let sum = SumOf { id: CriterionId::from("A"), total: Mark(1700) };
        assert_eq!(serde_json::to_string(&sum).expect("JSON"), r#"{"id":"A","total":"17.00"}"#);
    }
}
