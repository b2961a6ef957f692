//! How texts are compared that people write in their own ways.

/// A full-width character as the ASCII one that it stands for; any other as it is.
pub(in crate::exchange) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}

/// Letters and digits alone, in half width and lower case.
pub(in crate::exchange) fn fold(text: &str) -> String {
    text.chars().map(half_width).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A heading: the same without what stands in brackets, such as `（必填）`, unless it all does.
pub(super) fn fold_title(title: &str) -> String {
    let mut outside = String::new();
    let mut depth = 0_u32;
    for c in title.chars().map(half_width) {
        match c {
            '(' | '[' | '{' | '<' | '【' | '〔' | '《' => depth += 1,
            ')' | ']' | '}' | '>' | '】' | '〕' | '》' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    let folded = fold(&outside);
    if folded.is_empty() { fold(title) } else { folded }
}

/// A name in its one spelling: no space within Chinese names, which are spread to look as wide as
/// others; single spaces within those of other scripts.
#[must_use]
pub fn name(text: &str) -> String {
    let is_spread = text.chars().all(|c| c.is_whitespace() || is_chinese(c));
    text.split_whitespace().collect::<Vec<_>>().join(if is_spread { "" } else { " " })
}

fn is_chinese(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// How alike two folded texts are: none, or a number that is greater for those more alike. Characters
/// are compared whatever their order, as a typing error moves or changes few of them.
pub(super) fn likeness(one: &[char], other: &[char]) -> Option<usize> {
    let (mut at, mut shared) = ((0, 0), 0_usize);
    while let (Some(a), Some(b)) = (one.get(at.0), other.get(at.1)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => at.0 += 1,
            std::cmp::Ordering::Greater => at.1 += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                at = (at.0 + 1, at.1 + 1);
            }
        }
    }
    let both = one.len() + other.len();
    // Half of the characters, at the least.
    (both > 0 && shared * 4 >= both).then(|| shared * 2000 / both)
}

/// The characters of a text in order, as [`likeness`] takes them.
pub(super) fn sorted(text: &str) -> Vec<char> {
    // A name is not longer, and a hostile cell may be.
    let mut characters: Vec<char> = fold(text).chars().take(100).collect();
    characters.sort_unstable();
    characters
}
