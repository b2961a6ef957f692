//! What is left out of the files that browsers load, and with which others some of them begin: for the
//! build of the pages, and for the program that compresses what they name.

/// The sheets with which a sheet begins, which no page names by themselves: `base.css`, which every page
/// has (colours, faces, and the parts that all are made of), and `signature.css`. So a page loads one file,
/// and only what it uses.
pub(crate) fn begins_with(name: &str) -> &'static [&'static str] {
    match name {
        "leitai.css" => &["base.css"],
        "judge.css" => &["base.css", "signature.css"],
        "device.css" => &["signature.css"],
        _ => &[],
    }
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
