//! Sentences that depend on something.

use domain::finding::Language;
use domain::number::Decimal;
use domain::scheme::{Aspect, Calculation, Method};
use domain::scoring::{Value, measurement};

use crate::book::Reach;

/// What stands in a cell, as people write it.
pub(super) fn value(aspect: &Aspect, value: &Value, language: Language) -> String {
    let is_pass_fail = matches!(aspect.method, Method::Measurement(Calculation::PassFail));
    match value {
        Value::Choice(label) => label.clone(),
        Value::Missing => pick(language, "未评", "not marked").to_owned(),
        Value::Number(number) if is_pass_fail && number.0 == 0 => pick(language, "否", "No").to_owned(),
        Value::Number(_) if is_pass_fail => pick(language, "是", "Yes").to_owned(),
        Value::Number(number) => with_unit(*number, aspect),
    }
}

/// A number with what the aspect is measured in.
pub(super) fn with_unit(number: Decimal, aspect: &Aspect) -> String {
    let mut said = number.to_string();
    if !aspect.measured_in.is_empty() {
        said.push(' ');
        said.push_str(&aspect.measured_in);
    }
    said
}

/// The mark that a measured value comes to; none for what judges score.
pub(super) fn mark(aspect: &Aspect, value: &Value) -> Option<String> {
    let Method::Measurement(calculation) = &aspect.method else { return None };
    let exact = measurement::mark(aspect.max, calculation, value).ok()?;
    Some(exact.rounded().to_string())
}

/// How far a value has come; where the browser keeps nothing, it is on the page only.
pub(super) fn reach(reach: Reach, is_lasting: bool, language: Language) -> &'static str {
    match reach {
        Reach::Saved if !is_lasting => pick(language, "只在本页", "On this page only"),
        Reach::Saving => pick(language, "正在保存", "Saving"),
        Reach::Saved => pick(language, "已存本机", "Saved on this device"),
        Reach::Received => pick(language, "服务器已收到", "Received by the server"),
        Reach::Sealed => pick(language, "已封存", "Sealed"),
    }
}

/// The shape that goes with it, so that colour is never alone.
pub(super) fn reach_shape(reach: Reach) -> &'static str {
    match reach {
        Reach::Saving => "…",
        Reach::Saved => "◔",
        Reach::Received => "✓",
        Reach::Sealed => "▣",
    }
}

/// One of the two.
pub(super) fn pick(language: Language, chinese: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}
