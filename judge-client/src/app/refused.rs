//! Why an entry of this tablet's does not count, by its code. The words are in `assets/judge-words.js`, which is
//! loaded once somebody is signed in.

use domain::finding::Language;
use wasm_bindgen::JsValue;

use super::browser::{property, window};
use super::words::pick;

/// Why an entry with that code does not count; a code that this program does not know stands in it.
pub(super) fn why_not(code: &str, language: Language) -> String {
    let known = || {
        let words = property(&property(window()?.as_ref(), "refusals")?, code)?;
        property(&words, pick(language, "0", "1")).as_ref().and_then(JsValue::as_string)
    };
    known()
        .unwrap_or_else(|| format!("{}（{code}）", pick(language, "规则不允许", "The rules do not allow it")))
}
