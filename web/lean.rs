//! What is left out of the files that browsers load, and which of them begin with the base: for the
//! build of the pages, and for the program that compresses what they name.

/// The style that every page has: colours, faces, and the parts that all are made of. It stands before
/// the sheets that a page names alone, so that it loads one file, and only what it uses.
pub(crate) const BASE: &str = "base.css";

/// Whether a sheet begins with the base.
pub(crate) fn has_base(name: &str) -> bool {
    matches!(name, "leitai.css" | "judge.css")
}

/// A script or a sheet without what is for its readers only: comments that have lines of their own, and
/// indentation. What stands on a line with something else stays as it is; a script may therefore hold no
/// text of several lines.
pub(crate) fn lean(name: &str, bytes: &[u8]) -> Vec<u8> {
    let (Ok(text), Some((_, ending @ ("js" | "css")))) = (str::from_utf8(bytes), name.rsplit_once('.'))
    else {
        return bytes.to_vec();
    };
    let mut lines = String::with_capacity(text.len());
    let mut is_comment = false;
    for line in text.lines().map(str::trim) {
        let begins = line.starts_with("/*") && (ending == "css" || line.starts_with("/**"));
        is_comment |= begins;
        let is_left_out = is_comment || line.is_empty() || (ending == "js" && line.starts_with("//"));
        // What follows a comment's end on its line would be lost; no file has that, and a test says so.
        is_comment &= !line.ends_with("*/");
        if !is_left_out {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    lines.into_bytes()
}
