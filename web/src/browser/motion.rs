//! Movement: rows go from where they were to where they are, by transforms alone.
//!
//! A row that changes place in the table is drawn where it was and moved from there, so that
//! nothing jumps, and no other part of the page moves.
#![expect(clippy::float_arithmetic, reason = "pixels, not results")]

use std::cell::RefCell;

use js_sys::{Function, JSON, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlElement, NodeList};

use super::dom::{document, window};

/// How long a row is under way.
const MOVE_MS: u32 = 400;
/// How long a new total glows.
const GLOW_MS: u32 = 1600;
/// When more rows than this move, nobody can follow them, and they are where they belong at once.
const ROWS_MAX: usize = 30;
/// One frame: long enough for the row to be drawn once where it was.
const AT_ONCE_MS: u32 = 17;

/// What is moved.
const MOVING: &str = "tr[data-key]";

thread_local! {
    /// The movements under way; they end when the next ones begin.
    static UNDER_WAY: RefCell<Vec<JsValue>> = const { RefCell::new(Vec::new()) };
}

/// Where a row was, and what its total said.
struct Before {
    row: Element,
    top: f64,
    total: String,
}

/// Changes the page, and moves the rows that changed their place.
pub(super) fn around(main: &Element, change: &mut dyn FnMut()) {
    let before: Vec<Before> = rows(main)
        .map(|row| Before { top: row.get_bounding_client_rect().top(), total: total(&row), row })
        .collect();
    let focused = document().and_then(|document| document.active_element());
    change();
    if !before.is_empty() {
        settle();
        move_rows(before);
    }
    refocus(focused);
}

fn move_rows(before: Vec<Before>) {
    let is_still = wants_stillness();
    let mut moved = Vec::new();
    // A row stays the same element wherever it goes.
    for Before { row, top, total: known } in before.into_iter().filter(|before| before.row.is_connected()) {
        let by = whole_pixels(top - row.get_bounding_client_rect().top());
        let total = total(&row);
        if !is_still && total != known && !total.is_empty() {
            glow(&row);
        }
        if by != 0 {
            moved.push((row, by));
        }
    }
    let options = if is_still || moved.len() > ROWS_MAX {
        format!(r#"{{"duration":{AT_ONCE_MS},"easing":"steps(1, end)"}}"#)
    } else {
        format!(r#"{{"duration":{MOVE_MS},"easing":"cubic-bezier(0.3, 0, 0.2, 1)"}}"#)
    };
    for (row, by) in moved {
        // Rows on their way up pass in front.
        let layer = i32::from(by > 0);
        let frames = format!(
            r#"[{{"transform":"translateY({by}px)","zIndex":{layer}}},{{"transform":"none","zIndex":{layer}}}]"#
        );
        if let Some(movement) = animate(&row, &frames, &options) {
            UNDER_WAY.with_borrow_mut(|under_way| under_way.push(movement));
        }
    }
}

/// Writing a fraction would cost a browser more to load than anyone sees of it.
#[expect(clippy::cast_possible_truncation, reason = "a page is not two billion pixels high")]
fn whole_pixels(pixels: f64) -> i32 {
    pixels.round() as i32
}

fn glow(row: &Element) {
    if let Ok(Some(cell)) = row.query_selector(".total") {
        let frames = r#"[{"backgroundColor":"var(--glow)"},{"backgroundColor":"transparent"}]"#;
        animate(&cell, frames, &format!(r#"{{"duration":{GLOW_MS},"easing":"ease-out"}}"#));
    }
}

/// Ends the movements under way, so that places are measured where things really are.
fn settle() {
    for movement in UNDER_WAY.take() {
        if let Some(cancel) = function(&movement, "cancel") {
            let _ = cancel.call0(&movement);
        }
    }
}

/// `Element.animate`, which `web-sys` counts as unstable.
fn animate(element: &Element, frames: &str, options: &str) -> Option<JsValue> {
    let animate = function(element, "animate")?;
    animate.call2(element, &JSON::parse(frames).ok()?, &JSON::parse(options).ok()?).ok()
}

/// A function of an object, by name.
pub(super) fn function(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &JsValue::from_str(name)).ok()?.dyn_into().ok()
}

fn rows(main: &Element) -> impl Iterator<Item = Element> + use<> {
    let list = main.query_selector_all(MOVING).ok();
    let count = list.as_ref().map_or(0, NodeList::length);
    (0..count).filter_map(move |at| list.as_ref()?.item(at)?.dyn_into().ok())
}

fn total(row: &Element) -> String {
    let cell = row.query_selector(".total").ok().flatten();
    cell.and_then(|cell| cell.text_content()).unwrap_or_default()
}

/// Whether the reader asked for less movement.
fn wants_stillness() -> bool {
    let query =
        window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// A row that was moved lost the focus on its way: whoever goes by keyboard stays with their row.
fn refocus(focused: Option<Element>) {
    let Some(focused) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return };
    let active = document().and_then(|document| document.active_element());
    if active.as_ref() != Some(focused.as_ref()) && focused.is_connected() {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = focused.focus_with_options(&options);
    }
}
