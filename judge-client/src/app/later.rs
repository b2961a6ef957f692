//! Words that are loaded once somebody is signed in, from `assets/judge-words.js`: nobody meets them before.

use domain::finding::Language;
use wasm_bindgen::JsValue;

use super::browser::{property, window};
use super::words::pick;

/// What stands at a place, such as `questions`, `correction`, `heading`; none where there is no such place,
/// or the words did not come.
pub(super) fn said(place: &[&str], language: Language) -> Option<String> {
    let words = property(window()?.as_ref(), "words")?;
    let words = place.iter().try_fold(words, |words, name| property(&words, name))?;
    property(&words, pick(language, "0", "1")).as_ref().and_then(JsValue::as_string)
}

/// What is told once.
pub(super) fn notice(name: &str, language: Language) -> String {
    said(&["notices", name], language).unwrap_or_else(|| name.to_owned())
}

/// Why an entry with that code does not count; a code that this program does not know stands in it.
pub(super) fn why_not(code: &str, language: Language) -> String {
    said(&["refusals", code], language)
        .unwrap_or_else(|| format!("{}（{code}）", pick(language, "规则不允许", "The rules do not allow it")))
}
