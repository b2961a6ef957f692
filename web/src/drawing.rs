//! A signature as it was drawn, as a picture.

use protocol::drawing::{DRAWING_HEIGHT, DRAWING_WIDTH};

use crate::node::{Node, el, write_html};

/// The picture of a drawing's strokes: ink on paper in either theme, since it stands in pages as an image.
#[must_use]
pub fn drawing_svg(strokes: &str) -> String {
    let whole = [DRAWING_WIDTH, DRAWING_HEIGHT].map(|size| size.to_string());
    let ground =
        el("rect").set("width", whole[0].clone()).set("height", whole[1].clone()).set("fill", "#ffffff");
    let ink = el("path")
        .set("d", strokes.to_owned())
        .set("fill", "none")
        .set("stroke", "#1d1b18")
        .set("stroke-width", "7")
        .set("stroke-linecap", "round")
        .set("stroke-linejoin", "round");
    let picture = el("svg")
        .set("xmlns", "http://www.w3.org/2000/svg")
        .set("viewBox", format!("0 0 {} {}", whole[0], whole[1]))
        .add(ground)
        .add(ink);
    let mut text = String::new();
    write_html(&[Node::Element(picture)], &mut text);
    text
}
