//! Drawings of a device's settings, just what one looks for there.

use crate::node::{Element, el};

/// A row of a settings screen.
#[derive(Clone, Copy)]
pub(super) struct Row {
    label: &'static str,
    sign: Sign,
}

/// What a row is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// One that is passed over.
    Other,
    /// The one to tap.
    Tap,
    /// A switch to turn on.
    Switch,
}

pub(super) const fn other(label: &'static str) -> Row {
    Row { label, sign: Sign::Other }
}

pub(super) const fn tap(label: &'static str) -> Row {
    Row { label, sign: Sign::Tap }
}

pub(super) const fn switch(label: &'static str) -> Row {
    Row { label, sign: Sign::Switch }
}

const WIDTH: usize = 240;
const TOP: usize = 34;
const HIGH: usize = 30;

/// The screen with its title and rows, the one to tap ringed. It says nothing that the step beside it
/// does not.
pub(super) fn picture(title: &'static str, rows: &[Row]) -> Element {
    let height = TOP + 3 * HIGH + 14;
    let frame = rect("frame", 1, 1, WIDTH - 2, height - 2, 14);
    let glass = rect("glass", 9, 9, WIDTH - 18, height - 18, 7);
    let svg = el("svg")
        .class("picture")
        .set("viewBox", format!("0 0 {WIDTH} {height}"))
        .set("aria-hidden", "true")
        .add(frame)
        .add(glass)
        .add(text("title", "middle", WIDTH / 2, 27, title));
    rows.iter().enumerate().fold(svg, |svg, (index, row)| draw(svg, row, TOP + index * HIGH))
}

fn draw(svg: Element, row: &Row, top: usize) -> Element {
    let middle = top + HIGH / 2;
    let label =
        text(if row.sign == Sign::Other { "other" } else { "chosen" }, "start", 20, middle + 5, row.label);
    let svg = svg.add(el("path").class("line").set("d", format!("M20 {top}H{}", WIDTH - 20)));
    match row.sign {
        Sign::Other => svg.add(label).add(chevron(middle)),
        Sign::Tap => {
            svg.add(rect("ring", 13, top + 2, WIDTH - 26, HIGH - 4, 6)).add(label).add(chevron(middle))
        }
        Sign::Switch => svg
            .add(rect("ring", 13, top + 2, WIDTH - 26, HIGH - 4, 6))
            .add(label)
            .add(rect("switch", WIDTH - 52, middle - 8, 28, 16, 8))
            .add(circle(WIDTH - 32, middle)),
    }
}

fn rect(class: &'static str, x: usize, y: usize, width: usize, height: usize, round: usize) -> Element {
    el("rect")
        .class(class)
        .set("x", x.to_string())
        .set("y", y.to_string())
        .set("width", width.to_string())
        .set("height", height.to_string())
        .set("rx", round.to_string())
}

fn circle(x: usize, y: usize) -> Element {
    el("circle").class("knob").set("cx", x.to_string()).set("cy", y.to_string()).set("r", "6")
}

fn chevron(middle: usize) -> Element {
    el("path").class("chevron").set("d", format!("M{} {}l5 5-5 5", WIDTH - 30, middle - 5))
}

fn text(class: &'static str, anchor: &'static str, x: usize, y: usize, words: &'static str) -> Element {
    el("text")
        .class(class)
        .set("text-anchor", anchor)
        .set("x", x.to_string())
        .set("y", y.to_string())
        .add(words)
}
