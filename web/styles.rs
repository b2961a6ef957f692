/// The style that every page has: colours, faces, and the parts that all are made of. It stands before
/// the sheets that a page names alone, so that it loads one file, and only what it uses.
const BASE: &str = "base.css";

/// Whether a sheet begins with the base.
fn has_base(name: &str) -> bool {
    matches!(name, "leitai.css" | "judge.css")
}
