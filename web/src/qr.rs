//! QR codes as drawings, to be scanned from a screen or from paper.

use crate::node::{Element, el};

/// The code of an address, with what it is for who cannot see it.
pub(crate) fn qr(address: &str, label: &'static str) -> Element {
    let (size, path) = squares(address);
    // A scanner needs four empty squares around the code.
    let whole = (size + 8).to_string();
    let ground = el("rect")
        .class("ground")
        .set("x", "-4")
        .set("y", "-4")
        .set("width", whole.clone())
        .set("height", whole.clone());
    el("svg")
        .class("qr")
        .set("viewBox", format!("-4 -4 {whole} {whole}"))
        .set("role", "img")
        .set("aria-label", label)
        .add(ground)
        .add(el("path").set("d", path))
}

/// The code as one path of unit squares, and how many stand in a row.
fn squares(text: &str) -> (usize, String) {
    // An address of ours is far shorter than what a code holds.
    let Ok(code) = fast_qr::QRBuilder::new(text).build() else { return (0, String::new()) };
    let dark = |row: usize, column: usize| code[row][column].value();
    let cells = (0..code.size).flat_map(|row| (0..code.size).map(move |column| (row, column)));
    let path = cells
        .filter(|(row, column)| dark(*row, *column))
        .map(|(row, column)| format!("M{column} {row}h1v1h-1z"))
        .collect();
    (code.size, path)
}
